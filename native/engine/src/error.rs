//! Why a source could not become a table: one enum, each case one sentence for people.

use std::fmt;
use std::io;

/// The outcome of every fallible step of the engine.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong, in the words a person reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// There is nothing in the source to make a table of.
    EmptySource(String),
    /// The bytes are not of the format they were said to be.
    NotThisFormat(String),
    /// The source cannot be opened or read.
    Unreadable(String),
    /// The output could not be written for want of space.
    DiskFull(String),
    /// The caller asked to stop.
    Cancelled,
    /// Anything else, such as an output folder that cannot be written.
    Failed(String),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptySource(message)
            | Self::NotThisFormat(message)
            | Self::Unreadable(message)
            | Self::DiskFull(message)
            | Self::Failed(message) => out.write_str(message),
            Self::Cancelled => out.write_str("the work was cancelled before it was done"),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// An I/O error met while reading `what`.
    #[must_use]
    pub fn reading(what: &str, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "it does not exist".to_owned(),
            io::ErrorKind::PermissionDenied => "permission was denied".to_owned(),
            io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            io::ErrorKind::UnexpectedEof => "it became shorter while it was read".to_owned(),
            io::ErrorKind::StorageFull => return Self::disk_full(),
            _ => error.kind().to_string(),
        };
        Self::Unreadable(format!("{what} cannot be read: {reason}"))
    }

    /// An I/O error met while writing `what`.
    #[must_use]
    pub fn writing(what: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::disk_full()
            }
            io::ErrorKind::PermissionDenied => {
                Self::Failed(format!("{what} cannot be written: permission was denied"))
            }
            io::ErrorKind::NotFound => {
                Self::Failed(format!("{what} cannot be written: its folder does not exist"))
            }
            kind => Self::Failed(format!("{what} cannot be written: {kind}")),
        }
    }

    /// The disk of the output or of the temporary files is full.
    #[must_use]
    pub fn disk_full() -> Self {
        Self::DiskFull("the disk is full: the table could not be written".to_owned())
    }
}
