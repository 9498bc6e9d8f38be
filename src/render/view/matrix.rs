//! The levels of a family side by side: labels as rows, roles as columns, and in a cell the words that hold there.
//!
//! Only what differs is in it, and a text stands once over all neighbouring levels for which it holds. The cells come ready
//! as HTML: they are many, and none has more to show.

use std::ops::Range;

use serde::Serialize;

use super::{LinkView, Page, grade_text};
use crate::compare;
use crate::config::strings::text;
use crate::config::{SectionKind, capitalised};
use crate::markdown::html::escape_into;
use crate::model::{Handbook, RoleId};
use crate::parse::keys::number_of;
use crate::provenance::{node_here, node_of};
use crate::resolve::ItemRef;
use crate::variables::varies;

/// More roles than these are not read side by side.
const MOST_ROLES: usize = 24;

/// The levels of a family side by side.
#[derive(Debug, Serialize)]
pub struct MatrixView {
    /// The columns.
    pub roles: Vec<MatrixRoleView>,
    /// The rows, ready-made: a `<tbody>` for each section.
    pub html: String,
}

/// A column.
#[derive(Debug, Serialize)]
pub struct MatrixRoleView {
    /// The role.
    #[serde(flatten)]
    pub link: LinkView,
    /// Its grade in words.
    pub grade: Option<String>,
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    /// Nothing is asked.
    Empty,
    /// An item of this role, with what the role did to it.
    Item(ItemRef, Mark),
    /// It is not asked any more.
    Removed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Inherited, or the role starts from nothing.
    None,
    /// Written by the role, in place of another.
    Changed,
    /// Written by the role.
    New,
}

struct Row {
    key: u64,
    item: ItemRef,
    cells: Vec<Cell>,
}

/// The matrix of a family; none where nothing differs between its roles.
pub fn view(page: &Page<'_>, family: usize) -> Option<MatrixView> {
    let handbook = page.handbook();
    let roles: Vec<RoleId> = handbook.roles_of(family).filter(|r| page.site.is_published(*r)).collect();
    if roles.len() < 2 || roles.len() > MOST_ROLES {
        return None;
    }
    let mut html = String::new();
    for section in 0..handbook.config.sections.len() {
        if handbook.config.sections[section].kind != SectionKind::Items {
            continue;
        }
        let rows = rows(page, &roles, section);
        if !rows.is_empty() {
            push_section(page, &roles, section, &rows, &mut html);
        }
    }
    if html.is_empty() {
        return None;
    }
    let roles = roles
        .iter()
        .map(|r| MatrixRoleView { link: page.role_link(*r), grade: grade_text(&handbook.role_front(*r).grade, &handbook.config.strings) });
    Some(MatrixView { roles: roles.collect(), html })
}

/// The items with a key of their own, by key, without those that are the same for all.
fn rows(page: &Page<'_>, roles: &[RoleId], section: usize) -> Vec<Row> {
    let handbook = page.handbook();
    let mut rows: Vec<Row> = Vec::new();
    for (column, role) in roles.iter().enumerate() {
        let Some(effective) = page.site.resolution.roles[*role].section(section) else { continue };
        let here = node_here(handbook, *role, None);
        let starts = handbook.roles[*role].parents.is_empty();
        // Where nothing is said, the role that the family lists before is the one to look at.
        let is_before = |other: &RoleId| handbook.listed_after[*other] == Some(*role);
        let listed = if starts { roles[..column].iter().position(is_before) } else { None };
        let mut next = 0;
        let gone = effective.removed.iter().map(|r| r.item).chain(effective.dropped.iter().copied());
        let items = effective.items.iter().map(|i| {
            let mark = match (starts || node_of(handbook, i.item) != here, i.replaces) {
                (true, _) => Mark::None,
                (false, Some(_)) => Mark::Changed,
                (false, None) => Mark::New,
            };
            (i.item, Cell::Item(i.item, mark))
        });
        for (item, cell) in gone.map(|item| (item, Cell::Removed)).chain(items) {
            // Most items are those of the role before, in the same order, and found without looking at their key.
            let same = |row: &Row| column > 0 && matches!(row.cells[column - 1], Cell::Item(before, _) if before == item);
            let found = (next..rows.len()).find(|i| same(&rows[*i])).or_else(|| {
                let key = number_of(handbook.item(item).1.key()?);
                rows.iter().position(|row| row.key == key).or_else(|| {
                    rows.push(Row { key, item, cells: vec![Cell::Empty; roles.len()] });
                    Some(rows.len() - 1)
                })
            });
            if let Some(found) = found {
                rows[found].cells[column] = listed.map_or(cell, |before| beside(handbook, rows[found].cells[before], cell));
                next = found + 1;
            }
        }
    }
    rows.retain(|row| {
        let item = |cell: &Cell| if let Cell::Item(item, _) = cell { Some(*item) } else { None };
        let first = item(&row.cells[0]);
        first.is_none() || row.cells.iter().any(|cell| item(cell) != first)
    });
    rows
}

