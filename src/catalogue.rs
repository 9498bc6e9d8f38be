//! Every finding that there is: its code, its level, what it means, and an example of wrong and right.
//!
//! This is the one table. The levels, `handbook check --explain CODE` and `docs/lints.md` are made from it, and a test
//! runs its examples.

mod files;
mod grades;
mod items;
mod links;
mod references;
mod structure;
mod style;
mod waivers;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::diagnostic::Severity;

/// One kind of finding.
#[derive(Debug, Clone, Copy)]
pub struct Lint {
    /// Its code; reads after the word *allow*.
    pub code: &'static str,
    /// How much it weighs where `handbook.yml` says nothing; none is off.
    pub level: Option<Severity>,
    /// Whether nothing can turn it down: with it, a page would say what nobody wrote.
    pub firm: bool,
    /// What it tells, in part of a sentence.
    pub tells: &'static str,
    /// Why it matters, and what to do, in a sentence or two.
    pub why: &'static str,
    /// An example with the fault: see [`example_files`].
    pub wrong: &'static str,
    /// The same without it.
    pub right: &'static str,
}

impl Lint {
    /// The word for its level.
    pub fn level_word(&self) -> &'static str {
        self.level.map_or("off", Severity::word)
    }
}

/// A finding that is always an error.
const fn firm(code: &'static str, tells: &'static str, why: &'static str, wrong: &'static str, right: &'static str) -> Lint {
    Lint { code, level: Some(Severity::Error), firm: true, tells, why, wrong, right }
}

/// A finding that is an error where nothing else is set.
const fn error(code: &'static str, tells: &'static str, why: &'static str, wrong: &'static str, right: &'static str) -> Lint {
    Lint { code, level: Some(Severity::Error), firm: false, tells, why, wrong, right }
}

/// A finding that is a warning where nothing else is set.
const fn warning(code: &'static str, tells: &'static str, why: &'static str, wrong: &'static str, right: &'static str) -> Lint {
    Lint { code, level: Some(Severity::Warning), firm: false, tells, why, wrong, right }
}

/// A finding that is worth knowing where nothing else is set.
const fn info(code: &'static str, tells: &'static str, why: &'static str, wrong: &'static str, right: &'static str) -> Lint {
    Lint { code, level: Some(Severity::Info), firm: false, tells, why, wrong, right }
}

/// A finding that is told only where `handbook.yml` asks for it.
const fn off(code: &'static str, tells: &'static str, why: &'static str, wrong: &'static str, right: &'static str) -> Lint {
    Lint { code, level: None, firm: false, tells, why, wrong, right }
}

/// The lints by theme, in the order of the documentation.
pub const THEMES: [(&str, &[Lint]); 8] = [
    ("Files and keys", files::LINTS),
    ("References", references::LINTS),
    ("Grades", grades::LINTS),
    ("Headings and sections", structure::LINTS),
    ("Items", items::LINTS),
    ("Links", links::LINTS),
    ("House style", style::LINTS),
    ("Waivers", waivers::LINTS),
];

/// Every lint.
pub fn all() -> impl Iterator<Item = &'static Lint> {
    THEMES.iter().flat_map(|(_, lints)| lints.iter())
}

/// The lint with this code.
pub fn named(code: &str) -> Option<&'static Lint> {
    static BY_CODE: LazyLock<HashMap<&'static str, &'static Lint>> = LazyLock::new(|| all().map(|lint| (lint.code, lint)).collect());
    BY_CODE.get(code).copied()
}

/// The path of an example that names none.
pub const EXAMPLE_FILE: &str = "content/engineering/backend.md";

/// The front matter of an example that is only a body.
const EXAMPLE_FRONT: &str = "---
title: Backend
roles:
  - {id: engineer, title: Engineer, grade: 6}
  - {id: senior, title: Senior Engineer, grade: 7, extends: engineer}
---
";

