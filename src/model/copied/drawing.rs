//! The text of a drawing (SVG) in, what in it may run or lead out of it out.
//!
//! What draws is on a list, and everything else is told: elements and namespaces that browsers know besides, handlers, addresses
//! of other files. A text that is not plain XML is told where it stops being so, since a browser may read on otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Place};
use crate::markdown::html::unescape;
use crate::source::SourceFile;

/// The elements that draw, describe or move; those whose name begins with `fe` are filters, and draw, too.
const ELEMENTS: [&str; 57] = [
    "a",
    "animate",
    "animateMotion",
    "animateTransform",
    "circle",
    "clipPath",
    "cursor",
    "defs",
    "desc",
    "discard",
    "ellipse",
    "filter",
    "flowPara",
    "flowRegion",
    "flowRoot",
    "flowSpan",
    "font",
    "font-face",
    "font-face-format",
    "font-face-name",
    "font-face-src",
    "g",
    "glyph",
    "hatch",
    "hatchpath",
    "hkern",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "mesh",
    "meshgradient",
    "meshpatch",
    "meshrow",
    "metadata",
    "missing-glyph",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "set",
    "solidcolor",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];
/// What drawings are made of.
const SVG: &str = "http://www.w3.org/2000/svg";
/// Others of which browsers make more than a drawing.
const FOREIGN: [&str; 2] = ["http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/math/mathml"];
/// Pictures and fonts that stand in the drawing itself.
const WITHIN: [&str; 7] = ["#", "data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp", "data:font/"];

const HELP: &str = "a drawing is published if it only draws: export it as a plain SVG without scripts, or as PNG; if you trust it as you do a \
program, put it under static/";

/// How the text may be written: in all of these a byte below 128 is the same character, and no other byte is part of a tag.
const ENCODINGS: [&str; 4] = ["utf-8", "utf8", "us-ascii", "iso-8859-1"];
/// The most findings of one drawing: the first keeps it from being published, and nobody reads hundreds.
const MOST: usize = 20;

/// Everything in a drawing that keeps it from being published, up to [`MOST`].
pub(super) fn check(file: &SourceFile) -> Vec<Diagnostic> {
    faults(&file.text).into_iter().map(|(span, message)| told(Place::new(&file.path, span), &message)).collect()
}

/// The finding for a drawing that is not published.
pub(super) fn told(place: Place, why: &str) -> Diagnostic {
    Diagnostic::warning("drawing-unsafe", place, format!("this drawing is not published: {why}")).help(HELP)
}

type Fault = (Range<usize>, String);

/// What was seen on the way through a drawing.
#[derive(Default)]
struct Look<'t> {
    faults: Vec<Fault>,
    /// Whether there are more.
    more: bool,
    /// Where the open style sheet begins, and its text so far, which comments and the like may divide.
    sheet: Option<(usize, String)>,
    /// By prefix the first element, and the first of a name that no drawing has.
    elements: BTreeMap<&'t str, (Range<usize>, Option<Range<usize>>)>,
    /// The prefixes that stand for SVG, but for the usual one.
    drawing: BTreeSet<&'t str>,
    /// Those that stand for what is no drawing.
    foreign: BTreeSet<&'t str>,
}

fn faults(text: &str) -> Vec<Fault> {
    let mut look = Look::default();
    let mut at = 0;
    while let Some(open) = text[at..].find('<').map(|i| at + i) {
        look.characters(text, at..open);
        let Some(next) = look.markup(text, open) else {
            look.tell(open..open + 1, "it cannot be read from here on: a `<` is never closed, or an attribute has no quotes");
            at = text.len();
            break;
        };
        at = next;
        if look.more {
            break;
        }
    }
    look.characters(text, at..text.len());
    look.close_sheet(text.len());
    look.check_prefixes();
    look.faults.sort_by_key(|(span, _)| span.start);
    if let Some((_, last)) = look.faults.last_mut().filter(|_| look.more) {
        last.push_str("; and there is more of that further down");
    }
    look.faults
}

impl<'t> Look<'t> {
    fn tell(&mut self, span: Range<usize>, message: impl Into<String>) {
        match self.faults.len() < MOST {
            true => self.faults.push((span, message.into())),
            false => self.more = true,
        }
    }

    /// Takes text between tags, which matters in style sheets alone.
    fn characters(&mut self, text: &str, span: Range<usize>) {
        let Some((_, sheet)) = &mut self.sheet else { return };
        sheet.push_str(&unescape(&text[span.clone()]));
        if has_entity(&text[span.clone()]) {
            self.tell(span, ENTITY);
        }
    }

