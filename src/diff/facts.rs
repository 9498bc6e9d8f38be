//! A role on both sides in, its changed facts and prose out.

use super::compare::Sides;
use super::effect::TextChange;
use super::through::Pair;
use crate::model::{Handbook, ReportsTo, RoleId, Step};
use crate::parse::Flow;
use crate::resolve::Effective;
use crate::resolve::order::Node;

/// Grades before and after.
pub type Grades = (Vec<i64>, Vec<i64>);

impl Sides<'_> {
    /// The grade before and after, where it changed, and the other facts that changed.
    pub fn facts(&self, pair: Pair) -> (Option<Grades>, Vec<TextChange>) {
        let (before, after) = (self.base.handbook, self.head.handbook);
        let (old, new) = (before.role_front(pair.base), after.role_front(pair.head));
        let grades = (old.grade.numbers(), new.grade.numbers());
        let known = |role: RoleId| self.identity.role_id(before, after, role);
        let known_family = |family: usize| self.identity.families[family].map_or(&before.families[family].id, |f| &after.families[f].id).clone();
        let was = Facts::of(before, pair.base, &known, &known_family);
        let is = Facts::of(after, pair.head, &|role| after.role_id(role), &|family| after.families[family].id.clone());
        let names = ["title", "level", "track", "status", "reports_to", "next"];
        let differ = names.iter().zip(was.0.into_iter().zip(is.0)).filter(|(_, (a, b))| a != b);
        let facts = differ.map(|(name, (before, after))| TextChange { name: (*name).to_owned(), before, after }).collect();
        ((grades.0 != grades.1).then_some(grades), facts)
    }

    /// The role's own prose and what it inherits of it; of a composition, the specialty's too.
    pub fn prose(&self, pair: Pair, was: &Effective, is: &Effective) -> Vec<TextChange> {
        let (before, after) = (self.base.handbook, self.head.handbook);
        let old_nodes = prose_nodes(before, pair.base, pair.specialty.map(|s| s.0), was);
        let new_nodes = prose_nodes(after, pair.head, pair.specialty.map(|s| s.1), is);
        let same = |(b, h): (&ProseOf, &ProseOf)| self.same[b.0.document as usize] == Some(h.0.document) && b.0.node == h.0.node && b.1 == h.1;
        if old_nodes.len() == new_nodes.len() && old_nodes.iter().zip(&new_nodes).all(same) {
            return Vec::new();
        }
        let (old, new) = (prose_of(before, &old_nodes), prose_of(after, &new_nodes));
        let mut headings: Vec<&String> = new.iter().map(|(heading, _)| heading).collect();
        headings.extend(old.iter().map(|(heading, _)| heading).filter(|h| new.iter().all(|(other, _)| other != *h)));
        let text = |all: &[(String, String)], heading: &str| all.iter().find(|(h, _)| h == heading).map(|(_, text)| text.clone()).unwrap_or_default();
        headings.dedup();
        headings
            .into_iter()
            .map(|heading| TextChange { name: heading.clone(), before: text(&old, heading), after: text(&new, heading) })
            .filter(|change| change.before != change.after)
            .collect()
    }
}

/// A node whose prose is shown, and the section to which it is limited.
type ProseOf = (Node, Option<usize>);

/// The facts of a role as texts, in the order of their names.
struct Facts([String; 6]);

impl Facts {
    fn of(handbook: &Handbook, role: RoleId, id: &dyn Fn(RoleId) -> String, family_id: &dyn Fn(usize) -> String) -> Facts {
        let front = handbook.role_front(role);
        let family = &handbook.families[handbook.roles[role].family];
        let reports_to = match &handbook.roles[role].reports_to {
            Some(ReportsTo::Role(to)) => id(*to),
            Some(ReportsTo::Text(text)) => text.clone(),
            None => String::new(),
        };
        // What others imply by extending the role is said of them.
        let steps = handbook.roles[role].next.iter().chain(&family.ladder).map(|step| match step {
            Step::Role(role) => id(*role),
            Step::Family(family) => family_id(*family),
        });
        Facts([
            front.title.clone(),
            front.level.clone().unwrap_or_default(),
            handbook.track_id(role).to_owned(),
            front.status.word().to_owned(),
            reports_to,
            steps.collect::<Vec<_>>().join(", "),
        ])
    }
}

/// The nodes whose prose a role shows, each with the section to which it is limited.
fn prose_nodes(handbook: &Handbook, role: RoleId, specialty: Option<usize>, effective: &Effective) -> Vec<ProseOf> {
    let family = handbook.roles[role].family;
    let own = Node::of_family(handbook, family, handbook.role_node(role));
    let on_top = specialty.map(|s| Node::of_family(handbook, family, handbook.front(family).specialty_node(s)));
    let mut nodes: Vec<ProseOf> = [Some(own), on_top].into_iter().flatten().map(|n| (n, None)).collect();
    let inherited = effective.prose.iter().filter(|p| p.node != own && Some(p.node) != on_top).map(|p| (p.node, Some(p.section)));
    nodes.extend(inherited);
    nodes
}

fn prose_of(handbook: &Handbook, nodes: &[ProseOf]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut add = |heading: String, text: &str| match out.iter_mut().find(|(h, _)| *h == heading) {
        Some((_, all)) => {
            all.push(' ');
            all.push_str(text);
        }
        None => out.push((heading, text.to_owned())),
    };
    for (node, only) in nodes {
        let document = node.document(handbook);
        let content = &document.nodes[node.node as usize];
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for piece in content.prose.iter().filter(|p| only.is_none() || p.section == *only) {
            let of_section = || piece.section.map(|s| handbook.config.sections[s].title.clone());
            let heading = piece.heading.as_ref().map(|h| h.text.to_string()).or_else(of_section).unwrap_or_else(|| "Overview".to_owned());
            add(heading, &words(piece.written.markdown(document.text())));
        }
        for section in content.sections.iter().filter(|_| only.is_none()) {
            for flow in &section.flow {
                if let Flow::Prose(span) = flow {
                    add(handbook.config.sections[section.section].title.clone(), &words(&document.text()[span.clone()]));
                }
            }
        }
    }
    out
}
