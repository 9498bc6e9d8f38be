//! Markdown text in, its blocks, items, links and HTML out. The only home of pulldown-cmark, ammonia and linkify.
//!
//! The dialect: CommonMark with tables, strikethrough, footnotes, task lists, definition lists, alerts (`> [!NOTE]`), bare
//! addresses as links, and `{#id}` on headings. Spans are bytes of the whole file.

pub mod aside;
pub mod html;
pub mod item;
pub mod notes;
pub mod plain;
pub mod published;
mod written;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};

pub use item::Lead;

/// What an author wrote, block by block, with what the blocks refer to.
#[derive(Debug, Default)]
pub struct Outline {
    /// The top-level blocks, in written order.
    pub blocks: Vec<Block>,
    /// Reference definitions (`[name]: address`), by folded name.
    pub definitions: Definitions,
    /// Every link and image.
    pub links: Vec<Link>,
    /// Ids that raw HTML gives (`<a id>`, `<a name>`).
    pub anchors: Vec<Box<str>>,
    /// Where raw HTML is nested deeper than [`html::MAX_DEPTH`].
    pub deep: Option<Range<usize>>,
    /// How deep raw HTML is nested at the end of what was read.
    depth: usize,
    /// Tags of raw HTML that are not published, with where they open.
    pub dropped: Vec<(Box<str>, Range<usize>)>,
    /// What ends the comment, script or style that is open in raw HTML.
    open: Option<&'static str>,
    /// Comments that are never closed, so that nothing after them is shown: bytes of the opening mark.
    pub unclosed: Vec<Range<usize>>,
}

/// What the text of one file refers to by name: the addresses of links, and footnotes.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Definitions {
    /// Address and title by folded name.
    links: HashMap<String, (Box<str>, Box<str>)>,
    /// Footnotes as written (`[^name]: text`), by name.
    notes: HashMap<Box<str>, Box<str>>,
    /// Names as written, with where they stand in the text that was read.
    places: Vec<(Box<str>, Range<usize>)>,
}

impl Definitions {
    fn get(&self, name: &str) -> Option<(&str, &str)> {
        self.links.get(&name.to_lowercase()).map(|(dest, title)| (&**dest, &**title))
    }

    /// A piece of the file with the footnotes behind it that it refers to, for they may be written anywhere in the file.
    pub fn with_notes<'t>(&self, markdown: &'t str) -> Cow<'t, str> {
        if self.notes.is_empty() || !markdown.contains("[^") {
            return markdown.into();
        }
        let mut out = markdown.to_owned();
        let mut known = noted(markdown);
        let mut done = 0;
        while let Some(at) = out[done..].find("[^") {
            let start = done + at + 2;
            let Some(end) = out[start..].find(']').map(|i| start + i) else { break };
            done = end;
            if known.contains(&out[start..end]) {
                continue;
            }
            let Some(note) = self.notes.get(&out[start..end]) else { continue };
            known.extend(noted(note));
            out.push_str("\n\n");
            out.push_str(note);
        }
        out.into()
    }

    /// Whether the file has none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Their names as written, with where they stand in the text that was read (from its beginning, not the file's).
    pub fn places(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.places.iter().map(|(name, span)| (&**name, span.clone()))
    }
}

/// The names of the footnotes that a text defines.
fn noted(text: &str) -> HashSet<Box<str>> {
    let mut names = HashSet::new();
    let mut done = 0;
    while let Some(start) = text[done..].find("[^").map(|at| done + at + 2) {
        let Some(end) = text[start..].find(']').map(|at| start + at) else { break };
        if text[end..].starts_with("]:") {
            names.insert(text[start..end].into());
        }
        done = end;
    }
    names
}

/// One top-level block.
#[derive(Debug)]
pub struct Block {
    /// Bytes of the file, trailing blank lines left out.
    pub span: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is, as far as the content model cares.
#[derive(Debug)]
pub enum BlockKind {
    /// A heading.
    Heading(Heading),
    /// A bulleted or numbered list.
    List(Vec<ListEntry>),
    /// A table.
    Table,
    /// A paragraph that says `Instead of the inherited list:` in emphasis.
    Instead,
    /// Nothing that is shown (an HTML comment).
    Comment,
    /// A footnote, which is shown where something refers to it.
    Note,
    /// Paragraphs, quotes, code, raw HTML, rules.
    Prose,
}

/// A heading.
#[derive(Debug, Clone)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup, white space collapsed.
    pub text: String,
    /// `{#id}`, as written.
    pub id: Option<String>,
}

