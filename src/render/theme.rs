//! The templates and static files of the program itself, with those of the site in their place. The only home of Tera.

mod tags;

use serde::Serialize;
use tera::{Context, ErrorKind, Kwargs, ReportError, State, Tera, Value};

use crate::config::strings::{self, Strings};
use crate::config::text_fault;
use crate::diagnostic::{Diagnostic, Place};
use crate::markdown::html::{escape_into, without_controls};
use crate::source::{self, SourceTree};

/// The built-in templates by name.
pub const TEMPLATES: [(&str, &str); 15] = [
    ("base.html", include_str!("../../templates/base.html")),
    ("parts.html", include_str!("../../templates/parts.html")),
    ("home.html", include_str!("../../templates/home.html")),
    ("department.html", include_str!("../../templates/department.html")),
    ("family.html", include_str!("../../templates/family.html")),
    ("role.html", include_str!("../../templates/role.html")),
    ("page.html", include_str!("../../templates/page.html")),
    ("grades.html", include_str!("../../templates/grades.html")),
    ("compare.html", include_str!("../../templates/compare.html")),
    ("map.html", include_str!("../../templates/map.html")),
    ("requirements.html", include_str!("../../templates/requirements.html")),
    ("changes.html", include_str!("../../templates/changes.html")),
    ("404.html", include_str!("../../templates/404.html")),
    ("redirect.html", include_str!("../../templates/redirect.html")),
    ("diff.html", include_str!("../../templates/diff.html")),
];

/// The built-in static files by name; they are published with a hash of their content in their name.
pub const STATICS: [(&str, &str); 6] = [
    ("style.css", include_str!("../../static/style.css")),
    ("early.js", include_str!("../../static/early.js")),
    ("script.js", include_str!("../../static/script.js")),
    ("compare.js", include_str!("../../static/compare.js")),
    ("search.js", include_str!("../../static/search.js")),
    ("icon.svg", include_str!("../../static/icon.svg")),
];

/// The style sheet: the site's own, or the built-in one.
pub fn style(tree: &SourceTree) -> String {
    let own = tree.statics.iter().find(|a| &*a.path == "static/style.css").and_then(|a| String::from_utf8(source::read_bytes(&a.on_disk).ok()?).ok());
    own.unwrap_or_else(|| STATICS[0].1.to_owned())
}

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
    pub fn of(tree: &SourceTree, strings: &Strings) -> Result<Theme, Vec<Diagnostic>> {
        let unreadable: Vec<Diagnostic> = tree.templates.iter().filter_map(|f| text_fault(f)).collect();
        if !unreadable.is_empty() {
            return Err(unreadable);
        }
        let name_of = |path: &str| path.strip_prefix("templates/").unwrap_or(path).to_owned();
        let own: Vec<(String, &str)> = tree.templates.iter().map(|f| (name_of(&f.path), &*f.text)).collect();
        let built_in = TEMPLATES.iter().filter(|(name, _)| own.iter().all(|(n, _)| n != name)).map(|(name, text)| ((*name).to_owned(), *text));
        let all = built_in.chain(own.iter().map(|(n, t)| (n.clone(), *t)));
        let all: Vec<(String, String)> = all.map(|(name, text)| (name, with_words(text, strings))).collect();
        let mut tera = Tera::new();
        register_words(&mut tera, strings);
        // For expressions: templates see the words of the site, components ask for them.
        let strings = Ready::of(strings).0;
        tera.global_context().insert_value("strings", strings.clone());
        tera.register_function("strings", move |_: Kwargs, _: &State<'_>| strings.clone());
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

    /// A page that stands alone, without the frame of the site.
    pub fn alone(&self, template: &str, view: &impl Serialize, tree: &SourceTree) -> Result<String, Box<Diagnostic>> {
        let context = Context::from_serialize(view).expect("views are structs with text keys");
        self.render(template, &context, tree)
    }

    /// A redirect.
    pub fn redirect(&self, view: &impl Serialize, tree: &SourceTree) -> Result<String, Box<Diagnostic>> {
        let context = Context::from_serialize(view).expect("views are structs with text keys");
        self.render("redirect.html", &context, tree)
    }

    fn render(&self, template: &str, context: &Context, tree: &SourceTree) -> Result<String, Box<Diagnostic>> {
        self.tera.render(template, context).map(without_controls).map_err(|error| Box::new(fault(&error, tree)))
    }
}

/// The functions by which templates say what has a number or several places in it.
fn register_words(tera: &mut Tera, strings: &Strings) {
    let (of_counted, of_filled) = (strings.clone(), strings.clone());
    let unknown = |name: &str| tera::Error::message(format!("no such text of the pages is called `{name}`"));
    tera.register_function("counted", move |values: Kwargs, _: &State<'_>| {
        let (name, number): (&str, usize) = (values.must_get("of")?, values.must_get("number")?);
        of_counted.count_named(name, number).ok_or_else(|| unknown(name))
    });
    tera.register_function("filled", move |values: Kwargs, _: &State<'_>| {
        let (name, with): (&str, Vec<Value>) = (values.must_get("of")?, values.must_get("with")?);
        let mut html = String::new();
        escape_into(of_filled.named(name).ok_or_else(|| unknown(name))?, &mut html);
        let with: Vec<String> = with.iter().map(as_html).collect();
        Ok::<_, tera::Error>(Value::safe_string(&strings::filled(&html, &with.iter().map(String::as_str).collect::<Vec<_>>())))
    });
}

