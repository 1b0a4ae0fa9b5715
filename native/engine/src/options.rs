//! What the caller may choose.

use std::path::PathBuf;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
    Parquet,
}

/// Everything about a call but its source and output.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The format; told from the content where it is not given.
    pub format: Option<Format>,
    /// Threads; as many as there are cores where not given.
    pub threads: Option<usize>,
    /// Bytes that counts and row hashes may take together.
    pub memory_limit: Option<usize>,
    /// Where temporary files go; beside the output where not given.
    pub temp_dir: Option<PathBuf>,
    /// Words that are null everywhere, instead of the rule.
    pub nulls: Option<Vec<String>>,
    /// What separates cells, instead of what the sample tells.
    pub delimiter: Option<u8>,
}

impl Options {
    /// Bytes for counts and row hashes where the caller names none.
    pub const MEMORY: usize = 1 << 30;

    /// The bytes that counts and row hashes may take.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.memory_limit.unwrap_or(Self::MEMORY)
    }
}
