//! Bytes of a source, read in ranges, so that memory does not grow with the file.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::cached;
use crate::error::{Error, Result};

/// A file that is read by position, from any thread.
#[derive(Debug)]
pub struct Source {
    /// The name that messages use.
    pub label: String,
    file: File,
    start: u64,
    end: u64,
    /// Bytes that are read at a time, about.
    pub block: u64,
    /// How far it was let go, where it is a large one and read from its beginning to its end.
    gone: Option<AtomicU64>,
}

/// Bytes in a block where nobody asks for another size: few enough to stay in the cache until its rows are written.
const BLOCK: u64 = 3 << 19;

/// Bytes before the place of reading that other threads may still be about to read.
const NEAR: u64 = 8 << 20;

impl Source {
    /// Opens a file; a folder, a missing file and an empty file are errors.
    pub fn open(path: &Path) -> Result<Self> {
        let label = path
            .file_name()
            .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        let failed = |error: &std::io::Error| Error::reading(&label, error);
        let file = File::open(path).map_err(|error| failed(&error))?;
        let about = file.metadata().map_err(|error| failed(&error))?;
        if about.is_dir() {
            return Err(Error::Unreadable(format!("{label} cannot be read: it is a folder")));
        }
        if !about.is_file() {
            return Err(Error::Unreadable(format!("{label} cannot be read: it is not a regular file")));
        }
        if about.len() == 0 {
            return Err(Error::EmptySource(format!("{label} is empty")));
        }
        Ok(Self { label, file, start: 0, end: about.len(), block: BLOCK, gone: None })
    }

    /// The same source without its first bytes.
    #[must_use]
    pub fn without_head(mut self, bytes: u64) -> Self {
        self.start = (self.start + bytes).min(self.end);
        self
    }

    /// The same source, read in blocks of about this size where one is given.
    #[must_use]
    pub fn in_blocks(mut self, size: Option<u64>) -> Self {
        self.block = size.unwrap_or(self.block).max(1);
        self
    }

    /// The same source, of which what was read is let go as it is read on, where it is a large one.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.gone = (self.size() >= cached::LARGE).then(AtomicU64::default);
        self
    }

    /// Bytes in the source.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.end - self.start
    }

    /// The bytes from `from` to `to`, cut at the end of the source.
    pub fn read(&self, from: u64, to: u64) -> Result<Vec<u8>> {
        self.read_into(Vec::new(), from, to)
    }

    /// The same in memory that was in use before, which is ready at once.
    pub fn read_into(&self, mut bytes: Vec<u8>, from: u64, to: u64) -> Result<Vec<u8>> {
        let to = to.min(self.size());
        bytes.resize(usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX), 0);
        self.file
            .read_exact_at(&mut bytes, self.start + from)
            .map_err(|error| Error::reading(&self.label, &error))?;
        self.let_go(from);
        Ok(bytes)
    }

    /// Lets go what lies well before `at`; from there on again, where reading went back to an earlier place.
    fn let_go(&self, at: u64) {
        let Some(gone) = &self.gone else { return };
        let (done, until) = (gone.load(Ordering::Relaxed), at.saturating_sub(NEAR));
        if until >= done + NEAR {
            cached::forget(&self.file, self.start + done, until - done);
            gone.store(until, Ordering::Relaxed);
        } else if until < done {
            gone.store(until, Ordering::Relaxed);
        }
    }

    /// The same bytes again.
    pub fn whole(&self) -> Result<Self> {
        Ok(Self {
            label: self.label.clone(),
            file: self.handle()?,
            start: self.start,
            end: self.end,
            block: self.block,
            gone: None,
        })
    }

    /// A handle for readers that want a file of their own.
    pub fn handle(&self) -> Result<File> {
        self.file.try_clone().map_err(|error| Error::reading(&self.label, &error))
    }
}

/// Where temporary files go.
#[derive(Debug, Clone)]
pub struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// The caller's folder, else the one of the output.
    #[must_use]
    pub fn new(chosen: Option<&Path>, output: &Path) -> Self {
        let beside = output.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = chosen.or(beside).unwrap_or_else(|| Path::new("."));
        Self { folder: folder.to_path_buf() }
    }

    /// A file without a name: it is gone when it is closed, however the process ends.
    pub fn file(&self) -> Result<File> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(format!(".lakebook-{}-{number}.tmp", std::process::id()));
        let failed = |error: &std::io::Error| Error::writing("a temporary file", error);
        let file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(|error| failed(&error))?;
        std::fs::remove_file(&path).map_err(|error| failed(&error))?;
        Ok(file)
    }

    /// A source of what `write` puts into a temporary file.
    pub fn spool(&self, label: &str, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<Source> {
        let mut out = std::io::BufWriter::with_capacity(1 << 20, self.file()?);
        write(&mut out)?;
        let failed = |error: &std::io::Error| Error::writing("a temporary file", error);
        out.flush().map_err(|error| failed(&error))?;
        let mut file = out.into_inner().map_err(|error| failed(error.error()))?;
        let end = file.seek(SeekFrom::End(0)).map_err(|error| failed(&error))?;
        Ok(Source { label: label.to_owned(), file, start: 0, end, block: BLOCK, gone: None })
    }
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
