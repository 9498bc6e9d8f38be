//! Markdown files with or without front matter and embedded Ruby in, [`Page`]s of the intermediate form out.

mod embedded;
mod front;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use regex_lite::Regex;

use super::outline::{Draft, Page, Part, PartKind, Verdict};
use super::recognise::wordings;
use crate::diagnostic::{Diagnostic, Lines};
use crate::ident;
use crate::markdown::{self, BlockKind, ListEntry};
use crate::model::copied;
use crate::source::{self, Asset, SourceError, SourceFile};

/// What was found below the sources.
#[derive(Debug, Default)]
pub struct Found {
    /// The pages, by path of the new file.
    pub drafts: Vec<Draft>,
    /// Images and the like, with their paths in the new site.
    pub copied: Vec<Asset>,
    /// Where they lie, and what was left there.
    pub read: Read,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Read {
    /// The directories that were given.
    pub roots: Vec<Root>,
    /// Files that were not read, with the reason.
    pub unread: Vec<(Arc<str>, String)>,
}

/// A directory that was given.
#[derive(Debug)]
pub struct Root {
    /// Its path as it was given, without a `/` at the end.
    pub path: String,
    /// The name that it keeps in the new content; empty for the only one.
    pub kept: String,
}

/// Reads files and directories. One directory is the root of the new content; of several, each keeps its name.
pub fn read(sources: &[PathBuf]) -> Result<Found, SourceError> {
    let mut found = Found::default();
    for path in sources {
        let kept = if sources.len() > 1 && path.is_dir() { name_of(path) } else { String::new() };
        let prefix = if kept.is_empty() { String::new() } else { format!("{kept}/") };
        if path.is_dir() {
            found.read.roots.push(Root { path: shown_path(path).trim_end_matches('/').to_owned(), kept });
        }
        let (files, refused) = files_of(path)?;
        found.read.unread.extend(refused.into_iter().map(|r| (shown_path(&path.join(&*r.path)), format!("it is {}; only files are read", r.what))));
        for (inner, on_disk) in files {
            let to = format!("{prefix}{inner}");
            if inner.split('/').any(|part| part.starts_with('_')) {
                let reason = "a name that begins with `_` makes no page; give the file or directory another name and import again";
                found.read.unread.push((shown_path(&on_disk), reason.to_owned()));
                continue;
            }
            if stem(&inner).is_none() && !copied::is_of_a_kind(&inner) {
                let reason =
                    "it is no page, and of a kind that is not published from content/; if you trust it as you do a program, put it under static/";
                found.read.unread.push((shown_path(&on_disk), reason.to_owned()));
                continue;
            }
            if stem(&inner).is_none() {
                let asset = source::with_drawing(Asset { path: format!("content/{to}").into(), on_disk, drawing: None })?;
                match copied::examine(&asset).first() {
                    Some(why) => found.read.unread.push((shown_path(&asset.on_disk), of_drawing(&asset, why))),
                    None => found.copied.push(asset),
                }
                continue;
            }
            let shown = shown_path(&on_disk);
            let file = source::read_file(Arc::clone(&shown), &on_disk)?;
            match file.fault {
                Some(_) => found.read.unread.push((shown, "it is not UTF-8 text, or larger than 4 MB; save it as UTF-8 and import again".to_owned())),
                None if file.text.trim().is_empty() => found.read.unread.push((shown, "it is empty".to_owned())),
                None => found.drafts.push(page(&file, &to)),
            }
        }
    }
    place(&mut found);
    Ok(found)
}

/// Why a drawing is left where it is.
fn of_drawing(asset: &Asset, why: &Diagnostic) -> String {
    let text = asset.drawing.as_ref().map_or("", |drawing| &drawing.text);
    let line = Lines::of(text).position(why.place.span.start).line;
    format!("line {line}: {}; {}", why.message, why.help.as_deref().unwrap_or_default())
}

fn shown_path(path: &Path) -> Arc<str> {
    path.to_string_lossy().replace('\\', "/").into()
}

fn name_of(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    path.file_name().map_or_else(|| "pages".to_owned(), |n| n.to_string_lossy().into_owned())
}

/// The files of a source with their paths in the new content, and what is no file.
fn files_of(path: &Path) -> Result<source::Below, SourceError> {
    if path.is_dir() {
        return source::files_below(path);
    }
    let name = name_of(path);
    // A lone `index` file is named by its directory.
    let inner = match (stem(&name), path.parent()) {
        (Some("index"), Some(above)) => format!("{}/{name}", name_of(if above.as_os_str().is_empty() { Path::new(".") } else { above })),
        _ => name,
    };
    Ok((vec![(inner, path.to_path_buf())], Vec::new()))
}

/// The name without the endings of Markdown pages; none for other files.
fn stem(path: &str) -> Option<&str> {
    let path = path.strip_suffix(".erb").unwrap_or(path);
    let path = path.strip_suffix(".md").or_else(|| path.strip_suffix(".markdown"))?;
    Some(path.strip_suffix(".html").unwrap_or(path))
}

/// Gives each page its file: `a/index.md` where the old one was an index, each path once.
fn place(found: &mut Found) {
    found.drafts.sort_by(|a, b| (&a.page.target, &a.page.source).cmp(&(&b.page.target, &b.page.source)));
    let mut taken = std::collections::HashSet::new();
    for draft in &mut found.drafts {
        let wanted = draft.page.target.clone();
        let base = wanted.strip_suffix(".md").unwrap_or(&wanted).to_owned();
        let mut n = 1;
        // What counts is the address, in which `R&D` and `R-D` are one.
        while !taken.insert(draft.id().split('/').map(ident::file_slug).collect::<Vec<_>>()) {
            n += 1;
            let (folder, name) = base.rsplit_once('/').unwrap_or(("", &base));
            draft.page.target = match (name, folder) {
                ("index", folder) if !folder.is_empty() => format!("{folder}-{n}/index.md"),
                _ => format!("{base}-{n}.md"),
            };
        }
        if draft.page.target != wanted {
            let text = format!("content/{} was taken by another page", wanted);
            draft.note(0, "file", text, Verdict::Left(format!("written to content/{}", draft.page.target)));
        }
    }
}

/// One page.
fn page(file: &SourceFile, to: &str) -> Draft {
    let path = stem(to).unwrap_or(to);
    let old_address = match path.rsplit_once('/') {
        Some((folder, "index")) => format!("{folder}/"),
        None if path == "index" => String::new(),
        _ if to.contains(".html.") => format!("{path}.html"),
        _ => format!("{path}/"),
    };
    let lines: Vec<String> = file.text.lines().map(str::to_owned).collect();
    let front = front::read(&lines);
    let text = &*file.text;
    let base: usize = text.split_inclusive('\n').take(front.body).map(str::len).sum();
    let parts = parts(text, base);
    let heading = parts.iter().find(|p| matches!(p.kind, PartKind::Heading(_)));
    // "Responsibilities" is the heading of a list, not of a page.
    let is_list = |text: &str| wordings::section(text).is_some() || wordings::container(text).is_some();
    let heading = heading.filter(|h| !is_list(&h.text));
    let title = front.title.or_else(|| heading.map(|h| (h.text.clone(), h.lines.start)));
    let title = title.filter(|(t, _)| !t.is_empty()).unwrap_or_else(|| (title_of_path(path), 0));
    let page = Page {
        source: Arc::clone(&file.path),
        target: format!("{path}.md"),
        old_address,
        title,
        description: front.description,
        is_plain: front.is_plain,
        extra: front.extra,
        lines,
        body: front.body,
        parts,
    };
    let mut draft = Draft::of(page);
    for (line, text, verdict) in front.notes {
        draft.note(line, "front matter", text, verdict);
    }
    embedded::mark(&mut draft);
    draft
}

fn title_of_path(path: &str) -> String {
    let name = path.strip_suffix("/index").unwrap_or(path).rsplit('/').next().unwrap_or(path).replace(['-', '_'], " ");
    let mut chars = name.chars();
    chars.next().map_or_else(|| "Untitled".to_owned(), |c| c.to_uppercase().chain(chars).collect())
}

/// The parts of a body that begins at byte `base`.
fn parts(text: &str, base: usize) -> Vec<Part> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
    let line_of = |byte: usize| starts.partition_point(|s| *s <= byte) - 1;
    let lines = |span: &Range<usize>| line_of(span.start)..line_of(span.end.saturating_sub(1).max(span.start)) + 1;
    let mut parts = Vec::new();
    for block in markdown::outline(text, base).blocks {
        let written = &text[block.span.clone()];
        let kind = match block.kind {
            BlockKind::Heading(heading) => {
                let links = links(written);
                parts.push(Part { lines: lines(&block.span), kind: PartKind::Heading(heading.level), text: heading.text, links });
                continue;
            }
            BlockKind::List(entries) => {
                parts.extend(entries.iter().map(|entry| item(text, entry, lines(&entry.span))));
                continue;
            }
            BlockKind::Comment => continue,
            BlockKind::Table => PartKind::Table(rows(written)),
            BlockKind::Prose if is_mermaid(written) => PartKind::Diagram(written.to_owned()),
            BlockKind::Prose | BlockKind::Instead | BlockKind::Note => PartKind::Prose,
        };
        parts.push(Part { lines: lines(&block.span), kind, text: markdown::plain_text(written), links: links(written) });
    }
    parts
}

