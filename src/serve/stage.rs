//! What the preview shows at one moment: a snapshot of what is on the disk, and one of what readers see, which is the same
//! unless something is wrong.
//!
//! A file with a new error is not shown: pages are made from its last good form, and all other edits are shown all the
//! same. Where that does not help, because the error is one file's and its cause another's, the edit is held back as a
//! whole.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use percent_encoding::percent_decode_str;

use crate::diagnostic::{Diagnostic, Severity};
use crate::history::History;
use crate::render::shared::Shared;
use crate::render::theme::Theme;
use crate::render::{Site, url};
use crate::snapshot::Snapshot;
use crate::source::again::read_again;
use crate::source::history::Changed;
use crate::source::{SourceError, SourceFile, SourceTree};

/// What a preview is of.
#[derive(Debug, Clone)]
pub struct Source {
    /// The site's directory.
    pub root: PathBuf,
    /// The configuration, in place of `handbook.yml`.
    pub config: Option<PathBuf>,
    /// The least severity that holds a page back.
    pub grave: Severity,
}

/// What the preview shows at one moment.
pub struct Stage {
    /// Grows by one with each change.
    pub version: u64,
    /// What is on the disk.
    pub current: Arc<Snapshot>,
    /// What pages are made from.
    pub shown: Arc<Snapshot>,
    /// What the pages share.
    shared: Shared,
    /// The templates before the last change of one, for pages that the new ones cannot make.
    fallback: Option<Shared>,
    /// What is wrong with what is on the disk.
    findings: Vec<Diagnostic>,
    /// The paths that changed last.
    pub changed: BTreeSet<Arc<str>>,
    /// The paths of texts and of copied files that readers see otherwise since then: others than those that changed, where
    /// an edit was held back, or is shown at last.
    pub renewed: BTreeSet<Arc<str>>,
    /// Faults of templates that came to light when a page was made.
    faults: Mutex<Vec<Diagnostic>>,
    grave: Severity,
}

/// A snapshot with what its pages share, or why there is no such thing.
struct Attempt {
    snapshot: Arc<Snapshot>,
    shared: Result<Shared, Vec<Diagnostic>>,
}

impl Attempt {
    fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.snapshot.findings.iter().chain(self.shared.as_ref().err().into_iter().flatten())
    }
}

impl Stage {
    /// The first stage, with the days on which files were last changed. What is wrong from the start is shown as well as it
    /// can be.
    pub fn first(tree: SourceTree, changed: impl FnOnce() -> Changed, drafts: bool, grave: Severity) -> Stage {
        let mut snapshot = Snapshot::build(tree, drafts);
        snapshot.tree.changed = changed();
        let snapshot = Arc::new(snapshot);
        let (shared, faults) = match Shared::of(&snapshot) {
            Ok(shared) => (shared, Vec::new()),
            Err(faults) => (Shared::with_built_in_templates(&snapshot), faults),
        };
        let findings = snapshot.findings.iter().cloned().chain(faults).collect();
        let shown = Arc::clone(&snapshot);
        let (changed, renewed) = (BTreeSet::new(), BTreeSet::new());
        Stage { version: 1, current: snapshot, shown, shared, fallback: None, findings, changed, renewed, faults: Mutex::default(), grave }
    }

    /// The same with the history of the site, which later stages keep.
    pub fn with_history(self, history: History) -> Stage {
        Stage { shared: self.shared.with_history(Some(Arc::new(history))), ..self }
    }

    /// The stage after a change of these paths; none where the files hold what they held before.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read.
    pub fn next(&self, source: &Source, changed: &BTreeSet<Arc<str>>) -> Result<Option<Stage>, SourceError> {
        let tree = read_again(&self.current.tree, source.config.as_deref(), changed)?;
        if tree.is_same(&self.current.tree) && !copies(&tree).any(|path| changed.contains(path)) {
            return Ok(None);
        }
        let first = self.attempt(Arc::new(self.shown.next_of_either(&self.current, tree)));
        let mut findings: Vec<Diagnostic> = first.findings().cloned().collect();
        if first.shared.as_ref().is_ok_and(Shared::is_substitute) {
            findings.extend(Theme::of(&first.snapshot.tree, &first.snapshot.handbook.config.strings).err().into_iter().flatten());
        }
        let current = Arc::clone(&first.snapshot);
        let accepted = self.accept(first, changed);
        let (shown, shared) = accepted.unwrap_or_else(|| (Arc::clone(&self.shown), self.shared.clone()));
        let same_theme = Arc::ptr_eq(&shared.theme, &self.shared.theme);
        let has_faults = !self.faults().is_empty();
        let fallback = if same_theme || has_faults { self.fallback.clone() } else { Some(self.shared.clone()) };
        let faults = Mutex::new(if same_theme { self.faults() } else { Vec::new() });
        let version = self.version + 1;
        // What an editor laid down for a moment is no part of the site.
        let is_known = |path: &&Arc<str>| self.current.tree.has(path) || current.tree.has(path);
        let changed: BTreeSet<Arc<str>> = changed.iter().filter(is_known).cloned().collect();
        let mut renewed = texts_renewed(&self.shown.tree, &shown.tree);
        renewed.extend(copies(&shown.tree).filter(|path| changed.contains(*path)).cloned());
        Ok(Some(Stage { version, current, shown, shared, fallback, findings, changed, renewed, faults, grave: self.grave }))
    }

