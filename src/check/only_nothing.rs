//! `extends-section-mismatch`: `only` names a section of which the parent has nothing.

use super::Subject;
use crate::diagnostic::Diagnostic;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    for role in handbook.roles_of(subject.family) {
        let front = handbook.role_front(role);
        for parent in &handbook.roles[role].parents {
            let Some(only) = &parent.only else { continue };
            let above = &subject.resolution.roles[parent.role];
            if above.skipped || above.incomplete {
                continue;
            }
            let has =
                |section: usize| above.section(section).is_some_and(|s| !s.items.is_empty()) || above.prose.iter().any(|p| p.section == section);
            let title = |section: usize| handbook.config.sections[section].title.clone();
            for section in only.iter().filter(|s| !has(**s)) {
                let known: Vec<String> = (0..handbook.config.sections.len()).filter(|s| has(*s)).map(title).collect();
                let help = match known.is_empty() {
                    true => "it has no list at all; take the entry away, or write the list there".to_owned(),
                    false => format!("it has: {}", known.join(", ")),
                };
                let place = handbook.document_of(subject.family).place(front.extends[parent.entry].reference.span.clone());
                let above = &handbook.role_front(parent.role).title;
                let message = format!("{} takes only {} from {above}, which has nothing of that", front.title, title(*section));
                findings.push(Diagnostic::warning("extends-section-mismatch", place, message).help(help).of_part(handbook.role_node(role), *section));
            }
        }
    }
}
