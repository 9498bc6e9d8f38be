//! Front matter in, read as its author meant it, the exchanges that make YAML of it out.

use std::ops::Range;

use super::{Edit, Keys, Kind, LISTS, has_no_width, is_bullet, is_unseen};
use crate::parse::misread::{closing, is_blank, is_block, line_ranges, looks_like_entry};

/// So many are told, and the rest of the text is left to the reader of YAML.
const MAX_SLIPS: usize = 500;

/// The end of each bracket that is not closed is looked for in the whole text.
const MAX_UNCLOSED: usize = 20;

/// The lines of a text, and the exchanges in no order.
pub(super) fn edits(yaml: &str, keys: &Keys<'_>) -> (Vec<Range<usize>>, Vec<Edit>) {
    let mut scan = Scan { yaml, lines: line_ranges(yaml), keys, open: Vec::new(), text_at: None, edits: Vec::new(), unclosed: 0 };
    let mut line = 0;
    while line < scan.lines.len() && scan.edits.len() < MAX_SLIPS && scan.unclosed < MAX_UNCLOSED {
        line = scan.line(line);
    }
    (scan.lines, scan.edits)
}

/// A key whose mapping is open.
struct Open<'y> {
    column: usize,
    key: &'y str,
    /// Whether nothing stands behind it, so that a list or a mapping may follow.
    opens: bool,
    /// In which column the keys of its last entry stand, if it has a list.
    entry: Option<usize>,
}

struct Scan<'y, 'k> {
    yaml: &'y str,
    lines: Vec<Range<usize>>,
    keys: &'k Keys<'k>,
    open: Vec<Open<'y>>,
    /// The column of the key or dash before a plain text: lines that are indented further go on with it.
    text_at: Option<usize>,
    edits: Vec<Edit>,
    /// How many brackets were never closed so far.
    unclosed: usize,
}