    /// Looks through what begins at `open` with `<`; gives its end.
    fn markup(&mut self, text: &'t str, open: usize) -> Option<usize> {
        let rest = &text[open..];
        let end = |close: &str| rest.find(close).map(|i| open + i + close.len());
        if let Some(inner) = rest.strip_prefix("<!--") {
            // What opens it is no part of what closes it: `<!-->` is an open comment.
            return inner.find("-->").map(|i| open + "<!---->".len() + i);
        }
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            let end = end("]]>")?;
            if let Some((_, sheet)) = &mut self.sheet {
                sheet.push_str(&inner[..end - open - "<![CDATA[]]>".len()]);
            }
            return Some(end);
        }
        if rest.starts_with("<!") {
            if !rest.find(['>', '[']).is_some_and(|end| rest[end..].starts_with('>') && is_of_svg(&rest[..end])) {
                self.tell(open..open + 2, "a `<!` other than the `<!DOCTYPE` of SVG itself can make text stand for other text");
            }
            return end(">");
        }
        if let Some(inner) = rest.strip_prefix("<?") {
            let inner = inner.split_once("?>")?.0;
            let end = open + "<??>".len() + inner.len();
            if !inner.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                return None;
            }
            if let Some(message) = instruction(inner) {
                self.tell(open..end, message);
            }
            return Some(end);
        }
        if rest.starts_with("</") {
            self.close_sheet(open);
            return end(">");
        }
        self.tag(text, open)
    }

    /// Looks through the tag at `open`; gives its end.
    fn tag(&mut self, text: &'t str, open: usize) -> Option<usize> {
        let name_end = open + 1 + text[open + 1..].find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))?;
        let name = &text[open + 1..name_end];
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        self.element(open..name_end, prefix, local);
        let mut at = name_end;
        loop {
            at += text[at..].len() - text[at..].trim_start().len();
            let rest = &text[at..];
            if let Some(end) = ["/>", ">"].into_iter().find(|end| rest.starts_with(end)) {
                if local == "style" && end == ">" && self.sheet.is_none() {
                    self.sheet = Some((at + 1, String::new()));
                }
                return Some(at + end.len());
            }
            let (name, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let value = &after[1..1 + after[1..].find(quote)?];
            let end = text.len() - after.len() + value.len() + 2;
            let name = name.trim_end();
            if name.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'')) || value.contains('<') {
                return None;
            }
            if let Some(message) = self.attribute(local, name, value) {
                self.tell(at..end, message);
            }
            at = end;
        }
    }

    /// Notes an element, whose name is at `span`.
    fn element(&mut self, span: Range<usize>, prefix: &'t str, local: &str) {
        if self.sheet.is_some() {
            self.tell(span.clone(), "an element stands in a style sheet");
        }
        let is_strange = !ELEMENTS.contains(&local) && !local.starts_with("fe");
        if is_strange && matches!(prefix, "" | "svg") {
            let colon = if prefix.is_empty() { "" } else { ":" };
            self.tell(span.clone(), no_part(&format!("<{prefix}{colon}{local}>")));
        }
        // Elements of other prefixes are notes of drawing programs, and mean nothing to browsers unless their namespace does.
        let (_, strange) = self.elements.entry(prefix).or_insert_with(|| (span.clone(), None));
        if is_strange && strange.is_none() {
            *strange = Some(span);
        }
    }

    /// What is wrong with an attribute of an element; notes what its prefix stands for.
    fn attribute(&mut self, element: &str, name: &'t str, written: &str) -> Option<String> {
        if has_entity(written) {
            return Some(ENTITY.to_owned());
        }
        let value = unescape(written);
        let value = value.trim();
        let is_foreign = FOREIGN.iter().any(|foreign| value.eq_ignore_ascii_case(foreign));
        if let Some(prefix) = name.strip_prefix("xmlns:") {
            if is_foreign {
                self.foreign.insert(prefix);
            }
            if value == SVG && prefix != "svg" {
                self.drawing.insert(prefix);
            }
            return None;
        }
        if name == "xmlns" {
            return is_foreign.then(|| no_part(name));
        }
        wrong_with(element, name, value)
    }

    /// Tells elements that their prefix makes more than a note.
    fn check_prefixes(&mut self) {
        for (prefix, (first, strange)) in std::mem::take(&mut self.elements) {
            let span = if self.foreign.contains(prefix) { Some(first) } else { strange.filter(|_| self.drawing.contains(prefix)) };
            if let Some(span) = span {
                self.tell(span, no_part(&format!("xmlns:{prefix}")));
            }
        }
    }

    /// Looks through the style sheet that ends at `end`, if one is open.
    fn close_sheet(&mut self, end: usize) {
        if let Some((start, message)) = self.sheet.take().and_then(|(start, sheet)| Some((start, style(&sheet)?))) {
            self.tell(start..end, message);
        }
    }
}

const ENTITY: &str = "it has a `&` of its own, which may stand for any text";

