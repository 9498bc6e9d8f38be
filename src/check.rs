//! CHECK: the resolved handbook in, findings out. Each lint is a file with one function; this is their table.

mod extends_deprecated;
mod grades;
mod required;

use std::collections::BTreeSet;
use std::sync::Arc;

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
    /// The family that is looked at. What a lint says of it may depend on the family's document, on its effective roles
    /// and on the front matter of any other, and on nothing else: see [`Checked`].
    pub family: usize,
}

type Lint = fn(&Subject<'_>, &mut Vec<Diagnostic>);

/// Every lint, in the order of the documentation.
const LINTS: [Lint; 6] = [extends_deprecated::check, grades::unknown, grades::missing, grades::falling, grades::contradicted, required::check];

/// What is wrong, kept apart by what it depends on, so that a later check need not look at everything again.
#[derive(Debug, Default)]
pub struct Checked {
    /// By family: what its lints say. It depends on the family, on what it inherits, and on front matter.
    pub of_families: Vec<Arc<[Diagnostic]>>,
    /// By document: which of its links are broken.
    pub of_links: Vec<Arc<CheckedLinks>>,
    /// What depends on everything.
    pub of_all: Vec<Diagnostic>,
}

/// The links of a document, checked.
#[derive(Debug, Default)]
pub struct CheckedLinks {
    findings: Vec<Diagnostic>,
    /// The documents on whose anchors the findings depend.
    looked_at: BTreeSet<usize>,
}

/// What may have changed since an earlier check of a handbook with the same relations.
#[derive(Debug)]
pub struct Affected {
    /// By family: whether its document, or that of a family from which it inherits, has changed.
    pub families: Vec<bool>,
    /// By document: whether it has changed.
    pub documents: Vec<bool>,
}

impl Affected {
    /// Whether the anchors of a document, or of the roles in it, may have changed.
    fn anchors_of(&self, handbook: &Handbook) -> Vec<bool> {
        let mut anchors = self.documents.clone();
        for (family, _) in handbook.families.iter().zip(&self.families).filter(|(_, affected)| **affected) {
            anchors[family.document] = true;
        }
        anchors
    }
}

impl Checked {
    /// All of it.
    pub fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        let of_families = self.of_families.iter().flat_map(|f| f.iter());
        of_families.chain(self.of_links.iter().flat_map(|l| &l.findings)).chain(&self.of_all)
    }
}

/// Runs every lint over every family, and checks every link; what cannot have changed since an earlier check is taken
/// from there.
pub fn check(handbook: &Handbook, resolution: &Resolution, links: &Links<'_>, earlier: Option<(&Checked, &Affected)>) -> Checked {
    let of_family = |family: usize| match earlier.filter(|(_, affected)| !affected.families[family]) {
        Some((earlier, _)) => Arc::clone(&earlier.of_families[family]),
        None => {
            let subject = Subject { handbook, resolution, family };
            let mut findings = Vec::new();
            LINTS.iter().for_each(|lint| lint(&subject, &mut findings));
            findings.into()
        }
    };
    let anchors = earlier.map(|(_, affected)| affected.anchors_of(handbook)).unwrap_or_default();
    let is_stale =
        |document: usize, checked: &CheckedLinks, affected: &Affected| affected.documents[document] || checked.looked_at.iter().any(|d| anchors[*d]);
    let of_document = |document: usize| match earlier.filter(|(e, affected)| !is_stale(document, &e.of_links[document], affected)) {
        Some((earlier, _)) => Arc::clone(&earlier.of_links[document]),
        None if !is_shown(handbook, document) => Arc::default(),
        None => {
            let (findings, looked_at) = links.check_noting(document);
            Arc::new(CheckedLinks { findings, looked_at })
        }
    };
    Checked {
        of_families: (0..handbook.families.len()).into_par_iter().with_min_len(16).map(of_family).collect(),
        of_links: (0..handbook.documents.len()).into_par_iter().with_min_len(16).map(of_document).collect(),
        of_all: variables::check(handbook),
    }
}

/// A block is shown where `handbook.yml` names it; any other document always.
fn is_shown(handbook: &Handbook, document: usize) -> bool {
    match handbook.documents[document].kind {
        DocumentKind::Block(_) => handbook.shared.iter().any(|s| s.document == document),
        DocumentKind::Broken { .. } => false,
        DocumentKind::Family(_) | DocumentKind::Page(_) | DocumentKind::Index(_) => true,
    }
}
