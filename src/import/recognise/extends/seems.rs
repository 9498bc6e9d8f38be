//! A sentence of which no statement was made in, whether it reads as one out: then a person must look at it.

use crate::import::recognise::names;
use crate::import::resolve::Titles;

/// Whether a sentence of which nothing was made reads as a statement: a word that joins and after it a list or the title of a role, a
/// weaker one and both, all of a list or of what stands above, another role "who also", or a list before "plus".
pub fn seems(sentence: &str, titles: &Titles) -> bool {
    // Small letters of other scripts may be of another length; places in the one text must be places in the other.
    let lower = sentence.to_ascii_lowercase();
    let after = |joint: &&str| lower.find(*joint).map(|at| &sentence[at + joint.len()..]);
    let has_list = |text: &str| ["requirement", "responsibilit", "qualification", "duties"].iter().any(|w| text.to_ascii_lowercase().contains(w));
    let joints = ["extends ", "inherits ", "builds on ", "builds upon ", "expands on ", "same as ", "in addition to ", "on top of ", "everything "];
    let weaker = ["meet ", "meets ", "include ", "includes ", "including ", "share ", "shares ", "all of the ", "all the "];
    let small = ["the", "a", "an", "of", "all", "in", "from", "for", "as", "our"];
    let is_said = |text: &str| has_list(text) || ["above", "this role", "that role"].iter().any(|w| text.to_ascii_lowercase().contains(w));
    let names_at_once = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().skip_while(|w| small.contains(w)).collect();
        begins_with_title(&words, titles)
    };
    let names_somewhere = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        (0..words.len()).any(|n| begins_with_title(&words[n..], titles))
    };
    let is_another = [" is a ", " is an "].iter().filter_map(after).any(names_at_once) && lower.contains(" who also ");
    let is_all = lower.contains("all of the above")
        || lower.contains("all the above")
        || lower.starts_with("all ") && has_list(sentence) && names_somewhere(sentence);
    // "The requirements of an Analyst still hold", "Analyst requirements apply here as well", "Everything an analyst does".
    let holds = [" still hold", " still appl", " also appl", "carries over", "carry over", "carried over"].iter().any(|w| lower.contains(w));
    let goes_on = holds && has_list(sentence)
        || ["apply", "applies"].iter().any(|w| lower.contains(w)) && has_list(sentence) && names_somewhere(sentence)
        || ["every ", "each ", "either "].iter().any(|w| lower.starts_with(w)) && has_list(sentence) && names_somewhere(sentence)
        || ["everything a ", "everything an ", "everything the "].iter().any(|w| lower.starts_with(w))
            && [" does", " do "].iter().any(|w| lower.contains(w));
    let plus = lower.rfind(" plus").filter(|at| lower.len() - at < 30);
    joints.iter().filter_map(after).any(|text| is_said(text) || names_at_once(text))
        || weaker.iter().filter_map(after).any(|text| has_list(text) && (names_somewhere(text) || text.contains("here") || text.contains("above")))
        || is_another
        || is_all
        || goes_on
        || lower.starts_with("as well as ") && is_said(sentence)
        || plus.is_some_and(|at| is_said(&sentence[..at]))
}

/// Whether words begin with the title of a role. One word is a title only with a capital: "of our engineers" names none.
fn begins_with_title(words: &[&str], titles: &Titles) -> bool {
    let longest = words.len().min(6);
    let is_capital = words.first().is_some_and(|w| w.starts_with(char::is_uppercase));
    (1..=longest).any(|n| (n > 1 || is_capital) && titles.contains(&names::ordered(&words[..n].join(" "))))
}

#[cfg(test)]
mod tests {
    use super::{Titles, seems};

    #[test]
    fn what_reads_as_a_statement_is_told_from_what_has_its_words() {
        let titles = Titles::from(["baker".to_owned(), "widget engineer".to_owned()]);
        for sentence in [
            "Extends this role",
            "Excels at all of the widget engineer responsibilities",
            "Does everything a good Baker does, in addition to the Baker",
            "Includes all of the above.",
            "All requirements of a Widget Engineer apply.",
            "The Staff is a Widget Engineer who also leads.",
            "Acts as everybody above, plus:",
            "Includes responsibilities listed here",
            "Every requirement of the Widget Engineer applies",
            "Widget Engineer requirements apply here as well",
            "All Widget Engineer duties apply unless stated otherwise",
            "Everything an engineer does, plus:",
            "Either the Baker requirements or the Widget Engineer requirements",
            "Carries over the requirements of the middle level",
            "The responsibilities of a WE still hold; adds others",
        ] {
            assert!(seems(sentence, &titles), "{sentence}");
        }
        for sentence in [
            "Extends the reach of our bakers",
            "Knowledge of ovens is a plus",
            "Builds machines that meet the requirements of customers",
            "Applies the requirements of customers",
            "Every widget has requirements",
            "Carries over boxes",
            "Provides mentorship for all bakers to help them grow in their responsibilities",
        ] {
            assert!(!seems(sentence, &titles), "{sentence}");
        }
    }
}
