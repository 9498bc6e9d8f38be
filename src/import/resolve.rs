//! Phrases and links of old pages in, roles and families of the new ones out, each with the step by which it was found.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::outline::Draft;
use super::recognise::{grades, names};
use crate::ident;
use crate::links::{joined, relative};

/// Titles of roles in comparable form.
pub type Titles = HashSet<String>;

/// The names of all pages that are imported.
pub struct Directory {
    families: Vec<Entry>,
    /// The titles of all roles.
    pub titles: Titles,
    /// Families by old address in comparable form.
    by_address: HashMap<String, usize>,
    /// What old addresses begin with on the old site: `/job-families/`.
    pub prefix: String,
}

struct Entry {
    id: String,
    /// Path of its file below `content/`.
    file: String,
    /// Its old address.
    address: String,
    titles: Vec<RoleNames>,
    /// Titles of headings that count for all levels of the family.
    general: Vec<String>,
}

struct RoleNames {
    id: String,
    title: String,
    /// The title and the text of its heading without case.
    folded: [String; 2],
    /// The words of the title.
    words: Vec<String>,
    level: Option<String>,
    ordered: String,
    /// Its words in the order of the alphabet.
    bag: Vec<String>,
    /// Other names by which its own text calls it, in comparable form.
    called: Vec<String>,
}

/// What a phrase means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A role: number of its draft, number in it.
    Role(usize, usize),
    /// What counts for all roles of the own family.
    General,
}

/// How a target was found, and how sure that is in percent; 100 is a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// In words.
    pub how: &'static str,
    /// Percent.
    pub sure: u8,
}

const FACT: u8 = 100;
const ITSELF: &str = "it names the role itself";

impl Directory {
    /// The directory of the pages.
    pub fn of(drafts: &[Draft]) -> Self {
        let entry = |draft: &Draft| Entry {
            id: draft.id().split('/').map(ident::file_slug).collect::<Vec<_>>().join("/"),
            file: draft.page.target.clone(),
            address: draft.page.old_address.clone(),
            titles: draft
                .roles
                .iter()
                .map(|r| RoleNames {
                    id: r.id.clone(),
                    title: r.title.clone(),
                    folded: [ident::fold(&r.title), ident::fold(r.heading.map_or(&r.title, |h| draft.headings[h].text.trim()))],
                    words: names::words(&r.title),
                    level: r.level.as_deref().map(str::to_lowercase),
                    ordered: names::ordered(&r.title),
                    bag: bag(&names::ordered(&r.title)),
                    called: Vec::new(),
                })
                .collect(),
            general: general_titles(draft),
        };
        let entry = |draft: &Draft| {
            let mut entry = entry(draft);
            call(draft, &mut entry.titles);
            entry
        };
        let by_address: HashMap<String, usize> = drafts.iter().enumerate().map(|(i, d)| (key(&d.page.old_address), i)).collect();
        let prefix = prefix(drafts, &by_address);
        let families: Vec<Entry> = drafts.iter().map(entry).collect();
        let of_role = |role: &RoleNames| {
            // A level that is a code names a role as a title does; "senior" may stand for much else.
            let code = role.level.clone().filter(|l| l.contains(|c: char| c.is_ascii_digit()));
            std::iter::once(role.ordered.clone()).chain(code)
        };
        let titles = families.iter().flat_map(|f| &f.titles).flat_map(of_role).collect();
        Directory { families, titles, by_address, prefix }
    }

    /// The page that an address leads to, and its anchor.
    pub fn page(&self, from: usize, address: &str) -> Option<(usize, Option<String>)> {
        let address = address.trim();
        let (path, anchor) = address.split_once('#').map_or((address, None), |(p, a)| (p, Some(a.to_owned())));
        if path.is_empty() {
            return Some((from, anchor));
        }
        let path = without_host(path);
        let page = match path.strip_prefix('/') {
            Some(_) => {
                let path = path.strip_prefix(self.prefix.as_str()).or_else(|| path.strip_prefix(self.prefix.trim_end_matches('/')));
                self.by_address.get(&key(path?))
            }
            None if path.contains(':') => None,
            // As seen from the file, or from the address that it had.
            None => {
                let page = &self.families[from];
                let folder = page.file.rsplit_once('/').map_or("", |(folder, _)| folder);
                let found = |base: &str| self.by_address.get(&key(&joined(base, path)));
                found(folder).or_else(|| found(&page.address))
            }
        };
        Some((*page?, anchor))
    }

