//! The cells of a block, found by record and place.

use std::borrow::Cow;

use crate::csv::records::{Marks, Records, Span};

/// The cells of a block's sound records.
pub struct Cells<'b> {
    text: &'b str,
    records: &'b Records,
    /// The records that can be read.
    pub kept: &'b [usize],
    marks: Marks,
    /// Where the block begins in its source.
    offset: u64,
    /// The number of cells in every record, where it is the same.
    width: Option<usize>,
}

impl<'b> Cells<'b> {
    /// The cells of `records`, which were split from `text`; the block begins at byte `offset` of its source.
    #[must_use]
    pub fn new(text: &'b str, records: &'b Records, kept: &'b [usize], marks: Marks, offset: u64) -> Self {
        Self { text, records, kept, marks, offset, width: records.width() }
    }

    /// The byte of the source at which a record begins.
    #[must_use]
    pub fn offset(&self, record: usize) -> u64 {
        self.offset + u64::from(self.records.starts[record])
    }

    /// The cell at a place of a record, if the record is that long.
    #[must_use]
    #[inline]
    pub fn find(&self, record: usize, place: usize) -> Option<Span> {
        match self.width {
            Some(width) => self.records.spans().get(record * width + place).copied(),
            None => self.records.cells(record).get(place).copied(),
        }
    }

    /// The bytes of a cell as they stand, if they are its text.
    #[must_use]
    #[inline]
    pub fn plain(&self, span: Span) -> Option<&'b [u8]> {
        span.plain(self.text.as_bytes())
    }

    /// The text of a cell.
    #[must_use]
    pub fn text(&self, span: Span) -> Cow<'b, str> {
        span.text(self.text, self.marks)
    }
}
