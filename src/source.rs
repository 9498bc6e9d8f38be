//! DISCOVER: a directory in, an immutable [`SourceTree`] out. The only reader of the disk.

pub mod again;

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::WalkDir;

/// The largest text file that is read, in bytes. Real job families have 50 kB at most.
pub const MAX_FILE: u64 = 4 << 20;

/// Everything a site is made of, as it was on the disk at one moment.
#[derive(Debug, Clone, Default)]
pub struct SourceTree {
    /// The directory that holds `handbook.yml` and `content/`.
    pub root: PathBuf,
    /// `handbook.yml`, if there is one.
    pub config: Option<SourceFile>,
    /// The Markdown files under `content/`, by path.
    pub content: Vec<Arc<SourceFile>>,
    /// The other files under `content/`, by path: images and the like.
    pub assets: Vec<Asset>,
    /// The files under `templates/`, by path.
    pub templates: Vec<Arc<SourceFile>>,
    /// The files under `static/`, by path.
    pub statics: Vec<Asset>,
}

/// A text file.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// Its text, without byte order mark, line ends as `\n`; up to the first fault, if it has one.
    pub text: Box<str>,
    /// Why it could not be read as text.
    pub fault: Option<TextFault>,
}

/// Why a file is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Not UTF-8, from this byte of the file on.
    NotUtf8 {
        /// Bytes before the first wrong one, counted in the file as it is on the disk.
        offset: usize,
    },
    /// Larger than [`MAX_FILE`]; nothing was read.
    TooLarge {
        /// Size in bytes.
        size: u64,
    },
}

/// A file that is copied as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// Where it is on the disk.
    pub on_disk: PathBuf,
}

/// The machine failed to read something.
#[derive(Debug)]
pub struct SourceError {
    /// What was read.
    pub path: PathBuf,
    /// Why it failed.
    pub error: io::Error,
}

impl std::fmt::Display for SourceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot read {}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for SourceError {}

/// Reads the site at `root`, with `config` in place of `handbook.yml` where given.
///
/// Symbolic links are not followed, and names that begin with `.` or end in `~`, as those of editors do, are not read.
pub fn read(root: &Path, config: Option<&Path>) -> Result<SourceTree, SourceError> {
    let config_path = config.map_or_else(|| root.join("handbook.yml"), Path::to_path_buf);
    let config_file = match (config_path.exists(), config) {
        (false, None) => None,
        _ => Some(read_text(config_name(root, &config_path), &config_path)?),
    };
    let mut tree = SourceTree { root: root.to_path_buf(), config: config_file, ..SourceTree::default() };
    let (markdown, assets) = list(root, "content")?.into_iter().partition(|a: &Asset| a.path.ends_with(".md"));
    tree.assets = assets;
    tree.content = read_all(markdown)?;
    tree.templates = read_all(list(root, "templates")?)?;
    tree.statics = list(root, "static")?;
    Ok(tree)
}

fn config_name(root: &Path, path: &Path) -> Arc<str> {
    let shown = path.strip_prefix(root).unwrap_or(path);
    shown.to_string_lossy().replace('\\', "/").into()
}

/// The files below `root/folder`, sorted by path; none where the folder is missing.
fn list(root: &Path, folder: &str) -> Result<Vec<Asset>, SourceError> {
    let top = root.join(folder);
    if !top.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in walk(&top) {
        let entry = entry.map_err(|e| SourceError { path: e.path().unwrap_or(&top).to_path_buf(), error: e.into() })?;
        if !entry.file_type().is_file() {
            continue;
        }
        let inner = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let path: Arc<str> = inner.to_string_lossy().replace('\\', "/").into();
        files.push(Asset { path, on_disk: entry.into_path() });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Everything below a directory that counts as part of the site.
fn walk(top: &Path) -> impl Iterator<Item = walkdir::Result<walkdir::DirEntry>> {
    WalkDir::new(top).into_iter().filter_entry(|e| e.depth() == 0 || !is_hidden(&e.file_name().to_string_lossy()))
}

/// Whether a name is none of the author's: hidden files, and the backups that editors leave.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~')
}

fn read_all(files: Vec<Asset>) -> Result<Vec<Arc<SourceFile>>, SourceError> {
    files.into_par_iter().map(|file| read_text(file.path, &file.on_disk).map(Arc::new)).collect()
}

fn read_text(path: Arc<str>, on_disk: &Path) -> Result<SourceFile, SourceError> {
    let failed = |error| SourceError { path: on_disk.to_path_buf(), error };
    let mut file = fs::File::open(on_disk).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    if size > MAX_FILE {
        return Ok(SourceFile { path, text: "".into(), fault: Some(TextFault::TooLarge { size }) });
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    file.read_to_end(&mut bytes).map_err(failed)?;
    Ok(from_bytes(path, bytes))
}

/// A text file from its bytes: without byte order mark, line ends as `\n`.
pub fn from_bytes(path: impl Into<Arc<str>>, bytes: Vec<u8>) -> SourceFile {
    let (text, fault) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(offset);
            (String::from_utf8(bytes).unwrap_or_default(), Some(TextFault::NotUtf8 { offset }))
        }
    };
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    SourceFile { path: path.into(), text: text.into_boxed_str(), fault }
}

impl SourceTree {
    /// The text of a file by its path from the root, wherever it lies in the tree.
    pub fn text(&self, path: &str) -> Option<&str> {
        let in_list = |files: &[Arc<SourceFile>]| files.binary_search_by(|f| (*f.path).cmp(path)).ok();
        if let Some(i) = in_list(&self.content) {
            return Some(&self.content[i].text);
        }
        if let Some(i) = in_list(&self.templates) {
            return Some(&self.templates[i].text);
        }
        self.config.as_ref().filter(|c| &*c.path == path).map(|c| &*c.text)
    }
}
