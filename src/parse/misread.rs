//! Items that YAML would read as something else than text: found, told with the quoted form, and mended for the rest
//! of the run, so that one such item hides no other fault.
//!
//! On real pages 7.7 % of the bullets break or silently change their meaning when pasted as plain YAML items, because
//! they begin with a link, hold `: ` or begin with `*` (content model, section 2).

use std::ops::Range;

use crate::yaml::SyntaxFault;

/// An item that must be quoted.
#[derive(Debug, PartialEq, Eq)]
pub struct Misread {
    /// Bytes of its text in the YAML.
    pub span: Range<usize>,
    /// The text that its author meant: as written, without quotes around the whole.
    pub meant: String,
    /// Why YAML does not read it as text.
    pub reason: &'static str,
    /// The item as it should be written, after the `- `.
    pub quoted: String,
}

/// YAML in which every such item is quoted, on the same lines.
#[derive(Debug, PartialEq, Eq)]
pub struct Mended {
    /// The mended text.
    pub text: String,
    /// The items that were mended.
    pub misread: Vec<Misread>,
}

/// Looks through the lists below the keys that `is_list` knows.
pub fn mend(yaml: &str, is_list: impl Fn(&str) -> bool) -> Option<Mended> {
    let lines: Vec<Range<usize>> = line_ranges(yaml);
    let mut misread = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        let opens = list_key(&yaml[lines[i].clone()]).is_some_and(|(key, _)| is_list(key));
        i += 1;
        if opens {
            let indent = list_key(&yaml[lines[i - 1].clone()]).map_or(0, |(_, indent)| indent);
            i = scan_list(yaml, &lines, i, indent, &mut misread);
        }
    }
    if misread.is_empty() {
        return None;
    }
    Some(Mended { text: mended(yaml, &misread), misread })
}

/// The byte of the original text for a byte of the mended one: the same line, and the same column where it has one.
pub fn original_offset(original: &str, mended: &str, offset: usize) -> usize {
    let before = &mended[..mended.floor_char_boundary(offset.min(mended.len()))];
    let line = before.bytes().filter(|b| *b == b'\n').count();
    let column = before.len() - before.rfind('\n').map_or(0, |i| i + 1);
    let start = line_ranges(original).get(line).map_or(original.len(), |l| l.start);
    let length = original[start..].find('\n').unwrap_or(original.len() - start);
    original.floor_char_boundary(start + column.min(length))
}

fn line_ranges(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let range = start..start + line.trim_end_matches('\n').len();
            start += line.len();
            range
        })
        .collect()
}

/// The key of a line such as `    requirements:`, and its column (a key after `- ` counts from the key).
fn list_key(line: &str) -> Option<(&str, usize)> {
    let mut rest = line.trim_start_matches(' ');
    while let Some(inner) = rest.strip_prefix("- ") {
        rest = inner.trim_start_matches(' ');
    }
    let key = rest
        .trim_end()
        .strip_suffix(':')
        .or_else(|| rest.split_once(':').filter(|(_, after)| after.trim_start().starts_with('#')).map(|(k, _)| k))?;
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    is_key.then_some((key, line.len() - rest.len()))
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Scans the items from line `i` on; gives the first line that is no part of the list.
fn scan_list(yaml: &str, lines: &[Range<usize>], mut i: usize, key_indent: usize, misread: &mut Vec<Misread>) -> usize {
    let mut dash = None;
    while i < lines.len() {
        let line = &yaml[lines[i].clone()];
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            i += 1;
            continue;
        }
        let indent = indent_of(line);
        let is_entry = line[indent..].starts_with("- ") || &line[indent..] == "-";
        if !is_entry || indent < key_indent || dash.is_some_and(|d| d != indent) {
            return i;
        }
        dash = Some(indent);
        let next = entry_end(yaml, lines, i + 1, indent);
        check_entry(yaml, lines, i, next, misread);
        i = next;
    }
    i
}

/// The first line after `from` that does not continue an entry whose dash is at `dash`.
fn entry_end(yaml: &str, lines: &[Range<usize>], from: usize, dash: usize) -> usize {
    let mut end = from;
    for (i, line) in lines.iter().enumerate().skip(from) {
        let line = &yaml[line.clone()];
        if line.trim().is_empty() {
            continue;
        }
        if indent_of(line) <= dash {
            break;
        }
        end = i + 1;
    }
    end
}

