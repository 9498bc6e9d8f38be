//! A changed wording in, what it means for people who hold the role out: a rule of thumb, laid down in words.
//!
//! After the practice of version numbers for what is expected of people: a new or stricter expectation is another thing
//! than a clearer one. Words with a known order, numbers, choices and negations count; other words are left to readers.
//! Where it cannot be told which way such a change goes, it raises the bar, so that somebody looks.

use std::cmp::Ordering;
use std::ops::Range;

use super::numbers;
use super::words::{Mark, Piece, pieces, sentences, words};

/// What a change means for people who hold the role, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Spelling, punctuation, markup, order: it reads the same.
    Editorial,
    /// Other words for what is asked anyway.
    Clarifies,
    /// Less is asked.
    Lowers,
    /// Something new or stricter is asked.
    Raises,
}

impl Class {
    /// The words for people.
    pub fn words(self) -> &'static str {
        match self {
            Class::Editorial => "editorial",
            Class::Clarifies => "clarifies",
            Class::Lowers => "lowers the bar",
            Class::Raises => "raises the bar",
        }
    }

    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Class::Editorial => "editorial",
            Class::Clarifies => "clarifies",
            Class::Lowers => "lowers-the-bar",
            Class::Raises => "raises-the-bar",
        }
    }
}

/// Words in a known order, the weakest first; words of one place are worth the same.
const LADDERS: [&[&[&str]]; 10] = [
    &[&["may", "can", "could", "might"], &["should"], &["must", "shall", "required", "mandatory"]],
    &[
        &["limited", "small", "low", "narrow", "simple", "routine"],
        &["moderate", "medium", "average"],
        &["significant", "high", "large", "broad", "complex", "wide"],
        &["highest", "largest", "broadest"],
    ],
    &[&["awareness", "familiarity"], &["knowledge", "understanding"], &["proficiency", "competence"], &["mastery", "expertise"]],
    &[&["aware", "familiar"], &["knowledgeable"], &["proficient", "competent"], &["expert"]],
    &[&["few", "some", "several"], &["many", "most"], &["all", "every", "any"]],
    &[&["rarely", "occasionally"], &["sometimes"], &["often", "frequently"], &["regularly"], &["always"]],
    &[&["once"], &["twice"]],
    &[&["yearly", "annually"], &["quarterly"], &["monthly"], &["weekly"], &["daily"], &["hourly"]],
    &[
        &["observes", "observe"],
        &["helps", "help", "assists", "assist", "supports", "support"],
        &["contributes", "contribute", "participates", "participate"],
        &["leads", "lead", "drives", "drive", "owns", "own"],
    ],
    &[&["own", "individual"], &["team"], &["group", "area"], &["department"], &["division"], &["company", "organisation", "organization"]],
];

/// Spans of time, the longest first: *once a week* is more often than *once a month*, and *within a week* is sooner.
const SPANS: [&str; 6] = ["year", "quarter", "month", "week", "day", "hour"];
const EACH: [&str; 3] = ["each", "every", "per"];
/// Behind these *a week* says how often or how soon; elsewhere it may say for how long.
const HOW_OFTEN: [&str; 9] = ["once", "twice", "times", "within", "days", "hours", "weeks", "months", "minutes"];
/// Words that say less or more than none at all.
const WEAKER: [&str; 9] = ["basic", "some", "working", "preferred", "preferably", "optional", "optionally", "ideally", "beginner"];
const STRONGER: [&str; 12] =
    ["strong", "deep", "excellent", "advanced", "extensive", "outstanding", "proven", "in-depth", "thorough", "expert", "must", "consistently"];
