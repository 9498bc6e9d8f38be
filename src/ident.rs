//! Text in, names out: slugs, ids, heading anchors, and the nearest known name to an unknown one.

use std::borrow::Cow;
use std::fmt::Write as _;

use icu_normalizer::ComposingNormalizerBorrowed;

/// The longest id an author may write, in characters.
pub const MAX_ID: usize = 64;

/// The most candidates among which the nearest name is looked for.
const MAX_NEAR: usize = 20_000;

/// Words that say how high a role is.
pub const LEVELS: [&str; 12] =
    ["intern", "junior", "associate", "intermediate", "senior", "staff", "principal", "distinguished", "lead", "fellow", "executive", "chief"];

/// The longest address an author may write, in bytes.
pub const MAX_ADDRESS: usize = 1_000;

/// The longest part of an address, in bytes; file systems hold 255.
pub const MAX_PART: usize = 200;

/// Whether `id` is one that authors may write: `[a-z0-9-]`, one to 64 characters.
pub fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_ID && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The slug of any text: letters and digits in lower case, every run of other characters one `-`, none at the ends.
///
/// Letters of every script stay letters, composed (NFC), so that labels in any language have keys.
pub fn slug(text: &str) -> String {
    if text.is_ascii() {
        return slug_of_ascii(text);
    }
    let text = compose(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            push_lower(&mut out, c);
        } else if matches!(c, '\'' | '\u{2019}') {
            // "don't" is one word.
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    while out.ends_with('-') {
        out.pop();
    }
    out
}

/// The signs of a label that tell apart what has the same slug: *C*, *C++* and *C#*; *Net* and *.NET*. Those that stand alone between
/// words, and all other punctuation, are written as they come.
pub fn signs(label: &str) -> impl Iterator<Item = char> + '_ {
    let mut before = ' ';
    label.char_indices().filter_map(move |(at, c)| {
        let begins_word = std::mem::replace(&mut before, c).is_whitespace();
        let after = label[at + c.len_utf8()..].chars().next();
        let is_sign = match c {
            '.' => begins_word && after.is_some_and(char::is_alphanumeric),
            '+' | '#' | '*' | '$' | '%' | '@' | '=' | '~' => !begins_word || after.is_some_and(|c| !c.is_whitespace()),
            _ => false,
        };
        is_sign.then_some(c)
    })
}

fn slug_of_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() {
            if std::mem::take(&mut gap) && !out.is_empty() {
                out.push('-');
            }
            out.push(b.to_ascii_lowercase().into());
        } else {
            gap |= b != b'\'';
        }
    }
    out
}

/// The slug of a page's file name (without its extension): each character that is no letter, digit or `-` becomes `-`.
pub fn file_slug(stem: &str) -> String {
    let mut out = String::with_capacity(stem.len());
    for c in compose(stem).chars() {
        match c {
            '-' => out.push('-'),
            c if c.is_alphanumeric() => push_lower(&mut out, c),
            _ => out.push('-'),
        }
    }
    out
}

/// The slug of an item without a label: its first six words.
pub fn unstable_key(text: &str) -> String {
    let end = text.split_whitespace().nth(6).map_or(text.len(), |word| word.as_ptr() as usize - text.as_ptr() as usize);
    let key = slug(&text[..end]);
    if key.is_empty() { "item".to_owned() } else { key }
}

/// The anchor of a heading by GitLab's rules: lower case, punctuation dropped, spaces to `-`, runs of `-` as one.
///
/// Source: GitLab Flavored Markdown, "Heading IDs and links".
pub fn heading_anchor(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '_' => out.push('_'),
            ' ' | '-' | '\t' | '\n' if out.ends_with('-') => {}
            ' ' | '-' | '\t' | '\n' => out.push('-'),
            c if c.is_alphanumeric() => push_lower(&mut out, c),
            _ => {}
        }
    }
    out
}

/// Numbers an anchor that repeats (`-1`, `-2`), as GitLab does, and remembers it.
pub fn unique_anchor(anchor: String, taken: &mut std::collections::HashMap<String, usize>) -> String {
    let count = taken.entry(anchor.clone()).or_insert(0);
    *count += 1;
    if *count == 1 {
        return anchor;
    }
    let mut out = anchor;
    let n = *count - 1;
    write!(out, "-{n}").expect("writing to a string does not fail");
    out
}

