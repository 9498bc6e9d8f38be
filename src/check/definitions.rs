//! `definition-unused`: `[name]: address` in a file in which `[name]` stands nowhere else.

use std::collections::HashMap;

use super::Sheet;
use crate::diagnostic::Diagnostic;

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    if document.definitions.is_empty() {
        return;
    }
    let lower = document.text().to_ascii_lowercase();
    let names = bracketed(&lower);
    for (name, span) in document.definitions.places() {
        let span = document.body + span.start..document.body + span.end;
        let wanted = name.to_ascii_lowercase();
        let places = names.get(wanted.as_str()).map_or(&[][..], Vec::as_slice);
        let (own, others): (Vec<usize>, Vec<usize>) = places.iter().partition(|at| span.contains(at));
        // A name over several lines, or with brackets of its own, is not looked for.
        if !others.is_empty() || own.is_empty() {
            continue;
        }
        let shown = crate::parse::items::first_line(document.text(), span.clone());
        let end = document.text()[shown.clone()].trim_end().len();
        let finding = Diagnostic::warning(
            "definition-unused",
            document.place(shown.start..shown.start + end),
            format!("the address of `[{name}]` is given here, and no link has this name"),
        )
        .help("delete the line, or give the link this name");
        findings.push(finding);
    }
}

/// Where each text between brackets stands, found in one pass: a file may have thousands of names.
fn bracketed(text: &str) -> HashMap<&str, Vec<usize>> {
    let mut all: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut open = None;
    for (at, bracket) in text.match_indices(['[', ']']) {
        match (bracket, open) {
            ("[", _) => open = Some(at),
            (_, Some(start)) => {
                all.entry(&text[start + 1..at]).or_default().push(start);
                open = None;
            }
            _ => {}
        }
    }
    all
}
