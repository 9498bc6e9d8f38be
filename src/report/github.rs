//! Commands that GitHub Actions turns into annotations, one line a finding.
//!
//! Source: GitHub documentation, "Workflow commands"; the escapes are those of `@actions/core`.

use super::{Files, message_with_help, visible};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) fn write(findings: &[Diagnostic], files: &Files<'_>) -> String {
    let mut out = String::new();
    for finding in findings {
        let at = |offset| files.position(&finding.place, offset);
        let (start, end) = (at(finding.place.span.start), at(finding.place.span.end));
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let columns = match start.line == end.line {
            // Here the end is the last column of the finding, not the one behind it.
            true => format!(",col={},endColumn={}", start.column, end.column.saturating_sub(1).max(start.column)),
            false => String::new(),
        };
        out.push_str(&format!(
            "::{command} file={},line={},endLine={}{columns},title={}::{}\n",
            property(&files.in_repository(&finding.place)),
            start.line,
            end.line,
            property(finding.code),
            data(&message_with_help(finding)),
        ));
    }
    out
}

fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
