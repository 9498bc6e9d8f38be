//! A handbook in a directory of its own, built by the real program, with what came out at hand.
//!
//! `Project::new().file("content/eng/a.md", text).build().page("eng/a/index.html").shows("text").link_to("b/index.html")`

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod dice;
pub mod html;
#[cfg(feature = "serve")]
pub mod preview;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

/// The files of a directory by their paths from it, with `/`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A handbook on the disk, removed at the end.
#[derive(Clone)]
pub struct Project {
    directory: Rc<Directory>,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    working_directory: Option<PathBuf>,
}

struct Directory(PathBuf);

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A run of the program, with the project that it left behind.
pub struct Run {
    project: Project,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A page of the output.
pub struct Page {
    name: String,
    pub html: String,
}

impl Project {
    /// A directory with nothing in it.
    pub fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("handbook-project-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(path.join("site")).expect("a fresh directory");
        let path = path.canonicalize().expect("it exists");
        Project { directory: Rc::new(Directory(path)), arguments: Vec::new(), environment: Vec::new(), working_directory: None }
    }

    /// The example handbook of this repository.
    pub fn example() -> Self {
        let project = Project::new();
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::copy(repository.join("handbook.yml"), project.path("handbook.yml")).expect("the example's configuration");
        for (name, bytes) in files_below(&repository.join("content")) {
            project.put(&format!("content/{name}"), &bytes);
        }
        project
    }

    /// Writes a file, from the site's root.
    pub fn file(self, name: &str, text: &str) -> Self {
        self.put(name, text.as_bytes());
        self
    }

    /// Takes a file away.
    pub fn without(self, name: &str) -> Self {
        fs::remove_file(self.path(name)).expect("the file is there");
        self
    }

    /// Replaces words in a file, which must be there.
    pub fn edit(self, name: &str, from: &str, to: &str) -> Self {
        let text = fs::read_to_string(self.path(name)).expect("the file is there");
        assert!(text.contains(from), "{name} has no {from:?}");
        self.put(name, text.replace(from, to).as_bytes());
        self
    }

    /// Further arguments of the next runs.
    pub fn with(mut self, arguments: &str) -> Self {
        self.arguments = arguments.split_whitespace().map(str::to_owned).collect();
        self
    }

    /// A variable of the environment of the next runs.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs from another directory, with `--root`.
    pub fn elsewhere(mut self) -> Self {
        self.working_directory = Some(std::env::temp_dir());
        self
    }

    /// Where a file of the site lies.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.0.join("site").join(name)
    }

    /// Whether there is such a file or directory.
    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// Runs the program in the site's directory.
    pub fn run(&self, arguments: &str) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
        command.args(arguments.split_whitespace()).args(&self.arguments).current_dir(self.path(""));
        if let Some(elsewhere) = &self.working_directory {
            command.current_dir(elsewhere).arg("--root").arg(self.path(""));
        }
        command.env_clear().env("NO_COLOR", "1").envs(self.environment.iter().cloned());
        let Output { status, stdout, stderr } = command.output().expect("the program can be started");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
        let run = Run { project: self.clone(), code: status.code(), stdout: text(stdout), stderr: text(stderr) };
        assert!(!run.stderr.contains("panicked at"), "handbook {arguments}\n{}", run.stderr);
        run
    }

    /// Builds; it must succeed.
    pub fn build(&self) -> Run {
        self.run("build").succeeds()
    }

    /// The files below a directory of the site.
    pub fn files(&self, directory: &str) -> Files {
        files_below(&self.path(directory))
    }

    /// The times at which the files below a directory were changed last.
    pub fn times(&self, directory: &str) -> BTreeMap<String, SystemTime> {
        let time = |name: &String| fs::metadata(self.path(directory).join(name)).and_then(|m| m.modified()).expect("a file");
        self.files(directory).into_keys().map(|name| (name.clone(), time(&name))).collect()
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file has a parent")).expect("a directory for the file");
        fs::write(path, bytes).expect("a file of the project");
    }
}

impl Run {
    /// It ends with 0.
    #[track_caller]
    pub fn succeeds(self) -> Self {
        self.ends_with(0)
    }

    /// It ends with this code.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "the exit code; the program said:\n{}{}", self.stdout, self.stderr);
        self
    }

    /// It says this, on either stream.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.stdout.contains(words) || self.stderr.contains(words), "{words:?} is not in:\n{}{}", self.stdout, self.stderr);
        self
    }

    /// A page of `public/`.
    #[track_caller]
    pub fn page(&self, name: &str) -> Page {
        let html = fs::read_to_string(self.project.path("public").join(name));
        Page { name: name.to_owned(), html: html.unwrap_or_else(|error| panic!("public/{name}: {error}; there are {:#?}", self.names())) }
    }

    /// All pages of `public/`.
    pub fn pages(&self) -> Vec<Page> {
        self.names().iter().filter(|name| name.ends_with(".html")).map(|name| self.page(name)).collect()
    }

    /// There is such a file in `public/`.
    #[track_caller]
    pub fn makes(self, name: &str) -> Self {
        assert!(self.names().contains(name), "{name} is not among {:#?}", self.names());
        self
    }

    /// There is no such file in `public/`.
    #[track_caller]
    pub fn makes_no(self, name: &str) -> Self {
        assert!(!self.names().contains(name), "{name} is in public/");
        self
    }

    /// The names of the files of `public/`.
    pub fn names(&self) -> BTreeSet<String> {
        self.files().into_keys().collect()
    }

    /// The files of `public/`.
    pub fn files(&self) -> Files {
        self.project.files("public")
    }

    /// The project, to go on with.
    pub fn then(self) -> Project {
        self.project
    }
}

impl Page {
    /// The page shows this text to readers.
    #[track_caller]
    pub fn shows(self, text: &str) -> Self {
        let shown = html::text(&self.html);
        assert!(shown.contains(text), "{} does not show {text:?}, but:\n{shown}", self.name);
        self
    }

    /// The page does not show this text to readers.
    #[track_caller]
    pub fn hides(self, text: &str) -> Self {
        let shown = html::text(&self.html);
        assert!(!shown.contains(text), "{} shows {text:?}:\n{shown}", self.name);
        self
    }

    /// The source of the page holds this.
    #[track_caller]
    pub fn holds(self, words: &str) -> Self {
        assert!(self.html.contains(words), "{} does not hold {words:?}:\n{}", self.name, self.html);
        self
    }

    /// The source of the page does not hold this.
    #[track_caller]
    pub fn lacks(self, words: &str) -> Self {
        assert!(!self.html.contains(words), "{} holds {words:?}:\n{}", self.name, self.html);
        self
    }

    /// The page has a link with this address, as it is written.
    #[track_caller]
    pub fn link_to(self, address: &str) -> Self {
        let links = html::attributes(&self.html, &["href"]);
        assert!(links.iter().any(|link| link == address), "{} has no link to {address:?}, but {links:#?}", self.name);
        self
    }
}

/// The files below a directory by their paths from it.
pub fn files_below(directory: &Path) -> Files {
    let mut found = Files::new();
    let mut open = vec![directory.to_owned()];
    while let Some(current) = open.pop() {
        for entry in fs::read_dir(&current).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(directory).expect("below it").to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}
