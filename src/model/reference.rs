//! References as written in, roles and families out. A reference is any suffix of `department/.../family/role`, looked
//! up in the own family first, then in the own department, then everywhere. Source: content model, section 3.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Handbook, Parent, ReportsTo, RoleId, Specialty, Step, is_suffix};
use crate::diagnostic::{Diagnostic, Place};
use crate::ident;
use crate::parse::{ANY, ANY_BY_PATH, Document, DocumentKind, Located, ParentFront, RoleFront, Status};

/// What a reference leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<T> {
    /// One, by its id.
    One(T),
    /// One, by an id that it had before.
    Old(T),
    /// Several.
    Many(Vec<T>),
    /// It may stand in a file that could not be read.
    Broken,
    /// Nothing.
    None,
}

/// Roles and families by the last part of their id.
pub struct Index {
    roles: HashMap<String, Vec<(RoleId, bool)>>,
    families: HashMap<String, Vec<usize>>,
    /// Roles and their old ids of families with many roles, where looking through all would take quadratic time.
    large: HashMap<usize, HashMap<String, Vec<(RoleId, bool)>>>,
    broken: Vec<(String, Vec<String>)>,
    /// Roles of which nobody knows the id.
    unnamed: Vec<RoleId>,
}

/// Families with more roles than this are indexed.
const LARGE: usize = 64;

impl Index {
    /// The index of a handbook.
    pub fn of(handbook: &Handbook) -> Self {
        let mut roles: HashMap<String, Vec<(RoleId, bool)>> = HashMap::new();
        for role in 0..handbook.roles.len() {
            let front = handbook.role_front(role);
            roles.entry(front.id.clone()).or_default().push((role, false));
            for old in &front.aliases {
                roles.entry(old.text.to_string()).or_default().push((role, true));
            }
        }
        let mut families: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, family) in handbook.families.iter().enumerate() {
            let slug = family.id.rsplit('/').next().unwrap_or(&family.id);
            families.entry(slug.to_owned()).or_default().push(number);
        }
        let ids = |document: &Document| match &document.kind {
            DocumentKind::Broken { ids } => ids.clone(),
            _ => Vec::new(),
        };
        let broken = handbook.broken.iter().map(|(id, d)| (id.clone(), ids(&handbook.documents[*d]))).collect();
        let mut large: HashMap<usize, HashMap<String, Vec<(RoleId, bool)>>> = HashMap::new();
        for family in (0..handbook.families.len()).filter(|f| handbook.front(*f).roles.len() > LARGE) {
            let ids = large.entry(family).or_default();
            for role in handbook.roles_of(family) {
                let front = handbook.role_front(role);
                ids.entry(front.id.clone()).or_default().push((role, false));
                for old in front.aliases.iter().filter(|a| *a.text != *front.id) {
                    ids.entry(old.text.to_string()).or_default().push((role, true));
                }
            }
        }
        let unnamed = (0..handbook.roles.len()).filter(|role| handbook.role_front(*role).has_unknown_id()).collect();
        Index { roles, families, large, broken, unnamed }
    }

    /// Whether a reference in a family that is like no known id may lead to a role of which nobody knows the id: one of the family that
    /// it names, or of its own, or one whose title is like it.
    fn may_be_unnamed(&self, handbook: &Handbook, reference: &str, from: usize) -> bool {
        let path = reference.rsplit_once('/').map(|(path, _)| path);
        let may_be = |role: &RoleId| {
            let family = handbook.roles[*role].family;
            match path {
                Some(path) => is_suffix(&handbook.families[family].id, path),
                None => family == from || is_like_title(reference, &handbook.role_front(*role).title),
            }
        };
        reference.split('/').all(ident::is_id) && self.unnamed.iter().any(may_be)
    }

    /// Looks a role up, as seen from a family (`None`: from the command line).
    pub fn role(&self, handbook: &Handbook, reference: &str, from: Option<usize>) -> Found<RoleId> {
        let (path, last) = match reference.rsplit_once('/') {
            Some((path, last)) => (Some(path), last),
            None => (None, reference),
        };
        if let Some(family) = from.filter(|f| path.is_none_or(|p| is_suffix(&handbook.families[*f].id, p))) {
            let own = settled(&in_family(handbook, self, family, last));
            if own != Found::None {
                return own;
            }
        }
        let fitting: Vec<(RoleId, bool)> = match path {
            Some(path) => self.families_named(handbook, path).flat_map(|family| in_family(handbook, self, family, last)).collect(),
            None => self.roles.get(last).cloned().unwrap_or_default(),
        };
        let department = |role: RoleId| handbook.families[handbook.roles[role].family].department;
        let near: Vec<(RoleId, bool)> =
            fitting.iter().filter(|(role, _)| from.is_some_and(|f| department(*role) == handbook.families[f].department)).copied().collect();
        for tier in [near, fitting] {
            let found = settled(&tier);
            if found != Found::None {
                return found;
            }
        }
        let may_be = |id: &String| id == last || id == ANY || path.is_some() && id == ANY_BY_PATH;
        let may_be_broken = self.broken.iter().any(|(id, ids)| path.is_none_or(|p| is_suffix(id, p)) && ids.iter().any(may_be));
        if may_be_broken { Found::Broken } else { Found::None }
    }

    fn families_named<'a>(&'a self, handbook: &'a Handbook, path: &'a str) -> impl Iterator<Item = usize> + 'a {
        let last = path.rsplit('/').next().unwrap_or(path);
        self.families.get(last).into_iter().flatten().copied().filter(move |f| is_suffix(&handbook.families[*f].id, path))
    }

    /// Looks a family up, as seen from a department.
    pub fn family(&self, handbook: &Handbook, reference: &str, from: Option<usize>) -> Found<usize> {
        let fitting: Vec<usize> = self.families_named(handbook, reference).collect();
        let near: Vec<usize> = fitting.iter().filter(|f| from.is_some_and(|d| handbook.families[**f].department == d)).copied().collect();
        for hits in [near, fitting] {
            match hits.as_slice() {
                [] => {}
                [one] => return Found::One(*one),
                _ => return Found::Many(hits),
            }
        }
        if self.broken.iter().any(|(id, _)| is_suffix(id, reference)) { Found::Broken } else { Found::None }
    }
}

