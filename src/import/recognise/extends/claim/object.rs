//! What follows the verb of a statement in, whom it names and which lists out: "the X requirements", "that of the X role".

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{Of, ends_with_work};
use crate::import::recognise::names;
use crate::import::resolve::Titles;

/// The names of lists, with the misspellings that are common.
pub const LIST: &str =
    r"(?:respo\w*bil\w*|requir\w{0,3}ments?|qualifications?|performance\s+indicators?|kpis?|expectations|job\s+descriptions?|duties)";

/// The names of lists.
pub static SECTION_WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!(r"(?i)\b{LIST}")).expect("a pattern of ours"));

/// Whom a statement names.
pub struct Object {
    pub of: Of,
    pub sections: Vec<&'static str>,
    /// Whether it names a list.
    pub has_list: bool,
    /// Whether it speaks of a role, position or level.
    pub has_role_word: bool,
    /// Whether the name is written as titles are.
    pub is_title: bool,
    /// Whether the name says a kind of work or a level, or is a title of the imported pages.
    pub is_kind_of_work: bool,
    /// What follows and is no name.
    pub tail: String,
}

static THAT_OF: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(?:all\s+(?:of\s+)?)?(?:that|those|the\s+ones?)\s+(?:of|for|in)\s+").expect("a pattern of ours"));
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[\s,;:.]*(?:\b(?:but\s+also|but|plus|and\s+includes?|with\s+the\s+following|and\s+additionally|and\s+also|as\s+well\s+as|and\s+adds?|other\s+than|except|excluding|in\s+complexity|as\s+an?\s+individual|and\s+in\s+addition|while|without|with|when|where|whose|that|which|who|to\s+include|including|in\s+order|by|because|so)\b.*|,\s*(?:the|an?)\s[^,]{3,60}\s(?:will|must|should|is|are|has|have|does)\b.*|:.*|;.*)?[\s,;:.]*$")
        .expect("a pattern of ours")
});
/// Words after which a name is over, unless what follows leads on.
static STOP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)\b(?:{LIST}|roles?|positions?|job\s+family)(?:['\u{{2019}}]s?)?(?:\s*(?:,|/|&|and|or)\s*{LIST})*\b"))
        .expect("a pattern of ours")
});
static LEADS_ON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)^\s*(?:(?:sections?\s*)?(?:as\s+)?(?:that\s+are\s+)?(?:required|expected|outlined|listed|defined|described|mentioned|stated|above|sections?|level|job|{LIST}|roles?|positions?)\b|\(|$)"))
        .expect("a pattern of ours")
});
static AND: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)^\s*(?:,\s*)?(?:and/or|and|or|&|/|,)\s*(?P<next>.*)$").expect("a pattern of ours"));
static COMMA_AND: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)^\s*,\s*(?:and|or)\b").expect("a pattern of ours"));
static OF_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:(?:as\s+|that\s+are\s+)?(?:required|expected|outlined|listed|defined|described|mentioned|stated)\s+)?(?:of|for|from|as|in|at|to)\s+(?P<next>.+)$").expect("a pattern of ours")
});
static ARTICLES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:(?:all|that|those|the|an?|of|for|as|from|in|at|and|or|both|either|same|other|their|previous|prior|lower)\s+)+")
        .expect("a pattern of ours")
});
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(?:the\s+)?ones?|outlined|listed|defined|described|mentioned|stated|noted|detailed|required|expected|found|given|specified|here|above|below|sections?|(?:at\s+|of\s+|in\s+|from\s+)?(?:the\s+|all\s+)*(?:previous|prior|preceding|lower|earlier)\s+levels?|levels?\s+(?:below|before))\b")
        .expect("a pattern of ours")
});
static FILLER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:(?:all|that|those|both|either|the|an?|of|for|as|from|in|at|to|and|or|same|other|general|base|common|job|everything|each|every)\s+|[,&/]\s*)+").expect("a pattern of ours")
});
static END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:['\u{2019}]s?)?[\s,;:.]*\b(?:roles?|positions?|level|job\s+family|jobs?|job|of|for|as|in|from|the|at|plus|and|or|has|have)?[\s,;:.]*$").expect("a pattern of ours")
});

/// Takes apart what follows the verb. `is_aside`: the sentence goes on after a comma.
pub fn objects(written: &str, titles: &Titles, is_aside: bool) -> Vec<Object> {
    let bare = THAT_OF.replace(written, "").into_owned();
    let of_it = bare.len() != written.len();
    let cut = end_of_name(&bare, titles, is_aside);
    let (of, tail) = bare.split_at(cut);
    if let Some((first, second)) = two_lists(of) {
        let (first, second) = (object(&first, "", titles), object(&second, tail, titles));
        if first.is_title && second.is_title {
            return vec![first, second];
        }
    }
    let mut found = object(of, tail, titles);
    found.has_role_word |= of_it;
    vec![found]
}

/// "the X responsibilities and the Y requirements": each list is somebody else's.
fn two_lists(of: &str) -> Option<(String, String)> {
    let cut = [" and ", " as well as ", ", "].iter().find_map(|word| {
        of.match_indices(word).map(|(at, _)| (&of[..at], &of[at + word.len()..])).find(|(a, b)| {
            let named = |side: &str| SECTION_WORD.is_match(side) && !name_in(side).is_empty();
            named(a) && named(b)
        })
    });
    cut.map(|(a, b)| (a.to_owned(), b.to_owned()))
}

