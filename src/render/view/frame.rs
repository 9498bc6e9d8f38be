//! What stands around every page: title, navigation, breadcrumb, addresses of the site's own files.

use serde::Serialize;

use super::{DateView, LinkView, Page};
use crate::config::Extra;
use crate::links::Lead;
use crate::model::Handbook;
use crate::model::address::output_file;
use crate::render::theme::Ready;
use crate::render::url;

/// The frame of a page; templates see it as `page` and `site`.
#[derive(Debug)]
pub struct Frame {
    /// About this page.
    pub page: PageView,
    /// A [`SiteView`], which families and roles of one department share.
    pub site: Ready,
}

/// What is shown as a page of its own.
pub trait Framed: Serialize {
    /// What stands around it.
    fn frame(&self) -> &Frame;
}

/// The pages of which each has a frame.
macro_rules! framed {
    ($($page:path),*) => {
        $(impl Framed for $page {
            fn frame(&self) -> &Frame {
                &self.frame
            }
        })*
    };
}

framed!(
    super::family::FamilyPage,
    super::role::RolePage,
    super::index::IndexPage,
    super::index::PlainPage,
    super::index::GradesPage,
    super::index::BarePage,
    super::compare::ComparePage,
    super::map::MapPage,
    super::requirements::RequirementsPage,
    super::history::ChangesPage
);

/// About one page.
#[derive(Debug, Serialize)]
pub struct PageView {
    /// Its title.
    pub title: String,
    /// One sentence about it; may be empty.
    pub description: String,
    /// Where it is published, with a base URL.
    pub canonical: Option<String>,
    /// The pages above it, the site itself first.
    pub crumbs: Vec<LinkView>,
    /// Where the page can be edited.
    pub edit: Option<String>,
    /// Anchors that lead to the page as a whole.
    pub anchors: Vec<String>,
    /// When its words were last changed.
    pub changed: Option<DateView>,
    /// What it is, as JSON-LD, escaped for a `<script>`.
    pub data: String,
}

/// About the site, as seen from one page.
#[derive(Debug, Serialize)]
pub struct SiteView {
    /// Its title.
    pub title: String,
    /// Its language.
    pub lang: String,
    /// `ltr` or `rtl`, from the language.
    pub dir: &'static str,
    /// Which of the guides this page belongs to: `grades`, `map`, `compare` or `requirements`.
    pub here: Option<&'static str>,
    /// The home page.
    pub home: String,
    /// The grades page.
    pub grades: String,
    /// The career map, where there is one.
    pub map: Option<String>,
    /// The index of items, where there is one.
    pub requirements: Option<String>,
    /// Where roles are compared, if they are.
    pub compare: Option<String>,
    /// What changed and when, where that is known.
    pub changes: Option<String>,
    /// The script that searches, if the site can be searched; it asks for its index itself.
    pub search: Option<String>,
    /// The style sheet.
    pub style: String,
    /// The mark that stands in a tab.
    pub icon: String,
    /// The script that a page needs before it is painted.
    pub early: String,
    /// The script.
    pub script: String,
    /// The script that draws Mermaid diagrams, where the site has one.
    pub mermaid: Option<String>,
    /// Whether drafts are shown.
    pub preview: bool,
    /// The links at the foot.
    pub footer: Vec<LinkView>,
    /// The departments that are named at the top: those right below the site or, where they are too many, the one that the page
    /// lies in.
    pub departments: Vec<NavigationView>,
    /// Where all departments are listed, if not all of them are named.
    pub all_departments: Option<String>,
    /// The program's version.
    pub version: &'static str,
    /// The author's own keys in `handbook.yml`.
    pub extra: Extra,
}

/// A department in the navigation.
#[derive(Debug, Serialize)]
pub struct NavigationView {
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Whether this page lies in it.
    pub current: bool,
}

