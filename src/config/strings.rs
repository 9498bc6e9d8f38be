//! `strings.yml` in, the words that pages say by themselves out: English where the file says nothing else.

pub mod missing;
pub mod plural;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::read::tree_of;
use crate::diagnostic::{Diagnostic, Place};
use crate::ident;
use crate::source::SourceFile;
use crate::yaml;
use crate::yaml::Node;
use crate::yaml::fields::{Fields, Findings};
use plural::{FORMS, Form};
pub use table::{COUNTED, STRINGS};

/// A name in [`STRINGS`], by its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text(usize);

/// The text of this name; one that is not in the table does not compile in a `const`.
pub const fn text(name: &str) -> Text {
    let mut at = 0;
    while !same(STRINGS[at].0.as_bytes(), name.as_bytes()) {
        at += 1;
    }
    Text(at)
}

/// A name in [`COUNTED`], by its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted(usize);

/// The counted text of this name; one that is not in the table does not compile in a `const`.
pub const fn counted(name: &str) -> Counted {
    let mut at = 0;
    while !same(COUNTED[at].0.as_bytes(), name.as_bytes()) {
        at += 1;
    }
    Counted(at)
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

/// A text that tells a number, in the forms of its language: that of the site, or English where it is not translated.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Forms {
    lang: Box<str>,
    texts: BTreeMap<Form, Box<str>>,
}

/// The texts of a site, in the order of [`STRINGS`] and of [`COUNTED`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strings {
    texts: Vec<Box<str>>,
    counted: Vec<Forms>,
}

impl Default for Strings {
    fn default() -> Self {
        let forms = |one: &str, other: &str| BTreeMap::from([(Form::One, one.into()), (Form::Other, other.into())]);
        Strings {
            texts: STRINGS.iter().map(|(_, text)| (*text).into()).collect(),
            counted: COUNTED.iter().map(|(_, one, other)| Forms { lang: "en".into(), texts: forms(one, other) }).collect(),
        }
    }
}

impl Strings {
    /// A text.
    pub fn get(&self, text: Text) -> &str {
        &self.texts[text.0]
    }

    /// The text with `values` in its places.
    pub fn with(&self, text: Text, values: &[&str]) -> String {
        filled(self.get(text), values)
    }

    /// The text of this name, for templates; none where there is no such text.
    pub fn named(&self, name: &str) -> Option<&str> {
        Some(&self.texts[STRINGS.iter().position(|(n, _)| *n == name)?])
    }

    /// A number in its text.
    pub fn count(&self, counted: Counted, number: usize) -> String {
        let Forms { lang, texts } = &self.counted[counted.0];
        let form = texts.get(&plural::form(lang, number)).or_else(|| texts.get(&Form::Other));
        filled(form.map_or("{}", |text| text), &[&number.to_string()])
    }

    /// The same by name, for templates; none where there is no such text.
    pub fn count_named(&self, name: &str, number: usize) -> Option<String> {
        Some(self.count(Counted(COUNTED.iter().position(|(n, ..)| *n == name)?), number))
    }

    /// What a template means by `name`, or by `name[1]` where the text has places; none where there is no such text.
    pub fn piece(&self, name: &str) -> Option<&str> {
        let (name, number) = match name.split_once('[') {
            Some((name, number)) => (name, Some(number.strip_suffix(']')?.parse::<usize>().ok()?)),
            None => (name, None),
        };
        let at = STRINGS.iter().position(|(n, _)| *n == name)?;
        match (STRINGS[at].1.contains("{}"), number) {
            (true, Some(number)) => pieces(&self.texts[at]).get(number).copied(),
            (false, None) => Some(&self.texts[at]),
            _ => None,
        }
    }

    /// A date such as `2026-11-22` in words.
    pub fn date(&self, iso: &str) -> String {
        let mut parts = iso.split('-');
        let (year, month, day) = (parts.next().unwrap_or(iso), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let number = month.parse::<usize>().unwrap_or(1);
        let name = self.get(const { text("months") }).split(',').nth(number.saturating_sub(1)).unwrap_or(month).trim();
        self.with(const { text("date") }, &[day.trim_start_matches('0'), name, year])
    }

    /// The texts that a script asks for as `say.name`, as JSON: a text, or one for each form with the language of them.
    pub fn json_for(&self, script: &str) -> String {
        let mut wanted = serde_json::Map::new();
        for asked in script.split("say.").skip(1) {
            let end = asked.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(asked.len());
            let name = &asked[..end];
            if let Some(at) = STRINGS.iter().position(|(n, _)| *n == name) {
                wanted.insert(name.to_owned(), self.texts[at].as_ref().into());
            } else if let Some(at) = COUNTED.iter().position(|(n, ..)| *n == name) {
                let Forms { lang, texts } = &self.counted[at];
                let forms = FORMS.iter().filter_map(|(name, form)| Some(((*name).to_owned(), texts.get(form)?.as_ref().into())));
                let lang = ("lang".to_owned(), lang.as_ref().into());
                wanted.insert(name.to_owned(), serde_json::Value::Object(forms.chain([lang]).collect()));
            }
        }
        serde_json::Value::Object(wanted).to_string()
    }
}

/// For templates: a text, or where it has places the list of the pieces around them.
impl Serialize for Strings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(STRINGS.len()))?;
        for ((name, english), text) in STRINGS.iter().zip(&self.texts) {
            if english.contains("{}") {
                map.serialize_entry(name, &pieces(text))?;
            } else {
                map.serialize_entry(name, &**text)?;
            }
        }
        map.end()
    }
}

