//! A career map in, an SVG out: grades are rows, the lowest at the bottom; families are columns.
//!
//! Sizes are in units of which a line of text has 17, and the drawing is as large as the text of the page makes it. Each
//! way is drawn once behind the roles, and again with the two roles it joins, where the style sheet shows it while one of
//! them has the pointer or the keyboard: so no script is needed.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::ways::{Spot, push_way};
use crate::config::strings::{Strings, text};
use crate::markdown::html::escape_into;
use crate::model::RoleId;

/// What is drawn.
#[derive(Debug, Default)]
pub struct Drawing {
    /// From left to right.
    pub columns: Vec<Column>,
    /// The ways between roles that are drawn.
    pub ways: Vec<Way>,
}

/// A family, or one track of it.
#[derive(Debug)]
pub struct Column {
    /// The family; columns of one stand together under one heading.
    pub family: usize,
    /// Its title.
    pub title: String,
    /// Where the title leads.
    pub href: String,
    /// The track, where the family has several columns.
    pub track: Option<String>,
    /// Whether it is shown for its ways in or out only.
    pub aside: bool,
    /// Its roles, ascending.
    pub tiles: Vec<Tile>,
}

/// A role.
#[derive(Debug)]
pub struct Tile {
    /// The role.
    pub role: RoleId,
    /// Its anchor on the page.
    pub anchor: String,
    /// Its title; where there are several grades, with them.
    pub title: String,
    /// Where it leads.
    pub href: String,
    /// Its grades; none stands in the lowest row.
    pub grades: Vec<i64>,
}

/// A way from one role to another.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// From here.
    pub from: RoleId,
    /// To there.
    pub to: RoleId,
    /// Whether it leads into another family.
    pub moves: bool,
}

/// How wide a column is.
pub const COLUMN: i64 = 184;
/// How wide a role in it is.
pub const WIDTH: i64 = 160;
const LINE: i64 = 17;
const PAD: i64 = 8;
const GAP: i64 = 12;
/// What is free above and below the roles of a row.
pub const ROW_PAD: i64 = 22;
const AXIS: i64 = 52;
/// Letters that fit in a line, in halves of a wide letter.
const LETTERS: usize = 20;
/// So many columns fit on a sheet of paper in letters that can be read.
const ON_SHEET: usize = 4;

impl Drawing {
    /// The drawing as HTML: the families above and the grades beside, which stay in sight, the roles, and the same once
    /// more for paper, in pieces.
    pub fn svg(&self, strings: &Strings) -> String {
        let rows = self.rows();
        let head = self.head();
        let heights: Vec<i64> = rows.iter().map(|row| self.row_height(*row)).collect();
        let height = heights.iter().sum::<i64>() + 1;
        let width = COLUMN * self.columns.len() as i64;
        let spots = self.spots(&rows, &heights);
        let mut out = String::with_capacity(4096 + self.ways.len() * 600);
        out.push_str(
            "<svg class=\"tips\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs><marker id=\"_tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" \
             markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path class=\"tip\" d=\"M0 0 8 4 0 8z\"/></marker></defs></svg>\n",
        );
        open("corner", None, (AXIS, head), &mut out);
        let _ = write!(out, "<text class=\"grade\" x=\"{}\" y=\"{}\">", AXIS / 2, LINE - 3);
        escape_into(strings.get(const { text("grade") }), &mut out);
        out.push_str("</text></g></svg>\n");
        open("families", Some(strings.get(const { text("families") })), (width, head), &mut out);
        self.headings(&mut out);
        out.push_str("</g></svg>\n");
        open("axis", None, (AXIS, height), &mut out);
        axis(&rows, &heights, strings, &mut out);
        out.push_str("</g></svg>\n");
        open("career", Some(strings.get(const { text("map_drawing") })), (width, height), &mut out);
        self.roles(&heights, &spots, &mut out);
        out.push_str("</g></svg>\n");
        self.push_sheets(head, height, &mut out);
        let sheet = |role: RoleId| spots.get(&role).map(|spot| spot.sheet);
        if self.ways.iter().any(|way| sheet(way.from) != sheet(way.to)) {
            out.push_str("<p class=\"paper\">");
            escape_into(strings.get(const { text("map_apart") }), &mut out);
            out.push_str("</p>\n");
        }
        out
    }

