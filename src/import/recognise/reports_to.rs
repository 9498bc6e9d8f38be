//! "reports to" sentences in, the role or the words out.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::{denial, grades, headings, names};
use crate::import::outline::{Draft, Node, PartKind, Verdict};
use crate::import::resolve::{Directory, Target};

static REPORTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:(?P<who>.*?)\s+|(?P<start>))(?:will\s+|typically\s+|also\s+|currently\s+)?report(?:s|ing)?\s+(?:directly\s+)?(?:intot|into|in to|to)\b[\s:]*(?:to\s+)?(?:directly\s+to\s+)?(?:an?\s+|the\s+|our\s+)?(?P<to>[^.;]+)",
    )
    .expect("a pattern of ours")
});
static END: LazyLock<Regex> = LazyLock::new(|| {
    let verbs = r"is|are|ha[sd]|have|will|must|should|can|may|be|does|leads?|works?|owns?|extends?|inherits?|builds?|oversees?|supports?|manages?|collaborat\w*|serves?|partners?|helps?|drives?|ensures?|develops?|provides?|coordinates?|mentors?|guides?|acts?|sits?|takes?|grows?|delivers?";
    let others = r"they|it|its|he|she|you|also|responsible|responsibility|working|dotted|an?|the\s+(?-i:[a-z])\w*|leading|owning|managing|building|growing|helping";
    Regex::new(&format!(r"(?i)\s*,?\s*\b(?:(?:to|for|in|on|of|by|with|from)\s+wh(?:om|ich)|who|whose|which|where|when|while|but|working|as\s+well\s+as)\b.*$|\s*,?\s*\b(?:and|with)\s+(?:{verbs}|{others})\b.*$|,\s+(?:the|an?|this|you|they|with|and)\s.*$"))
        .expect("a pattern of ours")
});
static AS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)^as\s+(?:an?\s+|the\s+|our\s+)?(?P<who>.+?),?\s+you$").expect("a pattern of ours"));

