//! `label-near-miss`: the label of an item of a role, or of a specialty, is a letter or two off that of an inherited one, or
//! is not in the form of a label, and so replaces nothing.

mod opening;

use std::collections::HashMap;

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::ident::{self, letters};
use crate::parse::items::first_line;
use crate::parse::{Document, Item, ItemText};
use opening::{End, Opening};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    let document = handbook.document_of(subject.family);
    let number = handbook.families[subject.family].document as u32;
    for role in handbook.roles_of(subject.family) {
        let node = handbook.role_node(role);
        let effective = &subject.resolution.roles[role];
        for section in effective.sections.iter().filter(|s| document.section(node, s.section).is_some()) {
            let items: Vec<(&str, u64, bool, _)> = section
                .items
                .iter()
                .filter_map(|i| {
                    let (written, item) = handbook.item(i.item);
                    let own = i.item.document == number && item.node as usize == node;
                    // What replaces something already has found its label.
                    item.keyed.as_ref().filter(|k| k.label.is_some() && k.was.is_none() && i.replaces.is_none())?;
                    item.key().map(|key| (key, letters(key), own, (written, item)))
                })
                .collect();
            for (key, bits, _, (_, item)) in items.iter().filter(|(.., own, _)| *own) {
                if let Some((.., other)) = items.iter().find(|(k, b, own, _)| !own && is_near(key, *bits, k, *b)) {
                    findings.push(near_miss(document, item, *other));
                }
            }
            // What replaced something has found its old key.
            for own in section.items.iter().filter(|i| i.item.document == number && i.replaces.is_none()) {
                let item = handbook.item(own.item).1;
                let Some(old) = item.keyed.as_ref().and_then(|k| k.was.as_deref()).filter(|_| item.node as usize == node) else { continue };
                let mut others = section.items.iter().filter(|i| i.item != own.item).map(|i| handbook.item(i.item));
                if let Some((_, other)) = others.find(|(_, other)| other.key().is_some_and(|key| is_near(old, letters(old), key, letters(key)))) {
                    findings.push(near_key(document, item, old, other.key().unwrap_or_default()));
                }
            }
            let of_others =
                section.items.iter().map(|i| handbook.item(i.item)).filter(|(d, item)| !std::ptr::eq(*d, document) || item.node as usize != node);
            unlabelled((document, node, section.section), of_others, findings);
        }
    }
    let front = handbook.front(subject.family);
    for (i, specialty) in handbook.families[subject.family].specialties.iter().enumerate() {
        let node = front.specialty_node(i);
        for section in &document.nodes[node].sections {
            let inherited = || {
                let of_roles = specialty.roles.iter().filter_map(|role| subject.resolution.roles[*role].section(section.section));
                of_roles.flat_map(|s| &s.items).map(|i| handbook.item(i.item)).filter(|(_, item)| item.label().is_some())
            };
            for (_, item) in document.section_items(node, section.section) {
                let labelled = item.keyed.as_ref().filter(|k| k.label.is_some() && k.was.is_none() && !item.removes);
                // What replaces something in one of the roles has found its label.
                let Some(key) = labelled.map(|k| &*k.key).filter(|key| inherited().all(|(_, other)| other.key() != Some(key))) else { continue };
                let near = |other: &Item| other.key().is_some_and(|k| is_near(key, letters(key), k, letters(k)));
                if let Some(other) = inherited().find(|(_, other)| near(other)) {
                    findings.push(near_miss(document, item, other));
                }
            }
            unlabelled((document, node, section.section), inherited(), findings);
        }
    }
}

/// Tells the own items of a list that begin with the label of an inherited one, but not in the form of a label: `Budget: ...`.
fn unlabelled<'a>(
    (document, node, section): (&Document, usize, usize),
    inherited: impl Iterator<Item = (&'a Document, &'a Item)>,
    findings: &mut Vec<Diagnostic>,
) {
    let own = document.section_items(node, section).filter(|(_, item)| item.keyed.is_none() && !item.removes);
    let own: Vec<(&Item, Opening)> =
        own.map(|(_, item)| (item, opening::of(item.markdown(document.text())))).filter(|(_, o)| !o.ends.is_empty()).collect();
    if own.is_empty() {
        return;
    }
    let labels: HashMap<String, (&str, (&Document, &Item))> =
        inherited.filter_map(|(d, item)| item.label().map(|label| (ident::slug(label), (label, (d, item))))).collect();
    if labels.is_empty() {
        return;
    }
    for (item, opening) in own {
        let same = |end: &End| labels.get(&ident::slug(&end.words)).filter(|(label, _)| ident::signs(label).eq(ident::signs(&end.words))).copied();
        let Some((end, (label, other))) = opening.ends.iter().find_map(|end| Some((end, same(end)?))) else { continue };
        findings.push(not_a_label(document, item, &opening, end, label, other));
    }
}

