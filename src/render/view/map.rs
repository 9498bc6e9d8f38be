//! The career map: roles by grade and family, with the ways between them, as a drawing and as a table.
//!
//! One page for the site, one a department, and one a family where roles have pages. A drawing never stands alone: the
//! table below it says the same.

pub mod drawing;
mod ways;

use std::collections::HashSet;

use serde::Serialize;

use super::frame::{Frame, frame};
use super::{LinkView, Page, grade_text, status_word};
use crate::config::strings::text;
use crate::model::address::output_file;
use crate::model::{Handbook, RoleId};
use crate::parse::Status;
use crate::render::Site;
use drawing::{Column, Drawing, Tile, Way};

/// A drawing has this many columns at the most; beyond it the table and the maps below are easier to read.
const COLUMNS: usize = 80;
/// The first page draws the whole site where it has this many families at the most; beyond it there is the table.
const FAMILIES_ON_ONE: usize = 16;

/// A career map.
#[derive(Debug, Serialize)]
pub struct MapPage {
    /// The frame, which templates see as `page` and `site`.
    #[serde(skip)]
    pub frame: Frame,
    /// The drawing as HTML, where there is one.
    pub drawing: Option<String>,
    /// The roles, as a table: those of the drawing, highest grade first in each family.
    pub families: Vec<MapFamilyView>,
    /// Maps of parts: departments, or families.
    pub parts: Vec<PartLinkView>,
    /// Maps that show more.
    pub wholes: Vec<LinkView>,
    /// The page of the family, on its map.
    pub family: Option<LinkView>,
}

/// A map of a part.
#[derive(Debug, Serialize)]
pub struct PartLinkView {
    /// Its title and page.
    #[serde(flatten)]
    pub link: LinkView,
    /// How many families it shows.
    pub family_count: usize,
    /// How many roles it shows.
    pub role_count: usize,
}

/// The roles of a family in the table.
#[derive(Debug, Serialize)]
pub struct MapFamilyView {
    /// The family.
    pub family: LinkView,
    /// Its roles.
    pub roles: Vec<MapRoleView>,
}

/// A role in the table.
#[derive(Debug, Serialize)]
pub struct MapRoleView {
    /// Its title and page.
    #[serde(flatten)]
    pub link: LinkView,
    /// Its grade in words.
    pub grade: Option<String>,
    /// `draft` or `deprecated`.
    pub status: Option<&'static str>,
    /// The roles from which one comes here.
    pub previous: Vec<LinkView>,
    /// Where one can go.
    pub next: Vec<LinkView>,
}

/// The map of the site, with those of its departments.
pub fn site(page: &Page<'_>) -> MapPage {
    let site = page.site;
    let all: Vec<usize> = (0..site.handbook.families.len()).collect();
    let departments = (1..site.handbook.departments.len()).filter(|d| site.counts[*d].0 > 0).map(|d| department_part(page, d));
    let of_families = site.families_of[0].iter().filter_map(|f| family_part(page, *f));
    let parts = departments.chain(of_families).collect();
    let strings = &site.handbook.config.strings;
    let frame = frame(page, strings.get(const { text("career_map") }), strings.get(const { text("map_lead") }), 0, None);
    map(page, frame, (&all, all.len() <= FAMILIES_ON_ONE), parts, Vec::new(), None)
}

/// The map of a department and those below it.
pub fn department(page: &Page<'_>, department: usize) -> MapPage {
    let site = page.site;
    let title = &site.handbook.departments[department].title;
    let families: Vec<usize> = below(site, department).into_iter().flat_map(|d| site.families_of[d].iter().copied()).collect();
    let departments = site.departments_in(department).filter(|d| site.counts[*d].0 > 0).map(|d| department_part(page, d));
    let of_families = families.iter().filter_map(|f| family_part(page, *f));
    let parts = departments.chain(of_families).collect();
    let strings = &site.handbook.config.strings;
    let wholes = vec![LinkView { title: strings.get(const { text("career_map") }).to_owned(), href: Some(page.href("map/index.html")) }];
    let lead = strings.with(const { text("map_of_department") }, &[title]);
    let frame = frame(page, &strings.with(const { text("career_map_of") }, &[title]), &lead, department, None);
    map(page, frame, (&families, true), parts, wholes, None)
}

/// The map of a family, with the roles of others from which or to which one moves.
pub fn family(page: &Page<'_>, family: usize) -> MapPage {
    let handbook = page.handbook();
    let title = &handbook.front(family).title;
    let data = &handbook.families[family];
    let strings = &handbook.config.strings;
    let title_of = |title: &str| strings.with(const { text("career_map_of") }, &[title]);
    let department = LinkView {
        title: title_of(&handbook.departments[data.department].title),
        href: page.site.department_map(data.department).map(|file| page.href(&file)),
    };
    let frame = frame(page, &title_of(title), &strings.with(const { text("map_of_family") }, &[title]), data.department, Some(family));
    map(page, frame, (&[family], true), Vec::new(), vec![department], Some(family))
}

/// A department and all below it.
fn below(site: &Site<'_>, department: usize) -> Vec<usize> {
    let inner = site.departments_in(department).filter(|_| department != 0).flat_map(|d| below(site, d));
    std::iter::once(department).chain(inner).collect()
}

fn department_part(page: &Page<'_>, department: usize) -> PartLinkView {
    let (family_count, role_count) = page.site.counts[department];
    let title = page.handbook().departments[department].title.clone();
    let href = page.site.department_map(department).map(|file| page.href(&file));
    PartLinkView { link: LinkView { title, href }, family_count, role_count }
}

