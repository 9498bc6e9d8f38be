//! Two states in, what changed in each role from one to the other out, in the form of the history.

use std::collections::HashSet;

use super::states::State;
use crate::diff::compare::{RoleTold, Side, Sides};
use crate::diff::effect::{Change as RoleChanged, ItemChange, Kind as ItemKind, RoleChange, TextChange, Wording};
use crate::diff::identity::Identity;
use crate::diff::words::{Mark, short_pieces};
use crate::history::{Change, Fact, Kind, MOST_CHARACTERS, MOST_SOURCES, Source, SourceKind, Words};
use crate::markdown::Definitions;
use crate::model::{Handbook, ReportsTo, RoleId, Step};
use crate::parse::{DocumentKind, Status};

/// What changed from one state to the next.
#[derive(Debug)]
pub struct Told {
    /// Of the roles before, which each is after; none where all have the same numbers.
    pub identity: Option<Vec<Option<RoleId>>>,
    /// What changed, in the order of the handbook; what is gone comes last.
    pub roles: Vec<Changed>,
}

/// What changed in one role.
#[derive(Debug)]
pub struct Changed {
    /// The role before; none for a new one.
    pub base: Option<RoleId>,
    /// The role after; none for one that is gone.
    pub head: Option<RoleId>,
    /// The nodes whose edit brought it about.
    pub through: Vec<Source>,
    /// What changed.
    pub changes: Vec<Change>,
}

/// What changed from `older` to `newer`, of which the older was made beside the newer one.
pub fn between(older: &State, newer: &State, drafts: bool) -> Told {
    let [base, head] = [older, newer].map(|state| Side { handbook: &state.handbook, resolution: &state.resolution });
    let (sides, told, identity) = match &older.affected {
        Some(affected) => {
            let sides = Sides::alike(base, head);
            let wanted = (0..base.handbook.roles.len()).filter(|role| affected.families[base.handbook.roles[*role].family]);
            let told = sides.told_of(wanted);
            (sides, told, None)
        }
        None => {
            let sides = Sides::with(base, head, Identity::with_moves(base, head, older.moved.clone()));
            let mut told = sides.told_of(0..base.handbook.roles.len());
            told.extend(sides.told_new());
            add_other_parents(&sides, &mut told);
            told.sort_by_key(|told| (told.head.unwrap_or(usize::MAX), told.base));
            let identity = sides.identity.roles.clone();
            (sides, told, Some(identity))
        }
    };
    let roles = told.into_iter().filter_map(|told| changed(&sides, told, drafts)).collect();
    Told { identity, roles }
}

/// Adds the roles that extend others than before and read the same.
fn add_other_parents(sides: &Sides<'_>, told: &mut Vec<RoleTold>) {
    let known: HashSet<Option<RoleId>> = told.iter().map(|told| told.base).collect();
    let roles = sides.identity.roles.iter().enumerate().filter_map(|(base, head)| Some((base, (*head)?)));
    for (base, head) in roles.filter(|(base, _)| !known.contains(&Some(*base))) {
        let is_resolved = |side: &Side<'_>, role: RoleId| !side.resolution.roles[role].incomplete && !side.resolution.roles[role].skipped;
        if is_resolved(&sides.base, base) && is_resolved(&sides.head, head) && parents_differ(sides, base, head) {
            told.push(RoleTold { base: Some(base), head: Some(head), change: sides.bare(sides.head.handbook, head, None, RoleChanged::Changed) });
        }
    }
}

fn parents_differ(sides: &Sides<'_>, base: RoleId, head: RoleId) -> bool {
    let (before, after) = (sides.base.handbook, sides.head.handbook);
    let (was, is) = (&before.roles[base].parents, &after.roles[head].parents);
    let section = |handbook: &Handbook, number: usize| handbook.config.sections[number].id.clone();
    let limits =
        |handbook: &Handbook, only: &Option<Vec<usize>>| only.as_ref().map(|only| only.iter().map(|s| section(handbook, *s)).collect::<Vec<_>>());
    let same = |(old, new): (&crate::model::Parent, &crate::model::Parent)| {
        sides.identity.roles[old.role] == Some(new.role) && limits(before, &old.only) == limits(after, &new.only)
    };
    was.len() != is.len() || !was.iter().zip(is).all(same)
}

