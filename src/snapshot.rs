//! The whole pipeline in one function: a source tree in, everything that is known of the site out.

use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{self, Affected, Checked};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Severity, in_order};
use crate::links::{Links, Places};
use crate::model::{self, Handbook};
use crate::parse::{self, Document, DocumentKind};
use crate::resolve::{self, Resolution};
use crate::source::{SourceFile, SourceTree};

/// What is known of a site at one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// What was read.
    pub tree: SourceTree,
    /// The related content.
    pub handbook: Handbook,
    /// The effective roles.
    pub resolution: Resolution,
    /// The addresses of the site.
    pub places: Arc<Places>,
    /// Everything that is wrong, in the order of the files.
    pub findings: Vec<Diagnostic>,
    /// Whether drafts have pages.
    pub drafts: bool,
    checked: Checked,
}

impl Snapshot {
    /// Reads, relates, resolves and checks a source tree.
    pub fn build(tree: SourceTree, drafts: bool) -> Snapshot {
        let handbook = relate(&tree);
        let resolution = resolve::resolve(&handbook);
        let places = Arc::new(Places::of(&handbook, drafts));
        Snapshot::check(tree, drafts, handbook, resolution, places, None)
    }

    /// The snapshot of a later tree. It is the same as one built from nothing: this one only saves work.
    ///
    /// Documents are taken over where neither their bytes nor the settings have changed. Where no front matter has, so
    /// are the relations. Where these are, or say the same, only the roles of changed families, and of those that inherit
    /// from them, are resolved and looked at again, and only the links that lead into them.
    pub fn next(&self, tree: SourceTree) -> Snapshot {
        let read = read_again(&tree, self);
        self.follow(tree, read)
    }

    /// The same, where another snapshot may be nearer to the tree.
    pub fn next_of_either(&self, other: &Snapshot, tree: SourceTree) -> Snapshot {
        let read = read_again(&tree, self);
        if read.same_relations || std::ptr::eq(self, other) { self.follow(tree, read) } else { other.next(tree) }
    }

    fn follow(&self, tree: SourceTree, read: Read) -> Snapshot {
        if !read.same_relations {
            let is_like_earlier = read.same_paths && Arc::ptr_eq(&read.config, &self.handbook.config);
            let handbook = relate_documents(&tree, read);
            let places = Arc::new(Places::of(&handbook, self.drafts));
            if !is_like_earlier || !same_names(&handbook, &self.handbook) {
                let resolution = resolve::resolve(&handbook);
                return Snapshot::check(tree, self.drafts, handbook, resolution, places, None);
            }
            let affected = affected(&handbook, &self.handbook);
            let resolution = resolve::resolve_related_again(&handbook, &self.resolution, &affected.families);
            return Snapshot::check(tree, self.drafts, handbook, resolution, places, Some((&self.checked, &affected)));
        }
        let handbook = self.handbook.with_documents(read.documents);
        let affected = affected(&handbook, &self.handbook);
        let resolution = resolve::resolve_again(&handbook, &self.resolution, &affected.families);
        Snapshot::check(tree, self.drafts, handbook, resolution, Arc::clone(&self.places), Some((&self.checked, &affected)))
    }

