//! What changed and when: on the page of a role, and on a page for the whole handbook.

use std::sync::Arc;

use serde::Serialize;

use super::differences;
use super::frame::{Frame, frame};
use super::{DateView, LinkView, Page};
use crate::config::strings::{Text, text};
use crate::history::{Change, Entry, Fact, History, Kind, Moment, RoleHistory, Source, SourceKind, Words};
use crate::markdown::html::escape_into;
use crate::model::RoleId;
use crate::source::date;

/// The file of the page that tells of the whole handbook.
pub const PAGE: &str = "changes/index.html";
/// The file of its feed.
pub const FEED: &str = "changes/feed.xml";

/// What changed in a role.
#[derive(Debug, Serialize)]
pub struct HistoryView {
    /// What changed, newest first.
    pub entries: Vec<EntryView>,
    /// Whether there are older entries.
    pub more: bool,
    /// The day at which the record begins, where the role was there already.
    pub since: Option<DateView>,
    /// The page that tells of the whole handbook.
    pub all: String,
    /// On the page of a composition, the role, on whose page the entries are.
    pub role: Option<LinkView>,
}

/// One change of a role.
#[derive(Debug, Serialize)]
pub struct EntryView {
    /// The day.
    pub date: DateView,
    /// What changed, as HTML, by what it belongs to.
    pub parts: Vec<PartView>,
    /// How many lines more there were.
    pub more: usize,
    /// What was edited, where that is not the role itself.
    pub through: Vec<LinkView>,
}

/// Changed lines that belong together.
#[derive(Debug, Serialize)]
pub struct PartView {
    /// The heading of their section; empty for facts and prose.
    pub title: String,
    /// The lines.
    pub lines: Vec<LineView>,
}

/// One changed line.
#[derive(Debug, Serialize)]
pub struct LineView {
    /// What happened, such as "reworded"; may be empty.
    pub what: String,
    /// The line as HTML, with `<del>` and `<ins>`.
    pub html: String,
    /// On the page of the whole handbook, the roles that it reached.
    pub roles: Vec<LinkView>,
    /// How many more roles it reached.
    pub more: usize,
}

/// The page that tells of the whole handbook.
#[derive(Debug, Serialize)]
pub struct ChangesPage {
    /// The frame, which templates see as `page` and `site`.
    #[serde(skip)]
    pub frame: Frame,
    /// What changed, newest first.
    pub moments: Vec<MomentView>,
    /// Whether there are older changes.
    pub more: bool,
    /// The day at which the record begins.
    pub since: DateView,
    /// The feed, where there is one.
    pub feed: Option<String>,
}

/// One change of the handbook.
#[derive(Debug, Serialize)]
pub struct MomentView {
    /// Its anchor.
    pub anchor: String,
    /// The day.
    pub date: DateView,
    /// What changed, by section.
    pub parts: Vec<PartView>,
    /// How many lines more there were.
    pub more: usize,
}

/// What changed in a role, where that is known; of a composition (`alone` is no), where to read of it.
pub fn of_role(page: &Page<'_>, role: RoleId, alone: bool) -> Option<HistoryView> {
    let history = page.site.history.as_ref()?;
    let found = find(page, history, role)?;
    let view = HistoryView { entries: Vec::new(), more: found.more, since: None, all: page.href(PAGE), role: None };
    if !alone {
        return Some(HistoryView { role: Some(page.role_link(role)), ..view });
    }
    let entries = found.entries.iter().map(|entry| entry_view(page, entry)).collect();
    Some(HistoryView { entries, since: (found.is_oldest && !found.more).then(|| day(page, history.since)), ..view })
}

/// The history of a role, by its id or by one that it had.
fn find<'h>(page: &Page<'_>, history: &'h Arc<History>, role: RoleId) -> Option<&'h RoleHistory> {
    let handbook = page.handbook();
    let family = &handbook.families[handbook.roles[role].family].id;
    let old = handbook.role_front(role).aliases.iter().map(|alias| format!("{family}/{}", alias.text));
    history.of(&handbook.role_id(role), old)
}

