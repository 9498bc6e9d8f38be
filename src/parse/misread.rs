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
    /// Bytes of its text in the YAML; a comment behind it is not among them.
    pub span: Range<usize>,
    /// The text that its author meant: as written, without quotes around the whole.
    pub meant: String,
    /// Why YAML does not read it as text.
    pub reason: String,
    /// The item as it should be written, after the `- `.
    pub quoted: String,
    /// Whether that may be written without asking: not where ` #` may begin a comment as well as belong to the text.
    pub is_sure: bool,
}

/// A comment behind an item that may have been meant as its text.
#[derive(Debug, PartialEq, Eq)]
pub struct Doubtful {
    /// Bytes of the comment, from `#` to the end of its line.
    pub span: Range<usize>,
    /// The item with what would belong to it, between quotes.
    pub quoted: String,
}

/// What was found in the lists of some YAML.
#[derive(Debug, Default)]
pub struct Found {
    /// Items that must be quoted, in the order of the text.
    pub misread: Vec<Misread>,
    /// Comments that may be text.
    pub doubtful: Vec<Doubtful>,
}

/// YAML in which something stands as it was meant, on the same lines.
#[derive(Debug)]
pub struct Mended {
    /// The mended text.
    pub text: String,
    /// For each mended item: where it begins here, the end of its text, the end of what stands in its place, and its bytes in
    /// the text as it was.
    places: Vec<(usize, usize, usize, Range<usize>)>,
}

/// Looks through the lists below the keys that `is_list` knows.
pub fn find(yaml: &str, is_list: impl Fn(&str) -> bool) -> Found {
    let lines: Vec<Range<usize>> = line_ranges(yaml);
    let mut found = Found::default();
    let mut i = 0;
    while i < lines.len() {
        let line = &yaml[lines[i].clone()];
        let opens = list_key(line).filter(|(key, _)| is_list(key));
        i += 1;
        if let Some((_, indent)) = opens {
            i = scan_list(yaml, &lines, i, indent, &mut found);
        } else if let Some(column) = block_column(line) {
            // What stands in a block is text, whatever it looks like.
            let is_inside = |line: &Range<usize>| yaml[line.clone()].trim().is_empty() || indent_of(&yaml[line.clone()]) > column;
            i += lines[i..].iter().take_while(|line| is_inside(line)).count();
        }
    }
    found
}

/// The column beyond which a block stands that begins on a line: `  note: |`, `- |`.
fn block_column(line: &str) -> Option<usize> {
    let (mut rest, mut column) = (line.trim_start_matches(' '), 0);
    loop {
        column = if is_block(rest) { column } else { line.len() - rest.len() };
        match rest.strip_prefix("- ") {
            Some(inner) => rest = inner.trim_start_matches(' '),
            None => break,
        }
    }
    let begins = |mark| rest.match_indices(mark).any(|(at, _)| is_block(rest[at + 1..].trim_start()));
    (is_block(rest) || begins(": |") || begins(": >")).then_some(column)
}

impl Found {
    /// The text with quotes around what must be quoted; none where nothing must.
    pub fn mended(&self, yaml: &str) -> Option<Mended> {
        if self.misread.is_empty() {
            return None;
        }
        Some(Mended::of(yaml, self.misread.iter().map(|item| (item.span.clone(), quoted(&item.meant)))))
    }
}

impl Mended {
    /// The text with other words in some places, which are given in its order; on the same lines.
    pub fn of(yaml: &str, edits: impl Iterator<Item = (Range<usize>, String)>) -> Mended {
        let mut text = String::with_capacity(yaml.len() + yaml.len() / 8);
        let mut places = Vec::new();
        let mut done = 0;
        for (span, by) in edits {
            text.push_str(&yaml[done..span.start]);
            let start = text.len();
            text.push_str(&by);
            let end = text.len();
            text.extend(std::iter::repeat_n('\n', yaml[span.clone()].matches('\n').count()));
            places.push((start, end, text.len(), span.clone()));
            done = span.end;
        }
        text.push_str(&yaml[done..]);
        Mended { text, places }
    }

    /// The byte of `yaml`, the text as it was, for a byte of the mended one.
    pub fn original(&self, yaml: &str, offset: usize) -> usize {
        let before = self.places.partition_point(|(start, ..)| *start <= offset);
        let Some((start, text_end, end, written)) = before.checked_sub(1).map(|i| &self.places[i]) else { return offset };
        if offset >= *end {
            return written.end + (offset - end);
        }
        if offset >= *text_end {
            return written.end;
        }
        yaml.floor_char_boundary((written.start + offset - start).min(written.end))
    }
}

