//! The text of a drawing (SVG) in, what in it may run or lead out of it out.
//!
//! What draws is on a list, and everything else is told: elements and namespaces that browsers know besides, handlers, addresses
//! of other files. A text that is not plain XML is told where it stops being so, since a browser may read on otherwise.

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

const HELP: &str = "a drawing is published if it only draws: export it as a plain SVG without scripts and links, or as PNG; if you trust it as \
you do a program, put it under static/";

/// Everything in a drawing that keeps it from being published.
pub(super) fn check(file: &SourceFile) -> Vec<Diagnostic> {
    let told = |(span, message): (Range<usize>, String)| Diagnostic::error("drawing-unsafe", Place::new(&file.path, span), message).help(HELP);
    faults(&file.text).into_iter().map(told).collect()
}

type Fault = (Range<usize>, String);

fn faults(text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    // How many style sheets are open: one may lie in another.
    let mut styles = 0_usize;
    let mut at = 0;
    while let Some(open) = text[at..].find('<').map(|i| at + i) {
        if styles > 0 {
            faults.extend(style(&text[at..open]).map(|message| (at..open, message)));
        }
        let rest = &text[open..];
        let end = |close: &str| rest.find(close).map(|i| open + i + close.len());
        let next = if rest.starts_with("<!--") {
            end("-->")
        } else if rest.starts_with("<![CDATA[") {
            end("]]>").inspect(|end| faults.extend(style(&text[open..*end]).filter(|_| styles > 0).map(|message| (open..*end, message))))
        } else if rest.starts_with("<!") {
            faults.push((open..open + 2, "a drawing may have no `<!DOCTYPE` and the like, by which text can stand for other text".to_owned()));
            end(">")
        } else if rest.starts_with("<?") {
            end("?>").inspect(|end| faults.extend(instruction(&text[open..*end]).map(|message| (open..*end, message))))
        } else if rest.starts_with("</") {
            let is_style = end(">").is_some_and(|end| text[open..end].trim_end_matches(['>', ' ', '\t', '\n']).ends_with("style"));
            styles = styles.saturating_sub(usize::from(is_style));
            end(">")
        } else {
            tag(text, open, &mut faults).map(|(end, is_style)| {
                styles += usize::from(is_style);
                end
            })
        };
        let Some(next) = next else {
            faults
                .push((open..open + 1, "this drawing cannot be read from here on: a `<` is never closed, or an attribute has no quotes".to_owned()));
            return faults;
        };
        at = next;
    }
    faults
}

/// What is wrong with an instruction to whoever reads the file: only the first line of XML is one that asks for nothing.
fn instruction(text: &str) -> Option<String> {
    let Some(rest) = text.strip_prefix("<?xml").filter(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace())) else {
        return Some("a drawing may have no instructions (`<?`), by which another file can be asked for".to_owned());
    };
    let lower = rest.to_ascii_lowercase();
    let is_utf8 = lower.split_once("encoding").is_none_or(|(_, name)| name.trim_start_matches([' ', '=', '"', '\'']).starts_with("utf-8"));
    (!is_utf8).then(|| "this drawing says that it is not UTF-8".to_owned())
}

/// Looks through the tag at `open`; gives its end, and whether a style sheet begins there.
fn tag(text: &str, open: usize, faults: &mut Vec<Fault>) -> Option<(usize, bool)> {
    let name_end = open + 1 + text[open + 1..].find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))?;
    let name = &text[open + 1..name_end];
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    // Elements of other prefixes are notes of drawing programs: their namespaces are looked at below, and mean nothing to browsers.
    if matches!(prefix, "" | "svg") && !ELEMENTS.contains(&local) && !local.starts_with("fe") {
        faults.push((open..name_end, format!("`<{name}>` is no part of a picture, and may run or load something")));
    }
    let mut at = name_end;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        if let Some(end) = ["/>", ">"].into_iter().find(|end| rest.starts_with(end)) {
            return Some((at + end.len(), local == "style" && end == ">"));
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
        faults.extend(attribute(name, unescape(value).trim()).map(|message| (at..end, message)));
        at = end;
    }
}

/// What is wrong with an attribute.
fn attribute(name: &str, value: &str) -> Option<String> {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let lower = local.to_ascii_lowercase();
    let leads_out = || !WITHIN.iter().any(|within| starts_with(value, within));
    if name == "xmlns" || prefix == "xmlns" {
        let is_foreign =
            FOREIGN.iter().any(|foreign| value.eq_ignore_ascii_case(foreign)) || (value == SVG && !matches!(name, "xmlns" | "xmlns:svg"));
        return is_foreign.then(|| format!("`{name}` brings in what is no part of a picture, and may run or load something"));
    }
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
    let lower = text.to_ascii_lowercase();
    let is_within = |rest: &str| WITHIN.iter().any(|within| rest.trim_start_matches([' ', '\t', '\n', '"', '\'']).starts_with(within));
    let says = |what: &str| Some(format!("a style leads out of the drawing, or may: it has `{what}`"));
    match () {
        () if text.contains('\\') && text.contains(['(', '@']) => says("\\"),
        () if lower.contains("@import") => says("@import"),
        () if lower.contains("image-set(") => says("image-set("),
        () if lower.split("url(").skip(1).any(|rest| !is_within(rest)) => says("url("),
        () => None,
    }
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
            "<!DOCTYPE svg>",
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
            "<g",
            "<use href='a.svg#b'/>",
            "<iframe/>",
            "<g xml:base='x'/>",
            "<image src='x'/>",
            "<image href='data:image/svg+xml,x'/>",
            "<g\u{a0}onload='x'>",
            "<g a onload='x'>",
            "<style><g/>@import 'x'</style>",
            "<style><style></style>@import 'x'</style>",
        ];
        for drawing in drawings {
            assert_ne!(faults(drawing), [], "{drawing}");
        }
    }
}
