//! CHECK: the resolved handbook in, findings out. Each lint is a file with one function; this is their table. What they
//! mean stands in the catalogue.

mod adds_nothing;
mod anchors;
mod aside;
mod block_reach;
mod cascades;
mod definitions;
mod duplicates;
mod extends_deprecated;
mod extends_draft;
mod grades;
mod import_left;
mod indicators;
mod instead_near_miss;
mod item_count;
mod label_near_miss;
mod ladder_gap;
mod list_lost;
mod look;
mod nearly_restated;
mod only_nothing;
mod pages;
mod removal_reason;
mod required;
mod slips;
mod spaces;
mod strict_grades;
mod texts;
mod titles;
pub mod waivers;
pub mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::links::Links;
use crate::model::Handbook;
use crate::parse::{Document, DocumentKind, RoleFront};
use crate::resolve::Resolution;
use crate::variables;
use aside::Aside;
use texts::Texts;
use words::Words;

/// What a lint of families sees: one family at a time, with everything it is related to.
pub struct Subject<'a> {
    /// The whole handbook.
    pub handbook: &'a Handbook,
    /// Its effective roles.
    pub resolution: &'a Resolution,
    /// The words of its items, where a lint asks for them.
    texts: &'a Texts<'a>,
    /// The family that is looked at. What a lint says of it may depend on the family's document, on its effective roles
    /// and on the front matter of any other, and on nothing else: see [`Checked`].
    pub family: usize,
}

/// What a lint of files sees: one file, and nothing else.
pub struct Sheet<'a> {
    config: &'a Config,
    document: &'a Document,
    words: &'a Words,
    aside: Aside<'a>,
}

type FamilyLint = fn(&Subject<'_>, &mut Vec<Diagnostic>);
type SheetLint = fn(&Sheet<'_>, &mut Vec<Diagnostic>);

/// Every lint of families: the codes of which one must be on for it to run, and its function.
const FAMILY_LINTS: [(&str, FamilyLint); 13] = [
    ("extends-deprecated", extends_deprecated::check),
    ("extends-draft", extends_draft::check),
    ("extends-section-mismatch", only_nothing::check),
    ("ladder-gap", ladder_gap::check),
    ("grade-unknown", grades::unknown),
    ("grade-missing", grades::missing),
    ("grade-falling", grades::falling),
    ("grade-contradicted", grades::contradicted),
    ("required-missing", required::check),
    ("label-near-miss", label_near_miss::check),
    ("nearly-restated", nearly_restated::check),
    ("level-adds-nothing", adds_nothing::check),
    ("item-count", item_count::check),
];

/// Every lint of files.
const SHEET_LINTS: [(&str, SheetLint); 12] = [
    ("page-empty", pages::empty),
    ("file-oversized", pages::oversized),
    ("trailing-space", spaces::check),
    ("list-lost", list_lost::check),
    ("instead-near-miss", instead_near_miss::check),
    ("anchor-duplicate", anchors::check),
    ("indicator-without-link", indicators::check),
    ("definition-unused", definitions::check),
    ("removal-without-reason", removal_reason::check),
    ("markup-slip", slips::check),
    ("import-left", import_left::check),
    ("waiver-unknown", waivers::misspelt),
];

/// What is wrong, kept apart by what it depends on, so that a later check need not look at everything again.
#[derive(Debug, Default)]
pub struct Checked {
    /// By family: what its lints say. It depends on the family, on what it inherits, and on front matter.
    of_families: Vec<Arc<[Diagnostic]>>,
    /// By document: what its lints say, and which of its links are broken.
    of_documents: Vec<Arc<CheckedDocument>>,
    /// What depends on everything.
    of_all: Vec<Diagnostic>,
}

/// A document, checked.
#[derive(Debug, Default)]
struct CheckedDocument {
    findings: Vec<Diagnostic>,
    /// The documents on whose anchors the findings depend.
    looked_at: BTreeSet<usize>,
}

/// What may have changed since an earlier check of a handbook with the same relations, settings and word lists.
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
        // A block's anchors are on all the pages that show it.
        if handbook.shared.iter().any(|s| self.documents[s.document]) {
            return vec![true; self.documents.len()];
        }
        let mut anchors = self.documents.clone();
        for (family, _) in handbook.families.iter().zip(&self.families).filter(|(_, affected)| **affected) {
            anchors[family.document] = true;
        }
        anchors
    }

    /// Whether a document is another that could not be read: any link may lead to something that it would have.
    fn has_other_broken(&self, handbook: &Handbook) -> bool {
        handbook.broken.iter().any(|(_, document)| self.documents[*document])
    }
}

impl Checked {
    /// All of it.
    pub fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        let of_families = self.of_families.iter().flat_map(|f| f.iter());
        of_families.chain(self.of_documents.iter().flat_map(|l| &l.findings)).chain(&self.of_all)
    }
}

