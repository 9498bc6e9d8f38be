//! IMPORT: pages of an old handbook in, a site that builds out, with a report of what became of every line.
//!
//! ```text
//! reader -> outline -> recognise (each page) -> resolve (pages among each other) -> cycles -> write -> settle -> report
//! ```
//!
//! `outline` is the intermediate form: another source of pages is another reader of the same form.

mod cycles;
mod label;
pub mod outline;
mod reader;
mod recognise;
pub mod report;
mod resolve;
mod settle;
mod site;
mod write;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostic::Severity;
use crate::ident;
use crate::source::{Asset, SourceError, link_on_the_way};
use outline::Draft;

pub use report::Report;

/// What an import makes of its sources.
#[derive(Debug)]
pub struct Import {
    /// The new files: path below the new root, text.
    pub files: BTreeMap<String, String>,
    /// Files that are copied as they are, with their paths in the new site.
    pub copied: Vec<Asset>,
    /// What became of every page.
    pub report: Report,
}

/// Whether proposed labels are written into the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// They are only listed.
    Listed,
    /// They are written, and listed.
    Written,
}

/// Reads files and directories of old pages, and makes a site of them. Nothing is written to the disk.
pub fn import(sources: &[PathBuf], labels: Labels) -> Result<Import, SourceError> {
    let found = reader::read(sources)?;
    let (mut drafts, copied) = (found.drafts, found.copied);
    recognise::each(&mut drafts);
    place(&mut drafts, &copied);
    let directory = resolve::Directory::of(&drafts);
    recognise::together(&mut drafts, &directory);
    cycles::cut(&mut drafts, &directory);
    recognise::finish(&mut drafts);
    let proposals = label::propose(&mut drafts, labels);
    let mut site = site::Site::of(&drafts);
    let aliases: Vec<Vec<String>> = drafts.iter().map(|d| old_addresses(d, &directory.prefix)).collect();
    let mut files: Vec<write::Written> = drafts.par_iter_mut().zip(&aliases).map(|(draft, aliases)| write::write(draft, aliases)).collect();
    let findings = settle::settle(&mut drafts, &mut files, &copied, &mut site, &directory);
    let mut written: BTreeMap<String, String> =
        drafts.iter().zip(&files).map(|(draft, file)| (format!("content/{}", draft.page.target), file.text())).collect();
    written.insert("handbook.yml".to_owned(), site.text());
    let errors: Vec<String> = findings.iter().filter(|f| f.severity == Severity::Error).map(|f| format!("{}: {}", f.place.file, f.message)).collect();
    let warnings = findings.iter().filter(|f| f.severity == Severity::Warning).count();
    let report = Report::of(drafts, (proposals, labels), found.read, errors, warnings);
    Ok(Import { files: written, copied, report })
}

/// A page without roles that has its directory for itself is a plain page, not a department; a family at the root has a
/// name of its own.
fn place(drafts: &mut [Draft], copied: &[Asset]) {
    let all: Vec<String> = drafts
        .iter()
        .map(|d| d.page.target.clone())
        .chain(copied.iter().map(|c| c.path.strip_prefix("content/").unwrap_or(&c.path).to_owned()))
        .collect();
    for draft in drafts {
        let target = draft.page.target.clone();
        if target == "index.md" && !draft.roles.is_empty() {
            let slug = ident::slug(&draft.page.title.0);
            draft.page.target = format!("{}.md", if slug.is_empty() { "family" } else { &slug });
            continue;
        }
        let Some(folder) = target.strip_suffix("/index.md").filter(|_| draft.roles.is_empty()) else { continue };
        let has_others = all.iter().any(|other| *other != target && other.starts_with(&format!("{folder}/")));
        let relative = draft.page.parts.iter().flat_map(|p| &p.links).any(|(_, a)| !a.starts_with(['/', '#']) && !a.contains(':'));
        if !has_others && !relative {
            draft.page.target = format!("{folder}.md");
        }
    }
}

/// Where the page lay on the old site, unless it lies there still.
fn old_addresses(draft: &Draft, prefix: &str) -> Vec<String> {
    let old = format!("{prefix}{}", draft.page.old_address);
    let new: Vec<String> = draft.id().split('/').map(ident::file_slug).collect();
    let is_same = ident::fold(old.trim_matches('/')) == new.join("/") || draft.page.target == "index.md" && prefix == "/";
    if is_same { Vec::new() } else { vec![old] }
}

/// Why nothing was written.
#[derive(Debug)]
pub enum WriteError {
    /// These files are there already, with other bytes.
    Taken(Vec<String>),
    /// A link to another place lies on the way to a file.
    Link(PathBuf),
    /// The machine failed.
    Io(PathBuf, io::Error),
}

impl Import {
    /// Writes the site into a directory. Files that are there with other bytes are only replaced where `force` says so.
    pub fn write(&self, directory: &Path, force: bool) -> Result<(), WriteError> {
        let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::with_capacity(self.files.len() + self.copied.len());
        for (path, text) in &self.files {
            files.push((directory.join(path), text.clone().into_bytes()));
        }
        for copied in &self.copied {
            let bytes = fs::read(&copied.on_disk).map_err(|e| WriteError::Io(copied.on_disk.clone(), e))?;
            files.push((directory.join(&*copied.path), bytes));
        }
        let taken: Vec<String> = files
            .iter()
            .filter(|(path, bytes)| path.exists() && fs::read(path).ok().as_ref() != Some(bytes))
            .map(|(path, _)| path.display().to_string())
            .collect();
        if !taken.is_empty() && !force {
            return Err(WriteError::Taken(taken));
        }
        if let Some(link) = files.iter().find_map(|(path, _)| link_on_the_way(directory, path)) {
            return Err(WriteError::Link(link));
        }
        for (path, bytes) in files {
            let failed = |e| WriteError::Io(path.clone(), e);
            fs::create_dir_all(path.parent().unwrap_or(directory)).map_err(failed)?;
            if fs::read(&path).ok().as_ref() != Some(&bytes) {
                fs::write(&path, bytes).map_err(failed)?;
            }
        }
        Ok(())
    }
}
