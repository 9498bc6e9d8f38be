//! A sentence in, what it says of a role that builds on another out; nothing where it says nothing of the kind.

mod object;

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::import::recognise::{denial, names};
use crate::import::resolve::Titles;

/// A statement, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who builds on another, where the sentence says it by name.
    pub subject: Option<String>,
    /// Whom it names.
    pub of: Of,
    /// The sections that it names.
    pub sections: Vec<&'static str>,
    /// Whether the statement says nothing else.
    pub is_all: bool,
    /// Whether it is such a statement even where nobody has the name.
    pub is_sure: bool,
    /// Whether it only says what comes beside the lists of another: "in addition to".
    pub is_beside: bool,
    /// Why it cannot be taken at its word.
    pub doubt: Option<Doubt>,
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
    /// "of the previous level", "at previous levels"
    Previous,
}

/// Why a statement cannot be taken at its word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// It does not hold, or not in a way that the front matter can say.
    Not(&'static str),
    /// It holds, but says more or less than the front matter will; percent.
    Partly(&'static str, u8),
    /// It stands in a sentence that says something else.
    Aside,
}

pub use object::{LIST, SECTION_WORD};

/// The forms of statements. `subject` is what stands before the verb, `of` whom they name.
static FORMS: LazyLock<Vec<(Form, Regex)>> = LazyLock::new(|| {
    let subject = r"^\s*(?P<subject>[^:;]*?)";
    let all = r"(?P<all>all|the\s+(?:very\s+)?same|same|everything|each|every)\b(?:\s+of)?";
    let builds = r"extend(?:s|ed|ing)?|inherit(?:s|ed|ing)?|(?:builds?|built|building|expand(?:s|ed|ing)?)\s+(?:up)?on|(?:is|are|was|were)\s+(?:based\s+(?:up)?on|an?\s+extension\s+of)";
    let has = r"includes?|including|ha(?:ve|s|d)|meets?|shar(?:es?|ing)|fulfill?s?|retains?|covers?|keeps?|performs?|carr(?:y|ies)|assumes?|takes?\s+on|holds?|possess(?:es)?|satisf(?:y|ies)|exceeds?";
    let besides = r"in\s+addition\s+to|on\s+top\s+of|over\s+and\s+above|beyond|besides";
    [
        (Form::Applies, format!(r"^\s*(?P<subject>)(?P<verb>)(?:(?P<all>all)\s+(?:of\s+)?)?(?P<of>[^,;:]*?{LIST}(?:\s+(?:of|for)\s+[^;:]+?)?)\s+(?:(?:also|still)\s+)?appl(?:y|ies)(?:,?\s+(?:here|too|also|as\s+well|in\s+full|to\s+this\s+(?:role|level|position)))*(?P<rest>[\s,;:.]*(?:plus)?[\s,;:.]*)$")),
        (Form::Builds, format!(r"{subject}\b(?P<verb>{builds})\s+(?:up)?(?:on\s+|from\s+|to\s+)?(?P<of>.+)$")),
        (Form::Has, format!(r"{subject}\b(?P<verb>{has})\s+(?:{all})?\s*(?P<of>.*{LIST}.*)$")),
        (Form::Besides, format!(r"{subject}\b(?P<verb>{besides})\s+(?:meeting\s+|having\s+|fulfilling\s+|performing\s+|satisfying\s+)?(?P<of>.*{LIST}.*)$")),
        (Form::All, format!(r"^\s*(?P<subject>)(?P<verb>){all}\s*(?P<of>.*{LIST}.*)$")),
        (Form::Besides, format!(r"^\s*(?P<subject>)(?P<verb>as\s+well\s+as)\s+(?P<of>.*{LIST}.*)$")),
        (Form::Bare, format!(r"^\s*(?P<subject>)(?P<verb>)(?P<of>[^,;:]*(?:,[^,;:]*)?{LIST}|(?:the\s+)?{LIST}\s+(?:of|for)\s+[^;:]+?)(?P<rest>\s*[,;]?\s*(?:plus|and\s+also|as\s+well\s+as)\b.*)$")),
        (Form::Same, format!(r"{subject}\b(?P<verb>(?:(?:{has})\s+)?(?P<all>everything))\s+(?:in|of|from|for)\s+(?P<of>.+)$")),
        (Form::All, r"^\s*(?P<subject>)(?P<verb>)(?P<all>everything|all)\s+(?:that\s+is\s+)?(?:required|expected|asked)\s+(?:of|from)\s+(?P<of>.+)$".to_owned()),
        (Form::Same, format!(r"{subject}(?P<verb>(?:(?:is|are)\s+)?(?:the\s+)?(?:same|identical)\s+(?:as|to))\s+(?P<of>.+)$")),
        (Form::Above, format!(r"^\s*(?P<subject>)(?P<verb>)(?:(?:(?:{besides}|as\s+well\s+as)\s+(?:all\s+(?:of\s+)?)?|(?:all|everything)\s+(?:of\s+)?)(?:the\s+)?(?P<of>(?:above|previous|preceding|foregoing)(?:\s+{LIST})?)|(?:the\s+)?(?P<of2>(?:above|preceding|foregoing)\s+{LIST}))(?P<rest>\s*[,;:.].*|\s+(?:plus|and|but|with|as\s+well)\b.*|\s*)$")),
        (Form::Either, r"^\s*(?P<subject>)(?P<verb>)(?P<of>either\s+.+?\s+or\s+.+)$".to_owned()),
        (Form::All, r"^\s*(?P<subject>)(?P<verb>)(?P<all>everything|all)\s+(?:that\s+)?(?P<of>(?:an?|the)\s+.+?)\s+(?:does|do|is\s+responsible\s+for)\b(?P<rest>.*)$".to_owned()),
    ]
    .into_iter()
    .map(|(form, pattern)| (form, Regex::new(&format!("(?i){pattern}")).expect("a pattern of ours")))
    .collect()
});

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Builds,
    Has,
    Besides,
    All,
    Same,
    Above,
    /// Only the list and "plus".
    Bare,
    /// The list "also applies".
    Applies,
    /// "Either the X or the Y role", and no verb.
    Either,
}

