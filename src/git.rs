//! The `git` program: revisions, trees and blobs out. Nothing is checked out, and nothing of the working tree is touched.

use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A repository and where the site lies in it.
#[derive(Debug, Clone)]
pub struct Repository {
    /// The top of the working tree.
    top: PathBuf,
    /// The site's directory from the top, with `/` at the end; empty where the site is the top.
    pub prefix: String,
}

/// Why git could not say what was asked.
#[derive(Debug)]
pub enum GitError {
    /// The program could not be started.
    NotInstalled(io::Error),
    /// The directory is no part of a repository.
    NoRepository(PathBuf),
    /// No such revision; the clone may be shallow.
    UnknownRevision {
        /// As it was asked for.
        name: String,
        /// Whether the clone holds a part of the history only.
        shallow: bool,
    },
    /// Two revisions have no commit in common; the clone may be shallow.
    NoMergeBase {
        /// One.
        one: String,
        /// The other.
        other: String,
        /// Whether the clone holds a part of the history only.
        shallow: bool,
    },
    /// Git said no.
    Failed(String),
}

/// What to write into a CI file so that a job has the whole history.
pub const WHOLE_HISTORY: &str = "fetch the whole history: in .gitlab-ci.yml write `variables: {GIT_DEPTH: \"0\"}` in the job, in a GitHub workflow \
                             `with: {fetch-depth: 0}` below `actions/checkout`, elsewhere run `git fetch --unshallow`";

impl std::fmt::Display for GitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let history = |shallow: bool| if shallow { format!("; this clone is shallow: {WHOLE_HISTORY}") } else { String::new() };
        match self {
            GitError::NotInstalled(error) => write!(f, "cannot run git, which this needs: {error}"),
            GitError::NoRepository(dir) => write!(f, "{} is not in a git repository, so there are no revisions to look at", dir.display()),
            GitError::UnknownRevision { name, shallow } => {
                write!(f, "git knows no revision `{name}` here{}", history(*shallow))?;
                match (*shallow, name.contains("..") || name.contains(['^', '~', ':', '@'])) {
                    (true, _) => Ok(()),
                    (false, true) => write!(f, "; name a commit, a tag or a branch"),
                    (false, false) => write!(f, "; name a commit, a tag or a branch, or fetch it first with `git fetch origin {name}`"),
                }
            }
            GitError::NoMergeBase { one, other, shallow } => {
                let way = if *shallow { history(true) } else { "; name the commit to compare with, `handbook diff BASE`".to_owned() };
                write!(f, "`{one}` and `{other}` have no commit in common here{way}")
            }
            GitError::Failed(message) => write!(f, "git failed: {message}"),
        }
    }
}

impl std::error::Error for GitError {}

/// A file of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// Its path from the site's root.
    pub path: String,
    /// The id of its content.
    pub blob: String,
}

/// What happened to a file between two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Where it was, from the site's root; none for a new one.
    pub before: Option<String>,
    /// Where it is; none for one that is gone.
    pub after: Option<String>,
}

/// A commit of the history, with the files that it changed as seen from its first parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// When it was committed, in seconds since 1970.
    pub time: u64,
    /// The files that it changed.
    pub files: Vec<BlobChange>,
}

/// A file before and after a commit. What is no file of its own, such as a link, counts as not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobChange {
    /// What was there.
    pub before: Option<TreeFile>,
    /// What is there.
    pub after: Option<TreeFile>,
}

