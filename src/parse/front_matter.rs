//! The lines between `---` and `---` in, the structure of a family or a page out.

mod lists;
mod node;

use std::ops::Range;

use super::{Document, DocumentKind, FamilyFront, Located, NodeContent, PageFront};
use super::{items, misread, slip};
use crate::config::{Config, Section, SectionKind, known_scale};
use crate::diagnostic::{Diagnostic, Part};
use crate::ident;
use crate::yaml::fields::{Fields, Findings};
use crate::yaml::{self, Node, Value};
use lists::read_sections;
use node::{Ids, check_site_tracks, check_titles, read_role, read_specialty, read_track};

/// What is wrong with the line that replaces a list where it does not come first.
pub const INSTEAD_FIRST: &str = "`Instead of the inherited list` must be the first line of its section";
/// What to do about it.
pub const INSTEAD_HELP: &str = "move the line to the top of the section, or delete it";

/// Where the front matter of a file is.
pub struct Front {
    /// Bytes of the YAML.
    pub yaml: Range<usize>,
    /// The first byte after the closing line.
    pub body: usize,
    /// How many bytes of white space stand before it, where none may.
    pub blank: usize,
}

/// Finds the front matter; none where the file does not begin with it, a finding where it does not end.
pub fn split(text: &str) -> Option<Result<Front, Diagnostic>> {
    let blank = text.len() - text.trim_start().len();
    let first = text[blank..].lines().next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let start = (blank + first.len() + 1).min(text.len());
    // Behind white space, a line `---` may be a rule above some text.
    if blank > 0 && !text[start..].lines().next().is_some_and(opens_key) {
        return None;
    }
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some(Ok(Front { yaml: start..at, body: at + line.len(), blank }));
        }
        at += line.len();
    }
    let place = crate::diagnostic::Place { file: "".into(), span: blank..blank + first.len() };
    Some(Err(Diagnostic::error("yaml-syntax", place, "the front matter that begins here never ends").help("add a line `---` after its last key")))
}

/// Whether a line begins with a key in small letters.
fn opens_key(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'-'))
}

/// Words that stand after `id:` or `aliases:` in a file whose front matter could not be read.
pub fn probable_ids(text: &str) -> Vec<String> {
    let word = |part: &str| -> String {
        let part = part.trim_start().trim_start_matches(['"', '\'']);
        part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
    };
    // `id: z`, `"id": "z"`, `id  : z`.
    let value = |after: &str| after.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':').map(word);
    let mut ids: Vec<String> = text.split("id").skip(1).filter_map(value).take(1000).collect();
    // `engineer: {title: ...}`, a role that was written as if its id were a key.
    let keyed = |line: &str| {
        line.split_once(':').filter(|(_, value)| value.trim_start().starts_with('{')).map(|(key, _)| word(key.trim_start_matches(['-', ' '])))
    };
    ids.extend(text.lines().filter_map(keyed).take(1000));
    for part in text.split("aliases:").skip(1).take(1000) {
        let line = part.lines().next().unwrap_or("").trim();
        if line.is_empty() {
            ids.extend(part.lines().skip(1).map_while(|l| l.trim_start().strip_prefix("- ")).map(word));
        } else {
            let list = line.strip_prefix('[').unwrap_or(line);
            ids.extend(list.split(']').next().unwrap_or(list).split(',').map(word));
        }
    }
    ids.retain(|id| !id.is_empty());
    ids
}

/// Reads the front matter into `document`, which becomes a family, a page, an index or a block.
pub fn read(document: &mut Document, front: &Front, is_block: bool, is_index: bool, config: &Config) {
    let source = std::sync::Arc::clone(&document.source);
    let text = &source.text[front.yaml.clone()];
    let mut list = Vec::new();
    let mut findings = Findings { file: &source.path, base: front.yaml.start, list: &mut list };
    match tree(text, config, &mut findings) {
        Some(node) => read_tree(document, &node, is_block, is_index, config, &mut findings),
        None => document.kind = DocumentKind::Broken { ids: probable_ids(text) },
    }
    // What a slip makes of a value is no mistake of its own: `title: [Senior` is not meant as a list.
    let slips: Vec<usize> = list.iter().filter(|f| f.code == "yaml-syntax").map(|f| f.place.span.start).collect();
    list.retain(|finding| finding.code != "wrong-type" || !slips.contains(&finding.place.span.start));
    document.findings.append(&mut list);
}

