//! `markup-slip`: a line of the body that looks like an item or a heading and is none: nothing tells the reader of the page, and what it
//! was to begin belongs to what stands above it.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use super::Sheet;
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::markdown::item::without_comments;
use crate::parse::items::first_line;
use crate::parse::slip::{BULLETS, DASHES};
use crate::parse::{Document, Flow, RoleFront};

/// What stands where an item begins like the dashes, but also before sentences: arrows, check marks and boxes.
const SIGNS: [char; 9] = ['\u{2192}', '\u{21d2}', '\u{27a4}', '\u{25ba}', '\u{25b8}', '\u{2713}', '\u{2714}', '\u{25a0}', '\u{25cb}'];

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    let text = document.text();
    keys_in_the_middle(document, findings);
    let mut start = document.body;
    let names = OnceCell::new();
    let lists = OnceCell::new();
    let mut above = Above::Nothing;
    for line in text[document.body..].split_inclusive('\n') {
        let at = start + line.len() - line.trim_start_matches(' ').len();
        let indented = at > start;
        start += line.len();
        let line = text[at..start].trim_end();
        let here = if line.is_empty() || line.starts_with('#') { Above::Nothing } else { Above::Words };
        let last = std::mem::replace(&mut above, here);
        let place = || Places::at(lists.get_or_init(|| Places::of(document)), at);
        let found = slip(line).or_else(|| bold_heading(sheet, line, last == Above::Nothing, &names));
        let found = found.or_else(|| doubtful(line).filter(|_| place().is_some_and(|list| is_item(line, indented, last, list))));
        let Some(slip) = found.filter(|_| !sheet.aside.holds(at)) else { continue };
        let finding = Diagnostic::warning("markup-slip", document.place(at..at + line.len()), slip.message).label(slip.label).help(slip.help);
        let Some((mark, list)) = slip.mark.zip(place()) else {
            findings.push(finding);
            continue;
        };
        above = Above::Slip;
        let finding = finding.of_part(list.node, list.section);
        let edit = (at..at + line.len() - mark.words.len(), mark.right);
        findings.push(if mark.sure { finding.fix("what looked like an item is one now", vec![edit]) } else { finding });
    }
}

/// Tells `{#key}` that does not end its item: readers see it, and it is no key.
fn keys_in_the_middle(document: &Document, findings: &mut Vec<Diagnostic>) {
    for item in &document.items {
        let written = without_comments(item.markdown(document.text()));
        let parts = written.split_once("{#").and_then(|(before, rest)| rest.split_once('}').map(|(key, behind)| (before, key, behind)));
        let Some((before, key, _)) = parts.filter(|(.., behind)| behind.contains(char::is_alphanumeric)) else { continue };
        let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b' ' | b'='));
        if is_key && before.matches('`').count() % 2 == 0 {
            let finding = Diagnostic::warning(
                "markup-slip",
                document.place(first_line(document.text(), item.span())),
                format!("`{{#{key}}}` is a key only at the end of an item, and is read as text here"),
            );
            findings.push(finding.help(format!("write it behind the last word of the item: `- **Label.** Words. {{#{key}}}`")));
        }
    }
}

/// What stands on the line above.
#[derive(Clone, Copy, PartialEq)]
enum Above {
    /// A heading, or nothing.
    Nothing,
    Words,
    /// What looked like an item, and is none.
    Slip,
}

/// A part of a list section.
struct ListPart {
    span: Range<usize>,
    node: usize,
    section: usize,
    /// Whether it is an item, and no text between items.
    item: bool,
}

/// Where the lists of a body stand, in the order of the file.
struct Places(Vec<ListPart>);

impl Places {
    fn of(document: &Document) -> Self {
        let mut parts = Vec::new();
        for (node, content) in document.nodes.iter().enumerate() {
            // A YAML key opens no heading, and so has no anchors.
            for section in content.sections.iter().filter(|s| !s.anchors.is_empty()) {
                let part = |span: Range<usize>, item: bool| ListPart { span, node, section: section.section, item };
                for flow in &section.flow {
                    match flow {
                        Flow::Prose(span) => parts.push(part(span.clone(), false)),
                        Flow::Items(items) => {
                            parts.extend(document.items[items.start as usize..items.end as usize].iter().map(|item| part(item.span(), true)))
                        }
                        Flow::SubHeading { .. } => {}
                    }
                }
            }
        }
        parts.sort_unstable_by_key(|part| part.span.start);
        Places(parts)
    }

