//! `handbook new` changes nothing but what it adds, byte for byte, and `handbook init` writes pipelines that hold together.

mod project;

use std::fs;

use project::Project;

const FAMILY: &str = "---\ntitle: Backend\nroles:\n  - id: mid\n    title: Mid Engineer\n    grade: 6\n\n  # the top\n  - {id: top, title: Top, grade: 9}\nspecialties: []\n---\n\n## Requirements\n\n- **Git.** Knows Git.  \n";

fn is_added_to(after: &[u8], before: &[u8]) -> bool {
    let same = after.iter().zip(before).take_while(|(a, b)| a == b).count();
    let rest = before.len() - same;
    after.len() > before.len() && after.ends_with(&before[same..]) && after.len() - rest > same
}

#[test]
fn line_ends_a_byte_order_mark_and_every_other_byte_stay() {
    for text in [FAMILY.to_owned(), FAMILY.replace('\n', "\r\n"), format!("\u{feff}{FAMILY}"), format!("\u{feff}{}", FAMILY.replace('\n', "\r\n"))] {
        for command in
            ["new role backend/senior --extends mid", "new role backend/last", "new role backend/high --extends top", "new specialty backend/geo"]
        {
            let project = Project::new().file("content/eng/backend.md", &text);
            project.run(command).succeeds();
            let after = fs::read(project.path("content/eng/backend.md")).expect("the family");
            assert!(is_added_to(&after, text.as_bytes()), "{command}:\n{}", String::from_utf8_lossy(&after));
            let breaks = after.iter().filter(|b| **b == b'\n').count();
            let windows = after.windows(2).filter(|w| w == b"\r\n").count();
            assert!(windows == 0 || windows == breaks, "{command}: line ends are mixed");
            project.run("check --strict").succeeds();
        }
    }
}

#[test]
fn the_example_can_be_added_to() {
    let project = Project::example();
    project.run("new role backend-engineering/distinguished --extends staff").succeeds();
    project.run("new role account-executive/principal --extends senior").succeeds();
    project.run("new specialty product-management/payments").succeeds();
    project.run("new family people/recruiting").succeeds();
    project.run("check").succeeds();
}

/// What a pipeline must have, told on the text: the jobs of the three files do the same.
#[test]
fn the_pipelines_check_preview_compare_and_publish() {
    let gitlab = include_str!("../starter/gitlab-ci.yml");
    let component = include_str!("../ci/gitlab-component/templates/handbook.yml");
    let github = include_str!("../starter/github-workflow.yml");
    for (name, text) in [("GitLab", gitlab), ("the component", component), ("GitHub", github)] {
        for part in text.split("\n---\n") {
            handbook::yaml::parse(part).unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        }
        for words in [" check", " build", " diff --format markdown -o note.md", "--also html=diff.html", "fetch-depth: 0|GIT_DEPTH: \"0\""] {
            assert!(words.split('|').any(|w| text.contains(w)), "{name} lacks {words:?}");
        }
        assert!(text.contains(env!("CARGO_PKG_VERSION")), "{name} installs another version than this");
    }
    for text in [gitlab, component] {
        for words in [
            "codequality: gl-code-quality-report.json",
            "expose_as:",
            "interruptible: true",
            "cache:",
            "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
            "paths: [public/]",
        ] {
            assert!(text.contains(words), "a GitLab file lacks {words:?}");
        }
    }
}
