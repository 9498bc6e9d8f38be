//! What `diff` writes, as types whose schema is printed.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::data::OriginData;

/// What a change does.
#[derive(Debug, JsonSchema)]
pub struct ChangeData {
    /// 1; the number changes when a field changes its meaning or goes away.
    pub format: u32,
    /// The commit before.
    pub base: String,
    /// The commit after, or `working tree`.
    pub head: String,
    /// Counts.
    pub summary: Summary,
    /// The files that differ.
    pub files: Vec<Sides>,
    /// Families that are new or gone, or have another id.
    pub families: Vec<Sides>,
    /// The roles and compositions that changed.
    pub roles: Vec<RoleChangeData>,
    /// Ids of roles that read the same, but have some of their words from elsewhere.
    pub same_words_from_elsewhere: Vec<String>,
    /// Ids of families, departments and pages whose own words differ, which no role shows.
    pub other_pages: Vec<String>,
    /// Ids of roles that do not resolve on one of the sides.
    pub unresolved: Vec<String>,
    /// Addresses that would lead nowhere.
    pub dead_addresses: Vec<DeadAddressData>,
    /// Whom it touches.
    pub owners: Vec<OwnerData>,
}

/// Counts of roles and compositions.
#[derive(Debug, JsonSchema)]
pub struct Summary {
    /// Files that differ.
    pub edited_files: u32,
    /// How many were compared.
    pub roles_compared: u32,
    /// How many read otherwise.
    pub roles_changed: u32,
    /// How many are new.
    pub roles_added: u32,
    /// How many are gone.
    pub roles_removed: u32,
    /// How many have another id.
    pub roles_renamed: u32,
    /// Of how many something new or stricter is asked.
    pub raises_the_bar: u32,
    /// Of how many less is asked.
    pub lowers_the_bar: u32,
    /// How many roles, without compositions, have another grade.
    pub grades_changed: u32,
}

/// Something before and after; null where it was not, or is not any more.
#[derive(Debug, JsonSchema)]
pub struct Sides {
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// A role or composition that changed.
#[derive(Debug, JsonSchema)]
pub struct RoleChangeData {
    /// Its id, of one that is gone the one that it had.
    pub id: String,
    /// `changed`, `added`, `removed` or `renamed`.
    pub change: String,
    /// The id that it had, where that differs.
    pub was: Option<String>,
    /// Its title.
    pub title: String,
    /// Ids of the nodes whose edit reaches it, itself left out.
    pub through: Vec<String>,
    /// Its grades, where they changed.
    pub grade: Option<Grades>,
    /// Whether something new or stricter is asked.
    pub raises_the_bar: bool,
    /// `raises-the-bar`, `lowers-the-bar`, `clarifies` or `editorial`; null for one that is new or gone.
    pub class: Option<String>,
    /// The facts that changed, by name.
    pub facts: BTreeMap<String, Sides>,
    /// The lists that changed, by section.
    pub sections: BTreeMap<String, SectionChangeData>,
    /// The prose that changed.
    pub prose: Vec<ProseChangeData>,
}

/// Grades before and after.
#[derive(Debug, JsonSchema)]
pub struct Grades {
    /// Before.
    pub before: Vec<i64>,
    /// After.
    pub after: Vec<i64>,
}

/// The changes of a list.
#[derive(Debug, JsonSchema)]
pub struct SectionChangeData {
    /// Items that are new in the role.
    pub added: Vec<ItemChangeData>,
    /// Items that are gone from it.
    pub removed: Vec<ItemChangeData>,
    /// Items that stand elsewhere in the list.
    pub moved: Vec<ItemChangeData>,
    /// Items that were edited where they are written.
    pub reworded: Vec<ItemChangeData>,
    /// Items in whose place another node's words stand.
    pub replaced: Vec<ItemChangeData>,
}

/// The change of an item.
#[derive(Debug, JsonSchema)]
pub struct ItemChangeData {
    /// Its key.
    pub key: String,
    /// The key that it had, where that differs.
    pub was: Option<String>,
    /// Its label.
    pub label: Option<String>,
    /// Its text, of one that was added, removed or moved.
    pub text: Option<String>,
    /// Its text before, of one that was reworded or replaced; the Markdown where only label or markup differ.
    pub before: Option<String>,
    /// Its text after.
    pub after: Option<String>,
    /// `raises-the-bar`, `lowers-the-bar`, `clarifies` or `editorial`.
    pub class: String,
    /// The section that it came from.
    pub from: Option<String>,
    /// The section that it went to.
    pub to: Option<String>,
    /// Ids of the nodes whose edit brings it about.
    pub through: Vec<String>,
    /// Where it is written.
    pub origin: OriginData,
}

/// Changed prose.
#[derive(Debug, JsonSchema)]
pub struct ProseChangeData {
    /// Its heading.
    pub heading: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// An address that would lead nowhere.
#[derive(Debug, JsonSchema)]
pub struct DeadAddressData {
    /// The address, from the site's root.
    pub address: String,
    /// The id of what stood there, where that has a page now; of a role with a specialty perhaps the role.
    pub now: Option<String>,
    /// What to do.
    pub help: String,
}

/// Whom a change touches.
#[derive(Debug, JsonSchema)]
pub struct OwnerData {
    /// As written after `owner:`.
    pub owner: String,
    /// Ids of the families.
    pub families: Vec<String>,
    /// How many of their roles change.
    pub roles: u32,
    /// How many of their compositions change.
    pub compositions: u32,
    /// Whether a file of theirs is edited.
    pub edited: bool,
}
