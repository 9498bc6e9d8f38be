//! Markdown in, safe HTML out, with the links left open until the page is known on which it is shown.

mod raw;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, TextMergeStream, html::push_html};

use super::written::{Written, may_hold_address};
use super::{Definitions, options};
use raw::next_address;
pub(super) use raw::{Opening, opening};
pub use raw::{attributes, depth, escape_into, unescape, without_controls};

/// Stands around the number of an open link; removed from content before it is rendered.
pub(super) const MARK: char = '\u{e000}';

/// Stands before an id that the author wrote in HTML, until the page is whole; see [`with_each_id_once`].
const OF_AUTHOR: char = '\u{e001}';

/// HTML in which some places are still open, because they differ from page to page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fragment {
    html: Box<str>,
    /// Where something goes in, and what.
    open: Vec<(u32, Open)>,
}

/// What goes into an open place, as text that is not escaped yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Open {
    /// The address of a file of the output, given from its root, perhaps with `#anchor`.
    File(Box<str>),
    /// A word in the language of the site, by its name in English.
    Word(&'static str),
    /// The id of a footnote, of the mark that refers to it (`back`), or a link to either.
    Note {
        /// Its number in this piece of text.
        number: usize,
        /// Whether it is that of the mark.
        back: bool,
        /// Whether it is a link to it.
        link: bool,
    },
    /// What a screen reader says of the mark with this number.
    NoteName(usize),
}

/// Where a link leads, as told by whoever knows the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file of the output, from its root, perhaps with `#anchor`; written relative to the page.
    Inside(String),
    /// An image of the output, from its root, with width and height in pixels.
    Image(String, usize, usize),
    /// An address to write as it is.
    Asis(String),
    /// No address that may be published: the text is shown without a link.
    Dropped,
}

/// Tells where a link as written leads; the flag says whether it is an image.
pub type Resolve<'a> = dyn Fn(&str, bool) -> Target + 'a;

impl Fragment {
    /// The HTML on a page; `fill` gives what goes into the open places.
    pub fn on_page(&self, fill: impl Fn(&Open) -> String) -> Cow<'_, str> {
        if self.open.is_empty() {
            return Cow::Borrowed(&self.html);
        }
        let mut out = String::with_capacity(self.html.len() + self.open.len() * 32);
        let mut done = 0;
        for (at, open) in &self.open {
            out.push_str(&self.html[done..*at as usize]);
            escape_into(&fill(open), &mut out);
            done = *at as usize;
        }
        out.push_str(&self.html[done..]);
        Cow::Owned(out)
    }

    /// Whether footnotes are in it.
    pub fn has_notes(&self) -> bool {
        self.open.iter().any(|(_, open)| matches!(open, Open::Note { .. }))
    }

    /// Whether nothing is shown.
    pub fn is_empty(&self) -> bool {
        self.html.is_empty()
    }
}

/// Renders blocks.
pub fn blocks(markdown: &str, definitions: &Definitions, resolve: &Resolve<'_>) -> Fragment {
    render(markdown, definitions, resolve, Wrapper::None)
}

/// Renders one bullet or numbered point (marker included) without the list and item around it.
pub fn item(markdown: &str, definitions: &Definitions, resolve: &Resolve<'_>) -> Fragment {
    let content = markdown.trim_start().strip_prefix(['-', '*', '+']).and_then(|rest| rest.strip_prefix(' ')).map(str::trim_start);
    if let Some(content) = content {
        if super::is_plain(content) {
            return Fragment { html: content.trim_end().into(), open: Vec::new() };
        }
        if let Some((label, rest)) = plain_label(content) {
            return Fragment { html: ["<strong>", label, "</strong>", rest.trim_end()].concat().into(), open: Vec::new() };
        }
    }
    render(markdown, definitions, resolve, Wrapper::Item)
}

/// The label in `**Label.** and plain text`, the usual form of a labelled item, with the text after it.
fn plain_label(content: &str) -> Option<(&str, &str)> {
    let (label, rest) = content.strip_prefix("**")?.split_once("**")?;
    let follows = rest.trim_start_matches(' ');
    let plain = super::is_plain(label) && !label.ends_with(' ') && rest.len() > follows.len() && super::is_plain(follows);
    plain.then_some((label, rest))
}

/// Renders text within a line, such as a heading or a reason.
pub fn inline(markdown: &str, definitions: &Definitions, resolve: &Resolve<'_>) -> Fragment {
    render(markdown, definitions, resolve, Wrapper::Paragraph)
}

