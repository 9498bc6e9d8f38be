//! Where an output may lie: a directory as somebody spelled it in, its real path out, or why it is refused.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::PublishError;
use crate::ident;

/// What of a site is written by people; also where it is not there yet, since it would be read the next time.
const SOURCES: [&str; 7] = ["content", "templates", "static", "words", ".git", "handbook.yml", "strings.yml"];
/// Where homes lie, and directories of the system: they hold more than a site, whoever runs the program.
const OF_SYSTEM: [&str; 19] = [
    "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc", "/root", "/sbin", "/srv", "/sys", "/tmp", "/usr",
    "/var", "/Users",
];
/// What lies directly in these is somebody's home.
const HOLD_HOMES: [&str; 2] = ["/home", "/Users"];

/// The real path of the output. Refused, however it is spelled: the root of the machine, a home directory, what holds the
/// site or lies in its sources. Nothing is made or changed.
pub fn of_output(output: &Path, root: &Path) -> Result<PathBuf, PublishError> {
    let real = real_path(output).map_err(|e| PublishError::Io(output.to_path_buf(), e))?;
    let root = fs::canonicalize(root).map_err(|e| PublishError::Io(root.to_path_buf(), e))?;
    let is_one_of = |names: &[&str], directory: &Path| names.iter().any(|name| same_directory(directory, Path::new(name)));
    let is_home = |directory: &Path| directory.parent().is_some_and(|above| is_one_of(&HOLD_HOMES, above));
    if real.parent().is_none() || homes().iter().any(|home| holds(&real, home)) || is_one_of(&OF_SYSTEM, &real) || is_home(&real) {
        return Err(PublishError::NotForOutput(real));
    }
    let inside = |source: &PathBuf| real.ancestors().any(|above| same_directory(above, source) || same_name(above, source));
    let sources: Vec<PathBuf> = SOURCES.iter().map(|name| root.join(name)).collect();
    if holds(&real, &root) || sources.iter().any(inside) {
        return Err(PublishError::HoldsSources(real));
    }
    if fs::symlink_metadata(&real).is_ok_and(|m| !m.is_dir()) {
        return Err(PublishError::IsFile(real));
    }
    Ok(real)
}

/// Whether a directory is another, or one above it.
fn holds(directory: &Path, other: &Path) -> bool {
    other.ancestors().any(|above| same_directory(above, directory))
}

/// Whether two paths are one directory, also where the file system folds case or shows one directory at two places.
fn same_directory(a: &Path, b: &Path) -> bool {
    a == b || identity(a).is_some_and(|known| identity(b) == Some(known))
}

/// Whether two paths lie in one directory under names that some file system takes for one.
fn same_name(a: &Path, b: &Path) -> bool {
    let name = |path: &Path| path.file_name().map(|name| ident::fold(&name.to_string_lossy()));
    a.parent() == b.parent() && name(a) == name(b)
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(path).ok().filter(|m| m.is_dir()).map(|m| (m.dev(), m.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

/// The home directory of whoever runs the program, under each of its names.
fn homes() -> Vec<PathBuf> {
    let names = ["HOME", "USERPROFILE"];
    names.iter().filter_map(std::env::var_os).filter(|home| !home.is_empty()).filter_map(|home| fs::canonicalize(home).ok()).collect()
}

/// The path without links and `..`, of which the last parts need not exist.
fn real_path(path: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut real = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            Component::CurDir => {}
            part => {
                real.push(part);
                real = match fs::canonicalize(&real) {
                    Ok(found) => found,
                    Err(error) if error.kind() == io::ErrorKind::NotFound && !is_link(&real) => real,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        return Err(io::Error::new(error.kind(), format!("{} is a link that leads nowhere", real.display())));
                    }
                    Err(error) => return Err(error),
                };
            }
        }
    }
    Ok(real)
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_the_system_reads_it() {
        let real = real_path(Path::new("/tmp/../tmp/./no-such-name/../other")).expect("readable");
        assert_eq!(real, fs::canonicalize("/tmp").expect("there").join("other"));
    }
}
