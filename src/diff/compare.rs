//! Two resolved handbooks in, what differs in every effective role and composition out.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::addresses;
use super::classify::Class;
use super::effect::{Change, Diff, ItemChange, Kind, RoleChange, SectionChange, Wording};
use super::identity::Identity;
use super::matching;
use super::outside::outside;
use super::owners::owners;
use super::through::{Chain, Nodes, Pair};
use super::wording::{markdown, normal, rewording};
use crate::config::SectionKind;
use crate::git::FileChange;
use crate::model::{Handbook, RoleId};
use crate::parse::{Document, DocumentKind};
use crate::provenance::{line_of, node_id, node_of};
use crate::resolve::order::Node;
use crate::resolve::outcome::node_name;
use crate::resolve::{Effective, EffectiveSection, ItemRef, Resolution, compose};
use crate::variables::Values;

/// A handbook with its effective roles.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The content.
    pub handbook: &'a Handbook,
    /// The effective roles.
    pub resolution: &'a Resolution,
}

/// Both sides, with what is known of them together.
#[derive(Debug)]
pub struct Sides<'a> {
    /// Before.
    pub base: Side<'a>,
    /// After.
    pub head: Side<'a>,
    /// What is what.
    pub identity: Identity,
    /// Nodes by id.
    pub nodes: Nodes,
    /// The number in the head of each document of the base whose file is the same.
    pub same: Vec<Option<u32>>,
    /// The sections of both vocabularies: id, title, number before, number after.
    sections: Vec<SectionPair>,
}

/// A section of the vocabulary on both sides.
#[derive(Debug)]
struct SectionPair {
    id: String,
    title: String,
    asks: bool,
    base: Option<usize>,
    head: Option<usize>,
}

/// Compares two handbooks role by role. `files` are those that differ, `names` those of both revisions.
pub fn compare(base: Side<'_>, head: Side<'_>, files: Vec<FileChange>, names: (String, String)) -> Diff {
    let sides = Sides::of(base, head, &files);
    let found: Vec<Vec<Found>> = (0..base.handbook.roles.len()).into_par_iter().with_min_len(16).map(|role| sides.role(role)).collect();
    let mut diff = Diff {
        base: names.0,
        head: names.1,
        files,
        roles: Vec::new(),
        families: sides.families(),
        compared: 0,
        elsewhere: Vec::new(),
        unresolved: Vec::new(),
        outside: outside(&sides),
        dead: addresses::dead(&sides),
        owners: Vec::new(),
    };
    let mut placed: Vec<(usize, RoleChange)> = Vec::new();
    for (role, found) in found.into_iter().enumerate() {
        let place = sides.identity.roles[role].unwrap_or(usize::MAX);
        for found in found {
            diff.compared += usize::from(matches!(found, Found::Same | Found::Elsewhere(_) | Found::Changed(_)));
            match found {
                Found::Same => {}
                Found::Elsewhere(id) => diff.elsewhere.push(id),
                Found::Unresolved(id) => diff.unresolved.push(id),
                Found::Changed(change) | Found::Gone(change) => placed.push((place, *change)),
            }
        }
    }
    placed.extend(sides.added());
    diff.unresolved.extend(sides.unread_before());
    placed.sort_by_key(|(place, _)| *place);
    diff.roles = placed.into_iter().map(|(_, change)| change).collect();
    diff.owners = owners(&sides, &diff);
    diff
}

/// What was found out about a role or composition of the base.
enum Found {
    Same,
    Elsewhere(String),
    Unresolved(String),
    Changed(Box<RoleChange>),
    Gone(Box<RoleChange>),
}

/// A change of a role, with its number before and after.
#[derive(Debug)]
pub struct RoleTold {
    /// The role before; none for a new one.
    pub base: Option<RoleId>,
    /// The role after; none for one that is gone.
    pub head: Option<RoleId>,
    /// What happened.
    pub change: RoleChange,
}

