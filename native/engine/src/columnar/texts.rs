//! Texts of a Parquet source: read as views into its pages, and copied a bounded stretch of rows at a time.
//!
//! One page may hold a long text once and mean it a million times: a copy for each row would need more memory than
//! there is.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef};

use crate::columnar::believable::meant;
use crate::error::{Error, Result};

/// Bytes of text that are copied at a time.
const STRETCH: u64 = 64 << 20;
/// Bytes of the longest row that is read.
const LONGEST: u64 = 1 << 30;

/// The same columns, whose texts and bytes are views.
#[must_use]
pub fn viewed(schema: &Schema) -> SchemaRef {
    Arc::new(Schema::new(schema.fields().iter().map(view).collect::<Vec<_>>()))
}

fn view(field: &FieldRef) -> FieldRef {
    let data_type = match field.data_type() {
        DataType::Utf8 => DataType::Utf8View,
        DataType::Binary => DataType::BinaryView,
        DataType::List(item) => DataType::List(view(item)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(view).collect()),
        DataType::Map(entries, sorted) => DataType::Map(view(entries), *sorted),
        _ => return Arc::clone(field),
    };
    Arc::new(Field::clone(field).with_data_type(data_type))
}

/// The texts of one source as they are met.
#[derive(Default)]
pub struct Texts {
    unpacked: u64,
}

impl Texts {
    /// Stretches of rows, each its first row and how many, whose texts can be copied at once.
    ///
    /// An error where `label`, a file of `size` bytes, unpacks to more than can be meant.
    pub fn stretches(
        &mut self,
        columns: &[&ArrayRef],
        label: &str,
        size: u64,
    ) -> Result<Vec<(usize, usize)>> {
        let rows = columns.first().map_or(0, Array::len);
        self.unpacked = self.unpacked.saturating_add(bytes_of(columns, 0, rows));
        meant(self.unpacked, label, size)?;
        let mut found = Vec::new();
        let mut open = vec![(0, rows)];
        while let Some((from, count)) = open.pop() {
            let bytes = bytes_of(columns, from, count);
            if count > 1 && bytes > STRETCH {
                open.push((from + count / 2, count - count / 2));
                open.push((from, count / 2));
            } else if bytes > LONGEST {
                return Err(Error::NotThisFormat(format!("{label} holds a row of more than 1 GiB")));
            } else {
                found.push((from, count));
            }
        }
        Ok(found)
    }
}

fn bytes_of(columns: &[&ArrayRef], from: usize, count: usize) -> u64 {
    columns.iter().map(|array| bytes(array, from, count)).fold(0, u64::saturating_add)
}

/// Bytes of the texts in some rows.
fn bytes(array: &ArrayRef, from: usize, count: usize) -> u64 {
    match array.data_type() {
        DataType::Utf8View => lengths(&array.as_string_view().views()[from..from + count]),
        DataType::BinaryView => lengths(&array.as_binary_view().views()[from..from + count]),
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            let ends = list.value_offsets();
            let (first, last) = (ends[from] as usize, ends[from + count] as usize);
            bytes(list.values(), first, last - first)
        }
        DataType::Map(..) => {
            let map = array.as_map();
            let ends = map.value_offsets();
            let (first, last) = (ends[from] as usize, ends[from + count] as usize);
            let columns = map.entries().columns().iter();
            columns.map(|column| bytes(column, first, last - first)).fold(0, u64::saturating_add)
        }
        DataType::Struct(_) => {
            let columns = array.as_struct().columns().iter();
            columns.map(|column| bytes(column, from, count)).fold(0, u64::saturating_add)
        }
        _ => 0,
    }
}

/// A view begins with its length.
fn lengths(views: &[u128]) -> u64 {
    views.iter().map(|&view| view & u128::from(u32::MAX)).sum::<u128>() as u64
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;
