//! `handbook check`.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Args;

use super::findings::Reporting;
use super::{Failure, GOOD, Global, print};
use crate::diagnostic::Severity;
use crate::external::{self, Answers, Manners};
use crate::render::theme::Theme;
use crate::report::{self, visible, visible_path};
use crate::snapshot::Snapshot;
use crate::{catalogue, check, diagnostic, fix, ident};

/// How often mends are looked for at most. What a mend brings to light is mended too; two rounds are enough for most.
const MAX_ROUNDS: usize = 10;

/// Check the content and write nothing, unless --fix is given.
#[derive(Debug, Args)]
pub struct Check {
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
    /// Say what a finding means, with an example of wrong and right
    #[arg(long, value_name = "CODE", conflicts_with_all = ["fix", "external"])]
    explain: Option<String>,
}

impl Check {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        if let Some(code) = &self.explain {
            return explain(code);
        }
        let mut snapshot = Snapshot::build(global.read()?, true);
        if self.fix {
            snapshot = self.mend(snapshot, global)?;
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
        let shows_all = self.reporting.for_programs() || global.verbose;
        print::out(&if shows_all { self.reporting.text(&snapshot, true) } else { self.reporting.text_for_builders(&snapshot, true) })?;
        self.reporting.write_files(&snapshot)?;
        if !global.quiet {
            let infos = report::kinds_of(&snapshot.findings, Severity::Info);
            if !shows_all && !infos.is_empty() {
                print::err(&format!("Worth knowing, and shown with `-v`:\n{}\n", report::table(&infos)));
            }
            let (errors, warnings) = snapshot.counts();
            print::err_line(&report::summary_with_infos(errors, warnings, infos.iter().map(|(_, n)| n).sum()));
        }
        Ok(self.reporting.exit_code(&snapshot))
    }

    /// Mends what can be mended, also what a mend brings to light; gives what is left.
    fn mend(&self, mut snapshot: Snapshot, global: &Global) -> Result<Snapshot, Failure> {
        let (mut faults, mut files) = (0, BTreeSet::new());
        for _ in 0..MAX_ROUNDS {
            let plan = fix::plan(&snapshot).map_err(Failure::machine)?;
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
    let Some(lint) = catalogue::named(code) else {
        let near = ident::nearest(code, catalogue::all().map(|l| l.code));
        let meant = near.map_or_else(|| "docs/lints.md lists all".to_owned(), |near| format!("did you mean `{near}`?"));
        return Err(Failure::usage(format!("no finding is called `{code}`; {meant}")));
    };
    print::out(&catalogue::explain(lint))?;
    Ok(GOOD)
}
