//! Findings in, those that no author has waived out, with what is wrong with the waivers.
//!
//! `<!-- handbook-allow CODE: reason, until 2027-03-01 -->` in Markdown, `# handbook-allow CODE: reason` in YAML. A
//! waiver counts for the item or paragraph in which it stands; alone on its line, for the next one.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::aside::Asides;
use crate::catalogue;
use crate::diagnostic::{Diagnostic, Place};
use crate::ident;
use crate::model::Handbook;
use crate::parse::Document;
use crate::source::date::Date;

const WORD: &str = "handbook-allow";
/// The most waivers in a file: each is looked for around it, and asked about each finding.
pub const MAX_WAIVERS: usize = 500;

/// A waiver as written.
#[derive(Debug)]
struct Waiver {
    /// The codes that it names, with where each stands.
    codes: Vec<(String, Range<usize>)>,
    /// Whether it gives a reason.
    reason: bool,
    /// The last day on which it counts, with where it is written.
    until: Option<(Date, Range<usize>)>,
    /// Where it is written.
    span: Range<usize>,
    /// The bytes for which it counts.
    covers: Range<usize>,
}

/// The findings that are left, and those about the waivers themselves.
pub(super) fn apply(findings: Vec<Diagnostic>, handbook: &Handbook, today: Date) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let by_file = waivers_of(handbook);
    let mut used: HashSet<(Arc<str>, usize)> = HashSet::new();
    let mut told = Vec::new();
    let left = findings
        .into_iter()
        .filter(|finding| {
            let code_at = by_file.get(&finding.place.file).and_then(|waivers| waives(waivers, finding, today));
            if let Some(at) = code_at {
                used.insert((Arc::clone(&finding.place.file), at));
            }
            code_at.is_none()
        })
        .collect();
    let mut files: Vec<_> = by_file.iter().collect();
    files.sort_by_key(|(file, _)| Arc::clone(file));
    for (file, waivers) in files {
        for waiver in waivers {
            let is_used = |at: usize| used.contains(&(Arc::clone(file), at));
            check_one(waiver, file, handbook, today, &is_used, &mut told);
        }
        let document = handbook.documents.iter().find(|d| d.file() == file);
        if let Some((at, _)) = document.and_then(|d| d.text().match_indices(WORD).nth(MAX_WAIVERS)) {
            let message = format!("this file has more than {MAX_WAIVERS} waivers; this one and those after it do not count");
            let finding = Diagnostic::error("too-large", Place::new(file, at..at + WORD.len()), message);
            told.push(finding.help("mend what they waive, or turn the finding off for this directory in handbook.yml"));
        }
    }
    (left, told)
}

/// Findings that no waiver covers, for those that come later; waivers themselves are not looked at.
pub fn left_standing(findings: Vec<Diagnostic>, handbook: &Handbook, today: Date) -> Vec<Diagnostic> {
    let by_file = waivers_of(handbook);
    findings.into_iter().filter(|f| by_file.get(&f.place.file).and_then(|waivers| waives(waivers, f, today)).is_none()).collect()
}

fn waivers_of(handbook: &Handbook) -> HashMap<Arc<str>, Vec<Waiver>> {
    let read = handbook.documents.par_iter().with_min_len(16).filter(|d| d.text().contains(WORD));
    read.map(|document| (Arc::clone(document.file()), read_all(document))).collect()
}

/// Where the code stands by which a waiver covers a finding.
fn waives(waivers: &[Waiver], finding: &Diagnostic, today: Date) -> Option<usize> {
    if catalogue::named(finding.code).is_none_or(|lint| lint.firm) {
        return None;
    }
    let counts = |w: &&Waiver| w.covers.contains(&finding.place.span.start) && w.until.as_ref().is_none_or(|(until, _)| today <= *until);
    let code = |w: &Waiver| w.codes.iter().find(|(code, _)| code == finding.code).map(|(_, at)| at.start);
    waivers.iter().filter(counts).find_map(code)
}

fn check_one(waiver: &Waiver, file: &Arc<str>, handbook: &Handbook, today: Date, is_used: &dyn Fn(usize) -> bool, told: &mut Vec<Diagnostic>) {
    let place = |span: &Range<usize>| Place::new(file, span.clone());
    if waiver.codes.is_empty() {
        let finding = Diagnostic::warning("waiver-unknown", place(&waiver.span), "this waiver names no finding")
            .help("write `handbook-allow CODE: reason`; the code stands in brackets after `error` or `warning`");
        told.push(finding);
        return;
    }
    if !waiver.reason {
        let finding = Diagnostic::warning("waiver-without-reason", place(&waiver.span), "this waiver gives no reason")
            .help("write it after a colon: `handbook-allow CODE: reason`");
        told.push(finding);
    }
    let expired = waiver.until.as_ref().filter(|(until, _)| *until < today);
    if let Some((until, at)) = expired {
        let finding = Diagnostic::warning("waiver-expired", place(at), format!("this waiver counted until {until}"))
            .help("mend what it waived, or look at it again and set another day");
        told.push(finding);
    }
    for (code, at) in &waiver.codes {
        match catalogue::named(code) {
            None => told.push(
                Diagnostic::warning("waiver-unknown", place(at), format!("no finding is called `{code}`"))
                    .meant(ident::nearest(code, catalogue::all().map(|l| l.code)))
                    .help("the code of a finding stands in brackets after `error` or `warning`"),
            ),
            Some(lint) if lint.firm => told.push(
                Diagnostic::warning("waiver-unknown", place(at), format!("`{code}` cannot be waived"))
                    .help("with it, pages would say what nobody wrote; mend it"),
            ),
            // What was not looked for cannot be missed.
            Some(_) if *code == "link-dead" || !handbook.config.lints.is_on(code) => {}
            Some(_) if expired.is_none() && !is_used(at.start) => told.push(
                Diagnostic::warning("waiver-unused", place(at), format!("there is no `{code}` here to waive"))
                    .help("delete the waiver, or move it to the line of the finding or the one above"),
            ),
            Some(_) => {}
        }
    }
}