    /// The ways, and the roles with theirs.
    fn roles(&self, heights: &[i64], spots: &HashMap<RoleId, Spot>, out: &mut String) {
        lanes(heights, COLUMN * self.columns.len() as i64, out);
        out.push_str("<g class=\"ways\">\n");
        self.ways.iter().for_each(|way| push_way(way, spots, out));
        out.push_str("</g>\n");
        let mut by_role: HashMap<RoleId, Vec<&Way>> = HashMap::new();
        for way in &self.ways {
            by_role.entry(way.from).or_default().push(way);
            by_role.entry(way.to).or_default().push(way);
        }
        for column in &self.columns {
            for one in &column.tiles {
                let ways = by_role.get(&one.role).map_or(&[][..], Vec::as_slice);
                push_role(one, column.aside, ways, spots, out);
            }
        }
    }

    /// The columns that fit on a sheet of paper, one after another: families are kept together where they fit.
    fn sheets(&self) -> Vec<Range<usize>> {
        let mut sheets: Vec<Range<usize>> = Vec::new();
        let mut start = 0;
        while start < self.columns.len() {
            let most = (start + ON_SHEET).min(self.columns.len());
            let between = |end: &usize| *end == self.columns.len() || self.columns[*end].family != self.columns[*end - 1].family;
            let end = (start + 1..=most).rev().find(between).unwrap_or(most);
            sheets.push(start..end);
            start = end;
        }
        sheets
    }

    fn push_sheets(&self, head: i64, height: i64, out: &mut String) {
        for sheet in self.sheets() {
            let (x, width) = (COLUMN * sheet.start as i64, COLUMN * sheet.len() as i64);
            let (wide, high) = (AXIS + width, head + height);
            let _ = write!(out, "<svg class=\"sheet\" aria-hidden=\"true\" {}>", size(wide, high));
            let _ = write!(out, "<use href=\"#_map-corner\"/><use href=\"#_map-axis\" y=\"{head}\"/>");
            let _ = write!(out, "<svg x=\"{AXIS}\" width=\"{width}\" height=\"{high}\" viewBox=\"{x} 0 {width} {high}\">");
            let _ = writeln!(out, "<use href=\"#_map-families\"/><use href=\"#_map-career\" y=\"{head}\"/></svg></svg>");
        }
    }

    /// The grades from the highest down, and `None` for roles without one.
    fn rows(&self) -> Vec<Option<i64>> {
        let tiles = || self.columns.iter().flat_map(|c| &c.tiles);
        let mut grades: Vec<i64> = tiles().filter_map(|b| b.grades.first().copied()).collect();
        grades.sort_unstable();
        grades.dedup();
        let without: Vec<RoleId> = tiles().filter(|t| t.grades.is_empty()).map(|t| t.role).collect();
        // A role without a grade stands above all others where one comes to it from them, as to the head of a firm.
        let is_top = self.ways.iter().any(|w| without.contains(&w.to) && !without.contains(&w.from));
        let mut rows: Vec<Option<i64>> = grades.into_iter().rev().map(Some).collect();
        if !without.is_empty() {
            rows.insert(if is_top { 0 } else { rows.len() }, None);
        }
        rows
    }

    /// The height of the headings.
    fn head(&self) -> i64 {
        let groups = self.columns.chunk_by(|a, b| a.family == b.family);
        let lines = groups.map(|group| wrapped(&group[0].title, LETTERS * group.len()).len() + usize::from(group.iter().any(|c| c.track.is_some())));
        lines.max().unwrap_or(1) as i64 * LINE + GAP
    }

    fn row_height(&self, row: Option<i64>) -> i64 {
        let in_column =
            |column: &Column| -> i64 { column.tiles.iter().filter(|b| b.grades.first().copied() == row).map(|b| tile_height(b) + GAP).sum() };
        self.columns.iter().map(in_column).max().unwrap_or(0) - GAP + 2 * ROW_PAD
    }

