//! `handbook build`.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::Args;

use super::findings::Reporting;
use super::{CONTENT, Failure, Global, USAGE, print};
use crate::config::address;
use crate::diff::walk;
use crate::exports;
use crate::history::History;
use crate::publish::{self, PublishError, Published, Staging};
use crate::render::shared::Shared;
use crate::render::theme::Theme;
use crate::render::{Artifact, RenderError, Rendered, Site};
use crate::report;
use crate::snapshot::Snapshot;
use crate::source::history;

/// Check, render and publish the site.
#[derive(Debug, Args)]
pub struct Build {
    #[command(flatten)]
    reporting: Reporting,
    /// The directory to publish to [default: public/ in the site's directory]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Where the site will be served [default: from the configuration, then CI_PAGES_URL]
    #[arg(short = 'u', long, value_name = "URL")]
    base_url: Option<String>,
    /// Publish drafts, too
    #[arg(long)]
    drafts: bool,
    /// Replace an output directory that handbook did not make
    #[arg(long)]
    force: bool,
    /// How many threads to use [default: one a core]
    #[arg(short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

impl Build {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        let started = Instant::now();
        if let Some(jobs) = self.jobs {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
            pool.map_err(Failure::machine)?;
        }
        let tree = global.read()?;
        let output = self.output.clone().unwrap_or_else(|| tree.root.join("public"));
        publish::put_back(&output, &tree.root);
        let told = |what: &str| {
            if global.verbose {
                print::err_line(&format!("{what} after {:.2} s", started.elapsed().as_secs_f64()));
            }
        };
        told(&format!("read {} files", tree.content.len()));
        // git looks up days while the pages are read.
        let root = tree.root.clone();
        let paths: Vec<_> = tree.content.iter().map(|file| std::sync::Arc::clone(&file.path)).collect();
        let changed = std::thread::spawn(move || history::last_changed(&root, &paths.iter().map(|path| &**path).collect::<Vec<_>>()));
        let mut snapshot = Snapshot::build(tree, self.drafts);
        snapshot.be_the_last();
        snapshot.tree.changed = changed.join().unwrap_or_default();
        told("checked");
        let base_url = self.base_url(&snapshot)?;
        let theme = Theme::of(&snapshot.tree, &snapshot.handbook.config.strings).map_err(|faults| snapshot.findings.extend(faults));
        let (errors, warnings) = snapshot.counts();
        let code = self.reporting.exit_code(&snapshot);
        let Ok(theme) = theme else { return self.refuse(&snapshot, code, 0) };
        if code != 0 {
            return self.refuse(&snapshot, code, 0);
        }
        // What is for programs is told at the end, whole: a template may yet fail on a page.
        if !self.reporting.for_programs() {
            print::err(&self.reporting.text_of(&snapshot.findings, &snapshot.tree));
        }
        let shared = Shared::with_theme(&snapshot, Arc::new(theme)).with_history(self.history(global, &snapshot));
        told("history");
        let site = Site::with(&snapshot, base_url, &shared);
        let staging = Staging::begin(&output, &snapshot.tree.root, self.force).map_err(publish_failure)?;
        let progress = Progress::of(started);
        let sink = |artifact: Artifact<'_>| {
            progress.step();
            staging.take(artifact)
        };
        let rendered = site.render(&sink).and_then(|rendered| exports::write(&site, self.drafts, &sink).map(|()| rendered));
        progress.end();
        told("rendered");
        let rendered = match rendered {
            Ok(rendered) => rendered,
            Err(error) => {
                drop(staging);
                drop(site);
                return match error {
                    RenderError::Template(fault) => {
                        let told = snapshot.findings.len();
                        snapshot.findings.push(*fault);
                        self.refuse(&snapshot, CONTENT, told)
                    }
                    RenderError::Write(error) => Err(Failure::machine(format!("cannot write the site: {error}"))),
                };
            }
        };
        let published = staging.publish().map_err(publish_failure)?;
        if let Some(left) = &published.left {
            print::err_line(&format!("{left}; the site is published, and the next build tries again"));
        }
        self.reporting.write_files(&snapshot)?;
        if self.reporting.for_programs() {
            print::out(&self.reporting.text_of(&snapshot.findings, &snapshot.tree))?;
        }
        if !global.quiet {
            let seconds = started.elapsed().as_secs_f64();
            let shown =
                self.output.as_ref().map_or_else(|| default_output(global), |o| format!("{}/", o.display().to_string().trim_end_matches('/')));
            print::err_line(&last_line(rendered, &published, seconds, &shown));
            print::err_line(&report::summary(errors, warnings));
        }
        // The process ends here: taking a large snapshot apart piece by piece would only keep the caller waiting.
        std::mem::forget(site);
        std::mem::forget(snapshot);
        Ok(code)
    }

    /// What changed in each role and when, where the settings ask for it; why it is not known is said.
    fn history(&self, global: &Global, snapshot: &Snapshot) -> Option<Arc<History>> {
        let most = snapshot.handbook.config.history?;
        let found = walk::history(&snapshot.tree, most, self.drafts);
        found
            .map_err(|absent| {
                if !global.quiet {
                    print::err_line(&absent.to_string())
                }
            })
            .ok()
            .map(Arc::new)
    }

    /// Tells the findings that keep the site from being published, to people without the first ones, which they have seen; gives the
    /// exit code.
    fn refuse(&self, snapshot: &Snapshot, code: u8, seen: usize) -> Result<u8, Failure> {
        self.reporting.write_files(snapshot)?;
        if self.reporting.for_programs() {
            print::out(&self.reporting.text_of(&snapshot.findings, &snapshot.tree))?;
        } else {
            print::err(&self.reporting.text_of(&snapshot.findings[seen..], &snapshot.tree));
        }
        let (errors, warnings) = snapshot.counts();
        print::err_line(&format!("nothing was published: {}", report::summary(errors, warnings)));
        Ok(code)
    }

    fn base_url(&self, snapshot: &Snapshot) -> Result<Option<String>, Failure> {
        let from_environment = || std::env::var("CI_PAGES_URL").ok().filter(|url| !url.is_empty());
        let config = snapshot.handbook.config.base_url.clone();
        let Some(url) = self.base_url.clone().or(config).or_else(from_environment) else { return Ok(None) };
        let url = address::base_url(&url).map_err(|why| Failure::usage(format!("{why}; {}", address::HELP)))?;
        Ok(Some(url))
    }
}

