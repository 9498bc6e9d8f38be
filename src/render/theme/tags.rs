//! The text of a template and where Tera gave up in, what does not fit among its tags out. Of these Tera says *Unknown tag* or
//! *Unexpected end of input* alone, at the place where it noticed.

use std::ops::Range;

use crate::ident;

/// Tags that are closed by another one.
const CLOSED: [&str; 7] = ["if", "for", "block", "filter", "component", "set", "set_global"];
/// The others.
const SINGLE: [&str; 6] = ["elif", "else", "extends", "include", "break", "continue"];

/// What is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    /// Where it would be mended.
    pub at: Range<usize>,
    pub message: String,
    pub help: String,
    /// The name of a tag that was probably meant.
    pub meant: Option<&'static str>,
    /// Where it was noticed, if that is elsewhere.
    pub noticed: Option<Range<usize>>,
}

/// A tag that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Open<'t> {
    name: &'t str,
    at: Range<usize>,
}

/// What does not fit, where Tera gave up at the byte `at`; none where it is something else.
pub(super) fn slip(text: &str, at: usize, said: &str) -> Option<Slip> {
    let tags = tags(text);
    match said {
        "Unknown tag" => unknown(tags.iter().find(|tag| tag.name_at == at)?, &open(&tags, at)),
        // Only where the last tag itself is whole.
        "Unexpected end of input" if tags.last().is_none_or(|tag| tag.is_whole) => {
            let last = open(&tags, text.len()).pop().filter(|_| !is_in_expression(text))?;
            Some(never_closed(&last, None))
        }
        _ => None,
    }
}

fn unknown(tag: &Tag<'_>, open: &[Open<'_>]) -> Option<Slip> {
    let at = tag.at.clone();
    if SINGLE.contains(&tag.name) || ["raw", "endraw"].contains(&tag.name) {
        return Some(Slip {
            at,
            message: format!("`{{% {} %}}` does not belong here", tag.name),
            help: "`elif` and `else` stand in an `if`, `else` once and behind every `elif`; `endraw` closes a `raw`".to_owned(),
            meant: None,
            noticed: None,
        });
    }
    let Some(closed) = tag.name.strip_prefix("end").filter(|name| CLOSED.contains(name)) else {
        let known = || CLOSED.into_iter().chain(SINGLE).chain(ENDS);
        let near = ident::nearest(tag.name, known());
        return Some(Slip {
            at,
            message: format!("there is no tag `{}`", tag.name),
            help: format!("the tags are {}, raw, and those that close them", CLOSED.iter().chain(&SINGLE).copied().collect::<Vec<_>>().join(", ")),
            meant: near,
            noticed: None,
        });
    };
    match open.last() {
        Some(last) if last.name != closed && open.iter().any(|o| o.name == closed) => Some(never_closed(last, Some(at))),
        Some(last) => Some(Slip {
            at,
            message: format!("`{{% {} %}}` closes nothing: what is open here is `{{% {} %}}`", tag.name, last.name),
            help: format!("write `{{% end{} %}}`, or take it out", last.name),
            meant: None,
            noticed: None,
        }),
        None => Some(Slip {
            at,
            message: format!("`{{% {} %}}` closes nothing: no `{{% {closed} %}}` is open here", tag.name),
            help: "take it out, or write what it is to close".to_owned(),
            meant: None,
            noticed: None,
        }),
    }
}

/// The tags that close the others, in the same order.
const ENDS: [&str; 7] = ["endif", "endfor", "endblock", "endfilter", "endcomponent", "endset", "endset_global"];

fn never_closed(open: &Open<'_>, noticed: Option<Range<usize>>) -> Slip {
    Slip {
        at: open.at.clone(),
        message: format!("`{{% {} %}}` is never closed", open.name),
        help: format!("write `{{% end{} %}}` where it is to end", open.name),
        meant: None,
        noticed,
    }
}

/// Whether the last `{{` is not closed.
fn is_in_expression(text: &str) -> bool {
    text.rfind("{{").is_some_and(|start| !text[start..].contains("}}"))
}

