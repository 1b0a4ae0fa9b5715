//! From a block of text to records and cells, without copying a byte.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::csv::places::Places;

/// How cells and records are marked off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    pub delimiter: u8,
    pub quote: Option<u8>,
    pub escape: Option<u8>,
    /// The last byte of a line: `\n`, or `\r` where a file has no `\n`.
    pub line_end: u8,
}

const QUOTED: u32 = 1 << 31;
const ESCAPED: u32 = 1 << 30;
const LENGTH: u32 = ESCAPED - 1;

/// Where a cell is in its block.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    start: u32,
    length: u32,
}

impl Span {
    /// Blocks are far shorter than what a start and a length can tell.
    #[inline]
    fn new(start: usize, end: usize, flags: u32) -> Self {
        Self { start: start as u32, length: (end.saturating_sub(start) as u32 & LENGTH) | flags }
    }

    /// Whether the cell stood in quotes.
    #[must_use]
    pub fn quoted(self) -> bool {
        self.length & QUOTED != 0
    }

    /// The cell's bytes as they stand in the block.
    #[must_use]
    pub fn bytes(self, block: &[u8]) -> &[u8] {
        let start = self.start as usize;
        block.get(start..start + (self.length & LENGTH) as usize).unwrap_or_default()
    }

    /// The block from the cell on and the cell's length, if no quote in the cell is doubled or escaped.
    #[must_use]
    #[inline]
    pub fn plain(self, block: &[u8]) -> Option<(&[u8], usize)> {
        let length = (self.length & LENGTH) as usize;
        let onward = block.get(self.start as usize..).filter(|onward| length <= onward.len());
        onward.filter(|_| self.length & ESCAPED == 0).map(|onward| (onward, length))
    }

    /// The cell's text, with doubled or escaped quotes undone.
    #[must_use]
    #[inline]
    pub fn text(self, block: &str, marks: Marks) -> Cow<'_, str> {
        let start = self.start as usize;
        let raw = block.get(start..start + (self.length & LENGTH) as usize).unwrap_or_default();
        if self.length & ESCAPED == 0 { Cow::Borrowed(raw) } else { Cow::Owned(unescaped(raw, marks)) }
    }
}

fn unescaped(raw: &str, marks: Marks) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut letters = raw.chars().peekable();
    let quote = marks.quote.map(char::from);
    let escape = marks.escape.map(char::from);
    while let Some(letter) = letters.next() {
        let doubled = Some(letter) == quote && letters.peek().copied() == quote;
        let escaped = Some(letter) == escape
            && letters.peek().is_some_and(|&next| Some(next) == quote || Some(next) == escape);
        if doubled || escaped {
            out.extend(letters.next());
        } else {
            out.push(letter);
        }
    }
    out
}

/// The records of one block.
#[derive(Debug, Default)]
pub struct Records {
    spans: Vec<Span>,
    /// For each record, the number of spans up to its end.
    ends: Vec<u32>,
    /// For each record, the byte where it begins.
    pub starts: Vec<u32>,
    pub blank_lines: u64,
    /// Whether there is a quote anywhere.
    pub has_quotes: bool,
    /// Records with text behind a closing quote.
    pub loose: Vec<u32>,
    /// Records with a quote that nothing closes.
    pub unclosed: Vec<u32>,
}

impl Records {
    /// Records found.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The cells of a record.
    #[must_use]
    #[inline]
    pub fn cells(&self, record: usize) -> &[Span] {
        let first = if record == 0 { 0 } else { self.ends[record - 1] as usize };
        &self.spans[first..self.ends[record] as usize]
    }

    /// The byte where the text of a record's last cell ends.
    #[must_use]
    pub fn text_end(&self, record: usize) -> usize {
        self.cells(record).last().map_or(0, |cell| cell.start as usize + (cell.length & LENGTH) as usize)
    }

    /// All cells, one record after the other.
    #[must_use]
    #[inline]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The number of cells in every record, where it is the same.
    #[must_use]
    pub fn width(&self) -> Option<usize> {
        let width = *self.ends.first()?;
        let same = self.ends.iter().zip(1_u32..).all(|(&end, count)| count.checked_mul(width) == Some(end));
        same.then_some(width as usize)
    }

    fn clear(&mut self) {
        self.spans.clear();
        self.ends.clear();
        self.starts.clear();
        self.loose.clear();
        self.unclosed.clear();
        self.blank_lines = 0;
    }

    fn close(&mut self, start: usize) {
        self.ends.push(u32::try_from(self.spans.len()).unwrap_or(u32::MAX));
        self.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
    }
}

