//! Any bytes as front matter: never a panic, and every finding has a place in the file.
#![no_main]

use std::sync::Arc;

use handbook::config::Config;
use handbook::parse::parse;
use handbook::source::from_bytes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = [b"---\n", bytes, b"\n---\n## Requirements\n- **A.** b\n"].concat();
    let document = parse(&Arc::new(from_bytes("content/a/b.md", file)), &Config::default());
    for finding in &document.findings {
        assert!(finding.place.span.end <= document.text().len() + 1, "{finding:?}");
    }
});
