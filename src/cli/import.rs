//! `handbook import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CONTENT, Failure, GOOD, Global, print};
use crate::import::report::Detail;
use crate::import::{self, Labels, WriteError};
use crate::report::visible;

/// Make a site of existing Markdown job-family pages.
#[derive(Debug, Args)]
pub struct Import {
    /// Files and directories: .md, .markdown, .html.md, also with .erb
    #[arg(required = true, value_name = "SRC")]
    sources: Vec<PathBuf>,
    /// Where the site is written
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Form,
    /// Write the proposed labels into the lists, so that higher levels replace what they restate
    #[arg(long)]
    label: bool,
    /// Replace files that are there with other bytes
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Human,
    Json,
}

impl Import {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        if let Some(missing) = self.sources.iter().find(|s| !s.exists()) {
            return Err(Failure::usage(format!("there is no file or directory {}", missing.display())));
        }
        if let Some(source) = self.sources.iter().find(|s| holds(s, &self.output)) {
            return Err(Failure::usage(format!(
                "{} lies in {}, which is imported; give another directory with -o",
                self.output.display(),
                source.display()
            )));
        }
        if self.output.is_file() {
            return Err(Failure::usage(format!("{} is a file; give a directory with -o", self.output.display())));
        }
        let started = std::time::Instant::now();
        let labels = if self.label { Labels::Written } else { Labels::Listed };
        let imported = import::import(&self.sources, labels).map_err(Failure::machine)?;
        let report = &imported.report;
        let (pages, families, roles) = report.counts();
        if pages == 0 {
            return Err(Failure::usage("there are no Markdown pages in the given files and directories"));
        }
        imported.write(&self.output, self.force).map_err(|error| failure(&error))?;
        match self.format {
            Form::Json => print::json(&report.json())?,
            Form::Human => print::out(&visible(&report.text(if global.verbose { Detail::All } else { Detail::Usual })))?,
        }
        for error in &report.errors {
            print::err_line(&format!("error: {error}"));
        }
        if !global.quiet {
            let (guessed, left) = report.open();
            let seconds = started.elapsed().as_secs_f64();
            let shown = self.output.display();
            let counts = [counted(pages, "page", "pages"), counted(families, "family", "families"), counted(roles, "role", "roles")];
            let warnings = counted(report.warnings, "warning", "warnings");
            print::err_line(&format!("Imported {}: {}, {} in {seconds:.2} s -> {shown}", counts[0], counts[1], counts[2]));
            print::err_line(&format!("{guessed} guessed, {left} left for a person, {warnings} of `handbook check -r {shown}`"));
            print::err_line(&format!("Next: `handbook check -r {shown}` lists what to mend, `handbook serve -r {shown}` shows the pages meanwhile;"));
            print::err_line(&format!(
                "then `handbook init {shown} --force --ci gitlab` (or `github`) writes a CI file, and leaves the rest as it is."
            ));
        }
        Ok(if report.errors.is_empty() { GOOD } else { CONTENT })
    }
}

fn counted(n: usize, one: &str, several: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {several}") }
}

/// Whether the output lies in a source, so that the next run would import what this one wrote.
fn holds(source: &std::path::Path, output: &std::path::Path) -> bool {
    let (Ok(source), Ok(output)) = (source.canonicalize(), std::path::absolute(output)) else { return false };
    let output = output.canonicalize().unwrap_or(output);
    source.is_dir() && output.starts_with(source)
}

fn failure(error: &WriteError) -> Failure {
    match error {
        WriteError::Taken(files) => {
            let shown: Vec<&str> = files.iter().take(3).map(String::as_str).collect();
            let more = if files.len() > 3 { format!(" and {} more", files.len() - 3) } else { String::new() };
            Failure::usage(format!("{}{more} would be replaced by other text; give another directory with -o, or --force", shown.join(", ")))
        }
        WriteError::Link(path) => Failure::usage(format!("{} is a link to another place, where nothing is written", path.display())),
        WriteError::Io(path, error) => Failure::machine(format!("cannot write {}: {error}", path.display())),
    }
}
