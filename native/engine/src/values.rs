//! The values of a page that have no places in a dictionary: plain, or packed where that takes far fewer bytes.

use bytes::Bytes;
use parquet::basic::{Encoding, Type};

use crate::delta;
use crate::press;

/// Bytes before the values, in which the levels of a page without nulls have room.
const GAP: usize = 8;

/// Values of the page at hand.
pub struct Values {
    physical: Type,
    /// Numbers plainly, or the bytes of texts without their lengths, behind a gap.
    pub bytes: Vec<u8>,
    /// The lengths of texts.
    pub lengths: Vec<i64>,
    /// Whether numbers take fewer bytes packed, once that was tried.
    packs: Option<bool>,
}

/// The body of a page: bytes from some byte on, and how they are encoded.
pub struct Body {
    pub whole: Bytes,
    pub from: usize,
    pub encoding: Encoding,
}

impl Values {
    /// No values of a type.
    #[must_use]
    pub fn new(physical: Type) -> Self {
        Self { physical, bytes: vec![0; GAP], lengths: Vec::new(), packs: None }
    }

    /// Bytes in use, about.
    #[must_use]
    pub fn held(&self) -> usize {
        self.bytes.len() + self.lengths.len() * 8
    }

    /// The values behind their levels; their memory goes with them where the page does not have to wait.
    pub fn body(&mut self, levels: Vec<u8>, waits: bool) -> Body {
        if !self.lengths.is_empty() {
            return self.behind_lengths(levels);
        }
        match self.packed(levels) {
            Ok(packed) => Body { whole: packed.into(), from: 0, encoding: Encoding::DELTA_BINARY_PACKED },
            Err(levels) => self.plain(levels, waits),
        }
    }

    /// Takes back the memory of a page that has been written.
    pub fn reclaim(&mut self, whole: Bytes) {
        if self.bytes.is_empty() {
            self.bytes = press::reclaimed(whole);
            self.bytes.resize(GAP, 0);
        }
    }

    fn behind_lengths(&mut self, mut body: Vec<u8>) -> Body {
        body.reserve(self.bytes.len() + self.lengths.len());
        delta::numbers(&self.lengths, &mut body);
        body.extend_from_slice(&self.bytes[GAP..]);
        self.lengths.clear();
        self.bytes.truncate(GAP);
        Body { whole: body.into(), from: 0, encoding: Encoding::DELTA_LENGTH_BYTE_ARRAY }
    }

    /// Whole numbers, packed behind the levels; the levels alone where that does not spare a third.
    fn packed(&mut self, mut body: Vec<u8>) -> Result<Vec<u8>, Vec<u8>> {
        let plain = &self.bytes[GAP..];
        if self.physical != Type::INT64 || self.packs == Some(false) || plain.is_empty() {
            return Err(body);
        }
        let numbers: Vec<i64> = plain.as_chunks().0.iter().map(|&eight| i64::from_le_bytes(eight)).collect();
        let before = body.len();
        delta::numbers(&numbers, &mut body);
        let spares = (body.len() - before) * 3 < plain.len() * 2;
        self.packs = Some(spares);
        if !spares {
            body.truncate(before);
            return Err(body);
        }
        self.bytes.truncate(GAP);
        Ok(body)
    }

    fn plain(&mut self, levels: Vec<u8>, waits: bool) -> Body {
        let from = GAP.saturating_sub(levels.len());
        let encoding = Encoding::PLAIN;
        self.bytes.splice(from..GAP, levels);
        if waits {
            // The page takes no more memory than it needs.
            let whole = Bytes::copy_from_slice(&self.bytes[from..]);
            self.bytes.truncate(GAP);
            return Body { whole, from: 0, encoding };
        }
        Body { whole: std::mem::take(&mut self.bytes).into(), from, encoding }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(physical: Type, numbers: impl Iterator<Item = i64>) -> Values {
        let mut values = Values::new(physical);
        numbers.for_each(|number| values.bytes.extend_from_slice(&number.to_le_bytes()));
        values
    }

    #[test]
    fn whole_numbers_are_packed_only_where_that_spares_much() {
        let body = filled(Type::INT64, 0..1_000).body(vec![7; 3], false);
        assert_eq!((body.encoding, &body.whole[..4]), (Encoding::DELTA_BINARY_PACKED, &[7, 7, 7, 128][..]));
        assert!(body.whole.len() < 200);
        let far = |at: i64| (at * at).wrapping_mul(0x5851_f42d_4c95_7f2d);
        let mut values = filled(Type::INT64, (0..1_000).map(far));
        let body = values.body(vec![7; 3], false);
        assert_eq!((body.encoding, body.from, body.whole.len()), (Encoding::PLAIN, GAP - 3, 8_008));
        assert_eq!(values.packs, Some(false));
        let body = filled(Type::DOUBLE, 0..1_000).body(Vec::new(), false);
        assert_eq!((body.encoding, body.whole.len() - body.from), (Encoding::PLAIN, 8_000));
    }

    #[test]
    fn memory_serves_again_whether_the_page_waits_or_not() {
        for waits in [true, false] {
            let mut values = filled(Type::DOUBLE, 0..100);
            let place = values.bytes.as_ptr();
            let body = values.body(vec![1; 5], waits);
            assert_eq!((body.whole.len() - body.from, body.whole[body.from]), (805, 1));
            values.reclaim(body.whole);
            assert_eq!((values.held(), values.bytes.as_ptr()), (GAP, place));
        }
    }

    #[test]
    fn more_levels_than_the_gap_holds_push_the_values_back() {
        let body = filled(Type::DOUBLE, 0..100).body(vec![5; 90], false);
        assert_eq!((body.from, body.whole.len()), (0, 890));
        assert_eq!(body.whole[90..98], [0; 8]);
    }

    #[test]
    fn texts_stand_behind_their_lengths() {
        let mut values = Values::new(Type::BYTE_ARRAY);
        values.bytes.extend_from_slice(b"abcde");
        values.lengths.extend([2, 3]);
        let body = values.body(vec![1], false);
        assert_eq!(
            (body.encoding, &body.whole[..5]),
            (Encoding::DELTA_LENGTH_BYTE_ARRAY, &[1, 128, 1, 4, 2][..])
        );
        assert!(body.whole.ends_with(b"abcde"));
        assert_eq!((values.held(), values.lengths.len()), (GAP, 0));
        // Without a text there are no lengths.
        assert_eq!(values.body(vec![1], true).encoding, Encoding::PLAIN);
    }
}