static LABEL: LazyLock<Regex> = LazyLock::new(|| Regex::new(&format!(r"(?i)^\s*(?P<list>{LIST})\s*:\s+")).expect("a pattern of ours"));
static PART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:(?:only|just)\s+)?(?:some|part|parts|half|certain|several|many|most|a\s+(?:few|part|subset|number)|selected|by)\b")
        .expect("a pattern of ours")
});
static MAYBE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:can|if|unless|when|optionally|sometimes|often|usually|partly|partially)\b").expect("a pattern of ours"));
static COULD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)\b(?:may|might|could|would)\b").expect("a pattern of ours"));
static BUT_FOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[\s,;]*(?:but\s+(?:not|without|with\s+(?:less|fewer|no))|except|excluding|other\s+than|apart\s+from|without|minus|less\b|with\s+[\w ]{0,40}(?:adjusted|changed|replaced|reduced|lowered)\b)")
        .expect("a pattern of ours")
});
static ALL_OF_IT: LazyLock<Regex> = LazyLock::new(|| {
    let more = r"plus(?:\s+the\s+following)?|and\s+(?:additionally\s+)?includes?|but\s+also|(?:and\s+)?with\s+the\s+following(?:\s+additions?)?|as\s+well\s+as(?:\s+the\s+following)?|and\s+also|and\s+the\s+following|and\s+adds?|and";
    Regex::new(&format!(r"(?i)^[,;:.]?\s*(?:{more})?[\s,;:.]*$")).expect("a pattern of ours")
});

