//! PARSE: one file in, a [`Document`] out, with everything that is wrong in it. Never fails and looks at no other file.

pub mod body;
pub mod front;
pub mod front_matter;
pub mod instead;
pub mod items;
pub mod keys;
pub mod misread;
pub mod slip;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::config::{Config, text_fault};
use crate::diagnostic::{Diagnostic, Place};
use crate::markdown::{Definitions, Link};
use crate::source::SourceFile;
pub use front::{FamilyFront, Grade, Located, NodeKind, PageFront, ParentFront, RoleFront, SpecialtyFront, Status};

/// A file of `content/` as its author meant it, before anything else is looked at.
#[derive(Debug)]
pub struct Document {
    /// The file.
    pub source: Arc<SourceFile>,
    /// What kind of file it is.
    pub kind: DocumentKind,
    /// What is written on each node. 0 is the family (or the page) itself; then the tracks, roles and specialties of
    /// the front matter, in its order.
    pub nodes: Vec<NodeContent>,
    /// Every item of every list section.
    pub items: Vec<Item>,
    /// Reference definitions.
    pub definitions: Definitions,
    /// Links and images, in written order.
    pub links: Vec<Link>,
    /// Anchors of headings (GitLab's slugs, and `{#x}` ones) and of raw HTML.
    pub anchors: Vec<Box<str>>,
    /// Where the body begins.
    pub body: usize,
    /// Whether any item changes a key (`was=`).
    pub renames: bool,
    /// What is wrong in this file.
    pub findings: Vec<Diagnostic>,
    /// Where each line begins, made when first asked for.
    lines: OnceLock<Box<[u32]>>,
}

/// What kind of file a document is.
#[derive(Debug, PartialEq)]
pub enum DocumentKind {
    /// A job family.
    Family(Box<FamilyFront>),
    /// A page of prose.
    Page(PageFront),
    /// The prose of a department, or of the home page.
    Index(PageFront),
    /// A shared block.
    Block(PageFront),
    /// The front matter could not be read: nothing is known, and nothing about it is reported twice.
    Broken {
        /// Words that stand after `id:`; references to them are no faults.
        ids: Vec<String>,
    },
}

/// What is written on one node.
#[derive(Debug, Default)]
pub struct NodeContent {
    /// Its list sections, in written order.
    pub sections: Vec<NodeSection>,
    /// Its prose, in written order.
    pub prose: Vec<Prose>,
    /// Anchors of the headings that open it (numbers of [`Document::anchors`]).
    pub anchors: Vec<u32>,
}

/// A list section of a node.
#[derive(Debug)]
pub struct NodeSection {
    /// Number in the vocabulary.
    pub section: usize,
    /// Whether it stands instead of the inherited list.
    pub instead: bool,
    /// Among these are its items (numbers of [`Document::items`]), removals included; see [`Document::section_items`].
    pub items: Range<u32>,
    /// Items, paragraphs and sub-headings in written order.
    pub flow: Vec<Flow>,
    /// The heading or the YAML key that opens it.
    pub span: Range<usize>,
    /// The anchors of the heading that opens it (none where a YAML key does).
    pub anchors: Range<u32>,
}

/// A part of a list section.
#[derive(Debug, Clone)]
pub enum Flow {
    /// Items, by number.
    Items(Range<u32>),
    /// Paragraphs, tables and other prose.
    Prose(Range<usize>),
    /// A sub-heading.
    SubHeading {
        /// Its text.
        text: Box<str>,
        /// Its anchors.
        anchors: Range<u32>,
    },
}

/// Prose of a node, with its heading.
#[derive(Debug)]
pub struct Prose {
    /// The heading, where there is one.
    pub heading: Option<ProseHeading>,
    /// Number of the prose section that it is, if it is one.
    pub section: Option<usize>,
    /// The container below whose heading it stands directly.
    pub container: Option<Container>,
    /// What is written.
    pub written: Written,
    /// Where it begins: the heading, or its first line.
    pub span: Range<usize>,
}

/// A heading whose direct children are roles or specialties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// `Levels` or `Roles`.
    Levels,
    /// `Specialties`.
    Specialties,
}

/// The heading of a piece of prose.
#[derive(Debug, Clone)]
pub struct ProseHeading {
    /// Its text.
    pub text: Box<str>,
    /// Its level as written.
    pub level: u8,
    /// Its anchors (numbers of [`Document::anchors`]): the one to show first, then others that lead here too.
    pub anchors: Range<u32>,
}

