//! A YAML mapping read field by field: every missing, unknown, repeated or ill-typed key becomes a finding at its place.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Node, Value};
use crate::diagnostic::{Diagnostic, Part, Place};
use crate::ident;

/// The value of a key that has none.
const NOTHING: Node = Node { span: 0..0, value: Value::Null };

/// Where findings about one file go: the file, where its YAML begins in it, and the list.
pub struct Findings<'a> {
    /// The file's path.
    pub file: &'a Arc<str>,
    /// Byte of the file at which the YAML text begins.
    pub base: usize,
    /// The findings so far.
    pub list: &'a mut Vec<Diagnostic>,
}

impl Findings<'_> {
    /// The place of a span of the YAML in the file.
    pub fn place(&self, span: &Range<usize>) -> Place {
        Place::new(self.file, self.base + span.start..self.base + span.end)
    }

    /// Notes that `node` is not what `key` takes.
    pub fn wrong_type(&mut self, node: &Node, key: &str, takes: &str) {
        let quoted = matches!(node.value, Value::Bool(_) | Value::Integer(_) | Value::Float(_)) && takes.contains("text");
        let help = if quoted { format!("put it in quotes if it is meant as text; `{key}` takes {takes}") } else { format!("`{key}` takes {takes}") };
        let is_of_kind = takes.starts_with(node.kind()) || node.kind() == "a number" && takes.starts_with("a whole number");
        let message = if is_of_kind { format!("`{key}` must be {takes}") } else { format!("`{key}` is {}, and must be {takes}", node.kind()) };
        let finding = Diagnostic::error("wrong-type", self.place(&node.span), message).help(help);
        self.list.push(finding);
    }
}

/// The entries of one mapping, taken one by one; [`Fields::finish`] reports what nobody took.
pub struct Fields<'n> {
    /// Where the mapping begins, for what is missing.
    pub span: Range<usize>,
    entries: Vec<(&'n str, Range<usize>, &'n Node)>,
    known: Vec<&'n str>,
    /// Every key that is written, taken or not.
    written: Vec<&'n str>,
    /// Keys that were taken and have no value.
    empty: Vec<(&'n str, Range<usize>)>,
}

impl<'n> Fields<'n> {
    /// Opens `node` as a mapping named `what`; anything else is a finding. A repeated key is one too, and the first counts.
    pub fn of(node: &'n Node, what: &str, findings: &mut Findings<'_>) -> Option<Self> {
        let Value::Map(pairs) = &node.value else {
            let finding =
                Diagnostic::error("wrong-type", findings.place(&node.span), format!("{what} is {}, and must have keys of its own", node.kind()))
                    .help("write it as `key: value`, or between braces: `{key: value}`");
            findings.list.push(finding);
            return None;
        };
        let mut entries: Vec<(&str, Range<usize>, &Node)> = Vec::with_capacity(pairs.len());
        let mut seen: HashMap<&str, &Range<usize>, foldhash::fast::FixedState> = HashMap::default();
        for (key, value) in pairs {
            let Some(name) = key.text() else {
                let finding =
                    Diagnostic::error("wrong-type", findings.place(&key.span), format!("a key of `{what}` is {}, and must be text", key.kind()))
                        .help("put the key in quotes, or check the brackets on this line");
                findings.list.push(finding);
                continue;
            };
            if let Some(first) = seen.get(name).copied() {
                let finding = Diagnostic::error("duplicate-key", findings.place(&key.span), format!("the key `{name}` is written twice"))
                    .label("the second one")
                    .help("keep one of the two")
                    .related(findings.place(first), "the first one");
                findings.list.push(finding);
                continue;
            }
            seen.insert(name, &key.span);
            entries.push((name, key.span.clone(), value));
        }
        let written = entries.iter().map(|(name, ..)| *name).collect();
        Some(Fields { span: node.span.clone(), entries, known: Vec::new(), written, empty: Vec::new() })
    }

    /// Notes that `what` lacks `key`, unless it is written but wrong, or a key that nobody knows was probably meant as it:
    /// both are told anyway.
    pub fn missing(&self, what: &str, key: &str, findings: &mut Findings<'_>) {
        if self.written.contains(&key) || self.entries.iter().any(|(name, ..)| ident::nearest(name, [key]).is_some()) {
            return;
        }
        let at = self.span.start..self.span.start;
        findings.list.push(Diagnostic::error("wrong-type", findings.place(&at), format!("{what} has no `{key}`")).help(format!("add `{key}: ...`")));
    }

