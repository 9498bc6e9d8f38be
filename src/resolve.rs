//! RESOLVE: the related handbook in, effective roles out, every item with where it comes from.
//!
//! The fold (content model, section 6), later wins by key, every node once, ancestors first:
//!
//! ```text
//! site base blocks -> effective items of parents in other families -> own family -> own track
//!                  -> parents in the own family, farthest first -> the role -> the specialty
//! ```
//!
//! A role with one parent, of the same track and the same base blocks, is folded onto the parent's result, where that is
//! straight: no renames, one parent each, all the way up. Any other is folded node by node in the order that [`order`]
//! gives. Both give the same (a property test holds it); the first makes chains linear.

mod copies;
pub mod fold;
pub mod order;
pub mod outcome;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Inherit;
use crate::diagnostic::Diagnostic;
use crate::model::{Handbook, RoleId};
use crate::parse::{Document, Item, NodeKind};
use fold::Fold;
use order::{Node, Order};
use outcome::Outcome;

/// The most roles a family may have for its pages to be built.
pub const MAX_ROLES: usize = 500;
/// The most specialties a family may have for its pages to be built.
pub const MAX_SPECIALTIES: usize = 500;
/// The most pairs of a role and a specialty of one family: each is worked out, and has a page.
pub const MAX_PAIRS: usize = 10_000;
/// The most items a role may have, its own and inherited ones, for its page to be built.
pub const MAX_ITEMS: usize = 2_000;

/// An item by its document and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemRef {
    /// Number of the document.
    pub document: u32,
    /// Number of the item in it.
    pub item: u32,
}

/// An item of an effective role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectiveItem {
    /// The item.
    pub item: ItemRef,
    /// The inherited one in whose place it stands; only where this role (or, of a composition, the specialty) wrote it.
    pub replaces: Option<ItemRef>,
}

/// An item that is not inherited any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// The item that was there.
    pub item: ItemRef,
    /// The item that removes it; its text is the reason.
    pub by: ItemRef,
}

/// A list section of an effective role.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EffectiveSection {
    /// Number of the section in the vocabulary.
    pub section: usize,
    /// Its items, in order.
    pub items: Vec<EffectiveItem>,
    /// What was removed on the way.
    pub removed: Vec<Removed>,
    /// What the nearest node inherits and drops whole, because its own list takes the place of all of it.
    pub dropped: Vec<ItemRef>,
    /// Old keys that still lead to an item: old, new.
    pub old_keys: Vec<(Box<str>, Box<str>)>,
}

/// Prose of an effective role: a piece of prose of a node, by section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectiveProse {
    /// Number of the section.
    pub section: usize,
    /// The node that wrote it.
    pub node: Node,
}

/// A role (or a role with a specialty) with everything that it inherits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effective {
    /// Its list sections, in the order of the vocabulary; one that adds nothing to the parent's is the parent's.
    pub sections: Vec<Arc<EffectiveSection>>,
    /// Its prose sections that are inherited.
    pub prose: Vec<EffectiveProse>,
    /// Whether it went over a limit, or extends a role that did, so that nothing is known.
    pub skipped: bool,
    /// Whether children can be folded onto it: nothing above it was renamed, or came by way of several parents.
    pub straight: bool,
    /// Whether it, or a role that it extends, does not resolve: a reference is wrong, a file cannot be read, or two
    /// parents differ.
    pub incomplete: bool,
}

impl Effective {
    /// The list section with this number.
    pub fn section(&self, section: usize) -> Option<&Arc<EffectiveSection>> {
        self.sections.iter().find(|s| s.section == section)
    }

    fn item_count(&self) -> usize {
        self.sections.iter().map(|s| s.items.len()).sum()
    }
}

/// Every role of a handbook, resolved.
#[derive(Debug, Default)]
pub struct Resolution {
    /// By role.
    pub roles: Vec<Arc<Effective>>,
    /// What is wrong in what is inherited.
    pub findings: Vec<Diagnostic>,
    /// The same, by the family that inherits it.
    told: Vec<Arc<[Diagnostic]>>,
    plan: Arc<Plan>,
}

