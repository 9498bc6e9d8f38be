//! What a page shows in, its lines out as a script file: each with where it stands and its text without markup; and its
//! words.
//!
//! The script is put together as text: it is two thirds as long as all content, and going through values would double
//! what the search costs a build.

use memchr::memchr;

use super::words::Words;
use crate::markdown::html::without_mark;
use crate::render::view::family::{ClosingView, FamilyPage};
use crate::render::view::{PartView, ProseView, SectionView};

/// The lines of a page: a call with the page's id and groups of lines.
///
/// A group is where its lines stand, the role on whose page they stand too (or nothing), an anchor, and lines. A line is
/// its anchor (where that begins with `.`, what follows on that of the group), its text, and how many letters of the text
/// are its label (left out where it has none).
#[derive(Debug)]
pub struct Lines {
    script: String,
    words: Words,
}

/// Some HTML that is read on another page.
#[derive(Debug)]
pub struct Somewhere {
    /// Under what it stands.
    pub place: String,
    /// Id of the page, perhaps with an anchor.
    pub at: String,
    /// Whether it is one item; otherwise each paragraph is a line.
    pub is_item: bool,
    /// Its words.
    pub html: String,
}

/// Where the mark of a footnote ends, or the link back from one, whose opening tag stands before `rest`: neither is a word.
fn footnote_mark(tag: &str, rest: &str) -> Option<usize> {
    let end = match tag {
        "<sup" if rest.starts_with("<a href=\"#") => "</sup>",
        _ if tag.starts_with("<a ") && rest.starts_with('\u{21a9}') => "</a>",
        _ => return None,
    };
    rest.find(end).map(|at| at + end.len())
}

impl Lines {
    fn of(id: &str) -> Lines {
        let mut script = String::with_capacity(16 * 1024);
        script.push_str("handbookLines([");
        push_text(id, &mut script);
        script.push_str(",[");
        Lines { script, words: Words::default() }
    }

    /// The script and the words.
    pub fn finish(mut self) -> (String, Words) {
        self.close("]]);\n");
        (self.script, self.words)
    }

    /// Ends a list, after whose last entry there is a comma too many.
    fn close(&mut self, end: &str) {
        if self.script.ends_with(',') {
            self.script.pop();
        }
        self.script.push_str(end);
    }

    /// The lines of a page of prose.
    pub fn of_prose(id: &str, prose: &[ProseView]) -> Lines {
        let mut lines = Lines::of(id);
        lines.prose("", "", prose);
        lines
    }

    /// The lines of what is read on other pages; each has the page's id in its anchor.
    pub fn of_somewhere(id: &str, all: &[Somewhere]) -> Lines {
        let mut lines = Lines::of(id);
        for one in all {
            lines.group(["", &one.place], "", "", |lines| lines.html(if one.is_item { "" } else { &one.at }, &one.at, &one.html));
        }
        lines
    }

    /// The lines of a family's page. Those of shared blocks are left out: they are on many pages, and have lines of their own.
    pub fn of_family(id: &str, page: &FamilyPage) -> Lines {
        let mut lines = Lines::of(id);
        for (anchor, prose) in [("", &page.overview), ("_levels", &page.levels_intro), ("_specialties", &page.specialties_intro)] {
            lines.prose("", anchor, prose);
        }
        lines.sections("", "", &page.shared);
        for track in &page.tracks {
            lines.prose(&track.title, &track.id, &track.prose);
            lines.sections(&track.title, "", &track.sections);
        }
        for level in &page.levels {
            lines.prose(&level.title, &level.id, &level.prose);
            lines.sections(&level.title, if level.href.is_some() { &level.id } else { "" }, &level.sections);
        }
        for specialty in &page.specialties {
            lines.prose(&specialty.title, &specialty.id, &specialty.prose);
            lines.sections(&specialty.title, "", &specialty.sections);
        }
        page.closing.iter().for_each(|closing| lines.closing(closing));
        lines
    }

    fn closing(&mut self, closing: &ClosingView) {
        self.sections("", "", &closing.shared);
        self.prose(&closing.title, &closing.id, &closing.prose);
        for track in &closing.tracks {
            self.sections(&track.title, "", &track.section);
            self.prose(&closing.title, &closing.id, &track.prose);
        }
    }

