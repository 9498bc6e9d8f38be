//! The opening words of an item: its label, whether it removes, and its explicit key. Source: content model, section 6.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{Definitions, collapse, options, push_plain};

/// What an item says about itself, apart from its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lead {
    /// The bold lead-in without its punctuation, as plain text.
    pub label: Option<String>,
    /// Whether the lead-in is struck out: the item removes the inherited one.
    pub removes: bool,
    /// `{#key}` or `{#key was=old}` at the end.
    pub attribute: Option<KeyAttribute>,
    /// Whether it opens with struck-out text that names nothing, so that it removes nothing.
    pub struck: bool,
}

/// `{#key was=old}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAttribute {
    /// Bytes from `{` to `}`.
    pub span: Range<usize>,
    /// The key.
    pub key: String,
    /// The old key, if it renames.
    pub was: Option<String>,
}

/// The punctuation that ends a label.
const ENDS: [char; 6] = ['.', ':', '?', '!', '\u{ff1a}', '\u{3002}'];
/// The dashes that may follow a label, after a space.
const DASHES: [char; 3] = ['-', '\u{2013}', '\u{2014}'];

/// Reads the lead of the item whose content is `text[content]`, from its `events` (those between the item's start and end).
pub(super) fn lead(text: &str, content: Range<usize>, events: &[(Event<'_>, Range<usize>)]) -> Lead {
    let first = first_paragraph(events);
    let attribute = attribute(text, &content, first, events);
    let (strong, removes) = match opening(first) {
        Some(found) => found,
        None => {
            let struck = opens_struck(first);
            return Lead { label: None, removes: struck && attribute.is_some(), struck: struck && attribute.is_none(), attribute };
        }
    };
    let inside = inner_text(&first[strong.clone()]);
    let after = inner_text(&first[strong.end..]);
    let after = match &attribute {
        Some(a) if a.span.start >= first[strong.end - 1].1.end => after.split("{#").next().unwrap_or_default().to_owned(),
        _ => after,
    };
    Lead { label: label(&inside, &after, removes), removes, attribute, struck: false }
}

/// The lead of an item written as a YAML string, which reads like the content of a bullet.
pub fn lead_of_text(text: &str) -> Lead {
    let events: Vec<(Event<'_>, Range<usize>)> = Parser::new_ext(text, options()).into_offset_iter().collect();
    lead(text, 0..text.len(), &events)
}

/// An item's text: what follows label and punctuation, without markup and attribute, white space collapsed.
///
/// `markdown` is the content of the item (no marker), `definitions` those of its file.
pub fn text(markdown: &str, lead_label: bool, definitions: &Definitions) -> String {
    if super::is_plain(markdown) {
        return collapse(markdown);
    }
    let markdown = shown(markdown);
    // With the footnotes, so that a mark that refers to one is known as such; their text is not that of the item.
    let markdown = definitions.with_notes(&markdown);
    let mut out = String::with_capacity(markdown.len());
    let mut skipping = lead_label;
    let mut in_note = false;
    let mut depth = 0usize;
    let mut resolve = |link: pulldown_cmark::BrokenLink<'_>| {
        definitions.get(&link.reference).map(|(dest, title)| (dest.to_owned().into(), title.to_owned().into()))
    };
    let parser = Parser::new_with_broken_link_callback(&markdown, options(), Some(&mut resolve));
    for event in parser {
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => in_note = true,
            Event::End(TagEnd::FootnoteDefinition) => in_note = false,
            _ => {}
        }
        if in_note {
            continue;
        }
        if skipping {
            match event {
                Event::Start(Tag::Strong | Tag::Strikethrough) => depth += 1,
                Event::End(TagEnd::Strong | TagEnd::Strikethrough) => {
                    depth -= 1;
                    skipping = depth > 0;
                }
                _ => {}
            }
            continue;
        }
        push_plain(&event, &mut out);
    }
    // Only punctuation right behind the label belongs to it: `**Stack.** .NET` keeps its full stop.
    let behind = out.starts_with(ENDS);
    let out = collapse(&out);
    if !lead_label {
        return out;
    }
    let rest = if behind { out.trim_start_matches(ENDS).trim_start() } else { &out };
    let rest = rest.strip_prefix(DASHES).filter(|r| r.starts_with(' ')).unwrap_or(rest);
    rest.trim_start().to_owned()
}

/// `markdown` with every link by reference written out, so that it says the same anywhere.
pub fn with_inline_links(markdown: &str, definitions: &Definitions) -> String {
    let mut resolve = |link: pulldown_cmark::BrokenLink<'_>| {
        definitions.get(&link.reference).map(|(dest, title)| (dest.to_owned().into(), title.to_owned().into()))
    };
    let mut out = String::with_capacity(markdown.len());
    let mut done = 0;
    let parser = Parser::new_with_broken_link_callback(markdown, options(), Some(&mut resolve));
    for (event, span) in parser.into_offset_iter() {
        use pulldown_cmark::LinkType::{Collapsed, CollapsedUnknown, Reference, ReferenceUnknown, Shortcut, ShortcutUnknown};
        let (Event::Start(Tag::Link { link_type, dest_url, .. }) | Event::Start(Tag::Image { link_type, dest_url, .. })) = event else {
            continue;
        };
        let written = &markdown[span.clone()];
        let text = match link_type {
            Shortcut | ShortcutUnknown => Some(written),
            Reference | ReferenceUnknown | Collapsed | CollapsedUnknown => Some(written.rfind("][").map_or(written, |i| &written[..=i])),
            _ => None,
        };
        let Some(text) = text.filter(|_| span.start >= done) else { continue };
        out.push_str(&markdown[done..span.start]);
        out.push_str(text);
        out.push_str(&format!("({dest_url})"));
        done = span.end;
    }
    out.push_str(&markdown[done..]);
    out
}

