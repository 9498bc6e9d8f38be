//! The entries of a family's front matter in: roles, specialties and tracks, with what relates them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use super::{located, located_list};
use crate::config::{Config, Track, check_id, known_section};
use crate::diagnostic::{Diagnostic, Part};
use crate::ident;
use crate::parse::front::UNKNOWN_ID;
use crate::parse::{Grade, Located, ParentFront, RoleFront, SpecialtyFront, Status};
use crate::yaml::fields::{Fields, Findings};
use crate::yaml::{Node, Value};

/// The ids of a family so far, with where they stand.
pub(super) type Ids = HashMap<String, Range<usize>>;

/// Old ids of a role.
fn old_ids(fields: &mut Fields<'_>, findings: &mut Findings<'_>) -> Vec<Located> {
    let texts = fields.texts("aliases", findings);
    texts.iter().for_each(|(id, span)| check_id(id, span, findings));
    texts.into_iter().filter(|(id, _)| ident::is_id(id)).map(|at| located(at, findings)).collect()
}

/// Takes `id`; roles, specialties and tracks of a family share one set of ids. What has none, or none that can be one, has for the
/// rest of the run the id that it was probably meant to have, or one that nobody can write.
fn id_and_title(fields: &mut Fields<'_>, what: &str, needs_title: bool, ids: &mut Ids, findings: &mut Findings<'_>) -> (String, String) {
    let id = fields.text("id", findings).or_else(|| fields.probable_text("id"));
    let title = fields.text("title", findings).or_else(|| fields.probable_text("title")).map(|(t, _)| t.to_owned());
    if needs_title && title.is_none() {
        fields.missing(what, "title", findings);
    }
    let Some((id, at)) = id else {
        fields.missing(what, "id", findings);
        return (unknown_id(ids, fields.span.clone()), title.unwrap_or_default());
    };
    check_id(id, &at, findings);
    if !ident::is_id(id) {
        let meant = ident::slug(id);
        let title = title.unwrap_or_else(|| id.to_owned());
        if !ident::is_id(&meant) || ids.contains_key(&meant) {
            return (unknown_id(ids, at), title);
        }
        ids.insert(meant.clone(), at);
        return (meant, title);
    }
    match ids.get(id) {
        Some(first) => {
            let finding = Diagnostic::error("duplicate-id", findings.place(&at), format!("the id `{id}` is used twice in this family"))
                .label("the second one")
                .help("roles, specialties and tracks of a family share one set of ids; give this one another")
                .related(findings.place(first), "the first one");
            findings.list.push(finding);
            // The rest of the run speaks of the first by this id, and of this one by another.
            let other = (2..).map(|n| format!("{id}~{n}")).find(|other| !ids.contains_key(other)).unwrap_or_default();
            let title = title.unwrap_or_else(|| id.to_owned());
            ids.insert(other.clone(), at);
            return (other, title);
        }
        None => {
            ids.insert(id.to_owned(), at);
        }
    }
    (id.to_owned(), title.unwrap_or_else(|| id.to_owned()))
}

/// An id that stands for one that nobody knows.
fn unknown_id(ids: &mut Ids, at: Range<usize>) -> String {
    let id = (1..).map(|n| format!("{UNKNOWN_ID}{n}")).find(|id| !ids.contains_key(id)).unwrap_or_default();
    ids.insert(id.clone(), at);
    id
}

pub(super) fn read_track(fields: &mut Fields<'_>, ids: &mut Ids, findings: &mut Findings<'_>) -> Track {
    let (id, title) = id_and_title(fields, "this track", false, ids, findings);
    Track { id, title, extra: fields.extra() }
}

pub(super) fn check_site_tracks(tracks: &[Track], ids: &Ids, findings: &mut Findings<'_>) {
    for (id, at) in tracks.iter().filter_map(|t| ids.get(&t.id).map(|at| (&t.id, at))) {
        {
            let finding = Diagnostic::error("duplicate-id", findings.place(at), format!("the id `{id}` is that of a track")).help(
                "roles, specialties and tracks of a family share one set of ids; give this one another, or give the family `tracks` of its own",
            );
            findings.list.push(finding);
        }
    }
}

