//! Quantiles, lengths and the like in a column's dict; what does not apply is `None`.

use lakebook_engine::Spread;
use lakebook_engine::report::ColumnReport;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Adds the statistics of a column of a table of `rows` rows.
pub fn add(py: Python<'_>, dict: &Bound<'_, PyDict>, report: &ColumnReport, rows: u64) -> PyResult<()> {
    let values = rows - report.null_count.min(rows);
    dict.set_item("unique", report.unique_exact && values > 0 && report.unique_count == values)?;
    dict.set_item("constant", report.unique_exact && report.unique_count == 1)?;
    dict.set_item("min_length", report.lengths.map(|lengths| lengths.0))?;
    dict.set_item("max_length", report.lengths.map(|lengths| lengths.1))?;
    dict.set_item("mean_length", report.lengths.map(|lengths| lengths.2))?;
    numbers(py, dict, report.spread.as_ref())
}

fn numbers(py: Python<'_>, dict: &Bound<'_, PyDict>, spread: Option<&Spread>) -> PyResult<()> {
    dict.set_item("zero_count", spread.map(|spread| spread.zeros))?;
    dict.set_item("negative_count", spread.map(|spread| spread.negatives))?;
    let quantiles = PyDict::new(py);
    for (name, value) in spread.iter().flat_map(|spread| &spread.quantiles) {
        quantiles.set_item(name, value)?;
    }
    dict.set_item("quantiles", quantiles)?;
    dict.set_item("quantiles_exact", spread.map(|spread| spread.exact))?;
    let outliers = spread.and_then(|spread| spread.outliers);
    dict.set_item("outlier_count", outliers.map(|outliers| outliers.count))?;
    dict.set_item("outlier_low", outliers.map(|outliers| outliers.low))?;
    dict.set_item("outlier_high", outliers.map(|outliers| outliers.high))?;
    dict.set_item("outlier_rule", outliers.map(|_| "three times the distance of the quartiles"))
}
