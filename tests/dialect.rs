//! Markdown as people expect it, from the file to the page; and what a page tells of its own history.

mod project;

use std::process::Command;

use project::Project;

/// A plain page with this text.
fn page(text: &str) -> project::Page {
    let file = format!("---\ntitle: Page\n---\n{text}\n");
    Project::new().file("content/page.md", &file).build().page("page/index.html")
}

#[test]
fn a_table_aligns_its_columns_without_styles_of_its_own() {
    page("| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | 3 |")
        .holds("<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead>\n<tr><th scope=\"col\">a</th><th scope=\"col\" class=\"end\">b</th>")
        .holds("<tr><td>1</td><td class=\"end\">2</td><td class=\"center\">3</td></tr>")
        .lacks("style=");
}

#[test]
fn a_footnote_stands_below_the_text_that_refers_to_it_wherever_it_is_written() {
    page("First.[^b] Again.[^b] Other.[^a]\n\n## Far away\n\nText.\n\n[^a]: Note *a*.\n[^b]: Note b.")
        .holds("First.<sup><a href=\"#_note-1-1\" id=\"_note-1-1-mark\" aria-label=\"Note 1\">1</a></sup>")
        .holds("Again.<sup><a href=\"#_note-1-1\" aria-label=\"Note 1\">1</a></sup>")
        .holds("<li id=\"_note-1-1\"><p>Note b. <a href=\"#_note-1-1-mark\" aria-label=\"Back to the text\">")
        .holds("<li id=\"_note-1-2\"><p>Note <em>a</em>.")
        .lacks("[^");
}

#[test]
fn footnotes_of_items_go_with_them_to_every_role_and_keep_apart() {
    let family = "---\ntitle: F\nroles:\n  - {id: a, title: A, grade: 5}\n  - {id: b, title: B, grade: 6, extends: a}\n---\n\
        ## A Requirements\n- **One.** Text.[^x]\n- **Two.** More.[^x]\n\n## B Requirements\n- **Three.** Last.\n\n[^x]: A note.\n";
    let project = Project::new().file("content/eng/f.md", family);
    let role = project.build().page("eng/f/b/index.html");
    role.holds("id=\"_note-1-1\"").holds("id=\"_note-2-1\"").shows("A note.");
    let shown = project.run("show f/b");
    assert!(shown.stdout.contains("One. Text.\n"), "{}", shown.stdout);
}

#[test]
fn boxes_to_tick_and_labels_behind_them() {
    page("- [ ] open\n- [x] done").holds("<li><span class=\"task\">\u{2610}</span> open</li>").holds("<span class=\"task\">\u{2611}</span> done");
    let family = "---\ntitle: F\nroles: [{id: a, title: A, grade: 5}]\n---\n## Requirements\n- [x] **Git.** Knows it.\n";
    let role = Project::new().file("content/eng/f.md", family).build().page("eng/f/a/index.html");
    role.holds("id=\"requirements.git\"");
}

#[test]
fn definitions_alerts_and_diagrams() {
    page("Term\n: What it means.").holds("<dl>\n<dt>Term</dt>\n<dd>What it means.</dd>\n</dl>");
    page("> [!WARNING]\n> Mind *this*.")
        .holds("<div class=\"alert alert-warning\">\n<p class=\"alert-title\">Warning</p>\n<p>Mind <em>this</em>.</p>\n</div>");
    page("> A quote.").holds("<blockquote>\n<p>A quote.</p>");
    page("```mermaid\ngraph LR\n  A --> B\n```").holds("<pre class=\"mermaid\">graph LR\n  A --&gt; B\n</pre>");
    page("```rust\nfn a() {}\n```").holds("<pre><code class=\"language-rust\">");
}

#[test]
fn bare_addresses_are_links_but_not_in_code_and_links_and_nothing_else_becomes_an_emoji() {
    page("See https://example.org/a_b?c=d&e (or http://x.example). Mail jobs@example.org :smile:")
        .holds("<a href=\"https://example.org/a_b?c=d&amp;e\">https://example.org/a_b?c=d&amp;e</a> (or <a href=\"http://x.example\">http://x.example</a>).")
        .holds("<a href=\"mailto:jobs@example.org\">jobs@example.org</a> :smile:");
    page("`https://example.org` and [https://a.example](https://b.example) and javascript://x")
        .holds("<code>https://example.org</code> and <a href=\"https://b.example\">https://a.example</a> and javascript://x");
}

