//! Which addresses answered lately: read from the user's cache, and written back.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// For how long an answer counts, in seconds.
const LASTS: u64 = 24 * 60 * 60;

/// The addresses that answered, with when (seconds since 1970). Those that did not are asked for each time.
#[derive(Debug, Default)]
pub struct Answers {
    alive: BTreeMap<String, u64>,
    now: u64,
    file: Option<PathBuf>,
}

impl Answers {
    /// Those of earlier runs; none where there is no cache, or it cannot be read.
    pub fn remembered() -> Answers {
        let folder = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
        Answers::of_file(cache.map(|cache| cache.join("handbook").join("links.json")))
    }

    /// Those in a file, which is also where they are written.
    pub fn of_file(file: Option<PathBuf>) -> Answers {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
        let text = file.as_ref().and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
        let mut alive: BTreeMap<String, u64> = serde_json::from_str(&text).unwrap_or_default();
        alive.retain(|_, when| *when <= now && now - *when < LASTS);
        Answers { alive, now, file }
    }

    /// Whether the address answered within a day.
    pub fn is_alive(&self, address: &str) -> bool {
        self.alive.contains_key(address)
    }

    /// Notes that it answered now.
    pub fn note_alive(&mut self, address: &str) {
        self.alive.insert(address.to_owned(), self.now);
    }

    /// Writes them for later runs.
    pub fn remember(&self) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, serde_json::to_string(&self.alive).map_err(io::Error::other)?)
    }
}
