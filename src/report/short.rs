//! `file:line:column: severity[code]: message`, one line a finding.

use crate::diagnostic::{Diagnostic, position};
use crate::source::SourceTree;

pub(super) fn write(findings: &[Diagnostic], tree: &SourceTree) -> String {
    let mut out = String::new();
    for finding in findings {
        let text = tree.text(&finding.place.file).unwrap_or("");
        let at = position(text, finding.place.span.start);
        let file = &finding.place.file;
        out.push_str(&format!("{file}:{}:{}: {}[{}]: {}\n", at.line, at.column, finding.severity.word(), finding.code, finding.message));
    }
    out
}
