//! The headings of a page in, its roles and specialties out, and what each heading is meant to open.

mod sections;
mod titles;

use std::collections::{HashMap, HashSet};

use super::headings::{self, Evidence, Head, Shape};
use super::{grades, names, wordings};
use crate::ident;
use crate::import::outline::{Container, Draft, Heading, Intent, Node, Part, PartKind, Role, Specialty, Verdict};

pub use titles::of_page as title_of_page;

/// What a plain heading is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guess {
    Role,
    Specialty,
    /// The part of the page that counts for all levels, under the title of one.
    General,
    /// The title of a role again, with more of its lists.
    Again,
    Prose,
}

/// Finds the roles and specialties of a draft, and says what each heading opens.
pub fn recognise(draft: &mut Draft) {
    let heads = headings::of(&draft.page);
    let mut evidence: Vec<Evidence> = (0..heads.len()).map(|i| headings::weigh(&draft.page, &heads, i)).collect();
    graded_by_tables(draft, &heads, &mut evidence);
    let mut guesses: Vec<Guess> = (0..heads.len()).map(|i| guess(&heads, &evidence, i)).collect();
    settle_repeats(&heads, &evidence, &mut guesses);
    if !guesses.contains(&Guess::Role) && implied(draft, &heads).len() < 2 {
        row_of_titles(draft, &heads, &mut guesses);
    }
    let heading = |h: &Head| {
        let text = draft.page.parts[h.part].text.clone();
        Heading { part: h.part, level: h.level, text, intent: Intent::Prose, section_words: None }
    };
    draft.headings = heads.iter().map(heading).collect();
    for (i, head) in heads.iter().enumerate().filter(|(i, _)| guesses[*i] == Guess::Role) {
        let line = draft.page.parts[head.part].lines.start;
        draft.roles.push(Role { title: head.text.clone(), heading: Some(i), line, grades: head.tail.grades.clone(), ..Role::default() });
    }
    graded_lists(draft, &heads, &evidence, &guesses);
    titles::complete(draft, &heads);
    let implied = implied(draft, &heads);
    draft.roles.extend(implied);
    let base = base(draft, &heads);
    draft.roles.extend(base);
    if draft.roles.iter().all(|r| r.heading.is_none()) && draft.roles.len() < 2 {
        alone(draft, &heads);
    }
    draft.roles.sort_by_key(|r| r.line);
    let owners = owners(draft, &heads, &guesses);
    if draft.roles.is_empty() {
        draft.specialties.clear();
        note_bold_titles(draft);
        return;
    }
    titles::finish(draft);
    sections::assign(draft, &heads, &owners);
    for i in 0..draft.roles.len() {
        note_role(draft, i, &heads, &evidence);
        grades::note_heading(draft, i);
    }
    for i in 0..draft.specialties.len() {
        let heading = draft.specialties[i].heading;
        let line = draft.page.parts[draft.headings[heading].part].lines.start;
        let title = draft.specialties[i].title.clone();
        let is_below = above(&heads, heading).is_some_and(|a| matches!(heads[a].shape, Shape::Container(_)));
        let verdict = if is_below || wordings::is_of_specialty(&title) {
            Verdict::Understood
        } else {
            Verdict::Guessed("it stands after the heading of the specialties, at the same level".to_owned(), 75)
        };
        draft.note(line, "specialty", title, verdict);
    }
    note_odd_specialties(draft, &heads, &guesses);
    note_odd_levels(draft, &heads, &evidence, &guesses);
    note_odd_lists(draft);
    note_bold_titles(draft);
    note_end(draft);
}

/// A title that stands in a table of grades has that grade. One that stands twice is that of the role where it has lists.
fn graded_by_tables(draft: &Draft, heads: &[Head], evidence: &mut [Evidence]) {
    let tabled = grades::in_tables(&draft.page);
    let mut times: HashMap<&str, usize> = HashMap::new();
    heads.iter().for_each(|h| *times.entry(&h.ordered).or_default() += 1);
    for (head, found) in heads.iter().zip(evidence) {
        let is_tabled = head.may_be_title && times[head.ordered.as_str()] == 1 && tabled.contains(&head.ordered);
        found.has_grade |= is_tabled && found.has_text;
    }
}

