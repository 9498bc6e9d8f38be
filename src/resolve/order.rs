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
    /// The positions of the base blocks, the family and the track of the role itself.
    own: Vec<usize>,
}

impl Lineage {
    fn new(count: usize) -> Self {
        let words = count.div_ceil(64);
        Lineage { words, bits: vec![0; words * count], own: Vec::new() }
    }

    /// Whether the node at `below` inherits from the one at `above`.
    ///
    /// What comes after the nodes of the order, a specialty, inherits from all of them.
    pub fn inherits(&self, below: usize, above: usize) -> bool {
        self.bits.get(below * self.words + above / 64).is_none_or(|bits| bits >> (above % 64) & 1 == 1)
    }

    /// Whether the node at `position` is a base block, the family or the track of the role itself, which parents of
    /// other tracks do not inherit, and which the fold settles against them: later wins.
    pub fn is_own(&self, position: usize) -> bool {
        self.own.contains(&position)
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

/// The base blocks that count for a role, alone or with a specialty (numbers of [`Relations::shared`](crate::model::Relations::shared)).
pub fn base_of(handbook: &Handbook, role: RoleId, specialty: Option<usize>) -> Vec<usize> {
    let specialty = specialty.map(|s| handbook.specialty_front(handbook.roles[role].family, s).id.as_str());
    let counts = |entry: usize| {
        let entry = &handbook.config.shared[entry];
        entry.base && handbook.counts_for(entry, role, specialty)
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
    /// The order of a role for `section`, or for every section where nothing is limited; with a specialty, the base
    /// blocks that count for the composition come first, and the specialty itself is left to the caller.
    pub fn of(handbook: &Handbook, role: RoleId, specialty: Option<usize>, section: Option<usize>) -> Order {
        let mut maker = Maker { handbook, section, track: handbook.track_id(role), nodes: Vec::new(), placed: HashMap::new() };
        maker.place_base(role, specialty);
        let mut tasks = vec![Task::Role(role)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Role(above) if maker.is_placed(above) => {}
                Task::Role(above) => {
                    if above != role {
                        maker.place_base(above, None);
                    }
                    maker.open(above, &mut tasks);
                }
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

    fn place_base(&mut self, role: RoleId, specialty: Option<usize>) {
        for shared in base_of(self.handbook, role, specialty) {
            self.place(self.block(shared));
        }
    }

    fn block(&self, shared: usize) -> Node {
        Node { document: self.handbook.shared[shared].document as u32, node: 0 }
    }

    /// Leaves what stands above a role as tasks: first the parents in other families, then the own family.
    fn open(&mut self, role: RoleId, tasks: &mut Vec<Task>) {
        let family = self.handbook.roles[role].family;
        let own = self.own_family(role);
        let foreign: Vec<RoleId> = own.iter().flat_map(|r| self.parents(*r)).filter(|p| self.handbook.roles[*p].family != family).collect();
        tasks.push(Task::Family(family, own));
        tasks.extend(foreign.into_iter().rev().map(Task::Role));
    }

    fn place_family(&mut self, family: usize, roles: &[RoleId]) {
        // Of a foreign family's track only what a role there has, which is on it.
        let on_track = roles.iter().any(|role| self.handbook.track_id(*role) == self.track);
        for node in family_and_track(self.handbook, family, if on_track { self.track } else { "" }) {
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

    /// Who inherits from whom; none where every node inherits from all before it: one parent each, one track, one base.
    ///
    /// A role inherits from its parents and what they inherit from, from its family, and from the track and the base
    /// blocks only where they are its own. A family and its track take in what its roles have from other families.
    fn lineage(&self, role: RoleId) -> Option<Lineage> {
        let roles = self.roles_above(role);
        let base = base_of(self.handbook, role, None);
        let straight =
            |r: &RoleId| self.parents(*r).count() <= 1 && self.handbook.track_id(*r) == self.track && base_of(self.handbook, *r, None) == base;
        if roles.iter().all(straight) {
            return None;
        }
        let by_node: HashMap<Node, RoleId> = roles.iter().map(|r| (self.node(*r), *r)).collect();
        let mut lineage = Lineage::new(self.nodes.len());
        lineage.own = self.above_role(role).1.iter().filter_map(|n| self.placed.get(n).copied()).collect();
        for (position, node) in self.nodes.iter().enumerate() {
            let above = match by_node.get(node) {
                Some(role) => self.above_role(*role),
                None => self.above_family(*node, &roles),
            };
            let (with_all, alone) = above;
            let placed = |n: Node| self.placed.get(&n).copied().filter(|a| *a < position);
            with_all.into_iter().filter_map(placed).for_each(|a| lineage.add_with_all_above(position, a));
            alone.into_iter().filter_map(placed).for_each(|a| lineage.add(position, a));
        }
        Some(lineage)
    }

    /// What a role inherits from: its parents with all above them, and its own base, family and track.
    fn above_role(&self, role: RoleId) -> (Vec<Node>, Vec<Node>) {
        let parents = self.parents(role).map(|p| self.node(p)).collect();
        let base = base_of(self.handbook, role, None).into_iter().map(|s| self.block(s));
        let own_track = if self.handbook.track_id(role) == self.track { self.track } else { "" };
        (parents, base.chain(family_and_track(self.handbook, self.handbook.roles[role].family, own_track)).collect())
    }

    /// What a family or track takes in: what its roles have from other families, and their base blocks.
    fn above_family(&self, node: Node, roles: &[RoleId]) -> (Vec<Node>, Vec<Node>) {
        let is_member = |r: &&RoleId| self.handbook.families[self.handbook.roles[**r].family].document == node.document as usize;
        let members: Vec<RoleId> = roles.iter().filter(is_member).copied().collect();
        let foreign = |r: &RoleId| {
            self.parents(*r).filter(|p| self.handbook.roles[*p].family != self.handbook.roles[*r].family).map(|p| self.node(p)).collect::<Vec<_>>()
        };
        // A base block acts on those that stand before it, as a family acts on the base of its roles.
        let is_block = matches!(self.handbook.documents[node.document as usize].kind, crate::parse::DocumentKind::Block(_));
        let members = if is_block { roles.to_vec() } else { members };
        let base = members.iter().flat_map(|r| base_of(self.handbook, *r, None)).map(|s| self.block(s)).filter(|n| *n != node);
        if is_block {
            return (Vec::new(), base.collect());
        }
        let own: Vec<Node> = base.chain([Node { document: node.document, node: 0 }]).collect();
        (members.iter().flat_map(foreign).collect(), own)
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
