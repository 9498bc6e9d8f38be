//! The items of a section before and after in, which of them belong together out.

use std::collections::HashMap;
use std::ops::Range;

use super::effect::Wording;
use super::words::{sentences, words};
use crate::ident::likeness;

/// Which items of two lists belong together, by their numbers in these.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// Before and after, in the order of the list after.
    pub pairs: Vec<(usize, usize)>,
    /// Before only.
    pub removed: Vec<usize>,
    /// After only.
    pub added: Vec<usize>,
    /// Of the pairs, those that stand elsewhere among the others than they did.
    pub moved: Vec<(usize, usize)>,
}

/// Items are alike enough to be one item that was rewritten, where this much of their words is the same.
const ALIKE: f64 = 0.6;
/// or where this many words in a row were kept, all of the item or a sentence of it.
const FEWEST_KEPT: usize = 4;
/// So many comparisons of words are made for one section at most.
const MOST_COMPARISONS: usize = 40_000;

/// Matches by stable key (also a key that was renamed: `old_keys`), then by equal words, then by likeness.
pub fn of(before: &[Wording], after: &[Wording], old_keys: &[(Box<str>, Box<str>)]) -> Matching {
    let mut partner: Vec<Option<usize>> = vec![None; before.len()];
    let mut taken = vec![false; after.len()];
    let join = |i: usize, j: usize, partner: &mut Vec<Option<usize>>, taken: &mut Vec<bool>| {
        if partner[i].is_none() && !taken[j] {
            partner[i] = Some(j);
            taken[j] = true;
        }
    };
    let by_key: HashMap<&str, usize> = after.iter().enumerate().filter(|(_, w)| w.stable).map(|(j, w)| (w.key.as_str(), j)).collect();
    for (i, wording) in before.iter().enumerate().filter(|(_, w)| w.stable) {
        let renamed = || old_keys.iter().find(|(old, _)| **old == *wording.key).and_then(|(_, new)| by_key.get(&**new));
        if let Some(j) = by_key.get(wording.key.as_str()).or_else(renamed) {
            join(i, *j, &mut partner, &mut taken);
        }
    }
    // What stands as it stood, where it stood, goes before the same words of another node.
    for form in [as_written as fn(&Wording) -> Form<'_>, by_words] {
        let mut by_text: HashMap<_, Vec<usize>> = HashMap::new();
        after.iter().enumerate().filter(|(j, _)| !taken[*j]).rev().for_each(|(j, w)| by_text.entry(form(w)).or_default().push(j));
        for (i, wording) in before.iter().enumerate() {
            if partner[i].is_none()
                && let Some(j) = by_text.get_mut(&form(wording)).and_then(Vec::pop)
            {
                join(i, j, &mut partner, &mut taken);
            }
        }
    }
    for (i, j) in alike(before, after, &partner) {
        join(i, j, &mut partner, &mut taken);
    }
    sorted(&partner, after.len())
}

/// The words of an item, its marks, and who wrote it.
type Form<'w> = (&'w str, &'w str, &'w str);

fn as_written(wording: &Wording) -> Form<'_> {
    (&wording.text, &wording.markdown, &wording.node)
}

fn by_words(wording: &Wording) -> Form<'_> {
    (&wording.text, "", "")
}

