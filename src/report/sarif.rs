//! SARIF 2.1.0: one run with the lints as its rules.
//!
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Files, escape, fingerprint, message_with_help, visible};
use crate::catalogue;
use crate::diagnostic::{Diagnostic, Place, Severity};

/// What is not written as it is in the path of an address (RFC 3986).
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

pub(super) fn write(findings: &[Diagnostic], files: &Files<'_>) -> String {
    let codes: BTreeSet<&str> = findings.iter().map(|f| f.code).collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(code)).collect();
    let results: Vec<Value> = findings.iter().zip(fingerprint::all(findings, files)).map(|(f, print)| result(f, print, &codes, files)).collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "handbook", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut out = serde_json::to_string_pretty(&log).expect("values of this kind can always be written");
    out.push('\n');
    escape::json(out)
}

fn rule(code: &str) -> Value {
    let Some(lint) = catalogue::named(code) else { return json!({"id": code}) };
    json!({
        "id": code,
        "shortDescription": {"text": lint.tells},
        "fullDescription": {"text": lint.why},
        "help": {"text": catalogue::explain(lint)},
        "defaultConfiguration": {"enabled": lint.level.is_some(), "level": level(lint.level.unwrap_or(Severity::Warning))},
    })
}

fn result(finding: &Diagnostic, fingerprint: String, codes: &BTreeSet<&str>, files: &Files<'_>) -> Value {
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": codes.iter().position(|c| *c == finding.code).unwrap_or_default(),
        "level": level(finding.severity),
        "message": {"text": visible(&message_with_help(finding))},
        "locations": [{"physicalLocation": location(&finding.place, files)}],
        "partialFingerprints": {"handbook/v1": fingerprint},
    });
    if !finding.related.is_empty() {
        let related: Vec<Value> = finding
            .related
            .iter()
            .enumerate()
            .map(|(id, r)| json!({"id": id, "message": {"text": visible(&r.message)}, "physicalLocation": location(&r.place, files)}))
            .collect();
        result["relatedLocations"] = related.into();
    }
    result
}

fn location(place: &Place, files: &Files<'_>) -> Value {
    let (start, end) = (files.position(place, place.span.start), files.position(place, place.span.end));
    json!({
        "artifactLocation": {"uri": utf8_percent_encode(&files.in_repository(place), PATH).to_string(), "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}
