//! Pieces of Markdown from several files in, the same with the footnotes of all of them gathered and numbered through out.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::options;

/// The footnotes of a text that is put together: two files may give one name to different notes.
#[derive(Debug, Default)]
pub struct Notes {
    /// The numbers, from 1, by file and by the note as written.
    numbers: HashMap<(usize, String), usize>,
    /// The notes as they stand below the text, in the order of their numbers.
    written: Vec<String>,
}

/// Where footnotes and the marks that refer to them stand in a piece.
struct Found<'t> {
    text: &'t str,
    /// Name and place of each mark, in order.
    marks: Vec<(Box<str>, Range<usize>)>,
    /// The places of the notes, in order.
    notes: Vec<Range<usize>>,
    /// The note of a name: the first one counts.
    by_name: HashMap<Box<str>, Range<usize>>,
}

impl Notes {
    /// A piece of a file without the footnotes in it, which are kept, and with their numbers for their names.
    pub fn gather(&mut self, file: usize, markdown: &str) -> String {
        if !markdown.contains("[^") {
            return markdown.to_owned();
        }
        let found = Found::of(markdown);
        let mut open = Vec::new();
        let mut out = String::with_capacity(markdown.len());
        let starts = found.notes.iter().map(|note| note.end);
        let ends = found.notes.iter().map(|note| note.start).chain([markdown.len()]);
        for (start, end) in [0].into_iter().chain(starts).zip(ends) {
            out.push_str(&self.numbered(file, &found, start..end, &mut open));
        }
        // A note may refer to another one.
        while let Some((number, note)) = open.pop() {
            let text = self.numbered(file, &found, note, &mut open);
            let words = text.split_once("]:").map_or("", |(_, words)| words.trim_end());
            self.written[number - 1] = format!("[^{number}]:{words}");
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// A part of a piece with numbers for names; notes that are met for the first time are left to be written.
    fn numbered(&mut self, file: usize, found: &Found<'_>, part: Range<usize>, open: &mut Vec<(usize, Range<usize>)>) -> String {
        let first = found.marks.partition_point(|(_, mark)| mark.start < part.start);
        let (mut out, mut done) = (String::new(), part.start);
        for (name, mark) in found.marks[first..].iter().take_while(|(_, mark)| mark.end <= part.end) {
            let Some(note) = found.by_name.get(name) else { continue };
            let next = self.written.len() + 1;
            let number = *self.numbers.entry((file, found.text[note.clone()].to_owned())).or_insert(next);
            if number == next {
                self.written.push(String::new());
                open.push((number, note.clone()));
            }
            out.push_str(&found.text[done..mark.start]);
            out.push_str(&format!("[^{number}]"));
            done = mark.end;
        }
        out + &found.text[done..part.end]
    }

    /// The notes, to be written below everything; none where nothing refers to any.
    pub fn below(&self) -> Option<String> {
        (!self.written.is_empty()).then(|| self.written.join("\n\n"))
    }
}

impl<'t> Found<'t> {
    fn of(text: &'t str) -> Self {
        let mut found = Found { text, marks: Vec::new(), notes: Vec::new(), by_name: HashMap::new() };
        for (event, span) in Parser::new_ext(text, options()).into_offset_iter() {
            match event {
                Event::FootnoteReference(name) => found.marks.push(((*name).into(), span)),
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    found.notes.push(span.clone());
                    found.by_name.entry((*name).into()).or_insert(span);
                }
                _ => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Notes;

    #[test]
    fn notes_of_several_files_are_numbered_through() {
        let mut notes = Notes::default();
        assert_eq!(notes.gather(0, "Law[^b] and[^a].\n\n[^a]: See[^b].\n\n[^b]: Or *equal*.\n\n    More."), "Law[^1] and[^2].");
        assert_eq!(notes.gather(1, "Other[^b], none[^c].\n\n[^b]: Quite other."), "Other[^3], none[^c].");
        assert_eq!(notes.gather(0, "Again[^b].\n\n[^b]: Or *equal*.\n\n    More."), "Again[^1].");
        assert_eq!(notes.below().as_deref(), Some("[^1]: Or *equal*.\n\n    More.\n\n[^2]: See[^1].\n\n[^3]: Quite other."));
    }
}
