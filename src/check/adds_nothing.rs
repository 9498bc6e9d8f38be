//! `level-adds-nothing`: an active role extends another and neither its front matter nor its text says what is more.

use super::{Subject, entry_line};
use crate::diagnostic::Diagnostic;
use crate::parse::Status;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    let document = handbook.document_of(subject.family);
    for role in handbook.roles_of(subject.family) {
        let front = handbook.role_front(role);
        let parents = &handbook.roles[role].parents;
        let node = &document.nodes[handbook.role_node(role)];
        if front.status != Status::Active || parents.is_empty() || subject.resolution.roles[role].incomplete {
            continue;
        }
        // A role of another family takes that family's own lists along.
        let moves = parents.iter().any(|p| handbook.roles[p.role].family != subject.family || handbook.track_id(p.role) != handbook.track_id(role));
        if moves || parents.len() > 1 || !node.sections.is_empty() || !node.prose.is_empty() {
            continue;
        }
        let above = &handbook.role_front(parents[0].role).title;
        let finding = Diagnostic::warning(
            "level-adds-nothing",
            document.place(entry_line(document, front)),
            format!("{} extends {above} and adds nothing to it", front.title),
        )
        .help("say what is more at this level: a responsibility, a requirement, or a sentence below its heading")
        .of_part(handbook.role_node(role), None);
        findings.push(finding);
    }
}
