//! What `export` writes, as types whose schema is printed.

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// The whole handbook.
#[derive(Debug, JsonSchema)]
pub struct Export {
    /// 1; the number changes when a field changes its meaning or goes away.
    pub format: u32,
    /// The families, with what is written on their nodes.
    pub families: Vec<FamilyData>,
    /// The effective roles, each followed by its compositions.
    pub roles: Vec<RoleData<SectionData>>,
    /// Plain pages.
    pub pages: Vec<PageData>,
}

/// A family.
#[derive(Debug, JsonSchema)]
pub struct FamilyData {
    /// `department/family`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is written on the family itself, by section.
    pub sections: BTreeMap<String, SectionData>,
    /// Its tracks.
    pub tracks: Vec<NodeData>,
    /// Its specialties.
    pub specialties: Vec<NodeData>,
    /// All prose of the file.
    pub prose: Vec<ProseData>,
}

/// A track or specialty.
#[derive(Debug, JsonSchema)]
pub struct NodeData {
    /// Its id in the family.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Of a specialty: ids of the roles it can be combined with.
    pub roles: Option<Vec<String>>,
    /// What is written on it.
    pub sections: BTreeMap<String, SectionData>,
}

/// An effective role, or a composition; its lists hold whole items, or the numbers of items.
#[derive(Debug, JsonSchema)]
pub struct RoleData<List> {
    /// `department/family/role`, of a composition with `+specialty`.
    pub id: String,
    /// Id of its family.
    pub family: String,
    /// Its title.
    pub title: String,
    /// Its grades; empty where it has none.
    pub grade: Vec<i64>,
    /// Id of its track.
    pub track: String,
    /// `active`, `draft` or `deprecated`.
    pub status: String,
    /// Ids of the roles that it extends.
    pub extends: Vec<String>,
    /// Ids of roles of which any one is extended.
    pub extends_any: Option<Vec<String>>,
    /// Ids of what comes next.
    pub next: Vec<String>,
    /// Its lists, by section.
    pub sections: BTreeMap<String, List>,
}

/// A list.
#[derive(Debug, JsonSchema)]
pub struct SectionData {
    /// Its items, in order.
    pub items: Vec<ItemData>,
    /// What is not inherited any more.
    pub removed: Vec<RemovedData>,
}

/// An item.
#[derive(Debug, JsonSchema)]
pub struct ItemData {
    /// Its key.
    pub key: String,
    /// Whether the author gave the key; else it was made from the first words.
    pub stable: bool,
    /// Its label.
    pub label: Option<String>,
    /// Plain text without the label.
    pub text: String,
    /// As written, without `{#key}`.
    pub markdown: String,
    /// `own`, `inherited` or `replaces`.
    pub status: String,
    /// Where it is written.
    pub origin: OriginData,
    /// The item in whose place it stands.
    pub replaces: Option<OriginData>,
}

/// An item that is not inherited any more.
#[derive(Debug, JsonSchema)]
pub struct RemovedData {
    /// Its key.
    pub key: Option<String>,
    /// Why.
    pub reason: String,
    /// What removes it.
    pub by: OriginData,
    /// Where it was written.
    pub origin: Option<OriginData>,
    /// Its text.
    pub text: Option<String>,
}

/// Where something is written.
#[derive(Debug, JsonSchema)]
pub struct OriginData {
    /// Id of the node.
    pub node: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The text, of a replaced item.
    pub text: Option<String>,
}

/// A plain page.
#[derive(Debug, JsonSchema)]
pub struct PageData {
    /// `department/page`.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its prose.
    pub prose: Vec<ProseData>,
}