/// The next place in a text, `{}` or `{1}`: where it stands, and its number.
fn place(text: &str) -> Option<(std::ops::Range<usize>, Option<usize>)> {
    text.match_indices('{').find_map(|(at, _)| match text.as_bytes()[at..] {
        [_, b'}', ..] => Some((at..at + 2, None)),
        [_, number @ b'1'..=b'9', b'}', ..] => Some((at..at + 3, Some(usize::from(number - b'0')))),
        _ => None,
    })
}

/// The numbers of the places of a text, as they are written.
fn places(mut text: &str) -> Vec<Option<usize>> {
    let mut out = Vec::new();
    while let Some((at, number)) = place(text) {
        out.push(number);
        text = &text[at.end..];
    }
    out
}

/// What stands around the places of a text.
fn pieces(mut text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    while let Some((at, _)) = place(text) {
        out.push(&text[..at.start]);
        text = &text[at.end..];
    }
    out.push(text);
    out
}

/// A text with values in its places.
pub fn filled(mut text: &str, values: &[&str]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for next in 1.. {
        let Some((at, number)) = place(text) else { break };
        out.push_str(&text[..at.start]);
        out.push_str(values.get(number.unwrap_or(next) - 1).copied().unwrap_or_default());
        text = &text[at.end..];
    }
    out.push_str(text);
    out
}

/// Reads the file for a site in this language, which is written at a place; what is wrong with it is a finding and the English text
/// stands.
pub fn read(file: Option<&SourceFile>, (lang, written): (&str, Place), list: &mut Vec<Diagnostic>) -> Strings {
    let mut strings = Strings::default();
    let Some(file) = file else {
        list.extend(missing::finding(None, lang, written));
        return strings;
    };
    let Some(node) = tree_of(file, list) else { return strings };
    let given = match &node.value {
        yaml::Value::Map(entries) => entries.iter().filter_map(|(key, _)| key.text()).collect(),
        _ => BTreeSet::new(),
    };
    list.extend(missing::finding(Some(&given), lang, Place::new(&file.path, 0..0)));
    let mut findings = Findings { file: &file.path, base: 0, list };
    if node.value == yaml::Value::Null {
        return strings;
    }
    let Some(mut fields) = Fields::of(&node, "strings.yml", &mut findings) else { return strings };
    for (name, span, node) in fields.take_where(|_| true) {
        if let Some(number) = STRINGS.iter().position(|(n, _)| *n == name) {
            read_text(number, node, &mut strings, &mut findings);
        } else if let Some(number) = COUNTED.iter().position(|(n, ..)| *n == name) {
            read_forms(number, node, lang, &mut strings, &mut findings);
        } else {
            let names = STRINGS.iter().map(|(n, _)| *n).chain(COUNTED.iter().map(|(n, ..)| *n));
            let finding = Diagnostic::error("unknown-key", findings.place(&span), format!("no text of the pages is called `{name}`"))
                .meant(ident::nearest(name, names))
                .help("`handbook new strings` writes down the names that are missing");
            findings.list.push(finding);
        }
    }
    strings
}

fn read_text(number: usize, node: &Node, strings: &mut Strings, findings: &mut Findings<'_>) {
    let (name, english) = STRINGS[number];
    let Some(text) = node.text() else { return findings.wrong_type(node, name, "text") };
    match misfit(name, english, text) {
        None => strings.texts[number] = text.into(),
        Some((message, help)) => {
            let finding = Diagnostic::error("wrong-type", findings.place(&node.span), message).help(help);
            findings.list.push(finding);
        }
    }
}

