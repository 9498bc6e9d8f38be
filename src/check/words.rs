//! Word lists in, where their words stand in a text out: `banned-phrase`, `gendered-wording`, `placeholder`,
//! `years-of-experience`. The only home of aho-corasick: all lists are looked for in one pass.

mod years;

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::Sheet;
use crate::config::Config;
use crate::config::strings::missing::is_english;
use crate::diagnostic::{Diagnostic, Place};
use crate::parse::Status;
use crate::source::SourceFile;

/// The lists that are built in, for English.
const BANNED: &str = include_str!("words/banned.txt");
const GENDERED: &str = include_str!("words/gendered.txt");

/// What was left for later. Those in capitals count in capitals only: *todo* is a word in other languages.
const PLACEHOLDERS: [&str; 14] = [
    "TBA",
    "TBC",
    "TBD",
    "TODO",
    "FIXME",
    "XXX",
    "t.b.d.",
    "lorem ipsum",
    "to be determined",
    "to be confirmed",
    "{add",
    "[add",
    "[insert",
    "<insert",
];
/// What `handbook new family` writes for its author to replace: of each item, and in the paragraph about the family. It may stand in a
/// family of drafts.
pub const STUB_ITEM: &str = "What is expected of everyone in the family";
/// See [`STUB_ITEM`].
pub const STUB_PARAGRAPH: &str = "do, in a paragraph";
/// Words for spans of time: see [`years::phrase`].
const SPANS_OF_TIME: [&str; 8] = ["year", "years", "yr", "yrs", "yoe", "month", "months", "mos"];

/// What a word is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Banned,
    Gendered,
    Placeholder,
    Stub,
    Time,
}

/// A word or phrase to look for.
struct Word {
    list: List,
    /// As written in the list.
    text: String,
    /// Its words in small letters.
    words: Vec<String>,
    /// Which of them is searched for; the others are compared where it is found, with any white space between.
    anchor: usize,
    instead: Option<String>,
}

impl Word {
    fn new(list: List, text: &str, instead: Option<String>) -> Word {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        // *to* stands in every sentence.
        let anchor = if words[0] == "to" { words.len() - 1 } else { 0 };
        Word { list, text: text.to_owned(), words, anchor, instead }
    }
}

/// The words to look for.
pub struct Words {
    search: Arc<Search>,
    /// What is wrong in the lists of the site.
    pub(super) findings: Vec<Diagnostic>,
}

/// Words, and what finds them.
struct Search {
    /// Longer phrases first.
    all: Vec<Word>,
    /// For each pattern of the finder, the numbers of the words that it may open.
    by_pattern: Vec<Vec<usize>>,
    finder: Option<AhoCorasick>,
}

/// The lists that are looked for, with the codes that turn them on, what is built in, and the file of a site that adds to it.
const LISTS: [(List, &str, &str, &str); 5] = [
    (List::Banned, "banned-phrase", BANNED, "words/banned.txt"),
    (List::Gendered, "gendered-wording", GENDERED, "words/gendered.txt"),
    (List::Placeholder, "placeholder", "", ""),
    (List::Stub, "placeholder", "", ""),
    (List::Time, "years-of-experience", "", ""),
];

/// What most sites look for: all that is built in. Made once, since making it takes longer than looking through a small site.
static BUILT_IN: LazyLock<Arc<Search>> = LazyLock::new(|| Arc::new(Search::of(true, &|_| true, &[], &mut Vec::new())));

impl Words {
    /// The built-in lists, as far as they fit the language of the site, and those in `files`.
    pub fn of(config: &Arc<Config>, files: &[Arc<SourceFile>]) -> Words {
        let english = is_english(&config.lang);
        let is_on = |code: &str| config.lints.is_on(code);
        let usual = english && files.is_empty() && LISTS.iter().all(|(_, code, ..)| is_on(code));
        let mut findings = Vec::new();
        let search = if usual { Arc::clone(&BUILT_IN) } else { Arc::new(Search::of(english, &is_on, files, &mut findings)) };
        Words { search, findings }
    }
}

