//! JUnit's XML: a suite for each file with findings, a case for each finding. Errors and warnings are failures; what is
//! merely worth knowing is a case that passes and says so.
//!
//! Source: the schema of Apache Ant's JUnit task, as CI systems read it.

use std::fmt::Write as _;

use super::{Files, help, visible};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) fn write(findings: &[Diagnostic], files: &Files<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    if findings.is_empty() {
        // A report without a case would count as broken.
        out.push_str(&suite_start(0, "handbook", 1, 0));
        out.push_str("    <testcase name=\"no findings\" classname=\"handbook\" time=\"0\"/>\n");
        out.push_str(SUITE_END);
    }
    for (number, findings) in findings.chunk_by(|a, b| a.place.file == b.place.file).enumerate() {
        let failures = findings.iter().filter(|f| f.severity != Severity::Info).count();
        out.push_str(&suite_start(number, &findings[0].place.file, findings.len(), failures));
        findings.iter().for_each(|finding| case(finding, files, &mut out));
        out.push_str(SUITE_END);
    }
    out.push_str("</testsuites>\n");
    out
}

const SUITE_END: &str = "    <system-out/>\n    <system-err/>\n  </testsuite>\n";

/// A suite with the fields that the schema asks for; its time and its machine are always the same, so that the same
/// content gives the same bytes.
fn suite_start(id: usize, name: &str, tests: usize, failures: usize) -> String {
    format!(
        "  <testsuite id=\"{id}\" name=\"{}\" package=\"handbook\" timestamp=\"1970-01-01T00:00:00\" hostname=\"localhost\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"0\">\n    <properties/>\n",
        escaped(name)
    )
}

fn case(finding: &Diagnostic, files: &Files<'_>, out: &mut String) {
    let at = files.position(&finding.place, finding.place.span.start);
    let name = format!("{}:{}:{} {}", finding.place.file, at.line, at.column, finding.code);
    let _ = write!(out, "    <testcase name=\"{}\" classname=\"{}\" time=\"0\"", escaped(&name), finding.code);
    if finding.severity == Severity::Info {
        out.push_str("/>\n");
        return;
    }
    let mut text = format!("{}:{}:{}: {}[{}]: {}", finding.place.file, at.line, at.column, finding.severity.word(), finding.code, finding.message);
    if let Some(help) = help(finding) {
        let _ = write!(text, "\n{help}");
    }
    for related in &finding.related {
        let at = files.position(&related.place, related.place.span.start);
        let _ = write!(text, "\n{}:{}:{}: {}", related.place.file, at.line, at.column, related.message);
    }
    let _ = write!(
        out,
        ">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
        finding.severity.word(),
        escaped(&finding.message),
        escaped(&text)
    );
}

/// Text for XML 1.0, which cannot hold control characters in any way.
fn escaped(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
