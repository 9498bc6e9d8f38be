//! One file of the output at a time: the address in, what lies there out. `build` makes its pages by the same functions.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

use super::data::search::Numbered;
use super::data::search::lines::Lines;
use super::view::index::RedirectPage;
use super::words::Words;
use super::{Site, url, view};
use crate::config::strings::text;
use crate::diagnostic::Diagnostic;
use crate::fault;
use crate::model::RoleId;
use crate::model::address::{Redirect, asset_file, output_file, redirects};
use crate::resolve::compose;
use crate::source::Asset;

/// A page that the program makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// A department's; 0 is the home page.
    Department(usize),
    /// A family's.
    Family(usize),
    /// A role's.
    Role(RoleId),
    /// That of a role with a specialty.
    Composition(RoleId, usize),
    /// A plain page.
    Plain(usize),
    /// The page of grades.
    Grades,
    /// Where one chooses what to compare.
    Compare,
    /// What differs between a role and one to which a step leads from it.
    Step(RoleId, RoleId),
    /// The map of a department; 0 is the site.
    DepartmentMap(usize),
    /// The map of a family.
    FamilyMap(usize),
    /// The index of items.
    Requirements,
    /// The page of one of its entries.
    Requirement(usize),
    /// What changed in the roles of the handbook, and when.
    Changes,
    /// What is shown where there is nothing.
    NotFound,
}

/// A file that scripts read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// The list of all roles.
    Roles,
    /// What each role of a family has.
    RolesOf(usize),
    /// The lines of a page, for the search.
    Lines(Numbered),
    /// The index of the search.
    SearchIndex,
}

/// What lies at an address.
pub enum Found<'s> {
    /// A page.
    Page(Made),
    /// A page that leads elsewhere.
    Redirect(Redirect),
    /// Bytes that are at hand.
    Bytes(Cow<'s, [u8]>),
    /// A file of the site's sources, which is copied as it is.
    Copied(&'s Path),
}

fn copied(asset: &Asset) -> Found<'_> {
    match &asset.drawing {
        Some(drawing) => Found::Bytes(Cow::Borrowed(drawing.text.as_bytes())),
        None => Found::Copied(&asset.on_disk),
    }
}

/// A page, with its number and its lines for the search, where it has some.
pub(super) type WithLines = (String, Option<(Numbered, Lines)>);
/// Takes the number of a page, and what makes its lines.
type NoteLines<'n> = dyn FnMut(Numbered, &dyn Fn() -> Option<Lines>) + 'n;

/// What lies where, but for roles, which are looked up in their family; made when first asked for.
#[derive(Debug, Default)]
pub struct Addresses(OnceLock<HashMap<String, Entry>>);

#[derive(Debug, Clone, Copy)]
enum Entry {
    Page(Made),
    Data(Data),
    Redirect(usize),
    Asset(usize),
}

