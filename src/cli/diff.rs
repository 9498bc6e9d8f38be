//! `handbook diff`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::findings::tell_settings;
use super::{CONTENT, Failure, GOOD, Global, USAGE, print};
use crate::config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::diff::addresses::DeadAddress;
use crate::diff::classify::Class;
use crate::diff::compare::{Side, compare};
use crate::diff::effect::{Change, Diff as Effect};
use crate::diff::form;
use crate::diff::trees::{self, Head, Trees};
use crate::git::{GitError, Repository};
use crate::model::Handbook;
use crate::report;
use crate::resolve::resolve;
use crate::snapshot::{relate, relate_beside};
use crate::source::SourceTree;

/// Tell what a change does to every effective role.
#[derive(Debug, Args)]
pub struct Diff {
    /// The revision before [default: where the main branch was left; in a merge-request pipeline its base]
    #[arg(value_name = "BASE")]
    base: Option<String>,
    /// The revision after [default: the working tree]
    #[arg(value_name = "HEAD")]
    head: Option<String>,
    /// The form; `markdown` is a note for a merge request
    #[arg(long, default_value = "text")]
    format: DiffFormat,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Also write another form to a file, such as markdown=note.md (may be given several times)
    #[arg(long = "also", value_name = "FORMAT=FILE", value_parser = form_and_file)]
    also: Vec<(DiffFormat, PathBuf)>,
    /// End with 1 where the change does one of these (several with commas)
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Vec<Policy>,
    /// Where a preview of the site after the change lies, for links into it
    #[arg(long, value_name = "URL")]
    preview: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    Text,
    Markdown,
    Json,
    Html,
}

/// What a site may want to be stopped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Policy {
    /// An existing role asks something new or stricter
    RaisesTheBar,
    /// An existing role asks less
    LowersTheBar,
    /// A role reads otherwise in any way, is new or gone
    AnyChange,
    /// The grade of a role changes
    Grade,
    /// A role is gone
    RoleRemoved,
    /// An address of the site would lead nowhere
    DeadAddress,
}

fn form_and_file(text: &str) -> Result<(DiffFormat, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("write FORMAT=FILE, such as markdown=note.md")?;
    Ok((DiffFormat::from_str(name, false).map_err(|_| "the forms are text, markdown, json and html")?, file.into()))
}

