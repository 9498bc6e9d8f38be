//! What each heading is meant to open, once the roles are known. Levels of headings are often not what they should be.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ident;
use crate::import::outline::{Draft, Intent, Node, Verdict};
use crate::import::recognise::headings::{self, Head, Shape};
use crate::import::recognise::wordings::{self, Wording};
use crate::import::recognise::{grades, names};

/// Sections that each role has for itself.
pub const CORE: [&str; 4] = ["responsibilities", "requirements", "nice-to-haves", "job-grade"];

/// Says what each heading opens, and which sections each role has.
pub fn assign(draft: &mut Draft, heads: &[Head], owners: &[Option<Node>]) {
    let mut taken: BTreeSet<(Node, &'static str)> = BTreeSet::new();
    let mut preceding: Option<(usize, Node)> = None;
    let mut intents: Vec<Intent> = Vec::with_capacity(heads.len());
    let misplaced = misplaced(heads, owners);
    let mut first_of: HashMap<Node, usize> = HashMap::new();
    owners.iter().enumerate().filter_map(|(i, o)| Some((i, (*o)?))).for_each(|(i, node)| {
        first_of.entry(node).or_insert(i);
    });
    for (i, head) in heads.iter().enumerate() {
        if let Some(node) = owners[i] {
            preceding = Some((i, node));
            intents.push(Intent::Node(node));
            continue;
        }
        let natural = natural(heads, owners, &first_of, &intents, i);
        let line = draft.page.parts[head.part].lines.start;
        let intent = match &head.shape {
            Shape::Container(container) => Intent::Container(*container),
            Shape::Plain => plain(draft, heads, &intents, i),
            Shape::Section(wording) if is_said_again(draft, heads, i, wording) => {
                nobodys(draft, i, "it is empty, and the same heading follows".to_owned())
            }
            Shape::Section(wording) if wording.section != "job-grade" && unplaced_above(draft, heads, &intents, natural, i).is_some() => {
                let above = unplaced_above(draft, heads, &intents, natural, i).unwrap_or_default();
                let place = if natural == Node::Family { "" } else { " in a specialty" };
                nobodys(draft, i, format!("it stands below `{above}`{place}, which is no role or specialty that is known here; it is kept as prose"))
            }
            Shape::Section(wording) => match bare(draft, heads, owners, &misplaced, i, wording, natural, preceding, &taken) {
                Ok(node) => {
                    note_moved(draft, i, node, natural, wording);
                    note_last(draft, i, node, &misplaced, wording, &taken);
                    claim(draft, i, node, wording, &mut taken)
                }
                Err(reason) => nobodys(draft, i, reason),
            },
            Shape::Named(name, wording) if is_of_several(draft, name) => {
                nobodys(draft, i, format!("it is for several roles at once ({name}, {}); write it below each of them", wording.words.to_lowercase()))
            }
            Shape::Named(name, wording) => {
                match named(draft, name, natural, preceding.map(|p| p.1), &|n| taken.contains(&(n, wording.section)), line) {
                    // What one level has of a specialty is neither the whole role's nor the whole specialty's.
                    Some(Node::Role(role)) if matches!(natural, Node::Specialty(_)) => {
                        let title = draft.roles[role].title.clone();
                        nobodys(
                            draft,
                            i,
                            format!("it is for {title} with that specialty alone, which is no list of the one or the other; it is kept as prose"),
                        )
                    }
                    Some(node) => claim(draft, i, node, wording, &mut taken),
                    None => nobodys(draft, i, "it names nobody who is known here; it is kept as prose".to_owned()),
                }
            }
        };
        // A heading that says only a part of a title opens the same node again.
        intents.push(intent);
    }
    for (i, intent) in intents.into_iter().enumerate() {
        if let Intent::Section(Node::Role(role), section) = &intent {
            draft.roles[*role].sections.insert(section);
        }
        draft.headings[i].intent = intent;
    }
}

/// Takes a section for a node; a second one of the same node stays prose.
fn claim(draft: &mut Draft, i: usize, node: Node, wording: &Wording, taken: &mut BTreeSet<(Node, &'static str)>) -> Intent {
    if !taken.insert((node, wording.section)) {
        let line = draft.page.parts[draft.headings[i].part].lines.start;
        let text = draft.headings[i].text.clone();
        let verdict = Verdict::Left(format!(
            "the {} of the same role, specialty or family stand further up; it is kept as prose",
            wordings::canonical(wording.section).to_lowercase()
        ));
        draft.note(line, "section", text, verdict);
        return Intent::Apart;
    }
    let is_part = ident::loose(&wording.words) != ident::loose(&draft.headings[i].text);
    if wording.misspelled || is_part || !wordings::is_built_in(wording.section, &wording.words) {
        draft.headings[i].section_words =
            Some(if wording.misspelled { wordings::canonical(wording.section).to_owned() } else { wording.words.clone() });
        if !wording.misspelled && !wordings::is_built_in(wording.section, &wording.words) {
            draft.aliases.insert((wording.section, wording.words.clone()));
        }
    }
    Intent::Section(node, wording.section)
}

/// A section of somebody who is not known.
fn nobodys(draft: &mut Draft, i: usize, reason: String) -> Intent {
    let line = draft.page.parts[draft.headings[i].part].lines.start;
    let text = draft.headings[i].text.clone();
    draft.note(line, "section", text, Verdict::Left(reason));
    Intent::Apart
}

/// Whether a section is empty and the next heading is the same.
fn is_said_again(draft: &Draft, heads: &[Head], at: usize, wording: &Wording) -> bool {
    heads.get(at + 1).is_some_and(|next| {
        let is_same = matches!(&next.shape, Shape::Section(w) if w.section == wording.section);
        is_same && next.level == heads[at].level && next.part == heads[at].part + 1 && next.part < draft.page.parts.len()
    })
}

/// A section that by its level is not below the role that got it.
fn note_moved(draft: &mut Draft, i: usize, node: Node, natural: Node, wording: &Wording) {
    let Node::Role(role) = node else { return };
    // A grade says itself whose it is.
    if node == natural || wording.section == "job-grade" {
        return;
    }
    let line = draft.page.parts[draft.headings[i].part].lines.start;
    let text = format!("{}: {}", draft.roles[role].title, wordings::canonical(wording.section).to_lowercase());
    let reason = "by its level it is not below that title; it follows it, and no other title stands between";
    draft.note(line, "section", text, Verdict::Guessed(reason.to_owned(), 85));
}

/// The last of several page-level sections of a kind, which is taken for all roles.
fn note_last(draft: &mut Draft, i: usize, node: Node, misplaced: &Misplaced, wording: &Wording, taken: &BTreeSet<(Node, &'static str)>) {
    let several = misplaced.after_roles.get(wording.section).is_some_and(|all| all.len() > 1 && all.last() == Some(&i));
    if node != Node::Family || !several || taken.contains(&(node, wording.section)) {
        return;
    }
    let line = draft.page.parts[draft.headings[i].part].lines.start;
    let text = format!("all levels: {}", wordings::canonical(wording.section).to_lowercase());
    let reason = "it follows all roles at a level above theirs; another one stands further up";
    draft.note(line, "section", text, Verdict::Guessed(reason.to_owned(), 75));
}

/// Whether the words before a section name several roles: "Manager and Senior Manager Performance Indicators".
fn is_of_several(draft: &Draft, name: &str) -> bool {
    if grades::by_name(&draft.roles, name).is_some() || draft.specialties.iter().any(|s| ident::loose(&s.title) == ident::loose(name)) {
        return false;
    }
    let spaced = name.replace(" & ", " and ").replace(" or ", " and ").replace(" / ", " and ").replace('/', " and ");
    let pieces: Vec<&str> = spaced.split(" and ").map(str::trim).filter(|p| !p.is_empty()).collect();
    let is_known = |piece: &str| {
        let words = names::words(piece);
        let holding = draft.roles.iter().filter(|r| words.iter().all(|w| names::words(&r.title).contains(w))).count();
        names::is_bare_level(piece) || grades::by_name(&draft.roles, piece).is_some() || (names::is_generic(piece) && holding > 0) || holding == 1
    };
    pieces.len() > 1 && pieces.iter().all(|p| is_known(p))
}

/// The node in which a heading stands by the levels of the headings.
fn natural(heads: &[Head], owners: &[Option<Node>], first_of: &HashMap<Node, usize>, intents: &[Intent], at: usize) -> Node {
    let mut level = heads[at].level;
    for j in (0..at).rev() {
        if heads[j].level < level {
            level = heads[j].level;
            if let Some(node) = owners[j] {
                return node;
            }
            // Below a section of a role is below the role, unless the section stands too high itself.
            if let Some(Intent::Section(node @ (Node::Role(_) | Node::Specialty(_)), _)) = intents.get(j)
                && first_of.get(node).is_some_and(|own| heads[*own].level <= heads[j].level)
            {
                return *node;
            }
        }
    }
    Node::Family
}

/// Whose a section is that names nobody.
#[expect(clippy::too_many_arguments, reason = "the whole state of the walk decides")]
fn bare(
    draft: &Draft,
    heads: &[Head],
    owners: &[Option<Node>],
    misplaced: &Misplaced,
    at: usize,
    wording: &Wording,
    natural: Node,
    preceding: Option<(usize, Node)>,
    taken: &BTreeSet<(Node, &'static str)>,
) -> Result<Node, String> {
    let Some((_, role @ Node::Role(number))) = preceding else { return Ok(natural) };
    let is_free = |node: Node| !taken.contains(&(node, wording.section));
    if natural != Node::Family || !is_free(role) {
        return Ok(natural);
    }
    if draft.roles.len() == 1 {
        return Ok(Node::Family);
    }
    let role_level = draft.roles[number].heading.map_or(7, |h| heads[h].level);
    if wording.section == "job-grade" {
        // A grade that names another role stands there for that one.
        let end = heads.get(at + 1).map_or(draft.page.parts.len(), |h| h.part);
        let subjects: Vec<String> = draft.page.parts[heads[at].part + 1..end].iter().filter_map(|p| grades::subject(&p.text)).collect();
        let other = subjects.iter().find_map(|s| grades::by_name(&draft.roles, s)).is_some_and(|r| r != number);
        return Ok(if other || subjects.len() > 1 { Node::Family } else { role });
    }
    let nobodys: &[usize] = misplaced.after_roles.get(wording.section).map_or(&[], Vec::as_slice);
    let is_core = CORE.contains(&wording.section);
    let next_title = owners[at..].iter().position(|o| matches!(o, Some(Node::Role(_)))).map(|n| heads[at + n].level);
    let inside_levels = heads[at].level >= role_level && next_title.is_some_and(|l| l <= heads[at].level);
    if nobodys.len() == 1 && is_free(Node::Family) && !(is_core && inside_levels) {
        return Ok(Node::Family);
    }
    // Above all levels again, as before them: what counts for all.
    if !is_core && heads[at].level < role_level && nobodys.iter().all(|m| *m == at || heads[*m].level >= role_level) && is_free(Node::Family) {
        return Ok(Node::Family);
    }
    // Each title has its own lists, unless it is the last of several that stand one below the other.
    let is_of_a_row = draft.roles[number].heading.is_some_and(|h| headings::is_last_of_a_row(heads, h));
    if is_core && !is_of_a_row {
        return Ok(role);
    }
    let before = misplaced.all.get(wording.section).and_then(|all| all.iter().rfind(|i| **i < at)).map_or(0, |i| i + 1);
    let covered = owners[before..at].iter().flatten().filter(|o| matches!(o, Node::Role(_)) && is_free(**o)).count();
    if covered == 1 && !is_core {
        return Ok(role);
    }
    // Indicators differ from role to role; how people are hired and move on is said at the end for all.
    let is_of_all = matches!(wording.section, "hiring-process" | "career-ladder");
    if is_of_all && heads[at].level < role_level && nobodys.last() == Some(&at) && next_title.is_none() {
        return Ok(Node::Family);
    }
    Err(format!("it stands below none of the {covered} titles before it, and does not say for which of them it is; it is kept as prose"))
}

/// The bare headings of each section that stand below nobody by their levels.
struct Misplaced {
    all: BTreeMap<&'static str, Vec<usize>>,
    /// Those of them that follow a role.
    after_roles: BTreeMap<&'static str, Vec<usize>>,
}

fn misplaced(heads: &[Head], owners: &[Option<Node>]) -> Misplaced {
    let mut found = Misplaced { all: BTreeMap::new(), after_roles: BTreeMap::new() };
    let mut preceding = None;
    let none = HashMap::new();
    for (i, head) in heads.iter().enumerate() {
        preceding = owners[i].or(preceding);
        let Shape::Section(wording) = &head.shape else { continue };
        let is_again = heads.get(i + 1).is_some_and(|n| n.part == head.part + 1 && n.shape == head.shape && n.level == head.level);
        if is_again || natural(heads, owners, &none, &[], i) != Node::Family {
            continue;
        }
        found.all.entry(wording.section).or_default().push(i);
        if matches!(preceding, Some(Node::Role(_))) {
            found.after_roles.entry(wording.section).or_default().push(i);
        }
    }
    found
}

/// The node that the words before a section name.
fn named(draft: &mut Draft, name: &str, natural: Node, preceding: Option<Node>, taken: &dyn Fn(Node) -> bool, line: usize) -> Option<Node> {
    if let Some(role) = grades::by_name(&draft.roles, name) {
        // One word less, as in "Analyst (Junior) > Analyst Requirements", is meant for the role at hand.
        if let Node::Role(own) = natural
            && own != role
            && !taken(natural)
            && names::ordered(&draft.roles[own].title).contains(&names::ordered(name))
        {
            let title = draft.roles[own].title.clone();
            let reason = format!("it says `{name}`, which is another role here, and stands below {title}, which has no such list");
            draft.note(line, "section", format!("{title}: {name}"), Verdict::Guessed(reason, 80));
            return Some(natural);
        }
        return Some(Node::Role(role));
    }
    let loose = ident::loose(name);
    if let Some(specialty) = specialty_called(draft, name) {
        return Some(Node::Specialty(specialty));
    }
    if ident::loose(&draft.page.title.0) == loose || ident::loose(&super::titles::of_page(&draft.page.title.0)) == loose {
        return Some(if let Node::Family = natural { Node::Family } else { natural });
    }
    for node in [Some(natural), preceding].into_iter().flatten() {
        let (title, ordered) = match node {
            Node::Role(role) => (draft.roles[role].title.clone(), names::ordered(&draft.roles[role].title)),
            Node::Specialty(specialty) => (draft.specialties[specialty].title.clone(), names::ordered(&draft.specialties[specialty].title)),
            Node::Family => continue,
        };
        let name = names::ordered(name);
        let of_level = names::level_of(&title).is_some_and(|l| l.to_lowercase() == name) || (name == "intermediate" && node == natural);
        let all_in = name.split(' ').all(|w| ordered.split(' ').any(|o| o == w)) || ordered.split(' ').all(|w| name.split(' ').any(|n| n == w));
        let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        if of_level || names::likeness(&title, &name) >= 0.6 || (all_in && node == natural) || bare(&title.to_lowercase()) == bare(&name) {
            return Some(node);
        }
    }
    let by_level: Vec<usize> = (0..draft.roles.len())
        .filter(|r| names::is_bare_level(name) && names::level_of(&draft.roles[*r].title).is_some_and(|l| l.eq_ignore_ascii_case(name)))
        .collect();
    if let [one] = by_level.as_slice() {
        return Some(Node::Role(*one));
    }
    // Fewer words of one title only: "VP of PS" for "VP of Professional Services (PS)".
    let wanted = names::ordered(name);
    let holds = |title: &str| wanted.contains(' ') && wanted.split(' ').all(|w| names::ordered(title).split(' ').any(|t| t == w));
    let holding: Vec<usize> = (0..draft.roles.len()).filter(|r| holds(&draft.roles[*r].title)).collect();
    if let [one] = holding.as_slice() {
        return Some(Node::Role(*one));
    }
    // What stands below a role with the name of another, and is a list that it lacks, is taken for its own.
    if let Node::Role(role) = natural
        && !taken(natural)
        && names::may_be_title(name)
    {
        let verdict = Verdict::Guessed(format!("it names nobody here, and stands below {}", draft.roles[role].title), 70);
        draft.note(line, "section", format!("{}: {name}", draft.roles[role].title), verdict);
        return Some(natural);
    }
    // The page's own name, or words for all: it counts for the family where nothing else is open.
    let page = names::ordered(&super::titles::of_page(&draft.page.title.0));
    let is_page = names::likeness(&page, name) >= 0.6 || page.contains(&names::ordered(name)) && names::ordered(name).len() > 3;
    (natural == Node::Family && preceding.is_none_or(|p| p != Node::Family) && is_page).then_some(Node::Family)
}

/// The specialty of a name, or of the name without `specialty` where only one title holds all its words.
fn specialty_called(draft: &Draft, name: &str) -> Option<usize> {
    let loose = ident::loose(name);
    let exact = draft.specialties.iter().position(|s| ident::loose(&s.title) == loose);
    if exact.is_some() || !wordings::is_of_specialty(name) {
        return exact;
    }
    let words = names::words(&wordings::without_specialty(name));
    let holding = |s: &crate::import::outline::Specialty| words.iter().all(|w| names::words(&s.title).contains(w));
    let found: Vec<usize> = (0..draft.specialties.len()).filter(|s| holding(&draft.specialties[*s])).collect();
    if let [one] = found.as_slice() { Some(*one) } else { None }
}

/// The heading above a section that reads as somebody's and is nobody's.
fn unplaced_above(draft: &Draft, heads: &[Head], intents: &[Intent], natural: Node, at: usize) -> Option<String> {
    let above = heads[..at].iter().rposition(|h| h.level < heads[at].level)?;
    let is_nobodys = matches!(intents[above], Intent::Prose | Intent::Apart) && heads[above].shape == Shape::Plain;
    let has_between = intents[above + 1..].iter().any(|i| matches!(i, Intent::Node(_)));
    if matches!(natural, Node::Role(_)) || !is_nobodys || has_between || heads[above].level == 1 {
        return None;
    }
    let around = heads[..above].iter().rposition(|h| h.level < heads[above].level);
    let is_in_container = around.is_some_and(|a| matches!(intents[a], Intent::Container(_)));
    (is_in_container || is_somebodys(draft, &heads[above])).then(|| heads[above].text.clone())
}

/// Whether a heading reads as the name of a role, a level or a specialty.
fn is_somebodys(draft: &Draft, head: &Head) -> bool {
    let is_alike = |title: &str| names::likeness(title, &head.text) >= 0.5;
    let in_specialty = |title: &str| {
        let title = names::words(title);
        !head.words.is_empty() && head.words.iter().all(|w| title.contains(w))
    };
    let is_page = ident::loose(&head.text) == ident::loose(&super::titles::of_page(&draft.page.title.0));
    !is_page
        && (head.may_be_title
            || names::level_of(&head.text).is_some()
            || draft.roles.iter().any(|r| is_alike(&r.title))
            || draft.specialties.iter().any(|s| is_alike(&s.title) || in_specialty(&s.title)))
}

/// A plain heading: below a list for all, a name says whose part of it follows.
fn plain(draft: &mut Draft, heads: &[Head], intents: &[Intent], at: usize) -> Intent {
    let Some(above) = heads[..at].iter().rposition(|h| h.level < heads[at].level) else { return Intent::Prose };
    if let Some(intent) = misnamed_grade(draft, heads, intents, at) {
        return intent;
    }
    let Intent::Section(Node::Family, section) = intents[above] else { return Intent::Prose };
    let text = heads[at].text.trim();
    let list = wordings::canonical(section).to_lowercase();
    let line = draft.page.parts[heads[at].part].lines.start;
    match named_by(draft, text, at) {
        Some((node, _)) if intents.contains(&Intent::Section(node, section)) => {
            nobodys(draft, at, format!("the {list} of the same role or specialty stand further up; it is kept as prose"))
        }
        Some((node, verdict)) => {
            draft.note(line, "section", format!("{text}: {list}"), verdict);
            Intent::Section(node, section)
        }
        None if intents[above + 1..].contains(&Intent::Apart) => {
            nobodys(draft, at, format!("the {list} for all end above it, where a part of them was taken out; it is kept as prose"))
        }
        // Tracks are known by their titles.
        None if ["manager", "individual contributor"].contains(&ident::loose(text).as_str()) => Intent::Prose,
        None if is_somebodys(draft, &heads[at]) => nobodys(
            draft,
            at,
            format!("it stands in the {list} for all, and reads as the name of some of them who are not known here; it is kept as prose"),
        ),
        None => Intent::Prose,
    }
}

/// The role or specialty whose name a heading is, or has in parentheses.
fn named_by(draft: &Draft, text: &str, at: usize) -> Option<(Node, Verdict)> {
    let loose = ident::loose(text);
    let role = draft.roles.iter().position(|r| ident::loose(&r.title) == loose && r.heading.is_none_or(|h| h != at));
    let specialty = draft.specialties.iter().position(|s| ident::loose(&s.title) == loose);
    if let Some(node) = role.map(Node::Role).or(specialty.map(Node::Specialty)) {
        return Some((node, Verdict::Understood));
    }
    let (_, inner) = text.strip_suffix(')')?.rsplit_once('(')?;
    let wanted = names::ordered(inner);
    let is_it = |title: &str| names::bag(&names::ordered(title)) == names::bag(&wanted);
    let specialty = draft.specialties.iter().position(|s| is_it(&s.title))?;
    Some((Node::Specialty(specialty), Verdict::Guessed("its words in parentheses are those of the specialty".to_owned(), 85)))
}

/// The title of a role again, directly below it, with its grade: "Job Grade" was forgotten.
fn misnamed_grade(draft: &mut Draft, heads: &[Head], intents: &[Intent], at: usize) -> Option<Intent> {
    let role = (0..at).rev().find_map(|j| if let Intent::Node(Node::Role(role)) = intents[j] { Some((j, role)) } else { None });
    let (own, role) = role.filter(|(j, _)| at - j <= 2)?;
    if ident::loose(&heads[own].text) != ident::loose(&heads[at].text) || draft.roles[role].sections.contains("job-grade") {
        return None;
    }
    let end = heads.get(at + 1).map_or(draft.page.parts.len(), |h| h.part);
    let states = draft.page.parts[heads[at].part + 1..end].iter().any(|p| !grades::in_text(&p.text, false).is_empty());
    if !states {
        return None;
    }
    let line = draft.page.parts[heads[at].part].lines.start;
    let verdict = Verdict::Guessed("it repeats the title above and states its grade".to_owned(), 85);
    draft.note(line, "section", format!("{}: job grade", draft.roles[role].title), verdict);
    draft.headings[at].section_words = Some("Job Grade".to_owned());
    Some(Intent::Section(Node::Role(role), "job-grade"))
}