pub(super) fn check_titles(roles: &[RoleFront], findings: &mut Findings<'_>) {
    let mut seen: HashMap<String, &RoleFront> = HashMap::with_capacity(roles.len());
    for role in roles {
        let first = match seen.entry(ident::fold(&role.title)) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(new) => {
                new.insert(role);
                continue;
            }
        };
        let back = |span: &Range<usize>| span.start - findings.base..span.start - findings.base;
        let finding = Diagnostic::error("duplicate-id", findings.place(&back(&role.span)), format!("two roles have the title `{}`", role.title))
            .label("the second one")
            .help("give each role of a family a title of its own; the name of the level can stand in `level`")
            .related(findings.place(&back(&first.span)), "the first one");
        findings.list.push(finding);
    }
}

pub(super) fn read_role(
    fields: &mut Fields<'_>,
    span: &Range<usize>,
    (node, tracks): (usize, &[Track]),
    config: &Config,
    ids: &mut Ids,
    findings: &mut Findings<'_>,
) -> RoleFront {
    let (id, title) = id_and_title(fields, "this role", true, ids, findings);
    let one = |fields: &mut Fields<'_>, key, findings: &mut Findings<'_>| fields.text(key, findings).map(|at| located(at, findings));
    RoleFront {
        level: fields.text("level", findings).map(|(t, _)| t.to_owned()),
        grade: fields.take("grade").or_else(|| fields.probable("grade")).map_or(Grade::Missing, |n| read_grade(n, findings)),
        status: read_status(fields, findings),
        replaced_by: one(fields, "replaced_by", findings),
        aliases: old_ids(fields, findings),
        track: read_track_of(fields, tracks, findings),
        extends: fields.take("extends").map(|n| read_parents(n, node, config, findings)).unwrap_or_default(),
        extends_any: located_list(fields, "extends_any", findings),
        reports_to: one(fields, "reports_to", findings),
        next: located_list(fields, "next", findings),
        span: findings.base + span.start..findings.base + span.start,
        extra: fields.extra(),
        id,
        title,
    }
}

fn read_status(fields: &mut Fields<'_>, findings: &mut Findings<'_>) -> Status {
    let Some((text, span)) = fields.text("status", findings) else { return Status::Active };
    match text {
        "active" => Status::Active,
        "draft" => Status::Draft,
        "deprecated" => Status::Deprecated,
        _ => {
            let finding = Diagnostic::error("wrong-type", findings.place(&span), format!("`status` cannot be `{text}`"))
                .meant(ident::nearest(text, ["active", "draft", "deprecated"]))
                .help("`status` is `active`, `draft` or `deprecated`");
            findings.list.push(finding);
            Status::Active
        }
    }
}

fn read_track_of(fields: &mut Fields<'_>, tracks: &[Track], findings: &mut Findings<'_>) -> usize {
    let Some((id, span)) = fields.text("track", findings) else { return 0 };
    if let Some(i) = tracks.iter().position(|t| t.id == id) {
        return i;
    }
    let names: Vec<&str> = tracks.iter().map(|t| t.id.as_str()).collect();
    let titled = tracks.iter().find(|t| ident::fold(&t.title) == ident::fold(id)).map(|t| t.id.as_str());
    let finding = Diagnostic::error("track-unknown", findings.place(&span), format!("no track is called `{id}`"))
        .meant(titled.or_else(|| ident::nearest(id, names.iter().copied())))
        .help(format!("tracks of this family: {}", names.join(", ")));
    findings.list.push(finding);
    0
}

fn read_grade(node: &Node, findings: &mut Findings<'_>) -> Grade {
    let at = |span: &Range<usize>, findings: &Findings<'_>| findings.base + span.start..findings.base + span.end;
    match &node.value {
        Value::Integer(n) => Grade::Numbers(vec![(*n, at(&node.span, findings))]),
        Value::List(list) => {
            let mut numbers = Vec::with_capacity(list.len());
            for entry in list {
                match entry.value {
                    Value::Integer(n) => numbers.push((n, at(&entry.span, findings))),
                    _ => report_grade(entry, findings),
                }
            }
            Grade::Numbers(numbers)
        }
        Value::Map(_) => {
            let Some(mut fields) = Fields::of(node, "grade", findings) else { return Grade::None(String::new()) };
            let why = fields.text("none", findings).map(|(t, _)| t.to_owned());
            if why.is_none() {
                fields.missing("a grade that is no number", "none", findings);
            }
            fields.finish("a grade", [], findings);
            Grade::None(why.unwrap_or_default())
        }
        Value::Null | Value::Bool(_) | Value::Float(_) | Value::Text(_) => {
            report_grade(node, findings);
            Grade::None(String::new())
        }
    }
}