/// What stands around the content and is left out.
#[derive(Clone, Copy, PartialEq)]
enum Wrapper {
    None,
    Item,
    Paragraph,
}

fn render(markdown: &str, definitions: &Definitions, resolve: &Resolve<'_>, wrapper: Wrapper) -> Fragment {
    let markdown: Cow<'_, str> =
        if markdown.contains([MARK, OF_AUTHOR]) { markdown.replace([MARK, OF_AUTHOR], "\u{fffd}").into() } else { markdown.into() };
    let markdown = definitions.with_notes(&markdown);
    let mut by_name = |link: pulldown_cmark::BrokenLink<'_>| {
        definitions.get(&link.reference).map(|(dest, title)| (CowStr::from(dest.to_owned()), CowStr::from(title.to_owned())))
    };
    let parser = Parser::new_with_broken_link_callback(&markdown, options(), Some(&mut by_name));
    let mut shared = Shared::default();
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    // An address may hold characters at which the parser cuts a text in two.
    if may_hold_address(&markdown) {
        let events = Unwrapped { events: TextMergeStream::new(parser), wrapper, depth: 0 };
        push_html(&mut html, Written::of(events, resolve, &mut shared, true));
    } else {
        push_html(&mut html, Written::of(Unwrapped { events: parser, wrapper, depth: 0 }, resolve, &mut shared, false));
    }
    let Shared { mut open, raw } = shared;
    if raw && depth(&html, 0).1 > 2 * MAX_DEPTH {
        // Cleaning takes the square of the depth. Such a page is refused; what stands in YAML is shown as it is written.
        let mut shown = String::with_capacity(html.len() * 2);
        escape_into(&html, &mut shown);
        html = shown;
    } else if raw {
        html = CLEANER.clean(&html).to_string();
        html = resolve_raw(&html, resolve, &mut open);
        html = with_ids_marked(&html);
    }
    close_up(&html, open)
}

/// What the writer leaves behind.
#[derive(Default)]
pub(super) struct Shared {
    /// What goes into the open places, by number.
    pub(super) open: Vec<Open>,
    /// Whether the author wrote HTML.
    pub(super) raw: bool,
}

/// Leaves out the events of the wrapper at the outside.
struct Unwrapped<I> {
    events: I,
    wrapper: Wrapper,
    depth: usize,
}

impl<'t, I: Iterator<Item = Event<'t>>> Iterator for Unwrapped<I> {
    type Item = Event<'t>;

    fn next(&mut self) -> Option<Event<'t>> {
        loop {
            let event = self.events.next()?;
            let depth = self.depth;
            match event {
                Event::Start(_) => self.depth += 1,
                Event::End(_) => self.depth -= 1,
                _ => {}
            }
            let level = if matches!(event, Event::End(_)) { self.depth } else { depth };
            let outer = match (&event, self.wrapper) {
                (Event::Start(Tag::List(_)) | Event::End(TagEnd::List(_)), Wrapper::Item) => level == 0,
                (Event::Start(Tag::Item) | Event::End(TagEnd::Item), Wrapper::Item) => level == 1,
                (Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph), Wrapper::Paragraph) => level == 0,
                (Event::Start(Tag::Heading { .. }) | Event::End(TagEnd::Heading(_)), Wrapper::Paragraph) => level == 0,
                _ => false,
            };
            if !outer {
                return Some(event);
            }
        }
    }
}

/// A mark for a place that stays open.
pub(super) fn opened(open: &mut Vec<Open>, place: Open) -> String {
    open.push(place);
    format!("{MARK}{}{MARK}", open.len() - 1)
}

pub(super) fn titled(title: &str) -> String {
    if title.is_empty() {
        return String::new();
    }
    let mut out = String::from(" title=\"");
    escape_into(title, &mut out);
    out.push('"');
    out
}

/// HTML whose ids bear the mark of the author's; those of footnotes, still open, are the program's.
fn with_ids_marked(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 8);
    let mut done = 0;
    for at in ids(html).filter(|at| !html[*at..].starts_with(MARK)) {
        out.push_str(&html[done..at]);
        out.push(OF_AUTHOR);
        done = at;
    }
    out.push_str(&html[done..]);
    out
}

/// An id without the mark of the author's.
pub fn without_mark(id: &str) -> &str {
    id.trim_start_matches(OF_AUTHOR)
}

