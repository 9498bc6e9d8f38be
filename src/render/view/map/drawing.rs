//! A career map in, an SVG out: grades are rows, the lowest at the bottom; families are columns.
//!
//! Sizes are in pixels. Each way is drawn once behind the roles, and again with the two roles it joins, where the style
//! sheet shows it while one of them has the pointer or the keyboard: so no script is needed.

use std::collections::HashMap;
use std::fmt::Write as _;

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

const COLUMN: i64 = 184;
const WIDTH: i64 = 160;
const LINE: i64 = 17;
const PAD: i64 = 8;
const GAP: i64 = 12;
const ROW_PAD: i64 = 22;
const AXIS: i64 = 52;
/// Letters that fit in a line, in halves of a wide letter.
const LETTERS: usize = 20;

/// Where a role stands.
#[derive(Debug, Clone, Copy)]
struct Spot {
    column: usize,
    x: i64,
    top: i64,
    height: i64,
}

impl Drawing {
    /// The drawing as HTML: the grades, which stay in sight, and the roles.
    pub fn svg(&self, strings: &Strings) -> String {
        let rows = self.rows();
        let head = self.head();
        let heights: Vec<i64> = rows.iter().map(|row| self.row_height(*row)).collect();
        let height = head + heights.iter().sum::<i64>() + 1;
        let width = COLUMN * self.columns.len() as i64;
        let spots = self.spots(&rows, &heights, head);
        let mut out = String::with_capacity(4096 + self.ways.len() * 600);
        axis(&rows, &heights, head, height, strings, &mut out);
        let mut label = String::new();
        escape_into(strings.get(const { text("map_drawing") }), &mut label);
        let _ = write!(
            out,
            "<svg class=\"career\" role=\"group\" aria-label=\"{label}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
             <defs><marker id=\"_tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path class=\"tip\" d=\"M0 0 8 4 0 8z\"/></marker></defs>\n"
        );
        lanes(&heights, head, width, &mut out);
        self.headings(&mut out);
        out.push_str("<g class=\"ways\">\n");
        self.ways.iter().for_each(|way| push_way(way, &spots, &mut out));
        out.push_str("</g>\n");
        let mut by_role: HashMap<RoleId, Vec<&Way>> = HashMap::new();
        for way in &self.ways {
            by_role.entry(way.from).or_default().push(way);
            by_role.entry(way.to).or_default().push(way);
        }
        for column in &self.columns {
            for one in &column.tiles {
                let ways = by_role.get(&one.role).map_or(&[][..], Vec::as_slice);
                push_role(one, column.aside, ways, &spots, &mut out);
            }
        }
        out.push_str("</svg>");
        out
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

    fn spots(&self, rows: &[Option<i64>], heights: &[i64], head: i64) -> HashMap<RoleId, Spot> {
        let mut spots = HashMap::new();
        for (number, column) in self.columns.iter().enumerate() {
            let mut top = head;
            for (row, height) in rows.iter().zip(heights) {
                let tiles: Vec<&Tile> = column.tiles.iter().rev().filter(|b| b.grades.first().copied() == *row).collect();
                let used: i64 = tiles.iter().map(|b| tile_height(b) + GAP).sum::<i64>() - GAP;
                let mut at = top + (height - used) / 2;
                for one in tiles {
                    let spot = Spot { column: number, x: COLUMN * number as i64 + COLUMN / 2, top: at, height: tile_height(one) };
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

fn axis(rows: &[Option<i64>], heights: &[i64], head: i64, height: i64, strings: &Strings, out: &mut String) {
    let _ = write!(
        out,
        "<svg class=\"axis\" aria-hidden=\"true\" width=\"{AXIS}\" height=\"{height}\" viewBox=\"0 0 {AXIS} {height}\">\n<text x=\"{}\" y=\"{}\">",
        AXIS / 2,
        LINE - 3
    );
    escape_into(strings.get(const { text("grade") }), out);
    out.push_str("</text>\n");
    let mut top = head;
    for (row, height) in rows.iter().zip(heights) {
        let _ = write!(out, "<path class=\"lane\" d=\"M0 {top}H{AXIS}\"/><text class=\"grade\" x=\"{}\" y=\"{}\">", AXIS / 2, top + height / 2 + 5);
        match row {
            Some(grade) => _ = write!(out, "{grade}"),
            None => escape_into(strings.get(const { text("no_grade") }), out),
        }
        out.push_str("</text>\n");
        top += height;
    }
    let _ = writeln!(out, "<path class=\"lane\" d=\"M0 {top}H{AXIS}\"/></svg>");
}

fn lanes(heights: &[i64], head: i64, width: i64, out: &mut String) {
    out.push_str("<path class=\"lane\" d=\"");
    let mut top = head;
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
    let _ = write!(out, "<g class=\"role{}\" id=\"", if aside { " aside" } else { "" });
    escape_into(&one.anchor, out);
    out.push_str("\">\n");
    ways.iter().for_each(|way| push_way(way, spots, out));
    out.push_str("<a href=\"");
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

fn push_way(way: &Way, spots: &HashMap<RoleId, Spot>, out: &mut String) {
    let (Some(from), Some(to)) = (spots.get(&way.from), spots.get(&way.to)) else { return };
    let _ = write!(out, "<path class=\"{}\" marker-end=\"url(#_tip)\" d=\"", if way.moves { "way move" } else { "way" });
    push_curve(*from, *to, spots, out);
    out.push_str("\"/>\n");
}

/// Upwards and downwards from edge to edge; along a row from side to side; past a role in between in an arc.
fn push_curve(from: Spot, to: Spot, spots: &HashMap<RoleId, Spot>, out: &mut String) {
    let (from_end, to_end) = (from.top + from.height, to.top + to.height);
    if from.column == to.column {
        let (low, high) = (from_end.min(to_end), from.top.max(to.top));
        let between = spots.values().any(|s| s.column == from.column && s.top >= low && s.top + s.height <= high);
        if between {
            let x = from.x + WIDTH / 2;
            let (a, b) = (from.top + from.height / 2, to.top + to.height / 2);
            let _ = write!(out, "M{x} {a}C{} {a} {} {b} {x} {b}", x + 24, x + 24);
            return;
        }
        let (a, b) = if from.top > to.top { (from.top, to_end) } else { (from_end, to.top) };
        let _ = write!(out, "M{} {a}V{b}", from.x);
        return;
    }
    if from.top < to_end && to.top < from_end {
        // Along a row: to the neighbour from side to side, over those in between in an arch.
        if from.column.abs_diff(to.column) > 1 {
            let over = from.top.min(to.top) - 3 * ROW_PAD / 2;
            let _ = write!(out, "M{0} {1}C{0} {over} {2} {over} {2} {3}", from.x, from.top, to.x, to.top);
            return;
        }
        let side = if to.x > from.x { WIDTH / 2 } else { -WIDTH / 2 };
        let (a, b) = (from.top + from.height / 2, to.top + to.height / 2);
        let (x, y) = (from.x + side, to.x - side);
        let _ = write!(out, "M{x} {a}C{0} {a} {0} {b} {y} {b}", (x + y) / 2);
        return;
    }
    let (a, b) = if from.top > to.top { (from.top, to_end) } else { (from_end, to.top) };
    let middle = (a + b) / 2;
    let _ = write!(out, "M{} {a}C{0} {middle} {1} {middle} {1} {b}", from.x, to.x);
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
        assert!(svg.contains("<a href=\"1.html\">") && svg.contains("Senior &amp; co"));
        assert_eq!(svg.matches("class=\"way\"").count(), 3, "behind the roles, and with both of them");
    }
}
