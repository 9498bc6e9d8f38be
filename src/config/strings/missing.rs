//! The texts that a site has in its language in, those that stay English out: as a finding, and as lines to translate.

use std::collections::BTreeSet;

use super::table::{COUNTED, STRINGS};
use crate::diagnostic::{Diagnostic, Place};
use crate::insert::scalar;

/// How many are named in the finding.
const NAMED: usize = 8;
const HELP: &str = "`handbook new strings` writes them into strings.yml, each in a comment, to be translated there";

/// The names of all texts, in the order of the docs.
fn names() -> impl Iterator<Item = &'static str> {
    STRINGS.iter().map(|(name, _)| *name).chain(COUNTED.iter().map(|(name, ..)| *name))
}

/// Whether a language needs no translation.
pub fn is_english(lang: &str) -> bool {
    lang.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case("en"))
}

/// That a site says some of its texts in English, though it is in another language. `given` are the names in `strings.yml`; none where
/// there is no such file.
pub(super) fn finding(given: Option<&BTreeSet<&str>>, lang: &str, place: Place) -> Option<Diagnostic> {
    if is_english(lang) {
        return None;
    }
    let Some(given) = given else {
        let message = format!("pages are in `{lang}`, but what they say by themselves is in English");
        return Some(
            Diagnostic::warning("text-untranslated", place, message).help(HELP.replace("them into strings.yml", "a strings.yml with all texts")),
        );
    };
    let missing: Vec<&str> = names().filter(|name| !given.contains(name)).collect();
    let (named, more) = missing.split_at(missing.len().min(NAMED));
    let named = named.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    let are = if missing.len() == 1 { "is" } else { "are" };
    let message = format!("{} of {} texts that pages say by themselves {are} still in English: {named}{more}", missing.len(), names().count());
    (!missing.is_empty()).then(|| Diagnostic::warning("text-untranslated", place, message).of_file().help(HELP))
}

/// A `strings.yml` with a comment for each text that it does not name; none where it names all, and how many were added.
pub fn completed(text: Option<&str>) -> Option<(String, usize)> {
    let known = |name: &str| {
        let is_it = |line: &str| line.trim_start_matches(['#', ' ']).strip_prefix(name).is_some_and(|rest| rest.starts_with(':'));
        text.is_some_and(|text| text.lines().any(is_it))
    };
    let texts = STRINGS.iter().filter(|(name, _)| !known(name)).map(|(name, english)| format!("# {name}: {}\n", scalar(english)));
    let counted = COUNTED.iter().filter(|(name, ..)| !known(name));
    let counted = counted.map(|(name, one, other)| format!("# {name}: {{one: {}, other: {}}}\n", scalar(one), scalar(other)));
    let lines: Vec<String> = texts.chain(counted).collect();
    if lines.is_empty() {
        return None;
    }
    let before = text.unwrap_or("# What pages say by themselves, in the language of the site.\n");
    let gap = if before.is_empty() || before.ends_with('\n') { "\n" } else { "\n\n" };
    let head = "# Still in English: take the `#` away and write the text in your language. `{}` stays.\n";
    Some((format!("{before}{gap}{head}{}", lines.concat()), lines.len()))
}
