//! Items along each chain of `extends` in, short labels out, under which higher levels replace what they restate.

use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    let mut by_node: BTreeMap<(Node, &'static str), Vec<usize>> = BTreeMap::new();
    for (i, item) in items.iter().enumerate().filter(|(_, item)| !item.has_label) {
        by_node.entry((item.node, item.section)).or_default().push(i);
    }
    let by_id: HashMap<String, usize> = draft.roles.iter().enumerate().map(|(i, r)| (r.id.clone(), i)).collect();
    let mut group: Vec<Option<usize>> = vec![None; items.len()];
    let mut groups: Vec<(Vec<usize>, u8)> = Vec::new();
    for role in 0..draft.roles.len() {
        for (above, section) in ancestors(draft, &by_id, role) {
            let of = |node: Node| by_node.get(&(node, section)).map_or(&[][..], Vec::as_slice);
            for (a, b, likeness) in pairs(&items, of(above), of(Node::Role(role))) {
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
    // What says whom a role extends restates nothing.
    let statements: BTreeSet<usize> = draft.notes.iter().filter(|n| n.what.starts_with("extends")).map(|n| n.line - 1).collect();
    draft
        .page
        .parts
        .iter()
        .enumerate()
        .filter(|(_, p)| matches!(p.kind, PartKind::Item { .. }) && !dropped.contains(&p.lines.start) && !statements.contains(&p.lines.start))
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

/// How many nodes above a role are looked at for each section. No real chain is as long; one of a thousand roles would take
/// a million comparisons.
const NEAREST: usize = 16;

/// The nodes above a role, nearest first, with the sections that it inherits from them.
fn ancestors(draft: &Draft, by_id: &HashMap<String, usize>, role: usize) -> Vec<(Node, &'static str)> {
    let lists = ["responsibilities", "requirements", "nice-to-haves", "performance-indicators"];
    let mut found = Vec::new();
    for section in lists {
        let mut open = vec![role];
        let mut seen = BTreeSet::from([role]);
        while let Some(at) = open.pop().filter(|_| seen.len() <= NEAREST) {
            for parent in draft.roles[at].extends.iter().filter(|e| e.only.is_empty() || e.only.contains(&section)) {
                if let Some(up) = by_id.get(&parent.reference).copied().filter(|up| seen.insert(*up)) {
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

/// Words that say nothing of what an item is about.
const VAGUE: [&str; 14] = [
    "experience",
    "ability",
    "able",
    "knowledge",
    "year",
    "strong",
    "skill",
    "work",
    "working",
    "level",
    "proven",
    "demonstrated",
    "understanding",
    "other",
];

/// A run of weighty words that all items share and that is a phrase in each of them: what follows it there is a small word,
/// a stop, or the end. Best is the beginning of the first item, up to four words; none where no run is a phrase.
fn label(items: &[Item], members: &[usize]) -> Option<String> {
    let first = &items[members[0]].words;
    let starts = (1..=4).rev().map(|length| (0, length));
    let inside = (2..=3).rev().flat_map(|length| (1..first.len()).map(move |at| (at, length)));
    let single = (1..first.len()).map(|at| (at, 1));
    starts.chain(inside).chain(single).find_map(|(at, length)| {
        let run = first.get(at..at + length)?;
        let is_vague = run.iter().all(|w| VAGUE.contains(&w.as_str()) || w.chars().all(|c| c.is_ascii_digit()));
        if is_vague || (length == 1 && run[0].len() <= 5) {
            return None;
        }
        let written: Option<Vec<String>> = members.iter().map(|m| as_written(&items[*m].text, run)).collect();
        let label = written?.into_iter().next().filter(|l| is_whole(l))?;
        let mut chars = label.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect())
    })
}

/// Whether a phrase is long enough, and no bracket, quotation or abbreviation in it is cut.
fn is_whole(phrase: &str) -> bool {
    let count = |c: char| phrase.matches(c).count();
    let is_cut = count('(') != count(')') || count('"') % 2 == 1 || count('\u{2018}') > 0 || count('\u{201c}') != count('\u{201d}');
    phrase.len() >= 4 && !is_cut && ![" vs", "e.g", "i.e"].iter().any(|end| phrase.ends_with(end))
}

/// A run of weighty words as a text has it, with small words between them; none where it is not there, or goes on.
fn as_written(text: &str, run: &[String]) -> Option<String> {
    let written: Vec<&str> = text.split_whitespace().collect();
    let weighty: Vec<Vec<String>> = written.iter().map(|w| weighty(w)).collect();
    (0..written.len()).find_map(|from| {
        let (mut at, mut next) = (from, 0);
        while next < run.len() {
            let words = weighty.get(at)?;
            let ends_here = written[at].ends_with([',', ';', ':', '.', ')']) && next + words.len() < run.len();
            if (words.is_empty() && next == 0) || !run[next..].starts_with(words) || ends_here || at - from > 7 {
                return None;
            }
            next += words.len();
            at += 1;
        }
        let last = written[at - 1];
        let goes_on = !last.ends_with([',', ';', ':', '.', ')']) && written.get(at).is_some_and(|w| !is_joint(w));
        let phrase = written[from..at].join(" ");
        (!goes_on).then(|| phrase.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
    })
}

/// Whether a word begins something new, so that a phrase may end before it.
fn is_joint(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let more =
        ["through", "into", "between", "among", "while", "when", "where", "if", "but", "than", "using", "including", "via", "toward", "towards"];
    // "tier 2 or tier 3" is not over at its "or".
    let joins = ["and", "or"].contains(&bare.as_str());
    bare.is_empty() || word.starts_with('(') || (SMALL.contains(&bare.as_str()) || more.contains(&bare.as_str())) && !joins
}

fn write(draft: &mut Draft, part: usize, label: &str) {
    let line = draft.page.parts[part].lines.start;
    let written = &draft.page.lines[line];
    let indent = written.len() - written.trim_start().len();
    let marker = written[indent..].find(char::is_whitespace).map_or(written.len(), |i| indent + i);
    let text = written[marker..].trim_start();
    let start = written.len() - text.len();
    draft.edits.push(Edit::Replace(line, format!("{}{}", &written[..start], labelled(text, label))));
}

/// The text of an item with a label before it. One that begins with these words and a colon has them as its label already.
fn labelled(text: &str, label: &str) -> String {
    let begins = text.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label));
    match text.get(label.len()..).and_then(|rest| rest.strip_prefix(':')) {
        Some(rest) if begins => format!("**{label}.** {}", rest.trim_start()),
        _ => format!("**{label}.** {text}"),
    }
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

    #[test]
    fn words_before_a_colon_are_not_said_twice() {
        assert_eq!(labelled("Business partnership: Advises directors", "Business Partnership"), "**Business Partnership.** Advises directors");
        assert_eq!(
            labelled("Business partnership with directors", "Business Partnership"),
            "**Business Partnership.** Business partnership with directors"
        );
        assert_eq!(labelled("\u{e9}t\u{e9}", "\u{e9}"), "**\u{e9}.** \u{e9}t\u{e9}");
    }

    #[test]
    fn a_label_is_a_phrase_in_every_item_or_there_is_none() {
        let label = |texts: &[&str]| {
            let item = |text: &&str| Item {
                part: 0,
                node: Node::Family,
                section: "requirements",
                text: (*text).to_owned(),
                words: weighty(text),
                has_label: false,
            };
            let items: Vec<Item> = texts.iter().map(item).collect();
            super::label(&items, &(0..items.len()).collect::<Vec<_>>())
        };
        for (texts, expected) in [
            (["Solves technical problems of moderate scope", "Solves technical problems of high scope"], Some("Solves technical problems")),
            (["Writes multiple blog posts on widgets", "Writes multiple blog posts each week"], None),
            (["Writes blog posts on widgets, weekly", "Writes blog posts for all"], Some("Writes blog posts")),
            (["Ability to travel if needed and comply", "Ability to travel if asked"], Some("Ability to travel")),
            (["Handles tier 2 or tier 3 cases", "Handles tier 2 or tier 4 cases"], None),
        ] {
            assert_eq!(label(&texts).as_deref(), expected, "{texts:?}");
        }
    }
}
