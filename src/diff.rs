//! DIFF: two trees of one site in, what the change does to every effective role out, in the forms that people and
//! programs read.
//!
//! Both trees are resolved in full and compared role by role; what is said of a change is worked out only where two
//! roles differ. [`compare::compare`] is the whole of it in one function.

pub mod addresses;
pub mod classify;
pub mod compare;
pub mod effect;
pub mod facts;
pub mod form;
pub mod identity;
pub mod matching;
pub mod numbers;
pub mod outside;
pub mod owners;
pub mod prose;
pub mod through;
pub mod trees;
pub mod walk;
pub mod wording;
pub mod words;
