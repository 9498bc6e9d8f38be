//! The sections of a node's front matter in, lists and prose on the node out.

use std::ops::Range;

use super::{INSTEAD_FIRST, INSTEAD_HELP, QUOTED, follows_dash};
use crate::config::{Config, SectionKind, check_id};
use crate::diagnostic::{Diagnostic, Part};
use crate::ident;
use crate::markdown;
use crate::parse::{Document, Flow, NodeSection, Prose, Written, items, misread};
use crate::yaml::fields::{Fields, Findings};
use crate::yaml::{Node, Value};

/// Reads the sections that stand in the mapping of a node.
pub(super) fn read_sections(document: &mut Document, fields: &mut Fields<'_>, node: usize, config: &Config, findings: &mut Findings<'_>) {
    let number = |key: &str| config.sections.iter().position(|s| s.kind != SectionKind::Nothing && s.yaml_key() == key);
    for (key, span, value) in fields.take_where(|key| number(key).is_some()) {
        let section = number(key).expect("only known sections were taken");
        if value.value == Value::Null {
            continue;
        }
        let told = findings.list.len();
        let span = findings.base + span.start..findings.base + span.end;
        if config.sections[section].has_items() {
            read_items(document, value, key, node, section, span, findings);
        } else if let Some(text) = value.text() {
            let at = findings.base + value.span.start..findings.base + value.span.end;
            let file = std::sync::Arc::clone(&document.source);
            markdown::links_of(text, &at, &file.text, &mut document.links);
            document.nodes[node].prose.push(Prose {
                heading: None,
                section: Some(section),
                container: None,
                written: Written::Yaml(text.into(), at),
                span,
            });
        } else {
            findings.wrong_type(value, key, "text");
        }
        findings.list[told..].iter_mut().for_each(|f| f.parts.push(Part { node: Some(node), section: Some(section) }));
    }
}

fn read_items(document: &mut Document, value: &Node, key: &str, node: usize, section: usize, span: Range<usize>, findings: &mut Findings<'_>) {
    let Value::List(list) = &value.value else {
        findings.wrong_type(value, key, "a list of items (`- ...`)");
        return;
    };
    let first = document.items.len() as u32;
    let mut instead = false;
    for (i, entry) in list.iter().enumerate() {
        let start = entry_start(&document.source.text, findings.base + entry.span.start);
        let at = start..findings.base + entry.span.end;
        match &entry.value {
            Value::Text(text) if i == 0 && markdown::is_instead_line(text) => instead = true,
            Value::Text(text) if markdown::is_instead_line(text) => {
                findings.list.push(Diagnostic::error("wrong-type", findings.place(&entry.span), INSTEAD_FIRST).help(INSTEAD_HELP));
            }
            Value::Text(text) => items::push_string(document, text, None, items::Entry { span: at, start }, node, section),
            Value::Map(pairs) => read_item_mapping(document, entry, pairs, (node, section), findings),
            _ => needs_quotes(document, entry, findings),
        }
    }
    let items = first..document.items.len() as u32;
    document.nodes[node].sections.push(NodeSection { section, instead, items: items.clone(), flow: vec![Flow::Items(items)], span, anchors: 0..0 });
    items::check_keys(document, node, section);
}

/// Where an entry begins: a text of several lines (`>-`) stands on the lines after its dash.
fn entry_start(text: &str, start: usize) -> usize {
    let line = text[..start].rfind('\n').map_or(0, |i| i + 1);
    if !text[line..start].trim().is_empty() || line == 0 {
        return start;
    }
    let above = text[..line - 1].rfind('\n').map_or(0, |i| i + 1);
    let dash = text[above..line].find("- ").map(|i| above + i + 2);
    dash.filter(|d| text[*d..line].starts_with(['>', '|'])).unwrap_or(start)
}

