//! `script-missing`: handbook.yml names a script for diagrams that does not lie under `static/`.

use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::model::Handbook;

/// The Mermaid script must be one of the site's static files.
pub(super) fn mermaid(handbook: &Handbook) -> Option<Diagnostic> {
    let (file, place) = handbook.config.look.mermaid.as_ref()?;
    let names = handbook.statics.iter().filter_map(|a| a.path.strip_prefix("static/"));
    if names.clone().any(|name| name == file) {
        return None;
    }
    Some(
        Diagnostic::error("script-missing", place.clone(), format!("there is no file `static/{file}`"))
            .meant(ident::nearest(file, names))
            .help("put the script of Mermaid (mermaid.min.js) into static/, and write its name here"),
    )
}
