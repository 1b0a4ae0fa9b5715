//! Parquet sources: typed already, brought to the types that are written.

mod convert;
mod positional;
mod reader;

pub use reader::ParquetInput;
