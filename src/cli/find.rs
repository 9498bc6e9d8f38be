//! A role or family as it is named on the command line in, its number out.

use super::{CONTENT, Failure};
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::model::reference::{Found, Index};
use crate::model::{Family, Handbook, RoleId};
use crate::parse::{ANY, ANY_BY_PATH, DocumentKind, RoleFront};

/// What the argument means.
pub(super) enum Wanted {
    Role(RoleId, Option<usize>),
    Family(usize),
}

/// Finds what is asked for; the inner error holds the findings of a file that cannot be read.
pub(super) fn find(handbook: &Handbook, what: &str) -> Result<Result<Wanted, Vec<Diagnostic>>, Failure> {
    let index = Index::of(handbook);
    let (path, specialty) = match what.split_once('+') {
        Some((path, specialty)) => (path, Some(specialty)),
        None => (what, None),
    };
    let path = path.trim_matches('/');
    let many = |ids: Vec<String>| Failure::usage(format!("`{path}` fits several: {}", ids.join(", ")));
    match index.role(handbook, path, None) {
        Found::One(role) | Found::Old(role) => return Ok(Ok(Wanted::Role(role, of_role(handbook, role, specialty)?))),
        Found::Many(roles) => return Err(many(roles.into_iter().map(|r| handbook.role_id(r)).collect())),
        Found::Broken if !path.contains('/') => return Ok(Err(broken_with(handbook, path))),
        Found::Broken | Found::None => {}
    }
    match index.family(handbook, path, None) {
        Found::One(family) | Found::Old(family) if specialty.is_none() => return Ok(Ok(Wanted::Family(family))),
        Found::Many(families) => return Err(many(families.into_iter().map(|f| handbook.families[f].id.clone()).collect())),
        _ => {}
    }
    let above = path.rsplit_once('/').map_or("", |(above, _)| above);
    let broken = handbook
        .broken
        .iter()
        .find(|(id, _)| id == path || id == above || id.ends_with(&format!("/{path}")) || (!above.is_empty() && id.ends_with(&format!("/{above}"))));
    if let Some((_, document)) = broken {
        return Ok(Err(handbook.documents[*document].findings.clone()));
    }
    let ids: Vec<String> = (0..handbook.roles.len()).map(|r| handbook.role_id(r)).chain(handbook.families.iter().map(|f| f.id.clone())).collect();
    let parts = path.split('/').count();
    let tails = ids
        .iter()
        .map(|id| id.rsplitn(parts + 1, '/').take(parts).map(str::len).sum::<usize>() + parts - 1)
        .zip(&ids)
        .map(|(len, id)| &id[id.len() - len.min(id.len())..]);
    let near = ident::nearest(path, tails).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
    Err(Failure { code: CONTENT, message: format!("no role or family `{path}` in this handbook{near}") })
}

/// The specialty with this id, among those that the role can be combined with.
fn of_role(handbook: &Handbook, role: RoleId, id: Option<&str>) -> Result<Option<usize>, Failure> {
    let Some(id) = id else { return Ok(None) };
    let family = handbook.roles[role].family;
    let front = handbook.front(family);
    let names: Vec<&str> = front
        .specialties
        .iter()
        .enumerate()
        .filter(|(i, _)| handbook.families[family].specialties[*i].roles.contains(&role))
        .map(|(_, s)| s.id.as_str())
        .collect();
    let found = front.specialties.iter().position(|s| s.id == id).filter(|i| handbook.families[family].specialties[*i].roles.contains(&role));
    found.map(Some).ok_or_else(|| Failure {
        code: CONTENT,
        message: match names.as_slice() {
            [] => format!("{} cannot be combined with a specialty `{id}`; it has no specialties", handbook.role_front(role).title),
            _ => format!("{} cannot be combined with a specialty `{id}`; it has: {}", handbook.role_front(role).title, names.join(", ")),
        },
    })
}

/// The findings of the files that cannot be read and probably hold the role that is meant.
pub(super) fn broken_with(handbook: &Handbook, reference: &str) -> Vec<Diagnostic> {
    let (path, id) = reference.rsplit_once('/').unwrap_or(("", reference));
    let in_family = |family: &str| path.is_empty() || family == path || family.ends_with(&format!("/{path}"));
    let may_be = |known: &String| known == id || known == ANY || !path.is_empty() && known == ANY_BY_PATH;
    let holds = |d: usize| matches!(&handbook.documents[d].kind, DocumentKind::Broken { ids } if ids.iter().any(may_be));
    let broken = handbook.broken.iter().filter(|(family, d)| in_family(family) && holds(*d)).map(|(_, d)| *d);
    // So does a family with a role of which nobody knows the id, where no other file says that it does.
    let lacks_id = |f: &&Family| {
        in_family(&f.id) && handbook.documents[f.document].family().is_some_and(|front| front.roles.iter().any(RoleFront::has_unknown_id))
    };
    let unnamed = handbook.families.iter().filter(lacks_id).map(|f| f.document);
    let is_known = Index::of(handbook).role(handbook, reference, None) != Found::None;
    broken.chain(unnamed.filter(|_| !is_known)).flat_map(|d| handbook.documents[d].findings.iter().cloned()).collect()
}
