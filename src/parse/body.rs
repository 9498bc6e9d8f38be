//! The Markdown below the front matter in, sections and prose on their nodes out. Source: content model, section 4.
//!
//! Headings address the model by name, at any depth. A heading is looked up in the table of the content model, row by
//! row, first as written (without case), then loosely; what it opens reaches to the next heading of its own or a
//! higher level.

mod among;
mod meaning;
mod near;
mod told;

use std::collections::HashMap;
use std::ops::Range;

use super::front_matter::{INSTEAD_FIRST, INSTEAD_HELP};
use super::{Document, DocumentKind, Flow, NodeKind, NodeSection, Prose, ProseHeading, Written, instead, items};
use crate::config::{Config, Inherit, SectionKind};
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::markdown::{self, Block, BlockKind, Heading, ListEntry, Outline};
use among::{Among, Stranger};
use meaning::{Meaning, Names};

/// The most links and images, headings, and definitions of links and footnotes in a body. Each link is looked for among
/// headings and each name among definitions, so that without a limit a file of 4 MiB takes minutes. Real pages have 200.
pub const MAX_PARTS: usize = 5_000;

/// Reads the body of `document`, whose front matter has been read.
pub fn read(document: &mut Document, config: &Config) {
    let source = std::sync::Arc::clone(&document.source);
    let mut outline = markdown::outline(&source.text, document.body);
    if let Some((what, span)) = beyond(&outline, document.body) {
        let finding = Diagnostic::error(
            "too-large",
            document.place(span),
            format!("this file has more than {MAX_PARTS} {what}, which is the limit; nothing of its body is read"),
        );
        document.findings.push(finding.help("split it into several files"));
        outline = Outline::default();
    }
    document.definitions = outline.definitions;
    if let Some(deep) = outline.deep {
        let limit = markdown::html::MAX_DEPTH;
        let finding = Diagnostic::error("too-large", document.place(deep), format!("raw HTML is nested more than {limit} deep here"))
            .help("close the tags, or write the page in Markdown");
        document.findings.push(finding);
    }
    for open in outline.unclosed {
        let finding = Diagnostic::error("comment-unclosed", document.place(open), "this comment is never closed, so nothing after it is shown")
            .help("write `-->` where the comment ends");
        document.findings.push(finding);
    }
    for (tag, at) in outline.dropped {
        let hides = ["script", "style"].iter().any(|hidden| tag.eq_ignore_ascii_case(hidden));
        let finding =
            Diagnostic::warning("html-dropped", document.place(at), format!("the tag `<{tag}>` may not be published, and is left out of the page"))
                .label(if hides { "so is what stands in it" } else { "" })
                .help(format!("write it in Markdown, or with tags that may stand on a page; if it is meant as text, write `\\<{tag}>`"));
        document.findings.push(finding);
    }
    document.links.extend(outline.links);
    let names = Names::of(document, config);
    let title = page_title(document).map(ident::fold);
    let mut reader = Reader {
        document,
        config,
        names,
        scopes: Vec::new(),
        target: Target::Pending(Opening::default()),
        taken: HashMap::new(),
        title,
        bare: None,
        closed: None,
        opened: HashMap::new(),
        again: HashMap::new(),
        first: true,
        deeper: deeper(&source.text, &outline.blocks),
        titled: None,
        among: Among::default(),
        level: 1,
    };
    for block in outline.blocks {
        reader.block(block);
    }
    reader.report_among();
    document.anchors.extend(outline.anchors);
    give_back(document);
    let lists: Vec<(usize, usize)> = document
        .nodes
        .iter()
        .enumerate()
        .flat_map(|(n, c)| c.sections.iter().map(move |s| (n, s)))
        .filter(|(_, s)| !s.anchors.is_empty())
        .map(|(n, s)| (n, s.section))
        .collect();
    for (node, section) in lists {
        items::check_keys(document, node, section);
    }
}

/// Of what the body has more than it may, and where that begins.
fn beyond(outline: &Outline, base: usize) -> Option<(&'static str, Range<usize>)> {
    let link = outline.links.get(MAX_PARTS).map(|link| ("links and images", link.span.start as usize..link.span.end as usize));
    let mut headings = outline.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_)));
    let name = || outline.definitions.places().nth(MAX_PARTS).map(|(_, span)| ("definitions of links", base + span.start..base + span.end));
    let mut notes = outline.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Note));
    link.or_else(|| headings.nth(MAX_PARTS).map(|block| ("headings", block.span.clone())))
        .or_else(name)
        .or_else(|| notes.nth(MAX_PARTS).map(|block| ("footnotes", block.span.clone())))
}

