//! The engine's errors as Python exceptions: one match.

use lakebook_engine::Error;
use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(lakebook_native, NativeError, PyException, "A file could not become a table.");
create_exception!(lakebook_native, EmptySource, NativeError, "There is nothing in the source.");
create_exception!(lakebook_native, NotThisFormat, NativeError, "The content is not of the format.");
create_exception!(lakebook_native, Unreadable, NativeError, "The source cannot be opened or read.");
create_exception!(lakebook_native, DiskFull, NativeError, "There is no space for the output.");
create_exception!(lakebook_native, Cancelled, NativeError, "The caller asked to stop.");

/// The Python exception of an engine error.
pub fn exception(error: &Error) -> PyErr {
    let message = error.to_string();
    match error {
        Error::EmptySource(_) => EmptySource::new_err(message),
        Error::NotThisFormat(_) => NotThisFormat::new_err(message),
        Error::Unreadable(_) => Unreadable::new_err(message),
        Error::DiskFull(_) => DiskFull::new_err(message),
        Error::Cancelled => Cancelled::new_err(message),
        Error::Failed(_) => NativeError::new_err(message),
    }
}
