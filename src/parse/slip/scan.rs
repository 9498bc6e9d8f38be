//! Front matter in, read as its author meant it, the exchanges that make YAML of it out.

use std::ops::Range;

use super::{Edit, Keys, Kind, LISTS, NODES, OPENING, has_no_width, is_bullet, is_mark, is_unseen};
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
    /// Whether it is known, as are those it lies in: what stands below others is their author's, and nothing is said of it.
    is_known: bool,
    /// Whether the entries of its list are nodes.
    is_of_nodes: bool,
}

/// What a line lies in.
#[derive(Clone, Copy)]
struct Within {
    /// Whether all keys around it are known.
    is_known: bool,
    /// Whether its keys are those of a node.
    is_in_node: bool,
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
        let (at, inner) = self.dashes(content, end, column);
        let is_entry = at > content;
        self.open.iter_mut().next_back().filter(|_| is_entry).into_iter().for_each(|list| list.entry = Some(inner));
        let list = self.open.last().filter(|_| is_entry);
        let parent = if is_entry { list } else { self.open.iter().rfind(|open| open.column < column) };
        let is_known = parent.is_none_or(|parent| parent.is_known);
        let is_in_node = parent.is_none_or(|parent| parent.is_of_nodes && parent.entry.is_some());
        let above = parent.map_or(column, |parent| parent.column);
        let is_of_items = list.is_some_and(|list| list.opens && (self.keys.of_items)(list.key));
        let key = if is_of_items { None } else { self.key(number, at, inner, is_entry, Within { is_known, is_in_node }) };
        let gap = &self.yaml[start..content];
        let is_before_sign = is_entry || key.is_some() || gap.trim_start_matches(' ').contains(|c| is_unseen(c) && !is_mark(c));
        if is_known && is_before_sign && gap.contains(is_unseen) {
            self.exchange_gap(start..content, " ".repeat(column));
        }
        if is_of_items {
            self.text_at = None;
            return if is_blank(&self.yaml[at..end]) { self.text(number, column) } else { self.value(number, at, column, true, None) };
        }
        if let Some((name, value)) = key {
            let opens = is_blank(&self.yaml[value..end]);
            let astray = if is_entry || !is_known { None } else { self.astray(start..content, value, end, column) };
            let inner = if is_entry { inner } else { astray.unwrap_or(column) };
            self.open.retain(|open| open.column < inner);
            let is_known = is_known && (self.keys.has(name) || astray.is_some());
            let is_of_nodes = self.open.is_empty() && NODES.contains(&name);
            self.open.push(Open { column: inner, key: name, opens, entry: None, is_known, is_of_nodes });
            let depth = if is_of_nodes { 2 } else { usize::from(astray.is_some()) };
            return self.value(number, value, inner, true, Some(depth).filter(|_| is_known && !(self.keys.of_items)(name)));
        }
        // What is no entry and no key goes on with the text above it, or is something else.
        match self.text_at.filter(|_| !is_entry && !line[content - start..].starts_with('-') && separator(line).is_none()) {
            Some(text) => self.edits.push(Edit { span: start..content, by: " ".repeat(text + 2), marked: content..end, kind: Kind::NotIndented }),
            None => {
                let column = if is_entry { column } else { above };
                let is_text = self.open.last().is_some_and(|open| open.opens);
                return self.value(number, at, column, is_text, Some(usize::from(is_in_node)).filter(|_| is_known));
            }
        }
        number + 1
    }

    /// Where what looks like white space ends, and how many columns it takes.
    fn gap(&self, from: usize, end: usize) -> (usize, usize) {
        let rest = &self.yaml[from..end];
        let blank = rest.len() - rest.trim_start_matches(|c| matches!(c, ' ' | '\t') || is_unseen(c)).len();
        (from + blank, width(&rest[..blank]))
    }

    /// Where a value begins behind a sign: with a mark, where a space stands before that.
    fn value_at(&self, from: usize, end: usize) -> usize {
        let (content, _) = self.gap(from, end);
        let mark = self.yaml[from..content].find(is_mark).filter(|_| self.is_apart(from));
        mark.map_or(content, |mark| from + mark)
    }

    /// Whether YAML takes what begins here as apart from the sign before it.
    fn is_apart(&self, from: usize) -> bool {
        self.yaml[from..].starts_with([' ', '\t', '\n']) || from == self.yaml.len()
    }

    /// Where the last gap before what stands in brackets begins: line ends and comments may stand before it.
    fn last_gap(&self, mut from: usize, end: usize) -> usize {
        loop {
            let (content, _) = self.gap(from, end);
            let rest = &self.yaml[content..end];
            from = match rest.find('\n') {
                Some(line_end) if line_end == 0 || rest.starts_with('#') && self.is_apart(from) => content + line_end + 1,
                _ => return from,
            };
        }
    }

    fn begins_key(&self, at: usize, end: usize) -> bool {
        let key = word(&self.yaml[at..end]);
        self.keys.has(key) && self.yaml[at + key.len()..end].starts_with(':')
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
        let list = self.open.last().filter(|list| list.is_known && list.opens && self.keys.takes_list(list.key)).map(|list| list.key);
        let is_known = self.open.last().is_none_or(|list| list.is_known);
        while let Some(c) = self.yaml[at..end].chars().next() {
            let after = at + c.len_utf8();
            let (mut next, _) = self.gap(after, end);
            let is_meant = at == first && list.is_some() && (c == '-' || is_bullet(c));
            if !(c == '-' && self.is_apart(after) || is_meant && (next > after || after == end)) {
                if is_meant && c == '-' && !self.yaml[after..].starts_with('-') {
                    self.edits.push(Edit { span: after..after, by: " ".to_owned(), marked: at..after, kind: Kind::DashRunOn });
                    return (after, column + 2);
                }
                break;
            }
            if c != '-' {
                self.edits.push(Edit { span: at..after, by: "-".to_owned(), marked: at..after, kind: Kind::Bullet });
            }
            if list.is_some_and(self.keys.of_items) || !self.begins_key(next, end) {
                next = self.value_at(after, end);
            }
            let gap = &self.yaml[after..next];
            let width = width(gap);
            if is_known && gap.contains(is_unseen) {
                self.exchange_gap(after..next, " ".repeat(width.max(1)));
            }
            (at, column) = (next, column + 1 + width);
        }
        (at, column)
    }

    /// The key that stands here, if one does, and where its value begins; with its colon, and what follows it, mended.
    fn key(&mut self, number: usize, at: usize, column: usize, is_entry: bool, within: Within) -> Option<(&'y str, usize)> {
        let Within { is_known, is_in_node } = within;
        let end = self.lines[number].end;
        let yaml = self.yaml;
        let key = word(&yaml[at..end]);
        let colon = at + key.len();
        if is_known && self.keys.has(key) {
            if yaml[colon..end].starts_with(':') {
                let value = self.value_at(colon + 1, end);
                let gap = &yaml[colon + 1..value];
                let is_run_on = colon + 1 < end && !self.is_apart(colon + 1);
                if !is_run_on || is_in_node && is_whole(&yaml[value..end]) {
                    if gap.contains(is_unseen) {
                        self.exchange_gap(colon + 1..value, " ".to_owned());
                    } else if is_run_on {
                        self.edits.push(Edit { span: value..value, by: " ".to_owned(), marked: colon..value, kind: Kind::SpaceMissing });
                    }
                    return Some((key, value));
                }
            } else if !is_entry && self.lacks_colon(number, colon, end, column) {
                self.edits.push(Edit { span: colon..colon, by: ":".to_owned(), marked: at..colon, kind: Kind::ColonMissing });
                return Some((key, self.gap(colon, end).0));
            }
        }
        if is_known && !is_entry && !key.is_empty() && yaml[colon..end].starts_with(':') && self.entry_around(column).is_some() {
            let (value, _) = self.gap(colon + 1, end);
            if yaml[value..end].starts_with('{') {
                return Some((key, value));
            }
        }
        let colon = separator(&yaml[at..end])?;
        let name = yaml[at..at + colon].trim_matches(|c| matches!(c, ' ' | '"' | '\'') || is_unseen(c));
        Some((name, self.gap(at + colon + 1, end).0))
    }

    /// Whether a known key that ends at a byte is one without its colon: among others, with one word behind it or a list below it.
    fn lacks_colon(&self, number: usize, colon: usize, end: usize, column: usize) -> bool {
        let rest = self.yaml[colon..end].trim();
        let below = self.lines.get(number + 1).map_or("", |line| self.yaml[line.clone()].trim_start());
        let is_sole =
            if rest.is_empty() { below.starts_with("- ") } else { !rest.contains(char::is_whitespace) && self.yaml[colon..].starts_with(' ') };
        is_sole && self.open.iter().any(|open| open.column == column) && !rest.contains(':')
    }

    /// A key that stands where an entry of a list should, with the column where it belongs: that of the keys of the entry above, or its own
    /// where it is the id of an entry of its own.
    fn astray(&mut self, gap: Range<usize>, value: usize, end: usize, column: usize) -> Option<usize> {
        let inner = self.entry_around(column)?;
        let key = word(&self.yaml[gap.end..end]);
        if self.keys.has(key) {
            self.edits.push(Edit { span: gap.clone(), by: " ".repeat(inner), marked: gap.end..gap.end + key.len(), kind: Kind::KeyAstray });
            return Some(inner);
        }
        let rest = self.yaml[value..end].strip_prefix('{').filter(|_| self.yaml[gap.end + key.len()..].starts_with(':') && !key.is_empty())?;
        let comma = if rest.trim_start().starts_with('}') { "" } else { ", " };
        let by = format!("- {{id: {key}{comma}");
        self.edits.push(Edit { span: gap.end..value + 1, by, marked: gap.end..gap.end + key.len(), kind: Kind::EntryAstray });
        Some(column)
    }

    /// Where the keys of the entry above stand, if a column is that of an entry of its list, or between both.
    fn entry_around(&self, column: usize) -> Option<usize> {
        let list = self.open.last().filter(|list| list.opens && list.column < column && LISTS.contains(&list.key))?;
        list.entry.filter(|inner| column < *inner)
    }

    /// Skips a plain text that begins on a line or below it.
    fn text(&mut self, number: usize, column: usize) -> usize {
        self.text_at = Some(column);
        number + 1
    }

    /// Skips a value that begins at a byte, and belongs to a key or dash in a column; gives the number of the line after it. Brackets are
    /// looked through where `nodes` says in how many of them the keys of nodes stand.
    fn value(&mut self, number: usize, at: usize, column: usize, is_text: bool, nodes: Option<usize>) -> usize {
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
                if let Some(nodes) = nodes {
                    self.flow(at, close.unwrap_or(end), nodes);
                }
                close.map_or(number + 1, |close| self.line_after(close))
            }
            Some(_) if is_text => self.text(number, column),
            Some(_) => number + 1,
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
    fn flow(&mut self, from: usize, end: usize, nodes: usize) {
        let mut braces = Vec::new();
        let mut is_known = true;
        for (at, c) in signs(&self.yaml[from..end]) {
            match c {
                '{' | '[' => braces.push(c),
                ',' => {}
                '}' | ']' => {
                    braces.pop();
                    continue;
                }
                _ => continue,
            }
            let at = self.last_gap(from + at + 1, end);
            let is_of_node = braces.len() == nodes && is_mapping(&braces);
            let (content, _) = self.gap(at, end);
            let is_key = is_mapping(&braces) && self.begins_key(content, end);
            if is_of_node {
                is_known = is_key && !(self.keys.of_items)(word(&self.yaml[content..end]));
            }
            if !is_known && braces.len() > nodes {
                continue;
            }
            let gap = &self.yaml[at..content];
            let next = gap.find(is_mark).filter(|_| !is_key).map_or(content, |mark| at + mark);
            let gap = &self.yaml[at..next];
            if gap.contains(is_unseen) {
                let columns = if self.yaml[..at].ends_with('\n') { width(gap) } else { 1 };
                self.exchange_gap(at..next, " ".repeat(columns));
            }
            if !is_key {
                continue;
            }
            let colon = next + word(&self.yaml[next..end]).len();
            let value = self.value_at(colon + 1, end);
            let is_run_on = !self.is_apart(colon + 1);
            if is_run_on && !(is_of_node && is_whole(part(&self.yaml[value..end]))) {
                continue;
            }
            if self.yaml[colon + 1..value].contains(is_unseen) {
                self.exchange_gap(colon + 1..value, " ".to_owned());
            } else if is_run_on && self.yaml[value..end].starts_with(|c| !matches!(c, '{' | '[' | '}' | ']' | ',')) {
                self.edits.push(Edit { span: value..value, by: " ".to_owned(), marked: colon..value, kind: Kind::SpaceMissing });
            }
        }
    }
}

