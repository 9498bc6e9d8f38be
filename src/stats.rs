//! STATS: effective roles in, what they repeat and how far apart they are out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::config::SectionKind;
use crate::model::{Handbook, RoleId};
use crate::parse::items::same_text;
use crate::parse::keys::text;
use crate::parse::{Document, Item, NodeKind, Status};
use crate::provenance::{line_of, node_id};
use crate::resolve::order::{Node, Order};
use crate::resolve::{ItemRef, Resolution};

/// Where an item is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The node.
    pub node: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// Its text with its label.
    pub text: String,
}

/// The same words, or nearly, written in several places.
#[derive(Debug)]
pub struct Repeated {
    /// Id of the section.
    pub section: String,
    /// How much of the words is the same, from 0 to 1; 1 for copies.
    pub likeness: f64,
    /// Where, two or more.
    pub places: Vec<Place>,
    /// Where it could be written once.
    pub home: String,
}

/// The step from a role to one that extends it.
#[derive(Debug)]
pub struct Step {
    /// The lower role.
    pub from: String,
    /// The higher role.
    pub to: String,
    /// Items that are new.
    pub added: usize,
    /// Items with other words.
    pub replaced: usize,
    /// Items that are gone.
    pub removed: usize,
}

impl Step {
    /// How many items differ.
    pub fn size(&self) -> usize {
        self.added + self.replaced + self.removed
    }
}

/// Specialties of one id that say different things in different families.
#[derive(Debug)]
pub struct Drifted {
    /// The id.
    pub id: String,
    /// The nodes that have it.
    pub nodes: Vec<String>,
    /// How many of their items stand in all.
    pub shared: usize,
    /// How many different items they have together.
    pub all: usize,
}

/// A requirement and how many active roles have it.
#[derive(Debug)]
pub struct Shared {
    /// Id of the section.
    pub section: String,
    /// The key, if its author gave one.
    pub key: Option<String>,
    /// Its text with its label.
    pub text: String,
    /// How many active roles have an item that says this.
    pub roles: usize,
}

