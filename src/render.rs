//! RENDER: a snapshot in, the files of the site out, one by one, in parallel, none kept.
//!
//! A page is a function of its view and the templates; see [`view`].

pub mod data;
mod guides;
pub mod images;
pub mod theme;
pub mod url;
pub mod view;
pub mod words;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use rayon::prelude::*;

use crate::config::strings::text;
use crate::diagnostic::Diagnostic;
use crate::fault;
use crate::links::Links;
use crate::model::address::{asset_file, output_file, redirects};
use crate::model::{Handbook, RoleId, Step};
use crate::parse::Status;
use crate::resolve::{Resolution, compose};
use crate::snapshot::Snapshot;
use crate::source;
use data::search::Numbered;
use images::Images;
use theme::{Ready, STATICS, Theme};
use view::frame::{Frame, Framed};
use view::index::RedirectPage;
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
    pub images: Images<'a>,
    theme: Theme,
    /// Where the site is published, ending in `/`.
    pub base_url: Option<String>,
    /// The style sheet's file.
    pub style: String,
    /// The script's file.
    pub script: String,
    statics: Vec<(String, Vec<u8>)>,
    /// The departments that lie in no other.
    pub top_departments: Vec<usize>,
    /// Families by department.
    pub families_of: Vec<Vec<usize>>,
    /// Plain pages by department.
    pub pages_of: Vec<Vec<usize>>,
    /// For each role, those that name it as what comes next.
    pub previous_of: Vec<Vec<RoleId>>,
    /// For each document, the day on which it was last changed, where that is known.
    pub changed: Vec<Option<&'a str>>,
    /// Families and published roles of each department and those below it.
    pub counts: Vec<(usize, usize)>,
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
        let handbook = &snapshot.handbook;
        let wanted = |name: &str| (name != "compare.js" || handbook.config.compare) && (name != "search.js" || handbook.config.search);
        let statics: Vec<(String, Vec<u8>)> =
            STATICS.iter().filter(|(name, _)| wanted(name)).map(|(name, text)| hashed(snapshot, name, text)).collect();
        let mut families_of = vec![Vec::new(); handbook.departments.len()];
        let mut pages_of = vec![Vec::new(); handbook.departments.len()];
        let mut counts = vec![(0, 0); handbook.departments.len()];
        for (number, family) in handbook.families.iter().enumerate() {
            families_of[family.department].push(number);
            let published = |r: &RoleId| snapshot.drafts || handbook.role_front(*r).status != Status::Draft;
            let roles = handbook.roles_of(number).filter(published).count();
            let mut at = Some(family.department);
            while let Some(department) = at {
                counts[department].0 += 1;
                counts[department].1 += roles;
                at = handbook.departments[department].parent;
            }
        }
        handbook.pages.iter().enumerate().for_each(|(number, page)| pages_of[page.department].push(number));
        let mut previous_of = vec![Vec::new(); handbook.roles.len()];
        for role in 0..handbook.roles.len() {
            for step in handbook.next_of(role) {
                if let Step::Role(next) = step {
                    previous_of[next].push(role);
                }
            }
        }
        let top_departments = (1..handbook.departments.len()).filter(|d| handbook.departments[*d].parent == Some(0)).collect();
        Site {
            snapshot,
            handbook,
            resolution: &snapshot.resolution,
            links: Links::of(handbook, &snapshot.resolution, snapshot.drafts),
            images: Images::of(handbook),
            theme,
            base_url,
            style: file_of(&statics, "style"),
            script: file_of(&statics, "script"),
            statics,
            top_departments,
            families_of,
            pages_of,
            previous_of,
            changed: handbook.documents.iter().map(|d| snapshot.tree.changed.get(&**d.file()).map(|day| &**day)).collect(),
            counts,
            seen: Mutex::default(),
        }
    }

    /// The departments that lie directly in one.
    pub fn departments_in(&self, department: usize) -> impl Iterator<Item = usize> {
        (1..self.handbook.departments.len()).filter(move |d| self.handbook.departments[*d].parent == Some(department))
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
            || format!("{}#{}", output_file(&self.handbook.families[self.handbook.roles[role].family].id), self.handbook.role_front(role).id);
        self.is_published(role).then(|| self.role_page(role).unwrap_or_else(on_family))
    }

    /// The page of a role with a specialty, where it has one.
    pub fn composition_page(&self, role: RoleId, specialty: usize) -> Option<String> {
        let id = &self.handbook.specialty_front(self.handbook.roles[role].family, specialty).id;
        let wanted = self.handbook.config.role_pages && self.handbook.config.composition_pages && self.is_published(role);
        wanted.then(|| output_file(&format!("{}/{id}", self.handbook.role_id(role))))
    }

    /// The published file of a built-in static file, by its name without extension.
    pub fn file_of(&self, stem: &str) -> String {
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
        let indices = || self.index_pages(&found, sink, &note).and_then(|()| self.guides(sink, &note));
        let (indices, families) = rayon::join(indices, families);
        indices.and(families)?;
        (0..self.handbook.pages.len()).into_par_iter().try_for_each(|number| {
            let words = self.words();
            let mut page = self.page(&words, output_file(&self.handbook.pages[number].id));
            let view = view::index::plain(&mut page, number);
            self.search_prose(Numbered::Plain(number), &self.handbook.pages[number].id, &view.prose, &found, sink)?;
            self.write("page.html", &page, &view, sink, &note)
        })?;
        self.search_index(found, sink)?;
        self.redirects(sink)?;
        self.copies(sink)?;
        let mut pages = pages.into_inner().expect("no thread panics while it notes a page");
        pages.sort_unstable();
        self.for_robots(&pages, sink)?;
        let roles = (0..self.handbook.roles.len()).filter(|r| self.is_published(*r)).count();
        Ok(Rendered { families: self.handbook.families.len(), roles, pages: pages.len() })
    }

    fn words(&self) -> Words<'_> {
        Words::of(self.handbook, &self.links, &self.images)
    }

    fn page<'p>(&'p self, words: &'p Words<'p>, file: String) -> Page<'p> {
        Page::at(self, words, file)
    }

    fn write(&self, template: &str, page: &Page<'_>, view: &impl Framed, sink: &Sink<'_>, note: &(dyn Fn(String) + Sync)) -> Result<(), RenderError> {
        let html = self.html(template, view)?;
        sink(Artifact::Made(&page.file, html.as_bytes()))?;
        note(page.file.clone());
        Ok(())
    }

    fn html(&self, template: &str, view: &impl Framed) -> Result<String, RenderError> {
        let Frame { page, site } = view.frame();
        Ok(self.theme.page(template, view, page, site, &self.snapshot.tree)?)
    }

    /// The site as it is seen from a page: pages of one department that lie equally deep below it see the same.
    fn as_seen_from(&self, file: &str, department: usize, make: impl FnOnce() -> Ready) -> Ready {
        let depth = file.matches('/').count();
        let apart = ["compare/", "map/", "requirements/"].iter().any(|folder| file.starts_with(folder));
        if apart || depth < self.handbook.departments[department].id.matches('/').count() + 2 {
            return make();
        }
        let mut seen = self.seen.lock().expect("no thread panics while it holds this");
        seen.entry((department, depth)).or_insert_with(make).clone()
    }

    fn index_pages(&self, found: &data::search::Words, sink: &Sink<'_>, note: &(dyn Fn(String) + Sync)) -> Result<(), RenderError> {
        (0..self.handbook.departments.len()).into_par_iter().try_for_each(|number| {
            let words = self.words();
            let mut page = self.page(&words, output_file(&self.handbook.departments[number].id));
            let view = view::index::department(&mut page, number);
            self.search_prose(Numbered::Department(number), &self.handbook.departments[number].id, &view.prose, found, sink)?;
            self.write(if number == 0 { "home.html" } else { "department.html" }, &page, &view, sink, note)
        })?;
        let words = self.words();
        let page = self.page(&words, "grades/index.html".to_owned());
        self.write("grades.html", &page, &view::index::grades(&page), sink, note)?;
        let page = self.page(&words, "404.html".to_owned());
        let mut view = view::index::bare(&page, self.handbook.config.strings.get(const { text("not_found") }));
        self.root_addresses(&page, &mut view.frame);
        let html = self.html("404.html", &view)?;
        Ok(sink(Artifact::Made("404.html", html.as_bytes()))?)
    }

    /// Any address may show the 404 page, so its links begin at the root of the base URL.
    fn root_addresses(&self, page: &Page<'_>, frame: &mut Frame) {
        let path = self.base_url.as_deref().and_then(|url| url.splitn(4, '/').nth(3)).unwrap_or("");
        let rooted = |href: &str| format!("/{path}{href}");
        let mut site = view::frame::site(page, 0);
        let others = [&mut site.map, &mut site.requirements, &mut site.compare, &mut site.search];
        for href in [&mut site.home, &mut site.grades, &mut site.style, &mut site.script].into_iter().chain(others.into_iter().flatten()) {
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
        let words = self.words();
        let mut page = self.page(&words, output_file(&self.handbook.families[family].id));
        let view = view::family::view(&mut page, family);
        self.search_family(family, &view, found, sink)?;
        self.write("family.html", &page, &view, sink, note)?;
        self.family_guides(family, &words, sink, note)?;
        for role in self.handbook.roles_of(family) {
            let Some(file) = self.role_page(role) else { continue };
            let effective = &self.resolution.roles[role];
            let mut page = self.page(&words, file);
            let view = view::role::view(&mut page, role, None, effective);
            self.write("role.html", &page, &view, sink, note)?;
            for (i, specialty) in self.handbook.families[family].specialties.iter().enumerate() {
                let Some(file) = self.composition_page(role, i).filter(|_| specialty.roles.contains(&role)) else { continue };
                let composed = compose(self.handbook, role, effective, i);
                let mut page = self.page(&words, file);
                let view = view::role::view(&mut page, role, Some(i), &composed);
                self.write("role.html", &page, &view, sink, note)?;
            }
        }
        Ok(())
    }

    fn redirects(&self, sink: &Sink<'_>) -> Result<(), RenderError> {
        for redirect in redirects(self.handbook, self.snapshot.drafts) {
            let view = RedirectPage {
                to: url::relative(&redirect.from, &redirect.to),
                canonical: self.base_url.as_ref().map(|base| url::absolute(base, &redirect.to)),
                lang: &self.handbook.config.lang,
                dir: self.handbook.config.dir,
            };
            let html = self.theme.redirect(&view, &self.snapshot.tree)?;
            sink(Artifact::Made(&redirect.from, html.as_bytes()))?;
        }
        Ok(())
    }

    fn copies(&self, sink: &Sink<'_>) -> Result<(), RenderError> {
        for (file, bytes) in &self.statics {
            sink(Artifact::Made(file, bytes))?;
        }
        let replaces = |path: &str| STATICS.iter().any(|(name, _)| path.strip_prefix("static/") == Some(name));
        for asset in self.handbook.assets.iter().chain(self.handbook.statics.iter().filter(|a| !replaces(&a.path))) {
            sink(Artifact::Copied(&asset_file(&asset.path), &asset.on_disk))?;
        }
        Ok(())
    }

    fn for_robots(&self, pages: &[String], sink: &Sink<'_>) -> Result<(), RenderError> {
        let own = self.handbook.statics.iter().any(|a| &*a.path == "static/robots.txt");
        let sitemap = self.base_url.as_ref().map(|base| format!("Sitemap: {base}sitemap.xml\n")).unwrap_or_default();
        if !own {
            sink(Artifact::Made("robots.txt", format!("User-agent: *\nAllow: /\n{sitemap}").as_bytes()))?;
        }
        let Some(base) = &self.base_url else { return Ok(()) };
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
        for page in pages {
            xml.push_str("<url><loc>");
            crate::markdown::html::escape_into(&url::absolute(base, page), &mut xml);
            xml.push_str("</loc></url>\n");
        }
        xml.push_str("</urlset>\n");
        Ok(sink(Artifact::Made("sitemap.xml", xml.as_bytes()))?)
    }
}

/// The published file of a static file, by its name without extension.
fn file_of(statics: &[(String, Vec<u8>)], stem: &str) -> String {
    let is = |file: &str| file.strip_prefix("assets/").and_then(|f| f.strip_prefix(stem)).is_some_and(|rest| rest.starts_with('-'));
    statics.iter().find(|(file, _)| is(file)).map(|(file, _)| file.clone()).unwrap_or_default()
}

/// A built-in static file, or the site's in its place, under a name with a hash of its content.
fn hashed(snapshot: &Snapshot, name: &str, built_in: &str) -> (String, Vec<u8>) {
    let path = format!("static/{name}");
    let own = snapshot.handbook.statics.iter().find(|a| *a.path == *path).and_then(|a| source::read_bytes(&a.on_disk).ok());
    let mut bytes = own.unwrap_or_else(|| built_in.as_bytes().to_vec());
    if let Some(accent) = snapshot.handbook.config.look.accent.as_ref().filter(|_| name == "style.css") {
        bytes.extend(accent.css().as_bytes());
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(&bytes);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    (format!("assets/{stem}-{:016x}.{extension}", hasher.finish()), bytes)
}
