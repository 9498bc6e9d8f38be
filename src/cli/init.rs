//! `handbook init`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Failure, GOOD, Global};

/// Start a handbook: a small site that builds.
#[derive(Debug, Args)]
pub struct Init {
    /// The directory [default: this one]
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    dir: PathBuf,
    /// Also in a directory that is not empty; files that are there stay as they are
    #[arg(long)]
    force: bool,
    /// Whose CI file to write
    #[arg(long, value_name = "PLATFORM", default_value = "gitlab")]
    ci: Platform,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Platform {
    Gitlab,
    Github,
    None,
}

/// The files of the small site, which a handbook that is there does without.
const SITE: [(&str, &str); 5] = [
    ("handbook.yml", include_str!("../../starter/handbook.yml")),
    ("content/index.md", include_str!("../../starter/content/index.md")),
    ("content/_shared/everyone.md", include_str!("../../starter/content/_shared/everyone.md")),
    ("content/engineering/index.md", include_str!("../../starter/content/engineering/index.md")),
    ("content/engineering/backend.md", include_str!("../../starter/content/engineering/backend.md")),
];
/// What git leaves out.
const IGNORED: (&str, &str) = (".gitignore", include_str!("../../starter/gitignore"));

impl Platform {
    fn file(self) -> Option<(&'static str, &'static str)> {
        match self {
            Platform::Gitlab => Some((".gitlab-ci.yml", include_str!("../../starter/gitlab-ci.yml"))),
            Platform::Github => Some((".github/workflows/handbook.yml", include_str!("../../starter/github-workflow.yml"))),
            Platform::None => None,
        }
    }
}

impl Init {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        if !self.force && !is_empty(&self.dir)? {
            return Err(Failure::usage(format!(
                "{} is not empty; choose another directory, or add --force, which leaves the files that are there as they are",
                self.dir.display()
            )));
        }
        let content = self.dir.join("content");
        let has_content = content.exists() && !is_empty(&content)?;
        if has_content && !global.quiet {
            super::print::err_line("a handbook is there already: it gets no sample");
        }
        let site = SITE.into_iter().filter(|_| !has_content);
        for (name, text) in site.chain([IGNORED]).chain(self.ci.file()) {
            let path = self.dir.join(name);
            let done = write_new(&path, text).map_err(|error| Failure::machine(format!("cannot write {}: {error}", path.display())))?;
            if !global.quiet {
                super::print::err_line(&format!("{} {name}", if done { "wrote" } else { "kept " }));
            }
        }
        if let Some((ci, above)) = self.ci.file().zip(levels_below_top(&self.dir)) {
            let up = "../".repeat(above.split('/').count());
            super::print::err_line(&format!(
                "note: the repository begins at {up}, and only there {} counts: move it to {up}{} and write `--root {above}` behind each `handbook` in it",
                ci.0, ci.0
            ));
        }
        if !global.quiet {
            let (root, below) = match self.dir == Path::new(".") {
                true => (String::new(), String::new()),
                false => (format!("--root {} ", self.dir.display()), format!("{}/", self.dir.display())),
            };
            super::print::err_line(&format!(
                "Next: `handbook {root}build`, then open {below}public/index.html; `handbook {root}new family DEPARTMENT/NAME` adds a family"
            ));
        }
        Ok(GOOD)
    }
}

/// Where a directory lies in its repository, `docs/handbook`; none where that begins there, or there is none.
fn levels_below_top(dir: &Path) -> Option<String> {
    let dir = dir.canonicalize().ok()?;
    let top = dir.ancestors().find(|above| above.join(".git").exists())?;
    let inner = dir.strip_prefix(top).ok()?.to_string_lossy().replace('\\', "/");
    (!inner.is_empty()).then_some(inner)
}

/// Whether there is nothing in a directory but what git keeps there.
fn is_empty(dir: &Path) -> Result<bool, Failure> {
    let failed = |error: std::io::Error| Failure::machine(format!("cannot read {}: {error}", dir.display()));
    match std::fs::read_dir(dir) {
        Ok(entries) => {
            let names: Result<Vec<_>, _> = entries.map(|e| e.map(|e| e.file_name())).collect();
            Ok(names.map_err(failed)?.iter().all(|name| name == ".git"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Err(Failure::usage(format!("{} is a file", dir.display()))),
        Err(error) => Err(failed(error)),
    }
}

/// Writes a file that is not there yet; gives whether it did.
pub(super) fn write_new(path: &Path, text: &str) -> std::io::Result<bool> {
    use std::io::Write as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    match std::fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}
