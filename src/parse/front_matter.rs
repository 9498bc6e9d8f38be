//! The lines between `---` and `---` in, the structure of a family or a page out.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use super::{
    Document, DocumentKind, FamilyFront, Grade, Located, NodeContent, NodeSection, PageFront, ParentFront, Prose, RoleFront, SpecialtyFront, Status,
    Written,
};
use super::{Flow, items, misread};
use crate::config::{Config, Section, SectionKind, Track, check_id, known_scale, known_section};
use crate::diagnostic::{Diagnostic, Part};
use crate::ident;
use crate::markdown;
use crate::yaml::fields::{Fields, Findings};
use crate::yaml::{self, Node, Value};

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
}

/// Finds the front matter; none where the file does not begin with it, a finding where it does not end.
pub fn split(text: &str) -> Option<Result<Front, Diagnostic>> {
    let first = text.lines().next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let start = (first.len() + 1).min(text.len());
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some(Ok(Front { yaml: start..at, body: at + line.len() }));
        }
        at += line.len();
    }
    let place = crate::diagnostic::Place { file: "".into(), span: 0..first.len() };
    Some(Err(Diagnostic::error("yaml-syntax", place, "the front matter that begins here never ends").help("add a line `---` after its last key")))
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
    document.findings.append(&mut list);
}

