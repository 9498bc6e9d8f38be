//! A draft with embedded Ruby in, visible notes in its place out: nothing is run, and nothing that surrounds it breaks.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::import::outline::{Draft, Edit, Verdict};

static KRAMDOWN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\s*\{:[^}]*\}\s*$").expect("a pattern of ours"));

const WHY: &str = "embedded Ruby cannot be evaluated; write here what it showed, or take the note out";

/// What cannot be evaluated becomes a visible note; attributes of another dialect, which would show as text, go.
pub fn mark(draft: &mut Draft) {
    let has_toc = draft.page.lines.iter().any(|l| l.contains("{:") && KRAMDOWN.is_match(l) && l.contains("toc") && !l.contains("no_toc"));
    let mut fence: Option<String> = None;
    let mut is_open = false;
    let mut indent = String::new();
    for line in draft.page.body..draft.page.lines.len() {
        let text = draft.page.lines[line].clone();
        if !is_open {
            fence = next_fence(fence, &text);
        }
        if fence.is_some() {
            if text.contains("<%") {
                let verdict = Verdict::Left("embedded Ruby in a block of code stays as it is".to_owned());
                draft.note(line, "embedded code", text.trim(), verdict);
            }
        } else if is_open || text.contains("<%") {
            // A note that goes on over lines is indented as its first.
            if !is_open {
                indent = text[..text.len() - text.trim_start().len()].to_owned();
            }
            let pieces = pieces(&text, &mut is_open);
            of_line(draft, line, &text, &pieces, &indent);
        } else if (text.contains("{:") && KRAMDOWN.is_match(&text)) || (has_toc && matches!(text.trim(), "- TOC" | "* TOC" | "1. TOC")) {
            draft.edits.push(Edit::Drop(line..line + 1));
            draft.note(line, "layout", text.trim(), Verdict::Consumed("an instruction to the old site's layout, without text".to_owned()));
        }
    }
}

/// The fence of the block of code that is open after a line.
fn next_fence(open: Option<String>, line: &str) -> Option<String> {
    let text = line.trim_start();
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'));
    let run: String = mark.map_or_else(String::new, |mark| text.chars().take_while(|c| *c == mark).collect());
    let info = &text[run.len()..];
    match open {
        Some(open) if run.starts_with(&open) && info.trim().is_empty() => None,
        Some(open) => Some(open),
        None => (run.len() >= 3 && !info.contains('`')).then_some(run),
    }
}

/// A piece of a line.
struct Piece {
    text: String,
    is_code: bool,
    /// Whether the code began on a line before.
    goes_on: bool,
}

/// Takes a line apart into text and code; `is_open` says whether code is open before it, and then after it.
fn pieces(line: &str, is_open: &mut bool) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let goes_on = *is_open;
        if !*is_open {
            let at = rest.find("<%").unwrap_or(rest.len());
            if at > 0 {
                found.push(Piece { text: rest[..at].to_owned(), is_code: false, goes_on: false });
            }
            rest = &rest[at..];
            if rest.is_empty() {
                break;
            }
        }
        let end = rest.find("%>").map(|at| at + 2);
        *is_open = end.is_none();
        let (code, after) = rest.split_at(end.unwrap_or(rest.len()));
        found.push(Piece { text: code.to_owned(), is_code: true, goes_on });
        rest = after;
    }
    found
}

fn of_line(draft: &mut Draft, line: usize, text: &str, pieces: &[Piece], indent: &str) {
    if text.trim().is_empty() {
        // An empty line inside of code would end the note.
        draft.edits.push(Edit::Replace(line, format!("{indent}>")));
        return;
    }
    let code: Vec<&str> = pieces.iter().filter(|p| p.is_code).map(|p| p.text.trim()).collect();
    let shown = code.join(" ").replace('`', "'");
    let is_whole = pieces.iter().all(|p| p.is_code || p.text.trim().is_empty());
    let new = if is_whole {
        let begin = if pieces[0].goes_on { "" } else { "**Not imported:** " };
        format!("{indent}> {begin}`{shown}`")
    } else {
        inline(text, pieces)
    };
    let is_begun = pieces.iter().any(|p| p.is_code && !p.goes_on);
    let verdict = if is_begun { Verdict::Left(WHY.to_owned()) } else { Verdict::Edited("the note that begins above".to_owned()) };
    draft.note(line, "embedded code", shown, verdict);
    if new != text {
        draft.edits.push(Edit::Replace(line, new));
    }
}

/// Code between other words becomes code that shows; the line stays what it is: a point of a list, a row of a table.
fn inline(line: &str, pieces: &[Piece]) -> String {
    let is_row = line.trim_start().starts_with('|');
    let mut out = String::new();
    for piece in pieces {
        let is_in_span = out.matches('`').count() % 2 == 1;
        if !piece.is_code || is_in_span {
            out.push_str(&piece.text);
            continue;
        }
        let code = piece.text.trim().replace('`', "'");
        let code = if is_row { code.replace('|', "\\|") } else { code };
        out.push_str(&format!("`{code}`"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{inline, next_fence, pieces};

    #[test]
    fn code_in_a_line_shows_and_the_line_stays_what_it_is() {
        for (line, new) in [
            ("- Uses <%= tool %> daily", "- Uses `<%= tool %>` daily"),
            ("| <%= a || b %> | c |", "| `<%= a \\|\\| b %>` | c |"),
            ("See `<%= x %>` and <%= y %>", "See `<%= x %>` and `<%= y %>`"),
            ("## <%= title %>", "## `<%= title %>`"),
        ] {
            assert_eq!(inline(line, &pieces(line, &mut false)), new, "{line}");
        }
    }

    #[test]
    fn code_may_go_on_over_lines() {
        let mut is_open = false;
        assert!(pieces("<% list.each do |x|", &mut is_open)[0].is_code && is_open);
        let last = pieces("end %> after", &mut is_open);
        assert!(last[0].goes_on && !last[1].is_code && !is_open);
    }

    #[test]
    fn blocks_of_code_begin_and_end() {
        let open = next_fence(None, "  ```ruby");
        assert_eq!(open.as_deref(), Some("```"));
        assert_eq!(next_fence(open.clone(), "```"), None);
        assert_eq!(next_fence(open.clone(), "text"), open);
    }
}