impl<'y> Scan<'y, '_> {
    /// Reads a line, and gives the number of the next to be read.
    fn line(&mut self, number: usize) -> usize {
        let Range { start, end } = self.lines[number].clone();
        let line = &self.yaml[start..end];
        if is_blank(line) {
            return number + 1;
        }
        let (content, column) = self.gap(start, end);
        if self.text_at.is_some_and(|text| column > text) {
            return number + 1;
        }
        self.open.retain(|open| open.column <= column);
        if self.yaml[start..content].contains(is_unseen) {
            self.exchange_gap(start..content, " ".repeat(column));
        }
        let (at, inner) = self.dashes(content, end, column);
        let is_entry = at > content;
        self.open.iter_mut().next_back().filter(|_| is_entry).into_iter().for_each(|list| list.entry = Some(inner));
        if is_entry && self.open.last().is_some_and(|open| open.opens && (self.keys.of_items)(open.key)) {
            return self.value(number, at, column, false);
        }
        if let Some(value) = self.key(number, at, end, inner, is_entry) {
            let opens = is_blank(&self.yaml[value..end]);
            let key = word(&self.yaml[at..end]);
            let inner = if is_entry { inner } else { self.astray(start..content, value, end, column).unwrap_or(column) };
            self.open.retain(|open| open.column < inner);
            self.open.push(Open { column: inner, key, opens, entry: None });
            return self.value(number, value, inner, true);
        }
        // What is no entry and no key goes on with the text above it, or is something else.
        match self.text_at.filter(|_| !is_entry && !line.contains(": ") && !line.trim_end().ends_with(':')) {
            Some(text) => self.edits.push(Edit { span: start..content, by: " ".repeat(text + 2), marked: content..end, kind: Kind::NotIndented }),
            None => return self.value(number, at, column, false),
        }
        number + 1
    }

    /// Where what looks like white space ends, and how many columns it takes.
    fn gap(&self, from: usize, end: usize) -> (usize, usize) {
        let rest = &self.yaml[from..end];
        let blank = rest.len() - rest.trim_start_matches(|c| c == ' ' || is_unseen(c)).len();
        (from + blank, rest[..blank].chars().filter(|c| !has_no_width(*c)).count())
    }

    fn exchange_gap(&mut self, gap: Range<usize>, by: String) {
        let text = &self.yaml[gap.clone()];
        let first = text.find(is_unseen).unwrap_or(0);
        let last = text.rfind(is_unseen).map_or(text.len(), |i| i + text[i..].chars().next().map_or(0, char::len_utf8));
        self.edits.push(Edit { marked: gap.start + first..gap.start + last, span: gap, by, kind: Kind::Unseen });
    }

    /// Skips dashes, and what stands for one; gives where the entry begins, and its column.
    fn dashes(&mut self, mut at: usize, end: usize, mut column: usize) -> (usize, usize) {
        let first = at;
        while let Some(c) = self.yaml[at..end].chars().next() {
            let after = at + c.len_utf8();
            let (next, width) = self.gap(after, end);
            let is_bullet = at == first && is_bullet(c) && self.open.last().is_some_and(|open| open.opens && self.keys.takes_list(open.key));
            if !(c == '-' || is_bullet) || (next == after && after < end) {
                break;
            }
            if is_bullet {
                self.edits.push(Edit { span: at..after, by: "-".to_owned(), marked: at..after, kind: Kind::Bullet });
            }
            if self.yaml[after..next].contains(is_unseen) {
                self.exchange_gap(after..next, " ".repeat(width.max(1)));
            }
            (at, column) = (next, column + 1 + width);
        }
        (at, column)
    }

    /// Where the value of a key begins, if one stands here; with its colon, and what follows it, mended.
    fn key(&mut self, number: usize, at: usize, end: usize, column: usize, is_entry: bool) -> Option<usize> {
        let key = word(&self.yaml[at..end]);
        let colon = at + key.len();
        if key.is_empty() {
            return None;
        }
        let Some(rest) = self.yaml[colon..end].strip_prefix(':') else {
            let rest = self.yaml[colon..end].trim();
            let below = self.lines.get(number + 1).map_or("", |line| self.yaml[line.clone()].trim_start());
            let is_sole =
                if rest.is_empty() { below.starts_with("- ") } else { !rest.contains(char::is_whitespace) && self.yaml[colon..].starts_with(' ') };
            let is_sibling = !is_entry && self.open.iter().any(|open| open.column == column);
            if !(is_sole && is_sibling && self.keys.has(key)) || rest.contains(':') {
                return None;
            }
            self.edits.push(Edit { span: colon..colon, by: ":".to_owned(), marked: at..colon, kind: Kind::ColonMissing });
            return Some(self.gap(colon, end).0);
        };
        let (value, _) = self.gap(colon + 1, end);
        if value == colon + 1 && !rest.is_empty() {
            if !self.keys.has(key) {
                return None;
            }
            self.edits.push(Edit { span: value..value, by: " ".to_owned(), marked: colon..value, kind: Kind::SpaceMissing });
        } else if self.yaml[colon + 1..value].contains(is_unseen) {
            self.exchange_gap(colon + 1..value, " ".to_owned());
        }
        Some(value)
    }

    /// A key that stands where an entry of a list should: of the entry above, in the column that this gives; or it is the id of an entry
    /// of its own.
    fn astray(&mut self, gap: Range<usize>, value: usize, end: usize, column: usize) -> Option<usize> {
        let list = self.open.last().filter(|list| list.opens && list.column < column && LISTS.contains(&list.key))?;
        let inner = list.entry.filter(|inner| column < *inner)?;
        let key = word(&self.yaml[gap.end..end]);
        if self.keys.has(key) {
            self.edits.push(Edit { span: gap.clone(), by: " ".repeat(inner), marked: gap.end..gap.end + key.len(), kind: Kind::KeyAstray });
            return Some(inner);
        }
        let rest = self.yaml[value..end].strip_prefix('{')?;
        let comma = if rest.trim_start().starts_with('}') { "" } else { ", " };
        let by = format!("- {{id: {key}{comma}");
        self.edits.push(Edit { span: gap.end..value + 1, by, marked: gap.end..gap.end + key.len(), kind: Kind::EntryAstray });
        None
    }

    /// Skips a value that begins at a byte, and belongs to a key or dash in a column; gives the number of the line after it.
    fn value(&mut self, number: usize, at: usize, column: usize, is_of_key: bool) -> usize {
        let end = self.lines[number].end;
        let text = &self.yaml[at..end];
        self.text_at = None;
        match text.chars().next() {
            None | Some('#') => number + 1,
            Some('|' | '>') if is_block(text) => {
                let is_of_block = |line: &&Range<usize>| {
                    let line = &self.yaml[(*line).clone()];
                    line.trim().is_empty() || line.len() - line.trim_start_matches(' ').len() > column
                };
                number + 1 + self.lines[number + 1..].iter().take_while(is_of_block).count()
            }
            Some(quote @ ('"' | '\'')) => closing(&self.yaml[at..], quote).map_or(self.lines.len(), |close| self.line_after(at + close)),
            Some('{' | '[') => {
                let close = flow_end(&self.yaml[at..]).map(|close| at + close);
                if close.is_none() {
                    self.unclosed += 1;
                    self.close(number, at, end);
                }
                let is_of_items = self.open.last().is_some_and(|open| (self.keys.of_items)(open.key));
                if !is_of_items {
                    self.flow(at, close.unwrap_or(end));
                }
                close.map_or(number + 1, |close| self.line_after(close))
            }
            Some(_) => {
                self.text_at = Some(column).filter(|_| is_of_key || self.open.last().is_some_and(|open| open.opens));
                number + 1
            }
        }
    }

    /// Closes what a line opens, where the next one begins something else.
    fn close(&mut self, number: usize, at: usize, end: usize) {
        let next = self.lines[number + 1..].iter().map(|l| self.yaml[l.clone()].trim_start()).find(|l| !is_blank(l));
        if !next.is_none_or(looks_like_entry) {
            return;
        }
        let (open, until) = open_brackets(&self.yaml[at..end]);
        let Some((last, _)) = open.last() else { return };
        let marked = at + last..at + last + 1;
        let by = open.iter().rev().map(|(_, c)| if *c == '{' { '}' } else { ']' }).collect();
        let text = at + self.yaml[at..at + until].trim_end().len();
        self.edits.push(Edit { span: text..text, by, marked, kind: Kind::NotClosed });
    }

    fn line_after(&self, byte: usize) -> usize {
        self.lines.partition_point(|line| line.end < byte) + 1
    }

    /// Looks through what stands in brackets: the keys of mappings, and the gaps before and behind them.
    fn flow(&mut self, from: usize, end: usize) {
        let mut braces = Vec::new();
        let mut at = from;
        while let Some(c) = self.yaml[at..end].chars().next() {
            at += c.len_utf8();
            match c {
                '{' | '[' => braces.push(c),
                '}' | ']' => drop(braces.pop()),
                '"' | '\'' if self.yaml[..at - 1].ends_with([' ', '{', '[', ',', ':']) => {
                    at = closing(&self.yaml[at - 1..end], c).map_or(end, |close| at + close);
                    continue;
                }
                ',' => {}
                _ => continue,
            }
            if !matches!(c, '{' | '[' | ',') {
                continue;
            }
            let (next, _) = self.gap(at, end);
            if self.yaml[at..next].contains(is_unseen) {
                self.exchange_gap(at..next, " ".to_owned());
            }
            at = next;
            let key = word(&self.yaml[at..end]);
            let colon = at + key.len();
            if braces.last() != Some(&'{') || !self.yaml[colon..end].starts_with(':') || !self.keys.has(key) {
                continue;
            }
            let (value, _) = self.gap(colon + 1, end);
            if value == colon + 1 && self.yaml[value..end].starts_with(|c| !matches!(c, '{' | '[' | '}' | ']' | ',' | '\n')) {
                self.edits.push(Edit { span: value..value, by: " ".to_owned(), marked: colon..value, kind: Kind::SpaceMissing });
            } else if self.yaml[colon + 1..value].contains(is_unseen) {
                self.exchange_gap(colon + 1..value, " ".to_owned());
            }
            at = value;
        }
    }
}

