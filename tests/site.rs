//! What `handbook build` leaves on the disk: pages, links, redirects, and the old site where it fails.

mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use project::{Files, Project, Run, html};

/// A small family with what most tests ask for.
const BACKEND: &str = "---
title: Backend Engineering
description: Builds the server side.
aliases: [/roles/backend/]
roles:
  - {id: junior, title: Junior Backend Engineer, grade: 5}
  - {id: senior, title: Senior Backend Engineer, grade: 7, extends: junior, aliases: [sr]}
  - {id: manager, title: Backend Manager, grade: 8, track: management}
specialties:
  - {id: geo, title: Geo, roles: [junior, senior]}
---
What backend engineers do.

## Requirements
- **Ruby.** Can read it.

## Junior Backend Engineer
### Requirements
- **Tests.** Writes them.

## Senior Backend Engineer
### Requirements
- **Tests.** Teaches how to write them.

## Geo
### Requirements
- **Distributed systems.** Has built one.
";

fn small() -> Project {
    Project::new().file("handbook.yml", "title: Small Handbook\n").file("content/eng/backend.md", BACKEND)
}

/// A family with one role and this body.
fn family(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\nroles:\n  - {{id: one, title: Only One, grade: 5}}\n---\n{body}\n")
}

// What is there.

#[test]
fn every_kind_of_page_is_written() {
    let files = [
        ("handbook.yml", "title: T\nbase_url: https://example.org/\n"),
        ("content/index.md", "Words of the home page.\n"),
        ("content/eng/index.md", "---\ntitle: Engineering\n---\nWords of the department.\n"),
        ("content/eng/inner/page.md", "---\ntitle: A plain page\n---\nWords of the page.\n"),
        ("content/eng/picture.png", "no picture"),
        ("static/cname.txt", "copied"),
    ];
    let project = files.into_iter().fold(small(), |project, (name, text)| project.file(name, text));
    let run = project.build();
    let names: Vec<String> = run.names().into_iter().filter(|name| !name.starts_with("assets/")).collect();
    let wanted = [
        ".handbook",
        "404.html",
        "cname.txt",
        "compare/eng/backend.js",
        "compare/eng/backend/senior/junior/index.html",
        "compare/index.html",
        "compare/roles.js",
        "eng/backend/index.html",
        "eng/backend/junior/geo/index.html",
        "eng/backend/junior/geo/index.md",
        "eng/backend/junior/index.html",
        "eng/backend/junior/index.md",
        "eng/backend/manager/index.html",
        "eng/backend/manager/index.md",
        "eng/backend/senior/geo/index.html",
        "eng/backend/senior/geo/index.md",
        "eng/backend/senior/index.html",
        "eng/backend/senior/index.md",
        "eng/backend/sr/geo/index.html",
        "eng/backend/sr/index.html",
        "eng/index.html",
        "eng/inner/index.html",
        "eng/inner/page/index.html",
        "eng/picture.png",
        "exports/handbook.json",
        "exports/roles.csv",
        "grades/index.html",
        "index.html",
        "llms.txt",
        "map/eng/backend/index.html",
        "map/eng/index.html",
        "map/index.html",
        "requirements/index.html",
        "robots.txt",
        "roles/backend/index.html",
        "search-index.js",
        "search-index/eng.js",
        "search-index/eng/backend.js",
        "search-index/eng/inner/page.js",
        "search-index/index.js",
        "sitemap.xml",
    ];
    assert_eq!(names, wanted);
    run.page("index.html").shows("Words of the home page.").link_to("eng/index.html");
    run.page("eng/index.html").shows("Words of the department.").link_to("backend/index.html");
    run.page("eng/inner/page/index.html").shows("Words of the page.");
    run.page("grades/index.html").shows("Senior Backend Engineer").link_to("../eng/backend/senior/index.html");
    run.page("eng/backend/index.html").shows("What backend engineers do.").link_to("senior/index.html");
    run.page("eng/backend/senior/index.html").shows("Teaches how to write them.").shows("Can read it.").hides("Has built one.");
    run.page("eng/backend/senior/geo/index.html").shows("Has built one.").shows("Teaches how to write them.");
    holds_together(&run);
}

#[test]
fn a_step_is_compared_item_by_item() {
    let run = small().build();
    let page = run.page("compare/eng/backend/senior/junior/index.html");
    page.shows("1 item changes, 1 stays as it is.").holds("<del>Writes them.</del>").holds("<ins>Teaches how to write them.</ins>");
    run.page("eng/backend/senior/index.html").link_to("../../../compare/eng/backend/senior/junior/index.html");
}

#[test]
fn a_label_leads_to_all_that_have_it_with_a_specialty_too() {
    let run = small().build();
    let page = run.page("requirements/index.html");
    let page = page.shows("Distributed systems").link_to("../eng/backend/senior/geo/index.html#requirements.distributed-systems");
    page.link_to("../eng/backend/manager/index.html#requirements.ruby").link_to("../eng/backend/senior/index.html#requirements.tests");
}

#[test]
fn the_map_draws_every_role_and_says_the_same_in_a_table() {
    let run = small().build();
    for map in ["map/index.html", "map/eng/index.html", "map/eng/backend/index.html"] {
        let page = run.page(map);
        page.holds("id=\"_eng.backend.senior\"").holds("class=\"way\"").shows("One comes from").shows("Backend Manager");
    }
}

