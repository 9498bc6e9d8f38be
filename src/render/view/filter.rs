//! What a list of families can be narrowed to: departments, grades, tracks and specialties that occur in it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Page;
use crate::model::RoleId;

/// More values than these are no choice that a menu can offer, and more roles are not told apart.
const MOST: usize = 80;

/// The choices, each with the word by which entries are marked.
#[derive(Debug, Default, Serialize)]
pub struct FilterView {
    /// Departments.
    pub departments: Vec<ChoiceView>,
    /// Grades, ascending.
    pub grades: Vec<i64>,
    /// Tracks.
    pub tracks: Vec<ChoiceView>,
    /// Specialties.
    pub specialties: Vec<ChoiceView>,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ChoiceView {
    /// What is shown.
    pub title: String,
    /// The word that entries carry.
    pub id: String,
}

/// By what an entry can be found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TagsView {
    /// Its roles with commas between them, each with words such as `grade-7`, `track-ic` and `specialty-geo`: what is chosen
    /// together must hold of one role. Roles with the same words are told once.
    pub roles: String,
}

/// Gathers choices while a list is made.
#[derive(Debug, Default)]
pub struct Choices {
    grades: BTreeSet<i64>,
    tracks: BTreeMap<String, String>,
    specialties: BTreeMap<String, String>,
}

impl Choices {
    /// The tags of some roles of a family, whose values become choices.
    pub fn tags(&mut self, page: &Page<'_>, family: usize, roles: &[RoleId]) -> TagsView {
        let mut found = Found::new();
        self.note(page, family, roles, &mut found);
        view(&found)
    }

    /// The tags of all roles of some families.
    pub fn tags_of_all(&mut self, page: &Page<'_>, families: &[usize]) -> TagsView {
        let mut found = Found::new();
        for family in families {
            let roles: Vec<RoleId> = page.handbook().roles_of(*family).filter(|r| page.site.is_published(*r)).collect();
            self.note(page, *family, &roles, &mut found);
        }
        view(&found)
    }

    fn note(&mut self, page: &Page<'_>, family: usize, roles: &[RoleId], found: &mut Found) {
        let handbook = page.handbook();
        let front = handbook.front(family);
        let specialties = || front.specialties.iter().zip(&handbook.families[family].specialties);
        for role in roles {
            let written = handbook.role_front(*role);
            let grades = written.grade.numbers();
            let mut words: BTreeSet<String> = grades.iter().map(|grade| format!("grade-{grade}")).collect();
            self.grades.extend(grades);
            if let Some(track) = front.tracks.get(written.track) {
                words.insert(format!("track-{}", track.id));
                self.tracks.entry(track.id.clone()).or_insert_with(|| track.title.clone());
            }
            for (specialty, _) in specialties().filter(|(_, data)| data.roles.contains(role)) {
                words.insert(format!("specialty-{}", specialty.id));
                self.specialties.entry(specialty.id.clone()).or_insert_with(|| specialty.title.clone());
            }
            found.insert(words);
        }
    }

    /// The choices; none of a kind of which there is one, or too many for a menu.
    pub fn view(self, departments: Vec<ChoiceView>) -> FilterView {
        let choices = |map: BTreeMap<String, String>| {
            let mut all: Vec<ChoiceView> = map.into_iter().map(|(id, title)| ChoiceView { title, id }).collect();
            all.sort();
            worth(all)
        };
        FilterView {
            departments: worth(departments),
            grades: worth(self.grades.into_iter().collect()),
            tracks: choices(self.tracks),
            specialties: choices(self.specialties),
        }
    }
}

/// The words of roles.
type Found = BTreeSet<BTreeSet<String>>;

fn view(found: &Found) -> TagsView {
    let words = |role: &BTreeSet<String>| role.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    if found.len() <= MOST {
        return TagsView { roles: found.iter().map(words).collect::<Vec<_>>().join(",") };
    }
    // A list of so many roles has some that fit nearly any choice: it is found by any words of any of them.
    TagsView { roles: words(&found.iter().flatten().cloned().collect()) }
}

fn worth<T>(all: Vec<T>) -> Vec<T> {
    if (2..=MOST).contains(&all.len()) { all } else { Vec::new() }
}
