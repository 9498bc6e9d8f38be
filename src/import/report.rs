//! What became of every page in, a report for people or programs out.

mod work_list;

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Labels;
use super::label::Proposal;
use super::outline::{Draft, Note, Verdict};
use super::reader::{Read, Root};

/// What became of the pages.
#[derive(Debug)]
pub struct Report {
    pages: Vec<PageReport>,
    labels: Vec<Proposal>,
    is_labelled: Labels,
    unread: Vec<(Arc<str>, String)>,
    roots: Vec<Root>,
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
    /// What is left and what was guessed; what was understood, and what is the same on many pages, in numbers.
    Usual,
    /// All of it, line by line.
    All,
}

impl Report {
    /// The report of finished drafts.
    pub(super) fn of(drafts: Vec<Draft>, labels: (Vec<Proposal>, Labels), read: Read, errors: Vec<String>, warnings: usize) -> Self {
        let mut pages: Vec<PageReport> = drafts.into_iter().map(page).collect();
        pages.sort_by(|a, b| a.source.cmp(&b.source));
        let (labels, is_labelled) = labels;
        let Read { roots, unread } = read;
        Report { pages, labels, is_labelled, unread, roots, errors, warnings }
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
        work_list::text(self, detail)
    }

    /// The path of a file of the sources below the directory that was given.
    fn name<'a>(&self, file: &'a str) -> Cow<'a, str> {
        let below = |root: &&Root| file.strip_prefix(&*root.path).is_some_and(|rest| rest.starts_with('/'));
        match self.roots.iter().filter(below).max_by_key(|root| root.path.len()) {
            Some(root) if root.kept.is_empty() => file[root.path.len() + 1..].into(),
            Some(root) => format!("{}{}", root.kept, &file[root.path.len()..]).into(),
            None => file.into(),
        }
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