/// Documents live as long as the site is built: room that grew beyond what is written is given back (a sixth of the
/// memory of 1,000 families).
fn give_back(document: &mut Document) {
    document.items.shrink_to_fit();
    document.links.shrink_to_fit();
    document.anchors.shrink_to_fit();
    for node in &mut document.nodes {
        node.sections.shrink_to_fit();
        node.prose.shrink_to_fit();
        node.sections.iter_mut().for_each(|s| s.flow.shrink_to_fit());
    }
}

/// The edits that put the first heading, where it is one of level 1, and those up to the next of that level one level deeper. None where
/// one is underlined, or at the last level.
fn deeper(text: &str, blocks: &[Block]) -> Option<Vec<(Range<usize>, String)>> {
    let mut headings = blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Heading(heading) => Some((heading.level, block.span.start)),
        _ => None,
    });
    let first = headings.next().filter(|(level, _)| *level == 1)?;
    let reach = std::iter::once(first).chain(headings.take_while(|(level, _)| *level > 1));
    reach.map(|(level, start)| (level < 6 && text[start..].starts_with('#')).then(|| (start..start, "#".to_owned()))).collect()
}

fn page_title(document: &Document) -> Option<&str> {
    match &document.kind {
        DocumentKind::Family(front) => Some(&front.title),
        DocumentKind::Page(front) | DocumentKind::Index(front) | DocumentKind::Block(front) => front.title.as_deref(),
        DocumentKind::Broken { .. } => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Scope {
    Node(usize),
    Section {
        node: usize,
        section: usize,
    },
    Container,
    Prose,
    /// Below a heading that names nothing that is known, which was told: nothing in it is anybody's.
    Unknown,
}

/// Prose that begins with the next block.
#[derive(Default)]
struct Opening {
    node: usize,
    heading: Option<(ProseHeading, Range<usize>)>,
    section: Option<usize>,
}

/// Where blocks go.
enum Target {
    Pending(Opening),
    Prose { node: usize, index: usize },
    Section { node: usize, index: usize },
}

struct Reader<'a> {
    document: &'a mut Document,
    config: &'a Config,
    names: Names,
    scopes: Vec<(u8, Scope)>,
    target: Target,
    /// Heading anchors so far, with how often.
    taken: HashMap<String, usize>,
    title: Option<String>,
    /// The last heading, where it opens nothing of a role or specialty and no list stands below it yet.
    bare: Option<(String, Range<usize>)>,
    /// The heading of a role or specialty below which nothing stands yet, with its node and level.
    closed: Option<(usize, u8, Range<usize>)>,
    /// By node, where its heading stands first.
    opened: HashMap<usize, Range<usize>>,
    /// By node with a second heading, where that stands, and the number of the finding that says so.
    again: HashMap<usize, (Range<usize>, Option<usize>)>,
    /// Whether no heading was read yet.
    first: bool,
    /// What puts the first heading and all below it one level deeper, where that can be done.
    deeper: Option<Vec<(Range<usize>, String)>>,
    /// The number of the finding that the last heading is the page's title, but has the name of this section.
    titled: Option<(usize, usize)>,
    /// Which headings stand beside those of roles.
    among: Among,
    /// The level of the last heading; 1 before the first, for the title stands in the front matter.
    level: u8,
}

impl Reader<'_> {
    fn block(&mut self, block: Block) {
        if !matches!(block.kind, BlockKind::Heading(_) | BlockKind::Comment) {
            self.closed = None;
        }
        match block.kind {
            BlockKind::Heading(heading) => self.heading(&heading, block.span),
            BlockKind::List(entries) => self.list(entries, block.span),
            BlockKind::Instead => self.instead(block.span),
            BlockKind::Table | BlockKind::Prose => self.prose(block.span),
            BlockKind::Comment | BlockKind::Note => {}
        }
    }

    fn heading(&mut self, heading: &Heading, span: Range<usize>) {
        let first = std::mem::replace(&mut self.first, false);
        (self.bare, self.titled) = (None, None);
        let closed = self.closed.take();
        self.check_level(heading, &span);
        let anchors = self.anchors(heading);
        if first && heading.level == 1 {
            self.check_title(heading, &span);
            self.page_title(heading, anchors, span);
            return;
        }
        self.scopes.retain(|(level, _)| *level < heading.level);
        let beside = self.among.enter(heading.level, span.start);
        let in_container = matches!(self.scopes.last(), Some((_, Scope::Container)));
        let meaning = self.meaning(heading, in_container);
        if in_container && !self.fits_container(heading, &meaning, &span) {
            self.open_unknown(heading, anchors, span);
            return;
        }
        let unknown = matches!(self.scopes.iter().rev().find(|(_, s)| *s != Scope::Prose), Some((_, Scope::Unknown)));
        if unknown && matches!(meaning, Meaning::Section { .. } | Meaning::Container(_) | Meaning::Nothing) {
            self.open_prose(heading, anchors, span);
            return;
        }
        match meaning {
            Meaning::Node(node) => {
                self.note_node(node, beside, span.start);
                self.document.nodes[node].anchors.extend(anchors);
                self.closed = self.is_one_of_several(node).then(|| (node, heading.level, span.clone()));
                if *self.opened.entry(node).or_insert_with(|| span.clone()) != span {
                    self.again.insert(node, (span, None));
                }
                self.open(heading.level, Scope::Node(node));
                self.target = Target::Pending(Opening { node, ..Opening::default() });
            }
            Meaning::Section { node, section } => {
                if let Some(closed) = closed {
                    self.check_closed(closed, (node, section), heading, &span);
                }
                self.open_section(node, section, heading, anchors, span)
            }
            Meaning::Container(container) => {
                let node = self.open_node();
                let shown = ProseHeading { text: heading.text.as_str().into(), level: heading.level, anchors };
                self.open(heading.level, Scope::Container);
                self.push_prose(node, Some(shown), None, span.end..span.end, span.start);
                if let Some(prose) = self.document.nodes[node].prose.last_mut() {
                    prose.container = Some(container);
                }
            }
            Meaning::Ambiguous(nodes) => {
                self.report_ambiguous(heading, &nodes, &span);
                self.open_unknown(heading, anchors, span);
            }
            Meaning::Nothing => {
                let told = self.document.findings.len();
                self.other(heading, anchors, span.clone());
                if told == self.document.findings.len() && self.open_node() == 0 {
                    self.among.strangers.push(Stranger { beside, heading: heading.text.clone(), span, has_list: false });
                }
            }
        }
    }

    /// A level-1 heading that comes first is the page's title, left out where it repeats it.
    fn page_title(&mut self, heading: &Heading, anchors: Range<u32>, span: Range<usize>) {
        let repeats = self.title.as_deref().is_none_or(|t| t == ident::fold(&heading.text));
        if repeats {
            self.document.nodes[0].anchors.extend(anchors);
        } else {
            self.push_prose(0, Some(ProseHeading { text: heading.text.as_str().into(), level: 1, anchors }), None, span.end..span.end, span.start);
        }
        self.target = Target::Pending(Opening::default());
    }

    fn open(&mut self, level: u8, scope: Scope) {
        self.scopes.push((level, scope));
    }

    fn open_node(&self) -> usize {
        self.scopes
            .iter()
            .rev()
            .find_map(|(_, scope)| match scope {
                Scope::Node(node) | Scope::Section { node, .. } => Some(*node),
                Scope::Container | Scope::Prose | Scope::Unknown => None,
            })
            .unwrap_or(0)
    }

    /// The innermost open section, unless a node was opened inside it.
    fn open_section_scope(&self) -> Option<(usize, usize)> {
        self.scopes.iter().rev().find_map(|(_, scope)| match scope {
            Scope::Section { node, section } => Some(Some((*node, *section))),
            Scope::Node(_) | Scope::Container | Scope::Unknown => Some(None),
            Scope::Prose => None,
        })?
    }

    fn anchors(&mut self, heading: &Heading) -> Range<u32> {
        let start = self.document.anchors.len() as u32;
        if let Some(id) = heading.id.as_deref().filter(|id| !self.names.ids.contains_key(*id)) {
            self.document.anchors.push(id.into());
        }
        let slug = ident::unique_anchor(ident::heading_anchor(&heading.text), &mut self.taken);
        self.document.anchors.push(slug.into());
        start..self.document.anchors.len() as u32
    }

    fn open_section(&mut self, node: usize, section: usize, heading: &Heading, anchors: Range<u32>, span: Range<usize>) {
        self.open(heading.level, Scope::Section { node, section });
        if !self.config.sections[section].has_items() {
            let shown = ProseHeading { text: heading.text.as_str().into(), level: heading.level, anchors };
            if self.config.sections[section].kind == SectionKind::Prose {
                self.check_defined_once(node, section, &span);
            }
            self.target = Target::Pending(Opening { node, heading: Some((shown, span)), section: Some(section) });
            return;
        }
        self.check_defined_once(node, section, &span);
        if node == 0 && self.config.sections[section].inherit == Inherit::Merge {
            self.among.note_list();
        }
        let start = self.document.items.len() as u32;
        let sections = &mut self.document.nodes[node].sections;
        sections.push(NodeSection { section, instead: false, items: start..start, flow: Vec::new(), span, anchors });
        self.target = Target::Section { node, index: sections.len() - 1 };
    }

    /// A heading that fits no row: a sub-heading of an open list section, or prose.
    fn other(&mut self, heading: &Heading, anchors: Range<u32>, span: Range<usize>) {
        let open = self.open_section_scope();
        let in_list = open.filter(|(_, section)| self.config.sections[*section].has_items());
        if instead::near(&heading.text).is_some() {
            self.report_instead(span.clone(), "this is a heading like any other, and the inherited list stays");
        }
        let told = self.document.findings.len();
        if self.names.sections && self.check_near_miss(heading, in_list, &span) {
            self.open_unknown(heading, anchors, span);
            return;
        }
        let Some((node, section)) = in_list else {
            let kind = self.document.family().map(|front| front.node_kind(self.open_node()));
            let is_bare = open.is_none() && matches!(kind, Some(NodeKind::Role(_) | NodeKind::Specialty(_))) && self.document.findings.len() == told;
            self.bare = is_bare.then(|| (heading.text.clone(), span.clone()));
            self.open_prose(heading, anchors, span);
            return;
        };
        let Some(index) = self.document.nodes[node].sections.iter().rposition(|s| s.section == section) else { return };
        self.document.nodes[node].sections[index].flow.push(Flow::SubHeading { text: heading.text.as_str().into(), anchors });
        self.target = Target::Section { node, index };
    }

    fn open_unknown(&mut self, heading: &Heading, anchors: Range<u32>, span: Range<usize>) {
        self.open_prose(heading, anchors, span);
        if let Some((_, scope)) = self.scopes.last_mut() {
            *scope = Scope::Unknown;
        }
    }

    fn open_prose(&mut self, heading: &Heading, anchors: Range<u32>, span: Range<usize>) {
        let node = self.open_node();
        let section = self.open_section_scope().map(|(_, s)| s).filter(|s| !self.config.sections[*s].has_items());
        self.open(heading.level, Scope::Prose);
        let shown = ProseHeading { text: heading.text.as_str().into(), level: heading.level, anchors };
        self.push_prose(node, Some(shown), section, span.end..span.end, span.start);
    }

    fn list(&mut self, entries: Vec<ListEntry>, span: Range<usize>) {
        let Target::Section { node, index } = self.target else {
            self.report_bare();
            self.report_titled();
            self.report_below_node(entries.len(), &span);
            self.prose(span);
            return;
        };
        let start = self.document.items.len() as u32;
        let section = self.document.nodes[node].sections[index].section;
        for entry in entries {
            items::push_bullet(self.document, entry, node, section);
        }
        let end = self.document.items.len() as u32;
        let list = &mut self.document.nodes[node].sections[index];
        match list.flow.last_mut() {
            Some(Flow::Items(range)) => range.end = end,
            _ => list.flow.push(Flow::Items(start..end)),
        }
        list.items = if list.items.is_empty() { start..end } else { list.items.start..end };
    }

    fn instead(&mut self, span: Range<usize>) {
        match self.target {
            Target::Section { node, index } if self.document.nodes[node].sections[index].flow.is_empty() => {
                self.document.nodes[node].sections[index].instead = true;
            }
            Target::Section { .. } => {
                let finding = Diagnostic::error("wrong-type", self.document.place(span), INSTEAD_FIRST).help(INSTEAD_HELP);
                self.document.findings.push(finding);
            }
            _ => {
                self.report_instead(span.clone(), "this line stands in no list, and drops nothing");
                self.prose(span);
            }
        }
    }

    fn prose(&mut self, span: Range<usize>) {
        match &mut self.target {
            Target::Section { node, index } => {
                let flow = &mut self.document.nodes[*node].sections[*index].flow;
                match flow.last_mut() {
                    Some(Flow::Prose(last)) => last.end = span.end,
                    _ => flow.push(Flow::Prose(span)),
                }
            }
            Target::Prose { node, index } => {
                let written = &mut self.document.nodes[*node].prose[*index].written;
                if let Written::Body(at) = written {
                    *at = if at.start == at.end { span } else { at.start..span.end };
                }
            }
            Target::Pending(opening) => {
                let opening = std::mem::take(opening);
                let start = opening.heading.as_ref().map_or(span.start, |(_, at)| at.start);
                self.push_prose(opening.node, opening.heading.map(|(h, _)| h), opening.section, span, start);
            }
        }
    }

    fn push_prose(&mut self, node: usize, heading: Option<ProseHeading>, section: Option<usize>, body: Range<usize>, start: usize) {
        let span = start..body.end;
        let prose = &mut self.document.nodes[node].prose;
        prose.push(Prose { heading, section, container: None, written: Written::Body(body), span });
        self.target = Target::Prose { node, index: prose.len() - 1 };
    }
}
