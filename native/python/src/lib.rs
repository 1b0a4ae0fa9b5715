//! The Python module `lakebook_native`: exports only.

mod asked;
mod errors;
mod process;
mod result;
mod statistics;

use pyo3::pymodule;

/// One native pass from a file to typed Parquet and a column profile.
#[pymodule]
mod lakebook_native {
    #[pymodule_export]
    use crate::errors::{Cancelled, DiskFull, EmptySource, NativeError, NotThisFormat, Unreadable};
    #[pymodule_export]
    use crate::process::process_dataset;
    #[pymodule_export]
    use crate::result::ProcessingResult;

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
