//! The output file while it is being written: complete under its name, or not there at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use parquet::errors::ParquetError;

use crate::error::{Error, Result};

/// A file `<output>.part`, removed unless it is published.
#[derive(Debug)]
pub struct Part {
    path: PathBuf,
    output: PathBuf,
    trouble: Arc<Mutex<Option<io::Error>>>,
    published: bool,
}

/// Writes to the part and remembers what went wrong.
pub struct PartWriter {
    out: BufWriter<File>,
    trouble: Arc<Mutex<Option<io::Error>>>,
}

impl Part {
    /// Starts the output at `output`.
    pub fn create(output: &Path) -> Result<(Self, PartWriter)> {
        let mut name = output.as_os_str().to_owned();
        name.push(".part");
        let path = PathBuf::from(name);
        if output.is_dir() {
            return Err(Error::Failed(format!("{} cannot be written: it is a folder", shown(output))));
        }
        let file = File::create(&path).map_err(|error| Error::writing(&shown(output), &error))?;
        let trouble = Arc::new(Mutex::new(None));
        let out = PartWriter { out: BufWriter::with_capacity(1 << 20, file), trouble: Arc::clone(&trouble) };
        Ok((Self { path, output: output.to_path_buf(), trouble, published: false }, out))
    }

    /// What a failed write means, in terms of the file system where that is the cause.
    #[must_use]
    pub fn explain(&self, error: &ParquetError) -> Error {
        let met = self.trouble.lock().ok().and_then(|mut trouble| trouble.take());
        met.map_or_else(
            || Error::Failed(format!("the table could not be encoded: {error}")),
            |cause| Error::writing(&shown(&self.output), &cause),
        )
    }

    /// The unfinished file, to be read back.
    pub fn reopen(&self) -> Result<File> {
        File::open(&self.path).map_err(|error| Error::reading(&shown(&self.output), &error))
    }

    /// Makes the file durable and gives it its name.
    pub fn publish(mut self) -> Result<()> {
        let failed = |error: &io::Error| Error::writing(&shown(&self.output), error);
        let file = File::open(&self.path).map_err(|error| failed(&error))?;
        file.sync_all().map_err(|error| failed(&error))?;
        std::fs::rename(&self.path, &self.output).map_err(|error| failed(&error))?;
        self.published = true;
        let folder = self.output.parent().filter(|folder| !folder.as_os_str().is_empty());
        let synced = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        synced.map_err(|error| Error::writing(&shown(&self.output), &error))
    }
}

fn shown(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.published && std::fs::remove_file(&self.path).is_err() {
            // Nothing is left to remove, or nothing can be: the error that led here is the one to report.
        }
    }
}

impl PartWriter {
    fn remember<T>(&self, outcome: io::Result<T>) -> io::Result<T> {
        outcome.map_err(|error| {
            let kind = error.kind();
            if let Ok(mut trouble) = self.trouble.lock() {
                trouble.get_or_insert(error);
            }
            io::Error::from(kind)
        })
    }
}

impl Write for PartWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let outcome = self.out.write(bytes);
        self.remember(outcome)
    }

    fn flush(&mut self) -> io::Result<()> {
        let outcome = self.out.flush();
        self.remember(outcome)
    }
}

#[cfg(test)]
#[path = "part_tests.rs"]
mod tests;
