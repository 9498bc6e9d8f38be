//! Two handbooks in, which family and role of the one is which of the other out, whatever they are called now.

use std::collections::HashMap;

use super::compare::Side;
use crate::git::FileChange;
use crate::model::address::{address_file, output_file};
use crate::model::{Handbook, RoleId};
use crate::parse::NodeKind;
use crate::resolve::order::Node;

/// What became of the families, roles and specialties of the base; none where they are gone.
#[derive(Debug)]
pub struct Identity {
    /// By family of the base.
    pub families: Vec<Option<usize>>,
    /// By role of the base.
    pub roles: Vec<Option<RoleId>>,
    /// By family of the base, its specialties: their numbers in the family of the head.
    specialties: Vec<Vec<Option<usize>>>,
    /// Files that were moved: where they were, where they are.
    moved: HashMap<String, String>,
}

impl Identity {
    /// Families are known by their id, then by their file where git says that it was moved, then by their alias.
    pub fn of(base: Side<'_>, head: Side<'_>, files: &[FileChange]) -> Identity {
        let moved = files.iter().filter_map(|change| Some((change.before.clone()?, change.after.clone()?)));
        Identity::with_moves(base, head, moved.filter(|(before, after)| before != after).collect())
    }

    /// The same by the files that were moved: where they were, where they are.
    pub fn with_moves(before: Side<'_>, after: Side<'_>, moved: HashMap<String, String>) -> Identity {
        let (base, head) = (before.handbook, after.handbook);
        let families = families(base, head, &moved);
        let mut roles = vec![None; base.roles.len()];
        let mut specialties: Vec<Vec<Option<usize>>> = base.families.iter().map(|f| vec![None; f.specialties.len()]).collect();
        for (family, now) in families.iter().enumerate() {
            if let Some(now) = now {
                pair_roles(base, head, family, *now, &mut roles);
                pair_specialties(base, head, family, *now, &mut specialties[family]);
            }
        }
        pair_across_families(before, after, &mut roles);
        Identity { families, roles, specialties, moved }
    }

    /// The number in the head of a specialty that a role of the base has, for the role that took its place.
    pub fn specialty(&self, base: &Handbook, head: &Handbook, role: RoleId, now: RoleId, specialty: usize) -> Option<usize> {
        let (was, is) = (base.roles[role].family, head.roles[now].family);
        if self.families[was] == Some(is) {
            return self.specialties[was][specialty];
        }
        let id = &base.specialty_front(was, specialty).id;
        head.front(is).specialties.iter().position(|s| s.id == *id)
    }

    /// The number in the head of a document of the base: its file, or where that was moved.
    pub fn document(&self, base: &Handbook, head: &Handbook, number: usize) -> Option<usize> {
        if let Ok(family) = base.families.binary_search_by_key(&number, |f| f.document) {
            return self.families[family].map(|now| head.families[now].document);
        }
        let file = base.documents[number].file();
        let path = self.moved.get(&**file).map_or(&**file, String::as_str);
        head.documents.binary_search_by(|d| (**d.file()).cmp(path)).ok()
    }

    /// That of a handbook with another that has the same families and roles in the same places.
    pub fn alike(base: &Handbook) -> Identity {
        let families = (0..base.families.len()).map(Some).collect();
        let specialties = base.families.iter().map(|f| (0..f.specialties.len()).map(Some).collect()).collect();
        Identity { families, roles: (0..base.roles.len()).map(Some).collect(), specialties, moved: HashMap::new() }
    }

