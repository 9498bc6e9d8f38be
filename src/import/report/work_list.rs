//! A report in, a work list for people out: totals, page by page what is left and what was guessed, and once what was guessed in the
//! same way on many pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Detail, Note, PageReport, Report, Verdict, word};
use crate::import::Labels;
use crate::import::label::Proposal;

/// A guess that stands on this many pages is told once.
const MANY: usize = 5;
/// So many places are named of what is told once.
const FEW: usize = 3;
/// What the rows of the totals begin with; the others follow by name.
const FIRST: [&str; 7] = ["role", "grade", "extends", "extends_any", "track", "reports_to", "specialty"];

/// What a guess is about, why it is likely, and percent.
type Guess<'a> = (&'a str, &'a str, u8);

/// The report for people.
pub fn text(report: &Report, detail: Detail) -> String {
    let mut out = String::new();
    write_totals(report, detail, &mut out);
    let common = if detail == Detail::All { BTreeMap::new() } else { common(report) };
    for page in &report.pages {
        match detail {
            Detail::All => write_whole(report, page, &mut out),
            Detail::Usual => write_open(report, page, &common, &mut out),
        }
    }
    for (file, reason) in &report.unread {
        let _ = writeln!(out, "\n{}\n  left     not read: {reason}", report.name(file));
    }
    write_common(report, &common, &mut out);
    write_labels(report, detail, &mut out);
    out
}

fn write_totals(report: &Report, detail: Detail, out: &mut String) {
    let (pages, families, roles) = report.counts();
    let plain = match pages - families {
        0 => String::new(),
        n => format!(", {}", counted(n, "plain page")),
    };
    let _ = writeln!(out, "{}: {} with {}{plain}", counted(pages, "page"), counted(families, "family"), counted(roles, "role"));
    let mut rows: BTreeMap<(usize, &str), [usize; 3]> = BTreeMap::new();
    let mut add = |what, column: usize| {
        let rank = FIRST.iter().position(|first| *first == what).unwrap_or(FIRST.len());
        rows.entry((rank, what)).or_default()[column] += 1;
    };
    let (mut consumed, mut edited) = (0, 0);
    for note in report.pages.iter().flat_map(|p| &p.notes) {
        match note.verdict {
            Verdict::Understood => add(note.what, 0),
            Verdict::Guessed(..) => add(note.what, 1),
            Verdict::Left(_) => add(note.what, 2),
            Verdict::Consumed(_) => consumed += 1,
            Verdict::Edited(_) => edited += 1,
        }
    }
    report.unread.iter().for_each(|_| add("file", 2));
    if !rows.is_empty() {
        let _ = writeln!(out, "\n  {:<14} understood  guessed  left", "");
    }
    for ((_, what), [understood, guessed, left]) in rows {
        let _ = writeln!(out, "  {what:<14} {understood:>10} {guessed:>8} {left:>5}");
    }
    if consumed + edited > 0 {
        let more = if detail == Detail::All { "" } else { "; `-v` lists all of it" };
        let _ = writeln!(out, "\n{} taken into fields, {edited} rewritten, the others as they were{more}", counted(consumed, "line"));
    }
}

/// The guesses that stand on many pages: the places of each, as numbers of pages and notes.
fn common(report: &Report) -> BTreeMap<Guess<'_>, Vec<(&PageReport, &Note)>> {
    let mut guesses: BTreeMap<Guess, Vec<(&PageReport, &Note)>> = BTreeMap::new();
    for page in &report.pages {
        for note in &page.notes {
            if let Some(guess) = guess(note) {
                guesses.entry(guess).or_default().push((page, note));
            }
        }
    }
    guesses.retain(|_, places| places.iter().map(|(page, _)| &page.source).collect::<BTreeSet<_>>().len() >= MANY);
    guesses
}

fn guess(note: &Note) -> Option<Guess<'_>> {
    if let Verdict::Guessed(reason, sure) = &note.verdict { Some((note.what, reason, *sure)) } else { None }
}

/// A page with what a person has to look at, if anything; that no role was found is worth a look, too.
fn write_open(report: &Report, page: &PageReport, common: &BTreeMap<Guess, Vec<(&PageReport, &Note)>>, out: &mut String) {
    let left: Vec<(&Note, &str)> =
        page.notes.iter().filter_map(|n| if let Verdict::Left(why) = &n.verdict { Some((n, &**why)) } else { None }).collect();
    let mut guessed: Vec<(Guess, Vec<&Note>)> = Vec::new();
    for (note, guess) in page.notes.iter().filter_map(|n| Some((n, guess(n)?))).filter(|(_, guess)| !common.contains_key(guess)) {
        match guessed.iter_mut().find(|(known, _)| *known == guess) {
            Some((_, notes)) => notes.push(note),
            None => guessed.push((guess, vec![note])),
        }
    }
    if left.is_empty() && guessed.is_empty() && page.kind != "page" {
        return;
    }
    let _ = writeln!(out, "\n{} ({})", report.name(&page.source), holds(page));
    for (note, why) in left {
        let _ = writeln!(out, "  left     line {}: {}: {} ({why})", note.line, note.what, short(&note.text, 90));
    }
    for ((what, why, sure), notes) in guessed {
        let texts: Vec<&str> = notes.iter().map(|n| &*n.text).collect();
        let times = if notes.len() == 1 { String::new() } else { format!(", {} times", notes.len()) };
        let _ = writeln!(out, "  guessed  {}: {what}{times}: {} ({why}; {sure} % sure)", lines(&notes), short(&texts.join("; "), 120));
    }
}

