//! A role in, the nodes that make it up out, in the order in which they are folded.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::{Handbook, RoleId};
use crate::parse::Document;

/// A node of the content: a family, track, role or specialty of a document, or (0) a shared block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// Number of the document.
    pub document: u32,
    /// Number of the node in it.
    pub node: u32,
}

impl Node {
    /// A node of a family.
    pub fn of_family(handbook: &Handbook, family: usize, node: usize) -> Self {
        Node { document: handbook.families[family].document as u32, node: node as u32 }
    }

    /// Its document.
    pub fn document(self, handbook: &Handbook) -> &Document {
        &handbook.documents[self.document as usize]
    }
}

/// The nodes of a role, the role last, for one section or for all.
#[derive(Debug)]
pub struct Order {
    /// The nodes, first to be folded first.
    pub nodes: Vec<Node>,
    /// Who inherits from whom, where roles with several parents make that more than "all that come before".
    pub lineage: Option<Lineage>,
}

/// For each node by its position: the positions of the nodes that it inherits from, as bits.
#[derive(Debug)]
pub struct Lineage {
    words: usize,
    bits: Vec<u64>,
}

impl Lineage {
    fn new(count: usize) -> Self {
        let words = count.div_ceil(64);
        Lineage { words, bits: vec![0; words * count] }
    }

    /// Whether the node at `below` inherits from the one at `above`.
    pub fn inherits(&self, below: usize, above: usize) -> bool {
        self.bits[below * self.words + above / 64] >> (above % 64) & 1 == 1
    }

    /// Notes that `below` inherits from `above`.
    fn add(&mut self, below: usize, above: usize) {
        self.bits[below * self.words + above / 64] |= 1 << (above % 64);
    }

    /// Notes that `below` inherits from `above` and from all that `above` inherits from.
    fn add_with_all_above(&mut self, below: usize, above: usize) {
        for word in 0..self.words {
            let bits = self.bits[above * self.words + word];
            self.bits[below * self.words + word] |= bits;
        }
        self.add(below, above);
    }
}

/// The base blocks that count for a role (numbers of [`Handbook::shared`]).
pub fn base_of(handbook: &Handbook, role: RoleId) -> Vec<usize> {
    let counts = |entry: usize| {
        let entry = &handbook.config.shared[entry];
        entry.base && handbook.counts_for(entry, role, None)
    };
    handbook.shared.iter().enumerate().filter(|(_, s)| counts(s.entry)).map(|(i, _)| i).collect()
}

/// The nodes of a family and of its track with this id.
pub fn family_and_track(handbook: &Handbook, family: usize, track: &str) -> impl Iterator<Item = Node> {
    let front = handbook.front(family);
    let track = front.tracks.iter().position(|t| t.id == track).map(|i| front.track_node(i));
    [Some(0), track].into_iter().flatten().map(move |node| Node::of_family(handbook, family, node))
}

/// The families whose roles extend, by way of others, roles of the same family again.
pub fn tangled_families(handbook: &Handbook) -> Vec<bool> {
    let mut above: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); handbook.families.len()];
    for role in &handbook.roles {
        above[role.family].extend(role.parents.iter().map(|p| handbook.roles[p.role].family).filter(|f| *f != role.family));
    }
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); above.len()];
    let mut open: Vec<usize> = above.iter().map(BTreeSet::len).collect();
    for (family, above) in above.iter().enumerate() {
        above.iter().for_each(|a| below[*a].push(family));
    }
    let mut ready: Vec<usize> = (0..open.len()).filter(|f| open[*f] == 0).collect();
    let mut tangled = vec![true; open.len()];
    while let Some(family) = ready.pop() {
        tangled[family] = false;
        for child in &below[family] {
            open[*child] -= 1;
            if open[*child] == 0 {
                ready.push(*child);
            }
        }
    }
    tangled
}

/// Whether any role above limits what it inherits to some sections.
pub fn is_limited(handbook: &Handbook, role: RoleId) -> bool {
    let mut seen = HashSet::from([role]);
    let mut work = vec![role];
    while let Some(role) = work.pop() {
        for parent in &handbook.roles[role].parents {
            if parent.only.is_some() {
                return true;
            }
            if seen.insert(parent.role) {
                work.push(parent.role);
            }
        }
    }
    false
}

/// What is left to do while the order is made.
enum Task {
    /// A role, with all that stands above it.
    Role(RoleId),
    /// Family, track and these roles of it, now that what they have from elsewhere is placed.
    Family(usize, Vec<RoleId>),
}

impl Order {
    /// The order of a role for `section`, or for every section where nothing is limited.
    pub fn of(handbook: &Handbook, role: RoleId, section: Option<usize>) -> Order {
        let mut maker = Maker { handbook, section, track: handbook.track_id(role), nodes: Vec::new(), placed: HashMap::new() };
        let mut tasks = vec![Task::Role(role)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Role(role) if maker.is_placed(role) => {}
                Task::Role(role) => maker.open(role, &mut tasks),
                Task::Family(family, roles) => maker.place_family(family, &roles),
            }
        }
        let lineage = maker.lineage(role);
        Order { nodes: maker.nodes, lineage }
    }
}

