//! Findings in, those that no author has waived out, with what is wrong with the waivers.
//!
//! `<!-- handbook-allow CODE: reason, until 2027-03-01 -->` in Markdown, `# handbook-allow CODE: reason` in YAML. A
//! waiver counts for the item or paragraph in which it stands; alone on its line, for the next one.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::Sheet;
use super::aside::Aside;
use super::spaces;
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
    /// Where a day stands that cannot be read.
    unread: Option<Range<usize>>,
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
        .filter_map(|finding| {
            let Some(waivers) = by_file.get(&finding.place.file) else { return Some(finding) };
            let (code, file) = (finding.code, Arc::clone(&finding.place.file));
            let mut is_waived = |offset: usize| {
                let code_at = waives(waivers, code, offset, today);
                used.extend(code_at.map(|at| (Arc::clone(&file), at)));
                code_at.is_some()
            };
            match code {
                // Of all its lines it shows the first.
                "trailing-space" => spaces::without(finding, is_waived),
                _ => (!is_waived(finding.place.span.start)).then_some(finding),
            }
        })
        .collect();
    let mut files: Vec<_> = by_file.iter().collect();
    files.sort_by_key(|(file, _)| Arc::clone(file));
    for (file, waivers) in files {
        for waiver in &waivers.all {
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
    findings
        .into_iter()
        .filter(|f| by_file.get(&f.place.file).and_then(|waivers| waives(waivers, f.code, f.place.span.start, today)).is_none())
        .collect()
}

/// Comments that are nearly waivers, in capitals or with a space for the hyphen: they waive nothing.
pub(super) fn misspelt(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let (document, text) = (sheet.document, sheet.document.text());
    let in_yaml = text[..document.body].match_indices('#').filter(|(at, _)| sheet.aside.comment_on_line(*at) == Some(*at));
    let comments = text[document.body..].match_indices("<!--").map(|(at, mark)| (document.body + at, mark));
    let in_body = comments.filter(|(at, _)| !sheet.aside.body().is_code(*at));
    for (at, mark) in in_yaml.chain(in_body) {
        let inner = text[at + mark.len()..].trim_start();
        let Some(written) = inner.get(..WORD.len()).filter(|word| *word != WORD) else { continue };
        if inner[WORD.len()..].starts_with(char::is_alphanumeric) {
            continue;
        }
        if written.to_ascii_lowercase().replace([' ', '_'], "-") == WORD {
            let start = text.len() - inner.len();
            let place = document.place(start..start + WORD.len());
            findings.push(
                Diagnostic::warning("waiver-unknown", place, format!("`{written}` is read as a comment and waives nothing"))
                    .help("write `handbook-allow CODE: reason`, in small letters and with the hyphen"),
            );
        }
    }
}

/// The waivers of a file.
struct Waivers {
    /// In the order of what they cover.
    all: Vec<Waiver>,
    /// For each, how far it and those before it reach: who looks for a place from behind can stop there.
    reach: Vec<usize>,
}

impl Waivers {
    fn of(document: &Document) -> Waivers {
        let mut all = read_all(document);
        all.sort_by_key(|w| w.covers.start);
        let mut furthest = 0;
        let mut reach = Vec::with_capacity(all.len());
        for waiver in &all {
            furthest = furthest.max(waiver.covers.end);
            reach.push(furthest);
        }
        Waivers { all, reach }
    }

    /// Those that cover a byte.
    fn at(&self, offset: usize) -> impl Iterator<Item = &Waiver> {
        let before = self.all.partition_point(|w| w.covers.start <= offset);
        (0..before).rev().take_while(move |i| self.reach[*i] > offset).map(|i| &self.all[i]).filter(move |w| w.covers.contains(&offset))
    }
}

fn waivers_of(handbook: &Handbook) -> HashMap<Arc<str>, Waivers> {
    let read = handbook.documents.par_iter().with_min_len(16).filter(|d| d.text().contains(WORD));
    read.map(|document| (Arc::clone(document.file()), Waivers::of(document))).collect()
}

/// Where the code stands by which a waiver covers a finding at a byte.
fn waives(waivers: &Waivers, finding: &'static str, offset: usize, today: Date) -> Option<usize> {
    if catalogue::named(finding).is_none_or(|lint| lint.firm) {
        return None;
    }
    let counts = |w: &&Waiver| w.until.as_ref().is_none_or(|(until, _)| today <= *until);
    let code = |w: &Waiver| w.codes.iter().find(|(code, _)| code == finding).map(|(_, at)| at.start);
    waivers.at(offset).filter(counts).filter_map(code).min()
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
    if let Some(at) = &waiver.unread {
        let finding = Diagnostic::warning("waiver-day", place(at), "the day until which this waiver counts cannot be read")
            .help("write year, month and day, such as `until 2027-03-01`; until then it counts for ever");
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
    let aside = Aside::of(document);
    let mut waivers = Vec::new();
    for (at, _) in text.match_indices(WORD).take(MAX_WAIVERS) {
        let Some((open, mark)) = opening(document, &aside, at) else { continue };
        if !text[open + mark.len()..at].trim().is_empty() {
            continue;
        }
        let line_start = text[..open].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[at..].find('\n').map_or(text.len(), |i| at + i);
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

/// Where the comment begins in which a waiver stands, and its mark; none where that is no comment.
fn opening(document: &Document, aside: &Aside<'_>, at: usize) -> Option<(usize, &'static str)> {
    if at < document.body {
        return aside.comment_on_line(at).filter(|open| *open < at).map(|open| (open, "#"));
    }
    // Between the mark and the word there is white space at most.
    let open = document.text()[..at].trim_end().strip_suffix("<!--")?.len();
    (!aside.body().is_code(open)).then_some((open, "<!--"))
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
    let (mut reason, mut until, mut unread) = (reason.trim(), None, None);
    if let Some((before, day)) = day_of(reason) {
        match Date::parse(day) {
            Some(date) => until = Some((date, located(day))),
            None => unread = Some(located(day)),
        }
        reason = before;
    }
    Waiver { codes, reason: !reason.trim().is_empty(), until, unread, span: inner.clone(), covers: inner }
}

/// The reason and the day of `asked for by law, until 2027-03-01`. What follows *until* is meant as a day where it begins
/// with a digit, and where a comma or nothing stands before it; else it belongs to the reason.
fn day_of(reason: &str) -> Option<(&str, &str)> {
    let (before, day) = reason.rsplit_once("until ")?;
    let day = day.trim().trim_end_matches('.');
    let bare = before.trim_end();
    let apart = bare.is_empty() || bare.ends_with([',', ';']);
    let is_word = before.is_empty() || before.ends_with([' ', ',', ';']);
    (is_word && !day.is_empty() && (apart || day.starts_with(|c: char| c.is_ascii_digit()))).then(|| (bare.trim_end_matches([',', ';']), day))
}

fn is_item(text: &str) -> bool {
    let bare = text.lines().next().unwrap_or("").trim_start();
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    bare.starts_with(['-', '*', '+']) && bare[1..].starts_with(' ') || digits > 0 && bare[digits..].starts_with(['.', ')'])
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
