//! House style: words and phrases.

use super::{Lint, error, warning};

pub(super) const LINTS: &[Lint] = &[
    warning(
        "contrast-low",
        "the accent colour is hard to read on one of the grounds",
        "Links and buttons have that colour. Choose a darker one for light pages, a lighter one for dark pages.",
        "@ handbook.yml\ntheme: {accent: \"#dddd66\"}\n",
        "@ handbook.yml\ntheme: {accent: \"#0a6b5a\"}\n",
    ),
    error(
        "script-missing",
        "`handbook.yml` names a script that is not under `static/`",
        "Diagrams are drawn by a script that the site brings along. Put the file there, or take the name out.",
        "@ handbook.yml\ntheme: {mermaid: mermaid.min.js}\n",
        "@ handbook.yml\ntitle: Jobs\n",
    ),
    error(
        "style-missing",
        "`handbook.yml` names style rules that are not under `static/`",
        "The rules of that file come after those of the program. Put the file there, or take the name out.",
        "@ handbook.yml\ntheme: {style: house.css}\n",
        "@ handbook.yml\ntitle: Jobs\n",
    ),
    warning(
        "text-untranslated",
        "a site in another language says some words of its pages in English",
        "Pages say some things by themselves, such as *Last changed*. `handbook new strings` writes those that are missing into `strings.yml`, each in a comment, to be translated there.",
        "@ handbook.yml\nlang: de\n@ strings.yml\ngrade: Stufe\n",
        "@ handbook.yml\nlang: en\n@ strings.yml\ngrade: Step\n",
    ),
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
    warning(
        "word-list",
        "a line of a word list does nothing",
        "What was meant is not looked for, or is still looked for. A line is a phrase, `phrase -> instead`, or `- phrase`, which takes one off the list.",
        "@ words/banned.txt\n-ninja\n",
        "@ words/banned.txt\n- ninja\n",
    ),
];
