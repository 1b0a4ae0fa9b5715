use std::sync::Arc;

use arrow_array::{
    BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use parquet::file::writer::SerializedFileWriter;

use super::*;

/// The columns as a file of two row groups that was written in some parts, and their profiles.
fn file(columns: &[ArrayRef], part: usize) -> (Bytes, Vec<Profile>) {
    let fields: Vec<Field> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| Field::new(format!("c{at}"), column.data_type().clone(), true))
        .collect();
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let root = ArrowSchemaConverter::new().convert(&schema).unwrap().root_schema_ptr();
    let mut file = SerializedFileWriter::new(Vec::new(), root, Arc::new(layout::properties())).unwrap();
    let descr = file.schema_descr().clone();
    let mut making: Vec<Column> =
        schema.fields().iter().enumerate().map(|(at, field)| Column::new(field, descr.column(at))).collect();
    let rows = columns[0].len();
    for (from, to) in [(0, rows / 2), (rows / 2, rows)] {
        let mut group = file.next_row_group().unwrap();
        for (column, array) in making.iter_mut().zip(columns) {
            column.begin(array, from);
            let mut at = from;
            while at < to {
                let count = part.min(to - at);
                column.take(&array.slice(at, count), 7).unwrap();
                at += count;
            }
            let Encoded::Own(bytes, close) = column.end().unwrap() else { panic!("{:?}", array.data_type()) };
            group.append_column(&bytes, *close).unwrap();
            column.recycle(bytes);
        }
        group.close().unwrap();
    }
    let bytes = file.into_inner().unwrap().into();
    (bytes, making.into_iter().map(|column| column.profile).collect())
}

/// The columns of such a file, read back with what it says of itself.
fn written(columns: &[ArrayRef], part: usize) -> (RecordBatch, ParquetMetaData, Vec<Profile>) {
    let (bytes, profiles) = file(columns, part);
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
    let about = builder.metadata().as_ref().clone();
    let reader = builder.with_batch_size(columns[0].len()).build().unwrap();
    let batches: Vec<RecordBatch> = reader.collect::<std::result::Result<_, _>>().unwrap();
    assert_eq!(batches.len(), 1);
    (batches[0].clone(), about, profiles)
}

/// One value in some is missing, none where `every` is zero.
fn with_holes<T>(rows: u32, every: u32, value: impl Fn(u32) -> T) -> Vec<Option<T>> {
    (0..rows).map(|row| (every == 0 || row % every > 0).then(|| value(row))).collect()
}

fn columns(rows: u32, every: u32) -> Vec<ArrayRef> {
    let texts = with_holes(rows, every, |row| format!("text {}", row * 7_919 % rows));
    let words = with_holes(rows, every, |row| ["", "one", "zwei", "très"][row as usize * 31 % 4]);
    let bytes = with_holes(rows, every, |row| vec![row as u8; row as usize % 5]);
    let fixed = Decimal128Array::from(with_holes(rows, every, |row| i128::from(row) * 1_003 - 500));
    let times = with_holes(rows, every, |row| i64::from(row) / 100 * 1_000_000);
    let odd = [0.5, -0.0, f64::NAN, 0.0];
    vec![
        Arc::new(Int64Array::from(with_holes(rows, every, |row| i64::from(row) * 97 - 1_000))),
        Arc::new(Int64Array::from(with_holes(rows, every, |row| i64::from(row) % 12))),
        Arc::new(Int64Array::from(with_holes(rows, every, |_| 5))),
        Arc::new(Float64Array::from(with_holes(rows, every, |row| f64::from(row) / 7.0))),
        Arc::new(Float64Array::from(with_holes(rows, every, |row| odd[row as usize % 4]))),
        Arc::new(fixed.with_precision_and_scale(12, 2).unwrap()),
        Arc::new(Date32Array::from(with_holes(rows, every, |row| 10_000 + (row % 400).cast_signed()))),
        Arc::new(Int32Array::from(with_holes(rows, every, u32::cast_signed))),
        Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC")),
        Arc::new(BooleanArray::from(with_holes(rows, every, |row| row % 3 == 0))),
        Arc::new(StringArray::from(texts)),
        Arc::new(StringArray::from(words)),
        Arc::new(bytes.iter().map(Option::as_deref).collect::<BinaryArray>()),
    ]
}

/// Doubles by their bits, so that signs of zero and what is not a number are compared too.
fn same(one: &ArrayRef, other: &ArrayRef) -> bool {
    let bits = |array: &ArrayRef| -> Vec<Option<u64>> {
        array.as_primitive::<Float64Type>().iter().map(|value| value.map(f64::to_bits)).collect()
    };
    if *one.data_type() == DataType::Float64 { bits(one) == bits(other) } else { one == other }
}