/// The statements of a sentence; several where it says one thing of the responsibilities and another of the requirements. None at all
/// where it has not even the words of one.
pub fn claims(sentence: &str, titles: &Titles) -> Option<Vec<Claim>> {
    // The words are looked for first: patterns on every sentence took a quarter of the whole import.
    let lower = sentence.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let lists = ["respo", "requir", "qualification", "indicator", "kpi", "expectation", "job description", "dutie", " do"];
    let others = [
        "all ",
        "same ",
        "addition to",
        "on top of",
        "everything",
        "beyond",
        "besides",
        "each ",
        "every ",
        "above",
        "preceding",
        "foregoing",
        "meet",
        "share",
        "includ",
        "plus",
        "well as",
        "fulfil",
        "satisf",
        "retain",
        "assume",
        "appl",
        "still hold",
        "carries over",
        "carry over",
        "carried over",
        "either ",
    ];
    let builds = holds(&["extend", "inherit", "builds ", "build ", "built ", "building ", "expand", "based on", "based upon", "extension of"]);
    let same = holds(&["same as", "same to", "identical "]);
    let speaks_of_all = holds(&["everything ", "all of the above", "all the above"]);
    let adds = holds(&["in addition to", "on top of"]) || (holds(&["plus", "well as", "besides"]) && holds(&["above"]));
    let is_more = holds(&[" who also "]);
    let may_say =
        is_more || lower.trim_start().starts_with("either ") || builds || same || speaks_of_all || adds || (holds(&lists) && holds(&others));
    if !may_say || sentence.trim_end().ends_with('?') {
        return None;
    }
    let labelled = if sentence.contains(':') { LABEL.captures(sentence) } else { None };
    let label = labelled.as_ref().map(|c| object::sections_in(&c["list"])).unwrap_or_default();
    let sentence = &sentence[labelled.as_ref().and_then(|c| c.get(0)).map_or(0, |m| m.end())..];
    let lower = sentence.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let begins = |words: &[&str]| words.iter().any(|w| lower.trim_start().starts_with(w));
    let may_be = |form: Form| match form {
        Form::Builds => builds,
        Form::Has => holds(&lists) && holds(&VERBS),
        Form::Besides => holds(&["addition to", "on top of", "over and above", "beyond", "besides"]) || begins(&["as well as"]),
        Form::All => begins(&["all", "same", "the same", "the very same", "everything", "each", "every"]),
        Form::Same => same || holds(&["everything "]),
        Form::Above => holds(&["above", "previous", "preceding", "foregoing"]),
        Form::Bare => holds(&["plus", "and also", "as well as"]),
        Form::Applies => holds(&["apply", "applies"]),
        Form::Either => begins(&["either "]),
    };
    let mut all = FORMS.iter().filter(|(form, _)| may_be(*form)).map(|(form, pattern)| by_form(sentence, titles, &label, *form, pattern));
    Some(all.find(|found| !found.is_empty()).unwrap_or_default())
}

/// How the verbs of [`Form::Has`] begin.
const VERBS: [&str; 19] = [
    "includ", "have ", "has ", "had ", "meet", "shar", "fulfil", "retain", "cover", "keep", "perform", "carr", "assume", "take on", "takes on",
    "hold", "possess", "satisf", "exceed",
];

