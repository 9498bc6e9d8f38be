//! Numbers among words in, whether more or less is asked out. Where it cannot be told, more is.

use std::cmp::Ordering;

/// A number of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number<'t> {
    value: f64,
    /// What is counted: the word behind it, or the letters at it.
    unit: &'t str,
    limit: Limit,
}

/// What a number means for those who must meet it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// The larger is the stricter.
    Floor,
    /// The smaller is the stricter.
    Ceiling,
    /// It cannot be told.
    Unclear,
}

const NAMES: [&str; 13] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
/// Words between a number and what limits it.
const FILLERS: [&str; 12] = ["of", "a", "an", "the", "about", "around", "approximately", "roughly", "only", "just", "first", "next"];
const CEILINGS: [&str; 8] = ["within", "under", "below", "maximum", "max", "every", "before", "beneath"];
const LESS: [&str; 9] = ["less", "fewer", "lower", "smaller", "shorter", "faster", "quicker", "sooner", "earlier"];
const MORE: [&str; 9] = ["more", "greater", "higher", "larger", "longer", "later", "bigger", "older", "slower"];
/// With one of these before it, *to 5* is what something is brought down to.
const REDUCING: [&str; 10] = ["reduce", "cut", "lower", "limit", "keep", "decrease", "shorten", "drop", "down", "minimi"];
/// With one of these near it, it cannot be told which way a number is strict.
const UNCLEAR: [&str; 7] = ["between", "limit", "limits", "cap", "deadline", "maximum", "max"];
const TIMES: [&str; 8] = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];

/// The numbers among `words[range]`.
pub fn among(words: &[String], range: std::ops::Range<usize>) -> Vec<Number<'_>> {
    range.filter_map(|at| number(words, at)).collect()
}

/// Whether the second numbers ask more (greater) or less than the first, which stood in their place.
pub fn step(before: &[Number<'_>], after: &[Number<'_>], words_came: bool) -> Ordering {
    if before.is_empty() || after.is_empty() {
        return match (before.is_empty(), after.is_empty()) {
            (true, true) => Ordering::Equal,
            // A number that is merely taken away asks less; in whose place words stand, nobody knows.
            (false, true) if !words_came => Ordering::Less,
            _ => Ordering::Greater,
        };
    }
    if before.len() != after.len() {
        return Ordering::Greater;
    }
    let steps: Vec<Ordering> = before.iter().zip(after).map(|(b, a)| b.step(a)).collect();
    [Ordering::Greater, Ordering::Less].into_iter().find(|step| steps.contains(step)).unwrap_or(Ordering::Equal)
}

impl Number<'_> {
    fn step(&self, after: &Number<'_>) -> Ordering {
        let same_meaning = self.limit == after.limit && singular(self.unit) == singular(after.unit);
        match self.value.total_cmp(&after.value) {
            Ordering::Equal if same_meaning => Ordering::Equal,
            rising if same_meaning && self.limit == Limit::Floor => rising.reverse(),
            rising if same_meaning && self.limit == Limit::Ceiling => rising,
            _ => Ordering::Greater,
        }
    }
}

fn singular(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

fn number(words: &[String], at: usize) -> Option<Number<'_>> {
    if let Some(number) = level(&words[at]) {
        return Some(number);
    }
    let (value, letters) = value(&words[at])?;
    let behind = words.get(at + 1).map_or("", String::as_str);
    let unit = if letters.is_empty() { behind } else { letters };
    Some(Number { value, unit, limit: limit(words, at, unit) })
}

/// `B2`, `P3`: a level on a scale that only readers know.
fn level(word: &str) -> Option<Number<'_>> {
    let (letter, digits) = word.split_at_checked(1)?;
    let is_level = letter.bytes().all(|b| b.is_ascii_lowercase()) && digits.len() == 1;
    Some(Number { value: digits.parse().ok().filter(|_| is_level)?, unit: letter, limit: Limit::Unclear })
}

/// `1,500`, `2.5`, `10k`, `3rd`, `two`; and the letters behind it.
fn value(word: &str) -> Option<(f64, &str)> {
    if let Some(n) = NAMES.iter().position(|name| *name == word) {
        return Some((n as f64, ""));
    }
    let end = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.')).unwrap_or(word.len());
    let (digits, letters) = word.split_at(end);
    let groups: Vec<&str> = digits.split(',').collect();
    let thousands = groups.len() > 1 && groups[1..].iter().all(|g| g.split('.').next().is_some_and(|g| g.len() == 3));
    let plain = if thousands { groups.concat() } else { digits.replace(',', ".") };
    // A second point makes it no quantity, but a date or a version: its parts are read as one row of digits.
    let plain = if plain.matches('.').count() > 1 { plain.replace('.', "") } else { plain };
    let value: f64 = plain.parse().ok()?;
    Some(match letters {
        "k" => (value * 1_000.0, ""),
        letters => (value, letters),
    })
}