fn check_entry(yaml: &str, lines: &[Range<usize>], first: usize, next: usize, misread: &mut Vec<Misread>) {
    let line = &yaml[lines[first].clone()];
    let dash = indent_of(line);
    let after = line[dash + 1..].trim_start_matches(' ');
    // A dash alone: the entry begins on the next line.
    let first_text = if after.is_empty() { lines[first + 1..next].iter().find(|l| !yaml[(*l).clone()].trim().is_empty()) } else { None };
    let start = match first_text {
        Some(line) => line.start + indent_of(&yaml[line.clone()]),
        None => lines[first].end - after.len(),
    };
    let end = lines[next - 1].end;
    let text = yaml[start..end].trim_end();
    let Some(reason) = reason(text) else { return };
    let meant = within_quotes(text).unwrap_or(text);
    let quoted = if meant.lines().skip(1).any(|l| l.trim_start().starts_with("- ")) { block(meant, dash) } else { quoted(meant) };
    misread.push(Misread { span: start..start + text.len(), meant: meant.to_owned(), reason, quoted });
}

/// Why YAML does not read the entry as the text that it shows.
fn reason(text: &str) -> Option<&'static str> {
    let first = text.chars().next()?;
    let keys = ["key", "text", "remove", "reason"];
    let opens_with_key = |t: &str| keys.iter().any(|k| t.strip_prefix(k).is_some_and(|r| r.starts_with(": ") || r.starts_with(":\n") || r == ":"));
    match first {
        '"' | '\'' => return after_quote(text, first),
        '|' | '>' => {
            let head = text.lines().next().unwrap_or("");
            let plain_header = head[1..].trim_end().chars().all(|c| matches!(c, '+' | '-' | '0'..='9'));
            return (!plain_header).then_some("a text that begins with `>` or `|` is read as a block");
        }
        '{' => return (!opens_with_key(text[1..].trim_start())).then_some("`{` at the beginning is read as a mapping"),
        '[' => return Some("`[` at the beginning is read as a list"),
        '*' => return Some("`*` at the beginning is read as a reference to another place"),
        '&' => return Some("`&` at the beginning is read as the name of a place"),
        '!' => return Some("`!` at the beginning is read as a type"),
        '`' | '@' | '%' => return Some("a plain text cannot begin with this character"),
        ']' | '}' | ',' => return Some("a plain text cannot begin with this character"),
        '#' => return Some("`#` at the beginning is read as a comment"),
        '-' | '?' | ':' if text[1..].starts_with([' ', '\n']) => return Some("a mark and a space at the beginning are read as a list or a mapping"),
        _ => {}
    }
    if opens_with_key(text) {
        return None;
    }
    let cut = |line: &str| line.contains(" #") || line.contains("\t#");
    if text.contains(": ") || text.lines().any(|l| l.trim_end().ends_with(':')) {
        return Some("`: ` makes it a mapping");
    }
    if text.lines().any(cut) {
        return Some("everything from ` #` on is read as a comment");
    }
    text.lines().skip(1).any(|l| l.trim_start().starts_with("- ")).then_some("the points beneath it are read as part of its text")
}

/// Text after the closing quote; an unclosed quote is left to the YAML reader.
fn after_quote(text: &str, quote: char) -> Option<&'static str> {
    let after = text[closing(text, quote)? + 1..].trim();
    (!after.is_empty() && !after.starts_with('#')).then_some("the quoted text ends before the item does")
}

/// What stands within quotes that were meant for the whole item, though one inside closes them: `"Takes "hard" calls."` and
/// `'Doesn't wait.'`, but not `"A" and "B"`.
fn within_quotes(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let close = closing(text, quote)?;
    let opens_a_word = text[close + 1..].starts_with(char::is_alphanumeric);
    (opens_a_word && text.len() > close + 1).then(|| text[1..].strip_suffix(quote)).flatten()
}

/// What is wrong with quotes where the YAML could not be read at `fault`: an opening that is never closed before the
/// next key or entry, or a text that ends at a quote inside it.
pub fn quote_fault(yaml: &str, fault: &Range<usize>) -> Option<SyntaxFault> {
    let lines = line_ranges(yaml);
    for (i, line) in lines.iter().enumerate().take_while(|(_, l)| l.start <= fault.start) {
        let Some(open) = value_start(&yaml[line.clone()]).map(|at| line.start + at) else { continue };
        let Some(quote @ ('"' | '\'')) = yaml[open..line.end].chars().next() else { continue };
        let next = lines[i + 1..].iter().map(|l| yaml[l.clone()].trim_start()).find(|l| !l.is_empty());
        match closing(&yaml[open..line.end], quote) {
            None if next.is_none_or(looks_like_entry) => {
                let help = "add the same quote mark at the end of the text".to_owned();
                return Some(SyntaxFault { span: open..open + 1, message: "this quote is never closed".to_owned(), help });
            }
            Some(close) if line.contains(&fault.start) && open + close < fault.start => {
                let other = if quote == '"' { "with a backslash before it (`\\\"`)" } else { "twice (`''`)" };
                let help = format!("write a quote mark inside quoted text {other}, or put quotes of the other kind around the text");
                return Some(SyntaxFault { span: fault.clone(), message: "the quoted text ends before this".to_owned(), help });
            }
            _ => {}
        }
    }
    None
}

