//! `page-empty`, `file-oversized`: pages with nothing on them, and pages that nobody reads to the end.

use super::Sheet;
use crate::diagnostic::Diagnostic;
use crate::parse::DocumentKind;

/// A plain page without text.
pub(super) fn empty(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    if !matches!(document.kind, DocumentKind::Page(_)) || !document.text()[document.body..].trim().is_empty() {
        return;
    }
    let end = document.text().find('\n').unwrap_or(0);
    let finding = Diagnostic::warning("page-empty", document.place(0..end), "this page has a title and no text")
        .help("write the text below the front matter; for a job family, list its `roles` there; a file is kept out of the site by a name that begins with `_`");
    findings.push(finding);
}

/// A file beyond `max_kb`.
pub(super) fn oversized(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    let max = sheet.config.lints.max_kb;
    let size = document.text().len();
    if size <= max * 1024 {
        return;
    }
    let end = document.text().find('\n').unwrap_or(size);
    let finding = Diagnostic::warning(
        "file-oversized",
        document.place(0..end),
        format!("this file has {} kB, and should have at most {max}", size.div_ceil(1024)),
    )
    .help("split it into several, or move what others share to a block in content/_shared/");
    findings.push(finding);
}
