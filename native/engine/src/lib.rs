//! One pass from a file to typed Parquet and a column profile; no Python in here.
#![forbid(unsafe_code)]

pub mod error;
pub mod findings;
pub mod moment;
pub mod names;
pub mod number;
pub mod progress;
pub mod report;

#[cfg(test)]
mod moment_tests;
