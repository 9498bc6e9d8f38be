//! A shared block in, its lines for the search out: once, and not on every page that has it. An item that roles inherit leads
//! to its page in the index of items, what is shown on pages to the first of them.

use std::collections::HashSet;

use super::lines::{Lines, Somewhere};
use crate::model::RoleId;
use crate::render::Site;
use crate::render::view::requirements::{block_title, having};
use crate::render::view::{BlockView, ProseView, role};
use crate::resolve::{Effective, ItemRef, compose};

/// The id of a block in one of its uses.
pub fn id(site: &Site<'_>, number: usize) -> String {
    let shared = &site.handbook.shared[number];
    format!("_shared/{}-{}", site.handbook.config.shared[shared.entry].block, shared.entry + 1)
}

/// Its id, and of one that is shown on pages its title and where it is read.
pub fn entry(site: &Site<'_>, number: usize) -> (String, String, String) {
    let shared = &site.handbook.shared[number];
    let config = &site.handbook.config.shared[shared.entry];
    let page = first(site, number).filter(|_| !config.base).and_then(|(role, specialty)| page_of(site, role, specialty));
    let Some(page) = page else { return (id(site, number), String::new(), String::new()) };
    (id(site, number), block_title(site, shared.document, &config.block), format!("{page}#{}", config.block))
}

/// Its lines; none of one that nobody has, or that was read in an earlier use.
pub fn lines(site: &Site<'_>, number: usize) -> Option<Lines> {
    let shared = &site.handbook.shared[number];
    let (role, specialty) = first(site, number)?;
    let config = &site.handbook.config.shared[shared.entry];
    if config.base {
        return Some(Lines::of_somewhere(&id(site, number), &inherited(site, shared.document)));
    }
    let composed = specialty.map(|s| compose(site.handbook, role, &site.resolution.roles[role], s));
    let effective = composed.as_ref().unwrap_or(&site.resolution.roles[role]);
    let page = page_of(site, role, specialty)?;
    let words = site.words();
    let view = role::view(&mut site.page(&words, format!("{page}/index.html")), role, specialty, effective);
    let all = [view.blocks.before_levels, view.blocks.before_specialties, view.blocks.end].into_iter().flatten();
    let block = all.into_iter().find(|b| b.name == config.block)?;
    Some(Lines::of_somewhere(&id(site, number), &shown(&block, &page)))
}

/// The first role that has it, unless the block was read in an earlier use.
fn first(site: &Site<'_>, number: usize) -> Option<(RoleId, Option<usize>)> {
    let shared = &site.handbook.shared;
    let of = |number: usize| having(site, &site.handbook.config.shared[shared[number].entry]).next();
    let read = (0..number).any(|earlier| shared[earlier].document == shared[number].document && of(earlier).is_some());
    if read { None } else { of(number) }
}

/// Id of the page of a role: where it has none, of its family's.
fn page_of(site: &Site<'_>, role: RoleId, specialty: Option<usize>) -> Option<String> {
    let own = specialty.map_or_else(|| site.role_page(role), |s| site.composition_page(role, s));
    let file = own.or_else(|| site.role_file(role))?;
    let page = file.split('#').next().unwrap_or(&file);
    Some(page.strip_suffix("/index.html").unwrap_or(page).to_owned())
}

/// The items of the block, each as the first role has it that still does, in whatever use of the block.
fn inherited(site: &Site<'_>, document: usize) -> Vec<Somewhere> {
    let handbook = site.handbook;
    let uses = handbook.shared.iter().map(|s| (s.document, &handbook.config.shared[s.entry])).filter(|(of, entry)| *of == document && entry.base);
    let written = handbook.documents[document].items.iter().filter(|item| !item.removes).count();
    let mut found = Vec::with_capacity(written);
    let mut seen = HashSet::new();
    for (role, specialty) in uses.flat_map(|(_, entry)| having(site, entry)) {
        if seen.len() == written {
            break;
        }
        let alone = &site.resolution.roles[role];
        let composed = specialty.map(|s| compose(handbook, role, alone, s));
        let new = had(site, document, (role, specialty), composed.as_ref().unwrap_or(alone), &mut seen);
        found.extend(new);
    }
    found
}

/// Those of its items that a role has and nobody had before.
fn had(
    site: &Site<'_>,
    document: usize,
    (role, specialty): (RoleId, Option<usize>),
    effective: &Effective,
    seen: &mut HashSet<ItemRef>,
) -> Vec<Somewhere> {
    let handbook = site.handbook;
    let words = site.words();
    let page = page_of(site, role, specialty).unwrap_or_default();
    let of_block = effective.sections.iter().flat_map(|section| section.items.iter().map(move |item| (section.section, item.item)));
    of_block
        .filter(|(_, item)| item.document as usize == document && seen.insert(*item))
        .map(|(section, item)| {
            let config = &handbook.config.sections[section];
            let (_, written) = handbook.item(item);
            let on_page = |key: &str| format!("{page}#{}.{key}", config.id);
            let in_index = |key: &str| handbook.config.requirements.then(|| site.requirements().page_of_item(&config.id, key)).flatten();
            let at = written.key().map_or_else(|| page.clone(), |key| in_index(key).unwrap_or_else(|| on_page(key)));
            Somewhere { place: config.title.clone(), at, is_item: true, html: words.item(item, Some(role), "index.html") }
        })
        .collect()
}

/// The paragraphs of a block on a page.
fn shown(block: &BlockView, page: &str) -> Vec<Somewhere> {
    let at = format!("{page}#{}", block.anchor);
    let place = |piece: &ProseView| piece.heading.clone().unwrap_or_default();
    block.prose.iter().map(|piece| Somewhere { place: place(piece), at: at.clone(), is_item: false, html: piece.html.clone() }).collect()
}
