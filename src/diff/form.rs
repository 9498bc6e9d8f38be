//! What a change does, in words: the parts that all forms share, and one file a form.

pub mod html;
pub mod json;
pub mod markdown;
pub mod terminal;

use std::collections::HashMap;

use super::addresses::{DeadAddress, Remedy};
use super::classify::Class;
use super::effect::{Change, Diff, ItemChange, Kind, Owner, RoleChange, SectionChange, TextChange, Wording};
use super::words::{Mark, pieces};
use crate::resolve::MAX_SPECIALTIES as MOST_SPECIALTIES;

/// One edit with every role that it reaches: what readers look at once, however many roles inherit it.
#[derive(Debug)]
pub struct Edit<'d> {
    /// Where, seen from the first role.
    pub section: &'d SectionChange,
    /// What.
    pub item: &'d ItemChange,
    /// The roles and compositions that it reaches, in the order of the handbook.
    pub roles: Vec<&'d RoleChange>,
    /// Where its words stand, which may be several places: `Senior Backend Engineer, content/engineering/backend.md:60`.
    pub places: Vec<String>,
}

/// The edits of a change, the weightiest first, then in the order of the handbook.
pub fn edits(diff: &Diff) -> Vec<Edit<'_>> {
    let mut all: Vec<Edit<'_>> = Vec::new();
    let mut known: HashMap<(&str, Kind, Class, &str, &str), usize> = HashMap::new();
    for role in &diff.roles {
        for (section, item) in role.items() {
            let before = item.before.as_ref().map_or("", |w| w.markdown.as_str());
            let after = item.after.as_ref().map_or("", |w| w.markdown.as_str());
            let at = *known.entry((&section.id, item.kind, item.class, before, after)).or_insert_with(|| {
                all.push(Edit { section, item, roles: Vec::new(), places: Vec::new() });
                all.len() - 1
            });
            all[at].roles.push(role);
            // Where the words stand that count.
            let place = item.after.as_ref().or(item.before.as_ref()).map(|w| format!("{}, {}:{}", w.node_name, w.file, w.line)).unwrap_or_default();
            if !all[at].places.contains(&place) {
                all[at].places.push(place);
            }
        }
    }
    all.sort_by_key(|edit| std::cmp::Reverse(edit.item.class));
    all
}

impl Edit<'_> {
    /// The places in a sentence, no more than `most` of them.
    pub fn place(&self, most: usize) -> String {
        let shown: Vec<&str> = self.places.iter().take(most).map(String::as_str).collect();
        let more = if self.places.len() > most { format!(", and {} more", self.places.len() - most) } else { String::new() };
        shown.join("; ") + &more
    }

    /// `moved here from Requirements`, for an item that changed its section.
    pub fn note(&self) -> Option<String> {
        let other = self.item.other_section.as_ref()?.replace('-', " ");
        Some(if self.item.kind == Kind::Added { format!("it was in {other}") } else { format!("it is in {other} now") })
    }

    /// `3 roles: a, b, c; and 16 compositions`: how far it reaches, names as `named` writes them.
    pub fn reach(&self, named: &dyn Fn(&[&RoleChange]) -> String) -> String {
        reach(&self.roles, named)
    }
}

/// How far something reaches, names as `named` writes them.
pub fn reach(roles: &[&RoleChange], named: &dyn Fn(&[&RoleChange]) -> String) -> String {
    let (composed, alone): (Vec<&RoleChange>, Vec<&RoleChange>) = roles.iter().copied().partition(|r| r.is_composition);
    let compositions = count(composed.len(), "composition", "compositions");
    match (alone.len(), composed.len()) {
        (0, _) => format!("{compositions}: {}", named(&composed)),
        (n, 0) => format!("{}: {}", count(n, "role", "roles"), named(&alone)),
        (n, _) => format!("{}: {}; and {compositions}", count(n, "role", "roles"), named(&alone)),
    }
}

/// Changed prose with every role that shows it.
#[derive(Debug)]
pub struct ProseEdit<'d> {
    /// What.
    pub change: &'d TextChange,
    /// The roles and compositions that show it, in the order of the handbook.
    pub roles: Vec<&'d RoleChange>,
}

