//! One cause, one finding: what is only the consequence of another fault is not told.
//!
//! A fault that takes text from a list is the cause of what seems to be missing in that list, and in the same list of the
//! roles that inherit from it; of nothing else.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Part, Place, Severity};
use crate::model::{Handbook, RoleId};
use crate::parse::{Document, DocumentKind, NodeKind};

/// Codes that hold whatever `handbook.yml` says.
const OF_FILES_ALONE: [&str; 8] =
    ["yaml-syntax", "front-matter-missing", "not-utf8", "too-large", "file-empty", "duplicate-key", "extends-self", "extends-cycle"];

/// Faults after which nobody knows what else a file says,
const LOSE_FILE: [&str; 6] = ["yaml-syntax", "front-matter-missing", "not-utf8", "too-large", "file-empty", "comment-unclosed"];
/// and those that take text from the lists that they name.
const LOSE_TEXT: [&str; 11] = [
    "heading-near-miss",
    "heading-unknown",
    "heading-ambiguous",
    "unknown-key",
    "wrong-type",
    "key-empty",
    "duplicate-id",
    "item-needs-quotes",
    "section-defined-twice",
    "markup-slip",
    "list-lost",
];
/// What may seem to be missing then in the same list of the same node,
const SEEM_MISSING: [&str; 2] = ["list-lost", "level-adds-nothing"];
/// and in that of those who inherit it.
const SEEM_MISSING_BELOW: [&str; 5] = ["required-missing", "remove-nothing", "item-count", "extends-section-mismatch", "ambiguous-inheritance"];

/// The findings that are no consequence of others among them. Where an error is left out, what brought it about is told as
/// an error: else the site would be published without what it must have.
pub(super) fn without(mut findings: Vec<Diagnostic>, handbook: &Handbook) -> Vec<Diagnostic> {
    let config = &handbook.config;
    let unread = |f: &Diagnostic| f.place.file == config.file && matches!(f.code, "yaml-syntax" | "not-utf8" | "too-large");
    if findings.iter().any(unread) {
        // Nobody knows the site's sections, scales and tracks: what rests on them is not told.
        findings.retain(|f| f.place.file == config.file || OF_FILES_ALONE.contains(&f.code));
    }
    if findings.iter().any(|f| f.place.file == config.file && f.severity == Severity::Error && !f.parts.is_empty()) {
        // A slip in `sections` may be all that is missing from every role.
        findings.retain(|f| f.code != "required-missing");
    }
    let with_errors: HashSet<Arc<str>> = findings.iter().filter(|f| f.severity == Severity::Error).map(|f| Arc::clone(&f.place.file)).collect();
    // An item that removes nothing needs no reason either.
    let vain: HashSet<Place> = findings.iter().filter(|f| f.code == "remove-nothing").map(|f| f.place.clone()).collect();
    // An item with its label mended replaces what it nearly restates.
    let mislabelled: HashSet<Place> = findings.iter().filter(|f| f.code == "label-near-miss").map(|f| f.place.clone()).collect();
    // What looks like a tag, such as `<insert text>`, is a gap to be filled.
    let gaps: HashSet<(Arc<str>, usize)> =
        findings.iter().filter(|f| f.code == "placeholder").map(|f| (Arc::clone(&f.place.file), f.place.span.start)).collect();
    let wrong: HashSet<Place> = findings.iter().filter(|f| f.code == "grade-unknown").map(|f| f.place.clone()).collect();
    findings.retain(|finding| match finding.code {
        "grade-falling" | "grade-contradicted" => !finding.rests_on.iter().any(|place| wrong.contains(place)),
        "page-empty" => !with_errors.contains(&finding.place.file),
        "nearly-restated" => !mislabelled.contains(&finding.place),
        "removal-without-reason" => !vain.contains(&finding.place),
        "html-dropped" => !gaps.contains(&(Arc::clone(&finding.place.file), finding.place.span.start)),
        _ => true,
    });
    let lost = Lost::of(&findings, handbook, &|f| f.code != "list-lost");
    let told: Vec<Diagnostic> = findings.into_iter().filter(|f| f.code != "list-lost" || lost.brings_about(f).is_none()).collect();
    let lost = Lost::of(&told, handbook, &|_| true);
    let causes: Vec<Option<usize>> = told.iter().map(|f| lost.brings_about(f).filter(|_| f.code != "list-lost")).collect();
    let grave: HashSet<usize> = told.iter().zip(&causes).filter(|(f, _)| f.severity == Severity::Error).filter_map(|(_, cause)| *cause).collect();
    let mut left = Vec::with_capacity(told.len());
    for (number, (mut finding, cause)) in told.into_iter().zip(causes).enumerate() {
        if cause.is_none() {
            if grave.contains(&number) && finding.severity < Severity::Error {
                finding.severity = Severity::Error;
                let help = finding.help.map(|help| format!("{help}; ")).unwrap_or_default();
                finding.help = Some(format!("{help}it counts as an error here, since other errors would follow from it"));
            }
            left.push(finding);
        }
    }
    left
}

