//! `file:line:column: severity[code]: message`, one line a finding.

use super::{Files, visible, visible_path};
use crate::diagnostic::Diagnostic;

pub(super) fn write(findings: &[Diagnostic], files: &Files<'_>) -> String {
    let mut out = String::new();
    for finding in findings {
        let at = files.position(&finding.place, finding.place.span.start);
        let file = visible_path(&finding.place.file);
        let message = finding.message.replace(['\n', '\t'], " ");
        let line = format!("{file}:{}:{}: {}[{}]: {message}", at.line, at.column, finding.severity.word(), finding.code);
        out.push_str(&visible(&line));
        out.push('\n');
    }
    out
}
