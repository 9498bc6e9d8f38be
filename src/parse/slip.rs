//! Front matter that YAML does not read as it looks: its likeliest slips, each with the line as it should be, mended for the
//! rest of the run, so that one slip hides no other fault.

mod scan;

use std::ops::Range;

use super::misread;
use crate::yaml::{Node, Value};

/// A slip.
#[derive(Debug, PartialEq, Eq)]
pub struct Slip {
    /// Bytes of the YAML that are marked.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do, with the line as it should be.
    pub help: String,
    /// The bytes that are exchanged, and for what.
    pub edit: (Range<usize>, String),
    /// What is said of it when it is mended; none where it is not certain what was meant.
    pub mended: Option<&'static str>,
}

/// The keys that are known in some front matter.
pub struct Keys<'a> {
    /// Those of lists of items, of which the entries are texts.
    pub of_items: &'a dyn Fn(&str) -> bool,
    /// All others.
    pub others: &'a [&'a str],
}

impl Keys<'_> {
    fn has(&self, word: &str) -> bool {
        self.others.contains(&word) || (self.of_items)(word)
    }

    fn takes_list(&self, word: &str) -> bool {
        (self.of_items)(word) || LISTS.contains(&word)
    }
}

/// Keys of front matter, but for those of lists of items, that take lists.
const LISTS: [&str; 8] = ["roles", "specialties", "tracks", "aliases", "ladder", "extends", "extends_any", "next"];

/// Those whose lists hold nodes.
const NODES: [&str; 3] = ["roles", "specialties", "tracks"];

/// Whether a tree shows that a slip was read as something else: a key that holds a colon or what cannot be seen, a text that begins
/// with a bullet. Other keys than those that are known, and what stands below them, are their author's.
pub fn shows_in(node: &Node, keys: &Keys<'_>) -> bool {
    let in_entry = |entry: &Node| shows_in_node(entry, keys);
    let in_list = |(key, value): &(Node, Node)| match &value.value {
        Value::List(list) if key.text().is_some_and(|key| NODES.contains(&key)) => list.iter().any(in_entry),
        _ => false,
    };
    shows_in_node(node, keys) || matches!(&node.value, Value::Map(entries) if entries.iter().any(in_list))
}

/// The same for what stands where a node does.
fn shows_in_node(node: &Node, keys: &Keys<'_>) -> bool {
    let is_run_on = |text: &str| text.split_once(':').is_some_and(|(word, _)| keys.has(word));
    match &node.value {
        Value::Map(entries) => entries.iter().any(|(key, value)| {
            let Some(key) = key.text() else { return false };
            let is_begun = key.split_once(':').is_some_and(|(_, rest)| rest.starts_with(OPENING));
            let is_key = is_run_on(key) && (is_begun || value.value == Value::Null) || key.contains(is_unseen);
            is_key || keys.has(key) && (shows_in_value(value) || keys.takes_list(key) && lacks_dash(value))
        }),
        Value::Text(text) => is_run_on(text) || shows_in_value(node),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::List(_) => false,
    }
}

fn shows_in_value(node: &Node) -> bool {
    match &node.value {
        Value::List(list) => list.iter().any(shows_in_value),
        Value::Map(entries) => entries.iter().any(|(key, value)| key.text().is_some_and(|key| key.contains(is_unseen)) || shows_in_value(value)),
        Value::Text(text) => text.starts_with(|c| is_unseen(c) && !is_mark(c) || is_bullet(c)),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => false,
    }
}

/// Whether a dash without a space behind it, or a bullet, stands in the place of a list.
fn lacks_dash(node: &Node) -> bool {
    let is_entry = |text: &str| text.starts_with(|c| c == '-' || is_bullet(c));
    match &node.value {
        Value::Text(text) => is_entry(text),
        Value::Map(entries) => entries.iter().any(|(key, _)| key.text().is_some_and(is_entry)),
        _ => false,
    }
}

/// Looks for slips in the order of the text.
pub fn find(yaml: &str, keys: &Keys<'_>) -> Vec<Slip> {
    let (lines, edits) = scan::edits(yaml, keys);
    let edits = apart(edits);
    edits.iter().map(|edit| edit.slip(yaml, &lines, &edits)).collect()
}

/// The exchanges in the order of the text, none over another: what puts a line where it belongs counts more than what cannot be seen.
fn apart(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| (edit.span.start, matches!(edit.kind, Kind::Unseen)));
    let mut end = 0;
    edits.retain(|edit| {
        let is_apart = edit.span.start >= end;
        end = if is_apart { edit.span.end } else { end };
        is_apart
    });
    edits
}

/// What looks like a space, or like nothing, and is no space to YAML.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}') || has_no_width(c)
}

fn has_no_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// What joins letters or tells their direction: behind a space it belongs to the text that it begins.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}')
}

/// What begins a value that may hold a colon and a space.
const OPENING: [char; 4] = ['"', '\'', '{', '['];

/// What stands before points in texts that come from word processors, and nowhere else.
pub const BULLETS: [char; 12] =
    ['\u{2022}', '\u{b7}', '\u{25cf}', '\u{25aa}', '\u{25e6}', '\u{2023}', '\u{f0b7}', '\u{f0a7}', '\u{f0d8}', '\u{f0fc}', '\u{27a2}', '\u{2043}'];
/// Dashes, which stand there, too, but also between words.
pub const DASHES: [char; 7] = ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}'];

/// What people and programs write for the `-` of a list.
fn is_bullet(c: char) -> bool {
    matches!(c, '*' | '+') || BULLETS.contains(&c) || DASHES.contains(&c)
}

