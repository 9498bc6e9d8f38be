//! Two roles on a career map in, the way that is drawn between them out.
//!
//! Steps within a column stand in its middle. What comes from another column starts and ends beside them, so that no line
//! seems to go on where another begins. A line that would run behind a role goes through the gaps between columns instead.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::drawing::{COLUMN, ROW_PAD, WIDTH, Way};
use crate::model::RoleId;

/// How far beside the middle of a role the ways to other columns begin, and those from them end.
const BEGIN: i64 = 24;
const END: i64 = 48;
/// How far the corners of a way through the gaps are rounded.
const CORNER: i64 = 8;
/// How near a way may come to a role that it does not join.
const CLEAR: f64 = 4.0;

/// Where a role stands.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    /// Its column.
    pub column: usize,
    /// The sheet of paper on which that is.
    pub sheet: usize,
    /// Its middle.
    pub x: i64,
    /// Its upper edge.
    pub top: i64,
    /// How high it is.
    pub height: i64,
    /// The upper and the lower edge of its row.
    pub row: (i64, i64),
}

impl Spot {
    fn end(self) -> i64 {
        self.top + self.height
    }

    fn middle(self) -> i64 {
        self.top + self.height / 2
    }
}

type Spots = HashMap<RoleId, Spot>;
type Point = (i64, i64);

/// Adds a way.
pub fn push_way(way: &Way, spots: &Spots, out: &mut String) {
    let (Some(from), Some(to)) = (spots.get(&way.from), spots.get(&way.to)) else { return };
    let moves = if way.moves { " move" } else { "" };
    // Between two sheets of paper a way would come from nowhere and end nowhere.
    let apart = if from.sheet == to.sheet { "" } else { " apart" };
    let _ = write!(out, "<path class=\"way{moves}{apart}\" marker-end=\"url(#_tip)\" d=\"");
    if from.column == to.column {
        push_step(*from, *to, spots, out);
    } else {
        push_crossing(way, *from, *to, spots, out);
    }
    out.push_str("\"/>\n");
}

/// Within a column: from edge to edge, past a role in between in an arc.
fn push_step(from: Spot, to: Spot, spots: &Spots, out: &mut String) {
    let (low, high) = (from.end().min(to.end()), from.top.max(to.top));
    let between = spots.values().any(|s| s.column == from.column && s.top >= low && s.end() <= high);
    if between {
        let (x, a, b) = (from.x + WIDTH / 2, from.middle(), to.middle());
        let _ = write!(out, "M{x} {a}C{0} {a} {0} {b} {x} {b}", x + 24);
        return;
    }
    let (a, b) = if from.top > to.top { (from.top, to.end()) } else { (from.end(), to.top) };
    let _ = write!(out, "M{} {a}V{b}", from.x);
}

/// To another column: to a neighbour in the row from side to side, otherwise in a curve, or through the gaps.
fn push_crossing(way: &Way, from: Spot, to: Spot, spots: &Spots, out: &mut String) {
    let right = if to.x > from.x { 1 } else { -1 };
    let beside = |spot: Spot| from.top < spot.end() && spot.top < from.end();
    if beside(to) && from.column.abs_diff(to.column) == 1 {
        let (x, y) = (from.x + right * WIDTH / 2, to.x - right * WIDTH / 2);
        let (a, b) = (from.middle(), to.middle());
        let _ = write!(out, "M{x} {a}C{0} {a} {0} {b} {y} {b}", (x + y) / 2);
        return;
    }
    let (x, y) = (from.x + right * BEGIN, to.x - right * END);
    let others: Vec<Spot> = spots.iter().filter(|(role, _)| **role != way.from && **role != way.to).map(|(_, spot)| *spot).collect();
    let is_free = |curve: &Curve| !others.iter().any(|other| curve.touches(*other));
    if let Some(curve) = curves((x, from), (y, to), beside(to)).into_iter().find(is_free) {
        curve.push(out);
        return;
    }
    // What leads to the same role shares a line, and what leads to others has one of its own: by its number on this map, so that
    // a role elsewhere changes nothing here.
    let number = spots.keys().filter(|role| **role < way.to).count();
    let aside = [0, 4, -4][number % 3];
    let lane = if from.top < to.top { from.row.1 - CORNER } else { from.row.0 + CORNER };
    let (near, far) = (from.x + right * COLUMN / 2 + aside, to.x - right * COLUMN / 2 + aside);
    let (x, y) = (from.x + right * WIDTH / 2, to.x - right * WIDTH / 2);
    push_rounded(&[(x, from.middle()), (near, from.middle()), (near, lane), (far, lane), (far, to.middle()), (y, to.middle())], out);
}

