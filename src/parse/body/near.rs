//! A heading that opens nothing in, what its author probably meant out: a name that is a letter or two off, alone or beside
//! a right one, or a right name in other words.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Names;
use crate::config::Config;
use crate::ident;
use crate::parse::{FamilyFront, NodeKind};

/// The longest heading of which parts are looked at, in bytes. Longer ones are sentences.
const LONGEST: usize = 4 * ident::MAX_ID;

/// Words beside a name that say nothing of whose it is, in the looser form.
const FILLERS: [&str; 8] = ["a", "an", "the", "role", "job", "position", "title", "level"];

/// What parts the names in a heading.
const PARTING: [char; 7] = [',', '(', ')', ':', '/', '\u{2013}', '\u{2014}'];

/// What a heading was probably meant as.
pub(super) struct Near {
    pub what: What,
    /// The heading in the right spelling.
    pub meant: String,
    /// Which bytes of it are to be replaced by what; none where something else may be meant as well.
    pub mend: Option<(Range<usize>, String)>,
}

/// What a heading would open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Section(usize),
    Node(usize),
    SectionOf {
        node: usize,
        section: usize,
    },
    /// A container, or the family's node.
    Word(usize),
    /// Nothing: the node's name stands in it with words that say no more.
    Said(usize),
    /// Nothing: names of several roles and specialties stand in it, one beside the other.
    Several,
    /// Nothing: it is the title of the family or of a role at a level that no role has.
    Unlisted,
    /// Nothing: the node's name is another but for its number.
    Numbered(usize),
}

/// How a text is like a name.
#[derive(Clone, Copy, PartialEq)]
enum Likeness {
    Same,
    /// So many letters off; `sure` where the words are long enough for nothing else to be meant.
    Near {
        letters: usize,
        sure: bool,
    },
    /// The same but for a number.
    Numbered,
}

/// A name that may be meant.
struct Candidate {
    what: What,
    letters: usize,
    sure: bool,
    /// What the heading has, and what it should have.
    edits: Vec<(Range<usize>, String)>,
}

/// What `heading` is nearly, where the node `open` is open; `front` is the family's, if it is one.
pub(super) fn of(heading: &str, open: usize, names: &Names, front: Option<&FamilyFront>, config: &Config) -> Option<Near> {
    if heading.len() > LONGEST {
        return None;
    }
    let reader = Reader { heading, names, front, config };
    let mut candidates = reader.whole();
    candidates.extend(reader.in_two());
    candidates.extend(reader.several());
    candidates.extend(reader.said(open));
    candidates.extend(reader.unlisted());
    let best = candidates.iter().min_by_key(|c| (matches!(c.what, What::Numbered(_)), c.letters, c.what))?;
    let mut meant = heading.to_owned();
    best.edits.iter().rev().for_each(|(at, name)| meant.replace_range(at.clone(), name));
    let mend = match best.edits.as_slice() {
        [edit] if best.sure && candidates.iter().all(|c| c.what == best.what) => Some(edit.clone()),
        _ => None,
    };
    Some(Near { what: best.what, meant, mend })
}

/// The section with items whose name stands somewhere in a heading, and whether it is spelt right there.
pub(super) fn held_section(heading: &str, config: &Config) -> Option<(usize, bool)> {
    let text = ident::loose(heading);
    let padded = format!(" {text} ");
    let names = || config.headings.loose.iter().filter(|(_, section)| config.sections[**section].has_items());
    if let Some((_, section)) = names().find(|(name, _)| padded.contains(&format!(" {name} "))) {
        return Some((*section, true));
    }
    if heading.len() > LONGEST {
        return None;
    }
    let words: Vec<&str> = text.split(' ').collect();
    let is_in = |name: &str| words.windows(name.split(' ').count()).any(|some| matches!(near(&some.join(" "), name), Some((_, true))));
    names().find(|(name, _)| is_in(name)).map(|(_, section)| (*section, false))
}

struct Reader<'a> {
    heading: &'a str,
    names: &'a Names,
    front: Option<&'a FamilyFront>,
    config: &'a Config,
}

