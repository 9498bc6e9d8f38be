//! The words of a heading in, the section or container that they mean out. People have hundreds of wordings for a dozen things.

use super::names;
use crate::ident;
use crate::import::outline::Container;

/// Wordings of each section, in the loose form of names (without case, plural, punctuation, hyphens).
const SECTIONS: [(&str, &[&str]); 7] = [
    (
        "responsibilities",
        &[
            "responsibility",
            "job responsibility",
            "primary responsibility",
            "primary job responsibility",
            "key responsibility",
            "general responsibility",
            "main responsibility",
            "core responsibility",
            "role responsibility",
            "duty",
            "duty responsibility",
            "role responsibility",
            "base responsibility",
            "what you do",
            "what you will do",
            "what you'll do",
            "what you\u{2019}ll do",
        ],
    ),
    (
        "requirements",
        &[
            "requirement",
            "job requirement",
            "must have",
            "must have requirement",
            "general requirement",
            "base requirement",
            "basic requirement",
            "minimum requirement",
            "qualification",
            "required qualification",
            "minimum qualification",
            "key requirement",
            "primary requirement",
            "role requirement",
            "required skill",
            "required experience",
            "what you bring",
            "what you will bring",
            "what you'll bring",
            "what you\u{2019}ll bring",
        ],
    ),
    (
        "nice-to-haves",
        &[
            "nice to have",
            "nice to have requirement",
            "preferred qualification",
            "preferred requirement",
            "desired skill",
            "nice to have skill",
            "preferred skill",
            "desired qualification",
            "bonus point",
            "bonus",
            "desired requirement",
            "preferred experience",
        ],
    ),
    (
        "performance-indicators",
        &[
            "performance indicator",
            "performance indicator pi",
            "kpi",
            "key performance indicator",
            "job family performance indicator",
            "primary performance indicator",
            "pi",
            "key performance indicator kpi",
            "performance metric",
            "success metric",
            "primary performance indicator for role",
            "primary performance indicator for the role",
        ],
    ),
    (
        "hiring-process",
        &[
            "hiring process",
            "interview process",
            "hiring plan",
            "interview plan",
            "interviewing process",
            "recruiting process",
            "recruitment process",
        ],
    ),
    ("career-ladder", &["career ladder", "career path", "moving to moving from", "career progression", "career development"]),
    ("job-grade", &["job grade", "grade", "grade level", "job grade level", "pay grade", "pay band", "salary band"]),
];

/// What a heading says of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Id of the section.
    pub section: &'static str,
    /// The words that say it, as written.
    pub words: String,
    /// Whether they are misspelled.
    pub misspelled: bool,
}

/// The section that all the words of a heading mean.
pub fn section(text: &str) -> Option<Wording> {
    let text = without_tail(text);
    let loose = ident::loose(text);
    let found = SECTIONS.iter().find(|(_, wordings)| wordings.contains(&loose.as_str()));
    if let Some((section, _)) = found {
        return Some(Wording { section, words: text.to_owned(), misspelled: false });
    }
    let near = |wording: &&&str| {
        wording.len() >= 9
            && loose.len().abs_diff(wording.len()) <= 2
            && loose.as_bytes()[0] == wording.as_bytes()[0]
            && ident::distance(&loose, wording) <= 2
    };
    let (section, _) = SECTIONS.iter().find(|(_, wordings)| wordings.iter().any(|w| near(&w)))?;
    Some(Wording { section, words: text.to_owned(), misspelled: true })
}

/// A name before a section: `Senior Widget Engineer Requirements`.
pub fn named_section(text: &str) -> Option<(String, Wording)> {
    let text = without_tail(text);
    let starts: Vec<usize> = text.match_indices(' ').map(|(i, _)| i).collect();
    for cut in starts.iter().rev().take(6).rev() {
        let (name, rest) = (text[..*cut].trim(), text[*cut..].trim());
        if let Some(wording) = section(rest).filter(|_| !name.is_empty()) {
            return Some((name.trim_end_matches([',', ':', '-']).trim().to_owned(), wording));
        }
    }
    // "Hiring Process for Widget Specialty", "Requirements of the Manager"
    [" for ", " of "].iter().find_map(|word| {
        let (rest, name) = text.split_once(word)?;
        let name = name.trim_start_matches("the ").trim_start_matches("a ").trim_start_matches("an ").trim();
        let wording = section(rest).filter(|_| names::may_be_title(name) || is_of_specialty(name) || names::is_bare_level(name))?;
        Some((name.to_owned(), wording))
    })
}

