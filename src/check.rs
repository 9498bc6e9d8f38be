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
mod grades;
mod indicators;
mod item_count;
mod label_near_miss;
mod ladder_gap;
mod list_lost;
mod look;
mod nearly_restated;
mod only_nothing;
mod pages;
mod required;
mod spaces;
mod texts;
pub mod waivers;
pub mod words;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::links::Links;
use crate::model::Handbook;
use crate::parse::{Document, DocumentKind, RoleFront};
use crate::resolve::Resolution;
use crate::variables;
use texts::Texts;
use words::Words;

/// What a lint of families sees: one family at a time, with everything it is related to.
pub struct Subject<'a> {
    /// The whole handbook.
    pub handbook: &'a Handbook,
    /// Its effective roles.
    pub resolution: &'a Resolution,
    /// The words of its items, where a lint asks for them.
    texts: &'a Texts,
    /// The family that is looked at.
    pub family: usize,
}

/// What a lint of files sees: one file, and nothing else.
pub struct Sheet<'a> {
    config: &'a Config,
    document: &'a Document,
    words: &'a Words,
}

type FamilyLint = fn(&Subject<'_>, &mut Vec<Diagnostic>);
type SheetLint = fn(&Sheet<'_>, &mut Vec<Diagnostic>);

/// Every lint of families: the codes of which one must be on for it to run, and its function.
const FAMILY_LINTS: [(&str, FamilyLint); 12] = [
    ("extends-deprecated", extends_deprecated::check),
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
const SHEET_LINTS: [(&str, SheetLint); 7] = [
    ("page-empty", pages::empty),
    ("file-oversized", pages::oversized),
    ("trailing-space", spaces::check),
    ("list-lost", list_lost::check),
    ("anchor-duplicate", anchors::check),
    ("indicator-without-link", indicators::check),
    ("definition-unused", definitions::check),
];

/// Runs every lint that is on, and checks every link.
pub fn check(handbook: &Handbook, resolution: &Resolution, links: &Links<'_>, words: &Words) -> Vec<Diagnostic> {
    let levels = &handbook.config.lints;
    let texts = Texts::of(handbook);
    let family_lints: Vec<FamilyLint> = FAMILY_LINTS.iter().filter(|(code, _)| levels.is_on(code)).map(|(_, lint)| *lint).collect();
    let sheet_lints: Vec<SheetLint> = SHEET_LINTS.iter().filter(|(code, _)| levels.is_on(code)).map(|(_, lint)| *lint).collect();
    let of_families = (0..handbook.families.len()).into_par_iter().with_min_len(16).flat_map_iter(|family| {
        let subject = Subject { handbook, resolution, texts: &texts, family };
        let mut findings = Vec::new();
        family_lints.iter().for_each(|lint| lint(&subject, &mut findings));
        findings
    });
    let mut findings: Vec<Diagnostic> = of_families.collect();
    let of_documents = (0..handbook.documents.len()).into_par_iter().with_min_len(16).filter(|d| is_shown(handbook, *d)).flat_map_iter(|number| {
        let sheet = Sheet { config: &handbook.config, document: &handbook.documents[number], words };
        let mut findings = links.check(number);
        sheet_lints.iter().for_each(|lint| lint(&sheet, &mut findings));
        words::check(&sheet, &mut findings);
        findings
    });
    findings.par_extend(of_documents);
    findings.extend(variables::check(handbook));
    if levels.is_on("near-duplicate") {
        findings.extend(duplicates::check(handbook, &texts));
    }
    findings.extend(unused_globs(handbook));
    findings.extend(links.check_footer());
    findings.extend(look::mermaid(handbook));
    findings
}

/// Findings as they are told: at the levels that `handbook.yml` gives them, without what is off or waived, and for
/// shared blocks with the pages that they reach.
pub fn tell(findings: Vec<Diagnostic>, handbook: &Handbook, today: crate::source::date::Date) -> Vec<Diagnostic> {
    let leveled = cascades::without(at_their_level(findings, &handbook.config), &handbook.config);
    let (mut told, of_waivers) = waivers::apply(leveled, handbook, today);
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
