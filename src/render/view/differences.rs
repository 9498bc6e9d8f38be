//! Two texts in, HTML out in which the words that went and those that came are marked.

use crate::compare::wording::{Fate, Piece, pieces};
use crate::markdown::html::escape_into;

/// Both texts as one piece of HTML, with `<del>` and `<ins>`; none where they have little in common.
pub fn html(before: &str, after: &str) -> Option<String> {
    pieces(before, after).map(|pieces| marked(&pieces, |[first, second]| first || second))
}

/// Each text as HTML, the words that go in `<del>` and those that come in `<ins>`.
pub fn sides(before: &str, after: &str) -> [String; 2] {
    let one = |fate, text: &str| Piece { fate, words: text.to_owned(), spaced: [false; 2] };
    let pieces = pieces(before, after).unwrap_or_else(|| vec![one(Fate::Go, before), one(Fate::Come, after)]);
    [(Fate::Come, 0), (Fate::Go, 1)]
        .map(|(other, side)| marked(pieces.iter().filter(|p| p.fate != other && !p.words.is_empty()), |spaced| spaced[side]))
}

fn marked<'p>(pieces: impl IntoIterator<Item = &'p Piece>, is_spaced: impl Fn([bool; 2]) -> bool) -> String {
    let mut html = String::new();
    for Piece { fate, words, spaced } in pieces {
        let (open, close) = match fate {
            Fate::Stay => ("", ""),
            Fate::Go => ("<del>", "</del>"),
            Fate::Come => ("<ins>", "</ins>"),
        };
        html.push_str(if !html.is_empty() && is_spaced(*spaced) { " " } else { "" });
        html.push_str(open);
        escape_into(words, &mut html);
        html.push_str(close);
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
        assert_eq!(sides("Go and Rust.", "Go, Rust."), ["Go <del>and</del> Rust.", "Go<ins>,</ins> Rust."]);
        assert_eq!(sides("Go and Rust.", "Go, C and Rust."), ["Go and Rust.", "Go<ins>, C</ins> and Rust."]);
        assert_eq!(sides("a", "b"), ["<del>a</del>", "<ins>b</ins>"]);
        assert_eq!(sides("", "b"), ["", "<ins>b</ins>"]);
    }
}
