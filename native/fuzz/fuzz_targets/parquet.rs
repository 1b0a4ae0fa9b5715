//! Parquet files, broken in their pages and in their footers.
#![no_main]

use std::panic;

use lakebook_fuzz::parquet;
use libfuzzer_sys::fuzz_target;

// The engine catches what the Parquet library panics at, as it does with any broken file; only our own panics count.
fn only_ours() {
    let fatal = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let theirs =
            |file: &str| ["/parquet-", "/arrow-", "/library/"].iter().any(|part| file.contains(part));
        if !info.location().is_some_and(|place| theirs(place.file())) {
            fatal(info);
        }
    }));
}

fuzz_target!(init: only_ours(), |bytes: &[u8]| parquet::check(bytes));
