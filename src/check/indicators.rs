//! `indicator-without-link`: a performance indicator that leads nowhere.

use super::Sheet;
use crate::diagnostic::Diagnostic;
use crate::parse::items::first_line;

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    let Some(section) = sheet.config.section("performance-indicators") else { return };
    for item in document.items.iter().filter(|i| usize::from(i.section) == section && !i.removes) {
        let markdown = item.markdown(document.text());
        if !["](", "][", "](", "://", "<a "].iter().any(|mark| markdown.contains(mark)) {
            let finding =
                Diagnostic::warning("indicator-without-link", document.place(first_line(document.text(), item.span())), "this indicator has no link")
                    .help("link to the page that says how it is measured");
            findings.push(finding);
        }
    }
}