fn by_form(sentence: &str, titles: &Titles, label: &[&'static str], form: Form, pattern: &Regex) -> Vec<Claim> {
    let Some(found) = pattern.captures(sentence) else { return Vec::new() };
    let group = |name: &str| found.name(name).map_or("", |m| m.as_str());
    let (before, verb, rest) = (group("subject"), group("verb"), group("rest"));
    if before.len() > 160 {
        return Vec::new();
    }
    let written = if form == Form::Above { [group("of"), group("of2")].concat() } else { group("of").to_owned() };
    let subject = Subject::of(before);
    let mut out = Vec::new();
    for object in object::objects(&written, titles, form == Form::Besides) {
        let is_named = matches!(object.of, Of::Named(_));
        let speaks = object.has_list || object.has_role_word;
        let fits = match form {
            Form::Builds => {
                speaks || (object.is_title && (object.is_kind_of_work || matches!(subject, Subject::None | Subject::This | Subject::Named(_))))
            }
            // "includes the requirements" alone speaks of no role.
            Form::Has => !is_named && !group("all").is_empty() || is_named && object.is_kind_of_work && !goes_on(&object.tail),
            Form::Besides => !is_named || object.is_kind_of_work,
            // What it is that applies, or to whom, another form says.
            Form::All => !applies(&object.tail) && (!is_named || object.is_kind_of_work),
            Form::Same => is_named && object.is_title && (object.is_kind_of_work || speaks),
            Form::Above => true,
            Form::Bare => is_named && object.is_kind_of_work && ALL_OF_IT.is_match(rest),
            Form::Applies => is_named && object.is_kind_of_work,
            Form::Either => is_named && object.is_kind_of_work && speaks && ALL_OF_IT.is_match(&object.tail),
        };
        // A name in small letters is one only where it ends with a kind of work.
        if !fits || (is_named && !object.is_title) {
            return Vec::new();
        }
        let mut sections = object.sections.clone();
        if sections.is_empty() {
            sections.extend(label);
        }
        let tail = format!("{}{rest}", object.tail);
        // What takes "X requirements apply" back stands before the name: "not all", "if".
        let before = if form == Form::Applies { &written } else { before };
        let doubt = doubt(before, verb, &written, &tail, form, &subject);
        let says_more = matches!(subject, Subject::Other) || doubt.is_some();
        out.push(Claim {
            subject: if let Subject::Named(name) = &subject { Some(name.clone()) } else { None },
            is_all: ALL_OF_IT.is_match(&tail) && !says_more,
            is_sure: object.has_list || !is_named || (object.is_kind_of_work && (form == Form::Builds || object.has_role_word)),
            of: object.of,
            sections,
            is_beside: form == Form::Besides,
            doubt,
        });
    }
    out
}

/// Whether words go on with a verb of which a list is the subject: "requirements no longer apply".
fn applies(tail: &str) -> bool {
    tail.split_whitespace().take(4).any(|w| ["apply", "applies"].contains(&w.trim_matches(|c: char| !c.is_alphanumeric())))
}

/// Whether the words after a list make it something else: "requirements gathering".
fn goes_on(tail: &str) -> bool {
    let joints = [
        "plus", "and", "but", "with", "as", "while", "in", "to", "when", "where", "along", "through", "by", "for", "or", "without", "except", "other",
    ];
    let first = tail.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    !first.is_empty() && !joints.contains(&first.to_lowercase().as_str())
}

fn doubt(before: &str, verb: &str, of: &str, tail: &str, form: Form, subject: &Subject) -> Option<Doubt> {
    let lower = verb.to_lowercase();
    let head = format!("{before}{verb}");
    let is_passive = before.trim_end().ends_with(" is") || before.trim_end().ends_with(" are");
    let is_past = ["extended", "inherited", "expanded"].iter().any(|v| lower.starts_with(v)) && !is_passive;
    if let Some(why) = denial::denied(&head) {
        return Some(Doubt::Not(why));
    }
    if is_past {
        return Some(Doubt::Not("it says what was, not what is"));
    }
    if PART.is_match(of) {
        return Some(Doubt::Not("it takes over only a part, or it is the other way round, and the front matter cannot say so"));
    }
    if COULD.is_match(&head) {
        return Some(Doubt::Not("it says what could be, not what is"));
    }
    if MAYBE.is_match(&head) {
        return Some(Doubt::Partly("it says so only for some cases", 60));
    }
    if BUT_FOR.is_match(tail) {
        return Some(Doubt::Partly("it makes an exception, which the front matter does not say", 75));
    }
    let aside = form == Form::Besides && !before.trim().is_empty();
    if *subject == Subject::Other {
        return Some(Doubt::Aside);
    }
    aside.then_some(Doubt::Partly("the sentence says more than that the one builds on the other", 70))
}

/// Who a sentence says it is that builds on another.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    /// Nobody: "Extends ..."
    None,
    /// "This role"
    This,
    /// Somebody with a name.
    Named(String),
    /// Other words.
    Other,
}

static SMALL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:not\s+(?:only|just)|the|an?|this|our|these|all|each|every|as|of|for|job|and|both|additionally|furthermore|also|in addition),?\s+|[\s,]+(?:who|that|which|also|additionally|further|generally|will|must|should|shall|does|is|are|role|roles|position|positions|job|level|specialty|specialization|job family|is expected to|is required to|are expected to|and)[\s,]*$")
        .expect("a pattern of ours")
});

static REPORTING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^(?P<who>.*?)\s*\b(?:will\s+)?reports?\s+(?:directly\s+)?to\b.*\band\s*$").expect("a pattern of ours"));

static GRADED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?P<who>.*?)\s*\b(?:is|are)\s+(?:an?\s+|at\s+)?(?:job\s+)?grade\s+\d+,?\s+and\s*$").expect("a pattern of ours")
});

