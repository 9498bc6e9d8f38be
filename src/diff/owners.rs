//! A diff in, whom it touches out: the owners of families with changed roles or an edited file, and those who lose one.

use super::compare::Sides;
use super::effect::{Diff, Owner};
use crate::git::FileChange;

/// The owners, in the order of the handbook; those of families that are gone, or another's now, come last.
pub fn owners(sides: &Sides<'_>, diff: &Diff) -> Vec<Owner> {
    let (base, head) = (sides.base.handbook, sides.head.handbook);
    let mut owners = Vec::new();
    for (number, family) in head.families.iter().enumerate() {
        let file = head.documents[family.document].file();
        let is_edited = diff.files.iter().any(|f| f.after.as_deref() == Some(file));
        note(&mut owners, diff, head.front(number).owner.as_deref(), &family.id, is_edited);
    }
    for (number, family) in base.families.iter().enumerate() {
        let owner = base.front(number).owner.as_deref();
        let now = sides.identity.families[number];
        if now.is_some_and(|now| head.front(now).owner.as_deref() == owner) {
            continue;
        }
        let file = base.documents[family.document].file();
        let was_edited = |f: &FileChange| f.before.as_deref() == Some(file);
        note(&mut owners, diff, owner, now.map_or(&family.id, |now| &head.families[now].id), diff.files.iter().any(was_edited));
    }
    owners
}

/// Notes that a family of an owner is touched, if it is.
fn note(owners: &mut Vec<Owner>, diff: &Diff, owner: Option<&str>, family: &str, is_edited: bool) {
    let Some(name) = owner else { return };
    let (composed, alone): (Vec<_>, Vec<_>) = diff.roles.iter().filter(|r| r.family == family).partition(|r| r.is_composition);
    let (roles, compositions) = (alone.len(), composed.len());
    if roles + compositions == 0 && !is_edited {
        return;
    }
    match owners.iter_mut().find(|o| o.name == *name) {
        Some(owner) => {
            owner.families.push(family.to_owned());
            owner.roles += roles;
            owner.compositions += compositions;
            owner.is_edited |= is_edited;
        }
        None => owners.push(Owner { name: name.to_owned(), families: vec![family.to_owned()], roles, compositions, is_edited }),
    }
}
