//! The whole pipeline in one function: a source tree in, everything that is known of the site out.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{self, Affected, Checked, words::Words};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Place, Severity, in_order};
use crate::fault;
use crate::links::{Links, Places};
use crate::model::copied::{self, Unpublished};
use crate::model::{self, Handbook};
use crate::parse::{self, Document, DocumentKind};
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
            let handbook = relate_documents(&tree, read, Some(self));
            let places = Arc::new(Places::of(&handbook, self.drafts));
            let known = is_like_earlier.then_some((&self.handbook, &self.resolution));
            let (resolution, affected) = resolve_related(&handbook, known);
            let Some(affected) = affected else {
                return Snapshot::check(tree, self.drafts, handbook, resolution, places, None);
            };
            let earlier = self.same_words(&tree).then_some((&self.checked, &affected));
            return Snapshot::check(tree, self.drafts, handbook, resolution, places, earlier);
        }
        let handbook = self.handbook.with_documents(read.documents);
        let affected = affected(&handbook, &self.handbook);
        let resolution = resolve::resolve_again(&handbook, &self.resolution, &affected.families);
        let earlier = self.same_words(&tree).then_some((&self.checked, &affected));
        Snapshot::check(tree, self.drafts, handbook, resolution, Arc::clone(&self.places), earlier)
    }

    /// Whether a tree has the same word lists.
    fn same_words(&self, tree: &SourceTree) -> bool {
        let (old, new) = (&self.tree.words, &tree.words);
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same_text(Some(old), Some(new)))
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
        let words = Words::of(&handbook.config, &tree.words);
        let checked = check::check(&handbook, &resolution, &links, &words, earlier);
        let of_documents = handbook.documents.iter().flat_map(|d| &d.findings);
        let findings = checked.findings().chain(&resolution.findings).chain(&handbook.findings).chain(of_documents);
        let findings = bounded(in_order(check::tell(findings.cloned().collect(), &handbook, &resolution, tree.today)));
        Snapshot { tree, handbook, resolution, places, findings, drafts, checked }
    }

    /// Gives back what only a later snapshot would take over, a tenth of the memory: for a build, which has none.
    pub fn be_the_last(&mut self) {
        self.checked = Checked::default();
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
    let config = Arc::new(settings(tree, &mut findings));
    let other = other.filter(|o| o.config.sections == config.sections && o.config.tracks == config.tracks && o.config.headings == config.headings);
    let shared = |file: &Arc<SourceFile>| {
        let known = &other?.documents;
        let found = known.binary_search_by(|d| d.file().cmp(&file.path)).ok()?;
        Arc::ptr_eq(&known[found].source, file).then(|| Arc::clone(&known[found]))
    };
    let read = |file: &Arc<SourceFile>| shared(file).unwrap_or_else(|| parsed(file, &config));
    let documents = tree.content.par_iter().filter(|f| parse::is_read(&f.path)).map(read).collect();
    relate_documents(tree, Read { config, documents, findings, same_relations: false, same_paths: false }, None)
}

/// Documents related and resolved beside another handbook, as [`Snapshot::next`] does it after another snapshot, without
/// lints and files to copy. Gives what may have come out otherwise than there; none where anything may.
pub fn resolve_beside(
    config: Arc<Config>,
    documents: Vec<Arc<Document>>,
    other: Option<(&Handbook, &Resolution)>,
) -> (Handbook, Resolution, Option<Affected>) {
    let same_paths =
        |known: &Handbook| Arc::ptr_eq(&config, &known.config) && documents.iter().map(|d| d.file()).eq(known.documents.iter().map(|d| d.file()));
    let other = other.filter(|(known, _)| same_paths(known));
    let same_relations = |known: &Handbook| documents.iter().zip(&known.documents).all(|(new, old)| Arc::ptr_eq(new, old) || same_part(new, old));
    if let Some((known, resolved)) = other.filter(|(known, _)| same_relations(known)) {
        let handbook = known.with_documents(documents);
        let affected = affected(&handbook, known);
        let resolution = resolve::resolve_again(&handbook, resolved, &affected.families);
        return (handbook, resolution, Some(affected));
    }
    let handbook = model::relate(config, documents, Vec::new(), Vec::new());
    let (resolution, affected) = resolve_related(&handbook, other);
    (handbook, resolution, affected)
}