/// The YAML as a tree whose spans are bytes of `text`. Slips and misread items are findings, and stand in it as they were meant.
fn tree(text: &str, config: &Config, findings: &mut Findings<'_>) -> Option<Node> {
    let of_items = |key: &str| config.sections.iter().any(|s| s.has_items() && s.yaml_key() == key);
    let keys = slip::Keys { of_items: &of_items, others: &crate::config::FRONT_MATTER_KEYS };
    let (first, base) = (findings.list.len(), findings.base);
    let tree = tree_as_written(text, &of_items, findings);
    if tree.as_ref().is_some_and(|node| !slip::shows_in(node, &keys)) {
        return tree;
    }
    let slips = slip::find(text, &keys);
    if slips.is_empty() {
        return tree;
    }
    findings.list.truncate(first);
    let mended = slip::mended(text, &slips);
    let original = |span: &Range<usize>| mended.original(text, span.start)..mended.original(text, span.end);
    let mut tree = tree_as_written(&mended.text, &of_items, findings);
    tree.iter_mut().for_each(|node| move_spans(node, &original));
    let in_file = |span: &Range<usize>| {
        let span = original(&(span.start - base..span.end - base));
        base + span.start..base + span.end
    };
    for finding in &mut findings.list[first..] {
        finding.place.span = in_file(&finding.place.span);
        finding.fix.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|(span, _)| *span = in_file(span));
    }
    slips.into_iter().for_each(|slip| report_slip(slip, tree.is_some(), findings));
    tree
}

/// A slip is mended without asking only where all can be read then.
fn report_slip(slip: slip::Slip, is_read: bool, findings: &mut Findings<'_>) {
    let finding = Diagnostic::error("yaml-syntax", findings.place(&slip.span), slip.message).help(slip.help);
    let (span, by) = slip.edit;
    findings.list.push(match slip.mended.filter(|_| is_read) {
        Some(says) => finding.fix(says, vec![(findings.base + span.start..findings.base + span.end, by)]),
        None => finding,
    });
}

/// The same but for slips.
fn tree_as_written(text: &str, is_list: &dyn Fn(&str) -> bool, findings: &mut Findings<'_>) -> Option<Node> {
    let found = misread::find(text, is_list);
    found.misread.iter().for_each(|item| report_misread(item, text, findings));
    found.doubtful.iter().for_each(|comment| report_doubtful(comment, findings));
    let mended = found.mended(text);
    let parsed = yaml::parse(mended.as_ref().map_or(text, |m| &m.text));
    let original = |span: &Range<usize>| match &mended {
        Some(m) => m.original(text, span.start)..m.original(text, span.end),
        None => span.clone(),
    };
    match parsed {
        Ok(mut node) => {
            if mended.is_some() {
                move_spans(&mut node, &original);
            }
            Some(node)
        }
        Err(fault) => {
            let at = original(&fault.span);
            let fault = misread::quote_fault(text, &at).unwrap_or(yaml::SyntaxFault { span: at, ..fault });
            findings.list.push(Diagnostic::error("yaml-syntax", findings.place(&fault.span), fault.message).help(fault.help));
            None
        }
    }
}

fn report_misread(item: &misread::Misread, text: &str, findings: &mut Findings<'_>) {
    let shown = items::first_line(text, item.span.clone());
    let help = format!("write: {}{}", if follows_dash(text, item.span.start) { "- " } else { "" }, item.quoted);
    let finding = Diagnostic::error("item-needs-quotes", findings.place(&shown), format!("this item must be quoted: {}", item.reason));
    let finding = if item.is_sure {
        finding.help(help).fix(QUOTED, vec![(findings.base + item.span.start..findings.base + item.span.end, item.quoted.clone())])
    } else if item.meant.starts_with('#') {
        finding.help(format!("{help}; or delete the line, if it is a comment"))
    } else {
        finding.help(format!("{help}; put what stands behind `#` between the quotes, too, if it is no comment"))
    };
    findings.list.push(finding);
}

/// What is said of an item that was mended.
const QUOTED: &str = "an item has its quotes";

fn follows_dash(text: &str, at: usize) -> bool {
    text[..at].trim_end().ends_with('-')
}

fn report_doubtful(comment: &misread::Doubtful, findings: &mut Findings<'_>) {
    let finding = Diagnostic::warning("comment-in-item", findings.place(&comment.span), "this is read as a comment, and is no part of the item")
        .help(format!(
            "if it belongs to the item, write: - {}; if it is a comment, put it on a line of its own, or put quotes around the text before it",
            comment.quoted
        ));
    findings.list.push(finding);
}

