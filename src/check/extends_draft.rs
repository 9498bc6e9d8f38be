//! `extends-draft`: a role that readers see builds on one that they do not.

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::parse::Status;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    let published = handbook.roles_of(subject.family).filter(|role| handbook.role_front(*role).status != Status::Draft);
    for role in published {
        let front = handbook.role_front(role);
        for parent in &handbook.roles[role].parents {
            let above = handbook.role_front(parent.role);
            if above.status != Status::Draft {
                continue;
            }
            let place = handbook.document_of(subject.family).place(front.extends[parent.entry].reference.span.clone());
            findings.push(
                Diagnostic::warning("extends-draft", place, format!("the role {} is a draft, and {} extends it", above.title, front.title))
                    .help("readers see what the draft asks for, but no page of it: publish the draft first, or make this role a draft too"),
            );
        }
    }
}
