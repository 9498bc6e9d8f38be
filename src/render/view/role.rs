//! A role's page, alone or with a specialty: everything that is asked, and where each item comes from.

use std::collections::HashMap;

use serde::Serialize;

use super::frame::{Frame, frame};
use super::history::HistoryView;
use super::structured;
use super::{
    BlocksView, ItemView, LinkView, Page, ParentView, PartView, ProseView, RemovedView, ReplacedView, SectionView, grade_reason, grade_text,
    status_word,
};
use crate::model::RoleId;
use crate::model::ways::Way;
use crate::parse::keys::{keys, text};
use crate::parse::{Document, Flow};
use crate::provenance::{Status, node_here, node_of, status};
use crate::resolve::order::Node;
use crate::resolve::{Effective, EffectiveSection, ItemRef};

/// A role's page.
#[derive(Debug, Serialize)]
pub struct RolePage {
    /// The frame, which templates see as `page` and `site`.
    #[serde(skip)]
    pub frame: Frame,
    /// The role.
    pub role: RoleView,
    /// The family.
    pub family: LinkView,
    /// The department.
    pub department: LinkView,
    /// The specialty, on the page of a composition.
    pub specialty: Option<LinkView>,
    /// The prose that was written for it: the role's, of a composition the specialty's.
    pub prose: Vec<ProseView>,
    /// Of a composition, the role's.
    pub role_prose: Vec<ProseView>,
    /// Its lists with everything inherited.
    pub sections: Vec<SectionView>,
    /// Prose sections that it has from elsewhere or itself, such as the career ladder.
    pub ladder: Vec<LadderView>,
    /// What comes after the family.
    pub family_ladder: Vec<LinkView>,
    /// The specialties it can be combined with, the one of this page marked.
    pub specialties: Vec<SpecialtyLinkView>,
    /// Shared blocks.
    pub blocks: BlocksView,
    /// Whether anything on it comes from elsewhere, so that what is new can be told apart; not of the only role of a family that
    /// extends nothing.
    pub inherits: bool,
    /// Whether any of its items, sections or prose was written for it.
    pub own: bool,
    /// What changed and when, where that is known.
    pub history: Option<HistoryView>,
    /// The author's own keys.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// About the role.
#[derive(Debug, Serialize)]
pub struct RoleView {
    /// `department/family/role`.
    pub id: String,
    /// Its title, without the specialty.
    pub title: String,
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
    /// Its page: of a composition, the way back to the role alone.
    pub href: Option<String>,
    /// The roles from which one comes here.
    pub previous: Vec<LinkView>,
    /// What comes next.
    pub next: Vec<LinkView>,
    /// The role that the family lists before it, where nobody says what comes before.
    pub listed_previous: Option<LinkView>,
    /// The one that it lists after it, where nobody says what comes next.
    pub listed_next: Option<LinkView>,
    /// Comparisons and the map.
    pub guides: GuidesView,
}

/// Where to read on about a role.
#[derive(Debug, Serialize)]
pub struct GuidesView {
    /// What changes from each role that leads here; the titles are those of the other roles.
    pub changes: Vec<LinkView>,
    /// The page on which any two roles are compared, this one chosen.
    pub compare: Option<String>,
    /// The role on its family's map.
    pub map: Option<String>,
}

/// A prose section of an effective role.
#[derive(Debug, Serialize)]
pub struct LadderView {
    /// Its id, which is its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its prose.
    pub prose: Vec<ProseView>,
    /// What wrote it, where that is not the role itself.
    pub from: Option<LinkView>,
}

/// A specialty that can be chosen.
#[derive(Debug, Serialize)]
pub struct SpecialtyLinkView {
    /// Its title.
    pub title: String,
    /// The page of the composition.
    pub href: Option<String>,
    /// Whether it is the one of this page.
    pub current: bool,
}

/// The page of a role, or of a composition.
pub fn view(page: &mut Page<'_>, role: RoleId, specialty: Option<usize>, effective: &Effective) -> RolePage {
    let handbook = page.handbook();
    let family = handbook.roles[role].family;
    let number = handbook.families[family].document;
    let document = &*handbook.documents[number];
    let front = handbook.role_front(role);
    let chosen = specialty.map(|s| handbook.specialty_front(family, s));
    let nodes: Vec<usize> =
        [specialty.map(|s| handbook.front(family).specialty_node(s)), Some(handbook.role_node(role))].into_iter().flatten().collect();
    let shown_below = |p: &&crate::parse::Prose| {
        !p.section.is_some_and(|s| {
            effective.prose.iter().any(|e| e.section == s && nodes.contains(&(e.node.node as usize)) && e.node.document as usize == number)
        })
    };
    let mut of_nodes = nodes.iter().map(|node| page.prose(number, document.nodes[*node].prose.iter().filter(shown_below), 2));
    let prose = of_nodes.next().unwrap_or_default();
    let role_prose = of_nodes.next().unwrap_or_default();
    drop(of_nodes);
    let alone = prose_alone(page, role, specialty, effective);
    let mut shown: Vec<&EffectiveSection> = effective.sections.iter().map(|s| &**s).chain(&alone).collect();
    shown.sort_by_key(|s| s.section);
    let sections: Vec<SectionView> = shown.into_iter().map(|s| section(page, role, specialty, s)).collect();
    let ladder: Vec<LadderView> = effective.prose.iter().map(|p| ladder(page, p.section, p.node, node_here(handbook, role, specialty))).collect();
    page.shows.push(number);
    let blocks = page.blocks(family, Some(role), chosen.map(|s| s.id.as_str()));
    let title = chosen.map_or_else(|| front.title.clone(), |s| format!("{}, {}", front.title, s.title));
    let department = handbook.families[family].department;
    let mut frame = frame(page, &title, &handbook.front(family).description, department, Some(family));
    frame.page.edit = page.edit(number, front.span.start);
    if chosen.is_some() {
        frame.page.crumbs.push(page.role_link(role));
    }
    frame.page.changed = page.changed();
    let items = || sections.iter().flat_map(|s| &s.parts).flat_map(|p| &p.items);
    // What is new can be told apart only from what another level asks, too.
    let is_alone = chosen.is_none() && handbook.roles[role].parents.is_empty() && handbook.roles_of(family).len() == 1;
    let inherits = !is_alone && (items().any(|i| i.from.is_some() || i.replaces.is_some()) || ladder.iter().any(|l| l.from.is_some()));
    let own = !prose.is_empty() || sections.iter().any(|s| s.own) || ladder.iter().any(|l| l.from.is_none());
    let mut view = RolePage {
        frame,
        role: about(page, role, specialty),
        family: page.family_link(family),
        department: page.department_link(department),
        specialty: chosen.map(|s| LinkView {
            title: s.title.clone(),
            href: Some(page.href(&format!("{}#{}", crate::model::address::output_file(&handbook.families[family].id), s.id))),
        }),
        prose,
        role_prose,
        sections,
        ladder,
        family_ladder: page.steps(&handbook.families[family].ladder),
        specialties: specialties(page, role, specialty),
        blocks,
        inherits,
        own,
        history: super::history::of_role(page, role, specialty.is_none()),
        extra: front.extra.clone(),
    };
    view.frame.page.data = structured::occupation(page, &view);
    view
}

fn about(page: &Page<'_>, role: RoleId, specialty: Option<usize>) -> RoleView {
    let handbook = page.handbook();
    let front = handbook.role_front(role);
    let data = &handbook.roles[role];
    let published = || page.site.previous_of[role].iter().filter(|(r, _)| page.site.is_published(*r));
    let previous = |listed: bool| published().filter(move |(_, way)| (*way == Way::Listed) == listed);
    let of_specialty = specialty.and_then(|s| handbook.families[data.family].specialties[s].reports_to.as_ref());
    RoleView {
        id: handbook.role_id(role),
        title: front.title.clone(),
        level: front.level.clone(),
        grade: grade_text(&front.grade, &handbook.config.strings),
        grade_reason: grade_reason(&front.grade),
        track: handbook.front(data.family).tracks.get(front.track).map(|t| t.title.clone()).unwrap_or_default(),
        status: status_word(front.status),
        replaced_by: data.replaced_by.map(|r| page.role_link(r)),
        extends: page.parents(role),
        extends_any: data.extends_any.iter().map(|r| page.role_link(*r)).collect(),
        reports_to: page.reports_to(of_specialty.or(data.reports_to.as_ref())),
        href: page.site.role_page(role).map(|file| page.href(&file)),
        previous: previous(false).map(|(r, _)| page.role_link(*r)).collect(),
        next: page.ways(role),
        listed_previous: previous(true).map(|(r, _)| page.role_link(*r)).next(),
        listed_next: handbook.listed_after[role].map(|r| page.role_link(r)),
        guides: guides(page, role, specialty),
    }
}

fn guides(page: &Page<'_>, role: RoleId, specialty: Option<usize>) -> GuidesView {
    let handbook = page.handbook();
    let family = handbook.roles[role].family;
    let id = specialty.map_or_else(|| handbook.role_id(role), |s| format!("{}+{}", handbook.role_id(role), handbook.specialty_front(family, s).id));
    let map = page.site.family_map(family).filter(|_| handbook.role_front(role).status != crate::parse::Status::Deprecated);
    GuidesView {
        changes: if specialty.is_none() { page.changes(role) } else { Vec::new() },
        compare: handbook.config.compare.then(|| format!("{}?b={}", page.href("compare/index.html"), crate::render::url::in_query(&id))),
        map: map.map(|file| page.href(&format!("{file}#{}", super::map::anchor(handbook, role)))),
    }
}

fn specialties(page: &Page<'_>, role: RoleId, chosen: Option<usize>) -> Vec<SpecialtyLinkView> {
    let handbook = page.handbook();
    let family = handbook.roles[role].family;
    let fitting = handbook.families[family].specialties.iter().enumerate().filter(|(_, s)| s.roles.contains(&role));
    fitting
        .map(|(i, _)| SpecialtyLinkView {
            title: handbook.specialty_front(family, i).title.clone(),
            href: page.site.composition_page(role, i).map(|file| page.href(&file)),
            current: chosen == Some(i),
        })
        .collect()
}

/// A prose section, as seen from the role (or the specialty) at `here`.
fn ladder(page: &mut Page<'_>, section: usize, node: Node, here: Node) -> LadderView {
    let handbook = page.handbook();
    page.shows.push(node.document as usize);
    let from = (node != here).then(|| page.node_link(node));
    let config = &handbook.config.sections[section];
    page.anchors.claim(&config.id);
    let written = handbook.documents[node.document as usize].nodes[node.node as usize].prose.iter().filter(|p| p.section == Some(section));
    let mut prose = page.prose(node.document as usize, written, 3);
    if let Some(first) = prose.first_mut() {
        first.heading = None;
    }
    LadderView { id: config.id.clone(), title: config.title.clone(), prose, from }
}

fn section(page: &mut Page<'_>, role: RoleId, specialty: Option<usize>, section: &EffectiveSection) -> SectionView {
    let handbook = page.handbook();
    let config = &handbook.config.sections[section.section];
    page.anchors.claim(&config.id);
    let here = node_here(handbook, role, specialty);
    let (mut before, after) = asides(page, here, section);
    let written: Vec<(&Document, &crate::parse::Item)> = section.items.iter().map(|i| handbook.item(i.item)).collect();
    let mut items = Vec::with_capacity(written.len());
    for (effective, key) in section.items.iter().zip(keys(&written)) {
        let status = status(handbook, effective, here);
        let from = (status == Status::Inherited).then(|| page.origin(effective.item));
        page.shows.push(effective.item.document as usize);
        let replaces = effective.replaces.map(|old| ReplacedView {
            html: page.words.item(old, Some(role), &page.file),
            differences: page.words.differences(old, effective.item, role),
            from: page.origin(old),
        });
        let anchor = page.item_anchor(&config.id, &key);
        let old = section.old_keys.iter().filter(|(_, new)| **new == *key);
        let old_anchors: Vec<String> = old.map(|(old, _)| page.item_anchor(&config.id, old)).filter(|a| !a.is_empty()).collect();
        let before = before.remove(&effective.item).unwrap_or_default();
        items.push(ItemView {
            marked: from.is_some() || replaces.is_some() || !old_anchors.is_empty() || !before.is_empty() || anchor.is_empty(),
            anchor,
            html: page.words.item(effective.item, Some(role), &page.file),
            status: status.word(),
            label: handbook.item(effective.item).1.label().map(|label| label.trim_end_matches(['.', ':']).to_owned()),
            from,
            edit: page.edit_item(effective.item),
            replaces,
            old_anchors,
            before,
        });
    }
    let mut removed: Vec<RemovedView> = section.removed.iter().map(|r| removed(page, r.item, r.by, here)).collect();
    removed.extend(section.dropped.iter().map(|item| dropped(page, *item)));
    let instead = handbook.documents[here.document as usize].section(here.node as usize, section.section).is_some_and(|s| s.instead);
    let own = !after.is_empty() || items.iter().any(|i| i.from.is_none() || !i.before.is_empty()) || removed.iter().any(|r| r.by.is_none());
    let mut parts = Vec::new();
    if !items.is_empty() {
        parts.push(PartView { kind: "items", items, start: 1, ..PartView::default() });
    }
    parts.extend(after);
    SectionView {
        id: config.id.clone(),
        title: config.title.clone(),
        anchor: config.id.clone(),
        anchors: Vec::new(),
        steps: page.is_steps(section.section),
        instead,
        own,
        parts,
        removed,
    }
}

/// The list sections of which the role (or the specialty) wrote a paragraph and nobody an item.
fn prose_alone(page: &Page<'_>, role: RoleId, specialty: Option<usize>, effective: &Effective) -> Vec<EffectiveSection> {
    let here = node_here(page.handbook(), role, specialty);
    let written = &page.handbook().documents[here.document as usize].nodes[here.node as usize].sections;
    let speaks = |s: &&crate::parse::NodeSection| s.flow.iter().any(|f| !matches!(f, Flow::Items(_))) && effective.section(s.section).is_none();
    written.iter().filter(speaks).map(|s| EffectiveSection { section: s.section, ..EffectiveSection::default() }).collect()
}

/// The paragraphs and sub-headings that the role itself (or the specialty) wrote, by the item that follows; and the rest.
fn asides(page: &mut Page<'_>, here: Node, section: &EffectiveSection) -> (HashMap<ItemRef, Vec<PartView>>, Vec<PartView>) {
    let handbook = page.handbook();
    let number = here.document as usize;
    let document = &*handbook.documents[number];
    let mut before: HashMap<ItemRef, Vec<PartView>> = HashMap::new();
    let mut waiting = Vec::new();
    let Some(written) = document.section(here.node as usize, section.section) else { return (before, waiting) };
    for flow in &written.flow {
        match flow {
            Flow::Items(range) => {
                let first =
                    range.clone().map(|item| ItemRef { document: here.document, item }).find(|at| section.items.iter().any(|i| i.item == *at));
                if let Some(first) = first.filter(|_| !waiting.is_empty()) {
                    before.insert(first, std::mem::take(&mut waiting));
                }
            }
            Flow::Prose(span) => waiting.push(PartView {
                kind: "prose",
                html: page.words.blocks(number, &document.text()[span.clone()], &page.file),
                ..PartView::default()
            }),
            Flow::SubHeading { text, anchors } => {
                let anchors = page.anchors_of(number, anchors.clone());
                waiting.push(PartView { kind: "heading", text: text.to_string(), anchors, ..PartView::default() });
            }
        }
    }
    (before, waiting)
}

/// What is not asked because the role has a list of its own instead.
fn dropped(page: &Page<'_>, item: ItemRef) -> RemovedView {
    RemovedView { title: title_of(page, item), reason: String::new(), from: page.origin(item), by: None, edit: None }
}

fn title_of(page: &Page<'_>, item: ItemRef) -> String {
    let (document, written) = page.handbook().item(item);
    written.label().map_or_else(|| text(document, written), str::to_owned)
}

fn removed(page: &Page<'_>, item: ItemRef, by: ItemRef, here: Node) -> RemovedView {
    let handbook = page.handbook();
    let elsewhere = node_of(handbook, by) != here;
    RemovedView {
        title: title_of(page, item),
        reason: page.words.reason(by, &page.file),
        from: page.origin(item),
        by: elsewhere.then(|| page.origin(by)),
        edit: page.edit_item(by),
    }
}
