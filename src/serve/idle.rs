//! Pages that nobody has opened, made while nothing else goes on, so that the faults of their templates are found.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Hub;
use super::stage::Stage;
use crate::model::address::redirects;
use crate::render::one::{Found, Made};

/// How long is waited for requests and edits to end.
const PAUSE: Duration = Duration::from_millis(25);
/// How long nothing must have happened after a change.
const CALM: Duration = Duration::from_millis(200);

/// Makes pages for as long as the program runs; throws them away.
pub fn run(hub: &Hub) {
    let mut last: Option<Arc<Stage>> = None;
    let mut done = 0;
    loop {
        std::thread::sleep(CALM);
        let stage = hub.stage();
        if done == stage.version {
            continue;
        }
        // An earlier stage with other relations tells nothing, and would only take memory.
        last = last.filter(|last| stage.shown.handbook.shares_relations(&last.shown.handbook));
        std::thread::sleep(CALM);
        if hub.stage().version == stage.version && try_pages(hub, &stage, last.as_deref()) {
            done = stage.version;
            // After one with faults all pages are tried, since not every page that has one is kept in mind.
            last = stage.was_tried().then_some(stage);
        }
    }
}

/// Makes the pages that may have changed since an earlier stage with the same relations; tells whether it came to the end.
fn try_pages(hub: &Hub, stage: &Stage, earlier: Option<&Stage>) -> bool {
    let site = stage.site();
    let same_frame = earlier.filter(|e| !stage.has_other_templates(e));
    let pages = site.pages().filter(|made| same_frame.is_none_or(|earlier| may_differ(stage, earlier, *made, site.document_of(*made))));
    let moved = if same_frame.is_none() { redirects(&stage.shown.handbook, stage.shown.drafts) } else { Vec::new() };
    for found in pages.map(Found::Page).chain(moved.into_iter().map(Found::Redirect)) {
        while hub.busy.load(Ordering::Relaxed) > 0 {
            std::thread::sleep(PAUSE);
        }
        if hub.stage().version != stage.version {
            return false;
        }
        if let Err(fault) = Hub::made(|| site.make_found(&found)).and_then(|made| made.unwrap_or_else(|| Ok(String::new()))) {
            let file = match found {
                Found::Page(made) => site.file_of(made),
                Found::Redirect(redirect) => redirect.from,
                Found::Bytes(_) | Found::Copied(_) => continue,
            };
            hub.note(stage, &file, &fault);
        }
    }
    true
}

/// Whether a page shows other content than in an earlier stage with the same relations and templates.
fn may_differ(stage: &Stage, earlier: &Stage, made: Made, document: Option<usize>) -> bool {
    let (new, old) = (&stage.shown, &earlier.shown);
    let other_roles = |family: usize| new.handbook.roles_of(family).any(|r| !Arc::ptr_eq(&new.resolution.roles[r], &old.resolution.roles[r]));
    let of_family = match made {
        Made::Family(family) => other_roles(family),
        Made::Step(from, to) => [from, to].iter().any(|r| other_roles(new.handbook.roles[*r].family)),
        Made::Role(role) | Made::Composition(role, _) => other_roles(new.handbook.roles[role].family),
        Made::Requirements | Made::Requirement(_) => new.resolution.roles.iter().zip(&old.resolution.roles).any(|(a, b)| !Arc::ptr_eq(a, b)),
        Made::Department(_) | Made::DepartmentMap(_) | Made::FamilyMap(_) | Made::Plain(_) | Made::Grades => false,
        // The history stays what it was when the preview began.
        Made::Compare | Made::Changes | Made::NotFound => false,
    };
    of_family || document.is_some_and(|d| !Arc::ptr_eq(&new.handbook.documents[d], &old.handbook.documents[d]))
}
