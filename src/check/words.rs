//! Word lists in, where their words stand in a text out: `banned-phrase`, `gendered-wording`, `placeholder`,
//! `years-of-experience`. The only home of aho-corasick: all lists are looked for in one pass.

mod years;

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::Sheet;
use super::aside::Asides;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::SourceFile;

/// The lists that are built in, for English.
const BANNED: &str = include_str!("words/banned.txt");
const GENDERED: &str = include_str!("words/gendered.txt");

/// What was left for later. Those in capitals count in capitals only: *todo* is a word in other languages.
const PLACEHOLDERS: [&str; 10] = ["TBD", "TBC", "TODO", "FIXME", "XXX", "lorem ipsum", "to be determined", "{add", "[insert", "<insert"];

/// What a word is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Banned,
    Gendered,
    Placeholder,
    Year,
}

struct Word {
    list: List,
    text: String,
    instead: Option<String>,
}

/// The words to look for.
pub struct Words {
    search: Arc<Search>,
    settings: Arc<Config>,
}

/// Words, and what finds them.
struct Search {
    all: Vec<Word>,
    finder: Option<AhoCorasick>,
}

/// The lists that are looked for, with the codes that turn them on, what is built in, and the file of a site that adds to it.
const LISTS: [(List, &str, &str, &str); 4] = [
    (List::Banned, "banned-phrase", BANNED, "words/banned.txt"),
    (List::Gendered, "gendered-wording", GENDERED, "words/gendered.txt"),
    (List::Placeholder, "placeholder", "", ""),
    (List::Year, "years-of-experience", "", ""),
];

/// What most sites look for: all that is built in. Made once, since making it takes longer than looking through a small site.
static BUILT_IN: LazyLock<Arc<Search>> = LazyLock::new(|| Arc::new(Search::of(true, &|_| true, &[])));

impl Words {
    /// The built-in lists, as far as they fit the language of the site, and those in `files`.
    pub fn of(config: &Arc<Config>, files: &[Arc<SourceFile>]) -> Words {
        let english = config.lang.split('-').next().is_some_and(|l| l.eq_ignore_ascii_case("en"));
        let is_on = |code: &str| config.lints.is_on(code);
        let usual = english && files.is_empty() && LISTS.iter().all(|(_, code, ..)| is_on(code));
        let search = if usual { Arc::clone(&BUILT_IN) } else { Arc::new(Search::of(english, &is_on, files)) };
        Words { search, settings: Arc::clone(config) }
    }
}

impl Search {
    fn of(english: bool, is_on: &dyn Fn(&str) -> bool, files: &[Arc<SourceFile>]) -> Search {
        let mut all = Vec::new();
        for (list, _, built_in, path) in LISTS.into_iter().filter(|(_, code, ..)| is_on(code)) {
            match list {
                List::Placeholder => all.extend(PLACEHOLDERS.map(|text| Word { list, text: text.to_owned(), instead: None })),
                List::Year => all.extend(["year", "years"].map(|text| Word { list, text: text.to_owned(), instead: None })),
                List::Banned | List::Gendered => {
                    if english {
                        add(&mut all, list, built_in);
                    }
                    if let Some(file) = files.iter().find(|f| *f.path == *path) {
                        add(&mut all, list, &file.text);
                    }
                }
            }
        }
        // A table of states: the text is long, and the words are few.
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::DFA))
            .build(all.iter().map(|w| &w.text));
        Search { finder: finder.ok().filter(|_| !all.is_empty()), all }
    }
}

/// Adds the lines of a list: `phrase`, `phrase -> instead`, `- phrase` takes one away, `#` begins a comment.
fn add(all: &mut Vec<Word>, list: List, lines: &str) {
    for line in lines.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(gone) = line.strip_prefix("- ") {
            all.retain(|w| w.list != list || !w.text.eq_ignore_ascii_case(gone.trim()));
            continue;
        }
        let (text, instead) = match line.split_once("->") {
            Some((text, instead)) => (text.trim(), Some(instead.trim().to_owned())),
            None => (line, None),
        };
        all.retain(|w| w.list != list || !w.text.eq_ignore_ascii_case(text));
        if !text.is_empty() {
            all.push(Word { list, text: text.to_owned(), instead: instead.filter(|i| !i.is_empty()) });
        }
    }
}

