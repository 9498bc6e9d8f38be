//! Titles, levels and ids of roles: bare levels are completed, each role of a page gets a title and an id of its own.

use std::collections::{HashMap, HashSet};

use crate::ident;
use crate::import::outline::{Draft, PartKind, Role};
use crate::import::recognise::headings::{self, Head, Shape};
use crate::import::recognise::{grades, names};

/// The title of a page without the words that say that it is a page: `Widgets - Roles & Responsibilities`.
pub fn of_page(title: &str) -> String {
    let mut title = title.trim();
    let tails = [
        " - roles & responsibilities",
        " roles & responsibilities",
        " - job family",
        " job family",
        " - job role",
        " roles",
        " - roles",
        " job role",
        " team",
    ];
    loop {
        let lower = title.to_lowercase();
        match tails.iter().find(|t| lower.ends_with(**t)) {
            Some(tail) if title.len() > tail.len() => title = title[..title.len() - tail.len()].trim_end_matches([' ', '-', ',', ':']),
            _ => return title.to_owned(),
        }
    }
}

/// Completes titles that say only a level.
pub fn complete(draft: &mut Draft, heads: &[Head]) {
    let page = of_page(&draft.page.title.0);
    for i in 0..draft.roles.len() {
        let written = draft.roles[i].title.trim().to_owned();
        let title = if names::is_bare_level(&written) || names::is_generic(&written) { longer(draft, heads, i, &page) } else { None };
        draft.roles[i].title = title.unwrap_or(written);
    }
}

/// Takes levels out of titles, and gives each role a title and an id of its own.
pub fn finish(draft: &mut Draft) {
    for role in &mut draft.roles {
        (role.title, role.level) = apart(&role.title);
        // Senior Manager is a step of its own, not the senior level of something.
        let second = names::words(&role.title).get(1).cloned().unwrap_or_default();
        let is_code = role.level.as_deref().is_some_and(|level| level.contains(|c: char| c.is_ascii_digit()));
        if !is_code && ["manager", "director", "vice", "president"].contains(&second.as_str()) {
            role.level = None;
        }
    }
    make_unique(draft);
    give_ids(draft);
}

/// A longer form of a title that says only a level: from its sections' headings, a sentence about it, or the page.
fn longer(draft: &Draft, heads: &[Head], role: usize, page: &str) -> Option<String> {
    let written = &draft.roles[role].title;
    let at = draft.roles[role].heading?;
    let words = names::words(written);
    let holds = |name: &str| {
        let name = names::words(name);
        name.len() > words.len() && words.iter().all(|w| name.contains(w))
    };
    let own_end = heads[at + 1..].iter().position(|h| !matches!(h.shape, Shape::Section(_) | Shape::Named(..))).map_or(heads.len(), |n| at + 1 + n);
    for head in &heads[at + 1..own_end] {
        if let Shape::Named(name, _) = &head.shape
            && holds(name)
        {
            return Some(name.clone());
        }
    }
    let end = heads.get(own_end).map_or(draft.page.parts.len(), |h| h.part);
    for part in draft.page.parts[heads[at].part + 1..end].iter().filter(|p| !matches!(p.kind, PartKind::Heading(_))) {
        for sentence in grades::sentences(&part.text) {
            let named = grades::subject(sentence).or_else(|| {
                let (before, _) = sentence.split_once(" reports to ")?;
                Some(before.trim().trim_start_matches("The ").to_owned())
            });
            if let Some(named) = named.filter(|n| holds(n) && n.len() < 80) {
                // "Senior Analysts are at grade 8" speaks of each of them.
                let are = sentence.split_once(named.as_str()).is_some_and(|(_, rest)| rest.trim_start_matches(')').trim_start().starts_with("are "));
                return Some(if are { one_of(&named) } else { named });
            }
        }
    }
    let page_words = names::words(page);
    if words.len() < page_words.len() && words.iter().all(|w| page_words.contains(w)) {
        return Some(page.to_owned());
    }
    let level = names::level_of(written).filter(|_| names::is_bare_level(written))?;
    let core = page.strip_prefix("Senior ").or_else(|| page.strip_prefix("Staff ")).unwrap_or(page);
    let core = singular(core);
    Some(if level == "Intermediate" { format!("{core} (Intermediate)") } else { format!("{level} {core}") })
}

