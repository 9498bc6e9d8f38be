//! Findings in, text out: one file a format.

mod human;
mod json;
mod short;

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Lines, Place, Position};
use crate::source::SourceTree;

/// The forms in which findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// With the lines of the file, for people.
    Human,
    /// One line each: `file:line:column: severity[code]: message`.
    Short,
    /// One array.
    Json,
}

impl Format {
    /// The format with this name.
    pub fn named(name: &str) -> Option<Format> {
        match name {
            "human" => Some(Format::Human),
            "short" => Some(Format::Short),
            "json" => Some(Format::Json),
            _ => None,
        }
    }
}

/// Writes findings in a format; `colour` counts for people only.
pub fn write(format: Format, findings: &[Diagnostic], tree: &SourceTree, colour: bool) -> String {
    let files = Files::of(findings, tree);
    match format {
        Format::Human => human::write(findings, &files, colour),
        Format::Short => short::write(findings, &files),
        Format::Json => json::write(findings, &files),
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
}

/// `3 errors, 1 warning`.
pub fn summary(errors: usize, warnings: usize) -> String {
    let of = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    format!("{}, {}", of(errors, "error"), of(warnings, "warning"))
}
