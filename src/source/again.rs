//! A tree and the paths that have changed in, the later tree out; and stamps, by which changes are noticed that nobody told.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::{Asset, SourceError, SourceFile, SourceTree, config_name, is_hidden, read_text, walk};

/// The directories that a site is made of.
pub const FOLDERS: [&str; 3] = ["content", "templates", "static"];

/// What tells one state of a file from another without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Where the system has them: the file's number, and the time at which anything of it was changed, which nobody can
    /// set back. So a file of the same size and an old time of modification is noticed, too.
    own: (u64, i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        #[cfg(unix)]
        let own = {
            use std::os::unix::fs::MetadataExt as _;
            (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
        };
        #[cfg(not(unix))]
        let own = (0, 0, 0);
        Stamp { size: metadata.len(), modified: metadata.modified().ok(), own }
    }
}

/// The stamps of all files of the site at `root`, by their paths from there; the configuration by its own name. What
/// cannot be looked at is left out: reading it will tell why.
pub fn stamps(root: &Path, config: Option<&Path>) -> BTreeMap<Arc<str>, Stamp> {
    let mut stamps = BTreeMap::new();
    let config_path = config.map_or_else(|| root.join("handbook.yml"), Path::to_path_buf);
    if let Ok(metadata) = fs::metadata(&config_path) {
        stamps.insert(config_name(root, &config_path), Stamp::of(&metadata));
    }
    for folder in FOLDERS {
        let top = root.join(folder);
        if !top.is_dir() {
            continue;
        }
        for entry in walk(&top).flatten().filter(|e| e.file_type().is_file()) {
            if let Ok(metadata) = entry.metadata() {
                stamps.insert(path_of(root, entry.path()), Stamp::of(&metadata));
            }
        }
    }
    stamps
}

/// Brings stamps up to date at these paths, files or directories.
pub fn stamp_again(stamps: &mut BTreeMap<Arc<str>, Stamp>, root: &Path, config: Option<&Path>, changed: &BTreeSet<Arc<str>>) {
    stamps.retain(|path, _| !is_at(path, changed));
    let config_path = config.map_or_else(|| root.join("handbook.yml"), Path::to_path_buf);
    let config_path = changed.contains(&config_name(root, &config_path)).then_some(config_path);
    for on_disk in changed.iter().filter(|path| is_part(path, "")).flat_map(|path| files_at(root, path)).chain(config_path) {
        if let Ok(metadata) = fs::metadata(&on_disk) {
            stamps.insert(path_of(root, &on_disk), Stamp::of(&metadata));
        }
    }
}

/// Whether a file looks as if someone were at work on it: it is gone or empty, or has lost its end, and was whole before.
pub fn looks_unfinished(earlier: &SourceTree, path: &str) -> bool {
    let Some(before) = earlier.text(path) else { return earlier.has(path) && !earlier.root.join(path).exists() };
    match fs::read(earlier.root.join(path)) {
        Ok(bytes) => !before.is_empty() && (bytes.is_empty() || (before.ends_with('\n') && !bytes.ends_with(b"\n") && bytes.len() < before.len())),
        Err(_) => true,
    }
}

/// The bytes of a file that is copied as it is.
///
/// # Errors
///
/// Where it cannot be read, or where a symbolic link has come into its path, which might lead out of the site.
pub fn read_asset(root: &Path, asset: &Path) -> std::io::Result<Vec<u8>> {
    let inner = asset.strip_prefix(root).map_err(|_| ErrorKind::NotFound)?;
    let mut parts = inner.components();
    let top = root.join(parts.next().ok_or(ErrorKind::NotFound)?);
    let real = fs::canonicalize(asset)?;
    if real != fs::canonicalize(top)?.join(parts.as_path()) {
        return Err(ErrorKind::NotFound.into());
    }
    fs::read(real)
}

/// The path of a file from the site's root, with `/`.
pub fn path_of(root: &Path, on_disk: &Path) -> Arc<str> {
    config_name(root, on_disk)
}

/// Whether a path from the root can be part of a site, so that a change there matters.
pub fn is_part(path: &str, config: &str) -> bool {
    let mut parts = path.split('/');
    path == config || (parts.next().is_some_and(|top| FOLDERS.contains(&top)) && !parts.any(is_hidden))
}

/// The tree after a change of these paths, files or directories, there or gone. It is the same as one read as a whole;
/// files whose text is still the same are the same in memory.
///
/// # Errors
///
/// Where a file is there and cannot be read.
pub fn read_again(earlier: &SourceTree, config: Option<&Path>, changed: &BTreeSet<Arc<str>>) -> Result<SourceTree, SourceError> {
    let root = &earlier.root;
    let config_path = config.map_or_else(|| root.join("handbook.yml"), Path::to_path_buf);
    let config_path_name = config_name(root, &config_path);
    let mut content: BTreeMap<Arc<str>, Arc<SourceFile>> = BTreeMap::new();
    let mut templates = content.clone();
    let (mut assets, mut statics) = (BTreeMap::new(), BTreeMap::new());
    for on_disk in changed.iter().filter(|path| is_part(path, "")).flat_map(|path| files_at(root, path)) {
        let path = path_of(root, &on_disk);
        let asset = Asset { path: Arc::clone(&path), on_disk };
        match path.split('/').next() {
            Some("content") if path.ends_with(".md") => content.extend(read(&asset, &earlier.content)?),
            Some("templates") => templates.extend(read(&asset, &earlier.templates)?),
            Some("content") => drop(assets.insert(path, asset)),
            _ => drop(statics.insert(path, asset)),
        }
    }
    let config_file = if changed.contains(&config_path_name) {
        let missing_is_none = |error: SourceError| if error.error.kind() == ErrorKind::NotFound { Ok(None) } else { Err(error) };
        read_text(Arc::clone(&config_path_name), &config_path).map(Some).or_else(missing_is_none)?
    } else {
        earlier.config.clone()
    };
    Ok(SourceTree {
        root: root.clone(),
        config: config_file,
        content: merged(&earlier.content, content, changed, |f| &f.path),
        assets: merged(&earlier.assets, assets, changed, |a| &a.path),
        templates: merged(&earlier.templates, templates, changed, |f| &f.path),
        statics: merged(&earlier.statics, statics, changed, |a| &a.path),
    })
}

