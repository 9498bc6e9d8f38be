//! A sentence with a grade in, whether it says plainly that somebody has it out: "is a grade 7" does, "mentors grade 5 analysts" does not.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::wording::{BARE, ONLY, STATED, in_digits};
use crate::import::outline::Role;
use crate::import::recognise::names;

/// What stands between the one of whom a sentence speaks and "grade 7".
static HAS_IT: LazyLock<Regex> = LazyLock::new(|| {
    let small = r"an?|at|the|in|of|on|both|either|also|now|currently|typically|generally|usually|classified|set|placed|as|between|from|job|pay|level";
    Regex::new(&format!(r"(?i)(?:^|\W)(?:is|are|be|sits?|falls?|ranks?|(?:it|this)['\u{{2019}}]s)(?:\s+(?:{small}))*\W*$"))
        .expect("a pattern of ours")
});
static OF_SOMEBODY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:who|whom|whose|which|that|if|when|unless|until|while)\b|\b(?:could|may|might|should|would)\s+(?:also\s+|then\s+)?be\b|^\W*(?:you|we|i)\b.*\s(?:and|or|but)\s*$")
        .expect("a pattern of ours")
});
static LABEL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\W*(?:(?:an?|the|its)\s+)?(?:job|pay|salary|compensation)?\W*$").expect("a pattern of ours"));
static ENDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[\])]*\s*(?:$|[.;,(|!]|[-\u{2013}\u{2014}]\s|(?:role|position|job|level)\b|(?:on|of|in)\s+(?:the|our)\s+(?:\w+\s+){0,2}(?:scale|table|calculator|framework|grid)\b)")
        .expect("a pattern of ours")
});
static BOUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:up\s+to|above|below|over|under|beyond|at\s+least|at\s+most|minimum|maximum|through|until)\s+(?:an?\s+|the\s+)?(?:job\s+)?$")
        .expect("a pattern of ours")
});
static OR_MORE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^[\])]*(?:\+|\s*(?:and|or)\s+(?:above|below|higher|lower|up|more|less|beyond)\b)").expect("a pattern of ours"));
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:the\s+)?(?P<who>.{3,90}?)\s*[-\u{2013}\u{2014}:,(|]\s*(?:an?\s+)?(?:job\s+)?$").expect("a pattern of ours")
});
static OF: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:the\s+)?(?:job\s+|pay\s+)?grade(?:\s+level)?\s+(?:of|for)\s+(?:the\s+|an?\s+)?(?P<who>[^.;:]{3,90}?)\s+is\s+(?:an?\s+|at\s+|grade\s+)*(?P<number>\d{1,2})\b")
        .expect("a pattern of ours")
});

/// Whether a sentence says plainly that the one of whom it speaks has the grade.
pub fn is_plain(sentence: &str) -> bool {
    let text = &*in_digits(sentence);
    let Some(found) = STATED.find(text) else { return of(text).is_some() };
    let (before, after) = (&text[..found.start()], &text[found.end()..]);
    if LABEL.is_match(before) {
        return ENDS.is_match(after);
    }
    let says_verb = found.as_str().starts_with(['i', 'I', 'a', 'A']);
    !OR_MORE.is_match(after) && (says_verb || HAS_IT.is_match(before)) && !OF_SOMEBODY.is_match(before)
}

/// Whether a sentence without the word says a grade, below the heading of one: "is a 10" does, "the team is 10 people" does not.
pub fn is_plain_number(sentence: &str) -> bool {
    let found = BARE.find(sentence).or_else(|| ONLY.find(sentence));
    found.is_some_and(|found| ENDS.is_match(&sentence[found.end()..]))
}

/// Whether a sentence says only up to which grade something goes, or from which.
pub fn is_bounded(sentence: &str) -> bool {
    let text = &*in_digits(sentence);
    STATED.find(text).is_some_and(|found| BOUND.is_match(&text[..found.start()]) || OR_MORE.is_match(&text[found.end()..]))
}

/// "The grade of the VP, Tax is 12": of whom, and where the grade stands.
pub fn of(sentence: &str) -> Option<(&str, &str)> {
    if !sentence.contains("rade") {
        return None;
    }
    let found = OF.captures(sentence)?;
    Some((found.name("who")?.as_str(), found.name("number")?.as_str()))
}

/// The role in "Tax Analyst: grade 7" and "Tax Analyst (grade 7)".
pub fn named(sentence: &str, roles: &[Role]) -> Option<usize> {
    super::by_name(roles, label(sentence)?)
}

/// Whether a sentence is a title and its grade.
pub fn is_label(sentence: &str) -> bool {
    label(sentence).is_some_and(names::may_be_title)
}

fn label(sentence: &str) -> Option<&str> {
    let found = STATED.find(sentence).filter(|found| ENDS.is_match(&sentence[found.end()..]))?;
    Some(NAMED.captures(&sentence[..found.start()])?.name("who")?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_a_grade_of_somebody_is_told_from_what_only_speaks_of_one() {
        for sentence in [
            "The Widget Engineer is a grade 7",
            "Job grade: 7",
            "Compensation: Grade 7",
            "Grade 7.",
            "A grade 9 role with 20 reports",
            "This role is currently at job grade 8",
            "It is graded 8",
            "The Widget Engineer sits at grade 5",
            "Grade 5 on the scale",
            "It is between grade 7 and grade 9",
            "It\u{2019}s a grade 8",
            "The grade of the VP, Widgets is 12",
            "The Widget Engineer, Senior is a grade seven",
        ] {
            assert!(is_plain(sentence), "{sentence}");
        }
        for sentence in [
            "Approve hires up to grade 9",
            "Mentors grade 5 analysts.",
            "The Widget Engineer reports to the Widget Manager (grade 8).",
            "Manages grade 6 and grade 7 analysts",
            "You will report to the VP of Zeta, a grade 12.",
            "Reports to the VP, who is a grade 12",
            "It is up to grade 9",
            "The Widget Engineer could be a grade 6",
            "Some may also be grade 8",
            "Grade 7 analysts are led by it",
            "This role is grade 5 or above",
            "It is a peer of grade 7 engineers",
            "Grades 5 and 6 analysts report to it",
        ] {
            assert!(!is_plain(sentence), "{sentence}");
        }
    }
}
