//! Laws that hold for every handbook, tried on a few hundred random ones: two ways to resolve a role agree, neither file
//! names nor surfaces matter, and no garbage makes the program panic or point at nothing.

mod project;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex};

use handbook::diagnostic::{Diagnostic, Lines};
use handbook::diff::compare::{Side, compare};
use handbook::diff::effect::{Change, Kind, RoleChange};
use handbook::export;
use handbook::exports;
use handbook::model::Handbook;
use handbook::render::theme::Theme;
use handbook::render::{Artifact, Site};
use handbook::report::{self, Format};
use handbook::resolve::{compose, resolve, resolve_one};
use handbook::snapshot::{Snapshot, relate, relate_beside};
use handbook::source::{SourceTree, from_bytes};
use serde_json::Value;

use project::Project;

#[test]
fn a_role_folded_onto_its_parent_equals_the_role_folded_from_the_ground() {
    for_seeds(600, |seed| {
        let handbook = relate(&tree(&World::random(seed).files(Surface::Yaml, &[])));
        let resolution = resolve(&handbook);
        for (role, effective) in resolution.roles.iter().enumerate().filter(|(_, e)| !e.incomplete && !e.skipped) {
            let (alone, findings) = resolve_one(&handbook, role);
            let id = handbook.role_id(role);
            assert_eq!(lines(&shown(&handbook, role, effective)), lines(&shown(&handbook, role, &alone)), "{id}");
            assert_eq!((&effective.sections, &effective.prose), (&alone.sections, &alone.prose), "{id}");
            assert!(findings.iter().all(|f| f.code != "ambiguous-inheritance"), "{id} is ambiguous alone only: {findings:#?}");
        }
    });
}

#[test]
fn the_names_and_the_order_of_files_do_not_matter() {
    for_seeds(300, |seed| {
        let world = World::random(seed);
        let names: Vec<usize> = (0..world.families.len()).rev().collect();
        let (one, other) = (world.files(Surface::Yaml, &[]), world.files(Surface::Yaml, &names));
        let (one, other) = (roles_by_title(&one), roles_by_title(&other));
        for (title, role) in &one {
            assert_eq!(lines(role), other.get(title).map(lines).unwrap_or_default(), "{title}");
        }
        assert_eq!(one, other);
    });
}

#[test]
fn the_order_in_which_files_were_written_does_not_matter() {
    for_seeds(20, |seed| {
        let files = World::random(seed).files(Surface::Body, &[]);
        let written = |files: &mut dyn Iterator<Item = &(String, String)>| {
            files.fold(Project::new(), |project, (name, text)| project.file(name, text)).run("export").stdout
        };
        assert_eq!(written(&mut files.iter()), written(&mut files.iter().rev()));
    });
}

#[test]
fn a_family_that_nobody_knows_changes_no_page_but_those_that_list_it() {
    let compared = Cell::new(0);
    for_seeds(240, |seed| {
        let world = World::random(seed);
        let department = world.families[0].department;
        let files = world.files(Surface::Yaml, &[]);
        let Some(before) = published(&tree(&files)) else { return };
        let mut with = files;
        // First or last among the families of its department.
        let name = if seed % 2 == 0 { "a-stranger" } else { "z-stranger" };
        let roles = "[{id: one, title: Stranger one, grade: 5, requirements: ['**Strange.** Comes from afar.']}, {id: two, title: Stranger two, grade: 6, extends: one}]";
        with.push((format!("content/{department}/{name}.md"), format!("---\ntitle: Stranger\nroles: {roles}\n---\nStrange words.\n")));
        let after = published(&tree(&with)).expect("it adds no error");
        let differs = |(file, bytes): &(&String, &Vec<u8>)| after.get(*file) != Some(bytes);
        for (file, _) in before.iter().filter(differs) {
            let text = String::from_utf8_lossy(&after[file]).to_lowercase();
            assert!(text.contains("stranger"), "{file} changed, and does not list the new family");
            assert!(!file.starts_with(&format!("{department}/f")), "{file} changed, and is no list");
        }
        compared.set(compared.get() + 1);
    });
    assert!(compared.get() > 15, "only {} sites were compared", compared.get());
}

#[test]
fn lists_in_the_body_mean_what_lists_in_front_matter_mean() {
    for_seeds(400, |seed| {
        let world = World::random(seed);
        let (yaml, body) = (world.files(Surface::Yaml, &[]), world.files(Surface::Body, &[]));
        assert_eq!(roles_by_title(&yaml), roles_by_title(&body));
        assert_eq!(told(&yaml), told(&body));
    });
}

