//! A diff in, whom it touches out: the owners of families with changed roles or an edited file.

use super::compare::Sides;
use super::effect::{Diff, Owner};

/// The owners, in the order of the handbook.
pub fn owners(sides: &Sides<'_>, diff: &Diff) -> Vec<Owner> {
    let handbook = sides.head.handbook;
    let mut owners: Vec<Owner> = Vec::new();
    for (number, family) in handbook.families.iter().enumerate() {
        let Some(name) = &handbook.front(number).owner else { continue };
        let roles = diff.roles.iter().filter(|r| r.family == family.id && !r.is_composition).count();
        let file = handbook.documents[family.document].file();
        let is_edited = diff.files.iter().any(|f| f.after.as_deref() == Some(file));
        if roles == 0 && !is_edited {
            continue;
        }
        match owners.iter_mut().find(|o| o.name == *name) {
            Some(owner) => {
                owner.families.push(family.id.clone());
                owner.roles += roles;
                owner.is_edited |= is_edited;
            }
            None => owners.push(Owner { name: name.clone(), families: vec![family.id.clone()], roles, is_edited }),
        }
    }
    owners
}