/// What the order of resolving needs to know: a function of the relations of the handbook.
#[derive(Debug, Default)]
struct Plan {
    /// By role, the base blocks that count for it.
    bases: Vec<Vec<usize>>,
    /// By family, whether it inherits from itself by way of others.
    tangled: Vec<bool>,
    /// The roles, parents before children.
    generations: Vec<Vec<RoleId>>,
    /// By family, whether it goes over a limit.
    too_large: Vec<bool>,
    /// What is told of those.
    findings: Vec<Diagnostic>,
}

impl Plan {
    fn of(handbook: &Handbook) -> Plan {
        let mut findings = Vec::new();
        Plan {
            bases: (0..handbook.roles.len()).into_par_iter().map(|role| order::base_of(handbook, role, None)).collect(),
            tangled: order::tangled_families(handbook),
            generations: generations(handbook),
            too_large: over_limits(handbook, &mut findings),
            findings,
        }
    }
}

impl Handbook {
    /// The document and the item behind a reference.
    pub fn item(&self, at: ItemRef) -> (&Document, &Item) {
        let document = &self.documents[at.document as usize];
        (document, &document.items[at.item as usize])
    }
}

/// Resolves every role, parents before children, each generation in parallel.
pub fn resolve(handbook: &Handbook) -> Resolution {
    let plan = Arc::new(Plan::of(handbook));
    resolve_families(handbook, plan, None)
}

/// The same for a handbook of which an earlier one, with the same relations, is resolved; `affected` says which families
/// may come out otherwise than there: those with a changed document, and all that inherit from them.
pub fn resolve_again(handbook: &Handbook, earlier: &Resolution, affected: &[bool]) -> Resolution {
    resolve_families(handbook, Arc::clone(&earlier.plan), Some((earlier, affected)))
}

/// The same where front matter has changed, but neither who there is nor who extends whom.
pub fn resolve_related_again(handbook: &Handbook, earlier: &Resolution, affected: &[bool]) -> Resolution {
    resolve_families(handbook, Arc::new(Plan::of(handbook)), Some((earlier, affected)))
}

fn resolve_families(handbook: &Handbook, plan: Arc<Plan>, earlier: Option<(&Resolution, &[bool])>) -> Resolution {
    let is_affected = |family: usize| earlier.is_none_or(|(_, affected)| affected[family]);
    let mut roles: Vec<Option<Arc<Effective>>> = match earlier {
        Some((earlier, _)) => earlier.roles.iter().map(|e| Some(Arc::clone(e))).collect(),
        None => vec![None; handbook.roles.len()],
    };
    let mut outcomes: HashMap<usize, Vec<Outcome>> = HashMap::new();
    let mut too_many: HashMap<usize, Vec<Diagnostic>> = HashMap::new();
    for generation in &plan.generations {
        let wanted: Vec<RoleId> = generation.iter().copied().filter(|r| is_affected(handbook.roles[*r].family)).collect();
        let resolved: Vec<(RoleId, Effective, Vec<Outcome>)> =
            wanted.into_par_iter().with_min_len(16).map(|role| resolve_role(handbook, &plan, &roles, role)).collect();
        for (role, mut effective, found) in resolved {
            let family = handbook.roles[role].family;
            if effective.item_count() > MAX_ITEMS {
                too_many.entry(family).or_default().push(too_many_items(handbook, role, effective.item_count()));
                effective = Effective { skipped: true, ..Effective::default() };
            }
            roles[role] = Some(Arc::new(effective));
            outcomes.entry(family).or_default().extend(found);
        }
    }
    let roles: Vec<Arc<Effective>> = roles.into_iter().map(|r| r.expect("every role is in a generation: circles were cut")).collect();
    let tell = |family: usize| match earlier.filter(|_| !is_affected(family)) {
        Some((earlier, _)) => Arc::clone(&earlier.told[family]),
        None => {
            let mut findings = too_many.get(&family).cloned().unwrap_or_default();
            findings.extend(outcome::findings(handbook, outcomes.get(&family).cloned().unwrap_or_default()));
            findings.extend(check_compositions(handbook, &roles, family));
            findings.into()
        }
    };
    let told: Vec<Arc<[Diagnostic]>> = (0..handbook.families.len()).into_par_iter().with_min_len(16).map(tell).collect();
    let findings = plan.findings.iter().chain(told.iter().flat_map(|f| f.iter())).cloned().collect();
    Resolution { roles, findings, told, plan }
}

