//! Sentences about grades in, numbers on roles out: "is a grade 7", "job grade: 7", "grades 8 and 9", tables of grades.

mod said;
mod wording;

use std::collections::HashSet;

use super::names;
use crate::import::outline::{Draft, Intent, Node, Page, PartKind, Role, Verdict};
use wording::{CASES, denied, others_in, states_code};
pub use wording::{clauses, in_text, sentences, states, subject};

/// Puts the grades of a draft on its roles: first what stands below the heading of a grade, then other sentences that say plainly whose
/// it is, then tables. What only speaks of a grade is left.
pub fn recognise(draft: &mut Draft) {
    let homes = draft.homes();
    let texts = |draft: &Draft, in_grade: bool| -> Vec<(usize, Node, String)> {
        let speaks = |part: usize| matches!(draft.page.parts[part].kind, PartKind::Prose | PartKind::Item { .. });
        let of_kind = (0..homes.len()).filter(|p| speaks(*p) && (homes[*p].1 == Some("job-grade")) == in_grade);
        of_kind.map(|p| (p, homes[p].0, draft.page.parts[p].text.clone())).collect()
    };
    let mut unclear: Vec<(usize, Node, String, bool)> = Vec::new();
    for in_grade in [true, false] {
        for (part, node, text) in texts(draft, in_grade) {
            for sentence in clauses(&text) {
                if !read(draft, part, node, sentence, in_grade) {
                    unclear.push((part, node, sentence.to_owned(), in_grade));
                }
            }
        }
    }
    read_tables(draft);
    for (part, node, sentence, in_grade) in unclear {
        read_unclear(draft, part, node, &sentence, in_grade);
    }
    note_empty(draft, &homes);
}

/// Reads a sentence; says whether what it says of a grade, if anything, is clear.
fn read(draft: &mut Draft, part: usize, node: Node, sentence: &str, in_grade: bool) -> bool {
    let line = draft.page.parts[part].lines.start;
    let mut grades = in_text(sentence, in_grade);
    if grades.is_empty() {
        let speaks = (in_grade && sentence.contains("grade") || states_code(sentence)) && is_open(draft, node);
        if speaks {
            draft.note(line, "grade", sentence, Verdict::Left("it speaks of a grade, but says no whole number".to_owned()));
        }
        return true;
    }
    if let Some(why) = denied(sentence) {
        draft.note(line, "grade", sentence, Verdict::Left(why.to_owned()));
        return true;
    }
    let named = said::named(sentence, &draft.roles);
    let is_bare = in_grade && in_text(sentence, false).is_empty() && said::is_plain_number(sentence);
    if named.is_none() && !is_bare && !said::is_plain(sentence) {
        return false;
    }
    if in_grade || named.is_some() || subject(sentence).is_some() || matches!(node, Node::Role(_)) {
        take_others(draft, sentence, &mut grades, line);
        draft.grades.extend(&grades);
        take(draft, (node, in_grade), named, sentence, grades, line);
    }
    true
}

/// Of a sentence that speaks of a grade without saying whose it is, nothing is certain. Below the heading of a grade it is likely the
/// role's.
fn read_unclear(draft: &mut Draft, part: usize, node: Node, sentence: &str, in_grade: bool) {
    let line = draft.page.parts[part].lines.start;
    let grades = in_text(sentence, in_grade);
    let of_whom = match (node, draft.roles.as_slice()) {
        (Node::Role(role), _) => Some(role),
        (Node::Family, [_]) => Some(0),
        _ => None,
    };
    match of_whom {
        Some(role) if grades.iter().all(|g| draft.roles[role].grades.contains(g)) => {}
        Some(role) if in_grade && draft.roles[role].grades.is_empty() && !said::is_bounded(sentence) => {
            let text = format!("{}: {}", draft.roles[role].title, shown(&grades));
            draft.grades.extend(&grades);
            draft.roles[role].grades = grades;
            let reason = "it stands below the heading of the grade, but the sentence does not say whose it is";
            draft.note(line, "grade", text, Verdict::Guessed(reason.to_owned(), 70));
        }
        None if !in_grade => {}
        _ => draft.note(line, "grade", sentence, Verdict::Left("it speaks of a grade, but does not say whose it is".to_owned())),
    }
}

