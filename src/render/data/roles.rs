//! The roles for the script that compares them: a list of all, and one file a family with what each of its roles has.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::script;
use crate::compare::{keys_of, text, written};
use crate::model::address::output_file;
use crate::model::ways::Way;
use crate::model::{RoleId, Step};
use crate::parse::Status;
use crate::render::Site;
use crate::render::view::grade_text;
use crate::resolve::{Effective, EffectiveSection, ItemRef, compose};
use crate::variables::varies;

/// The file with the list of all roles.
pub const ROLES: &str = "compare/roles.js";

/// The file with the roles of a family.
pub fn family_file(id: &str) -> String {
    format!("compare/{id}.js")
}

/// A department with its families.
#[derive(Serialize)]
struct DepartmentData<'a> {
    title: &'a str,
    families: Vec<FamilyEntry<'a>>,
}

/// A family in the list.
#[derive(Serialize)]
struct FamilyEntry<'a> {
    id: &'a str,
    title: &'a str,
    /// Id, title, and where one can go: ids of roles (of the same family: `/` and their last part; `>` and
    /// that where it is only listed next) and of families.
    roles: Vec<(&'a str, &'a str, Vec<String>)>,
    /// Id, title and roles of each specialty that has pages of its own.
    specialties: Vec<(&'a str, &'a str, Vec<&'a str>)>,
    /// Ids that the family had, from its old addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    was: Vec<&'a str>,
    /// Ids that its roles had, with those that they have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    renamed: Vec<(&'a str, &'a str)>,
}

/// The list of all roles, by department.
pub fn list(site: &Site<'_>) -> String {
    let handbook = site.handbook;
    let departments = (0..handbook.departments.len()).filter(|d| !site.families_of[*d].is_empty());
    let entries = departments.map(|d| DepartmentData {
        title: &handbook.departments[d].title,
        families: site.families_of[d].iter().map(|f| entry(site, *f)).filter(|f| !f.roles.is_empty()).collect(),
    });
    script("handbookRoles", &entries.collect::<Vec<_>>())
}

fn entry<'a>(site: &'a Site<'_>, family: usize) -> FamilyEntry<'a> {
    let handbook = site.handbook;
    let data = &handbook.families[family];
    let published = || handbook.roles_of(family).filter(|r| site.is_published(*r));
    let roles = published().map(|role| {
        let front = handbook.role_front(role);
        (front.id.as_str(), front.title.as_str(), handbook.ways_from(role).into_iter().filter_map(|way| step(site, family, way)).collect())
    });
    let specialties = data.specialties.iter().enumerate().filter(|_| handbook.config.composition_pages && handbook.config.role_pages);
    let specialties = specialties.map(|(i, specialty)| {
        let front = handbook.specialty_front(family, i);
        let fitting = specialty.roles.iter().filter(|r| site.is_published(**r) && handbook.roles[**r].family == family);
        (front.id.as_str(), front.title.as_str(), fitting.map(|r| handbook.role_front(*r).id.as_str()).collect())
    });
    let front = handbook.front(family);
    let was = front.aliases.iter().map(|alias| alias.text.trim_matches('/')).collect();
    let renamed = published().flat_map(|role| {
        let front = handbook.role_front(role);
        front.aliases.iter().map(|alias| (&*alias.text, front.id.as_str()))
    });
    FamilyEntry { id: &data.id, title: &front.title, roles: roles.collect(), specialties: specialties.collect(), was, renamed: renamed.collect() }
}

fn step(site: &Site<'_>, family: usize, (step, way): (Step, Way)) -> Option<String> {
    let handbook = site.handbook;
    match step {
        Step::Role(role) if !site.is_published(role) || handbook.role_front(role).status == Status::Deprecated => None,
        Step::Role(role) if way == Way::Listed => Some(format!(">{}", handbook.role_front(role).id)),
        Step::Role(role) if handbook.roles[role].family == family => Some(format!("/{}", handbook.role_front(role).id)),
        Step::Role(role) => Some(handbook.role_id(role)),
        Step::Family(family) => Some(handbook.families[family].id.clone()),
    }
}

/// A family's roles.
#[derive(Serialize)]
struct FamilyData<'a> {
    id: &'a str,
    title: &'a str,
    /// Id and title of the list sections.
    sections: Vec<(&'a str, &'a str)>,
    /// Every item of any of the roles.
    items: Vec<ItemData<'a>>,
    /// By id; of a composition, `role+specialty`, only the lists that differ from the role's.
    roles: BTreeMap<String, RoleData<'a>>,
}

