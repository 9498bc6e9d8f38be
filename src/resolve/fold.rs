//! The items of one section, node after node, each laid over what came before: replaced by key, removed, renamed, added.
//!
//! What a node does acts on what it inherits, never on a sibling's items. Where siblings leave one key with different
//! texts and nothing nearer settles it, all of them stay as rivals, and the role is told.

use std::collections::{HashMap, HashSet};

use super::order::{Lineage, Node};
use super::outcome::{Outcome, OutcomeKind};
use super::{EffectiveItem, EffectiveSection, ItemRef, Removed};
use crate::config::Inherit;
use crate::ident;
use crate::model::{Handbook, RoleId};
use crate::parse::items::same_text;
use crate::parse::{Item, NodeKind};

/// Above this many items a section is searched by hash instead of one by one (measured on the benchmark's roles, which
/// have about 40: one by one takes a fifth of the time).
const SEARCH_BY_HASH: usize = 96;

/// How a slot stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// This item stands there.
    Stands,
    /// It was removed by this item.
    Removed(ItemRef),
    /// It was dropped with the whole list.
    Dropped,
}

#[derive(Debug, Clone, Copy)]
struct Head {
    item: ItemRef,
    state: State,
    /// Position of the node that put it there.
    position: usize,
    replaces: Option<ItemRef>,
}

/// A key that an item had before, and the position of the node that changed it.
struct OldKey {
    old: Box<str>,
    new: Box<str>,
    position: usize,
}

struct Slot<'a> {
    key: Option<&'a str>,
    /// Keys before a rename, with the position of the node that renamed: siblings still know the item by them.
    former: Vec<(Option<&'a str>, usize)>,
    hash: u64,
    head: Head,
    /// What siblings put in the same place.
    rivals: Vec<Head>,
    /// The positions of nodes whose item stood here before; kept only where lineage matters.
    past: Vec<usize>,
}

/// Whether the author of the node at hand is told what came of its items. What a role's ancestors write is told when
/// they are folded themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Telling {
    /// An ancestor, or a node of another family.
    Nothing,
    /// The role itself.
    Faults,
    /// The role's family, track or specialty: other roles share it, and what is of use in one of them is no fault.
    FaultsAndUse,
}

/// A section being folded.
pub struct Fold<'a> {
    handbook: &'a Handbook,
    role: RoleId,
    section: usize,
    nearest: bool,
    lineage: Option<&'a Lineage>,
    position: usize,
    /// Whose items' outcomes are told, with the node at hand.
    telling: Telling,
    slots: Vec<Slot<'a>>,
    keys: HashMap<&'a str, Vec<usize>>,
    hashes: HashMap<u64, Vec<usize>>,
    /// The slots that the node at hand renames.
    claimed: Vec<usize>,
    old_keys: Vec<OldKey>,
    removed_before: Vec<Removed>,
    /// What the node at hand drops, with its whole list.
    dropped: Vec<ItemRef>,
    /// Of a section that is inherited whole: the nodes that have it and that nothing nearer hides.
    whole: Vec<(usize, Node)>,
    /// Such a section as it was inherited.
    whole_before: Option<Vec<EffectiveItem>>,
}

impl<'a> Fold<'a> {
    /// A fold that begins with what is inherited, or with nothing.
    pub fn onto(handbook: &'a Handbook, role: RoleId, section: usize, inherited: Option<&EffectiveSection>, lineage: Option<&'a Lineage>) -> Self {
        let nearest = handbook.config.sections[section].inherit == Inherit::Nearest;
        let mut fold = Fold {
            handbook,
            role,
            section,
            nearest,
            lineage,
            position: 0,
            telling: Telling::Nothing,
            slots: Vec::new(),
            keys: HashMap::new(),
            hashes: HashMap::new(),
            claimed: Vec::new(),
            old_keys: Vec::new(),
            removed_before: Vec::new(),
            dropped: Vec::new(),
            whole: Vec::new(),
            whole_before: None,
        };
        let Some(inherited) = inherited else { return fold };
        fold.old_keys = inherited.old_keys.iter().map(|(old, new)| OldKey { old: old.clone(), new: new.clone(), position: 0 }).collect();
        fold.removed_before.clone_from(&inherited.removed);
        if nearest {
            fold.whole_before = Some(inherited.items.iter().map(|i| EffectiveItem { item: i.item, replaces: None }).collect());
            return fold;
        }
        fold.slots.reserve(inherited.items.len() + 8);
        for item in &inherited.items {
            let (_, written) = handbook.item(item.item);
            fold.push(written, item.item);
        }
        fold.position = 1;
        fold
    }

