//! The vocabulary of sections, as `handbook.yml` says it.

use std::ops::Range;

use super::read::{check_id, named, word};
use super::{Config, Inherit, Section, SectionKind};
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::yaml::Node;
use crate::yaml::fields::{Fields, Findings};

/// Keys of the front matter of pages and families, and in it of roles, tracks and specialties, but for those of sections, which may have none of
/// these names. `tests/schema.rs` holds that none is missing.
pub const FRONT_MATTER_KEYS: [&str; 19] = [
    "title",
    "description",
    "aliases",
    "owner",
    "grade_scale",
    "ladder",
    "tracks",
    "roles",
    "specialties",
    "id",
    "level",
    "grade",
    "status",
    "replaced_by",
    "track",
    "extends",
    "extends_any",
    "reports_to",
    "next",
];

pub(super) fn read_sections(config: &mut Config, node: &Node, findings: &mut Findings<'_>) {
    for (id, span, node) in named(node, "sections", findings) {
        let id = &id.replace('_', "-");
        check_id(id, &span, findings);
        if FRONT_MATTER_KEYS.contains(&id.replace('-', "_").as_str()) {
            let finding = Diagnostic::error(
                "wrong-type",
                findings.place(&span),
                format!("no section can be called `{id}`: front matter has a key of that name"),
            );
            findings.list.push(finding.help("choose another id; other words for headings such as *Levels* are written under `headings`"));
            continue;
        }
        let Some(mut fields) = Fields::of(node, &format!("`{id}`"), findings) else { continue };
        let title = fields.text("title", findings).map(|(t, _)| t.to_owned());
        let kind =
            word(&mut fields, "kind", &[("items", SectionKind::Items), ("steps", SectionKind::Steps), ("prose", SectionKind::Prose)], findings);
        let inherit = word(&mut fields, "inherit", &[("merge", Inherit::Merge), ("nearest", Inherit::Nearest), ("own", Inherit::Own)], findings);
        let located = fields.texts("aliases", findings);
        let aliases: Vec<String> = located.iter().map(|(a, _)| (*a).to_owned()).collect();
        fields.finish("a section", [], findings);
        match config.sections.iter_mut().find(|s| &s.id == id) {
            Some(known) => {
                known.title = title.unwrap_or_else(|| known.title.clone());
                known.kind = kind.unwrap_or(known.kind);
                known.inherit = inherit.unwrap_or(known.inherit);
                known.aliases.extend(aliases);
            }
            None => {
                let kind = kind.unwrap_or(SectionKind::Items);
                let usual = match kind {
                    SectionKind::Items => Inherit::Merge,
                    SectionKind::Steps => Inherit::Nearest,
                    SectionKind::Prose | SectionKind::Nothing => Inherit::Own,
                };
                let title = title.unwrap_or_else(|| capitalised(&id.replace('-', " ")));
                config.sections.push(Section { id: id.clone(), title, kind, inherit: inherit.unwrap_or(usual), aliases });
            }
        }
        let number = config.section(id).unwrap_or(config.sections.len() - 1);
        check_section(config, number, &located, &span, findings);
    }
}

/// Reports the sections of which a heading could open two, and those that cannot be inherited as they are set.
fn check_section(config: &Config, number: usize, aliases: &[(&str, Range<usize>)], span: &Range<usize>, findings: &mut Findings<'_>) {
    let section = &config.sections[number];
    if section.kind == SectionKind::Prose && section.inherit == Inherit::Merge {
        let finding = Diagnostic::error("wrong-type", findings.place(span), format!("`{}` is prose, and prose cannot be merged", section.id))
            .help("`inherit` of prose is nearest or own; `merge` is for `kind: items`");
        findings.list.push(finding);
    }
    let names = |s: &Section| {
        [s.title.clone(), s.id.replace('-', " ")].into_iter().chain(s.aliases.iter().cloned()).map(|n| ident::fold(&n)).collect::<Vec<_>>()
    };
    let others = || config.sections.iter().enumerate().filter(|(n, _)| *n != number).map(|(_, s)| s);
    let clash = |name: &str| others().find(|other| names(other).contains(&ident::fold(name)));
    let own = [(section.title.as_str(), span.clone())];
    for (name, at) in own.iter().chain(aliases) {
        if let Some(other) = clash(name) {
            let finding =
                Diagnostic::error("duplicate-id", findings.place(at), format!("the heading `{name}` opens the section `{}` already", other.id))
                    .help("give each heading to one section");
            findings.list.push(finding);
        }
    }
}

/// The id of a section by its id or YAML key; an unknown one is a finding.
pub fn known_section(config: &Config, name: &str, span: &Range<usize>, findings: &mut Findings<'_>) -> Option<String> {
    let id = name.replace('_', "-");
    if config.section(&id).is_some() {
        return Some(id);
    }
    let names = config.sections.iter().map(|s| s.id.as_str());
    let finding = Diagnostic::error("unknown-key", findings.place(span), format!("no section is called `{name}`"))
        .meant(ident::nearest(&id, names.clone()))
        .help(format!("sections: {}", names.collect::<Vec<_>>().join(", ")));
    findings.list.push(finding);
    None
}

/// Text with a capital at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
