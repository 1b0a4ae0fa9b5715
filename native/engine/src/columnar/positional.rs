//! A source as the Parquet reader wants it: read by position, from any thread.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use crate::source::Source;

/// A shared source; unlike a file handle it has no cursor that readers could move for each other.
#[derive(Clone)]
pub struct Positional(pub Arc<Source>);

/// A reader from one place on.
pub struct From {
    source: Arc<Source>,
    at: u64,
}

impl Read for From {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let bytes = self
            .source
            .read(self.at, self.at + out.len() as u64)
            .map_err(|error| io::Error::other(error.to_string()))?;
        if bytes.is_empty() && !out.is_empty() {
            // A file ends in its footer: who reads past it skips what is not there, as often as a broken page says.
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        out[..bytes.len()].copy_from_slice(&bytes);
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }
}

impl Length for Positional {
    fn len(&self) -> u64 {
        self.0.size()
    }
}

impl ChunkReader for Positional {
    type T = io::BufReader<From>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(io::BufReader::new(From { source: Arc::clone(&self.0), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self
            .0
            .read(start, start + length as u64)
            .map_err(|error| ParquetError::General(error.to_string()))?;
        if bytes.len() == length {
            Ok(bytes.into())
        } else {
            Err(ParquetError::EOF("the file is cut short".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn nobody_reads_past_the_end() {
        let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let positional = Positional(Arc::new(Source::open(&whole).unwrap()));
        let mut byte = [0];
        let mut last = positional.get_read(positional.len() - 1).unwrap();
        assert_eq!(last.read(&mut byte).unwrap(), 1);
        assert_eq!(last.read(&mut byte).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
