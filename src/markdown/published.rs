//! Markdown as an author wrote it in, Markdown that may be published as it is out: it leads nowhere and holds no HTML that
//! the page of it would not.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::html::{ALLOWED, Opening, escape_into, opening};
use super::{Definitions, options};

/// Gives the address to write for a link; where there is none, that of the author stays.
pub type Given<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A piece of Markdown whose links lead where `link` says, those by reference written out, and whose HTML is what the
/// allow-list leaves.
pub fn published(markdown: &str, definitions: &Definitions, link: &Given<'_>) -> String {
    if !markdown.contains(['[', '<']) {
        return markdown.to_owned();
    }
    let mut by_name = |link: pulldown_cmark::BrokenLink<'_>| {
        definitions.get(&link.reference).map(|(dest, title)| (dest.to_owned().into(), title.to_owned().into()))
    };
    let parser = Parser::new_with_broken_link_callback(markdown, options(), Some(&mut by_name));
    let mut edits: Vec<Edit> = parser.reference_definitions().iter().map(|(_, found)| (found.span.clone(), String::new())).collect();
    let mut open: Vec<OpenLink> = Vec::new();
    let mut html = Html { link, skipping: None };
    let mut in_block = false;
    // Where what is left out begins: the end of the tag that opened it.
    let mut gap = 0;
    for (event, span) in parser.into_offset_iter() {
        let written = &markdown[span.clone()];
        let raw = match &event {
            Event::Start(Tag::HtmlBlock) => true,
            Event::Html(_) | Event::InlineHtml(_) => !in_block,
            _ => false,
        };
        in_block = in_block && event != Event::End(TagEnd::HtmlBlock) || event == Event::Start(Tag::HtmlBlock);
        if raw {
            let skipped = html.skipping.is_some();
            let clean = html.cleaned(written);
            edits.extend((skipped && html.skipping.is_none()).then(|| (gap..span.start, String::new())));
            edits.push((span.clone(), clean));
            gap = if skipped && html.skipping.is_some() { gap } else { span.end };
        }
        match event {
            Event::Start(Tag::Link { link_type: LinkType::Autolink, dest_url, .. }) => {
                edits.extend(link(&dest_url).map(|given| (span.clone(), format!("[{}]({})", line(&dest_url), destination(&given)))));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, .. } | Tag::Image { link_type, dest_url, title, .. })
                if link_type != LinkType::Email =>
            {
                open.push(OpenLink {
                    kind: link_type,
                    given: link(&dest_url),
                    dest: dest_url.into_string(),
                    title: title.into_string(),
                    words: span.start + 1,
                });
                continue;
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                edits.extend(open.pop_if(|_| !written.starts_with('<')).and_then(|link| link.edit(markdown, &span)));
            }
            _ => {}
        }
        if let Some(around) = open.last_mut() {
            around.words = around.words.max(span.end);
        }
    }
    if html.skipping.is_some() {
        edits.push((gap..markdown.len(), String::new()));
    }
    edited(markdown, edits)
}

/// Bytes of the text, and what stands there instead.
type Edit = (Range<usize>, String);

fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(span, _)| (span.start, Reverse(span.end)));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (span, instead) in edits {
        if span.start >= done {
            out.push_str(&text[done..span.start]);
            out.push_str(&instead);
            done = span.end;
        }
    }
    out.push_str(&text[done..]);
    out
}

/// A link or an image whose end is not seen yet.
struct OpenLink {
    kind: LinkType,
    given: Option<String>,
    dest: String,
    title: String,
    /// The end of its words so far.
    words: usize,
}

impl OpenLink {
    /// What stands behind its words, written anew; nothing where it may stay.
    fn edit(self, markdown: &str, span: &Range<usize>) -> Option<Edit> {
        if self.kind == LinkType::Inline && self.given.is_none() {
            return None;
        }
        // The parser leaves empty brackets out.
        let end = span.end + if self.kind == LinkType::Collapsed && markdown[span.end..].starts_with("[]") { 2 } else { 0 };
        let after = markdown[self.words..span.end].find(']').map_or(span.end, |at| self.words + at + 1);
        let title = if self.title.is_empty() || self.kind != LinkType::Inline {
            String::new()
        } else {
            format!(" \"{}\"", line(&self.title).replace('"', "\\\""))
        };
        Some((after..end, format!("({}{title})", destination(self.given.as_deref().unwrap_or(&self.dest)))))
    }
}

