//! handbook
pub mod ident;
pub mod diagnostic;
pub mod yaml;
pub mod markdown;
pub mod source;
pub mod config;
pub mod parse;
pub mod model;
pub mod resolve;