fn limit(words: &[String], at: usize, unit: &str) -> Limit {
    let word = |i: Option<usize>| i.and_then(|i| words.get(i)).map_or("", String::as_str);
    let mut last = at.checked_sub(1);
    while FILLERS.contains(&word(last)) {
        last = last.and_then(|i| i.checked_sub(1));
    }
    let before = |n: usize| word(last.and_then(|i| i.checked_sub(n)));
    let is_negated = |n: usize| matches!(before(n), "no" | "not" | "never");
    let flipped = |ceiling: bool, flip: bool| if ceiling == flip { Limit::Floor } else { Limit::Ceiling };
    match before(0) {
        "than" if LESS.contains(&before(1)) => flipped(true, is_negated(2)),
        "than" if MORE.contains(&before(1)) => flipped(false, is_negated(2)),
        "most" if before(1) == "at" => Limit::Ceiling,
        "least" | "over" | "above" | "minimum" => flipped(false, is_negated(1)),
        "than" | "most" => Limit::Unclear,
        "to" if before(1) == "up" => Limit::Unclear,
        "to" if words[..at].iter().any(|w| REDUCING.iter().any(|r| w.starts_with(r))) => Limit::Ceiling,
        "in" if TIMES.contains(&singular(unit)) => Limit::Ceiling,
        // *One week in four*, *one in four*, *one weekend in four*.
        "in" | "out" if TIMES.contains(&singular(before(1))) || value(before(1)).is_some() || matches!(before(2), "one" | "1") => Limit::Unclear,
        near if CEILINGS.contains(&near) => Limit::Ceiling,
        _ => behind(words, at),
    }
}

/// *3 or fewer*, *5 days at most*; and what stands farther before it.
fn behind(words: &[String], at: usize) -> Limit {
    let near = |range: std::ops::Range<usize>, list: &[&str]| words[range].iter().any(|w| list.contains(&w.as_str()));
    let rest = at + 1..words.len().min(at + 4);
    if near(rest, &["fewer", "less", "most", "maximum", "max"]) {
        Limit::Ceiling
    } else if near(at.saturating_sub(6)..at, &UNCLEAR) {
        Limit::Unclear
    } else {
        Limit::Floor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::words::words;

    fn step_of(before: &str, after: &str) -> Ordering {
        let (before, after) = (words(before), words(after));
        step(&among(&before, 0..before.len()), &among(&after, 0..after.len()), true)
    }

    #[test]
    fn what_stands_around_a_number_tells_which_way_it_is_strict() {
        for (less, more) in [
            ("more than 5 years", "more than 7 years"),
            ("contributes to 2 projects", "contributes to 4 projects"),
            ("no fewer than 3 talks", "no fewer than 5 talks"),
            ("900 users", "1,500 users"),
            ("9k users", "10,000 users"),
            ("two colleagues", "three colleagues"),
            ("1.5 years", "2 years"),
            ("at most 5 errors", "at most 3 errors"),
            ("no more than 5 errors", "no more than 3 errors"),
            ("less than 5 errors", "less than 3 errors"),
            ("a maximum of 5 errors", "a maximum of 3 errors"),
            ("5 errors or fewer", "3 errors or fewer"),
            ("answers in 4 hours", "answers in 2 hours"),
            ("every 4 weeks", "every two weeks"),
            ("reduces latency to 300 ms", "reduces latency to 200 ms"),
        ] {
            assert_eq!(step_of(less, more), Ordering::Greater, "{less} -> {more}");
            assert_eq!(step_of(more, less), Ordering::Less, "{more} -> {less}");
        }
    }

    #[test]
    fn in_doubt_more_is_asked() {
        for (before, after) in [
            ("up to 3 projects", "up to 5 projects"),
            ("up to 5 projects", "up to 3 projects"),
            ("within 4 hours", "within 30 minutes"),
            ("at least 3", "at most 3"),
            ("3 talks", "several talks"),
            ("between 3 and 9 teams", "between 4 and 8 teams"),
            ("one weekend in four", "one weekend in two"),
            ("one shift in two", "one shift in four"),
            ("French at B2", "French at C1"),
            ("CEFR b2", "CEFR b1"),
        ] {
            assert_eq!(step_of(before, after), Ordering::Greater, "{before} -> {after}");
        }
        assert_eq!(step_of("1,500 users", "1500 users"), Ordering::Equal);
    }
}
