//! Words of the content in, the same words out without power over terminals, editors and CI systems.
//!
//! Content may hold anything: escape sequences that drive a terminal, marks that turn the direction of writing, and lines
//! that GitHub, Azure or TeamCity take as commands in a log. All of them are shown as what they are.

use std::borrow::Cow;

/// What begins a command in the log of a CI system: `##[...]` and `##vso[...]` anywhere, `::word` at the beginning of a
/// line. Source: GitHub's and Azure's runners, `ActionCommand.cs` and `Command.cs`.
const MARKS: [&str; 3] = ["##[", "##vso", "##teamcity"];
/// The words of GitHub's commands.
const COMMANDS: [&str; 16] = [
    "error",
    "warning",
    "notice",
    "debug",
    "group",
    "endgroup",
    "add-mask",
    "add-path",
    "add-matcher",
    "remove-matcher",
    "set-output",
    "set-env",
    "save-state",
    "stop-commands",
    "echo",
    "internal",
];

/// Whether a character is never shown as it is: control characters (line breaks and tabs are for the caller to judge),
/// marks of direction, which make text look other than it is (CVE-2021-42574), those that nobody sees, and the two that are none.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// A text for people and for logs: hidden characters as `\u{1b}`, commands broken with a backslash. Line breaks and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !needs_escape(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(with_offsets(text).0)
}

/// The same on one line: a file may be called anything.
pub fn visible_path(path: &str) -> String {
    visible(&path.replace('\n', "\\u{a}").replace('\t', "\\u{9}")).into_owned()
}

fn needs_escape(text: &str) -> bool {
    let mut at = 0;
    // Nearly all bytes are ordinary letters.
    while let Some(gap) = text.as_bytes()[at..].iter().position(|b| matches!(b, ..b' ' | b'#' | b':' | 0x7f..) && !matches!(b, b'\n' | b'\t')) {
        let rest = &text[at + gap..];
        let c = rest.chars().next().expect("a byte begins a character");
        if is_changed(c, rest) {
            return true;
        }
        at += gap + c.len_utf8();
    }
    false
}

/// Whether a character, with which `rest` begins, is not shown as it is.
fn is_changed(c: char, rest: &str) -> bool {
    match c {
        '\n' | '\t' => false,
        '#' | ':' => begins_command(rest),
        c => is_hidden(c),
    }
}

/// The same, with the new byte for each old one (and for the end).
pub(super) fn with_offsets(text: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len() + 8);
    let mut offsets = vec![0; text.len() + 1];
    for (at, c) in text.char_indices() {
        offsets[at..at + c.len_utf8()].fill(out.len());
        match is_changed(c, &text[at..]) {
            true if is_hidden(c) => out.extend(c.escape_unicode()),
            true => out.extend([c, '\\']),
            false => out.push(c),
        }
    }
    offsets[text.len()] = out.len();
    (out, offsets)
}

fn begins_command(rest: &str) -> bool {
    let starts = |mark: &str| rest.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark));
    let command =
        || rest.strip_prefix("::").is_some_and(|word| COMMANDS.iter().any(|c| word.get(..c.len()).is_some_and(|head| head.eq_ignore_ascii_case(c))));
    MARKS.iter().any(|mark| starts(mark)) || command()
}

/// JSON in which no byte has power over a log; it means the same, for only characters within strings are written in
/// another way.
pub fn json(text: String) -> String {
    if !needs_escape(&text) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut before = '\0';
    for c in text.chars() {
        match c {
            ':' if before == ':' => out.push_str("\\u003a"),
            '#' if before == '#' => out.push_str("\\u0023"),
            c if is_hidden(c) && c != '\n' => {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            }
            c => out.push(c),
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_content_drives_a_terminal_or_a_log() {
        for (text, shown) in [
            ("plain: text # 1", "plain: text # 1"),
            ("std::vector", "std::vector"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("::error file=x::y", ":\\:error file=x::y"),
            ("##[command]x", "#\\#[command]x"),
            ("##vso[task]", "#\\#vso[task]"),
            ("two\nlines\r", "two\nlines\\u{d}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn a_path_is_one_line() {
        assert_eq!(visible_path("content/a\nb\t\u{1b}.md"), "content/a\\u{a}b\\u{9}\\u{1b}.md");
    }

    #[test]
    fn json_means_the_same_after_it() {
        let value = serde_json::json!({"a": "::error ##[x] \u{202e} \u{7f} \u{1b} \u{e0041}", "b": ["##vso", ":::"]});
        let written = json(value.to_string());
        for mark in ["::error", "##[", "##vso", "\u{202e}", "\u{7f}"] {
            assert!(!written.contains(mark), "{mark} in {written}");
        }
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).expect("still JSON"), value);
    }
}