fn is_mapping(braces: &[char]) -> bool {
    braces.last() == Some(&'{')
}

/// The columns that white space takes.
fn width(gap: &str) -> usize {
    gap.chars().filter(|c| !has_no_width(*c)).count()
}

/// The key that a text begins with, as far as it looks like one.
fn word(text: &str) -> &str {
    &text[..text.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count()]
}

/// The colon behind the key that a line begins with, as YAML reads it: any key, also one in quotes.
fn separator(line: &str) -> Option<usize> {
    let is_apart = |colon: &usize| line[colon + 1..].is_empty() || line[colon + 1..].starts_with([' ', '\t']);
    match line.chars().next()? {
        quote @ ('"' | '\'') => {
            let after = closing(line, quote)? + 1;
            let colon = line.len() - line[after..].trim_start_matches(' ').len();
            Some(colon).filter(|colon| line[*colon..].starts_with(':') && is_apart(colon))
        }
        '{' | '[' | '#' => None,
        '|' | '>' if is_block(line) => None,
        _ => line.match_indices(':').map(|(colon, _)| colon).find(is_apart).filter(|colon| !line[..*colon].contains(" #")),
    }
}

/// Whether a text that stands directly behind a colon is a value, and not the rest of a key that holds the colon.
fn is_whole(text: &str) -> bool {
    text.starts_with(OPENING) || separator(text).is_none()
}

