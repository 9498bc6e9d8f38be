//! A draft in, the lines of its front matter out, in the order of the documentation.

use std::collections::{HashMap, HashSet};

use crate::import::outline::{Draft, Role};

/// The lines of the front matter, fences and the blank line after them included.
pub fn lines(draft: &Draft, aliases: &[String]) -> Vec<String> {
    let mut out = vec!["---".to_owned(), format!("title: {}", scalar(&draft.page.title.0))];
    if let Some((description, _)) = &draft.page.description {
        out.push(format!("description: {}", scalar(description)));
    }
    if !aliases.is_empty() {
        out.push(format!("aliases: [{}]", listed(aliases)));
    }
    if !draft.ladder.is_empty() {
        out.push(format!("ladder: [{}]", listed(&draft.ladder)));
    }
    out.extend(draft.page.extra.iter().map(|(key, value, _)| format!("{key}: {value}")));
    if !draft.roles.is_empty() {
        out.push("roles:".to_owned());
        let by_id: HashMap<&str, usize> = draft.roles.iter().enumerate().map(|(i, r)| (r.id.as_str(), i)).collect();
        draft.roles.iter().enumerate().for_each(|(i, role)| push_role(draft, &by_id, i, role, &mut out));
    }
    if !draft.specialties.is_empty() {
        out.push("specialties:".to_owned());
    }
    for specialty in &draft.specialties {
        out.push(format!("  - id: {}", specialty.id));
        out.push(format!("    title: {}", scalar(specialty.title.trim())));
        if !specialty.roles.is_empty() {
            out.push(format!("    roles: [{}]", specialty.roles.join(", ")));
        }
        out.extend(specialty.reports_to.iter().map(|to| format!("    reports_to: {}", scalar(to))));
        out.extend(specialty.comments.iter().map(|c| format!("    # {}", one_line(c))));
    }
    out.extend(["---".to_owned(), String::new()]);
    out
}

fn push_role(draft: &Draft, by_id: &HashMap<&str, usize>, number: usize, role: &Role, out: &mut Vec<String>) {
    out.push(format!("  - id: {}", role.id));
    out.push(format!("    title: {}", scalar(&role.title)));
    out.extend(role.level.iter().map(|level| format!("    level: {}", scalar(level))));
    out.push(match role.grades.as_slice() {
        [] => "    grade: {none: \"not stated\"}".to_owned(),
        [one] => format!("    grade: {one}"),
        several => format!("    grade: [{}]", several.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")),
    });
    if role.manager {
        out.push("    track: management".to_owned());
    }
    if role.deprecated {
        out.push("    status: deprecated".to_owned());
    }
    out.extend(extends(draft, by_id, role));
    if !role.extends_any.is_empty() {
        out.push(format!("    extends_any: [{}]", role.extends_any.join(", ")));
    }
    out.extend(role.reports_to.iter().map(|to| format!("    reports_to: {}", scalar(to))));
    let next: Vec<&String> = role.next.iter().filter(|n| **n != role.id && !is_implied(draft, number, n)).collect();
    if !next.is_empty() {
        out.push(format!("    next: [{}]", next.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", ")));
    }
    out.extend(role.comments.iter().map(|c| format!("    # {}", one_line(c))));
}

/// Whether `next` follows from that role's own `extends`.
fn is_implied(draft: &Draft, role: usize, next: &str) -> bool {
    let id = &draft.roles[role].id;
    draft.roles.iter().any(|r| r.id == next && r.extends.iter().any(|e| e.reference == *id))
}

fn extends(draft: &Draft, by_id: &HashMap<&str, usize>, role: &Role) -> Option<String> {
    let entries: Vec<String> = role
        .extends
        .iter()
        .map(|parent| {
            if parent.only.is_empty() || covers(draft, by_id, &parent.reference, &parent.only) {
                parent.reference.clone()
            } else {
                let only: Vec<String> = parent.only.iter().map(|s| s.replace('-', "_")).collect();
                format!("{{role: {}, only: [{}]}}", parent.reference, only.join(", "))
            }
        })
        .collect();
    match entries.as_slice() {
        [] => None,
        [one] => Some(format!("    extends: {one}")),
        _ => Some(format!("    extends: [{}]", entries.join(", "))),
    }
}

/// Whether these sections are all that a role of the page has or inherits: then `only` says nothing.
fn covers(draft: &Draft, by_id: &HashMap<&str, usize>, reference: &str, only: &[&'static str]) -> bool {
    let mut open = vec![reference];
    let mut seen: HashSet<&str> = HashSet::new();
    while let Some(id) = open.pop() {
        let Some(role) = by_id.get(id).map(|r| &draft.roles[*r]) else { return false };
        if !seen.insert(id) {
            continue;
        }
        if role.sections.iter().any(|s| *s != "job-grade" && !only.contains(s)) {
            return false;
        }
        open.extend(role.extends.iter().map(|e| e.reference.as_str()));
    }
    true
}

fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn listed(items: &[String]) -> String {
    items.iter().map(|i| scalar(i)).collect::<Vec<_>>().join(", ")
}

/// A text as YAML: plain where that is safe, else in double quotes.
pub fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { serde_json::to_string(text).expect("a text is JSON") }
}

/// Whether YAML reads a text as that text without quotes, in a list on one line too.
pub fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    let words = ["true", "false", "null", "yes", "no", "on", "off", "none", "y", "n"];
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '/' | '.' | '-' | '(' | ')' | '+' | '\'' | '_' | '&'))
        && !text.ends_with(' ')
        && !words.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::scalar;

    #[test]
    fn what_yaml_would_misread_is_quoted() {
        assert_eq!(scalar("Senior Widget Engineer"), "Senior Widget Engineer");
        for text in ["yes", "a: b", "[x]", "7", "*a", "a, b", "x #y", ""] {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
    }
}
