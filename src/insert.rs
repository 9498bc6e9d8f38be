//! A text with YAML at its top and an entry in, the text with the entry in one of its lists out; every other byte stays.

use std::ops::Range;

/// An entry of a list: keys with values that are YAML already (see [`scalar`]).
pub type Entry<'a> = [(&'a str, String)];

/// Where in its list an entry comes to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// Before all others.
    First,
    /// After the one that begins at this byte.
    After(usize),
    /// Behind all others.
    Last,
}

/// The text with `entry` in the list of the top-level `key`. The new entry is written as its neighbour is, on one line or on several.
///
/// `yaml` are the bytes of the YAML. None where the list is written in a way that is not understood.
pub fn entry(text: &str, yaml: Range<usize>, key: &str, spot: Spot, entry: &Entry<'_>) -> Option<String> {
    let lines = lines_of(text, yaml.clone());
    let Some(at) = lines.iter().position(|line| is_key(&text[line.clone()], key)) else {
        let new = format!("{key}:{0}  - {1}{0}", break_of(text), flow(entry));
        return Some(with(text, yaml.end, &new));
    };
    let line = &lines[at];
    let value = line.start + key.len() + 1;
    let first = text[value..line.end].trim_start_matches([' ', '\t']);
    if first.starts_with('[') {
        let open = line.end - first.len();
        return into_flow_list(text, open, yaml.end, spot, entry);
    }
    let is_empty = first.trim_end().is_empty() || first.starts_with('#');
    is_empty.then(|| into_block_list(text, &lines[at + 1..], line.end, spot, entry)).flatten()
}

/// Whether YAML is one `{...}`, which has no lines of keys.
pub fn is_in_braces(yaml: &str) -> bool {
    let first = yaml.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with('{'))
}

/// A value as YAML: in quotes where it would be read as anything but this text.
pub fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '(' | ')' | '\'' | '+');
    let starts_well = text.chars().next().is_some_and(char::is_alphabetic);
    let word = matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "none");
    if starts_well && !word && text.chars().all(plain) && text.trim() == text {
        return text.to_owned();
    }
    let escaped: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", escaped.replace('\\', "\\\\").replace('"', "\\\""))
}

fn lines_of(text: &str, yaml: Range<usize>) -> Vec<Range<usize>> {
    let mut at = yaml.start;
    let lines = text[yaml].split_inclusive('\n').map(|line| {
        at += line.len();
        at - line.len()..at
    });
    lines.collect()
}

fn is_key(line: &str, key: &str) -> bool {
    line.strip_prefix(key).and_then(|rest| rest.strip_prefix(':')).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// The line break that the text uses.
fn break_of(text: &str) -> &'static str {
    if text.lines().next().is_some_and(|_| text.contains("\r\n")) { "\r\n" } else { "\n" }
}

fn with(text: &str, at: usize, new: &str) -> String {
    format!("{}{new}{}", &text[..at], &text[at..])
}

fn flow(entry: &Entry<'_>) -> String {
    let pairs: Vec<String> = entry.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{{}}}", pairs.join(", "))
}

/// `[{id: a}, {id: b}]`.
fn into_flow_list(text: &str, open: usize, end: usize, spot: Spot, entry: &Entry<'_>) -> Option<String> {
    let close = closing(text, open, end)?;
    let inner = text[open + 1..close].trim_end();
    match spot {
        Spot::After(sibling) if text[sibling..].starts_with('{') => {
            return Some(with(text, closing(text, sibling, end)? + 1, &format!(", {}", flow(entry))));
        }
        Spot::First if inner.trim_start().starts_with('{') => return Some(with(text, open + 1, &format!("{}, ", flow(entry)))),
        _ => {}
    }
    let at = open + 1 + inner.len();
    let comma = if inner.trim().is_empty() || inner.ends_with(',') { "" } else { ", " };
    Some(with(text, at, &format!("{comma}{}", flow(entry))))
}

/// The bracket that closes the one at `open`; those in quotes and comments do not count.
fn closing(text: &str, open: usize, end: usize) -> Option<usize> {
    let (mut depth, mut quote, mut before) = (0usize, None, ' ');
    let mut is_comment = false;
    for (i, c) in text[open..end].char_indices() {
        match (quote, c) {
            _ if is_comment => is_comment = c != '\n',
            (Some('"'), '"') if before == '\\' => {}
            (Some(mark), c) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if matches!(before, ' ' | ',' | '[' | '{' | '\n' | ':') => quote = Some(c),
            (None, '#') if before.is_whitespace() => is_comment = true,
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(open + i);
                }
            }
            (None, _) => {}
        }
        before = if c == '\\' && before == '\\' { ' ' } else { c };
    }
    None
}

