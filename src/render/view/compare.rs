//! Two roles side by side: what changes from one to the other. One page for each step of a ladder, and the page on which
//! any two roles are chosen, which a script fills.

use serde::Serialize;

use super::frame::{Frame, frame};
use super::{LinkView, Page, differences, grade_text};
use crate::compare::{self, Change, Pair};
use crate::config::SectionKind;
use crate::config::strings::{Strings, counted, text};
use crate::model::ways::Way;
use crate::model::{RoleId, Step};
use crate::render::url::in_query;
use crate::resolve::ItemRef;

/// The page on which roles are chosen lists this many steps itself; where there are more, departments' pages lead on.
const STEPS_HERE: usize = 200;

/// A comparison, or the page on which two roles are chosen.
#[derive(Debug, Serialize)]
pub struct ComparePage {
    /// The frame, which templates see as `page` and `site`.
    #[serde(skip)]
    pub frame: Frame,
    /// The two roles, on the page of a step.
    pub step: Option<StepView>,
    /// What the script needs, where roles are chosen.
    pub choice: Option<ChoiceView>,
    /// The families with their steps, where roles are chosen.
    pub families: Vec<FamilyStepsView>,
    /// The departments, where there are too many steps for one page.
    pub departments: Vec<LinkView>,
}

/// What the script of the page needs to know.
#[derive(Debug, Serialize)]
pub struct ChoiceView {
    /// The script.
    pub script: String,
    /// The list of all roles, a script too.
    pub roles: String,
    /// The way to the root of the site: empty, or ending in `/`.
    pub root: String,
}

/// A family with its steps.
#[derive(Debug, Serialize)]
pub struct FamilyStepsView {
    /// The family.
    pub family: LinkView,
    /// Its department.
    pub department: String,
    /// From a role to the next.
    pub steps: Vec<FromToView>,
}

/// A step as a link.
#[derive(Debug, Serialize)]
pub struct FromToView {
    /// Title of the role that it leads from.
    pub from: String,
    /// Title of the role that it leads to.
    pub to: String,
    /// The page that compares them.
    pub href: String,
}

/// What changes from one role to another.
#[derive(Debug, Serialize)]
pub struct StepView {
    /// The role on the left.
    pub left: SideView,
    /// The role on the right.
    pub right: SideView,
    /// How many items only the right role has.
    pub added: usize,
    /// How many change.
    pub changed: usize,
    /// How many only the left role has.
    pub gone: usize,
    /// How many stay as they are.
    pub same: usize,
    /// These numbers in a sentence.
    pub tally: String,
    /// The list sections.
    pub sections: Vec<StepSectionView>,
    /// The page on which any two roles are compared, these two chosen.
    pub choose: String,
    /// The steps that follow.
    pub onward: Vec<FromToView>,
}

/// One of the two roles.
#[derive(Debug, Serialize)]
pub struct SideView {
    /// The role.
    #[serde(flatten)]
    pub link: LinkView,
    /// Its grade in words.
    pub grade: Option<String>,
    /// Its track.
    pub track: String,
    /// Its family.
    pub family: LinkView,
}

/// A list section of both.
#[derive(Debug, Serialize)]
pub struct StepSectionView {
    /// Its id, which is its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What changes.
    pub rows: Vec<RowView>,
    /// What stays as it is, as HTML.
    pub same: Vec<String>,
}

/// An item that changes.
#[derive(Debug, Serialize)]
pub struct RowView {
    /// `changed`, `left` or `right`.
    pub kind: &'static str,
    /// Its label, where it has one.
    pub label: Option<String>,
    /// As the left role has it: HTML, with the words that are taken out in `<del>`.
    pub left: Option<String>,
    /// As the right role has it: HTML, with the words that come in in `<ins>`.
    pub right: Option<String>,
}

/// The page on which any two roles are chosen.
pub fn choose(page: &Page<'_>) -> ComparePage {
    let handbook = page.handbook();
    let site = page.site;
    let steps: usize = (0..handbook.roles.len()).map(|r| site.steps_to(r).len()).sum();
    let strings = &handbook.config.strings;
    let frame = frame(page, strings.get(const { text("compare_roles") }), strings.get(const { text("compare_lead") }), 0, None);
    let few = steps <= STEPS_HERE;
    let families = (0..if few { handbook.families.len() } else { 0 }).map(|f| family_steps(page, f)).filter(|f| !f.steps.is_empty()).collect();
    let departments = if few { &[][..] } else { &site.top_departments };
    ComparePage {
        frame,
        step: None,
        choice: Some(ChoiceView {
            script: page.href(&site.static_file("compare")),
            roles: page.href("compare/roles.js"),
            root: page.href("index.html").trim_end_matches("index.html").to_owned(),
        }),
        families,
        departments: departments.iter().map(|d| page.department_link(*d)).collect(),
    }
}

fn family_steps(page: &Page<'_>, family: usize) -> FamilyStepsView {
    let handbook = page.handbook();
    let department = &handbook.departments[handbook.families[family].department];
    let steps = handbook.roles_of(family).flat_map(|to| page.site.steps_to(to).into_iter().filter_map(move |from| from_to(page, from, to)));
    FamilyStepsView { family: page.family_link(family), department: department.title.clone(), steps: steps.collect() }
}

