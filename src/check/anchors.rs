//! `anchor-duplicate`: two headings of a file are given the same anchor with `{#x}`.

use std::collections::HashMap;

use super::Sheet;
use crate::diagnostic::Diagnostic;
use crate::parse::NodeKind;

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    let text = document.text();
    if !text[document.body..].contains("{#") {
        return;
    }
    let mut first: HashMap<&str, std::ops::Range<usize>> = HashMap::new();
    let mut at = document.body;
    for line in text[document.body..].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let heading = line.trim_end();
        let Some(open) = heading.starts_with('#').then(|| heading.rfind("{#")).flatten() else { continue };
        let Some(id) = heading[open + 2..].strip_suffix('}').map(str::trim) else { continue };
        let span = start + open..start + heading.len();
        // The id of a node may stand on several headings: each opens the node again.
        if id.contains(' ') || is_node(sheet, id) || sheet.aside.body().is_code(start) {
            continue;
        }
        match first.get(id) {
            None => {
                first.insert(id, span);
            }
            Some(before) => findings.push(
                Diagnostic::warning("anchor-duplicate", document.place(span), format!("the anchor `{id}` is given to two headings"))
                    .label("the second one")
                    .help("links lead to the first one only; give this heading another anchor")
                    .related(document.place(before.clone()), "the first one"),
            ),
        }
    }
}

fn is_node(sheet: &Sheet<'_>, id: &str) -> bool {
    sheet.document.family().is_some_and(|front| {
        (1..front.node_count()).any(|node| match front.node_kind(node) {
            NodeKind::Family => false,
            NodeKind::Track(i) => front.tracks[i].id == id,
            NodeKind::Role(i) => front.roles[i].id == id,
            NodeKind::Specialty(i) => front.specialties[i].id == id,
        })
    })
}
