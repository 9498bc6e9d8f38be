//! What came of items in the folds of roles, as findings for those who wrote them: each once, however many roles it concerns.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::ItemRef;
use super::copies;
use crate::config::Inherit;
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::model::{Handbook, RoleId};
use crate::parse::items::first_line;
use crate::parse::{Item, NodeKind};

/// What came of an item, as far as its author must be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The item.
    pub(super) item: ItemRef,
    /// What came of it.
    pub(super) kind: OutcomeKind,
}

/// What can come of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OutcomeKind {
    /// A removal or a copy that was of use; outweighs what it was elsewhere.
    Used,
    /// It removes nothing; the keys that it could have meant.
    RemovedNothing(Vec<String>),
    /// It removes one of the steps that are inherited whole.
    RemovedStep,
    /// It is an exact copy of this one.
    Restated(ItemRef),
    /// It calls an item by the key that it had before.
    OldKey { old: String, new: String },
    /// It renames an inherited item to the key of this one, which is inherited as well.
    TakesTwo(ItemRef),
    /// It replaces or removes this one, of which the label has other signs.
    OtherSigns(ItemRef),
    /// Its node calls the same item by another name already.
    Again(ItemRef),
    /// Two parents of the role differ.
    Rivals { role: RoleId, other: ItemRef },
}

impl Outcome {
    /// Whether two parents differ.
    pub fn is_rivalry(&self) -> bool {
        matches!(self.kind, OutcomeKind::Rivals { .. })
    }

    /// Whether it says that a removal removes nothing, which nobody knows while a parent is not known.
    pub fn is_removed_nothing(&self) -> bool {
        matches!(self.kind, OutcomeKind::RemovedNothing(_))
    }

    /// Whether it says that two parents of the role differ, and one of them extends what nobody knows: that may be the other.
    pub(super) fn rests_on_unknown(&self, handbook: &Handbook, role: RoleId) -> bool {
        let OutcomeKind::Rivals { other, .. } = self.kind else { return false };
        let brings = |p: &RoleId| [self.item, other].iter().any(|at| stands_above(handbook, *p, *at));
        handbook.roles[role].parents.iter().map(|p| p.role).filter(brings).any(|p| above(handbook, p).iter().any(|r| handbook.roles[*r].unresolved))
    }

    /// Whether the item was written on the role itself, or is about it.
    pub fn is_of_role(&self, handbook: &Handbook, role: RoleId) -> bool {
        let (_, item) = handbook.item(self.item);
        let own =
            self.item.document as usize == handbook.families[handbook.roles[role].family].document && item.node as usize == handbook.role_node(role);
        own || matches!(self.kind, OutcomeKind::Rivals { .. })
    }
}

/// Tells authors what came of their items. On a node that several roles share, a removal or copy is told only where it
/// was of no use in any of them; what is wrong between two parents is told once, at the role where they meet.
pub fn findings(handbook: &Handbook, outcomes: Vec<Outcome>) -> Vec<Diagnostic> {
    let used: HashSet<ItemRef, FixedState> = outcomes.iter().filter(|o| o.kind == OutcomeKind::Used).map(|o| o.item).collect();
    let mut told: HashSet<(ItemRef, std::mem::Discriminant<OutcomeKind>), FixedState> = HashSet::default();
    let mut rivals: HashSet<(RoleId, ItemRef), FixedState> = HashSet::default();
    let mut findings = Vec::new();
    let mut copied = Vec::new();
    for outcome in outcomes.into_iter().filter(|o| o.kind != OutcomeKind::Used) {
        let first = told.insert((outcome.item, std::mem::discriminant(&outcome.kind)));
        match outcome.kind {
            OutcomeKind::RemovedNothing(keys) if first && !used.contains(&outcome.item) => {
                findings.push(removed_nothing(handbook, outcome.item, &keys))
            }
            OutcomeKind::RemovedStep if first => findings.push(removed_step(handbook, outcome.item)),
            OutcomeKind::Restated(other) if first && !used.contains(&outcome.item) => {
                copied.push((findings.len(), outcome.item));
                findings.push(restated(handbook, outcome.item, other));
            }
            OutcomeKind::OldKey { old, new } if first => findings.push(old_key(handbook, outcome.item, &old, &new)),
            OutcomeKind::TakesTwo(other) if first => findings.push(takes_two(handbook, outcome.item, other)),
            OutcomeKind::OtherSigns(other) if first => findings.push(other_signs(handbook, outcome.item, other)),
            OutcomeKind::Again(other) if first => findings.push(called_twice(handbook, outcome.item, other)),
            OutcomeKind::Rivals { role, other } if rivals.insert((role, outcome.item)) => {
                findings.push(ambiguous(handbook, role, other, outcome.item))
            }
            _ => {}
        }
    }
    copies::mend(handbook, &mut findings, &copied);
    findings
}

fn name(item: &Item) -> String {
    item.label().or(item.key()).unwrap_or_default().to_owned()
}