/// What readers see of an item: `markdown` without comments, and without a `{#key}` at the end of its first paragraph or of
/// the whole.
pub fn shown(markdown: &str) -> Cow<'_, str> {
    let markdown = without_comments(markdown);
    if !markdown.contains("{#") {
        return markdown;
    }
    match lead_of_text(&markdown).attribute {
        Some(a) => format!("{}{}", markdown[..a.span.start].trim_end(), &markdown[a.span.end..]).into(),
        None => markdown,
    }
}

/// `markdown` without its comments (`<!-- -->`); in code they are text.
pub fn without_comments(markdown: &str) -> Cow<'_, str> {
    if !markdown.contains("<!--") {
        return markdown.into();
    }
    let mut out = String::with_capacity(markdown.len());
    let mut done = 0;
    for (event, span) in Parser::new_ext(markdown, options()).into_offset_iter() {
        if !matches!(event, Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)) {
            continue;
        }
        let next = |from: usize| markdown.get(from..span.end).and_then(|rest| rest.find("<!--")).map(|at| from + at);
        while let Some(open) = next(done.max(span.start)) {
            out.push_str(&markdown[done..open]);
            done = markdown[open + 2..span.end].find("-->").map_or(span.end, |at| open + 2 + at + "-->".len());
            // One of the two gaps around it goes with it.
            if out.is_empty() || out.ends_with([' ', '\n']) {
                done += markdown[done..].len() - markdown[done..].trim_start_matches(' ').len();
            }
            if markdown[done..].starts_with('\n') {
                out.truncate(out.trim_end_matches(' ').len());
            }
        }
    }
    out.push_str(&markdown[done..]);
    out.truncate(out.trim_end().len());
    out.into()
}

fn first_paragraph<'e, 't>(events: &'e [(Event<'t>, Range<usize>)]) -> &'e [(Event<'t>, Range<usize>)] {
    // A box to tick is no part of the words.
    let boxed = usize::from(matches!(events.first(), Some((Event::TaskListMarker(_), _))));
    let start = boxed + usize::from(matches!(events.get(boxed), Some((Event::Start(Tag::Paragraph), _))));
    let start = start + usize::from(boxed == 0 && matches!(events.get(start), Some((Event::TaskListMarker(_), _))));
    let end = events[start..]
        .iter()
        .position(|(event, _)| match event {
            Event::End(TagEnd::Paragraph) => true,
            Event::Start(tag) => super::is_block(tag),
            _ => false,
        })
        .map_or(events.len(), |i| start + i);
    &events[start..end]
}