    fn check(
        tree: SourceTree,
        drafts: bool,
        handbook: Handbook,
        resolution: Resolution,
        places: Arc<Places>,
        earlier: Option<(&Checked, &Affected)>,
    ) -> Snapshot {
        let links = Links::among(Arc::clone(&places), &handbook, &resolution, drafts);
        let checked = check::check(&handbook, &resolution, &links, earlier);
        let of_documents = handbook.documents.iter().flat_map(|d| &d.findings);
        let findings = checked.findings().chain(&resolution.findings).chain(&handbook.findings).chain(of_documents);
        let findings = in_order(at_their_level(findings.cloned().collect(), &handbook.config));
        Snapshot { tree, handbook, resolution, places, findings, drafts, checked }
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
    let config = Arc::new(config::read(tree.config.as_ref(), &mut findings));
    let documents = tree.content.par_iter().filter(|f| parse::is_read(&f.path)).map(|file| Arc::new(parse::parse(file, &config))).collect();
    relate_documents(tree, Read { config, documents, findings, same_relations: false, same_paths: false })
}

/// The settings and the documents of a tree.
struct Read {
    config: Arc<Config>,
    documents: Vec<Arc<Document>>,
    /// What is wrong in the settings.
    findings: Vec<Diagnostic>,
    /// Whether they are related as those of the earlier snapshot are.
    same_relations: bool,
    /// Whether there are the same files, and settings of the same text.
    same_paths: bool,
}

fn relate_documents(tree: &SourceTree, read: Read) -> Handbook {
    let Read { config, documents, mut findings, same_relations: _, same_paths: _ } = read;
    let assets = tree.assets.iter().filter(|a| parse::is_read(&a.path)).cloned().collect();
    let mut handbook = model::relate(config, documents, assets, tree.statics.clone());
    handbook.findings.append(&mut findings);
    handbook.unread = tree.content.iter().filter(|f| !parse::is_read(&f.path)).map(|f| Arc::clone(&f.path)).collect();
    handbook
}

/// Reads settings and documents; takes over what an earlier snapshot has read, where it is the same.
fn read_again(tree: &SourceTree, earlier: &Snapshot) -> Read {
    let known = &earlier.handbook;
    let mut findings = Vec::new();
    let same_settings = same_text(tree.config.as_ref(), earlier.tree.config.as_ref());
    let read = config::read(tree.config.as_ref(), &mut findings);
    let config = if read == *known.config { Arc::clone(&known.config) } else { Arc::new(read) };
    let same_config = Arc::ptr_eq(&config, &known.config);
    let document = |file: &Arc<SourceFile>| {
        let at = known.documents.binary_search_by(|d| d.file().cmp(&file.path));
        let unchanged = at.ok().map(|at| &known.documents[at]).filter(|d| same_config && same_text(Some(file), Some(&d.source)));
        unchanged.map_or_else(|| Arc::new(parse::parse(file, &config)), Arc::clone)
    };
    let documents: Vec<Arc<Document>> = tree.content.par_iter().with_min_len(64).filter(|f| parse::is_read(&f.path)).map(document).collect();
    let same_paths = |a: &[Arc<SourceFile>], b: &[Arc<SourceFile>]| a.iter().map(|f| &f.path).eq(b.iter().map(|f| &f.path));
    let same_paths = same_settings
        && same_paths(&tree.content, &earlier.tree.content)
        && (&tree.assets, &tree.statics) == (&earlier.tree.assets, &earlier.tree.statics);
    let same_relations = same_paths && documents.iter().zip(&known.documents).all(|(new, old)| Arc::ptr_eq(new, old) || same_part(new, old));
    Read { config, documents, findings, same_relations, same_paths }
}

/// Whether two files hold the same.
fn same_text(a: Option<&SourceFile>, b: Option<&SourceFile>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => std::ptr::eq(a, b) || (a.path == b.path && a.text == b.text && a.fault == b.fault),
        (None, None) => true,
        _ => false,
    }
}

/// Whether two forms of a document have the same part in the relations.
fn same_part(new: &Document, old: &Document) -> bool {
    !matches!(new.kind, DocumentKind::Broken { .. }) && new.kind == old.kind
}

/// Whether two handbooks over the same files say the same of who there is, by which names, and who extends whom; titles,
/// grades and the like may differ.
fn same_names(new: &Handbook, old: &Handbook) -> bool {
    let names = |document: &Document| -> Vec<String> {
        let Some(front) = document.family() else { return Vec::new() };
        let roles = front.roles.iter().flat_map(|r| std::iter::once(r.id.clone()).chain(r.aliases.iter().map(|a| a.text.to_string())));
        let tracks = front.tracks.iter().map(|t| format!("#{}", t.id));
        roles.chain(tracks).chain(front.specialties.iter().map(|s| format!("+{}", s.id))).collect()
    };
    let changed = new.documents.iter().zip(&old.documents).filter(|(new, old)| !Arc::ptr_eq(new, old));
    new.relations() == old.relations() && changed.into_iter().all(|(new, old)| names(new) == names(old))
}

/// What of a handbook may come out otherwise than of an earlier one with the same relations.
fn affected(handbook: &Handbook, earlier: &Handbook) -> Affected {
    let documents: Vec<bool> = handbook.documents.iter().zip(&earlier.documents).map(|(new, old)| !Arc::ptr_eq(new, old)).collect();
    let mut families: Vec<bool> = handbook.families.iter().map(|f| documents[f.document]).collect();
    if handbook.shared.iter().any(|s| documents[s.document] && handbook.config.shared[s.entry].base) {
        families.fill(true);
    }
    let mut open: Vec<usize> = (0..families.len()).filter(|f| families[*f]).collect();
    while let Some(family) = open.pop() {
        for role in handbook.roles_of(family).flat_map(|r| &handbook.children[r]) {
            let heir = handbook.roles[*role].family;
            if !std::mem::replace(&mut families[heir], true) {
                open.push(heir);
            }
        }
    }
    Affected { families, documents }
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
