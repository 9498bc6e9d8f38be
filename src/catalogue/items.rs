//! Items of list sections: what they replace, repeat or leave out.

use super::{Lint, error, firm, info, off, warning};

pub(super) const LINTS: &[Lint] = &[
    warning(
        "label-near-miss",
        "the label of an item is nearly that of an inherited one",
        "Only the same label replaces. As it stands the role has both items, the new one and the old.",
        "## Engineer\n\n### Responsibilities\n\n- **Problem solving.** Of moderate scope.\n\n## Senior Engineer\n\n### Responsibilities\n\n- **Problem solvng.** Of high scope.\n",
        "## Engineer\n\n### Responsibilities\n\n- **Problem solving.** Of moderate scope.\n\n## Senior Engineer\n\n### Responsibilities\n\n- **Problem solving.** Of high scope.\n",
    ),
    error(
        "item-form",
        "an item ends in what looks like a key and is none",
        "It would stand as text on the page, and what it was to replace or remove would stay. A key is `{#key}` or `{#new was=old}`.",
        "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer, grade: 6}\n---\n\n## Requirements\n\n- Keeps the run books { #run-books }\n",
        "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer, grade: 6}\n---\n\n## Requirements\n\n- Keeps the run books {#run-books}\n",
    ),
    warning(
        "struck-out",
        "an item opens with struck-out text that names no item",
        "Nothing is removed by it. To remove an inherited item, strike out its label in bold, or end the item with its key.",
        "## Requirements\n\n- ~~On-call~~ Engineers are not on call.\n",
        "## Requirements\n\n- **On-call.** Engineers are on call.\n",
    ),
    firm(
        "remove-nothing",
        "what is removed is not inherited",
        "Probably the label is written differently above. The help lists what can be removed.",
        "## Engineer\n\n### Responsibilities\n\n- **On-call.** Takes part.\n\n## Senior Engineer\n\n### Responsibilities\n\n- ~~**Rota.**~~ No more.\n",
        "## Engineer\n\n### Responsibilities\n\n- **On-call.** Takes part.\n\n## Senior Engineer\n\n### Responsibilities\n\n- ~~**On-call.**~~ No more.\n",
    ),
    warning(
        "removal-without-reason",
        "an inherited item is removed, and nothing says why",
        "The page of the role shows what is not asked there and why; without a reason readers see a gap.",
        "## Engineer\n\n### Responsibilities\n\n- **On-call.** Takes part.\n\n## Senior Engineer\n\n### Responsibilities\n\n- ~~**On-call.**~~\n",
        "## Engineer\n\n### Responsibilities\n\n- **On-call.** Takes part.\n\n## Senior Engineer\n\n### Responsibilities\n\n- ~~**On-call.**~~ Seniors join the incident rota instead.\n",
    ),
    warning(
        "restated",
        "an item is an exact copy of an inherited one",
        "It is inherited all the same, and a copy has to be kept alike by hand. `handbook check --fix` takes it away.",
        "## Engineer\n\n### Requirements\n\n- **Git.** Uses branches.\n\n## Senior Engineer\n\n### Requirements\n\n- **Git.** Uses branches.\n- **Review.** Reviews changes.\n",
        "## Engineer\n\n### Requirements\n\n- **Git.** Uses branches.\n\n## Senior Engineer\n\n### Requirements\n\n- **Review.** Reviews changes.\n",
    ),
    info(
        "nearly-restated",
        "an item without a label says nearly the same as an inherited one",
        "The role has both. Give the two the same label, so that the nearer one replaces the other, or delete it. How alike they must be is `similarity`, else 0.8 of their words.",
        "## Engineer\n\n### Requirements\n\n- Writes code that is tested, readable and easy to change for others.\n\n## Senior Engineer\n\n### Requirements\n\n- Writes code that is tested, readable and easy to change for all others.\n",
        "## Engineer\n\n### Requirements\n\n- **Code.** Writes code that is tested, readable and easy to change for others.\n\n## Senior Engineer\n\n### Requirements\n\n- **Code.** Writes code that is tested, readable and easy to change for all others.\n",
    ),
    info(
        "level-adds-nothing",
        "a role extends another and adds nothing to it",
        "Readers cannot tell the two levels apart. Say what is more at this level.",
        "## Engineer\n\n### Requirements\n\n- **Git.** Uses branches.\n",
        "## Engineer\n\n### Requirements\n\n- **Git.** Uses branches.\n\n## Senior Engineer\n\n### Requirements\n\n- **Review.** Reviews changes.\n",
    ),
    warning(
        "placeholder",
        "a text was left for later: TBD, TODO, lorem ipsum, `{add ...}`, or an item that has no words yet",
        "It would be published as it is. Write the text, or leave the point out until it is there.",
        "## Requirements\n\n- **Git.** TBD\n",
        "## Requirements\n\n- **Git.** Uses branches.\n",
    ),
    off(
        "indicator-without-link",
        "a performance indicator has no link to how it is measured",
        "Off by default: not every handbook defines its indicators on pages of their own.",
        "@ handbook.yml\nlints: {indicator-without-link: warning}\n@ content/a.md\n---\ntitle: A\nroles: [{id: one, title: One, grade: 6}]\n---\n\n## Performance indicators\n\n- Time to review\n",
        "@ handbook.yml\nlints: {indicator-without-link: warning}\n@ content/a.md\n---\ntitle: A\nroles: [{id: one, title: One, grade: 6}]\n---\n\n## Performance indicators\n\n- [Time to review](https://example.org/review)\n",
    ),
    info(
        "item-count",
        "a list of a role, with what it inherits, is very long or very short",
        "Nobody works by fifty points. Join points, move them to the role above, or remove what no longer holds. The limits are `min` and `max`, else 0 and 60.",
        "@ handbook.yml\nlints: {item-count: {max: 1}}\n@ content/a.md\n---\ntitle: A\nroles: [{id: one, title: One, grade: 6}]\n---\n\n## Requirements\n\n- Git\n- Review\n",
        "@ content/a.md\n---\ntitle: A\nroles: [{id: one, title: One, grade: 6}]\n---\n\n## Requirements\n\n- Git\n- Review\n",
    ),
    warning(
        "rename-onto-another",
        "an item renames an inherited one to the key of another inherited one",
        "It takes the place of both, and what the other asked for is gone without a word.",
        "---\ntitle: Backend\nroles:\n  - {id: a, title: A, grade: 6, requirements: [\"**Git.** Uses branches.\", \"**Review.** Reviews.\"]}\n  - {id: b, title: B, grade: 7, extends: a, requirements: [\"**Review.** Uses and reviews branches. {#review was=git}\"]}\n---\n",
        "---\ntitle: Backend\nroles:\n  - {id: a, title: A, grade: 6, requirements: [\"**Git.** Uses branches.\", \"**Review.** Reviews.\"]}\n  - {id: b, title: B, grade: 7, extends: a, requirements: [\"**Branches.** Uses and reviews branches. {#branches was=git}\"]}\n---\n",
    ),
    warning(
        "old-key",
        "an item uses a key that was renamed above",
        "It still works. Write the new label before the old one is forgotten.",
        "---\ntitle: Backend\nroles:\n  - {id: a, title: A, grade: 6, requirements: [\"**Git.** Uses branches.\"]}\n  - {id: b, title: B, grade: 7, extends: a, requirements: [\"**Versions.** Keeps them. {#versions was=git}\"]}\n  - {id: c, title: C, grade: 8, extends: b, requirements: [\"**Git.** Plans them.\"]}\n---\n",
        "---\ntitle: Backend\nroles:\n  - {id: a, title: A, grade: 6, requirements: [\"**Git.** Uses branches.\"]}\n  - {id: b, title: B, grade: 7, extends: a, requirements: [\"**Versions.** Keeps them. {#versions was=git}\"]}\n  - {id: c, title: C, grade: 8, extends: b, requirements: [\"**Versions.** Plans them.\"]}\n---\n",
    ),
    off(
        "near-duplicate",
        "items of different families say nearly the same",
        "Such a text can stand once, in a shared block or on a role that others extend. Off by default, for it floods a handbook that has just been imported. How alike they must be is `similarity`, else 0.8.",
        "@ handbook.yml\nlints: {near-duplicate: info}\n@ content/a.md\n---\ntitle: A\nroles: [{id: one, title: One, grade: 6}]\n---\n\n## Requirements\n\n- Writes clearly and simply for people who have little time to read.\n@ content/b.md\n---\ntitle: B\nroles: [{id: two, title: Two, grade: 6}]\n---\n\n## Requirements\n\n- Writes clearly and simply for people who have very little time to read.\n",
        "@ handbook.yml\nlints: {near-duplicate: info}\nshared: [{block: everyone, as: base}]\n@ content/_shared/everyone.md\n## Requirements\n\n- Writes clearly and simply for people who have little time to read.\n@ content/a.md\n---\ntitle: A\nroles: [{id: one, title: One, grade: 6}]\n---\nText.\n",
    ),
];
