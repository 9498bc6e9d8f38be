//! Sentences that say that a role builds on another in, parents out; whole bullets that are data now leave the lists.

mod claim;
mod named;
mod seems;

use claim::{Claim, Doubt, Of, claims};
use named::{Found, named};
use seems::seems;

use super::{grades, names};
use crate::import::outline::{Draft, Edit, Extends, Intent, Node, PartKind, Taken, Verdict};
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
            let Some(found) = claims(sentence, &directory.titles) else { continue };
            let mut page = Place { draft: &mut *draft, number, directory, part, home };
            let told = page.draft.notes.len();
            let done: Vec<Option<Done>> = found.iter().map(|claim| page.take(claim)).collect();
            if let (Node::Role(role), true) = (home.0, page.draft.notes.len() == told && seems(sentence, &directory.titles)) {
                page.leave(role, "it reads as if the role builds on another, but does not say clearly on which".to_owned());
            }
            let whole = all.len() == 1 && !found.is_empty() && found.iter().all(|c| c.is_all) && kind == (PartKind::Item { nested: false });
            if let (true, Some(done)) = (whole, done.into_iter().collect::<Option<Vec<Done>>>()) {
                let node = done[0].node;
                let references = done.into_iter().flat_map(|d| d.references).collect();
                draft.taken.push(Taken { part, node, references });
            }
        }
    }
}

/// Bullets that are nothing but data now leave the lists.
pub fn finish(draft: &mut Draft) {
    for Taken { part, node, references } in draft.taken.clone() {
        let lines = draft.page.parts[part].lines.clone();
        let field = match node {
            _ if references.is_empty() => "nothing: it inherits the list for all roles without a word",
            Node::Specialty(_) => "`roles` of the specialty in the front matter",
            Node::Role(role) if !draft.roles[role].extends_any.is_empty() && draft.roles[role].extends_any.contains(&references[0]) => {
                "`extends_any` in the front matter"
            }
            _ => "`extends` in the front matter",
        };
        for line in lines.clone() {
            let text = draft.page.lines[line].trim().to_owned();
            draft.note(line, "extends", text, Verdict::Consumed(field.to_owned()));
        }
        draft.edits.push(Edit::Drop(lines));
    }
}

/// What a statement became.
struct Done {
    node: Node,
    /// The parents that it wrote; none where it says what holds anyway.
    references: Vec<String>,
}

/// Where a statement stands.
struct Place<'a> {
    draft: &'a mut Draft,
    number: usize,
    directory: &'a Directory,
    part: usize,
    home: (Node, Option<&'static str>),
}