/// The curves that may lead from `x` in one spot to `y` in the other, the best first: over those between in the same row;
/// otherwise straight in one of the two columns for as long as that goes, or all the way in a curve.
fn curves((x, from): (i64, Spot), (y, to): (i64, Spot), in_row: bool) -> Vec<Curve> {
    if in_row {
        let over = from.top.min(to.top) - 3 * ROW_PAD / 2;
        return vec![Curve { start: from.top, bow: [(x, from.top), (x, over), (y, over), (y, to.top)], end: to.top }];
    }
    let (a, b) = if from.top > to.top { (from.top, to.end()) } else { (from.end(), to.top) };
    let bend = 2 * ROW_PAD * (b - a).signum();
    let curve = |out_of: i64, into: i64| {
        let middle = (out_of + into) / 2;
        Curve { start: a, bow: [(x, out_of), (x, middle), (y, middle), (y, into)], end: b }
    };
    if (a - b).abs() < 3 * ROW_PAD {
        return vec![curve(a, b)];
    }
    vec![curve(b - bend, b), curve(a, a + bend), curve(a, b)]
}

/// A bow, with a straight line before it from the height where the way starts, and one behind it to that where it ends.
struct Curve {
    start: i64,
    bow: [Point; 4],
    end: i64,
}

impl Curve {
    fn push(&self, out: &mut String) {
        let [(x, out_of), (c, d), (e, f), (y, into)] = self.bow;
        let _ = write!(out, "M{x} {}", self.start);
        if out_of != self.start {
            let _ = write!(out, "V{out_of}");
        }
        let _ = write!(out, "C{c} {d} {e} {f} {y} {into}");
        // An empty line at the end would turn the tip.
        if into != self.end {
            let _ = write!(out, "V{}", self.end);
        }
    }

    /// Whether it runs behind a role, or nearly.
    fn touches(&self, other: Spot) -> bool {
        let [first, .., last] = self.bow;
        let straight = |x: i64, a: i64, b: i64| (0..=PARTS).map(move |i| (x as f64, a as f64 + (b - a) as f64 * f64::from(i) / f64::from(PARTS)));
        let all = straight(first.0, self.start, first.1).chain(points(self.bow)).chain(straight(last.0, last.1, self.end));
        let (left, right) = ((other.x - WIDTH / 2) as f64 - CLEAR, (other.x + WIDTH / 2) as f64 + CLEAR);
        let (top, end) = (other.top as f64 - CLEAR, other.end() as f64 + CLEAR);
        all.into_iter().any(|(x, y)| x > left && x < right && y > top && y < end)
    }
}

/// Into how many parts a line is divided to see what it touches.
const PARTS: i32 = 48;

/// Points of a bow.
fn points(bow: [Point; 4]) -> impl Iterator<Item = (f64, f64)> {
    let at = move |t: f64, axis: fn(Point) -> i64| {
        let [a, b, c, d] = bow.map(|p| axis(p) as f64);
        let s = 1.0 - t;
        s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
    };
    (0..=PARTS).map(|i| f64::from(i) / f64::from(PARTS)).map(move |t| (at(t, |p| p.0), at(t, |p| p.1)))
}

/// A way along straight lines, its corners rounded.
fn push_rounded(points: &[Point], out: &mut String) {
    let mut points = points.to_vec();
    points.dedup();
    let toward = |(x, y): Point, (to_x, to_y): Point| {
        let radius = CORNER.min((to_x - x).abs().max((to_y - y).abs()) / 2);
        (x + (to_x - x).signum() * radius, y + (to_y - y).signum() * radius)
    };
    let _ = write!(out, "M{} {}", points[0].0, points[0].1);
    for corner in points.windows(3) {
        let (before, after) = (toward(corner[1], corner[0]), toward(corner[1], corner[2]));
        let _ = write!(out, "L{} {}Q{} {} {} {}", before.0, before.1, corner[1].0, corner[1].1, after.0, after.1);
    }
    let (x, y) = points[points.len() - 1];
    let _ = write!(out, "L{x} {y}");
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Spot, push_way};
    use crate::render::view::map::drawing::Way;

    fn spot(column: usize, top: i64) -> Spot {
        Spot { column, sheet: 0, x: 184 * column as i64 + 92, top, height: 50, row: (top - 22, top + 72) }
    }

    fn path(spots: &[Spot], moves: bool) -> String {
        let mut out = String::new();
        push_way(&Way { from: 0, to: 1, moves }, &spots.iter().copied().enumerate().collect::<HashMap<_, _>>(), &mut out);
        out.split('"').nth(5).unwrap_or_default().to_owned()
    }

    #[test]
    fn steps_stand_in_the_middle_and_moves_beside_it() {
        assert_eq!(path(&[spot(0, 200), spot(0, 100)], false), "M92 200V150");
        assert_eq!(path(&[spot(0, 200), spot(1, 100)], true), "M116 200C116 175 228 175 228 150");
    }

    #[test]
    fn a_way_goes_round_a_role_that_stands_in_it() {
        let straight = path(&[spot(0, 300), spot(1, 100)], false);
        assert!(straight.contains('C'), "{straight}");
        let round = path(&[spot(0, 300), spot(1, 100), spot(1, 200), spot(0, 200)], false);
        assert!(!round.contains('C') && round.contains('Q'), "{round}");
    }

    #[test]
    fn a_long_way_runs_straight_where_it_can() {
        assert_eq!(path(&[spot(0, 300), spot(1, 100)], true), "M116 300V194C116 172 228 172 228 150");
        assert_eq!(path(&[spot(0, 300), spot(1, 100), spot(0, 200)], true), "M116 300C116 278 228 278 228 256V150");
    }
}
