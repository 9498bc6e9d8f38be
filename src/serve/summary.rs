//! Two stages in, what an edit did out: the end of the line that is printed for each change.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::stage::Stage;
use crate::config::SharedEntry;
use crate::model::RoleId;
use crate::parse::{Document, DocumentKind, Grade};
use crate::snapshot::Snapshot;
use crate::source::again::is_at;

/// `1 family, 3 roles`, `all pages`, `2 files`, or `nothing`: what readers may see otherwise.
pub fn changed(earlier: &Stage, stage: &Stage) -> String {
    let (old, new) = (&*earlier.shown, &*stage.shown);
    // An edit of a title, say, makes relations that say the same: 0.3 s less where there are 50,000 roles.
    let same = new.handbook.shares_relations(&old.handbook) || new.handbook.relations() == old.handbook.relations();
    let counts = if same { same_relations(old, new) } else { by_name(old, new) };
    let frame = stage.has_other_templates(earlier) || new.handbook.config != old.handbook.config;
    // A directory may have changed as a whole.
    let copied = [&new.tree, &old.tree].into_iter().flat_map(|tree| tree.assets.iter().chain(&tree.statics)).map(|asset| &asset.path);
    let files = copied.filter(|path| is_at(path, &stage.changed)).collect::<BTreeSet<_>>().len();
    let mut parts: Vec<String> = Vec::new();
    let mut push = |n: usize, one: &str, many: &str| (n > 0).then(|| parts.push(format!("{n} {}", if n == 1 { one } else { many })));
    push(counts.families, "family", "families");
    push(counts.blocks, "shared block", "shared blocks");
    push(counts.roles, "role", "roles");
    push(counts.pages, "page", "pages");
    push(files, "file", "files");
    if frame {
        parts.push("all pages".to_owned());
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// What of the content is another than before.
#[derive(Debug, Default)]
struct Counts {
    families: usize,
    blocks: usize,
    roles: usize,
    pages: usize,
}

/// What a document is to whoever counts changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Family,
    Block,
    Page,
}

fn kind_of(document: &Document) -> Kind {
    match document.kind {
        DocumentKind::Family(_) => Kind::Family,
        DocumentKind::Block(_) => Kind::Block,
        DocumentKind::Page(_) | DocumentKind::Index(_) | DocumentKind::Broken { .. } => Kind::Page,
    }
}

/// Only documents and roles that were made anew can differ.
fn same_relations(old: &Snapshot, new: &Snapshot) -> Counts {
    let documents = new.handbook.documents.iter().zip(&old.handbook.documents).filter(|(a, b)| !Arc::ptr_eq(a, b) && a.text() != b.text());
    let documents: Vec<&Arc<Document>> = documents.map(|(new, _)| new).collect();
    let of = |kind: Kind| documents.iter().filter(|document| kind_of(document) == kind).count();
    let blocks: Vec<&SharedEntry> = new
        .handbook
        .shared
        .iter()
        .filter(|s| documents.iter().any(|d| Arc::ptr_eq(d, &new.handbook.documents[s.document])))
        .map(|s| &new.handbook.config.shared[s.entry])
        .collect();
    let shows = |role: RoleId| blocks.iter().any(|entry| new.handbook.counts_for(entry, role, None));
    let differs = |role: RoleId| !Arc::ptr_eq(&new.resolution.roles[role], &old.resolution.roles[role]) && print_of(new, role) != print_of(old, role);
    let roles = (0..new.handbook.roles.len()).filter(|role| shows(*role) || differs(*role)).count();
    Counts { families: of(Kind::Family), blocks: of(Kind::Block), roles, pages: of(Kind::Page) }
}

fn by_name(old: &Snapshot, new: &Snapshot) -> Counts {
    let texts = |of: &Snapshot, kind: Kind| -> BTreeMap<Arc<str>, Arc<Document>> {
        let documents = of.handbook.documents.iter().filter(|d| kind_of(d) == kind && !matches!(d.kind, DocumentKind::Broken { .. }));
        documents.map(|d| (Arc::clone(d.file()), Arc::clone(d))).collect()
    };
    let same_text = |a: &Arc<Document>, b: &Arc<Document>| Arc::ptr_eq(a, b) || a.text() == b.text();
    let roles =
        |of: &Snapshot| -> BTreeMap<String, u64> { (0..of.handbook.roles.len()).map(|r| (of.handbook.role_id(r), print_of(of, r))).collect() };
    Counts {
        families: difference(&texts(old, Kind::Family), &texts(new, Kind::Family), same_text),
        blocks: difference(&texts(old, Kind::Block), &texts(new, Kind::Block), same_text),
        roles: difference(&roles(old), &roles(new), |a, b| a == b),
        pages: difference(&texts(old, Kind::Page), &texts(new, Kind::Page), same_text),
    }
}

/// How many entries are in one alone, or in both and not the same.
fn difference<K: Ord, V>(old: &BTreeMap<K, V>, new: &BTreeMap<K, V>, same: impl Fn(&V, &V) -> bool) -> usize {
    let gone = old.keys().filter(|key| !new.contains_key(*key)).count();
    gone + new.iter().filter(|(key, value)| old.get(*key).is_none_or(|old| !same(old, value))).count()
}

/// A number that is the same for a role that says the same, to all likelihood.
fn print_of(snapshot: &Snapshot, role: RoleId) -> u64 {
    let handbook = &snapshot.handbook;
    let mut hasher = DefaultHasher::new();
    let front = handbook.role_front(role);
    (&front.id, &front.title, &front.level, front.grade.numbers(), front.status.word(), front.track).hash(&mut hasher);
    if let Grade::None(why) = &front.grade {
        why.hash(&mut hasher);
    }
    for section in &snapshot.resolution.roles[role].sections {
        section.section.hash(&mut hasher);
        section.items.iter().for_each(|i| handbook.item(i.item).1.hash.hash(&mut hasher));
        section.removed.iter().for_each(|r| handbook.item(r.by).1.hash.hash(&mut hasher));
    }
    let document = handbook.document_of(handbook.roles[role].family);
    for prose in &document.nodes[handbook.role_node(role)].prose {
        prose.written.markdown(document.text()).hash(&mut hasher);
    }
    hasher.finish()
}
