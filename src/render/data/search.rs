//! The data for the search in the page: one index with all titles and, for each word, the pages that have it; and one file
//! a page with its lines, which is read only where something was found.
//!
//! A word is a run of letters and digits, folded: lower case, marks over and under letters dropped. Scripts that are
//! written without spaces give pairs of letters instead. `static/search.js` reads this, and folds what is typed in the
//! same way.

pub mod blocks;
pub mod lines;
pub mod words;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Mutex;

use foldhash::fast::FixedState;
use serde::Serialize;

use super::script;
use crate::model::RoleId;
use crate::parse::DocumentKind;
use crate::render::Site;

/// The index.
pub const INDEX: &str = "search-index.js";

/// The file with the lines of a page.
pub fn lines_file(id: &str) -> String {
    format!("search-index/{}.js", if id.is_empty() { "index" } else { id })
}

/// The words of all pages, with the pages that have each.
#[derive(Default)]
pub struct Words(Mutex<HashMap<u64, Found, FixedState>>);

/// A word and the numbers of the pages that have it.
struct Found {
    word: Box<str>,
    pages: Vec<u32>,
}

impl Words {
    /// Notes the words of a page.
    pub fn note(&self, page: usize, words: &words::Words) {
        let mut known = self.0.lock().expect("no thread panics while it notes words");
        for (number, word) in words.words() {
            known.entry(number).or_insert_with(|| Found { word: word.into(), pages: Vec::new() }).pages.push(page as u32);
        }
    }
}

/// Number of what has lines, in the index: families come first, then plain pages, departments, and shared blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// A family.
    Family(usize),
    /// A plain page.
    Plain(usize),
    /// A department; 0 is the site itself.
    Department(usize),
    /// A shared block, which is read once and not on each of its pages.
    Block(usize),
}

impl Numbered {
    /// The id of the page; of a block its name, with the number of its use.
    pub fn id<'a>(self, site: &Site<'a>) -> Cow<'a, str> {
        let handbook = site.handbook;
        match self {
            Numbered::Family(number) => Cow::Borrowed(&handbook.families[number].id),
            Numbered::Plain(number) => Cow::Borrowed(&handbook.pages[number].id),
            Numbered::Department(number) => Cow::Borrowed(&handbook.departments[number].id),
            Numbered::Block(number) => Cow::Owned(blocks::id(site, number)),
        }
    }

    /// The number.
    pub fn of(self, site: &Site<'_>) -> usize {
        let handbook = site.handbook;
        match self {
            Numbered::Family(number) => number,
            Numbered::Plain(number) => handbook.families.len() + number,
            Numbered::Department(number) => handbook.families.len() + handbook.pages.len() + number,
            Numbered::Block(number) => handbook.families.len() + handbook.pages.len() + handbook.departments.len() + number,
        }
    }
}

/// The index, as the script reads it.
#[derive(Serialize)]
struct IndexData<'a> {
    /// Whether roles have pages of their own, and roles with specialties.
    pages: (bool, bool),
    /// Id, title, roles (id and title), specialties (id, title, and the numbers of the roles that can have it).
    families: Vec<FamilyData<'a>>,
    /// Id and title.
    plain: Vec<(&'a str, &'a str)>,
    /// Id and title.
    departments: Vec<(&'a str, &'a str)>,
    /// Id of each shared block, and its title and where it is read if it is shown on pages.
    blocks: Vec<(String, String, String)>,
    /// The numbers of what has no lines, and so no file with them.
    bare: Vec<u32>,
    /// All words in order, each as the number of letters that it shares with the one before, and the rest.
    words: String,
    /// For each word, the pages that have it.
    found: String,
}

type Titled<'a> = (&'a str, &'a str);
type FamilyData<'a> = (&'a str, &'a str, Vec<Titled<'a>>, Vec<(&'a str, &'a str, Vec<usize>)>);

