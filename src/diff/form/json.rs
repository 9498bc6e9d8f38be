//! A diff as JSON; the shape is in `docs/command-line.md`.

use serde_json::{Map, Value, json};

use crate::diff::classify::Class;
use crate::diff::effect::{Change, Diff, ItemChange, Kind, RoleChange, SectionChange, TextChange, Wording};

/// The whole diff.
pub fn write(diff: &Diff) -> Value {
    let files: Vec<Value> = diff.files.iter().map(|f| json!({"before": f.before, "after": f.after})).collect();
    let families: Vec<Value> = diff.families.iter().map(|(before, after)| json!({"before": before, "after": after})).collect();
    let dead: Vec<Value> = diff.dead.iter().map(|d| json!({"address": d.address, "now": d.now, "help": d.remedy.sentence()})).collect();
    let owners: Vec<Value> = diff
        .owners
        .iter()
        .map(|o| json!({"owner": o.name, "families": o.families, "roles": o.roles, "compositions": o.compositions, "edited": o.is_edited}))
        .collect();
    json!({
        "format": 1,
        "base": diff.base,
        "head": diff.head,
        "summary": {
            "edited_files": diff.files.len(),
            "roles_compared": diff.compared,
            "roles_changed": diff.count(Change::Changed),
            "roles_added": diff.count(Change::Added),
            "roles_removed": diff.count(Change::Removed),
            "roles_renamed": diff.count(Change::Renamed),
            "raises_the_bar": diff.count_of(Class::Raises),
            "lowers_the_bar": diff.count_of(Class::Lowers),
            "grades_changed": diff.regraded(),
        },
        "files": files,
        "families": families,
        "roles": diff.roles.iter().map(role).collect::<Vec<_>>(),
        "same_words_from_elsewhere": diff.elsewhere,
        "other_pages": diff.outside,
        "unresolved": diff.unresolved,
        "dead_addresses": dead,
        "owners": owners,
    })
}

fn role(role: &RoleChange) -> Value {
    let mut out = Map::new();
    out.insert("id".into(), json!(role.id));
    out.insert("change".into(), json!(role.change.word()));
    if let Some(was) = &role.was {
        out.insert("was".into(), json!(was));
    }
    out.insert("title".into(), json!(role.title));
    out.insert("through".into(), json!(role.through));
    out.insert("grade".into(), json!(role.grade.as_ref().map(|(before, after)| json!({"before": before, "after": after}))));
    out.insert("raises_the_bar".into(), json!(role.has(Class::Raises)));
    out.insert("class".into(), if matches!(role.change, Change::Added | Change::Removed) { Value::Null } else { json!(role.class().id()) });
    let facts: Map<String, Value> = role.facts.iter().map(|f| (f.name.clone(), sides(f))).collect();
    out.insert("facts".into(), Value::Object(facts));
    let sections: Map<String, Value> = role.sections.iter().map(|s| (s.id.clone(), section(s))).collect();
    out.insert("sections".into(), Value::Object(sections));
    let prose: Vec<Value> = role.prose.iter().map(|p| json!({"heading": p.name, "before": p.before, "after": p.after})).collect();
    out.insert("prose".into(), json!(prose));
    Value::Object(out)
}

fn sides(change: &TextChange) -> Value {
    json!({"before": change.before, "after": change.after})
}

fn section(section: &SectionChange) -> Value {
    let of = |kind: Kind| section.items.iter().filter(|i| i.kind == kind).map(item).collect::<Vec<_>>();
    json!({
        "added": of(Kind::Added),
        "removed": of(Kind::Removed),
        "moved": of(Kind::Moved),
        "reworded": of(Kind::Reworded),
        "replaced": of(Kind::Replaced),
    })
}

fn item(change: &ItemChange) -> Value {
    let mut out = Map::new();
    let wording = change.after.as_ref().or(change.before.as_ref());
    out.insert("key".into(), json!(wording.map(|w| &w.key)));
    out.insert("label".into(), json!(wording.and_then(|w| w.label.as_ref())));
    match change.kind {
        Kind::Added | Kind::Removed | Kind::Moved => {
            out.insert("text".into(), json!(wording.map(|w| &w.text)));
        }
        Kind::Reworded | Kind::Replaced => {
            if let (Some(before), Some(after)) = (&change.before, &change.after)
                && before.key != after.key
            {
                out.insert("was".into(), json!(before.key));
            }
            out.insert("before".into(), json!(change.before.as_ref().map(|w| text(w, change))));
            out.insert("after".into(), json!(change.after.as_ref().map(|w| text(w, change))));
        }
    }
    out.insert("class".into(), json!(change.class.id()));
    if let Some(other) = &change.other_section {
        out.insert(if change.kind == Kind::Added { "from" } else { "to" }.into(), json!(other));
    }
    out.insert("through".into(), json!(change.through));
    out.insert("origin".into(), json!(wording.map(|w| json!({"node": w.node, "file": w.file, "line": w.line}))));
    Value::Object(out)
}

/// The text without its label; where only label or markup differ, as it is written.
fn text(wording: &Wording, change: &ItemChange) -> String {
    let texts = [&change.before, &change.after].map(|w| w.as_ref().map(|w| &w.text));
    if texts[0] == texts[1] { wording.markdown.clone() } else { wording.text.clone() }
}
