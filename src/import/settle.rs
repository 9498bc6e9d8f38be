//! The new files in, files that build out: they are checked as `handbook build` would, and what does not hold is taken
//! back, with a comment in its place and a line in the report. The author is never stopped by what an import did.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::outline::{Draft, Node, Note, Verdict};
use super::resolve::Directory;
use super::site::Site;
use super::write::Written;
use crate::config::pattern::Pattern;
use crate::diagnostic::{Diagnostic, Lines, Severity};
use crate::snapshot::Snapshot;
use crate::source::{Asset, SourceFile, SourceTree};

/// How often what was taken back is checked anew. Each round mends every fault of every file; chains of faults are short.
const ROUNDS: usize = 8;

/// Mends `files` until they build; gives the findings that are left.
pub fn settle(drafts: &mut [Draft], files: &mut [Written], copied: &[Asset], site: &mut Site, directory: &Directory) -> Vec<Diagnostic> {
    let prefix = &directory.prefix;
    let old = Old { prefix, tops: drafts.iter().filter_map(|d| d.page.old_address.split('/').next()).map(str::to_lowercase).collect() };
    let mut left = Vec::new();
    for _ in 0..ROUNDS {
        let snapshot = Snapshot::build(tree(drafts, files, copied, site), false);
        let errors: Vec<Diagnostic> = snapshot.findings.iter().filter(|f| f.severity == Severity::Error).cloned().collect();
        left = snapshot.findings;
        if left.iter().any(|f| f.code == "restated") {
            site.copies = true;
        }
        if errors.is_empty() {
            break;
        }
        let mut by_file: BTreeMap<Arc<str>, Vec<Diagnostic>> = BTreeMap::new();
        for error in errors {
            by_file.entry(Arc::clone(&error.place.file)).or_default().push(error);
        }
        for (file, errors) in by_file {
            let Some(number) = drafts.iter().position(|d| *file == *path(d)) else { continue };
            let moved = |address: &str| directory.relative(number, address).filter(|new| new != address);
            mend(&mut drafts[number], &mut files[number], &errors, site, &old, &moved);
        }
    }
    left
}

fn path(draft: &Draft) -> String {
    format!("content/{}", draft.page.target)
}

fn tree(drafts: &[Draft], files: &[Written], copied: &[Asset], site: &Site) -> SourceTree {
    let file = |path: String, text: String| SourceFile { path: path.into(), text: text.into_boxed_str(), fault: None };
    let mut content: Vec<Arc<SourceFile>> = drafts.iter().zip(files).map(|(d, f)| Arc::new(file(path(d), f.text()))).collect();
    content.sort_by(|a, b| a.path.cmp(&b.path));
    let mut assets = copied.to_vec();
    assets.sort_by(|a, b| a.path.cmp(&b.path));
    SourceTree { root: PathBuf::new(), config: Some(file("handbook.yml".to_owned(), site.text())), content, assets, ..SourceTree::default() }
}

fn mend(draft: &mut Draft, file: &mut Written, errors: &[Diagnostic], site: &mut Site, old: &Old, moved: &dyn Fn(&str) -> Option<String>) {
    let text = file.text();
    let lines = Lines::of(&text);
    let mut touched: BTreeSet<usize> = BTreeSet::new();
    let mut orphans: Vec<usize> = Vec::new();
    let mut defined = None;
    for error in errors {
        let line = lines.position(error.place.span.start).line - 1;
        match error.code {
            "link-broken" | "image-missing" | "anchor-broken" => {
                let address = address(text.get(error.place.span.clone()).unwrap_or_default());
                let is_led_on = match moved(&address) {
                    Some(new) => lead_on(draft, file, line, &address, &new),
                    // `[text][name]`: its address stands elsewhere.
                    None if address.starts_with('[') => *defined.get_or_insert_with(|| lead_definitions_on(draft, file, moved)),
                    None => false,
                };
                if error.code == "link-broken" && is_led_on {
                    continue;
                }
                match outside(&address, old).filter(|_| error.code == "link-broken") {
                    Some(pattern) => drop(site.outside.insert(pattern)),
                    None => drop(site.lowered.insert(error.code)),
                }
                continue;
            }
            _ => {}
        }
        if line >= file.lines.len() || !touched.insert(line) {
            continue;
        }
        if line < file.front {
            orphans.extend(take_back(draft, file, line, error));
        } else {
            rewrite(draft, file, line, error);
        }
    }
    // Only now: what is put back moves the lines below it.
    orphans.into_iter().for_each(|role| put_back(draft, file, role));
}

/// The address in a text that is one, or is a link.
fn address(text: &str) -> String {
    let inner = text.rsplit_once("](").map_or(text, |(_, rest)| rest.split(')').next().unwrap_or(rest));
    inner.split_whitespace().next().unwrap_or("").trim_matches(['<', '>']).to_owned()
}

