//! YAML text in, a tree out in which every value and key knows its bytes. The only home of serde-saphyr.
//!
//! A tree rather than typed structs, because one run must report every fault of a file:
//! typed deserialisation stops at the first.

pub mod fields;

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, NonFiniteFloatPolicy, Spanned, options::MergeKeyPolicy};

/// A value with the bytes it stands on, counted in the text given to [`parse`].
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Bytes of a scalar; of a list or mapping only where it begins.
    pub span: Range<usize>,
    /// What is written there.
    pub value: Value,
}

/// A YAML value; mappings keep the order and the duplicates of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The text of a text value.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as JSON, keys that are no text left empty.
    pub fn json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Integer(n) => (*n).into(),
            Value::Float(n) => (*n).into(),
            Value::Text(text) => text.clone().into(),
            Value::List(list) => list.iter().map(Node::json).collect(),
            Value::Map(entries) => entries.iter().map(|(k, v)| (k.text().unwrap_or_default().to_owned(), v.json())).collect(),
        }
    }

    /// What kind of value this is, in plain words.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// Why a text is no YAML: a sentence in plain words and where.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntaxFault {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// The longest text that stands as one value or key, in characters. Titles have fifty, items two hundred.
pub const MAX_TEXT: usize = 10_000;

/// Reads one YAML document; a text without any gives `Null`.
///
/// Bounded: 64 levels, 200,000 nodes, 10,000 anchors, aliases and nodes repeated through them, and [`MAX_TEXT`] characters in a text.
pub fn parse(text: &str) -> Result<Node, SyntaxFault> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        budget: serde_saphyr::budget! { max_depth: 64, max_nodes: 200_000, max_anchors: 10_000, max_aliases: 10_000, max_documents: 1 },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 10_000, max_replay_stack_depth: 16 },
    };
    let node = serde_saphyr::from_str_with_options::<Node>(text, options).map_err(|error| fault(text, &error))?;
    match longest(&node) {
        None => Ok(node),
        Some(long) => Err(SyntaxFault {
            span: long.span.start..long.span.start + 1,
            message: format!("a text here has more than {MAX_TEXT} characters"),
            help: "shorten it; what readers shall read at length stands in the body".to_owned(),
        }),
    }
}

/// The first text that is longer than it may be.
fn longest(node: &Node) -> Option<&Node> {
    match &node.value {
        Value::Text(text) => (text.len() > MAX_TEXT && text.chars().nth(MAX_TEXT).is_some()).then_some(node),
        Value::List(list) => list.iter().find_map(longest),
        Value::Map(entries) => entries.iter().find_map(|(key, value)| longest(key).or_else(|| longest(value))),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => None,
    }
}

fn fault(text: &str, error: &serde_saphyr::Error) -> SyntaxFault {
    let full = error.to_string();
    let message = full.rsplit_once(" at line ").map_or(full.as_str(), |(head, _)| head);
    let mut start = error.location().map_or(0, |l| byte_at(text, l.line(), l.column()));
    if let Some(tab) = indenting_tab(text, start) {
        start = tab;
    }
    let (mut message, mut help) = in_plain_words(message, &text[start..]);
    if let Some(open) = open_bracket(text, start).filter(|open| text[*open..start].contains('\n')) {
        // A bracket that is not closed takes in the lines below it, and reading fails somewhere there.
        (start, message, help) = (open, UNCLOSED.0, UNCLOSED.1);
    }
    let end = text[start..].chars().next().map_or(start, |c| if c == '\n' { start } else { start + c.len_utf8() });
    SyntaxFault { span: start..end, message: message.to_owned(), help: help.to_owned() }
}

const UNCLOSED: (&str, &str) = ("this bracket is never closed", "close it, or put quotes around the text if the bracket belongs to it");

/// The innermost `{` or `[` that is open at a byte: one that begins a value, outside of quotes and comments.
fn open_bracket(text: &str, at: usize) -> Option<usize> {
    let mut open = Vec::new();
    let mut quote = None;
    // What stands before, white space aside; a value begins behind these.
    let mut before = '\n';
    let mut blank = true;
    let mut chars = text[..at].char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if let Some(mark) = quote {
            quote = Some(mark).filter(|_| c != mark);
            continue;
        }
        let begins = matches!(before, '\n' | ':' | ',' | '[' | '{' | '-' | '?');
        match c {
            '#' if blank => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            '"' | '\'' if begins => quote = Some(c),
            '{' | '[' if begins => open.push(i),
            '}' | ']' => drop(open.pop()),
            _ => {}
        }
        blank = c.is_whitespace();
        // A line end begins a value only where no bracket is open.
        if !blank || (c == '\n' && open.is_empty()) {
            before = c;
        }
    }
    open.pop()
}

/// The tab that indents the line of a fault, or the line after it: readers of YAML stop at the end of the line before.
fn indenting_tab(text: &str, at: usize) -> Option<usize> {
    let mut start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    for line in text[start..].split_inclusive('\n').take(2) {
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..blank].find('\t') {
            return Some(start + tab);
        }
        start += line.len();
    }
    None
}