impl Diff {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        let working = global.read()?;
        let root = working.root.clone();
        let repository = Repository::of(&root).map_err(failure)?;
        let (base, head) = self.revisions(&repository)?;
        let (trees, head_name) = self.trees(global, &repository, &root, working, &base, head.as_deref())?;
        let Trees { base: mut before, head: after, changes } = trees;
        if before.config.is_none() && global.config.is_some() {
            // A configuration from outside the history counts for both sides.
            before.config = after.config.as_ref().map(|c| crate::source::from_bytes(std::sync::Arc::clone(&c.path), c.text.as_bytes().to_vec()));
        }
        if before.content.is_empty()
            && let Some(place) = lay_elsewhere(&repository, &base, &after)?
        {
            print::err_line(&format!(
                "note: at {base} the site lay {}, and a directory that moves is not followed: so every role is new",
                named(&place)
            ));
        }
        let new = relate(&after);
        let old = relate_beside(&before, Some(&new));
        if let Some(code) = misleading_settings(&after, &new, None).or_else(|| misleading_settings(&before, &old, Some(&base))) {
            return Ok(code);
        }
        let (old_roles, new_roles) = rayon::join(|| resolve(&old), || resolve(&new));
        let sides = (Side { handbook: &old, resolution: &old_roles }, Side { handbook: &new, resolution: &new_roles });
        let effect = compare(sides.0, sides.1, changes, (base, head_name));
        for (format, file) in self.also.iter().map(|(format, file)| (*format, Some(file))).chain([(self.format, self.output.as_ref())]) {
            self.write(format, file.map(PathBuf::as_path), &effect, &after, &new)?;
        }
        let code = tell_unresolved(&effect, &new, &new_roles.findings, &after);
        let told: Vec<String> = self.fail_on.iter().filter_map(|policy| policy.broken_by(&effect)).collect();
        told.iter().for_each(|why| print::err_line(&format!("error: {why}")));
        // The process ends here, and taking both handbooks apart would only keep the caller waiting.
        std::mem::forget((old, new, old_roles, new_roles, before, after));
        Ok(if told.is_empty() { code } else { CONTENT })
    }

    /// The commits: `A..B` and `A...B` mean what they mean to git.
    fn revisions(&self, repository: &Repository) -> Result<(String, Option<String>), Failure> {
        let commit = |name: &str| repository.commit(if name.is_empty() { "HEAD" } else { name }).map_err(failure);
        let base = self.base.as_deref();
        if let (Some((one, other)), None) = (base.and_then(|b| b.split_once("...")), &self.head) {
            let (one, other) = (commit(one)?, commit(other)?);
            return Ok((repository.merge_base(&one, &other).map_err(failure)?, Some(other)));
        }
        if let (Some((one, other)), None) = (base.and_then(|b| b.split_once("..")), &self.head) {
            return Ok((commit(one)?, Some(commit(other)?)));
        }
        if let (Some(range), Some(head)) = (base.filter(|b| b.contains("..")), &self.head) {
            return Err(Failure::usage(format!("`{range}` names both sides already; leave out `{head}`")));
        }
        let head = self.head.as_deref().map(commit).transpose()?;
        match base {
            Some(base) => Ok((commit(base)?, head)),
            None => Ok((default_base(repository)?, head)),
        }
    }

    fn trees(
        &self,
        global: &Global,
        repository: &Repository,
        root: &Path,
        working: SourceTree,
        base: &str,
        head: Option<&str>,
    ) -> Result<(Trees, String), Failure> {
        let config = match (&global.config, &working.config) {
            (Some(_), Some(config)) => config.path.to_string(),
            _ => "handbook.yml".to_owned(),
        };
        let side = head.map_or_else(|| Head::Working(Box::new(working)), Head::Commit);
        let trees = trees::both(repository, root, &config, base, side).map_err(failure)?;
        Ok((trees, head.unwrap_or("working tree").to_owned()))
    }

    fn write(&self, format: DiffFormat, file: Option<&Path>, effect: &Effect, tree: &SourceTree, handbook: &Handbook) -> Result<(), Failure> {
        let preview = self.preview.as_ref().map(|url| if url.ends_with('/') { url.clone() } else { format!("{url}/") });
        let text = match format {
            DiffFormat::Text if file.is_none() => return print::out(&form::terminal::write(effect)),
            DiffFormat::Text => anstream::adapter::strip_str(&form::terminal::write(effect)).to_string(),
            DiffFormat::Markdown => form::markdown::write(effect, preview.as_deref()),
            DiffFormat::Json => {
                let text = serde_json::to_string_pretty(&form::json::write(effect)).expect("values of this kind can always be written");
                report::quiet_json(text) + "\n"
            }
            DiffFormat::Html => {
                let head = form::html::Head { tree, config: &handbook.config };
                form::html::write(effect, &head, preview.as_deref())
                    .map_err(|faults| Failure { code: CONTENT, message: faults.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join("; ") })?
            }
        };
        match file {
            None => print::data(text.as_bytes()),
            Some(file) => std::fs::write(file, text).map_err(|error| Failure::machine(format!("cannot write {}: {error}", file.display()))),
        }
    }
}

/// The site as it was at a revision.
pub(super) fn tree_at(global: &Global, revision: &str) -> Result<SourceTree, Failure> {
    let root = global.find_root()?;
    let repository = Repository::of(&root).map_err(failure)?;
    let config = global.config.as_ref().map_or_else(|| "handbook.yml".to_owned(), |path| path.to_string_lossy().replace('\\', "/"));
    let commit = repository.commit(revision).map_err(failure)?;
    let tree = trees::at(&repository, &root, &config, &commit).map_err(failure)?;
    if tree.content.is_empty()
        && let Some(place) = lay_elsewhere(&repository, &commit, &global.read()?)?
    {
        return Err(Failure::usage(format!(
            "at `{revision}` the site lay {}; to see it as it was then, run `git worktree add ../then {revision}`, and this there",
            named(&place)
        )));
    }
    Ok(tree)
}

/// Where the site lay in a commit, if it was moved since, known by its settings or else by its first page.
fn lay_elsewhere(repository: &Repository, commit: &str, now: &SourceTree) -> Result<Option<String>, Failure> {
    let files = now.config.iter().map(|file| &file.path).chain(now.content.first().map(|file| &file.path));
    let paths: Vec<&str> = files.map(|path| &**path).collect();
    repository.lay_elsewhere(commit, &paths).map_err(failure)
}

fn named(place: &str) -> String {
    if place.is_empty() { "at the top of the repository".to_owned() } else { format!("in {place}") }
}

