//! Paths in, the day on which each was last changed out, as git tells it; nothing where git cannot know.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Days such as `2026-11-22` by the path of the file from the site's root.
pub type Changed = BTreeMap<Box<str>, Box<str>>;

/// The day of the last commit of each of the files at `paths` (from `root`, with `/`); one `git log` for all of them.
///
/// Nothing is told where there is no repository, no git, or a shallow clone, whose history ends at a day that says
/// nothing. A file that git does not know, or that differs from what was committed, is left out.
pub fn last_changed(root: &Path, paths: &[&str]) -> Changed {
    let in_repository = root.canonicalize().is_ok_and(|root| root.ancestors().any(is_repository));
    if !in_repository || is_shallow(root) {
        return Changed::new();
    }
    let Some(edited) = edited(root) else { return Changed::new() };
    let wanted: HashSet<&str> = paths.iter().copied().filter(|path| !edited.contains(*path)).collect();
    committed(root, &wanted).unwrap_or_default()
}

/// The files that are asked about. git passes over commits that touch nothing below it without looking at what they touch: in
/// this project's own repository that takes a fifth of the time.
const CONTENT: &str = "content";

/// Whether a repository begins in a folder: what else is there for its head, such as a pipe, git would wait for.
fn is_repository(folder: &Path) -> bool {
    let git = folder.join(".git");
    git.is_file() || git.join("HEAD").is_file()
}

/// What leads git to another repository than that of the site; hooks set it.
const LEADS_AWAY: [&str; 5] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"];

fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).stdin(Stdio::null()).stderr(Stdio::null());
    LEADS_AWAY.iter().for_each(|name| {
        git.env_remove(name);
    });
    git
}

/// Whether the history is cut off; also where git fails, so that nothing is told.
fn is_shallow(root: &Path) -> bool {
    let answer = git(root).args(["rev-parse", "--is-shallow-repository"]).output();
    !answer.is_ok_and(|answer| answer.status.success() && answer.stdout.starts_with(b"false"))
}

/// The files that differ from the last commit.
fn edited(root: &Path) -> Option<HashSet<String>> {
    let answer = git(root).args(["diff", "--name-only", "--no-renames", "--relative", "-z", "HEAD", "--", CONTENT]).output().ok()?;
    let names = answer.stdout.split(|b| *b == 0).map(|name| String::from_utf8_lossy(name).into_owned());
    answer.status.success().then(|| names.collect())
}

/// The newest commit of each file. The history is read only as far back as one of them is not seen yet.
fn committed(root: &Path, wanted: &HashSet<&str>) -> Option<Changed> {
    let mut log = git(root)
        // The day in UTC, as everywhere: a page tells no two days of one commit.
        .env("TZ", "UTC")
        .args(["log", "--format=%x01%cd", "--date=short-local", "--name-only", "--no-renames", "--relative", "-z", "--", CONTENT])
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut changed = Changed::new();
    let mut day = String::new();
    for part in BufReader::new(log.stdout.take()?).split(0) {
        let part = part.ok()?;
        let text = String::from_utf8_lossy(&part);
        // A commit begins with its day; its names follow, the first behind a line end.
        match text.trim_start_matches('\n').strip_prefix('\u{1}') {
            Some(commit) => day = commit.trim().to_owned(),
            None => {
                let name = text.trim_start_matches('\n');
                if wanted.contains(name) {
                    changed.entry(name.into()).or_insert_with(|| day.as_str().into());
                }
            }
        }
        if changed.len() == wanted.len() {
            let _ = log.kill();
            let _ = log.wait();
            return Some(changed);
        }
    }
    log.wait().ok()?.success().then_some(changed)
}
