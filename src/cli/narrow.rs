//! The arguments that narrow which findings are told: those in some files and directories, those of some kinds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::{Failure, check};
use crate::diagnostic::{Diagnostic, Severity};
use crate::ident;
use crate::snapshot::Snapshot;
use crate::source::SourceTree;

/// Which findings are wanted.
#[derive(Debug, Args)]
pub struct Narrow {
    /// Tell only what is in these files and directories, such as content/sales [default: everywhere]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Tell only findings of this kind, such as link-broken (may be given several times)
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    only: Vec<String>,
}

/// What is wanted of one site.
pub(super) struct Wanted {
    /// From the site's root, with `/`; none where everything is wanted.
    paths: Vec<String>,
    codes: Vec<&'static str>,
    /// Without the settings nothing is as it should be: what is wrong in them is always told.
    settings: Arc<str>,
}

impl Narrow {
    /// The same for a site that was read.
    ///
    /// # Errors
    ///
    /// Where nothing of the site is at a path, or no finding has a code.
    pub(super) fn of(&self, snapshot: &Snapshot) -> Result<Wanted, Failure> {
        let files = files_of(&snapshot.tree);
        let mut paths = self.paths.iter().map(|path| from_root(path, &snapshot.tree, &files)).collect::<Result<Vec<_>, _>>()?;
        if paths.iter().any(String::is_empty) {
            paths.clear();
        }
        let codes = self.only.iter().map(|code| check::known(code).map(|lint| lint.code)).collect::<Result<_, _>>()?;
        Ok(Wanted { paths, codes, settings: Arc::clone(&snapshot.handbook.config.file) })
    }
}

impl Wanted {
    /// Whether it is everything.
    pub(super) fn is_all(&self) -> bool {
        self.paths.is_empty() && self.codes.is_empty()
    }

    /// Whether kinds were named: these are told whatever they weigh.
    pub(super) fn names_kinds(&self) -> bool {
        !self.codes.is_empty()
    }

    /// The named kinds that `handbook.yml` turns off.
    pub(super) fn off<'s>(&'s self, snapshot: &'s Snapshot) -> impl Iterator<Item = &'static str> + 's {
        self.codes.iter().copied().filter(|code| !snapshot.handbook.config.lints.is_on(code))
    }

    /// Whether a finding is told.
    pub(super) fn has(&self, finding: &Diagnostic) -> bool {
        let file = &finding.place.file;
        let is_there = self.paths.is_empty() || self.paths.iter().any(|path| is_below(file, path));
        let is_such = self.codes.is_empty() || self.codes.contains(&finding.code);
        is_there && is_such || *file == self.settings && finding.severity == Severity::Error
    }
}

fn is_below(file: &str, path: &str) -> bool {
    file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The files of a site of which something can be told.
fn files_of(tree: &SourceTree) -> BTreeSet<&str> {
    let texts = [&tree.content, &tree.templates, &tree.words].into_iter().flatten().map(|file| &*file.path);
    let copied = tree.assets.iter().chain(&tree.statics).map(|asset| &*asset.path);
    let settings = tree.config.iter().chain(&tree.strings).map(|file| &*file.path);
    texts.chain(copied).chain(settings).chain(tree.refused.iter().map(|refused| &*refused.path)).collect()
}

/// A path as it was typed, from the working directory or from the site's root, as the site knows it.
fn from_root(typed: &Path, tree: &SourceTree, files: &BTreeSet<&str>) -> Result<String, Failure> {
    let root = tree.root.canonicalize().map_err(|error| Failure::machine(format!("cannot find {}: {error}", tree.root.display())))?;
    let found = [typed.to_path_buf(), tree.root.join(typed)].into_iter().filter_map(|path| path.canonicalize().ok());
    let known = |path: &str| path.is_empty() || files.iter().any(|file| is_below(file, path));
    let mut inside = found.filter_map(|path| Some(path.strip_prefix(&root).ok()?.to_string_lossy().replace('\\', "/")));
    if let Some(path) = inside.find(|path| known(path)) {
        return Ok(path);
    }
    let shown = typed.to_string_lossy().replace('\\', "/");
    let shown = shown.trim_start_matches("./").trim_end_matches('/');
    let directories = files.iter().flat_map(|file| file.match_indices('/').map(|(at, _)| &file[..at])).collect::<BTreeSet<_>>();
    // As much of the end of each path as was typed: from which directory is not known.
    let parts = shown.matches('/').count() + 1;
    let tail = |path: &&'_ str| path.rmatch_indices('/').nth(parts - 1).map_or(0, |(at, _)| at + 1);
    let tails: Vec<(&str, &str)> = directories.iter().chain(files).map(|path| (&path[tail(path)..], *path)).collect();
    let near = ident::nearest(shown, tails.iter().map(|(tail, _)| *tail)).and_then(|near| tails.iter().find(|(tail, _)| *tail == near));
    let meant = near.map_or_else(
        || "write it as a path such as content/sales or content/sales/manager.md".to_owned(),
        |(_, path)| format!("did you mean `{path}`?"),
    );
    Err(Failure::usage(format!("nothing of this handbook is at `{shown}`; {meant}")))
}
