//! `handbook.yml` in, the site's settings and its vocabulary of sections out; every key has a default.

pub mod levels;
pub mod pattern;
pub mod strings;
pub mod theme;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::history::MOST_COMMITS;
use crate::ident;
use crate::source::{SourceFile, TextFault};
use crate::yaml::fields::{Fields, Findings, texts_of};
use crate::yaml::{self, Node, Value};
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
    /// Whether there is an index of requirements.
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

/// Section numbers by the headings that open them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headings {
    /// By the heading without case.
    pub exact: BTreeMap<String, usize>,
    /// By the heading without case, punctuation, plural, hyphens and `and`.
    pub loose: BTreeMap<String, usize>,
}

impl Headings {
    fn of(sections: &[Section]) -> Self {
        let mut headings = Headings::default();
        for (number, section) in sections.iter().enumerate() {
            let spaced = section.id.replace('-', " ");
            for name in [&section.title, &section.id, &spaced].into_iter().chain(&section.aliases) {
                headings.exact.entry(ident::fold(name)).or_insert(number);
                headings.loose.entry(ident::loose(name)).or_insert(number);
            }
        }
        headings
    }
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
    /// Items: section id and key.
    pub items: Vec<(String, String)>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            file: "handbook.yml".into(),
            title: "Handbook".to_owned(),
            description: String::new(),
            base_url: None,
            lang: "en".to_owned(),
            dir: "ltr",
            strings: strings::Strings::default(),
            look: theme::Look::default(),
            footer: Vec::new(),
            scales: Vec::new(),
            tracks: vec![track("ic", "Individual contributors"), track("management", "Managers")],
            departments: Vec::new(),
            headings: Headings::of(&built_in_sections()),
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

/// The YAML of a whole file; why there is none is a finding.
pub fn tree_of(file: &SourceFile, list: &mut Vec<Diagnostic>) -> Option<Node> {
    if let Some(finding) = text_fault(file) {
        list.push(finding);
        return None;
    }
    let findings = Findings { file: &file.path, base: 0, list };
    match yaml::parse(&file.text) {
        Ok(node) => Some(node),
        Err(fault) => {
            let finding = Diagnostic::error("yaml-syntax", findings.place(&fault.span), fault.message).help(fault.help);
            findings.list.push(finding);
            None
        }
    }
}

/// Whether the settings can be read at all, so that what they say about sections and blocks is known.
pub fn is_readable(file: &SourceFile) -> bool {
    text_fault(file).is_none() && yaml::parse(&file.text).is_ok_and(|node| matches!(node.value, Value::Map(_) | Value::Null))
}

/// Reads the settings; what is wrong with them is a finding and the default stands.
pub fn read(file: Option<&SourceFile>, list: &mut Vec<Diagnostic>) -> Config {
    let mut config = Config::default();
    let Some(file) = file else { return config };
    config.file = Arc::clone(&file.path);
    let Some(node) = tree_of(file, list) else { return config };
    let mut findings = Findings { file: &file.path, base: 0, list };
    if node.value == Value::Null {
        return config;
    }
    if let Some(fields) = Fields::of(&node, "handbook.yml", &mut findings) {
        read_fields(&mut config, fields, &mut findings);
        config.headings = Headings::of(&config.sections);
    }
    config
}

/// Reports the sections of which a heading could open two, and those that cannot be inherited as they are set.
fn check_section(config: &Config, number: usize, aliases: &[(&str, Range<usize>)], span: &Range<usize>, findings: &mut Findings<'_>) {
    let section = &config.sections[number];
    if section.kind == SectionKind::Prose && section.inherit == Inherit::Merge {
        let finding = Diagnostic::error("wrong-type", findings.place(span), format!("`{}` is prose, and prose cannot be merged", section.id))
            .help("`inherit` of prose is nearest or own; `merge` is for `kind: items`");
        findings.list.push(finding);
    }
    let names = |s: &Section| {
        [s.title.clone(), s.id.replace('-', " ")].into_iter().chain(s.aliases.iter().cloned()).map(|n| ident::fold(&n)).collect::<Vec<_>>()
    };
    let others = || config.sections.iter().enumerate().filter(|(n, _)| *n != number).map(|(_, s)| s);
    let clash = |name: &str| others().find(|other| names(other).contains(&ident::fold(name)));
    let own = [(section.title.as_str(), span.clone())];
    for (name, at) in own.iter().chain(aliases) {
        if let Some(other) = clash(name) {
            let finding =
                Diagnostic::error("duplicate-id", findings.place(at), format!("the heading `{name}` opens the section `{}` already", other.id))
                    .help("give each heading to one section");
            findings.list.push(finding);
        }
    }
}

/// The finding for a file that is no text.
pub fn text_fault(file: &SourceFile) -> Option<Diagnostic> {
    let end = file.text.len();
    let place = Place::new(&file.path, end..end);
    Some(match file.fault? {
        TextFault::NotUtf8 { offset } => {
            Diagnostic::error("not-utf8", place, format!("this file is not text in UTF-8: byte {offset} is not part of a character"))
                .help("save the file with the encoding UTF-8")
        }
        TextFault::TooLarge { size } => {
            Diagnostic::error("too-large", place, format!("this file has {size} bytes, and the limit is {} bytes", crate::source::MAX_FILE))
                .help("split it into several files")
        }
    })
}

fn read_fields(config: &mut Config, mut fields: Fields<'_>, findings: &mut Findings<'_>) {
    config.extra = fields.extra();
    if let Some((title, _)) = fields.text("title", findings) {
        config.title = title.to_owned();
    }
    if let Some((description, _)) = fields.text("description", findings) {
        config.description = description.to_owned();
    }
    if let Some((url, span)) = fields.text("base_url", findings) {
        config.base_url = base_url(url, &span, findings);
    }
    if let Some((lang, _)) = fields.text("lang", findings) {
        config.lang = lang.to_owned();
        config.dir = direction(lang);
    }
    config.dir = word(&mut fields, "dir", &[("ltr", "ltr"), ("rtl", "rtl")], findings).unwrap_or(config.dir);
    if let Some(node) = fields.take("theme") {
        config.look = theme::read(node, findings);
    }
    if let Some(node) = fields.take("footer") {
        config.footer = footer(node, findings);
    }
    if let Some(node) = fields.take("grades") {
        config.scales.push(GradeScale { id: "default".into(), title: String::new(), grades: grades(node, "grades", findings) });
    }
    if let Some(node) = fields.take("grade_scales") {
        read_scales(config, node, findings);
    }
    if let Some(node) = fields.take("tracks") {
        config.tracks = tracks(node, findings);
    }
    if let Some(node) = fields.take("sections") {
        read_sections(config, node, findings);
    }
    if let Some(node) = fields.take("departments") {
        read_departments(config, node, findings);
    }
    if let Some(node) = fields.take("shared") {
        read_shared(config, node, findings);
    }
    if let Some(mut pages) = fields.take("pages").and_then(|n| Fields::of(n, "`pages`", findings)) {
        config.role_pages = pages.flag("roles", findings).unwrap_or(true);
        config.composition_pages = pages.flag("compositions", findings).unwrap_or(true);
        // They lead on to the pages of roles: without those there are none, unless they are asked for.
        config.compare = pages.flag("compare", findings).unwrap_or(config.role_pages);
        config.map = pages.flag("map", findings).unwrap_or(config.role_pages);
        config.requirements = pages.flag("requirements", findings).unwrap_or(config.role_pages);
        pages.finish("`pages`", [], findings);
    }
    config.search = fields.flag("search", findings).unwrap_or(true);
    config.exports = fields.flag("exports", findings).unwrap_or(true);
    config.history = fields.take("history").and_then(|node| read_history(node, findings));
    if let Some(advert) = fields.take("advert").and_then(|n| Fields::of(n, "`advert`", findings)) {
        read_advert(config, advert, findings);
    }
    if let Some(mut links) = fields.take("links").and_then(|n| Fields::of(n, "`links`", findings)) {
        for (text, span) in links.texts("outside", findings) {
            match Pattern::new(text) {
                Ok(pattern) => config.outside.push(pattern),
                Err(error) => {
                    let finding = Diagnostic::error("wrong-type", findings.place(&span), format!("`{text}` is not a pattern: {error}"))
                        .help("write an address with `*` for part of a name and `**` for any number of names");
                    findings.list.push(finding);
                }
            }
        }
        config.edit = links.text("edit", findings).and_then(|(pattern, span)| edit_pattern(pattern, &span, findings));
        links.finish("`links`", [], findings);
    }
    if let Some(node) = fields.take("lints") {
        levels::read(&mut config.lints, node, findings);
    }
    if let Some(node) = fields.take("require") {
        read_require(config, node, findings);
    }
    fields.finish("handbook.yml", [], findings);
}

/// `true`, `false`, or how many commits are looked at.
fn read_history(node: &Node, findings: &mut Findings<'_>) -> Option<usize> {
    match &node.value {
        Value::Bool(wanted) => return wanted.then_some(MOST_COMMITS),
        Value::Map(_) => {}
        _ => {
            findings.wrong_type(node, "history", "`true`, `false` or `{commits: 5000}`");
            return None;
        }
    }
    let mut fields = Fields::of(node, "`history`", findings)?;
    let mut commits = MOST_COMMITS;
    if let Some(node) = fields.take("commits") {
        match node.value {
            Value::Integer(n) if n > 0 => commits = usize::try_from(n).unwrap_or(usize::MAX),
            _ => findings.wrong_type(node, "commits", "a whole number from 1"),
        }
    }
    fields.finish("`history`", [], findings);
    Some(commits)
}

/// What the text of a vacancy is made of.
fn read_advert(config: &mut Config, mut fields: Fields<'_>, findings: &mut Findings<'_>) {
    if fields.key_span("sections").is_some() {
        let names: Vec<(String, Range<usize>)> = fields.texts("sections", findings).into_iter().map(|(t, s)| (t.to_owned(), s)).collect();
        config.advert = names.iter().filter_map(|(name, span)| known_section(config, name, span, findings)).collect();
    }
    let blocks: Vec<(String, Range<usize>)> = fields.texts("blocks", findings).into_iter().map(|(t, s)| (t.to_owned(), s)).collect();
    for (block, span) in blocks {
        if config.shared.iter().any(|s| s.block == block) {
            config.advert_blocks.push(block);
        } else {
            let names = || config.shared.iter().map(|s| s.block.as_str());
            let finding = Diagnostic::error("block-unknown", findings.place(&span), format!("`shared` has no block `{block}`"))
                .meant(ident::nearest(&block, names()))
                .help("name blocks that stand below `shared` here");
            findings.list.push(finding);
        }
    }
    fields.finish("`advert`", [], findings);
}

/// A base address with a `/` at its end; anything but http and https is a finding.
pub fn base_url(url: &str, span: &Range<usize>, findings: &mut Findings<'_>) -> Option<String> {
    if !url.starts_with("http://") && !url.starts_with("https://") {
        let finding = Diagnostic::error("wrong-type", findings.place(span), format!("`{url}` is not a web address"))
            .help("write it whole, such as https://example.org/handbook/");
        findings.list.push(finding);
        return None;
    }
    Some(if url.ends_with('/') { url.to_owned() } else { format!("{url}/") })
}

/// The direction in which a language is written.
fn direction(lang: &str) -> &'static str {
    let primary = lang.split('-').next().unwrap_or(lang);
    if ["ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"].contains(&primary) { "rtl" } else { "ltr" }
}

