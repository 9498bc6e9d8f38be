//! How a site looks, as far as `handbook.yml` says: its accent colour, with enough contrast on both grounds, its own style rules, and
//! its Mermaid script.

use crate::diagnostic::{Diagnostic, Place};
use crate::yaml::fields::{Fields, Findings};
use crate::yaml::{Node, Value};

/// The ground of the built-in style, light and dark.
const GROUNDS: [Colour; 2] = [Colour([255, 255, 255]), Colour([0x15, 0x17, 0x1b])];
/// The least contrast of text to its ground. Source: WCAG 2.2, success criterion 1.4.3.
const LEAST: f64 = 4.5;
/// The contrast that a colour made for the dark ground gets, about that of the built-in one.
const ON_DARK: f64 = 7.5;

/// The look of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Colour of links and marks.
    pub accent: Option<Accent>,
    /// The file under `static/` with style rules that come after the others, with where it is named.
    pub style: Option<(String, Place)>,
    /// The file under `static/` that draws Mermaid diagrams, with where it is named.
    pub mermaid: Option<(String, Place)>,
}

/// The accent colour as `#rrggbb`, on a light ground and on a dark one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accent {
    /// On the light ground.
    pub light: String,
    /// On the dark ground.
    pub dark: String,
}

impl Accent {
    /// The rules that put the colour in place of the built-in one; they go behind the style sheet.
    pub fn css(&self) -> String {
        let Accent { light, dark } = self;
        format!(
            ":root{{--accent:{light}}}@supports (color:light-dark(#000,#fff)){{:root{{--accent:light-dark({light},{dark})}}}}@media print{{:root{{--accent:#000}}}}\n"
        )
    }
}

/// Reads `theme:`.
pub fn read(node: &Node, findings: &mut Findings<'_>) -> Look {
    let mut look = Look::default();
    let Some(mut fields) = Fields::of(node, "`theme`", findings) else { return look };
    look.accent = fields.take("accent").and_then(|node| accent(node, findings));
    [look.style, look.mermaid] = ["style", "mermaid"]
        .map(|key| fields.text(key, findings).map(|(file, span)| (file.trim_start_matches('/').to_owned(), findings.place(&span))));
    fields.finish("`theme`", [], findings);
    look
}

/// One colour for both grounds, lightened for the dark one, or `{light, dark}`.
fn accent(node: &Node, findings: &mut Findings<'_>) -> Option<Accent> {
    let Value::Map(_) = node.value else {
        let written = colour(node, "accent", findings)?;
        let light = readable(written, 0, node, findings);
        return Some(Accent { light: light.hex(), dark: light.mixed(Colour([255, 255, 255]), GROUNDS[1], ON_DARK).hex() });
    };
    let mut fields = Fields::of(node, "`accent`", findings)?;
    let [light, dark] = ["light", "dark"].map(|key| fields.take(key));
    fields.finish("`accent`", [], findings);
    let (Some(light), Some(dark)) = (light, dark) else {
        let finding = Diagnostic::error("wrong-type", findings.place(&node.span), "`accent` must have a `light` and a `dark` colour")
            .help("write one colour alone (`accent: \"#0b56a5\"`), or both");
        findings.list.push(finding);
        return None;
    };
    let (on_light, on_dark) = (colour(light, "light", findings)?, colour(dark, "dark", findings)?);
    Some(Accent { light: readable(on_light, 0, light, findings).hex(), dark: readable(on_dark, 1, dark, findings).hex() })
}

fn colour(node: &Node, key: &str, findings: &mut Findings<'_>) -> Option<Colour> {
    let read = node.text().and_then(Colour::of);
    if read.is_none() {
        let finding = Diagnostic::error("wrong-type", findings.place(&node.span), format!("`{key}` is no colour"))
            .help("write it as red, green and blue in hexadecimal digits and in quotes, such as \"#0b56a5\"");
        findings.list.push(finding);
    }
    read
}

/// The colour, or where it has too little contrast, the nearest one that has enough.
fn readable(colour: Colour, ground: usize, node: &Node, findings: &mut Findings<'_>) -> Colour {
    let contrast = colour.contrast(GROUNDS[ground]);
    if contrast >= LEAST {
        return colour;
    }
    let (name, toward) = [("light", Colour([0, 0, 0])), ("dark", Colour([255, 255, 255]))][ground];
    let instead = colour.mixed(toward, GROUNDS[ground], LEAST);
    let message = format!("links in `{}` are hard to read: the contrast to the {name} ground is {contrast:.1}, and must be {LEAST}", colour.hex());
    let finding = Diagnostic::warning("contrast-low", findings.place(&node.span), message)
        .help(format!("`{}` is the nearest that can be read, and is used instead", instead.hex()));
    findings.list.push(finding);
    instead
}

/// Red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour([u8; 3]);

impl Colour {
    /// From `#rgb` or `#rrggbb`.
    fn of(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#')?;
        let digits: String = if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let part = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
        Some(Colour([part(0)?, part(2)?, part(4)?]))
    }

    fn hex(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Relative luminance, 0 to 1. Source: WCAG 2.2.
    fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Contrast ratio, 1 to 21. Source: WCAG 2.2.
    fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Mixed with as little of another colour as gives the contrast.
    fn mixed(self, toward: Colour, ground: Colour, contrast: f64) -> Colour {
        let mix =
            |percent: u32| Colour(std::array::from_fn(|i| ((u32::from(self.0[i]) * (100 - percent) + u32::from(toward.0[i]) * percent) / 100) as u8));
        (0..=100).map(mix).find(|c| c.contrast(ground) >= contrast).unwrap_or(toward)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let of = |a: &str, b: &str| Colour::of(a).expect("a colour").contrast(Colour::of(b).expect("a colour"));
        assert!((of("#000", "#fff") - 21.0).abs() < 0.01);
        assert!((of("#777777", "#ffffff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn a_colour_is_mixed_until_it_can_be_read() {
        for text in ["#ffcc00", "#0b56a5", "#fff", "#15171b"] {
            let colour = Colour::of(text).expect("a colour");
            for (ground, toward) in [(GROUNDS[0], Colour([0; 3])), (GROUNDS[1], Colour([255; 3]))] {
                assert!(colour.mixed(toward, ground, LEAST).contrast(ground) >= LEAST, "{text}");
            }
        }
    }
}
