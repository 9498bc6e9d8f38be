//! `handbook diff` in real git repositories: what a change does to every role, from which revisions, in which forms.

mod project;

use std::fs;
use std::process::Command;

use project::{Project, Run};
use serde_json::Value;

const BACKEND: &str = "---
title: Backend
owner: \"@backend\"
roles:
  - {id: junior, title: Junior, grade: 5}
  - {id: mid, title: Engineer, grade: 6, extends: junior}
  - {id: senior, title: Senior, grade: 7, extends: mid}
specialties:
  - {id: geo, title: Geo, roles: [senior]}
---

## Levels

### Junior

#### Requirements

- **Writing.** Writes clear English.
- **Git.** Knows Git.

### Engineer

#### Requirements

- **Git.** Knows Git well.

### Senior

#### Requirements

- **Mentoring.** Helps two colleagues.
";

const SUPPORT: &str = "---
title: Support
owner: \"@support\"
roles:
  - {id: agent, title: Agent, grade: 5, extends: backend/mid}
  - {id: lead, title: Support Lead, grade: 6}
---
";

fn site() -> Project {
    let project = Project::new().env("PATH", &std::env::var("PATH").unwrap_or_default());
    let project = project.file("content/eng/backend.md", BACKEND).file("content/help/support.md", SUPPORT);
    git(&project, &["init", "-q", "-b", "main"]);
    commit(&project);
    project
}

fn git(project: &Project, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(project.path("")).args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.args(arguments).output().expect("git can be started");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}

fn commit(project: &Project) {
    git(project, &["add", "-A"]);
    git(project, &["commit", "-qm", "A change"]);
}

fn diff(project: &Project) -> Value {
    json(project.run("diff --format json").succeeds())
}

fn json(run: Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout))
}

fn ids(diff: &Value, change: &str) -> Vec<String> {
    let roles = diff["roles"].as_array().expect("roles").iter().filter(|r| r["change"] == change);
    roles.map(|r| r["id"].as_str().expect("an id").to_owned()).collect()
}

fn role<'d>(diff: &'d Value, id: &str) -> &'d Value {
    diff["roles"].as_array().expect("roles").iter().find(|r| r["id"] == id).unwrap_or_else(|| panic!("{id} is not in {diff:#}"))
}

#[test]
fn an_edited_bullet_is_told_of_every_role_that_it_reaches() {
    let project = site().edit("content/eng/backend.md", "clear English", "plain English");
    let diff = diff(&project);
    assert_eq!(
        ids(&diff, "changed"),
        ["eng/backend/junior", "eng/backend/mid", "eng/backend/senior", "eng/backend/senior+geo", "help/support/agent"]
    );
    assert_eq!(role(&diff, "eng/backend/junior")["through"], serde_json::json!([]));
    assert_eq!(role(&diff, "help/support/agent")["through"], serde_json::json!(["eng/backend/junior"]));
    let reworded = &role(&diff, "eng/backend/senior")["sections"]["requirements"]["reworded"][0];
    assert_eq!(reworded["key"], "writing");
    assert_eq!((&reworded["before"], &reworded["after"]), (&"Writes clear English.".into(), &"Writes plain English.".into()));
    assert_eq!(diff["summary"]["raises_the_bar"], 0);
    assert_eq!(diff["summary"]["edited_files"], 1);
    assert_eq!(diff["head"], "working tree");
    assert_eq!(diff["base"], git(&project, &["rev-parse", "HEAD"]));
}

#[test]
fn an_edit_under_a_nearer_text_stops_there() {
    let diff = diff(&site().edit("content/eng/backend.md", "Knows Git.", "Knows of Git."));
    assert_eq!(ids(&diff, "changed"), ["eng/backend/junior"]);
}

#[test]
fn a_new_item_raises_the_bar_and_a_removed_one_lowers_it() {
    let project = site().edit("content/eng/backend.md", "- **Mentoring.** Helps two colleagues.", "- ~~**Writing.**~~ No more.");
    let diff = diff(&project);
    let senior = role(&diff, "eng/backend/senior");
    let requirements = &senior["sections"]["requirements"];
    assert_eq!(requirements["removed"].as_array().map(Vec::len), Some(2));
    assert_eq!(senior["class"], "lowers-the-bar");
    commit(&project);
    let back = json(project.run("diff HEAD HEAD~1 --format json").succeeds());
    assert_eq!(role(&back, "eng/backend/senior")["raises_the_bar"], true);
}

