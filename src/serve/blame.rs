//! Errors of a snapshot in, out which of the changed files bring them about: these are held back, and no others.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::links::Links;
use crate::model::{Handbook, ReportsTo, RoleId, Step};
use crate::snapshot::Snapshot;

type Paths = BTreeSet<Arc<str>>;

/// The files among `open` that may have brought errors about: those that have them; for those that have errors and did not
/// change, what they name or depended on when all was well. Where there is none, everything that is no page.
pub fn to_blame(errors: &[Diagnostic], good: &Snapshot, open: &Paths) -> Paths {
    let faulty: HashSet<&str> = errors.iter().map(|error| &*error.place.file).collect();
    let mut blamed: Paths = open.iter().filter(|path| faulty.contains(&***path)).cloned().collect();
    let unchanged = |error: &&Diagnostic| !open.contains(&error.place.file);
    let named = errors.iter().filter(unchanged).flat_map(|error| error.related.iter().map(|related| &related.place.file).chain(&error.hangs_on));
    blamed.extend(named.filter(|path| open.contains(*path)).cloned());
    let innocent: HashSet<&str> = errors.iter().filter(unchanged).map(|error| &*error.place.file).collect();
    let needed = needed_by(&innocent, good).into_iter().map(|document| good.handbook.documents[document].file());
    blamed.extend(needed.filter(|path| open.contains(*path)).cloned());
    if blamed.is_empty() { open.iter().filter(|path| !is_page(path)).cloned().collect() } else { blamed }
}

/// Not a shared block, a setting, a template, or a file that is copied.
fn is_page(path: &str) -> bool {
    path.starts_with("content/") && path.ends_with(".md") && !path.starts_with("content/_shared/")
}

/// The documents on which files depend: of all roles that theirs inherit from, of those that theirs name, and of the pages
/// to which they lead.
fn needed_by(files: &HashSet<&str>, good: &Snapshot) -> BTreeSet<usize> {
    let handbook = &good.handbook;
    let own = |document: usize| files.contains(&**handbook.documents[document].file());
    let heirs: Vec<usize> = (0..handbook.families.len()).filter(|family| own(handbook.families[*family].document)).collect();
    let roles = heirs.iter().flat_map(|family| handbook.roles_of(*family));
    let mut families: BTreeSet<usize> = roles.flat_map(|role| named_by(handbook, role)).collect();
    families.extend(ancestors(handbook, heirs));
    let links = Links::among(Arc::clone(&good.places), handbook, &good.resolution, good.drafts);
    let linked = (0..handbook.documents.len()).filter(|document| own(*document)).flat_map(|document| links.documents_from(document));
    linked.chain(families.into_iter().map(|family| handbook.families[family].document)).collect()
}

/// The families that a role names without inheriting from them.
fn named_by(handbook: &Handbook, role: RoleId) -> Vec<usize> {
    let role = &handbook.roles[role];
    let next = role.next.iter().map(|step| match step {
        Step::Role(role) => handbook.roles[*role].family,
        Step::Family(family) => *family,
    });
    let superior = match role.reports_to {
        Some(ReportsTo::Role(role)) => Some(role),
        Some(ReportsTo::Text(_)) | None => None,
    };
    let others = role.extends_any.iter().copied().chain(superior).chain(role.replaced_by);
    next.chain(others.map(|role| handbook.roles[role].family)).collect()
}

/// The families from which some inherit, at any distance.
fn ancestors(handbook: &Handbook, mut open: Vec<usize>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    while let Some(family) = open.pop() {
        for parent in handbook.roles_of(family).flat_map(|role| &handbook.roles[role].parents) {
            let above = handbook.roles[parent.role].family;
            if found.insert(above) {
                open.push(above);
            }
        }
    }
    found
}
