//! What changed between states in, newest first, the history out: by role, whatever each was called, and by commit.

use std::collections::HashMap;
use std::sync::Arc;

use super::states::State;
use super::telling::{Changed, Told};
use crate::history::{Change, Edit, Entry, History, MOST_ENTRIES, MOST_LINES, MOST_LINES_IN_ALL, MOST_MOMENTS, MOST_ROLES, Moment, RoleHistory};
use crate::model::{Handbook, RoleId};

/// The history, as far as it is told.
#[derive(Debug, Default)]
pub struct Record {
    history: History,
    /// The roles of the state that was looked at last, by their numbers in the history.
    numbers: Vec<usize>,
    /// How many lines the moments have.
    lines: usize,
}

impl Record {
    /// Begins with the newest state.
    pub fn begin(&mut self, newest: &State) {
        let handbook = &newest.handbook;
        self.numbers = (0..handbook.roles.len()).map(|role| self.add(handbook, role)).collect();
        self.history.now = self.numbers.iter().map(|number| (self.history.roles[*number].id.clone(), *number)).collect();
    }

    fn add(&mut self, handbook: &Handbook, role: RoleId) -> usize {
        let title = handbook.role_front(role).title.clone();
        self.history.roles.push(RoleHistory { id: handbook.role_id(role), title, entries: Vec::new(), more: false, is_oldest: false });
        self.history.roles.len() - 1
    }

    /// Notes what changed from a state to the one after it, which was looked at last.
    pub fn note(&mut self, told: Told, older: &State, newer: &State) {
        let after = std::mem::take(&mut self.numbers);
        let mut before = Vec::new();
        match told.identity {
            None => before.clone_from(&after),
            Some(identity) => {
                for (role, now) in identity.into_iter().enumerate() {
                    let number = now.map_or_else(|| self.add(&older.handbook, role), |now| after[now]);
                    before.push(number);
                }
            }
        }
        let mut lines = Lines::default();
        for Changed { base, head, through, changes } in told.roles {
            let Some(number) = head.map(|head| after[head]).or_else(|| base.map(|base| before[base])) else { continue };
            let changes: Vec<Arc<Change>> = changes.into_iter().map(|change| lines.line(change, number)).collect();
            let entries = &mut self.history.roles[number];
            if entries.entries.len() == MOST_ENTRIES {
                entries.more = true;
                continue;
            }
            let more = changes.len().saturating_sub(MOST_LINES);
            let changes = changes.into_iter().take(MOST_LINES).collect();
            entries.entries.push(Entry { commit: Arc::clone(&newer.commit), time: newer.time, through, changes, more });
        }
        self.add_moment(newer, lines);
        self.numbers = before;
    }

    fn add_moment(&mut self, state: &State, lines: Lines) {
        if lines.edits.is_empty() {
            return;
        }
        if self.history.moments.len() == MOST_MOMENTS || self.lines >= MOST_LINES_IN_ALL {
            self.history.more = true;
            return;
        }
        let more = lines.edits.len().saturating_sub(MOST_LINES);
        let edits: Vec<Edit> = lines.edits.into_iter().take(MOST_LINES).collect();
        self.lines += edits.len();
        self.history.moments.push(Moment { commit: Arc::clone(&state.commit), time: state.time, edits, more });
    }

    /// The history; none where there was no state.
    pub fn finish(mut self, oldest: Option<&State>) -> Option<History> {
        self.history.since = oldest?.time;
        self.numbers.iter().for_each(|number| self.history.roles[*number].is_oldest = true);
        Some(self.history)
    }
}

/// The changed lines of one commit, each with the roles that it reached.
#[derive(Debug, Default)]
struct Lines {
    edits: Vec<Edit>,
    known: HashMap<Arc<Change>, usize>,
}

impl Lines {
    /// Notes a changed line of a role; gives the one that all roles with it share.
    fn line(&mut self, change: Change, role: usize) -> Arc<Change> {
        let change = Arc::new(change);
        // Roles of one family have new addresses for one reason.
        let shared = match &*change {
            Change::Renamed { .. } => Arc::new(Change::Renamed { was: String::new() }),
            _ => Arc::clone(&change),
        };
        let at = *self.known.entry(Arc::clone(&shared)).or_insert_with(|| {
            self.edits.push(Edit { change: shared, roles: Vec::new(), more: 0 });
            self.edits.len() - 1
        });
        let edit = &mut self.edits[at];
        if edit.roles.len() < MOST_ROLES {
            edit.roles.push(role)
        } else {
            edit.more += 1
        }
        if matches!(*change, Change::Renamed { .. }) { change } else { Arc::clone(&edit.change) }
    }
}
