//! Findings in, mended files out: only what is safe, every other byte as it was. The only home of similar.
//!
//! Edits are made to the text as it was read (without byte order mark, `\n` at line ends) and carried over to the bytes on
//! the disk. A mend that would bring a new error with it is not made.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use similar::TextDiff;

use crate::diagnostic::{Diagnostic, Fix, Lines, Severity};
use crate::snapshot::Snapshot;
use crate::source::{SourceError, SourceTree, bytes};

/// A file with what is mended in it.
#[derive(Debug)]
pub struct Mended {
    /// Its path from the site's root.
    pub path: Arc<str>,
    /// What was done, in the order of the file: the line where it stood, and part of a sentence.
    pub done: Vec<(usize, String)>,
    before: Vec<u8>,
    after: Vec<u8>,
}

/// What can be mended, and what cannot because something else would break.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files that change.
    pub files: Vec<Mended>,
    /// Files that are left alone, for mending them would make a new error, with what that is.
    pub left: BTreeMap<Arc<str>, String>,
}

/// An edit: the bytes that are replaced, and by what.
type Edit = (Range<usize>, String);

/// Finds out what can be mended of the findings that are wanted; nothing is written.
pub fn plan(snapshot: &Snapshot, is_wanted: &dyn Fn(&Diagnostic) -> bool) -> Result<Plan, SourceError> {
    let mut fixes: BTreeMap<Arc<str>, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in snapshot.findings.iter().filter(|f| f.fix.is_some() && f.place.file.starts_with("content/") && is_wanted(f)) {
        fixes.entry(Arc::clone(&finding.place.file)).or_default().push(finding);
    }
    let mut plan = Plan::default();
    // Each round leaves out at least one file.
    while let Some(left) = files_that_break(snapshot, &fixes) {
        left.keys().for_each(|file| drop(fixes.remove(file)));
        plan.left.extend(left);
    }
    for (path, findings) in fixes {
        plan.files.extend(mended(&snapshot.tree, path, &findings)?);
    }
    Ok(plan)
}

/// The files that must be left alone because there would be more errors than before, each with a new one; none where all
/// is well.
fn files_that_break(snapshot: &Snapshot, fixes: &BTreeMap<Arc<str>, Vec<&Diagnostic>>) -> Option<BTreeMap<Arc<str>, String>> {
    if fixes.is_empty() {
        return None;
    }
    let texts = fixes.iter().filter_map(|(path, findings)| {
        let text = snapshot.tree.text(path)?;
        Some((Arc::clone(path), applied(text, &edits_of(findings, text).0)))
    });
    let after = Snapshot::build(snapshot.tree.with(&texts.collect()), snapshot.drafts);
    let (before, now) = (errors_by_file(snapshot), errors_by_file(&after));
    let is_worse = |(file, errors): &(&Arc<str>, &Vec<&Diagnostic>)| before.get(*file).map_or(0, Vec::len) < errors.len();
    let new_one = |(file, errors): (&Arc<str>, &Vec<&Diagnostic>)| {
        let known =
            |error: &&&Diagnostic| before.get(file).is_some_and(|all| all.iter().any(|b| (b.code, &b.message) == (error.code, &error.message)));
        let new = errors.iter().find(|e| !known(e)).or(errors.last())?;
        let line = Lines::of(after.tree.text(file).unwrap_or_default()).position(new.place.span.start).line;
        Some((Arc::clone(file), format!("a new error, {file}:{line}: {}", new.message)))
    };
    let worse: BTreeMap<Arc<str>, String> = now.iter().filter(is_worse).filter_map(new_one).collect();
    let elsewhere = worse.values().next()?.clone();
    let own: BTreeMap<Arc<str>, String> = worse.into_iter().filter(|(file, _)| fixes.contains_key(file)).collect();
    // Errors elsewhere come from a heading whose anchor is another now, or from an item that is gone: nobody knows whose.
    Some(if own.is_empty() { fixes.keys().map(|file| (Arc::clone(file), elsewhere.clone())).collect() } else { own })
}

fn errors_by_file(snapshot: &Snapshot) -> BTreeMap<Arc<str>, Vec<&Diagnostic>> {
    let mut errors: BTreeMap<Arc<str>, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in snapshot.findings.iter().filter(|f| f.severity == Severity::Error) {
        errors.entry(Arc::clone(&finding.place.file)).or_default().push(finding);
    }
    errors
}

