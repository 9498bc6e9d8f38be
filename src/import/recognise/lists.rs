//! Lists directly below the title of a role or specialty, or below its job grade: of which section they are nobody says, so they stay
//! prose, and are left for a person.

use crate::import::outline::{Draft, Edit, Intent, Node, PartKind, Verdict};

const WHY: &str = "stands directly below its title, so that nobody inherits it; write the heading of its section above it";
const WHY_GRADE: &str = "stands below a job grade, so that nobody inherits it; write the heading of its section above it";

/// Notes the lists that are nobody's, once all others are taken.
pub fn leave(draft: &mut Draft) {
    let mut left = Vec::new();
    for (i, heading) in draft.headings.iter().enumerate() {
        let (least, why) = match &heading.intent {
            Intent::Node(Node::Role(_) | Node::Specialty(_)) => (1, WHY),
            // One point may say the grade itself.
            Intent::Section(Node::Role(_) | Node::Specialty(_), "job-grade") => (2, WHY_GRADE),
            _ => continue,
        };
        let end = draft.headings.get(i + 1).map_or(draft.page.parts.len(), |next| next.part);
        let is_gone = |line: usize| draft.edits.iter().any(|edit| matches!(edit, Edit::Drop(lines) if lines.contains(&line)));
        // What says the grade, or whom somebody reports to, has been noted.
        let is_noted = |line: usize| draft.notes.iter().any(|note| note.line == line + 1 && note.what != "role");
        let is_item = |part: &usize| {
            let (kind, line) = (&draft.page.parts[*part].kind, draft.page.parts[*part].lines.start);
            matches!(kind, PartKind::Item { .. }) && !is_gone(line) && !is_noted(line)
        };
        let items: Vec<usize> = (heading.part + 1..end).filter(is_item).collect();
        if let Some(first) = items.first().filter(|_| items.len() >= least) {
            let points = if items.len() == 1 { "this point".to_owned() } else { format!("this list of {} points", items.len()) };
            left.push((draft.page.parts[*first].lines.start, draft.page.parts[*first].text.clone(), format!("{points} {why}")));
        }
    }
    for (line, text, why) in left {
        draft.note(line, "section", text, Verdict::Left(why));
    }
}
