//! Sections about the career ladder and Mermaid diagrams in, what comes next out.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::{denial, grades, names};
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
        let mut from = 0;
        for (text, address) in draft.page.parts[part].links.clone() {
            // Links stand in the text in their order.
            let at = draft.page.parts[part].text[from..].find(&text).map_or(from, |at| from + at);
            link(draft, number, directory, (part, at), node, &text, &address);
            from = if draft.page.parts[part].text[at..].starts_with(&text) { at + text.len() } else { from };
        }
    }
}

fn link(draft: &mut Draft, number: usize, directory: &Directory, (part, at): (usize, usize), node: Node, text: &str, address: &str) {
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
        Node::Family | Node::Specialty(_) if page == number => within(draft, part, at, reference),
        _ => {}
    }
}

static NEXT: LazyLock<Regex> = LazyLock::new(|| {
    let role = r"(?:the\s+|an?\s+)?(?P<who>[^.;:]{3,90}?)";
    let next = r"the\s+next\s+(?:step|level|role|position)s?(?:\s+in\s+[^,.;]+?)?\s+(?:for|after|from|up\s+from)";
    let moves = r"(?:moves?|progress(?:es)?|advances?|is\s+promoted|goes)";
    Regex::new(&format!(r"(?i)^\W*(?:{next}\s+{role}(?:\s+(?:role|position|level))?\s+(?:is|would\s+be|will\s+be)(?:\s+to\s+(?:move|progress|advance|become))?|{role2}\s+{moves})\s*(?:to\s+|on\s+to\s+)?(?:be\s+|become\s+)?(?:an?\s+|the\s+|that\s+of\s+(?:an?\s+|the\s+)?)?$", role2 = role.replace("who", "mover")))
        .expect("a pattern of ours")
});

/// A link to a role of the page itself, in a ladder that is nobody's: it is what comes next for whom its sentence names.
fn within(draft: &mut Draft, part: usize, at: usize, reference: String) {
    let line = draft.page.parts[part].lines.start;
    let whole = draft.page.parts[part].text.clone();
    let sentence = grades::sentences(&whole[..at]).pop().unwrap_or_default().len();
    let begin = at - sentence;
    let before = &whole[begin..at];
    let sentence = grades::sentences(&whole[begin..])[0];
    let who = NEXT.captures(before).and_then(|c| c.name("who").or_else(|| c.name("mover"))).map(|m| m.as_str().to_owned());
    let role = who.and_then(|who| grades::by_name(&draft.roles, &who)).filter(|_| denial::denied(before).is_none());
    match role {
        Some(role) if draft.roles[role].id == reference || draft.roles[role].next.contains(&reference) => {}
        Some(role) => {
            let note = format!("{}: {reference}", draft.roles[role].title);
            draft.roles[role].next.push(reference);
            draft.note(line, "next", note, Verdict::Understood);
        }
        None => {
            let reason = "it stands in a ladder of nobody, and does not say plainly after which role it comes";
            draft.note(line, "next", sentence, Verdict::Left(reason.to_owned()));
        }
    }
}

/// A node of a diagram: `a`, `a[Label]`, `a(["Label"])`.
const NODE: &str = r#"[\w:.]+(?:-[\w:.]+)*\s*(?:[\[({>]+"?[^\])}"]*"?[\])}]+)?"#;

static EDGE: LazyLock<Regex> = LazyLock::new(|| {
    let group = format!(r"{NODE}(?:\s*&\s*{NODE})*");
    Regex::new(&format!(r"(?P<from>{group})\s*(?:--+>|==+>|-\.+->|--\s+[^-]+\s--+>)\s*(?:\|[^|]*\|\s*)?(?P<to>{group})")).expect("a pattern of ours")
});
static EACH: LazyLock<Regex> = LazyLock::new(|| Regex::new(NODE).expect("a pattern of ours"));
static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^\s*(?P<id>[\w:.]+(?:-[\w:.]+)*)\s*(?:[\[({>]+"?(?P<label>[^\])}"]*)"?[\])}]+)?\s*$"#).expect("a pattern of ours")
});

/// The edges of a diagram: pairs of labels. `a & b --> c & d` are four.
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
            let mut ids = |group: &str| EACH.find_iter(group).filter_map(|node| id_of(node.as_str())).collect::<Vec<String>>();
            let (before, after) = (ids(&edge["from"]), ids(to.as_str()));
            found.extend(before.iter().flat_map(|a| after.iter().map(|b| (a.clone(), b.clone()))));
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
        let found: Vec<String> = edges("a[A] --> b[\"B & C\"] & d --> e\nf & a --> d").iter().map(|(a, b)| format!("{a} > {b}")).collect();
        assert_eq!(found, ["A > B & C", "A > d", "B & C > e", "d > e", "f > d", "A > d"]);
    }
}