fn not_a_label(
    document: &Document,
    item: &Item,
    opening: &Opening,
    end: &End,
    label: &str,
    (other_document, other): (&Document, &Item),
) -> Diagnostic {
    let (message, meant, help) = match opening {
        Opening { struck: true, .. } => (
            format!("this item strikes out the inherited label `{label}`, but not in the form that removes the item"),
            format!("~~**{label}.**~~"),
            "strike out the label alone, in bold, to remove the inherited item; if both are meant, begin this one with other words",
        ),
        Opening { marked: true, .. } => (
            format!("this item begins with the inherited label `{label}`, but not in the form of a label, and so replaces nothing"),
            format!("**{label}.**"),
            "write the label in bold, with its full stop, to replace the inherited item; if both are meant, begin this one with other words",
        ),
        _ => (
            format!("this item begins with the inherited label `{label}` without its bold marks, and so replaces nothing"),
            format!("**{label}.**"),
            "write the label in bold to replace the inherited item; if both are meant, begin this one with other words",
        ),
    };
    let finding = Diagnostic::warning("label-near-miss", document.place(first_line(document.text(), item.span())), message)
        .label(format!("did you mean `{meant}`?"))
        .help(help)
        .related(other_document.place(first_line(other_document.text(), other.span())), "the inherited item");
    match (&item.text, &end.sure) {
        (ItemText::Body { content, .. }, Some(at)) => {
            let start = *content as usize;
            finding.fix(format!("the label `{}` is in bold now", end.words), vec![(start + at.start..start + at.end, format!("**{}.**", end.words))])
        }
        _ => finding,
    }
}

fn near_miss(document: &Document, item: &Item, (other_document, other): (&Document, &Item)) -> Diagnostic {
    let label = other.label().unwrap_or_default();
    Diagnostic::warning(
        "label-near-miss",
        document.place(first_line(document.text(), item.span())),
        format!("the label `{}` is nearly the inherited `{label}`, but replaces nothing", item.label().unwrap_or_default()),
    )
    .label(format!("did you mean `{label}`?"))
    .help("write the label in the same way to replace the inherited item; if both are meant, make the two labels more different")
    .related(other_document.place(first_line(other_document.text(), other.span())), "the inherited item")
}

fn near_key(document: &Document, item: &Item, old: &str, key: &str) -> Diagnostic {
    Diagnostic::warning(
        "label-near-miss",
        document.place(first_line(document.text(), item.span())),
        format!("`was={old}` is nearly the key of the inherited `{key}`, but no inherited item has it, and this one replaces nothing"),
    )
    .label(format!("did you mean `was={key}`?"))
    .help("write the key of the item that had these words before; it stands behind `#` in the item's address")
}

/// One letter off from five letters on, two from nine; a digit more or less (`tier-1`, `tier-2`) is meant.
fn is_near(a: &str, a_bits: u64, b: &str, b_bits: u64) -> bool {
    let length = a.len().min(b.len());
    if a.len().abs_diff(b.len()) > 2 || length < 5 || (a_bits ^ b_bits).count_ones() > 4 || a == b {
        return false;
    }
    let digits = |key: &str| key.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    let distance = ident::distance(a, b);
    (distance == 1 || distance == 2 && length >= 9) && digits(a) == digits(b)
}

#[cfg(test)]
mod tests {
    use super::is_near;
    use crate::ident::letters;

    #[test]
    fn labels_are_near_by_a_letter_or_two() {
        let near = |a: &str, b: &str| is_near(a, letters(a), b, letters(b));
        assert!(near("problem-solving", "problem-solvng"));
        assert!(near("problem-solving", "problemsolving"));
        assert!(near("mentoring", "mentorign"));
        assert!(!near("code", "core"));
        assert!(!near("tier-1-work", "tier-2-work"));
        assert!(!near("hiring", "firings-x"));
    }
}
