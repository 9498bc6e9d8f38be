//! COMPARE: two effective roles in, what changes from one to the other out: item by item, and word by word.
//!
//! There is no score anywhere: what counts is which items are the same, which change, and which only one of the two has.

pub mod wording;

use std::collections::HashMap;

use crate::markdown::item;
use crate::model::{Handbook, RoleId};
use crate::parse::keys::keys;
use crate::parse::{Document, Item};
use crate::resolve::{Effective, EffectiveSection, ItemRef};
use crate::variables::Values;

/// What becomes of an item from the left role to the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Both have it, in the same words.
    Same,
    /// Both have it, in other words.
    Changed,
    /// Only the left role has it.
    Left,
    /// Only the right role has it.
    Right,
}

impl Change {
    /// The word in templates.
    pub fn word(self) -> &'static str {
        match self {
            Change::Same => "same",
            Change::Changed => "changed",
            Change::Left => "left",
            Change::Right => "right",
        }
    }
}

/// An item of one role or of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// What becomes of it.
    pub change: Change,
    /// The left role's.
    pub left: Option<ItemRef>,
    /// The right role's.
    pub right: Option<ItemRef>,
}

/// A list section of two roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Number of the section in the vocabulary.
    pub section: usize,
    /// The items in the order of the right role, each that only the left one has after the one before it there.
    pub pairs: Vec<Pair>,
}

/// The list sections of two roles side by side, in the order of the vocabulary. Time grows with the number of items.
pub fn roles(handbook: &Handbook, left: &Effective, right: &Effective) -> Vec<Section> {
    let numbers = (0..handbook.config.sections.len()).filter(|s| left.section(*s).is_some() || right.section(*s).is_some());
    let none = EffectiveSection::default();
    let of = |role: &Effective, number: usize| role.section(number).cloned();
    numbers
        .map(|section| {
            let (left, right) = (of(left, section), of(right, section));
            Section { section, pairs: pairs(handbook, left.as_deref().unwrap_or(&none), right.as_deref().unwrap_or(&none)) }
        })
        .filter(|s| !s.pairs.is_empty())
        .collect()
}

/// Items that have the same key are the same item; a key that was renamed on the way is followed.
fn pairs(handbook: &Handbook, left: &EffectiveSection, right: &EffectiveSection) -> Vec<Pair> {
    let (left_keys, right_keys) = (keys_of(handbook, left), keys_of(handbook, right));
    let at: HashMap<&str, usize> = right_keys.iter().enumerate().map(|(i, key)| (key.as_str(), i)).collect();
    let renamed = |key: &str| right.old_keys.iter().find(|(old, _)| **old == *key).and_then(|(_, new)| at.get(&**new)).copied();
    let mut partner = vec![None; right.items.len()];
    // What only the left role has, by the place in the right role's list after which it stands.
    let mut alone: Vec<Vec<ItemRef>> = vec![Vec::new(); right.items.len() + 1];
    let mut last = 0;
    for (item, key) in left.items.iter().zip(&left_keys) {
        match at.get(key.as_str()).copied().or_else(|| renamed(key)).filter(|i| partner[*i].is_none()) {
            Some(i) => {
                partner[i] = Some(item.item);
                last = i + 1;
            }
            None => alone[last].push(item.item),
        }
    }
    let only_left = |items: &[ItemRef]| items.iter().map(|i| Pair { change: Change::Left, left: Some(*i), right: None }).collect::<Vec<_>>();
    let mut out = only_left(&alone[0]);
    for (i, item) in right.items.iter().enumerate() {
        out.push(pair(handbook, partner[i], item.item));
        out.extend(only_left(&alone[i + 1]));
    }
    out
}

fn pair(handbook: &Handbook, left: Option<ItemRef>, right: ItemRef) -> Pair {
    let change = match left {
        None => Change::Right,
        Some(left) if is_same(handbook, left, right) => Change::Same,
        Some(_) => Change::Changed,
    };
    Pair { change, left, right: Some(right) }
}

/// Whether two items say the same. What a variable says in one role and in another is no difference: it is written once.
pub fn is_same(handbook: &Handbook, left: ItemRef, right: ItemRef) -> bool {
    let (a, b) = (handbook.item(left).1, handbook.item(right).1);
    left == right || a.hash == b.hash || (a.label() == b.label() && written(handbook, left) == written(handbook, right))
}

/// The key of each item of an effective section.
pub fn keys_of(handbook: &Handbook, section: &EffectiveSection) -> Vec<String> {
    let written: Vec<(&Document, &Item)> = section.items.iter().map(|i| handbook.item(i.item)).collect();
    keys(&written).into_iter().map(|k| k.into_owned()).collect()
}

/// The text of an item as it is written, its variables with it: no label, no markup, white space collapsed.
pub fn written(handbook: &Handbook, at: ItemRef) -> String {
    let (document, written) = handbook.item(at);
    item::text(written.markdown(document.text()), written.label().is_some(), &document.definitions)
}

/// The same as a role has it, with the values of its variables.
pub fn text(handbook: &Handbook, role: RoleId, at: ItemRef) -> String {
    let (document, written) = handbook.item(at);
    let values = Values::of_base(handbook, role, at.document as usize);
    let markdown = values.fill(document, written.markdown(document.text()));
    item::text(&markdown, written.label().is_some(), &document.definitions)
}
