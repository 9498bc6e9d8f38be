//! `strings.yml` in, the words that pages say by themselves out: English where the file says nothing else.

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use crate::config::tree_of;
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::source::SourceFile;
use crate::yaml;
use crate::yaml::fields::{Fields, Findings};

/// Every text by its name, in English. `{}` stands for what the page puts in; a translation has as many.
pub const STRINGS: [(&str, &str); 129] = [
    // The frame
    ("skip", "Skip to the content"),
    ("menu", "Menu"),
    ("departments", "Departments"),
    ("breadcrumb", "Breadcrumb"),
    ("grades", "Grades"),
    ("map", "Map"),
    ("compare", "Compare"),
    ("index", "Index"),
    ("search", "Search"),
    ("theme", "Theme"),
    ("theme_system", "System"),
    ("theme_light", "Light"),
    ("theme_dark", "Dark"),
    ("on_this_page", "On this page"),
    ("edit_page", "Edit this page"),
    ("changed_on", "Last changed {}"),
    ("built_with", "Built with handbook {}"),
    ("preview", "Preview. Drafts are shown, which are not in force."),
    ("copy_link", "Link to this place"),
    ("copied", "Link copied"),
    // Dates
    ("date", "{} {} {}"),
    ("months", "January, February, March, April, May, June, July, August, September, October, November, December"),
    // Lists of families
    ("families", "Job families"),
    ("to_read", "To read"),
    ("nothing_here", "Nothing has been written here yet."),
    ("no_families", "No families yet"),
    ("one_family", "1 family"),
    ("count_families", "{} families"),
    ("one_role", "1 role"),
    ("count_roles", "{} roles"),
    ("more", "{} more"),
    ("filter", "Show only"),
    ("all", "all"),
    ("department", "Department"),
    ("grade", "Grade"),
    ("track", "Track"),
    ("specialty", "Specialty"),
    ("clear", "Show everything"),
    ("shown", "{} of {} shown"),
    ("of_grade", "grade {}"),
    ("draft", "draft"),
    ("deprecated", "deprecated"),
    ("no_grade", "none"),
    // A role
    ("level", "Level"),
    ("reports_to", "Reports to"),
    ("belongs_to", "This role belongs to the family {}."),
    ("extends_in", "This role extends {} in the family {}."),
    ("expects_of_either", "It expects what is asked of either {}."),
    ("with_specialty", "{} with the specialty {}."),
    ("show", "Show"),
    ("everything", "Everything"),
    ("only_new", "New at this level"),
    ("only_new_with", "New with {}"),
    ("nothing_new", "Nothing is written for this role alone: all of it is inherited."),
    ("specialties", "Specialties"),
    ("chosen_specialty", "Specialty: {}"),
    ("role_alone", "{} alone"),
    ("new", "new"),
    ("from", "from {}"),
    ("all_of", "all of {}"),
    ("track_of", "{}, {}"),
    ("replaces", "replaces words from {}"),
    ("not_asked", "Not asked any more"),
    ("taken_out_by", "taken out by {}"),
    ("instead", "Instead of the inherited list."),
    ("before_and_after", "Roles before and after"),
    ("before", "Before"),
    ("next", "Next"),
    ("edit", "edit"),
    ("edit_line", "Edit this line"),
    ("is_deprecated", "Nobody is hired into this role any more."),
    ("successor", "{} has taken its place."),
    ("is_draft", "Draft. Not in force yet, and shown in previews only."),
    ("and", "and"),
    ("or", "or"),
    // A family
    ("approved_by", "Changes are approved by"),
    ("roles", "Roles"),
    ("role", "Role"),
    ("extends", "Extends"),
    ("either", "either {}"),
    ("shared", "What all roles share"),
    ("levels", "What each level adds"),
    ("expects_either", "Expects either"),
    ("whole_role", "The whole role: {}"),
    ("for_roles", "For"),
    ("from_here", "From here"),
    ("matrix", "Levels side by side"),
    ("matrix_note", "What differs from level to level. A text reaches over all levels for which it holds."),
    ("show_matrix", "Show the table"),
    ("expectation", "Expectation"),
    ("changed", "changed"),
    // Grades
    ("grades_lead", "Every family by the grades of its roles."),
    ("default_scale", "Default scale"),
    ("family", "Family"),
    ("no_grades", "No role has a grade yet."),
    // History
    ("changes", "Changes"),
    ("changes_lead", "What changed in the roles of this handbook, the newest first."),
    ("history", "What changed and when"),
    ("history_of", "See {}."),
    ("role_is_new", "The role is new."),
    ("role_is_gone", "The role is no more."),
    ("new_address", "The address is another."),
    ("old_address", "The address was {} before."),
    ("gone", "not asked any more"),
    ("reworded", "reworded"),
    ("replaced", "replaced"),
    ("title", "Title"),
    ("status", "Status"),
    ("active", "active"),
    ("overview", "Overview"),
    ("by_way_of", "By way of {}."),
    ("no_changes", "Nothing has changed."),
    ("older_changes", "Older changes are not listed."),
    ("since", "The record begins on {}."),
    ("all_changes", "Changes of all roles"),
    ("feed", "Follow with a feed reader"),
    // What is not there
    ("not_found", "Page not found"),
    ("not_found_lead", "There is nothing at this address. What was here may have been renamed or taken out."),
    ("home", "First page of the handbook"),
    ("by_grade", "All families by grade"),
    ("moved", "This page has moved"),
    ("moved_to", "Go to its new address"),
    // In prose
    ("note", "Note"),
    ("tip", "Tip"),
    ("important", "Important"),
    ("warning", "Warning"),
    ("caution", "Caution"),
    ("footnote", "Note {}"),
    ("footnote_back", "Back to the text"),
];

