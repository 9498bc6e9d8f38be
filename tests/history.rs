//! The history of roles, from real git repositories: what pages and the feed tell, what they leave out, and that it is what
//! `diff` says of each two commits that build.

mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use handbook::diff::compare::{Side, compare};
use handbook::diff::effect::{Change as Changed, ItemChange, Kind as ItemKind, RoleChange, Wording};
use handbook::diff::{trees, walk};
use handbook::git::Repository;
use handbook::history::{Change, Fact, History, Kind, Words};
use handbook::model::Handbook;
use handbook::resolve::{Resolution, resolve};
use handbook::snapshot::{Snapshot, relate};
use handbook::source;

use project::dice::Dice;
use project::{Page, Project};

const SETTINGS: &str = "title: Our handbook\nhistory: true\n";

const BACKEND: &str = "---
title: Backend
roles:
  - {id: junior, title: Junior Engineer, grade: 5}
  - {id: senior, title: Senior Engineer, grade: 6, extends: junior}
---

## Junior Engineer

### Requirements

- **Writing.** Writes clear English.
- **Git.** Knows Git.

## Senior Engineer

### Requirements

- **Git.** Teaches Git.
";

const SUPPORT: &str = "---
title: Support
roles:
  - {id: agent, title: Agent, grade: 5, extends: backend/junior}
  - {id: lead, title: Support Lead, grade: 6}
---
";

/// Two families, of which one inherits from the other, committed on 5 January 2026.
fn site() -> Project {
    let project = Project::new().file("handbook.yml", SETTINGS);
    let project = project.file("content/eng/backend.md", BACKEND).file("content/help/support.md", SUPPORT);
    git(&project, &["init", "-q", "-b", "main", "."], "2026-01-05");
    commit(&project, "2026-01-05");
    project
}

