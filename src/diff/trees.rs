//! A repository and two revisions in, the two source trees out. Files that are the same are read once and shared.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::git::{FileChange, GitError, Repository, TreeFile};
use crate::source::{self, SourceFile, SourceTree};

/// Two trees of one site, and what differs.
#[derive(Debug)]
pub struct Trees {
    /// Before.
    pub base: SourceTree,
    /// After.
    pub head: SourceTree,
    /// The files that differ.
    pub changes: Vec<FileChange>,
}

/// What the change leads to.
pub enum Head<'a> {
    /// A commit, by its id.
    Commit(&'a str),
    /// The working tree, as it was read.
    Working(Box<SourceTree>),
}

/// The tree of a commit. `config` is the path of the configuration from the site's root.
pub fn at(repository: &Repository, root: &Path, config: &str, commit: &str) -> Result<SourceTree, GitError> {
    let files = repository.files(commit, &["content", config])?;
    Ok(source::from_files(root, config, read(repository, files)?))
}

/// The trees of a commit and of what it led to.
pub fn both(repository: &Repository, root: &Path, config: &str, base: &str, head: Head<'_>) -> Result<Trees, GitError> {
    let (commit, head) = match head {
        Head::Commit(commit) => (Some(commit), at(repository, root, config, commit)?),
        Head::Working(working) => (None, *working),
    };
    let changes = repository.changes(base, commit, &["content", config])?;
    let differs: HashSet<&str> = changes.iter().flat_map(|c| c.before.iter().chain(&c.after)).map(String::as_str).collect();
    let known: HashMap<&str, &Arc<SourceFile>> = head.content.iter().map(|f| (&*f.path, f)).collect();
    let files = repository.files(base, &["content", config])?;
    let is_shared = |file: &TreeFile| !differs.contains(file.path.as_str()) && known.contains_key(file.path.as_str());
    let (shared, other): (Vec<TreeFile>, Vec<TreeFile>) = files.into_iter().partition(is_shared);
    let mut tree = source::from_files(root, config, read(repository, other)?);
    tree.content.extend(shared.iter().map(|file| Arc::clone(known[file.path.as_str()])));
    tree.content.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Trees { base: tree, head, changes })
}

/// Paths and bytes of files, of which only those are read that say something of the content; each blob once.
fn read(repository: &Repository, files: Vec<TreeFile>) -> Result<Vec<(String, Vec<u8>)>, GitError> {
    let is_text = |file: &TreeFile| file.path.ends_with(".md") || !file.path.starts_with("content/");
    let blobs: BTreeMap<&str, usize> =
        files.iter().filter(|f| is_text(f)).map(|f| f.blob.as_str()).collect::<std::collections::BTreeSet<_>>().into_iter().zip(0..).collect();
    let contents = repository.read(&blobs.keys().copied().collect::<Vec<_>>())?;
    let bytes = |file: &TreeFile| if is_text(file) { contents[blobs[file.blob.as_str()]].clone() } else { Vec::new() };
    Ok(files.iter().map(|file| (file.path.clone(), bytes(file))).collect())
}
