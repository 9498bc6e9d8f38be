//! A tree and the paths that have changed in, the later tree out; and stamps, by which changes are noticed that nobody told.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::history::Changed;
use super::{
    Asset, CONFIG, Refused, STATIC, STRINGS, SourceError, SourceFile, SourceTree, TextFault, config_name, date, is_left_out, read_bytes, read_config,
    read_strings, read_text, take, walk, what_it_is, with_drawing,
};

/// The directories that a site is made of.
pub const FOLDERS: [&str; 4] = ["content", "templates", "static", "words"];

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
    let config_path = config.map_or_else(|| root.join(CONFIG), Path::to_path_buf);
    if let Ok(metadata) = fs::metadata(&config_path) {
        stamps.insert(config_name(root, &config_path), Stamp::of(&metadata));
    }
    if let Ok(metadata) = root.join(STRINGS).symlink_metadata() {
        stamps.insert(STRINGS.into(), Stamp::of(&metadata));
    }
    for folder in FOLDERS {
        let top = root.join(folder);
        if !is_folder(&top) {
            continue;
        }
        for entry in walk(&top, folder == STATIC).flatten().filter(|e| !e.file_type().is_dir()) {
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
    let config_path = config.map_or_else(|| root.join(CONFIG), Path::to_path_buf);
    let config_name = config_name(root, &config_path);
    if let Some(metadata) = changed.contains(&config_name).then(|| fs::metadata(&config_path).ok()).flatten() {
        stamps.insert(config_name, Stamp::of(&metadata));
    }
    for on_disk in changed.iter().filter(|path| is_part(path, "")).flat_map(|path| files_at(root, path)) {
        if let Ok(metadata) = on_disk.symlink_metadata() {
            stamps.insert(path_of(root, &on_disk), Stamp::of(&metadata));
        }
    }
}

/// Whether a file looks as if someone were at work on it: it is gone or empty, or has lost its end, and was whole before;
/// or it is new and empty, or lies in a directory with such a file.
pub fn looks_unfinished(earlier: &SourceTree, path: &str) -> bool {
    let Some(before) = earlier.text(path) else {
        let is_empty = |on_disk: &PathBuf| on_disk.symlink_metadata().is_ok_and(|m| m.is_file() && m.len() == 0);
        let is_new = |on_disk: &PathBuf| earlier.text(&path_of(&earlier.root, on_disk)).is_none();
        let is_gone = earlier.has(path) && !earlier.root.join(path).exists();
        return is_gone || (is_part(path, "") && files_at(&earlier.root, path).iter().any(|f| is_empty(f) && is_new(f)));
    };
    read_bytes(&earlier.root.join(path)).map_or(true, |bytes| has_lost_its_end(before, &bytes))
}

/// Whether a file is shorter than it was, and its last line is gone. Who writes in pieces may stop at the end of a line.
fn has_lost_its_end(before: &str, bytes: &[u8]) -> bool {
    let length = bytes.len() - bytes.iter().filter(|b| **b == b'\r').count();
    let last = before.trim_end().rsplit('\n').next().unwrap_or_default();
    let cut_off = before.ends_with('\n') && !bytes.ends_with(b"\n");
    length < before.len() && (cut_off || !bytes.trim_ascii_end().ends_with(last.as_bytes()))
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
    read_bytes(&real)
}

/// The path of a file from the site's root, with `/`.
pub fn path_of(root: &Path, on_disk: &Path) -> Arc<str> {
    super::path_of(root, on_disk)
}

fn is_folder(on_disk: &Path) -> bool {
    on_disk.symlink_metadata().is_ok_and(|m| m.is_dir())
}

/// Whether a path from the root can be part of a site, so that a change there matters.
pub fn is_part(path: &str, config: &str) -> bool {
    let mut parts = path.split('/');
    let top = parts.next().unwrap_or_default();
    path == config || path == STRINGS || (FOLDERS.contains(&top) && !parts.any(|part| is_left_out(part, top == STATIC)))
}

/// The tree after a change of these paths, files or directories, there or gone. It is the same as one read as a whole;
/// files whose text is still the same are the same in memory.
///
/// # Errors
///
/// Where a file is there and cannot be read.
pub fn read_again(earlier: &SourceTree, config: Option<&Path>, changed: &BTreeSet<Arc<str>>) -> Result<SourceTree, SourceError> {
    let root = &earlier.root;
    let config_path_name = config.map_or_else(|| CONFIG.into(), |path| config_name(root, path));
    let mut refused: Vec<Refused> = earlier.refused.iter().filter(|r| !is_at(&r.path, changed)).cloned().collect();
    let mut content: BTreeMap<Arc<str>, Arc<SourceFile>> = BTreeMap::new();
    let (mut templates, mut words) = (content.clone(), content.clone());
    let (mut assets, mut statics) = (BTreeMap::new(), BTreeMap::new());
    for on_disk in changed.iter().filter(|path| is_part(path, "") && ***path != *STRINGS).flat_map(|path| files_at(root, path)) {
        let Ok(metadata) = on_disk.symlink_metadata() else { continue };
        let Some(asset) = take(root, metadata.file_type(), on_disk, &mut refused) else { continue };
        let path = Arc::clone(&asset.path);
        match path.split('/').next() {
            Some("content") if path.ends_with(".md") => content.extend(read(&asset, &earlier.content)?),
            Some("templates") => templates.extend(read(&asset, &earlier.templates)?),
            Some("words") if path.ends_with(".txt") => words.extend(read(&asset, &earlier.words)?),
            Some("words") => {}
            Some("content") => assets.extend(missing_is_none(with_drawing(asset))?.map(|asset| (path, asset))),
            _ => drop(statics.insert(path, asset)),
        }
    }
    let config_file = if changed.contains(&config_path_name) {
        missing_is_none(read_config(root, config, &mut refused))?.flatten()
    } else {
        earlier.config.clone()
    };
    let strings = if changed.contains(STRINGS) { missing_is_none(read_strings(root, &mut refused))?.flatten() } else { earlier.strings.clone() };
    refused.sort_by(|a, b| a.path.cmp(&b.path));
    refused.dedup();
    let content = merged(&earlier.content, content, changed, |f| &f.path);
    Ok(SourceTree {
        root: root.clone(),
        config: config_file,
        strings,
        changed: still_known(earlier, &content),
        content,
        assets: merged(&earlier.assets, assets, changed, |a| &a.path),
        templates: merged(&earlier.templates, templates, changed, |f| &f.path),
        statics: merged(&earlier.statics, statics, changed, |a| &a.path),
        refused,
        words: merged(&earlier.words, words, changed, |f| &f.path),
        in_repository: earlier.in_repository.clone(),
        today: date::today(),
    })
}

/// The days of the last change; that of a file which was edited since is none that the history knows.
fn still_known(earlier: &SourceTree, content: &[Arc<SourceFile>]) -> Changed {
    let same = |path: &str| {
        let of = |files: &[Arc<SourceFile>]| files.binary_search_by(|f| (*f.path).cmp(path)).ok().map(|at| Arc::as_ptr(&files[at]));
        of(content) == of(&earlier.content)
    };
    if earlier.changed.is_empty() {
        return Changed::new();
    }
    earlier.changed.iter().filter(|(path, _)| same(path)).map(|(path, day)| (path.clone(), day.clone())).collect()
}

/// What lies at a path, or below it, without directories; none where it is gone, or where a symbolic link leads there.
fn files_at(root: &Path, path: &str) -> Vec<PathBuf> {
    let on_disk = root.join(path);
    let folders = on_disk.ancestors().skip(1).take(path.matches('/').count());
    if path.contains('/') && folders.into_iter().any(|f| !is_folder(f)) {
        return Vec::new();
    }
    let is_top = !path.contains('/');
    match on_disk.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => walk(&on_disk, path.split('/').next() == Some(STATIC))
            .flatten()
            .filter(|e| !e.file_type().is_dir())
            .map(|entry| entry.into_path())
            .collect(),
        Ok(metadata) if !is_top || path == STRINGS || what_it_is(metadata.file_type()).is_some() => vec![on_disk],
        _ => Vec::new(),
    }
}

