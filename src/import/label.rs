//! Items along each chain of `extends` in, short labels out, under which higher levels replace what they restate.

use std::collections::{BTreeMap, BTreeSet};

use super::Labels;
use super::outline::{Draft, Edit, Node, PartKind};
use super::recognise::names;

/// A label for items that say the same at several levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Source file.
    pub source: std::sync::Arc<str>,
    /// The label.
    pub label: String,
    /// Id of the section.
    pub section: &'static str,
    /// The items: line of the source from 1, title of the role (or of the family), text.
    pub items: Vec<(usize, String, String)>,
    /// How alike the least alike pair is, in percent.
    pub likeness: u8,
}

/// Two items are paired from this likeness on, in percent.
const ENOUGH: u8 = 50;

/// Proposes labels for all drafts, and writes them where that was asked for.
pub fn propose(drafts: &mut [Draft], labels: Labels) -> Vec<Proposal> {
    drafts.iter_mut().flat_map(|draft| of_page(draft, labels)).collect()
}

struct Item {
    part: usize,
    node: Node,
    section: &'static str,
    text: String,
    words: Vec<String>,
    has_label: bool,
}

fn of_page(draft: &mut Draft, labels: Labels) -> Vec<Proposal> {
    let items = items(draft);
    let mut group: Vec<Option<usize>> = vec![None; items.len()];
    let mut groups: Vec<(Vec<usize>, u8)> = Vec::new();
    for role in 0..draft.roles.len() {
        for (above, section) in ancestors(draft, role) {
            let own: Vec<usize> = of_node(&items, Node::Role(role), section);
            let theirs: Vec<usize> = of_node(&items, above, section);
            for (a, b, likeness) in pairs(&items, &theirs, &own) {
                if group[b].is_some() {
                    continue;
                }
                match group[a] {
                    Some(g) if groups[g].0.iter().any(|i| items[*i].node == items[b].node) => {}
                    Some(g) => {
                        group[b] = Some(g);
                        groups[g].0.push(b);
                        groups[g].1 = groups[g].1.min(likeness);
                    }
                    None => {
                        (group[a], group[b]) = (Some(groups.len()), Some(groups.len()));
                        groups.push((vec![a, b], likeness));
                    }
                }
            }
        }
    }
    let mut taken: BTreeSet<(Node, &str, String)> = BTreeSet::new();
    let mut proposals = Vec::new();
    for (members, likeness) in groups {
        let Some(label) = label(&items, &members) else { continue };
        let key = crate::ident::slug(&label);
        if members.iter().any(|m| taken.contains(&(items[*m].node, items[*m].section, key.clone()))) {
            continue;
        }
        taken.extend(members.iter().map(|m| (items[*m].node, items[*m].section, key.clone())));
        if labels == Labels::Written {
            members.iter().for_each(|m| write(draft, items[*m].part, &label));
        }
        let shown = members.iter().map(|m| {
            let part = &draft.page.parts[items[*m].part];
            (part.lines.start + 1, title(draft, items[*m].node), part.text.clone())
        });
        proposals.push(Proposal { source: draft.page.source.clone(), label, section: items[members[0]].section, items: shown.collect(), likeness });
    }
    proposals
}

fn title(draft: &Draft, node: Node) -> String {
    match node {
        Node::Role(role) => draft.roles[role].title.clone(),
        _ => "all levels".to_owned(),
    }
}

fn items(draft: &Draft) -> Vec<Item> {
    let homes = draft.homes();
    let dropped: BTreeSet<usize> = draft.edits.iter().filter_map(|e| if let Edit::Drop(lines) = e { Some(lines.start) } else { None }).collect();
    let lists = ["responsibilities", "requirements", "nice-to-haves", "performance-indicators"];
    draft
        .page
        .parts
        .iter()
        .enumerate()
        .filter(|(_, p)| matches!(p.kind, PartKind::Item { .. }) && !dropped.contains(&p.lines.start))
        .filter_map(|(part, p)| {
            let section = homes[part].1.filter(|s| lists.contains(s))?;
            let line = draft.page.lines[p.lines.start].trim_start_matches([' ', '*', '-', '+', '\t']);
            let line_marks = draft.page.lines[p.lines.start].trim_start();
            let has_label = line.starts_with("**") || line_marks.contains("- **") || line_marks.contains("* **") || line.contains("{#");
            Some(Item { part, node: homes[part].0, section, text: p.text.clone(), words: weighty(&p.text), has_label })
        })
        .collect()
}

const SMALL: [&str; 40] = [
    "the", "a", "an", "of", "and", "or", "to", "in", "on", "for", "with", "from", "by", "at", "as", "our", "your", "you", "their", "its", "is",
    "are", "be", "that", "this", "with", "within", "across", "all", "any", "other", "such", "more", "most", "who", "we", "will", "it", "s", "well",
];

fn weighty(text: &str) -> Vec<String> {
    names::words(text).into_iter().filter(|w| !SMALL.contains(&w.as_str())).collect()
}