/// A text for comparing addresses and names: composed (NFC) and without case, as file systems compare that know no case.
/// Letters that have one capital in common, such as `\u{3c3}` and `\u{3c2}`, are one.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    compose(&compose(text).to_uppercase().to_lowercase()).into_owned()
}

/// Whether a part of a path cannot be the name of a file on Windows: the names of its devices, whatever ending they have,
/// names that end in a dot or a space, and those with a character that has a meaning there.
///
/// Source: Microsoft, "Naming Files, Paths, and Namespaces".
pub fn is_reserved(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_uppercase();
    let numbered = |stem: &str| {
        stem.strip_prefix("COM")
            .or(stem.strip_prefix("LPT"))
            .is_some_and(|n| matches!(n, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "\u{b9}" | "\u{b2}" | "\u{b3}"))
    };
    let has_meaning = |c: char| c.is_control() || matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|');
    part.ends_with(['.', ' '])
        || part.contains(has_meaning)
        || matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered(&stem)
}

/// The words of a heading without surrounding punctuation, plural `s`, hyphens and `&`/`and`, `Sr.` and `Jr.` written out:
/// the looser form in which section and role names are compared when the exact one finds nothing.
pub fn loose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in fold(text).split(is_gap) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let word = match word {
            "" | "and" => continue,
            "sr" => "senior",
            "jr" => "junior",
            word => word,
        };
        if !out.is_empty() {
            out.push(' ');
        }
        push_singular(word, &mut out);
    }
    out
}

/// Whether a letter parts the words of a heading.
pub fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2014}' | '/' | '_' | '&')
}

fn push_singular(word: &str, out: &mut String) {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.chars().count() >= 3) {
        out.push_str(stem);
        out.push('y');
        return;
    }
    let stem = word.strip_suffix('s').filter(|stem| stem.chars().count() >= 2 && !stem.ends_with('s'));
    out.push_str(stem.unwrap_or(word));
}

/// The candidate nearest to `name`, if it is near enough to have been meant.
///
/// Near is a third of the letters at most (one or two for short names), counted with transpositions, case aside. Names
/// longer than ids are sentences, and have no near ones; of many candidates the first 20_000 are looked at.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > 4 * MAX_ID {
        return None;
    }
    let wanted = name.to_lowercase();
    let count = wanted.chars().count();
    let limit = (count / 3).clamp(1, 4);
    let bits = wanted.is_ascii().then(|| letters(&wanted));
    // What differs in more letters than so many steps can change is not measured.
    let may_be = |c: &str| bits.is_none_or(|bits| !c.is_ascii() || (bits ^ letters(&c.to_ascii_lowercase())).count_ones() as usize <= 2 * limit);
    candidates
        .into_iter()
        .take(MAX_NEAR)
        .filter(|c| c.len() <= 5 * MAX_ID && c.chars().count().abs_diff(count) <= limit && may_be(c))
        .map(|c| (strsim::damerau_levenshtein(&wanted, &c.to_lowercase()), c))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}

/// The distance between two texts in letters inserted, dropped, exchanged or swapped.
pub fn distance(a: &str, b: &str) -> usize {
    strsim::damerau_levenshtein(a, b)
}

/// Which letters a text has, a bit each: two texts at a distance of one or two differ in four at most.
pub fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |bits, b| bits | 1 << (b % 64))
}

/// How much of two lists of words is the same, from 0 to 1, wherever the words stand.
pub fn likeness(one: &[String], other: &[String]) -> f64 {
    let (mut a, mut b): (Vec<&String>, Vec<&String>) = (one.iter().collect(), other.iter().collect());
    a.sort_unstable();
    b.sort_unstable();
    let (mut i, mut j, mut both) = (0, 0, 0usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, both) = (i + 1, j + 1, both + 1),
        }
    }
    let all = a.len() + b.len();
    if all == 0 { 1.0 } else { 2.0 * both as f64 / all as f64 }
}

/// Names for people: `a`, `b` and `c`, each between backticks.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|n| format!("`{n}`")).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., tail] => format!("{} {last} {tail}", head.join(", ")),
    }
}

