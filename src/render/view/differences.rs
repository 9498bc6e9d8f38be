//! Two texts in, HTML out in which the words that went and those that came are marked.

use crate::compare::wording::{Fate, Piece, SIGNS, pieces};
use crate::markdown::html::escape_into;

/// Both texts as one piece of HTML, with `<del>` and `<ins>`; none where they have little in common.
pub fn html(before: &str, after: &str) -> Option<String> {
    pieces(before, after).map(|pieces| marked(&pieces))
}

/// Each text as HTML, the words that go in `<del>` and those that come in `<ins>`.
pub fn sides(before: &str, after: &str) -> [String; 2] {
    let one = |fate, text: &str| Piece { fate, words: text.to_owned(), spaced: false };
    let pieces = pieces(before, after).unwrap_or_else(|| vec![one(Fate::Go, before), one(Fate::Come, after)]);
    [Fate::Come, Fate::Go].map(|other| marked(pieces.iter().filter(|p| p.fate != other && !p.words.is_empty())))
}

fn marked<'p>(pieces: impl IntoIterator<Item = &'p Piece>) -> String {
    let mut html = String::new();
    let mut spaced = false;
    for Piece { fate, words, spaced: follows } in pieces {
        let (open, close) = match fate {
            Fate::Stay => ("", ""),
            Fate::Go => ("<del>", "</del>"),
            Fate::Come => ("<ins>", "</ins>"),
        };
        // The space that follows a word in the second text may not follow it in the first.
        html.push_str(if spaced && !words.starts_with(SIGNS) { " " } else { "" });
        html.push_str(open);
        escape_into(words, &mut html);
        html.push_str(close);
        spaced = *follows;
    }
    html
}

#[cfg(test)]
mod tests {
    use super::{html, sides};

    #[test]
    fn words_that_went_and_came_are_marked() {
        assert_eq!(
            html("Solves problems of moderate scope.", "Solves hard problems of high scope."),
            Some("Solves <ins>hard</ins> problems of <del>moderate</del> <ins>high</ins> scope.".to_owned())
        );
        assert_eq!(html("Plans the week.", "Leads a department of forty people"), None);
    }

    #[test]
    fn each_side_has_its_own_words() {
        let [before, after] = sides("Solves problems of <moderate> scope.", "Solves hard problems of high scope.");
        assert_eq!(before, "Solves problems of <del>&lt;moderate&gt;</del> scope.");
        assert_eq!(after, "Solves <ins>hard</ins> problems of <ins>high</ins> scope.");
        assert_eq!(sides("Go, Rust.", "Go and Rust."), ["Go<del>,</del> Rust.", "Go <ins>and</ins> Rust."]);
        assert_eq!(sides("a", "b"), ["<del>a</del>", "<ins>b</ins>"]);
        assert_eq!(sides("", "b"), ["", "<ins>b</ins>"]);
    }
}