fn of_node(items: &[Item], node: Node, section: &str) -> Vec<usize> {
    (0..items.len()).filter(|i| items[*i].node == node && items[*i].section == section && !items[*i].has_label).collect()
}

/// The nodes above a role, nearest first, with the sections that it inherits from them.
fn ancestors(draft: &Draft, role: usize) -> Vec<(Node, &'static str)> {
    let lists = ["responsibilities", "requirements", "nice-to-haves", "performance-indicators"];
    let mut found = Vec::new();
    for section in lists {
        let mut open = vec![role];
        let mut seen = BTreeSet::from([role]);
        while let Some(at) = open.pop() {
            for parent in draft.roles[at].extends.iter().filter(|e| e.only.is_empty() || e.only.contains(&section)) {
                if let Some(up) = draft.roles.iter().position(|r| r.id == parent.reference).filter(|up| seen.insert(*up)) {
                    found.push((Node::Role(up), section));
                    open.push(up);
                }
            }
        }
        found.push((Node::Family, section));
    }
    found
}

/// The pairs that are alike enough, most alike first, each item once.
fn pairs(items: &[Item], theirs: &[usize], own: &[usize]) -> Vec<(usize, usize, u8)> {
    let mut all: Vec<(usize, usize, u8)> = Vec::new();
    for a in theirs {
        for b in own {
            let likeness = likeness(&items[*a].words, &items[*b].words);
            if likeness >= ENOUGH {
                all.push((*a, *b, likeness));
            }
        }
    }
    all.sort_by_key(|(a, b, likeness)| (std::cmp::Reverse(*likeness), *a, *b));
    let mut seen = BTreeSet::new();
    all.retain(|(a, b, _)| {
        let free = !seen.contains(a) && !seen.contains(b);
        if free {
            seen.extend([*a, *b]);
        }
        free
    });
    all
}

/// Common words as a share of all words (Dice), 0 to 100.
fn likeness(a: &[String], b: &[String]) -> u8 {
    if a.len() < 3 || b.len() < 3 {
        return 0;
    }
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    a.iter().for_each(|w| counts.entry(w).or_default().0 += 1);
    b.iter().for_each(|w| counts.entry(w).or_default().1 += 1);
    let common: u32 = counts.values().map(|(x, y)| x.min(y)).sum();
    (200 * common as usize / (a.len() + b.len())) as u8
}

/// The longest run of words that all items share, at most four, from the first of them.
fn label(items: &[Item], members: &[usize]) -> Option<String> {
    let item = &items[members[0]];
    let first = &item.words;
    let in_all = |run: &[String]| members.iter().all(|m| items[*m].words.windows(run.len()).any(|w| w == run));
    let best = (2..=3)
        .rev()
        .find_map(|length| (0..first.len().saturating_sub(length - 1)).find(|at| in_all(&first[*at..at + length])).map(|at| (at, length)));
    let single = || first.iter().position(|w| w.len() > 5 && in_all(std::slice::from_ref(w))).map(|at| (at, 1));
    let (at, length) = best.or_else(single)?;
    let label = as_written(&item.text, first, at, length);
    let mut chars = label.chars();
    (label.len() >= 4).then(|| chars.next().map(|c| c.to_uppercase().chain(chars).collect()))?
}

/// The words of a run as they are written, with the small words between them where these are few.
fn as_written(text: &str, words: &[String], at: usize, length: usize) -> String {
    let written: Vec<&str> = text.split_whitespace().collect();
    let mut places = Vec::new();
    let mut next = 0;
    for (place, word) in written.iter().enumerate() {
        let weighty = weighty(word);
        next += weighty.len();
        if weighty.iter().any(|w| words[at..at + length].contains(w)) && next > at && places.len() < length {
            places.push(place);
        }
    }
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    match (places.first(), places.last()) {
        (Some(first), Some(last)) if last - first < 5 => {
            let run = written[*first..=*last].join(" ");
            run.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
        }
        _ => places.iter().map(|p| bare(written[*p])).collect::<Vec<_>>().join(" "),
    }
}

fn write(draft: &mut Draft, part: usize, label: &str) {
    let line = draft.page.parts[part].lines.start;
    let written = &draft.page.lines[line];
    let indent = written.len() - written.trim_start().len();
    let marker = written[indent..].find(char::is_whitespace).map_or(written.len(), |i| indent + i);
    let text = written[marker..].trim_start();
    let start = written.len() - text.len();
    draft.edits.push(Edit::Replace(line, format!("{}**{label}.** {text}", &written[..start])));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_alike_by_their_weighty_words() {
        let (a, b) = (weighty("Solve technical problems of moderate scope"), weighty("Solve technical problems of high scope and complexity"));
        assert!(likeness(&a, &b) >= ENOUGH);
        assert!(likeness(&a, &weighty("Write documentation for the team")) < ENOUGH);
    }
}
