//! Names of roles as people write them in, comparable forms out: `Sr. Manager, X` and `Senior X Manager` are one bag of words.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::ident;

/// The words of a name for comparing: lower case, abbreviations written out, singular, without small words.
pub fn words(name: &str) -> Vec<String> {
    let lower = ident::fold(name).replace(['\u{2019}', '\''], "");
    let joined = join_initials(&lower);
    let mut words: Vec<String> = Vec::new();
    for word in joined.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        match word {
            "sr" | "snr" => words.push("senior".to_owned()),
            "jr" => words.push("junior".to_owned()),
            // "Vice President (VP)" says it twice.
            "vp" if words.ends_with(&["vice".to_owned(), "president".to_owned()]) => {}
            "vp" => words.extend(["vice".to_owned(), "president".to_owned()]),
            "avp" => words.extend(["area".to_owned(), "vice".to_owned(), "president".to_owned()]),
            "the" | "a" | "an" | "of" | "and" | "for" | "role" | "roles" | "position" | "positions" => {}
            word => words.push(singular(word)),
        }
    }
    words
}

/// `fp&a` and `L&D` are one word.
fn join_initials(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let between = |i: usize| i > 0 && chars[i - 1].is_alphanumeric() && chars.get(i + 1).is_some_and(|c| c.is_alphanumeric());
    chars.iter().enumerate().filter(|(i, c)| **c != '&' || !between(*i)).map(|(_, c)| c).collect()
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|s| s.len() >= 3) {
        return format!("{stem}y");
    }
    let stem = word.strip_suffix('s').filter(|s| s.len() >= 3 && !s.ends_with(['s', 'u', 'i']));
    stem.unwrap_or(word).to_owned()
}

/// The words in order, without `intermediate`, which is the level that has no name.
pub fn ordered(name: &str) -> String {
    let all = words(name);
    let bare: Vec<&str> = all.iter().map(String::as_str).filter(|w| *w != "intermediate").collect();
    if bare.is_empty() { all.join(" ") } else { bare.join(" ") }
}

/// The words of a comparable form, sorted.
pub fn bag(ordered: &str) -> Vec<&str> {
    let mut words: Vec<&str> = ordered.split(' ').collect();
    words.sort_unstable();
    words
}

/// Two names that differ in one of these are never similar.
pub use crate::ident::LEVELS;

/// Words that name a kind of work.
const NOUNS: &str = " accountant administrator advisor advocate agent analyst architect artist assistant chief associate attorney auditor buyer \
 consultant controller coordinator counsel designer developer director editor engineer evangelist executive facilitator fellow generalist head \
 instructor intern lead leader lawyer librarian manager officer operator organizer owner paralegal partner planner president producer programmer \
 recruiter representative researcher scientist scrum secretary sourcer specialist strategist supervisor technician tester trainer translator \
 treasurer writer sre coach clerk marketer builder inspector mechanic electrician teacher ";

const HIGH: [&str; 5] = ["manager", "director", "president", "head", "chief"];

static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^(?:(?:IC|[A-Z])\d{1,2}|Level\s\d{1,2})\b").expect("a pattern of ours"));

/// The level that a title begins with as a letter and a number: `IC3`, `L2`, `Level 2`.
fn code_of(title: &str) -> Option<&str> {
    CODE.find(title).map(|found| found.as_str())
}

/// Whether a word counts levels: `III`, `2`, `ic3`.
fn is_number(word: &str) -> bool {
    code_of(&word.to_uppercase()).is_some_and(|code| code.len() == word.len())
        || ["i", "ii", "iii", "iv", "v", "vi"].contains(&word)
        || word.chars().all(|c| c.is_ascii_digit())
}

/// Whether a word names a kind of work.
pub fn is_noun(word: &str) -> bool {
    NOUNS.contains(&format!(" {word} "))
}

/// Whether a heading may be the title of a role: words with capitals, one of which names a kind of work, and no sentence.
pub fn may_be_title(text: &str) -> bool {
    is_title_case(text) && words(text).iter().any(|w| is_noun(w))
}