fn lines(notes: &[&Note]) -> String {
    let lines: BTreeSet<usize> = notes.iter().map(|n| n.line).collect();
    let shown: Vec<String> = lines.iter().map(usize::to_string).collect();
    format!("line{} {}", if shown.len() == 1 { "" } else { "s" }, shown.join(", "))
}

/// A page with all that became of its lines: what is left comes first, then what was guessed.
fn write_whole(report: &Report, page: &PageReport, out: &mut String) {
    let _ = writeln!(out, "\n{} -> {} ({})", report.name(&page.source), page.file, holds(page));
    let rank = |note: &&Note| match note.verdict {
        Verdict::Left(_) => 0,
        Verdict::Guessed(..) => 1,
        Verdict::Understood => 2,
        Verdict::Consumed(_) => 3,
        Verdict::Edited(_) => 4,
    };
    let mut notes: Vec<&Note> = page.notes.iter().collect();
    notes.sort_by_key(rank);
    for note in notes {
        let tail = match &note.verdict {
            Verdict::Understood => String::new(),
            Verdict::Guessed(reason, sure) => format!(" ({reason}; {sure} % sure)"),
            Verdict::Left(reason) => format!(" ({reason})"),
            Verdict::Consumed(field) => format!(" -> {field}"),
            Verdict::Edited(new) => format!(" -> {new}"),
        };
        let _ = writeln!(out, "  {:<11} line {}: {}: {}{tail}", word(&note.verdict), note.line, note.what, on_one_line(&note.text));
    }
}

fn write_common(report: &Report, common: &BTreeMap<Guess, Vec<(&PageReport, &Note)>>, out: &mut String) {
    let mut common: Vec<_> = common.iter().collect();
    common.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    if !common.is_empty() {
        out.push_str("\nGuessed in the same way on many pages; `-v` lists all of them:\n");
    }
    for ((what, why, sure), places) in common {
        let _ = writeln!(out, "\n  {what}, {} times: {why}; {sure} % sure", places.len());
        for (page, note) in places.iter().take(FEW) {
            let _ = writeln!(out, "    {}:{}: {}", report.name(&page.source), note.line, short(&note.text, 90));
        }
        let _ = writeln!(out, "    and {} more", places.len() - FEW);
    }
}

/// The labels, with what stands below each where they were written or everything is asked for, else each on a line.
fn write_labels(report: &Report, detail: Detail, out: &mut String) {
    let with_items = detail == Detail::All || report.is_labelled == Labels::Written;
    if !report.labels.is_empty() {
        let all = counted(report.labels.len(), "label");
        let _ = match report.is_labelled {
            Labels::Written => writeln!(out, "\n{all} written, under which higher levels replace what they restate:"),
            Labels::Listed if with_items => writeln!(out, "\n{all} proposed, under which higher levels would replace what they restate:"),
            Labels::Listed => writeln!(
                out,
                "\n{all} proposed, under which higher levels would replace what they restate; `-v` shows the words, `--label` writes them into the pages:"
            ),
        };
    }
    for of_page in report.labels.chunk_by(|a, b| a.source == b.source) {
        if !with_items {
            let _ = writeln!(out, "\n{}", report.name(&of_page[0].source));
        }
        for Proposal { source, label, section, items, likeness } in of_page {
            if with_items {
                let _ = writeln!(out, "\n  **{label}.**  {section}, {likeness} % alike, {}", report.name(source));
                for (line, title, text) in items {
                    let _ = writeln!(out, "    line {line}: {title}: {}", short(text, 120));
                }
            } else {
                let lines: Vec<String> = items.iter().map(|(line, ..)| line.to_string()).collect();
                let _ = writeln!(out, "  **{label}.**  {section}, {likeness} % alike, lines {}", lines.join(", "));
            }
        }
    }
}

fn holds(page: &PageReport) -> String {
    match (page.kind, page.specialties.len()) {
        ("page", _) => "no roles found: a plain page".to_owned(),
        (_, 0) => counted(page.roles.len(), "role"),
        (_, specialties) => format!("{}, {}", counted(page.roles.len(), "role"), counted(specialties, "specialty")),
    }
}

fn counted(n: usize, what: &str) -> String {
    match (n, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{n} {stem}ies"),
        _ => format!("{n} {what}s"),
    }
}

/// The first characters of a text, on one line.
fn short(text: &str, length: usize) -> String {
    let mut out: String = text.chars().take(length).collect();
    if out.len() < text.len() {
        out.push('\u{2026}');
    }
    on_one_line(&out)
}

fn on_one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}
