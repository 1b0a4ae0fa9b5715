//! What the caller says about a text source: checked before anything is read.

use lakebook_engine::{Asked, Encoding, Mark};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

fn refused<T>(message: String) -> PyResult<T> {
    Err(PyValueError::new_err(message))
}

/// One ASCII character that may mark off cells.
pub fn mark(name: &str, given: &str) -> PyResult<u8> {
    match given.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | b'"') => Ok(*byte),
        _ => refused(format!("{name} is one ASCII character, not {given:?}")),
    }
}

/// One ASCII character that may mark something inside a row, or an empty text for none.
pub fn mark_or_none(name: &str, given: &str) -> PyResult<Option<u8>> {
    match given.as_bytes() {
        [] => Ok(None),
        [b'"'] => Ok(Some(b'"')),
        _ => mark(name, given)
            .map(Some)
            .or_else(|_| refused(format!("{name} is one ASCII character, or empty for none, not {given:?}"))),
    }
}

/// A point or a comma.
pub fn decimal(given: &str) -> PyResult<Mark> {
    match given {
        "." => Ok(Mark::Point),
        "," => Ok(Mark::Comma),
        _ => refused(format!("decimal is \".\" or \",\", not {given:?}")),
    }
}

/// An encoding by one of its names.
pub fn encoding(given: &str) -> PyResult<Encoding> {
    Encoding::named(given).map_or_else(|| refused(format!("no encoding is called {given:?}")), Ok)
}

/// Cells cannot be marked off by what encloses them or escapes inside them.
pub fn differ(asked: &Asked) -> PyResult<()> {
    let Some(delimiter) = asked.delimiter else { return Ok(()) };
    for (name, other) in [("quote", asked.quote.flatten()), ("escape", asked.escape.flatten())] {
        if other == Some(delimiter) {
            return refused(format!("delimiter and {name} must differ"));
        }
    }
    Ok(())
}
