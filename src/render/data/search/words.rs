//! Text in, its words out, each once and folded, as the search in the page knows them.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::ident::{ascii_words, word_number};

/// Words are cut to this many bytes of ASCII.
const LONGEST: usize = 40;

/// The words of a page, each once, with a number for each.
#[derive(Debug, Default)]
pub struct Words {
    known: HashSet<u64, FixedState>,
    /// The words one after the other.
    text: String,
    /// For each its number and where it ends.
    ends: Vec<(u64, usize)>,
}

impl Words {
    /// Notes the words of a text.
    pub fn note(&mut self, text: &str) {
        if text.is_ascii() {
            ascii_words(text, LONGEST, |number, word| self.add_numbered(number, word));
        } else {
            of_any(&folded(text), &mut |word| self.add(word));
        }
    }

    /// The words in the order in which they came.
    pub fn words(&self) -> impl Iterator<Item = (u64, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |(number, end)| (*number, &self.text[std::mem::replace(&mut start, *end)..*end]))
    }

    fn add(&mut self, word: &str) {
        self.add_numbered(word_number(word), word);
    }

    fn add_numbered(&mut self, number: u64, word: &str) {
        if self.known.insert(number) {
            let start = self.text.len();
            self.text.push_str(word);
            self.text[start..].make_ascii_lowercase();
            self.ends.push((number, self.text.len()));
        }
    }
}

fn of_any(folded: &str, note: &mut impl FnMut(&str)) {
    for run in folded.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()) {
        let letters: Vec<char> = run.chars().collect();
        let mut at = 0;
        for part in letters.chunk_by(|a, b| is_unspaced(*a) == is_unspaced(*b)) {
            if is_unspaced(letters[at]) {
                part.windows(part.len().min(2)).for_each(|pair| note(&pair.iter().collect::<String>()));
            } else {
                note(&part.iter().take(LONGEST).collect::<String>());
            }
            at += part.len();
        }
    }
}

/// Lower case, compatible forms as one, marks over and under letters dropped.
pub fn folded(text: &str) -> String {
    let apart = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let mut bare = String::with_capacity(apart.len());
    for c in apart.chars().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => bare.push_str("ss"),
            'ø' => bare.push('o'),
            'ł' => bare.push('l'),
            'đ' | 'ð' => bare.push('d'),
            'ı' => bare.push('i'),
            'þ' => bare.push_str("th"),
            'æ' => bare.push_str("ae"),
            'œ' => bare.push_str("oe"),
            'ς' => bare.push('σ'),
            c => bare.push(c),
        }
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(&bare).into_owned()
}

/// Marks that readers leave out when they type: accents, vowel points of Hebrew and Arabic.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

/// Whether words of this script are not kept apart by spaces, or too long to be typed whole: Thai to Khmer, kana, Chinese
/// characters, Hangul.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::{Words, folded};

    fn words(text: &str) -> Vec<String> {
        let mut words = Words::default();
        words.note(text);
        words.words().map(|(_, word)| word.to_owned()).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits_in_lower_case() {
        assert_eq!(words("Knows Git, C++ and 2 of the git tools."), ["knows", "git", "c", "and", "2", "of", "the", "tools"]);
    }

    #[test]
    fn accents_and_forms_of_letters_are_one() {
        assert_eq!(words("Überblick café STRASSE Straße Łódź"), ["uberblick", "cafe", "strasse", "lodz"]);
        assert_eq!(folded("ﬁn Ａ"), "fin a");
    }

    #[test]
    fn scripts_without_spaces_give_pairs_of_letters() {
        assert_eq!(words("品質管理です"), ["品質", "質管", "管理", "理で", "です"]);
        assert_eq!(words("Web開発"), ["web", "開発"]);
        assert_eq!(words("한국어"), ["한국", "국어"]);
        assert_eq!(words("質"), ["質"]);
    }
}