#[test]
fn every_column_comes_back_as_it_was_given() {
    for (rows, every, part) in [(40_000, 0, 18_000), (40_000, 3, 700), (50, 2, 7), (16, 0, 16)] {
        let given = columns(rows, every);
        let (found, ..) = written(&given, part);
        for (column, back) in given.iter().zip(found.columns()) {
            let values: ArrayRef = Arc::clone(back);
            assert!(same(column, &values), "{rows} rows, hole every {every}: {:?}", column.data_type());
        }
    }
}

#[test]
fn some_rows_are_found_by_the_places_of_pages() {
    let given = columns(60_000, 3);
    let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Required);
    let builder =
        ParquetRecordBatchReaderBuilder::try_new_with_options(file(&given, 9_000).0, options).unwrap();
    let numbers = [0, 17_999, 18_000, 29_999, 30_000, 59_998];
    let chosen = RowSelection::from_consecutive_ranges(numbers.iter().map(|&at| at..at + 1), 60_000);
    let mut reader = builder.with_row_selection(chosen).build().unwrap();
    let found = reader.next().unwrap().unwrap();
    for (column, back) in given.iter().zip(found.columns()) {
        let expected: Vec<ArrayRef> = numbers.iter().map(|&at| column.slice(at, 1)).collect();
        let each = (0..numbers.len()).map(|at| back.slice(at, 1));
        assert!(expected.iter().zip(each).all(|(one, other)| same(one, &other)), "{:?}", column.data_type());
    }
}

#[test]
fn a_column_of_nulls_comes_back() {
    let given: Vec<ArrayRef> =
        columns(300, 0).iter().map(|c| arrow_array::new_null_array(c.data_type(), 300)).collect();
    let (found, about, _) = written(&given, 100);
    assert!(found.columns().iter().zip(&given).all(|(back, column)| back == column));
    assert!(
        about.row_group(0).columns().iter().all(|c| c.statistics().unwrap().null_count_opt() == Some(150))
    );
}

#[test]
fn a_dictionary_that_grows_too_large_is_given_up() {
    let long = |row: usize| format!("{:>400}", if row < 5_000 { row % 3 } else { row });
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values((0..20_000).map(long)));
    let (found, about, _) = written(&[Arc::clone(&texts)], 1_000);
    assert_eq!(found.column(0), &texts);
    let encodings: Vec<_> = about.row_group(0).column(0).encodings().collect();
    assert_eq!(encodings.len(), 4, "{encodings:?}");
}

#[test]
fn chunks_say_their_bounds() {
    let (_, about, _) = written(&columns(1_000, 4), 300);
    let bounds = |at: usize| {
        let told = about.row_group(1).column(at).statistics().unwrap().clone();
        (told.min_bytes_opt().map(<[u8]>::to_vec), told.max_bytes_opt().map(<[u8]>::to_vec))
    };
    let whole = |value: i64| Some(value.to_le_bytes().to_vec());
    assert_eq!(bounds(0), (whole(501 * 97 - 1_000), whole(999 * 97 - 1_000)));
    assert_eq!(bounds(1), (whole(1), whole(11)));
    assert_eq!(bounds(4), (Some((-0.0_f64).to_le_bytes().to_vec()), Some(0.0_f64.to_le_bytes().to_vec())));
    assert_eq!(bounds(9), (Some(vec![0]), Some(vec![1])));
    assert_eq!(bounds(11), (Some(b"one".to_vec()), Some("zwei".as_bytes().to_vec())));
}

#[test]
fn repeated_values_are_counted_as_often_as_they_occur() {
    let (_, about, profiles) = written(&columns(20_000, 0), 3_000);
    let mut line = crate::line::Line::default();
    let plan = |at: usize| crate::plan::ColumnPlan {
        name: at.to_string(),
        label: at.to_string(),
        kind: crate::plan::Kind::Text,
        nulls: Vec::new(),
        money: None,
        notes: Vec::new(),
    };
    let reports: Vec<_> = profiles
        .into_iter()
        .enumerate()
        .map(|(at, profile)| profile.report(&plan(at), &mut line, &|_| Ok(())).unwrap())
        .collect();
    let distinct: Vec<u64> = reports.iter().map(|report| report.unique_count).collect();
    assert_eq!(distinct, [20_000, 12, 1, 20_000, 3, 20_000, 400, 20_000, 200, 2, 20_000, 4, 1_025]);
    assert_eq!(reports[1].top_values[0], ("0".to_owned(), 1_667));
    assert_eq!(reports[11].top_values[0].1, 5_000);
    assert!(about.row_group(0).column(2).compressed_size() < 200, "a constant takes next to nothing");
}
