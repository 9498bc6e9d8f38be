//! Any text as the name of a file: what passes the gate lies below the output.
#![no_main]

use std::path::{Component, Path};

use handbook::{ident, publish};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|name: &str| {
    if let Ok(path) = publish::inside(name) {
        let joined = Path::new("/out").join(path);
        assert!(joined.starts_with("/out") && joined.components().all(|c| matches!(c, Component::RootDir | Component::Normal(_))), "{name:?}");
    }
    if ident::is_address(name) {
        let file = handbook::model::address::address_file(name);
        assert!(publish::inside(&file).is_ok(), "{name:?} gives {file:?}");
    }
});
