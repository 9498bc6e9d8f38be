//! `item-count`: a list of an effective role with very many or very few items.

use super::{Subject, entry_line};
use crate::diagnostic::Diagnostic;
use crate::parse::Status;

pub(super) fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    let document = handbook.document_of(subject.family);
    let (min, max) = (handbook.config.lints.min_items, handbook.config.lints.max_items);
    for role in handbook.roles_of(subject.family) {
        let front = handbook.role_front(role);
        let effective = &subject.resolution.roles[role];
        if front.status != Status::Active || effective.incomplete {
            continue;
        }
        for section in effective.sections.iter().filter(|s| !(min..=max).contains(&s.items.len())) {
            let (count, title) = (section.items.len(), &handbook.config.sections[section.section].title);
            let items = if count == 1 { "item" } else { "items" };
            let (bound, help) = match count > max {
                true => (format!("at most {max}"), "join items, or remove what this role need not do any more"),
                false => (format!("at least {min}"), "write what is missing, on this role or on one that it extends"),
            };
            let finding = Diagnostic::warning(
                "item-count",
                document.place(entry_line(document, front)),
                format!("{} has {count} {items} below {title}, with what it inherits, and should have {bound}", front.title),
            )
            .help(help)
            .of_part(handbook.role_node(role), section.section);
            findings.push(finding);
        }
    }
}
