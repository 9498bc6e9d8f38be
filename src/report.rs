//! Findings in, text out: one file a format.

mod escape;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod sarif;
pub mod screen;
mod short;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Lines, Place, Position, Severity};
use crate::source::SourceTree;

pub use escape::{json as quiet_json, visible, visible_path};

/// The forms in which findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// With the lines of the file, for people.
    Human,
    /// One line each: `file:line:column: severity[code]: message`.
    Short,
    /// One array.
    Json,
    /// GitLab's Code Quality report.
    Gitlab,
    /// Commands that GitHub Actions turns into annotations.
    Github,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit's XML, one suite a file.
    Junit,
}

impl Format {
    /// The formats by name.
    pub const NAMES: [(&'static str, Format); 7] = [
        ("human", Format::Human),
        ("short", Format::Short),
        ("json", Format::Json),
        ("gitlab", Format::Gitlab),
        ("github", Format::Github),
        ("sarif", Format::Sarif),
        ("junit", Format::Junit),
    ];

    /// The format with this name.
    pub fn named(name: &str) -> Option<Format> {
        Format::NAMES.iter().find(|(n, _)| *n == name).map(|(_, format)| *format)
    }
}

/// Writes findings in a format; `colour` counts for people only.
pub fn write(format: Format, findings: &[Diagnostic], tree: &SourceTree, colour: bool) -> String {
    let files = Files::of(findings, tree);
    match format {
        Format::Human => human::write(findings, &files, colour),
        Format::Short => short::write(findings, &files),
        Format::Json => json::write(findings, &files),
        Format::Gitlab => gitlab::write(findings, &files),
        Format::Github => github::write(findings, &files),
        Format::Sarif => sarif::write(findings, &files),
        Format::Junit => junit::write(findings, &files),
    }
}

/// The files of the findings, each taken apart into lines once.
struct Files<'t> {
    tree: &'t SourceTree,
    lines: HashMap<Arc<str>, Lines<'t>>,
}

impl<'t> Files<'t> {
    fn of(findings: &[Diagnostic], tree: &'t SourceTree) -> Self {
        let mut files = Files { tree, lines: HashMap::new() };
        for place in findings.iter().flat_map(|f| std::iter::once(&f.place).chain(f.related.iter().map(|r| &r.place))) {
            if !files.lines.contains_key(&place.file) {
                files.lines.insert(Arc::clone(&place.file), Lines::of(files.tree.text(&place.file).unwrap_or("")));
            }
        }
        files
    }

    fn lines(&self, place: &Place) -> &Lines<'t> {
        self.lines.get(&place.file).expect("every file of the findings was taken apart")
    }

    fn position(&self, place: &Place, offset: usize) -> Position {
        self.lines(place).position(offset)
    }

    /// The path of a place from the top of the repository, which is what systems that show findings in a change know.
    fn in_repository(&self, place: &Place) -> String {
        format!("{}{}", self.tree.in_repository, place.file)
    }
}

/// The words at the place, which have no field of their own in most forms, and the help.
fn help(finding: &Diagnostic) -> Option<String> {
    match (finding.label.as_str(), &finding.help) {
        ("", help) => help.clone(),
        (label, None) => Some(label.to_owned()),
        (label, Some(help)) if label.ends_with('?') => Some(format!("{label} {}", sentence(help))),
        (label, Some(help)) => Some(format!("{label}; {help}")),
    }
}

/// The message, and what to do about it, as sentences.
fn message_with_help(finding: &Diagnostic) -> String {
    match help(finding) {
        Some(help) => format!("{}. {}", sentence(&finding.message), sentence(&help)),
        None => sentence(&finding.message),
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// How many findings of a weight there are of each kind, the most frequent first.
pub fn kinds_of(findings: &[Diagnostic], severity: Severity) -> Vec<(&'static str, usize)> {
    let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
    findings.iter().filter(|f| f.severity == severity).for_each(|f| *kinds.entry(f.code).or_default() += 1);
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    kinds
}

/// Kinds with their counts, a line each.
pub fn table(kinds: &[(&'static str, usize)]) -> String {
    kinds.iter().map(|(code, count)| format!("{count:>6}  {code}\n")).collect()
}

/// `3 errors, 1 warning, 7 infos`; without the infos where there are none.
pub fn summary_with_infos(errors: usize, warnings: usize, infos: usize) -> String {
    match infos {
        0 => summary(errors, warnings),
        1 => format!("{}, 1 info", summary(errors, warnings)),
        n => format!("{}, {n} infos", summary(errors, warnings)),
    }
}

/// `3 errors, 1 warning`.
pub fn summary(errors: usize, warnings: usize) -> String {
    let of = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    format!("{}, {}", of(errors, "error"), of(warnings, "warning"))
}
