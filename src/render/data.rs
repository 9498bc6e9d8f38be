//! What scripts in the page read: script files that each call one function with data, for a page that is opened from the
//! disk may not read anything else.

pub mod roles;
pub mod search;

use serde::Serialize;

/// A script that hands `data` to the function `name`.
pub fn script(name: &str, data: &impl Serialize) -> String {
    let json = serde_json::to_string(data).expect("views are structs with text keys");
    format!("{name}({json});\n")
}