pub(super) fn line_ranges(text: &str) -> Vec<Range<usize>> {
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
fn scan_list(yaml: &str, lines: &[Range<usize>], mut i: usize, key_indent: usize, found: &mut Found) -> usize {
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
        check_entry(yaml, lines, i..next, found);
        i = next;
    }
    i
}

/// The first line after `from` that does not continue an entry whose dash is at `dash`. Comments on lines of their own
/// belong to it only where more of it follows.
fn entry_end(yaml: &str, lines: &[Range<usize>], from: usize, dash: usize) -> usize {
    let mut end = from;
    for (i, line) in lines.iter().enumerate().skip(from) {
        let line = &yaml[line.clone()];
        if is_blank(line) {
            continue;
        }
        if indent_of(line) <= dash {
            break;
        }
        end = i + 1;
    }
    end
}

/// Whether nothing stands on a line, or only a comment.
pub(super) fn is_blank(line: &str) -> bool {
    let bare = line.trim_start();
    bare.is_empty() || bare.starts_with('#')
}

fn check_entry(yaml: &str, lines: &[Range<usize>], entry: Range<usize>, found: &mut Found) {
    let line = &yaml[lines[entry.start].clone()];
    let dash = indent_of(line);
    let after = line[dash + 1..].trim_start_matches(' ');
    let end = lines[entry.end - 1].end;
    // A dash alone, perhaps with a comment behind it: the entry begins on a line below.
    let below = || lines[entry.start + 1..entry.end].iter().find(|l| !is_blank(&yaml[(*l).clone()]));
    let start = match is_blank(after).then(below) {
        None => lines[entry.start].end - after.len(),
        Some(Some(line)) => line.start + indent_of(&yaml[line.clone()]),
        Some(None) if after.is_empty() || is_waiver(after) => return,
        Some(None) => {
            let span = lines[entry.start].end - after.len()..lines[entry.start].end;
            let reason = "`#` at the beginning is read as a comment".to_owned();
            found.misread.push(Misread { span, meant: after.trim_end().to_owned(), reason, quoted: quoted(after), is_sure: false });
            return;
        }
    };
    let text = start..start + yaml[start..end].trim_end().len();
    for value in values(yaml, text) {
        check_text(yaml, value, dash, found);
    }
}

/// Keys of an item that is written as a mapping.
const KEYS: [&str; 4] = ["key", "text", "remove", "reason"];

/// What follows the key that a text opens with.
fn after_key(text: &str) -> Option<&str> {
    let rest = |key: &&str| text.strip_prefix(*key).and_then(|r| r.strip_prefix(':')).filter(|r| r.is_empty() || r.starts_with([' ', '\n']));
    KEYS.iter().find_map(rest)
}

/// The texts in an entry: itself, or the values of its keys.
fn values(yaml: &str, entry: Range<usize>) -> Vec<Range<usize>> {
    let text = &yaml[entry.clone()];
    if let Some(inner) = text.strip_prefix('{').filter(|inner| after_key(inner.trim_start()).is_some()) {
        return flow_values(inner).into_iter().map(|v| entry.start + 1 + v.start..entry.start + 1 + v.end).collect();
    }
    if after_key(text).is_none() {
        return vec![entry];
    }
    let line = yaml[..entry.start].rfind('\n').map_or(0, |i| i + 1);
    let column = entry.start - line;
    let mut values: Vec<Range<usize>> = Vec::new();
    let mut at = entry.start;
    for line in text.split_inclusive('\n') {
        let bare = if at == entry.start { line } else { line.get(column.min(indent_of(line))..).unwrap_or(line) };
        match after_key(bare).filter(|_| at == entry.start || indent_of(line) == column) {
            Some(value) => values.push(at + line.len() - value.trim_start().len()..at + line.len()),
            None if is_blank(line) => {}
            None => values.iter_mut().next_back().into_iter().for_each(|v| v.end = at + line.len()),
        }
        at += line.len();
    }
    let trimmed = values.into_iter().map(|v| v.start..v.start + yaml[v.clone()].trim_end().len());
    trimmed.filter(|v| !v.is_empty()).collect()
}

