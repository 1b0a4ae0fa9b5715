//! Cutting a text source into blocks that end where a record ends.

use memchr::{memchr, memchr_iter, memrchr};

use crate::csv::records::{Marks, closing};
use crate::error::{Error, Result};
use crate::source::Source;

/// Bytes of the longest record that is read; a quoted cell that is longer is taken for a quote that nothing closes.
pub const LONGEST: u64 = 64 << 20;

/// The error of a source whose records are longer than any that is read.
#[must_use]
pub fn too_long(source: &Source, what: &str) -> Error {
    Error::NotThisFormat(format!("{} holds a {what} of more than 64 MB: it is no table", source.label))
}

/// A block of whole records.
#[derive(Debug)]
pub struct Block {
    pub offset: u64,
    pub bytes: Vec<u8>,
    /// Whether there may be a quote in it.
    pub may_quote: bool,
}

/// Reads a source block by block, from a place where a record begins.
pub struct Cutter<'s> {
    source: &'s Source,
    marks: Marks,
    at: u64,
    spare: Vec<Vec<u8>>,
}

impl<'s> Cutter<'s> {
    /// Blocks from byte `at` on.
    #[must_use]
    pub fn new(source: &'s Source, marks: Marks, at: u64) -> Self {
        Self { source, marks, at, spare: Vec::new() }
    }

    /// Takes back a block whose memory can serve again.
    pub fn recycle(&mut self, block: Block) {
        self.spare.push(block.bytes);
    }

    /// The next block of about `want` bytes, or `None` at the end of the source.
    pub fn next(&mut self, mut want: u64) -> Result<Option<Block>> {
        if self.at >= self.source.size() {
            return Ok(None);
        }
        loop {
            let spare = self.spare.pop().unwrap_or_default();
            let mut bytes = self.source.read_into(spare, self.at, self.at + want)?;
            let last = self.at + bytes.len() as u64 >= self.source.size();
            let quote = self.marks.quote.filter(|&quote| memchr(quote, &bytes).is_some());
            let end = match last_record_end(&bytes, Marks { quote, ..self.marks }) {
                _ if last => Some(bytes.len()),
                None if want >= LONGEST => {
                    let line = memrchr(self.marks.line_end, &bytes).map(|at| at + 1);
                    Some(line.ok_or_else(|| too_long(self.source, "line"))?)
                }
                found => found,
            };
            if let Some(end) = end {
                bytes.truncate(end);
                let block = Block { offset: self.at, bytes, may_quote: quote.is_some() };
                self.at += end as u64;
                return Ok(Some(block));
            }
            want = (want * 4).min(LONGEST);
        }
    }
}

/// The end of the last whole record: the last line end outside quotes.
fn last_record_end(bytes: &[u8], marks: Marks) -> Option<usize> {
    let Some(quote) = marks.quote else {
        return memrchr(marks.line_end, bytes).map(|at| at + 1);
    };
    let mut free_from = 0;
    let mut end = None;
    for at in memchr_iter(quote, bytes) {
        let opens = at >= free_from
            && (at == 0 || bytes[at - 1] == marks.delimiter || bytes[at - 1] == marks.line_end);
        if !opens {
            continue;
        }
        if let Some(found) = memrchr(marks.line_end, &bytes[free_from..at]) {
            end = Some(free_from + found + 1);
        }
        let Some((close, _)) = closing(bytes, at, marks) else { return end };
        free_from = close + 1;
        if close + 1 >= bytes.len() {
            return end;
        }
    }
    memrchr(marks.line_end, &bytes[free_from..]).map(|found| free_from + found + 1).or(end)
}

#[cfg(test)]
#[path = "blocks_tests.rs"]
mod tests;
