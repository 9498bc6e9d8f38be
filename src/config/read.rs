//! The file `handbook.yml` in, settings out; what is wrong is a finding, and the default stands.

use std::ops::Range;
use std::sync::Arc;

use super::blocks::{read_require, read_shared};
use super::pattern::Pattern;
use super::sections::{capitalised, known_section, read_sections};
use super::{Config, DepartmentConfig, FooterLink, GradeScale, HeadingWord, Headings, Track, levels, theme, track};
use super::{address, headings, lang};
use crate::diagnostic::{Diagnostic, Part, Place};
use crate::history::MOST_COMMITS;
use crate::ident;
use crate::source::{SourceFile, TextFault};
use crate::yaml::fields::{Fields, Findings};
use crate::yaml::{self, Node, Value};

/// The YAML of a whole file; why there is none is a finding.
pub(super) fn tree_of(file: &SourceFile, list: &mut Vec<Diagnostic>) -> Option<Node> {
    if let Some(finding) = text_fault(file) {
        list.push(finding);
        return None;
    }
    let findings = Findings { file: &file.path, base: 0, list };
    match yaml::parse(&file.text) {
        Ok(node) => Some(node),
        Err(fault) => {
            let finding = Diagnostic::error("yaml-syntax", findings.place(&fault.span), fault.message).help(fault.help);
            findings.list.push(finding);
            None
        }
    }
}

/// Whether the settings can be read at all, so that what they say about sections and blocks is known.
pub fn is_readable(file: &SourceFile) -> bool {
    text_fault(file).is_none() && yaml::parse(&file.text).is_ok_and(|node| matches!(node.value, Value::Map(_) | Value::Null))
}

/// Reads the settings; what is wrong with them is a finding and the default stands.
pub fn read(file: Option<&SourceFile>, list: &mut Vec<Diagnostic>) -> Config {
    let mut config = Config::default();
    let Some(file) = file else { return config };
    config.file = Arc::clone(&file.path);
    let Some(node) = tree_of(file, list) else { return config };
    let mut findings = Findings { file: &file.path, base: 0, list };
    if node.value == Value::Null {
        return config;
    }
    if let Some(fields) = Fields::of(&node, "handbook.yml", &mut findings) {
        let words = read_fields(&mut config, fields, &mut findings);
        config.headings = Headings::of(&config.sections, words);
    }
    config
}

/// The finding for a file that is no text.
pub fn text_fault(file: &SourceFile) -> Option<Diagnostic> {
    let end = file.text.len();
    let place = Place::new(&file.path, end..end);
    Some(match file.fault? {
        TextFault::NotUtf8 { offset } => {
            Diagnostic::error("not-utf8", place, format!("this file is not text in UTF-8: byte {offset} is not part of a character"))
                .help("save the file with the encoding UTF-8")
        }
        TextFault::TooLarge { size } => {
            Diagnostic::error("too-large", place, format!("this file has {size} bytes, and the limit is {} bytes", crate::source::MAX_FILE))
                .help("split it into several files")
        }
    })
}