/// One role, after those that it extends.
fn resolve_role(handbook: &Handbook, plan: &Plan, roles: &[Option<Arc<Effective>>], role: RoleId) -> (RoleId, Effective, Vec<Outcome>) {
    let Plan { bases, tangled, too_large, .. } = plan;
    let mut outcomes = Vec::new();
    let parents = &handbook.roles[role].parents;
    let skipped = too_large[handbook.roles[role].family] || parents.iter().any(|p| roles[p.role].as_ref().is_none_or(|e| e.skipped));
    let sole_parent = sole_parent(handbook, role, bases, tangled);
    let effective = if skipped {
        Effective { skipped: true, ..Effective::default() }
    } else {
        let below = sole_parent.and_then(|p| roles[p].as_ref().map(|e| (p, e)));
        match below.filter(|(_, e)| e.straight) {
            Some((parent, inherited)) => onto_parent(handbook, role, parent, inherited, &mut outcomes),
            None => from_the_ground(handbook, role, None, &mut outcomes),
        }
    };
    let above = parents.iter().any(|p| roles[p.role].as_ref().is_none_or(|e| e.incomplete));
    let incomplete = handbook.roles[role].unresolved || above;
    if incomplete {
        outcomes.retain(|o| !o.is_removed_nothing() && !o.rests_on_unknown(handbook, role));
    }
    let incomplete = incomplete || outcomes.iter().any(Outcome::is_rivalry);
    let simple = parents.is_empty() || sole_parent.is_some();
    let above = parents.iter().all(|p| roles[p.role].as_ref().is_some_and(|e| e.straight));
    let straight = simple && above && !renames(handbook, role, &bases[role]);
    (role, Effective { incomplete, straight, ..effective }, outcomes)
}

/// Resolves one role, and nothing that it does not need: its ancestors' items are folded once, in order.
pub fn resolve_one(handbook: &Handbook, role: RoleId) -> (Effective, Vec<Diagnostic>) {
    let mut outcomes = Vec::new();
    let effective = from_the_ground(handbook, role, None, &mut outcomes);
    outcomes.retain(|o| o.is_of_role(handbook, role));
    (effective, outcome::findings(handbook, outcomes))
}

/// A role with a specialty laid over it.
pub fn compose(handbook: &Handbook, role: RoleId, effective: &Effective, specialty: usize) -> Effective {
    compose_noting(handbook, role, effective, specialty, &mut Vec::new())
}

fn compose_noting(handbook: &Handbook, role: RoleId, effective: &Effective, specialty: usize, outcomes: &mut Vec<Outcome>) -> Effective {
    let family = handbook.roles[role].family;
    if handbook.shared.iter().any(|s| handbook.config.shared[s.entry].names_specialties())
        && order::base_of(handbook, role, Some(specialty)) != order::base_of(handbook, role, None)
    {
        return from_the_ground(handbook, role, Some(specialty), outcomes);
    }
    let node = Node::of_family(handbook, family, handbook.front(family).specialty_node(specialty));
    extend(handbook, role, effective, &[node], outcomes)
}

/// Notes what the specialties of a family remove or restate in vain, in every role that they can be combined with.
fn check_compositions(handbook: &Handbook, roles: &[Arc<Effective>], family: usize) -> Vec<Diagnostic> {
    let front = handbook.front(family);
    let known = hashes_of(handbook, roles, family);
    let mut outcomes = Vec::new();
    for (i, specialty) in handbook.families[family].specialties.iter().enumerate() {
        if !may_tell(handbook.document_of(family), front.specialty_node(i), &known) {
            continue;
        }
        for role in &specialty.roles {
            if !roles[*role].skipped {
                compose_noting(handbook, *role, &roles[*role], i, &mut outcomes);
            }
        }
    }
    outcome::findings(handbook, outcomes)
}

/// The texts that the roles of a family have, as hashes.
fn hashes_of(handbook: &Handbook, roles: &[Arc<Effective>], family: usize) -> HashSet<u64, foldhash::fast::FixedState> {
    let sections = handbook.roles_of(family).flat_map(|r| &roles[r].sections);
    sections.flat_map(|s| &s.items).map(|i| handbook.item(i.item).1.hash).collect()
}

