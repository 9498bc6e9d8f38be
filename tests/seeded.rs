//! A site with more than thirty seeded faults in, out whether one run names all of them at the right line and nothing else.
//!
//! `tests/seeded/site.txt` holds the files. A line `@ path` begins one, and `«code»` at the end of a line says which fault
//! was sown there.

use std::collections::BTreeSet;
use std::path::Path;

mod project;

use project::Project;

#[test]
fn one_run_names_every_seeded_fault_at_its_line_and_nothing_else() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeded/site.txt")).expect("the site");
    let mut files: Vec<(String, String)> = Vec::new();
    let mut sown: BTreeSet<(String, u64, String)> = BTreeSet::new();
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("@ ") {
            files.push((path.to_owned(), String::new()));
            continue;
        }
        let (path, file) = files.last_mut().expect("a line `@ path` comes first");
        let (line, code) = line.split_once("  «").map_or((line, None), |(line, code)| (line, code.strip_suffix('»')));
        file.push_str(&format!("{line}\n"));
        if let Some(code) = code {
            sown.insert((path.clone(), file.lines().count() as u64, code.to_owned()));
        }
    }
    assert!(sown.len() >= 30, "only {} faults were sown", sown.len());

    // The empty line before the next file is no part of this one.
    let whole = |text: &str| text.strip_suffix("\n\n").map_or(text.to_owned(), |t| format!("{t}\n"));
    let project = files.iter().fold(Project::new(), |project, (path, text)| project.file(path, &whole(text)));
    let output = project.run("check --format json -q");
    let found: Vec<serde_json::Value> = serde_json::from_str(&output.stdout).expect("findings as JSON");
    let found: Vec<(String, u64, String)> = found
        .iter()
        .map(|f| (f["file"].as_str().unwrap_or("").to_owned(), f["line"].as_u64().unwrap_or(0), f["code"].as_str().unwrap_or("").to_owned()))
        .collect();
    let told: BTreeSet<_> = found.iter().cloned().collect();
    let missed: Vec<_> = sown.difference(&told).collect();
    let more: Vec<_> = told.difference(&sown).collect();
    assert!(missed.is_empty() && more.is_empty(), "\nnot told: {missed:#?}\nnot sown: {more:#?}");
    assert_eq!(found.len(), sown.len(), "a fault was told twice: {found:#?}");
}
