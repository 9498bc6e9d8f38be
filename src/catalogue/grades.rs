//! Grades, and what every role must have.

use super::{Lint, error, warning};

pub(super) const LINTS: &[Lint] = &[
    error(
        "grade-unknown",
        "a grade is not on the scale, or a scale is not defined",
        "Pay follows grades, so a grade that does not exist must not be published. Scales stand in handbook.yml.",
        "@ handbook.yml\ngrades: [5, 6, 7]\n@ content/engineering/backend.md\n---\ntitle: Backend\nroles: [{id: engineer, title: Engineer, grade: 16}]\n---\n",
        "@ handbook.yml\ngrades: [5, 6, 7]\n@ content/engineering/backend.md\n---\ntitle: Backend\nroles: [{id: engineer, title: Engineer, grade: 6}]\n---\n",
    ),
    warning(
        "grade-missing",
        "an active role has no grade",
        "Write one, or say why there is none: `grade: {none: \"paid by the hour\"}`.",
        "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer}\n---\n",
        "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer, grade: 6}\n---\n",
    ),
    warning(
        "grade-falling",
        "a role has a lower grade than one that it extends",
        "A role that includes another is usually graded at least as high. One of the two grades is wrong, or the `extends` is.",
        "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer, grade: 6}\n  - {id: senior, title: Senior Engineer, grade: 5, extends: engineer}\n---\n",
        "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer, grade: 6}\n  - {id: senior, title: Senior Engineer, grade: 7, extends: engineer}\n---\n",
    ),
    warning(
        "grade-contradicted",
        "the text below *Job grade* names another grade than the front matter",
        "Readers believe the text, and systems the front matter. On real pages 28 such sentences contradict their role.",
        "## Engineer\n\n### Job grade\n\nThe Engineer is a grade 5.\n",
        "## Engineer\n\n### Job grade\n\nThe Engineer is a grade 6.\n",
    ),
    error(
        "required-missing",
        "a role lacks what `require` in handbook.yml asks of every role",
        "What a role inherits counts. Write what is missing on the role, on its family, or on a role that it extends. An item that no role has is told once, at the line that requires it.",
        "@ handbook.yml\nrequire: {items: {requirements: [product]}}\n@ content/engineering/backend.md\n---\ntitle: Backend\nroles: [{id: engineer, title: Engineer, grade: 6}]\n---\n",
        "@ handbook.yml\nrequire: {items: {requirements: [product]}}\n@ content/engineering/backend.md\n---\ntitle: Backend\nroles: [{id: engineer, title: Engineer, grade: 6}]\nrequirements: [\"**Product.** Uses it every week.\"]\n---\n",
    ),
];