/// Resolves a handbook; takes over what another one over the same files and settings has, if its relations say the same.
fn resolve_related(handbook: &Handbook, other: Option<(&Handbook, &Resolution)>) -> (Resolution, Option<Affected>) {
    let Some((known, resolved)) = other.filter(|(known, _)| same_names(handbook, known)) else { return (resolve::resolve(handbook), None) };
    let affected = affected(handbook, known);
    let resolution = resolve::resolve_related_again(handbook, resolved, &affected.families);
    (resolution, Some(affected))
}

fn settings(tree: &SourceTree, findings: &mut Vec<Diagnostic>) -> Config {
    let mut config = config::read(tree.config.as_ref(), findings);
    let lang = (config.lang.as_str(), Place::new(&config.file, config.lang_at.clone()));
    config.strings = config::strings::read(tree.strings.as_ref(), lang, findings);
    config
}

fn parsed(file: &Arc<SourceFile>, config: &Config) -> Arc<Document> {
    fault::holding(&file.path, || {
        fault::provoke("parse", &file.path);
        Arc::new(parse::parse(file, config))
    })
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

fn relate_documents(tree: &SourceTree, read: Read, earlier: Option<&Snapshot>) -> Handbook {
    let Read { config, documents, mut findings, same_relations: _, same_paths: _ } = read;
    let examined = tree.assets.par_iter().with_min_len(64).filter(|a| parse::is_read(&a.path)).map(|a| (a, examined(a, earlier)));
    let (kept, published): (Vec<_>, Vec<_>) = examined.collect::<Vec<_>>().into_iter().partition(|(_, findings)| !findings.is_empty());
    let assets = published.into_iter().map(|(asset, _)| asset.clone()).collect();
    let mut handbook = model::relate(config, documents, assets, tree.statics.clone());
    handbook.findings.append(&mut findings);
    handbook.findings.extend(kept.iter().flat_map(|(_, findings)| findings).cloned());
    handbook.unpublished = kept.into_iter().map(|(asset, findings)| Unpublished { path: Arc::clone(&asset.path), findings }).collect();
    handbook.findings.extend(tree.refused.iter().map(|refused| {
        Diagnostic::error("file-refused", Place::new(&refused.path, 0..0), format!("this is {}, and is not read", refused.what))
            .help("put the file itself in its place; a site is read from its own directory alone")
    }));
    handbook.unread = tree.content.iter().filter(|f| !parse::is_read(&f.path)).map(|f| Arc::clone(&f.path)).collect();
    handbook
}

/// Why a file beside the pages is not published; a drawing that is the same in memory is not looked through again.
fn examined(asset: &Asset, earlier: Option<&Snapshot>) -> Vec<Diagnostic> {
    let known = |earlier: &Snapshot| {
        let at = earlier.tree.assets.binary_search_by(|known| known.path.cmp(&asset.path)).ok()?;
        let is_same = Arc::ptr_eq(asset.drawing.as_ref()?, earlier.tree.assets[at].drawing.as_ref()?);
        is_same.then(|| earlier.handbook.unpublished_at(&asset.path).map(|kept| kept.findings.clone()).unwrap_or_default())
    };
    earlier.and_then(known).unwrap_or_else(|| copied::examine(asset))
}

/// Reads settings and documents; takes over what an earlier snapshot has read, where it is the same.
fn read_again(tree: &SourceTree, earlier: &Snapshot) -> Read {
    let known = &earlier.handbook;
    let mut findings = Vec::new();
    let same_settings =
        same_text(tree.config.as_ref(), earlier.tree.config.as_ref()) && same_text(tree.strings.as_ref(), earlier.tree.strings.as_ref());
    let read = settings(tree, &mut findings);
    let config = if read == *known.config { Arc::clone(&known.config) } else { Arc::new(read) };
    let same_config = Arc::ptr_eq(&config, &known.config);
    let document = |file: &Arc<SourceFile>| {
        let at = known.documents.binary_search_by(|d| d.file().cmp(&file.path));
        let unchanged = at.ok().map(|at| &known.documents[at]).filter(|d| same_config && same_text(Some(file), Some(&d.source)));
        unchanged.map_or_else(|| parsed(file, &config), Arc::clone)
    };
    let documents: Vec<Arc<Document>> = tree.content.par_iter().with_min_len(64).filter(|f| parse::is_read(&f.path)).map(document).collect();
    let same_paths = |a: &[Arc<SourceFile>], b: &[Arc<SourceFile>]| a.iter().map(|f| &f.path).eq(b.iter().map(|f| &f.path));
    let same_paths = same_settings
        && same_paths(&tree.content, &earlier.tree.content)
        && (&tree.assets, &tree.statics, &tree.refused) == (&earlier.tree.assets, &earlier.tree.statics, &earlier.tree.refused);
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
