//! A table made of bytes in a folder of its own, and what it says of itself held against what was written.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use lakebook_engine::report::{ColumnReport, Scalar};
use lakebook_engine::{Error, Meter, Options, ProcessingResult, process};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Rows that are read back at once: more than any input has.
const ALL: usize = 1 << 22;

/// A table: what is told of it, and its rows, where it has any.
pub struct Table {
    pub told: ProcessingResult,
    pub rows: Option<RecordBatch>,
}

/// A table, or the sentence that says why there is none.
pub type Outcome = Result<Table, String>;

/// A folder that is gone when its thread is.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        // In memory where the system has such a place: every table is synced to the disk.
        let memory = Some(PathBuf::from("/dev/shm")).filter(|shared| shared.is_dir());
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("lakebook-fuzz-{}-{number}", std::process::id());
        let folder = memory.unwrap_or_else(std::env::temp_dir).join(name);
        fs::create_dir_all(&folder).expect("a folder can be made");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).expect("the folder can be removed");
    }
}

thread_local! {
    static FOLDER: RefCell<Folder> = RefCell::new(Folder::new());
}

/// Makes a table of `bytes`, given `times` times as a source of their own.
pub fn made(bytes: &[u8], times: usize, options: &Options) -> Outcome {
    FOLDER.with_borrow(|folder| {
        let (source, output) = (folder.0.join("source"), folder.0.join("table.parquet"));
        fs::write(&source, bytes).expect("the source can be written");
        let outcome = process(&vec![source; times], &output, options, &mut Meter::new(None));
        let outcome = outcome.map(|told| read(told, &output)).map_err(|error| sentence(&error));
        no_leftovers(&folder.0, outcome.is_ok());
        outcome
    })
}

fn sentence(error: &Error) -> String {
    let said = error.to_string();
    assert!(!said.is_empty() && !said.contains('\n'), "no sentence for people: {said:?}");
    assert!(!matches!(error, Error::Failed(_)), "nothing but the bytes can have failed: {said}");
    said
}

fn no_leftovers(folder: &Path, made: bool) {
    let mut left: Vec<String> = fs::read_dir(folder)
        .expect("the folder can be listed")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    left.sort();
    let expected: &[&str] = if made { &["source", "table.parquet"] } else { &["source"] };
    assert_eq!(left, expected);
    if made {
        fs::remove_file(folder.join("table.parquet")).expect("the table can be removed");
    }
}

/// The rows of the written table, which are as many and of such values as was told.
fn read(told: ProcessingResult, output: &Path) -> Table {
    let file = File::open(output).expect("the table is there");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("the table has a footer");
    let batches = reader.with_batch_size(ALL).build().expect("the table can be read");
    let mut batches: Vec<RecordBatch> = batches.map(|batch| batch.expect("the rows can be read")).collect();
    assert!(batches.len() <= 1, "the rows come at once");
    let table = Table { told, rows: batches.pop() };
    agree(&table);
    table
}

fn agree(table: &Table) {
    let told = &table.told;
    let rows = table.rows.as_ref().map_or(0, |rows| rows.num_rows() as u64);
    assert_eq!(rows, told.row_count);
    assert_eq!(told.columns.len() as u64, told.column_count);
    assert!(told.duplicate_groups <= told.duplicate_rows);
    assert!(told.duplicate_rows + told.duplicate_groups <= told.row_count);
    assert!(told.rejected.len() as u64 <= told.rejected_rows);
    for (at, column) in told.columns.iter().enumerate() {
        let name = &column.name;
        let nulls = table.rows.as_ref().map_or(0, |rows| rows.column(at).null_count() as u64);
        let values = rows - nulls;
        assert_eq!(column.null_count, nulls, "{name}");
        assert!(!column.unique_exact || column.unique_count <= values, "{name}");
        let top: u64 = column.top_values.iter().map(|(_, times)| times).sum();
        assert!(top <= values, "{name}");
        let binned: u64 = column.histogram.iter().map(|(_, _, count)| count).sum();
        assert!(binned <= values, "{name}");
        assert!(column.empty_count + column.blank_padded_count <= values, "{name}");
        assert!(column.lengths.is_none_or(|(least, most, _)| least <= most), "{name}");
        if let Some(rows) = &table.rows {
            assert_eq!(rows.schema().field(at).name(), name);
            profiled(column, rows.column(at));
        }
    }
}

/// Holds that whole numbers and texts read back are those that were counted.
fn profiled(column: &ColumnReport, values: &ArrayRef) {
    let name = &column.name;
    let (distinct, ends) = match values.data_type() {
        DataType::Int64 => {
            let found: BTreeSet<i64> = values.as_primitive::<Int64Type>().iter().flatten().collect();
            let end = |value: Option<&i64>| value.map(|&value| Scalar::Int(value));
            (found.len(), [end(found.first()), end(found.last())])
        }
        DataType::Utf8 => {
            let found: BTreeSet<&str> = values.as_string::<i32>().iter().flatten().collect();
            (found.len(), [column.min.clone(), column.max.clone()])
        }
        _ => return,
    };
    assert!(!column.unique_exact || column.unique_count == distinct as u64, "{name}: {distinct}");
    assert_eq!([column.min.clone(), column.max.clone()], ends, "{name}");
}
