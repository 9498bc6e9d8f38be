//! A document in, whether a place in it is read by nobody out: in a comment, in code, in an address, in an id. What there is
//! of the kind is worked out when it is first asked for: most documents have nothing about which a lint would ask.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use crate::markdown::aside::Asides;
use crate::parse::{Document, ItemText, Written};

/// What of a document is no text for readers.
pub(super) struct Aside<'a> {
    document: &'a Document,
    body: OnceCell<Asides>,
    texts: OnceCell<Vec<Range<usize>>>,
    /// The text of the front matter that was asked about last: questions come in the order of the file.
    text: RefCell<(Range<usize>, Asides)>,
    /// The line that was asked about last, with where its comment begins.
    line: RefCell<(Range<usize>, Option<usize>)>,
}

impl<'a> Aside<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        Aside { document, body: OnceCell::new(), texts: OnceCell::new(), text: RefCell::default(), line: RefCell::new((0..0, None)) }
    }

    /// Of its body.
    pub(super) fn body(&self) -> &Asides {
        self.body.get_or_init(|| Asides::of(self.document.text(), self.document.body))
    }

    /// Whether the byte at `offset` is no text for readers.
    pub(super) fn holds(&self, offset: usize) -> bool {
        let text = self.document.text();
        if offset >= self.document.body {
            return self.body().hold(offset) || is_in_id(text, offset);
        }
        let Some(span) = self.text_at(offset) else { return self.comment_on_line(offset).is_some_and(|start| start <= offset) };
        let mut last = self.text.borrow_mut();
        if last.0 != span {
            *last = (span.clone(), Asides::of(&text[..span.end], span.start));
        }
        last.1.hold(offset) || is_in_id(text, offset)
    }

    /// Where the comment begins that ends the line of `offset` in the front matter.
    pub(super) fn comment_on_line(&self, offset: usize) -> Option<usize> {
        let text = self.document.text();
        let mut last = self.line.borrow_mut();
        if !last.0.contains(&offset) {
            let start = text[..offset].rfind('\n').map_or(0, |i| i + 1);
            let line = text[start..].lines().next().unwrap_or("");
            let hash = comment_in(line).map(|hash| start + hash).filter(|hash| self.text_at(*hash).is_none());
            *last = (start..start + line.len(), hash);
        }
        last.1
    }

    /// The text of the front matter in which a byte stands, if it is one of an item or of prose.
    fn text_at(&self, offset: usize) -> Option<Range<usize>> {
        let texts = self.texts.get_or_init(|| texts_of(self.document));
        let last = texts.partition_point(|span| span.start <= offset).checked_sub(1)?;
        (offset < texts[last].end).then(|| texts[last].clone())
    }
}

/// Where the texts of items and prose stand in the front matter, in order.
fn texts_of(document: &Document) -> Vec<Range<usize>> {
    let items = document.items.iter().filter_map(|item| match &item.text {
        ItemText::Yaml(yaml) => Some(yaml.span.clone()),
        ItemText::Body { .. } => None,
    });
    let prose = document.nodes.iter().flat_map(|n| &n.prose).filter_map(|prose| match &prose.written {
        Written::Yaml(_, span) => Some(span.clone()),
        Written::Body(_) => None,
    });
    let mut texts: Vec<Range<usize>> = items.chain(prose).collect();
    texts.sort_unstable_by_key(|span| span.start);
    texts
}

/// Where the comment of a line of YAML begins: at a `#` behind white space, outside quotes.
fn comment_in(line: &str) -> Option<usize> {
    let mut chars = line.char_indices().peekable();
    let (mut before, mut opens) = (' ', true);
    while let Some((at, c)) = chars.next() {
        match c {
            '#' if before == ' ' || before == '\t' => return Some(at),
            '"' | '\'' if opens => {
                while let Some((_, inner)) = chars.next() {
                    let doubled = inner == '\'' && c == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'');
                    if inner == '\\' && c == '"' || doubled {
                        chars.next();
                    } else if inner == c {
                        break;
                    }
                }
                opens = false;
            }
            ' ' | '\t' => opens = opens || matches!(before, '-' | ':'),
            _ => opens = matches!(c, '[' | '{' | ','),
        }
        before = c;
    }
    None
}

/// Whether a byte stands in `{#id}` or `{#id was=id}`.
fn is_in_id(text: &str, offset: usize) -> bool {
    let near = &text[text.floor_char_boundary(offset.saturating_sub(200))..offset];
    near.rfind("{#").is_some_and(|open| !near[open..].contains(['}', '\n']))
}

#[cfg(test)]
mod tests {
    use super::comment_in;

    #[test]
    fn comments_of_yaml_begin_behind_white_space_and_outside_quotes() {
        for (line, at) in [
            ("# a", Some(0)),
            ("  - a # b", Some(6)),
            ("- a#b", None),
            ("- \"a # b\"", None),
            ("- \"a \\\" # b\" # c", Some(13)),
            ("k: 'it''s # b' # c", Some(15)),
            ("- {id: a, title: \"b # c\"} # d", Some(26)),
            ("- it's # b", Some(7)),
        ] {
            assert_eq!(comment_in(line), at, "{line}");
        }
    }
}
