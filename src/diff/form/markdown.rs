//! A diff as a note for a merge request: a table of roles, the words folded, and an honest cut where it grows too long.

use std::fmt::Write as _;

use super::{Edit, Row, aliases, brief, by_remedy, count, edits, effect, headline, left_out, notes, prose_edits, reach, together, touched};
use crate::diff::addresses::Remedy;
use crate::diff::effect::{Diff, Kind, RoleChange, Wording};
use crate::diff::words::{Mark, Piece, pieces, short_pieces};
use crate::render::url::absolute;
use crate::report::visible;

/// The longest note, in bytes. GitHub takes 65,536 characters and GitLab 1,000,000; the same note fits both.
pub const MOST: usize = 60_000;
/// What is kept free for the last parts.
const RESERVE: usize = 12_000;

/// The note; links lead into the preview at `preview` (ending in `/`), where there is one.
pub fn write(diff: &Diff, preview: Option<&str>) -> String {
    let mut out = String::from("### What this changes for roles\n\n");
    let _ = write!(out, "**{}**", headline(diff));
    for sentence in notes(diff) {
        let _ = write!(out, " {}", escaped(&sentence));
    }
    out.push_str("\n\n");
    table(diff, preview, &mut out);
    words(diff, preview, &mut out);
    prose(diff, preview, &mut out);
    dead(diff, &mut out);
    if !diff.unresolved.is_empty() {
        let shown = diff.unresolved.iter().take(30).map(|id| code(id)).collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "Not compared, because they do not resolve: {shown}{}\n", more(diff.unresolved.len(), 30));
    }
    owners(diff, &mut out);
    let _ = writeln!(out, "<sub>{} to {}, by `handbook diff`</sub>", short(&diff.base), short(&diff.head));
    out
}

fn short(revision: &str) -> String {
    let is_id = revision.len() >= 40 && revision.bytes().all(|b| b.is_ascii_hexdigit());
    if is_id { code(&revision[..10]) } else { escaped(revision) }
}

fn more(all: usize, shown: usize) -> String {
    if all > shown { format!(", and {} more", all - shown) } else { String::new() }
}

fn table(diff: &Diff, preview: Option<&str>, out: &mut String) {
    if diff.roles.is_empty() {
        return;
    }
    let (rows, without) = super::table(diff);
    if !rows.is_empty() {
        out.push_str("| Role | Effect | What changes | Through |\n| --- | --- | --- | --- |\n");
    }
    let groups = together(&rows);
    let mut shown = 0;
    for group in &groups {
        let role = group[0].role;
        let compositions: usize = group.iter().map(|row| row.compositions).sum();
        let effect = effect(role);
        let through = role.through.iter().map(|node| code(node)).collect::<Vec<_>>().join(", ");
        let with = if compositions > 0 { format!("<br>likewise {}", count(compositions, "composition", "compositions")) } else { String::new() };
        let row = format!("| {}{}{with} | {effect} | {} | {through} |\n", link(role, preview), others(group), escaped(&brief(role)));
        if out.len() + row.len() > MOST * 6 / 10 {
            let _ = writeln!(
                out,
                "\n{} not shown in this table; `handbook diff` lists all.",
                count(rows.len() - shown, "more role is", "more roles are")
            );
            break;
        }
        out.push_str(&row);
        shown += group.len();
    }
    out.push('\n');
    if without > 0 {
        let _ = writeln!(out, "{}\n", left_out(without));
    }
}