/// Whether a heading is a few words with capitals, and no sentence.
pub fn is_title_case(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_sentence = text.ends_with(['?', ':', '.', '!']) && !lower.ends_with("sr.") || lower.contains("roles") || lower.contains(" role at ");
    if is_sentence || text.split_whitespace().count() > 11 || !text.starts_with(|c: char| c.is_alphanumeric() || c == '"') {
        return false;
    }
    let small = ["of", "to", "and", "for", "the", "in", "at", "a", "an", "or", "de", "with", "us"];
    let starts: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == '-' || c == '/').filter(|w| !w.is_empty()).collect();
    starts.iter().all(|w| small.contains(w) || !w.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(|c: char| c.is_lowercase()))
}

/// Whether a heading may be the name of something, as those of specialties are, and no sentence or heading of a page.
pub fn may_be_name(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(|w| ident::fold(w).replace('\u{2019}', "'")).collect();
    let first = words.first().map_or("", String::as_str).trim_end_matches(':');
    let of_pages = [
        "how",
        "what",
        "what's",
        "why",
        "who",
        "where",
        "when",
        "you",
        "you'll",
        "you've",
        "you're",
        "your",
        "we",
        "our",
        "about",
        "additional",
        "relevant",
        "related",
        "apply",
        "projects",
        "compensation",
        "benefits",
        "links",
        "note",
        "notes",
        "example",
        "examples",
        "see",
        "working",
        "overview",
        "introduction",
        "general",
    ];
    let speaks = words.iter().any(|w| ["you", "we", "you'll", "you've", "you're", "we're", "it's", "is", "are"].contains(&w.as_str()));
    let text = text.trim_end().trim_end_matches(':');
    let is_sentence = text.ends_with(['?', '!', '.']) || words.len() > 8 || speaks;
    let is_written_so = is_title_case(text) || words.len() <= 4;
    text.starts_with(char::is_alphanumeric) && !is_sentence && !of_pages.contains(&first) && is_written_so
}

/// The level that a title begins with or has in parentheses.
pub fn level_of(title: &str) -> Option<String> {
    if let Some(code) = code_of(title) {
        return Some(code.to_owned());
    }
    let inner = title.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner.trim());
    let is_level = |w: &&str| LEVELS.contains(&words(w).join(" ").as_str()) || code_of(w) == Some(*w);
    if let Some(level) = inner.filter(is_level) {
        return Some(level.to_owned());
    }
    let first =
        title.split_whitespace().next().filter(is_level).filter(|w| !w.eq_ignore_ascii_case("executive") && !w.eq_ignore_ascii_case("chief"))?;
    let word = words(first).join(" ");
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect())
}

/// Whether a heading says nothing but a level: `Senior`, `Staff level`.
pub fn is_bare_level(text: &str) -> bool {
    let words: Vec<String> = words(text).into_iter().filter(|w| w != "level").collect();
    words.len() == 1 && LEVELS[..10].contains(&words[0].as_str())
}

/// Whether a title says only how high the role is, not what it does: `Senior Manager`, `Senior Analyst`.
pub fn is_generic(title: &str) -> bool {
    let words = words(title);
    words.len() <= 2 && words.iter().all(|w| LEVELS.contains(&w.as_str()) || is_noun(w)) && words.iter().any(|w| w != "intermediate")
}

/// How alike two names are, 0 to 1. Names of different levels are not alike at all.
pub fn likeness(a: &str, b: &str) -> f64 {
    likeness_of(&ordered(a), &ordered(b))
}

/// The same of two names that are in comparable form already.
pub fn likeness_of(a_ordered: &str, b_ordered: &str) -> f64 {
    let high = |ordered: &str| -> Vec<String> {
        let weighty = |w: &&str| LEVELS.contains(w) || HIGH.contains(w) || is_number(w);
        let mut words: Vec<String> = ordered.split(' ').filter(weighty).map(str::to_owned).collect();
        words.sort();
        words.dedup();
        words
    };
    if high(a_ordered) != high(b_ordered) {
        return 0.0;
    }
    let (a_bag, b_bag) = (bag(a_ordered), bag(b_ordered));
    let near = |w: &str, others: &[&str]| {
        others.iter().any(|o| {
            *o == w
                || (w.len() >= 6
                    && w.len().abs_diff(o.len()) <= 2
                    && w.as_bytes()[0] == o.as_bytes().first().copied().unwrap_or_default()
                    && ident::distance(w, o) <= 2)
        })
    };
    let common = a_bag.iter().filter(|w| near(w, &b_bag)).count().min(b_bag.iter().filter(|w| near(w, &a_bag)).count());
    2.0 * common as f64 / (a_bag.len() + b_bag.len()) as f64
}

