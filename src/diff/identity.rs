//! Two handbooks in, which family and role of the one is which of the other out, whatever they are called now.

use std::collections::HashMap;

use crate::git::FileChange;
use crate::model::address::{address_file, output_file};
use crate::model::{Handbook, RoleId};
use crate::parse::NodeKind;
use crate::resolve::order::Node;

/// What became of the families and roles of the base; none where they are gone.
#[derive(Debug)]
pub struct Identity {
    /// By family of the base.
    pub families: Vec<Option<usize>>,
    /// By role of the base.
    pub roles: Vec<Option<RoleId>>,
    /// Files that were moved: where they were, where they are.
    moved: HashMap<String, String>,
}

impl Identity {
    /// Families are known by their id, then by their file where git says that it was moved, then by their alias.
    pub fn of(base: &Handbook, head: &Handbook, files: &[FileChange]) -> Identity {
        let moved = files.iter().filter_map(|change| Some((change.before.clone()?, change.after.clone()?)));
        Identity::with_moves(base, head, moved.filter(|(before, after)| before != after).collect())
    }

    /// The same by the files that were moved: where they were, where they are.
    pub fn with_moves(base: &Handbook, head: &Handbook, moved: HashMap<String, String>) -> Identity {
        let families = families(base, head, &moved);
        let mut roles = vec![None; base.roles.len()];
        for (family, now) in families.iter().enumerate() {
            if let Some(now) = now {
                pair_roles(base, head, family, *now, &mut roles);
            }
        }
        Identity { families, roles, moved }
    }

    /// That of a handbook with another that has the same families and roles in the same places.
    pub fn alike(base: &Handbook) -> Identity {
        let families = (0..base.families.len()).map(Some).collect();
        Identity { families, roles: (0..base.roles.len()).map(Some).collect(), moved: HashMap::new() }
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
            NodeKind::Specialty(i) => format!("{id}+{}", front.specialties[i].id),
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

/// Whether at least half of what is written on the roles is the same.
fn shares_items(base: &Handbook, old: RoleId, head: &Handbook, new: RoleId) -> bool {
    let written = |handbook: &Handbook, role: RoleId| -> Vec<u64> {
        let (document, node) = (handbook.document_of(handbook.roles[role].family), handbook.role_node(role));
        document.items.iter().filter(|item| item.node as usize == node && !item.removes).map(|item| item.hash).collect()
    };
    let (old, new) = (written(base, old), written(head, new));
    let both = old.iter().filter(|hash| new.contains(hash)).count();
    both > 0 && both * 2 >= old.len().max(new.len())
}
