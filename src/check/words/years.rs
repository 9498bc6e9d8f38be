//! The word *years* in, the phrase that counts years of experience out.

use std::ops::Range;

/// Numbers in words, as they stand before *years*.
const NUMBERS: [&str; 22] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "twenty", "several", "many", "few", "couple",
    "1", "2", "3", "5", "10",
];

/// Words that may stand between a number and *years*.
const BETWEEN: [&str; 12] = ["or", "more", "to", "and", "plus", "of", "full", "least", "than", "a", "at", "minimum"];

/// The phrase around `year` or `years` at `word`, where a number stands before it and *experience* in the same sentence.
pub(super) fn phrase(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let start = number_before(text, word.start)?;
    let after = sentence_end(text, word.end, 80);
    if let Some(end) = find_experience(&text[word.end..after]) {
        return Some(start..word.end + end);
    }
    let from = text.floor_char_boundary(start.saturating_sub(50));
    let before = &text[from..start];
    let before = before.rfind(['.', '\n', ';']).map_or(before, |i| &before[i + 1..]);
    find_experience(before).map(|_| start..word.end)
}

/// Where the number before *years* begins; none where there is none.
fn number_before(text: &str, at: usize) -> Option<usize> {
    let from = text.floor_char_boundary(at.saturating_sub(40));
    let line = text[from..at].rfind('\n').map_or(from, |i| from + i + 1);
    let mut first = None;
    for word in text[line..at].rsplit([' ', '-', '\u{2013}', '\u{2014}', '(']) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        let is_number = bare.bytes().any(|b| b.is_ascii_digit()) && bare.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'.' | b','));
        if is_number || NUMBERS.contains(&bare.as_str()) {
            first = Some(word.as_ptr() as usize - text.as_ptr() as usize);
        } else if !bare.is_empty() && !BETWEEN.contains(&bare.as_str()) {
            break;
        }
    }
    first
}

fn sentence_end(text: &str, from: usize, limit: usize) -> usize {
    let to = text.floor_char_boundary((from + limit).min(text.len()));
    let window = &text[from..to];
    window.match_indices(['.', '\n', ';']).find(|(i, m)| *m != "." || window[i + 1..].starts_with([' ', '\n'])).map_or(to, |(i, _)| from + i)
}

/// The end of the word *experience* or *experienced*.
fn find_experience(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    lower.find("experience").map(|at| at + "experience".len())
}

#[cfg(test)]
mod tests {
    use super::phrase;

    fn found(text: &str) -> Option<&str> {
        let at = text.find("year").expect("a year");
        let end = at + if text[at..].starts_with("years") { 5 } else { 4 };
        phrase(text, &(at..end)).map(|span| &text[span])
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
        ] {
            assert_eq!(found(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn other_years_are_left_alone() {
        for text in
            ["once a year", "plans for the next 3 years.", "a plan for 2 years. Experience counts", "years of experience", "this year's experience"]
        {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
