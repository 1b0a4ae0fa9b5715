use std::path::Path;

use arrow_array::StringArray;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::RowGroupMetaData;

use super::*;
use crate::plan::Kind;
use crate::source::Scratch;

fn plan(name: &str, kind: Kind) -> ColumnPlan {
    ColumnPlan {
        name: name.to_owned(),
        label: name.to_owned(),
        kind,
        nulls: Vec::new(),
        money: None,
        notes: Vec::new(),
    }
}

/// A text of this many letters that does not compress.
fn noise(state: &mut u64, letters: usize) -> String {
    let mut draw = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b' ' + (*state >> 40) as u8 % 90)
    };
    (0..letters).map(|_| draw()).collect()
}

/// Rows of each row group where groups end after these bytes; the texts come back as they were.
fn groups(letters: usize, group_bytes: usize) -> Vec<i64> {
    let output = std::env::temp_dir().join(format!("lakebook-sink-{}-{letters}", std::process::id()));
    let (part, out) = Part::create(&output).unwrap();
    let hashes = RowHashes::new(1 << 20, Scratch::new(None, Path::new(&output)));
    let mut sink = Sink::new(&[plan("t", Kind::Text)], part, out, hashes, 1 << 20).unwrap();
    sink.group_bytes = group_bytes;
    let mut state = 3;
    let texts: Vec<String> = (0..40).map(|_| noise(&mut state, letters)).collect();
    for some in texts.chunks(4) {
        let column: ArrayRef = Arc::new(StringArray::from_iter_values(some));
        sink.push(&Rows { columns: vec![column], count: some.len(), fraction: 0.0 }).unwrap();
    }
    let (_, _, part) = sink.finish().unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(part.reopen().unwrap()).unwrap();
    let rows = reader.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
    let read: Vec<String> = reader
        .build()
        .unwrap()
        .flat_map(|batch| {
            let column = Arc::clone(batch.unwrap().column(0));
            let texts = column.as_any().downcast_ref::<StringArray>().unwrap();
            texts.iter().map(|text| text.unwrap().to_owned()).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(read, texts);
    rows
}

#[test]
fn a_row_group_ends_with_its_bytes_as_well_as_with_its_rows() {
    assert_eq!(groups(10, 1 << 20), [40]);
    assert_eq!(groups(5_000, 1 << 16), [16, 16, 8]);
    assert_eq!(groups(70_000, 1 << 16), [4; 10]);
}
