//! `handbook serve` over real sockets: what it answers, what follows an edit, what is shown where something is wrong, and
//! whom it does not answer.
#![cfg(feature = "serve")]

mod project;

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use project::Project;
use project::preview::Preview;
use serde_json::Value;

const BACKEND: &str = "---
title: Backend Engineering
roles:
  - {id: junior, title: Junior Backend Engineer, grade: 5}
  - {id: senior, title: Senior Backend Engineer, grade: 7, extends: junior, aliases: [sr]}
---
What backend engineers do.

## Junior Backend Engineer
### Requirements
- **Tests.** Writes them.
";

const DATA: &str = "---
title: Data Engineering
roles:
  - {id: staff, title: Staff Data Engineer, grade: 8, extends: backend/senior}
---
What data engineers do.
";

fn small() -> Project {
    Project::new().file("handbook.yml", "title: Small\n").file("content/eng/backend.md", BACKEND).file("content/eng/data.md", DATA)
}

fn version(state: &Value) -> u64 {
    state["version"].as_u64().expect("a number")
}

/// The texts of the findings of a state.
fn findings(state: &Value) -> String {
    state["findings"].as_array().expect("a list").iter().filter_map(|f| f["text"].as_str()).collect::<Vec<_>>().join("\n")
}

// What it answers.

#[test]
fn every_file_is_what_build_writes_but_for_the_line_that_loads_the_script() {
    let project = Project::example()
        .edit("handbook.yml", "title: Larkfield Job Families", "base_url: https://example.org/some/where/\ntitle: Larkfield Job Families")
        .file("static/extra.txt", "As it is.\n")
        .file("content/engineering/picture.png", "no picture");
    let files = project.build().files();
    let preview = project.serve("");
    let mut compared = 0;
    for (name, bytes) in files.iter().filter(|(name, _)| *name != ".handbook") {
        let answer = preview.get(&format!("/some/where/{name}"));
        assert_eq!(answer.status, if name == "404.html" { 404 } else { 200 }, "{name}");
        let is_page = name.ends_with(".html");
        let line = |line: &&str| !line.starts_with("<script src=\"/_handbook/preview.js\"");
        let text = answer.text();
        assert_eq!(text.lines().filter(|l| !line(l)).count(), usize::from(is_page), "{name}");
        if is_page {
            let without: String = text.split_inclusive('\n').filter(line).collect();
            assert_eq!(without, String::from_utf8_lossy(bytes), "{name}");
        } else {
            assert_eq!(answer.body, *bytes, "{name}");
        }
        compared += 1;
    }
    assert!(compared > 150, "only {compared} files");
}

