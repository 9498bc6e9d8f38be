//! The templates and static files of the program itself, with those of the site in their place. The only home of Tera.

use serde::Serialize;
use tera::{Context, ErrorKind, Tera, Value};

use crate::config::text_fault;
use crate::diagnostic::{Diagnostic, Place};
use crate::source::SourceTree;

/// The built-in templates by name.
pub const TEMPLATES: [(&str, &str); 10] = [
    ("base.html", include_str!("../../templates/base.html")),
    ("parts.html", include_str!("../../templates/parts.html")),
    ("home.html", include_str!("../../templates/home.html")),
    ("department.html", include_str!("../../templates/department.html")),
    ("family.html", include_str!("../../templates/family.html")),
    ("role.html", include_str!("../../templates/role.html")),
    ("page.html", include_str!("../../templates/page.html")),
    ("grades.html", include_str!("../../templates/grades.html")),
    ("404.html", include_str!("../../templates/404.html")),
    ("redirect.html", include_str!("../../templates/redirect.html")),
];

/// The built-in static files by name; they are published with a hash of their content in their name.
pub const STATICS: [(&str, &str); 2] = [("style.css", include_str!("../../static/style.css")), ("script.js", include_str!("../../static/script.js"))];

/// The script of the preview, which a site can replace like the others; it is never published.
pub const PREVIEW: (&str, &str) = ("preview.js", include_str!("../../static/preview.js"));

/// A value in the form that templates take, so that it is made once and shown on many pages.
#[derive(Debug, Clone)]
pub struct Ready(Value);

impl Ready {
    /// From a struct with text keys.
    pub fn of(view: &impl Serialize) -> Ready {
        Ready(Value::from_serializable(view))
    }
}

/// Templates, ready to render.
pub struct Theme {
    tera: Tera,
}

impl Theme {
    /// The built-in templates, each replaced by the site's template of the same name; faults in those are findings.
    pub fn of(tree: &SourceTree) -> Result<Theme, Vec<Diagnostic>> {
        let unreadable: Vec<Diagnostic> = tree.templates.iter().filter_map(|f| text_fault(f)).collect();
        if !unreadable.is_empty() {
            return Err(unreadable);
        }
        let name_of = |path: &str| path.strip_prefix("templates/").unwrap_or(path).to_owned();
        let own: Vec<(String, &str)> = tree.templates.iter().map(|f| (name_of(&f.path), &*f.text)).collect();
        let built_in = TEMPLATES.iter().filter(|(name, _)| own.iter().all(|(n, _)| n != name)).map(|(name, text)| ((*name).to_owned(), *text));
        let all: Vec<(String, &str)> = built_in.chain(own.iter().map(|(n, t)| (n.clone(), *t))).collect();
        let mut tera = Tera::new();
        match tera.add_raw_templates(all) {
            Ok(()) => Ok(Theme { tera }),
            Err(error) => Err(vec![fault(&error, tree)]),
        }
    }

    /// A page by the template of that name.
    pub fn page(
        &self,
        template: &str,
        view: &impl Serialize,
        page: &impl Serialize,
        site: &Ready,
        tree: &SourceTree,
    ) -> Result<String, Box<Diagnostic>> {
        let mut context = Context::from_serialize(view).expect("views are structs with text keys");
        context.insert("page", page);
        context.insert_value("site", site.0.clone());
        self.render(template, &context, tree)
    }

    /// A redirect.
    pub fn redirect(&self, view: &impl Serialize, tree: &SourceTree) -> Result<String, Box<Diagnostic>> {
        let context = Context::from_serialize(view).expect("views are structs with text keys");
        self.render("redirect.html", &context, tree)
    }

    fn render(&self, template: &str, context: &Context, tree: &SourceTree) -> Result<String, Box<Diagnostic>> {
        self.tera.render(template, context).map_err(|error| Box::new(fault(&error, tree)))
    }
}

