//! The Markdown below the front matter in, sections and prose on their nodes out. Source: content model, section 4.
//!
//! Headings address the model by name, at any depth. A heading is looked up in the table of the content model, row by
//! row, first as written (without case), then loosely; what it opens reaches to the next heading of its own or a
//! higher level.

mod near;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::front_matter::{INSTEAD_FIRST, INSTEAD_HELP};
use super::{Container, Document, DocumentKind, FamilyFront, Flow, NodeKind, NodeSection, Prose, ProseHeading, Written, items};
use crate::config::{Config, SectionKind};
use crate::diagnostic::{Diagnostic, Part, Severity};
use crate::ident;
use crate::markdown::{self, Block, BlockKind, Heading, ListEntry, Outline};
use near::{Near, What};

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
        opened: HashMap::new(),
        again: HashMap::new(),
        first: true,
        level: 1,
    };
    for block in outline.blocks {
        reader.block(block);
    }
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

fn page_title(document: &Document) -> Option<&str> {
    match &document.kind {
        DocumentKind::Family(front) => Some(&front.title),
        DocumentKind::Page(front) | DocumentKind::Index(front) | DocumentKind::Block(front) => front.title.as_deref(),
        DocumentKind::Broken { .. } => None,
    }
}

/// The words that open containers.
const CONTAINERS: [&str; 3] = ["Levels", "Roles", "Specialties"];
/// The words that open the family's node.
const ALL_LEVELS: &str = "All levels";

type Words<T> = HashMap<String, T, foldhash::fast::FixedState>;

/// The names that headings may say.
struct Names {
    /// Whether headings address anything at all (not on plain pages).
    sections: bool,
    exact: Words<BTreeSet<usize>>,
    loose: Words<BTreeSet<usize>>,
    ids: Words<usize>,
    /// Ids as headings say them, as written and loosely.
    said: [Words<BTreeSet<usize>>; 2],
    family: bool,
}

impl Names {
    fn of(document: &Document, config: &Config) -> Self {
        let mut names = Names {
            sections: false,
            exact: Words::default(),
            loose: Words::default(),
            ids: Words::default(),
            said: Default::default(),
            family: false,
        };
        match &document.kind {
            DocumentKind::Family(front) => names.add_family(front),
            DocumentKind::Block(_) => {}
            _ => return names,
        }
        names.sections = !config.sections.is_empty();
        names
    }

    fn add_family(&mut self, front: &FamilyFront) {
        self.family = true;
        self.add(&front.title, 0);
        for (i, track) in front.tracks.iter().enumerate() {
            self.add(&track.title, front.track_node(i));
            self.add_id(&track.id, front.track_node(i));
        }
        for (i, role) in front.roles.iter().enumerate() {
            for name in role.names() {
                self.add(&name, front.role_node(i));
            }
            self.add_id(&role.id, front.role_node(i));
        }
        for (i, specialty) in front.specialties.iter().enumerate() {
            self.add(&specialty.title, front.specialty_node(i));
            self.add_id(&specialty.id, front.specialty_node(i));
        }
    }

    fn add_id(&mut self, id: &str, node: usize) {
        self.ids.insert(id.to_owned(), node);
        self.said[0].entry(id.to_owned()).or_default().insert(node);
        self.said[1].entry(id.to_owned()).or_default().insert(node);
        self.said[1].entry(ident::loose(id)).or_default().insert(node);
    }

    fn add(&mut self, name: &str, node: usize) {
        self.exact.entry(ident::fold(name)).or_default().insert(node);
        self.loose.entry(ident::loose(name)).or_default().insert(node);
    }
}

/// The names of a family in one form, and how to bring a name into that form.
struct Table<'a> {
    nodes: &'a Words<BTreeSet<usize>>,
    ids: &'a Words<BTreeSet<usize>>,
    sections: &'a std::collections::BTreeMap<String, usize>,
    form: fn(&str) -> String,
}

