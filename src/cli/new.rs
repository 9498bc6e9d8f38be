//! `handbook new`.

use std::sync::Arc;

use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;

use super::completions::{families, roles};
use super::init::write_new;
use super::{CONTENT, Failure, GOOD, Global};
use crate::check::words::{STUB_ITEM, STUB_PARAGRAPH};
use crate::config::strings::missing::completed;
use crate::diagnostic::{Diagnostic, Severity};
use crate::insert::{self, Spot, scalar};
use crate::model::reference::{Found, Index};
use crate::model::{Handbook, RoleId};
use crate::parse::{FamilyFront, RoleFront, front_matter};
use crate::snapshot::{Snapshot, relate};
use crate::source::{SourceFile, SourceTree, from_bytes, link_on_the_way};
use crate::{ident, report};

/// Add a family, a role, a specialty, or texts to translate.
#[derive(Debug, Args)]
pub struct New {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add a family: a file of its own
    #[command(after_help = "Example: handbook new family engineering/data-engineering")]
    Family(NewFamily),
    /// Add a role to a family, below the role that it extends
    #[command(after_help = "Example: handbook new role backend/staff --extends senior")]
    Role(NewRole),
    /// Add to strings.yml what pages say by themselves and it does not say yet, to be translated
    #[command(after_help = "Example: handbook new strings")]
    Strings,
    /// Add a specialty to a family
    #[command(after_help = "Example: handbook new specialty backend/search --roles engineer,senior")]
    Specialty(NewSpecialty),
}

#[derive(Debug, Args)]
struct NewFamily {
    /// `department/family`
    path: String,
    /// Its title [default: from the path]
    #[arg(long)]
    title: Option<String>,
}

#[derive(Debug, Args)]
struct NewRole {
    /// `family/role`, with as much of the path as makes the family clear
    #[arg(value_name = "FAMILY/ID", add = ArgValueCompleter::new(families))]
    path: String,
    /// The role that it extends [default: none]
    #[arg(long, value_name = "ROLE", add = ArgValueCompleter::new(roles))]
    extends: Option<String>,
    /// Its title [default: from the id and the title of the extended role]
    #[arg(long)]
    title: Option<String>,
    /// Its grade [default: the next one of the scale]
    #[arg(long)]
    grade: Option<i64>,
    /// Its track [default: that of the extended role]
    #[arg(long)]
    track: Option<String>,
}

#[derive(Debug, Args)]
struct NewSpecialty {
    /// `family/specialty`, with as much of the path as makes the family clear
    #[arg(value_name = "FAMILY/ID", add = ArgValueCompleter::new(families))]
    path: String,
    /// Its title [default: from the id]
    #[arg(long)]
    title: Option<String>,
    /// The roles that it can be combined with, separated by commas [default: all that are active]
    #[arg(long, value_delimiter = ',')]
    roles: Vec<String>,
}

/// What is to be written.
struct Edit {
    /// From the site's root.
    file: String,
    /// The whole text; `None` stands for a file that is not there yet.
    before: Option<Arc<SourceFile>>,
    after: String,
    /// What to say when it is written.
    told: String,
}

impl New {
    pub(super) fn run(&self, global: &Global) -> Result<u8, Failure> {
        let tree = global.read()?;
        let handbook = relate(&tree);
        let edit = match &self.what {
            What::Strings => return add_strings(&tree, global),
            What::Family(new) => new.edit(&tree, &handbook)?,
            What::Role(new) => new.edit(&tree, &handbook)?,
            What::Specialty(new) => new.edit(&tree, &handbook)?,
        };
        let faults = new_faults(global, tree, &edit)?;
        if let Some((faults, tree)) = faults {
            super::print::err(&report::write(report::Format::Human, &faults, &tree, true));
            super::print::err_line(&format!("nothing was written: the line numbers above are those that {} would have", edit.file));
            return Ok(CONTENT);
        }
        let root = global.find_root()?;
        let path = root.join(&edit.file);
        if let Some(link) = link_on_the_way(&root, &path) {
            return Err(Failure::usage(format!("{} is a link to another place, where nothing is written", link.display())));
        }
        let written = match &edit.before {
            None => write_new(&path, &edit.after).and_then(|new| if new { Ok(()) } else { Err(std::io::ErrorKind::AlreadyExists.into()) }),
            Some(_) => std::fs::write(&path, &edit.after),
        };
        written.map_err(|error| Failure::machine(format!("cannot write {}: {error}", path.display())))?;
        if !global.quiet {
            super::print::err_line(&edit.told);
        }
        Ok(GOOD)
    }
}

