//! `required-missing`: an active role lacks what `require:` in handbook.yml asks of every role, inherited or not.

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::parse::Status;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    let require = &handbook.config.require;
    for role in handbook.roles_of(subject.family) {
        let front = handbook.role_front(role);
        let effective = &subject.resolution.roles[role];
        if front.status != Status::Active || effective.skipped || effective.incomplete {
            continue;
        }
        let place = || handbook.document_of(subject.family).place(front.span.clone());
        let section = |id: &str| handbook.config.section(id).and_then(|s| effective.section(s)).filter(|s| !s.items.is_empty());
        for id in require.sections.iter().filter(|id| section(id).is_none()) {
            findings.push(
                Diagnostic::error("required-missing", place(), format!("the role {} has no {id}", front.title))
                    .help("handbook.yml requires it of every role; write it here, on the family, or on a role that is extended")
                    .of_part(handbook.role_node(role), handbook.config.section(id)),
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
                        .help("handbook.yml requires it of every role; write it here, on the family, or on a role that is extended")
                        .of_part(handbook.role_node(role), handbook.config.section(id)),
                );
            }
        }
    }
}
