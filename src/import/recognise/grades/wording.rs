//! A sentence in, the grades in it and whose they are said to be out.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::said;
use crate::import::recognise::denial;

/// Other words for a grade.
pub(super) const BAND: &str = r"(?:pay|salary|job|compensation)\s+bands?";

pub(super) static STATED: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"\d{1,2}";
    let more = format!(r"((?:\s*(?:,|/|-|\u{{2013}}|&|\band\b|\bor\b|\bto\b|\ba\b|\bjob\b|\bgrades?\b|\blevel\b|[\[\]\(])\s*)+{number}\b)*");
    Regex::new(&format!(
        r"(?i)\b(?:grades?|{BAND}|(?:is|are)\s+graded)(?:\s+level)?\b\W{{0,4}}(?:is\s+|of\s+|at\s+|an?\s+)?[\[\(]?G?({number})\b{more}"
    ))
    .expect("a pattern of ours")
});

pub(super) static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:is|are|be|level|graded|:)\s*(?:an?\s+|at\s+|as\s+|job\s+|level\s+)*[\[\(]?G?(\d{1,2})\b((?:\s*(?:,|/|\band\b|\bor\b)\s*\d{1,2}\b)*)")
        .expect("a pattern of ours")
});

pub(super) static ONLY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\W*G?(\d{1,2})((?:\s*(?:,|/|\band\b|\bor\b)\s*\d{1,2})*)\W*$").expect("a pattern of ours"));

static WORDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?P<before>\bgrades?\s+)(?P<number>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b")
        .expect("a pattern of ours")
});

static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d{1,2}").expect("a pattern of ours"));

static RANGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^(\d{1,2})\s*(?:-|\u{2013}|to|through)\s*(?:(?:job\s+)?grade\s+)?(\d{1,2})$").expect("a pattern of ours"));

/// The grades that a sentence states; in a section about grades, also "is a 10" and "level 11".
pub fn in_text(text: &str, in_grade_section: bool) -> Vec<i64> {
    let text = &*in_digits(text);
    if let Some((_, number)) = said::of(text) {
        return numbers(number);
    }
    let speaks = ["rade", "RADE", "band", "Band", "BAND"].iter().any(|w| text.contains(w));
    let found = if speaks { STATED.find(text) } else { None };
    let found = found.or_else(|| if in_grade_section { BARE.find(text).or_else(|| ONLY.find(text)) } else { None });
    let Some(found) = found else { return Vec::new() };
    // A year or an amount is no grade: "grade 7500", "grade 10%".
    // Nor is half of one: "grade 9.5".
    let mut after = text[found.end()..].chars();
    let next = after.next();
    if matches!(next, Some('%' | ':')) || next == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit()) {
        return Vec::new();
    }
    // "Between grade 7 and grade 9" says all of them.
    let bounds = numbers(found.as_str());
    match (bounds.as_slice(), text[..found.start()].trim_end().to_lowercase().ends_with("between")) {
        ([first, last], true) => (*first..=*last).collect(),
        _ => bounds,
    }
}

static CODE: LazyLock<Regex> = LazyLock::new(|| {
    let small = r"(?:an?|at|in|the|job|pay)\s+";
    Regex::new(&format!(r"(?i:(?:^\W*(?:job\s+|pay\s+)?|\b(?:is|are)\s+(?:{small})*)(?:grade(?:\s+level)?|{BAND})\W{{0,4}}(?:(?:is|of|at|an?)\s+)?)[A-Z]{{1,3}}-?\d{{1,2}}\b"))
        .expect("a pattern of ours")
});

/// Whether a sentence states a grade that is no number: "grade P4".
pub(super) fn states_code(sentence: &str) -> bool {
    ["rade", " band", "Band"].iter().any(|w| sentence.contains(w)) && CODE.is_match(sentence)
}

/// Whether a text states a grade; below another heading than that of one, a sentence must say plainly that somebody has it.
pub fn states(text: &str, in_grade_section: bool) -> bool {
    let is_said = |s: &str| !in_text(s, false).is_empty() && (said::is_plain(s) || said::is_label(s));
    !in_text(text, in_grade_section).is_empty() && (in_grade_section || sentences(text).into_iter().any(is_said))
}

/// A text with grades that are written in words written in digits: "a grade seven".
pub(super) fn in_digits(text: &str) -> Cow<'_, str> {
    let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    if !text.contains("rade ") && !text.contains("rades ") {
        return Cow::Borrowed(text);
    }
    WORDED.replace_all(text, |c: &regex_lite::Captures| {
        let number = words.iter().position(|w| w.eq_ignore_ascii_case(&c["number"])).map_or(0, |n| n + 1);
        format!("{}{number}", &c["before"])
    })
}

/// Why a sentence with a grade states none: it says what is not, or what was.
pub(super) fn denied(sentence: &str) -> Option<&'static str> {
    let sentence = &*in_digits(sentence);
    let number = sentence.find(|c: char| c.is_ascii_digit())?;
    denial::denied(&sentence[..number])
}

