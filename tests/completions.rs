//! What a shell offers while a command is being typed: a real bash, with the script that `handbook completions` prints.

mod project;

use std::path::Path;
use std::process::Command;

use project::Project;

fn site() -> Project {
    let family = "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer, grade: 6}\n  - {id: senior, title: Senior, grade: 7, extends: engineer}\nspecialties: [{id: geo, title: Geo, roles: [senior]}]\n---\n";
    Project::new().file("content/eng/backend.md", family).file("content/ops/desk.md", &family.replace("Backend", "Desk"))
}

/// What bash offers for the last of these words.
fn offered(project: &Project, words: &[&str]) -> Vec<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_handbook")).parent().expect("a directory");
    let script = format!(
        "PATH={}:$PATH; source <(handbook completions bash) || exit 1; COMP_WORDS=(handbook {}); COMP_CWORD={}; \
         _clap_complete_handbook handbook '{}' ''; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        program.display(),
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
        words.len(),
        words.last().expect("a word"),
    );
    let told = Command::new("bash").args(["-c", &script]).current_dir(project.path("")).output().expect("bash runs");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8_lossy(&told.stdout).lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

#[test]
fn families_and_roles_are_offered_from_their_beginning_or_from_a_part() {
    let project = site();
    assert_eq!(offered(&project, &["show", "eng"]), ["eng/backend", "eng/backend/engineer", "eng/backend/senior"]);
    assert_eq!(offered(&project, &["show", "backend/s"]), ["backend/senior"]);
    assert_eq!(offered(&project, &["show", "sen"]), ["senior"]);
    assert_eq!(offered(&project, &["show", "eng/backend/senior+"]), ["eng/backend/senior+geo"]);
    assert_eq!(offered(&project, &["export", "advert", "desk/e"]), ["desk/engineer"]);
    assert_eq!(offered(&project, &["new", "role", "ops/"]), ["ops/desk/"]);
    assert_eq!(offered(&project, &["new", "role", "ops/desk/staff", "--extends", "ops/desk/s"]), ["ops/desk/senior"]);
}

#[test]
fn verbs_are_offered_and_where_there_is_no_handbook_no_names() {
    let project = site();
    assert_eq!(offered(&project, &["sh"]), ["show"]);
    assert!(offered(&project, &["show", "nothing"]).is_empty());
    assert!(offered(&project, &["-r", "/", "show", "eng"]).is_empty());
    project.file("content/eng/backend.md", "---\nroles: [\n").run("completions zsh").succeeds().says("#compdef handbook");
}
