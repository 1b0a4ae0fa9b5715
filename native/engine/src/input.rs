//! One source of rows, whatever its format: surveyed once, then read once.

use std::sync::Arc;

use arrow_array::{ArrayRef, new_null_array};

use crate::columnar::ParquetInput;
use crate::csv::CsvInput;
use crate::decide::Surveyed;
use crate::error::Result;
use crate::findings::Findings;
use crate::json::JsonInput;
use crate::plan::ColumnPlan;
use crate::progress::Meter;
use crate::report::Dialect;

/// The rows of one block, one array per column of the table.
pub struct Rows {
    pub columns: Vec<ArrayRef>,
    pub count: usize,
    /// How much of the source has been read, 0 to 1.
    pub fraction: f64,
}

/// Takes the rows of a source in order.
pub type Take<'t> = dyn FnMut(Rows) -> Result<()> + Send + 't;

/// Takes the rows of a source while it is surveyed, under types guessed from its first cells.
pub trait Early: Send {
    /// Guesses the types from what the first rows tell.
    fn begin(&mut self, columns: &[Surveyed]) -> Result<Vec<ColumnPlan>>;
    /// Takes the next rows.
    fn take(&mut self, rows: &Rows) -> Result<()>;
    /// Forgets all rows: the guess was wrong.
    fn give_up(&mut self);
}

/// A source of one of the known formats.
pub enum Input {
    Csv(CsvInput),
    Json(JsonInput),
    Parquet(ParquetInput),
}

impl Input {
    /// Looks at every cell and says what each column could be.
    pub fn survey(&mut self, meter: &mut Step<'_, '_>) -> Result<Vec<Surveyed>> {
        match self {
            Self::Csv(input) => input.survey(meter, None),
            Self::Json(input) => input.survey(meter, None),
            Self::Parquet(input) => input.survey(meter),
        }
    }

    /// Surveys the source and, where its format allows, reads its rows on the way; what `early` holds must be checked
    /// against the types that the whole survey gives.
    pub fn survey_early(&mut self, meter: &mut Step<'_, '_>, early: &mut dyn Early) -> Result<Vec<Surveyed>> {
        match self {
            Self::Csv(input) => input.survey(meter, Some(early)),
            Self::Json(input) => input.survey(meter, Some(early)),
            Self::Parquet(_) => self.survey(meter),
        }
    }

    /// Reads the rows as the table's columns; `places` says which column of the source each one is.
    pub fn read(&self, plans: &[ColumnPlan], places: &[Option<usize>], take: &mut Take<'_>) -> Result<()> {
        match self {
            Self::Csv(input) => input.read(plans, places, take),
            Self::Json(input) => input.read(plans, places, take),
            Self::Parquet(input) => input.read(plans, places, take),
        }
    }

    /// What was odd about the source.
    pub fn findings(&mut self) -> Findings {
        match self {
            Self::Csv(input) => input.findings(),
            Self::Json(input) => input.findings(),
            Self::Parquet(_) => Findings::default(),
        }
    }

    /// How the source is read.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Csv(input) => input.dialect(),
            Self::Json(input) => input.dialect(),
            Self::Parquet(_) => Dialect { format: "parquet", ..Dialect::default() },
        }
    }

    /// The lines of the source on which these byte offsets lie, from 1; offsets must rise.
    pub fn lines(&self, offsets: &[u64]) -> Result<Vec<u64>> {
        match self {
            Self::Csv(input) => input.lines(offsets),
            Self::Json(input) => input.lines(offsets),
            Self::Parquet(_) => Ok(vec![0; offsets.len()]),
        }
    }
}

/// A stretch of the whole work, from one fraction of it to another.
pub struct Step<'m, 'r> {
    pub meter: &'m mut Meter<'r>,
    pub from: f64,
    pub to: f64,
}

impl Step<'_, '_> {
    /// Notes how much of this stretch is done.
    pub fn advance(&mut self, fraction: f64) -> Result<()> {
        self.reach(fraction, self.meter.rows())
    }

    /// Notes how much of this stretch is done, and how many rows have been read.
    pub fn reach(&mut self, fraction: f64, rows: u64) -> Result<()> {
        self.meter.advance(self.from + (self.to - self.from) * fraction, rows)
    }
}

/// A column without any value.
#[must_use]
pub fn absent(plan: &ColumnPlan, rows: usize) -> ArrayRef {
    Arc::clone(&new_null_array(&plan.kind.arrow(), rows))
}
