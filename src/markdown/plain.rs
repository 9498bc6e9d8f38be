//! Markdown in, plain text out: headings on lines of their own, points with their marks, links with their address.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::options;

/// A list that is open: the number of its next point, if it is numbered.
struct List(Option<u64>);

/// The text of blocks, with one blank line between them.
pub fn blocks(markdown: &str) -> String {
    let mut out = String::new();
    let mut lists: Vec<List> = Vec::new();
    let mut address: Vec<String> = Vec::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Start(Tag::Paragraph) if lists.is_empty() => blank_line(&mut out),
            Event::Start(Tag::Heading { .. } | Tag::Table(_) | Tag::CodeBlock(_) | Tag::BlockQuote(_)) => blank_line(&mut out),
            Event::Start(Tag::List(first)) => {
                if lists.is_empty() {
                    blank_line(&mut out);
                }
                lists.push(List(first));
            }
            Event::End(TagEnd::List(_)) => drop(lists.pop()),
            Event::Start(Tag::Item) => {
                new_line(&mut out);
                let depth = lists.len().saturating_sub(1);
                out.push_str(&"  ".repeat(depth));
                out.push_str(&lists.last_mut().map(List::mark).unwrap_or_default());
            }
            Event::Start(Tag::TableRow) => new_line(&mut out),
            Event::End(TagEnd::TableCell) => out.push_str("  "),
            Event::Start(Tag::Link { dest_url, .. }) => address.push(dest_url.into_string()),
            Event::End(TagEnd::Link) => {
                let address = address.pop().filter(|a| a.contains(':') && !out.ends_with(a.as_str()));
                address.into_iter().for_each(|a| out.push_str(&format!(" ({a})")));
            }
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak => out.push(' '),
            Event::HardBreak => new_line(&mut out),
            _ => {}
        }
    }
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
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

fn new_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn blank_line(out: &mut String) {
    new_line(out);
    if !out.is_empty() && !out.ends_with("\n\n") {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn headings_points_and_links_read_well_without_markup() {
        let markdown =
            "# Title\n\nA *short*\ntext with [a link](https://e.org/x).\n\n## Asks\n\n- **Git.** Knows\n  it.\n  - well\n- More\n\n1. One\n2. Two\n";
        let text = "Title\n\nA short text with a link (https://e.org/x).\n\nAsks\n\n- Git. Knows it.\n  - well\n- More\n\n1. One\n2. Two\n";
        assert_eq!(super::blocks(markdown), text);
    }
}
