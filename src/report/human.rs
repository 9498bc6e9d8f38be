//! Findings with the lines of the file, marked, for people. The only home of annotate-snippets.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::Files;
use crate::diagnostic::{Diagnostic, Place, Severity};

pub(super) fn write(findings: &[Diagnostic], files: &Files<'_>, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for finding in findings {
        let group = group(finding, files);
        out.push_str(&renderer.render(&[group]));
        out.push_str("\n\n");
    }
    out
}

fn group<'a>(finding: &'a Diagnostic, files: &'a Files<'_>) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = level.primary_title(finding.message.as_str()).id(finding.code).element(snippet(
        &finding.place,
        &finding.label,
        AnnotationKind::Primary,
        files,
    ));
    for related in &finding.related {
        group = group.element(snippet(&related.place, &related.message, AnnotationKind::Context, files));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// One marked line: only that line is given to the renderer, so that large files cost nothing.
fn snippet<'a>(place: &'a Place, label: &'a str, kind: AnnotationKind, files: &'a Files<'_>) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let number = files.position(place, place.span.start).line;
    let (line, start) = files.lines(place).line(number);
    let within = |offset: usize| line.floor_char_boundary((offset.max(start) - start).min(line.len()));
    let annotation = kind.span(within(place.span.start)..within(place.span.end));
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    Snippet::source(line).line_start(number).path(&*place.file).annotation(annotation)
}
