//! What the preview shows at one moment: a snapshot of what is on the disk, and one of what readers see, which is the same
//! unless something is wrong.
//!
//! A file with a new error is not shown: pages are made from its last good form, and all other edits are shown all the
//! same. Where the error is one file's and its cause another's, the edit of that one is held back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::SystemTime;

use percent_encoding::percent_decode_str;

use super::Hub;
use super::blame::to_blame;
use crate::diagnostic::{Diagnostic, Severity};
use crate::history::History;
use crate::render::shared::Shared;
use crate::render::theme::Theme;
use crate::render::{Site, url};
use crate::snapshot::Snapshot;
use crate::source::again::{is_at, read_again};
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
    /// Of which run of the program: another for each.
    pub instance: Arc<str>,
    /// Grows by one with each change, from 1.
    pub version: u64,
    /// What is on the disk.
    pub current: Arc<Snapshot>,
    /// What pages are made from.
    pub shown: Arc<Snapshot>,
    /// What the pages share.
    shared: Shared,
    /// What pages that cannot be made now may be made from, the latest first: what was shown last without a known fault, and
    /// what was shown last when every page could be made. None where every page can be made from this.
    good: Mutex<Vec<Arc<Good>>>,
    /// What is wrong with what is on the disk.
    findings: Vec<Diagnostic>,
    /// The paths that changed last.
    pub changed: BTreeSet<Arc<str>>,
    /// The paths of texts and of copied files that readers see otherwise since then: others than those that changed, where
    /// an edit was held back, or is shown at last.
    pub renewed: BTreeSet<Arc<str>>,
    /// Faults of templates that came to light when a page was made.
    faults: Mutex<Vec<Fault>>,
    grave: Severity,
}

/// What pages were made from.
struct Good {
    tree: SourceTree,
    theme: Arc<Theme>,
    /// What comes of them, made when it is first needed: kept with each edit it took 12 of 110 MiB (`benches/follow 1000`).
    made: OnceLock<(Snapshot, Shared)>,
}

/// A fault of a template.
struct Fault {
    finding: Diagnostic,
    /// The files of pages that cannot be made for it, as far as they are known: at most [`MOST_FILES`].
    files: Vec<String>,
}

/// How many pages are tried again for each fault of a template when something was edited.
const MOST_FILES: usize = 8;

/// How often it is tried to hold back what brings errors about. Each time there is one step more of what hangs together.
const MOST_ATTEMPTS: usize = 8;

impl Fault {
    fn is(&self, finding: &Diagnostic) -> bool {
        (&self.finding.place, &self.finding.message) == (&finding.place, &finding.message)
    }
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
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let instance = format!("{:x}-{:x}", since.as_nanos(), std::process::id()).into();
        Stage {
            instance,
            version: 1,
            current: snapshot,
            shown,
            shared,
            good: Mutex::default(),
            findings,
            changed,
            renewed,
            faults: Mutex::default(),
            grave,
        }
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
        if tree.is_same(&self.current.tree) && !copies(&tree).any(|path| is_at(path, changed)) {
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
        let good = self.good_and_before();
        let (instance, version) = (Arc::clone(&self.instance), self.version + 1);
        // What an editor laid down for a moment is no part of the site.
        let is_known = |path: &&Arc<str>| self.current.tree.has(path) || current.tree.has(path);
        let changed: BTreeSet<Arc<str>> = changed.iter().filter(is_known).cloned().collect();
        let mut renewed = texts_renewed(&self.shown.tree, &shown.tree);
        renewed.extend(copies(&shown.tree).filter(|path| is_at(path, &changed)).cloned());
        let (good, faults) = (Mutex::new(good), Mutex::default());
        let stage = Stage { instance, version, current, shown, shared, good, findings, changed, renewed, faults, grave: self.grave };
        if !stage.has_other_templates(self) {
            *stage.faults() = self.faults_left(&stage.site());
        }
        Ok(Some(stage))
    }

    /// What the pages of the next stage may be made from where they cannot be made.
    fn good_and_before(&self) -> Vec<Arc<Good>> {
        let known = self.good().clone();
        if !known.is_empty() && !self.faults().is_empty() {
            return known;
        }
        let own = Good { tree: self.shown.tree.clone(), theme: Arc::clone(&self.shared.theme), made: OnceLock::new() };
        std::iter::once(Arc::new(own)).chain(known.into_iter().next_back()).collect()
    }

    /// The faults of templates that are still there on a later site with the same templates.
    fn faults_left(&self, site: &Site<'_>) -> Vec<Fault> {
        let left = |fault: &Fault| {
            let has_it = |file: &&String| match Hub::made(|| site.make_at(file)) {
                Ok(made) => made.and_then(Result::err).is_some_and(|finding| fault.is(&finding)),
                Err(finding) => fault.is(&finding),
            };
            let at = fault.files.iter().position(|file| has_it(&file))?;
            Some(Fault { finding: fault.finding.clone(), files: fault.files[at..].to_vec() })
        };
        self.faults().iter().filter_map(left).collect()
    }

    fn attempt(&self, snapshot: Arc<Snapshot>) -> Attempt {
        let shared = self.shared.next(&self.shown, &snapshot);
        Attempt { snapshot, shared }
    }

