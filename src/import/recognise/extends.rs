//! Sentences that say that a role builds on another in, parents out; whole bullets that are data now leave the lists.

mod claim;

use claim::{Claim, Of, SECTION_WORD, claim};

use super::{grades, names};
use crate::import::outline::{Draft, Edit, Extends, Node, PartKind, Verdict};
use crate::import::resolve::{Directory, Step, Target};

/// Finds what the roles of draft `number` extend.
pub fn recognise(draft: &mut Draft, number: usize, directory: &Directory) {
    for (part, home) in draft.homes().into_iter().enumerate() {
        let kind = draft.page.parts[part].kind.clone();
        if !matches!(kind, PartKind::Item { .. } | PartKind::Prose) {
            continue;
        }
        let text = draft.page.parts[part].text.clone();
        let all = grades::sentences(&text);
        for sentence in &all {
            let Some(claim) = claim(sentence) else { continue };
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
            let is_own = matches!(&claim.of, Of::Named(phrase) if names::ordered(phrase) == names::ordered(&draft.roles[role].title));
            let reason = if is_own { "it names the role itself".to_owned() } else { reason };
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
