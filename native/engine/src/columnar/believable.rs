//! Whether what a Parquet file says of itself can be meant.

use parquet::file::metadata::ParquetMetaData;

use crate::error::{Error, Result};

/// Bytes that any file may unpack to.
const LARGE: u64 = 1 << 30;
/// How many times its size a file may unpack to beyond that.
const PACKED: u64 = 2_000;

/// Refuses a file of `size` bytes that says to unpack to far more than they could be meant for.
pub fn believable(told: &ParquetMetaData, label: &str, size: u64) -> Result<()> {
    let unsigned = |value: i64| u64::try_from(value).unwrap_or(u64::MAX);
    let groups = told.row_groups().iter().map(|group| unsigned(group.total_byte_size()));
    let bytes = groups.fold(0, u64::saturating_add);
    let file = told.file_metadata();
    let cells = unsigned(file.num_rows()).saturating_mul(file.schema_descr().num_columns() as u64);
    let unpacked = bytes.max(cells);
    if is_meant(unpacked, size) {
        return Ok(());
    }
    let most = unpacked >> 30;
    let message = format!("{label} says that it unpacks to {most} GiB, more than {PACKED} times its size");
    Err(Error::NotThisFormat(message))
}

/// Refuses a file of `size` bytes of which so many have been unpacked that it cannot be meant.
pub fn meant(unpacked: u64, label: &str, size: u64) -> Result<()> {
    if is_meant(unpacked, size) {
        return Ok(());
    }
    let most = unpacked >> 30;
    let message = format!("{label} unpacks to {most} GiB or more, more than {PACKED} times its size");
    Err(Error::NotThisFormat(message))
}

fn is_meant(unpacked: u64, size: u64) -> bool {
    unpacked <= LARGE || unpacked / PACKED <= size
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::file::metadata::{FileMetaData, RowGroupMetaData};
    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;

    use super::*;

    fn told(rows: i64, bytes: i64) -> ParquetMetaData {
        let root = parse_message_type("message table { REQUIRED INT64 n; }").unwrap();
        let schema = Arc::new(SchemaDescriptor::new(Arc::new(root)));
        let file = FileMetaData::new(2, rows, None, None, Arc::clone(&schema), None);
        let group = RowGroupMetaData::builder(schema).set_num_rows(rows).set_total_byte_size(bytes);
        let columns = vec![
            parquet::file::metadata::ColumnChunkMetaData::builder(file.schema_descr().column(0))
                .build()
                .unwrap(),
        ];
        ParquetMetaData::new(file, vec![group.set_column_metadata(columns).build().unwrap()])
    }

    #[test]
    fn a_file_that_unpacks_beyond_belief_is_refused() {
        let two_megabytes = 2 << 20;
        for (rows, bytes, refused) in [
            (1_000, 20 << 30, true),
            (5_000_000_000, 1_000, true),
            (-1, 1_000, true),
            (1_000, 1 << 30, false),
            (1_000_000, 100 << 20, false),
        ] {
            let outcome = believable(&told(rows, bytes), "bomb.parquet", two_megabytes);
            assert_eq!(outcome.is_err(), refused, "{rows} rows, {bytes} bytes");
        }
        let error = believable(&told(1, 20 << 30), "bomb.parquet", two_megabytes).unwrap_err();
        assert_eq!(
            error.to_string(),
            "bomb.parquet says that it unpacks to 20 GiB, more than 2000 times its size"
        );
    }
}
