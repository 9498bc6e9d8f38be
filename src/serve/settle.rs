//! Changes as they are told in, and out again when the files are still. A pure account of time: nothing is read here.
//!
//! Where the system tells that a file was closed (Linux), a file that is being written is waited for until then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long nothing must be told of any file. Where closing is not told, a writer may pause between two pieces.
const QUIET: Duration = Duration::from_millis(if cfg!(target_os = "linux") { 4 } else { 30 });
/// The same while many files change at a time, as in a checkout.
const QUIET_OF_MANY: Duration = Duration::from_millis(60);
/// How many files are many.
const MANY: usize = 8;
/// How long a file may stay open without a word until it counts as written.
const OPEN: Duration = Duration::from_secs(1);
/// How long a file that looks unfinished is waited for.
const UNFINISHED: Duration = Duration::from_millis(150);
/// The longest that a change is kept back, however much else goes on.
const LONGEST: Duration = Duration::from_secs(3);

/// What is known of a path that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Someone has it open and writes.
    Writing,
    /// It was closed, moved, removed, or found to have changed.
    Done,
}

/// Changes that wait for their files to be still.
#[derive(Debug, Default)]
pub struct Settle {
    paths: BTreeMap<Arc<str>, (Instant, Told)>,
    since: Option<Instant>,
    /// Those among them that look unfinished.
    unfinished: BTreeSet<Arc<str>>,
}

impl Settle {
    /// Notes that something was told of a path.
    pub fn note(&mut self, path: Arc<str>, told: Told, now: Instant) {
        self.since.get_or_insert(now);
        self.unfinished.remove(&path);
        self.paths.insert(path, (now, told));
    }

    /// When the changes may be looked at; never while there are none.
    pub fn due(&self) -> Option<Instant> {
        Some(self.paths.keys().map(|path| self.still_at(path)).max()?.min(self.since? + LONGEST))
    }

    /// When a file counts as still, if nothing more is told of it.
    fn still_at(&self, path: &str) -> Instant {
        let (last, told) = self.paths[path];
        let quiet = if self.paths.len() > MANY { QUIET_OF_MANY.max(QUIET) } else { QUIET };
        last + match told {
            Told::Writing => OPEN,
            Told::Done if self.unfinished.contains(path) => UNFINISHED,
            Told::Done => quiet,
        }
    }

    /// The paths that have changed, if it is time for them.
    pub fn paths_due(&self, now: Instant) -> Option<impl Iterator<Item = &Arc<str>>> {
        (self.due()? <= now).then(|| self.paths.keys())
    }

    /// Waits longer for those that look unfinished; tells whether that makes a difference.
    pub fn wait_for(&mut self, unfinished: BTreeSet<Arc<str>>, now: Instant) -> bool {
        self.unfinished = unfinished;
        self.due().is_some_and(|due| due > now)
    }

    /// Hands over the changes. Of those that have waited for the longest time, only files that are still; all, if none is.
    pub fn take(&mut self, now: Instant) -> BTreeSet<Arc<str>> {
        let still: BTreeSet<Arc<str>> = self.paths.keys().filter(|path| self.still_at(path) <= now).cloned().collect();
        let mut all = std::mem::take(self);
        if still.is_empty() || still.len() == all.paths.len() {
            return all.paths.into_keys().collect();
        }
        all.paths.retain(|path, _| !still.contains(path));
        *self = Settle { paths: all.paths, since: Some(now), unfinished: BTreeSet::new() };
        still
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, OPEN, QUIET, QUIET_OF_MANY, Settle, Told, UNFINISHED};
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_change_is_due_when_its_file_is_still() {
        let start = Instant::now();
        let mut settle = Settle::default();
        assert!(settle.paths_due(start + LONGEST).is_none());
        settle.note("a".into(), Told::Done, start);
        assert!(settle.paths_due(start).is_none());
        settle.note("a".into(), Told::Done, start + MS);
        assert_eq!(settle.due(), Some(start + MS + QUIET));
        assert!(settle.paths_due(start + MS + QUIET).is_some());
        assert_eq!(settle.take(start + MS + QUIET), BTreeSet::from([Arc::from("a")]));
        assert_eq!(settle.due(), None);
    }

    #[test]
    fn a_file_that_is_written_is_waited_for_until_it_is_closed() {
        let start = Instant::now();
        let mut settle = Settle::default();
        settle.note("a".into(), Told::Writing, start);
        assert_eq!(settle.due(), Some(start + OPEN));
        settle.note("a".into(), Told::Done, start + MS);
        assert_eq!(settle.due(), Some(start + MS + QUIET));
    }

    #[test]
    fn one_that_looks_unfinished_is_waited_for_longer_and_not_for_ever() {
        let start = Instant::now();
        let mut settle = Settle::default();
        settle.note("a".into(), Told::Done, start);
        assert!(settle.wait_for(BTreeSet::from(["a".into()]), start + QUIET));
        assert_eq!(settle.due(), Some(start + UNFINISHED));
        assert!(!settle.wait_for(BTreeSet::from(["a".into()]), start + UNFINISHED));
        settle.note("a".into(), Told::Done, start + UNFINISHED);
        assert_eq!(settle.due(), Some(start + UNFINISHED + QUIET));
    }

    #[test]
    fn many_files_are_taken_together_and_a_noisy_one_keeps_no_others_back() {
        let start = Instant::now();
        let mut settle = Settle::default();
        (0..100).for_each(|i| settle.note(format!("{i}").into(), Told::Done, start));
        assert_eq!(settle.due(), Some(start + QUIET_OF_MANY));
        settle.note("noisy".into(), Told::Writing, start + LONGEST);
        assert_eq!(settle.due(), Some(start + LONGEST));
        assert_eq!(settle.take(start + LONGEST).len(), 100);
        assert_eq!(settle.due(), Some(start + LONGEST + OPEN));
    }
}
