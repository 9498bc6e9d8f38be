//! `trailing-space`: spaces and tabs at the ends of lines of a body, and a last line without an end. One finding a file.

use std::ops::Range;
use std::sync::Arc;

use super::Sheet;
use crate::diagnostic::{Diagnostic, Place};

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    let text = document.text();
    let body = &text[document.body..];
    let ends = body.match_indices('\n').map(|(end, _)| end).chain((!body.ends_with('\n')).then_some(body.len()));
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for end in ends.filter(|end| body[..*end].ends_with([' ', '\t'])) {
        let kept = body[..end].trim_end_matches([' ', '\t']);
        let line = &kept[kept.rfind('\n').map_or(0, |i| i + 1)..];
        // Spaces after a marker alone (`- `) hold the place of a text to come.
        let marker = !line.is_empty() && line.trim_start().chars().all(|c| matches!(c, '-' | '*' | '+'));
        let start = document.body + kept.len();
        if !marker && !sheet.aside.body().is_verbatim(start) {
            edits.push((start..document.body + end, String::new()));
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        edits.push((text.len()..text.len(), "\n".to_owned()));
    }
    findings.extend(of_lines(document.file(), edits));
}

/// The same finding without the lines that are waived.
pub(super) fn without(finding: Diagnostic, mut is_waived: impl FnMut(usize) -> bool) -> Option<Diagnostic> {
    let mut edits = finding.fix?.edits;
    edits.retain(|(span, _)| !is_waived(span.start));
    let severity = finding.severity;
    of_lines(&finding.place.file, edits).map(|left| Diagnostic { severity, ..left })
}

fn of_lines(file: &Arc<str>, edits: Vec<(Range<usize>, String)>) -> Option<Diagnostic> {
    let (first, _) = edits.first()?;
    let spaces = edits.iter().filter(|(span, _)| !span.is_empty()).count();
    let message = match spaces {
        0 => "the last line of this file has no end".to_owned(),
        1 => "a line ends in spaces".to_owned(),
        n => format!("{n} lines end in spaces, this one first"),
    };
    let says = match spaces {
        0 => "the last line has an end".to_owned(),
        1 => "spaces at the end of a line are gone".to_owned(),
        n => format!("spaces at the ends of {n} lines are gone"),
    };
    let finding = Diagnostic::warning("trailing-space", Place::new(file, first.clone()), message)
        .help("`handbook check --fix` mends it")
        .of_file()
        .fix(says, edits);
    Some(finding)
}
