//! MODEL: documents in, a [`Handbook`] out: families, roles, specialties, departments, pages and shared blocks, every
//! reference resolved, every clash of names reported.

pub mod address;
pub mod copied;
mod cycles;
pub mod reference;
mod relate;
pub mod ways;

use std::sync::Arc;

use crate::config::{Condition, Config, SharedEntry};
use crate::diagnostic::Diagnostic;
use crate::model::copied::Unpublished;
use crate::parse::{Document, FamilyFront, RoleFront, SpecialtyFront, Status};
use crate::source::Asset;
pub use relate::{page_id, relate};

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
