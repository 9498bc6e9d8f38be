//! `title-twice`: two families of one department with one title, as after a copied file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::model::Handbook;
use crate::parse::Document;

pub(super) fn check(handbook: &Handbook) -> Vec<Diagnostic> {
    let mut seen: HashMap<(usize, String), usize> = HashMap::with_capacity(handbook.families.len());
    let mut findings = Vec::new();
    for (family, related) in handbook.families.iter().enumerate() {
        let title = &handbook.front(family).title;
        // One without a title is told as such.
        if title.is_empty() {
            continue;
        }
        let first = match seen.entry((related.department, ident::fold(title))) {
            Entry::Occupied(first) => handbook.document_of(*first.get()),
            Entry::Vacant(new) => {
                new.insert(family);
                continue;
            }
        };
        let document = handbook.document_of(family);
        let finding = Diagnostic::warning("title-twice", document.place(title_line(document)), format!("two families here have the title `{title}`"))
            .help("give each family of a department a title of its own; a copied file may have kept that of the other")
            .related(first.place(title_line(first)), "the first one");
        findings.push(finding);
    }
    findings
}

/// The line of the front matter with the title, or the first.
fn title_line(document: &Document) -> Range<usize> {
    let mut at = 0;
    for line in document.text()[..document.body].split_inclusive('\n') {
        if line.starts_with("title:") {
            return at..at + line.trim_end().len();
        }
        at += line.len();
    }
    0..document.text().lines().next().map_or(0, str::len)
}
