//! Encodings other than UTF-8.
#![no_main]

use lakebook_fuzz::encodings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| encodings::check(bytes));
