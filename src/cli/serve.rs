//! `handbook serve`.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::findings::Reporting;
use super::{Failure, GOOD, Global, print};
use crate::diagnostic::Diagnostic;
use crate::report;
use crate::serve::stage::{Source, Stage};
use crate::serve::{self, Preview, PreviewError, Word, summary};
use crate::source::again::is_at;

/// The port where none is asked for.
const PORT: u16 = 4000;

/// Preview the site on this machine; pages follow every edit.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    reporting: Reporting,
    /// The address to listen at
    #[arg(short = 'i', long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: String,
    /// The port to listen at; 0 takes any that is free [default: 4000, or the next one that is free]
    #[arg(short, long, value_name = "PORT")]
    port: Option<u16>,
    /// Open the preview in a browser
    #[arg(short = 'O', long)]
    open: bool,
    /// Look at the files every so many milliseconds, for disks that tell nothing of changes
    #[arg(long, value_name = "MS", num_args = 0..=1, default_missing_value = "300", value_parser = clap::value_parser!(u64).range(20..=60_000))]
    poll: Option<u64>,
    /// Show drafts, too
    #[arg(long)]
    drafts: bool,
}

impl Serve {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        let absolute = |path: &Path| path.canonicalize().map_err(Failure::machine);
        let root = absolute(&global.find_root()?)?;
        global.check_config(&root)?;
        let config = global.config.as_deref().map(absolute).transpose()?;
        let listener = self.listen()?;
        let address = listener.local_addr().map_err(Failure::machine)?;
        if !address.ip().is_loopback() {
            print::err_line(&format!(
                "warning: everybody who can reach {address} can read this preview; without --host it listens on this machine alone"
            ));
        }
        let preview = Preview {
            source: Source { root, config, grave: self.reporting.grave() },
            drafts: self.drafts,
            name: if self.host.parse::<IpAddr>().is_ok() { String::new() } else { self.host.clone() },
            poll: self.poll.map(Duration::from_millis),
        };
        let teller = Teller { reporting: self.reporting.clone(), address, host: self.host.clone(), open: self.open, quiet: global.quiet };
        serve::run(preview, listener, Arc::new(move |word| teller.tell(&word))).map_err(|error| match error {
            PreviewError::Source(error) => Failure::machine(error),
            PreviewError::Machine(error) => Failure::machine(error),
        })?;
        Ok(GOOD)
    }

    fn listen(&self) -> Result<TcpListener, Failure> {
        let port = self.port.unwrap_or(PORT);
        let failed = |error: io::Error| {
            let is_of_port = matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied);
            let help = if is_of_port { "give another one with --port" } else { "give another address with --host" };
            Failure::machine(format!("cannot listen at {}, port {port}: {error}; {help}", self.host))
        };
        let listener = serve::listen(&self.host, port, self.port.is_none()).map_err(failed)?;
        let taken = listener.local_addr().map_err(Failure::machine)?.port();
        if self.port.is_none() && taken != port {
            print::err_line(&format!("port {port} is taken; listening on {taken} instead"));
        }
        Ok(listener)
    }
}

fn open(address: &str) {
    if let Err(error) = open::that_detached(address) {
        let why = if error.kind() == ErrorKind::NotFound { "there is no program that does (such as xdg-open)".to_owned() } else { error.to_string() };
        print::err_line(&format!("cannot open a browser: {why}; go to {address}"));
    }
}

/// What is said while a preview runs.
struct Teller {
    reporting: Reporting,
    address: SocketAddr,
    host: String,
    open: bool,
    quiet: bool,
}

impl Teller {
    fn tell(&self, word: &Word<'_>) {
        match word {
            Word::Ready(stage) => self.ready(stage),
            Word::Changed { earlier, stage, took } => self.changed(earlier, stage, *took),
            Word::Fault { stage, file, fault } => self.fault(stage, file, fault),
            Word::Note(text) => print::err_line(&format!("{} {text}", now())),
        }
    }

    fn ready(&self, stage: &Stage) {
        self.findings(stage, &stage.findings());
        let address = self.page(stage);
        print::err_line(&format!("Preview of {} at {address} ({}; Ctrl-C ends it)", stage.shown.handbook.config.title, counts(stage)));
        if self.open {
            // A program that opens browsers may take its time, and the preview is to answer meanwhile.
            std::thread::spawn(move || open(&address));
        }
    }

    /// The address of the home page.
    fn page(&self, stage: &Stage) -> String {
        // Nobody can go to "all addresses".
        let host = match self.address.ip() {
            ip if ip.is_unspecified() => "localhost".to_owned(),
            IpAddr::V6(ip) => format!("[{ip}]"),
            IpAddr::V4(_) if self.host.parse::<IpAddr>().is_err() => self.host.clone(),
            IpAddr::V4(ip) => ip.to_string(),
        };
        format!("http://{host}:{}/{}", self.address.port(), stage.prefix())
    }

    fn changed(&self, earlier: &Stage, stage: &Stage, took: Duration) {
        self.findings(stage, &stage.new_findings(earlier));
        if self.quiet {
            return;
        }
        let files = match stage.changed.iter().collect::<Vec<_>>().as_slice() {
            [file] => (*file).to_string(),
            files => format!("{} files", files.len()),
        };
        let (changed, held, left) = (summary::changed(earlier, stage), stage.held_back(), counts(stage));
        let is_held = held.iter().any(|file| is_at(file, &stage.changed));
        let what = match changed.as_str() {
            "nothing" if is_held => format!("{left}; the last good pages stay"),
            _ if is_held => format!("{changed} changed; {left}, for which the rest stays as it was"),
            _ if !held.is_empty() => format!("{changed} changed; {left} left"),
            _ if !earlier.held_back().is_empty() => format!("mended, {changed} changed"),
            _ => format!("{changed} changed"),
        };
        print::err_line(&format!("{} {files} -> {what} in {} ms", now(), took.as_millis()));
        if stage.prefix() != earlier.prefix() {
            print::err_line(&format!("{} the preview is at {} now", now(), self.page(stage)));
        }
    }

    fn fault(&self, stage: &Stage, file: &str, fault: &Diagnostic) {
        self.findings(stage, std::slice::from_ref(fault));
        if fault.code == "program-fault" {
            return print::err_line(&format!("{} the last good pages stay; edits are followed as before", now()));
        }
        let instead = if stage.last_good(file).is_some() { "; the last good one is used" } else { ", which has no good form yet" };
        print::err_line(&format!("{} a template cannot make a page{instead}", now()));
    }

    fn findings(&self, stage: &Stage, findings: &[Diagnostic]) {
        print::err(&self.reporting.text_of(findings, &stage.current.tree));
        if let Err(failure) = self.reporting.write_findings(&stage.findings(), &stage.current.tree) {
            print::err_line(&failure.message);
        }
    }
}

/// `no errors`, or how many errors and warnings there are.
fn counts(stage: &Stage) -> String {
    let (errors, warnings) = stage.counts();
    report::summary(errors, warnings)
}

/// The time of day, where this machine is.
fn now() -> String {
    jiff::Zoned::now().strftime("%H:%M:%S").to_string()
}
