//! Cutting a text source into blocks that end where a record ends.

use memchr::{memchr_iter, memrchr};

use crate::csv::records::{Marks, closing};
use crate::error::Result;
use crate::source::Source;

/// Bytes in a block, about.
pub const BLOCK: u64 = 3 << 20;
/// A quoted cell longer than this is taken for a quote that nothing closes.
const LONGEST_CELL: u64 = 256 << 20;

/// A block of whole records.
#[derive(Debug)]
pub struct Block {
    pub offset: u64,
    pub bytes: Vec<u8>,
}

/// Reads a source block by block, from a place where a record begins.
pub struct Cutter<'s> {
    source: &'s Source,
    marks: Marks,
    at: u64,
}

impl<'s> Cutter<'s> {
    /// Blocks from byte `at` on.
    #[must_use]
    pub fn new(source: &'s Source, marks: Marks, at: u64) -> Self {
        Self { source, marks, at }
    }

    /// Bytes read so far.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.at
    }

    /// The next block, or `None` at the end of the source.
    pub fn next(&mut self) -> Result<Option<Block>> {
        if self.at >= self.source.size() {
            return Ok(None);
        }
        let mut want = BLOCK;
        loop {
            let mut bytes = self.source.read(self.at, self.at + want)?;
            let last = self.at + bytes.len() as u64 >= self.source.size();
            let end = match (last, last_record_end(&bytes, self.marks)) {
                (true, _) => Some(bytes.len()),
                (false, found) => found,
            };
            if let Some(end) = end.or_else(|| {
                (want >= LONGEST_CELL)
                    .then(|| memrchr(self.marks.line_end, &bytes).map_or(bytes.len(), |at| at + 1))
            }) {
                bytes.truncate(end);
                let block = Block { offset: self.at, bytes };
                self.at += end as u64;
                return Ok(Some(block));
            }
            want *= 4;
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
