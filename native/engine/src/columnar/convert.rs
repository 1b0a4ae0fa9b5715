//! Arrow types of a source and the ones that are written in their place.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date64Type, Decimal128Type, Float16Type, Float32Type, Int16Type, Int32Type, Int64Type,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BinaryArray, Date32Array, ListArray, PrimitiveArray, StringArray,
    StructArray, new_null_array,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, FieldRef, TimeUnit};

use crate::error::{Error, Result};
use crate::moment::{DAY, clock_text};

/// The type written for a declared one; an error names what has no such type.
pub fn storable(declared: &DataType) -> Result<DataType> {
    use DataType as T;
    Ok(match declared {
        T::Boolean
        | T::Int8
        | T::Int16
        | T::Int32
        | T::Int64
        | T::Float32
        | T::Float64
        | T::Date32
        | T::Utf8
        | T::Binary => declared.clone(),
        T::UInt8 => T::Int16,
        T::UInt16 => T::Int32,
        T::UInt32 => T::Int64,
        T::UInt64 => T::Decimal128(20, 0),
        T::Float16 => T::Float32,
        T::Decimal128(precision, scale) if *scale >= 0 => T::Decimal128(*precision, *scale),
        T::Decimal256(..) | T::Null | T::LargeUtf8 | T::Utf8View | T::Time32(_) | T::Time64(_) => T::Utf8,
        T::LargeBinary | T::BinaryView | T::FixedSizeBinary(_) => T::Binary,
        T::Date64 => T::Date32,
        T::Timestamp(_, None) => T::Timestamp(TimeUnit::Microsecond, None),
        T::Timestamp(_, Some(_)) => T::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        T::List(item) | T::Map(item, _) => T::List(inner("item", item)?),
        T::Struct(fields) if !fields.is_empty() => {
            let fields: Result<Vec<FieldRef>> =
                fields.iter().map(|field| inner(field.name(), field)).collect();
            T::Struct(fields?.into())
        }
        other => {
            return Err(Error::NotThisFormat(format!(
                "a column is of the type {other}, which tables cannot hold"
            )));
        }
    })
}

fn inner(name: &str, field: &Field) -> Result<FieldRef> {
    Ok(Arc::new(Field::new(name, storable(field.data_type())?, true)))
}

/// The same values in the type that is written.
pub fn convert(array: &ArrayRef, target: &DataType) -> ArrayRef {
    use DataType as T;
    match (array.data_type(), target) {
        (T::UInt8, _) => Arc::new(array.as_primitive::<UInt8Type>().unary::<_, Int16Type>(i16::from)),
        (T::UInt16, _) => Arc::new(array.as_primitive::<UInt16Type>().unary::<_, Int32Type>(i32::from)),
        (T::UInt32, _) => Arc::new(array.as_primitive::<UInt32Type>().unary::<_, Int64Type>(i64::from)),
        (T::UInt64, _) => {
            let wide = array.as_primitive::<UInt64Type>().unary::<_, Decimal128Type>(i128::from);
            Arc::new(wide.with_data_type(target.clone()))
        }
        (T::Float16, _) => Arc::new(array.as_primitive::<Float16Type>().unary::<_, Float32Type>(f32::from)),
        (T::Date64, _) => {
            let day = DAY / 1000;
            let days = |value: i64| i32::try_from(value.div_euclid(day)).unwrap_or(i32::MAX);
            Arc::new(array.as_primitive::<Date64Type>().unary_opt(|value| Some(days(value))) as Date32Array)
        }
        (T::Timestamp(unit, _), _) => timestamps(array, *unit, target),
        (T::Time32(_) | T::Time64(_), _) => clocks(array),
        (T::Decimal256(_, _), _) => {
            let wide = array.as_primitive::<arrow_array::types::Decimal256Type>();
            texts(array, |row| wide.value_as_string(row))
        }
        (T::LargeUtf8, _) => Arc::new(array.as_string::<i64>().iter().collect::<StringArray>()),
        (T::Utf8View, _) => Arc::new(array.as_string_view().iter().collect::<StringArray>()),
        (T::LargeBinary, _) => Arc::new(array.as_binary::<i64>().iter().collect::<BinaryArray>()),
        (T::BinaryView, _) => Arc::new(array.as_binary_view().iter().collect::<BinaryArray>()),
        (T::FixedSizeBinary(_), _) => Arc::new(array.as_fixed_size_binary().iter().collect::<BinaryArray>()),
        (T::Null, _) => new_null_array(target, array.len()),
        (T::List(_), T::List(item)) => {
            let list = array.as_list::<i32>();
            listed(list.offsets(), list.values(), item, list.nulls().cloned())
        }
        (T::Map(..), T::List(item)) => {
            let map = array.as_map();
            let entries: ArrayRef = Arc::new(map.entries().clone());
            listed(map.offsets(), &entries, item, map.nulls().cloned())
        }
        (T::Struct(_), T::Struct(fields)) => {
            let whole = array.as_struct();
            let columns = whole
                .columns()
                .iter()
                .zip(fields)
                .map(|(column, field)| convert(column, field.data_type()))
                .collect();
            Arc::new(StructArray::new(fields.clone(), columns, whole.nulls().cloned()))
        }
        _ => Arc::clone(array),
    }
}