    /// Prose that stands at an anchor; below a heading of its own it has that one.
    fn prose(&mut self, place: &str, at: &str, prose: &[ProseView]) {
        for piece in prose {
            let anchor = piece.anchors.first().map_or(at, String::as_str);
            self.group([place, piece.heading.as_deref().unwrap_or("")], "", anchor, |lines| lines.html(anchor, anchor, &piece.html));
        }
    }

    fn sections<'s>(&mut self, place: &str, role: &str, sections: impl IntoIterator<Item = &'s SectionView>) {
        for section in sections {
            self.group([place, &section.title], role, &section.anchor, |lines| {
                section.parts.iter().for_each(|part| lines.part(&section.anchor, part));
            });
        }
    }

    fn group(&mut self, [place, title]: [&str; 2], role: &str, anchor: &str, fill: impl FnOnce(&mut Self)) {
        let before = self.script.len();
        let both = if place.is_empty() || title.is_empty() { "" } else { " \u{b7} " };
        self.script.push('[');
        push_text(&[place, both, title].concat(), &mut self.script);
        for text in [role, anchor] {
            self.script.push(',');
            push_text(text, &mut self.script);
        }
        self.script.push_str(",[");
        let start = self.script.len();
        fill(self);
        if self.script.len() == start {
            self.script.truncate(before);
        } else {
            self.close("]],");
        }
    }

    fn part(&mut self, section: &str, part: &PartView) {
        match part.kind {
            "items" => part.items.iter().for_each(|item| self.html(section, &item.anchor, &item.html)),
            "list" | "prose" => self.html(section, section, &part.html),
            _ => {}
        }
    }

    /// The lines of some HTML: one for each item with an id, paragraph, row and list entry that is no part of such an item.
    fn html(&mut self, section: &str, anchor: &str, html: &str) {
        let mut start = self.open(section, anchor);
        let (mut label, mut in_label, mut in_item) = (0, false, anchor != section);
        let mut rest = html;
        loop {
            let end = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
            push_collapsed(&rest[..end], start, &mut self.script);
            let Some(close) = memchr(b'>', &rest.as_bytes()[end..]) else { break };
            let tag = &rest[end..end + close];
            rest = &rest[end + close + 1..];
            if let Some(end) = footnote_mark(tag, rest) {
                rest = &rest[end..];
                continue;
            }
            if let Some(id) = tag.strip_prefix("<li id=\"") {
                self.shut(start, label);
                (start, label, in_item) = (self.open(section, id.trim_end_matches('"')), 0, true);
                continue;
            }
            let name = tag.trim_start_matches(['<', '/']);
            let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
            if tag == "<strong" && self.script.len() == start {
                in_label = true;
            } else if tag == "</strong" && std::mem::take(&mut in_label) {
                label = self.script[start..].chars().count();
            } else if !in_item && matches!(tag, "</p" | "</li" | "</tr") {
                self.shut(start, label);
                (start, label) = (self.open(section, anchor), 0);
            } else if !INLINE.contains(&name) && self.script.len() > start && !self.script.ends_with(' ') {
                self.script.push(' ');
            }
        }
        self.shut(start, label);
    }

    /// Begins a line; gives where its text does.
    fn open(&mut self, section: &str, anchor: &str) -> usize {
        self.script.push_str("[\"");
        let anchor = anchor.strip_prefix(section).filter(|rest| rest.starts_with('.')).unwrap_or(anchor);
        push_escaped(&unescaped(without_mark(anchor)), &mut self.script);
        self.script.push_str("\",\"");
        self.script.len()
    }

    /// Ends a line, or takes it back where it has no text.
    fn shut(&mut self, start: usize, label: usize) {
        while self.script.len() > start && self.script.ends_with(' ') {
            self.script.pop();
        }
        if self.script.len() == start {
            let begin = self.script[..start - 3].rfind("[\"").expect("the line began so");
            self.script.truncate(begin);
            return;
        }
        self.words.note(&self.script[start..]);
        if has_any(&self.script[start..], needs_escape) {
            let text = self.script.split_off(start);
            push_escaped(&text, &mut self.script);
        }
        self.script.push('"');
        if label > 0 {
            self.script.push_str(&format!(",{label}"));
        }
        self.script.push_str("],");
    }
}

