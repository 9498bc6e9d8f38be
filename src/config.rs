//! `handbook.yml` in, the site's settings and its vocabulary of sections out; every key has a default.

pub mod address;
mod blocks;
mod headings;
mod lang;
pub mod levels;
pub mod pattern;
mod read;
mod sections;
pub mod strings;
pub mod theme;

pub use headings::{HeadingWord, Headings};
pub use read::{check_id, is_readable, known_scale, read, text_fault, tracks};
pub use sections::{FRONT_MATTER_KEYS, capitalised, known_section};

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Place;
use pattern::Pattern;

/// The settings of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Path of the file they come from (`handbook.yml` also where there is none).
    pub file: Arc<str>,
    /// Title of the site.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Address under which it is published, ending in `/`.
    pub base_url: Option<String>,
    /// Language of the pages (BCP 47).
    pub lang: String,
    /// Where that is written.
    pub lang_at: Range<usize>,
    /// The direction in which it is written, `ltr` or `rtl`.
    pub dir: &'static str,
    /// What pages say by themselves.
    pub strings: strings::Strings,
    /// Accent colour and scripts.
    pub look: theme::Look,
    /// Links at the foot of every page.
    pub footer: Vec<FooterLink>,
    /// Grade scales; the one named `default` is for departments that name none.
    pub scales: Vec<GradeScale>,
    /// Tracks of families that name none.
    pub tracks: Vec<Track>,
    /// What is said of departments.
    pub departments: Vec<DepartmentConfig>,
    /// The vocabulary of sections, built-in ones first.
    pub sections: Vec<Section>,
    /// Shared blocks and where they are shown.
    pub shared: Vec<SharedEntry>,
    /// Whether each role has a page.
    pub role_pages: bool,
    /// Whether each role with each of its specialties has a page.
    pub composition_pages: bool,
    /// Whether roles are compared side by side.
    pub compare: bool,
    /// Whether there is a career map.
    pub map: bool,
    /// Whether there is an index of items.
    pub requirements: bool,
    /// Whether the pages can be searched.
    pub search: bool,
    /// Whether data files stand beside the pages.
    pub exports: bool,
    /// How many commits are looked at for the history of roles, where there is one.
    pub history: Option<usize>,
    /// The sections of a vacancy's text, by id.
    pub advert: Vec<String>,
    /// The shared blocks at its end, by name.
    pub advert_blocks: Vec<String>,
    /// Addresses that something else serves (globs).
    pub outside: Vec<Pattern>,
    /// Pattern of the address at which a line can be edited.
    pub edit: Option<String>,
    /// Levels and options of lints that differ from their own.
    pub lints: levels::Levels,
    /// What every active role must have.
    pub require: Requirement,
    /// The headings that open sections.
    pub headings: Headings,
    /// The author's own keys (`x-`).
    pub extra: Extra,
}

/// A scale of grades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradeScale {
    /// Its id.
    pub id: String,
    /// Its title; empty for the default scale, where nobody gave it one.
    pub title: String,
    /// The grades, as written.
    pub grades: Vec<i64>,
}

/// A track: individual contributors, managers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The author's own keys (`x-`).
    pub extra: Extra,
}

/// The author's own keys (`x-`), which templates see as `extra`.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// What `handbook.yml` says of a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentConfig {
    /// Its path below `content/`.
    pub path: String,
    /// Its title.
    pub title: Option<String>,
    /// Its grade scale.
    pub grade_scale: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionKind {
    /// Items that are inherited one by one.
    Items,
    /// Numbered steps that stand or fall together.
    Steps,
    /// Prose.
    Prose,
    /// Prose from which nothing is read, whatever it looks like (`job-grade`).
    Nothing,
}

/// How a section is inherited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inherit {
    /// Item by item.
    Merge,
    /// The nearest node that has it gives all of it.
    Nearest,
    /// Not at all.
    Own,
}

/// A section of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its id, with `-`.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What it holds.
    pub kind: SectionKind,
    /// How it is inherited.
    pub inherit: Inherit,
    /// Other headings that open it.
    pub aliases: Vec<String>,
}

impl Section {
    /// Whether its bullets are items of the model.
    pub fn has_items(&self) -> bool {
        matches!(self.kind, SectionKind::Items | SectionKind::Steps)
    }

    /// Its key in YAML: the id with `_`.
    pub fn yaml_key(&self) -> String {
        self.id.replace('-', "_")
    }
}

/// Where a shared block of prose is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Before the levels.
    BeforeLevels,
    /// Before the specialties.
    BeforeSpecialties,
    /// At the end.
    End,
}