/// Changed prose, each once, in the order of the handbook. Of a shared block, and of a role's prose in its compositions, the words that
/// changed count alone: what stands around them differs by the variables of the block, and by what the specialty says besides.
pub fn prose_edits(diff: &Diff) -> Vec<ProseEdit<'_>> {
    let mut all: Vec<ProseEdit<'_>> = Vec::new();
    let mut known: HashMap<(&str, &str, String), usize> = HashMap::new();
    for (role, change) in diff.roles.iter().flat_map(|role| role.prose.iter().map(move |change| (role, change))) {
        let keys = match &change.block {
            Some(block) => vec![("", block.as_str(), changed_words(change))],
            None => {
                let of_role = role.id.split('+').next().unwrap_or(&role.id);
                vec![
                    ("", change.name.as_str(), format!("{}\n{}", change.before, change.after)),
                    (of_role, change.name.as_str(), changed_words(change)),
                ]
            }
        };
        let at = keys.iter().find_map(|key| known.get(key)).copied().unwrap_or_else(|| {
            all.push(ProseEdit { change, roles: Vec::new() });
            all.len() - 1
        });
        // What two specialties of a role say is two edits, though the same words changed in both.
        for key in keys.into_iter().filter(|(of_role, ..)| of_role.is_empty() || !role.is_composition) {
            known.entry(key).or_insert(at);
        }
        all[at].roles.push(role);
    }
    all
}

fn changed_words(change: &TextChange) -> String {
    let marked = pieces(&change.before, &change.after).into_iter().filter(|piece| piece.mark != Mark::Same);
    marked.map(|piece| format!("{:?} {}\n", piece.mark, piece.text)).collect()
}

/// A role in the table of roles.
#[derive(Debug, Clone, Copy)]
pub struct Row<'d> {
    /// The role or composition.
    pub role: &'d RoleChange,
    /// How many compositions of the role change as it does, and have no row of their own.
    pub compositions: usize,
}

/// The rows of the table of roles: a composition that changes just as its role does is counted there.
pub fn rows(diff: &Diff) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for role in &diff.roles {
        let known = rows.iter_mut().rev().take(MOST_SPECIALTIES).find(|row| role.is_composition && changes_alike(row.role, role));
        match known {
            Some(row) => row.compositions += 1,
            None => rows.push(Row { role, compositions: 0 }),
        }
    }
    rows
}

/// Rows for a table, and how many roles and compositions are left out of it, since nothing of them changes but prose that is
/// shown below it anyway: an edit of a shared block would fill the table with rows that say the same.
pub fn table(diff: &Diff) -> (Vec<Row<'_>>, usize) {
    let only_prose = |role: &RoleChange| role.change == Change::Changed && role.grade.is_none() && role.facts.is_empty() && role.sections.is_empty();
    let (left_out, shown): (Vec<Row<'_>>, Vec<Row<'_>>) = rows(diff).into_iter().partition(|row| only_prose(row.role));
    if left_out.len() <= FEW {
        return (rows(diff), 0);
    }
    (shown, left_out.iter().map(|row| 1 + row.compositions).sum())
}

/// Rows with those that say the same of the same edits, where these are many: an edit of a base block reaches hundreds.
pub fn together<'d>(rows: &[Row<'d>]) -> Vec<Vec<Row<'d>>> {
    let mut groups: Vec<Vec<Row<'d>>> = Vec::new();
    let mut known: HashMap<_, usize> = HashMap::new();
    for row in rows {
        let markdown = |w: &'d Option<Wording>| w.as_ref().map(|w| w.markdown.as_str());
        let edits = row.role.items().map(|(section, item)| (section.id.as_str(), item.kind, markdown(&item.before), markdown(&item.after)));
        let key = (effect(row.role), brief(row.role), row.role.through.as_slice(), edits.collect::<Vec<_>>());
        let at = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(*row),
            None => groups.push(vec![*row]),
        }
    }
    let apart = |group: Vec<Row<'d>>| if group.len() > FEW { vec![group] } else { group.into_iter().map(|row| vec![row]).collect() };
    let mut groups: Vec<Vec<Row<'d>>> = groups.into_iter().flat_map(apart).collect();
    let places: HashMap<&str, usize> = rows.iter().enumerate().map(|(place, row)| (row.role.id.as_str(), place)).collect();
    groups.sort_by_key(|group| places[group[0].role.id.as_str()]);
    groups
}