    /// A relative address that leads to an imported page, as seen from the new file of another.
    pub fn relative(&self, from: usize, address: &str) -> Option<String> {
        if address.starts_with(['/', '#']) || address.contains(':') {
            return None;
        }
        let (page, anchor) = self.page(from, address)?;
        let folder = self.families[from].file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = relative(folder, &self.families[page].file);
        Some(anchor.map_or(path.clone(), |anchor| format!("{path}#{anchor}")))
    }

    /// A role by what is said of it: a phrase, and the address of the link on it.
    pub fn role(&self, from: usize, own: Option<usize>, phrase: &str, address: Option<&str>) -> Result<(Target, Step), String> {
        let Some(address) = address else { return self.by_phrase(from, own, phrase) };
        let Some((page, anchor)) = self.page(from, address) else {
            return Err(format!("the link leads to {address}, which is not among the imported pages"));
        };
        let by_anchor = anchor.as_deref().and_then(|a| self.by_anchor(page, a));
        let by_words = if page == from { self.by_phrase(from, own, phrase).ok() } else { self.in_family(page, None, phrase)? };
        match (by_anchor, by_words) {
            (Some(role), Some((Target::Role(p, r), step))) if (p, r) != (page, role) && step.sure == FACT => {
                let step = Step { how: "by its words; the link's anchor leads to another role", sure: 70 };
                Ok((Target::Role(p, r), step))
            }
            (Some(role), _) if page == from && own == Some(role) => Err(ITSELF.to_owned()),
            (Some(role), None) if names::may_be_title(phrase) && names::likeness(&self.families[page].titles[role].title, phrase) < 0.5 => {
                Ok((Target::Role(page, role), Step { how: "by the link's anchor; its words are others", sure: 80 }))
            }
            (Some(role), _) => Ok((Target::Role(page, role), Step { how: "by the link's anchor", sure: FACT })),
            (None, Some(found)) => Ok(found),
            (None, None) => match self.families[page].titles.as_slice() {
                [only] if page != from && anchor.is_none() && names::likeness(&only.title, phrase) >= 0.8 => {
                    Ok((Target::Role(page, 0), Step { how: "by likeness to the only role of the link's page", sure: 90 }))
                }
                _ if page == from => self.by_phrase(from, own, phrase),
                _ => Err(format!("the page {} has no role `{phrase}`", self.families[page].id)),
            },
        }
    }

    fn by_anchor(&self, page: usize, anchor: &str) -> Option<usize> {
        let wanted = loose_anchor(anchor);
        let titles = &self.families[page].titles;
        titles
            .iter()
            .position(|t| t.id == anchor)
            .or_else(|| titles.iter().position(|t| loose_anchor(&t.id) == wanted || loose_anchor(&ident::heading_anchor(&t.title)) == wanted))
    }

    fn by_phrase(&self, from: usize, own: Option<usize>, phrase: &str) -> Result<(Target, Step), String> {
        if let Some(found) = self.in_family(from, own, phrase)? {
            return Ok(found);
        }
        let department = parent(&self.families[from].id);
        let near: Vec<usize> = (0..self.families.len()).filter(|f| *f != from && parent(&self.families[*f].id) == department).collect();
        let mut exact: Vec<(usize, usize)> = Vec::new();
        let wanted = names::ordered(phrase);
        let wanted_bag = bag(&wanted);
        for family in &near {
            let hits = self.families[*family].titles.iter().enumerate().filter(|(_, t)| t.ordered == wanted || t.bag == wanted_bag);
            exact.extend(hits.map(|(role, _)| (*family, role)));
        }
        match exact.as_slice() {
            [(family, role)] => return Ok((Target::Role(*family, *role), Step { how: "by its title, on another page of the department", sure: 90 })),
            [] => {}
            _ => return Err(format!("several pages have a role `{phrase}`")),
        }
        if let Some((role, likeness)) = self.most_alike(from, own, phrase) {
            let sure = (likeness * 100.0) as u8;
            return Ok((Target::Role(from, role), Step { how: "by likeness, on this page", sure: sure.min(90) }));
        }
        Err(format!("no role here is called `{phrase}`"))
    }

