//! Words of the content and our own styles in, text for a terminal out, in which only the styles have power.
//!
//! Whatever is written into a [`Screen`] is made visible (see [`visible`]); colours come from [`Screen::styled`] alone, so
//! that no text of a site can drive the terminal that shows it.

use std::fmt::{self, Display, Write as _};

use super::visible;

/// A text in the making.
#[derive(Debug, Default)]
pub struct Screen(String);

/// How words stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// What a line is about.
    Bold,
    /// What is seldom needed.
    Faint,
    /// What went.
    Red,
    /// What came.
    Green,
}

impl Screen {
    /// Writes words that stand out.
    pub fn styled(&mut self, style: Style, words: impl Display) -> &mut Self {
        self.0.push_str(match style {
            Style::Bold => "\x1b[1m",
            Style::Faint => "\x1b[2m",
            Style::Red => "\x1b[31m",
            Style::Green => "\x1b[32m",
        });
        self.plain(words);
        self.0.push_str("\x1b[0m");
        self
    }

    /// Writes words as all others.
    pub fn plain(&mut self, words: impl Display) -> &mut Self {
        let _ = write!(self, "{words}");
        self
    }

    /// The text, in which styles are escape sequences.
    pub fn text(self) -> String {
        self.0
    }
}

impl fmt::Write for Screen {
    fn write_str(&mut self, words: &str) -> fmt::Result {
        self.0.push_str(&visible(words));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_styles_have_power() {
        let mut screen = Screen::default();
        screen.styled(Style::Bold, "a\x1b[0m").plain(" \x1b[1mb\u{202e}\n");
        assert_eq!(screen.text(), "\x1b[1ma\\u{1b}[0m\x1b[0m \\u{1b}[1mb\\u{202e}\n");
    }
}