/// What is more than wished for; behind one of `CONDITIONS` it is a way of speaking, *where required*.
const DEMANDS: [&str; 4] = ["required", "mandatory", "compulsory", "obligatory"];
const CONDITIONS: [&str; 4] = ["as", "if", "when", "where"];
const NEGATIONS: [&str; 8] = ["no", "not", "never", "without", "cannot", "none", "neither", "nor"];
/// Not to be this asks less.
const EXPECTED: [&str; 8] = ["required", "needed", "necessary", "expected", "mandatory", "need", "needs", "must"];
/// Signs that are no punctuation: *C* is another thing than *C++*.
const SIGNS: [char; 11] = ['+', '#', '%', '<', '>', '\u{2264}', '\u{2265}', '=', '$', '\u{20ac}', '\u{a3}'];
/// What begins so behind a comma is an aside and not one thing more.
const ASIDES: [&str; 18] =
    ["for", "such", "e", "i", "eg", "ie", "which", "who", "where", "when", "while", "if", "as", "so", "because", "that", "usually", "ideally"];

/// What it means that an item's words changed. `before` and `after` are plain text with the label.
pub fn reworded(before: &str, after: &str) -> Class {
    let (old, new) = (words(before), words(after));
    let signs = |text: &str| text.chars().filter(|c| SIGNS.contains(c)).collect::<String>();
    if old == new {
        return if signs(before) == signs(after) { Class::Editorial } else { Class::Raises };
    }
    let pieces = pieces(before, after);
    let starts = (sentences(before), sentences(after));
    let changes = exchanges(&pieces, (&old, &new), (&starts.0, &starts.1));
    let steps: Vec<Ordering> = changes.iter().map(|c| c.step()).collect();
    if steps.contains(&Ordering::Greater) {
        Class::Raises
    } else if steps.contains(&Ordering::Less) {
        Class::Lowers
    } else if changes.iter().all(Exchange::is_spelling) {
        Class::Editorial
    } else {
        Class::Clarifies
    }
}

/// What it means that an item holds more or fewer nested points than before; `one_of` says that any one of them will do.
pub fn nested(before: usize, after: usize, one_of: bool) -> Class {
    match (after.cmp(&before), one_of) {
        (Ordering::Equal, _) => Class::Editorial,
        (Ordering::Greater, false) | (Ordering::Less, true) => Class::Raises,
        (Ordering::Less, false) | (Ordering::Greater, true) => Class::Lowers,
    }
}

/// Words that went and those that came in their place.
struct Exchange<'t> {
    /// The words of both texts.
    texts: (&'t [String], &'t [String]),
    /// Where in them sentences begin, but for the first.
    sentences: (&'t [usize], &'t [usize]),
    /// Where among them these stand.
    places: (Range<usize>, Range<usize>),
    gone: &'t [String],
    new: &'t [String],
    /// The same with their punctuation.
    written: (String, String),
}

fn exchanges<'t>(pieces: &[Piece], texts: (&'t [String], &'t [String]), sentences: (&'t [usize], &'t [usize])) -> Vec<Exchange<'t>> {
    let mut out = Vec::new();
    let (mut old, mut new) = (0, 0);
    for run in pieces.chunk_by(|a, b| (a.mark == Mark::Same) == (b.mark == Mark::Same)) {
        let of = |mark: Mark| run.iter().filter(|p| p.mark == mark).map(|p| p.text.as_str()).collect::<String>();
        let same = words(&of(Mark::Same)).len();
        let written = (of(Mark::Gone), of(Mark::New));
        let places = (old..old + words(&written.0).len(), new..new + words(&written.1).len());
        (old, new) = (places.0.end + same, places.1.end + same);
        if run[0].mark != Mark::Same {
            let (gone, came) = (&texts.0[places.0.clone()], &texts.1[places.1.clone()]);
            out.push(Exchange { texts, sentences, places, gone, new: came, written });
        }
    }
    out
}

