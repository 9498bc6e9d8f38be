//! GitLab's Code Quality report: one array, a finding each, with a fingerprint by which GitLab tells old from new.
//!
//! Source: GitLab documentation, "Code Quality report format".

use serde_json::{Value, json};

use super::{Files, escape, fingerprint, message_with_help, visible};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) fn write(findings: &[Diagnostic], files: &Files<'_>) -> String {
    let fingerprints = fingerprint::all(findings, files);
    let all: Vec<Value> = findings
        .iter()
        .zip(fingerprints)
        .map(|(finding, fingerprint)| {
            let at = |offset| files.position(&finding.place, offset).line;
            json!({
                "description": visible(&message_with_help(finding)),
                "check_name": finding.code,
                "fingerprint": fingerprint,
                "severity": severity(finding.severity),
                "location": {
                    "path": files.in_repository(&finding.place),
                    "lines": {"begin": at(finding.place.span.start), "end": at(finding.place.span.end)},
                },
            })
        })
        .collect();
    let mut out = serde_json::to_string_pretty(&all).expect("values of this kind can always be written");
    out.push('\n');
    escape::json(out)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}
