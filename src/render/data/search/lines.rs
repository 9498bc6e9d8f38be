//! What a page shows in, its lines out: each with where it stands and its text without markup.

use serde::Serialize;

use crate::render::view::family::{ClosingView, FamilyPage, NodeView};
use crate::render::view::{BlockView, PartView, ProseView, SectionView};

/// The lines of a page, by where they stand.
#[derive(Debug, Default, Serialize)]
pub struct Lines(Vec<Group>);

/// Lines that stand together.
#[derive(Debug, Serialize)]
struct Group(
    /// Titles of the role and the section.
    String,
    /// The role on whose page they stand too, or nothing.
    String,
    Vec<Line>,
);

/// A line: its anchor, its text, and how many letters of it are its label.
#[derive(Debug, Serialize)]
struct Line(String, String, usize);

impl Lines {
    /// The texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|group| &group.2).map(|line| line.1.as_str())
    }

    /// The lines of a page of prose.
    pub fn of_prose(prose: &[ProseView]) -> Lines {
        let mut lines = Lines::default();
        lines.prose("", prose);
        lines
    }

    /// The lines of a family's page. Those of shared blocks are left out: they are on many pages.
    pub fn of_family(page: &FamilyPage) -> Lines {
        let mut lines = Lines::default();
        lines.prose("", &page.overview);
        lines.prose("", &page.levels_intro);
        lines.prose("", &page.specialties_intro);
        lines.sections("", "", &page.shared);
        page.tracks.iter().for_each(|track: &NodeView| {
            lines.prose(&track.title, &track.prose);
            lines.sections(&track.title, "", &track.sections);
        });
        for level in &page.levels {
            lines.prose(&level.title, &level.prose);
            lines.sections(&level.title, if level.href.is_some() { &level.id } else { "" }, &level.sections);
        }
        for specialty in &page.specialties {
            lines.prose(&specialty.title, &specialty.prose);
            lines.sections(&specialty.title, "", &specialty.sections);
        }
        page.closing.iter().for_each(|closing| lines.closing(closing));
        lines
    }

    /// The lines of shared blocks, on the page that tells who has them.
    pub fn blocks<'b>(&mut self, blocks: impl IntoIterator<Item = &'b BlockView>) {
        for block in blocks {
            self.prose(block.title.as_deref().unwrap_or(""), &block.prose);
        }
    }

    fn closing(&mut self, closing: &ClosingView) {
        self.sections("", "", &closing.shared);
        self.prose(&closing.title, &closing.prose);
        for track in &closing.tracks {
            self.sections(&track.title, "", &track.section);
            self.prose(&closing.title, &track.prose);
        }
    }

    fn prose(&mut self, place: &str, prose: &[ProseView]) {
        for piece in prose {
            let anchor = piece.anchors.first().map_or("", String::as_str);
            let lines = blocks_of(&piece.html).map(|html| line(anchor, html)).filter(|line| !line.1.is_empty()).collect();
            self.push(place, piece.heading.as_deref().unwrap_or(""), "", lines);
        }
    }

    fn sections<'s>(&mut self, place: &str, role: &str, sections: impl IntoIterator<Item = &'s SectionView>) {
        for section in sections {
            let mut lines = Vec::new();
            for part in &section.parts {
                part_lines(part, &section.anchor, &mut lines);
            }
            self.push(place, &section.title, role, lines);
        }
    }

    fn push(&mut self, place: &str, title: &str, role: &str, lines: Vec<Line>) {
        if lines.is_empty() {
            return;
        }
        let both = if place.is_empty() || title.is_empty() { "" } else { " \u{b7} " };
        self.0.push(Group([place, both, title].concat(), role.to_owned(), lines));
    }
}

fn part_lines(part: &PartView, section: &str, lines: &mut Vec<Line>) {
    match part.kind {
        "items" => lines.extend(part.items.iter().map(|item| line(&item.anchor, &item.html))),
        "list" => {
            // A list that comes ready has an id on each item.
            for item in part.html.split("<li id=\"").skip(1) {
                let (anchor, rest) = item.split_once("\">").unwrap_or(("", item));
                lines.push(line(anchor, rest.trim_end_matches(['\n', ' ']).trim_end_matches("</ul>").trim_end_matches("</ol>")));
            }
        }
        "prose" => lines.extend(blocks_of(&part.html).map(|html| line(section, html)).filter(|line| !line.1.is_empty())),
        _ => {}
    }
}

/// The paragraphs, items and rows of rendered prose.
fn blocks_of(html: &str) -> impl Iterator<Item = &str> {
    html.split_inclusive("</p>").flat_map(|part| part.split_inclusive("</li>")).flat_map(|part| part.split_inclusive("</tr>"))
}

fn line(anchor: &str, html: &str) -> Line {
    let mut text = String::with_capacity(html.len());
    let label = html.strip_prefix("<strong>").and_then(|rest| rest.split_once("</strong>")).map_or(0, |(label, _)| {
        push_text(label, &mut text);
        text.chars().count()
    });
    if label > 0 {
        text.clear();
    }
    push_text(html, &mut text);
    Line(unescaped(anchor), text.trim_end().to_owned(), label)
}

/// Tags within a line, which part no words.
const INLINE: [&str; 12] = ["a", "b", "strong", "em", "i", "code", "s", "del", "ins", "sub", "sup", "span"];

/// HTML without its tags; white space as single spaces.
fn push_text(html: &str, out: &mut String) {
    let mut rest = html;
    loop {
        let end = rest.find('<').unwrap_or(rest.len());
        push_collapsed(&rest[..end], out);
        let Some((tag, after)) = rest[end..].split_once('>') else { return };
        let name = tag.trim_start_matches(['<', '/']);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if !INLINE.contains(&name) && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        rest = after;
    }
}

fn push_collapsed(text: &str, out: &mut String) {
    // Nearly all text is as it should be.
    if !text.contains(['&', '\n', '\t']) && !text.contains("  ") {
        let text = if out.is_empty() || out.ends_with(' ') { text.trim_start_matches(' ') } else { text };
        out.push_str(text);
        return;
    }
    for c in unescaped(text).chars() {
        let c = if matches!(c, '\n' | '\t') { ' ' } else { c };
        if c != ' ' || (!out.is_empty() && !out.ends_with(' ')) {
            out.push(c);
        }
    }
}

/// The characters that this program writes as references.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&#x27;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_is_the_text_of_an_item_with_the_length_of_its_label() {
        let found = line("requirements.a", "<strong>R&amp;D work.</strong> Knows <a href=\"x\">Git</a>,\n<ul>\n<li>and more</li>\n</ul>");
        assert_eq!((found.1.as_str(), found.2), ("R&D work. Knows Git, and more", 9));
        assert_eq!(line("", "Plain <em>text</em>").1, "Plain text");
    }
}
