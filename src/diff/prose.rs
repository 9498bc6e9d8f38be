//! A role or composition on both sides in, the prose that its page shows and that changed out: its own, prose sections that it
//! inherits, and shared blocks.

use super::compare::{Side, Sides};
use super::effect::TextChange;
use super::through::Pair;
use crate::markdown::collapse;
use crate::markdown::item::without_comments;
use crate::model::{Handbook, RoleId};
use crate::parse::{DocumentKind, Flow, Prose};
use crate::provenance::{node_here, node_id};
use crate::resolve::Effective;
use crate::resolve::order::Node;
use crate::variables::Values;

/// What a page shows of the prose of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Prose of a node, of one section only where it is inherited. A node's paragraphs within lists stand on its own page alone.
    OfNode { node: Node, only: Option<usize>, is_here: bool },
    /// A shared block in one use.
    Block(usize),
}

/// A text with what it stands below and where it comes from.
struct Text {
    heading: String,
    words: String,
    from: String,
    is_block: bool,
}

impl Sides<'_> {
    /// The changed prose by its heading, and the nodes that wrote it otherwise.
    pub fn prose(&self, pair: Pair, was: &Effective, is: &Effective) -> (Vec<TextChange>, Vec<String>) {
        let old = shown(&self.base, pair.base, pair.specialty.map(|s| s.0), was);
        let new = shown(&self.head, pair.head, pair.specialty.map(|s| s.1), is);
        if old.len() == new.len() && old.iter().zip(&new).all(|(b, h)| self.shows_the_same(pair, *b, *h)) {
            return (Vec::new(), Vec::new());
        }
        let old: Vec<Text> = old.iter().flat_map(|shown| self.texts(&self.base, pair.base, *shown)).collect();
        let new: Vec<Text> = new.iter().flat_map(|shown| self.texts(&self.head, pair.head, *shown)).collect();
        let whole = |all: &[Text], heading: &str| {
            all.iter().filter(|text| text.heading == heading).map(|text| text.words.as_str()).collect::<Vec<_>>().join(" ")
        };
        let block = |heading: &str| new.iter().chain(&old).find(|text| text.heading == heading && text.is_block).map(|text| text.from.clone());
        let changes: Vec<TextChange> = each_once(new.iter().chain(&old).map(|text| &text.heading))
            .map(|heading| TextChange { name: heading.clone(), before: whole(&old, heading), after: whole(&new, heading), block: block(heading) })
            .filter(|change| change.before != change.after)
            .collect();
        let of = |all: &[Text], from: &str| {
            let texts = all.iter().filter(|text| text.from == from).map(|text| (text.heading.clone(), text.words.clone()));
            texts.collect::<Vec<_>>()
        };
        let nodes = each_once(new.iter().chain(&old).map(|text| &text.from)).filter(|from| of(&old, from) != of(&new, from));
        let nodes = nodes.filter_map(|from| self.writer(from));
        let nodes = if changes.is_empty() { Vec::new() } else { nodes.collect() };
        (changes, nodes)
    }

    /// What was edited where the text from a node differs: of a block that is the same, its entry in the settings; of one
    /// whose entry is the same, too, the role itself.
    fn writer(&self, from: &str) -> Option<String> {
        let (before, after) = (self.base.handbook, self.head.handbook);
        let Some(shared) = before.shared.iter().find(|shared| before.ids[shared.document] == *from) else { return Some(from.to_owned()) };
        if self.same[shared.document].is_none() {
            return Some(from.to_owned());
        }
        let block = &before.config.shared[shared.entry].block;
        let values = |handbook: &Handbook| {
            let entries = handbook.config.shared.iter().filter(|entry| entry.block == *block);
            entries.map(|entry| (entry.with.clone(), entry.when.clone(), entry.unless.clone())).collect::<Vec<_>>()
        };
        (values(before) != values(after)).then(|| after.config.file.to_string())
    }

    /// Whether both certainly say the same, without reading them.
    fn shows_the_same(&self, pair: Pair, before: Shown, after: Shown) -> bool {
        let (old, new) = (self.base.handbook, self.head.handbook);
        match (before, after) {
            (Shown::OfNode { node: b, only: b_only, is_here: b_here }, Shown::OfNode { node: h, only: h_only, is_here: h_here }) => {
                self.same[b.document as usize] == Some(h.document) && b.node == h.node && (b_only, b_here) == (h_only, h_here)
            }
            (Shown::Block(b), Shown::Block(h)) => {
                let (b, h) = (&old.shared[b], &new.shared[h]);
                let is_filled = || old.documents[b.document].text().contains("{{");
                self.same[b.document] == Some(h.document as u32)
                    && (!is_filled()
                        || (old.config.shared[b.entry].with == new.config.shared[h.entry].with
                            && self.names(&self.base, pair.base) == self.names(&self.head, pair.head)))
            }
            _ => false,
        }
    }

    /// What the variables that every block has say on a role's page.
    fn names<'s>(&self, side: &Side<'s>, role: RoleId) -> [&'s str; 4] {
        let handbook = side.handbook;
        let family = handbook.roles[role].family;
        let department = &handbook.departments[handbook.families[family].department];
        [&handbook.front(family).title, &handbook.role_front(role).title, &department.title, &handbook.config.title]
    }

    fn texts(&self, side: &Side<'_>, role: RoleId, shown: Shown) -> Vec<Text> {
        match shown {
            Shown::OfNode { node, only, is_here } => self.of_node(side, node, only, is_here),
            Shown::Block(shared) => vec![of_block(side, role, shared)],
        }
    }

    fn of_node(&self, side: &Side<'_>, node: Node, only: Option<usize>, is_here: bool) -> Vec<Text> {
        let handbook = side.handbook;
        let document = node.document(handbook);
        let content = &document.nodes[node.node as usize];
        let from = if self.is_base(side) { self.identity.node_id(handbook, self.head.handbook, node) } else { node_id(handbook, node) };
        let of_section = |section: usize| handbook.config.sections[section].title.clone();
        let text = |heading: String, words: &str| Text { heading, words: plain(words), from: from.clone(), is_block: false };
        let heading = |piece: &Prose| {
            let own = piece.heading.as_ref().map(|h| h.text.to_string());
            own.or_else(|| piece.section.map(of_section)).unwrap_or_else(|| "Overview".to_owned())
        };
        let pieces = content.prose.iter().filter(|p| only.is_none() || p.section == only);
        let pieces = pieces.map(|piece| text(heading(piece), piece.written.markdown(document.text())));
        let among_items = content.sections.iter().filter(|_| is_here).flat_map(|section| section.flow.iter().map(|flow| (section.section, flow)));
        let among_items = among_items.filter_map(|(section, flow)| match flow {
            Flow::Prose(span) => Some(text(of_section(section), &document.text()[span.clone()])),
            Flow::SubHeading { text: words, .. } => Some(text(of_section(section), words)),
            Flow::Items(_) => None,
        });
        pieces.chain(among_items).collect()
    }
}

