//! Random front matter that is valid, with one slip in it: only that is told, and mending it gives back every byte.

mod project;

use std::ops::Range;
use std::sync::Arc;

use handbook::config::Config;
use handbook::diagnostic::Diagnostic;
use handbook::parse::parse;
use handbook::source::from_bytes;
use project::dice::Dice;

/// Values of keys that take text.
const TEXTS: [&str; 9] = [
    "Some words",
    "\"a: b, {[\"",
    "'it''s: [one'",
    "C++ # and a [comment",
    "\u{200f}C++",
    "a {b} and\n       goes:on, as - it - does",
    "\"with\n       grade:5 within\"",
    "\n       next:generation of them",
    "\n       \u{200e}owner Alex",
];

/// Items of lists.
const ITEMS: [&str; 7] =
    ["Knows Git", "Knows grade:5", "\u{200f}Python", "\"title: a\"", "id:x and\n         – so on", "|\n         grade:5\n         * two", "– a dash"];

/// Keys of the author, some of which only YAML reads as such.
const OWN: [&str; 7] = ["x-note", "\"x-more\"", "'x-other: one'", "x-größe", "x-a.b", "x-a b", "x-\u{200c}m"];

/// Values of theirs in an indentation of nine, which holds at every depth.
const OWN_VALUES: [&str; 10] = [
    "{id:a: 3, b: [title:c,\u{a0}d]}",
    "[grade:5, \"[\", 'it''s {'] # no } and [",
    "[one, # it's the {first\n         two]",
    "{title: a, # \"[\n         id: b}",
    "\n         - title:Foo\n         - id:\u{a0}a\n         - - grade:5",
    "\n         title:Foo: bar\n         roles:\n           - {id:a}\n         next:\n           -\u{a0}two\n           \u{2022} one",
    "\n         grade:7",
    "\n         requirements:\n           – one\n           * two",
    "&all\n         grade:6",
    "some text\n         roles:x",
];

/// Lines of blocks.
const LINES: [&str; 11] = [
    "grade:5 is where",
    "title:this ends",
    "– and this",
    "* one",
    "- id:a",
    "-id:a",
    "owner Alex",
    "{id: a",
    "\u{a0}\u{a0}id: x",
    "roles:",
    "\"requirements\": [",
];

/// A front matter, and what would be a slip in it: the bytes that are exchanged, and for what.
struct Front {
    dice: Dice,
    text: String,
    slips: Vec<(Range<usize>, &'static str)>,
}

impl Front {
    fn of(seed: u64) -> Self {
        let mut front = Front { dice: Dice(seed), text: "---\n".to_owned(), slips: Vec::new() };
        front.node(0, "title");
        front.key(0, "roles", "");
        for number in 0..=front.dice.below(3) {
            front.dash(2);
            if front.dice.below(3) == 0 {
                front.role_in_braces(number);
                continue;
            }
            front.key(0, "id", &format!("r{number}"));
            front.node(4, "title");
            let grade = *front.dice.of(&["5", "{none: \"why: [\"}"]);
            front.key(4, "grade", grade);
            if front.dice.below(2) == 0 {
                let key = *front.dice.of(&["requirements", "responsibilities"]);
                front.key(4, key, "");
                for _ in 0..=front.dice.below(3) {
                    front.dash(6);
                    front.text += *front.dice.of(&ITEMS);
                    front.text += "\n";
                }
            }
        }
        front.text += "---\n";
        front
    }

    /// A key that takes text, and others around it that are the author's.
    fn node(&mut self, column: usize, key: &'static str) {
        let from = self.dice.below(OWN.len());
        for own in OWN.iter().skip(from).take(self.dice.below(3)) {
            self.own(column, own);
        }
        // No two titles are the same.
        let title = format!("{key} {}", self.text.len());
        self.key(column, key, &title);
        if column == 0 && self.dice.below(2) == 0 {
            let text = *self.dice.of(&TEXTS);
            self.key(0, "description", text);
        }
        if column == 0 && self.dice.below(3) == 0 {
            self.key(0, "owner", "|\n  Alex");
        }
    }

    fn own(&mut self, column: usize, key: &str) {
        self.text += &format!("{:column$}{key}:", "");
        if self.dice.below(2) == 0 {
            self.text += *self.dice.of(&[" |", " >", " |-", " | # a [comment"]);
            for _ in 0..=self.dice.below(4) {
                self.text += &format!("\n{:1$}{2}", "", column + 2, self.dice.of(&LINES));
            }
        } else {
            let value = *self.dice.of(&OWN_VALUES);
            self.text += if value.starts_with('\n') { "" } else { " " };
            self.text += value;
        }
        self.text += "\n";
    }

    fn key(&mut self, column: usize, key: &str, value: &str) {
        self.text += &" ".repeat(column);
        let start = self.text.len();
        self.slips.push((start..start, "\u{200b}"));
        self.text += key;
        self.value(value);
        self.text += "\n";
    }

    fn value(&mut self, value: &str) {
        self.text += ":";
        if !value.is_empty() && !value.starts_with('\n') {
            let at = self.text.len();
            self.text += " ";
            if !value.starts_with('\u{200f}') {
                self.slips.extend([(at..at + 1, ""), (at..at + 1, "\u{a0}"), (at..at + 1, "\u{200e}")]);
            }
        }
        self.text += value;
    }

    fn dash(&mut self, column: usize) {
        self.text += &" ".repeat(column);
        let at = self.text.len();
        self.text += "- ";
        self.slips.extend([(at..at + 1, "\u{2013}"), (at..at + 1, "\u{2022}")]);
    }

    fn role_in_braces(&mut self, number: usize) {
        self.text += "{id";
        self.value(&format!("r{number}"));
        self.text += *self.dice.of(&[", ", ", # it's [one\n      ", ", x-q: {title:a: b, c: ['}', \"id:\"]}, ", ", 'x-: {': [id:b,\u{a0}c], "]);
        self.text += "title";
        self.value(&format!("'A, {{b {number}'"));
        self.text += ", grade";
        self.value("5");
        self.text += "}\n";
    }
}

fn findings(text: &str) -> Vec<Diagnostic> {
    parse(&Arc::new(from_bytes("content/a/b.md", text.as_bytes().to_vec())), &Config::default()).findings
}

fn mended(text: &str, findings: &[Diagnostic]) -> String {
    let mut mended = text.to_owned();
    let edits = findings.iter().flat_map(|finding| &finding.fix).flat_map(|fix| &fix.edits);
    edits.collect::<Vec<_>>().into_iter().rev().for_each(|(span, by)| mended.replace_range(span.clone(), by));
    mended
}

#[test]
fn only_the_slip_is_told_and_mended() {
    for seed in 0..2_000 {
        let mut front = Front::of(seed);
        let told = findings(&front.text);
        assert!(told.is_empty(), "seed {seed}: {told:#?}\n{}", front.text);
        let (span, by) = front.dice.of(&front.slips).clone();
        let mut text = front.text.clone();
        text.replace_range(span, by);
        let told = findings(&text);
        let is_sole = matches!(told.as_slice(), [one] if one.code == "yaml-syntax");
        assert!(is_sole, "seed {seed}: {told:#?}\n{text}");
        assert_eq!(mended(&text, &told), front.text, "seed {seed}");
    }
}