/// Titles with a grade below a list for all: each is the role's part of that list, and no heading opens the role.
fn graded_lists(draft: &mut Draft, heads: &[Head], evidence: &[Evidence], guesses: &[Guess]) {
    for i in (0..heads.len()).filter(|i| guesses[*i] == Guess::Prose && is_graded_list(heads, evidence, *i)) {
        let (title, grades) = (heads[i].text.clone(), heads[i].tail.grades.clone());
        match grades::by_name(&draft.roles, &title) {
            Some(known) if draft.roles[known].grades.is_empty() => draft.roles[known].grades = grades,
            Some(_) => {}
            None => draft.roles.push(Role { title, grades, line: draft.page.parts[heads[i].part].lines.start, ..Role::default() }),
        }
    }
}

fn is_graded_list(heads: &[Head], evidence: &[Evidence], at: usize) -> bool {
    let in_list = above(heads, at).is_some_and(|a| matches!(heads[a].shape, Shape::Section(_)));
    in_list && heads[at].may_be_title && !heads[at].tail.grades.is_empty() && !evidence[at].has_core
}

/// Headings that are no roles though they stand among the levels or say a level, for a person to look at.
fn note_odd_levels(draft: &mut Draft, heads: &[Head], evidence: &[Evidence], guesses: &[Guess]) {
    let told: HashSet<usize> = draft.notes.iter().map(|n| n.line).collect();
    for i in (0..heads.len()).filter(|i| guesses[*i] == Guess::Prose && evidence[*i].has_text) {
        let line = draft.page.parts[heads[i].part].lines.start;
        if draft.headings[i].intent != Intent::Prose || told.contains(&(line + 1)) {
            continue;
        }
        let parent = heads[..i].iter().rposition(|h| h.level < heads[i].level);
        let is_child = parent.is_some_and(|p| matches!(heads[p].shape, Shape::Container(Container::Levels)));
        let is_of_nobody = parent.is_none_or(|p| draft.headings[p].intent == Intent::Prose);
        let is_title = heads[i].shape == Shape::Plain && evidence[i].may_be_title && evidence[i].is_levelled && is_of_nobody;
        let reason = match (is_child && heads[i].shape == Shape::Plain, is_title) {
            (true, _) => "it stands below the levels, but its words are not those of a title; it is kept as prose",
            (_, true) => "its words are those of a title, but no grade or list of a role follows; it is kept as prose",
            _ => continue,
        };
        draft.note(line, "role", heads[i].text.clone(), Verdict::Left(reason.to_owned()));
    }
}

/// Paragraphs that read as the heading of a list: they open none.
fn note_odd_lists(draft: &mut Draft) {
    let homes = draft.homes();
    let is_item = |part: usize| matches!(draft.page.parts.get(part).map(|p| &p.kind), Some(PartKind::Item { .. }));
    let reads_as = |part: &Part| wordings::section(&part.text).filter(|_| part.kind == PartKind::Prose && part.text.len() < 60).map(|w| w.section);
    let is_odd = |part: usize| is_item(part + 1) && reads_as(&draft.page.parts[part]).is_some_and(|section| homes[part].1 != Some(section));
    let odd: Vec<usize> = (0..homes.len()).filter(|part| is_odd(*part)).collect();
    for part in odd {
        let (line, text) = (draft.page.parts[part].lines.start, draft.page.parts[part].text.clone());
        let reason = match homes[part].1 {
            Some(section) => format!(
                "it reads as the heading of a list, but is none; what follows is a part of the {}",
                wordings::canonical(section).to_lowercase()
            ),
            None => "it reads as the heading of a list, but is none; what follows is kept as prose".to_owned(),
        };
        draft.note(line, "section", text, Verdict::Left(reason));
    }
}

