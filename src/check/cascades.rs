//! One cause, one finding: what is only the consequence of another fault is not told.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Handbook;

/// Codes that hold whatever `handbook.yml` says.
const OF_FILES_ALONE: [&str; 8] =
    ["yaml-syntax", "front-matter-missing", "not-utf8", "too-large", "file-empty", "duplicate-key", "extends-self", "extends-cycle"];

/// Faults after which a file's text may lie on another node, or on none.
const LOSE_TEXT: [&str; 6] = ["heading-near-miss", "heading-unknown", "heading-ambiguous", "unknown-key", "section-defined-twice", "too-large"];
/// Keys whose slips lose no items.
const KEYS_WITHOUT_TEXT: [&str; 13] =
    ["id", "title", "grade", "level", "status", "owner", "description", "aliases", "next", "reports_to", "replaced_by", "grade_scale", "ladder"];
/// What may seem to be missing then, in the same file,
const SEEM_MISSING: [&str; 3] = ["list-lost", "level-adds-nothing", "item-count"];
/// and in those that inherit from it.
const SEEM_MISSING_BELOW: [&str; 2] = ["required-missing", "remove-nothing"];

/// The findings that are no consequence of others among them. Where an error is left out, what brought it about is told as
/// an error: else the site would be published without what it must have.
pub(super) fn without(mut findings: Vec<Diagnostic>, handbook: &Handbook) -> Vec<Diagnostic> {
    let config = &handbook.config;
    let unread = |f: &Diagnostic| f.place.file == config.file && matches!(f.code, "yaml-syntax" | "not-utf8" | "too-large");
    if findings.iter().any(unread) {
        // Nobody knows the site's sections, scales and tracks: what rests on them is not told.
        findings.retain(|f| f.place.file == config.file || OF_FILES_ALONE.contains(&f.code));
    }
    let files = |fits: &dyn Fn(&Diagnostic) -> bool| -> HashSet<Arc<str>> {
        findings.iter().filter(|f| fits(f)).map(|f| Arc::clone(&f.place.file)).collect()
    };
    let lost = files(&|f| LOSE_TEXT.contains(&f.code));
    let with_errors = files(&|f| f.severity == Severity::Error);
    findings.retain(|finding| match finding.code {
        "page-empty" => !with_errors.contains(&finding.place.file),
        "list-lost" => !lost.contains(&finding.place.file),
        _ => true,
    });
    let causes: HashSet<Arc<str>> = findings.iter().filter(|f| is_cause(f)).map(|f| Arc::clone(&f.place.file)).collect();
    if causes.is_empty() {
        return findings;
    }
    let mut above = Above { handbook, causes: &causes, known: HashMap::new() };
    let mut grave: HashSet<Arc<str>> = HashSet::new();
    findings.retain(|finding| {
        let file = &finding.place.file;
        let cause = match finding.code {
            code if SEEM_MISSING.contains(&code) && code != "list-lost" => causes.get(file).cloned(),
            code if SEEM_MISSING_BELOW.contains(&code) => above.of(file),
            _ => finding.hangs_on.as_ref().and_then(|other| causes.get(other).cloned()),
        };
        if finding.severity == Severity::Error {
            grave.extend(cause.clone());
        }
        cause.is_none()
    });
    for finding in findings.iter_mut().filter(|f| is_cause(f) && grave.contains(&f.place.file)) {
        finding.severity = Severity::Error;
    }
    findings
}

fn is_cause(finding: &Diagnostic) -> bool {
    let of_key = || finding.code == "unknown-key" && KEYS_WITHOUT_TEXT.iter().any(|key| finding.label.contains(&format!("`{key}`")));
    (LOSE_TEXT.contains(&finding.code) || finding.code == "list-lost") && !of_key()
}

/// For files, which of those that lost text they inherit from.
struct Above<'a> {
    handbook: &'a Handbook,
    causes: &'a HashSet<Arc<str>>,
    known: HashMap<Arc<str>, Option<Arc<str>>>,
}

impl Above<'_> {
    fn of(&mut self, file: &Arc<str>) -> Option<Arc<str>> {
        if let Some(known) = self.known.get(file) {
            return known.clone();
        }
        let found = self.search(file);
        self.known.insert(Arc::clone(file), found.clone());
        found
    }

    fn search(&self, file: &Arc<str>) -> Option<Arc<str>> {
        let handbook = self.handbook;
        let cause = |document: usize| self.causes.get(handbook.documents[document].file()).cloned();
        if let Some(own) = self.causes.get(file) {
            return Some(Arc::clone(own));
        }
        let mut open: Vec<usize> = (0..handbook.families.len()).filter(|f| handbook.document_of(*f).file() == file).collect();
        let mut seen: HashSet<usize> = open.iter().copied().collect();
        while let Some(family) = open.pop() {
            if let Some(found) = cause(handbook.families[family].document) {
                return Some(found);
            }
            let parents = handbook.roles_of(family).flat_map(|r| &handbook.roles[r].parents);
            open.extend(parents.map(|p| handbook.roles[p.role].family).filter(|f| seen.insert(*f)));
        }
        handbook.shared.iter().filter(|s| handbook.config.shared[s.entry].base).find_map(|s| cause(s.document))
    }
}
