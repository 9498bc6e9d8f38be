//! `lints:` of handbook.yml in, the level of every lint in every file out, and the options of those that have some.
//!
//! ```yaml
//! lints:
//!   grade-missing: error
//!   years-of-experience: {level: warning, error_grades: ">=8"}
//!   "imported/**": {restated: "off", grade-missing: info}
//! ```

use super::Comparison;
use super::blocks::comparisons;
use super::pattern::Pattern;
use super::read::{named, one_of};
use crate::catalogue;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::ident;
use crate::yaml::fields::{Fields, Findings};
use crate::yaml::{Node, Value};

/// The levels of lints, and their options.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// For the whole site.
    site: Vec<(&'static str, Option<Severity>)>,
    /// For files by pattern; later ones win.
    pub globs: Vec<ByGlob>,
    /// `file-oversized`: kibibytes that a file may have.
    pub max_kb: usize,
    /// `nearly-restated`: which part of the words must be the same.
    pub restated_similarity: f64,
    /// `near-duplicate`: which part of the words must be the same.
    pub duplicate_similarity: f64,
    /// `item-count`: the fewest items of a list.
    pub min_items: usize,
    /// `item-count`: the most items of a list.
    pub max_items: usize,
    /// `years-of-experience`: the grades for which it is an error.
    pub error_grades: Vec<(Comparison, i64)>,
}

/// Levels for the files that a pattern fits.
#[derive(Debug, Clone, PartialEq)]
pub struct ByGlob {
    pattern: Pattern,
    levels: Vec<(&'static str, Option<Severity>)>,
    /// Where the pattern is written.
    pub place: Place,
}

impl ByGlob {
    /// Whether the pattern fits a file, given from the site's root; patterns may leave `content/` out.
    pub fn fits(&self, file: &str) -> bool {
        let inner = file.strip_prefix("content/").unwrap_or(file);
        self.pattern.fits(file) || self.pattern.fits(inner)
    }