/// The pattern of an edit address, which must say where the path of the file goes.
fn edit_pattern(pattern: &str, span: &Range<usize>, findings: &mut Findings<'_>) -> Option<String> {
    let is_address = pattern.starts_with("https://") || pattern.starts_with("http://");
    let unknown = pattern.replace("{path}", "").replace("{line}", "");
    if is_address && pattern.contains("{path}") && !unknown.contains(['{', '}']) {
        return Some(pattern.to_owned());
    }
    let finding = Diagnostic::error("wrong-type", findings.place(span), "this is no pattern of an edit address")
        .help("write the address of a file with `{path}` for its path and `{line}` for the line, such as https://gitlab.com/acme/handbook/-/edit/main/{path}#L{line}");
    findings.list.push(finding);
    None
}

fn footer(node: &Node, findings: &mut Findings<'_>) -> Vec<FooterLink> {
    let Value::List(list) = &node.value else {
        findings.wrong_type(node, "footer", "a list of links (`- {title: Privacy, url: /privacy/}`)");
        return Vec::new();
    };
    let mut links = Vec::with_capacity(list.len());
    for entry in list {
        let Some(mut fields) = Fields::of(entry, "a link of the footer", findings) else { continue };
        let title = fields.text("title", findings);
        let url = fields.text("url", findings);
        match (title, url) {
            (Some((title, _)), Some((url, span))) => {
                links.push(FooterLink { title: title.to_owned(), url: url.to_owned(), place: findings.place(&span) });
            }
            (title, url) => {
                let missing = [("title", title.is_none()), ("url", url.is_none())];
                missing.iter().filter(|(_, m)| *m).for_each(|(key, _)| fields.missing("a link of the footer", key, findings));
            }
        }
        fields.finish("a link of the footer", [], findings);
    }
    links
}