#[test]
fn words_of_another_node_replace() {
    let diff = diff(&site().edit("content/eng/backend.md", "- **Mentoring.** Helps two colleagues.", "- **Git.** Teaches Git."));
    let replaced = &role(&diff, "eng/backend/senior")["sections"]["requirements"]["replaced"][0];
    assert_eq!((&replaced["before"], &replaced["after"]), (&"Knows Git well.".into(), &"Teaches Git.".into()));
}

#[test]
fn a_bullet_that_moves_to_a_base_is_proven_to_change_nothing() {
    let project = site().edit("content/eng/backend.md", "- **Writing.** Writes clear English.\n", "").edit(
        "content/eng/backend.md",
        "## Levels\n",
        "## Requirements\n\n- **Writing.** Writes clear English.\n\n## Levels\n",
    );
    project
        .run("diff")
        .succeeds()
        .says("No role changes. 1 file differs: all 6 roles and compositions were resolved in both and read the same.")
        .says("5 roles and compositions have some of the same words from another place now");
}

#[test]
fn lists_that_move_from_the_front_matter_to_the_body_change_nothing() {
    let project = site().edit(
        "content/help/support.md",
        "title: Support Lead, grade: 6}\n---\n",
        "title: Support Lead, grade: 6, requirements: [\"**Calm.** Keeps calm.\"]}\n---\n",
    );
    commit(&project);
    let project = project.edit(
        "content/help/support.md",
        ", requirements: [\"**Calm.** Keeps calm.\"]}\n---\n",
        "}\n---\n\n## Support Lead\n\n### Requirements\n\n- **Calm.** Keeps\n  calm.\n",
    );
    let diff = diff(&project);
    assert_eq!(diff["roles"], serde_json::json!([]), "{diff:#}");
}

#[test]
fn facts_are_told_before_and_after() {
    let project =
        site().edit("content/help/support.md", "Support Lead, grade: 6}", "Head of Support, grade: 7, reports_to: Director, status: deprecated}");
    let diff = diff(&project);
    let lead = role(&diff, "help/support/lead");
    assert_eq!(lead["grade"], serde_json::json!({"before": [6], "after": [7]}));
    assert_eq!(lead["facts"]["title"], serde_json::json!({"before": "Support Lead", "after": "Head of Support"}));
    assert_eq!(lead["facts"]["reports_to"]["after"], "Director");
    assert_eq!(lead["facts"]["status"], serde_json::json!({"before": "active", "after": "deprecated"}));
}

#[test]
fn a_moved_file_is_a_renamed_family_and_its_old_addresses_are_told() {
    let project = site();
    fs::rename(project.path("content/help/support.md"), project.path("content/help/service.md")).expect("it moves");
    let before = (git(&project, &["status", "--porcelain"]), fs::read(project.path(".git/index")).expect("an index"));
    let told = diff(&project);
    assert_eq!(ids(&told, "renamed"), ["help/service/agent", "help/service/lead"]);
    assert_eq!(ids(&told, "changed"), Vec::<String>::new());
    let dead: Vec<&str> = told["dead_addresses"].as_array().expect("a list").iter().filter_map(|d| d["address"].as_str()).collect();
    assert_eq!(dead, ["/help/support/", "/help/support/agent/", "/help/support/lead/"]);
    assert_eq!(
        before,
        (git(&project, &["status", "--porcelain"]), fs::read(project.path(".git/index")).expect("an index")),
        "the repository was touched"
    );
    let aliases = "title: Support\naliases: [/help/support/, /help/support/agent/, /help/support/lead/]";
    let mended = diff(&project.edit("content/help/service.md", "title: Support\n", &format!("{aliases}\n")));
    assert_eq!(mended["dead_addresses"], serde_json::json!([]));
}

#[test]
fn a_renamed_role_is_known_by_its_alias_or_its_title() {
    let project = site().edit("content/help/support.md", "{id: lead,", "{id: chief,");
    let told = diff(&project);
    assert_eq!(role(&told, "help/support/chief")["was"], "help/support/lead");
    assert!(told["dead_addresses"][0]["help"].as_str().is_some_and(|help| help.contains("aliases: [lead]")), "{told:#}");
    let with_alias = diff(&project.edit("content/help/support.md", "title: Support Lead,", "title: Chief, aliases: [lead],"));
    assert_eq!(role(&with_alias, "help/support/chief")["was"], "help/support/lead");
    assert_eq!(with_alias["dead_addresses"], serde_json::json!([]));
}

