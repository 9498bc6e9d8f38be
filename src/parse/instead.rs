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

/// What says it in other words.
const ALIKE: [&str; 6] = ["instead-of-", "in-place-of-", "in-lieu-of-", "rather-than-", "replaces-", "replacing-"];

/// Where the words of a line begin, behind marks and a tag.
pub fn words_at(line: &str) -> Option<usize> {
    let begins = line.find(char::is_alphabetic)?;
    if line[..begins].ends_with('<') { line.find('>').map(|end| end + 1) } else { Some(begins) }
}

/// Whether a line looks as if it should be `*Instead of the inherited list:*`. A row of a table does not.
pub fn near(line: &str) -> Option<Near> {
    let line = line.trim();
    let begins = words_at(line).filter(|_| line.len() <= LONGEST && !line.starts_with('|'))?;
    let first = line[begins..].get(..2)?;
    if !["in", "ra", "re"].iter().any(|start| first.eq_ignore_ascii_case(start)) {
        return None;
    }
    let slug = ident::slug(&line[begins..]);
    let wanted = "instead-of-the-inherited-list";
    if slug == wanted {
        return Some(Near::SameWords);
    }
    let is_marked = line[..begins].ends_with(['*', '_', '>']);
    let has_words = || line[begins..].get(wanted.len()..).is_some_and(|rest| is_marked || rest.starts_with(':'));
    if slug.starts_with(wanted) && has_words() {
        return Some(Near::OtherWords);
    }
    let begins_alike = ALIKE.iter().any(|words| slug.starts_with(words));
    let is_sentence = || slug.split('-').count() > 6 || line.contains(',');
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
            "*Instead of the inherited list:* These and those",
            "Instead of the inherited list: these and those",
            "*Rather than the inherited list:*",
            "*Replaces the inherited list:*",
        ] {
            assert_eq!(near(line), Some(Near::OtherWords), "{line}");
        }
        for line in [
            "Instead of inherited code, writes code of its own",
            "Instead of the tools inherited from the old team:",
            "Instead of inheriting problems, solves them:",
            "Instead of the inherited list we keep our own, which is shorter.",
            "Replaces broken tools",
            "| *Instead of the inherited list:* |",
            "Instead of meetings:",
            "Inherited lists are shown below",
            "In",
            "",
        ] {
            assert_eq!(near(line), None, "{line}");
        }
    }
}
