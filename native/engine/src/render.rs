//! Values as text: keys of the profile, and nested values as JSON.

use std::fmt::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

use crate::moment;

/// A decimal of `scale` places in plain digits.
#[must_use]
pub fn decimal(value: i128, scale: i8) -> String {
    let scale = usize::try_from(scale).unwrap_or(0);
    let digits = value.unsigned_abs().to_string();
    let sign = if value < 0 { "-" } else { "" };
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, places) = padded.split_at(padded.len() - scale);
    format!("{sign}{whole}.{places}")
}

/// A number that orders doubles as their values do; zeros are one, and so are all NaN.
#[must_use]
pub fn float_key(value: f64) -> i64 {
    let settled = if value == 0.0 {
        0.0
    } else if value.is_nan() {
        f64::NAN
    } else {
        value
    };
    let bits = settled.to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

/// The double of a [`float_key`].
#[must_use]
pub fn float_of(key: i64) -> f64 {
    f64::from_bits((if key < 0 { key ^ i64::MAX } else { key }).cast_unsigned())
}

/// A number's key as the text people read.
#[must_use]
pub fn key_text(key: i128, data_type: &DataType) -> String {
    let narrow = || i64::try_from(key).unwrap_or_default();
    match data_type {
        DataType::Boolean => (key != 0).to_string(),
        DataType::Decimal128(_, scale) => decimal(key, *scale),
        DataType::Float32 => (float_of(narrow()) as f32).to_string(),
        DataType::Float64 => float_of(narrow()).to_string(),
        DataType::Date32 => moment::date_text(i32::try_from(key).unwrap_or_default()),
        DataType::Timestamp(_, zone) => moment::timestamp_text(narrow(), zone.is_some()),
        _ => key.to_string(),
    }
}

/// A key's value on the number line: seconds for times, days for dates.
#[must_use]
pub fn key_number(key: i128, data_type: &DataType) -> f64 {
    let plain = key as f64;
    match data_type {
        DataType::Decimal128(_, scale) => plain / 10_f64.powi(i32::from(*scale)),
        DataType::Float32 | DataType::Float64 => float_of(i64::try_from(key).unwrap_or_default()),
        DataType::Timestamp(..) => plain / 1e6,
        _ => plain,
    }
}

/// Text inside JSON quotes.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
}

/// The key of a value of a simple type, `None` for text, bytes and nested types.
#[must_use]
pub fn key(array: &dyn Array, row: usize) -> Option<i128> {
    Some(match array.data_type() {
        DataType::Boolean => i128::from(array.as_boolean().value(row)),
        DataType::Int8 => array.as_primitive::<Int8Type>().value(row).into(),
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        DataType::Date32 => array.as_primitive::<Date32Type>().value(row).into(),
        DataType::Timestamp(..) => array.as_primitive::<TimestampMicrosecondType>().value(row).into(),
        DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value(row),
        DataType::Float32 => float_key(f64::from(array.as_primitive::<Float32Type>().value(row))).into(),
        DataType::Float64 => float_key(array.as_primitive::<Float64Type>().value(row)).into(),
        _ => return None,
    })
}

/// A value as JSON; numbers keep every digit.
pub fn json(array: &dyn Array, row: usize, out: &mut String) {
    if array.is_null(row) {
        out.push_str("null");
        return;
    }
    match array.data_type() {
        DataType::Utf8 => quote(array.as_string::<i32>().value(row), out),
        DataType::Binary => quote(&hex(array.as_binary::<i32>().value(row)), out),
        DataType::List(_) => list(&array.as_list::<i32>().value(row), out),
        DataType::Struct(fields) => {
            let inner = array.as_struct();
            out.push('{');
            for (at, (field, column)) in fields.iter().zip(inner.columns()).enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                quote(field.name(), out);
                out.push_str(": ");
                json(column.as_ref(), row, out);
            }
            out.push('}');
        }
        data_type => {
            let text = key(array, row).map_or_else(String::new, |key| key_text(key, data_type));
            let bare = data_type.is_numeric() || *data_type == DataType::Boolean;
            if bare && text.parse::<f64>().map_or(*data_type == DataType::Boolean, f64::is_finite) {
                out.push_str(&text);
            } else {
                quote(&text, out);
            }
        }
    }
}

fn list(items: &ArrayRef, out: &mut String) {
    out.push('[');
    for at in 0..items.len() {
        if at > 0 {
            out.push_str(", ");
        }
        json(items.as_ref(), at, out);
    }
    out.push(']');
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