static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*reporting\s+line\s*[:\u{2013}\u{2014}-]\s*(?:to\s+)?(?:an?\s+|the\s+|our\s+)?(?P<to>[^.;]+)").expect("a pattern of ours")
});
static SPEAKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\breport(?:s|ing)?\s+(?:directly\s+)?(?:in)?to\s+(?:an?\s+|the\s+|our\s+)?(?-i:[A-Z])|\breporting\s+line\b")
        .expect("a pattern of ours")
});
static WILL_BE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)(?:['\u{2019}]ll\s+be|['\u{2019}]re|\s+will\s+be|\s+is|\s+are|['\u{2019}]ll)$").expect("a pattern of ours"));

/// Finds whom each role and specialty reports to. The first sentence of each counts; where none does, those that speak of it are left.
pub fn recognise(draft: &mut Draft, number: usize, directory: &Directory) {
    let mut unclear: Vec<(usize, Node, String)> = Vec::new();
    for (part, home) in draft.homes().into_iter().enumerate() {
        if !matches!(draft.page.parts[part].kind, PartKind::Item { .. } | PartKind::Prose) {
            continue;
        }
        let text = draft.page.parts[part].text.clone();
        if !text.contains("eport") {
            continue;
        }
        for sentence in grades::sentences(&text) {
            if !read(draft, number, directory, part, home.0, sentence) && home.1.is_none() && SPEAKS.is_match(sentence) {
                unclear.push((part, home.0, sentence.to_owned()));
            }
        }
    }
    for (part, node, sentence) in unclear {
        let is_known = match node {
            Node::Role(role) => draft.roles[role].reports_to.is_some(),
            Node::Specialty(specialty) => draft.specialties[specialty].reports_to.is_some(),
            Node::Family => draft.roles.iter().all(|r| r.reports_to.is_some()),
        };
        if !is_known {
            let reason = "it speaks of whom somebody reports to, but does not say plainly who or to whom";
            draft.note(draft.page.parts[part].lines.start, "reports_to", sentence, Verdict::Left(reason.to_owned()));
        }
    }
}

/// Reads a sentence; says whether something was made or told of it.
fn read(draft: &mut Draft, number: usize, directory: &Directory, part: usize, home: Node, sentence: &str) -> bool {
    let short = sentence.replace("Sr.", "Sr").replace("Jr.", "Jr");
    let (who, to) = match (LINE.captures(&short), REPORTS.captures(&short)) {
        (Some(line), _) => (String::new(), line["to"].to_owned()),
        (None, Some(found)) => (found.name("who").map_or(String::new(), |m| m.as_str().to_owned()), found["to"].to_owned()),
        (None, None) => return false,
    };
    if who.len() > 300 {
        return false;
    }
    let to = END.replace(&to, "").trim().trim_end_matches(['.', ',', ':']).trim().to_owned();
    // The grade of whom it reports to is no part of the name.
    let to = headings::apart(&to).0.to_owned();
    let told = draft.notes.len();
    if let Some(why) = denial::denied(&who) {
        if to.chars().any(char::is_uppercase) && home != Node::Family {
            draft.note(draft.page.parts[part].lines.start, "reports_to", sentence, Verdict::Left(why.to_owned()));
        }
    } else if let Some(node) = whose(draft, home, &WILL_BE.replace(&who, "")) {
        put(draft, number, directory, part, node, &to);
    }
    draft.notes.len() > told
}

/// Whose sentence it is: that of the node in which it stands, if its subject does not say otherwise.
fn whose(draft: &Draft, home: Node, who: &str) -> Option<Node> {
    let who = AS.captures(who.trim()).and_then(|c| c.name("who")).map_or(who, |m| m.as_str());
    let who = who.trim().trim_start_matches("The ").trim_start_matches("the ");
    let lower = who.to_lowercase();
    let is_this = lower.is_empty()
        || ["this role", "this position", "the role", "the position", "it", "role", "position", "this job", "you", "this"].contains(&lower.as_str())
        || ["this role ", "this position ", "the role ", "the position ", "it "].iter().any(|w| lower.starts_with(w)) && lower.ends_with(" and")
        || lower.ends_with("this position")
        || lower.ends_with("this role");
    let home = match home {
        Node::Family if draft.roles.len() == 1 => Node::Role(0),
        other => other,
    };
    match home {
        Node::Role(role) => {
            let title = &draft.roles[role].title;
            let plural = lower.ends_with('s') && names::likeness(title, who) < 0.9;
            let short = names::ordered(who).split(' ').filter(|w| names::ordered(title).split(' ').any(|t| t == *w)).count();
            // "The X leads a team and reports to the Y": what it leads in between is not looked at.
            let goes_on = lower.ends_with(" and") && names::ordered(who).starts_with(&names::ordered(title));
            let fits = is_this || goes_on || (names::likeness(title, who) >= 0.5 && !plural) || (short >= 2 && !plural && who.len() < 90);
            fits.then_some(Node::Role(role))
        }
        Node::Specialty(_) => is_this.then_some(home),
        Node::Family => grades::by_name(&draft.roles, who).filter(|_| !who.is_empty()).map(Node::Role),
    }
}

fn put(draft: &mut Draft, number: usize, directory: &Directory, part: usize, node: Node, to: &str) {
    let is_vague = to.is_empty() || to.len() > 120;
    let known = match node {
        Node::Role(role) => draft.roles[role].reports_to.is_some(),
        Node::Specialty(specialty) => draft.specialties[specialty].reports_to.is_some(),
        Node::Family => true,
    };
    if known || is_vague {
        return;
    }
    let line = draft.page.parts[part].lines.start;
    let links = draft.page.parts[part].links.clone();
    let link = links.iter().find(|(text, _)| !text.is_empty() && (to.contains(text.trim_end_matches('.')) || text.contains(to)));
    let phrase = link.map_or(to, |(text, _)| text.trim_end_matches('.'));
    let own = if let Node::Role(role) = node { Some(role) } else { None };
    let is_one = !phrase.contains(" or ") && !to.contains(" or ");
    // "reports to the boss" names nobody, unless it is a link.
    if link.is_none() && !to.chars().any(char::is_uppercase) {
        return;
    }
    let resolved = directory.role(number, own, phrase, link.map(|(_, a)| a.as_str())).ok().filter(|_| is_one);
    let title = |draft: &Draft| match node {
        Node::Role(role) => draft.roles[role].title.clone(),
        Node::Specialty(specialty) => draft.specialties[specialty].title.clone(),
        Node::Family => String::new(),
    };
    let (value, verdict) = match resolved {
        Some((Target::Role(family, role), step)) if step.sure >= 90 && (family, Node::Role(role)) != (number, node) => {
            let verdict = if step.sure >= 95 { Verdict::Understood } else { Verdict::Guessed(step.how.to_owned(), step.sure) };
            (directory.reference(number, family, role), verdict)
        }
        _ if !to.chars().any(char::is_uppercase) => return,
        _ if link.is_none() && says_more(to) => (to.to_owned(), Verdict::Guessed("its words may say more than whom it reports to".to_owned(), 70)),
        _ => (to.to_owned(), Verdict::Understood),
    };
    let text = format!("{}: {value}", title(draft));
    draft.note(line, "reports_to", text, verdict);
    match node {
        Node::Role(role) => draft.roles[role].reports_to = Some(value),
        Node::Specialty(specialty) => draft.specialties[specialty].reports_to = Some(value),
        Node::Family => {}
    }
}

/// Whether there are other words than those of a title.
fn says_more(to: &str) -> bool {
    let small = ["of", "and", "for", "the", "to", "in", "or", "at", "on", "a", "an", "de", "above", "team"];
    let is_of_title = |w: &str| small.contains(&w.trim_end_matches(',')) || names::words(w).iter().any(|w| names::is_noun(w));
    let is_plain = |w: &str| w.starts_with(char::is_lowercase) && !is_of_title(w);
    to.split_whitespace().any(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_sentence_names_ends_where_it_says_something_else() {
        for (sentence, whom) in [
            ("Reports to: CTO", "CTO"),
            ("Reports to : the CTO", "CTO"),
            ("The Widget Engineer reports to the CTO and extends the Widget Engineer role", "CTO"),
            ("reports to the CTO who owns things", "CTO"),
            ("reports to the CTO while growing the team", "CTO"),
            ("reports to the CTO, and leads", "CTO"),
            ("reports to the CTO and the CEO", "CTO and the CEO"),
            ("reports to the CTO and the whole team", "CTO"),
            ("reports to the Manager of Widgets for which region they report into", "Manager of Widgets"),
            ("reports to the Manager of Events and Branding", "Manager of Events and Branding"),
            ("reports to the VP of Sales and Operations with a dotted line to the CEO", "VP of Sales and Operations"),
        ] {
            let found = REPORTS.captures(sentence).expect(sentence);
            assert_eq!(END.replace(&found["to"], ""), whom, "{sentence}");
        }
        assert!(says_more("CTO in matters of widgets"));
        assert!(!says_more("Head of Widgets"));
    }
}
