//! The text for a vacancy: a role with the sections that `handbook.yml` names, as Markdown, HTML and plain text.

use crate::config::SectionKind;
use crate::config::strings::{Strings, text};
use crate::links::{Lead, Links};
use crate::markdown::html::{Open, Target, blocks};
use crate::markdown::item::shown;
use crate::markdown::notes::Notes;
use crate::markdown::published::{line, published};
use crate::model::Handbook;
use crate::parse::{Document, Prose};
use crate::variables::Values;

use super::{Chosen, indented};

/// A vacancy, part by part.
#[derive(Debug)]
pub struct Advert {
    /// The role's title.
    title: String,
    /// Headings with Markdown; the first, without a heading, is what the job is about.
    parts: Vec<(String, String)>,
    /// The footnotes of all parts.
    notes: Notes,
}

/// Makes the text of a role. Links within the site lead below `base` (ending in `/`); without one only their words stay.
pub fn of(handbook: &Handbook, role: &Chosen<'_>, links: &Links<'_>, base: Option<&str>) -> Advert {
    let family = handbook.roles[role.role].family;
    let number = handbook.families[family].document;
    let document = &*handbook.documents[number];
    let config = &handbook.config;
    let link = |document: usize, dest: &str| address(links, document, dest, base);
    let mut parts = Vec::new();
    let mut notes = Notes::default();
    let overview: Vec<String> = overview_nodes(handbook, role)
        .into_iter()
        .flat_map(|node| overview(document, node))
        .map(|markdown| linked(markdown, document, number, &link, &mut notes))
        .collect();
    if !overview.is_empty() {
        parts.push((String::new(), overview.join("\n\n")));
    }
    for section in config.advert.iter().filter_map(|id| config.section(id)) {
        let defined = &config.sections[section];
        let markdown =
            if defined.has_items() { list(handbook, role, section, &link, &mut notes) } else { prose(handbook, role, section, &link, &mut notes) };
        parts.extend(Some((defined.title.clone(), markdown)).filter(|(_, markdown)| !markdown.is_empty()));
    }
    for shared in &handbook.shared {
        let entry = &config.shared[shared.entry];
        let specialty = role.specialty.map(|s| handbook.specialty_front(family, s).id.as_str());
        if !config.advert_blocks.contains(&entry.block) || !handbook.counts_for(entry, role.role, specialty) {
            continue;
        }
        let block = &*handbook.documents[shared.document];
        let values = Values::of(handbook, family, Some(role.role), &entry.with);
        let filled = values.fill(block, &block.text()[block.body..]);
        let title = match &block.kind {
            crate::parse::DocumentKind::Block(front) => values.plain(block, &front.title.clone().unwrap_or_default()),
            _ => String::new(),
        };
        let body = without_title(filled.trim(), &title);
        parts.push((title, linked(body, block, shared.document, &link, &mut notes)));
    }
    Advert { title: role.title(handbook), parts, notes }
}

/// A block whose first heading says its title again, without it.
fn without_title<'t>(body: &'t str, title: &str) -> &'t str {
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    let says_title = first.starts_with('#') && first.trim_matches(|c: char| c == '#' || c.is_whitespace()) == title;
    if says_title { rest.trim_start() } else { body }
}

/// Where a link leads from outside the site: `#` where it is within it and nobody knows where that lies.
fn address(links: &Links<'_>, document: usize, dest: &str, base: Option<&str>) -> Option<String> {
    match (links.lead(document, dest, false), base) {
        (Lead::Inside(file), Some(base)) => Some(format!("{base}{file}")),
        (Lead::Inside(_), None) | (Lead::Unsafe, _) => Some("#".to_owned()),
        (Lead::Elsewhere | Lead::Broken(_), _) => None,
    }
}

type Link<'l> = dyn Fn(usize, &str) -> Option<String> + 'l;

fn linked(markdown: &str, document: &Document, number: usize, link: &Link<'_>, notes: &mut Notes) -> String {
    let whole = document.definitions.with_notes(markdown);
    notes.gather(number, &without_dead_links(&published(&whole, &document.definitions, &|dest| link(number, dest))))
}

/// `[words](#)` as `words`.
fn without_dead_links(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(end) = rest.find("](#)") {
        let Some(start) = opening(&rest[..end]) else { break };
        out.push_str(&rest[..start]);
        out.push_str(&rest[start + 1..end]);
        rest = &rest[end + 4..];
    }
    out.push_str(rest);
    out
}