/// The exit code where the settings of one side have errors by which roles would seem to differ; these are told.
fn misleading_settings(tree: &SourceTree, handbook: &Handbook, revision: Option<&str>) -> Option<u8> {
    let mut findings = Vec::new();
    let settings = config::read(tree.config.as_ref(), &mut findings);
    // What handbook.yml says of departments that are no more changes no role; a block that is no more does.
    findings.extend(handbook.findings.iter().filter(|f| f.code == "block-unknown").cloned());
    if !tell_settings(&findings, &settings.file, tree) {
        return None;
    }
    let at = revision.map(|revision| format!(" at {revision}")).unwrap_or_default();
    super::print::err_line(&format!("with these errors in {}{at} roles cannot be compared", settings.file));
    Some(USAGE)
}

/// Where the main branch was left; in a pipeline for a merge request where its target was left. In one for merged results
/// the target has moved on since then, and what others did is no part of the change.
fn default_base(repository: &Repository) -> Result<String, Failure> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let target = named("CI_MERGE_REQUEST_TARGET_BRANCH_SHA").or_else(|| named("CI_MERGE_REQUEST_DIFF_BASE_SHA"));
    let commit = |name: &str| repository.commit(name).map_err(failure);
    if let Some(target) = target {
        return repository.merge_base(&commit(&target)?, &commit("HEAD")?).map_err(failure);
    }
    if matches!(repository.commit("HEAD"), Err(GitError::UnknownRevision { shallow: false, .. })) {
        return Err(Failure::usage("nothing is committed here yet, so there is nothing to compare with"));
    }
    let branch = match named("GITHUB_BASE_REF") {
        Some(target) => format!("origin/{target}"),
        None => repository.main_branch().ok_or_else(|| {
            let help = if repository.is_shallow() {
                format!("; {}", GitError::UnknownRevision { name: "main".into(), shallow: true })
            } else {
                String::new()
            };
            Failure::usage(format!("there is no branch main or master here to compare with; name one: handbook diff BASE{help}"))
        })?,
    };
    repository.merge_base(&commit(&branch)?, &commit("HEAD")?).map_err(failure)
}

fn failure(error: GitError) -> Failure {
    match error {
        GitError::NotInstalled(_) | GitError::Failed(_) => Failure::machine(error),
        GitError::NoRepository(_) | GitError::UnknownRevision { .. } | GitError::NoMergeBase { .. } => {
            Failure { code: USAGE, message: error.to_string() }
        }
    }
}

/// Tells why roles could not be compared, where the fault lies in what is there now.
fn tell_unresolved(effect: &Effect, handbook: &Handbook, found: &[Diagnostic], tree: &SourceTree) -> u8 {
    let of_files = handbook.documents.iter().filter(|d| matches!(d.kind, crate::parse::DocumentKind::Broken { .. })).flat_map(|d| &d.findings);
    let all = handbook.findings.iter().chain(found).chain(of_files);
    let stops = |f: &&Diagnostic| {
        let of_reference = f.code.starts_with("extends") || f.code == "ambiguous-inheritance" || f.code == "too-large";
        let in_broken = handbook.documents.iter().any(|d| d.file() == &f.place.file && matches!(d.kind, crate::parse::DocumentKind::Broken { .. }));
        f.severity == Severity::Error && (of_reference || in_broken)
    };
    let stopping: Vec<Diagnostic> = all.filter(stops).cloned().collect();
    if effect.unresolved.is_empty() || stopping.is_empty() {
        return GOOD;
    }
    print::err(&report::write(report::Format::Human, &stopping, tree, true));
    print::err_line(&format!("{} could not be compared", form::count(effect.unresolved.len(), "role", "roles")));
    CONTENT
}

impl Policy {
    /// Why the change must not pass, if it must not.
    fn broken_by(self, effect: &Effect) -> Option<String> {
        let roles = |n: usize, one: &str, many: &str| (n > 0).then(|| form::count(n, one, many));
        let all = effect.roles.len();
        match self {
            Policy::RaisesTheBar => roles(effect.count_of(Class::Raises), "role raises the bar", "roles raise the bar"),
            Policy::LowersTheBar => roles(effect.count_of(Class::Lowers), "role lowers the bar", "roles lower the bar"),
            Policy::AnyChange => roles(all, "role changes", "roles change"),
            Policy::Grade => roles(effect.roles.iter().filter(|r| r.grade.is_some()).count(), "role changes its grade", "roles change their grade"),
            Policy::RoleRemoved => roles(effect.count(Change::Removed), "role is gone", "roles are gone"),
            Policy::DeadAddress => {
                let first = |dead: &[DeadAddress]| dead.first().map(|d| format!(", the first {}", d.address)).unwrap_or_default();
                roles(effect.dead.len(), "address would lead nowhere", "addresses would lead nowhere").map(|told| told + &first(&effect.dead))
            }
        }
        .map(|told| format!("{told}, and --fail-on says to stop there"))
    }
}
