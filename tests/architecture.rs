//! The sources in, a list of what breaks the plan of the house out: floors, homes, first lines.
//!
//! A module knows lower floors only; a crate of weight has one home; one place prints.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of `src/lib.rs` by floor, lowest first. A module knows those of lower floors, and what is its own.
const FLOORS: &[&[&str]] = &[
    &["fault", "ident", "insert", "history", "diagnostic", "catalogue", "yaml", "markdown"],
    &["source", "git"],
    &["config", "parse"],
    &["model"],
    &["resolve"],
    &["variables", "provenance", "links"],
    &["compare", "check"],
    &["snapshot"],
    &["render", "export", "report", "fix", "external", "schema", "stats"],
    &["publish", "exports", "import", "diff"],
    &["serve"],
    &["cli"],
];

/// Neighbours on one floor of which the first may know the second.
const NEIGHBOURS: &[(&str, &str)] = &[("catalogue", "diagnostic"), ("yaml", "diagnostic"), ("yaml", "ident"), ("parse", "config")];

/// What stands in one place only: the words in the source, and the modules that may hold them.
const HOMES: &[(&[&str], &[&str])] = &[
    (&["serde_saphyr"], &["yaml"]),
    (&["pulldown_cmark", "ammonia", "linkify"], &["markdown"]),
    (&["imagesize"], &["render/images"]),
    (&["similar"], &["compare", "diff/words", "fix"]),
    (&["tera"], &["render", "render/theme"]),
    (&["clap"], &["cli"]),
    (&["annotate_snippets"], &["report"]),
    (&["regex_lite"], &["import"]),
    (&["walkdir"], &["source", "publish"]),
    (&["hyper", "hyper_util", "http_body_util"], &["serve"]),
    (&["tokio"], &["serve"]),
    (&["notify"], &["serve"]),
    (&["rustix"], &["source", "publish"]),
    (&["schemars"], &["schema"]),
    (&["csv::WriterBuilder"], &["export/csv"]),
    (&["Command::new"], &["git", "source/history"]),
    (&["aho_corasick"], &["check"]),
    (&["memchr"], &["render/data"]),
    (&["ureq"], &["external"]),
    (&["print!", "println!", "eprint!", "eprintln!", "dbg!"], &["cli"]),
];

#[test]
fn every_module_stands_on_a_floor() {
    let mut listed: Vec<&str> = FLOORS.iter().flat_map(|floor| floor.iter().copied()).collect();
    let text = fs::read_to_string(source_directory().join("lib.rs")).expect("the library");
    let mut declared: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    listed.sort_unstable();
    declared.sort_unstable();
    assert_eq!(declared, listed, "a module of src/lib.rs has no floor in tests/architecture.rs, or the other way round");
}

#[test]
fn a_module_knows_lower_floors_only() {
    let mut faults = Vec::new();
    for file in sources() {
        let Some(own_floor) = floor_of(&file.module) else { continue };
        for (line, other) in file.modules_named() {
            let is_neighbour = NEIGHBOURS.contains(&(&file.module, &other));
            let too_high = floor_of(&other).is_none_or(|floor| floor >= own_floor);
            if other != file.module && too_high && !is_neighbour {
                faults.push(format!("{}:{line}: {} knows `{other}`, which is not below it", file.name, file.module));
            }
        }
    }
    report(&faults);
}

#[test]
fn a_crate_of_weight_has_one_home_and_only_the_command_line_prints() {
    let mut faults = Vec::new();
    for file in sources() {
        for (words, homes) in HOMES {
            if homes.iter().any(|home| file.lives_in(home)) {
                continue;
            }
            for (line, text) in file.code() {
                let named = words.iter().filter(|word| holds_word(text, word));
                faults.extend(named.map(|word| format!("{}:{line}: `{word}` belongs to {}", file.name, homes.join(" and "))));
            }
        }
    }
    report(&faults);
}

#[test]
fn the_command_line_prints_in_one_file_which_escapes_what_it_must() {
    let printing = ["print!", "println!", "eprint!", "eprintln!", "dbg!", "stdout", "stderr"];
    let elsewhere: Vec<Source> = sources().into_iter().filter(|file| file.name.starts_with("cli/") && file.name != "cli/print.rs").collect();
    let told = |file: &Source| -> Vec<String> {
        let lines = file.code().filter(|(_, text)| printing.iter().any(|word| holds_word(text, word)) && !text.contains("is_terminal"));
        lines.map(|(line, _)| format!("{}:{line}: printing belongs to cli/print.rs", file.name)).collect()
    };
    report(&elsewhere.iter().flat_map(told).collect::<Vec<_>>());
}

