//! What is wrong, where, and what to do about it: the one form in which every fault of the content is told.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// How much a finding weighs. Errors fail the run; warnings do under `--strict`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably a mistake.
    Warning,
    /// Must be mended.
    Error,
}

impl Severity {
    /// The word that people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A place in a file of the site: its path from the root with `/`, and a range of bytes in its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Path from the site's root, with `/` between the parts.
    pub file: Arc<str>,
    /// Bytes of the file's text, after a byte order mark and with line ends as `\n`.
    pub span: Range<usize>,
}

impl Place {
    /// The place of `span` in `file`.
    pub fn new(file: &Arc<str>, span: Range<usize>) -> Self {
        Place { file: Arc::clone(file), span }
    }
}

/// Another place that belongs to a finding, with what it has to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What stands there.
    pub message: String,
}

/// A list of a file, by the numbers of its node and its section; none stands for any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    /// The node.
    pub node: Option<usize>,
    /// The section.
    pub section: Option<usize>,
}

impl Part {
    /// Every list of the file.
    pub const ANY: Part = Part { node: None, section: None };
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name of the kind of finding, such as `extends-unknown`; reads after the word *allow*.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence: what is wrong.
    pub message: String,
    /// A few words at the place itself; may be empty.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    /// Where the author would mend it.
    pub place: Place,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// How `handbook check --fix` mends it, where that is safe.
    pub fix: Option<Fix>,
    /// The least that it weighs, unless its lint is off: a lint may be stricter for some roles.
    pub at_least: Option<Severity>,
    /// Whether it is about the file, of which its place is only an example: it stays the same finding when another line is
    /// the first that shows it.
    pub of_file: bool,
    /// The file without which it would not be there, where that is another: see `check/cascades.rs`.
    pub hangs_on: Option<Arc<str>>,
    /// Places whose values it takes as right: it is not told where one of them is told to be wrong.
    pub rests_on: Vec<Place>,
    /// The lists of its file from which it takes text, or in which something seems to be missing: see `check/cascades.rs`.
    pub parts: Vec<Part>,
}

/// A safe mend of a finding, in the file of its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is done, as part of a sentence: "the heading is `Requirements` now".
    pub says: String,
    /// The bytes that are replaced, in order, and by what.
    pub edits: Vec<(Range<usize>, String)>,
}

impl Diagnostic {
    /// An error at `place`.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, place, message)
    }

    /// A warning at `place`.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, place, message)
    }

    /// A finding of any weight at `place`.
    pub fn new(severity: Severity, code: &'static str, place: Place, message: impl Into<String>) -> Self {
        let message = on_one_line(message.into());
        Diagnostic {
            code,
            severity,
            message,
            label: String::new(),
            help: None,
            place,
            related: Vec::new(),
            fix: None,
            at_least: None,
            of_file: false,
            hangs_on: None,
            rests_on: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// The same with a safe mend.
    pub fn fix(mut self, says: impl Into<String>, edits: Vec<(Range<usize>, String)>) -> Self {
        self.fix = Some(Fix { says: on_one_line(says.into()), edits });
        self
    }

    /// The same about the whole file.
    pub fn of_file(mut self) -> Self {
        self.of_file = true;
        self
    }

    /// The same with the file on which it hangs.
    pub fn hangs_on(mut self, file: &Arc<str>) -> Self {
        self.hangs_on = Some(Arc::clone(file));
        self
    }

    /// The same with the places whose values it takes as right.
    pub fn rests_on(mut self, places: impl Iterator<Item = Place>) -> Self {
        self.rests_on.extend(places);
        self
    }

    /// The same about a list of its file.
    pub fn of_part(mut self, node: impl Into<Option<usize>>, section: impl Into<Option<usize>>) -> Self {
        self.parts.push(Part { node: node.into(), section: section.into() });
        self
    }

    /// The same with a few words at the place.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = on_one_line(label.into());
        self
    }

    /// The same with what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with `did you mean` at the place, where a near name is known.
    pub fn meant(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(name) => self.label(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// The same with another place.
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related { place, message: message.into() });
        self
    }
}

/// Words of the content stand in messages: what would break the line or drive a terminal becomes a space.
fn on_one_line(text: String) -> String {
    if text.contains(char::is_control) { text.replace(char::is_control, " ") } else { text }
}

/// Puts findings into the order in which people read them: by file, then by place, each once.
pub fn in_order(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    // What is wrong with the settings comes first: much of the rest may follow from it.
    let place = |f: &Diagnostic| (f.place.file.starts_with("content/"), Arc::clone(&f.place.file), f.place.span.start, f.place.span.end);
    findings.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| (a.code, &a.message).cmp(&(b.code, &b.message))));
    findings.dedup();
    findings
}

/// A position as people count: line and column from 1, the column in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// Where the lines of a text begin, for finding many positions in it.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// How many characters stand before each block of [`BLOCK`] bytes; counted when a long line is asked for.
    blocks: OnceLock<Vec<usize>>,
}

/// So many bytes are counted anew for a position; more only once, or a long line full of findings would take quadratic time.
const BLOCK: usize = 4096;

impl<'t> Lines<'t> {
    /// The lines of a text.
    pub fn of(text: &'t str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Lines { text, starts: std::iter::once(0).chain(after_breaks).collect(), blocks: OnceLock::new() }
    }

    /// The position of a byte.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let before = if offset - start <= BLOCK { count(&self.text.as_bytes()[start..offset]) } else { self.before(offset) - self.before(start) };
        Position { line, column: before + 1 }
    }

    /// How many characters stand before a byte of the text.
    fn before(&self, offset: usize) -> usize {
        let blocks = self.blocks.get_or_init(|| {
            let counted = self.text.as_bytes().chunks(BLOCK).scan(0, |sum, block| {
                *sum += count(block);
                Some(*sum)
            });
            std::iter::once(0).chain(counted).collect()
        });
        let block = offset / BLOCK;
        blocks[block] + count(&self.text.as_bytes()[block * BLOCK..offset])
    }

    /// A line by its number, without its end, and the byte where it begins.
    pub fn line(&self, number: usize) -> (&'t str, usize) {
        let start = self.starts[number - 1];
        let end = self.starts.get(number).map_or(self.text.len(), |next| next - 1);
        (&self.text[start..end], start)
    }
}

/// How many characters begin in a piece of UTF-8.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_long_line_are_counted_as_those_of_a_short_one() {
        let text = format!("a\n{}\nb", "x\u{e9}\u{1f600}".repeat(5_000));
        let lines = Lines::of(&text);
        let line = &text[2..];
        for (column, (at, _)) in line.char_indices().take(15_000).enumerate().step_by(997) {
            assert_eq!(lines.position(2 + at), Position { line: 2, column: column + 1 });
        }
        assert_eq!(lines.position(text.len()), Position { line: 3, column: 2 });
    }
}
