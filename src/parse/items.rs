//! Bullets and YAML strings in, items with their keys out.

use std::borrow::Cow;
use std::ops::Range;

use super::{Document, Item, ItemText, Keyed, YamlText};
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::markdown::item::{lead_of_text, malformed_attribute, shown, without_comments};
use crate::markdown::{Lead, ListEntry};

/// Adds a bullet of the body to the items of a section of a node.
pub fn push_bullet(document: &mut Document, entry: ListEntry, node: usize, section: usize) {
    let file = &document.source.text;
    let content = entry.content..entry.span.end;
    let (lead, hash) = match without_comments(&file[content.clone()]) {
        Cow::Borrowed(written) if !written.trim().is_empty() => {
            let attribute = entry.lead.attribute.as_ref().map(|a| a.span.start - content.start..a.span.end - content.start);
            let hash = text_hash(written, attribute);
            (entry.lead, hash)
        }
        Cow::Owned(written) if !written.trim().is_empty() => lead_and_hash(&written),
        Cow::Borrowed(_) | Cow::Owned(_) => return report_empty(document, entry.span),
    };
    let text = ItemText::Body { start: entry.span.start as u32, content: content.start as u32, end: content.end as u32 };
    check_form(document, &lead, content.clone(), Some(content.start));
    push(document, lead, text, hash, node, section);
}

/// An item without words is no item.
fn report_empty(document: &mut Document, span: Range<usize>) {
    let place = document.place(first_line(document.text(), span));
    let finding = Diagnostic::warning("placeholder", place, "this item is empty and is left out").help("write the item, or delete the line");
    document.findings.push(finding);
}

/// Reports what looks like a key or a removal and is none: it would be published as text, and what it names would stay.
fn check_form(document: &mut Document, lead: &Lead, content: Range<usize>, verbatim: Option<usize>) {
    let source = std::sync::Arc::clone(&document.source);
    let written = &source.text[content.clone()];
    if lead.attribute.is_none()
        && written.contains('{')
        && let Some(found) = malformed_attribute(written)
    {
        let at = verbatim.map_or(content.clone(), |start| start + found.start..start + found.end);
        let finding = Diagnostic::error("item-form", document.place(first_line(&source.text, at)), "this is not the form of a key").help(
            "write `{#key}` or `{#new-key was=old-key}` at the end of the item: no space after `{`, and small letters, digits and hyphens in a key",
        );
        document.findings.push(finding);
    }
    if lead.struck {
        let finding = Diagnostic::warning(
            "struck-out",
            document.place(first_line(&source.text, content)),
            "this struck-out text names no item, so nothing is removed",
        )
        .help("to remove an inherited item, strike out its label in bold, `~~**Label.**~~ reason`, or end the item with its key, `{#key}`");
        document.findings.push(finding);
    }
}

/// Where an entry of a YAML list stands: its text, and where the entry begins.
pub struct Entry {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// The first byte of the entry.
    pub start: usize,
}

/// Adds a YAML string, or its `{key, text}` form, to the items of a section of a node.
pub fn push_string(document: &mut Document, text: &str, key: Option<&str>, at: Entry, node: usize, section: usize) {
    let written = without_comments(text);
    if written.trim().is_empty() {
        return report_empty(document, at.span);
    }
    let (mut lead, hash) = lead_and_hash(&written);
    if let Some(key) = key {
        lead.attribute = Some(crate::markdown::item::KeyAttribute { span: 0..0, key: key.to_owned(), was: None });
    }
    let source = std::sync::Arc::clone(&document.source);
    crate::markdown::links_of(text, &at.span, &source.text, &mut document.links);
    if key.is_none() {
        check_form(document, &lead, at.span.clone(), None);
    }
    push(document, lead, yaml_text(text, at), hash, node, section);
}

fn lead_and_hash(written: &str) -> (Lead, u64) {
    let lead = lead_of_text(written);
    let hash = text_hash(written, lead.attribute.as_ref().map(|a| a.span.clone()));
    (lead, hash)
}

/// Adds `{remove: key, reason: "..."}`.
pub fn push_removal(document: &mut Document, key: &str, reason: &str, at: Entry, node: usize, section: usize) {
    let source = std::sync::Arc::clone(&document.source);
    crate::markdown::links_of(reason, &at.span, &source.text, &mut document.links);
    document.items.push(Item {
        keyed: Some(Box::new(Keyed { key: key.into(), label: None, was: None })),
        text: yaml_text(reason, at),
        hash: 0,
        node: node as u32,
        section: section as u16,
        removes: true,
    });
}

fn yaml_text(text: &str, at: Entry) -> ItemText {
    ItemText::Yaml(Box::new(YamlText { text: text.into(), span: at.span, start: at.start }))
}

fn push(document: &mut Document, lead: Lead, text: ItemText, hash: u64, node: usize, section: usize) {
    let Lead { label, removes, attribute, struck: _ } = lead;
    let key = attribute.as_ref().map(|a| a.key.clone()).or_else(|| label.as_deref().map(ident::slug)).filter(|k| !k.is_empty());
    let keyed = key.map(|key| Box::new(Keyed { key: key.into(), label: label.map(Into::into), was: attribute.and_then(|a| a.was).map(Into::into) }));
    document.renames |= keyed.as_deref().is_some_and(|k: &Keyed| k.was.is_some());
    document.items.push(Item { keyed, text, hash, node: node as u32, section: section as u16, removes });
}

/// Reports each key that stands twice in a section of one node.
pub fn check_keys(document: &mut Document, node: usize, section: usize) {
    let mut seen: std::collections::HashMap<&str, &Item> = std::collections::HashMap::new();
    let mut findings = Vec::new();
    for (_, item) in document.section_items(node, section) {
        let Some(key) = item.key() else { continue };
        let Some(first) = seen.insert(key, item) else { continue };
        seen.insert(key, first);
        let name = item.label().unwrap_or(key);
        findings.push(
            Diagnostic::error(
                "duplicate-key",
                document.place(first_line(document.text(), item.span())),
                format!("the item `{name}` is written twice in this section"),
            )
            .label(format!("the key is `{key}` again"))
            .help("merge the two, change one label, or give one a key of its own with `{#key}` at its end")
            .related(document.place(first_line(document.text(), first.span())), "the first one"),
        );
    }
    document.findings.extend(findings);
}

/// Whether two items say the same, white space, comments and `{#key}` aside.
pub fn same_text(a: (&Document, &Item), b: (&Document, &Item)) -> bool {
    let of = |(document, item): (&Document, &Item)| shown(item.markdown(document.text())).into_owned();
    a.1.hash == b.1.hash && of(a).split_ascii_whitespace().eq(of(b).split_ascii_whitespace())
}

/// The part of `span` that is on its first line, so that findings underline one line.
pub fn first_line(text: &str, span: Range<usize>) -> Range<usize> {
    let span = span.start.min(text.len())..span.end.min(text.len());
    let end = text[span.clone()].find('\n').map_or(span.end, |i| span.start + i);
    span.start..end
}

/// A number for comparing texts quickly; equal numbers are followed by a comparison of the words. White space does not count.
///
/// A step for each letter: taking the words apart for a hasher cost three times as much, a hundredth of a build.
fn text_hash(markdown: &str, without: Option<Range<usize>>) -> u64 {
    let parts = match &without {
        Some(span) => [&markdown[..span.start], &markdown[span.end..]],
        None => [markdown, ""],
    };
    let letters = parts.iter().flat_map(|part| part.bytes()).filter(|b| !b.is_ascii_whitespace());
    letters.fold(0, ident::stirred)
}
