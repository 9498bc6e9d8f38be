//! `handbook show`.

use clap::{Args, ValueEnum};
use clap_complete::ArgValueCompleter;

use super::completions::names;
use super::find::{Wanted, broken_with, find};
use super::findings::{tell_misread_settings, unreadable_settings};
use super::{CONTENT, Failure, GOOD, Global, print};
use crate::config::SectionKind;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Handbook, Parent, ReportsTo, RoleId, Step};
use crate::parse::keys::text;
use crate::provenance::{Status, line_of, node_here, status};
use crate::report;
use crate::report::screen::{Screen, Style::Bold, Style::Faint};
use crate::resolve::outcome::node_name;
use crate::resolve::{Effective, EffectiveSection, compose, resolve_one};
use crate::snapshot::relate;
use crate::source::SourceTree;
use crate::variables::Values;
use crate::{export, markdown};

/// Show a role with everything it inherits, or a family.
#[derive(Debug, Args)]
pub struct Show {
    /// `family`, `family/role` or `family/role+specialty`, with as much of the path as makes it clear
    #[arg(value_name = "FAMILY[/ROLE[+SPECIALTY]]", add = ArgValueCompleter::new(names))]
    what: String,
    /// The form
    #[arg(long, default_value = "text")]
    format: ShowFormat,
    /// As it was at this revision of the repository: a tag, a branch or a commit
    #[arg(long, value_name = "REV")]
    at: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    Text,
    Json,
    Markdown,
}

impl Show {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        let tree = match &self.at {
            Some(revision) => super::diff::tree_at(global, revision)?,
            None => global.read()?,
        };
        let handbook = relate(&tree);
        if let Some(code) = unreadable_settings(&handbook.findings, &handbook.config.file, &tree) {
            return Ok(code);
        }
        tell_misread_settings(&tree);
        let then = |failure: Failure| match &self.at {
            Some(revision) => Failure { message: format!("at `{revision}`, as it was then: {}", failure.message), ..failure },
            None => failure,
        };
        let wanted = match find(&handbook, &self.what).map_err(then)? {
            Ok(wanted) => wanted,
            Err(findings) => return Ok(fail(&findings, &tree)),
        };
        let (role, specialty) = match wanted {
            Wanted::Family(family) => {
                self.family(&handbook, family)?;
                return Ok(GOOD);
            }
            Wanted::Role(role, specialty) => (role, specialty),
        };
        let (effective, findings) = resolve_one(&handbook, role);
        let unresolved: Vec<Diagnostic> =
            findings.into_iter().filter(|f| f.code == "ambiguous-inheritance").chain(unresolved_above(&handbook, role)).collect();
        if !unresolved.is_empty() {
            return Ok(fail(&unresolved, &tree));
        }
        let effective = match specialty {
            Some(specialty) => compose(&handbook, role, &effective, specialty),
            None => effective,
        };
        let out = match self.format {
            ShowFormat::Text => print::out(&as_text(&handbook, role, specialty, &effective)),
            ShowFormat::Markdown => print::data(export::role_markdown(&handbook, role, specialty, &effective).as_bytes()),
            ShowFormat::Json => print::json(&export::role(&handbook, role, specialty, &effective)),
        };
        out.map(|()| GOOD)
    }

    fn family(&self, handbook: &Handbook, family: usize) -> Result<(), Failure> {
        match self.format {
            ShowFormat::Json => print::json(&export::family(handbook, family)),
            ShowFormat::Text | ShowFormat::Markdown => print::out(&family_text(handbook, family)),
        }
    }
}

fn fail(findings: &[Diagnostic], tree: &SourceTree) -> u8 {
    print::err(&report::write(report::Format::Human, findings, tree, true));
    CONTENT
}

/// What keeps the role, or one above it, from being resolved.
fn unresolved_above(handbook: &Handbook, role: RoleId) -> Vec<Diagnostic> {
    let mut seen = std::collections::BTreeSet::from([role]);
    let mut work = vec![role];
    let mut findings = Vec::new();
    while let Some(role) = work.pop() {
        if handbook.roles[role].unresolved {
            let file = handbook.document_of(handbook.roles[role].family).file();
            let spans: Vec<_> = handbook.role_front(role).extends.iter().map(|p| p.reference.span.clone()).collect();
            let about = |f: &&Diagnostic| {
                let places = std::iter::once(&f.place).chain(f.related.iter().map(|r| &r.place));
                f.severity == Severity::Error && places.into_iter().any(|p| p.file == *file && spans.contains(&p.span))
            };
            findings.extend(handbook.findings.iter().filter(about).cloned());
            findings.extend(handbook.role_front(role).extends.iter().flat_map(|p| broken_with(handbook, &p.reference.text)));
        }
        work.extend(handbook.roles[role].parents.iter().map(|p| p.role).filter(|p| seen.insert(*p)));
    }
    findings
}

fn as_text(handbook: &Handbook, role: RoleId, specialty: Option<usize>, effective: &Effective) -> String {
    let front = handbook.role_front(role);
    let family = handbook.roles[role].family;
    let of_specialty = specialty.map(|s| handbook.specialty_front(family, s));
    let title = of_specialty.map_or_else(|| front.title.clone(), |s| format!("{}, {}", front.title, s.title));
    let id = of_specialty.map_or_else(|| handbook.role_id(role), |s| format!("{}+{}", handbook.role_id(role), s.id));
    let mut out = Screen::default();
    out.styled(Bold, title).plain("  ").styled(Faint, id).plain(format_args!("\n{}\n", facts(handbook, role, specialty).join(" \u{b7} ")));
    for section in &effective.sections {
        out.plain("\n").styled(Bold, &handbook.config.sections[section.section].title).plain("\n");
        section_text(handbook, role, specialty, section, &mut out);
    }
    out.text()
}