impl Repository {
    /// The repository that holds the site at `root`.
    pub fn of(root: &Path) -> Result<Repository, GitError> {
        let root = root.canonicalize().map_err(|e| GitError::Failed(format!("cannot find {}: {e}", root.display())))?;
        let output = command(&root).args(["rev-parse", "--show-toplevel"]).output().map_err(GitError::NotInstalled)?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            let none = said.contains("not a git repository");
            return Err(if none { GitError::NoRepository(root) } else { GitError::Failed(said.trim().to_owned()) });
        }
        let top = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']));
        let top = top.canonicalize().unwrap_or(top);
        let inner = root.strip_prefix(&top).map_err(|_| GitError::NoRepository(root.clone()))?;
        let inner = inner.to_string_lossy().replace('\\', "/");
        let prefix = if inner.is_empty() { inner } else { format!("{inner}/") };
        Ok(Repository { top, prefix })
    }

    /// The id of the commit that a name stands for.
    pub fn commit(&self, name: &str) -> Result<String, GitError> {
        let unknown = |shallow| GitError::UnknownRevision { name: name.to_owned(), shallow };
        if name.is_empty() || name.starts_with('-') {
            return Err(unknown(false));
        }
        let output = self.output(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
        let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && !id.is_empty() { Ok(id) } else { Err(unknown(self.is_shallow())) }
    }

    /// Whether the clone holds a part of the history only.
    pub fn is_shallow(&self) -> bool {
        self.text(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| said.trim() == "true")
    }

    /// The name of the main branch, as far as it can be told: that of `origin`, else `main` or `master`.
    pub fn main_branch(&self) -> Option<String> {
        let of_origin = self.text(&["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]).ok().map(|name| name.trim().to_owned());
        let names = ["origin/main", "origin/master", "main", "master"].map(str::to_owned);
        of_origin.into_iter().chain(names).find(|name| !name.is_empty() && self.commit(name).is_ok())
    }

    /// The last commit that both have.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<String, GitError> {
        let output = self.output(&["merge-base", one, other])?;
        let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && !id.is_empty() {
            return Ok(id);
        }
        Err(GitError::NoMergeBase { one: one.to_owned(), other: other.to_owned(), shallow: self.is_shallow() })
    }

    /// The files of a commit below these paths of the site; no links and no submodules.
    pub fn files(&self, commit: &str, below: &[&str]) -> Result<Vec<TreeFile>, GitError> {
        let paths = self.paths_of(below);
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", commit, "--"];
        arguments.extend(paths.iter().map(String::as_str));
        let listed = self.text(&arguments)?;
        let file = |entry: &str| {
            let (about, path) = entry.split_once('\t')?;
            let mut words = about.split(' ');
            let (mode, _kind, blob) = (words.next()?, words.next()?, words.next()?);
            let path = path.strip_prefix(&self.prefix)?;
            mode.starts_with("100").then(|| TreeFile { path: path.to_owned(), blob: blob.to_owned() })
        };
        Ok(listed.split('\0').filter_map(file).collect())
    }

    /// The directory in which the site lay in a commit, where that is not the one in which it lies now: `docs/`, or nothing
    /// for the top. It is known by the first of these paths of the site that was there and is there no more.
    pub fn lay_elsewhere(&self, commit: &str, paths: &[&str]) -> Result<Option<String>, GitError> {
        let listed = self.text(&["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit])?;
        let is_left = |above: &str, path: &str| (above.is_empty() || above.ends_with('/')) && !self.top.join(above).join(path).exists();
        let above = |path: &str| listed.split('\0').filter_map(|file| file.strip_suffix(path)).find(|above| is_left(above, path));
        Ok(paths.iter().find_map(|path| above(path)).map(str::to_owned))
    }

    /// The content of blobs, in the order asked for; one process for all.
    pub fn read(&self, blobs: &[&str]) -> Result<Vec<Vec<u8>>, GitError> {
        if blobs.is_empty() {
            return Ok(Vec::new());
        }
        let mut child = command(&self.top)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitError::NotInstalled)?;
        let (mut asks, answers) = (child.stdin.take().expect("it is piped"), child.stdout.take().expect("it is piped"));
        let wanted: String = blobs.iter().map(|blob| format!("{blob}\n")).collect();
        // Git answers while it is asked: both pipes would fill up if one thread did first the one and then the other.
        let read = std::thread::scope(|scope| {
            scope.spawn(move || asks.write_all(wanted.as_bytes()));
            read_batch(BufReader::new(answers), blobs.len())
        });
        let _ = child.wait();
        read.map_err(|error| GitError::Failed(format!("cannot read what is stored: {error}")))
    }

    /// What changed below these paths between a commit and another, or the working tree; moved files are recognised.
    ///
    /// Files that git does not know yet count as new; the repository's index is left alone.
    pub fn changes(&self, base: &str, head: Option<&str>, below: &[&str]) -> Result<Vec<FileChange>, GitError> {
        let paths = self.paths_of(below);
        let scratch = if head.is_none() { self.index_with_new_files(&paths) } else { None };
        let mut diff = command(&self.top);
        diff.args(["diff", "--raw", "-z", "--no-abbrev", "--find-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", base]);
        diff.args(head).arg("--").args(&paths);
        if let Some(scratch) = &scratch {
            diff.env("GIT_INDEX_FILE", scratch.0.join("index"));
        }
        let said = text_of(diff.output().map_err(GitError::NotInstalled)?)?;
        Ok(self.parsed(&said))
    }

    /// A copy of the index in which new files are noted, where there are any, so that git compares them too.
    fn index_with_new_files(&self, paths: &[String]) -> Option<Scratch> {
        let mut list = vec!["ls-files", "--others", "--exclude-standard", "-z", "--"];
        list.extend(paths.iter().map(String::as_str));
        if self.text(&list).ok()?.is_empty() {
            return None;
        }
        let index = self.text(&["rev-parse", "--git-path", "index"]).ok()?;
        let scratch = Scratch::new()?;
        let copy = scratch.0.join("index");
        let index = self.top.join(index.trim_end_matches('\n'));
        if index.exists() {
            std::fs::copy(index, &copy).ok()?;
        }
        let mut add = command(&self.top);
        let known = paths.iter().filter(|path| self.top.join(path).exists());
        add.args(["add", "--intent-to-add", "--"]).args(known).env("GIT_INDEX_FILE", &copy);
        let added = add.output().ok()?;
        added.status.success().then_some(scratch)
    }

    /// `:100644 100644 <old> <new> M\0path\0`, for renames with two paths.
    fn parsed(&self, raw: &str) -> Vec<FileChange> {
        let mut parts = raw.split('\0');
        let mut changes = Vec::new();
        let own = |path: &str| path.strip_prefix(&self.prefix).map(str::to_owned);
        while let Some(about) = parts.next().filter(|about| !about.is_empty()) {
            let Some(path) = parts.next() else { break };
            let (before, after) = match about.rsplit(' ').next().and_then(|status| status.chars().next()) {
                Some('A') => (None, own(path)),
                Some('D') => (own(path), None),
                Some('R' | 'C') => (own(path), parts.next().and_then(own)),
                _ => (own(path), own(path)),
            };
            changes.push(FileChange { before, after });
        }
        changes
    }

    /// The newest `most` commits that changed anything below these paths, newest first. Only first parents are followed, so
    /// that a merge is one change; moved files are recognised.
    pub fn commits(&self, from: &str, below: &[&str], most: usize) -> Result<Vec<Commit>, GitError> {
        let (paths, most) = (self.paths_of(below), format!("--max-count={most}"));
        let mut arguments = vec!["log", "--first-parent", "-m", "--raw", "-z", "--no-abbrev", "--find-renames", "--no-ext-diff", "--no-textconv"];
        arguments.extend(["--ignore-submodules=all", "--no-show-signature", "--format=%x01%H %ct", &most, from, "--"]);
        arguments.extend(paths.iter().map(String::as_str));
        Ok(self.commits_of(&self.text(&arguments)?))
    }

    /// `\x01<id> <time>\0`, then for each file `\n:100644 100644 <old> <new> M\0path\0`, for renames with two paths.
    fn commits_of(&self, log: &str) -> Vec<Commit> {
        let mut commits: Vec<Commit> = Vec::new();
        let mut parts = log.split('\0').map(|part| part.trim_start_matches('\n'));
        let own = |path: &str| path.strip_prefix(&self.prefix).map(str::to_owned);
        while let Some(part) = parts.next() {
            if let Some((id, time)) = part.strip_prefix('\u{1}').and_then(|head| head.split_once(' ')) {
                let time = time.trim().parse::<i64>().unwrap_or_default().try_into().unwrap_or_default();
                commits.push(Commit { id: id.to_owned(), time, files: Vec::new() });
                continue;
            }
            let (Some(commit), Some(about)) = (commits.last_mut(), part.strip_prefix(':')) else { continue };
            let words: Vec<&str> = about.split(' ').collect();
            let &[old_mode, new_mode, old, new, status] = words.as_slice() else { continue };
            let Some(first) = parts.next() else { break };
            let second = if status.starts_with(['R', 'C']) { parts.next().unwrap_or(first) } else { first };
            let file =
                |mode: &str, path: &str, blob: &str| Some(TreeFile { path: own(path).filter(|_| mode.starts_with("100"))?, blob: blob.to_owned() });
            let before = if status.starts_with('C') { None } else { file(old_mode, first, old) };
            commit.files.push(BlobChange { before, after: file(new_mode, second, new) });
        }
        commits
    }

    fn paths_of(&self, below: &[&str]) -> Vec<String> {
        below.iter().map(|path| format!("{}{path}", self.prefix)).collect()
    }

    fn output(&self, arguments: &[&str]) -> Result<Output, GitError> {
        command(&self.top).args(arguments).output().map_err(GitError::NotInstalled)
    }

    fn text(&self, arguments: &[&str]) -> Result<String, GitError> {
        text_of(self.output(arguments)?)
    }
}

/// `<id> blob <size>\n<content>\n`, as often as there are blobs.
fn read_batch(mut answers: impl io::BufRead, count: usize) -> io::Result<Vec<Vec<u8>>> {
    let mut contents = Vec::with_capacity(count);
    let mut line = String::new();
    for _ in 0..count {
        line.clear();
        answers.read_line(&mut line)?;
        let size: usize = line.trim_end().rsplit(' ').next().and_then(|n| n.parse().ok()).ok_or_else(|| {
            let said = line.trim_end();
            io::Error::new(io::ErrorKind::InvalidData, if said.is_empty() { "git stopped" } else { said })
        })?;
        let mut content = vec![0; size];
        answers.read_exact(&mut content)?;
        answers.read_exact(&mut [0])?;
        contents.push(content);
    }
    Ok(contents)
}

fn text_of(output: Output) -> Result<String, GitError> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(GitError::Failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

/// What git tells its hooks about the repository in which they run, and which leads astray in any other.
const OF_HOOKS: [&str; 6] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"];

/// Git in a directory: it takes no locks that it can do without, translates nothing and reads paths to the letter. The
/// repository is that of the directory, also below a hook.
fn command(directory: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(directory).stdin(Stdio::null());
    OF_HOOKS.iter().for_each(|name| {
        git.env_remove(name);
    });
    git.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_LITERAL_PATHSPECS", "1").env("LC_ALL", "C");
    git
}

/// A directory of its own among the temporary files, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Option<Scratch> {
        let stamp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |t| t.as_nanos());
        let path = std::env::temp_dir().join(format!("handbook-index-{}-{stamp}", std::process::id()));
        std::fs::create_dir(&path).ok()?;
        Some(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
