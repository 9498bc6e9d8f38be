//! Drafts in, files of the new content out: front matter, and the old body with the least edits.

mod body;
mod front;

use super::outline::Draft;

pub use front::{is_plain, scalar};

/// A new file below `content/`, with where its lines come from.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its text, line by line.
    pub lines: Vec<String>,
    /// The line of the source (from 0) that each of them is, or was.
    pub origins: Vec<Option<usize>>,
    /// Lines of the front matter.
    pub front: usize,
}

impl Written {
    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }
}

/// Writes a draft; notes what was done to its lines.
pub fn write(draft: &mut Draft, aliases: &[String]) -> Written {
    let mut lines = front::lines(draft, aliases);
    let front = lines.len();
    let mut origins = vec![None; front];
    for (line, origin) in body::lines(draft) {
        lines.push(line);
        origins.push(origin);
    }
    while lines.len() > front && lines.last().is_some_and(|l| l.trim().is_empty()) {
        lines.pop();
        origins.pop();
    }
    Written { lines, origins, front }
}
