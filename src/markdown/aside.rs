//! Markdown in, which of its bytes are no text for readers out: code, raw HTML, addresses, definitions, anchors; and the
//! bare addresses in it. Bytes are those of the whole file.

use std::ops::Range;

use linkify::LinkKind;
use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd, TextMergeWithOffset};

use super::written::{ADDRESSES, may_hold_address};
use super::{Link, options};

/// What of a text is not read as text.
#[derive(Debug, Default)]
pub struct Asides {
    /// Everything of the kind; sorted, and none touches another.
    all: Vec<Range<usize>>,
    /// Code, between fences, indented, and in lines.
    code: Vec<Range<usize>>,
    /// Code and raw HTML, in which spaces at the ends of lines may mean something, and the breaks of lines that such spaces
    /// make.
    verbatim: Vec<Range<usize>>,
}

impl Asides {
    /// Of `text` from byte `base` on.
    pub fn of(text: &str, base: usize) -> Self {
        let parser = Parser::new_ext(&text[base..], options());
        let mut asides = Asides::default();
        asides.all.extend(parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()));
        // For each open heading, link or image: its bytes, and those of its text.
        let mut open: Vec<(Range<usize>, Option<Range<usize>>)> = Vec::new();
        for (event, span) in parser.into_offset_iter() {
            if let Event::End(TagEnd::Heading(_) | TagEnd::Link | TagEnd::Image) = event {
                let Some((whole, inner)) = open.pop() else { continue };
                let inner = inner.unwrap_or(whole.end..whole.end);
                asides.all.extend([whole.start..inner.start, inner.end..whole.end]);
                continue;
            }
            if let Some((_, inner)) = open.last_mut().filter(|_| !matches!(event, Event::End(_))) {
                let known = inner.get_or_insert(span.clone());
                *known = known.start..known.end.max(span.end);
            }
            match event {
                Event::Start(Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => {
                    asides.all.push(span.clone());
                    open.push((span, None));
                }
                Event::Start(Tag::Heading { .. } | Tag::Link { .. } | Tag::Image { .. }) => open.push((span, None)),
                Event::Start(Tag::CodeBlock(_)) | Event::Code(_) => asides.code.push(span),
                Event::Start(Tag::HtmlBlock) | Event::Html(_) | Event::InlineHtml(_) => asides.verbatim.push(span),
                Event::HardBreak => {
                    asides.verbatim.push(span);
                }
                Event::Text(words) if may_hold_address(&words) => {
                    asides.all.extend(addresses(&words, &span).into_iter().map(|(_, at)| at));
                }
                _ => {}
            }
        }
        asides.verbatim.extend(asides.code.iter().cloned());
        asides.all.extend(asides.verbatim.iter().cloned());
        for list in [&mut asides.all, &mut asides.code, &mut asides.verbatim] {
            *list = joined(std::mem::take(list), base);
        }
        asides
    }

    /// Whether the byte at `offset` is no text for readers.
    pub fn hold(&self, offset: usize) -> bool {
        holds(&self.all, offset)
    }

    /// Whether it is code.
    pub fn is_code(&self, offset: usize) -> bool {
        holds(&self.code, offset)
    }

    /// Whether it belongs to code or raw HTML, or to what breaks a line.
    pub fn is_verbatim(&self, offset: usize) -> bool {
        holds(&self.verbatim, offset)
    }
}

/// Sorted, those that touch as one, counted from the beginning of the file.
fn joined(mut spans: Vec<Range<usize>>, base: usize) -> Vec<Range<usize>> {
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans.into_iter().filter(|s| !s.is_empty()).map(|s| base + s.start..base + s.end) {
        match out.last_mut().filter(|last| span.start <= last.end) {
            Some(last) => last.end = last.end.max(span.end),
            None => out.push(span),
        }
    }
    out
}

fn holds(spans: &[Range<usize>], offset: usize) -> bool {
    let before = spans.partition_point(|span| span.start <= offset);
    before.checked_sub(1).is_some_and(|last| offset < spans[last].end)
}

/// The web addresses that stand bare in `text` from byte `base` on; readers get them as links.
pub fn bare_addresses(text: &str, base: usize) -> Vec<Link> {
    let markdown = &text[base..];
    if !markdown.contains("://") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut depth = 0;
    for (event, span) in TextMergeWithOffset::new(Parser::new_ext(markdown, options()).into_offset_iter()) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => depth += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => depth -= 1,
            Event::Text(words) if depth == 0 && words.contains("://") => {
                let addresses = addresses(&words, &span).into_iter();
                found.extend(addresses.map(|(dest, at)| Link { dest, span: (base + at.start) as u32..(base + at.end) as u32, image: false }));
            }
            _ => {}
        }
    }
    found
}

/// Addresses in a text that stands at `span`; where it is written with escapes, at the whole of it.
fn addresses(words: &str, span: &Range<usize>) -> Vec<(Box<str>, Range<usize>)> {
    let is_web = |word: &str| word.starts_with("https://") || word.starts_with("http://");
    let links = ADDRESSES.links(words).filter(|link| *link.kind() == LinkKind::Url && is_web(link.as_str()));
    let at = |link: &linkify::Link<'_>| {
        if words.len() == span.len() { span.start + link.start()..span.start + link.end() } else { span.clone() }
    };
    links.map(|link| (link.as_str().into(), at(&link))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a text that readers read.
    fn read(text: &str) -> String {
        let asides = Asides::of(text, 0);
        text.char_indices().filter(|(at, _)| !asides.hold(*at)).map(|(_, c)| c).collect()
    }

    #[test]
    fn what_readers_do_not_read_is_aside() {
        for (text, wanted) in [
            ("a `b <!-- c` d", "a  d"),
            ("a ` b", "a ` b"),
            ("```a``` b\nc", " b\nc"),
            ("a <!-- b --> c <i>d</i>", "a  c d"),
            ("````\n```\na\n````\nb", "\nb"),
            ("[a](b) ![c](d) <https://e.f> g", "a c  g"),
            ("a https://example.org/d e", "a  e"),
            ("# A {#b}\n", "A"),
            ("[a]\n\n[a]: b \"c\"\n", "a\n\n\n"),
            ("<!-- a\nb -->\nc", "c"),
            ("x\n\n    code\n\ny", "x\n\n    \ny"),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn breaks_of_lines_and_code_are_kept_as_they_are() {
        let text = "a  \nb \n<pre>\nc \n</pre>\n\n````\n```\nd \n````\n";
        let asides = Asides::of(text, 0);
        let kept: Vec<bool> = text.match_indices(" \n").map(|(at, _)| asides.is_verbatim(at)).collect();
        assert_eq!(kept, [true, false, true, true]);
    }

    #[test]
    fn bare_addresses_are_links() {
        let text = "See https://example.org/c_d_e, [x](https://f.g) `https://h.i` and <https://j.k>.";
        let found = bare_addresses(text, 0);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (&*found[0].dest, &text[found[0].span.start as usize..found[0].span.end as usize]),
            ("https://example.org/c_d_e", "https://example.org/c_d_e")
        );
    }
}
