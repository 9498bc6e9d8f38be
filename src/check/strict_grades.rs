//! `error_grades`: years of experience in, those that a role of such a grade has on its page as errors out, wherever they are
//! written.

use std::collections::HashSet;
use std::sync::Arc;

use crate::config::SharedEntry;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Handbook, RoleId};
use crate::parse::{Document, DocumentKind, Flow, NodeKind, Written};
use crate::resolve::order::Node;
use crate::resolve::{ItemRef, Resolution};

/// Makes errors of the findings whose line a role of a strict grade has, alone or with a specialty.
pub(super) fn raise(findings: &mut [Diagnostic], handbook: &Handbook, resolution: &Resolution) {
    if handbook.config.lints.error_grades.is_empty() {
        return;
    }
    let mut years: Vec<&mut Diagnostic> = findings.iter_mut().filter(|f| f.code == "years-of-experience").collect();
    if years.is_empty() {
        return;
    }
    years.sort_by(|a, b| a.place.file.cmp(&b.place.file));
    let strict = Strict::of(handbook, resolution);
    for of_file in years.chunk_by_mut(|a, b| a.place.file == b.place.file) {
        let Ok(number) = handbook.documents.binary_search_by(|d| d.file().cmp(&of_file[0].place.file)) else { continue };
        let lines = lines_of(&handbook.documents[number], number as u32);
        for finding in of_file {
            let line = lines.partition_point(|line| line.start <= finding.place.span.start).checked_sub(1).map(|at| &lines[at]);
            let spot = line.filter(|line| finding.place.span.start < line.end).map_or(Spot::Node(0), |line| line.spot);
            if strict.has(number as u32, spot) {
                finding.at_least = Some(Severity::Error);
            }
        }
    }
}

/// What stands somewhere in a file.
#[derive(Clone, Copy)]
enum Spot {
    Item(ItemRef),
    /// A prose section.
    Prose {
        node: u32,
        section: usize,
    },
    /// Any other words of a node.
    Node(u32),
}

struct Line {
    start: usize,
    end: usize,
    spot: Spot,
}

/// The items and the prose of a document, in the order of the file.
fn lines_of(document: &Document, number: u32) -> Vec<Line> {
    let items = document.items.iter().enumerate().map(|(i, item)| {
        let (start, end) = (item.start(), item.span().end);
        Line { start, end, spot: Spot::Item(ItemRef { document: number, item: i as u32 }) }
    });
    let mut lines: Vec<Line> = items.collect();
    for (node, content) in document.nodes.iter().enumerate() {
        let node = node as u32;
        lines.extend(content.prose.iter().map(|piece| {
            let (Written::Body(span) | Written::Yaml(_, span)) = &piece.written;
            Line { start: piece.span.start, end: span.end, spot: piece.section.map_or(Spot::Node(node), |section| Spot::Prose { node, section }) }
        }));
        for flow in content.sections.iter().flat_map(|section| &section.flow) {
            if let Flow::Prose(span) = flow {
                lines.push(Line { start: span.start, end: span.end, spot: Spot::Node(node) });
            }
        }
    }
    lines.sort_by_key(|line| line.start);
    lines
}

/// What the roles of strict grades have on their pages.
struct Strict<'a> {
    handbook: &'a Handbook,
    roles: Vec<RoleId>,
    items: HashSet<ItemRef>,
    prose: HashSet<(Node, usize)>,
    /// Their own nodes, with those of their families, tracks and specialties.
    nodes: HashSet<Node>,
}

impl<'a> Strict<'a> {
    fn of(handbook: &'a Handbook, resolution: &Resolution) -> Strict<'a> {
        let counts = |grade: i64| handbook.config.lints.error_grades.iter().any(|(c, n)| c.holds(grade, *n));
        let is_strict = |role: &RoleId| handbook.role_front(*role).grade.numbers().into_iter().any(counts);
        let roles: Vec<RoleId> = (0..handbook.roles.len()).filter(is_strict).collect();
        let mut strict = Strict { handbook, roles, items: HashSet::new(), prose: HashSet::new(), nodes: HashSet::new() };
        // Most roles share sections with those that they extend.
        let mut known = HashSet::new();
        for role in &strict.roles {
            let effective = &resolution.roles[*role];
            for section in effective.sections.iter().filter(|s| known.insert(Arc::as_ptr(s))) {
                strict.items.extend(section.items.iter().map(|i| i.item));
            }
            strict.prose.extend(effective.prose.iter().map(|p| (p.node, p.section)));
            let (family, front) = (handbook.roles[*role].family, handbook.front(handbook.roles[*role].family));
            let track = front.track_node(handbook.role_front(*role).track);
            strict.nodes.extend([0, track, handbook.role_node(*role)].map(|node| Node::of_family(handbook, family, node)));
        }
        for (number, family) in handbook.families.iter().enumerate() {
            for (i, _) in family.specialties.iter().enumerate().filter(|(_, s)| s.roles.iter().any(is_strict)) {
                strict.nodes.insert(Node::of_family(handbook, number, handbook.front(number).specialty_node(i)));
            }
        }
        strict
    }

    fn has(&self, document: u32, spot: Spot) -> bool {
        let written = &self.handbook.documents[document as usize];
        if let DocumentKind::Block(_) = written.kind {
            let is_item = matches!(spot, Spot::Item(at) if self.items.contains(&at));
            return is_item || self.handbook.shared.iter().filter(|s| s.document == document as usize).any(|s| self.shows(s.entry, spot));
        }
        let has_node = |node: u32| self.nodes.contains(&Node { document, node });
        match spot {
            Spot::Item(at) => {
                let node = written.items[at.item as usize].node;
                let of_specialty = written.family().is_some_and(|front| matches!(front.node_kind(node as usize), NodeKind::Specialty(_)));
                self.items.contains(&at) || of_specialty && has_node(node)
            }
            Spot::Prose { node, section } => has_node(node) || self.prose.contains(&(Node { document, node }, section)),
            Spot::Node(node) => has_node(node),
        }
    }

    /// Whether one of the roles shows a shared block in one use; items of a base block stand in effective roles, but for what
    /// comes with a specialty.
    fn shows(&self, entry: usize, spot: Spot) -> bool {
        let entry: &SharedEntry = &self.handbook.config.shared[entry];
        if entry.base && matches!(spot, Spot::Item(_)) && !entry.names_specialties() {
            return false;
        }
        self.roles.iter().any(|role| {
            let family = self.handbook.roles[*role].family;
            let specialties = self.handbook.families[family].specialties.iter().enumerate().filter(|(_, s)| s.roles.contains(role));
            let mut with = specialties.map(|(s, _)| Some(self.handbook.specialty_front(family, s).id.as_str()));
            self.handbook.counts_for(entry, *role, None) || entry.names_specialties() && with.any(|s| self.handbook.counts_for(entry, *role, s))
        })
    }
}
