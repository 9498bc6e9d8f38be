//! CHECK: the resolved handbook in, findings out. Each lint is a file with one function; this is their table.

mod extends_deprecated;
mod grades;
mod look;
mod required;

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::links::Links;
use crate::model::Handbook;
use crate::parse::DocumentKind;
use crate::resolve::Resolution;
use crate::variables;

/// What a lint sees: one family at a time, with everything it is related to.
pub struct Subject<'a> {
    /// The whole handbook.
    pub handbook: &'a Handbook,
    /// Its effective roles.
    pub resolution: &'a Resolution,
    /// The family that is looked at.
    pub family: usize,
}

type Lint = fn(&Subject<'_>, &mut Vec<Diagnostic>);

/// Every lint, in the order of the documentation.
const LINTS: [Lint; 6] = [extends_deprecated::check, grades::unknown, grades::missing, grades::falling, grades::contradicted, required::check];

/// Runs every lint over every family, and checks every link.
pub fn check(handbook: &Handbook, resolution: &Resolution, links: &Links<'_>) -> Vec<Diagnostic> {
    let of_families = (0..handbook.families.len()).into_par_iter().with_min_len(16).flat_map_iter(|family| {
        let subject = Subject { handbook, resolution, family };
        let mut findings = Vec::new();
        LINTS.iter().for_each(|lint| lint(&subject, &mut findings));
        findings
    });
    let mut findings: Vec<Diagnostic> = of_families.collect();
    let of_links =
        (0..handbook.documents.len()).into_par_iter().with_min_len(16).filter(|d| is_shown(handbook, *d)).flat_map_iter(|d| links.check(d));
    findings.par_extend(of_links);
    findings.extend(variables::check(handbook));
    findings.extend(links.check_footer());
    findings.extend(look::mermaid(handbook));
    findings
}

/// A block is shown where `handbook.yml` names it; any other document always.
fn is_shown(handbook: &Handbook, document: usize) -> bool {
    match handbook.documents[document].kind {
        DocumentKind::Block(_) => handbook.shared.iter().any(|s| s.document == document),
        DocumentKind::Broken { .. } => false,
        DocumentKind::Family(_) | DocumentKind::Page(_) | DocumentKind::Index(_) => true,
    }
}