/// Markdown, verbatim in the file or decoded from a YAML string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// Bytes of the file.
    Body(Range<usize>),
    /// Decoded text, and the bytes of the file on which it stands.
    Yaml(Box<str>, Range<usize>),
}

impl Written {
    /// The Markdown.
    pub fn markdown<'a>(&'a self, file: &'a str) -> &'a str {
        match self {
            Written::Body(span) => &file[span.clone()],
            Written::Yaml(text, _) => text,
        }
    }
}

/// One item of a list section.
#[derive(Debug)]
pub struct Item {
    /// Key, label and old key; none for an item that is only ever added.
    pub keyed: Option<Box<Keyed>>,
    /// What is written.
    pub text: ItemText,
    /// A number that is the same for texts that are equal, white space, comments and `{#key}` aside.
    pub hash: u64,
    /// The node it is written on.
    pub node: u32,
    /// The section it is written in (number of the vocabulary).
    pub section: u16,
    /// Whether it removes an inherited item.
    pub removes: bool,
}

/// What names an item.
#[derive(Debug, PartialEq, Eq)]
pub struct Keyed {
    /// Its key.
    pub key: Box<str>,
    /// Its label as readers see it.
    pub label: Option<Box<str>>,
    /// The key it had before.
    pub was: Option<Box<str>>,
}

/// The text of an item.
#[derive(Debug, PartialEq, Eq)]
pub enum ItemText {
    /// A bullet of the body: start of its line, of its content, and its end, as bytes of the file.
    Body {
        /// Start of its line.
        start: u32,
        /// Start of its content, after the marker.
        content: u32,
        /// Its end.
        end: u32,
    },
    /// A YAML string.
    Yaml(Box<YamlText>),
}

/// The text of an entry of a YAML list.
#[derive(Debug, PartialEq, Eq)]
pub struct YamlText {
    /// The text, decoded.
    pub text: Box<str>,
    /// The bytes on which it stands.
    pub span: Range<usize>,
    /// Where the entry begins.
    pub start: usize,
}

impl Item {
    /// Its key, if it has a stable one.
    pub fn key(&self) -> Option<&str> {
        self.keyed.as_ref().map(|k| &*k.key)
    }

    /// Its label, if it has one.
    pub fn label(&self) -> Option<&str> {
        self.keyed.as_ref().and_then(|k| k.label.as_deref())
    }

    /// The item as written, without marker.
    pub fn markdown<'a>(&'a self, file: &'a str) -> &'a str {
        match &self.text {
            ItemText::Body { content, end, .. } => &file[*content as usize..*end as usize],
            ItemText::Yaml(yaml) => &yaml.text,
        }
    }

    /// Where it stands: its content, or its YAML entry.
    pub fn span(&self) -> Range<usize> {
        match &self.text {
            ItemText::Body { content, end, .. } => *content as usize..*end as usize,
            ItemText::Yaml(yaml) => yaml.span.clone(),
        }
    }

    /// Where its bullet or YAML entry begins.
    pub fn start(&self) -> usize {
        match &self.text {
            ItemText::Body { content, .. } => *content as usize,
            ItemText::Yaml(yaml) => yaml.start,
        }
    }
}

impl Document {
    /// The path of the file.
    pub fn file(&self) -> &Arc<str> {
        &self.source.path
    }

    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.source.text
    }

    /// A place in the file.
    pub fn place(&self, span: Range<usize>) -> Place {
        Place::new(&self.source.path, span)
    }

    /// The line (from 1) of a byte of the file.
    pub fn line(&self, offset: usize) -> usize {
        let starts = || {
            let ends = self.text().bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1);
            std::iter::once(0).chain(ends).collect()
        };
        self.lines.get_or_init(starts).partition_point(|start| *start as usize <= offset)
    }

    /// The family's front matter, if it is one.
    pub fn family(&self) -> Option<&FamilyFront> {
        match &self.kind {
            DocumentKind::Family(front) => Some(front),
            _ => None,
        }
    }

    /// The section `section` of node `node`, if anything of it is written there.
    pub fn section(&self, node: usize, section: usize) -> Option<&NodeSection> {
        self.nodes[node].sections.iter().find(|s| s.section == section)
    }

    /// The items of a section of a node with their numbers, in written order.
    ///
    /// A section that is taken up again after that of a track has items of the track between its own.
    pub fn section_items(&self, node: usize, section: usize) -> impl Iterator<Item = (u32, &Item)> {
        let range = self.section(node, section).map_or(0..0, |s| s.items.clone());
        range.map(|i| (i, &self.items[i as usize])).filter(move |(_, item)| item.node as usize == node && item.section as usize == section)
    }

    fn new(source: Arc<SourceFile>, kind: DocumentKind) -> Self {
        Document {
            source,
            kind,
            nodes: vec![NodeContent::default()],
            items: Vec::new(),
            definitions: Definitions::default(),
            links: Vec::new(),
            anchors: Vec::new(),
            body: 0,
            renames: false,
            findings: Vec::new(),
            lines: OnceLock::new(),
        }
    }
}

