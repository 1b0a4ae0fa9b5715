//! The Python module `lakebook_native`: exports only.

mod errors;
mod process;
mod result;

use pyo3::prelude::*;

/// One native pass from a file to typed Parquet and a column profile.
#[pymodule]
mod lakebook_native {
    #[pymodule_export]
    use crate::errors::{Cancelled, DiskFull, EmptySource, NativeError, NotThisFormat, Unreadable};
    #[pymodule_export]
    use crate::process::process_dataset;
    #[pymodule_export]
    use crate::result::ProcessingResult;

    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