impl Reader<'_> {
    /// What the whole heading may be meant as.
    fn whole(&self) -> Vec<Candidate> {
        let text = ident::loose(self.heading);
        let candidate = |what: What, likeness: Likeness, name: String| {
            let (letters, sure) = likeness.weight();
            Candidate { what, letters, sure, edits: vec![(0..self.heading.len(), name)] }
        };
        let of_sections =
            self.sections(&text).into_iter().map(|(section, likeness)| candidate(What::Section(section), likeness, self.title(section)));
        let words = self.config.headings.words.iter().enumerate().filter(|_| self.names.family);
        let of_words = words.filter_map(|(at, (word, _))| Some(candidate(What::Word(at), likeness(&text, &ident::loose(word))?, word.clone())));
        // An id alone is a name only in containers.
        let like = self.nodes(&text).into_iter().filter(|(_, likeness, _)| *likeness != Likeness::Same);
        let of_nodes = like.map(|(node, likeness, name)| {
            let what = if likeness == Likeness::Numbered { What::Numbered(node) } else { What::Node(node) };
            let mut found = candidate(what, likeness, name);
            // `Junior` is two letters off `Senior`.
            found.sure &= found.letters == 1;
            found
        });
        of_sections.chain(of_words).chain(of_nodes).collect()
    }

    /// A section behind the name of a node, where one of the two is misspelt, or both.
    fn in_two(&self) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for (at, gap) in self.heading.char_indices().filter(|(_, c)| ident::is_gap(*c)) {
            let (before, after) = (&self.heading[..at], &self.heading[at + gap.len_utf8()..]);
            for (section, of_section) in self.sections(&ident::loose(after)) {
                for (node, of_node, name) in self.nodes(&ident::loose(before)) {
                    let mut edits = Vec::new();
                    if of_node != Likeness::Same {
                        edits.push((self.words(before), name));
                    }
                    if of_section != Likeness::Same {
                        edits.push((self.words(after), self.title(section)));
                    }
                    let what = if of_node == Likeness::Numbered { What::Numbered(node) } else { What::SectionOf { node, section } };
                    let ((of_node, node_sure), (of_section, section_sure)) = (of_node.weight(), of_section.weight());
                    let sure = node_sure && section_sure && of_node < 2;
                    candidates.push(Candidate { what, letters: of_node + of_section, sure, edits });
                }
            }
        }
        candidates.retain(|c| !c.edits.is_empty());
        candidates
    }

    /// The nodes that the heading names in other words: `Analyst (Senior)`, `Level: Senior`, `The Senior Analyst role`. The open one
    /// may be spoken of.
    fn said(&self, open: usize) -> Vec<Candidate> {
        let Some(front) = self.front.filter(|_| !speaks_of_several(self.heading)) else { return Vec::new() };
        let text = ident::loose(self.heading);
        let words: Vec<&str> = text.split(' ').collect();
        let is_in = |name: &str| name.len() <= text.len() && name.split(' ').all(|word| words.contains(&word));
        let mut found = Vec::new();
        for (name, nodes) in self.names.loose.iter().filter(|(name, nodes)| is_in(name) && !nodes.contains(&open)) {
            let Some(beside) = words_beside(&words, name, self.is_parted()) else { continue };
            let is_numbered = beside.contains(&"level") && !beside.contains(&"grade") && beside.iter().any(|w| is_number(w) && !FILLERS.contains(w));
            if !beside.iter().all(|word| is_filler(word, &beside) || is_numbered && is_number(word)) {
                continue;
            }
            let fits = |node: &&usize| match front.node_kind(**node) {
                NodeKind::Family | NodeKind::Track(_) => false,
                // What speaks of a family by its title speaks of all its roles, and what stands below the only role is its own anyway.
                NodeKind::Role(_) => front.roles.len() > 1 && (!nodes.contains(&0) || beside.iter().any(|w| matches!(*w, "level" | "grade"))),
                NodeKind::Specialty(_) => self.is_parted() || beside.iter().any(|w| !matches!(*w, "a" | "an" | "the")),
            };
            let candidate = |node: &usize| Candidate {
                what: if is_numbered { What::Numbered(*node) } else { What::Said(*node) },
                letters: 0,
                sure: false,
                edits: vec![(0..self.heading.len(), written(front, *node, name))],
            };
            found.extend(nodes.iter().filter(fits).map(candidate));
        }
        found
    }

    /// Several roles and specialties in one heading, with punctuation between: `Lead, Security`, `Senior Analyst (Security)`.
    fn several(&self) -> Option<Candidate> {
        let front = self.front.filter(|_| self.is_parted())?;
        let is_one = |node: &usize| matches!(front.node_kind(*node), NodeKind::Role(_) | NodeKind::Specialty(_));
        let parts = self.heading.split(PARTING).map(ident::loose).filter(|part| !part.is_empty());
        let named: Option<Vec<&BTreeSet<usize>>> = parts.map(|part| self.names.loose.get(&part).filter(|nodes| nodes.iter().all(is_one))).collect();
        let named = named?;
        let is_other = named.windows(2).any(|two| two[0].is_disjoint(two[1]));
        is_other.then(|| Candidate { what: What::Several, letters: 0, sure: false, edits: Vec::new() })
    }

    /// A level in front of the title of the family or of a role, where no role has this name: `Principal Analyst`.
    fn unlisted(&self) -> Option<Candidate> {
        let front = self.front?;
        let is_level = |word: &&str| ident::LEVELS.contains(word);
        let heading = ident::fold(self.heading);
        let all = words(&heading);
        let (levels, others): (Vec<&str>, Vec<&str>) = match self.is_parted() {
            true => all.iter().copied().filter(|word| !is_filler(word, &all)).partition(is_level),
            false => {
                let ends = |words: &[&str]| words.iter().take_while(|word| is_filler(word, &all)).count();
                let mut core = all[ends(&all)..].to_vec();
                core.reverse();
                core.drain(..ends(&core));
                core.reverse();
                let others = core.split_off(core.iter().take_while(|word| is_level(word)).count());
                (core, others)
            }
        };
        let is_title = |title: &str| words(&ident::fold(title)).into_iter().skip_while(is_level).eq(others.iter().copied());
        if levels.is_empty() || others.is_empty() {
            return None;
        }
        let name = ident::loose(&others.join(" "));
        let at_levels = ident::LEVELS.iter().map(|level| format!("{level} {name}")).chain([name.clone()]);
        let is_of_family = at_levels.filter_map(|name| self.names.loose.get(&name)).flatten().any(|node| match front.node_kind(*node) {
            NodeKind::Family => is_title(&front.title),
            NodeKind::Role(i) => is_title(&front.roles[i].title),
            NodeKind::Track(_) | NodeKind::Specialty(_) => false,
        });
        let is_known = self.names.loose.contains_key(&format!("{} {name}", levels.join(" ")));
        (is_of_family && !is_known).then(|| Candidate { what: What::Unlisted, letters: 0, sure: false, edits: Vec::new() })
    }

    /// Whether punctuation parts the words of the heading, so that they may stand in another order.
    fn is_parted(&self) -> bool {
        self.heading.contains(PARTING) || self.heading.contains(" - ")
    }

    /// The sections that a text names, or nearly.
    fn sections(&self, text: &str) -> Vec<(usize, Likeness)> {
        let near = self.config.headings.loose.iter().filter_map(|(name, section)| Some((*section, likeness(text, name)?)));
        near.filter(|(_, likeness)| *likeness != Likeness::Numbered).collect()
    }

    /// The nodes that a text names, or nearly, with the name that is like it.
    fn nodes(&self, text: &str) -> Vec<(usize, Likeness, String)> {
        let Some(front) = self.front else { return Vec::new() };
        let of_ids = self.names.said[1].get(text).into_iter().flatten().map(|node| (*node, Likeness::Same, text.to_owned()));
        let like = self.names.loose.iter().filter_map(|(name, nodes)| Some((name, nodes, likeness(text, name)?)));
        // A role wins over its family of the same title.
        let nodes = like.flat_map(|(name, nodes, likeness)| {
            let others = nodes.len() > 1;
            nodes.iter().filter(move |node| **node != 0 || !others).map(move |node| (*node, likeness, written(front, *node, name)))
        });
        nodes.chain(of_ids).collect()
    }

    fn title(&self, section: usize) -> String {
        self.config.sections[section].title.clone()
    }

    /// Where the words of a part of the heading stand in it, without what surrounds them.
    fn words(&self, part: &str) -> Range<usize> {
        let around = |c: char| !c.is_alphanumeric();
        let start = part.as_ptr() as usize - self.heading.as_ptr() as usize + part.len() - part.trim_start_matches(around).len();
        start..start + part.trim_matches(around).len()
    }
}

