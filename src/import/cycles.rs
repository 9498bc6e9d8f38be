//! Drafts with parents in, drafts in which no role extends itself by way of others out. Who is meant to be whose parent is
//! for a person to say: all links of a circle are left, none is chosen.

use std::collections::{BTreeMap, BTreeSet};

use super::outline::{Draft, Node, Verdict};
use super::resolve::Directory;

/// Takes out the parents that make circles.
pub fn cut(drafts: &mut [Draft], directory: &Directory) {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut nodes: Vec<(usize, usize)> = Vec::new();
    for (family, draft) in drafts.iter().enumerate() {
        for role in 0..draft.roles.len() {
            numbers.insert(format!("{}/{}", directory.family(family), draft.roles[role].id), nodes.len());
            nodes.push((family, role));
        }
    }
    let number = |family: usize, reference: &str| {
        let full = if reference.contains('/') { reference.to_owned() } else { format!("{}/{reference}", directory.family(family)) };
        numbers.get(&full).copied()
    };
    let parents: Vec<Vec<usize>> = nodes.iter().map(|(f, r)| references(&drafts[*f], *r).filter_map(|to| number(*f, &to)).collect()).collect();
    let open = in_circles(&parents);
    for (child, (family, role)) in nodes.iter().enumerate().filter(|(child, _)| open[*child]) {
        for reference in references(&drafts[*family], *role).collect::<Vec<_>>() {
            let Some(parent) = number(*family, &reference).filter(|p| open[*p] && reaches(&parents, *p, child)) else { continue };
            let (up, other) = nodes[parent];
            let title = drafts[up].roles[other].title.clone();
            leave(&mut drafts[*family], *role, &reference, &title);
        }
    }
}

fn references(draft: &Draft, role: usize) -> impl Iterator<Item = String> {
    let role = &draft.roles[role];
    let all: Vec<String> = role.extends.iter().map(|e| e.reference.clone()).chain(role.extends_any.iter().cloned()).collect();
    all.into_iter()
}

/// Which nodes may lie in circles: those that are left when all without open parents, and all without open children, go.
fn in_circles(parents: &[Vec<usize>]) -> Vec<bool> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
    for (child, ups) in parents.iter().enumerate() {
        ups.iter().for_each(|up| children[*up].push(child));
    }
    let mut open = vec![true; parents.len()];
    for (edges, back) in [(parents, children.as_slice()), (children.as_slice(), parents)] {
        let mut left: Vec<usize> = edges.iter().map(|e| e.iter().filter(|n| open[**n]).count()).collect();
        let mut free: Vec<usize> = (0..left.len()).filter(|n| open[*n] && left[*n] == 0).collect();
        while let Some(node) = free.pop() {
            open[node] = false;
            for next in back[node].iter().filter(|n| open[**n]).copied().collect::<Vec<_>>() {
                left[next] -= 1;
                if left[next] == 0 {
                    free.push(next);
                }
            }
        }
    }
    open
}

fn reaches(parents: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        open.extend(parents[at].iter().copied().filter(|up| seen.insert(*up)));
    }
    false
}

/// Takes a parent back: the sentence stays, with a comment at the role and a line in the report.
fn leave(draft: &mut Draft, role: usize, reference: &str, other: &str) {
    let title = draft.roles[role].title.clone();
    draft.roles[role].extends.retain(|e| e.reference != reference);
    draft.roles[role].extends_any.retain(|r| r != reference);
    draft.taken.retain(|t| !(t.node == Node::Role(role) && t.references.iter().any(|r| r == reference)));
    let says = format!("{title}: {reference}");
    let is_it = |text: &str| text == says || text.strip_prefix(&says).is_some_and(|rest| rest.starts_with(" ("));
    let lines: BTreeSet<usize> = draft.notes.iter().filter(|n| n.what.starts_with("extends") && is_it(&n.text)).map(|n| n.line).collect();
    draft.notes.retain(|n| !(n.what.starts_with("extends") && is_it(&n.text)));
    let reason = format!("{title} and {other} would extend each other, if only by way of others; take one of them out");
    for line in &lines {
        draft.note(line - 1, "extends", format!("{title}: {reference}"), Verdict::Left(reason.clone()));
    }
    let line = lines.first().copied().unwrap_or(draft.roles[role].line + 1);
    draft.roles[role].comments.push(format!("extends: not resolved, line {line}: {reference}, which extends this role"));
}

#[cfg(test)]
mod tests {
    use super::{in_circles, reaches};

    #[test]
    fn circles_are_told_from_chains_that_lead_to_them() {
        // 0 -> 1 <-> 2 <- 3, and 4 alone.
        let parents = vec![vec![1], vec![2], vec![1], vec![2], vec![]];
        let open = in_circles(&parents);
        assert_eq!(open, [false, true, true, false, false]);
        assert!(reaches(&parents, 1, 2) && !reaches(&parents, 1, 0));
    }
}
