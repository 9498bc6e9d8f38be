//! handbook: a static site generator for job-family handbooks. Markdown in, a site with every role resolved out.
//!
//! The modules stand in the order in which the data runs, and each knows those above it only. [`snapshot`] is the whole
//! pipeline in one function; `ARCHITECTURE.md` tells more, and `docs/content-model.md` what authors write.
//!
//! ```text
//! source -> parse -> model -> resolve -> check -> render -> publish
//!                                |                \-> serve
//!                                +-> show, export
//! ```

// Slugs, ids, anchors, and the nearest known name to an unknown one.
pub mod ident;

// Findings: what is wrong, where, and what to do about it.
pub mod diagnostic;

// YAML as a tree in which every key and value knows its place.
pub mod yaml;

// Markdown as blocks, items and links with their places; and as safe HTML.
pub mod markdown;

// DISCOVER: a directory in, the text of every file out.
pub mod source;

// The settings of a site and its vocabulary of sections.
pub mod config;

// PARSE: one file in, a document with its findings out.
pub mod parse;

// MODEL: documents in, families and roles with their relations out.
pub mod model;

// RESOLVE: effective roles, every item with where it comes from.
pub mod resolve;

// The values of shared blocks.
pub mod variables;

// What there is to say of an item: its key, its node, whether it is own.
pub mod provenance;

// Where links lead.
pub mod links;

// CHECK: lints, one file each.
pub mod check;

// The whole pipeline in one function.
pub mod snapshot;

// RENDER: pages, from views and templates.
pub mod render;

// Roles and families as JSON and Markdown.
pub mod export;

// Findings as text, one file a form.
pub mod report;

// PUBLISH: the output directory, exchanged as a whole.
pub mod publish;

// SERVE: a preview that follows every edit.
#[cfg(feature = "serve")]
pub mod serve;

// The command line, one file a verb.
pub mod cli;