/// Writes the new place of a page into a link that names the old file; says whether the link was found.
fn lead_on(draft: &mut Draft, file: &mut Written, line: usize, address: &str, new: &str) -> bool {
    let written = file.lines[line].clone();
    let is_whole = |at: usize| {
        let after = written[at + address.len()..].chars().next();
        written[..at].ends_with(['(', '<', ' ']) && after.is_none_or(|c| matches!(c, ')' | '>' | ' '))
    };
    let Some(at) = written.match_indices(address).map(|(at, _)| at).find(|at| is_whole(*at)) else { return false };
    file.lines[line] = format!("{}{new}{}", &written[..at], &written[at + address.len()..]);
    let origin = file.origins[line].map_or(1, |l| l + 1);
    let verdict = Verdict::Edited(format!("`{}`", file.lines[line].trim()));
    // Links of one line come one after the other.
    match draft.notes.last_mut().filter(|n| n.line == origin && n.what == "link") {
        Some(note) => note.verdict = verdict,
        None => draft.notes.push(Note { line: origin, what: "link", text: written.trim().to_owned(), verdict }),
    }
    true
}

/// The same in the lines that give addresses to names: `[name]: address`.
fn lead_definitions_on(draft: &mut Draft, file: &mut Written, moved: &dyn Fn(&str) -> Option<String>) -> bool {
    let mut found = false;
    for line in file.front..file.lines.len() {
        let definition = file.lines[line].trim_start().split_once("]: ").filter(|(name, _)| name.starts_with('[') && !name.contains(']'));
        let Some(address) = definition.map(|(_, rest)| address(rest)) else { continue };
        found |= moved(&address).is_some_and(|new| lead_on(draft, file, line, &address, &new));
    }
    found
}

/// Where the imported pages lay on the old site.
struct Old<'a> {
    /// What their addresses begin with.
    prefix: &'a str,
    /// The first names behind that, in lower case.
    tops: BTreeSet<String>,
}

/// The pattern of an address from the root that none of the pages has: one page among the old pages, else a whole branch.
fn outside(address: &str, old: &Old) -> Option<String> {
    let path = address.split(['#', '?']).next().unwrap_or("");
    if !path.starts_with('/') {
        return None;
    }
    let path = path.trim_end_matches('/');
    let first = path.trim_start_matches('/').split('/').next().unwrap_or("");
    if first.is_empty() {
        return None;
    }
    let is_among = if old.prefix.len() > 1 { path.starts_with(old.prefix) } else { old.tops.contains(&first.to_lowercase()) };
    Some(if is_among { format!("{}/", escaped(path)) } else { format!("/{}/**", escaped(first)) })
}

fn escaped(path: &str) -> String {
    Pattern::of(path)
}

/// A line of the front matter that does not hold becomes a comment; gives the role that lost its parents by that.
fn take_back(draft: &mut Draft, file: &mut Written, line: usize, error: &Diagnostic) -> Option<usize> {
    let mut at = line;
    // The fault may lie at the id of a role; what can be taken back is its relation.
    if error.code.starts_with("ambiguous") || error.code == "extends-cycle" {
        let end = (at + 1..file.front).find(|l| file.lines[*l].starts_with("  - ") || !file.lines[*l].starts_with("    ")).unwrap_or(file.front);
        at = (at..end).find(|l| file.lines[*l].trim_start().starts_with("extends")).unwrap_or(at);
    }
    let written = file.lines[at].clone();
    let is_key = written.starts_with("    ")
        && !written.trim_start().starts_with(['#', '-'])
        && !["id:", "title:"].iter().any(|k| written.trim_start().starts_with(k));
    let is_top = written.starts_with("aliases:") || written.starts_with("ladder:");
    if !is_key && !is_top {
        return None;
    }
    let indent = &written[..written.len() - written.trim_start().len()];
    file.lines[at] = format!("{indent}# not resolved: {} ({})", written.trim(), error.message);
    let verdict = Verdict::Left(error.message.clone());
    let id = file.lines[..at].iter().rev().find_map(|l| l.strip_prefix("  - id: "));
    let role = draft.roles.iter().position(|r| id == Some(r.id.as_str()) && is_key);
    draft.note(role.map_or(0, |r| draft.roles[r].line), "front matter", written.trim().to_owned(), verdict);
    let role = role?;
    let field = written.trim().split(':').next().unwrap_or("");
    let found = &mut draft.roles[role];
    match field {
        "extends" => found.extends.clear(),
        "extends_any" => found.extends_any.clear(),
        "reports_to" => found.reports_to = None,
        "next" => found.next.clear(),
        "level" => found.level = None,
        _ => {}
    }
    let begins = format!("{}: ", found.title);
    draft.notes.retain(|n| n.what != field || !n.text.starts_with(&begins) || !matches!(n.verdict, Verdict::Understood | Verdict::Guessed(..)));
    field.starts_with("extends").then_some(role)
}