/// The files at a path, or below it; none where it is gone, or where a symbolic link leads there.
fn files_at(root: &Path, path: &str) -> Vec<PathBuf> {
    let on_disk = root.join(path);
    let folders = on_disk.ancestors().skip(1).take(path.matches('/').count());
    let through_link = path.contains('/') && folders.filter(|f| f.parent() != Some(root)).any(|f| !f.symlink_metadata().is_ok_and(|m| m.is_dir()));
    if through_link {
        return Vec::new();
    }
    let is_top = !path.contains('/');
    match if is_top { on_disk.metadata() } else { on_disk.symlink_metadata() } {
        Ok(metadata) if metadata.is_file() && !is_top => vec![on_disk],
        Ok(metadata) if metadata.is_dir() => walk(&on_disk).flatten().filter(|e| e.file_type().is_file()).map(walkdir::DirEntry::into_path).collect(),
        _ => Vec::new(),
    }
}

/// A text file with its path.
type Entry = (Arc<str>, Arc<SourceFile>);

/// A text file; none where it went away in the meantime.
fn read(asset: &Asset, earlier: &[Arc<SourceFile>]) -> Result<Option<Entry>, SourceError> {
    let file = match read_text(Arc::clone(&asset.path), &asset.on_disk) {
        Ok(file) => file,
        Err(error) if error.error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let known = earlier.binary_search_by(|f| f.path.cmp(&asset.path)).ok().map(|at| &earlier[at]);
    let same = known.filter(|known| known.text == file.text && known.fault == file.fault);
    Ok(Some((Arc::clone(&asset.path), same.map_or_else(|| Arc::new(file), Arc::clone))))
}

/// An earlier list with what lay at the changed paths replaced by what lies there now.
fn merged<T: Clone>(earlier: &[T], new: BTreeMap<Arc<str>, T>, changed: &BTreeSet<Arc<str>>, path: impl Fn(&T) -> &Arc<str>) -> Vec<T> {
    let kept = earlier.iter().filter(|f| !is_at(path(f), changed));
    let mut all: Vec<T> = kept.cloned().chain(new.into_values()).collect();
    all.sort_by(|a, b| path(a).cmp(path(b)));
    all
}

/// Whether a file is one of these, or lies below one.
fn is_at(file: &str, paths: &BTreeSet<Arc<str>>) -> bool {
    paths.contains(file) || file.match_indices('/').any(|(at, _)| paths.contains(&file[..at]))
}

impl SourceTree {
    /// This tree with what lies at some paths taken from another.
    pub fn with_files_of(&self, other: &SourceTree, paths: &BTreeSet<Arc<str>>) -> SourceTree {
        let texts = |own: &[Arc<SourceFile>], other: &[Arc<SourceFile>]| {
            let new = other.iter().filter(|f| is_at(&f.path, paths)).map(|f| (Arc::clone(&f.path), Arc::clone(f)));
            merged(own, new.collect(), paths, |f| &f.path)
        };
        let assets = |own: &[Asset], other: &[Asset]| {
            let new = other.iter().filter(|a| is_at(&a.path, paths)).map(|a| (Arc::clone(&a.path), a.clone()));
            merged(own, new.collect(), paths, |a| &a.path)
        };
        let has_config = [&self.config, &other.config].into_iter().flatten().any(|file| paths.contains(&file.path));
        SourceTree {
            root: self.root.clone(),
            config: if has_config { other.config.clone() } else { self.config.clone() },
            content: texts(&self.content, &other.content),
            assets: assets(&self.assets, &other.assets),
            templates: texts(&self.templates, &other.templates),
            statics: assets(&self.statics, &other.statics),
        }
    }

    /// Whether there is a file or a directory at a path.
    pub fn has(&self, path: &str) -> bool {
        let is_at = |file: &str| file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let texts = self.content.iter().chain(&self.templates).map(|f| &*f.path).chain(self.config.as_ref().map(|c| &*c.path));
        texts.chain(self.assets.iter().chain(&self.statics).map(|a| &*a.path)).any(is_at)
    }

    /// Whether another tree holds the same texts and the same files to copy; what these hold is not looked at.
    pub fn is_same(&self, other: &SourceTree) -> bool {
        let same = |a: &[Arc<SourceFile>], b: &[Arc<SourceFile>]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b) || (a.path == b.path && a.text == b.text && a.fault == b.fault))
        };
        let config = |tree: &SourceTree| tree.config.as_ref().map(|c| (c.path.clone(), c.text.clone(), c.fault));
        same(&self.content, &other.content)
            && same(&self.templates, &other.templates)
            && (&self.assets, &self.statics) == (&other.assets, &other.statics)
            && config(self) == config(other)
    }
}