/// A top-level bullet or numbered point with everything nested beneath it.
#[derive(Debug)]
pub struct ListEntry {
    /// From the beginning of its first line, so that the slice is Markdown with the same meaning.
    pub span: Range<usize>,
    /// Where its content begins, after the marker.
    pub content: usize,
    /// What its opening words say.
    pub lead: Lead,
}

/// A link or an image as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address, entities and escapes decoded.
    pub dest: Box<str>,
    /// Bytes of the file: the address where it can be told, else the whole link.
    pub span: Range<u32>,
    /// Whether it is an image.
    pub image: bool,
}

/// The options of the dialect.
pub(crate) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
}

/// Reads `text` from byte `base` on.
pub fn outline(text: &str, base: usize) -> Outline {
    let parser = Parser::new_ext(&text[base..], options());
    let mut out = Outline { definitions: definitions(&parser), ..Outline::default() };
    let mut reader = Reader { text, base, events: parser.into_offset_iter(), inline: Vec::new() };
    while let Some((event, span)) = reader.next() {
        reader.block(event, span, &mut out);
    }
    out
}

/// The links of a piece of Markdown that stands at `span` of its file, decoded (a YAML string): at the address where
/// it is written there once, else at the whole text.
pub fn links_of(markdown: &str, span: &Range<usize>, file: &str, links: &mut Vec<Link>) {
    if !markdown.contains(['[', '<']) {
        return;
    }
    let written = file.get(span.clone()).unwrap_or("");
    let at = |dest: &str| {
        let mut found = written.match_indices(dest).map(|(i, _)| span.start + i);
        match (found.next(), found.next()) {
            (Some(start), None) if !dest.is_empty() => start as u32..(start + dest.len()) as u32,
            _ => span.start as u32..span.end as u32,
        }
    };
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => links.push(Link { span: at(&dest_url), dest: (*dest_url).into(), image: false }),
            Event::Start(Tag::Image { dest_url, .. }) => links.push(Link { span: at(&dest_url), dest: (*dest_url).into(), image: true }),
            _ => {}
        }
    }
}

/// The text of a piece of Markdown without markup, white space collapsed.
pub fn plain_text(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, options()) {
        push_plain(&event, &mut out);
    }
    collapse(&out)
}

/// Whether a text of one line is the same in Markdown and without: no character that could be markup, and no beginning
/// that could open a block. Two thirds of the items of real pages are such.
pub fn is_plain(text: &str) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && text.bytes().all(|b| PLAIN[b as usize])
}

/// The bytes of which no text can be markup, whatever their order, once a letter begins it.
const PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,.;()'-/%?+$";
    let mut i = 0;
    while i < plain.len() {
        table[plain[i] as usize] = true;
        i += 1;
    }
    table
};

/// White space as single spaces, none at the ends.
pub fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

pub(crate) fn push_plain(event: &Event<'_>, out: &mut String) {
    match event {
        Event::Text(text) | Event::Code(text) => out.push_str(text),
        Event::SoftBreak | Event::HardBreak => out.push(' '),
        Event::Start(tag) if is_block(tag) => out.push(' '),
        Event::End(TagEnd::TableCell) => out.push(' '),
        _ => {}
    }
}

pub(crate) fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. } | Tag::Superscript | Tag::Subscript)
}

fn definitions(parser: &Parser<'_>) -> Definitions {
    let all = parser.reference_definitions();
    let mut places: Vec<(Box<str>, Range<usize>)> = all.iter().map(|(name, def)| (name.into(), def.span.clone())).collect();
    places.sort_by_key(|(_, span)| span.start);
    let links = all.iter().map(|(name, def)| (name.to_lowercase(), ((*def.dest).into(), def.title.as_deref().unwrap_or_default().into())));
    Definitions { links: links.collect(), notes: HashMap::new(), places }
}