/// What the path of a file says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// `_shared/*.md`
    Block,
    /// `index.md`
    Index,
    /// Any other page.
    Page,
}

fn spot(path: &str) -> Spot {
    let inner = path.strip_prefix("content/").unwrap_or(path);
    let name = inner.rsplit('/').next().unwrap_or(inner);
    if inner.starts_with("_shared/") {
        Spot::Block
    } else if name == "index.md" {
        Spot::Index
    } else {
        Spot::Page
    }
}

/// Whether the file at `path` (from the root) is read at all: names that begin with `_` make no page, but for `_shared/`.
pub fn is_read(path: &str) -> bool {
    let inner = path.strip_prefix("content/").unwrap_or(path);
    let inner = inner.strip_prefix("_shared/").unwrap_or(inner);
    !inner.split('/').any(|part| part.starts_with('_'))
}

/// Reads one file of `content/`.
pub fn parse(source: &Arc<SourceFile>, config: &Config) -> Document {
    if let Some(finding) = text_fault(source) {
        // A file that is cut off says which ids it has; one that was not read may have any.
        let ids = if source.text.is_empty() { vec![ANY.to_owned()] } else { front_matter::probable_ids(&source.text) };
        let mut document = Document::new(Arc::clone(source), DocumentKind::Broken { ids });
        document.findings.push(finding);
        return document;
    }
    let text = &*source.text;
    let spot = spot(&source.path);
    let front = front_matter::split(text);
    if front.is_none() && (spot == Spot::Page || text.trim().is_empty()) {
        return without_front_matter(source);
    }
    let mut document = Document::new(Arc::clone(source), DocumentKind::Broken { ids: Vec::new() });
    let body = match front {
        Some(Ok(front)) => {
            if front.blank > 0 {
                let place = document.place(front.blank..front.blank + "---".len());
                let finding = Diagnostic::error("front-matter-missing", place, "the front matter does not begin at the very beginning of the file")
                    .help("delete the white space before this line")
                    .fix("the front matter stands at the beginning of the file", vec![(0..front.blank, String::new())]);
                document.findings.push(finding);
            }
            front_matter::read(&mut document, &front, spot == Spot::Block, spot == Spot::Index, config);
            front.body
        }
        Some(Err(mut finding)) => {
            finding.place.file = Arc::clone(&source.path);
            document.findings.push(finding);
            document.kind = DocumentKind::Broken { ids: front_matter::probable_ids(text) };
            return document;
        }
        None => {
            document.kind = match spot {
                Spot::Block => DocumentKind::Block(PageFront::default()),
                _ => DocumentKind::Index(PageFront::default()),
            };
            0
        }
    };
    if !matches!(document.kind, DocumentKind::Broken { .. }) {
        document.body = body;
        body::read(&mut document, config);
    }
    document
}

/// Stands for every id, where nothing of a file could be read.
pub const ANY: &str = "*";
/// Stands for every id of a reference that names the file by its path, too.
pub const ANY_BY_PATH: &str = "/*";

fn without_front_matter(source: &Arc<SourceFile>) -> Document {
    let mut ids = front_matter::probable_ids(&source.text);
    ids.push(ANY_BY_PATH.to_owned());
    let mut document = Document::new(Arc::clone(source), DocumentKind::Broken { ids });
    let empty = source.text.trim().is_empty();
    let finding = if empty {
        Diagnostic::error("file-empty", document.place(0..0), "this file is empty")
            .help("write a family or a page, or delete the file; a file is kept out of the site by a name that begins with `_`")
    } else {
        let end = source.text.find('\n').unwrap_or(source.text.len());
        Diagnostic::error("front-matter-missing", document.place(0..end), "this page does not begin with front matter")
            .help("begin the file with a line `---`, then `title: ...`, for a job family also `roles:`, then another line `---`")
    };
    document.findings.push(finding);
    document
}