#[test]
fn a_specialty_changes_only_what_it_writes() {
    for_seeds(200, |seed| {
        let handbook = relate(&tree(&World::random(seed).files(Surface::Yaml, &[])));
        if handbook.config.shared.iter().any(|entry| entry.names_specialties()) {
            return;
        }
        let resolution = resolve(&handbook);
        for (family, specialty) in (0..handbook.families.len()).flat_map(|f| (0..handbook.families[f].specialties.len()).map(move |s| (f, s))) {
            for role in handbook.families[family].specialties[specialty].roles.iter().filter(|r| !resolution.roles[**r].incomplete) {
                let composed = compose(&handbook, *role, &resolution.roles[*role], specialty);
                let front = handbook.front(family);
                let node = &handbook.document_of(family).nodes[front.specialty_node(specialty)];
                for section in &resolution.roles[*role].sections {
                    let is_written = node.sections.iter().any(|s| s.section == section.section);
                    let items = |e: &handbook::resolve::EffectiveSection| e.items.iter().map(|i| i.item).collect::<Vec<_>>();
                    let now = composed.section(section.section).map(|s| items(s)).unwrap_or_default();
                    assert!(is_written || now == items(section), "{}", handbook.role_id(*role));
                }
            }
        }
    });
}

#[test]
fn a_diff_lists_exactly_the_roles_that_read_otherwise() {
    let changed = std::cell::Cell::new(0);
    for_seeds(150, |seed| {
        let mut random = Random(seed.wrapping_mul(104_729));
        let surface = if random.one_in(2) { Surface::Yaml } else { Surface::Body };
        let before = World::random(seed).files(surface, &[]);
        let mut after = before.clone();
        for _ in 0..random.below(3) + 1 {
            edit(&mut after, &mut random);
        }
        changed.set(changed.get() + diff_is_exact(&tree(&before), &tree(&after)));
    });
    assert!(changed.get() > 120 || std::env::var_os("SEED").is_some(), "only {} roles changed in all", changed.get());
}

#[test]
fn a_diff_of_the_two_surfaces_proves_that_nothing_changes() {
    for_seeds(100, |seed| {
        let world = World::random(seed);
        let (yaml, body) = (tree(&world.files(Surface::Yaml, &[])), tree(&world.files(Surface::Body, &[])));
        assert_eq!(diff_is_exact(&yaml, &body), 0);
    });
}

#[test]
fn garbage_never_panics_and_every_finding_has_a_place() {
    for_seeds(1_200, |seed| {
        let mut random = Random(seed);
        let surface = if random.one_in(2) { Surface::Yaml } else { Surface::Body };
        let mut files = bytes(World::random(seed).files(surface, &[]));
        for _ in 0..random.below(4) + 1 {
            let at = random.below(files.len());
            spoil(&mut files[at].1, &mut random);
        }
        holds_at(&tree_of_bytes(&files));
    });
}

#[test]
fn garbage_in_the_example_never_panics_and_every_finding_has_a_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Project::example();
    let texts: Vec<(String, Vec<u8>)> = project.files("content").into_iter().filter(|(name, _)| name.ends_with(".md")).collect();
    let config = std::fs::read(root.join("handbook.yml")).expect("the example's configuration");
    for_seeds(400, |seed| {
        let mut random = Random(seed);
        let (name, text) = &texts[random.below(texts.len())];
        let mut files = vec![("handbook.yml".to_owned(), config.clone()), (format!("content/{name}"), text.clone())];
        let at = usize::from(!random.one_in(4));
        for _ in 0..random.below(6) + 1 {
            spoil(&mut files[at].1, &mut random);
        }
        holds_at(&tree_of_bytes(&files));
    });
}

/// Tries a law on many seeds; the last failure to be told is that of the smallest handbook. `SEED=n` tries that one only.
fn for_seeds(count: u64, law: impl Fn(u64)) {
    let files = |seed| World::random(seed).files(Surface::Yaml, &[]);
    if let Some(seed) = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()) {
        files(seed).iter().for_each(|(name, text)| eprintln!("== {name}\n{text}"));
        return law(seed);
    }
    let fails = |seed: &u64| catch_unwind(AssertUnwindSafe(|| law(*seed))).is_err();
    let failing = (1..=count).filter(fails).take(20);
    if let Some(seed) = failing.min_by_key(|seed| files(*seed).iter().map(|(_, text)| text.len()).sum::<usize>()) {
        eprintln!("\nthe law does not hold for SEED={seed}");
        law(seed);
    }
}