/// A name in [`STRINGS`], by its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text(usize);

/// The text of this name; one that is not in the table does not compile in a `const`.
pub const fn text(name: &str) -> Text {
    let mut at = 0;
    while !same(STRINGS[at].0.as_bytes(), name.as_bytes()) {
        at += 1;
    }
    Text(at)
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

/// The texts of a site, in the order of [`STRINGS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strings(Vec<Box<str>>);

impl Default for Strings {
    fn default() -> Self {
        Strings(STRINGS.iter().map(|(_, text)| (*text).into()).collect())
    }
}

impl Strings {
    /// A text.
    pub fn get(&self, text: Text) -> &str {
        &self.0[text.0]
    }

    /// The text with `values` in the places of its `{}`.
    pub fn with(&self, text: Text, values: &[&str]) -> String {
        let mut out = String::new();
        for (i, piece) in self.get(text).split("{}").enumerate() {
            if i > 0 {
                out.push_str(values.get(i - 1).copied().unwrap_or_default());
            }
            out.push_str(piece);
        }
        out
    }

    /// What a template means by `name`, or by `name[1]` where the text has places; none where there is no such text.
    pub fn piece(&self, name: &str) -> Option<&str> {
        let (name, number) = match name.split_once('[') {
            Some((name, number)) => (name, Some(number.strip_suffix(']')?.parse::<usize>().ok()?)),
            None => (name, None),
        };
        let at = STRINGS.iter().position(|(n, _)| *n == name)?;
        match (STRINGS[at].1.contains("{}"), number) {
            (true, Some(number)) => self.0[at].split("{}").nth(number),
            (false, None) => Some(&self.0[at]),
            _ => None,
        }
    }

    /// A date such as `2026-11-22` in words.
    pub fn date(&self, iso: &str) -> String {
        let mut parts = iso.split('-');
        let (year, month, day) = (parts.next().unwrap_or(iso), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let number = month.parse::<usize>().unwrap_or(1);
        let name = self.get(const { text("months") }).split(',').nth(number.saturating_sub(1)).unwrap_or(month).trim();
        self.with(const { text("date") }, &[day.trim_start_matches('0'), name, year])
    }
}

/// For templates: a text, or where it has `{}` the list of the pieces around them.
impl Serialize for Strings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(STRINGS.len()))?;
        for ((name, english), text) in STRINGS.iter().zip(&self.0) {
            if english.contains("{}") {
                map.serialize_entry(name, &text.split("{}").collect::<Vec<_>>())?;
            } else {
                map.serialize_entry(name, &**text)?;
            }
        }
        map.end()
    }
}

/// Reads the file; what is wrong with it is a finding and the English text stands.
pub fn read(file: Option<&SourceFile>, list: &mut Vec<Diagnostic>) -> Strings {
    let mut strings = Strings::default();
    let Some(file) = file else { return strings };
    let Some(node) = tree_of(file, list) else { return strings };
    let mut findings = Findings { file: &file.path, base: 0, list };
    if node.value == yaml::Value::Null {
        return strings;
    }
    let Some(mut fields) = Fields::of(&node, "strings.yml", &mut findings) else { return strings };
    for (name, span, node) in fields.take_where(|_| true) {
        let Some(number) = STRINGS.iter().position(|(n, _)| *n == name) else {
            let finding = Diagnostic::error("unknown-key", findings.place(&span), format!("no text of the pages is called `{name}`"))
                .meant(ident::nearest(name, STRINGS.iter().map(|(n, _)| *n)))
                .help("docs/templates.md lists the names");
            findings.list.push(finding);
            continue;
        };
        match node.text() {
            Some(text) => match misfit(STRINGS[number], text) {
                None => strings.0[number] = text.into(),
                Some((message, help)) => {
                    let finding = Diagnostic::error("wrong-type", findings.place(&node.span), message).help(help);
                    findings.list.push(finding);
                }
            },
            None => findings.wrong_type(node, name, "text"),
        }
    }
    strings
}

/// Why a translation cannot stand for the English text, with what to do.
fn misfit((name, english): (&str, &str), text: &str) -> Option<(String, String)> {
    let places = |text: &str| text.matches("{}").count();
    if places(text) != places(english) {
        let message = format!("`{name}` has {} of the places `{{}}`, and must have {}", places(text), places(english));
        return Some((message, format!("in English it is `{english}`")));
    }
    let months = text.split(',').count();
    (name == "months" && months != 12)
        .then(|| (format!("`months` names {months} months, and must name 12"), "write them in one line, with a comma between two".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_one_name() {
        let mut names: Vec<&str> = STRINGS.iter().map(|(n, _)| *n).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STRINGS.len());
    }

    #[test]
    fn dates_are_written_out() {
        let mut strings = Strings::default();
        assert_eq!(strings.date("2026-11-02"), "2 November 2026");
        let at = STRINGS.iter().position(|(n, _)| *n == "date").expect("it is there");
        strings.0[at] = "{}. {} {}".into();
        assert_eq!(strings.date("2026-03-22"), "22. March 2026");
    }
}