fn removed_nothing(handbook: &Handbook, at: ItemRef, keys: &[String]) -> Diagnostic {
    let (document, item) = handbook.item(at);
    let help = if keys.is_empty() {
        "nothing that has a label is inherited in this section".to_owned()
    } else {
        format!("inherited here: {}", keys.join(", "))
    };
    let struck = item.label().and_then(|label| struck_label(label, keys));
    let help = match &struck {
        Some((label, _)) => format!("strike out the label alone, and write the reason behind it: `~~**{label}.**~~ reason`"),
        None => help,
    };
    let key = item.key().unwrap_or_default();
    Diagnostic::error(
        "remove-nothing",
        document.place(first_line(document.text(), item.span())),
        format!("`{}` is removed here, but is not inherited", name(item)),
    )
    .meant(struck.map(|(_, key)| key).or_else(|| ident::nearest(key, keys.iter().map(String::as_str))))
    .help(help)
    .of_part(item.node as usize, usize::from(item.section))
}

/// The inherited label with which words begin that were struck out as a whole, and its key.
fn struck_label<'a>(words: &'a str, keys: &'a [String]) -> Option<(&'a str, &'a str)> {
    // A label has one or two marks of its own: `Node.js`, `Why?`.
    let ends = words.match_indices(['.', ':', '?', '!']).filter(|(at, mark)| words[at + mark.len()..].starts_with(' ')).take(3);
    ends.map(|(at, _)| &words[..at]).find_map(|label| {
        let key = ident::slug(label);
        keys.iter().find(|known| **known == key).map(|known| (label, known.as_str()))
    })
}

fn removed_step(handbook: &Handbook, at: ItemRef) -> Diagnostic {
    let (document, item) = handbook.item(at);
    let section = &handbook.config.sections[item.section as usize].title;
    Diagnostic::error(
        "remove-nothing",
        document.place(first_line(document.text(), item.span())),
        format!("`{}` cannot be taken out of {section}, which is inherited whole or not at all", name(item)),
    )
    .help("write all steps that count here, without this one")
}

fn restated(handbook: &Handbook, at: ItemRef, other: ItemRef) -> Diagnostic {
    let (document, item) = handbook.item(at);
    let (other_document, other_item) = handbook.item(other);
    Diagnostic::warning("restated", document.place(first_line(document.text(), item.span())), "this item is an exact copy of an inherited one")
        .help("delete it; it is inherited all the same")
        .related(other_document.place(first_line(other_document.text(), other_item.span())), format!("inherited from {}", node_name(handbook, other)))
}

fn old_key(handbook: &Handbook, at: ItemRef, old: &str, new: &str) -> Diagnostic {
    let (document, item) = handbook.item(at);
    let is_renamed = item.keyed.as_ref().and_then(|k| k.was.as_deref()) == Some(old);
    Diagnostic::warning(
        "old-key",
        document.place(first_line(document.text(), item.span())),
        format!("`{old}` is an old key; the item is called `{new}` now"),
    )
    .help(match (is_renamed, item.key()) {
        (true, Some(key)) => format!("write `{{#{key} was={new}}}`"),
        _ => format!("write the new label, or end the item with `{{#{new}}}`"),
    })
}

fn takes_two(handbook: &Handbook, at: ItemRef, other: ItemRef) -> Diagnostic {
    let (document, item) = handbook.item(at);
    let (other_document, other_item) = handbook.item(other);
    let key = item.key().unwrap_or_default();
    let was = item.keyed.as_ref().and_then(|k| k.was.as_deref()).unwrap_or_default();
    Diagnostic::warning(
        "rename-onto-another",
        document.place(first_line(document.text(), item.span())),
        format!("this item takes the place of two inherited ones: of `{was}`, which it renames, and of `{key}`"),
    )
    .help(format!("give it a key that is not inherited, or remove `{key}` and say why"))
    .related(other_document.place(first_line(other_document.text(), other_item.span())), format!("`{key}` from {}", node_name(handbook, other)))
}

fn other_signs(handbook: &Handbook, at: ItemRef, other: ItemRef) -> Diagnostic {
    let (document, item) = handbook.item(at);
    let (other_document, other_item) = handbook.item(other);
    let (label, other_label) = (name(item), name(other_item));
    let what = if item.removes { "removes" } else { "replaces" };
    Diagnostic::warning(
        "label-signs",
        document.place(first_line(document.text(), item.span())),
        format!("`{label}` {what} the inherited `{other_label}`, since both have the key `{}`", item.key().unwrap_or_default()),
    )
    .help("if they are one thing, write both labels alike; if not, end one of the two items with a key of its own, such as `{#cpp}`")
    .related(other_document.place(first_line(other_document.text(), other_item.span())), format!("inherited from {}", node_name(handbook, other)))
}

