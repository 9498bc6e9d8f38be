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

/// What of `data` a schema does not name or allow; `tests/schema.rs` holds the same against all of JSON Schema that it uses.
fn unnamed(data: &Value, schema: &Value, root: &Value, at: &str) -> Vec<String> {
    let schema = match schema["$ref"].as_str() {
        Some(pointer) => root.pointer(&pointer[1..]).expect("it is there"),
        None => schema,
    };
    if let Some(one) = schema["anyOf"].as_array().and_then(|all| all.iter().find(|s| s.get("$ref").is_some())) {
        return if data.is_null() { Vec::new() } else { unnamed(data, one, root, at) };
    }
    let mut out = Vec::new();
    for (key, value) in data.as_object().into_iter().flatten() {
        match schema["properties"].get(key).or(Some(&schema["additionalProperties"]).filter(|s| s.is_object())) {
            Some(inner) => out.extend(unnamed(value, inner, root, &format!("{at}/{key}"))),
            None => out.push(format!("{at}/{key}")),
        }
    }
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    out.extend(required.filter(|key| data.get(key).is_none()).map(|key| format!("{at}: {key} is missing")));
    data.as_array().into_iter().flatten().for_each(|item| out.extend(unnamed(item, &schema["items"], root, at)));
    out
}

fn json(run: Run) -> Value {
    let data = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout));
    let schema = handbook::schema::diff();
    assert_eq!(unnamed(&data, &schema, &schema, "diff"), Vec::<String>::new());
    data
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
fn a_comment_is_no_change() {
    let project = site();
    let waiver = "Knows Git. <!-- handbook-allow years-of-experience: asked for by law -->\n- **Rust.** Knows Rust. {#rust} <!-- new -->";
    let project = project.edit("content/eng/backend.md", "Knows Git.", "Knows Git.\n- **Rust.** Knows Rust. {#rust}");
    let project = project.edit("content/eng/backend.md", "## Levels", "Prose.\n\n## Levels");
    commit(&project);
    let project = project.edit("content/eng/backend.md", "Knows Git.\n- **Rust.** Knows Rust. {#rust}", waiver);
    let project = project.edit("content/eng/backend.md", "Prose.", "Prose. <!-- to be written -->");
    project.run("diff --fail-on any-change").succeeds();
    let diff = diff(&project);
    assert_eq!((&diff["roles"], &diff["other_pages"]), (&serde_json::json!([]), &serde_json::json!([])), "{diff:#}");
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
fn summary_and_table_agree_on_roles_that_ask_more_here_and_less_there() {
    let project = site().edit("content/eng/backend.md", "- **Mentoring.** Helps two colleagues.", "- **Plan.** Plans.\n- ~~**Writing.**~~ No more.");
    let run = project.run("diff --format markdown").succeeds();
    let row = run.stdout.lines().find(|line| line.contains("`eng/backend/senior`")).expect("a row").to_owned();
    assert!(row.contains("| raises and lowers the bar | 1 new, 2 gone |"), "{row}");
    run.says("roles and compositions raise the bar").says("roles and compositions lower the bar");
}

#[test]
fn another_grade_is_told_first() {
    let project = site().edit("content/eng/backend.md", "grade: 7", "grade: 8");
    let run = project.run("diff --format markdown").succeeds();
    run.says("The grade of 1 role changes.").says("| another grade | grade 7 \u{2192} 8 |");
    project.run("diff").succeeds().says("The grade of 1 role changes.");
    let project = project.edit("content/eng/backend.md", "Helps two colleagues", "Helps three colleagues");
    let run = project.run("diff --format markdown").succeeds();
    run.says("The grade of 1 role changes.").says("| raises the bar | grade 7 \u{2192} 8, 1 reworded |");
    assert_eq!(diff(&project)["summary"]["grades_changed"], 1);
}

#[test]
fn of_the_roles_that_come_next_those_that_stay_are_counted() {
    let with_next = BACKEND.replace("grade: 5}", "grade: 5, next: [help/support/agent]}");
    let project = site().file("content/eng/backend.md", &with_next);
    commit(&project);
    let project = project.edit("content/eng/backend.md", "next: [help/support/agent]", "next: [help/support/lead]");
    let run = project.run("diff").succeeds();
    run.says("next help/support/agent and 1 more \u{2192} help/support/lead and the same 1");
    let project = project.edit("content/eng/backend.md", "next: [help/support/lead]", "next: [help/support/lead, help/support/agent]");
    project.run("diff").succeeds().says("next 2 others \u{2192} help/support/lead and the same 2");
}

#[test]
fn an_owner_of_whom_only_compositions_change_is_told_so() {
    let project = site().edit("content/eng/backend.md", "specialties:\n  - {id: geo, title: Geo, roles: [senior]}\n", "");
    let run = project.run("diff").succeeds();
    run.says("@backend: 1 composition in eng/backend").says("1 composition is gone.");
    let owner = &diff(&project)["owners"][0];
    assert_eq!((&owner["roles"], &owner["compositions"]), (&0.into(), &1.into()));
}

#[test]
fn an_edit_of_a_roles_prose_is_told_once_whatever_its_compositions_say_besides() {
    let with_prose = format!("{BACKEND}\n## Senior\n\nLeads slowly.\n\n## Geo\n\nWorks on maps.\n")
        .replace("### Senior\n\n#### Requirements", "### Senior\n\nHere.\n\n#### Requirements");
    let project = site().file("content/eng/backend.md", &with_prose);
    commit(&project);
    let run = project.edit("content/eng/backend.md", "Leads slowly.", "Leads quickly.").run("diff").succeeds();
    assert_eq!(run.stdout.matches("quickly").count(), 1, "{}", run.stdout);
    run.says("1 role: eng/backend/senior; and 1 composition");
}

#[test]
fn the_same_words_of_two_specialties_are_two_edits() {
    let two = BACKEND.replace("title: Geo, roles: [senior]}", "title: Geo, roles: [senior]}\n  - {id: web, title: Web, roles: [senior]}");
    let project = site().file("content/eng/backend.md", &format!("{two}\n## Geo\n\nMay run migrations.\n\n## Web\n\nMay run experiments.\n"));
    commit(&project);
    let project = project.edit("content/eng/backend.md", "May run migrations", "Must run migrations").edit(
        "content/eng/backend.md",
        "May run experiments",
        "Must run experiments",
    );
    project.run("diff").succeeds().says("migrations").says("experiments");
    project.run("diff --format markdown").succeeds().says("migrations").says("experiments");
}

#[test]
fn the_alias_of_a_renamed_role_keeps_the_addresses_of_its_compositions() {
    let project = site().edit("content/eng/backend.md", "id: senior, title: Senior,", "id: expert, title: Senior,").edit(
        "content/eng/backend.md",
        "roles: [senior]",
        "roles: [expert]",
    );
    let run = project.run("diff").succeeds();
    assert!(!run.stdout.contains("at the top of"), "{}", run.stdout);
    run.says("/eng/backend/senior/geo/").says("on the role expert in content/eng/backend.md: [senior]\n");
    let mended = project.edit("content/eng/backend.md", "id: expert,", "id: expert, aliases: [senior],");
    mended.run("check").succeeds();
    assert_eq!(diff(&mended)["dead_addresses"], serde_json::json!([]));
}

#[test]
fn the_note_says_which_alias_keeps_an_old_id() {
    let project = site().edit("content/eng/backend.md", "id: senior, title: Senior,", "id: expert, title: Senior,").edit(
        "content/eng/backend.md",
        "roles: [senior]",
        "roles: [expert]",
    );
    project.run("diff --format markdown").succeeds().says("write after `aliases:` on the role expert").says("`[senior]`");
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
        .says("No role changes. 1 file differs: the lists, facts and prose of all 6 roles and compositions are the same in both.")
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
fn what_comes_next_is_told_also_where_another_role_implies_it() {
    let next = |project: Project| {
        let diff = diff(&project);
        let mid = role(&diff, "eng/backend/mid");
        (mid["facts"]["next"]["before"].clone(), mid["facts"]["next"]["after"].clone(), mid["through"].clone())
    };
    let [agent, senior] = ["help/support/agent", "eng/backend/senior"];
    for (file, old, new, after, through) in [
        ("content/eng/backend.md", "grade: 7, extends: mid", "grade: 7, extends: none", agent, senior),
        ("content/eng/backend.md", "grade: 7, extends: mid", "grade: 7, extends: mid, status: draft", agent, senior),
        ("content/help/support.md", "  - {id: agent, title: Agent, grade: 5, extends: backend/mid}\n", "", senior, agent),
    ] {
        let told = next(site().edit(file, old, new));
        assert_eq!(told, ("eng/backend/senior, help/support/agent".into(), after.into(), serde_json::json!([through])), "{new}");
    }
    let project = site().edit("content/help/support.md", "grade: 6}", "grade: 6, extends: mid}");
    let after = "eng/backend/senior, help/support/agent, help/support/lead";
    assert_eq!(next(project).1, after);
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
fn of_a_file_that_could_not_be_read_before_no_words_are_said_to_differ() {
    let project = site().edit("content/help/support.md", "roles:", "roles: [");
    commit(&project);
    let project = project.edit("content/help/support.md", "roles: [", "roles:");
    let told = json(project.run("diff --format json"));
    assert_eq!((&told["roles"], &told["other_pages"]), (&serde_json::json!([]), &serde_json::json!([])), "{told:#}");
}

#[test]
fn the_owners_of_changed_roles_are_told_even_where_their_files_are_not_edited() {
    let run = site().edit("content/eng/backend.md", "clear English", "plain English").run("diff").succeeds();
    run.says("@backend: 3 roles in eng/backend").says("@support: 1 role in help/support, in files that this change does not edit");
}

#[test]
fn who_loses_a_family_is_told_as_well_as_who_gets_it() {
    site().without("content/help/support.md").run("diff").succeeds().says("@support: 2 roles in help/support");
    let given = site().edit("content/help/support.md", "@support", "@care").edit("content/help/support.md", "grade: 6", "grade: 7");
    given.run("diff").succeeds().says("@care: 1 role in help/support").says("@support: 1 role in help/support");
}

#[test]
fn a_policy_ends_the_run_with_1() {
    let project = site().edit("content/eng/backend.md", "- **Git.** Knows Git.\n", "- **Git.** Knows Git.\n- **Rust.** Knows Rust.\n");
    project.run("diff --fail-on raises-the-bar").ends_with(1).says("roles raise the bar, and --fail-on says to stop there");
    project.run("diff --fail-on grade,lowers-the-bar,dead-address,role-removed").succeeds();
    project.run("diff --fail-on any-change").ends_with(1);
}

/// A branch `topic` with one change, and another one on `main`, which is checked out.
fn with_a_topic_while_main_goes_on(project: Project) -> Project {
    git(&project, &["checkout", "-q", "-b", "topic"]);
    let project = project.edit("content/help/support.md", "title: Agent", "title: Helper");
    commit(&project);
    git(&project, &["checkout", "-q", "main"]);
    let project = project.edit("content/eng/backend.md", "clear English", "good English");
    commit(&project);
    project
}

#[test]
fn the_base_is_where_the_branch_left_main() {
    let project = site();
    let project = with_a_topic_while_main_goes_on(project);
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
    git(&alone, &["init", "-q", "-b", "main"]);
    alone.run("diff").ends_with(2).says("nothing is committed here yet, so there is nothing to compare with");
    commit(&alone);
    git(&alone, &["checkout", "-q", "--orphan", "other"]);
    commit(&alone.clone().file("content/index.md", "Hello again\n"));
    alone.run("diff").ends_with(2).says("have no commit in common here; name the commit to compare with, `handbook diff BASE`");
    let told = "at `main`, as it was then: no role or family `eng/backend/chief` in this handbook";
    site().run("show eng/backend/chief --at main").ends_with(1).says(told);
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
fn a_site_whose_directory_moved_is_told_where_it_lay() {
    let project = Project::new().env("PATH", &std::env::var("PATH").unwrap_or_default()).file("docs/content/eng/backend.md", BACKEND);
    git(&project, &["init", "-q", "-b", "main"]);
    commit(&project);
    git(&project, &["mv", "docs", "site"]);
    let base = git(&project, &["rev-parse", "HEAD"]);
    let told = format!("note: at {base} the site lay in docs/, and a directory that moves is not followed: so every role is new");
    project.run("diff -r site").succeeds().says(&told).says("are new.");
    project
        .run("show eng/backend/mid --at HEAD -r site")
        .ends_with(2)
        .says("at `HEAD` the site lay in docs/; to see it as it was then, run `git worktree add ../then HEAD`, and this there");
}

#[test]
fn the_note_shows_a_table_folds_the_words_and_links_into_the_preview() {
    let project = site().edit("content/eng/backend.md", "Writes clear English.", "Writes plain English, as @all says b < c | often.");
    let note = project.run("diff --format markdown --preview https://preview.example.org/x").succeeds().stdout;
    assert!(note.contains("| [Junior](https://preview.example.org/x/eng/backend/junior/index.html) | clarifies | 1 reworded |  |"), "{note}");
    assert!(note.contains("| [Senior](https://preview.example.org/x/eng/backend/senior/index.html)<br>likewise 1 composition |"), "{note}");
    assert!(note.contains("<details><summary>The words: 1 change</summary>"), "{note}");
    assert!(note.contains("<del>clear</del><ins>plain</ins> English"), "{note}");
    assert!(note.contains("b &lt; c \\| often"), "{note}");
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
fn roles_of_which_the_same_changes_share_a_row_where_they_are_many() {
    let role = |n: usize| format!("  - {{id: r{n}, title: Role {n}, grade: 5, extends: backend/mid}}\n");
    let family = |n: usize| format!("---\ntitle: Many {n}\nroles:\n{}---\n", (0..n).map(role).collect::<String>());
    let project = site().file("content/eng/a.md", &family(4)).file("content/eng/b.md", &family(30));
    commit(&project);
    let note = project.edit("content/eng/backend.md", "clear English", "plain English").run("diff --format markdown").succeeds().stdout;
    let others = "and 36 more roles: 3 in `eng/a`, 30 in `eng/b`, 2 in `eng/backend`, 1 in `help/support`<br>likewise 1 composition";
    assert!(note.contains(&format!("| Role 0<br>`eng/a/r0`<br>{others} | clarifies | 1 reworded | `eng/backend/junior` |")), "{note}");
    // The table has a row for the role that is edited and one for the roles that inherit it.
    assert_eq!(note.lines().filter(|line| line.starts_with("| ")).count(), 4, "{note}");
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

/// A site in which every kind of fact, and shared blocks, stand on the pages of roles.
fn rich() -> Project {
    let family = "---
title: Data
roles:
  - {id: mid, title: Analyst, grade: 6}
  - {id: senior, title: Senior Analyst, grade: 7, extends: mid, extends_any: [old, mid]}
  - {id: old, title: Old Analyst, grade: {none: Not used any more}, status: deprecated, replaced_by: mid}
specialties:
  - {id: bi, title: Reports, roles: [senior], reports_to: Head of Data}
---

Data is fun.

## Senior Analyst

Seniors are calm.

### Requirements

#### May

- **Git.** Knows Git.
";
    let settings = "shared:\n  - {block: pay, with: {currency: USD}}\ndepartments: {data: {title: Data}}\n";
    let project = Project::new().env("PATH", &std::env::var("PATH").unwrap_or_default()).file("handbook.yml", settings);
    let project = project.file("content/data/data.md", family).file("content/_shared/pay.md", "# Pay\n\nPaid in {{ currency }}, once a month.\n");
    git(&project, &["init", "-q", "-b", "main"]);
    commit(&project);
    project
}

/// The ids of all roles and compositions of `rich`.
const ALL_RICH: [&str; 4] = ["data/data/mid", "data/data/senior", "data/data/senior+bi", "data/data/old"];

#[test]
fn every_edit_that_a_page_of_a_role_shows_is_told() {
    let data = "content/data/data.md";
    for (file, from, to, changed, names) in [
        (data, "reports_to: Head of Data", "reports_to: Head of Reports", &["data/data/senior+bi"][..], "facts reports_to"),
        (data, "title: Reports", "title: Reporting", &["data/data/senior+bi"], "facts title"),
        (data, "extends_any: [old, mid]", "extends_any: [mid]", &["data/data/senior", "data/data/senior+bi"], "facts extends_any"),
        (data, "replaced_by: mid", "replaced_by: senior", &["data/data/old"], "facts replaced_by"),
        (data, "none: Not used any more", "none: Gone", &["data/data/old"], "facts grade_reason"),
        (data, "title: Senior Analyst", "title: Chief Analyst", &["data/data/senior", "data/data/senior+bi"], "facts title"),
        (data, "Seniors are calm.", "Seniors are kind.", &["data/data/senior", "data/data/senior+bi"], "prose Overview"),
        (data, "#### May", "#### Should", &["data/data/senior"], "prose Requirements"),
        ("content/_shared/pay.md", "once a month", "every week", &ALL_RICH, "prose pay"),
        ("handbook.yml", "currency: USD", "currency: EUR", &ALL_RICH, "prose pay"),
    ] {
        let text = std::fs::read_to_string(rich().path(file)).expect("a file");
        assert!(text.contains(from), "{from}");
        // The heading of the role follows its title.
        let to_text =
            text.replacen(from, to, 1).replace("## Senior Analyst", if to.contains("Chief") { "## Chief Analyst" } else { "## Senior Analyst" });
        let project = rich().file(file, &to_text);
        let told = diff(&project);
        assert_eq!(ids(&told, "changed"), changed, "{from} -> {to}: {told:#}");
        let (kind, name) = names.split_once(' ').expect("two words");
        let last = role(&told, changed[changed.len() - 1]);
        match kind {
            "facts" => assert!(last["facts"].get(name).is_some(), "{from} -> {to}: {last:#}"),
            _ => assert_eq!(last["prose"][0]["heading"], name, "{from} -> {to}: {last:#}"),
        }
        project.run("diff").succeeds().says("change");
    }
    let told = diff(&rich().edit("content/_shared/pay.md", "once a month", "every week"));
    assert_eq!(role(&told, "data/data/mid")["through"], serde_json::json!(["_shared/pay"]));
    assert_eq!(role(&told, "data/data/mid")["prose"][0]["after"], "# Pay Paid in USD, every week.");
    let told = diff(&rich().edit("handbook.yml", "currency: USD", "currency: EUR"));
    assert_eq!(role(&told, "data/data/mid")["through"], serde_json::json!(["handbook.yml"]));
}

#[test]
fn an_edited_block_does_not_fill_the_table_with_roles() {
    let role = |n: usize| format!("  - {{id: r{n}, title: Role {n}, grade: 5}}\n");
    let many = format!("---\ntitle: Many\nroles:\n{}---\n", (0..20).map(role).collect::<String>());
    let project = rich().file("content/data/many.md", &many);
    let project = project.edit("content/_shared/pay.md", "Paid in", "A {{ role.title }} is paid in");
    commit(&project);
    let project =
        project.edit("content/_shared/pay.md", "once a month", "every week").edit("content/data/many.md", "title: Role 7,", "title: Other,");
    let note = project.run("diff --format markdown").succeeds().stdout;
    assert!(note.contains("| Other<br>`data/many/r7` | clarifies |"), "{note}");
    assert!(note.contains("Of 23 more roles and compositions nothing changes but the prose below."), "{note}");
    // The role that has another title besides is told by itself.
    assert_eq!(note.matches("<del>once a month</del><ins>every week</ins>").count(), 2, "{note}");
    assert!(!note.contains("r8"), "{note}");
}

#[test]
fn words_that_no_role_shows_are_told_as_such() {
    let project = rich().edit("content/data/data.md", "Data is fun.", "Data is work.").file("content/index.md", "Hello\n");
    let told = diff(&project);
    assert_eq!(told["roles"], serde_json::json!([]), "{told:#}");
    assert_eq!(told["other_pages"], serde_json::json!(["data/data", "content/index.md"]));
    project
        .run("diff")
        .says("No role changes. 2 files differ: the lists, facts and prose of all 4 roles and compositions are the same in both.")
        .says("Words that belong to no role differ on the pages of data/data, content/index.md.");
}

#[test]
fn stricter_numbers_do_not_pass_the_policy() {
    for (before, after) in [
        ("Helps two colleagues.", "Helps three colleagues."),
        ("Has more than 5 years of practice.", "Has more than 7 years of practice."),
        ("Contributes to 2 projects.", "Contributes to 4 projects."),
        ("Serves 900 users.", "Serves 1,500 users."),
        ("A degree is not required.", "A degree is required."),
        ("Knows Go or Rust.", "Knows Go and Rust."),
        ("Plans the quarter.", "Plans the quarter. Runs the board meeting each month."),
        ("A degree is a plus.", "A degree is required."),
    ] {
        let project = site().edit("content/eng/backend.md", "Helps two colleagues.", before);
        commit_if_changed(&project);
        let project = project.edit("content/eng/backend.md", before, after);
        project.run("diff --fail-on raises-the-bar").ends_with(1);
        commit(&project);
        project.run("diff HEAD HEAD~1 --fail-on raises-the-bar").succeeds();
        project.run("diff HEAD HEAD~1 --fail-on lowers-the-bar").ends_with(1);
    }
}

#[test]
fn a_headline_claims_no_more_than_a_rule_of_thumb_knows() {
    let told = "By rule of thumb no list asks more or less than before; whether the words do is for readers to tell.";
    site().edit("content/eng/backend.md", "clear English", "plain English").run("diff").succeeds().says(told);
    let labelled = site().edit("content/eng/backend.md", "**Mentoring.** Helps", "Helps");
    commit(&labelled);
    let labelled = labelled.edit("content/eng/backend.md", "- Helps two", "- **Mentoring.** Helps two");
    labelled.run("diff --fail-on raises-the-bar").succeeds().says(told);
}

fn commit_if_changed(project: &Project) {
    git(project, &["add", "-A"]);
    git(project, &["commit", "-qm", "A change", "--allow-empty"]);
}

#[test]
fn settings_that_cannot_be_read_are_told_in_place_of_a_difference() {
    let project = rich().file("handbook.yml", "title: [\n");
    let run = project.run("diff HEAD").ends_with(2);
    assert_eq!(run.stdout, "");
    run.says("handbook.yml:").says("with these errors in handbook.yml roles cannot be compared");
    commit(&project);
    let mended = project.file("handbook.yml", "title: T\n");
    mended.run("diff HEAD").ends_with(2).says("roles cannot be compared");
    rich().edit("handbook.yml", "block: pay", "block: pays").run("diff HEAD").ends_with(2).says("there is no shared block `pays`");
    rich().edit("handbook.yml", "departments: {data", "departments: {date").run("diff HEAD").succeeds().says("No role changes.");
}

#[test]
fn a_composition_that_changes_in_another_item_has_a_row_of_its_own() {
    let with_lists = BACKEND.replace("roles: [senior]}", "roles: [senior], requirements: [\"**Mentoring.** Helps many.\"]}");
    let project = site().file("content/eng/backend.md", &with_lists);
    commit(&project);
    let project = project.edit("content/eng/backend.md", "Helps two colleagues", "Aids two colleagues").edit(
        "content/eng/backend.md",
        "**Mentoring.** Helps many",
        "**Mentoring.** Aids many",
    );
    let note = project.run("diff --format markdown").succeeds().stdout;
    assert!(!note.contains("likewise"), "{note}");
    assert!(note.contains("| Senior, Geo<br>`eng/backend/senior+geo` | clarifies |"), "{note}");
    let whole = site().edit("content/eng/backend.md", "Helps two colleagues", "Aids two colleagues");
    assert!(whole.run("diff --format markdown").succeeds().stdout.contains("likewise 1 composition"));
    let renamed = site().edit("content/eng/backend.md", "title: Senior,", "title: Chief,").edit("content/eng/backend.md", "### Senior", "### Chief");
    renamed.run("diff").succeeds().says("eng/backend/senior: title Senior \u{2192} Chief; likewise 1 composition");
}

#[test]
fn what_others_did_on_the_target_is_no_part_of_a_merged_result() {
    let project = site();
    let first = git(&project, &["rev-parse", "HEAD"]);
    let project = with_a_topic_while_main_goes_on(project);
    let target = git(&project, &["rev-parse", "HEAD"]);
    git(&project, &["merge", "-q", "--no-ff", "-m", "The result", "topic"]);
    let merged = project.env("CI_MERGE_REQUEST_DIFF_BASE_SHA", &first).env("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", &target);
    let told = diff(&merged);
    assert_eq!((ids(&told, "changed"), told["base"].as_str()), (vec!["help/support/agent".to_owned()], Some(target.as_str())));
}

#[test]
fn a_renamed_specialty_is_known_by_its_title_or_its_items() {
    let told = diff(&site().edit("content/eng/backend.md", "{id: geo,", "{id: earth,"));
    assert_eq!(ids(&told, "renamed"), ["eng/backend/senior+earth"]);
    assert_eq!(role(&told, "eng/backend/senior+earth")["was"], "eng/backend/senior+geo");
    assert_eq!(told["dead_addresses"][0]["now"], "eng/backend/senior+earth");
}

#[test]
fn a_role_that_moves_to_another_family_is_the_same_role() {
    let project = site()
        .edit("content/eng/backend.md", "  - {id: senior, title: Senior, grade: 7, extends: mid}\n", "")
        .edit("content/eng/backend.md", "roles: [senior]", "roles: [mid]")
        .edit("content/eng/backend.md", "### Senior\n\n#### Requirements\n\n- **Mentoring.** Helps two colleagues.\n", "")
        .edit("content/help/support.md", "roles:\n", "roles:\n  - {id: top, title: Senior, grade: 7, extends: backend/mid}\n")
        .edit("content/help/support.md", "6}\n---\n", "6}\n---\n\n## Senior\n\n### Requirements\n\n- **Mentoring.** Helps two colleagues.\n");
    let told = diff(&project);
    assert_eq!(ids(&told, "renamed"), ["help/support/top"], "{told:#}");
    assert_eq!(role(&told, "help/support/top")["was"], "eng/backend/senior");
    project.run("diff").says("~ help/support/top: was eng/backend/senior");
}

#[test]
fn a_role_that_gets_a_family_of_its_own_is_the_same_role() {
    let items = "Requirements\n\n- **Draw.** Draws systems.\n- **Cost.** Knows what they cost.\n";
    let role = "  - {id: arch, title: Architect, grade: 7}\n";
    let project = site().edit("content/help/support.md", "roles:\n", &format!("roles:\n{role}")).edit(
        "content/help/support.md",
        "6}\n---\n",
        &format!("6}}\n---\n\n## Architect\n\n### {items}"),
    );
    commit(&project);
    let project = project
        .edit("content/help/support.md", role, "")
        .edit("content/help/support.md", &format!("\n## Architect\n\n### {items}"), "")
        .file("content/help/arch.md", &format!("---\ntitle: Architecture\nroles:\n{role}---\n\n## {items}"));
    let told = diff(&project);
    assert_eq!((ids(&told, "renamed"), ids(&told, "added"), ids(&told, "removed")), (vec!["help/arch/arch".to_owned()], vec![], vec![]), "{told:#}");
    project.run("diff --fail-on role-removed").succeeds().says("write after `aliases:` at the top of content/help/arch.md: [/help/support/arch/]");
    commit(&project);
    let back = json(project.run("diff HEAD HEAD~1 --format json").succeeds());
    assert_eq!(ids(&back, "renamed"), ["help/support/arch"], "{back:#}");
}

#[test]
fn a_role_that_is_renamed_and_edited_is_in_both_lists() {
    let project = site().edit("content/help/support.md", "{id: lead,", "{id: chief, requirements: [Calm],");
    project.run("diff").succeeds().says("~ help/support/chief: was help/support/lead").says("Calm");
}

#[test]
fn equal_edits_in_two_files_are_one_with_both_places() {
    let project =
        site().edit("content/help/support.md", "6}\n---\n", "6}\n---\n\n## Support Lead\n\n### Requirements\n\n- **Git.** Knows Git well.\n");
    commit(&project);
    let project = project.edit("content/help/support.md", "Knows Git well", "Knows Git inside out").edit(
        "content/eng/backend.md",
        "Knows Git well",
        "Knows Git inside out",
    );
    project.run("diff").succeeds().says("Engineer, content/eng/backend.md:25; Support Lead, content/help/support.md:13");
}

#[test]
fn a_headline_claims_nothing_of_what_could_not_be_compared() {
    let project = site().edit("content/help/support.md", "roles:", "roles: [");
    project.run("diff").ends_with(1).says("2 of 6 roles and compositions could not be compared, and of the others nothing changes. 1 file differs.");
    let project = project.edit("content/eng/backend.md", "roles:", "roles: [");
    let run = project.run("diff --format markdown").ends_with(1);
    assert!(!run.stdout.contains("No role changes"), "{}", run.stdout);
    run.says("No role could be compared.");
    commit(&project);
    let mended = project.edit("content/help/support.md", "roles: [", "roles:");
    assert_eq!(json(mended.run("diff --format json").ends_with(1))["unresolved"], serde_json::json!(["help/support/agent", "help/support/lead"]));
}

#[test]
fn a_hook_of_another_working_tree_leads_nobody_astray() {
    let project = site().edit("content/help/support.md", "title: Agent", "title: Helper");
    let other = site();
    let dir = other.path(".git").display().to_string();
    let index = other.path(".git/index").display().to_string();
    let in_hook = project.env("GIT_DIR", &dir).env("GIT_INDEX_FILE", &index).env("GIT_WORK_TREE", &other.path("").display().to_string());
    assert_eq!(ids(&diff(&in_hook), "changed"), ["help/support/agent"]);
}

#[test]
fn no_dead_address_is_said_to_lead_to_a_page_that_is_not_there() {
    // A specialty that names no roles is for all that are active.
    let project = site().edit("content/eng/backend.md", ", roles: [senior]", "");
    commit(&project);
    let project = project.edit("content/eng/backend.md", "title: Senior, grade: 7,", "title: Senior, grade: 7, status: deprecated,");
    project.run("diff").says("/eng/backend/senior/geo/  (now eng/backend/senior)\n");
    let told = diff(&site().file("handbook.yml", "pages: {compositions: false}\n"));
    let dead = &told["dead_addresses"][0];
    assert_eq!((&dead["address"], &dead["now"]), (&"/eng/backend/senior/geo/".into(), &"eng/backend/senior".into()));
    assert_eq!(dead["help"], "roles with a specialty have no pages of their own, as handbook.yml says");
}

#[test]
fn a_role_that_becomes_a_draft_is_no_address_to_be_led_on() {
    let told = diff(&site().edit("content/help/support.md", "title: Support Lead, grade: 6}", "title: Support Lead, grade: 6, status: draft}"));
    let dead = &told["dead_addresses"][0];
    assert_eq!((&dead["address"], &dead["now"]), (&"/help/support/lead/".into(), &Value::Null));
    assert!(dead["help"].as_str().is_some_and(|help| help.contains("a draft")), "{dead:#}");
}

#[test]
fn a_range_and_another_revision_are_one_too_many() {
    site().run("diff main..main HEAD").ends_with(2).says("`main..main` names both sides already; leave out `HEAD`");
}
