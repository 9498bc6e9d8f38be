//! HTML in, its tags, attributes and text out: as much of it as tests of pages need.

/// A tag: its name, and its attributes with their values.
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

/// The start tags of a page, in order. Comments are left out; what stands in `<script>` and `<style>` is no tag.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with("!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (tag, after) = tag(rest);
            rest = match tag.name.as_str() {
                raw @ ("script" | "style") => after.find(&format!("</{raw}")).map_or("", |end| &after[end..]),
                _ => after,
            };
            found.push(tag);
        }
    }
    found
}

/// A tag from its name on, and what comes after it.
fn tag(text: &str) -> (Tag, &str) {
    let name_end = text.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(text.len());
    let (name, mut rest) = text.split_at(name_end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            let tag = Tag { name: name.to_ascii_lowercase(), attributes };
            return (tag, rest.strip_prefix('>').unwrap_or(""));
        }
        let end = rest[1..].find(|c: char| c.is_whitespace() || c == '=' || c == '>' || c == '/').map_or(rest.len(), |i| i + 1);
        let (attribute, after) = rest.split_at(end);
        let (value, after) = after.trim_start().strip_prefix('=').map_or(("", after), |value| value_of(value.trim_start()));
        attributes.push((attribute.to_ascii_lowercase(), unescape(value)));
        rest = after;
    }
}

fn value_of(text: &str) -> (&str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split_once(quote).unwrap_or((&text[1..], "")),
        _ => text.split_at(text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len())),
    }
}

/// The values of these attributes, in order.
pub fn attributes(html: &str, names: &[&str]) -> Vec<String> {
    let of = |tag: Tag| tag.attributes.into_iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(_, value)| value);
    tags(html).into_iter().flat_map(of).collect()
}

/// What readers see of a page's body, white space collapsed.
pub fn text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html.find("<body").map_or(html, |at| &html[at..]);
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        rest = if after.starts_with("!--") {
            after.find("-->").map_or("", |end| &after[end + 3..])
        } else if after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            let (tag, after) = tag(after.trim_start_matches('/'));
            let inline = ["a", "b", "code", "em", "i", "s", "small", "span", "strong", "sub", "sup"];
            out.push_str(if inline.contains(&tag.name.as_str()) { "" } else { " " });
            match tag.name.as_str() {
                raw @ ("script" | "style") => after.find(&format!("</{raw}>")).map_or(after, |end| &after[end..]),
                _ => after,
            }
        } else {
            out.push('<');
            after
        };
    }
    out.push_str(rest);
    unescape(&out).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let named = after.split_once(';').filter(|(name, _)| name.len() < 10).and_then(|(name, after)| Some((entity(name)?, after)));
        rest = match named {
            Some((c, after)) => {
                out.push(c);
                after
            }
            None => {
                out.push('&');
                after
            }
        };
    }
    out + rest
}

fn entity(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => match number?.strip_prefix(['x', 'X']) {
            Some(hex) => char::from_u32(u32::from_str_radix(hex, 16).ok()?),
            None => char::from_u32(number?.parse().ok()?),
        },
    }
}