/// A tag of a template.
struct Tag<'t> {
    name: &'t str,
    /// Where its name begins.
    name_at: usize,
    /// From `{%` to `%}`.
    at: Range<usize>,
    is_whole: bool,
    /// Whether it is `set name = value`, which nothing closes.
    assigns: bool,
}

/// The tags, without those in comments and in `raw`.
fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('{').map(|found| at + found) {
        let rest = &text[start..];
        if rest.starts_with("{#") {
            at = start + rest.find("#}").map_or(rest.len(), |end| end + 2);
        } else if let Some(inner) = rest.strip_prefix("{%") {
            let inner = inner.trim_start_matches('-').trim_start();
            let length = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
            let name_start = start + rest.len() - inner.len();
            let name = &inner[..length];
            let end = rest.find("%}").map(|end| start + end + 2);
            at = end.unwrap_or(text.len());
            let assigns = name.starts_with("set") && text[start..at].contains('=');
            if name == "raw" {
                at = text[at..].find("endraw").map_or(text.len(), |end| at + end + "endraw".len());
                continue;
            }
            tags.push(Tag { name, name_at: name_start, at: start..at, is_whole: end.is_some(), assigns });
        } else {
            at = start + 1;
        }
    }
    tags
}

/// The tags that are open at a byte, the innermost last.
fn open<'t>(tags: &[Tag<'t>], end: usize) -> Vec<Open<'t>> {
    let mut open: Vec<Open<'t>> = Vec::new();
    for tag in tags.iter().take_while(|tag| tag.at.end <= end) {
        if CLOSED.contains(&tag.name) && !tag.assigns {
            open.push(Open { name: tag.name, at: tag.at.clone() });
        } else if tag.name.strip_prefix("end").is_some_and(|name| open.last().is_some_and(|last| last.name == name)) {
            open.pop();
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::slip;

    fn told(text: &str, at: &str, said: &str) -> Option<(String, String)> {
        let start = if at.is_empty() { text.len() } else { text.rfind(at).expect("there") };
        slip(text, start, said).map(|slip| (text[slip.at].to_owned(), slip.message))
    }

    #[test]
    fn what_is_open_is_told_where_it_was_opened() {
        let text = "{% for a in b %}\n{%- if a %}x\n{% endfor %}";
        assert_eq!(told(text, "endfor", "Unknown tag"), Some(("{%- if a %}".to_owned(), "`{% if %}` is never closed".to_owned())));
        let text = "{% block x %}{# {% for %} #}{% raw %}{% for %}{% endraw %}{% if a %}b{% endif %}";
        assert_eq!(told(text, "", "Unexpected end of input").map(|t| t.0).as_deref(), Some("{% block x %}"));
    }

    #[test]
    fn what_closes_nothing_is_told_in_its_place() {
        assert_eq!(
            told("x{% endif %}", "endif", "Unknown tag").map(|t| t.1).as_deref(),
            Some("`{% endif %}` closes nothing: no `{% if %}` is open here")
        );
        let said = told("{% block x %}{% endif %}", "endif", "Unknown tag").map(|t| t.1);
        assert_eq!(said.as_deref(), Some("`{% endif %}` closes nothing: what is open here is `{% block %}`"));
        let said = told("{% block x %}{% set y %}abc{% endblock %}", "endblock", "Unknown tag").map(|t| t.1);
        assert_eq!(said.as_deref(), Some("`{% set %}` is never closed"));
        let said = told("{% block x %}{% set y = 1 %}{% else %}", "else", "Unknown tag").map(|t| t.1);
        assert_eq!(said.as_deref(), Some("`{% else %}` does not belong here"));
        assert_eq!(told("{% elsif %}", "elsif", "Unknown tag").map(|t| t.1).as_deref(), Some("there is no tag `elsif`"));
    }

    #[test]
    fn other_faults_stay_as_they_are() {
        assert_eq!(told("{% if a %}{{ b ", "", "Unexpected end of input"), None);
        assert_eq!(told("{% if a ", "", "Unexpected end of input"), None);
        assert_eq!(told("{% if a %}", "", "Found string but expected %}."), None);
    }
}
