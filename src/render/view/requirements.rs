//! The index of items: every labelled item and every shared block, with the roles that have it, like the index at
//! the end of a book.

use std::collections::HashMap;

use serde::Serialize;

use super::frame::{Frame, frame};
use super::{LinkView, Page};
use crate::config::SharedEntry;
use crate::config::strings::text;
use crate::ident;
use crate::markdown::html::escape_into;
use crate::model::address::output_file;
use crate::model::{Handbook, RoleId};
use crate::parse::DocumentKind;
use crate::render::Site;
use crate::resolve::ItemRef;

/// An item that more roles have than this is told on a page of its own.
const HERE: usize = 24;
/// The same where the index would name roles more often than [`MANY`] times: it has to stay light.
const HERE_OF_MANY: usize = 3;
/// See [`HERE_OF_MANY`].
const MANY: usize = 2_000;
/// A key that is longer than this makes no address.
const LONGEST: usize = 100;

/// The index, or the page of one item.
#[derive(Debug, Serialize)]
pub struct RequirementsPage {
    /// The frame, which templates see as `page` and `site`.
    #[serde(skip)]
    pub frame: Frame,
    /// The labelled items by their first letters.
    pub letters: Vec<LetterView>,
    /// The shared blocks.
    pub blocks: Vec<EntryView>,
    /// The item of this page, if it is that of one.
    pub entry: Option<EntryView>,
    /// The index, on the page of an item.
    pub index: String,
}

/// The items that begin with a letter.
#[derive(Debug, Serialize)]
pub struct LetterView {
    /// The letter; `#` for digits and marks.
    pub letter: String,
    /// The items.
    pub entries: Vec<EntryView>,
}

/// A labelled item or a shared block.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    /// Its label or title.
    pub title: String,
    /// Its section; of a block, whether it is inherited or shown.
    pub section: String,
    /// How many families have it.
    pub family_count: usize,
    /// How many roles have it.
    pub role_count: usize,
    /// Whether every role has it.
    pub everyone: bool,
    /// The roles, as HTML: a list entry a family. Empty where they are told on a page of their own.
    pub who: String,
    /// That page.
    pub href: Option<String>,
}

/// What the index is made of: found once, shown on the index and on the pages of its entries.
#[derive(Debug, Default)]
pub struct Index {
    items: Vec<Entry>,
    blocks: Vec<Entry>,
    /// An entry that more roles have is told on a page of its own.
    here: usize,
}

/// An item or a block with those that have it.
#[derive(Debug)]
struct Entry {
    title: String,
    /// By which it is sorted.
    folded: String,
    section: String,
    /// Part of its address.
    path: String,
    /// What leads to it on a role's page.
    anchor: Option<String>,
    /// Roles, ascending, perhaps with a specialty.
    who: Vec<(RoleId, Option<usize>)>,
}

impl Entry {
    /// Its page, where more roles than `here` have it.
    fn file(&self, here: usize) -> Option<String> {
        (self.who.len() > here && self.path.len() <= LONGEST).then(|| output_file(&format!("requirements/{}", self.path)))
    }
}

