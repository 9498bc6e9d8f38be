//! The variables of shared blocks: plain substitution from a fixed list, in `_shared/` files alone.
//! Source: content model, section 7.

use std::borrow::Cow;
use std::ops::Range;

use crate::config::SharedEntry;
use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::model::{Handbook, RoleId};
use crate::parse::{Document, DocumentKind};
use crate::resolve::ItemRef;

/// The names that every block may use.
const NAMES: [&str; 4] = ["family.title", "role.title", "department.title", "site.title"];

/// The most bytes that a shared block may have with its variables filled in: as many as a file.
pub const MAX_FILLED: usize = 4 << 20;

/// What the variables say on one page.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    handbook: &'a Handbook,
    family: usize,
    role: Option<RoleId>,
    with: &'a [(String, String)],
}

impl<'a> Values<'a> {
    /// On the page of a family, or of one of its roles; `with` comes from `handbook.yml`.
    ///
    /// On a family's page `role.title` is the title of the family.
    pub fn of(handbook: &'a Handbook, family: usize, role: Option<RoleId>, with: &'a [(String, String)]) -> Self {
        Values { handbook, family, role, with }
    }

    /// The values for items that a role has from a base block.
    pub fn of_base(handbook: &'a Handbook, role: RoleId, document: usize) -> Self {
        let entry = |s: &&crate::model::Shared| {
            let entry = &handbook.config.shared[s.entry];
            s.document == document && entry.base && handbook.counts_for(entry, role, None)
        };
        let any = |s: &&crate::model::Shared| s.document == document && handbook.config.shared[s.entry].base;
        let with = handbook
            .shared
            .iter()
            .find(entry)
            .or_else(|| handbook.shared.iter().find(any))
            .map_or(&[][..], |s| &handbook.config.shared[s.entry].with);
        Values { handbook, family: handbook.roles[role].family, role: Some(role), with }
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        let family = &self.handbook.families[self.family];
        match name {
            "family.title" => Some(&self.handbook.front(self.family).title),
            "role.title" => Some(self.role.map_or(&self.handbook.front(self.family).title, |r| &self.handbook.role_front(r).title)),
            "department.title" => Some(&self.handbook.departments[family.department].title),
            "site.title" => Some(&self.handbook.config.title),
            name => self.with.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str()),
        }
    }

    /// The text of a document with its variables filled in; other documents than shared blocks have none.
    pub fn fill<'t>(&self, document: &Document, text: &'t str) -> Cow<'t, str> {
        if !matches!(document.kind, DocumentKind::Block(_)) || !text.contains("{{") {
            return Cow::Borrowed(text);
        }
        // How many marks of code stand in the paragraph before the variable: an odd one opens code.
        let (mut ticks, mut counted) = (0, 0);
        let value = |at: usize, name: &str| {
            let before = &text[counted..at];
            let paragraph = before.rfind("\n\n").map(|end| &before[end..]);
            ticks = paragraph.map_or(ticks, |_| 0) + paragraph.unwrap_or(before).matches('`').count();
            counted = at;
            self.value(name).map(|value| if ticks % 2 == 1 { value.into() } else { escaped(value) })
        };
        Cow::Owned(filled(text, value))
    }
}

impl Values<'_> {
    /// Plain text of a shared block, such as its title or a label, with its variables filled in.
    pub fn plain(&self, document: &Document, text: &str) -> String {
        if !matches!(document.kind, DocumentKind::Block(_)) {
            return text.to_owned();
        }
        filled(text, |_, name| self.value(name).map(Cow::Borrowed))
    }
}

/// Whether an item of a shared block may say another thing in each role, by a variable.
pub fn varies(handbook: &Handbook, at: ItemRef) -> bool {
    let (document, item) = handbook.item(at);
    matches!(document.kind, DocumentKind::Block(_)) && item.markdown(document.text()).contains("{{")
}

/// A text with the values of its variables, each given by its place and name, in their places. Beyond [`MAX_FILLED`] none is
/// filled in any more.
fn filled<'v>(text: &str, mut value: impl FnMut(usize, &str) -> Option<Cow<'v, str>>) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut done = 0;
    for (span, name) in variables(text) {
        let Some(value) = value(span.start, name) else { continue };
        if out.len() + value.len() > MAX_FILLED {
            break;
        }
        out.push_str(&text[done..span.start]);
        out.push_str(&value);
        done = span.end;
    }
    out.push_str(&text[done..]);
    out
}

/// A value as text in Markdown: what would be markup is escaped.
fn escaped(value: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&' | '|' | '!' | '#');
    if !value.contains(special) {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len() + 8);
    for c in value.chars() {
        if special(c) {
            out.push('\\');
        }
        out.push(c);
    }
    Cow::Owned(out)
}

