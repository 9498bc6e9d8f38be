//! One JSON array; lines and columns from 1, columns in Unicode scalar values, ends exclusive.

use serde_json::{Value, json};

use super::{Files, escape, help};
use crate::diagnostic::Diagnostic;

pub(super) fn write(findings: &[Diagnostic], files: &Files<'_>) -> String {
    let all: Vec<Value> = findings.iter().map(|f| finding(f, files)).collect();
    let mut out = serde_json::to_string_pretty(&all).expect("values of this kind can always be written");
    out.push('\n');
    escape::json(out)
}

fn finding(finding: &Diagnostic, files: &Files<'_>) -> Value {
    let at = |offset| files.position(&finding.place, offset);
    let (start, end) = (at(finding.place.span.start), at(finding.place.span.end));
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            let at = files.position(&related.place, related.place.span.start);
            json!({"file": *related.place.file, "line": at.line, "column": at.column, "message": related.message})
        })
        .collect();
    json!({
        "code": finding.code,
        "severity": finding.severity.word(),
        "message": finding.message,
        "help": help(finding),
        "file": *finding.place.file,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "related": related,
    })
}
