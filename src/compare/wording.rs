//! Two texts in, their words in pieces out: which stay, which are taken out, which come in.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Words in a row that stay or do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Whether the other text has them too.
    pub stays: bool,
    /// The words, with single spaces.
    pub words: String,
}

/// Below this share of words that stay, the texts are shown as two, for single words that happen to agree tell nothing.
const KINDRED: f64 = 0.3;

/// Both texts in pieces: those of the left one stay or are taken out, those of the right one stay or come in.
pub fn compare(left: &str, right: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (old, new): (Vec<&str>, Vec<&str>) = (left.split_whitespace().collect(), right.split_whitespace().collect());
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let kept: usize = ops.iter().map(|op| if let DiffOp::Equal { len, .. } = op { *len } else { 0 }).sum();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    if (kept as f64) < KINDRED * old.len().max(new.len()) as f64 {
        push(&mut before, false, &old);
        push(&mut after, false, &new);
        return (before, after);
    }
    for op in &ops {
        let stays = matches!(op, DiffOp::Equal { .. });
        push(&mut before, stays, &old[op.old_range()]);
        push(&mut after, stays, &new[op.new_range()]);
    }
    (before, after)
}

fn push(pieces: &mut Vec<Piece>, stays: bool, words: &[&str]) {
    if words.is_empty() {
        return;
    }
    let words = words.join(" ");
    match pieces.last_mut() {
        Some(last) if last.stays == stays => {
            last.words.push(' ');
            last.words.push_str(&words);
        }
        _ => pieces.push(Piece { stays, words }),
    }
}

#[cfg(test)]
mod tests {
    use super::compare;

    fn shown(left: &str, right: &str) -> (String, String) {
        let (before, after) = compare(left, right);
        let line = |pieces: Vec<super::Piece>| {
            let marked: Vec<String> = pieces.into_iter().map(|p| if p.stays { p.words } else { format!("[{}]", p.words) }).collect();
            marked.join(" ")
        };
        (line(before), line(after))
    }

    #[test]
    fn the_words_that_change_are_marked() {
        let (before, after) = shown("Solve problems of moderate scope.", "Solve technical problems of high scope.");
        assert_eq!(before, "Solve problems of [moderate] scope.");
        assert_eq!(after, "Solve [technical] problems of [high] scope.");
    }

    #[test]
    fn texts_that_have_little_in_common_are_shown_as_two() {
        let (before, after) = shown("Writes the code.", "Leads the design of several large systems over years.");
        assert_eq!(before, "[Writes the code.]");
        assert_eq!(after, "[Leads the design of several large systems over years.]");
    }

    #[test]
    fn the_same_text_stays_whole() {
        assert_eq!(shown("a b c", "a  b c"), ("a b c".to_owned(), "a b c".to_owned()));
        assert_eq!(shown("", ""), (String::new(), String::new()));
    }
}
