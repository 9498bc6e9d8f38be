//! House style: words and phrases.

use super::{Lint, warning};

pub(super) const LINTS: &[Lint] = &[
    warning(
        "banned-phrase",
        "a phrase stands on the list of those to avoid",
        "Such phrases put good people off. The list is built in for English; `words/banned.txt` beside `content/` adds to it, with a line `phrase -> instead` each, and `- phrase` takes one away.",
        "## Requirements\n\n- **Code.** Is a rockstar at Go.\n",
        "## Requirements\n\n- **Code.** Knows Go well.\n",
    ),
    warning(
        "years-of-experience",
        "a requirement counts years of experience",
        "Years say little about skill and shut out people with another path; in some countries they are age discrimination. With `error_grades: \">=8\"` it is an error for roles of these grades.",
        "## Requirements\n\n- **Go.** 5+ years of experience with Go.\n",
        "## Requirements\n\n- **Go.** Has built and run services in Go.\n",
    ),
    warning(
        "gendered-wording",
        "a word fits one gender only",
        "A role is for anybody. The list is built in for English; `words/gendered.txt` beside `content/` adds to it, with a line `word -> instead` each, and `- word` takes one away.",
        "The engineer works with his manager.\n",
        "The engineer works with their manager.\n",
    ),
];
