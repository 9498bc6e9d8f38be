//! DISCOVER: a directory in, an immutable [`SourceTree`] out. The only reader of the disk; a tree may
//! also be made of files that were read elsewhere, such as those of a revision.

pub mod again;
pub mod date;
pub mod history;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::WalkDir;

/// The largest text file that is read, in bytes. Real job families have 50 kB at most.
pub const MAX_FILE: u64 = 4 << 20;
/// The largest file that is copied, in bytes: each is held whole for a moment.
pub const MAX_COPIED: u64 = 256 << 20;
/// What a larger one is.
const HUGE: &str = "larger than 256 MiB, which is the limit of a file that is copied";
/// The configuration, unless another one is named.
const CONFIG: &str = "handbook.yml";
/// The files that are copied as they are.
const STATIC: &str = "static";
/// The words that pages say by themselves.
const STRINGS: &str = "strings.yml";

/// Everything a site is made of, as it was on the disk at one moment.
#[derive(Debug, Clone, Default)]
pub struct SourceTree {
    /// The directory that holds `handbook.yml` and `content/`.
    pub root: PathBuf,
    /// `handbook.yml`, if there is one.
    pub config: Option<SourceFile>,
    /// `strings.yml` beside it, if there is one: the words that pages say by themselves.
    pub strings: Option<SourceFile>,
    /// The Markdown files under `content/`, by path.
    pub content: Vec<Arc<SourceFile>>,
    /// The other files under `content/`, by path: images and the like.
    pub assets: Vec<Asset>,
    /// The files under `templates/`, by path.
    pub templates: Vec<Arc<SourceFile>>,
    /// The files under `static/`, by path.
    pub statics: Vec<Asset>,
    /// On which day files were last changed, where somebody asked for it.
    pub changed: history::Changed,
    /// What lies among the files and is not read.
    pub refused: Vec<Refused>,
    /// The word lists under `words/`, by path.
    pub words: Vec<Arc<SourceFile>>,
    /// The site's path from the directory of the repository that it lies in, ending in `/`; empty where that is the same.
    pub in_repository: String,
    /// The day on which it was read.
    pub today: date::Date,
}

/// Something that is no file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// What it is, in words.
    pub what: &'static str,
}

/// A text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// Its text, without byte order mark, line ends as `\n`; up to the first fault, if it has one.
    pub text: Box<str>,
    /// Why it could not be read as text.
    pub fault: Option<TextFault>,
}

/// Why a file is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Not UTF-8, from this byte of the file on.
    NotUtf8 {
        /// Bytes before the first wrong one, counted in the file as it is on the disk.
        offset: usize,
    },
    /// Larger than [`MAX_FILE`]; nothing was read.
    TooLarge {
        /// Size in bytes.
        size: u64,
    },
}

/// A file that is copied as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// Where it is on the disk.
    pub on_disk: PathBuf,
    /// Of a drawing (`.svg`) below `content/` its text: it is looked through before it is published, and this text is.
    pub drawing: Option<Arc<SourceFile>>,
}

/// The machine failed to read something.
#[derive(Debug)]
pub struct SourceError {
    /// What was read.
    pub path: PathBuf,
    /// Why it failed.
    pub error: io::Error,
}

impl std::fmt::Display for SourceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot read {}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for SourceError {}

/// Reads the site at `root`, with `config` in place of `handbook.yml` where given.
///
/// Symbolic links are not followed; names that begin with `.` and the backups of editors are not read.
pub fn read(root: &Path, config: Option<&Path>) -> Result<SourceTree, SourceError> {
    let mut refused = Vec::new();
    let config_file = read_config(root, config, &mut refused)?;
    let mut tree = SourceTree { root: root.to_path_buf(), config: config_file, ..SourceTree::default() };
    tree.strings = read_strings(root, &mut refused)?;
    let (markdown, assets): (_, Vec<Asset>) = list(root, "content", &mut refused)?.into_iter().partition(|a: &Asset| a.path.ends_with(".md"));
    tree.assets = assets.into_par_iter().map(with_drawing).collect::<Result<_, _>>()?;
    tree.content = read_all(markdown)?;
    tree.templates = read_all(list(root, "templates", &mut refused)?)?;
    tree.statics = list(root, STATIC, &mut refused)?;
    tree.words = read_all(list(root, "words", &mut refused)?.into_iter().filter(|a| a.path.ends_with(".txt")).collect())?;
    tree.in_repository = in_repository(root);
    tree.today = date::today();
    refused.sort_by(|a, b| a.path.cmp(&b.path));
    tree.refused = refused;
    Ok(tree)
}

