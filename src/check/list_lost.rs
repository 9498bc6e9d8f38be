//! `list-lost`: the heading of a list section is followed by neither an item nor a table, or a list in its text is written in HTML.

use std::ops::Range;

use super::Sheet;
use crate::diagnostic::Diagnostic;
use crate::parse::items::first_line;
use crate::parse::{Document, Flow, NodeSection};

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    for (node, content) in document.nodes.iter().enumerate() {
        // A YAML key opens no heading, and so has no anchors.
        for section in content.sections.iter().filter(|s| !s.anchors.is_empty()) {
            let title = &sheet.config.sections[section.section].title;
            let has_items = document.section_items(node, section.section).next().is_some();
            if let Some(list) = html_list(sheet, section) {
                let finding =
                    Diagnostic::warning("list-lost", document.place(list), format!("this list below the heading of {title} is written in HTML"))
                        .label("no role gets anything from it")
                        .help("write each point on a line of its own that begins with `- `");
                // Beside items it follows from no other fault of the list.
                findings.push(if has_items { finding } else { finding.of_part(node, section.section) });
                continue;
            }
            if has_items || has_table(document, section) || goes_on(document, section) {
                continue;
            }
            let empty = section.flow.is_empty();
            let message = match empty {
                true => format!("nothing stands below the heading of {title}"),
                false => format!("the text below the heading of {title} has no list"),
            };
            let finding = Diagnostic::warning("list-lost", document.place(first_line(document.text(), section.span.clone())), message)
                .label(if empty { "" } else { "no role gets anything from it" })
                .help("write each point on a line of its own that begins with `- `, or take the heading away")
                .of_part(node, section.section);
            findings.push(finding);
        }
    }
}

/// The first line of a list in HTML that stands between the items of a section, or in place of them.
fn html_list(sheet: &Sheet<'_>, section: &NodeSection) -> Option<Range<usize>> {
    let text = sheet.document.text();
    let prose = section.flow.iter().filter_map(|part| match part {
        Flow::Prose(span) => Some(span),
        Flow::Items(_) | Flow::SubHeading { .. } => None,
    });
    for span in prose {
        let mut from = span.start;
        while let Some(at) = text[from..span.end].find('<').map(|at| from + at) {
            let rest = &text[at..span.end];
            if rest.starts_with("<!--") {
                from = rest.find("-->").map_or(span.end, |end| at + end);
                continue;
            }
            if rest.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<li"))
                && rest[3..].starts_with(['>', ' ', '\n'])
                && !sheet.aside.body().is_code(at)
            {
                return Some(first_line(text, at..span.end));
            }
            from = at + 1;
        }
    }
    None
}

fn has_table(document: &Document, section: &NodeSection) -> bool {
    let is_rule = |line: &str| line.contains("--") && line.contains('|') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'));
    section.flow.iter().any(|part| match part {
        Flow::Prose(span) => {
            let text = &document.text()[span.clone()];
            text.lines().any(|l| is_rule(l.trim())) || text.contains("<table")
        }
        Flow::Items(_) | Flow::SubHeading { .. } => false,
    })
}

/// Whether the same section goes on for a track below its heading (`Hiring process` > `Managers`).
fn goes_on(document: &Document, section: &NodeSection) -> bool {
    let others = document.nodes.iter().skip(1).flat_map(|n| &n.sections);
    others.filter(|s| s.section == section.section && s.span.start > section.span.start).any(|s| !s.items.is_empty())
}
