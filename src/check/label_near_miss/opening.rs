//! The first line of an item without a label in, the words with which it begins out: up to each mark that may have been meant to end
//! a label, without the marks of a label that is not in the form of one.

use std::ops::Range;

/// The most marks of an item after which a label may end: `Node.js: ...` has two. Each makes a slug.
const MARKS: usize = 3;

/// The tags of HTML that stand for marks, and whether they strike out.
const TAGS: [(&str, Kind); 7] = [
    ("b", Kind::Strong),
    ("strong", Kind::Strong),
    ("i", Kind::Emphasis),
    ("em", Kind::Emphasis),
    ("s", Kind::Struck),
    ("del", Kind::Struck),
    ("strike", Kind::Struck),
];

/// How an item begins.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Opening {
    /// Whether marks stand before its words that make no label of them.
    pub marked: bool,
    /// Whether those strike the words out.
    pub struck: bool,
    /// The words up to each end.
    pub ends: Vec<End>,
}

/// Where a label may end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct End {
    /// The words before it.
    pub words: String,
    /// The bytes of the item with the marks around them, where it is sure that they were to be a label: their marks show on the page, or
    /// are tags, and a full stop or a colon ends them.
    pub sure: Option<Range<usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Strong,
    Emphasis,
    Struck,
}

pub(super) fn of(markdown: &str) -> Opening {
    let line = markdown.lines().next().unwrap_or_default();
    // A box to tick, and quotes, signs or spaces that do not break, may stand before the marks.
    let behind_box = ["[ ] ", "[x] ", "[X] "].into_iter().find_map(|boxed| line.strip_prefix(boxed)).unwrap_or(line);
    let opened = behind_box.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '*' | '_' | '~' | '<' | '\\' | '`'));
    match Marks::at(opened) {
        Some(marks) => marked(line, line.len() - opened.len(), &marks),
        None => Opening { ends: plain(line).map(|words| End { words: words.to_owned(), sure: None }).collect(), ..Opening::default() },
    }
}

/// The words before each of the first marks that end a label.
fn plain(line: &str) -> impl Iterator<Item = &str> {
    let marks = line.match_indices(['.', ':', '-', '\u{2013}']);
    marks.filter(|(at, mark)| ends_label(line, *at, &line[at + mark.len()..])).take(MARKS).map(|(at, _)| &line[..at])
}

fn ends_label(line: &str, at: usize, rest: &str) -> bool {
    match line[at..].chars().next() {
        Some('.' | ':') => rest.is_empty() || rest.starts_with(' '),
        Some('-' | '\u{2013}') => line[..at].ends_with(' ') && rest.starts_with(' '),
        _ => false,
    }
}

/// Marks one behind the other.
struct Marks {
    len: usize,
    strong: bool,
    struck: bool,
    /// Whether they are tags, or are shown as they are.
    in_vain: bool,
}

impl Marks {
    fn at(text: &str) -> Option<Marks> {
        let mut marks = Marks { len: 0, strong: false, struck: false, in_vain: false };
        let mut stars = 0;
        while let Some((len, kind, in_vain)) = mark(&text[marks.len..]) {
            stars += usize::from(kind == Kind::Emphasis && len < "<i>".len());
            marks.len += len;
            marks.strong |= kind == Kind::Strong || stars >= 2;
            marks.struck |= kind == Kind::Struck;
            marks.in_vain |= in_vain;
        }
        (marks.len > 0).then_some(marks)
    }
}

/// The mark with which a text begins: its length, what it is, and whether Markdown makes no label with it.
fn mark(text: &str) -> Option<(usize, Kind, bool)> {
    let escaped = text.starts_with('\\');
    match text.as_bytes().get(usize::from(escaped))? {
        b'*' | b'_' => Some((1 + usize::from(escaped), Kind::Emphasis, escaped)),
        b'~' => Some((1 + usize::from(escaped), Kind::Struck, escaped)),
        b'<' if !escaped => {
            // No further than the longest tag, or a line of `<` would take quadratic time.
            let end = text.bytes().take("</strong>".len()).position(|b| b == b'>')?;
            let inner = &text[1..end];
            let name = inner.strip_prefix('/').unwrap_or(inner);
            TAGS.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(name)).map(|(_, kind)| (inner.len() + 2, *kind, true))
        }
        _ => None,
    }
}