/// The events of the strong span that opens the paragraph, and whether it is struck out.
fn opening(events: &[(Event<'_>, Range<usize>)]) -> Option<(Range<usize>, bool)> {
    match events {
        [(Event::Start(Tag::Strikethrough), _), (Event::Start(Tag::Strong), _), ..] => {
            let end = closing(events, 0)?;
            Some((0..end, true))
        }
        [(Event::Start(Tag::Strong), _), (Event::Start(Tag::Strikethrough), _), ..] => {
            let end = closing(events, 0)?;
            let inner = closing(&events[1..], 0)? + 1;
            (inner + 1 == end).then_some((0..end, true))
        }
        [(Event::Start(Tag::Strong), _), ..] => Some((0..closing(events, 0)?, false)),
        _ => None,
    }
}

fn opens_struck(events: &[(Event<'_>, Range<usize>)]) -> bool {
    matches!(events.first(), Some((Event::Start(Tag::Strikethrough), _)))
}

/// One past the event that closes the tag at `at`.
fn closing(events: &[(Event<'_>, Range<usize>)], at: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (i, (event, _)) in events.iter().enumerate().skip(at) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(i + 1);
        }
    }
    None
}

fn inner_text(events: &[(Event<'_>, Range<usize>)]) -> String {
    let mut out = String::new();
    for (event, _) in events {
        push_plain(event, &mut out);
    }
    out
}

fn label(inside: &str, after: &str, removes: bool) -> Option<String> {
    let inside = collapse(inside);
    let bare = inside.trim_end_matches(ENDS).trim_end();
    let ended = bare.len() < inside.len() || after.starts_with(ENDS) || after.trim().is_empty() || dash_follows(after) || removes;
    (ended && bare.chars().any(char::is_alphanumeric)).then(|| bare.to_owned())
}

fn dash_follows(after: &str) -> bool {
    let rest = after.trim_start();
    rest.len() < after.len() && rest.starts_with(DASHES)
}

/// The `{#key}` that ends the first paragraph or the whole item.
fn attribute(text: &str, content: &Range<usize>, first: &[(Event<'_>, Range<usize>)], all: &[(Event<'_>, Range<usize>)]) -> Option<KeyAttribute> {
    if !text[content.clone()].contains("{#") {
        return None;
    }
    let last_text = |events: &[(Event<'_>, Range<usize>)]| {
        events.iter().rev().find(|(e, _)| !matches!(e, Event::End(_))).filter(|(e, _)| matches!(e, Event::Text(_))).map(|(_, span)| span.end)
    };
    [last_text(first), last_text(all)].into_iter().flatten().find_map(|end| attribute_before(text, content.start, end))
}

fn attribute_before(text: &str, from: usize, end: usize) -> Option<KeyAttribute> {
    let written = text[from..end].trim_end();
    let open = written.strip_suffix('}')?.rfind("{#")?;
    let inner = &written[open + 2..written.len() - 1];
    let mut words = inner.split_whitespace();
    let key = words.next()?.to_owned();
    let was = match words.next() {
        None => None,
        Some(word) => Some(word.strip_prefix("was=")?.to_owned()),
    };
    let is_key = |k: &str| !k.is_empty() && k.chars().all(|c| c.is_alphanumeric() || c == '-');
    if words.next().is_some() || !is_key(&key) || !was.as_deref().is_none_or(is_key) {
        return None;
    }
    Some(KeyAttribute { span: from + open..from + written.len(), key, was })
}

/// The reason in an item that removes another: what stands behind the struck-out words, without `{#key}` and the
/// punctuation of the label; the whole where nothing is struck out.
pub fn reason(markdown: &str) -> String {
    let markdown = &*without_comments(markdown);
    let events: Vec<(Event<'_>, Range<usize>)> = Parser::new_ext(markdown, options()).into_offset_iter().collect();
    let first = first_paragraph(&events);
    let end = match opening(first) {
        Some((strong, true)) => first[strong.end - 1].1.end,
        _ if opens_struck(first) => closing(first, 0).map_or(0, |end| first[end - 1].1.end),
        _ => 0,
    };
    let whole = shown(markdown);
    let rest = whole.get(end..).unwrap_or("");
    if end == 0 { rest.to_owned() } else { rest.trim_start_matches(ENDS).trim_start().to_owned() }
}

/// What ends an item like a key without being one, such as `{ #key }` or `{was=old}`: bytes of `markdown`.
pub fn malformed_attribute(markdown: &str) -> Option<Range<usize>> {
    let first = markdown.find("\n\n").unwrap_or(markdown.len());
    [first, markdown.len()].into_iter().find_map(|end| {
        let written = markdown[..end].trim_end();
        let open = written.rfind('{')?;
        let inner = written[open + 1..].trim_start();
        let like_a_key = inner.starts_with('#') || inner.starts_with("was=");
        let ends_it = inner.find('}').is_none_or(|close| close + 1 == inner.len());
        (like_a_key && ends_it && inner.len() < 80).then_some(open..written.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_with_one_of_the_gaps_around_them() {
        for (text, left) in [
            ("a <!-- b --> c", "a c"),
            ("a <!-- b -->", "a"),
            ("<!-- a --> b", "b"),
            ("a <!-- b -->\n  c", "a\n  c"),
            ("a\n  <!-- b -->\n\n  c", "a\n\n\n  c"),
            ("a <!-- b --> <!-- c -->\n<!-- d\ne --> f", "a\nf"),
            ("`<!-- a -->` <!--> b", "`<!-- a -->` b"),
            ("- a\n\n      <!-- code -->", "- a\n\n      <!-- code -->"),
        ] {
            assert_eq!(without_comments(text), left, "{text}");
        }
    }

    fn label_of(text: &str) -> Option<String> {
        lead_of_text(text).label
    }

    #[test]
    fn a_label_is_a_strong_span_that_opens_the_item_and_ends() {
        for text in [
            "**Problem solving.** Solves.",
            "**Problem solving**: Solves.",
            "**Problem solving** - solves",
            "**Problem solving**",
            "**Problem solving?** x",
            "__Problem solving:__ x",
        ] {
            assert_eq!(label_of(text).as_deref(), Some("Problem solving"), "{text}");
        }
    }

    #[test]
    fn any_other_strong_span_is_emphasis() {
        for text in ["**Very** good at it", "Knows **Rust.** Well", "**Rust**-based work", "****"] {
            assert_eq!(label_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_struck_label_removes() {
        let lead = lead_of_text("~~**On-call.**~~ Staff join the incident rota instead.");
        assert_eq!((lead.label.as_deref(), lead.removes), (Some("On-call"), true));
        assert!(!lead_of_text("~~old~~ text").removes);
    }

    #[test]
    fn the_key_stands_at_the_end() {
        let lead = lead_of_text("Text with `code` {#new was=old}");
        let attribute = lead.attribute.expect("an attribute");
        assert_eq!((attribute.key.as_str(), attribute.was.as_deref()), ("new", Some("old")));
        assert_eq!(lead_of_text("Text `{#code}`").attribute, None);
        assert_eq!(lead_of_text("**All of:** {#group}\n- a\n- b").attribute.expect("an attribute").key, "group");
        assert_eq!(label_of("**Alone** {#k}").as_deref(), Some("Alone"));
    }

    #[test]
    fn the_text_leaves_label_and_punctuation_out() {
        let none = Definitions::default();
        assert_eq!(text("**Problem solving.** Solve  [hard](x) problems.", true, &none), "Solve hard problems.");
        assert_eq!(text("**Problem solving** \u{2013} solve.", true, &none), "solve.");
        assert_eq!(text("Plain `code` {#key}", false, &none), "Plain code");
        assert_eq!(text("~~**On-call.**~~ No more.", true, &none), "No more.");
        assert_eq!(text("**Group:**\n  - one\n  - two", true, &none), "one two");
    }
}
