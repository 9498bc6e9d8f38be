//! The flags about findings that `build` and `check` share, and how findings are written.

use std::path::PathBuf;

use clap::Args;

use super::{CONTENT, Failure, GOOD, USAGE, print};
use crate::config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::{self, Format};
use crate::snapshot::Snapshot;
use crate::source::SourceTree;

/// Flags about findings.
#[derive(Debug, Clone, Args)]
pub struct Reporting {
    /// Let warnings fail, too
    #[arg(short, long)]
    strict: bool,
    /// The form of the findings: human, short, json, gitlab, github, sarif or junit
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = format)]
    format: Format,
    /// Also write the findings to a file, in this form (may be given several times)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_file)]
    report: Vec<(Format, PathBuf)>,
}

fn format(name: &str) -> Result<Format, String> {
    Format::named(name).ok_or_else(|| format!("the forms are {}", Format::NAMES.map(|(n, _)| n).join(", ")))
}

fn report_file(text: &str) -> Result<(Format, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("write FORMAT=FILE, such as json=findings.json")?;
    Ok((format(name)?, file.into()))
}

/// The exit code where the settings cannot be read at all, which is told: nothing can be resolved without them.
pub fn unreadable_settings(findings: &[Diagnostic], settings: &str, tree: &SourceTree) -> Option<u8> {
    if tree.config.as_ref().is_none_or(config::is_readable) {
        return None;
    }
    tell_settings(findings, settings, tree);
    Some(USAGE)
}

/// Tells what of the settings could not be read, so that the defaults stand.
pub fn tell_misread_settings(tree: &SourceTree) {
    let mut findings = Vec::new();
    let settings = config::read(tree.config.as_ref(), &mut findings);
    tell_settings(&findings, &settings.file, tree);
}

/// Tells the errors of the settings; gives whether there are any.
pub fn tell_settings(findings: &[Diagnostic], settings: &str, tree: &SourceTree) -> bool {
    let faults: Vec<Diagnostic> = findings.iter().filter(|f| f.severity == Severity::Error && *f.place.file == *settings).cloned().collect();
    print::err(&report::write(Format::Human, &faults, tree, true));
    !faults.is_empty()
}

impl Reporting {
    /// Whether the findings go to stdout whatever the verb: they were asked for in a form for programs.
    pub fn for_programs(&self) -> bool {
        self.format != Format::Human
    }

    /// The findings in the form that was asked for.
    pub fn text(&self, snapshot: &Snapshot, colour: bool) -> String {
        report::write(self.format, &snapshot.findings, &snapshot.tree, colour)
    }

    /// These findings in the form that was asked for; for people without what is merely worth knowing.
    pub fn text_of(&self, findings: &[Diagnostic], tree: &SourceTree) -> String {
        let told = |finding: &&Diagnostic| self.for_programs() || finding.severity > Severity::Info;
        let findings: Vec<Diagnostic> = findings.iter().filter(told).cloned().collect();
        report::write(self.format, &findings, tree, true)
    }

    /// The least severity that fails.
    #[cfg(feature = "serve")]
    pub fn grave(&self) -> Severity {
        if self.strict { Severity::Warning } else { Severity::Error }
    }

    /// Writes the report files.
    pub fn write_files(&self, snapshot: &Snapshot) -> Result<(), Failure> {
        self.write_findings(&snapshot.findings, &snapshot.tree)
    }

    /// Writes the report files with these findings.
    pub fn write_findings(&self, findings: &[Diagnostic], tree: &SourceTree) -> Result<(), Failure> {
        for (format, file) in &self.report {
            let text = report::write(*format, findings, tree, false);
            std::fs::write(file, text).map_err(|error| Failure::machine(format!("cannot write {}: {error}", file.display())))?;
        }
        Ok(())
    }

    /// What the findings make of the run.
    pub fn exit_code(&self, snapshot: &Snapshot) -> u8 {
        let config = [Some(&snapshot.handbook.config.file), snapshot.tree.strings.as_ref().map(|f| &f.path)];
        let (errors, warnings) = snapshot.counts();
        if snapshot.findings.iter().any(|f| f.severity == Severity::Error && config.contains(&Some(&f.place.file))) {
            USAGE
        } else if errors > 0 || (self.strict && warnings > 0) {
            CONTENT
        } else {
            GOOD
        }
    }
}