    /// The value of a key that nobody knows and that was probably meant as `key`, which is not written. It is told when
    /// the mapping is finished; for the rest of the run it counts, so that nothing else seems to be missing.
    pub fn probable(&self, key: &str) -> Option<&'n Node> {
        if self.written.contains(&key) {
            return None;
        }
        self.entries.iter().find(|(name, ..)| ident::nearest(name, [key]).is_some()).map(|(_, _, node)| *node)
    }

    /// The same, where it is text.
    pub fn probable_text(&self, key: &str) -> Option<(&'n str, Range<usize>)> {
        let node = self.probable(key)?;
        node.text().map(|text| (text, node.span.clone()))
    }

    /// Where the entry `key` begins, if it is there.
    pub fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.entries.iter().find(|(n, ..)| *n == key).map(|(_, span, _)| span.clone())
    }

    /// Takes the value of `key`; an explicit null counts as not written.
    pub fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        let at = self.entries.iter().position(|(n, ..)| *n == key)?;
        let (name, span, node) = self.entries.remove(at);
        self.note_empty(name, span, node);
        (node.value != Value::Null).then_some(node)
    }

    fn note_empty(&mut self, name: &'n str, span: Range<usize>, node: &Node) {
        if node.value == Value::Null && node.span.is_empty() && !name.starts_with("x-") {
            self.empty.push((name, span));
        }
    }

    /// Takes a text, with where it stands.
    pub fn text(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Option<(&'n str, Range<usize>)> {
        let node = self.take(key)?;
        match node.text() {
            Some(text) if key == "title" && text.trim().is_empty() => {
                findings
                    .list
                    .push(Diagnostic::error("wrong-type", findings.place(&node.span), "`title` is empty").help("write what readers shall see"));
                None
            }
            Some(text) => Some((text, node.span.clone())),
            None => {
                findings.wrong_type(node, key, "text");
                None
            }
        }
    }

    /// Takes `true` or `false`.
    pub fn flag(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Option<bool> {
        let node = self.take(key)?;
        match node.value {
            Value::Bool(flag) => Some(flag),
            _ => {
                findings.wrong_type(node, key, "`true` or `false`");
                None
            }
        }
    }

    /// Takes a list of texts; entries that are none are findings.
    pub fn texts(&mut self, key: &'static str, findings: &mut Findings<'_>) -> Vec<(&'n str, Range<usize>)> {
        let Some(node) = self.take(key) else { return Vec::new() };
        texts_of(node, key, findings)
    }

    /// Takes the author's own keys (`x-`).
    pub fn extra(&mut self) -> serde_json::Map<String, serde_json::Value> {
        self.take_where(|key| key.starts_with("x-")).into_iter().map(|(key, _, node)| (key.to_owned(), node.json())).collect()
    }

    /// Takes the entries that `wanted` accepts, in the order of the file, with the span of their key.
    pub fn take_where(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<(&'n str, Range<usize>, &'n Node)> {
        let (taken, left): (Vec<_>, _) = std::mem::take(&mut self.entries).into_iter().partition(|(name, ..)| wanted(name));
        self.entries = left;
        taken.iter().for_each(|(name, span, node): &(&'n str, Range<usize>, &'n Node)| self.note_empty(name, span.clone(), node));
        taken
    }

    /// Reports every key that nobody took and that is not the author's own (`x-`), with the nearest of those that `what` has (and of `more`).
    pub fn finish<'m>(self, what: &str, more: impl IntoIterator<Item = &'m str>, findings: &mut Findings<'_>) {
        self.finish_losing(what, more, findings, |_, _| None);
    }

    /// The same; `lost` says which list is lost with a key that is nearly another one, or like none, and its value.
    pub fn finish_losing<'m>(
        self,
        what: &str,
        more: impl IntoIterator<Item = &'m str>,
        findings: &mut Findings<'_>,
        lost: impl Fn(Option<&str>, &Node) -> Option<Part>,
    ) {
        for (name, span) in &self.empty {
            let mut finding = Diagnostic::warning("key-empty", findings.place(span), format!("`{name}` has no value, and counts as not written"))
                .help("write a value, or delete the line; `~` says that it is empty on purpose");
            // With no value, a key takes from its own node alone.
            finding.parts.extend(lost(Some(name), &NOTHING).filter(|part| *part != Part::ANY));
            findings.list.push(finding);
        }
        if self.entries.is_empty() {
            return;
        }
        let more: Vec<&str> = more.into_iter().collect();
        for (name, span, value) in self.entries.iter().filter(|(name, ..)| !name.starts_with("x-")) {
            let nearest = ident::nearest(name, self.known.iter().copied().chain(more.iter().copied()));
            let mut finding =
                Diagnostic::error("unknown-key", findings.place(span), format!("`{name}` is not a key of {what}")).meant(nearest).help(format!(
                    "keys of your own begin with `x-`; {what} has: {}",
                    self.known.iter().copied().chain(more.iter().copied().filter(|k| *k != "roles")).collect::<Vec<_>>().join(", ")
                ));
            finding.parts.extend(lost(nearest, value));
            findings.list.push(finding);
        }
    }
}

/// The texts of a list (or of one text standing alone), with where they stand.
pub fn texts_of<'n>(node: &'n Node, key: &str, findings: &mut Findings<'_>) -> Vec<(&'n str, Range<usize>)> {
    let list = match &node.value {
        Value::List(list) => list.as_slice(),
        Value::Text(_) => std::slice::from_ref(node),
        _ => {
            findings.wrong_type(node, key, "a list of texts");
            return Vec::new();
        }
    };
    let mut texts = Vec::with_capacity(list.len());
    for entry in list {
        match entry.text() {
            Some(text) => texts.push((text, entry.span.clone())),
            None => findings.wrong_type(entry, key, "a list of texts"),
        }
    }
    texts
}