/// Key, label (may be empty) and text of an item; where a variable makes it another in each role, also as it is written.
#[derive(Serialize)]
struct ItemData<'a>(String, &'a str, String, #[serde(skip_serializing_if = "Option::is_none")] Option<String>);

/// A role.
#[derive(Serialize)]
struct RoleData<'a> {
    title: String,
    grade: Option<String>,
    track: &'a str,
    /// Its page from the root of the site.
    href: String,
    lists: Lists,
}

/// The items of a family, each once.
#[derive(Default)]
struct Items<'a> {
    numbers: HashMap<(ItemRef, Option<RoleId>, String), usize>,
    items: Vec<ItemData<'a>>,
}

/// What each role of a family has.
pub fn family(site: &Site<'_>, family: usize) -> String {
    let handbook = site.handbook;
    let mut items = Items::default();
    let mut roles = BTreeMap::new();
    for role in handbook.roles_of(family).filter(|r| site.is_published(*r)) {
        let effective = &site.resolution.roles[role];
        let front = handbook.role_front(role);
        let lists = effective.sections.iter().map(|s| list_of(site, role, s, &mut items)).collect();
        roles.insert(front.id.clone(), role_data(site, role, front.title.clone(), site.role_file(role), lists));
        for (i, specialty) in handbook.families[family].specialties.iter().enumerate() {
            let Some(file) = site.composition_page(role, i).filter(|_| specialty.roles.contains(&role)) else { continue };
            let of = handbook.specialty_front(family, i);
            let lists = differing(site, role, effective, i, &mut items);
            let title = format!("{}, {}", front.title, of.title);
            roles.insert(format!("{}+{}", front.id, of.id), role_data(site, role, title, Some(file), lists));
        }
    }
    let sections = handbook.config.sections.iter().map(|s| (s.id.as_str(), s.title.as_str())).collect();
    let data = FamilyData { id: &handbook.families[family].id, title: &handbook.front(family).title, sections, items: items.items, roles };
    script("handbookFamily", &data)
}

/// Number of the section, its items by number, and pairs of old and new keys.
type List = (usize, Vec<usize>, Vec<(String, String)>);
type Lists = Vec<List>;

fn role_data<'a>(site: &'a Site<'_>, role: RoleId, title: String, file: Option<String>, lists: Lists) -> RoleData<'a> {
    let handbook = site.handbook;
    let front = handbook.role_front(role);
    let family = handbook.roles[role].family;
    RoleData {
        title,
        grade: grade_text(&front.grade, &handbook.config.strings),
        track: handbook.front(family).tracks.get(front.track).map_or("", |t| &t.title),
        href: file.unwrap_or_else(|| output_file(&handbook.families[family].id)),
        lists,
    }
}

/// The lists of a composition that are not the role's.
fn differing<'a>(site: &'a Site<'_>, role: RoleId, effective: &Effective, specialty: usize, items: &mut Items<'a>) -> Lists {
    let composed = compose(site.handbook, role, effective, specialty);
    let same = |s: &EffectiveSection| {
        effective.section(s.section).is_some_and(|known| known.items.iter().map(|i| i.item).eq(s.items.iter().map(|i| i.item)))
    };
    composed.sections.iter().filter(|s| !same(s)).map(|s| list_of(site, role, s, items)).collect()
}

fn list_of<'a>(site: &'a Site<'_>, role: RoleId, section: &EffectiveSection, items: &mut Items<'a>) -> List {
    let handbook = site.handbook;
    let keys = keys_of(handbook, section);
    let numbers = section.items.iter().zip(keys).map(|(item, key)| {
        let varies = varies(handbook, item.item);
        let next = items.items.len();
        let number = *items.numbers.entry((item.item, varies.then_some(role), key.clone())).or_insert(next);
        if number == next {
            let label = handbook.item(item.item).1.label().unwrap_or_default();
            items.items.push(ItemData(key, label, text(handbook, role, item.item), varies.then(|| written(handbook, item.item))));
        }
        number
    });
    let numbers = numbers.collect();
    (section.section, numbers, section.old_keys.iter().map(|(old, new)| (old.to_string(), new.to_string())).collect())
}
