//! `handbook stats`.

use std::borrow::Cow;
use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{Failure, GOOD, Global, print};
use crate::model::Handbook;
use crate::report::screen::{Screen, Style::Bold, Style::Faint};
use crate::resolve::resolve;
use crate::snapshot::relate;
use crate::stats::{self, HUGE_STEP, Place, Stats, Step};

/// Counts, repeated items, and the size of the step between neighbouring levels.
#[derive(Debug, Args)]
pub struct StatsVerb {
    /// The form
    #[arg(long, default_value = "text")]
    format: StatsFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StatsFormat {
    Text,
    Json,
}

/// One of each kind that is counted.
const ONE: [&str; 5] = ["family", "role", "specialty", "composition", "item"];
/// So many entries of each list are printed as text.
const SHOWN: usize = 10;

impl StatsVerb {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        let tree = global.read()?;
        let handbook: Handbook = relate(&tree);
        let found = stats::of(&handbook, &resolve(&handbook));
        match self.format {
            StatsFormat::Text => print::out(&as_text(&found))?,
            StatsFormat::Json => print::json(&as_json(&found))?,
        }
        Ok(GOOD)
    }
}

fn as_text(found: &Stats) -> String {
    let mut out = Screen::default();
    let counted = |((several, n), one): (&(&str, usize), &str)| if *n == 1 { format!("1 {one}") } else { format!("{n} {several}") };
    let counts: Vec<String> = found.counts.iter().zip(ONE).map(counted).collect();
    let _ = writeln!(out, "{}", counts.join(", "));
    heading(&mut out, "Written more than once", found.repeated.len());
    for repeated in found.repeated.iter().take(SHOWN) {
        let how = if repeated.likeness >= 1.0 { "the same" } else { "nearly the same" };
        let _ = writeln!(out, "  {} in {}: it could stand on {}", how, repeated.section, repeated.home);
        for place in &repeated.places {
            out.plain(format_args!("    {}  ", place.text)).styled(Faint, format_args!("{}:{}", place.file, place.line)).plain("\n");
        }
    }
    let (empty, huge): (Vec<&Step>, Vec<&Step>) =
        (found.steps.iter().filter(|s| s.size() == 0).collect(), found.steps.iter().filter(|s| s.size() >= HUGE_STEP).collect());
    heading(&mut out, "Steps with nothing in them", empty.len());
    empty.iter().take(SHOWN).for_each(|step| step_line(&mut out, step));
    heading(&mut out, "Steps of many items", huge.len());
    huge.iter().take(SHOWN).for_each(|step| step_line(&mut out, step));
    heading(&mut out, "Specialties that say different things in different families", found.drifted.len());
    for drifted in found.drifted.iter().take(SHOWN) {
        let _ = writeln!(out, "  {}: {} of {} items stand in all of {}", drifted.id, drifted.shared, drifted.all, drifted.nodes.join(", "));
    }
    heading(&mut out, "Requirements by how many active roles share them", found.requirements.len());
    for shared in found.requirements.iter().take(SHOWN) {
        let _ = writeln!(out, "  {:>5}  {}", shared.roles, first_words(&shared.text));
    }
    let alone = found.requirements.iter().filter(|r| r.roles == 1).count();
    if alone > 0 {
        let _ = writeln!(out, "  {alone} of one role alone");
    }
    out.text()
}

/// So many characters of a requirement are printed as text.
const LONGEST: usize = 80;

fn first_words(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        None => text.into(),
        Some((end, _)) => format!("{} \u{2026}", text[..end].rsplit_once(' ').map_or(&text[..end], |(whole, _)| whole)).into(),
    }
}

fn heading(out: &mut Screen, title: &str, count: usize) {
    let cut = if count > SHOWN { format!(", the first {SHOWN}") } else { String::new() };
    out.plain("\n").styled(Bold, title).plain(format_args!(" ({count}{cut})\n"));
}

fn step_line(out: &mut Screen, step: &Step) {
    let _ = writeln!(out, "  {} -> {}: {} new, {} replaced, {} removed", step.from, step.to, step.added, step.replaced, step.removed);
}

fn as_json(found: &Stats) -> Value {
    let place = |p: &Place| json!({"node": p.node, "file": p.file, "line": p.line, "text": p.text});
    let counts: serde_json::Map<String, Value> = found.counts.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
    let two_digits = |n: f64| (n * 100.0).round() / 100.0;
    json!({
        "format": 1,
        "counts": counts,
        "repeated": found.repeated.iter().map(|r| json!({
            "section": r.section, "likeness": two_digits(r.likeness), "home": r.home, "places": r.places.iter().map(place).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "steps": found.steps.iter().map(|s| json!({
            "from": s.from, "to": s.to, "added": s.added, "replaced": s.replaced, "removed": s.removed, "size": s.size(),
        })).collect::<Vec<_>>(),
        "drifted_specialties": found.drifted.iter().map(|d| json!({"id": d.id, "nodes": d.nodes, "shared": d.shared, "all": d.all})).collect::<Vec<_>>(),
        "requirements": found.requirements.iter().map(|r| json!({"key": r.key, "text": r.text, "roles": r.roles})).collect::<Vec<_>>(),
    })
}
