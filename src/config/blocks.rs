//! Shared blocks and what every role must have, as `handbook.yml` says it.

use super::read::{named, word};
use super::sections::known_section;
use super::{Comparison, Condition, Config, Named, Position, SharedEntry};
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::yaml::fields::{Fields, Findings, texts_of};
use crate::yaml::{Node, Value};

pub(super) fn read_shared(config: &mut Config, node: &Node, findings: &mut Findings<'_>) {
    let Value::List(list) = &node.value else {
        findings.wrong_type(node, "shared", "a list (`- {block: company}`)");
        return;
    };
    for entry in list {
        let Some(mut fields) = Fields::of(entry, "a shared block", findings) else { continue };
        let block = fields.text("block", findings);
        let base = word(&mut fields, "as", &[("base", true), ("page", false)], findings).unwrap_or(false);
        let when = fields.take("when").map(|n| conditions(n, "when", findings)).unwrap_or_default();
        let unless = fields.take("unless").map(|n| conditions(n, "unless", findings)).unwrap_or_default();
        let with = fields.take("with").map(|n| values(n, findings)).unwrap_or_default();
        let positions = [("before-levels", Position::BeforeLevels), ("before-specialties", Position::BeforeSpecialties), ("end", Position::End)];
        let at = word(&mut fields, "at", &positions, findings).unwrap_or(Position::End);
        match block {
            Some((block, span)) => {
                config.shared.push(SharedEntry { block: block.to_owned(), base, when, unless, with, at, place: findings.place(&span) });
            }
            None => fields.missing("a shared block", "block", findings),
        }
        fields.finish("a shared block", [], findings);
    }
}

fn values(node: &Node, findings: &mut Findings<'_>) -> Vec<(String, String)> {
    let mut with = Vec::new();
    for (name, _, node) in named(node, "with", findings) {
        match &node.value {
            Value::Text(text) => with.push((name.to_owned(), text.clone())),
            Value::Integer(n) => with.push((name.to_owned(), n.to_string())),
            _ => findings.wrong_type(node, name, "text"),
        }
    }
    with
}

fn conditions(node: &Node, key: &str, findings: &mut Findings<'_>) -> Vec<Condition> {
    let Some(mut fields) = Fields::of(node, &format!("`{key}`"), findings) else { return Vec::new() };
    let mut all = Vec::new();
    for (name, make) in [
        ("department", Condition::Department as fn(Vec<Named>) -> Condition),
        ("family", Condition::Family),
        ("track", Condition::Track),
        ("specialty", Condition::Specialty),
    ] {
        if let Some(node) = fields.take(name) {
            let names = texts_of(node, name, findings);
            all.push(make(names.into_iter().map(|(t, span)| Named { name: t.to_owned(), place: findings.place(&span) }).collect()));
        }
    }
    if let Some(node) = fields.take("grade") {
        all.push(Condition::Grade(comparisons(node, "grade", findings)));
    }
    fields.finish("a condition", [], findings);
    all
}

pub(super) fn comparisons(node: &Node, key: &str, findings: &mut Findings<'_>) -> Vec<(Comparison, i64)> {
    let list = match &node.value {
        Value::List(list) => list.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut all = Vec::new();
    for entry in list {
        let read = match &entry.value {
            Value::Integer(n) => Some((Comparison::Equal, *n)),
            Value::Text(text) => comparison(text),
            _ => None,
        };
        match read {
            Some(comparison) => all.push(comparison),
            None => findings.wrong_type(entry, key, "a number, or a comparison in quotes such as \">=9\""),
        }
    }
    all
}

fn comparison(text: &str) -> Option<(Comparison, i64)> {
    use Comparison::*;
    let signs = [(">=", AtLeast), ("<=", AtMost), ("!=", Not), (">", Above), ("<", Below), ("=", Equal)];
    let text = text.trim();
    let (sign, rest) = signs.iter().find_map(|(s, c)| text.strip_prefix(s).map(|rest| (*c, rest))).unwrap_or((Equal, text));
    rest.trim().parse().ok().map(|n| (sign, n))
}

pub(super) fn read_require(config: &mut Config, node: &Node, findings: &mut Findings<'_>) {
    let Some(mut fields) = Fields::of(node, "`require`", findings) else { return };
    for (id, span) in fields.texts("sections", findings) {
        if let Some(id) = known_section(config, id, &span, findings) {
            config.require.sections.push(id);
        }
    }
    if let Some(node) = fields.take("items") {
        for (id, span, node) in named(node, "items", findings) {
            let Some(id) = known_section(config, id, &span, findings) else { continue };
            for (key, span) in texts_of(node, &id, findings) {
                let slug = ident::slug(key);
                if slug != key {
                    let finding = Diagnostic::error("wrong-type", findings.place(&span), format!("`{key}` is no key of an item"))
                        .label(format!("could be `{slug}`"))
                        .help("the key of an item is its label in small letters, with `-` between the words");
                    findings.list.push(finding);
                }
                config.require.items.push((id.clone(), slug, findings.place(&span)));
            }
        }
    }
    fields.finish("`require`", [], findings);
}