static MARKER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\s*([-*+]|\d+[.)])\s").expect("a pattern of ours"));

fn item(text: &str, entry: &ListEntry, lines: Range<usize>) -> Part {
    let written = &text[entry.content..entry.span.end.max(entry.content)];
    let mut own = String::new();
    let mut nested = false;
    for (i, line) in written.lines().enumerate() {
        if i > 0 && (MARKER.is_match(line) || line.trim().is_empty()) {
            nested = true;
            break;
        }
        own.push_str(line.trim());
        own.push(' ');
    }
    Part { lines, kind: PartKind::Item { nested }, text: markdown::plain_text(&own), links: links(&own) }
}

static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\[([^\[\]]*)\]\(\s*<?([^)\s>]*)[^)]*\)").expect("a pattern of ours"));

fn links(markdown: &str) -> Vec<(String, String)> {
    if !markdown.contains("](") {
        return Vec::new();
    }
    LINK.captures_iter(markdown).map(|c| (markdown::plain_text(&c[1]), c[2].to_owned())).collect()
}

fn rows(table: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.trim().trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    let is_rule = |row: &Vec<String>| row.iter().all(|c| c.chars().all(|c| matches!(c, '-' | ':' | ' ')));
    table.lines().map(cells).filter(|row| !is_rule(row)).collect()
}

fn is_mermaid(block: &str) -> bool {
    let first = block.trim_start().lines().next().unwrap_or("");
    first.trim_start_matches(['`', '~']).trim() == "mermaid" && first.starts_with(['`', '~']) || first.contains("class=\"mermaid\"")
}
