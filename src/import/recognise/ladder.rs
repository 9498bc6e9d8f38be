//! Sections about the career ladder and Mermaid diagrams in, what comes next out.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::names;
use crate::import::outline::{Draft, Node, PartKind, Verdict};
use crate::import::resolve::{Directory, Target};

/// Finds what comes after each role and after the family.
pub fn recognise(draft: &mut Draft, number: usize, directory: &Directory) {
    for (part, home) in draft.homes().into_iter().enumerate() {
        if let PartKind::Diagram(source) = draft.page.parts[part].kind.clone() {
            diagram(draft, number, directory, part, &source);
            continue;
        }
        let (node, section) = home;
        if section != Some("career-ladder") || matches!(draft.page.parts[part].kind, PartKind::Heading(_)) {
            continue;
        }
        for (text, address) in draft.page.parts[part].links.clone() {
            link(draft, number, directory, part, node, &text, &address);
        }
    }
}

fn link(draft: &mut Draft, number: usize, directory: &Directory, part: usize, node: Node, text: &str, address: &str) {
    let line = draft.page.parts[part].lines.start;
    let Some((page, anchor)) = directory.page(number, address) else { return };
    let own = if let Node::Role(role) = node { Some(role) } else { None };
    let role = directory
        .role(number, own, text, Some(address))
        .ok()
        .filter(|(t, step)| matches!(t, Target::Role(..)) && (step.sure >= 95 || anchor.is_some()));
    let reference = match role {
        Some((Target::Role(family, role), step)) if step.sure >= 90 => directory.reference(number, family, role),
        _ if page != number && directory.has_roles(page) => directory.family(page).to_owned(),
        _ => return,
    };
    match node {
        Node::Role(role) if draft.roles[role].id != reference && !draft.roles[role].next.contains(&reference) => {
            let note = format!("{}: {reference}", draft.roles[role].title);
            draft.roles[role].next.push(reference);
            draft.note(line, "next", note, Verdict::Understood);
        }
        Node::Family | Node::Specialty(_) if page != number && !draft.ladder.contains(&reference) => {
            draft.note(line, "ladder", reference.clone(), Verdict::Understood);
            draft.ladder.push(reference);
        }
        _ => {}
    }
}

static EDGE: LazyLock<Regex> = LazyLock::new(|| {
    let node = r#"[\w:.]+(?:-[\w:.]+)*\s*(?:[\[({>]+"?[^\])}"]*"?[\])}]+)?"#;
    Regex::new(&format!(r"(?P<from>{node})\s*(?:--+>|==+>|-\.+->|--\s+[^-]+\s--+>)\s*(?:\|[^|]*\|\s*)?(?P<to>{node})")).expect("a pattern of ours")
});
static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^\s*(?P<id>[\w:.]+(?:-[\w:.]+)*)\s*(?:[\[({>]+"?(?P<label>[^\])}"]*)"?[\])}]+)?\s*$"#).expect("a pattern of ours")
});

/// The edges of a diagram: pairs of labels.
pub fn edges(source: &str) -> Vec<(String, String)> {
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut id_of = |text: &str| -> Option<String> {
        let shape = SHAPE.captures(text)?;
        let id = shape["id"].to_owned();
        if let Some(label) = shape.name("label") {
            labels.insert(id.clone(), label.as_str().trim().to_owned());
        }
        Some(id)
    };
    for statement in source.split([';', '\n']) {
        let mut rest = statement;
        while let Some(edge) = EDGE.captures(rest) {
            let to = edge.name("to").expect("the pattern has it");
            if let (Some(a), Some(b)) = (id_of(&edge["from"]), id_of(to.as_str())) {
                found.push((a, b));
            }
            // In `a --> b --> c` the end of one edge begins the next.
            rest = &rest[to.start()..];
        }
        if !statement.contains("--") {
            id_of(statement);
        }
    }
    let label = |id: &String| labels.get(id).unwrap_or(id).clone();
    found.iter().map(|(a, b)| (label(a), label(b))).collect()
}

fn diagram(draft: &mut Draft, number: usize, directory: &Directory, part: usize, source: &str) {
    let line = draft.page.parts[part].lines.start;
    let role = |label: &str| directory.role(number, None, label, None).ok().filter(|(_, step)| step.sure >= 80);
    for (from, to) in edges(source) {
        let (Some((Target::Role(family, a), step)), Some((Target::Role(other, b), other_step))) = (role(&from), role(&to)) else {
            let missing: Vec<&str> = [&from, &to].into_iter().filter(|l| role(l).is_none()).map(String::as_str).collect();
            let verdict = Verdict::Left(format!("no role of the imported pages is called `{}`", missing.join("`, nor `")));
            draft.note(line, "next", format!("{from} -> {to}"), verdict);
            continue;
        };
        if family != number {
            continue;
        }
        let reference = directory.reference(number, other, b);
        if names::ordered(&draft.roles[a].id) == names::ordered(&reference) || draft.roles[a].next.contains(&reference) {
            continue;
        }
        let text = format!("{}: {reference}", draft.roles[a].title);
        let sure = step.sure.min(other_step.sure);
        let how = if step.sure < other_step.sure { step.how } else { other_step.how };
        let verdict = if sure >= 95 { Verdict::Understood } else { Verdict::Guessed(how.to_owned(), sure) };
        draft.roles[a].next.push(reference);
        draft.note(line, "next", text, verdict);
    }
}

#[cfg(test)]
mod tests {
    use super::edges;

    #[test]
    fn edges_are_read_with_labels_chains_and_later_names() {
        let source = "```mermaid\ngraph LR;\n  w:a(Widgeteer)-->w:b(Senior Widgeteer);\n  w:b --> c[Lead]\n  c -->|later| d{Head} --> e\n```";
        let found: Vec<String> = edges(source).iter().map(|(a, b)| format!("{a} > {b}")).collect();
        assert_eq!(found, ["Widgeteer > Senior Widgeteer", "Senior Widgeteer > Lead", "Lead > Head", "Head > e"]);
    }
}
