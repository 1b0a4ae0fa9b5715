//! One pass from a file to typed Parquet and a column profile; no Python in here.
#![forbid(unsafe_code)]

mod build;
mod cells;
mod columnar;
mod cook;
mod counts;
mod csv;
mod decide;
mod decode;
mod encoding;
pub mod error;
mod estimate;
mod evidence;
mod findings;
mod format;
mod glance;
mod input;
mod json;
mod layout;
mod line;
mod moment;
mod money;
mod names;
mod nulls;
mod number;
mod number_profile;
mod number_tally;
pub mod options;
mod part;
mod plan;
mod process;
mod profile;
pub mod progress;
mod radix;
mod render;
pub mod report;
mod rows;
mod simple;
mod sink;
mod source;
mod spread;
mod summary;
mod text_profile;
mod text_tally;
mod truth;

#[cfg(test)]
mod moment_tests;

pub use encoding::Encoding;
pub use error::{Error, Result};
pub use number::Mark;
pub use options::{Asked, Format, Options};
pub use process::process;
pub use progress::Meter;
pub use report::ProcessingResult;
pub use spread::Spread;
