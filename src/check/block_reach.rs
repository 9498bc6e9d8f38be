//! A fault of a shared block is told once, where it stands, with the families whose pages show it.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::model::Handbook;
use crate::parse::DocumentKind;

/// How many families are named.
const NAMED: usize = 3;

/// Adds to the help of each finding in a shared block which families it reaches.
pub(super) fn add(findings: &mut [Diagnostic], handbook: &Handbook) {
    for finding in findings.iter_mut().filter(|f| f.place.file.starts_with("content/_shared/")) {
        let Ok(number) = handbook.documents.binary_search_by(|d| d.file().cmp(&finding.place.file)) else { continue };
        if !matches!(handbook.documents[number].kind, DocumentKind::Block(_)) {
            continue;
        }
        let Some(reach) = reach_of(handbook, number) else { continue };
        finding.help = Some(match finding.help.take() {
            Some(help) => format!("{help}; {reach}"),
            None => reach,
        });
    }
}

fn reach_of(handbook: &Handbook, document: usize) -> Option<String> {
    let uses: Vec<_> = handbook.shared.iter().filter(|s| s.document == document).map(|s| &handbook.config.shared[s.entry]).collect();
    let counts = |role: usize| uses.iter().any(|entry| entry.names_specialties() || handbook.counts_for(entry, role, None));
    let families: BTreeSet<usize> = (0..handbook.roles.len()).filter(|role| counts(*role)).map(|role| handbook.roles[role].family).collect();
    let title = |family: usize| handbook.front(family).title.as_str();
    let named: Vec<usize> = families.iter().copied().take(NAMED).collect();
    let is_alone = |family: usize| named.iter().filter(|f| title(**f) == title(family)).count() == 1;
    // Of families with one title, the path tells which is meant.
    let names = named.iter().map(|f| if is_alone(*f) { title(*f) } else { &handbook.families[*f].id });
    Some(match families.len() {
        0 => return None,
        n if n <= NAMED => format!("this block is shown by {}", crate::ident::listed(names, "and")),
        n => format!("this block is shown by {} families, such as {}", n, crate::ident::listed(names, "and")),
    })
}
