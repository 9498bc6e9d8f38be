//! Publishing under everything that can go wrong: the old site stays whole, the next build heals, nothing is left behind.

mod project;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use handbook::fault;
use handbook::publish::Staging;
use handbook::render::Artifact;
use project::{Files, Project, files_below};

/// A site of some forty pages that says `word` on each.
fn site(project: &Project, word: &str) {
    for family in 0..12 {
        let text = format!(
            "---\ntitle: Family {family} {word}\nroles:\n  - {{id: one, title: One, grade: 5}}\n  - {{id: two, title: Two, grade: 6, extends: one}}\n---\n## One\n### Responsibilities\n{}",
            (0..40).map(|i| format!("- **Point {i}.** The {word} of number {i}.\n")).collect::<String>()
        );
        fs::create_dir_all(project.path("content/eng")).expect("a directory");
        fs::write(project.path(&format!("content/eng/f{family}.md")), text).expect("a file");
    }
}

fn both() -> (Project, Files, Files) {
    let project = Project::new();
    site(&project, "old");
    let old = project.build().files();
    site(&project, "new");
    let new = project.build().files();
    assert_ne!(old, new);
    (project, old, new)
}

fn output(project: &Project) -> Files {
    files_below(&project.path("public"))
}

/// Names beside the output that a run leaves while it works.
fn litter(project: &Project) -> Vec<String> {
    let entries = fs::read_dir(project.path("")).expect("the site");
    entries.filter_map(Result::ok).map(|e| e.file_name().to_string_lossy().into_owned()).filter(|n| n.contains(".handbook-")).collect()
}

fn handbook(project: &Project) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
    command.args(["build", "-q"]).current_dir(project.path("")).env_clear().stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn a_hundred_runs_killed_at_any_moment_leave_the_old_site_or_the_new_one() {
    let (project, old, new) = both();
    let started = Instant::now();
    assert!(handbook(&project).status().expect("it runs").success());
    let whole = started.elapsed();
    let mut killed = 0;
    for round in 0..100u32 {
        let (word, other) = if round % 2 == 0 { ("old", &new) } else { ("new", &old) };
        let before = output(&project);
        site(&project, word);
        let mut run = handbook(&project).spawn().expect("it starts");
        thread::sleep(whole * (round * 37 % 100) / 100);
        let _ = run.kill();
        killed += u32::from(!run.wait().expect("it ends").success());
        let after = output(&project);
        assert!(after == before || after == old || after == new, "round {round}: neither the old site nor the new one");
        let _ = other;
    }
    assert!(killed > 20, "only {killed} runs were killed before their end");
    site(&project, "new");
    project.build();
    assert_eq!(output(&project), new);
    assert_eq!(litter(&project), Vec::<String>::new());
}

#[test]
fn a_reader_always_finds_a_whole_site() {
    let (project, ..) = both();
    let done = AtomicBool::new(false);
    let (home, family) = (project.path("public/index.html"), project.path("public/eng/f3/index.html"));
    let reads = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0usize;
            while !done.load(Ordering::Relaxed) {
                // A reader holds a page and then follows its link to the style sheet and to a family.
                let home = fs::read_to_string(&home).expect("the home page is there at any moment");
                assert!(home.ends_with("</html>\n"), "half a page");
                let page = fs::read_to_string(&family).expect("and each family");
                assert!(page.contains("Family 3 old") || page.contains("Family 3 new"));
                reads += 1;
            }
            reads
        });
        for round in 0..20 {
            site(&project, if round % 2 == 0 { "old" } else { "new" });
            project.build();
        }
        done.store(true, Ordering::Relaxed);
        reader.join().expect("the reader found everything")
    });
    assert!(reads > 20, "only {reads} reads");
}

#[test]
fn a_second_build_at_the_same_time_is_told_to_wait() {
    let (project, _, new) = both();
    let lock = fs::File::create(project.path(".public.handbook-lock")).expect("a file");
    lock.lock().expect("it can be locked");
    let run = project.run("build");
    assert_eq!(run.stderr, format!("error: another build is writing {}; try again when it has ended\n", project.path("public").display()));
    run.ends_with(3);
    assert_eq!(output(&project), new);
    // The lock of a run that is gone binds nobody.
    drop(lock);
    project.build();
    assert_eq!(litter(&project), Vec::<String>::new());
}

