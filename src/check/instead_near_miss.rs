//! `instead-near-miss`: a line or an item of a list section is nearly `*Instead of the inherited list:*`, and drops nothing.

use std::ops::Range;

use super::Sheet;
use crate::diagnostic::{Diagnostic, Place};
use crate::markdown;
use crate::parse::instead::{self, Near};
use crate::parse::items::first_line;
use crate::parse::{Document, Flow, Item, ItemText, NodeSection};

/// The line as it must be.
const LINE: &str = "*Instead of the inherited list:*";

pub(super) fn check(sheet: &Sheet<'_>, findings: &mut Vec<Diagnostic>) {
    let document = sheet.document;
    for (node, content) in document.nodes.iter().enumerate() {
        for section in content.sections.iter().filter(|s| !s.instead) {
            for part in &section.flow {
                if let Flow::Prose(span) = part {
                    lines(sheet, section, span, findings);
                }
            }
            for (number, item) in document.section_items(node, section.section) {
                let Some(line) = item.markdown(document.text()).lines().next() else { continue };
                let Some(near) = instead::near(line) else { continue };
                let finding = near_miss(document.place(first_line(document.text(), item.span())), "an item");
                let is_first = number == section.items.start && matches!(section.flow.first(), Some(Flow::Items(_)));
                let bullet = whole_line(document, item).filter(|_| is_first && near == Near::SameWords);
                findings.push(mended(finding, bullet, "\n"));
            }
        }
    }
}

/// Tells the lines of prose, which is mended where it is the first thing in its section.
fn lines(sheet: &Sheet<'_>, section: &NodeSection, span: &Range<usize>, findings: &mut Vec<Diagnostic>) {
    let mut start = span.start;
    let mut begins = true;
    for line in sheet.document.text()[span.clone()].split_inclusive('\n') {
        let at = start..start + line.trim_end().len();
        start += line.len();
        // The right line above other words drops the list, or is told to come first.
        let is_read = std::mem::replace(&mut begins, line.trim().is_empty()) && markdown::is_instead_line(line);
        let is_aside = || sheet.aside.holds(at.start + instead::words_at(line).unwrap_or(0));
        let Some(near) = instead::near(line).filter(|_| !is_read && !is_aside()) else { continue };
        let is_first = at.start == span.start && matches!(section.flow.first(), Some(Flow::Prose(first)) if first == span);
        let finding = near_miss(sheet.document.place(at.clone()), "a line");
        findings.push(mended(finding, Some(at).filter(|_| is_first && near == Near::SameWords), ""));
    }
}

/// The line of an item of the body that stands on one alone.
fn whole_line(document: &Document, item: &Item) -> Option<Range<usize>> {
    let ItemText::Body { start, content, end } = item.text else { return None };
    let written = &document.text()[start as usize..end as usize];
    (content > start && !written.trim_end().contains('\n')).then_some(start as usize..end as usize)
}

fn near_miss(place: Place, what: &str) -> Diagnostic {
    Diagnostic::warning("instead-near-miss", place, format!("this is {what} like any other, and the inherited list stays"))
        .label(format!("did you mean `{LINE}`?"))
        .help(format!("write `{LINE}` on a line of its own, as the first one below the heading of the list; in the front matter, as the first entry"))
}

fn mended(finding: Diagnostic, line: Option<Range<usize>>, behind: &str) -> Diagnostic {
    match line {
        Some(at) => finding.fix("the list stands instead of the inherited one now", vec![(at, format!("{LINE}{behind}"))]),
        None => finding,
    }
}
