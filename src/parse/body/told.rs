//! What is said of headings that open nothing, open it twice, or stand where they should not.

use std::ops::Range;

use super::near::{self, Near, What};
use super::{Meaning, Reader, Scope, Target};
use crate::config::SectionKind;
use crate::diagnostic::{Diagnostic, Fix, Part, Severity};
use crate::ident;
use crate::markdown::Heading;
use crate::parse::{NodeKind, items};

/// Where the text of a heading stands that begins with `#` and has no markup; other headings are not mended.
fn heading_text_at(file: &str, span: &Range<usize>, text: &str) -> Option<Range<usize>> {
    let line = file[span.clone()].lines().next()?;
    let at = line.find(text).filter(|_| line.starts_with('#') && !text.is_empty())?;
    line[..at].chars().all(|c| matches!(c, '#' | ' ')).then_some(span.start + at..span.start + at + text.len())
}

impl Reader<'_> {
    /// A heading more than one level below the last one leaves a gap in the outline of the page.
    pub(super) fn check_level(&mut self, heading: &Heading, span: &Range<usize>) {
        let last = std::mem::replace(&mut self.level, heading.level);
        if heading.level <= last + 1 {
            return;
        }
        let wanted = "#".repeat(usize::from(last) + 1);
        let finding = Diagnostic::warning(
            "heading-level-skipped",
            self.document.place(items::first_line(self.document.text(), span.clone())),
            format!("the heading `{}` is {} levels below the one above it", heading.text, heading.level - last),
        )
        .help(format!("begin it with `{wanted}`"));
        self.document.findings.push(finding);
    }

    /// The page's title opens nothing. One that names a role or a section looks as if it did.
    pub(super) fn check_title(&mut self, heading: &Heading, span: &Range<usize>) {
        let Some(front) = self.document.family().filter(|_| self.title.as_deref() != Some(&ident::fold(&heading.text))) else { return };
        let is_only_role = |node: usize| matches!(front.node_kind(node), NodeKind::Role(_)) && front.roles.len() == 1;
        let whose = match self.meaning(heading, false) {
            Meaning::Nothing | Meaning::Node(0) => return,
            Meaning::Node(node) if is_only_role(node) => return,
            Meaning::Section { node, .. } if node != 0 && is_only_role(node) => return,
            Meaning::Section { node: 0, .. } => "what stands below it is no list of requirements or the like",
            Meaning::Container(_) => "what stands below it is no level",
            Meaning::Node(_) | Meaning::Section { .. } | Meaning::Ambiguous(_) => "what stands below it counts for the whole family",
        };
        let finding = Diagnostic::warning(
            "heading-is-title",
            self.document.place(items::first_line(self.document.text(), span.clone())),
            format!("a level-1 heading that comes first is the page's title and opens nothing: {whose}"),
        )
        .help("begin it with `##`, and those below it with one `#` more; or give it the title of the family");
        let list = match self.meaning(heading, false) {
            Meaning::Section { node: 0, section } => Some(section).filter(|section| self.config.sections[*section].has_items()),
            _ => None,
        };
        self.titled = list.map(|section| (self.document.findings.len(), section));
        self.document.findings.push(finding);
    }

    /// A list stands below a title with the name of a list: every role lacks it.
    pub(super) fn report_titled(&mut self) {
        let Some((told, section)) = self.titled.take() else { return };
        let finding = &mut self.document.findings[told];
        finding.parts.push(Part { node: Some(0), section: Some(section) });
        finding.at_least = Some(Severity::Error);
        finding.message =
            "no role has the list below this heading: a level-1 heading that comes first is the page's title, and opens nothing".to_owned();
        finding.fix = self.deeper.take().map(|edits| {
            let which = if edits.len() == 1 { "this heading begins" } else { "this heading and those below it begin" };
            Fix { says: format!("{which} with one `#` more"), edits }
        });
    }

    pub(super) fn report_ambiguous(&mut self, heading: &Heading, nodes: &[usize], span: &Range<usize>) {
        let lost: Vec<Part> = nodes.iter().map(|node| Part { node: Some(*node), section: None }).collect();
        // Two roles of one title are told already: what stands below is lost by that.
        if let Some(told) = self.told_title(heading, nodes) {
            self.document.findings[told].parts.extend(lost);
            return;
        }
        let names: Vec<(String, String)> = nodes.iter().map(|n| self.node_name(*n)).collect();
        let kinds: Vec<String> = names.iter().map(|(name, id)| format!("{name} (`{id}`)")).collect();
        let finding = Diagnostic::error(
            "heading-ambiguous",
            self.document.place(span.clone()),
            format!("the heading `{}` fits {}", heading.text, kinds.join(" and ")),
        )
        .help(format!("say which one is meant: `{} {} {{#{}}}`", "#".repeat(heading.level.into()), heading.text, names[0].1));
        let finding = Diagnostic { parts: lost, ..finding };
        // Nor is what stands below it in the list that was open.
        self.document.findings.push(self.open_section_scope().into_iter().fold(finding, |finding, (node, section)| finding.of_part(node, section)));
    }

    /// The finding that says that the roles of these nodes have one title, which is that of the heading.
    fn told_title(&self, heading: &Heading, nodes: &[usize]) -> Option<usize> {
        let front = self.document.family()?;
        let role = |node: &usize| match front.node_kind(*node) {
            NodeKind::Role(i) => Some(&front.roles[i]).filter(|role| ident::fold(&role.title) == ident::fold(&heading.text)),
            _ => None,
        };
        let roles: Vec<_> = nodes.iter().map(role).collect::<Option<_>>()?;
        let last = roles.last()?;
        self.document.findings.iter().position(|f| f.code == "duplicate-id" && f.place.span == last.span)
    }

    /// Direct children of a container are roles, specialties, tracks, or sections of a named one.
    pub(super) fn fits_container(&mut self, heading: &Heading, meaning: &Meaning, span: &Range<usize>) -> bool {
        let named = match meaning {
            Meaning::Node(_) | Meaning::Ambiguous(_) => true,
            Meaning::Section { node, .. } => *node != self.open_node(),
            Meaning::Container(_) | Meaning::Nothing => false,
        };
        if named {
            return true;
        }
        let Some(front) = self.document.family() else { return true };
        let titles: Vec<&str> = front.roles.iter().map(|r| r.title.as_str()).chain(front.specialties.iter().map(|s| s.title.as_str())).collect();
        let levels = front.roles.iter().filter_map(|r| r.level.as_deref());
        let ids = self.names.ids.keys().map(String::as_str);
        let nearest = ident::nearest(&heading.text, titles.iter().copied().chain(levels)).or_else(|| ident::nearest(&heading.text, ids));
        let shown = titles.iter().take(12).copied().collect::<Vec<_>>().join(", ");
        let more = if titles.len() > 12 { format!(" and {} more", titles.len() - 12) } else { String::new() };
        let help = match meaning {
            Meaning::Nothing => format!(
                "roles and specialties of this family: {shown}{more}; a heading that is none of them belongs outside `Levels`, `Roles` and `Specialties`"
            ),
            _ => format!(
                "write it below the role or specialty that it belongs to, or outside `Levels`, `Roles` and `Specialties`; here are: {shown}{more}"
            ),
        };
        let near = near::of(&heading.text, self.open_node(), &self.names, Some(front), self.config);
        let said = near.as_ref().filter(|near| matches!(near.what, What::Said(_))).map(|near| near.meant.as_str());
        let finding = Diagnostic::error(
            "heading-unknown",
            self.document.place(span.clone()),
            format!("`{}` is no role or specialty of this family", heading.text),
        )
        .meant(nearest.or(said))
        .help(help);
        let finding = match (meaning, near.as_ref().map(|near| near.what)) {
            (Meaning::Section { section, .. }, _) => finding.of_part(None, *section),
            (_, Some(What::Section(section))) => finding.of_part(None, section),
            (_, Some(What::Node(node) | What::Said(node))) => finding.of_part(node, None),
            (_, Some(What::SectionOf { node, section })) => finding.of_part(node, section),
            (_, Some(What::Word(_) | What::Numbered(_) | What::Several | What::Unlisted) | None) => finding.of_part(None, None),
        };
        // Only here is a section of the open node no way out.
        let names_node = |near: &&Near| matches!(near.what, What::Node(_) | What::SectionOf { .. });
        let finding = match near.as_ref().filter(names_node) {
            Some(near) => self.with_mend(finding, &heading.text, near, span),
            None => finding,
        };
        self.document.findings.push(finding);
        false
    }

    pub(super) fn check_defined_once(&mut self, node: usize, section: usize, span: &Range<usize>) {
        let content = &self.document.nodes[node];
        let list = content.sections.iter().find(|s| s.section == section).map(|s| s.span.clone());
        let prose = content.prose.iter().find(|p| p.section == Some(section)).map(|p| p.span.start..p.span.start + 1);
        let Some(first) = list.or(prose) else { return };
        if self.is_of_second_heading(node, section, &first) {
            return;
        }
        let (name, _) = self.node_name(node);
        let first = items::first_line(self.document.text(), first);
        let finding = Diagnostic::error(
            "section-defined-twice",
            self.document.place(span.clone()),
            format!("{} of {name} is written twice", self.config.sections[section].title),
        )
        .label("the second one")
        .help("write each section of a role, specialty, track or family once, in the front matter or in the body")
        .related(self.document.place(first), "the first one")
        .of_part(node, section);
        self.document.findings.push(finding);
    }

    /// Whether a section is there twice because the heading of its node is, which is told once.
    fn is_of_second_heading(&mut self, node: usize, section: usize, first: &Range<usize>) -> bool {
        let (name, _) = self.node_name(node);
        let is_below = self.scopes.iter().any(|(_, scope)| *scope == Scope::Node(node));
        let (Some(heading), Some((again, told))) = (self.opened.get(&node), self.again.get_mut(&node)) else { return false };
        if !is_below || !(heading.start..again.start).contains(&first.start) {
            return false;
        }
        let number = *told.get_or_insert(self.document.findings.len());
        if number == self.document.findings.len() {
            let place = |span: &Range<usize>| self.document.place(items::first_line(self.document.text(), span.clone()));
            let finding = Diagnostic::error(
                "section-defined-twice",
                place(again),
                format!("the heading of {name} stands here again, and the same sections below it"),
            )
            .label("the second one")
            .help("put what stands below the two headings together below one of them, each section once")
            .related(place(heading), "the first one");
            self.document.findings.push(finding);
        }
        self.document.findings[number].parts.push(Part { node: Some(node), section: Some(section) });
        true
    }

    /// A heading that is one or two letters off a name, says one in other words, or holds a section's name, was probably meant as that. Gives
    /// whether it was meant for another node than the open one: what stands below it is not that one's.
    pub(super) fn check_near_miss(&mut self, heading: &Heading, in_list: Option<(usize, usize)>, span: &Range<usize>) -> bool {
        let found = near::of(&heading.text, self.open_node(), &self.names, self.document.family(), self.config);
        let finding = match &found {
            Some(near) => self.near_miss(heading, near, span),
            None if in_list.is_some() => return false,
            None => match near::held_section(&heading.text, self.config) {
                Some((section, spelt_right)) => {
                    let (title, nearly) = (&self.config.sections[section].title, if spelt_right { "" } else { "nearly " });
                    let message = format!("the heading `{}` {nearly}holds the name of the section {title}, but opens nothing", heading.text);
                    Diagnostic::warning("heading-near-miss", self.document.place(span.clone()), message)
                        .label("its list is shown as prose")
                        .of_part(None, section)
                }
                None => return false,
            },
        };
        let what = found.as_ref().map(|near| near.what);
        let set_aside = match what {
            Some(What::Node(node)) => node != self.open_node(),
            Some(What::Said(_) | What::SectionOf { .. } | What::Numbered(_) | What::Several | What::Unlisted) => true,
            Some(What::Section(_) | What::Word(_)) | None => false,
        };
        let finding = finding.help(match what {
            Some(What::Said(node)) => {
                let marks = "#".repeat(heading.level.into());
                let (meant, id) = (found.as_ref().map_or("", |near| &near.meant), self.node_name(node).1);
                format!("write `{marks} {meant}`, or put its id behind the heading: `{marks} {} {{#{id}}}`", heading.text)
            }
            Some(What::Several) => "write what each asks below its own heading; `roles` of a specialty says for which roles it is".to_owned(),
            Some(What::Unlisted) => "add the role to the front matter, or write the name of one that is there".to_owned(),
            _ => "write the name of a section, role, track or specialty exactly; other wordings for sections can be added in handbook.yml under `sections`".to_owned(),
        });
        // What is set aside is not in the list either that is open here.
        self.document.findings.push(match in_list.filter(|_| set_aside) {
            Some((node, section)) => finding.of_part(node, section),
            None => finding,
        });
        set_aside
    }

    fn near_miss(&self, heading: &Heading, near: &Near, span: &Range<usize>) -> Diagnostic {
        let (text, meant) = (&heading.text, &near.meant);
        let message = match near.what {
            What::Numbered(_) => format!("the heading `{text}` is `{meant}` but for the number, and opens nothing"),
            What::Said(_) => format!("the heading `{text}` says `{meant}` in other words, and opens nothing"),
            What::Several => format!("the heading `{text}` names several roles or specialties at once, and opens nothing"),
            What::Unlisted => format!("the heading `{text}` looks like a role of this family and is none"),
            _ => format!("the heading `{text}` is nearly `{meant}`, but opens nothing"),
        };
        let finding = Diagnostic::warning("heading-near-miss", self.document.place(span.clone()), message);
        let finding = match near.what {
            What::Section(section) => finding.of_part(self.open_node(), section),
            What::SectionOf { node, section } => finding.of_part(node, section),
            What::Node(node) | What::Said(node) => finding.of_part(node, None),
            What::Word(_) | What::Numbered(_) => finding.of_part(None, None),
            // No role has the lists below it.
            What::Several | What::Unlisted => finding,
        };
        let finding = match near.what {
            What::Several => finding.label("one heading opens one role or specialty"),
            What::Numbered(_) | What::Unlisted => finding.label("nothing of this name is in the front matter"),
            _ => finding.label(format!("did you mean `{meant}`?")),
        };
        self.with_mend(finding, text, near, span)
    }

    /// The finding with its mend, where nothing else can be meant and the heading is no more than its text.
    fn with_mend(&self, finding: Diagnostic, text: &str, near: &Near, span: &Range<usize>) -> Diagnostic {
        let meant = &near.meant;
        let mend = near.mend.as_ref().zip(heading_text_at(self.document.text(), span, text));
        match mend {
            Some(((at, name), whole)) => {
                finding.fix(format!("the heading `{text}` is `{meant}` now"), vec![(whole.start + at.start..whole.start + at.end, name.clone())])
            }
            None => finding,
        }
    }

    /// Whether a list of the family reaches more than this role or specialty.
    pub(super) fn is_one_of_several(&self, node: usize) -> bool {
        self.document.family().is_some_and(|front| match front.node_kind(node) {
            NodeKind::Role(_) => front.roles.len() > 1,
            NodeKind::Specialty(_) => true,
            NodeKind::Family | NodeKind::Track(_) => false,
        })
    }

    /// The heading of a list right behind that of a role or specialty, and of its level, is none of that one's.
    pub(super) fn check_closed(
        &mut self,
        (closed, level, at): (usize, u8, Range<usize>),
        (node, section): (usize, usize),
        heading: &Heading,
        span: &Range<usize>,
    ) {
        let is_by_itself = self.config.headings.loose.contains_key(&ident::loose(&heading.text));
        let is_list = self.config.sections[section].kind == SectionKind::Items;
        if level != heading.level || node == closed || !is_by_itself || !is_list || self.document.section(closed, section).is_some() {
            return;
        }
        let ((name, _), (whose, _)) = (self.node_name(closed), self.node_name(node));
        let place = |span: &Range<usize>| self.document.place(items::first_line(self.document.text(), span.clone()));
        let finding = Diagnostic::warning(
            "role-heading-empty",
            place(span),
            format!("nothing stands below the heading of {name}, and the list below this one is of {whose}"),
        )
        .label("this heading has the same level")
        .help(format!(
            "begin the headings of its lists with one `#` more: `{} {}`; if the list is of {whose}, write it above, or take the empty heading away",
            "#".repeat(usize::from(level) + 1),
            heading.text
        ))
        .related(place(&at), format!("the heading of {name}"));
        self.document.findings.push(finding);
    }

    /// What was to drop an inherited list, and stands where it does not.
    pub(super) fn report_instead(&mut self, span: Range<usize>, message: &str) {
        if self.names.sections {
            let place = self.document.place(items::first_line(self.document.text(), span));
            let help = "write `*Instead of the inherited list:*` as the first line below the heading of the list";
            self.document.findings.push(Diagnostic::warning("instead-near-miss", place, message).help(help));
        }
    }

    /// A list of so many points directly below the heading of a role or specialty, or below one such as *Job grade*, where one point may
    /// well say the grade.
    pub(super) fn report_below_node(&mut self, points: usize, span: &Range<usize>) {
        let (node, section) = match &self.target {
            Target::Pending(opening) => (opening.node, opening.section),
            Target::Prose { node, index } => {
                let prose = &self.document.nodes[*node].prose[*index];
                if prose.heading.is_some() && prose.section.is_none() {
                    return;
                }
                (*node, prose.section)
            }
            Target::Section { .. } => return,
        };
        let holds_prose = section.is_some_and(|section| self.config.sections[section].kind != SectionKind::Nothing || points < 2);
        let kind = self.document.family().map(|front| front.node_kind(node));
        if holds_prose || !matches!(kind, Some(NodeKind::Role(_) | NodeKind::Specialty(_))) {
            return;
        }
        let place = self.document.place(items::first_line(self.document.text(), span.clone()));
        let last = self.document.findings.last();
        if last.is_some_and(|f| f.code == "list-as-prose" && f.parts.iter().any(|part| part.node == Some(node) && part.section == section)) {
            return;
        }
        let below = match section {
            Some(section) => format!("`{}`", self.config.sections[section].title),
            None => self.node_name(node).0,
        };
        let message = format!("the list directly below {below} is prose, and nobody inherits it");
        let finding = Diagnostic::new(Severity::Info, "list-as-prose", place, message)
            .help("write the heading of a section above it, such as *Responsibilities* or *Requirements*");
        self.document.findings.push(match section {
            Some(section) => finding.of_part(node, section),
            None => finding.of_part(node, None),
        });
    }

    /// A list below a heading that opens nothing looks like one of the role's, and is none.
    pub(super) fn report_bare(&mut self) {
        let Some((heading, span)) = self.bare.take() else { return };
        let message = format!("the list below `{heading}` is prose, and nobody inherits it");
        let finding = Diagnostic::new(Severity::Info, "list-as-prose", self.document.place(items::first_line(self.document.text(), span)), message)
            .help("name the heading like a section, or add its wording in handbook.yml under `sections`")
            .of_part(self.open_node(), None);
        self.document.findings.push(finding);
    }
}
