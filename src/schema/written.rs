//! The front matter of families and pages, as types whose schema is printed.

use schemars::JsonSchema;

/// The front matter of a file: with `roles` it is a job family, without a page.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum FrontMatter {
    /// A job family.
    Family(Box<Family>),
    /// A page, a department or a shared block.
    Page(Box<Page>),
}

/// A job family.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Family {
    /// Its title.
    pub title: String,
    /// One sentence about it, for lists, search and `<meta>`.
    pub description: Option<String>,
    /// Old addresses; each becomes a page that leads here.
    pub aliases: Option<Texts>,
    /// Who approves changes.
    pub owner: Option<String>,
    /// The id of a grade scale of handbook.yml.
    pub grade_scale: Option<String>,
    /// Its tracks, where they differ from those of handbook.yml.
    pub tracks: Option<Vec<TrackEntry>>,
    /// Families or roles that come after this family.
    pub ladder: Option<Texts>,
    /// Its roles, in ascending order.
    #[schemars(length(min = 1))]
    pub roles: Vec<RoleEntry>,
    /// Its specialties.
    pub specialties: Option<Vec<SpecialtyEntry>>,
}

/// A page, a department or a shared block.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Page {
    /// Its title.
    pub title: Option<String>,
    /// One sentence about it.
    pub description: Option<String>,
    /// Old addresses.
    pub aliases: Option<Texts>,
}

/// A track.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TrackEntry {
    /// Its id.
    pub id: Id,
    /// Its title.
    pub title: String,
}

/// A role.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RoleEntry {
    /// Its id, unique in the family; part of the address.
    pub id: Id,
    /// Its title, unique in the family.
    pub title: String,
    /// Name of its level.
    pub level: Option<String>,
    /// Its grade.
    pub grade: Option<GradeEntry>,
    /// Whether it is in force.
    pub status: Option<StatusEntry>,
    /// The role that took its place.
    pub replaced_by: Option<String>,
    /// Old ids.
    pub aliases: Option<Texts>,
    /// The id of its track; the first one where it is left out.
    pub track: Option<String>,
    /// What it extends; `none` says on purpose that it extends nothing.
    pub extends: Option<Parents>,
    /// Either of these; shown, and nothing of them is folded in.
    pub extends_any: Option<Texts>,
    /// A role, or free text.
    pub reports_to: Option<String>,
    /// Roles or families that come next.
    pub next: Option<Texts>,
}

/// A specialty.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SpecialtyEntry {
    /// Its id.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// The roles it can be combined with; all that are active where it is left out.
    pub roles: Option<Texts>,
    /// A role, or free text.
    pub reports_to: Option<String>,
}

/// Small letters, digits and `-`, 64 at most.
#[derive(Debug, JsonSchema)]
pub struct Id(#[schemars(regex(pattern = r"^[a-z0-9-]{1,64}$"))] pub String);

/// One text or several.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Texts {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// The grade of a role.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum GradeEntry {
    /// One.
    One(i64),
    /// Several.
    Several(Vec<i64>),
    /// None, and why.
    None(NoGrade),
}

/// Why a role has no grade.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct NoGrade {
    /// Why.
    pub none: String,
}

/// Whether a role is in force.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum StatusEntry {
    /// In force.
    Active,
    /// Not yet: in previews only.
    Draft,
    /// No longer.
    Deprecated,
}

/// What a role extends.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Parents {
    /// One, or `none`.
    One(ParentEntry),
    /// Several.
    Several(Vec<ParentEntry>),
}

/// A role that is extended.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum ParentEntry {
    /// Any last part of `department/family/role`.
    Whole(String),
    /// For some sections only.
    Limited(LimitedParent),
}

/// A role of which some sections are inherited.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LimitedParent {
    /// The role.
    pub role: String,
    /// The sections.
    pub only: Option<Texts>,
}

/// The items of a list section.
#[derive(Debug, JsonSchema)]
pub struct Items(pub Vec<ItemEntry>);

/// An item.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum ItemEntry {
    /// Markdown, as in a bullet.
    Text(String),
    /// With a key of its own.
    Keyed(KeyedItem),
    /// Takes an inherited item away.
    Removal(RemovalEntry),
}

/// An item with a key of its own.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct KeyedItem {
    /// Its key.
    pub key: String,
    /// Its Markdown.
    pub text: String,
    /// The key that it had before.
    pub was: Option<String>,
}

/// Takes an inherited item away.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RemovalEntry {
    /// Its key.
    pub remove: String,
    /// Why.
    pub reason: Option<String>,
}
