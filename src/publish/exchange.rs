//! Two directories change places, so that a reader sees the old site or the new one and never neither.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Puts `new` at `output`; what was there is then at `new`. Both lie in one directory.
///
/// On Linux the two change places in one step (`renameat2` with `RENAME_EXCHANGE`, Linux 3.15). Where the system or the
/// file system cannot do that, the old directory is renamed away and the new one into its place: a run that is killed
/// in between leaves no output, and the next one puts the old back (see [`heal`]).
pub fn exchange(new: &Path, output: &Path) -> io::Result<()> {
    if !output.exists() {
        return fs::rename(new, output);
    }
    if in_one_step(new, output)? {
        return Ok(());
    }
    let aside = aside_of(output);
    remove_tree(&aside)?;
    fs::rename(output, &aside)?;
    if let Err(error) = fs::rename(new, output) {
        fs::rename(&aside, output)?;
        return Err(error);
    }
    fs::rename(&aside, new)
}

/// Whether the two could change places in one step.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn in_one_step(new: &Path, output: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, new, CWD, output, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn in_one_step(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Undoes what a killed run left: an output that was renamed away comes back, and half a site goes.
pub fn heal(output: &Path, new: &Path, is_ours: impl Fn(&Path) -> bool) -> io::Result<()> {
    put_back(output, is_ours)?;
    remove_tree(&aside_of(output))?;
    remove_tree(new)
}

/// Whether an output was renamed away, and nothing came in its place.
pub fn is_away(output: &Path) -> bool {
    aside_of(output).is_dir() && !output.exists()
}

/// Puts back an output that was renamed away.
pub fn put_back(output: &Path, is_ours: impl Fn(&Path) -> bool) -> io::Result<()> {
    let aside = aside_of(output);
    if is_away(output) && is_ours(&aside) { fs::rename(&aside, output) } else { Ok(()) }
}

/// Gives a new directory the mode and the group of the one that it will replace, where there is one: who may read it is not
/// ours to change.
#[cfg(unix)]
pub fn like(new: &Path, output: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    let (Ok(old), made) = (fs::metadata(output), fs::metadata(new)?) else { return Ok(()) };
    if old.gid() != made.gid() {
        // Not everybody may give a directory away to any group; then it stays with ours.
        let _ = chown(new, None, Some(old.gid()));
    }
    let mode = (old.mode() | 0o700) & 0o7777;
    if mode == made.mode() & 0o7777 { Ok(()) } else { fs::set_permissions(new, fs::Permissions::from_mode(mode)) }
}

#[cfg(not(unix))]
pub fn like(_new: &Path, _output: &Path) -> io::Result<()> {
    Ok(())
}

fn aside_of(output: &Path) -> PathBuf {
    beside(output, "old")
}

/// A hidden name beside the output.
pub fn beside(output: &Path, what: &str) -> PathBuf {
    let name = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    output.with_file_name(format!(".{name}.handbook-{what}"))
}

/// Removes a directory or a file with everything in it; nothing there is no failure.
pub fn remove_tree(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    }
}

/// Waits until what was written below `new` is on the disk, so that a power cut after the exchange finds whole files.
///
/// One call for the whole file system where there is one (Linux), instead of one after another for each file.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn sync(new: &Path, _files: &[PathBuf]) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(new)?)?)
}

/// Waits until what was written is on the disk.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn sync(_new: &Path, files: &[PathBuf]) -> io::Result<()> {
    use rayon::prelude::*;
    files.par_iter().try_for_each(|file| File::open(file)?.sync_all())
}

/// Waits until the names in a directory are on the disk; systems that cannot do that for directories have nothing to wait for.
pub fn sync_names(directory: &Path) {
    if let Ok(directory) = File::open(directory) {
        let _ = directory.sync_all();
    }
}

/// A lock on an output: held by one run at a time, and gone with it, however it ends.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// The lock of an output; none where another run holds it.
    pub fn of(output: &Path) -> io::Result<Option<Lock>> {
        let path = beside(output, "lock");
        loop {
            let file = open_lock(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => return Ok(None),
                Err(fs::TryLockError::Error(error)) => return Err(error),
            }
            // The run before us may have taken the file away between our opening and our locking it.
            if is_still_there(&file, &path) {
                return Ok(Some(Lock { path, file }));
            }
        }
    }
}

/// Opens the file of a lock, or makes it; what else bears its name, such as a link to somewhere or a pipe, is neither followed
/// nor waited for.
fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    match fs::symlink_metadata(path) {
        Ok(meta) if !meta.is_file() => Err(io::Error::other("this is not the lock of a build, but something else; remove it")),
        _ => options.open(path),
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Taken away while it is held, so that nobody's lock is taken away.
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let of = |m: fs::Metadata| (m.dev(), m.ino());
    matches!((file.metadata().map(of), fs::metadata(path).map(of)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(not(unix))]
fn is_still_there(_: &File, path: &Path) -> bool {
    path.exists()
}