/// Paragraphs in bold that read as the title of a role: only a heading is one.
fn note_bold_titles(draft: &mut Draft) {
    let is_bold = |line: &str| line.len() > 4 && ["**", "__"].iter().any(|mark| line.starts_with(mark) && line.ends_with(mark));
    for part in 0..draft.page.parts.len() {
        let Part { kind, lines, text, .. } = &draft.page.parts[part];
        let line = lines.start;
        if *kind != PartKind::Prose || lines.len() != 1 || !is_bold(draft.page.lines[line].trim()) {
            continue;
        }
        let title = headings::apart(text).0;
        if names::may_be_title(title) && !draft.roles.iter().any(|r| r.title.eq_ignore_ascii_case(title)) {
            let reason = "it reads as the title of a role, but is bold and no heading; if it is one, write `## ` before it and import again";
            draft.note(line, "role", text.clone(), Verdict::Left(reason.to_owned()));
        }
    }
}

/// Headings below the last role, of prose or after its own lists, that no other role has may be meant for all.
fn note_end(draft: &mut Draft) {
    let opens_role = |h: &Heading| matches!(h.intent, Intent::Node(Node::Role(_)));
    let Some(last) = draft.headings.iter().rposition(opens_role) else { return };
    if draft.headings.iter().filter(|h| opens_role(h)).count() < 2 {
        return;
    }
    let level = draft.headings[last].level;
    let before: HashSet<String> = draft.headings[..last].iter().map(|h| ident::loose(&h.text)).collect();
    let end = draft.headings[last + 1..].iter().position(|h| h.level <= level).map_or(draft.headings.len(), |n| last + 1 + n);
    let below = draft.headings[last + 1..end].iter();
    let lists = below.clone().filter(|h| !matches!(h.intent, Intent::Prose)).count();
    let odd = below.clone().filter(|h| h.level == level + 1).skip(lists).filter(|h| h.intent == Intent::Prose);
    let odd = odd.filter(|h| !before.contains(&ident::loose(&h.text)));
    let section = |h: &Heading| if let Intent::Section(Node::Role(_), section) = h.intent { Some(section) } else { None };
    let after_own = below.clone().rposition(|h| section(h).is_some_and(|s| sections::CORE.contains(&s))).map_or(0, |i| i + 1);
    let others = draft.headings[..last].iter().chain(&draft.headings[end..]);
    let of_others: HashSet<&str> = others.filter_map(|h| if let Intent::Section(_, section) = h.intent { Some(section) } else { None }).collect();
    let lists = below.skip(after_own).filter(|h| section(h).is_some_and(|s| !of_others.contains(s)));
    for heading in odd.chain(lists).cloned().collect::<Vec<_>>() {
        let line = draft.page.parts[heading.part].lines.start;
        let reason = "it stands at the end, below the last role, and no other role has the like; it may be meant for all";
        draft.note(line, "section", heading.text, Verdict::Guessed(reason.to_owned(), 60));
    }
}

/// Headings among the specialties that are none, for a person to look at.
fn note_odd_specialties(draft: &mut Draft, heads: &[Head], guesses: &[Guess]) {
    let is_container = |i: usize| matches!(heads[i].shape, Shape::Container(Container::Specialties));
    for i in (0..heads.len()).filter(|i| guesses[*i] == Guess::Prose && heads[*i].shape == Shape::Plain) {
        let line = draft.page.parts[heads[i].part].lines.start;
        let is_child = heads[..i].iter().rposition(|h| h.level < heads[i].level).is_some_and(is_container);
        // The last container before, if only its specialties stand between.
        let container = (0..i).rev().find(|j| guesses[*j] != Guess::Specialty && heads[*j].level <= heads[i].level).filter(|j| is_container(*j));
        let is_after = container.is_some_and(|c| heads[c].level == heads[i].level)
            && names::may_be_name(&heads[i].text)
            && matches!(draft.page.parts.get(heads[i].part + 1).map(|p| &p.kind), Some(PartKind::Item { .. }));
        let text = heads[i].text.clone();
        if is_child {
            let verdict = Verdict::Left("it stands below the specialties, but its words are not those of a name; it is kept as prose".to_owned());
            draft.note(line, "specialty", text, verdict);
        } else if is_after {
            let verdict = Verdict::Left("it follows the specialties one level higher; it is kept as prose".to_owned());
            draft.note(line, "specialty", text, verdict);
        }
    }
}