fn read_all(document: &Document) -> Vec<Waiver> {
    let text = document.text();
    let asides = Asides::of(document);
    let mut waivers = Vec::new();
    for (at, _) in text.match_indices(WORD).take(MAX_WAIVERS) {
        let line_start = text[..at].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[at..].find('\n').map_or(text.len(), |i| at + i);
        let opens = if at < document.body { "#" } else { "<!--" };
        let Some(open) = text[line_start..at].rfind(opens).map(|i| line_start + i) else { continue };
        if !text[open + opens.len()..at].trim().is_empty() || at >= document.body && asides.in_code(line_start) {
            continue;
        }
        let closing = if at < document.body { None } else { text[at..].find("-->").map(|i| at + i) };
        let (end, close) = closing.map_or((line_end, line_end), |end| (end, end + "-->".len()));
        let inner = at + WORD.len()..end;
        let alone = text[line_start..open].trim().is_empty() && text[close..].lines().next().is_none_or(|rest| rest.trim().is_empty());
        let covers = if alone { next_block(text, close, at < document.body) } else { own_block(text, line_start, close, at < document.body) };
        let mut waiver = read_one(text, inner);
        (waiver.span, waiver.covers) = (open..open + text[open..close].trim_end().len(), covers);
        waivers.push(waiver);
    }
    waivers
}

/// `CODE, CODE: reason, until 2027-03-01`
fn read_one(text: &str, inner: Range<usize>) -> Waiver {
    let written = &text[inner.clone()];
    let (codes, reason) = written.split_once(':').unwrap_or((written, ""));
    let located = |word: &str| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        start..start + word.len()
    };
    let codes = codes.split([' ', ',', '\t', '\n']).filter(|c| !c.is_empty()).map(|c| (c.to_owned(), located(c))).collect();
    let (mut reason, mut until) = (reason.trim(), None);
    let day = reason.rsplit_once("until ").filter(|(before, _)| before.is_empty() || before.ends_with([' ', ',', ';']));
    if let Some((before, date)) =
        day.and_then(|(before, day)| Date::parse(day.trim().trim_end_matches('.')).map(|date| (before, (date, located(day.trim())))))
    {
        reason = before.trim().trim_end_matches([',', ';']);
        until = Some(date);
    }
    Waiver { codes, reason: !reason.trim().is_empty(), until, span: inner.clone(), covers: inner }
}

fn is_item(line: &str) -> bool {
    let bare = line.trim_start();
    bare.starts_with(['-', '*', '+']) && bare[1..].starts_with(' ')
        || bare.split_once(['.', ')']).is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The item or paragraph that comes after a waiver that stands alone; other waivers between are passed over.
fn next_block(text: &str, from: usize, in_yaml: bool) -> Range<usize> {
    let mut at = text[from..].find('\n').map_or(text.len(), |i| from + i + 1);
    let mut start = None;
    for line in text[at..].split_inclusive('\n') {
        let bare = line.trim();
        let is_comment = if in_yaml { bare.starts_with('#') } else { bare.starts_with("<!--") && bare.ends_with("-->") };
        match start {
            None if bare.is_empty() || is_comment => {}
            None => start = Some(at),
            Some(start) if bare.is_empty() || in_yaml || is_item(line) || bare.starts_with('#') => return start..at,
            Some(_) => {}
        }
        at += line.len();
    }
    start.unwrap_or(at)..at
}

/// The item or paragraph in which a waiver stands, up to its end.
fn own_block(text: &str, line_start: usize, close: usize, in_yaml: bool) -> Range<usize> {
    let end = text[close..].find('\n').map_or(text.len(), |i| close + i);
    let mut start = line_start;
    while !in_yaml && start > 0 && !is_item(&text[start..]) && !text[start..].starts_with('#') {
        let above = text[..start - 1].rfind('\n').map_or(0, |i| i + 1);
        if text[above..start].trim().is_empty() || text[above..start].trim_end() == "---" {
            break;
        }
        start = above;
    }
    start..end
}