/// Whether a name says of itself that it is a specialty's.
pub fn is_of_specialty(name: &str) -> bool {
    without_specialty(name).len() < ident::loose(name).len()
}

/// A name in the loose form of names without `specialty`.
pub fn without_specialty(name: &str) -> String {
    let loose = ident::loose(name);
    let ends = [" specialty", " speciality", " specialization", " specialisation"];
    ends.iter().find_map(|end| loose.strip_suffix(end)).unwrap_or(&loose).to_owned()
}

/// `Requirements for all roles`, `Requirements across all levels`: the tail says that it counts for all.
fn without_tail(text: &str) -> &str {
    let lower = text.to_lowercase();
    let tail = |mark: &str, ends: &[&str]| lower.find(mark).filter(|_| ends.iter().any(|e| lower.trim_end().ends_with(e)));
    let cut = tail(" across all ", &["levels", "roles"])
        .or_else(|| tail(" for ", &["roles", "role", "levels"]))
        .or_else(|| tail(" of all ", &["levels", "roles"]));
    let text = cut.filter(|c| text.is_char_boundary(*c)).map_or(text, |cut| &text[..cut]);
    text.trim().trim_end_matches(':').trim_end()
}

/// The container that a heading opens.
pub fn container(text: &str) -> Option<Container> {
    let loose = ident::loose(without_tail(text));
    let cut = loose.split(" of ").next().and_then(|l| l.split(" for ").next()).unwrap_or(&loose);
    match cut {
        "level" | "role" | "in role level" | "career level" | "job level" => Some(Container::Levels),
        "specialty" | "speciality" | "specialization" | "specialisation" | "segment" | "team specialty" | "team speciality" => {
            Some(Container::Specialties)
        }
        _ if cut.ends_with(" level") && cut.split(' ').count() <= 8 => Some(Container::Levels),
        _ => None,
    }
}

/// Whether the content model knows a wording by itself, in the loose form.
pub fn is_built_in(section: &str, words: &str) -> bool {
    let loose = ident::loose(words);
    let known: &[&str] = match section {
        "responsibilities" => &["responsibility"],
        "requirements" => &["requirement", "must have"],
        "nice-to-haves" => &["nice to have", "nice to have requirement", "preferred qualification"],
        "performance-indicators" => &["performance indicator", "kpi", "job family performance indicator"],
        "hiring-process" => &["hiring process", "interview process"],
        "career-ladder" => &["career ladder", "career path", "moving to moving from"],
        _ => &["job grade"],
    };
    known.contains(&loose.as_str())
}

/// The heading that the content model has for a section.
pub fn canonical(section: &str) -> &'static str {
    match section {
        "responsibilities" => "Responsibilities",
        "requirements" => "Requirements",
        "nice-to-haves" => "Nice-to-haves",
        "performance-indicators" => "Performance indicators",
        "hiring-process" => "Hiring process",
        "career-ladder" => "Career ladder",
        _ => "Job grade",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_known_by_many_wordings_and_near_misses() {
        let id = |text: &str| section(text).map(|w| (w.section, w.misspelled));
        assert_eq!(id("Requirements:"), Some(("requirements", false)));
        assert_eq!(id("Key Performance Indicators"), Some(("performance-indicators", false)));
        assert_eq!(id("Responsbilities"), Some(("responsibilities", true)));
        assert_eq!(id("General Requirements for Widget Engineer roles"), Some(("requirements", false)));
        assert_eq!(id("Collaboration"), None);
    }

    #[test]
    fn a_name_may_stand_before_a_section() {
        let (name, wording) = named_section("Widget Engineer (Intermediate) Job Grade").expect("a named section");
        assert_eq!((name.as_str(), wording.section), ("Widget Engineer (Intermediate)", "job-grade"));
        assert!(named_section("Nice-to-haves").is_none());
        let (name, wording) = named_section("Hiring Process for Widget Specialty").expect("a named section");
        assert_eq!((name.as_str(), wording.section), ("Widget Specialty", "hiring-process"));
        assert!(named_section("Requirements of working here").is_none());
    }

    #[test]
    fn containers_have_many_names() {
        assert_eq!(container("Levels of Widget roles"), Some(Container::Levels));
        assert_eq!(container("Levels for Widget Makers"), Some(Container::Levels));
        assert_eq!(container("Specialities"), Some(Container::Specialties));
        assert_eq!(container("Widget Team Levels"), Some(Container::Levels));
        assert_eq!(container("Widgets"), None);
    }
}
