//! A language and a whole number in, the form of the word that goes with it out: the plural rules of the Unicode CLDR.
//!
//! Only whole numbers are told on pages, so the rules for fractions are left out. tests/browser/words.test.mjs holds them
//! against those of a browser, which the scripts use.

/// A form of a counted text, by its name in the CLDR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// For 0 in Arabic and Welsh, for 10 to 20 in Latvian.
    Zero,
    /// For 1 in most languages, for 21 too in Slavic ones.
    One,
    /// For 2 in Arabic and Hebrew.
    Two,
    /// For 2 to 4 in Slavic languages.
    Few,
    /// For 5 and more in Russian and Polish.
    Many,
    /// For all others; every language has it.
    Other,
}

/// All forms by their names.
pub const FORMS: [(&str, Form); 6] =
    [("zero", Form::Zero), ("one", Form::One), ("two", Form::Two), ("few", Form::Few), ("many", Form::Many), ("other", Form::Other)];

/// The form for a number. A language that is not known here has one for 1, and another for all else.
pub fn form(lang: &str, n: usize) -> Form {
    let (ones, tens) = (n % 10, n % 100);
    let teen = (11..=19).contains(&tens);
    match lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "ja" | "ko" | "zh" | "yue" | "vi" | "th" | "id" | "in" | "ms" | "lo" | "my" | "km" | "jv" | "su" | "ig" | "yo" | "wo" | "bo" | "dz"
        | "to" | "sah" | "ii" | "bm" | "sg" => Form::Other,
        "fr" | "hy" | "ff" | "kab" | "am" | "as" | "bn" | "doi" | "fa" | "gu" | "hi" | "kn" | "zu" | "si" | "ak" | "ln" | "mg" | "nso" | "pa"
        | "ti" | "wa" | "bho" | "guw" | "pcm"
            if n <= 1 =>
        {
            Form::One
        }
        "pt" if n == 0 && !lang.eq_ignore_ascii_case("pt-PT") => Form::One,
        "is" | "mk" => if_one(ones == 1 && tens != 11),
        "fil" | "tl" | "ceb" => if_one((1..=3).contains(&n) || !matches!(ones, 4 | 6 | 9)),
        "tzm" => if_one(n <= 1 || (11..=99).contains(&n)),
        "lv" | "prg" if ones == 0 || teen => Form::Zero,
        "lv" | "prg" => if_one(ones == 1),
        "he" | "iw" | "se" | "smn" | "sms" | "iu" | "naq" | "sat" => match n {
            1 => Form::One,
            2 => Form::Two,
            _ => Form::Other,
        },
        "ro" | "mo" => match n {
            1 => Form::One,
            _ if n == 0 || (1..=19).contains(&tens) => Form::Few,
            _ => Form::Other,
        },
        "sr" | "hr" | "bs" | "sh" => slavic(ones, tens, Form::Other),
        "ru" | "uk" | "be" => slavic(ones, tens, Form::Many),
        "pl" => match slavic(ones, tens, Form::Many) {
            Form::One if n != 1 => Form::Many,
            form => form,
        },
        "cs" | "sk" => match n {
            1 => Form::One,
            2..=4 => Form::Few,
            _ => Form::Other,
        },
        "sl" | "dsb" | "hsb" => match tens {
            1 => Form::One,
            2 => Form::Two,
            3 | 4 => Form::Few,
            _ => Form::Other,
        },
        "lt" => match ones {
            1 if !teen => Form::One,
            2..=9 if !teen => Form::Few,
            _ => Form::Other,
        },
        "ar" | "ars" => match (n, tens) {
            (0, _) => Form::Zero,
            (1, _) => Form::One,
            (2, _) => Form::Two,
            (_, 3..=10) => Form::Few,
            (_, 11..) => Form::Many,
            _ => Form::Other,
        },
        "mt" => match (n, tens) {
            (1, _) => Form::One,
            (2, _) => Form::Two,
            (0, _) | (_, 3..=10) => Form::Few,
            (_, 11..=19) => Form::Many,
            _ => Form::Other,
        },
        "ga" => match n {
            1 => Form::One,
            2 => Form::Two,
            3..=6 => Form::Few,
            7..=10 => Form::Many,
            _ => Form::Other,
        },
        "gd" => match n {
            1 | 11 => Form::One,
            2 | 12 => Form::Two,
            3..=10 | 13..=19 => Form::Few,
            _ => Form::Other,
        },
        "cy" => match n {
            0 => Form::Zero,
            1 => Form::One,
            2 => Form::Two,
            3 => Form::Few,
            6 => Form::Many,
            _ => Form::Other,
        },
        "br" => breton(n, ones, tens),
        _ => if_one(n == 1),
    }
}

fn if_one(one: bool) -> Form {
    if one { Form::One } else { Form::Other }
}

fn slavic(ones: usize, tens: usize, rest: Form) -> Form {
    match ones {
        1 if tens != 11 => Form::One,
        2..=4 if !(12..=14).contains(&tens) => Form::Few,
        _ => rest,
    }
}

fn breton(n: usize, ones: usize, tens: usize) -> Form {
    let apart = matches!(tens / 10, 1 | 7 | 9);
    match ones {
        1 if !apart => Form::One,
        2 if !apart => Form::Two,
        3 | 4 | 9 if !apart => Form::Few,
        _ if n != 0 && n.is_multiple_of(1_000_000) => Form::Many,
        _ => Form::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, form};

    #[test]
    fn languages_tell_numbers_apart_in_their_own_way() {
        let forms = |lang: &str, numbers: &[usize]| numbers.iter().map(|n| form(lang, *n)).collect::<Vec<_>>();
        assert_eq!(forms("de-CH", &[0, 1, 2]), [Form::Other, Form::One, Form::Other]);
        assert_eq!(forms("fr", &[0, 1, 2]), [Form::One, Form::One, Form::Other]);
        assert_eq!(forms("ja", &[1, 2]), [Form::Other, Form::Other]);
        assert_eq!(forms("pl", &[1, 2, 5, 12, 21, 22]), [Form::One, Form::Few, Form::Many, Form::Many, Form::Many, Form::Few]);
        assert_eq!(forms("ru", &[1, 3, 11, 21]), [Form::One, Form::Few, Form::Many, Form::One]);
        assert_eq!(forms("ar", &[0, 1, 2, 3, 11, 100]), [Form::Zero, Form::One, Form::Two, Form::Few, Form::Many, Form::Other]);
    }
}
