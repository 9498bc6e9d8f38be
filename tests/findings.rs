//! What becomes of findings outside the program: mended files keep every other byte, and fingerprints stay the same while
//! lines move and other findings come and go.

mod project;

use std::collections::BTreeSet;
use std::fs;

use project::Project;
use serde_json::Value;

#[test]
fn mending_keeps_byte_order_mark_windows_line_ends_and_every_other_byte() {
    let before = "\u{feff}---\r\ntitle: A\r\nroles:   # all of them\r\n  - {id: one, title: One, grade: 5}\r\nrequirements:\r\n  - Mandatory: knows Git   \r\n---\r\n\r\n##   Responsibilties\r\n\r\n*  One \t\r\n+\tTwo";
    let after = "\u{feff}---\r\ntitle: A\r\nroles:   # all of them\r\n  - {id: one, title: One, grade: 5}\r\nrequirements:\r\n  - \"Mandatory: knows Git\"   \r\n---\r\n\r\n##   Responsibilities\r\n\r\n*  One\r\n+\tTwo\r\n";
    let project = Project::new().file("content/eng/a.md", before).file("content/index.md", "Untouched.\n");
    let untouched = fs::metadata(project.path("content/index.md")).and_then(|m| m.modified()).expect("a file");
    project.run("check --fix --diff").ends_with(1).says("+##   Responsibilities");
    assert_eq!(fs::read_to_string(project.path("content/eng/a.md")).expect("the file"), before, "--diff writes nothing");
    project.run("check --fix").succeeds().says("mended content/eng/a.md:9: the heading `Responsibilties` is `Responsibilities` now");
    assert_eq!(fs::read_to_string(project.path("content/eng/a.md")).expect("the file"), after);
    assert_eq!(fs::metadata(project.path("content/index.md")).and_then(|m| m.modified()).expect("a file"), untouched);
    project.run("check --fix").succeeds().says("0 faults in 0 files");
}

#[test]
fn mending_the_example_handbook_changes_nothing() {
    let project = Project::example();
    let before = project.files("content");
    project.run("check --fix").succeeds();
    assert_eq!(project.files("content"), before);
}

/// The fingerprints of a site's findings, by code and message.
fn fingerprints(project: &Project) -> BTreeSet<(String, String, String)> {
    let report: Vec<Value> = serde_json::from_str(&project.run("check --format gitlab -q").stdout).expect("a report");
    let of = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let all: BTreeSet<_> = report.iter().map(|f| (of(f, "check_name"), of(f, "description"), of(f, "fingerprint"))).collect();
    let different: BTreeSet<&String> = all.iter().map(|(.., fingerprint)| fingerprint).collect();
    assert_eq!(different.len(), report.len(), "each finding has a fingerprint of its own: {all:#?}");
    all
}

const FAULTY: &str = "---
title: A
roles:
  - {id: one, title: One}
  - {id: two, title: Two}
---
## Requirements

- 3 years of experience with [Go](go.md), [Rust](go.md)
- 3 years of experience with [Go](go.md), [Rust](go.md)
";

#[test]
fn fingerprints_survive_moved_lines_and_other_findings() {
    let project = Project::new().file("content/eng/a.md", FAULTY).file("content/index.md", "Hello.\n");
    let first = fingerprints(&project);
    assert!(first.len() >= 8, "{first:#?}");

    let project = project.edit("content/eng/a.md", "title: A\n", "title: A\nowner: us\ndescription: Moves all lines.\n");
    assert_eq!(fingerprints(&project), first, "lines above moved");

    let project = project.edit("content/eng/a.md", "## Requirements\n", "[broken](nowhere.md) TBD\n\n## Requirements\n").edit(
        "content/index.md",
        "Hello.",
        "His hello.",
    );
    let more = fingerprints(&project);
    assert!(more.is_superset(&first) && more.len() == first.len() + 3, "other findings came: {more:#?}");
}

#[test]
fn a_finding_about_a_file_stays_the_same_when_the_first_line_is_mended() {
    let project = Project::new().file("content/index.md", "One. \nTwo.\t\nThree. \n");
    let first = fingerprints(&project);
    let project = project.edit("content/index.md", "One. \n", "One.\n").edit("content/index.md", "Three. \n", "Three.\n");
    let of = |all: BTreeSet<(String, String, String)>| all.into_iter().map(|(code, _, print)| (code, print)).collect::<Vec<_>>();
    assert_eq!(of(fingerprints(&project)), of(first));
}

#[test]
fn a_shown_mend_can_be_applied_also_to_windows_line_ends() {
    let before = "\u{feff}---\r\ntitle: A\r\nroles:\r\n  - {id: one, title: One, grade: 5}\r\n---\r\n## Responsibilties\r\n\r\n- One\r\n";
    let project = Project::new().file("content/eng/a.md", before);
    let patch = project.run("check --fix --diff").stdout;
    assert!(patch.contains("-## Responsibilties\r\n+## Responsibilities\r\n"), "{patch:?}");
    let git = |args: &[&str]| {
        let done = std::process::Command::new("git").args(args).current_dir(project.path(".")).status().expect("git runs");
        assert!(done.success(), "git {args:?}");
    };
    fs::write(project.path("mend.patch"), patch).expect("the patch is written");
    git(&["apply", "mend.patch"]);
    let mended = before.replace("Responsibilties", "Responsibilities");
    assert_eq!(fs::read_to_string(project.path("content/eng/a.md")).expect("the file"), mended);
}