/// Tags within a line, which part no words.
const INLINE: [&str; 12] = ["a", "b", "strong", "em", "i", "code", "s", "del", "ins", "sub", "sup", "span"];

/// Adds text to a line that begins at `start`; white space as single spaces.
fn push_collapsed(text: &str, start: usize, out: &mut String) {
    // Nearly all text is as it should be.
    let fresh = out.len() == start || out.ends_with(' ');
    if !has_any(text, |b| matches!(b, b'&' | b'\n' | b'\t')) {
        out.push_str(if fresh { text.trim_start_matches(' ') } else { text });
        return;
    }
    for c in unescaped(text).chars() {
        let c = if matches!(c, '\n' | '\t') { ' ' } else { c };
        if c != ' ' || (out.len() > start && !out.ends_with(' ')) {
            out.push(c);
        }
    }
}

/// The characters that this program writes as references.
fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&#x27;", "'");
    plain.replace("&amp;", "&").into()
}

/// A JSON string.
fn push_text(text: &str, out: &mut String) {
    out.push('"');
    push_escaped(text, out);
    out.push('"');
}

/// Whether any byte is such; reads all of them, which is quicker for short texts that have none, as nearly all are.
fn has_any(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(false, |any, b| any | is(b))
}

fn needs_escape(b: u8) -> bool {
    b < b' ' || b == b'"' || b == b'\\'
}

fn push_escaped(text: &str, out: &mut String) {
    if !has_any(text, needs_escape) {
        out.push_str(text);
        return;
    }
    let quoted = serde_json::to_string(text).expect("text is JSON");
    out.push_str(&quoted[1..quoted.len() - 1]);
}

#[cfg(test)]
mod tests {
    use super::Lines;

    fn script(section: &str, anchor: &str, html: &str) -> String {
        let mut lines = Lines::of("a/b");
        lines.group(["Senior", "Requirements"], "senior", section, |lines| lines.html(section, anchor, html));
        lines.finish().0.replace("handbookLines([\"a/b\",", "")
    }

    #[test]
    fn a_line_is_the_text_of_an_item_with_the_length_of_its_label() {
        let html = "<strong>R&amp;D work.</strong> Knows <a href=\"x\">Git</a>,\n<ul>\n<li>and more</li>\n</ul>";
        let wanted = "[[\"Senior · Requirements\",\"senior\",\"s.r\",[[\".rd\",\"R&D work. Knows Git, and more\",9]]]]]);\n";
        assert_eq!(script("s.r", "s.r.rd", html), wanted);
    }

    #[test]
    fn a_list_gives_a_line_for_each_item_that_has_an_id() {
        let html = "<ul>\n<li id=\"r.a\">One <em>two</em>\n<ul>\n<li>three</li>\n</ul></li>\n<li id=\"r.b\"><strong>Say &quot;no&quot;.</strong> Often</li>\n</ul>";
        let found = script("r", "r", html);
        assert!(found.ends_with("[[\".a\",\"One two three\"],[\".b\",\"Say \\\"no\\\". Often\",9]]]]]);\n"), "{found}");
    }

    #[test]
    fn marks_of_footnotes_are_no_words() {
        let html = "<p>A degree<sup><a href=\"#_fn-1\" id=\"_fnref-1\">1</a></sup>.</p>\n<ol class=\"notes\">\n<li>Or equal. <a href=\"#_fnref-1\" aria-label=\"Back\">\u{21a9}\u{fe0e}</a></li>\n</ol>";
        let found = script("x", "x", html);
        assert!(found.ends_with("[[\"x\",\"A degree.\"],[\"x\",\"Or equal.\"]]]]]);\n"), "{found}");
    }

    #[test]
    fn prose_gives_a_line_for_each_paragraph_and_row_and_nothing_gives_nothing() {
        let found = script(
            "x",
            "x",
            "<p>One.</p>\n<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>\n<p><strong>Two</strong> <b>three</b></p>",
        );
        assert!(found.ends_with("[[\"x\",\"One.\"],[\"x\",\"a b\"],[\"x\",\"c\"],[\"x\",\"Two three\",3]]]]]);\n"), "{found}");
        assert_eq!(script("x", "x", ""), "[]]);\n");
    }
}