/// A page without other roles that has a row of titles of one kind, each with its own text: `List First Engineer`, `List
/// Second Engineer`.
fn row_of_titles(draft: &mut Draft, heads: &[Head], guesses: &mut [Guess]) {
    let page = names::words(&titles::of_page(&draft.page.title.0));
    let has_text = |i: usize| draft.page.parts.get(heads[i].part + 1).is_some_and(|p| !matches!(p.kind, PartKind::Heading(_)));
    let is_title = |i: usize| heads[i].shape == Shape::Plain && names::may_be_title(&heads[i].text) && has_text(i) && guesses[i] == Guess::Prose;
    let titles: Vec<usize> = (0..heads.len()).filter(|i| is_title(*i)).collect();
    for first in &titles {
        let row: Vec<usize> = titles.iter().copied().filter(|i| i >= first && heads[*i].level == heads[*first].level).collect();
        let is_row = row.windows(2).all(|two| two[1] == two[0] + 1);
        let words: Vec<Vec<String>> = row.iter().map(|i| names::words(&heads[*i].text)).collect();
        let common: Vec<&String> = words[0].iter().filter(|w| words.iter().all(|other| other.contains(w))).collect();
        let is_of_a_kind = common.len() >= 2 && common.iter().any(|w| names::is_noun(w)) && common.iter().any(|w| page.contains(w));
        if row.len() < 2 || !is_row || !is_of_a_kind {
            continue;
        }
        // Below a list, with points of its own, each is that list of a role that has no heading.
        let section = heads[..*first].iter().rfind(|h| h.level < heads[*first].level).is_some_and(|h| matches!(h.shape, Shape::Section(_)));
        for i in row {
            let part = heads[i].part;
            if section && matches!(draft.page.parts[part + 1].kind, PartKind::Item { .. }) {
                let (title, line) = (heads[i].text.clone(), draft.page.parts[part].lines.start);
                draft.roles.push(Role { title, line, ..Role::default() });
            } else {
                guesses[i] = Guess::Role;
            }
        }
        return;
    }
}

/// The node that each heading opens, and the specialties.
fn owners(draft: &mut Draft, heads: &[Head], guesses: &[Guess]) -> Vec<Option<Node>> {
    let mut owners = vec![None; heads.len()];
    let by_heading: HashMap<usize, usize> = draft.roles.iter().enumerate().filter_map(|(r, role)| Some((role.heading?, r))).collect();
    for (i, head) in heads.iter().enumerate() {
        owners[i] = match guesses[i] {
            Guess::Role => by_heading.get(&i).copied().map(Node::Role),
            Guess::Specialty => {
                draft.specialties.push(Specialty { title: head.text.trim_end_matches([':', ' ']).to_owned(), heading: i, ..Specialty::default() });
                Some(Node::Specialty(draft.specialties.len() - 1))
            }
            Guess::General => Some(Node::Family),
            Guess::Again => {
                let is_it = |r: &Role| r.heading.is_some_and(|h| heads[h].ordered == head.ordered);
                draft.roles.iter().position(is_it).map(Node::Role)
            }
            Guess::Prose => {
                if let Some(title) = named_by_list(draft, heads, i) {
                    draft.specialties.push(Specialty { title, heading: i, ..Specialty::default() });
                }
                None
            }
        };
    }
    owners
}

