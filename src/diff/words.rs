//! Two texts in, the words that went, came and stayed out.

use similar::{Algorithm, ChangeTag, capture_diff_slices};

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// In both.
    Same,
    /// Before only.
    Gone,
    /// After only.
    New,
}

/// A run of words with one mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What became of it.
    pub mark: Mark,
    /// The words with the white space between them.
    pub text: String,
}

/// Above this many words a text is compared as a whole: the time is quadratic, and no reader would look for a word in it.
const MOST_WORDS: usize = 4_000;

/// The pieces of both texts in reading order; where words were exchanged, those that went come first.
pub fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (tokens(before), tokens(after));
    if old.len().max(new.len()) > MOST_WORDS {
        return [(Mark::Gone, before), (Mark::New, after)].map(|(mark, text)| Piece { mark, text: text.to_owned() }).into();
    }
    let mut marked: Vec<(Mark, &str)> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        for change in op.iter_changes(&old, &new) {
            let mark = match change.tag() {
                ChangeTag::Equal => Mark::Same,
                ChangeTag::Delete => Mark::Gone,
                ChangeTag::Insert => Mark::New,
            };
            marked.push((mark, change.value()));
        }
    }
    hunks(&marked)
}

/// The same, long stretches that stayed cut to their ends: where little of much changed.
pub fn short_pieces(before: &str, after: &str) -> Vec<Piece> {
    let mut all = pieces(before, after);
    let last = all.len().saturating_sub(1);
    for (number, piece) in all.iter_mut().enumerate().filter(|(_, piece)| piece.mark == Mark::Same) {
        piece.text = cut(&piece.text, number > 0, number < last);
    }
    all
}

/// How much of a stretch that stayed is shown beside what changed, in characters.
const BESIDE: usize = 80;

fn cut(text: &str, has_before: bool, has_behind: bool) -> String {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let (head, tail) = (if has_before { BESIDE } else { 0 }, if has_behind { BESIDE } else { 0 });
    if starts.len() <= head + tail + BESIDE {
        return text.to_owned();
    }
    let word_end = |at: usize| text[..starts[at]].rfind(' ').unwrap_or(0);
    let word_start = |at: usize| text[starts[at]..].find(' ').map_or(text.len(), |space| starts[at] + space);
    let head = if has_before { &text[..word_end(head)] } else { "" };
    let tail = if has_behind { &text[word_start(starts.len() - tail)..] } else { "" };
    format!("{head} \u{2026}{tail}")
}

/// Gathers what changed between two stretches of words that stayed; a stretch without a letter does not part two changes.
fn hunks(marked: &[(Mark, &str)]) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let (mut gone, mut new, mut between) = (String::new(), String::new(), String::new());
    let mut push = |mark: Mark, text: &mut String| {
        let text = std::mem::take(text);
        match out.last_mut().filter(|last| last.mark == mark) {
            Some(last) => last.text.push_str(&text),
            None if text.is_empty() => {}
            None => out.push(Piece { mark, text }),
        }
    };
    for (mark, text) in marked {
        match mark {
            Mark::Same if gone.is_empty() && new.is_empty() => push(Mark::Same, &mut (*text).to_owned()),
            Mark::Same => {
                between.push_str(text);
                if text.chars().any(char::is_alphanumeric) {
                    push(Mark::Gone, &mut gone);
                    push(Mark::New, &mut new);
                    push(Mark::Same, &mut between);
                }
            }
            changed => {
                gone.push_str(&between);
                new.push_str(&between);
                between.clear();
                if *changed == Mark::Gone { gone.push_str(text) } else { new.push_str(text) }
            }
        }
    }
    push(Mark::Gone, &mut gone);
    push(Mark::New, &mut new);
    push(Mark::Same, &mut between);
    out
}

/// Words, runs of white space, and every other character by itself.
fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let kind = |at: usize, c: char| match c {
        c if is_of_word(text, at, c) => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let kind = kind(at, c);
        if last.is_some_and(|l| l != kind || kind == 2) {
            out.push(&text[start..at]);
            start = at;
        }
        last = Some(kind);
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// Letters, digits and apostrophes; and the mark in `1,500` and `2.5`.
fn is_of_word(text: &str, at: usize, c: char) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let within_number = || at > 0 && is_digit(text.as_bytes().get(at - 1)) && is_digit(text.as_bytes().get(at + 1));
    c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}') || (matches!(c, ',' | '.') && within_number())
}

