//! `handbook export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::findings::faulty_settings;
use super::{CONTENT, Failure, GOOD, Global, print};
use crate::diagnostic::Severity;
use crate::snapshot::Snapshot;
use crate::{export, report};

/// Write the data of the whole handbook.
#[derive(Debug, Args)]
pub struct Export {
    /// The form of the data
    #[arg(long, default_value = "json")]
    format: ExportFormat,
    /// Write handbook.json into this directory instead of stdout
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    Json,
}

impl Export {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        let ExportFormat::Json = self.format;
        let snapshot = Snapshot::build(global.read()?, true);
        if let Some(code) = faulty_settings(&snapshot.findings, &snapshot.handbook.config.file, &snapshot.tree) {
            return Ok(code);
        }
        let data = export::handbook(&snapshot.handbook, &snapshot.resolution);
        let mut text = serde_json::to_string_pretty(&data).expect("values of this kind can always be written");
        text.push('\n');
        match &self.output {
            None => print::out(&text)?,
            Some(dir) => {
                let file = dir.join("handbook.json");
                let written = std::fs::create_dir_all(dir).and_then(|()| std::fs::write(&file, text));
                written.map_err(|error| Failure::machine(format!("cannot write {}: {error}", file.display())))?;
            }
        }
        let errors: Vec<_> = snapshot.findings.iter().filter(|f| f.severity == Severity::Error).cloned().collect();
        if errors.is_empty() {
            return Ok(GOOD);
        }
        print::err(&report::write(report::Format::Human, &errors, &snapshot.tree, true));
        print::err_line(&format!("what resolves was exported; {}", report::summary(errors.len(), 0)));
        Ok(CONTENT)
    }
}