#[test]
fn what_comes_after_a_family_is_said_wherever_one_can_go_on() {
    let family = |title: &str, front: &str| format!("---\ntitle: {title}\n{front}\n---\n## Career ladder\nIt goes on.\n");
    let writing = family(
        "Writing",
        "ladder: [leading, editing/chief]\nroles:\n  - {id: one, title: Writer}\n  - {id: two, title: Senior Writer, extends: one}\n  - \
         {id: head, title: Head Writer, track: management, next: [editing/chief]}",
    );
    let project = Project::new().file("content/writing.md", &writing);
    let project = project.file("content/leading.md", &family("Leading", "roles: [{id: a, title: Lead}, {id: b, title: Leader, extends: a}]"));
    let run = project.file("content/editing.md", &family("Editing", "roles: [{id: chief, title: Chief Editor}]")).build();
    // After its last levels that say nothing else; beside the prose of the ladder of all.
    let page = |role: &str| run.page(&format!("{role}/index.html"));
    page("writing/one").shows("Next Senior Writer").hides("Next Senior Writer Leading");
    page("writing/two").shows("Before Writer Next Leading Chief Editor");
    page("writing/head").shows("Next Chief Editor").hides("Next Chief Editor Leading");
    page("editing/chief").shows("Before Senior Writer Head Writer");
    page("writing/one").shows("From here: Leading or Chief Editor").link_to("../../leading/index.html");
    page("leading/a").hides("From here:");
    // On the map as lines, and in its table; into a family to its first role.
    let map = run.page("map/index.html");
    assert_eq!(map.html.matches("class=\"way move\"").count(), 3 * 3, "behind the roles, and with both of them");
    map.shows("Senior Writer One comes from Writer One goes to Leading and Chief Editor")
        .shows("Lead One comes from Senior Writer One goes to Leader");
    // In the way from one role to another.
    let list = String::from_utf8(run.files()["compare/roles.js"].clone()).expect("text");
    assert!(list.contains(r#"["two","Senior Writer",["leading","editing/chief"]]"#), "{list}");
    run.makes_no("compare/editing/chief/writing~two/index.html").makes("compare/editing/chief/writing~head/index.html");
}

#[test]
fn what_leads_across_families_can_be_left_out() {
    let without = |yml: &str| small().file("handbook.yml", &format!("title: Small Handbook\n{yml}")).build();
    let run = without("pages: {compare: false, map: false, requirements: false}\nsearch: false\n");
    let own = ["compare", "map", "requirements", "search", "assets/compare", "assets/search"];
    assert!(run.names().iter().all(|name| !own.iter().any(|folder| name.starts_with(folder))), "{:?}", run.names());
    holds_together(&run);
    // They follow the pages of roles, unless they are asked for.
    let run = without("pages: {roles: false}\n");
    assert!(run.names().iter().all(|name| !name.starts_with("map/") && !name.starts_with("compare/")));
    let run = without("pages: {roles: false, map: true, compare: true, requirements: true}\n");
    let run = run.makes("map/index.html").makes("compare/eng/backend/senior/junior/index.html").makes("requirements/index.html");
    holds_together(&run);
}

#[test]
fn what_a_base_block_asks_is_found_though_the_first_role_has_it_in_other_words() {
    let family = |title: &str, item: &str| format!("---\ntitle: {title}\nroles: [{{id: one, title: {title} One}}]\n---\n## Requirements\n{item}\n");
    let project = Project::new().file("handbook.yml", "shared: [{block: everyone, as: base}]\n");
    let project = project.file("content/_shared/everyone.md", "## Requirements\n- **Language.** Speaks Quenya.\n- **Care.** Takes care.\n");
    let project = project.file("content/a.md", &family("A", "- **Language.** Speaks Sindarin."));
    let run = project.file("content/b.md", &family("B", "- **Care.** Takes good care.")).build();
    let lines = String::from_utf8(run.files()["search-index/_shared/everyone-1.js"].clone()).expect("text");
    assert!(lines.contains("Quenya") && lines.contains("Takes care."), "{lines}");
    let index = String::from_utf8(run.files()["search-index.js"].clone()).expect("text");
    assert!(index.contains("quenya"), "{index}");
}

#[test]
fn what_only_a_variable_makes_another_stays_and_each_role_reads_its_own_words() {
    let front =
        "---\ntitle: A\nroles: [{id: one, title: First}, {id: two, title: Second, extends: one}, {id: three, title: Third, extends: two}]\n---\n";
    let project = Project::new().file("handbook.yml", "shared: [{block: everyone, as: base}]\n");
    let project = project.file("content/_shared/everyone.md", "## Requirements\n- **Title.** Is a {{ role.title }} in {{ family.title }}.\n");
    let project =
        project.file("content/a.md", &format!("{front}## Third\n### Requirements\n- **Title.** Is called *what they like*.\n- **New.** More.\n"));
    let run = project.build();
    run.page("compare/a/two/one/index.html").shows("Nothing changes in the lists: 1 item stays as it is.").shows("Is a Second in A.");
    run.page("compare/a/three/two/index.html").shows("1 item is new, 1 is changed.");
    run.page("a/index.html").shows("Title First Is a First in A. Second Is a Second in A. Third changed Is called what they like.");
    let data = String::from_utf8(run.files()["compare/a.js"].clone()).expect("text");
    assert!(data.contains(r#"["title","Title","Is a Second in A.","Is a {{ role.title }} in {{ family.title }}."]"#), "{data}");
    assert!(data.contains(r#"["title","Title","Is called what they like."]"#), "{data}");
}

#[test]
fn a_role_without_a_grade_stands_in_the_table_of_grades() {
    let run = small().file("content/eng/free.md", &family("Free", "").replace(", grade: 5", "")).build();
    run.page("grades/index.html").shows("Family 5 7 8 No grade").shows("Free Only One").shows("Roles 1 1 1 1");
    let run = Project::new().file("content/free.md", &family("Free", "").replace(", grade: 5", "")).build();
    run.page("grades/index.html").shows("No role has a grade yet.").hides("No grade");
    small().build().page("grades/index.html").hides("No grade");
}

#[test]
fn a_map_of_too_many_families_to_draw_is_a_table_that_leads_to_the_drawn_ones() {
    let families = (1..=16).fold(small(), |project, n| project.file(&format!("content/free-{n}.md"), &family(&format!("Free {n}"), "")));
    let map = families.build().page("map/index.html");
    let map = map
        .lacks("class=\"role\"")
        .shows("too many families here to draw")
        .shows("Senior Backend Engineer Grade 7 One comes from Junior Backend Engineer");
    map.link_to("eng/index.html").link_to("free-1/index.html").link_to("../free-16/one/index.html");
}

#[test]
fn levels_that_only_the_list_puts_beside_each_other_are_compared() {
    let front = "---
title: A
roles:
  - {id: one, title: First, grade: 5}
  - {id: boss, title: Boss, track: management}
  - {id: two, title: Second}
  - {id: old, title: Old, status: deprecated}
  - {id: three, title: Third, grade: 7}
  - {id: peer, title: Peer, grade: 7}
  - {id: four, title: Fourth, grade: 8, next: [five]}
  - {id: aside, title: Aside, grade: 9}
  - {id: five, title: Fifth, grade: 9}
---
";
    let body =
        "## First\n### Requirements\n- **Care.** Takes care.\n\n## Second\n### Requirements\n- **Care.** Takes great care.\n- **More.** Does more.\n";
    let project = Project::new().file("content/a.md", &format!("{front}{body}"));
    let run = project.build();
    run.page("a/one/index.html").shows("Next in this family Second").hides("Before").link_to("../two/index.html");
    run.page("a/two/index.html").shows("Before in this family First Next in this family Third").link_to("../../compare/a/two/one/index.html");
    run.page("a/three/index.html").shows("Before in this family Second").hides("Next in this family");
    // What `next` says goes before: nobody stands beside it.
    run.page("a/four/index.html").shows("Before in this family Peer Next Fifth");
    run.page("a/five/index.html").shows("Before Fourth").hides("in this family");
    for alone in ["boss", "old", "aside"] {
        run.page(&format!("a/{alone}/index.html")).hides("in this family");
    }
    run.page("compare/a/two/one/index.html").shows("1 item is new, 1 is changed.").link_to("../../three/two/index.html");
    run.page("a/index.html").shows("Care First Takes care. Second changed Takes great care.").shows("Second new Does more.");
    // The map and the data tell what is written down.
    run.page("map/a/index.html").shows("Peer Grade 7 Third Grade 7 Second Boss First Grade 5");
    let list = String::from_utf8(run.files()["compare/roles.js"].clone()).expect("text");
    assert!(list.contains(r#"["one","First",[">two"]]"#) && list.contains(r#"["four","Fourth",["/five"]]"#), "{list}");
    holds_together(&run);
}

#[test]
fn only_what_has_another_level_to_look_at_can_be_told_apart() {
    // The only role of a family.
    let run = small().file("content/eng/free.md", &family("Free", "## Requirements\n- **Care.** Takes care.\n")).build();
    run.page("eng/free/one/index.html").hides("New at this level").shows("Takes care. from all of Free");
    run.page("eng/backend/senior/index.html").shows("New at this level");
    // What another level took out is nothing new.
    let removes = BACKEND.replace("Teaches how to write them.", "Teaches how to write them.\n- ~~**Ruby.**~~ Reads all languages.");
    let lead = removes.replace("specialties:", "  - {id: lead, title: Lead, grade: 9, extends: senior}\nspecialties:");
    let run = small().file("content/eng/backend.md", &lead).build();
    run.page("eng/backend/senior/index.html").holds("<p class=\"gone\">Not asked any more</p>");
    run.page("eng/backend/lead/index.html").holds("<p class=\"gone inherited\">Not asked any more</p>");
}

#[test]
fn home_leads_to_families_of_departments_below_departments() {
    let deep = small().file("content/eng/quality/tools/test.md", &family("Test Engineering", ""));
    deep.build().page("index.html").link_to("eng/quality/index.html").link_to("eng/quality/tools/test/index.html");
}

#[test]
fn pages_name_all_departments_at_the_top_unless_they_are_many_and_do_not_grow_with_their_number() {
    let with = |count: usize| (1..count).fold(small(), |project, n| project.file(&format!("content/d{n:03}/f.md"), &family("Family", ""))).build();
    let few = with(16);
    few.page("eng/backend/index.html").link_to("../../d015/index.html").holds("<a href=\"../index.html\" aria-current=\"true\">");
    let many = with(17);
    let page = many.page("eng/backend/index.html").lacks("d016/").holds("<li><a href=\"../../index.html\">Departments</a></li>");
    page.holds("<a href=\"../index.html\" aria-current=\"true\">");
    many.page("index.html").link_to("d016/index.html");
    let size = |run: &Run| run.page("eng/backend/senior/index.html").html.len();
    assert_eq!(size(&many), size(&with(100)));
}

#[test]
fn each_page_names_its_mark_which_a_site_can_replace() {
    let icon = |run: &Run| run.names().into_iter().find(|name| name.starts_with("assets/icon-")).expect("an icon");
    let run = small().build();
    run.page("eng/backend/senior/index.html").holds(&format!("<link rel=\"icon\" href=\"../../../{}\">", icon(&run)));
    let own = small().file("static/icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").build();
    assert_ne!(icon(&run), icon(&own));
}

#[test]
fn drafts_are_in_no_comparison_map_index_or_search() {
    let draft = BACKEND.replace("extends: junior, aliases", "extends: junior, status: draft, aliases");
    let run = Project::new().file("handbook.yml", "title: T\n").file("content/eng/backend.md", &draft).build();
    for name in run.names().into_iter().filter(|name| !name.starts_with("assets/")) {
        let text = String::from_utf8(run.files()[&name].clone()).expect("text");
        assert!(!text.contains("Senior Backend Engineer"), "{name}");
    }
}

#[test]
fn the_assets_carry_a_hash_of_their_content() {
    let assets = |run: &Run| run.names().into_iter().filter(|name| name.starts_with("assets/")).collect::<Vec<_>>();
    let first = small().build();
    let second = small().file("static/style.css", "body { color: red }").build();
    let hash = |name: &String| name.rsplit_once('-').and_then(|(_, end)| end.split_once('.')).map(|(hash, _)| hash.to_owned());
    assert!(assets(&first).iter().all(|name| hash(name).is_some_and(|h| h.len() == 16 && h.chars().all(|c| c.is_ascii_hexdigit()))));
    assert_ne!(assets(&first), assets(&second));
}

#[test]
fn an_empty_site_has_a_home_page() {
    let run = Project::new().file("handbook.yml", "title: Nothing yet\n").build();
    run.page("index.html").shows("Nothing yet");
    holds_together(&run);
}

// How it holds together.

#[test]
fn all_links_of_the_example_are_relative_and_lead_to_a_file_and_an_anchor() {
    let run = Project::example().build();
    assert!(run.names().len() > 150, "only {} files", run.names().len());
    holds_together(&run);
}

#[test]
fn links_hold_in_the_example_without_pages_of_roles_too() {
    let example = || Project::example().edit("handbook.yml", "pages: {roles: true, compositions: true}", "pages: {roles: true, compositions: false}");
    let run = example().build();
    assert!(!run.names().contains("engineering/backend-engineering/senior/geo/index.html"));
    holds_together(&run);
    let anchored = "/engineering/backend-engineering/senior/#responsibilities.mentoring";
    let run = example()
        .edit("handbook.yml", "roles: true", "roles: false")
        .edit("content/people/promotion.md", anchored, "/engineering/backend-engineering/senior/")
        .build();
    assert!(!run.names().contains("engineering/backend-engineering/senior/index.html"));
    holds_together(&run);
}

#[test]
fn every_role_of_the_example_is_shown_as_it_is_exported() {
    let project = Project::example();
    let run = project.build();
    for role in run.names().iter().filter_map(|name| name.strip_prefix("engineering/site-reliability/")?.strip_suffix("/index.html")) {
        let id = match role.split_once('/') {
            Some((role, specialty)) => format!("engineering/site-reliability/{role}+{specialty}"),
            None => format!("engineering/site-reliability/{role}"),
        };
        let page = run.page(&format!("engineering/site-reliability/{role}/index.html"));
        if page.html.contains("http-equiv=\"refresh\"") {
            continue;
        }
        let anchors: BTreeSet<String> = html::attributes(&page.html, &["id"]).into_iter().collect();
        let json = project.run(&format!("show {id} --format json")).succeeds();
        let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
        let sections = json["sections"].as_object().expect("sections");
        for (section, content) in sections {
            for item in content["items"].as_array().into_iter().flatten() {
                let anchor = format!("{section}.{}", item["key"].as_str().expect("a key"));
                assert!(anchors.contains(&anchor), "{id} has no anchor {anchor}");
            }
        }
    }
}

#[test]
fn what_does_not_hold_together_is_noticed() {
    let faults = [
        ("<a href=\"nowhere.html\">x</a>", "there is no such file"),
        ("<a href=\"../index.html#nowhere\">x</a>", "there is no such anchor"),
        ("<a href=\"/index.html\">x</a>", "it is not relative"),
        ("<img src=\"../\">", "it does not end in a file name"),
        ("<p id=\"x\"></p><p id=\"x\"></p>", "the id x twice"),
    ];
    for (html, fault) in faults {
        let run = small().file("templates/department.html", html).build();
        let noticed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| holds_together(&run))).expect_err(html);
        let message = noticed.downcast_ref::<String>().map_or("", String::as_str);
        assert!(message.contains(fault), "{html}: {message}");
    }
}

// The same input gives the same bytes.

#[test]
fn threads_time_zone_and_working_directory_leave_no_trace() {
    let first = Project::example().with("-j1").build().files();
    let again = [
        Project::example().with("-j2"),
        Project::example().with("-j7").env("TZ", "Pacific/Kiritimati").env("LANG", "de_DE.UTF-8").env("LC_ALL", "C"),
        Project::example().elsewhere(),
    ];
    for project in again {
        assert_same(&first, &project.build().files());
    }
}

#[test]
fn a_second_build_changes_nothing() {
    let project = Project::example();
    let first = project.build().files();
    let times = project.times("public");
    let run = project.build();
    assert_same(&first, &run.files());
    assert_eq!(times, project.times("public"));
    run.says("0 removed");
}

// Publishing.

#[test]
fn files_that_did_not_change_keep_their_time_and_pages_of_what_is_gone_go() {
    let project = small().file("content/eng/other.md", &family("Other", "Text."));
    project.build();
    let before = project.times("public");
    let project = project.without("content/eng/other.md").edit("content/eng/backend.md", "Has built one.", "Has built two.");
    let run = project.build().makes_no("eng/other/index.html").makes_no("eng/other/one/index.html");
    let after = project.times("public");
    let same: Vec<&str> = after.iter().filter(|(name, time)| before.get(*name) == Some(time)).map(|(name, _)| name.as_str()).collect();
    assert!(same.contains(&"eng/backend/manager/index.html") && same.contains(&"404.html"), "{same:#?}");
    assert!(!same.contains(&"eng/backend/senior/geo/index.html") && !same.contains(&"eng/index.html"), "{same:#?}");
    run.says("6 removed").page("eng/backend/senior/geo/index.html").shows("Has built two.");
    assert!(!project.has("public/eng/other"), "the empty directory is left");
}

#[test]
fn a_fault_of_the_content_leaves_the_old_output_as_it_was() {
    fails_and_leaves_all(|project| project.edit("content/eng/backend.md", "extends: junior", "extends: junor"), 1);
}

#[test]
fn a_fault_of_the_configuration_leaves_the_old_output_as_it_was() {
    fails_and_leaves_all(|project| project.file("handbook.yml", "titel: Small\n"), 2);
}

#[test]
fn a_template_that_cannot_be_read_leaves_the_old_output_as_it_was() {
    fails_and_leaves_all(|project| project.file("templates/role.html", "{% if %}"), 1);
}

#[test]
fn a_template_that_fails_at_one_page_leaves_the_old_output_as_it_was() {
    let at_one =
        "{% extends \"base.html\" %}{% block main %}{% if page.title == 'Backend Manager' %}{{ nothing.of.this.kind }}{% endif %}{% endblock %}";
    fails_and_leaves_all(|project| project.file("templates/role.html", at_one), 1);
}

#[test]
fn warnings_fail_only_when_they_are_asked_to() {
    let project = small().edit("content/eng/backend.md", "grade: 7", "grade: 4");
    project.build().says("1 warning");
    let before = project.times("public");
    project.run("build --strict").ends_with(1);
    assert_eq!(before, project.times("public"));
}

fn fails_and_leaves_all(break_it: impl Fn(Project) -> Project, code: i32) {
    let project = small();
    let files = project.build().files();
    let times = project.times("public");
    let project = break_it(project);
    project.run("build").ends_with(code);
    assert_same(&files, &project.files("public"));
    assert_eq!(times, project.times("public"));
    let beside: Vec<String> =
        fs::read_dir(project.path("")).expect("the site").map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    assert!(!beside.iter().any(|name| name.contains("handbook-new") || name.contains("handbook-old")), "{beside:?}");
}

#[test]
fn a_directory_that_handbook_did_not_make_is_refused_without_force() {
    let project = small().file("public/precious.txt", "mine");
    project.run("build").ends_with(2).says("--force");
    assert_eq!(project.files("public").len(), 1);
    project.run("build --force").succeeds().makes("index.html").makes_no("precious.txt");
    let project = small().file("public", "a file");
    project.run("build").ends_with(2);
    assert_eq!(fs::read_to_string(project.path("public")).expect("it is there"), "a file");
}

#[test]
fn an_empty_directory_is_taken() {
    let project = small();
    fs::create_dir(project.path("public")).expect("a directory");
    project.build();
}

#[test]
fn the_source_tree_is_never_replaced() {
    let project = small().file("templates/page.html", "x").file("static/a.txt", "x");
    let before = project.files("");
    for output in [".", "..", "content", "content/eng", "content/new", "templates", "static", "static/deep/er", "content/../content", "handbook.yml"]
    {
        project.run(&format!("build --force -o {output}")).ends_with(2);
        assert_same(&before, &project.files(""));
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_the_sources_is_refused_like_the_sources() {
    let project = small();
    std::os::unix::fs::symlink(project.path("content"), project.path("public")).expect("a symbolic link");
    let before = project.files("content");
    project.run("build --force").ends_with(2);
    assert_same(&before, &project.files("content"));
}

#[test]
fn the_output_may_lie_anywhere_else() {
    let project = small();
    project.run("build -o out/a/b").succeeds();
    assert!(project.has("out/a/b/index.html") && !project.has("public"));
}

#[test]
fn what_was_killed_half_way_is_no_hindrance() {
    let project = small().file(".public.handbook-new/half.html", "half").file(".public.handbook-old/old.html", "old");
    project.build().makes_no("half.html").makes_no("old.html");
    assert!(!project.has(".public.handbook-new") && !project.has(".public.handbook-old"));
}

// Themes.

#[test]
fn templates_and_static_files_replace_the_built_in_ones_one_by_one() {
    let page = "{% extends \"base.html\" %}{% block main %}<h1>Own: {{ page.title }}</h1>{% endblock main %}";
    let project = small()
        // Its own role page has no anchors to which the index of items could lead.
        .file("handbook.yml", "title: Small Handbook\npages: {requirements: false}\n")
        .file("templates/role.html", page)
        .file("static/style.css", "/* own style */")
        .file("static/robots.txt", "User-agent: nobody\n")
        .file("static/fonts/a.woff2", "font");
    let run = project.build().makes("fonts/a.woff2");
    run.page("eng/backend/senior/index.html").shows("Own: Senior Backend Engineer").hides("Can read it.").shows("Small Handbook");
    run.page("eng/backend/index.html").shows("What backend engineers do.").hides("Own:");
    let files = run.files();
    let styles: Vec<&String> = files.keys().filter(|name| name.ends_with(".css")).collect();
    assert_eq!(styles.len(), 1, "{styles:?}");
    assert_eq!(files[styles[0]], b"/* own style */");
    assert_eq!(files["robots.txt"], b"User-agent: nobody\n");
    holds_together(&run);
}

#[test]
fn a_fault_in_a_template_is_told_with_file_and_line() {
    let project = small().file("templates/page.html", "{% extends \"base.html\" %}\n{% block main %}\n{% if %}\n{% endblock %}");
    project.run("build").ends_with(1).says("error[template-fault]").says("templates/page.html:3:");
    let project = small().file("templates/role.html", "<p>\n{{ nothing.of.this.kind }}</p>");
    project.run("build").ends_with(1).says("error[template-fault]").says("templates/role.html:2:");
}

#[test]
fn keys_of_the_author_reach_templates_and_are_escaped_there() {
    let template = "{% extends \"base.html\" %}{% block main %}<h1>{{ page.title }}</h1><p>{{ extra[\"x-channel\"] }}</p>{% endblock main %}";
    let project = small().edit("content/eng/backend.md", "aliases: [/", "x-channel: \"<script>alert(1)</script> {{ site.title }}\"\naliases: [/");
    let run = project.file("templates/family.html", template).build();
    run.page("eng/backend/index.html").shows("<script>alert(1)</script> {{ site.title }}");
    no_code_in(&run);
}

// Content is no code.

#[test]
fn template_syntax_in_content_is_plain_text() {
    let text = family(
        "Braces",
        "The {{ site.title }}, {% for x in y %}, {# no comment #} and {{ <link to={x}/> }}.\n\n## Requirements\n- **Say {{ role.title }}.** And `{% raw %}`.",
    );
    let project = small().file("content/eng/braces.md", &text.replace("title: Only One", "title: \"{{ 7 * 6 }}\""));
    let run = project.build();
    run.page("eng/braces/index.html").shows("The {{ site.title }}, {% for x in y %}, {# no comment #} and").shows("{{ 7 * 6 }}");
    run.page("eng/braces/one/index.html").shows("Say {{ role.title }}").shows("{% raw %}").hides("42");
}

#[test]
fn code_in_content_never_reaches_a_page() {
    let attacks = [
        "<script>alert(1)</script>",
        "<ScRiPt src=//evil.example/x.js></sCrIpT>",
        "<img src=https://images.example/x.png onerror=alert(1)>",
        "<svg onload=alert(1)><a xlink:href=\"javascript:alert(1)\">x</a></svg>",
        "<a href=\"java&#115;cript:alert(1)\">x</a>",
        "<a href=\" &#1; javascript:alert(1)\">x</a>",
        "<div style=\"background:url(javascript:alert(1))\" onclick=\"alert(1)\">x</div>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<form action=\"javascript:alert(1)\"><button formaction=\"javascript:alert(1)\">x</button></form>",
        "<meta http-equiv=\"refresh\" content=\"0;url=javascript:alert(1)\">",
        "<base href=\"https://evil.example/\">",
        "<style>@import url(//evil.example/x.css)</style>",
        "<math><mtext><script>alert(1)</script></mtext></math>",
        "<noscript><p title=\"</noscript><img src=https://example.org/x onerror=alert(1)>\"></noscript>",
        "<!-- --!><img src=https://example.org/x onerror=alert(1)> -->",
        "<details ontoggle=alert(1) open>x</details>",
    ];
    for attack in attacks {
        let body = format!(
            "Before {attack} after.\n\n{attack}\n\n## Requirements\n- **Label {attack}.** Text {attack}\n- {attack}\n\n## Heading {attack}\n\n| a |\n|---|\n| {attack} |\n"
        );
        let quoted = format!("'{}'", attack.replace('\'', "''"));
        let text = family(&quoted, &body).replace("title: Only One", &format!("title: {quoted}, level: {quoted}"));
        let text = text.replace("roles:", &format!("description: {quoted}\nowner: {quoted}\nroles:"));
        let config =
            format!("title: {quoted}\ndepartments: {{eng: {{title: {quoted}}}}}\ntracks: [{{id: ic, title: {quoted}}}, {{id: m, title: M}}]\n");
        let block = format!("---\ntitle: {quoted}\n---\nShared {attack} {{{{ role.title }}}} {{{{ words }}}}\n\n- {{{{ family.title }}}}\n");
        let project = Project::new()
            .file("handbook.yml", &format!("{config}shared: [{{block: all, with: {{words: {quoted}}}}}]\n"))
            .file("content/eng/family.md", &text)
            .file("content/_shared/all.md", &block)
            .file("content/index.md", attack);
        let run = project.run("build");
        if run.stderr.contains("error[link-unsafe]") {
            run.ends_with(1);
            continue;
        }
        no_code_in(&run.succeeds());
    }
}

#[test]
fn links_with_a_scheme_that_runs_code_never_reach_a_page() {
    let links = [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript&colon;alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](vbscript:msgbox(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "[x](&#1;javascript:alert(1))",
    ];
    for link in links {
        for text in [family("F", link), family("F", &format!("## Requirements\n- **Label.** Text {link}"))] {
            let run = Project::new().file("content/eng/family.md", &text).run("build");
            if run.stderr.contains("error[") {
                run.ends_with(1);
                continue;
            }
            no_code_in(&run.succeeds());
        }
    }
}

/// No page has a script but the theme's and data that is JSON, an attribute that runs code, or a link that does.
fn no_code_in(run: &Run) {
    for page in run.pages() {
        for data in page.html.split("<script type=\"application/ld+json\">").skip(1) {
            let (json, _) = data.split_once("</script>").expect("a script ends");
            assert!(!json.contains(['<', '>', '&']), "markup in {json}");
            serde_json::from_str::<serde_json::Value>(json).expect("data is JSON");
        }
        for tag in html::tags(&page.html) {
            let value = |name: &str| tag.attributes.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
            let own = ["assets/early-", "assets/script-", "assets/compare-"];
            let is_theme = own.iter().any(|own| value("src").contains(own)) && !value("src").contains("//");
            let is_data = value("type") == "application/ld+json" && value("src").is_empty();
            assert!(tag.name != "script" || is_theme || is_data, "a script in:\n{}", page.html);
            let is_redirect = tag.name == "meta" && value("http-equiv") == "refresh" && !value("content").contains("javascript");
            assert!(value("http-equiv").is_empty() || is_redirect, "a <meta http-equiv> in:\n{}", page.html);
            for banned in ["iframe", "object", "embed", "form", "base", "style", "svg", "math"] {
                // The career map is a drawing of the program's own.
                let is_map = banned == "svg" && page.html.contains("<svg class=\"career\"");
                // So is the choice of roles to compare; it leads to its own page.
                let is_choice = banned == "form" && page.html.contains("id=\"_compare\"") && value("action").is_empty();
                assert!(tag.name != banned || is_map || is_choice, "<{banned}> in:\n{}", page.html);
            }
            runs_nothing(&tag, &page.html);
        }
    }
    for (name, bytes) in run.files().iter().filter(|(name, _)| name.ends_with(".md") || *name == "llms.txt") {
        let text = String::from_utf8_lossy(bytes);
        let mut shown = String::new();
        pulldown_cmark::html::push_html(&mut shown, pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::all()));
        for tag in html::tags(&shown) {
            let banned = ["script", "iframe", "object", "embed", "form", "base", "style", "svg", "math", "meta"];
            assert!(!banned.contains(&tag.name.as_str()), "<{}> in {name}:\n{text}", tag.name);
            runs_nothing(&tag, &text);
        }
    }
}

/// No attribute of a tag runs code, or leads to some.
fn runs_nothing(tag: &html::Tag, text: &str) {
    for (name, value) in &tag.attributes {
        assert!(!name.starts_with("on") && name != "style" && name != "srcdoc" && name != "formaction", "{name} in:\n{text}");
        let scheme: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_lowercase();
        let is_link = ["href", "src", "xlink:href", "action"].contains(&name.as_str());
        let runs = ["javascript:", "vbscript:", "data:"].iter().any(|s| scheme.starts_with(s));
        assert!(!(is_link && runs), "{name}={value} in:\n{text}");
    }
}

#[test]
fn a_link_at_the_foot_leads_to_its_page_from_that_page_and_from_its_neighbours() {
    let run = Project::new()
        .file("handbook.yml", "footer: [{title: How we hire, url: /eng/hiring/}]\n")
        .file("content/eng/hiring.md", "---\ntitle: How we hire\n---\nIn steps.\n")
        .file("content/eng/values.md", "---\ntitle: Values\n---\nFive.\n")
        .file("content/eng/backend.md", &family("Backend", "Text."))
        .build();
    for page in ["eng/values/index.html", "eng/hiring/index.html", "eng/backend/index.html"] {
        let page = run.page(page);
        assert!(page.html.contains("<a href=\"../hiring/index.html\">How we hire</a>"), "{}", page.html);
    }
    holds_together(&run);
}

// Addresses.

#[test]
fn without_a_base_url_there_is_no_sitemap_and_no_canonical_address() {
    let run = small().build().makes_no("sitemap.xml");
    run.page("eng/backend/index.html").lacks("canonical");
    run.page("404.html").link_to("/index.html");
    assert!(!String::from_utf8_lossy(&run.files()["robots.txt"]).contains("Sitemap"));
}

#[test]
fn the_base_url_stands_in_sitemap_canonical_addresses_robots_and_the_404_page() {
    for base in ["https://example.org/group/handbook", "https://example.org/group/handbook/"] {
        let run = small().with(&format!("--base-url {base}")).build();
        let files = run.files();
        let text = |name: &str| String::from_utf8_lossy(&files[name]).into_owned();
        let addresses: Vec<&str> = files_in_sitemap(&files).collect();
        assert!(addresses.contains(&"https://example.org/group/handbook/eng/backend/senior/"), "{addresses:#?}");
        assert!(addresses.contains(&"https://example.org/group/handbook/"), "{addresses:#?}");
        assert!(!addresses.iter().any(|a| a.contains("404") || a.contains("/sr/") || a.contains("/roles/")), "{addresses:#?}");
        assert!(text("robots.txt").contains("Sitemap: https://example.org/group/handbook/sitemap.xml"));
        run.page("eng/backend/senior/index.html").link_to("https://example.org/group/handbook/eng/backend/senior/");
        run.page("404.html").link_to("/group/handbook/index.html").lacks("canonical");
        let rooted = html::attributes(&run.page("404.html").html, &["href", "src"]);
        assert!(rooted.iter().all(|a| a.starts_with("/group/handbook/") || a.starts_with('#')), "{rooted:#?}");
        run.page("eng/backend/sr/index.html").link_to("https://example.org/group/handbook/eng/backend/senior/");
    }
}

#[test]
fn the_404_page_leads_from_the_root_to_all_departments_where_they_are_many() {
    let many = (0..20).fold(small(), |project, n| project.file(&format!("content/d{n}/f.md"), &family("Family", "")));
    let page = many.run("build -u https://example.org/group/").succeeds().page("404.html");
    let rooted = html::attributes(&page.html, &["href", "src"]);
    assert!(rooted.iter().all(|a| a.starts_with("/group/") || a.starts_with('#')), "{rooted:#?}");
}

fn files_in_sitemap(files: &Files) -> impl Iterator<Item = &str> {
    let xml = std::str::from_utf8(&files["sitemap.xml"]).expect("UTF-8");
    xml.split("<loc>").skip(1).map(|rest| rest.split_once("</loc>").expect("an end").0)
}

#[test]
fn the_flag_wins_over_the_configuration_and_that_over_ci_pages_url() {
    let robots = |project: Project| String::from_utf8(project.build().files()["robots.txt"].clone()).expect("UTF-8");
    let of_pipeline = || small().env("CI_PAGES_URL", "https://pages.example/p");
    let configured = || of_pipeline().file("handbook.yml", "title: T\nbase_url: https://config.example\n");
    assert!(robots(of_pipeline()).contains("https://pages.example/p/sitemap.xml"));
    assert!(robots(configured()).contains("https://config.example/sitemap.xml"));
    assert!(robots(configured().with("-u https://flag.example/x/")).contains("https://flag.example/x/sitemap.xml"));
    assert!(!robots(small().env("CI_PAGES_URL", "")).contains("Sitemap"));
}

#[test]
fn an_address_with_other_letters_is_written_as_addresses_are() {
    let files = small().run("build -u HTTPS://example.org/über").succeeds().files();
    let sitemap = String::from_utf8_lossy(&files["sitemap.xml"]).into_owned();
    assert!(sitemap.contains("<loc>https://example.org/%C3%BCber/eng/backend/</loc>"), "{sitemap}");
}

#[test]
fn a_base_url_that_is_none_is_refused() {
    small().run("build -u example.org").ends_with(2).says("example.org");
}

#[test]
fn old_addresses_lead_to_the_new_ones() {
    let run = small().build();
    run.page("roles/backend/index.html").link_to("../../eng/backend/index.html").holds("url=../../eng/backend/index.html");
    run.page("eng/backend/sr/index.html").link_to("../senior/index.html").holds("url=../senior/index.html");
    run.page("eng/backend/sr/geo/index.html").link_to("../../senior/geo/index.html");
    assert!(!run.names().contains("eng/backend/manager/geo/index.html"));
    let run = small().file("handbook.yml", "title: T\npages: {roles: false}\n").build();
    run.page("eng/backend/sr/index.html").link_to("../index.html#senior");
    holds_together(&run);
}

#[test]
fn drafts_are_shown_only_with_drafts() {
    let project = small().edit("content/eng/backend.md", "grade: 7, extends", "grade: 7, status: draft, extends").file(
        "content/eng/other.md",
        "---\ntitle: Other\nroles:\n  - {id: two, title: Second, grade: 8, extends: backend/senior, reports_to: backend/senior}\n---\nSee.\n",
    );
    let run = project.build().makes_no("eng/backend/senior/index.html").makes_no("eng/backend/senior/geo/index.html");
    run.pages().into_iter().for_each(|page| drop(page.lacks("Senior Backend Engineer</a>").lacks("senior/index.html")));
    run.page("eng/other/two/index.html").shows("Can read it.").shows("Teaches how to write them.");
    holds_together(&run);
    let run = project.run("build --drafts").succeeds();
    run.page("eng/backend/senior/index.html").shows("Senior Backend Engineer");
    holds_together(&run);
}

#[test]
fn compositions_can_be_left_out() {
    let project = small().file("handbook.yml", "title: T\npages: {compositions: false}\n");
    let run = project.build().makes("eng/backend/senior/index.html").makes_no("eng/backend/senior/geo/index.html");
    run.page("eng/backend/index.html").shows("Has built one.");
    holds_together(&run);
}

#[test]
fn without_pages_of_roles_links_lead_to_the_levels_on_the_family_page() {
    let project = small()
        .file("handbook.yml", "title: T\npages: {roles: false}\n")
        .file("content/a.md", "---\ntitle: A\n---\n[s](eng/backend.md#senior), [t](/eng/backend/senior/)\n");
    let run = project.build().makes_no("eng/backend/senior/index.html").makes_no("eng/backend/senior/geo/index.html");
    run.page("a/index.html").link_to("../eng/backend/index.html#senior");
    run.page("grades/index.html").link_to("../eng/backend/index.html#senior");
    holds_together(&run);
}

#[test]
fn two_outputs_at_one_address_are_an_error_that_names_both() {
    let page = "---\ntitle: P\n---\n";
    let twice = [
        small().file("content/eng/Backend.md", page),
        small().file("content/eng/backend/senior/geo.md", page),
        small().file("static/eng/backend/index.html", "static"),
        small().file("content/grades.md", page),
        small().file("content/eng/a.md", "---\ntitle: A\naliases: [/ENG/backend/]\n---\n"),
        small().file("content/eng/Gro\u{308}sse.md", page).file("content/eng/gr\u{f6}sse.md", page),
        small().file("content/a b.md", page).file("content/a-b.md", page),
        small().file("static/robots/a.txt", "x").file("content/robots/A.txt", "x"),
    ];
    for project in twice {
        project.run("build").ends_with(1).says("error[address-taken]");
        assert!(!project.has("public"));
    }
}

#[test]
fn a_file_and_a_directory_of_one_name_are_an_error_and_no_failure_of_the_machine() {
    let taken = [
        small().file("static/eng", "a file where a directory is to be"),
        small().file("static/assets", "a file where a directory is to be"),
        small().file("static/eng/backend/senior", "a file where a directory is to be"),
        small().file("content/a.md", "---\ntitle: A\naliases: [/eng/backend.html, /eng/backend.html/x/]\n---\n"),
    ];
    for project in taken {
        project.run("build").ends_with(1).says("error[address-taken]");
    }
}

#[test]
fn names_of_any_script_have_pages_and_links() {
    let project = small()
        .file(
            "content/Größe/Ärzte & Köche.md",
            &family("Ärzte und Köche", "Siehe [oben](#oben), [日本](../日本/技術.md) und [Größe](/größe/).\n\n## Oben\n"),
        )
        .file("content/日本/技術.md", &family("技術", "## Requirements\n- **言語。** 日本語を話す。\n- **Ключ.** Значение.\n"))
        .file("content/日本/図 1.png", "image")
        .file("content/日本/頁.md", "---\ntitle: 頁\n---\n![図](<図 1.png>)\n")
        .with("-u https://example.org/h/");
    let run = project.build().makes("größe/ärzte---köche/index.html").makes("日本/技術/one/index.html");
    run.page("日本/技術/one/index.html").shows("日本語を話す。").shows("Значение.");
    let files = run.files();
    assert!(files_in_sitemap(&files).all(|address| address.is_ascii()), "addresses are percent-encoded");
    holds_together(&run);
}

#[test]
fn titles_with_marks_of_html_are_shown_as_written() {
    let text = family("\"R&D <b>bold</b> \\\"quoted\\\"\"", "Text.").replace("Only One", "\"C++ & <i>C#</i>\"");
    let run = small().file("content/eng/rd.md", &text).with("-u https://example.org/a&b/").run("build").succeeds();
    run.page("eng/rd/index.html").shows("R&D <b>bold</b> \"quoted\"").shows("C++ & <i>C#</i>");
    run.page("eng/rd/one/index.html").shows("C++ & <i>C#</i>");
}

// Shared blocks.

#[test]
fn shared_blocks_stand_on_the_pages_that_their_conditions_name_with_their_values() {
    let config = "title: T
departments: {eng: {title: Engineers}}
shared:
  - {block: all, as: base}
  - {block: pay, unless: {department: sales}, with: {currency: USD}}
  - {block: pay, when: {department: sales}, with: {currency: EUR}}
  - {block: high, when: {grade: '>=7', track: ic}, at: before-levels}
  - {block: geo, when: {specialty: geo}}
";
    let project = small()
        .file("handbook.yml", config)
        .file("content/_shared/all.md", "## Requirements\n- **Kindness.** To all at {{ site.title }}.\n")
        .file(
            "content/_shared/pay.md",
            "---\ntitle: Pay\n---\n{{ role.title }} in {{ family.title }} of {{ department.title }} is paid in {{ currency }}.\n",
        )
        .file("content/_shared/high.md", "Words for the high.\n")
        .file("content/_shared/geo.md", "Words for {{ role.title }} in Geo.\n")
        .file("content/sales/seller.md", &family("Selling", "Text."));
    let run = project.build();
    let pay = "Senior Backend Engineer in Backend Engineering of Engineers is paid in USD.";
    run.page("eng/backend/senior/index.html").shows(pay).shows("Words for the high.").shows("To all at T.").hides("in Geo.");
    run.page("eng/backend/junior/index.html").hides("Words for the high.").hides("EUR");
    run.page("eng/backend/manager/index.html").hides("Words for the high.").shows("To all at T.");
    run.page("eng/backend/senior/geo/index.html").shows("in Geo.").shows("To all at T.");
    run.page("sales/seller/one/index.html").shows("Only One in Selling of Sales is paid in EUR.").hides("USD");
    holds_together(&run);
}

// Size.

#[test]
fn a_chain_of_ten_thousand_roles_is_shown_and_its_build_meets_a_named_limit() {
    let mut text = String::from("---\ntitle: Long\nroles:\n  - {id: r1, title: R1, grade: 5, requirements: [\"**First.** Here.\"]}\n");
    (2..=10_000).for_each(|n| text.push_str(&format!("  - {{id: r{n}, title: R{n}, grade: 5, extends: r{}}}\n", n - 1)));
    text.push_str("---\n");
    let project = Project::new().file("content/eng/long.md", &text);
    project.run("show eng/long/r10000").succeeds().says("Here.");
    for verb in ["build", "check"] {
        project.run(verb).ends_with(1).says("error[too-large]").says("10000 roles").says("500");
    }
    assert!(!project.has("public"));
}

#[test]
fn a_chain_through_two_thousand_families_is_built() {
    let mut project = Project::new().file("content/eng/f1.md", &family("F1", "## Requirements\n- **First.** Here."));
    for n in 2..=2_000 {
        let text = format!("---\ntitle: F{n}\nroles:\n  - {{id: one, title: One, grade: 5, extends: f{}/one}}\n---\n", n - 1);
        project = project.file(&format!("content/eng/f{n}.md"), &text);
    }
    project.run("show f2000/one").succeeds().says("Here.");
    project.build().page("eng/f2000/one/index.html").shows("Here.");
}

#[test]
fn a_role_with_too_many_items_meets_a_named_limit_and_is_shown() {
    let items: String = (1..=2_001).map(|n| format!("- Item {n}\n")).collect();
    let project = Project::new().file("content/eng/many.md", &family("Many", &format!("## Requirements\n{items}")));
    project.run("show many/one").succeeds().says("Item 2001");
    project.run("build").ends_with(1).says("error[too-large]").says("2001 items").says("2000");
}

// What all built sites must hold to.

/// Every link is relative, ends in a file name and leads to a file and an anchor of the output; every id is there once.
#[track_caller]
fn holds_together(run: &Run) {
    let files = run.files();
    let anchors: BTreeMap<&str, BTreeSet<String>> = files
        .iter()
        .filter(|(name, _)| name.ends_with(".html"))
        .map(|(name, bytes)| (name.as_str(), anchors(std::str::from_utf8(bytes).expect("pages are UTF-8"))))
        .collect();
    let mut faults = Vec::new();
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        let page = std::str::from_utf8(bytes).expect("pages are UTF-8");
        let mut seen = BTreeSet::new();
        let ids = html::attributes(page, &["id"]);
        faults.extend(ids.iter().filter(|id| !seen.insert(*id)).map(|id| format!("{name}: the id {id} twice")));
        let own = |tag: &html::Tag| !(tag.name == "link" && tag.attributes.iter().any(|(n, v)| n == "rel" && v == "canonical"));
        let links = html::tags(page).into_iter().filter(own).flat_map(|tag| tag.attributes);
        let links = links.filter(|(attribute, _)| attribute == "href" || attribute == "src").map(|(_, value)| value);
        faults.extend(links.filter_map(|link| fault_of(name, &link, &files, &anchors).map(|fault| format!("{name}: {link}: {fault}"))));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults[..faults.len().min(30)].join("\n"));
}

fn anchors(page: &str) -> BTreeSet<String> {
    html::attributes(page, &["id", "name"]).into_iter().collect()
}

fn fault_of(page: &str, link: &str, files: &Files, anchors: &BTreeMap<&str, BTreeSet<String>>) -> Option<&'static str> {
    let has_scheme = link.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '#', '?', '.']));
    if has_scheme {
        return None;
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    // What follows `?` is for the script of the page.
    let path = path.split('?').next().unwrap_or(path);
    let (path, anchor) = (decoded(path), anchor.map(decoded));
    let target = match path.strip_prefix('/') {
        Some(rooted) if page == "404.html" => rooted.split_once("group/handbook/").map_or(rooted, |(_, rest)| rest).to_owned(),
        Some(_) => return Some("it is not relative"),
        None if path.is_empty() => page.to_owned(),
        None => joined(page, &path),
    };
    let last = target.rsplit('/').next().unwrap_or_default();
    if !last.contains('.') {
        return Some("it does not end in a file name");
    }
    // The base URL's path stands before the links of the 404 page.
    let is_there = files.contains_key(&target) || (page == "404.html" && files.keys().any(|f| target.ends_with(&format!("/{f}"))));
    if !is_there {
        return Some("there is no such file");
    }
    let known = anchors.get(target.as_str());
    let missing = anchor.is_some_and(|anchor| known.is_none_or(|known| !known.contains(&anchor)));
    missing.then_some("there is no such anchor")
}

/// A path as seen from a page.
fn joined(page: &str, path: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{page}: {path} leads out of the site"),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().expect("UTF-8 behind the percent signs").into_owned()
}

/// Both have the same files with the same bytes.
#[track_caller]
fn assert_same(one: &Files, other: &Files) {
    let differ = |name: &&String| one.get(*name) != other.get(*name);
    let names: Vec<&String> = one.keys().chain(other.keys()).filter(differ).collect();
    assert!(names.is_empty(), "these files differ: {names:#?}");
}
