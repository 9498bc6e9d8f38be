//! The address below which a site is published: as it is written in, as pages name it out.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What a path has only as `%20` and the like; so have it letters that are no ASCII.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// What to do about an address that is none.
pub const HELP: &str = "write it whole, such as https://example.org/handbook/";

/// An address with a `/` at its end, below which others can be put.
///
/// # Errors
///
/// What is wrong with it, as a sentence without its end.
pub fn base_url(text: &str) -> Result<String, String> {
    let none = |why: &str| Err(format!("`{text}` is not a web address{why}"));
    let Some((scheme, rest)) = text.split_once("://") else { return none("") };
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(&*scheme, "http" | "https") {
        return none("");
    }
    if rest.contains(['?', '#']) {
        return none(" below which pages can lie: `?` and `#` end it");
    }
    let (server, path) = rest.split_once('/').unwrap_or((rest, ""));
    if server.contains('@') {
        return Err("every page would show the name or the password in this address".to_owned());
    }
    let host = match server.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => server,
    };
    if host.is_empty() {
        return none(": it names no server");
    }
    let is_number = host.starts_with('[') && host.ends_with(']');
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if !is_number && !host.strip_suffix('.').unwrap_or(host).split('.').all(is_name) {
        return none(": no server has such a name");
    }
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    if path.match_indices('%').any(|(at, _)| !is_hex(path.as_bytes().get(at + 1)) || !is_hex(path.as_bytes().get(at + 2))) {
        return none(" as it must be: two digits or letters from A to F belong behind `%`");
    }
    if path.split('/').any(|part| matches!(&*percent_decode_str(part).decode_utf8_lossy(), "." | "..")) {
        return none(" as it must be: `.` and `..` stand for other places");
    }
    let path = utf8_percent_encode(path, ENCODED);
    let end = if path.clone().last().is_none_or(|part| part.ends_with('/')) { "" } else { "/" };
    Ok(format!("{scheme}://{server}/{path}{end}"))
}

#[cfg(test)]
mod tests {
    use super::base_url;

    #[test]
    fn an_address_is_whole_and_ends_in_a_slash() {
        for (written, named) in [
            ("https://example.org", "https://example.org/"),
            ("https://example.org/a", "https://example.org/a/"),
            ("HTTPS://Example.org:8080/a/", "https://Example.org:8080/a/"),
            ("http://[::1]:80/a b/ä", "http://[::1]:80/a%20b/%C3%A4/"),
            ("https://münchen.example/hand%20book/", "https://münchen.example/hand%20book/"),
        ] {
            assert_eq!(base_url(written).as_deref(), Ok(named));
        }
    }

    #[test]
    fn what_would_lead_elsewhere_or_tell_a_secret_is_none() {
        for written in [
            "example.org",
            "ftp://example.org/",
            "https://",
            "https:///a",
            "https://:80/",
            "https://a b/",
            "https://a<b/",
            "https://example.org/a?b",
            "https://example.org/#b",
            "https://name:word@example.org/",
            "https://example.org/a/../b",
            "https://example.org/./",
            "https://example.org/%2e%2E/",
            "https://example.org/a%zz",
            "https://example.org:99999/",
            "https://.../",
            "https://a..b/",
        ] {
            assert!(base_url(written).is_err(), "{written}");
        }
    }
}
