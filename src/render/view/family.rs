//! A family's page: what all share, then what each level adds and changes.

use std::borrow::Cow;

use serde::Serialize;

use super::frame::{Frame, frame};
use super::matrix::{self, MatrixView};
use super::structured;
use super::{
    BlocksView, ItemView, LinkView, Page, ParentView, PartView, ProseView, RemovedView, ReplacedView, SectionView, grade_reason, grade_text,
    status_word,
};
use crate::config::{Extra, Inherit, SectionKind};
use crate::links::section_anchor;
use crate::markdown::html::escape_into;
use crate::model::{Handbook, RoleId};
use crate::parse::keys::{keys, text};
use crate::parse::{Container, Flow, NodeKind, Prose};
use crate::resolve::{EffectiveItem, EffectiveSection, ItemRef};

/// A family's page.
#[derive(Debug, Serialize)]
pub struct FamilyPage {
    /// The frame, which templates see as `page` and `site`.
    #[serde(skip)]
    pub frame: Frame,
    /// The family.
    pub family: FamilyView,
    /// Prose before the first heading, and prose that belongs to no role.
    pub overview: Vec<ProseView>,
    /// Prose below the heading `Levels` or `Roles`.
    pub levels_intro: Vec<ProseView>,
    /// Prose below the heading `Specialties`.
    pub specialties_intro: Vec<ProseView>,
    /// The lists that all roles share.
    pub shared: Vec<SectionView>,
    /// The tracks that have lists or prose of their own.
    pub tracks: Vec<NodeView>,
    /// The roles, ascending.
    pub levels: Vec<LevelView>,
    /// The roles side by side, where they differ in anything that has a label.
    pub matrix: Option<MatrixView>,
    /// The specialties.
    pub specialties: Vec<SpecialtyView>,
    /// Sections that are told at the end, for all and by track: indicators, ladder, hiring.
    pub closing: Vec<ClosingView>,
    /// Shared blocks.
    pub blocks: BlocksView,
    /// The author's own keys.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// About the family.
#[derive(Debug, Serialize)]
pub struct FamilyView {
    /// `department/family`.
    pub id: String,
    /// Who approves changes.
    pub owner: Option<String>,
    /// What comes after it.
    pub ladder: Vec<LinkView>,
    /// Its career map, where there is one.
    pub map: Option<String>,
}

/// A track, with what is written on it.
#[derive(Debug, Serialize)]
pub struct NodeView {
    /// Its id, which is its anchor.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Other anchors that lead here.
    pub anchors: Vec<String>,
    /// Its prose.
    pub prose: Vec<ProseView>,
    /// Its lists.
    pub sections: Vec<SectionView>,
    /// The author's own keys.
    pub extra: Extra,
}

/// A role on the family's page.
#[derive(Debug, Serialize)]
pub struct LevelView {
    /// Its id, which is its anchor.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Other anchors that lead here.
    pub anchors: Vec<String>,
    /// Its own prose.
    pub prose: Vec<ProseView>,
    /// Its own lists, with what each item replaces and what is removed.
    pub sections: Vec<SectionView>,
    /// Its page, where it has one.
    pub href: Option<String>,
    /// Name of the level.
    pub level: Option<String>,
    /// Its grade in words.
    pub grade: Option<String>,
    /// Why it has none.
    pub grade_reason: Option<String>,
    /// Its track.
    pub track: String,
    /// `draft` or `deprecated`.
    pub status: Option<&'static str>,
    /// What took its place.
    pub replaced_by: Option<LinkView>,
    /// What it extends.
    pub extends: Vec<ParentView>,
    /// Either of these.
    pub extends_any: Vec<LinkView>,
    /// Whom it reports to.
    pub reports_to: Option<LinkView>,
    /// What comes next.
    pub next: Vec<LinkView>,
    /// What changes from each role that leads here, where roles are compared.
    pub changes: Vec<LinkView>,
    /// The author's own keys.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A specialty on the family's page.
#[derive(Debug, Serialize)]
pub struct SpecialtyView {
    /// Its id, which is its anchor.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Other anchors that lead here.
    pub anchors: Vec<String>,
    /// Its prose.
    pub prose: Vec<ProseView>,
    /// Its lists.
    pub sections: Vec<SectionView>,
    /// The roles it can be combined with; links lead to the combined pages where there are some.
    pub roles: Vec<LinkView>,
    /// Whom it reports to.
    pub reports_to: Option<LinkView>,
    /// The author's own keys.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A section that is told at the end.
#[derive(Debug, Serialize)]
pub struct ClosingView {
    /// Its id, which is its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Other anchors that lead here.
    pub anchors: Vec<String>,
    /// For all roles.
    pub shared: Option<SectionView>,
    /// Prose for all roles.
    pub prose: Vec<ProseView>,
    /// By track.
    pub tracks: Vec<ClosingTrackView>,
}

/// A closing section for one track.
#[derive(Debug, Serialize)]
pub struct ClosingTrackView {
    /// The track's title.
    pub title: String,
    /// Anchors that lead here: those of the track, where nothing else of it is on the page.
    pub anchors: Vec<String>,
    /// Its list.
    pub section: Option<SectionView>,
    /// Its prose.
    pub prose: Vec<ProseView>,
}

/// Whether a section is told at the end of a family's page.
fn closes(page: &Page<'_>, section: usize) -> bool {
    let section = &page.handbook().config.sections[section];
    section.kind == SectionKind::Steps
        || section.id == "performance-indicators"
        || (section.kind == SectionKind::Prose && section.inherit == Inherit::Nearest)
}

/// The page of a family.
pub fn view(page: &mut Page<'_>, family: usize) -> FamilyPage {
    let handbook = page.handbook();
    let number = handbook.families[family].document;
    let document = &*handbook.documents[number];
    let front = handbook.front(family);
    for node in 1..document.nodes.len() {
        let id = match front.node_kind(node) {
            NodeKind::Family => continue,
            NodeKind::Track(i) => &front.tracks[i].id,
            NodeKind::Role(i) => &front.roles[i].id,
            NodeKind::Specialty(i) => &front.specialties[i].id,
        };
        page.anchors.claim(id);
    }
    let late: Vec<bool> = (0..handbook.config.sections.len()).map(|s| closes(page, s)).collect();
    // What closes the page has the plain anchor of its section, whatever stands before it.
    for (section, _) in late.iter().enumerate().filter(|(_, late)| **late) {
        page.anchors.claim(&handbook.config.sections[section].id);
    }
    let head = page.anchors_of(number, document.nodes[0].anchors.iter().copied());
    let early = |p: &&Prose| !p.section.is_some_and(|s| late[s]) && p.container.is_none();
    let overview = page.prose(number, document.nodes[0].prose.iter().filter(early), 2);
    let levels_intro = intro(page, number, Container::Levels);
    let specialties_intro = intro(page, number, Container::Specialties);
    let shared = sections(page, number, 0, None, |s| !late[s]);
    let tracks = front
        .tracks
        .iter()
        .enumerate()
        .map(|(i, t)| NodeView { extra: t.extra.clone(), ..node(page, number, front.track_node(i), &t.id, &t.title, None, &late) })
        .collect::<Vec<_>>();
    let levels = handbook.roles_of(family).filter(|r| page.site.is_published(*r)).collect::<Vec<_>>();
    let levels = levels.into_iter().map(|role| level(page, number, role)).collect();
    let specialties = (0..front.specialties.len()).map(|i| specialty(page, number, family, i)).collect();
    let mut closing: Vec<ClosingView> = (0..late.len()).filter(|s| late[*s]).filter_map(|s| closing(page, number, family, s)).collect();
    let tracks: Vec<NodeView> = tracks.into_iter().filter(|t| anchors_elsewhere(t, &mut closing)).collect();
    let blocks = page.blocks(family, None, None);
    page.shows.push(number);
    let matrix = matrix::view(page, family);
    let mut frame = frame(page, &front.title, &front.description, handbook.families[family].department, None);
    frame.page.edit = page.edit(number, 0);
    frame.page.anchors = head;
    frame.page.changed = page.changed();
    frame.page.data = structured::breadcrumb(page, &frame.page);
    FamilyPage {
        frame,
        family: FamilyView {
            id: handbook.families[family].id.clone(),
            owner: front.owner.clone(),
            ladder: page.steps(&handbook.families[family].ladder),
            map: page.site.family_map(family).map(|file| page.href(&file)),
        },
        overview,
        levels_intro,
        specialties_intro,
        shared,
        tracks,
        levels,
        matrix,
        specialties,
        closing,
        blocks,
        extra: front.extra.clone(),
    }
}

/// Whether a track has anything to show among what all share; if not, its anchors go to its first closing section.
fn anchors_elsewhere(track: &NodeView, closing: &mut [ClosingView]) -> bool {
    if !track.sections.is_empty() || !track.prose.is_empty() {
        return true;
    }
    let first = closing.iter_mut().flat_map(|c| &mut c.tracks).find(|t| t.title == track.title);
    if let Some(first) = first {
        first.anchors = [track.id.clone()].into_iter().chain(track.anchors.iter().cloned()).collect();
    }
    false
}

/// The prose directly below a container's heading, which the page writes itself.
fn intro(page: &mut Page<'_>, number: usize, container: Container) -> Vec<ProseView> {
    let written = page.handbook().documents[number].nodes[0].prose.iter().filter(|p| p.container == Some(container));
    let mut prose = page.prose(number, written, 3);
    prose.iter_mut().for_each(|p| p.heading = None);
    prose
}

fn node(page: &mut Page<'_>, number: usize, node: usize, id: &str, title: &str, role: Option<RoleId>, late: &[bool]) -> NodeView {
    let document = &*page.handbook().documents[number];
    let is_late = |s: usize| late.get(s).copied().unwrap_or(false);
    let anchors = page.anchors_of(number, document.nodes[node].anchors.iter().copied());
    let prose = page.prose(number, document.nodes[node].prose.iter().filter(|p| !p.section.is_some_and(is_late)), 4);
    let sections = sections(page, number, node, role, |s| !is_late(s));
    NodeView { id: id.to_owned(), title: title.to_owned(), anchors, prose, sections, extra: Extra::new() }
}

fn level(page: &mut Page<'_>, number: usize, role: RoleId) -> LevelView {
    let handbook = page.handbook();
    let front = handbook.role_front(role);
    let role_data = &handbook.roles[role];
    let extends = page.parents(role);
    let NodeView { id, title, anchors, prose, sections, .. } = node(page, number, handbook.role_node(role), &front.id, &front.title, Some(role), &[]);
    LevelView {
        id,
        title,
        anchors,
        prose,
        sections,
        href: page.site.role_page(role).map(|file| page.href(&file)),
        level: front.level.clone(),
        grade: grade_text(&front.grade, &handbook.config.strings),
        grade_reason: grade_reason(&front.grade),
        track: handbook.front(role_data.family).tracks.get(front.track).map(|t| t.title.clone()).unwrap_or_default(),
        status: status_word(front.status),
        replaced_by: role_data.replaced_by.map(|r| page.role_link(r)),
        extends,
        extends_any: role_data.extends_any.iter().map(|r| page.role_link(*r)).collect(),
        reports_to: page.reports_to(role_data.reports_to.as_ref()),
        next: page.ways(role),
        changes: page.changes(role),
        extra: front.extra.clone(),
    }
}

fn specialty(page: &mut Page<'_>, number: usize, family: usize, specialty: usize) -> SpecialtyView {
    let handbook = page.handbook();
    let front = handbook.specialty_front(family, specialty);
    let data = &handbook.families[family].specialties[specialty];
    let roles = data.roles.iter().filter(|r| page.site.is_published(**r));
    let roles = roles
        .map(|role| match page.site.composition_page(*role, specialty) {
            Some(file) => LinkView { title: handbook.role_front(*role).title.clone(), href: Some(page.href(&file)) },
            None => page.role_link(*role),
        })
        .collect();
    let NodeView { id, title, anchors, prose, sections, .. } =
        node(page, number, handbook.front(family).specialty_node(specialty), &front.id, &front.title, None, &[]);
    SpecialtyView { id, title, anchors, prose, sections, roles, reports_to: page.reports_to(data.reports_to.as_ref()), extra: front.extra.clone() }
}

fn closing(page: &mut Page<'_>, number: usize, family: usize, section: usize) -> Option<ClosingView> {
    let handbook = page.handbook();
    let document = &*handbook.documents[number];
    let front = handbook.front(family);
    let config = &handbook.config.sections[section];
    let mut shared = sections(page, number, 0, None, |s| s == section).pop();
    let anchors = shared.as_mut().map(|s| std::mem::take(&mut s.anchors)).unwrap_or_default();
    let mut prose = page.prose(number, document.nodes[0].prose.iter().filter(|p| p.section == Some(section)), 3);
    let mut tracks = Vec::new();
    for (i, track) in front.tracks.iter().enumerate() {
        let node = front.track_node(i);
        let section_view = sections(page, number, node, None, |s| s == section).pop();
        let prose = page.prose(number, document.nodes[node].prose.iter().filter(|p| p.section == Some(section)), 4);
        if section_view.is_some() || !prose.is_empty() {
            tracks.push(ClosingTrackView { title: track.title.clone(), anchors: Vec::new(), section: section_view, prose });
        }
    }
    if shared.is_none() && prose.is_empty() && tracks.is_empty() {
        return None;
    }
    let mut anchors = anchors;
    if let Some(first) = prose.first_mut() {
        first.heading = None;
        anchors.append(&mut first.anchors);
    }
    anchors.retain(|a| *a != config.id);
    Some(ClosingView { id: config.id.clone(), title: config.title.clone(), anchors, shared, prose, tracks })
}

/// The list sections written on a node; of a role, with what each item replaces and removes.
fn sections(page: &mut Page<'_>, number: usize, node: usize, role: Option<RoleId>, wanted: impl Fn(usize) -> bool) -> Vec<SectionView> {
    let mut views = Vec::new();
    for section in 0..page.handbook().config.sections.len() {
        if wanted(section) && page.handbook().documents[number].section(node, section).is_some() {
            views.push(section_view(page, number, node, section, role));
        }
    }
    views
}

fn section_view(page: &mut Page<'_>, number: usize, node: usize, section: usize, role: Option<RoleId>) -> SectionView {
    let handbook = page.handbook();
    let document = &*handbook.documents[number];
    let written = document.section(node, section).expect("the caller saw it");
    let config = &handbook.config.sections[section];
    let anchor = section_anchor(document, node, &config.id);
    page.anchors.claim(&anchor);
    let anchors = page.anchors_of(number, written.anchors.clone());
    let effective = role.and_then(|r| page.site.resolution.roles[r].section(section)).map(|s| &**s);
    let all: Vec<(u32, &crate::parse::Item)> = document.section_items(node, section).collect();
    let kept: Vec<_> = all.iter().filter(|(_, i)| !i.removes).map(|(_, i)| (document, *i)).collect();
    let mut keys = keys(&kept).into_iter();
    let mut parts: Vec<PartView> = Vec::new();
    let mut start = 1;
    for flow in &written.flow {
        match flow {
            Flow::Items(range) => {
                let own: Vec<(ItemRef, Cow<'_, str>)> = all
                    .iter()
                    .filter(|(n, i)| range.contains(n) && !i.removes)
                    .map(|(n, _)| (ItemRef { document: number as u32, item: *n }, keys.next().unwrap_or_default()))
                    .collect();
                if own.is_empty() {
                    continue;
                }
                let count = own.len();
                let plain = own.iter().all(|(at, _)| is_plain(handbook, *at, effective));
                parts.push(if plain {
                    PartView { kind: "list", html: plain_list(page, &own, &anchor, page.is_steps(section).then_some(start)), ..PartView::default() }
                } else {
                    let items = own.iter().map(|(at, key)| item(page, *at, &anchor, key, effective)).collect();
                    PartView { kind: "items", items, start, ..PartView::default() }
                });
                start += count;
            }
            Flow::Prose(span) => parts.push(PartView {
                kind: "prose",
                html: page.words.blocks(number, &document.text()[span.clone()], &page.file),
                ..PartView::default()
            }),
            Flow::SubHeading { text, anchors } => {
                let anchors = page.anchors_of(number, anchors.clone());
                parts.push(PartView { kind: "heading", text: text.to_string(), anchors, ..PartView::default() });
            }
        }
    }
    let removed =
        all.iter().filter(|(_, i)| i.removes).map(|(n, _)| removed(page, ItemRef { document: number as u32, item: *n }, effective)).collect();
    SectionView {
        id: config.id.clone(),
        title: config.title.clone(),
        anchor,
        anchors,
        steps: page.is_steps(section),
        instead: written.instead,
        own: true,
        parts,
        removed,
    }
}

/// Whether an item has nothing to say but its text.
fn is_plain(handbook: &Handbook, at: ItemRef, effective: Option<&EffectiveSection>) -> bool {
    let renames = handbook.item(at).1.keyed.as_ref().is_some_and(|k| k.was.is_some());
    !renames && !effective.is_some_and(|e| e.items.iter().any(|i| i.item == at && i.replaces.is_some()))
}

/// A list of such items as HTML; `start` numbers them.
fn plain_list(page: &mut Page<'_>, items: &[(ItemRef, Cow<'_, str>)], section_anchor: &str, start: Option<usize>) -> String {
    let mut html = String::with_capacity(items.len() * 160);
    html.push_str(&match start {
        None => "<ul>\n".to_owned(),
        Some(1) => "<ol>\n".to_owned(),
        Some(start) => format!("<ol start=\"{start}\">\n"),
    });
    for (at, key) in items {
        let anchor = page.item_anchor(section_anchor, key);
        html.push_str("<li");
        if !anchor.is_empty() {
            html.push_str(" id=\"");
            escape_into(&anchor, &mut html);
            html.push('"');
        }
        html.push('>');
        page.words.push_item(*at, &page.file, &mut html);
        html.push_str("</li>\n");
    }
    html.push_str(if start.is_some() { "</ol>" } else { "</ul>" });
    html
}

fn item(page: &mut Page<'_>, at: ItemRef, section_anchor: &str, key: &str, effective: Option<&EffectiveSection>) -> ItemView {
    let known: Option<&EffectiveItem> = effective.and_then(|e| e.items.iter().find(|i| i.item == at));
    let replaces = known.and_then(|i| i.replaces).map(|old| ReplacedView {
        html: page.words.item(old, None, &page.file),
        differences: None,
        from: page.origin(old),
    });
    let anchor = page.item_anchor(section_anchor, key);
    let status = if replaces.is_some() { "replaces" } else { "own" };
    let was = page.handbook().item(at).1.keyed.as_ref().and_then(|k| k.was.clone());
    let old_anchors: Vec<String> = was.map(|w| page.item_anchor(section_anchor, &w)).filter(|a| !a.is_empty()).into_iter().collect();
    let marked = replaces.is_some() || !old_anchors.is_empty() || anchor.is_empty();
    ItemView {
        anchor,
        html: page.words.item(at, None, &page.file),
        marked,
        status,
        label: None,
        from: None,
        edit: None,
        replaces,
        old_anchors,
        before: Vec::new(),
    }
}

fn removed(page: &Page<'_>, by: ItemRef, effective: Option<&EffectiveSection>) -> RemovedView {
    let handbook = page.handbook();
    let (_, item) = handbook.item(by);
    let old = effective.and_then(|e| e.removed.iter().find(|r| r.by == by)).map(|r| r.item);
    let title = match old.map(|o| handbook.item(o)) {
        Some((document, old)) => old.label().map_or_else(|| text(document, old), str::to_owned),
        None => item.label().or(item.key()).unwrap_or_default().to_owned(),
    };
    let from = old.map_or_else(|| LinkView { title: String::new(), href: None }, |o| page.origin(o));
    RemovedView { title, reason: page.words.reason(by, &page.file), from, by: None, edit: None }
}
