//! Two texts in, their words in pieces out: which stay, which go, which come.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// What becomes of words from the first text to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Both texts have them.
    Stay,
    /// Only the first has them.
    Go,
    /// Only the second has them.
    Come,
}

/// Words in a row with one fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What becomes of them.
    pub fate: Fate,
    /// The words, with single spaces where there is any space.
    pub words: String,
    /// Whether a space stands before it, in the first text and in the second.
    pub spaced: [bool; 2],
}

/// Below this share of the words of the longer text, those that stay may be words that happen to agree, which tell nothing: the texts are
/// shown as two.
const KINDRED: f64 = 0.3;
/// But not where nearly all words of the shorter one stay, and these are two at least: more was said, or less.
const CONTAINED: f64 = 0.8;

/// Signs that end words and are none: a comma for a full stop leaves the word before it as it is. `static/compare.js` has the same.
const SIGNS: [char; 6] = ['.', ',', ';', ':', '!', '?'];

/// Both texts in one, in reading order, those that go before those that come; none where they have little in common.
pub fn pieces(first: &str, second: &str) -> Option<Vec<Piece>> {
    let (old, new) = (words(first), words(second));
    let of = |words: &[Word<'_>]| -> Vec<String> { words.iter().map(|w| w.text.to_owned()).collect() };
    let ops = capture_diff_slices(Algorithm::Myers, &of(&old), &of(&new));
    let count = |words: &[Word<'_>]| words.iter().filter(|word| !word.text.starts_with(SIGNS)).count();
    let kept: usize = ops.iter().filter(|op| matches!(op, DiffOp::Equal { .. })).map(|op| count(&new[op.new_range()])).sum();
    let (most, least) = (count(&old).max(count(&new)) as f64, count(&old).min(count(&new)) as f64);
    let (are_kin, is_contained) = (kept as f64 >= KINDRED * most, kept >= 2 && kept as f64 >= CONTAINED * least);
    if !are_kin && !is_contained {
        return None;
    }
    let mut out = Vec::new();
    for op in &ops {
        let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
        if let DiffOp::Equal { .. } = op {
            push(Fate::Stay, old, new, &mut out);
        } else {
            push(Fate::Go, old, old, &mut out);
            push(Fate::Come, new, new, &mut out);
        }
    }
    Some(out)
}

/// Words that stay may be parted otherwise in the first text, where a sign followed them.
fn push(fate: Fate, first: &[Word<'_>], second: &[Word<'_>], out: &mut Vec<Piece>) {
    let ([before, ..], [word, rest @ ..]) = (first, second) else { return };
    let mut words = word.text.to_owned();
    for word in rest {
        words.push_str(if word.spaced { " " } else { "" });
        words.push_str(word.text);
    }
    out.push(Piece { fate, words, spaced: [before.spaced, word.spaced] });
}

/// A word, and whether a space stands before it.
#[derive(Debug, Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    spaced: bool,
}

/// The words of a text; of scripts that are written without spaces, the letters.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut out: Vec<Word<'_>> = Vec::new();
    for run in text.split_whitespace() {
        let first = out.len();
        let mut start = 0;
        for (at, letter) in run.char_indices().filter(|(_, c)| stands_alone(*c)) {
            let end = at + letter.len_utf8();
            let parts = [&run[start..at], &run[at..end]];
            out.extend(parts.iter().filter(|p| !p.is_empty()).map(|text| Word { text, spaced: false }));
            start = end;
        }
        let rest = &run[start..];
        let (word, signs) = rest.split_at(rest.trim_end_matches(SIGNS).len());
        out.extend([word, signs].into_iter().filter(|part| !part.is_empty()).map(|text| Word { text, spaced: false }));
        // What the other text has before the first word ends a word, too, where its script has any.
        out[first].spaced = first > 0 || !run.starts_with(stands_alone);
    }
    out
}

/// Whether a letter is one of Chinese or Japanese, or a mark between them.
fn stands_alone(letter: char) -> bool {
    matches!(letter, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff65}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::{Fate, pieces};

    fn shown(first: &str, second: &str) -> Option<String> {
        let piece = |p: &super::Piece| {
            let words = match p.fate {
                Fate::Stay => p.words.clone(),
                Fate::Go => format!("[-{}]", p.words),
                Fate::Come => format!("[+{}]", p.words),
            };
            format!("{}{words}", if p.spaced.contains(&true) { " " } else { "" })
        };
        Some(pieces(first, second)?.iter().map(piece).collect::<String>().trim_start().to_owned())
    }

    #[test]
    fn the_words_that_change_are_marked() {
        let shown = shown("Solve problems of moderate scope.", "Solve technical problems of high scope.");
        assert_eq!(shown.as_deref(), Some("Solve [+technical] problems of [-moderate] [+high] scope."));
    }

    #[test]
    fn what_is_said_besides_leaves_the_rest_as_it_is() {
        let besides = shown("Listens well.", "Listens well, and teaches others to do so.");
        assert_eq!(besides.as_deref(), Some("Listens well[+, and teaches others to do so]."));
        assert_eq!(shown("Uses Node.js, C++.", "Uses Node.js and C++.").as_deref(), Some("Uses Node.js[-,] [+and] C++."));
        assert_eq!(shown("Uses Node.js and C++.", "Uses Node.js, C++.").as_deref(), Some("Uses Node.js [-and][+,] C++."));
        assert_eq!(shown("Uses Go or Rust daily.", "Uses Go, Rust, C daily.").as_deref(), Some("Uses Go [-or][+,] Rust[+, C] daily."));
        assert_eq!(shown("Writes code.", "Reads books."), None);
    }

    #[test]
    fn texts_that_have_little_in_common_are_two() {
        assert_eq!(shown("Writes the code.", "Leads the design of several large systems over years."), None);
    }

    #[test]
    fn the_same_text_stays_whole() {
        assert_eq!(shown("a b c", "a  b c").as_deref(), Some("a b c"));
        assert_eq!(shown("", "").as_deref(), Some(""));
    }

    #[test]
    fn scripts_without_spaces_are_compared_letter_by_letter() {
        let shown = shown("\u{554f}\u{984c}\u{3092}\u{89e3}\u{304f}", "\u{554f}\u{984c}\u{3092}\u{65e9}\u{304f}");
        assert_eq!(shown.as_deref(), Some("\u{554f}\u{984c}\u{3092}[-\u{89e3}][+\u{65e9}]\u{304f}"));
    }
}
