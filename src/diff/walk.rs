//! A repository in, what changed in each role and when out: one pass over its commits, newest first.
//!
//! ```text
//! git log -> states (files, documents, effective roles after each commit) -> compare each with the one before -> record
//! ```
//!
//! A file is read and parsed once for as long as it stays the same, and of effective roles only those that an edit can
//! reach are resolved again. A commit that does not build is no state: what it did is told of the next one that does.

mod record;
mod sheets;
mod states;
mod telling;

use std::fmt;

use rayon::prelude::*;

use crate::git::{GitError, Repository, WHOLE_HISTORY};
use crate::history::History;
use crate::source::SourceTree;
use record::Record;
use states::{State, States};

/// So many commits are looked at together: enough to keep all cores busy, few enough to hold in memory.
const TOGETHER: usize = 256;

/// Why there is no history.
#[derive(Debug)]
pub enum Absent {
    /// The clone holds the newest commits only.
    Shallow,
    /// The site was never committed, or none of its commits builds.
    NoCommits,
    /// Git could not say.
    Git(GitError),
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pages have no history: ")?;
        match self {
            Absent::Shallow => write!(f, "this clone is shallow; {WHOLE_HISTORY}"),
            Absent::NoCommits => f.write_str("no commit holds a handbook that builds"),
            Absent::Git(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Absent {}

impl From<GitError> for Absent {
    fn from(error: GitError) -> Self {
        Absent::Git(error)
    }
}

/// The history of a site over its newest `most` commits. What was a draft is told of only with `drafts`.
pub fn history(tree: &SourceTree, most: usize, drafts: bool) -> Result<History, Absent> {
    let repository = Repository::of(&tree.root)?;
    if repository.is_shallow() {
        return Err(Absent::Shallow);
    }
    let Ok(head) = repository.commit("HEAD") else { return Err(Absent::NoCommits) };
    let mut states = States::begin(&repository, tree, &head, most)?;
    let mut record = Record::default();
    let mut newer: Option<State> = None;
    let mut found = states.next(TOGETHER, None)?;
    while let Some(group) = found {
        let chain: Vec<&State> = newer.iter().chain(&group).collect();
        if newer.is_none()
            && let Some(newest) = group.first()
        {
            record.begin(newest);
        }
        // One state needs the one after it, but comparing them does not: the next ones are made meanwhile.
        let compare = || chain.par_windows(2).map(|pair| telling::between(pair[1], pair[0], drafts)).collect::<Vec<_>>();
        let (told, following) = rayon::join(compare, || states.next(TOGETHER, chain.last().copied()));
        told.into_iter().zip(chain.windows(2)).for_each(|(told, pair)| record.note(told, pair[1], pair[0]));
        newer = group.into_iter().last().or(newer);
        found = following?;
    }
    record.finish(newer.as_ref()).ok_or(Absent::NoCommits)
}
