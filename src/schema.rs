//! JSON Schemas of what authors write and what `export` gives, with descriptions: for editors, and for programs that read
//! the data. The only home of schemars.

pub mod change;
pub mod data;
pub mod settings;
pub mod written;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::config::Config;

/// The schema of the front matter of families and pages, with the lists of this site's vocabulary.
pub fn front_matter(config: &Config) -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    // The lists of the vocabulary are put in by name, so that no type leads to them.
    generator.subschema_for::<written::Items>();
    let mut schema = titled(generator.into_root_schema_for::<written::FrontMatter>(), "Front matter of a handbook page");
    for section in config.sections.iter().filter(|s| s.has_items()) {
        let list = json!({"description": format!("The items of {}.", section.title), "$ref": "#/$defs/Items"});
        for object in ["Family", "TrackEntry", "RoleEntry", "SpecialtyEntry", "Page"] {
            if let Some(properties) = properties_of(&mut schema, object) {
                properties.entry(section.yaml_key()).or_insert_with(|| list.clone());
            }
        }
    }
    with_own_keys(&mut schema);
    schema
}

/// The schema of `handbook.yml`.
pub fn config() -> Value {
    of::<settings::Settings>("Settings of a handbook (handbook.yml)")
}

/// The schema of `handbook export --format json`.
pub fn export() -> Value {
    of::<data::Export>("A handbook, as `handbook export --format json` writes it")
}

/// The schema of `exports/handbook.json` in a site.
pub fn site_export() -> Value {
    of::<data::SiteExport>("A handbook, as a site holds it in exports/handbook.json")
}

/// The schema of `handbook show ROLE --format json`.
pub fn role() -> Value {
    of::<data::ShownRole>("A role, as `handbook show ROLE --format json` writes it")
}

/// The schema of `handbook show FAMILY --format json`.
pub fn family() -> Value {
    of::<data::ShownFamily>("A family, as `handbook show FAMILY --format json` writes it")
}

/// The schema of `handbook diff --format json`.
pub fn diff() -> Value {
    of::<change::ChangeData>("A change, as `handbook diff --format json` writes it")
}

fn of<T: JsonSchema>(title: &str) -> Value {
    titled(SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>(), title)
}

fn titled(schema: schemars::Schema, title: &str) -> Value {
    let mut schema = serde_json::to_value(schema).expect("a schema is JSON");
    schema["title"] = json!(title);
    schema
}

fn properties_of<'s>(schema: &'s mut Value, name: &str) -> Option<&'s mut Map<String, Value>> {
    schema.get_mut("$defs")?.get_mut(name)?.get_mut("properties")?.as_object_mut()
}

/// Keys that begin with `x-` are the author's own, wherever keys are limited.
fn with_own_keys(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("additionalProperties") == Some(&Value::Bool(false)) && map.contains_key("properties") {
                map.insert("patternProperties".into(), json!({"^x-": {"description": "A key of the author's own; templates see it as `extra`."}}));
            }
            map.values_mut().for_each(with_own_keys);
        }
        Value::Array(all) => all.iter_mut().for_each(with_own_keys),
        _ => {}
    }
}