/// An address as it stands between the parentheses of a link: nothing in it ends the link or is read as something else.
fn destination(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for (at, c) in address.char_indices() {
        match c {
            ' ' | '(' | ')' | '<' | '>' | '\\' | '|' | '`' | '"' => out.push_str(&format!("%{:02X}", u32::from(c))),
            '&' if begins_reference(&address[at..]) => out.push_str("&amp;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether a text begins with a character reference, such as `&lt;`.
fn begins_reference(text: &str) -> bool {
    let name = text[1..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
    name.len() + 1 < text.len() && name.starts_with(';')
}

/// A text as a line of Markdown in which nothing is markup.
pub fn line(text: &str) -> String {
    let text = super::collapse(text);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let is_markup = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '{' | '}' => true,
            '&' => begins_reference(&text[at..]),
            '#' => at == 0 || text[..at].ends_with([' ', '#']),
            '-' | '+' | '=' | ':' => at == 0,
            _ => false,
        };
        out.extend(is_markup.then_some('\\'));
        out.push(c);
    }
    out
}

/// HTML as the author wrote it, tag by tag: a tag may open in one piece of it and close in another.
struct Html<'a> {
    link: &'a Given<'a>,
    /// The element that is left out with all that it holds, while it is open.
    skipping: Option<&'static str>,
}

/// The elements that are left out with all that they hold.
const WITH_CONTENT: [&str; 2] = ["script", "style"];

impl Html<'_> {
    /// What the allow-list leaves of a piece. The words between tags are escaped so that they are words also where no HTML is
    /// left around them.
    fn cleaned(&mut self, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        loop {
            if let Some(name) = self.skipping {
                let Some(close) = closing(rest, name) else { return out };
                self.skipping = None;
                rest = after(&rest[close..], ">");
            }
            let tag = rest.find('<').unwrap_or(rest.len());
            push_words(&rest[..tag], &mut out);
            rest = &rest[tag..];
            let second = rest[1.min(rest.len())..].chars().next();
            match second {
                None if rest.is_empty() => return out,
                _ if rest.starts_with("<!--") => rest = after(&rest[2..], "-->"),
                Some('!' | '?') => rest = after(rest, ">"),
                Some('/') => {
                    let name = rest[2..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
                    if ALLOWED.tags.contains(name.as_str()) {
                        out.push_str(&format!("</{name}>"));
                    }
                    rest = after(rest, ">");
                }
                Some(c) if c.is_ascii_alphabetic() => {
                    let tag = opening(&rest[1..]);
                    self.skipping = WITH_CONTENT.into_iter().find(|name| *name == tag.name);
                    self.push_tag(&tag, &mut out);
                    rest = tag.after;
                }
                _ => {
                    out.push_str("&lt;");
                    rest = &rest[1..];
                }
            }
        }
    }

    fn push_tag(&self, tag: &Opening<'_>, out: &mut String) {
        let name = tag.name.as_str();
        if !ALLOWED.tags.contains(name) {
            return;
        }
        out.push('<');
        out.push_str(name);
        let own = ALLOWED.tag_attributes.get(name);
        let valued = ALLOWED.tag_attribute_values.get(name);
        for (attribute, value) in &tag.attributes {
            let attribute = attribute.as_str();
            let allowed = ALLOWED.attributes.contains(attribute)
                || own.is_some_and(|own| own.contains(attribute))
                || valued.and_then(|valued| valued.get(attribute)).is_some_and(|values| values.contains(value.as_str()));
            if !allowed {
                continue;
            }
            let is_address = matches!(attribute, "href" | "src" | "cite");
            let value = is_address.then(|| (self.link)(value)).flatten().map_or(Cow::Borrowed(value.as_str()), Cow::Owned);
            out.push_str(&format!(" {attribute}=\""));
            escape_into(&super::collapse(&value), out);
            out.push('"');
        }
        out.push('>');
    }
}

/// Where the end tag of an element begins.
fn closing(html: &str, name: &str) -> Option<usize> {
    let is_end = |at: &usize| html[at + 2..].get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
    html.match_indices("</").map(|(at, _)| at).find(is_end)
}

/// What stands behind a mark; nothing where there is none.
fn after<'t>(text: &'t str, mark: &str) -> &'t str {
    text.find(mark).map_or("", |at| &text[at + mark.len()..])
}