/// Runs every lint that is on, and checks every link; what cannot have changed since an earlier check is taken from there.
pub fn check(handbook: &Handbook, resolution: &Resolution, links: &Links<'_>, words: &Words, earlier: Option<(&Checked, &Affected)>) -> Checked {
    let levels = &handbook.config.lints;
    let texts = Texts::of(handbook);
    let family_lints: Vec<FamilyLint> = FAMILY_LINTS.iter().filter(|(code, _)| levels.is_on(code)).map(|(_, lint)| *lint).collect();
    let sheet_lints: Vec<SheetLint> = SHEET_LINTS.iter().filter(|(code, _)| levels.is_on(code)).map(|(_, lint)| *lint).collect();
    let of_family = |family: usize| match earlier.filter(|(_, affected)| !affected.families[family]) {
        Some((earlier, _)) => Arc::clone(&earlier.of_families[family]),
        None => {
            let subject = Subject { handbook, resolution, texts: &texts, family };
            let mut findings = Vec::new();
            family_lints.iter().for_each(|lint| lint(&subject, &mut findings));
            findings.into()
        }
    };
    let anchors = earlier.map(|(_, affected)| affected.anchors_of(handbook)).unwrap_or_default();
    let with_links = earlier.filter(|(_, affected)| !affected.has_other_broken(handbook));
    let is_stale = |document: usize, checked: &CheckedDocument, affected: &Affected| {
        affected.documents[document] || checked.looked_at.iter().any(|d| anchors[*d])
    };
    let of_document = |number: usize| match with_links.filter(|(e, affected)| !is_stale(number, &e.of_documents[number], affected)) {
        Some((earlier, _)) => Arc::clone(&earlier.of_documents[number]),
        None if !is_shown(handbook, number) => Arc::default(),
        None => {
            let document = &handbook.documents[number];
            let sheet = Sheet { config: &handbook.config, document, words, aside: Aside::of(document) };
            let (mut findings, looked_at) = links.check_noting(number);
            sheet_lints.iter().for_each(|lint| lint(&sheet, &mut findings));
            words::check(&sheet, &mut findings);
            Arc::new(CheckedDocument { findings, looked_at })
        }
    };
    let of_families = (0..handbook.families.len()).into_par_iter().with_min_len(16).map(of_family).collect();
    let of_documents = (0..handbook.documents.len()).into_par_iter().with_min_len(16).map(of_document).collect();
    let mut of_all = variables::check(handbook);
    if levels.is_on("near-duplicate") {
        of_all.extend(duplicates::check(handbook, &texts));
    }
    if levels.is_on("title-twice") {
        of_all.extend(titles::check(handbook));
    }
    of_all.extend(unused_globs(handbook));
    of_all.extend(words.findings.iter().cloned());
    of_all.extend(links.check_footer());
    of_all.extend(look::check(handbook));
    Checked { of_families, of_documents, of_all }
}

/// Findings as they are told: at the levels that `handbook.yml` gives them, without what is off or waived, and for
/// shared blocks with the pages that they reach.
pub fn tell(mut findings: Vec<Diagnostic>, handbook: &Handbook, resolution: &Resolution, today: crate::source::date::Date) -> Vec<Diagnostic> {
    strict_grades::raise(&mut findings, handbook, resolution);
    // A waived finding is no fault, and so is no cause of others.
    let (left, of_waivers) = waivers::apply(at_their_level(findings, &handbook.config), handbook, today);
    let mut told = cascades::without(left, handbook);
    required::told_where_required(&mut told, handbook);
    told.extend(at_their_level(of_waivers, &handbook.config));
    block_reach::add(&mut told, handbook);
    told
}

/// Findings at the levels that `handbook.yml` gives them; what is off is left out.
pub fn at_their_level(findings: Vec<Diagnostic>, config: &Config) -> Vec<Diagnostic> {
    let leveled = findings.into_iter().filter_map(|mut finding| {
        let level = config.lints.of(finding.code, &finding.place.file, finding.severity)?;
        finding.severity = finding.at_least.map_or(level, |least| level.max(least));
        Some(finding)
    });
    leveled.collect()
}

/// A pattern in `lints:` that fits no file is a slip: what it should have set is not set.
fn unused_globs(handbook: &Handbook) -> Vec<Diagnostic> {
    let files = || handbook.documents.iter().map(|d| &**d.file()).chain(handbook.unread.iter().map(|f| &**f));
    let unused = handbook.config.lints.globs.iter().filter(|glob| !files().any(|file| glob.fits(file)));
    unused
        .map(|glob| {
            Diagnostic::new(Severity::Error, "unknown-key", glob.place.clone(), format!("no file fits the pattern `{}`", glob.pattern()))
                .help("patterns are paths below content/, such as \"engineering/**\" for everything in that department")
        })
        .collect()
}

/// A block is shown where `handbook.yml` names it; any other document always.
fn is_shown(handbook: &Handbook, document: usize) -> bool {
    match handbook.documents[document].kind {
        DocumentKind::Block(_) => handbook.shared.iter().any(|s| s.document == document),
        DocumentKind::Broken { .. } => false,
        DocumentKind::Family(_) | DocumentKind::Page(_) | DocumentKind::Index(_) => true,
    }
}

/// The first line of a role's entry in the front matter.
fn entry_line(document: &Document, front: &RoleFront) -> std::ops::Range<usize> {
    let start = front.span.start;
    let line = document.text()[start..].lines().next().unwrap_or("");
    start..start + line.trim_end().len()
}
