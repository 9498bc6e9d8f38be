//! Links, images and anchors.

use super::{Lint, error, info, warning};

pub(super) const LINTS: &[Lint] = &[
    error(
        "link-broken",
        "there is no such page or file",
        "Write the path from this file to another. Addresses that something else serves are listed under `links.outside` in handbook.yml.",
        "See [the ladder](ladder.md).\n",
        "See [the ladder](https://example.org/ladder).\n",
    ),
    error(
        "anchor-broken",
        "the page of a link has no such anchor",
        "An anchor is the slug of a heading, the id of a role, specialty or track, or `section.key` of an item.",
        "See [the senior](#senor).\n",
        "See [the senior](#senior).\n",
    ),
    error(
        "image-missing",
        "there is no such image",
        "Put the image beside the page, or under `static/` and write its address with `/` first.",
        "![The ladder](ladder.png)\n",
        "![The ladder](https://example.org/ladder.png)\n",
    ),
    warning(
        "link-unsafe",
        "the scheme of a link is not allowed",
        "Links may begin with https:, http:, mailto: or tel:, or lead to a file. Any other is shown as text.",
        "[Press](javascript:alert(1))\n",
        "[Read](https://example.org/)\n",
    ),
    info(
        "definition-unused",
        "a reference definition is used nowhere in its file",
        "`[name]: address` gives `[name]` its address. Without such a link it is dead text, or the link has another name.",
        "See [the ladder][ladder].\n\n[ladder]: https://example.org/ladder\n[map]: https://example.org/map\n",
        "See [the ladder][ladder].\n\n[ladder]: https://example.org/ladder\n",
    ),
    warning(
        "link-dead",
        "an address outside the site does not answer; asked only with `--external`",
        "The page has moved or is gone. Write its new address, or leave the link out. Answers are remembered for a day.",
        "~ `[the survey](https://example.org/2019/survey)` where the server answers 404.\n",
        "~ A link to a page that is there.\n",
    ),
];
