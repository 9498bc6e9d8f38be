//! The intermediate form of an import: what a page says, part by part, and what was found in it.
//!
//! A reader of any source (Markdown is the only one so far) makes [`Page`]s; everything after it knows parts, lines and
//! findings, and nothing of the form in which they were written. Another reader may also fill in a [`Draft`] itself.

use std::collections::BTreeSet;
use std::sync::Arc;

/// A page of the source, taken apart.
#[derive(Debug, Clone)]
pub struct Page {
    /// Path of its file, as messages name it.
    pub source: Arc<str>,
    /// Path of the new file below `content/`.
    pub target: String,
    /// Address below the root of the old site, without the first `/`: `sales/renewals/`, `sales/list.html`.
    pub old_address: String,
    /// Its title, and the line that says it.
    pub title: (String, usize),
    /// One sentence about it, and the line that says it.
    pub description: Option<(String, usize)>,
    /// Whether its own front matter says that it is a list or a plain page, not a job family.
    pub is_plain: bool,
    /// Other keys of its front matter: key, value as YAML, line.
    pub extra: Vec<(String, String, usize)>,
    /// All lines of the file.
    pub lines: Vec<String>,
    /// Number (from 0) of the first line of the body.
    pub body: usize,
    /// The body, part by part.
    pub parts: Vec<Part>,
}

/// A part of a page: a heading, one bullet, a paragraph.
#[derive(Debug, Clone)]
pub struct Part {
    /// First line and the one after the last, from 0.
    pub lines: std::ops::Range<usize>,
    /// What it is.
    pub kind: PartKind,
    /// Its text without markup; of a bullet without what is nested below it.
    pub text: String,
    /// Its links: text and address.
    pub links: Vec<(String, String)>,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartKind {
    /// A heading of this level.
    Heading(u8),
    /// A bullet or a numbered point; `nested` where more hangs below it.
    Item {
        /// Whether it has bullets or paragraphs of its own.
        nested: bool,
    },
    /// A table: the cells of each row.
    Table(Vec<Vec<String>>),
    /// The source text of a Mermaid diagram.
    Diagram(String),
    /// Anything else.
    Prose,
}

/// What a heading is meant to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// A role, a specialty, or (the family) the part that counts for all levels.
    Node(Node),
    /// A section of a node.
    Section(Node, &'static str),
    /// `Levels`, `Specialties` and the like.
    Container(Container),
    /// Prose with its heading.
    Prose,
    /// Prose with its heading, and no part of the list below which it stands.
    Apart,
}

/// What a container holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Roles.
    Levels,
    /// Specialties.
    Specialties,
}

/// A node of a family: numbers count in its draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// The family itself: what counts for all roles.
    Family,
    /// A role.
    Role(usize),
    /// A specialty.
    Specialty(usize),
}

/// A page with everything that was found in it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The page.
    pub page: Page,
    /// Its headings: part, level, and what they are meant to open.
    pub headings: Vec<Heading>,
    /// Its roles, as written. None: it becomes a plain page or a department's page.
    pub roles: Vec<Role>,
    /// Its specialties, as written.
    pub specialties: Vec<Specialty>,
    /// Families and roles that come after the whole family (references).
    pub ladder: Vec<String>,
    /// All grades that the page states, also where it is not known of whom.
    pub grades: BTreeSet<i64>,
    /// Other wordings of section headings: section, wording.
    pub aliases: BTreeSet<(&'static str, String)>,
    /// What was done, guessed, and left.
    pub notes: Vec<Note>,
    /// What becomes of lines of the body; a line without one stays as it is.
    pub edits: Vec<Edit>,
    /// Bullets that say nothing but what is in a field now.
    pub taken: Vec<Taken>,
}

/// A bullet that says nothing but what is in a field of a node now.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Number of its part.
    pub part: usize,
    /// Whose field it is.
    pub node: Node,
    /// The references that it became.
    pub references: Vec<String>,
}

/// A heading of a draft.
#[derive(Debug, Clone)]
pub struct Heading {
    /// Number of its part.
    pub part: usize,
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// What it is meant to open.
    pub intent: Intent,
    /// The words of it that name a section, where they are only part of it or are spelled otherwise.
    pub section_words: Option<String>,
}

