//! `handbook export`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::ArgValueCompleter;

use super::completions::names;
use super::find::{Wanted, find};
use super::findings::unreadable_settings;
use super::{CONTENT, Failure, GOOD, Global, USAGE, print};
use crate::diagnostic::Severity;
use crate::export::{self, Chosen, advert, csv, jsonld};
use crate::links::Links;
use crate::report;
use crate::snapshot::Snapshot;

/// Write the data of the whole handbook, or the text for a vacancy.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Export {
    #[command(subcommand)]
    what: Option<What>,
    /// The form of the data
    #[arg(long, default_value = "json")]
    format: ExportFormat,
    /// Write files into this directory instead of stdout
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// With csv on stdout: one row for each item of each role, or one for each role
    #[arg(long, value_name = "WHAT", default_value = "items")]
    rows: Rows,
    /// With csv: begin with a byte order mark, which some spreadsheets need to read UTF-8
    #[arg(long)]
    bom: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The text for a vacancy
    #[command(after_help = "Example: handbook export advert backend/senior+geo --format text")]
    Advert(Advert),
}

#[derive(Debug, Args)]
struct Advert {
    /// `family/role` or `family/role+specialty`, with as much of the path as makes it clear
    #[arg(value_name = "ROLE[+SPECIALTY]", add = ArgValueCompleter::new(names))]
    role: String,
    /// The form
    #[arg(long, default_value = "markdown")]
    format: AdvertFormat,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    Json,
    Csv,
    Jsonld,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rows {
    Items,
    Roles,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AdvertFormat {
    Markdown,
    Html,
    Text,
}

impl Export {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        let snapshot = Snapshot::build(global.read()?, true);
        if let Some(code) = unreadable_settings(&snapshot.findings, &snapshot.handbook.config.file, &snapshot.tree) {
            return Ok(code);
        }
        if let Some(What::Advert(advert)) = &self.what {
            return advert.run(&snapshot);
        }
        match &self.output {
            None => print::data(&self.data(&snapshot, self.rows))?,
            Some(dir) => {
                for (name, rows) in self.files() {
                    write(&dir.join(name), &self.data(&snapshot, *rows))?;
                }
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

    fn files(&self) -> &'static [(&'static str, Rows)] {
        match self.format {
            ExportFormat::Json => &[("handbook.json", Rows::Items)],
            ExportFormat::Jsonld => &[("handbook.jsonld", Rows::Items)],
            ExportFormat::Csv => &[("roles.csv", Rows::Roles), ("items.csv", Rows::Items)],
        }
    }

    fn data(&self, snapshot: &Snapshot, rows: Rows) -> Vec<u8> {
        let (handbook, resolution) = (&snapshot.handbook, &snapshot.resolution);
        let pretty = |value: &serde_json::Value| {
            let text = serde_json::to_string_pretty(value).expect("values of this kind can always be written");
            (report::quiet_json(text) + "\n").into_bytes()
        };
        let chosen = || export::chosen(handbook, resolution, true, true);
        match self.format {
            ExportFormat::Json => pretty(&export::handbook(handbook, resolution)),
            ExportFormat::Jsonld => pretty(&jsonld::write(handbook, &chosen(), handbook.config.base_url.as_deref())),
            ExportFormat::Csv => {
                let mark = if self.bom { "\u{feff}" } else { "" };
                let table = if rows == Rows::Roles { csv::roles(handbook, &chosen()) } else { csv::items(handbook, &chosen()) };
                [mark.as_bytes(), &table].concat()
            }
        }
    }
}

impl Advert {
    fn run(&self, snapshot: &Snapshot) -> Result<u8, Failure> {
        let (handbook, resolution) = (&snapshot.handbook, &snapshot.resolution);
        let (role, specialty) = match find(handbook, &self.role)? {
            Ok(Wanted::Role(role, specialty)) => (role, specialty),
            Ok(Wanted::Family(family)) => {
                let roles: Vec<String> = handbook.roles_of(family).map(|r| handbook.role_id(r)).collect();
                return Err(Failure { code: USAGE, message: format!("`{}` is a family; name one of its roles: {}", self.role, roles.join(", ")) });
            }
            Err(findings) => {
                print::err(&report::write(report::Format::Human, &findings, &snapshot.tree, true));
                return Ok(CONTENT);
            }
        };
        let found = export::chosen(handbook, resolution, true, true).into_iter().find(|c: &Chosen<'_>| (c.role, c.specialty) == (role, specialty));
        let Some(chosen) = found else {
            let message = format!("{} does not resolve; `handbook check` says why", handbook.role_id(role));
            return Err(Failure { code: CONTENT, message });
        };
        let links = Links::of(handbook, resolution, true);
        let advert = advert::of(handbook, &chosen, &links, handbook.config.base_url.as_deref());
        let text = match self.format {
            AdvertFormat::Markdown => advert.markdown(),
            AdvertFormat::Html => advert.html(&handbook.config.strings),
            AdvertFormat::Text => advert.text(),
        };
        match &self.output {
            None => print::data(text.as_bytes())?,
            Some(file) => write(file, text.as_bytes())?,
        }
        Ok(GOOD)
    }
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = file.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder.and_then(|()| std::fs::write(file, bytes)).map_err(|error| Failure::machine(format!("cannot write {}: {error}", file.display())))
}
