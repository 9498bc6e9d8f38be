//! What a specialty says of the roles it is for in, ids out: "for Staff, Principal and Director level".

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{denial, grades, names};
use crate::import::outline::{Draft, Node, PartKind, Verdict};

static LEVELS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:for|at|of|only|open to|available (?:to|for|at))\s+(?:the\s+|our\s+)?(?P<levels>(?:(?:intern|junior|associate|intermediate|senior|staff|principal|distinguished|lead|director|manager)s?(?:\s*(?:,|/|\band\b|\bor\b|&)\s*)*)+)\s*(?:levels?|roles?|only)\b")
        .expect("a pattern of ours")
});

/// Finds the roles that each specialty is for.
pub fn recognise(draft: &mut Draft) {
    let homes = draft.homes();
    for i in 0..draft.specialties.len() {
        for (part, home) in homes.iter().enumerate() {
            if *home != (Node::Specialty(i), None) || matches!(draft.page.parts[part].kind, PartKind::Table(_)) {
                continue;
            }
            let text = draft.page.parts[part].text.clone();
            let lower = text.to_lowercase();
            let may_say = lower.contains("level") || lower.contains("only") || lower.contains("role");
            for sentence in grades::sentences(&text).into_iter().filter(|_| may_say) {
                let Some(found) = LEVELS.captures(sentence) else { continue };
                let line = draft.page.parts[part].lines.start;
                let before = found.get(0).map_or("", |m| &sentence[..m.start()]);
                match denial::denied(before) {
                    Some(why) => draft.note(line, "specialty", sentence, Verdict::Left(why.to_owned())),
                    None => by_levels(draft, i, &found["levels"], line),
                }
            }
        }
    }
}

fn by_levels(draft: &mut Draft, specialty: usize, levels: &str, line: usize) {
    let words = names::words(levels);
    let words: Vec<&String> = words.iter().filter(|w| *w != "or").collect();
    let fits = |title: &str, level: &Option<String>, word: &str| {
        let title = names::words(title);
        match word {
            "director" | "manager" => title.iter().any(|w| w == word) && !title.iter().any(|w| w == "senior"),
            "intermediate" => level.as_deref().is_some_and(|l| l.eq_ignore_ascii_case(word)),
            _ => title.first().is_some_and(|w| w == word) && !title.iter().any(|w| w == "manager" || w == "director"),
        }
    };
    let mut found = Vec::new();
    for role in &draft.roles {
        if words.iter().any(|w| fits(&role.title, &role.level, w)) {
            found.push(role.id.clone());
        }
    }
    let title = draft.specialties[specialty].title.clone();
    if found.is_empty() {
        let verdict = Verdict::Left("no role of the page has that level; the specialty is for all".to_owned());
        draft.note(line, "specialty", format!("{title}: {levels}"), verdict);
        return;
    }
    draft.note(line, "specialty", format!("{title}: for {}", found.join(", ")), Verdict::Guessed("by the levels that its text names".to_owned(), 85));
    for id in found {
        if !draft.specialties[specialty].roles.contains(&id) {
            draft.specialties[specialty].roles.push(id);
        }
    }
}

/// Finds the role of each specialty that names none in its text, but one in its title.
pub fn by_titles(draft: &mut Draft) {
    for specialty in 0..draft.specialties.len() {
        if draft.specialties[specialty].roles.is_empty() {
            by_title(draft, specialty);
        }
    }
}

/// `Manager, Widgets (Large)` is the specialty of one role: that of the words before the parenthesis.
fn by_title(draft: &mut Draft, specialty: usize) {
    let title = draft.specialties[specialty].title.clone();
    let Some((before, _)) = title.split_once('(') else { return };
    let wanted = names::ordered(before);
    let hits: Vec<usize> = (0..draft.roles.len()).filter(|r| names::ordered(&draft.roles[*r].title) == wanted).collect();
    if let ([one], true) = (hits.as_slice(), draft.roles.len() > 1) {
        let id = draft.roles[*one].id.clone();
        let line = draft.page.parts[draft.headings[draft.specialties[specialty].heading].part].lines.start;
        draft.note(line, "specialty", format!("{title}: for {id}"), Verdict::Guessed("its title begins with that of this role".to_owned(), 80));
        draft.specialties[specialty].roles.push(id);
    }
}
