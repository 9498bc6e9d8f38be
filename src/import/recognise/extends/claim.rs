//! A sentence in, what it says of a role that builds on another out; none where it says nothing of the kind.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::import::recognise::names;

/// A statement, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whom it names.
    pub of: Of,
    /// The sections that it names.
    pub sections: Vec<&'static str>,
    /// Whether the statement says nothing else.
    pub is_all: bool,
}

/// Whom a statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// By name.
    Named(String),
    /// "the responsibilities above"
    Above,
    /// "the general responsibilities"
    General,
    /// "of the previous level"
    Previous,
}

const LIST: &str = r"(?:responsib\w*|requirements?|qualifications?|performance indicators?|kpis?|expectations|job description|duties)";

/// The forms of statements. `of` is whom they name.
static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let subject = r"(?:the\s+|an?\s+|this\s+|our\s+)?(?:[^.:;]{0,110}?\s)?";
    let list = format!(r"{LIST}(?:\s*(?:,|and|&)\s*{LIST})*");
    [
        format!(r"(?i)^\s*{subject}extend(?:s|ed)?\s+(?:up)?(?:on\s+)?(?P<of>.+)$"),
        format!(r"(?i)^\s*{subject}(?:includes?|have|has|meets?|shares?|fulfil\w*|retains?|covers?|all|same)\s+(?:all|the same|everything|each)\b(?:\s+of)?\s*(?P<of>.*{LIST}.*)$"),
        format!(r"(?i)^\s*(?:in addition to|on top of|beyond|besides)\s+(?:meeting\s+)?(?:all\s+)?(?:of\s+)?(?P<of>.*{LIST}.*)$"),
        format!(r"(?i)^\s*(?:all|the same|same)\b(?:\s+of)?(?:\s+the)?\s*(?P<of>{list}\s+(?:of|for|as|from|in)\s+.+)$"),
        format!(r"(?i)^\s*{subject}builds?\s+(?:up)?on\s+(?P<of>.+)$"),
        r"(?i)^\s*(?:everything|all)\s+(?:that\s+)?(?P<of>(?:an?|the)\s+.+?)\s+(?:does|do)\b.*$".to_owned(),
    ]
    .iter()
    .map(|form| Regex::new(form).expect("a pattern of ours"))
    .collect()
});
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[\s,;:.]*(?:\b(?:but also|but|plus|and include[s]?|with the following|and additionally|and also|as well as|and adds?|the\s[\w ,]{3,60}\swill|other than|in complexity|as an individual|and in addition|while|without|with these|with additional|with an?\b|when|where|whose|that|which|to include|including|in order)\b.*)?[\s,;:.]*$")
        .expect("a pattern of ours")
});
static THAT_OF: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(?:that|those|the one|the ones)\s+(?:of|for|in)\s+").expect("a pattern of ours"));
/// The names of lists.
pub static SECTION_WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!(r"(?i)\b{LIST}")).expect("a pattern of ours"));
static FILLER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:all\s+|that\s+of\s+|those\s+of\s+|those\s+for\s+|both\s+|the\s+|an?\s+|of\s+|for\s+|as\s+|from\s+|in\s+|and\s+|same\s+|other\s+|general\s+)+").expect("a pattern of ours")
});
static END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[\s,;:.]*\b(?:roles?|positions?|level|job family|jobs?|section|plus|and|has|have)?[\s,;:.]*$").expect("a pattern of ours")
});
static ALL_OF_IT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)[,;:.]?\s*(?:plus(?:\s+the\s+following)?|and include[s]?|but also|with the following|as well as the following|and also|and)?[\s,;:.]*$",
    )
    .expect("a pattern of ours")
});