/// A role of a draft.
#[derive(Debug, Clone, Default)]
pub struct Role {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The name of its level.
    pub level: Option<String>,
    /// The heading that opens it, if one does.
    pub heading: Option<usize>,
    /// The line that says that there is such a role.
    pub line: usize,
    /// Its grades.
    pub grades: Vec<i64>,
    /// Id of its track, where it is not the first.
    pub manager: bool,
    /// Whether the page calls it deprecated.
    pub deprecated: bool,
    /// References of what it extends.
    pub extends: Vec<Extends>,
    /// References of which it extends either.
    pub extends_any: Vec<String>,
    /// Whom it reports to: a reference or words.
    pub reports_to: Option<String>,
    /// References of what comes next.
    pub next: Vec<String>,
    /// Sections that it has lists of, in the front matter's words.
    pub sections: BTreeSet<&'static str>,
    /// What was read and could not be resolved; becomes comments.
    pub comments: Vec<String>,
}

/// One parent of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extends {
    /// The reference.
    pub reference: String,
    /// The sections; none: all.
    pub only: Vec<&'static str>,
}

/// A specialty of a draft.
#[derive(Debug, Clone, Default)]
pub struct Specialty {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The heading that opens it.
    pub heading: usize,
    /// Ids of the roles it is for; none: all.
    pub roles: Vec<String>,
    /// Whom it reports to.
    pub reports_to: Option<String>,
    /// Comments for the front matter.
    pub comments: Vec<String>,
}

/// A line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Line of the source file, from 1.
    pub line: usize,
    /// What it is about, in the front matter's words: `role`, `grade`, `extends`, `heading`, ...
    pub what: &'static str,
    /// What was found, or what was done.
    pub text: String,
    /// How sure it is.
    pub verdict: Verdict,
}

/// How sure a note is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It stands there.
    Understood,
    /// It is likely, for this reason; percent.
    Guessed(String, u8),
    /// A person must decide, for this reason.
    Left(String),
    /// The line is gone from the text; it is this field now.
    Consumed(String),
    /// The line is another now, which keeps its words.
    Edited(String),
}

/// What becomes of a line of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// These lines (from 0) are left out.
    Drop(std::ops::Range<usize>),
    /// This line becomes another.
    Replace(usize, String),
    /// Something stands before this line.
    Before(usize, String),
}

impl Draft {
    /// A draft of a page in which nothing was found yet.
    pub fn of(page: Page) -> Self {
        Draft {
            page,
            headings: Vec::new(),
            roles: Vec::new(),
            specialties: Vec::new(),
            ladder: Vec::new(),
            grades: BTreeSet::new(),
            aliases: BTreeSet::new(),
            notes: Vec::new(),
            edits: Vec::new(),
            taken: Vec::new(),
        }
    }

    /// Notes something about a line, counted from 0.
    pub fn note(&mut self, line: usize, what: &'static str, text: impl Into<String>, verdict: Verdict) {
        self.notes.push(Note { line: line + 1, what, text: text.into(), verdict });
    }

    /// Id of the family: its path below `content/` without `/index.md` or `.md`.
    pub fn id(&self) -> &str {
        let path = self.page.target.strip_suffix(".md").unwrap_or(&self.page.target);
        path.strip_suffix("/index").unwrap_or(path)
    }

    /// The node and the section to which each part belongs, by number of the part.
    pub fn homes(&self) -> Vec<(Node, Option<&'static str>)> {
        let mut homes = vec![(Node::Family, None); self.page.parts.len()];
        for (i, heading) in self.headings.iter().enumerate() {
            let end = self.headings.get(i + 1).map_or(homes.len(), |next| next.part);
            let home = self.home_of(i);
            homes[heading.part..end].fill(home);
        }
        homes
    }

    fn home_of(&self, heading: usize) -> (Node, Option<&'static str>) {
        match &self.headings[heading].intent {
            Intent::Node(node) => (*node, None),
            Intent::Section(node, section) => (*node, Some(section)),
            Intent::Container(_) => (Node::Family, None),
            Intent::Prose | Intent::Apart => {
                let level = self.headings[heading].level;
                let above = self.headings[..heading].iter().rposition(|h| h.level < level);
                let (node, section) = above.map_or((Node::Family, None), |above| self.home_of(above));
                (node, section.filter(|_| self.headings[heading].intent == Intent::Prose))
            }
        }
    }
}
