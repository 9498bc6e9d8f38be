//! What the front matter of a file holds.

use std::ops::Range;

use crate::config::Track;

/// A text with where it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The text.
    pub text: Box<str>,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// Front matter of a page, a department or a block.
#[derive(Debug, Default, PartialEq)]
pub struct PageFront {
    /// Its title, if it has one.
    pub title: Option<String>,
    /// One sentence about it.
    pub description: String,
    /// Old addresses.
    pub aliases: Vec<Located>,
    /// The author's own keys (`x-`).
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// Front matter of a family.
#[derive(Debug, Default, PartialEq)]
pub struct FamilyFront {
    /// Its title.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Old addresses.
    pub aliases: Vec<Located>,
    /// Who approves changes.
    pub owner: Option<String>,
    /// The grade scale it names.
    pub grade_scale: Option<String>,
    /// Its tracks: its own, or those of the site.
    pub tracks: Vec<Track>,
    /// Families or roles that come after this family.
    pub ladder: Vec<Located>,
    /// Its roles, ascending.
    pub roles: Vec<RoleFront>,
    /// Its specialties.
    pub specialties: Vec<SpecialtyFront>,
    /// The author's own keys (`x-`).
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl FamilyFront {
    /// The node of track `i`.
    pub fn track_node(&self, i: usize) -> usize {
        1 + i
    }
    /// The node of role `i`.
    pub fn role_node(&self, i: usize) -> usize {
        1 + self.tracks.len() + i
    }
    /// The node of specialty `i`.
    pub fn specialty_node(&self, i: usize) -> usize {
        1 + self.tracks.len() + self.roles.len() + i
    }
    /// How many nodes the family has.
    pub fn node_count(&self) -> usize {
        1 + self.tracks.len() + self.roles.len() + self.specialties.len()
    }
    /// What node `node` is.
    pub fn node_kind(&self, node: usize) -> NodeKind {
        let (tracks, roles) = (self.tracks.len(), self.roles.len());
        match node {
            0 => NodeKind::Family,
            n if n <= tracks => NodeKind::Track(n - 1),
            n if n <= tracks + roles => NodeKind::Role(n - 1 - tracks),
            n => NodeKind::Specialty(n - 1 - tracks - roles),
        }
    }
}

/// What a node of a family is, with its number among its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// The family itself.
    Family,
    /// A track.
    Track(usize),
    /// A role.
    Role(usize),
    /// A specialty.
    Specialty(usize),
}

/// How an id begins that stands for one that nobody knows; nobody can write it.
pub const UNKNOWN_ID: &str = "~";

/// Front matter of a role.
#[derive(Debug, PartialEq)]
pub struct RoleFront {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Name of its level.
    pub level: Option<String>,
    /// Its grade.
    pub grade: Grade,
    /// Active, draft or deprecated.
    pub status: Status,
    /// Which role took its place.
    pub replaced_by: Option<Located>,
    /// Old ids.
    pub aliases: Vec<Located>,
    /// Number of its track.
    pub track: usize,
    /// What it extends, in written order.
    pub extends: Vec<ParentFront>,
    /// Either of these (shown, folds nothing in).
    pub extends_any: Vec<Located>,
    /// A role, or free text.
    pub reports_to: Option<Located>,
    /// Roles or families that come next.
    pub next: Vec<Located>,
    /// Where its entry begins.
    pub span: Range<usize>,
    /// The author's own keys (`x-`).
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl RoleFront {
    /// Its id, unless it stands for one that nobody knows, or that another role has: those begin with `~`, or hold it.
    pub fn written_id(&self) -> Option<&str> {
        Some(self.id.as_str()).filter(|id| !id.contains(UNKNOWN_ID))
    }

    /// Whether nobody knows its id.
    pub fn has_unknown_id(&self) -> bool {
        self.id.starts_with(UNKNOWN_ID)
    }

    /// What headings call it: its title, its level, and both together.
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![self.title.clone()];
        if let Some(level) = &self.level {
            names.push(level.clone());
            names.push(format!("{level} {}", self.title));
            names.push(format!("{} ({level})", self.title));
        }
        names
    }
}

/// One parent of a role, as written.
#[derive(Debug, PartialEq)]
pub struct ParentFront {
    /// The reference.
    pub reference: Located,
    /// The sections to which it is limited (numbers of the vocabulary).
    pub only: Option<Vec<usize>>,
}

/// The grade of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grade {
    /// Nobody wrote one.
    Missing,
    /// One or several, with where each stands.
    Numbers(Vec<(i64, Range<usize>)>),
    /// None, and why.
    None(String),
}

impl Grade {
    /// The numbers, if any.
    pub fn numbers(&self) -> Vec<i64> {
        match self {
            Grade::Numbers(numbers) => numbers.iter().map(|(n, _)| *n).collect(),
            Grade::Missing | Grade::None(_) => Vec::new(),
        }
    }

    /// Where the numbers stand, as bytes of the file.
    pub fn spans(&self) -> impl Iterator<Item = Range<usize>> {
        let numbers = match self {
            Grade::Numbers(numbers) => numbers.as_slice(),
            Grade::Missing | Grade::None(_) => &[],
        };
        numbers.iter().map(|(_, span)| span.clone())
    }
}

/// Whether a role is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// In force.
    #[default]
    Active,
    /// Not yet: shown in previews only.
    Draft,
    /// No longer.
    Deprecated,
}

impl Status {
    /// The word that is written and read.
    pub fn word(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Draft => "draft",
            Status::Deprecated => "deprecated",
        }
    }
}

/// Front matter of a specialty.
#[derive(Debug, PartialEq)]
pub struct SpecialtyFront {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The roles it can be combined with, as written; none: all that are active.
    pub roles: Option<Vec<Located>>,
    /// A role, or free text.
    pub reports_to: Option<Located>,
    /// The author's own keys (`x-`).
    pub extra: serde_json::Map<String, serde_json::Value>,
}