fn grades(node: &Node, key: &str, findings: &mut Findings<'_>) -> Vec<i64> {
    let Value::List(list) = &node.value else {
        findings.wrong_type(node, key, "a list of whole numbers");
        return Vec::new();
    };
    let mut grades = Vec::with_capacity(list.len());
    for entry in list {
        match entry.value {
            Value::Integer(n) if grades.contains(&n) => {
                let finding = Diagnostic::error("wrong-type", findings.place(&entry.span), format!("the grade {n} stands twice on this scale"))
                    .help("write each grade once, the lowest first");
                findings.list.push(finding);
            }
            Value::Integer(n) => grades.push(n),
            _ => {
                let message = format!("an entry of `{key}` is {}, and must be a whole number", entry.kind());
                findings.list.push(Diagnostic::error("wrong-type", findings.place(&entry.span), message).help("write `6`, not `\"6\"`"));
            }
        }
    }
    grades
}

fn named<'n>(node: &'n Node, key: &str, findings: &mut Findings<'_>) -> Vec<(&'n str, Range<usize>, &'n Node)> {
    Fields::of(node, &format!("`{key}`"), findings).map(|mut f| f.take_where(|_| true)).unwrap_or_default()
}

fn read_scales(config: &mut Config, node: &Node, findings: &mut Findings<'_>) {
    for (id, span, node) in named(node, "grade_scales", findings) {
        check_id(id, &span, findings);
        if config.scale(id).is_some() {
            let finding = Diagnostic::error("duplicate-id", findings.place(&span), format!("the grade scale `{id}` is defined twice"))
                .help("`grades` is the scale named `default`; keep one of the two");
            findings.list.push(finding);
            continue;
        }
        let mut scale = GradeScale {
            id: id.to_owned(),
            title: if id == "default" { String::new() } else { capitalised(&id.replace('-', " ")) },
            grades: Vec::new(),
        };
        if matches!(node.value, Value::List(_)) {
            scale.grades = grades(node, id, findings);
        } else if let Some(mut fields) = Fields::of(node, &format!("`{id}`"), findings) {
            if let Some((title, _)) = fields.text("title", findings) {
                scale.title = title.to_owned();
            }
            if let Some(node) = fields.take("grades") {
                scale.grades = grades(node, "grades", findings);
            }
            fields.finish("a grade scale", [], findings);
        }
        config.scales.push(scale);
    }
}

