//! `required-missing`: an active role lacks what `require:` in handbook.yml asks of every role, inherited or not.

use std::collections::{BTreeSet, HashMap};

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::model::Handbook;
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
        for (id, key, written) in &require.items {
            // A section that is missing as a whole is told above.
            if section(id).is_none() && require.sections.contains(id) {
                continue;
            }
            let has = section(id).is_some_and(|s| s.items.iter().any(|i| handbook.item(i.item).1.key() == Some(key)));
            if !has {
                findings.push(
                    Diagnostic::error("required-missing", place(), format!("the role {} has no item `{key}` among its {id}", front.title))
                        .help(help(document, node, bare.get(&node).filter(|_| section(id).is_none())))
                        .rests_on(std::iter::once(written.clone()))
                        .of_part(node, handbook.config.section(id)),
                );
            }
        }
    }
}

/// Tells of a required item that no role has once, where it is required: of one that several roles lack, or that is nearly
/// another. Else every role would be told to mend what is wrong in one line.
pub(super) fn told_where_required(findings: &mut Vec<Diagnostic>, handbook: &Handbook) {
    let mut told = Vec::new();
    for (id, key, written) in &handbook.config.require.items {
        let is_of = |f: &Diagnostic| f.code == "required-missing" && f.rests_on.first() == Some(written);
        let Some(severity) = findings.iter().filter(|f| is_of(f)).map(|f| f.severity).max() else { continue };
        let keys = keys_of(handbook, id);
        if keys.contains(&**key) {
            continue;
        }
        let near = ident::nearest(key, keys.iter().copied());
        if near.is_none() && findings.iter().filter(|f| is_of(f)).count() == 1 {
            continue;
        }
        findings.retain(|f| !is_of(f));
        let message = format!("no role has an item `{key}` among its {id}, which is required here");
        let finding = Diagnostic::new(severity, "required-missing", written.clone(), message).meant(near);
        told.push(finding.help("mend the key if it is misspelt; else write the item where all roles inherit it, such as in a shared block"));
    }
    findings.append(&mut told);
}

/// The keys of all items of a section, on whatever node.
fn keys_of<'a>(handbook: &'a Handbook, id: &str) -> BTreeSet<&'a str> {
    let section = handbook.config.section(id);
    let items = handbook.documents.iter().flat_map(|d| &d.items);
    items.filter(|i| !i.removes && Some(usize::from(i.section)) == section).filter_map(|i| i.key()).collect()
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
