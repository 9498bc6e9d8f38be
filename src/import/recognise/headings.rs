//! The headings of a page in, what each may be out: a section, a named section, a container, a title.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::names;
use super::wordings::{self, Wording};
use crate::import::outline::{Container, Page, PartKind};

/// A heading with what its words say.
#[derive(Debug, Clone)]
pub struct Head {
    /// Number of its part.
    pub part: usize,
    /// 1 to 6.
    pub level: u8,
    /// Its text, without what stands behind a name.
    pub text: String,
    /// What stands behind the name.
    pub tail: Tail,
    /// What its words say.
    pub shape: Shape,
    /// Its words for comparing. They are made once: making them for each pair took most of the time of long pages.
    pub words: Vec<String>,
    /// Its words in comparable form.
    pub ordered: String,
    /// Whether its words could be a title.
    pub may_be_title: bool,
    /// Whether it says its own name or that of the page as titles do, whatever kind of work it names.
    pub is_own_name: bool,
}

/// What stands behind a name in a heading: `(Grade 8)`, `(Deprecated)`, `(Senior only)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tail {
    /// The grades that it states.
    pub grades: Vec<i64>,
    /// Whether it calls the role deprecated.
    pub is_deprecated: bool,
    /// What it says of the roles that the specialty is for.
    pub roles: Option<String>,
}

/// What the words of a heading say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A section: `Requirements`.
    Section(Wording),
    /// A section of somebody: `Senior Widget Engineer Requirements`.
    Named(String, Wording),
    /// Levels or specialties.
    Container(Container),
    /// Anything else.
    Plain,
}

/// The headings of a page.
pub fn of(page: &Page) -> Vec<Head> {
    let level = |kind: &PartKind| if let PartKind::Heading(level) = kind { Some(*level) } else { None };
    let heads = page.parts.iter().enumerate().filter_map(|(part, p)| Some((part, level(&p.kind)?, p.text.clone())));
    let mut heads: Vec<Head> = heads
        .map(|(part, level, written)| {
            let (name, tail) = apart(&written);
            let is_name = tail != Tail::default() && shape(&written) == Shape::Plain && shape(name) == Shape::Plain;
            let (text, tail) = if is_name { (name.to_owned(), tail) } else { (written, Tail::default()) };
            let (words, ordered) = (names::words(&text), names::ordered(&text));
            Head { part, level, shape: shape(&text), words, ordered, may_be_title: names::may_be_title(&text), is_own_name: false, text, tail }
        })
        .collect();
    mark_own_names(page, &mut heads);
    heads
}

/// A heading whose name the headings of its grade or of several lists repeat (`Nurse`, and below it `Nurse Job Grade`) and one that is
/// the page's title at a level (`Senior Nurse`) are titles. One list alone may be that of a group.
fn mark_own_names(page: &Page, heads: &mut [Head]) {
    let is_short = |head: &Head| head.shape == Shape::Plain && names::is_title_case(&head.text) && head.text.split_whitespace().count() <= 6;
    let of_page = names::words(&super::roles::title_of_page(&page.title.0));
    // The headings above the one at hand, outermost first.
    let mut open: Vec<usize> = Vec::new();
    let mut repeated: HashSet<usize> = HashSet::new();
    for i in 0..heads.len() {
        open.retain(|above| heads[*above].level < heads[i].level);
        if let (Shape::Named(name, wording), Some(above)) = (&heads[i].shape, open.last())
            && names::ordered(name) == heads[*above].ordered
            && is_short(&heads[*above])
        {
            let is_again = !repeated.insert(*above);
            heads[*above].is_own_name |= is_again || wording.section == "job-grade";
        }
        let level = names::level_of(&heads[i].text).map(|l| names::words(&l)).unwrap_or_default();
        let is_of_page = !level.is_empty() && heads[i].words.iter().filter(|w| !level.contains(w)).eq(&of_page);
        heads[i].is_own_name |= is_of_page && is_short(&heads[i]);
        open.push(i);
    }
}

static GRADE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\s*(?:[-\u{2013}\u{2014},:|]\s*|[(\[])(?P<grade>(?:(?:job\s+)?grades?|(?:pay|salary)\s+bands?):?\s*\d[^()\[\]]*)[)\]]?\s*$")
        .expect("a pattern of ours")
});
static DEPRECATED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\s*(?:[-\u{2013}\u{2014},:|]\s*deprecated|[(\[]\s*deprecated\s*[)\]])\s*$").expect("a pattern of ours"));
static LEVELS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\s*\((?P<levels>[^()]*)\)\s*$").expect("a pattern of ours"));

