//! Effective roles and families in, data out: JSON and Markdown here, other forms in files of their own. Shapes: the command line's contract, "Data formats"; `"format": 1`.

pub mod advert;
pub mod compact;
pub mod csv;
pub mod jsonld;

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::markdown::item::{shown, with_inline_links, without_comments};
use crate::markdown::notes::Notes;
use crate::markdown::published::line;
use crate::model::{Handbook, RoleId, Step, page_id};
use crate::parse::keys::keys;
use crate::parse::{Document, DocumentKind, Flow, Item, Prose};
use crate::provenance::{line_of, node_here, node_id, node_of, status};
use crate::resolve::order::{Node, Order};
use crate::resolve::{Effective, EffectiveSection, ItemRef, Resolution, compose};
use crate::variables::Values;

/// A role or composition that is exported.
#[derive(Debug)]
pub struct Chosen<'a> {
    /// The role.
    pub role: RoleId,
    /// The specialty laid over it.
    pub specialty: Option<usize>,
    /// What it is with everything inherited.
    pub effective: Cow<'a, Effective>,
}

impl Chosen<'_> {
    /// `department/family/role` or `department/family/role+specialty`.
    pub fn id(&self, handbook: &Handbook) -> String {
        let id = handbook.role_id(self.role);
        let family = handbook.roles[self.role].family;
        self.specialty.map_or_else(|| id.clone(), |s| format!("{id}+{}", handbook.specialty_front(family, s).id))
    }

    /// `Role title` or `Role title, Specialty title`.
    pub fn title(&self, handbook: &Handbook) -> String {
        let title = &handbook.role_front(self.role).title;
        let family = handbook.roles[self.role].family;
        self.specialty.map_or_else(|| title.clone(), |s| format!("{title}, {}", handbook.specialty_front(family, s).title))
    }

    /// Its fields but for the sections.
    fn facts(&self, handbook: &Handbook) -> Map<String, Value> {
        let bare = Effective::default();
        let mut fields = role_fields(handbook, self.role, self.specialty, &bare);
        fields.shift_remove("sections");
        fields
    }
}

/// Every role that resolves, with `compositions` each followed by its own; drafts only with `drafts`.
pub fn chosen<'a>(handbook: &Handbook, resolution: &'a Resolution, drafts: bool, compositions: bool) -> Vec<Chosen<'a>> {
    let mut all = Vec::new();
    for (role, effective) in resolution.roles.iter().enumerate() {
        let is_hidden = !drafts && handbook.role_front(role).status == crate::parse::Status::Draft;
        if effective.skipped || effective.incomplete || is_hidden {
            continue;
        }
        all.push(Chosen { role, specialty: None, effective: Cow::Borrowed(effective) });
        for (specialty, fits) in handbook.families[handbook.roles[role].family].specialties.iter().enumerate() {
            if compositions && fits.roles.contains(&role) {
                all.push(Chosen { role, specialty: Some(specialty), effective: Cow::Owned(compose(handbook, role, effective, specialty)) });
            }
        }
    }
    all
}

/// `6`, `6 or 7`, or nothing.
pub fn grade_text(grades: &[i64]) -> String {
    grades.iter().map(i64::to_string).collect::<Vec<_>>().join(" or ")
}

/// One role, or a role with a specialty.
pub fn role(handbook: &Handbook, role: RoleId, specialty: Option<usize>, effective: &Effective) -> Value {
    let mut out = Map::new();
    out.insert("format".into(), json!(1));
    out.extend(role_fields(handbook, role, specialty, effective));
    let chain = Order::of(handbook, role, specialty, None);
    let own = specialty.is_none().then(|| node_here(handbook, role, None));
    let chain: Vec<String> = chain.nodes.iter().filter(|n| Some(**n) != own).map(|n| node_id(handbook, *n)).collect();
    let sections = out.remove("sections").unwrap_or_default();
    let next = out.remove("next").unwrap_or_default();
    out.insert("chain".into(), json!(chain));
    out.insert("next".into(), next);
    out.insert("sections".into(), sections);
    Value::Object(out)
}

