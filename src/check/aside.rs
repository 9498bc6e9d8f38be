//! A document in, which of its bytes are read by nobody out: comments, code, addresses, ids. Made only where something was
//! found, in one pass, so that ten thousand finds in one file cost no more than their number.

use std::ops::Range;

use crate::parse::Document;

/// The parts of a document that are no text for readers.
pub(super) struct Asides<'d> {
    document: &'d Document,
    /// Where the lines of the file begin.
    lines: Vec<usize>,
    /// Where YAML comments begin after a space, where comments of the body begin and end, and where backticks stand.
    yaml_comments: Vec<usize>,
    opens: Vec<usize>,
    closes: Vec<usize>,
    ticks: Vec<usize>,
    /// The lines between the fences of code, closing fence included; by where they begin.
    fenced: Vec<Range<usize>>,
    /// Addresses, by where they begin, each with the furthest end so far.
    addresses: Vec<Range<usize>>,
}

impl<'d> Asides<'d> {
    pub(super) fn of(document: &'d Document) -> Asides<'d> {
        let (text, body) = (document.text(), document.body);
        let places = |from: usize, to: usize, mark: &str| text[from..to].match_indices(mark).map(|(i, _)| from + i).collect::<Vec<_>>();
        let links = document.links.iter().map(|l| l.span.start as usize..l.span.end as usize);
        let mut addresses: Vec<Range<usize>> = links.filter(|span| !text[span.start..].starts_with('[')).collect();
        addresses.sort_unstable_by_key(|span| span.start);
        let mut furthest = 0;
        for span in &mut addresses {
            furthest = furthest.max(span.end);
            span.end = furthest;
        }
        Asides {
            document,
            lines: std::iter::once(0).chain(places(0, text.len(), "\n").into_iter().map(|at| at + 1)).collect(),
            yaml_comments: places(0, body, " # "),
            opens: places(body, text.len(), "<!--"),
            closes: places(body, text.len(), "-->"),
            ticks: places(body, text.len(), "`"),
            fenced: fenced(text, body),
            addresses,
        }
    }

    /// Whether the byte at `offset` is no text for readers.
    pub(super) fn hold(&self, offset: usize) -> bool {
        let line = self.lines[self.lines.partition_point(|start| *start <= offset) - 1];
        let between = |places: &[usize], from: usize, to: usize| places.partition_point(|at| *at < to) - places.partition_point(|at| *at < from);
        if offset < self.document.body {
            let text = self.document.text();
            return text[line..offset].trim_start().starts_with('#') || between(&self.yaml_comments, line, offset.saturating_sub(2)) > 0;
        }
        self.in_comment(offset) || self.in_code(line) || between(&self.ticks, line, offset) % 2 == 1 || self.in_address(offset)
    }

    /// Whether a line, given by its first byte, lies between the fences of a code block.
    pub(super) fn in_code(&self, line: usize) -> bool {
        let before = self.fenced.partition_point(|span| span.start <= line);
        before > 0 && line < self.fenced[before - 1].end
    }

    fn in_comment(&self, offset: usize) -> bool {
        let before = self.opens.partition_point(|at| at + "<!--".len() <= offset);
        let Some(open) = before.checked_sub(1).map(|i| self.opens[i]) else { return false };
        self.closes.get(self.closes.partition_point(|at| *at < open)).is_none_or(|close| close + "-->".len() > offset)
    }

    fn in_address(&self, offset: usize) -> bool {
        let before = self.addresses.partition_point(|span| span.start <= offset);
        before > 0 && offset < self.addresses[before - 1].end
    }
}

fn fenced(text: &str, body: usize) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = body;
    for line in text[body..].split_inclusive('\n') {
        at += line.len();
        let bare = line.trim_start();
        let fence = ["```", "~~~"].into_iter().find(|f| bare.starts_with(f));
        match (open, fence) {
            (None, Some(fence)) => open = Some((fence, at)),
            (Some((fence, from)), Some(close)) if fence == close => {
                all.push(from..at);
                open = None;
            }
            _ => {}
        }
    }
    all.extend(open.map(|(_, from)| from..text.len() + 1));
    all
}