/// Reads all of it into `config`; gives the further words of headings.
fn read_fields(config: &mut Config, mut fields: Fields<'_>, findings: &mut Findings<'_>) -> Vec<(String, HeadingWord)> {
    config.extra = fields.extra();
    if let Some((title, _)) = fields.text("title", findings) {
        config.title = title.to_owned();
    }
    if let Some((description, _)) = fields.text("description", findings) {
        config.description = description.to_owned();
    }
    if let Some((url, span)) = fields.text("base_url", findings) {
        config.base_url = base_url(url, &span, findings);
    }
    if let Some((tag, span)) = fields.text("lang", findings) {
        if lang::is_tag(tag) {
            config.lang = tag.to_owned();
            config.dir = direction(tag);
            config.lang_at = span;
        } else {
            let finding = Diagnostic::error("wrong-type", findings.place(&span), format!("`{tag}` is no language that browsers know"));
            findings.list.push(finding.meant(lang::meant(tag).as_deref()).help(lang::HELP));
        }
    }
    config.dir = word(&mut fields, "dir", &[("ltr", "ltr"), ("rtl", "rtl")], findings).unwrap_or(config.dir);
    if let Some(node) = fields.take("theme") {
        config.look = theme::read(node, findings);
    }
    if let Some(node) = fields.take("footer") {
        config.footer = footer(node, findings);
    }
    if let Some(node) = fields.take("grades") {
        config.scales.push(GradeScale { id: "default".into(), title: String::new(), grades: grades(node, "grades", findings) });
    }
    if let Some(node) = fields.take("grade_scales") {
        read_scales(config, node, findings);
    }
    if let Some(node) = fields.take("tracks") {
        config.tracks = tracks(node, findings);
    }
    if let Some(node) = fields.take("sections") {
        let first = findings.list.len();
        read_sections(config, node, findings);
        // Lists may be in no section then, so that they seem to be missing.
        findings.list[first..].iter_mut().for_each(|finding| finding.parts.push(Part { node: None, section: None }));
    }
    let words = fields.take("headings").map(|node| headings::read(node, config, findings)).unwrap_or_default();
    if let Some(node) = fields.take("departments") {
        read_departments(config, node, findings);
    }
    if let Some(node) = fields.take("shared") {
        read_shared(config, node, findings);
    }
    if let Some(mut pages) = fields.take("pages").and_then(|n| Fields::of(n, "`pages`", findings)) {
        config.role_pages = pages.flag("roles", findings).unwrap_or(true);
        config.composition_pages = pages.flag("compositions", findings).unwrap_or(true);
        // They lead on to the pages of roles: without those there are none, unless they are asked for.
        config.compare = pages.flag("compare", findings).unwrap_or(config.role_pages);
        config.map = pages.flag("map", findings).unwrap_or(config.role_pages);
        config.requirements = pages.flag("requirements", findings).unwrap_or(config.role_pages);
        pages.finish("`pages`", [], findings);
    }
    config.search = fields.flag("search", findings).unwrap_or(true);
    config.exports = fields.flag("exports", findings).unwrap_or(true);
    config.history = fields.take("history").and_then(|node| read_history(node, findings));
    if let Some(advert) = fields.take("advert").and_then(|n| Fields::of(n, "`advert`", findings)) {
        read_advert(config, advert, findings);
    }
    if let Some(mut links) = fields.take("links").and_then(|n| Fields::of(n, "`links`", findings)) {
        for (text, span) in links.texts("outside", findings) {
            match Pattern::new(text) {
                Ok(pattern) => config.outside.push(pattern),
                Err(error) => {
                    let finding = Diagnostic::error("wrong-type", findings.place(&span), format!("`{text}` is not a pattern: {error}"))
                        .help("write an address with `*` for part of a name and `**` for any number of names");
                    findings.list.push(finding);
                }
            }
        }
        config.edit = links.text("edit", findings).and_then(|(pattern, span)| edit_pattern(pattern, &span, findings));
        links.finish("`links`", [], findings);
    }
    if let Some(node) = fields.take("lints") {
        levels::read(&mut config.lints, node, findings);
    }
    if let Some(node) = fields.take("require") {
        read_require(config, node, findings);
    }
    fields.finish("handbook.yml", [], findings);
    words
}

/// `true`, `false`, or how many commits are looked at.
fn read_history(node: &Node, findings: &mut Findings<'_>) -> Option<usize> {
    match &node.value {
        Value::Bool(wanted) => return wanted.then_some(MOST_COMMITS),
        Value::Map(_) => {}
        _ => {
            findings.wrong_type(node, "history", "`true`, `false` or `{commits: 5000}`");
            return None;
        }
    }
    let mut fields = Fields::of(node, "`history`", findings)?;
    let mut commits = MOST_COMMITS;
    if let Some(node) = fields.take("commits") {
        match node.value {
            Value::Integer(n) if n > 0 => commits = usize::try_from(n).unwrap_or(usize::MAX),
            _ => findings.wrong_type(node, "commits", "a whole number from 1"),
        }
    }
    fields.finish("`history`", [], findings);
    Some(commits)
}

/// What the text of a vacancy is made of.
fn read_advert(config: &mut Config, mut fields: Fields<'_>, findings: &mut Findings<'_>) {
    if fields.key_span("sections").is_some() {
        let names: Vec<(String, Range<usize>)> = fields.texts("sections", findings).into_iter().map(|(t, s)| (t.to_owned(), s)).collect();
        config.advert = names.iter().filter_map(|(name, span)| known_section(config, name, span, findings)).collect();
    }
    let blocks: Vec<(String, Range<usize>)> = fields.texts("blocks", findings).into_iter().map(|(t, s)| (t.to_owned(), s)).collect();
    for (block, span) in blocks {
        if config.shared.iter().any(|s| s.block == block) {
            config.advert_blocks.push(block);
        } else {
            let names = || config.shared.iter().map(|s| s.block.as_str());
            let finding = Diagnostic::error("block-unknown", findings.place(&span), format!("`shared` has no block `{block}`"))
                .meant(ident::nearest(&block, names()))
                .help("name blocks that stand below `shared` here");
            findings.list.push(finding);
        }
    }
    fields.finish("`advert`", [], findings);
}