/// A number between quotes is text, and no grade; nor are several with a sign between them.
fn report_grade(node: &Node, findings: &mut Findings<'_>) {
    findings.wrong_type(node, "grade", "a whole number, a list of them, or `{none: \"why\"}`");
    let Value::Text(text) = &node.value else { return };
    let help = match (text.trim().parse::<i64>(), grades_in(text)) {
        (Ok(number), _) => format!("take the quotes away: {number}"),
        (_, Some(grades)) => format!("write several grades as a list: [{}]", grades.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")),
        (Err(_), None) => return,
    };
    if let Some(finding) = findings.list.pop() {
        findings.list.push(finding.help(help));
    }
}

/// The grades that `6-8`, `8/9` or `8, 9` are meant to be: a dash stands for those between, too.
fn grades_in(text: &str) -> Option<Vec<i64>> {
    const MAX_SPAN: i64 = 10;
    let is_dash = |c: char| matches!(c, '-' | '\u{2013}' | '\u{2014}');
    let numbers = |parts: Vec<&str>| parts.into_iter().map(|part| part.trim().parse().ok()).collect::<Option<Vec<i64>>>();
    if let Some([low, high]) = numbers(text.split(is_dash).collect()).as_deref()
        && low < high
        && high - low < MAX_SPAN
    {
        return Some((*low..=*high).collect());
    }
    numbers(text.split(['/', ',', '&', '+']).collect()).filter(|grades| grades.len() > 1)
}

/// What the role of a node extends; where that cannot be read, any of its lists may lack something.
fn read_parents(written: &Node, node: usize, config: &Config, findings: &mut Findings<'_>) -> Vec<ParentFront> {
    let told = findings.list.len();
    let parents = read_extends(written, config, findings);
    findings.list[told..].iter_mut().for_each(|f| f.parts.push(Part { node: Some(node), section: None }));
    parents
}

fn read_extends(node: &Node, config: &Config, findings: &mut Findings<'_>) -> Vec<ParentFront> {
    let list = match &node.value {
        Value::List(list) => list.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut parents = Vec::with_capacity(list.len());
    for entry in list {
        match &entry.value {
            Value::Text(text) if text == "none" => {
                if list.len() > 1 {
                    let finding = Diagnostic::error("wrong-type", findings.place(&entry.span), "`none` stands beside other roles in `extends`")
                        .help("write `extends: none` alone, or leave `none` out");
                    findings.list.push(finding);
                }
            }
            Value::Text(text) => parents.push(ParentFront { reference: located((text, entry.span.clone()), findings), only: None }),
            Value::Map(_) => parents.extend(read_parent(entry, config, findings)),
            _ => findings.wrong_type(entry, "extends", "the id of a role as text, a list of them, `none`, or `{role: ..., only: [...]}`"),
        }
    }
    parents
}

fn read_parent(node: &Node, config: &Config, findings: &mut Findings<'_>) -> Option<ParentFront> {
    let mut fields = Fields::of(node, "extends", findings)?;
    let role = fields.text("role", findings).map(|at| located(at, findings));
    if role.is_none() {
        fields.missing("this entry of `extends`", "role", findings);
    }
    let limited = fields.key_span("only").is_some();
    let (only_span, told) = (fields.key_span("only"), findings.list.len());
    let names = fields.texts("only", findings);
    if let Some(span) = only_span.filter(|_| names.is_empty() && findings.list.len() == told) {
        let finding = Diagnostic::error("wrong-type", findings.place(&span), "`only` names no section, so nothing would be inherited");
        findings.list.push(finding.help("name the sections, such as `only: [requirements]`, or leave `only` out"));
    }
    let only: Vec<usize> =
        names.into_iter().filter_map(|(name, at)| known_section(config, name, &at, findings)).filter_map(|id| config.section(&id)).collect();
    fields.finish("an entry of `extends`", [], findings);
    Some(ParentFront { reference: role?, only: limited.then_some(only) })
}

pub(super) fn read_specialty(fields: &mut Fields<'_>, ids: &mut Ids, findings: &mut Findings<'_>) -> SpecialtyFront {
    let (id, title) = id_and_title(fields, "this specialty", true, ids, findings);
    let limited = fields.key_span("roles").is_some();
    let roles = located_list(fields, "roles", findings);
    SpecialtyFront {
        id,
        title,
        roles: limited.then_some(roles),
        reports_to: fields.text("reports_to", findings).map(|at| located(at, findings)),
        extra: fields.extra(),
    }
}