/// Pairs of items without a partner, the most alike first.
fn alike(before: &[Wording], after: &[Wording], partner: &[Option<usize>]) -> Vec<(usize, usize)> {
    let free_before: Vec<usize> = (0..before.len()).filter(|i| partner[*i].is_none()).collect();
    let free_after: Vec<usize> = (0..after.len()).filter(|j| !partner.contains(&Some(*j))).collect();
    if free_before.len() * free_after.len() > MOST_COMPARISONS {
        return Vec::new();
    }
    let words_of = |all: &[Wording], which: &[usize]| which.iter().map(|i| Words::of(&all[*i].text)).collect::<Vec<_>>();
    let (old, new) = (words_of(before, &free_before), words_of(after, &free_after));
    let mut found: Vec<(f64, usize, usize)> = Vec::new();
    for (i, a) in free_before.iter().zip(&old) {
        for (j, b) in free_after.iter().zip(&new) {
            let likeness = likeness(&a.all, &b.all);
            if likeness >= ALIKE || a.goes_on_in(b) || b.goes_on_in(a) {
                found.push((likeness, *i, *j));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    found.into_iter().map(|(_, i, j)| (i, j)).collect()
}

/// The words of an item.
struct Words {
    all: Vec<String>,
    /// Where among them its sentences begin and end.
    sentences: Vec<Range<usize>>,
}

impl Words {
    fn of(text: &str) -> Words {
        let all = words(text);
        let starts = [vec![0], sentences(text), vec![all.len()]].concat();
        let sentences = starts.windows(2).map(|pair| pair[0]..pair[1]).collect();
        Words { all, sentences }
    }

    /// Whether the other begins with all of these words, or has one of their sentences: it was only continued.
    fn goes_on_in(&self, other: &Words) -> bool {
        let is_long = |words: &[String]| words.len() >= FEWEST_KEPT;
        let keeps = |at: &Range<usize>| {
            let mine = &self.all[at.clone()];
            is_long(mine) && other.sentences.iter().any(|at| other.all[at.clone()] == *mine)
        };
        is_long(&self.all) && other.all.starts_with(&self.all) || self.sentences.iter().any(keeps)
    }
}

fn sorted(partner: &[Option<usize>], after: usize) -> Matching {
    let mut of_after: Vec<Option<usize>> = vec![None; after];
    partner.iter().enumerate().filter_map(|(i, j)| j.map(|j| (i, j))).for_each(|(i, j)| of_after[j] = Some(i));
    let pairs: Vec<(usize, usize)> = of_after.iter().enumerate().filter_map(|(j, i)| i.map(|i| (i, j))).collect();
    let kept = longest_rising(&pairs.iter().map(|(i, _)| *i).collect::<Vec<_>>());
    let moved = pairs.iter().enumerate().filter(|(at, _)| !kept.contains(at)).map(|(_, pair)| *pair).collect();
    let removed = (0..partner.len()).filter(|i| partner[*i].is_none()).collect();
    let added = (0..after).filter(|j| of_after[*j].is_none()).collect();
    Matching { pairs, removed, added, moved }
}

/// The places of a longest rising run of numbers: what is not among them was moved.
fn longest_rising(numbers: &[usize]) -> std::collections::BTreeSet<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut above: Vec<Option<usize>> = vec![None; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        above[at] = length.checked_sub(1).map(|l| ends[l]);
        if length == ends.len() { ends.push(at) } else { ends[length] = at }
    }
    let mut kept = std::collections::BTreeSet::new();
    let mut at = ends.last().copied();
    while let Some(place) = at {
        kept.insert(place);
        at = above[place];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(texts: &[&str]) -> Vec<Wording> {
        let wording = |text: &&str| {
            let (key, words) = text.split_once(':').map_or((None, *text), |(key, words)| (Some(key), words));
            Wording {
                key: key.unwrap_or(words).to_owned(),
                stable: key.is_some(),
                text: words.to_owned(),
                markdown: words.to_owned(),
                ..Wording::default()
            }
        };
        texts.iter().map(wording).collect()
    }

    #[test]
    fn keys_go_before_words() {
        let found = of(&list(&["a:one", "b:two"]), &list(&["a:two", "b:one"]), &[]);
        assert_eq!((found.pairs, found.moved), (vec![(0, 0), (1, 1)], vec![]));
    }

    #[test]
    fn what_stands_as_it_stood_goes_before_the_same_words_of_another_node() {
        let by = |node: &str, mut list: Vec<Wording>| {
            list.iter_mut().for_each(|w| w.node = node.to_owned());
            list
        };
        let (before, block) = (by("family", list(&["shares values", "uses it"])), by("block", list(&["shares values", "uses it"])));
        let after = [block, by("family", list(&["shares values"]))].concat();
        let found = of(&before, &after, &[]);
        assert_eq!((found.pairs, found.added), (vec![(1, 1), (0, 2)], vec![0]));
    }

    #[test]
    fn a_renamed_key_is_the_same_item() {
        let found = of(&list(&["old:one"]), &list(&["new:quite other words"]), &[("old".into(), "new".into())]);
        assert_eq!(found.pairs, [(0, 0)]);
    }

    #[test]
    fn an_item_without_a_key_is_known_by_its_words() {
        let found = of(&list(&["knows git very well", "writes code"]), &list(&["knows git quite well", "sings"]), &[]);
        assert_eq!((found.pairs, found.removed, found.added), (vec![(0, 0)], vec![1], vec![1]));
    }

    #[test]
    fn an_item_that_is_only_continued_is_the_same() {
        let long = "Writes tests for every change and reads those of all the others before they are merged";
        for (before, after) in [
            ("Writes tests for every change.", long),
            (long, "Writes tests for every change"),
            ("Plans the work of a quarter. Runs it.", "Plans the work of a quarter. Asks everybody twice a week how far they have come."),
        ] {
            let found = of(&list(&["sings", before]), &list(&[after, "dances"]), &[]);
            assert_eq!((found.pairs, found.removed, found.added), (vec![(1, 0)], vec![0], vec![1]), "{before}");
        }
        assert_eq!(of(&list(&["Knows Git well"]), &list(&["Knows Git well enough to teach it to others"]), &[]).pairs, []);
    }

    #[test]
    fn the_fewest_items_are_called_moved() {
        let found = of(&list(&["a", "b", "c", "d"]), &list(&["d", "a", "b", "c"]), &[]);
        assert_eq!(found.moved, [(3, 0)]);
    }
}
