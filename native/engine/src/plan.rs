//! What each column of the table is going to be.

use arrow_schema::{DataType, Field, TimeUnit};

use crate::moment::Order;
use crate::number::Mark;

/// The type of a column and how its cells are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    Whole(Mark),
    Decimal {
        precision: u8,
        scale: u8,
        mark: Mark,
    },
    Double(Mark),
    Date(Order),
    Timestamp(Order),
    Instant(Order),
    Text,
    /// A type that a Parquet source declares and that is kept.
    Native(DataType),
}

/// One column of the table.
#[derive(Debug, Clone)]
pub struct ColumnPlan {
    pub name: String,
    pub label: String,
    pub kind: Kind,
    /// Words that are null in this column.
    pub nulls: Vec<String>,
    pub money: Option<String>,
    pub notes: Vec<String>,
}

impl Kind {
    /// The Arrow type that is written.
    #[must_use]
    pub fn arrow(&self) -> DataType {
        match self {
            Self::Boolean => DataType::Boolean,
            Self::Whole(_) => DataType::Int64,
            Self::Decimal { precision, scale, .. } => DataType::Decimal128(*precision, scale.cast_signed()),
            Self::Double(_) => DataType::Float64,
            Self::Date(_) => DataType::Date32,
            Self::Timestamp(_) => DataType::Timestamp(TimeUnit::Microsecond, None),
            Self::Instant(_) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Text => DataType::Utf8,
            Self::Native(declared) => declared.clone(),
        }
    }
}

impl ColumnPlan {
    /// The field that is written; every column may hold nulls.
    #[must_use]
    pub fn field(&self) -> Field {
        Field::new(&self.name, self.kind.arrow(), true)
    }
}

/// The type as `DuckDB` spells it.
#[must_use]
pub fn spelling(data_type: &DataType) -> String {
    match data_type {
        DataType::Boolean => "BOOLEAN".to_owned(),
        DataType::Int8 => "TINYINT".to_owned(),
        DataType::Int16 => "SMALLINT".to_owned(),
        DataType::Int32 => "INTEGER".to_owned(),
        DataType::Int64 => "BIGINT".to_owned(),
        DataType::Float32 => "FLOAT".to_owned(),
        DataType::Float64 => "DOUBLE".to_owned(),
        DataType::Decimal128(precision, scale) => format!("DECIMAL({precision},{scale})"),
        DataType::Date32 => "DATE".to_owned(),
        DataType::Timestamp(_, None) => "TIMESTAMP".to_owned(),
        DataType::Timestamp(_, Some(_)) => "TIMESTAMP WITH TIME ZONE".to_owned(),
        DataType::Binary => "BLOB".to_owned(),
        DataType::List(item) => format!("{}[]", spelling(item.data_type())),
        DataType::Struct(fields) => {
            let inner: Vec<String> = fields
                .iter()
                .map(|field| format!("{} {}", quoted(field.name()), spelling(field.data_type())))
                .collect();
            format!("STRUCT({})", inner.join(", "))
        }
        _ => "VARCHAR".to_owned(),
    }
}

fn quoted(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty() {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}