/// Reads a list of tracks; also for the front matter of families.
pub fn tracks(node: &Node, findings: &mut Findings<'_>) -> Vec<Track> {
    let Value::List(list) = &node.value else {
        findings.wrong_type(node, "tracks", "a list of tracks (`- {id: ic, title: Individual contributors}`)");
        return Vec::new();
    };
    let mut tracks: Vec<Track> = Vec::with_capacity(list.len());
    for entry in list {
        let Some(mut fields) = Fields::of(entry, "a track", findings) else { continue };
        let id = fields.text("id", findings);
        let title = fields.text("title", findings);
        let extra = fields.extra();
        match id {
            Some((id, span)) => {
                check_id(id, &span, findings);
                if tracks.iter().any(|t| t.id == id) {
                    let finding = Diagnostic::error("duplicate-id", findings.place(&span), format!("the track `{id}` is defined twice"))
                        .help("give each track an id of its own");
                    findings.list.push(finding);
                } else {
                    tracks.push(Track { extra, ..track(id, title.map_or(id, |(t, _)| t)) });
                }
            }
            None => fields.missing("a track", "id", findings),
        }
        fields.finish("a track", [], findings);
    }
    tracks
}

/// Notes an id that is none.
pub fn check_id(id: &str, span: &Range<usize>, findings: &mut Findings<'_>) {
    if ident::is_id(id) {
        if ident::is_reserved(id) {
            let message = format!("`{id}` cannot be an id: Windows cannot hold a folder of that name");
            let finding = Diagnostic::error("wrong-type", findings.place(span), message);
            findings.list.push(finding.help("choose another id, so that the site can be made and kept anywhere"));
        }
        return;
    }
    let mut finding = Diagnostic::error("wrong-type", findings.place(span), format!("`{id}` cannot be an id"))
        .help(format!("an id has small letters a-z, digits and `-`, and at most {} characters", ident::MAX_ID));
    let suggestion = ident::slug(id);
    if ident::is_id(&suggestion) {
        finding = finding.label(format!("could be `{suggestion}`"));
    }
    findings.list.push(finding);
}