/// Whether an id may be that of a role with a title: nearly its slug, or made of the beginnings of its words.
fn is_like_title(id: &str, title: &str) -> bool {
    let slug = ident::slug(title);
    let begins_word = |part: &str| !part.is_empty() && slug.split('-').any(|word| word.starts_with(part));
    id.split('-').all(begins_word) || ident::nearest(id, [slug.as_str()]).is_some()
}

/// The roles of a family with this id, and (true) those that had it before.
fn in_family(handbook: &Handbook, index: &Index, family: usize, id: &str) -> Vec<(RoleId, bool)> {
    if let Some(ids) = index.large.get(&family) {
        return ids.get(id).cloned().unwrap_or_default();
    }
    let roles = handbook.roles_of(family).zip(&handbook.front(family).roles);
    roles
        .filter_map(|(role, front)| {
            let old = front.aliases.iter().any(|a| *a.text == *id);
            (front.id == id || old).then_some((role, front.id != id))
        })
        .collect()
}

/// The one role that fits by its id, else the one that had it before.
fn settled(fitting: &[(RoleId, bool)]) -> Found<RoleId> {
    for old in [false, true] {
        let hits: Vec<RoleId> = fitting.iter().filter(|(_, o)| *o == old).map(|(r, _)| *r).collect();
        match hits.as_slice() {
            [] => {}
            [one] => return if old { Found::Old(*one) } else { Found::One(*one) },
            _ => return Found::Many(hits),
        }
    }
    Found::None
}

/// Resolves every reference of every family.
pub(super) fn resolve(handbook: &mut Handbook) {
    let index = Index::of(handbook);
    for family in 0..handbook.families.len() {
        let document = Arc::clone(&handbook.documents[handbook.families[family].document]);
        let mut resolver = Resolver { handbook, index: &index, family, document: &document, findings: Vec::new() };
        let roles = resolver.roles();
        let specialties = resolver.specialties();
        let front = document.family().expect("a family's document is that of a family");
        let ladder = front.ladder.iter().filter_map(|at| resolver.step(at, "ladder")).collect();
        let findings = resolver.findings;
        for (role, (parents, unresolved, extends_any, next, reports_to, replaced_by)) in handbook.roles_of(family).zip(roles) {
            let role = &mut handbook.roles[role];
            role.parents = parents;
            role.unresolved = unresolved;
            role.extends_any = extends_any;
            role.next = next;
            role.reports_to = reports_to;
            role.replaced_by = replaced_by;
        }
        handbook.families[family].specialties = specialties;
        handbook.families[family].ladder = ladder;
        handbook.findings.extend(findings);
    }
}

type Relations = (Vec<Parent>, bool, Vec<RoleId>, Vec<Step>, Option<ReportsTo>, Option<RoleId>);

struct Resolver<'a> {
    handbook: &'a Handbook,
    index: &'a Index,
    family: usize,
    document: &'a Document,
    findings: Vec<Diagnostic>,
}