/// The lists from which a finding takes text.
fn lists_of<'f>(finding: &'f Diagnostic, document: &Document) -> Cow<'f, [Part]> {
    match finding.code {
        // What was mended for the rest of the run took nothing away.
        "yaml-syntax" | "front-matter-missing" if !matches!(document.kind, DocumentKind::Broken { .. }) => Cow::Borrowed(&[]),
        code if LOSE_FILE.contains(&code) => Cow::Borrowed(&[Part::ANY]),
        "heading-unknown" => finding.parts.iter().flat_map(|part| without_heading(*part, document)).collect(),
        code if LOSE_TEXT.contains(&code) => Cow::Borrowed(&finding.parts),
        _ => Cow::Borrowed(&[]),
    }
}

/// What may stand below a heading that is no role or specialty: lists of one that has no heading of its own.
fn without_heading(part: Part, document: &Document) -> Vec<Part> {
    let Some(front) = document.family().filter(|_| part.node.is_none()) else { return vec![part] };
    let is_written = |node: usize| match part.section {
        Some(section) => document.section(node, section).is_some(),
        None => !document.nodes[node].anchors.is_empty() || document.nodes[node].sections.iter().any(|s| !s.anchors.is_empty()),
    };
    (front.role_node(0)..document.nodes.len()).filter(|node| !is_written(*node)).map(|node| Part { node: Some(node), ..part }).collect()
}

/// From which lists text was lost, each with the number of the finding that says so.
struct Lost<'a> {
    handbook: &'a Handbook,
    /// The families by document.
    families: HashMap<usize, usize>,
    /// By file.
    files: HashMap<Arc<str>, usize>,
    /// By document.
    lists: HashMap<(usize, Part), usize>,
    /// By section (or any) and role, what the role lacks; and of that, what it lacks by way of shared blocks.
    roles: HashMap<Option<usize>, [Vec<Option<usize>>; 2]>,
}

