//! The written table, read back.

use std::fs::File;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::file::metadata::PageIndexPolicy;

use crate::cells;
use crate::error::{Error, Result};

/// Rows read at a time.
const BATCH: usize = 32_768;

/// What reading back fails with.
pub fn failed(error: &dyn std::fmt::Display) -> Error {
    Error::Failed(format!("the table could not be read back: {error}"))
}

/// The rows of a column.
fn rows(table: File, column: usize) -> Result<ParquetRecordBatchReader> {
    ParquetRecordBatchReaderBuilder::try_new(table)
        .and_then(|builder| {
            let mask = ProjectionMask::roots(builder.parquet_schema(), [column]);
            builder.with_projection(mask).with_batch_size(BATCH).build()
        })
        .map_err(|error| failed(&error))
}

/// The rows of these rising numbers, from 0, and no others.
pub fn some_rows(table: File, numbers: impl Iterator<Item = usize>) -> Result<ParquetRecordBatchReader> {
    let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
    ParquetRecordBatchReaderBuilder::try_new_with_options(table, options)
        .and_then(|builder| {
            let total = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
            let inside = numbers.filter(|&number| number < total);
            let chosen =
                RowSelection::from_consecutive_ranges(inside.map(|number| number..number + 1), total);
            builder.with_row_selection(chosen).with_batch_size(BATCH).build()
        })
        .map_err(|error| failed(&error))
}

/// Gives each text of a column to `take`, with its hash under `seed`.
pub fn texts(table: File, column: usize, seed: u64, take: &mut dyn FnMut(u64, &[u8])) -> Result<()> {
    for batch in rows(table, column)? {
        let batch = batch.map_err(|error| failed(&error))?;
        cells::texts(batch.column(0), seed, &mut *take);
    }
    Ok(())
}
