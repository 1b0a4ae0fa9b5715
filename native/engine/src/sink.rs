//! Where rows end: profiled, hashed and written as Parquet, every column by itself.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use arrow_schema::{Schema, SchemaRef};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use rayon::prelude::*;

use crate::error::Result;
use crate::input::Rows;
use crate::layout;
use crate::part::{Part, PartWriter};
use crate::plan::ColumnPlan;
use crate::profile::Profile;
use crate::rows::{self, RowHashes};

/// Rows in a row group.
pub const GROUP: usize = 131_072;

struct Column {
    profile: Profile,
    writers: Vec<ArrowColumnWriter>,
}

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
        let properties = Arc::new(layout::properties(&schema, &[], 0));
        let root = ArrowSchemaConverter::new()
            .convert(&schema)
            .map_err(|error| part.explain(&error))?
            .root_schema_ptr();
        let writer =
            SerializedFileWriter::new(out, root, properties).map_err(|error| part.explain(&error))?;
        let columns = schema
            .fields()
            .iter()
            .map(|field| Column { profile: Profile::new(field.data_type()), writers: Vec::new() })
            .collect();
        let seed = hashes.seed();
        Ok(Self { schema, columns, writer, part, hashes, budget, seed, in_group: 0, groups: 0, rows: 0 })
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
            if self.in_group == GROUP {
                self.close_group()?;
            }
        }
        Ok(())
    }

    fn take(&mut self, arrays: &[ArrayRef], from: usize, count: usize) -> Result<()> {
        let seed = self.seed;
        let schema = &self.schema;
        let arrays: Vec<ArrayRef> = arrays
            .iter()
            .map(|array| {
                let whole = from == 0 && count == array.len();
                if whole { Arc::clone(array) } else { array.slice(from, count) }
            })
            .collect();
        let texts: std::result::Result<Vec<Option<Vec<u64>>>, ParquetError> = self
            .columns
            .par_iter_mut()
            .zip(arrays.par_iter())
            .enumerate()
            .map(|(at, (column, array))| {
                let leaves = compute_leaves(schema.field(at), array)?;
                for (writer, leaf) in column.writers.iter_mut().zip(&leaves) {
                    writer.write(leaf)?;
                }
                Ok(column.profile.update(array, seed))
            })
            .collect();
        let texts = texts.map_err(|error| self.part.explain(&error))?;
        self.keep_to_budget();
        self.hashes.add(&rows::of_columns(&arrays, &texts, count, seed))
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
            most.profile.give_up();
            used -= freed - most.profile.memory().min(freed);
        }
    }

    /// Begins a row group with row `from` of these columns, which tell how it is laid out.
    fn open_group(&mut self, first: &[ArrayRef], from: usize) -> Result<()> {
        let properties = Arc::new(layout::properties(&self.schema, first, from));
        let root = self.writer.schema_descr().root_schema_ptr();
        // Column writers take their properties from a file writer; this one writes no file.
        let mut writers = SerializedFileWriter::new(std::io::sink(), root, properties)
            .and_then(|shape| {
                ArrowRowGroupWriterFactory::new(&shape, Arc::clone(&self.schema))
                    .create_column_writers(self.groups)
            })
            .map_err(|error| self.part.explain(&error))?
            .into_iter();
        for (column, field) in self.columns.iter_mut().zip(self.schema.fields()) {
            column.writers = writers.by_ref().take(leaves(field.data_type())).collect();
        }
        self.groups += 1;
        Ok(())
    }

    fn close_group(&mut self) -> Result<()> {
        let chunks: std::result::Result<Vec<_>, ParquetError> = self
            .columns
            .par_iter_mut()
            .map(|column| {
                std::mem::take(&mut column.writers)
                    .into_iter()
                    .map(ArrowColumnWriter::close)
                    .collect::<std::result::Result<Vec<_>, _>>()
            })
            .collect();
        self.in_group = 0;
        let written = chunks.and_then(|chunks| {
            let mut group = self.writer.next_row_group()?;
            for chunk in chunks.into_iter().flatten() {
                chunk.append_to_row_group(&mut group)?;
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