fn role_fields(handbook: &Handbook, role: RoleId, specialty: Option<usize>, effective: &Effective) -> Map<String, Value> {
    let front = handbook.role_front(role);
    let family = handbook.roles[role].family;
    let of_specialty = specialty.map(|s| handbook.specialty_front(family, s));
    let id = handbook.role_id(role);
    let mut out = Map::new();
    out.insert("id".into(), json!(of_specialty.map_or_else(|| id.clone(), |s| format!("{id}+{}", s.id))));
    out.insert("family".into(), json!(handbook.families[family].id));
    out.insert("title".into(), json!(of_specialty.map_or_else(|| front.title.clone(), |s| format!("{}, {}", front.title, s.title))));
    out.insert("grade".into(), json!(front.grade.numbers()));
    out.insert("track".into(), json!(handbook.track_id(role)));
    out.insert("status".into(), json!(front.status.word()));
    out.insert("extends".into(), handbook.roles[role].parents.iter().map(|p| handbook.role_id(p.role)).collect());
    if !handbook.roles[role].extends_any.is_empty() {
        out.insert("extends_any".into(), handbook.roles[role].extends_any.iter().map(|r| handbook.role_id(*r)).collect());
    }
    out.insert("next".into(), handbook.next_of(role).into_iter().map(|s| step_id(handbook, s)).collect());
    let here = node_here(handbook, role, specialty);
    let sections: Map<String, Value> =
        effective.sections.iter().map(|s| (handbook.config.sections[s.section].id.clone(), section(handbook, role, s, here))).collect();
    out.insert("sections".into(), Value::Object(sections));
    out
}

fn step_id(handbook: &Handbook, step: Step) -> String {
    match step {
        Step::Role(role) => handbook.role_id(role),
        Step::Family(family) => handbook.families[family].id.clone(),
    }
}

fn section(handbook: &Handbook, role: RoleId, section: &EffectiveSection, here: Node) -> Value {
    let written: Vec<(&Document, &Item)> = section.items.iter().map(|i| handbook.item(i.item)).collect();
    let keys = keys(&written);
    let items: Vec<Value> = section
        .items
        .iter()
        .zip(keys)
        .map(|(item, key)| {
            let mut out = item_fields(handbook, Some(role), item.item, key.into_owned());
            out.insert("status".into(), json!(status(handbook, item, here).word()));
            out.insert("origin".into(), origin(handbook, item.item));
            if let Some(replaced) = item.replaces {
                out.insert("replaces".into(), with_text(handbook, role, replaced));
            }
            Value::Object(out)
        })
        .collect();
    let removed: Vec<Value> = section
        .removed
        .iter()
        .map(|removed| {
            let (document, item) = handbook.item(removed.item);
            let (by_document, by) = handbook.item(removed.by);
            let values = Values::of_base(handbook, role, removed.item.document as usize);
            json!({
                "key": item.key(),
                "reason": reason(by_document, by),
                "by": origin(handbook, removed.by),
                "origin": origin(handbook, removed.item),
                "text": text_of(document, item, &values),
            })
        })
        .collect();
    json!({"items": items, "removed": removed})
}

fn text_of(document: &Document, item: &Item, values: &Values<'_>) -> String {
    let markdown = values.fill(document, item.markdown(document.text()));
    crate::markdown::item::text(&markdown, item.label().is_some(), &document.definitions)
}

/// The reason that a removal gives, as plain text.
pub fn reason(document: &Document, item: &Item) -> String {
    crate::markdown::item::text(&crate::markdown::item::reason(item.markdown(document.text())), false, &document.definitions)
}

fn with_text(handbook: &Handbook, role: RoleId, at: ItemRef) -> Value {
    let mut out = origin(handbook, at);
    let (document, item) = handbook.item(at);
    let values = Values::of_base(handbook, role, at.document as usize);
    out["text"] = json!(text_of(document, item, &values));
    out
}

fn origin(handbook: &Handbook, at: ItemRef) -> Value {
    let (document, item) = handbook.item(at);
    json!({"node": node_id(handbook, node_of(handbook, at)), "file": **document.file(), "line": line_of(document, item)})
}

fn item_fields(handbook: &Handbook, role: Option<RoleId>, at: ItemRef, key: String) -> Map<String, Value> {
    let (document, item) = handbook.item(at);
    let markdown = match role {
        Some(role) => Values::of_base(handbook, role, at.document as usize).fill(document, item.markdown(document.text())).into_owned(),
        None => item.markdown(document.text()).to_owned(),
    };
    let text = crate::markdown::item::text(&markdown, item.label().is_some(), &document.definitions);
    let mut out = Map::new();
    out.insert("key".into(), json!(key));
    out.insert("stable".into(), json!(item.key().is_some()));
    out.insert("label".into(), json!(item.label()));
    out.insert("text".into(), json!(text));
    out.insert("markdown".into(), json!(shown(&markdown)));
    out
}