#[test]
fn the_last_line_leaves_nothing_behind_when_it_goes() {
    let text = "---\ntitle: A\nroles:\n  - {id: one, title: One, grade: 5}\n  - {id: two, title: Two, grade: 6, extends: one}\n---\n## Requirements\n\n- Git\n\n## Two\n\n### Requirements\n\n- Plans\n- Git";
    let project = Project::new().file("content/eng/a.md", text);
    project.run("check --fix").succeeds();
    assert_eq!(fs::read_to_string(project.path("content/eng/a.md")).expect("the file"), text.strip_suffix("- Git").expect("the last line"));
}

#[test]
fn paths_in_reports_begin_at_the_top_of_the_repository() {
    let project = Project::new().file(".git/HEAD", "ref: refs/heads/main\n").file("docs/site/content/eng/a.md", FAULTY);
    let report = project.run("check --root docs/site --format gitlab -q").stdout;
    let report: Vec<Value> = serde_json::from_str(&report).expect("a report");
    assert!(report.iter().all(|f| f["location"]["path"] == "docs/site/content/eng/a.md"), "{report:#?}");
    project.run("check --root docs/site --format github -q").says("file=docs/site/content/eng/a.md,line=4,");
    project.run("check --root docs/site --format short -q").says("\ncontent/eng/a.md:5:");
}

const COPIES: &str = "---
title: A
roles:
  - {id: one, title: One, grade: 5}
  - {id: two, title: Two, grade: 6, extends: one}
  - id: three
    title: Three
    grade: 7
    extends: two
    requirements:
      - \"Git: all of it\"
      - Writes
      - Plans
---
## Requirements

- **Product.** Uses it.
- Git: all of it
- Writes

## One

### Responsibilities

- **Work.** Works:
  - hard
- Rests

## Two

### Responsibilities

- **Lead.** Leads.
- **Work.** Works:
  - hard

- Rests

### Requirements

* **Product.** Uses it.

* Writes
* ~~**Product.**~~ Sells it.
";

/// What every role has, where it is written aside.
fn effective(project: &Project) -> Vec<(String, String, Vec<String>)> {
    let data: Value = serde_json::from_str(&project.run("export --format json").stdout).expect("the data");
    let texts = |items: &Value| items.as_array().into_iter().flatten().map(|i| i["markdown"].as_str().unwrap_or_default().to_owned()).collect();
    let of_role = |role: &Value| {
        let sections = role["sections"].as_object().into_iter().flatten();
        sections.map(|(section, s)| (role["id"].to_string(), section.clone(), texts(&s["items"]))).collect::<Vec<_>>()
    };
    data["roles"].as_array().into_iter().flatten().flat_map(of_role).collect()
}

#[test]
fn what_every_role_has_is_the_same_after_mending() {
    let project = Project::new().file("content/eng/a.md", COPIES);
    let before = effective(&project);
    assert_eq!(before.len(), 6, "{before:#?}");
    project.run("check --fix").says("faults in 1 file were mended");
    assert!(std::fs::read_to_string(project.path("content/eng/a.md")).expect("the file").lines().count() < COPIES.lines().count() - 3);
    assert_eq!(effective(&project), before);
}

const HEADINGS: &str = "---
title: A
roles:
  - {id: one, title: Support Engineer I, grade: 5}
  - {id: two, title: Support Engineer II, grade: 6, extends: one}
  - {id: ui, title: Senior Engineer UI, grade: 7, extends: two}
---
## Requirements

- Git

## Hiring process

1. A talk

## Suport Engineer II

### Requirements

- Plans

## Senior Engineer UI Responsibilties

- Draws

## Support Engineer III

### Requirements

- Leads the whole team

## Support Engineer 1

- Answers

## Junior Engineer UI

### Requirements

- Learns

## Senior Engineer UX Requirements

- Asks

## Hiring process (2)

1. Another talk

## Requirements (2)

- Rust
";

#[test]
fn a_mended_heading_gives_its_list_to_whom_it_names_and_to_nobody_else() {
    let project = Project::new().file("content/eng/a.md", HEADINGS);
    let before = effective(&project);
    project.run("check --fix").says("2 faults in 1 file were mended");
    let list = |role: &str, section: &str, items: &[&str]| {
        let id = format!("\"eng/a/{role}\"");
        (id, section.to_owned(), items.iter().map(|i| (*i).to_owned()).collect::<Vec<_>>())
    };
    let after = effective(&project);
    let new: Vec<_> = after.iter().filter(|list| !before.contains(list)).cloned().collect();
    let expected =
        [list("two", "requirements", &["Git", "Plans"]), list("ui", "responsibilities", &["Draws"]), list("ui", "requirements", &["Git", "Plans"])];
    assert_eq!(new, expected);
    assert_eq!(after.len(), before.len() + 1, "no other list came or went");
}

#[cfg(unix)]
#[test]
fn a_finding_is_one_line_whatever_its_file_is_called() {
    let project = Project::new().file("content/a\nb.md", "No front matter.\n");
    let short = project.run("check --format short -q").stdout;
    assert_eq!(short.lines().count(), 1, "{short}");
    assert!(short.starts_with("content/a\\u{a}b.md:1:1: error[front-matter-missing]: "), "{short}");
}