fn read_config(root: &Path, config: Option<&Path>, refused: &mut Vec<Refused>) -> Result<Option<SourceFile>, SourceError> {
    let own = root.join(CONFIG);
    match config {
        // Whoever names a file on the command line may take it from anywhere.
        Some(path) => read_text(config_name(root, path), &fs::canonicalize(path).map_err(|error| failed_at(path, error))?).map(Some),
        None if refuses(&own, CONFIG, refused) || is_directory(&own, CONFIG, refused) || !own.exists() => Ok(None),
        None => read_text(CONFIG.into(), &own).map(Some),
    }
}

fn read_strings(root: &Path, refused: &mut Vec<Refused>) -> Result<Option<SourceFile>, SourceError> {
    let strings = root.join(STRINGS);
    if refuses(&strings, STRINGS, refused) || is_directory(&strings, STRINGS, refused) || !strings.is_file() {
        return Ok(None);
    }
    read_text(STRINGS.into(), &strings).map(Some)
}

fn failed_at(path: &Path, error: io::Error) -> SourceError {
    SourceError { path: path.to_path_buf(), error }
}

/// Whether something is there that is not read, though its name says so; then it is noted.
fn refuses(path: &Path, shown: &str, refused: &mut Vec<Refused>) -> bool {
    let Ok(meta) = fs::symlink_metadata(path) else { return false };
    let Some(what) = what_it_is(meta.file_type()) else { return false };
    refused.push(Refused { path: shown.into(), what });
    true
}

/// Whether a directory is in the place of a file; then it is noted.
fn is_directory(path: &Path, shown: &str, refused: &mut Vec<Refused>) -> bool {
    let is = path.is_dir();
    refused.extend(is.then(|| Refused { path: shown.into(), what: "a directory in place of a file" }));
    is
}

/// What something is that is neither a file nor a directory.
fn what_it_is(kind: fs::FileType) -> Option<&'static str> {
    match kind {
        kind if kind.is_file() || kind.is_dir() => None,
        kind if kind.is_symlink() => Some("a link to another place"),
        _ => Some("no file, but a pipe, a socket or a device"),
    }
}

/// The path of `root` from the directory above it that holds `.git`, as systems that show findings in a change need it.
fn in_repository(root: &Path) -> String {
    let Ok(root) = root.canonicalize() else { return String::new() };
    let Some(top) = root.ancestors().find(|dir| dir.join(".git").exists()) else { return String::new() };
    let inner = root.strip_prefix(top).unwrap_or(Path::new("")).to_string_lossy().replace('\\', "/");
    if inner.is_empty() { inner } else { format!("{inner}/") }
}

fn config_name(root: &Path, path: &Path) -> Arc<str> {
    let shown = path.strip_prefix(root).unwrap_or(path);
    shown.to_string_lossy().replace('\\', "/").into()
}

/// Hidden files, the copies that editors leave beside what they edit, and what systems leave in directories. Of `static/`
/// hidden files are part of the site, such as `.nojekyll` and `.well-known/`, but for those of git and of file managers.
fn is_left_out(name: &str, in_static: bool) -> bool {
    let ends = ["~", ".bak", ".orig", ".rej", ".swp", ".swo", ".tmp"];
    let of_systems = ["Thumbs.db", "ehthumbs.db", "desktop.ini"];
    let is_hidden = name.starts_with('.') && (!in_static || name.starts_with(".git") || name == ".DS_Store");
    let is_litter = name.starts_with("~$") || of_systems.iter().any(|litter| name.eq_ignore_ascii_case(litter));
    is_hidden || is_litter || (name.starts_with('#') && name.ends_with('#')) || ends.iter().any(|end| name.ends_with(end))
}

/// Files by their paths in a directory, with where they lie, and what is no file.
pub type Below = (Vec<(String, PathBuf)>, Vec<Refused>);

