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

static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)^\W*(?:only\s+)?(?:for\s+|at\s+)?(?:the\s+)?(?P<levels>(?:(?:{LEVEL})s?(?:\s*(?:,|/|\band\b|\bor\b|&)\s*)*)+)\s*(?:levels?|roles?)?\s+only\W*$"))
        .expect("a pattern of ours")
});

static ABOVE: LazyLock<Regex> = LazyLock::new(|| {
    let above = r"(?:and|or)\s+(?:above|higher|up|upwards?|beyond)|upwards?|onwards?|up|\+";
    Regex::new(&format!(
        r"(?i)(?:^|\b(?:for|from|at|to|of|only|is|are)\s+)(?:the\s+|our\s+)?(?P<level>{LEVEL})(?:\s+levels?)?\s*,?\s*(?:{above})(?:\s+only)?\W*$"
    ))
    .expect("a pattern of ours")
});

/// A word that names a level in what a specialty says of its roles.
const LEVEL: &str = "intern|junior|associate|intermediate|senior|staff|principal|distinguished|lead|director|manager";

/// What a text says of the roles that something is for, if it says nothing else: "Senior and Staff only", "for Senior level and above".
pub fn roles_alone(text: &str) -> Option<String> {
    let inner = text.trim();
    let said = format!("for {}", inner.strip_prefix("for ").unwrap_or(inner));
    let is_of_levels = LEVELS.captures(&said).is_some_and(|c| c.get(0).is_some_and(|m| m.len() == said.len()));
    let lower = inner.to_lowercase();
    let restricts = lower.starts_with("for ") || lower.starts_with("only ") || lower.ends_with(" only");
    let speaks_of_roles = names::words(inner).iter().any(|w| names::LEVELS.contains(&w.as_str()));
    (is_of_levels || ABOVE.is_match(&said) || restricts && speaks_of_roles).then_some(said)
}

/// Finds the roles that each specialty is for.
pub fn recognise(draft: &mut Draft) {
    let homes = draft.homes();
    for i in 0..draft.specialties.len() {
        let heading = &draft.headings[draft.specialties[i].heading];
        let (own, line) = (heading.part, draft.page.parts[heading.part].lines.start);
        let behind = headings::apart(&heading.text).1.roles;
        if let Some(said) = &behind {
            by_sentence(draft, i, said, line);
        }
        for (part, home) in homes.iter().enumerate().filter(|(part, _)| *part != own || behind.is_none()) {
            if *home != (Node::Specialty(i), None) || matches!(draft.page.parts[part].kind, PartKind::Table(_)) {
                continue;
            }
            let text = draft.page.parts[part].text.clone();
            let lower = text.to_lowercase();
            let may_say = ["level", "only", "role", "for ", "open", "limited", "restricted", " above", "upward", "available"];
            let line = draft.page.parts[part].lines.start;
            for sentence in grades::sentences(&text).into_iter().filter(|_| may_say.iter().any(|w| lower.contains(w))) {
                by_sentence(draft, i, sentence, line);
            }
        }
    }
}

/// What a sentence says of the roles that a specialty is for. One that only reads as if it said so is left.
fn by_sentence(draft: &mut Draft, specialty: usize, sentence: &str, line: usize) {
    let told = draft.notes.len();
    if let Some(found) = ABOVE.captures(sentence) {
        match denial::denied(found.get(0).map_or("", |m| &sentence[..m.start()])) {
            Some(why) => draft.note(line, "specialty", sentence, Verdict::Left(why.to_owned())),
            None => from_level(draft, specialty, &found["level"], line),
        }
    } else if let Some(found) = LEVELS.captures(sentence).or_else(|| ALONE.captures(sentence)) {
        match denial::denied(found.get(0).map_or("", |m| &sentence[..m.start()])) {
            Some(why) => draft.note(line, "specialty", sentence, Verdict::Left(why.to_owned())),
            None => by_levels(draft, specialty, &found["levels"], line),
        }
    } else {
        by_names(draft, specialty, sentence, line);
    }
    if draft.notes.len() == told && LIMITS.is_match(sentence) && draft.roles.len() > 1 {
        let reason = "it may say for which roles the specialty is; it is taken to be for all";
        draft.note(line, "specialty", sentence, Verdict::Left(reason.to_owned()));
    }
}

static LIMITS: LazyLock<Regex> = LazyLock::new(|| {
    let limit = r"\bonly\b|available|open\s+to|restricted|limited\s+to|reserved|upwards?|(?:and|or)\s+(?:above|higher|below|lower)";
    Regex::new(&format!(r"(?i)(?:{limit}).*\b(?:{LEVEL})s?\b|\b(?:{LEVEL})s?\b.*(?:{limit})")).expect("a pattern of ours")
});

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
        roles = and_above(draft, *first);
        reason = AND_ABOVE;
    }
    let ids: Vec<String> = roles.into_iter().map(|r| draft.roles[r].id.clone()).collect();
    put(draft, specialty, ids, reason, line);
}

const AND_ABOVE: &str = "those above are taken for those of the same track that follow on the page";

/// A role and those above it.
fn and_above(draft: &Draft, first: usize) -> Vec<usize> {
    (first..draft.roles.len()).filter(|r| draft.roles[*r].manager == draft.roles[first].manager).collect()
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
    let found: Vec<String> = draft.roles.iter().filter(|r| words.iter().any(|w| is_of_level(r, w))).map(|r| r.id.clone()).collect();
    if found.is_empty() {
        return no_such_level(draft, specialty, levels, line);
    }
    put(draft, specialty, found, "by the levels that its text names", line);
}

fn from_level(draft: &mut Draft, specialty: usize, level: &str, line: usize) {
    let word = names::words(level).join(" ");
    let Some(first) = draft.roles.iter().position(|r| is_of_level(r, &word)) else { return no_such_level(draft, specialty, level, line) };
    let ids = and_above(draft, first).into_iter().map(|r| draft.roles[r].id.clone()).collect();
    put(draft, specialty, ids, AND_ABOVE, line);
}

fn is_of_level(role: &Role, word: &str) -> bool {
    let title = names::words(&role.title);
    match word {
        "director" | "manager" => title.iter().any(|w| w == word) && !title.iter().any(|w| w == "senior"),
        "intermediate" => role.level.as_deref().is_some_and(|l| l.eq_ignore_ascii_case(word)),
        _ => title.first().is_some_and(|w| w == word) && !role.manager,
    }
}

fn no_such_level(draft: &mut Draft, specialty: usize, levels: &str, line: usize) {
    let text = format!("{}: {levels}", draft.specialties[specialty].title);
    draft.note(line, "specialty", text, Verdict::Left("no role of the page has that level; the specialty is for all".to_owned()));
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
