//! Dialect, records and types of text: three bytes say what the caller asks for and how it is read.

use lakebook_engine::{Asked, Format, Mark, Options};

use super::same::{same, twice};
use super::table::{Table, made};

/// Sizes of blocks whose edges fall anywhere.
const BLOCKS: [u64; 8] = [1, 2, 3, 5, 8, 21, 64, 300];
/// Bytes for counts and row hashes: enough for small tables.
const MEMORY: usize = 1 << 20;

/// Reads the text behind the first three bytes in two ways, and counts its records in a third.
pub fn check(bytes: &[u8]) {
    let [marks, rules, layout, text @ ..] = bytes else { return };
    let options = Options {
        format: Some(Format::Csv),
        nulls: (rules & 0x80 != 0).then(|| vec!["NA".to_owned(), "-".to_owned()]),
        asked: asked(*marks, *rules, *layout),
        ..Options::default()
    };
    let narrow = Options {
        threads: Some(1),
        // Too little for anything: hashes are spilled and counts estimated.
        memory_limit: Some(if layout & 0xF0 == 0xF0 { 1 } else { MEMORY }),
        block_size: Some(BLOCKS[usize::from(layout % 8)]),
        ..options.clone()
    };
    let wide = Options { threads: Some(2), memory_limit: Some(MEMORY), ..options };
    let one = made(text, 1, &narrow);
    if layout & 8 == 0 {
        same(&one, &made(text, 1, &wide));
    } else {
        twice(&one, &made(text, 2, &wide));
    }
    if let Ok(table) = &one {
        counted(table, text, wide.asked.skip_lines);
    }
}

/// What a caller may ask for: the doors refuse marks that are no ASCII, line ends, or one and the same.
fn asked(marks: u8, rules: u8, layout: u8) -> Asked {
    const DELIMITERS: [u8; 8] = [b',', b';', b'\t', b'|', b' ', b':', 0, b'\''];
    const QUOTES: [Option<u8>; 6] = [None, Some(b'\''), Some(b'"'), Some(b'|'), Some(b','), Some(b'~')];
    const ESCAPES: [Option<u8>; 3] = [None, Some(b'\\'), Some(b'"')];
    let delimiter = usize::from(marks % 16).checked_sub(8).map(|at| DELIMITERS[at]);
    let unlike = |mark: &Option<u8>| delimiter.is_none() || *mark != delimiter;
    let mark = |marks: &[Option<u8>], at: usize| marks.get(at).copied().filter(unlike);
    Asked {
        delimiter,
        quote: usize::from(marks / 16).checked_sub(10).and_then(|at| mark(&QUOTES, at)),
        escape: usize::from(rules % 8).checked_sub(5).and_then(|at| mark(&ESCAPES, at)),
        header: [None, None, Some(true), Some(false)][usize::from(rules / 8 % 4)],
        decimal: [None, None, Some(Mark::Comma), Some(Mark::Point)][usize::from(rules / 32 % 4)],
        skip_lines: (layout & 0xE0 == 0xC0).then_some(u64::from(layout / 16 % 2) + 1),
        encoding: None,
    }
}

/// Holds that every record of the text is a row, a rejected row or the header.
fn counted(table: &Table, text: &[u8], asked: Option<u64>) {
    let dialect = &table.told.dialect;
    let text = match dialect.encoding.as_deref() {
        Some("utf-8") => text,
        Some("utf-8-sig") => text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text),
        _ => return,
    };
    let byte = |shown: &Option<String>| shown.as_ref().map(|mark| mark.as_bytes()[0]);
    let marks = Marks {
        delimiter: byte(&dialect.delimiter).expect("a text has a delimiter"),
        quote: byte(&dialect.quote),
        escape: byte(&dialect.escape),
        line_end: if dialect.line_end == Some("\r") { b'\r' } else { b'\n' },
    };
    let lines = asked.unwrap_or(0);
    let first = behind(text, if text.contains(&b'\n') { b'\n' } else { b'\r' }, lines);
    let first = behind(first, marks.line_end, dialect.skipped_lines - lines);
    let widths = marks.widths(first);
    let width = usize::try_from(table.told.column_count).expect("columns in memory");
    let (header, rows) = match dialect.header {
        Some(true) => widths.split_first().map_or((width, &[][..]), |(header, rows)| (*header, rows)),
        _ => (width, &widths[..]),
    };
    assert_eq!(header, width);
    assert_eq!(rows.len() as u64, table.told.row_count + table.told.rejected_rows);
    let odd = rows.iter().filter(|&&cells| cells != width).count() as u64;
    let told = |kind: &str| table.told.deviation_counts.get(kind).copied().unwrap_or(0);
    let said = told("short_row") + told("long_row");
    assert!(said <= odd && odd <= said + table.told.rejected_rows, "{odd} odd rows, {said} said");
}

/// The text without its first lines.
fn behind(mut text: &[u8], line_end: u8, lines: u64) -> &[u8] {
    for _ in 0..lines {
        let end = text.iter().position(|&byte| byte == line_end).map_or(text.len(), |at| at + 1);
        text = &text[end..];
    }
    text
}

/// The marks of a dialect.
struct Marks {
    delimiter: u8,
    quote: Option<u8>,
    escape: Option<u8>,
    line_end: u8,
}

impl Marks {
    /// The cells of each record, byte by byte; blank lines are no records.
    fn widths(&self, text: &[u8]) -> Vec<usize> {
        let (mut widths, mut at) = (Vec::new(), 0);
        while at < text.len() {
            let start = at;
            let mut cells = 1;
            loop {
                at = self.cell_end(text, at);
                if text.get(at) != Some(&self.delimiter) {
                    break;
                }
                (at, cells) = (at + 1, cells + 1);
            }
            let line = &text[start..at];
            let blank = line.is_empty() || (line == b"\r" && self.line_end == b'\n');
            if !blank {
                widths.push(cells);
            }
            at += 1;
        }
        widths
    }

    /// Where the delimiter or line end behind the cell at `at` is, or the end of the text.
    fn cell_end(&self, text: &[u8], at: usize) -> usize {
        let from = self.closing(text, at).unwrap_or(at);
        let ends = |&byte: &u8| byte == self.delimiter || byte == self.line_end;
        text[from..].iter().position(ends).map_or(text.len(), |found| from + found)
    }

    /// The byte behind the quote that closes the one at `at`, if one is there and something closes it.
    fn closing(&self, text: &[u8], at: usize) -> Option<usize> {
        let quote = self.quote.filter(|quote| text.get(at) == Some(quote))?;
        let mut at = at + 1;
        while at < text.len() {
            if text[at] == quote && text.get(at + 1) != Some(&quote) {
                return Some(at + 1);
            }
            at += if text[at] == quote || Some(text[at]) == self.escape { 2 } else { 1 };
        }
        None
    }
}
