//! The output file while it is being written: complete under its name, or not there at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use parquet::errors::ParquetError;

use crate::cached;
use crate::error::{Error, Result};

/// Bytes after which what was written is made durable while the work goes on, so that little is left to wait for.
const DURABLE: usize = 16 << 20;

/// Bytes that are written at a time: few enough to be near until they are.
const WRITTEN: usize = 1 << 18;

/// What went wrong with the file first.
type Trouble = Arc<Mutex<Option<io::Error>>>;

/// The thread that makes durable what was written, where there is one.
type Syncing = Arc<Mutex<Option<JoinHandle<()>>>>;

/// A file `<output>.part`, removed unless it is published.
#[derive(Debug)]
pub struct Part {
    path: PathBuf,
    output: PathBuf,
    trouble: Trouble,
    sync: Syncing,
    published: bool,
}

/// Writes to the part and remembers what went wrong.
pub struct PartWriter {
    out: BufWriter<File>,
    trouble: Trouble,
    sync: Syncing,
    /// Bytes written since the last that were made durable.
    waiting: usize,
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
        let (trouble, sync) = (Trouble::default(), Syncing::default());
        let out = PartWriter {
            out: BufWriter::with_capacity(WRITTEN, file),
            trouble: Arc::clone(&trouble),
            sync: Arc::clone(&sync),
            waiting: 0,
        };
        Ok((Self { path, output: output.to_path_buf(), trouble, sync, published: false }, out))
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

    /// Begins to make durable all that was written, while other work goes on that only reads it.
    pub fn settle(&self) {
        if let (Ok(mut running), Ok(file)) = (self.sync.lock(), File::open(&self.path)) {
            *running = durable(file, &self.trouble, running.take());
        }
    }

    /// Makes the file durable and gives it its name.
    pub fn publish(mut self) -> Result<()> {
        let failed = |error: &io::Error| Error::writing(&shown(&self.output), error);
        let running = self.sync.lock().ok().and_then(|mut running| running.take());
        // A thread that panicked made nothing durable: all of it is, right below.
        drop(running.map(JoinHandle::join));
        // The system tells of a failed write once: whoever was told keeps it.
        if let Some(error) = self.trouble.lock().ok().and_then(|mut trouble| trouble.take()) {
            return Err(failed(&error));
        }
        let file = File::open(&self.path).map_err(|error| failed(&error))?;
        file.sync_all().map_err(|error| failed(&error))?;
        std::fs::rename(&self.path, &self.output).map_err(|error| failed(&error))?;
        self.published = true;
        let folder = self.output.parent().filter(|folder| !folder.as_os_str().is_empty());
        let synced = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        synced.map_err(|error| Error::writing(&shown(&self.output), &error))
    }
}

/// Makes durable what is in a file, beside the work and after what was begun before; `None` where there is no thread to
/// be had: publishing makes durable what is left.
fn durable(file: File, trouble: &Trouble, before: Option<JoinHandle<()>>) -> Option<JoinHandle<()>> {
    let trouble = Arc::clone(trouble);
    let work = move || {
        drop(before.map(JoinHandle::join));
        if let (Err(error), Ok(mut trouble)) = (file.sync_data(), trouble.lock()) {
            trouble.get_or_insert(error);
        }
        let written = file.metadata().map_or(0, |about| about.len());
        if written >= cached::LARGE {
            cached::forget(&file, 0, written);
        }
    };
    thread::Builder::new().spawn(work).ok()
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
    /// Begins to make durable what was written, unless that goes on already.
    fn settle(&mut self) {
        if let (Ok(mut running), Ok(file)) = (self.sync.lock(), self.out.get_ref().try_clone())
            && running.as_ref().is_none_or(JoinHandle::is_finished)
        {
            *running = durable(file, &self.trouble, None);
            self.waiting = 0;
        }
    }

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
        self.waiting += outcome.as_ref().map_or(0, |&written| written);
        if self.waiting >= DURABLE {
            self.settle();
        }
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
