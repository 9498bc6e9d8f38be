//! Findings in, text out: one file a format.

mod human;
mod json;
mod short;

use crate::diagnostic::Diagnostic;
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
    match format {
        Format::Human => human::write(findings, tree, colour),
        Format::Short => short::write(findings, tree),
        Format::Json => json::write(findings, tree),
    }
}

/// `3 errors, 1 warning`.
pub fn summary(errors: usize, warnings: usize) -> String {
    let of = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    format!("{}, {}", of(errors, "error"), of(warnings, "warning"))
}