/// Where the value of a line begins: after `- ` and after `key: `.
fn value_start(line: &str) -> Option<usize> {
    let mut at = indent_of(line);
    while line[at..].starts_with("- ") {
        at += 2 + indent_of(&line[at + 2..]);
    }
    let key = line[at..].find(": ").filter(|i| line[at..at + i].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'));
    let at = key.map_or(at, |i| at + i + 2 + indent_of(&line[at + i + 2..]));
    (at < line.len()).then_some(at)
}

fn looks_like_entry(line: &str) -> bool {
    let key = line.split(':').next().unwrap_or("");
    line.starts_with("- ") || (key.len() < line.len() && !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'))
}

/// Where a quoted text that begins `text` is closed.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut rest = text.char_indices().skip(1).peekable();
    while let Some((i, c)) = rest.next() {
        let doubled = c == quote && quote == '\'' && rest.peek().is_some_and(|(_, c)| *c == quote);
        if (c == '\\' && quote == '"') || doubled {
            rest.next();
        } else if c == quote {
            return Some(i);
        }
    }
    None
}

/// The text on one line between quotes.
pub fn quoted(text: &str) -> String {
    let text = crate::markdown::collapse(text);
    if !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else if !text.contains('\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// The text as a block, which keeps its lines.
fn block(text: &str, dash: usize) -> String {
    let mut out = String::from("|");
    let lines: Vec<&str> = text.lines().collect();
    let cut = lines[1..].iter().filter(|l| !l.trim().is_empty()).map(|l| indent_of(l)).min().unwrap_or(0);
    for (i, line) in lines.iter().enumerate() {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', dash + 2));
        out.push_str(if i == 0 { line } else { line.get(cut..).unwrap_or("").trim_end() });
    }
    out
}

fn mended(yaml: &str, misread: &[Misread]) -> String {
    let mut out = String::with_capacity(yaml.len() + misread.len() * 4);
    let mut done = 0;
    for item in misread {
        let written = &yaml[item.span.clone()];
        out.push_str(&yaml[done..item.span.start]);
        out.push_str(&quoted(&item.meant));
        out.extend(std::iter::repeat_n('\n', written.matches('\n').count()));
        done = item.span.end;
    }
    out.push_str(&yaml[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(item: &str) -> Option<String> {
        let yaml = format!("requirements:\n  - {item}\ntitle: x\n");
        mend(&yaml, |key| key == "requirements").map(|m| {
            crate::yaml::parse(&m.text).expect("the mended text is YAML");
            m.misread[0].quoted.clone()
        })
    }

    #[test]
    fn items_that_yaml_reads_as_text_are_left_alone() {
        for item in [
            "Knows Git",
            "\"Mandatory: Git\"",
            "'it''s'",
            "{key: a, text: b}",
            "remove: on-call\n    reason: x",
            "|\n    **A.** b: c",
            "C# and F#",
            "a:b",
            "Two\n    lines",
            "\"x\" # why",
        ] {
            assert_eq!(check(item), None, "{item}");
        }
    }

    #[test]
    fn others_are_shown_quoted() {
        for (item, quoted) in [
            ("Mandatory: knows Git", "\"Mandatory: knows Git\""),
            ("**Label.** Text", "\"**Label.** Text\""),
            ("[a](b) is", "\"[a](b) is\""),
            ("`code` first", "\"`code` first\""),
            ("Knows C # and more", "\"Knows C # and more\""),
            ("\"Quoted\" then more", "'\"Quoted\" then more'"),
            ("It's \"so\": there", "\"It's \\\"so\\\": there\""),
            ("Two: lines\n    here", "\"Two: lines here\""),
            ("\"**Calls.** Takes \"hard\" calls.\"", "'**Calls.** Takes \"hard\" calls.'"),
            ("'**Phone.** Doesn't take calls.'", "\"**Phone.** Doesn't take calls.\""),
            ("\"A\" and \"B\"", "'\"A\" and \"B\"'"),
            ("> 5 people", "\"> 5 people\""),
            ("All of:\n    - one\n    - two", "|\n    All of:\n    - one\n    - two"),
        ] {
            assert_eq!(check(item).as_deref(), Some(quoted), "{item}");
        }
    }

    #[test]
    fn a_place_after_a_mended_item_is_where_it_was() {
        let yaml = "requirements:\n  - A: b\ntitle: x\n";
        let mended = mend(yaml, |_| true).expect("one item");
        let at = mended.text.find("title").expect("there");
        assert_eq!(original_offset(yaml, &mended.text, at), yaml.find("title").expect("there"));
    }
}
