//! What all pages of a snapshot share: templates, style and script, and lists by department. A later snapshot takes over
//! what cannot have changed.

use std::hash::{DefaultHasher, Hasher as _};
use std::sync::{Arc, OnceLock};

use super::images::Images;
use super::one::Addresses;
use super::theme::{STATICS, Theme};
use super::view::requirements::Index;
use crate::diagnostic::Diagnostic;
use crate::history::History;
use crate::model::ways::Way;
use crate::model::{RoleId, Step};
use crate::parse::Status;
use crate::snapshot::Snapshot;
use crate::source::{self, SourceTree};

/// What all pages of a snapshot share; cheap to clone.
#[derive(Clone)]
pub struct Shared {
    /// The templates.
    pub theme: Arc<Theme>,
    /// Style sheet and script with their names in the output.
    pub(super) statics: Arc<Vec<(String, Vec<u8>)>>,
    pub(super) images: Arc<Images>,
    pub(super) relations: SharedRelations,
    pub(super) whole: Arc<Whole>,
    /// What changed in each role and when, where that is known.
    pub history: Option<Arc<History>>,
    /// Whether the program's own templates stand in for the site's, which are at fault.
    substitute: bool,
}

/// What is made of all pages together; each when it is first asked for, and for one snapshot alone.
#[derive(Debug, Default)]
pub(super) struct Whole {
    /// The index of items.
    pub requirements: OnceLock<Index>,
    /// The index of the search.
    pub search: OnceLock<String>,
}

/// What depends on the relations of the handbook alone; the fields of [`super::Site`] with these names say what it is.
#[derive(Clone)]
pub(super) struct SharedRelations {
    pub top_departments: Arc<Vec<usize>>,
    pub families_of: Arc<Vec<Vec<usize>>>,
    pub pages_of: Arc<Vec<Vec<usize>>>,
    pub previous_of: Arc<Vec<Vec<(RoleId, Way)>>>,
    pub entered_from: Arc<Vec<Vec<RoleId>>>,
    pub counts: Arc<Vec<(usize, usize)>>,
    pub addresses: Arc<Addresses>,
}

impl Shared {
    /// Of a snapshot; faults of templates are findings.
    pub fn of(snapshot: &Snapshot) -> Result<Shared, Vec<Diagnostic>> {
        let theme = Theme::of(&snapshot.tree, &snapshot.handbook.config.strings)?;
        Ok(Shared::with_theme(snapshot, Arc::new(theme)))
    }

    /// The same with a theme that is at hand.
    pub fn with_theme(snapshot: &Snapshot, theme: Arc<Theme>) -> Shared {
        Shared::made_of(snapshot, theme, SharedRelations::of(snapshot), false)
    }

    /// The same with the templates of the program, whatever the site has.
    pub fn with_built_in_templates(snapshot: &Snapshot) -> Shared {
        let theme = Theme::of(&SourceTree::default(), &snapshot.handbook.config.strings).map_err(|faults| format!("{faults:?}"));
        Shared::made_of(snapshot, Arc::new(theme.expect("the program's own templates are tested")), SharedRelations::of(snapshot), true)
    }

    /// The same, with what is known of an earlier snapshot.
    pub fn next(&self, earlier: &Snapshot, snapshot: &Snapshot) -> Result<Shared, Vec<Diagnostic>> {
        let texts = |of: &Snapshot| of.tree.templates.iter().map(|f| (f.path.clone(), Arc::as_ptr(f))).collect::<Vec<_>>();
        let strings = &snapshot.handbook.config.strings;
        let same = texts(earlier) == texts(snapshot) && *strings == earlier.handbook.config.strings;
        let theme = if same { Arc::clone(&self.theme) } else { Arc::new(Theme::of(&snapshot.tree, strings)?) };
        let same_relations = snapshot.handbook.shares_relations(&earlier.handbook);
        let relations = if same_relations { self.relations.clone() } else { SharedRelations::of(snapshot) };
        let shared = Shared::made_of(snapshot, theme, relations, same && self.substitute);
        Ok(Shared { history: self.history.clone(), ..shared })
    }