    fn attempt(&self, snapshot: Arc<Snapshot>) -> Attempt {
        let shared = self.shared.next(&self.shown, &snapshot);
        Attempt { snapshot, shared }
    }

    /// The first of these that has no new error: what is on the disk; the same with the last good form of the files in
    /// which there are errors; what was shown before with this change alone.
    fn accept(&self, first: Attempt, changed: &BTreeSet<Arc<str>>) -> Option<(Arc<Snapshot>, Shared)> {
        let current = Arc::clone(&first.snapshot);
        let faulty = self.newly_wrong(&first);
        let good = |attempt: Attempt| attempt.shared.ok().map(|shared| (attempt.snapshot, shared));
        if faulty.is_empty() {
            return good(first);
        }
        let mended = current.tree.with_files_of(&self.shown.tree, &faulty);
        let alone = self.shown.tree.with_files_of(&current.tree, changed);
        [mended, alone].into_iter().find_map(|tree| {
            if tree.is_same(&self.shown.tree) {
                return None;
            }
            let attempt = self.attempt(Arc::new(self.shown.next(tree)));
            if self.newly_wrong(&attempt).is_empty() { good(attempt) } else { None }
        })
    }

    /// The files with errors that what is shown does not have.
    fn newly_wrong(&self, attempt: &Attempt) -> BTreeSet<Arc<str>> {
        let known: BTreeSet<_> = self.shown.findings.iter().filter(|f| f.severity >= self.grave).map(signature).collect();
        let of_theme = attempt.shared.as_ref().err().into_iter().flatten();
        let grave = attempt.snapshot.findings.iter().filter(|f| f.severity >= self.grave && !known.contains(&signature(f)));
        grave.chain(of_theme).map(|f| Arc::clone(&f.place.file)).collect()
    }

    /// The site as pages see it.
    pub fn site(&self) -> Site<'_> {
        Site::with(&self.shown, self.base_url(), &self.shared)
    }

    /// The same with the templates from before their last change, where there was one.
    pub fn site_before(&self) -> Option<Site<'_>> {
        let earlier = self.fallback.as_ref()?;
        Some(Site::with(&self.shown, self.base_url(), &self.shared.with_theme_of(earlier)))
    }

    fn base_url(&self) -> Option<String> {
        let url = self.shown.handbook.config.base_url.as_ref()?;
        Some(if url.ends_with('/') { url.clone() } else { format!("{url}/") })
    }

    /// The path below which the site lies, such as `hand book/`; empty where it lies at the root.
    pub fn folder(&self) -> String {
        let path = self.base_url().and_then(|url| url.splitn(4, '/').nth(3).map(str::to_owned)).unwrap_or_default();
        percent_decode_str(&path).decode_utf8_lossy().into_owned()
    }

    /// The same in an address, such as `hand%20book/`.
    pub fn prefix(&self) -> String {
        url::encoded(&self.folder()).into_owned()
    }

    /// Whether pages are made by other templates than those of an earlier stage.
    pub fn has_other_templates(&self, earlier: &Stage) -> bool {
        !Arc::ptr_eq(&self.shared.theme, &earlier.shared.theme)
    }

    /// Notes a fault of a template; tells whether it is new.
    pub fn note(&self, fault: Diagnostic) -> bool {
        let mut faults = self.faults.lock().expect("no thread panics while it holds this");
        let is_new = !faults.iter().any(|f| (&f.place, &f.message) == (&fault.place, &fault.message));
        if is_new {
            faults.push(fault);
        }
        is_new
    }

    fn faults(&self) -> Vec<Diagnostic> {
        self.faults.lock().expect("no thread panics while it holds this").clone()
    }

    /// Everything that is wrong, and what came to light in making pages.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.findings.iter().cloned().chain(self.faults()).collect()
    }

    /// How many errors and warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let findings = self.findings();
        let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
        (of(Severity::Error), of(Severity::Warning))
    }

    /// Whether something that is on the disk is not shown.
    pub fn holds_back(&self) -> bool {
        !self.shown.tree.is_same(&self.current.tree)
    }
}

/// What makes two findings of different moments the same: not the place, which moves.
fn signature(finding: &Diagnostic) -> (&'static str, Arc<str>, String) {
    (finding.code, Arc::clone(&finding.place.file), finding.message.clone())
}

/// The paths of the pages' texts that are in a later tree and were not the same in an earlier one.
fn texts_renewed(earlier: &SourceTree, later: &SourceTree) -> BTreeSet<Arc<str>> {
    let mut old = earlier.content.iter().peekable();
    let mut is_old = |file: &Arc<SourceFile>| {
        while old.peek().is_some_and(|o| !Arc::ptr_eq(o, file) && o.path < file.path) {
            old.next();
        }
        old.peek().is_some_and(|o| Arc::ptr_eq(o, file) || (o.path == file.path && o.text == file.text))
    };
    later.content.iter().filter(|file| !is_old(file)).map(|file| Arc::clone(&file.path)).collect()
}

/// The paths of the files that are copied as they are.
fn copies(tree: &SourceTree) -> impl Iterator<Item = &Arc<str>> {
    tree.assets.iter().chain(&tree.statics).map(|a| &a.path)
}