/// One exchange.
struct Edit {
    span: Range<usize>,
    by: String,
    marked: Range<usize>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Unseen,
    Bullet,
    DashRunOn,
    SpaceMissing,
    ColonMissing,
    NotIndented,
    NotClosed,
    KeyAstray,
    EntryAstray,
}

impl Edit {
    fn slip(&self, yaml: &str, lines: &[Range<usize>], all: &[Edit]) -> Slip {
        let line = &lines[lines.partition_point(|line| line.end < self.span.start)];
        let marked = &yaml[self.marked.clone()];
        let shown = if line.len() <= MAX_SHOWN { format!(": `{}`", self.line(yaml, line, all)) } else { String::new() };
        let (message, help, mended) = match self.kind {
            Kind::Unseen => {
                let (name, help) = match marked.chars().find(|c| is_unseen(*c)) {
                    Some('\u{a0}' | '\u{2007}' | '\u{202f}') => ("a no-break space stands here, which is", "write ordinary spaces in its place"),
                    Some(c) if has_no_width(c) => ("a character that cannot be seen stands here, and is", "delete it"),
                    _ => ("a space of an uncommon kind stands here, and is", "write ordinary spaces in its place"),
                };
                (format!("{name} no space to YAML"), help.to_owned(), Some("what cannot be seen is an ordinary space, or gone"))
            }
            Kind::Bullet => {
                let message = format!("an entry of a list begins with `-` here, and not with `{marked}`");
                (message, format!("write it so{shown}"), Some("an entry begins with `-`"))
            }
            Kind::DashRunOn => {
                let help = format!("put one there, if an entry of the list begins here{shown}");
                ("a space is missing behind this dash".to_owned(), help, None)
            }
            Kind::SpaceMissing => {
                ("a space is missing behind this colon".to_owned(), format!("put one there{shown}"), Some("there is a space behind the colon"))
            }
            Kind::ColonMissing => (format!("a colon is missing behind `{marked}`"), format!("put one there{shown}"), None),
            Kind::NotClosed => {
                let help = format!("close it{shown}; or put quotes around the text if the bracket belongs to it");
                ("this bracket is never closed".to_owned(), help, None)
            }
            Kind::KeyAstray => {
                let message = format!("`{marked}` is not indented like the keys of the entry above it");
                (message, format!("begin the line with {} spaces{shown}", self.by.len()), None)
            }
            Kind::EntryAstray => ("an entry of a list begins with `-` here".to_owned(), format!("write it so{shown}"), None),
            Kind::NotIndented => {
                let message = "this line seems to go on with the text above it, and is not indented".to_owned();
                (message, format!("begin it with {} spaces{shown}", self.by.len()), None)
            }
        };
        Slip { span: self.marked.clone(), message, help, edit: (self.span.clone(), self.by.clone()), mended }
    }

    /// The line as it should be; with its indentation, where that is what is wrong.
    fn line(&self, yaml: &str, line: &Range<usize>, all: &[Edit]) -> String {
        let mut shown = String::new();
        let mut done = line.start;
        let first = all.partition_point(|edit| edit.span.start < line.start);
        for edit in all[first..].iter().take_while(|edit| edit.span.end <= line.end) {
            shown.push_str(&yaml[done..edit.span.start]);
            shown.push_str(&edit.by);
            done = edit.span.end;
        }
        shown.push_str(&yaml[done..line.end]);
        if matches!(self.kind, Kind::KeyAstray | Kind::NotIndented) { shown } else { shown.trim().to_owned() }
    }
}

/// Longer lines, in bytes, are not shown as they should be.
const MAX_SHOWN: usize = 300;

/// The text with every slip mended.
pub fn mended(yaml: &str, slips: &[Slip]) -> misread::Mended {
    misread::Mended::of(yaml, slips.iter().map(|slip| slip.edit.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: Keys<'static> = Keys { of_items: &|key| key == "requirements", others: &["title", "roles", "id", "grade", "next"] };

    #[test]
    fn slips_of_one_line_are_mended_together() {
        for (yaml, wanted) in [
            ("roles:\n  - id: a\n\u{a0}grade:\u{a0}6\n", "roles:\n  - id: a\n    grade: 6\n"),
            ("roles:\n  - id: a\n  grade:6\n", "roles:\n  - id: a\n    grade: 6\n"),
            ("roles:\n  - id: a\n  two:\u{a0}{title:B}\n", "roles:\n  - id: a\n  - {id: two, title: B}\n"),
            ("roles:\n\u{200b}  \u{2022}\u{a0}id:a\n", "roles:\n  - id: a\n"),
            ("requirements:\n  \u{f0b7} Knows Git\n", "requirements:\n  - Knows Git\n"),
            ("next:[a,\u{a0}b\ntitle: x\n", "next: [a, b]\ntitle: x\n"),
        ] {
            assert_eq!(mended(yaml, &find(yaml, &KEYS)).text, wanted, "{yaml:?}");
        }
    }

    #[test]
    fn any_pieces_are_looked_through() {
        let pieces = [
            "\n",
            "  ",
            "\u{a0}",
            "- ",
            "\u{2022} ",
            "title:",
            "roles:\n",
            "requirements:\n",
            "grade ",
            "{",
            "]",
            "[",
            "}",
            "\"",
            "'",
            "|\n",
            ",",
            "x: ",
            "\u{200b}",
            "#",
        ];
        let mut number = 1_u32;
        for _ in 0..20_000 {
            let mut yaml = String::new();
            for _ in 0..12 {
                number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                yaml.push_str(pieces[(number >> 16) as usize % pieces.len()]);
            }
            mended(&yaml, &find(&yaml, &KEYS));
        }
    }
}