impl<'a> Sides<'a> {
    fn of(base: Side<'a>, head: Side<'a>, files: &[FileChange]) -> Sides<'a> {
        Sides::with(base, head, Identity::of(base, head, files))
    }

    /// Both sides, with what is known of what became of families and roles.
    pub fn with(base: Side<'a>, head: Side<'a>, identity: Identity) -> Sides<'a> {
        let same_file = |document: &std::sync::Arc<Document>| {
            let found = head.handbook.documents.binary_search_by(|d| d.file().cmp(document.file())).ok()?;
            std::sync::Arc::ptr_eq(document, &head.handbook.documents[found]).then_some(found as u32)
        };
        let same = base.handbook.documents.iter().map(same_file).collect();
        Sides { base, head, identity, nodes: Nodes::default(), same, sections: section_pairs(base.handbook, head.handbook) }
    }

    /// Both sides of which relations and names say the same, so that everything has the same number in both.
    pub fn alike(base: Side<'a>, head: Side<'a>) -> Sides<'a> {
        let same_file = |(number, (old, new)): (usize, (&std::sync::Arc<Document>, _))| std::sync::Arc::ptr_eq(old, new).then_some(number as u32);
        let same = base.handbook.documents.iter().zip(&head.handbook.documents).enumerate().map(same_file).collect();
        let nodes = Nodes::alike();
        let sections = section_pairs(base.handbook, head.handbook);
        Sides { base, head, identity: Identity::alike(base.handbook), nodes, same, sections }
    }

    /// What became of these roles of the base, without their compositions; where nothing did there is no word of them.
    pub fn told_of(&self, roles: impl Iterator<Item = RoleId>) -> Vec<RoleTold> {
        let told = |role: RoleId| match self.role_alone(role) {
            Found::Same | Found::Elsewhere(_) | Found::Unresolved(_) => None,
            Found::Changed(change) | Found::Gone(change) => Some(RoleTold { base: Some(role), head: self.identity.roles[role], change: *change }),
        };
        roles.filter_map(told).collect()
    }

    /// The roles that are new.
    pub fn told_new(&self) -> Vec<RoleTold> {
        let roles = self.added().into_iter().filter(|(_, change)| !change.is_composition);
        roles.map(|(role, change)| RoleTold { base: None, head: Some(role), change }).collect()
    }

    fn role_alone(&self, role: RoleId) -> Found {
        let Some(now) = self.identity.roles[role] else { return self.gone(role, None) };
        let (was, is) = (&self.base.resolution.roles[role], &self.head.resolution.roles[now]);
        if [was, is].iter().any(|e| e.incomplete || e.skipped) {
            return Found::Unresolved(self.head.handbook.role_id(now));
        }
        self.pair(Pair { base: role, head: now, specialty: None }, was, is)
    }

    /// A role or composition that is gone, unless its file merely cannot be read.
    fn gone(&self, role: RoleId, specialty: Option<usize>) -> Found {
        let change = self.bare(self.base.handbook, role, specialty, Change::Removed);
        let is_unread = self.head.handbook.broken.iter().any(|(broken, _)| *broken == change.family);
        if is_unread { Found::Unresolved(change.id) } else { Found::Gone(Box::new(change)) }
    }

    fn role(&self, role: RoleId) -> Vec<Found> {
        let (before, after) = (self.base.handbook, self.head.handbook);
        let was = &self.base.resolution.roles[role];
        let family = before.roles[role].family;
        let alone = self.role_alone(role);
        let Some(now) = self.identity.roles[role] else {
            return std::iter::once(alone).chain(compositions(before, role).map(|s| self.gone(role, Some(s)))).collect();
        };
        let is = &self.head.resolution.roles[now];
        if [was, is].iter().any(|e| e.incomplete || e.skipped) {
            return vec![alone];
        }
        let untouched = matches!(alone, Found::Same) && self.same[before.families[family].document].is_some() && self.same_vocabulary();
        let mut all = vec![alone];
        for specialty in compositions(before, role) {
            let still = self.identity.specialty(before, after, role, now, specialty).filter(|s| compositions(after, now).any(|c| c == *s));
            let pair = still.map(|still| Pair { base: role, head: now, specialty: Some((specialty, still)) });
            all.push(match pair {
                None => Found::Gone(Box::new(self.bare(before, role, Some(specialty), Change::Removed))),
                Some(pair) if untouched && self.adds_the_same(pair) => Found::Same,
                Some(pair) => {
                    let still = pair.specialty.map_or(specialty, |s| s.1);
                    self.pair(pair, &compose(before, role, was, specialty), &compose(after, now, is, still))
                }
            });
        }
        all
    }

    /// Whether this is the side before. Ids are told in the terms of the other.
    pub fn is_base(&self, side: &Side<'_>) -> bool {
        std::ptr::eq(side.handbook, self.base.handbook)
    }

    /// The role through which facts reach its composition.
    fn through_facts(&self, pair: Pair) -> Option<String> {
        pair.specialty?;
        let (grade, facts) = self.facts(Pair { specialty: None, ..pair });
        (grade.is_some() || !facts.is_empty()).then(|| self.head.handbook.role_id(pair.head))
    }

    /// Whether nothing of the configuration can make compositions of equal files differ.
    fn same_vocabulary(&self) -> bool {
        let (before, after) = (&self.base.handbook.config, &self.head.handbook.config);
        let unlimited = |handbook: &Handbook| !handbook.shared.iter().any(|s| handbook.config.shared[s.entry].names_specialties());
        before.sections == after.sections && unlimited(self.base.handbook) && unlimited(self.head.handbook)
    }

    fn pair(&self, pair: Pair, was: &Effective, is: &Effective) -> Found {
        let (before, after) = (self.base.handbook, self.head.handbook);
        let mut elsewhere = false;
        let mut sections = Vec::new();
        for section in &self.sections {
            let of = |effective: &'_ Effective, number: Option<usize>| number.and_then(|n| effective.section(n).cloned());
            let (old, new) = (of(was, section.base), of(is, section.head));
            match self.section(pair, section, old.as_deref(), new.as_deref()) {
                Ok(moved) => elsewhere |= moved,
                Err(items) => sections.push(SectionChange { id: section.id.clone(), title: section.title.clone(), items }),
            }
        }
        note_other_sections(&mut sections);
        let mut change = self.bare(after, pair.head, pair.specialty.map(|s| s.1), Change::Changed);
        let old_id = composed_id(before, pair.base, pair.specialty.map(|s| s.0));
        if old_id != change.id {
            change.was = Some(old_id);
            change.change = Change::Renamed;
        }
        let own = pair.specialty.map_or_else(
            || change.id.clone(),
            |(_, s)| {
                let family = after.roles[pair.head].family;
                node_id(after, Node::of_family(after, family, after.front(family).specialty_node(s)))
            },
        );
        change.sections = sections;
        (change.grade, change.facts) = self.facts(pair);
        let (prose, writers) = self.prose(pair, was, is);
        change.prose = prose;
        let steps = if change.facts.iter().any(|fact| fact.name == "next") { self.other_steps(pair) } else { Vec::new() };
        let has_facts = change.grade.is_some() || !change.facts.is_empty();
        let of_facts = if has_facts { self.through_facts(pair) } else { None };
        change.through = through(&change, &of_facts, &[writers, steps].concat(), &own);
        let differs = change.grade.is_some() || !(change.facts.is_empty() && change.sections.is_empty() && change.prose.is_empty());
        if differs || change.change == Change::Renamed {
            Found::Changed(Box::new(change))
        } else if elsewhere {
            Found::Elsewhere(change.id)
        } else {
            Found::Same
        }
    }

    /// The changes of a section; where it reads the same, whether some of it comes from elsewhere.
    fn section(
        &self,
        pair: Pair,
        section: &SectionPair,
        old: Option<&EffectiveSection>,
        new: Option<&EffectiveSection>,
    ) -> Result<bool, Vec<ItemChange>> {
        let items = |s: Option<&EffectiveSection>| s.map(|s| s.items.iter().map(|i| i.item).collect::<Vec<_>>()).unwrap_or_default();
        let (was, is) = (items(old), items(new));
        let same_file = |b: ItemRef, h: ItemRef| self.same[b.document as usize] == Some(h.document) && b.item == h.item;
        let read_alike = |b: ItemRef, h: ItemRef| {
            let ((old, was), (new, is)) = (self.base.handbook.item(b), self.head.handbook.item(h));
            let is_filled = [old, new].iter().any(|d| matches!(d.kind, DocumentKind::Block(_)) && d.text().contains("{{"));
            // The same bytes mean the same, unless a link is to be looked up.
            let same_bytes = || was.hash == is.hash && was.markdown(old.text()) == is.markdown(new.text()) && !is.markdown(new.text()).contains('[');
            (!is_filled && (same_file(b, h) || same_bytes()))
                || markdown(self.base.handbook, pair.base, b) == markdown(self.head.handbook, pair.head, h)
        };
        if was.len() == is.len() && was.iter().zip(&is).all(|(b, h)| read_alike(*b, *h)) {
            let from = |side: &Side<'_>, at: ItemRef, is_base: bool| {
                let node = node_of(side.handbook, at);
                if is_base { self.identity.node_id(self.base.handbook, self.head.handbook, node) } else { node_id(side.handbook, node) }
            };
            return Ok(was.iter().zip(&is).any(|(b, h)| !same_file(*b, *h) && from(&self.base, *b, true) != from(&self.head, *h, false)));
        }
        // What reads alike at both ends is not looked at: it is nearly all of a long list, and wording it took half of the time.
        let alike = was.iter().zip(&is).take_while(|(b, h)| read_alike(**b, **h)).count();
        let alike_at_end = was[alike..].iter().rev().zip(is[alike..].iter().rev()).take_while(|(b, h)| read_alike(**b, **h)).count();
        let before = self.wordings(&self.base, pair.base, &was, alike..was.len() - alike_at_end, true);
        let after = self.wordings(&self.head, pair.head, &is, alike..is.len() - alike_at_end, false);
        let old_keys = new.map(|s| s.old_keys.as_slice()).unwrap_or_default();
        let found = matching::of(&before, &after, old_keys);
        let chain = Chain::of(self, pair);
        let mut changes: Vec<(usize, ItemChange)> = Vec::new();
        for (i, j) in found.pairs.iter().filter(|(i, j)| before[*i].markdown != after[*j].markdown) {
            let (b, a) = (&before[*i], &after[*j]);
            let kind = if b.node == a.node { Kind::Reworded } else { Kind::Replaced };
            let class = if section.asks { rewording(b, a) } else { rewording(b, a).min(Class::Clarifies) };
            let through = chain.of_item(self, &section.id, Some(b), Some(a));
            changes.push((*j, ItemChange { kind, class, before: Some(b.clone()), after: Some(a.clone()), other_section: None, through }));
        }
        for (i, j) in &found.moved {
            let (b, a) = (before[*i].clone(), after[*j].clone());
            let through = chain.of_order(self, &section.id);
            changes
                .push((*j, ItemChange { kind: Kind::Moved, class: Class::Editorial, before: Some(b), after: Some(a), other_section: None, through }));
        }
        for j in &found.added {
            let class = if section.asks { Class::Raises } else { Class::Clarifies };
            let through = chain.of_item(self, &section.id, None, Some(&after[*j]));
            changes.push((*j, ItemChange { kind: Kind::Added, class, before: None, after: Some(after[*j].clone()), other_section: None, through }));
        }
        changes.sort_by_key(|(place, change)| (*place, change.kind));
        let mut changes: Vec<ItemChange> = changes.into_iter().map(|(_, change)| change).collect();
        for i in &found.removed {
            let class = if section.asks { Class::Lowers } else { Class::Clarifies };
            let through = chain.of_item(self, &section.id, Some(&before[*i]), None);
            changes.push(ItemChange { kind: Kind::Removed, class, before: Some(before[*i].clone()), after: None, other_section: None, through });
        }
        Err(changes)
    }

    /// The items of a list that stand in `range`.
    fn wordings(&self, side: &Side<'_>, role: RoleId, items: &[ItemRef], range: Range<usize>, is_base: bool) -> Vec<Wording> {
        let handbook = side.handbook;
        let written: Vec<_> = items.iter().map(|i| handbook.item(*i)).collect();
        let keys = crate::parse::keys::keys(&written);
        let wording = |(at, key): (&ItemRef, Cow<'_, str>)| {
            let (document, item) = handbook.item(*at);
            let filled = Values::of_base(handbook, role, at.document as usize).fill(document, item.markdown(document.text()));
            let node = node_of(handbook, *at);
            Wording {
                key: key.into_owned(),
                stable: item.key().is_some(),
                label: item.label().map(str::to_owned),
                text: crate::markdown::item::text(&filled, item.label().is_some(), &document.definitions),
                markdown: normal(document, &filled),
                node: if is_base { self.identity.node_id(self.base.handbook, self.head.handbook, node) } else { node_id(handbook, node) },
                node_name: node_name(handbook, *at),
                file: document.file().to_string(),
                line: line_of(document, item),
            }
        };
        items.iter().zip(keys).skip(range.start).take(range.len()).map(wording).collect()
    }

    /// A change of a role of which no more is said than that it is there.
    pub fn bare(&self, handbook: &Handbook, role: RoleId, specialty: Option<usize>, change: Change) -> RoleChange {
        let family = handbook.roles[role].family;
        let title = &handbook.role_front(role).title;
        let id = composed_id(handbook, role, specialty);
        RoleChange {
            page: (change != Change::Removed).then(|| addresses::role_page(handbook, role, specialty)).flatten(),
            id,
            was: None,
            title: specialty.map_or_else(|| title.clone(), |s| format!("{title}, {}", handbook.specialty_front(family, s).title)),
            family: handbook.families[family].id.clone(),
            is_composition: specialty.is_some(),
            change,
            through: Vec::new(),
            grade: None,
            facts: Vec::new(),
            sections: Vec::new(),
            prose: Vec::new(),
        }
    }

    /// The roles and compositions that are new, with their place.
    fn added(&self) -> Vec<(usize, RoleChange)> {
        let (before, after) = (self.base.handbook, self.head.handbook);
        let mut origin: Vec<Option<RoleId>> = vec![None; after.roles.len()];
        self.identity.roles.iter().enumerate().filter_map(|(old, new)| new.map(|new| (old, new))).for_each(|(old, new)| origin[new] = Some(old));
        let mut added = Vec::new();
        for (role, was) in origin.iter().enumerate() {
            let unread = |id: &str| before.broken.iter().any(|(broken, _)| broken == id);
            if unread(&after.families[after.roles[role].family].id) {
                continue;
            }
            if was.is_none() {
                added.push((role, self.bare(after, role, None, Change::Added)));
            }
            for specialty in compositions(after, role) {
                let is_it = |was, s| self.identity.specialty(before, after, was, role, s) == Some(specialty);
                let known = was.is_some_and(|was| compositions(before, was).any(|s| is_it(was, s)));
                if !known {
                    added.push((role, self.bare(after, role, Some(specialty), Change::Added)));
                }
            }
        }
        added
    }

    /// The roles of families that could not be read before.
    fn unread_before(&self) -> impl Iterator<Item = String> + '_ {
        let (before, after) = (self.base.handbook, self.head.handbook);
        let unread = |role: &RoleId| before.broken.iter().any(|(broken, _)| *broken == after.families[after.roles[*role].family].id);
        (0..after.roles.len()).filter(move |role| unread(role)).map(|role| after.role_id(role))
    }

    fn families(&self) -> Vec<(Option<String>, Option<String>)> {
        let (before, after) = (self.base.handbook, self.head.handbook);
        let unread = |handbook: &Handbook, id: &str| handbook.broken.iter().any(|(broken, _)| broken == id);
        let mut out = Vec::new();
        for (family, now) in before.families.iter().zip(&self.identity.families) {
            match now.map(|now| &after.families[now].id) {
                Some(id) if *id == family.id => {}
                None if unread(after, &family.id) => {}
                now => out.push((Some(family.id.clone()), now.cloned())),
            }
        }
        for (number, family) in after.families.iter().enumerate() {
            if !self.identity.families.contains(&Some(number)) && !unread(before, &family.id) {
                out.push((None, Some(family.id.clone())));
            }
        }
        out
    }
}

