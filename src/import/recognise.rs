//! Drafts that hold pages in, drafts with everything that was recognised out. The order matters: what comes later asks
//! for what came before.

mod denial;
mod extends;
pub mod grades;
pub mod headings;
mod ladder;
mod lists;
mod marks;
pub mod names;
mod reports_to;
pub mod roles;
mod specialties;
mod status;
mod tracks;
pub mod wordings;

use rayon::prelude::*;

use super::outline::Draft;
use super::resolve::Directory;

/// What each page says by itself.
pub fn each(drafts: &mut [Draft]) {
    drafts.par_iter_mut().for_each(|draft| {
        roles::recognise(draft);
        if draft.roles.is_empty() {
            return;
        }
        grades::recognise(draft);
        tracks::recognise(draft);
        marks::recognise(draft);
        status::recognise(draft);
        specialties::recognise(draft);
    });
}

/// What pages say of each other.
pub fn together(drafts: &mut [Draft], directory: &Directory) {
    drafts.par_iter_mut().enumerate().for_each(|(number, draft)| {
        if draft.roles.is_empty() {
            return;
        }
        extends::recognise(draft, number, directory);
        specialties::by_titles(draft);
        reports_to::recognise(draft, number, directory);
        ladder::recognise(draft, number, directory);
    });
}

/// Takes the bullets out that are data now, and notes the lists that are nobody's.
pub fn finish(drafts: &mut [Draft]) {
    drafts.par_iter_mut().for_each(|draft| {
        extends::finish(draft);
        lists::leave(draft);
    });
}
