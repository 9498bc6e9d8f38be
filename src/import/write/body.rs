//! A draft in, the lines of its new body out. Headings are what is edited: their level where they open what they should
//! not, their words where the content model would not know them, and `{#id}` where a name fits nothing or two.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ident;
use crate::import::outline::{Draft, Edit, Intent, Node, Verdict};
use crate::import::recognise::wordings;

/// The lines of the new body, each with the line of the source that it is.
pub fn lines(draft: &mut Draft) -> Vec<(String, Option<usize>)> {
    if !draft.roles.is_empty() {
        edit_headings(draft);
    }
    let mut dropped = vec![false; draft.page.lines.len()];
    let mut replaced: BTreeMap<usize, String> = BTreeMap::new();
    let mut before: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for edit in &draft.edits {
        match edit {
            Edit::Drop(lines) => lines.clone().for_each(|l| dropped[l] = true),
            Edit::Replace(line, text) => drop(replaced.insert(*line, text.clone())),
            Edit::Before(line, text) => before.entry(*line).or_default().extend(text.split('\n').map(str::to_owned)),
        }
    }
    let mut out: Vec<(String, Option<usize>)> = Vec::with_capacity(draft.page.lines.len());
    let first = (draft.page.body..draft.page.lines.len()).find(|l| !draft.page.lines[*l].trim().is_empty()).unwrap_or(draft.page.lines.len());
    for (line, text) in draft.page.lines.iter().enumerate().skip(first) {
        out.extend(before.remove(&line).into_iter().flatten().map(|l| (l, None)));
        if !dropped[line] {
            out.push((replaced.remove(&line).unwrap_or_else(|| text.clone()), Some(line)));
        }
    }
    out
}

/// What is open, as the content model's reader sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scope {
    Node(Node),
    /// A list of a node.
    Section(Node),
    Container,
    Other,
}

struct Walk {
    meant: Names,
    /// How often a list has been kept as prose, by the words of its heading.
    again: BTreeMap<String, usize>,
    open: Vec<(u8, Scope)>,
    /// Old anchors that headings have been given: the first of several keeps it.
    given: BTreeSet<String>,
    /// Moved headings, whose sub-headings move with them: old level, by how much.
    moved: Vec<(u8, i8)>,
}

impl Walk {
    fn below(&self, level: u8) -> impl DoubleEndedIterator<Item = &(u8, Scope)> {
        self.open.iter().filter(move |(l, _)| *l < level)
    }

    fn node(&self, level: u8) -> Node {
        self.below(level).rev().find_map(|(_, s)| if let Scope::Node(n) | Scope::Section(n) = s { Some(*n) } else { None }).unwrap_or(Node::Family)
    }

    fn in_container(&self, level: u8) -> bool {
        matches!(self.below(level).next_back(), Some((_, Scope::Container)))
    }

    /// The level of the outermost list that is open.
    fn list_around(&self, level: u8) -> Option<u8> {
        self.below(level).find_map(|(l, s)| matches!(s, Scope::Section(_)).then_some(*l))
    }

    /// The level at which a bare section heading is that of `node`, nearest to `level`; none where the node is closed.
    fn level_for(&self, node: Node, level: u8) -> Option<u8> {
        let fits = |l: &u8| self.node(*l) == node && !self.in_container(*l);
        let mut all: Vec<u8> = (1..=6).filter(fits).collect();
        all.sort_by_key(|l| (l.abs_diff(level), *l));
        all.first().copied()
    }

    fn push(&mut self, level: u8, scope: Scope) {
        self.open.retain(|(l, _)| *l < level);
        self.open.push((level, scope));
    }
}

