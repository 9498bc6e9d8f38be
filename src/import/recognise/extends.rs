//! Sentences that say that a role builds on another in, parents out; whole bullets that are data now leave the lists.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{grades, names};
use crate::import::outline::{Draft, Edit, Extends, Node, PartKind, Verdict};
use crate::import::resolve::{Directory, Step, Target};

/// A statement, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Claim {
    /// Whom it names.
    of: Of,
    /// The sections that it names.
    sections: Vec<&'static str>,
    /// Whether the statement says nothing else.
    is_all: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Of {
    Named(String),
    /// "the responsibilities above"
    Above,
    /// "the general responsibilities"
    General,
    /// "of the previous level"
    Previous,
}

const LIST: &str = r"(?:responsib\w*|requirements?|qualifications?|performance indicators?|kpis?|expectations|job description|duties)";

/// The forms of statements. `of` is whom they name.
static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let subject = r"(?:the\s+|an?\s+|this\s+|our\s+)?(?:[^.:;]{0,110}?\s)?";
    let list = format!(r"{LIST}(?:\s*(?:,|and|&)\s*{LIST})*");
    [
        format!(r"(?i)^\s*{subject}extend(?:s|ed)?\s+(?:up)?(?:on\s+)?(?P<of>.+)$"),
        format!(r"(?i)^\s*{subject}(?:includes?|have|has|meets?|shares?|fulfil\w*|retains?|covers?|all|same)\s+(?:all|the same|everything|each)\b(?:\s+of)?\s*(?P<of>.*{LIST}.*)$"),
        format!(r"(?i)^\s*(?:in addition to|on top of|beyond|besides)\s+(?:meeting\s+)?(?:all\s+)?(?:of\s+)?(?P<of>.*{LIST}.*)$"),
        format!(r"(?i)^\s*(?:all|the same|same)\b(?:\s+of)?(?:\s+the)?\s*(?P<of>{list}\s+(?:of|for|as|from|in)\s+.+)$"),
        format!(r"(?i)^\s*{subject}builds?\s+(?:up)?on\s+(?P<of>.+)$"),
        r"(?i)^\s*(?:everything|all)\s+(?:that\s+)?(?P<of>(?:an?|the)\s+.+?)\s+(?:does|do)\b.*$".to_owned(),
    ]
    .iter()
    .map(|form| Regex::new(form).expect("a pattern of ours"))
    .collect()
});
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[\s,;:.]*(?:\b(?:but also|but|plus|and include[s]?|with the following|and additionally|and also|as well as|and adds?|the\s[\w ,]{3,60}\swill|other than|in complexity|as an individual|and in addition|while|without|with these|with additional|with an?\b|when|where|whose|that|which|to include|including|in order)\b.*)?[\s,;:.]*$")
        .expect("a pattern of ours")
});
static THAT_OF: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(?:that|those|the one|the ones)\s+(?:of|for|in)\s+").expect("a pattern of ours"));
static SECTION_WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!(r"(?i)\b{LIST}")).expect("a pattern of ours"));
static FILLER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:all\s+|that\s+of\s+|those\s+of\s+|those\s+for\s+|both\s+|the\s+|an?\s+|of\s+|for\s+|as\s+|from\s+|in\s+|and\s+|same\s+|other\s+|general\s+)+").expect("a pattern of ours")
});
static END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[\s,;:.]*\b(?:roles?|positions?|level|job family|jobs?|section|plus|and|has|have)?[\s,;:.]*$").expect("a pattern of ours")
});
static ALL_OF_IT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)[,;:.]?\s*(?:plus(?:\s+the\s+following)?|and include[s]?|but also|with the following|as well as the following|and also|and)?[\s,;:.]*$",
    )
    .expect("a pattern of ours")
});

