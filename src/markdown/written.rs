//! The events of the parser in, the same out with everything in its place that the parser's own HTML has otherwise: open
//! links, sizes of images, tables without styles of their own, footnotes, alerts, diagrams, boxes to tick, bare addresses.

use std::collections::HashMap;
use std::sync::LazyLock;

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, LinkType, Tag, TagEnd, html::push_html};

use super::html::{Open, Resolve, Shared, Target, escape_into, opened, titled};

/// Writes some of the events as HTML itself.
pub(super) struct Written<'r, 'a, I> {
    events: I,
    resolve: &'r Resolve<'a>,
    shared: &'r mut Shared,
    /// For each open link whether it was dropped.
    links: Vec<bool>,
    /// Whether bare addresses may occur.
    addresses: bool,
    /// Inside code, in which an address is no link; of a diagram the code is written differently.
    code: Option<Code>,
    table: Table,
    notes: Notes,
}

#[derive(Clone, Copy, PartialEq)]
enum Code {
    Plain,
    Diagram,
}

/// The table at hand.
#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    in_head: bool,
    column: usize,
}

/// The footnotes of a piece of text, which stand below it.
#[derive(Default)]
struct Notes {
    /// Names in the order in which they are first referred to.
    names: Vec<Box<str>>,
    /// The place of a name in that order, from 1.
    numbers: HashMap<Box<str>, usize>,
    /// HTML by name; the first note of a name counts.
    written: HashMap<Box<str>, String>,
}

/// Finds bare addresses.
pub(super) static ADDRESSES: LazyLock<LinkFinder> = LazyLock::new(|| {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    finder
});

/// Whether a text may hold a bare address.
pub(super) fn may_hold_address(markdown: &str) -> bool {
    markdown.contains("://") || markdown.contains('@')
}

impl<'r, 'a, 't, I: Iterator<Item = Event<'t>>> Written<'r, 'a, I> {
    /// The events of a piece of text.
    pub(super) fn of(events: I, resolve: &'r Resolve<'a>, shared: &'r mut Shared, addresses: bool) -> Self {
        Written { events, resolve, shared, links: Vec::new(), addresses, code: None, table: Table::default(), notes: Notes::default() }
    }

    fn open(&mut self, place: Open) -> String {
        opened(&mut self.shared.open, place)
    }

    fn address(&mut self, target: Target) -> Option<(String, String)> {
        let size = if let Target::Image(_, width, height) = &target { format!(" width=\"{width}\" height=\"{height}\"") } else { String::new() };
        match target {
            Target::Inside(path) | Target::Image(path, ..) => Some((self.open(Open::File(path.into())), size)),
            Target::Asis(address) => {
                let mut out = String::with_capacity(address.len());
                escape_into(&address, &mut out);
                Some((out, size))
            }
            Target::Dropped => None,
        }
    }

