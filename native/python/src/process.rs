//! The one function: arguments in, engine without the GIL, result out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use lakebook_engine::{Asked, Error, Format, Meter, Options, process};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::asked;
use crate::errors::exception;
use crate::result::ProcessingResult;

/// One path or several.
#[derive(FromPyObject)]
pub enum Sources {
    One(PathBuf),
    Several(Vec<PathBuf>),
}

/// Makes one typed Parquet table of one or more CSV, JSON or Parquet files, with its full profile.
#[pyfunction]
#[pyo3(signature = (source, output_path, *, format=None, threads=None, memory_limit=None, temp_dir=None, nulls=None, delimiter=None, quote=None, escape=None, header=None, encoding=None, decimal=None, skip_lines=None, progress=None))]
#[expect(clippy::too_many_arguments, reason = "keyword arguments of the Python interface")]
pub fn process_dataset(
    py: Python<'_>,
    source: Sources,
    output_path: PathBuf,
    format: Option<&str>,
    threads: Option<usize>,
    memory_limit: Option<usize>,
    temp_dir: Option<PathBuf>,
    nulls: Option<Vec<String>>,
    delimiter: Option<&str>,
    quote: Option<&str>,
    escape: Option<&str>,
    header: Option<bool>,
    encoding: Option<&str>,
    decimal: Option<&str>,
    skip_lines: Option<u64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<ProcessingResult> {
    let asked = Asked {
        delimiter: delimiter.map(|given| asked::mark("delimiter", given)).transpose()?,
        quote: quote.map(|given| asked::mark_or_none("quote", given)).transpose()?,
        escape: escape.map(|given| asked::mark_or_none("escape", given)).transpose()?,
        header,
        encoding: encoding.map(asked::encoding).transpose()?,
        decimal: decimal.map(asked::decimal).transpose()?,
        skip_lines,
    };
    asked::differ(&asked)?;
    let options = Options {
        format: format.map(known_format).transpose()?,
        threads: threads.map(|count| positive("threads", count)).transpose()?,
        memory_limit: memory_limit.map(|bytes| positive("memory_limit", bytes)).transpose()?,
        temp_dir,
        nulls,
        asked,
        block_size: None,
    };
    let sources = match source {
        Sources::One(path) => vec![path],
        Sources::Several(paths) => paths,
    };
    let (outcome, raised) = py.detach(move || run(&sources, &output_path, &options, progress));
    match (outcome, raised) {
        (Err(_), Some(error)) => Err(error),
        (Err(error), None) => Err(exception(&error)),
        (Ok(report), _) => ProcessingResult::new(py, report),
    }
}

type Outcome = (Result<lakebook_engine::ProcessingResult, Error>, Option<PyErr>);

/// Runs the engine; an exception of the callback ends the work and is given back beside the outcome.
fn run(sources: &[PathBuf], output: &Path, options: &Options, progress: Option<Py<PyAny>>) -> Outcome {
    let mut raised = None;
    let mut tell = |fraction: f64, rows: u64| {
        let answer = Python::attach(|py| {
            py.check_signals()?;
            let Some(callback) = &progress else { return Ok(true) };
            let answer = callback.bind(py).call1((fraction, rows))?;
            Ok::<_, PyErr>(answer.is_none() || answer.is_truthy()?)
        });
        answer.map_err(|error| {
            raised = Some(error);
            Error::Cancelled
        })
    };
    let work = AssertUnwindSafe(|| process(sources, output, options, &mut Meter::new(Some(&mut tell))));
    let outcome = catch_unwind(work)
        .unwrap_or_else(|_| Err(Error::Failed("the native module met an error of its own".to_owned())));
    drop(progress);
    (outcome, raised)
}

fn known_format(name: &str) -> PyResult<Format> {
    match name {
        "csv" => Ok(Format::Csv),
        "json" => Ok(Format::Json),
        "parquet" => Ok(Format::Parquet),
        _ => Err(PyValueError::new_err(format!("format is csv, json or parquet, not {name:?}"))),
    }
}

fn positive(name: &str, value: usize) -> PyResult<usize> {
    if value > 0 { Ok(value) } else { Err(PyValueError::new_err(format!("{name} must be at least 1"))) }
}