    /// The pattern as written.
    pub fn pattern(&self) -> &str {
        self.pattern.as_str()
    }
}

impl Default for Levels {
    fn default() -> Self {
        Levels {
            site: Vec::new(),
            globs: Vec::new(),
            max_kb: 100,
            restated_similarity: 0.8,
            duplicate_similarity: 0.8,
            min_items: 0,
            max_items: 60,
            error_grades: Vec::new(),
        }
    }
}

impl Levels {
    /// The level of a lint in a file; none is off. A finding that no table knows keeps its own.
    pub fn of(&self, code: &str, file: &str, own: Severity) -> Option<Severity> {
        let Some(lint) = catalogue::named(code) else { return Some(own) };
        let last = |levels: &[(&'static str, Option<Severity>)]| levels.iter().rev().find(|(c, _)| *c == code).map(|(_, level)| *level);
        let by_glob = self.globs.iter().rev().filter(|g| g.fits(file)).find_map(|g| last(&g.levels));
        by_glob.or_else(|| last(&self.site)).unwrap_or(lint.level)
    }

    /// Whether a lint is told anywhere.
    pub fn is_on(&self, code: &str) -> bool {
        let own = catalogue::named(code).is_none_or(|lint| lint.level.is_some());
        let site = self.site.iter().rev().find(|(c, _)| *c == code).map_or(own, |(_, level)| level.is_some());
        site || self.globs.iter().flat_map(|g| &g.levels).any(|(c, level)| *c == code && level.is_some())
    }
}

/// Reads `lints:`.
pub fn read(levels: &mut Levels, node: &Node, findings: &mut Findings<'_>) {
    for (name, span, node) in named(node, "lints", findings) {
        if !name.contains(['/', '*']) {
            if let Some(set) = read_one(levels, name, &span, node, true, findings) {
                levels.site.push(set);
            }
            continue;
        }
        if !matches!(node.value, Value::Map(_)) {
            let finding = Diagnostic::error("wrong-type", findings.place(&node.span), format!("`{name}` says of no finding how it is told there"))
                .help(format!("name the findings: \"{name}\": {{years-of-experience: \"off\", placeholder: info}}"));
            findings.list.push(finding);
            continue;
        }
        let whole = if name.ends_with('/') { format!("{name}**") } else { name.to_owned() };
        match Pattern::new(&whole) {
            Ok(pattern) => {
                let mut of_glob = Vec::new();
                for (code, at, node) in named(node, name, findings) {
                    of_glob.extend(read_one(levels, code, &at, node, false, findings));
                }
                levels.globs.push(ByGlob { pattern, levels: of_glob, place: findings.place(&span) });
            }
            Err(error) => {
                let finding = Diagnostic::error("wrong-type", findings.place(&span), format!("`{name}` is not a pattern: {error}"))
                    .help("write a path below content/ with `*` for part of a name and `**` for any number of names");
                findings.list.push(finding);
            }
        }
    }
}

/// The level that an entry sets, if it is one; options go to `levels`.
fn read_one(
    levels: &mut Levels,
    code: &str,
    span: &std::ops::Range<usize>,
    node: &Node,
    with_options: bool,
    findings: &mut Findings<'_>,
) -> Option<(&'static str, Option<Severity>)> {
    let Some(lint) = catalogue::named(code) else {
        let finding = Diagnostic::error("unknown-key", findings.place(span), format!("no finding is called `{code}`"))
            .meant(ident::nearest(code, catalogue::all().map(|l| l.code)))
            .help("the name of a finding stands in brackets after `error` or `warning`; a key with `/` or `*` is a pattern of files");
        findings.list.push(finding);
        return None;
    };
    if lint.firm {
        let finding = Diagnostic::error("wrong-type", findings.place(span), format!("`{code}` is always an error"))
            .help("it cannot be turned down: pages would say what nobody wrote");
        findings.list.push(finding);
        return None;
    }
    let words = [("off", None), ("info", Some(Severity::Info)), ("warning", Some(Severity::Warning)), ("error", Some(Severity::Error))];
    match &node.value {
        Value::Text(text) => one_of(text, &node.span, code, &words, findings).map(|level| (lint.code, level)),
        Value::Bool(false) => Some((lint.code, None)),
        Value::Map(_) if with_options => {
            let mut fields = Fields::of(node, &format!("`{code}`"), findings)?;
            let level = fields.text("level", findings).and_then(|(text, at)| one_of(text, &at, "level", &words, findings));
            read_options(levels, lint.code, &mut fields, findings);
            fields.finish(&format!("`{code}`"), [], findings);
            level.map(|level| (lint.code, level))
        }
        _ => {
            findings.wrong_type(node, code, "`off`, `info`, `warning` or `error`");
            None
        }
    }
}

fn read_options(levels: &mut Levels, code: &str, fields: &mut Fields<'_>, findings: &mut Findings<'_>) {
    match code {
        "file-oversized" => count(fields, "max_kb", &mut levels.max_kb, findings),
        "nearly-restated" => part(fields, &mut levels.restated_similarity, findings),
        "near-duplicate" => part(fields, &mut levels.duplicate_similarity, findings),
        "item-count" => {
            count(fields, "min", &mut levels.min_items, findings);
            let max = fields.key_span("max");
            count(fields, "max", &mut levels.max_items, findings);
            if let Some(span) = max.filter(|_| levels.max_items < levels.min_items) {
                let finding = Diagnostic::error("wrong-type", findings.place(&span), "`max` is less than `min`, so no count would be right")
                    .help("write the smaller number at `min`");
                findings.list.push(finding);
                (levels.min_items, levels.max_items) = (0, usize::MAX);
            }
        }
        "years-of-experience" => {
            if let Some(node) = fields.take("error_grades") {
                levels.error_grades = comparisons(node, "error_grades", findings);
            }
        }
        _ => {}
    }
}

fn count(fields: &mut Fields<'_>, key: &'static str, value: &mut usize, findings: &mut Findings<'_>) {
    let Some(node) = fields.take(key) else { return };
    match node.value {
        Value::Integer(n) if n >= 0 => *value = n as usize,
        _ => findings.wrong_type(node, key, "a whole number from 0"),
    }
}

fn part(fields: &mut Fields<'_>, value: &mut f64, findings: &mut Findings<'_>) {
    let Some(node) = fields.take("similarity") else { return };
    match node.value {
        Value::Float(n) if (0.5..=1.0).contains(&n) => *value = n,
        Value::Integer(1) => *value = 1.0,
        _ => findings.wrong_type(node, "similarity", "a number from 0.5 to 1"),
    }
}
