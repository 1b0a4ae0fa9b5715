//! The texts or bytes of a column, quick to go through.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;

/// The values of an array of texts or bytes.
pub struct Texts<'a> {
    offsets: &'a [i32],
    bytes: &'a [u8],
    nulls: Option<&'a NullBuffer>,
}

impl<'a> Texts<'a> {
    /// The values of `array`; none where it is of another type.
    #[must_use]
    pub fn of(array: &'a ArrayRef) -> Self {
        let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
        match array.data_type() {
            DataType::Utf8 => {
                let texts = array.as_string::<i32>();
                Self { offsets: texts.value_offsets(), bytes: texts.value_data(), nulls }
            }
            DataType::Binary => {
                let bytes = array.as_binary::<i32>();
                Self { offsets: bytes.value_offsets(), bytes: bytes.value_data(), nulls }
            }
            _ => Self { offsets: &[], bytes: &[], nulls: None },
        }
    }

    /// Every row, whether it has a value or not.
    pub fn all(&self) -> std::ops::Range<usize> {
        0..self.offsets.len().saturating_sub(1)
    }

    /// Whether a row has a value.
    #[must_use]
    #[inline]
    pub fn is_there(&self, row: usize) -> bool {
        self.nulls.is_none_or(|nulls| nulls.is_valid(row))
    }

    /// The rows that have a value.
    pub fn rows(&self) -> impl Iterator<Item = usize> {
        self.all().filter(|&row| self.is_there(row))
    }

    /// Appends the lengths of all values, and their bytes one after the other.
    pub fn append_to(&self, lengths: &mut Vec<i64>, bytes: &mut Vec<u8>) {
        let length = |pair: &[i32]| i64::from(pair[1]) - i64::from(pair[0]);
        if self.nulls.is_none() {
            let (from, to) = self.offsets.first().zip(self.offsets.last()).unwrap_or((&0, &0));
            lengths.extend(self.offsets.windows(2).map(length));
            bytes.extend_from_slice(self.bytes.get(*from as usize..*to as usize).unwrap_or_default());
            return;
        }
        for row in self.rows() {
            let onward = self.bytes.get(self.offsets[row] as usize..).unwrap_or_default();
            let length = length(&self.offsets[row..row + 2]);
            lengths.push(length);
            copy(onward, length as usize, bytes);
        }
    }

    /// The value of a row.
    #[must_use]
    #[inline]
    pub fn at(&self, row: usize) -> &'a [u8] {
        self.bytes.get(self.offsets[row] as usize..self.offsets[row + 1] as usize).unwrap_or_default()
    }
}

/// Appends the first `length` bytes: short ones are copied with what follows them, which is as quick as one of them.
#[inline]
pub fn copy(onward: &[u8], length: usize, out: &mut Vec<u8>) {
    const SHORT: usize = 32;
    match onward.first_chunk::<SHORT>() {
        Some(more) if length <= SHORT => {
            let end = out.len() + length;
            out.extend_from_slice(more);
            out.truncate(end);
        }
        _ => out.extend_from_slice(onward.get(..length).unwrap_or_default()),
    }
}

/// Whether two texts are the same: two words, which may overlap, tell it of short ones.
#[must_use]
#[inline]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    fn by_ends<const WIDTH: usize>(one: &[u8], other: &[u8]) -> bool {
        one.first_chunk::<WIDTH>() == other.first_chunk() && one.last_chunk::<WIDTH>() == other.last_chunk()
    }
    match one.len() {
        length if length != other.len() => false,
        8..=16 => by_ends::<8>(one, other),
        4..8 => by_ends::<4>(one, other),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{BinaryArray, Int64Array, StringArray};

    use super::*;

    fn shown(array: &ArrayRef) -> Vec<(usize, Vec<u8>)> {
        let texts = Texts::of(array);
        assert_eq!(texts.all().filter(|&row| texts.is_there(row)).count(), texts.rows().count());
        let (mut lengths, mut bytes) = (vec![7], vec![1]);
        texts.append_to(&mut lengths, &mut bytes);
        let values: Vec<&[u8]> = texts.rows().map(|row| texts.at(row)).collect();
        assert_eq!(
            lengths[1..],
            values.iter().map(|value| i64::try_from(value.len()).unwrap()).collect::<Vec<_>>()
        );
        assert_eq!(bytes[1..], values.concat());
        texts.rows().map(|row| (row, texts.at(row).to_vec())).collect()
    }

    #[test]
    fn values_are_those_of_the_array_and_of_a_part_of_it() {
        let all: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some(""), Some("été")]));
        assert_eq!(shown(&all.slice(1, 3)), [(1, vec![]), (2, "été".into())]);
        assert_eq!(shown(&all), [(0, vec![b'a']), (2, vec![]), (3, "été".into())]);
        let bytes: ArrayRef = Arc::new(BinaryArray::from(vec![&b"\xff"[..]]));
        assert_eq!(shown(&bytes), [(0, vec![0xff])]);
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        assert_eq!(shown(&numbers), []);
    }

    #[test]
    fn texts_of_every_length_are_copied_whether_bytes_follow_or_not() {
        let bytes: Vec<u8> = (0..200).collect();
        for length in 0..=100 {
            for onward in [&bytes[..length], &bytes[..=length], &bytes[..]] {
                let mut out = vec![1, 2];
                copy(onward, length, &mut out);
                assert_eq!(out, [&[1, 2], &bytes[..length]].concat(), "{length} of {}", onward.len());
            }
        }
    }

    #[test]
    fn texts_of_every_length_are_told_apart_wherever_they_differ() {
        for length in 0..40 {
            let one: Vec<u8> = (0..length).collect();
            assert!(same(&one, &one.clone()) && !same(&one, &[&one[..], &[0]].concat()));
            for at in 0..one.len() {
                let mut other = one.clone();
                other[at] ^= 0x80;
                assert!(!same(&one, &other), "{length} bytes, differing at {at}");
            }
        }
    }
}