/// A list with a line for each `- `: behind the entry at `after`, or behind the last one. `lines` follow the key.
fn into_block_list(text: &str, lines: &[Range<usize>], key_end: usize, spot: Spot, entry: &Entry<'_>) -> Option<String> {
    let says = |line: &Range<usize>| text[line.clone()].trim_start().chars().next().is_some_and(|c| c != '#');
    let indent = |line: &Range<usize>| text[line.clone()].len() - text[line.clone()].trim_start_matches(' ').len();
    let opens = |line: &Range<usize>| {
        let written = text[line.clone()].trim();
        written == "-" || written.starts_with("- ")
    };
    let first = lines.iter().find(|line| says(line));
    let Some(depth) = first.filter(|line| opens(line)).map(indent) else {
        let new = format!("  - {}{}", flow(entry), break_of(text));
        return first.is_none_or(|line| indent(line) == 0).then(|| with(text, key_end, &new));
    };
    let belongs = |line: &Range<usize>| !says(line) || indent(line) > depth || (indent(line) == depth && opens(line));
    let block: Vec<&Range<usize>> = lines.iter().take_while(|line| belongs(line)).collect();
    let starts: Vec<usize> = (0..block.len()).filter(|i| says(block[*i]) && indent(block[*i]) == depth).collect();
    let chosen = match spot {
        Spot::First => 0,
        Spot::After(at) => starts.iter().rposition(|i| block[*i].start <= at).unwrap_or(starts.len() - 1),
        Spot::Last => starts.len() - 1,
    };
    let range = starts[chosen]..starts.get(chosen + 1).copied().unwrap_or(block.len());
    let last = range.clone().rev().find(|i| says(block[*i]))?;
    let neighbour = &text[block[range.start].clone()];
    let dash = neighbour.trim_start().strip_prefix('-')?;
    let gap = dash.len() - dash.trim_start_matches(' ').len();
    let (margin, newline) = (" ".repeat(depth), break_of(text));
    let new = if dash.trim_start().starts_with('{') {
        format!("{margin}-{}{}{newline}", " ".repeat(gap.max(1)), flow(entry))
    } else {
        let line = |(i, (key, value)): (usize, &(&str, String))| {
            let lead = if i == 0 { format!("{margin}-{}", " ".repeat(gap.max(1))) } else { format!("{margin} {}", " ".repeat(gap.max(1))) };
            format!("{lead}{key}: {value}{newline}")
        };
        entry.iter().enumerate().map(line).collect()
    };
    let at = if spot == Spot::First { block[range.start].start } else { block[last].end };
    let missing = if text[..at].ends_with('\n') { "" } else { newline };
    Some(with(text, at, &format!("{missing}{new}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(yaml: &str, after: Option<&str>) -> String {
        let new = [("id", "new".to_owned()), ("title", scalar("A: B"))];
        let spot = after.and_then(|words| yaml.find(words)).map_or(Spot::Last, Spot::After);
        entry(yaml, 0..yaml.len(), "roles", spot, &new).expect("it is understood")
    }

    #[test]
    fn an_entry_may_stand_before_all_others() {
        let first = |yaml: &str| entry(yaml, 0..yaml.len(), "roles", Spot::First, &[("id", "new".to_owned())]).expect("it is understood");
        assert_eq!(first("roles:\n  # lowest first\n  - {id: a}\nx: 1\n"), "roles:\n  # lowest first\n  - {id: new}\n  - {id: a}\nx: 1\n");
        assert_eq!(first("roles:\n  - id: a\n    title: A\n"), "roles:\n  - id: new\n  - id: a\n    title: A\n");
        assert_eq!(first("roles: [{id: a}]\n"), "roles: [{id: new}, {id: a}]\n");
        assert_eq!(first("roles: []\n"), "roles: [{id: new}]\n");
        assert_eq!(first("title: T\n"), "title: T\nroles:\n  - {id: new}\n");
    }

    #[test]
    fn an_entry_is_written_as_its_neighbour_is() {
        assert_eq!(
            added("title: T\nroles:\n  - {id: a}\n  - {id: b}\n# end\nx: 1\n", Some("{id: a")),
            "title: T\nroles:\n  - {id: a}\n  - {id: new, title: \"A: B\"}\n  - {id: b}\n# end\nx: 1\n"
        );
        assert_eq!(
            added("roles:\n-   id: a\n    title: A\n\n# about b\n-   id: b\nx: 1\n", Some("id: a")),
            "roles:\n-   id: a\n    title: A\n-   id: new\n    title: \"A: B\"\n\n# about b\n-   id: b\nx: 1\n"
        );
    }

    #[test]
    fn an_entry_goes_into_a_list_between_brackets() {
        assert_eq!(
            added("roles: [{id: a, t: '}'}, {id: b}] # c\n", Some("{id: a")),
            "roles: [{id: a, t: '}'}, {id: new, title: \"A: B\"}, {id: b}] # c\n"
        );
        assert_eq!(added("roles: []\n", None), "roles: [{id: new, title: \"A: B\"}]\n");
        assert_eq!(added("roles: [\n  {id: a},\n]\n", None), "roles: [\n  {id: a},{id: new, title: \"A: B\"}\n]\n");
    }

    #[test]
    fn a_list_that_is_missing_is_made_at_the_end() {
        assert_eq!(added("title: T\r\n", None), "title: T\r\nroles:\r\n  - {id: new, title: \"A: B\"}\r\n");
        assert_eq!(added("roles:\nx: 1\n", None), "roles:\n  - {id: new, title: \"A: B\"}\nx: 1\n");
    }

    #[test]
    fn what_is_not_understood_is_left_alone() {
        assert_eq!(entry("roles: *there\n", 0..14, "roles", Spot::Last, &[("id", "a".to_owned())]), None);
    }

    #[test]
    fn a_text_that_would_be_read_otherwise_is_quoted() {
        for (text, yaml) in
            [("Staff Engineer", "Staff Engineer"), ("a: b", "\"a: b\""), ("No", "\"No\""), ("7", "\"7\""), ("C, \"D\"", "\"C, \\\"D\\\"\"")]
        {
            assert_eq!(scalar(text), yaml);
        }
    }
}
