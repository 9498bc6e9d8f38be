//! What became of every page in, a report for people or programs out.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};

use super::label::Proposal;
use super::outline::{Draft, Note, Verdict};

/// What became of the pages.
#[derive(Debug)]
pub struct Report {
    pages: Vec<PageReport>,
    labels: Vec<Proposal>,
    unread: Vec<(Arc<str>, String)>,
    /// What still does not build, if anything.
    pub errors: Vec<String>,
    /// Warnings of `handbook check`.
    pub warnings: usize,
}

#[derive(Debug)]
struct PageReport {
    source: Arc<str>,
    file: String,
    kind: &'static str,
    roles: Vec<Value>,
    specialties: Vec<Value>,
    notes: Vec<Note>,
}

/// How much the report for people tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What was guessed and left, line by line; what was understood, in numbers.
    Usual,
    /// All of it, line by line.
    All,
}

impl Report {
    /// The report of finished drafts.
    pub(super) fn of(drafts: Vec<Draft>, labels: Vec<Proposal>, unread: Vec<(Arc<str>, String)>, errors: Vec<String>, warnings: usize) -> Self {
        let mut pages: Vec<PageReport> = drafts.into_iter().map(page).collect();
        pages.sort_by(|a, b| a.source.cmp(&b.source));
        Report { pages, labels, unread, errors, warnings }
    }

    /// How many pages, families, and roles there are.
    pub fn counts(&self) -> (usize, usize, usize) {
        let families = self.pages.iter().filter(|p| p.kind == "family").count();
        (self.pages.len(), families, self.pages.iter().map(|p| p.roles.len()).sum())
    }

    /// How many things were guessed, and how many are left for a person.
    pub fn open(&self) -> (usize, usize) {
        let count = |of: fn(&Verdict) -> bool| self.pages.iter().flat_map(|p| &p.notes).filter(|n| of(&n.verdict)).count();
        (count(|v| matches!(v, Verdict::Guessed(..))), count(|v| matches!(v, Verdict::Left(_))) + self.unread.len())
    }

    /// The report as JSON: one object.
    pub fn json(&self) -> Value {
        let pages: Vec<Value> = self.pages.iter().map(page_json).collect();
        let labels: Vec<Value> = self.labels.iter().map(label_json).collect();
        let unread: Vec<Value> = self.unread.iter().map(|(file, reason)| json!({"source": &**file, "reason": reason})).collect();
        let (all, families, roles) = self.counts();
        let (guessed, left) = self.open();
        json!({
            "format": 1,
            "summary": {"pages": all, "families": families, "roles": roles, "guessed": guessed, "left": left, "warnings": self.warnings},
            "pages": pages, "labels": labels, "unread": unread, "errors": self.errors,
        })
    }

    /// The report for people.
    pub fn text(&self, detail: Detail) -> String {
        let mut out = String::new();
        for page in &self.pages {
            write_page(page, detail, &mut out);
        }
        for (file, reason) in &self.unread {
            let _ = writeln!(out, "{file}\n  left        not read: {reason}\n");
        }
        if !self.labels.is_empty() {
            out.push_str("Proposed labels, under which higher levels replace what they restate:\n");
        }
        for proposal in &self.labels {
            let _ = writeln!(out, "\n  **{}.**  {}, {} % alike", proposal.label, proposal.section, proposal.likeness);
            for (line, title, text) in &proposal.items {
                let _ = writeln!(out, "    {}:{line}: {title}: {}", proposal.source, short(text));
            }
        }
        out
    }
}

fn page(draft: Draft) -> PageReport {
    let roles = draft
        .roles
        .iter()
        .map(|r| {
            json!({
                "id": r.id, "title": r.title, "level": r.level, "line": r.line + 1, "grade": r.grades,
                "track": if r.manager { "management" } else { "ic" },
                "extends": r.extends.iter().map(|e| json!({"role": e.reference, "only": e.only})).collect::<Vec<_>>(),
                "extends_any": r.extends_any, "reports_to": r.reports_to, "next": r.next,
            })
        })
        .collect();
    let mut notes = draft.notes;
    notes.sort_by_key(|n| n.line);
    notes.dedup();
    PageReport {
        kind: if draft.roles.is_empty() { "page" } else { "family" },
        file: format!("content/{}", draft.page.target),
        specialties: draft
            .specialties
            .iter()
            .map(|s| {
                let line = draft.page.parts[draft.headings[s.heading].part].lines.start + 1;
                json!({"id": s.id, "title": s.title, "line": line, "roles": s.roles, "reports_to": s.reports_to})
            })
            .collect(),
        source: draft.page.source,
        roles,
        notes,
    }
}

