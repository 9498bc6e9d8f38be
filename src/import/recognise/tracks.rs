//! Titles and wordings in, the track of each role out.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{denial, grades, names};
use crate::import::outline::{Draft, Node, Verdict};

/// Kinds of managers that manage no people, unless the page says so.
const OF_THINGS: &str = " product program project campaign content community brand marketing account success field events event category partner channel \
 alliance alliances communications communication operations release delivery evangelism evangelist sourcing social portfolio engagement relations ";

static PEOPLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)direct reports|people manager|manag\w* (?:a|the|their|your|our|an?) (?:[\w-]+ ){0,4}team|lead(?:s|ing)? (?:a|the|their|your|an?) (?:[\w-]+ ){0,3}team\b|team members? (?:who|that) report|hires? and (?:develops?|retains?|grows?)|performance reviews (?:for|of) (?:the|their|your|our|its)\b|build(?:s|ing)? and lead|1:1s|one-on-ones")
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