/// The index of everything that was noted.
pub fn index(site: &Site<'_>, words: Words) -> String {
    let handbook = site.handbook;
    let count = handbook.families.len() + handbook.pages.len() + handbook.departments.len() + handbook.shared.len();
    let mut found: Vec<Found> = words.0.into_inner().expect("no thread panics while it notes words").into_values().collect();
    found.sort_unstable_by(|a, b| a.word.cmp(&b.word));
    let mut last = "";
    let (mut all, mut pages) = (String::new(), String::new());
    let mut has_words = vec![false; count];
    for one in &mut found {
        one.pages.iter().for_each(|page| has_words[*page as usize] = true);
        push_word(last, &one.word, &mut all);
        last = &one.word;
        one.pages.sort_unstable();
        push_pages(&one.pages, count, &mut pages);
    }
    let title = |document: usize| match &handbook.documents[document].kind {
        DocumentKind::Page(front) => front.title.as_deref().unwrap_or_default(),
        _ => "",
    };
    let data = IndexData {
        pages: (handbook.config.role_pages, handbook.config.role_pages && handbook.config.composition_pages),
        families: (0..handbook.families.len()).map(|f| family(site, f)).collect(),
        plain: handbook.pages.iter().map(|p| (p.id.as_str(), title(p.document))).collect(),
        departments: handbook.departments.iter().map(|d| (d.id.as_str(), d.title.as_str())).collect(),
        blocks: (0..handbook.shared.len()).map(|number| blocks::entry(site, number)).collect(),
        bare: (0..count as u32).filter(|page| !has_words[*page as usize]).collect(),
        words: all,
        found: pages,
    };
    script("handbookIndex", &data)
}

fn family<'a>(site: &'a Site<'_>, family: usize) -> FamilyData<'a> {
    let handbook = site.handbook;
    let front = handbook.front(family);
    let data = &handbook.families[family];
    let roles: Vec<RoleId> = handbook.roles_of(family).filter(|r| site.is_published(*r)).collect();
    let specialties = front.specialties.iter().zip(&data.specialties).map(|(front, specialty)| {
        let fitting = roles.iter().enumerate().filter(|(_, role)| specialty.roles.contains(role));
        (front.id.as_str(), front.title.as_str(), fitting.map(|(number, _)| number).collect())
    });
    let titled = |role: &RoleId| {
        let front = handbook.role_front(*role);
        (front.id.as_str(), front.title.as_str())
    };
    (&data.id, &front.title, roles.iter().map(titled).collect(), specialties.collect())
}

/// The letters shared with the word before (at most 35, as one digit of base 36), then the rest.
fn push_word(before: &str, word: &str, out: &mut String) {
    let shared = before.chars().zip(word.chars()).take_while(|(a, b)| a == b).count().min(35);
    if !out.is_empty() {
        out.push(' ');
    }
    out.push(char::from_digit(shared as u32, 36).expect("below 36"));
    out.extend(word.chars().skip(shared));
}

/// The marks of numbers: what JSON writes as it is, without space and `!`.
const MARKS: [u8; 90] = {
    let mut marks = [0; 90];
    let (mut mark, mut i) = (b'#', 0);
    while i < 90 {
        if mark != b'\\' {
            marks[i] = mark;
            i += 1;
        }
        mark += 1;
    }
    marks
};

/// Page numbers, ascending. Few are told by the distance from one to the next, in digits of base 45, the lowest first, of
/// which all but the last are raised by 45. Of many, `!` and six pages a mark.
fn push_pages(pages: &[u32], count: usize, out: &mut String) {
    if !out.is_empty() {
        out.push(' ');
    }
    if pages.len() * 6 > count {
        out.push('!');
        let mut bits = vec![0u8; count.div_ceil(6)];
        pages.iter().for_each(|p| bits[*p as usize / 6] |= 1 << (p % 6));
        out.extend(bits.into_iter().map(|b| MARKS[b as usize] as char));
        return;
    }
    let mut next = 0;
    for page in pages {
        let mut gap = page - next;
        while gap >= 45 {
            out.push(MARKS[(gap % 45 + 45) as usize] as char);
            gap /= 45;
        }
        out.push(MARKS[gap as usize] as char);
        next = page + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{push_pages, push_word};

    #[test]
    fn a_word_tells_what_it_adds_to_the_one_before() {
        let mut out = String::new();
        for (before, word) in [("", "able"), ("able", "ability"), ("ability", "éa")] {
            push_word(before, word, &mut out);
        }
        assert_eq!(out, "0able 2ility 0éa");
    }

    #[test]
    fn few_pages_are_told_by_their_distances_and_many_by_marks() {
        let shown = |pages: &[u32], count| {
            let mut out = String::new();
            push_pages(pages, count, &mut out);
            out
        };
        assert_eq!(shown(&[0, 2, 47], 1000), "#$O");
        assert_eq!(shown(&[45], 1000), "P$");
        assert_eq!(shown(&[0, 1, 7], 8), "!&%");
    }
}