fn compose(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
    NFC.normalize(text)
}

fn push_lower(out: &mut String, c: char) {
    if c.is_ascii() { out.push(c.to_ascii_lowercase()) } else { out.extend(c.to_lowercase()) }
}

/// Whether a text is an address within the site, such as `/old/name/` or `old/page.html`.
pub fn is_address(text: &str) -> bool {
    let inner = text.strip_prefix('/').unwrap_or(text);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let is_part = |part: &str| !part.is_empty() && part.len() <= MAX_PART && !part.starts_with('.') && part.trim() == part;
    let is_hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}');
    let is_plain = |c: char| !c.is_control() && !is_hidden(c) && !matches!(c, '?' | '#' | '%' | '\\' | ':' | '*' | '"' | '<' | '>' | '|');
    inner.is_empty() || (inner.len() <= MAX_ADDRESS && inner.split('/').all(is_part) && inner.chars().all(is_plain))
}

/// By byte: whether it is a letter or digit of ASCII. A look into a table costs a sixth of asking what kind of letter it is.
const IN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 128 {
        table[b] = (b as u8).is_ascii_alphanumeric();
        b += 1;
    }
    table
};

/// A number for a text, letter by letter (FNV-1a, begun at 0 and with a turn): for texts of a few words, of which one asks only
/// whether they may be the same.
pub fn stirred(number: u64, letter: u8) -> u64 {
    (number.rotate_left(5) ^ u64::from(letter)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// Makes a small letter of a capital one in each of eight bytes, and leaves small letters and digits as they are.
const SMALL: u64 = 0x2020_2020_2020_2020;

/// A number for a word in small letters, eight bytes at a time.
pub fn word_number(word: &str) -> u64 {
    word.as_bytes().chunks(8).fold(0, |number, eight| {
        let mut letters = [0; 8];
        letters[..eight.len()].copy_from_slice(eight);
        stirred_word(number, u64::from_le_bytes(letters))
    })
}

/// Stirred so that the upper half depends on all letters, too.
fn stirred_word(number: u64, eight: u64) -> u64 {
    let number = (number.rotate_left(5) ^ eight).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    number ^ (number >> 32)
}

/// Runs of letters and digits of ASCII, each with its number in small letters ([`word_number`]); of a longer run the first
/// `longest` bytes. Takes a third of the steps that stirring letter by letter takes.
pub fn ascii_words<'t>(text: &'t str, longest: usize, mut note: impl FnMut(u64, &'t str)) {
    let letters = text.as_bytes();
    let mut at = 0;
    loop {
        while letters.get(at).is_some_and(|b| !IN_WORD[*b as usize]) {
            at += 1;
        }
        let start = at;
        while letters.get(at).is_some_and(|b| IN_WORD[*b as usize]) {
            at += 1;
        }
        if start == at {
            return;
        }
        let word = &letters[start..at.min(start.saturating_add(longest))];
        let (mut number, mut from) = (0, start);
        let end = start + word.len();
        while from < end {
            // Bytes after the word are read with it where there are enough of them, and shifted out.
            let count = (end - from).min(8);
            let eight = match letters.get(from..from + 8) {
                Some(eight) => u64::from_le_bytes(eight.try_into().expect("eight bytes")),
                None => letters[from..].iter().rev().fold(0, |all, b| all << 8 | u64::from(*b)),
            };
            let unused = 64 - 8 * count as u32;
            number = stirred_word(number, (eight | SMALL) << unused >> unused);
            from += 8;
        }
        note(number, &text[start..end]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_letters_and_digits() {
        assert_eq!(slug("Problem solving."), "problem-solving");
        assert_eq!(slug("  C++ & Rust / don't "), "c-rust-dont");
        assert_eq!(slug("Büro e\u{301}tage"), "büro-étage");
    }

    #[test]
    fn signs_of_a_label_tell_names_apart_and_punctuation_does_not() {
        let of = |label: &str| signs(label).collect::<String>();
        assert_eq!(["C", "C++", "C#", ".NET", "Net", "F*"].map(of), ["", "++", "#", ".", "", "*"]);
        for label in ["„Qualität“", "«Quality»", "Tests ✅", "Results → Impact", "Hi · there", "Code + tests", "Java™", "CI/CD", "Problem solving."]
        {
            assert_eq!(of(label), "", "{label}");
        }
    }

    #[test]
    fn a_file_slug_turns_each_other_character_into_a_hyphen() {
        assert_eq!(file_slug("Backend_Engineer (old)"), "backend-engineer--old-");
    }

    #[test]
    fn heading_anchors_follow_gitlab() {
        assert_eq!(heading_anchor("Hiring Process"), "hiring-process");
        assert_eq!(heading_anchor("What's new? (2024)"), "whats-new-2024");
        assert_eq!(heading_anchor("CI/CD - the rest"), "cicd-the-rest");
    }

    #[test]
    fn names_are_one_where_a_file_system_cannot_tell_them_apart() {
        for (one, other) in [("\u{e9}", "E\u{301}"), ("\u{3c3}", "\u{3c2}"), ("stra\u{df}e", "STRASSE"), ("\u{212a}", "k"), ("\u{17f}", "s")] {
            assert_eq!(fold(one), fold(other));
        }
        assert_ne!(fold("a"), fold("b"));
    }

    #[test]
    fn names_of_devices_are_no_names_of_files() {
        for part in ["con", "CON.html", "nul.tar.gz", "aux ", "com1", "LPT\u{b2}.md", "a.", "a ", "conin$", "a:b", "a\nb", "\"?\"", "a|b"] {
            assert!(is_reserved(part), "{part}");
        }
        for part in ["console", "com", "com10", "auxiliary.md", "a.con", "icon"] {
            assert!(!is_reserved(part), "{part}");
        }
    }

    #[test]
    fn loose_names_forget_plural_punctuation_and_and() {
        assert_eq!(loose("Nice-to-haves:"), loose("nice to have"));
        assert_eq!(loose("Diversity & Inclusion"), loose("diversity and inclusion"));
        assert_eq!(loose("Process"), "process");
        assert_eq!(loose("Specialties"), loose("Specialty"));
    }

    #[test]
    fn the_nearest_name_is_named_only_when_it_is_near() {
        assert_eq!(nearest("intermedate", ["junior", "intermediate"]), Some("intermediate"));
        assert_eq!(nearest("principal", ["junior", "intermediate"]), None);
    }

    #[test]
    fn likeness_counts_words_wherever_they_stand() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(likeness(&words("knows git"), &words("git knows")), 1.0);
        assert_eq!(likeness(&words("a b"), &words("b c")), 0.5);
        assert_eq!(likeness(&words("a b"), &words("c d")), 0.0);
    }

    #[test]
    fn words_of_ascii_have_one_number_in_any_case() {
        let words = |text: &str, longest: usize| {
            let mut all = Vec::new();
            ascii_words(text, longest, |number, word| {
                assert_eq!(number, word_number(&word.to_ascii_lowercase()));
                all.push(word.to_owned());
            });
            all
        };
        assert_eq!(words(" Git, C++ and2 ", 9), ["Git", "C", "and2"]);
        assert_eq!(words("überlong word", 4), ["berl", "word"]);
        assert_eq!(words("x", 4), ["x"]);
        assert!(words("", 4).is_empty() && words(" .", 4).is_empty());
        // Around the eight bytes that are taken at a time, with and without more text behind.
        for length in 1..=25 {
            let word = &"Abcdefgh12345678IJKLMNOPq"[..length];
            for text in [word.to_owned(), format!("{word} and more of it")] {
                assert_eq!(words(&text, usize::MAX)[0], word);
            }
        }
    }

    #[test]
    fn words_that_differ_have_different_numbers() {
        let words: Vec<String> =
            (0..50_000).map(|i| format!("{i:x}-w{i}").replace('-', "")).chain(["a", "aa", "aaaaaaaa", "aaaaaaaaa"].map(str::to_owned)).collect();
        let numbers: std::collections::HashSet<u64> = words.iter().map(|word| word_number(word)).collect();
        let halves: std::collections::HashSet<u32> = numbers.iter().map(|n| (n ^ (n >> 32)) as u32).collect();
        assert_eq!(numbers.len(), words.len());
        assert!(halves.len() > words.len() - 3, "{} of {}", halves.len(), words.len());
    }
}
