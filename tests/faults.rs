//! The machine fails at one call after another while a site is published, or ends the run there: the old site stays whole
//! byte for byte, the run says what happened, and the next one heals and leaves nothing behind.
//!
//! `strace` makes calls fail. Where it is missing, or may not trace, these tests are skipped and say so.
#![cfg(target_os = "linux")]

mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use project::{Files, Project, files_below};

/// Of the calls of one kind, so many are tried, spread over the whole run.
const TRIED: usize = 6;

fn may_trace() -> bool {
    let traced = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let may = traced.is_ok_and(|status| status.success());
    if !may {
        // Past the test harness, which keeps what passing tests print.
        let _ = std::io::stderr().write_all(b"\nSKIPPED: no strace that may trace here, so no call was made to fail; install strace\n\n");
    }
    may
}

fn write_site(project: &Project, word: &str) {
    let text = format!("---\ntitle: Family {word}\nroles: [{{id: one, title: One, grade: 5}}]\n---\n## One\n### Requirements\n- **Point.** {word}\n");
    fs::create_dir_all(project.path("content/eng")).expect("a directory");
    fs::write(project.path("content/eng/f.md"), text).expect("a file");
    fs::write(project.path("content/eng/page.md"), "---\ntitle: Page\n---\nThe same in both.\n").expect("a file");
}

/// A site with an output, and what each of two contents makes of it; the output holds the first.
struct Pair {
    project: Project,
    outputs: BTreeMap<&'static str, Files>,
}

impl Pair {
    fn new() -> Pair {
        let project = Project::new();
        write_site(&project, "new");
        let new = project.build().files();
        write_site(&project, "old");
        let old = project.build().files();
        Pair { project, outputs: BTreeMap::from([("old", old), ("new", new)]) }
    }

    fn output(&self) -> Files {
        files_below(&self.project.path("public"))
    }

    /// Runs a build on one thread under strace.
    fn traced(&self, options: &[&str]) -> Output {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-y", "-qq", "-s", "300", "-o"]).arg(self.project.path("trace")).args(options);
        strace.arg(env!("CARGO_BIN_EXE_handbook")).args(["build", "-q", "-j", "1"]).current_dir(self.project.path("")).env_remove("HOME");
        strace.output().expect("strace runs")
    }

    /// Which calls of one kind, counted in the thread that makes them, concern the output.
    fn places(&self, call: &str) -> Vec<usize> {
        self.traced(&["-e", &format!("trace={call}")]);
        let trace = fs::read_to_string(self.project.path("trace")).expect("what strace wrote");
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut places = BTreeSet::new();
        for line in trace.lines().filter(|line| !line.contains("resumed>")) {
            let Some((thread, told)) = line.split_once(' ') else { continue };
            if !told.contains('(') {
                continue;
            }
            let count = counts.entry(thread).or_insert(0);
            *count += 1;
            if told.contains("public") {
                places.insert(*count);
            }
        }
        let places: Vec<usize> = places.into_iter().collect();
        let step = places.len().div_ceil(TRIED).max(1);
        let last = places.last().copied();
        let mut tried: Vec<usize> = places.into_iter().step_by(step).collect();
        tried.extend(last.filter(|last| tried.last() != Some(last)));
        tried
    }

    /// Another build, to whom nothing happens: it makes the whole site and takes away what was left.
    fn heals(&self, word: &str, what: &str) {
        self.project.build();
        assert!(self.output() == self.outputs[word], "{what}: the next build does not make the site");
        let entries = fs::read_dir(self.project.path("")).expect("the site");
        let names: Vec<String> = entries.filter_map(Result::ok).map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        let litter: Vec<&String> = names.iter().filter(|name| name.contains(".handbook-")).collect();
        assert_eq!(litter, Vec::<&String>::new(), "{what}");
    }
}

/// The content that is not in the output, written.
fn turn(pair: &Pair, word: &mut &'static str) {
    *word = if *word == "old" { "new" } else { "old" };
    write_site(&pair.project, word);
}

