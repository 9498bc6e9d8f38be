//! EXPORTS: a site in, the data files that stand beside its pages out: `exports/`, a Markdown twin of each role's page, and
//! `llms.txt`.

use std::fmt::Write as _;

use rayon::prelude::*;

use crate::export::{self, Chosen};
use crate::links::Lead;
use crate::markdown::published::{line, published};
use crate::model::RoleId;
use crate::model::address::output_file;
use crate::render::one::{Found, Made};
use crate::render::{Artifact, RenderError, Sink, Site, url};
use crate::report::visible;
use crate::resolve::{Effective, compose};

/// The files that the program itself writes beside the pages.
pub const FILES: [&str; 3] = ["exports/handbook.json", "exports/roles.csv", "llms.txt"];

/// Writes the data files into `sink`, unless the configuration says `exports: false`; drafts only with `drafts`.
pub fn write(site: &Site<'_>, drafts: bool, sink: &Sink<'_>) -> Result<(), RenderError> {
    let handbook = site.handbook;
    if !handbook.config.exports {
        return Ok(());
    }
    let chosen = chosen(site, drafts);
    let data = || FILES.iter().try_for_each(|file| sink(Artifact::Made(file, &of_all(site, file, &chosen))));
    let twins = || chosen.par_iter().with_min_len(8).try_for_each(|role| twin(site, role, sink));
    let (data, twins) = rayon::join(data, twins);
    data?;
    twins?;
    Ok(())
}

/// The data file at `file`, where there is one; the same bytes as [`write()`] writes.
pub fn make(site: &Site<'_>, drafts: bool, file: &str) -> Option<Vec<u8>> {
    if !site.handbook.config.exports {
        return None;
    }
    if FILES.contains(&file) {
        return Some(of_all(site, file, &chosen(site, drafts)));
    }
    let page = format!("{}index.html", file.strip_suffix("index.md").filter(|folder| folder.ends_with('/'))?);
    let (role, specialty) = match site.find(&page)? {
        Found::Page(Made::Role(role)) => (role, None),
        Found::Page(Made::Composition(role, specialty)) => (role, Some(specialty)),
        _ => return None,
    };
    let own = &*site.resolution.roles[role];
    if own.skipped || own.incomplete {
        return None;
    }
    let composed = specialty.map(|s| compose(site.handbook, role, own, s));
    Some(markdown(site, &page, role, specialty, composed.as_ref().unwrap_or(own)).into_bytes())
}

fn chosen<'a>(site: &Site<'a>, drafts: bool) -> Vec<Chosen<'a>> {
    let handbook = site.handbook;
    export::chosen(handbook, site.resolution, drafts, handbook.config.role_pages && handbook.config.composition_pages)
}

/// One of [`FILES`].
fn of_all(site: &Site<'_>, file: &str, chosen: &[Chosen<'_>]) -> Vec<u8> {
    let handbook = site.handbook;
    if file == FILES[0] {
        let mut json = serde_json::to_vec(&export::compact::write(handbook, chosen)).expect("values of this kind can always be written");
        json.push(b'\n');
        json
    } else if file == FILES[1] {
        export::csv::roles(handbook, chosen)
    } else {
        overview(site, chosen).into_bytes()
    }
}

/// The page of a role, where it has one.
fn page(site: &Site<'_>, role: &Chosen<'_>) -> Option<String> {
    role.specialty.map_or_else(|| site.role_page(role.role), |s| site.composition_page(role.role, s))
}

/// `index.md` beside the `index.html` of a role.
fn twin(site: &Site<'_>, role: &Chosen<'_>, sink: &Sink<'_>) -> std::io::Result<()> {
    let Some(page) = page(site, role) else { return Ok(()) };
    let markdown = markdown(site, &page, role.role, role.specialty, &role.effective);
    sink(Artifact::Made(&twin_file(&page), markdown.as_bytes()))
}

/// A role as Markdown, with links as they lead from beside its page and HTML as it stands there.
fn markdown(site: &Site<'_>, page: &str, role: RoleId, specialty: Option<usize>, effective: &Effective) -> String {
    let item = |document: usize, markdown: &str| {
        let link = |dest: &str| match site.links.lead(document, dest, false) {
            Lead::Inside(file) => Some(url::relative(page, &file)),
            Lead::Unsafe => Some("#".to_owned()),
            Lead::Elsewhere | Lead::Broken(_) => None,
        };
        published(markdown, &site.handbook.documents[document].definitions, &link)
    };
    visible(&export::role_markdown_with(site.handbook, role, specialty, effective, &item)).into_owned()
}

fn twin_file(page: &str) -> String {
    page.strip_suffix("index.html").map_or_else(|| format!("{page}.md"), |folder| format!("{folder}index.md"))
}

/// What the site has, for programs that read text: <https://llmstxt.org/>.
fn overview(site: &Site<'_>, chosen: &[Chosen<'_>]) -> String {
    let handbook = site.handbook;
    let config = &handbook.config;
    let address = |file: &str| site.base_url.as_ref().map_or_else(|| file.to_owned(), |base| format!("{base}{file}"));
    let mut out = format!("# {}\n", line(&config.title));
    if !config.description.is_empty() {
        let _ = write!(out, "\n> {}\n", line(&config.description));
    }
    let mut roles = chosen.iter().filter(|c| c.specialty.is_none()).peekable();
    for (number, family) in handbook.families.iter().enumerate() {
        let front = handbook.front(number);
        let description = if front.description.is_empty() { String::new() } else { format!("\n{}\n", line(&front.description)) };
        let _ = write!(out, "\n## {}\n{description}\n", line(&front.title));
        let _ = writeln!(out, "- [The family]({})", address(&output_file(&family.id)));
        while let Some(role) = roles.next_if(|c| handbook.roles[c.role].family == number) {
            let Some(page) = page(site, role) else { continue };
            let grades = handbook.role_front(role.role).grade.numbers();
            let grade = if grades.is_empty() { String::new() } else { format!(": grade {}", export::grade_text(&grades)) };
            let _ = writeln!(out, "- [{}]({}){grade}", line(&role.title(handbook)), address(&twin_file(&page)));
        }
    }
    let _ = write!(out, "\n## Data\n\n- [All roles as JSON]({})\n- [All roles as a table]({})\n", address(FILES[0]), address(FILES[1]));
    visible(&out).into_owned()
}
