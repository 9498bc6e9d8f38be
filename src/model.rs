//! MODEL: documents in, a [`Handbook`] out: families, roles, specialties, departments, pages and shared blocks, every
//! reference resolved, every clash of names reported.

pub mod address;
pub mod copied;
mod cycles;
pub mod reference;
pub mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::{Condition, Config, SharedEntry};
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::model::copied::Unpublished;
use crate::parse::{Document, DocumentKind, FamilyFront, RoleFront, SpecialtyFront, Status};
use crate::source::Asset;

/// The number of a role in [`Relations::roles`].
pub type RoleId = usize;

/// The whole content, related.
#[derive(Debug)]
pub struct Handbook {
    /// The site's settings.
    pub config: Arc<Config>,
    /// Every file of content that is read, by path.
    pub documents: Vec<Arc<Document>>,
    /// How they are related, which is read as if it stood here. A later handbook shares it where nothing of it changed.
    relations: Arc<Relations>,
}

/// How documents are related: a function of the settings, and of the path and kind (the front matter) of each document.
/// Whatever stands in bodies has no part in it.
#[derive(Debug, Default, PartialEq)]
pub struct Relations {
    /// The id of each document: `department/family`, `department/page`, `department`, `_shared/block`.
    pub ids: Vec<String>,
    /// The families, by path.
    pub families: Vec<Family>,
    /// The roles of all families, family by family, in written order.
    pub roles: Vec<Role>,
    /// For each role, the roles that extend it.
    pub children: Vec<Vec<RoleId>>,
    /// For each role, the one that its family lists after it, where nobody says more; see [`ways`].
    pub listed_after: Vec<Option<RoleId>>,
    /// The departments, by path; 0 is the site itself.
    pub departments: Vec<Department>,
    /// The plain pages, by path.
    pub pages: Vec<Page>,
    /// The shared blocks that `handbook.yml` names and that exist, in its order.
    pub shared: Vec<Shared>,
    /// The files beside the pages, by path.
    pub assets: Vec<Asset>,
    /// Other files below `content/` that are not published, by path.
    pub unpublished: Vec<Unpublished>,
    /// The files of `static/`, by path.
    pub statics: Vec<Asset>,
    /// Markdown files under `content/` that are not read, because their name begins with `_`.
    pub unread: Vec<Arc<str>>,
    /// Ids of families whose front matter could not be read.
    pub broken: Vec<(String, usize)>,
    /// What is wrong in the relations.
    pub findings: Vec<Diagnostic>,
}

/// A job family.
#[derive(Debug, PartialEq)]
pub struct Family {
    /// Number of its document.
    pub document: usize,
    /// `department/family`.
    pub id: String,
    /// Number of its department.
    pub department: usize,
    /// The number of its first role; the others follow.
    pub first_role: RoleId,
    /// Its specialties.
    pub specialties: Vec<Specialty>,
    /// Number of its grade scale, if it has one.
    pub scale: Option<usize>,
    /// What comes after the family.
    pub ladder: Vec<Step>,
}

/// A specialty.
#[derive(Debug, PartialEq)]
pub struct Specialty {
    /// The roles it can be combined with.
    pub roles: Vec<RoleId>,
    /// Whom it reports to.
    pub reports_to: Option<ReportsTo>,
}

/// A role with what it refers to.
#[derive(Debug, PartialEq)]
pub struct Role {
    /// Number of its family.
    pub family: usize,
    /// Its number in the family's front matter.
    pub index: usize,
    /// What it extends, in written order.
    pub parents: Vec<Parent>,
    /// Either of these.
    pub extends_any: Vec<RoleId>,
    /// What comes next; `extends` of others implies more (see [`Handbook::next_of`]).
    pub next: Vec<Step>,
    /// Whom it reports to.
    pub reports_to: Option<ReportsTo>,
    /// Which role took its place.
    pub replaced_by: Option<RoleId>,
    /// Whether some of what it extends is not known: a fault of a reference, a circle, or a file that cannot be read.
    pub unresolved: bool,
}

/// One parent of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// The parent.
    pub role: RoleId,
    /// The sections to which it is limited.
    pub only: Option<Vec<usize>>,
    /// Number of the entry in the front matter's `extends`.
    pub entry: usize,
}

impl Parent {
    /// Whether `section` is inherited from it.
    pub fn gives(&self, section: usize) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&section))
    }

    /// The titles of the sections to which it is limited, in a sentence.
    pub fn limits(&self, config: &Config) -> Option<String> {
        let titles: Vec<&str> = self.only.as_ref()?.iter().map(|s| config.sections[*s].title.as_str()).collect();
        Some(match titles.as_slice() {
            [head @ .., last] if !head.is_empty() => format!("{} and {last}", head.join(", ")),
            titles => titles.concat(),
        })
    }
}

/// Where one can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// A role.
    Role(RoleId),
    /// A family.
    Family(usize),
}

/// Whom a role reports to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportsTo {
    /// A role of the handbook.
    Role(RoleId),
    /// Anybody else.
    Text(String),
}

/// A department: a directory of content.
#[derive(Debug, PartialEq)]
pub struct Department {
    /// Its path; empty for the site itself.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// The document with its prose, if there is one.
    pub document: Option<usize>,
    /// The department above it.
    pub parent: Option<usize>,
}

