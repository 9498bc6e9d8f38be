//! A word such as *years* in, the phrase that counts years of experience out.

use std::ops::Range;

/// Numbers in words, as they stand before *years*.
const NUMBERS: [&str; 19] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "eighteen", "twenty", "several", "many",
    "few", "couple", "half",
];

/// Words that may stand between a number and *years*.
const BETWEEN: [&str; 15] = ["or", "more", "to", "and", "plus", "of", "those", "these", "full", "least", "than", "a", "at", "minimum", "min"];

/// Words after which a number of years tells when, and words behind *years* that make it a distance.
const WHEN: [&str; 9] = ["first", "last", "next", "past", "previous", "every", "within", "coming", "recent"];
const DISTANCE: [&str; 9] = ["ahead", "ago", "later", "away", "old", "before", "after", "since", "apart"];

/// Who may have years of experience without asking them of anybody, and the word behind that.
const OTHERS: [&str; 11] = ["we", "company", "team", "firm", "organization", "organisation", "business", "agency", "founders", "department", "group"];
const HAVE: [&str; 6] = ["has", "have", "had", "brings", "bring", "with"];

/// What somebody has been in for years.
const PLACES: [&str; 7] = ["role", "roles", "position", "positions", "job", "capacity", "function"];

/// Words that may stand before the number that opens a requirement.
const OPENERS: [&str; 18] = [
    "a",
    "about",
    "at",
    "have",
    "having",
    "ideally",
    "least",
    "min",
    "minimum",
    "more",
    "of",
    "over",
    "preferably",
    "previous",
    "than",
    "typically",
    "with",
    "you",
];
/// What years may be spent on, behind *years of*.
const WORK: [&str; 14] = [
    "administration",
    "consulting",
    "design",
    "development",
    "employment",
    "engineering",
    "expertise",
    "growth",
    "leadership",
    "management",
    "operations",
    "practice",
    "sales",
    "work",
];
/// Words behind *years* that say where they were spent, and those behind these that make something else of them.
const WHERE: [&str; 4] = ["as", "at", "in", "with"];
const NOWHERE: [&str; 17] = [
    "advance",
    "all",
    "business",
    "company",
    "extension",
    "firm",
    "least",
    "length",
    "most",
    "option",
    "pay",
    "renewal",
    "row",
    "salary",
    "time",
    "total",
    "which",
];
/// Words in *-ing* that nobody does for years.
const NO_WORK: [&str; 9] = ["according", "beginning", "being", "depending", "during", "ending", "following", "including", "starting"];

/// The phrase around `year`, `yrs`, `yoe` or `months` at `word`, where a number stands before it and *experience*, or
/// *in a ... role*, in the same sentence, or where it opens a requirement that goes on with what was done: *years managing*.
pub(super) fn phrase(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let block = block_before(text, word.start);
    let start = number_before(text, block..word.start)?;
    let before = before_in_sentence(&text[block..start]);
    let lead: Vec<String> = words(before).rev().take(4).collect();
    // Who opens with it means *earlier*.
    let is_when = |word: &String| WHEN.contains(&word.as_str()) && !(word == "previous" && lead.len() == 1);
    if lead.first().is_some_and(is_when) || is_of_others(&lead) {
        return None;
    }
    let after = &text[word.end..sentence_end(text, word.end, 80)];
    if words(after).next().is_some_and(|w| DISTANCE.contains(&w.as_str())) {
        return None;
    }
    if text[word.clone()].eq_ignore_ascii_case("yoe") {
        return Some(start..word.end);
    }
    if let Some(end) = find_experience(after).or_else(|| find_place(after)) {
        return Some(start..word.end + end);
    }
    (find_experience(before).is_some() || is_span(text, start, word) && opens(before) && goes_on_with_work(after)).then_some(start..word.end)
}

/// Whether years follow a number, and not the word of one thing that lasts so long: *two years*, *one year*, but no *two year plan*.
fn is_span(text: &str, number: usize, word: &Range<usize>) -> bool {
    let is_one = words(&text[number..word.start]).eq(["1"]) || words(&text[number..word.start]).eq(["one"]);
    match text[word.clone()].to_ascii_lowercase().as_str() {
        "years" | "yrs" => true,
        "year" | "yr" => is_one,
        _ => false,
    }
}