/// The specialty of a role that has no heading but that of a list: `Widget Engineer (Tools) Responsibilities`, below the specialties.
fn named_by_list(draft: &Draft, heads: &[Head], at: usize) -> Option<String> {
    let Shape::Named(name, _) = &heads[at].shape else { return None };
    let parent = heads[..at].iter().rfind(|h| h.level < heads[at].level)?;
    let (role, _) = name.split_once('(')?;
    let is_level = names::level_of(name) != names::level_of(role);
    let is_known = draft.specialties.iter().any(|s| ident::loose(&s.title) == ident::loose(name)) || grades::by_name(&draft.roles, name).is_some();
    let is_of_role = parent.shape == Shape::Container(Container::Specialties) && grades::by_name(&draft.roles, role).is_some();
    (is_of_role && !is_level && !is_known).then(|| name.clone())
}

fn note_role(draft: &mut Draft, role: usize, heads: &[Head], evidence: &[Evidence]) {
    let found = &draft.roles[role];
    let (line, text) = (found.line, found.title.clone());
    let has_levels_below = |head: usize| {
        let next = heads[head + 1..].iter().find(|h| !matches!(h.shape, Shape::Section(_) | Shape::Named(..)));
        !evidence[head].has_grade && next.is_some_and(|h| matches!(h.shape, Shape::Container(Container::Levels)))
    };
    let verdict = match found.heading {
        None if draft.roles.len() > 1 && line == draft.page.title.1 => {
            let reason = "another role builds on it by the page's name; the lists before all roles are for these, too";
            Verdict::Guessed(reason.to_owned(), 85)
        }
        None => Verdict::Understood,
        Some(head) if has_levels_below(head) => {
            Verdict::Guessed("it has lists, but no grade, and levels follow: it may be what counts for these".to_owned(), 50)
        }
        Some(head) if evidence[head].has_core && heads[head].is_own_name && is_group(&heads[head], &evidence[head]) => {
            Verdict::Guessed("its lists repeat its name, which is that of no known kind of work, and no grade follows".to_owned(), 80)
        }
        Some(head) if evidence[head].has_grade || evidence[head].has_core || names::is_bare_level(&heads[head].text) => Verdict::Understood,
        Some(head) if evidence[head].may_be_title => Verdict::Guessed("its words are those of a title, but no grade or list follows".to_owned(), 70),
        Some(_) => Verdict::Guessed("it stands below the levels, but no grade or list follows".to_owned(), 60),
    };
    draft.note(line, "role", text, verdict);
}

/// Whether a title may as well be the name of a group of roles, as `Benefits` is.
fn is_group(head: &Head, found: &Evidence) -> bool {
    !(head.may_be_title || found.has_grade || found.is_levelled || found.has_bare_core)
}

