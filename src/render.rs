//! RENDER: a snapshot in, the files of the site out, one by one, in parallel, none kept.
//!
//! A page is a function of its view and the templates; see [`view`].

pub mod data;
mod feed;
mod guides;
pub mod images;
pub mod one;
pub mod shared;
pub mod theme;
pub mod url;
pub mod view;
pub mod words;

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::fault;
use crate::history::History;
use crate::links::Links;
use crate::markdown::html::with_each_id_once;
use crate::model::address::{asset_file, output_file, redirects};
use crate::model::ways::Way;
use crate::model::{Handbook, RoleId};
use crate::parse::Status;
use crate::resolve::Resolution;
use crate::snapshot::Snapshot;
use crate::source::Asset;
use data::search::Numbered;
use data::search::lines::Lines;
use images::Images;
use one::{Addresses, Data, Made};
use shared::{Shared, SharedRelations, Whole};
use theme::{PREVIEW, Ready, STATICS, Theme};
use view::frame::{Frame, Framed};
use view::{LinkView, Page};
use words::Words;

/// A file of the output.
pub enum Artifact<'a> {
    /// Made by the program.
    Made(&'a str, &'a [u8]),
    /// Copied as it is.
    Copied(&'a str, &'a Path),
}

/// Takes files as they are made, on any thread.
pub type Sink<'a> = dyn Fn(Artifact<'_>) -> io::Result<()> + Sync + 'a;

/// Why a site could not be rendered.
#[derive(Debug)]
pub enum RenderError {
    /// A template is at fault.
    Template(Box<Diagnostic>),
    /// A file could not be written.
    Write(io::Error),
}

impl From<io::Error> for RenderError {
    fn from(error: io::Error) -> Self {
        RenderError::Write(error)
    }
}

impl From<Box<Diagnostic>> for RenderError {
    fn from(finding: Box<Diagnostic>) -> Self {
        RenderError::Template(finding)
    }
}

/// A snapshot with everything that pages share.
pub struct Site<'a> {
    snapshot: &'a Snapshot,
    /// The content.
    pub handbook: &'a Handbook,
    /// The effective roles.
    pub resolution: &'a Resolution,
    /// Where links lead.
    pub links: Links<'a>,
    /// Sizes of images.
    pub images: Arc<Images>,
    theme: Arc<Theme>,
    /// Where the site is published, ending in `/`.
    pub base_url: Option<String>,
    /// The style sheet's file.
    pub style: String,
    /// The script's file.
    pub script: String,
    statics: Arc<Vec<(String, Vec<u8>)>>,
    /// The departments that lie in no other.
    pub top_departments: Arc<Vec<usize>>,
    /// Families by department.
    pub families_of: Arc<Vec<Vec<usize>>>,
    /// Plain pages by department.
    pub pages_of: Arc<Vec<Vec<usize>>>,
    /// For each role, those from which one comes to it.
    pub previous_of: Arc<Vec<Vec<(RoleId, Way)>>>,
    /// For each family, the roles from which one comes into it, without a word of to which role.
    pub entered_from: Arc<Vec<Vec<RoleId>>>,
    /// Families and published roles of each department and those below it.
    pub counts: Arc<Vec<(usize, usize)>>,
    addresses: Arc<Addresses>,
    whole: Arc<Whole>,
    /// What changed in each role and when, where that is known.
    pub history: Option<Arc<History>>,
    /// What pages see of the site, by department and depth.
    seen: Mutex<HashMap<(usize, usize), Ready>>,
}

/// What was rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rendered {
    /// Families.
    pub families: usize,
    /// Roles.
    pub roles: usize,
    /// HTML pages, redirects left out.
    pub pages: usize,
}

