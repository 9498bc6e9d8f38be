//! Links as authors write them in, places of the site out; what leads nowhere is told with the nearest match.

mod anchors;
mod nearest;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::config::FooterLink;
use crate::diagnostic::{Diagnostic, Related};
use crate::ident;
use crate::markdown::Link;
use crate::model::address::{asset_file, output_file, redirects};
use crate::model::{Handbook, RoleId, page_id};
use crate::parse::{DocumentKind, Status};
use crate::resolve::Resolution;
use anchors::document_has_anchor;
pub use anchors::section_anchor;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// An address outside the site, written as it is.
    Elsewhere,
    /// A file of the output, with the anchor that was asked for.
    Inside(String),
    /// An address that may not be published.
    Unsafe,
    /// Nowhere; why, and what to do.
    Broken(Box<Broken>),
}

/// A link that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    code: &'static str,
    message: String,
    nearest: Option<String>,
    help: String,
    /// The document whose items should have made it.
    hangs_on: Option<usize>,
    /// Where it says why.
    related: Option<Related>,
}

/// Pages by what can be linked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    /// A family, a plain page, or an index, by document.
    Document(usize),
    /// A role.
    Role(RoleId),
    /// A role without a page of its own: its place on the family's page.
    Level(RoleId),
    /// A role with a specialty.
    Composition(RoleId, usize),
    /// A page without anchors of its own.
    Bare,
}

/// Everything of the site that a link can lead to.
pub struct Links<'a> {
    handbook: &'a Handbook,
    resolution: &'a Resolution,
    drafts: bool,
    places: Arc<Places>,
}

/// The addresses of a site: a function of the relations of its handbook, and shared by all that have the same.
#[derive(Debug, Default)]
pub struct Places {
    /// Document by path under `content/`.
    files: HashMap<Box<str>, usize>,
    /// Documents with a page, by file name.
    names: HashMap<Box<str>, Vec<usize>>,
    /// The same by directory.
    folders: HashMap<Box<str>, Vec<usize>>,
    /// Page by folded output file; roles and compositions are looked up in their family.
    pages: HashMap<String, (String, Page)>,
    families: HashMap<String, usize>,
    /// Files that are copied, by folded output file.
    copied: HashMap<String, String>,
    redirects: HashMap<String, String>,
}

impl Places {
    /// The addresses of a handbook; `drafts`: whether drafts have pages.
    pub fn of(handbook: &Handbook, drafts: bool) -> Places {
        let mut places = Places { files: HashMap::with_capacity(handbook.documents.len()), ..Places::default() };
        for (number, document) in handbook.documents.iter().enumerate() {
            let path = document.file().strip_prefix("content/").unwrap_or(document.file());
            places.files.insert(path.into(), number);
            if !matches!(document.kind, DocumentKind::Block(_)) {
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                places.names.entry(name.into()).or_default().push(number);
                places.folders.entry(folder.into()).or_default().push(number);
                let file = output_file(&handbook.ids[number]);
                places.pages.insert(ident::fold(&file), (file, Page::Document(number)));
            }
        }
        for department in handbook.departments.iter().filter(|d| d.document.is_none()) {
            let file = output_file(&department.id);
            places.pages.insert(ident::fold(&file), (file, Page::Bare));
        }
        places.pages.insert("grades/index.html".into(), ("grades/index.html".into(), Page::Bare));
        for own in ["404.html", "robots.txt", "sitemap.xml"] {
            places.copied.insert(own.to_owned(), own.to_owned());
        }
        let config = &handbook.config;
        let own = [
            ("map/index.html", config.map),
            ("requirements/index.html", config.requirements),
            ("compare/index.html", config.compare),
            ("changes/index.html", config.history.is_some()),
        ];
        for (file, _) in own.iter().filter(|(_, wanted)| *wanted) {
            places.pages.insert((*file).into(), ((*file).into(), Page::Bare));
        }
        places.families = handbook.families.iter().enumerate().map(|(n, f)| (ident::fold(&f.id), n)).collect();
        places.copied.extend(handbook.assets.iter().chain(&handbook.statics).map(|a| asset_file(&a.path)).map(|f| (ident::fold(&f), f)));
        places.redirects = redirects(handbook, drafts).into_iter().map(|r| (ident::fold(&r.from), r.to)).collect();
        places
    }
}

impl<'a> Links<'a> {
    /// The links of a site; `drafts`: whether drafts have pages.
    pub fn of(handbook: &'a Handbook, resolution: &'a Resolution, drafts: bool) -> Self {
        Links::among(Arc::new(Places::of(handbook, drafts)), handbook, resolution, drafts)
    }

