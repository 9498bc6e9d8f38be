//! Files of commits in, documents out: each read and parsed once, and let go when no commit that comes needs it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::config::Config;
use crate::git::{Commit, GitError, Repository, TreeFile};
use crate::parse::{self, Document};
use crate::source::{self, SourceFile};

/// A file as it was once, with what was made of it.
#[derive(Debug)]
pub struct Sheet {
    source: Arc<SourceFile>,
    document: OnceLock<Arc<Document>>,
}

impl Sheet {
    /// The document.
    pub fn document(&self) -> &Arc<Document> {
        self.document.get().expect("sheets are parsed before they are looked at")
    }
}

/// A path and the id of what is stored.
type Key = (String, String);

/// The files that are known, with those of them that come up again in older commits.
#[derive(Debug, Default)]
pub struct Sheets {
    /// How often each comes up in commits that are still to come.
    awaited: HashMap<Key, usize>,
    /// What was read of those, before it is asked for or because it comes up again.
    sources: HashMap<Key, Arc<SourceFile>>,
    /// What was parsed of those, with the settings by which it was.
    parsed: HashMap<Key, (Arc<Config>, Arc<Sheet>)>,
    /// What is to be parsed.
    open: Vec<(Arc<Config>, Arc<Sheet>)>,
}

impl Sheets {
    /// Counts which files the commits bring up, as seen from the newest one backwards.
    pub fn of(commits: &[Commit]) -> Sheets {
        let mut sheets = Sheets::default();
        commits.iter().flat_map(|c| &c.files).filter_map(|f| f.before.as_ref()).for_each(|file| sheets.await_again(file));
        sheets
    }

    /// Says that a file is going to be asked for once more.
    pub fn await_again(&mut self, file: &TreeFile) {
        *self.awaited.entry((file.path.clone(), file.blob.clone())).or_default() += 1;
    }

    /// Reads what is not known yet; one process for all, each stored text once.
    pub fn read<'f>(&mut self, repository: &Repository, files: impl Iterator<Item = &'f TreeFile>) -> Result<(), GitError> {
        let new: Vec<Key> = files.map(|f| (f.path.clone(), f.blob.clone())).filter(|key| !self.sources.contains_key(key)).collect();
        let blobs: BTreeMap<&str, usize> =
            new.iter().map(|(_, blob)| blob.as_str()).collect::<std::collections::BTreeSet<_>>().into_iter().zip(0..).collect();
        let contents = repository.read(&blobs.keys().copied().collect::<Vec<_>>())?;
        let source = |key: &Key| (key.clone(), Arc::new(source::from_stored(key.0.as_str(), contents[blobs[key.1.as_str()]].clone())));
        let sources: Vec<(Key, Arc<SourceFile>)> = new.par_iter().map(source).collect();
        self.sources.extend(sources);
        Ok(())
    }

    /// The text of a file that was read.
    pub fn source(&mut self, file: &TreeFile) -> Arc<SourceFile> {
        let key = (file.path.clone(), file.blob.clone());
        let source = Arc::clone(self.sources.get(&key).expect("what a commit brings up was read"));
        if self.is_last(&key) {
            self.sources.remove(&key);
        }
        source
    }

    /// A file that was read, as these settings have it; it is parsed by [`Sheets::parse`] at the latest.
    pub fn sheet(&mut self, file: &TreeFile, config: &Arc<Config>) -> Arc<Sheet> {
        let key = (file.path.clone(), file.blob.clone());
        let known = self.parsed.get(&key).filter(|(by, _)| means_the_same(by, config)).map(|(_, sheet)| Arc::clone(sheet));
        let sheet = known.unwrap_or_else(|| {
            let source = Arc::clone(self.sources.get(&key).expect("what a commit brings up was read"));
            self.add(source, config)
        });
        if self.is_last(&key) {
            self.sources.remove(&key);
            self.parsed.remove(&key);
        } else {
            self.parsed.insert(key, (Arc::clone(config), Arc::clone(&sheet)));
        }
        sheet
    }

    /// The same file as other settings have it.
    pub fn by_other_settings(&mut self, sheet: &Sheet, config: &Arc<Config>) -> Arc<Sheet> {
        self.add(Arc::clone(&sheet.source), config)
    }

    fn add(&mut self, source: Arc<SourceFile>, config: &Arc<Config>) -> Arc<Sheet> {
        let sheet = Arc::new(Sheet { source, document: OnceLock::new() });
        self.open.push((Arc::clone(config), Arc::clone(&sheet)));
        sheet
    }

    /// Whether nobody is going to ask for a file again.
    fn is_last(&mut self, key: &Key) -> bool {
        let Some(count) = self.awaited.get_mut(key) else { return true };
        *count -= 1;
        let is_last = *count == 0;
        if is_last {
            self.awaited.remove(key);
        }
        is_last
    }

    /// Parses what was asked for.
    pub fn parse(&mut self) {
        let open = std::mem::take(&mut self.open);
        open.into_par_iter().for_each(|(config, sheet)| {
            let parsed = || crate::fault::holding(&sheet.source.path, || Arc::new(parse::parse(&sheet.source, &config)));
            sheet.document.get_or_init(parsed);
        });
    }
}

/// Whether a file is read alike by two settings.
pub fn means_the_same(one: &Config, other: &Config) -> bool {
    std::ptr::eq(one, other) || (one.sections == other.sections && one.tracks == other.tracks && one.headings == other.headings)
}