/// Adds the texts that `strings.yml` does not name, each in a comment. Every byte that is there stays.
fn add_strings(tree: &SourceTree, global: &Global) -> Result<u8, Failure> {
    let path = tree.root.join("strings.yml");
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Failure::machine(format!("cannot read {}: {error}", path.display()))),
    };
    let text = bytes.map(String::from_utf8).transpose().map_err(|_| Failure::usage("strings.yml is not UTF-8".to_owned()))?;
    let told = match completed(text.as_deref()) {
        None => "strings.yml has a line for every text already".to_owned(),
        Some((after, count)) => {
            if let Some(link) = link_on_the_way(&tree.root, &path) {
                return Err(Failure::usage(format!("{} is a link to another place, where nothing is written", link.display())));
            }
            let windows = text.as_deref().is_some_and(|text| text.contains("\r\n"));
            let new = &after[text.as_deref().map_or(0, str::len)..];
            let new = if windows { new.replace('\n', "\r\n") } else { new.to_owned() };
            let whole = text.unwrap_or_default() + &new;
            std::fs::write(&path, whole).map_err(|error| Failure::machine(format!("cannot write {}: {error}", path.display())))?;
            let of = if count == 1 { "1 text".to_owned() } else { format!("{count} texts") };
            format!("added {of} to strings.yml, each in a comment: take the `#` away and write it in your language")
        }
    };
    if !global.quiet {
        super::print::err_line(&told);
    }
    Ok(GOOD)
}

/// The errors that the edit would bring about, with the tree as it would be.
fn new_faults(global: &Global, before: SourceTree, edit: &Edit) -> Result<Option<(Vec<Diagnostic>, SourceTree)>, Failure> {
    let mut after = global.read()?;
    let path: Arc<str> = edit.file.as_str().into();
    after.content.retain(|f| f.path != path);
    after.content.push(Arc::new(from_bytes(path, edit.after.clone().into_bytes())));
    after.content.sort_by(|a, b| a.path.cmp(&b.path));
    let errors = |snapshot: &Snapshot| snapshot.findings.iter().filter(|f| f.severity == Severity::Error).cloned().collect::<Vec<_>>();
    let known = errors(&Snapshot::build(before, true));
    let snapshot = Snapshot::build(after, true);
    let same = |a: &Diagnostic, b: &Diagnostic| (a.code, &a.message, &a.place.file) == (b.code, &b.message, &b.place.file);
    let new: Vec<Diagnostic> = errors(&snapshot).into_iter().filter(|f| !known.iter().any(|k| same(k, f))).collect();
    Ok((!new.is_empty()).then_some((new, snapshot.tree)))
}

impl NewFamily {
    fn edit(&self, tree: &SourceTree, handbook: &Handbook) -> Result<Edit, Failure> {
        let path = self.path.trim_matches('/').trim_start_matches("content/").trim_end_matches(".md");
        if path.is_empty() || !path.split('/').all(ident::is_id) {
            return Err(Failure::usage(format!(
                "`{}` is no path of a family; write it in small letters, digits and `-`, such as engineering/backend",
                self.path
            )));
        }
        if path.rsplit('/').next() == Some("index") {
            let department = path.trim_end_matches("index").trim_end_matches('/');
            let of = if department.is_empty() { "of the whole site".to_owned() } else { format!("of the department {department}") };
            return Err(Failure::usage(format!("index.md is the page {of}, and no family; choose another name")));
        }
        let file = format!("content/{path}.md");
        let inside = format!("content/{path}/index.md");
        if let Some(taken) = [&file, &inside].into_iter().find(|f| tree.text(f).is_some()) {
            return Err(Failure::usage(format!("{taken} is there already")));
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let title = self.title.clone().unwrap_or_else(|| in_words(name));
        let department = path.rsplit_once('/').map_or("", |(department, _)| department);
        let grades = grades_of_department(handbook, department);
        let grade = |i: usize| grades.get(grades.len() / 2 + i).or(grades.last()).copied();
        let entry = |id: &str, title: String, i: usize, more: &str| {
            let grade = grade(i).map(|g| format!(", grade: {g}")).unwrap_or_default();
            format!("  - {{id: {id}, title: {}{grade}{more}, status: draft}}\n", scalar(&title))
        };
        let roles = [entry("intermediate", title.clone(), 0, ""), entry("senior", format!("Senior {title}"), 1, ", extends: intermediate")].concat();
        let after = format!("---\ntitle: {}\nroles:\n{roles}---\n\n{}", scalar(&title), starting_body(handbook, &title));
        Ok(Edit {
            told: format!("wrote {file}: write its texts there, and take `status: draft` away from both roles when they are ready"),
            file,
            before: None,
            after,
        })
    }
}

/// Headings for what every role must have, else for what most have, with a bullet for each item that is required.
fn starting_body(handbook: &Handbook, title: &str) -> String {
    let config = &handbook.config;
    let usual = ["responsibilities".to_owned(), "requirements".to_owned()];
    let mut ids: Vec<&String> = usual.iter().chain(&config.require.sections).chain(config.require.items.iter().map(|(id, ..)| id)).collect();
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.as_str()));
    let mut out = format!("What people in {title} {STUB_PARAGRAPH}.\n");
    for section in ids.iter().filter_map(|id| config.section(id)).map(|s| &config.sections[s]).filter(|s| s.has_items()) {
        out.push_str(&format!("\n## {}\n\n", section.title));
        let keys: Vec<&str> = config.require.items.iter().filter(|(id, ..)| *id == section.id).map(|(_, key, _)| key.as_str()).collect();
        for key in if keys.is_empty() { vec!["example"] } else { keys } {
            out.push_str(&format!("- **{}.** {STUB_ITEM}.\n", in_words(key)));
        }
    }
    out
}