fn git(project: &Project, words: &[&str], day: &str) -> String {
    let date = format!("{day}T23:30:00-05:00");
    let told = Command::new("git")
        .arg("-C")
        .arg(project.path(""))
        .args(["-c", "user.name=Nobody Known", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
        .args(words)
        .envs([("GIT_COMMITTER_DATE", &date), ("GIT_AUTHOR_DATE", &date)])
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .expect("git runs");
    assert!(told.status.success(), "{words:?}: {}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8(told.stdout).expect("UTF-8").trim().to_owned()
}

/// Commits everything half an hour before midnight in New York, which is the next day in UTC.
fn commit(project: &Project, day: &str) {
    git(project, &["add", "-A", "--", "content", "handbook.yml"], day);
    git(project, &["commit", "-qm", "Words of the author"], day);
}

/// What the history on a page tells readers, without the white space.
fn told(page: &Page) -> String {
    let (_, history) = page.html.split_once("id=\"_history\"").unwrap_or_else(|| panic!("there is no history in {}", page.html));
    let (history, _) = history.split_once("</section>").expect("the section ends");
    let text = project::html::text(&format!("<p{history}</p>"));
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" .", ".")
}

fn has_history(page: &Page) -> bool {
    page.html.contains("id=\"_history\"")
}

const END: &str = "The record begins on 6 January 2026. Changes of all roles";

#[test]
fn an_edit_of_a_base_role_is_told_on_its_heirs_in_other_families_with_the_way() {
    let project = site().edit("content/eng/backend.md", "clear English", "plain English");
    commit(&project, "2026-02-01");
    let run = project.build();
    let words = "2 February 2026 Requirements reworded Writing Writes clear plain English.";
    assert_eq!(told(&run.page("eng/backend/junior/index.html")), format!("What changed and when {words} {END}"));
    assert_eq!(told(&run.page("eng/backend/senior/index.html")), format!("What changed and when {words} By way of Junior Engineer. {END}"));
    assert_eq!(told(&run.page("help/support/agent/index.html")), format!("What changed and when {words} By way of Junior Engineer. {END}"));
    assert_eq!(told(&run.page("help/support/lead/index.html")), format!("What changed and when Nothing has changed. {END}"));
    let page = run.page("help/support/agent/index.html");
    page.holds("<time datetime=\"2026-02-02\">2 February 2026</time>")
        .holds("<del>clear</del> <ins>plain</ins>")
        .link_to("../../../changes/index.html")
        .lacks("Nobody")
        .lacks("Words of the author");
    run.page("changes/index.html")
        .shows("Junior Engineer, Senior Engineer, Agent")
        .link_to("../eng/backend/junior/index.html")
        .holds("<h2 id=\"c-")
        .lacks("Nobody");
    run.page("index.html").link_to("changes/index.html");
    run.page("404.html").link_to("/changes/index.html");
    run.makes_no("changes/feed.xml");
}

#[test]
fn without_the_setting_there_is_none() {
    let project = site().file("handbook.yml", "title: Our handbook\n").file("content/changes/index.md", "Our own page.\n");
    let run = project.build().makes_no("changes/feed.xml");
    assert!(!has_history(&run.page("eng/backend/junior/index.html")));
    run.page("changes/index.html").shows("Our own page.");
}

#[test]
fn new_and_removed_items_and_other_facts_are_told_in_words() {
    let project = site().edit("content/eng/backend.md", "- **Git.** Knows Git.\n", "- **Tests.** Writes *tests* & <b>more</b>.\n").edit(
        "content/help/support.md",
        "title: Support Lead, grade: 6}",
        "title: Head of Support, grade: 7, extends: agent, status: deprecated}",
    );
    commit(&project, "2026-02-01");
    let run = project.build();
    assert_eq!(
        told(&run.page("eng/backend/junior/index.html")),
        format!("What changed and when 2 February 2026 Requirements new Tests Writes tests & more. not asked any more Git Knows Git. {END}")
    );
    let lead = told(&run.page("help/support/lead/index.html"));
    for words in
        ["Grade 6 7", "Title Support Lead Head of Support", "Status active deprecated", "Extends none Agent", "new Writing Writes clear English."]
    {
        assert!(lead.contains(words), "{words:?} is not in {lead}");
    }
}

#[test]
fn a_paragraph_among_the_items_of_a_list_is_told_in_words() {
    let git = "- **Git.** Teaches Git.\n";
    let project = site().edit("content/eng/backend.md", git, &format!("{git}\nWhat counts is *what* you leave.\n"));
    commit(&project, "2026-02-01");
    let project = project.edit("content/eng/backend.md", "you leave", "you leave behind");
    commit(&project, "2026-03-01");
    let run = project.build();
    assert_eq!(
        told(&run.page("eng/backend/senior/index.html")),
        format!(
            "What changed and when 2 March 2026 Requirements reworded What counts is what you leave behind. \
             2 February 2026 Requirements new What counts is what you leave. {END}"
        )
    );
    run.page("changes/index.html").shows("What counts is what you leave.").holds("leave <ins>behind</ins>.");
}

#[test]
fn a_commit_that_does_not_build_is_skipped_and_what_it_did_is_told_of_the_next_that_does() {
    let project = site().edit("content/eng/backend.md", "title: Backend", "title: \"Backend").edit("content/eng/backend.md", "clear", "plain");
    commit(&project, "2026-02-01");
    let project = project.edit("content/help/support.md", "grade: 6", "grade: 8");
    commit(&project, "2026-03-01");
    let project = project.edit("content/eng/backend.md", "title: \"Backend", "title: Backend");
    commit(&project, "2026-04-01");
    let run = project.build();
    let words = "What changed and when 2 April 2026 Requirements reworded Writing Writes clear plain English.";
    assert_eq!(told(&run.page("eng/backend/junior/index.html")), format!("{words} {END}"));
    assert_eq!(told(&run.page("help/support/lead/index.html")), format!("What changed and when 2 April 2026 Grade 6 8 {END}"));
    run.page("changes/index.html").hides("2 February 2026").hides("2 March 2026").hides("The role is");
}

#[test]
fn roles_keep_their_history_when_their_file_moves_and_when_they_get_another_id() {
    let project = site().edit("content/eng/backend.md", "clear", "plain");
    commit(&project, "2026-02-01");
    fs::create_dir_all(project.path("content/tech")).expect("a directory");
    fs::rename(project.path("content/eng/backend.md"), project.path("content/tech/server.md")).expect("it moves");
    let project = project.edit("content/help/support.md", "backend/junior", "server/junior");
    commit(&project, "2026-03-01");
    let project = project.edit("content/tech/server.md", "{id: junior, title: Junior Engineer", "{id: first, aliases: [junior], title: Beginner");
    let project = project.edit("content/tech/server.md", "extends: junior", "extends: first").edit(
        "content/tech/server.md",
        "## Junior Engineer",
        "## Beginner",
    );
    let project = project.edit("content/help/support.md", "server/junior", "server/first");
    commit(&project, "2026-04-01");
    let page = told(&project.build().page("tech/server/first/index.html"));
    assert_eq!(
        page,
        "What changed and when 2 April 2026 The address was tech/server/junior before. Title Junior Engineer Beginner 2 March 2026 The address was \
         eng/backend/junior before. 2 February 2026 Requirements reworded Writing Writes clear plain English. The record begins on 6 January 2026. \
         Changes of all roles"
    );
    // What is not committed yet is known by its alias.
    let project = project.edit("content/tech/server.md", "{id: first, aliases: [junior]", "{id: one, aliases: [junior, first]");
    let project =
        project.edit("content/tech/server.md", "extends: first", "extends: one").edit("content/help/support.md", "server/first", "server/one");
    assert_eq!(told(&project.build().page("tech/server/one/index.html")), page);
}

#[test]
fn a_merge_is_one_change_on_the_day_on_which_it_came_in() {
    let project = site();
    git(&project, &["checkout", "-qb", "side"], "2026-02-01");
    let project = project.edit("content/eng/backend.md", "clear", "plain");
    commit(&project, "2026-02-01");
    let project = project.edit("content/eng/backend.md", "plain English", "plain German");
    commit(&project, "2026-02-02");
    git(&project, &["checkout", "-q", "main"], "2026-03-01");
    git(&project, &["merge", "-q", "--no-ff", "-m", "In", "side"], "2026-03-01");
    let page = told(&project.build().page("eng/backend/junior/index.html"));
    assert_eq!(page, format!("What changed and when 2 March 2026 Requirements reworded Writing Writes clear English plain German. {END}"));
}

#[test]
fn what_reads_the_same_is_no_change() {
    let project =
        site().edit("content/eng/backend.md", "Writes clear English.\n- **Git.** Knows Git.", "Writes\n  clear   English.\n- **Git.** Knows Git.");
    commit(&project, "2026-02-01");
    let project = project.edit(
        "content/eng/backend.md",
        "- **Writing.** Writes\n  clear   English.\n- **Git.** Knows Git.",
        "- **Git.** Knows *Git*.\n- **Writing.** Writes clear English.",
    );
    commit(&project, "2026-03-01");
    let run = project.build();
    assert_eq!(told(&run.page("eng/backend/junior/index.html")), format!("What changed and when Nothing has changed. {END}"));
    run.page("changes/index.html").shows("Nothing has changed.").shows("The record begins on 6 January 2026");
}

#[test]
fn a_role_begins_for_readers_when_it_is_no_draft_any_more_and_nothing_of_a_draft_is_told() {
    let project = site().edit(
        "content/help/support.md",
        "grade: 6}",
        "grade: 6}\n  - {id: boss, title: Boss, grade: 9, status: draft, requirements: [\"A secret.\"]}",
    );
    commit(&project, "2026-02-01");
    let project = project.edit("content/help/support.md", "A secret.", "No secret.");
    commit(&project, "2026-03-01");
    let run = project.build();
    run.page("changes/index.html").hides("Boss").hides("secret");
    run.then().run("build --drafts -o drafts").succeeds();
    assert!(fs::read_to_string(project.path("drafts/changes/index.html")).expect("a page").contains("secret"));
    let project = project.edit("content/help/support.md", ", status: draft", "");
    commit(&project, "2026-04-01");
    assert_eq!(
        told(&project.build().page("help/support/boss/index.html")),
        "What changed and when 2 April 2026 The role is new. Changes of all roles"
    );
}

#[test]
fn roles_that_are_gone_stand_on_the_page_of_all_changes_without_a_link() {
    let project = site().edit("content/help/support.md", "  - {id: lead, title: Support Lead, grade: 6}\n", "");
    commit(&project, "2026-02-01");
    project.build().page("changes/index.html").shows("The role is no more.").shows("Support Lead").lacks("support/lead");
}

#[test]
fn a_shallow_clone_has_none_and_the_line_for_the_ci_file_is_said() {
    let project = site().edit("content/eng/backend.md", "clear", "plain");
    commit(&project, "2026-02-01");
    let from = format!("file://{}", project.path("").display());
    git(&project, &["clone", "-q", "--depth", "1", &from, "clone"], "2026-02-01");
    project.run("build --root clone -o out").succeeds().says("this clone is shallow").says("GIT_DEPTH: \"0\"").says("fetch-depth: 0");
    let page = fs::read_to_string(project.path("out/eng/backend/junior/index.html")).expect("a page");
    assert!(!page.contains("_history") && !page.contains("changes/"), "{page}");
    assert!(!project.has("out/changes"));
    let quiet = project.run("build --root clone -o out -q").succeeds();
    assert_eq!(quiet.stderr, "");
}

#[test]
fn without_git_without_a_repository_and_without_a_commit_there_is_none() {
    let project = site();
    let run = project.clone().env("PATH", "/nowhere").build().says("the pages have no history: cannot run git").makes_no("changes/index.html");
    assert!(!has_history(&run.page("eng/backend/junior/index.html")));
    let bare = Project::new().file("handbook.yml", SETTINGS).file("content/eng/backend.md", BACKEND);
    bare.build().says("is not in a git repository").makes_no("changes/index.html");
    git(&bare, &["init", "-q", "."], "2026-01-01");
    bare.build().says("no commit holds a handbook that builds").makes_no("changes/index.html");
}

#[test]
fn settings_from_outside_the_history_count_for_all_of_it() {
    let project = site().edit("content/eng/backend.md", "clear", "plain").file("other/settings.yml", SETTINGS);
    git(&project, &["rm", "-q", "--cached", "handbook.yml"], "2026-02-01");
    let project = project.without("handbook.yml");
    git(&project, &["commit", "-qam", "x"], "2026-02-01");
    let shown = project.path("other/settings.yml").display().to_string();
    let run = project.run(&format!("build -c {shown}")).succeeds();
    assert!(told(&run.page("eng/backend/junior/index.html")).contains("2 February 2026"));
    let outside = std::env::temp_dir().join(format!("handbook-settings-{}.yml", std::process::id()));
    fs::write(&outside, SETTINGS).expect("a file");
    let run = project.run(&format!("build -c {}", outside.display())).succeeds();
    let _ = fs::remove_file(outside);
    assert!(told(&run.page("eng/backend/junior/index.html")).contains("2 February 2026"));
}

#[test]
fn the_same_commits_give_the_same_bytes() {
    let project = site().edit("handbook.yml", "history: true", "history: true\nbase_url: https://example.org/h/").edit(
        "content/eng/backend.md",
        "clear",
        "plain",
    );
    commit(&project, "2026-02-01");
    let one = project.run("build -j 1").succeeds().files();
    git(&project, &["clone", "-q", ".", "clone"], "2026-02-01");
    project.run("build --root clone -o other -j 4").succeeds();
    assert!(one == project.files("other"));
}

#[test]
fn only_so_many_commits_are_looked_at() {
    let mut project = site();
    for (number, day) in ["2026-02-01", "2026-03-01", "2026-04-01"].iter().enumerate() {
        project = project.edit("content/help/support.md", &format!("grade: {}}}", 6 + number), &format!("grade: {}}}", 7 + number));
        commit(&project, day);
    }
    let project = project.edit("handbook.yml", "history: true", "history: {commits: 2}");
    let page = told(&project.build().page("help/support/lead/index.html"));
    assert_eq!(
        page,
        "What changed and when 2 April 2026 Grade 8 9 2 March 2026 Grade 7 8 The record begins on 2 February 2026. Changes of all roles"
    );
}

#[test]
fn a_role_tells_of_twenty_changes_at_most() {
    let mut project = site();
    for number in 0..25 {
        project = project.file("content/help/support.md", &SUPPORT.replace("Support Lead", &format!("Lead {number}")));
        commit(&project, &format!("2026-02-{:02}", number + 1));
    }
    let run = project.build();
    let page = told(&run.page("help/support/lead/index.html"));
    assert_eq!((page.matches("2026").count(), page.contains("Older changes are not listed.")), (20, true), "{page}");
}

#[test]
fn the_feed_is_atom_with_ids_that_stay() {
    let project = site().edit("handbook.yml", "title: Our handbook", "title: Ours & <theirs>\nbase_url: https://example.org/h/");
    let project = project.edit("content/eng/backend.md", "clear English", "*plain* & <i>English</i> `]]>`");
    commit(&project, "2026-02-01");
    let feed = String::from_utf8(project.build().files()["changes/feed.xml"].clone()).expect("UTF-8");
    assert_well_formed(&feed);
    let head = git(&project, &["rev-parse", "HEAD"], "2026-02-01");
    for words in [
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">",
        "<title>Ours &amp; &lt;theirs&gt;: Changes</title>",
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"https://example.org/h/changes/feed.xml\"/>",
        &format!("<id>tag:example.org,2026-02-02:/h/changes/{head}</id>"),
        "<updated>2026-02-02T04:30:00Z</updated>",
        "<title>Junior Engineer, Senior Engineer, Agent</title>",
        &format!("href=\"https://example.org/h/changes/#c-{}\"", &head[..12]),
        "&lt;a href=&quot;https://example.org/h/help/support/agent/&quot;&gt;Agent&lt;/a&gt;",
    ] {
        assert!(feed.contains(words), "{words} is not in {feed}");
    }
    project.build().page("changes/index.html").link_to("feed.xml").holds("type=\"application/atom+xml\"");
    let before: Vec<String> = ids(&feed);
    let project = project.edit("content/eng/backend.md", "Teaches Git.", "Explains Git.");
    commit(&project, "2026-03-01");
    let feed = String::from_utf8(project.build().files()["changes/feed.xml"].clone()).expect("UTF-8");
    assert_eq!(ids(&feed)[2..], before[1..]);
}

fn ids(feed: &str) -> Vec<String> {
    feed.split("<id>").skip(1).filter_map(|rest| rest.split_once("</id>").map(|(id, _)| id.to_owned())).collect()
}

/// Every element is closed, and every `&` begins a reference that XML knows.
fn assert_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").expect("a declaration");
    while let Some((text, tag)) = rest.split_once('<') {
        for reference in text.split('&').skip(1) {
            assert!(["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|known| reference.starts_with(known)), "&{reference}");
        }
        assert!(!text.contains('>'), "{text}");
        let (tag, after) = tag.split_once('>').expect("a tag ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        match (tag.strip_prefix('/'), tag.strip_suffix('/')) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name)),
            (None, Some(_)) => {}
            (None, None) => open.push(tag.split(' ').next().expect("a name")),
        }
        rest = after;
    }
    assert_eq!((open, rest.trim()), (Vec::new(), ""));
}

#[test]
fn a_composition_leads_to_its_role() {
    let project = site().edit("content/eng/backend.md", "extends: junior}\n", "extends: junior}\nspecialties:\n  - {id: geo, title: Geo}\n");
    commit(&project, "2026-02-01");
    let page = project.build().page("eng/backend/senior/geo/index.html");
    assert_eq!(told(&page), "What changed and when See Senior Engineer. Changes of all roles");
    page.link_to("../index.html#_history");
}

#[test]
fn links_may_lead_to_the_page_and_nothing_else_may_lie_there() {
    let project = site().file("content/index.md", "See [what is new](/changes/).\n");
    project.build().page("index.html").link_to("changes/index.html");
    project.file("content/changes/other.md", "---\ntitle: Other\n---\n").run("check").ends_with(1).says("history: false");
}

#[test]
#[cfg(feature = "serve")]
fn the_preview_shows_what_build_writes() {
    let project = site().edit("handbook.yml", "history: true", "history: true\nbase_url: https://example.org/").edit(
        "content/eng/backend.md",
        "clear",
        "plain",
    );
    commit(&project, "2026-02-01");
    let files = project.build().files();
    let preview = project.serve("");
    for name in ["changes/index.html", "changes/feed.xml", "help/support/agent/index.html"] {
        let text = preview.page(&format!("/{name}"));
        let without: String = text.split_inclusive('\n').filter(|line| !line.starts_with("<script src=\"/_handbook/")).collect();
        assert_eq!(without, String::from_utf8_lossy(&files[name]), "{name}");
    }
}

// The property.

const WORDS: [&str; 5] = ["Tests", "Reviews", "Planning", "Writing", "Budget"];

/// A role as the script edits it: id, old ids, grade, what it extends, items by label and text.
#[derive(Clone)]
struct Role {
    id: String,
    old: Vec<String>,
    grade: usize,
    parent: Option<(usize, usize)>,
    items: BTreeMap<usize, usize>,
    is_draft: bool,
}

/// A family as the script edits it.
#[derive(Clone)]
struct Family {
    number: usize,
    folder: usize,
    fault: usize,
    shared: BTreeMap<usize, usize>,
    prose: usize,
    roles: Vec<Role>,
}

struct World {
    dice: Dice,
    families: Vec<Family>,
    block: usize,
    section: usize,
}

impl World {
    fn new(seed: u64) -> World {
        let mut world = World { dice: Dice(seed), families: Vec::new(), block: 0, section: 0 };
        (0..4).for_each(|_| world.add_family());
        world
    }

    fn items(&mut self) -> BTreeMap<usize, usize> {
        (0..self.dice.below(4)).map(|_| (self.dice.below(WORDS.len()), self.dice.below(5))).collect()
    }

    fn add_family(&mut self) {
        let number = self.families.iter().map(|f| f.number + 1).max().unwrap_or(0);
        let shared = self.items();
        let roles = (0..=self.dice.below(3)).map(|i| {
            let parent = if i > 0 { Some((number, i - 1)) } else { self.parent_above(number) };
            Role { id: format!("r{i}"), old: Vec::new(), grade: 4 + i, parent, items: self.items(), is_draft: false }
        });
        let roles = roles.collect();
        self.families.push(Family { number, folder: 0, fault: 0, shared, prose: 0, roles });
    }

    /// The first role of an older family, so that there is no circle.
    fn parent_above(&mut self, number: usize) -> Option<(usize, usize)> {
        let above: Vec<usize> = self.families.iter().map(|f| f.number).filter(|n| *n < number).collect();
        (!above.is_empty() && self.dice.below(3) > 0).then(|| (above[self.dice.below(above.len())], 0))
    }

    fn edit(&mut self) {
        let at = self.dice.below(self.families.len());
        let (kind, role) = (self.dice.below(19), self.dice.below(self.families[at].roles.len()));
        let (items, text, parent) = (self.items(), self.dice.below(5), self.parent_above(self.families[at].number));
        let count = self.families.len();
        let family = &mut self.families[at];
        match kind {
            0 => self.add_family(),
            1 if count > 3 => drop(self.families.remove(at)),
            2 => family.folder += 1,
            3 | 17 => family.fault = 1 + text % 2,
            5 => {
                let new = format!("{}x", family.roles[role].id);
                let old = std::mem::replace(&mut family.roles[role].id, new);
                family.roles[role].old.push(old);
            }
            6 => family.roles[role].grade += 1,
            7 => family.roles[0].parent = parent,
            8 => family.shared = items,
            9 => family.prose += 1,
            10 => self.block += 1,
            11 => self.section += 1,
            12 if family.roles.len() > 1 => drop(family.roles.pop()),
            13 => {
                let i = family.roles.len();
                let id = format!("n{i}-{text}");
                if family.roles.iter().all(|r| r.id != id) {
                    family.roles.push(Role { id, old: Vec::new(), grade: 6, parent: Some((family.number, i - 1)), items, is_draft: false });
                }
            }
            14 => family.roles[role].is_draft = !family.roles[role].is_draft,
            4 | 15 | 16 => drop(family.roles[role].items.insert(text, items.len())),
            _ => family.roles[role].items = items,
        }
        // What extended something that is gone extends nothing.
        let known: BTreeSet<(usize, usize)> = self.families.iter().flat_map(|f| (0..f.roles.len()).map(|r| (f.number, r))).collect();
        let roles = self.families.iter_mut().flat_map(|f| &mut f.roles);
        roles.for_each(|role| role.parent = role.parent.filter(|parent| known.contains(parent)));
    }

    fn files(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> =
            self.families.iter().map(|f| (format!("content/d{}/f{}.md", f.folder, f.number), self.text(f))).collect();
        let section = if self.section % 3 == 1 { "sections: {extra: {title: Extra, kind: items}}\n" } else { "" };
        files.insert("handbook.yml".into(), format!("title: Handbook {}\n{section}shared:\n  - {{block: all, as: base}}\n", self.section / 2));
        files.insert(
            "content/_shared/all.md".into(),
            format!("## Requirements\n- **Honesty.** Is honest in {{{{ family.title }}}} {}.\n", self.block),
        );
        files
    }

    fn text(&self, family: &Family) -> String {
        let mut text = format!("---\ntitle: {}Family {}\nroles:\n", if family.fault == 1 { "\"" } else { "" }, family.number);
        for (i, role) in family.roles.iter().enumerate() {
            let parent = role.parent.map(|(f, r)| {
                let parent = self.families.iter().find(|other| other.number == f).expect("it is there");
                format!(", extends: f{f}/{}", if family.fault == 2 && i == 0 { "nobody" } else { &parent.roles[r].id })
            });
            let (aliases, status) = (role.old.join(", "), if role.is_draft { ", status: draft" } else { "" });
            text.push_str(&format!(
                "  - {{id: {}, title: Role {} {i}, grade: {}, aliases: [{aliases}]{}{status}}}\n",
                role.id,
                family.number,
                role.grade,
                parent.unwrap_or_default()
            ));
        }
        text.push_str(&format!("---\nAbout it.\n\n## Requirements\n{}", listed(&family.shared)));
        for (i, role) in family.roles.iter().enumerate() {
            let prose = if i == 0 && family.prose > 0 { format!("Words number {}.\n\n", family.prose) } else { String::new() };
            text.push_str(&format!("\n## Role {} {i}\n\n{prose}### Requirements\n{}", family.number, listed(&role.items)));
        }
        text
    }
}

fn listed(items: &BTreeMap<usize, usize>) -> String {
    let written = |(word, text): (&usize, &usize)| match text {
        4 => format!("- Does {} too.\n", WORDS[*word].to_lowercase()),
        text => format!("- **{}.** In the way number {text}.\n", WORDS[*word]),
    };
    items.iter().map(written).collect()
}

/// A commit that builds, resolved from nothing.
struct Built {
    commit: String,
    handbook: Handbook,
    resolution: Resolution,
}

/// What is told of a role at a commit, as lines in order.
type Told = (String, BTreeSet<String>);

fn line_of(change: &Change) -> Option<String> {
    let words = |words: &Option<Words>| words.as_ref().map(|w| (w.label.clone(), w.text.clone()));
    match change {
        Change::New => Some("new".to_owned()),
        Change::Gone => Some("gone".to_owned()),
        Change::Renamed { was } => Some(format!("was {was}")),
        // Both tell it, a diff by ids and the history by titles.
        Change::Fact { fact: Fact::Extends | Fact::Next, .. } => None,
        Change::Fact { fact, before, after } => Some(format!("{fact:?} {before:?} {after:?}")),
        Change::Prose { heading, kind, .. } => Some(format!("{heading} {kind:?}")),
        Change::Item { section, kind, before, after } => Some(format!("{section} {kind:?} {:?} {:?}", words(before), words(after))),
    }
}

/// The same of what a diff says.
fn lines_of(change: &RoleChange) -> BTreeSet<String> {
    let mut lines: BTreeSet<String> = change.was.iter().map(|was| format!("was {was}")).collect();
    let numbers = |grades: &[i64]| grades.iter().map(i64::to_string).collect::<Vec<_>>();
    lines.extend(change.grade.iter().map(|(before, after)| format!("Grade {:?} {:?}", numbers(before), numbers(after))));
    for fact in &change.facts {
        let name = match fact.name.as_str() {
            "title" => Fact::Title,
            "status" => Fact::Status,
            // Both tell it, a diff by ids and the history by titles.
            "extends" | "next" => continue,
            other => panic!("the script edits no {other}"),
        };
        lines.insert(format!("{name:?} {:?} {:?}", [&fact.before], [&fact.after]));
    }
    for section in &change.sections {
        for ItemChange { kind, before, after, .. } in &section.items {
            let kind = match kind {
                ItemKind::Added => Kind::New,
                ItemKind::Removed => Kind::Gone,
                ItemKind::Replaced => Kind::Replaced,
                ItemKind::Reworded => Kind::Reworded,
                ItemKind::Moved => continue,
            };
            if before.as_ref().map(Wording::whole) != after.as_ref().map(Wording::whole) {
                let words = |w: &Option<Wording>| w.as_ref().map(|w| (w.label.clone(), w.text.clone()));
                lines.insert(format!("{} {kind:?} {:?} {:?}", section.title, words(before), words(after)));
            }
        }
    }
    for prose in &change.prose {
        let kind = if prose.before.is_empty() {
            Kind::New
        } else if prose.after.is_empty() {
            Kind::Gone
        } else {
            Kind::Reworded
        };
        lines.insert(format!("{} {kind:?}", prose.name));
    }
    lines
}

#[test]
fn the_entries_of_each_role_are_what_diff_says_of_each_two_commits_that_build() {
    let (mut entries, mut skipped, mut kept) = (0, 0, 0);
    for seed in 0..6 {
        let mut world = World::new(seed);
        let project = Project::new();
        git(&project, &["init", "-q", "-b", "main", "."], "2026-01-01");
        let mut files = BTreeMap::new();
        let mut built: Vec<Built> = Vec::new();
        for step in 0..24 {
            if step > 0 {
                (0..=world.dice.below(2)).for_each(|_| world.edit());
            }
            if world.dice.below(2) == 0 {
                world.families.iter_mut().for_each(|family| family.fault = 0);
            }
            let new = world.files();
            write(&project, &files, &new);
            files = new;
            git(&project, &["add", "-A"], "2026-01-01");
            git(&project, &["commit", "-q", "--allow-empty", "-m", "x"], "2026-01-01");
            let id = git(&project, &["rev-parse", "HEAD"], "2026-01-01");
            let (errors, _) = Snapshot::build(source::read(&project.path(""), None).expect("a site"), true).counts();
            if errors == 0 { built.push(build(&project, id)) } else { skipped += 1 }
        }
        let tree = source::read(&project.path(""), None).expect("a site");
        let history = walk::history(&tree, 1_000, true).expect("a history");
        let wanted = wanted(&project, &built);
        let found = found(&history);
        for (id, wanted) in &wanted {
            // A role tells of a limited number of changes.
            assert!(wanted.len() < 20);
            assert_eq!(found.get(id), Some(wanted), "seed {seed}, {id}");
            entries += wanted.len();
            kept += usize::from(wanted.iter().any(|(_, lines)| lines.iter().any(|line| line.starts_with("was "))));
        }
        assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>(), "seed {seed}");
    }
    assert!(entries > 150 && skipped > 6 && kept > 10, "hardly tried: {entries} entries, {skipped} skipped, {kept} roles renamed");
}

fn write(project: &Project, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) {
    for gone in old.keys().filter(|name| !new.contains_key(*name)) {
        fs::remove_file(project.path(gone)).expect("it was there");
    }
    for (name, text) in new {
        fs::create_dir_all(project.path(name).parent().expect("a file has one")).expect("a directory");
        fs::write(project.path(name), text).expect("a file");
    }
}

fn build(project: &Project, commit: String) -> Built {
    let repository = Repository::of(&project.path("")).expect("a repository");
    let tree = trees::at(&repository, &project.path(""), "handbook.yml", &commit).expect("a tree");
    let handbook = relate(&tree);
    let resolution = resolve(&handbook);
    Built { commit, handbook, resolution }
}

/// What diffs say, by the id that each role has now, newest first.
fn wanted(project: &Project, built: &[Built]) -> BTreeMap<String, Vec<Told>> {
    let repository = Repository::of(&project.path("")).expect("a repository");
    let newest = built.last().expect("one builds");
    // From the id that a role had at a time to the one that it has now.
    let mut now: BTreeMap<String, String> = (0..newest.handbook.roles.len()).map(|r| newest.handbook.role_id(r)).map(|id| (id.clone(), id)).collect();
    let mut out: BTreeMap<String, Vec<Told>> = now.keys().map(|id| (id.clone(), Vec::new())).collect();
    for pair in built.windows(2).rev() {
        let [older, newer] = pair else { continue };
        let files = repository.changes(&older.commit, Some(&newer.commit), &["content", "handbook.yml"]).expect("changes");
        let diff = compare(
            Side { handbook: &older.handbook, resolution: &older.resolution },
            Side { handbook: &newer.handbook, resolution: &newer.resolution },
            files,
            (older.commit.clone(), newer.commit.clone()),
        );
        let mut before = now.clone();
        for change in diff.roles.iter().filter(|change| !change.is_composition) {
            let lines = match change.change {
                Changed::Added => BTreeSet::from(["new".to_owned()]),
                Changed::Removed => BTreeSet::from(["gone".to_owned()]),
                Changed::Changed | Changed::Renamed => lines_of(change),
            };
            match (&change.change, now.get(&change.id)) {
                (Changed::Added, _) => drop(before.remove(&change.id)),
                (Changed::Renamed, Some(id)) => {
                    before.insert(change.was.clone().expect("it had another"), id.clone());
                }
                _ => {}
            }
            if let Some(id) = now.get(&change.id).filter(|_| change.change != Changed::Removed && !lines.is_empty()) {
                out.get_mut(id).expect("it is there now").push((newer.commit.clone(), lines));
            }
        }
        let had: BTreeSet<String> = (0..older.handbook.roles.len()).map(|r| older.handbook.role_id(r)).collect();
        let gone: BTreeSet<&String> = diff.roles.iter().filter(|c| c.change == Changed::Removed).map(|c| &c.id).collect();
        before.retain(|id, _| had.contains(id) && !gone.contains(id));
        now = before;
    }
    out
}

/// What the history says, in the same form.
fn found(history: &History) -> BTreeMap<String, Vec<Told>> {
    let of = |number: usize| -> Vec<Told> {
        let entries = history.roles[number].entries.iter();
        let told =
            entries.map(|entry| (entry.commit.to_string(), entry.changes.iter().filter_map(|change| line_of(change)).collect::<BTreeSet<_>>()));
        told.filter(|(_, lines)| !lines.is_empty()).collect()
    };
    history.now.iter().map(|(id, number)| (id.clone(), of(*number))).collect()
}
