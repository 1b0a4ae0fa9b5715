//! What the caller may choose.

use std::path::PathBuf;

use crate::encoding::Encoding;
use crate::number::Mark;

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
    /// How a text source is to be read, instead of what its sample tells.
    pub asked: Asked,
    /// Bytes of a text source that are read at a time, about; 3 MB where not given.
    pub block_size: Option<u64>,
}

/// What the caller says about a text source; what is `None` is told from the content.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// What separates cells.
    pub delimiter: Option<u8>,
    /// What encloses cells; `Some(None)` where nothing does.
    pub quote: Option<Option<u8>>,
    /// What escapes a quote; `Some(None)` where only a second quote does.
    pub escape: Option<Option<u8>>,
    /// Whether the first row names the columns.
    pub header: Option<bool>,
    /// How bytes become letters.
    pub encoding: Option<Encoding>,
    /// What stands before the decimal places.
    pub decimal: Option<Mark>,
    /// Lines before the header or the first row.
    pub skip_lines: Option<u64>,
}

impl Options {
    /// Bytes for counts and row hashes where the caller names none.
    pub const MEMORY: usize = 512 << 20;

    /// The bytes that counts and row hashes may take.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.memory_limit.unwrap_or(Self::MEMORY)
    }
}
