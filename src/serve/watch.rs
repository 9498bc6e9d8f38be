//! The disk in, batches of changed paths out. The one home of notify.
//!
//! Files are watched by the system, and looked at every few seconds besides, for changes that it did not tell. Where it
//! cannot watch so many, or with `--poll`, they are looked at often instead. There is no debouncer of a library here: one
//! wakes many times a second for as long as it runs, and waits a fixed time, while this one sleeps until something
//! happens and knows from the system when a file was closed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::settle::{Settle, Told};
use crate::snapshot::Snapshot;
use crate::source::SourceTree;
use crate::source::again::{FOLDERS, Stamp, is_part, looks_unfinished, path_of, stamp_again, stamps};

/// How often all files are looked at while the system watches them, at the most.
const SWEEP: Duration = Duration::from_secs(3);
/// How often they are looked at where it does not, unless `--poll` says otherwise.
pub const POLL: Duration = Duration::from_millis(300);
/// Looking at all files may take this part of the time.
const SHARE: u32 = 25;
/// How often the system may fail to tell a change until it is not relied upon any more. Once is no proof: a file may come
/// into a new directory before that is watched.
const MISSED: u32 = 3;
/// What the system says where a program may not watch at all, since too many do.
#[cfg(target_os = "linux")]
const TOO_MANY_WATCH: i32 = 24;

/// What is watched, and how.
pub struct Watch {
    root: PathBuf,
    config: Option<PathBuf>,
    config_name: Arc<str>,
    events: Receiver<notify::Result<Event>>,
    /// None where files are only looked at.
    system: Option<RecommendedWatcher>,
    poll: Duration,
    stamps: BTreeMap<Arc<str>, Stamp>,
    settle: Settle,
    sweep_at: Instant,
    /// How often a change was found by looking that the system should have told.
    missed: u32,
}