fn edit_headings(draft: &mut Draft) {
    let mut walk = Walk { meant: Names::of(draft), again: BTreeMap::new(), open: Vec::new(), given: BTreeSet::new(), moved: Vec::new() };
    // The first heading of level 1 is read as the page's title: where it is that of a list, of all levels or of one of several roles, all
    // go down by one.
    let opens = |intent: &Intent| {
        matches!(intent, Intent::Section(..) | Intent::Container(_)) || *intent == Intent::Node(Node::Role(0)) && draft.roles.len() > 1
    };
    let lift = u8::from(draft.headings.first().is_some_and(|h| h.level == 1 && opens(&h.intent)));
    for i in 0..draft.headings.len() {
        let old = (draft.headings[i].level + lift).min(6);
        walk.moved.retain(|(level, _)| *level < old);
        let by: i8 = walk.moved.last().map_or(0, |(_, by)| *by);
        let shifted = old.saturating_add_signed(by).clamp(1, 6);
        let first_title = i == 0 && old == 1;
        let (level, text, id) = match draft.headings[i].intent.clone() {
            Intent::Prose if first_title => continue,
            Intent::Node(node) => of_node(draft, &mut walk, i, old, node),
            Intent::Section(node, section) => of_section(draft, &mut walk, i, old, node, section),
            Intent::Container(_) => of_container(draft, &mut walk, i, shifted),
            Intent::Prose => of_prose(draft, &mut walk, i, shifted),
            // Outside the list it is nobody's.
            Intent::Apart => {
                let level = walk.list_around(shifted).unwrap_or(shifted);
                of_prose(draft, &mut walk, i, level)
            }
        };
        if level != old {
            walk.moved.push((old, level as i8 - old as i8));
        }
        let id = id.filter(|id| is_id(draft, id) || walk.given.insert(id.clone()));
        put(draft, i, level, text, id);
    }
}

type New = (u8, Option<String>, Option<String>);

fn of_node(draft: &Draft, walk: &mut Walk, i: usize, level: u8, node: Node) -> New {
    walk.push(level, Scope::Node(node));
    let text = &draft.headings[i].text;
    let id = match node {
        Node::Family => return (level, Some("All levels".to_owned()), None),
        Node::Role(role) => &draft.roles[role].id,
        Node::Specialty(specialty) => &draft.specialties[specialty].id,
    };
    let is_named = walk.meant.by(text) == [node];
    (level, None, (!is_named).then(|| id.clone()))
}

fn of_section(draft: &Draft, walk: &mut Walk, i: usize, old: u8, node: Node, section: &'static str) -> New {
    let heading = &draft.headings[i];
    let text = heading.text.trim();
    let words = heading.section_words.clone();
    // A name that is exactly that of the node opens its section anywhere.
    let (name, said) = split(text);
    let exact_name = !name.is_empty() && walk.meant.by(&name) == [node];
    if exact_name && wordings::is_built_in(section, &said) {
        walk.push(old, Scope::Section(node));
        return (old, None, None);
    }
    let plain = wordings::section(text).is_some() && name.is_empty();
    let known = plain && ident::loose(text) == ident::loose(words.as_deref().unwrap_or(text));
    let bare = words.clone().unwrap_or_else(|| if plain && known { text.to_owned() } else { said.clone() });
    let bare = if bare.is_empty() || wordings::section(&bare).is_none() { wordings::canonical(section).to_owned() } else { bare };
    let anchor = || Some(ident::heading_anchor(text)).filter(|a| !is_id(draft, a) && !a.is_empty());
    match walk.level_for(node, old) {
        Some(level) if level.abs_diff(old) <= 3 => {
            walk.push(level, Scope::Section(node));
            if known { (level, None, None) } else { (level, Some(bare), anchor()) }
        }
        _ => {
            let title = match node {
                Node::Family => draft.page.title.0.clone(),
                Node::Role(role) => draft.roles[role].title.clone(),
                Node::Specialty(specialty) => draft.specialties[specialty].title.clone(),
            };
            let level = if walk.in_container(old) && node == Node::Family { old.saturating_sub(1).max(1) } else { old };
            walk.push(level, Scope::Section(node));
            (level, Some(format!("{title} {}", wordings::canonical(section))), anchor())
        }
    }
}

/// Name and section of a heading such as `Senior Widgeteer Requirements`; no name where it is only a section.
fn split(text: &str) -> (String, String) {
    if wordings::section(text).is_some() {
        return (String::new(), text.to_owned());
    }
    wordings::named_section(text).map_or_else(|| (String::new(), String::new()), |(name, wording)| (name, wording.words))
}

fn of_container(draft: &Draft, walk: &mut Walk, i: usize, level: u8) -> New {
    let text = draft.headings[i].text.trim();
    let level = if walk.in_container(level) { walk.below(level).next_back().map_or(level, |(l, _)| *l) } else { level };
    let is_misspelled = ident::loose(text) == "speciality";
    let is_one = is_misspelled || ["level", "role", "specialty"].contains(&ident::loose(text).as_str());
    walk.push(level, if is_one { Scope::Container } else { Scope::Other });
    if is_misspelled { (level, Some("Specialties".to_owned()), Some(ident::heading_anchor(text))) } else { (level, None, None) }
}