/// The plain values of `key: a, text: b}`, the inside of a mapping between braces. A value reaches to the next known key;
/// one in which an unknown key may stand is left to the reader of YAML.
fn flow_values(inner: &str) -> Vec<Range<usize>> {
    let mut values = Vec::new();
    let skip = |at: usize| at + inner[at..].len() - inner[at..].trim_start().len();
    let mut at = skip(0);
    while let Some(value) = after_key(&inner[at..]) {
        let start = skip(inner.len() - value.len());
        if let Some(quote) = inner[start..].chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let Some(close) = closing(&inner[start..], quote) else { break };
            at = start + close + 1;
        } else {
            let next = inner[start..].match_indices(',').find(|(i, _)| after_key(inner[start + i + 1..].trim_start()).is_some());
            let Some(end) = next.map(|(i, _)| i).or_else(|| inner[start..].rfind('}')) else { break };
            let text = inner[start..start + end].trim_end();
            let holds_key = text.split(',').skip(1).any(|part| part.split_once(':').is_some_and(|(key, _)| !key.trim().contains(' ')));
            if !holds_key && !text.is_empty() {
                values.push(start..start + text.len());
            }
            at = start + end;
        }
        match inner[skip(at)..].strip_prefix(',') {
            Some(rest) => at = skip(inner.len() - rest.len()),
            None => break,
        }
    }
    values
}

/// Checks one text of a list, or of a key of an entry.
fn check_text(yaml: &str, span: Range<usize>, dash: usize, found: &mut Found) {
    let text = &yaml[span.clone()];
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    if quote.is_some_and(|quote| !goes_on_after(text, quote)) || is_block(text) {
        return;
    }
    let from = quote.and_then(|quote| closing(text, quote)).map_or(0, |close| close + 1);
    let comments = comments_in(text, from);
    let Some(first) = comments.first() else {
        if let Some(reason) = reason(text) {
            found.misread.push(Misread { is_sure: true, ..misread(text, span, reason, dash) });
        }
        return;
    };
    let is_sure = comments.iter().all(|c| is_waiver(&text[c.clone()]));
    let bare = text[..first.start].trim_end();
    let goes_on = text[first.end..].lines().any(|line| !is_blank(line));
    if goes_on {
        let without: String = without_comments(text, &comments);
        let reason = reason(&without).unwrap_or_else(|| "a text does not go on after a comment".to_owned());
        found.misread.push(misread(&without, span, reason, dash));
        return;
    }
    match reason(bare) {
        Some(reason) => found.misread.push(Misread { is_sure, ..misread(bare, span.start..span.start + bare.len(), reason, dash) }),
        None if !is_sure => {
            let doubt = comments.iter().find(|c| !is_waiver(&text[(*c).clone()])).unwrap_or(first);
            found.doubtful.push(Doubtful { span: span.start + doubt.start..span.start + doubt.end, quoted: quoted(text) });
        }
        None => {}
    }
}

fn misread(text: &str, span: Range<usize>, reason: String, dash: usize) -> Misread {
    let meant = within_quotes(text).unwrap_or(text);
    let quoted = if meant.lines().skip(1).any(|l| l.trim_start().starts_with("- ")) { block(meant, dash) } else { quoted(meant) };
    Misread { span, meant: meant.to_owned(), reason, quoted, is_sure: false }
}

/// Whether a comment, from its `#` on, is a waiver: nobody means that as text.
fn is_waiver(comment: &str) -> bool {
    comment.trim_start_matches('#').trim_start().starts_with("handbook-allow")
}

/// Where comments stand in a text whose first `from` bytes are quoted: from a `#` behind white space to the end of its line.
fn comments_in(text: &str, from: usize) -> Vec<Range<usize>> {
    if !text.contains('#') {
        return Vec::new();
    }
    let mut comments = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let hash = content
            .match_indices('#')
            .map(|(i, _)| i)
            .find(|i| at + i >= from && content[..*i].chars().next_back().is_none_or(|c| c == ' ' || c == '\t'));
        // The very first character is told as such.
        if let Some(hash) = hash.filter(|hash| at + hash > 0) {
            comments.push(at + hash..at + content.len());
        }
        at += line.len();
    }
    comments
}