/// Splits a block that begins at the start of a record; stops after `limit` records.
#[must_use]
pub fn split(block: &[u8], marks: Marks, limit: usize) -> Records {
    let mut records = Records::default();
    split_into(block, marks, limit, &mut records);
    records
}

/// The same, in the place of records that are forgotten.
pub fn split_into(block: &[u8], marks: Marks, limit: usize, records: &mut Records) {
    records.clear();
    records.has_quotes = marks.quote.is_some_and(|quote| memchr(quote, block).is_some());
    if records.has_quotes {
        with_quotes(block, marks, limit, records);
    } else {
        without_quotes(block, marks, limit, records);
    }
}

fn line_cut(block: &[u8], start: usize, end: usize, marks: Marks) -> usize {
    if marks.line_end == b'\n' && end > start && block[end - 1] == b'\r' { end - 1 } else { end }
}

fn without_quotes(block: &[u8], marks: Marks, limit: usize, records: &mut Records) {
    // More would be room that most blocks never touch, less would be copied as it grows.
    records.spans.reserve(block.len() / 8);
    let mut record = 0;
    let mut cell = 0;
    for at in Places::new(block, marks.delimiter, marks.line_end) {
        if block[at] == marks.delimiter {
            records.spans.push(Span::new(cell, at, 0));
        } else {
            let end = line_cut(block, cell, at, marks);
            if end == record {
                records.blank_lines += 1;
            } else {
                records.spans.push(Span::new(cell, end, 0));
                records.close(record);
                if records.count() >= limit {
                    return;
                }
            }
            record = at + 1;
        }
        cell = at + 1;
    }
    let end = line_cut(block, cell, block.len(), marks);
    if end > record {
        records.spans.push(Span::new(cell, end, 0));
        records.close(record);
    } else if block.len() > record {
        records.blank_lines += 1;
    }
}

fn with_quotes(block: &[u8], marks: Marks, limit: usize, records: &mut Records) {
    let mut at = 0;
    let mut record = 0;
    while at < block.len() && records.count() < limit {
        let (span, next) = cell(block, at, marks, records);
        let ended = next >= block.len() || block[next] == marks.line_end;
        let empty = ended && at == record && !span.quoted() && span.length & LENGTH == 0;
        if empty {
            records.blank_lines += 1;
        } else {
            records.spans.push(span);
        }
        at = next + 1;
        if ended {
            if !empty {
                records.close(record);
            }
            record = at;
        }
    }
    if at == block.len() && at > record {
        records.spans.push(Span::new(at, at, 0));
        records.close(record);
    }
}

/// The cell at `at`, and where its delimiter or line end is.
fn cell(block: &[u8], at: usize, marks: Marks, records: &mut Records) -> (Span, usize) {
    let here = u32::try_from(records.count()).unwrap_or(u32::MAX);
    let end_from = |from: usize| {
        memchr2(marks.delimiter, marks.line_end, &block[from..]).map_or(block.len(), |found| from + found)
    };
    let cut = |end: usize| {
        if block.get(end) == Some(&marks.delimiter) { end } else { line_cut(block, at, end, marks) }
    };
    if Some(block[at]) != marks.quote {
        let end = end_from(at);
        return (Span::new(at, cut(end), 0), end);
    }
    let Some((close, escaped)) = closing(block, at, marks) else {
        if records.unclosed.last() != Some(&here) {
            records.unclosed.push(here);
        }
        let end = end_from(at);
        return (Span::new(at, cut(end), 0), end);
    };
    let end = end_from(close + 1);
    if cut(end) > close + 1 && !block[close + 1..cut(end)].trim_ascii().is_empty() {
        if records.loose.last() != Some(&here) {
            records.loose.push(here);
        }
        return (Span::new(at, cut(end), 0), end);
    }
    let flags = QUOTED | if escaped { ESCAPED } else { 0 };
    (Span::new(at + 1, close, flags), end)
}

/// The quote that closes the one at `open`, and whether quotes are escaped in between.
#[must_use]
pub fn closing(block: &[u8], open: usize, marks: Marks) -> Option<(usize, bool)> {
    let quote = marks.quote?;
    let mut at = open + 1;
    let mut escaped = false;
    loop {
        let found = at + memchr2(quote, marks.escape.unwrap_or(quote), block.get(at..)?)?;
        if block[found] == quote && block.get(found + 1) != Some(&quote) {
            return Some((found, escaped));
        }
        escaped = true;
        at = found + 2;
    }
}

impl Records {
    /// Forgets the last record.
    pub fn drop_last(&mut self) {
        self.ends.pop();
        self.starts.pop();
        self.spans.truncate(self.ends.last().map_or(0, |&end| end as usize));
    }
}

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