/// A count of the files written, on a terminal, for work that lasts longer than half a second.
struct Progress {
    started: Instant,
    on_terminal: bool,
    files: AtomicUsize,
}

impl Progress {
    fn of(started: Instant) -> Self {
        Progress { started, on_terminal: std::io::stderr().is_terminal(), files: AtomicUsize::new(0) }
    }

    fn step(&self) {
        let files = self.files.fetch_add(1, Ordering::Relaxed);
        if self.on_terminal && files.is_multiple_of(100) && self.started.elapsed().as_millis() > 500 {
            print::err(&format!("\r{} files written", with_commas(files)));
        }
    }

    fn end(&self) {
        if self.on_terminal {
            print::err("\r\x1b[K");
        }
    }
}

fn publish_failure(error: PublishError) -> Failure {
    match error {
        PublishError::NotOurs(_)
        | PublishError::IsFile(_)
        | PublishError::HoldsSources(_)
        | PublishError::NotForOutput(_)
        | PublishError::HasRepository(_)
        | PublishError::IsMount(_) => Failure { code: USAGE, message: error.to_string() },
        PublishError::Busy(_) | PublishError::Io(..) => Failure::machine(error),
    }
}

fn last_line(rendered: Rendered, published: &Published, seconds: f64, output: &str) -> String {
    let Rendered { families, roles, pages } = rendered;
    let of = |n: usize, one: &str, many: &str| format!("{} {}", with_commas(n), if n == 1 { one } else { many });
    format!(
        "Built {}, {}, {} in {seconds:.2} s -> {output} ({} unchanged, {} removed)",
        of(families, "family", "families"),
        of(roles, "role", "roles"),
        of(pages, "page", "pages"),
        with_commas(published.unchanged),
        with_commas(published.removed),
    )
}

fn with_commas(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// The directory to publish to where none is given, as seen from where the program runs.
fn default_output(global: &Global) -> String {
    match &global.root {
        Some(root) if root != Path::new(".") => format!("{}/public/", root.display().to_string().trim_end_matches('/')),
        _ => "public/".to_owned(),
    }
}
