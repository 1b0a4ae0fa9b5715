//! A column of numbers, dates or times that is being made, quick to add to.

use std::sync::Arc;

use arrow_array::types::ArrowPrimitiveType;
use arrow_array::{ArrayRef, PrimitiveArray};
use arrow_buffer::NullBufferBuilder;
use arrow_schema::DataType;

/// Values one after the other.
pub struct ValueColumn<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    present: NullBufferBuilder,
    data_type: DataType,
}

impl<T: ArrowPrimitiveType> ValueColumn<T> {
    /// An empty column of a type with room for `rows` values.
    #[must_use]
    pub fn new(data_type: DataType, rows: usize) -> Self {
        Self { values: Vec::with_capacity(rows), present: NullBufferBuilder::new(rows), data_type }
    }

    /// Adds a value, or nothing.
    #[inline]
    pub fn push(&mut self, value: Option<T::Native>) {
        self.present.append(value.is_some());
        self.values.push(value.unwrap_or_default());
    }

    /// The column.
    #[must_use]
    pub fn finish(mut self) -> ArrayRef {
        let values = PrimitiveArray::<T>::new(self.values.into(), self.present.finish());
        Arc::new(values.with_data_type(self.data_type))
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Decimal128Type, Int64Type};
    use arrow_array::{Array, Decimal128Array, Int64Array};

    use super::*;

    #[test]
    fn values_and_holes_come_back_as_they_were_added() {
        for every in [1, 3, 1_000_000] {
            let given: Vec<Option<i64>> = (0..2_000).map(|at| (at % every > 0).then_some(at - 700)).collect();
            let mut column = ValueColumn::<Int64Type>::new(DataType::Int64, 10);
            for &value in &given {
                column.push(value);
            }
            assert_eq!(column.finish().as_primitive::<Int64Type>(), &Int64Array::from(given));
        }
    }

    #[test]
    fn the_type_is_kept_and_a_column_without_holes_says_so() {
        let data_type = DataType::Decimal128(9, 3);
        let mut column = ValueColumn::<Decimal128Type>::new(data_type.clone(), 1);
        column.push(Some(12_500));
        let made = column.finish();
        let known = Decimal128Array::from(vec![12_500]).with_precision_and_scale(9, 3).unwrap();
        assert_eq!((made.data_type(), made.nulls().is_none()), (&data_type, true));
        assert_eq!(made.as_primitive::<Decimal128Type>(), &known);
        assert_eq!(ValueColumn::<Int64Type>::new(DataType::Int64, 0).finish().len(), 0);
    }
}