fn grades_of_department(handbook: &Handbook, department: &str) -> Vec<i64> {
    let config = &handbook.config;
    let mut at = department;
    let named = loop {
        if let Some(scale) = config.department(at).and_then(|d| d.grade_scale.as_deref()) {
            break scale;
        }
        match at.rsplit_once('/') {
            Some((above, _)) => at = above,
            None => break "default",
        }
    };
    config.scale(named).map(|s| s.grades.clone()).unwrap_or_default()
}

/// The family that the first parts of a path mean, and the last part, which must be a new id.
fn family_and_id<'p>(handbook: &Handbook, path: &'p str, what: &str) -> Result<(usize, &'p str), Failure> {
    let Some((family, id)) = path.trim_matches('/').rsplit_once('/') else {
        return Err(Failure::usage(format!("write FAMILY/ID, such as backend/{path}, so that it is clear which family is meant")));
    };
    if !ident::is_id(id) {
        return Err(Failure::usage(format!("`{id}` cannot be an id; ids are of small letters, digits and `-`")));
    }
    let number = match Index::of(handbook).family(handbook, family, None) {
        Found::One(number) | Found::Old(number) => number,
        Found::Many(all) => {
            let ids: Vec<&str> = all.iter().map(|f| handbook.families[*f].id.as_str()).collect();
            return Err(Failure::usage(format!("`{family}` fits several families: {}", ids.join(", "))));
        }
        Found::Broken | Found::None => {
            let near = ident::nearest(family, handbook.families.iter().flat_map(|f| [f.id.as_str(), f.id.rsplit('/').next().unwrap_or(&f.id)]));
            let near = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            return Err(Failure { code: CONTENT, message: format!("there is no family `{family}` that can be read{near}") });
        }
    };
    let front = handbook.front(number);
    let taken = front.tracks.iter().map(|t| &t.id).chain(front.roles.iter().map(|r| &r.id)).chain(front.specialties.iter().map(|s| &s.id));
    if taken.into_iter().any(|known| known == id) {
        return Err(Failure::usage(format!("{} has a role, a specialty or a track `{id}` already; {what} needs an id of its own", front.title)));
    }
    Ok((number, id))
}

/// The family's file with an entry more, byte for byte as it was otherwise.
fn added(handbook: &Handbook, family: usize, list: &str, spot: Spot, entry: &insert::Entry<'_>) -> Result<(Arc<SourceFile>, String), Failure> {
    let source = Arc::clone(&handbook.document_of(family).source);
    let cannot = |what: String, way: &str| {
        let shown: Vec<String> = entry.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        Failure::usage(format!("{what} is written in a way that cannot be added to; {way}: {{{}}}", shown.join(", ")))
    };
    let cannot_list = || cannot(format!("the list `{list}` of {}", source.path), "add this to it");
    let front = front_matter::split(&source.text).and_then(Result::ok).ok_or_else(cannot_list)?;
    if insert::is_in_braces(&source.text[front.yaml.clone()]) {
        let what = format!("the front matter of {}, all of it between `{{` and `}}`,", source.path);
        return Err(cannot(what, &format!("write each key on a line of its own, or add this to `{list}` by hand")));
    }
    let text = insert::entry(&source.text, front.yaml, list, spot, entry).ok_or_else(cannot_list)?;
    Ok((Arc::clone(&source), text))
}

