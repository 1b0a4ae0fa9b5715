//! Columns of a Parquet file under the types of the table.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::Decimal128Builder;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

use crate::build::{self, Cell};
use crate::error::Result;
use crate::plan::{ColumnPlan, Kind};
use crate::render;

/// A value as text.
pub fn cell_text(array: &ArrayRef, row: usize) -> String {
    if let DataType::Utf8 = array.data_type() {
        return array.as_string::<i32>().value(row).to_owned();
    }
    if let Some(key) = render::key(array.as_ref(), row) {
        return render::key_text(key, array.data_type());
    }
    let mut text = String::new();
    render::json(array.as_ref(), row, &mut text);
    text
}

/// A column of the file as the column of the table.
pub fn fitted(plan: &ColumnPlan, array: &ArrayRef) -> Result<ArrayRef> {
    if plan.kind.arrow() == *array.data_type() {
        return Ok(Arc::clone(array));
    }
    if let (Kind::Decimal { scale, .. }, DataType::Float64) = (&plan.kind, array.data_type())
        && let Some(decimals) = decimals(plan, array, *scale)
    {
        return Ok(decimals);
    }
    let mut cells = (0..array.len()).map(|row| {
        array.is_valid(row).then(|| Cell { text: Cow::Owned(cell_text(array, row)), quoted: true })
    });
    build::column(plan, array.len(), &mut cells)
}

/// Doubles whose shortest spelling has at most `scale` places, as those decimals.
fn decimals(plan: &ColumnPlan, array: &ArrayRef, scale: u8) -> Option<ArrayRef> {
    let factor = 10_f64.powi(i32::from(scale));
    let mut out = Decimal128Builder::with_capacity(array.len()).with_data_type(plan.kind.arrow());
    for value in array.as_primitive::<Float64Type>() {
        let Some(value) = value else {
            out.append_null();
            continue;
        };
        let scaled = (value * factor).round();
        if scaled.abs() >= 1e15 || scaled / factor != value {
            return None;
        }
        out.append_value(scaled as i128);
    }
    Some(Arc::new(out.finish()))
}