/// A cell of a role that inherits nothing, marked by what stands beside it.
fn beside(handbook: &Handbook, before: Cell, cell: Cell) -> Cell {
    match (before, cell) {
        (Cell::Item(old, _), Cell::Item(item, _)) if compare::is_same(handbook, old, item) => cell,
        (Cell::Item(..), Cell::Item(item, _)) => Cell::Item(item, Mark::Changed),
        (_, Cell::Item(item, _)) => Cell::Item(item, Mark::New),
        (_, cell) => cell,
    }
}

fn push_section(page: &Page<'_>, roles: &[RoleId], section: usize, rows: &[Row], html: &mut String) {
    let handbook = page.handbook();
    html.push_str("<tbody>\n<tr><th class=\"group\" scope=\"rowgroup\" colspan=\"");
    html.push_str(&(roles.len() + 1).to_string());
    html.push_str("\"><span>");
    escape_into(&handbook.config.sections[section].title, html);
    html.push_str("</span></th></tr>\n");
    for row in rows {
        html.push_str("<tr><th scope=\"row\">");
        push_label(page, row, html);
        html.push_str("</th>");
        let mut start = 0;
        while start < roles.len() {
            let same = |column: usize| match (&row.cells[column], &row.cells[start]) {
                // What a role inherits stands under the text of the role that wrote it.
                (Cell::Item(a, Mark::None), Cell::Item(b, _)) => {
                    a == b && (!varies(handbook, *a) || compare::text(handbook, roles[column], *a) == compare::text(handbook, roles[start], *a))
                }
                (a, b) => a == b && !matches!(a, Cell::Item(..)),
            };
            let end = (start + 1..roles.len()).find(|i| !same(*i)).unwrap_or(roles.len());
            push_cell(page, roles, row.cells[start], start..end, html);
            start = end;
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n");
}

fn push_label(page: &Page<'_>, row: &Row, html: &mut String) {
    let handbook = page.handbook();
    let (_, item) = handbook.item(row.item);
    match (item.label(), item.key()) {
        (Some(label), _) => escape_into(label, html),
        (None, key) => escape_into(&capitalised(&key.unwrap_or_default().replace('-', " ")), html),
    }
}

fn push_cell(page: &Page<'_>, roles: &[RoleId], cell: Cell, columns: Range<usize>, html: &mut String) {
    let strings = &page.handbook().config.strings;
    html.push_str("<td");
    if columns.len() > 1 {
        html.push_str(" colspan=\"");
        html.push_str(&columns.len().to_string());
        html.push('"');
    }
    let (item, mark) = match cell {
        Cell::Empty => return html.push_str("></td>"),
        Cell::Item(item, mark) => (Some(item), mark),
        Cell::Removed => (None, Mark::Changed),
    };
    html.push_str(if mark == Mark::None { ">" } else { " class=\"changed\">" });
    // The roles stand in the head of the table; where it is read line by line, each text names them again.
    html.push_str("<b class=\"of\">");
    for (i, role) in [columns.start, columns.end - 1][..if columns.len() > 1 { 2 } else { 1 }].iter().enumerate() {
        html.push_str(if i > 0 { " \u{2013} " } else { "" });
        escape_into(&page.handbook().role_front(roles[*role]).title, html);
    }
    html.push_str("</b> ");
    let told = match (item, mark) {
        (None, _) => Some(const { text("not_asked") }),
        (_, Mark::Changed) => Some(const { text("changed") }),
        (_, Mark::New) => Some(const { text("new") }),
        (_, Mark::None) => None,
    };
    if let Some(told) = told {
        html.push_str("<small>");
        escape_into(strings.get(told), html);
        html.push_str("</small> ");
    }
    if let Some(item) = item {
        push_words(page, item, roles[columns.start], html);
    }
    html.push_str("</td>");
}

/// An item without its label, which is the head of the row, and without anchors, which the page has given already.
fn push_words(page: &Page<'_>, at: ItemRef, role: RoleId, html: &mut String) {
    let words = page.words.item(at, Some(role), &page.file);
    if words.contains(" id=\"") {
        return escape_into(&page.words.plain(at, Some(role)), html);
    }
    let rest = words.strip_prefix("<strong>").and_then(|rest| rest.split_once("</strong>"));
    html.push_str(match (page.handbook().item(at).1.label(), rest) {
        (Some(_), Some((_, rest))) => rest.trim_start_matches([' ', '.', ':', '\u{2013}', '\u{2014}']),
        _ => &words,
    });
}
