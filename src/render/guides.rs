//! The pages that lead across families: comparisons, career maps, the index of requirements; and the files of the search.

use rayon::prelude::*;

use super::data::roles;
use super::data::search::lines::Lines;
use super::data::search::{self, Numbered, Words as Found};
use super::view::family::FamilyPage;
use super::view::requirements::Index;
use super::view::{ProseView, compare, map, requirements};
use super::words::Words;
use super::{Artifact, RenderError, Sink, Site};
use crate::model::RoleId;
use crate::model::address::output_file;

/// Takes the file of each page that was written.
type Note<'a> = dyn Fn(String) + Sync + 'a;

impl Site<'_> {
    /// The roles from which a step leads to a role: those that it extends, and those that name it as what comes next.
    pub fn steps_to(&self, to: RoleId) -> Vec<RoleId> {
        let mut from: Vec<RoleId> = self.handbook.roles[to].parents.iter().map(|p| p.role).collect();
        from.extend(&self.previous_of[to]);
        let mut seen = Vec::with_capacity(from.len());
        from.retain(|r| {
            *r != to && self.is_published(*r) && !seen.contains(r) && {
                seen.push(*r);
                true
            }
        });
        if self.is_published(to) { from } else { Vec::new() }
    }

    /// The page that compares a role with one from which a step leads to it, where comparisons are made.
    pub fn step_page(&self, from: RoleId, to: RoleId) -> Option<String> {
        let handbook = self.handbook;
        let same = handbook.roles[from].family == handbook.roles[to].family;
        let name = if same { handbook.role_front(from).id.clone() } else { handbook.role_id(from).replace('/', "~") };
        handbook.config.compare.then(|| output_file(&format!("compare/{}/{name}", handbook.role_id(to))))
    }

    /// The map of a family: families have one where roles have pages.
    pub fn family_map(&self, family: usize) -> Option<String> {
        let config = &self.handbook.config;
        (config.map && config.role_pages).then(|| output_file(&format!("map/{}", self.handbook.families[family].id)))
    }

    /// The map of a department; 0 is the site itself.
    pub fn department_map(&self, department: usize) -> Option<String> {
        let id = &self.handbook.departments[department].id;
        self.handbook.config.map.then(|| output_file(&if id.is_empty() { "map".to_owned() } else { format!("map/{id}") }))
    }

    /// The pages of the whole site.
    pub(super) fn guides(&self, sink: &Sink<'_>, note: &Note<'_>) -> Result<(), RenderError> {
        let config = &self.handbook.config;
        let words = self.words();
        if config.compare {
            let page = self.page(&words, "compare/index.html".to_owned());
            self.write("compare.html", &page, &compare::choose(&page), sink, note)?;
            sink(Artifact::Made(roles::ROLES, roles::list(self).as_bytes()))?;
        }
        if config.map {
            (0..self.handbook.departments.len()).into_par_iter().filter(|d| *d == 0 || self.counts[*d].0 > 0).try_for_each(|number| {
                let words = self.words();
                let page = self.page(&words, self.department_map(number).unwrap_or_default());
                let view = if number == 0 { map::site(&page) } else { map::department(&page, number) };
                self.write("map.html", &page, &view, sink, note)
            })?;
        }
        if config.requirements {
            self.requirements(sink, note)?;
        }
        Ok(())
    }

    fn requirements(&self, sink: &Sink<'_>, note: &Note<'_>) -> Result<(), RenderError> {
        let index = Index::of(self);
        let words = self.words();
        let page = self.page(&words, "requirements/index.html".to_owned());
        self.write("requirements.html", &page, &requirements::index(&page, &index), sink, note)?;
        (0..index.len()).into_par_iter().try_for_each(|entry| {
            let Some(file) = index.file(entry) else { return Ok(()) };
            let words = self.words();
            let page = self.page(&words, file);
            self.write("requirements.html", &page, &requirements::entry(&page, &index, entry), sink, note)
        })
    }

    /// The pages that belong to a family: the steps that lead to its roles, and its map.
    pub(super) fn family_guides(&self, family: usize, words: &Words<'_>, sink: &Sink<'_>, note: &Note<'_>) -> Result<(), RenderError> {
        if self.handbook.config.compare {
            for to in self.handbook.roles_of(family) {
                for from in self.steps_to(to) {
                    let Some(file) = self.step_page(from, to) else { continue };
                    let page = self.page(words, file);
                    self.write("compare.html", &page, &compare::step(&page, from, to), sink, note)?;
                }
            }
            let file = roles::family_file(&self.handbook.families[family].id);
            sink(Artifact::Made(&file, roles::family(self, family).as_bytes()))?;
        }
        if let Some(file) = self.family_map(family) {
            let page = self.page(words, file);
            self.write("map.html", &page, &map::family(&page, family), sink, note)?;
        }
        Ok(())
    }

    /// Notes the words of a family's page, and writes the file with its lines.
    pub(super) fn search_family(&self, family: usize, view: &FamilyPage, found: &Found, sink: &Sink<'_>) -> Result<(), RenderError> {
        if !self.handbook.config.search {
            return Ok(());
        }
        self.search_lines(
            Numbered::Family(family),
            &self.handbook.families[family].id,
            Lines::of_family(&self.handbook.families[family].id, view),
            found,
            sink,
        )
    }

    /// The same for a page of prose.
    pub(super) fn search_prose(&self, number: Numbered, id: &str, prose: &[ProseView], found: &Found, sink: &Sink<'_>) -> Result<(), RenderError> {
        if !self.handbook.config.search || prose.is_empty() {
            return Ok(());
        }
        self.search_lines(number, id, Lines::of_prose(id, prose), found, sink)
    }

    fn search_lines(&self, number: Numbered, id: &str, lines: Lines, found: &Found, sink: &Sink<'_>) -> Result<(), RenderError> {
        let (script, words) = lines.finish();
        found.note(number.of(self), words);
        Ok(sink(Artifact::Made(&search::lines_file(id), script.as_bytes()))?)
    }

    /// The index of the search.
    pub(super) fn search_index(&self, found: Found, sink: &Sink<'_>) -> Result<(), RenderError> {
        if !self.handbook.config.search {
            return Ok(());
        }
        Ok(sink(Artifact::Made(search::INDEX, search::index(self, found).as_bytes()))?)
    }
}