#[test]
fn many_builds_at_once_leave_one_whole_site() {
    let (project, _, new) = both();
    let mut runs: Vec<_> = (0..8).map(|_| handbook(&project).spawn().expect("it starts")).collect();
    let ended: Vec<bool> = runs.iter_mut().map(|run| run.wait().expect("it ends").success()).collect();
    assert!(ended.iter().any(|good| *good), "at least one was let in");
    assert_eq!(output(&project), new);
    assert_eq!(litter(&project), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_limit_on_the_size_of_files_leaves_the_old_site() {
    let (project, _, new) = both();
    site(&project, "old");
    for blocks in [0, 1, 4] {
        let program = env!("CARGO_BIN_EXE_handbook");
        let run = Command::new("sh").arg("-c").arg(format!("ulimit -f {blocks}; exec {program} build -q")).current_dir(project.path("")).output();
        assert!(!run.expect("sh runs").status.success(), "{blocks} blocks are too few for a page");
        assert_eq!(output(&project), new);
    }
    project.build();
    assert_eq!(litter(&project), Vec::<String>::new());
}

/// A small file system, where this machine lets the test have one.
#[cfg(target_os = "linux")]
fn small_disk(at: &Path, options: &str) -> bool {
    fs::create_dir_all(at).expect("a directory");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).stderr(Stdio::null()).status();
    let mounted = mounted.is_ok_and(|status| status.success());
    if !mounted {
        println!("skipped: this machine does not let a test mount a file system");
    }
    mounted
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_one_that_cannot_be_written_leave_the_old_site() {
    let (project, old, _) = both();
    let disk = project.path("disk");
    if !small_disk(&disk, "size=2m") {
        return;
    }
    site(&project, "old");
    project.run("build -o disk/public").succeeds();
    let published = || files_below(&disk.join("public"));
    assert_eq!(published(), old);
    let room = Command::new("dd").args(["if=/dev/zero", "bs=64k", "count=1000"]).arg(format!("of={}", disk.join("filler").display())).output();
    assert!(!room.expect("dd runs").status.success(), "the disk is full now");
    site(&project, "new");
    let run = project.run("build -o disk/public");
    let told = run.stderr.contains("cannot write") && run.stderr.contains("No space left");
    let after = published();
    let code = run.code;
    fs::remove_file(disk.join("filler")).expect("there");
    let beside: Vec<_> = fs::read_dir(&disk).expect("the disk").filter_map(Result::ok).map(|e| e.file_name()).collect();
    let read_only = Command::new("mount").args(["-o", "remount,ro"]).arg(&disk).status().is_ok_and(|s| s.success());
    let refused = project.run("build -o disk/public");
    let after_read_only = published();
    let _ = Command::new("umount").arg(&disk).status();
    assert!(told, "{}", run.stderr);
    assert_eq!(code, Some(3));
    assert_eq!(after, old);
    assert_eq!(beside, ["public"], "nothing is left behind");
    assert!(read_only);
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
    assert_eq!(after_read_only, old);
}

#[test]
fn what_holds_more_than_a_site_is_refused_however_it_is_spelled() {
    let (project, ..) = both();
    let home = project.path("home");
    fs::create_dir_all(&home).expect("a directory");
    let project = project.env("HOME", home.to_str().expect("text"));
    let before = files_below(&project.path(""));
    let mut spellings = vec![
        "/",
        "/.",
        "/tmp/..",
        "home",
        "home/.",
        "public/../home",
        ".",
        "..",
        "public/..",
        "content",
        "content/x/out",
        "static/out",
        ".git/out",
        "Content",
        "words",
        "words/x",
        "handbook.yml",
        "strings.yml/x",
        "/usr",
        "/home/somebody",
        "/tmp/../etc",
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(project.path(""), project.path("link")).expect("a link");
        spellings.extend(["link", "link/content", "link/home", "link/public/.."]);
    }
    for spelling in spellings {
        for force in ["", " --force"] {
            let run = project.run(&format!("build -o {spelling}{force}"));
            assert_eq!(run.code, Some(2), "-o {spelling}{force}\n{}", run.stderr);
            assert!(run.stderr.contains("is never replaced"), "-o {spelling}{force}\n{}", run.stderr);
        }
    }
    #[cfg(unix)]
    fs::remove_file(project.path("link")).expect("there");
    let names = |files: &Files| files.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&files_below(&project.path(""))), names(&before));
    assert!(!project.has("static") && !project.has(".git"), "a refused output makes no directories");
}