struct Maker<'a> {
    handbook: &'a Handbook,
    section: Option<usize>,
    track: &'a str,
    nodes: Vec<Node>,
    placed: HashMap<Node, usize>,
}

impl Maker<'_> {
    fn node(&self, role: RoleId) -> Node {
        Node::of_family(self.handbook, self.handbook.roles[role].family, self.handbook.role_node(role))
    }

    fn is_placed(&self, role: RoleId) -> bool {
        self.placed.contains_key(&self.node(role))
    }

    fn place(&mut self, node: Node) {
        if !self.placed.contains_key(&node) {
            self.placed.insert(node, self.nodes.len());
            self.nodes.push(node);
        }
    }

    fn parents(&self, role: RoleId) -> impl DoubleEndedIterator<Item = RoleId> {
        let section = self.section;
        self.handbook.roles[role].parents.iter().filter(move |p| section.is_none_or(|s| p.gives(s))).map(|p| p.role)
    }

    /// Places the base blocks of a role and leaves the rest as tasks: first the parents in other families, then the own.
    fn open(&mut self, role: RoleId, tasks: &mut Vec<Task>) {
        for shared in base_of(self.handbook, role) {
            self.place(Node { document: self.handbook.shared[shared].document as u32, node: 0 });
        }
        let family = self.handbook.roles[role].family;
        let own = self.own_family(role);
        let foreign: Vec<RoleId> = own.iter().flat_map(|r| self.parents(*r)).filter(|p| self.handbook.roles[*p].family != family).collect();
        tasks.push(Task::Family(family, own));
        tasks.extend(foreign.into_iter().rev().map(Task::Role));
    }

    fn place_family(&mut self, family: usize, roles: &[RoleId]) {
        for node in family_and_track(self.handbook, family, self.track) {
            self.place(node);
        }
        for role in roles {
            self.place(self.node(*role));
        }
    }

    /// The role and those above it in its family, farthest first; at equal distance in written order.
    fn own_family(&self, role: RoleId) -> Vec<RoleId> {
        let family = self.handbook.roles[role].family;
        let parents = |r: RoleId| -> Vec<RoleId> { self.parents(r).filter(|p| self.handbook.roles[*p].family == family).collect() };
        let mut found: HashMap<RoleId, usize> = HashMap::from([(role, 0)]);
        let mut finished = Vec::new();
        let mut work = vec![(role, parents(role).into_iter())];
        while let Some((current, rest)) = work.last_mut() {
            let current = *current;
            match rest.next() {
                Some(parent) => {
                    let number = found.len();
                    if let std::collections::hash_map::Entry::Vacant(new) = found.entry(parent) {
                        new.insert(number);
                        work.push((parent, parents(parent).into_iter()));
                    }
                }
                None => {
                    finished.push(current);
                    work.pop();
                }
            }
        }
        let mut distance: HashMap<RoleId, usize> = HashMap::new();
        for role in finished.iter().rev() {
            let far = distance.get(role).copied().unwrap_or(0) + 1;
            for parent in parents(*role) {
                let known = distance.entry(parent).or_insert(0);
                *known = far.max(*known);
            }
        }
        finished.sort_by_key(|r| (std::cmp::Reverse(distance.get(r).copied().unwrap_or(0)), found[r]));
        finished
    }

    /// Who inherits from whom; none where every node inherits from all before it.
    fn lineage(&self, role: RoleId) -> Option<Lineage> {
        let by_node: HashMap<Node, RoleId> = self.roles_above(role).into_iter().map(|r| (self.node(r), r)).collect();
        if by_node.values().all(|r| self.parents(*r).count() <= 1) {
            return None;
        }
        let mut lineage = Lineage::new(self.nodes.len());
        for (position, node) in self.nodes.iter().enumerate() {
            match by_node.get(node) {
                // A base block, family or track takes in whatever was folded before it.
                None => (0..position).for_each(|above| lineage.add(position, above)),
                Some(role) => {
                    let parents = self.parents(*role).filter_map(|p| self.placed.get(&self.node(p)).copied());
                    parents.filter(|a| *a < position).for_each(|a| lineage.add_with_all_above(position, a));
                    // Its family takes in what siblings have from elsewhere; the role itself does not.
                    let family = self.handbook.roles[*role].family;
                    let shared = self.handbook.shared.iter().map(|s| Node { document: s.document as u32, node: 0 });
                    let above = shared.chain(family_and_track(self.handbook, family, self.track));
                    above.filter_map(|n| self.placed.get(&n).copied()).for_each(|a| lineage.add(position, a));
                }
            }
        }
        Some(lineage)
    }

    fn roles_above(&self, role: RoleId) -> Vec<RoleId> {
        let mut seen = HashSet::from([role]);
        let mut work = vec![role];
        let mut all = Vec::new();
        while let Some(role) = work.pop() {
            all.push(role);
            work.extend(self.parents(role).filter(|p| seen.insert(*p)));
        }
        all
    }
}
