//! `script-missing` and `style-missing`: handbook.yml names a script for diagrams, or style rules, that do not lie under `static/`.

use crate::diagnostic::Diagnostic;
use crate::ident;
use crate::model::Handbook;

/// What `theme` names must be among the site's static files.
pub(super) fn check(handbook: &Handbook) -> Vec<Diagnostic> {
    let look = &handbook.config.look;
    let named = [
        (&look.mermaid, "script-missing", "put the script of Mermaid (mermaid.min.js) into static/, and write its name here"),
        (&look.style, "style-missing", "put a file with your style rules into static/, and write its name here"),
    ];
    let names = || handbook.statics.iter().filter_map(|a| a.path.strip_prefix("static/"));
    let missing = named.into_iter().filter_map(|(named, code, help)| {
        let (file, place) = named.as_ref()?;
        let is_there = names().any(|name| name == file);
        (!is_there).then(|| {
            Diagnostic::error(code, place.clone(), format!("there is no file `static/{file}`")).meant(ident::nearest(file, names())).help(help)
        })
    });
    missing.collect()
}
