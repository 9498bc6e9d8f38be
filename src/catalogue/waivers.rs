//! Waivers: findings that an author has looked at and lets stand.

use super::{Lint, warning};

pub(super) const LINTS: &[Lint] = &[
    warning(
        "waiver-unused",
        "a waiver waives nothing",
        "The fault was mended, or the waiver stands in the wrong place: it counts for its own line, or for the next one where it stands alone.",
        "## Requirements\n\n<!-- handbook-allow years-of-experience: asked for by law -->\n- **Go.** Knows Go.\n",
        "## Requirements\n\n<!-- handbook-allow years-of-experience: asked for by law -->\n- **Go.** 3 years of experience with Go.\n",
    ),
    warning(
        "waiver-expired",
        "the day up to which a finding was waived has passed",
        "The finding counts again. Mend it, or look at it again and set another day.",
        "## Requirements\n\n<!-- handbook-allow years-of-experience: asked for by law, until 2020-01-31 -->\n- **Go.** 3 years of experience with Go.\n",
        "## Requirements\n\n<!-- handbook-allow years-of-experience: asked for by law, until 2999-01-31 -->\n- **Go.** 3 years of experience with Go.\n",
    ),
    warning(
        "waiver-day",
        "the day until which a waiver counts cannot be read",
        "Such a waiver would count for ever. Write the day as year, month and day.",
        "## Requirements\n\n<!-- handbook-allow years-of-experience: asked for by law, until 31.12.2999 -->\n- **Go.** 3 years of experience with Go.\n",
        "## Requirements\n\n<!-- handbook-allow years-of-experience: asked for by law, until 2999-12-31 -->\n- **Go.** 3 years of experience with Go.\n",
    ),
    warning(
        "waiver-without-reason",
        "a waiver gives no reason",
        "Whoever comes next must know why. Write the reason after a colon.",
        "## Requirements\n\n<!-- handbook-allow years-of-experience -->\n- **Go.** 3 years of experience with Go.\n",
        "## Requirements\n\n<!-- handbook-allow years-of-experience: asked for by law -->\n- **Go.** 3 years of experience with Go.\n",
    ),
    warning(
        "waiver-unknown",
        "a waiver names no finding, or one that cannot be waived",
        "The code stands in brackets after `error` or `warning`. Firm findings cannot be waived.",
        "## Requirements\n\n<!-- handbook-allow years-of-experiense: asked for by law -->\n- **Go.** Knows Go.\n",
        "## Requirements\n\n- **Go.** Knows Go.\n",
    ),
];
