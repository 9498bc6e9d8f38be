//! A role in, where one can go from it out: what it names, who extends it, and what comes after its family; and whom the
//! list of the family has after it where nobody says more.

use std::collections::{HashMap, HashSet};

use super::{Handbook, RoleId, Step};
use crate::parse::Status;

/// How it is known that one can go somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The role names it as `next`, or it extends the role.
    Written,
    /// It comes after the family, by its `ladder`, and the role is one of the last in it.
    Ladder,
    /// The family lists it as the next level, and nobody says more: a neighbour to compare, not a step that is written down.
    Listed,
}

impl Handbook {
    /// Where one can go from a role, and how that is known.
    pub fn ways_from(&self, role: RoleId) -> Vec<(Step, Way)> {
        let written = self.next_of(role);
        let ladder: &[Step] = if self.is_last(role, &written) { &self.families[self.roles[role].family].ladder } else { &[] };
        let new = ladder.iter().filter(|step| **step != Step::Role(role) && !written.contains(step));
        let new: Vec<(Step, Way)> = new.map(|step| (*step, Way::Ladder)).collect();
        let listed = self.listed_after[role].map(|next| (Step::Role(next), Way::Listed));
        written.into_iter().map(|step| (step, Way::Written)).chain(new).chain(listed).collect()
    }

    /// The roles to which steps lead that are written down.
    pub fn goals_of(&self, role: RoleId) -> Vec<RoleId> {
        let mut goals: Vec<RoleId> = Vec::new();
        for goal in self.ways_from(role).into_iter().filter(|(_, way)| *way != Way::Listed).filter_map(|(step, _)| self.goal(step)) {
            if goal != role && !goals.contains(&goal) {
                goals.push(goal);
            }
        }
        goals
    }

    /// The role to which a step leads; of a family, the first in force.
    pub fn goal(&self, step: Step) -> Option<RoleId> {
        match step {
            Step::Role(role) => Some(role),
            Step::Family(family) => self.roles_of(family).find(|r| self.role_front(*r).status == Status::Active),
        }
    }

    /// Whether no other role of its family comes after a role, which says nothing of what does.
    fn is_last(&self, role: RoleId, written: &[Step]) -> bool {
        let family = self.roles[role].family;
        let goes_on = |step: &Step| matches!(step, Step::Role(to) if self.roles[*to].family == family);
        let active = self.role_front(role).status != Status::Deprecated;
        active && self.roles[role].next.is_empty() && self.listed_after[role].is_none() && !written.iter().any(goes_on)
    }
}

/// Finds for each role the one that its family lists after it on the same track, where neither `extends` nor `next` says
/// what comes after the one or before the other, and no grade speaks against it.
pub(super) fn follow_lists(handbook: &mut Handbook) {
    handbook.listed_after = vec![None; handbook.roles.len()];
    for family in 0..handbook.families.len() {
        for (before, role) in neighbours(handbook, family) {
            handbook.listed_after[before] = Some(role);
        }
    }
}

fn neighbours(handbook: &Handbook, family: usize) -> Vec<(RoleId, RoleId)> {
    let roles = || handbook.roles_of(family);
    let own = |role: RoleId| handbook.roles[role].family == family;
    let named: HashSet<&Step> = roles().flat_map(|r| &handbook.roles[r].next).collect();
    // The last role so far of each track.
    let mut last: HashMap<usize, RoleId> = HashMap::new();
    let active = roles().filter(|r| handbook.role_front(*r).status == Status::Active);
    let pairs = active.filter_map(|role| Some((last.insert(handbook.role_front(role).track, role)?, role)));
    pairs
        .filter(|(before, role)| {
            let (data, of_before) = (&handbook.roles[*role], &handbook.roles[*before]);
            let (front, front_before) = (handbook.role_front(*role), handbook.role_front(*before));
            let comes_from = data.unresolved || data.parents.iter().map(|p| p.role).chain(data.extends_any.iter().copied()).any(own);
            let leads_on = !of_before.next.is_empty()
                || handbook.children[*before].iter().any(|c| own(*c) && handbook.role_front(*c).track == front_before.track);
            let (grade, grade_before) = (front.grade.numbers(), front_before.grade.numbers());
            let may_follow = grade.is_empty() || grade_before.is_empty() || grade > grade_before;
            may_follow && !comes_from && !leads_on && !named.contains(&Step::Role(*role))
        })
        .collect()
}