    fn spots(&self, rows: &[Option<i64>], heights: &[i64]) -> HashMap<RoleId, Spot> {
        let mut spots = HashMap::new();
        let sheets = self.sheets().into_iter().enumerate().flat_map(|(sheet, columns)| std::iter::repeat_n(sheet, columns.len()));
        for ((number, column), sheet) in self.columns.iter().enumerate().zip(sheets) {
            let mut top = 0;
            for (row, height) in rows.iter().zip(heights) {
                let tiles: Vec<&Tile> = column.tiles.iter().rev().filter(|b| b.grades.first().copied() == *row).collect();
                let used: i64 = tiles.iter().map(|b| tile_height(b) + GAP).sum::<i64>() - GAP;
                let mut at = top + (height - used) / 2;
                for one in tiles {
                    let x = COLUMN * number as i64 + COLUMN / 2;
                    let spot = Spot { column: number, sheet, x, top: at, height: tile_height(one), row: (top, top + height) };
                    spots.insert(one.role, spot);
                    at += spot.height + GAP;
                }
                top += height;
            }
        }
        spots
    }

    fn headings(&self, out: &mut String) {
        let mut number = 0;
        for group in self.columns.chunk_by(|a, b| a.family == b.family) {
            let middle = COLUMN * number + COLUMN * group.len() as i64 / 2;
            let first = &group[0];
            out.push_str("<a class=\"family\" href=\"");
            escape_into(&first.href, out);
            out.push_str("\"><text>");
            // A family of several columns has room for its title on one line.
            push_lines(&wrapped(&first.title, LETTERS * group.len()), middle, LINE - 3, out);
            out.push_str("</text></a>\n");
            let lines = wrapped(&first.title, LETTERS * group.len()).len() as i64;
            for (i, column) in group.iter().enumerate() {
                let Some(track) = &column.track else { continue };
                let _ = write!(out, "<text class=\"track\" x=\"{}\" y=\"{}\">", COLUMN * (number + i as i64) + COLUMN / 2, LINE * (lines + 1) - 3);
                escape_into(track, out);
                out.push_str("</text>\n");
            }
            number += group.len() as i64;
        }
    }
}

fn tile_height(one: &Tile) -> i64 {
    wrapped(&one.title, LETTERS).len() as i64 * LINE + 2 * PAD
}

/// Text in lines of about so many letters, three at the most.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let wide = |word: &str| word.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum::<usize>();
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        for piece in pieces(word, letters) {
            let last = lines.last_mut().expect("there is one from the start");
            if last.is_empty() {
                *last = piece;
            } else if wide(last) + 1 + wide(&piece) <= letters {
                last.push(' ');
                last.push_str(&piece);
            } else {
                lines.push(piece);
            }
        }
    }
    if lines.len() > 3 {
        lines.truncate(3);
        lines[2].push('\u{2026}');
    }
    lines
}

/// A word that is longer than a line, in pieces.
fn pieces(word: &str, letters: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        let wide = if c >= '\u{1100}' { 2 } else { 1 };
        if used + wide > letters {
            out.push(String::new());
            used = 0;
        }
        used += wide;
        out.last_mut().expect("there is one from the start").push(c);
    }
    out
}

/// Opens a part of the drawing, which readers hear by its name if it has one, and the sheets find by its class.
fn open(class: &str, name: Option<&str>, (width, height): (i64, i64), out: &mut String) {
    let _ = write!(out, "<svg class=\"{class}\" ");
    match name {
        Some(name) => {
            out.push_str("role=\"group\" aria-label=\"");
            escape_into(name, out);
            out.push_str("\" ");
        }
        None => out.push_str("aria-hidden=\"true\" "),
    }
    let _ = writeln!(out, "{}><g class=\"drawn\" id=\"_map-{class}\">", size(width, height));
}

/// So large, for a text of the size of the page's.
fn size(width: i64, height: i64) -> String {
    // So exact that the lines of the parts meet.
    let rem = |units: i64| format!("{}.{:04}", units / LINE, units % LINE * 10_000 / LINE);
    format!("width=\"{}rem\" height=\"{}rem\" viewBox=\"0 0 {width} {height}\"", rem(width), rem(height))
}