fn family_part(page: &Page<'_>, family: usize) -> Option<PartLinkView> {
    let link = LinkView { title: page.family_link(family).title, href: Some(page.href(&page.site.family_map(family)?)) };
    Some(PartLinkView { link, family_count: 0, role_count: roles_of(page.site, family).len() })
}

/// A map of families, which are drawn if that is wanted and they are few enough.
fn map(
    page: &Page<'_>,
    frame: Frame,
    (families, wanted): (&[usize], bool),
    parts: Vec<PartLinkView>,
    wholes: Vec<LinkView>,
    focus: Option<usize>,
) -> MapPage {
    let mut columns: Vec<(usize, Vec<RoleId>)> = families.iter().map(|f| (*f, roles_of(page.site, *f))).collect();
    if let Some(family) = focus {
        columns.extend(neighbours(page.site, family));
    }
    columns.retain(|(_, roles)| !roles.is_empty());
    let drawing = if wanted { drawing_of(page, &columns, focus) } else { Drawing::default() };
    MapPage {
        frame,
        drawing: (!drawing.columns.is_empty() && drawing.columns.len() <= COLUMNS).then(|| drawing.svg(&page.handbook().config.strings)),
        families: columns.iter().filter(|(f, _)| focus.is_none_or(|own| own == *f)).map(|(f, roles)| table(page, *f, roles)).collect(),
        parts,
        wholes,
        family: focus.map(|f| page.family_link(f)),
    }
}

/// The anchor of a role on a map.
pub fn anchor(handbook: &Handbook, role: RoleId) -> String {
    format!("_{}", handbook.role_id(role).replace('/', "."))
}

/// The roles of a family that the map shows: those in force.
fn roles_of(site: &Site<'_>, family: usize) -> Vec<RoleId> {
    site.handbook.roles_of(family).filter(|r| site.is_published(*r) && site.handbook.role_front(*r).status != Status::Deprecated).collect()
}

/// The roles of other families that one step leads to or from, by family.
fn neighbours(site: &Site<'_>, family: usize) -> Vec<(usize, Vec<RoleId>)> {
    let handbook = site.handbook;
    let out = handbook.roles_of(family).flat_map(|r| handbook.goals_of(r));
    let into = handbook.roles_of(family).flat_map(|r| site.come_to(r));
    let mut roles: Vec<RoleId> = out.chain(into).filter(|r| handbook.roles[*r].family != family).collect();
    roles.sort_unstable();
    roles.dedup();
    roles.retain(|r| site.is_published(*r) && handbook.role_front(*r).status != Status::Deprecated);
    let by_family = roles.chunk_by(|a, b| handbook.roles[*a].family == handbook.roles[*b].family);
    by_family.map(|roles| (handbook.roles[roles[0]].family, roles.to_vec())).collect()
}

fn table(page: &Page<'_>, family: usize, roles: &[RoleId]) -> MapFamilyView {
    let handbook = page.handbook();
    let view = |role: &RoleId| {
        let front = handbook.role_front(*role);
        let previous = page.site.come_to(*role).into_iter().filter(|r| page.site.is_published(*r));
        MapRoleView {
            link: page.role_link(*role),
            grade: grade_text(&front.grade, &handbook.config.strings),
            status: status_word(front.status),
            previous: previous.map(|r| page.role_link(r)).collect(),
            next: page.ways(*role),
        }
    };
    MapFamilyView { family: page.family_link(family), roles: roles.iter().rev().map(view).collect() }
}

/// The title of a role; where it has several grades, with them.
fn tile_title(handbook: &Handbook, role: RoleId) -> String {
    let front = handbook.role_front(role);
    let grades = grade_text(&front.grade, &handbook.config.strings).filter(|_| front.grade.numbers().len() > 1);
    grades.map_or_else(|| front.title.clone(), |grades| format!("{} ({grades})", front.title))
}

/// The columns of a drawing: a family, or a track of one that has roles on several.
fn drawing_of(page: &Page<'_>, families: &[(usize, Vec<RoleId>)], focus: Option<usize>) -> Drawing {
    let handbook = page.handbook();
    let mut drawing = Drawing::default();
    for (family, roles) in families {
        let front = handbook.front(*family);
        let mut tracks: Vec<usize> = roles.iter().map(|r| handbook.role_front(*r).track).collect();
        tracks.sort_unstable();
        tracks.dedup();
        for track in &tracks {
            let tiles = roles.iter().filter(|r| handbook.role_front(**r).track == *track).map(|role| Tile {
                role: *role,
                anchor: anchor(handbook, *role),
                title: tile_title(handbook, *role),
                href: page.role_link(*role).href.unwrap_or_default(),
                grades: handbook.role_front(*role).grade.numbers(),
            });
            drawing.columns.push(Column {
                family: *family,
                title: front.title.clone(),
                href: page.href(
                    &page.site.family_map(*family).filter(|_| focus != Some(*family)).unwrap_or_else(|| output_file(&handbook.families[*family].id)),
                ),
                track: (tracks.len() > 1).then(|| front.tracks.get(*track).map(|t| t.title.clone())).flatten(),
                aside: focus.is_some_and(|own| own != *family),
                tiles: tiles.collect(),
            });
        }
    }
    let shown: HashSet<RoleId> = families.iter().flat_map(|(_, roles)| roles.iter().copied()).collect();
    for (family, roles) in families {
        for role in roles {
            let touches = |to: usize| focus.is_none_or(|own| own == *family || own == to);
            let goals = handbook.goals_of(*role).into_iter().filter(|to| shown.contains(to) && touches(handbook.roles[*to].family));
            drawing.ways.extend(goals.map(|to| Way { from: *role, to, moves: handbook.roles[to].family != *family }));
        }
    }
    drawing
}
