//! What a change does, as data: roles, their changed items, facts and prose, and whom it touches.

use super::addresses::DeadAddress;
use super::classify::Class;
use crate::git::FileChange;

/// An item as readers see it, with where it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wording {
    /// Its key.
    pub key: String,
    /// Whether the author gave the key.
    pub stable: bool,
    /// Its label.
    pub label: Option<String>,
    /// Plain text without the label.
    pub text: String,
    /// As written, white space collapsed, without `{#key}`, links written out.
    pub markdown: String,
    /// The node that wrote it, in the head's terms.
    pub node: String,
    /// The node as people call it.
    pub node_name: String,
    /// The file.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
}

impl Wording {
    /// Label and text in one.
    pub fn whole(&self) -> String {
        match &self.label {
            Some(label) if self.text.is_empty() => label.clone(),
            Some(label) => format!("{label}. {}", self.text),
            None => self.text.clone(),
        }
    }
}

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is new in the role.
    Added,
    /// It is gone from the role.
    Removed,
    /// Another node's words stand in its place.
    Replaced,
    /// Its words were edited where they are written.
    Reworded,
    /// It stands elsewhere in the list.
    Moved,
}

impl Kind {
    /// The word for people and programs.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Replaced => "replaced",
            Kind::Reworded => "reworded",
            Kind::Moved => "moved",
        }
    }
}

/// A change of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemChange {
    /// What happened.
    pub kind: Kind,
    /// What it means.
    pub class: Class,
    /// The item before.
    pub before: Option<Wording>,
    /// The item after.
    pub after: Option<Wording>,
    /// The section that it went to or came from, for an item that changed its section.
    pub other_section: Option<String>,
    /// The nodes whose edit brings it about.
    pub through: Vec<String>,
}

/// The changes in one section of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionChange {
    /// Id of the section.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What changed, in the order of the list.
    pub items: Vec<ItemChange>,
}

/// A changed fact or piece of prose of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// Of a fact its name, such as `title` or `reports_to`; of prose its heading.
    pub name: String,
    /// Before; empty where there was nothing.
    pub before: String,
    /// After; empty where there is nothing.
    pub after: String,
    /// Of prose, the shared block that it is: its words differ from role to role, but only by its variables.
    pub block: Option<String>,
}

/// Whether a role is new, gone, or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It reads otherwise.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another id, and perhaps reads otherwise.
    Renamed,
}

impl Change {
    /// The word for people and programs.
    pub fn word(self) -> &'static str {
        match self {
            Change::Changed => "changed",
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Renamed => "renamed",
        }
    }
}

/// What happened to one role or composition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleChange {
    /// Its id, of a role that is gone the one that it had.
    pub id: String,
    /// The id that it had, where that differs.
    pub was: Option<String>,
    /// Its title.
    pub title: String,
    /// Id of its family.
    pub family: String,
    /// Whether it is a role with a specialty.
    pub is_composition: bool,
    /// What happened.
    pub change: Change,
    /// The nodes whose edit reaches it, itself left out.
    pub through: Vec<String>,
    /// Grade before and after, where it changed.
    pub grade: Option<(Vec<i64>, Vec<i64>)>,
    /// The other facts that changed.
    pub facts: Vec<TextChange>,
    /// Its lists that changed.
    pub sections: Vec<SectionChange>,
    /// Its prose that changed.
    pub prose: Vec<TextChange>,
    /// Its page in the site, where it has one.
    pub page: Option<String>,
}

impl RoleChange {
    /// The weightiest of its changes.
    pub fn class(&self) -> Class {
        let items = self.items().map(|(_, item)| item.class);
        let facts = (self.grade.is_some() || !self.facts.is_empty() || !self.prose.is_empty()).then_some(Class::Clarifies);
        items.chain(facts).max().unwrap_or(Class::Editorial)
    }

    /// Whether any of its changes is of this class.
    pub fn has(&self, class: Class) -> bool {
        self.items().any(|(_, item)| item.class == class)
    }

    /// Its changed items with their sections.
    pub fn items(&self) -> impl Iterator<Item = (&SectionChange, &ItemChange)> {
        self.sections.iter().flat_map(|s| s.items.iter().map(move |i| (s, i)))
    }
}

/// Whom a change touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// As written after `owner:`.
    pub name: String,
    /// Ids of the families with changed roles.
    pub families: Vec<String>,
    /// How many of their roles change.
    pub roles: usize,
    /// How many of their compositions change.
    pub compositions: usize,
    /// Whether a file of theirs is edited.
    pub is_edited: bool,
}

/// Everything that a change does.
#[derive(Debug)]
pub struct Diff {
    /// The commit before.
    pub base: String,
    /// The commit after, or `working tree`.
    pub head: String,
    /// The files that differ.
    pub files: Vec<FileChange>,
    /// The roles and compositions that changed, in the order of the handbook; those that are gone come last.
    pub roles: Vec<RoleChange>,
    /// Families that are new or gone, or have another id: id before, id after.
    pub families: Vec<(Option<String>, Option<String>)>,
    /// How many roles and compositions were compared.
    pub compared: usize,
    /// Roles that read the same, but have some of their words from elsewhere.
    pub elsewhere: Vec<String>,
    /// Roles that do not resolve on one of the sides, so that nothing can be said.
    pub unresolved: Vec<String>,
    /// Families, departments and pages whose own words differ, which no role shows.
    pub outside: Vec<String>,
    /// Addresses that would lead nowhere.
    pub dead: Vec<DeadAddress>,
    /// Whom it touches.
    pub owners: Vec<Owner>,
}

impl Diff {
    /// How many roles and compositions have this change.
    pub fn count(&self, change: Change) -> usize {
        self.roles.iter().filter(|r| r.change == change).count()
    }

    /// How many existing roles have another grade.
    pub fn regraded(&self) -> usize {
        self.roles.iter().filter(|r| r.grade.is_some() && !r.is_composition && matches!(r.change, Change::Changed | Change::Renamed)).count()
    }

    /// How many existing roles and compositions have a change of this class.
    pub fn count_of(&self, class: Class) -> usize {
        self.roles.iter().filter(|r| r.has(class)).count()
    }
}
