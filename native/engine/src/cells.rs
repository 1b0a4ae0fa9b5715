//! Hashes of cells, and how those of a row become the row's.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::number_tally::Key;
use crate::render;
use crate::texts::Texts;

/// What a null cell counts for.
const NULL_CELL: u64 = 0x5bd1_e995_9d1b_3a4f;

/// The hash of a text.
#[must_use]
pub fn text(value: &[u8], seed: u64) -> u64 {
    xxh3_64_with_seed(value, seed)
}

/// Whether the cells of such a column are told apart by their text.
#[must_use]
pub fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::Binary | DataType::List(_) | DataType::Struct(_))
}

/// Mixes the hash of one more cell into the hash of its row; the order of columns counts.
#[must_use]
#[inline]
pub fn mix(row: u128, cell: u64) -> u128 {
    // Two halves apart take two products for each cell, a product of 128 bits takes three.
    let upper = (((row >> 64) as u64).rotate_left(41) ^ cell).wrapping_mul(0xaf25_1af3_b0f0_25b5);
    let lower = ((row as u64).rotate_left(23) ^ cell).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u128::from(upper) << 64 | u128::from(lower)
}

/// Whether 64 bits hold every value of such a column; a hash then tells its value.
#[must_use]
pub fn are_narrow(data_type: &DataType) -> bool {
    !is_text(data_type) && !matches!(data_type, DataType::Decimal128(..))
}

/// The pattern of a value that 64 bits hold, from its hash under `seed`.
#[must_use]
#[inline]
pub fn key(hash: u64, seed: u64) -> i64 {
    (hash ^ seed).cast_signed()
}

/// The hashes of the cells of any column.
#[must_use]
pub fn hashes(array: &ArrayRef, seed: u64) -> Vec<u64> {
    if is_text(array.data_type()) { texts(array, seed, |_, _| ()) } else { numbers(array, seed, |_| ()) }
}

/// The hashes of numbers, booleans, dates or times, whose patterns are given to `take`.
pub fn numbers(array: &ArrayRef, seed: u64, mut take: impl FnMut(Key)) -> Vec<u64> {
    let mut add = |key: Key| {
        take(key);
        match key {
            Key::Narrow(key) => key.cast_unsigned() ^ seed,
            Key::Wide(key) => ((key >> 64) as u64).wrapping_mul(0xd6e8_feb8_6659_fd93) ^ key as u64 ^ seed,
        }
    };
    match array.data_type() {
        DataType::Int64 => primitive::<Int64Type>(array, |value| add(Key::Narrow(value))),
        DataType::Float64 => {
            primitive::<Float64Type>(array, |value| add(Key::Narrow(render::float_key(value))))
        }
        DataType::Date32 => primitive::<Date32Type>(array, |value| add(Key::Narrow(value.into()))),
        DataType::Timestamp(..) => {
            primitive::<TimestampMicrosecondType>(array, |value| add(Key::Narrow(value)))
        }
        DataType::Decimal128(..) => primitive::<Decimal128Type>(array, |value| add(Key::of(value))),
        DataType::Int32 => primitive::<Int32Type>(array, |value| add(Key::Narrow(value.into()))),
        DataType::Boolean => truths(array, |truth| add(Key::Narrow(truth.into()))),
        _ => (0..array.len())
            .map(|row| match render::key(array.as_ref(), row) {
                Some(key) if array.is_valid(row) => add(Key::of(key)),
                _ => NULL_CELL,
            })
            .collect(),
    }
}

/// The hash that `hash` gives to each value of a column.
fn primitive<T: ArrowPrimitiveType>(array: &ArrayRef, mut hash: impl FnMut(T::Native) -> u64) -> Vec<u64> {
    let values = array.as_primitive::<T>();
    if values.null_count() == 0 {
        return values.values().iter().map(|&value| hash(value)).collect();
    }
    values.iter().map(|value| value.map_or(NULL_CELL, &mut hash)).collect()
}

/// The same of booleans.
fn truths(array: &ArrayRef, mut hash: impl FnMut(bool) -> u64) -> Vec<u64> {
    let truths = array.as_boolean();
    if truths.null_count() == 0 {
        return truths.values().iter().map(hash).collect();
    }
    truths.iter().map(|truth| truth.map_or(NULL_CELL, &mut hash)).collect()
}

/// The hashes of texts, bytes or nested values, each also given to `take`.
pub fn texts(array: &ArrayRef, seed: u64, mut take: impl FnMut(u64, &[u8])) -> Vec<u64> {
    let mut hashes = Vec::with_capacity(array.len());
    let mut add = |value: Option<&[u8]>| match value {
        None => hashes.push(NULL_CELL),
        Some(value) => {
            let hash = text(value, seed);
            take(hash, value);
            hashes.push(hash);
        }
    };
    match array.data_type() {
        DataType::Utf8 | DataType::Binary => {
            let texts = Texts::of(array);
            texts.all().for_each(|row| add(texts.is_there(row).then(|| texts.at(row))));
        }
        _ => {
            let mut shown = String::new();
            for row in 0..array.len() {
                shown.clear();
                if array.is_null(row) {
                    add(None);
                } else {
                    render::json(array.as_ref(), row, &mut shown);
                    add(Some(shown.as_bytes()));
                }
            }
        }
    }
    hashes
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{BooleanArray, Int32Array};

    use super::*;

    #[test]
    fn booleans_and_short_numbers_are_hashed_by_their_patterns_and_nulls_are_none() {
        let truths = [Some(true), None, Some(false)];
        let numbers = [Some(-7), None, Some(i32::MAX)];
        let arrays: [ArrayRef; 4] = [
            Arc::new(truths.into_iter().collect::<BooleanArray>()),
            Arc::new(truths.map(|truth| truth == Some(true)).into_iter().map(Some).collect::<BooleanArray>()),
            Arc::new(numbers.into_iter().collect::<Int32Array>()),
            Arc::new(numbers.map(Option::unwrap_or_default).into_iter().collect::<Int32Array>()),
        ];
        for array in arrays.iter().flat_map(|array| [Arc::clone(array), array.slice(1, 2)]) {
            let pattern = |row| {
                render::key(array.as_ref(), row).filter(|_| array.is_valid(row)).map(|key| key as u64 ^ 9)
            };
            let known: Vec<u64> = (0..array.len()).map(|row| pattern(row).unwrap_or(NULL_CELL)).collect();
            assert_eq!(hashes(&array, 9), known);
        }
    }
}
