//! `grade-unknown`, `grade-missing`, `grade-falling`, `grade-contradicted`: grades against their scale, their parents
//! and the prose.

use super::Subject;
use crate::config::SectionKind;
use crate::diagnostic::{Diagnostic, Place};
use crate::markdown;
use crate::model::{Handbook, RoleId};
use crate::parse::{Document, Grade, Prose, RoleFront, Status, Written};

/// A grade that the family's scale does not have.
pub(super) fn unknown(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    let Some(scale) = handbook.families[subject.family].scale.map(|s| &handbook.config.scales[s]) else { return };
    // A scale that could not be read is reported where it stands.
    if scale.grades.is_empty() {
        return;
    }
    let shown = scale.grades.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    for front in &handbook.front(subject.family).roles {
        let Grade::Numbers(numbers) = &front.grade else { continue };
        for (number, span) in numbers.iter().filter(|(n, _)| !scale.grades.contains(n)) {
            let place = handbook.document_of(subject.family).place(span.clone());
            let finding = Diagnostic::error("grade-unknown", place, format!("the grade {number} is not on the scale `{}`", scale.id))
                .help(format!("grades of this scale: {shown}"));
            findings.push(finding);
        }
    }
}

/// An active role without a grade.
pub(super) fn missing(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    for front in handbook.front(subject.family).roles.iter().filter(|r| r.status == Status::Active && r.grade == Grade::Missing) {
        let place = handbook.document_of(subject.family).place(super::entry_line(handbook.document_of(subject.family), front));
        let finding = Diagnostic::warning("grade-missing", place, format!("the role {} has no grade", front.title))
            .help("add `grade:` with its number, or `grade: {none: \"why\"}` where it has none");
        findings.push(finding);
    }
}

/// A role with a lower grade than one that it extends, on one scale.
pub(super) fn falling(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    for role in handbook.roles_of(subject.family) {
        let front = handbook.role_front(role);
        let Some(own) = front.grade.numbers().into_iter().max() else { continue };
        for parent in &handbook.roles[role].parents {
            let above = handbook.role_front(parent.role);
            let family = &handbook.families[handbook.roles[parent.role].family];
            let Some(lowest) = above.grade.numbers().into_iter().min() else { continue };
            if own < lowest && family.scale == handbook.families[subject.family].scale {
                let place = handbook.document_of(subject.family).place(front.extends[parent.entry].reference.span.clone());
                let finding = Diagnostic::warning(
                    "grade-falling",
                    place,
                    format!("{} has grade {own} and extends {}, which has grade {lowest}", front.title, above.title),
                )
                .rests_on(places_of(handbook, role).chain(places_of(handbook, parent.role)))
                .help("a role that includes another is usually graded at least as high; check both grades");
                findings.push(finding);
            }
        }
    }
}

/// Where the numbers of a role's grade stand.
fn places_of(handbook: &Handbook, role: RoleId) -> impl Iterator<Item = Place> {
    let document = handbook.document_of(handbook.roles[role].family);
    handbook.role_front(role).grade.spans().map(|span| document.place(span))
}

/// A grade in the job-grade section of a role that is not the one in its front matter.
pub(super) fn contradicted(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let handbook = subject.handbook;
    let document = handbook.document_of(subject.family);
    let front = handbook.front(subject.family);
    let of_grade = |p: &&Prose| p.section.is_some_and(|s| handbook.config.sections[s].kind == SectionKind::Nothing);
    let mut compare = |node: usize, numbers: &[i64], whose: &str, roles: &[RoleFront]| {
        for prose in document.nodes[node].prose.iter().filter(of_grade) {
            let markdown = prose.written.markdown(document.text());
            let Some(wrong) = claimed(markdown).into_iter().find(|g| !numbers.contains(g)) else { continue };
            let known = match numbers {
                [] => "that there is none".to_owned(),
                numbers => numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(" or "),
            };
            let place = document.place(place_of(document, prose, wrong));
            let finding = Diagnostic::warning(
                "grade-contradicted",
                place,
                format!("the text says grade {wrong}, and the front matter of {whose} says {known}"),
            )
            .rests_on(roles.iter().flat_map(|role| role.grade.spans()).map(|span| document.place(span)))
            .help("the grade in the front matter counts; mend the text, or leave the number out of it");
            findings.push(finding);
        }
    };
    let is_graded = |role: &RoleFront| !matches!(role.grade, Grade::Missing);
    // What stands above the roles speaks of all of them, as far as they have grades.
    let mut all = Vec::new();
    for (i, role) in front.roles.iter().enumerate() {
        let numbers = role.grade.numbers();
        if is_graded(role) {
            compare(front.role_node(i), &numbers, &role.title, std::slice::from_ref(role));
        }
        all.extend(numbers);
    }
    all.sort_unstable();
    all.dedup();
    match front.roles.as_slice() {
        [alone] if is_graded(alone) => compare(0, &all, &alone.title, &front.roles),
        roles if roles.iter().all(is_graded) => compare(0, &all, &front.title, &front.roles),
        _ => {}
    }
}

