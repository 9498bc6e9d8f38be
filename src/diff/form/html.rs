//! A diff as a page in the site's theme, before and after side by side, in one file.

use serde::Serialize;

use super::{Row, edits, effect, headline, left_out, notes, prose_edits, touched};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::diff::effect::{Diff, Kind, RoleChange, Wording};
use crate::diff::words::{Mark, pieces};
use crate::render::theme::Theme;
use crate::render::url::absolute;
use crate::source::SourceTree;

/// What `diff.html` sees.
#[derive(Debug, Serialize)]
pub struct DiffPage {
    /// Language of the page.
    pub lang: String,
    /// Title of the site.
    pub site: String,
    /// The style sheet of the site.
    pub style: String,
    /// The revision before.
    pub base: String,
    /// The revision after.
    pub head: String,
    /// What happened on the whole.
    pub headline: String,
    /// Sentences behind it.
    pub notes: Vec<String>,
    /// The roles that changed.
    pub roles: Vec<RoleRow>,
    /// What is said of roles that are left out of the table.
    pub left_out: Option<String>,
    /// The edits.
    pub edits: Vec<EditView>,
    /// Changed prose.
    pub prose: Vec<ProseView>,
    /// Addresses that would lead nowhere.
    pub dead: Vec<DeadView>,
    /// Whom it touches.
    pub owners: Vec<String>,
    /// Roles that could not be compared.
    pub unresolved: Vec<String>,
}

/// A row of the table of roles.
#[derive(Debug, Serialize)]
pub struct RoleRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its page in the preview.
    pub href: Option<String>,
    /// What the change means.
    pub effect: &'static str,
    /// What changes, in a few words.
    pub brief: String,
    /// The nodes whose edit reaches it.
    pub through: Vec<String>,
    /// How many of its compositions change as it does.
    pub compositions: usize,
}

/// An edit with the roles that it reaches.
#[derive(Debug, Serialize)]
pub struct EditView {
    /// Title of the section.
    pub section: String,
    /// What happened.
    pub kind: &'static str,
    /// What it means.
    pub class: &'static str,
    /// Where the item went or came from.
    pub note: Option<String>,
    /// The words before.
    pub before: Vec<PieceView>,
    /// The words after.
    pub after: Vec<PieceView>,
    /// Where they are written.
    pub place: String,
    /// The roles that it reaches.
    pub roles: Vec<ReachedView>,
    /// The compositions that it reaches.
    pub compositions: Vec<ReachedView>,
}

/// A role that an edit reaches.
#[derive(Debug, Serialize)]
pub struct ReachedView {
    /// Its title.
    pub title: String,
    /// Its page in the preview.
    pub href: Option<String>,
}

/// Changed prose with the roles that show it.
#[derive(Debug, Serialize)]
pub struct ProseView {
    /// The heading.
    pub heading: String,
    /// The roles that show it.
    pub roles: Vec<ReachedView>,
    /// The compositions that show it.
    pub compositions: Vec<ReachedView>,
    /// The words before.
    pub before: Vec<PieceView>,
    /// The words after.
    pub after: Vec<PieceView>,
}

/// An address that would lead nowhere.
#[derive(Debug, Serialize)]
pub struct DeadView {
    /// The address.
    pub address: String,
    /// What stood there is now this.
    pub now: Option<String>,
    /// What to write.
    pub help: String,
}

/// Words, marked or not.
#[derive(Debug, Serialize)]
pub struct PieceView {
    /// Whether they are on this side only.
    pub marked: bool,
    /// The words.
    pub text: String,
}

/// The page. Templates and style of the head's tree stand in for the built-in ones.
pub fn write(diff: &Diff, head: &Head<'_>, preview: Option<&str>) -> Result<String, Vec<Diagnostic>> {
    let theme = Theme::of(head.tree, &head.config.strings)?;
    let view = view(diff, head, preview);
    theme.alone("diff.html", &view, head.tree).map_err(|fault| vec![*fault])
}

