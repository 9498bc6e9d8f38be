//! The address of every page, the redirects from old ones, and the error where two outputs would lie at one address.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::Handbook;
use crate::diagnostic::{Diagnostic, Place};
use crate::ident;
use crate::parse::{DocumentKind, Located, Status};

/// A redirect page: an old address, and the id of the page that took its place (`""` for the home page).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The file of the output.
    pub from: String,
    /// The file of the output that it leads to.
    pub to: String,
}

/// The file of the output for a page id: `a/b` is `a/b/index.html`.
pub fn output_file(id: &str) -> String {
    if id.is_empty() { "index.html".to_owned() } else { [id, "/index.html"].concat() }
}

/// The file for an address as authors write it: `/a/b/` is `a/b/index.html`, `/a/b.html` is `a/b.html`.
pub fn address_file(address: &str) -> String {
    let path = address.trim_matches('/');
    let last = path.rsplit('/').next().unwrap_or(path);
    if last.contains('.') && !address.ends_with('/') { path.to_owned() } else { output_file(path) }
}

/// Where a file of `content/` that is no Markdown lies in the output.
pub fn asset_file(path: &str) -> String {
    let inner = path.strip_prefix("content/").or_else(|| path.strip_prefix("static/")).unwrap_or(path);
    match (path.starts_with("content/"), inner.rsplit_once('/')) {
        (true, Some((folder, name))) => format!("{}/{name}", folder.split('/').map(ident::file_slug).collect::<Vec<_>>().join("/")),
        _ => inner.to_owned(),
    }
}

/// The redirects of the whole site, in the order of the files that ask for them; those of drafts only with `drafts`.
pub fn redirects(handbook: &Handbook, drafts: bool) -> Vec<Redirect> {
    let shown = asked(handbook).into_iter().filter(|(.., draft)| drafts || !draft);
    shown.map(|(redirect, ..)| redirect).collect()
}

fn asked(handbook: &Handbook) -> Vec<(Redirect, usize, Range<usize>, bool)> {
    let mut all = Vec::new();
    let with_specialties = handbook.config.role_pages && handbook.config.composition_pages;
    for (number, document) in handbook.documents.iter().enumerate() {
        let id = super::page_id(document.file());
        let (aliases, to): (&[Located], String) = match &document.kind {
            DocumentKind::Family(front) => (&front.aliases, output_file(&id)),
            DocumentKind::Page(front) | DocumentKind::Index(front) => (&front.aliases, output_file(&id)),
            DocumentKind::Block(_) | DocumentKind::Broken { .. } => (&[], String::new()),
        };
        for alias in aliases {
            all.push((Redirect { from: address_file(&alias.text), to: to.clone() }, number, alias.span.clone(), false));
        }
        let Some(front) = document.family() else { continue };
        for role in &front.roles {
            for alias in &role.aliases {
                let to =
                    if handbook.config.role_pages { output_file(&format!("{id}/{}", role.id)) } else { format!("{}#{}", output_file(&id), role.id) };
                let is_draft = role.status == Status::Draft;
                all.push((Redirect { from: output_file(&format!("{id}/{}", alias.text)), to }, number, alias.span.clone(), is_draft));
                for specialty in specialties_of(handbook, number, &role.id).filter(|_| with_specialties) {
                    let file = |role: &str| output_file(&format!("{id}/{role}/{specialty}"));
                    all.push((Redirect { from: file(&alias.text), to: file(&role.id) }, number, alias.span.clone(), is_draft));
                }
            }
        }
    }
    all
}

/// The ids of the specialties that a role of the family in a document can have.
fn specialties_of<'h>(handbook: &'h Handbook, document: usize, role: &'h str) -> impl Iterator<Item = &'h str> {
    let family = handbook.families.binary_search_by_key(&document, |f| f.document).ok();
    let all = family.into_iter().flat_map(|family| handbook.families[family].specialties.iter().enumerate().map(move |(i, s)| (family, i, s)));
    let fits = move |specialty: &&(usize, usize, &super::Specialty)| {
        specialty.2.roles.iter().any(|r| handbook.roles[*r].family == specialty.0 && handbook.role_front(*r).id == role)
    };
    all.filter(move |of| fits(&of)).map(|(family, i, _)| handbook.specialty_front(family, i).id.as_str())
}

/// Reports each output that Windows could not hold.
fn check_reserved(outputs: &[(String, Place)], findings: &mut Vec<Diagnostic>) {
    let files = outputs.iter().filter_map(|(file, place)| file.split('/').find(|part| ident::is_reserved(part)).map(|part| (part, place.clone())));
    let mut told = HashSet::new();
    for (part, place) in files.filter(|(part, _)| told.insert(*part)) {
        let message = format!("`{part}` would be part of an address, and Windows cannot hold a file or folder of that name");
        findings.push(Diagnostic::error("address-taken", place, message).help("choose another name, so that the site can be made and kept anywhere"));
    }
}