fn called_twice(handbook: &Handbook, at: ItemRef, other: ItemRef) -> Diagnostic {
    let (document, item) = handbook.item(at);
    let (other_document, other_item) = handbook.item(other);
    let key = other_item.key().unwrap_or_default();
    Diagnostic::error(
        "duplicate-key",
        document.place(first_line(document.text(), item.span())),
        format!("the item `{}` is written twice in this section", name(item)),
    )
    .label(format!("an old name of `{key}`"))
    .help("keep one of the two")
    .related(other_document.place(first_line(other_document.text(), other_item.span())), "the first one")
}

/// Two parents that differ, told at the role where they first meet.
fn ambiguous(handbook: &Handbook, mut role: RoleId, first: ItemRef, second: ItemRef) -> Diagnostic {
    let (from_first, from_second) = loop {
        let parents = &handbook.roles[role].parents;
        let from = |at: ItemRef| parents.iter().filter(|p| stands_above(handbook, p.role, at)).map(|p| p.role).collect::<Vec<_>>();
        let (from_first, from_second) = (from(first), from(second));
        match from_first.iter().find(|p| from_second.contains(p)) {
            Some(shared) => role = *shared,
            None => break (from_first, from_second),
        }
    };
    let front = handbook.role_front(role);
    let document = handbook.document_of(handbook.roles[role].family);
    let parents = &handbook.roles[role].parents;
    let entry = parents.iter().filter(|p| from_second.contains(&p.role)).map(|p| p.entry).max().unwrap_or(0);
    let span = front.extends.get(entry).map_or(front.span.clone(), |p| p.reference.span.clone());
    let title = |from: &[RoleId], at: ItemRef| from.first().map_or_else(|| node_name(handbook, at), |r| handbook.role_front(*r).title.clone());
    let (first_title, second_title) = (title(&from_first, first), title(&from_second, second));
    let (first_removes, second_removes) = (handbook.item(first).1.removes, handbook.item(second).1.removes);
    let section = &handbook.config.sections[handbook.item(second).1.section as usize];
    let kept = if second_removes { first } else { second };
    let what = if section.inherit == Inherit::Nearest { section.title.clone() } else { format!("`{}`", name(handbook.item(kept).1)) };
    let (message, help) = match (first_removes, second_removes) {
        (false, true) => (
            format!("{} inherits {what} from {first_title}, and {second_title} removes it", front.title),
            format!("write {what} of its own for {}, remove it there, too, or limit one `extends` with `only`", front.title),
        ),
        (true, false) => (
            format!("{} inherits {what} from {second_title}, and {first_title} removes it", front.title),
            format!("write {what} of its own for {}, remove it there, too, or limit one `extends` with `only`", front.title),
        ),
        _ => (
            format!("{} inherits two different texts for {what}", front.title),
            format!("write {what} of its own for {}, or limit one `extends` with `only`", front.title),
        ),
    };
    let from = |at: ItemRef, removes: bool| format!("{} {}", if removes { "removed by" } else { "from" }, node_name(handbook, at));
    let place = |at: ItemRef| {
        let (document, item) = handbook.item(at);
        document.place(first_line(document.text(), item.span()))
    };
    Diagnostic::error("ambiguous-inheritance", document.place(span), message)
        .of_part(handbook.role_node(role), usize::from(handbook.item(second).1.section))
        .help(help)
        .related(place(first), from(first, first_removes))
        .related(place(second), from(second, second_removes))
}

/// Whether the node that wrote an item is the role, or one that the role inherits from.
fn stands_above(handbook: &Handbook, role: RoleId, at: ItemRef) -> bool {
    let (_, item) = handbook.item(at);
    above(handbook, role).into_iter().any(|role| {
        let family = handbook.roles[role].family;
        if handbook.families[family].document != at.document as usize {
            return false;
        }
        let kind = handbook.front(family).node_kind(item.node as usize);
        let is_track = matches!(kind, NodeKind::Track(i) if handbook.front(family).tracks[i].id == handbook.track_id(role));
        kind == NodeKind::Family || is_track || item.node as usize == handbook.role_node(role)
    })
}

/// A role and all that it inherits from.
fn above(handbook: &Handbook, role: RoleId) -> HashSet<RoleId> {
    let mut seen = HashSet::from([role]);
    let mut work = vec![role];
    while let Some(role) = work.pop() {
        work.extend(handbook.roles[role].parents.iter().map(|p| p.role).filter(|p| seen.insert(*p)));
    }
    seen
}

/// What wrote an item, for people: the title of its role, specialty, track, family or block.
pub fn node_name(handbook: &Handbook, at: ItemRef) -> String {
    let (document, item) = handbook.item(at);
    let Some(front) = document.family() else {
        let name = document.file().trim_start_matches("content/_shared/").trim_end_matches(".md");
        return format!("the shared block {name}");
    };
    match front.node_kind(item.node as usize) {
        NodeKind::Family => format!("the family {}", front.title),
        NodeKind::Track(i) => format!("the track {} of {}", front.tracks[i].title, front.title),
        NodeKind::Role(i) => front.roles[i].title.clone(),
        NodeKind::Specialty(i) => format!("the specialty {}", front.specialties[i].title),
    }
}
