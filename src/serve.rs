//! SERVE: a site's directory in, a preview on this machine out, which follows every edit.
//!
//! ```text
//! watch -> settle -> stage (a snapshot of the disk, and one of what is shown) -> answer, told -> http
//!                      ^                                                            ^
//!                      +-- idle makes the pages that nobody opened                  +-- guard refuses strangers
//! ```
//!
//! A request keeps the stage with which it began; nothing is written to the disk.

pub mod answer;
pub mod blame;
pub mod connections;
pub mod guard;
pub mod http;
pub mod idle;
pub mod settle;
pub mod stage;
pub mod summary;
pub mod told;
pub mod watch;

use std::collections::BTreeSet;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::sync::watch::{Receiver, Sender, channel};

use crate::diagnostic::{Diagnostic, Place};
use crate::diff::walk;
use crate::fault::{self, Fault};
use crate::snapshot::Snapshot;
use crate::source::{self, SourceError, history};
use stage::{Source, Stage};
use watch::Watch;

/// What a preview is asked to do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What it is of.
    pub source: Source,
    /// Whether drafts are shown.
    pub drafts: bool,
    /// The name at which it was told to listen, where that is no address.
    pub name: String,
    /// How often to look at the files, where the system is not to watch them.
    pub poll: Option<Duration>,
}

/// What there is to tell the author.
pub enum Word<'a> {
    /// The preview is ready.
    Ready(&'a Stage),
    /// Files have changed.
    Changed {
        /// The stage before.
        earlier: &'a Stage,
        /// The stage now.
        stage: &'a Stage,
        /// From the moment at which the change was taken up.
        took: Duration,
    },
    /// A template turned out to be at fault.
    Fault {
        /// The stage now.
        stage: &'a Stage,
        /// The file of the page that cannot be made for it.
        file: &'a str,
        /// What is wrong.
        fault: &'a Diagnostic,
    },
    /// Something else to know.
    Note(String),
}

/// Takes what there is to tell, on any thread.
pub type Tell = dyn Fn(Word<'_>) + Send + Sync;

/// What all threads of a preview share.
pub struct Hub {
    stages: Sender<Arc<Stage>>,
    /// How many requests are being answered, and changes taken up.
    busy: AtomicUsize,
    /// Lets one file of the whole site be made at a time.
    large: Semaphore,
    name: String,
    tell: Arc<Tell>,
}

impl Hub {
    fn of(stage: Stage, name: String, tell: Arc<Tell>) -> Hub {
        Hub { stages: channel(Arc::new(stage)).0, busy: AtomicUsize::new(0), large: Semaphore::new(1), name, tell }
    }

    /// The stage at this moment.
    pub fn stage(&self) -> Arc<Stage> {
        Arc::clone(&self.stages.borrow())
    }

    /// What work gives; a fault of the program in it is a finding.
    fn made<T>(work: impl FnOnce() -> T) -> Result<T, Box<Diagnostic>> {
        fault::caught(work).map_err(|fault| Box::new(of_program(&fault)))
    }

    fn subscribe(&self) -> Receiver<Arc<Stage>> {
        self.stages.subscribe()
    }

    /// Notes a fault of a template that the page at a file has, and tells it if it is new.
    fn note(&self, stage: &Stage, file: &str, fault: &Diagnostic) {
        if stage.note(file, fault) {
            (self.tell)(Word::Fault { stage, file, fault });
            self.stages.send_modify(|_| {});
        }
    }
}

/// While it is there, something goes on for which pages that nobody waits for must wait.
struct Busy<'h>(&'h Hub);

impl Busy<'_> {
    fn of(hub: &Hub) -> Busy<'_> {
        hub.busy.fetch_add(1, Ordering::Relaxed);
        Busy(hub)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Listens at `host`, on `port` or, where another may be taken, on the first free one after it.
///
/// # Errors
///
/// Where the name means nothing, or the port is taken.
pub fn listen(host: &str, port: u16, may_move: bool) -> io::Result<TcpListener> {
    let addresses: Vec<SocketAddr> = (host.trim_start_matches('[').trim_end_matches(']'), port).to_socket_addrs()?.collect();
    let last = if may_move { port.saturating_add(100) } else { port };
    let mut taken = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for port in port..=last {
        let at: Vec<SocketAddr> = addresses.iter().map(|a| SocketAddr::new(a.ip(), port)).collect();
        match TcpListener::bind(at.as_slice()) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => taken = error,
            Err(error) => return Err(error),
        }
    }
    Err(taken)
}

/// Runs a preview until the author ends it.
///
/// # Errors
///
/// Where the site cannot be read, or the machine gives no threads.
pub fn run(preview: Preview, listener: TcpListener, tell: Arc<Tell>) -> Result<(), PreviewError> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).max_blocking_threads(threads()).enable_all().build()?;
    let ended = runtime.block_on(async {
        let first = tokio::task::spawn_blocking(move || begin(preview, tell));
        let served = async {
            let hub = first.await.unwrap_or_else(|ended| std::panic::resume_unwind(ended.into_panic()))?;
            (hub.tell)(Word::Ready(&hub.stage()));
            http::serve(tokio::net::TcpListener::from_std(listener)?, hub).await;
            Ok(())
        };
        tokio::select! {
            served = served => served,
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    });
    // Ends at once, whatever is still going on.
    runtime.shutdown_background();
    ended
}

