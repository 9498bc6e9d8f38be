//! The pages that lead across families: comparisons, career maps, the index of items; and the files of the search.

use std::collections::HashSet;

use rayon::prelude::*;

use super::Site;
use super::data::roles;
use super::data::search::lines::Lines;
use super::data::search::{self, Numbered, Words as Found, blocks};
use super::one::{Data, Made};
use super::view::requirements::Index;
use super::view::{ProseView, family, index};
use crate::model::address::output_file;
use crate::model::ways::Way;
use crate::model::{RoleId, Step};

/// The longest name of a directory that is made of several names, in bytes; file systems hold 255.
const MAX_NAME: usize = 200;

impl Site<'_> {
    /// The roles with which a role is compared on a page of its own: those that it extends, those that name it as what comes next,
    /// and the one that its family lists before it. One that comes after whole families is compared with none of them: it may
    /// come after all.
    pub fn steps_to(&self, to: RoleId) -> Vec<RoleId> {
        let mut from: Vec<RoleId> = self.handbook.roles[to].parents.iter().map(|p| p.role).collect();
        from.extend(self.previous_of[to].iter().filter(|(_, way)| *way != Way::Ladder).map(|(role, _)| role));
        let mut seen = Vec::with_capacity(from.len());
        from.retain(|r| {
            *r != to && self.is_published(*r) && !seen.contains(r) && {
                seen.push(*r);
                true
            }
        });
        if self.is_published(to) { from } else { Vec::new() }
    }

    /// The roles from which one comes to a role, also where they lead into its family alone.
    pub fn come_to(&self, role: RoleId) -> Vec<RoleId> {
        let family = self.handbook.roles[role].family;
        let is_entry = self.handbook.goal(Step::Family(family)) == Some(role);
        let mut from: Vec<RoleId> = self.previous_of[role].iter().filter(|(_, way)| *way != Way::Listed).map(|(from, _)| *from).collect();
        from.extend(self.entered_from[family].iter().filter(|_| is_entry));
        let mut seen = HashSet::new();
        from.retain(|r| *r != role && seen.insert(*r));
        from
    }

    /// The page that compares a role with one from which a step leads to it, where comparisons are made. It lies below that of
    /// the role under the name of the other, which no file system need hold in one piece.
    pub fn step_page(&self, from: RoleId, to: RoleId) -> Option<String> {
        let handbook = self.handbook;
        let same = handbook.roles[from].family == handbook.roles[to].family;
        let whole = handbook.role_id(from);
        let name = if same { handbook.role_front(from).id.clone() } else { whole.replace('/', if whole.len() > MAX_NAME { "~/" } else { "~" }) };
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

    /// The pages that lead across the whole site: the choice of what to compare, the maps of departments, the index.
    pub(super) fn guides(&self) -> impl Iterator<Item = Made> {
        let config = &self.handbook.config;
        let entries = if config.requirements { self.requirements().len() } else { 0 };
        let of_entries = (0..entries).filter(|entry| self.requirements().file(*entry).is_some()).map(Made::Requirement);
        self.fixed_guides().chain(of_entries)
    }

    /// Those of which the relations alone tell that they are there.
    pub(super) fn fixed_guides(&self) -> impl Iterator<Item = Made> {
        let config = &self.handbook.config;
        let maps = (0..self.handbook.departments.len()).filter(|d| config.map && (*d == 0 || self.counts[*d].0 > 0)).map(Made::DepartmentMap);
        let choice = config.compare.then_some(Made::Compare);
        let changes = self.history.is_some().then_some(Made::Changes);
        choice.into_iter().chain(maps).chain(config.requirements.then_some(Made::Requirements)).chain(changes)
    }

    /// The pages that belong to a family: the steps that lead to its roles, and its map.
    pub(super) fn guides_of(&self, family: usize) -> impl Iterator<Item = Made> {
        let roles = self.handbook.roles_of(family).filter(|_| self.handbook.config.compare);
        let steps = roles.flat_map(|to| self.steps_to(to).into_iter().map(move |from| Made::Step(from, to)));
        steps.chain(self.family_map(family).map(|_| Made::FamilyMap(family)))
    }

    /// The index of items; found once.
    pub(super) fn requirements(&self) -> &Index {
        self.whole.requirements.get_or_init(|| Index::of(self))
    }

    /// A file that scripts read; none where it would hold nothing.
    pub fn data(&self, data: Data) -> Option<String> {
        match data {
            Data::Roles => Some(roles::list(self)),
            Data::RolesOf(family) => Some(roles::family(self, family)),
            Data::Lines(number) => self.lines_of(number).map(|lines| lines.finish().0),
            Data::SearchIndex => Some(self.whole.search.get_or_init(|| self.index_of_search()).clone()),
        }
    }

    /// The file of such data in the output.
    pub fn data_file(&self, data: Data) -> String {
        match data {
            Data::Roles => roles::ROLES.to_owned(),
            Data::RolesOf(family) => roles::family_file(&self.handbook.families[family].id),
            Data::Lines(number) => search::lines_file(&number.id(self)),
            Data::SearchIndex => search::INDEX.to_owned(),
        }
    }

    /// All files that scripts read; some of them may hold nothing.
    pub(super) fn all_data(&self) -> impl Iterator<Item = Data> {
        let config = &self.handbook.config;
        let families = (0..self.handbook.families.len()).filter(|_| config.compare).map(Data::RolesOf);
        let lines = self.numbered().filter(|_| config.search).map(Data::Lines);
        families.chain(config.compare.then_some(Data::Roles)).chain(lines).chain(config.search.then_some(Data::SearchIndex))
    }

    fn numbered(&self) -> impl Iterator<Item = Numbered> {
        let families = (0..self.handbook.families.len()).map(Numbered::Family);
        let plain = (0..self.handbook.pages.len()).map(Numbered::Plain);
        let departments = (0..self.handbook.departments.len()).map(Numbered::Department);
        families.chain(plain).chain(departments).chain((0..self.handbook.shared.len()).map(Numbered::Block))
    }

    /// The index of the search, made of all pages anew.
    fn index_of_search(&self) -> String {
        let found = Found::default();
        let all: Vec<Numbered> = self.numbered().collect();
        all.into_par_iter().for_each(|number| {
            if let Some(lines) = self.lines_of(number) {
                found.note(number.of(self), &lines.finish().1);
            }
        });
        search::index(self, found)
    }

    /// The lines of a page for the search.
    fn lines_of(&self, number: Numbered) -> Option<Lines> {
        let words = self.words();
        match number {
            Numbered::Family(family) => {
                let mut page = self.page(&words, self.file_of(Made::Family(family)));
                Some(Lines::of_family(&number.id(self), &family::view(&mut page, family)))
            }
            Numbered::Plain(plain) => {
                let mut page = self.page(&words, self.file_of(Made::Plain(plain)));
                self.lines_of_prose(number, &index::plain(&mut page, plain).prose)
            }
            Numbered::Department(department) => {
                let mut page = self.page(&words, self.file_of(Made::Department(department)));
                self.lines_of_prose(number, &index::department(&mut page, department).prose)
            }
            Numbered::Block(block) => blocks::lines(self, block),
        }
    }

    /// The same of prose that is at hand; none where there is none.
    pub(super) fn lines_of_prose(&self, number: Numbered, prose: &[ProseView]) -> Option<Lines> {
        (!prose.is_empty()).then(|| Lines::of_prose(&number.id(self), prose))
    }
}
