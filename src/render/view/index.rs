//! The pages that list others: home, departments, grades; and plain pages.

use serde::Serialize;

use super::filter::{ChoiceView, Choices, FilterView, TagsView};
use super::frame::{Frame, frame};
use super::{LinkView, Page, ProseView, grade_text, status_word, structured};
use crate::config::strings::text;
use crate::model::RoleId;
use crate::parse::{DocumentKind, Grade, Status};

/// The home page lists this many families of a department; the rest are on the department's page.
const ON_HOME: usize = 40;

/// The home page, or a department's.
#[derive(Debug, Serialize)]
pub struct IndexPage {
    /// The frame, which templates see as `page` and `site`.
    #[serde(skip)]
    pub frame: Frame,
    /// Its prose.
    pub prose: Vec<ProseView>,
    /// The departments below.
    pub departments: Vec<DepartmentView>,
    /// The families in it.
    pub families: Vec<FamilyLinkView>,
    /// The plain pages in it.
    pub pages: Vec<PageLinkView>,
    /// Families in it and below it.
    pub family_count: usize,
    /// Published roles in it and below it.
    pub role_count: usize,
    /// What the list can be narrowed to.
    pub filter: FilterView,
}

/// A department in a list.
#[derive(Debug, Serialize)]
pub struct DepartmentView {
    /// Its title and page.
    #[serde(flatten)]
    pub link: LinkView,
    /// One sentence about it.
    pub description: String,
    /// How many families it and those below it have.
    pub family_count: usize,
    /// How many roles they have.
    pub role_count: usize,
    /// The word by which filters know it.
    pub tag: String,
    /// The departments directly below it.
    pub departments: Vec<BelowView>,
    /// The first families in it.
    pub families: Vec<TaggedLinkView>,
    /// How many more families it has.
    pub more: usize,
    /// By what those can be found.
    pub more_tags: TagsView,
}

/// A department below one in a list.
#[derive(Debug, Serialize)]
pub struct BelowView {
    /// Its title and page, and by what all in it can be found.
    #[serde(flatten)]
    pub tagged: TaggedLinkView,
    /// The first families in it and in those below it.
    pub families: Vec<TaggedLinkView>,
    /// How many more there are.
    pub more: usize,
    /// By what those can be found.
    pub more_tags: TagsView,
}

/// A family, or what leads to several, in a short list.
#[derive(Debug, Serialize)]
pub struct TaggedLinkView {
    /// Its title and page.
    #[serde(flatten)]
    pub link: LinkView,
    /// By what it can be found.
    pub tags: TagsView,
}

/// A family in a list.
#[derive(Debug, Serialize)]
pub struct FamilyLinkView {
    /// Its title and page.
    #[serde(flatten)]
    pub link: LinkView,
    /// One sentence about it.
    pub description: String,
    /// By what it can be found.
    pub tags: TagsView,
    /// Its roles.
    pub roles: Vec<RoleLinkView>,
}

/// A role in a list.
#[derive(Debug, Serialize)]
pub struct RoleLinkView {
    /// Its title and page.
    #[serde(flatten)]
    pub link: LinkView,
    /// Its grade in words.
    pub grade: Option<String>,
    /// `draft` or `deprecated`.
    pub status: Option<&'static str>,
    /// By what it can be found.
    pub tags: TagsView,
}

/// A plain page in a list.
#[derive(Debug, Serialize)]
pub struct PageLinkView {
    /// Its title and address.
    #[serde(flatten)]
    pub link: LinkView,
    /// One sentence about it.
    pub description: String,
}

/// A plain page.
#[derive(Debug, Serialize)]
pub struct PlainPage {
    /// The frame, which templates see as `page` and `site`.
    #[serde(skip)]
    pub frame: Frame,
    /// Its prose.
    pub prose: Vec<ProseView>,
    /// The author's own keys.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// The grades page: for each scale, families by grades.
#[derive(Debug, Serialize)]
pub struct GradesPage {
    /// The frame, which templates see as `page` and `site`.
    #[serde(skip)]
    pub frame: Frame,
    /// The scales that are used.
    pub scales: Vec<ScaleView>,
}

/// A scale with its families.
#[derive(Debug, Serialize)]
pub struct ScaleView {
    /// Its title.
    pub title: String,
    /// Its grades.
    pub grades: Vec<i64>,
    /// How many roles have each grade.
    pub counts: Vec<usize>,
    /// How many roles have no grade.
    pub ungraded: usize,
    /// The families by department.
    pub departments: Vec<ScaleDepartmentView>,
}

/// A department on a scale.
#[derive(Debug, Serialize)]
pub struct ScaleDepartmentView {
    /// The department.
    pub department: LinkView,
    /// One row a family.
    pub rows: Vec<ScaleRowView>,
}

/// A family on a scale.
#[derive(Debug, Serialize)]
pub struct ScaleRowView {
    /// The family.
    pub family: LinkView,
    /// For each grade, the roles that have it.
    pub cells: Vec<Vec<GradedRoleView>>,
    /// The roles without a grade.
    pub ungraded: Vec<GradedRoleView>,
}

/// A role on a scale.
#[derive(Debug, Serialize)]
pub struct GradedRoleView {
    /// Its title and page.
    #[serde(flatten)]
    pub link: LinkView,
    /// Its track, where that is not the site's first.
    pub track: Option<String>,
}

/// What stands at an old address.
#[derive(Debug, Serialize)]
pub struct RedirectPage<'a> {
    /// Where it leads, as seen from the old address.
    pub to: String,
    /// The same with the base URL, where there is one.
    pub canonical: Option<String>,
    /// The site's language.
    pub lang: &'a str,
    /// The direction in which it is written.
    pub dir: &'a str,
}