    /// The id in the head's terms of a node of the base.
    pub fn node_id(&self, base: &Handbook, head: &Handbook, node: Node) -> String {
        let document = node.document(base);
        let number = node.document as usize;
        let Some(front) = document.family() else {
            return self.moved.get(&**document.file()).map_or_else(|| base.ids[number].clone(), |path| crate::model::page_id(path));
        };
        let Ok(family) = base.families.binary_search_by_key(&number, |f| f.document) else { return base.ids[number].clone() };
        let id = self.families[family].map_or_else(|| base.families[family].id.clone(), |f| head.families[f].id.clone());
        match front.node_kind(node.node as usize) {
            NodeKind::Family => id,
            NodeKind::Track(i) => format!("{id}#{}", front.tracks[i].id),
            NodeKind::Role(i) => {
                let now = self.roles[base.families[family].first_role + i];
                now.map_or_else(|| format!("{id}/{}", front.roles[i].id), |role| head.role_id(role))
            }
            NodeKind::Specialty(i) => {
                let now = self.families[family].zip(self.specialties[family][i]);
                let now = now.map(|(family, s)| &head.specialty_front(family, s).id);
                format!("{id}+{}", now.unwrap_or(&front.specialties[i].id))
            }
        }
    }

    /// The id in the head's terms of a role of the base.
    pub fn role_id(&self, base: &Handbook, head: &Handbook, role: RoleId) -> String {
        self.roles[role].map_or_else(|| base.role_id(role), |now| head.role_id(now))
    }
}

fn families(base: &Handbook, head: &Handbook, moved: &HashMap<String, String>) -> Vec<Option<usize>> {
    let by_id: HashMap<&str, usize> = head.families.iter().enumerate().map(|(n, f)| (f.id.as_str(), n)).collect();
    let by_file: HashMap<&str, usize> = head.families.iter().enumerate().map(|(n, f)| (&**head.documents[f.document].file(), n)).collect();
    let mut by_alias: HashMap<String, usize> = HashMap::new();
    for family in 0..head.families.len() {
        for alias in &head.front(family).aliases {
            by_alias.entry(address_file(&alias.text)).or_insert(family);
        }
    }
    let mut found: Vec<Option<usize>> = base.families.iter().map(|f| by_id.get(f.id.as_str()).copied()).collect();
    let mut taken: Vec<usize> = found.iter().flatten().copied().collect();
    for (number, family) in base.families.iter().enumerate() {
        if found[number].is_some() {
            continue;
        }
        let file = base.documents[family.document].file();
        let now = moved.get(&**file).and_then(|path| by_file.get(path.as_str())).or_else(|| by_alias.get(&output_file(&family.id))).copied();
        if let Some(now) = now.filter(|now| !taken.contains(now)) {
            taken.push(now);
            found[number] = Some(now);
        }
    }
    found
}

/// Roles of one family are known by their id, then by an alias, then by their title, then by their items.
fn pair_roles(base: &Handbook, head: &Handbook, was: usize, now: usize, roles: &mut [Option<RoleId>]) {
    let mut free: Vec<RoleId> = head.roles_of(now).collect();
    let mut pair = |fits: &dyn Fn(RoleId, RoleId) -> bool, roles: &mut [Option<RoleId>]| {
        for old in base.roles_of(was) {
            if roles[old].is_none()
                && let Some(at) = free.iter().position(|new| fits(old, *new))
            {
                roles[old] = Some(free.remove(at));
            }
        }
    };
    pair(&|old, new| base.role_front(old).id == head.role_front(new).id, roles);
    pair(&|old, new| head.role_front(new).aliases.iter().any(|a| *a.text == *base.role_front(old).id), roles);
    pair(&|old, new| base.role_front(old).title == head.role_front(new).title, roles);
    pair(&|old, new| shares_items(base, old, head, new), roles);
}

/// Specialties of one family are known by their id, then by their title, then by their items.
fn pair_specialties(base: &Handbook, head: &Handbook, was: usize, now: usize, found: &mut [Option<usize>]) {
    let (old, new) = (base.front(was), head.front(now));
    let mut free: Vec<usize> = (0..new.specialties.len()).collect();
    let mut pair = |fits: &dyn Fn(usize, usize) -> bool| {
        for (before, found) in found.iter_mut().enumerate().filter(|(_, found)| found.is_none()) {
            if let Some(at) = free.iter().position(|after| fits(before, *after)) {
                *found = Some(free.remove(at));
            }
        }
    };
    pair(&|b, h| old.specialties[b].id == new.specialties[h].id);
    pair(&|b, h| old.specialties[b].title == new.specialties[h].title);
    pair(&|b, h| half(&written(base, was, old.specialty_node(b)), &written(head, now, new.specialty_node(h))));
}