/// The bullets that had become the parents of a role stand in its lists again.
fn put_back(draft: &mut Draft, file: &mut Written, role: usize) {
    let taken: Vec<usize> = draft.taken.iter().filter(|t| t.node == Node::Role(role) && !t.references.is_empty()).map(|t| t.part).collect();
    draft.taken.retain(|t| t.node != Node::Role(role));
    for line in taken.into_iter().flat_map(|part| draft.page.parts[part].lines.clone()) {
        let at = (file.front..file.lines.len()).find(|i| file.origins[*i].is_some_and(|origin| origin > line)).unwrap_or(file.lines.len());
        file.lines.insert(at, draft.page.lines[line].clone());
        file.origins.insert(at, Some(line));
        draft.notes.retain(|n| !(n.line == line + 1 && n.what == "extends" && matches!(n.verdict, Verdict::Consumed(_))));
    }
}

/// A line of the body that does not hold keeps its words and loses its meaning.
fn rewrite(draft: &mut Draft, file: &mut Written, line: usize, error: &Diagnostic) {
    let written = file.lines[line].clone();
    let new = match error.code {
        "section-defined-twice" => with_words(&written, " (2)"),
        "heading-ambiguous" => with_words(&written, " (which?)"),
        "heading-unknown" => match (0..line).rev().find(|l| is_container(&file.lines[*l])) {
            Some(container) => {
                let text = file.lines[container].clone();
                let words = text.trim_start_matches('#').trim();
                let marks = &text[..text.len() - text.trim_start_matches('#').len()];
                file.lines[container] = format!("{marks} The {}", words.to_lowercase());
                note_edit(draft, file, container, &text, error);
                return;
            }
            None => return,
        },
        "duplicate-key" => {
            let n = file.lines[..line].iter().filter(|l| l.trim() == written.trim()).count() + 2;
            let label: String = crate::ident::unstable_key(&crate::markdown::plain_text(written.trim_start_matches([' ', '*', '-', '+'])));
            format!("{} {{#{label}-{n}-{}}}", written.trim_end(), line + 1)
        }
        "remove-nothing" => written.replacen("~~", "\\~~", 1),
        _ => return,
    };
    if new == written {
        return;
    }
    file.lines[line] = new;
    note_edit(draft, file, line, &written, error);
}

fn note_edit(draft: &mut Draft, file: &Written, line: usize, old: &str, error: &Diagnostic) {
    let origin = file.origins[line].map_or(1, |l| l + 1);
    let edited = Verdict::Edited(format!("`{}`", file.lines[line].trim()));
    let what = if matches!(error.code, "duplicate-key" | "remove-nothing") { "item" } else { "heading" };
    draft.notes.push(Note { line: origin, what, text: old.trim().to_owned(), verdict: edited });
    draft.notes.push(Note { line: origin, what, text: old.trim().to_owned(), verdict: Verdict::Left(error.message.clone()) });
}

fn is_container(line: &str) -> bool {
    let words = line.trim_start_matches('#');
    words.len() < line.len() && ["level", "role", "specialty"].contains(&crate::ident::loose(words).as_str())
}

/// A heading with more words, before its `{#id}`.
fn with_words(heading: &str, more: &str) -> String {
    match heading.rsplit_once(" {#") {
        Some((words, id)) => format!("{words}{more} {{#{id}"),
        None => format!("{}{more}", heading.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_beyond_the_pages_stands_for_its_branch_or_for_one_old_page() {
        let old = |prefix| Old { prefix, tops: BTreeSet::from(["sales".to_owned()]) };
        assert_eq!(outside("/handbook/a/b/#c", &old("/jobs/")).as_deref(), Some("/handbook/**"));
        assert_eq!(outside("/jobs/sales/x/#y", &old("/jobs/")).as_deref(), Some("/jobs/sales/x/"));
        assert_eq!(outside("/handbook/a/", &old("/")).as_deref(), Some("/handbook/**"));
        assert_eq!(outside("/sales/a/", &old("/")).as_deref(), Some("/sales/a/"));
        assert_eq!(outside("other.md", &old("/jobs/")), None);
    }

    #[test]
    fn words_go_before_the_id_of_a_heading() {
        assert_eq!(with_words("## Requirements {#x}", " (2)"), "## Requirements (2) {#x}");
        assert_eq!(with_words("## Requirements ", " (2)"), "## Requirements (2)");
    }
}