/// A shared block with where and for whom it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedEntry {
    /// Name of the block: its file under `_shared/` without `.md`.
    pub block: String,
    /// Whether its list sections are inherited by every role (`as: base`) or it is shown on pages.
    pub base: bool,
    /// All of these must hold.
    pub when: Vec<Condition>,
    /// Not all of these may hold.
    pub unless: Vec<Condition>,
    /// Values for its variables.
    pub with: Vec<(String, String)>,
    /// Where it is shown.
    pub at: Position,
    /// Where the name stands.
    pub place: Place,
}

impl SharedEntry {
    /// Whether it counts for some specialties only.
    pub fn names_specialties(&self) -> bool {
        self.when.iter().chain(&self.unless).any(|c| matches!(c, Condition::Specialty(_)))
    }
}

/// A name in a condition, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

/// A condition of a shared block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The department, or one above it, is one of these.
    Department(Vec<Named>),
    /// The family is one of these.
    Family(Vec<Named>),
    /// The track is one of these.
    Track(Vec<Named>),
    /// The specialty is one of these.
    Specialty(Vec<Named>),
    /// A grade of the role passes one of these.
    Grade(Vec<(Comparison, i64)>),
}

/// How a grade is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `<`
    Below,
    /// `=` or nothing
    Equal,
    /// `!=`
    Not,
}

impl Comparison {
    /// Whether `grade` passes against `bound`.
    pub fn holds(self, grade: i64, bound: i64) -> bool {
        match self {
            Comparison::AtLeast => grade >= bound,
            Comparison::AtMost => grade <= bound,
            Comparison::Above => grade > bound,
            Comparison::Below => grade < bound,
            Comparison::Equal => grade == bound,
            Comparison::Not => grade != bound,
        }
    }
}

/// A link at the foot of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FooterLink {
    /// What is shown.
    pub title: String,
    /// Where it leads, as links in content do.
    pub url: String,
    /// Where the address stands.
    pub place: Place,
}

/// What every active role must have (`require:`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirement {
    /// Sections, by id.
    pub sections: Vec<String>,
    /// Items: section id, key, and where it is written.
    pub items: Vec<(String, String, Place)>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            file: "handbook.yml".into(),
            title: "Handbook".to_owned(),
            description: String::new(),
            base_url: None,
            lang: "en".to_owned(),
            lang_at: 0..0,
            dir: "ltr",
            strings: strings::Strings::default(),
            look: theme::Look::default(),
            footer: Vec::new(),
            scales: Vec::new(),
            tracks: vec![track("ic", "Individual contributors"), track("management", "Managers")],
            departments: Vec::new(),
            headings: Headings::of(&built_in_sections(), Vec::new()),
            sections: built_in_sections(),
            shared: Vec::new(),
            role_pages: true,
            composition_pages: true,
            compare: true,
            map: true,
            requirements: true,
            search: true,
            exports: true,
            history: None,
            advert: ["responsibilities", "requirements", "nice-to-haves"].map(str::to_owned).to_vec(),
            advert_blocks: Vec::new(),
            outside: Vec::new(),
            edit: None,
            lints: levels::Levels::default(),
            require: Requirement::default(),
            extra: Extra::new(),
        }
    }
}

impl Config {
    /// The number of a section by its id.
    pub fn section(&self, id: &str) -> Option<usize> {
        self.sections.iter().position(|s| s.id == id)
    }

    /// The scale with this id.
    pub fn scale(&self, id: &str) -> Option<&GradeScale> {
        self.scales.iter().find(|s| s.id == id)
    }

    /// What is said of the department at `path`.
    pub fn department(&self, path: &str) -> Option<&DepartmentConfig> {
        self.departments.iter().find(|d| d.path == path)
    }
}

fn track(id: &str, title: &str) -> Track {
    Track { id: id.to_owned(), title: title.to_owned(), extra: Extra::new() }
}

/// The built-in vocabulary. Source: content model, section 5.
fn built_in_sections() -> Vec<Section> {
    use {Inherit::*, SectionKind::*};
    let rows: [(&str, &str, SectionKind, Inherit, &[&str]); 7] = [
        ("responsibilities", "Responsibilities", Items, Merge, &[]),
        ("requirements", "Requirements", Items, Merge, &["must-haves"]),
        ("nice-to-haves", "Nice-to-haves", Items, Merge, &["nice-to-have requirements", "preferred qualifications"]),
        ("performance-indicators", "Performance indicators", Items, Merge, &["KPIs", "job-family performance indicators"]),
        ("hiring-process", "Hiring process", Steps, Nearest, &["interview process"]),
        ("career-ladder", "Career ladder", Prose, Nearest, &["career path", "moving to and moving from"]),
        ("job-grade", "Job grade", Nothing, Own, &[]),
    ];
    rows.into_iter()
        .map(|(id, title, kind, inherit, aliases)| Section {
            id: id.to_owned(),
            title: title.to_owned(),
            kind,
            inherit,
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        })
        .collect()
}