#[test]
fn every_file_begins_by_saying_what_it_is() {
    let faults: Vec<String> = sources()
        .iter()
        .filter(|file| !file.text.lines().next().is_some_and(|line| line.starts_with("//! ")))
        .map(|file| format!("{}: the first line is no `//!` line", file.name))
        .collect();
    report(&faults);
}

#[test]
fn no_file_is_a_drawer_for_odds_and_ends() {
    let drawers = ["mod", "utils", "util", "helpers", "common", "manager"];
    let stem = |file: &Source| file.name.trim_end_matches(".rs").rsplit('/').next().unwrap_or_default().to_owned();
    let faults: Vec<String> = sources().iter().filter(|file| drawers.contains(&&*stem(file))).map(|file| file.name.clone()).collect();
    report(&faults);
}

/// A file of the sources.
struct Source {
    /// Its path from `src/`.
    name: String,
    /// The module of `src/lib.rs` that it belongs to.
    module: String,
    text: String,
}

impl Source {
    /// Whether it is the file of `home` or lies below it; `render` means all of it only where `home` names no file in it.
    fn lives_in(&self, home: &str) -> bool {
        let stem = self.name.trim_end_matches(".rs");
        let has_rooms = HOMES.iter().flat_map(|(_, homes)| homes.iter()).any(|other| other.starts_with(&format!("{home}/")));
        stem == home || (!has_rooms && stem.starts_with(&format!("{home}/")))
    }

    /// Its lines of code with their numbers: comments and the tests at its end left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let code = self.text.lines().take_while(|line| *line != "#[cfg(test)]");
        code.enumerate().map(|(i, line)| (i + 1, without_comment(line))).filter(|(_, line)| !line.trim().is_empty())
    }

    /// The modules that its code names, with the line: `crate::a`, and `crate::{a, b::c}`, over several lines too.
    fn modules_named(&self) -> Vec<(usize, String)> {
        let mut named = Vec::new();
        let mut open = 0usize;
        let from_root = "super::".repeat(self.name.matches('/').count() + 1);
        for (number, line) in self.code() {
            let line = line.replace(&from_root, "crate::");
            let mut rest = line.as_str();
            if open > 0 {
                rest = names_in_braces(rest, number, &mut open, &mut named);
            }
            while let Some((_, after)) = rest.split_once("crate::") {
                rest = match after.strip_prefix('{') {
                    Some(inner) => {
                        open = 1;
                        names_in_braces(inner, number, &mut open, &mut named)
                    }
                    None => {
                        named.push((number, first_name(after)));
                        after
                    }
                };
            }
        }
        let is_module = |name: &str| FLOORS.iter().any(|floor| floor.contains(&name));
        named.retain(|(_, name)| is_module(name));
        named
    }
}

/// The first names of the paths between braces; gives what is left of the line after the last brace.
fn names_in_braces<'a>(text: &'a str, line: usize, open: &mut usize, named: &mut Vec<(usize, String)>) -> &'a str {
    let mut at_start = *open == 1;
    for (i, c) in text.char_indices() {
        match c {
            '{' => *open += 1,
            '}' => *open -= 1,
            ',' if *open == 1 => at_start = true,
            c if c.is_alphabetic() && at_start => {
                named.push((line, first_name(&text[i..])));
                at_start = false;
            }
            _ => {}
        }
        if *open == 0 {
            return &text[i + 1..];
        }
    }
    ""
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn without_comment(line: &str) -> &str {
    let is_comment = line.trim_start().starts_with("//");
    if is_comment { "" } else { line.split(" // ").next().unwrap_or(line) }
}

/// Whether `word` stands in the text with nothing of a name before or after it.
fn holds_word(text: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(is_name) && !text[at + word.len()..].starts_with(is_name))
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn source_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<Source> {
    let root = source_directory();
    let mut directories = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).expect("a directory of the sources") {
            let path = entry.expect("an entry of it").path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
                let module = name.trim_end_matches(".rs").split('/').next().unwrap_or_default().to_owned();
                found.push(Source { module, text: fs::read_to_string(&path).expect("a file of the sources"), name });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(found.len() > 20, "only {} files were found", found.len());
    found
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
