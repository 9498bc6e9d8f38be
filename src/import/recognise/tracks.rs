//! Titles and wordings in, the track of each role out; lists that a page keeps apart by track get headings that say so.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{denial, grades, names};
use crate::import::outline::{Draft, Edit, Intent, Node, PartKind, Verdict};

/// Kinds of managers that manage no people, unless the page says so.
const OF_THINGS: &str = " product program project campaign content community brand marketing account success field events event category partner channel \
 alliance alliances communications communication operations release delivery evangelism evangelist sourcing social portfolio engagement relations ";

static PEOPLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)direct reports|people manager|manag\w* (?:a|the|their|your|our|an?) (?:[\w-]+ ){0,4}team|lead(?:s|ing)? (?:a|the|their|your|an?) (?:[\w-]+ ){0,3}team\b|team members? (?:who|that) report|hire and (?:develop|retain|grow)|build(?:s|ing)? and lead|1:1s|one-on-ones")
        .expect("a pattern of ours")
});

/// Says which roles are those of managers.
pub fn recognise(draft: &mut Draft) {
    let homes = draft.homes();
    for i in 0..draft.roles.len() {
        let title = draft.roles[i].title.clone();
        let words = names::words(&title);
        let has = |w: &str| words.iter().any(|x| x == w);
        let line = draft.roles[i].line;
        if let Some(manager) = by_group(draft, i) {
            draft.roles[i].manager = manager;
            draft.note(line, "track", format!("{title}: {}", track(manager)), Verdict::Understood);
            continue;
        }
        let first = words.iter().find(|w| !names::LEVELS.contains(&w.as_str()) || matches!(w.as_str(), "chief" | "executive")).map(String::as_str);
        let leads = has("director") || has("president") || has("head") || (has("chief") && !has("staff")) || first == Some("manager");
        if leads && !has("individual") {
            draft.roles[i].manager = true;
            draft.note(line, "track", format!("{title}: {}", track(true)), Verdict::Understood);
            continue;
        }
        if !has("manager") {
            continue;
        }
        let at = words.iter().position(|w| w == "manager").unwrap_or(0);
        let kind = at.checked_sub(1).map_or("", |k| words[k].as_str());
        let texts: Vec<&str> = draft
            .page
            .parts
            .iter()
            .zip(&homes)
            .filter(|(_, home)| home.0 == Node::Role(i) || draft.roles.len() == 1)
            .map(|(p, _)| p.text.as_str())
            .collect();
        let says_people = texts.iter().filter(|t| PEOPLE.is_match(t)).flat_map(|t| grades::sentences(t)).any(speaks_of_people);
        let engineering = kind == "engineering" || kind == "design" || kind == "it";
        let above_ics = ["staff", "principal"].iter().any(|w| has(w));
        let of_things = OF_THINGS.contains(&format!(" {kind} "));
        draft.roles[i].manager = (engineering || says_people) && !above_ics;
        let (reason, sure) = match (engineering, says_people, of_things) {
            _ if above_ics => ("Staff and Principal are levels of individual contributors", 85),
            (true, ..) => ("managers of this kind usually manage people", 80),
            (_, true, _) => ("its text speaks of managing people", 75),
            (_, _, true) => ("managers of this kind usually manage things, and its text does not speak of people", 75),
            _ => ("its text does not speak of managing people", 60),
        };
        let text = format!("{title}: {}", track(draft.roles[i].manager));
        draft.note(line, "track", text, Verdict::Guessed(reason.to_owned(), sure));
    }
    by_heading_or_words(draft);
}

fn speaks_of_people(sentence: &str) -> bool {
    PEOPLE.find(sentence).is_some_and(|found| denial::denied(&sentence[..found.start()]).is_none())
}

fn track(manager: bool) -> &'static str {
    if manager { "management" } else { "ic" }
}

/// The track that the heading of a group of roles says: "Individual Contributor (IC) Levels", "People Manager Levels".
fn by_group(draft: &Draft, role: usize) -> Option<bool> {
    let at = draft.roles[role].heading?;
    let mut level = draft.headings[at].level;
    for heading in draft.headings[..at].iter().rev() {
        if heading.level >= level {
            continue;
        }
        level = heading.level;
        let text = heading.text.to_lowercase();
        if text.contains("individual contributor") || text.contains("independent contributor") || text.contains("(ic)") {
            return Some(false);
        }
        if text.contains("people manager") || text.contains("management levels") {
            return Some(true);
        }
    }
    None
}

static OF_TRACK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*for\s+(?:the\s+|all\s+|our\s+)?(?P<who>individual contributors?|ics?|managers?|people managers?|management)(?:\s+(?:roles?|positions?))?\s*:?\s*$")
        .expect("a pattern of ours")
});
static HAVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?P<who>(?:[\w&/-]+\s+){0,5}?[\w&/-]+)\s+have\s+the\s+following\s+(?:job[- ]family\s+)?performance\s+indicators")
        .expect("a pattern of ours")
});

/// "For Managers:" in a hiring process, "Engineering Managers have the following performance indicators".
fn by_heading_or_words(draft: &mut Draft) {
    if !draft.roles.iter().any(|r| r.manager) || draft.roles.iter().all(|r| r.manager) {
        return;
    }
    let homes = draft.homes();
    for i in 0..draft.headings.len() {
        let Intent::Section(node, section) = draft.headings[i].intent.clone() else { continue };
        let general = matches!(node, Node::Family) || matches!(node, Node::Role(0));
        if !general || !matches!(section, "hiring-process" | "performance-indicators") {
            continue;
        }
        let end = draft.headings.get(i + 1).map_or(draft.page.parts.len(), |h| h.part);
        let range = draft.headings[i].part + 1..end;
        let marks: Vec<(usize, bool, bool)> = range
            .filter(|p| homes[*p].1 == Some(section) && draft.page.parts[*p].kind == PartKind::Prose)
            .filter_map(|p| {
                let text = &draft.page.parts[p].text;
                let (found, whole) = match OF_TRACK.captures(text) {
                    Some(found) => (found, true),
                    None => (HAVE.captures(text)?, false),
                };
                Some((p, found["who"].to_lowercase().contains("manag"), whole))
            })
            .collect();
        let one_each = marks.len() == 2 && marks[0].1 != marks[1].1;
        if !one_each {
            continue;
        }
        let level = (draft.headings[i].level + 1).min(6);
        for (part, manager, whole) in marks {
            let title = if manager { "Managers" } else { "Individual contributors" };
            let heading = format!("{} {title}", "#".repeat(level.into()));
            let lines = draft.page.parts[part].lines.clone();
            let text = draft.page.parts[part].text.clone();
            if whole {
                draft.edits.push(Edit::Replace(lines.start, heading));
                if lines.len() > 1 {
                    draft.edits.push(Edit::Drop(lines.start + 1..lines.end));
                }
                lines.clone().for_each(|line| {
                    draft.note(line, "track", text.clone(), Verdict::Consumed(format!("a heading `{title}`: the list below is that of the track")))
                });
            } else {
                draft.edits.push(Edit::Before(lines.start, format!("{heading}\n")));
                draft.note(lines.start, "track", text, Verdict::Understood);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_a_track_are_known_by_the_words_before_them() {
        assert!(OF_TRACK.is_match("For Managers:"));
        assert!(OF_TRACK.is_match("For Individual Contributors:"));
        assert!(!OF_TRACK.is_match("For managers of widgets, see below."));
        assert!(HAVE.is_match("Widget Managers have the following job-family performance indicators."));
    }
}