/// So many rows of which only prose changes are shown all the same, and so many that say the same.
const FEW: usize = 5;

/// What is said of the roles that are left out of the table.
pub fn left_out(n: usize) -> String {
    format!("Of {} nothing changes but the prose below.", count(n, "more role or composition", "more roles and compositions"))
}

/// Whether a composition changes just as the role does: the same edits, facts and prose.
fn changes_alike(role: &RoleChange, composition: &RoleChange) -> bool {
    let of_role = composition.id.strip_prefix(role.id.as_str()).is_some_and(|rest| rest.starts_with('+'));
    let specialty = |id: &str| id.split_once('+').map(|(_, specialty)| specialty.to_owned());
    let was_of_role = match (&role.was, &composition.was) {
        (Some(_), Some(was)) => specialty(was) == specialty(&composition.id),
        (was, other) => was.is_none() == other.is_none(),
    };
    let items = |role: &'_ RoleChange| {
        let told = |(section, item): (&SectionChange, &ItemChange)| {
            let markdown = |w: &Option<Wording>| w.as_ref().map(|w| w.markdown.clone());
            (section.id.clone(), item.kind, item.class, markdown(&item.before), markdown(&item.after))
        };
        role.items().map(told).collect::<Vec<_>>()
    };
    of_role
        && was_of_role
        && role.change == composition.change
        && (&role.grade, &role.prose) == (&composition.grade, &composition.prose)
        && same_facts(&role.facts, &composition.facts)
        && items(role) == items(composition)
}

/// Whether the facts change alike, where to the title of the composition that of the specialty is added.
fn same_facts(role: &[TextChange], composition: &[TextChange]) -> bool {
    let same = |(one, other): (&TextChange, &TextChange)| {
        let added = |whole: &'_ str, part: &str| whole.strip_prefix(part).map(str::to_owned);
        one == other
            || (one.name == "title" && other.name == "title" && {
                let before = added(&other.before, &one.before);
                before.is_some() && before == added(&other.after, &one.after)
            })
    };
    role.len() == composition.len() && role.iter().zip(composition).all(same)
}

/// What a change means for a role, in a few words.
pub fn effect(role: &RoleChange) -> &'static str {
    let says_more = role.grade.is_some() || !(role.facts.is_empty() && role.sections.is_empty() && role.prose.is_empty());
    match role.change {
        Change::Added => "new",
        Change::Removed => "gone",
        Change::Renamed if !says_more => "reads the same",
        Change::Changed | Change::Renamed => match role.class() {
            Class::Raises if role.has(Class::Lowers) => "raises and lowers the bar",
            Class::Clarifies if role.grade.is_some() => "another grade",
            class => class.words(),
        },
    }
}

/// Addresses that would lead nowhere, those together that the same words mend.
pub fn by_remedy(dead: &[DeadAddress]) -> Vec<(&Remedy, Vec<&DeadAddress>)> {
    let mut groups: Vec<(&Remedy, Vec<&DeadAddress>)> = Vec::new();
    let same = |a: &Remedy, b: &Remedy| match (a, b) {
        (Remedy::Alias { at: one, .. }, Remedy::Alias { at: other, .. }) => one == other,
        (Remedy::Words(one), Remedy::Words(other)) => one == other,
        _ => false,
    };
    for address in dead {
        match groups.iter_mut().find(|(remedy, _)| same(remedy, &address.remedy)) {
            Some((_, group)) => group.push(address),
            None => groups.push((&address.remedy, vec![address])),
        }
    }
    groups
}

/// How much of an owner's changes: roles, or else compositions alone; a file may be edited of which none changes.
pub fn touched(owner: &Owner) -> String {
    match (owner.roles, owner.compositions) {
        (0, 0) => "no role".to_owned(),
        (0, n) => count(n, "composition", "compositions"),
        (n, _) => count(n, "role", "roles"),
    }
}