impl Search {
    fn of(english: bool, is_on: &dyn Fn(&str) -> bool, files: &[Arc<SourceFile>], findings: &mut Vec<Diagnostic>) -> Search {
        let mut all = Vec::new();
        for (list, _, built_in, path) in LISTS.into_iter().filter(|(_, code, ..)| is_on(code)) {
            match list {
                List::Placeholder => all.extend(PLACEHOLDERS.map(|text| Word::new(list, text, None))),
                List::Stub => all.extend([STUB_ITEM, STUB_PARAGRAPH].map(|text| Word::new(list, text, None))),
                List::Time => all.extend(SPANS_OF_TIME.map(|text| Word::new(list, text, None))),
                List::Banned | List::Gendered => {
                    if english {
                        add(&mut all, list, built_in, |_, _| {});
                    }
                    if let Some(file) = files.iter().find(|f| *f.path == *path) {
                        add(&mut all, list, &file.text, |line, fault| findings.push(faulty(file, line, &fault)));
                    }
                }
            }
        }
        all.sort_by_key(|word| std::cmp::Reverse(word.text.len()));
        let mut patterns: Vec<String> = Vec::new();
        let mut by_pattern: Vec<Vec<usize>> = Vec::new();
        for (number, word) in all.iter().enumerate() {
            for form in forms(&word.words[word.anchor]) {
                match patterns.iter().position(|known| *known == form) {
                    Some(known) => by_pattern[known].push(number),
                    None => {
                        patterns.push(form);
                        by_pattern.push(vec![number]);
                    }
                }
            }
        }
        // A table of states: the text is long, and the words are few.
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::DFA))
            .prefilter(false)
            .build(&patterns);
        Search { finder: finder.ok().filter(|_| !patterns.is_empty()), all, by_pattern }
    }
}

/// How a word in small letters may be written, as far as the finder does not know by itself.
fn forms(word: &str) -> Vec<String> {
    if word.is_ascii() {
        return vec![word.to_owned()];
    }
    let mut letters = word.chars();
    let capital = letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    vec![word.to_owned(), capital, word.to_uppercase()]
}

/// What is wrong with a line of a list.
enum Fault {
    NoSpace,
    NotThere,
    NoPhrase,
}

/// Adds the lines of a list: `phrase`, `phrase -> instead`, `- phrase` takes one away, `#` begins a comment.
fn add(all: &mut Vec<Word>, list: List, lines: &str, mut tell: impl FnMut(&str, Fault)) {
    for line in lines.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(gone) = line.strip_prefix("- ") {
            let before = all.len();
            all.retain(|w| w.list != list || !is_same(w, gone));
            if all.len() == before {
                tell(line, Fault::NotThere);
            }
            continue;
        }
        let (text, instead) = match line.split_once("->") {
            Some((text, instead)) => (text.trim(), Some(instead.trim().to_owned())),
            None => (line, None),
        };
        if text.is_empty() || text.starts_with('-') {
            tell(line, if text.is_empty() { Fault::NoPhrase } else { Fault::NoSpace });
            continue;
        }
        all.retain(|w| w.list != list || !is_same(w, text));
        all.push(Word::new(list, text, instead.filter(|i| !i.is_empty())));
    }
}

fn faulty(file: &SourceFile, line: &str, fault: &Fault) -> Diagnostic {
    let start = line.as_ptr() as usize - file.text.as_ptr() as usize;
    let phrase = line.trim_start_matches(['-', ' ']);
    let (message, help) = match fault {
        Fault::NoSpace => (format!("`{line}` is no phrase"), format!("write `- {phrase}`, with a space, to take it off the list")),
        Fault::NotThere => {
            (format!("`{phrase}` is taken off the list, but is not on it"), "delete the line, or write it as the list does".to_owned())
        }
        Fault::NoPhrase => ("no phrase stands before `->`".to_owned(), "write the phrase to avoid there".to_owned()),
    };
    Diagnostic::warning("word-list", Place::new(&file.path, start..start + line.len()), message).help(help)
}

fn is_same(word: &Word, text: &str) -> bool {
    text.split_whitespace().map(str::to_lowercase).eq(word.words.iter().map(String::as_str))
}

/// Looks for all words in a document.
pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let search = &*sheet.words.search;
    let Some(finder) = &search.finder else { return };
    let text = sheet.document.text();
    let mut done = 0;
    for found in finder.find_iter(text) {
        let candidates = search.by_pattern[found.pattern().as_usize()].iter().map(|number| &search.all[*number]);
        let whole = |word: &Word| spread(text, &(found.start()..found.end()), word).filter(|span| is_whole(text, span, word));
        let Some((word, span)) = candidates.filter_map(|word| Some((word, whole(word)?))).next() else { continue };
        if word.list == List::Stub && is_draft(sheet) {
            continue;
        }
        let span = if word.list == List::Time { years::phrase(text, &span) } else { Some(span) };
        // Whether readers read it is asked last, for that takes the longest. `<insert text>` looks like raw HTML.
        let opens_tag = |span: &Range<usize>| {
            let before = text[..span.start].chars().next_back().map(|c| span.start - c.len_utf8());
            word.text.starts_with('<') && !sheet.aside.body().is_code(span.start) && !before.is_some_and(|at| sheet.aside.holds(at))
        };
        let is_read = |span: &Range<usize>| !sheet.aside.holds(found.start()) || opens_tag(span);
        let Some(span) = span.filter(|span| span.start >= done && is_read(span)) else { continue };
        done = span.end;
        if word.list == List::Placeholder && text[done..].starts_with('/') {
            done += 1 + text[done + 1..].find(|c: char| !c.is_ascii_uppercase()).unwrap_or(0);
        }
        findings.push(if word.list == List::Time { years_of_experience(sheet, span) } else { of_list(sheet, word, span) });
    }
}

