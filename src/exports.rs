//! EXPORTS: a site in, the data files that stand beside its pages out: `exports/`, a Markdown twin of each role's page, and
//! `llms.txt`.

use std::fmt::Write as _;

use rayon::prelude::*;

use crate::export::{self, Chosen};
use crate::links::Lead;
use crate::model::address::output_file;
use crate::render::{Artifact, RenderError, Sink, Site, url};

/// The files that the program itself writes beside the pages.
pub const FILES: [&str; 3] = ["exports/handbook.json", "exports/roles.csv", "llms.txt"];

/// Writes the data files into `sink`, unless the configuration says `exports: false`; drafts only with `drafts`.
pub fn write(site: &Site<'_>, drafts: bool, sink: &Sink<'_>) -> Result<(), RenderError> {
    let handbook = site.handbook;
    if !handbook.config.exports {
        return Ok(());
    }
    let chosen = export::chosen(handbook, site.resolution, drafts, handbook.config.role_pages && handbook.config.composition_pages);
    let data = || {
        let mut json = serde_json::to_vec(&export::compact::write(handbook, &chosen)).expect("values of this kind can always be written");
        json.push(b'\n');
        sink(Artifact::Made(FILES[0], &json))?;
        sink(Artifact::Made(FILES[1], &export::csv::roles(handbook, &chosen)))?;
        sink(Artifact::Made(FILES[2], overview(site, &chosen).as_bytes()))
    };
    let twins = || chosen.par_iter().with_min_len(8).try_for_each(|role| twin(site, role, sink));
    let (data, twins) = rayon::join(data, twins);
    data?;
    twins?;
    Ok(())
}

/// The page of a role, where it has one.
fn page(site: &Site<'_>, role: &Chosen<'_>) -> Option<String> {
    role.specialty.map_or_else(|| site.role_page(role.role), |s| site.composition_page(role.role, s))
}

/// `index.md` beside the `index.html` of a role.
fn twin(site: &Site<'_>, role: &Chosen<'_>, sink: &Sink<'_>) -> std::io::Result<()> {
    let Some(page) = page(site, role) else { return Ok(()) };
    let link = |document: usize, dest: &str| match site.links.lead(document, dest, false) {
        Lead::Inside(file) => Some(url::relative(&page, &file)),
        Lead::Unsafe => Some("#".to_owned()),
        Lead::Elsewhere | Lead::Broken(_) => None,
    };
    let markdown = export::role_markdown_with(site.handbook, role.role, role.specialty, &role.effective, &link);
    sink(Artifact::Made(&twin_file(&page), markdown.as_bytes()))
}

fn twin_file(page: &str) -> String {
    page.strip_suffix("index.html").map_or_else(|| format!("{page}.md"), |folder| format!("{folder}index.md"))
}

/// What the site has, for programs that read text: <https://llmstxt.org/>.
fn overview(site: &Site<'_>, chosen: &[Chosen<'_>]) -> String {
    let handbook = site.handbook;
    let config = &handbook.config;
    let address = |file: &str| site.base_url.as_ref().map_or_else(|| file.to_owned(), |base| format!("{base}{file}"));
    let mut out = format!("# {}\n", on_one_line(&config.title));
    if !config.description.is_empty() {
        let _ = write!(out, "\n> {}\n", on_one_line(&config.description));
    }
    let mut roles = chosen.iter().filter(|c| c.specialty.is_none()).peekable();
    for (number, family) in handbook.families.iter().enumerate() {
        let front = handbook.front(number);
        let description = if front.description.is_empty() { String::new() } else { format!("\n{}\n", on_one_line(&front.description)) };
        let _ = write!(out, "\n## {}\n{description}\n", on_one_line(&front.title));
        let _ = writeln!(out, "- [The family]({})", address(&output_file(&family.id)));
        while let Some(role) = roles.next_if(|c| handbook.roles[c.role].family == number) {
            let Some(page) = page(site, role) else { continue };
            let grades = handbook.role_front(role.role).grade.numbers();
            let grade = if grades.is_empty() { String::new() } else { format!(": grade {}", export::grade_text(&grades)) };
            let _ = writeln!(out, "- [{}]({}){grade}", on_one_line(&role.title(handbook)), address(&twin_file(&page)));
        }
    }
    let _ = write!(out, "\n## Data\n\n- [All roles as JSON]({})\n- [All roles as a table]({})\n", address(FILES[0]), address(FILES[1]));
    out
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('[', "(").replace(']', ")")
}