fn as_html(value: &Value) -> String {
    if value.is_safe() {
        return value.to_string();
    }
    let mut html = String::new();
    escape_into(&value.to_string(), &mut html);
    html
}

/// The place that a report of Tera names in its text: `--> page.html:4:4`.
fn reported_place(message: &str) -> Option<(&str, usize, usize)> {
    let place = message.lines().find_map(|l| l.trim_start().strip_prefix("--> "))?.trim().trim_matches('[').trim_matches(']');
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next()?.trim().parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    Some((parts.next()?.trim(), line, column))
}

/// A template with the words of the site in the places that print one (`{{ strings.name }}`): they are the same on every page,
/// and looking up the 75 of a family's page took a fifth of its time. Lines stay as they are, so that faults keep theirs.
fn with_words(template: &str, strings: &Strings) -> String {
    const OPENS: &str = "{{ strings.";
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some(at) = rest.find(OPENS) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let end = found.find(" }}").unwrap_or(0);
        match found.get(OPENS.len()..end).and_then(|name| strings.piece(name)) {
            Some(words) => {
                let mut html = String::with_capacity(words.len());
                escape_into(&words.replace('\n', " "), &mut html);
                out.push_str(&html.replace('{', "&#123;"));
                rest = &found[end + 3..];
            }
            None => {
                out.push_str(OPENS);
                rest = &found[OPENS.len()..];
            }
        }
    }
    out.push_str(rest);
    out
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
    let at_first = |file: &str, word: &str| {
        let path: std::sync::Arc<str> = format!("templates/{file}").into();
        let found = tree.text(&path).and_then(|text| text.find(word)).unwrap_or(0);
        Place::new(&path, found..found + word.len())
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
            if let Some(slip) = own_slip(report, tree) {
                return slip;
            }
            let mut help = "what templates see is listed in the documentation, under *Templates*".to_owned();
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
        ErrorKind::Msg(message) | ErrorKind::TemplateNotFound(message) if reported_place(message).is_some() => {
            let (file, line, column) = reported_place(message).unwrap_or(("base.html", 1, 1));
            let column = column.saturating_sub(1);
            let first = message.lines().find(|l| !l.trim().is_empty()).unwrap_or(message).trim();
            Diagnostic::error(
                "template-fault",
                at(file, line, column, column + 1),
                format!("this template cannot be used: {}", first.trim_start_matches("error:").trim()),
            )
            .help("check the names after `extends`, `include` and in `{{ <...> }}`")
        }
        ErrorKind::MissingParent { current, parent } => {
            Diagnostic::error("template-fault", at_first(current, "extends"), format!("there is no template `{parent}`"))
                .help("check the name after `extends`")
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain: chain } | ErrorKind::CircularInclude { tpl, include_chain: chain } => {
            let message = format!("this template leads back to itself: {}", chain.join(" -> "));
            // The first of them that the site has written: the others are built in.
            let own = chain.iter().find(|name| tree.text(&format!("templates/{name}")).is_some()).unwrap_or(tpl);
            Diagnostic::error("template-fault", at_first(own, "{%"), message).help("take out one of the `extends` or `include` on the way")
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

/// What does not fit among the tags of one of the site's templates, as far as it is that.
fn own_slip(report: &ReportError, tree: &SourceTree) -> Option<Diagnostic> {
    let path: std::sync::Arc<str> = format!("templates/{}", report.filename()).into();
    let text = tree.text(&path)?;
    let span = report.span();
    let start: usize = text.split_inclusive('\n').take(span.start_line.saturating_sub(1)).map(str::len).sum();
    let start = start + text[start..].char_indices().nth(span.start_col).map_or(text.len() - start, |(at, _)| at);
    let slip = tags::slip(text, start, report.message())?;
    let finding = Diagnostic::error("template-fault", Place::new(&path, slip.at), slip.message).help(slip.help).meant(slip.meant);
    Some(slip.noticed.into_iter().fold(finding, |finding, at| finding.related(Place::new(&path, at), "it is still open here")))
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
    use crate::config::strings::Strings;
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
        let theme = Theme::of(&tree, &Strings::default()).map_err(|f| format!("{f:?}")).expect("both can be read");
        let fault = theme.redirect(&std::collections::BTreeMap::from([("to", "x")]), &tree).expect_err("there is no such value");
        assert_eq!((&*fault.place.file, fault.place.span.start), ("templates/inner.html", 4));
        let related: Vec<(&str, usize)> = fault.related.iter().map(|r| (&*r.place.file, r.place.span.start)).collect();
        assert_eq!(related, [("templates/redirect.html", 13)], "{fault:?}");
    }
}