/// Whether there can be anything to tell of what a specialty writes: an item without a key, that is no copy, only adds.
fn may_tell(document: &Document, node: usize, known: &HashSet<u64, foldhash::fast::FixedState>) -> bool {
    let sections = &document.nodes[node].sections;
    sections.iter().flat_map(|s| document.section_items(node, s.section)).any(|(_, item)| item.keyed.is_some() || known.contains(&item.hash))
}

fn over_limits(handbook: &Handbook, findings: &mut Vec<Diagnostic>) -> Vec<bool> {
    let mut over = vec![false; handbook.families.len()];
    for (number, over) in over.iter_mut().enumerate() {
        let front = handbook.front(number);
        let pairs = handbook.families[number].specialties.iter().map(|s| s.roles.len()).sum();
        let counts = [
            (front.roles.len(), MAX_ROLES, "roles"),
            (front.specialties.len(), MAX_SPECIALTIES, "specialties"),
            (pairs, MAX_PAIRS, "pairs of a role and a specialty"),
        ];
        for (count, limit, what) in counts {
            if count > limit {
                *over = true;
                let place = handbook.document_of(number).place(0..3);
                findings.push(
                    Diagnostic::error("too-large", place, format!("this family has {count} {what}, and the limit is {limit} ({what} in a family)"))
                        .help("split it into several families; `handbook show` works on it all the same"),
                );
            }
        }
    }
    over
}

fn too_many_items(handbook: &Handbook, role: RoleId, count: usize) -> Diagnostic {
    let front = handbook.role_front(role);
    let place = handbook.document_of(handbook.roles[role].family).place(front.span.clone());
    Diagnostic::error(
        "too-large",
        place,
        format!("the role {} has {count} items with what it inherits, and the limit is {MAX_ITEMS} (items in a role)", front.title),
    )
    .help("let it extend less, or take items away; `handbook show` works on it all the same")
}

/// The roles by how many steps of `extends` lie above them: first those that extend nothing.
fn generations(handbook: &Handbook) -> Vec<Vec<RoleId>> {
    let mut children: HashMap<RoleId, Vec<RoleId>> = HashMap::new();
    let mut open = vec![0usize; handbook.roles.len()];
    for (id, role) in handbook.roles.iter().enumerate() {
        open[id] = role.parents.len();
        for parent in &role.parents {
            children.entry(parent.role).or_default().push(id);
        }
    }
    let mut generations = Vec::new();
    let mut current: Vec<RoleId> = (0..open.len()).filter(|r| open[*r] == 0).collect();
    while !current.is_empty() {
        let mut next = Vec::new();
        for child in current.iter().filter_map(|r| children.get(r)).flatten() {
            open[*child] -= 1;
            if open[*child] == 0 {
                next.push(*child);
            }
        }
        next.sort_unstable();
        generations.push(std::mem::replace(&mut current, next));
    }
    generations
}

/// The parent onto whose result the role can be folded: the only one, for all sections, of the same track and base.
fn sole_parent(handbook: &Handbook, role: RoleId, bases: &[Vec<usize>], tangled: &[bool]) -> Option<RoleId> {
    let [parent] = handbook.roles[role].parents.as_slice() else { return None };
    let same_family = handbook.roles[parent.role].family == handbook.roles[role].family;
    let same_track = handbook.track_id(parent.role) == handbook.track_id(role);
    let straight = same_family || !tangled[handbook.roles[role].family];
    (parent.only.is_none() && same_track && straight && bases[parent.role] == bases[role]).then_some(parent.role)
}

/// Whether anything in the role's file, or in its base blocks, changes a key.
fn renames(handbook: &Handbook, role: RoleId, base: &[usize]) -> bool {
    let own = handbook.families[handbook.roles[role].family].document;
    base.iter().map(|s| handbook.shared[*s].document).chain([own]).any(|d| handbook.documents[d].renames)
}

fn onto_parent(handbook: &Handbook, role: RoleId, parent: RoleId, inherited: &Effective, outcomes: &mut Vec<Outcome>) -> Effective {
    let family = handbook.roles[role].family;
    let mut nodes = Vec::with_capacity(3);
    if handbook.roles[parent].family != family {
        nodes.extend(order::family_and_track(handbook, family, handbook.track_id(role)));
    }
    nodes.push(Node::of_family(handbook, family, handbook.role_node(role)));
    extend(handbook, role, inherited, &nodes, outcomes)
}

