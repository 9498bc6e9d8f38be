//! PUBLISH: files in, the output directory exchanged as a whole. A failed build leaves the old output as it was.
//!
//! Files are written into a new directory beside the output; those whose bytes did not change are linked from the old
//! output, so that they keep their modification time. When all are on the disk, the two directories change places, and
//! what was the old one is removed.

pub mod exchange;
pub mod place;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use walkdir::WalkDir;

use crate::ident;
use crate::render::Artifact;
use crate::source;
use exchange::{Lock, beside, heal, remove_tree};

/// The file by which a directory is known to be ours; it says which form it has.
const MARK: &str = ".handbook";
/// What it holds.
const MARK_TEXT: &str = "This directory is made by `handbook build` and replaced by the next one.\n";
/// The largest output, in bytes: content that multiplies itself must not fill the disk. Ten thousand families have a third of one.
pub const MAX_OUTPUT: u64 = 16 << 30;

/// An output directory in the making. Dropped before it is published, it leaves nothing behind.
#[derive(Debug)]
pub struct Staging {
    output: PathBuf,
    /// Where the new files are until they are published.
    new: PathBuf,
    /// Whether there is an old output to take unchanged files from.
    has_old: bool,
    folders: Mutex<HashSet<PathBuf>>,
    /// The names so far, folded: two that some file system cannot tell apart must not overwrite each other.
    names: Mutex<HashSet<String>>,
    unchanged: AtomicUsize,
    bytes: AtomicU64,
    /// The files that were written, others than those linked from the old output.
    written: Mutex<Vec<PathBuf>>,
    _lock: Lock,
}

/// What publishing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Files whose bytes did not change.
    pub unchanged: usize,
    /// Files of the old output that are gone.
    pub removed: usize,
    /// Why the old output still lies beside the new one, if it does; the next run removes it.
    pub left: Option<String>,
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
    /// The root of the machine, or a home directory.
    NotForOutput(PathBuf),
    /// The directory has a repository of git in it, which would be lost.
    HasRepository(PathBuf),
    /// Another disk or volume begins there, so that it cannot change places with a directory beside it.
    IsMount(PathBuf),
    /// Another run writes there.
    Busy(PathBuf),
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
                write!(f, "{} holds the site's sources, or lies in them, and is never replaced; give another directory with -o", path.display())
            }
            PublishError::NotForOutput(path) => {
                write!(f, "{} holds more than a site, and is never replaced; give another directory with -o", path.display())
            }
            PublishError::HasRepository(path) => write!(
                f,
                "{} has a git repository in it (.git), which would be lost; give another directory with -o, or replace all of it with --force",
                path.display()
            ),
            PublishError::IsMount(path) => write!(
                f,
                "another disk or volume begins at {}, so it cannot be exchanged as a whole; publish into a directory within it, such as -o {}",
                path.display(),
                path.join("site").display()
            ),
            PublishError::Busy(path) => write!(f, "another build is writing {}; try again when it has ended", path.display()),
            PublishError::Io(path, error) => write!(f, "cannot write {}: {error}", path.display()),
        }
    }
}