/// The key that a text begins with, as far as it looks like one.
fn word(text: &str) -> &str {
    &text[..text.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count()]
}

/// Where the bracket that begins a text is closed.
fn flow_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    brackets(text).find_map(|(at, c)| {
        depth = if matches!(c, '{' | '[') { depth + 1 } else { depth - 1 };
        (depth == 0).then_some(at)
    })
}

/// The brackets that a text leaves open, with where they stand, and where they should be closed: at its end, or before one that closes
/// those around the last.
fn open_brackets(text: &str) -> (Vec<(usize, char)>, usize) {
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in brackets(text) {
        let closes = |opening: char| (opening == '{') == (c == '}');
        match (c, open.as_slice()) {
            ('{' | '[', _) => open.push((at, c)),
            (_, [.., (_, last)]) if closes(*last) => drop(open.pop()),
            (_, [.., (_, around), last]) if closes(*around) => return (vec![*last], at),
            _ => return (Vec::new(), at),
        }
    }
    (open, text.len())
}

/// The brackets of a text, outside of quotes; what is not closed within quotes is the end.
fn brackets(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(c) = text[at..].chars().next() {
            let here = at;
            at += c.len_utf8();
            match c {
                '{' | '[' | '}' | ']' => return Some((here, c)),
                '"' | '\'' if text[..here].ends_with([' ', '{', '[', ',', ':']) => {
                    at = closing(&text[here..], c).map_or(text.len(), |close| here + close + 1)
                }
                _ => {}
            }
        }
        None
    })
}
