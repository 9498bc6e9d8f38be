//! The printed schemas, held against every file of the example, `init`'s site and the data that `export` writes.

mod project;

use project::Project;
use serde_json::{Value, json};

fn printed(project: &Project, what: &str) -> Value {
    serde_json::from_str(&project.run(&format!("schema {what}")).succeeds().stdout).expect("JSON")
}

/// What of `value` the schema does not allow: the part of JSON Schema that our schemas use.
fn faults(value: &Value, schema: &Value, root: &Value, at: &str) -> Vec<String> {
    let Some(schema) = schema.as_object() else {
        return if schema == &json!(false) { vec![format!("{at}: nothing may stand here")] } else { Vec::new() };
    };
    let mut out = Vec::new();
    for (word, says) in schema {
        match word.as_str() {
            "$ref" => {
                let pointer = says.as_str().and_then(|r| r.strip_prefix('#')).expect("a pointer");
                out.extend(faults(value, root.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is not there")), root, at));
            }
            "type" => {
                let kinds: Vec<&str> =
                    says.as_array().map_or_else(|| vec![says.as_str().expect("a type")], |all| all.iter().filter_map(Value::as_str).collect());
                let fits = |kind: &&str| match *kind {
                    "string" => value.is_string(),
                    "integer" => value.is_i64(),
                    "boolean" => value.is_boolean(),
                    "array" => value.is_array(),
                    "object" => value.is_object(),
                    "null" => value.is_null(),
                    other => panic!("the type {other} is not known here"),
                };
                if !kinds.iter().any(fits) {
                    out.push(format!("{at}: {value} is no {}", kinds.join(" or ")));
                }
            }
            "anyOf" | "oneOf" => {
                let all: Vec<Vec<String>> = says.as_array().expect("a list").iter().map(|s| faults(value, s, root, at)).collect();
                if all.iter().all(|faults| !faults.is_empty()) {
                    out.push(format!("{at}: none of these fits: {}", all.concat().join("; ")));
                }
            }
            "enum" => {
                if !says.as_array().expect("a list").contains(value) {
                    out.push(format!("{at}: {value} is not among {says}"));
                }
            }
            "const" => {
                if says != value {
                    out.push(format!("{at}: {value} is not {says}"));
                }
            }
            "required" => {
                let missing =
                    says.as_array().expect("a list").iter().filter_map(Value::as_str).filter(|key| value.is_object() && value.get(key).is_none());
                out.extend(missing.map(|key| format!("{at}: {key} is missing")));
            }
            "items" => {
                for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                    out.extend(faults(item, says, root, &format!("{at}/{i}")));
                }
            }
            "properties" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    out.extend(says.get(key).into_iter().flat_map(|s| faults(inner, s, root, &format!("{at}/{key}"))));
                }
            }
            "additionalProperties" => {
                let known = |key: &str| {
                    schema.get("properties").is_some_and(|p| p.get(key).is_some())
                        || (schema.contains_key("patternProperties") && key.starts_with("x-"))
                };
                for (key, inner) in value.as_object().into_iter().flatten().filter(|(key, _)| !known(key)) {
                    out.extend(faults(inner, says, root, &format!("{at}/{key}")));
                }
            }
            "$schema" | "$defs" | "title" | "description" | "patternProperties" | "format" | "minimum" | "minItems" | "pattern" => {}
            other => panic!("`{other}` is not known here"),
        }
    }
    out
}

/// YAML as JSON.
fn yaml(text: &str) -> Value {
    fn json_of(node: &handbook::yaml::Node) -> Value {
        use handbook::yaml::Value as Yaml;
        match &node.value {
            Yaml::Null => Value::Null,
            Yaml::Bool(b) => json!(b),
            Yaml::Integer(n) => json!(n),
            Yaml::Float(n) => json!(n),
            Yaml::Text(text) => json!(text),
            Yaml::List(all) => all.iter().map(json_of).collect(),
            Yaml::Map(pairs) => Value::Object(pairs.iter().map(|(k, v)| (k.text().expect("a key").to_owned(), json_of(v))).collect()),
        }
    }
    json_of(&handbook::yaml::parse(text).expect("YAML"))
}

fn front_matter(text: &str) -> Option<Value> {
    let rest = text.strip_prefix("---\n")?;
    Some(yaml(&rest[..rest.find("\n---")? + 1]))
}

