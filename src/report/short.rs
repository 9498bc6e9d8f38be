//! `file:line:column: severity[code]: message`, one line a finding.

use super::Files;
use crate::diagnostic::Diagnostic;

pub(super) fn write(findings: &[Diagnostic], files: &Files<'_>) -> String {
    let mut out = String::new();
    for finding in findings {
        let at = files.position(&finding.place, finding.place.span.start);
        let file = &finding.place.file;
        out.push_str(&format!("{file}:{}:{}: {}[{}]: {}\n", at.line, at.column, finding.severity.word(), finding.code, finding.message));
    }
    out
}
