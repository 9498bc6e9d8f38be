//! The table of lints in, a list of what does not hold out: examples that do not show what they say, codes without a row,
//! docs that were left behind.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use handbook::catalogue::{self, Lint};
use handbook::diagnostic::{Diagnostic, Severity};
use handbook::snapshot::Snapshot;
use handbook::source::{Asset, SourceTree, from_bytes};

/// The findings of files that exist only here.
fn findings(files: &[(String, String)]) -> Vec<Diagnostic> {
    let mut tree = SourceTree { today: handbook::source::date::Date(2026, 1, 1), ..SourceTree::default() };
    for (path, text) in files {
        let file = from_bytes(path.as_str(), text.clone().into_bytes());
        match path.as_str() {
            "handbook.yml" => tree.config = Some(file),
            path if path.starts_with("words/") => tree.words.push(Arc::new(file)),
            path if path.starts_with("static/") => {}
            path if path.ends_with(".md") => tree.content.push(Arc::new(file)),
            _ => {
                tree.assets.push(Asset { path: path.as_str().into(), on_disk: path.into(), drawing: path.ends_with(".svg").then(|| Arc::new(file)) })
            }
        }
    }
    tree.content.sort_by(|a, b| a.path.cmp(&b.path));
    Snapshot::build(tree, true).findings
}

fn shown(findings: &[Diagnostic]) -> String {
    findings.iter().map(|f| format!("    {} at byte {} of {}: {}\n", f.code, f.place.span.start, f.place.file, f.message)).collect()
}

/// What is not as the table says, of one lint.
fn fault(lint: &Lint) -> Option<String> {
    let (wrong, right) = (catalogue::example_files(lint.wrong), catalogue::example_files(lint.right));
    if wrong.is_empty() {
        return None;
    }
    let (wrong, right) = (findings(&wrong), findings(&right));
    if !wrong.iter().any(|f| f.code == lint.code) {
        return Some(format!("{}: the wrong example does not show it:\n{}", lint.code, shown(&wrong)));
    }
    if right.iter().any(|f| f.code == lint.code || f.severity == Severity::Error) {
        return Some(format!("{}: the right example is not right:\n{}", lint.code, shown(&right)));
    }
    let level = wrong.iter().find(|f| f.code == lint.code).map(|f| f.severity);
    (lint.level.is_some() && level != lint.level).then(|| format!("{}: told as {level:?}", lint.code))
}

#[test]
fn the_examples_show_what_they_say() {
    let faults: Vec<String> = catalogue::all().filter_map(fault).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn each_code_in_the_sources_has_a_row_and_each_row_a_code() {
    let mut written = BTreeSet::new();
    let mut work = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(path) = work.pop() {
        if path.is_dir() {
            work.extend(std::fs::read_dir(path).expect("a directory").map(|entry| entry.expect("an entry").path()));
        } else if !path.to_string_lossy().contains("catalogue") {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            written.extend(text.split('"').filter(|word| catalogue::named(word).is_some()).map(str::to_owned));
            for call in ["Diagnostic::error(", "Diagnostic::warning("] {
                for (at, _) in text.match_indices(call) {
                    let rest = text[at + call.len()..].trim_start();
                    let Some(code) = rest.strip_prefix('"').and_then(|r| r.split('"').next()) else { continue };
                    assert!(catalogue::named(code).is_some(), "{}: `{code}` has no row in src/catalogue", path.display());
                }
            }
        }
    }
    let missing: Vec<&str> = catalogue::all().map(|l| l.code).filter(|code| !written.contains(*code)).collect();
    assert!(missing.is_empty(), "nothing tells {missing:?}");
}

/// Codes that need what no spec can have: a link on the disk, a server. Each with the test that holds it.
const HELD_ELSEWHERE: [(&str, &str); 3] = [("file-refused", "publishing.rs"), ("link-dead", "external.rs"), ("program-fault", "serve.rs")];

#[test]
fn each_code_has_a_spec() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut specs = String::new();
    for folder in std::fs::read_dir(tests.join("specs")).expect("the specs") {
        for file in std::fs::read_dir(folder.expect("a folder").path()).expect("a folder of specs") {
            specs.push_str(&std::fs::read_to_string(file.expect("a file").path()).expect("a spec"));
        }
    }
    let elsewhere = |code: &str| {
        let test = HELD_ELSEWHERE.iter().find(|(c, _)| *c == code).map(|(_, test)| *test);
        test.is_some_and(|test| std::fs::read_to_string(tests.join(test)).is_ok_and(|text| text.contains(&format!("[{code}]"))))
    };
    let is_told = |code: &str| specs.contains(&format!("[{code}]: ")) || specs.contains(&format!("\"code\": \"{code}\""));
    let missing: Vec<&str> = catalogue::all().map(|l| l.code).filter(|code| !is_told(code) && !elsewhere(code)).collect();
    assert!(missing.is_empty(), "no spec shows {missing:?}");
}

#[test]
fn the_docs_are_made_from_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lints.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, catalogue::page()).expect("docs/lints.md can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == catalogue::page(), "docs/lints.md is not what the table says; UPDATE_DOCS=1 cargo test --test lints writes it");
}