/// The roles of a group behind its first, counted by family.
fn others(group: &[Row<'_>]) -> String {
    if group.len() < 2 {
        return String::new();
    }
    let mut families: Vec<(&str, usize)> = Vec::new();
    for row in &group[1..] {
        match families.last_mut().filter(|(family, _)| *family == row.role.family) {
            Some((_, n)) => *n += 1,
            None => families.push((&row.role.family, 1)),
        }
    }
    let named = families.iter().take(8).map(|(family, n)| format!("{n} in {}", code(family))).collect::<Vec<_>>().join(", ");
    let are_roles = group.iter().all(|row| !row.role.is_composition);
    let what = if are_roles { "more roles" } else { "more roles and compositions" };
    let rest = if families.len() > 8 { format!(", and the others in {} more families", families.len() - 8) } else { String::new() };
    format!("<br>and {} {what}: {named}{rest}", group.len() - 1)
}

fn link(role: &RoleChange, preview: Option<&str>) -> String {
    let title = escaped(&role.title);
    match preview.zip(role.page.as_ref()) {
        Some((base, page)) => format!("[{title}]({}index.html)", absolute(base, page)),
        None => format!("{title}<br>{}", code(&role.id)),
    }
}

fn words(diff: &Diff, preview: Option<&str>, out: &mut String) {
    let edits = edits(diff);
    if edits.is_empty() {
        return;
    }
    let _ = writeln!(out, "<details><summary>The words: {}</summary>\n", count(edits.len(), "change", "changes"));
    for (number, edit) in edits.iter().enumerate() {
        let text = one(edit, preview);
        if out.len() + text.len() > MOST - RESERVE {
            let _ = writeln!(
                out,
                "{} not shown, so that this note stays short enough; `handbook diff` prints all.\n",
                count(edits.len() - number, "more change is", "more changes are")
            );
            break;
        }
        out.push_str(&text);
    }
    out.push_str("</details>\n\n");
}

fn one(edit: &Edit<'_>, preview: Option<&str>) -> String {
    let item = edit.item;
    let note = edit.note().map(|note| format!("; {}", escaped(&note))).unwrap_or_default();
    let mut out = format!("**{}**, {}, {}{note}\n\n", escaped(&edit.section.title), item.kind.word(), item.class.words());
    let _ = writeln!(out, "> {}\n", marked(edit));
    let _ = writeln!(out, "Written on {}. Reaches {}\n", escaped(&edit.place(8)), edit.reach(&named(preview)));
    out
}

/// At most eight roles with their links.
fn named(preview: Option<&str>) -> impl Fn(&[&RoleChange]) -> String {
    move |roles| roles.iter().take(8).map(|r| link_inline(r, preview)).collect::<Vec<_>>().join("; ") + &more(roles.len(), 8)
}

fn link_inline(role: &RoleChange, preview: Option<&str>) -> String {
    match preview.zip(role.page.as_ref()) {
        Some(_) => link(role, preview),
        None => escaped(&role.title),
    }
}

fn marked(edit: &Edit<'_>) -> String {
    let item = edit.item;
    match (&item.before, &item.after) {
        (Some(before), Some(after)) if item.kind != Kind::Moved => {
            let same = before.whole() == after.whole();
            let of = |w: &Wording| if same { w.markdown.clone() } else { w.whole() };
            tagged(&of(before), &of(after))
        }
        (Some(wording), None) => format!("<del>{}</del>", escaped(&wording.whole())),
        (None, Some(wording)) => format!("<ins>{}</ins>", escaped(&wording.whole())),
        (_, after) => escaped(&after.as_ref().map(Wording::whole).unwrap_or_default()),
    }
}

fn tagged(before: &str, after: &str) -> String {
    shown(pieces(before, after))
}

fn shown(pieces: Vec<Piece>) -> String {
    let shown = pieces.into_iter().map(|piece| match piece.mark {
        Mark::Same => escaped(&piece.text),
        Mark::Gone => format!("<del>{}</del>", escaped(&piece.text)),
        Mark::New => format!("<ins>{}</ins>", escaped(&piece.text)),
    });
    shown.collect()
}

fn prose(diff: &Diff, preview: Option<&str>, out: &mut String) {
    let all = prose_edits(diff);
    if all.is_empty() {
        return;
    }
    let _ = writeln!(out, "<details><summary>Prose: {}</summary>\n", count(all.len(), "change", "changes"));
    for (number, edit) in all.iter().enumerate() {
        let words = shown(short_pieces(&edit.change.before, &edit.change.after));
        let text = format!("**{}**\n\n> {words}\n\nReaches {}\n\n", escaped(&edit.change.name), reach(&edit.roles, &named(preview)));
        if out.len() + text.len() > MOST - RESERVE {
            let _ = writeln!(out, "{} not shown.\n", count(all.len() - number, "more change is", "more changes are"));
            break;
        }
        out.push_str(&text);
    }
    out.push_str("</details>\n\n");
}

fn dead(diff: &Diff, out: &mut String) {
    if diff.dead.is_empty() {
        return;
    }
    let _ = writeln!(out, "**{} nowhere:**\n", count(diff.dead.len(), "address would lead", "addresses would lead"));
    let groups = by_remedy(&diff.dead);
    for (remedy, dead) in groups.iter().take(20) {
        let shown = dead.iter().take(12).map(|d| code(&cut(&d.address, 150))).collect::<Vec<_>>().join(", ");
        let remedy = match remedy {
            Remedy::Alias { at, .. } => format!("write after `aliases:` {}: {}", escaped(at), code(&format!("[{}]", aliases(dead)))),
            Remedy::Words(words) => escaped(words),
        };
        let _ = writeln!(out, "- {shown}{}: {remedy}", more(dead.len(), 12));
    }
    if groups.len() > 20 {
        let _ = writeln!(out, "- and {} more", groups.len() - 20);
    }
    out.push('\n');
}

fn owners(diff: &Diff, out: &mut String) {
    if diff.owners.is_empty() {
        return;
    }
    out.push_str("**Whom it touches:** ");
    let told = diff.owners.iter().take(30).map(|owner| {
        let edited = if owner.is_edited { "" } else { ", in files that this does not edit" };
        format!("{} ({}{edited})", code(&owner.name), touched(owner))
    });
    let _ = writeln!(out, "{}{}\n", told.collect::<Vec<_>>().join(", "), more(diff.owners.len(), 30));
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most).chain(['\u{2026}']).collect() }
}

/// A name between backticks, in which nothing is read as markup or as a person's name.
fn code(text: &str) -> String {
    format!("`{}`", on_one_line(text).replace('`', "'").replace('|', "\\|"))
}

/// A text without line breaks, and with hidden characters as what they are.
fn on_one_line(text: &str) -> String {
    visible(&text.replace(['\n', '\r'], " ")).into_owned()
}

/// Text of the content as text of the note, on one line: no markup, no names of people, tickets or labels, which would
/// send messages to them.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let text = on_one_line(text);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let opens_name = rest.peek().is_some_and(|next| next.is_alphanumeric() || *next == '"');
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '{' | '}' => out.extend(['\\', c]),
            c => out.push(c),
        }
        // A joiner of no width keeps the mark from opening a reference.
        if opens_name && matches!(c, '@' | '#' | '!' | '~' | '$' | '%' | '&') {
            out.push('\u{2060}');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_content_are_neither_markup_nor_people() {
        assert_eq!(escaped("a *b* | <c> @all\n/close"), "a \\*b\\* \\| &lt;c&gt; @\u{2060}all /close");
        assert_eq!(code("a`b|c"), "`a'b\\|c`");
        assert_eq!(escaped("a\u{1b}[31m\u{202e}b"), "a\\\\u\\{1b\\}\\[31m\\\\u\\{202e\\}b");
        assert_eq!(code("a\u{202e}"), "`a\\u{202e}`");
    }
}
