//! The whole pipeline in one function: a source tree in, everything that is known of the site out.

use std::sync::Arc;

use rayon::prelude::*;

use crate::check;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Severity, in_order};
use crate::links::Links;
use crate::model::{self, Handbook};
use crate::parse;
use crate::resolve::{self, Resolution};
use crate::source::SourceTree;

/// What is known of a site at one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// What was read.
    pub tree: SourceTree,
    /// The related content.
    pub handbook: Handbook,
    /// The effective roles.
    pub resolution: Resolution,
    /// Everything that is wrong, in the order of the files.
    pub findings: Vec<Diagnostic>,
    /// Whether drafts have pages.
    pub drafts: bool,
}

impl Snapshot {
    /// Reads, relates, resolves and checks a source tree.
    pub fn build(tree: SourceTree, drafts: bool) -> Snapshot {
        let mut handbook = relate(&tree);
        let mut resolution = resolve::resolve(&handbook);
        let links = Links::of(&handbook, &resolution, drafts);
        let mut findings = check::check(&handbook, &resolution, &links);
        findings.append(&mut resolution.findings);
        findings.append(&mut handbook.findings);
        findings.extend(handbook.documents.iter().flat_map(|d| d.findings.iter().cloned()));
        let findings = in_order(at_their_level(findings, &handbook.config));
        Snapshot { tree, handbook, resolution, findings, drafts }
    }

    /// How many errors and warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let of = |severity| self.findings.iter().filter(|f| f.severity == severity).count();
        (of(Severity::Error), of(Severity::Warning))
    }
}

/// The first half of the pipeline, which is all that showing one role needs.
pub fn relate(tree: &SourceTree) -> Handbook {
    let mut findings = Vec::new();
    let mut config = config::read(tree.config.as_ref(), &mut findings);
    config.strings = config::strings::read(tree.strings.as_ref(), &mut findings);
    let config = Arc::new(config);
    let documents = tree.content.par_iter().filter(|f| parse::is_read(&f.path)).map(|file| Arc::new(parse::parse(file, &config))).collect();
    let assets = tree.assets.iter().filter(|a| parse::is_read(&a.path)).cloned().collect();
    let mut handbook = model::relate(config, documents, assets, tree.statics.clone());
    handbook.findings.append(&mut findings);
    handbook.unread = tree.content.iter().filter(|f| !parse::is_read(&f.path)).map(|f| Arc::clone(&f.path)).collect();
    handbook
}

/// Findings at the levels that `handbook.yml` gives them; what is off is left out.
fn at_their_level(findings: Vec<Diagnostic>, config: &Config) -> Vec<Diagnostic> {
    let level = |finding: &Diagnostic| config.lints.iter().rev().find(|(code, _)| code == finding.code).map(|(_, level)| *level);
    findings
        .into_iter()
        .filter_map(|mut finding| match level(&finding) {
            None => Some(finding),
            Some(None) => None,
            Some(Some(severity)) => {
                finding.severity = severity;
                Some(finding)
            }
        })
        .collect()
}