fn holds(project: &Project) {
    let (written, settings) = (printed(project, "front-matter"), printed(project, "config"));
    let mut seen = 0;
    for (name, bytes) in project.files("content").into_iter().filter(|(name, _)| name.ends_with(".md")) {
        let Some(front) = front_matter(&String::from_utf8(bytes).expect("UTF-8")) else { continue };
        seen += 1;
        let schema = &written["$defs"][if front.get("roles").is_some() && !name.starts_with("_shared/") { "Family" } else { "Page" }];
        assert_eq!(faults(&front, schema, &written, &name), Vec::<String>::new());
        assert_eq!(faults(&front, &written, &written, &name), Vec::<String>::new());
    }
    assert!(seen > 3, "only {seen} files have front matter");
    let config = std::fs::read_to_string(project.path("handbook.yml")).expect("the configuration");
    assert_eq!(faults(&yaml(&config), &settings, &settings, "handbook.yml"), Vec::<String>::new());
    let data: Value = serde_json::from_str(&project.run("export").succeeds().stdout).expect("JSON");
    let export = printed(project, "export");
    assert_eq!(faults(&data, &export, &export, "export"), Vec::<String>::new());
}

/// A schema that allows no field which it does not name, so that a field without a description is found.
fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        match value {
            Value::Object(map) => {
                if map.contains_key("properties") {
                    map.entry("additionalProperties").or_insert(json!(false));
                }
                map.values_mut().for_each(close);
            }
            Value::Array(all) => all.iter_mut().for_each(close),
            _ => {}
        }
    }
    close(&mut schema);
    schema
}

fn fits(project: &Project, what: &str, text: &str) -> Value {
    let data: Value = serde_json::from_str(text).expect("JSON");
    let schema = closed(printed(project, what));
    assert_eq!(faults(&data, &schema, &schema, what), Vec::<String>::new());
    data
}

#[test]
fn the_example_and_its_data_fit_their_schemas() {
    holds(&Project::example());
}

#[test]
fn all_data_of_the_example_fits_its_schema_and_has_no_field_that_none_names() {
    let project = Project::example();
    fits(&project, "export", &project.run("export").succeeds().stdout);
    project.run("build").succeeds();
    let site = std::fs::read_to_string(project.path("public/exports/handbook.json")).expect("the data of the site");
    let data = fits(&project, "site-export", &site);
    let roles = data["roles"].as_array().expect("roles");
    assert!(roles.iter().any(|role| role["sections"].to_string().contains("replaces")), "nothing is replaced in the example");
    for role in roles.iter().step_by(7) {
        let id = role["id"].as_str().expect("an id");
        fits(&project, "role", &project.run(&format!("show {id} --format json")).succeeds().stdout);
    }
    for family in data["families"].as_array().expect("families").iter().step_by(3) {
        let id = family["id"].as_str().expect("an id");
        fits(&project, "family", &project.run(&format!("show {id} --format json")).succeeds().stdout);
    }
}

#[test]
fn a_new_handbook_fits_the_schemas() {
    let project = Project::new();
    project.run("init").succeeds();
    holds(&project);
}

#[test]
fn what_is_wrong_does_not_fit() {
    let project = Project::new();
    let (written, settings) = (printed(&project, "front-matter"), printed(&project, "config"));
    for wrong in [
        "title: T\nroles: []\nrolls: 1\n",
        "roles: [{id: a, title: A}]\n",
        "title: T\nroles: [{id: a}]\n",
        "title: T\nroles: [{id: a, title: A, grade: high}]\n",
        "title: T\nroles: [{id: a, title: A, requirements: [{text: x}]}]\n",
        "title: T\nroles: [{id: a, title: A, status: gone}]\n",
    ] {
        assert_ne!(faults(&yaml(wrong), &written["$defs"]["Family"], &written, ""), Vec::<String>::new(), "{wrong}");
    }
    let own = yaml("title: T\nx-team: a\nroles: [{id: a, title: A, x-code: 7, nice_to_haves: [Git, {remove: git}]}]\n");
    assert_eq!(faults(&own, &written, &written, ""), Vec::<String>::new());
    assert_ne!(faults(&yaml("titel: T\n"), &settings, &settings, ""), Vec::<String>::new());
}

#[test]
fn slips_are_looked_for_around_every_key_that_the_schema_has() {
    let schema = printed(&Project::new(), "front-matter");
    let sections = ["responsibilities", "requirements", "nice_to_haves", "performance_indicators", "hiring_process", "career_ladder"];
    let mut keys: Vec<&str> = Vec::new();
    for part in ["Family", "Page", "TrackEntry", "RoleEntry", "SpecialtyEntry"] {
        let properties = schema["$defs"][part]["properties"].as_object().unwrap_or_else(|| panic!("{part} has no keys"));
        keys.extend(properties.keys().map(String::as_str).filter(|key| !sections.contains(key)));
    }
    keys.sort_unstable();
    keys.dedup();
    let mut known = handbook::config::FRONT_MATTER_KEYS;
    known.sort_unstable();
    assert_eq!(keys, known);
}