#[cfg(unix)]
#[test]
fn links_and_pipes_among_the_sources_are_named_and_not_followed() {
    let (project, ..) = both();
    fs::write(project.path("../secret.md"), "---\ntitle: Secret\n---\nsecret\n").expect("a file");
    fs::create_dir_all(project.path("static")).expect("a directory");
    let link = |to: &str, from: &str| std::os::unix::fs::symlink(to, project.path(from)).expect("a link");
    link("../../../secret.md", "content/eng/secret.md");
    link("../../secret.md", "static/secret.txt");
    link("/etc", "content/etc");
    assert!(Command::new("mkfifo").arg(project.path("content/pipe.md")).status().expect("mkfifo runs").success());
    let run = project.run("check --format short");
    let expected = [
        "content/eng/secret.md:1:1: error[file-refused]: this is a link to another place, and is not read",
        "content/etc:1:1: error[file-refused]: this is a link to another place, and is not read",
        "content/pipe.md:1:1: error[file-refused]: this is no file, but a pipe, a socket or a device, and is not read",
        "static/secret.txt:1:1: error[file-refused]: this is a link to another place, and is not read",
    ];
    for line in expected {
        assert!(run.stdout.contains(line), "{line}\n\n{}", run.stdout);
    }
    project.run("build").ends_with(1);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_to_another_place() {
    let (project, ..) = both();
    for directory in ["elsewhere", "pages", "site"] {
        fs::create_dir_all(project.path(directory)).expect("a directory");
    }
    fs::write(project.path("pages/a.md"), "# A\n\n## Responsibilities\n\n- Work\n").expect("a file");
    let link = |at: &str| std::os::unix::fs::symlink(project.path("elsewhere"), project.path(at)).expect("a link");
    link("content/linked");
    link("site/content");
    project.run("new family linked/x").ends_with(2).says("linked is a link to another place, where nothing is written");
    project.run("import pages -o site").ends_with(2).says("content is a link to another place, where nothing is written");
    assert_eq!(files_below(&project.path("elsewhere")), Files::new());
}

#[test]
fn neither_umask_nor_locale_nor_time_zone_nor_threads_leave_a_trace() {
    let (project, _, new) = both();
    for (setting, jobs) in
        [("umask 077", 1), ("umask 000", 2), ("TZ=Asia/Kathmandu", 3), ("LC_ALL=tr_TR.UTF-8", 8), ("LANG=C", 16), ("SOURCE_DATE_EPOCH=0", 1)]
    {
        fs::remove_dir_all(project.path("public")).expect("there");
        let line = if setting.starts_with("umask") { format!("{setting}; exec ") } else { format!("export {setting}; exec ") };
        let program = env!("CARGO_BIN_EXE_handbook");
        let run = Command::new("sh").arg("-c").arg(format!("{line}{program} build -q -j {jobs}")).current_dir(project.path("")).status();
        assert!(run.expect("sh runs").success(), "{setting}");
        assert_eq!(output(&project), new, "{setting}");
    }
}

#[test]
fn a_crash_in_the_middle_leaves_the_old_site_and_is_told_with_its_file() {
    let (project, _, new) = both();
    let begin = || Staging::begin(&project.path("public"), &project.path(""), false).expect("nobody else is there");
    let crashed = fault::caught(|| {
        let staging = begin();
        staging.take(Artifact::Made("index.html", b"half a site")).expect("it can be written");
        fault::holding("content/eng/f0.md", || assert!(std::hint::black_box(false), "a deliberate crash"));
        staging.publish().expect("it never gets here");
    });
    let told = crashed.expect_err("it crashed").to_string();
    assert!(told.contains("a fault of handbook itself") && told.contains("content/eng/f0.md"), "{told}");
    assert_eq!(output(&project), new);
    assert_eq!(litter(&project), Vec::<String>::new());
    project.build();
}

#[test]
fn two_files_of_one_name_are_not_written() {
    let (project, _, new) = both();
    let staging = Staging::begin(&project.path("public"), &project.path(""), false).expect("nobody else is there");
    staging.take(Artifact::Made("a/\u{e9}.html", b"one")).expect("the first");
    let second = staging.take(Artifact::Made("A/e\u{301}.HTML", b"two"));
    assert!(second.is_err_and(|error| error.to_string().contains("two files of the site have the name")));
    drop(staging);
    assert_eq!(output(&project), new);
}

#[cfg(unix)]
#[test]
fn a_huge_file_is_named_and_not_read() {
    let (project, ..) = both();
    let huge = fs::File::create(project.path("content/eng/huge.png")).expect("a file");
    huge.set_len(1 << 40).expect("a file with a hole");
    project.run("check --format short").ends_with(1).says("content/eng/huge.png:1:1: error[file-refused]: this is larger than 256 MiB");
}

#[test]
fn a_repository_in_the_output_is_lost_only_with_force() {
    let (project, old, _) = both();
    for (file, text) in [(".git/HEAD", "ref: refs/heads/pages\n"), (".git", "gitdir: ../elsewhere\n")] {
        site(&project, "old");
        let at = project.path("public").join(file);
        fs::create_dir_all(at.parent().expect("a directory")).expect("a directory");
        fs::write(&at, text).expect("a file");
        project.run("build").ends_with(2).says("public has a git repository in it (.git), which would be lost");
        assert!(at.is_file());
        project.run("build --force").succeeds();
        assert_eq!(output(&project), old);
    }
}

#[test]
fn an_old_site_that_a_killed_run_left_aside_comes_back_whatever_the_content_says() {
    let (project, _, new) = both();
    fs::rename(project.path("public"), project.path(".public.handbook-old")).expect("renamed");
    fs::write(project.path("content/eng/wrong.md"), "no front matter\n").expect("a file");
    project.run("build").ends_with(1);
    assert_eq!(output(&project), new);
    assert_eq!(litter(&project), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn what_has_the_name_of_the_lock_is_neither_followed_nor_waited_for() {
    let (project, _, new) = both();
    let lock = project.path(".public.handbook-lock");
    std::os::unix::fs::symlink(project.path("elsewhere"), &lock).expect("a link");
    project.run("build").ends_with(3).says(".public.handbook-lock: this is not the lock of a build");
    assert!(!project.has("elsewhere"));
    fs::remove_file(&lock).expect("there");
    assert!(Command::new("mkfifo").arg(&lock).status().expect("mkfifo runs").success());
    project.run("build").ends_with(3).says(".public.handbook-lock: this is not the lock of a build");
    assert_eq!(output(&project), new);
}

#[cfg(unix)]
#[test]
fn who_may_read_the_output_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt as _;
    let (project, ..) = both();
    for mode in [0o700, 0o2775] {
        fs::set_permissions(project.path("public"), fs::Permissions::from_mode(mode)).expect("ours");
        project.build();
        let after = fs::metadata(project.path("public")).expect("there").permissions().mode() & 0o7777;
        assert_eq!(after, mode, "{after:o}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_named() {
    let (project, ..) = both();
    std::os::unix::fs::symlink("nowhere", project.path("out")).expect("a link");
    project.run("build -o out").ends_with(3).says("out is a link that leads nowhere");
}

#[cfg(target_os = "linux")]
#[test]
fn a_volume_in_the_place_of_the_output_is_told() {
    let (project, _, new) = both();
    let disk = project.path("disk");
    if !small_disk(&disk, "size=4m") {
        return;
    }
    let run = project.run("build -o disk");
    let within = project.run("build -o disk/site");
    let published = files_below(&disk.join("site"));
    let _ = Command::new("umount").arg(&disk).status();
    run.ends_with(2).says("another disk or volume begins at").says("such as -o");
    within.succeeds();
    assert_eq!(published, new);
}

#[test]
fn a_pause_between_two_builds_is_not_needed() {
    let (project, _, new) = both();
    for _ in 0..5 {
        project.build();
        assert_eq!(output(&project), new);
        thread::sleep(Duration::from_millis(1));
    }
}
