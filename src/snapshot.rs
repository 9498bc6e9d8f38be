//! The whole pipeline in one function: a source tree in, everything that is known of the site out.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{self, words::Words};
use crate::config;
use crate::diagnostic::{Diagnostic, Place, Severity, in_order};
use crate::fault;
use crate::links::Links;
use crate::model::{self, Handbook};
use crate::parse;
use crate::resolve::{self, Resolution};
use crate::source::{Asset, SourceFile, SourceTree};

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
        let words = Words::of(&handbook.config, &tree.words);
        let mut findings = check::check(&handbook, &resolution, &links, &words);
        findings.append(&mut resolution.findings);
        findings.append(&mut handbook.findings);
        findings.extend(handbook.documents.iter().flat_map(|d| d.findings.iter().cloned()));
        let findings = bounded(in_order(check::tell(findings, &handbook, tree.today)));
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
    relate_beside(tree, None)
}

/// The same beside another handbook: a file that both trees share is parsed once, if its words mean the same in both.
pub fn relate_beside(tree: &SourceTree, other: Option<&Handbook>) -> Handbook {
    let mut findings = Vec::new();
    let mut config = config::read(tree.config.as_ref(), &mut findings);
    config.strings = config::strings::read(tree.strings.as_ref(), &mut findings);
    let config = Arc::new(config);
    let other = other.filter(|o| o.config.sections == config.sections && o.config.tracks == config.tracks && o.config.headings == config.headings);
    let shared = |file: &Arc<SourceFile>| {
        let known = &other?.documents;
        let found = known.binary_search_by(|d| d.file().cmp(&file.path)).ok()?;
        Arc::ptr_eq(&known[found].source, file).then(|| Arc::clone(&known[found]))
    };
    let read = |file: &Arc<SourceFile>| shared(file).unwrap_or_else(|| fault::holding(&file.path, || Arc::new(parse::parse(file, &config))));
    let documents = tree.content.par_iter().filter(|f| parse::is_read(&f.path)).map(read).collect();
    let assets = tree.assets.iter().filter(|a| parse::is_read(&a.path) && misnamed(a).is_none()).cloned().collect();
    let mut handbook = model::relate(config, documents, assets, tree.statics.clone());
    handbook.findings.append(&mut findings);
    handbook.findings.extend(tree.assets.iter().filter(|a| parse::is_read(&a.path)).filter_map(misnamed));
    handbook.findings.extend(tree.refused.iter().map(|refused| {
        Diagnostic::error("file-refused", Place::new(&refused.path, 0..0), format!("this is {}, and is not read", refused.what))
            .help("put the file itself in its place; a site is read from its own directory alone")
    }));
    handbook.unread = tree.content.iter().filter(|f| !parse::is_read(&f.path)).map(|f| Arc::clone(&f.path)).collect();
    handbook
}

/// The finding for a file that looks like a page by its name and is none; it is not published either.
fn misnamed(asset: &Asset) -> Option<Diagnostic> {
    let (_, ending) = asset.path.rsplit_once('.').filter(|_| asset.path.starts_with("content/"))?;
    let is_markdown = ["md", "markdown", "mdown", "mkd"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    is_markdown.then(|| {
        Diagnostic::error("file-name", Place::new(&asset.path, 0..0), format!("this file makes no page: its name ends in `.{ending}`"))
            .help("rename it so that it ends in `.md`")
    })
}

/// The most findings of one kind in one file. A generated page may have a hundred thousand; nobody reads past the first.
const MAX_FINDINGS: usize = 1_000;

/// What goes beyond [`MAX_FINDINGS`] is counted in one finding, so that it is not lost.
fn bounded(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen: HashMap<(Arc<str>, &'static str), usize> = HashMap::new();
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(findings.len());
    let mut last: HashMap<(Arc<str>, &'static str), usize> = HashMap::new();
    for finding in findings {
        let kind = (Arc::clone(&finding.place.file), finding.code);
        let count = seen.entry(kind.clone()).or_insert(0);
        *count += 1;
        match *count {
            n if n <= MAX_FINDINGS => kept.push(finding),
            n => {
                let at = *last.entry(kind).or_insert_with(|| {
                    kept.push(finding.clone());
                    kept.len() - 1
                });
                kept[at].message = format!("this, and {} more of its kind further down in this file", n - MAX_FINDINGS - 1);
            }
        }
    }
    kept
}
