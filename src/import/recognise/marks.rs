//! Words within a list for all that say for whom the rest of it is in ("For Managers:"), headings that say so out.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{names, wordings};
use crate::import::outline::{Draft, Edit, Heading, Intent, Node, PartKind, Verdict};

static FOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*for\s+(?:the\s+|all\s+|our\s+)?(?P<who>[\w&/,()-]+(?:\s+[\w&/,()-]+){0,7}?)(?:\s+(?:roles?|positions?|only))*\s*:?\s*$")
        .expect("a pattern of ours")
});
static HAVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?P<who>(?:[\w&/-]+\s+){0,5}?[\w&/-]+)\s+have\s+the\s+following\s+(?:job[- ]family\s+)?performance\s+indicators")
        .expect("a pattern of ours")
});

/// A paragraph that says for whom the list below it is.
struct Mark {
    part: usize,
    whom: Whom,
    /// Whether it says nothing else.
    is_whole: bool,
}

/// For whom a part of a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    /// All managers, or all others.
    Track(bool),
    Role(usize),
    /// None that is known here, or several.
    Unknown,
}

/// Gives each part of a list for all that is not for all a heading of its own.
pub fn recognise(draft: &mut Draft) {
    for i in 0..draft.headings.len() {
        let Intent::Section(node, section) = draft.headings[i].intent else { continue };
        let end = draft.headings.get(i + 1).map_or(draft.page.parts.len(), |h| h.part);
        let marks = marks(draft, draft.headings[i].part + 1..end);
        let of_both = matches!(marks.as_slice(), [one, other] if matches!((one.whom, other.whom), (Whom::Track(a), Whom::Track(b)) if a != b));
        // The first role's place is where a page says what is said of all, if it speaks of both tracks.
        if !marks.is_empty() && (node == Node::Family || node == Node::Role(0) && of_both) {
            set_apart(draft, i, section, end, marks);
        } else if let Node::Role(own) = node {
            let is_of_others = |whom: Whom| whom == Whom::Track(!draft.roles[own].manager) || matches!(whom, Whom::Role(role) if role != own);
            let of_others: Vec<usize> = marks.iter().filter(|m| is_of_others(m.whom)).map(|m| m.part).collect();
            of_others.into_iter().for_each(|part| keep_as_prose(draft, i, part, "it is for others than the role below which it stands"));
        }
    }
}

fn marks(draft: &Draft, range: std::ops::Range<usize>) -> Vec<Mark> {
    let of = |part: usize| {
        let text = &draft.page.parts[part].text;
        let (found, is_whole) = match FOR.captures(text) {
            Some(found) => (found, true),
            None => (HAVE.captures(text)?, false),
        };
        let is_introduced = !is_whole || text.trim_end().ends_with(':');
        Some(Mark { part, whom: whom(draft, &found["who"], is_introduced)?, is_whole })
    };
    range.filter(|p| draft.page.parts[*p].kind == PartKind::Prose).filter_map(of).collect()
}

/// For whom a list is by the words before it; none where it is for all, or where they name no role.
fn whom(draft: &Draft, who: &str, is_introduced: bool) -> Option<Whom> {
    let is_all = |of: &[usize]| of.len() == draft.roles.len();
    let of_track = |manager: bool| (0..draft.roles.len()).filter(|r| draft.roles[*r].manager == manager).collect::<Vec<_>>();
    let words = names::words(who);
    let said: Vec<&str> = words.iter().map(String::as_str).collect();
    let track = match said.as_slice() {
        ["individual", "contributor"] | ["ic"] | ["individual", "contributor", "ic"] => Some(false),
        ["manager"] | ["people", "manager"] | ["management"] => Some(true),
        _ => None,
    };
    if let Some(manager) = track {
        let of = of_track(manager);
        return if is_all(&of) { None } else { Some(if of.is_empty() { Whom::Unknown } else { Whom::Track(manager) }) };
    }
    if !is_introduced || !words.iter().any(|w| names::is_noun(w) || names::LEVELS.contains(&w.as_str())) {
        return None;
    }
    let holding = |title: &str| {
        let title = names::words(title);
        words.iter().all(|w| title.contains(w))
    };
    let of: Vec<usize> = (0..draft.roles.len()).filter(|r| holding(&draft.roles[*r].title)).collect();
    match of.as_slice() {
        of if is_all(of) => None,
        of if of == of_track(true) => Some(Whom::Track(true)),
        of if of == of_track(false) => Some(Whom::Track(false)),
        [one] => Some(Whom::Role(*one)),
        _ => Some(Whom::Unknown),
    }
}

