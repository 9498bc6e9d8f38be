//! Two handbooks in, the families, departments and pages out whose own words differ: words that no role shows.

use std::collections::HashSet;

use super::compare::{Side, Sides};
use super::prose::plain;
use crate::parse::{Document, DocumentKind, FamilyFront, Flow};

/// Their ids, in the order of the files; those that are gone come last.
pub fn outside(sides: &Sides<'_>) -> Vec<String> {
    let (before, after) = (sides.base.handbook, sides.head.handbook);
    let mut origin: Vec<Option<usize>> = vec![None; after.documents.len()];
    let mut gone = Vec::new();
    for (number, document) in before.documents.iter().enumerate() {
        let now = sides.same[number].map(|now| now as usize).or_else(|| sides.identity.document(before, after, number));
        match now {
            Some(now) => origin[now] = Some(number),
            None if is_page(document) => gone.push(name(&sides.base, number)),
            None => {}
        }
    }
    // Of what could not be read nobody knows what it said.
    let unread: HashSet<&str> = before.broken.iter().map(|(id, _)| id.as_str()).collect();
    let differs = |(number, was): (usize, &Option<usize>)| {
        let document = &after.documents[number];
        let differs = match was {
            _ if unread.contains(after.ids[number].as_str()) => false,
            Some(was) if sides.same[*was] == Some(number as u32) => false,
            Some(was) => own_words(&before.documents[*was]) != own_words(document),
            None => is_page(document),
        };
        differs.then(|| name(&sides.head, number))
    };
    origin.iter().enumerate().filter_map(differs).chain(gone).collect()
}

/// New and removed families are told as such.
fn is_page(document: &Document) -> bool {
    matches!(document.kind, DocumentKind::Page(_) | DocumentKind::Index(_))
}

fn name(side: &Side<'_>, number: usize) -> String {
    let id = &side.handbook.ids[number];
    if id.is_empty() { side.handbook.documents[number].file().to_string() } else { id.clone() }
}

/// What a document says that is no role's: of a family title, description, and prose of the family and its tracks.
fn own_words(document: &Document) -> Vec<String> {
    match &document.kind {
        DocumentKind::Family(front) => of_family(document, front),
        DocumentKind::Page(front) | DocumentKind::Index(front) => {
            vec![front.title.clone().unwrap_or_default(), front.description.clone(), plain(&document.text()[document.body..])]
        }
        DocumentKind::Block(_) | DocumentKind::Broken { .. } => Vec::new(),
    }
}

fn of_family(document: &Document, front: &FamilyFront) -> Vec<String> {
    let mut out = vec![front.title.clone(), front.description.clone()];
    for content in document.nodes.iter().take(front.role_node(0)) {
        for piece in &content.prose {
            out.extend(piece.heading.as_ref().map(|h| h.text.to_string()));
            out.push(plain(piece.written.markdown(document.text())));
        }
        for flow in content.sections.iter().flat_map(|section| &section.flow) {
            match flow {
                Flow::Prose(span) => out.push(plain(&document.text()[span.clone()])),
                Flow::SubHeading { text, .. } => out.push(text.to_string()),
                Flow::Items(_) => {}
            }
        }
    }
    out
}
