//! How the columns of a row group are laid out: by dictionary where values repeat, else plainly.

use std::collections::HashSet;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Schema};
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::render;

/// Bytes of a dictionary page, after which a column is written plainly.
const DICTIONARY: usize = 1 << 20;
/// Rows that tell whether values repeat.
const LOOKED_AT: usize = 4_096;

/// The properties of a row group that begins with these rows.
#[must_use]
pub fn properties(schema: &Schema, first: &[ArrayRef], from: usize) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_dictionary_page_size_limit(DICTIONARY)
        .set_created_by("lakebook".to_owned());
    for (field, array) in schema.fields().iter().zip(first) {
        if !repeats(array.as_ref(), from) {
            let path = ColumnPath::new(vec![field.name().clone()]);
            properties = properties.set_column_dictionary_enabled(path, false);
        }
    }
    properties.build()
}

/// Whether more than a quarter of the values from row `from` on stand there twice.
fn repeats(array: &dyn Array, from: usize) -> bool {
    let to = array.len().min(from + LOOKED_AT);
    let present = (from..to).filter(|&row| array.is_valid(row));
    let (seen, distinct) = match array.data_type() {
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            count(present.map(|row| texts.value(row)))
        }
        DataType::Binary | DataType::List(_) | DataType::Struct(_) => return true,
        _ => count(present.filter_map(|row| render::key(array, row))),
    };
    distinct * 4 <= seen * 3
}

fn count<T: Eq + std::hash::Hash>(values: impl Iterator<Item = T>) -> (usize, usize) {
    let mut seen = 0;
    let distinct = values.inspect(|_| seen += 1).collect::<HashSet<T>>().len();
    (seen, distinct)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Int64Array, StringArray};
    use arrow_schema::Field;

    use super::*;

    #[test]
    fn only_values_that_repeat_get_a_dictionary() {
        let schema = Schema::new(vec![
            Field::new("key", DataType::Int64, true),
            Field::new("word", DataType::Utf8, true),
            Field::new("hole", DataType::Int64, true),
        ]);
        let first: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(0..1_000)),
            Arc::new(StringArray::from_iter_values((0..1_000).map(|row| ["a", "b"][row % 2]))),
            Arc::new(Int64Array::from(vec![None; 1_000])),
        ];
        let properties = properties(&schema, &first, 500);
        let dictionary = |name: &str| properties.dictionary_enabled(&ColumnPath::from(name));
        assert!(!dictionary("key"));
        assert!(dictionary("word"));
        assert!(dictionary("hole"));
    }
}