impl Exchange<'_> {
    /// Whether what came asks more (greater) or less than what went.
    fn step(&self) -> Ordering {
        let of_words = [self.numbers(), self.limits(), self.ladders(), self.spans(), self.qualifiers()];
        let of_parts = [self.one_more(), self.sentences(), self.choice(), self.negations()];
        let steps = [&of_words[..], &of_parts].concat();
        [Ordering::Greater, Ordering::Less].into_iter().find(|step| steps.contains(step)).unwrap_or(Ordering::Equal)
    }

    fn numbers(&self) -> Ordering {
        let (old, new) = (numbers::among(self.texts.0, self.places.0.clone()), numbers::among(self.texts.1, self.places.1.clone()));
        numbers::step(&old, &new, !self.new.is_empty())
    }

    /// The same number may mean something else behind other words: *at least 3*, *at most 3*.
    fn limits(&self) -> Ordering {
        let next = |all: &'_ [String], from: usize| (from..all.len().min(from + 3)).find_map(|at| numbers::among(all, at..at + 1).pop().map(|_| at));
        let (Some(old), Some(new)) = (next(self.texts.0, self.places.0.end), next(self.texts.1, self.places.1.end)) else { return Ordering::Equal };
        numbers::step(&numbers::among(self.texts.0, old..old + 1), &numbers::among(self.texts.1, new..new + 1), true)
    }

    fn ladders(&self) -> Ordering {
        let rank =
            |ladder: &[&[&str]], words: &[String]| words.iter().filter_map(|w| ladder.iter().position(|step| step.contains(&w.as_str()))).max();
        let steps = LADDERS.iter().filter_map(|ladder| Some(rank(ladder, self.new)?.cmp(&rank(ladder, self.gone)?)));
        let steps: Vec<Ordering> = steps.collect();
        [Ordering::Greater, Ordering::Less].into_iter().find(|step| steps.contains(step)).unwrap_or(Ordering::Equal)
    }

    /// *once a month* to *once a week* asks more; *for a month* to *for a week* may ask more or less.
    fn spans(&self) -> Ordering {
        let span = |all: &[String], place: &Range<usize>| {
            let word = |at: usize, back: usize| at.checked_sub(back).map_or("", |before| all[before].as_str());
            let is_one = |at: usize| matches!(word(at, 1), "a" | "an");
            let is_rate = |at: usize| EACH.contains(&word(at, 1)) || is_one(at) && HOW_OFTEN.contains(&word(at, 2));
            let spans = place.clone().filter(|at| is_rate(*at) || is_one(*at));
            spans.filter_map(|at| Some((SPANS.iter().position(|span| *span == all[at])?, is_rate(at)))).max()
        };
        match (span(self.texts.0, &self.places.0), span(self.texts.1, &self.places.1)) {
            (Some((old, true)), Some((new, true))) => new.cmp(&old),
            (Some((old, _)), Some((new, _))) if old != new => Ordering::Greater,
            _ => Ordering::Equal,
        }
    }

    /// *strong knowledge* asks more than *knowledge*, *basic knowledge* less; *is required* more than *is a plus*.
    fn qualifiers(&self) -> Ordering {
        let weight = |all: &[String], place: &Range<usize>| {
            let words = &all[place.clone()];
            let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
            let is_free = |at: usize| is_negation(&all[at]) || CONDITIONS.contains(&all[at].as_str());
            let demands = place.clone().any(|at| DEMANDS.contains(&all[at].as_str()) && !at.checked_sub(1).is_some_and(is_free));
            let is_wish = has(&WEAKER) || words.windows(2).any(|pair| pair == ["a", "plus"]);
            i8::from(has(&STRONGER) || demands) - i8::from(is_wish)
        };
        weight(self.texts.1, &self.places.1).cmp(&weight(self.texts.0, &self.places.0))
    }

    /// *Git* to *Git and Rust*, or to *Git, Rust*, asks one more thing; *Git* to *Git or Rust* leaves a choice.
    fn one_more(&self) -> Ordering {
        let joins = |words: &[String], with: &[&str]| {
            words.len() > 1 && [words.first(), words.last()].into_iter().flatten().any(|w| with.contains(&w.as_str()))
        };
        let lists = |words: &[String], written: &str| {
            let is_aside = words.first().is_none_or(|w| ASIDES.contains(&w.as_str()));
            !is_aside && (written.trim_start().starts_with([',', ';', '/', '&']) || written.trim_end().ends_with([',', ';', '/', '&']))
        };
        let more = |words: &[String], written: &str| {
            if joins(words, &["or"]) {
                Ordering::Less
            } else if joins(words, &["and", "plus"]) || lists(words, written) {
                Ordering::Greater
            } else {
                Ordering::Equal
            }
        };
        match (self.gone.is_empty(), self.new.is_empty()) {
            (true, _) => more(self.new, &self.written.1),
            (_, true) => more(self.gone, &self.written.0).reverse(),
            _ => Ordering::Equal,
        }
    }

    /// A sentence more asks one thing more, one that is merely taken away one less. One that is parted in two, *and* becoming
    /// a full stop, brings no more words.
    fn sentences(&self) -> Ordering {
        let of = |starts: &[usize], place: &Range<usize>| starts.iter().filter(|at| (place.start..=place.end).contains(at)).count();
        match of(self.sentences.1, &self.places.1).cmp(&of(self.sentences.0, &self.places.0)) {
            Ordering::Greater if self.new.len() > self.gone.len() => Ordering::Greater,
            Ordering::Less if self.new.is_empty() && !self.gone.is_empty() => Ordering::Less,
            _ => Ordering::Equal,
        }
    }

    /// *Go or Rust* to *Go and Rust* takes a choice away.
    fn choice(&self) -> Ordering {
        let has = |words: &[String], list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        let (all, any) = (["and", "plus", "both"], ["or", "either"]);
        match (has(self.gone, &any) && has(self.new, &all), has(self.gone, &all) && has(self.new, &any)) {
            (true, _) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => Ordering::Equal,
        }
    }

    /// *required* to *not required* asks less; what else a negation does cannot be told.
    fn negations(&self) -> Ordering {
        let of = |all: &[String], place: &Range<usize>| place.clone().filter(|at| is_negation(&all[*at])).collect::<Vec<usize>>();
        let (old, new) = (of(self.texts.0, &self.places.0), of(self.texts.1, &self.places.1));
        let frees = |all: &[String], at: usize| {
            let near = all.get(at + 1).into_iter().chain(at.checked_sub(1).map(|before| &all[before]).filter(|w| *w == "need"));
            near.into_iter().any(|w| EXPECTED.contains(&w.as_str()))
        };
        match new.len().cmp(&old.len()) {
            Ordering::Greater if new.iter().all(|at| frees(self.texts.1, *at)) => Ordering::Less,
            Ordering::Equal => Ordering::Equal,
            _ => Ordering::Greater,
        }
    }

    /// Whether each word is nearly the one in whose place it stands, such as one with a slip mended. Slips are seldom in the first
    /// letter; *internal* and *external*, *hires* and *fires* differ there.
    fn is_spelling(&self) -> bool {
        let near = |(a, b): (&String, &String)| {
            let length = a.chars().count().min(b.chars().count());
            let is_number = a.chars().chain(b.chars()).any(|c| c.is_ascii_digit());
            let begins_alike = a.chars().next() == b.chars().next();
            !is_number && begins_alike && length >= 4 && crate::ident::distance(a, b) <= if length >= 7 { 2 } else { 1 }
        };
        self.gone.len() == self.new.len() && self.gone.iter().zip(self.new).all(near)
    }
}