/// Takes a sentence apart.
fn claim(sentence: &str) -> Option<Claim> {
    let lower = sentence.to_lowercase();
    if !["extend", "all ", "same ", "addition to", "on top of", "builds ", "everything", "beyond", "besides"].iter().any(|w| lower.contains(w)) {
        return None;
    }
    let (number, written) = FORMS.iter().enumerate().find_map(|(i, form)| Some((i, form.captures(sentence)?.name("of")?.as_str().to_owned())))?;
    let written = THAT_OF.replace(&written, "").into_owned();
    let cut = TAIL.find(&written).map_or(written.len(), |m| m.start());
    let (of, tail) = written.split_at(cut);
    let is_all = ALL_OF_IT.find(tail).is_some_and(|m| m.start() == 0);
    let sections = sections_in(of);
    let has_list_word = !sections.is_empty();
    let lower = format!("{} {}", if sentence.to_lowercase().contains("that of") { "that of" } else { "" }, of.to_lowercase());
    let of_all = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let who = if of_all(&["previous level", "prior level", "level below", "preceding level"]) && !of_all(&["levels"]) {
        Of::Previous
    } else if of_all(&["above", "outlined", "listed"]) {
        Of::Above
    } else if of_all(&["general responsib", "general requirement"]) && names::words(of).len() <= 3 {
        Of::General
    } else {
        let bare = SECTION_WORD.replace_all(of, " ");
        let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut name = bare;
        for _ in 0..3 {
            name = FILLER.replace(&name, "").into_owned();
            name = END.replace(&name, "").into_owned();
        }
        if name.is_empty() {
            return None;
        }
        Of::Named(name)
    };
    // "extends" also means other things: only where a list, a role or the whole sentence speaks of roles is it a statement.
    let speaks_of_roles =
        has_list_word || lower.contains(" role") || lower.contains("position") || lower.contains("that of") || lower.contains("level");
    let starts = sentence.trim_start().to_lowercase().starts_with("extends") || sentence.to_lowercase().contains("extends that of");
    let ok = match number {
        0 | 4 => speaks_of_roles || starts,
        _ => true,
    };
    ok.then_some(Claim { of: who, sections, is_all })
}

fn sections_in(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for word in SECTION_WORD.find_iter(text) {
        let lower = word.as_str().to_lowercase();
        let section = match &lower[..3] {
            "res" | "dut" => "responsibilities",
            "req" | "qua" => "requirements",
            "per" | "kpi" => "performance-indicators",
            _ => continue,
        };
        if !found.contains(&section) {
            found.push(section);
        }
    }
    found
}

/// Finds what the roles of draft `number` extend.
pub fn recognise(draft: &mut Draft, number: usize, directory: &Directory) {
    let homes = draft.homes();
    for part in 0..draft.page.parts.len() {
        let kind = draft.page.parts[part].kind.clone();
        if !matches!(kind, PartKind::Item { .. } | PartKind::Prose) {
            continue;
        }
        let text = draft.page.parts[part].text.clone();
        let all = grades::sentences(&text);
        for sentence in &all {
            let Some(claim) = claim(sentence) else { continue };
            let home = homes[part];
            if let Some(done) = take(draft, number, directory, part, home, &claim, sentence) {
                let whole = all.len() == 1 && claim.is_all && done && kind == (PartKind::Item { nested: false });
                finish(draft, part, whole);
            }
        }
    }
}

/// A bullet that is nothing but data now leaves the list.
fn finish(draft: &mut Draft, part: usize, whole: bool) {
    if !whole {
        return;
    }
    let lines = draft.page.parts[part].lines.clone();
    for line in lines.clone() {
        let text = draft.page.lines[line].trim().to_owned();
        draft.note(line, "extends", text, Verdict::Consumed("`extends` in the front matter".to_owned()));
    }
    draft.edits.push(Edit::Drop(lines));
}

