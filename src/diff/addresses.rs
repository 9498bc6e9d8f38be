//! Two handbooks in, the addresses of the one that lead nowhere in the other out, each with what to write.

use std::collections::HashSet;

use super::compare::{Sides, composed_id};
use crate::model::address::{output_file, redirects};
use crate::model::{Handbook, RoleId};
use crate::parse::Status;

/// An address that was part of the site and would be no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadAddress {
    /// The address from the site's root, `/engineering/backend/senior/`.
    pub address: String,
    /// The id of what has the page of that which stood there now; of a role with a specialty perhaps the role. None without a page.
    pub now: Option<String>,
    /// What to do about it.
    pub remedy: Remedy,
}

/// What to do about an address that would lead nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// An alias, and where it is to be written, in words.
    Alias {
        /// `on the role senior in content/engineering/backend.md`.
        at: String,
        /// The alias.
        alias: String,
    },
    /// Nothing took its place.
    Words(&'static str),
}

impl Remedy {
    /// As a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Remedy::Alias { at, alias } => format!("write `aliases: [{alias}]` {at}"),
            Remedy::Words(words) => (*words).to_owned(),
        }
    }
}

/// The page of a role or composition, as a file of the output; none where it has none.
pub fn role_page(handbook: &Handbook, role: RoleId, specialty: Option<usize>) -> Option<String> {
    let config = &handbook.config;
    let has_page = config.role_pages && (specialty.is_none() || config.composition_pages);
    if !has_page || handbook.role_front(role).status == Status::Draft {
        return None;
    }
    let id = handbook.role_id(role);
    let family = handbook.roles[role].family;
    Some(output_file(&specialty.map_or_else(|| id.clone(), |s| format!("{id}/{}", handbook.specialty_front(family, s).id))))
}

/// The addresses that die, in the order of the base's pages.
pub fn dead(sides: &Sides<'_>) -> Vec<DeadAddress> {
    let (before, after) = (sides.base.handbook, sides.head.handbook);
    // A family whose file is the same has the same addresses, and they are nobody else's.
    let same_pages = (before.config.role_pages, before.config.composition_pages) == (after.config.role_pages, after.config.composition_pages);
    let kept: HashSet<usize> = sides.same.iter().flatten().map(|document| *document as usize).filter(|_| same_pages).collect();
    let is_kept = |family: usize| same_pages && sides.same[before.families[family].document].is_some();
    let mut alive: HashSet<String> = redirects(after, false).into_iter().map(|r| r.from).collect();
    alive.extend(pages(after, &|family| kept.contains(&after.families[family].document)).into_iter().map(|(file, _)| file));
    let is_unread = |id: &str| after.broken.iter().any(|(broken, _)| broken == id);
    let dies = |(file, what): (String, What)| {
        let family = match &what {
            What::Family(family) => Some(*family),
            What::Role(role, _) => Some(before.roles[*role].family),
            What::Other => None,
        };
        let unread = family.is_some_and(|f| is_unread(&before.families[f].id));
        (!alive.contains(&file) && !unread).then(|| told(sides, &file, &what))
    };
    let old = redirects(before, false).into_iter().map(|r| (r.from, What::Other));
    pages(before, &is_kept).into_iter().chain(old).filter_map(dies).collect()
}

/// What stands at an address.
enum What {
    Family(usize),
    Role(RoleId, Option<usize>),
    Other,
}

/// The addresses of pages with what stands there; those of families that `leave_out` names are not needed.
fn pages(handbook: &Handbook, leave_out: &dyn Fn(usize) -> bool) -> Vec<(String, What)> {
    let mut all = Vec::new();
    all.extend(handbook.departments.iter().map(|d| (output_file(&d.id), What::Other)));
    all.extend(handbook.pages.iter().map(|p| (output_file(&p.id), What::Other)));
    for (number, family) in handbook.families.iter().enumerate().filter(|(number, _)| !leave_out(*number)) {
        all.push((output_file(&family.id), What::Family(number)));
        for role in handbook.roles_of(number) {
            all.extend(role_page(handbook, role, None).map(|file| (file, What::Role(role, None))));
            let fits = (0..family.specialties.len()).filter(|s| family.specialties[*s].roles.contains(&role));
            all.extend(fits.filter_map(|s| Some((role_page(handbook, role, Some(s))?, What::Role(role, Some(s))))));
        }
    }
    all
}

fn told(sides: &Sides<'_>, file: &str, what: &What) -> DeadAddress {
    let after = sides.head.handbook;
    let address = format!("/{}", file.strip_suffix("index.html").unwrap_or(file));
    let in_family = |family: usize| Remedy::Alias { at: format!("at the top of {}", after.document_of(family).file()), alias: address.clone() };
    let (now, remedy) = match what {
        What::Family(family) => match sides.identity.families[*family] {
            Some(now) => (Some(after.families[now].id.clone()), in_family(now)),
            None => (None, Remedy::Words("no family took its place; an alias on another one would lead its readers there")),
        },
        What::Role(role, specialty) => match sides.identity.roles[*role] {
            Some(now) => {
                let family = after.roles[now].family;
                let still = specialty.and_then(|s| sides.identity.specialty(sides.base.handbook, after, *role, now, s));
                let still = still.filter(|s| after.families[family].specialties[*s].roles.contains(&now));
                let with_page = [still, None].into_iter().find(|s| role_page(after, now, *s).is_some());
                let goes_along = match (specialty, still) {
                    (None, _) => true,
                    (Some(was), Some(is)) => {
                        let id = |handbook: &Handbook, role: RoleId, s: usize| handbook.specialty_front(handbook.roles[role].family, s).id.clone();
                        id(sides.base.handbook, *role, *was) == id(after, now, is)
                    }
                    (Some(_), None) => false,
                };
                let alias = || of_role(sides, *role, now).filter(|_| goes_along).unwrap_or_else(|| in_family(family));
                let remedy = without_page(after, now, specialty.is_some()).map_or_else(alias, Remedy::Words);
                (with_page.map(|specialty| composed_id(after, now, specialty)), remedy)
            }
            None => {
                let words = "no role took its place; with `status: deprecated` and `replaced_by:` its page would stay for a while";
                (None, Remedy::Words(words))
            }
        },
        What::Other => (None, Remedy::Words("an alias on the page that took its place would lead its readers there")),
    };
    DeadAddress { address, now, remedy }
}

/// Why a role has no page, of which an alias would make nothing better.
fn without_page(handbook: &Handbook, role: RoleId, is_composition: bool) -> Option<&'static str> {
    if !handbook.config.role_pages {
        return Some("roles have no pages of their own, as handbook.yml says");
    }
    if is_composition && !handbook.config.composition_pages {
        return Some("roles with a specialty have no pages of their own, as handbook.yml says");
    }
    let is_draft = handbook.role_front(role).status == Status::Draft;
    is_draft.then_some("it is a draft now, which has no page; with `status: deprecated` its page would stay")
}

/// An old id is an alias of the role itself, where only the role was renamed; it leads on with the same specialty, too.
fn of_role(sides: &Sides<'_>, old: RoleId, now: RoleId) -> Option<Remedy> {
    let (before, after) = (sides.base.handbook, sides.head.handbook);
    let (was, family) = (&before.families[before.roles[old].family].id, after.roles[now].family);
    let (id, new) = (&before.role_front(old).id, &after.role_front(now).id);
    let is_own = *was == after.families[family].id && id != new;
    is_own.then(|| Remedy::Alias { at: format!("on the role {new} in {}", after.document_of(family).file()), alias: id.clone() })
}