/// What a heading opens.
#[derive(Debug, Clone, PartialEq)]
enum Meaning {
    Node(usize),
    Section { node: usize, section: usize },
    Container,
    Ambiguous(Vec<usize>),
    Nothing,
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

/// Where the text of a heading stands that begins with `#` and has no markup; other headings are not mended.
fn heading_text_at(file: &str, span: &Range<usize>, text: &str) -> Option<Range<usize>> {
    let line = file[span.clone()].lines().next()?;
    let at = line.find(text).filter(|_| line.starts_with('#') && !text.is_empty())?;
    line[..at].chars().all(|c| matches!(c, '#' | ' ')).then_some(span.start + at..span.start + at + text.len())
}

fn container_of(heading: &str) -> Container {
    if ident::loose(heading) == ident::loose("Specialties") { Container::Specialties } else { Container::Levels }
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
    /// By node, where its heading stands first.
    opened: HashMap<usize, Range<usize>>,
    /// By node with a second heading, where that stands, and the number of the finding that says so.
    again: HashMap<usize, (Range<usize>, Option<usize>)>,
    /// Whether no heading was read yet.
    first: bool,
    /// The level of the last heading; 1 before the first, for the title stands in the front matter.
    level: u8,
}

impl Reader<'_> {
    fn block(&mut self, block: Block) {
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
        self.bare = None;
        self.check_level(heading, &span);
        let anchors = self.anchors(heading);
        if first && heading.level == 1 {
            self.check_title(heading, &span);
            self.page_title(heading, anchors, span);
            return;
        }
        self.scopes.retain(|(level, _)| *level < heading.level);
        let in_container = matches!(self.scopes.last(), Some((_, Scope::Container)));
        let meaning = self.meaning(heading, in_container);
        if in_container && !self.fits_container(heading, &meaning, &span) {
            self.open_unknown(heading, anchors, span);
            return;
        }
        let unknown = matches!(self.scopes.iter().rev().find(|(_, s)| *s != Scope::Prose), Some((_, Scope::Unknown)));
        if unknown && matches!(meaning, Meaning::Section { .. } | Meaning::Container | Meaning::Nothing) {
            self.open_prose(heading, anchors, span);
            return;
        }
        match meaning {
            Meaning::Node(node) => {
                self.document.nodes[node].anchors.extend(anchors);
                if *self.opened.entry(node).or_insert_with(|| span.clone()) != span {
                    self.again.insert(node, (span, None));
                }
                self.open(heading.level, Scope::Node(node));
                self.target = Target::Pending(Opening { node, ..Opening::default() });
            }
            Meaning::Section { node, section } => self.open_section(node, section, heading, anchors, span),
            Meaning::Container => {
                let node = self.open_node();
                let shown = ProseHeading { text: heading.text.as_str().into(), level: heading.level, anchors };
                self.open(heading.level, Scope::Container);
                self.push_prose(node, Some(shown), None, span.end..span.end, span.start);
                if let Some(prose) = self.document.nodes[node].prose.last_mut() {
                    prose.container = Some(container_of(&heading.text));
                }
            }
            Meaning::Ambiguous(nodes) => {
                self.report_ambiguous(heading, &nodes, &span);
                self.open_unknown(heading, anchors, span);
            }
            Meaning::Nothing => self.other(heading, anchors, span),
        }
    }

    /// A heading more than one level below the last one leaves a gap in the outline of the page.
    fn check_level(&mut self, heading: &Heading, span: &Range<usize>) {
        let last = std::mem::replace(&mut self.level, heading.level);
        if heading.level <= last + 1 {
            return;
        }
        let wanted = "#".repeat(usize::from(last) + 1);
        let finding = Diagnostic::warning(
            "heading-level-skipped",
            self.document.place(items::first_line(self.document.text(), span.clone())),
            format!("the heading `{}` is {} levels below the one above it", heading.text, heading.level - last),
        )
        .help(format!("begin it with `{wanted}`"));
        self.document.findings.push(finding);
    }

