//! `near-duplicate`: items of different families that say nearly the same.
//!
//! MinHash: of 32 ways to order all words, each item notes which of its words comes first; for two items the part of
//! equal notes is about the part of words in common. Items that agree in a whole band of notes are compared word for
//! word. So the work grows with the number of items, not with its square.
//!
//! Source: A. Broder, *On the resemblance and containment of documents*, 1997.

use std::collections::HashMap;

use rayon::prelude::*;

use super::texts::{Bag, Texts};
use crate::diagnostic::Diagnostic;
use crate::model::Handbook;
use crate::parse::items::first_line;
use crate::resolve::ItemRef;

/// Shorter items are alike by chance.
const FEWEST_WORDS: usize = 6;
/// Bands of rows: with these, of the pairs that share 0.8 of their words (Dice; 0.67 of all words of both) 19 of 20 meet
/// in a band, and of those that share half of them one in seven.
const BANDS: usize = 12;
const ROWS: usize = 3;
/// How many items of one band an item is compared with: the first of each group of likenesses comes early.
const MOST_COMPARED: usize = 16;

pub(super) fn check(handbook: &Handbook, texts: &Texts<'_>) -> Vec<Diagnostic> {
    let items = items_of(handbook, texts);
    let pairs = pairs(&items, texts, handbook.config.lints.duplicate_similarity);
    pairs.into_iter().map(|(first, second)| finding(handbook, first, second)).collect()
}

/// The items that are compared: those of families that are long enough.
fn items_of(handbook: &Handbook, texts: &Texts<'_>) -> Vec<ItemRef> {
    let of_document = |number: u32| {
        let items = 0..handbook.documents[number as usize].items.len() as u32;
        items.map(move |item| ItemRef { document: number, item }).filter(|at| texts.of_item(*at).len() >= FEWEST_WORDS)
    };
    handbook.families.par_iter().flat_map_iter(|f| of_document(f.document as u32)).collect()
}

/// For each item that has a like in an earlier document: the first such, and the item.
fn pairs(items: &[ItemRef], texts: &Texts<'_>, wanted: f64) -> Vec<(ItemRef, ItemRef)> {
    let bags: Vec<&Bag> = items.iter().map(|at| texts.of_item(*at)).collect();
    let keys: Vec<[u64; BANDS]> = bags.par_iter().map(|bag| bands(bag)).collect();
    let mut found: Vec<Option<usize>> = vec![None; items.len()];
    for band in 0..BANDS {
        let mut met: HashMap<u64, Vec<usize>, foldhash::fast::FixedState> = HashMap::default();
        for (number, key) in keys.iter().enumerate() {
            let same = met.entry(key[band]).or_default();
            let like =
                same.iter().copied().find(|other| items[*other].document != items[number].document && bags[number].is_alike(bags[*other], wanted));
            if let Some(like) = like {
                found[number] = Some(found[number].map_or(like, |before| before.min(like)));
            }
            if same.len() < MOST_COMPARED {
                same.push(number);
            }
        }
    }
    found.iter().enumerate().filter_map(|(number, like)| like.map(|like| (items[like], items[number]))).collect()
}

/// The least word under each order, by bands.
fn bands(bag: &Bag) -> [u64; BANDS] {
    let mut least = [u32::MAX; BANDS * ROWS];
    for word in bag.words() {
        for (order, least) in least.iter_mut().enumerate() {
            *least = (*least).min(mixed(*word, order as u32));
        }
    }
    std::array::from_fn(|band| {
        least[band * ROWS..(band + 1) * ROWS].iter().fold(0, |key: u64, word| key.rotate_left(21) ^ u64::from(*word) ^ (key << 7))
    })
}

/// One of many orders of all words: multiply and shift with odd numbers of their own.
fn mixed(word: u32, order: u32) -> u32 {
    let seed = order.wrapping_mul(0x9e37_79b9).wrapping_add(0x85eb_ca6b) | 1;
    let mut mixed = word.wrapping_add(order.wrapping_mul(0x27d4_eb2f)).wrapping_mul(seed);
    mixed ^= mixed >> 15;
    mixed.wrapping_mul(0x2c1b_3c6d)
}

fn finding(handbook: &Handbook, first: ItemRef, second: ItemRef) -> Diagnostic {
    let (document, item) = handbook.item(second);
    let (other_document, other) = handbook.item(first);
    let title = other_document.family().map_or("", |f| &f.title);
    Diagnostic::warning(
        "near-duplicate",
        document.place(first_line(document.text(), item.span())),
        format!("this item says nearly the same as one of {title}"),
    )
    .help("move it to a shared block, or to a role that both extend")
    .related(other_document.place(first_line(other_document.text(), other.span())), "the other item")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are always the same.
    fn numbers(seed: u64) -> impl Iterator<Item = u64> {
        std::iter::successors(Some(seed), |x| Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)))
            .map(|x| x >> 33)
    }

    #[test]
    fn of_the_alike_pairs_nearly_all_meet_and_few_others_do() {
        let mut words = numbers(7);
        let mut take = |n: usize| (0..n).map(|_| format!("w{}", words.next().unwrap_or(0) % 5_000)).collect::<Vec<_>>();
        let bag = |text: &[String]| Bag::of(&text.join(" "), &mut Vec::new());
        let (mut met, mut strangers) = (0, 0);
        for _ in 0..400 {
            let text = take(15);
            // Two of fifteen words are others: 13 of 15 are common.
            let mut near = text.clone();
            near.splice(3..5, take(2));
            let far = take(15);
            let meet = |a: &Bag, b: &Bag| bands(a).iter().zip(bands(b)).any(|(a, b)| *a == b);
            met += usize::from(meet(&bag(&text), &bag(&near)));
            strangers += usize::from(meet(&bag(&text), &bag(&far)));
        }
        assert!(met >= 390, "{met} of 400 alike pairs were found");
        assert!(strangers <= 4, "{strangers} of 400 strange pairs met");
    }
}