/// The words of a text in lower case, without punctuation.
pub fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    for (at, c) in text.char_indices() {
        if is_of_word(text, at, c) {
            word.extend(c.to_lowercase());
        } else if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
    }
    out.extend(Some(word).filter(|w| !w.is_empty()));
    out
}

/// Which of the words begin a sentence, but for the first: behind a full stop, not after *e.g.*, and with no small letter.
pub fn sentences(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let (mut count, mut last, mut in_word) = (0, 0..0, false);
    for (at, c) in text.char_indices() {
        let is_of_word = is_of_word(text, at, c);
        if is_of_word && !in_word {
            let (word, gap) = (&text[last.clone()], &text[last.end..at]);
            let is_short = gap.starts_with('.') && word.len() == 1 && word.starts_with(|c: char| c.is_ascii_lowercase());
            let stop = gap.find(['.', '!', '?']).filter(|_| !is_short && !c.is_lowercase());
            if count > 0 && stop.is_some_and(|stop| gap[stop..].contains(char::is_whitespace)) {
                starts.push(count);
            }
            (count, last.start) = (count + 1, at);
        }
        if is_of_word {
            last.end = at + c.len_utf8();
        }
        in_word = is_of_word;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> String {
        pieces(before, after)
            .iter()
            .map(|p| match p.mark {
                Mark::Same => p.text.clone(),
                Mark::Gone => format!("[-{}-]", p.text),
                Mark::New => format!("[+{}+]", p.text),
            })
            .collect()
    }

    #[test]
    fn words_that_changed_are_marked_as_words() {
        assert_eq!(shown("Knows Git well.", "Knows Rust well."), "Knows [-Git-][+Rust+] well.");
        assert_eq!(shown("Knows Git.", "Knows Git and Rust."), "Knows Git[+ and Rust+].");
        assert_eq!(shown("", "New."), "[+New.+]");
    }

    #[test]
    fn a_number_is_one_word() {
        assert_eq!(shown("1,500 users", "1,200 users"), "[-1,500-][+1,200+] users");
        assert_eq!(words("Has 2.5 years, 3, or 1,500."), ["has", "2.5", "years", "3", "or", "1,500"]);
    }

    #[test]
    fn sentences_are_known_by_their_full_stop_and_first_letter() {
        assert_eq!(sentences("Knows Git. (Writes \"C.\") Node.js, e.g. Express. 5 years! no? No."), [2, 4, 9, 12]);
        assert!(sentences("One. two, v1.2 and U.S.").is_empty());
    }

    #[test]
    fn neighbouring_changes_are_one() {
        assert_eq!(shown("of moderate scope", "across several teams scope"), "[-of moderate-][+across several teams+] scope");
    }

    #[test]
    fn long_stretches_that_stayed_are_cut() {
        let long = "word ".repeat(100);
        let all = short_pieces(&format!("{long}a {long}b"), &format!("{long}c {long}d"));
        let texts: Vec<(Mark, usize)> = all.iter().map(|p| (p.mark, p.text.chars().count())).collect();
        assert!(texts.iter().all(|(_, length)| *length < 200), "{texts:?}");
        assert!(all[0].text.starts_with(" \u{2026}") && all[3].text.contains('\u{2026}'), "{all:?}");
        assert_eq!(short_pieces("a b", "a c"), pieces("a b", "a c"));
    }

    #[test]
    fn both_texts_can_be_read_off_the_pieces() {
        for (before, after) in [("a b, c", "b c, a!"), ("", ""), ("x-y z", "x y-z"), ("é è", "è é ü")] {
            let of = |mark: Mark| {
                pieces(before, after).iter().filter(|p| p.mark == Mark::Same || p.mark == mark).map(|p| p.text.clone()).collect::<String>()
            };
            assert_eq!((of(Mark::Gone).as_str(), of(Mark::New).as_str()), (before, after));
        }
    }
}
