//! Commits in, the handbook after each of them out, newest first; those that do not build are left out.

use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path};
use std::sync::Arc;

use super::Absent;
use super::sheets::{Sheet, Sheets, means_the_same};
use crate::check::{self, Affected};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Severity};
use crate::git::{BlobChange, Commit, GitError, Repository, TreeFile};
use crate::model::Handbook;
use crate::parse::{self, Document};
use crate::resolve::Resolution;
use crate::snapshot::resolve_beside;
use crate::source::{SourceFile, SourceTree, date};

/// The handbook after a commit.
#[derive(Debug)]
pub struct State {
    /// The commit's id.
    pub commit: Arc<str>,
    /// When it was made, in seconds since 1970.
    pub time: u64,
    /// The content.
    pub handbook: Handbook,
    /// The effective roles.
    pub resolution: Resolution,
    /// What came out otherwise than in the state after it; none where anything may have.
    pub affected: Option<Affected>,
    /// Files that lie elsewhere in the state after it: where they are here, where they are there.
    pub moved: HashMap<String, String>,
}

/// The states of a site, as far as they are still to come.
pub struct States<'r> {
    repository: &'r Repository,
    sheets: Sheets,
    settings: Settings,
    /// The commits, of which the first `at` have been looked at.
    commits: Vec<Commit>,
    at: usize,
    /// The files after the commit that comes next.
    files: BTreeMap<String, Arc<Sheet>>,
    /// The settings after it.
    config: Setting,
    /// Where files lie in the last state that was given out, by where they lie now.
    moved: HashMap<String, String>,
}

/// The settings of a commit, and whether they can be read without an error.
type Setting = (Arc<Config>, bool);

/// Where the settings are.
struct Settings {
    /// The path of their file.
    path: String,
    /// Those that count where the history has no such file.
    without_file: Setting,
}

/// The files after one commit.
struct Files {
    config: Setting,
    sheets: Vec<Arc<Sheet>>,
    /// What the commit did to files: where each was before, where it is.
    changes: Vec<(Option<String>, Option<String>)>,
}

