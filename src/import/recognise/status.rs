//! Sentences that call a level deprecated in, its status out.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::grades;
use crate::import::outline::{Draft, Node, PartKind, Verdict};

static GONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:is|was|are|were|been|now)\s+(?:\w+\s+)?deprecated|\(deprecated\)|no longer (?:hir|offer|us|a level|exist)|has been (?:retired|discontinued)|(?:this|the)\s+(?:level|role|position|title)\s+(?:is|was|has\s+been)\s+(?:now\s+|being\s+)?(?:retired|obsolete|discontinued|phased\s+out)").expect("a pattern of ours")
});

static NOT_GONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:not|never)\s+(?:been\s+|yet\s+|longer\s+)*deprecated|n['\u{2019}]t\s+(?:been\s+)?deprecated").expect("a pattern of ours")
});

/// Finds deprecated roles: their title, or the text directly below it, says so.
pub fn recognise(draft: &mut Draft) {
    let homes = draft.homes();
    for i in 0..draft.roles.len() {
        let own =
            (0..draft.page.parts.len()).filter(|p| homes[*p] == (Node::Role(i), None) && !matches!(draft.page.parts[*p].kind, PartKind::Table(_)));
        let Some(part) = own.into_iter().find(|p| may_be_gone(&draft.page.parts[*p].text)) else { continue };
        draft.roles[i].deprecated = true;
        let line = draft.page.parts[part].lines.start;
        let text = format!("{}: deprecated", draft.roles[i].title);
        draft.note(line, "status", text, Verdict::Guessed("its text says that the level is deprecated".to_owned(), 85));
    }
}

/// Whether a text says so; the words are looked for first, which takes a hundredth of the time of the pattern.
fn may_be_gone(text: &str) -> bool {
    ["eprecated", "o longer", "retired", "discontinued", "obsolete", "phased out"].iter().any(|w| text.contains(w))
        && grades::sentences(text).into_iter().any(|s| GONE.is_match(s) && !NOT_GONE.is_match(s))
}