/// A base address with a `/` at its end; anything else is a finding.
pub(super) fn base_url(url: &str, span: &Range<usize>, findings: &mut Findings<'_>) -> Option<String> {
    let told = |why| findings.list.push(Diagnostic::error("wrong-type", findings.place(span), why).help(address::HELP));
    address::base_url(url).map_err(told).ok()
}

/// The direction in which a language is written.
fn direction(lang: &str) -> &'static str {
    let primary = lang.split('-').next().unwrap_or(lang);
    if ["ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"].contains(&primary) { "rtl" } else { "ltr" }
}

/// The pattern of an edit address, which must say where the path of the file goes.
fn edit_pattern(pattern: &str, span: &Range<usize>, findings: &mut Findings<'_>) -> Option<String> {
    let is_address = pattern.starts_with("https://") || pattern.starts_with("http://");
    let unknown = pattern.replace("{path}", "").replace("{line}", "");
    if is_address && pattern.contains("{path}") && !unknown.contains(['{', '}']) {
        return Some(pattern.to_owned());
    }
    let finding = Diagnostic::error("wrong-type", findings.place(span), "this is no pattern of an edit address")
        .help("write the address of a file with `{path}` for its path and `{line}` for the line, such as https://gitlab.com/acme/handbook/-/edit/main/{path}#L{line}");
    findings.list.push(finding);
    None
}

fn footer(node: &Node, findings: &mut Findings<'_>) -> Vec<FooterLink> {
    let Value::List(list) = &node.value else {
        findings.wrong_type(node, "footer", "a list of links (`- {title: Privacy, url: /privacy/}`)");
        return Vec::new();
    };
    let mut links = Vec::with_capacity(list.len());
    for entry in list {
        let Some(mut fields) = Fields::of(entry, "a link of the footer", findings) else { continue };
        let title = fields.text("title", findings);
        let url = fields.text("url", findings);
        match (title, url) {
            (Some((title, _)), Some((url, span))) => {
                links.push(FooterLink { title: title.to_owned(), url: url.to_owned(), place: findings.place(&span) });
            }
            (title, url) => {
                let missing = [("title", title.is_none()), ("url", url.is_none())];
                missing.iter().filter(|(_, m)| *m).for_each(|(key, _)| fields.missing("a link of the footer", key, findings));
            }
        }
        fields.finish("a link of the footer", [], findings);
    }
    links
}

fn grades(node: &Node, key: &str, findings: &mut Findings<'_>) -> Vec<i64> {
    let Value::List(list) = &node.value else {
        findings.wrong_type(node, key, "a list of whole numbers");
        return Vec::new();
    };
    let mut grades = Vec::with_capacity(list.len());
    for entry in list {
        match entry.value {
            Value::Integer(n) if grades.contains(&n) => {
                let finding = Diagnostic::error("wrong-type", findings.place(&entry.span), format!("the grade {n} stands twice on this scale"))
                    .help("write each grade once, the lowest first");
                findings.list.push(finding);
            }
            Value::Integer(n) => grades.push(n),
            _ => {
                let message = format!("an entry of `{key}` is {}, and must be a whole number", entry.kind());
                findings.list.push(Diagnostic::error("wrong-type", findings.place(&entry.span), message).help("write `6`, not `\"6\"`"));
            }
        }
    }
    grades
}

pub(super) fn named<'n>(node: &'n Node, key: &str, findings: &mut Findings<'_>) -> Vec<(&'n str, Range<usize>, &'n Node)> {
    Fields::of(node, &format!("`{key}`"), findings).map(|mut f| f.take_where(|_| true)).unwrap_or_default()
}

fn read_scales(config: &mut Config, node: &Node, findings: &mut Findings<'_>) {
    for (id, span, node) in named(node, "grade_scales", findings) {
        check_id(id, &span, findings);
        if config.scale(id).is_some() {
            let finding = Diagnostic::error("duplicate-id", findings.place(&span), format!("the grade scale `{id}` is defined twice"))
                .help("`grades` is the scale named `default`; keep one of the two");
            findings.list.push(finding);
            continue;
        }
        let mut scale = GradeScale {
            id: id.to_owned(),
            title: if id == "default" { String::new() } else { capitalised(&id.replace('-', " ")) },
            grades: Vec::new(),
        };
        if matches!(node.value, Value::List(_)) {
            scale.grades = grades(node, id, findings);
        } else if let Some(mut fields) = Fields::of(node, &format!("`{id}`"), findings) {
            if let Some((title, _)) = fields.text("title", findings) {
                scale.title = title.to_owned();
            }
            if let Some(node) = fields.take("grades") {
                scale.grades = grades(node, "grades", findings);
            }
            fields.finish("a grade scale", [], findings);
        }
        config.scales.push(scale);
    }
}

