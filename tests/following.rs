//! The law of snapshots: one that follows an earlier one equals one built from nothing, whatever was edited in between.
//! Random edit scripts on the disk try it: files are read again only where they changed, and findings, roles, relations
//! and every page are compared after each step.

mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::{Arc, Mutex};

use handbook::render::shared::Shared;
use handbook::render::{Artifact, Site};
use handbook::snapshot::Snapshot;
use handbook::source::again::read_again;
use handbook::source::{self, SourceTree};

use project::Project;
use project::dice::Dice;

const WORDS: [&str; 6] = ["Tests", "Reviews", "Planning", "On-call", "Writing", "Budget"];

/// A role as the script edits it: what it extends, its grade, its items.
type Role = (Option<String>, usize, Vec<(usize, usize)>);

/// A family as the script edits it.
#[derive(Clone)]
struct Family {
    folder: &'static str,
    title: String,
    /// Whether its front matter cannot be read.
    broken: bool,
    roles: Vec<Role>,
    shared: Vec<(usize, usize)>,
    /// Links to other families, perhaps to an anchor of theirs.
    links: Vec<(usize, usize)>,
    with_specialty: bool,
}

struct World {
    dice: Dice,
    families: BTreeMap<usize, Family>,
    settings: usize,
    base_block: usize,
    template: usize,
    style: usize,
    picture: bool,
    drawing: usize,
}

impl World {
    fn new(seed: u64) -> World {
        let mut world =
            World { dice: Dice(seed), families: BTreeMap::new(), settings: 0, base_block: 0, template: 0, style: 0, picture: false, drawing: 0 };
        (0..5).for_each(|_| world.add_family());
        world
    }

    fn item(&mut self) -> (usize, usize) {
        (self.dice.below(WORDS.len()), self.dice.below(4))
    }

    fn items(&mut self, most: usize) -> Vec<(usize, usize)> {
        let mut items: BTreeMap<usize, usize> = BTreeMap::new();
        for _ in 0..self.dice.below(most + 1) {
            let (word, text) = self.item();
            items.insert(word, text);
        }
        items.into_iter().collect()
    }

    fn add_family(&mut self) {
        let number = (0..).find(|n| !self.families.contains_key(n)).expect("numbers do not end");
        let folder = self.dice.of(&["eng", "eng/inner", "sales"]);
        let roles = (0..=self.dice.below(3)).map(|role| {
            let parent = if role > 0 && self.dice.below(3) > 0 { Some(format!("r{}", role - 1)) } else { self.parent_elsewhere() };
            let items = self.items(3);
            (parent, 4 + role, items)
        });
        let roles = roles.collect();
        let (shared, links) = (self.items(2), vec![(self.dice.below(6), self.dice.below(3))]);
        let family =
            Family { folder, title: format!("Family {number}"), broken: false, roles, shared, links, with_specialty: self.dice.below(3) == 0 };
        self.families.insert(number, family);
    }

    fn parent_elsewhere(&mut self) -> Option<String> {
        let known: Vec<usize> = self.families.keys().copied().collect();
        if known.is_empty() || self.dice.below(2) == 0 {
            return None;
        }
        Some(format!("f{}/r{}", self.dice.of(&known).to_owned(), self.dice.below(2)))
    }

    /// One edit, of a kind that authors make.
    fn edit(&mut self) -> String {
        let numbers: Vec<usize> = self.families.keys().copied().collect();
        let kind = self.dice.below(17);
        if numbers.is_empty() || kind == 0 {
            self.add_family();
            return "a new family".to_owned();
        }
        let at = *self.dice.of(&numbers);
        let (items, item, parent) = (self.items(3), self.item(), self.parent_elsewhere());
        let role = self.dice.below(self.families[&at].roles.len());
        let dice = self.dice.below(4);
        let family = self.families.get_mut(&at).expect("it is there");
        match kind {
            1 if numbers.len() > 2 => drop(self.families.remove(&at)),
            2 => family.folder = ["eng", "eng/inner", "sales", "people"][dice],
            3 => family.broken = !family.broken,
            4 | 5 => family.roles[role].0 = parent,
            6 => family.roles[0].0 = Some(format!("r{}", family.roles.len() - 1)),
            7 => family.roles.push((Some("r0".to_owned()), 5 + dice, items)),
            8 if family.roles.len() > 1 => drop(family.roles.pop()),
            9 => family.roles[role].1 = 3 + dice,
            10 | 11 => family.roles[role].2 = items,
            12 => family.shared = vec![item],
            13 => family.links = vec![(dice, item.1)],
            14 => self.settings += 1,
            15 => self.base_block += 1,
            16 if dice == 0 => self.template += 1,
            16 if dice == 1 => self.style += 1,
            16 if dice == 2 => self.picture = !self.picture,
            16 => self.drawing += 1,
            _ => family.title.push('x'),
        }
        format!("edit {kind} of family {at}")
    }