/// The aliases that would keep these addresses, as they are written in a list.
pub fn aliases(dead: &[&DeadAddress]) -> String {
    let alias = |d: &&DeadAddress| match &d.remedy {
        Remedy::Alias { alias, .. } => Some(alias.clone()),
        Remedy::Words(_) => None,
    };
    let mut aliases: Vec<String> = dead.iter().filter_map(alias).collect();
    aliases.dedup();
    aliases.join(", ")
}

/// `1 role`, `2 roles`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// What happened on the whole, in one sentence.
pub fn headline(diff: &Diff) -> String {
    let of = |change: Change, composed: bool| diff.roles.iter().filter(|r| r.change == change && r.is_composition == composed).count();
    let mut parts = Vec::new();
    for (change, word) in [(Change::Changed, "change"), (Change::Added, "new"), (Change::Removed, "gone"), (Change::Renamed, "renamed")] {
        let (roles, composed) = (of(change, false), of(change, true));
        let named: Vec<String> = [(roles, "role", "roles"), (composed, "composition", "compositions")]
            .into_iter()
            .filter(|(n, ..)| *n > 0)
            .map(|(n, one, many)| count(n, one, many))
            .collect();
        if named.is_empty() {
            continue;
        }
        let verb = match (change, roles + composed) {
            (Change::Changed, 1) => "changes".to_owned(),
            (Change::Changed, _) => word.to_owned(),
            (_, 1) => format!("is {word}"),
            _ => format!("are {word}"),
        };
        parts.push(format!("{} {verb}", named.join(" and ")));
    }
    if parts.is_empty() { unchanged(diff) } else { format!("{}.", parts.join(", ")) }
}

/// The proof that a change changes nothing for anybody who holds a role; or what could not be proven.
fn unchanged(diff: &Diff) -> String {
    if diff.files.is_empty() {
        return "Nothing differs.".to_owned();
    }
    let what = count(diff.files.len(), "file differs", "files differ");
    match (diff.compared, diff.unresolved.len()) {
        (0, 0) => format!("No role changes. {what}."),
        (0, _) => format!("No role could be compared. {what}."),
        (1, 0) => format!("No role changes. {what}: the lists, facts and prose of the one role are the same in both."),
        (n, 0) => format!("No role changes. {what}: the lists, facts and prose of all {n} roles and compositions are the same in both."),
        (n, _) => format!("{}, and of the others nothing changes. {what}.", count_not_compared(diff, n)),
    }
}

fn count_not_compared(diff: &Diff, compared: usize) -> String {
    let n = diff.unresolved.len();
    format!("{n} of {} could not be compared", count(n + compared, "role or composition", "roles and compositions"))
}

/// The sentences behind the headline.
pub fn notes(diff: &Diff) -> Vec<String> {
    let is_said = diff.roles.is_empty() || diff.unresolved.is_empty();
    let not_compared = (!is_said).then(|| format!("{}.", count_not_compared(diff, diff.compared)));
    [regraded(diff), meaning(diff), not_compared, elsewhere(diff), outside(diff)].into_iter().flatten().collect()
}

/// What is said of grades: whatever else changes, they are what people look for. Those of compositions follow those of their roles.
fn regraded(diff: &Diff) -> Option<String> {
    match diff.regraded() {
        0 => None,
        1 => Some("The grade of 1 role changes.".to_owned()),
        n => Some(format!("The grades of {n} roles change.")),
    }
}

/// What is said of words that no role shows.
fn outside(diff: &Diff) -> Option<String> {
    let shown: Vec<&str> = diff.outside.iter().take(8).map(String::as_str).collect();
    let more = if diff.outside.len() > 8 { format!(" and {} more", diff.outside.len() - 8) } else { String::new() };
    (!shown.is_empty()).then(|| format!("Words that belong to no role differ on the pages of {}{more}.", shown.join(", ")))
}