fn push_words(words: &str, out: &mut String) {
    for c in words.chars() {
        match c {
            '[' | ']' | '*' | '_' | '`' | '\\' | '~' | '#' | '|' | '>' => out.push_str(&format!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markdown: &str) -> String {
        let link = |dest: &str| dest.trim().starts_with("javascript").then(|| "#".to_owned());
        published(markdown, &Definitions::default(), &link)
    }

    #[test]
    fn links_lead_where_a_page_would_lead() {
        for (written, left) in [
            ("[x](javascript:alert(1)) [y](https://e.org/a_(b))", "[x](#) [y](https://e.org/a_(b))"),
            ("[x](javascript:y \"](z\")", "[x](# \"\\](z\")"),
            ("[x][r]\n\n[r]: javascript:y", "[x](#)\n\n"),
            ("[r] [r][]\n\n[r]: <a b>\n", "[r](a%20b) [r](a%20b)\n\n\n"),
            ("[![a](javascript:x)](https://e.org)", "[![a](#)](https://e.org)"),
            ("[a `]` b\\]](javascript:x)", "[a `]` b\\]](#)"),
            ("<javascript:alert(1)> <https://e.org> <a@e.org>", "[javascript:alert(1)](#) <https://e.org> <a@e.org>"),
            ("[r]\n\n[r]: a(<b>)\n", "[r](a%28%3Cb%3E%29)\n\n\n"),
        ] {
            assert_eq!(shown(written), left, "{written}");
        }
    }

    #[test]
    fn html_is_what_the_allow_list_leaves() {
        for (written, left) in [
            ("a <b onclick=x title='y\"'>b</b> <br/>c", "a <b title=\"y&quot;\">b</b> <br>c"),
            ("a <script>alert(1)</script> b", "a  b"),
            ("a <script>*x*\n\ny</script> b [x](y)", "a  b [x](y)"),
            ("a <script> b", "a "),
            ("<a href='javascript:x'>raw</a>", "<a href=\"#\">raw</a>"),
            ("<a href=java&#115;cript:x>raw</a>", "<a href=\"#\">raw</a>"),
            ("a <!-- note --> b", "a  b"),
            ("<form>\n[x](javascript:y) `z`\n</form>", "\n&#91;x&#93;(javascript:y) &#96;z&#96;\n"),
            ("<details>\n<summary>S</summary>\n\n- *a*\n\n</details>", "<details>\n<summary>S</summary>\n\n- *a*\n\n</details>"),
            ("<pre title=\"\n\n<script>x</script>\">p</pre>", "<pre title=\"&lt;script&gt;x&lt;/script&gt;\">p</pre>"),
            ("a < b, `<script>`", "a < b, `<script>`"),
            ("<table><tr><td onload=x>1", "<table><tr><td>1"),
        ] {
            assert_eq!(shown(written), left, "{written}");
        }
    }

    #[test]
    fn a_title_is_a_line_of_words() {
        for (written, left) in [
            ("Senior C++ & C# (R&D) - x", "Senior C++ & C# (R&D) - x"),
            ("One\n\n# Two [x](y) <img> &lt; ##", "One \\# Two \\[x\\](y) \\<img\\> \\&lt; \\#\\#"),
            ("- a", "\\- a"),
        ] {
            assert_eq!(line(written), left);
        }
    }
}