/// The name of a node as it is written, of which `loose` is the looser form.
fn written(front: &FamilyFront, node: usize, loose: &str) -> String {
    match front.node_kind(node) {
        NodeKind::Family => front.title.clone(),
        NodeKind::Track(i) => front.tracks[i].title.clone(),
        NodeKind::Role(i) => front.roles[i].names().into_iter().find(|name| ident::loose(name) == loose).unwrap_or_default(),
        NodeKind::Specialty(i) => front.specialties[i].title.clone(),
    }
}

impl Likeness {
    /// How many letters are wrong, and whether nothing else can be meant.
    fn weight(self) -> (usize, bool) {
        match self {
            Likeness::Same => (0, true),
            Likeness::Near { letters, sure } => (letters, sure),
            Likeness::Numbered => (0, false),
        }
    }
}

/// How a text is like a name, both in the looser form.
fn likeness(text: &str, name: &str) -> Option<Likeness> {
    if text == name {
        return Some(Likeness::Same);
    }
    if let Some((letters, sure)) = near(text, name) {
        return Some(Likeness::Near { letters, sure });
    }
    (plain(text).eq(plain(name)) && plain(text).next().is_some()).then_some(Likeness::Numbered)
}

fn plain(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !is_number(word))
}

fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| is_number(word))
}