    /// The same with the addresses at hand, which must be those of the handbook's relations.
    pub fn among(places: Arc<Places>, handbook: &'a Handbook, resolution: &'a Resolution, drafts: bool) -> Self {
        Links { handbook, resolution, drafts, places }
    }

    /// Where a link of `handbook.yml` leads: an address of the site, the path of a file under `content/`, or one elsewhere.
    pub fn lead_of_site(&self, dest: &str) -> Lead {
        let dest = dest.trim();
        if let Some(lead) = by_scheme(dest) {
            return lead;
        }
        let path = dest.split(['#', '?']).next().unwrap_or(dest).trim_start_matches('/');
        let of_file = self.places.files.get(path).map(|d| output_file(&self.handbook.ids[*d]));
        if let Some(file) = of_file.or_else(|| self.at_address(path).map(|(file, _)| file)) {
            return Lead::Inside(file);
        }
        let address = format!("/{path}");
        if self.is_outside(&address) || self.is_outside(dest) {
            return Lead::Elsewhere;
        }
        let help = "write a whole address (https://...), that of a page (/people/privacy/), or the path of a file under content/".to_owned();
        Lead::Broken(Box::new(Broken {
            code: "link-broken",
            message: format!("there is no page `{dest}`"),
            nearest: None,
            help,
            hangs_on: None,
            related: None,
        }))
    }

    /// Where a link in a document leads.
    pub fn lead(&self, document: usize, dest: &str, image: bool) -> Lead {
        self.lead_noting(document, dest, image, &mut BTreeSet::new())
    }

    /// The same; notes the documents on whose anchors the answer depends.
    fn lead_noting(&self, document: usize, dest: &str, image: bool, looked_at: &mut BTreeSet<usize>) -> Lead {
        let dest = dest.trim();
        if let Some(lead) = by_scheme(dest) {
            return lead;
        }
        let (path, anchor) = match dest.split_once('#') {
            Some((path, anchor)) => (path, Some(percent_decode_str(anchor).decode_utf8_lossy().into_owned())),
            None => (dest, None),
        };
        let path = path.split('?').next().unwrap_or(path);
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let found = if decoded.is_empty() { self.own(document) } else { self.find(document, &decoded) };
        if self.may_be_broken(document, &decoded) {
            return Lead::Elsewhere;
        }
        let absolute = self.absolute(document, &decoded);
        let covered = self.is_outside(&absolute) || self.is_outside(dest);
        match found {
            Some((file, page @ Page::Level(role))) => {
                let anchor = anchor.filter(|a| !a.is_empty());
                looked_at.extend(self.document_of(page).filter(|_| anchor.is_some()));
                self.to_level(&file, role, anchor)
            }
            Some((file, page)) => match anchor.filter(|a| !a.is_empty()) {
                None => Lead::Inside(file),
                Some(anchor) => {
                    looked_at.extend(self.document_of(page));
                    if covered || self.has_anchor(page, &anchor) {
                        Lead::Inside(format!("{file}#{anchor}"))
                    } else if self.is_at_draft(page, &anchor) {
                        Lead::Inside(file)
                    } else {
                        Lead::Broken(Box::new(self.no_anchor(page, &file, &anchor)))
                    }
                }
            },
            None if covered => Lead::Elsewhere,
            None => Lead::Broken(Box::new(self.nowhere(document, &decoded, image))),
        }
    }

    /// Whether something else serves an address, with a `/` at its end or without.
    fn is_outside(&self, address: &str) -> bool {
        self.handbook.config.outside.iter().any(|pattern| pattern.fits(address) || pattern.fits(&format!("{address}/")))
    }

    /// An item of a role that has no page of its own is where the family's page has it; one that it inherits is not on
    /// that page, and the link leads to the role.
    fn to_level(&self, file: &str, role: RoleId, anchor: Option<String>) -> Lead {
        let family = self.handbook.roles[role].family;
        let document = self.handbook.document_of(family);
        let id = &self.handbook.role_front(role).id;
        let Some(anchor) = anchor else { return Lead::Inside(format!("{file}#{id}")) };
        let own = format!("{id}.{anchor}");
        if document_has_anchor(self.handbook, document, &own) {
            Lead::Inside(format!("{file}#{own}"))
        } else if self.has_anchor(Page::Role(role), &anchor) {
            Lead::Inside(format!("{file}#{id}"))
        } else {
            Lead::Broken(Box::new(self.no_anchor(Page::Role(role), file, &anchor)))
        }
    }