/// So many pairs of roles are looked at, at most, to find those that moved to another family.
const MOST_PAIRS: usize = 250_000;

/// A role with the items by which it is known in another family.
struct Moving {
    role: RoleId,
    /// Those that are written on it.
    own: Vec<u64>,
    /// Those that it has from its family's file: what stands on a role may stand on the family next, and the reverse.
    in_family: Vec<u64>,
}

/// A role that is gone from its family and one that is new in another are one, where they have the same title, id or alias
/// and an item in common (or both none and the same title), or else half of their items, or else a name and half of what
/// their families' files say of them.
fn pair_across_families(before: Side<'_>, after: Side<'_>, roles: &mut [Option<RoleId>]) {
    let (base, head) = (before.handbook, after.handbook);
    let gone: Vec<Moving> = (0..base.roles.len()).filter(|role| roles[*role].is_none()).map(|role| moving(before, role)).collect();
    let taken: std::collections::HashSet<RoleId> = roles.iter().flatten().copied().collect();
    let mut free: Vec<Moving> = (0..head.roles.len()).filter(|role| !taken.contains(role)).map(|role| moving(after, role)).collect();
    if gone.len() * free.len() > MOST_PAIRS {
        return;
    }
    let same_title = |old: &Moving, new: &Moving| base.role_front(old.role).title == head.role_front(new.role).title;
    let same_name = |old: &Moving, new: &Moving| {
        let (was, is) = (base.role_front(old.role), head.role_front(new.role));
        same_title(old, new) || was.id == is.id || is.aliases.iter().any(|alias| *alias.text == *was.id)
    };
    let shares_one = |old: &Moving, new: &Moving| {
        let has_none = old.own.is_empty() && new.own.is_empty();
        (same_name(old, new) && old.own.iter().any(|hash| new.own.contains(hash))) || (same_title(old, new) && has_none)
    };
    let by_family = |old: &Moving, new: &Moving| {
        let sides = [(&old.own, &new.in_family), (&old.in_family, &new.own), (&old.in_family, &new.in_family)];
        same_name(old, new) && sides.iter().any(|(was, is)| half(was, is))
    };
    type Fits<'f> = &'f dyn Fn(&Moving, &Moving) -> bool;
    for fits in [&shares_one as Fits<'_>, &|old, new| half(&old.own, &new.own), &by_family] {
        for old in &gone {
            if roles[old.role].is_none()
                && let Some(at) = free.iter().position(|new| fits(old, new))
            {
                roles[old.role] = Some(free.remove(at).role);
            }
        }
    }
}

fn moving(side: Side<'_>, role: RoleId) -> Moving {
    let handbook = side.handbook;
    let family = handbook.roles[role].family;
    let document = handbook.families[family].document;
    let items = side.resolution.roles[role].sections.iter().flat_map(|section| &section.items).map(|item| item.item);
    let in_family = items.filter(|at| at.document as usize == document).map(|at| handbook.item(at).1.hash).collect();
    Moving { role, own: written(handbook, family, handbook.role_node(role)), in_family }
}

/// Whether at least half of what is written on the roles is the same.
fn shares_items(base: &Handbook, old: RoleId, head: &Handbook, new: RoleId) -> bool {
    let items = |handbook: &Handbook, role: RoleId| written(handbook, handbook.roles[role].family, handbook.role_node(role));
    half(&items(base, old), &items(head, new))
}

/// What is written on a node of a family, item by item.
fn written(handbook: &Handbook, family: usize, node: usize) -> Vec<u64> {
    handbook.document_of(family).items.iter().filter(|item| item.node as usize == node && !item.removes).map(|item| item.hash).collect()
}

fn half(old: &[u64], new: &[u64]) -> bool {
    let both = old.iter().filter(|hash| new.contains(hash)).count();
    both > 0 && both * 2 >= old.len().max(new.len())
}
