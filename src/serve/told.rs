//! What tabs are told of a stage: the findings, nearest to their page first, and which pages are shown otherwise since the
//! last change.

use std::sync::Arc;

use serde_json::{Value, json};

use super::stage::Stage;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Handbook;
use crate::model::address::{asset_file, output_file};
use crate::parse::DocumentKind;
use crate::render::Site;
use crate::render::one::{Found, Made};
use crate::report::{self, Format};

/// The most findings that a page is told in full.
const MOST: usize = 40;
/// The most files of which a page is told that they are shown otherwise.
const MOST_CHANGED: usize = 20;

/// The state of a stage for the page at `file`, as one line of JSON.
///
/// `again` is after how many milliseconds the tab is to ask again, where nothing more will come by itself.
pub fn state(stage: &Stage, file: &str, again: Option<u64>) -> String {
    let site = stage.site();
    let near = Near::of(&site, file);
    let mut findings = stage.findings();
    // What is merely worth knowing waits for `check`.
    findings.retain(|finding| finding.severity > Severity::Info);
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), near.distance(&finding.place.file)));
    let (errors, warnings) = stage.counts();
    let told: Vec<Value> = findings.iter().take(MOST).map(|finding| told(stage, finding)).collect();
    let changed: Vec<Value> = stage.renewed.iter().take(MOST_CHANGED).map(|path| changed(stage, &site, path)).collect();
    json!({
        "instance": *stage.instance,
        "version": stage.version,
        "top": format!("/{}", stage.prefix()),
        "errors": errors,
        "warnings": warnings,
        "held": stage.held_back().iter().any(|file| near.may_show(file)),
        "findings": told,
        "more": findings.len().saturating_sub(MOST),
        "changed": changed,
        "again": again,
    })
    .to_string()
}

fn told(stage: &Stage, finding: &Diagnostic) -> Value {
    let text = report::write(Format::Human, std::slice::from_ref(finding), &stage.current.tree, false);
    let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
    json!({"severity": severity, "file": *finding.place.file, "text": text.trim_end()})
}

/// A changed file, with the page that it belongs to, or the address at which it is copied.
fn changed(stage: &Stage, site: &Site<'_>, path: &Arc<str>) -> Value {
    let handbook = &stage.shown.handbook;
    let prefix = stage.prefix();
    if let Ok(number) = handbook.documents.binary_search_by(|d| d.file().cmp(path)) {
        let file = output_file(&handbook.ids[number]);
        if let Some(Found::Page(made)) = site.find(&file) {
            let title = title(handbook, made, number);
            let address = format!("/{prefix}{}", crate::render::url::relative("", file.strip_suffix("index.html").unwrap_or(&file)));
            return json!({"file": **path, "page": site.file_of(made), "href": address, "title": title});
        }
    }
    let is_copied = handbook.assets.iter().chain(&handbook.statics).any(|a| a.path == *path);
    let copied = is_copied.then(|| format!("/{}{}", stage.folder(), asset_file(path)));
    json!({"file": **path, "copied": copied})
}

/// The title of the page that a document makes.
fn title(handbook: &Handbook, made: Made, document: usize) -> String {
    let title = match (made, &handbook.documents[document].kind) {
        (Made::Department(department), _) => Some(handbook.departments[department].title.clone()),
        (_, DocumentKind::Family(front)) => Some(front.title.clone()),
        (_, DocumentKind::Page(front)) => front.title.clone(),
        _ => None,
    };
    title.unwrap_or_else(|| handbook.ids[document].clone())
}

/// What is near to a page.
struct Near<'a> {
    document: Option<&'a str>,
    /// The files of the families that it inherits from, and of the shared blocks.
    above: Vec<&'a str>,
    folder: &'a str,
}

impl<'a> Near<'a> {
    fn of(site: &Site<'a>, file: &'a str) -> Near<'a> {
        let handbook = site.handbook;
        let id = file.strip_suffix("/index.html").unwrap_or("");
        let guess = || handbook.documents.iter().map(|d| &**d.file()).find(|f| crate::model::page_id(f) == id);
        let made = match site.find(file) {
            Some(Found::Page(made)) => Some(made),
            _ => None,
        };
        let document = match made.map(|made| site.document_of(made)) {
            Some(document) => document.map(|d| &**handbook.documents[d].file()),
            None => guess(),
        };
        let folder = document.and_then(|d| d.rsplit_once('/')).map_or("", |(folder, _)| folder);
        Near { document, above: above(handbook, document), folder }
    }

    /// Whether the page may say something else where a file is another: its own, one from which it inherits, one of its folder
    /// for the page of a department, or no page at all, such as settings. A page that no file makes lists all of them.
    fn may_show(&self, file: &str) -> bool {
        let Some(document) = self.document else { return true };
        let is_of_department = document.ends_with("/index.md") && self.is_below(file);
        !file.ends_with(".md") || document == file || self.above.contains(&file) || is_of_department
    }

    fn is_below(&self, file: &str) -> bool {
        !self.folder.is_empty() && file.strip_prefix(self.folder).is_some_and(|rest| rest.starts_with('/'))
    }

    fn distance(&self, file: &str) -> usize {
        let nearness = [self.document == Some(file), self.above.contains(&file), self.is_below(file)];
        nearness.iter().position(|near| *near).unwrap_or(nearness.len())
    }
}

fn above<'a>(handbook: &'a Handbook, document: Option<&str>) -> Vec<&'a str> {
    let Some(family) = handbook.families.iter().position(|f| Some(&**handbook.documents[f.document].file()) == document) else {
        return Vec::new();
    };
    let mut seen = vec![family];
    let mut next = 0;
    while let Some(family) = seen.get(next).copied() {
        let parents = handbook.roles_of(family).flat_map(|r| &handbook.roles[r].parents).map(|p| handbook.roles[p.role].family);
        for parent in parents.collect::<Vec<_>>() {
            if !seen.contains(&parent) {
                seen.push(parent);
            }
        }
        next += 1;
    }
    let families = seen.into_iter().skip(1).map(|f| handbook.families[f].document);
    families.chain(handbook.shared.iter().map(|s| s.document)).map(|d| &**handbook.documents[d].file()).collect()
}