/// One family with what is written on each of its nodes.
pub fn family(handbook: &Handbook, family: usize) -> Value {
    let mut out = Map::new();
    out.insert("format".into(), json!(1));
    let mut fields = family_fields(handbook, family);
    let (specialties, prose) = (fields.remove("specialties"), fields.remove("prose"));
    out.extend(fields);
    let front = handbook.front(family);
    let roles: Vec<Value> = handbook
        .roles_of(family)
        .enumerate()
        .map(|(i, role)| {
            let written = &front.roles[i];
            json!({
                "id": written.id, "title": written.title, "grade": written.grade.numbers(), "track": handbook.track_id(role),
                "status": written.status.word(),
                "extends": handbook.roles[role].parents.iter().map(|p| handbook.role_id(p.role)).collect::<Vec<_>>(),
                "sections": own_sections(handbook, family, front.role_node(i)),
            })
        })
        .collect();
    out.insert("roles".into(), json!(roles));
    out.extend(specialties.map(|s| ("specialties".to_owned(), s)));
    out.extend(prose.map(|p| ("prose".to_owned(), p)));
    Value::Object(out)
}

fn family_fields(handbook: &Handbook, family: usize) -> Map<String, Value> {
    let front = handbook.front(family);
    let tracks: Vec<Value> = front
        .tracks
        .iter()
        .enumerate()
        .map(|(i, t)| json!({"id": t.id, "title": t.title, "sections": own_sections(handbook, family, front.track_node(i))}))
        .collect();
    let specialties: Vec<Value> = front
        .specialties
        .iter()
        .enumerate()
        .map(|(i, s)| {
            let roles: Vec<&str> = handbook.families[family].specialties[i].roles.iter().map(|r| handbook.role_front(*r).id.as_str()).collect();
            json!({"id": s.id, "title": s.title, "roles": roles, "sections": own_sections(handbook, family, front.specialty_node(i))})
        })
        .collect();
    let mut out = Map::new();
    out.insert("id".into(), json!(handbook.families[family].id));
    out.insert("title".into(), json!(front.title));
    out.insert("sections".into(), own_sections(handbook, family, 0));
    out.insert("tracks".into(), json!(tracks));
    out.insert("specialties".into(), json!(specialties));
    out.insert("prose".into(), prose(handbook, handbook.families[family].document));
    out
}

/// What is written on one node of a family, before anything is inherited.
fn own_sections(handbook: &Handbook, family: usize, node: usize) -> Value {
    let number = handbook.families[family].document;
    let document = &handbook.documents[number];
    let mut out = Map::new();
    for (section, defined) in handbook.config.sections.iter().enumerate() {
        if document.section(node, section).is_none() {
            continue;
        }
        let all: Vec<(u32, &Item)> = document.section_items(node, section).collect();
        let kept: Vec<(u32, &Item)> = all.iter().filter(|(_, i)| !i.removes).copied().collect();
        let written: Vec<(&Document, &Item)> = kept.iter().map(|(_, i)| (&**document, *i)).collect();
        let at = |item: u32| ItemRef { document: number as u32, item };
        let items: Vec<Value> = kept
            .iter()
            .zip(keys(&written))
            .map(|((item, _), key)| {
                let mut out = item_fields(handbook, None, at(*item), key.into_owned());
                out.insert("status".into(), json!("own"));
                out.insert("origin".into(), origin(handbook, at(*item)));
                Value::Object(out)
            })
            .collect();
        let removed: Vec<Value> = all
            .iter()
            .filter(|(_, i)| i.removes)
            .map(|(item, i)| json!({"key": i.key(), "reason": reason(document, i), "by": origin(handbook, at(*item))}))
            .collect();
        out.insert(defined.id.clone(), json!({"items": items, "removed": removed}));
    }
    Value::Object(out)
}

/// All prose of a file: prose sections, and paragraphs within list sections.
fn prose(handbook: &Handbook, number: usize) -> Value {
    let document = &handbook.documents[number];
    let mut found: Vec<(usize, Value)> = Vec::new();
    for (node, content) in document.nodes.iter().enumerate() {
        let id = node_id(handbook, Node { document: number as u32, node: node as u32 });
        for piece in &content.prose {
            let markdown = without_comments(piece.written.markdown(document.text()).trim());
            let markdown = markdown.trim();
            let heading = heading_of(handbook, piece);
            if !markdown.is_empty() || heading.is_some() {
                let line = document.line(piece.span.start);
                found
                    .push((piece.span.start, json!({"node": id, "heading": heading, "markdown": markdown, "file": **document.file(), "line": line})));
            }
        }
        for section in &content.sections {
            let mut heading = handbook.config.sections[section.section].title.clone();
            for part in &section.flow {
                match part {
                    Flow::SubHeading { text, .. } => heading = text.to_string(),
                    Flow::Prose(span) => {
                        let line = document.line(span.start);
                        found.push((span.start, json!({"node": id, "heading": heading, "markdown": without_comments(&document.text()[span.clone()]).trim(), "file": **document.file(), "line": line})));
                    }
                    Flow::Items(_) => {}
                }
            }
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, value)| value).collect()
}