/// What stands before the first mark stays for all; what follows a mark is for those whom it names, or is prose.
fn set_apart(draft: &mut Draft, heading: usize, section: &'static str, end: usize, marks: Vec<Mark>) {
    let level = draft.headings[heading].level;
    // Steps are not merged: whoever has some of their own would lose those for all.
    let has_before = (draft.headings[heading].part..marks[0].part).any(|p| is_item(draft, p));
    let would_lose = section == "hiring-process" && has_before;
    let mut is_open = true;
    let mut placed: Vec<Whom> = Vec::new();
    for (number, mark) in marks.iter().enumerate() {
        let until = marks.get(number + 1).map_or(end, |next| next.part);
        let whose = match mark.whom {
            Whom::Track(true) => Some("Managers".to_owned()),
            Whom::Track(false) => Some("Individual contributors".to_owned()),
            Whom::Role(role) if !draft.roles[role].sections.contains(section) => Some(draft.roles[role].title.clone()),
            Whom::Role(_) | Whom::Unknown => None,
        };
        let (Some(whose), false, false) = (whose, would_lose, placed.contains(&mark.whom)) else {
            is_open = false;
            let why = match would_lose {
                true => "the steps above it are for all, and those who have steps of their own have no others",
                false => "it does not say for which one role or track the list below it is",
            };
            keep_as_prose(draft, heading, mark.part, why);
            continue;
        };
        placed.push(mark.whom);
        let title = match mark.whom {
            Whom::Track(_) if is_open => whose.clone(),
            _ => format!("{whose} {}", wordings::canonical(section)),
        };
        if let Whom::Role(role) = mark.whom {
            draft.roles[role].sections.insert(section);
        }
        write_heading(draft, mark, format!("{} {title}", "#".repeat((level + 1).min(6).into())), &title);
        note_end(draft, mark.part + 1..until, &whose);
    }
}

fn write_heading(draft: &mut Draft, mark: &Mark, heading: String, title: &str) {
    let lines = draft.page.parts[mark.part].lines.clone();
    let text = draft.page.parts[mark.part].text.clone();
    if !mark.is_whole {
        draft.edits.push(Edit::Before(lines.start, format!("{heading}\n")));
        draft.note(lines.start, "track", text, Verdict::Understood);
        return;
    }
    draft.edits.push(Edit::Replace(lines.start, heading));
    if lines.len() > 1 {
        draft.edits.push(Edit::Drop(lines.start + 1..lines.end));
    }
    let of = if matches!(mark.whom, Whom::Role(_)) { "role" } else { "track" };
    for line in lines {
        draft.note(line, of, text.clone(), Verdict::Consumed(format!("a heading `{title}`: the list below is that of the {of}")));
    }
}

/// A list that goes on after another paragraph may be for all again.
fn note_end(draft: &mut Draft, range: std::ops::Range<usize>, whose: &str) {
    let Some(first) = range.clone().find(|p| is_item(draft, *p)) else { return };
    let text = (first..range.end).find(|p| !is_item(draft, *p));
    let Some(text) = text.filter(|text| (*text..range.end).any(|p| is_item(draft, p))) else { return };
    let (line, text) = (draft.page.parts[text].lines.start, draft.page.parts[text].text.clone());
    let reason = format!("it does not say that the list of {whose} ends; what follows was taken for more of it");
    draft.note(line, "section", text, Verdict::Guessed(reason, 60));
}

/// A heading of the section's level closes the list for all.
fn keep_as_prose(draft: &mut Draft, heading: usize, part: usize, why: &str) {
    let Heading { level, text, .. } = &draft.headings[heading];
    let new = format!("{} {} (2)\n", "#".repeat((*level).into()), text.trim());
    let (line, text) = (draft.page.parts[part].lines.start, draft.page.parts[part].text.clone());
    draft.edits.push(Edit::Before(line, new));
    draft.note(line, "section", text, Verdict::Left(format!("{why}; it is kept as prose")));
}

fn is_item(draft: &Draft, part: usize) -> bool {
    matches!(draft.page.parts[part].kind, PartKind::Item { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_some_are_known_by_the_words_before_them() {
        assert!(FOR.is_match("For Managers:"));
        assert!(FOR.is_match("For Individual Contributors:"));
        assert!(FOR.is_match("For Widget Engineering Managers:"));
        assert!(!FOR.is_match("For managers of widgets, see below."));
        assert!(HAVE.is_match("Widget Managers have the following job-family performance indicators."));
    }
}
