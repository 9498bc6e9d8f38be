//! The words before a statement in, whether they take it back out: "does not", "formerly", "was".

use std::sync::LazyLock;

use regex_lite::Regex;

static BUT_ONLY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\bnot\s+(?:only|just|merely|limited\s+to)\b|\bwhether\s+or\s+not\b|\bno\.\s*\d").expect("a pattern of ours"));
static NOT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:not|never|neither|nor|cannot|without|unlike|no|nobody|rather\s+than|instead\s+of|except)\b|n['\u{2019}]t\b")
        .expect("a pattern of ours")
});
static PAST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:was|were|had|did|formerly|previously|originally|historically|once|until|used\s+to|in\s+the\s+past)\b")
        .expect("a pattern of ours")
});

/// Why what follows these words is not said of today, if it is not.
pub fn denied(before: &str) -> Option<&'static str> {
    // The letters are looked for first: few sentences have any of these words, and patterns are slow.
    let lower = before.to_ascii_lowercase();
    let letters = [
        "no",
        "never",
        "cannot",
        "without",
        "unlike",
        "n't",
        "n\u{2019}t",
        "neither",
        "rather",
        "instead",
        "except",
        "was",
        "were",
        "had",
        "did",
        "formerly",
        "previously",
        "originally",
        "historically",
        "once",
        "until",
        "used",
        "past",
    ];
    if !letters.iter().any(|w| lower.contains(w)) {
        return None;
    }
    if NOT.is_match(&BUT_ONLY.replace_all(before, " ")) {
        Some("it says what is not so")
    } else if PAST.is_match(before) {
        Some("it says what was, not what is")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::denied;

    #[test]
    fn what_is_denied_or_over_is_told_from_what_is() {
        for before in [
            "The Widget Engineer does not ",
            "It doesn\u{2019}t ",
            "This role no longer ",
            "has no ",
            "Unlike the others, it ",
            "was a ",
            "The role formerly ",
            "used to ",
        ] {
            assert!(denied(before).is_some(), "{before}");
        }
        for before in ["", "The Senior Widget Engineer ", "It not only ", "A notable widget ", "The noted role, not limited to widgets, "] {
            assert_eq!(denied(before), None, "{before}");
        }
    }
}
