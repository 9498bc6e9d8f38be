//! handbook: a static site generator for job-family handbooks.
pub mod ident;
pub mod diagnostic;
pub mod yaml;
pub mod markdown;
pub mod source;
pub mod config;
pub mod parse;
pub mod model;
pub mod resolve;
pub mod variables;
pub mod provenance;
pub mod links;
pub mod check;
pub mod snapshot;
pub mod export;
pub mod report;
pub mod cli;
