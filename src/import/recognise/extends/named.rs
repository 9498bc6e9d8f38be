//! A phrase with its links in, whom it names out: one role, several ("and"), or one of several ("either ... or").

use std::sync::LazyLock;

use regex_lite::Regex;

use super::claim::SECTION_WORD;
use crate::import::outline::Draft;
use crate::import::recognise::names;
use crate::import::resolve::{Directory, Step, Target};

/// Whom a phrase names.
pub struct Found {
    pub targets: Vec<(Target, Step)>,
    /// Whether it says either of them.
    pub either: bool,
}

/// A link of the sentence: the words of its text, its address.
struct Link {
    words: Vec<String>,
    address: String,
}

static OR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)\s*,?\s+(?:and/or|or)\s+|\s*/\s*").expect("a pattern of ours"));
static AND: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)\s*,?\s+and\s+").expect("a pattern of ours"));
static BEFORE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(?:(?:either|both|the|an?|that\s+of|those\s+of|of|for|as)\s+)*").expect("a pattern of ours"));
static AFTER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)\s+(?:roles?|positions?|levels?)\s*$").expect("a pattern of ours"));

/// Resolves a phrase of part `part`.
pub fn named(draft: &Draft, number: usize, directory: &Directory, part: usize, own: Option<usize>, phrase: &str) -> Result<Found, String> {
    let said = words(phrase);
    let links = draft.page.parts[part].links.iter().map(|(text, address)| Link { words: words(text), address: address.clone() });
    let links: Vec<Link> = links.filter(|l| !l.words.is_empty() && (holds(&said, &l.words) || holds(&l.words, &said))).collect();
    let is_joined = OR.is_match(phrase) || AND.is_match(phrase) || phrase.contains(',');
    let whole = whole(number, directory, own, phrase, &said, &links, is_joined);
    let (true, Err(reason)) = (is_joined, &whole) else {
        return whole.map(|found| Found { targets: vec![found], either: false });
    };
    let either = OR.is_match(phrase);
    if either && AND.is_match(phrase) {
        return Err("it says both `and` and `or`".to_owned());
    }
    let joint: &Regex = if either { &OR } else { &AND };
    let by_word: Vec<&str> = joint.split(phrase).collect();
    let by_comma: Vec<&str> = by_word.iter().flat_map(|p| p.split(", ")).collect();
    let mut partly = None;
    for pieces in [&by_word, &by_comma] {
        let pieces: Vec<String> = pieces.iter().map(|p| piece(p)).filter(|p| !p.is_empty()).collect();
        if pieces.len() < 2 {
            continue;
        }
        let found: Vec<Result<(Target, Step), String>> =
            (0..pieces.len()).map(|i| resolve_piece(number, directory, own, &pieces, i, &links)).collect();
        if let (Some(known), Some(Err(missing))) = (found.iter().position(Result::is_ok), found.iter().find(|f| f.is_err())) {
            partly.get_or_insert_with(|| format!("{missing}; `{}` is known", pieces[known]));
        }
        if let Ok(targets) = found.into_iter().collect::<Result<Vec<_>, _>>() {
            let is_one = targets.iter().all(|(t, _)| *t == targets[0].0);
            let targets = if is_one { targets.into_iter().take(1).collect() } else { targets };
            return Ok(Found { either: either && !is_one, targets });
        }
    }
    Err(partly.unwrap_or_else(|| reason.clone()))
}

/// The phrase as the name of one role. One that may be several names counts only where a role has just that title.
fn whole(
    number: usize,
    directory: &Directory,
    own: Option<usize>,
    phrase: &str,
    said: &[String],
    links: &[Link],
    is_joined: bool,
) -> Result<(Target, Step), String> {
    let link = match links {
        [one] if !is_joined || one.words.len() >= said.len() => Some(one.address.as_str()),
        [] => None,
        several if !is_joined => several.iter().max_by_key(|l| l.words.len()).map(|l| l.address.as_str()),
        several => several.iter().find(|l| l.words == said).map(|l| l.address.as_str()),
    };
    let found = directory.role(number, own, phrase, link)?;
    let is_sure = link.is_some() || !found.1.how.starts_with("by likeness");
    if is_joined && !is_sure { Err(format!("no role here is called `{phrase}`")) } else { Ok(found) }
}

fn resolve_piece(
    number: usize,
    directory: &Directory,
    own: Option<usize>,
    pieces: &[String],
    i: usize,
    links: &[Link],
) -> Result<(Target, Step), String> {
    let (piece, last) = (&pieces[i], &pieces[pieces.len() - 1]);
    let own_words = words(piece);
    let link = links.iter().filter(|l| l.words == own_words || holds(&own_words, &l.words) || holds(&l.words, &own_words));
    let link = link.min_by_key(|l| l.words.len().abs_diff(own_words.len()));
    // "the Senior or Staff [Widget Engineer](/page/)": the page counts for both, an anchor only for the last.
    let of_last = links.iter().find(|l| holds(&words(last), &l.words) && !l.address.contains('#'));
    let address = link.or(of_last).map(|l| l.address.as_str());
    directory.role(number, own, &with_core(piece, last), address)
}

/// "Senior" in "Senior or Staff Widget Engineer" is the Senior Widget Engineer.
fn with_core(piece: &str, last: &str) -> String {
    let core: Vec<&str> = last.split_whitespace().filter(|w| !w.eq_ignore_ascii_case("level")).collect();
    let is_level = names::is_bare_level(piece) && core.len() > 1 && core.first().is_some_and(|w| names::is_bare_level(w));
    if is_level {
        return format!("{} {}", piece.split_whitespace().find(|w| !w.eq_ignore_ascii_case("level")).unwrap_or(piece), core[1..].join(" "));
    }
    piece.split_whitespace().filter(|w| !w.eq_ignore_ascii_case("level")).collect::<Vec<_>>().join(" ")
}

fn piece(text: &str) -> String {
    let text = SECTION_WORD.replace_all(text, " ");
    let text = BEFORE.replace(text.trim(), "");
    AFTER.replace(text.trim(), "").trim().trim_matches(',').trim().to_owned()
}

fn words(text: &str) -> Vec<String> {
    let bare = names::ordered(&SECTION_WORD.replace_all(text, " "));
    bare.split(' ').filter(|w| !w.is_empty() && *w != "level").map(str::to_owned).collect()
}

/// Whether some words stand in others, one after the other.
fn holds(words: &[String], some: &[String]) -> bool {
    !some.is_empty() && words.windows(some.len()).any(|w| w == some)
}

#[cfg(test)]
mod tests {
    use super::{piece, with_core};

    #[test]
    fn what_names_several_is_taken_apart() {
        assert_eq!(with_core("Senior", "Staff level Widget Engineer"), "Senior Widget Engineer");
        assert_eq!(with_core("Widget Engineer", "Gadget Engineer"), "Widget Engineer");
        assert_eq!(piece(" either the Widget Engineer role "), "Widget Engineer");
        assert_eq!(piece("those of the Gadget Engineer responsibilities"), "Gadget Engineer");
    }
}
