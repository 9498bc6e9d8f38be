//! A line in, whether it was probably meant as `*Instead of the inherited list:*` out.

use crate::ident;

/// How a line is like `*Instead of the inherited list:*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// It has the words, in emphasis or not.
    SameWords,
    /// It has other words.
    OtherWords,
}

/// Longer lines are sentences.
const LONGEST: usize = 100;

/// Whether a line looks as if it should be `*Instead of the inherited list:*`.
pub fn near(line: &str) -> Option<Near> {
    let line = line.trim();
    let begins = line.find(char::is_alphabetic).filter(|_| line.len() <= LONGEST)?;
    let begins = if line[..begins].ends_with('<') { line.find('>')? + 1 } else { begins };
    if !line[begins..].get(..2)?.eq_ignore_ascii_case("in") {
        return None;
    }
    let slug = ident::slug(&line[begins..]);
    let wanted = "instead-of-the-inherited-list";
    if slug == wanted {
        return Some(Near::SameWords);
    }
    let begins_alike = slug.starts_with("instead-of-") || slug.starts_with("in-place-of-");
    let is_sentence = || slug.split('-').count() > 6 && !line.ends_with([':', '*', '_']);
    let says_inherited = || slug.split('-').any(|word| word.starts_with("inherit") || ident::distance(word, "inherited") <= 2);
    // Only what is about as long is measured: every item that begins with "in" took 4 % of a build.
    let is_near = slug.len().abs_diff(wanted.len()) <= 4 && ident::distance(&slug, wanted) <= 4 || begins_alike && !is_sentence() && says_inherited();
    is_near.then_some(Near::OtherWords)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearly_the_line_is_told_from_sentences() {
        for line in ["Instead of the inherited list:", "\\*Instead of the inherited list:\\*", "***Instead of the inherited list.***"] {
            assert_eq!(near(line), Some(Near::SameWords), "{line}");
        }
        for line in [
            "*Instead of inherited list:*",
            "*Instead of the inherited responsibilities:*",
            "*Insted of the inherted list*",
            "<em>Instead of the inherited list:</em>",
            "In place of what is inherited:",
            "*Instead of the inherited list: only these.*",
        ] {
            assert_eq!(near(line), Some(Near::OtherWords), "{line}");
        }
        for line in ["Instead of inherited code, writes code of its own", "Instead of meetings:", "Inherited lists are shown below", "In", ""] {
            assert_eq!(near(line), None, "{line}");
        }
    }
}