impl Watch {
    /// Begins to watch; whatever changes from now on is told. The stamps are taken before anything is read, so that no
    /// edit is lost in between. With `poll`, the system is not asked; where it cannot, that is said.
    pub fn begin(root: &Path, config: Option<&Path>, poll: Option<Duration>, say: &dyn Fn(String)) -> Watch {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let config = config.map(|path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf()));
        let config_path = config.clone().unwrap_or_else(|| root.join("handbook.yml"));
        let (sender, events) = channel();
        let mut watch = Watch {
            config_name: path_of(&root, &config_path),
            root,
            config,
            events,
            system: None,
            poll: poll.unwrap_or(POLL),
            stamps: BTreeMap::new(),
            settle: Settle::default(),
            sweep_at: Instant::now(),
            missed: 0,
        };
        if poll.is_none() {
            watch.ask_the_system(&config_path, sender, say);
        }
        watch.stamps = stamps(&watch.root, watch.config.as_deref());
        watch.sweep_at = Instant::now() + watch.between_sweeps(Duration::ZERO);
        watch
    }

    fn ask_the_system(&mut self, config_path: &Path, sender: Sender<notify::Result<Event>>, say: &dyn Fn(String)) {
        let tell = move |event: notify::Result<Event>| {
            // Reading is no change: our own would never end.
            let is_read = |e: &Event| matches!(e.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write));
            if !event.as_ref().is_ok_and(is_read) {
                let _ = sender.send(event);
            }
        };
        let begun = notify::recommended_watcher(tell).and_then(|mut system| {
            system.watch(&self.root, RecursiveMode::NonRecursive)?;
            for folder in FOLDERS.map(|folder| self.root.join(folder)).iter().filter(|f| f.is_dir()) {
                system.watch(folder, RecursiveMode::Recursive)?;
            }
            if let Some(folder) = config_path.parent().filter(|folder| *folder != self.root) {
                system.watch(folder, RecursiveMode::NonRecursive)?;
            }
            Ok(system)
        });
        match begun {
            Ok(system) => self.system = Some(system),
            Err(error) => self.give_up_on_the_system(&error, say),
        }
    }

    fn give_up_on_the_system(&mut self, error: &notify::Error, say: &dyn Fn(String)) {
        let why = match &error.kind {
            ErrorKind::MaxFilesWatch => "the system's limit of watched files is reached (fs.inotify.max_user_watches)".to_owned(),
            #[cfg(target_os = "linux")]
            ErrorKind::Io(io) if io.raw_os_error() == Some(TOO_MANY_WATCH) => {
                "the system's limit of programs that watch files is reached (fs.inotify.max_user_instances)".to_owned()
            }
            _ => error.to_string(),
        };
        self.look_instead(&format!("cannot watch the files: {why}"), say);
    }

    fn look_instead(&mut self, why: &str, say: &dyn Fn(String)) {
        self.system = None;
        self.sweep_at = Instant::now();
        say(format!("{why}; they are looked at every {} ms instead", self.poll.as_millis()));
    }

    /// Waits for changes, and hands them over one batch after another: `take` gives what is known of the disk then.
    pub fn run(mut self, mut known: Arc<Snapshot>, say: &dyn Fn(String), mut take: impl FnMut(&BTreeSet<Arc<str>>) -> Arc<Snapshot>) {
        loop {
            let until = self.settle.due().map_or(self.sweep_at, |due| due.min(self.sweep_at));
            let wait = until.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(wait) {
                Ok(event) => self.note(event, say),
                Err(RecvTimeoutError::Timeout) => {}
                // Nobody tells anything any more: files are only looked at.
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(wait),
            }
            while let Ok(event) = self.events.try_recv() {
                self.note(event, say);
            }
            if Instant::now() >= self.sweep_at {
                self.sweep();
            }
            if let Some(changed) = self.changed(&known.tree, say) {
                known = take(&changed);
            }
        }
    }

    /// The batch that is due.
    fn changed(&mut self, known: &SourceTree, say: &dyn Fn(String)) -> Option<BTreeSet<Arc<str>>> {
        let now = Instant::now();
        let found: BTreeSet<_> = self.settle.paths_due(now)?.filter(|(_, told)| *told == Told::Found).map(|(path, _)| Arc::clone(path)).collect();
        if self.look_again(&found, now) {
            return None;
        }
        let unfinished = self.settle.paths_due(now)?.filter(|(path, _)| looks_unfinished(known, path)).map(|(path, _)| Arc::clone(path)).collect();
        if self.settle.wait_for(&unfinished, now) {
            return None;
        }
        if self.system.is_some() && !found.is_empty() {
            self.missed += 1;
            if self.missed >= MISSED {
                self.look_instead("the system does not tell of all changes of the files", say);
            }
        }
        let changed = self.settle.take(now);
        stamp_again(&mut self.stamps, &self.root, self.config.as_deref(), &changed);
        Some(changed)
    }

    /// Looks once more at files that were found to have changed; tells whether any has changed again.
    fn look_again(&mut self, found: &BTreeSet<Arc<str>>, now: Instant) -> bool {
        let before: Vec<_> = found.iter().map(|path| self.stamps.get(path).copied()).collect();
        stamp_again(&mut self.stamps, &self.root, self.config.as_deref(), found);
        let mut moves = false;
        for (path, before) in found.iter().zip(before) {
            if self.stamps.get(path).copied() != before {
                self.settle.note(Arc::clone(path), Told::Found, now);
                moves = true;
            }
        }
        moves
    }

    fn note(&mut self, event: notify::Result<Event>, say: &dyn Fn(String)) {
        let event = match event {
            Ok(event) => event,
            Err(error) => return self.note_error(&error, say),
        };
        if event.need_rescan() {
            // Some events were too many; that says nothing of the next.
            self.missed = 0;
            self.sweep_at = Instant::now();
        }
        let told = match event.kind {
            EventKind::Modify(ModifyKind::Data(_)) | EventKind::Create(CreateKind::File) if cfg!(target_os = "linux") => Told::Writing,
            _ => Told::Done,
        };
        for on_disk in &event.paths {
            let path = path_of(&self.root, on_disk);
            if !is_part(&path, &self.config_name) {
                continue;
            }
            if FOLDERS.contains(&&*path) {
                self.watch_again(on_disk, say);
            }
            self.settle.note(path, told, Instant::now());
        }
    }

    fn note_error(&mut self, error: &notify::Error, say: &dyn Fn(String)) {
        if matches!(error.kind, ErrorKind::MaxFilesWatch) && self.system.is_some() {
            self.give_up_on_the_system(error, say);
        }
        self.sweep_at = Instant::now();
    }

    /// A directory that was removed and is there again is another one to the system.
    fn watch_again(&mut self, folder: &Path, say: &dyn Fn(String)) {
        let Some(system) = &mut self.system else { return };
        let _ = system.unwatch(folder);
        let watched = if folder.is_dir() { system.watch(folder, RecursiveMode::Recursive) } else { Ok(()) };
        if let Err(error) = watched {
            self.note_error(&error, say);
        }
    }

    /// Looks at all files, for changes that nobody told.
    fn sweep(&mut self) {
        let started = Instant::now();
        let now = stamps(&self.root, self.config.as_deref());
        let old = std::mem::take(&mut self.stamps);
        let gone = old.keys().filter(|path| !now.contains_key(*path));
        let other = now.iter().filter(|(path, stamp)| old.get(*path) != Some(stamp)).map(|(path, _)| path);
        for path in gone.chain(other) {
            self.settle.note(Arc::clone(path), Told::Found, started);
        }
        self.stamps = now;
        self.sweep_at = Instant::now() + self.between_sweeps(started.elapsed());
    }

    fn between_sweeps(&self, cost: Duration) -> Duration {
        let usual = if self.system.is_some() { SWEEP } else { self.poll };
        usual.max(cost * SHARE)
    }
}