/// How many letters a text is off a name, one from five letters on and two from eight, and whether no word is so short that
/// another may be meant. A number that differs is meant.
fn near(text: &str, name: &str) -> Option<(usize, bool)> {
    let length = name.chars().count();
    let differ = || text.is_ascii() && name.is_ascii() && (ident::letters(text) ^ ident::letters(name)).count_ones() > 4;
    if length < 5 || length.abs_diff(text.chars().count()) > 2 || differ() {
        return None;
    }
    let (some, other) = without_same_ends(text, name);
    let letters = ident::distance(some, other);
    if !(letters == 1 || letters == 2 && length >= 8) || numbers(text).ne(numbers(name)) {
        return None;
    }
    let is_long = |(a, b): (&str, &str)| a == b || a.chars().count().min(b.chars().count()) >= 4;
    let is_parted = text.split(' ').count() != name.split(' ').count();
    Some((letters, if is_parted { text.replace(' ', "") == name.replace(' ', "") } else { text.split(' ').zip(name.split(' ')).all(is_long) }))
}

/// Two texts without the letters with which both begin, and both end: the distance is the same, and takes quadratic time.
fn without_same_ends<'t>(text: &'t str, name: &'t str) -> (&'t str, &'t str) {
    let same = text.chars().zip(name.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum::<usize>();
    let (text, name) = (&text[same..], &name[same..]);
    let same = text.chars().rev().zip(name.chars().rev()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum::<usize>();
    (&text[..text.len() - same], &name[..name.len() - same])
}

/// The words of a text, without what surrounds them.
fn words(text: &str) -> Vec<&str> {
    text.split(ident::is_gap).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty()).collect()
}

/// The words beside a name, if it stands whole among them; one after the other, or in any order.
fn words_beside<'t>(words: &[&'t str], name: &str, in_any_order: bool) -> Option<Vec<&'t str>> {
    let name: Vec<&str> = name.split(' ').collect();
    if !in_any_order {
        let at = words.windows(name.len()).position(|some| some == name)?;
        return Some([&words[..at], &words[at + name.len()..]].concat());
    }
    let mut beside = words.to_vec();
    for word in name {
        beside.swap_remove(beside.iter().position(|w| *w == word)?);
    }
    Some(beside)
}

/// Whether a heading says `Levels` or `Roles`: it opens a chapter on them.
fn speaks_of_several(heading: &str) -> bool {
    words(&ident::fold(heading)).iter().any(|word| word.strip_suffix('s').is_some_and(|one| FILLERS.contains(&one)))
}

/// Whether a word beside a name says nothing of whose it is: `role`, or a grade with its number.
fn is_filler(word: &str, all: &[&str]) -> bool {
    FILLERS.contains(&word) || all.contains(&"grade") && (word == "grade" || word.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a word tells levels of one name apart: `2`, `L3`, `III`, `B`.
fn is_number(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit()) || word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')) || word.chars().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_near_by_a_letter_or_two_and_sure_where_its_words_are_long() {
        assert_eq!(near("requirment", "requirement"), Some((1, true)));
        assert_eq!(near("hiringprocess", "hiring process"), Some((1, true)));
        assert_eq!(near("engineer ux", "engineer ui"), Some((1, false)));
        assert_eq!(near("r\u{e9}sponsibilit\u{e8}", "responsibility"), Some((2, true)));
        assert_eq!(near("kpj", "kpi"), None);
        assert_eq!(near("hiring process 2", "hiring process"), None);
    }

    #[test]
    fn a_number_that_differs_is_meant() {
        for other in ["engineer ii", "engineer 2", "engineer b", "engineer", "engineer l3"] {
            assert!(likeness(other, "engineer i") == Some(Likeness::Numbered), "{other}");
        }
        assert!(likeness("enginer i", "engineer i") == Some(Likeness::Near { letters: 1, sure: true }));
        assert!(likeness("ii", "i").is_none());
    }
}
