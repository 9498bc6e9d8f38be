//! Items and prose as HTML on a page: each is rendered once for a family and its roles, and linked anew on each page.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::links::{Lead, Links};
use crate::markdown::html::{self, Fragment, Target};
use crate::markdown::item::{reason, without_attribute};
use crate::model::{Handbook, RoleId};
use crate::parse::{Document, DocumentKind, Item, ItemText, Written};
use crate::render::url;
use crate::resolve::ItemRef;
use crate::variables::Values;

/// What turns the Markdown of a handbook into HTML.
pub struct Words<'a> {
    handbook: &'a Handbook,
    links: &'a Links<'a>,
    items: RefCell<HashMap<ItemRef, Rc<Fragment>, foldhash::fast::FixedState>>,
}

impl<'a> Words<'a> {
    /// With nothing rendered yet.
    pub fn of(handbook: &'a Handbook, links: &'a Links<'a>) -> Self {
        Words { handbook, links, items: RefCell::default() }
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
        fragment.on_page(|to| url::relative(page, to)).into_owned()
    }

    fn resolve(&self, document: usize) -> impl Fn(&str, bool) -> Target + '_ {
        move |dest, image| match self.links.lead(document, dest, image) {
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
            match without_attribute(&bullet[marker..]) {
                std::borrow::Cow::Borrowed(_) => bullet.into(),
                std::borrow::Cow::Owned(rest) => format!("{}{rest}", &bullet[..marker]).into(),
            }
        }
        ItemText::Yaml(yaml) => format!("- {}", without_attribute(&yaml.text).replace('\n', "\n  ")).into(),
    }
}