fn heading_of(handbook: &Handbook, piece: &Prose) -> Option<String> {
    let of_section = || piece.section.map(|s| handbook.config.sections[s].title.clone());
    piece.heading.as_ref().map(|h| h.text.to_string()).or_else(of_section)
}

/// The whole handbook.
pub fn handbook(handbook: &Handbook, resolution: &Resolution) -> Value {
    let families: Vec<Value> = (0..handbook.families.len()).map(|f| Value::Object(family_fields(handbook, f))).collect();
    let mut roles = Vec::new();
    for role in 0..handbook.roles.len() {
        let effective = &resolution.roles[role];
        if effective.skipped || effective.incomplete {
            continue;
        }
        roles.push(Value::Object(role_fields(handbook, role, None, effective)));
        for (i, specialty) in handbook.families[handbook.roles[role].family].specialties.iter().enumerate() {
            if specialty.roles.contains(&role) {
                let composed = compose(handbook, role, effective, i);
                roles.push(Value::Object(role_fields(handbook, role, Some(i), &composed)));
            }
        }
    }
    let pages: Vec<Value> = handbook
        .documents
        .iter()
        .enumerate()
        .filter_map(|(number, document)| match &document.kind {
            DocumentKind::Page(_) => Some(page_fields(handbook, number)),
            _ => None,
        })
        .collect();
    json!({"format": 1, "families": families, "roles": roles, "pages": pages})
}

/// A plain page, as prose.
fn page_fields(handbook: &Handbook, number: usize) -> Value {
    let document = &handbook.documents[number];
    let title = match &document.kind {
        DocumentKind::Page(front) => front.title.as_deref(),
        _ => None,
    };
    json!({"id": page_id(document.file()), "title": title, "prose": prose(handbook, number)})
}

/// The lines of an item below its first, moved so that they stand below its content.
fn indented(markdown: &str, by: usize) -> String {
    let mut lines = markdown.trim_end().lines();
    let mut out = lines.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = lines.collect();
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let cut = rest.iter().filter(|l| !l.trim().is_empty()).map(indent).min().unwrap_or(0);
    for line in rest {
        out.push('\n');
        if !line.trim().is_empty() {
            out.extend(std::iter::repeat_n(' ', by));
            out.push_str(&line[cut..]);
        }
    }
    out
}

/// The effective role as Markdown, its items as they are written.
pub fn role_markdown(handbook: &Handbook, role: RoleId, specialty: Option<usize>, effective: &Effective) -> String {
    let item = |document: usize, markdown: &str| with_inline_links(markdown, &handbook.documents[document].definitions);
    role_markdown_with(handbook, role, specialty, effective, &item)
}

/// The same with items as `item` gives them, from the document's number and the Markdown as written.
pub fn role_markdown_with(
    handbook: &Handbook,
    role: RoleId,
    specialty: Option<usize>,
    effective: &Effective,
    item: &dyn Fn(usize, &str) -> String,
) -> String {
    let fields = role_fields(handbook, role, specialty, &Effective::default());
    let mut out = format!("# {}\n", line(fields["title"].as_str().unwrap_or_default()));
    let mut notes = Notes::default();
    for section in &effective.sections {
        let defined = &handbook.config.sections[section.section];
        out.push_str(&format!("\n## {}\n\n", line(&defined.title)));
        for (number, at) in section.items.iter().map(|i| i.item).enumerate() {
            let (document, written) = handbook.item(at);
            let values = Values::of_base(handbook, role, at.document as usize);
            let whole = shown(written.markdown(document.text()));
            let whole = document.definitions.with_notes(&whole);
            let marker = if defined.kind == crate::config::SectionKind::Steps { format!("{}. ", number + 1) } else { "- ".to_owned() };
            let markdown = notes.gather(at.document as usize, &item(at.document as usize, &values.fill(document, &whole)));
            out.push_str(&format!("{marker}{}\n", indented(&markdown, marker.len())));
        }
    }
    out.extend(notes.below().map(|notes| format!("\n{notes}\n")));
    out
}
