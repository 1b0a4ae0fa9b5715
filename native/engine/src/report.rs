//! What the caller gets back: the table in figures, column by column.

use std::collections::BTreeMap;

use crate::spread::Spread;

/// One value of a column, as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// Text; also dates, times and decimals in their plain spelling.
    Text(String),
}

/// What is known about one column of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnReport {
    /// The name in the Parquet file.
    pub name: String,
    /// The header as the source spelt it.
    pub label: String,
    /// The type, as `DuckDB` spells it.
    pub data_type: String,
    /// Cells without a value.
    pub null_count: u64,
    /// Distinct values, nulls not counted.
    pub unique_count: u64,
    /// Whether `unique_count` was counted rather than estimated.
    pub unique_exact: bool,
    /// The smallest value.
    pub min: Option<Scalar>,
    /// The largest value.
    pub max: Option<Scalar>,
    /// The mean of a numeric column.
    pub mean: Option<f64>,
    /// The sample standard deviation of a numeric column.
    pub std_dev: Option<f64>,
    /// The ten most frequent values and how often they occur.
    pub top_values: Vec<(String, u64)>,
    /// At most twenty bins of equal width: lower bound, upper bound, count.
    pub histogram: Vec<(f64, f64, u64)>,
    /// How the numbers of a numeric column lie.
    pub spread: Option<Spread>,
    /// Least, greatest and mean number of characters of a text column.
    pub lengths: Option<(u64, u64, f64)>,
    /// Why the column counts as money, where it does.
    pub money: Option<String>,
    /// Text cells that begin or end with a blank.
    pub blank_padded_count: u64,
    /// Text cells that hold an empty string.
    pub empty_count: u64,
    /// Remarks for the reader, one sentence each.
    pub notes: Vec<String>,
}

/// One place where the source departs from a clean table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// The kind, one of a short list of words.
    pub kind: &'static str,
    /// The line of the source where the record begins, from 1.
    pub line: u64,
    /// The column concerned, where there is one.
    pub column: Option<String>,
    /// The raw text, shortened.
    pub raw: String,
    /// What was found and what was done.
    pub reason: String,
}

/// A row that is kept beside the table, not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The line of the source where the record begins, from 1.
    pub line: u64,
    /// The raw text, shortened.
    pub raw: String,
    /// Why it could not be read.
    pub reason: String,
}

/// How the source was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dialect {
    /// `csv`, `json` or `parquet`.
    pub format: &'static str,
    /// The text encoding, for text formats.
    pub encoding: Option<String>,
    /// What separates cells.
    pub delimiter: Option<String>,
    /// What encloses cells.
    pub quote: Option<String>,
    /// What escapes a quote inside a quoted cell, where it is not the quote itself.
    pub escape: Option<String>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
    /// Lines before the header or the first row.
    pub skipped_lines: u64,
    /// How lines end: `\n`, `\r\n` or `\r`.
    pub line_end: Option<&'static str>,
    /// What stands before the decimal places.
    pub decimal: Option<&'static str>,
}

/// The table in figures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProcessingResult {
    /// Where the Parquet file is.
    pub output_path: String,
    /// Rows in the table.
    pub row_count: u64,
    /// Columns in the table.
    pub column_count: u64,
    /// Wall time of the whole call.
    pub processing_time_ms: u64,
    /// Rows identical to an earlier row.
    pub duplicate_rows: u64,
    /// Groups of identical rows.
    pub duplicate_groups: u64,
    /// Rows kept beside the table.
    pub rejected_rows: u64,
    /// The columns in order.
    pub columns: Vec<ColumnReport>,
    /// The first examples of deviations, in line order.
    pub deviations: Vec<Deviation>,
    /// How many deviations of each kind there are.
    pub deviation_counts: BTreeMap<String, u64>,
    /// The first rejected rows, in line order.
    pub rejected: Vec<Rejected>,
    /// How the (first) source was read.
    pub dialect: Dialect,
}
