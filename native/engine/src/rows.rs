//! Duplicate rows: found by seeded 128-bit hashes, confirmed by comparing whole rows.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};

use arrow_array::{Array, ArrayRef, RecordBatch};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rayon::prelude::*;

use crate::cells;
use crate::error::{Error, Result};
use crate::render;
use crate::source::Scratch;

/// Hashes are kept in this many parts, so that each can be sorted by itself.
const PARTS: usize = 64;
/// Rows whose hashes are made at a time, so that they stay in the cache from column to column.
const STRETCH: usize = 4_096;
/// Bytes of a hash.
const WIDTH: usize = 16;

/// The hash of every row, in memory while it fits, else in temporary files.
pub struct RowHashes {
    seed: u64,
    parts: Vec<Vec<u128>>,
    spilled: Vec<Option<File>>,
    held: usize,
    limit: usize,
    scratch: Scratch,
}

/// Rows identical to an earlier row, and groups of identical rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Duplicates {
    pub rows: u64,
    pub groups: u64,
}

impl RowHashes {
    /// Keeps up to `limit` bytes of hashes in memory.
    #[must_use]
    pub fn new(limit: usize, scratch: Scratch) -> Self {
        Self {
            seed: RandomState::new().hash_one(0_u64),
            parts: vec![Vec::new(); PARTS],
            spilled: (0..PARTS).map(|_| None).collect(),
            held: 0,
            limit,
            scratch,
        }
    }

    /// The seed of this run's hashes.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Adds the hashes of the next rows.
    pub fn add(&mut self, rows: &[u128]) -> Result<()> {
        for &row in rows {
            let part = usize::try_from(row >> 122).unwrap_or(0);
            self.parts[part].push(row);
        }
        self.held += rows.len() * WIDTH;
        if self.held > self.limit { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> Result<()> {
        for (part, file) in self.parts.iter_mut().zip(&mut self.spilled) {
            if file.is_none() {
                *file = Some(self.scratch.file()?);
            }
            let bytes: Vec<u8> = part.iter().flat_map(|row| row.to_le_bytes()).collect();
            if let Some(file) = file {
                file.write_all(&bytes).map_err(|error| Error::writing("a temporary file", &error))?;
            }
            *part = Vec::new();
        }
        self.held = 0;
        Ok(())
    }

    /// Counts duplicates; `reopen` gives the written table, read back only if there are candidates.
    pub fn duplicates(mut self, budget: usize, reopen: impl Fn() -> Result<File>) -> Result<Duplicates> {
        let mut candidates = Vec::new();
        for (part, file) in self.parts.iter_mut().zip(&mut self.spilled) {
            let mut rows = std::mem::take(part);
            if let Some(file) = file {
                read_back(file, &mut rows)?;
            }
            rows.par_sort_unstable();
            for group in rows.chunk_by(|a, b| a == b).filter(|group| group.len() > 1) {
                candidates.push(group[0]);
            }
        }
        let mut found = Duplicates::default();
        // Rows of a few candidates at a time are compared, so that memory stays within the budget.
        for some in candidates.chunks((budget / 1024).max(1_000)) {
            let more = confirm(&some.iter().copied().collect(), self.seed, reopen()?)?;
            found.rows += more.rows;
            found.groups += more.groups;
        }
        Ok(found)
    }
}

fn read_back(file: &mut File, rows: &mut Vec<u128>) -> Result<()> {
    let failed = |error: &std::io::Error| Error::reading("a temporary file", error);
    let bytes = file.seek(SeekFrom::End(0)).map_err(|error| failed(&error))?;
    file.seek(SeekFrom::Start(0)).map_err(|error| failed(&error))?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut one = [0; WIDTH];
    for _ in 0..bytes / WIDTH as u64 {
        reader.read_exact(&mut one).map_err(|error| failed(&error))?;
        rows.push(u128::from_le_bytes(one));
    }
    Ok(())
}

/// The hashes of `count` rows; `texts` are those of the cells in the columns that are told apart by text.
#[must_use]
pub fn of_columns(columns: &[ArrayRef], texts: &[Option<Vec<u64>>], count: usize, seed: u64) -> Vec<u128> {
    let mut rows = vec![u128::from(seed); count];
    rows.par_chunks_mut(STRETCH).enumerate().for_each(|(at, some)| {
        for (column, texts) in columns.iter().zip(texts) {
            cells::mix_column(some, column, at * STRETCH, seed, texts.as_deref());
        }
    });
    rows
}

/// Compares in full the rows of the written table whose hash is a candidate.
fn confirm(candidates: &HashSet<u128>, seed: u64, table: File) -> Result<Duplicates> {
    let failed =
        |error: &dyn std::fmt::Display| Error::Failed(format!("the table could not be read back: {error}"));
    let reader = ParquetRecordBatchReaderBuilder::try_new(table)
        .and_then(|builder| builder.with_batch_size(32_768).build())
        .map_err(|error| failed(&error))?;
    let mut seen: HashMap<u128, HashMap<Vec<u8>, u64>> = HashMap::new();
    for batch in reader {
        let batch = batch.map_err(|error| failed(&error))?;
        let hashes = hashes(&batch, seed);
        for (row, hash) in hashes.iter().enumerate().filter(|(_, hash)| candidates.contains(hash)) {
            *seen.entry(*hash).or_default().entry(bytes(&batch, row)).or_default() += 1;
        }
    }
    let mut found = Duplicates::default();
    for &times in seen.values().flat_map(HashMap::values).filter(|&&times| times > 1) {
        found.groups += 1;
        found.rows += times - 1;
    }
    Ok(found)
}

/// The hashes of a batch's rows, as the sink makes them.
fn hashes(batch: &RecordBatch, seed: u64) -> Vec<u128> {
    let texts: Vec<Option<Vec<u64>>> = batch
        .columns()
        .par_iter()
        .map(|column| cells::is_text(column.data_type()).then(|| cells::texts(column, seed, |_, _| ())))
        .collect();
    of_columns(batch.columns(), &texts, batch.num_rows(), seed)
}

/// A row as bytes that are equal exactly when the rows are.
fn bytes(batch: &RecordBatch, row: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(batch.num_columns() * 10);
    let mut text = String::new();
    for column in batch.columns() {
        if column.is_null(row) {
            out.push(0);
        } else if let Some(key) = render::key(column.as_ref(), row) {
            out.push(1);
            out.extend_from_slice(&key.to_le_bytes());
        } else {
            text.clear();
            render::json(column.as_ref(), row, &mut text);
            out.push(2);
            out.extend_from_slice(&text.len().to_le_bytes());
            out.extend_from_slice(text.as_bytes());
        }
    }
    out
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
