//! Items in, their words as sorted numbers out: what lints compare that look for texts which are nearly alike.

use std::sync::OnceLock;

use crate::ident::{ascii_words, word_number};
use crate::markdown::item::without_comments;
use crate::model::Handbook;
use crate::resolve::ItemRef;

/// The words of the items of a handbook, made for a document when they are first asked for. They are not kept from one
/// check to the next: those of 10,000 families take 90 MB, and an edit asks for those of few.
pub(super) struct Texts<'a> {
    handbook: &'a Handbook,
    by_document: Vec<OnceLock<Box<[Bag]>>>,
}

/// The different words of an item.
#[derive(Debug, Default, Clone)]
pub(super) struct Bag {
    /// Hashes of the words, sorted, each once.
    words: Box<[u32]>,
    /// A bit for each word, by its hash: two bags without common bits have no common words.
    bits: u64,
}

impl<'a> Texts<'a> {
    pub(super) fn of(handbook: &'a Handbook) -> Self {
        Texts { handbook, by_document: handbook.documents.iter().map(|_| OnceLock::new()).collect() }
    }

    pub(super) fn of_item(&self, at: ItemRef) -> &Bag {
        let bags = self.by_document[at.document as usize].get_or_init(|| {
            let document = &self.handbook.documents[at.document as usize];
            let mut scratch = Vec::new();
            let bag = |item: &crate::parse::Item| {
                if item.removes { Bag::default() } else { Bag::of(&without_comments(item.markdown(document.text())), &mut scratch) }
            };
            document.items.iter().map(bag).collect()
        });
        &bags[at.item as usize]
    }
}

impl Bag {
    /// The words of a piece of Markdown; addresses of links are left out.
    pub(super) fn of(markdown: &str, scratch: &mut Vec<u32>) -> Bag {
        scratch.clear();
        if markdown.bytes().all(|b| b.is_ascii() && b != b']') {
            // Nearly all items: no letters beyond ASCII, and no link.
            ascii_words(markdown, usize::MAX, |number, _| scratch.push(halved(number)));
        } else {
            for (i, part) in markdown.split("](").enumerate() {
                let part = if i == 0 { part } else { part.split_once(')').map_or("", |(_, after)| after) };
                let words = part.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
                scratch.extend(words.map(|word| halved(word_number(&word.to_lowercase()))));
            }
        }
        scratch.sort_unstable();
        scratch.dedup();
        let bits = scratch.iter().fold(0, |bits, word| bits | 1 << (word % 64));
        Bag { words: scratch.as_slice().into(), bits }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    pub(super) fn words(&self) -> &[u32] {
        &self.words
    }

    /// Whether so large a part of the words of both is common to them (Dice's measure).
    pub(super) fn is_alike(&self, other: &Bag, wanted: f64) -> bool {
        let both = (self.len() + other.len()) as f64;
        // Each bit of one alone is at least one word of that one alone.
        let alone = (self.bits & !other.bits).count_ones() as usize;
        let alone_there = (other.bits & !self.bits).count_ones() as usize;
        let most = (self.len().saturating_sub(alone)).min(other.len().saturating_sub(alone_there));
        2.0 * most as f64 >= wanted * both && self.alike(other) >= wanted
    }

    /// Which part of the words of both is common to them, from 0 to 1.
    pub(super) fn alike(&self, other: &Bag) -> f64 {
        let (mut i, mut j, mut common) = (0, 0, 0usize);
        while let (Some(a), Some(b)) = (self.words.get(i), other.words.get(j)) {
            common += usize::from(a == b);
            i += usize::from(a <= b);
            j += usize::from(b <= a);
        }
        2.0 * common as f64 / (self.len() + other.len()).max(1) as f64
    }
}

fn halved(number: u64) -> u32 {
    (number ^ (number >> 32)) as u32
}

#[cfg(test)]
mod tests {
    use super::Bag;

    fn bag(text: &str) -> Bag {
        Bag::of(text, &mut Vec::new())
    }

    #[test]
    fn likeness_is_the_part_of_common_words() {
        assert_eq!(bag("a b c").alike(&bag("A, b - c.")), 1.0);
        assert_eq!(bag("[a](x/y.md) b").alike(&bag("a b")), 1.0);
        assert_eq!(bag("a b c d").alike(&bag("a b x y")), 0.5);
        assert_eq!(bag("a").alike(&bag("b")), 0.0);
        let long = "Pneumonoultramicroscopicsilicovolcanoconiosis";
        assert_eq!(bag(&format!("Été {long}")).alike(&bag(&format!("{} été", long.to_lowercase()))), 1.0);
        assert_eq!(bag(long).alike(&bag(&format!("[{long}](x)"))), 1.0);
    }

    #[test]
    fn the_quick_test_refuses_nothing_that_is_alike() {
        let words: Vec<String> = (0..40).map(|i| format!("w{i}")).collect();
        for cut in 0..40 {
            let (a, b) = (bag(&words[..30].join(" ")), bag(&words[cut..].join(" ")));
            for wanted in [0.5, 0.7, 0.8, 0.9] {
                assert_eq!(a.is_alike(&b, wanted), a.alike(&b) >= wanted, "{cut} {wanted}");
            }
        }
    }
}
