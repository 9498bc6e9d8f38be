//! Roles as tables for spreadsheets: one row for each role, or one for each item of each role.
//!
//! Cells that a spreadsheet would take for a formula begin with an apostrophe. Source: OWASP, "CSV Injection".

use super::{Chosen, grade_text, text_of};
use crate::model::{Handbook, ReportsTo, Step};
use crate::parse::keys::keys;
use crate::provenance::{line_of, node_here, node_id, node_of, status};
use crate::variables::Values;

/// One row for each role and composition.
pub fn roles(handbook: &Handbook, chosen: &[Chosen<'_>]) -> Vec<u8> {
    let header =
        ["id", "department", "family", "title", "level", "grade", "track", "status", "extends", "reports_to", "next", "specialty", "owner", "items"];
    let row = |role: &Chosen<'_>| {
        let front = handbook.role_front(role.role);
        let family = handbook.roles[role.role].family;
        let of_family = &handbook.families[family];
        let specialty = role.specialty.map(|s| handbook.specialty_front(family, s));
        let own = role.specialty.and_then(|s| of_family.specialties[s].reports_to.as_ref());
        let reports_to = match own.or(handbook.roles[role.role].reports_to.as_ref()) {
            Some(ReportsTo::Role(to)) => handbook.role_id(*to),
            Some(ReportsTo::Text(text)) => text.clone(),
            None => String::new(),
        };
        let next = handbook.next_of(role.role).into_iter().map(|step| match step {
            Step::Role(role) => handbook.role_id(role),
            Step::Family(family) => handbook.families[family].id.clone(),
        });
        let items: usize = role.effective.sections.iter().map(|s| s.items.len()).sum();
        vec![
            role.id(handbook),
            handbook.departments[of_family.department].id.clone(),
            of_family.id.clone(),
            role.title(handbook),
            front.level.clone().unwrap_or_default(),
            grade_text(&front.grade.numbers()),
            handbook.track_id(role.role).to_owned(),
            front.status.word().to_owned(),
            handbook.roles[role.role].parents.iter().map(|p| handbook.role_id(p.role)).collect::<Vec<_>>().join(" "),
            reports_to,
            next.collect::<Vec<_>>().join(" "),
            specialty.map(|s| s.title.clone()).unwrap_or_default(),
            handbook.front(family).owner.clone().unwrap_or_default(),
            items.to_string(),
        ]
    };
    table(&header, chosen.iter().map(row))
}

/// One row for each item of each role and composition.
pub fn items(handbook: &Handbook, chosen: &[Chosen<'_>]) -> Vec<u8> {
    let header = ["role", "title", "grade", "track", "section", "number", "key", "stable", "label", "text", "status", "origin", "file", "line"];
    let rows = chosen.iter().flat_map(|role| {
        let here = node_here(handbook, role.role, role.specialty);
        let grade = grade_text(&handbook.role_front(role.role).grade.numbers());
        role.effective.sections.iter().flat_map(move |section| {
            let written: Vec<_> = section.items.iter().map(|i| handbook.item(i.item)).collect();
            let keys: Vec<String> = keys(&written).into_iter().map(std::borrow::Cow::into_owned).collect();
            let grade = grade.clone();
            section.items.iter().zip(keys).enumerate().map(move |(number, (item, key))| {
                let (document, written) = handbook.item(item.item);
                let values = Values::of_base(handbook, role.role, item.item.document as usize);
                vec![
                    role.id(handbook),
                    role.title(handbook),
                    grade.clone(),
                    handbook.track_id(role.role).to_owned(),
                    handbook.config.sections[section.section].id.clone(),
                    (number + 1).to_string(),
                    key,
                    written.key().is_some().to_string(),
                    written.label().unwrap_or_default().to_owned(),
                    text_of(document, written, &values),
                    status(handbook, item, here).word().to_owned(),
                    node_id(handbook, node_of(handbook, item.item)),
                    document.file().to_string(),
                    line_of(document, written).to_string(),
                ]
            })
        })
    });
    table(&header, rows)
}

fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let write = "writing to memory does not fail, and every row has the cells of the header";
    writer.write_record(header).expect(write);
    for row in rows {
        writer.write_record(row.into_iter().map(harmless)).expect(write);
    }
    writer.into_inner().expect(write)
}

/// The cell as text, whatever a spreadsheet would make of it.
fn harmless(cell: String) -> String {
    let opens = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if opens && cell.parse::<i64>().is_err() { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, shown) in [("=1+1", "'=1+1"), ("@sum", "'@sum"), ("-7", "-7"), ("- a", "'- a"), ("plain", "plain")] {
            assert_eq!(harmless(cell.to_owned()), shown);
        }
    }
}