/// A name with its short words written out by another: `PS` by `Professional Services`, `L&D` by `Learning & Development`.
pub fn written_out(name: &str, by: &str) -> Option<String> {
    let full = words(by);
    let mut changed = false;
    let mut out: Vec<String> = Vec::new();
    for word in words(name) {
        let run = (2..=5).contains(&word.len()).then(|| full.windows(word.len()).find(|run| initials(run) == word)).flatten();
        match run {
            Some(run) if !full.contains(&word) => {
                changed = true;
                out.extend(run.iter().cloned());
            }
            _ => out.push(word),
        }
    }
    changed.then(|| out.join(" "))
}

fn initials(words: &[String]) -> String {
    words.iter().filter_map(|w| w.chars().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_plurals_and_the_level_without_a_name_do_not_matter() {
        assert_eq!(ordered("Sr. Data Analysts"), ordered("Senior Data Analyst"));
        assert_eq!(ordered("Data Analyst (Intermediate)"), ordered("The Data Analyst role"));
        assert_eq!(ordered("VP of Sales"), ordered("Vice President, Sales"));
        assert_eq!(bag(&ordered("Manager, Sales")), bag(&ordered("Sales Manager")));
    }

    #[test]
    fn titles_are_told_from_sentences() {
        for title in ["Senior Widget Engineer", "Manager, Tax", "VP of Widgets", "Chief of Staff to the CEO"] {
            assert!(may_be_title(title), "{title}");
        }
        for other in ["What an engineer does", "Engineering Roles at Acme", "Relevant Links", "Working with a manager", "Who is the manager?"] {
            assert!(!may_be_title(other), "{other}");
        }
    }

    #[test]
    fn names_of_specialties_are_told_from_headings_of_a_page() {
        for name in ["Search", "CI/CD", "Growth & Monetization", "Employment - EMEA", "Widget Engineer (Tools)", "Site reliability", "WE, Sales:"] {
            assert!(may_be_name(name), "{name}");
        }
        for other in
            ["How you'll grow in the role:", "What it\u{2019}s like to work here", "Relevant links", "About us", "Projects you might work on"]
        {
            assert!(!may_be_name(other), "{other}");
        }
    }

    #[test]
    fn a_level_may_be_a_code() {
        for (title, level) in [
            ("IC3 Widget Engineer", Some("IC3")),
            ("L2 \u{2013} Widget Engineer", Some("L2")),
            ("Level 2: Widget Engineer", Some("Level 2")),
            ("Widget Manager (M2)", Some("M2")),
            ("Senior Widget Engineer", Some("Senior")),
            ("B2B Widget Manager", None),
            ("Widget Engineer", None),
        ] {
            assert_eq!(level_of(title).as_deref(), level, "{title}");
        }
    }

    #[test]
    fn another_level_is_never_similar() {
        assert_eq!(likeness("Staff Widget Engineer", "Senior Widget Engineer"), 0.0);
        assert_eq!(likeness("Widget Engineer", "Widget Engineer III"), 0.0);
        assert_eq!(likeness("IC1 Widget Engineer", "IC2 Widget Engineer"), 0.0);
        assert!(likeness("Widget Response Engineer", "Widget Response Team Engineer (Intermediate)") > 0.8);
    }

    #[test]
    fn initials_are_written_out_by_the_other_name() {
        assert_eq!(written_out("WE Manager", "Widget Excellence Manager").as_deref(), Some("widget excellence manager"));
        assert_eq!(written_out("Tax Manager", "Widget Manager"), None);
    }
}