    fn made_of(snapshot: &Snapshot, theme: Arc<Theme>, relations: SharedRelations, substitute: bool) -> Shared {
        let (statics, images) = (statics(snapshot), Arc::new(Images::of(&snapshot.handbook)));
        Shared { theme, statics, images, relations, whole: Arc::default(), history: None, substitute }
    }

    /// The same with the history of the site.
    pub fn with_history(self, history: Option<Arc<History>>) -> Shared {
        Shared { history, ..self }
    }

    /// The same with other templates.
    pub fn with_templates(&self, theme: &Arc<Theme>) -> Shared {
        Shared { theme: Arc::clone(theme), ..self.clone() }
    }

    /// Whether the program's own templates stand in for the site's, which are at fault.
    pub fn is_substitute(&self) -> bool {
        self.substitute
    }
}

fn statics(snapshot: &Snapshot) -> Arc<Vec<(String, Vec<u8>)>> {
    let config = &snapshot.handbook.config;
    let wanted = |name: &str| (name != "compare.js" || config.compare) && (name != "search.js" || config.search);
    Arc::new(STATICS.iter().filter(|(name, _)| wanted(name)).map(|(name, text)| hashed(snapshot, name, text)).collect())
}

impl SharedRelations {
    fn of(snapshot: &Snapshot) -> SharedRelations {
        let handbook = &snapshot.handbook;
        let mut families_of = vec![Vec::new(); handbook.departments.len()];
        let mut pages_of = vec![Vec::new(); handbook.departments.len()];
        let mut counts = vec![(0, 0); handbook.departments.len()];
        for (number, family) in handbook.families.iter().enumerate() {
            families_of[family.department].push(number);
            let published = |r: &RoleId| snapshot.drafts || handbook.role_front(*r).status != Status::Draft;
            let roles = handbook.roles_of(number).filter(published).count();
            let mut at = Some(family.department);
            while let Some(department) = at {
                counts[department].0 += 1;
                counts[department].1 += roles;
                at = handbook.departments[department].parent;
            }
        }
        handbook.pages.iter().enumerate().for_each(|(number, page)| pages_of[page.department].push(number));
        let mut previous_of = vec![Vec::new(); handbook.roles.len()];
        let mut entered_from = vec![Vec::new(); handbook.families.len()];
        for role in 0..handbook.roles.len() {
            for (step, way) in handbook.ways_from(role) {
                match step {
                    Step::Role(next) => previous_of[next].push((role, way)),
                    Step::Family(family) => entered_from[family].push(role),
                }
            }
        }
        let top_departments = (1..handbook.departments.len()).filter(|d| handbook.departments[*d].parent == Some(0)).collect();
        SharedRelations {
            top_departments: Arc::new(top_departments),
            families_of: Arc::new(families_of),
            pages_of: Arc::new(pages_of),
            previous_of: Arc::new(previous_of),
            entered_from: Arc::new(entered_from),
            counts: Arc::new(counts),
            addresses: Arc::default(),
        }
    }
}

/// A built-in static file, or the site's in its place, under a name with a hash of its content.
fn hashed(snapshot: &Snapshot, name: &str, built_in: &str) -> (String, Vec<u8>) {
    let path = format!("static/{name}");
    let own = |path: &str| snapshot.handbook.statics.iter().find(|a| *a.path == *path).and_then(|a| source::read_bytes(&a.on_disk).ok());
    let mut bytes = own(&path).unwrap_or_else(|| built_in.as_bytes().to_vec());
    // A script gets its words in front: nothing in the page, and nothing more to load.
    if path.ends_with(".js")
        && let Ok(script) = std::str::from_utf8(&bytes)
    {
        let words = snapshot.handbook.config.strings.json_for(script);
        if words != "{}" {
            let stem = name.trim_end_matches(".js");
            bytes.splice(0..0, format!("(window.handbookWords ??= {{}}).{stem} = {words};\n").into_bytes());
        }
    }
    if name == "style.css" {
        let look = &snapshot.handbook.config.look;
        bytes.extend(look.accent.iter().flat_map(|accent| accent.css().into_bytes()));
        let rules = look.style.as_ref().and_then(|(file, _)| own(&format!("static/{file}"))).unwrap_or_default();
        bytes.extend_from_slice(rules.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&rules));
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(&bytes);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    (format!("assets/{stem}-{:016x}.{extension}", hasher.finish()), bytes)
}