fn of_prose(draft: &Draft, walk: &mut Walk, i: usize, level: u8) -> New {
    let text = draft.headings[i].text.trim();
    if let [node] = walk.meant.by(text)[..] {
        // It says the name of a node, and reads as that node's heading.
        walk.push(level, Scope::Node(node));
        return (level, None, None);
    }
    let mut level = level;
    if walk.in_container(level) {
        // Beside a role it goes below it; before all of them and beside a specialty, of which it is no part, out of the container.
        let beside = walk.open.iter().any(|(l, s)| *l == level && matches!(s, Scope::Node(Node::Role(_))));
        level = if beside { (level + 1).min(6) } else { walk.below(level).next_back().map_or(level, |(l, _)| *l) };
    }
    let (name, said) = split(text);
    let opens = !said.is_empty() && (name.is_empty() || !walk.meant.by(&name).is_empty()) && wordings::section(&said).is_some();
    walk.push(level, Scope::Other);
    // Only the first keeps the old anchor.
    let number = if opens { walk.again.entry(ident::loose(text)).and_modify(|n| *n += 1).or_insert(2) } else { &mut 0 };
    let again = opens.then(|| format!("{text} ({number})"));
    let anchor = again.as_ref().filter(|_| *number == 2).map(|_| ident::heading_anchor(text)).filter(|a| !is_id(draft, a));
    (level, again, anchor)
}

/// The names that the content model knows, in the loose form.
struct Names {
    nodes: HashMap<String, Vec<Node>>,
    family: String,
}

impl Names {
    fn of(draft: &Draft) -> Self {
        let mut nodes: HashMap<String, Vec<Node>> = HashMap::new();
        let mut put = |name: String, node: Node| {
            let known = nodes.entry(name).or_default();
            if !known.contains(&node) {
                known.push(node);
            }
        };
        for (i, role) in draft.roles.iter().enumerate() {
            put(ident::loose(&role.title), Node::Role(i));
            if let Some(level) = &role.level {
                let title = &role.title;
                [level.clone(), format!("{level} {title}"), format!("{title} ({level})")].iter().for_each(|n| put(ident::loose(n), Node::Role(i)));
            }
        }
        for (i, specialty) in draft.specialties.iter().enumerate() {
            put(ident::loose(&specialty.title), Node::Specialty(i));
        }
        Names { nodes, family: ident::loose(&draft.page.title.0) }
    }

    /// The nodes that the content model takes a name for.
    fn by(&self, name: &str) -> Vec<Node> {
        let loose = ident::loose(name);
        let mut found = self.nodes.get(&loose).cloned().unwrap_or_default();
        // A role wins over its family of the same title; tracks are two of the default titles.
        if found.is_empty() && (self.family == loose || loose == "all level") {
            found.push(Node::Family);
        }
        if ["manager", "individual contributor"].contains(&loose.as_str()) {
            found.push(Node::Specialty(usize::MAX));
        }
        found
    }
}

fn is_id(draft: &Draft, anchor: &str) -> bool {
    draft.roles.iter().any(|r| r.id == anchor) || draft.specialties.iter().any(|s| s.id == anchor)
}

/// Writes a heading anew where its level, its words or its id are others now.
fn put(draft: &mut Draft, i: usize, level: u8, text: Option<String>, id: Option<String>) {
    let part = &draft.page.parts[draft.headings[i].part];
    let lines = part.lines.clone();
    let written = draft.page.lines[lines.start].clone();
    if level == draft.headings[i].level && text.is_none() && id.is_none() {
        return;
    }
    let kept = written.trim_start().trim_start_matches('#').trim();
    let kept = kept.strip_suffix('#').map_or(kept, |k| k.trim_end_matches('#')).trim_end();
    let words = text.unwrap_or_else(|| kept.to_owned());
    let attribute = id.filter(|_| !words.contains("{#")).map_or(String::new(), |id| format!(" {{#{id}}}"));
    let new = format!("{} {words}{attribute}", "#".repeat(level.into()));
    draft.note(lines.start, "heading", written.trim().to_owned(), Verdict::Edited(format!("`{new}`")));
    draft.edits.push(Edit::Replace(lines.start, new));
    if lines.len() > 1 {
        // The line under a heading that is underlined.
        for line in lines.start + 1..lines.end {
            draft.note(line, "heading", draft.page.lines[line].clone(), Verdict::Consumed("the level of the heading above".to_owned()));
        }
        draft.edits.push(Edit::Drop(lines.start + 1..lines.end));
    }
}
