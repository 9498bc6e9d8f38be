//! `handbook check`.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Args;

use super::findings::Reporting;
use super::narrow::{Narrow, Wanted};
use super::{Failure, GOOD, Global, print};
use crate::catalogue::Lint;
use crate::diagnostic::Severity;
use crate::external::{self, Answers, Manners};
use crate::render::theme::Theme;
use crate::report::{self, visible, visible_path};
use crate::snapshot::Snapshot;
use crate::{catalogue, check, diagnostic, fix, ident};

/// How often mends are looked for at most. What a mend brings to light is mended too; two rounds are enough for most.
const MAX_ROUNDS: usize = 10;

/// From how many errors and warnings on they are counted by kind: they no longer fit a screen.
const MANY: usize = 20;

/// Check the content and write nothing, unless --fix is given.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    narrow: Narrow,
    #[command(flatten)]
    reporting: Reporting,
    /// Mend what can safely be mended, and say what was done
    #[arg(long)]
    fix: bool,
    /// With --fix: only show what would be mended
    #[arg(long, requires = "fix")]
    diff: bool,
    /// Also ask whether addresses outside the site answer
    #[arg(long)]
    external: bool,
    /// Say what a finding means, with an example of wrong and right; without CODE, list all
    #[arg(long, value_name = "CODE", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["fix", "external", "only", "paths"])]
    explain: Option<String>,
}

