//! Markdown in, plain text out: headings on lines of their own, points with their marks, links with their address.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::options;

/// A list that is open: the number of its next point, if it is numbered.
struct List(Option<u64>);

/// The text so far, and below which points what comes next stands.
#[derive(Default)]
struct Text {
    out: String,
    /// How far the text of each open point stands to the right of its mark.
    indents: Vec<usize>,
    /// Whether a mark has been written, and nothing behind it.
    is_begun: bool,
}

/// The text of blocks, with one blank line between them; what belongs to a point stands below its first word.
pub fn blocks(markdown: &str) -> String {
    let mut text = Text::default();
    let mut lists: Vec<List> = Vec::new();
    let mut address: Vec<String> = Vec::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Table(_) | Tag::CodeBlock(_) | Tag::BlockQuote(_)) => text.begin_block(),
            Event::Start(Tag::DefinitionListTitle) => text.begin_block(),
            Event::Start(Tag::List(first)) => {
                if lists.is_empty() {
                    text.begin_block();
                }
                lists.push(List(first));
            }
            Event::End(TagEnd::List(_)) => drop(lists.pop()),
            Event::Start(Tag::Item) => text.begin_point(&lists.last_mut().map(List::mark).unwrap_or_default()),
            Event::Start(Tag::DefinitionListDefinition) => text.begin_point("  "),
            Event::Start(Tag::FootnoteDefinition(name)) => {
                text.begin_block();
                text.begin_point(&format!("[{name}] "));
            }
            Event::End(TagEnd::Item | TagEnd::DefinitionListDefinition | TagEnd::FootnoteDefinition) => text.end_point(),
            Event::Start(Tag::TableRow) => text.new_line(),
            Event::End(TagEnd::TableCell) => text.push("  "),
            Event::Start(Tag::Link { dest_url, .. }) => address.push(dest_url.into_string()),
            Event::End(TagEnd::Link) => {
                let address = address.pop().filter(|a| a.contains(':') && !text.out.ends_with(a.as_str()));
                address.into_iter().for_each(|a| text.push(&format!(" ({a})")));
            }
            Event::FootnoteReference(name) => text.push(&format!("[{name}]")),
            Event::Text(words) | Event::Code(words) => text.push(&words),
            Event::SoftBreak => text.push(" "),
            Event::HardBreak => text.new_line(),
            _ => {}
        }
    }
    let lines: Vec<&str> = text.out.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim())
}

impl List {
    fn mark(&mut self) -> String {
        match &mut self.0 {
            None => "- ".to_owned(),
            Some(number) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
        }
    }
}

impl Text {
    fn push(&mut self, words: &str) {
        for (number, line) in words.split('\n').enumerate() {
            if number > 0 {
                self.out.push('\n');
            }
            if !line.is_empty() {
                self.indent();
                self.out.push_str(line);
                self.is_begun = false;
            }
        }
    }

    fn indent(&mut self) {
        if self.out.is_empty() || self.out.ends_with('\n') {
            self.out.extend(std::iter::repeat_n(' ', self.indents.iter().sum()));
        }
    }

    fn new_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// A blank line before a block, but for the first one of a point.
    fn begin_block(&mut self) {
        if self.is_begun {
            return;
        }
        self.new_line();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn begin_point(&mut self, mark: &str) {
        if !self.is_begun {
            self.new_line();
        }
        self.indent();
        self.out.push_str(mark);
        self.indents.push(mark.chars().count());
        self.is_begun = true;
    }

    fn end_point(&mut self) {
        self.indents.pop();
        self.is_begun = false;
    }
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn headings_points_and_links_read_well_without_markup() {
        let markdown =
            "# Title\n\nA *short*\ntext with [a link](https://e.org/x).\n\n## Asks\n\n- **Git.** Knows\n  it.\n  - well\n- More\n\n1. One\n2. Two\n";
        let text = "Title\n\nA short text with a link (https://e.org/x).\n\nAsks\n\n- Git. Knows it.\n  - well\n- More\n\n1. One\n2. Two\n";
        assert_eq!(blocks(markdown), text);
    }

    #[test]
    fn what_belongs_to_a_point_stands_below_its_first_word() {
        for same in [
            "- First paragraph.\n\n  Second paragraph.\n- Next\n",
            "- two\n  - deep\n\n    para\n\n  Behind.\n",
            "10. ten\n\n    Second.\n",
            "- code\n\n      a\n\n        b\n\n  Behind.\n",
        ] {
            assert_eq!(blocks(same), same.replace("      a\n\n        b", "  a\n\n    b"), "{same}");
        }
        assert_eq!(blocks("- One\\\n  two\n\n  > said\n  > so\n"), "- One\n  two\n\n  said so\n");
        assert_eq!(blocks("-\n- - a\n  - b\n\nTerm\n: What it is\n"), "-\n- - a\n  - b\n\nTerm\n  What it is\n");
    }

    #[test]
    fn footnotes_stand_below() {
        assert_eq!(blocks("- Law[^1].\n\n[^1]: Or equal.\n\n    More.\n"), "- Law[1].\n\n[1] Or equal.\n\n    More.\n");
    }
}