/// Whether a number behind these words opens a requirement: nothing else stands before it, or *at least*.
fn opens(before: &str) -> bool {
    let clause = before.rsplit([':', '(', '\u{2013}', '\u{2014}']).next().unwrap_or(before);
    let clause = clause.rsplit(" - ").next().unwrap_or(clause);
    words(clause).all(|w| OPENERS.contains(&w.as_str())) || words(before).next_back().is_some_and(|w| w == "least")
}

/// Whether what follows *years* is what somebody did in them.
fn goes_on_with_work(after: &str) -> bool {
    let is_doing = |word: &String| word.len() > 4 && word.ends_with("ing") && !NO_WORK.contains(&word.as_str());
    let Some(first) = after.split_whitespace().next() else { return false };
    let mut next = words(after).skip(1);
    if first == "of" {
        return next.by_ref().take(4).any(|w| is_doing(&w) || WORK.contains(&w.as_str()));
    }
    let somewhere =
        WHERE.contains(&first) && next.next().is_some_and(|second| !next.by_ref().take(1).chain([second]).any(|w| NOWHERE.contains(&w.as_str())));
    somewhere || is_doing(&first.to_lowercase())
}

/// Where the item or paragraph begins in which a place stands, its marker left out; at most 120 bytes before the place.
fn block_before(text: &str, at: usize) -> usize {
    let from = text.floor_char_boundary(at.saturating_sub(120));
    let mut start = at;
    for line in text[from..at].rsplit('\n') {
        let bare = line.trim_start();
        if bare.is_empty() && start < at {
            break;
        }
        start = line.as_ptr() as usize - text.as_ptr() as usize + (line.len() - bare.len());
        let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let rest = if digits > 0 { bare[digits..].strip_prefix(['.', ')']) } else { bare.strip_prefix(['-', '*', '+', '>', '#']) };
        if let Some(rest) = rest.filter(|rest| rest.starts_with(' ')) {
            start += bare.len() - rest.len();
            break;
        }
    }
    start
}

/// Where the number begins that ends a text, words such as *or more* behind it; none where there is none.
fn number_before(text: &str, within: Range<usize>) -> Option<usize> {
    let from = text.floor_char_boundary(within.start.max(within.end.saturating_sub(48)));
    let mut rest = &text[from..within.end];
    let mut first = None;
    loop {
        rest = rest
            .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '\u{2013}' | '\u{2014}' | '(' | ')' | '+' | '~' | '*' | '_' | '"'));
        if let Some(before) = rest.strip_suffix("&nbsp;") {
            rest = before;
            continue;
        }
        let start = rest
            .rfind(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ',' | '\'' | '\u{2019}'))
            .map_or(0, |i| i + rest[i..].chars().next().map_or(0, char::len_utf8));
        let word = &rest[start..];
        // A sentence or a number of a list ends here.
        if word.is_empty() || word.ends_with('.') {
            return first;
        }
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        let is_number =
            bare.bytes().next().is_some_and(|b| b.is_ascii_digit()) && bare.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
        if is_number || NUMBERS.contains(&bare.as_str()) {
            first = Some(from + start);
        } else if !BETWEEN.contains(&bare.as_str()) {
            return first;
        }
        rest = &rest[..start];
    }
}

fn before_in_sentence(before: &str) -> &str {
    let end = |(at, mark): &(usize, &str)| *mark == ";" || before[at + 1..].starts_with(char::is_whitespace);
    before.rmatch_indices(['.', ';']).find(end).map_or(before, |(at, _)| &before[at + 1..])
}

/// Whether the words before a number, the nearest first, say that somebody else has the years: *the company has*.
fn is_of_others(lead: &[String]) -> bool {
    let have = lead.iter().position(|w| HAVE.contains(&w.as_str()));
    have.is_some_and(|at| lead.get(at + 1).is_some_and(|w| OTHERS.contains(&w.as_str())))
}

fn words(text: &str) -> impl DoubleEndedIterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

/// Where the sentence ends that goes on from `from`; a line ends it where an item or a paragraph begins behind it.
fn sentence_end(text: &str, from: usize, limit: usize) -> usize {
    let to = text.floor_char_boundary((from + limit).min(text.len()));
    let window = &text[from..to];
    let ends = |(at, mark): &(usize, &str)| match *mark {
        "." => window[at + 1..].starts_with(char::is_whitespace),
        "\n" => {
            let next = window[at + 1..].trim_start_matches([' ', '\t']);
            next.is_empty() || next.starts_with(['\n', '-', '*', '+', '#', '>']) || next.starts_with(|c: char| c.is_ascii_digit())
        }
        _ => true,
    };
    window.match_indices(['.', '\n', ';']).find(ends).map_or(to, |(at, _)| from + at)
}