fn read_departments(config: &mut Config, node: &Node, findings: &mut Findings<'_>) {
    for (path, span, node) in named(node, "departments", findings) {
        let Some(mut fields) = Fields::of(node, &format!("`{path}`"), findings) else { continue };
        let title = fields.text("title", findings).map(|(t, _)| t.to_owned());
        let grade_scale = fields.text("grade_scale", findings).and_then(|(id, at)| known_scale(config, id, &at, findings));
        fields.finish("a department", [], findings);
        config.departments.push(DepartmentConfig { path: path.to_owned(), title, grade_scale, place: findings.place(&span) });
    }
}

/// A grade scale by its id; an unknown one is a finding.
pub fn known_scale(config: &Config, id: &str, span: &Range<usize>, findings: &mut Findings<'_>) -> Option<String> {
    if config.scale(id).is_some() {
        return Some(id.to_owned());
    }
    let names: Vec<&str> = config.scales.iter().map(|s| s.id.as_str()).collect();
    let help = if names.is_empty() {
        "define it in handbook.yml under `grade_scales`".to_owned()
    } else {
        format!("scales in handbook.yml: {}", names.join(", "))
    };
    let finding = Diagnostic::error("grade-unknown", findings.place(span), format!("no grade scale is called `{id}`"))
        .meant(ident::nearest(id, names.iter().copied()))
        .help(help);
    findings.list.push(finding);
    None
}