impl Resolver<'_> {
    fn roles(&mut self) -> Vec<Relations> {
        let handbook = self.handbook;
        let front = handbook.front(self.family);
        handbook
            .roles_of(self.family)
            .zip(&front.roles)
            .map(|(role, written)| {
                let parents = written.extends.iter().enumerate().filter_map(|(entry, parent)| {
                    let to = self.parent(role, &parent.reference)?;
                    Some(Parent { role: to, only: parent.only.clone(), entry })
                });
                let parents: Vec<Parent> = parents.collect();
                let unresolved = parents.len() < written.extends.len();
                self.report_twice(&parents, &written.extends);
                let any = written.extends_any.iter().filter_map(|at| self.parent(role, at)).collect();
                let next = written.next.iter().filter_map(|at| {
                    let step = self.step(at, "next")?;
                    (step != Step::Role(role) || self.report_self(role, at, "comes next after")).then_some(step)
                });
                let next = next.collect();
                let reports_to = written.reports_to.as_ref().and_then(|at| {
                    let to = self.reports_to(at)?;
                    (to != ReportsTo::Role(role) || self.report_self(role, at, "reports to")).then_some(to)
                });
                let replaced_by = written.replaced_by.as_ref().and_then(|at| {
                    let by = self.role(at, "replaced-by-unknown")?;
                    (by != role || self.report_self(role, at, "is replaced by")).then_some(by)
                });
                (merged(parents), unresolved, any, next, reports_to, replaced_by)
            })
            .collect()
    }

    /// Tells that a role stands in such a relation to itself, which is then left out (hence `false`).
    fn report_self(&mut self, role: RoleId, at: &Located, relation: &str) -> bool {
        let title = &self.handbook.role_front(role).title;
        let finding = Diagnostic::error("relates-to-itself", self.place(at), format!("the role {title} {relation} itself"))
            .help("name the other role, or leave this out");
        self.findings.push(finding);
        false
    }

    /// Tells of a parent that is written again and adds no section to what it gave already.
    fn report_twice(&mut self, parents: &[Parent], written: &[ParentFront]) {
        for (i, parent) in parents.iter().enumerate() {
            let gives_all_of = |earlier: &&Parent| match (&earlier.only, &parent.only) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(earlier), Some(only)) => only.iter().all(|section| earlier.contains(section)),
            };
            let Some(first) = parents[..i].iter().filter(|p| p.role == parent.role).find(gives_all_of) else { continue };
            let title = &self.handbook.role_front(parent.role).title;
            let finding = Diagnostic::warning("extends-twice", self.place(&written[parent.entry].reference), format!("{title} is extended twice"))
                .help("keep one of the two; perhaps another role was meant")
                .related(self.place(&written[first.entry].reference), "the first one");
            self.findings.push(finding);
        }
    }

    fn place(&self, at: &Located) -> Place {
        self.document.place(at.span.clone())
    }

    fn parent(&mut self, role: RoleId, at: &Located) -> Option<RoleId> {
        let found = self.index.role(self.handbook, &at.text, Some(self.family));
        if matches!(found, Found::One(to) | Found::Old(to) if to == role) {
            let title = &self.handbook.role_front(role).title;
            let finding = Diagnostic::error("extends-self", self.place(at), format!("the role {title} extends itself"))
                .help("name the role it builds on, or leave `extends` out");
            self.findings.push(finding);
            return None;
        }
        self.settled(found, at, "extends-unknown", "extends-ambiguous")
    }

    fn role(&mut self, at: &Located, code: &'static str) -> Option<RoleId> {
        let found = self.index.role(self.handbook, &at.text, Some(self.family));
        self.settled(found, at, code, "reference-ambiguous")
    }

    fn settled(&mut self, found: Found<RoleId>, at: &Located, unknown: &'static str, ambiguous: &'static str) -> Option<RoleId> {
        match found {
            Found::One(role) => Some(role),
            Found::Old(role) => {
                let new = &self.handbook.role_front(role).id;
                let finding = Diagnostic::warning("old-id", self.place(at), format!("`{}` is an old id of the role `{new}`", at.text))
                    .label(format!("now `{new}`"))
                    .help("write the new id");
                self.findings.push(finding);
                Some(role)
            }
            Found::Many(roles) => {
                self.report_many(at, roles.iter().map(|r| self.handbook.role_id(*r)).collect(), ambiguous);
                None
            }
            Found::Broken => None,
            Found::None => {
                self.report_unknown(at, unknown);
                None
            }
        }
    }

    fn report_many(&mut self, at: &Located, ids: Vec<String>, code: &'static str) {
        let finding = Diagnostic::error(code, self.place(at), format!("`{}` fits {} roles or families", at.text, ids.len()))
            .help(format!("say which one: {}", ident::listed(ids.iter().map(String::as_str), "or")));
        self.findings.push(finding);
    }

    fn report_unknown(&mut self, at: &Located, code: &'static str) {
        self.findings.extend(self.unknown(at, code));
    }

    /// What is said of a reference that leads nowhere; nothing where it may mean a role of which nobody knows the id.
    fn unknown(&self, at: &Located, code: &'static str) -> Option<Diagnostic> {
        let handbook = self.handbook;
        let error = |message: String| Diagnostic::error(code, self.place(at), message);
        let from = Some(handbook.families[self.family].department);
        let as_family = at.text.strip_suffix(".md").map_or(&*at.text, |path| path.trim_start_matches("../").trim_start_matches("./"));
        let is_file = as_family.len() < at.text.len();
        if (is_file || !at.text.contains('/'))
            && let Found::One(family) = self.index.family(handbook, as_family, from)
        {
            let what = if is_file { "file" } else { "family" };
            let roles: Vec<String> = ids_of(handbook, family).map(|id| format!("{as_family}/{id}")).collect();
            let finding = error(format!("`{}` is a {what}, and a role is wanted here", at.text));
            return Some(finding.help(format!("its roles: {}", roles.join(", "))));
        }
        if let Some(titled) = self.titled(&at.text).filter(|id| !id.eq_ignore_ascii_case(&at.text)) {
            let finding = error(format!("`{}` is the title of a role, and its id is wanted here", at.text));
            return Some(finding.label(format!("did you mean `{titled}`?")).help(format!("write `{titled}`")));
        }
        let parts: Vec<&str> = at.text.split(',').map(str::trim).collect();
        if parts.len() > 1 && parts.iter().all(|part| part.split('/').all(ident::is_id)) {
            let finding = error(format!("`{}` is one text, and no role has such an id", at.text));
            return Some(finding.help(format!("write several roles as a list: [{}]", parts.join(", "))));
        }
        let own: Vec<&str> = ids_of(handbook, self.family).collect();
        let (finding, near) = match at.text.rsplit_once('/') {
            None => {
                let near = ident::nearest(&at.text, own.iter().copied()).map(str::to_owned).or_else(|| self.nearest_elsewhere(&at.text));
                (error(format!("no role `{}` in this family", at.text)).help(format!("roles here: {}", own.join(", "))), near)
            }
            Some((path, last)) => match self.index.family(handbook, path, None) {
                Found::One(family) => {
                    let roles: Vec<&str> = ids_of(handbook, family).collect();
                    let near = ident::nearest(last, roles.iter().copied()).map(|n| format!("{path}/{n}"));
                    let finding = error(format!("no role `{last}` in the family {}", handbook.front(family).title));
                    (finding.help(format!("roles there: {}", roles.join(", "))), near)
                }
                _ => {
                    let finding = error(format!("no role `{}` in this handbook", at.text));
                    (finding.help("write `role`, `family/role` or `department/family/role`"), self.nearest_elsewhere(&at.text))
                }
            },
        };
        let may_be_unnamed = near.is_none() && self.index.may_be_unnamed(handbook, &at.text, self.family);
        (!may_be_unnamed).then(|| finding.meant(near.as_deref()))
    }

    /// The reference to the one role that has this title, in the own family or anywhere.
    fn titled(&self, title: &str) -> Option<String> {
        let handbook = self.handbook;
        let title = ident::fold(title);
        let is_titled = |role: &RoleId| ident::fold(&handbook.role_front(*role).title) == title && handbook.role_front(*role).written_id().is_some();
        if let Some(own) = handbook.roles_of(self.family).find(is_titled) {
            return Some(handbook.role_front(own).id.clone());
        }
        let mut all = (0..handbook.roles.len()).filter(is_titled);
        let (Some(role), None) = (all.next(), all.next()) else { return None };
        let id = handbook.role_id(role);
        let short: String = id.rsplitn(3, '/').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/");
        Some(if self.index.role(handbook, &short, Some(self.family)) == Found::One(role) { short } else { id })
    }

    fn nearest_elsewhere(&self, reference: &str) -> Option<String> {
        let parts = reference.split('/').count();
        let shortened = |id: String| {
            let all: Vec<&str> = id.split('/').collect();
            all[all.len().saturating_sub(parts)..].join("/")
        };
        let ids: Vec<String> =
            (0..self.handbook.roles.len()).map(|r| self.handbook.role_id(r)).filter(|id| parts > 1 || id.len() < 256).map(shortened).collect();
        ident::nearest(reference, ids.iter().map(String::as_str)).map(str::to_owned)
    }

    fn step(&mut self, at: &Located, key: &str) -> Option<Step> {
        let handbook = self.handbook;
        let as_role = self.index.role(handbook, &at.text, Some(self.family));
        if let Found::One(_) | Found::Old(_) | Found::Many(_) = as_role {
            return self.settled(as_role, at, "next-unknown", "reference-ambiguous").map(Step::Role);
        }
        match self.index.family(handbook, &at.text, Some(handbook.families[self.family].department)) {
            Found::One(family) | Found::Old(family) => Some(Step::Family(family)),
            Found::Many(families) => {
                self.report_many(at, families.iter().map(|f| handbook.families[*f].id.clone()).collect(), "reference-ambiguous");
                None
            }
            Found::Broken => None,
            Found::None if as_role == Found::Broken => None,
            Found::None => {
                let families = handbook.families.iter().map(|f| f.id.rsplit('/').next().unwrap_or(&f.id));
                let near = ident::nearest(&at.text, ids_of(handbook, self.family).chain(families));
                if near.is_none() && self.index.may_be_unnamed(handbook, &at.text, self.family) {
                    return None;
                }
                let finding =
                    Diagnostic::error("next-unknown", self.place(at), format!("`{}` in `{key}` is no role or family of this handbook", at.text))
                        .meant(near)
                        .help("write a role (`role`, `family/role`) or a family (`family`, `department/family`)");
                self.findings.push(finding);
                None
            }
        }
    }

    /// A reference to a role, or free text. What looks like a path must be one; so must a word nearly a role here.
    fn reports_to(&mut self, at: &Located) -> Option<ReportsTo> {
        let is_reference = at.text.split('/').all(ident::is_id);
        let free = || Some(ReportsTo::Text(at.text.to_string()));
        if !is_reference {
            return free();
        }
        let found = self.index.role(self.handbook, &at.text, Some(self.family));
        let own = ids_of(self.handbook, self.family);
        if found == Found::None && !at.text.contains('/') && ident::nearest(&at.text, own).is_none() {
            return free();
        }
        self.settled(found, at, "reports-to-unknown", "reference-ambiguous").map(ReportsTo::Role)
    }

    fn specialties(&mut self) -> Vec<Specialty> {
        let handbook = self.handbook;
        let front = handbook.front(self.family);
        let all = handbook.roles_of(self.family);
        front
            .specialties
            .iter()
            .map(|written| Specialty {
                roles: match &written.roles {
                    None => all.clone().filter(|r| handbook.role_front(*r).status == Status::Active).collect(),
                    Some(roles) => roles.iter().filter_map(|at| self.role_of_specialty(at)).collect(),
                },
                reports_to: written.reports_to.as_ref().and_then(|at| self.reports_to(at)),
            })
            .collect()
    }

    fn role_of_specialty(&mut self, at: &Located) -> Option<RoleId> {
        let found = settled(&in_family(self.handbook, self.index, self.family, &at.text));
        if found != Found::None {
            return self.settled(found, at, "specialty-unknown-role", "reference-ambiguous");
        }
        let names: Vec<&str> = ids_of(self.handbook, self.family).collect();
        let near = ident::nearest(&at.text, names.iter().copied());
        if near.is_none() && ident::is_id(&at.text) && self.handbook.front(self.family).roles.iter().any(RoleFront::has_unknown_id) {
            return None;
        }
        let finding = Diagnostic::error("specialty-unknown-role", self.place(at), format!("no role `{}` in this family", at.text))
            .meant(near)
            .help(format!("roles here: {}", names.join(", ")));
        self.findings.push(finding);
        None
    }
}

/// The ids of a family's roles, as far as they are known.
fn ids_of(handbook: &Handbook, family: usize) -> impl Iterator<Item = &str> {
    handbook.front(family).roles.iter().filter_map(RoleFront::written_id)
}

/// The same parent written twice counts once, for all the sections that either names.
fn merged(parents: Vec<Parent>) -> Vec<Parent> {
    let mut out: Vec<Parent> = Vec::with_capacity(parents.len());
    for parent in parents {
        match out.iter_mut().find(|p| p.role == parent.role) {
            Some(known) => {
                known.only = match (known.only.take(), parent.only) {
                    (Some(mut a), Some(b)) => {
                        a.extend(b);
                        Some(a)
                    }
                    _ => None,
                };
            }
            None => out.push(parent),
        }
    }
    out
}