/// What is told of a role; none where readers see nothing of it.
fn changed(sides: &Sides<'_>, told: RoleTold, drafts: bool) -> Option<Changed> {
    let RoleTold { base, head, change } = told;
    let hidden = |side: &Side<'_>, role: Option<RoleId>| !drafts && role.is_some_and(|r| side.handbook.role_front(r).status == Status::Draft);
    let (was_hidden, is_hidden) = (hidden(&sides.base, base), hidden(&sides.head, head));
    let whole = |change: Change| Some(Changed { base, head, through: Vec::new(), changes: vec![change] });
    match (base, head) {
        _ if is_hidden => None,
        (None, _) => whole(Change::New),
        // For readers it comes into being when it is no draft any more.
        (Some(_), Some(_)) if was_hidden => whole(Change::New),
        (Some(_), None) => {
            if was_hidden {
                None
            } else {
                whole(Change::Gone)
            }
        }
        (Some(was), Some(is)) => {
            let changes = changes(sides, was, is, &change);
            let through = change.through.iter().take(MOST_SOURCES).map(|id| source(sides, id)).collect();
            (!changes.is_empty()).then_some(Changed { base, head, through, changes })
        }
    }
}

fn changes(sides: &Sides<'_>, base: RoleId, head: RoleId, change: &RoleChange) -> Vec<Change> {
    let RoleChange { id: _, was, title: _, family: _, is_composition: _, change: _, through: _, grade, facts, sections, prose, page: _ } = change;
    let mut out: Vec<Change> = was.iter().map(|was| Change::Renamed { was: was.clone() }).collect();
    let (before, after) = (sides.base.handbook, sides.head.handbook);
    let numbers = |grades: &[i64]| grades.iter().map(i64::to_string).collect();
    out.extend(grade.iter().map(|(was, is)| Change::Fact { fact: Fact::Grade, before: numbers(was), after: numbers(is) }));
    for changed in facts {
        let fact = FACTS.iter().find(|(name, _)| *name == changed.name).map(|(_, fact)| *fact);
        out.extend(fact.map(|fact| Change::Fact { fact, before: fact_of(before, base, fact), after: fact_of(after, head, fact) }));
    }
    if parents_differ(sides, base, head) {
        let fact = Fact::Extends;
        out.push(Change::Fact { fact, before: fact_of(before, base, fact), after: fact_of(after, head, fact) });
    }
    for section in sections {
        out.extend(section.items.iter().filter_map(|item| of_item(&section.title, item)));
    }
    out.extend(prose.iter().map(of_prose));
    out
}

/// Changed prose: a paragraph within a list is new below the list's heading, so its words are told.
fn of_prose(change: &TextChange) -> Change {
    let TextChange { name, before, after, block } = change;
    let kind = match (before.is_empty(), after.is_empty()) {
        (true, _) => Kind::New,
        (_, true) => Kind::Gone,
        _ => Kind::Reworded,
    };
    let heading = name.clone();
    if block.is_some() {
        return Change::Prose { heading, kind, before: None, after: None };
    }
    let text = |markdown: &str| crate::markdown::item::text(markdown, false, &Definitions::default());
    let pieces = short_pieces(&text(before), &text(after));
    let of = |mark: Mark| pieces.iter().filter(|p| p.mark == Mark::Same || p.mark == mark).map(|p| p.text.as_str()).collect::<String>();
    let words = |mark: Mark| Some(of(mark)).filter(|text| !text.is_empty()).map(|text| Words { label: None, text: cut(&text) });
    Change::Prose { heading, kind, before: words(Mark::Gone), after: words(Mark::New) }
}

/// The facts by the names that a diff has for them.
const FACTS: [(&str, Fact); 6] = [
    ("title", Fact::Title),
    ("level", Fact::Level),
    ("track", Fact::Track),
    ("status", Fact::Status),
    ("reports_to", Fact::ReportsTo),
    ("next", Fact::Next),
];