fn is_negation(word: &str) -> bool {
    NEGATIONS.contains(&word) || word.ends_with("n't") || word.ends_with("n\u{2019}t")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stricter_words_and_numbers_raise_the_bar() {
        for (before, after) in [
            ("Knows Git", "Knows Git and Rust"),
            ("Solves problems of moderate scope", "Solves problems of high scope"),
            ("You should know Git", "You must know Git"),
            ("3 years of practice", "5 years of practice"),
            ("Answers within 4 hours", "Answers within 2 hours"),
            ("Knowledge of Git", "Strong knowledge of Git"),
            ("Basic knowledge of Git", "Knowledge of Git"),
            ("Go or Rust", "Go"),
            ("Go or Rust", "Go and Rust"),
            ("Either Go or Rust", "Both Go and Rust"),
            ("Knows Git", "Knows Git, Rust"),
            ("Knows Git, Rust", "Knows Git, C, Rust"),
            ("Knows Rust", "Knows Git and Rust"),
            ("A degree is not required", "A degree is required"),
            ("Need not travel", "Need travel"),
            ("More than 5 years", "More than 7 years"),
            ("Contributes to 2 projects", "Contributes to 4 projects"),
            ("Speaks to 3 teams", "Speaks to 5 teams"),
            ("Serves 900 users", "Serves 1,500 users"),
            ("Answers", "Answers within 4 hours"),
            ("Plans the quarter.", "Plans the quarter. Runs the board meeting."),
            ("Plans the quarter", "Plans the quarter. Runs the board meeting."),
            ("Plans the quarter.", "Runs the board meeting. Plans the quarter."),
            ("Plans. Writes.", "Plans. Runs the board meeting. Writes."),
            ("Knows C.", "Knows C. Travels."),
            ("A degree is a plus", "A degree is required"),
            ("A degree is welcome", "A degree is required"),
            ("Reports once a month", "Reports once a week"),
            ("Reports three times a month", "Reports three times a week"),
            ("On call two days a month", "On call two days a week"),
            ("Answers within a day", "Answers within an hour"),
            ("Reports every quarter", "Reports each month"),
            ("Reports monthly", "Reports weekly"),
            ("Reports once a month", "Reports twice a month"),
        ] {
            assert_eq!(reworded(before, after), Class::Raises, "{before} -> {after}");
            assert_eq!(reworded(after, before), Class::Lowers, "{after} -> {before}");
        }
    }

    #[test]
    fn in_doubt_somebody_looks() {
        for (before, after) in [
            ("Knows C", "Knows C++"),
            ("May share passwords", "May never share passwords"),
            ("Fixes at least 3 faults", "Fixes at most 3 faults"),
            ("Fixes at most 3 faults", "Fixes at least 3 faults"),
            ("Leads up to 5 people", "Leads up to 3 people"),
            ("Answers within 4 hours", "Answers at once"),
            ("Speaks well.", "Speaks clearly. Holds a degree in law."),
            ("Has worked in support for a month", "Has worked in support for a year"),
            ("Has worked in support for a year", "Has worked in support for a month"),
            ("Plans a month ahead", "Plans a quarter ahead"),
            ("Ships changes of a day or two", "Ships changes of a week or two"),
            ("A year of experience", "A month of experience"),
            ("One week in four", "One week in two"),
            ("One week in two", "One week in four"),
        ] {
            assert_eq!(reworded(before, after), Class::Raises, "{before} -> {after}");
        }
    }

    #[test]
    fn other_words_clarify() {
        for (before, after) in [
            ("Writes code", "Writes software that others can read"),
            ("Works with the product", "Uses the product, for example at home"),
            ("Plans the quarter and runs the board.", "Plans the quarter. Runs the board."),
            ("Writes code", "Writes code daily."),
            ("Uses tools.", "Uses tools (e.g. Git)."),
            ("Plans. Writes.", "Plans. Often writes."),
            ("Travels.", "Travels where required."),
            ("Answers internal requests", "Answers external requests"),
        ] {
            assert_eq!(reworded(before, after), Class::Clarifies, "{before} -> {after}");
        }
    }

    #[test]
    fn spelling_and_punctuation_are_editorial() {
        for (before, after) in [("Knows Git.", "knows Git"), ("Responsibilties of all", "Responsibilities of all"), ("a, b", "a b")] {
            assert_eq!(reworded(before, after), Class::Editorial, "{before} -> {after}");
        }
    }

    #[test]
    fn a_longer_list_asks_more_unless_any_one_will_do() {
        assert_eq!(nested(2, 3, false), Class::Raises);
        assert_eq!(nested(2, 3, true), Class::Lowers);
        assert_eq!(nested(2, 2, true), Class::Editorial);
    }
}