/// Looks for all words in a document.
pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(finder) = &sheet.words.search.finder else { return };
    let text = sheet.document.text();
    let mut told_years = 0;
    let asides = OnceCell::new();
    for found in finder.find_iter(text) {
        let word = &sheet.words.search.all[found.pattern().as_usize()];
        let span = found.span().start..found.span().end;
        if !is_whole(text, &span, &word.text) {
            continue;
        }
        let written = &text[span.clone()];
        if word.list == List::Placeholder && word.text.chars().all(|c| c.is_ascii_uppercase()) && written != word.text {
            continue;
        }
        if asides.get_or_init(|| Asides::of(sheet.document)).hold(span.start) {
            continue;
        }
        match word.list {
            List::Year => {
                let Some(phrase) = years::phrase(text, &span).filter(|p| p.start >= told_years) else { continue };
                told_years = phrase.end;
                findings.push(years_of_experience(sheet, phrase));
            }
            _ => findings.push(of_list(sheet, word, span)),
        }
    }
}

/// Whether nothing of a word stands directly before or after; `-`, `_` and `/` join words in addresses and ids.
fn is_whole(text: &str, span: &Range<usize>, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '\'' | '\u{2019}');
    let before = text[..span.start].chars().next_back().is_none_or(|c| !joins(c) || !word.starts_with(char::is_alphanumeric));
    let mut after = text[span.end..].chars();
    let ends = match after.next() {
        // "his'" and "guys'" end in a mark; "he's" goes on.
        Some('\'' | '\u{2019}') => true,
        Some('-') if !after.next().is_some_and(char::is_alphanumeric) => true,
        Some(c) => !joins(c) || !word.ends_with(char::is_alphanumeric),
        None => true,
    };
    before && (ends || word.starts_with('{'))
}

fn of_list(sheet: &Sheet<'_>, word: &Word, span: Range<usize>) -> Diagnostic {
    let written = &sheet.document.text()[span.clone()];
    let (code, message, otherwise) = match word.list {
        List::Banned => ("banned-phrase", format!("`{written}` stands on the list of phrases to avoid"), "say it in other words"),
        List::Gendered => ("gendered-wording", format!("`{written}` fits one gender only"), "choose a word that fits anybody"),
        List::Placeholder | List::Year => {
            let finding = Diagnostic::warning("placeholder", sheet.document.place(span.clone()), format!("`{written}` was left for later"));
            return finding.help("write the text, or leave the point out until it is there");
        }
    };
    let finding = Diagnostic::warning(code, sheet.document.place(span), message);
    match &word.instead {
        Some(instead) if word.list == List::Gendered => {
            finding.label(format!("`{instead}`?")).help(format!("write `{instead}`, or turn the sentence"))
        }
        Some(instead) => finding.help(format!("instead: {instead}")),
        None => finding.help(otherwise),
    }
}

fn years_of_experience(sheet: &Sheet<'_>, span: Range<usize>) -> Diagnostic {
    let written = crate::markdown::collapse(&sheet.document.text()[span.clone()]);
    let strict = is_strict(sheet, span.start);
    let finding =
        Diagnostic::warning("years-of-experience", sheet.document.place(span), format!("`{written}` counts years instead of what they brought"))
            .help("say what somebody must have done or be able to do");
    if strict { finding.at_least(Severity::Error) } else { finding }
}

/// Whether the place belongs to a role for whose grade years are an error.
fn is_strict(sheet: &Sheet<'_>, offset: usize) -> bool {
    let strict = &sheet.words.settings.lints.error_grades;
    let Some(front) = sheet.document.family().filter(|_| !strict.is_empty()) else { return false };
    let node = sheet.document.items.iter().find(|i| i.start() <= offset && offset < i.span().end).map_or(0, |i| i.node as usize);
    let counts = |grades: Vec<i64>| grades.iter().any(|g| strict.iter().any(|(c, n)| c.holds(*g, *n)));
    match front.node_kind(node) {
        crate::parse::NodeKind::Role(i) => counts(front.roles[i].grade.numbers()),
        _ => front.roles.iter().any(|r| counts(r.grade.numbers())),
    }
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn words_are_whole_words() {
        for (text, word, whole) in [
            ("and he is", "he", true),
            ("the", "he", false),
            ("he's", "he", true),
            ("(his)", "his", true),
            ("../he-ro.md", "he", false),
            ("he/she", "he", false),
            ("him - or", "him", true),
            ("TODO: x", "TODO", true),
            ("{add text}", "{add", true),
        ] {
            let at = text.find(word).expect("there");
            assert_eq!(is_whole(text, &(at..at + word.len()), word), whole, "{word} in {text}");
        }
    }
}