impl Place<'_> {
    fn line(&self) -> usize {
        self.draft.page.parts[self.part].lines.start
    }

    fn shown(&self) -> String {
        short(&self.draft.page.parts[self.part].text)
    }

    /// Puts a statement on whom it speaks of; says what it became, if that is certain enough to take its words out.
    fn take(&mut self, claim: &Claim) -> Option<Done> {
        if let Some(Doubt::Not(why)) = claim.doubt {
            if claim.is_sure {
                let shown = self.shown();
                self.draft.note(self.line(), "extends", shown, Verdict::Left(why.to_owned()));
            }
            return None;
        }
        if let Node::Specialty(specialty) = self.home.0 {
            return self.of_specialty(specialty, claim);
        }
        let (role, mut doubt) = self.whose(claim)?;
        let sections = self.sections(claim, &mut doubt);
        if let Some(Doubt::Partly(why, sure)) = claim.doubt {
            doubt = Some((why.to_owned(), sure.min(doubt.map_or(100, |d| d.1))));
        }
        self.put(role, claim, &sections, doubt)
    }

    /// The role of which a statement speaks, and why that is doubtful.
    fn whose(&mut self, claim: &Claim) -> Option<(usize, Option<(String, u8)>)> {
        let own = match self.home.0 {
            Node::Role(role) => role,
            Node::Family if self.draft.roles.len() == 1 => 0,
            // A sentence of the whole page counts where it says which role it speaks of.
            _ => {
                let role = claim.subject.as_deref().and_then(|subject| grades::by_name(&self.draft.roles, subject));
                if role.is_none() && claim.is_sure {
                    let (line, shown) = (self.line(), self.shown());
                    let reason = "it stands below no role, and does not say of which it speaks";
                    self.draft.note(line, "extends", shown, Verdict::Left(reason.to_owned()));
                }
                return role.map(|role| (role, None));
            }
        };
        let Some(subject) = claim.subject.as_deref() else { return Some((own, None)) };
        let title = self.draft.roles[own].title.clone();
        let level = self.draft.roles[own].level.clone().unwrap_or_default();
        let fits = |title: &str| {
            let (said, all) = (names::words(subject), names::words(&format!("{level} {title}")));
            names::likeness(title, subject) >= 0.6 || said.iter().all(|w| all.contains(w))
        };
        match grades::by_name(&self.draft.roles, subject) {
            Some(other) if other != own => {
                let reason = format!("it stands below {title}, but speaks of {}", self.draft.roles[other].title);
                self.leave(own, reason);
                None
            }
            _ if fits(&title) => Some((own, None)),
            _ => Some((own, Some((format!("it stands below {title}, but the sentence says `{subject}`"), 75)))),
        }
    }

    /// The lists that a statement is about: those that it names, else the one in which it stands.
    fn sections(&self, claim: &Claim, doubt: &mut Option<(String, u8)>) -> Vec<&'static str> {
        let home = self.home.1.filter(|s| *s != "job-grade");
        let lists = ["responsibilities", "requirements", "performance-indicators"];
        match (claim.sections.as_slice(), home) {
            ([], home) => home.into_iter().collect(),
            ([said], Some(home)) if *said != home && lists.contains(said) && lists.contains(&home) => {
                *doubt = Some((format!("it stands below the {home}, but says {said}; those below which it stands were taken"), 65));
                vec![home]
            }
            (said, _) => said.to_vec(),
        }
    }

    fn put(&mut self, role: usize, claim: &Claim, sections: &[&'static str], doubt: Option<(String, u8)>) -> Option<Done> {
        let one = |target: Target, step: Step| Found { targets: vec![(target, step)], either: false };
        let own = |r: usize| Target::Role(self.number, r);
        let found = match &claim.of {
            Of::Named(phrase) => named(self.draft, self.number, self.directory, self.part, Some(role), phrase),
            Of::Above => above(self.draft, self.part, role, sections).map(|(target, step)| one(target.map_or(Target::General, own), step)),
            Of::General => general(self.draft, sections).map(|step| one(Target::General, step)),
            Of::Previous => previous(self.draft, role).map(|(r, step)| one(own(r), step)),
        };
        let found = match found {
            Ok(found) => found,
            Err(reason) => {
                if claim.is_sure {
                    self.leave(role, reason);
                }
                return None;
            }
        };
        let (line, title) = (self.line(), self.draft.roles[role].title.clone());
        let parents: Vec<(String, Step)> = found
            .targets
            .iter()
            .filter_map(|(target, step)| match target {
                Target::Role(family, r) => Some((self.directory.reference(self.number, *family, *r), step.clone())),
                Target::General => None,
            })
            .collect();
        if parents.is_empty() {
            let text = format!("{title}: what counts for all roles of the page, which it inherits anyway");
            self.draft.note(line, "extends", text, Verdict::Understood);
            return Some(Done { node: Node::Role(role), references: Vec::new() });
        }
        // "Mentors juniors so that they meet the requirements of an Analyst" makes nobody an analyst.
        if claim.doubt == Some(Doubt::Aside) {
            self.leave(role, "the sentence says more than that the one builds on the other".to_owned());
            return None;
        }
        let is_part_of_either = found.either && !sections.is_empty();
        for (reference, step) in &parents {
            let only = if sections.is_empty() { String::new() } else { format!(" ({})", sections.join(", ")) };
            let verdict = match &doubt {
                Some((why, sure)) => Verdict::Guessed(why.clone(), (*sure).min(step.sure)),
                None if step.sure < 95 => Verdict::Guessed(step.how.to_owned(), step.sure),
                None if is_part_of_either => Verdict::Guessed("`extends_any` cannot say that only these lists are meant".to_owned(), 85),
                None => Verdict::Understood,
            };
            let what = if found.either { "extends_any" } else { "extends" };
            self.draft.note(line, what, format!("{title}: {reference}{only}"), verdict);
        }
        let references: Vec<String> = parents.into_iter().map(|(r, _)| r).collect();
        for reference in &references {
            let role = &mut self.draft.roles[role];
            if !found.either {
                add(&mut role.extends, reference.clone(), sections);
            } else if !role.extends_any.contains(reference) {
                role.extends_any.push(reference.clone());
            }
        }
        // `extends_any` cannot say which list: the words stay.
        (!is_part_of_either).then_some(Done { node: Node::Role(role), references })
    }

    fn leave(&mut self, role: usize, reason: String) {
        let (line, shown) = (self.line(), self.shown());
        self.draft.roles[role].comments.push(format!("extends: not resolved, line {}: {shown}", line + 1));
        self.draft.note(line, "extends", shown, Verdict::Left(reason));
    }

    /// A specialty extends nothing; the roles that a statement in it names are those that it is for.
    fn of_specialty(&mut self, specialty: usize, claim: &Claim) -> Option<Done> {
        let (line, title) = (self.line(), self.draft.specialties[specialty].title.clone());
        let phrase = if let Of::Named(phrase) = &claim.of { Some(phrase) } else { None };
        let Some(phrase) = phrase.filter(|_| !claim.is_beside) else {
            let text = format!("{title}: the lists of the roles, to which a specialty adds anyway");
            self.draft.note(line, "specialty", text, Verdict::Understood);
            return None;
        };
        let found = named(self.draft, self.number, self.directory, self.part, None, phrase);
        let own = |target: &Target| if let Target::Role(f, r) = target { (*f == self.number).then_some(*r) } else { None };
        let own: Option<Vec<usize>> =
            found.as_ref().ok().map(|found| found.targets.iter().map(|(t, _)| own(t)).collect::<Option<_>>()).unwrap_or_default();
        let Some(own) = own else {
            if claim.is_sure {
                let shown = self.shown();
                let reason = found.err().unwrap_or_else(|| "a specialty is for roles of its own page".to_owned());
                self.draft.note(line, "specialty", shown, Verdict::Left(reason));
            }
            return None;
        };
        let mut references = Vec::new();
        for role in own {
            let id = self.draft.roles[role].id.clone();
            references.push(id.clone());
            if !self.draft.specialties[specialty].roles.contains(&id) {
                let text = format!("{title}: for {}", self.draft.roles[role].title);
                self.draft.specialties[specialty].roles.push(id);
                self.draft.note(line, "specialty", text, Verdict::Guessed("it says that it extends this role".to_owned(), 85));
            }
        }
        Some(Done { node: Node::Specialty(specialty), references })
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

/// "The responsibilities above" are those of the last list of that kind before.
fn above(draft: &Draft, part: usize, role: usize, sections: &[&'static str]) -> Result<(Option<usize>, Step), String> {
    let section = sections.first().copied().ok_or("it does not say which list is meant")?;
    let heading = draft.headings.iter().rfind(|h| h.part < part).map_or(0, |h| h.part);
    let is_point = |p: usize| matches!(draft.page.parts[p].kind, PartKind::Item { .. }) && !draft.taken.iter().any(|t| t.part == p);
    if (heading..part).any(is_point) {
        return Err("it may mean the points above it in the same list".to_owned());
    }
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

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(160).collect();
    if out.len() < text.len() {
        out.push('\u{2026}');
    }
    out
}
