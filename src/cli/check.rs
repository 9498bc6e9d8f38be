//! `handbook check`.

use clap::Args;

use super::findings::Reporting;
use super::{Failure, GOOD, Global, print};
use crate::external::{self, Answers, Manners};
use crate::render::theme::Theme;
use crate::report::{self, visible};
use crate::snapshot::Snapshot;
use crate::{catalogue, check, diagnostic, fix, ident};

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
            let plan = fix::plan(&snapshot).map_err(Failure::machine)?;
            self.carry_out(&plan, &snapshot, global)?;
            if self.diff {
                return Ok(self.reporting.exit_code(&snapshot));
            }
            snapshot = Snapshot::build(global.read()?, true);
        }
        if let Err(faults) = Theme::of(&snapshot.tree, &snapshot.handbook.config.strings) {
            snapshot.findings.extend(faults);
        }
        if self.external {
            self.ask_outside(&mut snapshot, global);
        }
        print::out(&self.reporting.text(&snapshot, true))?;
        self.reporting.write_files(&snapshot)?;
        let (errors, warnings) = snapshot.counts();
        if !global.quiet {
            print::err_line(&report::summary(errors, warnings));
        }
        Ok(self.reporting.exit_code(&snapshot))
    }

    fn carry_out(&self, plan: &fix::Plan, snapshot: &Snapshot, global: &Global) -> Result<(), Failure> {
        for file in &plan.files {
            if self.diff {
                print::out(&visible(&file.diff()))?;
                continue;
            }
            let failed = |error| Failure::machine(format!("cannot write {}: {error}", file.path));
            file.write(&snapshot.tree.root).map_err(failed)?;
            for (line, says) in &file.done {
                print::err_line(&format!("mended {}:{line}: {}", visible(&file.path), visible(says)));
            }
        }
        for file in &plan.left {
            print::err_line(&format!("left alone {}: mending it would bring new errors", visible(file)));
        }
        if !global.quiet {
            let (faults, files) = (plan.files.iter().map(|f| f.done.len()).sum::<usize>(), plan.files.len());
            let of = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
            let did = if self.diff { "can be" } else { "were" };
            let did = if faults == 1 && !self.diff { "was" } else { did };
            print::err_line(&format!("{} in {} {did} mended", of(faults, "fault"), of(files, "file")));
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

fn explain(code: &str) -> Result<u8, Failure> {
    let Some(lint) = catalogue::named(code) else {
        let near = ident::nearest(code, catalogue::all().map(|l| l.code));
        let meant = near.map_or_else(|| "docs/lints.md lists all".to_owned(), |near| format!("did you mean `{near}`?"));
        return Err(Failure::usage(format!("no finding is called `{code}`; {meant}")));
    };
    print::out(&catalogue::explain(lint))?;
    Ok(GOOD)
}