fn read_sections(config: &mut Config, node: &Node, findings: &mut Findings<'_>) {
    for (id, span, node) in named(node, "sections", findings) {
        let id = &id.replace('_', "-");
        check_id(id, &span, findings);
        let Some(mut fields) = Fields::of(node, &format!("`{id}`"), findings) else { continue };
        let title = fields.text("title", findings).map(|(t, _)| t.to_owned());
        let kind =
            word(&mut fields, "kind", &[("items", SectionKind::Items), ("steps", SectionKind::Steps), ("prose", SectionKind::Prose)], findings);
        let inherit = word(&mut fields, "inherit", &[("merge", Inherit::Merge), ("nearest", Inherit::Nearest), ("own", Inherit::Own)], findings);
        let located = fields.texts("aliases", findings);
        let aliases: Vec<String> = located.iter().map(|(a, _)| (*a).to_owned()).collect();
        fields.finish("a section", [], findings);
        match config.sections.iter_mut().find(|s| &s.id == id) {
            Some(known) => {
                known.title = title.unwrap_or_else(|| known.title.clone());
                known.kind = kind.unwrap_or(known.kind);
                known.inherit = inherit.unwrap_or(known.inherit);
                known.aliases.extend(aliases);
            }
            None => {
                let kind = kind.unwrap_or(SectionKind::Items);
                let usual = match kind {
                    SectionKind::Items => Inherit::Merge,
                    SectionKind::Steps => Inherit::Nearest,
                    SectionKind::Prose | SectionKind::Nothing => Inherit::Own,
                };
                let title = title.unwrap_or_else(|| capitalised(&id.replace('-', " ")));
                config.sections.push(Section { id: id.clone(), title, kind, inherit: inherit.unwrap_or(usual), aliases });
            }
        }
        let number = config.section(id).unwrap_or(config.sections.len() - 1);
        check_section(config, number, &located, &span, findings);
    }
}

/// Text with a capital at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn word<T: Copy>(fields: &mut Fields<'_>, key: &'static str, words: &[(&str, T)], findings: &mut Findings<'_>) -> Option<T> {
    let (text, span) = fields.text(key, findings)?;
    one_of(text, &span, key, words, findings)
}

fn one_of<T: Copy>(text: &str, span: &Range<usize>, key: &str, words: &[(&str, T)], findings: &mut Findings<'_>) -> Option<T> {
    let found = words.iter().find(|(w, _)| *w == text).map(|(_, value)| *value);
    if found.is_none() {
        let names = words.iter().map(|(w, _)| *w);
        let finding = Diagnostic::error("wrong-type", findings.place(span), format!("`{key}` cannot be `{text}`"))
            .meant(ident::nearest(text, names.clone()))
            .help(format!("`{key}` is {}", ident::listed(names, "or")));
        findings.list.push(finding);
    }
    found
}

fn read_shared(config: &mut Config, node: &Node, findings: &mut Findings<'_>) {
    let Value::List(list) = &node.value else {
        findings.wrong_type(node, "shared", "a list (`- {block: company}`)");
        return;
    };
    for entry in list {
        let Some(mut fields) = Fields::of(entry, "a shared block", findings) else { continue };
        let block = fields.text("block", findings);
        let base = word(&mut fields, "as", &[("base", true), ("page", false)], findings).unwrap_or(false);
        let when = fields.take("when").map(|n| conditions(n, "when", findings)).unwrap_or_default();
        let unless = fields.take("unless").map(|n| conditions(n, "unless", findings)).unwrap_or_default();
        let with = fields.take("with").map(|n| values(n, findings)).unwrap_or_default();
        let positions = [("before-levels", Position::BeforeLevels), ("before-specialties", Position::BeforeSpecialties), ("end", Position::End)];
        let at = word(&mut fields, "at", &positions, findings).unwrap_or(Position::End);
        match block {
            Some((block, span)) => {
                config.shared.push(SharedEntry { block: block.to_owned(), base, when, unless, with, at, place: findings.place(&span) });
            }
            None => fields.missing("a shared block", "block", findings),
        }
        fields.finish("a shared block", [], findings);
    }
}