/// Whether a family has nothing that is published.
fn is_draft(sheet: &Sheet<'_>) -> bool {
    sheet.document.family().is_some_and(|front| front.roles.iter().all(|role| role.status == Status::Draft))
}

/// The bytes of a phrase whose anchor stands at `at`: its words with white space between, but no empty line.
fn spread(text: &str, at: &Range<usize>, word: &Word) -> Option<Range<usize>> {
    let (mut start, mut end) = (at.start, at.end);
    for part in &word.words[word.anchor + 1..] {
        let rest = &text[end..];
        let bare = rest.trim_start();
        let gap = &rest[..rest.len() - bare.len()];
        let length = opens_with(bare, part).filter(|_| is_gap(gap))?;
        end += gap.len() + length;
    }
    for part in word.words[..word.anchor].iter().rev() {
        let rest = &text[..start];
        let bare = rest.trim_end();
        let from = bare.len().checked_sub(part.len()).filter(|from| bare.is_char_boundary(*from))?;
        if !is_gap(&rest[bare.len()..]) || bare[from..].to_lowercase() != *part {
            return None;
        }
        start = from;
    }
    Some(start..end)
}

fn is_gap(white: &str) -> bool {
    !white.is_empty() && white.matches('\n').count() < 2
}

/// How many bytes of a text are this word in any case; none where it begins otherwise.
fn opens_with(text: &str, word: &str) -> Option<usize> {
    if word.is_ascii() {
        return text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word)).map(str::len);
    }
    let length = text.char_indices().nth(word.chars().count()).map_or(text.len(), |(at, _)| at);
    (text[..length].to_lowercase() == word).then_some(length)
}

/// Whether nothing of a word stands directly before or after; `-`, `_` and `/` join words in addresses and ids. Of what was
/// left for later the case counts, and `/` stands between two of the kind.
fn is_whole(text: &str, span: &Range<usize>, word: &Word) -> bool {
    let is_placeholder = word.list == List::Placeholder;
    if is_placeholder && word.text.bytes().all(|b| b.is_ascii_uppercase()) && text[span.clone()] != word.text {
        return false;
    }
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '\'' | '\u{2019}') || c == '/' && !is_placeholder;
    let before = text[..span.start].chars().next_back().is_none_or(|c| !joins(c) || !word.text.starts_with(char::is_alphanumeric));
    let mut after = text[span.end..].chars();
    let ends = match after.next() {
        // "his'" and "guys'" end in a mark; "he's" goes on.
        Some('\'' | '\u{2019}') => true,
        Some('-') if !after.next().is_some_and(char::is_alphanumeric) => true,
        Some(c) => !joins(c) || !word.text.ends_with(char::is_alphanumeric),
        None => true,
    };
    before && (ends || word.text.starts_with('{'))
}

fn of_list(sheet: &Sheet<'_>, word: &Word, span: Range<usize>) -> Diagnostic {
    let written = crate::markdown::collapse(&sheet.document.text()[span.clone()]);
    let (code, message, otherwise) = match word.list {
        List::Banned => ("banned-phrase", format!("`{written}` stands on the list of phrases to avoid"), "say it in other words"),
        List::Gendered => ("gendered-wording", format!("`{written}` fits one gender only"), "choose a word that fits anybody"),
        List::Placeholder | List::Stub | List::Time => {
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
    let unit = if written.to_ascii_lowercase().contains("month") || written.ends_with("mos") { "months" } else { "years" };
    Diagnostic::warning("years-of-experience", sheet.document.place(span), format!("`{written}` counts {unit} instead of what they brought"))
        .help("say what somebody must have done or be able to do")
}

#[cfg(test)]
mod tests {
    use super::{List, Word, is_whole, spread};

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
            let list = if word == "TODO" { List::Placeholder } else { List::Gendered };
            assert_eq!(is_whole(text, &(at..at + word.len()), &Word::new(list, word, None)), whole, "{word} in {text}");
        }
    }
    #[test]
    fn phrases_may_be_spread_over_two_lines() {
        for (text, phrase, found) in [
            ("Work  hard,\n  Play hard.", "work hard, play hard", true),
            ("To be\nconfirmed", "to be confirmed", true),
            ("work\n\nhard", "work hard", false),
            ("GRÖSSE Ärger", "grösse ärger", true),
        ] {
            let word = Word::new(List::Banned, phrase, None);
            let start = if word.anchor > 0 { text.find("confirmed").expect("there") } else { 0 };
            let end = start + text[start..].find(char::is_whitespace).unwrap_or(text.len() - start);
            assert_eq!(spread(text, &(start..end), &word).is_some(), found, "{text}");
        }
    }
}