/// A step as a link, where it has a page.
pub fn from_to(page: &Page<'_>, from: RoleId, to: RoleId) -> Option<FromToView> {
    let handbook = page.handbook();
    let href = page.href(&page.site.step_page(from, to)?);
    Some(FromToView { from: handbook.role_front(from).title.clone(), to: handbook.role_front(to).title.clone(), href })
}

/// The page of the step between two roles.
pub fn step(page: &Page<'_>, from: RoleId, to: RoleId) -> ComparePage {
    let handbook = page.handbook();
    let (left, right) = (side(page, from), side(page, to));
    let compared = compare::roles(handbook, &page.site.resolution.roles[from], &page.site.resolution.roles[to]);
    let count = |change| compared.iter().flat_map(|s| &s.pairs).filter(|p| p.change == change).count();
    let (added, changed, gone, same) = (count(Change::Right), count(Change::Changed), count(Change::Left), count(Change::Same));
    let sections = compared.iter().map(|s| section(page, from, to, s)).collect();
    let strings = &handbook.config.strings;
    let titles = [&*left.link.title, &right.link.title];
    let family = handbook.roles[to].family;
    let mut frame = frame(
        page,
        &strings.with(const { text("from_to") }, &titles),
        &strings.with(const { text("from_to_lead") }, &titles),
        handbook.families[family].department,
        Some(family),
    );
    frame.page.crumbs.push(page.role_link(to));
    let (a, b) = (in_query(&handbook.role_id(from)), in_query(&handbook.role_id(to)));
    let choose = format!("{}?a={a}&b={b}", page.href("compare/index.html"));
    let onward = handbook.ways_from(to).into_iter().filter_map(|way| match way {
        (Step::Role(next), Way::Written | Way::Listed) if page.site.is_published(next) => from_to(page, to, next),
        _ => None,
    });
    let onward = onward.collect();
    let tally = tally(strings, [added, changed, gone, same]);
    let step = StepView { left, right, added, changed, gone, same, tally, sections, choose, onward };
    ComparePage { frame, step: Some(step), choice: None, families: Vec::new(), departments: Vec::new() }
}

/// How much changes, in a sentence, whose first part says what is counted.
fn tally(strings: &Strings, [added, changed, gone, same]: [usize; 4]) -> String {
    let (first, others) = (
        const { [counted("items_new"), counted("items_changed"), counted("items_gone")] },
        const { [counted("items_new"), counted("also_changed"), counted("also_gone")] },
    );
    let mut parts: Vec<String> = Vec::new();
    for (i, number) in [added, changed, gone].into_iter().enumerate().filter(|(_, number)| *number > 0) {
        parts.push(strings.count(if parts.is_empty() { first[i] } else { others[i] }, number));
    }
    if parts.is_empty() {
        return strings.with(const { text("nothing_changes_but") }, &[&strings.count(const { counted("items_same") }, same)]);
    }
    if same > 0 {
        parts.push(strings.count(const { counted("also_same") }, same));
    }
    strings.with(const { text("sentence") }, &[&parts.join(strings.get(const { text("comma") }))])
}

fn side(page: &Page<'_>, role: RoleId) -> SideView {
    let handbook = page.handbook();
    let front = handbook.role_front(role);
    let family = handbook.roles[role].family;
    SideView {
        link: page.role_link(role),
        grade: grade_text(&front.grade, &handbook.config.strings),
        track: handbook.front(family).tracks.get(front.track).map(|t| t.title.clone()).unwrap_or_default(),
        family: page.family_link(family),
    }
}

fn section(page: &Page<'_>, from: RoleId, to: RoleId, section: &compare::Section) -> StepSectionView {
    let config = &page.handbook().config.sections[section.section];
    debug_assert!(matches!(config.kind, SectionKind::Items | SectionKind::Steps));
    let same = section.pairs.iter().filter(|p| p.change == Change::Same).filter_map(|p| p.right);
    StepSectionView {
        id: config.id.clone(),
        title: config.title.clone(),
        rows: section.pairs.iter().filter(|p| p.change != Change::Same).map(|p| row(page, from, to, p)).collect(),
        same: same.map(|at| page.words.item(at, Some(to), &page.file)).collect(),
    }
}

fn row(page: &Page<'_>, from: RoleId, to: RoleId, pair: &Pair) -> RowView {
    let kind = pair.change.word();
    let whole = |at: Option<ItemRef>, role| at.map(|at| page.words.item(at, Some(role), &page.file));
    let (Change::Changed, Some(left), Some(right)) = (pair.change, pair.left, pair.right) else {
        return RowView { kind, label: None, left: whole(pair.left, from), right: whole(pair.right, to) };
    };
    let handbook = page.handbook();
    let [before, after] = differences::sides(&compare::text(handbook, from, left), &compare::text(handbook, to, right));
    let label = handbook.item(right).1.label().or(handbook.item(left).1.label()).map(str::to_owned);
    RowView { kind, label, left: Some(before), right: Some(after) }
}