fn values(node: &Node, findings: &mut Findings<'_>) -> Vec<(String, String)> {
    let mut with = Vec::new();
    for (name, _, node) in named(node, "with", findings) {
        match &node.value {
            Value::Text(text) => with.push((name.to_owned(), text.clone())),
            Value::Integer(n) => with.push((name.to_owned(), n.to_string())),
            _ => findings.wrong_type(node, name, "text"),
        }
    }
    with
}

fn conditions(node: &Node, key: &str, findings: &mut Findings<'_>) -> Vec<Condition> {
    let Some(mut fields) = Fields::of(node, &format!("`{key}`"), findings) else { return Vec::new() };
    let mut all = Vec::new();
    for (name, make) in [
        ("department", Condition::Department as fn(Vec<Named>) -> Condition),
        ("family", Condition::Family),
        ("track", Condition::Track),
        ("specialty", Condition::Specialty),
    ] {
        if let Some(node) = fields.take(name) {
            let names = texts_of(node, name, findings);
            all.push(make(names.into_iter().map(|(t, span)| Named { name: t.to_owned(), place: findings.place(&span) }).collect()));
        }
    }
    if let Some(node) = fields.take("grade") {
        all.push(Condition::Grade(comparisons(node, findings)));
    }
    fields.finish("a condition", [], findings);
    all
}

fn comparisons(node: &Node, findings: &mut Findings<'_>) -> Vec<(Comparison, i64)> {
    let list = match &node.value {
        Value::List(list) => list.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut all = Vec::new();
    for entry in list {
        let read = match &entry.value {
            Value::Integer(n) => Some((Comparison::Equal, *n)),
            Value::Text(text) => comparison(text),
            _ => None,
        };
        match read {
            Some(comparison) => all.push(comparison),
            None => findings.wrong_type(entry, "grade", "a number, or a comparison in quotes such as \">=9\""),
        }
    }
    all
}

fn comparison(text: &str) -> Option<(Comparison, i64)> {
    use Comparison::*;
    let signs = [(">=", AtLeast), ("<=", AtMost), ("!=", Not), (">", Above), ("<", Below), ("=", Equal)];
    let text = text.trim();
    let (sign, rest) = signs.iter().find_map(|(s, c)| text.strip_prefix(s).map(|rest| (*c, rest))).unwrap_or((Equal, text));
    rest.trim().parse().ok().map(|n| (sign, n))
}

fn read_require(config: &mut Config, node: &Node, findings: &mut Findings<'_>) {
    let Some(mut fields) = Fields::of(node, "`require`", findings) else { return };
    for (id, span) in fields.texts("sections", findings) {
        if let Some(id) = known_section(config, id, &span, findings) {
            config.require.sections.push(id);
        }
    }
    if let Some(node) = fields.take("items") {
        for (id, span, node) in named(node, "items", findings) {
            let Some(id) = known_section(config, id, &span, findings) else { continue };
            for (key, span) in texts_of(node, &id, findings) {
                let slug = ident::slug(key);
                if slug != key {
                    let finding = Diagnostic::error("wrong-type", findings.place(&span), format!("`{key}` is no key of an item"))
                        .label(format!("could be `{slug}`"))
                        .help("the key of an item is its label in small letters, with `-` between the words");
                    findings.list.push(finding);
                }
                config.require.items.push((id.clone(), slug));
            }
        }
    }
    fields.finish("`require`", [], findings);
}

/// The id of a section by its id or YAML key; an unknown one is a finding.
pub fn known_section(config: &Config, name: &str, span: &Range<usize>, findings: &mut Findings<'_>) -> Option<String> {
    let id = name.replace('_', "-");
    if config.section(&id).is_some() {
        return Some(id);
    }
    let names = config.sections.iter().map(|s| s.id.as_str());
    let finding = Diagnostic::error("unknown-key", findings.place(span), format!("no section is called `{name}`"))
        .meant(ident::nearest(&id, names.clone()))
        .help(format!("sections: {}", names.collect::<Vec<_>>().join(", ")));
    findings.list.push(finding);
    None
}
