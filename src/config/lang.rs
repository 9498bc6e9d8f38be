//! The tag of a language as it was written in, whether it can be one out. Source: BCP 47 (RFC 5646), section 2.1.

/// What to write.
pub const HELP: &str = "write the short name of the language, such as `en`, `de` or `pt-BR`";

/// Languages by the names by which they are called in English and in themselves, without accents.
const NAMES: [(&str, &[&str]); 25] = [
    ("ar", &["arabic"]),
    ("cs", &["czech", "cestina"]),
    ("da", &["danish", "dansk"]),
    ("de", &["german", "deutsch"]),
    ("el", &["greek"]),
    ("en", &["english"]),
    ("es", &["spanish", "espanol", "español"]),
    ("fa", &["persian", "farsi"]),
    ("fi", &["finnish", "suomi"]),
    ("fr", &["french", "francais", "français"]),
    ("he", &["hebrew"]),
    ("hi", &["hindi"]),
    ("hu", &["hungarian", "magyar"]),
    ("it", &["italian", "italiano"]),
    ("ja", &["japanese", "nihongo"]),
    ("ko", &["korean"]),
    ("nl", &["dutch", "nederlands"]),
    ("no", &["norwegian", "norsk"]),
    ("pl", &["polish", "polski"]),
    ("pt", &["portuguese", "portugues", "português"]),
    ("ru", &["russian"]),
    ("sv", &["swedish", "svenska"]),
    ("tr", &["turkish"]),
    ("uk", &["ukrainian"]),
    ("zh", &["chinese", "mandarin"]),
];

/// Whether a tag has the form of one: a language of two or three letters, and what says more of it, parted by `-`.
///
/// The names of four letters and more that the standard leaves room for have never been given to a language.
pub fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let is_language = matches!(primary.len(), 2 | 3) && primary.bytes().all(|b| b.is_ascii_alphabetic());
    is_language && parts.all(|part| matches!(part.len(), 1..=8) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The tag that was probably meant.
pub fn meant(written: &str) -> Option<String> {
    let dashed = written.trim().replace(['_', ' '], "-");
    if dashed != written && is_tag(&dashed) {
        return Some(dashed);
    }
    let name = written.trim().to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(tag, _)| (*tag).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{is_tag, meant};

    #[test]
    fn tags_have_a_language_of_two_or_three_letters_first() {
        for tag in ["en", "EN", "de-CH", "pt-BR", "zh-Hant-TW", "sr-Latn", "es-419", "de-1996", "en-x-acme", "yue", "ar-u-nu-latn"] {
            assert!(is_tag(tag), "{tag}");
        }
        for tag in ["", "e", "deutsch", "English", "pt_BR", "de-", "-de", "d3", "en us", "en-abcdefghi", "de--CH"] {
            assert!(!is_tag(tag), "{tag}");
        }
    }

    #[test]
    fn what_was_meant_is_found_by_name() {
        assert_eq!(meant("Deutsch").as_deref(), Some("de"));
        assert_eq!(meant("pt_BR").as_deref(), Some("pt-BR"));
        assert_eq!(meant("klingonese"), None);
    }
}
