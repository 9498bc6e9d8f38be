//! The keys of a list of items: the stable ones that authors gave, and made-up ones for the rest.

use std::collections::HashSet;

use crate::ident;
use crate::markdown::{self, item};
use super::{Document, Item};

/// The key of each item. One without a key of its own gets the slug of its first six words, `-2`, `-3` on repetition,
/// after all stable keys. Source: content model, section 6.
pub fn keys(items: &[(&Document, &Item)]) -> Vec<String> {
    let mut taken: HashSet<String> = items.iter().filter_map(|(_, i)| i.key()).map(str::to_owned).collect();
    items
        .iter()
        .map(|(document, item)| match item.key() {
            Some(key) => key.to_owned(),
            None => {
                let first = first_words(document, item);
                let mut key = first.clone();
                let mut number = 2;
                while !taken.insert(key.clone()) {
                    key = format!("{first}-{number}");
                    number += 1;
                }
                key
            }
        })
        .collect()
}

/// The slug of the first six words.
fn first_words(document: &Document, item: &Item) -> String {
    let markdown = item.markdown(document.text());
    // Only the first words count, and most items have no markup among them.
    let end = markdown.bytes().enumerate().filter(|(_, b)| *b == b' ').nth(7).map_or(markdown.len(), |(i, _)| i);
    if markdown::is_plain(&markdown[..end]) { ident::unstable_key(&markdown[..end]) } else { ident::unstable_key(&text(document, item)) }
}

/// The text of an item without label and markup, white space collapsed.
pub fn text(document: &Document, item: &Item) -> String {
    item::text(item.markdown(document.text()), item.label().is_some(), &document.definitions)
}