impl<'a> Site<'a> {
    /// What lies at a file of the output, such as `a/b/index.html`.
    pub fn find(&self, file: &str) -> Option<Found<'_>> {
        if let Some((_, bytes)) = self.statics.iter().find(|(name, _)| name == file) {
            return Some(Found::Bytes(Cow::Borrowed(bytes)));
        }
        let of_text = |text: String| Found::Bytes(Cow::Owned(text.into_bytes()));
        match (file, self.addresses.0.get_or_init(|| self.entries()).get(file)) {
            (_, Some(Entry::Page(made))) => Some(Found::Page(*made)),
            (_, Some(Entry::Data(data))) => self.data(*data).map(of_text),
            (_, Some(Entry::Redirect(number))) => redirects(self.handbook, self.snapshot.drafts).into_iter().nth(*number).map(Found::Redirect),
            (_, Some(Entry::Asset(number))) => self.copied().nth(*number).map(copied),
            ("robots.txt", None) => self.robots().map(of_text),
            (view::history::FEED, None) => self.feed().map(of_text),
            ("sitemap.xml", None) => self.sitemap(&self.page_files()).map(of_text),
            (_, None) => self.role_or_composition(file).or_else(|| self.step(file)).or_else(|| self.requirement(file)).map(Found::Page),
        }
    }

    fn entries(&self) -> HashMap<String, Entry> {
        let mut entries = HashMap::new();
        let assets = self.copied().enumerate().map(|(i, asset)| (asset_file(&asset.path), Entry::Asset(i)));
        entries.extend(assets);
        entries.extend(redirects(self.handbook, self.snapshot.drafts).into_iter().enumerate().map(|(i, r)| (r.from, Entry::Redirect(i))));
        entries.extend(self.all_data().map(|data| (self.data_file(data), Entry::Data(data))));
        let many = |made: &Made| matches!(made, Made::Role(_) | Made::Composition(..) | Made::Step(..));
        let pages = self.fixed_guides().chain(self.pages_without_guides()).filter(|made| !many(made));
        entries.extend(pages.map(|made| (self.file_of(made), Entry::Page(made))));
        entries
    }

    fn role_or_composition(&self, file: &str) -> Option<Made> {
        let id = file.strip_suffix("/index.html")?;
        let (above, last) = id.rsplit_once('/')?;
        if let Some(Found::Page(Made::Family(family))) = self.find_page(above) {
            let role = self.handbook.roles_of(family).find(|r| self.handbook.role_front(*r).id == last)?;
            return self.role_page(role).map(|_| Made::Role(role));
        }
        let (family, role) = above.rsplit_once('/')?;
        let Some(Found::Page(Made::Family(family))) = self.find_page(family) else { return None };
        let role = self.handbook.roles_of(family).find(|r| self.handbook.role_front(*r).id == role)?;
        self.compositions_of(family, role).find(|made| self.file_of(*made) == file)
    }

    /// The comparison at a file.
    fn step(&self, file: &str) -> Option<Made> {
        let id = file.strip_prefix("compare/")?.strip_suffix("/index.html")?.split("~/").next()?;
        let (id, _) = id.rsplit_once('/').filter(|_| self.handbook.config.compare)?;
        let (family, role) = id.rsplit_once('/')?;
        let Some(Found::Page(Made::Family(family))) = self.find_page(family) else { return None };
        let to = self.handbook.roles_of(family).find(|r| self.handbook.role_front(*r).id == role)?;
        let from = self.steps_to(to).into_iter().find(|from| self.step_page(*from, to).is_some_and(|f| f == file))?;
        Some(Made::Step(from, to))
    }

    /// The page of an entry of the index of items at a file.
    fn requirement(&self, file: &str) -> Option<Made> {
        if !self.handbook.config.requirements || !file.starts_with("requirements/") {
            return None;
        }
        let index = self.requirements();
        (0..index.len()).find(|entry| index.file(*entry).is_some_and(|f| f == file)).map(Made::Requirement)
    }

    fn find_page(&self, id: &str) -> Option<Found<'_>> {
        match self.addresses.0.get_or_init(|| self.entries()).get(&output_file(id))? {
            Entry::Page(made) => Some(Found::Page(*made)),
            Entry::Data(_) | Entry::Redirect(_) | Entry::Asset(_) => None,
        }
    }

    /// All pages, those of a family one after another.
    pub fn pages(&self) -> impl Iterator<Item = Made> {
        self.pages_without_guides().chain(self.guides())
    }

    fn pages_without_guides(&self) -> impl Iterator<Item = Made> {
        let departments = (0..self.handbook.departments.len()).map(Made::Department);
        let families = (0..self.handbook.families.len()).flat_map(|family| self.pages_of_family(family));
        departments.chain(families).chain((0..self.handbook.pages.len()).map(Made::Plain)).chain([Made::Grades, Made::NotFound])
    }

    /// The pages of a family: its own, the guides that belong to it, and those of its roles, each followed by its
    /// compositions.
    pub fn pages_of_family(&self, family: usize) -> impl Iterator<Item = Made> {
        let roles = self.handbook.roles_of(family).filter(|r| self.role_page(*r).is_some());
        std::iter::once(Made::Family(family))
            .chain(self.guides_of(family))
            .chain(roles.flat_map(move |role| std::iter::once(Made::Role(role)).chain(self.compositions_of(family, role))))
    }

    fn compositions_of(&self, family: usize, role: RoleId) -> impl Iterator<Item = Made> {
        let specialties = self.handbook.families[family].specialties.iter().enumerate();
        let fitting = specialties.filter(move |(i, s)| s.roles.contains(&role) && self.composition_page(role, *i).is_some());
        fitting.map(move |(i, _)| Made::Composition(role, i))
    }

    /// The files of all pages that search engines may list, sorted.
    fn page_files(&self) -> Vec<String> {
        let mut files: Vec<String> = self.pages().filter(|made| *made != Made::NotFound).map(|made| self.file_of(made)).collect();
        files.sort_unstable();
        files
    }

    /// The file of a page in the output.
    pub fn file_of(&self, made: Made) -> String {
        let handbook = self.handbook;
        match made {
            Made::Department(number) => output_file(&handbook.departments[number].id),
            Made::Family(number) => output_file(&handbook.families[number].id),
            Made::Role(role) => output_file(&handbook.role_id(role)),
            Made::Composition(role, specialty) => {
                let id = &handbook.specialty_front(handbook.roles[role].family, specialty).id;
                output_file(&format!("{}/{id}", handbook.role_id(role)))
            }
            Made::Plain(number) => output_file(&handbook.pages[number].id),
            Made::Grades => "grades/index.html".to_owned(),
            Made::Compare => "compare/index.html".to_owned(),
            Made::Step(from, to) => self.step_page(from, to).unwrap_or_default(),
            Made::DepartmentMap(number) => self.department_map(number).unwrap_or_default(),
            Made::FamilyMap(number) => self.family_map(number).unwrap_or_default(),
            Made::Requirements => "requirements/index.html".to_owned(),
            Made::Requirement(entry) => self.requirements().file(entry).unwrap_or_default(),
            Made::Changes => view::history::PAGE.to_owned(),
            Made::NotFound => "404.html".to_owned(),
        }
    }

    /// The document that a page shows, where there is one.
    pub fn document_of(&self, made: Made) -> Option<usize> {
        let handbook = self.handbook;
        match made {
            Made::Department(number) | Made::DepartmentMap(number) => handbook.departments[number].document,
            Made::Family(number) | Made::FamilyMap(number) => Some(handbook.families[number].document),
            Made::Role(role) | Made::Composition(role, _) | Made::Step(_, role) => Some(handbook.families[handbook.roles[role].family].document),
            Made::Plain(number) => Some(handbook.pages[number].document),
            Made::Grades | Made::Compare | Made::Requirements | Made::Requirement(_) | Made::Changes | Made::NotFound => None,
        }
    }

    /// A page as HTML. Pages of one family may share `words`.
    ///
    /// # Errors
    ///
    /// Where a template is at fault.
    pub fn make(&self, made: Made, words: &Words<'_>) -> Result<String, Box<Diagnostic>> {
        let file = self.document_of(made).map_or("", |document| self.handbook.documents[document].file());
        fault::holding(file, || {
            fault::provoke("make", file);
            self.make_noting(made, words, &mut |_, _| {})
        })
    }

    /// The same, with its lines for the search, where it has some and there is a search.
    pub(super) fn make_with_lines(&self, made: Made, words: &Words<'_>) -> Result<WithLines, Box<Diagnostic>> {
        let mut found = None;
        let html = self.make_noting(made, words, &mut |number, lines| {
            if self.handbook.config.search {
                found = lines().map(|lines| (number, lines));
            }
        })?;
        Ok((html, found))
    }

    fn make_noting(&self, made: Made, words: &Words<'_>, note: &mut NoteLines<'_>) -> Result<String, Box<Diagnostic>> {
        let mut page = self.page(words, self.file_of(made));
        match made {
            Made::Department(department) => {
                let view = view::index::department(&mut page, department);
                let number = Numbered::Department(department);
                note(number, &|| self.lines_of_prose(number, &view.prose));
                self.html(if department == 0 { "home.html" } else { "department.html" }, &view)
            }
            Made::Family(family) => {
                let view = view::family::view(&mut page, family);
                note(Numbered::Family(family), &|| Some(Lines::of_family(&self.handbook.families[family].id, &view)));
                self.html("family.html", &view)
            }
            Made::Role(role) => self.html("role.html", &view::role::view(&mut page, role, None, &self.resolution.roles[role])),
            Made::Composition(role, specialty) => {
                let composed = compose(self.handbook, role, &self.resolution.roles[role], specialty);
                self.html("role.html", &view::role::view(&mut page, role, Some(specialty), &composed))
            }
            Made::Plain(plain) => {
                let view = view::index::plain(&mut page, plain);
                note(Numbered::Plain(plain), &|| self.lines_of_prose(Numbered::Plain(plain), &view.prose));
                self.html("page.html", &view)
            }
            Made::Grades => self.html("grades.html", &view::index::grades(&page)),
            Made::Compare => self.html("compare.html", &view::compare::choose(&page)),
            Made::Step(from, to) => self.html("compare.html", &view::compare::step(&page, from, to)),
            Made::DepartmentMap(0) => self.html("map.html", &view::map::site(&page)),
            Made::DepartmentMap(number) => self.html("map.html", &view::map::department(&page, number)),
            Made::FamilyMap(family) => self.html("map.html", &view::map::family(&page, family)),
            Made::Requirements => self.html("requirements.html", &view::requirements::index(&page, self.requirements())),
            Made::Requirement(entry) => self.html("requirements.html", &view::requirements::entry(&page, self.requirements(), entry)),
            Made::Changes => {
                let history = self.history.clone().unwrap_or_default();
                self.html("changes.html", &view::history::all(&page, &history))
            }
            Made::NotFound => {
                let mut view = view::index::bare(&page, self.handbook.config.strings.get(const { text("not_found") }));
                self.root_addresses(&page, &mut view.frame);
                self.html("404.html", &view)
            }
        }
    }

    /// The page at an old address.
    ///
    /// # Errors
    ///
    /// Where a template is at fault.
    pub fn redirect(&self, redirect: &Redirect) -> Result<String, Box<Diagnostic>> {
        let view = RedirectPage {
            to: url::relative(&redirect.from, &redirect.to),
            canonical: self.base_url.as_ref().map(|base| url::absolute(base, &redirect.to)),
            lang: &self.handbook.config.lang,
            dir: self.handbook.config.dir,
        };
        self.theme.redirect(&view, &self.snapshot.tree)
    }

    /// The page at a file of the output, or the one that leads from there to another; none where there is no page.
    pub fn make_at(&self, file: &str) -> Option<Result<String, Box<Diagnostic>>> {
        self.make_found(&self.find(file)?)
    }

    /// The same of what was found.
    pub fn make_found(&self, found: &Found<'_>) -> Option<Result<String, Box<Diagnostic>>> {
        match found {
            Found::Page(made) => Some(self.make(*made, &self.words())),
            Found::Redirect(redirect) => Some(self.redirect(redirect)),
            Found::Bytes(_) | Found::Copied(_) => None,
        }
    }

    /// What renders Markdown, for one page or for those of a family.
    pub fn words(&self) -> Words<'_> {
        Words::of(self.handbook, &self.links, &self.images)
    }
}
