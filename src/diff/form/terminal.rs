//! A diff for people at a terminal: each edit once, with the roles that it reaches.

use std::fmt::Write as _;

use super::{Edit, Row, brief, by_remedy, count, edits, headline, notes, prose_edits, reach, rows};
use crate::diff::addresses::Remedy;
use crate::diff::classify::Class;
use crate::diff::effect::{Change, Diff, Kind, RoleChange};
use crate::diff::words::{Mark, Piece, pieces, short_pieces};

const BOLD: &str = "\x1b[1m";
const FAINT: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const PLAIN: &str = "\x1b[0m";

/// The whole diff; colours are escape sequences.
pub fn write(diff: &Diff) -> String {
    let mut out = String::new();
    for edit in edits(diff) {
        write_edit(&edit, &mut out);
    }
    for edit in prose_edits(diff) {
        let _ = writeln!(out, "~ {BOLD}{}{PLAIN} \u{b7} prose \u{b7} {}", edit.change.name, Class::Clarifies.words());
        let _ = writeln!(out, "    {}", shown(short_pieces(&edit.change.before, &edit.change.after)));
        let _ = writeln!(out, "    reaches {}\n", reach(&edit.roles, &ids));
    }
    let says_facts = |r: &RoleChange| r.change != Change::Changed || r.grade.is_some() || !r.facts.is_empty();
    let facts: Vec<Row<'_>> = rows(diff).into_iter().filter(|row| says_facts(row.role)).collect();
    if !facts.is_empty() {
        let _ = writeln!(out, "{BOLD}Roles and their facts{PLAIN}");
        for Row { role, compositions } in facts {
            let mark = match role.change {
                Change::Added => format!("{GREEN}+{PLAIN}"),
                Change::Removed => format!("{RED}-{PLAIN}"),
                Change::Changed | Change::Renamed => "~".to_owned(),
            };
            let with = if compositions > 0 { format!("; likewise {}", count(compositions, "composition", "compositions")) } else { String::new() };
            let _ = writeln!(out, "  {mark} {}: {}{with}", role.id, brief(role));
        }
        out.push('\n');
    }
    write_rest(diff, &mut out);
    let _ = writeln!(out, "{BOLD}{}{PLAIN}", headline(diff));
    for sentence in notes(diff) {
        let _ = writeln!(out, "{sentence}");
    }
    out
}

fn write_edit(edit: &Edit<'_>, out: &mut String) {
    let item = edit.item;
    let mark = match item.kind {
        Kind::Added => format!("{GREEN}+{PLAIN}"),
        Kind::Removed => format!("{RED}-{PLAIN}"),
        Kind::Replaced | Kind::Reworded | Kind::Moved => "~".to_owned(),
    };
    let class = match item.class {
        Class::Raises => format!("{BOLD}{}{PLAIN}", item.class.words()),
        other => other.words().to_owned(),
    };
    let note = edit.note().map(|note| format!(" \u{b7} {note}")).unwrap_or_default();
    let _ = writeln!(out, "{mark} {BOLD}{}{PLAIN} \u{b7} {} \u{b7} {class}{note}", edit.section.title, item.kind.word());
    let _ = writeln!(out, "    {}", marked(edit));
    let _ = writeln!(out, "    {FAINT}{}{PLAIN}", edit.place(8));
    let _ = writeln!(out, "    reaches {}\n", edit.reach(&ids));
}

/// At most twelve roles by id.
fn ids(roles: &[&RoleChange]) -> String {
    let mut ids: Vec<String> = roles.iter().take(12).map(|r| r.id.clone()).collect();
    if roles.len() > ids.len() {
        ids.push(format!("and {} more", roles.len() - ids.len()));
    }
    ids.join(", ")
}

/// The words, with those that went and came marked as git does it.
fn marked(edit: &Edit<'_>) -> String {
    let item = edit.item;
    match (&item.before, &item.after) {
        (Some(before), Some(after)) if item.kind != Kind::Moved => {
            let same = before.whole() == after.whole();
            let of = |w: &crate::diff::effect::Wording| if same { w.markdown.replace('\n', " ") } else { w.whole() };
            shown(pieces(&of(before), &of(after)))
        }
        (Some(wording), None) => format!("{RED}{}{PLAIN}", wording.whole()),
        (None, Some(wording)) => format!("{GREEN}{}{PLAIN}", wording.whole()),
        (_, after) => after.as_ref().map(crate::diff::effect::Wording::whole).unwrap_or_default(),
    }
}

fn shown(pieces: Vec<Piece>) -> String {
    let shown = pieces.into_iter().map(|piece| match piece.mark {
        Mark::Same => piece.text,
        Mark::Gone => format!("{RED}[-{}-]{PLAIN}", piece.text),
        Mark::New => format!("{GREEN}{{+{}+}}{PLAIN}", piece.text),
    });
    shown.collect()
}

fn write_rest(diff: &Diff, out: &mut String) {
    if !diff.unresolved.is_empty() {
        let _ = writeln!(out, "{BOLD}Not compared, because they do not resolve{PLAIN}\n  {}\n", diff.unresolved.join(", "));
    }
    if !diff.dead.is_empty() {
        let _ = writeln!(out, "{BOLD}Addresses that would lead nowhere{PLAIN}");
        for (remedy, dead) in by_remedy(&diff.dead) {
            dead.iter().take(20).for_each(|d| {
                let now = d.now.as_ref().map(|now| format!("  (now {now})")).unwrap_or_default();
                let _ = writeln!(out, "  {}{FAINT}{now}{PLAIN}", d.address);
            });
            if dead.len() > 20 {
                let _ = writeln!(out, "  and {} more; --format json lists all", dead.len() - 20);
            }
            let _ = match remedy {
                Remedy::Alias { at, .. } => writeln!(out, "    write after `aliases:` {at}: [{}]", aliases(&dead)),
                Remedy::Words(words) => writeln!(out, "    {words}"),
            };
        }
        out.push('\n');
    }
    if !diff.owners.is_empty() {
        let _ = writeln!(out, "{BOLD}Whom it touches{PLAIN}");
        for owner in &diff.owners {
            let edited = if owner.is_edited { "" } else { ", in files that this change does not edit" };
            let _ = writeln!(out, "  {}: {} in {}{edited}", owner.name, count(owner.roles, "role", "roles"), owner.families.join(", "));
        }
        out.push('\n');
    }
}

fn aliases(dead: &[&crate::diff::addresses::DeadAddress]) -> String {
    let alias = |d: &&crate::diff::addresses::DeadAddress| match &d.remedy {
        Remedy::Alias { alias, .. } => Some(alias.clone()),
        Remedy::Words(_) => None,
    };
    dead.iter().filter_map(alias).collect::<Vec<_>>().join(", ")
}
