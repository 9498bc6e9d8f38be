//! What a list of families can be narrowed to: departments, grades, tracks and specialties that occur in it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Page;
use crate::model::RoleId;

/// More values than these are no choice that a menu can offer.
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

/// By what an entry can be found: words with spaces between them.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TagsView {
    /// Grades.
    pub grades: String,
    /// Ids of tracks.
    pub tracks: String,
    /// Ids of specialties.
    pub specialties: String,
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
        let mut found = Found::default();
        self.note(page, family, roles, &mut found);
        found.view()
    }

    /// The tags of all roles of some families.
    pub fn tags_of_all(&mut self, page: &Page<'_>, families: &[usize]) -> TagsView {
        let mut found = Found::default();
        for family in families {
            let roles: Vec<RoleId> = page.handbook().roles_of(*family).filter(|r| page.site.is_published(*r)).collect();
            self.note(page, *family, &roles, &mut found);
        }
        found.view()
    }

    fn note<'p>(&mut self, page: &Page<'p>, family: usize, roles: &[RoleId], found: &mut Found<'p>) {
        let handbook = page.handbook();
        let front = handbook.front(family);
        for role in roles {
            let role = handbook.role_front(*role);
            found.grades.extend(role.grade.numbers());
            if let Some(track) = front.tracks.get(role.track) {
                found.tracks.insert(&track.id);
                self.tracks.entry(track.id.clone()).or_insert_with(|| track.title.clone());
            }
        }
        for (specialty, data) in front.specialties.iter().zip(&handbook.families[family].specialties) {
            if roles.iter().any(|r| data.roles.contains(r)) {
                found.specialties.insert(&specialty.id);
                self.specialties.entry(specialty.id.clone()).or_insert_with(|| specialty.title.clone());
            }
        }
        self.grades.extend(&found.grades);
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

/// Tags before they are put in words.
#[derive(Default)]
struct Found<'h> {
    grades: BTreeSet<i64>,
    tracks: BTreeSet<&'h str>,
    specialties: BTreeSet<&'h str>,
}

impl Found<'_> {
    fn view(self) -> TagsView {
        let words = |all: BTreeSet<&str>| all.into_iter().collect::<Vec<_>>().join(" ");
        let grades = self.grades.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
        TagsView { grades, tracks: words(self.tracks), specialties: words(self.specialties) }
    }
}

fn worth<T>(all: Vec<T>) -> Vec<T> {
    if (2..=MOST).contains(&all.len()) { all } else { Vec::new() }
}