fn no_part(what: &str) -> String {
    format!("`{what}` is no part of a picture, and may run or load something")
}

/// Whether a text has names for text, such as `&nbsp;`, other than the five that every XML knows.
fn has_entity(text: &str) -> bool {
    let is_known = |name: &str| name.starts_with('#') || ["amp", "lt", "gt", "quot", "apos"].contains(&name);
    text.split('&').skip(1).any(|rest| !rest.split_once(';').is_some_and(|(name, _)| is_known(name)))
}

/// Whether a declaration, without its `>`, is that of SVG, which browsers know and do not load.
fn is_of_svg(declaration: &str) -> bool {
    let Some(rest) = declaration.strip_prefix("<!DOCTYPE").and_then(|rest| rest.trim().strip_prefix("svg")) else { return false };
    let Some(quoted) = rest.trim().strip_prefix("PUBLIC") else { return rest.trim().is_empty() };
    let parts: Vec<&str> = quoted.split('"').map(str::trim).collect();
    matches!(parts[..], ["", public, "", _, ""] if public.starts_with("-//W3C//DTD SVG"))
}

/// What is wrong with an instruction to whoever reads the file: of those that browsers know, one alone asks for nothing.
fn instruction(text: &str) -> Option<String> {
    let name = text.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
    if !starts_with(name, "xml") {
        return None;
    }
    if name != "xml" {
        return Some(format!("`<?{name}` can ask for another file"));
    }
    let lower = text.to_ascii_lowercase();
    let encoding = lower.split_once("encoding").map(|(_, rest)| rest.trim_start_matches([' ', '\t', '\n', '=', '"', '\'']));
    let is_known = encoding.is_none_or(|rest| ENCODINGS.iter().any(|known| rest.split(['"', '\'']).next() == Some(known)));
    (!is_known).then(|| "it says that it is not UTF-8".to_owned())
}

/// What is wrong with an attribute of an element that is no namespace.
fn wrong_with(element: &str, name: &str, value: &str) -> Option<String> {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let lower = local.to_ascii_lowercase();
    let is_link = || element == "a" && ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| starts_with(value, scheme));
    let leads_out = || !WITHIN.iter().any(|within| starts_with(value, within)) && !is_link();
    if lower.starts_with("on") {
        return Some(format!("`{name}` runs something"));
    }
    if matches!(lower.as_str(), "href" | "src") && leads_out() || name == "xml:base" {
        return Some(format!("`{name}` leads out of the drawing"));
    }
    if lower == "attributename" && (value.to_ascii_lowercase().ends_with("href") || starts_with(value, "on")) {
        return Some(format!("`{name}` changes where something leads, or what it runs"));
    }
    if value.contains(':')
        && value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect::<String>().to_ascii_lowercase().contains("javascript:")
    {
        return Some(format!("`{name}` runs something"));
    }
    style(value).filter(|_| prefix.is_empty())
}

/// What is wrong with a text that may be read as a style.
fn style(text: &str) -> Option<String> {
    let lower = without_escapes(text).to_ascii_lowercase();
    let is_within = |rest: &str| WITHIN.iter().any(|within| rest.trim_start_matches([' ', '\t', '\n', '"', '\'']).starts_with(within));
    let says = |what: &str| Some(format!("a style leads out of the drawing: it has `{what}`"));
    match () {
        () if lower.contains("@import") => says("@import"),
        () if lower.contains("image-set(") => says("image-set("),
        () if lower.split("url(").skip(1).any(|rest| !is_within(rest)) => says("url("),
        () => None,
    }
}

/// A style with its escapes read: `\72`, `\000072` and `\r` are an `r`.
fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let number = u32::from_str_radix(&after[..digits], 16).ok();
        let escaped = number.map_or_else(|| after.chars().next(), |number| Some(char::from_u32(number).unwrap_or('\u{fffd}')));
        out.extend(escaped);
        rest = match number {
            Some(_) => {
                after[digits..].strip_prefix("\r\n").or_else(|| after[digits..].strip_prefix([' ', '\t', '\n', '\r'])).unwrap_or(&after[digits..])
            }
            None => &after[escaped.map_or(0, char::len_utf8)..],
        };
    }
    out.push_str(rest);
    out
}

