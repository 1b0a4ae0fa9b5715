//! Hashes of cells, and how those of a row become the row's.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::render;

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
pub fn mix(row: u128, cell: u64) -> u128 {
    (row.rotate_left(41) ^ u128::from(cell)).wrapping_mul(0xaf25_1af3_b0f0_25b5_9e37_79b9_7f4a_7c15)
}

fn number(key: i128, seed: u64) -> u64 {
    let (low, high) = (key as u64, (key >> 64) as u64);
    // The upper half repeats the sign of a number that 64 bits hold.
    let beyond = high ^ ((low.cast_signed() >> 63).cast_unsigned());
    low ^ seed ^ beyond.wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// Mixes the cells of a column from row `from` on into the hashes of those rows.
///
/// `texts` are the hashes of the cells where the column is told apart by text.
pub fn mix_column(rows: &mut [u128], array: &ArrayRef, from: usize, seed: u64, texts: Option<&[u64]>) {
    let count = rows.len();
    if let Some(texts) = texts {
        let cells = &texts[from..from + count];
        rows.iter_mut().zip(cells).for_each(|(row, &cell)| *row = mix(*row, cell));
        return;
    }
    let cells = array.slice(from, count);
    let mixed = |row: &mut u128, cell: Option<u64>| *row = mix(*row, cell.unwrap_or(NULL_CELL));
    match cells.data_type() {
        DataType::Int64 if cells.null_count() == 0 => {
            let values = cells.as_primitive::<Int64Type>().values();
            rows.iter_mut()
                .zip(values)
                .for_each(|(row, &value)| *row = mix(*row, value.cast_unsigned() ^ seed));
        }
        DataType::Float64 => {
            let values = cells.as_primitive::<Float64Type>().iter();
            let hash = |value: f64| render::float_key(value).cast_unsigned() ^ seed;
            rows.iter_mut().zip(values).for_each(|(row, value)| mixed(row, value.map(hash)));
        }
        _ => rows.iter_mut().enumerate().for_each(|(at, row)| {
            let key = if cells.is_null(at) { None } else { render::key(cells.as_ref(), at) };
            mixed(row, key.map(|key| number(key, seed)));
        }),
    }
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
        DataType::Utf8 => array.as_string::<i32>().iter().for_each(|value| add(value.map(str::as_bytes))),
        DataType::Binary => array.as_binary::<i32>().iter().for_each(add),
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