// What is compared.

/// All files of the site that a tree makes; none where it has errors.
fn published(tree: &SourceTree) -> Option<BTreeMap<String, Vec<u8>>> {
    let snapshot = Snapshot::build(tree.clone(), false);
    if snapshot.counts().0 > 0 {
        return None;
    }
    let theme = Theme::of(&snapshot.tree, &snapshot.handbook.config.strings).expect("the theme of the program");
    let site = Site::of(&snapshot, theme, None);
    let files = Mutex::new(BTreeMap::new());
    let take = |artifact: Artifact<'_>| {
        if let Artifact::Made(file, bytes) = artifact {
            files.lock().expect("nobody panics").insert(file.to_owned(), bytes.to_vec());
        }
        Ok(())
    };
    site.render(&take).expect("it renders");
    exports::write(&site, false, &take).expect("it is exported");
    Some(files.into_inner().expect("nobody panics"))
}

/// A role as it is exported, without lines.
fn shown(handbook: &Handbook, role: usize, effective: &handbook::resolve::Effective) -> Value {
    let mut json = serde_json::to_value(export::role(handbook, role, None, effective)).expect("JSON");
    strip(&mut json);
    json
}

/// A role as lines: `section: key text`.
fn lines(role: &Value) -> Vec<String> {
    let sections = role["sections"].as_object().into_iter().flatten();
    let of = |(section, content): (&String, &Value)| {
        let items = content["items"].as_array().into_iter().flatten().map(|i| format!("{section}: {} {} {}", i["key"], i["markdown"], i["status"]));
        let removed = content["removed"].as_array().into_iter().flatten().map(|i| format!("{section}: no {}", i["key"]));
        items.chain(removed).collect::<Vec<_>>()
    };
    sections.flat_map(of).collect()
}

/// Compares both trees with `diff` and by resolving both in full, role by role; gives how many roles changed.
fn diff_is_exact(before: &SourceTree, after: &SourceTree) -> usize {
    let new = relate(after);
    let old = relate_beside(before, Some(&new));
    let (old_roles, new_roles) = (resolve(&old), resolve(&new));
    let (base, head) = (Side { handbook: &old, resolution: &old_roles }, Side { handbook: &new, resolution: &new_roles });
    let diff = compare(base, head, Vec::new(), ("base".to_owned(), "head".to_owned()));
    let (was, is) = (read_in_full(&old, &old_roles), read_in_full(&new, &new_roles));
    let both = is.iter().filter_map(|(id, now)| Some((id, was.get(id)?.as_ref()?, now.as_ref()?)));
    let expected: Vec<&String> = both.filter(|(_, was, is)| was != is).map(|(id, ..)| id).collect();
    let ids = |change: Change| {
        let mut ids: Vec<&String> = diff.roles.iter().filter(|r| r.change == change).map(|r| &r.id).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(Change::Changed), expected);
    assert_eq!(ids(Change::Added), is.keys().filter(|id| !was.contains_key(*id)).collect::<Vec<_>>());
    assert_eq!(ids(Change::Removed), was.keys().filter(|id| !is.contains_key(*id)).collect::<Vec<_>>());
    for role in diff.roles.iter().filter(|r| r.change == Change::Changed) {
        items_lead_from_one_to_the_other(role, was[&role.id].as_ref().expect("it resolves"), is[&role.id].as_ref().expect("it resolves"));
        assert!(role.through.iter().all(|node| *node != role.id), "{}: its own edit is not called another's", role.id);
    }
    expected.len()
}

/// What a role says of itself, its prose, and what it asks for: everything that `diff` compares. None where it does not
/// resolve.
type InFull = (Vec<String>, BTreeMap<String, Vec<String>>);

fn read_in_full(handbook: &Handbook, resolution: &handbook::resolve::Resolution) -> BTreeMap<String, Option<InFull>> {
    let mut all = BTreeMap::new();
    for (role, effective) in resolution.roles.iter().enumerate() {
        let whole = !effective.incomplete && !effective.skipped;
        let specialties = &handbook.families[handbook.roles[role].family].specialties;
        let fits = (0..specialties.len()).filter(|s| specialties[*s].roles.contains(&role));
        all.insert(handbook.role_id(role), whole.then(|| in_full(handbook, role, None, effective)));
        for specialty in fits {
            let composed = whole.then(|| compose(handbook, role, effective, specialty));
            let id = handbook::diff::compare::composed_id(handbook, role, Some(specialty));
            all.insert(id, composed.map(|composed| in_full(handbook, role, Some(specialty), &composed)));
        }
    }
    all
}