/// Whether a text begins with another, in whatever case.
fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|first| first.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn what_only_draws_is_let_through() {
        let drawings = [
            r##"<?xml version="1.0" encoding="UTF-8" standalone="no"?><!-- <script> --><svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>"##,
            r##"<svg xmlns:svg="http://www.w3.org/2000/svg"><svg:g fill="url(#a)" style='clip-path: url("#b")'/><use xlink:href="#a"/></svg>"##,
            r##"<svg><style>.a{fill:url( '#b' )}</style><style><![CDATA[.a > .b {fill:red}]]></style><text>onclick=javascript: url(x) &lt;script&gt;</text></svg>"##,
            r##"<svg xmlns:inkscape="http://www.inkscape.org/x" inkscape:file="C:\a (1)\b.png"><inkscape:view/><image href="data:image/png;base64,AA=="/></svg>"##,
            r##"<svg><filter><feBlend/></filter><animate attributeName="x" values="0;1"/></svg>"##,
            r##"<?xml version="1.0" encoding='us-ascii'?><?plantuml 1.2?><?xpacket begin=""?><!DOCTYPE svg><svg/>"##,
            "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\"\n \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<svg/>",
            r##"<svg><a href="https://example.org/?a=1&amp;b=2"/><a xlink:href="mailto:a@example.org"/></svg>"##,
            r##"<svg><style>.a:before{content:"\201C";width:calc(1px)} .b{fill:u\72l(#a)}</style></svg>"##,
            r##"<svg xmlns:html="http://www.w3.org/1999/xhtml" xmlns:ns0="http://www.w3.org/2000/svg"><ns0:g/></svg>"##,
        ];
        for drawing in drawings {
            assert_eq!(faults(drawing), [], "{drawing}");
        }
    }

    #[test]
    fn whatever_runs_or_leads_out_is_told() {
        let drawings = [
            "<svg><script>x</script></svg>",
            "<svg><script href='#a'/></svg>",
            "<svg:script>",
            "<svg onload='x'>",
            "<svg ONLOAD = \"x\">",
            "<svg><foreignObject/></svg>",
            "<a href='x.html'>",
            "<a xlink:href='java&#115;cript:x'>",
            "<a x:href=' JavaScript:x'>",
            "<image href='//x/y.png'>",
            "<set attributeName='href' to='x'>",
            "<set attributeName='xlink:href' to='x'>",
            "<animate values='java\tscript:x'>",
            "<x:g xmlns:x='http://www.w3.org/1999/xhtml'>",
            "<x:script xmlns:x='http://www.w3.org/2000/svg'>",
            "<x:script xmlns:x='http://www.w3.org/2000/&#115;vg'>",
            "<!DOCTYPE svg [<!ENTITY a 'b'>]>",
            "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\" [<!ENTITY a 'b'>]>",
            "<!DOCTYPE svg SYSTEM \"x> \" [<!ENTITY a 'b'>]>",
            "<!DOCTYPE svg PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"x\">",
            "<!ENTITY a 'b'>",
            "<a href='java&x;script:y'>",
            "<a href='https:x'>",
            "<image href='https://x/y.png'/>",
            "<?xml-stylesheet href='x'?>",
            "<?xml version='1.0' encoding='utf-7'?>",
            "<g fill='url(http://x)'>",
            "<g style='fill:u\\72l(x)'>",
            "<style>@import 'x'</style>",
            "<style><![CDATA[@import 'x']]></style>",
            "<style><!-- -->@import 'x'</style>",
            "<g a=b>",
            "<g a='b>",
            "<g a>",
            "<!-- x",
            "<!--><![CDATA[ --><script/>]]>",
            "<!--><?x --><script/>?>",
            "<?>",
            "<?><script/>?>",
            "<g",
            "<use href='a.svg#b'/>",
            "<iframe/>",
            "<g xml:base='x'/>",
            "<image src='x'/>",
            "<image href='data:image/svg+xml,x'/>",
            "<g\u{a0}onload='x'>",
            "<g a onload='x'>",
            "<g style='fill:u\\000072l(x)'>",
            "<g style='fill:\\u\\72&#10;l(x)'>",
            "<style>@im<g/>port 'x'</style>",
            "<style>@im<!-- -->port 'x'</style>",
            "<style>@im<![CDATA[port 'x']]></style>",
            "<style>@im<?a?>port 'x'</style>",
            "<style>@im&#112;ort 'x'</style>",
            "<style>@im&p;ort 'x'</style>",
            "<style>@import 'x'",
            "<html:p xmlns:html='http://www.w3.org/1999/xhtml'/>",
            "<svg:p xmlns:svg='http://www.w3.org/1999/xhtml'/>",
            "<style><g/>@import 'x'</style>",
            "<style><style></style>@import 'x'</style>",
        ];
        for drawing in drawings {
            assert_ne!(faults(drawing), [], "{drawing}");
        }
    }

    #[test]
    fn of_many_faults_the_first_are_told() {
        let many = [&"<g onload='x'/>".repeat(400_000), &format!("<g {}/>", "onload='x' ".repeat(400_000))];
        for drawing in many {
            let faults = faults(drawing);
            assert_eq!(faults.len(), super::MOST);
            assert!(faults[super::MOST - 1].1.ends_with("further down"));
        }
    }
}