/// The edits of findings in order, and what they do; of two that touch the same bytes the first counts.
fn edits_of(findings: &[&Diagnostic], text: &str) -> (Vec<Edit>, Vec<(usize, String)>) {
    let mut edits: Vec<Edit> = Vec::new();
    let mut done = Vec::new();
    for finding in findings {
        let Some(Fix { says, edits: more }) = &finding.fix else { continue };
        let touches = |a: &Range<usize>| edits.iter().any(|(b, _)| a.start < b.end && b.start < a.end || a == b);
        let fresh: Vec<&Edit> = more.iter().filter(|(span, _)| !touches(span)).collect();
        if fresh.is_empty() || fresh.len() < more.len() && more.len() < 2 {
            continue;
        }
        edits.extend(fresh.into_iter().cloned());
        done.push((finding.place.span.start, says.clone()));
    }
    // The line before the last needs no second end when the last is taken away.
    let last_goes = |(span, new): &Edit| {
        span.end == text.len() && new.is_empty() && span.start < span.end && (span.start == 0 || text[..span.start].ends_with('\n'))
    };
    if edits.iter().any(last_goes) {
        edits.retain(|(span, _)| span.start < text.len());
    }
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    (edits, done)
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for (span, new) in edits {
        out.push_str(&text[at..span.start]);
        out.push_str(new);
        at = span.end;
    }
    out.push_str(&text[at..]);
    out
}

/// A file with its edits carried over to the bytes on the disk; none where these are no longer what was read.
fn mended(tree: &SourceTree, path: Arc<str>, findings: &[&Diagnostic]) -> Result<Option<Mended>, SourceError> {
    let before = bytes(&tree.root, &path)?;
    let text = tree.text(&path).unwrap_or_default();
    if *crate::source::from_bytes(Arc::clone(&path), before.clone()).text != *text {
        return Ok(None);
    }
    let (edits, done) = edits_of(findings, text);
    let places = places_on_disk(&before, text.len());
    let line_end = if before.windows(2).any(|pair| pair == b"\r\n") { "\r\n" } else { "\n" };
    let mut after = Vec::with_capacity(before.len() + 64);
    let mut at = 0;
    for (span, new) in edits {
        after.extend_from_slice(&before[at..places[span.start]]);
        after.extend_from_slice(new.replace('\n', line_end).as_bytes());
        at = places[span.end];
    }
    after.extend_from_slice(&before[at..]);
    let lines = Lines::of(text);
    let done = done.into_iter().map(|(offset, says)| (lines.position(offset).line, says)).collect();
    Ok(Some(Mended { path, done, before, after }))
}

/// For each byte of the text as it was read (and for its end), where it stands on the disk.
fn places_on_disk(bytes: &[u8], length: usize) -> Vec<usize> {
    let mut places = Vec::with_capacity(length + 1);
    let mut at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    while at < bytes.len() {
        places.push(at);
        at += if bytes[at..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    places.push(bytes.len());
    places
}

impl Mended {
    /// Writes the file: beside the old one first, then in its place, so that nobody sees half of it.
    pub fn write(&self, root: &Path) -> io::Result<()> {
        let path = root.join(&*self.path);
        let beside = path.with_extension(format!("md.{}.new", std::process::id()));
        fs::write(&beside, &self.after)?;
        let moved = fs::metadata(&path).and_then(|old| fs::set_permissions(&beside, old.permissions())).and_then(|()| fs::rename(&beside, &path));
        if moved.is_err() {
            let _ = fs::remove_file(&beside);
        }
        moved
    }

    /// What changes, as a unified diff.
    pub fn diff(&self) -> String {
        let (before, after) = (String::from_utf8_lossy(&self.before), String::from_utf8_lossy(&self.after));
        let diff = TextDiff::from_lines(&*before, &*after);
        diff.unified_diff().context_radius(2).header(&format!("a/{}", self.path), &format!("b/{}", self.path)).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_a_byte_order_mark_and_windows_line_ends() {
        let bytes = b"\xef\xbb\xbfa\r\nb\rc\n";
        let text = crate::source::from_bytes("x", bytes.to_vec()).text;
        assert_eq!(&*text, "a\nb\nc\n");
        assert_eq!(places_on_disk(bytes, text.len()), [3, 4, 6, 7, 8, 9, 10]);
    }
}