/// The grades that a text says this role has: "is a grade 7", "job grade: 7", "grades 8 and 9". Another role's may stand
/// beside them ("extends the grade 8 level"), so the first statement counts, and one with *is* or a colon before others.
fn claimed(markdown: &str) -> Vec<i64> {
    if !markdown.contains("rade") {
        return Vec::new();
    }
    let statements = statements_in(&markdown::plain_text(markdown).to_lowercase());
    let claim = statements.iter().position(|s| s.is_claim).unwrap_or(0);
    statements.into_iter().nth(claim).map(|s| s.grades).unwrap_or_default()
}

/// Numbers that are called grades, and whether it is said that something has them.
struct Statement {
    grades: Vec<i64>,
    is_claim: bool,
}

fn statements_in(text: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut words = text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '\u{2013}' | '/')).filter(|w| !w.is_empty()).peekable();
    let mut before = [""; 3];
    while let Some(word) = words.next() {
        let said = ["is", "are", "at"].iter().any(|w| before.contains(w));
        before = [before[1], before[2], word];
        if !matches!(word.trim_matches(|c: char| !c.is_alphanumeric()), "grade" | "grades") {
            continue;
        }
        let mut statement = Statement { grades: Vec::new(), is_claim: said || word.ends_with(':') };
        while let Some(next) = words.peek() {
            let bare = next.trim_matches(|c: char| !c.is_alphanumeric());
            match bare.parse::<i64>() {
                Ok(number) if bare.len() <= 2 => statement.grades.push(number),
                _ if matches!(bare, "is" | "are") => statement.is_claim = true,
                _ if matches!(bare, "a" | "and" | "or" | "to" | "the" | "of" | "level" | "number" | "") => {}
                _ => break,
            }
            let ends = next.ends_with(['.', ';', ':']) && bare.parse::<i64>().is_ok();
            words.next();
            if ends {
                break;
            }
        }
        if !statement.grades.is_empty() {
            statements.push(statement);
        }
    }
    statements
}

/// Where the number stands in the prose, or the prose's first line.
fn place_of(document: &Document, prose: &Prose, number: i64) -> std::ops::Range<usize> {
    let (Written::Body(span) | Written::Yaml(_, span)) = &prose.written;
    let written = &document.text()[span.clone()];
    let digits = number.to_string();
    let from = written.find("rade").unwrap_or(0);
    match written[from..].find(&digits) {
        Some(at) => span.start + from + at..span.start + from + at + digits.len(),
        None => crate::parse::items::first_line(document.text(), span.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::claimed;

    #[test]
    fn grades_are_read_from_their_many_sentences() {
        assert_eq!(claimed("The role is a grade 7."), [7]);
        assert_eq!(claimed("The [job grade](/x/#160) is 8."), [8]);
        assert_eq!(claimed("Job grade: 7"), [7]);
        assert_eq!(claimed("These are grades 8 and 9; 12 people."), [8, 9]);
        assert_eq!(claimed("An upgrade 5 and 160 grades"), [] as [i64; 0]);
        assert_eq!(claimed("The Director is a grade 9 and extends the grade 8 manager level."), [9]);
        assert_eq!(claimed("Extends the grade 8 level. The Director is at grade 9."), [9]);
    }
}
