use arrow_array::builder::{ListBuilder, StringViewBuilder};
use arrow_array::{Int64Array, StringViewArray};

use super::*;

/// `rows` times a text of `length`, which is held once.
fn same(length: usize, rows: usize) -> ArrayRef {
    let mut out = StringViewBuilder::new().with_deduplicate_strings();
    let text = "x".repeat(length);
    (0..rows).for_each(|_| out.append_value(&text));
    Arc::new(out.finish())
}

#[test]
fn small_rows_are_one_stretch() {
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..5));
    let texts: ArrayRef =
        Arc::new(StringViewArray::from_iter_values(["a", "b", "", "d", "longer than a view"]));
    let mut met = Texts::default();
    assert_eq!(met.stretches(&[&numbers, &texts], "t", 100).unwrap(), [(0, 5)]);
    assert_eq!(met.stretches(&[&numbers], "t", 100).unwrap(), [(0, 5)]);
    assert_eq!(met.unpacked, 21);
    assert_eq!(met.stretches(&[], "t", 100).unwrap(), [(0, 0)]);
}

#[test]
fn long_rows_are_cut_into_stretches_in_order() {
    let stretches = Texts::default().stretches(&[&same(30 << 20, 7)], "t", 1 << 20).unwrap();
    assert_eq!(stretches, [(0, 1), (1, 2), (3, 2), (5, 2)]);
}

#[test]
fn texts_in_lists_count_too() {
    let mut lists = ListBuilder::new(StringViewBuilder::new().with_deduplicate_strings());
    let text = "y".repeat(40 << 20);
    for items in [0, 2, 1, 3] {
        (0..items).for_each(|_| lists.values().append_value(&text));
        lists.append(true);
    }
    let lists: ArrayRef = Arc::new(lists.finish());
    let stretches = Texts::default().stretches(&[&lists], "t", 1 << 20).unwrap();
    assert_eq!(stretches, [(0, 1), (1, 1), (2, 1), (3, 1)]);
    assert_eq!(Texts::default().stretches(&[&lists.slice(2, 1)], "t", 1 << 20).unwrap(), [(0, 1)]);
}

#[test]
fn texts_beyond_belief_and_rows_beyond_memory_are_refused() {
    let error =
        |rows, size| Texts::default().stretches(&[&same(1 << 20, rows)], "b.parquet", size).unwrap_err();
    assert_eq!(
        error(3_000, 1_000).to_string(),
        "b.parquet unpacks to 2 GiB or more, more than 2000 times its size"
    );
    let mut long = ListBuilder::new(StringViewBuilder::new().with_deduplicate_strings());
    let text = "z".repeat(64 << 20);
    (0..17).for_each(|_| long.values().append_value(&text));
    long.append(true);
    let long: ArrayRef = Arc::new(long.finish());
    let error = Texts::default().stretches(&[&long], "b.parquet", 1 << 40).unwrap_err();
    assert_eq!(error.to_string(), "b.parquet holds a row of more than 1 GiB");
}
