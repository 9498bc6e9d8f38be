//! A place in, out whether it is read by nobody: in a comment, in code, in an address, in an id. Asked only for what was
//! found there, so that it may look around for a while.

use crate::parse::Document;

/// Whether the byte at `offset` is no text for readers.
pub(super) fn is_aside(document: &Document, offset: usize) -> bool {
    let text = document.text();
    let line_start = text[..offset].rfind('\n').map_or(0, |i| i + 1);
    let line = text[line_start..].lines().next().unwrap_or("");
    if offset < document.body {
        return line.trim_start().starts_with('#') || line[..offset - line_start].contains(" # ");
    }
    in_comment(text, document.body, offset)
        || in_code(text, document.body, line_start)
        || line[..offset - line_start].matches('`').count() % 2 == 1
        || document
            .links
            .iter()
            .any(|l| (l.span.start as usize..l.span.end as usize).contains(&offset) && !text[l.span.start as usize..].starts_with('['))
}

fn in_comment(text: &str, body: usize, offset: usize) -> bool {
    text[body..offset].rfind("<!--").is_some_and(|open| !text[body + open..offset].contains("-->"))
}

/// Whether a line lies between the fences of a code block.
pub(super) fn in_code(text: &str, body: usize, line_start: usize) -> bool {
    let mut open: Option<&str> = None;
    for line in text[body..line_start].lines() {
        let bare = line.trim_start();
        let fence = ["```", "~~~"].into_iter().find(|f| bare.starts_with(f));
        match (open, fence) {
            (None, Some(fence)) => open = Some(fence),
            (Some(fence), Some(close)) if fence == close => open = None,
            _ => {}
        }
    }
    open.is_some()
}
