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
        earlier.config.as_ref().map(|file| SourceFile { path: Arc::clone(&file.path), text: file.text.clone(), fault: file.fault })
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

/// A text file; none where it went away in the meantime.
fn read(asset: &Asset, earlier: &[Arc<SourceFile>]) -> Result<Option<(Arc<str>, Arc<SourceFile>)>, SourceError> {
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
    let is_changed = |file: &str| changed.contains(file) || file.match_indices('/').any(|(at, _)| changed.contains(&file[..at]));
    let kept = earlier.iter().filter(|f| !is_changed(path(f)));
    let mut all: Vec<T> = kept.cloned().chain(new.into_values()).collect();
    all.sort_by(|a, b| path(a).cmp(path(b)));
    all
}