/// Reports each file whose name, or that of a directory above it, makes a longer part of an address than an id may be.
fn check_lengths(handbook: &Handbook, findings: &mut Vec<Diagnostic>) {
    let mut told = HashSet::new();
    let pages = handbook.ids.iter().zip(&handbook.documents).filter(|(_, document)| !matches!(document.kind, DocumentKind::Block(_)));
    for (id, document) in pages {
        let is_long = |part: &&str| part.chars().count() > ident::MAX_ID || part.len() > ident::MAX_PART;
        let message = if let Some(part) = id.split('/').find(is_long) {
            if !told.insert(part) {
                continue;
            }
            let (count, bytes) = (part.chars().count(), part.len());
            format!(
                "`{part}` would be part of an address, and has {count} characters ({bytes} bytes); the limit is {} ({} bytes)",
                ident::MAX_ID,
                ident::MAX_PART
            )
        } else if id.len() > ident::MAX_ADDRESS {
            format!("this would lie at an address of {} bytes, and the limit is {}", id.len(), ident::MAX_ADDRESS)
        } else {
            continue;
        };
        findings
            .push(Diagnostic::error("too-large", document.place(0..0), message).help("give the file, or the directories above it, shorter names"));
    }
}

/// Files that the program itself writes.
const OWN: [&str; 6] = ["404.html", "grades/index.html", "sitemap.xml", ".handbook", "assets/style.css", "search-index.js"];

/// The folders of the pages that lead across families, with the setting that leaves them out; those that are wanted.
fn own_folders(config: &crate::config::Config) -> Vec<(&'static str, &'static str)> {
    let all = [
        ("map/", "pages: {map: false}", config.map),
        ("compare/", "pages: {compare: false}", config.compare),
        ("requirements/", "pages: {requirements: false}", config.requirements),
        ("changes/", "history: false", config.history.is_some()),
        ("search-index/", "search: false", config.search),
    ];
    all.into_iter().filter(|(.., wanted)| *wanted).map(|(folder, setting, _)| (folder, setting)).collect()
}

/// Reports an output in a folder of the program's own pages.
fn check_own_folders(handbook: &Handbook, outputs: &[(String, Place)], findings: &mut Vec<Diagnostic>) {
    let folders = own_folders(&handbook.config);
    for (file, place) in outputs {
        let folded = ident::fold(file);
        let Some((folder, setting)) = folders.iter().find(|(folder, _)| folded.starts_with(folder)) else { continue };
        let message = format!("this would lie at /{}, and /{folder} is for the program's own pages", file.trim_end_matches("index.html"));
        let help = format!("rename it, or write `{setting}` in handbook.yml to do without those pages");
        findings.push(Diagnostic::error("address-taken", place.clone(), message).help(help));
    }
}
/// Those that it writes unless the configuration says `exports: false`.
const DATA: [&str; 3] = ["exports/handbook.json", "exports/roles.csv", "llms.txt"];

struct Taken {
    by: String,
    place: Option<Place>,
    /// How many were there before it.
    before: usize,
}

/// Reports each output that would lie at the address of another.
pub(super) fn check(handbook: &mut Handbook) {
    let mut taken: HashMap<String, Taken> = HashMap::new();
    let mut findings = Vec::new();
    let data = DATA.into_iter().filter(|_| handbook.config.exports);
    // A site may bring its own robots.txt.
    let robots = Some("robots.txt").filter(|_| !handbook.statics.iter().any(|a| &*a.path == "static/robots.txt"));
    for file in OWN.into_iter().chain(data).chain(robots) {
        taken.insert(ident::fold(file), Taken { by: "the program's own page".to_owned(), place: None, before: 0 });
    }
    for department in &handbook.departments {
        let by = department.document.map_or_else(|| format!("the department {}", department.title), |d| handbook.documents[d].file().to_string());
        let place = department.document.map(|d| handbook.documents[d].place(0..0));
        claim(output_file(&department.id), by, place, &mut taken, &mut findings);
    }
    // An `index.md` that could not be read is the page of its department, for all that is known.
    let departments: HashSet<&str> = handbook.departments.iter().map(|d| d.id.as_str()).collect();
    let may_be_department = |id: &str, number: usize| departments.contains(id) && handbook.documents[number].file().ends_with("/index.md");
    for (id, number) in handbook
        .families
        .iter()
        .map(|f| (&f.id, f.document))
        .chain(handbook.pages.iter().map(|p| (&p.id, p.document)))
        .chain(handbook.broken.iter().map(|(id, d)| (id, *d)).filter(|(id, d)| !may_be_department(id, *d)))
    {
        let document = &handbook.documents[number];
        claim(output_file(id), document.file().to_string(), Some(document.place(0..0)), &mut taken, &mut findings);
    }
    claim_inside_families(handbook, &mut taken, &mut findings);
    for asset in handbook.assets.iter().chain(&handbook.statics) {
        let place = Place::new(&asset.path, 0..0);
        claim(asset_file(&asset.path), asset.path.to_string(), Some(place), &mut taken, &mut findings);
    }
    for (redirect, document, span, _) in asked(handbook) {
        let place = handbook.documents[document].place(span);
        let by = format!("an alias in {}", handbook.documents[document].file());
        claim(redirect.from, by, Some(place), &mut taken, &mut findings);
    }
    check_folders(&taken, &mut findings);
    let pages =
        handbook.families.iter().map(|f| (output_file(&f.id), f.document)).chain(handbook.pages.iter().map(|p| (output_file(&p.id), p.document)));
    let pages = pages.map(|(file, document)| (file, handbook.documents[document].place(0..0)));
    let copied = handbook.assets.iter().chain(&handbook.statics).map(|a| (asset_file(&a.path), Place::new(&a.path, 0..0)));
    let aliases = asked(handbook).into_iter().map(|(redirect, document, span, _)| (redirect.from, handbook.documents[document].place(span)));
    let outputs: Vec<(String, Place)> = pages.chain(copied).chain(aliases).collect();
    check_own_folders(handbook, &outputs, &mut findings);
    check_reserved(&outputs, &mut findings);
    check_lengths(handbook, &mut findings);
    handbook.findings.extend(findings);
}