pub(super) fn numbers(text: &str) -> Vec<i64> {
    let mut all: Vec<i64> = NUMBER.find_iter(text).filter_map(|m| m.as_str().parse().ok()).collect();
    let from = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    if let Some(range) = RANGE.captures(text[from..].trim()) {
        let bound = |i: usize| range[i].parse::<i64>().unwrap_or(0);
        all = (bound(1)..=bound(2)).collect();
    }
    all.sort_unstable();
    all.dedup();
    all.retain(|n| (1..=40).contains(n));
    all
}

static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:the\s+)?[{\[(]?(.+?)[}\])]?,?\s+(?:is|are|can be|will be|may be|sits?|falls?|ranks?)\s+(?:an?\s+|at\s+|as\s+|the\s+|either\s+)*[\[(]?\s*(?:job\s+)?(?:grade|level|\d)")
        .expect("a pattern of ours")
});

/// The one of whom a sentence about grades speaks.
pub fn subject(sentence: &str) -> Option<String> {
    if !sentence.contains("rade") && !sentence.contains("evel") && !sentence.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let of = said::of(sentence).map(|(who, _)| who.to_owned());
    let mut found = of.or_else(|| Some(SUBJECT.captures(sentence)?[1].trim().to_owned()))?;
    if !(3..=90).contains(&found.len()) {
        return None;
    }
    if found.contains('(') && !found.contains(')') {
        found.push(')');
    }
    let lower = found.to_lowercase();
    let is_pronoun =
        ["this", "it", "role", "position", "job", "levels", "described", "following"].iter().any(|w| lower == *w || lower.starts_with("this "));
    (!is_pronoun && !found.contains(". ")).then_some(found)
}

/// The words with which a [`FIELD`] begins.
const FIRST_OF_FIELD: [&str; 15] = [
    "report",
    "reports",
    "reporting",
    "job",
    "pay",
    "salary",
    "grade",
    "band",
    "level",
    "location",
    "department",
    "division",
    "team",
    "track",
    "compensation",
];

static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    let names = r"(?:(?i:reports?|reporting)\s+(?i:to|line)|(?:(?:Job|Pay|Salary)\s+)?(?i:grade|band|level)|Location|Department|Division|Team|Track|Compensation)";
    Regex::new(&format!(r"(?:^|\s){names}\s*:")).expect("a pattern of ours")
});

/// The sentences of a text; abbreviations do not end one. Lines of one paragraph such as `Job Grade: 7` and `Reports to: Y` are one each.
pub fn sentences(text: &str) -> Vec<&str> {
    // The first word is looked at first: the pattern on every text took half of the whole import.
    let first = text.split([' ', ':']).next().unwrap_or_default();
    if !FIRST_OF_FIELD.iter().any(|word| word.eq_ignore_ascii_case(first)) || text.matches(':').nth(1).is_none() {
        return plain_sentences(text);
    }
    let fields: Vec<usize> = FIELD.find_iter(text).map(|found| found.start()).collect();
    if fields.len() < 2 || fields[0] > 0 {
        return plain_sentences(text);
    }
    let ends = fields.iter().skip(1).copied().chain([text.len()]);
    fields.iter().zip(ends).flat_map(|(from, to)| plain_sentences(text[*from..to].trim())).collect()
}

fn plain_sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    for (i, _) in text.match_indices(". ") {
        let before = &text[from..i];
        let last = before.rsplit(' ').next().unwrap_or("").to_lowercase();
        if matches!(last.as_str(), "sr" | "jr" | "e.g" | "i.e" | "dir" | "vs" | "inc" | "u.s") {
            continue;
        }
        out.push(before);
        from = i + 2;
    }
    out.push(&text[from..]);
    out
}

static JOINT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)\s*[,;]?\s+(?:while|whereas|and|but)\s+|\s*;\s+").expect("a pattern of ours"));

/// The sentences of a text, and of a sentence that states a grade of each of several roles what it says of each.
pub fn clauses(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for sentence in sentences(text) {
        let mut from = 0;
        if sentence.matches(|c: char| c.is_ascii_digit()).nth(1).is_some() {
            for joint in JOINT.find_iter(sentence) {
                let (before, after) = (&sentence[from..joint.start()], &sentence[joint.end()..]);
                if !in_text(before, false).is_empty() && !in_text(after, false).is_empty() && subject(after).is_some() {
                    out.push(before);
                    from = joint.end();
                }
            }
        }
        out.push(&sentence[from..]);
    }
    out
}

pub(super) static CASES: LazyLock<Regex> = LazyLock::new(|| {
    let case = r"grade\s*\W?\d{1,2}\W?\s+(?:in|for|at|within)\s";
    Regex::new(&format!(r"(?i){case}.*(?:\b(?:and|or)|[,;])\s+(?:is\s+)?(?:an?\s+|at\s+)?(?:job\s+)?{case}")).expect("a pattern of ours")
});

/// The grades that a sentence states after its first ones.
pub(super) fn others_in(sentence: &str, first: &[i64]) -> Vec<i64> {
    let stated: Vec<_> = STATED.find_iter(sentence).collect();
    let is_said = |two: &&[regex_lite::Match]| denial::denied(&sentence[two[0].end()..two[1].start()]).is_none();
    let others = stated.windows(2).filter(is_said).flat_map(|two| numbers(two[1].as_str()));
    others.filter(|g| !first.contains(g)).collect()
}
