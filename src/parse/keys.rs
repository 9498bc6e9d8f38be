//! The keys of a list of items: the stable ones that authors gave, and made-up ones for the rest.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use super::{Document, Item};
use crate::ident;
use crate::markdown::item;

/// The key of each item. One without a key of its own gets the slug of its first six words, `-2`, `-3` on repetition,
/// after all stable keys. Source: content model, section 6.
pub fn keys<'a>(items: &[(&'a Document, &'a Item)]) -> Vec<Cow<'a, str>> {
    let mut taken: HashSet<u64, FixedState> = items.iter().filter_map(|(_, i)| i.key()).map(number_of).collect();
    items
        .iter()
        .map(|(document, item)| match item.key() {
            Some(key) => key.into(),
            None => {
                let first = first_words(document, item);
                if taken.insert(number_of(&first)) {
                    return first.into();
                }
                let again = (2..).map(|number| format!("{first}-{number}"));
                again.into_iter().find(|key| taken.insert(number_of(key))).unwrap_or(first).into()
            }
        })
        .collect()
}

/// A number that stands for a name among the few thousand of a page: cheaper than keeping the names, and two of them share
/// one less than once in 10^11 pages.
pub fn number_of(name: &str) -> u64 {
    FixedState::default().hash_one(name)
}

/// The slug of the first six words.
fn first_words(document: &Document, item: &Item) -> String {
    let markdown = item.markdown(document.text());
    plain_words(markdown).unwrap_or_else(|| ident::unstable_key(&text(document, item)))
}

/// The same where no byte among them can be markup, in one pass: two thirds of all items.
fn plain_words(markdown: &str) -> Option<String> {
    let mut out = Vec::with_capacity(64);
    let (mut gap, mut words, mut in_word) = (false, 0, false);
    for b in markdown.bytes() {
        match b {
            b' ' | b'\n' => {
                words += usize::from(std::mem::take(&mut in_word));
                if words == 6 {
                    break;
                }
                gap = true;
                continue;
            }
            b'a'..=b'z' | b'0'..=b'9' | b'A'..=b'Z' => {
                if std::mem::take(&mut gap) && !out.is_empty() {
                    out.push(b'-');
                }
                out.push(b.to_ascii_lowercase());
            }
            b'\'' => {}
            b',' | b'.' | b';' | b'(' | b')' | b'-' | b'/' | b'%' | b'?' | b'+' | b'$' => gap = true,
            _ => return None,
        }
        in_word = true;
    }
    if out.is_empty() || !markdown.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    String::from_utf8(out).ok()
}

/// The text of an item without label and markup, white space collapsed.
pub fn text(document: &Document, item: &Item) -> String {
    item::text(item.markdown(document.text()), item.label().is_some(), &document.definitions)
}

#[cfg(test)]
mod tests {
    use super::plain_words;
    use crate::ident::unstable_key;

    #[test]
    fn the_quick_way_gives_the_same_key() {
        for text in [
            "Knows C++, Go (and others); it's fine for now.",
            "One",
            "Self-service  in\ntwo lines of seven words",
            "Don't (ever) do  this, please: really",
        ] {
            if let Some(key) = plain_words(text) {
                assert_eq!(key, unstable_key(text), "{text}");
            }
        }
        assert_eq!(plain_words("Uses `code` here"), None);
    }
}