/// What the changes mean, in one sentence; none where no existing role changes.
fn meaning(diff: &Diff) -> Option<String> {
    let told = [(Class::Raises, "raises the bar", "raise the bar"), (Class::Lowers, "lowers the bar", "lower the bar")];
    let parts: Vec<String> = told
        .iter()
        .map(|(class, one, many)| (diff.count_of(*class), one, many))
        .filter(|(n, ..)| *n > 0)
        .map(|(n, one, many)| count(n, &format!("role or composition {one}"), &format!("roles and compositions {many}")))
        .collect();
    match parts.len() {
        0 if diff.roles.iter().any(|r| r.change == Change::Changed) => {
            Some("By rule of thumb no list asks more or less than before; whether the words do is for readers to tell.".to_owned())
        }
        0 => None,
        _ => Some(format!("{}.", parts.join(", "))),
    }
}

/// What is said of roles that have the same words from another place.
fn elsewhere(diff: &Diff) -> Option<String> {
    let n = diff.elsewhere.len();
    (n > 0).then(|| {
        format!(
            "{} some of the same words from another place now, and {} the same as before.",
            count(n, "role or composition has", "roles and compositions have"),
            if n == 1 { "reads" } else { "read" }
        )
    })
}

/// `grade 6 -> 7, 1 new, 2 reworded`: what changes in a role, in a few words.
pub fn brief(role: &RoleChange) -> String {
    let mut parts: Vec<String> = Vec::new();
    match role.change {
        Change::Added => parts.push("new role".to_owned()),
        Change::Removed => parts.push("no longer there".to_owned()),
        Change::Renamed => parts.push(format!("was {}", role.was.as_deref().unwrap_or_default())),
        Change::Changed => {}
    }
    let fact = |(name, before, after): (String, String, String)| format!("{name} {before} \u{2192} {after}");
    let (grade, other): (Vec<_>, Vec<_>) = facts(role).into_iter().partition(|(name, ..)| name == "grade");
    parts.extend(grade.into_iter().map(fact));
    for (kind, word) in
        [(Kind::Added, "new"), (Kind::Removed, "gone"), (Kind::Replaced, "replaced"), (Kind::Reworded, "reworded"), (Kind::Moved, "moved")]
    {
        let n = role.items().filter(|(_, item)| item.kind == kind).count();
        if n > 0 {
            parts.push(format!("{n} {word}"));
        }
    }
    parts.extend(other.into_iter().map(fact));
    parts.extend(role.prose.iter().map(|p| format!("prose \u{201c}{}\u{201d}", p.name)));
    parts.join(", ")
}

/// The changed facts of a role: name for people, before, after.
pub fn facts(role: &RoleChange) -> Vec<(String, String, String)> {
    let shown = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    let numbers = |grades: &[i64]| shown(&grades.iter().map(i64::to_string).collect::<Vec<_>>().join(" or "));
    let grade = role.grade.iter().map(|(before, after)| ("grade".to_owned(), numbers(before), numbers(after)));
    let other = role.facts.iter().map(|f| {
        let (before, after) = if f.name == "next" { without_common(&f.before, &f.after) } else { (f.before.clone(), f.after.clone()) };
        (f.name.replace('_', " "), shown(&before), shown(&after))
    });
    grade.chain(other).collect()
}

/// Two lists of ids without those that are in both, which are counted: `staff and 3 more`, `lead and the same 3`.
fn without_common(before: &str, after: &str) -> (String, String) {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split(", ").collect(), after.split(", ").collect());
    let common = old.iter().filter(|name| new.contains(name)).count();
    let own = |all: &[&str], other: &[&str]| all.iter().filter(|name| !other.contains(name)).copied().collect::<Vec<_>>().join(", ");
    match (own(&old, &new), own(&new, &old)) {
        _ if common == 0 => (before.to_owned(), after.to_owned()),
        // The same in another order.
        (gone, came) if gone.is_empty() && came.is_empty() => (before.to_owned(), after.to_owned()),
        (gone, came) => {
            let gone = if gone.is_empty() { count(common, "other", "others") } else { format!("{gone} and {common} more") };
            let came = if came.is_empty() { format!("the same {common}") } else { format!("{came} and the same {common}") };
            (gone, came)
        }
    }
}