/// Every `{{ name }}` of a text.
fn variables(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|i| from + i) {
        let Some(close) = text[open..].find("}}").map(|i| open + i) else { break };
        found.push((open..close + 2, text[open + 2..close].trim()));
        from = close + 2;
    }
    found
}

/// Tells a block that may be larger than [`MAX_FILLED`] on some page: titles and values are repeated through its variables.
fn too_large(handbook: &Handbook, document: &Document, used: &[(Range<usize>, &str)], uses: &[&SharedEntry]) -> Option<Diagnostic> {
    let (first, _) = used.first()?;
    let longest = |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| escaped(text).len()).max().unwrap_or(0);
    let family = longest(&mut (0..handbook.families.len()).map(|f| &handbook.front(f).title));
    let role = longest(&mut (0..handbook.roles.len()).map(|r| &handbook.role_front(r).title)).max(family);
    let department = longest(&mut handbook.departments.iter().map(|d| &d.title));
    let site = escaped(&handbook.config.title).len();
    let filled = |entry: &&SharedEntry| -> usize {
        let length = |name: &str| match name {
            "family.title" => family,
            "role.title" => role,
            "department.title" => department,
            "site.title" => site,
            name => entry.with.iter().find(|(n, _)| n == name).map_or(0, |(_, value)| escaped(value).len()),
        };
        document.text().len() + used.iter().map(|(_, name)| length(name)).sum::<usize>()
    };
    let most = uses.iter().map(filled).max().filter(|most| *most > MAX_FILLED)?;
    let message = format!("with its variables filled in this block has up to {most} bytes, and the limit is {MAX_FILLED} (bytes in a filled block)");
    Some(
        Diagnostic::error("too-large", document.place(first.clone()), message)
            .help("use fewer variables in it, or give families and roles shorter titles"),
    )
}

/// Reports the variables that no use of a block can fill.
pub fn check(handbook: &Handbook) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (number, document) in handbook.documents.iter().enumerate() {
        if !matches!(document.kind, DocumentKind::Block(_)) {
            continue;
        }
        let uses: Vec<_> = handbook.shared.iter().filter(|s| s.document == number).map(|s| &handbook.config.shared[s.entry]).collect();
        let used = variables(document.text());
        findings.extend(too_large(handbook, document, &used, &uses));
        for entry in &uses {
            // A name that only differs in its spelling from one that is asked for is told there.
            let given = |name: &str| entry.with.iter().any(|(n, _)| n == name);
            let missing: Vec<&str> = used.iter().map(|(_, n)| *n).filter(|n| !NAMES.contains(n) && !given(n)).collect();
            let of_no_use = |name: &str| used.iter().all(|(_, used)| *used != name) && ident::nearest(name, missing.iter().copied()).is_none();
            for (name, _) in entry.with.iter().filter(|(name, _)| of_no_use(name)) {
                let finding =
                    Diagnostic::warning("variable-unused", entry.place.clone(), format!("the block `{}` has no variable `{name}`", entry.block))
                        .meant(ident::nearest(name, used.iter().map(|(_, n)| *n).filter(|n| !NAMES.contains(n))))
                        .help("correct the name below `with`, or take it out");
                findings.push(finding);
            }
        }
        let mut told = std::collections::BTreeSet::new();
        for (span, name) in used {
            let given = |e: &&SharedEntry| e.with.iter().any(|(n, _)| n == name);
            if !NAMES.contains(&name) && uses.iter().any(given) {
                for entry in uses.iter().filter(|e| !given(e)).filter(|_| told.insert(name)) {
                    let finding =
                        Diagnostic::error("variable-unknown", entry.place.clone(), format!("this use of `{}` gives no `{name}`", entry.block))
                            .help(format!("add `{name}: ...` below its `with`"))
                            .related(document.place(span.clone()), "the block asks for it here");
                    findings.push(finding);
                }
                continue;
            }
            let everywhere = !uses.is_empty() && uses.iter().all(|e| e.with.iter().any(|(n, _)| n == name));
            if NAMES.contains(&name) || everywhere || uses.is_empty() {
                continue;
            }
            let known = NAMES.iter().copied().chain(uses.iter().flat_map(|e| e.with.iter().map(|(n, _)| n.as_str())));
            let finding = Diagnostic::error("variable-unknown", document.place(span), format!("`{name}` is no variable of this block"))
                .meant(ident::nearest(name, known))
                .help(format!("variables: {}, and the names below `with` in handbook.yml, which each use of the block must give", NAMES.join(", ")));
            findings.push(finding);
        }
    }
    findings
}