fn axis(rows: &[Option<i64>], heights: &[i64], strings: &Strings, out: &mut String) {
    let mut top = 0;
    for (row, height) in rows.iter().zip(heights) {
        let _ = write!(out, "<path class=\"lane\" d=\"M0 {top}H{AXIS}\"/><text class=\"grade\" x=\"{}\" y=\"{}\">", AXIS / 2, top + height / 2 + 5);
        match row {
            Some(grade) => _ = write!(out, "{grade}"),
            None => escape_into(strings.get(const { text("no_grade") }), out),
        }
        out.push_str("</text>\n");
        top += height;
    }
    let _ = writeln!(out, "<path class=\"lane\" d=\"M0 {top}H{AXIS}\"/>");
}

fn lanes(heights: &[i64], width: i64, out: &mut String) {
    out.push_str("<path class=\"lane\" d=\"");
    let mut top = 0;
    for height in [0].iter().chain(heights) {
        top += height;
        let _ = write!(out, "M0 {top}H{width}");
    }
    out.push_str("\"/>\n");
}

fn push_lines(lines: &[String], x: i64, y: i64, out: &mut String) {
    for (i, line) in lines.iter().enumerate() {
        let _ = write!(out, "<tspan x=\"{x}\" y=\"{}\">", y + LINE * i as i64);
        escape_into(line, out);
        if i + 1 < lines.len() {
            out.push(' ');
        }
        out.push_str("</tspan>");
    }
}

fn push_role(one: &Tile, aside: bool, ways: &[&Way], spots: &HashMap<RoleId, Spot>, out: &mut String) {
    let spot = spots[&one.role];
    let _ = writeln!(out, "<g class=\"role{}\">", if aside { " aside" } else { "" });
    ways.iter().for_each(|way| push_way(way, spots, out));
    // The anchor is that of the role alone: the ways that show when it is looked at would make it far too wide to be scrolled to.
    out.push_str("<a id=\"");
    escape_into(&one.anchor, out);
    out.push_str("\" href=\"");
    escape_into(&one.href, out);
    out.push_str("\">");
    let lines = wrapped(&one.title, LETTERS);
    if lines.last().is_some_and(|l| l.ends_with('\u{2026}')) {
        out.push_str("<title>");
        escape_into(&one.title, out);
        out.push_str("</title>");
    }
    let _ = write!(out, "<rect x=\"{}\" y=\"{}\" width=\"{WIDTH}\" height=\"{}\" rx=\"2\"/><text>", spot.x - WIDTH / 2, spot.top, spot.height);
    push_lines(&lines, spot.x, spot.top + PAD + LINE - 5, out);
    out.push_str("</text></a></g>\n");
}

#[cfg(test)]
mod tests {
    use super::{Column, Drawing, Tile, Way, wrapped};
    use crate::config::strings::Strings;

    #[test]
    fn titles_are_wrapped_and_cut() {
        assert_eq!(wrapped("Senior Backend Engineer", 20), ["Senior Backend", "Engineer"]);
        assert_eq!(wrapped("Donaudampfschifffahrtsgesellschaft", 20), ["Donaudampfschifffahr", "tsgesellschaft"]);
        assert_eq!(wrapped("a b c d", 1), ["a", "b", "c\u{2026}"]);
        assert_eq!(wrapped("品質管理責任者品質管理責任者", 20), ["品質管理責任者品質管", "理責任者"]);
    }

    #[test]
    fn higher_grades_stand_higher_and_every_role_is_a_link() {
        let role = |role, title: &str, grades: &[i64]| Tile {
            role,
            anchor: format!("_{role}"),
            title: title.into(),
            href: format!("{role}.html"),
            grades: grades.into(),
        };
        let tiles = vec![role(0, "Junior", &[5]), role(1, "Senior & co", &[7]), role(2, "Advisor", &[])];
        let column = Column { family: 0, title: "Backend".into(), href: "b.html".into(), track: None, aside: false, tiles };
        let svg = Drawing { columns: vec![column], ways: vec![Way { from: 0, to: 1, moves: false }] }.svg(&Strings::default());
        let at = |text: &str| svg.find(text).unwrap_or_else(|| panic!("no {text} in {svg}"));
        assert!(at(">7</text>") < at(">5</text>") && at(">5</text>") < at(">none</text>"));
        assert!(svg.contains("<a id=\"_1\" href=\"1.html\"") && svg.contains("Senior &amp; co"));
        assert_eq!(svg.matches("class=\"way\"").count(), 3, "behind the roles, and with both of them");
    }
}
