//! What a page is, for machines: a view in, JSON-LD out, escaped so that it can stand in a `<script>`.

use super::frame::PageView;
use super::role::RolePage;
use super::{Page, SectionView};
use crate::render::url;

/// The way to a page as a schema.org `BreadcrumbList`.
pub fn breadcrumb(page: &Page<'_>, about: &PageView) -> String {
    let mut out = String::with_capacity(160 + about.crumbs.len() * 120);
    out.push_str("{\"@context\":\"https://schema.org\",");
    push_breadcrumb(page, about, &mut out);
    out.push('}');
    out
}

/// A role as a schema.org `Occupation`, with the way to its page. It is no `JobPosting`: nobody may be hiring.
pub fn occupation(page: &Page<'_>, view: &RolePage) -> String {
    let about = &view.frame.page;
    let mut out = String::with_capacity(4096);
    out.push_str("{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"Occupation\",\"name\":");
    push_text(&about.title, &mut out);
    if !about.description.is_empty() {
        out.push_str(",\"description\":");
        push_text(&about.description, &mut out);
    }
    out.push_str(",\"url\":");
    push_text(&address(page, &page.file), &mut out);
    for (property, section) in [("responsibilities", "responsibilities"), ("skills", "requirements")] {
        if let Some(section) = view.sections.iter().find(|s| s.id == section) {
            push_items(property, section, &mut out);
        }
    }
    out.push_str("},{");
    push_breadcrumb(page, about, &mut out);
    out.push_str("}]}");
    out
}

fn push_breadcrumb(page: &Page<'_>, about: &PageView, out: &mut String) {
    out.push_str("\"@type\":\"BreadcrumbList\",\"itemListElement\":[");
    let above = about.crumbs.iter().map(|c| (c.title.as_str(), c.href.as_deref()));
    for (i, (title, href)) in above.chain([(about.title.as_str(), None)]).enumerate() {
        if i > 0 {
            out.push(',');
        }
        out.push_str("{\"@type\":\"ListItem\",\"position\":");
        out.push_str(&(i + 1).to_string());
        out.push_str(",\"name\":");
        push_text(title, out);
        if let Some(href) = href {
            out.push_str(",\"item\":");
            push_text(&published(page, href), out);
        }
        out.push('}');
    }
    out.push(']');
}

/// The address of a file of the output: whole where the base URL is known, else as seen from the page.
fn address(page: &Page<'_>, file: &str) -> String {
    page.site.base_url.as_ref().map_or_else(|| page.href(file), |base| url::absolute(base, file))
}

/// A link of the page as it is published.
fn published(page: &Page<'_>, href: &str) -> String {
    let Some(base) = &page.site.base_url else { return href.to_owned() };
    let mut folders: Vec<&str> = page.file.split('/').collect();
    folders.pop();
    let mut rest = href;
    while let Some(above) = rest.strip_prefix("../") {
        folders.pop();
        rest = above;
    }
    folders.push(rest.strip_suffix("index.html").unwrap_or(rest));
    format!("{base}{}", folders.join("/"))
}

/// The items of a section by their labels, or by their words where they have none.
fn push_items(property: &str, section: &SectionView, out: &mut String) {
    let items: Vec<&str> = section.parts.iter().flat_map(|p| &p.items).map(|item| head(&item.html)).filter(|h| !h.is_empty()).collect();
    if items.is_empty() {
        return;
    }
    out.push_str(",\"");
    out.push_str(property);
    out.push_str("\":[");
    for (i, html) in items.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        push_text(&without_tags(html), out);
    }
    out.push(']');
}

/// The label of an item as HTML, or all of it.
fn head(html: &str) -> &str {
    html.strip_prefix("<strong>").and_then(|rest| rest.split("</strong>").next()).map_or(html, |label| label.trim_end_matches(['.', ':']))
}

fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            '\n' if !inside => out.push(' '),
            c if !inside => out.push(c),
            _ => {}
        }
    }
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(out, |text, (name, c)| if text.contains('&') { text.replace(name, c) } else { text })
}

/// Text as JSON; `<`, `>` and `&` are escaped too, so that nothing in it ends the script or opens a comment in it.
fn push_text(text: &str, out: &mut String) {
    out.push('"');
    if text.bytes().all(|b| !matches!(b, b'"' | b'\\' | b'<' | b'>' | b'&' | 0..0x20 | 0x80..)) {
        out.push_str(text);
    } else {
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..'\u{20}' => out.push_str(&format!("\\u{:04x}", c as u32)),
                c => out.push(c),
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_the_script() {
        let mut out = String::new();
        push_text("a</script><!-- \"b\" \\ & \n", &mut out);
        assert_eq!(out, "\"a\\u003c/script\\u003e\\u003c!-- \\\"b\\\" \\\\ \\u0026 \\u000a\"");
        let read: String = serde_json::from_str(&out).expect("it is JSON");
        assert_eq!(read, "a</script><!-- \"b\" \\ & \n");
    }

    #[test]
    fn an_item_is_told_by_its_label() {
        assert_eq!(head("<strong>Data.</strong> Keeps it."), "Data");
        assert_eq!(without_tags("Keeps <em>R&amp;D</em>\ngoing"), "Keeps R&D going");
    }
}