#[test]
fn an_image_has_the_size_of_its_file() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 30 20\"/>";
    let project = Project::new().file("content/eng/index.md", "![A plan](plan.svg)\n").file("content/eng/plan.svg", svg);
    project.build().page("eng/index.html").holds("<img src=\"plan.svg\" alt=\"A plan\" width=\"30\" height=\"20\" loading=\"lazy\">");
}

fn git(project: &Project, words: &[&str], day: &str) {
    let date = if day.contains('T') { day.to_owned() } else { format!("{day}T12:00:00Z") };
    let told = Command::new("git")
        .arg("-C")
        .arg(project.path(""))
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
        .args(words)
        .envs([("GIT_COMMITTER_DATE", &date), ("GIT_AUTHOR_DATE", &date)])
        .output()
        .expect("git runs");
    assert!(told.status.success(), "{words:?}: {}", String::from_utf8_lossy(&told.stderr));
}

fn family(title: &str, role: &str) -> String {
    format!("---\ntitle: {title}\nroles:\n  - {role}\n---\nWords.\n")
}

#[test]
fn the_day_of_a_change_is_that_of_utc_as_in_the_history() {
    let project =
        Project::new().file("handbook.yml", "title: T\nhistory: true\n").file("content/eng/b.md", &family("B", "{id: b, title: Bee, grade: 5}"));
    git(&project, &["init", "-q", "."], "2026-01-05");
    git(&project, &["add", "."], "2026-01-05");
    git(&project, &["commit", "-qm", "one"], "2026-01-05T23:30:00-0800");
    project.build().page("eng/b/index.html").shows("Last changed 6 January 2026").hides("5 January 2026");
}

/// Two families, of which one extends the other, committed on two days.
fn with_history() -> Project {
    let project = Project::new().file("content/eng/b.md", &family("B", "{id: b, title: Bee, grade: 5, requirements: [\"**Git.** Knows it.\"]}"));
    git(&project, &["init", "-q", "."], "2026-01-05");
    git(&project, &["add", "."], "2026-01-05");
    git(&project, &["commit", "-qm", "one"], "2026-01-05");
    let project = project.file("content/eng/a.md", &family("A", "{id: a, title: Ay, grade: 6, extends: eng/b/b}"));
    git(&project, &["add", "content"], "2026-02-10");
    git(&project, &["commit", "-qm", "two"], "2026-02-10");
    project
}

#[test]
fn a_page_says_when_its_words_were_last_changed_inherited_ones_too() {
    let project = with_history();
    let run = project.build();
    run.page("eng/b/index.html").shows("Last changed 5 January 2026").holds("<time datetime=\"2026-01-05\">");
    run.page("eng/a/a/index.html").shows("Last changed 10 February 2026");
    let project = project.edit("content/eng/b.md", "Knows it", "Knows it well");
    git(&project, &["commit", "-qam", "three"], "2026-03-20");
    let run = project.build();
    run.page("eng/a/a/index.html").shows("Last changed 20 March 2026");
    run.page("eng/a/index.html").shows("Last changed 10 February 2026");
}

#[test]
fn days_are_those_of_the_site_whatever_repository_the_environment_names() {
    let project = with_history();
    let other = Project::new().file("content/x.md", "x\n");
    git(&other, &["init", "-q", "."], "2026-01-01");
    let project = project.env("GIT_DIR", &other.path(".git").display().to_string()).env("GIT_WORK_TREE", &other.path("").display().to_string());
    project.build().page("eng/b/index.html").shows("Last changed 5 January 2026");
}

#[test]
fn what_is_not_committed_has_no_day_and_neither_has_what_inherits_it() {
    let project = with_history().edit("content/eng/b.md", "Knows it", "Knows it well").file("content/new.md", "---\ntitle: New\n---\nText.\n");
    let run = project.build();
    run.page("eng/b/index.html").hides("Last changed");
    run.page("eng/a/a/index.html").hides("Last changed");
    run.page("new/index.html").hides("Last changed");
    run.page("eng/a/index.html").shows("Last changed 10 February 2026");
}

#[test]
fn a_shallow_clone_and_a_directory_without_history_tell_no_days() {
    let project = with_history();
    let source = format!("file://{}", project.path("").display());
    git(&project, &["clone", "-q", "--depth", "1", &source, "clone"], "2026-02-10");
    project.run("build --root clone -o out").succeeds();
    let page = std::fs::read_to_string(project.path("out/eng/a/index.html")).expect("the page");
    assert!(!page.contains("Last changed"), "{page}");
    Project::new().file("content/eng/a.md", &family("A", "{id: a, title: Ay, grade: 6}")).build().page("eng/a/index.html").hides("Last changed");
}