    fn files(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> = self.families.iter().map(|(n, f)| (format!("content/{}/f{n}.md", f.folder), f.text())).collect();
        let grades = if self.settings % 3 == 1 { "grades: [4, 5, 6]\n" } else { "" };
        let pages = if self.settings % 4 == 2 { "pages: {compositions: false}\n" } else { "" };
        let shared = "shared:\n  - {block: all, as: base}\n  - {block: notes, when: {department: eng}}\n";
        files.insert("handbook.yml".into(), format!("title: Handbook {}\n{grades}{pages}{shared}", self.settings));
        files.insert("content/_shared/all.md".into(), format!("## Requirements\n- **Honesty.** Is honest {}.\n", self.base_block));
        files.insert("content/_shared/notes.md".into(), format!("# Notes\n{{{{ family.title }}}}, {}.\n", self.base_block / 2));
        files.insert("content/index.md".into(), "See [the first](eng/f0.md#r0.requirements) and ![the plan](eng/plan.svg).\n".into());
        match self.template % 3 {
            1 => drop(files.insert("templates/404.html".into(), format!("<p>{}</p>", self.template))),
            2 => drop(files.insert("templates/404.html".into(), "{{ oh no".into())),
            _ => {}
        }
        if self.style > 0 {
            files.insert("static/style.css".into(), format!("p {{ margin: {}px }}", self.style));
        }
        if self.picture {
            files.insert("content/eng/picture.png".into(), "no picture".into());
        }
        let drawing = ["<svg/>", "<svg>\n<g onload=\"x\"/></svg>", "<svg onload=\"x\"/>"][self.drawing % 3];
        files.insert("content/eng/plan.svg".into(), drawing.into());
        files
    }
}

impl Family {
    fn text(&self) -> String {
        let roles = self.roles.iter().enumerate().map(|(i, (parent, grade, _))| {
            let parent = parent.as_ref().map(|p| format!(", extends: {p}")).unwrap_or_default();
            format!("  - {{id: r{i}, title: {} role {i}, grade: {grade}{parent}}}\n", self.title)
        });
        let mut text = format!("---\ntitle: {}{}\nroles:\n{}", if self.broken { "\"" } else { "" }, self.title, roles.collect::<String>());
        if self.with_specialty {
            text.push_str("specialties:\n  - {id: geo, title: Geo}\n");
        }
        text.push_str("---\n");
        for (to, anchor) in &self.links {
            let anchor = ["", "#r0", "#r0.requirements.tests", "#nothing"][*anchor];
            text.push_str(&format!("A [link](/eng/f{to}/{anchor}), a [role](/eng/f{to}/r0/#requirements.tests).\n"));
        }
        text.push_str("\n## Requirements\n");
        text.push_str(&listed(&self.shared));
        for (i, (.., items)) in self.roles.iter().enumerate() {
            text.push_str(&format!("## {} role {i}\n### Requirements\n{}", self.title, listed(items)));
        }
        if self.with_specialty {
            text.push_str("## Geo\n### Requirements\n- **Maps.** Reads maps.\n");
        }
        text
    }
}

fn listed(items: &[(usize, usize)]) -> String {
    let written = |(word, text): &(usize, usize)| match text {
        3 => format!("- ~~**{}.**~~ Not here.\n", WORDS[*word]),
        text => format!("- **{}.** In the way number {text}.\n", WORDS[*word]),
    };
    items.iter().map(written).collect()
}

