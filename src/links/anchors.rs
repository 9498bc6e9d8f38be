//! The anchors that a page has, and which of them are a draft's.

use super::{Links, Page};
use crate::model::{Handbook, RoleId};
use crate::parse::{Document, DocumentKind, NodeKind, Status};
use crate::resolve::compose;

fn node_id(document: &Document, node: usize) -> Option<&str> {
    let front = document.family()?;
    match front.node_kind(node) {
        NodeKind::Family => None,
        NodeKind::Track(i) => Some(&front.tracks[i].id),
        NodeKind::Role(i) => Some(&front.roles[i].id),
        NodeKind::Specialty(i) => Some(&front.specialties[i].id),
    }
}

/// The anchor of a section on the family's page: `node.section`, or `section` for what all roles share.
pub fn section_anchor(document: &Document, node: usize, section_id: &str) -> String {
    match node_id(document, node) {
        Some(id) => format!("{id}.{section_id}"),
        None => section_id.to_owned(),
    }
}

pub(super) fn document_has_anchor(handbook: &Handbook, document: &Document, anchor: &str) -> bool {
    document.anchors.iter().any(|a| **a == *anchor)
        || (!matches!(document.kind, DocumentKind::Page(_) | DocumentKind::Index(_)) && node_has_anchor(handbook, document, anchor))
}

/// Whether an anchor is that of a node, of a list section or of an item. The items' keys are made only where the section's own
/// anchor fits, for that is most of the work: a tenth of a build of the example went into it.
fn node_has_anchor(handbook: &Handbook, document: &Document, anchor: &str) -> bool {
    document.nodes.iter().enumerate().any(|(node, content)| {
        node_id(document, node) == Some(anchor)
            || content.sections.iter().any(|section| {
                let of_section = section_anchor(document, node, &handbook.config.sections[section.section].id);
                anchor.starts_with(&of_section) && anchors_of_section(document, node, section.section, of_section).iter().any(|a| a == anchor)
            })
    })
}

/// Whether an anchor is that of a shared block, or of a heading in it, that the page of a family or role shows.
fn block_has_anchor(handbook: &Handbook, family: usize, role: Option<RoleId>, specialty: Option<&str>, anchor: &str) -> bool {
    handbook.shared.iter().any(|shared| {
        let entry = &handbook.config.shared[shared.entry];
        let counts = || match role {
            Some(role) => handbook.counts_for(entry, role, specialty),
            None => handbook.roles_of(family).any(|r| handbook.counts_for(entry, r, None)),
        };
        let has = || entry.block == anchor || handbook.documents[shared.document].anchors.iter().any(|a| **a == *anchor);
        !entry.base && has() && counts()
    })
}

pub(super) fn anchors_of_document(handbook: &Handbook, document: &Document) -> Vec<String> {
    let mut all: Vec<String> = document.anchors.iter().map(|a| a.to_string()).collect();
    for (node, content) in document.nodes.iter().enumerate() {
        all.extend(node_id(document, node).map(str::to_owned));
        for section in &content.sections {
            let anchor = section_anchor(document, node, &handbook.config.sections[section.section].id);
            all.extend(anchors_of_section(document, node, section.section, anchor));
        }
    }
    all
}

/// The anchors of the items of a list section, and its own.
fn anchors_of_section(document: &Document, node: usize, section: usize, anchor: String) -> Vec<String> {
    let items: Vec<_> = document.section_items(node, section).map(|(_, item)| (document, item)).collect();
    let old = items.iter().filter_map(|(_, item)| item.keyed.as_ref()?.was.as_deref());
    let keys = crate::parse::keys::keys(&items);
    let mut all: Vec<String> = keys.iter().map(|key| &**key).chain(old).map(|key| format!("{anchor}.{key}")).collect();
    all.push(anchor);
    all
}

