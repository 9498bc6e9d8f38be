//! Two texts in, one out in which the words that went and those that came are marked.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::markdown::html::escape_into;

/// Below this share of common words the two texts are better read one by one.
const KINDRED: f64 = 0.3;

/// Both texts as one piece of HTML, with `<del>` and `<ins>`; none where they have little in common.
pub fn html(before: &str, after: &str) -> Option<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split_whitespace().collect(), after.split_whitespace().collect());
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let common: usize = ops.iter().map(|op| if let DiffOp::Equal { len, .. } = op { *len } else { 0 }).sum();
    if (common as f64) < KINDRED * old.len().max(new.len()) as f64 {
        return None;
    }
    let mut out = String::with_capacity(before.len() + after.len());
    for op in &ops {
        match op {
            DiffOp::Equal { .. } => push(None, &new[op.new_range()], &mut out),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                push(Some("del"), &old[op.old_range()], &mut out);
                push(Some("ins"), &new[op.new_range()], &mut out);
            }
        }
    }
    Some(out)
}

fn push(tag: Option<&str>, words: &[&str], out: &mut String) {
    if words.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push(' ');
    }
    let text = words.join(" ");
    match tag {
        None => escape_into(&text, out),
        Some(tag) => {
            out.push_str(&format!("<{tag}>"));
            escape_into(&text, out);
            out.push_str(&format!("</{tag}>"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn words_that_went_and_came_are_marked() {
        assert_eq!(
            html("Solves problems of moderate scope.", "Solves hard problems of high scope."),
            Some("Solves <ins>hard</ins> problems of <del>moderate</del> <ins>high</ins> scope.".to_owned())
        );
    }

    #[test]
    fn texts_with_little_in_common_are_not_mixed() {
        assert_eq!(html("Plans the week.", "Leads a department of forty people"), None);
    }
}
