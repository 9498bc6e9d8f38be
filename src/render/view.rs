//! What templates see: one struct a page, made of the resolved handbook and nothing else. docs/templates.md lists them.

pub mod compare;
pub mod differences;
pub mod family;
pub mod filter;
pub mod frame;
pub mod history;
pub mod index;
pub mod map;
pub mod matrix;
pub mod requirements;
pub mod role;
pub mod structured;

use std::collections::HashSet;

use serde::Serialize;

use crate::config::strings::{Strings, text};
use crate::config::{Position, SectionKind};
use crate::model::address::output_file;
use crate::model::ways::Way;
use crate::model::{Handbook, Parent, ReportsTo, RoleId, Step};
use crate::parse::keys::number_of;
use crate::parse::{DocumentKind, Grade, NodeKind, Prose, Status};
use crate::render::Site;
use crate::render::url;
use crate::render::words::Words;
use crate::resolve::ItemRef;
use crate::resolve::order::Node;
use crate::variables::Values;

/// A title with where it leads; without `href` there is no page for it.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView {
    /// Text.
    pub title: String,
    /// Address as seen from the page.
    pub href: Option<String>,
}

/// A role that another extends.
#[derive(Debug, Serialize)]
pub struct ParentView {
    /// Its title.
    pub title: String,
    /// Address as seen from the page.
    pub href: Option<String>,
    /// The titles of the sections to which the inheritance is limited, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
}

/// An item of a list. What is empty is left out, which makes a family page a sixth faster.
#[derive(Debug, Serialize)]
pub struct ItemView {
    /// Anchor, unique on the page.
    pub anchor: String,
    /// The item, label included.
    pub html: String,
    /// Whether it has any of the fields below.
    pub marked: bool,
    /// `own`, `inherited` or `replaces`.
    pub status: &'static str,
    /// Its label, by which its links are told apart; on role pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What wrote it, where that is not the role itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<LinkView>,
    /// Where its line can be edited; on role pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<String>,
    /// The words in whose place it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ReplacedView>,
    /// Old anchors that still lead here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub old_anchors: Vec<String>,
    /// Paragraphs and sub-headings of the same node that were written before it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<PartView>,
}

/// The words that an item replaces.
#[derive(Debug, Serialize)]
pub struct ReplacedView {
    /// The replaced item.
    pub html: String,
    /// Both texts in one, with `<del>` and `<ins>`; on role pages, where the two have enough in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differences: Option<String>,
    /// What wrote it.
    pub from: LinkView,
}

/// An item that is not asked any more.
#[derive(Debug, Serialize)]
pub struct RemovedView {
    /// Its label or key.
    pub title: String,
    /// Why, as HTML; may be empty.
    pub reason: String,
    /// What wrote it.
    pub from: LinkView,
    /// What removed it, where that is not the role itself.
    pub by: Option<LinkView>,
    /// Where the line that removes it can be edited; on role pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<String>,
}

/// A part of a list section: items, prose or a sub-heading.
///
/// A list of which no item has anything to say but its text comes ready as `html`, with an anchor on each item: it is
/// what most lists of a family's page are, and two thirds of the cost of the page otherwise.
#[derive(Debug, Default, Serialize)]
pub struct PartView {
    /// `items`, `list`, `prose` or `heading`.
    pub kind: &'static str,
    /// The items, of `items`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemView>,
    /// The whole list, of `list`, or the prose, of `prose`.
    pub html: String,
    /// The text, of `heading`.
    pub text: String,
    /// Anchors, of `heading`.
    pub anchors: Vec<String>,
    /// Number of the first item, of numbered `items`.
    pub start: usize,
}

/// A list section.
#[derive(Debug, Serialize)]
pub struct SectionView {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its anchor on the page.
    pub anchor: String,
    /// Other anchors that lead here.
    pub anchors: Vec<String>,
    /// Whether its items are numbered steps.
    pub steps: bool,
    /// Whether it stands instead of what is inherited.
    pub instead: bool,
    /// Whether anything in it was written by the role itself.
    pub own: bool,
    /// Its content in written order.
    pub parts: Vec<PartView>,
    /// What is not asked any more.
    pub removed: Vec<RemovedView>,
}