fn guess(heads: &[Head], evidence: &[Evidence], at: usize) -> Guess {
    let (head, found) = (&heads[at], &evidence[at]);
    if head.shape != Shape::Plain || (at == 0 && head.level == 1 && !found.has_grade) || found.is_wrapper {
        return Guess::Prose;
    }
    let level = names::is_bare_level(&head.text);
    // "Widget Director Skills" below "Widget Director" is a part of it.
    let own = heads[..at].iter().rfind(|h| h.level < head.level).filter(|h| h.shape == Shape::Plain && (h.may_be_title || h.is_own_name));
    let loose = ident::loose(&head.text);
    if own.is_some_and(|own| loose.starts_with(&format!("{} ", ident::loose(&own.text)))) && !found.has_grade {
        return Guess::Prose;
    }
    let above = above(heads, at);
    let is_named_by_it = !(found.has_grade || head.may_be_title && found.has_core);
    if is_named_by_it && headings::container_beside(heads, at).is_some() && names::may_be_name(&head.text) {
        return Guess::Specialty;
    }
    match above.map(|a| &heads[a].shape) {
        Some(Shape::Container(Container::Specialties)) => {
            let is_role =
                found.may_be_title && (found.has_grade || (found.is_levelled && !found.is_overlay && (found.has_core || found.has_relation)));
            let is_child = heads[..at].iter().rposition(|h| h.level < head.level) == above;
            match (is_role, is_child && names::may_be_name(&head.text)) {
                (true, _) => Guess::Role,
                (false, true) => Guess::Specialty,
                (false, false) => Guess::Prose,
            }
        }
        Some(Shape::Container(Container::Levels)) => {
            let has_own = (found.has_grade || found.has_bare_core) && names::is_title_case(&head.text);
            let is_child = heads[..at].iter().rposition(|h| h.level < head.level) == above;
            // After the specialties it may be one of theirs.
            let is_after = above.is_some_and(|a| heads[a..at].iter().any(|h| h.shape == Shape::Container(Container::Specialties)));
            let is_named = is_child && !is_after && found.has_text && names::is_title_case(&head.text) && names::may_be_name(&head.text);
            let is_role = level || found.may_be_title || has_own || is_named;
            if is_role { Guess::Role } else { Guess::Prose }
        }
        // Below a list section a title is a sub-heading: "Requirements > Senior Engineer" is that role's section.
        // One with a grade or lists of its own only stands there by its level.
        Some(Shape::Section(_)) if is_graded_list(heads, evidence, at) => Guess::Prose,
        Some(Shape::Section(_) | Shape::Named(..)) => {
            let is_role = (found.may_be_title && (found.has_grade || found.has_core)) || (level && found.has_grade);
            if is_role { Guess::Role } else { Guess::Prose }
        }
        _ if loose.ends_with(" specialty") || loose.ends_with(" speciality") => Guess::Specialty,
        _ => {
            let is_role = found.may_be_title && (found.has_grade || found.has_core || (found.is_levelled && found.has_relation));
            // A grade makes any few words a title: there are more kinds of work than a list of words can hold.
            let is_graded = found.has_grade
                && (found.has_bare_core || found.names_itself || found.is_levelled)
                && names::is_title_case(&head.text)
                && names::words(&head.text).len() <= 6;
            let is_over = found.may_be_title && found.has_text && head.tail.is_deprecated;
            if is_role || is_graded || is_over || is_one_of_a_row(heads, evidence, at) || (level && found.has_grade) {
                Guess::Role
            } else {
                Guess::Prose
            }
        }
    }
}

/// Whether headings of one level each have lists of their own: titles, whatever their words.
fn is_one_of_a_row(heads: &[Head], evidence: &[Evidence], at: usize) -> bool {
    let fits = |i: usize| heads[i].shape == Shape::Plain && heads[i].level == heads[at].level && evidence[i].has_bare_core;
    let short = names::is_title_case(&heads[at].text) && names::words(&heads[at].text).len() <= 6;
    short && fits(at) && (evidence[at].is_levelled || (0..heads.len()).filter(|i| fits(*i)).count() > 1)
}

/// The heading above: the last one of a higher level.
fn above(heads: &[Head], at: usize) -> Option<usize> {
    let parent = heads[..at].iter().rposition(|h| h.level < heads[at].level)?;
    // Below a heading that is only a group, what counts is the container around it.
    match heads[parent].shape {
        Shape::Plain => Some(above(heads, parent).filter(|a| matches!(heads[*a].shape, Shape::Container(_))).unwrap_or(parent)),
        _ => Some(parent),
    }
}