    /// Lays what a node has of the section over what came before.
    pub fn apply(&mut self, node: Node, outcomes: &mut Vec<Outcome>) {
        let handbook = self.handbook;
        let document = node.document(handbook);
        self.telling = self.telling_of(node);
        self.dropped.clear();
        if let Some(written) = document.section(node.node as usize, self.section) {
            if self.nearest {
                self.apply_whole(node, outcomes);
            } else {
                if written.instead {
                    self.drop_inherited();
                }
                let items: Vec<(ItemRef, &Item)> = document
                    .section_items(node.node as usize, self.section)
                    .map(|(item, i)| (ItemRef { document: node.document, item }, i))
                    .collect();
                let renamed = self.claim_renamed(&items, outcomes);
                for (at, item) in &items {
                    match renamed.get(at) {
                        Some(slot) => self.rename(*slot, item, *at, outcomes),
                        None => self.apply_item(item, *at, outcomes),
                    }
                }
                self.note_old_keys(&items);
            }
        }
        self.position += 1;
    }

    fn telling_of(&self, node: Node) -> Telling {
        let family = self.handbook.roles[self.role].family;
        if self.handbook.families[family].document != node.document as usize {
            return Telling::Nothing;
        }
        match self.handbook.front(family).node_kind(node.node as usize) {
            NodeKind::Role(_) if node.node as usize == self.handbook.role_node(self.role) => Telling::Faults,
            NodeKind::Role(_) => Telling::Nothing,
            NodeKind::Family | NodeKind::Track(_) if self.slots.is_empty() => Telling::Faults,
            NodeKind::Family | NodeKind::Track(_) | NodeKind::Specialty(_) => Telling::FaultsAndUse,
        }
    }

    fn tell(&self, item: ItemRef, kind: OutcomeKind, outcomes: &mut Vec<Outcome>) {
        let wanted = match kind {
            OutcomeKind::Used => self.telling == Telling::FaultsAndUse,
            _ => self.telling != Telling::Nothing,
        };
        if wanted {
            outcomes.push(Outcome { item, kind });
        }
    }

    fn inherits(&self, above: usize) -> bool {
        above < self.position && self.lineage.is_none_or(|l| l.inherits(self.position, above))
    }

    /// Whether the node at `position` is the role's own base, family or track, which a parent may not inherit: the fold
    /// settles it against the parent's text, and leaves it alone where the parent removes.
    fn is_own(&self, position: usize) -> bool {
        self.lineage.is_some_and(|l| l.is_own(position))
    }

    /// Whether the node at hand has what stands in a slot, from itself or from above.
    fn reaches(&self, position: usize) -> bool {
        position == self.position || self.inherits(position)
    }

    /// Steps take the place of all that is inherited, or leave it alone: a section without steps of its own does.
    fn apply_whole(&mut self, node: Node, outcomes: &mut Vec<Outcome>) {
        let mut has_steps = false;
        for (item, written) in node.document(self.handbook).section_items(node.node as usize, self.section) {
            if written.removes {
                self.tell(ItemRef { document: node.document, item }, OutcomeKind::RemovedStep, outcomes);
            } else {
                has_steps = true;
            }
        }
        if !has_steps {
            return;
        }
        let (position, lineage) = (self.position, self.lineage);
        self.whole.retain(|(above, _)| lineage.is_some_and(|l| !l.inherits(position, *above) && !l.is_own(*above)));
        self.whole.push((position, node));
        self.whole_before = None;
    }

    fn drop_inherited(&mut self) {
        for i in 0..self.slots.len() {
            let reached = self.reaches(self.slots[i].head.position);
            let dropped: Vec<bool> = self.slots[i].rivals.iter().map(|r| self.reaches(r.position)).collect();
            let slot = &mut self.slots[i];
            let mut keep = dropped.iter();
            slot.rivals.retain(|_| !keep.next().expect("one for each rival"));
            if reached && slot.head.state != State::Dropped {
                if slot.head.state == State::Stands {
                    self.dropped.push(slot.head.item);
                }
                slot.past.push(slot.head.position);
                // What siblings put in the same place stays.
                slot.head = match slot.rivals.is_empty() {
                    true => Head { state: State::Dropped, position: self.position, ..slot.head },
                    false => slot.rivals.remove(0),
                };
            }
        }
        self.removed_before.clear();
    }

