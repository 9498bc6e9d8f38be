//! A heading in, what it opens out: the table of the content model, section 4, row by row.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Reader;
use crate::config::{Config, HeadingWord};
use crate::ident;
use crate::markdown::Heading;
use crate::parse::{Container, Document, DocumentKind, FamilyFront, NodeKind};

type Words<T> = HashMap<String, T, foldhash::fast::FixedState>;

/// The names that headings may say.
pub(super) struct Names {
    /// Whether headings address anything at all (not on plain pages).
    pub(super) sections: bool,
    pub(super) exact: Words<BTreeSet<usize>>,
    pub(super) loose: Words<BTreeSet<usize>>,
    pub(super) ids: Words<usize>,
    /// Ids as headings say them, as written and loosely.
    pub(super) said: [Words<BTreeSet<usize>>; 2],
    pub(super) family: bool,
}

impl Names {
    pub(super) fn of(document: &Document, config: &Config) -> Self {
        let mut names = Names {
            sections: false,
            exact: Words::default(),
            loose: Words::default(),
            ids: Words::default(),
            said: Default::default(),
            family: false,
        };
        match &document.kind {
            DocumentKind::Family(front) => names.add_family(front),
            DocumentKind::Block(_) => {}
            _ => return names,
        }
        names.sections = !config.sections.is_empty();
        names
    }

    fn add_family(&mut self, front: &FamilyFront) {
        self.family = true;
        self.add(&front.title, 0);
        for (i, track) in front.tracks.iter().enumerate() {
            self.add(&track.title, front.track_node(i));
            self.add_id(&track.id, front.track_node(i));
        }
        for (i, role) in front.roles.iter().enumerate() {
            for name in role.names() {
                self.add(&name, front.role_node(i));
            }
            self.add_id(&role.id, front.role_node(i));
        }
        for (i, specialty) in front.specialties.iter().enumerate() {
            self.add(&specialty.title, front.specialty_node(i));
            self.add_id(&specialty.id, front.specialty_node(i));
        }
    }

    fn add_id(&mut self, id: &str, node: usize) {
        self.ids.insert(id.to_owned(), node);
        self.said[0].entry(id.to_owned()).or_default().insert(node);
        self.said[1].entry(id.to_owned()).or_default().insert(node);
        self.said[1].entry(ident::loose(id)).or_default().insert(node);
    }

    fn add(&mut self, name: &str, node: usize) {
        self.exact.entry(ident::fold(name)).or_default().insert(node);
        self.loose.entry(ident::loose(name)).or_default().insert(node);
    }
}

/// The names of a family in one form, and how to bring a name into that form.
struct Table<'a> {
    nodes: &'a Words<BTreeSet<usize>>,
    ids: &'a Words<BTreeSet<usize>>,
    sections: &'a BTreeMap<String, usize>,
    words: &'a BTreeMap<String, HeadingWord>,
}

/// What a heading opens.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    Node(usize),
    Section { node: usize, section: usize },
    Container(Container),
    Ambiguous(Vec<usize>),
    Nothing,
}

impl Reader<'_> {
    pub(super) fn meaning(&self, heading: &Heading, in_container: bool) -> Meaning {
        if !self.names.sections {
            return Meaning::Nothing;
        }
        if let Some(node) = heading.id.as_deref().and_then(|id| self.names.ids.get(id)) {
            return Meaning::Node(*node);
        }
        let exact = ident::fold(&heading.text);
        let exact = exact.split_whitespace().collect::<Vec<_>>().join(" ");
        let (names, headings) = (&self.names, &self.config.headings);
        let as_written = Table { nodes: &names.exact, ids: &names.said[0], sections: &headings.exact, words: &headings.words_by_form[0] };
        match self.look_up(&exact, &as_written, in_container) {
            Meaning::Nothing => {
                let loosely = Table { nodes: &names.loose, ids: &names.said[1], sections: &headings.loose, words: &headings.words_by_form[1] };
                self.look_up(&ident::loose(&heading.text), &loosely, in_container)
            }
            found => found,
        }
    }

    /// Looks a heading up in the table of the content model, row by row.
    fn look_up(&self, text: &str, table: &Table<'_>, in_container: bool) -> Meaning {
        if text.is_empty() {
            return Meaning::Nothing;
        }
        let mut named: Vec<usize> = table.nodes.get(text).into_iter().flatten().copied().collect();
        if in_container {
            named.extend(table.ids.get(text).into_iter().flatten());
        }
        match self.one_of(named) {
            Meaning::Node(node) => return self.of_open_section(node),
            Meaning::Nothing => {}
            other => return other,
        }
        if self.names.family {
            match table.words.get(text) {
                Some(HeadingWord::AllLevels) => return Meaning::Node(0),
                Some(HeadingWord::Levels) => return Meaning::Container(Container::Levels),
                Some(HeadingWord::Specialties) => return Meaning::Container(Container::Specialties),
                None => {}
            }
        }
        if let Some(section) = table.sections.get(text) {
            return Meaning::Section { node: self.open_node(), section: *section };
        }
        self.of_named_node(text, table)
    }

    /// The name of a track while a section is open is the same section of that track.
    fn of_open_section(&self, node: usize) -> Meaning {
        let front = self.document.family();
        let is_track = front.is_some_and(|f| matches!(f.node_kind(node), NodeKind::Track(_)));
        match self.open_section_scope() {
            Some((_, section)) if is_track => Meaning::Section { node, section },
            _ => Meaning::Node(node),
        }
    }

    /// A section after the title, level or id of a node.
    fn of_named_node(&self, text: &str, table: &Table<'_>) -> Meaning {
        let mut fits: Vec<(&str, usize)> = table
            .sections
            .iter()
            .filter(|(name, _)| text.len() > name.len() + 1 && text.ends_with(name.as_str()) && text.as_bytes()[text.len() - name.len() - 1] == b' ')
            .map(|(name, section)| (name.as_str(), *section))
            .collect();
        fits.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        for (name, section) in fits {
            let before = text[..text.len() - name.len() - 1].trim_end();
            let named = table.nodes.get(before).into_iter().chain(table.ids.get(before)).flatten().copied().collect();
            match self.one_of(named) {
                Meaning::Node(node) => return Meaning::Section { node, section },
                Meaning::Nothing => {}
                other => return other,
            }
        }
        Meaning::Nothing
    }

    /// The one node that is left; a role wins over its family of the same title.
    fn one_of(&self, mut nodes: Vec<usize>) -> Meaning {
        nodes.sort_unstable();
        nodes.dedup();
        if nodes.len() > 1 {
            nodes.retain(|n| *n != 0);
        }
        match nodes.as_slice() {
            [] => Meaning::Nothing,
            [node] => Meaning::Node(*node),
            _ => Meaning::Ambiguous(nodes),
        }
    }

    pub(super) fn node_name(&self, node: usize) -> (String, String) {
        let Some(front) = self.document.family() else { return (String::new(), String::new()) };
        match front.node_kind(node) {
            NodeKind::Family => ("the family".to_owned(), String::new()),
            NodeKind::Track(i) => (format!("the track {}", front.tracks[i].title), front.tracks[i].id.clone()),
            NodeKind::Role(i) => (format!("the role {}", front.roles[i].title), front.roles[i].id.clone()),
            NodeKind::Specialty(i) => (format!("the specialty {}", front.specialties[i].title), front.specialties[i].id.clone()),
        }
    }
}