/// Everything that is counted.
#[derive(Debug)]
pub struct Stats {
    /// Families, roles, specialties, compositions, items as written.
    pub counts: [(&'static str, usize); 5],
    /// Copies and near copies, the most places first.
    pub repeated: Vec<Repeated>,
    /// Steps between neighbouring levels, in the order of the handbook.
    pub steps: Vec<Step>,
    /// Specialties that drifted apart.
    pub drifted: Vec<Drifted>,
    /// Requirements by how many roles share them, most first.
    pub requirements: Vec<Shared>,
}

/// A step of so many items, or of none, is named.
pub const HUGE_STEP: usize = 15;
/// Items with this much of their words in common are near copies.
const NEAR: f64 = 0.8;
/// Shorter items are alike by chance.
const FEWEST_WORDS: usize = 5;
/// A word that so many items have says nothing about any two of them.
const COMMON_WORD: usize = 200;

/// Counts everything.
pub fn of(handbook: &Handbook, resolution: &Resolution) -> Stats {
    let compositions = handbook.families.iter().flat_map(|f| &f.specialties).map(|s| s.roles.len()).sum();
    let items = handbook.documents.iter().flat_map(|d| &d.items).filter(|i| !i.removes).count();
    Stats {
        counts: [
            ("families", handbook.families.len()),
            ("roles", handbook.roles.len()),
            ("specialties", handbook.families.iter().map(|f| f.specialties.len()).sum()),
            ("compositions", compositions),
            ("items", items),
        ],
        repeated: repeated(handbook),
        steps: steps(handbook, resolution),
        drifted: drifted(handbook),
        requirements: requirements(handbook, resolution),
    }
}

/// An item that asks something, with its words.
struct Written {
    at: ItemRef,
    section: usize,
    node: Node,
    words: Vec<String>,
}

fn written(handbook: &Handbook) -> Vec<Written> {
    let mut out = Vec::new();
    for (number, document) in handbook.documents.iter().enumerate() {
        for (item, written) in document.items.iter().enumerate() {
            let section = usize::from(written.section);
            if written.removes || handbook.config.sections[section].kind != SectionKind::Items {
                continue;
            }
            let at = ItemRef { document: number as u32, item: item as u32 };
            let words = text(document, written).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
            out.push(Written { at, section, node: Node { document: number as u32, node: written.node }, words });
        }
    }
    out
}

/// Groups of items that say the same, or nearly, on different nodes, but for those of which one replaces the other: that
/// is how a step from one level to the next is written.
fn repeated(handbook: &Handbook) -> Vec<Repeated> {
    let items = written(handbook);
    let mut by_words: BTreeMap<(usize, &[String]), Vec<usize>> = BTreeMap::new();
    for (number, item) in items.iter().enumerate().filter(|(_, i)| i.words.len() >= FEWEST_WORDS) {
        by_words.entry((item.section, &item.words)).or_default().push(number);
    }
    let mut groups: Vec<Repeated> = by_words.values().filter(|group| group.len() > 1).map(|group| told(handbook, &items, group, 1.0)).collect();
    // One of each group of copies stands for all of them.
    let single: Vec<usize> = by_words.values().map(|group| group[0]).collect();
    groups.extend(near_pairs(handbook, &items, &single).into_iter().map(|(a, b, likeness)| told(handbook, &items, &[a, b], likeness)));
    groups.sort_by(|a, b| b.places.len().cmp(&a.places.len()).then(b.likeness.total_cmp(&a.likeness)).then_with(|| a.places.cmp(&b.places)));
    groups
}

fn near_pairs(handbook: &Handbook, items: &[Written], single: &[usize]) -> Vec<(usize, usize, f64)> {
    let mut holders: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
    for number in single {
        let words: BTreeSet<&str> = items[*number].words.iter().map(String::as_str).collect();
        words.into_iter().for_each(|word| holders.entry((items[*number].section, word)).or_default().push(*number));
    }
    let mut common: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for group in holders.values().filter(|group| group.len() <= COMMON_WORD) {
        for (i, a) in group.iter().enumerate() {
            group[i + 1..].iter().for_each(|b| *common.entry((*a.min(b), *a.max(b))).or_default() += 1);
        }
    }
    let candidates = common.into_iter().filter(|(_, words)| *words >= 2).map(|(pair, _)| pair);
    let alike = candidates.map(|(a, b)| (a, b, crate::ident::likeness(&items[a].words, &items[b].words)));
    let replaces = |a: usize, b: usize| replaces(handbook, &items[a], &items[b]) || replaces(handbook, &items[b], &items[a]);
    alike.filter(|(a, b, likeness)| *likeness >= NEAR && items[*a].node != items[*b].node && !replaces(*a, *b)).collect()
}

/// Whether an item stands in the place of another: it has its key, and its node is laid over that of the other in a role.
fn replaces(handbook: &Handbook, item: &Written, other: &Written) -> bool {
    let key = handbook.item(item.at).1.key();
    if key.is_none() || item.section != other.section || handbook.item(other.at).1.key() != key {
        return false;
    }
    let is_above = |(role, specialty)| Order::of(handbook, role, specialty, Some(item.section)).nodes.contains(&other.node);
    roles_over(handbook, item.node).into_iter().any(is_above)
}

/// The roles, or roles with a specialty, that a node of a family is written for; of a role this is itself.
fn roles_over(handbook: &Handbook, node: Node) -> Vec<(RoleId, Option<usize>)> {
    let Ok(family) = handbook.families.binary_search_by_key(&(node.document as usize), |f| f.document) else { return Vec::new() };
    let front = handbook.front(family);
    let roles = handbook.roles_of(family);
    match front.node_kind(node.node as usize) {
        NodeKind::Family => roles.map(|role| (role, None)).collect(),
        NodeKind::Track(i) => roles.filter(|role| handbook.role_front(*role).track == i).map(|role| (role, None)).collect(),
        NodeKind::Role(i) => vec![(handbook.families[family].first_role + i, None)],
        NodeKind::Specialty(i) => handbook.families[family].specialties[i].roles.iter().map(|role| (*role, Some(i))).collect(),
    }
}

fn told(handbook: &Handbook, items: &[Written], group: &[usize], likeness: f64) -> Repeated {
    let mut places: Vec<Place> = group.iter().map(|number| place(handbook, items[*number].at, items[*number].node)).collect();
    places.sort();
    let documents: BTreeSet<u32> = group.iter().map(|number| items[*number].at.document).collect();
    let departments: BTreeSet<&str> = documents.iter().map(|d| handbook.ids[*d as usize].split('/').next().unwrap_or_default()).collect();
    let home = match (documents.len(), departments.len()) {
        (1, _) => {
            format!("the family {}, or a role that the others extend", handbook.ids[*documents.first().expect("a group is not empty") as usize])
        }
        (_, 1) => {
            format!("a base block `when: {{department: {}}}`, or a role that the others extend", departments.first().expect("a group is not empty"))
        }
        _ => "a base block in _shared/, or a role that the others extend".to_owned(),
    };
    let section = handbook.config.sections[items[group[0]].section].id.clone();
    Repeated { section, likeness, places, home }
}

fn place(handbook: &Handbook, at: ItemRef, node: Node) -> Place {
    let (document, item) = handbook.item(at);
    Place { node: node_id(handbook, node), file: document.file().to_string(), line: line_of(document, item), text: whole(document, item) }
}

/// The text of an item with its label.
fn whole(document: &Document, item: &Item) -> String {
    let words = text(document, item);
    match item.label() {
        Some(label) if words.is_empty() => label.to_owned(),
        Some(label) => format!("{label}. {words}"),
        None => words,
    }
}

fn steps(handbook: &Handbook, resolution: &Resolution) -> Vec<Step> {
    let is_active = |role: RoleId| handbook.role_front(role).status == Status::Active && !resolution.roles[role].incomplete;
    let mut out = Vec::new();
    for role in (0..handbook.roles.len()).filter(|r| is_active(*r)) {
        for parent in handbook.roles[role].parents.iter().filter(|p| p.only.is_none() && is_active(p.role)) {
            let (mut added, mut replaced, mut removed) = (0, 0, 0);
            for (number, section) in handbook.config.sections.iter().enumerate().filter(|(_, s)| s.kind == SectionKind::Items) {
                let items = |role: RoleId| resolution.roles[role].section(number).map(|s| s.items.clone()).unwrap_or_default();
                let (below, above) = (items(parent.role), items(role));
                let key = |at: ItemRef| handbook.item(at).1.key().map(str::to_owned).ok_or(at);
                let known: HashMap<_, ItemRef> = below.iter().map(|i| (key(i.item), i.item)).collect();
                let now: BTreeSet<_> = above.iter().map(|i| key(i.item)).collect();
                for item in &above {
                    match known.get(&key(item.item)) {
                        None => added += 1,
                        Some(before) if *before != item.item => replaced += 1,
                        Some(_) => {}
                    }
                }
                removed += known.keys().filter(|k| !now.contains(*k)).count();
                let _ = section;
            }
            out.push(Step { from: handbook.role_id(parent.role), to: handbook.role_id(role), added, replaced, removed });
        }
    }
    out
}

fn drifted(handbook: &Handbook) -> Vec<Drifted> {
    let mut by_id: BTreeMap<&str, Vec<(String, BTreeSet<u64>)>> = BTreeMap::new();
    for (number, document) in handbook.documents.iter().enumerate() {
        let Some(front) = document.family() else { continue };
        for node in 0..front.node_count() {
            let NodeKind::Specialty(i) = front.node_kind(node) else { continue };
            let items = document.items.iter().filter(|item| item.node as usize == node && !item.removes).map(|item| item.hash).collect();
            let id = node_id(handbook, Node { document: number as u32, node: node as u32 });
            by_id.entry(&front.specialties[i].id).or_default().push((id, items));
        }
    }
    let several = by_id.into_iter().filter(|(_, nodes)| nodes.len() > 1);
    let told = several.map(|(id, nodes)| {
        let all: BTreeSet<u64> = nodes.iter().flat_map(|(_, items)| items).copied().collect();
        let shared = all.iter().filter(|hash| nodes.iter().all(|(_, items)| items.contains(hash))).count();
        Drifted { id: id.to_owned(), nodes: nodes.into_iter().map(|(node, _)| node).collect(), shared, all: all.len() }
    });
    told.filter(|d| d.shared < d.all).collect()
}

/// Requirements by their text: under one label different families may ask different things.
fn requirements(handbook: &Handbook, resolution: &Resolution) -> Vec<Shared> {
    let Some(section) = handbook.config.section("requirements") else { return Vec::new() };
    let mut found: Vec<(ItemRef, Vec<RoleId>)> = Vec::new();
    let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::new();
    for (role, effective) in resolution.roles.iter().enumerate().filter(|(role, _)| handbook.role_front(*role).status == Status::Active) {
        for at in effective.section(section).map(|s| s.items.as_slice()).unwrap_or_default().iter().map(|i| i.item) {
            let alike = by_hash.entry(handbook.item(at).1.hash).or_default();
            let says_this = |number: &usize| found[*number].0 == at || same_text(handbook.item(found[*number].0), handbook.item(at));
            let number = alike.iter().copied().find(says_this).unwrap_or_else(|| {
                alike.push(found.len());
                found.push((at, Vec::new()));
                found.len() - 1
            });
            let roles = &mut found[number].1;
            roles.extend((roles.last() != Some(&role)).then_some(role));
        }
    }
    let shared = |(at, roles): (ItemRef, Vec<RoleId>)| {
        let (document, item) = handbook.item(at);
        let key = item.key().map(str::to_owned);
        Shared { section: "requirements".to_owned(), key, text: whole(document, item), roles: roles.len() }
    };
    let mut all: Vec<Shared> = found.into_iter().map(shared).collect();
    all.sort_by(|a, b| b.roles.cmp(&a.roles).then_with(|| a.text.cmp(&b.text)));
    all
}
