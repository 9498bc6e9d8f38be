//! The manual of the content model, run: `tests/specs/**/*.md` in, a list of the cases that do not hold out.
//!
//! A file has a title and cases. A case is a heading of level 2 that says the behaviour, a few sentences, files, and
//! commands with what they must print:
//!
//! - A file is a line that holds its path only, such as `` `content/eng/backend.md`: ``, and a fenced block with its
//!   text. In a block marked `bytes`, `\xNN` and `\\` stand for bytes; in one marked `repeated`, a line that begins with
//!   `[501x]` is written 501 times, with its number for `<n>` and the one before for `<n-1>`.
//! - A command is a block marked `console`. Its first line is `$ handbook ...`, `$ cat FILE` or `$ ls DIRECTORY`, perhaps
//!   after `cd DIRECTORY &&`; below it stand the lines of stdout, those of stderr, and `[exit 1]` where it is not 0.
//!
//! Every case has a directory of its own and nothing from the case before it. The whole output is compared, white space
//! at the ends of lines aside; a panic is never right. `UPDATE_SPECS=1` writes what came out into the files; `SPECS=resolution/cycles` runs those
//! files only whose path contains the words.

use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn the_manual_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs");
    let wanted = std::env::var("SPECS").unwrap_or_default();
    let files: Vec<SpecFile> =
        spec_files(&root).into_iter().filter(|path| path.to_string_lossy().contains(&wanted)).map(|path| SpecFile::read(&root, path)).collect();
    let cases: Vec<(&SpecFile, &Case)> = files.iter().flat_map(|file| file.cases.iter().map(move |case| (file, case))).collect();
    assert!(!cases.is_empty(), "no case was found below {}", root.display());
    let outputs = run_all(&cases);
    if std::env::var_os("UPDATE_SPECS").is_some() {
        update(&files, &outputs);
        return;
    }
    let faults: Vec<String> = cases.iter().zip(&outputs).filter_map(|((file, case), outputs)| fault(file, case, outputs)).collect();
    let summary = format!("{} passed, {} failed", cases.len() - faults.len(), faults.len());
    assert!(faults.is_empty(), "\n{}\n{summary}", faults.join("\n"));
    println!("{summary}");
}

/// A file of the manual.
struct SpecFile {
    path: PathBuf,
    /// Its path from the directory of the manual.
    name: String,
    lines: Vec<String>,
    cases: Vec<Case>,
}

/// One behaviour.
struct Case {
    title: String,
    /// The line of its heading, from 1.
    line: usize,
    files: Vec<(String, Vec<u8>)>,
    commands: Vec<Expected>,
}

/// A command and what it must print.
struct Expected {
    command: String,
    /// The lines of the file on which the expected output stands.
    lines: Range<usize>,
}

/// A fenced block: its info string and the lines of the file between its fences.
struct Block {
    info: String,
    lines: Range<usize>,
}

