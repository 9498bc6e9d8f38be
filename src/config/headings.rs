//! `sections` and `headings` of `handbook.yml` in, what headings open whatever the family out.

use std::collections::BTreeMap;

use super::{Config, Section};
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::yaml::Node;
use crate::yaml::fields::{Fields, Findings};

/// What a heading opens whatever the family: section numbers, and the words for what roles and specialties stand below.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headings {
    /// Sections by the heading without case.
    pub exact: BTreeMap<String, usize>,
    /// Sections by the heading without case, punctuation, plural, hyphens and `and`.
    pub loose: BTreeMap<String, usize>,
    /// The other words as they are written: those of English, and those that `headings` adds.
    pub words: Vec<(String, HeadingWord)>,
    /// The same in the form of `exact`, and in that of `loose`.
    pub words_by_form: [BTreeMap<String, HeadingWord>; 2],
}

/// What a heading opens that is no section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadingWord {
    /// Roles stand below it: `Levels`, `Roles`.
    Levels,
    /// Specialties stand below it: `Specialties`.
    Specialties,
    /// It is the family's: `All levels`.
    AllLevels,
}

/// The words of English.
const HEADING_WORDS: [(&str, HeadingWord); 4] = [
    ("Levels", HeadingWord::Levels),
    ("Roles", HeadingWord::Levels),
    ("Specialties", HeadingWord::Specialties),
    ("All levels", HeadingWord::AllLevels),
];

impl Headings {
    pub(super) fn of(sections: &[Section], more: Vec<(String, HeadingWord)>) -> Self {
        let mut headings = Headings::default();
        headings.words.extend(HEADING_WORDS.map(|(word, opens)| (word.to_owned(), opens)));
        headings.words.extend(more);
        let form = |form: fn(&str) -> String| headings.words.iter().map(|(word, opens)| (form(word), *opens)).collect();
        headings.words_by_form = [form(ident::fold), form(ident::loose)];
        for (number, section) in sections.iter().enumerate() {
            let spaced = section.id.replace('-', " ");
            for name in [&section.title, &section.id, &spaced].into_iter().chain(&section.aliases) {
                headings.exact.entry(ident::fold(name)).or_insert(number);
                headings.loose.entry(ident::loose(name)).or_insert(number);
            }
        }
        headings
    }
}

/// Reads `headings`: further words that open what those of English open.
pub(super) fn read(node: &Node, config: &Config, findings: &mut Findings<'_>) -> Vec<(String, HeadingWord)> {
    let mut words = Vec::new();
    let Some(mut fields) = Fields::of(node, "`headings`", findings) else { return words };
    for (key, opens) in [("levels", HeadingWord::Levels), ("specialties", HeadingWord::Specialties), ("all_levels", HeadingWord::AllLevels)] {
        for (word, span) in fields.texts(key, findings) {
            let (form, spaced) = (ident::fold(word), |s: &Section| s.id.replace('-', " "));
            let of_section =
                config.sections.iter().find(|s| [&s.title, &spaced(s)].into_iter().chain(&s.aliases).any(|name| ident::fold(name) == form));
            let of_word =
                HEADING_WORDS.iter().map(|(known, opens)| (*known, *opens)).find(|(known, other)| ident::fold(known) == form && *other != opens);
            let again =
                words.iter().find(|(known, _): &&(String, HeadingWord)| ident::fold(known) == form).map(|(known, _)| format!("what `{known}` opens"));
            if word.trim().is_empty() {
                findings.list.push(
                    Diagnostic::error("wrong-type", findings.place(&span), format!("a word of `{key}` is empty"))
                        .help("write the words of a heading"),
                );
                continue;
            }
            let other =
                again.or(of_section.map(|s| format!("the section `{}`", s.id))).or(of_word.map(|(known, _)| format!("the same as `{known}`")));
            match other {
                Some(other) => findings.list.push(
                    Diagnostic::error("duplicate-id", findings.place(&span), format!("the heading `{word}` opens {other} already"))
                        .help("give each heading to one of them"),
                ),
                None => words.push((word.to_owned(), opens)),
            }
        }
    }
    fields.finish("`headings`", [], findings);
    words
}