/// A whole page on which every id is given once: one that the author wrote in HTML is left out where the page itself gives
/// it, or where it was written before. A link to it leads to that place.
pub fn with_each_id_once(html: String) -> String {
    if !html.contains(OF_AUTHOR) {
        return html;
    }
    let value = |at: usize| &html[at..at + html[at..].find('"').unwrap_or(0)];
    let (of_author, of_page): (Vec<usize>, Vec<usize>) = ids(&html).partition(|at| html[*at..].starts_with(OF_AUTHOR));
    let mut given: HashSet<&str> = of_page.into_iter().map(value).collect();
    let mut out = String::with_capacity(html.len());
    let mut done = 0;
    for at in of_author {
        let id = without_mark(value(at));
        let end = at + value(at).len();
        if given.insert(id) {
            out.push_str(&html[done..at]);
            out.push_str(id);
            done = end;
        } else {
            out.push_str(&html[done..at - ID.len()]);
            done = end + 1;
        }
    }
    out.push_str(&html[done..]);
    out
}

const ID: &str = " id=\"";

/// Where the values of the ids of all tags begin.
fn ids(html: &str) -> impl Iterator<Item = usize> + '_ {
    let mut at = 0;
    let mut in_tag = false;
    std::iter::from_fn(move || {
        while at < html.len() {
            let rest = &html.as_bytes()[at..];
            if in_tag && rest.starts_with(ID.as_bytes()) {
                let start = at + ID.len();
                at = start + html[start..].find('"').map_or(html.len() - start, |end| end + 1);
                return Some(start);
            }
            at += match rest[0] {
                b'"' if in_tag => html[at + 1..].find('"').map_or(rest.len(), |end| end + 2),
                b'<' | b'>' => {
                    in_tag = rest[0] == b'<' && rest.get(1).is_some_and(u8::is_ascii_alphabetic);
                    1
                }
                _ => 1,
            };
        }
        None
    })
}

/// Turns the marks into places in the HTML.
fn close_up(html: &str, places: Vec<Open>) -> Fragment {
    let html = html.trim_end();
    if places.is_empty() {
        return Fragment { html: html.into(), open: Vec::new() };
    }
    let mut out = String::with_capacity(html.len());
    let mut open = Vec::with_capacity(places.len());
    for (i, part) in html.split(MARK).enumerate() {
        match part.parse::<usize>().ok().filter(|_| i % 2 == 1).and_then(|n| places.get(n)) {
            Some(place) => open.push((out.len() as u32, place.clone())),
            None => out.push_str(part),
        }
    }
    Fragment { html: out.into(), open }
}

/// Resolves the addresses that raw HTML wrote; `html` comes from the cleaner, so that `<` only opens tags.
fn resolve_raw(html: &str, resolve: &Resolve<'_>, open: &mut Vec<Open>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((at, attribute, image)) = next_address(rest) {
        let start = at + attribute.len();
        let Some(len) = rest[start..].find('"') else { break };
        let value = &rest[start..start + len];
        out.push_str(&rest[..at]);
        if value.starts_with(MARK) {
            out.push_str(attribute);
            out.push_str(value);
            out.push('"');
        } else {
            match resolve(&unescape(value), image) {
                Target::Inside(path) | Target::Image(path, ..) => {
                    let _ = write!(out, "{attribute}{}\"", opened(open, Open::File(path.into())));
                }
                Target::Asis(address) => {
                    out.push_str(attribute);
                    escape_into(&address, &mut out);
                    out.push('"');
                }
                Target::Dropped => {}
            }
        }
        rest = &rest[start + len + 1..];
    }
    out.push_str(rest);
    out
}

/// What of raw HTML may be published.
static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .add_generic_attributes(["id", "class", "lang", "dir", "title"])
        .add_tag_attributes("a", ["name", "aria-label"])
        .add_tag_attribute_values("div", "tabindex", ["0"])
        .add_tag_attributes("img", ["loading"])
        .add_tags(["details", "summary", "figure", "figcaption"])
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes("ol", ["start"])
        .link_rel(None)
        .url_schemes(["http", "https", "mailto", "tel"].into());
    cleaner
});

/// The same, to be asked about one tag.
pub(super) struct Allowed {
    pub(super) tags: HashSet<&'static str>,
    pub(super) attributes: HashSet<&'static str>,
    pub(super) tag_attributes: HashMap<&'static str, HashSet<&'static str>>,
    pub(super) tag_attribute_values: HashMap<&'static str, HashMap<&'static str, HashSet<&'static str>>>,
}

