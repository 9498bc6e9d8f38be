//! Headings, sections and anchors.

use super::{Lint, firm, info, warning};

pub(super) const LINTS: &[Lint] = &[
    warning(
        "markup-slip",
        "a line looks like an item or a heading and is none",
        "What it was to begin belongs to the item or the section above it, or to nothing: `-` and `#` need a space behind them, and a mark such as `\u{2022}` is no bullet, nor a dash in a list. `handbook check --fix` mends in lists what surely is an item. Nor does the name of a section, role or specialty in bold open it.",
        "## Requirements\n\n- **Git.** Uses branches.\n-**Review.** Reviews changes.\n",
        "## Requirements\n\n- **Git.** Uses branches.\n- **Review.** Reviews changes.\n",
    ),
    warning(
        "heading-is-title",
        "the first heading is the page's title, and looks as if it opened a role or a section",
        "A level-1 heading that comes first opens nothing, so that what stands below it belongs to the family, or to no list at all. Where it has the name of a list that follows, no role has this list: that is an error, which `handbook check --fix` mends where all headings below it begin with `#` and can go down by one.",
        "# Senior Engineer\n\n## Requirements\n\n- Teaches Git.\n",
        "## Senior Engineer\n\n### Requirements\n\n- Teaches Git.\n",
    ),
    warning(
        "role-heading-empty",
        "the heading of a role or specialty is followed at once by that of a list, at the same level",
        "A heading's scope ends at the next one of its level: the list is the family's, and reaches all its roles. Begin the heading of the list with one `#` more.",
        "## Senior Engineer\n\n## Requirements\n\n- Teaches Git.\n",
        "## Senior Engineer\n\n### Requirements\n\n- Teaches Git.\n",
    ),
    firm(
        "heading-unknown",
        "a heading directly below *Levels*, *Roles* or *Specialties* names none",
        "Everything below it would belong to nobody. Name a role or specialty of the front matter, or write the heading elsewhere.",
        "## Levels\n\n### Principal Engineer\n\nLeads.\n",
        "## Levels\n\n### Senior Engineer\n\nLeads.\n",
    ),
    warning(
        "heading-among-roles",
        "a heading stands among those of roles or specialties, names none, and has a list below it",
        "Such a list is the family's, and reaches all its roles: perhaps the role was not added to the front matter, or has another title there. What counts for all roles stands above them, or below `All levels`.",
        "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer, grade: 6}\n  - {id: senior, title: Senior Engineer, grade: 7}\n---\n\n## Engineer\n\n### Requirements\n\n- Uses Git.\n\n## Wizard\n\n### Requirements\n\n- Does magic.\n",
        "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer, grade: 6}\n  - {id: wizard, title: Wizard, grade: 7}\n---\n\n## Engineer\n\n### Requirements\n\n- Uses Git.\n\n## Wizard\n\n### Requirements\n\n- Does magic.\n",
    ),
    firm(
        "heading-ambiguous",
        "a heading fits two nodes",
        "Say which one is meant with its id, such as `## Geo {#geo}`.",
        "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer, level: Lead, grade: 6}\n  - {id: lead-engineer, title: Lead, grade: 7}\n---\n\n## Lead\n\nText.\n",
        "---\ntitle: Backend\nroles:\n  - {id: engineer, title: Engineer, level: Lead, grade: 6}\n  - {id: lead-engineer, title: Lead, grade: 7}\n---\n\n## Lead {#lead-engineer}\n\nText.\n",
    ),
    warning(
        "heading-near-miss",
        "a heading is nearly a name, says one in other words, or holds that of a section, and opens nothing",
        "Its list is shown as prose and nobody inherits it; below a heading that is nearly the name of a role, track or specialty, says one in other words (`Analyst (Senior)`, `Level: Senior`), or looks like a role that the front matter does not have, nothing is anybody's. `handbook check --fix` corrects one or two wrong letters where only one name can be meant. It counts as an error where errors would follow from it, such as the lack of an item that `require` asks for.",
        "## Responsibilties\n\n- **Code.** Writes it.\n",
        "## Responsibilities\n\n- **Code.** Writes it.\n",
    ),
    info(
        "heading-level-skipped",
        "a heading is more than one level below the one above it",
        "People who listen to a page move by heading levels and think that something is missing. Use one `#` fewer.",
        "## Levels\n\n#### Senior Engineer\n\nLeads.\n",
        "## Levels\n\n### Senior Engineer\n\nLeads.\n",
    ),
    firm(
        "section-defined-twice",
        "a section of one node is written twice",
        "Which of the two counts cannot be known. Write each list once, in the front matter or in the body.",
        "## Requirements\n\n- **Git.** Uses branches.\n\n## Must-haves\n\n- **Review.** Reviews changes.\n",
        "## Requirements\n\n- **Git.** Uses branches.\n- **Review.** Reviews changes.\n",
    ),
    warning(
        "list-lost",
        "the heading of a list is followed by neither an item nor a table, or a list below it is written in HTML",
        "Roles inherit nothing from it. Write the list, with `- ` before each point, or take the heading away.",
        "## Requirements\n\nUses Git and reviews changes.\n",
        "## Requirements\n\n- Uses Git and reviews changes.\n",
    ),
    info(
        "list-as-prose",
        "a list of a role or specialty stands below a heading that opens no section, or directly below the role's own",
        "It is shown as prose, and nobody inherits it. Where it is a list of a section, write or name the heading like the section, or add its wording in `handbook.yml` under `sections`.",
        "## Senior Engineer\n\n### What we expect\n\n- Teaches Git.\n",
        "## Senior Engineer\n\n### Requirements\n\n- Teaches Git.\n",
    ),
    warning(
        "anchor-duplicate",
        "two headings of a file are given the same anchor",
        "A link to it leads to the first one only.",
        "## How we work {#work}\n\nTogether.\n\n## Where we work {#work}\n\nAnywhere.\n",
        "## How we work {#how}\n\nTogether.\n\n## Where we work {#where}\n\nAnywhere.\n",
    ),
];
