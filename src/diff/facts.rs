//! A role or composition on both sides in, its changed facts out: what its page says of it beside lists and prose.

use super::compare::{Side, Sides};
use super::effect::TextChange;
use super::through::Pair;
use crate::model::{Parent, ReportsTo, RoleId, Step};
use crate::parse::Grade;

/// Grades before and after.
pub type Grades = (Vec<i64>, Vec<i64>);

/// The facts that are compared, in the order in which they are told; the grade stands by itself.
const NAMES: [&str; 11] =
    ["title", "level", "grade_reason", "track", "track_title", "status", "replaced_by", "extends", "extends_any", "reports_to", "next"];
/// The place of the track among them.
const TRACK: usize = 3;

impl Sides<'_> {
    /// The grade before and after, where it changed, and the other facts that changed.
    pub fn facts(&self, pair: Pair) -> (Option<Grades>, Vec<TextChange>) {
        let (old, new) = (self.base.handbook.role_front(pair.base), self.head.handbook.role_front(pair.head));
        let grades = (old.grade.numbers(), new.grade.numbers());
        let was = self.told(&self.base, pair.base, pair.specialty.map(|s| s.0));
        let is = self.told(&self.head, pair.head, pair.specialty.map(|s| s.1));
        // Another track has another title, which goes without saying.
        let same_track = was[TRACK] == is[TRACK];
        let differ = NAMES.iter().zip(was.into_iter().zip(is)).filter(|(name, (a, b))| a != b && (same_track || **name != "track_title"));
        let facts = differ.map(|(name, (before, after))| TextChange { name: (*name).to_owned(), before, after, block: None }).collect();
        ((grades.0 != grades.1).then_some(grades), facts)
    }

    /// Whether a specialty says the same of the role to which it is added: its title, and whom one reports to.
    pub fn adds_the_same(&self, pair: Pair) -> bool {
        let Some((was, is)) = pair.specialty else { return true };
        let of = |side: &Side<'_>, role: RoleId, specialty: usize| {
            let family = side.handbook.roles[role].family;
            let to = side.handbook.families[family].specialties[specialty].reports_to.as_ref();
            (side.handbook.specialty_front(family, specialty).title.clone(), self.reports_to(side, to))
        };
        of(&self.base, pair.base, was) == of(&self.head, pair.head, is)
    }

    /// The facts of a role as texts, in the order of their names.
    fn told(&self, side: &Side<'_>, role: RoleId, specialty: Option<usize>) -> [String; NAMES.len()] {
        let handbook = side.handbook;
        let (front, data) = (handbook.role_front(role), &handbook.roles[role]);
        let family = &handbook.families[data.family];
        let id = |role: RoleId| self.role_id(side, role);
        let ids = |roles: &[RoleId]| roles.iter().map(|r| id(*r)).collect::<Vec<_>>().join(" or ");
        let parent = |parent: &Parent| match parent.limits(&handbook.config) {
            Some(limits) => format!("{} ({limits})", id(parent.role)),
            None => id(parent.role),
        };
        let step = |step: &Step| match step {
            Step::Role(role) => id(*role),
            Step::Family(family) => self.family_id(side, *family),
        };
        let steps = data.next.iter().map(step).chain(self.implied(side, role)).chain(family.ladder.iter().map(step));
        let of_specialty = specialty.and_then(|s| family.specialties[s].reports_to.as_ref());
        [
            specialty.map_or_else(|| front.title.clone(), |s| format!("{}, {}", front.title, handbook.specialty_front(data.family, s).title)),
            front.level.clone().unwrap_or_default(),
            if let Grade::None(why) = &front.grade { why.clone() } else { String::new() },
            handbook.track_id(role).to_owned(),
            handbook.front(data.family).tracks.get(front.track).map(|t| t.title.clone()).unwrap_or_default(),
            front.status.word().to_owned(),
            data.replaced_by.map(id).unwrap_or_default(),
            data.parents.iter().map(parent).collect::<Vec<_>>().join(", "),
            ids(&data.extends_any),
            self.reports_to(side, of_specialty.or(data.reports_to.as_ref())),
            steps.collect::<Vec<_>>().join(", "),
        ]
    }

    /// The roles that come next because they extend this one, as pages name them; in the order of their ids, since that of the
    /// files says nothing. Those of a file that cannot be read on the other side are neither gone nor new.
    fn implied(&self, side: &Side<'_>, role: RoleId) -> Vec<String> {
        let other = if self.is_base(side) { self.head.handbook } else { self.base.handbook };
        let is_unread = |role: RoleId| {
            let family = &side.handbook.families[side.handbook.roles[role].family].id;
            other.broken.iter().any(|(broken, _)| broken == family)
        };
        let written = &side.handbook.roles[role].next;
        let implied = side.handbook.next_of(role).into_iter().skip(written.len()).filter_map(|step| match step {
            Step::Role(role) => (!is_unread(role)).then(|| self.role_id(side, role)),
            Step::Family(_) => None,
        });
        let mut ids: Vec<String> = implied.collect();
        ids.sort_unstable();
        ids
    }

    /// The roles that come next on one side alone, since there they extend this one.
    pub fn other_steps(&self, pair: Pair) -> Vec<String> {
        let (was, is) = (self.implied(&self.base, pair.base), self.implied(&self.head, pair.head));
        let gone = was.iter().filter(|id| !is.contains(id));
        is.iter().filter(|id| !was.contains(id)).chain(gone).cloned().collect()
    }

    fn reports_to(&self, side: &Side<'_>, to: Option<&ReportsTo>) -> String {
        match to {
            Some(ReportsTo::Role(role)) => self.role_id(side, *role),
            Some(ReportsTo::Text(text)) => text.clone(),
            None => String::new(),
        }
    }

    /// The id of a role in the head's terms.
    fn role_id(&self, side: &Side<'_>, role: RoleId) -> String {
        if self.is_base(side) { self.identity.role_id(side.handbook, self.head.handbook, role) } else { side.handbook.role_id(role) }
    }

    /// The id of a family in the head's terms.
    fn family_id(&self, side: &Side<'_>, family: usize) -> String {
        let now = if self.is_base(side) { self.identity.families[family] } else { None };
        now.map_or(&side.handbook.families[family].id, |now| &self.head.handbook.families[now].id).clone()
    }
}