    /// Whether it leads to a file that could not be read, or below it: what that file would have is not known.
    fn may_be_broken(&self, document: usize, path: &str) -> bool {
        if self.handbook.broken.is_empty() || path.is_empty() {
            return false;
        }
        let inner = match path.strip_prefix('/') {
            Some(inner) => inner.to_owned(),
            None => joined(self.folder(document), path),
        };
        let id = if inner.ends_with(".md") { page_id(&inner) } else { ident::fold(inner.trim_end_matches("index.html").trim_end_matches('/')) };
        let below = |broken: &str| id == broken || id.strip_prefix(broken).is_some_and(|rest| rest.starts_with('/'));
        // Its old addresses are not known either: one that it seems to name is none of a fault.
        let named = |document: usize| !id.is_empty() && self.handbook.documents[document].text().contains(&format!("/{id}"));
        self.handbook.broken.iter().any(|(broken, document)| below(broken) || named(*document))
    }

    fn own(&self, document: usize) -> Option<(String, Page)> {
        match self.handbook.documents[document].kind {
            // A block is shown on many pages: its own anchors are on each of them.
            DocumentKind::Block(_) => Some((String::new(), Page::Document(document))),
            _ => Some((output_file(&self.handbook.ids[document]), Page::Document(document))),
        }
    }