/// A piece of prose.
#[derive(Debug, Clone, Serialize)]
pub struct ProseView {
    /// Its heading, where it has one.
    pub heading: Option<String>,
    /// Level of the heading on the page, 2 to 6.
    pub level: u8,
    /// Anchors of the heading.
    pub anchors: Vec<String>,
    /// Its content.
    pub html: String,
}

/// A shared block.
#[derive(Debug, Clone, Serialize)]
pub struct BlockView {
    /// Its title, where it has one.
    pub title: Option<String>,
    /// Its name.
    pub name: String,
    /// Its anchor: its name, unless the page has that already.
    pub anchor: String,
    /// Its prose.
    pub prose: Vec<ProseView>,
    /// The author's own keys.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// Shared blocks by where they are shown.
#[derive(Debug, Default, Serialize)]
pub struct BlocksView {
    /// Before the levels (on a role page: before its lists).
    pub before_levels: Vec<BlockView>,
    /// Before the specialties (on a role page: after its lists).
    pub before_specialties: Vec<BlockView>,
    /// At the end.
    pub end: Vec<BlockView>,
}

/// The anchors of one page, each given once.
#[derive(Debug, Default)]
pub struct Anchors(HashSet<u64, foldhash::fast::FixedState>);

impl Anchors {
    /// Whether the anchor was not given yet.
    pub fn claim(&mut self, anchor: &str) -> bool {
        self.0.insert(number_of(anchor))
    }

    /// The anchors that were not given yet.
    pub fn claim_all<'t>(&mut self, anchors: impl IntoIterator<Item = &'t str>) -> Vec<String> {
        anchors.into_iter().filter(|a| self.claim(a)).map(str::to_owned).collect()
    }
}

/// The page at hand, and what is needed to describe anything on it.
pub struct Page<'a> {
    /// The whole site.
    pub site: &'a Site<'a>,
    /// What renders Markdown.
    pub words: &'a Words<'a>,
    /// The page's file in the output.
    pub file: String,
    /// Its anchors.
    pub anchors: Anchors,
    /// The documents whose words it shows.
    pub shows: Vec<usize>,
}

/// A day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateView {
    /// Such as `2026-11-22`.
    pub iso: String,
    /// In words.
    pub text: String,
}

impl<'a> Page<'a> {
    /// A page at `file`.
    pub fn at(site: &'a Site<'a>, words: &'a Words<'a>, file: String) -> Self {
        Page { site, words, file, anchors: Anchors::default(), shows: Vec::new() }
    }

