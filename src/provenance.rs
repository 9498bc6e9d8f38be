//! What there is to say of an item of an effective role: its key, where it was written, and whether it is own.

use crate::model::{Handbook, RoleId};
use crate::parse::{Document, NodeKind};
use crate::resolve::order::Node;
use crate::resolve::{EffectiveItem, ItemRef};

/// Whether an item is the role's own, seen from this role (of a composition: from the specialty).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Written here.
    Own,
    /// Written above.
    Inherited,
    /// Written here in place of an inherited one.
    Replaces,
}

impl Status {
    /// The word in exports and templates.
    pub fn word(self) -> &'static str {
        match self {
            Status::Own => "own",
            Status::Inherited => "inherited",
            Status::Replaces => "replaces",
        }
    }
}

/// The status of an item as seen from `here`.
pub fn status(handbook: &Handbook, item: &EffectiveItem, here: Node) -> Status {
    match (node_of(handbook, item.item) == here, item.replaces) {
        (false, _) => Status::Inherited,
        (true, None) => Status::Own,
        (true, Some(_)) => Status::Replaces,
    }
}

/// The node that wrote an item.
pub fn node_of(handbook: &Handbook, item: ItemRef) -> Node {
    Node { document: item.document, node: handbook.item(item).1.node }
}

/// The node of a role, or of the specialty laid over it.
pub fn node_here(handbook: &Handbook, role: RoleId, specialty: Option<usize>) -> Node {
    let family = handbook.roles[role].family;
    let node = specialty.map_or_else(|| handbook.role_node(role), |s| handbook.front(family).specialty_node(s));
    Node::of_family(handbook, family, node)
}

/// The id of a node: `department/family`, `department/family/role`, `department/family#track`,
/// `department/family+specialty`, `_shared/name`.
pub fn node_id(handbook: &Handbook, node: Node) -> String {
    let document = node.document(handbook);
    let id = handbook.ids[node.document as usize].clone();
    let Some(front) = document.family() else { return id };
    match front.node_kind(node.node as usize) {
        NodeKind::Family => id,
        NodeKind::Track(i) => format!("{id}#{}", front.tracks[i].id),
        NodeKind::Role(i) => format!("{id}/{}", front.roles[i].id),
        NodeKind::Specialty(i) => format!("{id}+{}", front.specialties[i].id),
    }
}

/// The line (from 1) on which an item is written.
pub fn line_of(document: &Document, item: &crate::parse::Item) -> usize {
    document.line(item.start())
}