    /// The first of these that has no new error: what is on the disk; the same with the last good form of the files that
    /// bring errors about; what was shown before with this change alone.
    fn accept(&self, first: Attempt, changed: &BTreeSet<Arc<str>>) -> Option<(Arc<Snapshot>, Shared)> {
        let current = Arc::clone(&first.snapshot);
        let good = |attempt: Attempt| attempt.shared.ok().map(|shared| (attempt.snapshot, shared));
        let mut errors = self.new_errors(&first);
        if errors.is_empty() {
            return good(first);
        }
        let mut open = self.shown.tree.unlike(&current.tree);
        let mut held = BTreeSet::new();
        for _ in 0..MOST_ATTEMPTS {
            let blamed = to_blame(&errors, &self.shown, &open);
            open.retain(|path| !blamed.contains(path));
            // Nothing is left to show, or nobody knows what to hold back.
            if open.is_empty() || blamed.is_empty() {
                break;
            }
            held.extend(blamed);
            let attempt = self.attempt(Arc::new(self.shown.next(current.tree.with_files_of(&self.shown.tree, &held))));
            errors = self.new_errors(&attempt);
            if errors.is_empty() {
                return good(attempt);
            }
        }
        let alone = self.shown.tree.with_files_of(&current.tree, changed);
        if alone.is_same(&current.tree) || alone.is_same(&self.shown.tree) {
            return None;
        }
        let attempt = self.attempt(Arc::new(self.shown.next(alone)));
        if self.new_errors(&attempt).is_empty() { good(attempt) } else { None }
    }

    /// The errors that what is shown does not have.
    fn new_errors(&self, attempt: &Attempt) -> Vec<Diagnostic> {
        let known: BTreeSet<_> = self.shown.findings.iter().filter(|f| f.severity >= self.grave).map(signature).collect();
        let of_theme = attempt.shared.as_ref().err().into_iter().flatten();
        let grave = attempt.snapshot.findings.iter().filter(|f| f.severity >= self.grave && !known.contains(&signature(f)));
        grave.chain(of_theme).cloned().collect()
    }

    /// The site as pages see it.
    pub fn site(&self) -> Site<'_> {
        Site::with(&self.shown, self.base_url(), &self.shared)
    }

    /// The page at a file as it was when it could last be made: with what it says now where the templates from then can do
    /// that.
    pub fn last_good(&self, file: &str) -> Option<String> {
        let good = self.good().clone();
        good.iter().find_map(|good| {
            let shared = self.shared.with_templates(&good.theme);
            let now = Site::with(&self.shown, self.base_url(), &shared);
            let then = || {
                let (snapshot, shared) = good.made.get_or_init(|| self.made_of(good));
                Site::with(snapshot, self.base_url(), shared).make_at(file)?.ok()
            };
            now.make_at(file).and_then(Result::ok).or_else(then)
        })
    }

    fn made_of(&self, good: &Good) -> (Snapshot, Shared) {
        let snapshot = self.shown.next(good.tree.clone());
        let shared = Shared::with_theme(&snapshot, Arc::clone(&good.theme)).with_history(self.shared.history.clone());
        (snapshot, shared)
    }

    fn base_url(&self) -> Option<String> {
        self.shown.handbook.config.base_url.clone()
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

    /// Notes that a fault of a template keeps the page at a file from being made; tells whether the fault is new.
    pub fn note(&self, file: &str, finding: &Diagnostic) -> bool {
        let mut faults = self.faults();
        match faults.iter_mut().find(|fault| fault.is(finding)) {
            Some(fault) => {
                if fault.files.len() < MOST_FILES && fault.files.iter().all(|known| known != file) {
                    fault.files.push(file.to_owned());
                }
                false
            }
            None => {
                faults.push(Fault { finding: finding.clone(), files: vec![file.to_owned()] });
                true
            }
        }
    }

    /// Forgets the faults of one file alone; of those that belong to no page the name is empty.
    pub fn forget(&self, file: &str) {
        self.faults().retain(|fault| fault.files != [file]);
    }

    /// Takes note that every page was tried, and gives back what would only be needed for those that cannot be made; tells
    /// whether there are none.
    pub fn was_tried(&self) -> bool {
        let is_good = self.faults().is_empty();
        if is_good {
            self.good().clear();
        }
        is_good
    }

    fn faults(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.faults.lock().expect("no thread panics while it holds this")
    }

    fn good(&self) -> MutexGuard<'_, Vec<Arc<Good>>> {
        self.good.lock().expect("no thread panics while it holds this")
    }

    /// Everything that is wrong, and what came to light in making pages.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.findings.iter().cloned().chain(self.faults().iter().map(|fault| fault.finding.clone())).collect()
    }

    /// How many errors and warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let findings = self.findings();
        let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
        (of(Severity::Error), of(Severity::Warning))
    }

    /// The files that are not shown as they are on the disk.
    pub fn held_back(&self) -> BTreeSet<Arc<str>> {
        if self.shown.tree.is_same(&self.current.tree) { BTreeSet::new() } else { self.shown.tree.unlike(&self.current.tree) }
    }

    /// What is wrong that was not wrong at an earlier stage; what only moved to other lines is not new.
    pub fn new_findings(&self, earlier: &Stage) -> Vec<Diagnostic> {
        let mut known: BTreeMap<_, usize> = BTreeMap::new();
        earlier.findings().iter().for_each(|finding| *known.entry(signature(finding)).or_default() += 1);
        let mut is_known = |finding: &Diagnostic| {
            let left = known.get_mut(&signature(finding)).filter(|left| **left > 0);
            left.map(|left| *left -= 1).is_some()
        };
        self.findings().into_iter().filter(|finding| !is_known(finding)).collect()
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