/// A text file with its path.
type Entry = (Arc<str>, Arc<SourceFile>);

/// A text file; none where it went away in the meantime.
fn read(asset: &Asset, earlier: &[Arc<SourceFile>]) -> Result<Option<Entry>, SourceError> {
    let Some(file) = missing_is_none(read_text(Arc::clone(&asset.path), &asset.on_disk))? else { return Ok(None) };
    let known = earlier.binary_search_by(|f| f.path.cmp(&asset.path)).ok().map(|at| &earlier[at]);
    let same = known.filter(|known| known.text == file.text && known.fault == file.fault);
    Ok(Some((Arc::clone(&asset.path), same.map_or_else(|| Arc::new(file), Arc::clone))))
}

/// What was read; none where it went away in the meantime.
fn missing_is_none<T>(read: Result<T, SourceError>) -> Result<Option<T>, SourceError> {
    match read {
        Err(error) if error.error.kind() == ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// An earlier list with what lay at the changed paths replaced by what lies there now.
fn merged<T: Clone>(earlier: &[T], new: BTreeMap<Arc<str>, T>, changed: &BTreeSet<Arc<str>>, path: impl Fn(&T) -> &Arc<str>) -> Vec<T> {
    let kept = earlier.iter().filter(|f| !is_at(path(f), changed));
    let mut all: Vec<T> = kept.cloned().chain(new.into_values()).collect();
    all.sort_by(|a, b| path(a).cmp(path(b)));
    all
}

/// Whether a file is one of these, or lies below one.
pub fn is_at(file: &str, paths: &BTreeSet<Arc<str>>) -> bool {
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
        let refused = self.refused.iter().filter(|r| !is_at(&r.path, paths)).chain(other.refused.iter().filter(|r| is_at(&r.path, paths)));
        let mut refused: Vec<Refused> = refused.cloned().collect();
        refused.sort_by(|a, b| a.path.cmp(&b.path));
        let days = |tree: &SourceTree, at: bool| -> Changed {
            tree.changed.iter().filter(|(path, _)| is_at(path, paths) == at).map(|(path, day)| (path.clone(), day.clone())).collect()
        };
        let mut changed = days(self, false);
        changed.extend(days(other, true));
        SourceTree {
            root: self.root.clone(),
            config: if has_config { other.config.clone() } else { self.config.clone() },
            strings: if paths.contains(STRINGS) { other.strings.clone() } else { self.strings.clone() },
            changed,
            refused,
            words: texts(&self.words, &other.words),
            in_repository: other.in_repository.clone(),
            today: other.today,
            content: texts(&self.content, &other.content),
            assets: assets(&self.assets, &other.assets),
            templates: texts(&self.templates, &other.templates),
            statics: assets(&self.statics, &other.statics),
        }
    }

    /// Whether there is a file or a directory at a path.
    pub fn has(&self, path: &str) -> bool {
        let is_at = |file: &str| file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let texts = self.content.iter().chain(&self.templates).chain(&self.words).map(|f| &*f.path);
        let texts = texts.chain(self.config.iter().chain(&self.strings).map(|c| &*c.path)).chain(self.refused.iter().map(|r| &*r.path));
        texts.chain(self.assets.iter().chain(&self.statics).map(|a| &*a.path)).any(is_at)
    }

    /// The paths at which another tree holds something else; what files hold that are copied is not looked at, but for drawings.
    pub fn unlike(&self, other: &SourceTree) -> BTreeSet<Arc<str>> {
        let (own, other) = (self.entries(), other.entries());
        let is_like = |path: &Arc<str>| own.get(path) == other.get(path);
        own.keys().chain(other.keys()).filter(|path| !is_like(path)).map(|path| Arc::clone(path)).collect()
    }

    /// What lies at each path: the text and its fault, or what is refused.
    fn entries(&self) -> HashMap<&Arc<str>, (&str, Option<TextFault>)> {
        let texts = self.content.iter().chain(&self.templates).chain(&self.words).map(|file| &**file);
        let texts = texts.chain(&self.config).chain(&self.strings).map(|file| (&file.path, (&*file.text, file.fault)));
        let copied = self.assets.iter().chain(&self.statics);
        let copied = copied.map(|asset| (&asset.path, asset.drawing.as_ref().map_or(("", None), |file| (&*file.text, file.fault))));
        texts.chain(copied).chain(self.refused.iter().map(|refused| (&refused.path, (refused.what, None)))).collect()
    }

    /// Whether another tree holds the same texts and the same files to copy; what these hold is not looked at.
    pub fn is_same(&self, other: &SourceTree) -> bool {
        let same = |a: &[Arc<SourceFile>], b: &[Arc<SourceFile>]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b) || (a.path == b.path && a.text == b.text && a.fault == b.fault))
        };
        let same_one = |a: &Option<SourceFile>, b: &Option<SourceFile>| {
            let parts = |file: &SourceFile| (file.path.clone(), file.text.clone(), file.fault);
            a.as_ref().map(parts) == b.as_ref().map(parts)
        };
        same(&self.content, &other.content)
            && same(&self.templates, &other.templates)
            && same(&self.words, &other.words)
            && (&self.assets, &self.statics, &self.refused) == (&other.assets, &other.statics, &other.refused)
            && same_one(&self.config, &other.config)
            && same_one(&self.strings, &other.strings)
    }
}

#[cfg(test)]
mod tests {
    use super::has_lost_its_end;

    #[test]
    fn a_file_that_is_shorter_and_without_its_last_line_has_lost_its_end() {
        let lost = |bytes: &str| has_lost_its_end("One.\nTwo.\nThree.\n", bytes.as_bytes());
        for whole in ["One.\nThree.\n", "One.\r\nThree.\r\n", "One.\nTwo, longer.\nThree.\n", "One.\nTwo.\nThree.\nFour.\n"] {
            assert!(!lost(whole), "{whole}");
        }
        for part in ["", "One.\n", "One.\nTwo.\n", "Uno.\nTwo.\n", "One.\r\nTwo.\r\n", "One.\nThree."] {
            assert!(lost(part), "{part}");
        }
        assert!(!has_lost_its_end("", b""));
    }
}