fn facts(handbook: &Handbook, role: RoleId, specialty: Option<usize>) -> Vec<String> {
    let front = handbook.role_front(role);
    let mut facts = Vec::new();
    let grades: Vec<String> = front.grade.numbers().iter().map(i64::to_string).collect();
    facts.push(if grades.is_empty() { "no grade".to_owned() } else { format!("grade {}", grades.join(" or ")) });
    facts.extend(handbook.front(handbook.roles[role].family).tracks.get(front.track).map(|t| t.title.clone()));
    if front.status != crate::parse::Status::Active {
        facts.push(front.status.word().to_owned());
    }
    let limits = |p: &Parent| p.limits(&handbook.config).map(|only| format!(" (only {only})")).unwrap_or_default();
    let parents: Vec<String> = handbook.roles[role].parents.iter().map(|p| format!("{}{}", handbook.role_front(p.role).title, limits(p))).collect();
    if !parents.is_empty() {
        facts.push(format!("extends {}", parents.join(" and ")));
    }
    let any: Vec<&str> = handbook.roles[role].extends_any.iter().map(|r| handbook.role_front(*r).title.as_str()).collect();
    if !any.is_empty() {
        facts.push(format!("builds on either {}", any.join(" or ")));
    }
    let of_specialty = specialty.and_then(|s| handbook.families[handbook.roles[role].family].specialties[s].reports_to.as_ref());
    match of_specialty.or(handbook.roles[role].reports_to.as_ref()) {
        Some(ReportsTo::Role(to)) => facts.push(format!("reports to {}", handbook.role_front(*to).title)),
        Some(ReportsTo::Text(text)) => facts.push(format!("reports to {text}")),
        None => {}
    }
    let next: Vec<&str> = handbook
        .next_of(role)
        .into_iter()
        .map(|step| match step {
            Step::Role(role) => handbook.role_front(role).title.as_str(),
            Step::Family(family) => handbook.front(family).title.as_str(),
        })
        .collect();
    if !next.is_empty() {
        facts.push(format!("next: {}", next.join(", ")));
    }
    facts
}

fn section_text(handbook: &Handbook, role: RoleId, specialty: Option<usize>, section: &EffectiveSection, out: &mut Screen) {
    let steps = handbook.config.sections[section.section].kind == SectionKind::Steps;
    let here = node_here(handbook, role, specialty);
    for (number, item) in section.items.iter().enumerate() {
        let (document, written) = handbook.item(item.item);
        let values = Values::of_base(handbook, role, item.item.document as usize);
        let filled = values.fill(document, written.markdown(document.text()));
        let plain = markdown::item::text(&filled, written.label().is_some(), &document.definitions);
        let marker = if steps { format!("{:>3}. ", number + 1) } else { "  - ".to_owned() };
        out.plain(marker);
        if let Some(label) = written.label() {
            out.styled(Bold, format_args!("{}.", values.plain(document, label))).plain(" ");
        }
        out.plain(plain).plain("\n     ");
        let place = format!("{}:{}", document.file(), line_of(document, written));
        let origin = match status(handbook, item, here) {
            Status::Inherited => format!("from {}", node_name(handbook, item.item)),
            Status::Own => "new here".to_owned(),
            Status::Replaces => {
                let replaced = item.replaces.expect("only an item that replaces has this status");
                let (document, other) = handbook.item(replaced);
                format!("replaces the text from {}: {}", node_name(handbook, replaced), text(document, other))
            }
        };
        out.styled(Faint, format_args!("{origin}  ({place})")).plain("\n");
    }
    for removed in &section.removed {
        let (document, item) = handbook.item(removed.item);
        let (by_document, by) = handbook.item(removed.by);
        let name = item.label().map_or_else(|| text(document, item), str::to_owned);
        let reason = export::reason(by_document, by);
        let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        let place = format!("{}:{}", by_document.file(), line_of(by_document, by));
        let (from, by) = (node_name(handbook, removed.item), node_name(handbook, removed.by));
        out.plain("  ").styled(Faint, format_args!("not asked: {name}, from {from}, removed by {by}{why}  ({place})")).plain("\n");
    }
}

fn family_text(handbook: &Handbook, family: usize) -> String {
    let front = handbook.front(family);
    let mut out = Screen::default();
    out.styled(Bold, &front.title).plain("  ").styled(Faint, &handbook.families[family].id).plain("\n");
    if !front.description.is_empty() {
        out.plain(&front.description).plain("\n");
    }
    out.plain("\n");
    for role in handbook.roles_of(family) {
        let front = handbook.role_front(role);
        let facts = facts(handbook, role, None).join(" \u{b7} ");
        out.plain(format_args!("  {:<24} {}  ", front.id, front.title)).styled(Faint, facts).plain("\n");
    }
    if !front.specialties.is_empty() {
        let names: Vec<&str> = front.specialties.iter().map(|s| s.id.as_str()).collect();
        out.plain(format_args!("\nspecialties: {}\n", names.join(", ")));
    }
    out.text()
}
