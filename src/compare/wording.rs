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
    /// Whether a space parts it from a piece that follows.
    pub spaced: bool,
}

/// Below this share of words that stay, the texts are shown as two, for single words that happen to agree tell nothing.
const KINDRED: f64 = 0.3;

/// Both texts in one, in reading order, those that go before those that come; none where they have little in common.
pub fn pieces(first: &str, second: &str) -> Option<Vec<Piece>> {
    let (old, new) = (words(first), words(second));
    let of = |words: &[Word<'_>]| -> Vec<String> { words.iter().map(|w| w.text.to_owned()).collect() };
    let ops = capture_diff_slices(Algorithm::Myers, &of(&old), &of(&new));
    let kept: usize = ops.iter().map(|op| if let DiffOp::Equal { len, .. } = op { *len } else { 0 }).sum();
    if (kept as f64) < KINDRED * old.len().max(new.len()) as f64 {
        return None;
    }
    let mut out = Vec::new();
    for op in &ops {
        if let DiffOp::Equal { .. } = op {
            push(Fate::Stay, &new[op.new_range()], &mut out);
        } else {
            push(Fate::Go, &old[op.old_range()], &mut out);
            push(Fate::Come, &new[op.new_range()], &mut out);
        }
    }
    Some(out)
}

fn push(fate: Fate, words: &[Word<'_>], out: &mut Vec<Piece>) {
    let Some(last) = words.last() else { return };
    let mut text = String::new();
    for word in words {
        text.push_str(word.text);
        text.push_str(if word.spaced { " " } else { "" });
    }
    out.push(Piece { fate, words: text.trim_end().to_owned(), spaced: last.spaced });
}

/// A word, and whether a space follows it.
#[derive(Debug, Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    spaced: bool,
}

/// The words of a text; of scripts that are written without spaces, the letters.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut out: Vec<Word<'_>> = Vec::new();
    for run in text.split_whitespace() {
        let mut start = 0;
        for (at, letter) in run.char_indices().filter(|(_, c)| stands_alone(*c)) {
            let end = at + letter.len_utf8();
            let parts = [&run[start..at], &run[at..end]];
            out.extend(parts.iter().filter(|p| !p.is_empty()).map(|text| Word { text, spaced: false }));
            start = end;
        }
        if start < run.len() {
            out.push(Word { text: &run[start..], spaced: false });
        }
        if let Some(last) = out.last_mut() {
            last.spaced = true;
        }
    }
    // What follows the text begins a word, too, where its script has any.
    if let Some(last) = out.last_mut() {
        last.spaced = !last.text.starts_with(stands_alone);
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
            format!("{words}{}", if p.spaced { " " } else { "" })
        };
        Some(pieces(first, second)?.iter().map(piece).collect::<String>().trim_end().to_owned())
    }

    #[test]
    fn the_words_that_change_are_marked() {
        let shown = shown("Solve problems of moderate scope.", "Solve technical problems of high scope.");
        assert_eq!(shown.as_deref(), Some("Solve [+technical] problems of [-moderate] [+high] scope."));
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
