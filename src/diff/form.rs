//! What a change does, in words: the parts that all forms share, and one file a form.

pub mod html;
pub mod json;
pub mod markdown;
pub mod terminal;

use std::collections::HashMap;

use super::addresses::{DeadAddress, Remedy};
use super::classify::Class;
use super::effect::{Change, Diff, ItemChange, Kind, RoleChange, SectionChange};
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
                all.push(Edit { section, item, roles: Vec::new() });
                all.len() - 1
            });
            all[at].roles.push(role);
        }
    }
    all.sort_by_key(|edit| std::cmp::Reverse(edit.item.class));
    all
}

impl Edit<'_> {
    /// `Senior Backend Engineer, content/engineering/backend.md:60`: where the words stand that count.
    pub fn place(&self) -> String {
        let wording = self.item.after.as_ref().or(self.item.before.as_ref());
        wording.map(|w| format!("{}, {}:{}", w.node_name, w.file, w.line)).unwrap_or_default()
    }

    /// `moved here from Requirements`, for an item that changed its section.
    pub fn note(&self) -> Option<String> {
        let other = self.item.other_section.as_ref()?.replace('-', " ");
        Some(if self.item.kind == Kind::Added { format!("it was in {other}") } else { format!("it is in {other} now") })
    }

    /// `3 roles: a, b, c; and 16 compositions`: how far it reaches, names as `named` writes them.
    pub fn reach(&self, named: &dyn Fn(&[&RoleChange]) -> String) -> String {
        let (composed, alone): (Vec<&RoleChange>, Vec<&RoleChange>) = self.roles.iter().copied().partition(|r| r.is_composition);
        let compositions = count(composed.len(), "composition", "compositions");
        match (alone.len(), composed.len()) {
            (0, _) => format!("{compositions}: {}", named(&composed)),
            (n, 0) => format!("{}: {}", count(n, "role", "roles"), named(&alone)),
            (n, _) => format!("{}: {}; and {compositions}", count(n, "role", "roles"), named(&alone)),
        }
    }
}

/// A role in the table of roles.
#[derive(Debug, Clone, Copy)]
pub struct Row<'d> {
    /// The role or composition.
    pub role: &'d RoleChange,
    /// How many compositions of the role change as it does, and have no row of their own.
    pub compositions: usize,
}

/// The rows of the table of roles: a composition that changes as its role does is counted there.
pub fn rows(diff: &Diff) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let alike = |role: &RoleChange, other: &RoleChange| {
        let of_role = other.id.strip_prefix(role.id.as_str()).is_some_and(|rest| rest.starts_with('+'));
        let same = role.change == other.change && (role.class(), role.items().count()) == (other.class(), other.items().count());
        of_role && same && other.prose.is_empty()
    };
    for role in &diff.roles {
        let known = rows.iter_mut().rev().take(MOST_SPECIALTIES).find(|row| role.is_composition && alike(row.role, role));
        match known {
            Some(row) => row.compositions += 1,
            None => rows.push(Row { role, compositions: 0 }),
        }
    }
    rows
}

/// What a change means for a role, in a few words.
pub fn effect(role: &RoleChange) -> &'static str {
    let says_more = role.grade.is_some() || !(role.facts.is_empty() && role.sections.is_empty() && role.prose.is_empty());
    match role.change {
        Change::Added => "new",
        Change::Removed => "gone",
        Change::Renamed if !says_more => "reads the same",
        Change::Changed | Change::Renamed => role.class().words(),
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

/// The proof that a change changes nothing for anybody who holds a role.
fn unchanged(diff: &Diff) -> String {
    if diff.files.is_empty() {
        return "Nothing differs.".to_owned();
    }
    let what = count(diff.files.len(), "file differs", "files differ");
    let known = match diff.compared {
        0 => String::new(),
        n => format!(": all {} were resolved in both and read the same", count(n, "role or composition", "roles and compositions")),
    };
    format!("No role changes. {what}{known}.")
}

/// What the changes mean, in one sentence; none where no existing role changes.
pub fn meaning(diff: &Diff) -> Option<String> {
    let told = [(Class::Raises, "raises the bar", "raise the bar"), (Class::Lowers, "lowers it", "lower it")];
    let parts: Vec<String> = told
        .iter()
        .map(|(class, one, many)| (diff.count_of(*class), one, many))
        .filter(|(n, ..)| *n > 0)
        .map(|(n, one, many)| count(n, &format!("of them {one}"), &format!("of them {many}")))
        .collect();
    match parts.len() {
        0 if diff.roles.iter().any(|r| r.change == Change::Changed) => Some("None of them asks more or less than before.".to_owned()),
        0 => None,
        _ => Some(format!("{}.", parts.join(", "))),
    }
}

/// What is said of roles that have the same words from another place.
pub fn elsewhere(diff: &Diff) -> Option<String> {
    let n = diff.elsewhere.len();
    (n > 0).then(|| {
        format!(
            "{} some of the same words from another place now; nothing that it says changes for them.",
            count(n, "role or composition has", "roles and compositions have")
        )
    })
}

/// `1 new, 2 reworded, grade 6 -> 7`: what changes in a role, in a few words.
pub fn brief(role: &RoleChange) -> String {
    let mut parts: Vec<String> = Vec::new();
    match role.change {
        Change::Added => parts.push("new role".to_owned()),
        Change::Removed => parts.push("no longer there".to_owned()),
        Change::Renamed => parts.push(format!("was {}", role.was.as_deref().unwrap_or_default())),
        Change::Changed => {}
    }
    for (kind, word) in
        [(Kind::Added, "new"), (Kind::Removed, "gone"), (Kind::Replaced, "replaced"), (Kind::Reworded, "reworded"), (Kind::Moved, "moved")]
    {
        let n = role.items().filter(|(_, item)| item.kind == kind).count();
        if n > 0 {
            parts.push(format!("{n} {word}"));
        }
    }
    parts.extend(facts(role).into_iter().map(|(name, before, after)| format!("{name} {before} \u{2192} {after}")));
    parts.extend(role.prose.iter().map(|p| format!("prose \u{201c}{}\u{201d}", p.name)));
    parts.join(", ")
}

/// The changed facts of a role: name for people, before, after.
pub fn facts(role: &RoleChange) -> Vec<(String, String, String)> {
    let shown = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    let numbers = |grades: &[i64]| shown(&grades.iter().map(i64::to_string).collect::<Vec<_>>().join(" or "));
    let grade = role.grade.iter().map(|(before, after)| ("grade".to_owned(), numbers(before), numbers(after)));
    let other = role.facts.iter().map(|f| (f.name.replace('_', " "), shown(&f.before), shown(&f.after)));
    grade.chain(other).collect()
}