/// The frame of a page in a department (0: none).
pub fn frame(page: &Page<'_>, title: &str, description: &str, department: usize, family: Option<usize>) -> Frame {
    let handbook = page.handbook();
    let above = above(handbook, department);
    let mut crumbs: Vec<LinkView> = above.iter().map(|d| page.department_link(*d)).collect();
    if let Some(first) = crumbs.first_mut() {
        first.title.clone_from(&handbook.config.title);
    }
    crumbs.extend(family.map(|f| page.family_link(f)));
    let own = page.href(&page.file);
    crumbs.retain(|c| c.href.as_deref() != Some(&own));
    Frame {
        page: PageView {
            title: title.to_owned(),
            description: description.to_owned(),
            canonical: page.site.base_url.as_ref().map(|base| url::absolute(base, &page.file)),
            crumbs,
            edit: None,
            anchors: Vec::new(),
            changed: None,
            data: String::new(),
        },
        site: page.site.as_seen_from(&page.file, department, |file| Ready::of(&site(&Page::at(page.site, page.words, file), department))),
    }
}

/// The departments above a page in `department`, the site itself first.
fn above(handbook: &Handbook, department: usize) -> Vec<usize> {
    let mut above: Vec<usize> = std::iter::successors(Some(department), |d| handbook.departments[*d].parent).collect();
    above.reverse();
    above
}

/// The guides, and where their pages lie, and no other.
const GUIDES: [(&str, &str); 4] = [("grades", "grades/index.html"), ("map", "map/"), ("compare", "compare/"), ("requirements", "requirements/")];

/// How many departments are named at the top of every page. More would bury it, and would make pages grow with the handbook:
/// with 250 departments, 29 of the 57 kB of a family's page were their names.
const NAMED: usize = 16;

/// The site as seen from a page in a department.
pub fn site(page: &Page<'_>, department: usize) -> SiteView {
    let handbook = page.handbook();
    let above = above(handbook, department);
    let here = GUIDES.into_iter().find(|(_, at)| page.file.starts_with(at)).map(|(guide, _)| guide);
    let all = &page.site.top_departments;
    let named = all.iter().filter(|d| all.len() <= NAMED || above.contains(d)).map(|d| {
        let link = page.department_link(*d);
        NavigationView { title: link.title, href: link.href.unwrap_or_default(), current: here.is_none() && above.contains(d) }
    });
    SiteView {
        title: handbook.config.title.clone(),
        lang: handbook.config.lang.clone(),
        dir: handbook.config.dir,
        here,
        home: page.href(&output_file("")),
        grades: page.href("grades/index.html"),
        map: handbook.config.map.then(|| page.href("map/index.html")),
        requirements: handbook.config.requirements.then(|| page.href("requirements/index.html")),
        compare: handbook.config.compare.then(|| page.href("compare/index.html")),
        changes: page.site.history.is_some().then(|| page.href(super::history::PAGE)),
        search: handbook.config.search.then(|| page.href(&page.site.static_file("search"))),
        style: page.href(&page.site.style),
        icon: page.href(&page.site.static_file("icon")),
        early: page.href(&page.site.static_file("early")),
        script: page.href(&page.site.script),
        mermaid: handbook.config.look.mermaid.as_ref().map(|(file, _)| page.href(file)),
        preview: page.site.drafts(),
        footer: footer(page),
        departments: named.collect(),
        all_departments: (all.len() > NAMED).then(|| page.href(&output_file(""))),
        version: env!("CARGO_PKG_VERSION"),
        extra: handbook.config.extra.clone(),
    }
}

/// The links at the foot; one that leads nowhere is a finding, and left out.
fn footer(page: &Page<'_>) -> Vec<LinkView> {
    let links = page.handbook().config.footer.iter();
    let shown = links.filter_map(|link| {
        let href = match page.site.links.lead_of_site(&link.url) {
            Lead::Elsewhere => link.url.clone(),
            Lead::Inside(file) => page.href(&file),
            Lead::Unsafe | Lead::Broken(_) => return None,
        };
        Some(LinkView { title: link.title.clone(), href: Some(href) })
    });
    shown.collect()
}