fn section_pairs(base: &Handbook, head: &Handbook) -> Vec<SectionPair> {
    let (before, after) = (&base.config.sections, &head.config.sections);
    let mut pairs: Vec<SectionPair> = Vec::new();
    for section in after.iter().chain(before.iter().filter(|s| after.iter().all(|a| a.id != s.id))) {
        let number = |all: &[crate::config::Section]| all.iter().position(|s| s.id == section.id && s.has_items());
        let (base, head) = (number(before), number(after));
        if base.is_some() || head.is_some() {
            // What is nice to have and how people are hired asks nothing of those who hold the role.
            let asks = section.kind == SectionKind::Items && section.id != "nice-to-haves";
            pairs.push(SectionPair { id: section.id.clone(), title: section.title.clone(), asks, base, head });
        }
    }
    pairs
}

fn compositions(handbook: &Handbook, role: RoleId) -> impl Iterator<Item = usize> {
    let specialties = &handbook.families[handbook.roles[role].family].specialties;
    (0..specialties.len()).filter(move |s| specialties[*s].roles.contains(&role))
}

/// `department/family/role` or `department/family/role+specialty`.
pub fn composed_id(handbook: &Handbook, role: RoleId, specialty: Option<usize>) -> String {
    let id = handbook.role_id(role);
    match specialty {
        Some(s) => format!("{id}+{}", handbook.specialty_front(handbook.roles[role].family, s).id),
        None => id,
    }
}

