//! The cells of a block, found by record and place.

use std::borrow::Cow;

use crate::csv::records::{Marks, Records, Span};
use crate::evidence::Evidence;
use crate::glance::is_prose;
use crate::grid::{Class, Grid, Plain};
use crate::nulls::NullWords;
use crate::simple::{self, Simple};

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
}

impl Grid for Cells<'_> {
    type Cell = Span;

    #[inline]
    fn find(&self, record: usize, place: usize) -> Option<Span> {
        match self.width {
            // Behind the last cell of a record stands the first one of the next.
            Some(width) if place >= width => None,
            Some(width) => self.records.spans().get(record * width + place).copied(),
            None => self.records.cells(record).get(place).copied(),
        }
    }

    #[inline]
    fn plain(&self, span: Span, _: Class) -> Option<Plain<'_>> {
        span.plain(self.text.as_bytes()).map(|(onward, length)| Plain { onward, length })
    }

    #[inline]
    fn number(&self, _: Span, plain: Plain<'_>) -> Option<Simple> {
        simple::number_before(plain.onward, plain.length)
    }

    #[inline]
    fn is_prose(&self, plain: Plain<'_>) -> bool {
        is_prose(plain.bytes())
    }

    #[inline]
    fn text(&self, span: Span) -> Cow<'_, str> {
        span.text(self.text, self.marks)
    }

    #[inline]
    fn is_empty_text(&self, span: Span) -> bool {
        span.quoted()
    }

    #[inline]
    fn weigh(&self, record: usize, _: Span, text: &str, nulls: &NullWords, evidence: &mut Evidence) {
        if !text.is_empty() {
            evidence.add(text, nulls, || self.offset(record));
        }
    }
}
