//! Changes as they are told in, and out again when the files are still. A pure account of time: nothing is read here.
//!
//! Where the system tells that a file was closed (Linux), a file that is being written is waited for until then. One that was
//! found to have changed by looking must look the same a moment later.

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
/// How long a file that was found to have changed must look the same. A writer may pause between two pieces, and nobody
/// tells that it is done.
const LOOKED: Duration = Duration::from_millis(100);
/// How long a file that looks unfinished is waited for.
const UNFINISHED: Duration = Duration::from_millis(150);
/// The longest that files which are still are kept back, however much else goes on.
const LONGEST: Duration = Duration::from_secs(3);
/// The longest that a file is kept back which is never still, such as one that is written to without end.
const ENDLESS: Duration = Duration::from_secs(30);

/// What is known of a path that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Someone has it open and writes.
    Writing,
    /// It was closed, moved or removed.
    Done,
    /// It was found to have changed; whether anybody is still at work on it is not known.
    Found,
}

/// What is known of a change.
#[derive(Debug)]
struct Change {
    first: Instant,
    last: Instant,
    told: Told,
    looks_unfinished: bool,
}

/// Changes that wait for their files to be still.
#[derive(Debug, Default)]
pub struct Settle {
    paths: BTreeMap<Arc<str>, Change>,
    since: Option<Instant>,
}

impl Settle {
    /// Notes that something is known of a path. What the system tells counts for more than what was found by looking: it
    /// knows whether the file is still open.
    pub fn note(&mut self, path: Arc<str>, told: Told, now: Instant) {
        self.since.get_or_insert(now);
        let change = self.paths.entry(path).or_insert(Change { first: now, last: now, told, looks_unfinished: false });
        if told == Told::Found && change.told != Told::Found {
            return;
        }
        *change = Change { first: change.first, last: now, told, looks_unfinished: false };
    }

    /// When the changes may be looked at; never while there are none. All of them when all are still; when the longest time
    /// is over, those that are.
    pub fn due(&self) -> Option<Instant> {
        let all = self.paths.values().map(|change| self.still_at(change)).max()?;
        let first = self.paths.values().map(|change| self.still_at(change)).min()?;
        Some(all.min(first.max(self.since? + LONGEST)))
    }

    /// When a file counts as still, if nothing more is told of it.
    fn still_at(&self, change: &Change) -> Instant {
        let quiet = if self.paths.len() > MANY { QUIET_OF_MANY.max(QUIET) } else { QUIET };
        let wait = match change.told {
            Told::Writing => OPEN,
            Told::Done => quiet,
            Told::Found => LOOKED,
        };
        let wait = if change.looks_unfinished { wait.max(UNFINISHED) } else { wait };
        (change.last + wait).min(change.first + ENDLESS)
    }

    /// The paths that have changed, if it is time for them, and what is known of each.
    pub fn paths_due(&self, now: Instant) -> Option<impl Iterator<Item = (&Arc<str>, Told)>> {
        (self.due()? <= now).then(|| self.still(now))
    }

    fn still(&self, now: Instant) -> impl Iterator<Item = (&Arc<str>, Told)> {
        self.paths.iter().filter(move |(_, change)| self.still_at(change) <= now).map(|(path, change)| (path, change.told))
    }

    /// Waits longer for those that look unfinished; tells whether that makes a difference.
    pub fn wait_for(&mut self, unfinished: &BTreeSet<Arc<str>>, now: Instant) -> bool {
        for path in unfinished {
            if let Some(change) = self.paths.get_mut(path) {
                change.looks_unfinished = true;
            }
        }
        self.due().is_some_and(|due| due > now)
    }

    /// Hands over the changes of files that are still.
    pub fn take(&mut self, now: Instant) -> BTreeSet<Arc<str>> {
        let still: BTreeSet<Arc<str>> = self.still(now).map(|(path, _)| Arc::clone(path)).collect();
        self.paths.retain(|path, _| !still.contains(path));
        self.since = (!self.paths.is_empty()).then_some(now);
        still
    }
}

#[cfg(test)]
mod tests {
    use super::{ENDLESS, LONGEST, LOOKED, OPEN, QUIET, QUIET_OF_MANY, Settle, Told, UNFINISHED};
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
        settle.note("a".into(), Told::Found, start + MS);
        assert_eq!(settle.due(), Some(start + OPEN), "a look does not know better than the system");
        settle.note("a".into(), Told::Done, start + MS);
        assert_eq!(settle.due(), Some(start + MS + QUIET));
    }

    #[test]
    fn one_that_is_written_for_long_is_waited_for_and_not_for_ever() {
        let start = Instant::now();
        let mut settle = Settle::default();
        let mut now = start;
        while now < start + ENDLESS {
            settle.note("a".into(), Told::Writing, now);
            assert!(settle.due().is_some_and(|due| due > now), "{:?}", now - start);
            now += OPEN / 2;
        }
        assert_eq!(settle.due(), Some(start + ENDLESS));
        assert_eq!(settle.take(start + ENDLESS).len(), 1);
    }

    #[test]
    fn one_that_was_found_to_have_changed_must_look_the_same_again() {
        let start = Instant::now();
        let mut settle = Settle::default();
        settle.note("a".into(), Told::Found, start);
        settle.note("a".into(), Told::Found, start + LOOKED);
        assert_eq!(settle.due(), Some(start + LOOKED + LOOKED));
        settle.note("a".into(), Told::Writing, start + LOOKED);
        assert_eq!(settle.due(), Some(start + LOOKED + OPEN));
    }

    #[test]
    fn one_that_looks_unfinished_is_waited_for_longer_and_not_for_ever() {
        let start = Instant::now();
        let mut settle = Settle::default();
        settle.note("a".into(), Told::Done, start);
        let unfinished = BTreeSet::from(["a".into()]);
        assert!(settle.wait_for(&unfinished, start + QUIET));
        assert_eq!(settle.due(), Some(start + UNFINISHED));
        assert!(!settle.wait_for(&unfinished, start + UNFINISHED));
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