    fn at(&self, offset: usize) -> Option<&ListPart> {
        let before = self.0.partition_point(|part| part.span.start <= offset);
        before.checked_sub(1).map(|last| &self.0[last]).filter(|part| part.span.contains(&offset))
    }
}

/// Whether a line that begins like an item was to be one, and does not only go on with the words above it.
fn is_item(line: &str, indented: bool, above: Above, list: &ListPart) -> bool {
    let behind = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let words = behind.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '*' | '~'));
    is_labelled(words.strip_prefix("o ").unwrap_or(words)) || !indented && (list.item || above != Above::Words)
}

fn is_labelled(words: &str) -> bool {
    words.starts_with("**") || words.starts_with("~~")
}

/// What is wrong with a line.
struct Slip<'t> {
    /// Words for the place.
    label: &'static str,
    /// Words for all of it.
    message: &'static str,
    /// What to do.
    help: String,
    /// What stands at the beginning of an item.
    mark: Option<Mark<'t>>,
}

/// The mark of what looks like an item.
struct Mark<'t> {
    /// What should stand there.
    right: String,
    /// What stands behind it.
    words: &'t str,
    /// Whether nothing else can be meant in a list.
    sure: bool,
}

impl<'t> Slip<'t> {
    fn item(words: &'t str, label: &'static str, does: &str, right: String, sure: bool) -> Self {
        let help = format!("{does}: `{right}{}`", shortened(words));
        Slip { label, message: "this looks like an item and is none", help, mark: Some(Mark { right, words, sure }) }
    }

    fn heading(label: &'static str, help: String) -> Self {
        Slip { label, message: "this looks like a heading and is none", help, mark: None }
    }
}

/// The name of a section in bold, alone on its line, on the page of a family; or that of a role or specialty, if no words stand above it.
fn bold_heading(sheet: &Sheet<'_>, line: &str, first: bool, names: &OnceCell<HashSet<String>>) -> Option<Slip<'static>> {
    let within = |mark: &str| line.strip_prefix(mark)?.trim_end_matches(':').strip_suffix(mark);
    let name = within("**").or_else(|| within("__"))?.trim_end_matches(':');
    let front = sheet.document.family()?;
    let loose = Some(ident::loose(name)).filter(|_| !name.contains(['*', '_']))?;
    let all = || {
        let roles = front.roles.iter().flat_map(RoleFront::names);
        roles.chain(front.specialties.iter().map(|s| s.title.clone())).map(|name| ident::loose(&name)).collect()
    };
    let opens = if sheet.config.headings.loose.contains_key(&loose) {
        Some("bold words open no section")
    } else {
        (first && names.get_or_init(all).contains(&loose)).then_some("bold words open no role or specialty")
    };
    opens.map(|label| Slip::heading(label, format!("write it as a heading: `## {name}`, with one `#` more than the heading above it has")))
}

/// The most letters of the number of a point with the mark behind it.
const LONGEST_NUMBER: usize = 10;

const HARD_SPACE: &str = "the space behind the mark is one that does not break";

fn slip(line: &str) -> Option<Slip<'_>> {
    let first = line.chars().next().filter(|c| !c.is_alphanumeric())?;
    let after = &line[first.len_utf8()..];
    let next = after.chars().next()?;
    if BULLETS.contains(&first) {
        let words = after.trim_start();
        return (!words.is_empty()).then(|| Slip::item(words, "this mark begins no item", "begin it with `- `", "- ".to_owned(), true));
    }
    match first {
        '-' | '*' | '+' if is_hard_space(next) => {
            Some(Slip::item(after.trim_start(), HARD_SPACE, "write an ordinary space", format!("{first} "), true))
        }
        '-' if next.is_alphabetic() || after.starts_with("**") => {
            let sure = !next.is_lowercase();
            Some(Slip::item(after, "no space behind the mark", "put a space behind the `-`", "- ".to_owned(), sure))
        }
        '#' => {
            let words = line.trim_start_matches('#');
            let level = line.len() - words.len();
            let is_hard = words.starts_with(is_hard_space);
            let is_title =
                level <= 6 && words.starts_with(|c: char| c.is_uppercase() || is_hard_space(c)) && (level > 1 || words.contains(' ') || is_hard);
            is_title.then(|| {
                let (label, does) =
                    if is_hard { (HARD_SPACE, "write an ordinary space") } else { ("no space behind the mark", "put a space behind it") };
                Slip::heading(label, format!("{does}: `{} {}`", &line[..level], shortened(words.trim_start())))
            })
        }
        _ => None,
    }
}

