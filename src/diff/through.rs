//! A change of an effective role in, the nodes whose edit brings it about out.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::compare::{Side, Sides};
use super::effect::Wording;
use crate::model::{Handbook, RoleId};
use crate::parse::{Item, NodeKind};
use crate::provenance::node_id;
use crate::resolve::order::{Node, Order, base_of};

/// The nodes of both handbooks by their id in the head's terms, made when first asked for.
#[derive(Debug, Default)]
pub struct Nodes {
    base: OnceLock<HashMap<String, Node>>,
    head: OnceLock<HashMap<String, Node>>,
    /// Whether every node has the same place in both, so that none need be looked up by its id. Half of the time of a
    /// history was spent on the two tables.
    are_alike: bool,
}

impl Nodes {
    /// Those of handbooks in which every node has the same place.
    pub fn alike() -> Nodes {
        Nodes { are_alike: true, ..Nodes::default() }
    }

    fn base(&self, sides: &Sides<'_>) -> &HashMap<String, Node> {
        self.base.get_or_init(|| all(sides.base.handbook, &|node| sides.identity.node_id(sides.base.handbook, sides.head.handbook, node)))
    }

    fn head(&self, sides: &Sides<'_>) -> &HashMap<String, Node> {
        self.head.get_or_init(|| all(sides.head.handbook, &|node| node_id(sides.head.handbook, node)))
    }
}

fn all(handbook: &Handbook, id: &dyn Fn(Node) -> String) -> HashMap<String, Node> {
    let nodes = handbook.documents.iter().enumerate().flat_map(|(document, d)| {
        let count = d.nodes.len() as u32;
        (0..count).map(move |node| Node { document: document as u32, node })
    });
    nodes.map(|node| (id(node), node)).collect()
}

/// One node in both handbooks.
struct Seen {
    id: String,
    base: Option<Node>,
    head: Option<Node>,
}

/// A role's nodes, before and after, in the order of the fold.
pub struct Chain {
    nodes: Vec<Seen>,
    /// Whether other base blocks count for the role than before.
    other_blocks: bool,
}

/// Which role of each side is meant, and with which specialty.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// The role before.
    pub base: RoleId,
    /// The role after.
    pub head: RoleId,
    /// The specialty before and after.
    pub specialty: Option<(usize, usize)>,
}

impl Chain {
    /// The chain of a role, or of a composition: all nodes that it had or has.
    pub fn of(sides: &Sides<'_>, pair: Pair) -> Chain {
        let (before, after) = (sides.base.handbook, sides.head.handbook);
        let chain = |handbook: &Handbook, role: RoleId, specialty: Option<usize>| {
            let mut nodes = Order::of(handbook, role, specialty, None).nodes;
            let family = handbook.roles[role].family;
            nodes.extend(specialty.map(|s| Node::of_family(handbook, family, handbook.front(family).specialty_node(s))));
            nodes
        };
        let head_nodes = chain(after, pair.head, pair.specialty.map(|s| s.1));
        let base_nodes = chain(before, pair.base, pair.specialty.map(|s| s.0));
        let nodes = if sides.nodes.are_alike { in_one_place(after, head_nodes, base_nodes) } else { by_id(sides, head_nodes, base_nodes) };
        let block = |handbook: &Handbook, shared: usize| handbook.ids[handbook.shared[shared].document].clone();
        let blocks =
            |handbook: &Handbook, role, specialty| base_of(handbook, role, specialty).into_iter().map(|s| block(handbook, s)).collect::<Vec<_>>();
        let other_blocks = blocks(before, pair.base, pair.specialty.map(|s| s.0)) != blocks(after, pair.head, pair.specialty.map(|s| s.1));
        Chain { nodes, other_blocks }
    }

    /// The ids of the nodes whose edit makes one item differ: those that write it otherwise, or else those whose place
    /// among the others changed.
    pub fn of_item(&self, sides: &Sides<'_>, section: &str, before: Option<&Wording>, after: Option<&Wording>) -> Vec<String> {
        let wanted = Wanted::of(before, after);
        let edited = |seen: &&Seen| written(&sides.base, seen.base, section, &wanted) != written(&sides.head, seen.head, section, &wanted);
        self.or_structure(sides, self.nodes.iter().filter(edited).map(|s| s.id.clone()).collect())
    }

    /// The ids of the nodes whose edit makes the order differ.
    pub fn of_order(&self, sides: &Sides<'_>, section: &str) -> Vec<String> {
        let edited = |seen: &&Seen| order(&sides.base, seen.base, section) != order(&sides.head, seen.head, section);
        self.or_structure(sides, self.nodes.iter().filter(edited).map(|s| s.id.clone()).collect())
    }

    fn or_structure(&self, sides: &Sides<'_>, found: Vec<String>) -> Vec<String> {
        if !found.is_empty() {
            return found;
        }
        let moved = |seen: &&Seen| relations(sides, seen.base, true) != relations(sides, seen.head, false);
        let found: Vec<String> = self.nodes.iter().filter(moved).map(|s| s.id.clone()).collect();
        if found.is_empty() && self.other_blocks { vec![sides.head.handbook.config.file.to_string()] } else { found }
    }
}

