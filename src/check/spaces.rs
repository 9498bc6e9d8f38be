//! `trailing-space`: spaces and tabs at the ends of lines of a body, and a last line without an end. One finding a file.

use super::Sheet;
use crate::diagnostic::Diagnostic;

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    let text = document.text();
    let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut at = document.body;
    let mut lines = text[document.body..].split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let start = at;
        at += line.len();
        let bare = line.trim_start();
        match (fence, ["```", "~~~"].into_iter().find(|f| bare.starts_with(f))) {
            (None, Some(open)) => fence = Some(open),
            (Some(open), Some(close)) if open == close => fence = None,
            _ => {}
        }
        let content = line.strip_suffix('\n').unwrap_or(line);
        let kept = content.trim_end_matches([' ', '\t']);
        if kept.len() == content.len() || fence.is_some() {
            continue;
        }
        // Two spaces break the line where more of the paragraph follows.
        let breaks =
            content.ends_with("  ") && !kept.is_empty() && !kept.starts_with('#') && lines.peek().is_some_and(|next| !next.trim().is_empty());
        // Spaces after a marker alone (`- `) hold the place of a text to come; four spaces may be code.
        let marker = kept.trim_start().chars().all(|c| matches!(c, '-' | '*' | '+'));
        if breaks || marker && !kept.is_empty() {
            continue;
        }
        edits.push((start + kept.len()..start + content.len(), String::new()));
    }
    let spaces = edits.len();
    if !text.is_empty() && !text.ends_with('\n') && fence.is_none() {
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
    let finding =
        Diagnostic::warning("trailing-space", document.place(first.clone()), message).help("`handbook check --fix` mends it").fix(says, edits);
    findings.push(finding);
}