/// The files below any directory, sorted. What begins with `.` is not read.
pub fn files_below(directory: &Path) -> Result<Below, SourceError> {
    let mut refused = Vec::new();
    let files = list(directory, "", &mut refused)?;
    Ok((files.into_iter().map(|file| (file.path.to_string(), file.on_disk)).collect(), refused))
}

/// Reads one text file, which messages name `shown`.
pub fn read_file(shown: Arc<str>, on_disk: &Path) -> Result<SourceFile, SourceError> {
    read_text(shown, on_disk)
}

/// The files below `root/folder`, sorted by path; none where the folder is missing.
fn list(root: &Path, folder: &str, refused: &mut Vec<Refused>) -> Result<Vec<Asset>, SourceError> {
    let top = root.join(folder);
    if refuses(&top, folder, refused) || !top.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in walk(&top, folder == STATIC) {
        let entry = entry.map_err(|e| SourceError { path: e.path().unwrap_or(&top).to_path_buf(), error: e.into() })?;
        files.extend(take(root, entry.file_type(), entry.into_path(), refused));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The file at a place that was found, if it is one and may be read; what may not be read is noted.
fn take(root: &Path, kind: fs::FileType, on_disk: PathBuf, refused: &mut Vec<Refused>) -> Option<Asset> {
    let inner = on_disk.strip_prefix(root).unwrap_or(&on_disk);
    let path = path_of(root, &on_disk);
    let odd_name = (inner.to_str().is_none() || path.contains('\\')).then_some("a file whose name other systems cannot hold");
    let is_huge = || kind.is_file() && !path.ends_with(".md") && fs::symlink_metadata(&on_disk).is_ok_and(|meta| meta.len() > MAX_COPIED);
    if let Some(what) = what_it_is(kind).or(odd_name).or_else(|| is_huge().then_some(HUGE)) {
        refused.push(Refused { path, what });
        return None;
    }
    kind.is_file().then_some(Asset { path, on_disk, drawing: None })
}

/// The path of something from the site's root, with `/`.
fn path_of(root: &Path, on_disk: &Path) -> Arc<str> {
    let inner = on_disk.strip_prefix(root).unwrap_or(on_disk).to_string_lossy();
    if cfg!(windows) { inner.replace('\\', "/").into() } else { inner.into() }
}

/// Everything below a directory that counts as part of the site.
fn walk(top: &Path, in_static: bool) -> impl Iterator<Item = walkdir::Result<walkdir::DirEntry>> {
    WalkDir::new(top).into_iter().filter_entry(move |e| e.depth() == 0 || !is_left_out(&e.file_name().to_string_lossy(), in_static))
}

fn read_all(files: Vec<Asset>) -> Result<Vec<Arc<SourceFile>>, SourceError> {
    files.into_par_iter().map(|file| read_text(file.path, &file.on_disk).map(Arc::new)).collect()
}

/// A file of `content/` that is no page, with its text if it is a drawing.
pub fn with_drawing(asset: Asset) -> Result<Asset, SourceError> {
    let drawing = is_drawing(&asset.path).then(|| read_text(Arc::clone(&asset.path), &asset.on_disk).map(Arc::new)).transpose()?;
    Ok(Asset { drawing, ..asset })
}

/// Whether a file is a drawing (SVG) by its name.
pub fn is_drawing(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("svg"))
}

fn read_text(path: Arc<str>, on_disk: &Path) -> Result<SourceFile, SourceError> {
    let failed = |error| failed_at(on_disk, error);
    let mut file = open(on_disk).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    if size > MAX_FILE {
        return Ok(SourceFile { path, text: "".into(), fault: Some(TextFault::TooLarge { size }) });
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    file.read_to_end(&mut bytes).map_err(failed)?;
    Ok(from_bytes(path, bytes))
}

/// Opens a file of the site: the gate through which everything is read. What became a link or a pipe since it was found is
/// refused.
fn open(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no file any more")) }
}

/// The link that lies on the way from a directory to a file below it, if one does: what is written there lands elsewhere.
pub fn link_on_the_way(directory: &Path, file: &Path) -> Option<PathBuf> {
    let is_link = |path: &&Path| fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
    file.ancestors().take_while(|above| *above != directory).find(is_link).map(Path::to_path_buf)
}

/// The bytes of a file of the site.
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = open(path)?;
    let size = file.metadata()?.len();
    if size > MAX_COPIED {
        return Err(io::Error::other(format!("{} is {HUGE}", path.display())));
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The site that these files make up, given by their paths from its root and their bytes, such as those of a revision.
///
/// `config` is the path of the configuration. Templates and static files are left out: they say nothing of the content.
pub fn from_files(root: &Path, config: &str, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> SourceTree {
    let mut tree = SourceTree { root: root.to_path_buf(), ..SourceTree::default() };
    for (path, bytes) in files {
        let below = path.strip_prefix("content/");
        if path == config {
            tree.config = Some(from_bytes(path, bytes));
        } else if below.is_none_or(|below| below.split('/').any(|part| is_left_out(part, false))) {
            continue;
        } else if path.ends_with(".md") {
            tree.content.push(Arc::new(from_stored(path, bytes)));
        } else {
            let drawing = is_drawing(&path).then(|| Arc::new(from_stored(path.clone(), bytes)));
            tree.assets.push(Asset { on_disk: root.join(&path), path: path.into(), drawing });
        }
    }
    tree.content.sort_by(|a, b| a.path.cmp(&b.path));
    tree.assets.sort_by(|a, b| a.path.cmp(&b.path));
    tree
}

/// A file of `content/` from its bytes, which were read elsewhere; one that is too large has no text.
pub fn from_stored(path: impl Into<Arc<str>>, bytes: Vec<u8>) -> SourceFile {
    let size = bytes.len() as u64;
    match size > MAX_FILE {
        true => SourceFile { path: path.into(), text: "".into(), fault: Some(TextFault::TooLarge { size }) },
        false => from_bytes(path, bytes),
    }
}

/// A text file from its bytes: without byte order mark, line ends as `\n`.
pub fn from_bytes(path: impl Into<Arc<str>>, bytes: Vec<u8>) -> SourceFile {
    let (text, fault) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(offset);
            (String::from_utf8(bytes).unwrap_or_default(), Some(TextFault::NotUtf8 { offset }))
        }
    };
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    SourceFile { path: path.into(), text: text.into_boxed_str(), fault }
}

/// The bytes of a file of the site as they are on the disk now.
pub fn bytes(root: &Path, path: &str) -> Result<Vec<u8>, SourceError> {
    let on_disk = root.join(path);
    fs::read(&on_disk).map_err(|error| SourceError { path: on_disk, error })
}

impl SourceTree {
    /// The same tree with other texts for some files of `content/`.
    pub fn with(&self, texts: &BTreeMap<Arc<str>, String>) -> SourceTree {
        let copy = |f: &SourceFile| SourceFile { path: Arc::clone(&f.path), text: f.text.clone(), fault: f.fault };
        let SourceTree { root, config, content, assets, templates, statics, words, in_repository, today, refused, strings, changed } = self;
        let exchanged = |file: &Arc<SourceFile>| match texts.get(&file.path) {
            Some(text) => Arc::new(SourceFile { path: Arc::clone(&file.path), text: text.as_str().into(), fault: None }),
            None => Arc::clone(file),
        };
        SourceTree {
            root: root.clone(),
            config: config.as_ref().map(copy),
            content: content.iter().map(exchanged).collect(),
            assets: assets.clone(),
            templates: templates.clone(),
            statics: statics.clone(),
            words: words.clone(),
            in_repository: in_repository.clone(),
            today: *today,
            refused: refused.clone(),
            strings: strings.as_ref().map(copy),
            changed: changed.clone(),
        }
    }

    /// The text of a file by its path from the root, wherever it lies in the tree.
    pub fn text(&self, path: &str) -> Option<&str> {
        let in_list = |files: &[Arc<SourceFile>]| files.binary_search_by(|f| (*f.path).cmp(path)).ok();
        if let Some(i) = in_list(&self.content) {
            return Some(&self.content[i].text);
        }
        if let Some(i) = in_list(&self.templates) {
            return Some(&self.templates[i].text);
        }
        if let Some(i) = in_list(&self.words) {
            return Some(&self.words[i].text);
        }
        if let Ok(i) = self.assets.binary_search_by(|a| (*a.path).cmp(path)) {
            return self.assets[i].drawing.as_ref().map(|file| &*file.text);
        }
        self.config.iter().chain(&self.strings).find(|c| &*c.path == path).map(|c| &*c.text)
    }
}
