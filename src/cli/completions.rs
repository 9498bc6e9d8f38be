//! `handbook completions`: what a shell asks the program while a command is being typed.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::CompletionCandidate;
use clap_complete::env::{CompleteEnv, Shells};

use super::{Colour, Failure, GOOD, Global, USAGE, command, print};
use crate::model::Handbook;
use crate::snapshot::relate;

/// The variable by which the script of a shell asks.
const VARIABLE: &str = "HANDBOOK_COMPLETE";

/// Print the script that completes commands in a shell.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

impl Completions {
    pub(super) fn run(&self, _: &Global) -> Result<u8, Failure> {
        let name = self.shell.to_possible_value().expect("every shell has a name");
        let shells = Shells::builtins();
        let shell = shells.completer(name.get_name()).expect("every shell that is offered is known");
        let mut script = Vec::new();
        shell.write_registration(VARIABLE, "handbook", "handbook", "handbook", &mut script).map_err(Failure::machine)?;
        print::data(&script).map(|()| GOOD)
    }
}

/// Answers a shell that asks for completions; gives the exit code, or nothing where none asks.
pub fn answer() -> Option<u8> {
    let here = std::env::current_dir().ok();
    match CompleteEnv::with_factory(command).var(VARIABLE).try_complete(std::env::args_os(), here.as_deref()) {
        Ok(false) => None,
        Ok(true) => Some(GOOD),
        Err(error) => {
            let _ = error.print();
            Some(USAGE)
        }
    }
}

/// Families and roles that begin so; behind a `+`, roles with a specialty.
pub fn names(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, |handbook| {
        let mut names: Vec<(String, String)> = families_in(handbook);
        names.extend(roles_in(handbook));
        if typed.to_string_lossy().contains('+') {
            for (number, family) in handbook.families.iter().enumerate() {
                for (i, specialty) in family.specialties.iter().enumerate() {
                    let front = handbook.specialty_front(number, i);
                    names.extend(specialty.roles.iter().map(|role| (format!("{}+{}", handbook.role_id(*role), front.id), front.title.clone())));
                }
            }
        }
        names
    })
}

/// Roles that begin so.
pub fn roles(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, roles_in)
}

/// Families that begin so, to write an id behind.
pub fn families(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, |handbook| families_in(handbook).into_iter().map(|(id, title)| (id + "/", title)).collect())
}

fn families_in(handbook: &Handbook) -> Vec<(String, String)> {
    handbook.families.iter().enumerate().map(|(number, family)| (family.id.clone(), handbook.front(number).title.clone())).collect()
}

fn roles_in(handbook: &Handbook) -> Vec<(String, String)> {
    (0..handbook.roles.len()).map(|role| (handbook.role_id(role), handbook.role_front(role).title.clone())).collect()
}

/// The ids (with titles) that begin as typed; where none does, those of which a part behind a `/` begins so, from there on.
fn candidates(typed: &OsStr, ids: impl FnOnce(&Handbook) -> Vec<(String, String)>) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else { return Vec::new() };
    let Ok(tree) = asked_for().read() else { return Vec::new() };
    let all = ids(&relate(&tree));
    let candidate = |id: &str, title: &str| CompletionCandidate::new(id).help(Some(title.to_owned().into()));
    let whole: Vec<_> = all.iter().filter(|(id, _)| id.starts_with(typed)).map(|(id, title)| candidate(id, title)).collect();
    if !whole.is_empty() {
        return whole;
    }
    let from_part = |id: &str| id.match_indices('/').map(|(at, _)| at + 1).find(|at| id[*at..].starts_with(typed));
    let mut told = HashSet::new();
    let parts = all.iter().filter_map(|(id, title)| Some((&id[from_part(id)?..], title)));
    parts.filter(|(part, _)| told.insert(*part)).map(|(part, title)| candidate(part, title)).collect()
}

/// The site that the command which is being typed is about.
fn asked_for() -> Global {
    let words: Vec<_> = std::env::args_os().skip_while(|word| word != "--").collect();
    let behind =
        |names: [&str; 2]| words.iter().position(|word| names.iter().any(|name| word == name)).and_then(|at| words.get(at + 1)).map(PathBuf::from);
    Global { root: behind(["-r", "--root"]), config: behind(["-c", "--config"]), quiet: true, verbose: false, color: Colour::Never }
}
