//! The cells of a block of text, of whatever format, by record and place.

use std::borrow::Cow;

use crate::evidence::Evidence;
use crate::nulls::NullWords;
use crate::simple::Simple;

/// What a cell may be when it is looked at quickly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Truth,
    Number,
    Moment,
    Text,
}

/// A cell whose text is its bytes.
#[derive(Clone, Copy)]
pub struct Plain<'b> {
    /// The block from the cell on.
    pub onward: &'b [u8],
    /// Bytes of the cell.
    pub length: usize,
}

impl<'b> Plain<'b> {
    /// The bytes of the cell alone.
    #[must_use]
    #[inline]
    pub fn bytes(self) -> &'b [u8] {
        &self.onward[..self.length]
    }
}

/// The cells of a block's sound records.
pub trait Grid {
    type Cell: Copy;

    /// The cell at a place of a record, if there is something.
    fn find(&self, record: usize, place: usize) -> Option<Self::Cell>;

    /// The bytes of a cell as they stand, if they are its text and may be of that class; none at all are nothing.
    fn plain(&self, cell: Self::Cell, class: Class) -> Option<Plain<'_>>;

    /// The number that a plain cell is, if it is spelt in the most frequent way.
    fn number(&self, cell: Self::Cell, plain: Plain<'_>) -> Option<Simple>;

    /// Whether a plain cell is text whatever it looks like.
    fn is_prose(&self, plain: Plain<'_>) -> bool;

    /// The text of a cell.
    fn text(&self, cell: Self::Cell) -> Cow<'_, str>;

    /// Whether a cell without text is a text without letters, rather than nothing.
    fn is_empty_text(&self, cell: Self::Cell) -> bool;

    /// Counts a cell, whose text is known, for what it looks like.
    fn weigh(&self, record: usize, cell: Self::Cell, text: &str, nulls: &NullWords, evidence: &mut Evidence);
}
