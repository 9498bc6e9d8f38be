//! What must hold for any input. `fuzz_targets/` ask it of what a fuzzer finds, and `tests/mutations.rs` of seeds with random
//! edits, in every run of the tests.

use std::path::{Component, Path};
use std::sync::Arc;

use handbook::config::Config;
use handbook::parse::parse;
use handbook::render::theme::Theme;
use handbook::render::{Artifact, Site};
use handbook::snapshot::Snapshot;
use handbook::source::{Asset, SourceTree, from_bytes};
use handbook::{ident, publish};

const HEAD: &[u8] =
    b"---\ntitle: T\nroles:\n  - {id: a, title: A, grade: 5}\n  - {id: b, title: B, grade: 6, extends: a}\nspecialties: [{id: s, title: S}]\n---\n";

/// Any bytes as the body of a family: never a panic, and every item and piece of prose is a piece of the file.
pub fn body(bytes: &[u8]) {
    let document = parse(&Arc::new(from_bytes("content/a/b.md", [HEAD, bytes].concat())), &Config::default());
    for item in &document.items {
        let _ = item.markdown(document.text());
    }
    for prose in document.nodes.iter().flat_map(|n| &n.prose) {
        let _ = prose.written.markdown(document.text());
    }
}

/// Any bytes as front matter: never a panic, and every finding has a place in the file.
pub fn front_matter(bytes: &[u8]) {
    let file = [b"---\n", bytes, b"\n---\n## Requirements\n- **A.** b\n"].concat();
    let document = parse(&Arc::new(from_bytes("content/a/b.md", file)), &Config::default());
    for finding in &document.findings {
        assert!(finding.place.span.end <= document.text().len() + 1, "{finding:?}");
    }
}

/// Any text as the name of a file: what passes the gate lies below the output.
pub fn path(name: &str) {
    if let Ok(path) = publish::inside(name) {
        let joined = Path::new("/out").join(path);
        assert!(joined.starts_with("/out") && joined.components().all(|c| matches!(c, Component::RootDir | Component::Normal(_))), "{name:?}");
    }
    if ident::is_address(name) {
        let file = handbook::model::address::address_file(name);
        assert!(publish::inside(&file).is_ok(), "{name:?} gives {file:?}");
    }
}

/// Any files as a whole site, to HTML: never a panic, no script and no handler in any page, no file outside the output.
///
/// The input is cut at bytes 0xFF into files: the settings, a shared block, two families in different departments, the home page, a
/// drawing.
pub fn site(bytes: &[u8]) {
    let mut parts = bytes.split(|b| *b == 0xff).map(<[u8]>::to_vec);
    let mut next = || parts.next().unwrap_or_default();
    let config = from_bytes("handbook.yml", next());
    let names = ["content/_shared/block.md", "content/a/one.md", "content/b/two.md", "content/index.md"];
    let content = names.into_iter().map(|name| Arc::new(from_bytes(name, next()))).filter(|f| !f.text.is_empty()).collect();
    let path: Arc<str> = "content/a/plan.svg".into();
    let drawing = Some(Arc::new(from_bytes(Arc::clone(&path), next())));
    let assets = vec![Asset { on_disk: Path::new("plan.svg").into(), path, drawing }];
    let tree = SourceTree { config: Some(config), content, assets, ..SourceTree::default() };
    let snapshot = Snapshot::build(tree, true);
    let theme = Theme::of(&snapshot.tree, &snapshot.handbook.config.strings).expect("the built-in templates are whole");
    let site = Site::of(&snapshot, theme, None);
    let rendered = site.render(&|artifact| {
        if let Artifact::Made(file, html) = artifact
            && let (Ok(_), true, Ok(html)) = (publish::inside(file), file.ends_with(".html"), std::str::from_utf8(html))
        {
            let known = ["<script src=\"", "<script type=\"application/ld+json\""].map(|script| html.matches(script).count());
            assert_eq!(html.matches("<script").count(), known.iter().sum::<usize>(), "{html}");
            let tags = tags(html);
            assert!(!tags.contains(" onerror=") && !tags.contains(" onload="), "{html}");
        }
        Ok(())
    });
    rendered.expect("built-in templates render anything");
}

/// What stands in the tags of a page, without the values between quotes: elsewhere ` onload=` is a word like others.
fn tags(html: &str) -> String {
    let mut out = String::new();
    let (mut in_tag, mut quote) = (false, None);
    for c in html.chars() {
        match (in_tag, quote) {
            (true, Some(open)) => quote = Some(open).filter(|_| c != open),
            (true, None) if matches!(c, '"' | '\'') => quote = Some(c),
            (true, None) if c == '>' => in_tag = false,
            (true, None) => out.push(c),
            (false, _) => in_tag = c == '<',
        }
    }
    out
}
