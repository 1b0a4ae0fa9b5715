//! Two ways of reading the same bytes lead to the same table.

use std::collections::BTreeMap;

use lakebook_engine::ProcessingResult;
use lakebook_engine::report::{ColumnReport, Deviation};

use super::table::{Outcome, Table};

/// Examples of deviations beyond which not all are kept.
const EXAMPLES: usize = 1_000;
/// What is remarked once a block, so that its count, or its example, depends on where blocks end.
const ONCE_A_BLOCK: [&str; 3] = ["widened_type", "nul_byte", "line_break_in_cell"];

/// Holds that the same source gave the same table, or the same error, both times.
pub fn same(one: &Outcome, other: &Outcome) {
    let (one, other) = match (one, other) {
        (Ok(one), Ok(other)) => (one, other),
        (one, other) => return assert_eq!(one.as_ref().err(), other.as_ref().err()),
    };
    assert_eq!(one.rows, other.rows);
    let (told, again) = (&one.told, &other.told);
    assert_eq!(told.dialect, again.dialect);
    assert_eq!(told.rejected, again.rejected);
    assert_eq!(counts(told, 1), counts(again, 1));
    assert_eq!(
        (told.duplicate_rows, told.duplicate_groups, told.rejected_rows),
        (again.duplicate_rows, again.duplicate_groups, again.rejected_rows)
    );
    if told.deviations.len() < EXAMPLES && again.deviations.len() < EXAMPLES {
        assert_eq!(examples(told), examples(again));
    }
    for (column, other) in told.columns.iter().zip(&again.columns) {
        alike(column, other, 1);
        if column.unique_exact && other.unique_exact {
            assert_eq!(column.notes, other.notes, "{}", column.name);
        }
    }
}

/// Holds that a source given twice gave its table twice, one after the other.
pub fn twice(one: &Outcome, both: &Outcome) {
    let (one, both) = match (one, both) {
        (Ok(one), Ok(both)) => (one, both),
        (one, both) => return assert_eq!(one.as_ref().err(), both.as_ref().err()),
    };
    let (told, again) = (&one.told, &both.told);
    assert_eq!(told.row_count * 2, again.row_count);
    for half in halves(both) {
        assert_eq!(one.rows.as_ref(), half.as_ref());
    }
    assert_eq!(told.dialect, again.dialect);
    assert_eq!(told.rejected_rows * 2, again.rejected_rows);
    assert_eq!(counts(told, 2), counts(again, 1));
    let distinct = told.row_count - told.duplicate_rows;
    assert_eq!((again.duplicate_rows, again.duplicate_groups), (again.row_count - distinct, distinct));
    for (column, other) in told.columns.iter().zip(&again.columns) {
        alike(column, other, 2);
    }
}

fn halves(table: &Table) -> [Option<arrow_array::RecordBatch>; 2] {
    let half = table.rows.as_ref().map_or(0, |rows| rows.num_rows() / 2);
    [0, half].map(|from| table.rows.as_ref().map(|rows| rows.slice(from, half)))
}

fn counts(told: &ProcessingResult, times: u64) -> BTreeMap<&str, u64> {
    let counted = told.deviation_counts.iter();
    counted
        .filter(|(kind, _)| !matches!(kind.as_str(), "widened_type" | "column_note"))
        .map(|(kind, count)| (kind.as_str(), count * times))
        .collect()
}

fn examples(told: &ProcessingResult) -> Vec<&Deviation> {
    let kept = told.deviations.iter().filter(|one| !ONCE_A_BLOCK.contains(&one.kind));
    let mut kept: Vec<&Deviation> = kept.collect();
    kept.sort_by_key(|one| (one.line, one.kind, &one.raw, &one.column));
    kept
}

/// Columns of the same values, those of `other` `times` as many.
fn alike(one: &ColumnReport, other: &ColumnReport, times: u64) {
    let name = &one.name;
    assert_eq!(
        (name, &one.label, &one.data_type, &one.money),
        (&other.name, &other.label, &other.data_type, &other.money)
    );
    assert_eq!((&one.min, &one.max), (&other.min, &other.max), "{name}");
    assert_eq!(one.null_count * times, other.null_count, "{name}");
    assert_eq!(one.empty_count * times, other.empty_count, "{name}");
    assert_eq!(one.blank_padded_count * times, other.blank_padded_count, "{name}");
    if one.unique_exact && other.unique_exact {
        assert_eq!(one.unique_count, other.unique_count, "{name}");
        let most = |column: &ColumnReport, times| -> Vec<u64> {
            column.top_values.iter().map(|(_, count)| count * times).collect()
        };
        assert_eq!(most(one, times), most(other, 1), "{name}");
    }
    let lengths = |column: &ColumnReport| column.lengths.map(|(least, most, _)| (least, most));
    assert_eq!(lengths(one), lengths(other), "{name}");
}