    /// The handbook.
    pub fn handbook(&self) -> &'a Handbook {
        self.site.handbook
    }

    /// An address as seen from this page.
    pub fn href(&self, to: &str) -> String {
        url::relative(&self.file, to)
    }

    /// A link to a role: its page, its place on the family's page, or no link where it is not published.
    pub fn role_link(&self, role: RoleId) -> LinkView {
        let title = self.handbook().role_front(role).title.clone();
        LinkView { title, href: self.site.role_file(role).map(|file| self.href(&file)) }
    }

    /// A link to a family.
    pub fn family_link(&self, family: usize) -> LinkView {
        let href = Some(self.href(&output_file(&self.handbook().families[family].id)));
        LinkView { title: self.handbook().front(family).title.clone(), href }
    }

    /// A link to a department.
    pub fn department_link(&self, department: usize) -> LinkView {
        let department = &self.handbook().departments[department];
        LinkView { title: department.title.clone(), href: Some(self.href(&output_file(&department.id))) }
    }

    /// The roles that a role extends.
    pub fn parents(&self, role: RoleId) -> Vec<ParentView> {
        let parents = self.handbook().roles[role].parents.iter();
        parents
            .map(|parent| {
                let LinkView { title, href } = self.role_link(parent.role);
                ParentView { title, href, only: self.limits(parent) }
            })
            .collect()
    }

    /// The titles of the sections to which an inheritance is limited, in a sentence.
    fn limits(&self, parent: &Parent) -> Option<String> {
        let config = &self.handbook().config;
        let titles: Vec<&str> = parent.only.as_ref()?.iter().map(|s| &*config.sections[*s].title).collect();
        let [head @ .., last] = titles.as_slice() else { return Some(String::new()) };
        let (comma, and) = (config.strings.get(const { text("comma") }), config.strings.get(const { text("and") }));
        Some(if head.is_empty() { (*last).to_owned() } else { format!("{} {and} {last}", head.join(comma)) })
    }

    fn step_link(&self, step: Step) -> Option<LinkView> {
        match step {
            Step::Role(role) if !self.site.is_published(role) => None,
            Step::Role(role) => Some(self.role_link(role)),
            Step::Family(family) => Some(self.family_link(family)),
        }
    }

    /// Links to where one can go.
    pub fn steps(&self, steps: &[Step]) -> Vec<LinkView> {
        steps.iter().filter_map(|s| self.step_link(*s)).collect()
    }

    /// Links to where one can go from a role, as it is written down.
    pub fn ways(&self, role: RoleId) -> Vec<LinkView> {
        let written = self.handbook().ways_from(role).into_iter().filter(|(_, way)| *way != Way::Listed);
        written.filter_map(|(step, _)| self.step_link(step)).collect()
    }

    /// What changes from each role that leads to this one, by the titles of those, where roles are compared.
    pub fn changes(&self, to: RoleId) -> Vec<LinkView> {
        if !self.handbook().config.compare {
            return Vec::new();
        }
        let link =
            |from| Some(LinkView { title: self.handbook().role_front(from).title.clone(), href: Some(self.href(&self.site.step_page(from, to)?)) });
        self.site.steps_to(to).into_iter().filter_map(link).collect()
    }

    /// Whom one reports to.
    pub fn reports_to(&self, to: Option<&ReportsTo>) -> Option<LinkView> {
        Some(match to? {
            ReportsTo::Role(role) => self.role_link(*role),
            ReportsTo::Text(text) => LinkView { title: text.clone(), href: None },
        })
    }

    /// What wrote an item, as a link.
    pub fn origin(&self, at: ItemRef) -> LinkView {
        self.node_link(Node { document: at.document, node: self.handbook().item(at).1.node })
    }

    /// A node that wrote something, as a link.
    pub fn node_link(&self, at: Node) -> LinkView {
        let handbook = self.handbook();
        let strings = &handbook.config.strings;
        let document = &handbook.documents[at.document as usize];
        let Some(front) = document.family() else {
            let name = &handbook.ids[at.document as usize];
            let title = match &document.kind {
                DocumentKind::Block(front) => front.title.clone(),
                _ => None,
            };
            // The index of items tells who has the block.
            let href = handbook.config.requirements.then(|| self.href("requirements/index.html#_blocks"));
            return LinkView { title: title.unwrap_or_else(|| name.rsplit('/').next().unwrap_or(name).replace('-', " ")), href };
        };
        let id = &handbook.ids[at.document as usize];
        let on_family = |anchor: &str| Some(self.href(&format!("{}#{anchor}", output_file(id))));
        match front.node_kind(at.node as usize) {
            NodeKind::Family => LinkView { title: strings.with(const { text("all_of") }, &[&front.title]), href: Some(self.href(&output_file(id))) },
            NodeKind::Track(i) => {
                let own = self.file.strip_prefix(id.as_str()).is_some_and(|rest| rest.starts_with('/'));
                let track = &front.tracks[i].title;
                let title = if own { track.clone() } else { strings.with(const { text("track_of") }, &[&front.title, track]) };
                LinkView { title, href: on_family(&front.tracks[i].id) }
            }
            NodeKind::Role(i) => match handbook.families.binary_search_by(|f| f.id.cmp(id)) {
                Ok(family) => self.role_link(handbook.families[family].first_role + i),
                Err(_) => LinkView { title: front.roles[i].title.clone(), href: on_family(&front.roles[i].id) },
            },
            NodeKind::Specialty(i) => LinkView { title: front.specialties[i].title.clone(), href: on_family(&front.specialties[i].id) },
        }
    }

    /// Prose of a document, headings no higher than `level`.
    pub fn prose<'p>(&mut self, document: usize, prose: impl IntoIterator<Item = &'p Prose>, level: u8) -> Vec<ProseView> {
        let pieces: Vec<&Prose> = prose.into_iter().collect();
        // The headings above the one at hand: their levels as written, and as they are shown, of which none skips one.
        let mut above: Vec<(u8, u8)> = Vec::new();
        let mut views = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let mut shown = level;
            if let Some(heading) = &piece.heading {
                above.retain(|(written, _)| *written < heading.level);
                shown = above.last().map_or(level, |(_, shown)| shown + 1).min(6);
                above.push((heading.level, shown));
            }
            let view = self.prose_piece(document, piece, shown);
            if view.heading.is_some() || !view.html.is_empty() {
                views.push(view);
            }
        }
        views
    }

    fn prose_piece(&mut self, document: usize, prose: &Prose, level: u8) -> ProseView {
        let html = self.words.written(document, &prose.written, &self.file);
        let heading = prose.heading.as_ref();
        let anchors = heading.map(|h| self.anchors_of(document, h.anchors.clone())).unwrap_or_default();
        ProseView { heading: heading.map(|h| h.text.to_string()), level, anchors, html }
    }

    /// The anchor of an item, or nothing where the page has given it to another.
    pub fn item_anchor(&mut self, section: &str, key: &str) -> String {
        let mut anchor = String::with_capacity(section.len() + key.len() + 1);
        anchor.push_str(section);
        anchor.push('.');
        anchor.push_str(key);
        if self.anchors.claim(&anchor) { anchor } else { String::new() }
    }

    /// Anchors of a document that this page has not given yet.
    pub fn anchors_of(&mut self, document: usize, anchors: impl IntoIterator<Item = u32>) -> Vec<String> {
        let document = &self.site.handbook.documents[document];
        self.anchors.claim_all(anchors.into_iter().map(|a| &*document.anchors[a as usize]))
    }

    /// The shared blocks of a family's page (`role` none: those that count for any of its roles) or of a role's.
    pub fn blocks(&mut self, family: usize, role: Option<RoleId>, specialty: Option<&str>) -> BlocksView {
        let handbook = self.handbook();
        let mut out = BlocksView::default();
        for shared in &handbook.shared {
            let entry = &handbook.config.shared[shared.entry];
            let counts = match role {
                Some(role) => handbook.counts_for(entry, role, specialty),
                None => handbook.roles_of(family).filter(|r| self.site.is_published(*r)).any(|r| handbook.counts_for(entry, r, None)),
            };
            if entry.base || !counts {
                continue;
            }
            let values = Values::of(handbook, family, role, &entry.with);
            let block = self.block(shared.document, &entry.block, &values);
            match entry.at {
                Position::BeforeLevels => out.before_levels.push(block),
                Position::BeforeSpecialties => out.before_specialties.push(block),
                Position::End => out.end.push(block),
            }
        }
        out
    }

    /// A shared block is shown as it is written, whatever its headings would open elsewhere. Without a title of its own it
    /// has that of its first heading.
    fn block(&mut self, number: usize, name: &str, values: &Values<'_>) -> BlockView {
        self.shows.push(number);
        let document = &self.site.handbook.documents[number];
        let text = values.fill(document, &document.text()[document.body..]);
        let extra = match &document.kind {
            DocumentKind::Block(front) => front.extra.clone(),
            _ => serde_json::Map::new(),
        };
        let mut title = match &document.kind {
            DocumentKind::Block(front) => front.title.as_ref().map(|title| values.plain(document, title)),
            _ => None,
        };
        let anchor = self.anchors.claim_all([name]).pop().or_else(|| self.anchors.claim_all([&*format!("_{name}")]).pop()).unwrap_or_default();
        let mut prose: Vec<ProseView> = Vec::new();
        for (heading, markdown) in pieces(&text) {
            let html = self.words.blocks(number, markdown, &self.file);
            let anchors = self.anchors.claim_all(heading.as_ref().map(|(text, _)| crate::ident::heading_anchor(text)).as_deref());
            let first = prose.is_empty() && heading.as_ref().is_some_and(|(text, _)| title.as_ref().is_none_or(|t| t == text));
            let heading = match heading {
                Some((text, _)) if first => {
                    title.get_or_insert(text);
                    None
                }
                heading => heading,
            };
            if heading.is_some() || !html.is_empty() {
                prose.push(ProseView { level: heading.as_ref().map_or(3, |(_, l)| *l), heading: heading.map(|(t, _)| t), anchors, html });
            }
        }
        let top = prose.iter().filter(|p| p.heading.is_some()).map(|p| p.level).min().unwrap_or(3);
        prose.iter_mut().for_each(|p| p.level = (3 + p.level.saturating_sub(top)).min(6));
        BlockView { title, name: name.to_owned(), anchor, prose, extra }
    }

    /// The address at which a line of a file can be edited, where the configuration says so.
    pub fn edit(&self, document: usize, offset: usize) -> Option<String> {
        let handbook = self.site.handbook;
        let pattern = handbook.config.edit.as_ref()?;
        let document = &handbook.documents[document];
        Some(pattern.replace("{path}", &url::encoded(document.file())).replace("{line}", &document.line(offset).to_string()))
    }

    /// The address at which the line of an item can be edited.
    pub fn edit_item(&self, at: ItemRef) -> Option<String> {
        self.site.handbook.config.edit.as_ref()?;
        self.edit(at.document as usize, self.site.handbook.item(at).1.start())
    }

    /// The day on which any of the documents that it shows was last changed, where that is known of all of them.
    pub fn changed(&self) -> Option<DateView> {
        let days = self.shows.iter().map(|document| self.site.changed(*document));
        let iso = days.collect::<Option<Vec<&str>>>()?.into_iter().max()?;
        Some(DateView { iso: iso.to_owned(), text: self.handbook().config.strings.date(iso) })
    }

    /// Whether a section's items are numbered.
    pub fn is_steps(&self, section: usize) -> bool {
        self.handbook().config.sections[section].kind == SectionKind::Steps
    }
}