impl<'r> States<'r> {
    /// The states after the newest `most` commits, and the one before those.
    pub fn begin(repository: &'r Repository, tree: &SourceTree, head: &str, most: usize) -> Result<States<'r>, Absent> {
        let path = tree.config.as_ref().map_or("handbook.yml", |file| &*file.path).to_owned();
        // Settings from outside the repository are none of git's business.
        let is_inside = Path::new(&path).components().all(|part| matches!(part, Component::Normal(_)));
        let below = &["content", path.as_str()][..if is_inside { 2 } else { 1 }];
        let mut commits = repository.commits(head, below, most.saturating_add(1))?;
        let Some(oldest) = commits.last_mut() else { return Err(Absent::NoCommits) };
        // What was before the oldest state is not asked for.
        oldest.files.clear();
        commits.iter_mut().for_each(|commit| commit.files.retain_mut(|file| keep_what_counts(file, &path)));
        let files: Vec<TreeFile> = repository.files(head, below)?.into_iter().filter(|file| counts(&file.path, &path)).collect();
        let mut sheets = Sheets::of(&commits);
        files.iter().for_each(|file| sheets.await_again(file));
        sheets.read(repository, files.iter())?;
        let stored = files.iter().find(|file| file.path == path);
        // Settings from outside the history count for all of it.
        let outside = tree.config.as_ref().filter(|_| stored.is_none()).map(|file| read_settings(file, None));
        let settings = Settings { path, without_file: outside.unwrap_or_else(|| (Arc::default(), true)) };
        let config = stored.map_or_else(|| settings.without_file.clone(), |file| read_settings(&sheets.source(file), None));
        let content = files.iter().filter(|file| file.path != settings.path);
        let files = content.map(|file| (file.path.clone(), sheets.sheet(file, &config.0))).collect();
        Ok(States { repository, sheets, settings, commits, at: 0, files, config, moved: HashMap::new() })
    }

    /// The states after the next `many` commits, as far as these build; none where all commits have been looked at.
    /// `newer` is the last state before.
    pub fn next(&mut self, many: usize, newer: Option<&State>) -> Result<Option<Vec<State>>, GitError> {
        let range = self.at..(self.at + many).min(self.commits.len());
        if range.is_empty() {
            return Ok(None);
        }
        let brought = self.commits[range.clone()].iter().flat_map(|c| &c.files).filter_map(|f| f.before.as_ref());
        self.sheets.read(self.repository, brought)?;
        let known: Vec<Files> = range.clone().map(|at| self.step_back(at)).collect();
        self.sheets.parse();
        self.at = range.end;
        let mut states: Vec<State> = Vec::with_capacity(known.len());
        for (at, Files { config, sheets, changes }) in range.zip(known) {
            if let Some(mut state) = self.state(at, config, &sheets, states.last().or(newer)) {
                state.moved = std::mem::take(&mut self.moved);
                states.push(state);
            }
            self.note_moves(changes);
        }
        Ok(Some(states))
    }

    /// Goes from the files after a commit to those before it; gives those after it.
    fn step_back(&mut self, at: usize) -> Files {
        let commit = std::mem::take(&mut self.commits[at].files);
        let files = Files { config: self.config.clone(), sheets: self.files.values().cloned().collect(), changes: paths(&commit) };
        let (settings, content): (Vec<BlobChange>, Vec<BlobChange>) = commit
            .into_iter()
            .flat_map(|change| apart(change, &self.settings.path))
            .partition(|change| [&change.before, &change.after].into_iter().flatten().any(|file| file.path == self.settings.path));
        for change in &settings {
            self.config = match &change.before {
                Some(file) => read_settings(&self.sheets.source(file), Some(&self.config)),
                None => self.settings.without_file.clone(),
            };
        }
        if !means_the_same(&files.config.0, &self.config.0) {
            let (sheets, config) = (&mut self.sheets, &self.config.0);
            self.files.values_mut().for_each(|sheet| *sheet = sheets.by_other_settings(sheet, config));
        }
        // First all that goes, then all that comes: a file may lie where another one lay.
        content.iter().filter_map(|change| change.after.as_ref()).for_each(|after| drop(self.files.remove(&after.path)));
        for before in content.into_iter().filter_map(|change| change.before) {
            let sheet = self.sheets.sheet(&before, &self.config.0);
            self.files.insert(before.path, sheet);
        }
        files
    }

    /// The handbook of these files, if it builds; what it shares with the state after it is taken over.
    fn state(&self, at: usize, config: Setting, sheets: &[Arc<Sheet>], newer: Option<&State>) -> Option<State> {
        let Commit { id, time, .. } = &self.commits[at];
        let documents: Vec<Arc<Document>> = sheets.iter().map(|sheet| Arc::clone(sheet.document())).collect();
        let (config, is_read) = config;
        if !is_read {
            return None;
        }
        let (handbook, resolution, affected) = resolve_beside(config, documents, newer.map(|n| (&n.handbook, &n.resolution)));
        let builds = !handbook.families.is_empty() && is_sound(&handbook, &resolution, *time);
        builds.then(|| State { commit: id.as_str().into(), time: *time, handbook, resolution, affected, moved: HashMap::new() })
    }

    /// Follows where files lie over one commit more.
    fn note_moves(&mut self, changes: Vec<(Option<String>, Option<String>)>) {
        let mut moved = Vec::new();
        for (before, after) in changes {
            let Some(after) = after else { continue };
            let now = self.moved.remove(&after);
            if let Some(before) = before
                && (before != after || now.is_some())
            {
                moved.push((before, now.unwrap_or(after)));
            }
        }
        self.moved.extend(moved);
    }
}

fn read_settings(file: &SourceFile, other: Option<&Setting>) -> Setting {
    let mut findings = Vec::new();
    let read = config::read(Some(file), &mut findings);
    let is_read = findings.iter().all(|finding| finding.severity < Severity::Error);
    match other.filter(|(known, _)| **known == read) {
        Some((known, _)) => (Arc::clone(known), is_read),
        None => (Arc::new(read), is_read),
    }
}

/// Whether a file is one that says something of roles.
fn counts(path: &str, settings: &str) -> bool {
    let below = path.strip_prefix("content/");
    path == settings || below.is_some_and(|below| path.ends_with(".md") && parse::is_read(path) && !below.split('/').any(|p| p.starts_with('.')))
}

/// Leaves of a change what says something of roles; tells whether that is anything.
fn keep_what_counts(change: &mut BlobChange, settings: &str) -> bool {
    for file in [&mut change.before, &mut change.after] {
        if file.as_ref().is_some_and(|file| !counts(&file.path, settings)) {
            *file = None;
        }
    }
    change.before.is_some() || change.after.is_some()
}

/// A change in which settings became content, or the other way round, as two.
fn apart(change: BlobChange, settings: &str) -> Vec<BlobChange> {
    let is_settings = |file: &Option<TreeFile>| file.as_ref().map(|file| file.path == settings);
    match (is_settings(&change.before), is_settings(&change.after)) {
        (Some(before), Some(after)) if before != after => {
            vec![BlobChange { before: change.before, after: None }, BlobChange { before: None, after: change.after }]
        }
        _ => vec![change],
    }
}

fn paths(changes: &[BlobChange]) -> Vec<(Option<String>, Option<String>)> {
    let path = |file: &Option<TreeFile>| file.as_ref().map(|file| file.path.clone());
    changes.iter().map(|change| (path(&change.before), path(&change.after))).collect()
}

/// Whether nothing is wrong in the content that would have kept it from being published: in files, names and what roles
/// extend. Lints and links are another matter: they may be stricter now than they were.
fn is_sound(handbook: &Handbook, resolution: &Resolution, time: u64) -> bool {
    let of_files = handbook.documents.iter().flat_map(|d| &d.findings);
    let errors: Vec<Diagnostic> =
        of_files.chain(&handbook.findings).chain(&resolution.findings).filter(|finding| finding.severity == Severity::Error).cloned().collect();
    if errors.is_empty() {
        return true;
    }
    let codes: Vec<&str> = errors.iter().map(|finding| finding.code).collect();
    let told = check::tell(errors.clone(), handbook, resolution, date::of_seconds(time));
    told.iter().all(|finding| finding.severity < Severity::Error || !codes.contains(&finding.code))
}
