//! The running profile of one column, and the hash of each of its cells.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use xxhash_rust::xxh3::xxh3_128_with_seed;

use crate::number_profile::NumberProfile;
use crate::plan::{ColumnPlan, spelling};
use crate::render;
use crate::report::ColumnReport;
use crate::text_profile::TextProfile;

/// Values shown as most frequent.
pub const TOP: usize = 10;

enum Values {
    Numbers(NumberProfile),
    Texts(TextProfile),
}

/// What is known of a column so far.
pub struct Profile {
    data_type: DataType,
    nulls: u64,
    values: Values,
}

/// The part of a row's hash that a null cell has.
const NULL_CELL: u128 = 0x5bd1_e995_9d1b_3a4f_c2b2_ae3d_27d4_eb4f;

impl Profile {
    /// A profile that counts distinct values exactly within `budget` bytes.
    #[must_use]
    pub fn new(data_type: &DataType, budget: usize) -> Self {
        let texts =
            matches!(data_type, DataType::Utf8 | DataType::Binary | DataType::List(_) | DataType::Struct(_));
        let values = if texts {
            Values::Texts(TextProfile::new(budget))
        } else {
            Values::Numbers(NumberProfile::new(data_type, budget))
        };
        Self { data_type: data_type.clone(), nulls: 0, values }
    }

    /// Adds the cells of `array` and gives the hash of each under `seed`.
    pub fn update(&mut self, array: &ArrayRef, seed: u64) -> Vec<u128> {
        self.nulls += array.null_count() as u64;
        match &mut self.values {
            Values::Texts(texts) => update_texts(texts, array, seed),
            Values::Numbers(numbers) => update_numbers(numbers, array, seed),
        }
    }

    /// The report of the whole column.
    #[must_use]
    pub fn report(&self, plan: &ColumnPlan) -> ColumnReport {
        let mut report = ColumnReport {
            name: plan.name.clone(),
            label: plan.label.clone(),
            data_type: spelling(&self.data_type),
            null_count: self.nulls,
            money: plan.money.clone(),
            notes: plan.notes.clone(),
            ..ColumnReport::default()
        };
        match &self.values {
            Values::Texts(texts) => texts.report(&mut report, &self.data_type),
            Values::Numbers(numbers) => numbers.report(&mut report),
        }
        if !report.unique_exact {
            report
                .notes
                .push("too many distinct values to count exactly: counts of values are estimates".to_owned());
        }
        report
    }
}

fn number_hash(key: i128, seed: u64) -> u128 {
    let mixed =
        (key.cast_unsigned() ^ u128::from(seed)).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    (mixed ^ (mixed >> 67)).wrapping_mul(0xd6e8_feb8_6659_fd93_a076_1d64_78bd_642f)
}

fn update_numbers(numbers: &mut NumberProfile, array: &ArrayRef, seed: u64) -> Vec<u128> {
    let mut hashes = Vec::with_capacity(array.len());
    let mut add = |key: Option<i128>| match key {
        None => hashes.push(NULL_CELL),
        Some(key) => {
            numbers.add(key);
            hashes.push(number_hash(key, seed));
        }
    };
    match array.data_type() {
        DataType::Int64 => {
            array.as_primitive::<Int64Type>().iter().for_each(|value| add(value.map(i128::from)));
        }
        DataType::Float64 => array
            .as_primitive::<Float64Type>()
            .iter()
            .for_each(|value| add(value.map(|value| render::float_key(value).into()))),
        _ => (0..array.len()).for_each(|row| {
            add(if array.is_null(row) { None } else { render::key(array.as_ref(), row) });
        }),
    }
    hashes
}

fn update_texts(texts: &mut TextProfile, array: &ArrayRef, seed: u64) -> Vec<u128> {
    let mut hashes = Vec::with_capacity(array.len());
    let mut add = |value: Option<&[u8]>| match value {
        None => hashes.push(NULL_CELL),
        Some(value) => {
            let hash = xxh3_128_with_seed(value, seed);
            texts.add(u64::try_from(hash & u128::from(u64::MAX)).unwrap_or(0), value);
            hashes.push(hash);
        }
    };
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().for_each(|value| add(value.map(str::as_bytes))),
        DataType::Binary => array.as_binary::<i32>().iter().for_each(add),
        _ => {
            let mut text = String::new();
            for row in 0..array.len() {
                text.clear();
                if array.is_null(row) {
                    add(None);
                } else {
                    render::json(array.as_ref(), row, &mut text);
                    add(Some(text.as_bytes()));
                }
            }
        }
    }
    hashes
}

/// Mixes the hash of one more cell into the hash of its row; the order of columns counts.
#[must_use]
pub fn mix(row: u128, cell: u128) -> u128 {
    (row.rotate_left(41) ^ cell).wrapping_mul(0xaf25_1af3_b0f0_25b5_9e37_79b9_7f4a_7c15)
}