/// A block as a role's page shows it, its variables filled in.
fn of_block(side: &Side<'_>, role: RoleId, shared: usize) -> Text {
    let handbook = side.handbook;
    let shared = &handbook.shared[shared];
    let (entry, document) = (&handbook.config.shared[shared.entry], &handbook.documents[shared.document]);
    let values = Values::of(handbook, handbook.roles[role].family, Some(role), &entry.with);
    let title = match &document.kind {
        DocumentKind::Block(front) => front.title.as_ref().map(|title| values.plain(document, title)),
        _ => None,
    };
    let words = plain(&values.fill(document, &document.text()[document.body..]));
    Text { heading: title.unwrap_or_else(|| entry.block.replace('-', " ")), words, from: handbook.ids[shared.document].clone(), is_block: true }
}

fn shown(side: &Side<'_>, role: RoleId, specialty: Option<usize>, effective: &Effective) -> Vec<Shown> {
    let handbook = side.handbook;
    let family = handbook.roles[role].family;
    let here = node_here(handbook, role, specialty);
    let own = Node::of_family(handbook, family, handbook.role_node(role));
    let mut all = vec![Shown::OfNode { node: here, only: None, is_here: true }];
    all.extend((own != here).then_some(Shown::OfNode { node: own, only: None, is_here: false }));
    let inherited = effective.prose.iter().filter(|p| p.node != own && p.node != here);
    all.extend(inherited.map(|p| Shown::OfNode { node: p.node, only: Some(p.section), is_here: false }));
    let specialty = specialty.map(|s| handbook.specialty_front(family, s).id.as_str());
    let counts = |shared: &crate::model::Shared| {
        let entry = &handbook.config.shared[shared.entry];
        !entry.base && handbook.counts_for(entry, role, specialty)
    };
    all.extend(handbook.shared.iter().enumerate().filter(|(_, shared)| counts(shared)).map(|(number, _)| Shown::Block(number)));
    all
}

/// Words as they are compared: without comments, white space collapsed.
pub fn plain(text: &str) -> String {
    collapse(&without_comments(text))
}

/// Each of these once, in their order.
fn each_once<'t>(all: impl Iterator<Item = &'t String>) -> impl Iterator<Item = &'t String> {
    let mut known = std::collections::HashSet::new();
    all.filter(move |one| known.insert(one.as_str()))
}