/// A page without content of its own: 404.
#[derive(Debug, Serialize)]
pub struct BarePage {
    /// The frame, which templates see as `page` and `site`.
    #[serde(skip)]
    pub frame: Frame,
}

/// The page of a department; 0 is the home page.
pub fn department(page: &mut Page<'_>, department: usize) -> IndexPage {
    let handbook = page.handbook();
    let data = &handbook.departments[department];
    let (prose, anchors) = data.document.map(|d| own_prose(page, d)).unwrap_or_default();
    let mut choices = Choices::default();
    let departments: Vec<DepartmentView> = page.site.departments_in(department).map(|d| department_view(page, d, &mut choices)).collect();
    let families = page.site.families_of[department].iter().map(|f| family_link(page, *f, &mut choices)).collect();
    let pages = page.site.pages_of[department].iter().map(|p| page_link(page, *p)).collect();
    let description = if department == 0 && data.description.is_empty() { &handbook.config.description } else { &data.description };
    let mut frame = frame(page, &data.title, description, department, None);
    frame.page.edit = data.document.and_then(|d| page.edit(d, 0));
    frame.page.anchors = anchors;
    page.shows.extend(data.document);
    frame.page.changed = page.changed();
    frame.page.data = structured::breadcrumb(page, &frame.page);
    let filter = choices.view(departments.iter().map(|d| ChoiceView { title: d.link.title.clone(), id: d.tag.clone() }).collect());
    let (family_count, role_count) = page.site.counts[department];
    IndexPage { frame, prose, departments, families, pages, family_count, role_count, filter }
}

/// The prose of a page, and the anchors of its title where the body repeats it.
fn own_prose(page: &mut Page<'_>, document: usize) -> (Vec<ProseView>, Vec<String>) {
    let written = &page.handbook().documents[document].nodes[0];
    let anchors = page.anchors_of(document, written.anchors.iter().copied());
    (page.prose(document, &written.prose, 2), anchors)
}

fn department_view(page: &Page<'_>, department: usize, choices: &mut Choices) -> DepartmentView {
    let handbook = page.handbook();
    let families = &page.site.families_of[department];
    let (family_count, role_count) = page.site.counts[department];
    DepartmentView {
        link: page.department_link(department),
        description: handbook.departments[department].description.clone(),
        family_count,
        role_count,
        tag: handbook.departments[department].id.rsplit('/').next().unwrap_or_default().to_owned(),
        departments: page.site.departments_in(department).map(|d| below_view(page, d, choices)).collect(),
        families: first_of(page, families, choices),
        more: families.len().saturating_sub(ON_HOME),
        more_tags: choices.tags_of_all(page, families.get(ON_HOME..).unwrap_or_default()),
    }
}

fn below_view(page: &Page<'_>, department: usize, choices: &mut Choices) -> BelowView {
    let families = families_below(page, department);
    BelowView {
        tagged: TaggedLinkView { link: page.department_link(department), tags: choices.tags_of_all(page, &families) },
        families: first_of(page, &families, choices),
        more: families.len().saturating_sub(ON_HOME),
        more_tags: choices.tags_of_all(page, families.get(ON_HOME..).unwrap_or_default()),
    }
}

fn first_of(page: &Page<'_>, families: &[usize], choices: &mut Choices) -> Vec<TaggedLinkView> {
    let first = families.iter().take(ON_HOME);
    first.map(|f| TaggedLinkView { link: page.family_link(*f), tags: choices.tags_of_all(page, &[*f]) }).collect()
}

/// The families in a department and in those below it.
fn families_below(page: &Page<'_>, department: usize) -> Vec<usize> {
    let below = page.site.departments_in(department).flat_map(|d| families_below(page, d));
    page.site.families_of[department].iter().copied().chain(below).collect()
}

fn family_link(page: &Page<'_>, family: usize, choices: &mut Choices) -> FamilyLinkView {
    let handbook = page.handbook();
    let roles: Vec<RoleId> = handbook.roles_of(family).filter(|r| page.site.is_published(*r)).collect();
    FamilyLinkView {
        link: page.family_link(family),
        description: handbook.front(family).description.clone(),
        tags: choices.tags(page, family, &roles),
        roles: roles
            .iter()
            .map(|r| RoleLinkView {
                link: page.role_link(*r),
                grade: grade_text(&handbook.role_front(*r).grade, &handbook.config.strings),
                status: status_word(handbook.role_front(*r).status),
                tags: choices.tags(page, family, &[*r]),
            })
            .collect(),
    }
}