struct Reader<'t> {
    text: &'t str,
    base: usize,
    events: OffsetIter<'t>,
    /// The events of the item at hand, kept to reuse the memory.
    inline: Vec<(Event<'t>, Range<usize>)>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Range<usize>)> {
        self.events.next().map(|(event, span)| (event, self.base + span.start..self.base + span.end))
    }

    fn block(&mut self, event: Event<'t>, span: Range<usize>, out: &mut Outline) {
        let shown = trim_end(self.text, &span);
        out.open = None;
        let kind = match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                let text = self.plain_until_end(out);
                BlockKind::Heading(Heading { level: level_number(level), text, id: id.map(|id| id.to_string()) })
            }
            Event::Start(Tag::List(_)) => BlockKind::List(self.entries(out)),
            Event::Start(Tag::Table(_)) => {
                self.skip_until_end(out);
                BlockKind::Table
            }
            Event::Start(Tag::Paragraph) => {
                self.skip_until_end(out);
                let line = shown.start + self.text[shown.clone()].find('\n').unwrap_or(shown.len());
                if !is_instead(&self.text[shown.start..line]) {
                    BlockKind::Prose
                } else if line == shown.end {
                    BlockKind::Instead
                } else {
                    out.blocks.push(Block { span: shown.start..line, kind: BlockKind::Instead });
                    out.blocks.push(Block { span: line + 1..shown.end, kind: BlockKind::Prose });
                    return;
                }
            }
            Event::Start(Tag::FootnoteDefinition(name)) => {
                self.skip_until_end(out);
                out.definitions.notes.entry((*name).into()).or_insert_with(|| self.text[shown.clone()].into());
                BlockKind::Note
            }
            Event::Start(Tag::HtmlBlock) => {
                self.skip_until_end(out);
                let html = self.text[shown.clone()].trim();
                if let Some(open) = html.rfind("<!--").filter(|open| !html[*open..].contains("-->")) {
                    let open = shown.start + open;
                    out.unclosed.push(open..open + 4);
                }
                let comment = html.starts_with("<!--") && html.ends_with("-->") && html.matches("<!--").count() == 1;
                if comment { BlockKind::Comment } else { BlockKind::Prose }
            }
            Event::Start(_) => {
                self.skip_until_end(out);
                BlockKind::Prose
            }
            _ => BlockKind::Prose,
        };
        out.blocks.push(Block { span: shown, kind });
    }

    /// Skips to the end of the open tag, noting links.
    fn skip_until_end(&mut self, out: &mut Outline) {
        let mut depth = 1;
        while depth > 0 {
            let Some((event, span)) = self.next() else { return };
            note(self.text, &event, &span, out);
            depth = depth_after(depth, &event);
        }
    }

    fn plain_until_end(&mut self, out: &mut Outline) -> String {
        let mut text = String::new();
        let mut depth = 1;
        while depth > 0 {
            let Some((event, span)) = self.next() else { break };
            note(self.text, &event, &span, out);
            push_plain(&event, &mut text);
            depth = depth_after(depth, &event);
        }
        collapse(&text)
    }

    fn entries(&mut self, out: &mut Outline) -> Vec<ListEntry> {
        let mut entries = Vec::new();
        while let Some((event, span)) = self.next() {
            match event {
                Event::Start(Tag::Item) => entries.push(self.entry(&span, out)),
                _ => break,
            }
        }
        entries
    }

    fn entry(&mut self, span: &Range<usize>, out: &mut Outline) -> ListEntry {
        self.inline.clear();
        let mut inline = std::mem::take(&mut self.inline);
        let mut depth = 1;
        while let Some((event, at)) = self.next() {
            note(self.text, &event, &at, out);
            depth = depth_after(depth, &event);
            if depth == 0 {
                break;
            }
            inline.push((event, at));
        }
        let span = trim_end(self.text, span);
        let content = after_marker(self.text, &span);
        let lead = item::lead(self.text, content..span.end, &inline);
        self.inline = inline;
        let line = self.text[..span.start].rfind('\n').map_or(0, |i| i + 1);
        let start = if self.text[line..span.start].trim().is_empty() { line } else { span.start };
        ListEntry { span: start..span.end, content, lead }
    }
}

fn depth_after(depth: usize, event: &Event<'_>) -> usize {
    match event {
        Event::Start(_) => depth + 1,
        Event::End(_) => depth - 1,
        _ => depth,
    }
}

fn after_marker(text: &str, span: &Range<usize>) -> usize {
    let written = &text[span.clone()];
    let indent = written.len() - written.trim_start_matches(' ').len();
    let marker = written[indent..].find(|c: char| !c.is_ascii_digit()).unwrap_or(0) + indent + 1;
    let gap = written.get(marker..).map_or(0, |rest| rest.len() - rest.trim_start_matches([' ', '\t']).len());
    (span.start + marker + gap).min(span.end)
}

fn trim_end(text: &str, span: &Range<usize>) -> Range<usize> {
    span.start..span.start + text[span.clone()].trim_end().len()
}

/// Whether a line says `Instead of the inherited list:` in emphasis, weak or strong, the colon inside, outside or left out.
fn is_instead(line: &str) -> bool {
    let words = line.trim().trim_end_matches(':');
    let within = |mark: &str| words.strip_prefix(mark)?.strip_suffix(mark);
    let Some(inner) = ["**", "__", "*", "_"].into_iter().find_map(within) else { return false };
    inner.trim().trim_end_matches(':').trim_end().eq_ignore_ascii_case("instead of the inherited list")
}

