//! The Parquet source: columns are read side by side, in parallel.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::Decimal128Builder;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use rayon::prelude::*;

use crate::build::{self, Cell};
use crate::columnar::convert::{convert, storable};
use crate::columnar::positional::Positional;
use crate::decide::Surveyed;
use crate::error::{Error, Result};
use crate::evidence::Evidence;
use crate::input::{Rows, Step, Take, absent};
use crate::money;
use crate::names;
use crate::nulls::NullWords;
use crate::plan::{ColumnPlan, Kind};
use crate::render;
use crate::source::Source;

/// Rows read at a time.
const BATCH: usize = 32_768;

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

/// Some columns of the file and the reader that gives them.
struct Lane {
    columns: Vec<usize>,
    reader: ParquetRecordBatchReader,
}

impl ParquetInput {
    /// Reads the footer of a Parquet file.
    pub fn open(source: Source, thorough: bool) -> Result<Self> {
        let source = Arc::new(source);
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = ArrowReaderMetadata::load(&Positional(Arc::clone(&source)), options)
            .map_err(|_| damaged(&source))?;
        let fields = metadata.schema().fields();
        if fields.is_empty() {
            return Err(Error::EmptySource(format!("{} has no columns", source.label)));
        }
        let labels = fields.iter().map(|field| field.name().clone()).collect();
        let types: Result<Vec<DataType>> = fields.iter().map(|field| storable(field.data_type())).collect();
        Ok(Self { types: types?, labels, metadata, source, thorough })
    }

    fn total(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    fn lanes(&self, wanted: &[usize]) -> Result<Vec<Lane>> {
        let threads = rayon::current_num_threads().clamp(1, wanted.len().max(1));
        (0..threads)
            .map(|lane| {
                let columns: Vec<usize> = wanted.iter().copied().skip(lane).step_by(threads).collect();
                let mask = ProjectionMask::roots(self.metadata.parquet_schema(), columns.iter().copied());
                let file = Positional(Arc::clone(&self.source));
                let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                    .with_projection(mask)
                    .with_batch_size(BATCH)
                    .build()
                    .map_err(|_| damaged(&self.source))?;
                Ok(Lane { columns, reader })
            })
            .collect()
    }

    /// The next rows of the wanted columns, by column of the file.
    fn next(&self, lanes: &mut [Lane]) -> Result<Option<Numbered>> {
        let read: Result<Vec<Option<Numbered>>> = lanes
            .par_iter_mut()
            .map(|lane| {
                let Some(batch) = lane.reader.next() else { return Ok(None) };
                let batch = batch.map_err(|_| damaged(&self.source))?;
                let columns = lane.columns.iter().zip(batch.columns());
                Ok(Some(columns.map(|(&at, array)| (at, convert(array, &self.types[at]))).collect()))
            })
            .collect();
        let read = read?;
        if read.iter().all(Option::is_none) {
            return Ok(None);
        }
        let columns: Numbered = read.into_iter().flatten().flatten().collect();
        let even = columns.windows(2).all(|pair| pair[0].1.len() == pair[1].1.len());
        if even { Ok(Some(columns)) } else { Err(damaged(&self.source)) }
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
        let mut seen = 0;
        while let Some(columns) = self.next(&mut lanes)? {
            seen += columns[0].1.len();
            let told: Vec<(usize, Evidence)> =
                columns.par_iter().map(|(at, array)| (*at, look(array))).collect();
            for (at, more) in told {
                evidence[at].merge(&more);
            }
            step.advance(seen as f64 / total)?;
        }
        let names = names::unique(&self.labels);
        let columns = names.into_iter().zip(&self.labels).zip(evidence);
        Ok(columns
            .map(|((name, label), evidence)| Surveyed { name, label: label.clone(), evidence })
            .collect())
    }

    /// Reads the rows.
    pub fn read(&self, plans: &[ColumnPlan], places: &[Option<usize>], take: &mut Take<'_>) -> Result<()> {
        let wanted: Vec<usize> = places.iter().flatten().copied().collect();
        let total = self.total().max(1) as f64;
        let mut lanes = self.lanes(&wanted)?;
        let mut seen = 0;
        while let Some(mut columns) = self.next(&mut lanes)? {
            columns.sort_by_key(|&(at, _)| at);
            let count = columns[0].1.len();
            let built: Result<Vec<ArrayRef>> = plans
                .par_iter()
                .zip(places)
                .map(|(plan, place)| {
                    let found =
                        place.and_then(|place| columns.binary_search_by_key(&place, |&(at, _)| at).ok());
                    found.map_or_else(|| Ok(absent(plan, count)), |at| fitted(plan, &columns[at].1))
                })
                .collect();
            seen += count;
            take(Rows { columns: built?, count, fraction: seen as f64 / total })?;
        }
        Ok(())
    }
}

fn damaged(source: &Source) -> Error {
    Error::NotThisFormat(format!("{} is a damaged or incomplete Parquet file", source.label))
}

fn cell_text(array: &ArrayRef, row: usize) -> String {
    if let DataType::Utf8 = array.data_type() {
        return array.as_string::<i32>().value(row).to_owned();
    }
    if let Some(key) = render::key(array.as_ref(), row) {
        return render::key_text(key, array.data_type());
    }
    let mut text = String::new();
    render::json(array.as_ref(), row, &mut text);
    text
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

/// A column of the file as the column of the table.
fn fitted(plan: &ColumnPlan, array: &ArrayRef) -> Result<ArrayRef> {
    if plan.kind.arrow() == *array.data_type() {
        return Ok(Arc::clone(array));
    }
    if let (Kind::Decimal { scale, .. }, DataType::Float64) = (&plan.kind, array.data_type())
        && let Some(decimals) = decimals(plan, array, *scale)
    {
        return Ok(decimals);
    }
    let mut cells = (0..array.len()).map(|row| {
        array.is_valid(row).then(|| Cell { text: Cow::Owned(cell_text(array, row)), quoted: true })
    });
    build::column(plan, array.len(), &mut cells)
}

/// Doubles whose shortest spelling has at most `scale` places, as those decimals.
fn decimals(plan: &ColumnPlan, array: &ArrayRef, scale: u8) -> Option<ArrayRef> {
    let factor = 10_f64.powi(i32::from(scale));
    let mut out = Decimal128Builder::with_capacity(array.len()).with_data_type(plan.kind.arrow());
    for value in array.as_primitive::<Float64Type>() {
        let Some(value) = value else {
            out.append_null();
            continue;
        };
        let scaled = (value * factor).round();
        if scaled.abs() >= 1e15 || scaled / factor != value {
            return None;
        }
        out.append_value(scaled as i128);
    }
    Some(Arc::new(out.finish()))
}
