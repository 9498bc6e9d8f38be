//! The newest changes of the handbook in, an Atom feed of them out.

use super::Site;
use super::url::absolute;
use super::view::history::{FEED, MomentView, PAGE, PartView, moment_view};
use crate::config::strings::{counted, text};
use crate::history::{History, Moment};
use crate::markdown::html::escape_into;
use crate::source::date;

/// The most changes that the feed tells of.
const MOST_IN_FEED: usize = 20;

impl Site<'_> {
    /// `changes/feed.xml`, where there is a history and a base URL, without which the addresses in it would lead nowhere.
    pub(super) fn feed(&self) -> Option<String> {
        let (history, base) = (self.history.as_ref()?, self.base_url.as_deref()?);
        let config = &self.handbook.config;
        let title = format!("{}: {}", config.title, config.strings.get(const { text("changes_page") }));
        let newest = history.moments.first().map_or(history.since, |moment| moment.time);
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n",
            shown(&config.lang)
        );
        xml.push_str(&format!("<title>{}</title>\n<id>{}</id>\n", shown(&title), shown(&absolute(base, FEED))));
        xml.push_str(&format!("<updated>{}</updated>\n<author><name>{}</name></author>\n", moment_of(newest), shown(&config.title)));
        xml.push_str(&format!("<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n", shown(&absolute(base, FEED))));
        xml.push_str(&format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n", shown(&absolute(base, PAGE))));
        history.moments.iter().take(MOST_IN_FEED).for_each(|moment| self.entry(history, moment, base, &mut xml));
        xml.push_str("</feed>\n");
        Some(xml)
    }

    fn entry(&self, history: &History, moment: &Moment, base: &str, xml: &mut String) {
        let words = self.words();
        let page = self.page(&words, PAGE.to_owned());
        let view = moment_view(&page, history, moment, &|file| absolute(base, file));
        let address = format!("{}#{}", absolute(base, PAGE), view.anchor);
        xml.push_str(&format!("<entry>\n<title>{}</title>\n<id>{}</id>\n", shown(&self.title_of(&view)), shown(&id_of(moment, base))));
        xml.push_str(&format!("<updated>{}</updated>\n", moment_of(moment.time)));
        xml.push_str(&format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n", shown(&address)));
        xml.push_str(&format!("<content type=\"html\">{}</content>\n</entry>\n", shown(&self.html_of(&view))));
    }

    /// The roles that a change reached, the first three by name.
    fn title_of(&self, view: &MomentView) -> String {
        let mut titles: Vec<&str> = Vec::new();
        let lines = || view.parts.iter().flat_map(|part| &part.lines);
        for role in lines().flat_map(|line| &line.roles) {
            if !titles.contains(&role.title.as_str()) {
                titles.push(&role.title);
            }
        }
        let rest = titles.len().saturating_sub(3) + lines().map(|line| line.more).max().unwrap_or(0);
        let strings = &self.handbook.config.strings;
        let named = titles.into_iter().take(3).collect::<Vec<_>>().join(strings.get(const { text("comma") }));
        if rest == 0 { named } else { [&*named, strings.get(const { text("comma") }), &strings.count(const { counted("more") }, rest)].concat() }
    }

    fn html_of(&self, view: &MomentView) -> String {
        let strings = &self.handbook.config.strings;
        let more = |n: usize| strings.count(const { counted("more") }, n);
        let mut html = String::new();
        for PartView { title, lines } in &view.parts {
            if !title.is_empty() {
                html.push_str(&format!("<p>{}</p>", shown(title)));
            }
            html.push_str("<ul>");
            for line in lines {
                let what = if line.what.is_empty() { String::new() } else { format!(" ({})", shown(&line.what)) };
                let mut roles: Vec<String> = line
                    .roles
                    .iter()
                    .map(|role| match &role.href {
                        Some(href) => format!("<a href=\"{}\">{}</a>", shown(href), shown(&role.title)),
                        None => shown(&role.title),
                    })
                    .collect();
                roles.extend((line.more > 0).then(|| shown(&more(line.more))));
                // Whole sentences, such as *The role is new.*, go on with the roles.
                let words = line.html.trim_end_matches('.');
                html.push_str(&format!("<li>{words}{what}: {}</li>", roles.join(strings.get(const { text("comma") }))));
            }
            html.push_str("</ul>");
        }
        if view.more > 0 {
            html.push_str(&format!("<p>{}</p>", shown(&more(view.more))));
        }
        html
    }
}

/// The id of an entry (RFC 4151): the same for as long as the commit and the site's address are.
fn id_of(moment: &Moment, base: &str) -> String {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or(host).split(':').next().unwrap_or(host);
    format!("tag:{host},{}:/{path}changes/{}", date::of_seconds(moment.time), moment.commit)
}

/// `2026-11-22T14:03:05Z`.
fn moment_of(time: u64) -> String {
    let second = time % 86_400;
    format!("{}T{:02}:{:02}:{:02}Z", date::of_seconds(time), second / 3_600, second / 60 % 60, second % 60)
}

/// Text for XML: escaped, without the characters that it may not hold.
fn shown(text: &str) -> String {
    let is_allowed = |c: &char| !matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let mut out = String::with_capacity(text.len());
    escape_into(&text.chars().filter(is_allowed).collect::<String>(), &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_hold_neither_port_nor_password() {
        let moment = Moment { commit: "abc".into(), time: 86_400, edits: Vec::new(), more: 0 };
        assert_eq!(id_of(&moment, "https://me:x@example.org:8080/a/b/"), "tag:example.org,1970-01-02:/a/b/changes/abc");
    }

    #[test]
    fn moments_are_told_in_utc() {
        assert_eq!(moment_of(1_795_802_167), "2026-11-27T17:56:07Z");
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(shown("a\u{c}<b>\u{0} & \"c\"\n"), "a&lt;b&gt; &amp; &quot;c&quot;\n");
    }
}
