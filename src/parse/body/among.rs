//! The headings of a body as they come in, those out that stand among the headings of roles or specialties, name none, and have a list
//! of the family below them, which was hardly meant for everybody.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Reader;
use crate::diagnostic::Diagnostic;
use crate::parse::NodeKind;

/// Where a heading stands: below which other one, by its first byte, and at which level.
pub(super) type Beside = (Option<usize>, u8);

/// What is known of the headings so far.
#[derive(Default)]
pub(super) struct Among {
    /// The headings that are open, with their levels, by their first bytes.
    path: Vec<(u8, usize)>,
    /// Where headings of roles and specialties stand, and the first byte of the first.
    nodes: BTreeMap<Beside, usize>,
    /// In the order of the file.
    pub strangers: Vec<Stranger>,
}

/// A heading on the family that opens nothing.
pub(super) struct Stranger {
    pub beside: Beside,
    pub heading: String,
    pub span: Range<usize>,
    pub has_list: bool,
}

impl Among {
    /// Enters a heading; gives where it stands.
    pub(super) fn enter(&mut self, level: u8, start: usize) -> Beside {
        self.path.retain(|(above, _)| *above < level);
        let parent = self.path.last().map(|(_, start)| *start);
        self.path.push((level, start));
        (parent, level)
    }

    /// Notes that a list of the family begins.
    pub(super) fn note_list(&mut self) {
        for (_, start) in &self.path {
            if let Ok(at) = self.strangers.binary_search_by_key(start, |stranger| stranger.span.start) {
                self.strangers[at].has_list = true;
            }
        }
    }
}

impl Reader<'_> {
    pub(super) fn note_node(&mut self, node: usize, beside: Beside, start: usize) {
        let kind = self.document.family().map(|front| front.node_kind(node));
        if matches!(kind, Some(NodeKind::Role(_) | NodeKind::Specialty(_))) {
            self.among.nodes.entry(beside).or_insert(start);
        }
    }

    pub(super) fn report_among(&mut self) {
        let Among { nodes, strangers, .. } = std::mem::take(&mut self.among);
        for Stranger { heading, span, .. } in
            strangers.into_iter().filter(|s| s.has_list && nodes.get(&s.beside).is_some_and(|first| *first < s.span.start))
        {
            let finding = Diagnostic::warning(
                "heading-among-roles",
                self.document.place(super::items::first_line(self.document.text(), span)),
                format!("`{heading}` stands among the headings of roles or specialties and names none: the list below it is that of the whole family"),
            )
            .help("add the role or specialty to the front matter, or write the name of one that is there; what counts for all belongs above them, or below `All levels`");
            self.document.findings.push(finding);
        }
    }
}