fn in_full(handbook: &Handbook, role: usize, specialty: Option<usize>, effective: &handbook::resolve::Effective) -> InFull {
    let data = export::role(handbook, role, specialty, effective);
    let mut facts = ["title", "grade", "track", "status", "extends"].map(|name| data[name].to_string()).to_vec();
    let (family, own) = (&handbook.families[handbook.roles[role].family], &handbook.roles[role]);
    let to = specialty.and_then(|s| family.specialties[s].reports_to.as_ref()).or(own.reports_to.as_ref());
    facts.push(match to {
        Some(handbook::model::ReportsTo::Role(to)) => handbook.role_id(*to),
        Some(handbook::model::ReportsTo::Text(text)) => text.clone(),
        None => String::new(),
    });
    let mut next: Vec<String> = handbook
        .next_of(role)
        .iter()
        .map(|step| match step {
            handbook::model::Step::Role(next) => handbook.role_id(*next),
            handbook::model::Step::Family(next) => handbook.families[*next].id.clone(),
        })
        .collect();
    // The order of files says nothing.
    next[own.next.len()..].sort_unstable();
    facts.extend(next);
    facts.extend(own.parents.iter().map(|parent| format!("{:?}", parent.only)));
    facts.extend(prose(handbook, role, specialty));
    let texts =
        |section: &Value| section["items"].as_array().expect("items").iter().map(|i| i["markdown"].as_str().expect("text").to_owned()).collect();
    let sections = data["sections"].as_object().expect("sections").iter().map(|(name, section)| (name.clone(), texts(section)));
    (facts, sections.filter(|(_, texts): &(_, Vec<String>)| !texts.is_empty()).collect())
}

/// The prose of these worlds: what stands on the role and the specialty, and shared blocks.
fn prose(handbook: &Handbook, role: usize, specialty: Option<usize>) -> Vec<String> {
    let family = handbook.roles[role].family;
    let (document, front) = (handbook.document_of(family), handbook.front(family));
    let mut out = Vec::new();
    let nodes = specialty.map(|s| front.specialty_node(s)).into_iter().chain([handbook.role_node(role)]);
    for (depth, node) in nodes.enumerate() {
        let content = &document.nodes[node];
        let written = content.prose.iter().map(|piece| (piece.heading.as_ref(), piece.written.markdown(document.text())));
        out.extend(written.map(|(heading, text)| format!("{:?} {}", heading.map(|h| &h.text), text.trim())));
        for flow in content.sections.iter().filter(|_| depth == 0).flat_map(|section| &section.flow) {
            match flow {
                handbook::parse::Flow::Prose(span) => out.push(document.text()[span.clone()].trim().to_owned()),
                handbook::parse::Flow::SubHeading { text, .. } => out.push(text.to_string()),
                handbook::parse::Flow::Items(_) => {}
            }
        }
    }
    let chosen = specialty.map(|s| front.specialties[s].id.as_str());
    for shared in &handbook.shared {
        let (entry, block) = (&handbook.config.shared[shared.entry], &handbook.documents[shared.document]);
        if !entry.base && handbook.counts_for(entry, role, chosen) {
            let words = block.text()[block.body..].split_whitespace().collect::<Vec<_>>().join(" ");
            out.extend(Some(words).filter(|words| !words.is_empty()));
        }
    }
    out
}

/// Whoever takes away what is removed and adds what is added has the items after, in some order.
fn items_lead_from_one_to_the_other(role: &RoleChange, was: &InFull, is: &InFull) {
    let sections: std::collections::BTreeSet<&String> = was.1.keys().chain(is.1.keys()).collect();
    for section in sections {
        let mut texts = was.1.get(section).cloned().unwrap_or_default();
        for (_, item) in role.items().filter(|(s, item)| s.id == *section && item.kind != Kind::Moved) {
            if let Some(before) = &item.before {
                let at =
                    texts.iter().position(|t| *t == before.markdown).unwrap_or_else(|| panic!("{}: {:?} was not there", role.id, before.markdown));
                texts.remove(at);
            }
            texts.extend(item.after.as_ref().map(|after| after.markdown.clone()));
        }
        let mut after = is.1.get(section).cloned().unwrap_or_default();
        texts.sort();
        after.sort();
        assert_eq!(texts, after, "{} {section}", role.id);
    }
}