/// What stands in brackets up to the next sign.
fn part(text: &str) -> &str {
    &text[..text.find(['{', '}', '[', ']', ',', '\n']).unwrap_or(text.len())]
}

/// Where the bracket that begins a text is closed.
fn flow_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    signs(text).filter(|(_, c)| !matches!(c, ',' | '#')).find_map(|(at, c)| {
        depth = if matches!(c, '{' | '[') { depth + 1 } else { depth - 1 };
        (depth == 0).then_some(at)
    })
}

/// The brackets that a line leaves open, with where they stand, and where they should be closed: at its end, before a comment, or before
/// one that closes those around the last.
fn open_brackets(text: &str) -> (Vec<(usize, char)>, usize) {
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in signs(text) {
        let closes = |opening: char| (opening == '{') == (c == '}');
        match (c, open.as_slice()) {
            (',', _) => {}
            ('#', _) => return (open, at),
            ('{' | '[', _) => open.push((at, c)),
            (_, [.., (_, last)]) if closes(*last) => drop(open.pop()),
            (_, [.., (_, around), last]) if closes(*around) => return (vec![*last], at),
            _ => return (Vec::new(), at),
        }
    }
    (open, text.len())
}

/// The brackets and commas of a text in brackets, outside of quotes and comments, and the `#` that begins each comment; what is not closed
/// within quotes is the end.
fn signs(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    // What stands before, white space aside; quotes begin behind these.
    let mut before = ',';
    let mut is_apart = false;
    std::iter::from_fn(move || {
        while let Some(c) = text[at..].chars().next() {
            let here = at;
            at += c.len_utf8();
            let was_apart = std::mem::replace(&mut is_apart, matches!(c, ' ' | '\t' | '\n'));
            let begins = matches!(before, '{' | '[' | ',' | ':' | '?');
            if !is_apart && !is_unseen(c) {
                before = c;
            }
            match c {
                '{' | '[' | '}' | ']' | ',' => return Some((here, c)),
                '#' if was_apart => {
                    at = here + text[here..].find('\n').unwrap_or(text.len() - here);
                    before = ',';
                    return Some((here, c));
                }
                '"' | '\'' if begins => at = closing(&text[here..], c).map_or(text.len(), |close| here + close + 1),
                _ => {}
            }
        }
        None
    })
}