/// The page that tells of the whole handbook.
pub fn all(page: &Page<'_>, history: &History) -> ChangesPage {
    let strings = &page.handbook().config.strings;
    let frame = frame(page, strings.get(const { text("changes_page") }), strings.get(const { text("changes_lead") }), 0, None);
    ChangesPage {
        frame,
        moments: history.moments.iter().map(|moment| moment_view(page, history, moment, &|file| page.href(file))).collect(),
        more: history.more,
        since: day(page, history.since),
        feed: page.site.base_url.as_ref().map(|_| page.href(FEED)),
    }
}

/// One change of the handbook; `address` says where a file of the output is, as seen from the reader.
pub fn moment_view(page: &Page<'_>, history: &History, moment: &Moment, address: &dyn Fn(&str) -> String) -> MomentView {
    let mut parts: Vec<PartView> = Vec::new();
    for edit in &moment.edits {
        let roles = edit.roles.iter().map(|number| then_role(page, &history.roles[*number], address)).collect();
        let (title, line) = line(page, &edit.change);
        push(&mut parts, title, LineView { roles, more: edit.more, ..line });
    }
    MomentView { anchor: anchor(moment), date: day(page, moment.time), parts, more: moment.more }
}

/// The anchor of a change: the beginning of the commit's id.
pub fn anchor(moment: &Moment) -> String {
    format!("c-{}", moment.commit.get(..12).unwrap_or(&moment.commit))
}

fn entry_view(page: &Page<'_>, entry: &Entry) -> EntryView {
    let mut parts: Vec<PartView> = Vec::new();
    for change in &entry.changes {
        let (title, line) = line(page, change);
        push(&mut parts, title, line);
    }
    let through = entry.through.iter().map(|source| source_link(page, source)).collect();
    EntryView { date: day(page, entry.time), parts, more: entry.more, through }
}

fn push(parts: &mut Vec<PartView>, title: String, line: LineView) {
    match parts.last_mut().filter(|part| part.title == title) {
        Some(part) => part.lines.push(line),
        None => parts.push(PartView { title, lines: vec![line] }),
    }
}

fn day(page: &Page<'_>, time: u64) -> DateView {
    let iso = date::of_seconds(time).to_string();
    DateView { text: page.handbook().config.strings.date(&iso), iso }
}

/// A role by its title then, with where it is told of now.
fn then_role(page: &Page<'_>, role: &RoleHistory, address: &dyn Fn(&str) -> String) -> LinkView {
    let now = role_now(page, &role.id);
    LinkView { title: role.title.clone(), href: now.and_then(|now| page.site.role_file(now)).map(|file| address(&file)) }
}

/// The role that has an id now.
fn role_now(page: &Page<'_>, id: &str) -> Option<RoleId> {
    let handbook = page.handbook();
    let (family, role) = id.rsplit_once('/')?;
    let family = handbook.families.iter().position(|f| f.id == family)?;
    handbook.roles_of(family).find(|r| handbook.role_front(*r).id == role)
}

fn source_link(page: &Page<'_>, source: &Source) -> LinkView {
    let handbook = page.handbook();
    let Source { id, title, kind } = source;
    match kind {
        SourceKind::Role => {
            let href = role_now(page, id).and_then(|role| page.site.role_file(role)).map(|file| page.href(&file));
            LinkView { title: title.clone(), href }
        }
        SourceKind::Family => {
            let family = handbook.families.iter().position(|f| f.id == *id);
            let title = handbook.config.strings.with(const { text("all_of") }, &[title]);
            LinkView { title, href: family.and_then(|family| page.family_link(family).href) }
        }
        SourceKind::Other => LinkView { title: title.clone(), href: None },
    }
}

