//! The Parquet source: columns are read side by side, in parallel.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use rayon::prelude::*;

use crate::columnar::believable::believable;
use crate::columnar::convert::{convert, storable};
use crate::columnar::dictionaries;
use crate::columnar::fit::{cell_text, fitted};
use crate::columnar::positional::Positional;
use crate::columnar::texts::{Texts, viewed};
use crate::decide::Surveyed;
use crate::error::{Error, Result};
use crate::evidence::Evidence;
use crate::flow;
use crate::input::{Rows, Step, Take, absent};
use crate::money;
use crate::names;
use crate::nulls::NullWords;
use crate::plan::ColumnPlan;
use crate::source::Source;

/// Rows read at a time: with fewer, threads wait for each other; more would leave the cache before they are written.
const BATCH: usize = 16_384;
/// Bytes read at a time.
const LARGE_BATCH: i64 = 128 << 20;

/// A Parquet source.
pub struct ParquetInput {
    source: Arc<Source>,
    metadata: ArrowReaderMetadata,
    labels: Vec<String>,
    types: Vec<DataType>,
    /// Whether every value is looked at, because other sources may be of other types.
    thorough: bool,
}

/// Columns with their place in the file.
type Numbered = Vec<(usize, ArrayRef)>;

/// A column of the file and the reader that gives it.
struct Lane {
    column: usize,
    reader: ParquetRecordBatchReader,
}

