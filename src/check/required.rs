//! `required-missing`: an active role lacks what `require:` in handbook.yml asks of every role, inherited or not.

use std::collections::HashMap;

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::parse::{Document, Status};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    let document = handbook.document_of(subject.family);
    let require = &handbook.config.require;
    let bare = bare_headings(document);
    for role in handbook.roles_of(subject.family) {
        let front = handbook.role_front(role);
        let effective = &subject.resolution.roles[role];
        if front.status != Status::Active || effective.skipped || effective.incomplete {
            continue;
        }
        let node = handbook.role_node(role);
        let place = || document.place(front.span.clone());
        let section = |id: &str| handbook.config.section(id).and_then(|s| effective.section(s)).filter(|s| !s.items.is_empty());
        for id in require.sections.iter().filter(|id| section(id).is_none()) {
            findings.push(
                Diagnostic::error("required-missing", place(), format!("the role {} has no {id}", front.title))
                    .help(help(document, node, bare.get(&node)))
                    .of_part(node, handbook.config.section(id)),
            );
        }
        for (id, key) in &require.items {
            // A section that is missing as a whole is told above.
            if section(id).is_none() && require.sections.contains(id) {
                continue;
            }
            let has = section(id).is_some_and(|s| s.items.iter().any(|i| handbook.item(i.item).1.key() == Some(key)));
            if !has {
                findings.push(
                    Diagnostic::error("required-missing", place(), format!("the role {} has no item `{key}` among its {id}", front.title))
                        .help(help(document, node, bare.get(&node).filter(|_| section(id).is_none())))
                        .of_part(node, handbook.config.section(id)),
                );
            }
        }
    }
}

/// By node, its first heading that looks as if it opened a list.
fn bare_headings(document: &Document) -> HashMap<usize, usize> {
    let bare = document.findings.iter().rev().filter(|f| f.code == "list-as-prose");
    bare.filter_map(|f| Some((f.parts.first()?.node?, f.place.span.start))).collect()
}

/// What to do; such a heading of the role is named.
fn help(document: &Document, node: usize, bare: Option<&usize>) -> String {
    let help = "handbook.yml requires it of every role; write it here, on the family, or on a role that is extended";
    let heading = bare.and_then(|at| document.nodes[node].prose.iter().find(|prose| prose.span.start == *at)?.heading.as_ref());
    match bare.zip(heading) {
        Some((at, heading)) => format!("{help}; the heading `{}` in line {} opens no section", heading.text, document.line(*at)),
        None => help.to_owned(),
    }
}
