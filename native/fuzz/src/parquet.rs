//! Parquet files, broken in their pages and in their footers.

use lakebook_engine::{Format, Options};

use super::same::{same, twice};
use super::table::made;

/// Reads a file with one thread and with three, once and twice.
pub fn check(bytes: &[u8]) {
    let options = |threads| Options {
        format: Some(Format::Parquet),
        threads: Some(threads),
        memory_limit: Some(1 << 20),
        ..Options::default()
    };
    let one = made(bytes, 1, &options(1));
    let wide = made(bytes, 1, &options(3));
    same(&one, &wide);
    if one.is_ok() {
        twice(&one, &made(bytes, 2, &options(2)));
    }
}