/// The nodes of both chains, where each has the same place in both handbooks.
fn in_one_place(handbook: &Handbook, head: Vec<Node>, base: Vec<Node>) -> Vec<Seen> {
    let mut all = head;
    for node in base {
        if !all.contains(&node) {
            all.push(node);
        }
    }
    all.into_iter().map(|node| Seen { id: node_id(handbook, node), base: Some(node), head: Some(node) }).collect()
}

/// The nodes of both chains, each with the one of the same id in the other handbook.
fn by_id(sides: &Sides<'_>, head: Vec<Node>, base: Vec<Node>) -> Vec<Seen> {
    let (before, after) = (sides.base.handbook, sides.head.handbook);
    let (base_index, head_index) = (sides.nodes.base(sides), sides.nodes.head(sides));
    let mut ids: Vec<String> = head.into_iter().map(|n| node_id(after, n)).collect();
    for node in base {
        let id = sides.identity.node_id(before, after, node);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.into_iter().map(|id| Seen { base: base_index.get(&id).copied(), head: head_index.get(&id).copied(), id }).collect()
}

/// What tells the item: its keys and its words.
struct Wanted<'a> {
    keys: Vec<&'a str>,
    texts: Vec<&'a str>,
}

impl<'a> Wanted<'a> {
    fn of(before: Option<&'a Wording>, after: Option<&'a Wording>) -> Wanted<'a> {
        let both: Vec<&Wording> = before.into_iter().chain(after).collect();
        Wanted { keys: both.iter().filter(|w| w.stable).map(|w| w.key.as_str()).collect(), texts: both.iter().map(|w| w.text.as_str()).collect() }
    }

    fn is(&self, side: &Side<'_>, document: usize, item: &Item) -> bool {
        let named = |key: &str| self.keys.contains(&key);
        match &item.keyed {
            Some(keyed) => named(&keyed.key) || keyed.was.as_deref().is_some_and(named),
            None => {
                let document = &side.handbook.documents[document];
                self.texts.contains(&crate::parse::keys::text(document, item).as_str())
            }
        }
    }
}

/// What a node writes about an item: whether instead of all, and each text with whether it removes.
type Entry = (String, bool, Option<String>);

fn written(side: &Side<'_>, node: Option<Node>, section: &str, wanted: &Wanted<'_>) -> (bool, Vec<Entry>) {
    let Some((node, section)) = node.zip(side.handbook.config.section(section)) else { return (false, Vec::new()) };
    let document = node.document(side.handbook);
    let instead = document.section(node.node as usize, section).is_some_and(|s| s.instead);
    let items = document.section_items(node.node as usize, section).map(|(_, item)| item);
    let items = items.filter(|item| wanted.is(side, node.document as usize, item));
    let entry = |item: &Item| {
        let was = item.keyed.as_ref().and_then(|k| k.was.as_deref().map(str::to_owned));
        (super::wording::normal(document, item.markdown(document.text())), item.removes, was)
    };
    (instead, items.map(entry).collect())
}

fn order(side: &Side<'_>, node: Option<Node>, section: &str) -> Vec<String> {
    let Some((node, section)) = node.zip(side.handbook.config.section(section)) else { return Vec::new() };
    let document = node.document(side.handbook);
    let name = |item: &Item| item.key().map_or_else(|| crate::parse::keys::text(document, item), str::to_owned);
    document.section_items(node.node as usize, section).map(|(_, item)| name(item)).collect()
}

/// What a node says about its place: what a role extends and its track, which roles a specialty fits.
fn relations(sides: &Sides<'_>, node: Option<Node>, is_base: bool) -> Vec<String> {
    let (before, after) = (sides.base.handbook, sides.head.handbook);
    let handbook = if is_base { before } else { after };
    let Some(node) = node else { return Vec::new() };
    let Ok(family) = handbook.families.binary_search_by_key(&(node.document as usize), |f| f.document) else { return Vec::new() };
    let id = |role: RoleId| if is_base { sides.identity.role_id(before, after, role) } else { after.role_id(role) };
    match handbook.front(family).node_kind(node.node as usize) {
        NodeKind::Role(i) => {
            let role = handbook.families[family].first_role + i;
            let only =
                |only: &Option<Vec<usize>>| only.iter().flatten().map(|s| handbook.config.sections[*s].id.clone()).collect::<Vec<_>>().join(",");
            let parents = handbook.roles[role].parents.iter().map(|p| format!("{} {}", id(p.role), only(&p.only)));
            parents.chain([handbook.track_id(role).to_owned()]).collect()
        }
        NodeKind::Specialty(i) => handbook.families[family].specialties[i].roles.iter().map(|r| id(*r)).collect(),
        NodeKind::Family | NodeKind::Track(_) => Vec::new(),
    }
}
