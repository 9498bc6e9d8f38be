//! HISTORY: what changed in each role and when, as data: made of the commits of a repository, shown on pages.
//!
//! What may grow without end has a limit here, so that no page does.

use std::collections::HashMap;
use std::sync::Arc;

/// The most commits that are looked at, unless the configuration says otherwise.
pub const MOST_COMMITS: usize = 5_000;
/// The most changes that a role's page tells of, the newest first.
pub const MOST_ENTRIES: usize = 20;
/// The most changed lines of one entry, or of one day's change on the page of the whole handbook.
pub const MOST_LINES: usize = 20;
/// The most changes that the page of the whole handbook tells of.
pub const MOST_MOMENTS: usize = 50;
/// The most changed lines that it has: with so many it ends, whatever is left.
pub const MOST_LINES_IN_ALL: usize = 200;
/// The most roles that it names for one changed line.
pub const MOST_ROLES: usize = 8;
/// The most nodes that a change is said to come by way of.
pub const MOST_SOURCES: usize = 5;
/// The most characters that are shown of an item.
pub const MOST_CHARACTERS: usize = 600;

/// What changed in the roles of a handbook.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Every role that there is, and those that there were.
    pub roles: Vec<RoleHistory>,
    /// The roles that there are in the newest commit, by id.
    pub now: HashMap<String, usize>,
    /// The newest changes of the whole handbook, newest first.
    pub moments: Vec<Moment>,
    /// Whether there are older ones.
    pub more: bool,
    /// When the oldest state that is known was committed, in seconds since 1970.
    pub since: u64,
}

/// What changed in one role.
#[derive(Debug, PartialEq, Eq)]
pub struct RoleHistory {
    /// `department/family/role`, as it is or was last.
    pub id: String,
    /// Its title then.
    pub title: String,
    /// What changed, newest first.
    pub entries: Vec<Entry>,
    /// Whether there are older entries.
    pub more: bool,
    /// Whether it is already there in the oldest state that is known.
    pub is_oldest: bool,
}

/// One change of a role.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The commit.
    pub commit: Arc<str>,
    /// When it was made, in seconds since 1970.
    pub time: u64,
    /// The nodes whose edit brought it about, the role itself left out.
    pub through: Vec<Source>,
    /// What changed.
    pub changes: Vec<Arc<Change>>,
    /// How many changes more there were.
    pub more: usize,
}

/// One change of the handbook.
#[derive(Debug, PartialEq, Eq)]
pub struct Moment {
    /// The commit.
    pub commit: Arc<str>,
    /// When it was made, in seconds since 1970.
    pub time: u64,
    /// What changed, each with the roles that it reached.
    pub edits: Vec<Edit>,
    /// How many more there were.
    pub more: usize,
}

/// A changed line with the roles that it reached.
#[derive(Debug, PartialEq, Eq)]
pub struct Edit {
    /// What changed.
    pub change: Arc<Change>,
    /// The first of the roles, by their numbers in [`History::roles`].
    pub roles: Vec<usize>,
    /// How many more there were.
    pub more: usize,
}

/// What changed in a role.
#[derive(Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// The role is new.
    New,
    /// The role is gone.
    Gone,
    /// It had another id.
    Renamed {
        /// The id that it had; empty where several roles are meant.
        was: String,
    },
    /// A fact about it is another.
    Fact {
        /// Which.
        fact: Fact,
        /// What it was, as titles, words and numbers.
        before: Vec<String>,
        /// What it is.
        after: Vec<String>,
    },
    /// An item of a list is new, gone, or has other words.
    Item {
        /// The section's heading.
        section: String,
        /// What happened to it.
        kind: Kind,
        /// What it was.
        before: Option<Words>,
        /// What it is.
        after: Option<Words>,
    },
    /// Prose is new, gone, or has other words.
    Prose {
        /// Its heading.
        heading: String,
        /// What happened to it.
        kind: Kind,
        /// What it was, long stretches that stayed left out; none for a shared block, of which only the title is told.
        before: Option<Words>,
        /// What it is.
        after: Option<Words>,
    },
}

/// What happened to an item or a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It is new.
    New,
    /// It is gone.
    Gone,
    /// It has other words.
    Reworded,
    /// Words of another node stand in its place.
    Replaced,
}

/// A fact about a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fact {
    /// Its title.
    Title,
    /// Its grade.
    Grade,
    /// Name of its level.
    Level,
    /// Its track.
    Track,
    /// Active, draft or deprecated.
    Status,
    /// What it extends.
    Extends,
    /// Whom it reports to.
    ReportsTo,
    /// What comes next.
    Next,
}

/// An item as plain text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Words {
    /// Its label.
    pub label: Option<String>,
    /// The text without it.
    pub text: String,
}

/// A node that brought a change about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id, as it was then.
    pub id: String,
    /// Its title, as it was then.
    pub title: String,
    /// What it is.
    pub kind: SourceKind,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A role.
    Role,
    /// All of a family.
    Family,
    /// A track, a specialty, a shared block or the settings.
    Other,
}

impl History {
    /// The history of the role that has this id, or has had one of these in the same family before what was written last.
    pub fn of(&self, id: &str, old_ids: impl Iterator<Item = String>) -> Option<&RoleHistory> {
        let number = self.now.get(id).copied().or_else(|| old_ids.into_iter().find_map(|old| self.now.get(&old).copied()))?;
        self.roles.get(number)
    }
}
