//! `import-left`: a page that was imported holds what a person has to see to: a comment in its front matter, or a note in its text.

use super::Sheet;
use crate::diagnostic::Diagnostic;

/// What `handbook import` writes into front matter, behind `#` and perhaps a key, of what it could not resolve.
const COMMENT: &str = "not resolved";
/// What it writes into the text in place of what it could not evaluate.
const NOTE: &str = "**Not imported:**";

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let (document, text) = (sheet.document, sheet.document.text());
    let mut start = 0;
    for line in text[..document.body].split_inclusive('\n') {
        let written = line.trim();
        let left = written
            .strip_prefix("# ")
            .filter(|comment| comment.split_once(':').is_some_and(|(key, rest)| key == COMMENT || rest.trim_start().starts_with(COMMENT)));
        if let Some(comment) = left {
            let at = start + line.len() - line.trim_start().len();
            findings.push(
                Diagnostic::warning("import-left", document.place(at..at + written.len()), format!("the import left this for a person: {comment}"))
                    .help("write what is meant, and take the comment away"),
            );
        }
        start += line.len();
    }
    for (at, note) in text[document.body..].match_indices(NOTE) {
        let at = document.body + at;
        if text[..at].ends_with("> ") && !sheet.aside.holds(at) {
            findings.push(
                Diagnostic::warning(
                    "import-left",
                    document.place(at..at + note.len()),
                    "readers see this note: the import could not bring over what stood here",
                )
                .help("write here what the old page showed, or take the note out"),
            );
        }
    }
}
