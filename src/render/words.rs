//! Items and prose as HTML on a page: each is rendered once for a family and its roles, and linked anew on each page.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::config::strings::text;
use crate::links::{Lead, Links};
use crate::markdown;
use crate::markdown::html::{self, Fragment, Open, Target};
use crate::markdown::item::{reason, shown};
use crate::model::{Handbook, RoleId};
use crate::parse::{Document, DocumentKind, Item, ItemText, Written};
use crate::render::images::Images;
use crate::render::url;
use crate::resolve::ItemRef;
use crate::variables::Values;

/// What turns the Markdown of a handbook into HTML.
pub struct Words<'a> {
    handbook: &'a Handbook,
    links: &'a Links<'a>,
    images: &'a Images,
    /// The page at hand, and how many texts with footnotes it has so far: two of them may share a number.
    notes: RefCell<(String, usize)>,
    items: RefCell<HashMap<ItemRef, Rc<Fragment>, foldhash::fast::FixedState>>,
    differences: RefCell<HashMap<(ItemRef, ItemRef), Option<String>>>,
}

impl<'a> Words<'a> {
    /// With nothing rendered yet.
    pub fn of(handbook: &'a Handbook, links: &'a Links<'a>, images: &'a Images) -> Self {
        Words { handbook, links, images, notes: RefCell::default(), items: RefCell::default(), differences: RefCell::default() }
    }

    /// An item on the page at `page` (a file of the output); `role` fills the variables of base blocks.
    pub fn item(&self, at: ItemRef, role: Option<RoleId>, page: &str) -> String {
        let (document, item) = self.handbook.item(at);
        if let (DocumentKind::Block(_), Some(role)) = (&document.kind, role) {
            let values = Values::of_base(self.handbook, role, at.document as usize);
            let markdown = values.fill(document, &item_markdown(document, item)).into_owned();
            return self.on_page(&html::item(&markdown, &document.definitions, &self.resolve(at.document as usize)), page);
        }
        let known = self.items.borrow().get(&at).cloned();
        let fragment = known.unwrap_or_else(|| {
            let fragment = Rc::new(html::item(&item_markdown(document, item), &document.definitions, &self.resolve(at.document as usize)));
            self.items.borrow_mut().insert(at, Rc::clone(&fragment));
            fragment
        });
        self.on_page(&fragment, page)
    }

    /// The text of an item without label and markup; `role` fills the variables of base blocks.
    pub fn plain(&self, at: ItemRef, role: Option<RoleId>) -> String {
        let (document, item) = self.handbook.item(at);
        let written = item.markdown(document.text());
        let filled = match (&document.kind, role) {
            (DocumentKind::Block(_), Some(role)) => Values::of_base(self.handbook, role, at.document as usize).fill(document, written),
            _ => written.into(),
        };
        markdown::item::text(&filled, item.label().is_some(), &document.definitions)
    }

    /// An item with the differences from the one that it replaces, where the two are alike; found once for a role and its
    /// compositions.
    pub fn differences(&self, old: ItemRef, new: ItemRef, role: RoleId) -> Option<String> {
        if let Some(known) = self.differences.borrow().get(&(old, new)) {
            return known.clone();
        }
        let found = super::view::differences::html(&self.plain(old, Some(role)), &self.plain(new, Some(role)));
        let of_block = [old, new].iter().any(|at| matches!(self.handbook.item(*at).0.kind, DocumentKind::Block(_)));
        if !of_block {
            self.differences.borrow_mut().insert((old, new), found.clone());
        }
        found
    }

    /// Adds an item to HTML that is being put together.
    pub fn push_item(&self, at: ItemRef, page: &str, html: &mut String) {
        let (document, item) = self.handbook.item(at);
        let markdown = item.markdown(document.text());
        // Two thirds of all items: no markup, so nothing to parse and no link to write.
        if crate::markdown::is_plain(markdown) {
            html.push_str(markdown.trim_end());
        } else {
            html.push_str(&self.item(at, None, page));
        }
    }

    /// The reason of a removal: the item without what it strikes out.
    pub fn reason(&self, at: ItemRef, page: &str) -> String {
        let (document, item) = self.handbook.item(at);
        let rest = reason(item.markdown(document.text()));
        self.on_page(&html::inline(&rest, &document.definitions, &self.resolve(at.document as usize)), page)
    }

    /// Blocks of a document.
    pub fn blocks(&self, document: usize, markdown: &str, page: &str) -> String {
        let definitions = &self.handbook.documents[document].definitions;
        self.on_page(&html::blocks(markdown, definitions, &self.resolve(document)), page)
    }

    /// What is written somewhere in a document.
    pub fn written(&self, document: usize, written: &Written, page: &str) -> String {
        self.blocks(document, written.markdown(self.handbook.documents[document].text()), page)
    }

    fn on_page(&self, fragment: &Fragment, page: &str) -> String {
        if fragment.has_notes() {
            let mut notes = self.notes.borrow_mut();
            *notes = if notes.0 == page { (page.to_owned(), notes.1 + 1) } else { (page.to_owned(), 1) };
        }
        let strings = &self.handbook.config.strings;
        let fill = |open: &Open| match open {
            Open::File(file) => url::relative(page, file),
            Open::Word(name) => strings.get(text(name)).to_owned(),
            Open::Note { number, back, link } => {
                format!("{}_note-{}-{number}{}", if *link { "#" } else { "" }, self.notes.borrow().1, if *back { "-mark" } else { "" })
            }
            Open::NoteName(number) => strings.with(const { text("footnote") }, &[&number.to_string()]),
        };
        fragment.on_page(fill).into_owned()
    }

    fn resolve(&self, document: usize) -> impl Fn(&str, bool) -> Target + '_ {
        move |dest, image| match self.links.lead(document, dest, image) {
            Lead::Inside(file) if image => match self.images.size(&file) {
                Some((width, height)) => Target::Image(file, width, height),
                None => Target::Inside(file),
            },
            // A block's own anchors are on the page that shows it.
            Lead::Inside(file) if file.starts_with('#') => Target::Asis(file),
            Lead::Inside(file) => Target::Inside(file),
            Lead::Elsewhere | Lead::Broken(_) => Target::Asis(dest.to_owned()),
            Lead::Unsafe => Target::Dropped,
        }
    }
}

/// An item as a bullet of its own.
fn item_markdown<'t>(document: &'t Document, item: &'t Item) -> std::borrow::Cow<'t, str> {
    match &item.text {
        ItemText::Body { start, end, .. } => {
            let bullet = &document.text()[*start as usize..*end as usize];
            let marker = bullet.len() - item.markdown(document.text()).len();
            match shown(&bullet[marker..]) {
                std::borrow::Cow::Borrowed(_) => bullet.into(),
                std::borrow::Cow::Owned(rest) => format!("{}{rest}", &bullet[..marker]).into(),
            }
        }
        ItemText::Yaml(yaml) => format!("- {}", shown(&yaml.text).replace('\n', "\n  ")).into(),
    }
}
