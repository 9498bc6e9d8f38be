//! `handbook schema`.

use clap::{Args, ValueEnum};

use super::{Failure, GOOD, Global, print};
use crate::config::{self, Config};
use crate::schema;

/// Print a JSON Schema.
#[derive(Debug, Args)]
pub struct SchemaVerb {
    /// Of what; front-matter knows the sections of the site it is run in
    #[arg(value_name = "WHAT", default_value = "front-matter")]
    what: SchemaOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemaOf {
    FrontMatter,
    Config,
    Export,
    SiteExport,
    Role,
    Family,
    Diff,
}

impl SchemaVerb {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        let schema = match self.what {
            SchemaOf::FrontMatter => schema::front_matter(&settings(global)?),
            SchemaOf::Config => schema::config(),
            SchemaOf::Export => schema::export(),
            SchemaOf::SiteExport => schema::site_export(),
            SchemaOf::Role => schema::role(),
            SchemaOf::Family => schema::family(),
            SchemaOf::Diff => schema::diff(),
        };
        print::json(&schema)?;
        Ok(GOOD)
    }
}

/// The settings of the site, or the defaults where there is none.
fn settings(global: &Global) -> Result<Config, Failure> {
    if global.root.is_none() && global.find_root().is_err() {
        return Ok(Config::default());
    }
    Ok(config::read(global.read()?.config.as_ref(), &mut Vec::new()))
}
