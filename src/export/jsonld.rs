//! Roles as linked data: `Occupation` with `DefinedTerm` skills, in the words of schema.org.

use serde_json::{Map, Value, json};

use super::{Chosen, text_of};
use crate::model::Handbook;
use crate::model::address::output_file;
use crate::parse::keys::keys;
use crate::provenance::{node_id, node_of};
use crate::variables::Values;

/// Every role and composition; `base` is where the site is published, ending in `/`, and makes the ids.
pub fn write(handbook: &Handbook, chosen: &[Chosen<'_>], base: Option<&str>) -> Value {
    let graph: Vec<Value> = chosen.iter().map(|role| occupation(handbook, role, base)).collect();
    json!({"@context": "https://schema.org", "@graph": graph})
}

fn occupation(handbook: &Handbook, role: &Chosen<'_>, base: Option<&str>) -> Value {
    let family = handbook.roles[role.role].family;
    let id = role.id(handbook);
    let page = output_file(&id.replace('+', "/"));
    let address = |anchor: &str| base.map_or_else(|| format!("urn:handbook:{id}{anchor}"), |base| format!("{base}{page}{anchor}"));
    let of = |sections: &[&str]| items(handbook, role, sections);
    let mut out = Map::new();
    out.insert("@type".into(), json!("Occupation"));
    out.insert("@id".into(), json!(address("")));
    out.insert("identifier".into(), json!(id));
    out.insert("name".into(), json!(role.title(handbook)));
    let description = &handbook.front(family).description;
    if !description.is_empty() {
        out.insert("description".into(), json!(description));
    }
    out.insert("occupationalCategory".into(), json!(handbook.front(family).title));
    let responsibilities: Vec<String> = of(&["responsibilities"]).into_iter().map(|item| item.whole).collect();
    if !responsibilities.is_empty() {
        out.insert("responsibilities".into(), json!(responsibilities));
    }
    let skill = |item: Term| {
        let mut term = Map::new();
        term.insert("@type".into(), json!("DefinedTerm"));
        term.insert("@id".into(), json!(address(&format!("#{}.{}", item.section, item.key))));
        term.insert("name".into(), json!(item.name));
        term.insert("description".into(), json!(item.whole));
        term.insert("termCode".into(), json!(item.key));
        term.insert(
            "inDefinedTermSet".into(),
            json!(base.map_or_else(|| format!("urn:handbook:{}", item.node), |b| format!("{b}{}", page_of(&item.node)))),
        );
        Value::Object(term)
    };
    let skills: Vec<Value> = of(&["requirements", "nice-to-haves"]).into_iter().map(skill).collect();
    if !skills.is_empty() {
        out.insert("skills".into(), json!(skills));
    }
    Value::Object(out)
}

/// The page of a node: that of its role or family.
fn page_of(node: &str) -> String {
    let id = node.split(['#', '+']).next().unwrap_or(node);
    if id.starts_with("_shared/") { String::new() } else { output_file(id) }
}

/// An item as a term.
struct Term {
    section: String,
    key: String,
    name: String,
    whole: String,
    node: String,
}

fn items(handbook: &Handbook, role: &Chosen<'_>, wanted: &[&str]) -> Vec<Term> {
    let mut out = Vec::new();
    for section in &role.effective.sections {
        let id = &handbook.config.sections[section.section].id;
        if !wanted.contains(&id.as_str()) {
            continue;
        }
        let written: Vec<_> = section.items.iter().map(|i| handbook.item(i.item)).collect();
        for (item, key) in section.items.iter().zip(keys(&written)) {
            let (document, written) = handbook.item(item.item);
            let text = text_of(document, written, &Values::of_base(handbook, role.role, item.item.document as usize));
            let name = written.label().map_or_else(|| text.clone(), str::to_owned);
            let whole = if text.is_empty() { name.clone() } else { text };
            out.push(Term { section: id.clone(), key: key.into_owned(), name, whole, node: node_id(handbook, node_of(handbook, item.item)) });
        }
    }
    out
}