fn role_has_anchor(handbook: &Handbook, role: RoleId, effective: &crate::resolve::Effective, specialty: Option<usize>, anchor: &str) -> bool {
    anchors_of_role(handbook, role, effective, specialty).iter().any(|a| a == anchor)
}

pub(super) fn anchors_of_role(handbook: &Handbook, role: RoleId, effective: &crate::resolve::Effective, specialty: Option<usize>) -> Vec<String> {
    let mut all = Vec::new();
    for section in &effective.sections {
        let id = &handbook.config.sections[section.section].id;
        let items: Vec<_> = section.items.iter().map(|i| handbook.item(i.item)).collect();
        all.push(id.clone());
        all.extend(
            crate::parse::keys::keys(&items)
                .into_iter()
                .chain(section.old_keys.iter().map(|(old, _)| std::borrow::Cow::Borrowed(&**old)))
                .map(|key| format!("{id}.{key}")),
        );
    }
    let family = handbook.roles[role].family;
    let document = handbook.document_of(family);
    let nodes = [Some(handbook.role_node(role)), specialty.map(|s| handbook.front(family).specialty_node(s))];
    for prose in nodes.into_iter().flatten().flat_map(|n| &document.nodes[n].prose) {
        let anchors = prose.heading.iter().flat_map(|h| h.anchors.clone());
        all.extend(anchors.map(|a| document.anchors[a as usize].to_string()));
    }
    all.extend(effective.prose.iter().map(|p| handbook.config.sections[p.section].id.clone()));
    all
}

impl Links<'_> {
    pub(super) fn has_anchor(&self, page: Page, anchor: &str) -> bool {
        match page {
            Page::Bare => false,
            Page::Document(document) => {
                let written = &self.handbook.documents[document];
                let of_block = || {
                    let family = self.handbook.families.iter().position(|f| f.document == document);
                    family.is_some_and(|f| block_has_anchor(self.handbook, f, None, None, anchor))
                };
                (document_has_anchor(self.handbook, written, anchor) && !self.is_of_draft(written, anchor)) || of_block()
            }
            Page::Role(role) | Page::Level(role) => {
                role_has_anchor(self.handbook, role, &self.resolution.roles[role], None, anchor)
                    || block_has_anchor(self.handbook, self.handbook.roles[role].family, Some(role), None, anchor)
            }
            Page::Composition(role, specialty) => {
                let family = self.handbook.roles[role].family;
                let id = &self.handbook.specialty_front(family, specialty).id;
                let composed = compose(self.handbook, role, &self.resolution.roles[role], specialty);
                role_has_anchor(self.handbook, role, &composed, Some(specialty), anchor)
                    || block_has_anchor(self.handbook, family, Some(role), Some(id), anchor)
            }
        }
    }

    /// Whether an anchor is that of a draft, to which a link leads by way of its family while it has no page.
    pub(super) fn is_at_draft(&self, page: Page, anchor: &str) -> bool {
        let Page::Document(document) = page else { return false };
        let written = &self.handbook.documents[document];
        self.is_of_draft(written, anchor) && document_has_anchor(self.handbook, written, anchor)
    }

    /// Whether an anchor of a family's page is that of a draft, or of a heading in it, which are not on it.
    fn is_of_draft(&self, document: &Document, anchor: &str) -> bool {
        let Some(front) = document.family().filter(|f| !self.drafts && f.roles.iter().any(|r| r.status == Status::Draft)) else { return false };
        let first = anchor.split('.').next().unwrap_or(anchor);
        front.roles.iter().enumerate().filter(|(_, role)| role.status == Status::Draft).any(|(i, role)| {
            let node = &document.nodes[front.role_node(i)];
            let of_prose = node.prose.iter().filter_map(|p| p.heading.as_ref()).flat_map(|h| h.anchors.clone());
            let mut numbers = node.anchors.iter().copied().chain(of_prose).chain(node.sections.iter().flat_map(|s| s.anchors.clone()));
            role.id == first || numbers.any(|n| *document.anchors[n as usize] == *anchor)
        })
    }
}