impl ParquetInput {
    /// Reads the footer of a Parquet file.
    pub fn open(source: Source, thorough: bool) -> Result<Self> {
        let source = Arc::new(source);
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let load = || ArrowReaderMetadata::load(&Positional(Arc::clone(&source)), options);
        let metadata = guarded(load).ok_or_else(|| damaged(&source))?;
        believable(metadata.metadata(), &source.label, source.size())?;
        let file = Arc::new(Positional(Arc::clone(&source)));
        guarded(|| dictionaries::fit(&file, metadata.metadata()))
            .filter(|fit| *fit)
            .ok_or_else(|| damaged(&source))?;
        let fields = metadata.schema().fields();
        if fields.is_empty() {
            return Err(Error::EmptySource(format!("{} has no columns", source.label)));
        }
        let labels = fields.iter().map(|field| field.name().clone()).collect();
        let types: Result<Vec<DataType>> = fields.iter().map(|field| storable(field.data_type())).collect();
        let views = ArrowReaderOptions::new().with_schema(viewed(metadata.schema()));
        let viewing = guarded(|| ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), views));
        let metadata = viewing.ok_or_else(|| damaged(&source))?;
        Ok(Self { types: types?, labels, metadata, source, thorough })
    }

    fn total(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// Rows that the row groups say they hold.
    fn promised(&self) -> u64 {
        let groups = self.metadata.metadata().row_groups().iter();
        groups.map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).fold(0, u64::saturating_add)
    }

    /// A lane for each column, so that threads share them evenly.
    fn lanes(&self, wanted: &[usize]) -> Result<Vec<Lane>> {
        let lane = |&column: &usize| {
            let mask = ProjectionMask::roots(self.metadata.parquet_schema(), [column]);
            let file = Positional(Arc::clone(&self.source));
            let build = || {
                ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                    .with_projection(mask)
                    .with_batch_size(self.batch())
                    .build()
            };
            let reader = guarded(build).ok_or_else(|| damaged(&self.source))?;
            Ok(Lane { column, reader })
        };
        wanted.iter().map(lane).collect()
    }

    /// Rows read at a time: fewer where they say that they are long.
    fn batch(&self) -> usize {
        let groups = self.metadata.metadata().row_groups().iter();
        let long = groups.map(|group| group.total_byte_size() / group.num_rows().max(1)).max().unwrap_or(0);
        usize::try_from(LARGE_BATCH / long.max(1)).unwrap_or(1).clamp(64, BATCH)
    }

    /// The next rows of the wanted columns, as they are stored, by column of the file.
    fn next(&self, lanes: &mut [Lane]) -> Result<Option<Numbered>> {
        let read: Result<Vec<Option<(usize, ArrayRef)>>> = lanes
            .par_iter_mut()
            .with_max_len(1)
            .map(|lane| {
                let next = guarded(|| lane.reader.next().transpose());
                let batch = next.ok_or_else(|| damaged(&self.source))?;
                Ok(batch.map(|batch| (lane.column, Arc::clone(batch.column(0)))))
            })
            .collect();
        let read = read?;
        if read.iter().all(Option::is_none) {
            return Ok(None);
        }
        // Columns that end before others are no whole rows: nulls in their place would be made up.
        let columns: Option<Numbered> = read.into_iter().collect();
        let columns = columns.ok_or_else(|| damaged(&self.source))?;
        let even = columns.windows(2).all(|pair| pair[0].1.len() == pair[1].1.len());
        if even { Ok(Some(columns)) } else { Err(damaged(&self.source)) }
    }

    /// The rows in stretches whose texts can be copied at once.
    fn stretches(&self, columns: &Numbered, texts: &mut Texts) -> Result<Vec<Numbered>> {
        let arrays: Vec<&ArrayRef> = columns.iter().map(|(_, array)| array).collect();
        let stretches = texts.stretches(&arrays, &self.source.label, self.source.size())?;
        let slice =
            |(from, count)| columns.iter().map(|(at, array)| (*at, array.slice(from, count))).collect();
        Ok(stretches.into_iter().map(slice).collect())
    }

    /// Looks at the values of columns that may be money, or at all of them.
    pub fn survey(&self, step: &mut Step<'_, '_>) -> Result<Vec<Surveyed>> {
        let mut evidence: Vec<Evidence> = self
            .types
            .iter()
            .map(|declared| Evidence { native: Some(declared.clone()), ..Evidence::default() })
            .collect();
        let is_float = |at: usize| matches!(self.types[at], DataType::Float32 | DataType::Float64);
        let wanted: Vec<usize> = (0..self.types.len())
            .filter(|&at| self.thorough || (is_float(at) && money::word(&self.labels[at]).is_some()))
            .collect();
        let total = self.total().max(1) as f64;
        let mut lanes = if wanted.is_empty() { Vec::new() } else { self.lanes(&wanted)? };
        let (mut seen, mut texts) = (0, Texts::default());
        while let Some(columns) = self.next(&mut lanes)? {
            seen += columns[0].1.len();
            for some in self.stretches(&columns, &mut texts)? {
                let told: Vec<(usize, Evidence)> = some
                    .par_iter()
                    .map(|(at, array)| (*at, look(&convert(array, &self.types[*at]))))
                    .collect();
                for (at, more) in told {
                    evidence[at].merge(&more);
                }
            }
            step.advance(seen as f64 / total)?;
        }
        let names = names::unique(&self.labels);
        let columns = names.into_iter().zip(&self.labels).zip(evidence);
        let surveyed = |((name, label), evidence): ((String, &String), _)| Surveyed {
            name,
            label: label.clone(),
            evidence,
        };
        Ok(columns.map(surveyed).collect())
    }

    /// Reads the rows; the next ones are read while those before them are taken.
    pub fn read(&self, plans: &[ColumnPlan], places: &[Option<usize>], take: &mut Take<'_>) -> Result<()> {
        let wanted: Vec<usize> = places.iter().flatten().copied().collect();
        let total = self.total().max(1) as f64;
        let (mut lanes, mut texts) = (self.lanes(&wanted)?, Texts::default());
        let (mut seen, mut stretches) = (0, VecDeque::new());
        let next = |spare: &mut Vec<(Numbered, usize)>| {
            spare.clear();
            if stretches.is_empty()
                && let Some(mut columns) = self.next(&mut lanes)?
            {
                columns.sort_by_key(|&(at, _)| at);
                stretches.extend(self.stretches(&columns, &mut texts)?);
            }
            let some: Option<Numbered> = stretches.pop_front();
            seen += some.as_ref().map_or(0, |some| some[0].1.len());
            Ok(some.map(|some| (some, seen)))
        };
        let rows = |(some, end): &(Numbered, usize)| self.rows(some, plans, places, *end as f64 / total);
        flow::run(next, rows, |rows| take(rows?))?;
        if seen as u64 == self.promised() { Ok(()) } else { Err(damaged(&self.source)) }
    }

    /// A stretch of the file as rows of the table.
    fn rows(
        &self,
        stretch: &Numbered,
        plans: &[ColumnPlan],
        places: &[Option<usize>],
        fraction: f64,
    ) -> Result<Rows> {
        let count = stretch[0].1.len();
        let columns: Result<Vec<ArrayRef>> = plans
            .par_iter()
            .zip(places)
            .with_max_len(1)
            .map(|(plan, place)| {
                let found = place.and_then(|place| stretch.binary_search_by_key(&place, |&(at, _)| at).ok());
                let Some((at, array)) = found.map(|found| &stretch[found]) else {
                    return Ok(absent(plan, count));
                };
                fitted(plan, &convert(array, &self.types[*at]))
            })
            .collect();
        Ok(Rows { columns: columns?, count, fraction })
    }
}

/// What reading gives, unless it fails or trips over a file that no writer makes.
fn guarded<T, E>(read: impl FnOnce() -> std::result::Result<T, E>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()?.ok()
}

fn damaged(source: &Source) -> Error {
    Error::NotThisFormat(format!("{} is a damaged or incomplete Parquet file", source.label))
}

/// What the values of a typed column are like.
fn look(array: &ArrayRef) -> Evidence {
    let mut evidence = Evidence::default();
    let words = NullWords::default();
    for row in (0..array.len()).filter(|&row| array.is_valid(row)) {
        match array.data_type() {
            DataType::Float64 => evidence.add_float(array.as_primitive::<Float64Type>().value(row)),
            DataType::Utf8 | DataType::Binary => evidence.plain_text(&cell_text(array, row), || 0),
            DataType::List(_) | DataType::Struct(_) => evidence.composite += 1,
            _ => evidence.add(&cell_text(array, row), &words, || 0),
        }
    }
    evidence
}