fn page_link(page: &Page<'_>, number: usize) -> PageLinkView {
    let data = &page.handbook().pages[number];
    let DocumentKind::Page(front) = &page.handbook().documents[data.document].kind else { unreachable!("a page's document is that of a page") };
    let link = LinkView { title: front.title.clone().unwrap_or_default(), href: Some(page.href(&crate::model::address::output_file(&data.id))) };
    PageLinkView { link, description: front.description.clone() }
}

/// A plain page.
pub fn plain(page: &mut Page<'_>, number: usize) -> PlainPage {
    let data = &page.handbook().pages[number];
    let DocumentKind::Page(front) = &page.handbook().documents[data.document].kind else { unreachable!("a page's document is that of a page") };
    let (prose, anchors) = own_prose(page, data.document);
    let title = front.title.clone().unwrap_or_default();
    let mut frame = frame(page, &title, &front.description, data.department, None);
    frame.page.edit = page.edit(data.document, 0);
    frame.page.anchors = anchors;
    page.shows.push(data.document);
    frame.page.changed = page.changed();
    frame.page.data = structured::breadcrumb(page, &frame.page);
    PlainPage { frame, prose, extra: front.extra.clone() }
}

/// The grades page.
pub fn grades(page: &Page<'_>) -> GradesPage {
    let handbook = page.handbook();
    let scale = |title: &str, grades: Vec<i64>| {
        let counts = vec![0; grades.len()];
        ScaleView { title: title.to_owned(), counts, grades, ungraded: 0, departments: Vec::new() }
    };
    let mut scales: Vec<ScaleView> = handbook.config.scales.iter().map(|s| scale(&s.title, s.grades.clone())).collect();
    scales.push(scale("", free_grades(page)));
    for (department, families) in page.site.families_of.iter().enumerate() {
        for family in families {
            let number = handbook.families[*family].scale.unwrap_or(handbook.config.scales.len());
            add_row(page, &mut scales[number], department, *family);
        }
    }
    scales.retain(|s| !s.departments.is_empty());
    if scales.iter().all(|s| s.counts.iter().all(|count| *count == 0)) {
        scales.clear();
    }
    let strings = &handbook.config.strings;
    let mut frame = frame(page, strings.get(const { text("grades") }), strings.get(const { text("grades_lead") }), 0, None);
    frame.page.data = structured::breadcrumb(page, &frame.page);
    GradesPage { frame, scales }
}

fn add_row(page: &Page<'_>, scale: &mut ScaleView, department: usize, family: usize) {
    let row = row(page, family, &scale.grades);
    if row.cells.iter().all(Vec::is_empty) && row.ungraded.is_empty() {
        return;
    }
    scale.ungraded += row.ungraded.len();
    scale.counts.iter_mut().zip(&row.cells).for_each(|(count, cell)| *count += cell.len());
    let link = page.department_link(department);
    match scale.departments.last_mut().filter(|d| d.department.href == link.href) {
        Some(known) => known.rows.push(row),
        None => scale.departments.push(ScaleDepartmentView { department: link, rows: vec![row] }),
    }
}

/// The grades of the families that have no scale.
fn free_grades(page: &Page<'_>) -> Vec<i64> {
    let handbook = page.handbook();
    let families = handbook.families.iter().enumerate().filter(|(_, f)| f.scale.is_none());
    let mut grades: Vec<i64> = families.flat_map(|(n, _)| &handbook.front(n).roles).flat_map(|r| r.grade.numbers()).collect();
    grades.sort_unstable();
    grades.dedup();
    grades
}

fn row(page: &Page<'_>, family: usize, grades: &[i64]) -> ScaleRowView {
    let handbook = page.handbook();
    let in_force = |r: &usize| page.site.is_published(*r) && handbook.role_front(*r).status != Status::Deprecated;
    let roles: Vec<usize> = handbook.roles_of(family).filter(in_force).collect();
    let has =
        |role: usize, grade: i64| matches!(&handbook.role_front(role).grade, Grade::Numbers(numbers) if numbers.iter().any(|(n, _)| *n == grade));
    let graded = |role: usize| {
        let track = handbook.front(family).tracks.get(handbook.role_front(role).track);
        let track = track.filter(|t| handbook.config.tracks.first().is_some_and(|first| first.id != t.id));
        GradedRoleView { link: page.role_link(role), track: track.map(|t| t.title.clone()) }
    };
    let cells = grades.iter().map(|g| roles.iter().filter(|r| has(**r, *g)).map(|r| graded(*r)).collect()).collect();
    let ungraded = roles.iter().filter(|r| handbook.role_front(**r).grade.numbers().is_empty()).map(|r| graded(*r)).collect();
    ScaleRowView { family: page.family_link(family), cells, ungraded }
}

/// A page without content.
pub fn bare(page: &Page<'_>, title: &str) -> BarePage {
    BarePage { frame: frame(page, title, "", 0, None) }
}
