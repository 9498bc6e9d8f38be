//! The command line: arguments in, exit code out. The only home of clap, and the only place that prints.

mod build;
mod check;
mod completions;
mod diff;
mod export;
mod find;
mod findings;
mod import;
mod init;
mod narrow;
mod new;
mod print;
mod schema;
#[cfg(feature = "serve")]
mod serve;
mod show;
mod stats;

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::fault;
use crate::source::{self, SourceTree};

/// Good.
pub const GOOD: u8 = 0;
/// The content has errors (or warnings under `--strict`).
pub const CONTENT: u8 = 1;
/// Usage or configuration.
pub const USAGE: u8 = 2;
/// The machine failed.
pub const MACHINE: u8 = 3;

/// Job-family handbooks: Markdown in, a site with every role resolved out.
#[derive(Debug, Parser)]
#[command(name = "handbook", version, arg_required_else_help = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// Flags of every verb.
#[derive(Debug, Args)]
struct Global {
    /// The site's directory [default: the nearest one upwards with handbook.yml or content/]
    #[arg(short, long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The configuration, in place of handbook.yml
    #[arg(short, long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Say only what is wrong
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    verbose: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Start a handbook: a small site that builds
    #[command(after_help = "Example: handbook init my-handbook")]
    Init(init::Init),
    /// Add a family, a role or a specialty, and leave every other byte as it is
    #[command(after_help = "Example: handbook new role backend/staff --extends senior")]
    New(new::New),
    /// Check, render and publish the site
    #[command(after_help = "Example: handbook build --strict -o public")]
    Build(build::Build),
    /// Check the content and write nothing
    #[command(after_help = "Example: handbook check --format json")]
    Check(check::Check),
    /// Preview the site on this machine; pages follow every edit
    #[cfg(feature = "serve")]
    #[command(after_help = "Example: handbook serve --open")]
    Serve(serve::Serve),
    /// Show a role with everything it inherits, or a family
    #[command(after_help = "Example: handbook show engineering/backend-engineering/senior+geo")]
    Show(show::Show),
    /// Tell what a change does to every effective role
    #[command(after_help = "Example: handbook diff main --format markdown -o note.md")]
    Diff(diff::Diff),
    /// Write the data of the whole handbook
    #[command(after_help = "Example: handbook export --format json -o data/")]
    Export(export::Export),
    /// Make a site of existing Markdown job-family pages
    #[command(after_help = "Example: handbook import old/job-families/ -o handbook/")]
    Import(import::Import),
    /// Count, and tell what is repeated and how far apart levels are
    #[command(after_help = "Example: handbook stats --format json")]
    Stats(stats::StatsVerb),
    /// Print the JSON Schema of front matter, configuration or data
    #[command(after_help = "Example: handbook schema config > handbook.schema.json")]
    Schema(schema::SchemaVerb),
    /// Print the script that completes commands, families and roles in a shell
    #[command(after_help = "Example: handbook completions bash > ~/.local/share/bash-completion/completions/handbook")]
    Completions(completions::Completions),
}

/// A failure that is no finding about the content.
#[derive(Debug)]
struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    fn usage(message: impl Into<String>) -> Self {
        Failure { code: USAGE, message: message.into() }
    }

    fn machine(message: impl std::fmt::Display) -> Self {
        Failure { code: MACHINE, message: message.to_string() }
    }
}

/// Runs the program with the arguments of the process; gives its exit code.
pub fn main() -> u8 {
    if let Some(code) = completions::answer() {
        return code;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { USAGE } else { GOOD };
        }
    };
    cli.global.color.set();
    let run = || match &cli.verb {
        Verb::Init(verb) => verb.run(&cli.global),
        Verb::New(verb) => verb.run(&cli.global),
        Verb::Build(verb) => verb.run(&cli.global),
        Verb::Check(verb) => verb.run(&cli.global),
        #[cfg(feature = "serve")]
        Verb::Serve(verb) => verb.run(&cli.global),
        Verb::Show(verb) => verb.run(&cli.global),
        Verb::Diff(verb) => verb.run(&cli.global),
        Verb::Export(verb) => verb.run(&cli.global),
        Verb::Import(verb) => verb.run(&cli.global),
        Verb::Stats(verb) => verb.run(&cli.global),
        Verb::Schema(verb) => verb.run(&cli.global),
        Verb::Completions(verb) => verb.run(&cli.global),
    };
    match fault::caught(run).unwrap_or_else(|fault| Err(Failure::machine(fault))) {
        Ok(code) => code,
        Err(failure) => {
            print::err_line(&format!("error: {}", failure.message));
            failure.code
        }
    }
}

impl Colour {
    fn set(self) {
        match self {
            Colour::Auto => {}
            Colour::Always => anstream::ColorChoice::Always.write_global(),
            Colour::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}

impl Global {
    /// Reads the site that the flags name.
    fn read(&self) -> Result<SourceTree, Failure> {
        let root = self.find_root()?;
        self.check_config(&root)?;
        source::read(&root, self.config.as_deref()).map_err(Failure::machine)
    }

    fn check_config(&self, root: &Path) -> Result<(), Failure> {
        if let Some(config) = self.config.as_deref().filter(|c| !c.is_file()) {
            return Err(Failure::usage(format!("there is no configuration file {}", config.display())));
        }
        let misnamed = root.join("handbook.yaml");
        if self.config.is_none() && misnamed.is_file() && !root.join("handbook.yml").exists() {
            return Err(Failure::usage(format!("{} is not read; rename it to handbook.yml", misnamed.display())));
        }
        Ok(())
    }

    fn find_root(&self) -> Result<PathBuf, Failure> {
        if let Some(root) = &self.root {
            if !root.is_dir() {
                return Err(Failure::usage(format!("there is no directory {}", root.display())));
            }
            if !is_site(root) && self.config.is_none() {
                return Err(Failure::usage(format!("there is no handbook in {}: neither handbook.yml nor content/", root.display())));
            }
            return Ok(root.clone());
        }
        let here = std::env::current_dir().map_err(|error| Failure::machine(format!("cannot tell in which directory this runs: {error}")))?;
        let found = here.ancestors().find(|dir| is_site(dir)).map(Path::to_path_buf);
        found.ok_or_else(|| Failure::usage("there is no handbook here: neither handbook.yml nor content/, in this directory or above it"))
    }
}

/// Whether a directory holds a handbook.
fn is_site(dir: &Path) -> bool {
    dir.join("handbook.yml").is_file() || dir.join("content").is_dir()
}

/// The command line's definition, for completions and for tests.
pub fn command() -> clap::Command {
    Cli::command()
}