fn spec_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("the directory of the manual") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            found.extend(spec_files(&path));
        } else if path.extension().is_some_and(|e| e == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

impl SpecFile {
    fn read(root: &Path, path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("a file of the manual");
        let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
        let mut file = SpecFile { path, name, lines: text.lines().map(str::to_owned).collect(), cases: Vec::new() };
        file.read_cases();
        assert!(!file.cases.is_empty(), "{}: this file has no case (`## ...`)", file.name);
        file
    }

    fn read_cases(&mut self) {
        let mut at = 0;
        let mut file_name = None;
        while at < self.lines.len() {
            if let Some(block) = self.block_at(at) {
                at = block.lines.end + 1;
                self.take_block(&block, file_name.take());
                continue;
            }
            let line = &self.lines[at];
            at += 1;
            if let Some(title) = line.strip_prefix("## ") {
                self.end_case();
                self.cases.push(Case { title: title.to_owned(), line: at, files: Vec::new(), commands: Vec::new() });
            } else if let Some(name) = line.strip_prefix('`').and_then(|l| l.strip_suffix("`:")) {
                file_name = Some(name.to_owned());
            }
        }
        self.end_case();
    }

    fn end_case(&self) {
        let Some(case) = self.cases.last() else { return };
        assert!(!case.commands.is_empty(), "{}:{}: the case has no console block", self.name, case.line);
    }

    /// The fenced block that begins on a line; the lines are those between the fences.
    fn block_at(&self, at: usize) -> Option<Block> {
        let line = &self.lines[at];
        let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = line.trim_start_matches(mark);
        let length = line.len() - info.len();
        if length < 3 || info.contains('`') {
            return None;
        }
        let closes = |l: &String| l.len() >= length && l.chars().all(|c| c == mark);
        let end = self.lines[at + 1..].iter().position(closes).unwrap_or_else(|| panic!("{}:{}: this block never ends", self.name, at + 1));
        Some(Block { info: info.to_owned(), lines: at + 1..at + 1 + end })
    }

    fn take_block(&mut self, block: &Block, file_name: Option<String>) {
        let place = format!("{}:{}", self.name, block.lines.start);
        let lines = &self.lines[block.lines.clone()];
        let case = self.cases.last_mut().unwrap_or_else(|| panic!("{place}: a block before the first case"));
        if block.info == "console" {
            let command = lines.first().and_then(|l| l.strip_prefix("$ ")).unwrap_or_else(|| panic!("{place}: a console block begins with `$ `"));
            case.commands.push(Expected { command: command.to_owned(), lines: block.lines.start + 1..block.lines.end });
        } else {
            let name = file_name.unwrap_or_else(|| panic!("{place}: the path of this file is missing above it"));
            case.files.push((name, content(&block.info, lines)));
        }
    }
}

/// The bytes that a block stands for.
fn content(info: &str, lines: &[String]) -> Vec<u8> {
    let is = |word: &str| info.split_whitespace().any(|w| w == word);
    let mut bytes = Vec::new();
    for line in lines {
        match line.strip_prefix('[').and_then(|l| l.split_once("x]")).filter(|_| is("repeated")) {
            Some((times, line)) => {
                let times: usize = times.parse().expect("a number before `x]`");
                let numbered = |n: usize| line.replace("<n>", &n.to_string()).replace("<n-1>", &(n - 1).to_string());
                (1..=times).for_each(|n| bytes.extend(format!("{}\n", numbered(n)).bytes()));
            }
            None if is("bytes") => bytes.extend(unescaped(line)),
            None => bytes.extend(format!("{line}\n").bytes()),
        }
    }
    bytes
}

/// A line with `\xNN` and `\\` turned into bytes; `\c` at its end leaves out the line break.
fn unescaped(line: &str) -> Vec<u8> {
    let (line, end) = line.strip_suffix("\\c").map_or((line, "\n"), |l| (l, ""));
    let mut out = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\\') {
        out.extend(before.bytes());
        if let Some(hex) = after.strip_prefix('x') {
            out.push(u8::from_str_radix(&hex[..2], 16).expect("two hexadecimal digits after \\x"));
            rest = &hex[2..];
        } else {
            out.push(b'\\');
            rest = after.strip_prefix('\\').unwrap_or(after);
        }
    }
    out.extend(rest.bytes());
    out.extend(end.bytes());
    out
}

/// What every command of every case prints, in order.
fn run_all(cases: &[(&SpecFile, &Case)]) -> Vec<Vec<String>> {
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let take = || cases.get(next.fetch_add(1, Ordering::Relaxed));
        std::iter::from_fn(take).map(|(file, case)| ((&file.name, case.line), run(case))).collect::<Vec<_>>()
    };
    let mut done: Vec<((&String, usize), Vec<String>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a worker")).collect()
    });
    done.sort_by_key(|((name, line), _)| cases.iter().position(|(file, case)| (&file.name, case.line) == (*name, *line)));
    done.into_iter().map(|(_, outputs)| outputs).collect()
}

fn run(case: &Case) -> Vec<String> {
    let directory = Directory::fresh();
    for (name, bytes) in &case.files {
        let path = directory.0.join(name);
        fs::create_dir_all(path.parent().expect("a file has a parent")).expect("a directory for the file");
        fs::write(path, bytes).expect("a file of the case");
    }
    case.commands.iter().map(|expected| run_command(&expected.command, &directory.0)).collect()
}

