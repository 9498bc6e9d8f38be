//! The whole handbook as JSON in which every item stands once: its size grows with what is written, not with what is
//! inherited. Effective roles name their items by number.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Chosen, family_fields, origin, page_fields};
use crate::markdown::item::shown;
use crate::model::Handbook;
use crate::parse::DocumentKind;
use crate::resolve::ItemRef;

/// The handbook with these roles and compositions.
pub fn write(handbook: &Handbook, chosen: &[Chosen<'_>]) -> Value {
    let mut numbers: BTreeMap<ItemRef, usize> = BTreeMap::new();
    for role in chosen {
        for section in &role.effective.sections {
            let known = section.items.iter().map(|i| i.item).chain(section.removed.iter().flat_map(|r| [r.item, r.by]));
            let known = known.chain(section.items.iter().filter_map(|i| i.replaces));
            known.for_each(|item| {
                numbers.entry(item).or_default();
            });
        }
    }
    numbers.values_mut().enumerate().for_each(|(number, value)| *value = number);
    let items: Vec<Value> = numbers.keys().enumerate().map(|(number, at)| item(handbook, *at, number)).collect();
    let roles: Vec<Value> = chosen.iter().map(|role| self::role(handbook, role, &numbers)).collect();
    let families: Vec<Value> = (0..handbook.families.len()).map(|family| without_lists(family_fields(handbook, family))).collect();
    let pages = handbook.documents.iter().enumerate().filter(|(_, d)| matches!(d.kind, DocumentKind::Page(_)));
    let pages: Vec<Value> = pages.map(|(number, _)| page_fields(handbook, number)).collect();
    json!({"format": 1, "items": items, "families": families, "roles": roles, "pages": pages})
}

/// Families without their lists: their items are those of `items` with the family's nodes as origin.
fn without_lists(mut family: Map<String, Value>) -> Value {
    family.shift_remove("sections");
    for list in ["tracks", "specialties"] {
        for node in family.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            node.as_object_mut().map(|node| node.shift_remove("sections"));
        }
    }
    Value::Object(family)
}

/// An item as it is written; variables of shared blocks are not filled in.
fn item(handbook: &Handbook, at: ItemRef, number: usize) -> Value {
    let (document, written) = handbook.item(at);
    let markdown = written.markdown(document.text());
    let mut out = Map::new();
    out.insert("id".into(), json!(number));
    out.insert("section".into(), json!(handbook.config.sections[usize::from(written.section)].id));
    out.insert("key".into(), json!(written.key()));
    out.insert("label".into(), json!(written.label()));
    out.insert("text".into(), json!(crate::markdown::item::text(markdown, written.label().is_some(), &document.definitions)));
    out.insert("markdown".into(), json!(shown(markdown)));
    out.insert("origin".into(), origin(handbook, at));
    Value::Object(out)
}

fn role(handbook: &Handbook, role: &Chosen<'_>, numbers: &BTreeMap<ItemRef, usize>) -> Value {
    let mut out = role.facts(handbook);
    let mut sections = Map::new();
    for section in &role.effective.sections {
        let items: Vec<usize> = section.items.iter().map(|i| numbers[&i.item]).collect();
        let replaces = section.items.iter().filter_map(|i| Some((numbers[&i.item].to_string(), json!(numbers[&i.replaces?]))));
        let replaces: Map<String, Value> = replaces.collect();
        let removed: Vec<Value> = section.removed.iter().map(|r| json!({"item": numbers[&r.item], "by": numbers[&r.by]})).collect();
        let mut content = Map::new();
        content.insert("items".into(), json!(items));
        if !replaces.is_empty() {
            content.insert("replaces".into(), Value::Object(replaces));
        }
        if !removed.is_empty() {
            content.insert("removed".into(), json!(removed));
        }
        sections.insert(handbook.config.sections[section.section].id.clone(), Value::Object(content));
    }
    out.insert("sections".into(), Value::Object(sections));
    Value::Object(out)
}