    fn folder(&self, document: usize) -> &str {
        let path = self.handbook.documents[document].file();
        let path = path.strip_prefix("content/").unwrap_or(path);
        path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The address from the root for a path as seen from a document.
    fn absolute(&self, document: usize, path: &str) -> String {
        if path.starts_with('/') { path.to_owned() } else { format!("/{}", joined(self.folder(document), path)) }
    }

    fn find(&self, document: usize, path: &str) -> Option<(String, Page)> {
        if let Some(inner) = path.strip_prefix('/') {
            return self.at_address(inner);
        }
        let inner = joined(self.folder(document), path);
        if path.ends_with(".md") {
            let number = *self.places.files.get(inner.as_str())?;
            if matches!(self.handbook.documents[number].kind, DocumentKind::Block(_)) {
                return None;
            }
            return Some((output_file(&self.handbook.ids[number]), Page::Document(number)));
        }
        let slugged: Vec<String> = inner.split('/').map(|part| if part.contains('.') { part.to_owned() } else { ident::file_slug(part) }).collect();
        self.at_address(&slugged.join("/"))
    }

    /// What lies at an address, given without its first `/`.
    fn at_address(&self, address: &str) -> Option<(String, Page)> {
        let trimmed = address.trim_end_matches('/');
        let as_page = trimmed.strip_suffix("index.html").unwrap_or(trimmed).trim_end_matches('/');
        let file = ident::fold(&output_file(as_page));
        if let Some(found) = self.places.pages.get(&file) {
            return Some(found.clone());
        }
        if let Some(found) = self.role_at(&ident::fold(as_page)) {
            return Some(found);
        }
        let key = ident::fold(trimmed);
        if let Some(to) = self.places.redirects.get(&file).or_else(|| self.places.redirects.get(&key)) {
            let page = to.split('#').next().unwrap_or(to);
            let inner = page.strip_suffix("index.html").unwrap_or(page).trim_end_matches('/');
            let (_, page) = self.places.pages.get(&ident::fold(page)).cloned().or_else(|| self.role_at(&ident::fold(inner)))?;
            return Some((to.clone(), page));
        }
        self.places.copied.get(&key).map(|file| (file.clone(), Page::Bare))
    }

    /// A role or a composition by its folded id.
    fn role_at(&self, id: &str) -> Option<(String, Page)> {
        let (above, last) = id.rsplit_once('/')?;
        if let Some(family) = self.places.families.get(above) {
            let role = self.role_of(*family, last)?;
            return Some(self.role_page(*family, role));
        }
        let (above, middle) = above.rsplit_once('/')?;
        let family = *self.places.families.get(above)?;
        let role = self.role_of(family, middle)?;
        let front = self.handbook.front(family);
        let specialty = front.specialties.iter().position(|s| s.id == last)?;
        if !self.handbook.families[family].specialties[specialty].roles.contains(&role) {
            return None;
        }
        if !self.handbook.config.composition_pages || !self.is_shown(role) {
            return Some(self.role_page(family, role));
        }
        let file = output_file(&format!("{}/{}", self.handbook.role_id(role), last));
        Some((file, Page::Composition(role, specialty)))
    }

    fn role_of(&self, family: usize, id: &str) -> Option<RoleId> {
        self.handbook.roles_of(family).find(|r| self.handbook.role_front(*r).id == id)
    }

    fn is_shown(&self, role: RoleId) -> bool {
        self.handbook.config.role_pages && (self.drafts || self.handbook.role_front(role).status != Status::Draft)
    }

    /// The page of a role, or its place on the family's page where it has none.
    fn role_page(&self, family: usize, role: RoleId) -> (String, Page) {
        if self.is_shown(role) {
            return (output_file(&self.handbook.role_id(role)), Page::Role(role));
        }
        let file = output_file(&self.handbook.families[family].id);
        if self.drafts || self.handbook.role_front(role).status != Status::Draft {
            return (file, Page::Level(role));
        }
        (file, Page::Document(self.handbook.families[family].document))
    }

    /// The document whose family or page it is.
    fn document_of(&self, page: Page) -> Option<usize> {
        match page {
            Page::Document(document) => Some(document),
            Page::Role(role) | Page::Level(role) | Page::Composition(role, _) => {
                Some(self.handbook.families[self.handbook.roles[role].family].document)
            }
            Page::Bare => None,
        }
    }

    /// The documents to which the links of one lead.
    pub fn documents_from(&self, document: usize) -> BTreeSet<usize> {
        let lead = |link: &Link| {
            let path = link.dest.trim().split(['#', '?']).next().unwrap_or_default();
            let decoded = percent_decode_str(path).decode_utf8_lossy();
            self.find(document, &decoded).and_then(|(_, page)| self.document_of(page))
        };
        let inside = self.handbook.documents[document].links.iter().filter(|link| by_scheme(link.dest.trim()).is_none());
        inside.filter_map(lead).collect()
    }

    /// Checks the links at the foot of pages.
    pub fn check_footer(&self) -> Vec<Diagnostic> {
        let broken = |link: &FooterLink| match self.lead_of_site(&link.url) {
            Lead::Broken(broken) => Some(Diagnostic::error(broken.code, link.place.clone(), broken.message).help(broken.help)),
            Lead::Unsafe => Some(
                Diagnostic::error("link-unsafe", link.place.clone(), "a link with this kind of address is not published")
                    .help("links may begin with https:, http:, mailto: or tel:, or lead to a file of content/"),
            ),
            Lead::Elsewhere | Lead::Inside(_) => None,
        };
        self.handbook.config.footer.iter().filter_map(broken).collect()
    }

    /// Checks every link of the documents that are shown.
    pub fn check(&self, document: usize) -> Vec<Diagnostic> {
        self.check_noting(document).0
    }

    /// The same, with the documents on whose anchors the answer depends.
    pub fn check_noting(&self, document: usize) -> (Vec<Diagnostic>, BTreeSet<usize>) {
        let mut findings = Vec::new();
        let mut looked_at = BTreeSet::new();
        let mut seen: HashSet<(&str, &Range<u32>)> = HashSet::new();
        let written = &self.handbook.documents[document];
        for Link { dest, span, image } in &written.links {
            if !seen.insert((dest, span)) {
                continue;
            }
            let place = written.place(span.start as usize..span.end as usize);
            match self.lead_noting(document, dest, *image, &mut looked_at) {
                Lead::Elsewhere | Lead::Inside(_) => {}
                Lead::Unsafe => findings.push(
                    Diagnostic::warning(
                        "link-unsafe",
                        place,
                        "a link with this kind of address is not published; its text is shown without the link",
                    )
                    .help("links may begin with https:, http:, mailto: or tel:, or lead to a file of content/"),
                ),
                Lead::Broken(broken) => {
                    let mut finding = Diagnostic::error(broken.code, place, broken.message).meant(broken.nearest.as_deref()).help(broken.help);
                    finding.related.extend(broken.related);
                    findings.push(match broken.hangs_on {
                        Some(document) => finding.hangs_on(self.handbook.documents[document].file()),
                        None => finding,
                    });
                }
            }
        }
        (findings, looked_at)
    }
}

/// What an address with a scheme is; none for one without.
fn by_scheme(dest: &str) -> Option<Lead> {
    if dest.starts_with("//") {
        return Some(Lead::Elsewhere);
    }
    if !dest.contains(':') {
        return None;
    }
    // Browsers drop control characters and white space from a scheme, so that `java\tscript:` runs.
    let bare: String = dest.chars().filter(|c| !c.is_control() && !c.is_whitespace()).take(64).collect();
    let (scheme, _) = bare.split_once(':')?;
    let is_scheme =
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if !is_scheme {
        return None;
    }
    let allowed = ["http", "https", "mailto", "tel"].iter().any(|s| scheme.eq_ignore_ascii_case(s)) && dest.starts_with(scheme);
    Some(if allowed { Lead::Elsewhere } else { Lead::Unsafe })
}

/// `path` as seen from `folder`, without `.` and `..`.
pub fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The path of `file` as seen from `folder`.
pub fn relative(folder: &str, file: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    let to: Vec<&str> = file.split('/').collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; from.len() - common];
    parts.extend(&to[common..]);
    parts.join("/")
}