fn needs_quotes(document: &Document, entry: &Node, findings: &mut Findings<'_>) {
    if entry.value == Value::Null && entry.span.is_empty() {
        let before = document.source.text[..findings.base + entry.span.start].trim_end();
        let dash = before.len().saturating_sub(1).max(findings.base) - findings.base;
        findings.list.push(
            Diagnostic::error("wrong-type", findings.place(&(dash..dash + 1)), "this item is empty").help("write its text, or delete the line"),
        );
        return;
    }
    let text = &document.source.text[findings.base + entry.span.start..];
    let written = text.lines().next().unwrap_or("");
    let written = if entry.span.is_empty() { written } else { &text[..entry.span.len()] };
    let written = written.split(" #").next().unwrap_or(written).trim_end();
    let reason = match entry.value {
        Value::Null => "it is read as nothing",
        Value::Bool(_) => "it is read as true or false",
        Value::List(_) => "it is read as a list",
        _ => "it is read as a number",
    };
    let quoted = misread::quoted(written);
    let mut finding = Diagnostic::error("item-needs-quotes", findings.place(&entry.span), format!("this item must be quoted: {reason}"))
        .help(format!("write: - {quoted}"));
    // Of a list the tree knows only where it begins.
    if !entry.span.is_empty() && !matches!(entry.value, Value::List(_)) {
        let start = findings.base + entry.span.start;
        finding = finding.fix(QUOTED, vec![(start..start + written.len(), quoted)]);
    }
    findings.list.push(finding);
}

/// `{key, text}` or `{remove, reason}`; any other mapping is a text that holds `: `.
fn read_item_mapping(document: &mut Document, entry: &Node, pairs: &[(Node, Node)], (node, section): (usize, usize), findings: &mut Findings<'_>) {
    let known = |name: &str| matches!(name, "key" | "text" | "remove" | "reason");
    if !pairs.iter().any(|(k, _)| k.text().is_some_and(known)) {
        let end = pairs.last().map_or(entry.span.end, |(_, v)| v.span.end);
        let start = pairs.first().map_or(entry.span.start, |(k, _)| k.span.start);
        let written = document.source.text[findings.base + start..findings.base + end].to_owned();
        let shown = start..end.min(start + written.lines().next().map_or(0, str::len));
        let list = if follows_dash(&document.source.text, findings.base + start) { "- " } else { "" };
        let quoted = misread::quoted(&written);
        let mut finding =
            Diagnostic::error("item-needs-quotes", findings.place(&shown), format!("this item must be quoted: {}", misread::NAME_AND_VALUE))
                .help(format!("write: {list}{quoted}"));
        let ends = pairs.iter().all(|(_, v)| !v.span.is_empty() && !matches!(v.value, Value::List(_) | Value::Map(_)));
        let in_braces = document.source.text[findings.base + entry.span.start..].starts_with('{');
        if ends && !in_braces && !written.contains(['\n', '#']) {
            finding = finding.fix(QUOTED, vec![(findings.base + start..findings.base + end, quoted)]);
        }
        findings.list.push(finding);
        return;
    }
    let Some(mut fields) = Fields::of(entry, "an item", findings) else { return };
    let key = fields.text("key", findings);
    let text = fields.text("text", findings);
    let remove = fields.text("remove", findings);
    let reason = fields.text("reason", findings);
    let removes = remove.is_some();
    if let Some((key, at)) = key.as_ref().filter(|(key, _)| ident::slug(key) != *key) {
        check_id(key, at, findings);
    }
    let start = findings.base + entry.span.start;
    let absolute = |span: &Range<usize>, findings: &Findings<'_>| items::Entry { span: findings.base + span.start..findings.base + span.end, start };
    match (text, remove) {
        (Some((text, at)), None) => {
            let at = absolute(&at, findings);
            items::push_string(document, text, key.map(|(k, _)| k), at, node, section);
        }
        (None, Some((remove, at))) => {
            let at = absolute(&at, findings);
            items::push_removal(document, remove, reason.as_ref().map_or("", |(r, _)| r), at, node, section);
        }
        (Some(_), Some((_, at))) => {
            let finding = Diagnostic::error("wrong-type", findings.place(&at), "an item either has `text` or removes another")
                .help("write `{key, text}` or `{remove, reason}`");
            findings.list.push(finding);
        }
        (None, None) => fields.missing("this item", "text", findings),
    }
    if let Some((_, at)) = reason.filter(|_| !removes) {
        let finding = Diagnostic::error("wrong-type", findings.place(&at), "a reason belongs to an item that removes another")
            .help("write `{remove: key, reason: ...}`, or leave it out");
        findings.list.push(finding);
    }
    fields.finish("an item", [], findings);
}