#[test]
fn files_have_their_types_and_addresses_without_a_slash_lead_on() {
    let project = small().file("content/eng/a.svg", "<svg/>").file("static/data.bin", "x");
    let preview = project.serve("");
    let types = [
        ("/", "text/html; charset=utf-8"),
        ("/eng/a.svg", "image/svg+xml"),
        ("/data.bin", "application/octet-stream"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ];
    for (path, wanted) in types {
        assert_eq!(preview.get(path).header("content-type"), Some(wanted), "{path}");
    }
    let answer = preview.get("/eng/backend/junior");
    assert_eq!((answer.status, answer.header("location")), (302, Some("/eng/backend/junior/")));
    assert_eq!(preview.get("/eng/backend/junior?a=b&c").header("location"), Some("/eng/backend/junior/?a=b&c"));
    assert!(preview.page("/eng/backend/sr/").contains("http-equiv=\"refresh\""), "an old id leads to the new one");
    let missing = preview.get("/eng/nothing/");
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("There is nothing at this address"));
    assert!(preview.get("/eng/a.svg?preview=2").status == 200, "a query changes nothing");
    let head = preview.ask("HEAD", "/", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert!(head.header("content-length").is_some_and(|n| n != "0"));
}

#[test]
fn of_content_nothing_is_answered_that_may_run() {
    let project = small().file("content/eng/a.html", "<script src=a.js></script>").file("content/eng/a.js", "x").file("content/eng/a.svg", "<svg/>");
    let preview = project.serve("");
    for path in ["/eng/a.html", "/eng/a.js"] {
        assert_eq!(preview.get(path).status, 404, "{path}");
    }
    let mut states = preview.follow("eng/index.html");
    assert_eq!(states.next()["warnings"], 2);
    let _project = project.file("content/eng/a.svg", "<svg onload=\"x\"/>");
    states.until(|state| state["warnings"] == 3);
    assert_eq!(preview.get("/eng/a.svg").status, 404, "a drawing that does more than draw");
}

#[test]
fn a_base_url_with_a_path_is_previewed_below_that_path() {
    let project = small().file("handbook.yml", "title: Small\nbase_url: https://example.org/docs/handbook/\n");
    let preview = project.serve("");
    for above in ["/", "/docs/handbook"] {
        let answer = preview.get(above);
        assert_eq!((answer.status, answer.header("location")), (302, Some("/docs/handbook/")), "{above}");
    }
    assert!(preview.page("/docs/handbook/eng/").contains("Backend Engineering"));
    assert_eq!(preview.get("/eng/").status, 404);
    assert!(preview.get("/docs/handbook/none").text().contains("href=\"/docs/handbook/"), "links of the 404 page begin at the root");
}

#[test]
fn a_path_of_the_base_url_may_be_encoded() {
    let settings = |url: &str| format!("title: Small\nbase_url: {url}\n");
    for url in ["https://example.org/group/hand%20b%C3%BCch/", "https://example.org/group/hand%20büch"] {
        let project = small().file("handbook.yml", &settings(url)).file("content/eng/a b.png", "one");
        let preview = project.serve("");
        let top = preview.get("/").header("location").map(str::to_owned);
        assert_eq!(top.as_deref(), Some("/group/hand%20b%C3%BCch/"), "{url}");
        assert!(preview.page("/group/hand%20b%C3%BCch/eng/").contains("Backend Engineering"), "{url}");
        assert_eq!(preview.page("/group/hand%20b%C3%BCch/eng/a%20b.png"), "one");
        assert_eq!(preview.get("/group/hand%20b%C3%BCch/eng").header("location"), Some("/group/hand%20b%C3%BCch/eng/"));
        let mut states = preview.follow("eng/backend/index.html");
        states.next();
        let project = project.edit("content/eng/data.md", "What data", "All that data");
        assert_eq!(states.next()["changed"][0]["href"], "/group/hand%20b%C3%BCch/eng/data/");
        let _project = project.file("content/eng/a b.png", "two");
        assert_eq!(states.next()["changed"][0]["copied"], "/group/hand büch/eng/a b.png");
    }
}

#[test]
fn drafts_are_shown_only_when_they_are_asked_for() {
    let project = small().edit("content/eng/backend.md", "grade: 7,", "grade: 7, status: draft,").without("content/eng/data.md");
    assert_eq!(project.serve("").get("/eng/backend/senior/").status, 404);
    assert_eq!(project.serve("--drafts").get("/eng/backend/senior/").status, 200);
}

// What becomes of a fault of the program, which a test can ask for.

#[test]
fn a_fault_of_the_program_in_taking_up_an_edit_is_told_and_following_goes_on() {
    let project = small();
    let preview = project.serve_with("", &[("HANDBOOK_FAULT", "parse content/eng/fault.md")]);
    let mut states = preview.follow("eng/backend/index.html");
    states.next();
    let project = project.file("content/eng/fault.md", "---\ntitle: Fault\n---\nWords.\n");
    let state = states.until(|state| state["errors"] == 1);
    let text = state["findings"][0]["text"].as_str().expect("a text");
    assert!(text.contains("error[program-fault]: this is a fault of handbook itself") && text.contains("content/eng/fault.md"), "{text}");
    preview.says("a fault of handbook itself");
    let project = project.edit("content/eng/backend.md", "Writes them.", "Writes many.");
    // The other file is still not taken up.
    states.until(|state| state["errors"] == 1 && preview.page("/eng/backend/").contains("Writes many."));
    let _project = project.without("content/eng/fault.md");
    states.until(|state| state["errors"] == 0);
}

#[test]
fn a_fault_of_the_program_in_making_a_page_is_shown_on_a_page_that_follows() {
    let project = small();
    let preview = project.serve_with("", &[("HANDBOOK_FAULT", "make content/eng/data.md")]);
    let answer = preview.get("/eng/data/");
    assert_eq!(answer.status, 500);
    let html = answer.text();
    assert!(html.contains("this is a fault of handbook itself") && html.contains("content/eng/data.md"), "{html}");
    assert!(html.contains("data-page=\"eng/data/index.html\""), "it follows edits: {html}");
    preview.says("a fault of handbook itself");
    assert_eq!(preview.get("/eng/backend/").status, 200);
    let mut states = preview.follow("eng/data/index.html");
    assert!(states.next()["errors"].as_u64().is_some_and(|errors| errors >= 1));
    let _project = project.edit("content/eng/backend.md", "Writes them.", "Writes many.");
    states.until(|_| preview.page("/eng/backend/").contains("Writes many."));
    assert_eq!(preview.get("/eng/data/").status, 500);
}

// What follows an edit.

#[test]
fn an_edit_is_on_its_page_and_on_those_that_inherit_it() {
    let project = small();
    let preview = project.serve("");
    let mut states = preview.follow("eng/backend/index.html");
    assert_eq!(version(&states.next()), 1);
    let project = project.edit("content/eng/backend.md", "Writes them.", "Writes many.");
    let state = states.next();
    assert_eq!(version(&state), 2);
    assert_eq!(state["changed"][0]["file"], "content/eng/backend.md");
    assert_eq!(state["changed"][0]["href"], "/eng/backend/");
    for page in ["/eng/backend/", "/eng/backend/senior/", "/eng/data/staff/"] {
        assert!(preview.page(page).contains("Writes many."), "{page}");
    }
    let line = preview.says("content/eng/backend.md ->");
    assert!(line.contains("1 family, 3 roles changed in"), "{line}");
    let project = project.edit("content/eng/data.md", "What data", "All that data");
    assert_eq!(version(&states.next()), 3);
    assert!(preview.page("/eng/data/").contains("All that data"));
    assert!(preview.says("content/eng/data.md ->").contains("1 family changed in"));
    let _project = project.edit("content/eng/backend.md", "title: Senior Backend Engineer", "title: Elder Backend Engineer");
    assert_eq!(version(&states.next()), 4);
    assert!(preview.says("content/eng/backend.md ->").contains("1 family, 1 role changed in"));
}

#[test]
fn files_and_directories_come_go_and_move() {
    let project = small();
    let preview = project.serve("");
    let mut states = preview.follow("index.html");
    states.next();
    let project = project.file("content/new/deep/page.md", "---\ntitle: A new page\n---\nWords.\n");
    states.next();
    assert!(preview.page("/new/deep/page/").contains("A new page"));
    fs::rename(project.path("content/new"), project.path("content/old")).expect("a directory that moves");
    states.until(|_| preview.get("/old/deep/page/").status == 200);
    assert_eq!(preview.get("/new/deep/page/").status, 404);
    fs::remove_dir_all(project.path("content/old")).expect("a directory that goes");
    states.until(|_| preview.get("/old/deep/page/").status == 404);
    fs::remove_dir_all(project.path("content")).expect("all of it");
    states.until(|_| preview.get("/eng/").status == 404);
    let project = project.file("content/eng/backend.md", BACKEND);
    states.until(|_| preview.get("/eng/backend/").status == 200);
    let _project = project.edit("content/eng/backend.md", "Writes them.", "Is watched again.");
    states.until(|_| preview.page("/eng/backend/").contains("Is watched again."));
}

#[test]
fn a_checkout_of_a_thousand_files_is_taken_up_whole() {
    let project = small();
    let preview = project.serve("");
    let mut states = preview.follow("index.html");
    let page = |i: usize| (format!("content/many/page-{i}.md"), format!("---\ntitle: Page {i}\n---\nWords.\n"));
    let project = (0..1000).map(page).fold(project, |project, (name, text)| project.file(&name, &text));
    states.until(|_| (0..1000).step_by(37).chain([999]).all(|i| preview.get(&format!("/many/page-{i}/")).status == 200));
    fs::remove_dir_all(project.path("content/many")).expect("it was there");
    states.until(|_| preview.get("/many/page-7/").status == 404);
    let errors: Vec<String> = preview.said().into_iter().filter(|line| line.starts_with("error")).collect();
    assert_eq!(errors, [] as [String; 0]);
}

#[test]
fn editors_write_in_many_ways() {
    let project = small();
    let preview = project.serve("");
    let mut states = preview.follow("eng/backend/index.html");
    let path = project.path("content/eng/backend.md");
    let mut last = version(&states.next());
    let mut is_shown_at_once = |way: &str| {
        let state = states.next();
        assert_eq!((version(&state), &state["errors"]), (last + 1, &Value::from(0)), "{way}: {state}");
        last += 1;
        assert!(preview.page("/eng/backend/").contains(way), "{way}");
    };
    let text = |way: &str| BACKEND.replace("Writes them.", way);

    fs::write(&path, text("Written in place.")).expect("a file");
    is_shown_at_once("Written in place.");

    let mut file = File::create(&path).expect("a file, empty for now");
    let words = text("Truncated, then written piece by piece.");
    for piece in words.as_bytes().chunks(40) {
        file.write_all(piece).and_then(|()| file.sync_all()).expect("a piece");
    }
    drop(file);
    is_shown_at_once("Truncated, then written piece by piece.");

    fs::write(path.with_file_name(".backend.md.tmp"), text("Moved over the old one.")).expect("a file");
    fs::rename(path.with_file_name(".backend.md.tmp"), &path).expect("it moves");
    is_shown_at_once("Moved over the old one.");

    fs::write(path.with_file_name("4913"), "").expect("a trial");
    fs::remove_file(path.with_file_name("4913")).expect("the trial is over");
    fs::rename(&path, path.with_file_name("backend.md~")).expect("a backup");
    fs::write(&path, text("New file beside a backup.")).expect("a file");
    is_shown_at_once("New file beside a backup.");
    assert_eq!(preview.get("/eng/backend.md~").status, 404, "backups are no part of the site");

    fs::write(path.with_file_name(".backend.md.swp"), "swap").expect("a swap file");
    fs::write(&path, text("With a swap file.")).expect("a file");
    is_shown_at_once("With a swap file.");
}

#[test]
fn a_file_that_is_written_for_long_is_shown_when_it_is_closed_and_keeps_no_others_back() {
    let project = small();
    let preview = project.serve("");
    let mut states = preview.follow("eng/data/index.html");
    states.next();
    let mut file = File::create(project.path("content/eng/backend.md")).expect("a file, empty for now");
    let (first, rest) = BACKEND.split_once("\n## Junior").expect("two parts");
    file.write_all(first.as_bytes()).and_then(|()| file.sync_all()).expect("the first part");
    let _project = project.edit("content/eng/data.md", "What data", "All that data");
    // By then all files have been looked at besides.
    while !preview.page("/eng/data/").contains("All that data") {
        file.write_all(b" ").and_then(|()| file.sync_all()).expect("a piece");
        assert!(preview.page("/eng/backend/").contains("Writes them."));
    }
    write!(file, "\n\n## Junior{}", rest.replace("Writes them.", "Writes many.")).expect("the rest");
    drop(file);
    states.until(|_| {
        let page = preview.page("/eng/backend/");
        assert!(page.contains("Writes them.") || page.contains("Writes many."), "half a file is shown");
        page.contains("Writes many.")
    });
}

#[test]
fn an_edit_of_the_same_size_and_an_old_time_is_noticed_by_looking() {
    let project = small();
    let preview = project.serve("--poll 20");
    let mut states = preview.follow("eng/backend/index.html");
    states.next();
    let path = project.path("content/eng/backend.md");
    let before = fs::metadata(&path).and_then(|m| m.modified()).expect("a time");
    fs::write(&path, BACKEND.replace("Writes them.", "Breaks them.")).expect("a file");
    File::options().write(true).open(&path).and_then(|file| file.set_modified(before)).expect("the old time");
    states.next();
    assert!(preview.page("/eng/backend/").contains("Breaks them."));
}

#[test]
fn what_is_written_again_with_the_same_words_is_no_change() {
    let project = small();
    let preview = project.serve("");
    let mut states = preview.follow("index.html");
    states.next();
    fs::write(project.path("content/eng/backend.md"), BACKEND).expect("a file");
    fs::read(project.path("content/eng/data.md")).expect("a file");
    let _project = project.edit("content/eng/data.md", "What data", "All that data");
    let state = states.next();
    assert_eq!(version(&state), 2);
    assert!(state["changed"].to_string().contains("data.md"), "{state}");
}

#[test]
fn settings_templates_style_and_pictures_are_followed_too() {
    let project = small().file("content/eng/picture.png", "one");
    let preview = project.serve("");
    let mut states = preview.follow("index.html");
    states.next();
    let project = project.file("handbook.yml", "title: Another name\n");
    states.next();
    assert!(preview.page("/").contains("<title>Another name</title>"));
    assert!(preview.says("handbook.yml ->").contains("all pages changed"));
    let project = project.file("templates/404.html", "<body>Nothing here, friend.</body>");
    states.next();
    assert!(preview.get("/none/").text().contains("Nothing here, friend."));
    let style = |page: &str| page.split("assets/style-").nth(1).map(|rest| rest[..16].to_owned()).expect("a style sheet");
    let before = style(&preview.page("/"));
    let project = project.file("static/style.css", "body { color: red }\n");
    states.next();
    let after = style(&preview.page("/"));
    assert_ne!(before, after);
    assert_eq!(preview.page(&format!("/assets/style-{after}.css")), "body { color: red }\n");
    let _project = project.file("content/eng/picture.png", "two");
    let state = states.next();
    assert_eq!(state["changed"][0]["copied"], "/eng/picture.png");
    assert_eq!(preview.page("/eng/picture.png"), "two");
}

#[test]
fn a_copied_file_that_goes_is_told() {
    let project = small().file("static/a.txt", "one").file("static/style.css", "body { color: red }\n");
    let preview = project.serve("");
    fs::remove_file(project.path("static/a.txt")).expect("it was there");
    let line = preview.says("static/a.txt ->");
    assert!(line.contains("1 file changed in"), "{line}");
    fs::remove_file(project.path("static/style.css")).expect("it was there");
    let line = preview.says("static/style.css ->");
    assert!(line.contains("1 file changed in"), "{line}");
}

#[test]
fn a_changed_page_is_told_by_its_title() {
    let project = small().file("content/index.md", "---\ntitle: Home\n---\nWords.\n").file("content/eng/index.md", "Words.\n");
    let project = project.file("content/plain.md", "---\ntitle: A plain page\n---\nWords.\n");
    let preview = project.serve("");
    let mut states = preview.follow("eng/backend/index.html");
    states.next();
    for (file, title) in [("content/index.md", "Home"), ("content/eng/index.md", "Eng"), ("content/plain.md", "A plain page")] {
        let text = fs::read_to_string(project.path(file)).expect("it is there");
        fs::write(project.path(file), text.replace("Words.", "Others.")).expect("a file");
        assert_eq!(states.next()["changed"][0]["title"], title, "{file}");
    }
}

#[test]
fn where_the_site_lies_is_told_when_its_path_changes() {
    let project = small();
    let preview = project.serve("");
    let mut states = preview.follow("eng/backend/index.html");
    assert_eq!(states.next()["top"], "/");
    let _project = project.file("handbook.yml", "title: Small\nbase_url: https://example.org/hand%20book/\n");
    assert_eq!(states.next()["top"], "/hand%20book/");
    let line = preview.says("the preview is at");
    assert!(line.contains(&format!("http://{}/hand%20book/ now", preview.address)), "{line}");
}

// What is wrong.

#[test]
fn a_broken_file_keeps_its_last_good_pages_while_others_go_on() {
    let project = small();
    let preview = project.serve("");
    let mut states = preview.follow("eng/backend/index.html");
    states.next();
    let project = project.edit("content/eng/backend.md", "title: Backend Engineering", "title: \"Backend Engineering");
    let state = states.next();
    assert_eq!((&state["errors"], &state["held"]), (&Value::from(1), &Value::from(true)));
    assert_eq!(state["changed"], Value::Array(Vec::new()), "no page is shown otherwise");
    let told = findings(&state);
    assert!(
        told.contains("error[yaml-syntax]") && told.contains("content/eng/backend.md:2:8") && told.contains("title: \"Backend Engineering"),
        "{told}"
    );
    assert!(preview.says("content/eng/backend.md ->").contains("1 error, 0 warnings; the last good pages stay"));
    for page in ["/eng/backend/", "/eng/backend/senior/", "/eng/data/staff/"] {
        assert!(preview.get(page).status == 200, "{page}");
    }
    let project = project.edit("content/eng/data.md", "What data", "All that data");
    assert_eq!(states.next()["changed"][0]["file"], "content/eng/data.md");
    assert!(preview.says("content/eng/data.md ->").contains("1 family changed; 1 error, 0 warnings left in"));
    assert!(preview.page("/eng/data/").contains("All that data"), "another file is not held back");
    assert!(preview.page("/eng/data/staff/").contains("Writes them."), "and still inherits");
    let project = project.edit("content/eng/backend.md", "title: \"Backend Engineering", "title: Backend Engineering");
    let state = states.next();
    assert_eq!((&state["held"], &state["changed"]), (&Value::from(false), &Value::Array(Vec::new())), "it is as it was");
    let _project = project.edit("content/eng/backend.md", "title: Backend Engineering", "title: Backend Craft");
    let state = states.next();
    assert_eq!((&state["errors"], &state["held"]), (&Value::from(0), &Value::from(false)));
    assert!(preview.page("/eng/backend/").contains("Backend Craft"));
}

#[test]
fn only_a_page_that_may_show_a_broken_file_is_said_to_be_the_last_good_one() {
    let page = "---\ntitle: How we hire\n---\nWords.\n";
    let project = small().file("content/hire.md", page).file("content/people/lead.md", &page.replace("How we hire", "Lead"));
    let preview = project.serve("");
    let _project = project.edit("content/eng/backend.md", "title: Backend Engineering", "title: \"Backend Engineering");
    preview.says("content/eng/backend.md ->");
    let pages = ["hire/index.html", "people/lead/index.html", "eng/backend/senior/index.html", "eng/index.html", "grades/index.html"];
    let held = pages.map(|page| preview.follow(page).next()["held"] == true);
    assert_eq!(held, [false, false, true, true, true]);
}

#[test]
fn findings_that_only_move_are_not_told_again() {
    let project = small().edit("content/eng/backend.md", ", grade: 5", "");
    let preview = project.serve("");
    preview.said();
    let project = project.edit("content/eng/backend.md", "title: Backend Engineering\n", "title: Backend Engineering\ndescription: X\n");
    preview.says("content/eng/backend.md ->");
    let _project = project.edit("content/eng/backend.md", "description: X\n", "description: Y\n");
    let mut said = preview.said();
    said.push(preview.says("content/eng/backend.md ->"));
    assert!(!said.iter().any(|line| line.contains("grade")), "{said:?}");
}

#[test]
fn a_shared_block_and_a_new_directory_are_told_as_what_they_are() {
    let project = small().file("handbook.yml", "title: Small\nshared: [{block: all}]\n").file("content/_shared/all.md", "One.\n");
    let preview = project.serve("");
    let project = project.edit("content/_shared/all.md", "One.", "Two.");
    let line = preview.says("content/_shared/all.md ->");
    assert!(line.contains("1 shared block, ") && line.contains(" roles changed in"), "{line}");
    fs::create_dir(project.path("new")).expect("a directory");
    fs::write(project.path("new/style.css"), "b {}\n").expect("a file");
    fs::rename(project.path("new"), project.path("static")).expect("a directory that moves in");
    let line = preview.says("static");
    assert!(line.contains("1 file"), "{line}");
}

#[test]
fn an_edit_that_breaks_another_file_is_held_back() {
    let project = small();
    let preview = project.serve("");
    let mut states = preview.follow("eng/backend/senior/index.html");
    states.next();
    let project = project.edit("content/eng/backend.md", "id: senior,", "id: elder,");
    let state = states.next();
    assert!(findings(&state).contains("extends-unknown"), "{state}");
    assert_eq!(preview.get("/eng/backend/senior/").status, 200);
    assert_eq!(preview.get("/eng/backend/elder/").status, 404);
    let project = project.file("content/eng/third.md", "---\ntitle: A third page\n---\nWords.\n");
    states.next();
    assert!(preview.page("/eng/third/").contains("A third page"), "what has nothing to do with it is shown");
    let _project = project.edit("content/eng/data.md", "backend/senior", "backend/elder");
    states.until(|state| state["errors"] == 0);
    assert_eq!(preview.get("/eng/backend/elder/").status, 200);
    assert_eq!(preview.get("/eng/backend/senior/").status, 404);
}

/// Puts another directory in the place of `content`, so that all its files change at once.
fn exchange_content(project: &Project, by: &str) {
    fs::rename(project.path("content"), project.path("before")).expect("a directory that moves");
    fs::rename(project.path(by), project.path("content")).expect("a directory that moves");
}

#[test]
fn of_many_files_that_change_at_once_only_what_breaks_another_is_held_back() {
    let page = |i: usize, words: &str| (format!("eng/page-{i}.md"), format!("---\ntitle: Page {i}\n---\n{words}\n"));
    let put = |project: Project, folder: &str, words: &str| {
        (0..30).map(|i| page(i, words)).fold(project, |project, (name, text)| project.file(&format!("{folder}/{name}"), &text))
    };
    let linked = "---\ntitle: Linked\n---\n[Gone](gone.md), ![](gone.png)\n";
    let project = put(small(), "content", "Words.").file("content/eng/linked.md", linked).file("content/eng/gone.png", "x");
    let project = project.file("content/eng/gone.md", "---\ntitle: Gone\n---\nWords.\n");
    let project = put(project, "next", "Others.").file("next/eng/linked.md", linked);
    let project = project.file("next/eng/backend.md", &BACKEND.replace("id: senior", "id: elder")).file("next/eng/data.md", DATA);
    let preview = project.serve("");
    let mut states = preview.follow("eng/page-7/index.html");
    states.next();
    exchange_content(&project, "next");
    states.until(|state| state["errors"] == 3);
    assert!((0..30).all(|i| preview.page(&format!("/eng/page-{i}/")).contains("Others.")));
    for (page, status) in [("/eng/backend/senior/", 200), ("/eng/backend/elder/", 404), ("/eng/gone/", 200)] {
        assert_eq!(preview.get(page).status, status, "{page}");
    }
    let project = project.file("content/eng/data.md", &DATA.replace("backend/senior", "backend/elder"));
    states.until(|state| state["errors"] == 2);
    assert_eq!(preview.get("/eng/backend/elder/").status, 200);
    let _project = project.file("content/eng/linked.md", "---\ntitle: Linked\n---\nNo more.\n");
    states.until(|state| state["errors"] == 0);
    assert_eq!(preview.get("/eng/gone/").status, 404);
}

#[test]
fn what_is_sound_again_is_shown_although_something_else_is_not() {
    let above = |role: &str| format!("---\ntitle: Above\nroles:\n  - {{id: {role}, title: Role, grade: 5}}\n---\nWords.\n");
    let below =
        |role: &str, words: &str| format!("---\ntitle: Below\nroles:\n  - {{id: heir, title: Heir, grade: 6, extends: {role}}}\n---\n{words}\n");
    let project = Project::new().file("handbook.yml", "title: Small\n");
    let project = project.file("content/eng/a1.md", &above("one")).file("content/eng/b1.md", &below("a1/one", "Words."));
    let project = project.file("content/eng/a2.md", &above("two")).file("content/eng/b2.md", &below("a2/two", "Words."));
    let preview = project.serve("");
    let mut states = preview.follow("eng/a1/index.html");
    states.next();
    let project = project.file("content/eng/a1.md", &above("uno"));
    states.until(|state| state["errors"] == 1);
    let project = project.file("content/eng/a2.md", &above("due"));
    states.until(|state| state["errors"] == 2);
    let project = project.file("content/eng/b1.md", &below("a1/uno", "Words."));
    states.until(|state| state["errors"] == 1);
    assert_eq!((preview.get("/eng/a1/uno/").status, preview.get("/eng/a2/two/").status), (200, 200));
    let project = project.file("content/eng/b1.md", &below("a1/uno", "Others."));
    states.until(|_| preview.page("/eng/b1/").contains("Others."));
    let _project = project.file("content/eng/b2.md", &below("a2/due", "Words."));
    states.until(|state| state["errors"] == 0 && state["held"] == false);
    assert_eq!((preview.get("/eng/a2/due/").status, preview.get("/eng/a2/two/").status), (200, 404));
}

#[test]
fn findings_are_told_nearest_to_the_page_first_and_nothing_is_markup() {
    let wrong = |title: &str| format!("---\ntitle: {title}\nroles:\n  - {{id: one, title: One, grade: 5}}\n---\n[a](nowhere-<b>{title}</b>.md)\n");
    let project = small().file("content/a.md", &wrong("A")).file("content/eng/b.md", &wrong("B")).file("content/z.md", &wrong("Z"));
    let preview = project.serve("");
    let order = |page: &str| -> Vec<String> {
        let state = preview.follow(page).next();
        state["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|f| f["file"].as_str().expect("a path").to_owned())
            .filter(|f| f != "content/eng/backend.md")
            .collect()
    };
    assert_eq!(order("z/index.html"), ["content/z.md", "content/a.md", "content/eng/b.md"]);
    assert_eq!(order("eng/data/staff/index.html"), ["content/eng/b.md", "content/a.md", "content/z.md"]);
    assert_eq!(preview.get("/z/").status, 200, "what was wrong from the start is shown as well as it can be");
    assert!(preview.page("/z/").contains("<h1>Z</h1>"));
}

#[test]
fn what_was_wrong_from_the_start_does_not_freeze_its_file() {
    let project = small().edit("content/eng/backend.md", "What backend", "[x](nowhere.md) What backend");
    let preview = project.serve("");
    let mut states = preview.follow("eng/backend/index.html");
    assert_eq!(states.next()["errors"], 1);
    let _project = project.edit("content/eng/backend.md", "Writes them.", "Writes many.");
    assert_eq!(states.next()["errors"], 1);
    assert!(preview.page("/eng/backend/").contains("Writes many."));
}

#[test]
fn warnings_hold_nothing_back_unless_they_are_asked_to() {
    let project = small();
    let (lax, strict) = (project.serve(""), project.serve("--strict"));
    let (mut a, mut b) = (lax.follow("eng/backend/index.html"), strict.follow("eng/backend/index.html"));
    a.next();
    b.next();
    let _project = project.edit("content/eng/backend.md", ", grade: 5", "");
    let (a, b) = (a.next(), b.next());
    assert_eq!((&a["errors"], &a["warnings"], &a["held"]), (&Value::from(0), &Value::from(1), &Value::from(false)));
    assert_eq!((&b["warnings"], &b["held"]), (&Value::from(1), &Value::from(true)));
}

#[test]
fn a_template_that_cannot_be_read_keeps_the_old_one() {
    let project = small().file("templates/404.html", "<body>First form.</body>");
    let preview = project.serve("");
    let mut states = preview.follow("404.html");
    states.next();
    let project = project.file("templates/404.html", "<body>Second form. {{ oh no }</body>");
    let state = states.next();
    assert!(findings(&state).contains("template-fault") && findings(&state).contains("templates/404.html:1"), "{state}");
    assert!(preview.get("/none/").text().contains("First form."));
    let project = project.edit("content/eng/data.md", "What data", "All that data");
    states.next();
    assert!(preview.page("/eng/data/").contains("All that data"));
    let _project = project.file("templates/404.html", "<body>Third form.</body>");
    assert_eq!(states.next()["errors"], 0);
    assert!(preview.get("/none/").text().contains("Third form."));
}

#[test]
fn a_template_that_cannot_make_a_page_is_found_although_nobody_opens_it_and_told_once_with_its_chain() {
    let project = small();
    let preview = project.serve("");
    let mut states = preview.follow("index.html");
    states.next();
    let project = project.file("templates/inner.html", "{{ role.nothing.here }}\n");
    let project = project.file("templates/role.html", "<body>\n{% include \"inner.html\" %}\n</body>");
    let state = states.until(|state| state["errors"] == 1);
    let told = findings(&state);
    assert!(told.contains("templates/inner.html:1:") && told.contains("templates/role.html:2:"), "{told}");
    for page in ["/eng/backend/junior/", "/eng/backend/senior/", "/eng/data/staff/"] {
        assert!(preview.page(page).contains("<h1>"), "{page}: the page as the old template makes it");
    }
    let told_again = preview.follow("eng/backend/junior/index.html").next();
    assert_eq!(told_again["errors"], 1, "once, not for each page");
    let _project = project.file("templates/inner.html", "{{ role.title }}\n");
    states.until(|state| state["errors"] == 0);
    assert!(preview.page("/eng/backend/junior/").contains("<body>\nJunior Backend Engineer"));
}

#[test]
fn a_template_that_is_at_fault_from_the_start_gives_way_to_the_built_in_one() {
    let project = small().file("templates/role.html", "{% oh no");
    let preview = project.serve("");
    let mut states = preview.follow("eng/backend/junior/index.html");
    assert!(findings(&states.next()).contains("template-fault"));
    assert!(preview.page("/eng/backend/junior/").contains("Junior Backend Engineer"));
    let project = project.edit("content/eng/backend.md", "Writes them.", "Writes many.");
    assert_eq!(states.next()["errors"], 1);
    assert!(preview.page("/eng/backend/junior/").contains("Writes many."));
    let _project = project.file("templates/role.html", "<body>{{ role.title }}</body>");
    assert_eq!(states.next()["errors"], 0);
    assert!(preview.page("/eng/backend/junior/").starts_with("<body>Junior Backend Engineer"));
}

/// A template for the pages of roles that cannot make one for a role with the title `Bad`.
const PICKY: &str = "<body>{{ role.title }}{% if role.title == \"Bad\" %}{{ role.nope.x }}{% endif %}</body>\n";

#[test]
fn a_page_that_its_template_can_no_longer_make_stays_as_it_was_until_the_content_is_mended() {
    let project = small().file("templates/role.html", PICKY);
    let preview = project.serve("");
    let mut states = preview.follow("eng/data/staff/index.html");
    assert_eq!(states.next()["errors"], 0);
    let project = project.edit("content/eng/data.md", "Staff Data Engineer", "Bad");
    assert!(findings(&states.until(|state| state["errors"] == 1)).contains("templates/role.html:1:"));
    assert!(preview.page("/eng/data/staff/").starts_with("<body>Staff Data Engineer"), "the last good page");
    preview.says("a template cannot make a page; the last good one is used");
    let project = project.edit("content/eng/data.md", "What data", "All that data").edit("content/eng/backend.md", "Senior Backend", "Elder Backend");
    let state = states.until(|_| preview.page("/eng/backend/senior/").contains("Elder"));
    assert_eq!(state["errors"], 1, "it is still there");
    assert!(preview.page("/eng/data/staff/").starts_with("<body>Staff Data Engineer"));
    let project = project.edit("content/eng/data.md", "title: Bad", "title: Good");
    assert_eq!(states.next()["errors"], 0);
    assert!(preview.page("/eng/data/staff/").starts_with("<body>Good"));
    let _project = project.edit("content/eng/data.md", "title: Good", "title: Bad");
    states.until(|state| state["errors"] == 1);
    assert!(preview.page("/eng/data/staff/").starts_with("<body>Good"));
}

#[test]
fn a_fault_of_a_template_that_is_mended_for_one_page_is_still_told_for_another() {
    let project = small().file("templates/role.html", PICKY).file("content/eng/backend.md", &BACKEND.replace("Junior Backend Engineer", "Bad"));
    let project = project.edit("content/eng/data.md", "Staff Data Engineer", "Bad");
    let preview = project.serve("");
    let mut states = preview.follow("index.html");
    states.until(|state| state["errors"] == 1);
    let project = project.edit("content/eng/data.md", "title: Bad", "title: Good");
    states.until(|state| version(state) > 1 && state["errors"] == 1);
    let _project = project.file("content/eng/backend.md", BACKEND);
    states.until(|state| version(state) > 2 && state["errors"] == 0);
}

#[test]
fn a_template_that_is_saved_twice_with_a_fault_gives_way_to_the_one_before_both() {
    let project = small().file("templates/role.html", "<body>Good: {{ role.title }}</body>");
    let preview = project.serve("");
    let mut states = preview.follow("index.html");
    states.next();
    let project = project.file("templates/role.html", "<body>{{ role.nope.x }}</body>");
    states.next();
    let project = project.file("templates/role.html", "<body> {{ role.nope.x }}</body>");
    states.until(|state| version(state) == 3 && state["errors"] == 1);
    assert!(preview.page("/eng/backend/junior/").contains("Good: Junior Backend Engineer"));
    let _project = project.edit("content/eng/backend.md", "title: Senior Backend Engineer", "title: Elder Backend Engineer");
    states.until(|state| version(state) == 4);
    assert!(preview.page("/eng/backend/senior/").contains("Good: Elder Backend Engineer"), "edits are shown by it");
}

#[test]
fn each_template_that_is_at_fault_is_told() {
    let faulty = |name: &str| format!("<body>{{{{ {name}.nope.x }}}}</body>");
    let project = small().file("templates/role.html", &faulty("role")).file("templates/family.html", &faulty("family"));
    let project = project.file("templates/redirect.html", &faulty("to"));
    let preview = project.serve("");
    let told = findings(&preview.follow("index.html").until(|state| state["errors"] == 3));
    assert!(["role.html", "family.html", "redirect.html"].iter().all(|name| told.contains(name)), "{told}");
    preview.says("a template cannot make a page, which has no good form yet");
    assert_eq!(preview.get("/eng/backend/junior/").status, 500);
}

// Whom it does not answer.

#[test]
fn strangers_learn_nothing() {
    let project = small();
    let preview = project.serve("");
    let port = preview.address.port();
    let own = format!("localhost:{port}");
    let evil = format!("evil.test:{port}");
    for path in ["/", "/eng/backend/", "/_handbook/events?page=", "/_handbook/preview.js", "/none"] {
        assert_eq!(preview.ask("GET", path, &[("Host", &evil)]).status, 421, "{path}");
        assert_eq!(preview.ask("GET", path, &[("Host", "localhost")]).status, 421, "{path}");
        assert_eq!(preview.ask("GET", path, &[("Origin", "http://evil.test")]).status, 403, "{path}");
        assert_eq!(preview.ask("GET", path, &[("Host", &own), ("Sec-Fetch-Site", "cross-site")]).status, 403, "{path}");
        assert_eq!(preview.ask("POST", path, &[]).status, 405, "{path}");
    }
    assert_eq!(preview.ask("GET", "/", &[("Host", &own)]).status, 200);
    assert_eq!(preview.ask("GET", &format!("http://{evil}/"), &[]).status, 421, "an address that names another host");
    assert_eq!(preview.ask("POST", "/", &[]).header("allow"), Some("GET, HEAD"));
    for path in ["/", "/none", "/eng", "/robots.txt", "/_handbook/preview.js"] {
        let answer = preview.get(path);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

#[test]
fn no_path_leads_out_of_the_site() {
    let project = small().file("content/eng/picture.png", "one").file("secret.txt", "secret");
    let preview = project.serve("");
    let paths = [
        "/../secret.txt",
        "/eng/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/eng/%2e%2e%2f%2e%2e%2fsecret.txt",
        "//secret.txt",
        "/./secret.txt",
        "/secret.txt",
        "/handbook.yml",
        "/content/eng/backend.md",
        "/eng/backend.md",
        "/%00",
        "/%ff",
        "/eng/picture.png/",
        "/eng\\picture.png",
    ];
    for path in paths {
        let answer = preview.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text().contains("secret\n") && !answer.text().starts_with("secret"), "{path}");
    }
    assert_eq!(preview.page("/eng/picture.png"), "one");
}

#[cfg(unix)]
#[test]
fn links_on_the_disk_lead_nowhere() {
    let project = small().file("secret.txt", "secret").file("content/eng/picture.png", "one");
    std::os::unix::fs::symlink(project.path("secret.txt"), project.path("content/eng/linked.txt")).expect("a link");
    let preview = project.serve("");
    assert_eq!(preview.get("/eng/linked.txt").status, 404);
    let mut states = preview.follow("index.html");
    states.next();
    fs::remove_file(project.path("content/eng/picture.png")).expect("it was there");
    std::os::unix::fs::symlink(project.path("secret.txt"), project.path("content/eng/picture.png")).expect("a link");
    let answer = preview.get("/eng/picture.png");
    assert!(answer.status == 404, "also before the change is noticed");
    std::os::unix::fs::symlink(project.path(""), project.path("content/eng/folder")).expect("a link");
    let _project = project.edit("content/eng/data.md", "What data", "All that data");
    states.until(|_| preview.page("/eng/data/").contains("All that data"));
    assert_eq!(preview.get("/eng/folder/secret.txt").status, 404);
}

#[test]
fn heads_without_end_and_slow_clients_hold_nobody_up() {
    let project = small();
    let preview = project.serve("");
    let slow: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = preview.connect();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: ").expect("half a head");
            stream
        })
        .collect();
    assert_eq!(preview.get("/").status, 200);
    let long = "x".repeat(100_000);
    for request in [
        format!("GET /{long} HTTP/1.1\r\nHost: {}\r\n\r\n", preview.address),
        format!("GET / HTTP/1.1\r\nHost: {}\r\nX: {long}\r\n\r\n", preview.address),
    ] {
        let mut stream = preview.connect();
        // It may be refused while it is still being sent.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert_eq!(preview.get("/").status, 200);
    drop(slow);
}

#[test]
fn clients_that_say_nothing_make_room_for_others() {
    let project = small();
    let preview = project.serve("");
    let _silent: Vec<_> = (0..250).map(|_| preview.connect()).collect();
    assert_eq!(preview.get("/").status, 200);
    let streams: Vec<_> = (0..210).map(|_| preview.follow("index.html")).collect();
    assert_eq!(preview.get("/").status, 200);
    drop(streams);
}

#[test]
fn clients_that_do_not_read_hold_nobody_up() {
    let project = Project::example();
    let preview = project.serve("");
    let request = format!("GET /exports/handbook.json HTTP/1.1\r\nHost: {}\r\n\r\n", preview.address).repeat(5);
    let _deaf: Vec<_> = (0..200)
        .map(|_| {
            let mut stream = preview.connect();
            stream.write_all(request.as_bytes()).expect("they are few bytes");
            stream
        })
        .collect();
    // While all are busy, that is said.
    let first = std::iter::repeat_with(|| preview.get("/").status).find(|status| *status != 503);
    assert_eq!(first, Some(200));
}

#[test]
fn a_few_tabs_have_streams_and_more_ask_again() {
    let project = small();
    let preview = project.serve("");
    let mut tabs: Vec<_> = (0..4).map(|_| preview.follow("index.html")).collect();
    for tab in &mut tabs {
        assert_eq!(tab.next()["again"], Value::Null);
    }
    let ask = || preview.follow("eng/backend/index.html").next();
    let state = ask();
    assert_eq!((version(&state), &state["again"]), (1, &Value::from(1000)));
    let answer = preview.get("/_handbook/events?page=index.html");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/event-stream")));
    let _project = project.edit("content/eng/backend.md", "Writes them.", "Writes many.");
    tabs.iter_mut().for_each(|tab| assert_eq!(version(&tab.next()), 2));
    assert_eq!(version(&ask()), 2);
    drop(tabs);
    while ask()["again"] != Value::Null {}
}

// Manners.

#[test]
fn a_browser_that_cannot_be_opened_is_told() {
    let preview = small().serve_alone("--open");
    let line = preview.says("cannot open a browser");
    assert!(line.contains(&format!("there is no program that does (such as xdg-open); go to http://{}/", preview.address)), "{line}");
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn a_port_that_was_asked_for_must_be_free_and_the_usual_one_gives_way() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    small().run(&format!("serve --port {port}")).ends_with(3).says(&format!("port {port}"));
    // Whoever has it, it is taken now.
    let _usual = TcpListener::bind("127.0.0.1:4000");
    let preview: Preview = small().serve_without_port();
    assert_ne!(preview.address.port(), 4000);
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn an_address_that_is_not_of_this_machine_is_told_from_a_port_that_is_taken() {
    small().run("serve --host 192.0.2.1").ends_with(3).says("cannot listen at 192.0.2.1").says("give another address with --host");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    small().run(&format!("serve --port {port}")).ends_with(3).says("give another one with --port");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_at_once_with_0_and_leaves_no_trace() {
    let project = small();
    let before = project.files("");
    let preview = project.serve("");
    let _open = preview.follow("index.html");
    assert_eq!(preview.get("/").status, 200);
    assert_eq!(preview.interrupt(), Some(0));
    assert_eq!(project.files(""), before);
}

#[test]
fn listening_elsewhere_is_warned_of() {
    let preview = small().serve("--host 0.0.0.0");
    assert!(preview.heard.iter().any(|line| line.contains("everybody who can reach")), "{:?}", preview.heard);
    assert_eq!(preview.get("/").status, 200);
    assert_eq!(preview.ask("GET", "/", &[("Host", &format!("0.0.0.0:{}", preview.address.port()))]).status, 421);
}