fn in_plain_words(message: &str, at: &str) -> (&'static str, &'static str) {
    const DEEP: (&str, &str) = ("values are nested too deeply; the limit is 64 levels", "nest at most 64 levels");
    const MANY: (&str, &str) = ("there are more than 200,000 keys and values, which is the limit", "write fewer, or split the file");
    const REPEATED: (&str, &str) = (
        "more is repeated through aliases than 10,000 values, which is the limit",
        "write out what `*` stands for, or write fewer or smaller values",
    );
    const LIMITS: [(&str, (&str, &str)); 7] = [
        ("alias", REPEATED),
        ("Alias", REPEATED),
        ("Anchor", REPEATED),
        ("Depth", DEEP),
        ("recursion limit", DEEP),
        ("Nodes", MANY),
        ("budget breached", ("the YAML is larger than can be read", "write fewer or smaller values, or split the file")),
    ];
    const RULES: [(&str, &str, &str); 9] = [
        ("unclosed quote", "this quote is never closed", "add the same quote mark at the end of the text"),
        ("unclosed bracket", UNCLOSED.0, UNCLOSED.1),
        ("tabs", "a tab is used to indent here", "indent with spaces; YAML does not allow tabs"),
        ("unknown anchor", "a text cannot begin with `*` here, which has a meaning of its own", "put quotes around the text"),
        (
            "mapping values are not allowed",
            "a second `: ` on one line, or a line that is not indented like its neighbours",
            "put the text in quotes if it holds `: `; otherwise indent the line like its neighbours",
        ),
        ("unexpected character", "a value cannot begin with this character", "put the text in quotes"),
        ("did not find expected key", "this line is not indented like its neighbours", "give keys of one mapping the same number of spaces"),
        (
            "did not find expected '-' indicator",
            "this line does not belong to the list above it",
            "give entries of one list the same number of spaces; put an entry in quotes if it begins with a special character",
        ),
        (
            "multiple YAML documents",
            "a second document begins here",
            "write one document; only the first and last line of the front matter may be `---`",
        ),
    ];
    if at.starts_with('\t') {
        return (RULES[2].1, RULES[2].2);
    }
    if let Some((_, told)) = LIMITS.iter().find(|(part, _)| (message.contains("limit") || message.contains("budget")) && message.contains(part)) {
        return *told;
    }
    RULES
        .iter()
        .find(|(part, ..)| message.contains(part))
        .map(|(_, message, help)| (*message, *help))
        .or_else(|| at.starts_with(": ").then_some(("a second `: ` in one value", "put quotes around the text if `: ` belongs to it")))
        .unwrap_or(("this is not valid YAML", "check quotes, brackets and indentation on this line and the one above"))
}

fn byte_at(text: &str, line: u64, column: u64) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match text[start..].find('\n') {
            Some(i) => start += i + 1,
            None => break,
        }
    }
    let skip = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    text[start..].char_indices().nth(skip).map_or(text.len(), |(i, _)| start + i)
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        let at = spanned.referenced.span();
        let start = at.byte_offset().unwrap_or(0) as usize;
        Ok(Node { span: start..start + at.byte_len().unwrap_or(0) as usize, value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Integer))
    }
    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Float(value as f64))
    }
    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Float(value as f64))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = seq.next_element()? {
            list.push(node);
        }
        Ok(Value::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_bytes() {
        let node = parse("title: Ünï\nroles:\n  - {id: a}\n").expect("valid");
        let Value::Map(entries) = node.value else { panic!("a mapping") };
        assert_eq!(entries[0].1.span, 7..12);
        assert_eq!(entries[1].0.span, 13..18);
    }

    #[test]
    fn faults_are_told_in_plain_words_at_their_place() {
        for (text, at, message) in [
            ("a: \"x\nb: 1\n", 3, "this quote is never closed"),
            ("a:\n\t- b\n", 3, "a tab is used to indent here"),
            ("a:\n  - b: c\n\td: e\n", 12, "a tab is used to indent here"),
            ("a:\n  - b\n\t- c: d\n", 9, "a tab is used to indent here"),
            ("a: b: c\n", 4, "a second `: ` on one line, or a line that is not indented like its neighbours"),
            ("a: {b: c: d}\n", 8, "a second `: ` in one value"),
            ("a: [1\n", 3, "this bracket is never closed"),
            ("r:\n  - {id: a, t: A\n  - {id: b, t: B}\n  - {id: c, t: C}\n", 7, "this bracket is never closed"),
            ("a: {b: 'x}'\nc: d\n", 3, "this bracket is never closed"),
        ] {
            let fault = parse(text).expect_err(text);
            assert_eq!((fault.span.start, fault.message.as_str()), (at, message), "{text}");
        }
    }

    #[test]
    fn each_limit_is_named() {
        let flow = |levels: usize| format!("a: {}{}", "[".repeat(levels), "]".repeat(levels));
        let lines = |line: &dyn Fn(usize) -> String, count: usize| (0..count).map(line).collect::<String>();
        for (text, named) in [
            (flow(70), "64 levels"),
            (flow(260), "64 levels"),
            (lines(&|i| format!("x-{i}: 1\n"), 150_000), "200,000 keys and values"),
            (format!("a:\n{}", "- x\n".repeat(210_000)), "200,000 keys and values"),
            (lines(&|i| format!("a{i}: &b{i} x\n"), 10_001), "10,000 values"),
            (format!("a: &a x\n{}", lines(&|i| format!("b{i}: *a\n"), 10_001)), "10,000 values"),
        ] {
            let fault = parse(&text).expect_err(named);
            assert!(fault.message.contains(named), "{}", fault.message);
        }
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        for (name, of) in ["b", "c", "d", "e", "f"].iter().zip(["a", "b", "c", "d", "e"]) {
            text.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{of}"); 10].join(", ")));
        }
        assert!(parse(&text).is_err());
    }
}