/// Puts a statement on its role; says whether it is resolved.
fn take(
    draft: &mut Draft,
    number: usize,
    directory: &Directory,
    part: usize,
    home: (Node, Option<&'static str>),
    claim: &Claim,
    sentence: &str,
) -> Option<bool> {
    let line = draft.page.parts[part].lines.start;
    let mut sections = claim.sections.clone();
    if sections.is_empty() {
        sections.extend(home.1.filter(|s| *s != "job-grade"));
    }
    let role = match home.0 {
        Node::Role(role) => role,
        Node::Family if draft.roles.len() == 1 => 0,
        Node::Family => return named_in_subject(draft, number, directory, part, claim, sentence),
        Node::Specialty(specialty) => return of_specialty(draft, number, directory, part, specialty, claim),
    };
    put(draft, number, directory, part, role, claim, &sections, line)
}

/// A sentence of the whole page that says which role it speaks of.
fn named_in_subject(draft: &mut Draft, number: usize, directory: &Directory, part: usize, claim: &Claim, sentence: &str) -> Option<bool> {
    let (subject, _) = sentence.split_once(" extends ")?;
    let role = grades::by_name(&draft.roles, subject.trim().trim_start_matches("The "))?;
    let line = draft.page.parts[part].lines.start;
    let sections = claim.sections.clone();
    put(draft, number, directory, part, role, claim, &sections, line)
}

#[expect(clippy::too_many_arguments, reason = "where it stands, whose it is, and what it says")]
fn put(
    draft: &mut Draft,
    number: usize,
    directory: &Directory,
    part: usize,
    role: usize,
    claim: &Claim,
    sections: &[&'static str],
    line: usize,
) -> Option<bool> {
    let found = match &claim.of {
        Of::Named(phrase) => named(draft, number, directory, part, Some(role), phrase),
        Of::Above => above(draft, part, role, sections)
            .map(|(target, step)| Found { targets: vec![(target.map_or(Target::General, |r| Target::Role(number, r)), step)], either: false }),
        Of::General => general(draft, sections).map(|step| Found { targets: vec![(Target::General, step)], either: false }),
        Of::Previous => previous(draft, role).map(|(r, step)| Found { targets: vec![(Target::Role(number, r), step)], either: false }),
    };
    let shown = short(&draft.page.parts[part].text);
    match found {
        Ok(found) => {
            let parents: Vec<(String, Step)> = found
                .targets
                .iter()
                .filter_map(|(target, step)| match target {
                    Target::Role(family, r) if (*family, *r) != (number, role) => Some((directory.reference(number, *family, *r), step.clone())),
                    _ => None,
                })
                .collect();
            if parents.is_empty() {
                let itself = found.targets.iter().any(|(t, _)| *t == Target::Role(number, role));
                let verdict = if itself { Verdict::Left("it names the role itself".to_owned()) } else { Verdict::Understood };
                let text = format!("{}: what counts for all roles of the page, which it inherits anyway", draft.roles[role].title);
                draft.note(line, "extends", if itself { shown } else { text }, verdict);
                return Some(!itself);
            }
            for (reference, step) in &parents {
                let only = if sections.is_empty() { String::new() } else { format!(" ({})", sections.join(", ")) };
                let text = format!("{}: {reference}{only}", draft.roles[role].title);
                let verdict = if step.sure >= 95 { Verdict::Understood } else { Verdict::Guessed(step.how.to_owned(), step.sure) };
                draft.note(line, "extends", text, verdict);
            }
            let references = parents.into_iter().map(|(r, _)| r);
            if found.either {
                draft.roles[role].extends_any.extend(references);
            } else {
                references.for_each(|reference| add(&mut draft.roles[role].extends, reference, sections));
            }
            Some(true)
        }
        Err(reason) => {
            let is_sure_statement = !claim.sections.is_empty() || shown.to_lowercase().contains("extends") || shown.contains(" role");
            if is_sure_statement {
                draft.roles[role].comments.push(format!("extends: not resolved, line {}: {shown}", line + 1));
                draft.note(line, "extends", shown, Verdict::Left(reason));
            }
            None
        }
    }
}

/// Adds sections of a parent, or all of it.
fn add(extends: &mut Vec<Extends>, reference: String, sections: &[&'static str]) {
    match extends.iter_mut().find(|e| e.reference == reference) {
        Some(known) if known.only.is_empty() || sections.is_empty() => known.only.clear(),
        Some(known) => sections.iter().for_each(|s| {
            if !known.only.contains(s) {
                known.only.push(s);
            }
        }),
        None => extends.push(Extends { reference, only: sections.to_vec() }),
    }
}

struct Found {
    targets: Vec<(Target, Step)>,
    /// Whether it says either of them.
    either: bool,
}

/// Whom a phrase names: one role, several (`and`), or one of several (`or`).
fn named(draft: &Draft, number: usize, directory: &Directory, part: usize, own: Option<usize>, phrase: &str) -> Result<Found, String> {
    let links = &draft.page.parts[part].links;
    let bare = |text: &str| names::ordered(&SECTION_WORD.replace_all(text, " "));
    let address = |phrase: &str| {
        let wanted = bare(phrase);
        links
            .iter()
            .find(|(text, _)| {
                bare(text) == wanted
                    || (!wanted.is_empty() && bare(text).ends_with(&wanted))
                    || (!bare(text).is_empty() && wanted.ends_with(&bare(text)))
            })
            .map(|(_, a)| a.as_str())
    };
    let whole = directory.role(number, own, phrase, address(phrase));
    let reason = match whole {
        Ok((target, step)) if step.sure >= 90 || !phrase.contains(" or ") => return Ok(Found { targets: vec![(target, step)], either: false }),
        Ok((target, step)) => return Ok(Found { targets: vec![(target, step)], either: false }),
        Err(reason) => reason,
    };
    for (word, either) in [(" or ", true), (" and ", false), ("/", true), (", ", false)] {
        let pieces: Vec<&str> = phrase.trim_start_matches("either ").split(word).map(str::trim).filter(|p| !p.is_empty()).collect();
        if pieces.len() < 2 {
            continue;
        }
        let last = pieces[pieces.len() - 1];
        let with_core = |piece: &str| -> Option<String> {
            let core: Vec<&str> = last.split_whitespace().filter(|w| !w.eq_ignore_ascii_case("level")).collect();
            let is_level = names::is_bare_level(piece) && core.first().is_some_and(|w| names::is_bare_level(w));
            is_level.then(|| format!("{piece} {}", core[1..].join(" ")))
        };
        let targets: Option<Vec<(Target, Step)>> = pieces
            .iter()
            .map(|piece| {
                let full = with_core(piece)
                    .unwrap_or_else(|| piece.split_whitespace().filter(|w| !w.eq_ignore_ascii_case("level")).collect::<Vec<_>>().join(" "));
                let to = address(piece).or_else(|| address(last));
                directory.role(number, own, &full, to).ok()
            })
            .collect();
        if let Some(targets) = targets {
            return Ok(Found { targets, either });
        }
    }
    Err(reason)
}

/// "The responsibilities above" are those of the last list of that kind before.
fn above(draft: &Draft, part: usize, role: usize, sections: &[&'static str]) -> Result<(Option<usize>, Step), String> {
    use crate::import::outline::Intent;
    let section = sections.first().copied().ok_or("it does not say which list is meant")?;
    let before = draft.headings.iter().filter(|h| h.part < part).rev().find_map(|h| match &h.intent {
        Intent::Section(node, s) if *s == section && *node != Node::Role(role) => Some(*node),
        _ => None,
    });
    let step = Step { how: "\"above\" is taken for the last list of that kind before it", sure: 80 };
    match before {
        Some(Node::Role(other)) => Ok((Some(other), step)),
        Some(Node::Family) => Ok((None, step)),
        _ => Err("no list of that kind stands above".to_owned()),
    }
}

/// "The general requirements" are those of the family, if it has any.
fn general(draft: &Draft, sections: &[&'static str]) -> Result<Step, String> {
    use crate::import::outline::Intent;
    let has = |section: &str| draft.headings.iter().any(|h| matches!(&h.intent, Intent::Section(Node::Family, s) if *s == section));
    if sections.iter().all(|s| has(s)) {
        Ok(Step { how: "the list for all roles of the page", sure: 90 })
    } else {
        Err("the page has no list for all its roles".to_owned())
    }
}

fn previous(draft: &Draft, role: usize) -> Result<(usize, Step), String> {
    let step = Step { how: "\"the previous level\" is taken for the role before it on the page", sure: 80 };
    let before = draft.roles[..role].iter().rposition(|r| r.manager == draft.roles[role].manager).or(role.checked_sub(1));
    before.map(|r| (r, step)).ok_or_else(|| "no role stands before it".to_owned())
}

/// A specialty extends nothing; the roles that it names are those that it is for.
fn of_specialty(draft: &mut Draft, number: usize, directory: &Directory, part: usize, specialty: usize, claim: &Claim) -> Option<bool> {
    let Of::Named(phrase) = &claim.of else { return None };
    let found = named(draft, number, directory, part, None, phrase).ok()?;
    let line = draft.page.parts[part].lines.start;
    let own: Vec<usize> =
        found.targets.iter().filter_map(|(t, _)| if let Target::Role(f, r) = t { (*f == number).then_some(*r) } else { None }).collect();
    if own.is_empty() || own.len() < found.targets.len() {
        return None;
    }
    for role in own {
        let id = draft.roles[role].id.clone();
        if !draft.specialties[specialty].roles.contains(&id) {
            let text = format!("{}: for {}", draft.specialties[specialty].title, draft.roles[role].title);
            draft.specialties[specialty].roles.push(id);
            draft.note(line, "specialty", text, Verdict::Guessed("it says that it extends this role".to_owned(), 85));
        }
    }
    Some(true)
}

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(160).collect();
    if out.len() < text.len() {
        out.push('\u{2026}');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sentence: &str) -> Option<(String, Vec<&'static str>)> {
        claim(sentence).map(|c| {
            (
                match c.of {
                    Of::Named(n) => n,
                    Of::Above => "(above)".into(),
                    Of::General => "(general)".into(),
                    Of::Previous => "(previous)".into(),
                },
                c.sections,
            )
        })
    }

    #[test]
    fn statements_are_known_in_their_wordings() {
        let both = vec!["responsibilities", "requirements"];
        let (res, req) = (vec!["responsibilities"], vec!["requirements"]);
        for (sentence, name, sections) in [
            ("Extends the Widget Engineer responsibilities", "Widget Engineer", res.clone()),
            ("extends that of the Widget Engineer (Intermediate) requirements", "Widget Engineer (Intermediate)", req.clone()),
            ("Extends Senior Widget Engineer responsibilities, plus;", "Senior Widget Engineer", res.clone()),
            ("The Senior Widget Engineer role extends the Widget Engineer role.", "Widget Engineer", vec![]),
            (
                "The Staff Widget Engineer role extends the Senior Widget Engineer role as an individual contributor.",
                "Senior Widget Engineer",
                vec![],
            ),
            ("The responsibilities of the Lead extend the Junior Widgeteer role and include:", "Junior Widgeteer", vec![]),
            ("All of the responsibilities of a Widget Engineer, plus:", "Widget Engineer", res.clone()),
            ("All requirements for a Senior Widget Analyst; plus:", "Senior Widget Analyst", req.clone()),
            ("In addition to the requirements for a Senior Widget Engineer:", "Senior Widget Engineer", req.clone()),
            ("The Staff Scientist meets all of the requirements of a Senior Scientist, plus:", "Senior Scientist", req.clone()),
            ("The Associate has the same responsibilities as a Widget Engineer but with less experience", "Widget Engineer", res.clone()),
            ("Extends the responsibilities and requirements of the Fullstack Engineer", "Fullstack Engineer", both),
            ("This role includes all of the responsibilities of the previous level, plus:", "(previous)", res),
            ("This role includes all of the requirements above, plus:", "(above)", req),
            ("The Senior Widget Analyst role builds on the Widget Analyst role.", "Widget Analyst", vec![]),
        ] {
            assert_eq!(of(sentence), Some((name.to_owned(), sections)), "{sentence}");
        }
    }

    #[test]
    fn other_sentences_with_the_same_words_are_none() {
        for sentence in [
            "Define and extend our internal standards for style",
            "A system that will extend our pipelines to allow access",
            "Communicates across all levels of management",
            "Works in addition to the usual hours",
        ] {
            assert_eq!(of(sentence), None, "{sentence}");
        }
    }
}