impl<'a> Lost<'a> {
    fn of(findings: &[Diagnostic], handbook: &'a Handbook, counts: &dyn Fn(&Diagnostic) -> bool) -> Lost<'a> {
        let families = handbook.families.iter().enumerate().map(|(number, f)| (f.document, number)).collect();
        let mut lost = Lost { handbook, families, files: HashMap::new(), lists: HashMap::new(), roles: HashMap::new() };
        let mut of_blocks: HashSet<(usize, Option<usize>)> = HashSet::new();
        for (number, finding) in findings.iter().enumerate().filter(|(_, f)| counts(f)) {
            let file = &finding.place.file;
            if finding.code == "block-unknown" {
                lost.add_block(None, number, |entry| handbook.config.shared[entry].place == finding.place);
            }
            let Ok(document) = handbook.documents.binary_search_by(|d| d.file().cmp(file)) else { continue };
            let lists = lists_of(finding, &handbook.documents[document]);
            if !lists.is_empty() {
                lost.files.entry(Arc::clone(file)).or_insert(number);
            }
            for list in lists.iter() {
                if handbook.documents[document].family().is_some() {
                    lost.lists.entry((document, *list)).or_insert(number);
                } else if of_blocks.insert((document, list.section)) {
                    let is_it = |entry: usize| **file == *format!("content/_shared/{}.md", handbook.config.shared[entry].block);
                    lost.add_block(list.section, number, is_it);
                }
            }
        }
        lost.add_roles();
        lost
    }

    /// What the roles lack for which a shared block counts.
    fn add_block(&mut self, section: Option<usize>, number: usize, is_it: impl Fn(usize) -> bool) {
        let handbook = self.handbook;
        for entry in (0..handbook.config.shared.len()).filter(|e| is_it(*e)).map(|e| &handbook.config.shared[e]).filter(|e| e.base) {
            let [lacks, from_blocks] = self.lacking(section);
            for role in (0..handbook.roles.len()).filter(|r| entry.names_specialties() || handbook.counts_for(entry, *r, None)) {
                lacks[role].get_or_insert(number);
                from_blocks[role].get_or_insert(number);
            }
        }
    }

    fn lacking(&mut self, section: Option<usize>) -> &mut [Vec<Option<usize>>; 2] {
        let count = self.handbook.roles.len();
        self.roles.entry(section).or_insert_with(|| [vec![None; count], vec![None; count]])
    }

    /// What the roles lack whose lists lost text, and those that inherit from them.
    fn add_roles(&mut self) {
        let handbook = self.handbook;
        let mut lists: Vec<(usize, Part, usize)> =
            self.lists.iter().map(|((document, list), number)| (self.families[document], *list, *number)).collect();
        lists.sort_unstable_by_key(|(.., number)| *number);
        for (family, list, number) in lists {
            let front = handbook.front(family);
            let is_of = |role: &RoleId| match list.node.map(|node| front.node_kind(node)) {
                None | Some(NodeKind::Family) => true,
                Some(NodeKind::Track(track)) => handbook.role_front(*role).track == track,
                Some(NodeKind::Role(index)) => handbook.roles[*role].index == index,
                Some(NodeKind::Specialty(_)) => false,
            };
            let [lacks, _] = self.lacking(list.section);
            for role in handbook.roles_of(family).filter(is_of) {
                lacks[role].get_or_insert(number);
            }
        }
        for (section, [lacks, _]) in &mut self.roles {
            let mut open: Vec<RoleId> = (0..lacks.len()).filter(|r| lacks[*r].is_some()).collect();
            while let Some(role) = open.pop() {
                for heir in &handbook.children[role] {
                    let gives = handbook.roles[*heir].parents.iter().any(|p| p.role == role && section.is_none_or(|s| p.gives(s)));
                    if gives && lacks[*heir].is_none() {
                        lacks[*heir] = lacks[role];
                        open.push(*heir);
                    }
                }
            }
        }
    }

    /// The finding that brought this one about.
    fn brings_about(&self, finding: &Diagnostic) -> Option<usize> {
        if let Some(other) = &finding.hangs_on {
            return self.files.get(other).copied();
        }
        let below = SEEM_MISSING_BELOW.contains(&finding.code);
        if !below && !SEEM_MISSING.contains(&finding.code) {
            return None;
        }
        let list = finding.parts.first()?;
        let (node, document) = (list.node?, self.handbook.documents.binary_search_by(|d| d.file().cmp(&finding.place.file)).ok()?);
        self.of_list(document, node, list.section).or_else(|| self.above(document, node, list.section?).filter(|_| below))
    }

    /// What was lost from a list itself; with no section, from any list of the node.
    fn of_list(&self, document: usize, node: usize, section: Option<usize>) -> Option<usize> {
        let sections = match section {
            Some(section) => vec![None, Some(section)],
            None => std::iter::once(None).chain((0..self.handbook.config.sections.len()).map(Some)).collect(),
        };
        let lists = sections.into_iter().flat_map(|section| [None, Some(node)].map(|node| Part { node, section }));
        lists.filter_map(|list| self.lists.get(&(document, list)).copied()).min()
    }

    /// What was lost from what a list inherits.
    fn above(&self, document: usize, node: usize, section: usize) -> Option<usize> {
        let handbook = self.handbook;
        let of_role = |role: RoleId, which: usize| [None, Some(section)].iter().find_map(|s| self.roles.get(s)?[which][role]);
        let Some(family) = self.families.get(&document).copied() else {
            // A block inherits from those before it.
            return (0..handbook.roles.len()).find_map(|role| of_role(role, 1));
        };
        let roles = handbook.roles_of(family);
        // A node that several roles share inherits what they have from elsewhere.
        let from_elsewhere = |role: RoleId| {
            let parents = handbook.roles[role].parents.iter().filter(|p| handbook.roles[p.role].family != family && p.gives(section));
            of_role(role, 1).or_else(|| parents.filter_map(|p| of_role(p.role, 0)).next())
        };
        let front = handbook.front(family);
        match front.node_kind(node) {
            NodeKind::Role(index) => of_role(roles.start + index, 0),
            NodeKind::Family => roles.into_iter().find_map(from_elsewhere),
            NodeKind::Track(track) => {
                let mut on_track = roles.filter(|role| handbook.role_front(*role).track == track);
                self.of_list(document, 0, Some(section)).or_else(|| on_track.find_map(from_elsewhere))
            }
            NodeKind::Specialty(i) => handbook.families[family].specialties[i].roles.iter().find_map(|role| of_role(*role, 0)),
        }
    }
}