/// A heading as its name and what stands behind it.
pub fn apart(written: &str) -> (&str, Tail) {
    let (mut name, mut tail) = (written.trim(), Tail::default());
    // Each is said once at most. The words are looked for first: the patterns on every text took half of the whole import.
    for _ in 0..3 {
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let (may_say_grade, may_say_deprecated) = (has(&["rade", "RADE", "and", "AND"]) && has_digit(name), has(&["eprecated", "EPRECATED"]));
        if let Some(found) = if may_say_grade { GRADE.captures(name) } else { None } {
            tail.grades = super::grades::in_text(&found["grade"], false);
            if tail.grades.is_empty() {
                break;
            }
            name = &name[..found.get(0).map_or(name.len(), |m| m.start())];
        } else if let Some(found) = if may_say_deprecated { DEPRECATED.find(name) } else { None } {
            tail.is_deprecated = true;
            name = &name[..found.start()];
        } else if !name.ends_with(')') {
            break;
        } else if let Some((cut, roles)) =
            LEVELS.captures(name).and_then(|c| Some((c.get(0)?.start(), super::specialties::roles_alone(&c["levels"])?)))
        {
            tail.roles = Some(roles);
            name = &name[..cut];
        }
    }
    if name.is_empty() { (written, Tail::default()) } else { (name, tail) }
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

fn shape(text: &str) -> Shape {
    if let Some(wording) = wordings::section(text) {
        return Shape::Section(wording);
    }
    if let Some(container) = wordings::container(text) {
        return Shape::Container(container);
    }
    match wordings::named_section(text) {
        Some((name, wording)) => Shape::Named(name, wording),
        None => Shape::Plain,
    }
}

/// What speaks for a heading being the title of a role.
pub struct Evidence {
    /// A list or a grade of its own follows, before another title.
    pub has_core: bool,
    /// A list under a plain `Requirements` or `Responsibilities` hangs directly below it.
    pub has_bare_core: bool,
    /// The text below it states a grade of somebody with a word of its title.
    pub names_itself: bool,
    /// A grade of its own follows.
    pub has_grade: bool,
    /// The text below it says whom it reports to, or what it extends.
    pub has_relation: bool,
    /// Text of its own follows at once.
    pub has_text: bool,
    /// Its words could be a title.
    pub may_be_title: bool,
    /// It says a level and a kind of work.
    pub is_levelled: bool,
    /// It is laid over a role: its text says that it is a specialty, or its words are those of a graded title and more.
    pub is_overlay: bool,
    /// Only headings of its own levels follow: it is a group's.
    pub is_wrapper: bool,
}

/// Weighs heading number `at`.
pub fn weigh(page: &Page, heads: &[Head], at: usize) -> Evidence {
    let own = |head: usize| {
        let end = heads.get(head + 1).map_or(page.parts.len(), |next| next.part);
        page.parts[heads[head].part + 1..end].iter()
    };
    // A table of grades speaks of many roles.
    let texts = |head: usize| own(head).filter(|p| !matches!(p.kind, PartKind::Table(_)));
    let says_grade = |head: usize, in_grade: bool| texts(head).any(|p| super::grades::states(&p.text, in_grade));
    let title = &heads[at].ordered;
    let is_about_it = |subject: String| names::ordered(&subject).split(' ').any(|w| title.split(' ').any(|t| t == w));
    let mut evidence = Evidence {
        has_core: false,
        has_bare_core: false,
        names_itself: texts(at).filter_map(|p| super::grades::subject(&p.text)).any(is_about_it),
        has_grade: says_grade(at, false) || !heads[at].tail.grades.is_empty(),
        has_relation: own(at).any(|p| p.text.contains("eports to") || p.text.contains("role extends")),
        has_text: own(at).next().is_some(),
        may_be_title: heads[at].may_be_title || heads[at].is_own_name,
        is_levelled: names::level_of(&heads[at].text).is_some(),
        is_overlay: own(at).any(|p| p.text.to_lowercase().contains("specialty")) || extends_a_title(heads, at),
        is_wrapper: heads.get(at + 1).is_some_and(|next| {
            matches!(next.shape, Shape::Container(Container::Levels)) && next.level > heads[at].level && own(at).next().is_none()
        }),
    };
    let mut inner: Option<u8> = None;
    for (i, head) in heads.iter().enumerate().skip(at + 1) {
        // What stands below another heading is not own.
        if inner.is_some_and(|level| head.level > level) {
            continue;
        }
        inner = None;
        let wording = match &head.shape {
            Shape::Section(wording) => wording,
            Shape::Named(name, wording) if fits(name, &heads[at].text) => wording,
            Shape::Named(..) => break,
            Shape::Plain if head.level > heads[at].level && !head.may_be_title && !head.is_own_name => {
                inner = Some(head.level);
                continue;
            }
            Shape::Plain | Shape::Container(_) => break,
        };
        // A section of a higher level is the page's, unless it follows at once, and does so after all titles of that level.
        let is_own = head.level >= heads[at].level || (i == at + 1 && !is_last_of_a_row(heads, at));
        match wording.section {
            "job-grade" if is_own => evidence.has_grade |= says_grade(i, true) || head.level > heads[at].level,
            "responsibilities" | "requirements" if is_own => {
                evidence.has_core = true;
                evidence.has_bare_core |= head.level > heads[at].level && matches!(head.shape, Shape::Section(_));
            }
            _ => {}
        }
    }
    evidence
}

/// Whether titles of the same level stand before, of which one at least has no section of its own.
pub fn is_last_of_a_row(heads: &[Head], at: usize) -> bool {
    let is_title = |i: usize| heads[i].shape == Shape::Plain && heads[i].level == heads[at].level && heads[i].may_be_title;
    let siblings = (0..at).rev().take_while(|i| heads[*i].level >= heads[at].level).filter(|i| is_title(*i));
    siblings.into_iter().any(|i| matches!(heads[i + 1].shape, Shape::Plain) && heads[i + 1].level == heads[at].level)
}

/// Whether the name in a section's heading is that of a title: all its words, or a level of it.
fn fits(name: &str, title: &str) -> bool {
    if names::is_bare_level(name) && names::level_of(title).is_some_and(|level| names::words(&level) == names::words(name)) {
        return true;
    }
    let (name, title) = (names::ordered(name), names::ordered(title));
    name == title || names::likeness(&name, &title) >= 0.5 || title.starts_with(&name) || name.ends_with(&title)
}

/// The container of specialties at the level of a heading that stands after it: nothing stands below that container, and
/// only other names stand between.
pub fn container_beside(heads: &[Head], at: usize) -> Option<usize> {
    let level = heads[at].level;
    for i in (0..at).rev() {
        match &heads[i].shape {
            _ if heads[i].level < level => return None,
            _ if heads[i].level > level => {}
            Shape::Container(Container::Specialties) => return (heads[i + 1].level == level).then_some(i),
            Shape::Plain if names::may_be_name(&heads[i].text) => {}
            _ => return None,
        }
    }
    None
}

/// Whether the words of a heading are those of an earlier title of the same level, and more.
fn extends_a_title(heads: &[Head], at: usize) -> bool {
    let words = &heads[at].words;
    let level = |words: &[String]| words.iter().filter(|w| names::LEVELS.contains(&w.as_str())).cloned().collect::<Vec<_>>();
    heads[..at].iter().filter(|h| h.shape == Shape::Plain).any(|h| {
        let title = &h.words;
        let is_part = title.len() > 2 && title.len() < words.len() && title.iter().all(|w| words.contains(w));
        is_part && level(title) == level(words) && h.may_be_title
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_name_is_told_from_it() {
        let tail = |grades: &[i64], is_deprecated: bool, roles: Option<&str>| Tail {
            grades: grades.to_vec(),
            is_deprecated,
            roles: roles.map(str::to_owned),
        };
        for (heading, name, said) in [
            ("Senior Account Manager (Grade 8)", "Senior Account Manager", tail(&[8], false, None)),
            ("Account Manager - Job Grade: 7", "Account Manager", tail(&[7], false, None)),
            ("Product Designer III (grade 9) (deprecated)", "Product Designer III", tail(&[9], true, None)),
            ("Geo (Senior and Staff only)", "Geo", tail(&[], false, Some("for Senior and Staff only"))),
            ("Geo (Senior Widget Engineer only)", "Geo", tail(&[], false, Some("for Senior Widget Engineer only"))),
            ("Geo (for Senior level and above)", "Geo", tail(&[], false, Some("for Senior level and above"))),
            ("Account Executive (Large Accounts)", "Account Executive (Large Accounts)", Tail::default()),
            ("Analyst (Intermediate)", "Analyst (Intermediate)", Tail::default()),
            ("(Deprecated)", "(Deprecated)", Tail::default()),
        ] {
            assert_eq!(apart(heading), (name, said), "{heading}");
        }
    }
}
