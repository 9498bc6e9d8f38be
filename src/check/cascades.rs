//! One cause, one finding: what is only the consequence of another fault is not told.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};

/// Codes that hold whatever `handbook.yml` says.
const OF_FILES_ALONE: [&str; 8] =
    ["yaml-syntax", "front-matter-missing", "not-utf8", "too-large", "file-empty", "duplicate-key", "extends-self", "extends-cycle"];

/// Faults after which a file's text may lie on another node, or on none, and what then may seem to be missing.
const LOSE_TEXT: [&str; 6] = ["heading-near-miss", "heading-unknown", "heading-ambiguous", "unknown-key", "section-defined-twice", "too-large"];
const SEEM_MISSING: [&str; 3] = ["list-lost", "level-adds-nothing", "item-count"];

/// The findings that are no consequence of others among them.
pub(super) fn without(mut findings: Vec<Diagnostic>, config: &Config) -> Vec<Diagnostic> {
    let unread = |f: &Diagnostic| f.place.file == config.file && matches!(f.code, "yaml-syntax" | "not-utf8" | "too-large");
    if findings.iter().any(unread) {
        // Nobody knows the site's sections, scales and tracks: what rests on them is not told.
        findings.retain(|f| f.place.file == config.file || OF_FILES_ALONE.contains(&f.code));
    }
    let mut worst: HashMap<Arc<str>, Severity> = HashMap::new();
    for finding in findings.iter().filter(|f| LOSE_TEXT.contains(&f.code) || f.code == "list-lost") {
        let level = worst.entry(Arc::clone(&finding.place.file)).or_insert(finding.severity);
        *level = (*level).max(finding.severity);
    }
    let files = |fits: &dyn Fn(&Diagnostic) -> bool| -> HashSet<Arc<str>> {
        findings.iter().filter(|f| fits(f)).map(|f| Arc::clone(&f.place.file)).collect()
    };
    let lost = files(&|f| LOSE_TEXT.contains(&f.code));
    let with_errors = files(&|f| f.severity == Severity::Error);
    findings.retain(|finding| {
        let worst = worst.get(&finding.place.file);
        match finding.code {
            "page-empty" => !with_errors.contains(&finding.place.file),
            "list-lost" => !lost.contains(&finding.place.file),
            // An error gives way to an error only: else the site would be published without what it must have.
            "required-missing" => worst != Some(&Severity::Error),
            code if SEEM_MISSING.contains(&code) => worst.is_none(),
            _ => true,
        }
    });
    findings
}
