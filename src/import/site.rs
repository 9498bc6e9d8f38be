//! What all pages have in common in, `handbook.yml` out: grades, one scale for each division, wordings of sections,
//! addresses beyond the pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::outline::Draft;
use super::write::scalar;
use crate::ident;

/// What `handbook.yml` says.
#[derive(Debug, Default, Clone)]
pub struct Site {
    /// All grades.
    grades: BTreeSet<i64>,
    /// Grades by division: the department of the first directory.
    divisions: BTreeMap<String, BTreeSet<i64>>,
    /// Other wordings of sections.
    aliases: BTreeMap<&'static str, BTreeMap<String, String>>,
    /// Addresses that something else serves.
    pub outside: BTreeSet<String>,
    /// Whether items are exact copies of inherited ones.
    pub copies: bool,
    /// Findings that are lowered to warnings.
    pub lowered: BTreeSet<&'static str>,
}

impl Site {
    /// What the drafts have in common.
    pub fn of(drafts: &[Draft]) -> Self {
        let mut site = Site::default();
        let families: BTreeSet<&str> = drafts.iter().filter(|d| !d.roles.is_empty()).map(Draft::id).collect();
        for draft in drafts {
            let grades = &draft.grades;
            site.grades.extend(grades);
            if let Some((division, _)) = draft.id().split_once('/')
                && !families.contains(division)
                && !grades.is_empty()
            {
                site.divisions.entry(ident::file_slug(division)).or_default().extend(grades);
            }
            for (section, wording) in &draft.aliases {
                site.aliases.entry(section).or_default().entry(ident::loose(wording)).or_insert_with(|| wording.clone());
            }
        }
        site
    }

    /// The text of `handbook.yml`.
    pub fn text(&self) -> String {
        let mut out = String::from("title: Job families\n");
        let list = |grades: &BTreeSet<i64>| grades.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        if !self.grades.is_empty() {
            let _ = writeln!(out, "\n# The grades that the imported pages state.\ngrades: [{}]", list(&self.grades));
        }
        if !self.divisions.is_empty() {
            let scales = scales(&self.divisions);
            out.push_str("grade_scales:\n");
            for (scale, grades) in scales.iter().zip(self.divisions.values()) {
                let _ = writeln!(out, "  {}: [{}]", scalar(scale), list(grades));
            }
            out.push_str("departments:\n");
            for (scale, division) in scales.iter().zip(self.divisions.keys()) {
                let _ = writeln!(out, "  {}: {{grade_scale: {}}}", scalar(division), scalar(scale));
            }
        }
        if !self.aliases.is_empty() {
            out.push_str("\n# Other wordings of headings in the imported pages.\nsections:\n");
            for (section, wordings) in &self.aliases {
                let wordings: Vec<String> = wordings.values().map(|w| scalar(w)).collect();
                let _ = writeln!(out, "  {section}: {{aliases: [{}]}}", wordings.join(", "));
            }
        }
        if !self.outside.is_empty() {
            out.push_str("\n# Addresses in the imported pages that none of them has. What is served elsewhere can stay; what should be a page of this\n# handbook leaves the list, and its links are checked again.\nlinks:\n  outside:\n");
            for pattern in &self.outside {
                let _ = writeln!(out, "    - {}", serde_json::to_string(pattern).expect("a text is JSON"));
            }
        }
        if !self.lowered.is_empty() || self.copies {
            out.push_str("\n# Dead links and copies in the old pages do not stop a build. Take a line out once they are mended.\nlints:\n");
        }
        for code in &self.lowered {
            let _ = writeln!(out, "  {code}: warning");
        }
        if self.copies {
            out.push_str("  restated: info\n");
        }
        out
    }
}

/// The ids of the scales, one for each division in order.
fn scales(divisions: &BTreeMap<String, BTreeSet<i64>>) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::from(["default".to_owned()]);
    let mut take = |division: &String| {
        let plain = division.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let base = Some(plain.trim_matches('-')).filter(|b| !b.is_empty()).unwrap_or("division");
        let mut numbered = (2..).map(|n| format!("{base}-{n}"));
        let id = if taken.contains(base) { numbered.find(|id| !taken.contains(id)) } else { None };
        let id = id.unwrap_or_else(|| base.to_owned());
        taken.insert(id.clone());
        id
    };
    divisions.keys().map(&mut take).collect()
}
