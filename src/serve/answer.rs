//! A path in, what lies there out: a page made now, a file, a redirect, or the page that says that there is nothing.
//!
//! Paths are looked up in the snapshot, never on the disk. What is answered is what `build` would write, byte for byte,
//! but for one line before the end of a page's body, which loads the script of the preview.

use std::borrow::Cow;

use hyper::StatusCode;
use percent_encoding::percent_decode_str;

use super::stage::Stage;
use crate::diagnostic::Diagnostic;
use crate::exports;
use crate::markdown::html::escape_into;
use crate::model::address::Redirect;
use crate::render::Site;
use crate::render::one::{Found, Made};
use crate::render::theme::PREVIEW;
use crate::report::{self, Format};
use crate::source::again::read_asset;

/// Where the preview's own addresses begin.
pub const OWN: &str = "/_handbook/";

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// 200, 302, 404 or 500.
    pub status: StatusCode,
    /// Its type.
    pub content_type: &'static str,
    /// Its content.
    pub body: Vec<u8>,
    /// Where it leads, of a redirect.
    pub location: Option<String>,
    /// A fault of a template that came to light, and the file of the page that shows it.
    pub fault: Option<(String, Box<Diagnostic>)>,
}

impl Answer {
    /// A line of text.
    pub fn text(status: StatusCode, text: &str) -> Answer {
        Answer { status, content_type: "text/plain; charset=utf-8", body: format!("{text}\n").into_bytes(), location: None, fault: None }
    }

    fn of_file(file: &str, body: Vec<u8>) -> Answer {
        Answer { status: StatusCode::OK, content_type: content_type(file), body, location: None, fault: None }
    }

    fn leading_to(location: String) -> Answer {
        Answer { location: Some(location), ..Answer::text(StatusCode::FOUND, "This page is one address further.") }
    }
}

/// What lies at a path, which begins with `/`. A query changes nothing, and is kept where the path leads on.
pub fn answer(stage: &Stage, path: &str, query: Option<&str>) -> Answer {
    let mut answer = at(stage, path);
    if let (Some(location), Some(query)) = (&mut answer.location, query) {
        location.push('?');
        location.push_str(query);
    }
    answer
}

fn at(stage: &Stage, path: &str) -> Answer {
    let (folder, prefix) = (stage.folder(), stage.prefix());
    let site = stage.site();
    let Ok(decoded) = percent_decode_str(path).decode_utf8() else { return not_found(stage, &site) };
    let Some(inner) = decoded.strip_prefix('/').and_then(|p| p.strip_prefix(folder.as_str())) else {
        let is_above = !folder.is_empty() && format!("/{folder}").strip_suffix('/').is_some_and(|top| *decoded == *top || decoded == "/");
        return if is_above { Answer::leading_to(format!("/{prefix}")) } else { not_found(stage, &site) };
    };
    let file = if inner.is_empty() || inner.ends_with('/') { Cow::Owned(format!("{inner}index.html")) } else { Cow::Borrowed(inner) };
    match site.find(&file) {
        Some(Found::Page(Made::NotFound)) => not_found(stage, &site),
        Some(Found::Page(made)) => page(stage, &site, made),
        Some(Found::Redirect(redirect)) => moved(stage, &site, &redirect),
        Some(Found::Bytes(bytes)) => Answer::of_file(&file, bytes.into_owned()),
        Some(Found::Copied(on_disk)) => match read_asset(&stage.shown.tree.root, on_disk) {
            Ok(bytes) => Answer::of_file(&file, bytes),
            Err(_) => not_found(stage, &site),
        },
        None if let Some(bytes) = exports::make(&site, stage.shown.drafts, &file) => Answer::of_file(&file, bytes),
        None if site.find(&format!("{file}/index.html")).is_some() => {
            // Made of the address of a page that there is, so that it can lead nowhere else.
            Answer::leading_to(format!("/{prefix}{}/", crate::render::url::relative("", &file)))
        }
        None => not_found(stage, &site),
    }
}