/// A plain page.
#[derive(Debug, PartialEq)]
pub struct Page {
    /// Number of its document.
    pub document: usize,
    /// `department/page`.
    pub id: String,
    /// Number of its department.
    pub department: usize,
}

/// A shared block in one use.
#[derive(Debug, PartialEq)]
pub struct Shared {
    /// Number in the configuration.
    pub entry: usize,
    /// Number of its document.
    pub document: usize,
}

impl std::ops::Deref for Handbook {
    type Target = Relations;

    fn deref(&self) -> &Relations {
        &self.relations
    }
}

impl std::ops::DerefMut for Handbook {
    fn deref_mut(&mut self) -> &mut Relations {
        Arc::get_mut(&mut self.relations).expect("relations are shared only once they are complete")
    }
}

impl Handbook {
    /// The same relations over later documents, which must have the paths and kinds of these.
    pub fn with_documents(&self, documents: Vec<Arc<Document>>) -> Handbook {
        Handbook { config: Arc::clone(&self.config), documents, relations: Arc::clone(&self.relations) }
    }

    /// Whether another handbook has these very relations, in memory.
    pub fn shares_relations(&self, other: &Handbook) -> bool {
        Arc::ptr_eq(&self.relations, &other.relations)
    }

    /// Everything that is a matter of the documents' paths and kinds.
    pub fn relations(&self) -> &Relations {
        &self.relations
    }

    /// Whether there is such a Markdown file, read or not.
    pub fn on_disk(&self, path: &str) -> bool {
        self.unread.iter().any(|u| **u == *path) || self.documents.binary_search_by(|d| (**d.file()).cmp(path)).is_ok()
    }

    /// The file at a path that is not published.
    pub fn unpublished_at(&self, path: &str) -> Option<&Unpublished> {
        let at = self.unpublished.binary_search_by(|unpublished| (*unpublished.path).cmp(path)).ok()?;
        Some(&self.unpublished[at])
    }

    /// The front matter of a family.
    pub fn front(&self, family: usize) -> &FamilyFront {
        self.document_of(family).family().expect("a family's document is that of a family")
    }

    /// The document of a family.
    pub fn document_of(&self, family: usize) -> &Document {
        &self.documents[self.families[family].document]
    }

    /// The front matter of a role.
    pub fn role_front(&self, role: RoleId) -> &RoleFront {
        let role = &self.roles[role];
        &self.front(role.family).roles[role.index]
    }

    /// `department/family/role`.
    pub fn role_id(&self, role: RoleId) -> String {
        format!("{}/{}", self.families[self.roles[role].family].id, self.role_front(role).id)
    }

    /// The node of a role in its document.
    pub fn role_node(&self, role: RoleId) -> usize {
        self.front(self.roles[role].family).role_node(self.roles[role].index)
    }

    /// The id of the role's track.
    pub fn track_id(&self, role: RoleId) -> &str {
        let front = self.front(self.roles[role].family);
        front.tracks.get(self.role_front(role).track).map_or("", |t| &t.id)
    }

    /// The roles of a family, in written order.
    pub fn roles_of(&self, family: usize) -> std::ops::Range<RoleId> {
        let first = self.families[family].first_role;
        first..first + self.front(family).roles.len()
    }

    /// The front matter of a specialty of a family.
    pub fn specialty_front(&self, family: usize, specialty: usize) -> &SpecialtyFront {
        &self.front(family).specialties[specialty]
    }

    /// Whether a shared block in one use counts for a role, alone or with a specialty.
    pub fn counts_for(&self, entry: &SharedEntry, role: RoleId, specialty: Option<&str>) -> bool {
        let holds = |all: &[Condition]| all.iter().all(|c| self.holds(c, role, specialty));
        holds(&entry.when) && (entry.unless.is_empty() || !holds(&entry.unless))
    }

    fn holds(&self, condition: &Condition, role: RoleId, specialty: Option<&str>) -> bool {
        let family = &self.families[self.roles[role].family];
        let department = &self.departments[family.department].id;
        match condition {
            Condition::Department(names) => names.iter().any(|n| lies_in(department, &n.name)),
            Condition::Family(names) => names.iter().any(|n| is_suffix(&family.id, &n.name)),
            Condition::Track(names) => names.iter().any(|n| n.name == self.track_id(role)),
            Condition::Specialty(names) => specialty.is_some_and(|s| names.iter().any(|n| n.name == s)),
            Condition::Grade(tests) => self.role_front(role).grade.numbers().iter().any(|g| tests.iter().any(|(c, n)| c.holds(*g, *n))),
        }
    }

    /// Where one can go from a role: what it names, and the active roles that extend it.
    pub fn next_of(&self, role: RoleId) -> Vec<Step> {
        let mut steps = self.roles[role].next.clone();
        let active = self.children[role].iter().filter(|c| self.role_front(**c).status == Status::Active);
        for child in active.map(|c| Step::Role(*c)) {
            if !steps.contains(&child) {
                steps.push(child);
            }
        }
        steps
    }
}

/// Whether department `path` is `name` or lies in it.
fn lies_in(path: &str, name: &str) -> bool {
    path == name || path.strip_prefix(name).is_some_and(|rest| rest.starts_with('/')) || is_suffix(path, name)
}

/// Whether `name` is `id` or its last parts.
fn is_suffix(id: &str, name: &str) -> bool {
    id == name || id.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'))
}

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

fn parent_id(id: &str) -> &str {
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
