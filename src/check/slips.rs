//! `markup-slip`: a line of the body that looks like an item or a heading and is none: nothing tells the reader of the page, and what it
//! was to begin belongs to what stands above it.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::Sheet;
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::parse::RoleFront;

/// What stands before points in texts that come from word processors.
const BULLETS: [char; 7] = ['\u{2022}', '\u{b7}', '\u{25cf}', '\u{25aa}', '\u{25e6}', '\u{2023}', '\u{f0b7}'];

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    let text = document.text();
    let mut start = document.body;
    let names = OnceCell::new();
    let mut begins = true;
    for line in text[document.body..].split_inclusive('\n') {
        let at = start + line.len() - line.trim_start_matches(' ').len();
        start += line.len();
        let line = text[at..start].trim_end();
        let first = std::mem::replace(&mut begins, line.is_empty() || line.starts_with('#'));
        let Some((label, message, help)) = slip(line).or_else(|| bold_heading(sheet, line, first, &names)) else { continue };
        if sheet.aside.holds(at) {
            continue;
        }
        findings.push(Diagnostic::warning("markup-slip", document.place(at..at + line.len()), message).label(label).help(help));
    }
}

/// What is wrong with a line: words for the place, for all of it, and what to do.
type Slip = (&'static str, &'static str, String);

/// The name of a section in bold, alone on its line, on the page of a family; or that of a role or specialty, if no words stand above it.
fn bold_heading(sheet: &Sheet<'_>, line: &str, first: bool, names: &OnceCell<HashSet<String>>) -> Option<Slip> {
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
    opens.map(|label| {
        (
            label,
            "this looks like a heading and is none",
            format!("write it as a heading: `## {name}`, with one `#` more than the heading above it has"),
        )
    })
}

fn slip(line: &str) -> Option<Slip> {
    let first = line.chars().next().filter(|c| !c.is_alphanumeric())?;
    let after = &line[first.len_utf8()..];
    let next = after.chars().next()?;
    if BULLETS.contains(&first) {
        let words = after.trim_start();
        return (!words.is_empty())
            .then(|| ("this mark begins no item", "this looks like an item and is none", format!("begin it with `- `: `- {}`", shortened(words))));
    }
    match first {
        '-' | '*' | '+' if next == '\u{a0}' => {
            let words = after.trim_start();
            Some((
                "the space behind the mark is one that does not break",
                "this looks like an item and is none",
                format!("write an ordinary space: `{first} {}`", shortened(words)),
            ))
        }
        '-' if next.is_alphabetic() || after.starts_with("**") => {
            Some(("no space behind the mark", "this looks like an item and is none", format!("put a space behind the `-`: `- {}`", shortened(after))))
        }
        '#' => {
            let words = line.trim_start_matches('#');
            let level = line.len() - words.len();
            let is_title = level <= 6 && words.starts_with(|c: char| c.is_uppercase() || c == '\u{a0}') && (level > 1 || words.contains(' '));
            is_title.then(|| {
                let marks = &line[..level];
                (
                    "no space behind the mark",
                    "this looks like a heading and is none",
                    format!("put a space behind it: `{marks} {}`", shortened(words.trim_start())),
                )
            })
        }
        _ => None,
    }
}

fn shortened(words: &str) -> String {
    match words.char_indices().nth(40) {
        Some((at, _)) => format!("{} ...", words[..at].trim_end()),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::slip;

    #[test]
    fn what_looks_like_markup_is_told_from_what_is_words() {
        for line in [
            "-**Local law.** Knows it",
            "-Prepares cases",
            "-\u{a0}**Coaching.** Coaches",
            "*\u{a0}x",
            "\u{2022} Knows the law",
            "##Requirements",
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
}
