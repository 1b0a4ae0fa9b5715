//! A column of texts that is being made, quick to add to.

use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use arrow_buffer::{Buffer, NullBufferBuilder, OffsetBuffer, ScalarBuffer};

use crate::texts;

/// Rows after which the room for all texts is guessed.
const LOOKED_AT: usize = 512;

/// Texts one after the other.
pub struct TextColumn {
    bytes: Vec<u8>,
    offsets: Vec<i32>,
    present: NullBufferBuilder,
    rows: usize,
}

impl TextColumn {
    /// An empty column for about `rows` texts.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { bytes: Vec::new(), offsets, present: NullBufferBuilder::new(rows), rows }
    }

    /// Adds nothing.
    pub fn push_null(&mut self) {
        self.present.append_null();
        self.end();
    }

    /// Adds a text.
    pub fn push(&mut self, text: &str) {
        self.push_before(text.as_bytes(), text.len());
    }

    /// Adds the text that the first `length` bytes are.
    #[inline]
    pub fn push_before(&mut self, onward: &[u8], length: usize) {
        texts::copy(onward, length, &mut self.bytes);
        self.present.append_non_null();
        self.end();
    }

    #[inline]
    fn end(&mut self) {
        // Blocks are far smaller than what an offset can tell; the column would say so if one were not.
        self.offsets.push(i32::try_from(self.bytes.len()).unwrap_or(i32::MAX));
        if self.offsets.len() == LOOKED_AT {
            let whole = self.bytes.len() * self.rows.div_ceil(LOOKED_AT);
            self.bytes.reserve(whole + whole / 8);
        }
    }

    /// The column; its bytes are those of whole texts.
    #[must_use]
    pub fn finish(mut self) -> ArrayRef {
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        Arc::new(StringArray::new(offsets, Buffer::from(self.bytes), self.present.finish()))
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;

    use super::*;

    #[test]
    fn texts_and_holes_come_back_as_they_were_added() {
        let given: Vec<Option<String>> = (0..3_000_usize)
            .map(|at| (at % 7 > 0).then(|| "é".repeat(at % 41) + &"x".repeat(at % 5)))
            .collect();
        let mut column = TextColumn::new(given.len());
        for text in &given {
            match text {
                Some(text) if text.len() % 2 == 0 => column.push(text),
                Some(text) => column.push_before(format!("{text}, and what follows").as_bytes(), text.len()),
                None => column.push_null(),
            }
        }
        let made = column.finish();
        let known = StringArray::from_iter(given);
        assert_eq!(made.to_data(), known.to_data());
        assert_eq!(TextColumn::new(0).finish().len(), 0);
    }
}
