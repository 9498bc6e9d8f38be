//! PUBLISH: files in, the output directory exchanged as a whole. A failed build leaves the old output as it was.
//!
//! Files are written into a new directory beside the output; those whose bytes did not change are linked from the old
//! output, so that they keep their modification time; then the two directories change places.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use walkdir::WalkDir;

use crate::render::Artifact;

/// The file by which a directory is known to be ours; it says which form it has.
const MARK: &str = ".handbook";
/// What it holds.
const MARK_TEXT: &str = "This directory is made by `handbook build` and replaced by the next one.\n";

/// An output directory in the making.
#[derive(Debug)]
pub struct Staging {
    output: PathBuf,
    /// Where the new files are until they are published.
    new: PathBuf,
    /// Whether there is an old output to take unchanged files from.
    has_old: bool,
    folders: Mutex<HashSet<PathBuf>>,
    unchanged: AtomicUsize,
    written: AtomicUsize,
}

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Files whose bytes did not change.
    pub unchanged: usize,
    /// Files of the old output that are gone.
    pub removed: usize,
}

/// Why nothing could be published.
#[derive(Debug)]
pub enum PublishError {
    /// The directory was not made by us.
    NotOurs(PathBuf),
    /// There is a file in its place.
    IsFile(PathBuf),
    /// The directory holds what the site is made of.
    HoldsSources(PathBuf),
    /// The machine failed.
    Io(PathBuf, io::Error),
}

impl std::fmt::Display for PublishError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PublishError::NotOurs(path) => write!(
                f,
                "{} was not made by handbook, and is not replaced; give another directory with -o, or take this one over with --force",
                path.display()
            ),
            PublishError::IsFile(path) => write!(f, "{} is a file, and is never replaced; give a directory with -o", path.display()),
            PublishError::HoldsSources(path) => {
                write!(f, "{} holds the site's sources, and is never replaced; give another directory with -o", path.display())
            }
            PublishError::Io(path, error) => write!(f, "cannot write {}: {error}", path.display()),
        }
    }
}

impl Staging {
    /// Begins beside `output`. A directory that we did not make is refused unless `force`d; one that holds the sources
    /// in `root` always.
    pub fn begin(output: &Path, root: &Path, force: bool) -> Result<Staging, PublishError> {
        let failed = |error| PublishError::Io(output.to_path_buf(), error);
        let absolute = std::path::absolute(output).map_err(failed)?;
        let parent = absolute.parent().ok_or_else(|| PublishError::HoldsSources(absolute.clone()))?.to_path_buf();
        fs::create_dir_all(&parent).map_err(failed)?;
        let output = fs::canonicalize(&parent).map_err(failed)?.join(absolute.file_name().unwrap_or_default());
        let output = if output.exists() { fs::canonicalize(&output).map_err(failed)? } else { output };
        put_back(&output).map_err(failed)?;
        refuse_sources(&output, root)?;
        let has_old = output.is_dir() && output.join(MARK).is_file();
        if output.exists() && !output.is_dir() {
            return Err(PublishError::IsFile(output));
        }
        let is_empty = output.is_dir() && fs::read_dir(&output).map_err(failed)?.next().is_none();
        if output.exists() && !has_old && !is_empty && !force {
            return Err(PublishError::NotOurs(output));
        }
        let name = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let new = output.with_file_name(format!(".{name}.handbook-new"));
        remove_tree(&new).map_err(failed)?;
        fs::create_dir_all(&new).map_err(failed)?;
        let staging =
            Staging { output, new, has_old, folders: Mutex::new(HashSet::new()), unchanged: AtomicUsize::new(0), written: AtomicUsize::new(0) };
        staging.put(MARK, MARK_TEXT.as_bytes()).map_err(|e| PublishError::Io(staging.new.clone(), e))?;
        staging.unchanged.store(0, Ordering::Relaxed);
        staging.written.store(0, Ordering::Relaxed);
        Ok(staging)
    }