/// Pages are made by as many threads as there are cores, and a file may be waited for besides.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(4, |n| n.get() + 2)
}

/// Why a preview ended.
#[derive(Debug)]
pub enum PreviewError {
    /// The site could not be read.
    Source(SourceError),
    /// The machine failed.
    Machine(io::Error),
}

impl From<io::Error> for PreviewError {
    fn from(error: io::Error) -> Self {
        PreviewError::Machine(error)
    }
}

impl From<SourceError> for PreviewError {
    fn from(error: SourceError) -> Self {
        PreviewError::Source(error)
    }
}

impl std::fmt::Display for PreviewError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PreviewError::Source(error) => error.fmt(f),
            PreviewError::Machine(error) => write!(f, "the preview cannot run: {error}"),
        }
    }
}

/// Makes the first stage, and follows the files from then on.
fn begin(preview: Preview, tell: Arc<Tell>) -> Result<Arc<Hub>, PreviewError> {
    let Preview { source, drafts, name, poll } = preview;
    let note = {
        let tell = Arc::clone(&tell);
        move |text: String| tell(Word::Note(text))
    };
    let watch = Watch::begin(&source.root, source.config.as_deref(), poll, &note);
    let tree = source::read(&source.root, source.config.as_deref())?;
    // git looks up days while the pages are read; they are asked for once.
    let root = tree.root.clone();
    let paths: Vec<_> = tree.content.iter().map(|file| Arc::clone(&file.path)).collect();
    let changed = std::thread::spawn(move || history::last_changed(&root, &paths.iter().map(|path| &**path).collect::<Vec<_>>()));
    let stage = with_history(Stage::first(tree, || changed.join().unwrap_or_default(), drafts, source.grave), &note);
    let known = Arc::clone(&stage.current);
    let hub = Arc::new(Hub::of(stage, name, tell));
    let (following, idle) = (Arc::clone(&hub), Arc::clone(&hub));
    let mut untaken = BTreeSet::new();
    let run = move || watch.run(known, &note, |changed| follow(&following, &source, changed, &mut untaken));
    on_a_thread("watch", &hub, "edits are not followed any more", run)?;
    on_a_thread("idle", &hub, "pages that nobody opens are not tried any more", move || idle::run(&idle))?;
    Ok(hub)
}

/// Begins work that lasts as long as the preview; says what is lost if a fault ends it.
fn on_a_thread(name: &str, hub: &Arc<Hub>, lost: &'static str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let tell = Arc::clone(&hub.tell);
    let told = move || {
        if let Err(fault) = fault::caught(work) {
            tell(Word::Note(format!("{fault}; {lost}: start the preview again")));
        }
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(told).map(drop)
}

/// The first stage with the history, where the settings ask for it. It is made once: edits do not wait for it.
fn with_history(stage: Stage, note: &dyn Fn(String)) -> Stage {
    let Some(most) = stage.shown.handbook.config.history else { return stage };
    match walk::history(&stage.shown.tree, most, stage.shown.drafts) {
        Ok(history) => stage.with_history(history),
        Err(absent) => {
            note(absent.to_string());
            stage
        }
    }
}

/// Takes up a change; gives what is known of the disk then. What a fault of the program kept from being taken up is tried again
/// with the next change, and left out of it where the fault is still there.
fn follow(hub: &Hub, source: &Source, changed: &BTreeSet<Arc<str>>, untaken: &mut BTreeSet<Arc<str>>) -> Arc<Snapshot> {
    let all = changed.union(untaken).cloned().collect();
    let Err(fault) = fault::caught(|| take_up(hub, source, &all)) else {
        if !std::mem::take(untaken).is_empty() {
            hub.stage().forget("");
            hub.stages.send_modify(|_| {});
        }
        return Arc::clone(&hub.stage().current);
    };
    let alone = if untaken.is_empty() { Ok(()) } else { fault::caught(|| take_up(hub, source, changed)) };
    if untaken.is_empty() || alone.is_err() {
        *untaken = all;
    }
    hub.note(&hub.stage(), "", &of_program(&fault));
    Arc::clone(&hub.stage().current)
}

fn take_up(hub: &Hub, source: &Source, changed: &BTreeSet<Arc<str>>) {
    let started = Instant::now();
    let earlier = hub.stage();
    // Pages that nobody waits for are not made meanwhile.
    let busy = Busy::of(hub);
    let next = earlier.next(source, changed);
    drop(busy);
    match next {
        Ok(Some(stage)) => {
            let stage = Arc::new(stage);
            hub.stages.send_replace(Arc::clone(&stage));
            let took = started.elapsed();
            (hub.tell)(Word::Changed { earlier: &earlier, stage: &stage, took });
        }
        Ok(None) => {}
        Err(error) => (hub.tell)(Word::Note(format!("{error}; the last good pages stay"))),
    }
}

/// A fault of the program, as a finding at the file that it had in hand.
fn of_program(fault: &Fault) -> Diagnostic {
    Diagnostic::error("program-fault", Place::new(&fault.in_hand.as_str().into(), 0..0), fault.to_string())
}