fn without_comments(text: &str, comments: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for comment in comments {
        out.push_str(text[at..comment.start].trim_end());
        at = comment.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Whether a text is a block (`|`, `>`) and its first line holds nothing else.
pub(super) fn is_block(text: &str) -> bool {
    let Some(head) = text.strip_prefix(['|', '>']) else { return false };
    let head = head.lines().next().unwrap_or("");
    let head = head.split_once(" #").map_or(head, |(head, _)| head);
    head.trim_end().chars().all(|c| matches!(c, '+' | '-' | '0'..='9'))
}

/// Why YAML does not read a text without comments as the text that it shows.
fn reason(text: &str) -> Option<String> {
    let first = text.chars().next()?;
    match first {
        '"' | '\'' => return Some("the quoted text ends before the item does".to_owned()),
        '|' | '>' | '{' | '[' | '*' | '&' | '!' | '`' | '@' | '%' | ']' | '}' | ',' => {
            return Some(format!("it begins with {}, which has a meaning of its own here", shown(first)));
        }
        '#' => return Some("`#` at the beginning is read as a comment".to_owned()),
        '-' | '?' | ':' if text[1..].starts_with([' ', '\n']) => {
            return Some(format!("it begins with `{first}` and a space, which has a meaning of its own here"));
        }
        _ => {}
    }
    if text.contains(": ") || text.contains(":\t") || text.lines().any(|l| l.trim_end().ends_with(':')) {
        return Some(NAME_AND_VALUE.to_owned());
    }
    text.lines().skip(1).any(|l| l.trim_start().starts_with("- ")).then(|| "the points beneath it are read as part of its text".to_owned())
}

/// What `: ` does to a text.
pub const NAME_AND_VALUE: &str = "what stands before `: ` is read as the name of a key";

fn shown(c: char) -> String {
    if c == '`' { "`` ` ``".to_owned() } else { format!("`{c}`") }
}

/// Whether more follows the closing quote than a comment; an unclosed quote is left to the YAML reader.
fn goes_on_after(text: &str, quote: char) -> bool {
    let after = closing(text, quote).map_or("", |close| text[close + 1..].trim());
    !after.is_empty() && !after.starts_with('#')
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

pub(super) fn looks_like_entry(line: &str) -> bool {
    let key = line.split(':').next().unwrap_or("");
    line.starts_with("- ") || (key.len() < line.len() && !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'))
}

/// Where a quoted text that begins `text` is closed.
pub(super) fn closing(text: &str, quote: char) -> Option<usize> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(item: &str) -> Option<String> {
        let yaml = format!("requirements:\n  - {item}\ntitle: x\n");
        let found = find(&yaml, |key| key == "requirements");
        found.mended(&yaml).map(|m| {
            crate::yaml::parse(&m.text).expect("the mended text is YAML");
            found.misread[0].quoted.clone()
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
            "Knows Git # handbook-allow placeholder: why",
            "Knows Git\n    # why",
            "# why\n    key: a\n    text: b",
            "{key: a, txet: b: c}",
            "Knows C # and more",
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
            ("Knows: C # and more", "\"Knows: C\""),
            ("Knows:\tC", "\"Knows: C\""),
            ("{key: a, text: Knows: b, and c}", "\"Knows: b, and c\""),
            ("text: Knows: b\n    key: a", "\"Knows: b\""),
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
    fn what_may_be_a_comment_is_never_written_without_asking() {
        for (item, sure, doubtful) in [
            ("Knows: a # handbook-allow placeholder: why", true, 0),
            ("Knows: a # private", false, 0),
            ("Knows a # private\n    and b", false, 0),
            ("# private", false, 0),
            ("\"a\" b # private", false, 0),
            ("Knows: a\n    # private", true, 0),
        ] {
            let yaml = format!("requirements:\n  - {item}\n");
            let found = find(&yaml, |_| true);
            assert_eq!((found.misread.len(), found.misread[0].is_sure, found.doubtful.len()), (1, sure, doubtful), "{item}");
            if sure {
                assert!(!found.misread[0].quoted.contains('#'), "{item}");
            }
        }
        let found = find("requirements:\n  - Knows C # and more\n", |_| true);
        assert_eq!((found.misread.len(), found.doubtful.len()), (0, 1));
    }

    #[test]
    fn a_place_after_a_mended_item_is_where_it_was() {
        let yaml = "requirements:\n  - A: b\n    goes on\n  - {text: ü: b, key: x}\ntitle: x\n";
        let mended = find(yaml, |_| true).mended(yaml).expect("two items");
        for word in ["A", "ü", "key", "x}", "title"] {
            let at = mended.text.find(word).expect("there");
            let quote = usize::from(mended.text[..at].ends_with('"'));
            assert_eq!(mended.original(yaml, at - quote), yaml.find(word).expect("there"), "{word}");
        }
    }
}