impl Subject {
    fn of(before: &str) -> Self {
        // "The X reports to the Y and extends the Z role" speaks of the X, and so does "The X is a grade 7 and extends ..."
        let reporting = if before.contains("eport") { REPORTING.captures(before) } else { None };
        let reporting = reporting.or_else(|| if before.contains("rade") { GRADED.captures(before) } else { None });
        let before = reporting.as_ref().and_then(|c| c.name("who")).map_or(before, |m| m.as_str());
        let text = SECTION_WORD.replace_all(before, " ");
        let has_list = text != before;
        let mut text = text.trim().to_owned();
        if text.is_empty() && !has_list {
            return Subject::None;
        }
        text = format!("{text} ");
        for _ in 0..8 {
            text = format!("{} ", SMALL.replace_all(&text, " ").trim());
        }
        let name = text.trim().trim_matches(|c: char| !c.is_alphanumeric() && c != '(' && c != ')').trim();
        let lower = name.to_lowercase();
        let this = [
            "",
            "role",
            "position",
            "it",
            "job",
            "level",
            "this",
            "they",
            "you",
            "must",
            "will",
            "also",
            "specialty",
            "specialization",
            "job family",
        ];
        if this.contains(&lower.as_str()) {
            Subject::This
        } else if names::is_title_case(name) || names::is_bare_level(name) || ends_with_work(name) {
            Subject::Named(name.to_owned())
        } else {
            Subject::Other
        }
    }
}

