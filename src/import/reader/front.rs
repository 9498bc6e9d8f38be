//! The lines of an old page in, what its front matter says out: title, description, and the rest as `x-` keys.

use crate::import::outline::Verdict;
use crate::yaml::{self, Node, Value};

/// What the front matter of an old page says.
pub struct Front {
    /// Title and its line.
    pub title: Option<(String, usize)>,
    /// Description and its line.
    pub description: Option<(String, usize)>,
    /// Whether its layout is not that of a job family.
    pub is_plain: bool,
    /// The other keys: key, value as YAML, line.
    pub extra: Vec<(String, String, usize)>,
    /// First line of the body.
    pub body: usize,
    /// What became of each line.
    pub notes: Vec<(usize, String, Verdict)>,
}

/// Reads the lines between two `---`, or between two `+++`.
pub fn read(lines: &[String]) -> Front {
    let mut front = Front { title: None, description: None, is_plain: false, extra: Vec::new(), body: 0, notes: Vec::new() };
    if lines.first().is_some_and(|l| l.trim_end() == "+++") {
        if let Some(end) = lines.iter().skip(1).position(|l| l.trim_end() == "+++").map(|i| i + 1) {
            front.body = end + 1;
            front.take_toml(&lines[1..end]);
        }
        return front;
    }
    if lines.first().is_none_or(|l| l.trim_end() != "---") {
        return front;
    }
    let Some(end) = lines.iter().skip(1).position(|l| matches!(l.trim_end(), "---" | "...")).map(|i| i + 1) else { return front };
    front.body = end + 1;
    let text = lines[1..end].join("\n");
    match yaml::parse(&text) {
        Ok(Node { value: Value::Map(entries), .. }) => {
            let starts: Vec<usize> = entries.iter().map(|(key, _)| 1 + text[..key.span.start.min(text.len())].matches('\n').count()).collect();
            for (i, (key, value)) in entries.iter().enumerate() {
                let until = starts.get(i + 1).copied().unwrap_or(end);
                front.take(&scalar(key).unwrap_or_default(), value, starts[i]..until);
            }
        }
        Ok(_) if text.trim().is_empty() => {}
        _ => front.take_lines(&lines[1..end]),
    }
    front
}

impl Front {
    fn take(&mut self, key: &str, value: &Node, lines: std::ops::Range<usize>) {
        let line = lines.start;
        let text = scalar(value);
        let field = match (key, text) {
            ("title", Some(text)) => {
                self.title = Some((text, line));
                "title".to_owned()
            }
            ("description", Some(text)) => {
                self.description = Some((text, line));
                "description".to_owned()
            }
            (_, text) => {
                self.is_plain |= key == "layout" && text.as_deref().is_some_and(|t| !t.contains("job"));
                self.keep(key, flow(value), line)
            }
        };
        lines.for_each(|line| self.notes.push((line, key.to_owned(), Verdict::Consumed(format!("front matter `{field}`")))));
    }

    /// Keeps a value under a key of its own: `extra_js` and `extra-js` are two.
    fn keep(&mut self, key: &str, value: String, line: usize) -> String {
        let base = format!("x-{}", key.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
        let is_taken = |name: &String| self.extra.iter().any(|(known, ..)| known == name);
        let numbered = (2..).map(|n| format!("{base}-{n}"));
        let name = std::iter::once(base.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default();
        self.extra.push((name.clone(), value, line));
        name
    }

    /// TOML: title and description are read, the rest is kept line by line.
    fn take_toml(&mut self, lines: &[String]) {
        for fence in [0, lines.len() + 1] {
            self.notes.push((fence, "+++".to_owned(), Verdict::Consumed("the front matter".to_owned())));
        }
        let mut is_top = true;
        for (i, written) in lines.iter().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            is_top &= !written.trim_start().starts_with('[');
            let line = i + 1;
            let value = |text: &str| {
                let text = text.trim();
                let inner = ['"', '\''].iter().find_map(|q| text.strip_prefix(*q)?.strip_suffix(*q))?;
                (!inner.contains(['"', '\\'])).then(|| inner.to_owned())
            };
            let entry = written.split_once('=').and_then(|(key, text)| Some((key.trim(), value(text)?))).filter(|_| is_top);
            let field = match entry {
                Some(("title", text)) => {
                    self.title = Some((text, line));
                    "title".to_owned()
                }
                Some(("description", text)) => {
                    self.description = Some((text, line));
                    "description".to_owned()
                }
                _ => {
                    let text = serde_json::to_string(written.as_str()).expect("a text is JSON");
                    self.extra.push((format!("x-line-{line}"), text, line));
                    format!("x-line-{line}")
                }
            };
            self.notes.push((line, written.trim().to_owned(), Verdict::Consumed(format!("front matter `{field}`"))));
        }
    }

    /// Front matter that is no YAML: line by line, so that nothing is lost.
    fn take_lines(&mut self, lines: &[String]) {
        for (i, line) in lines.iter().enumerate() {
            let (key, value) = line.split_once(':').unwrap_or(("line", line));
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            let line = i + 1;
            match key.trim() {
                "title" if self.title.is_none() => self.title = Some((value, line)),
                "description" if self.description.is_none() => self.description = Some((value, line)),
                _ => {
                    let text = serde_json::to_string(lines[i].as_str()).expect("a text is JSON");
                    self.extra.push((format!("x-line-{line}"), text, line));
                }
            }
            let verdict = Verdict::Left("the old front matter is no valid YAML; its lines were kept as they are".to_owned());
            self.notes.push((line, lines[i].clone(), verdict));
        }
    }
}

fn scalar(value: &Node) -> Option<String> {
    match &value.value {
        Value::Text(text) => Some(text.trim().to_owned()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

/// A value in YAML's one-line form, which is also JSON's.
fn flow(value: &Node) -> String {
    let text = |text: &str| serde_json::to_string(text).expect("a text is JSON");
    match &value.value {
        Value::Null => "null".to_owned(),
        Value::Bool(is) => is.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Text(t) if super::super::write::is_plain(t) => t.clone(),
        Value::Text(t) => text(t),
        Value::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(k, v)| format!("{}: {}", text(&scalar(k).unwrap_or_default()), flow(v)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
