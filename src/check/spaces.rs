//! `trailing-space`: spaces and tabs at the ends of lines of a body, and a last line without an end. One finding a file.

use super::Sheet;
use crate::diagnostic::Diagnostic;

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    let text = document.text();
    let body = &text[document.body..];
    let ends = body.match_indices('\n').map(|(end, _)| end).chain((!body.ends_with('\n')).then_some(body.len()));
    let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
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
    let spaces = edits.len();
    if !text.is_empty() && !text.ends_with('\n') {
        edits.push((text.len()..text.len(), "\n".to_owned()));
    }
    let Some((first, _)) = edits.first() else { return };
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
    let finding = Diagnostic::warning("trailing-space", document.place(first.clone()), message)
        .help("`handbook check --fix` mends it")
        .of_file()
        .fix(says, edits);
    findings.push(finding);
}