/// The YAML as a tree whose spans are bytes of `text`; misread items are findings and stand in it as the text they show.
fn tree(text: &str, config: &Config, findings: &mut Findings<'_>) -> Option<Node> {
    let is_list = |key: &str| config.sections.iter().any(|s| s.has_items() && s.yaml_key() == key);
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

/// Old ids of a role.
fn old_ids(fields: &mut Fields<'_>, findings: &mut Findings<'_>) -> Vec<Located> {
    let texts = fields.texts("aliases", findings);
    texts.iter().for_each(|(id, span)| check_id(id, span, findings));
    texts.into_iter().filter(|(id, _)| ident::is_id(id)).map(|at| located(at, findings)).collect()
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

/// The ids of a family so far, with where they stand.
type Ids = HashMap<String, Range<usize>>;

/// Takes `id`, or makes one of the title; roles, specialties and tracks of a family share one set of ids.
fn id_and_title(fields: &mut Fields<'_>, what: &str, needs_title: bool, ids: &mut Ids, findings: &mut Findings<'_>) -> (String, String) {
    let id = fields.text("id", findings).or_else(|| fields.probable_text("id"));
    let title = fields.text("title", findings).or_else(|| fields.probable_text("title")).map(|(t, _)| t.to_owned());
    if needs_title && title.is_none() {
        fields.missing(what, "title", findings);
    }
    let Some((id, at)) = id else {
        fields.missing(what, "id", findings);
        let title = title.unwrap_or_default();
        return (ident::slug(&title), title);
    };
    check_id(id, &at, findings);
    match ids.get(id) {
        Some(first) => {
            let finding = Diagnostic::error("duplicate-id", findings.place(&at), format!("the id `{id}` is used twice in this family"))
                .label("the second one")
                .help("roles, specialties and tracks of a family share one set of ids; give this one another")
                .related(findings.place(first), "the first one");
            findings.list.push(finding);
            // The rest of the run speaks of the first by this id, and of this one by another.
            let other = (2..).map(|n| format!("{id}~{n}")).find(|other| !ids.contains_key(other)).unwrap_or_default();
            let title = title.unwrap_or_else(|| id.to_owned());
            ids.insert(other.clone(), at);
            return (other, title);
        }
        None => {
            ids.insert(id.to_owned(), at);
        }
    }
    (id.to_owned(), title.unwrap_or_else(|| id.to_owned()))
}

fn read_track(fields: &mut Fields<'_>, ids: &mut Ids, findings: &mut Findings<'_>) -> Track {
    let (id, title) = id_and_title(fields, "this track", false, ids, findings);
    Track { id, title, extra: fields.extra() }
}

fn check_site_tracks(tracks: &[Track], ids: &Ids, findings: &mut Findings<'_>) {
    for (id, at) in tracks.iter().filter_map(|t| ids.get(&t.id).map(|at| (&t.id, at))) {
        {
            let finding = Diagnostic::error("duplicate-id", findings.place(at), format!("the id `{id}` is that of a track")).help(
                "roles, specialties and tracks of a family share one set of ids; give this one another, or give the family `tracks` of its own",
            );
            findings.list.push(finding);
        }
    }
}

fn check_titles(roles: &[RoleFront], findings: &mut Findings<'_>) {
    let mut seen: HashMap<String, &RoleFront> = HashMap::with_capacity(roles.len());
    for role in roles {
        let first = match seen.entry(ident::fold(&role.title)) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(new) => {
                new.insert(role);
                continue;
            }
        };
        let back = |span: &Range<usize>| span.start - findings.base..span.start - findings.base;
        let finding = Diagnostic::error("duplicate-id", findings.place(&back(&role.span)), format!("two roles have the title `{}`", role.title))
            .label("the second one")
            .help("give each role of a family a title of its own; the name of the level can stand in `level`")
            .related(findings.place(&back(&first.span)), "the first one");
        findings.list.push(finding);
    }
}

fn read_role(
    fields: &mut Fields<'_>,
    span: &Range<usize>,
    (node, tracks): (usize, &[Track]),
    config: &Config,
    ids: &mut Ids,
    findings: &mut Findings<'_>,
) -> RoleFront {
    let (id, title) = id_and_title(fields, "this role", true, ids, findings);
    let one = |fields: &mut Fields<'_>, key, findings: &mut Findings<'_>| fields.text(key, findings).map(|at| located(at, findings));
    RoleFront {
        level: fields.text("level", findings).map(|(t, _)| t.to_owned()),
        grade: fields.take("grade").or_else(|| fields.probable("grade")).map_or(Grade::Missing, |n| read_grade(n, findings)),
        status: read_status(fields, findings),
        replaced_by: one(fields, "replaced_by", findings),
        aliases: old_ids(fields, findings),
        track: read_track_of(fields, tracks, findings),
        extends: fields.take("extends").map(|n| read_parents(n, node, config, findings)).unwrap_or_default(),
        extends_any: located_list(fields, "extends_any", findings),
        reports_to: one(fields, "reports_to", findings),
        next: located_list(fields, "next", findings),
        span: findings.base + span.start..findings.base + span.start,
        extra: fields.extra(),
        id,
        title,
    }
}

fn read_status(fields: &mut Fields<'_>, findings: &mut Findings<'_>) -> Status {
    let Some((text, span)) = fields.text("status", findings) else { return Status::Active };
    match text {
        "active" => Status::Active,
        "draft" => Status::Draft,
        "deprecated" => Status::Deprecated,
        _ => {
            let finding = Diagnostic::error("wrong-type", findings.place(&span), format!("`status` cannot be `{text}`"))
                .meant(ident::nearest(text, ["active", "draft", "deprecated"]))
                .help("`status` is `active`, `draft` or `deprecated`");
            findings.list.push(finding);
            Status::Active
        }
    }
}

fn read_track_of(fields: &mut Fields<'_>, tracks: &[Track], findings: &mut Findings<'_>) -> usize {
    let Some((id, span)) = fields.text("track", findings) else { return 0 };
    if let Some(i) = tracks.iter().position(|t| t.id == id) {
        return i;
    }
    let names: Vec<&str> = tracks.iter().map(|t| t.id.as_str()).collect();
    let finding = Diagnostic::error("track-unknown", findings.place(&span), format!("no track is called `{id}`"))
        .meant(ident::nearest(id, names.iter().copied()))
        .help(format!("tracks of this family: {}", names.join(", ")));
    findings.list.push(finding);
    0
}

fn read_grade(node: &Node, findings: &mut Findings<'_>) -> Grade {
    let at = |span: &Range<usize>, findings: &Findings<'_>| findings.base + span.start..findings.base + span.end;
    match &node.value {
        Value::Integer(n) => Grade::Numbers(vec![(*n, at(&node.span, findings))]),
        Value::List(list) => {
            let mut numbers = Vec::with_capacity(list.len());
            for entry in list {
                match entry.value {
                    Value::Integer(n) => numbers.push((n, at(&entry.span, findings))),
                    _ => report_grade(entry, findings),
                }
            }
            Grade::Numbers(numbers)
        }
        Value::Map(_) => {
            let Some(mut fields) = Fields::of(node, "grade", findings) else { return Grade::None(String::new()) };
            let why = fields.text("none", findings).map(|(t, _)| t.to_owned());
            if why.is_none() {
                fields.missing("a grade that is no number", "none", findings);
            }
            fields.finish("a grade", [], findings);
            Grade::None(why.unwrap_or_default())
        }
        Value::Null | Value::Bool(_) | Value::Float(_) | Value::Text(_) => {
            report_grade(node, findings);
            Grade::None(String::new())
        }
    }
}

/// A number between quotes is text, and no grade.
fn report_grade(node: &Node, findings: &mut Findings<'_>) {
    findings.wrong_type(node, "grade", "a whole number, a list of them, or `{none: \"why\"}`");
    if let Value::Text(text) = &node.value
        && let Ok(number) = text.trim().parse::<i64>()
        && let Some(finding) = findings.list.pop()
    {
        findings.list.push(finding.help(format!("take the quotes away: {number}")));
    }
}

/// What the role of a node extends; where that cannot be read, any of its lists may lack something.
fn read_parents(written: &Node, node: usize, config: &Config, findings: &mut Findings<'_>) -> Vec<ParentFront> {
    let told = findings.list.len();
    let parents = read_extends(written, config, findings);
    findings.list[told..].iter_mut().for_each(|f| f.parts.push(Part { node: Some(node), section: None }));
    parents
}

fn read_extends(node: &Node, config: &Config, findings: &mut Findings<'_>) -> Vec<ParentFront> {
    let list = match &node.value {
        Value::List(list) => list.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut parents = Vec::with_capacity(list.len());
    for entry in list {
        match &entry.value {
            Value::Text(text) if text == "none" => {
                if list.len() > 1 {
                    let finding = Diagnostic::error("wrong-type", findings.place(&entry.span), "`none` stands beside other roles in `extends`")
                        .help("write `extends: none` alone, or leave `none` out");
                    findings.list.push(finding);
                }
            }
            Value::Text(text) => parents.push(ParentFront { reference: located((text, entry.span.clone()), findings), only: None }),
            Value::Map(_) => parents.extend(read_parent(entry, config, findings)),
            _ => findings.wrong_type(entry, "extends", "the id of a role as text, a list of them, `none`, or `{role: ..., only: [...]}`"),
        }
    }
    parents
}

fn read_parent(node: &Node, config: &Config, findings: &mut Findings<'_>) -> Option<ParentFront> {
    let mut fields = Fields::of(node, "extends", findings)?;
    let role = fields.text("role", findings).map(|at| located(at, findings));
    if role.is_none() {
        fields.missing("this entry of `extends`", "role", findings);
    }
    let limited = fields.key_span("only").is_some();
    let (only_span, told) = (fields.key_span("only"), findings.list.len());
    let names = fields.texts("only", findings);
    if let Some(span) = only_span.filter(|_| names.is_empty() && findings.list.len() == told) {
        let finding = Diagnostic::error("wrong-type", findings.place(&span), "`only` names no section, so nothing would be inherited");
        findings.list.push(finding.help("name the sections, such as `only: [requirements]`, or leave `only` out"));
    }
    let only: Vec<usize> =
        names.into_iter().filter_map(|(name, at)| known_section(config, name, &at, findings)).filter_map(|id| config.section(&id)).collect();
    fields.finish("an entry of `extends`", [], findings);
    Some(ParentFront { reference: role?, only: limited.then_some(only) })
}

fn read_specialty(fields: &mut Fields<'_>, ids: &mut Ids, findings: &mut Findings<'_>) -> SpecialtyFront {
    let (id, title) = id_and_title(fields, "this specialty", true, ids, findings);
    let limited = fields.key_span("roles").is_some();
    let roles = located_list(fields, "roles", findings);
    SpecialtyFront {
        id,
        title,
        roles: limited.then_some(roles),
        reports_to: fields.text("reports_to", findings).map(|at| located(at, findings)),
        extra: fields.extra(),
    }
}

/// Reads the sections that stand in the mapping of a node.
fn read_sections(document: &mut Document, fields: &mut Fields<'_>, node: usize, config: &Config, findings: &mut Findings<'_>) {
    let number = |key: &str| config.sections.iter().position(|s| s.kind != SectionKind::Nothing && s.yaml_key() == key);
    for (key, span, value) in fields.take_where(|key| number(key).is_some()) {
        let section = number(key).expect("only known sections were taken");
        if value.value == Value::Null {
            continue;
        }
        let told = findings.list.len();
        let span = findings.base + span.start..findings.base + span.end;
        if config.sections[section].has_items() {
            read_items(document, value, key, node, section, span, findings);
        } else if let Some(text) = value.text() {
            let at = findings.base + value.span.start..findings.base + value.span.end;
            let file = std::sync::Arc::clone(&document.source);
            markdown::links_of(text, &at, &file.text, &mut document.links);
            document.nodes[node].prose.push(Prose {
                heading: None,
                section: Some(section),
                container: None,
                written: Written::Yaml(text.into(), at),
                span,
            });
        } else {
            findings.wrong_type(value, key, "text");
        }
        findings.list[told..].iter_mut().for_each(|f| f.parts.push(Part { node: Some(node), section: Some(section) }));
    }
}

fn read_items(document: &mut Document, value: &Node, key: &str, node: usize, section: usize, span: Range<usize>, findings: &mut Findings<'_>) {
    let Value::List(list) = &value.value else {
        findings.wrong_type(value, key, "a list of items (`- ...`)");
        return;
    };
    let first = document.items.len() as u32;
    let mut instead = false;
    for (i, entry) in list.iter().enumerate() {
        let start = entry_start(&document.source.text, findings.base + entry.span.start);
        let at = start..findings.base + entry.span.end;
        match &entry.value {
            Value::Text(text) if i == 0 && markdown::is_instead_line(text) => instead = true,
            Value::Text(text) if markdown::is_instead_line(text) => {
                findings.list.push(Diagnostic::error("wrong-type", findings.place(&entry.span), INSTEAD_FIRST).help(INSTEAD_HELP));
            }
            Value::Text(text) => items::push_string(document, text, None, items::Entry { span: at, start }, node, section),
            Value::Map(pairs) => read_item_mapping(document, entry, pairs, (node, section), findings),
            _ => needs_quotes(document, entry, findings),
        }
    }
    let items = first..document.items.len() as u32;
    document.nodes[node].sections.push(NodeSection { section, instead, items: items.clone(), flow: vec![Flow::Items(items)], span, anchors: 0..0 });
    items::check_keys(document, node, section);
}

/// Where an entry begins: a text of several lines (`>-`) stands on the lines after its dash.
fn entry_start(text: &str, start: usize) -> usize {
    let line = text[..start].rfind('\n').map_or(0, |i| i + 1);
    if !text[line..start].trim().is_empty() || line == 0 {
        return start;
    }
    let above = text[..line - 1].rfind('\n').map_or(0, |i| i + 1);
    let dash = text[above..line].find("- ").map(|i| above + i + 2);
    dash.filter(|d| text[*d..line].starts_with(['>', '|'])).unwrap_or(start)
}

fn needs_quotes(document: &Document, entry: &Node, findings: &mut Findings<'_>) {
    if entry.value == Value::Null && entry.span.is_empty() {
        let before = document.source.text[..findings.base + entry.span.start].trim_end();
        let dash = before.len().saturating_sub(1).max(findings.base) - findings.base;
        findings.list.push(
            Diagnostic::error("wrong-type", findings.place(&(dash..dash + 1)), "this item is empty").help("write its text, or delete the line"),
        );
        return;
    }
    let text = &document.source.text[findings.base + entry.span.start..];
    let written = text.lines().next().unwrap_or("");
    let written = if entry.span.is_empty() { written } else { &text[..entry.span.len()] };
    let written = written.split(" #").next().unwrap_or(written).trim_end();
    let reason = match entry.value {
        Value::Null => "it is read as nothing",
        Value::Bool(_) => "it is read as true or false",
        Value::List(_) => "it is read as a list",
        _ => "it is read as a number",
    };
    let quoted = misread::quoted(written);
    let mut finding = Diagnostic::error("item-needs-quotes", findings.place(&entry.span), format!("this item must be quoted: {reason}"))
        .help(format!("write: - {quoted}"));
    // Of a list the tree knows only where it begins.
    if !entry.span.is_empty() && !matches!(entry.value, Value::List(_)) {
        let start = findings.base + entry.span.start;
        finding = finding.fix(QUOTED, vec![(start..start + written.len(), quoted)]);
    }
    findings.list.push(finding);
}

/// `{key, text}` or `{remove, reason}`; any other mapping is a text that holds `: `.
fn read_item_mapping(document: &mut Document, entry: &Node, pairs: &[(Node, Node)], (node, section): (usize, usize), findings: &mut Findings<'_>) {
    let known = |name: &str| matches!(name, "key" | "text" | "remove" | "reason");
    if !pairs.iter().any(|(k, _)| k.text().is_some_and(known)) {
        let end = pairs.last().map_or(entry.span.end, |(_, v)| v.span.end);
        let start = pairs.first().map_or(entry.span.start, |(k, _)| k.span.start);
        let written = document.source.text[findings.base + start..findings.base + end].to_owned();
        let shown = start..end.min(start + written.lines().next().map_or(0, str::len));
        let list = if follows_dash(&document.source.text, findings.base + start) { "- " } else { "" };
        let quoted = misread::quoted(&written);
        let mut finding =
            Diagnostic::error("item-needs-quotes", findings.place(&shown), format!("this item must be quoted: {}", misread::NAME_AND_VALUE))
                .help(format!("write: {list}{quoted}"));
        let ends = pairs.iter().all(|(_, v)| !v.span.is_empty() && !matches!(v.value, Value::List(_) | Value::Map(_)));
        let in_braces = document.source.text[findings.base + entry.span.start..].starts_with('{');
        if ends && !in_braces && !written.contains(['\n', '#']) {
            finding = finding.fix(QUOTED, vec![(findings.base + start..findings.base + end, quoted)]);
        }
        findings.list.push(finding);
        return;
    }
    let Some(mut fields) = Fields::of(entry, "an item", findings) else { return };
    let key = fields.text("key", findings);
    let text = fields.text("text", findings);
    let remove = fields.text("remove", findings);
    let reason = fields.text("reason", findings);
    let removes = remove.is_some();
    if let Some((key, at)) = key.as_ref().filter(|(key, _)| ident::slug(key) != *key) {
        check_id(key, at, findings);
    }
    let start = findings.base + entry.span.start;
    let absolute = |span: &Range<usize>, findings: &Findings<'_>| items::Entry { span: findings.base + span.start..findings.base + span.end, start };
    match (text, remove) {
        (Some((text, at)), None) => {
            let at = absolute(&at, findings);
            items::push_string(document, text, key.map(|(k, _)| k), at, node, section);
        }
        (None, Some((remove, at))) => {
            let at = absolute(&at, findings);
            items::push_removal(document, remove, reason.as_ref().map_or("", |(r, _)| r), at, node, section);
        }
        (Some(_), Some((_, at))) => {
            let finding = Diagnostic::error("wrong-type", findings.place(&at), "an item either has `text` or removes another")
                .help("write `{key, text}` or `{remove, reason}`");
            findings.list.push(finding);
        }
        (None, None) => fields.missing("this item", "text", findings),
    }
    if let Some((_, at)) = reason.filter(|_| !removes) {
        let finding = Diagnostic::error("wrong-type", findings.place(&at), "a reason belongs to an item that removes another")
            .help("write `{remove: key, reason: ...}`, or leave it out");
        findings.list.push(finding);
    }
    fields.finish("an item", [], findings);
}
