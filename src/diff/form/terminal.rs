//! A diff for people at a terminal: each edit once, with the roles that it reaches.

use std::fmt::Write as _;

use super::{Edit, Row, aliases, brief, by_remedy, count, edits, headline, notes, prose_edits, reach, rows, touched};
use crate::diff::addresses::Remedy;
use crate::diff::classify::Class;
use crate::diff::effect::{Change, Diff, Kind, RoleChange};
use crate::diff::words::{Mark, Piece, pieces, short_pieces};
use crate::report::screen::Screen;
use crate::report::screen::Style::{Bold, Faint, Green, Red};

/// The whole diff; colours are escape sequences.
pub fn write(diff: &Diff) -> String {
    let mut out = Screen::default();
    for edit in edits(diff) {
        write_edit(&edit, &mut out);
    }
    for edit in prose_edits(diff) {
        out.plain("~ ").styled(Bold, &edit.change.name).plain(format_args!(" \u{b7} prose \u{b7} {}\n    ", Class::Clarifies.words()));
        write_pieces(short_pieces(&edit.change.before, &edit.change.after), &mut out);
        out.plain(format_args!("\n    reaches {}\n\n", reach(&edit.roles, &ids)));
    }
    let says_facts = |r: &RoleChange| r.change != Change::Changed || r.grade.is_some() || !r.facts.is_empty();
    let facts: Vec<Row<'_>> = rows(diff).into_iter().filter(|row| says_facts(row.role)).collect();
    if !facts.is_empty() {
        out.styled(Bold, "Roles and their facts").plain("\n");
        for Row { role, compositions } in facts {
            let with = if compositions > 0 { format!("; likewise {}", count(compositions, "composition", "compositions")) } else { String::new() };
            out.plain("  ");
            match role.change {
                Change::Added => out.styled(Green, "+"),
                Change::Removed => out.styled(Red, "-"),
                Change::Changed | Change::Renamed => out.plain("~"),
            };
            out.plain(format_args!(" {}: {}{with}\n", role.id, brief(role)));
        }
        out.plain("\n");
    }
    write_rest(diff, &mut out);
    out.styled(Bold, headline(diff)).plain("\n");
    for sentence in notes(diff) {
        out.plain(sentence).plain("\n");
    }
    out.text()
}

fn write_edit(edit: &Edit<'_>, out: &mut Screen) {
    let item = edit.item;
    match item.kind {
        Kind::Added => out.styled(Green, "+"),
        Kind::Removed => out.styled(Red, "-"),
        Kind::Replaced | Kind::Reworded | Kind::Moved => out.plain("~"),
    };
    out.plain(" ").styled(Bold, &edit.section.title).plain(format_args!(" \u{b7} {} \u{b7} ", item.kind.word()));
    match item.class {
        Class::Raises => out.styled(Bold, item.class.words()),
        other => out.plain(other.words()),
    };
    let note = edit.note().map(|note| format!(" \u{b7} {note}")).unwrap_or_default();
    out.plain(note).plain("\n    ");
    write_marked(edit, out);
    out.plain("\n    ").styled(Faint, edit.place(8)).plain(format_args!("\n    reaches {}\n\n", edit.reach(&ids)));
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
fn write_marked(edit: &Edit<'_>, out: &mut Screen) {
    let item = edit.item;
    match (&item.before, &item.after) {
        (Some(before), Some(after)) if item.kind != Kind::Moved => {
            let same = before.whole() == after.whole();
            let of = |w: &crate::diff::effect::Wording| if same { w.markdown.replace('\n', " ") } else { w.whole() };
            write_pieces(pieces(&of(before), &of(after)), out);
        }
        (Some(wording), None) => {
            out.styled(Red, wording.whole());
        }
        (None, Some(wording)) => {
            out.styled(Green, wording.whole());
        }
        (_, after) => {
            out.plain(after.as_ref().map(crate::diff::effect::Wording::whole).unwrap_or_default());
        }
    }
}

fn write_pieces(pieces: Vec<Piece>, out: &mut Screen) {
    for piece in pieces {
        match piece.mark {
            Mark::Same => out.plain(piece.text),
            Mark::Gone => out.styled(Red, format_args!("[-{}-]", piece.text)),
            Mark::New => out.styled(Green, format_args!("{{+{}+}}", piece.text)),
        };
    }
}

fn write_rest(diff: &Diff, out: &mut Screen) {
    if !diff.unresolved.is_empty() {
        out.styled(Bold, "Not compared, because they do not resolve").plain(format_args!("\n  {}\n\n", diff.unresolved.join(", ")));
    }
    if !diff.dead.is_empty() {
        out.styled(Bold, "Addresses that would lead nowhere").plain("\n");
        for (remedy, dead) in by_remedy(&diff.dead) {
            dead.iter().take(20).for_each(|d| {
                let now = d.now.as_ref().map(|now| format!("  (now {now})")).unwrap_or_default();
                out.plain(format_args!("  {}", d.address)).styled(Faint, now).plain("\n");
            });
            if dead.len() > 20 {
                let _ = writeln!(out, "  and {} more; --format json lists all", dead.len() - 20);
            }
            let _ = match remedy {
                Remedy::Alias { at, .. } => writeln!(out, "    write after `aliases:` {at}: [{}]", aliases(&dead)),
                Remedy::Words(words) => writeln!(out, "    {words}"),
            };
        }
        out.plain("\n");
    }
    if !diff.owners.is_empty() {
        out.styled(Bold, "Whom it touches").plain("\n");
        for owner in &diff.owners {
            let edited = if owner.is_edited { "" } else { ", in files that this change does not edit" };
            let _ = writeln!(out, "  {}: {} in {}{edited}", owner.name, touched(owner), owner.families.join(", "));
        }
        out.plain("\n");
    }
}
