//! HTML as text: its addresses, attributes and depth, and the marks that are escaped in it.

pub(super) fn next_address(html: &str) -> Option<(usize, &'static str, bool)> {
    let link = html.find(" href=\"").map(|at| (at, " href=\"", false));
    let image = html.find(" src=\"").map(|at| (at, " src=\"", true));
    match (link, image) {
        (Some(a), Some(b)) => Some(if a.0 < b.0 { a } else { b }),
        (a, b) => a.or(b),
    }
}

/// How deep tags are open after a piece of HTML that begins at depth `at`, and the deepest on the way.
pub fn depth(html: &str, at: usize) -> (usize, usize) {
    const VOID: [&str; 8] = ["br", "hr", "img", "input", "col", "wbr", "meta", "link"];
    let (mut depth, mut deepest) = (at, at);
    for part in html.split('<').skip(1) {
        let name = part.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        if part.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !name.is_empty() && !VOID.iter().any(|v| name.eq_ignore_ascii_case(v)) {
            depth += 1;
        }
        deepest = deepest.max(depth);
    }
    (depth, deepest)
}

/// Every attribute of every tag in a piece of raw HTML: tag, name (both in lower case) and value, entities decoded.
pub fn attributes(html: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let Opening { name: tag, attributes, after } = opening(rest);
            found.extend(attributes.into_iter().map(|(name, value)| (tag.clone(), name, value)));
            rest = after;
        }
    }
    found
}

fn next_attribute(text: &str) -> Option<(String, String, &str)> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
    if text.is_empty() || text.starts_with('>') {
        return None;
    }
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(text.len());
    let name = text[..end].to_ascii_lowercase();
    let rest = text[end..].trim_start();
    let Some(rest) = rest.strip_prefix('=').map(str::trim_start) else {
        return (end > 0).then(|| (name, String::new(), &text[end..]));
    };
    let (value, after) = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => match rest[1..].find(quote) {
            Some(close) => (&rest[1..1 + close], &rest[close + 2..]),
            None => (&rest[1..], ""),
        },
        _ => rest.split_at(rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len())),
    };
    Some((name, unescape(value), after))
}

/// The text of an attribute, character references decoded: numeric ones, and the named ones that hide in addresses.
pub fn unescape(text: &str) -> String {
    const NAMED: [(&str, char); 9] =
        [("quot", '"'), ("apos", '\''), ("lt", '<'), ("gt", '>'), ("nbsp", '\u{a0}'), ("colon", ':'), ("Tab", '\t'), ("NewLine", '\n'), ("amp", '&')];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(rest.len());
        let name = &rest[..end];
        let decoded = match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            }
            .and_then(char::from_u32),
            None => NAMED.iter().find(|(n, _)| *n == name).map(|(_, c)| *c),
        };
        match decoded {
            Some(c) => {
                out.push(c);
                rest = rest[end..].strip_prefix(';').unwrap_or(&rest[end..]);
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

/// Escapes text for HTML, in text and in attributes between double quotes.
pub fn escape_into(text: &str, out: &mut String) {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

/// A whole page without the control characters and the characters that are none (U+FFFE), which HTML cannot hold.
pub fn without_controls(html: String) -> String {
    let ends = html.as_bytes().iter().zip(html.as_bytes().iter().skip(1));
    // All bytes are looked at, many at a time, which is quicker than to stop at the first. It may take a letter for such a character.
    let may_have = ends.fold(false, |found, (a, b)| {
        found | ((*a < b' ') & (*a != b'\n') & (*a != b'\t')) | (*a == 0x7f) | ((*a == 0xc2) & (*b < 0xa0)) | ((*a == 0xbf) & (*b >= 0xbe))
    });
    let is_none = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if may_have { html.replace(is_none, "\u{fffd}") } else { html }
}

/// A tag that opens an element.
pub(in crate::markdown) struct Opening<'t> {
    /// Its name, in lower case.
    pub name: String,
    /// Names in lower case and values, entities decoded.
    pub attributes: Vec<(String, String)>,
    /// What stands behind it.
    pub after: &'t str,
}

/// The tag at whose name a text begins.
pub(in crate::markdown) fn opening(html: &str) -> Opening<'_> {
    let end = html.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(html.len());
    let mut attributes = Vec::new();
    let mut rest = &html[end..];
    while let Some((name, value, after)) = next_attribute(rest) {
        attributes.push((name, value));
        rest = after;
    }
    let after = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
    Opening { name: html[..end].to_ascii_lowercase(), attributes, after: after.strip_prefix('>').unwrap_or(after) }
}
