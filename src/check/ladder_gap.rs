//! `ladder-gap`: a role extends one further down its own track and skips a level between the two.

use std::collections::HashSet;

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::model::{Handbook, RoleId};
use crate::parse::Status;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    for role in handbook.roles_of(subject.family).filter(|r| handbook.role_front(*r).status == Status::Active) {
        let front = handbook.role_front(role);
        // One that is not known may be the nearer one.
        if handbook.roles[role].unresolved {
            continue;
        }
        // Among several parents the nearer one fills the gap, or the role is put together on purpose.
        let [parent] = handbook.roles[role].parents.as_slice() else { continue };
        if handbook.roles[parent.role].family != subject.family || parent.role >= role {
            continue;
        }
        // Nearly all roles extend the level below, and nobody need look further up: a chain stays linear.
        let mut above = None;
        let mut is_above = |between: &RoleId| above.get_or_insert_with(|| ancestors(handbook, role)).contains(between);
        let mut between = (parent.role + 1..role).rev().filter(|between| lies_between(handbook, parent.role, *between, role));
        let skipped = between.find(|between| !is_above(between));
        let Some(skipped) = skipped.map(|s| handbook.role_front(s)) else { continue };
        let below = handbook.role_front(parent.role);
        let document = handbook.document_of(subject.family);
        let finding = Diagnostic::warning(
            "ladder-gap",
            document.place(front.extends[parent.entry].reference.span.clone()),
            format!("{} extends {}, and {} between them is skipped", front.title, below.title, skipped.title),
        )
        .label(format!("did you mean `{}`?", skipped.id))
        .help("extend the nearest level below; if the skipped one leads elsewhere, put it on another track")
        .related(document.place(super::entry_line(document, skipped)), "the level between");
        findings.push(finding);
    }
}

/// Whether a role lies between two others of one track: by grade where all three have one, else by the order in which
/// they are written, which is ascending.
fn lies_between(handbook: &Handbook, low: RoleId, between: RoleId, high: RoleId) -> bool {
    let track = handbook.track_id(high);
    if handbook.role_front(between).status != Status::Active || handbook.track_id(low) != track || handbook.track_id(between) != track {
        return false;
    }
    let [low, between, high] = [low, between, high].map(|r| handbook.role_front(r).grade.numbers());
    match (low.iter().max(), between.iter().min(), between.iter().max(), high.iter().min()) {
        (Some(low), Some(least), Some(most), Some(high)) => low < least && most < high,
        (None, None, None, None) => true,
        _ => false,
    }
}

fn ancestors(handbook: &Handbook, role: RoleId) -> HashSet<RoleId> {
    let mut seen = HashSet::new();
    let mut work = vec![role];
    while let Some(role) = work.pop() {
        work.extend(handbook.roles[role].parents.iter().map(|p| p.role).filter(|p| seen.insert(*p)));
    }
    seen
}