/// Changes a word or a line of a file, as an author would.
fn edit(files: &mut [(String, String)], random: &mut Random) {
    const EDITS: [(&str, &str); 17] = [
        ("Text 1", "Text 7 and more"),
        ("Text 2", "Quite other words"),
        ("Text 0", "Text 0, said otherwise"),
        ("Step 1", "Step 9"),
        ("**alpha.**", "**zeta.**"),
        ("**beta.**", "**eta.**"),
        ("~~**gamma.**~~ Because.", "**gamma.** Kept"),
        ("grade: 5", "grade: 6"),
        ("track: management", "track: ic"),
        ("as: base", "as: page"),
        ("was=", "was=not-"),
        ("title: Role", "title: Job"),
        ("title: Specialty", "title: Subject"),
        ("reports_to: Head 1", "reports_to: Head 9"),
        ("reports_to: Lead 0", "reports_to: Lead 7"),
        (", next: [r", ", x-next: [r"),
        ("only: [requirements]", "only: [responsibilities]"),
    ];
    let at = random.below(files.len());
    let (from, to) = EDITS[random.below(EDITS.len())];
    let places: Vec<usize> = files[at].1.match_indices(from).map(|(place, _)| place).collect();
    if !places.is_empty() {
        let place = places[random.below(places.len())];
        files[at].1.replace_range(place..place + from.len(), to);
    }
}