fn move_spans(node: &mut Node, original: &impl Fn(&Range<usize>) -> Range<usize>) {
    node.span = original(&node.span);
    match &mut node.value {
        Value::List(list) => list.iter_mut().for_each(|n| move_spans(n, original)),
        Value::Map(entries) => entries.iter_mut().for_each(|(k, v)| {
            move_spans(k, original);
            move_spans(v, original);
        }),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Text(_) => {}
    }
}

fn read_tree(document: &mut Document, node: &Node, is_block: bool, is_index: bool, config: &Config, findings: &mut Findings<'_>) {
    if node.value == Value::Null {
        document.kind = if is_block { DocumentKind::Block(PageFront::default()) } else { DocumentKind::Index(PageFront::default()) };
        if !is_block && !is_index {
            document.kind = DocumentKind::Page(PageFront::default());
            findings.list.push(Diagnostic::error("wrong-type", findings.place(&(0..0)), "this page has no `title`").help("add `title: ...`"));
        }
        return;
    }
    let Some(fields) = Fields::of(node, "the front matter", findings) else { return };
    // With a slip in its name, `roles` still makes a family: nothing else of it shall seem wrong for that.
    let is_meant = || fields.probable("roles").is_some_and(|roles| matches!(roles.value, Value::List(_)));
    if !is_block && (fields.key_span("roles").is_some() || is_meant()) {
        read_family(document, fields, config, findings);
        return;
    }
    let what = match (is_block, is_index) {
        (true, _) => "a shared block",
        (_, true) => "a department's page",
        _ => "a page",
    };
    let front = read_page(fields, what, findings);
    document.kind = match (is_block, is_index) {
        (true, _) => DocumentKind::Block(front),
        (_, true) => DocumentKind::Index(front),
        _ => DocumentKind::Page(front),
    };
}

fn read_page(mut fields: Fields<'_>, what: &str, findings: &mut Findings<'_>) -> PageFront {
    let mut front = PageFront { title: fields.text("title", findings).map(|(t, _)| t.to_owned()), ..PageFront::default() };
    if what == "a page" && front.title.is_none() {
        fields.missing("this page", "title", findings);
    }
    front.description = fields.text("description", findings).map(|(t, _)| t.to_owned()).unwrap_or_default();
    front.aliases = addresses(&mut fields, "aliases", findings);
    front.extra = fields.extra();
    let roles = (what != "a shared block").then_some("roles");
    fields.finish(what, roles, findings);
    front
}

fn located(at: (&str, Range<usize>), findings: &Findings<'_>) -> Located {
    Located { text: at.0.into(), span: findings.base + at.1.start..findings.base + at.1.end }
}

fn located_list(fields: &mut Fields<'_>, key: &'static str, findings: &mut Findings<'_>) -> Vec<Located> {
    fields.texts(key, findings).into_iter().map(|at| located(at, findings)).collect()
}

/// Old addresses within the site. Others are findings and left out: a redirect is a file, and must lie where pages lie.
fn addresses(fields: &mut Fields<'_>, key: &'static str, findings: &mut Findings<'_>) -> Vec<Located> {
    let mut all = Vec::new();
    for (text, span) in fields.texts(key, findings) {
        if ident::is_address(text) {
            all.push(located((text, span), findings));
            continue;
        }
        let finding = Diagnostic::error("wrong-type", findings.place(&span), format!("`{text}` cannot be an old address of this site"))
            .help("write it from the root of the site, such as `/old/name/`: no web address, no `..`, `?`, `#` or `%`");
        findings.list.push(finding);
    }
    all
}

/// The mappings of a list, opened; entries that are none are findings.
fn entries<'n>(node: Option<&'n Node>, key: &str, what: &str, findings: &mut Findings<'_>) -> Vec<(Range<usize>, Fields<'n>)> {
    let Some(node) = node else { return Vec::new() };
    let Value::List(list) = &node.value else {
        findings.wrong_type(node, key, &format!("a list of {key} (`- id: ...`)"));
        return Vec::new();
    };
    list.iter().filter_map(|entry| Fields::of(entry, what, findings).map(|fields| (entry.span.clone(), fields))).collect()
}

