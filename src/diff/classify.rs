//! A changed wording in, what it means for people who hold the role out: a rule of thumb, laid down in words.
//!
//! After the practice of version numbers for what is expected of people: a new or stricter expectation is another thing
//! than a clearer one. Only words with a known order and numbers count as stricter; anything else is left to readers.

use std::cmp::Ordering;

use super::words::{Mark, Piece, pieces, words};

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
const LADDERS: [&[&[&str]]; 8] = [
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
    &[
        &["observes", "observe"],
        &["helps", "help", "assists", "assist", "supports", "support"],
        &["contributes", "contribute", "participates", "participate"],
        &["leads", "lead", "drives", "drive", "owns", "own"],
    ],
    &[&["own", "individual"], &["team"], &["group", "area"], &["department"], &["division"], &["company", "organisation", "organization"]],
];

/// Words that say less or more than none at all.
const WEAKER: [&str; 9] = ["basic", "some", "working", "preferred", "preferably", "optional", "optionally", "ideally", "beginner"];
const STRONGER: [&str; 12] =
    ["strong", "deep", "excellent", "advanced", "extensive", "outstanding", "proven", "in-depth", "thorough", "expert", "must", "consistently"];
/// Before a number, these mean that the smaller is the stricter.
const CEILINGS: [&str; 9] = ["within", "under", "below", "than", "most", "to", "maximum", "every", "before"];

/// What it means that an item's words changed. `before` and `after` are plain text with the label.
pub fn reworded(before: &str, after: &str) -> Class {
    if words(before) == words(after) {
        return Class::Editorial;
    }
    let pieces = pieces(before, after);
    let changes = exchanges(&pieces);
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
struct Exchange {
    gone: Vec<String>,
    new: Vec<String>,
    /// The words right before, the nearest last.
    lead: Vec<String>,
}

fn exchanges(pieces: &[Piece]) -> Vec<Exchange> {
    let mut out = Vec::new();
    let mut lead = Vec::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        if piece.mark == Mark::Same {
            lead = words(&piece.text);
            at += 1;
            continue;
        }
        let run: Vec<&Piece> = pieces[at..].iter().take_while(|p| p.mark != Mark::Same).collect();
        let of = |mark: Mark| run.iter().filter(|p| p.mark == mark).flat_map(|p| words(&p.text)).collect();
        out.push(Exchange { gone: of(Mark::Gone), new: of(Mark::New), lead: lead.clone() });
        at += run.len();
    }
    out
}

impl Exchange {
    /// Whether what came asks more (greater) or less than what went.
    fn step(&self) -> Ordering {
        let steps = [self.numbers(), self.ladders(), self.qualifiers(), self.one_more()];
        [Ordering::Greater, Ordering::Less].into_iter().find(|step| steps.contains(step)).unwrap_or(Ordering::Equal)
    }

    fn numbers(&self) -> Ordering {
        let largest = |words: &[String]| words.iter().filter_map(|w| w.parse::<u64>().ok()).max();
        let (Some(old), Some(new)) = (largest(&self.gone), largest(&self.new)) else { return Ordering::Equal };
        let ceiling = |words: &[String]| words.iter().rev().take(2).any(|w| CEILINGS.contains(&w.as_str()));
        if ceiling(&self.lead) { old.cmp(&new) } else { new.cmp(&old) }
    }

    fn ladders(&self) -> Ordering {
        let rank =
            |ladder: &[&[&str]], words: &[String]| words.iter().filter_map(|w| ladder.iter().position(|step| step.contains(&w.as_str()))).max();
        let steps = LADDERS.iter().filter_map(|ladder| Some(rank(ladder, &self.new)?.cmp(&rank(ladder, &self.gone)?)));
        let steps: Vec<Ordering> = steps.collect();
        [Ordering::Greater, Ordering::Less].into_iter().find(|step| steps.contains(step)).unwrap_or(Ordering::Equal)
    }

    /// *strong knowledge* asks more than *knowledge*, *basic knowledge* less.
    fn qualifiers(&self) -> Ordering {
        let weight = |words: &[String]| {
            let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
            i8::from(has(&STRONGER)) - i8::from(has(&WEAKER))
        };
        weight(&self.new).cmp(&weight(&self.gone))
    }

    /// *Git* to *Git and Rust* asks one more thing; *Git* to *Git or Rust* leaves a choice.
    fn one_more(&self) -> Ordering {
        let opens = |words: &[String], with: &[&str]| words.len() > 1 && with.contains(&words[0].as_str());
        let (all, choice) = (["and", "plus"], ["or"]);
        match (self.gone.is_empty(), self.new.is_empty()) {
            (true, _) if opens(&self.new, &all) => Ordering::Greater,
            (true, _) if opens(&self.new, &choice) => Ordering::Less,
            (_, true) if opens(&self.gone, &all) => Ordering::Less,
            (_, true) if opens(&self.gone, &choice) => Ordering::Greater,
            _ => Ordering::Equal,
        }
    }

    /// Whether each word is nearly the one in whose place it stands, such as one with a slip mended.
    fn is_spelling(&self) -> bool {
        let near = |(a, b): (&String, &String)| {
            let length = a.chars().count().min(b.chars().count());
            let is_number = a.chars().chain(b.chars()).any(|c| c.is_ascii_digit());
            !is_number && length >= 4 && crate::ident::distance(a, b) <= if length >= 7 { 2 } else { 1 }
        };
        self.gone.len() == self.new.len() && self.gone.iter().zip(&self.new).all(near)
    }
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
        ] {
            assert_eq!(reworded(before, after), Class::Raises, "{before} -> {after}");
            assert_eq!(reworded(after, before), Class::Lowers, "{after} -> {before}");
        }
    }

    #[test]
    fn other_words_clarify() {
        for (before, after) in
            [("Writes code", "Writes software that others can read"), ("Works with the product", "Uses the product, for example at home")]
        {
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
