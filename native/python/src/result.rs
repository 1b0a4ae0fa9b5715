//! The result as Python sees it: plain lists, dicts, numbers and text.

use lakebook_engine::report::{
    ColumnReport, Deviation, Dialect, ProcessingResult as Report, Rejected, Scalar,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::statistics;

/// The table in figures: its file, rows, columns, duplicates, deviations and dialect.
#[pyclass(frozen, get_all, module = "lakebook_native")]
pub struct ProcessingResult {
    output_path: String,
    row_count: u64,
    column_count: u64,
    processing_time_ms: u64,
    duplicate_rows: u64,
    duplicate_groups: u64,
    rejected_rows: u64,
    columns: Py<PyList>,
    deviations: Py<PyList>,
    deviation_counts: Py<PyDict>,
    rejected: Py<PyList>,
    dialect: Py<PyDict>,
}

#[pymethods]
impl ProcessingResult {
    fn __repr__(&self) -> String {
        format!(
            "ProcessingResult(output_path={:?}, row_count={}, column_count={}, duplicate_rows={}, rejected_rows={})",
            self.output_path, self.row_count, self.column_count, self.duplicate_rows, self.rejected_rows
        )
    }
}

impl ProcessingResult {
    /// The engine's report in Python's own types.
    pub fn new(py: Python<'_>, report: Report) -> PyResult<Self> {
        let columns = PyList::empty(py);
        for one in &report.columns {
            columns.append(column(py, one, report.row_count)?)?;
        }
        let deviations = PyList::empty(py);
        for one in &report.deviations {
            deviations.append(deviation(py, one)?)?;
        }
        let rejected_rows = PyList::empty(py);
        for one in &report.rejected {
            rejected_rows.append(rejected(py, one)?)?;
        }
        let counts = PyDict::new(py);
        for (kind, times) in &report.deviation_counts {
            counts.set_item(kind, times)?;
        }
        Ok(Self {
            row_count: report.row_count,
            column_count: report.column_count,
            processing_time_ms: report.processing_time_ms,
            duplicate_rows: report.duplicate_rows,
            duplicate_groups: report.duplicate_groups,
            rejected_rows: report.rejected_rows,
            columns: columns.unbind(),
            deviations: deviations.unbind(),
            deviation_counts: counts.unbind(),
            rejected: rejected_rows.unbind(),
            dialect: dialect(py, &report.dialect)?,
            output_path: report.output_path,
        })
    }
}

fn scalar<'py>(py: Python<'py>, value: Option<&Scalar>) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        None => py.None().into_bound(py),
        Some(Scalar::Bool(value)) => value.into_pyobject(py)?.to_owned().into_any(),
        Some(Scalar::Int(value)) => value.into_pyobject(py)?.into_any(),
        Some(Scalar::Float(value)) => value.into_pyobject(py)?.into_any(),
        Some(Scalar::Text(value)) => value.into_pyobject(py)?.into_any(),
    })
}

fn column<'py>(py: Python<'py>, report: &ColumnReport, rows: u64) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("name", &report.name)?;
    dict.set_item("label", &report.label)?;
    dict.set_item("data_type", &report.data_type)?;
    dict.set_item("null_count", report.null_count)?;
    dict.set_item("unique_count", report.unique_count)?;
    dict.set_item("unique_exact", report.unique_exact)?;
    dict.set_item("min", scalar(py, report.min.as_ref())?)?;
    dict.set_item("max", scalar(py, report.max.as_ref())?)?;
    dict.set_item("mean", report.mean)?;
    dict.set_item("std_dev", report.std_dev)?;
    let top = PyList::empty(py);
    for (value, times) in &report.top_values {
        top.append(PyList::new(
            py,
            [value.into_pyobject(py)?.into_any(), times.into_pyobject(py)?.into_any()],
        )?)?;
    }
    dict.set_item("top_values", top)?;
    let bins = PyList::empty(py);
    for (low, high, times) in &report.histogram {
        let bin = [
            low.into_pyobject(py)?.into_any(),
            high.into_pyobject(py)?.into_any(),
            times.into_pyobject(py)?.into_any(),
        ];
        bins.append(PyList::new(py, bin)?)?;
    }
    dict.set_item("histogram", bins)?;
    dict.set_item("money", report.money.as_ref())?;
    dict.set_item("blank_padded_count", report.blank_padded_count)?;
    dict.set_item("empty_count", report.empty_count)?;
    dict.set_item("notes", &report.notes)?;
    statistics::add(py, &dict, report, rows)?;
    Ok(dict)
}

fn deviation<'py>(py: Python<'py>, report: &Deviation) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("kind", report.kind)?;
    dict.set_item("line", report.line)?;
    dict.set_item("column", report.column.as_ref())?;
    dict.set_item("raw", &report.raw)?;
    dict.set_item("reason", &report.reason)?;
    Ok(dict)
}

fn rejected<'py>(py: Python<'py>, report: &Rejected) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("line", report.line)?;
    dict.set_item("raw", &report.raw)?;
    dict.set_item("reason", &report.reason)?;
    Ok(dict)
}

fn dialect(py: Python<'_>, report: &Dialect) -> PyResult<Py<PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("format", report.format)?;
    if report.format != "parquet" {
        dict.set_item("encoding", report.encoding.as_ref())?;
    }
    if report.format == "csv" {
        dict.set_item("delimiter", report.delimiter.as_ref())?;
        dict.set_item("quote", report.quote.as_ref())?;
        dict.set_item("escape", report.escape.as_ref())?;
        dict.set_item("header", report.header)?;
        dict.set_item("skipped_lines", report.skipped_lines)?;
        dict.set_item("line_end", report.line_end)?;
        dict.set_item("decimal", report.decimal)?;
    }
    Ok(dict.unbind())
}
