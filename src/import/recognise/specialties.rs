//! What a specialty says of the roles it is for in, ids out: "for Staff, Principal and Director level".

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{denial, grades, headings, names};
use crate::import::outline::{Draft, Node, PartKind, Role, Verdict};

static LEVELS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:for|at|of|only|open to|available (?:to|for|at))\s+(?:the\s+|our\s+)?(?P<levels>(?:(?:intern|junior|associate|intermediate|senior|staff|principal|distinguished|lead|director|manager)s?(?:\s*(?:,|/|\band\b|\bor\b|&)\s*)*)+)\s*(?:levels?|roles?|only)\b")
        .expect("a pattern of ours")
});

static ROLES: LazyLock<Regex> = LazyLock::new(|| {
    let open = r"(?:open|available|limited|restricted)\s+(?:only\s+)?(?:to|for)";
    Regex::new(&format!(r"(?i)(?:^|\b(?:is|are|only)\s+)(?:only\s+)?(?:{open}|for)\s+(?:only\s+)?(?:the\s+|our\s+)?(?P<who>[^.;:()]{{3,120}}?)(?:\s+only|\s+(?:and|or)\s+(?P<above>above|higher|up))?\s*[.:]?\s*$"))
        .expect("a pattern of ours")
});

/// The levels that a text says something is for, if it says nothing else: "Senior and Staff only".
pub fn levels_alone(text: &str) -> Option<String> {
    let text = format!("for {text}");
    let found = LEVELS.captures(&text)?;
    (found.get(0)?.len() == text.len()).then(|| found["levels"].trim().to_owned())
}

/// Finds the roles that each specialty is for.
pub fn recognise(draft: &mut Draft) {
    let homes = draft.homes();
    for i in 0..draft.specialties.len() {
        let heading = &draft.headings[draft.specialties[i].heading];
        let line = draft.page.parts[heading.part].lines.start;
        if let Some(levels) = headings::apart(&heading.text).1.levels {
            by_levels(draft, i, &levels, line);
        }
        for (part, home) in homes.iter().enumerate() {
            if *home != (Node::Specialty(i), None) || matches!(draft.page.parts[part].kind, PartKind::Table(_)) {
                continue;
            }
            let text = draft.page.parts[part].text.clone();
            let lower = text.to_lowercase();
            let may_say = ["level", "only", "role", "for ", "open", "limited", "restricted"].iter().any(|w| lower.contains(w));
            for sentence in grades::sentences(&text).into_iter().filter(|_| may_say) {
                let line = draft.page.parts[part].lines.start;
                let Some(found) = LEVELS.captures(sentence) else {
                    by_names(draft, i, sentence, line);
                    continue;
                };
                let before = found.get(0).map_or("", |m| &sentence[..m.start()]);
                match denial::denied(before) {
                    Some(why) => draft.note(line, "specialty", sentence, Verdict::Left(why.to_owned())),
                    None => by_levels(draft, i, &found["levels"], line),
                }
            }
        }
    }
}

/// "Only open to Senior Widget Engineers", "for Staff and Senior Widget Engineers only", "for Senior Widget Engineers and above".
fn by_names(draft: &mut Draft, specialty: usize, sentence: &str, line: usize) {
    let Some(found) = ROLES.captures(sentence) else { return };
    let who = found["who"].replace(" or ", " and ").replace(" & ", " and ").replace(", ", " and ");
    let pieces: Vec<&str> = who.split(" and ").map(|p| p.trim().trim_start_matches("the ")).filter(|p| !p.is_empty()).collect();
    if !pieces.iter().any(|p| names::level_of(p).is_some() || named(draft, p, &pieces).is_some()) {
        return;
    }
    let before = found.get(0).map_or("", |m| &sentence[..m.start()]);
    let roles: Option<Vec<usize>> = pieces.iter().map(|p| named(draft, p, &pieces)).collect();
    let roles = match (denial::denied(before), roles) {
        (Some(why), _) => Err(why),
        (None, None) => Err("it names roles that are not known here; the specialty is for all"),
        (None, Some(roles)) => Ok(roles),
    };
    let mut roles = match roles {
        Ok(roles) => roles,
        Err(why) => return draft.note(line, "specialty", sentence, Verdict::Left(why.to_owned())),
    };
    let mut reason = "by the roles that its text names";
    if let (true, [first]) = (found.name("above").is_some(), roles.as_slice()) {
        let (first, manager) = (*first, draft.roles[*first].manager);
        roles = (first..draft.roles.len()).filter(|r| draft.roles[*r].manager == manager).collect();
        reason = "those above are taken for those of the same track that follow on the page";
    }
    let ids: Vec<String> = roles.into_iter().map(|r| draft.roles[r].id.clone()).collect();
    put(draft, specialty, ids, reason, line);
}

/// The role of a name, or of a level where another name says of what: "Staff and Senior Widget Engineers".
fn named(draft: &Draft, piece: &str, pieces: &[&str]) -> Option<usize> {
    let last = pieces.last()?;
    let work = last.split_once(' ').filter(|_| names::level_of(last).is_some()).map_or(*last, |(_, work)| work);
    let full = if names::is_bare_level(piece) { format!("{piece} {work}") } else { piece.to_owned() };
    grades::by_name(&draft.roles, &full)
}

fn put(draft: &mut Draft, specialty: usize, ids: Vec<String>, reason: &str, line: usize) {
    let title = draft.specialties[specialty].title.clone();
    draft.note(line, "specialty", format!("{title}: for {}", ids.join(", ")), Verdict::Guessed(reason.to_owned(), 85));
    for id in ids {
        if !draft.specialties[specialty].roles.contains(&id) {
            draft.specialties[specialty].roles.push(id);
        }
    }
}

fn by_levels(draft: &mut Draft, specialty: usize, levels: &str, line: usize) {
    let words = names::words(levels);
    let words: Vec<&String> = words.iter().filter(|w| *w != "or").collect();
    let fits = |role: &Role, word: &str| {
        let title = names::words(&role.title);
        match word {
            "director" | "manager" => title.iter().any(|w| w == word) && !title.iter().any(|w| w == "senior"),
            "intermediate" => role.level.as_deref().is_some_and(|l| l.eq_ignore_ascii_case(word)),
            _ => title.first().is_some_and(|w| w == word) && !role.manager,
        }
    };
    let mut found = Vec::new();
    for role in &draft.roles {
        if words.iter().any(|w| fits(role, w)) {
            found.push(role.id.clone());
        }
    }
    let title = draft.specialties[specialty].title.clone();
    if found.is_empty() {
        let verdict = Verdict::Left("no role of the page has that level; the specialty is for all".to_owned());
        draft.note(line, "specialty", format!("{title}: {levels}"), verdict);
        return;
    }
    put(draft, specialty, found, "by the levels that its text names", line);
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