fn read_family(document: &mut Document, mut fields: Fields<'_>, config: &Config, findings: &mut Findings<'_>) {
    let mut front = FamilyFront::default();
    match fields.text("title", findings) {
        Some((title, _)) => front.title = title.to_owned(),
        None => fields.missing("this family", "title", findings),
    }
    front.description = fields.text("description", findings).map(|(t, _)| t.to_owned()).unwrap_or_default();
    front.aliases = addresses(&mut fields, "aliases", findings);
    front.owner = fields.text("owner", findings).map(|(t, _)| t.to_owned());
    front.grade_scale = fields.text("grade_scale", findings).and_then(|(id, at)| known_scale(config, id, &at, findings));
    front.ladder = located_list(&mut fields, "ladder", findings);
    front.extra = fields.extra();

    let tracks_node = fields.take("tracks");
    let mut tracks = entries(tracks_node, "tracks", "a track", findings);
    let roles_key = fields.key_span("roles").unwrap_or(0..0);
    let roles_node = fields.take("roles").or_else(|| fields.probable("roles"));
    let mut roles = entries(roles_node, "roles", "a role", findings);
    let specialties_node = fields.take("specialties");
    let mut specialties = entries(specialties_node, "specialties", "a specialty", findings);
    if roles.is_empty() && roles_node.is_none_or(|n| matches!(n.value, Value::List(_))) {
        let finding = Diagnostic::error("wrong-type", findings.place(&roles_key), "this family has no roles")
            .help("list at least one role: `- {id: ..., title: ...}`");
        findings.list.push(finding);
    }

    let mut ids = Ids::new();
    front.tracks = match tracks_node {
        Some(_) => tracks.iter_mut().map(|(_, f)| read_track(f, &mut ids, findings)).collect(),
        None => config.tracks.clone(),
    };
    let first = front.role_node(0);
    let read = |(i, (span, f)): (usize, &mut (Range<usize>, Fields<'_>))| read_role(f, span, (first + i, &front.tracks), config, &mut ids, findings);
    front.roles = roles.iter_mut().enumerate().map(read).collect();
    check_titles(&front.roles, findings);
    front.specialties = specialties.iter_mut().map(|(_, f)| read_specialty(f, &mut ids, findings)).collect();
    if tracks_node.is_none() {
        check_site_tracks(&front.tracks, &ids, findings);
    }

    document.nodes.resize_with(front.node_count(), NodeContent::default);
    read_sections(document, &mut fields, 0, config, findings);
    for (i, (_, f)) in tracks.iter_mut().enumerate() {
        read_sections(document, f, front.track_node(i), config, findings);
    }
    for (i, (_, f)) in roles.iter_mut().enumerate() {
        read_sections(document, f, front.role_node(i), config, findings);
    }
    for (i, (_, f)) in specialties.iter_mut().enumerate() {
        read_sections(document, f, front.specialty_node(i), config, findings);
    }
    let keys: Vec<String> = config.sections.iter().filter(|s| s.kind != SectionKind::Nothing).map(Section::yaml_key).collect();
    let more = || keys.iter().map(String::as_str);
    let lost = |node: usize| move |nearest: Option<&str>, value: &Node| lost_with(nearest, value, node, config);
    fields.finish_losing("a family", more(), findings, lost(0));
    for (i, (_, f)) in tracks.into_iter().enumerate() {
        f.finish_losing("a track", more(), findings, lost(front.track_node(i)));
    }
    for (i, (_, f)) in roles.into_iter().enumerate() {
        f.finish_losing("a role", more(), findings, lost(front.role_node(i)));
    }
    for (i, (_, f)) in specialties.into_iter().enumerate() {
        f.finish_losing("a specialty", more(), findings, lost(front.specialty_node(i)));
    }
    document.kind = DocumentKind::Family(Box::new(front));
}

/// The list that is lost with a key of a node that nobody knows: that of the section that was probably meant, or any.
fn lost_with(nearest: Option<&str>, value: &Node, node: usize, config: &Config) -> Option<Part> {
    let Some(key) = nearest else {
        let may_be_list = matches!(value.value, Value::List(_) | Value::Map(_));
        return may_be_list.then_some(Part { node: Some(node), section: None });
    };
    match key {
        "tracks" | "specialties" => Some(Part::ANY),
        "extends" | "track" | "roles" => Some(Part { node: Some(node), section: None }),
        _ => config.sections.iter().position(|s| s.yaml_key() == key).map(|section| Part { node: Some(node), section: Some(section) }),
    }
}