#[test]
fn new_and_removed_families_are_told_role_by_role() {
    let project = site()
        .without("content/help/support.md")
        .file("content/help/desk.md", "---\ntitle: Desk\nroles:\n  - {id: clerk, title: Clerk, grade: 4}\n---\n");
    let told = diff(&project);
    assert_eq!(
        (ids(&told, "added"), ids(&told, "removed")),
        (vec!["help/desk/clerk".to_owned()], vec!["help/support/agent".to_owned(), "help/support/lead".to_owned()])
    );
}

#[test]
fn a_file_that_cannot_be_read_is_not_called_removed() {
    let project = site().edit("content/help/support.md", "roles:", "roles: [");
    let run = project.run("diff --format json").ends_with(1).says("content/help/support.md");
    let told = json(run);
    assert_eq!(ids(&told, "removed"), Vec::<String>::new());
    assert_eq!(told["unresolved"], serde_json::json!(["help/support/agent", "help/support/lead"]));
}

#[test]
fn the_owners_of_changed_roles_are_told_even_where_their_files_are_not_edited() {
    let run = site().edit("content/eng/backend.md", "clear English", "plain English").run("diff").succeeds();
    run.says("@backend: 3 roles in eng/backend").says("@support: 1 role in help/support, in files that this change does not edit");
}

#[test]
fn a_policy_ends_the_run_with_1() {
    let project = site().edit("content/eng/backend.md", "- **Git.** Knows Git.\n", "- **Git.** Knows Git.\n- **Rust.** Knows Rust.\n");
    project.run("diff --fail-on raises-the-bar").ends_with(1).says("roles raise the bar, and --fail-on says to stop there");
    project.run("diff --fail-on grade,lowers-the-bar,dead-address,role-removed").succeeds();
    project.run("diff --fail-on any-change").ends_with(1);
}

#[test]
fn the_base_is_where_the_branch_left_main() {
    let project = site();
    git(&project, &["checkout", "-q", "-b", "topic"]);
    let project = project.edit("content/help/support.md", "title: Agent", "title: Helper");
    commit(&project);
    git(&project, &["checkout", "-q", "main"]);
    let project = project.edit("content/eng/backend.md", "clear English", "good English");
    commit(&project);
    git(&project, &["checkout", "-q", "topic"]);
    assert_eq!(ids(&diff(&project), "changed"), ["help/support/agent"]);
    assert_eq!(ids(&json(project.run("diff main...topic --format json")), "changed"), ["help/support/agent"]);
    assert_eq!(ids(&json(project.run("diff main..topic --format json")), "changed").len(), 5);
    let first = git(&project, &["rev-parse", "topic~1"]);
    let in_pipeline = project.env("CI_MERGE_REQUEST_DIFF_BASE_SHA", &first);
    assert_eq!(diff(&in_pipeline)["base"], first);
}

#[test]
fn what_git_cannot_tell_is_said_with_the_way_out() {
    let project = site();
    project.run("diff nowhere").ends_with(2).says("git knows no revision `nowhere` here");
    project.run("diff --format json -r /").ends_with(2);
    let project = project.edit("content/help/support.md", "title: Agent", "title: Helper");
    commit(&project);
    let clone = Project::new().env("PATH", &std::env::var("PATH").unwrap_or_default());
    git(&clone, &["clone", "-q", "--depth", "1", &format!("file://{}", project.path("").display()), "."]);
    clone.run("diff HEAD~1").ends_with(2).says("this clone is shallow").says("GIT_DEPTH: \"0\"").says("fetch-depth: 0");
    let alone = Project::new().env("PATH", &std::env::var("PATH").unwrap_or_default()).file("content/index.md", "Hello\n");
    alone.run("diff").ends_with(2).says("is not in a git repository");
}

