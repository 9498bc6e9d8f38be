//! `nearly-restated`: an item of a role, or of a specialty, says nearly the same as one that it inherits under no label or
//! another one, so that the role has both.

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::parse::items::first_line;
use crate::parse::{Document, Item};
use crate::resolve::{EffectiveItem, ItemRef};

/// Shorter items are alike by chance.
const FEWEST_WORDS: usize = 6;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    let document = handbook.document_of(subject.family);
    let number = handbook.families[subject.family].document as u32;
    let wanted = handbook.config.lints.restated_similarity;
    for role in handbook.roles_of(subject.family) {
        let node = handbook.role_node(role);
        let effective = &subject.resolution.roles[role];
        for section in effective.sections.iter().filter(|s| document.section(node, s.section).is_some()) {
            let is_own = |at: ItemRef| at.document == number && handbook.item(at).1.node as usize == node;
            let (own, inherited): (Vec<&EffectiveItem>, Vec<&EffectiveItem>) = section.items.iter().partition(|i| is_own(i.item));
            for item in own.into_iter().filter(|i| i.replaces.is_none()) {
                let words = subject.texts.of_item(item.item);
                if words.len() < FEWEST_WORDS {
                    continue;
                }
                let Some(other) = inherited.iter().find(|o| words.is_alike(subject.texts.of_item(o.item), wanted)) else { continue };
                findings.push(restated(document, handbook.item(item.item).1, handbook.item(other.item), &handbook.role_front(role).title));
            }
        }
    }
    let front = handbook.front(subject.family);
    for (i, specialty) in handbook.families[subject.family].specialties.iter().enumerate() {
        let node = front.specialty_node(i);
        for section in &document.nodes[node].sections {
            for (at, item) in document.section_items(node, section.section) {
                let words = subject.texts.of_item(ItemRef { document: number, item: at });
                if item.removes || words.len() < FEWEST_WORDS {
                    continue;
                }
                let in_role = |role: &usize| {
                    let items = &subject.resolution.roles[*role].section(section.section)?.items;
                    let written = |o: &EffectiveItem| handbook.item(o.item).1;
                    // What replaces an item, or is its copy, does not stand beside it.
                    if items.iter().any(|o| item.key().is_some() && written(o).key() == item.key() || written(o).hash == item.hash) {
                        return None;
                    }
                    items.iter().find(|o| words.is_alike(subject.texts.of_item(o.item), wanted)).map(|o| (*role, o.item))
                };
                if let Some((role, other)) = specialty.roles.iter().find_map(in_role) {
                    let both = format!("{}, {}", handbook.role_front(role).title, front.specialties[i].title);
                    findings.push(restated(document, item, handbook.item(other), &both));
                }
            }
        }
    }
}

fn restated(document: &Document, item: &Item, (other_document, other): (&Document, &Item), both: &str) -> Diagnostic {
    let help = match other.label() {
        Some(label) => format!("begin it with `**{label}.**` to replace the inherited item, or delete it"),
        None => "give both the same label, such as `**Label.**`, so that this one replaces the other; or delete it".to_owned(),
    };
    Diagnostic::warning(
        "nearly-restated",
        document.place(first_line(document.text(), item.span())),
        format!("this item says nearly the same as an inherited one, and {both} has both"),
    )
    .help(help)
    .related(other_document.place(first_line(other_document.text(), other.span())), "the inherited item")
}