    /// The slots that the node at hand renames. All its renames look at what it inherits, none at another's result, so
    /// that two items may change names; and a slot that is renamed is no longer there under its old name.
    fn claim_renamed(&mut self, items: &[(ItemRef, &'a Item)], outcomes: &mut Vec<Outcome>) -> HashMap<ItemRef, usize> {
        self.claimed.clear();
        let mut renamed = HashMap::new();
        for (at, item) in items {
            let Some(was) = item.keyed.as_ref().and_then(|k| k.was.as_deref()) else { continue };
            let mut slot = self.find(was, true);
            if slot.is_none()
                && let Some(new) = self.new_key(was)
            {
                slot = self.find(&new, true);
                if slot.is_some() && Some(new.as_str()) != item.key() {
                    self.tell(*at, OutcomeKind::OldKey { old: was.to_owned(), new }, outcomes);
                }
            }
            if let Some(slot) = slot {
                renamed.insert(*at, slot);
                self.claimed.push(slot);
            }
        }
        renamed
    }

    fn rename(&mut self, slot: usize, item: &'a Item, at: ItemRef, outcomes: &mut Vec<Outcome>) {
        let Some(keyed) = &item.keyed else { return };
        if let Some(same) = self.find(&keyed.key, true) {
            self.tell(at, OutcomeKind::TakesTwo(self.slots[same].head.item), outcomes);
            self.slots[same].head.state = State::Dropped;
        }
        self.keys.entry(&keyed.key).or_default().push(slot);
        self.replace(slot, item, at);
        let slot = &mut self.slots[slot];
        slot.former.push((slot.key, self.position));
        slot.key = Some(&keyed.key);
    }

    /// Old names lead to the newest one, however often it changed.
    fn note_old_keys(&mut self, items: &[(ItemRef, &Item)]) {
        for (was, key) in items.iter().filter_map(|(_, i)| i.keyed.as_ref()).filter_map(|k| k.was.as_ref().map(|was| (was, &k.key))) {
            let (position, lineage) = (self.position, self.lineage);
            let reached = |k: &OldKey| k.position == position || lineage.is_none_or(|l| l.inherits(position, k.position));
            self.old_keys.retain(|k| !reached(k) || (k.old != *was && k.old != *key));
            self.old_keys.iter_mut().filter(|k| reached(k) && k.new == *was).for_each(|k| k.new.clone_from(key));
            self.old_keys.push(OldKey { old: was.clone(), new: key.clone(), position });
        }
    }

    fn apply_item(&mut self, item: &'a Item, at: ItemRef, outcomes: &mut Vec<Outcome>) {
        match &item.keyed {
            None => self.add_unkeyed(item, at, outcomes),
            Some(keyed) if item.removes => self.remove(&keyed.key, at, outcomes),
            Some(keyed) => self.add_keyed(item, &keyed.key, at, outcomes),
        }
    }

    fn add_keyed(&mut self, item: &'a Item, key: &'a str, at: ItemRef, outcomes: &mut Vec<Outcome>) {
        let key = match self.new_key(key) {
            Some(new) if self.find(key, true).is_none() => {
                let again = self.find(&new, true).is_some_and(|slot| self.is_called_twice(slot, item));
                if !again {
                    self.tell(at, OutcomeKind::OldKey { old: key.to_owned(), new: new.clone() }, outcomes);
                }
                new
            }
            _ => key.to_owned(),
        };
        // What an *Instead* of its track dropped gives way to what the track wrote in its place.
        let stands = |slot: &usize| self.slots[*slot].head.state != State::Dropped || self.find(&key, false).is_none();
        if let Some(slot) = self.find(&key, true).filter(stands) {
            let head = self.slots[slot].head;
            if self.is_called_twice(slot, item) {
                self.tell(at, OutcomeKind::Again(head.item), outcomes);
            } else if self.is_copy(slot, at) && self.slots[slot].rivals.is_empty() {
                let copied = if self.inherits(head.position) { OutcomeKind::Restated(head.item) } else { OutcomeKind::Used };
                self.tell(at, copied, outcomes);
            } else {
                self.tell(at, OutcomeKind::Used, outcomes);
                self.check_signs(&head, item, at, outcomes);
                self.replace(slot, item, at);
            }
            return;
        }
        match self.find(&key, false) {
            Some(slot) if self.is_copy(slot, at) => {}
            Some(slot) if self.slots[slot].rivals.is_empty() && self.is_own(self.slots[slot].head.position) => {
                let slot = &mut self.slots[slot];
                slot.past.push(slot.head.position);
                slot.head = Head { item: at, state: State::Stands, position: self.position, replaces: None };
                slot.hash = item.hash;
            }
            Some(slot) => {
                let rival = Head { item: at, state: State::Stands, position: self.position, replaces: None };
                self.slots[slot].rivals.push(rival);
            }
            None => {
                self.tell(at, OutcomeKind::Used, outcomes);
                self.push(item, at);
            }
        }
    }

    /// *C++* replaces *C*, since their keys are the same; neither says so by a key of its own.
    fn check_signs(&self, old: &Head, item: &Item, at: ItemRef, outcomes: &mut Vec<Outcome>) {
        if !self.inherits(old.position) {
            return;
        }
        let (_, other) = self.handbook.item(old.item);
        let (Some(label), Some(other_label)) = (item.label(), other.label()) else { return };
        let is_of_label = |item: &Item, label: &str| item.key().is_some_and(|key| ident::slug(label) == key);
        if label != other_label && !ident::signs(label).eq(ident::signs(other_label)) && is_of_label(item, label) && is_of_label(other, other_label) {
            self.tell(at, OutcomeKind::OtherSigns(old.item), outcomes);
        }
    }

    /// Whether the node at hand wrote what stands in a slot, under another name than this item's.
    fn is_called_twice(&self, slot: usize, item: &Item) -> bool {
        let head = self.slots[slot].head;
        let by = match head.state {
            State::Removed(by) => by,
            State::Stands | State::Dropped => head.item,
        };
        head.position == self.position && self.position > 0 && self.handbook.item(by).1.key() != item.key()
    }

    fn add_unkeyed(&mut self, item: &'a Item, at: ItemRef, outcomes: &mut Vec<Outcome>) {
        let same = self.with_hash(item.hash).find(|slot| self.is_copy(*slot, at));
        match same {
            Some(slot) if self.inherits(self.slots[slot].head.position) => {
                self.tell(at, OutcomeKind::Restated(self.slots[slot].head.item), outcomes);
            }
            // A sibling's copy collapses without a word; the node's own, written twice, stays.
            Some(slot) if self.slots[slot].head.position != self.position => {}
            _ => {
                self.tell(at, OutcomeKind::Used, outcomes);
                self.push(item, at);
            }
        }
    }

    /// Whether an item says what already stands in a slot.
    fn is_copy(&self, slot: usize, at: ItemRef) -> bool {
        let head = self.slots[slot].head;
        head.state == State::Stands && same_text(self.handbook.item(head.item), self.handbook.item(at))
    }

    fn remove(&mut self, key: &str, at: ItemRef, outcomes: &mut Vec<Outcome>) {
        let (slot, old) = match self.find(key, true) {
            Some(slot) => (Some(slot), None),
            None => match self.new_key(key) {
                Some(new) => (self.find(&new, true), Some(new)),
                None => (None, None),
            },
        };
        let Some(slot) = slot else {
            let keys =
                self.slots.iter().filter(|s| s.head.state == State::Stands && self.reaches(s.head.position)).filter_map(|s| s.key).map(str::to_owned);
            self.tell(at, OutcomeKind::RemovedNothing(keys.collect()), outcomes);
            return;
        };
        if old.is_some() && self.slots[slot].head.position == self.position && self.position > 0 {
            let first = self.slots[slot].head.item;
            self.tell(at, OutcomeKind::Again(first), outcomes);
            return;
        }
        self.tell(at, OutcomeKind::Used, outcomes);
        self.check_signs(&self.slots[slot].head, self.handbook.item(at).1, at, outcomes);
        if let Some(new) = old {
            self.tell(at, OutcomeKind::OldKey { old: key.to_owned(), new }, outcomes);
        }
        let removal = |item: ItemRef| Head { item, state: State::Removed(at), position: self.position, replaces: None };
        let head = self.slots[slot].head;
        if self.reaches(head.position) {
            let survivors = self.rivals_left(slot);
            let removal = removal(head.item);
            let slot = &mut self.slots[slot];
            slot.past.push(head.position);
            slot.head = removal;
            slot.rivals = survivors;
        } else if !self.is_own(head.position) {
            let removal = removal(head.item);
            self.slots[slot].rivals.push(removal);
        }
    }

    /// Puts an item in the place of what its node inherits there.
    fn replace(&mut self, slot: usize, item: &Item, at: ItemRef) {
        let head = self.slots[slot].head;
        let reached = self.reaches(head.position) || self.is_own(head.position);
        let nearest =
            self.slots[slot].rivals.iter().rev().find(|r| r.state == State::Stands && self.reaches(r.position)).map_or(head.item, |r| r.item);
        let new = Head { item: at, state: State::Stands, position: self.position, replaces: reached.then_some(nearest) };
        let survivors = self.rivals_left(slot);
        let slot_now = &mut self.slots[slot];
        slot_now.past.push(head.position);
        slot_now.rivals = survivors;
        // What a sibling dropped is in nobody's way.
        if reached || head.state == State::Dropped {
            slot_now.head = new;
        } else {
            slot_now.rivals.push(new);
            return;
        }
        slot_now.hash = item.hash;
        if !self.hashes.is_empty() {
            self.hashes.entry(item.hash).or_default().push(slot);
        }
    }

    /// The rivals in a slot that the node at hand does not inherit, and so does not settle.
    fn rivals_left(&self, slot: usize) -> Vec<Head> {
        self.slots[slot].rivals.iter().filter(|r| !self.reaches(r.position)).copied().collect()
    }

    /// The slot of a key: one in which the node at hand has an item, or (`inherited` false) one that a sibling fills.
    fn find(&self, key: &str, inherited: bool) -> Option<usize> {
        let fits = |number: usize| {
            let slot = &self.slots[number];
            let renamed_elsewhere = slot.former.iter().find(|(_, by)| !self.reaches(*by));
            if renamed_elsewhere.map_or(slot.key, |(before, _)| *before) != Some(key) || self.claimed.contains(&number) {
                return false;
            }
            if !inherited {
                return slot.head.state != State::Dropped && !self.reaches(slot.head.position);
            }
            let stands = slot.head.state == State::Stands && self.reaches(slot.head.position);
            // A sibling may have replaced or removed what this node inherits all the same.
            let stood = self.lineage.is_some() && !self.reaches(slot.head.position) && slot.past.iter().any(|p| self.inherits(*p));
            let rival = slot.rivals.iter().any(|r| r.state == State::Stands && self.reaches(r.position));
            stands || stood || rival
        };
        if self.slots.len() < SEARCH_BY_HASH {
            return (0..self.slots.len()).find(|slot| fits(*slot));
        }
        self.keys.get(key)?.iter().copied().find(|slot| fits(*slot))
    }

    fn with_hash(&self, hash: u64) -> impl Iterator<Item = usize> {
        let few = self.slots.len() < SEARCH_BY_HASH;
        // Not even looked at where there are many: twenty thousand items without labels would take quadratic time.
        let all = if few { self.slots.as_slice() } else { &[] };
        let one_by_one = all.iter().enumerate().filter(move |(_, s)| s.hash == hash).map(|(i, _)| i);
        let by_hash = self.hashes.get(&hash).filter(|_| !few).into_iter().flatten().copied().filter(move |s| self.slots[*s].hash == hash);
        one_by_one.chain(by_hash)
    }

    /// The key that an old key means now, for a node that inherits from the one that changed it.
    fn new_key(&self, key: &str) -> Option<String> {
        self.old_keys.iter().rev().find(|k| *k.old == *key && self.inherits(k.position)).map(|k| k.new.to_string())
    }

    fn push(&mut self, item: &'a Item, at: ItemRef) {
        let number = self.slots.len();
        let key = item.key();
        let head = Head { item: at, state: State::Stands, position: self.position, replaces: None };
        self.slots.push(Slot { key, former: Vec::new(), hash: item.hash, head, rivals: Vec::new(), past: Vec::new() });
        if number + 1 < SEARCH_BY_HASH {
            return;
        }
        let from = if number + 1 == SEARCH_BY_HASH { 0 } else { number };
        for i in from..self.slots.len() {
            if let Some(key) = self.slots[i].key {
                self.keys.entry(key).or_default().push(i);
            }
            self.hashes.entry(self.slots[i].hash).or_default().push(i);
        }
    }

    /// The section as it is now; none where nothing of it is left.
    pub fn finish(self, outcomes: &mut Vec<Outcome>) -> Option<EffectiveSection> {
        if self.nearest {
            return self.finish_whole(outcomes);
        }
        let last = self.position.saturating_sub(1);
        let key_of = |r: &Removed| self.handbook.item(r.item).1.key();
        let mut out = EffectiveSection { section: self.section, removed: self.removed_before, dropped: self.dropped, ..EffectiveSection::default() };
        out.old_keys = self.old_keys.into_iter().map(|k| (k.old, k.new)).collect();
        out.items.reserve_exact(self.slots.len());
        for slot in &self.slots {
            let mut head = slot.head;
            for rival in &slot.rivals {
                if !same(self.handbook, &head, rival) {
                    outcomes.push(Outcome { item: rival.item_shown(), kind: OutcomeKind::Rivals { role: self.role, other: head.item_shown() } });
                }
                head = *rival;
            }
            match head.state {
                State::Stands => {
                    let replaces = head.replaces.filter(|_| head.position == last);
                    out.items.push(EffectiveItem { item: head.item, replaces });
                }
                State::Removed(by) => {
                    // It may have been removed before, and written anew in between: what counts is said once.
                    out.removed.retain(|earlier| slot.key.is_none() || key_of(earlier) != slot.key);
                    out.removed.push(Removed { item: head.item, by });
                }
                State::Dropped => {}
            }
        }
        if !out.removed.is_empty() || !out.dropped.is_empty() {
            let stands = |slot: &&Slot<'_>| slot.rivals.last().unwrap_or(&slot.head).state == State::Stands;
            let back: HashSet<&str> = self.slots.iter().filter(stands).filter_map(|slot| slot.key).collect();
            out.removed.retain(|r| key_of(r).is_none_or(|k| !back.contains(k)));
            out.dropped.retain(|item| self.handbook.item(*item).1.key().is_none_or(|k| !back.contains(k)));
        }
        out.removed.sort_unstable_by(|a, b| (key_of(a), a.item, a.by).cmp(&(key_of(b), b.item, b.by)));
        (!out.items.is_empty() || !out.removed.is_empty()).then_some(out)
    }

    fn finish_whole(self, outcomes: &mut Vec<Outcome>) -> Option<EffectiveSection> {
        let handbook = self.handbook;
        let items_of = |node: Node| {
            let items = node.document(handbook).section_items(node.node as usize, self.section);
            items.filter(|(_, i)| !i.removes).map(move |(item, i)| (ItemRef { document: node.document, item }, i.hash))
        };
        for [(_, first), (_, second)] in self.whole.array_windows() {
            let (a, b): (Vec<_>, Vec<_>) = (items_of(*first).collect(), items_of(*second).collect());
            if a.iter().map(|i| i.1).ne(b.iter().map(|i| i.1)) && !a.is_empty() && !b.is_empty() {
                outcomes.push(Outcome { item: b[0].0, kind: OutcomeKind::Rivals { role: self.role, other: a[0].0 } });
            }
        }
        let items: Vec<EffectiveItem> = match self.whole.last() {
            Some((_, node)) => items_of(*node).map(|(item, _)| EffectiveItem { item, replaces: None }).collect(),
            None => self.whole_before?,
        };
        (!items.is_empty()).then_some(EffectiveSection { section: self.section, items, ..EffectiveSection::default() })
    }
}

impl Head {
    /// The item that says what stands here: itself, or the removal.
    fn item_shown(&self) -> ItemRef {
        match self.state {
            State::Removed(by) => by,
            State::Stands | State::Dropped => self.item,
        }
    }
}

fn same(handbook: &Handbook, a: &Head, b: &Head) -> bool {
    match (a.state, b.state) {
        (State::Stands, State::Stands) => same_text(handbook.item(a.item), handbook.item(b.item)),
        (State::Stands, _) | (_, State::Stands) => false,
        _ => true,
    }
}
