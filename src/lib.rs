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

// An entry more in a list of YAML, every other byte as it was.
pub mod insert;

// Findings: what is wrong, where, and what to do about it.
pub mod diagnostic;

// HISTORY: what changed in each role and when, as data.
pub mod history;

// Every kind of finding: its level, what it means, an example.
pub mod catalogue;

// YAML as a tree in which every key and value knows its place.
pub mod yaml;

// Markdown as blocks, items and links with their places; and as safe HTML.
pub mod markdown;

// DISCOVER: a directory in, the text of every file out.
pub mod source;

// The git program: revisions and their files.
pub mod git;

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

// COMPARE: two roles side by side.
pub mod compare;

// CHECK: lints, one file each.
pub mod check;

// The whole pipeline in one function.
pub mod snapshot;

// RENDER: pages, from views and templates.
pub mod render;

// Roles and families as JSON and Markdown.
pub mod export;
pub mod fault;

// Findings as text, one file a form.
pub mod report;

// JSON Schemas of what authors write and of the data.
pub mod schema;

// STATS: what roles repeat and how far apart they are.
pub mod stats;

// EXPORTS: the data files beside the pages.
pub mod exports;

// DIFF: two trees in, what a change does to every effective role out, one file a form.
pub mod diff;
// Safe mends of findings, byte for byte.
pub mod fix;

// Whether addresses outside the site answer.
pub mod external;

// PUBLISH: the output directory, exchanged as a whole.
pub mod publish;

// IMPORT: pages of an old handbook, made into a site.
pub mod import;
// SERVE: a preview that follows every edit.
#[cfg(feature = "serve")]
pub mod serve;

// The command line, one file a verb.
pub mod cli;