    fn image(&mut self, dest: &str, title: &str) -> Event<'t> {
        let alt = self.alt();
        let Some((address, size)) = self.address((self.resolve)(dest, true)) else { return Event::Text(alt.into()) };
        let mut html = format!("<img src=\"{address}\" alt=\"");
        escape_into(&alt, &mut html);
        html.push('"');
        html.push_str(&titled(title));
        html.push_str(&size);
        html.push_str(" loading=\"lazy\">");
        Event::InlineHtml(html.into())
    }

    fn alt(&mut self) -> String {
        let mut alt = String::new();
        let mut depth = 1;
        while depth > 0 {
            let Some(event) = self.events.next() else { break };
            match &event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                event => super::push_plain(event, &mut alt),
            }
        }
        alt
    }

    /// The mark of a footnote; the first one to a note can be returned to.
    fn note_mark(&mut self, name: &str) -> Event<'t> {
        let known = self.notes.numbers.get(name).copied();
        let number = known.unwrap_or(self.notes.names.len() + 1);
        if known.is_none() {
            self.notes.names.push(name.into());
            self.notes.numbers.insert(name.into(), number);
        }
        let link = self.open(Open::Note { number, back: false, link: true });
        let id = if known.is_none() { format!(" id=\"{}\"", self.open(Open::Note { number, back: true, link: false })) } else { String::new() };
        let label = self.open(Open::NoteName(number));
        Event::InlineHtml(format!("<sup><a href=\"{link}\"{id} aria-label=\"{label}\">{number}</a></sup>").into())
    }

    /// Keeps a footnote for the end of the text.
    fn keep_note(&mut self, name: &str) {
        let mut inside = Vec::new();
        for event in self.by_ref() {
            if event == Event::End(TagEnd::FootnoteDefinition) {
                break;
            }
            inside.push(event);
        }
        let mut html = String::new();
        push_html(&mut html, inside.into_iter());
        self.notes.written.entry(name.into()).or_insert(html);
    }

    /// The footnotes that something refers to, as a list.
    fn note_list(&mut self) -> Option<Event<'t>> {
        let written = std::mem::take(&mut self.notes.written);
        if written.is_empty() || self.notes.names.is_empty() {
            return None;
        }
        let mut html = String::from("\n<ol class=\"notes\">\n");
        self.notes.numbers.clear();
        for (i, name) in std::mem::take(&mut self.notes.names).iter().enumerate() {
            let Some(note) = written.get(name) else { continue };
            let id = self.open(Open::Note { number: i + 1, back: false, link: false });
            let back = self.open(Open::Note { number: i + 1, back: true, link: true });
            let label = self.open(Open::Word("footnote_back"));
            let link = format!(" <a href=\"{back}\" aria-label=\"{label}\">\u{21a9}\u{fe0e}</a>");
            let note = note.trim_end();
            let note = note.strip_suffix("</p>").map_or_else(|| format!("{note}{link}"), |open| format!("{open}{link}</p>"));
            html.push_str(&format!("<li id=\"{id}\">{note}</li>\n"));
        }
        html.push_str("</ol>");
        Some(Event::Html(html.into()))
    }

    /// A text with its bare addresses as links.
    fn linked(&mut self, text: &str) -> Option<Event<'t>> {
        if !self.addresses || !self.links.is_empty() || self.code.is_some() || !may_hold_address(text) {
            return None;
        }
        let mut html = String::with_capacity(text.len() * 2);
        let mut found = false;
        for span in ADDRESSES.spans(text) {
            let words = span.as_str();
            let prefix = match span.kind() {
                Some(LinkKind::Url) if words.starts_with("https://") || words.starts_with("http://") => "",
                Some(LinkKind::Email) => "mailto:",
                _ => {
                    escape_into(words, &mut html);
                    continue;
                }
            };
            found = true;
            html.push_str("<a href=\"");
            html.push_str(prefix);
            escape_into(words, &mut html);
            html.push_str("\">");
            escape_into(words, &mut html);
            html.push_str("</a>");
        }
        found.then(|| Event::InlineHtml(html.into()))
    }

    /// A part of a table. Columns are aligned by class, since a page has no styles of its own.
    fn table(&mut self, event: &Event<'t>) -> Option<String> {
        Some(match event {
            Event::Start(Tag::Table(alignments)) => {
                self.table = Table { alignments: alignments.clone(), ..Table::default() };
                "<div class=\"wide\" tabindex=\"0\">\n<table>\n".to_owned()
            }
            Event::End(TagEnd::Table) => "</tbody>\n</table>\n</div>\n".to_owned(),
            Event::Start(Tag::TableHead) => {
                self.table.in_head = true;
                self.table.column = 0;
                "<thead>\n<tr>".to_owned()
            }
            Event::End(TagEnd::TableHead) => {
                self.table.in_head = false;
                "</tr>\n</thead>\n<tbody>\n".to_owned()
            }
            Event::Start(Tag::TableRow) => {
                self.table.column = 0;
                "<tr>".to_owned()
            }
            Event::End(TagEnd::TableRow) => "</tr>\n".to_owned(),
            Event::Start(Tag::TableCell) => {
                let class = match self.table.alignments.get(self.table.column) {
                    Some(Alignment::Center) => " class=\"center\"",
                    Some(Alignment::Right) => " class=\"end\"",
                    _ => "",
                };
                self.table.column += 1;
                if self.table.in_head { format!("<th scope=\"col\"{class}>") } else { format!("<td{class}>") }
            }
            Event::End(TagEnd::TableCell) => if self.table.in_head { "</th>" } else { "</td>" }.to_owned(),
            _ => return None,
        })
    }

    fn alert(&mut self, kind: BlockQuoteKind) -> Event<'t> {
        let name = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let title = self.open(Open::Word(name));
        Event::Html(format!("<div class=\"alert alert-{name}\">\n<p class=\"alert-title\">{title}</p>\n").into())
    }
}

impl<'t, I: Iterator<Item = Event<'t>>> Iterator for Written<'_, '_, I> {
    type Item = Event<'t>;

    fn next(&mut self) -> Option<Event<'t>> {
        loop {
            let Some(event) = self.events.next() else { return self.note_list() };
            return Some(match event {
                Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                    let dest = if link_type == LinkType::Email { format!("mailto:{dest_url}").into() } else { dest_url };
                    let address = self.address((self.resolve)(&dest, false));
                    self.links.push(address.is_none());
                    let Some((address, _)) = address else { continue };
                    Event::InlineHtml(format!("<a href=\"{address}\"{}>", titled(&title)).into())
                }
                Event::End(TagEnd::Link) => {
                    if self.links.pop() == Some(true) {
                        continue;
                    }
                    Event::InlineHtml("</a>".into())
                }
                Event::Start(Tag::Image { dest_url, title, .. }) => self.image(&dest_url, &title),
                Event::FootnoteReference(name) => self.note_mark(&name),
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    self.keep_note(&name);
                    continue;
                }
                Event::Start(Tag::BlockQuote(Some(kind))) => self.alert(kind),
                Event::End(TagEnd::BlockQuote(Some(_))) => Event::Html("</div>\n".into()),
                Event::TaskListMarker(done) => {
                    Event::InlineHtml(if done { "<span class=\"task\">\u{2611}</span> " } else { "<span class=\"task\">\u{2610}</span> " }.into())
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if language.split_whitespace().next() == Some("mermaid") => {
                    self.code = Some(Code::Diagram);
                    Event::Html("<pre class=\"mermaid\">".into())
                }
                Event::Start(Tag::CodeBlock(_)) => {
                    self.code = Some(Code::Plain);
                    event
                }
                Event::End(TagEnd::CodeBlock) => match self.code.take() {
                    Some(Code::Diagram) => Event::Html("</pre>\n".into()),
                    _ => event,
                },
                Event::Html(_) | Event::InlineHtml(_) => {
                    self.shared.raw = true;
                    event
                }
                Event::Text(ref text) => self.linked(text).unwrap_or(event),
                event => match self.table(&event) {
                    Some(html) => Event::Html(html.into()),
                    None => event,
                },
            });
        }
    }
}
