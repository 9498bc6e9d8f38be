//! Any files as a whole site, to HTML: never a panic, no script and no handler in any page, no file outside the output.
//!
//! The input is cut at bytes 0xFF into files: the settings, two families in different departments, and a shared block.
#![no_main]

use std::sync::Arc;

use handbook::render::theme::Theme;
use handbook::render::{Artifact, Site};
use handbook::snapshot::Snapshot;
use handbook::source::{SourceTree, from_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.split(|b| *b == 0xff).map(<[u8]>::to_vec);
    let mut next = || parts.next().unwrap_or_default();
    let config = from_bytes("handbook.yml", next());
    let names = ["content/_shared/block.md", "content/a/one.md", "content/b/two.md", "content/index.md"];
    let content = names.into_iter().map(|name| Arc::new(from_bytes(name, next()))).filter(|f| !f.text.is_empty()).collect();
    let tree = SourceTree { config: Some(config), content, ..SourceTree::default() };
    let snapshot = Snapshot::build(tree, true);
    let theme = Theme::of(&snapshot.tree, &snapshot.handbook.config.strings).expect("the built-in templates are whole");
    let site = Site::of(&snapshot, theme, None);
    let rendered = site.render(&|artifact| {
        if let Artifact::Made(file, html) = artifact {
            if let (Ok(_), true, Ok(html)) = (handbook::publish::inside(file), file.ends_with(".html"), std::str::from_utf8(html)) {
                assert_eq!(html.matches("<script").count(), html.matches("<script src=\"").count() + html.matches("<script type=\"application/ld+json\"").count(), "{html}");
                assert!(!html.contains(" onerror=") && !html.contains(" onload="), "{html}");
            }
        }
        Ok(())
    });
    rendered.expect("built-in templates render anything");
});