/// Puts back what reading took away: a byte order mark and `\r\n`.
fn as_on_disk(root: &std::path::Path, file: &SourceFile, text: &str) -> Result<String, Failure> {
    let bytes = std::fs::read(root.join(&*file.path)).map_err(Failure::machine)?;
    let raw = String::from_utf8(bytes).map_err(|_| Failure::usage(format!("{} is not UTF-8", file.path)))?;
    let (mark, raw) = raw.strip_prefix('\u{feff}').map_or(("", raw.as_str()), |rest| ("\u{feff}", rest));
    // The new text is the old one with a piece put in: what stands before and behind it is taken from the disk.
    let same = file.text.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    let new = text.len() - file.text.len();
    let start = (0..=same).rev().find(|i| text.is_char_boundary(*i) && file.text[*i..] == text[*i + new..]).unwrap_or(0);
    let windows = raw.contains("\r\n");
    let at = raw_offset(raw, start);
    let piece = &text[start..start + new];
    let piece = if windows { piece.replace('\n', "\r\n") } else { piece.to_owned() };
    Ok(format!("{mark}{}{piece}{}", &raw[..at], &raw[at..]))
}

/// The byte of the raw text that is byte `offset` of the text with `\n` at line ends.
fn raw_offset(raw: &str, offset: usize) -> usize {
    let (mut at, mut seen) = (0, 0);
    let bytes = raw.as_bytes();
    while seen < offset && at < bytes.len() {
        at += if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') { 2 } else { 1 };
        seen += 1;
    }
    at
}

impl NewRole {
    fn edit(&self, tree: &SourceTree, handbook: &Handbook) -> Result<Edit, Failure> {
        let (family, id) = family_and_id(handbook, &self.path, "a role")?;
        let front = handbook.front(family);
        let parent = self.extends.as_deref().filter(|e| *e != "none").map(|reference| parent(handbook, family, reference)).transpose()?;
        let own_parent = parent.filter(|p| handbook.roles[*p].family == family);
        let title = self.title.clone().unwrap_or_else(|| title_of(handbook, family, parent, id));
        let mut entry = vec![("id", scalar(id)), ("title", scalar(&title))];
        let grade = self.grade.or_else(|| next_grade(handbook, family, parent));
        entry.extend(grade.map(|g| ("grade", g.to_string())));
        let track = self.track.clone().or_else(|| parent.map(|p| handbook.track_id(p).to_owned()));
        let is_first = |track: &String| front.tracks.first().is_some_and(|t| t.id == *track);
        let on_track = track.as_ref().and_then(|track| front.tracks.iter().position(|t| t.id == *track)).unwrap_or(0);
        entry.extend(
            track
                .filter(|t| !is_first(t) && (self.track.is_some() || front.tracks.iter().any(|known| known.id == *t)))
                .map(|t| ("track", scalar(&t))),
        );
        entry.extend(self.extends.as_deref().filter(|_| parent.is_some()).map(|reference| ("extends", scalar(reference))));
        entry.push(("status", "draft".to_owned()));
        let spot = match own_parent {
            Some(parent) => Spot::After(handbook.role_front(parent).span.start),
            None => grade.map_or(Spot::Last, |grade| spot_of_grade(front, on_track, grade)),
        };
        let (source, text) = added(handbook, family, "roles", spot, &entry)?;
        let file = source.path.to_string();
        let line = line_of_new(&source.text, &text);
        Ok(Edit {
            told: format!(
                "added the role {title} to {file}:{line}, as a draft\nWrite what is new in it below a heading `## {title}` in that file, and take `status: draft` away when it is ready.{}",
                made_up(self.title.as_deref(), &title, id)
            ),
            after: as_on_disk(&tree.root, &source, &text)?,
            before: Some(source),
            file,
        })
    }
}

/// The line on which what was put into a text begins.
fn line_of_new(before: &str, after: &str) -> usize {
    let same = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b);
    same.filter(|(a, _)| *a == b'\n').count() + 1
}

/// Where a role of a grade belongs: below the last role of its track whose grade is not higher, else below the last of any; before all
/// others where theirs are higher.
fn spot_of_grade(front: &FamilyFront, track: usize, grade: i64) -> Spot {
    let highest = |role: &RoleFront| role.grade.numbers().into_iter().max();
    let fits = |role: &&RoleFront| highest(role).is_some_and(|g| g <= grade);
    let above = front.roles.iter().filter(|role| role.track == track).rfind(fits).or_else(|| front.roles.iter().rfind(fits));
    match above {
        Some(role) => Spot::After(role.span.start),
        None if front.roles.iter().any(|role| highest(role).is_some()) => Spot::First,
        None => Spot::Last,
    }
}

