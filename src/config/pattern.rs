//! Patterns of paths and addresses: `*` for part of a name, `**` for any number of names, `?` and `[a-z]` for a character.

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: Box<str>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// This character.
    Char(char),
    /// Any character but `/`.
    AnyChar,
    /// A character between two, or between none of them.
    Among { ranges: Vec<(char, char)>, among: bool },
    /// Part of a name.
    Any,
    /// Any number of names.
    Names,
}

impl Pattern {
    /// Reads a pattern; else what is wrong with it.
    pub fn new(text: &str) -> Result<Pattern, &'static str> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let before = &text[..text.len() - rest.len()];
            rest = &rest[c.len_utf8()..];
            match c {
                '*' if rest.starts_with("**") => return Err("more than two `*` stand together"),
                '*' if rest.starts_with('*') => {
                    rest = &rest[1..];
                    if !(before.is_empty() || before.ends_with('/')) || !(rest.is_empty() || rest.starts_with('/')) {
                        return Err("`**` stands for whole names, between two `/`");
                    }
                    rest = rest.strip_prefix('/').unwrap_or(rest);
                    parts.push(Part::Names);
                }
                '*' => parts.push(Part::Any),
                '?' => parts.push(Part::AnyChar),
                '[' => {
                    let (part, after) = among(rest).ok_or("`[` is not closed, or nothing stands in it")?;
                    parts.push(part);
                    rest = after;
                }
                c => parts.push(Part::Char(c)),
            }
        }
        Ok(Pattern { text: text.into(), parts })
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A pattern that fits this text alone.
    pub fn of(text: &str) -> String {
        text.chars().map(|c| if matches!(c, '*' | '?' | '[' | ']') { format!("[{c}]") } else { c.into() }).collect()
    }

    /// Whether it fits the whole of a text.
    ///
    /// Only the last `*` of a name and the last `**` are ever tried again: what an earlier one could take, the last can take as
    /// well. So the time is that of the text by that of the pattern.
    pub fn fits(&self, text: &str) -> bool {
        let (mut part, mut at) = (0, 0);
        // What follows the last of each, and where it is tried next.
        let mut any: Option<(usize, usize)> = None;
        let mut names: Option<(usize, usize)> = None;
        loop {
            let next = text[at..].chars().next();
            match (self.parts.get(part), next) {
                (Some(Part::Any), _) => {
                    part += 1;
                    any = Some((part, at));
                    continue;
                }
                (Some(Part::Names), _) => {
                    part += 1;
                    (any, names) = (None, Some((part, at)));
                    continue;
                }
                (Some(wanted), Some(c)) if wanted.is(c) => {
                    part += 1;
                    at += c.len_utf8();
                    any = any.filter(|_| c != '/');
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            let longer = any.and_then(|(part, at)| Some((part, at + text[at..].chars().next().filter(|c| *c != '/')?.len_utf8())));
            if longer.is_some() {
                any = longer;
            } else {
                let name = |at: usize| text[at..].find('/').map_or(text.len(), |end| at + end + 1);
                any = None;
                names = names.filter(|(_, at)| *at < text.len()).map(|(part, at)| (part, name(at)));
            }
            let Some(again) = any.or(names) else { return false };
            (part, at) = again;
        }
    }
}

impl Part {
    /// Whether it stands for a character.
    fn is(&self, c: char) -> bool {
        match self {
            Part::Char(wanted) => *wanted == c,
            Part::AnyChar => c != '/',
            Part::Among { ranges, among } => c != '/' && ranges.iter().any(|(first, last)| (first..=last).contains(&&c)) == *among,
            Part::Any | Part::Names => false,
        }
    }
}

/// What stands between brackets, of which the first is read, and what stands behind them.
fn among(text: &str) -> Option<(Part, &str)> {
    let among = !text.starts_with('!');
    let inner = text.strip_prefix('!').unwrap_or(text);
    // A bracket that comes first is one of the characters.
    let first = inner.chars().next()?.len_utf8();
    let end = first + inner[first..].find(']')?;
    let chars: Vec<char> = inner[..end].chars().collect();
    let mut ranges = Vec::new();
    let mut rest = chars.as_slice();
    while let [first, others @ ..] = rest {
        let (last, after) = if let ['-', last, after @ ..] = others { (last, after) } else { (first, others) };
        ranges.push((*first, *last));
        rest = after;
    }
    Some((Part::Among { ranges, among }, &inner[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_what_glob_says_that_it_fits() {
        let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::default() };
        let mut seed = 7u32;
        let mut text = |letters: &[&str], most: u32| {
            let mut next = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                seed >> 16
            };
            (0..next() % most).map(|_| letters[next() as usize % letters.len()]).collect::<String>()
        };
        let mut fitting = 0;
        for _ in 0..100_000 {
            let pattern = text(&["a", "b", "/", "*", "*", "/**/", "**/", "?", "[ab]", "[!b]", "\u{e9}"], 9);
            let path = text(&["a", "b", "/", "a/", "\u{e9}"], 9);
            match (Pattern::new(&pattern), glob::Pattern::new(&pattern)) {
                (Ok(ours), Ok(theirs)) => {
                    let fits = theirs.matches_with(&path, options);
                    assert_eq!(ours.fits(&path), fits, "`{pattern}` and `{path}`");
                    fitting += usize::from(fits);
                }
                (ours, theirs) => assert_eq!(ours.is_err(), theirs.is_err(), "`{pattern}`"),
            }
        }
        assert!(fitting > 1_000, "only {fitting} fit");
    }

    #[test]
    fn brackets_are_read_as_glob_reads_them() {
        for pattern in ["[]]", "[!]]", "[a-c]", "[-a]", "[a-]", "[!a-c]x", "[]", "[!]", "[", "[a", "[^a]", "x[[]y"] {
            let (ours, theirs) = (Pattern::new(pattern), glob::Pattern::new(pattern));
            assert_eq!(ours.is_err(), theirs.is_err(), "{pattern}");
            let (Ok(ours), Ok(theirs)) = (ours, theirs) else { continue };
            for text in ["]", "a", "b", "-", "d", "dx", "^", "x[y", "!"] {
                assert_eq!(ours.fits(text), theirs.matches(text), "{pattern} and {text}");
            }
        }
    }

    #[test]
    fn a_text_as_a_pattern_fits_itself() {
        let text = "/a*/[b]?.pdf";
        let pattern = Pattern::new(&Pattern::of(text)).expect("a pattern");
        assert!(pattern.fits(text) && !pattern.fits("/ax/[b]c.pdf"));
    }

    #[test]
    fn many_stars_and_a_long_text_end() {
        let pattern = Pattern::new(&format!("/files/{}b", "*-".repeat(60))).expect("a pattern");
        assert!(!pattern.fits(&format!("/files/{}", "-".repeat(80_000))));
    }
}