impl Check {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        if let Some(code) = &self.explain {
            return explain(code);
        }
        let mut snapshot = Snapshot::build(global.read()?, true);
        let wanted = self.narrow.of(&snapshot)?;
        if self.fix {
            snapshot = self.mend(snapshot, &wanted, global)?;
            if self.diff {
                return Ok(self.reporting.exit_code(&snapshot));
            }
        }
        if let Err(faults) = Theme::of(&snapshot.tree, &snapshot.handbook.config.strings) {
            snapshot.findings.extend(faults);
        }
        if self.external {
            self.ask_outside(&mut snapshot, global);
        }
        let (of_all, all) = (snapshot.counts(), std::mem::take(&mut snapshot.findings));
        snapshot.findings = all.into_iter().filter(|finding| wanted.has(finding)).collect();
        let shows_all = self.reporting.for_programs() || global.verbose || wanted.names_kinds();
        print::out(&if shows_all { self.reporting.text(&snapshot, true) } else { self.reporting.text_of(&snapshot.findings, &snapshot.tree) })?;
        self.reporting.write_files(&snapshot)?;
        if !global.quiet {
            self.close(&snapshot, &wanted, of_all, shows_all);
        }
        Ok(self.reporting.exit_code(&snapshot))
    }

    /// The closing lines: how much there is of what, and how to see less of it.
    fn close(&self, snapshot: &Snapshot, wanted: &Wanted, of_all: (usize, usize), shows_all: bool) {
        let (errors, warnings) = snapshot.counts();
        if !self.reporting.for_programs() && errors + warnings > MANY {
            for (severity, name) in [(Severity::Error, "Errors"), (Severity::Warning, "Warnings")] {
                let kinds = report::kinds_of(&snapshot.findings, severity);
                if !kinds.is_empty() {
                    print::err(&format!("{name} by kind:\n{}\n", report::table(&kinds)));
                }
            }
            print::err("`handbook check --only CODE` tells one kind alone, `handbook check content/sales` one directory or file.\n\n");
        }
        for code in wanted.off(snapshot) {
            print::err_line(&format!("`{code}` is off, and nothing is looked for: `lints: {{{code}: warning}}` in handbook.yml turns it on"));
        }
        let infos = report::kinds_of(&snapshot.findings, Severity::Info);
        if !shows_all && !infos.is_empty() {
            print::err(&format!("Worth knowing, and shown with `-v`:\n{}\n", report::table(&infos)));
        }
        let told = report::summary_with_infos(errors, warnings, infos.iter().map(|(_, n)| n).sum());
        let elsewhere = (of_all.0 - errors, of_all.1 - warnings);
        if wanted.is_all() || elsewhere == (0, 0) {
            print::err_line(&told);
        } else {
            print::err_line(&format!("{told}; not shown: {}", report::summary(elsewhere.0, elsewhere.1)));
        }
    }

    /// Mends what can be mended, also what a mend brings to light; gives what is left.
    fn mend(&self, mut snapshot: Snapshot, wanted: &Wanted, global: &Global) -> Result<Snapshot, Failure> {
        let (mut faults, mut files) = (0, BTreeSet::new());
        for _ in 0..MAX_ROUNDS {
            let plan = fix::plan(&snapshot, &|finding| wanted.has(finding)).map_err(Failure::machine)?;
            self.carry_out(&plan, &snapshot)?;
            faults += plan.files.iter().map(|f| f.done.len()).sum::<usize>();
            files.extend(plan.files.iter().map(|f| Arc::clone(&f.path)));
            if self.diff || plan.files.is_empty() {
                for (file, why) in &plan.left {
                    print::err_line(&format!("left alone {}: mending it would bring {}", visible_path(file), visible(why)));
                }
                break;
            }
            snapshot = Snapshot::build(global.read()?, true);
        }
        if !global.quiet {
            let of = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
            let did = if self.diff { "can be" } else { "were" };
            let did = if faults == 1 && !self.diff { "was" } else { did };
            print::err_line(&format!("{} in {} {did} mended", of(faults, "fault"), of(files.len(), "file")));
        }
        Ok(snapshot)
    }

    fn carry_out(&self, plan: &fix::Plan, snapshot: &Snapshot) -> Result<(), Failure> {
        for file in &plan.files {
            if self.diff {
                print::out(&as_patch(&file.diff()))?;
                continue;
            }
            let failed = |error| Failure::machine(format!("cannot write {}: {error}", file.path));
            file.write(&snapshot.tree.root).map_err(failed)?;
            for (line, says) in &file.done {
                print::err_line(&format!("mended {}:{line}: {}", visible_path(&file.path), visible(says)));
            }
        }
        Ok(())
    }

    fn ask_outside(&self, snapshot: &mut Snapshot, global: &Global) {
        let mut answers = Answers::remembered();
        let (found, asked) = external::check(&snapshot.handbook, &Manners::default(), &mut answers);
        if global.verbose {
            print::err_line(&format!("asked for {asked} addresses outside the site"));
        }
        let leveled = check::at_their_level(found, &snapshot.handbook.config);
        let standing = check::waivers::left_standing(leveled, &snapshot.handbook, snapshot.tree.today);
        snapshot.findings.extend(standing);
        snapshot.findings = diagnostic::in_order(std::mem::take(&mut snapshot.findings));
        if let Err(error) = answers.remember() {
            print::err_line(&format!("the answers could not be remembered: {error}"));
        }
    }
}

/// A diff without power over the terminal that can still be applied: line ends and a byte order mark stay as they are.
fn as_patch(diff: &str) -> String {
    let mut out = String::with_capacity(diff.len());
    for line in diff.split_inclusive('\n') {
        let (content, end) = line.strip_suffix("\r\n").map_or((line, ""), |content| (content, "\r\n"));
        match content.get(1..).and_then(|c| c.strip_prefix('\u{feff}')) {
            Some(rest) => out.push_str(&format!("{}\u{feff}{}", &content[..1], visible(rest))),
            None => out.push_str(&visible(content)),
        }
        out.push_str(end);
    }
    out
}

fn explain(code: &str) -> Result<u8, Failure> {
    print::out(&if code.is_empty() { catalogue::list() } else { catalogue::explain(known(code)?) })?;
    Ok(GOOD)
}

/// The kind of finding with this code.
pub(super) fn known(code: &str) -> Result<&'static Lint, Failure> {
    catalogue::named(code).ok_or_else(|| {
        let near = ident::nearest(code, catalogue::all().map(|l| l.code));
        let meant = near.map_or_else(|| "`handbook check --explain` lists all".to_owned(), |near| format!("did you mean `{near}`?"));
        Failure::usage(format!("no finding is called `{code}`; {meant}"))
    })
}