fn parent(handbook: &Handbook, family: usize, reference: &str) -> Result<RoleId, Failure> {
    match Index::of(handbook).role(handbook, reference, Some(family)) {
        Found::One(role) | Found::Old(role) => Ok(role),
        Found::Many(roles) => {
            let ids: Vec<String> = roles.into_iter().map(|r| handbook.role_id(r)).collect();
            Err(Failure::usage(format!("`{reference}` fits several roles: {}", ids.join(", "))))
        }
        Found::Broken | Found::None => {
            let own: Vec<&str> = handbook.front(family).roles.iter().map(|r| r.id.as_str()).collect();
            let near = ident::nearest(reference, own.iter().copied()).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            Err(Failure { code: CONTENT, message: format!("there is no role `{reference}` to extend{near} (roles here: {})", own.join(", ")) })
        }
    }
}

/// What to do about a title that is the id in words and nothing more: that may be an abbreviation.
fn made_up(given: Option<&str>, title: &str, id: &str) -> &'static str {
    let is_id = given.is_none() && title == in_words(id);
    if is_id { "\nIts title is made from its id: if another is better, write that there, and in the heading." } else { "" }
}

/// `staff` after `Senior Backend Engineer` is `Staff Backend Engineer`.
fn title_of(handbook: &Handbook, family: usize, parent: Option<RoleId>, id: &str) -> String {
    let own = in_words(id);
    let title = match parent.map(|p| handbook.role_front(p)) {
        None => own.clone(),
        Some(above) => {
            let level = in_words(&above.id);
            match above.title.strip_prefix(&level) {
                Some(rest) => format!("{own}{rest}"),
                None => format!("{own} {}", above.title),
            }
        }
    };
    let front = handbook.front(family);
    if front.roles.iter().any(|r| r.title == title) || title == front.title { format!("{own} {}", front.title) } else { title }
}

/// The grade above that of the extended role, or of the last role of the family, on the family's scale.
fn next_grade(handbook: &Handbook, family: usize, parent: Option<RoleId>) -> Option<i64> {
    let last = handbook.roles_of(family).last();
    let below = handbook.role_front(parent.or(last)?).grade.numbers().into_iter().max();
    let scale = handbook.families[family].scale.map(|s| &handbook.config.scales[s].grades);
    match (below, scale) {
        (Some(below), Some(scale)) => scale.iter().filter(|g| **g > below).min().or(scale.iter().max()).copied(),
        (Some(below), None) => Some(below + i64::from(parent.is_some())),
        (None, scale) => scale.and_then(|s| s.first()).copied(),
    }
}

impl NewSpecialty {
    fn edit(&self, tree: &SourceTree, handbook: &Handbook) -> Result<Edit, Failure> {
        let (family, id) = family_and_id(handbook, &self.path, "a specialty")?;
        let title = self.title.clone().unwrap_or_else(|| in_words(id));
        let mut entry = vec![("id", scalar(id)), ("title", scalar(&title))];
        let known: Vec<&str> = handbook.front(family).roles.iter().map(|r| r.id.as_str()).collect();
        if let Some(unknown) = self.roles.iter().find(|r| !known.contains(&r.as_str())) {
            return Err(Failure {
                code: CONTENT,
                message: format!("there is no role `{unknown}` in this family (roles here: {})", known.join(", ")),
            });
        }
        if !self.roles.is_empty() {
            let roles: Vec<String> = self.roles.iter().map(|role| scalar(role)).collect();
            entry.push(("roles", format!("[{}]", roles.join(", "))));
        }
        let (source, text) = added(handbook, family, "specialties", Spot::Last, &entry)?;
        let file = source.path.to_string();
        Ok(Edit {
            told: format!(
                "added the specialty {title} to {file}:{}\nWrite what it asks for below a heading `## {title}` in that file.{}",
                line_of_new(&source.text, &text),
                made_up(self.title.as_deref(), &title, id)
            ),
            after: as_on_disk(&tree.root, &source, &text)?,
            before: Some(source),
            file,
        })
    }
}

/// `data-engineering` as `Data Engineering`.
fn in_words(id: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
    };
    id.split('-').filter(|w| !w.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}