/// Markdown by its headings: each with its level and what stands below it; the first may have none.
fn pieces(text: &str) -> Vec<(Option<(String, u8)>, &str)> {
    let mut out = Vec::new();
    let (mut heading, mut start) = (None, 0);
    for block in &crate::markdown::outline(text, 0).blocks {
        if let crate::markdown::BlockKind::Heading(found) = &block.kind {
            out.push((heading.take(), &text[start..block.span.start]));
            heading = Some((found.text.clone(), found.level));
            start = block.span.end;
        }
    }
    out.push((heading, &text[start..]));
    out
}

/// A grade in words; none where nobody wrote one.
pub fn grade_text(grade: &Grade, strings: &Strings) -> Option<String> {
    match grade {
        Grade::Missing => None,
        Grade::Numbers(numbers) => match numbers.as_slice() {
            [(one, _)] => Some(one.to_string()),
            several => {
                let or = format!(" {} ", strings.get(const { text("or") }));
                Some(several.iter().map(|(n, _)| n.to_string()).collect::<Vec<_>>().join(&or))
            }
        },
        Grade::None(_) => Some(strings.get(const { text("no_grade") }).to_owned()),
    }
}

/// Why a role has no grade.
pub fn grade_reason(grade: &Grade) -> Option<String> {
    match grade {
        Grade::None(why) if !why.is_empty() => Some(why.clone()),
        _ => None,
    }
}

/// The status word for templates; none for active roles.
pub fn status_word(status: Status) -> Option<&'static str> {
    (status != Status::Active).then(|| status.word())
}