fn object(of: &str, tail: &str, titles: &Titles) -> Object {
    let lower = of.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let has_list = SECTION_WORD.is_match(of);
    let name = name_in(of);
    let words = names::words(&name);
    let is_title_of_pages = |name: &str| titles.contains(&names::ordered(&FILLER.replace(name, "")));
    let is_known = is_title_of_pages(&name) || name.contains(" or ") && name.split(" or ").all(is_title_of_pages);
    let is_kind_of_work = is_known || words.iter().any(|w| names::is_noun(w) || names::LEVELS.contains(&w.as_str()));
    // "the Senior or Staff level Widget Engineer"
    let plain = name
        .split_whitespace()
        .filter(|w| !matches!(w.trim_matches(','), "level" | "levels" | "role" | "roles" | "position"))
        .collect::<Vec<_>>()
        .join(" ");
    let is_title = !plain.is_empty() && (is_known || names::is_title_case(&plain) || ends_with_work(&plain));
    let level = ["previous level", "prior level", "level below", "levels below", "preceding level", "lower level", "earlier level", "level before"];
    let who = if holds(&level) {
        Of::Previous
    } else if is_title && is_kind_of_work {
        Of::Named(name.clone())
    } else if holds(&["above", "outlined", "listed", "preceding", "foregoing", "previous"]) {
        Of::Above
    } else if has_list && holds(&["general ", "common ", "base ", "shared "]) && (name.is_empty() || words.len() <= 1 && !is_title) {
        Of::General
    } else {
        Of::Named(name.clone())
    };
    Object {
        sections: sections_in(of),
        has_list,
        has_role_word: holds(&[" role", "position", "level", "job family"]),
        is_title,
        is_kind_of_work,
        tail: tail.to_owned(),
        of: who,
    }
}

/// The name, without the words for lists, roles and places on the page.
fn name_in(of: &str) -> String {
    let bare = SECTION_WORD.replace_all(of, " ");
    let bare = REFERENCE.replace_all(&bare, " ");
    let mut name = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    for _ in 0..4 {
        name = FILLER.replace(&name, "").into_owned();
        name = END.replace(&name, "").into_owned();
    }
    name
}

fn is_list_of(of: &str, titles: &Titles) -> bool {
    SECTION_WORD.find_iter(of).any(|list| OF_NAME.captures(&of[list.end()..]).is_some_and(|c| is_name(&c["next"], titles, 4)))
}

/// Where the name ends and other words begin.
fn end_of_name(of: &str, titles: &Titles, is_aside: bool) -> usize {
    let mut end = TAIL.find(of).map_or(of.len(), |m| m.start());
    for stop in STOP.find_iter(&of[..end]) {
        let rest = &of[stop.end()..end];
        let after_comma = rest.trim_start().starts_with(',');
        let joins = !after_comma || (!is_aside && (SECTION_WORD.is_match(rest) || COMMA_AND.is_match(rest)));
        let goes_on = LEADS_ON.is_match(rest)
            || OF_NAME.captures(rest).is_some_and(|c| is_name(&c["next"], titles, 4))
            || (joins && AND.captures(rest).is_some_and(|c| is_name(&c["next"], titles, 3)));
        if !goes_on {
            end = stop.end();
            break;
        }
    }
    // ", knows C" and "and leads a team" go on with something else.
    let kept = &of[..end];
    let breaks = kept.match_indices([',', ' ']).map(|(at, _)| at).find(|at| {
        let rest = &kept[*at..];
        let is_comma = rest.starts_with(',');
        let is_and = [" and ", " or "].iter().any(|w| rest.to_lowercase().starts_with(w));
        (is_comma || is_and) && AND.captures(rest).is_some_and(|c| !is_name(&c["next"], titles, 3))
    });
    let end = breaks.unwrap_or(end);
    end.min(if is_aside { first_comma_after_list(&of[..end], titles) } else { end })
}

/// In "in addition to the requirements of a Manager, Widgets, it ..." the sentence goes on after a comma that is not the
/// title's own.
fn first_comma_after_list(of: &str, titles: &Titles) -> usize {
    let from = SECTION_WORD.find(of).map_or(0, |list| list.end());
    let Some(comma) = of[from..].find(',').map(|at| from + at) else { return of.len() };
    let segment = of[comma + 1..].split(',').next().unwrap_or("");
    let is_of_title = is_list_of(&of[..comma], titles)
        && names::is_title_case(segment.trim())
        && !names::words(segment).iter().any(|w| names::is_noun(w) || names::LEVELS.contains(&w.as_str()));
    if is_of_title { comma + 1 + segment.len() } else { comma }
}

/// Whether words go on with a name: one with a capital, a title, a list, or a kind of work among the first few.
fn is_name(text: &str, titles: &Titles, within: usize) -> bool {
    let text = ARTICLES.replace(text, "");
    let refers = ["ones", "level", "outlined", "above", "listed", "defined", "described"].iter().any(|w| text.to_lowercase().starts_with(w));
    if refers {
        return true;
    }
    let mut tokens = text.split(|c: char| c.is_whitespace() || c == '/').filter(|t| !t.is_empty());
    let first = tokens.clone().next().unwrap_or("");
    let is_work = |token: &str| {
        let plain = token.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        names::is_noun(&plain) || names::LEVELS.contains(&plain.as_str()) || SECTION_WORD.is_match(&plain) || STOP.is_match(&plain)
    };
    let words: Vec<&str> = text.split_whitespace().take(6).collect();
    let is_title = |n: usize| titles.contains(&names::ordered(&words[..n].join(" ")));
    first.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(char::is_uppercase)
        || tokens.by_ref().take(within).any(is_work)
        || (1..=words.len()).any(is_title)
}

/// The sections that a text names.
pub fn sections_in(text: &str) -> Vec<&'static str> {
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