/// A change as a line, with the heading of the section that it belongs to.
fn line(page: &Page<'_>, change: &Change) -> (String, LineView) {
    let strings = &page.handbook().config.strings;
    let plain = |words: &str| LineView { what: String::new(), html: escaped(words), roles: Vec::new(), more: 0 };
    let none = String::new;
    match change {
        Change::New => (none(), plain(strings.get(const { text("role_is_new") }))),
        Change::Gone => (none(), plain(strings.get(const { text("role_is_gone") }))),
        Change::Renamed { was } if was.is_empty() => (none(), plain(strings.get(const { text("new_address") }))),
        Change::Renamed { was } => (none(), plain(&strings.with(const { text("old_address") }, &[was]))),
        Change::Fact { fact, before, after } => {
            (none(), LineView { what: fact_name(page, *fact).to_owned(), ..plain("") }.with(fact_html(page, *fact, before, after)))
        }
        Change::Prose { heading, kind, before, after } => {
            let heading = if heading == "Overview" { strings.get(const { text("overview") }) } else { heading.as_str() };
            let what = kind_word(page, *kind).to_owned();
            match item_html(before.as_ref(), after.as_ref()) {
                words if words.is_empty() => (none(), LineView { what, ..plain(heading) }),
                words => (heading.to_owned(), LineView { what, ..plain("") }.with(words)),
            }
        }
        Change::Item { section, kind, before, after } => {
            let html = item_html(before.as_ref(), after.as_ref());
            (section.clone(), LineView { what: kind_word(page, *kind).to_owned(), ..plain("") }.with(html))
        }
    }
}

impl LineView {
    fn with(self, html: String) -> LineView {
        LineView { html, ..self }
    }
}

fn kind_word<'p>(page: &Page<'p>, kind: Kind) -> &'p str {
    let word: Text = match kind {
        Kind::New => const { text("new") },
        Kind::Gone => const { text("gone") },
        Kind::Reworded => const { text("reworded") },
        Kind::Replaced => const { text("replaced") },
    };
    page.handbook().config.strings.get(word)
}

fn fact_name<'p>(page: &Page<'p>, fact: Fact) -> &'p str {
    let name: Text = match fact {
        Fact::Title => const { text("title") },
        Fact::Grade => const { text("grade") },
        Fact::Level => const { text("level") },
        Fact::Track => const { text("track") },
        Fact::Status => const { text("status") },
        Fact::Extends => const { text("extends") },
        Fact::ReportsTo => const { text("reports_to") },
        Fact::Next => const { text("next") },
    };
    page.handbook().config.strings.get(name)
}

/// What a fact was, struck out, and what it is.
fn fact_html(page: &Page<'_>, fact: Fact, before: &[String], after: &[String]) -> String {
    let strings = &page.handbook().config.strings;
    let word = |value: &String| match (fact, value.as_str()) {
        (Fact::Status, "active") => strings.get(const { text("active") }).to_owned(),
        (Fact::Status, "draft") => strings.get(const { text("draft") }).to_owned(),
        (Fact::Status, "deprecated") => strings.get(const { text("deprecated") }).to_owned(),
        _ => value.clone(),
    };
    let between =
        if fact == Fact::Grade { format!(" {} ", strings.get(const { text("or") })) } else { strings.get(const { text("comma") }).to_owned() };
    let shown = |values: &[String]| match values {
        [] => escaped(strings.get(const { text("no_grade") })),
        values => escaped(&values.iter().map(word).collect::<Vec<_>>().join(&between)),
    };
    format!("<del>{}</del> <ins>{}</ins>", shown(before), shown(after))
}

/// An item as HTML: one that went struck out, of one that changed the words that went and those that came.
fn item_html(before: Option<&Words>, after: Option<&Words>) -> String {
    match (before, after) {
        (Some(before), Some(after)) if before.label == after.label && before.text != after.text => {
            let marked = differences::html(&before.text, &after.text);
            let marked = marked.unwrap_or_else(|| format!("<del>{}</del> <ins>{}</ins>", escaped(&before.text), escaped(&after.text)));
            labelled(after.label.as_deref(), &marked)
        }
        (Some(before), Some(after)) => format!("<del>{}</del> <ins>{}</ins>", whole(before), whole(after)),
        (Some(before), None) => format!("<del>{}</del>", whole(before)),
        (None, Some(after)) => whole(after),
        (None, None) => String::new(),
    }
}

fn whole(words: &Words) -> String {
    labelled(words.label.as_deref(), &escaped(&words.text))
}

fn labelled(label: Option<&str>, html: &str) -> String {
    match label {
        Some(label) if html.is_empty() => format!("<strong>{}</strong>", escaped(label)),
        Some(label) => format!("<strong>{}</strong> {html}", escaped(label)),
        None => html.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(text, &mut out);
    out
}