/// Reads a counted text: one text for all numbers, or one for each form of the language.
fn read_forms(number: usize, node: &Node, lang: &str, strings: &mut Strings, findings: &mut Findings<'_>) {
    let (name, _, english) = COUNTED[number];
    let mut texts = BTreeMap::new();
    if let Some(text) = node.text() {
        if tells_number(name, Form::Other, (node, text), lang, findings) {
            texts.insert(Form::Other, text.into());
            strings.counted[number] = Forms { lang: lang.into(), texts };
        }
        return;
    }
    if !matches!(node.value, yaml::Value::Map(_)) {
        return findings.wrong_type(node, name, "text, or a mapping with `other`");
    }
    let Some(mut fields) = Fields::of(node, name, findings) else { return };
    let mut fits = true;
    for (key, span, node) in fields.take_where(|_| true) {
        let Some((_, form)) = FORMS.iter().find(|(n, _)| *n == key) else {
            let finding = Diagnostic::error("unknown-key", findings.place(&span), format!("no number takes a form called `{key}`"))
                .meant(ident::nearest(key, FORMS.iter().map(|(n, _)| *n)))
                .help("the forms are `zero`, `one`, `two`, `few`, `many` and `other`");
            findings.list.push(finding);
            continue;
        };
        match node.text() {
            Some(text) => {
                fits &= tells_number(name, *form, (node, text), lang, findings);
                texts.insert(*form, text.into());
            }
            None => findings.wrong_type(node, key, "text"),
        }
    }
    if !texts.contains_key(&Form::Other) {
        let finding = Diagnostic::error("wrong-type", findings.place(&node.span), format!("`{name}` has no text for `other`"))
            .help(format!("every language has that form; in English it is `{english}`"));
        findings.list.push(finding);
    } else if fits {
        strings.counted[number] = Forms { lang: lang.into(), texts };
    }
}

/// Whether a form tells its number; it may leave it out where it stands for one number alone.
fn tells_number(name: &str, form: Form, (node, text): (&Node, &str), lang: &str, findings: &mut Findings<'_>) -> bool {
    let alone = || (0..=200).filter(|n| plural::form(lang, *n) == form).count() <= 1;
    let fits = match places(text).as_slice() {
        [] => alone(),
        [number] => number.is_none_or(|n| n == 1),
        _ => false,
    };
    if !fits {
        let help = "write `{}` where the number stands; only the form of a single number, such as `one` in English, can do without";
        let finding = Diagnostic::error("wrong-type", findings.place(&node.span), format!("`{name}` must tell the number, once")).help(help);
        findings.list.push(finding);
    }
    fits
}

/// Why a translation cannot stand for the English text, with what to do.
fn misfit(name: &str, english: &str, text: &str) -> Option<(String, String)> {
    let (wanted, found) = (places(english).len(), places(text));
    let mut numbers: Vec<usize> = found.iter().flatten().copied().collect();
    numbers.sort_unstable();
    let in_order = numbers.is_empty() && found.len() == wanted;
    if !in_order && !numbers.iter().copied().eq(1..=wanted) {
        let message = match found.len() == wanted {
            true => format!("`{name}` must have each place from `{{1}}` to `{{{wanted}}}` once, or `{{}}` alone"),
            false => format!("`{name}` has {} of the places `{{}}`, and must have {wanted}", found.len()),
        };
        return Some((message, format!("in English it is `{english}`")));
    }
    let months = text.split(',').count();
    (name == "months" && months != 12)
        .then(|| (format!("`months` names {months} months, and must name 12"), "write them in one line, with a comma between two".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_one_name() {
        let mut names: Vec<&str> = STRINGS.iter().map(|(n, _)| *n).chain(COUNTED.iter().map(|(n, ..)| *n)).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STRINGS.len() + COUNTED.len());
    }

    #[test]
    fn dates_are_written_out() {
        let mut strings = Strings::default();
        assert_eq!(strings.date("2026-11-02"), "2 November 2026");
        let at = STRINGS.iter().position(|(n, _)| *n == "date").expect("it is there");
        strings.texts[at] = "{}. {} {}".into();
        assert_eq!(strings.date("2026-03-22"), "22. March 2026");
        strings.texts[at] = "{3}\u{5e74}{2}{1}\u{65e5}".into();
        assert_eq!(strings.date("2026-03-22"), "2026\u{5e74}March22\u{65e5}");
    }

    #[test]
    fn a_translation_has_the_places_of_the_english_text_in_any_order() {
        let fits = |english, text| misfit("step", english, text).is_none();
        assert!(fits("{} to {}", "{} bis {}") && fits("{} to {}", "{2} \u{2190} {1}") && fits("Menu", "{x}"));
        assert!(!fits("{} to {}", "{1} und {1}") && !fits("{} to {}", "{} und {1}") && !fits("{} to {}", "{2}") && !fits("Menu", "{1}"));
    }

    #[test]
    fn a_number_takes_the_form_of_its_language() {
        let mut strings = Strings::default();
        let roles = counted("count_roles");
        assert_eq!([0, 1, 2].map(|n| strings.count(roles, n)), ["0 roles", "1 role", "2 roles"]);
        let texts = BTreeMap::from([(Form::One, "{} a".into()), (Form::Few, "{} b".into()), (Form::Other, "{} c".into())]);
        strings.counted[roles.0] = Forms { lang: "ru".into(), texts };
        assert_eq!([1, 3, 5, 21].map(|n| strings.count(roles, n)), ["1 a", "3 b", "5 c", "21 a"]);
    }

    #[test]
    fn a_script_gets_the_texts_that_it_asks_for() {
        let json = Strings::default().json_for("call(say.close); say.more_or_less; say.nothing; say.results[n]");
        assert_eq!(json, r#"{"close":"Close","results":{"one":"1 result","other":"{} results","lang":"en"}}"#);
    }
}
