//! Where rows end: profiled, hashed and written as Parquet, every column by itself.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use arrow_schema::{Schema, SchemaRef};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use rayon::prelude::*;

use crate::column::{Column, Encoded};
use crate::error::Result;
use crate::input::Rows;
use crate::layout;
use crate::part::{Part, PartWriter};
use crate::plan::ColumnPlan;
use crate::profile::Profile;
use crate::rows::{self, RowHashes};

/// Rows in a row group.
pub const GROUP: usize = 131_072;

/// Bytes of a row group after which it ends however few rows it has, so that long texts do not fill the memory.
const GROUP_BYTES: usize = 24 << 20;

/// The table being written.
pub struct Sink {
    schema: SchemaRef,
    columns: Vec<Column>,
    writer: SerializedFileWriter<PartWriter>,
    part: Part,
    hashes: RowHashes,
    /// Bytes that the profiles may take together.
    budget: usize,
    seed: u64,
    in_group: usize,
    /// Bytes after which a row group ends.
    group_bytes: usize,
    groups: usize,
    rows: u64,
}

/// The schema as it is written; nothing in it is optional to read.
#[must_use]
pub fn schema(plans: &[ColumnPlan]) -> SchemaRef {
    Arc::new(Schema::new(plans.iter().map(ColumnPlan::field).collect::<Vec<_>>()))
}

impl Sink {
    /// A table that is about to be written.
    pub fn new(
        plans: &[ColumnPlan],
        part: Part,
        out: PartWriter,
        hashes: RowHashes,
        budget: usize,
    ) -> Result<Self> {
        let schema = schema(plans);
        let root = ArrowSchemaConverter::new()
            .convert(&schema)
            .map_err(|error| part.explain(&error))?
            .root_schema_ptr();
        let writer = SerializedFileWriter::new(out, root, Arc::new(layout::properties()))
            .map_err(|error| part.explain(&error))?;
        let mut leaf = 0;
        let mut columns = Vec::with_capacity(plans.len());
        for field in schema.fields() {
            columns.push(Column::new(field, writer.schema_descr().column(leaf)));
            leaf += leaves(field.data_type());
        }
        let seed = hashes.seed();
        Ok(Self {
            schema,
            columns,
            writer,
            part,
            hashes,
            budget,
            seed,
            in_group: 0,
            group_bytes: GROUP_BYTES,
            groups: 0,
            rows: 0,
        })
    }

    /// Rows taken so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Takes the next rows, which may end one row group and begin another.
    pub fn push(&mut self, rows: &Rows) -> Result<()> {
        let mut from = 0;
        while from < rows.count {
            let count = (GROUP - self.in_group).min(rows.count - from);
            if self.in_group == 0 {
                self.open_group(&rows.columns, from)?;
            }
            self.take(&rows.columns, from, count)?;
            from += count;
            self.in_group += count;
            self.rows += count as u64;
            let held: usize = self.columns.iter().map(Column::held).sum();
            if self.in_group == GROUP || held > self.group_bytes {
                self.close_group()?;
            }
        }
        Ok(())
    }

    fn take(&mut self, arrays: &[ArrayRef], from: usize, count: usize) -> Result<()> {
        let seed = self.seed;
        let arrays: Vec<ArrayRef> = arrays
            .iter()
            .map(|array| {
                let whole = from == 0 && count == array.len();
                if whole { Arc::clone(array) } else { array.slice(from, count) }
            })
            .collect();
        let cells: std::result::Result<Vec<Vec<u64>>, ParquetError> = self
            .columns
            .par_iter_mut()
            .zip(arrays.par_iter())
            .with_max_len(1)
            .map(|(column, array)| column.take(array, seed))
            .collect();
        let cells = cells.map_err(|error| self.part.explain(&error))?;
        self.keep_to_budget();
        self.hashes.add(&rows::of_columns(&cells, count, seed))
    }

    /// Lets the profiles that need most go on with estimates.
    fn keep_to_budget(&mut self) {
        let mut used: usize = self.columns.iter().map(|column| column.profile.memory()).sum();
        while used > self.budget {
            let Some(most) = self.columns.iter_mut().max_by_key(|column| column.profile.memory()) else {
                return;
            };
            let freed = most.profile.memory();
            if freed == 0 {
                return;
            }
            most.profile.give_up(self.seed);
            used -= freed - most.profile.memory().min(freed);
        }
    }

    /// Begins a row group with row `from` of these columns, which tell how it is laid out.
    fn open_group(&mut self, first: &[ArrayRef], from: usize) -> Result<()> {
        self.columns.iter_mut().zip(first).for_each(|(column, array)| column.begin(array, from));
        self.groups += 1;
        if !self.columns.iter().any(Column::is_rare) {
            return Ok(());
        }
        let root = self.writer.schema_descr().root_schema_ptr();
        // Column writers take their properties from a file writer; this one writes no file.
        let mut writers = SerializedFileWriter::new(std::io::sink(), root, Arc::new(layout::properties()))
            .and_then(|shape| {
                ArrowRowGroupWriterFactory::new(&shape, Arc::clone(&self.schema))
                    .create_column_writers(self.groups - 1)
            })
            .map_err(|error| self.part.explain(&error))?
            .into_iter();
        for (column, field) in self.columns.iter_mut().zip(self.schema.fields()) {
            let mine = writers.by_ref().take(leaves(field.data_type()));
            if column.is_rare() {
                column.writers = mine.collect();
            } else {
                mine.for_each(drop);
            }
        }
        Ok(())
    }

    fn close_group(&mut self) -> Result<()> {
        let ended: std::result::Result<Vec<Encoded>, ParquetError> =
            self.columns.par_iter_mut().with_max_len(1).map(Column::end).collect();
        self.in_group = 0;
        let written = ended.and_then(|columns| {
            let mut group = self.writer.next_row_group()?;
            for (column, encoded) in self.columns.iter_mut().zip(columns) {
                match encoded {
                    Encoded::Own(bytes, close) => {
                        group.append_column(&bytes, *close)?;
                        column.recycle(bytes);
                    }
                    Encoded::Others(writers) => {
                        for writer in writers {
                            ArrowColumnWriter::close(writer)?.append_to_row_group(&mut group)?;
                        }
                    }
                }
            }
            group.close().map(drop)
        });
        written.map_err(|error| self.part.explain(&error))
    }

    /// Writes what is left; gives the profiles, the row hashes and the file to publish.
    pub fn finish(mut self) -> Result<(Vec<Profile>, RowHashes, Part)> {
        if self.in_group > 0 {
            self.close_group()?;
        }
        self.writer.finish().map_err(|error| self.part.explain(&error))?;
        let profiles = self.columns.into_iter().map(|column| column.profile).collect();
        Ok((profiles, self.hashes, self.part))
    }
}

fn leaves(data_type: &arrow_schema::DataType) -> usize {
    use arrow_schema::DataType::{List, Struct};
    match data_type {
        List(item) => leaves(item.data_type()),
        Struct(fields) => fields.iter().map(|field| leaves(field.data_type())).sum(),
        _ => 1,
    }
}

#[cfg(test)]
#[path = "sink_tests.rs"]
mod tests;