#[test]
fn a_site_below_the_top_of_its_repository_is_compared_alone() {
    let project = Project::new().env("PATH", &std::env::var("PATH").unwrap_or_default());
    let project = project.file("docs/site/content/eng/backend.md", BACKEND).file("content/other.md", "---\ntitle: X\n---\n");
    git(&project, &["init", "-q", "-b", "main"]);
    commit(&project);
    let project = project.edit("docs/site/content/eng/backend.md", "clear English", "plain English").edit("content/other.md", "X", "Y");
    let told = json(project.run("diff --format json -r docs/site").succeeds());
    assert_eq!(ids(&told, "changed").len(), 4);
    assert_eq!(told["files"], serde_json::json!([{"before": "content/eng/backend.md", "after": "content/eng/backend.md"}]));
}

#[test]
fn the_note_shows_a_table_folds_the_words_and_links_into_the_preview() {
    let project = site().edit("content/eng/backend.md", "Writes clear English.", "Writes plain English, @all says 1 < 2 | often.");
    let note = project.run("diff --format markdown --preview https://preview.example.org/x").succeeds().stdout;
    assert!(note.contains("| [Junior](https://preview.example.org/x/eng/backend/junior/index.html) | clarifies | 1 reworded |  |"), "{note}");
    assert!(note.contains("| [Senior](https://preview.example.org/x/eng/backend/senior/index.html)<br>likewise 1 composition |"), "{note}");
    assert!(note.contains("<details><summary>The words: 1 change</summary>"), "{note}");
    assert!(note.contains("<del>clear</del><ins>plain</ins> English"), "{note}");
    assert!(note.contains("1 &lt; 2 \\| often"), "{note}");
    assert!(!note.contains("@all"), "the note calls people: {note}");
}

#[test]
fn a_note_that_grows_too_long_is_cut_and_says_so() {
    let role = |n: usize| format!("  - {{id: r{n}, title: Role {n} in a department whose name is long, grade: 5}}\n");
    let lists = |word: &str| {
        (0..400)
            .map(|n| {
                format!(
                    "## Role {n} in a department whose name is long\n\n### Requirements\n\n- **One.** {word} {n} {}\n",
                    "and more words of it ".repeat(8)
                )
            })
            .collect::<String>()
    };
    let text = |word: &str| format!("---\ntitle: Many\nroles:\n{}---\n{}", (0..400).map(role).collect::<String>(), lists(word));
    let project = site().file("content/eng/many.md", &text("Before"));
    commit(&project);
    let note = project.file("content/eng/many.md", &text("After")).run("diff --format markdown").succeeds().stdout;
    assert!(note.len() < 65_000, "{} bytes", note.len());
    assert!(note.contains("more roles are not shown in this table"), "{note}");
    assert!(note.contains("more changes are not shown"), "{note}");
    assert_eq!(note.matches("<details>").count(), note.matches("</details>").count());
}

#[test]
fn the_page_shows_before_and_after_side_by_side() {
    let project = site().edit("content/eng/backend.md", "clear English", "plain & simple English");
    project.run("diff --format html -o diff.html --also json=diff.json --also markdown=note.md").succeeds();
    let html = fs::read_to_string(project.path("diff.html")).expect("a page");
    assert!(html.contains("<del>clear</del>") && html.contains("<ins>plain &amp; simple</ins>"), "{html}");
    assert!(html.contains("--accent"), "the style of the site is in it");
    assert!(project.has("diff.json") && project.has("note.md"));
}

#[test]
fn sections_and_prose_that_change_are_told() {
    let project = site().edit("content/eng/backend.md", "### Senior\n", "### Senior\n\nSeniors are calm.\n").edit(
        "content/eng/backend.md",
        "- **Mentoring.** Helps two colleagues.\n",
        "#### Nice-to-haves\n\n- **Mentoring.** Helps two colleagues.\n",
    );
    let diff = diff(&project);
    let senior = role(&diff, "eng/backend/senior");
    assert_eq!(senior["sections"]["requirements"]["removed"][0]["to"], "nice-to-haves");
    assert_eq!(senior["sections"]["nice-to-haves"]["added"][0]["from"], "requirements");
    assert_eq!(senior["raises_the_bar"], false);
    assert_eq!(senior["prose"][0]["after"], "Seniors are calm.");
}

#[test]
fn a_role_can_be_shown_as_it_was() {
    let project = site();
    git(&project, &["tag", "v1"]);
    let project = project.edit("content/eng/backend.md", "clear English", "plain English");
    commit(&project);
    project.run("show senior --at v1").succeeds().says("Writes clear English.");
    project.run("show senior").succeeds().says("Writes plain English.");
    project.run("show senior --at v2").ends_with(2).says("git knows no revision `v2` here");
}
