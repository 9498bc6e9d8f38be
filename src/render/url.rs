//! Addresses within the output: from the root in, relative to a page out, always ending in a file name.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a path may not hold in an address.
const UNSAFE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%').add(b'?').add(b'{').add(b'}').add(b'\\').add(b'^').add(b'|');

/// What the value of a query may not hold either.
const IN_QUERY: &AsciiSet = &UNSAFE.add(b'+').add(b'&').add(b'#').add(b'=');

/// A file of the output as seen from another: `a/b/index.html#c` from `a/d/index.html` is `../b/index.html#c`.
pub fn relative(from: &str, to: &str) -> String {
    let (path, anchor) = match to.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (to, None),
    };
    let mut out = String::with_capacity(to.len() + 12);
    if path != from {
        let common = common_folder(from, path);
        for _ in 0..from[common..].bytes().filter(|b| *b == b'/').count() {
            out.push_str("../");
        }
        push_encoded(&path[common..], &mut out);
    }
    if let Some(anchor) = anchor {
        out.push('#');
        push_encoded(anchor, &mut out);
    }
    if out.is_empty() { path.rsplit('/').next().unwrap_or(path).to_owned() } else { out }
}

/// Most addresses are of letters, digits and a few marks, and stand for themselves.
fn push_encoded(text: &str, out: &mut String) {
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/')) {
        out.push_str(text);
    } else {
        out.extend(utf8_percent_encode(text, UNSAFE));
    }
}

/// A path as part of a web address.
pub fn encoded(path: &str) -> std::borrow::Cow<'_, str> {
    const IN_PATH: &AsciiSet = &UNSAFE.add(b'#');
    utf8_percent_encode(path, IN_PATH).into()
}

/// The length of the folders that two paths share, with the last `/`.
fn common_folder(a: &str, b: &str) -> usize {
    let mut shared = 0;
    for (i, (x, y)) in a.bytes().zip(b.bytes()).enumerate() {
        if x != y {
            break;
        }
        if x == b'/' {
            shared = i + 1;
        }
    }
    shared
}

/// Text as a value in the query of an address.
pub fn in_query(text: &str) -> String {
    utf8_percent_encode(text, IN_QUERY).to_string()
}

/// An address under the base URL: `index.html` at the end is left out.
pub fn absolute(base: &str, file: &str) -> String {
    let path = file.strip_suffix("index.html").unwrap_or(file);
    format!("{base}{}", utf8_percent_encode(path, UNSAFE))
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn addresses_are_relative_and_end_in_a_file_name() {
        assert_eq!(relative("a/b/index.html", "a/c/index.html#d"), "../c/index.html#d");
        assert_eq!(relative("index.html", "a/index.html"), "a/index.html");
        assert_eq!(relative("a/b/c/index.html", "index.html"), "../../../index.html");
        assert_eq!(relative("a/b/index.html", "a/b/index.html#x"), "#x");
        assert_eq!(relative("a/b/index.html", "a/b/index.html"), "index.html");
        assert_eq!(relative("a/b/index.html", "a/b/c/index.html"), "c/index.html");
        assert_eq!(relative("ab/index.html", "ac/my image.png"), "../ac/my%20image.png");
    }
}