/// A fault of a template as a finding at its place, with the templates that led there.
fn fault(error: &tera::Error, tree: &SourceTree) -> Diagnostic {
    let at = |file: &str, line: usize, column: usize, end: usize| {
        let path: std::sync::Arc<str> = format!("templates/{file}").into();
        let own = tree.text(&path);
        let text = own.or_else(|| TEMPLATES.iter().find(|(n, _)| *n == file).map(|(_, t)| *t)).unwrap_or("");
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let offset = |column: usize| start + text[start..].char_indices().nth(column).map_or(text.len() - start, |(i, _)| i);
        Place::new(&path, offset(column)..offset(end.max(column)))
    };
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            let end = if span.end_line == span.start_line { span.end_col } else { span.start_col };
            let finding = Diagnostic::error(
                "template-fault",
                at(report.filename(), span.start_line, span.start_col, end),
                format!("this template cannot be used: {}", report.message()),
            );
            let mut help = "templates see the values that docs/templates.md lists".to_owned();
            let chain = notes(&error.to_string());
            let finding = chain.into_iter().fold(finding, |finding, note| {
                let is_own = tree.text(&format!("templates/{}", note.file)).is_some();
                if !is_own {
                    help.push_str(&format!("; {} the built-in {}, line {}", note.label, note.file, note.line));
                    return finding;
                }
                finding.related(at(&note.file, note.line, note.column, note.column), note.label)
            });
            finding.help(help)
        }
        other => {
            let mut source = String::new();
            let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
            while let Some(inner) = cause {
                source.push_str(&format!("; {inner}"));
                cause = inner.source();
            }
            Diagnostic::error("template-fault", at("base.html", 1, 0, 0), format!("the templates cannot be used: {other}{source}"))
                .help("check the names after `extends`, `include` and `import`")
        }
    }
}

/// A place by way of which a template came to be used.
#[derive(Debug, PartialEq, Eq)]
struct Note {
    label: String,
    file: String,
    line: usize,
    column: usize,
}

/// The notes of Tera's report, which it gives as text only: `note: called from base.html:5:3`.
fn notes(report: &str) -> Vec<Note> {
    let note = |line: &str| {
        let (label, place) = line.strip_prefix("note: ")?.rsplit_once(' ')?;
        let mut parts = place.rsplitn(3, ':');
        let column = parts.next()?.parse::<usize>().ok()?;
        let line = parts.next()?.parse().ok()?;
        Some(Note { label: label.to_owned(), file: parts.next()?.to_owned(), line, column: column.saturating_sub(1) })
    };
    report.lines().filter_map(note).collect()
}

#[cfg(test)]
mod tests {
    use super::{Note, Theme, notes};
    use crate::source::{SourceTree, from_bytes};
    use std::sync::Arc;

    #[test]
    fn the_places_by_way_of_which_a_template_is_used_are_read() {
        let report = "Error: no\n\nnote: called from base.html:5:3\n  |\n5 | x\n";
        let wanted = Note { label: "called from".into(), file: "base.html".into(), line: 5, column: 2 };
        assert_eq!(notes(report), [wanted]);
    }

    #[test]
    fn a_fault_in_an_included_template_names_the_one_that_includes_it() {
        let file = |name: &str, text: &str| Arc::new(from_bytes(name, text.as_bytes().to_vec()));
        let templates =
            vec![file("templates/inner.html", "\n{{ nothing.here }}\n"), file("templates/redirect.html", "a\n{% include \"inner.html\" %}\n")];
        let tree = SourceTree { templates, ..SourceTree::default() };
        let theme = Theme::of(&tree).map_err(|f| format!("{f:?}")).expect("both can be read");
        let fault = theme.redirect(&std::collections::BTreeMap::from([("to", "x")]), &tree).expect_err("there is no such value");
        assert_eq!((&*fault.place.file, fault.place.span.start), ("templates/inner.html", 4));
        let related: Vec<(&str, usize)> = fault.related.iter().map(|r| (&*r.place.file, r.place.span.start)).collect();
        assert_eq!(related, [("templates/redirect.html", 13)], "{fault:?}");
    }
}
