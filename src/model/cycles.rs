//! Roles that extend each other in a circle: told with the whole path, each role in one of the paths, and cut, so that
//! all others resolve.

use std::collections::HashMap;

use super::{Handbook, RoleId};
use crate::diagnostic::{Diagnostic, Place};

/// Finds the circles, reports each, and drops the parents inside them.
pub(super) fn cut(handbook: &mut Handbook) {
    for members in circles(handbook) {
        let mut told: Vec<RoleId> = Vec::new();
        for role in &members {
            if !told.contains(role) {
                let mut path = shortest_path(handbook, *role, &members);
                let first = path.iter().enumerate().min_by_key(|(_, r)| **r).map_or(0, |(i, _)| i);
                path.rotate_left(first);
                report(handbook, &path);
                told.extend(path);
            }
        }
        for role in &members {
            handbook.roles[*role].unresolved = true;
            handbook.roles[*role].parents.retain(|p| !members.contains(&p.role));
        }
    }
}

/// The groups of two or more roles of which each reaches each (Tarjan's algorithm, without recursion), each ascending.
fn circles(handbook: &Handbook) -> Vec<Vec<RoleId>> {
    const UNSEEN: usize = usize::MAX;
    let count = handbook.roles.len();
    let (mut order, mut low, mut on_stack) = (vec![UNSEEN; count], vec![0; count], vec![false; count]);
    let (mut next, mut stack, mut found) = (0, Vec::new(), Vec::new());
    for start in 0..count {
        if order[start] != UNSEEN {
            continue;
        }
        let mut work: Vec<(RoleId, usize)> = vec![(start, 0)];
        while let Some(&(role, edge)) = work.last() {
            if edge == 0 {
                (order[role], low[role]) = (next, next);
                next += 1;
                stack.push(role);
                on_stack[role] = true;
            }
            if let Some(parent) = handbook.roles[role].parents.get(edge).map(|p| p.role) {
                work.last_mut().expect("just seen").1 += 1;
                if order[parent] == UNSEEN {
                    work.push((parent, 0));
                } else if on_stack[parent] {
                    low[role] = low[role].min(order[parent]);
                }
                continue;
            }
            work.pop();
            if let Some(&(child, _)) = work.last() {
                low[child] = low[child].min(low[role]);
            }
            if low[role] == order[role] {
                let at = stack.iter().rposition(|r| *r == role).expect("it was put there");
                let mut members = stack.split_off(at);
                members.iter().for_each(|r| on_stack[*r] = false);
                if members.len() > 1 {
                    members.sort_unstable();
                    found.push(members);
                }
            }
        }
    }
    found.sort();
    found
}

/// The shortest way from a member back to itself.
fn shortest_path(handbook: &Handbook, start: RoleId, members: &[RoleId]) -> Vec<RoleId> {
    let mut came_from: HashMap<RoleId, RoleId> = HashMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(role) = queue.pop_front() {
        for parent in &handbook.roles[role].parents {
            if parent.role == start {
                let mut path = vec![role];
                while let Some(before) = came_from.get(path.last().expect("not empty")) {
                    path.push(*before);
                }
                path.reverse();
                return path;
            }
            if members.binary_search(&parent.role).is_ok() && !came_from.contains_key(&parent.role) {
                came_from.insert(parent.role, role);
                queue.push_back(parent.role);
            }
        }
    }
    members.to_vec()
}

fn report(handbook: &mut Handbook, path: &[RoleId]) {
    let one_family = path.iter().all(|r| handbook.roles[*r].family == handbook.roles[path[0]].family);
    let name = |role: RoleId| if one_family { handbook.role_front(role).id.clone() } else { handbook.role_id(role) };
    let shown: Vec<String> = path.iter().chain([&path[0]]).map(|r| name(*r)).collect();
    let steps: Vec<(Place, String)> = path
        .iter()
        .enumerate()
        .filter_map(|(i, role)| {
            let to = path[(i + 1) % path.len()];
            let parent = handbook.roles[*role].parents.iter().find(|p| p.role == to)?;
            let at = &handbook.role_front(*role).extends[parent.entry].reference;
            let place = handbook.document_of(handbook.roles[*role].family).place(at.span.clone());
            Some((place, format!("`{}` extends `{}`", name(*role), name(to))))
        })
        .collect();
    let Some(((place, first), rest)) = steps.split_first() else { return };
    let mut finding = Diagnostic::error("extends-cycle", place.clone(), format!("these roles extend each other in a circle: {}", shown.join(" -> ")))
        .label(first.clone())
        .help("take one of these `extends` away");
    for (place, message) in rest {
        finding = finding.related(place.clone(), message.clone());
    }
    handbook.findings.push(finding);
}