pub(super) static ALLOWED: LazyLock<Allowed> = LazyLock::new(|| Allowed {
    tags: CLEANER.clone_tags(),
    attributes: CLEANER.clone_generic_attributes(),
    tag_attributes: CLEANER.clone_tag_attributes(),
    tag_attribute_values: CLEANER.clone_tag_attribute_values(),
});

/// How deep raw HTML may be nested. Browsers stop at 512; hand-written pages have a dozen.
pub const MAX_DEPTH: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(open: &Open) -> String {
        match open {
            Open::File(path) => format!("../{path}"),
            Open::Word(word) => (*word).to_owned(),
            Open::Note { number, back, link } => format!("{}n{number}{}", if *link { "#" } else { "" }, if *back { "-back" } else { "" }),
            Open::NoteName(number) => format!("Note {number}"),
        }
    }

    fn shown(markdown: &str) -> String {
        let resolve = |dest: &str, _: bool| match dest {
            d if d.starts_with("javascript") => Target::Dropped,
            d if d.starts_with("http") => Target::Asis(d.to_owned()),
            d => Target::Inside(d.to_owned()),
        };
        item(markdown, &Definitions::default(), &resolve).on_page(filled).into_owned()
    }

    #[test]
    fn an_id_of_the_author_stands_back_behind_those_of_the_page() {
        let raw = shown("- <a id=\"git\" title=\"a > b id=\"></a> `<a id=\"git\">` <span id=x>a</span> <b id=x>b</b>");
        let page = format!("<h2 id=\"git\">G</h2><p>{raw}</p>");
        let once = with_each_id_once(page);
        assert_eq!(
            once,
            "<h2 id=\"git\">G</h2><p><a title=\"a &gt; b id=\"></a> <code>&lt;a id=\"git\"&gt;</code> <span id=\"x\">a</span> <b>b</b></p>"
        );
    }

    #[test]
    fn an_item_is_shown_without_its_marker() {
        assert_eq!(shown("* **A.** b\n  * c"), "<strong>A.</strong> b\n<ul>\n<li>c</li>\n</ul>");
    }

    #[test]
    fn a_plain_item_is_shown_as_the_parser_would_show_it() {
        for text in [
            "- **Label.** And plain text.",
            "* **Label**  two  ",
            "- **L.** a*b",
            "- Knows C++, Go (and others); it's fine? 50% of $5/day + more.",
            "* Plain  text",
            "+ 1. not plain",
            "- a   ",
        ] {
            let slow = render(text, &Definitions::default(), &|_, _| Target::Dropped, Wrapper::Item).html;
            assert_eq!(shown(text), *slow, "{text}");
        }
    }

    #[test]
    fn links_into_the_site_are_written_when_the_page_is_known() {
        assert_eq!(
            shown("- [a](x/y.html?a=1&b) [e](https://e.org/?a&b)"),
            "<a href=\"../x/y.html?a=1&amp;b\">a</a> <a href=\"https://e.org/?a&amp;b\">e</a>"
        );
        assert_eq!(shown("- ![a \"b\"](i.png)"), "<img src=\"../i.png\" alt=\"a &quot;b&quot;\" loading=\"lazy\">");
    }

    #[test]
    fn a_link_that_may_not_be_published_leaves_its_text() {
        assert_eq!(shown("- [a](javascript:x) b"), "a b");
    }

    #[test]
    fn raw_html_goes_through_the_allow_list() {
        assert_eq!(shown("- <b onclick=x>a</b><script>alert(1)</script> <a href=\"p.html\">p</a>"), "<b>a</b> <a href=\"../p.html\">p</a>");
        assert_eq!(shown("- <a href='java&#115;cript:x'>a</a> [b](c)"), "<a>a</a> <a href=\"../c\">b</a>");
    }

    #[test]
    fn a_mark_in_the_content_is_no_link() {
        assert_eq!(shown("- \u{e000}0\u{e000} [a](b)"), "\u{fffd}0\u{fffd} <a href=\"../b\">a</a>");
    }

    #[test]
    fn attributes_of_raw_html_are_found_in_any_quotes() {
        let found = attributes("<a id=x name='y z' HREF=\"a&amp;b\"><img src=i.png/>");
        let found: Vec<_> = found.iter().map(|(t, n, v)| (t.as_str(), n.as_str(), v.as_str())).collect();
        assert_eq!(found, [("a", "id", "x"), ("a", "name", "y z"), ("a", "href", "a&b"), ("img", "src", "i.png/")]);
    }
}