/// The end of the word *experience* or *experienced*.
fn find_experience(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    lower.find("experience").map(|at| at + "experience".len())
}

/// The end of *in a similar role*.
fn find_place(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let mut at = 0;
    for (number, word) in lower.split(' ').enumerate().take(9) {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        // The first part is what stands directly behind the word: an apostrophe, or nothing.
        if number == 1 && bare != "in" {
            return None;
        }
        // "in which the old role stays open" is about something else.
        if number == 2 && ["which", "whom", "whose"].contains(&bare) {
            return None;
        }
        if number > 1 && PLACES.contains(&bare) {
            return Some(at + bare.len());
        }
        at += word.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::phrase;

    fn found(text: &str) -> Option<&str> {
        let units = ["years", "year", "yrs", "yoe", "months"];
        let lower = text.to_ascii_lowercase();
        let (at, unit) = units.iter().filter_map(|unit| lower.find(unit).map(|at| (at, unit))).min_by_key(|(at, _)| *at).expect("a unit");
        phrase(text, &(at..at + unit.len())).map(|span| &text[span])
    }

    #[test]
    fn years_of_experience_are_found_in_their_many_wordings() {
        for (text, wanted) in [
            ("- 5+ years of experience with Go", "5+ years of experience"),
            ("At least three years' professional experience.", "three years' professional experience"),
            ("3 to 5 years of relevant work experience", "3 to 5 years of relevant work experience"),
            ("7-10 years experience", "7-10 years experience"),
            ("two or more years of proven experience", "two or more years of proven experience"),
            ("Experience of 4 years", "4 years"),
            ("Experience: 10 years minimum", "10 years"),
            ("1. 4+ years combined experience", "4+ years combined experience"),
            ("1. Five + years of experience", "Five + years of experience"),
            ("5 yrs of experience", "5 yrs of experience"),
            ("3+ yoe in Go", "3+ yoe"),
            ("18 months' experience", "18 months' experience"),
            ("three (3) years in a similar role", "three (3) years in a similar role"),
            ("5&nbsp;years of experience", "5&nbsp;years of experience"),
            ("7+ years in a finance role.", "7+ years in a finance role"),
            ("At least three\n  years of experience", "three\n  years of experience"),
            ("- 2+ years managing a team", "2+ years"),
            ("Minimum of 10 years of managing a team", "10 years"),
            ("AWS and GCP - At least 5 years managing applications", "5 years"),
            ("- 7+ years of progressive growth in finance", "7+ years"),
            ("* Over three years in a high-growth technology company", "three years"),
            ("* 1-2 years in SaaS/software preferred", "1-2 years"),
            ("Change is the norm, with at least 2-3 of those years supporting a team", "2-3 of those years"),
            ("* 6+ years of team management", "6+ years"),
            ("* Previous 2+ years of administrative experience", "2+ years of administrative experience"),
            ("**Go:** 3 years with Go", "3 years"),
            ("You have 4 yrs as an engineer", "4 yrs"),
            ("years of experience: at least 1.5 years of experience", "1.5 years of experience"),
        ] {
            let from = if text.starts_with("years") { "years of experience: ".len() } else { 0 };
            assert_eq!(found(&text[from..]), Some(wanted), "{text}");
        }
    }

    #[test]
    fn other_years_are_left_alone() {
        for text in [
            "once a year",
            "plans for the next 3 years.",
            "a plan for 2 years. Experience counts",
            "years of experience",
            "this year's experience",
            "1. Years of experience matter less than what was done",
            "The company has 10 years of experience",
            "plans two years ahead with experience in mind",
            "- 25 years as a company",
            "Contract: 2 years with a renewal",
            "**Notice.** Two years at full pay",
            "Knows the last 5 years of user experience research",
            "- in 5\n- years of experience",
            "Leads a team for 6 months with a plan",
            "a 5 year plan for growing",
            "Reports for the fiscal year 2026",
            "Joined two years ago",
            "- 2 years of paid leave",
            "- Three year vesting",
            "A degree takes 4 years",
            "- 2 years in a row",
            "- 5 years at most",
            "- One year with option to extend",
            "Data are kept for 7 years in an archive",
            "- 3 years, including holidays",
            "- Two years in, people lead",
            "Completed 2 years of law school",
            "We have been growing for 5 years in Europe",
            "a trial of three months in which the old role stays open",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