/// Whether a line by itself, or an item of a YAML list, is `*Instead of the inherited list:*`.
pub fn is_instead_line(text: &str) -> bool {
    is_instead(text)
}

fn level_number(level: HeadingLevel) -> u8 {
    level as u8
}

fn note(text: &str, event: &Event<'_>, span: &Range<usize>, out: &mut Outline) {
    match event {
        Event::Start(Tag::Link { link_type, dest_url, .. }) => out.links.push(Link {
            dest: if *link_type == LinkType::Email { format!("mailto:{dest_url}").into() } else { (**dest_url).into() },
            span: dest_span(text, span, dest_url),
            image: false,
        }),
        Event::Start(Tag::Image { dest_url, .. }) => {
            out.links.push(Link { dest: (**dest_url).into(), span: dest_span(text, span, dest_url), image: true });
        }
        Event::Html(html) | Event::InlineHtml(html) => note_html(html, span, out),
        _ => {}
    }
}

fn note_html(html: &str, span: &Range<usize>, out: &mut Outline) {
    note_dropped(html, span, out);
    let (after, deepest) = html::depth(html, out.depth);
    out.depth = after;
    if deepest > html::MAX_DEPTH && out.deep.is_none() {
        out.deep = Some(span.start..span.start + html.find('\n').unwrap_or(html.len()).min(span.len()));
    }
    for (tag, name, value) in html::attributes(html) {
        match (tag.as_str(), name.as_str()) {
            (_, "id") | ("a", "name") => out.anchors.push(value.into()),
            ("a", "href") => out.links.push(Link { dest: value.into(), span: span.start as u32..span.end as u32, image: false }),
            ("img", "src") => out.links.push(Link { dest: value.into(), span: span.start as u32..span.end as u32, image: true }),
            _ => {}
        }
    }
}

/// Notes the tags that are not published. No tag stands in a comment, a script or a style, which may go on in the next piece.
fn note_dropped(html: &str, span: &Range<usize>, out: &mut Outline) {
    let small = html.to_ascii_lowercase();
    let mut rest = small.as_str();
    loop {
        if let Some(end) = out.open {
            let Some(at) = rest.find(end) else { return };
            rest = &rest[at + end.len()..];
            out.open = None;
        }
        let Some(at) = rest.find('<') else { return };
        rest = &rest[at + 1..];
        if rest.starts_with("!--") {
            out.open = Some("-->");
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let start = html.len() - rest.len();
            let html::Opening { name, after, .. } = html::opening(rest);
            out.open = match name.as_str() {
                "script" => Some("</script"),
                "style" => Some("</style"),
                _ => None,
            };
            if !html::ALLOWED.tags.contains(name.as_str()) {
                let at = span.start + start;
                let at = if html.len() == span.len() { at - 1..at + name.len() } else { span.clone() };
                out.dropped.push((html[start..start + name.len()].into(), at));
            }
            rest = after;
        }
    }
}

fn dest_span(text: &str, span: &Range<usize>, dest: &str) -> Range<u32> {
    let written = &text[span.clone()];
    let at = written.rfind("](").and_then(|i| written[i..].find(dest).map(|j| i + j));
    match at {
        Some(at) if !dest.is_empty() => (span.start + at) as u32..(span.start + at + dest.len()) as u32,
        _ => span.start as u32..span.end as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reaches_from_its_line_to_its_last_nested_line() {
        let text = "x\n\n  * one\n    * nested\n  * two\n\nafter\n";
        let out = outline(text, 0);
        let BlockKind::List(entries) = &out.blocks[1].kind else { panic!("a list") };
        assert_eq!(&text[entries[0].span.clone()], "  * one\n    * nested");
        assert_eq!(&text[entries[0].content..entries[0].span.end], "one\n    * nested");
        assert_eq!(&text[entries[1].span.clone()], "  * two");
    }

    #[test]
    fn links_know_the_bytes_of_their_address() {
        let text = "See [the *page*](../a.md#b \"t\") and ![x](i.png) and <https://example.org>.";
        let out = outline(text, 0);
        let at: Vec<&str> = out.links.iter().map(|l| &text[l.span.start as usize..l.span.end as usize]).collect();
        assert_eq!(at, ["../a.md#b", "i.png", "<https://example.org>"]);
    }

    #[test]
    fn the_line_that_replaces_a_list_is_known_in_both_emphases() {
        for line in ["*Instead of the inherited list:*", "_instead of the inherited list_", "**Instead of the inherited list**:"] {
            assert!(matches!(outline(line, 0).blocks[0].kind, BlockKind::Instead), "{line}");
        }
        assert!(matches!(outline("Instead of the inherited list:", 0).blocks[0].kind, BlockKind::Prose));
    }
}