/// The bracket that opens the words before a `]`.
fn opening(before: &str) -> Option<usize> {
    let mut depth = 1usize;
    before.char_indices().rev().find_map(|(i, c)| {
        match c {
            ']' => depth += 1,
            '[' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(i)
    })
}

fn overview_nodes(handbook: &Handbook, role: &Chosen<'_>) -> Vec<usize> {
    let family = handbook.roles[role.role].family;
    let specialty = role.specialty.map(|s| handbook.front(family).specialty_node(s));
    [Some(0), Some(handbook.role_node(role.role)), specialty].into_iter().flatten().collect()
}

/// What is written on a node before any heading.
fn overview(document: &Document, node: usize) -> impl Iterator<Item = &str> {
    let bare = |piece: &&Prose| piece.heading.is_none() && piece.section.is_none();
    document.nodes[node].prose.iter().filter(bare).map(|piece| piece.written.markdown(document.text()).trim()).filter(|text| !text.is_empty())
}

fn list(handbook: &Handbook, role: &Chosen<'_>, section: usize, link: &Link<'_>, notes: &mut Notes) -> String {
    let steps = handbook.config.sections[section].kind == SectionKind::Steps;
    let items = role.effective.section(section).map(|s| s.items.as_slice()).unwrap_or_default();
    let point = |(number, item): (usize, &crate::resolve::EffectiveItem)| {
        let (document, written) = handbook.item(item.item);
        let values = Values::of_base(handbook, role.role, item.item.document as usize);
        let whole = shown(written.markdown(document.text()));
        let whole = document.definitions.with_notes(&whole);
        let markdown = linked(&values.fill(document, &whole), document, item.item.document as usize, link, notes);
        let marker = if steps { format!("{}. ", number + 1) } else { "- ".to_owned() };
        format!("{marker}{}", indented(&markdown, marker.len()))
    };
    items.iter().enumerate().map(point).collect::<Vec<_>>().join("\n")
}

/// A prose section that the role inherits, or that stands on it or on its family.
fn prose(handbook: &Handbook, role: &Chosen<'_>, section: usize, link: &Link<'_>, notes: &mut Notes) -> String {
    let family = handbook.roles[role.role].family;
    let own = [handbook.role_node(role.role), 0].map(|node| (handbook.families[family].document, node));
    let inherited = role.effective.prose.iter().find(|p| p.section == section).map(|p| (p.node.document as usize, p.node.node as usize));
    let written = |(document, node): (usize, usize)| {
        let text: &Document = &handbook.documents[document];
        let pieces = text.nodes[node].prose.iter().filter(|p| p.section == Some(section));
        let pieces: Vec<String> = pieces.map(|p| linked(p.written.markdown(text.text()).trim(), text, document, link, notes)).collect();
        Some(pieces.join("\n\n")).filter(|text| !text.is_empty())
    };
    inherited.into_iter().chain(own).find_map(written).unwrap_or_default()
}

/// What goes into the open places of a vacancy's text, which stands alone.
fn filled(open: &Open, strings: &Strings) -> String {
    match open {
        Open::File(file) => file.to_string(),
        Open::Word(name) => strings.get(text(name)).to_owned(),
        Open::Note { number, back, link } => format!("{}note-{number}{}", if *link { "#" } else { "" }, if *back { "-mark" } else { "" }),
        Open::NoteName(number) => strings.with(const { text("footnote") }, &[&number.to_string()]),
    }
}

impl Advert {
    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", line(&self.title));
        for (heading, markdown) in &self.parts {
            let heading = if heading.is_empty() { String::new() } else { format!("## {}\n\n", line(heading)) };
            out.push_str(&format!("\n{heading}{markdown}\n"));
        }
        out.extend(self.notes.below().map(|notes| format!("\n{notes}\n")));
        out
    }

    /// As HTML to paste into a form: headings, paragraphs and lists, no page around it.
    pub fn html(&self, strings: &Strings) -> String {
        let markdown = self.markdown();
        let asis = |dest: &str, _: bool| Target::Asis(dest.to_owned());
        let fragment = blocks(&markdown, &crate::markdown::Definitions::default(), &asis);
        format!("{}\n", fragment.on_page(|open| filled(open, strings)).trim_end())
    }

    /// As plain text, with `-` before points.
    pub fn text(&self) -> String {
        crate::markdown::plain::blocks(&self.markdown())
    }
}
