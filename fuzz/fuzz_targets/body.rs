//! Any bytes as the body of a family: never a panic, and every item and piece of prose is a piece of the file.
#![no_main]

use std::sync::Arc;

use handbook::config::Config;
use handbook::parse::parse;
use handbook::source::from_bytes;
use libfuzzer_sys::fuzz_target;

const HEAD: &[u8] = b"---\ntitle: T\nroles:\n  - {id: a, title: A, grade: 5}\n  - {id: b, title: B, grade: 6, extends: a}\nspecialties: [{id: s, title: S}]\n---\n";

fuzz_target!(|bytes: &[u8]| {
    let document = parse(&Arc::new(from_bytes("content/a/b.md", [HEAD, bytes].concat())), &Config::default());
    for item in &document.items {
        let _ = item.markdown(document.text());
    }
    for prose in document.nodes.iter().flat_map(|n| &n.prose) {
        let _ = prose.written.markdown(document.text());
    }
});
