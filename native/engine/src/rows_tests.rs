use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, StringArray};
use parquet::arrow::ArrowWriter;

use super::*;

fn scratch() -> Scratch {
    Scratch::new(Some(&std::env::temp_dir()), Path::new("out"))
}

fn batch(numbers: Vec<Option<f64>>, texts: Vec<Option<&str>>) -> RecordBatch {
    let columns: [(&str, ArrayRef); 2] =
        [("n", Arc::new(Float64Array::from(numbers))), ("t", Arc::new(StringArray::from(texts)))];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap()
}

fn table(batch: &RecordBatch) -> File {
    let mut file = scratch().file().unwrap();
    let mut writer = ArrowWriter::try_new(file.try_clone().unwrap(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

/// The hashes of a batch's rows, as the sink makes them.
fn hashes(batch: &RecordBatch, seed: u64) -> Vec<u128> {
    let columns: Vec<Vec<u64>> = batch.columns().iter().map(|column| cells::hashes(column, seed)).collect();
    of_columns(&columns, batch.num_rows(), seed)
}

fn counted(batch: &RecordBatch, limit: usize) -> Duplicates {
    let mut rows = RowHashes::new(limit, scratch());
    let hashed = hashes(batch, rows.seed());
    for some in hashed.chunks(3) {
        rows.add(some).unwrap();
    }
    rows.duplicates(1, || Ok(table(batch))).unwrap()
}

#[test]
fn duplicates_are_the_same_in_memory_and_spilled() {
    let numbers =
        vec![Some(1.0), Some(-0.0), Some(0.0), None, None, Some(f64::NAN), Some(-f64::NAN), Some(1.0)];
    let texts = vec![Some("a"), Some("b"), Some("b"), None, Some(""), None, None, Some("a")];
    let batch = batch(numbers, texts);
    for limit in [0, 40, 1 << 20] {
        assert_eq!(counted(&batch, limit), Duplicates { rows: 3, groups: 3 }, "limit {limit}");
    }
}

#[test]
fn rows_of_equal_hash_are_compared_in_full() {
    let batch = batch(vec![Some(1.0), Some(2.0), Some(1.0)], vec![Some("a"), Some("b"), Some("a")]);
    // All rows have one hash here, in whose low bits their numbers stand.
    assert_eq!(confirm(vec![2, 0, 1], table(&batch)).unwrap(), Duplicates { rows: 1, groups: 1 });
    let apart = vec![1 << NUMBER_BITS, 2 << NUMBER_BITS | 2];
    assert_eq!(confirm(apart, table(&batch)).unwrap(), Duplicates::default());
    assert!(confirm(vec![0, 3], table(&batch)).is_err(), "the table has three rows");
}

#[test]
fn many_candidates_are_compared_a_few_at_a_time() {
    let numbers = (0..9_000).map(|row| Some(f64::from(row % 4_000)));
    let texts = (0..9_000).map(|row| (row % 2 > 0).then_some("x"));
    let batch = batch(numbers.collect(), texts.collect());
    for limit in [10_000, 1 << 20] {
        assert_eq!(counted(&batch, limit), Duplicates { rows: 5_000, groups: 4_000 }, "limit {limit}");
    }
}

#[test]
fn no_row_that_has_a_like_is_left_out() {
    let mut state = 7_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state
    };
    for count in [0, 1, 2, 3, 64, 1_000, 20_000] {
        let mut rows: Vec<u128> = (0..count).map(|_| u128::from(draw()) << 64 | u128::from(draw())).collect();
        // Every seventh row comes once more, with another number in its low bits.
        let again: Vec<u128> = rows.iter().step_by(7).map(|row| row ^ 1).collect();
        let mut expected: Vec<u128> = rows.iter().step_by(7).flat_map(|&row| [row, row ^ 1]).collect();
        expected.sort_unstable();
        rows.extend(again);
        keep_alike(&mut rows);
        assert_eq!(rows, expected, "{count} rows");
    }
}

#[test]
fn bytes_of_a_row_tell_null_from_empty_and_columns_apart() {
    let batch = batch(vec![None, None, Some(0.0)], vec![None, Some(""), None]);
    let all: HashSet<Vec<u8>> = (0..3).map(|row| bytes(&batch, row)).collect();
    assert_eq!(all.len(), 3);
}

#[test]
fn the_order_of_columns_counts() {
    let mixed = |first, second| cells::mix(cells::mix(0, first), second);
    assert_ne!(mixed(1, 2), mixed(2, 1));
}