/// Brings the disk to these files; gives the paths that changed.
fn write(project: &Project, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> BTreeSet<Arc<str>> {
    for gone in old.keys().filter(|name| !new.contains_key(*name)) {
        fs::remove_file(project.path(gone)).expect("it was there");
    }
    for (name, text) in new.iter().filter(|(name, text)| old.get(*name) != Some(text)) {
        fs::create_dir_all(project.path(name).parent().expect("a file has one")).expect("a directory");
        fs::write(project.path(name), text).expect("a file");
    }
    let differs = |name: &&String| old.get(*name) != new.get(*name);
    old.keys().chain(new.keys()).filter(differs).map(|name| name.as_str().into()).collect()
}

/// Every file of the site.
fn pages(snapshot: &Snapshot, shared: &Shared) -> BTreeMap<String, Vec<u8>> {
    let files = Mutex::new(BTreeMap::new());
    let site = Site::with(snapshot, None, shared);
    let rendered = site.render(&|artifact| {
        let (name, bytes) = match artifact {
            Artifact::Made(name, bytes) => (name.to_owned(), bytes.to_vec()),
            Artifact::Copied(name, from) => (name.to_owned(), fs::read(from)?),
        };
        files.lock().expect("no panic").insert(name, bytes);
        Ok(())
    });
    assert!(rendered.is_ok());
    files.into_inner().expect("no panic")
}

/// Asserts that two snapshots of the same files say the same.
fn assert_same(following: &Snapshot, fresh: &Snapshot, after: &str) {
    assert_eq!(following.findings, fresh.findings, "findings after {after}");
    assert_eq!(following.handbook.relations(), fresh.handbook.relations(), "relations after {after}");
    assert_eq!(following.resolution.roles, fresh.resolution.roles, "roles after {after}");
}

#[test]
fn a_snapshot_that_follows_another_equals_one_built_from_nothing() {
    let (mut reused, mut kept) = (0, 0);
    for seed in 0..16 {
        let mut world = World::new(seed);
        let project = Project::new();
        let mut files = world.files();
        write(&project, &BTreeMap::new(), &files);
        let root = project.path("");
        let read = || source::read(&root, None).expect("the site can be read");
        let mut snapshot = Snapshot::build(read(), true);
        let mut shared = Shared::of(&snapshot).unwrap_or_else(|_| panic!("the templates are good at first"));
        for step in 0..12 {
            let edits: Vec<String> = (0..=world.dice.below(2)).map(|_| world.edit()).collect();
            let after = format!("seed {seed}, step {step}: {}", edits.join(", "));
            let new = world.files();
            let changed = write(&project, &files, &new);
            files = new;
            let tree: SourceTree = read_again(&snapshot.tree, None, &changed).expect("the site can be read");
            assert!(tree.is_same(&read()), "files after {after}");
            let following = snapshot.next(tree);
            let fresh = Snapshot::build(read(), true);
            assert_same(&following, &fresh, &after);
            reused += usize::from(following.handbook.shares_relations(&snapshot.handbook));
            let same_role = |(a, b): (&Arc<_>, &Arc<_>)| Arc::ptr_eq(a, b);
            let keeps_roles = following.resolution.roles.iter().zip(&snapshot.resolution.roles).any(same_role);
            kept += usize::from(keeps_roles && !following.handbook.shares_relations(&snapshot.handbook));
            match (shared.next(&snapshot, &following), Shared::of(&fresh)) {
                (Ok(next), Ok(of_fresh)) => {
                    assert!(pages(&following, &next) == pages(&fresh, &of_fresh), "pages after {after}");
                    shared = next;
                }
                (next, of_fresh) => {
                    assert_eq!(next.err(), of_fresh.err(), "faults of templates after {after}");
                    // As the preview does: what it shows stays, and the next attempt goes on from the disk.
                    world.template += 1;
                    let new = world.files();
                    let changed = write(&project, &files, &new);
                    files = new;
                    let tree = read_again(&following.tree, None, &changed).expect("the site can be read");
                    snapshot = following.next(tree);
                    shared = Shared::of(&snapshot).unwrap_or_else(|_| panic!("the templates are mended"));
                    continue;
                }
            }
            snapshot = following;
        }
    }
    assert!(reused > 20 && kept > 10, "the law was hardly tried: {reused} steps kept the relations, {kept} others kept roles");
}

#[test]
fn where_front_matter_stays_only_what_inherits_from_an_edit_is_resolved_again() {
    let family = |id: &str, parent: &str, words: &str| {
        (
            format!("content/{id}.md"),
            format!("---\ntitle: {id}\nroles:\n  - {{id: {id}-one, title: {id} one, grade: 5{parent}}}\n---\n## Requirements\n- **A.** {words}\n"),
        )
    };
    let files = [family("a", "", "One."), family("b", ", extends: a-one", "Two."), family("c", "", "Three.")];
    let project = files.into_iter().fold(Project::new(), |project, (name, text)| project.file(&name, &text));
    let root = project.path("");
    let earlier = Snapshot::build(source::read(&root, None).expect("a site"), false);
    let _project = project.edit("content/a.md", "One.", "Another.");
    let tree = read_again(&earlier.tree, None, &BTreeSet::from(["content/a.md".into()])).expect("a site");
    let later = earlier.next(tree);
    let kept: Vec<bool> = later.resolution.roles.iter().zip(&earlier.resolution.roles).map(|(a, b)| Arc::ptr_eq(a, b)).collect();
    assert_eq!(kept, [false, false, true]);
    assert!(Arc::ptr_eq(&later.places, &earlier.places));
    assert_same(&later, &Snapshot::build(source::read(&root, None).expect("a site"), false), "the edit");
}
