//! What must hold whatever the bytes are: the same table however it is read, or one clear error and no leftovers.
//!
//! The fuzz targets search for inputs that break this; the engine's test `corpus` holds it for every input kept.

pub mod csv;
pub mod encodings;
pub mod json;
pub mod parquet;
mod same;
mod table;

/// Panics where the bytes break what must hold.
pub type Check = fn(&[u8]);

/// The check of each target, by its name.
pub const TARGETS: [(&str, Check); 4] = [
    ("csv", csv::check),
    ("encodings", encodings::check),
    ("json", json::check),
    ("parquet", parquet::check),
];