#[test]
fn a_failing_call_leaves_the_old_site_and_says_so() {
    if !may_trace() {
        return;
    }
    let pair = Pair::new();
    let mut word = "old";
    let mut failed = 0;
    for (call, error) in [
        ("openat", "ENOSPC"),
        ("write", "ENOSPC"),
        ("?mkdir,?mkdirat", "ENOSPC"),
        ("?link,?linkat", "EMLINK"),
        ("fsync,syncfs", "EIO"),
        ("renameat2", "EIO"),
    ] {
        turn(&pair, &mut word);
        let places = pair.places(call);
        assert!(!places.is_empty(), "no build without {call}");
        for place in places {
            turn(&pair, &mut word);
            let before = pair.output();
            let run = pair.traced(&["-e", &format!("inject={call}:error={error}:when={place}")]);
            let (what, said) = (format!("{call} number {place} fails"), String::from_utf8_lossy(&run.stderr).into_owned());
            let after = pair.output();
            match run.status.code() {
                // What a run does without: a link may be a copy, and the old site may go later.
                Some(0) => assert!(after == pair.outputs[word], "{what}: not the new site"),
                Some(3) => {
                    assert!(after == before, "{what}: not the old site");
                    // The call that failed may have been the one that says so.
                    assert!(said.starts_with("error: cannot ") || said.is_empty() && call == "write", "{what}: {said}");
                    failed += 1;
                }
                code => panic!("{what}: {code:?} {said}"),
            }
            pair.heals(word, &what);
        }
    }
    assert!(failed > 10, "only {failed} runs failed");
}

#[test]
fn a_run_that_is_ended_at_a_call_leaves_one_whole_site() {
    if !may_trace() {
        return;
    }
    let pair = Pair::new();
    let mut word = "old";
    let mut ended = 0;
    for (call, signal) in [
        ("openat", "SIGKILL"),
        ("write", "SIGTERM"),
        ("?unlink,?unlinkat", "SIGKILL"),
        ("renameat2", "SIGKILL"),
        ("syncfs", "SIGSEGV"),
        ("?mkdir,?mkdirat", "SIGINT"),
    ] {
        turn(&pair, &mut word);
        for place in pair.places(call) {
            turn(&pair, &mut word);
            let before = pair.output();
            let run = pair.traced(&["-e", &format!("inject={call}:signal={signal}:when={place}")]);
            let what = format!("{signal} at {call} number {place}");
            let after = pair.output();
            ended += usize::from(!run.status.success());
            let expected = if run.status.success() { &pair.outputs[word] } else { &before };
            assert!(after == *expected || after == pair.outputs[word], "{what}: neither the old site nor the new one");
            pair.heals(word, &what);
        }
    }
    // Not all are: on a busy machine another thread may make the call that was counted in one.
    assert!(ended > 10, "only {ended} runs were ended");
}

#[test]
fn without_an_exchange_in_one_step_there_are_two_renames_and_a_way_back() {
    if !may_trace() {
        return;
    }
    let pair = Pair::new();
    let mut word = "old";
    for then in
        ["", "error=EIO:when=1", "error=EIO:when=2", "error=EIO:when=3", "signal=SIGKILL:when=1", "signal=SIGKILL:when=2", "signal=SIGKILL:when=3"]
    {
        turn(&pair, &mut word);
        let before = pair.output();
        let inject = format!("inject=?rename,?renameat:{then}");
        let mut options = vec!["-e", "inject=renameat2:error=EINVAL"];
        options.extend(if then.is_empty() { vec![] } else { vec!["-e", inject.as_str()] });
        let run = pair.traced(&options);
        let after = pair.output();
        match run.status.code() {
            Some(0) => assert!(then.is_empty() && after == pair.outputs[word], "{then}"),
            Some(3) => assert!(after == before || after == pair.outputs[word], "{then}: neither the old site nor the new one"),
            _ => assert!(then.starts_with("signal"), "{then}: {run:?}"),
        }
        pair.heals(word, then);
    }
}

#[test]
fn where_there_are_no_hard_links_unchanged_files_keep_their_time() {
    if !may_trace() {
        return;
    }
    let pair = Pair::new();
    let before = pair.project.times("public");
    let run = pair.traced(&["-e", "inject=?link,?linkat:error=EPERM"]);
    assert!(run.status.success(), "{run:?}");
    assert_eq!(pair.project.times("public"), before);
    let mut word = "old";
    turn(&pair, &mut word);
    pair.traced(&["-e", "inject=?link,?linkat:error=EPERM"]);
    let after = pair.project.times("public");
    assert_eq!(after["eng/page/index.html"], before["eng/page/index.html"]);
    assert_ne!(after["eng/f/index.html"], before["eng/f/index.html"]);
}
