//! A file of `content/` that is no page in, why it may not be published out. Content comes from strangers, so only kinds of files
//! that run nothing are copied; whoever trusts another puts it into `static/`.

mod drawing;

use std::sync::Arc;

use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::source::Asset;

/// What is copied, by the endings of names: what browsers show without running anything, and documents that people keep.
const PICTURES: [&str; 11] = ["png", "apng", "jpg", "jpeg", "jfif", "gif", "webp", "avif", "bmp", "ico", "svg"];
const DOCUMENTS: [&str; 9] = ["pdf", "csv", "txt", "odt", "ods", "odp", "docx", "xlsx", "pptx"];
const FILMS_AND_SOUND: [&str; 7] = ["mp4", "webm", "mp3", "m4a", "ogg", "wav", "vtt"];

/// What to do about a file of another kind.
pub const HELP: &str = "of content/ only pages, pictures, documents, films and sound are published; if you trust this file as you do a \
program, put it under static/, and link to it with `/` first";

/// A file below `content/` that is not published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpublished {
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// Why, in the order of the file; not empty.
    pub findings: Vec<Diagnostic>,
}

/// Whether files of this kind are published.
pub fn is_of_a_kind(path: &str) -> bool {
    let mut kinds = PICTURES.iter().chain(&DOCUMENTS).chain(&FILMS_AND_SOUND);
    ending(path).is_some_and(|ending| kinds.any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Why a file is not published; nothing where it is.
pub fn examine(asset: &Asset) -> Vec<Diagnostic> {
    let place = Place::new(&asset.path, 0..0);
    if let Some(ending) = ending(&asset.path).filter(|ending| looks_like_page(ending)) {
        let finding = Diagnostic::error("file-name", place, format!("this file makes no page: its name ends in `.{ending}`"));
        return vec![finding.help("rename it so that it ends in `.md`")];
    }
    if !is_of_a_kind(&asset.path) {
        let message = match ending(&asset.path) {
            Some(ending) => format!("this file is of a kind that is not published: its name ends in `.{ending}`"),
            None => "this file is not published: its name does not say what it holds".to_owned(),
        };
        return vec![Diagnostic::warning("file-unpublished", place, message).help(HELP)];
    }
    let Some(drawing) = &asset.drawing else { return Vec::new() };
    config::text_fault(drawing).map_or_else(|| drawing::check(drawing), |fault| vec![drawing::told(fault.place, &fault.message)])
}

/// What stands behind the last `.` of a file's name.
fn ending(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, ending)| ending)
}

/// Whether a name with this ending is probably meant to be that of a page.
fn looks_like_page(ending: &str) -> bool {
    ["md", "markdown", "mdown", "mkd"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENTS, FILMS_AND_SOUND, PICTURES};

    #[test]
    fn the_content_model_names_the_kinds_that_are_published() {
        let docs = include_str!("../../docs/content-model.md").split_whitespace().collect::<Vec<_>>().join(" ");
        for (what, kinds) in [("pictures", &PICTURES[..]), ("documents", &DOCUMENTS), ("films and sound", &FILMS_AND_SOUND)] {
            let named = format!("{what} ({})", kinds.join(", "));
            assert!(docs.contains(&named), "docs/content-model.md does not say: {named}");
        }
    }
}