impl Staging {
    /// Begins beside `output`. A directory that we did not make, or that has a repository in it, is refused unless `force`d; one
    /// that holds the sources in `root` always.
    pub fn begin(output: &Path, root: &Path, force: bool) -> Result<Staging, PublishError> {
        let output = place::of_output(output, root)?;
        let failed = |error| PublishError::Io(output.clone(), error);
        let is_empty = |directory: &Path| fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none());
        if output.is_dir() && !is_ours(&output) && !is_empty(&output) && !force {
            return Err(PublishError::NotOurs(output));
        }
        if fs::symlink_metadata(output.join(".git")).is_ok() && !force {
            return Err(PublishError::HasRepository(output));
        }
        fs::create_dir_all(output.parent().unwrap_or(&output)).map_err(failed)?;
        let lock = Lock::of(&output).map_err(|error| PublishError::Io(beside(&output, "lock"), error))?;
        let Some(lock) = lock else { return Err(PublishError::Busy(output)) };
        let new = beside(&output, "new");
        heal(&output, &new, is_ours).map_err(failed)?;
        fs::create_dir_all(&new).map_err(failed)?;
        exchange::like(&new, &output).map_err(failed)?;
        let staging = Staging {
            has_old: is_ours(&output),
            output,
            new,
            folders: Mutex::default(),
            names: Mutex::default(),
            unchanged: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
            written: Mutex::default(),
            _lock: lock,
        };
        staging.put(MARK, MARK_TEXT.as_bytes()).map_err(|e| PublishError::Io(staging.new.clone(), e))?;
        staging.unchanged.store(0, Ordering::Relaxed);
        Ok(staging)
    }

    /// Takes one file.
    pub fn take(&self, artifact: Artifact<'_>) -> io::Result<()> {
        match artifact {
            Artifact::Made(file, bytes) => self.put(file, bytes).map_err(|error| at(file, error)),
            Artifact::Copied(file, from) => source::read_bytes(from).and_then(|bytes| self.put(file, &bytes)).map_err(|error| at(file, error)),
        }
    }

    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let to = self.new.join(inside(file)?);
        if !self.names.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(ident::fold(file)) {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("two files of the site have the name `{file}`")));
        }
        let all = self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed) + bytes.len() as u64;
        if all > MAX_OUTPUT {
            return Err(io::Error::other(format!("the site is larger than the limit of {MAX_OUTPUT} bytes")));
        }
        self.make_folder(&to)?;
        let old = self.output.join(file);
        let unchanged = self.has_old && same_bytes(&old, bytes);
        self.unchanged.fetch_add(usize::from(unchanged), Ordering::Relaxed);
        if unchanged && fs::hard_link(&old, &to).is_ok() {
            return Ok(());
        }
        fs::write(&to, bytes)?;
        if unchanged {
            keep_time(&old, &to);
        }
        self.written.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(to);
        Ok(())
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
    pub fn publish(mut self) -> Result<Published, PublishError> {
        let written = std::mem::take(self.written.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner));
        let failed = |error| PublishError::Io(self.output.clone(), error);
        let unchanged = self.unchanged.load(Ordering::Relaxed);
        let is_gone =
            |e: &walkdir::DirEntry| e.file_type().is_file() && e.path().strip_prefix(&self.output).is_ok_and(|p| !self.new.join(p).exists());
        let removed = if self.has_old { WalkDir::new(&self.output).into_iter().filter_map(Result::ok).filter(is_gone).count() } else { 0 };
        exchange::sync(&self.new, &written).map_err(failed)?;
        exchange::exchange(&self.new, &self.output).map_err(|error| match error.kind() {
            io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => PublishError::IsMount(self.output.clone()),
            _ => failed(error),
        })?;
        exchange::sync_names(self.output.parent().unwrap_or(&self.output));
        // The new site is whole and in its place: that the old one stays beside it is no failure of the run.
        let left = remove_tree(&self.new).err().map(|error| format!("{} could not be removed: {error}", self.new.display()));
        Ok(Published { unchanged, removed, left })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = remove_tree(&self.new);
    }
}

/// The gate through which every file goes: nothing is written outside the output, whatever led to its name.
pub fn inside(file: &str) -> io::Result<&Path> {
    let path = Path::new(file);
    let stays = !file.contains('\\') && path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if stays && !file.is_empty() { Ok(path) } else { Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{file}` lies outside the output"))) }
}

/// Puts an output back that a killed run left renamed away, before anything can keep the next run from publishing. What stands
/// in the way is told where a run begins to write.
pub fn put_back(output: &Path, root: &Path) {
    let Ok(output) = place::of_output(output, root) else { return };
    if exchange::is_away(&output)
        && let Ok(Some(_lock)) = Lock::of(&output)
    {
        let _ = exchange::put_back(&output, is_ours);
    }
}

fn is_ours(directory: &Path) -> bool {
    directory.join(MARK).is_file()
}

/// An error of the machine with the file of the site that it befell.
fn at(file: &str, error: io::Error) -> io::Error {
    if error.raw_os_error().is_some() { io::Error::new(error.kind(), format!("{file}: {error}")) } else { error }
}

/// Gives a copy the time at which the file was changed; a copy with another time is as good a site.
fn keep_time(of: &Path, copy: &Path) {
    let set = |time| fs::File::options().write(true).open(copy)?.set_modified(time);
    let _ = fs::metadata(of).and_then(|meta| meta.modified()).and_then(set);
}

fn same_bytes(file: &Path, bytes: &[u8]) -> bool {
    fs::metadata(file).is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64) && fs::read(file).is_ok_and(|old| old == bytes)
}
