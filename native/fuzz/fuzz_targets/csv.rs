//! Dialect, encoding, records and types of CSV and its relatives.
#![no_main]

use lakebook_fuzz::csv;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| csv::check(bytes));