/// Headings of a grade below which nothing was found, for a person to look at.
fn note_empty(draft: &mut Draft, homes: &[(Node, Option<&'static str>)]) {
    let told: HashSet<usize> = draft.notes.iter().filter(|n| n.what == "grade").map(|n| n.line).collect();
    for i in 0..draft.headings.len() {
        let part = draft.headings[i].part;
        let Intent::Section(node, "job-grade") = draft.headings[i].intent else { continue };
        let own: Vec<usize> = (part + 1..homes.len()).take_while(|p| homes[*p] == (node, Some("job-grade"))).collect();
        let is_told = own.iter().any(|p| draft.page.parts[*p].lines.clone().any(|l| told.contains(&(l + 1))));
        let is_graded = match node {
            Node::Role(role) => !draft.roles[role].grades.is_empty(),
            _ => draft.roles.iter().all(|r| !r.grades.is_empty()),
        };
        if !is_told && !is_graded {
            let (line, text) = (draft.page.parts[part].lines.start, draft.headings[i].text.clone());
            draft.note(line, "grade", text, Verdict::Left("no grade was understood below this heading".to_owned()));
        }
    }
}

/// Notes the grade that the heading of a role states.
pub fn note_heading(draft: &mut Draft, role: usize) {
    let Role { title, grades, line, .. } = &draft.roles[role];
    if !grades.is_empty() {
        let (text, line) = (format!("{title}: {}", shown(grades)), *line);
        draft.grades.extend(grades);
        draft.note(line, "grade", text, Verdict::Understood);
    }
}

/// Whether a grade of the role that a sentence stands below is still missing.
fn is_open(draft: &Draft, node: Node) -> bool {
    match (node, draft.roles.as_slice()) {
        (Node::Role(role), roles) => roles[role].grades.is_empty(),
        (Node::Family, [only]) => only.grades.is_empty(),
        _ => false,
    }
}

/// Tables come last: what a role's own section says counts for more.
fn read_tables(draft: &mut Draft) {
    for part in 0..draft.page.parts.len() {
        if let PartKind::Table(rows) = draft.page.parts[part].kind.clone() {
            let line = draft.page.parts[part].lines.start;
            read_table(draft, &rows, line);
        }
    }
}

/// Adds further grades of a sentence where it says for which cases each is.
fn take_others(draft: &mut Draft, sentence: &str, grades: &mut Vec<i64>, line: usize) {
    let others = others_in(sentence, grades);
    if others.is_empty() {
        return;
    }
    draft.grades.extend(&others);
    let verdict = if CASES.is_match(sentence) {
        grades.extend(others);
        Verdict::Guessed("each of these grades is for some cases alone, which the front matter does not say".to_owned(), 75)
    } else {
        Verdict::Left(format!("it states several grades; {} is of nobody for certain", shown(&others)))
    };
    draft.note(line, "grade", sentence, verdict);
}

fn take(draft: &mut Draft, (node, in_grade): (Node, bool), named: Option<usize>, sentence: &str, grades: Vec<i64>, line: usize) {
    let subject = named.map(|role| draft.roles[role].title.clone()).or_else(|| subject(sentence));
    let named = named.or_else(|| subject.as_deref().and_then(|s| by_name(&draft.roles, s)));
    let shown = shown(&grades);
    match (node, named) {
        (Node::Role(own), _) if draft.roles[own].grades.is_empty() => {
            let other = subject.filter(|s| named != Some(own) && by_likeness(&draft.roles, s) != Some(own));
            let reason = other.as_ref().map(|other| format!("it stands below {}, but the sentence says `{other}`", draft.roles[own].title));
            let is_of_several = other.is_some_and(|other| is_one_of(&draft.roles[own].title, &other));
            let verdict = match (reason, in_grade || is_of_several) {
                (None, _) => Verdict::Understood,
                // The heading of the grade, or the title, says whose it is, too.
                (Some(reason), true) => Verdict::Guessed(reason, 80),
                (Some(reason), false) => {
                    draft.note(line, "grade", sentence, Verdict::Left(reason));
                    return;
                }
            };
            let text = format!("{}: {shown}", draft.roles[own].title);
            draft.roles[own].grades = grades;
            draft.note(line, "grade", text, verdict);
        }
        (_, Some(role)) if draft.roles[role].grades.is_empty() => {
            let text = format!("{}: {shown}", draft.roles[role].title);
            draft.roles[role].grades = grades;
            draft.note(line, "grade", text, Verdict::Understood);
        }
        (Node::Family, None) => of_all(draft, subject.as_deref(), grades, line),
        (Node::Specialty(_), _) => {
            let verdict = Verdict::Left("it stands below a specialty, which has no grade of its own".to_owned());
            draft.note(line, "grade", shown, verdict);
        }
        (Node::Role(own), None) => of_another(draft, own, subject.as_deref(), grades, line),
        (_, Some(role)) => contradicts(draft, role, &grades, line),
    }
}

/// A grade below a role that has one, of somebody who is no role by that name.
fn of_another(draft: &mut Draft, own: usize, subject: Option<&str>, grades: Vec<i64>, line: usize) {
    let title = draft.roles[own].title.clone();
    let is_part = subject.is_some_and(|subject| is_part_of(&title, subject));
    if subject.is_some_and(|subject| is_one_of(&title, subject)) && !grades.iter().all(|g| draft.roles[own].grades.contains(g)) {
        let text = format!("{title}: {}", shown(&grades));
        draft.roles[own].grades.extend(grades);
        draft.note(line, "grade", text, Verdict::Guessed("its title is that of several roles, and each has a grade".to_owned(), 75));
        return;
    }
    match subject.filter(|s| !is_part && by_likeness(&draft.roles, s) != Some(own)) {
        Some(other) if names::may_be_title(other) => {
            let text = format!("{other}: {}", shown(&grades));
            draft.note(line, "grade", text, Verdict::Left("no role of this page has that name".to_owned()));
        }
        _ => contradicts(draft, own, &grades, line),
    }
}

fn is_part_of(title: &str, name: &str) -> bool {
    let (words, said) = (names::words(title), names::words(name));
    !said.is_empty() && said.iter().all(|w| words.contains(w))
}

/// Whether a title is that of several roles, of which a name is one: `Analyst & Senior Analyst`.
fn is_one_of(title: &str, name: &str) -> bool {
    is_part_of(title, name) && [" & ", " and ", " / "].iter().any(|joint| title.contains(joint))
}

fn contradicts(draft: &mut Draft, role: usize, grades: &[i64], line: usize) {
    if grades.iter().all(|g| draft.roles[role].grades.contains(g)) || draft.roles[role].grades.is_empty() {
        return;
    }
    let text = format!("{}: {}", draft.roles[role].title, shown(grades));
    let verdict = Verdict::Left(format!("another line says {}; that one was kept", shown(&draft.roles[role].grades)));
    draft.note(line, "grade", text, verdict);
}

/// Grades that are said of the page as a whole: of its only role, or one for each role in order.
fn of_all(draft: &mut Draft, subject: Option<&str>, grades: Vec<i64>, line: usize) {
    let open: Vec<usize> = (0..draft.roles.len()).filter(|r| draft.roles[*r].grades.is_empty()).collect();
    let shown = shown(&grades);
    match open.as_slice() {
        [one] if draft.roles.len() == 1 => {
            let one = *one;
            let title = draft.roles[one].title.clone();
            draft.roles[one].grades = grades;
            let other = subject.filter(|s| {
                let (said, all) = (names::words(s), names::words(&title));
                let short = names::written_out(s, &title).is_some_and(|full| names::likeness(&full, &title) >= 0.6);
                !short && names::likeness(s, &title) < 0.6 && !said.iter().all(|w| all.contains(w)) && !all.iter().all(|w| said.contains(w))
            });
            let verdict = match other {
                Some(other) => Verdict::Guessed(format!("the page has one role, but the sentence says `{other}`"), 80),
                None => Verdict::Understood,
            };
            draft.note(line, "grade", format!("{title}: {shown}"), verdict);
        }
        open if open.len() == draft.roles.len() && open.len() == grades.len() => {
            for (role, grade) in open.iter().zip(&grades) {
                draft.roles[*role].grades = vec![*grade];
                let text = format!("{}: {grade}", draft.roles[*role].title);
                draft.note(line, "grade", text, Verdict::Guessed("as many grades as roles, taken in order".to_owned(), 80));
            }
        }
        // "The Widget Engineer is a grade 6" above `Large Widget Engineer` and `Small Widget Engineer`.
        open if open.len() == draft.roles.len() && open.len() > 1 && subject.is_some_and(|s| is_kind_of_all(&draft.roles, s)) => {
            for role in open {
                draft.roles[*role].grades.clone_from(&grades);
                let text = format!("{}: {shown}", draft.roles[*role].title);
                draft.note(line, "grade", text, Verdict::Guessed("it is said of what all roles of the page are".to_owned(), 75));
            }
        }
        _ => draft.note(line, "grade", shown, Verdict::Left("the page does not say for which role".to_owned())),
    }
}

/// Whether the words of a name stand in the titles of all roles of the page, and no level sets these apart.
pub fn is_kind_of_all(roles: &[Role], name: &str) -> bool {
    let words = names::words(name);
    let fits = |title: &str| {
        let title = names::words(title);
        words.iter().all(|w| title.contains(w)) && title.iter().all(|w| words.contains(w) || !names::LEVELS.contains(&w.as_str()))
    };
    !words.is_empty() && roles.iter().all(|r| fits(&r.title))
}

fn shown(grades: &[i64]) -> String {
    grades.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// The names in tables of grades, in comparable form.
pub fn in_tables(page: &Page) -> HashSet<String> {
    let mut found = HashSet::new();
    for part in &page.parts {
        let PartKind::Table(rows) = &part.kind else { continue };
        for row in rows {
            let (names, _) = graded_row(rows, row);
            found.extend(names.iter().map(|cell| names::ordered(&crate::markdown::plain_text(cell))));
        }
    }
    found
}

/// A table with names in one cell and grades in the next.
fn read_table(draft: &mut Draft, rows: &[Vec<String>], line: usize) {
    for row in rows {
        let (cells, grades) = graded_row(rows, row);
        draft.grades.extend(&grades);
        let names: Vec<(String, Option<usize>)> = cells.iter().flat_map(|c| c.split("<br")).map(|name| in_row(&draft.roles, name)).collect();
        // "L2" beside a title is no further name.
        let is_name = |(name, role): &(String, Option<usize>)| role.is_some() || names::may_be_title(name);
        let is_named = names.iter().any(is_name);
        for (name, role) in names.iter().filter(|name| !is_named || is_name(name)) {
            match *role {
                Some(role) if draft.roles[role].grades.is_empty() => {
                    draft.roles[role].grades.clone_from(&grades);
                    let text = format!("{}: {}", draft.roles[role].title, shown(&grades));
                    draft.note(line, "grade", text, Verdict::Understood);
                }
                Some(role) => contradicts(draft, role, &grades, line),
                None if name.is_empty() || names.len() > 1 && names::level_of(name).is_some_and(|level| level == *name) => {}
                None => {
                    let reason = "no role of this page has that name";
                    draft.note(line, "grade", format!("{name}: {}", shown(&grades)), Verdict::Left(reason.to_owned()));
                }
            }
        }
    }
}

/// A name in a table, and the role that it is.
fn in_row(roles: &[Role], name: &str) -> (String, Option<usize>) {
    let plain = crate::markdown::plain_text(name.trim_start_matches([' ', '/', '>']));
    let anchor = name.split("](").nth(1).and_then(|a| a.split(')').next()).map(|a| a.trim_start_matches('#').to_owned());
    let by_anchor = || anchor.as_deref().and_then(|a| roles.iter().position(|r| r.id == a));
    let by_level = || roles.iter().position(|r| r.level.as_deref().is_some_and(|l| l.eq_ignore_ascii_case(plain.trim())));
    let role = by_name(roles, &plain).or_else(by_anchor).or_else(by_level).or_else(|| by_likeness(roles, &plain));
    (plain.trim().to_owned(), role)
}

/// The grades of a row and the cells that may say whose they are: those in the column with that heading, else in the last cell that says
/// "grade".
fn graded_row<'a>(rows: &[Vec<String>], row: &'a [String]) -> (&'a [String], Vec<i64>) {
    let is_of_grades = |head: &String| names::words(head).iter().any(|word| word == "grade" || word == "band");
    let columns: Vec<usize> = rows[0].iter().enumerate().filter(|(_, head)| is_of_grades(head)).map(|(at, _)| at).collect();
    let says = |at: usize, in_column: bool| row.get(at).map(|cell| in_text(&crate::markdown::plain_text(cell), in_column)).unwrap_or_default();
    let found = match columns.as_slice() {
        [column] => Some((*column, says(*column, true))),
        _ => (0..row.len()).rev().map(|at| (at, says(at, false))).find(|(_, grades)| !grades.is_empty()),
    };
    match found {
        Some((0, grades)) if !grades.is_empty() => (&row[1..], grades),
        Some((at, grades)) if !grades.is_empty() => (&row[..at], grades),
        _ => (&[], Vec::new()),
    }
}

/// The role with this name, by its words in any order; none where several have it.
pub fn by_name(roles: &[Role], name: &str) -> Option<usize> {
    let exact = |r: &Role| r.title.eq_ignore_ascii_case(name.trim());
    if let Some(found) = roles.iter().position(exact) {
        return Some(found);
    }
    let wanted = names::ordered(name);
    let by = |form: &dyn Fn(&str) -> String| {
        let hits: Vec<usize> = roles.iter().enumerate().filter(|(_, r)| form(&names::ordered(&r.title)) == form(&wanted)).map(|(i, _)| i).collect();
        if let [one] = hits.as_slice() { Some(*one) } else { None }
    };
    by(&str::to_owned).or_else(|| by(&|o: &str| names::bag(o).join(" ")))
}

fn by_likeness(roles: &[Role], name: &str) -> Option<usize> {
    let mut near: Vec<(f64, usize)> = roles.iter().enumerate().map(|(i, r)| (names::likeness(&r.title, name), i)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    match near.as_slice() {
        [(best, role), rest @ ..] if *best >= 0.6 && rest.first().is_none_or(|(next, _)| best - next > 0.05) => Some(*role),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_are_read_from_their_many_sentences() {
        for (text, grades) in [
            ("The Widget Engineer is a grade 7.", vec![7]),
            ("Job grade: 7", vec![7]),
            ("These are grades 8 and 9.", vec![8, 9]),
            ("It can be a grade 11 or a grade 12", vec![11, 12]),
            ("The levels are grades: 6, 7, 8", vec![6, 7, 8]),
            ("Grades 5-7 are open", vec![5, 6, 7]),
            ("The Widget Director is a job grade level 11.", vec![11]),
            ("It is a grade [8].", vec![8]),
            ("Pay band 7", vec![7]),
            ("Pay band: 7", vec![7]),
            ("The Widget Engineer is in salary band 7.", vec![7]),
            ("Plays in a band of 7", vec![]),
            ("Has 7 rubber bands", vec![]),
            ("All upgrades of 7 widgets", vec![]),
            ("A grade 9 role with 20 reports", vec![9]),
            ("The Widget Engineer is a grade seven.", vec![7]),
            ("The Widget Engineer is graded 10.", vec![10]),
            ("We graded 10 widgets", vec![]),
            ("The Widget Engineer is a grade 9.5.", vec![]),
            ("The Widget Engineer is a grade 9. 5 of them work here.", vec![9]),
        ] {
            assert_eq!(in_text(text, false), grades, "{text}");
        }
        assert_eq!(in_text("The Director is a 10.", true), [10]);
        assert_eq!(in_text("The VP is a level 12.", true), [12]);
        assert_eq!(in_text("7", true), [7]);
    }

    #[test]
    fn a_grade_that_is_denied_or_over_is_none() {
        for text in [
            "The Widget Engineer is not a grade seven.",
            "The Widget Engineer is not a grade 7.",
            "It was a grade 6",
            "No longer a grade 5",
            "This role isn\u{2019}t at grade 8",
        ] {
            assert!(denied(text).is_some(), "{text}");
        }
        for text in ["The Widget Engineer is a grade 7, not an 8.", "Job grade: 7"] {
            assert_eq!(denied(text), None, "{text}");
        }
    }

    #[test]
    fn each_grade_of_a_sentence_is_of_its_role() {
        let text = "The Widget Director is a grade 10, while the Senior Widget Director is a grade 11. It is a grade 8 and a grade 9.";
        assert_eq!(
            clauses(text),
            ["The Widget Director is a grade 10", "the Senior Widget Director is a grade 11", "It is a grade 8 and a grade 9."]
        );
        assert_eq!(others_in("It is a grade 7 in Rome and a grade 8 in Oslo", &[7]), [8]);
        assert_eq!(others_in("It is a grade 7, not a grade 8", &[7]), Vec::<i64>::new());
    }

    #[test]
    fn the_subject_of_a_sentence_is_known() {
        assert_eq!(subject("The Senior Widget Engineer is a grade 7").as_deref(), Some("Senior Widget Engineer"));
        assert_eq!(subject("This role is a grade 7"), None);
    }
}
