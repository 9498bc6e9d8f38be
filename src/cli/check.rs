//! `handbook check`.

use clap::Args;

use super::findings::Reporting;
use super::{Failure, Global, print};
use crate::render::theme::Theme;
use crate::report;
use crate::snapshot::Snapshot;

/// Check the content and write nothing.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    reporting: Reporting,
}

impl Check {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        let mut snapshot = Snapshot::build(global.read()?, true);
        if let Err(faults) = Theme::of(&snapshot.tree) {
            snapshot.findings.extend(faults);
        }
        print::out(&self.reporting.text(&snapshot, true))?;
        self.reporting.write_files(&snapshot)?;
        let (errors, warnings) = snapshot.counts();
        if !global.quiet {
            print::err_line(&report::summary(errors, warnings));
        }
        Ok(self.reporting.exit_code(&snapshot))
    }
}