/// A piece of prose.
#[derive(Debug, JsonSchema)]
pub struct ProseData {
    /// Id of the node.
    pub node: String,
    /// Its heading.
    pub heading: Option<String>,
    /// Its Markdown.
    pub markdown: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// A role or composition, as `show` writes it.
#[derive(Debug, JsonSchema)]
pub struct ShownRole {
    /// 1; the number changes when a field changes its meaning or goes away.
    pub format: u32,
    /// `department/family/role`, of a composition with `+specialty`.
    pub id: String,
    /// Id of its family.
    pub family: String,
    /// Its title.
    pub title: String,
    /// Its grades; empty where it has none.
    pub grade: Vec<i64>,
    /// Id of its track.
    pub track: String,
    /// `active`, `draft` or `deprecated`.
    pub status: String,
    /// Ids of the roles that it extends.
    pub extends: Vec<String>,
    /// Ids of roles of which any one is extended.
    pub extends_any: Option<Vec<String>>,
    /// Ids of the nodes that it is made of, in the order of the fold, without itself.
    pub chain: Vec<String>,
    /// Ids of what comes next.
    pub next: Vec<String>,
    /// Its lists, by section.
    pub sections: BTreeMap<String, SectionData>,
}

/// A family, as `show` writes it.
#[derive(Debug, JsonSchema)]
pub struct ShownFamily {
    /// 1; the number changes when a field changes its meaning or goes away.
    pub format: u32,
    /// `department/family`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is written on the family itself, by section.
    pub sections: BTreeMap<String, SectionData>,
    /// Its tracks.
    pub tracks: Vec<NodeData>,
    /// Its roles, with what is written on each itself.
    pub roles: Vec<OwnRoleData>,
    /// Its specialties.
    pub specialties: Vec<NodeData>,
    /// All prose of the file.
    pub prose: Vec<ProseData>,
}

/// A role with what is written on itself.
#[derive(Debug, JsonSchema)]
pub struct OwnRoleData {
    /// Its id in the family.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its grades; empty where it has none.
    pub grade: Vec<i64>,
    /// Id of its track.
    pub track: String,
    /// `active`, `draft` or `deprecated`.
    pub status: String,
    /// Ids of the roles that it extends.
    pub extends: Vec<String>,
    /// What is written on it, by section.
    pub sections: BTreeMap<String, SectionData>,
}

/// The handbook with each item once, as every site has it in `exports/handbook.json`.
#[derive(Debug, JsonSchema)]
pub struct SiteExport {
    /// 1; the number changes when a field changes its meaning or goes away.
    pub format: u32,
    /// All items that any role has, replaces or removes.
    pub items: Vec<WrittenItem>,
    /// The families; their items are those with their nodes as origin.
    pub families: Vec<SiteFamily>,
    /// The effective roles, each followed by its compositions where these have pages.
    pub roles: Vec<RoleData<SiteSection>>,
    /// Plain pages.
    pub pages: Vec<PageData>,
}

/// An item as it is written.
#[derive(Debug, JsonSchema)]
pub struct WrittenItem {
    /// Its number, good in this file only.
    pub id: u32,
    /// Id of its section.
    pub section: String,
    /// The key that the author gave.
    pub key: Option<String>,
    /// Its label.
    pub label: Option<String>,
    /// Plain text without the label.
    pub text: String,
    /// As written, without `{#key}`; variables of shared blocks are not filled in.
    pub markdown: String,
    /// Where it is written.
    pub origin: OriginData,
}

/// A family without its lists.
#[derive(Debug, JsonSchema)]
pub struct SiteFamily {
    /// `department/family`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its tracks.
    pub tracks: Vec<SiteNode>,
    /// Its specialties.
    pub specialties: Vec<SiteNode>,
    /// All prose of the file.
    pub prose: Vec<ProseData>,
}

/// A track or specialty without its lists.
#[derive(Debug, JsonSchema)]
pub struct SiteNode {
    /// Its id in the family.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Of a specialty: ids of the roles it can be combined with.
    pub roles: Option<Vec<String>>,
}

/// A list by the numbers of its items.
#[derive(Debug, JsonSchema)]
pub struct SiteSection {
    /// Its items, in order.
    pub items: Vec<u32>,
    /// By the number of an item, the one in whose place it stands.
    pub replaces: Option<BTreeMap<String, u32>>,
    /// What is not inherited any more.
    pub removed: Option<Vec<SiteRemoved>>,
}

/// An item that is not inherited any more.
#[derive(Debug, JsonSchema)]
pub struct SiteRemoved {
    /// Its number.
    pub item: u32,
    /// The number of the item that removes it.
    pub by: u32,
}
