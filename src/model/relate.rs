//! Documents in, a [`Handbook`] out, step by step: departments, families with their roles, pages, shared blocks, and then what
//! they say of each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Department, Family, Handbook, Page, Relations, Role, Shared, address, cycles, reference, ways};
use crate::config::{Condition, Config};
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::parse::{Document, DocumentKind, FamilyFront};
use crate::source::Asset;

/// Relates `documents`, which are sorted by path.
pub fn relate(config: Arc<Config>, documents: Vec<Arc<Document>>, assets: Vec<Asset>, statics: Vec<Asset>) -> Handbook {
    let ids = documents.iter().map(|d| page_id(d.file())).collect();
    let relations = Arc::new(Relations { ids, assets, statics, ..Relations::default() });
    let mut handbook = Handbook { config, documents, relations };
    add_departments(&mut handbook);
    add_pages(&mut handbook);
    add_shared(&mut handbook);
    reference::resolve(&mut handbook);
    cycles::cut(&mut handbook);
    add_children(&mut handbook);
    ways::follow_lists(&mut handbook);
    check_conditions(&mut handbook);
    address::check(&mut handbook);
    handbook
}

fn add_children(handbook: &mut Handbook) {
    let Relations { roles, children, .. } = &mut **handbook;
    *children = vec![Vec::new(); roles.len()];
    for (id, role) in roles.iter().enumerate() {
        role.parents.iter().for_each(|p| children[p.role].push(id));
    }
}

/// A name in a condition that nothing has would hide a block without a word.
fn check_conditions(handbook: &mut Handbook) {
    let config = Arc::clone(&handbook.config);
    let tails = |id: &str| -> Vec<String> { id.match_indices('/').map(|(i, _)| id[i + 1..].to_owned()).chain([id.to_owned()]).collect() };
    let conditions: Vec<&Condition> = config.shared.iter().flat_map(|e| e.when.iter().chain(&e.unless)).collect();
    for condition in conditions {
        let (names, what, known): (_, _, BTreeSet<String>) = match condition {
            Condition::Department(names) => (names, "department", handbook.departments.iter().flat_map(|d| tails(&d.id)).collect()),
            Condition::Family(names) => (
                names,
                "family",
                handbook.families.iter().map(|f| &f.id).chain(handbook.broken.iter().map(|(id, _)| id)).flat_map(|id| tails(id)).collect(),
            ),
            Condition::Track(names) => (
                names,
                "track",
                (0..handbook.families.len())
                    .flat_map(|f| handbook.front(f).tracks.iter().map(|t| t.id.clone()))
                    .chain(config.tracks.iter().map(|t| t.id.clone()))
                    .collect(),
            ),
            Condition::Specialty(names) => {
                (names, "specialty", (0..handbook.families.len()).flat_map(|f| handbook.front(f).specialties.iter().map(|s| s.id.clone())).collect())
            }
            Condition::Grade(_) => continue,
        };
        let all_known = handbook.broken.is_empty() || what == "department";
        for named in names.iter().filter(|n| !known.contains(&n.name) && all_known) {
            // A name like no other may be of something to come; a name nearly another's is a slip.
            let Some(near) = ident::nearest(&named.name, known.iter().map(String::as_str)) else { continue };
            let help = match what {
                "department" => "a department is a directory under content/, written with `/` between its parts",
                "family" => "a family is a file under content/, written as `family` or `department/family`",
                "track" => "a track is one of those in handbook.yml or in a family",
                _ => "a specialty is written by its id in its family",
            };
            let finding =
                Diagnostic::error("unknown-key", named.place.clone(), format!("there is no {what} `{}`", named.name)).meant(Some(near)).help(help);
            handbook.findings.push(finding);
        }
    }
}

/// `content/A b/c.md` is `a-b/c`, `content/a/index.md` is `a`.
pub fn page_id(path: &str) -> String {
    let inner = path.strip_prefix("content/").unwrap_or(path);
    let inner = inner.strip_suffix(".md").unwrap_or(inner);
    if inner.starts_with("_shared/") {
        return inner.to_owned();
    }
    let mut parts: Vec<String> = inner.split('/').map(ident::file_slug).collect();
    if parts.last().is_some_and(|p| p == "index") {
        parts.pop();
    }
    parts.join("/")
}