/// Notes where an item that is gone from one section is new in another.
fn note_other_sections(sections: &mut [SectionChange]) {
    let of = |kind: Kind, sections: &[SectionChange]| -> Vec<(usize, usize, String)> {
        let all = sections.iter().enumerate().flat_map(|(s, section)| section.items.iter().enumerate().map(move |(i, item)| (s, i, item)));
        let text = |item: &ItemChange| item.before.as_ref().or(item.after.as_ref()).map(|w| w.markdown.clone()).unwrap_or_default();
        all.filter(|(.., item)| item.kind == kind).map(|(s, i, item)| (s, i, text(item))).collect()
    };
    let added = of(Kind::Added, sections);
    for (from, i, text) in of(Kind::Removed, sections) {
        if let Some((to, j, _)) = added.iter().find(|(to, _, other)| *to != from && *other == text) {
            sections[from].items[i].other_section = Some(sections[*to].id.clone());
            sections[*to].items[*j].other_section = Some(sections[from].id.clone());
        }
    }
}

/// The nodes that bring the changes about, each once, the role itself left out.
fn through(change: &RoleChange, facts: &Option<String>, writers: &[String], own: &str) -> Vec<String> {
    let mut nodes: Vec<String> = Vec::new();
    let of_items = change.items().flat_map(|(_, item)| &item.through);
    for node in of_items.chain(facts).chain(writers).filter(|node| *node != own) {
        if !nodes.contains(node) {
            nodes.push(node.clone());
        }
    }
    nodes
}