    /// The page's title opens nothing. One that names a role or a section looks as if it did.
    fn check_title(&mut self, heading: &Heading, span: &Range<usize>) {
        let Some(front) = self.document.family().filter(|_| self.title.as_deref() != Some(&ident::fold(&heading.text))) else { return };
        let is_only_role = |node: usize| matches!(front.node_kind(node), NodeKind::Role(_)) && front.roles.len() == 1;
        let whose = match self.meaning(heading, false) {
            Meaning::Nothing | Meaning::Node(0) => return,
            Meaning::Node(node) if is_only_role(node) => return,
            Meaning::Section { node, .. } if node != 0 && is_only_role(node) => return,
            Meaning::Section { node: 0, .. } => "what stands below it is no list of requirements or the like",
            Meaning::Container => "what stands below it is no level",
            Meaning::Node(_) | Meaning::Section { .. } | Meaning::Ambiguous(_) => "what stands below it counts for the whole family",
        };
        let finding = Diagnostic::warning(
            "heading-is-title",
            self.document.place(items::first_line(self.document.text(), span.clone())),
            format!("a level-1 heading that comes first is the page's title and opens nothing: {whose}"),
        )
        .help("begin it with `##`, and those below it with one `#` more; or give it the title of the family");
        self.document.findings.push(finding);
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

    fn meaning(&self, heading: &Heading, in_container: bool) -> Meaning {
        if !self.names.sections {
            return Meaning::Nothing;
        }
        if let Some(node) = heading.id.as_deref().and_then(|id| self.names.ids.get(id)) {
            return Meaning::Node(*node);
        }
        let exact = ident::fold(&heading.text);
        let exact = exact.split_whitespace().collect::<Vec<_>>().join(" ");
        let (names, headings) = (&self.names, &self.config.headings);
        let as_written = Table { nodes: &names.exact, ids: &names.said[0], sections: &headings.exact, form: ident::fold };
        match self.look_up(&exact, &as_written, in_container) {
            Meaning::Nothing => {
                let loosely = Table { nodes: &names.loose, ids: &names.said[1], sections: &headings.loose, form: ident::loose };
                self.look_up(&ident::loose(&heading.text), &loosely, in_container)
            }
            found => found,
        }
    }

    /// Looks a heading up in the table of the content model, row by row.
    fn look_up(&self, text: &str, table: &Table<'_>, in_container: bool) -> Meaning {
        if text.is_empty() {
            return Meaning::Nothing;
        }
        let mut named: Vec<usize> = table.nodes.get(text).into_iter().flatten().copied().collect();
        if in_container {
            named.extend(table.ids.get(text).into_iter().flatten());
        }
        match self.one_of(named) {
            Meaning::Node(node) => return self.of_open_section(node),
            Meaning::Nothing => {}
            other => return other,
        }
        if self.names.family {
            if text == (table.form)(ALL_LEVELS) {
                return Meaning::Node(0);
            }
            if CONTAINERS.iter().any(|c| (table.form)(c) == text) {
                return Meaning::Container;
            }
        }
        if let Some(section) = table.sections.get(text) {
            return Meaning::Section { node: self.open_node(), section: *section };
        }
        self.of_named_node(text, table)
    }

    /// The name of a track while a section is open is the same section of that track.
    fn of_open_section(&self, node: usize) -> Meaning {
        let front = self.document.family();
        let is_track = front.is_some_and(|f| matches!(f.node_kind(node), NodeKind::Track(_)));
        match self.open_section_scope() {
            Some((_, section)) if is_track => Meaning::Section { node, section },
            _ => Meaning::Node(node),
        }
    }

    /// A section after the title, level or id of a node.
    fn of_named_node(&self, text: &str, table: &Table<'_>) -> Meaning {
        let mut fits: Vec<(&str, usize)> = table
            .sections
            .iter()
            .filter(|(name, _)| text.len() > name.len() + 1 && text.ends_with(name.as_str()) && text.as_bytes()[text.len() - name.len() - 1] == b' ')
            .map(|(name, section)| (name.as_str(), *section))
            .collect();
        fits.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        for (name, section) in fits {
            let before = text[..text.len() - name.len() - 1].trim_end();
            let named = table.nodes.get(before).into_iter().chain(table.ids.get(before)).flatten().copied().collect();
            match self.one_of(named) {
                Meaning::Node(node) => return Meaning::Section { node, section },
                Meaning::Nothing => {}
                other => return other,
            }
        }
        Meaning::Nothing
    }

    /// The one node that is left; a role wins over its family of the same title.
    fn one_of(&self, mut nodes: Vec<usize>) -> Meaning {
        nodes.sort_unstable();
        nodes.dedup();
        if nodes.len() > 1 {
            nodes.retain(|n| *n != 0);
        }
        match nodes.as_slice() {
            [] => Meaning::Nothing,
            [node] => Meaning::Node(*node),
            _ => Meaning::Ambiguous(nodes),
        }
    }

    fn node_name(&self, node: usize) -> (String, String) {
        let Some(front) = self.document.family() else { return (String::new(), String::new()) };
        match front.node_kind(node) {
            NodeKind::Family => ("the family".to_owned(), String::new()),
            NodeKind::Track(i) => (format!("the track {}", front.tracks[i].title), front.tracks[i].id.clone()),
            NodeKind::Role(i) => (format!("the role {}", front.roles[i].title), front.roles[i].id.clone()),
            NodeKind::Specialty(i) => (format!("the specialty {}", front.specialties[i].title), front.specialties[i].id.clone()),
        }
    }

    fn report_ambiguous(&mut self, heading: &Heading, nodes: &[usize], span: &Range<usize>) {
        let names: Vec<(String, String)> = nodes.iter().map(|n| self.node_name(*n)).collect();
        let kinds: Vec<String> = names.iter().map(|(name, id)| format!("{name} (`{id}`)")).collect();
        let finding = Diagnostic::error(
            "heading-ambiguous",
            self.document.place(span.clone()),
            format!("the heading `{}` fits {}", heading.text, kinds.join(" and ")),
        )
        .help(format!("say which one is meant: `{} {} {{#{}}}`", "#".repeat(heading.level.into()), heading.text, names[0].1));
        let finding = nodes.iter().fold(finding, |finding, node| finding.of_part(*node, None));
        // Nor is what stands below it in the list that was open.
        self.document.findings.push(self.open_section_scope().into_iter().fold(finding, |finding, (node, section)| finding.of_part(node, section)));
    }

    /// Direct children of a container are roles, specialties, tracks, or sections of a named one.
    fn fits_container(&mut self, heading: &Heading, meaning: &Meaning, span: &Range<usize>) -> bool {
        let named = match meaning {
            Meaning::Node(_) | Meaning::Ambiguous(_) => true,
            Meaning::Section { node, .. } => *node != self.open_node(),
            Meaning::Container | Meaning::Nothing => false,
        };
        if named {
            return true;
        }
        let Some(front) = self.document.family() else { return true };
        let titles: Vec<&str> = front.roles.iter().map(|r| r.title.as_str()).chain(front.specialties.iter().map(|s| s.title.as_str())).collect();
        let levels = front.roles.iter().filter_map(|r| r.level.as_deref());
        let ids = self.names.ids.keys().map(String::as_str);
        let nearest = ident::nearest(&heading.text, titles.iter().copied().chain(levels)).or_else(|| ident::nearest(&heading.text, ids));
        let shown = titles.iter().take(12).copied().collect::<Vec<_>>().join(", ");
        let more = if titles.len() > 12 { format!(" and {} more", titles.len() - 12) } else { String::new() };
        let help = match meaning {
            Meaning::Nothing => format!(
                "roles and specialties of this family: {shown}{more}; a heading that is none of them belongs outside `Levels`, `Roles` and `Specialties`"
            ),
            _ => format!(
                "write it below the role or specialty that it belongs to, or outside `Levels`, `Roles` and `Specialties`; here are: {shown}{more}"
            ),
        };
        let near = near::of(&heading.text, self.open_node(), &self.names, Some(front), self.config);
        let said = near.as_ref().filter(|near| matches!(near.what, What::Said(_))).map(|near| near.meant.as_str());
        let finding = Diagnostic::error(
            "heading-unknown",
            self.document.place(span.clone()),
            format!("`{}` is no role or specialty of this family", heading.text),
        )
        .meant(nearest.or(said))
        .help(help);
        let finding = match (meaning, near.as_ref().map(|near| near.what)) {
            (Meaning::Section { section, .. }, _) => finding.of_part(None, *section),
            (_, Some(What::Section(section))) => finding.of_part(None, section),
            (_, Some(What::Node(node) | What::Said(node))) => finding.of_part(node, None),
            (_, Some(What::SectionOf { node, section })) => finding.of_part(node, section),
            (_, Some(What::Word(_) | What::Numbered(_) | What::Several | What::Unlisted) | None) => finding.of_part(None, None),
        };
        // Only here is a section of the open node no way out.
        let names_node = |near: &&Near| matches!(near.what, What::Node(_) | What::SectionOf { .. });
        let finding = match near.as_ref().filter(names_node) {
            Some(near) => self.with_mend(finding, &heading.text, near, span),
            None => finding,
        };
        self.document.findings.push(finding);
        false
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
        let start = self.document.items.len() as u32;
        let sections = &mut self.document.nodes[node].sections;
        sections.push(NodeSection { section, instead: false, items: start..start, flow: Vec::new(), span, anchors });
        self.target = Target::Section { node, index: sections.len() - 1 };
    }

    fn check_defined_once(&mut self, node: usize, section: usize, span: &Range<usize>) {
        let content = &self.document.nodes[node];
        let list = content.sections.iter().find(|s| s.section == section).map(|s| s.span.clone());
        let prose = content.prose.iter().find(|p| p.section == Some(section)).map(|p| p.span.start..p.span.start + 1);
        let Some(first) = list.or(prose) else { return };
        if self.is_of_second_heading(node, section, &first) {
            return;
        }
        let (name, _) = self.node_name(node);
        let first = items::first_line(self.document.text(), first);
        let finding = Diagnostic::error(
            "section-defined-twice",
            self.document.place(span.clone()),
            format!("{} of {name} is written twice", self.config.sections[section].title),
        )
        .label("the second one")
        .help("write each section of a role, specialty, track or family once, in the front matter or in the body")
        .related(self.document.place(first), "the first one")
        .of_part(node, section);
        self.document.findings.push(finding);
    }

    /// Whether a section is there twice because the heading of its node is, which is told once.
    fn is_of_second_heading(&mut self, node: usize, section: usize, first: &Range<usize>) -> bool {
        let (name, _) = self.node_name(node);
        let is_below = self.scopes.iter().any(|(_, scope)| *scope == Scope::Node(node));
        let (Some(heading), Some((again, told))) = (self.opened.get(&node), self.again.get_mut(&node)) else { return false };
        if !is_below || !(heading.start..again.start).contains(&first.start) {
            return false;
        }
        let number = *told.get_or_insert(self.document.findings.len());
        if number == self.document.findings.len() {
            let place = |span: &Range<usize>| self.document.place(items::first_line(self.document.text(), span.clone()));
            let finding = Diagnostic::error(
                "section-defined-twice",
                place(again),
                format!("the heading of {name} stands here again, and the same sections below it"),
            )
            .label("the second one")
            .help("put what stands below the two headings together below one of them, each section once")
            .related(place(heading), "the first one");
            self.document.findings.push(finding);
        }
        self.document.findings[number].parts.push(Part { node: Some(node), section: Some(section) });
        true
    }

    /// A heading that fits no row: a sub-heading of an open list section, or prose.
    fn other(&mut self, heading: &Heading, anchors: Range<u32>, span: Range<usize>) {
        let open = self.open_section_scope();
        let in_list = open.filter(|(_, section)| self.config.sections[*section].has_items());
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

    /// A heading that is one or two letters off a name, says one in other words, or holds a section's name, was probably meant as that. Gives
    /// whether it was meant for another node than the open one: what stands below it is not that one's.
    fn check_near_miss(&mut self, heading: &Heading, in_list: Option<(usize, usize)>, span: &Range<usize>) -> bool {
        let found = near::of(&heading.text, self.open_node(), &self.names, self.document.family(), self.config);
        let finding = match &found {
            Some(near) => self.near_miss(heading, near, span),
            None if in_list.is_some() => return false,
            None => match near::held_section(&heading.text, self.config) {
                Some((section, spelt_right)) => {
                    let (title, nearly) = (&self.config.sections[section].title, if spelt_right { "" } else { "nearly " });
                    let message = format!("the heading `{}` {nearly}holds the name of the section {title}, but opens nothing", heading.text);
                    Diagnostic::warning("heading-near-miss", self.document.place(span.clone()), message)
                        .label("its list is shown as prose")
                        .of_part(None, section)
                }
                None => return false,
            },
        };
        let what = found.as_ref().map(|near| near.what);
        let set_aside = match what {
            Some(What::Node(node)) => node != self.open_node(),
            Some(What::Said(_) | What::SectionOf { .. } | What::Numbered(_) | What::Several | What::Unlisted) => true,
            Some(What::Section(_) | What::Word(_)) | None => false,
        };
        let finding = finding.help(match what {
            Some(What::Said(node)) => {
                let marks = "#".repeat(heading.level.into());
                let (meant, id) = (found.as_ref().map_or("", |near| &near.meant), self.node_name(node).1);
                format!("write `{marks} {meant}`, or put its id behind the heading: `{marks} {} {{#{id}}}`", heading.text)
            }
            Some(What::Several) => "write what each asks below its own heading; `roles` of a specialty says for which roles it is".to_owned(),
            Some(What::Unlisted) => "add the role to the front matter, or write the name of one that is there".to_owned(),
            _ => "write the name of a section, role, track or specialty exactly; other wordings for sections can be added in handbook.yml under `sections`".to_owned(),
        });
        // What is set aside is not in the list either that is open here.
        self.document.findings.push(match in_list.filter(|_| set_aside) {
            Some((node, section)) => finding.of_part(node, section),
            None => finding,
        });
        set_aside
    }

    fn near_miss(&self, heading: &Heading, near: &Near, span: &Range<usize>) -> Diagnostic {
        let (text, meant) = (&heading.text, &near.meant);
        let message = match near.what {
            What::Numbered(_) => format!("the heading `{text}` is `{meant}` but for the number, and opens nothing"),
            What::Said(_) => format!("the heading `{text}` says `{meant}` in other words, and opens nothing"),
            What::Several => format!("the heading `{text}` names several roles or specialties at once, and opens nothing"),
            What::Unlisted => format!("the heading `{text}` looks like a role of this family and is none"),
            _ => format!("the heading `{text}` is nearly `{meant}`, but opens nothing"),
        };
        let finding = Diagnostic::warning("heading-near-miss", self.document.place(span.clone()), message);
        let finding = match near.what {
            What::Section(section) => finding.of_part(self.open_node(), section),
            What::SectionOf { node, section } => finding.of_part(node, section),
            What::Node(node) | What::Said(node) => finding.of_part(node, None),
            What::Word(_) | What::Numbered(_) => finding.of_part(None, None),
            // No role has the lists below it.
            What::Several | What::Unlisted => finding,
        };
        let finding = match near.what {
            What::Several => finding.label("one heading opens one role or specialty"),
            What::Numbered(_) | What::Unlisted => finding.label("nothing of this name is in the front matter"),
            _ => finding.label(format!("did you mean `{meant}`?")),
        };
        self.with_mend(finding, text, near, span)
    }

    /// The finding with its mend, where nothing else can be meant and the heading is no more than its text.
    fn with_mend(&self, finding: Diagnostic, text: &str, near: &Near, span: &Range<usize>) -> Diagnostic {
        let meant = &near.meant;
        let mend = near.mend.as_ref().zip(heading_text_at(self.document.text(), span, text));
        match mend {
            Some(((at, name), whole)) => {
                finding.fix(format!("the heading `{text}` is `{meant}` now"), vec![(whole.start + at.start..whole.start + at.end, name.clone())])
            }
            None => finding,
        }
    }

    fn list(&mut self, entries: Vec<ListEntry>, span: Range<usize>) {
        let Target::Section { node, index } = self.target else {
            self.report_bare();
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

    /// A list below a heading that opens nothing looks like one of the role's, and is none.
    fn report_bare(&mut self) {
        let Some((heading, span)) = self.bare.take() else { return };
        let message = format!("the list below `{heading}` is prose, and nobody inherits it");
        let finding = Diagnostic::new(Severity::Info, "list-as-prose", self.document.place(items::first_line(self.document.text(), span)), message)
            .help("name the heading like a section, or add its wording in handbook.yml under `sections`")
            .of_part(self.open_node(), None);
        self.document.findings.push(finding);
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
            _ => self.prose(span),
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
