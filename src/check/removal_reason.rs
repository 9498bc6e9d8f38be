//! `removal-without-reason`: an item that takes an inherited one away and does not say why.

use super::Sheet;
use crate::diagnostic::Diagnostic;
use crate::markdown::item::reason;
use crate::parse::items::first_line;

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    for item in document.items.iter().filter(|i| i.removes && reason(i.markdown(document.text())).trim().is_empty()) {
        let name = item.label().or(item.key()).unwrap_or_default();
        let finding = Diagnostic::warning(
            "removal-without-reason",
            document.place(first_line(document.text(), item.span())),
            format!("`{name}` is removed here without a reason"),
        )
        .help("say in a sentence behind it what holds instead: `~~**Label.**~~ reason`, or `{remove: key, reason: ...}`");
        findings.push(finding);
    }
}