/// Whether a short name in small letters ends with a kind of work: `senior widget engineer`.
fn ends_with_work(name: &str) -> bool {
    let words = names::words(name);
    let (few, verbs) = (words.len() <= 5, ["lead", "coach", "head", "partner", "fellow"]);
    // "the reach of our engineers"
    let is_of_somebody = words.iter().any(|w| ["our", "their", "your"].contains(&w.as_str()));
    few && !is_of_somebody && words.last().is_some_and(|w| (names::is_noun(w) && !verbs.contains(&w.as_str())) || names::LEVELS.contains(&w.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Said = (String, Vec<&'static str>);

    fn shown(claim: Claim) -> Said {
        let name = match claim.of {
            Of::Named(n) => n,
            Of::Above => "(above)".into(),
            Of::General => "(general)".into(),
            Of::Previous => "(previous)".into(),
        };
        (name, claim.sections)
    }

    /// Statements of a page on which one role has a title without a known kind of work.
    fn stated(sentence: &str) -> Vec<Claim> {
        claims(sentence, &Titles::from(["gadget baker".to_owned()])).unwrap_or_default()
    }

    fn said(sentence: &str) -> Vec<Said> {
        stated(sentence).into_iter().map(shown).collect()
    }

    const RES: &str = "responsibilities";
    const REQ: &str = "requirements";

    #[test]
    fn statements_are_known_in_their_wordings() {
        for (sentence, name, sections) in [
            ("Extends the Widget Engineer responsibilities", "Widget Engineer", &[RES][..]),
            ("extends that of the Widget Engineer (Intermediate) requirements", "Widget Engineer (Intermediate)", &[REQ]),
            ("Extends Senior Widget Engineer responsibilities, plus;", "Senior Widget Engineer", &[RES]),
            ("The Senior Widget Engineer role extends the Widget Engineer role.", "Widget Engineer", &[]),
            ("The Staff Widget Engineer role extends the Senior Widget Engineer role as an individual contributor.", "Senior Widget Engineer", &[]),
            ("The responsibilities of the Lead extend the Junior Widgeteer role and include:", "Junior Widgeteer", &[]),
            ("All of the responsibilities of a Widget Engineer, plus:", "Widget Engineer", &[RES]),
            ("All requirements for a Senior Widget Analyst; plus:", "Senior Widget Analyst", &[REQ]),
            ("All Senior Widget Analyst requirements, plus:", "Senior Widget Analyst", &[REQ]),
            ("In addition to the requirements for a Senior Widget Engineer:", "Senior Widget Engineer", &[REQ]),
            ("In addition to the Senior Widget Engineer requirements, knows C", "Senior Widget Engineer", &[REQ]),
            ("In addition to the expectations for Widget Analysts, Senior Widget Analysts lead", "Widget Analysts", &[]),
            ("In addition to the requirements of a Manager, Widgets, the Senior Manager will:", "Manager, Widgets", &[REQ]),
            ("The Staff Scientist meets all of the requirements of a Senior Scientist, plus:", "Senior Scientist", &[REQ]),
            ("Meets the requirements of a Senior Scientist and:", "Senior Scientist", &[REQ]),
            ("The Associate has the same responsibilities as a Widget Engineer but with less experience", "Widget Engineer", &[RES]),
            ("Extends the responsibilities and requirements of the Fullstack Engineer", "Fullstack Engineer", &[RES, REQ]),
            ("This role includes all of the responsibilities of the previous level, plus:", "(previous)", &[RES]),
            ("All the requirements of a Widget Analyst at previous levels, plus:", "(previous)", &[REQ]),
            ("This role includes all of the requirements above, plus:", "(above)", &[REQ]),
            ("All of the above responsibilities, plus", "(above)", &[RES]),
            ("All of the above and:", "(above)", &[]),
            ("Extends the general responsibilities with the following:", "(general)", &[RES]),
            ("The Senior Widget Analyst role builds on the Widget Analyst role.", "Widget Analyst", &[]),
            ("Senior Widgeteers build upon the responsibilities of a Widget Analyst.", "Widget Analyst", &[RES]),
            (
                "The Senior Manager, Widgets inherits the responsibilities of the Manager, Widgets as well as the following:",
                "Manager, Widgets",
                &[RES],
            ),
            ("Inherits all Widget Engineer requirements", "Widget Engineer", &[REQ]),
            ("Requirements: extends those of the Widget Engineer", "Widget Engineer", &[REQ]),
            ("Same as Widget Engineer but also does x", "Widget Engineer", &[]),
            ("Same as the Widget Engineer, plus:", "Widget Engineer", &[]),
            ("Extends the requirements listed for the Senior Widget Engineer", "Senior Widget Engineer", &[REQ]),
            ("Extends the Widget Engineer and Gadget Engineer responsibilities", "Widget Engineer and Gadget Engineer", &[RES]),
            ("Extends the responsibilities of the Senior or Staff level Widget Engineer", "Senior or Staff level Widget Engineer", &[RES]),
            ("Extends either the Widget Engineer or the Gadget Engineer role.", "Widget Engineer or the Gadget Engineer", &[]),
            ("Extends the senior widget engineer role and leads a team", "senior widget engineer", &[]),
            ("Everything required of a Senior Widget Engineer, plus:", "Senior Widget Engineer", &[]),
            ("Staff Widget Engineer requirements, plus:", "Staff Widget Engineer", &[REQ]),
            ("Includes the Widget Engineer requirements", "Widget Engineer", &[REQ]),
            ("Fulfills the requirements outlined for the Staff Widget Engineer role above.", "Staff Widget Engineer", &[REQ]),
            ("Extends the Manager, Widgets role, and the Staff Widget Engineer role", "Manager, Widgets role, and the Staff Widget Engineer", &[]),
            ("Everything that a Widget Engineer does, plus:", "Widget Engineer", &[]),
            ("Everything in the Widget Engineer role, plus:", "Widget Engineer", &[]),
            ("Includes everything in Widget Engineer, plus", "Widget Engineer", &[]),
            ("The responsibilities of a Widget Engineer, plus;", "Widget Engineer", &[RES]),
            ("The responsibilities of the Manager, Widgets, plus:", "Manager, Widgets", &[RES]),
            ("As well as the Widget Engineer responsibilities", "Widget Engineer", &[RES]),
            ("Includes senior responsibilities listed here", "senior", &[RES]),
            ("All the above, plus:", "(above)", &[]),
            ("In addition to the above:", "(above)", &[]),
            ("Senior Widget Engineer requirements apply here", "Senior Widget Engineer", &[REQ]),
            ("The Senior Widget Engineer requirements apply here, too.", "Senior Widget Engineer", &[REQ]),
            ("Every requirement of a Widget Engineer applies", "Widget Engineer", &[REQ]),
            ("All Widget Engineer responsibilities also apply", "Widget Engineer", &[RES]),
            ("All of the responsibilities of a Widget Engineer still apply, plus:", "Widget Engineer", &[RES]),
            ("Widget Engineer qualifications and responsibilities apply to this role as well.", "Widget Engineer", &[REQ, RES]),
            ("Either the Widget Engineer or the Gadget Engineer role", "Widget Engineer or the Gadget Engineer", &[]),
            ("Either the Widget Engineer or the Gadget Engineer role's requirements.", "Widget Engineer or the Gadget Engineer", &[REQ]),
            ("Same as Gadget Baker, but also:", "Gadget Baker", &[]),
            ("In addition to the Gadget Baker requirements:", "Gadget Baker", &[REQ]),
            ("All of the responsibilities of a gadget baker, plus:", "gadget baker", &[RES]),
            ("Builds on the Gadget Baker role.", "Gadget Baker", &[]),
        ] {
            assert_eq!(said(sentence), [(name.to_owned(), sections.to_vec())], "{sentence}");
        }
    }

    #[test]
    fn lists_of_different_roles_are_kept_apart() {
        let found = said("Extends the Widget Engineer responsibilities and the requirements of the Gadget Engineer");
        assert_eq!(found, [("Widget Engineer".to_owned(), vec![RES]), ("Gadget Engineer".to_owned(), vec![REQ])]);
    }

    #[test]
    fn other_sentences_with_the_same_words_are_none() {
        for sentence in [
            "Define and extend our internal standards for style",
            "A system that will extend our pipelines to allow access",
            "Communicates across all levels of management",
            "Works in addition to the usual hours",
            "Build on existing relationships with customers",
            "All candidates must meet Security Clearance requirements",
            "Meets the requirements of managing a team",
            "Extends widgets to function as a tool",
            "Extends the reach of our engineers",
            "Above average skills, all requirements considered",
            "Includes the following responsibilities:",
            "Includes Widget Engineer requirements gathering",
            "Translates Widget Engineer requirements, plus budgets, into plans",
            "Does this role extend the Widget Engineer role?",
            "Widget Engineer requirements apply to all candidates from abroad",
            "The requirements of customers also apply",
            "Widget Engineer requirements no longer apply",
            "All Widget Engineer requirements no longer apply",
            "All Widget Engineer requirements apply to applicants from abroad",
            "Either the Widget Engineer or the Gadget Engineer",
            "Either the Widget Engineer or the Gadget Engineer role leads the meeting",
            "Either a degree or the requirements of the law",
        ] {
            assert_eq!(said(sentence), [], "{sentence}");
        }
    }

    #[test]
    fn what_is_not_so_or_was_so_is_no_fact() {
        for sentence in [
            "Does not extend the Widget Engineer role.",
            "This role doesn\u{2019}t extend the Widget Engineer role.",
            "No longer extends the Widget Engineer role.",
            "The Senior Widget Engineer formerly extended the Widget Engineer role",
            "It used to extend the Widget Engineer role",
            "Unlike others, it inherits the responsibilities of the Widget Engineer",
            "Extends some of the Widget Engineer responsibilities",
            "Does not have the same responsibilities as a Widget Engineer",
            "Was based on the Widget Engineer role",
            "May extend the Widget Engineer role",
            "Not all Widget Engineer requirements apply",
            "Some of the Widget Engineer requirements also apply",
        ] {
            let found = stated(sentence);
            assert!(matches!(found.as_slice(), [Claim { doubt: Some(Doubt::Not(_)), is_all: false, .. }]), "{sentence}: {found:?}");
        }
        for sentence in [
            "The Junior extends the Widget Engineer role but without the experience.",
            "Usually extends the Widget Engineer role",
            "If the Widget Engineer requirements apply",
            "It is expected to meet the Widget Engineer requirements, with the years adjusted to:",
        ] {
            let found = stated(sentence);
            assert!(matches!(found.as_slice(), [Claim { doubt: Some(Doubt::Partly(..)), is_all: false, .. }]), "{sentence}: {found:?}");
        }
        for sentence in [
            "Mentors others and extends the Widget Engineer responsibilities",
            "Mentors juniors so that they meet all the requirements of a Widget Engineer",
            "Has five years, in addition to the requirements for a Widget Engineer",
            "We plan to extend the Widget Engineer role next year.",
        ] {
            let found = stated(sentence);
            assert!(matches!(found.as_slice(), [Claim { doubt: Some(Doubt::Aside), is_all: false, .. }]), "{sentence}: {found:?}");
        }
        assert_eq!(stated("Not only extends the Widget Engineer role but also leads").first().map(|c| c.doubt.clone()), Some(None));
    }

    #[test]
    fn a_statement_says_who_builds_on_another() {
        let subject = |sentence: &str| stated(sentence).first().and_then(|c| c.subject.clone());
        assert_eq!(subject("The Staff Widget Engineer role extends the Senior Widget Engineer role").as_deref(), Some("Staff Widget Engineer"));
        assert_eq!(subject("The requirements of the Widget Analyst extend the Junior Widget Analyst role").as_deref(), Some("Widget Analyst"));
        assert_eq!(subject("This role extends the Senior Widget Engineer role"), None);
        assert_eq!(subject("Extends the Senior Widget Engineer role"), None);
    }
}