/// What `nodes`, of which the last is the one seen from, make of what is inherited.
fn extend(handbook: &Handbook, role: RoleId, inherited: &Effective, nodes: &[Node], outcomes: &mut Vec<Outcome>) -> Effective {
    let mut out = Effective::default();
    for (number, section) in handbook.config.sections.iter().enumerate() {
        let written = nodes.iter().any(|n| n.document(handbook).section(n.node as usize, number).is_some());
        let known = inherited.section(number);
        if section.has_items() && !written && (section.inherit != Inherit::Own || nodes.iter().any(|n| is_specialty(handbook, *n))) {
            out.sections.extend(known.map(seen_from_below));
        } else if section.has_items() {
            // A list that is not inherited is the role's alone; a specialty is laid over it like over any other.
            let own = section.inherit == Inherit::Own;
            let on_top = nodes.last().is_some_and(|n| is_specialty(handbook, *n));
            let start = known.filter(|_| !own || on_top).map(|known| &**known);
            let mut fold = Fold::onto(handbook, role, number, start, None);
            for node in if own { &nodes[nodes.len() - 1..] } else { nodes } {
                fold.apply(*node, outcomes);
            }
            out.sections.extend(fold.finish(outcomes).map(Arc::new));
        } else if section.inherit == Inherit::Nearest {
            let own = nodes.iter().rev().find(|n| has_prose(handbook, **n, number)).map(|n| EffectiveProse { section: number, node: *n });
            let above = || inherited.prose.iter().find(|p| p.section == number).copied();
            out.prose.extend(own.or_else(above));
        }
    }
    out
}

/// A section as a child has it that adds nothing: the same, but what replaced something above is merely inherited here.
fn seen_from_below(section: &Arc<EffectiveSection>) -> Arc<EffectiveSection> {
    if section.dropped.is_empty() && section.items.iter().all(|i| i.replaces.is_none()) {
        return Arc::clone(section);
    }
    let items = section.items.iter().map(|i| EffectiveItem { item: i.item, replaces: None }).collect();
    let (removed, old_keys) = (section.removed.clone(), section.old_keys.clone());
    Arc::new(EffectiveSection { section: section.section, items, removed, dropped: Vec::new(), old_keys })
}

fn from_the_ground(handbook: &Handbook, role: RoleId, specialty: Option<usize>, outcomes: &mut Vec<Outcome>) -> Effective {
    let mut out = Effective::default();
    let limited = order::is_limited(handbook, role);
    let family = handbook.roles[role].family;
    let on_top = specialty.map(|s| Node::of_family(handbook, family, handbook.front(family).specialty_node(s)));
    let whole = (!limited).then(|| Arc::new(Order::of(handbook, role, specialty, None)));
    for (number, section) in handbook.config.sections.iter().enumerate() {
        let order = || whole.clone().unwrap_or_else(|| Arc::new(Order::of(handbook, role, specialty, Some(number))));
        if section.has_items() {
            let order = order();
            let own = [Node::of_family(handbook, family, handbook.role_node(role))];
            let nodes = if section.inherit == Inherit::Own { &own[..] } else { &order.nodes };
            let mut fold = Fold::onto(handbook, role, number, None, order.lineage.as_ref().filter(|_| section.inherit != Inherit::Own));
            for node in nodes.iter().chain(&on_top) {
                fold.apply(*node, outcomes);
            }
            out.sections.extend(fold.finish(outcomes).map(Arc::new));
        } else if section.inherit == Inherit::Nearest {
            let order = order();
            let found = order.nodes.iter().chain(&on_top).rev().find(|n| has_prose(handbook, **n, number));
            out.prose.extend(found.map(|n| EffectiveProse { section: number, node: *n }));
        }
    }
    out
}

fn is_specialty(handbook: &Handbook, node: Node) -> bool {
    node.document(handbook).family().is_some_and(|f| matches!(f.node_kind(node.node as usize), NodeKind::Specialty(_)))
}

fn has_prose(handbook: &Handbook, node: Node, section: usize) -> bool {
    node.document(handbook).nodes[node.node as usize].prose.iter().any(|p| p.section == Some(section))
}
