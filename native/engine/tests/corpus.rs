//! Every input that fuzzing kept still leads to the same table, or the same error, however it is read.

#[path = "../../fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

fn replay(target: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let (_, check) = fuzz::TARGETS.iter().find(|(name, _)| *name == target).expect("a target");
    let mut inputs: Vec<_> = fs::read_dir(folder)
        .expect("the corpus is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    inputs.sort();
    assert!(inputs.len() > 20, "{target} keeps {} inputs", inputs.len());
    let broken: Vec<_> = inputs
        .iter()
        .filter(|input| {
            let bytes = fs::read(input).expect("the input can be read");
            catch_unwind(AssertUnwindSafe(|| check(&bytes))).is_err()
        })
        .collect();
    assert!(broken.is_empty(), "{target} is broken by {broken:?}");
}

#[test]
fn csv() {
    replay("csv");
}

#[test]
fn encodings() {
    replay("encodings");
}

#[test]
fn json() {
    replay("json");
}

#[test]
fn parquet() {
    replay("parquet");
}
