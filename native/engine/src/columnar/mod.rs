//! Parquet sources: typed already, brought to the types that are written.

mod believable;
mod convert;
mod dictionaries;
mod fit;
mod positional;
mod reader;
mod texts;

pub use reader::ParquetInput;