/// Takes a sentence apart.
pub fn claim(sentence: &str) -> Option<Claim> {
    // The words are looked for first: patterns on every sentence took a quarter of the whole import.
    let lower = sentence.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let lists = ["responsib", "requirement", "qualification", "performance indicator", "kpi", "expectation", "job description", "duties", " do"];
    let others = ["all ", "same ", "addition to", "on top of", "everything", "beyond", "besides", "each "];
    let may_say = holds(&["extend", "builds "]) || (holds(&lists) && holds(&others));
    if !may_say {
        return None;
    }
    let (number, written) = FORMS.iter().enumerate().find_map(|(i, form)| Some((i, form.captures(sentence)?.name("of")?.as_str().to_owned())))?;
    let written = THAT_OF.replace(&written, "").into_owned();
    let cut = TAIL.find(&written).map_or(written.len(), |m| m.start());
    let (of, tail) = written.split_at(cut);
    let is_all = ALL_OF_IT.find(tail).is_some_and(|m| m.start() == 0);
    let sections = sections_in(of);
    let has_list_word = !sections.is_empty();
    let lower = format!("{} {}", if sentence.to_lowercase().contains("that of") { "that of" } else { "" }, of.to_lowercase());
    let of_all = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let who = if of_all(&["previous level", "prior level", "level below", "preceding level"]) && !of_all(&["levels"]) {
        Of::Previous
    } else if of_all(&["above", "outlined", "listed"]) {
        Of::Above
    } else if of_all(&["general responsib", "general requirement"]) && names::words(of).len() <= 3 {
        Of::General
    } else {
        let bare = SECTION_WORD.replace_all(of, " ");
        let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut name = bare;
        for _ in 0..3 {
            name = FILLER.replace(&name, "").into_owned();
            name = END.replace(&name, "").into_owned();
        }
        if name.is_empty() {
            return None;
        }
        Of::Named(name)
    };
    // "extends" also means other things: only where a list, a role or the whole sentence speaks of roles is it a statement.
    let speaks_of_roles =
        has_list_word || lower.contains(" role") || lower.contains("position") || lower.contains("that of") || lower.contains("level");
    let starts = sentence.trim_start().to_lowercase().starts_with("extends") || sentence.to_lowercase().contains("extends that of");
    let ok = match number {
        0 | 4 => speaks_of_roles || starts,
        _ => true,
    };
    ok.then_some(Claim { of: who, sections, is_all })
}

fn sections_in(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for word in SECTION_WORD.find_iter(text) {
        let lower = word.as_str().to_lowercase();
        let section = match &lower[..3] {
            "res" | "dut" => "responsibilities",
            "req" | "qua" => "requirements",
            "per" | "kpi" => "performance-indicators",
            _ => continue,
        };
        if !found.contains(&section) {
            found.push(section);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sentence: &str) -> Option<(String, Vec<&'static str>)> {
        claim(sentence).map(|c| {
            (
                match c.of {
                    Of::Named(n) => n,
                    Of::Above => "(above)".into(),
                    Of::General => "(general)".into(),
                    Of::Previous => "(previous)".into(),
                },
                c.sections,
            )
        })
    }

    #[test]
    fn statements_are_known_in_their_wordings() {
        let both = vec!["responsibilities", "requirements"];
        let (res, req) = (vec!["responsibilities"], vec!["requirements"]);
        for (sentence, name, sections) in [
            ("Extends the Widget Engineer responsibilities", "Widget Engineer", res.clone()),
            ("extends that of the Widget Engineer (Intermediate) requirements", "Widget Engineer (Intermediate)", req.clone()),
            ("Extends Senior Widget Engineer responsibilities, plus;", "Senior Widget Engineer", res.clone()),
            ("The Senior Widget Engineer role extends the Widget Engineer role.", "Widget Engineer", vec![]),
            (
                "The Staff Widget Engineer role extends the Senior Widget Engineer role as an individual contributor.",
                "Senior Widget Engineer",
                vec![],
            ),
            ("The responsibilities of the Lead extend the Junior Widgeteer role and include:", "Junior Widgeteer", vec![]),
            ("All of the responsibilities of a Widget Engineer, plus:", "Widget Engineer", res.clone()),
            ("All requirements for a Senior Widget Analyst; plus:", "Senior Widget Analyst", req.clone()),
            ("In addition to the requirements for a Senior Widget Engineer:", "Senior Widget Engineer", req.clone()),
            ("The Staff Scientist meets all of the requirements of a Senior Scientist, plus:", "Senior Scientist", req.clone()),
            ("The Associate has the same responsibilities as a Widget Engineer but with less experience", "Widget Engineer", res.clone()),
            ("Extends the responsibilities and requirements of the Fullstack Engineer", "Fullstack Engineer", both),
            ("This role includes all of the responsibilities of the previous level, plus:", "(previous)", res),
            ("This role includes all of the requirements above, plus:", "(above)", req),
            ("The Senior Widget Analyst role builds on the Widget Analyst role.", "Widget Analyst", vec![]),
        ] {
            assert_eq!(of(sentence), Some((name.to_owned(), sections)), "{sentence}");
        }
    }

    #[test]
    fn other_sentences_with_the_same_words_are_none() {
        for sentence in [
            "Define and extend our internal standards for style",
            "A system that will extend our pipelines to allow access",
            "Communicates across all levels of management",
            "Works in addition to the usual hours",
        ] {
            assert_eq!(of(sentence), None, "{sentence}");
        }
    }
}