impl Index {
    /// Of all roles that are published.
    pub fn of(site: &Site<'_>) -> Index {
        let (items, blocks) = (items(site), blocks(site));
        let named: usize = items.iter().chain(&blocks).map(|e| e.who.len()).filter(|n| *n <= HERE).sum();
        Index { items, blocks, here: if named > MANY { HERE_OF_MANY } else { HERE } }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.items.len() + self.blocks.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The page of an entry, where it has one.
    pub fn file(&self, entry: usize) -> Option<String> {
        self.entry(entry).file(self.here)
    }

    /// Id of the page of a labelled item, where it has one.
    pub fn page_of_item(&self, section: &str, key: &str) -> Option<String> {
        let path = format!("{section}/{key}");
        let file = self.items.iter().find(|e| e.path == path)?.file(self.here)?;
        file.strip_suffix("/index.html").map(str::to_owned)
    }

    fn entry(&self, number: usize) -> &Entry {
        self.items.get(number).unwrap_or_else(|| &self.blocks[number - self.items.len()])
    }
}

/// The labelled items, by section and key.
#[derive(Default)]
struct Items<'a> {
    numbers: HashMap<(usize, &'a str), usize, foldhash::fast::FixedState>,
    entries: Vec<Entry>,
}

impl<'a> Items<'a> {
    fn note(&mut self, handbook: &'a Handbook, at: ItemRef, section: usize, who: (RoleId, Option<usize>)) {
        let (_, written) = handbook.item(at);
        let (Some(key), Some(label)) = (written.key(), written.label()) else { return };
        let next = self.entries.len();
        let number = *self.numbers.entry((section, key)).or_insert(next);
        if number == next {
            let config = &handbook.config.sections[section];
            self.entries.push(Entry {
                title: label.to_owned(),
                folded: ident::fold(label),
                section: config.title.clone(),
                path: format!("{}/{key}", config.id),
                anchor: Some(format!("{}.{key}", config.id)),
                who: Vec::new(),
            });
        }
        let entry = &mut self.entries[number];
        // What a role has alone it also has with a specialty.
        if entry.who.iter().rev().take_while(|w| w.0 == who.0).all(|w| w.1.is_some()) {
            entry.who.push(who);
        }
    }
}

fn items(site: &Site<'_>) -> Vec<Entry> {
    let handbook = site.handbook;
    let mut items = Items::default();
    for role in (0..handbook.roles.len()).filter(|r| site.is_published(*r)) {
        for section in &site.resolution.roles[role].sections {
            section.items.iter().for_each(|item| items.note(handbook, item.item, section.section, (role, None)));
        }
        let family = handbook.roles[role].family;
        let number = handbook.families[family].document;
        for (i, _) in handbook.families[family].specialties.iter().enumerate().filter(|(_, s)| s.roles.contains(&role)) {
            let document = handbook.document_of(family);
            let node = handbook.front(family).specialty_node(i);
            for section in &document.nodes[node].sections {
                for (item, _) in document.section_items(node, section.section).filter(|(_, item)| !item.removes) {
                    items.note(handbook, ItemRef { document: number as u32, item }, section.section, (role, Some(i)));
                }
            }
        }
    }
    items.entries.sort_by(|a, b| (&a.folded, &a.path).cmp(&(&b.folded, &b.path)));
    items.entries
}

fn blocks(site: &Site<'_>) -> Vec<Entry> {
    let handbook = site.handbook;
    let entry = |shared: &crate::model::Shared| {
        let entry = &handbook.config.shared[shared.entry];
        let who = having(site, entry).collect();
        let title = block_title(site, shared.document, &entry.block);
        let strings = &handbook.config.strings;
        let section = strings.get(if entry.base { const { text("block_inherited") } } else { const { text("block_shown") } });
        // One block may be used twice, for different roles.
        let path = format!("_shared/{}-{}", entry.block, shared.entry + 1);
        Entry { folded: ident::fold(&title), title, section: section.to_owned(), path, anchor: (!entry.base).then(|| entry.block.clone()), who }
    };
    let mut blocks: Vec<Entry> = handbook.shared.iter().map(entry).filter(|e| !e.who.is_empty()).collect();
    blocks.sort_by(|a, b| (&a.folded, &a.path).cmp(&(&b.folded, &b.path)));
    blocks
}

/// The roles that have a block, ascending; those that have it only with a specialty, with that.
pub fn having<'s>(site: &'s Site<'_>, entry: &'s SharedEntry) -> impl Iterator<Item = (RoleId, Option<usize>)> + 's {
    let handbook = site.handbook;
    (0..handbook.roles.len()).filter(|r| site.is_published(*r)).flat_map(move |role| {
        let alone = handbook.counts_for(entry, role, None);
        let family = handbook.roles[role].family;
        let specialties = handbook.families[family].specialties.iter().enumerate().filter(move |(_, s)| !alone && s.roles.contains(&role));
        let counts = move |s: &usize| handbook.counts_for(entry, role, Some(&handbook.specialty_front(family, *s).id));
        let composed = specialties.map(|(i, _)| i).filter(counts).map(move |s| (role, Some(s)));
        alone.then_some((role, None)).into_iter().chain(composed)
    })
}

/// The title of a block: its own, that of its first heading, or its name.
pub fn block_title(site: &Site<'_>, document: usize, name: &str) -> String {
    let document = &site.handbook.documents[document];
    if let DocumentKind::Block(front) = &document.kind
        && let Some(title) = &front.title
    {
        return title.clone();
    }
    let outline = crate::markdown::outline(&document.text()[document.body..], 0);
    let heading = outline.blocks.iter().find_map(|b| if let crate::markdown::BlockKind::Heading(h) = &b.kind { Some(h.text.clone()) } else { None });
    let mut letters = name.chars();
    let spaced =
        || letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters.map(|c| if c == '-' { ' ' } else { c })).collect());
    heading.unwrap_or_else(spaced)
}