/// A directory of its own, removed at the end.
struct Directory(PathBuf);

impl Directory {
    fn fresh() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("handbook-spec-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).expect("a fresh directory");
        Directory(path.canonicalize().expect("it exists"))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run_command(command: &str, root: &Path) -> String {
    let (directory, command) = match command.strip_prefix("cd ").and_then(|c| c.split_once(" && ")) {
        Some((directory, command)) => (root.join(directory), command),
        None => (root.to_owned(), command),
    };
    let words: Vec<&str> = command.split_whitespace().collect();
    let output = match words.as_slice() {
        ["handbook", arguments @ ..] => handbook(arguments, &directory),
        ["cat", file] => fs::read_to_string(directory.join(file)).unwrap_or_else(|error| format!("{error}\n")),
        ["ls", inner] => listed(&directory.join(inner)).join("\n"),
        _ => panic!("`{command}`: the commands are handbook, cat and ls"),
    };
    let output = output.replace(&*root.to_string_lossy(), "[ROOT]");
    let lines: Vec<String> = output.lines().map(|line| without_time(line.trim_end())).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn handbook(arguments: &[&str], directory: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
    command.args(arguments).current_dir(directory).env_clear().env("NO_COLOR", "1");
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    let output = command.output().expect("the program can be started");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => {}
        Some(code) => text.push_str(&format!("[exit {code}]\n")),
        None => text.push_str("[killed]\n"),
    }
    text
}

/// The files below a directory, sorted, by their paths from it.
fn listed(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(directory) else { return vec!["there is no such directory".to_owned()] };
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(listed(&path).into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// `in 0.02 s` as `in [TIME] s`.
fn without_time(line: &str) -> String {
    let parts: Vec<&str> = line.split(' ').collect();
    let is_time = |i: usize| i > 0 && parts[i - 1] == "in" && parts.get(i + 1) == Some(&"s") && parts[i].parse::<f64>().is_ok();
    let parts: Vec<&str> = parts.iter().enumerate().map(|(i, part)| if is_time(i) { "[TIME]" } else { part }).collect();
    parts.join(" ")
}

/// Why a case does not hold, if it does not.
fn fault(file: &SpecFile, case: &Case, outputs: &[String]) -> Option<String> {
    let mut text = String::new();
    for (expected, output) in case.commands.iter().zip(outputs) {
        let wanted: Vec<&str> = file.lines[expected.lines.clone()].iter().map(|l| l.trim_end()).collect();
        let wanted = wanted.join("\n");
        if wanted.trim_matches('\n') != output || output.contains("panicked at") {
            let _ = write!(text, "  $ {}\n{}", expected.command, diff(wanted.trim_matches('\n'), output));
        }
    }
    (!text.is_empty()).then(|| format!("tests/specs/{}:{}: {}\n{text}", file.name, case.line, case.title))
}

/// The lines of both texts, those of one only marked with `-` (wanted) or `+` (came out).
fn diff(wanted: &str, output: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), output.lines().collect());
    let mut common = vec![vec![0u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, String::new());
    while i < a.len() || j < b.len() {
        let (mark, line) = if i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
            (' ', a[i - 1])
        } else if j == b.len() || (i < a.len() && common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            ('-', a[i - 1])
        } else {
            j += 1;
            ('+', b[j - 1])
        };
        let _ = writeln!(out, "    {mark} {line}");
    }
    out
}

/// Writes what came out into the files.
fn update(files: &[SpecFile], outputs: &[Vec<String>]) {
    let mut outputs = outputs.iter();
    for file in files {
        let mut lines = file.lines.clone();
        let of_file: Vec<(&Expected, &String)> =
            file.cases.iter().flat_map(|case| case.commands.iter().zip(outputs.next().expect("one for each case"))).collect();
        for (expected, output) in of_file.into_iter().rev() {
            lines.splice(expected.lines.clone(), output.lines().map(str::to_owned));
        }
        let text = lines.join("\n") + "\n";
        fs::write(&file.path, text).expect("a file of the manual");
    }
}