/// The script of the preview: the program's, or the site's in its place.
pub fn script(stage: &Stage) -> Answer {
    let (name, built_in) = PREVIEW;
    let own = stage.shown.handbook.statics.iter().find(|a| a.path.strip_prefix("static/") == Some(name));
    let bytes = own.and_then(|a| read_asset(&stage.shown.tree.root, &a.on_disk).ok());
    Answer::of_file(name, bytes.unwrap_or_else(|| built_in.as_bytes().to_vec()))
}

fn page(stage: &Stage, site: &Site<'_>, made: Made) -> Answer {
    let status = if made == Made::NotFound { StatusCode::NOT_FOUND } else { StatusCode::OK };
    html(stage, status, &site.file_of(made), site.make(made, &site.words()))
}

fn moved(stage: &Stage, site: &Site<'_>, redirect: &Redirect) -> Answer {
    html(stage, StatusCode::OK, &redirect.from, site.redirect(redirect))
}

fn not_found(stage: &Stage, site: &Site<'_>) -> Answer {
    page(stage, site, Made::NotFound)
}

/// A page; where a template is at fault, the page as it was last good.
fn html(stage: &Stage, status: StatusCode, file: &str, made: Result<String, Box<Diagnostic>>) -> Answer {
    let (status, html, fault) = match made {
        Ok(html) => (status, html, None),
        Err(finding) => match stage.last_good(file) {
            Some(html) => (status, html, Some((file.to_owned(), finding))),
            None => (StatusCode::INTERNAL_SERVER_ERROR, without_page(stage, "A template is at fault", &finding), Some((file.to_owned(), finding))),
        },
    };
    Answer { status, fault, ..Answer::of_file("page.html", with_script(html, stage, file).into_bytes()) }
}

/// The line that loads the script, before the end of the body.
fn with_script(mut html: String, stage: &Stage, file: &str) -> String {
    let mut shown = String::new();
    escape_into(file, &mut shown);
    let (instance, version) = (&stage.instance, stage.version);
    let line =
        format!("<script src=\"{OWN}{}\" data-page=\"{shown}\" data-instance=\"{instance}\" data-version=\"{version}\"></script>\n", PREVIEW.0);
    let at = html.rfind("</body>").unwrap_or(html.len());
    html.insert_str(at, &line);
    html
}

/// What is answered where the program fails at a path. The page follows edits, so that it is there when the next leads around it.
pub fn failed(stage: &Stage, path: &str, fault: Box<Diagnostic>) -> Answer {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let inner = decoded.trim_start_matches('/');
    let inner = inner.strip_prefix(stage.folder().as_str()).unwrap_or(inner);
    let file = if inner.is_empty() || inner.ends_with('/') { format!("{inner}index.html") } else { inner.to_owned() };
    let html = with_script(without_page(stage, "The program is at fault", &fault), stage, &file);
    let answer = Answer::of_file("page.html", html.into_bytes());
    Answer { status: StatusCode::INTERNAL_SERVER_ERROR, fault: Some((file, fault)), ..answer }
}

/// What stands in the place of a page that cannot be made.
fn without_page(stage: &Stage, title: &str, fault: &Diagnostic) -> String {
    let mut text = String::new();
    escape_into(&report::write(Format::Human, std::slice::from_ref(fault), &stage.current.tree, false), &mut text);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n\
         <main>\n<h1>{title}</h1>\n<pre>{text}</pre>\n</main>\n</body>\n</html>\n"
    )
}

/// The type of a file by its name.
fn content_type(file: &str) -> &'static str {
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "apng" => "image/apng",
        "bmp" => "image/bmp",
        "jpg" | "jpeg" | "jfif" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "m4a" => "audio/mp4",
        "wav" => "audio/wav",
        "vtt" => "text/vtt; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