/// The same title twice: the one with a grade is the role, one with lists is what counts for all.
fn settle_repeats(heads: &[Head], evidence: &[Evidence], guesses: &mut [Guess]) {
    let mut by_title: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, head) in heads.iter().enumerate().filter(|(i, h)| guesses[*i] == Guess::Role && h.shape == Shape::Plain) {
        by_title.entry(&head.ordered).or_default().push(i);
    }
    for i in 0..heads.len() {
        let rivals = by_title.get(heads[i].ordered.as_str()).map_or(&[][..], Vec::as_slice);
        let rivals: Vec<usize> = rivals.iter().copied().filter(|j| guesses[*j] == Guess::Role).collect();
        if guesses[i] != Guess::Role || rivals.first() != Some(&i) || rivals.len() < 2 {
            continue;
        }
        let graded: Vec<usize> = rivals.iter().copied().filter(|r| evidence[*r].has_grade).collect();
        let best = graded.last().or(rivals.iter().find(|r| evidence[**r].has_core)).copied().unwrap_or(i);
        for rival in rivals.into_iter().filter(|r| *r != best) {
            let same_text = ident::loose(&heads[rival].text) == ident::loose(&heads[best].text);
            guesses[rival] = match (evidence[rival].has_core, same_text, evidence[rival].has_grade) {
                // Both state a grade: two roles, which get titles of their own.
                (_, _, true) => Guess::Role,
                (true, _, _) if rival < best => Guess::General,
                // The title, and below it the title again with the grade: the first is the role.
                (false, true, false) if rival + 1 == best => {
                    guesses[best] = Guess::Prose;
                    Guess::Role
                }
                (true, ..) => Guess::Again,
                _ => Guess::Prose,
            };
        }
    }
}

/// Roles that only a sentence names: several grades in one section, or a section of a role without a heading.
fn implied(draft: &Draft, heads: &[Head]) -> Vec<Role> {
    let titled: HashSet<usize> = draft.roles.iter().filter_map(|r| r.heading).collect();
    let is_title = |i: usize| titled.contains(&i);
    let mut found: Vec<(String, usize)> = Vec::new();
    for (i, head) in heads.iter().enumerate() {
        let is_of_grade = |w: &super::wordings::Wording| w.section == "job-grade";
        let (name, in_grade) = match &head.shape {
            Shape::Section(wording) => (None, is_of_grade(wording)),
            Shape::Named(name, wording) => (Some(name.clone()), is_of_grade(wording)),
            _ => (None, false),
        };
        if !in_grade {
            continue;
        }
        let nearest = (0..i).rev().find(|j| is_title(*j));
        let below_role = nearest.is_some_and(|j| heads[j].level < head.level || heads[j + 1..i].iter().all(|h| h.shape == Shape::Plain));
        // The first grade below a title is that title's, whatever name its heading says.
        let is_first = nearest.is_some_and(|j| {
            let states = |h: &Head| matches!(&h.shape, Shape::Section(w) | Shape::Named(_, w) if is_of_grade(w));
            heads[j].level < head.level && !heads[j + 1..i].iter().any(states)
        });
        let end = heads.get(i + 1).map_or(draft.page.parts.len(), |next| next.part);
        let below = &draft.page.parts[head.part + 1..end];
        let sentences = below.iter().flat_map(|p| grades::clauses(&p.text).into_iter().map(|s| (s, p.lines.start)));
        let stated: Vec<(Option<String>, usize)> =
            sentences.filter(|(s, _)| !grades::in_text(s, true).is_empty()).map(|(s, line)| (grades::subject(s), line)).collect();
        let is_known = |name: &str, found: &[(String, usize)]| {
            grades::by_name(&draft.roles, name).is_some()
                || draft.roles.iter().any(|r| names::likeness(&r.title, name) >= 0.6)
                || found.iter().any(|(f, _)| names::ordered(f) == names::ordered(name))
        };
        if let (Some(name), false) = (&name, stated.is_empty()) {
            if !is_first && !is_known(name, &found) && names::may_be_title(name) && !names::is_generic(name) {
                found.push((name.clone(), draft.page.parts[head.part].lines.start));
            }
        } else if !below_role || stated.len() > 1 {
            for (subject, line) in stated.into_iter().filter_map(|(s, line)| Some((s?, line))) {
                if !is_known(&subject, &found) && names::may_be_title(&subject) {
                    found.push((subject, line));
                }
            }
        }
    }
    found.extend(of_the_page(draft, heads, &found));
    found.into_iter().map(|(title, line)| Role { title, line, ..Role::default() }).collect()
}