/// Reads a list of tracks; also for the front matter of families.
pub fn tracks(node: &Node, findings: &mut Findings<'_>) -> Vec<Track> {
    let Value::List(list) = &node.value else {
        findings.wrong_type(node, "tracks", "a list of tracks (`- {id: ic, title: Individual contributors}`)");
        return Vec::new();
    };
    let mut tracks: Vec<Track> = Vec::with_capacity(list.len());
    for entry in list {
        let Some(mut fields) = Fields::of(entry, "a track", findings) else { continue };
        let id = fields.text("id", findings);
        let title = fields.text("title", findings);
        let extra = fields.extra();
        match id {
            Some((id, span)) => {
                check_id(id, &span, findings);
                if tracks.iter().any(|t| t.id == id) {
                    let finding = Diagnostic::error("duplicate-id", findings.place(&span), format!("the track `{id}` is defined twice"))
                        .help("give each track an id of its own");
                    findings.list.push(finding);
                } else {
                    tracks.push(Track { extra, ..track(id, title.map_or(id, |(t, _)| t)) });
                }
            }
            None => fields.missing("a track", "id", findings),
        }
        fields.finish("a track", [], findings);
    }
    tracks
}

/// Notes an id that is none.
pub fn check_id(id: &str, span: &Range<usize>, findings: &mut Findings<'_>) {
    if ident::is_id(id) {
        if ident::is_reserved(id) {
            let message = format!("`{id}` cannot be an id: Windows cannot hold a folder of that name");
            let finding = Diagnostic::error("wrong-type", findings.place(span), message);
            findings.list.push(finding.help("choose another id, so that the site can be made and kept anywhere"));
        }
        return;
    }
    let mut finding = Diagnostic::error("wrong-type", findings.place(span), format!("`{id}` cannot be an id"))
        .help(format!("an id has small letters a-z, digits and `-`, and at most {} characters", ident::MAX_ID));
    let suggestion = ident::slug(id);
    if ident::is_id(&suggestion) {
        finding = finding.label(format!("could be `{suggestion}`"));
    }
    findings.list.push(finding);
}

fn read_departments(config: &mut Config, node: &Node, findings: &mut Findings<'_>) {
    for (path, span, node) in named(node, "departments", findings) {
        let Some(mut fields) = Fields::of(node, &format!("`{path}`"), findings) else { continue };
        let title = fields.text("title", findings).map(|(t, _)| t.to_owned());
        let grade_scale = fields.text("grade_scale", findings).and_then(|(id, at)| known_scale(config, id, &at, findings));
        fields.finish("a department", [], findings);
        config.departments.push(DepartmentConfig { path: path.to_owned(), title, grade_scale, place: findings.place(&span) });
    }
}

/// A grade scale by its id; an unknown one is a finding.
pub fn known_scale(config: &Config, id: &str, span: &Range<usize>, findings: &mut Findings<'_>) -> Option<String> {
    if config.scale(id).is_some() {
        return Some(id.to_owned());
    }
    let names: Vec<&str> = config.scales.iter().map(|s| s.id.as_str()).collect();
    let help = if names.is_empty() {
        "define it in handbook.yml under `grade_scales`".to_owned()
    } else {
        format!("scales in handbook.yml: {}", names.join(", "))
    };
    let finding = Diagnostic::error("grade-unknown", findings.place(span), format!("no grade scale is called `{id}`"))
        .meant(ident::nearest(id, names.iter().copied()))
        .help(help);
    findings.list.push(finding);
    None
}

pub(super) fn word<T: Copy>(fields: &mut Fields<'_>, key: &'static str, words: &[(&str, T)], findings: &mut Findings<'_>) -> Option<T> {
    let (text, span) = fields.text(key, findings)?;
    one_of(text, &span, key, words, findings)
}

pub(super) fn one_of<T: Copy>(text: &str, span: &Range<usize>, key: &str, words: &[(&str, T)], findings: &mut Findings<'_>) -> Option<T> {
    let found = words.iter().find(|(w, _)| *w == text).map(|(_, value)| *value);
    if found.is_none() {
        let names = words.iter().map(|(w, _)| *w);
        let finding = Diagnostic::error("wrong-type", findings.place(span), format!("`{key}` cannot be `{text}`"))
            .meant(ident::nearest(text, names.clone()))
            .help(format!("`{key}` is {}", ident::listed(names, "or")));
        findings.list.push(finding);
    }
    found
}