/// Reports each file of the output that would lie where a directory must be.
fn check_folders(taken: &HashMap<String, Taken>, findings: &mut Vec<Diagnostic>) {
    let mut files: Vec<&String> = taken.keys().collect();
    files.sort_unstable();
    let mut told = std::collections::BTreeSet::new();
    for file in files {
        for (at, _) in file.match_indices('/') {
            let Some(other) = taken.get(&file[..at]).filter(|_| told.insert(&file[..at])) else { continue };
            let below = &taken[file];
            let (first, second) = if other.before < below.before { (other, below) } else { (below, other) };
            let Some(place) = second.place.clone().or_else(|| first.place.clone()) else { continue };
            let message = format!("{} would lie at /{}, where {} needs a directory", other.by, &file[..at], below.by);
            findings.push(Diagnostic::error("address-taken", place, message).help("rename one of them, or change its id or alias"));
        }
    }
}

/// Role pages and compositions, and their twins in Markdown, are claimed only in families below which another page lies: elsewhere ids keep them apart.
fn claim_inside_families(handbook: &Handbook, taken: &mut HashMap<String, Taken>, findings: &mut Vec<Diagnostic>) {
    let families: HashMap<String, usize> = handbook.families.iter().enumerate().map(|(n, f)| (ident::fold(&f.id), n)).collect();
    let aliases: Vec<String> = asked(handbook).into_iter().map(|(r, ..)| r.from).collect();
    let mut crowded: Vec<usize> = Vec::new();
    let assets = handbook.assets.iter().chain(&handbook.statics).map(|a| asset_file(&a.path));
    let others = handbook
        .departments
        .iter()
        .map(|d| d.id.clone())
        .chain(handbook.pages.iter().map(|p| p.id.clone()))
        .chain(handbook.families.iter().map(|f| f.id.clone()));
    for id in others.chain(aliases).chain(assets).map(|id| ident::fold(&id)) {
        let mut above = super::relate::parent_id(&id);
        while !above.is_empty() {
            crowded.extend(families.get(above));
            above = super::relate::parent_id(above);
        }
    }
    crowded.sort_unstable();
    crowded.dedup();
    for family in crowded {
        let id = &handbook.families[family].id;
        let document = handbook.document_of(family);
        for role in handbook.roles_of(family).filter(|_| handbook.config.role_pages) {
            let front = handbook.role_front(role);
            let place = document.place(front.span.clone());
            let mut claim_both = |id: String, by: String| {
                claim(output_file(&id), by.clone(), Some(place.clone()), taken, findings);
                if handbook.config.exports {
                    claim(format!("{id}/index.md"), format!("the Markdown of {by}"), Some(place.clone()), taken, findings);
                }
            };
            claim_both(format!("{id}/{}", front.id), format!("the role {} in {}", front.title, document.file()));
            for (i, specialty) in handbook.families[family].specialties.iter().enumerate().filter(|_| handbook.config.composition_pages) {
                if specialty.roles.contains(&role) {
                    let specialty = handbook.specialty_front(family, i);
                    let by = format!("the role {} with the specialty {} in {}", front.title, specialty.title, document.file());
                    claim_both(format!("{id}/{}/{}", front.id, specialty.id), by);
                }
            }
        }
    }
}

fn claim(file: String, by: String, place: Option<Place>, taken: &mut HashMap<String, Taken>, findings: &mut Vec<Diagnostic>) {
    let key = ident::fold(&file);
    let Some(first) = taken.get(&key) else {
        let before = taken.len();
        taken.insert(key, Taken { by, place, before });
        return;
    };
    let shown = file.strip_suffix("index.html").unwrap_or(&file);
    let Some(at) = place.clone().or_else(|| first.place.clone()) else { return };
    let mut finding = Diagnostic::error("address-taken", at, format!("two outputs have the address /{shown}: {} and {by}", first.by))
        .help("rename one of them, or change its id or alias");
    if let (Some(_), Some(first)) = (&place, &first.place) {
        finding = finding.related(first.clone(), "the first one");
    }
    findings.push(finding);
}
