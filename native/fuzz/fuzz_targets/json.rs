//! JSON lines, arrays of objects, objects one after another.
#![no_main]

use lakebook_fuzz::json;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| json::check(bytes));