/// An item that begins with marks, at `start` of its first line.
fn marked(line: &str, start: usize, first: &Marks) -> Opening {
    let mut ends = Vec::new();
    let mut words = String::new();
    let (mut at, mut closed) = (start + first.len, false);
    // A space behind the first marks makes them signs like any other.
    let in_vain = first.in_vain || line[at..].starts_with(' ') || line[start..].starts_with("**") && !line[at..].contains("**");
    while let Some(c) = line[at..].chars().next().filter(|_| ends.len() <= MARKS) {
        if let Some(marks) = Marks::at(&line[at..]).filter(|_| c != '_' || !goes_on(&line[..at], &line[at..])) {
            let rest = &line[at + marks.len..];
            // A mark behind it ends it, too.
            if first.strong && !closed && (words.ends_with(' ') || !begins_with_word(rest)) && !rest.starts_with(['.', ':']) {
                ends.push(End { words: words.trim().to_owned(), sure: None });
            }
            (at, closed) = (at + marks.len, true);
            continue;
        }
        let after = at + c.len_utf8();
        let rest = after + Marks::at(&line[after..]).map_or(0, |marks| marks.len);
        if ends_label(line, at, &line[rest..]) {
            let is_sure = in_vain && first.strong && !first.struck && matches!(c, '.' | ':') && start == 0;
            ends.push(End { words: words.trim().to_owned(), sure: is_sure.then_some(start..rest) });
        }
        words.push(c);
        at = after;
    }
    if first.strong && ends.len() <= MARKS {
        ends.push(End { words: words.trim().to_owned(), sure: None });
    }
    Opening { marked: true, struck: first.struck, ends }
}

/// Whether a `_` stands within a word.
fn goes_on(before: &str, after: &str) -> bool {
    before.ends_with(char::is_alphanumeric) && after[1..].starts_with(char::is_alphanumeric)
}

/// Whether a word goes on behind marks: `**Rust**-based`, `**Report**s`.
fn begins_with_word(rest: &str) -> bool {
    let joined = rest.strip_prefix(['-', '\'', '\u{2019}', '/']).unwrap_or(rest);
    joined.starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::of;

    fn words(line: &str) -> Vec<String> {
        of(line).ends.into_iter().map(|end| end.words).collect()
    }

    #[test]
    fn a_label_may_end_at_each_of_the_first_marks() {
        assert_eq!(words("Budget: of one. Or two."), ["Budget", "Budget: of one", "Budget: of one. Or two"]);
        assert_eq!(words("Node.js - a well-known runtime"), ["Node.js "]);
        assert_eq!(words("Of 3.5 departments"), [] as [&str; 0]);
    }

    #[test]
    fn broken_marks_are_no_part_of_the_words() {
        for line in [
            "**Problem solving** High scope.",
            "**Problem solving**, of high scope.",
            "**Problem solving**\u{2013} High scope",
            "*Problem solving.* High scope.",
            "_Problem solving_: High scope.",
            "**Problem solving. High scope.",
            "** Problem solving.** High",
            "<b>Problem solving.</b> High",
            "<STRONG>Problem solving</STRONG> High",
            "\\*\\*Problem solving.\\*\\* High",
            "\u{201c}**Problem solving.** High",
            "***Problem solving.*** High",
            "**Problem solving **High",
            "[ ] **Problem solving** High",
            "[**Problem solving.**](x) High",
            "\u{1f680} **Problem solving.** High",
            "\u{a0}**Problem solving.** High",
            "**~~Problem solving.~~ Not any more**",
            "\\~\\~**Problem solving.**\\~\\~ Not any more",
            "<del>**Problem solving.**</del> Not any more",
        ] {
            assert_eq!(words(line)[0].trim_end_matches('.'), "Problem solving", "{line}");
        }
    }

    #[test]
    fn a_word_that_goes_on_behind_marks_is_no_label() {
        for line in ["**Rust**-based work", "**Rust**s", "**Rust**'s ways", "*Rust* and more", "_snake_case and more_"] {
            assert!(!words(line).iter().any(|words| words == "Rust" || words == "snake"), "{line}");
        }
    }

    #[test]
    fn a_label_is_sure_where_its_marks_are_in_vain() {
        let sure = |line: &str| of(line).ends.into_iter().find_map(|end| end.sure).map(|at| line[at].to_owned());
        assert_eq!(sure("**Problem solving. High scope.").as_deref(), Some("**Problem solving."));
        assert_eq!(sure("** Problem solving.** High").as_deref(), Some("** Problem solving.**"));
        assert_eq!(sure("<b>Problem solving.</b> High").as_deref(), Some("<b>Problem solving.</b>"));
        assert_eq!(sure("\\*\\*Problem solving.\\*\\* High").as_deref(), Some("\\*\\*Problem solving.\\*\\*"));
        assert_eq!(sure("<b>Problem solving</b>: High").as_deref(), Some("<b>Problem solving</b>:"));
        for line in ["**Problem solving** High scope.", "*Problem solving.* High", "\u{201c}**Problem solving.** High"] {
            assert_eq!(sure(line), None, "{line}");
        }
    }
}