/// The files of an example. A line `@ path` begins a file; an example that begins with `---` is one whole file, and any
/// other is the body of a family with two roles. One that begins with `~` is told in words and has no files.
pub fn example_files(example: &str) -> Vec<(String, String)> {
    if example.starts_with('~') {
        return Vec::new();
    }
    if example.starts_with("---") {
        return vec![(EXAMPLE_FILE.to_owned(), example.to_owned())];
    }
    if !example.starts_with("@ ") {
        return vec![(EXAMPLE_FILE.to_owned(), format!("{EXAMPLE_FRONT}{example}"))];
    }
    let parts = example.split("@ ").skip(1);
    parts.filter_map(|part| part.split_once('\n')).map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

/// What `--explain` prints.
pub fn explain(lint: &Lint) -> String {
    let level = match (lint.firm, lint.level) {
        (true, _) => "always an error; it cannot be turned down or waived".to_owned(),
        (false, None) => "off, unless `lints:` in handbook.yml sets it".to_owned(),
        (false, Some(level)) => format!("{}, unless `lints:` in handbook.yml sets another", level.word()),
    };
    format!(
        "{}: {}\n\nLevel: {level}.\n\n{}\n\nWrong:\n\n{}\nRight:\n\n{}",
        lint.code,
        lint.tells,
        lint.why,
        indented(lint.wrong),
        indented(lint.right)
    )
}

/// What `--explain` prints where no code is given: all of them by theme.
pub fn list() -> String {
    let themes = THEMES.iter().map(|(theme, lints)| {
        let lines: String = lints.iter().map(|lint| format!("  {:26} {}\n", lint.code, lint.tells)).collect();
        format!("{theme}\n{lines}")
    });
    themes.collect::<Vec<_>>().join("\n")
}

fn indented(example: &str) -> String {
    let mut out = String::new();
    for line in example.trim_start_matches("~ ").lines() {
        match line.strip_prefix("@ ") {
            Some(path) => out.push_str(&format!("  {path}:\n")),
            None if line.is_empty() => out.push('\n'),
            None => out.push_str(&format!("    {line}\n")),
        }
    }
    out
}

/// The text of `docs/lints.md`.
pub fn page() -> String {
    let mut out = String::from(PAGE_TOP);
    for (theme, lints) in THEMES {
        out.push_str(&format!("- [{theme}](#{})\n", theme.to_lowercase().replace(' ', "-")));
        for lint in lints {
            out.push_str(&format!("  - [`{0}`](#{0}): {1}\n", lint.code, lint.tells));
        }
    }
    for (theme, lints) in THEMES {
        out.push_str(&format!("\n## {theme}\n"));
        for lint in lints {
            let level = if lint.firm { "error, firm" } else { lint.level_word() };
            out.push_str(&format!("\n### {}\n\nLevel: {level}. Tells that {}.\n\n{}\n", lint.code, lint.tells, lint.why));
            out.push_str(&format!("\nWrong:\n\n{}\nRight:\n\n{}", fenced(lint.wrong), fenced(lint.right)));
        }
    }
    out
}

fn fenced(example: &str) -> String {
    match example.strip_prefix("~ ") {
        Some(words) => format!("{}\n", words.trim_end()),
        None => format!("~~~markdown\n{}\n~~~\n", example.trim_end()),
    }
}

const PAGE_TOP: &str = "# Lints

Every finding of `handbook check` and `handbook build`, by theme. This page is made from the table in `src/catalogue.rs`, and
a test keeps the two alike. `handbook check --explain CODE` prints one entry. [The command line](command-line.md) tells how
levels are set, how a finding is waived, and what `--fix` mends.

A *firm* finding is always an error: with it, a page would say what nobody wrote. The level of every other one can be set to
`off`, `info`, `warning` or `error` in `handbook.yml`. In the examples, a line `@ path` names the file that follows; an
example without front matter is the body of a family with the roles `engineer` and `senior`, of which the second extends the
first.

";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_stands_once_and_reads_like_a_code() {
        let mut seen = std::collections::HashSet::new();
        for lint in all() {
            assert!(seen.insert(lint.code), "{} stands twice", lint.code);
            assert!(lint.code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", lint.code);
            assert!(!lint.why.is_empty() && !lint.wrong.is_empty() && !lint.right.is_empty(), "{}", lint.code);
        }
    }
}