fn page_json(page: &PageReport) -> Value {
    let notes: Vec<Value> = page
        .notes
        .iter()
        .map(|note| {
            let mut value = json!({"line": note.line, "what": note.what, "text": note.text, "verdict": word(&note.verdict)});
            match &note.verdict {
                Verdict::Understood => {}
                Verdict::Guessed(reason, sure) => {
                    value["reason"] = json!(reason);
                    value["confidence"] = json!(f64::from(*sure) / 100.0);
                }
                Verdict::Left(reason) => value["reason"] = json!(reason),
                Verdict::Consumed(field) => value["into"] = json!(field),
                Verdict::Edited(new) => value["written_as"] = json!(new),
            }
            value
        })
        .collect();
    json!({
        "source": &*page.source, "file": page.file, "kind": page.kind, "roles": page.roles, "specialties": page.specialties, "notes": notes,
    })
}

fn label_json(proposal: &Proposal) -> Value {
    let items: Vec<Value> = proposal.items.iter().map(|(line, title, text)| json!({"line": line, "role": title, "text": text})).collect();
    json!({
        "source": &*proposal.source, "label": proposal.label, "section": proposal.section,
        "confidence": f64::from(proposal.likeness) / 100.0, "items": items,
    })
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Understood => "understood",
        Verdict::Guessed(..) => "guessed",
        Verdict::Left(_) => "left",
        Verdict::Consumed(_) => "consumed",
        Verdict::Edited(_) => "edited",
    }
}

fn write_page(page: &PageReport, detail: Detail, out: &mut String) {
    let count = |n: usize, what: &str| match (n, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{n} {stem}ies"),
        _ => format!("{n} {what}s"),
    };
    let holds = match (page.kind, page.specialties.len()) {
        ("page", _) => "no roles found: a plain page".to_owned(),
        (_, 0) => count(page.roles.len(), "role"),
        (_, specialties) => format!("{}, {}", count(page.roles.len(), "role"), count(specialties, "specialty")),
    };
    let _ = writeln!(out, "{} -> {} ({holds})", page.source, page.file);
    if detail == Detail::Usual {
        let summary = summary(page);
        if !summary.is_empty() {
            let _ = writeln!(out, "  understood  {summary}");
        }
    }
    for note in &page.notes {
        let (is_short, tail) = match &note.verdict {
            Verdict::Understood => (true, String::new()),
            Verdict::Guessed(reason, sure) => (false, format!(" ({reason}; {sure} % sure)")),
            Verdict::Left(reason) => (false, format!(" ({reason})")),
            Verdict::Consumed(field) => (true, format!(" -> {field}")),
            Verdict::Edited(new) => (true, format!(" -> {new}")),
        };
        if detail == Detail::All || !is_short {
            let _ = writeln!(out, "  {:<11} {}:{}: {}: {}{tail}", word(&note.verdict), page.source, note.line, note.what, short(&note.text));
        }
    }
    out.push('\n');
}

/// How many things of each kind were understood, taken out and rewritten.
fn summary(page: &PageReport) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut consumed, mut edited) = (0, 0);
    for note in &page.notes {
        match note.verdict {
            Verdict::Understood => *counts.entry(note.what).or_default() += 1,
            Verdict::Consumed(_) => consumed += 1,
            Verdict::Edited(_) => edited += 1,
            _ => {}
        }
    }
    let mut parts: Vec<String> = counts.iter().map(|(what, n)| format!("{what} {n}")).collect();
    parts.extend((consumed > 0).then(|| format!("lines taken into fields {consumed}")));
    parts.extend((edited > 0).then(|| format!("lines rewritten {edited}")));
    parts.join(", ")
}

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(120).collect();
    if out.len() < text.len() {
        out.push('\u{2026}');
    }
    out.replace(char::is_control, " ")
}