/// The index.
pub fn index(page: &Page<'_>, index: &Index) -> RequirementsPage {
    let mut letters: Vec<LetterView> = Vec::new();
    for entry in &index.items {
        let first = entry.folded.chars().next().filter(|c| c.is_alphabetic()).map_or_else(|| "#".to_owned(), |c| c.to_uppercase().collect());
        let view = view(page, entry, entry.file(index.here));
        match letters.iter_mut().find(|l| l.letter == first) {
            Some(letter) => letter.entries.push(view),
            None => letters.push(LetterView { letter: first, entries: vec![view] }),
        }
    }
    let strings = &page.handbook().config.strings;
    RequirementsPage {
        frame: frame(page, strings.get(const { text("requirements_index") }), strings.get(const { text("requirements_lead") }), 0, None),
        letters,
        blocks: index.blocks.iter().map(|e| view(page, e, e.file(index.here))).collect(),
        entry: None,
        index: page.href("requirements/index.html"),
    }
}

/// The page of an entry.
pub fn entry(page: &Page<'_>, index: &Index, number: usize) -> RequirementsPage {
    let entry = index.entry(number);
    let strings = &page.handbook().config.strings;
    let mut frame = frame(page, &entry.title, &strings.with(const { text("who_has_it") }, &[&entry.section]), 0, None);
    let href = page.href("requirements/index.html");
    frame.page.crumbs.push(LinkView { title: strings.get(const { text("requirements_index") }).to_owned(), href: Some(href.clone()) });
    RequirementsPage { frame, letters: Vec::new(), blocks: Vec::new(), entry: Some(view(page, entry, None)), index: href }
}

fn view(page: &Page<'_>, entry: &Entry, elsewhere: Option<String>) -> EntryView {
    let handbook = page.handbook();
    let family = |(role, _): &(RoleId, Option<usize>)| handbook.roles[*role].family;
    let by_family = || entry.who.chunk_by(|a, b| family(a) == family(b));
    let all = page.site.counts.first().map_or(0, |c| c.1);
    EntryView {
        title: entry.title.clone(),
        section: entry.section.clone(),
        family_count: by_family().count(),
        role_count: entry.who.len(),
        everyone: entry.who.len() == all && all > 1 && entry.who.iter().all(|(_, s)| s.is_none()),
        who: if elsewhere.is_some() { String::new() } else { by_family().map(|who| one_family(page, entry, who)).collect() },
        href: elsewhere.map(|file| page.href(&file)),
    }
}

/// A list entry: the family and its roles. Ready-made, for there may be tens of thousands.
fn one_family(page: &Page<'_>, entry: &Entry, who: &[(RoleId, Option<usize>)]) -> String {
    let handbook = page.handbook();
    let family = handbook.roles[who[0].0].family;
    let mut html = String::with_capacity(120 * (who.len() + 1));
    html.push_str("<li>");
    push_link(&page.href(&output_file(&handbook.families[family].id)), &handbook.front(family).title, &mut html);
    for (i, (role, specialty)) in who.iter().enumerate() {
        html.push_str(if i == 0 { ": " } else { ", " });
        let front = handbook.role_front(*role);
        let file = specialty.map_or_else(|| page.site.role_page(*role), |s| page.site.composition_page(*role, s));
        let at = |file: String| entry.anchor.as_ref().map_or(file.clone(), |anchor| format!("{file}#{anchor}"));
        let title = specialty.map_or_else(|| front.title.clone(), |s| format!("{} ({})", front.title, handbook.specialty_front(family, s).title));
        match file.map(at).or_else(|| page.site.role_file(*role)) {
            Some(file) => push_link(&page.href(&file), &title, &mut html),
            None => escape_into(&title, &mut html),
        }
    }
    html.push_str("</li>\n");
    html
}

fn push_link(href: &str, title: &str, html: &mut String) {
    html.push_str("<a href=\"");
    escape_into(href, html);
    html.push_str("\">");
    escape_into(title, html);
    html.push_str("</a>");
}
