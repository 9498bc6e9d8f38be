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
    let written = places_of_names(&lower);
    for (name, span) in document.definitions.places() {
        let span = document.body + span.start..document.body + span.end;
        let wanted = format!("[{}]", name.to_ascii_lowercase());
        // The definition itself is one such place; a name with brackets in it is not looked for.
        let used = written.get(wanted.as_str()).is_none_or(|(first, last)| !span.contains(first) || !span.contains(last));
        // A name over several lines, or with letters whose small form is longer, is not looked for.
        if used || name.contains(char::is_whitespace) && !lower[span.clone()].contains(&wanted) {
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

/// Where each `[name]` stands first and last.
fn places_of_names(text: &str) -> HashMap<&str, (usize, usize)> {
    let mut places: HashMap<&str, (usize, usize)> = HashMap::new();
    let mut open = None;
    for (at, mark) in text.match_indices(['[', ']']) {
        if mark == "[" {
            open = Some(at);
        } else if let Some(start) = open.take() {
            places.entry(&text[start..=at]).or_insert((start, start)).1 = start;
        }
    }
    places
}