/// A fact as people call it.
fn fact_of(handbook: &Handbook, role: RoleId, fact: Fact) -> Vec<String> {
    let front = handbook.role_front(role);
    let data = &handbook.roles[role];
    let title = |role: RoleId| handbook.role_front(role).title.clone();
    let family = &handbook.families[data.family];
    match fact {
        Fact::Title => vec![front.title.clone()],
        Fact::Grade => front.grade.numbers().iter().map(i64::to_string).collect(),
        Fact::Level => front.level.iter().cloned().collect(),
        Fact::Track => handbook.front(data.family).tracks.get(front.track).map(|track| track.title.clone()).into_iter().collect(),
        Fact::Status => vec![front.status.word().to_owned()],
        Fact::Extends => data
            .parents
            .iter()
            .map(|parent| match parent.limits(&handbook.config) {
                Some(sections) => format!("{} ({sections})", title(parent.role)),
                None => title(parent.role),
            })
            .collect(),
        Fact::ReportsTo => data
            .reports_to
            .iter()
            .map(|to| match to {
                ReportsTo::Role(role) => title(*role),
                ReportsTo::Text(text) => text.clone(),
            })
            .collect(),
        Fact::Next => handbook
            .next_of(role)
            .iter()
            .chain(&family.ladder)
            .map(|step| match step {
                Step::Role(role) => title(*role),
                Step::Family(family) => handbook.front(*family).title.clone(),
            })
            .collect(),
    }
}

/// A changed item; none where it reads the same: it was moved, or other marks stand around the same words.
fn of_item(section: &str, item: &ItemChange) -> Option<Change> {
    let ItemChange { kind, class: _, before, after, other_section: _, through: _ } = item;
    let whole = |wording: &Option<Wording>| wording.as_ref().map(Wording::whole);
    let kind = match kind {
        ItemKind::Added => Kind::New,
        ItemKind::Removed => Kind::Gone,
        ItemKind::Replaced if whole(before) != whole(after) => Kind::Replaced,
        ItemKind::Reworded if whole(before) != whole(after) => Kind::Reworded,
        ItemKind::Replaced | ItemKind::Reworded | ItemKind::Moved => return None,
    };
    Some(Change::Item { section: section.to_owned(), kind, before: before.as_ref().map(words), after: after.as_ref().map(words) })
}

fn words(wording: &Wording) -> Words {
    Words { label: wording.label.clone(), text: cut(&wording.text) }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}\u{2026}", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// A node by its id: as it is after the change, else as it was.
fn source(sides: &Sides<'_>, id: &str) -> Source {
    let found = [sides.head.handbook, sides.base.handbook].into_iter().find_map(|handbook| source_in(handbook, id));
    found.unwrap_or_else(|| Source { id: id.to_owned(), title: id.to_owned(), kind: SourceKind::Other })
}

fn source_in(handbook: &Handbook, id: &str) -> Option<Source> {
    let family = |id: &str| handbook.families.iter().position(|family| family.id == id).map(|number| handbook.front(number));
    let named = |title: &str, kind: SourceKind| Source { id: id.to_owned(), title: title.to_owned(), kind };
    if let Some(name) = id.strip_prefix("_shared/") {
        let document = &handbook.documents[handbook.ids.iter().position(|known| known == id)?];
        let title = if let DocumentKind::Block(front) = &document.kind { front.title.clone() } else { None };
        return Some(named(&title.unwrap_or_else(|| name.replace('-', " ")), SourceKind::Other));
    }
    if let Some((of, track)) = id.split_once('#') {
        let front = family(of)?;
        let track = front.tracks.iter().find(|t| t.id == track)?;
        return Some(named(&format!("{}, {}", front.title, track.title), SourceKind::Other));
    }
    if let Some((of, specialty)) = id.split_once('+') {
        return Some(named(&family(of)?.specialties.iter().find(|s| s.id == specialty)?.title, SourceKind::Other));
    }
    if let Some(front) = family(id) {
        return Some(named(&front.title, SourceKind::Family));
    }
    let (of, role) = id.rsplit_once('/')?;
    Some(named(&family(of)?.roles.iter().find(|r| r.id == role)?.title, SourceKind::Role))
}