    /// Takes one file.
    pub fn take(&self, artifact: Artifact<'_>) -> io::Result<()> {
        match artifact {
            Artifact::Made(file, bytes) => self.put(file, bytes),
            Artifact::Copied(file, from) => self.put(file, &fs::read(from)?),
        }
    }

    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let to = self.new.join(inside(file)?);
        self.make_folder(&to)?;
        if self.has_old && same_bytes(&self.output.join(file), bytes) && fs::hard_link(self.output.join(file), &to).is_ok() {
            self.unchanged.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        self.written.fetch_add(1, Ordering::Relaxed);
        fs::write(to, bytes)
    }

    fn make_folder(&self, file: &Path) -> io::Result<()> {
        let folder = file.parent().unwrap_or(&self.new);
        if self.folders.lock().is_ok_and(|known| known.contains(folder)) {
            return Ok(());
        }
        fs::create_dir_all(folder)?;
        if let Ok(mut known) = self.folders.lock() {
            known.insert(folder.to_path_buf());
        }
        Ok(())
    }

    /// Puts the new directory in the place of the old one.
    pub fn publish(self) -> Result<Published, PublishError> {
        let failed = |error| PublishError::Io(self.output.clone(), error);
        let unchanged = self.unchanged.load(Ordering::Relaxed);
        let kept = unchanged + self.written.load(Ordering::Relaxed);
        let mut removed = 0;
        if self.output.exists() {
            let is_gone =
                |e: &walkdir::DirEntry| e.file_type().is_file() && e.path().strip_prefix(&self.output).is_ok_and(|p| !self.new.join(p).exists());
            removed = if self.has_old { WalkDir::new(&self.output).into_iter().filter_map(Result::ok).filter(is_gone).count() } else { 0 };
            let old = old_of(&self.output);
            remove_tree(&old).map_err(failed)?;
            fs::rename(&self.output, &old).map_err(failed)?;
            if let Err(error) = fs::rename(&self.new, &self.output) {
                fs::rename(&old, &self.output).map_err(failed)?;
                return Err(failed(error));
            }
            remove_tree(&old).map_err(failed)?;
        } else {
            fs::rename(&self.new, &self.output).map_err(failed)?;
        }
        debug_assert!(kept > 0, "a site has a home page");
        Ok(Published { unchanged, removed })
    }

    /// Throws the new directory away.
    pub fn abandon(self) {
        let _ = remove_tree(&self.new);
    }
}

/// The gate through which every file goes: nothing is written outside the output, whatever led to its name.
fn inside(file: &str) -> io::Result<&Path> {
    let path = Path::new(file);
    let stays = !file.contains('\\') && path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if stays && !file.is_empty() { Ok(path) } else { Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{file}` lies outside the output"))) }
}

fn old_of(output: &Path) -> PathBuf {
    let name = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    output.with_file_name(format!(".{name}.handbook-old"))
}

/// A run that was killed between taking the old output away and putting the new one there left none: the old comes back.
fn put_back(output: &Path) -> io::Result<()> {
    let old = old_of(output);
    if !old.is_dir() {
        return Ok(());
    }
    if output.exists() || !old.join(MARK).is_file() { remove_tree(&old) } else { fs::rename(&old, output) }
}

fn refuse_sources(output: &Path, root: &Path) -> Result<(), PublishError> {
    let root = fs::canonicalize(root).map_err(|e| PublishError::Io(root.to_path_buf(), e))?;
    let sources = ["content", "templates", "static"].map(|name| root.join(name));
    let holds_root = root.starts_with(output);
    let inside_source = sources.iter().any(|s| output.starts_with(s) || s.starts_with(output));
    if holds_root || inside_source { Err(PublishError::HoldsSources(output.to_path_buf())) } else { Ok(()) }
}

fn same_bytes(file: &Path, bytes: &[u8]) -> bool {
    fs::metadata(file).is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64) && fs::read(file).is_ok_and(|old| old == bytes)
}

fn remove_tree(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    }
}