/// Takes out what tells where something stands, and not what it is.
fn strip(json: &mut Value) {
    match json {
        Value::Object(map) => {
            map.retain(|key, _| !["file", "line", "id", "family", "extends", "chain", "next", "node"].contains(&key.as_str()));
            map.values_mut().for_each(strip);
        }
        Value::Array(all) => all.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Every role that resolves, by its title.
fn roles_by_title(files: &[(String, String)]) -> BTreeMap<String, Value> {
    let handbook = relate(&tree(files));
    let resolution = resolve(&handbook);
    let whole = resolution.roles.iter().enumerate().filter(|(_, e)| !e.incomplete);
    whole.map(|(role, effective)| (handbook.role_front(role).title.clone(), shown(&handbook, role, effective))).collect()
}

/// What is told of a handbook, places aside.
fn told(files: &[(String, String)]) -> Vec<(String, String)> {
    let snapshot = Snapshot::build(tree(files), false);
    let mut told: Vec<(String, String)> = snapshot.findings.iter().map(|f| (f.code.to_owned(), f.message.clone())).collect();
    told.sort();
    told
}

/// The whole pipeline runs on this tree, and every finding is at a place of a file.
fn holds_at(files: &SourceTree) {
    let tree = SourceTree { root: files.root.clone(), config: copy(files.config.as_ref()), content: files.content.clone(), ..SourceTree::default() };
    let snapshot = Snapshot::build(tree, true);
    for finding in &snapshot.findings {
        stands_somewhere(finding, &snapshot.tree);
    }
    for (_, format) in Format::NAMES {
        report::write(format, &snapshot.findings, &snapshot.tree, false);
    }
    for role in 0..snapshot.handbook.roles.len() {
        resolve_one(&snapshot.handbook, role);
    }
    export::handbook(&snapshot.handbook, &snapshot.resolution);
    if snapshot.counts().0 == 0 {
        let site = {
            let theme = Theme::of(&snapshot.tree, &snapshot.handbook.config.strings).unwrap_or_else(|faults| panic!("{faults:#?}"));
            Site::of(&snapshot, theme, Some("https://example.org/".to_owned()))
        };
        site.render(&|_| Ok(())).unwrap_or_else(|error| panic!("{error:?}"));
    }
}

fn stands_somewhere(finding: &Diagnostic, tree: &SourceTree) {
    let places = std::iter::once(&finding.place).chain(finding.related.iter().map(|r| &r.place));
    for place in places {
        let text = tree.text(&place.file).unwrap_or_else(|| panic!("there is no file {:?}: {finding:#?}", place.file));
        let (start, end) = (place.span.start, place.span.end);
        assert!(start <= end && end <= text.len(), "the place lies outside of the file: {finding:#?}");
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "the place parts a character: {finding:#?}");
        let at = Lines::of(text).position(start);
        assert!(at.line >= 1 && at.column >= 1, "{finding:#?}");
    }
    let text = tree.text(&finding.place.file).unwrap_or_default();
    for (span, _) in finding.fix.iter().flat_map(|fix| &fix.edits) {
        assert!(span.start <= span.end && text.get(span.clone()).is_some(), "a mend parts a character: {finding:#?}");
    }
    assert!(!finding.message.is_empty() && !finding.message.contains('\n'), "a message is one sentence: {finding:#?}");
}

// Files.

fn tree(files: &[(String, String)]) -> SourceTree {
    tree_of_bytes(&bytes(files.to_vec()))
}

fn bytes(files: Vec<(String, String)>) -> Vec<(String, Vec<u8>)> {
    files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

fn tree_of_bytes(files: &[(String, Vec<u8>)]) -> SourceTree {
    let mut tree = SourceTree { root: "/nowhere".into(), ..SourceTree::default() };
    for (name, bytes) in files {
        let file = from_bytes(name.as_str(), bytes.clone());
        match name.as_str() {
            "handbook.yml" => tree.config = Some(file),
            _ => tree.content.push(Arc::new(file)),
        }
    }
    tree.content.sort_by(|a, b| a.path.cmp(&b.path));
    tree
}

fn copy(file: Option<&handbook::source::SourceFile>) -> Option<handbook::source::SourceFile> {
    file.map(|f| handbook::source::SourceFile { path: Arc::clone(&f.path), text: f.text.clone(), fault: f.fault })
}

/// Spoils a file a little, as a slip of the hand or a broken disk would.
fn spoil(text: &mut Vec<u8>, random: &mut Random) {
    const PIECES: [&str; 34] = [
        "<!-- handbook-allow restated: é",
        "# handbook-allow grade-missing",
        "{#x} é",
        "5+ years of é experience \t",
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "#",
        "~~",
        "**",
        "`",
        "\t",
        "\n\n",
        "---\n",
        "*Instead of the inherited list:*",
        "{#",
        "{#a was=b}",
        "&",
        "*",
        "\u{feff}",
        "\r\n",
        "\u{301}",
        "é",
        "\0",
        "<a id=",
        "[x](y#z)",
        "| a |\n|---|\n",
        "extends: ",
        "\u{ff}\u{10ffff}",
    ];
    let at = random.below(text.len() + 1);
    let some = random.below(12).min(text.len() - at);
    match random.below(9) {
        0 => drop(text.drain(at..at + some)),
        1 => text.insert(at, random.below(256) as u8),
        2 | 3 => drop(text.splice(at..at, PIECES[random.below(PIECES.len())].bytes())),
        4 => drop(text.splice(at..at, text[at..at + some].to_vec())),
        5 => text.truncate(at),
        kind => {
            let mut lines: Vec<Vec<u8>> = text.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
            if lines.is_empty() {
                return;
            }
            let (one, other) = (random.below(lines.len()), random.below(lines.len()));
            match kind {
                6 => drop(lines.remove(one)),
                7 => lines.insert(other, lines[one].clone()),
                _ => lines.swap(one, other),
            }
            *text = lines.concat();
        }
    }
}

// Random handbooks.

/// Small numbers from a seed, the same on every machine (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to one less than `limit`.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// Where the lists are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Surface {
    Yaml,
    Body,
}

/// A handbook before it is written down.
struct World {
    /// Entries of `shared`, and the lists of their blocks.
    base: Vec<(String, Vec<List>)>,
    families: Vec<FamilyPlan>,
}

#[derive(Default)]
struct FamilyPlan {
    department: &'static str,
    lists: Vec<List>,
    tracks: Vec<Vec<List>>,
    roles: Vec<RolePlan>,
    specialties: Vec<Vec<List>>,
}

struct RolePlan {
    number: usize,
    track: usize,
    grade: usize,
    /// Family, number of the role, and the sections to which it is limited.
    extends: Vec<(usize, usize, Option<&'static str>)>,
    lists: Vec<List>,
}

struct List {
    section: &'static str,
    instead: bool,
    entries: Vec<Entry>,
}

enum Entry {
    Labelled(&'static str, String),
    Keyed(&'static str, String),
    Plain(String),
    Removed(&'static str),
    Renamed { new: &'static str, old: &'static str, text: String },
    Step(String),
}

const SECTIONS: [&str; 3] = ["requirements", "responsibilities", "hiring_process"];
const TRACKS: [&str; 2] = ["ic", "management"];
const LABELS: [&str; 5] = ["alpha", "beta", "gamma", "delta", "epsilon"];

impl World {
    fn random(seed: u64) -> World {
        let mut random = Random(seed.wrapping_mul(7919));
        let mut families: Vec<FamilyPlan> = (0..random.below(4) + 1).map(|_| FamilyPlan::random(&mut random)).collect();
        let mut known: Vec<(usize, usize)> = Vec::new();
        for number in 0..random.below(12) + families.len() {
            let family = if number < families.len() { number } else { random.below(families.len()) };
            let role = RolePlan::random(number, family, &known, &mut random);
            families[family].roles.push(role);
            known.push((family, number));
        }
        let base = (0..random.below(3)).map(|_| base_entry(&mut random)).collect();
        World { base, families }
    }

    /// The files of the handbook; `names` gives another number to each family's file.
    fn files(&self, surface: Surface, names: &[usize]) -> Vec<(String, String)> {
        let name = |family: usize| format!("f{}", names.get(family).unwrap_or(&family));
        let mut config = String::from("title: T\nlints: {grade-falling: 'off'}\n");
        let mut files = Vec::new();
        for (i, (condition, lists)) in self.base.iter().enumerate() {
            let _ = writeln!(config, "{}  - {{block: b{i}, as: base{condition}}}", if i == 0 { "shared:\n" } else { "" });
            files.push((format!("content/_shared/b{i}.md"), format!("---\ntitle: B{i}\n---\n{}", in_body(lists, 2))));
        }
        files.push(("handbook.yml".to_owned(), config));
        for (i, family) in self.families.iter().enumerate() {
            files.push((
                format!("content/{}/{}.md", family.department, name(i)),
                family.text(i, surface, &|f| format!("{}/{}", self.families[f].department, name(f))),
            ));
        }
        files
    }
}

fn base_entry(random: &mut Random) -> (String, Vec<List>) {
    let conditions = [
        "",
        "",
        ", when: {track: ic}",
        ", when: {grade: '>=6'}",
        ", unless: {department: d0}",
        ", when: {specialty: s0}",
        ", unless: {track: management}",
    ];
    let condition = conditions[random.below(conditions.len())].to_owned();
    let lists = lists(random, 3).into_iter().map(|list| List { instead: false, ..list });
    (condition, lists.collect())
}

impl FamilyPlan {
    fn random(random: &mut Random) -> FamilyPlan {
        FamilyPlan {
            department: random.pick(&["d0", "d1"]),
            lists: lists(random, 2),
            tracks: (0..TRACKS.len()).map(|_| lists(random, 1)).collect(),
            roles: Vec::new(),
            specialties: (0..random.below(3)).map(|_| lists(random, 2)).collect(),
        }
    }

    fn text(&self, number: usize, surface: Surface, path: &dyn Fn(usize) -> String) -> String {
        let yaml = |lists: &[List]| if surface == Surface::Yaml { in_yaml(lists) } else { String::new() };
        let mut out = format!("---\ntitle: Family {number}\n");
        for list in self.lists.iter().filter(|_| surface == Surface::Yaml) {
            let _ = writeln!(out, "{}: {}", list.section, list.yaml());
        }
        out.push_str("tracks:\n");
        for (id, lists) in TRACKS.iter().zip(&self.tracks) {
            let _ = writeln!(out, "  - {{id: {id}, title: Track {id}{}}}", yaml(lists));
        }
        out.push_str("roles:\n");
        for role in &self.roles {
            let parents: Vec<String> = role
                .extends
                .iter()
                .map(|(family, parent, only)| match only {
                    Some(section) => format!("{{role: {}/r{parent}, only: [{section}]}}", path(*family)),
                    None => format!("{}/r{parent}", path(*family)),
                })
                .collect();
            let extends = if parents.is_empty() { "none".to_owned() } else { format!("[{}]", parents.join(", ")) };
            let (n, grade, track) = (role.number, role.grade, TRACKS[role.track]);
            let next = self.roles.iter().find(|other| other.number > n && n % 2 == 0).map(|other| format!(", next: [r{}]", other.number));
            let about = format!("grade: {grade}, track: {track}, reports_to: Head {}{}", n % 3, next.unwrap_or_default());
            let _ = writeln!(out, "  - {{id: r{n}, title: Role {n}, {about}, extends: {extends}{}}}", yaml(&role.lists));
        }
        if !self.specialties.is_empty() {
            out.push_str("specialties:\n");
        }
        for (i, lists) in self.specialties.iter().enumerate() {
            let _ = writeln!(out, "  - {{id: s{i}, title: Specialty {i}, reports_to: Lead {i}{}}}", yaml(lists));
        }
        out.push_str("---\nWords of the family.\n\n");
        if surface == Surface::Body {
            out.push_str(&in_body(&self.lists, 2));
            let nodes = TRACKS.iter().map(|id| format!("Track {id}")).zip(&self.tracks);
            let nodes = nodes.chain(self.roles.iter().map(|r| (format!("Role {}", r.number), &r.lists)));
            let nodes = nodes.chain(self.specialties.iter().enumerate().map(|(i, lists)| (format!("Specialty {i}"), lists)));
            for (title, lists) in nodes.filter(|(_, lists)| !lists.is_empty()) {
                let _ = write!(out, "## {title}\n\n{}", in_body(lists, 3));
            }
        }
        out
    }
}

impl RolePlan {
    fn random(number: usize, family: usize, known: &[(usize, usize)], random: &mut Random) -> RolePlan {
        let mut extends: Vec<(usize, usize, Option<&str>)> = Vec::new();
        let wanted = *random.pick(&[&0, &1, &1, &1, &1, &2, &2, &3]);
        for _ in 0..wanted {
            // Mostly the nearest role of the own family, so that there are chains.
            let own = known.iter().rev().find(|(f, _)| *f == family).filter(|_| !random.one_in(3));
            let parent = own.copied().or_else(|| (!known.is_empty()).then(|| known[random.below(known.len())]));
            let Some((f, parent)) = parent.filter(|(_, p)| !extends.iter().any(|(_, known, _)| known == p)) else { continue };
            let only = random.one_in(8).then(|| SECTIONS[random.below(3)]);
            extends.push((f, parent, only));
        }
        let track = usize::from(random.one_in(4));
        RolePlan { number, track, grade: random.below(4) + 4, extends, lists: lists(random, 3) }
    }
}

fn lists(random: &mut Random, most: usize) -> Vec<List> {
    let mut out = Vec::new();
    for section in SECTIONS {
        if random.one_in(2) {
            continue;
        }
        let is_steps = section == "hiring_process";
        let count = random.below(most + 1) + usize::from(is_steps);
        let mut free = LABELS.to_vec();
        let entries: Vec<Entry> = (0..count).filter_map(|_| if is_steps { Some(step(random)) } else { entry(&mut free, random) }).collect();
        if !entries.is_empty() {
            out.push(List { section, instead: !is_steps && random.one_in(14), entries });
        }
    }
    out
}

fn step(random: &mut Random) -> Entry {
    Entry::Step(format!("Step {}", random.below(3)))
}

/// An entry with a label that the list does not have yet.
fn entry(free: &mut Vec<&'static str>, random: &mut Random) -> Option<Entry> {
    let text = format!("Text {}", random.below(4));
    if random.one_in(6) {
        return Some(Entry::Plain(text));
    }
    let mut take = |random: &mut Random| (!free.is_empty()).then(|| free.remove(random.below(free.len())));
    let label = take(random)?;
    Some(match random.below(10) {
        0 | 1 => Entry::Removed(label),
        2 => match take(random) {
            Some(old) => Entry::Renamed { new: label, old, text },
            None => Entry::Labelled(label, text),
        },
        3 => Entry::Keyed(label, text),
        _ => Entry::Labelled(label, text),
    })
}

fn in_yaml(lists: &[List]) -> String {
    lists.iter().fold(String::new(), |out, list| format!("{out}, {}: {}", list.section, list.yaml()))
}

fn in_body(lists: &[List], level: usize) -> String {
    let mut out = String::new();
    for list in lists {
        let _ = write!(out, "{} {}\n\n", "#".repeat(level), list.section.replace('_', " "));
        if list.instead {
            out.push_str("*Instead of the inherited list:*\n\n");
        }
        for entry in &list.entries {
            let _ = writeln!(out, "{} {}", if matches!(entry, Entry::Step(_)) { "1." } else { "-" }, entry.markdown());
        }
        out.push('\n');
    }
    out
}

impl List {
    fn yaml(&self) -> String {
        let instead = self.instead.then(|| "\"*Instead of the inherited list:*\"".to_owned());
        let entries = self.entries.iter().map(|entry| match entry {
            Entry::Removed(key) => format!("{{remove: {key}, reason: \"Because.\"}}"),
            Entry::Keyed(key, text) => format!("{{key: {key}, text: \"{text}\"}}"),
            other => format!("\"{}\"", other.markdown()),
        });
        format!("[{}]", instead.into_iter().chain(entries).collect::<Vec<_>>().join(", "))
    }
}

impl Entry {
    fn markdown(&self) -> String {
        match self {
            Entry::Labelled(label, text) => format!("**{label}.** {text}"),
            Entry::Keyed(key, text) => format!("{text} {{#{key}}}"),
            Entry::Plain(text) | Entry::Step(text) => text.clone(),
            Entry::Removed(label) => format!("~~**{label}.**~~ Because."),
            Entry::Renamed { new, old, text } => format!("**{new}.** {text} {{#{new} was={old}}}"),
        }
    }
}
