//! How far the work is, and whether to go on.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Called with the fraction done (0 to 1) and the rows so far; `Ok(false)` cancels.
pub type Report<'a> = dyn FnMut(f64, u64) -> Result<bool> + Send + 'a;

/// The least time between two reports.
const PAUSE: Duration = Duration::from_millis(100);

/// A fraction that only ever grows, reported at most ten times a second.
pub struct Meter<'a> {
    report: Option<&'a mut Report<'a>>,
    fraction: f64,
    rows: u64,
    last: Option<Instant>,
}

impl<'a> Meter<'a> {
    /// A meter that tells `report`, where there is one.
    #[must_use]
    pub fn new(report: Option<&'a mut Report<'a>>) -> Self {
        Self { report, fraction: 0.0, rows: 0, last: None }
    }

    /// Notes progress; an error means that the caller wants to stop.
    pub fn advance(&mut self, fraction: f64, rows: u64) -> Result<()> {
        self.fraction = self.fraction.max(fraction.clamp(0.0, 1.0));
        self.rows = self.rows.max(rows);
        if self.last.is_some_and(|last| last.elapsed() < PAUSE) {
            return Ok(());
        }
        self.tell()
    }

    /// Reports the end.
    pub fn finish(&mut self, rows: u64) -> Result<()> {
        self.fraction = 1.0;
        self.rows = rows;
        self.tell()
    }

    /// Rows reported so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    fn tell(&mut self) -> Result<()> {
        self.last = Some(Instant::now());
        let Some(report) = self.report.as_mut() else { return Ok(()) };
        if report(self.fraction, self.rows)? { Ok(()) } else { Err(Error::Cancelled) }
    }
}