    /// The role of a page that a phrase names; an error where it names two, or the role itself.
    fn in_family(&self, family: usize, own: Option<usize>, phrase: &str) -> Result<Option<(Target, Step)>, String> {
        let entry = &self.families[family];
        let phrase = phrase.trim();
        let folded = ident::fold(phrase);
        let wanted = names::ordered(phrase);
        // The part for all levels and the middle one of them may have one title: the sentence means a role.
        let is_general = own.is_some() && entry.general.iter().any(|g| ident::fold(g) == folded);
        let same: Vec<usize> = (0..entry.titles.len()).filter(|i| is_general && Some(*i) != own && entry.titles[*i].ordered == wanted).collect();
        match same.as_slice() {
            [role] => return Ok(Some((Target::Role(family, *role), Step { how: "by its title, which the part for all levels has too", sure: 80 }))),
            _ if is_general => return Ok(Some((Target::General, Step { how: "by the heading of the part for all levels", sure: FACT }))),
            _ => {}
        }
        if wanted.is_empty() {
            return Ok(None);
        }
        let wanted_bag = bag(&wanted);
        let level = names::words(phrase).join(" ");
        let has_short = |words: &[String]| words.iter().any(|w| (2..=5).contains(&w.len()));
        let said = names::words(phrase);
        let written_out = |t: &RoleNames| {
            // Initials are of as many words as they have letters.
            if (said.len() >= t.words.len() || !has_short(&said)) && (t.words.len() >= said.len() || !has_short(&t.words)) {
                return false;
            }
            let same = |a: &str, b: &str| names::written_out(a, b).is_some_and(|a| bag(&names::ordered(&a)) == bag(&names::ordered(b)));
            same(phrase, &t.title) || same(&t.title, phrase)
        };
        type Fits<'a> = &'a dyn Fn(&RoleNames) -> bool;
        let steps: [(Fits, &'static str, u8); 6] = [
            (&|t| t.folded.contains(&folded), "by its title", FACT),
            (&|t| t.ordered == wanted, "by its title, spelled a little differently", FACT),
            (&|t| t.bag == wanted_bag, "by the words of its title in another order", 95),
            (&written_out, "by its title, with an abbreviation written out", 90),
            (&|t| t.level.as_deref() == Some(level.as_str()), "by its level", FACT),
            (&|t| t.called.contains(&wanted), "by the name by which its own text calls it", 90),
        ];
        for (number, (fits, how, sure)) in steps.into_iter().enumerate() {
            let all: Vec<usize> = entry.titles.iter().enumerate().filter(|(_, t)| fits(t)).map(|(i, _)| i).collect();
            let others: Vec<usize> = all.iter().copied().filter(|i| Some(*i) != own).collect();
            match (others.as_slice(), others.len() < all.len()) {
                ([], false) => {}
                ([], true) => return Err(ITSELF.to_owned()),
                ([one], false) => return Ok(Some((Target::Role(family, *one), Step { how, sure }))),
                // In looser steps the role itself is only another that is a little like it.
                ([one], true) if number > 1 => return Ok(Some((Target::Role(family, *one), Step { how, sure: sure.min(85) }))),
                _ if number < 2 => return Err(format!("several roles here are called `{phrase}`")),
                _ => {}
            }
        }
        Ok(None)
    }

    /// The role of a page whose title is most alike, if it is alike enough and no other is nearly as much.
    fn most_alike(&self, family: usize, own: Option<usize>, phrase: &str) -> Option<(usize, f64)> {
        let wanted = names::ordered(phrase);
        let titles = self.families[family].titles.iter().enumerate().filter(|(i, _)| Some(*i) != own);
        let mut near: Vec<(usize, f64)> = titles.map(|(i, t)| (i, names::likeness_of(&t.ordered, &wanted))).collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (best, likeness) = *near.first()?;
        let next = near.get(1).map_or(0.0, |n| n.1);
        (likeness >= 0.8 && likeness - next >= 0.05).then_some((best, likeness))
    }

    /// The reference to a role, as seen from a family.
    pub fn reference(&self, from: usize, family: usize, role: usize) -> String {
        let id = &self.families[family].titles[role].id;
        if family == from { id.clone() } else { format!("{}/{id}", self.families[family].id) }
    }

    /// Id of a family.
    pub fn family(&self, family: usize) -> &str {
        &self.families[family].id
    }

    /// Whether a page has roles.
    pub fn has_roles(&self, family: usize) -> bool {
        !self.families[family].titles.is_empty()
    }
}

/// Finds the names by which the text of each role calls it, where they are its own alone.
fn call(draft: &Draft, titles: &mut [RoleNames]) {
    use super::outline::{Node, PartKind};
    let homes = draft.homes();
    for (part, home) in homes.iter().enumerate() {
        let (Node::Role(role), None | Some("job-grade")) = home else { continue };
        if !matches!(draft.page.parts[part].kind, PartKind::Prose) {
            continue;
        }
        for sentence in grades::sentences(&draft.page.parts[part].text) {
            let before = [" reports to ", " is responsible ", " is an ", " is a "].iter().find_map(|w| sentence.find(w)).map(|at| &sentence[..at]);
            let name = before.map(|b| b.trim().trim_start_matches("The ")).filter(|n| names::may_be_title(n));
            let name = name.map(names::ordered).filter(|n| n.contains(' ') && *n != titles[*role].ordered);
            if let Some(name) = name.filter(|n| !titles[*role].called.contains(n)) {
                titles[*role].called.push(name);
            }
        }
    }
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for title in titles.iter() {
        by_name.insert(title.ordered.clone(), 2);
        title.called.iter().for_each(|name| *by_name.entry(name.clone()).or_default() += 1);
    }
    for title in titles {
        title.called.retain(|name| by_name[name] == 1);
    }
}

fn bag(ordered: &str) -> Vec<String> {
    names::bag(ordered).into_iter().map(str::to_owned).collect()
}

fn general_titles(draft: &Draft) -> Vec<String> {
    use super::outline::{Intent, Node};
    draft.headings.iter().filter(|h| h.intent == Intent::Node(Node::Family)).map(|h| h.text.trim().to_owned()).collect()
}

fn parent(id: &str) -> &str {
    id.rsplit_once('/').map_or("", |(above, _)| above)
}

/// `senior-manager-x` and `senior-manager--x` are one.
fn loose_anchor(anchor: &str) -> String {
    anchor.split('-').filter(|w| !w.is_empty()).map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// The comparable form of an address or a file: without its endings and `/` at the ends, in lower case.
fn key(address: &str) -> String {
    let lower = address.trim_matches('/').to_lowercase();
    let endings = [".erb", ".md", ".markdown", ".html"];
    let bare = endings.iter().fold(lower.as_str(), |path, ending| path.strip_suffix(ending).unwrap_or(path));
    let bare = if bare == "index" { "" } else { bare.strip_suffix("/index").unwrap_or(bare) };
    bare.to_owned()
}

/// An address without scheme and host; one that has a host counts like one that has none, since old pages name their own host.
fn without_host(address: &str) -> &str {
    let Some(rest) = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")) else { return address };
    rest.find('/').map_or("/", |i| &rest[i..])
}

/// What stands before the path of an imported page in the links of the pages, most often.
fn prefix(drafts: &[Draft], by_address: &HashMap<String, usize>) -> String {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for (_, address) in drafts.iter().flat_map(|d| &d.page.parts).flat_map(|p| &p.links) {
        let path = without_host(address).split('#').next().unwrap_or("");
        if !path.starts_with('/') {
            continue;
        }
        let path = key(path);
        let cuts = std::iter::once(0).chain(path.match_indices('/').map(|(i, _)| i + 1)).take(3);
        if let Some(cut) = cuts.into_iter().find(|cut| !path[*cut..].is_empty() && by_address.contains_key(&path[*cut..])) {
            // One name alone may be a page of something else: it weighs little.
            let weight = if path[cut..].contains('/') { 10 } else { 1 };
            *found.entry(format!("/{}", &path[..cut])).or_default() += weight;
        }
    }
    found.into_iter().max_by_key(|(prefix, count)| (*count, std::cmp::Reverse(prefix.clone()))).map_or_else(|| "/".to_owned(), |(prefix, _)| prefix)
}