impl<'a> Site<'a> {
    /// Prepares a snapshot for rendering.
    pub fn of(snapshot: &'a Snapshot, theme: Theme, base_url: Option<String>) -> Site<'a> {
        Site::with(snapshot, base_url, &Shared::with_theme(snapshot, Arc::new(theme)))
    }

    /// A snapshot with what its pages share, which was made for it.
    pub fn with(snapshot: &'a Snapshot, base_url: Option<String>, shared: &Shared) -> Site<'a> {
        let Shared { theme, statics, images, relations, whole, history, .. } = shared.clone();
        let SharedRelations { top_departments, families_of, pages_of, previous_of, entered_from, counts, addresses } = relations;
        let handbook = &snapshot.handbook;
        Site {
            snapshot,
            handbook,
            resolution: &snapshot.resolution,
            links: Links::among(Arc::clone(&snapshot.places), handbook, &snapshot.resolution, snapshot.drafts),
            images,
            theme,
            base_url,
            style: file_of(&statics, "style"),
            script: file_of(&statics, "script"),
            statics,
            whole,
            history: history.filter(|_| handbook.config.history.is_some()),
            top_departments,
            families_of,
            pages_of,
            previous_of,
            entered_from,
            counts,
            addresses,
            seen: Mutex::default(),
        }
    }

    /// The departments that lie directly in one.
    pub fn departments_in(&self, department: usize) -> impl Iterator<Item = usize> {
        (1..self.handbook.departments.len()).filter(move |d| self.handbook.departments[*d].parent == Some(department))
    }

    /// The day on which a document was last changed, where that is known.
    pub fn changed(&self, document: usize) -> Option<&'a str> {
        self.snapshot.tree.changed.get(&**self.handbook.documents[document].file()).map(|day| &**day)
    }

    /// Whether drafts are shown.
    pub fn drafts(&self) -> bool {
        self.snapshot.drafts
    }

    /// Whether a role is shown: drafts are in previews only.
    pub fn is_published(&self, role: RoleId) -> bool {
        self.snapshot.drafts || self.handbook.role_front(role).status != Status::Draft
    }

    /// The page of a role, where it has one.
    pub fn role_page(&self, role: RoleId) -> Option<String> {
        (self.handbook.config.role_pages && self.is_published(role)).then(|| output_file(&self.handbook.role_id(role)))
    }

    /// Where a role is told: on its page, else on its family's.
    pub fn role_file(&self, role: RoleId) -> Option<String> {
        let on_family =
            || [&*output_file(&self.handbook.families[self.handbook.roles[role].family].id), "#", &self.handbook.role_front(role).id].concat();
        self.is_published(role).then(|| self.role_page(role).unwrap_or_else(on_family))
    }

    /// The page of a role with a specialty, where it has one.
    pub fn composition_page(&self, role: RoleId, specialty: usize) -> Option<String> {
        let id = &self.handbook.specialty_front(self.handbook.roles[role].family, specialty).id;
        let wanted = self.handbook.config.role_pages && self.handbook.config.composition_pages && self.is_published(role);
        wanted.then(|| output_file(&format!("{}/{id}", self.handbook.role_id(role))))
    }

    /// The published file of a built-in static file, by its name without extension.
    pub fn static_file(&self, stem: &str) -> String {
        file_of(&self.statics, stem)
    }

    /// Renders every file into `sink`.
    pub fn render(&self, sink: &Sink<'_>) -> Result<Rendered, RenderError> {
        let pages = Mutex::new(Vec::new());
        let note = |file: String| pages.lock().expect("no thread panics while it notes a page").push(file);
        let found = data::search::Words::default();
        let families = || {
            (0..self.handbook.families.len()).into_par_iter().with_max_len(8).try_for_each(|family| {
                let file = self.handbook.document_of(family).file();
                fault::holding(file, || self.family_pages(family, &found, sink, &note))
            })
        };
        let indices = || self.index_pages(&found, sink, &note);
        let (indices, families) = rayon::join(indices, families);
        indices.and(families)?;
        (0..self.handbook.pages.len()).into_par_iter().try_for_each(|number| self.put(Made::Plain(number), &self.words(), &found, sink, &note))?;
        self.search_index(found, sink)?;
        self.redirects(sink)?;
        self.copies(sink)?;
        let mut pages = pages.into_inner().expect("no thread panics while it notes a page");
        pages.sort_unstable();
        self.for_robots(&pages, sink)?;
        let roles = (0..self.handbook.roles.len()).filter(|r| self.is_published(*r)).count();
        Ok(Rendered { families: self.handbook.families.len(), roles, pages: pages.len() })
    }

    fn page<'p>(&'p self, words: &'p Words<'p>, file: String) -> Page<'p> {
        Page::at(self, words, file)
    }

    /// Makes a page, and with it the file of its lines for the search.
    fn put(
        &self,
        made: Made,
        words: &Words<'_>,
        found: &data::search::Words,
        sink: &Sink<'_>,
        note: &(dyn Fn(String) + Sync),
    ) -> Result<(), RenderError> {
        let file = self.file_of(made);
        let (html, lines) = self.make_with_lines(made, words)?;
        if let Some((number, lines)) = lines {
            self.put_lines(number, lines, found, sink)?;
        }
        sink(Artifact::Made(&file, html.as_bytes()))?;
        note(file);
        Ok(())
    }

    fn put_lines(&self, number: Numbered, lines: Lines, found: &data::search::Words, sink: &Sink<'_>) -> Result<(), RenderError> {
        let (script, words) = lines.finish();
        found.note(number.of(self), &words);
        Ok(sink(Artifact::Made(&data::search::lines_file(&number.id(self)), script.as_bytes()))?)
    }

    fn put_data(&self, data: Data, sink: &Sink<'_>) -> Result<(), RenderError> {
        let Some(text) = self.data(data) else { return Ok(()) };
        Ok(sink(Artifact::Made(&self.data_file(data), text.as_bytes()))?)
    }

    /// The index of the search.
    fn search_index(&self, found: data::search::Words, sink: &Sink<'_>) -> Result<(), RenderError> {
        if !self.handbook.config.search {
            return Ok(());
        }
        for number in 0..self.handbook.shared.len() {
            if let Some(lines) = data::search::blocks::lines(self, number) {
                self.put_lines(Numbered::Block(number), lines, &found, sink)?;
            }
        }
        Ok(sink(Artifact::Made(data::search::INDEX, data::search::index(self, found).as_bytes()))?)
    }

    fn html(&self, template: &str, view: &impl Framed) -> Result<String, Box<Diagnostic>> {
        let Frame { page, site } = view.frame();
        self.theme.page(template, view, page, site, &self.snapshot.tree).map(with_each_id_once)
    }

    /// The site as it is seen from a page: pages of one department that lie equally deep below it see the same. `make` gets
    /// the page to look from: for those, one of no name, since a link of the footer may lead to any of them.
    fn as_seen_from(&self, file: &str, department: usize, make: impl FnOnce(String) -> Ready) -> Ready {
        let depth = file.matches('/').count();
        let apart = ["compare/", "map/", "requirements/", "changes/"].iter().any(|folder| file.starts_with(folder));
        let above = &self.handbook.departments[department].id;
        if apart || depth < above.matches('/').count() + 2 {
            return make(file.to_owned());
        }
        let mut seen = self.seen.lock().expect("no thread panics while it holds this");
        let nameless = || {
            let below = depth - if above.is_empty() { 0 } else { above.matches('/').count() + 1 };
            format!("{above}{}{}index.html", if above.is_empty() { "" } else { "/" }, "_/".repeat(below))
        };
        seen.entry((department, depth)).or_insert_with(|| make(nameless())).clone()
    }

    fn index_pages(&self, found: &data::search::Words, sink: &Sink<'_>, note: &(dyn Fn(String) + Sync)) -> Result<(), RenderError> {
        let departments = (0..self.handbook.departments.len()).into_par_iter();
        departments.try_for_each(|number| self.put(Made::Department(number), &self.words(), found, sink, note))?;
        self.put(Made::Grades, &self.words(), found, sink, note)?;
        let guides: Vec<Made> = self.guides().collect();
        guides.into_par_iter().try_for_each(|made| self.put(made, &self.words(), found, sink, note))?;
        if self.handbook.config.compare {
            self.put_data(Data::Roles, sink)?;
        }
        let html = self.make(Made::NotFound, &self.words())?;
        Ok(sink(Artifact::Made("404.html", html.as_bytes()))?)
    }

    /// Any address may show the 404 page, so its links begin at the root of the base URL.
    fn root_addresses(&self, page: &Page<'_>, frame: &mut Frame) {
        let path = self.base_url.as_deref().and_then(|url| url.splitn(4, '/').nth(3)).unwrap_or("");
        let rooted = |href: &str| format!("/{path}{href}");
        let mut site = view::frame::site(page, 0);
        let others = [&mut site.map, &mut site.requirements, &mut site.compare, &mut site.changes, &mut site.search, &mut site.all_departments];
        for href in [&mut site.home, &mut site.grades, &mut site.style, &mut site.icon, &mut site.early, &mut site.script]
            .into_iter()
            .chain(others.into_iter().flatten())
        {
            *href = rooted(href);
        }
        site.mermaid = site.mermaid.map(|href| rooted(&href));
        site.departments.iter_mut().for_each(|d| d.href = rooted(&d.href));
        let inside = |link: &&mut LinkView| link.href.as_deref().is_some_and(|href| !href.contains(':') && !href.starts_with('/'));
        site.footer.iter_mut().filter(inside).for_each(|link| link.href = link.href.as_deref().map(rooted));
        frame.site = Ready::of(&site);
        frame.page.crumbs.iter_mut().for_each(|c| c.href = c.href.as_deref().map(rooted));
        frame.page.canonical = None;
        frame.page.data = String::new();
    }

    fn family_pages(&self, family: usize, found: &data::search::Words, sink: &Sink<'_>, note: &(dyn Fn(String) + Sync)) -> Result<(), RenderError> {
        // Items are rendered once for the family and its roles.
        let words = self.words();
        self.pages_of_family(family).try_for_each(|made| self.put(made, &words, found, sink, note))?;
        if self.handbook.config.compare {
            self.put_data(Data::RolesOf(family), sink)?;
        }
        Ok(())
    }

    fn redirects(&self, sink: &Sink<'_>) -> Result<(), RenderError> {
        for redirect in redirects(self.handbook, self.snapshot.drafts) {
            sink(Artifact::Made(&redirect.from, self.redirect(&redirect)?.as_bytes()))?;
        }
        Ok(())
    }

    fn copies(&self, sink: &Sink<'_>) -> Result<(), RenderError> {
        for (file, bytes) in self.statics.iter() {
            sink(Artifact::Made(file, bytes))?;
        }
        for asset in self.copied() {
            let file = asset_file(&asset.path);
            sink(match &asset.drawing {
                Some(drawing) => Artifact::Made(&file, drawing.text.as_bytes()),
                None => Artifact::Copied(&file, &asset.on_disk),
            })?;
        }
        Ok(())
    }

    /// The files that are copied as they are.
    fn copied(&self) -> impl Iterator<Item = &'a Asset> {
        let replaces = |path: &str| STATICS.iter().chain([&PREVIEW]).any(|(name, _)| path.strip_prefix("static/") == Some(name));
        self.handbook.assets.iter().chain(self.handbook.statics.iter().filter(move |a| !replaces(&a.path)))
    }

    fn for_robots(&self, pages: &[String], sink: &Sink<'_>) -> Result<(), RenderError> {
        if let Some(robots) = self.robots() {
            sink(Artifact::Made("robots.txt", robots.as_bytes()))?;
        }
        if let Some(sitemap) = self.sitemap(pages) {
            sink(Artifact::Made("sitemap.xml", sitemap.as_bytes()))?;
        }
        if let Some(feed) = self.feed() {
            sink(Artifact::Made(view::history::FEED, feed.as_bytes()))?;
        }
        Ok(())
    }

    /// `robots.txt`, unless the site has its own.
    fn robots(&self) -> Option<String> {
        let own = self.handbook.statics.iter().any(|a| &*a.path == "static/robots.txt");
        let sitemap = self.base_url.as_ref().map(|base| format!("Sitemap: {base}sitemap.xml\n")).unwrap_or_default();
        (!own).then(|| format!("User-agent: *\nAllow: /\n{sitemap}"))
    }

    /// `sitemap.xml`, where there is a base URL; `pages` are sorted.
    fn sitemap(&self, pages: &[String]) -> Option<String> {
        let base = self.base_url.as_ref()?;
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
        for page in pages {
            xml.push_str("<url><loc>");
            crate::markdown::html::escape_into(&url::absolute(base, page), &mut xml);
            xml.push_str("</loc></url>\n");
        }
        xml.push_str("</urlset>\n");
        Some(xml)
    }
}

/// The published file of a static file, by its name without extension.
fn file_of(statics: &[(String, Vec<u8>)], stem: &str) -> String {
    let is = |file: &str| file.strip_prefix("assets/").and_then(|f| f.strip_prefix(stem)).is_some_and(|rest| rest.starts_with('-'));
    statics.iter().find(|(file, _)| is(file)).map(|(file, _)| file.clone()).unwrap_or_default()
}
