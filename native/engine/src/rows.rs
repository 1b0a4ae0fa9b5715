//! Duplicate rows: found by seeded 128-bit hashes, confirmed by comparing whole rows.

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};

use arrow_array::{Array, RecordBatch};
use hashbrown::HashMap;
use rayon::prelude::*;

use crate::cells;
use crate::error::{Error, Result};
use crate::radix;
use crate::render;
use crate::source::Scratch;
use crate::written;

/// Hashes are kept in this many parts, so that each can be sorted by itself.
const PARTS: usize = 1 << PART_BITS;
/// Leading bits of a hash that tell its part.
const PART_BITS: u32 = 6;
/// Rows whose hashes are made at a time, so that they stay in the cache from column to column.
const STRETCH: usize = 4_096;
/// Bytes of a hash.
const WIDTH: usize = 16;
/// Bits of a hash in whose place the number of its row stands; the others tell which rows may be the same.
const NUMBER_BITS: u32 = 40;
/// Those bits.
const NUMBER: u128 = (1 << NUMBER_BITS) - 1;

/// The hash of every row, in memory while it fits, else in temporary files.
pub struct RowHashes {
    seed: u64,
    parts: Vec<Vec<u128>>,
    spilled: Vec<Option<File>>,
    /// Rows added.
    count: u128,
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
            count: 0,
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
            let part = usize::try_from(row >> (u128::BITS - PART_BITS)).unwrap_or(0);
            self.parts[part].push(row & !NUMBER | self.count & NUMBER);
            self.count += 1;
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
        let mut found = Duplicates::default();
        let (mut candidates, mut groups) = (Vec::new(), 0);
        let threads = rayon::current_num_threads();
        for (parts, files) in self.parts.chunks_mut(threads).zip(self.spilled.chunks_mut(threads)) {
            let alike: Result<Vec<Vec<u128>>> = parts
                .par_iter_mut()
                .zip(files)
                .with_max_len(1)
                .map(|(part, file)| alike(part, file))
                .collect();
            let alike = alike?;
            for group in
                alike.iter().flat_map(|rows| rows.chunk_by(|a, b| a >> NUMBER_BITS == b >> NUMBER_BITS))
            {
                if group.len() > 1 {
                    candidates.extend_from_slice(group);
                    groups += 1;
                }
                // A few candidates at a time are compared, so that memory stays within the budget.
                if groups >= (budget / 1024).max(1_000) || candidates.len() >= (budget / WIDTH).max(1_000) {
                    found.add(confirm(std::mem::take(&mut candidates), reopen()?)?);
                    groups = 0;
                }
            }
        }
        if !candidates.is_empty() {
            found.add(confirm(candidates, reopen()?)?);
        }
        Ok(found)
    }
}

impl Duplicates {
    fn add(&mut self, more: Self) {
        self.rows += more.rows;
        self.groups += more.groups;
    }
}

/// The rows of a part whose hashes agree with those of others, sorted; the part's memory is free after.
fn alike(part: &mut Vec<u128>, file: &mut Option<File>) -> Result<Vec<u128>> {
    let mut rows = std::mem::take(part);
    if let Some(file) = file {
        read_back(file, &mut rows)?;
    }
    keep_alike(&mut rows);
    Ok(rows)
}

/// Leaves the rows whose hashes agree in their first 64 bits with those of others, sorted.
fn keep_alike(rows: &mut Vec<u128>) {
    keep_suspects(rows);
    let begins = |row: &u128| ((row >> 64) as u64).cast_signed();
    let mut known: Vec<i64> = rows.iter().map(begins).collect();
    radix::sort(&mut known);
    let mut alike: Vec<i64> =
        known.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    drop(known);
    alike.dedup();
    if alike.is_empty() {
        rows.clear();
    }
    rows.retain(|row| alike.binary_search(&begins(row)).is_ok());
    rows.par_sort_unstable();
}

/// Leaves the rows of a part that agree with others in so many bits that few agree by chance.
fn keep_suspects(rows: &mut Vec<u128>) {
    let bits = (rows.len() * 32).next_power_of_two().trailing_zeros();
    let slot = |row: u128| {
        let leading = ((row << PART_BITS) >> (u128::BITS - bits)) as usize;
        (leading / 64, 1_u64 << (leading % 64))
    };
    // What was met, and beside it what was met again.
    let mut met = vec![(0_u64, 0_u64); (1_usize << bits).div_ceil(64)];
    for &row in rows.iter() {
        let (at, bit) = slot(row);
        let (once, again) = &mut met[at];
        *again |= *once & bit;
        *once |= bit;
    }
    rows.retain(|&row| {
        let (at, bit) = slot(row);
        met[at].1 & bit != 0
    });
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

/// The hashes of `count` rows from those of their cells, column by column.
#[must_use]
pub fn of_columns(columns: &[Vec<u64>], count: usize, seed: u64) -> Vec<u128> {
    let mut rows = vec![u128::from(seed); count];
    rows.par_chunks_mut(STRETCH).enumerate().for_each(|(at, some)| {
        for cells in columns {
            let cells = &cells[at * STRETCH..];
            some.iter_mut().zip(cells).for_each(|(row, &cell)| *row = cells::mix(*row, cell));
        }
    });
    rows
}

/// Compares in full the rows of the written table that may be the same.
fn confirm(mut candidates: Vec<u128>, table: File) -> Result<Duplicates> {
    candidates.sort_unstable_by_key(|row| row & NUMBER);
    let numbers = candidates.iter().map(|row| (row & NUMBER) as usize);
    let mut seen: HashMap<u128, HashMap<Vec<u8>, u64>> = HashMap::new();
    let mut left = candidates.iter();
    for batch in written::some_rows(table, numbers)? {
        let batch = batch.map_err(|error| written::failed(&error))?;
        for (row, candidate) in (0..batch.num_rows()).zip(left.by_ref()) {
            let alike = seen.entry(candidate >> NUMBER_BITS).or_default();
            *alike.entry(bytes(&batch, row)).or_default() += 1;
        }
    }
    if left.next().is_some() {
        return Err(written::failed(&"it has fewer rows than were written"));
    }
    let mut found = Duplicates::default();
    for &times in seen.values().flat_map(HashMap::values).filter(|&&times| times > 1) {
        found.groups += 1;
        found.rows += times - 1;
    }
    Ok(found)
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