pub(super) fn parent_id(id: &str) -> &str {
    id.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn add_departments(handbook: &mut Handbook) {
    let mut found: BTreeMap<String, Option<usize>> = BTreeMap::from([(String::new(), None)]);
    let identified = || handbook.documents.iter().zip(&handbook.ids);
    let families: BTreeSet<&str> = identified().filter(|(d, _)| d.family().is_some()).map(|(_, id)| id.as_str()).collect();
    for (number, (document, id)) in identified().enumerate() {
        let mut department = match document.kind {
            DocumentKind::Block(_) => continue,
            DocumentKind::Index(_) => {
                found.insert(id.clone(), Some(number));
                id.as_str()
            }
            DocumentKind::Family(_) | DocumentKind::Page(_) | DocumentKind::Broken { .. } => parent_id(id),
        };
        while !department.is_empty() {
            if !families.contains(department) {
                found.entry(department.to_owned()).or_insert(None);
            }
            department = parent_id(department);
        }
    }
    let ids: Vec<String> = found.keys().cloned().collect();
    for (id, document) in found {
        let front = document.and_then(|d| match &handbook.documents[d].kind {
            DocumentKind::Index(front) => Some(front),
            _ => None,
        });
        let config = handbook.config.department(&id);
        let title = config
            .and_then(|c| c.title.clone())
            .or_else(|| front.and_then(|f| f.title.clone()))
            .unwrap_or_else(|| if id.is_empty() { handbook.config.title.clone() } else { title_of_directory(&id) });
        let description = front.map(|f| f.description.clone()).unwrap_or_default();
        let parent = (!id.is_empty()).then(|| nearest_above(&ids, &id));
        handbook.departments.push(Department { id, title, description, document, parent });
    }
    let settings = Arc::clone(&handbook.config);
    for config in &settings.departments {
        if ids.binary_search(&config.path).is_err() {
            let finding = Diagnostic::error("unknown-key", config.place.clone(), format!("there is no department `{}`", config.path))
                .meant(ident::nearest(&config.path, ids.iter().map(String::as_str)))
                .help("a department is a directory under content/, written with `/` between its parts");
            handbook.findings.push(finding);
        }
    }
}

/// The number of the nearest department above a page; the site itself at last. A family's own directory is none.
fn nearest_above(departments: &[String], id: &str) -> usize {
    let mut above = parent_id(id);
    loop {
        match departments.binary_search_by(|d| d.as_str().cmp(above)) {
            Ok(number) => return number,
            Err(_) => above = parent_id(above),
        }
    }
}

fn title_of_directory(id: &str) -> String {
    let name = id.rsplit('/').next().unwrap_or(id).replace('-', " ");
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn add_pages(handbook: &mut Handbook) {
    let config = Arc::clone(&handbook.config);
    let departments: Vec<String> = handbook.departments.iter().map(|d| d.id.clone()).collect();
    for number in 0..handbook.documents.len() {
        let document = Arc::clone(&handbook.documents[number]);
        let id = page_id(document.file());
        let department = nearest_above(&departments, &id);
        match &document.kind {
            DocumentKind::Family(front) => {
                let family = handbook.families.len();
                let first_role = handbook.roles.len();
                handbook.roles.extend((0..front.roles.len()).map(|index| Role {
                    family,
                    index,
                    parents: Vec::new(),
                    extends_any: Vec::new(),
                    next: Vec::new(),
                    reports_to: None,
                    replaced_by: None,
                    unresolved: false,
                }));
                let scale = scale_of(handbook, &config, front, department);
                handbook.families.push(Family { document: number, id, department, first_role, specialties: Vec::new(), scale, ladder: Vec::new() });
            }
            DocumentKind::Page(_) => handbook.pages.push(Page { document: number, id, department }),
            DocumentKind::Broken { .. } => handbook.broken.push((id, number)),
            DocumentKind::Index(_) | DocumentKind::Block(_) => {}
        }
    }
}

/// The family's own scale, that of the nearest department above it, or the one named `default`.
fn scale_of(handbook: &Handbook, config: &Config, front: &FamilyFront, department: usize) -> Option<usize> {
    let number = |id: &str| config.scales.iter().position(|s| s.id == id);
    let mut name = front.grade_scale.as_deref();
    let mut at = Some(department);
    while let (None, Some(department)) = (name, at) {
        name = config.department(&handbook.departments[department].id).and_then(|d| d.grade_scale.as_deref());
        at = handbook.departments[department].parent;
    }
    number(name.unwrap_or("default"))
}

fn add_shared(handbook: &mut Handbook) {
    let blocks: Vec<(String, usize)> = handbook
        .documents
        .iter()
        .enumerate()
        .filter(|(_, d)| matches!(d.kind, DocumentKind::Block(_)))
        .map(|(n, d)| (d.file().trim_start_matches("content/_shared/").trim_end_matches(".md").to_owned(), n))
        .collect();
    let config = Arc::clone(&handbook.config);
    for (number, entry) in config.shared.iter().enumerate() {
        match blocks.iter().find(|(name, _)| *name == entry.block) {
            Some((_, document)) => handbook.shared.push(Shared { entry: number, document: *document }),
            None => {
                let broken = format!("content/_shared/{}.md", entry.block);
                if handbook.documents.iter().any(|d| **d.file() == *broken) {
                    continue;
                }
                let names = blocks.iter().map(|(name, _)| name.as_str());
                let known = names.clone().collect::<Vec<_>>().join(", ");
                let finding = Diagnostic::error("block-unknown", entry.place.clone(), format!("there is no shared block `{}`", entry.block))
                    .meant(ident::nearest(&entry.block, names.clone()))
                    .help(format!(
                        "a shared block is a file content/_shared/{}.md; {}",
                        entry.block.trim_end_matches(".md"),
                        if known.is_empty() { "there is none yet".to_owned() } else { format!("there are: {known}") }
                    ));
                handbook.findings.push(finding);
            }
        }
    }
}
