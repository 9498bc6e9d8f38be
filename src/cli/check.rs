//! `handbook check`.

use clap::Args;

use super::findings::Reporting;
use super::{Failure, Global};
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
        if let Err(faults) = Theme::of(&snapshot.tree, &snapshot.handbook.config.strings) {
            snapshot.findings.extend(faults);
        }
        anstream::print!("{}", self.reporting.text(&snapshot, true));
        self.reporting.write_files(&snapshot)?;
        let (errors, warnings) = snapshot.counts();
        if !global.quiet {
            anstream::eprintln!("{}", report::summary(errors, warnings));
        }
        Ok(self.reporting.exit_code(&snapshot))
    }
}
