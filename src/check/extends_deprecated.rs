//! `extends-deprecated`: an active role builds on one that is no longer in force.

use super::Subject;
use crate::diagnostic::Diagnostic;
use crate::parse::Status;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    for role in handbook.roles_of(subject.family) {
        let front = handbook.role_front(role);
        if front.status != Status::Active {
            continue;
        }
        for parent in &handbook.roles[role].parents {
            let above = handbook.role_front(parent.role);
            if above.status != Status::Deprecated {
                continue;
            }
            let place = handbook.document_of(subject.family).place(front.extends[parent.entry].reference.span.clone());
            let help = match handbook.roles[parent.role].replaced_by {
                Some(new) => format!("its place was taken by `{}`; extend that, or take over what is still asked", handbook.role_id(new)),
                None => "extend another role, or take over what is still asked".to_owned(),
            };
            findings.push(
                Diagnostic::warning("extends-deprecated", place, format!("the role {} is deprecated, and {} extends it", above.title, front.title))
                    .help(help),
            );
        }
    }
}
