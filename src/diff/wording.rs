//! An item's Markdown in, the words that are compared out.

use std::borrow::Cow;

use super::classify::{self, Class};
use super::effect::Wording;
use crate::markdown::item::{shown, with_inline_links};
use crate::model::{Handbook, RoleId};
use crate::parse::Document;
use crate::resolve::ItemRef;
use crate::variables::Values;

/// The item as a role has it, in the form in which items are compared.
pub fn markdown(handbook: &Handbook, role: RoleId, at: ItemRef) -> String {
    let (document, item) = handbook.item(at);
    normal(document, &Values::of_base(handbook, role, at.document as usize).fill(document, item.markdown(document.text())))
}

/// Markdown as it is compared: without comments and `{#key}`, links written out, white space collapsed.
pub fn normal(document: &Document, markdown: &str) -> String {
    let whole = shown(markdown);
    let whole = if whole.contains('[') { Cow::Owned(with_inline_links(&whole, &document.definitions)) } else { whole };
    let mut out = String::with_capacity(whole.len());
    for line in whole.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push(if starts_point(line) { '\n' } else { ' ' });
        }
        out.extend(line.split_whitespace().flat_map(|word| [word, " "]));
        out.truncate(out.trim_end().len());
    }
    out
}

/// Whether a line begins a nested point.
fn starts_point(line: &str) -> bool {
    let after_number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark)) || (after_number.len() < line.len() && after_number.starts_with(['.', ')']))
}

/// What it means that an item has other words than before.
pub fn rewording(before: &Wording, after: &Wording) -> Class {
    let points = |w: &Wording| w.markdown.lines().skip(1).filter(|line| starts_point(line)).count();
    let first = |w: &Wording| w.markdown.lines().next().unwrap_or_default().to_lowercase();
    let one_of = ["one of", "any of", "either"].iter().any(|words| first(after).contains(words));
    // A label is no sentence of its own: to give an item one asks nothing more.
    let words = |w: &Wording| w.label.iter().map(String::as_str).chain([w.text.as_str()]).collect::<Vec<_>>().join(" ");
    classify::nested(points(before), points(after), one_of).max(classify::reworded(&words(before), &words(after)))
}