/// What the page needs of the site after the change.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// Its files.
    pub tree: &'a SourceTree,
    /// Its settings.
    pub config: &'a Config,
}

fn view(diff: &Diff, head: &Head<'_>, preview: Option<&str>) -> DiffPage {
    let href = |page: &Option<String>| preview.zip(page.as_ref()).map(|(base, page)| format!("{}index.html", absolute(base, page)));
    let (rows, without) = super::table(diff);
    let roles = rows.into_iter().map(|Row { role, compositions }| RoleRow {
        id: role.id.clone(),
        title: role.title.clone(),
        href: href(&role.page),
        effect: effect(role),
        brief: super::brief(role),
        through: role.through.clone(),
        compositions,
    });
    let reached = |roles: &[&RoleChange], composed: bool| {
        let roles = roles.iter().filter(|r| r.is_composition == composed);
        roles.map(|r| ReachedView { title: r.title.clone(), href: href(&r.page) }).collect::<Vec<_>>()
    };
    let edits = edits(diff).into_iter().map(|edit| {
        let (before, after) = sides(edit.item.kind, edit.item.before.as_ref(), edit.item.after.as_ref());
        EditView {
            section: edit.section.title.clone(),
            kind: edit.item.kind.word(),
            class: edit.item.class.words(),
            note: edit.note(),
            before,
            after,
            place: edit.place(20),
            roles: reached(&edit.roles, false),
            compositions: reached(&edit.roles, true),
        }
    });
    let prose = prose_edits(diff).into_iter().map(|edit| {
        let (before, after) = split(&edit.change.before, &edit.change.after);
        ProseView { heading: edit.change.name.clone(), before, after, roles: reached(&edit.roles, false), compositions: reached(&edit.roles, true) }
    });
    let owner = |o: &crate::diff::effect::Owner| {
        let edited = if o.is_edited { "" } else { ", in files that this does not edit" };
        format!("{} ({}{edited})", o.name, touched(o))
    };
    DiffPage {
        lang: head.config.lang.to_owned(),
        site: head.config.title.to_owned(),
        style: crate::render::theme::style(head.tree),
        base: diff.base.clone(),
        head: diff.head.clone(),
        headline: headline(diff),
        notes: notes(diff),
        roles: roles.collect(),
        left_out: (without > 0).then(|| left_out(without)),
        edits: edits.collect(),
        prose: prose.collect(),
        dead: diff
            .dead
            .iter()
            .map(|d| DeadView { address: d.address.clone(), now: d.now.clone(), help: d.remedy.sentence().replace('`', "") })
            .collect(),
        owners: diff.owners.iter().map(owner).collect(),
        unresolved: diff.unresolved.clone(),
    }
}

fn sides(kind: Kind, before: Option<&Wording>, after: Option<&Wording>) -> (Vec<PieceView>, Vec<PieceView>) {
    let whole = |w: Option<&Wording>, marked: bool| w.map(|w| PieceView { marked, text: w.whole() }).into_iter().collect();
    match (before, after) {
        (Some(b), Some(a)) if kind != Kind::Moved && b.whole() == a.whole() => split(&b.markdown, &a.markdown),
        (Some(b), Some(a)) if kind != Kind::Moved => split(&b.whole(), &a.whole()),
        _ => (whole(before, kind == Kind::Removed), whole(after, kind == Kind::Added)),
    }
}

fn split(before: &str, after: &str) -> (Vec<PieceView>, Vec<PieceView>) {
    let pieces = pieces(before, after);
    let side = |own: Mark| {
        let shown = pieces.iter().filter(move |p| p.mark == Mark::Same || p.mark == own);
        shown.map(|p| PieceView { marked: p.mark != Mark::Same, text: p.text.clone() }).collect()
    };
    (side(Mark::Gone), side(Mark::New))
}
