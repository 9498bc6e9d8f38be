//! `handbook.yml`, as types whose schema is printed.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::written::{Texts, TrackEntry};

/// The settings of a handbook. Every key may be left out.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Title of the site.
    pub title: Option<String>,
    /// One sentence about it.
    pub description: Option<String>,
    /// Where the site is published.
    pub base_url: Option<String>,
    /// Language of the pages (BCP 47).
    pub lang: Option<String>,
    /// The direction in which it is written, `ltr` or `rtl`, where the language does not tell.
    pub dir: Option<String>,
    /// The accent colour, and the site's script for diagrams.
    pub theme: Option<ThemeSettings>,
    /// Links at the foot of each page.
    pub footer: Option<Vec<FooterSettings>>,
    /// Whether there is a search in the page.
    pub search: Option<bool>,
    /// The grades of the scale named `default`.
    pub grades: Option<Vec<i64>>,
    /// Further scales by id.
    pub grade_scales: Option<BTreeMap<String, Scale>>,
    /// Tracks of families that name none.
    pub tracks: Option<Vec<TrackEntry>>,
    /// Departments by path.
    pub departments: Option<BTreeMap<String, DepartmentSettings>>,
    /// Sections beside the built-in ones, by id.
    pub sections: Option<BTreeMap<String, SectionSettings>>,
    /// Further words for the headings that every family knows.
    pub headings: Option<HeadingSettings>,
    /// Shared blocks and where they count.
    pub shared: Option<Vec<SharedSettings>>,
    /// Which pages there are.
    pub pages: Option<PagesSettings>,
    /// Whether data files and Markdown stand beside the pages.
    pub exports: Option<bool>,
    /// Whether pages tell what changed in each role and when, from git.
    pub history: Option<HistorySettings>,
    /// What the text of a vacancy has.
    pub advert: Option<AdvertSettings>,
    /// Links.
    pub links: Option<LinksSettings>,
    /// Levels of lints by code.
    pub lints: Option<BTreeMap<String, LintLevel>>,
    /// What every active role must have.
    pub require: Option<RequireSettings>,
}

/// A scale of grades.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Scale {
    /// The grades, ascending.
    pub grades: Vec<i64>,
    /// Its title.
    pub title: Option<String>,
}

/// A department.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DepartmentSettings {
    /// Its title.
    pub title: Option<String>,
    /// The id of its grade scale.
    pub grade_scale: Option<String>,
}

/// A section.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SectionSettings {
    /// Its heading.
    pub title: Option<String>,
    /// What it holds.
    pub kind: Option<Kind>,
    /// How it is inherited.
    pub inherit: Option<InheritSettings>,
    /// Other headings that open it.
    pub aliases: Option<Texts>,
}

/// Further words for the headings that every family knows, for handbooks in other languages.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HeadingSettings {
    /// Headings like *Levels* and *Roles*.
    pub levels: Option<Texts>,
    /// Headings like *Specialties*.
    pub specialties: Option<Texts>,
    /// Headings like *All levels*.
    pub all_levels: Option<Texts>,
}

/// What a section holds.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Kind {
    /// Items, inherited one by one.
    Items,
    /// Numbered steps.
    Steps,
    /// Prose.
    Prose,
}

/// How a section is inherited.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum InheritSettings {
    /// Item by item.
    Merge,
    /// The nearest gives all of it.
    Nearest,
    /// Not at all.
    Own,
}

/// A shared block in one use.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SharedSettings {
    /// The name of its file in `content/_shared/`, without `.md`.
    pub block: String,
    /// Whether roles inherit its lists, or pages show it.
    #[schemars(rename = "as")]
    pub is: Option<SharedAs>,
    /// All of these must hold.
    pub when: Option<Conditions>,
    /// Not all of these may hold.
    pub unless: Option<Conditions>,
    /// Values for its variables.
    pub with: Option<BTreeMap<String, serde_json::Value>>,
    /// Where it is shown.
    pub at: Option<SharedAt>,
}

/// What a shared block is for.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum SharedAs {
    /// Its lists are inherited.
    Base,
    /// It is shown.
    Page,
}

/// Where a shared block is shown.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum SharedAt {
    /// Before the levels.
    BeforeLevels,
    /// Before the specialties.
    BeforeSpecialties,
    /// At the end.
    End,
}

/// Conditions; all must hold.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Conditions {
    /// A department, or one above.
    pub department: Option<Texts>,
    /// A family.
    pub family: Option<Texts>,
    /// A track.
    pub track: Option<Texts>,
    /// A grade, such as `>=9`.
    pub grade: Option<serde_json::Value>,
    /// A specialty.
    pub specialty: Option<Texts>,
}

/// Which pages there are.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PagesSettings {
    /// Of each role.
    pub roles: Option<bool>,
    /// Of each role with each of its specialties.
    pub compositions: Option<bool>,
    /// That compare roles.
    pub compare: Option<bool>,
    /// With the career map.
    pub map: Option<bool>,
    /// With the index of items.
    pub requirements: Option<bool>,
}

/// How pages look.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ThemeSettings {
    /// The colour of links: one, or one for light and one for dark pages.
    pub accent: Option<AccentSettings>,
    /// A file under `static/` with style rules that come after those of the program.
    pub style: Option<String>,
    /// A file under `static/` that draws Mermaid diagrams.
    pub mermaid: Option<String>,
}

/// The accent colour.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum AccentSettings {
    /// One for both, such as `#0a6b5a`.
    One(String),
    /// One for each ground.
    Each {
        /// On light pages.
        light: Option<String>,
        /// On dark pages.
        dark: Option<String>,
    },
}

/// A link at the foot.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FooterSettings {
    /// What is shown.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

/// What the text of a vacancy has.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AdvertSettings {
    /// Sections, in order.
    pub sections: Option<Texts>,
    /// Shared blocks at its end.
    pub blocks: Option<Texts>,
}

/// Links.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LinksSettings {
    /// Addresses that something else serves.
    pub outside: Option<Texts>,
    /// The address at which a line can be edited, with `{path}` and `{line}`.
    pub edit: Option<String>,
}

/// Whether pages tell what changed in each role and when.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum HistorySettings {
    /// Whether they do.
    Whether(bool),
    /// They do, and how far back.
    More(HistoryOptions),
}

/// How far back the history goes.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HistoryOptions {
    /// How many commits are looked at, the newest first; 5,000 unless it is said.
    #[schemars(range(min = 1))]
    pub commits: Option<i64>,
}

/// The level of a lint.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum LintLevel {
    /// By its word: `off`, `info`, `warning`, `error`.
    Word(String),
    /// `false`, as YAML reads an unquoted `off` in places.
    Off(bool),
    /// Options of a lint with its `level`, or levels for the files that a pattern names.
    More(BTreeMap<String, serde_json::Value>),
}

/// What every active role must have.
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RequireSettings {
    /// Sections.
    pub sections: Option<Texts>,
    /// Keys of items by section.
    pub items: Option<BTreeMap<String, Texts>>,
}
