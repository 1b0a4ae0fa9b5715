//! How the columns of a row group are laid out: by dictionary where values repeat, compressed where that helps.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_schema::DataType;
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::cells;
use crate::render;

/// Rows that tell whether values repeat.
const LOOKED_AT: usize = 4_096;

/// How the file is written, and columns of nested and rare types in it.
#[must_use]
pub fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by("lakebook".to_owned())
        .build()
}

/// Whether more than a quarter of the values from row `from` on stand there twice.
#[must_use]
pub fn repeats(array: &dyn Array, from: usize) -> bool {
    let to = array.len().min(from + LOOKED_AT);
    let present = (from..to).filter(|&row| array.is_valid(row));
    let mut values: Vec<u64> = match array.data_type() {
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            present.map(|row| cells::text(texts.value(row).as_bytes(), 0)).collect()
        }
        DataType::Binary | DataType::List(_) | DataType::Struct(_) => return true,
        _ => present.filter_map(|row| render::key(array, row)).map(|key| key as u64).collect(),
    };
    let seen = values.len();
    values.sort_unstable();
    values.dedup();
    values.len() * 4 <= seen * 3
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Int64Array, StringArray};

    use super::*;

    #[test]
    fn only_values_that_repeat_get_a_dictionary() {
        let key: ArrayRef = Arc::new(Int64Array::from_iter_values(0..1_000));
        let word: ArrayRef =
            Arc::new(StringArray::from_iter_values((0..1_000).map(|row| ["a", "b"][row % 2])));
        let hole: ArrayRef = Arc::new(Int64Array::from(vec![None; 1_000]));
        assert_eq!([key, word, hole].map(|array| repeats(array.as_ref(), 500)), [false, true, true]);
    }
}
