//! Findings with the lines of the file, marked, for people. The only home of annotate-snippets.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Files, escape, visible, visible_path};
use crate::diagnostic::{Diagnostic, Place, Severity};

/// Of one kind in one file, more than so many are shown as one with the places of the others. Of errors so many are shown as there
/// are, up to a number that nobody mends one by one: each must be mended, and each has help of its own.
const fn most_shown(severity: Severity) -> usize {
    match severity {
        Severity::Info => 1,
        Severity::Warning => 3,
        Severity::Error => 50,
    }
}
/// How many of the others are named.
const MOST_NAMED: usize = 10;

pub(super) fn write(findings: &[Diagnostic], files: &Files<'_>, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for kind in kinds(findings) {
        let most = most_shown(kind[0].severity);
        let shown = match kind[0].severity {
            Severity::Error => kind.len().min(most),
            _ if kind.len() > most => 1,
            _ => kind.len(),
        };
        let (shown, others) = kind.split_at(shown);
        for (i, finding) in shown.iter().enumerate() {
            let texts = Texts::of(finding, if i + 1 == shown.len() { others } else { &[] }, files);
            out.push_str(&renderer.render(&[texts.group(finding)]));
            out.push_str("\n\n");
        }
    }
    out
}

/// The findings by file, code and weight, each kind where its first one stands.
fn kinds(findings: &[Diagnostic]) -> Vec<Vec<&Diagnostic>> {
    let mut all: Vec<Vec<&Diagnostic>> = Vec::new();
    for of_file in findings.chunk_by(|a, b| a.place.file == b.place.file) {
        let mut places: std::collections::HashMap<(&str, Severity), usize> = std::collections::HashMap::new();
        let mut counts: std::collections::HashMap<(&str, Severity), usize> = std::collections::HashMap::new();
        of_file.iter().for_each(|f| *counts.entry((f.code, f.severity)).or_default() += 1);
        let many = |f: &Diagnostic| counts[&(f.code, f.severity)] > most_shown(f.severity);
        for finding in of_file {
            let key = (finding.code, finding.severity);
            match places.get(&key) {
                Some(place) => all[*place].push(finding),
                None => {
                    if many(finding) {
                        places.insert(key, all.len());
                    }
                    all.push(vec![finding]);
                }
            }
        }
    }
    all
}

/// The words of a finding without power over terminals and logs; a snippet for the main place and each related one.
struct Texts {
    title: String,
    help: Option<String>,
    others: Option<String>,
    snippets: Vec<Marked>,
}

/// One marked line: only that line is given to the renderer, so that large files cost nothing.
struct Marked {
    path: String,
    number: usize,
    line: String,
    span: std::ops::Range<usize>,
    label: String,
}

impl Texts {
    fn of(finding: &Diagnostic, others: &[&Diagnostic], files: &Files<'_>) -> Texts {
        let related = finding.related.iter().map(|r| Marked::of(&r.place, &r.message, files));
        Texts {
            title: visible(&finding.message).into_owned(),
            help: finding.help.as_deref().map(|help| visible(help).into_owned()),
            others: (!others.is_empty()).then(|| listed(others, files)),
            snippets: std::iter::once(Marked::of(&finding.place, &finding.label, files)).chain(related).collect(),
        }
    }

    fn group(&self, finding: &Diagnostic) -> Group<'_> {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Info => Level::INFO,
        };
        let (first, related) = self.snippets.split_first().expect("a finding has a place");
        let mut group = level.primary_title(self.title.as_str()).id(finding.code).element(first.snippet(AnnotationKind::Primary));
        for marked in related {
            group = group.element(marked.snippet(AnnotationKind::Context));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        if let Some(others) = &self.others {
            group = group.element(Level::NOTE.message(others.as_str()));
        }
        group
    }
}

impl Marked {
    fn of(place: &Place, label: &str, files: &Files<'_>) -> Marked {
        let number = files.position(place, place.span.start).line;
        let (written, start) = files.lines(place).line(number);
        let (line, offsets) = escape::with_offsets(written);
        let within = |offset: usize| offsets[written.floor_char_boundary((offset.max(start) - start).min(written.len()))];
        Marked {
            path: visible_path(&place.file),
            number,
            span: within(place.span.start)..within(place.span.end),
            line,
            label: visible(label).into_owned(),
        }
    }

    fn snippet(&self, kind: AnnotationKind) -> Snippet<'_, Annotation<'_>> {
        let annotation = kind.span(self.span.clone());
        let annotation = if self.label.is_empty() { annotation } else { annotation.label(self.label.as_str()) };
        Snippet::source(self.line.as_str()).line_start(self.number).path(self.path.as_str()).annotation(annotation)
    }
}

/// `4 more of this kind in this file, on lines 12, 14, 20 and 31`.
fn listed(others: &[&Diagnostic], files: &Files<'_>) -> String {
    let lines: Vec<String> = others.iter().map(|f| files.position(&f.place, f.place.span.start).line.to_string()).collect();
    let shown = &lines[..lines.len().min(MOST_NAMED)];
    let named = match (lines.len() - shown.len(), shown) {
        (0, [one]) => format!("line {one}"),
        (0, [first @ .., last]) => format!("lines {} and {last}", first.join(", ")),
        (1, _) => format!("lines {} and one other", shown.join(", ")),
        (n, _) => format!("lines {} and {n} others", shown.join(", ")),
    };
    format!("{} more of this kind in this file, on {named}; `--format short` shows each", lines.len())
}