/// The page's own role, where its text states the grade before any role has a heading: "The Widget Engineer is a grade 6."
fn of_the_page(draft: &Draft, heads: &[Head], found: &[(String, usize)]) -> Option<(String, usize)> {
    let first = draft.roles.iter().filter_map(|r| r.heading).min()?;
    let page = names::ordered(&titles::of_page(&draft.page.title.0));
    for part in draft.page.parts[..heads[first].part].iter().filter(|p| matches!(p.kind, PartKind::Prose | PartKind::Item { .. })) {
        for sentence in grades::sentences(&part.text).into_iter().filter(|s| !grades::in_text(s, false).is_empty()) {
            let subject = grades::subject(sentence).filter(|s| names::ordered(s) == page && names::may_be_title(s));
            let is_new = |s: &String| {
                grades::by_name(&draft.roles, s).is_none()
                    && !grades::is_kind_of_all(&draft.roles, s)
                    && !found.iter().any(|(f, _)| names::ordered(f) == page)
            };
            if subject.is_some_and(|s| is_new(&s)) {
                return Some((titles::of_page(&draft.page.title.0), part.lines.start));
            }
        }
    }
    None
}

/// The page's own role, where its lists stand before all roles and one of these builds on it: "Extends the Widget Engineer role".
fn base(draft: &Draft, heads: &[Head]) -> Option<Role> {
    let title = titles::of_page(&draft.page.title.0);
    let first = draft.roles.iter().filter_map(|r| r.heading).min()?;
    let is_core = |h: &Head| matches!(&h.shape, Shape::Section(w) if matches!(w.section, "responsibilities" | "requirements"));
    let is_levels = |h: &Head| matches!(h.shape, Shape::Container(_));
    let wanted = names::ordered(&title);
    let is_known = draft.roles.iter().any(|r| names::ordered(&r.title) == wanted);
    if is_known || !names::may_be_title(&title) || !heads[..first].iter().any(is_core) || heads[..first].iter().any(is_levels) {
        return None;
    }
    let initials: String = title.split_whitespace().filter_map(|w| w.chars().next()).collect();
    let names = [title.as_str(), initials.as_str()];
    let builds_on_it = |text: &str| names.iter().filter(|n| n.len() > 2).any(|name| says_parent(text, name));
    let below = &draft.page.parts[heads[first].part + 1..];
    below.iter().any(|p| builds_on_it(&p.text)).then(|| Role { line: draft.page.title.1, title: title.clone(), ..Role::default() })
}

/// Whether a text says of a name that somebody builds on it, at once: "extends the Widget Engineer".
fn says_parent(text: &str, name: &str) -> bool {
    let joints =
        ["extends", "inherits", "builds on", "all of", "same as", "addition to", "requirements of", "responsibilities of", "requirements for"];
    text.match_indices(name).any(|(at, _)| {
        let ends_there = !text[at + name.len()..].starts_with(|c: char| c.is_alphanumeric() && c != 's');
        let before = text[..at].trim_end().to_lowercase();
        let small = [" the", " a", " an", " that of", " those of"];
        let before = small.iter().find_map(|w| before.strip_suffix(w)).unwrap_or(&before);
        ends_there && joints.iter().any(|j| before.trim_end().ends_with(j))
    })
}

/// A page without titles of roles is about one role: the page's own.
fn alone(draft: &mut Draft, heads: &[Head]) {
    let has_lists = heads.iter().any(|h| {
        let (Shape::Section(wording) | Shape::Named(_, wording)) = &h.shape else { return false };
        matches!(wording.section, "responsibilities" | "requirements" | "job-grade")
    });
    let title = titles::of_page(&draft.page.title.0);
    if let [only] = draft.roles.as_mut_slice() {
        // A sentence named it; the page's title is its title where it is one.
        if names::may_be_title(&title) && !title.contains('&') {
            only.title = title;
        }
        return;
    }
    if draft.page.is_plain || !has_lists {
        return;
    }
    let role = Role { title, line: draft.page.title.1, ..Role::default() };
    draft.roles.push(role);
}
