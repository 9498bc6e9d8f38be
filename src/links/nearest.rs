//! What a link that leads nowhere was probably meant to lead to.

use super::anchors::{anchors_of_document, anchors_of_role};
use super::{Broken, Links, Page, joined, relative};
use crate::diagnostic::Related;
use crate::ident;
use crate::model::page_id;
use crate::resolve::compose;

/// Of the files in the directory to which a broken link leads, so many before and behind its name are looked at for one that was
/// meant: all of them for each link would be as many as their product.
const SIBLINGS: usize = 250;

/// The name that begins a wanted one at a whole word, or is begun by it: `backend.md` for `backend-engineers.md`.
fn same_words<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    let stem = |name: &'a str| name.strip_suffix(".md").unwrap_or(name);
    let begins = |one: &str, other: &str| other.strip_prefix(one).is_some_and(|rest| rest.starts_with('-'));
    let wanted = wanted.strip_suffix(".md").unwrap_or(wanted);
    let found = names.iter().copied().filter(|name| begins(stem(name), wanted) || begins(wanted, stem(name)));
    found.min_by_key(|name| (name.len().abs_diff(wanted.len()), *name))
}

impl Links<'_> {
    pub(super) fn no_anchor(&self, page: Page, file: &str, anchor: &str) -> Broken {
        let anchors: Vec<String> = match page {
            Page::Document(document) => anchors_of_document(self.handbook, &self.handbook.documents[document]),
            Page::Role(role) | Page::Level(role) => anchors_of_role(self.handbook, role, &self.resolution.roles[role], None),
            Page::Composition(role, specialty) => {
                anchors_of_role(self.handbook, role, &compose(self.handbook, role, &self.resolution.roles[role], specialty), Some(specialty))
            }
            Page::Bare => Vec::new(),
        };
        let shown = if file.is_empty() { "this page".to_owned() } else { format!("the page /{}", file.strip_suffix("index.html").unwrap_or(file)) };
        Broken {
            code: "anchor-broken",
            message: format!("{shown} has no anchor `#{anchor}`"),
            nearest: ident::nearest(anchor, anchors.iter().map(String::as_str)).map(|a| format!("#{a}")),
            help: "an anchor is the slug of a heading, the id of a role, specialty or track, or `section.key` of an item".to_owned(),
            hangs_on: self.document_of(page).filter(|_| anchor.contains('.') || self.handbook.config.section(anchor).is_some()),
            related: None,
        }
    }

    pub(super) fn nowhere(&self, document: usize, path: &str, image: bool) -> Broken {
        let code = if image { "image-missing" } else { "link-broken" };
        if let Some(kept) = self.handbook.unpublished_at(&format!("content{}", self.absolute(document, path))) {
            let message = format!("the file `{path}` is not published");
            let help = kept.findings.iter().find_map(|why| why.help.clone()).unwrap_or_default();
            // Of other kinds the name says it all.
            let why = kept.findings.iter().find(|why| why.code == "drawing-unsafe");
            let related = why.map(|why| Related { place: why.place.clone(), message: why.message.clone() });
            return Broken { code, message, nearest: None, help, hangs_on: None, related };
        }
        if path.ends_with(".md") && !path.starts_with('/') && self.handbook.on_disk(&format!("content/{}", joined(self.folder(document), path))) {
            let help = "shared blocks, and files whose name begins with `_`, are no pages of the site; link to a page".to_owned();
            return Broken { code, message: format!("the file `{path}` makes no page"), nearest: None, help, hangs_on: None, related: None };
        }
        let (what, help) = match (image, path.ends_with(".md")) {
            (true, _) => ("image", "put the image beside the page, or under static/ and write its address with `/` first"),
            (_, true) => ("file", "write the path from this file to another under content/"),
            _ => (
                "page",
                "write the path to a file of content/, or list the address in handbook.yml under `links.outside` if something else serves it",
            ),
        };
        Broken {
            code,
            message: format!("there is no {what} `{path}`"),
            nearest: self.nearest_to(document, path),
            help: help.to_owned(),
            hangs_on: None,
            related: None,
        }
    }

    /// A file of the same name elsewhere, the nearest name in the same directory (see [`SIBLINGS`]), or the nearest directory with a file of the same name.
    fn nearest_to(&self, document: usize, path: &str) -> Option<String> {
        let inner = if path.starts_with('/') { path.trim_matches('/').to_owned() } else { joined(self.folder(document), path) };
        let (folder, name) = inner.rsplit_once('/').unwrap_or(("", &inner));
        let wanted = if name.ends_with(".md") { inner.clone() } else { format!("{inner}.md") };
        let name = wanted.rsplit('/').next().unwrap_or(&wanted);
        let inner_of = |number: usize| {
            let file: &str = self.handbook.documents[number].file();
            file.strip_prefix("content/").unwrap_or(file)
        };
        let shown = |number: usize| {
            if path.starts_with('/') || !path.ends_with(".md") {
                format!("/{}/", page_id(self.handbook.documents[number].file()))
            } else {
                relative(self.folder(document), inner_of(number))
            }
        };
        let of_name = self.places.names.get(name).map(Vec::as_slice).unwrap_or_default();
        if let [one] = of_name {
            return Some(shown(*one));
        }
        let siblings = self.places.folders.get(folder).map(Vec::as_slice).unwrap_or_default();
        let here = siblings.partition_point(|number| inner_of(*number) < wanted.as_str());
        let siblings = &siblings[here.saturating_sub(SIBLINGS)..siblings.len().min(here + SIBLINGS)];
        let names: Vec<&str> = siblings.iter().map(|number| inner_of(*number).rsplit('/').next().unwrap_or_default()).collect();
        let beside = ident::nearest(name, names.iter().copied()).or_else(|| same_words(name, &names)).map(|name| joined(folder, name));
        let found = beside.or_else(|| ident::nearest(&wanted, of_name.iter().map(|number| inner_of(*number))).map(str::to_owned))?;
        self.places.files.get(found.as_str()).map(|number| shown(*number))
    }
}