/// What is an item only where something speaks for one: behind a dash, an `o` or the like, or behind a number and a space that does
/// not break.
fn doubtful(line: &str) -> Option<Slip<'_>> {
    let first = line.chars().next()?;
    if first.is_ascii_digit() {
        let after = line.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(['.', ')'])?;
        let (number, words) = (&line[..line.len() - after.len()], after.trim_start());
        let is_mark = number.len() <= LONGEST_NUMBER && after.starts_with(is_hard_space) && !words.is_empty();
        return is_mark.then(|| Slip::item(words, HARD_SPACE, "write an ordinary space", format!("{number} "), is_labelled(words)));
    }
    let after = &line[first.len_utf8()..];
    let words = after.trim_start();
    let (spaced, labelled) = (words.len() < after.len(), is_labelled(words));
    let is_mark = match first {
        'o' => spaced && (labelled || words.starts_with(char::is_uppercase)),
        _ => (DASHES.contains(&first) || SIGNS.contains(&first)) && (spaced || labelled),
    };
    (is_mark && !words.is_empty()).then(|| Slip::item(words, "this mark begins no item", "begin it with `- `", "- ".to_owned(), labelled))
}

fn is_hard_space(c: char) -> bool {
    c.is_whitespace() && !c.is_ascii()
}

fn shortened(words: &str) -> String {
    match words.char_indices().nth(40) {
        Some((at, _)) => format!("{} ...", words[..at].trim_end()),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{doubtful, slip};

    #[test]
    fn what_looks_like_markup_is_told_from_what_is_words() {
        for line in [
            "-**Local law.** Knows it",
            "-Prepares cases",
            "-\u{a0}**Coaching.** Coaches",
            "*\u{a0}x",
            "\u{2022} Knows the law",
            "##Requirements",
            "####\u{a0}Responsibilities",
            "#\u{a0}Responsibilities",
            "\u{f0a7} Knows the law",
            "-\u{2003}Knows the law",
            "###Senior People Partner",
            "#Senior Partner",
        ] {
            assert!(slip(line).is_some(), "{line}");
        }
        for line in [
            "- x",
            "-5 degrees",
            "--- ",
            "--",
            "*emphasis* goes on",
            "**Bold** words",
            "# Title",
            "#hashtag",
            "#Tag",
            "#1 of all",
            "###",
            "-",
            "- ",
            "+1 for that",
            "\u{2022}",
            "Words",
        ] {
            assert!(slip(line).is_none(), "{line}");
        }
    }

    #[test]
    fn some_marks_begin_an_item_only_in_a_list() {
        for line in ["\u{2013} **Git.** Knows", "\u{2014} knows", "\u{2212}**Git.** Knows", "\u{2011} ~~**Git.**~~", "o Knows", "o\u{a0}**Git.**"] {
            assert!(slip(line).is_none() && doubtful(line).is_some(), "{line}");
        }
        for line in ["\u{2192} Knows", "\u{2713} Knows", "1.\u{a0}Knows", "12)\u{a0}Knows"] {
            assert!(slip(line).is_none() && doubtful(line).is_some(), "{line}");
        }
        for line in ["\u{2013}5 degrees", "\u{2013}", "o altro", "or Knows", "1. Knows", "1.5\u{a0}m", "\u{2014}and more", "2026.\u{a0}"] {
            assert!(doubtful(line).is_none(), "{line}");
        }
    }
}
