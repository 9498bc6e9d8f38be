//! Findings with the lines of the file, marked, for people. The only home of annotate-snippets.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::source::SourceTree;

pub(super) fn write(findings: &[Diagnostic], tree: &SourceTree, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for finding in findings {
        let group = group(finding, tree);
        out.push_str(&renderer.render(&[group]));
        out.push_str("\n\n");
    }
    out
}

fn group<'a>(finding: &'a Diagnostic, tree: &'a SourceTree) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = level.primary_title(finding.message.as_str()).id(finding.code).element(snippet(
        &finding.place,
        &finding.label,
        AnnotationKind::Primary,
        tree,
    ));
    for related in &finding.related {
        group = group.element(snippet(&related.place, &related.message, AnnotationKind::Context, tree));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// One marked line: only that line is given to the renderer, so that large files cost nothing.
fn snippet<'a>(place: &'a Place, label: &'a str, kind: AnnotationKind, tree: &'a SourceTree) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = tree.text(&place.file).unwrap_or("");
    let (line, span, number) = line_of(text, &place.span);
    let annotation = kind.span(span);
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    Snippet::source(line).line_start(number).path(&*place.file).annotation(annotation)
}

/// The line on which a span begins, the part of the span on it, and its number.
fn line_of<'t>(text: &'t str, span: &Range<usize>) -> (&'t str, Range<usize>, usize) {
    let at = text.floor_char_boundary(span.start.min(text.len()));
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let end = text[at..].find('\n').map_or(text.len(), |i| at + i);
    let number = text[..start].bytes().filter(|b| *b == b'\n').count() + 1;
    let to = text.floor_char_boundary(span.end.clamp(at, end));
    (&text[start..end], at - start..to - start, number)
}
