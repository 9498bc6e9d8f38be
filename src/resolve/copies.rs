//! Findings about copies of inherited items in, the same with how they can be deleted out, where that changes nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::ItemRef;
use crate::diagnostic::Diagnostic;
use crate::model::Handbook;
use crate::parse::{Document, Item, ItemText};

/// Adds the mend to each finding (by its number) about a copy. Of a list that has copies only, the first stays: a heading
/// without a list would be a fault of its own.
pub(super) fn mend(handbook: &Handbook, findings: &mut [Diagnostic], copied: &[(usize, ItemRef)]) {
    let list_of = |at: ItemRef| (at.document, handbook.item(at).1.node, handbook.item(at).1.section);
    let mut copies: BTreeMap<_, BTreeSet<ItemRef>> = BTreeMap::new();
    for (_, at) in copied {
        copies.entry(list_of(*at)).or_default().insert(*at);
    }
    for (number, at) in copied {
        let (document, item) = handbook.item(*at);
        let of_list = &copies[&list_of(*at)];
        let only_copies = document.section_items(item.node as usize, item.section as usize).count() == of_list.len();
        if only_copies && of_list.first() == Some(at) {
            continue;
        }
        if let (Some(lines), Some(finding)) = (lines_of(document, item), findings.get_mut(*number)) {
            *finding = finding.clone().fix("the copy of an inherited item is gone", vec![(lines, String::new())]);
        }
    }
}

/// The whole lines of an item, if it shares them with nothing, has no key of its own, and nobody wrote a comment in it.
fn lines_of(document: &Document, item: &Item) -> Option<Range<usize>> {
    let text = document.text();
    let span = item.start()..item.span().end;
    let line = text[..span.start].rfind('\n').map_or(0, |i| i + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |i| span.end + i + 1);
    let (before, after) = (text[line..span.start].trim(), text[span.end..end].trim());
    let in_body = matches!(item.text, ItemText::Body { .. });
    let opens = matches!(before, "-" | "*" | "+") || !in_body && before.is_empty() && text[line..].trim_start().starts_with("- ");
    let closes = after.is_empty() || !in_body && matches!(after, "\"" | "'");
    let has = |mark: &str| text[span.clone()].contains(mark);
    (opens && closes && !has("{#") && !has("<!--")).then_some(line..end)
}