/// A list of the items that its rows hold; of a slice, not all that the whole array holds.
fn listed(
    offsets: &OffsetBuffer<i32>,
    items: &ArrayRef,
    item: &FieldRef,
    nulls: Option<NullBuffer>,
) -> ArrayRef {
    let (first, last) = (offsets[0] as usize, offsets[offsets.len() - 1] as usize);
    let values = convert(&items.slice(first, last - first), item.data_type());
    let offsets = OffsetBuffer::from_lengths(offsets.lengths());
    Arc::new(ListArray::new(Arc::clone(item), offsets, values, nulls))
}

fn timestamps(array: &ArrayRef, unit: TimeUnit, target: &DataType) -> ArrayRef {
    fn scaled<S: ArrowPrimitiveType<Native = i64>>(
        array: &ArrayRef,
        scale: impl Fn(i64) -> Option<i64>,
    ) -> PrimitiveArray<TimestampMicrosecondType> {
        array.as_primitive::<S>().unary_opt(scale)
    }
    let micros = match unit {
        TimeUnit::Second => scaled::<TimestampSecondType>(array, |value| value.checked_mul(1_000_000)),
        TimeUnit::Millisecond => scaled::<TimestampMillisecondType>(array, |value| value.checked_mul(1_000)),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().clone(),
        TimeUnit::Nanosecond => {
            scaled::<TimestampNanosecondType>(array, |value| Some(value.div_euclid(1_000)))
        }
    };
    Arc::new(micros.with_data_type(target.clone()))
}

fn clocks(array: &ArrayRef) -> ArrayRef {
    let micros = |row: usize| match array.data_type() {
        DataType::Time32(TimeUnit::Second) => {
            i64::from(array.as_primitive::<Time32SecondType>().value(row)) * 1_000_000
        }
        DataType::Time32(_) => i64::from(array.as_primitive::<Time32MillisecondType>().value(row)) * 1_000,
        DataType::Time64(TimeUnit::Nanosecond) => {
            array.as_primitive::<Time64NanosecondType>().value(row) / 1_000
        }
        _ => array.as_primitive::<Time64MicrosecondType>().value(row),
    };
    texts(array, |row| clock_text(micros(row)))
}

fn texts(array: &ArrayRef, text: impl Fn(usize) -> String) -> ArrayRef {
    let mut out = StringBuilder::new();
    for row in 0..array.len() {
        out.append_option(array.is_valid(row).then(|| text(row)));
    }
    Arc::new(out.finish())
}
