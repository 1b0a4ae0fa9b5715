//! Dictionary pages: whether the values that they say they hold fit into their bytes.

use std::sync::Arc;

use parquet::basic::Type;
use parquet::column::page::{Page, PageReader};
use parquet::errors::Result;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;

/// Whether every dictionary can hold what it says; the decoder would make room for it before it looks.
pub fn fit<R: ChunkReader + 'static>(file: &Arc<R>, told: &ParquetMetaData) -> Result<bool> {
    for group in told.row_groups() {
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        for chunk in group.columns() {
            let mut pages = SerializedPageReader::new(Arc::clone(file), chunk, rows, None)?;
            if !pages.peek_next_page()?.is_some_and(|page| page.is_dict) {
                continue;
            }
            if let Some(Page::DictionaryPage { buf, num_values, .. }) = pages.get_next_page()?
                && (buf.len() as u64) < u64::from(num_values).saturating_mul(least(chunk))
            {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The fewest bytes that a value of the column takes in a dictionary.
fn least(chunk: &ColumnChunkMetaData) -> u64 {
    let column = chunk.column_descr();
    match column.physical_type() {
        Type::BOOLEAN => 1,
        Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 4,
        Type::INT64 | Type::DOUBLE => 8,
        Type::INT96 => 12,
        Type::FIXED_LEN_BYTE_ARRAY => u64::try_from(column.type_length()).unwrap_or(1).max(1),
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use bytes::Bytes;
    use parquet::arrow::ArrowWriter;
    use parquet::file::metadata::ParquetMetaDataReader;

    use super::*;

    /// A file of two columns with dictionaries.
    fn written() -> Vec<u8> {
        let words: ArrayRef = Arc::new(StringArray::from_iter_values(["", "a", "", "bc"]));
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![7, 7, 8, 9]));
        let rows = RecordBatch::try_from_iter([("words", words), ("numbers", numbers)]).unwrap();
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, rows.schema(), None).unwrap();
        writer.write(&rows).unwrap();
        writer.close().unwrap();
        file
    }

    fn told(file: &Bytes) -> ParquetMetaData {
        ParquetMetaDataReader::new().parse_and_finish(file).unwrap()
    }

    #[test]
    fn what_a_writer_wrote_fits() {
        let file = Bytes::from(written());
        assert!(fit(&Arc::new(file.clone()), &told(&file)).unwrap());
    }

    #[test]
    fn more_values_than_bytes_do_not_fit() {
        let mut bytes = written();
        let metadata = told(&Bytes::from(bytes.clone()));
        let (start, length) = metadata.row_group(0).column(0).byte_range();
        let start = usize::try_from(start).unwrap();
        // The header of the page ends with its dictionary: field 1 (values: 3, zigzag 6), then field 2 (encoding).
        let page = &bytes[start..start + usize::try_from(length).unwrap()];
        let at = page.windows(3).position(|three| three == [0x15, 0x06, 0x15]).unwrap();
        bytes[start + at + 1] = 0x7e; // 63 values
        let file = Bytes::from(bytes);
        assert!(!fit(&Arc::new(file), &metadata).unwrap());
    }
}