/// The title of one of those that a name in the plural means: `Senior Analyst` of `Senior Analysts`, `Director of Sales` of `Directors of Sales`.
fn one_of(named: &str) -> String {
    let is_plural = |word: &str| word.strip_suffix('s').is_some_and(|one| names::is_noun(&one.to_lowercase()));
    let head = named.find([',', '(']).into_iter().chain(named.find(" of ")).min().unwrap_or(named.len());
    let (head, rest) = (named[..head].trim_end(), &named[named[..head].trim_end().len()..]);
    let last = head.rsplit(' ').next().unwrap_or("");
    if is_plural(last) { format!("{}{rest}", &head[..head.len() - 1]) } else { named.to_owned() }
}

fn singular(title: &str) -> String {
    let ends = ["Engineers", "Managers", "Analysts", "Specialists", "Designers", "Writers", "Directors"];
    if ends.iter().any(|e| title.ends_with(e)) { title[..title.len() - 1].to_owned() } else { title.to_owned() }
}

/// Title and level: `Analyst (Intermediate)` and `Intermediate Analyst` are the title `Analyst` at a level.
fn apart(title: &str) -> (String, Option<String>) {
    let level = names::level_of(title);
    let Some(level) = level else { return (title.to_owned(), None) };
    let marked = format!("({level})");
    if title.trim_end().ends_with(&marked) {
        return (title.trim_end()[..title.trim_end().len() - marked.len()].trim_end().to_owned(), Some(level));
    }
    if level == "Intermediate"
        && let Some(rest) = title.strip_prefix("Intermediate ")
    {
        return (rest.trim().to_owned(), Some(level));
    }
    (title.to_owned(), Some(level))
}

/// Two roles of one title differ by their level, else by the heading, at last by a number.
fn make_unique(draft: &mut Draft) {
    let mut by_title: HashMap<String, usize> = HashMap::new();
    draft.roles.iter().for_each(|r| *by_title.entry(ident::loose(&r.title)).or_default() += 1);
    let mut taken: HashSet<String> = HashSet::new();
    for role in &mut draft.roles {
        let written = ident::loose(&role.title);
        if by_title[&written] > 1 {
            if let Some(level) = role.level.clone().filter(|l| names::level_of(&role.title).as_ref() != Some(l)) {
                role.title = format!("{} ({level})", role.title);
            }
            let base = role.title.clone();
            let mut n = 1;
            while taken.contains(&ident::fold(&role.title)) {
                n += 1;
                role.title = format!("{base} ({n})");
            }
            // The next of that title has one rival less.
            let new = ident::loose(&role.title);
            if new != written {
                by_title.entry(written).and_modify(|n| *n -= 1);
                *by_title.entry(new).or_default() += 1;
            }
        }
        taken.insert(ident::fold(&role.title));
    }
    // A level that two roles share names neither.
    let mut by_level: HashMap<String, usize> = HashMap::new();
    let level = |role: &Role| role.level.as_deref().map(str::to_lowercase);
    draft.roles.iter().filter_map(level).for_each(|l| *by_level.entry(l).or_default() += 1);
    for role in &mut draft.roles {
        if level(role).is_some_and(|l| by_level[&l] > 1) {
            role.level = None;
        }
    }
}

/// Ids are the anchors that the old page had for the same headings, so that old links still lead there.
fn give_ids(draft: &mut Draft) {
    let mut taken: HashSet<String> = ["ic", "management"].map(str::to_owned).into();
    let mut take = |wanted: &str| {
        let mut id: String = wanted.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
        while id.contains("--") {
            id = id.replace("--", "-");
        }
        let base = id.trim_matches('-').chars().take(58).collect::<String>();
        let base = if base.is_empty() { "role".to_owned() } else { base.trim_end_matches('-').to_owned() };
        let mut id = base.clone();
        let mut n = 1;
        while !taken.insert(id.clone()) {
            n += 1;
            id = format!("{base}-{n}");
        }
        id
    };
    for role in &mut draft.roles {
        let text = role.heading.map_or(role.title.as_str(), |h| draft.headings[h].text.as_str());
        role.id = take(&ident::heading_anchor(text));
    }
    for specialty in &mut draft.specialties {
        let written = &draft.headings[specialty.heading].text;
        let text = if headings::apart(written).0 == specialty.title { written } else { &specialty.title };
        specialty.id = take(&ident::heading_anchor(text));
    }
}
