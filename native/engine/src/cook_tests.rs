use std::borrow::Cow;

use arrow_array::Array;

use super::*;
use crate::build::Cell;
use crate::csv::cells::Cells;
use crate::csv::records::{Marks, split};
use crate::render;

fn plan(kind: Kind) -> ColumnPlan {
    let name = "v".to_owned();
    ColumnPlan { label: name.clone(), name, kind, nulls: Vec::new(), money: None, notes: Vec::new() }
}

fn cell(text: &str) -> Cell<'_> {
    Cell { text: Cow::Borrowed(text), quoted: false }
}

/// Gives a column the second cells of records whose first cell says that they are there.
fn taken(column: &mut Cooked<'_>, evidence: &mut Evidence, words: &NullWords, texts: &[&str]) {
    let text = texts.iter().fold(String::new(), |all, text| all + "row|" + text + "\n");
    let marks = Marks { delimiter: b'|', quote: Some(b'"'), escape: None, line_end: b'\n' };
    let records = split(text.as_bytes(), marks, usize::MAX);
    let kept: Vec<usize> = (0..records.count()).collect();
    let cells = Cells::new(&text, &records, &kept, marks, 0);
    column.take(evidence, words, &cells, 1, &kept);
}

/// The column, whether it fits, and the evidence.
fn cooked(kind: Kind, texts: &[&str]) -> (Vec<String>, bool, Evidence) {
    let plan = plan(kind);
    let mut evidence = Evidence::default();
    let mut column = Cooked::new(&plan, texts.len());
    taken(&mut column, &mut evidence, &NullWords::default(), texts);
    let fits = column.odd.is_none();
    let array = column.finish();
    let shown = |row| {
        let mut text = String::new();
        render::json(array.as_ref(), row, &mut text);
        text
    };
    ((0..array.len()).map(shown).collect(), fits, evidence)
}

#[test]
fn what_is_read_at_once_is_what_is_built_later() {
    let money = Kind::Decimal { precision: 18, scale: 2, mark: Mark::Point };
    let comma = Kind::Decimal { precision: 18, scale: 2, mark: Mark::Comma };
    let all: [(Kind, &[&str]); 9] = [
        (Kind::Whole(Mark::Point), &["1", "-20", " 7 ", "1,234", "NA", "", "999999999999999999", "-0"]),
        (money, &["1.5", "-2", "$3.25", "(4.00)", "null", "12345678901234.99", "5."]),
        (comma, &["1,5", "-2", "1.234,50", "N/A"]),
        (Kind::Double(Mark::Point), &["1.125", "1e3", "nan", "-inf", "9007199254740993.5", "-", ".5"]),
        (Kind::Date(Order::Iso), &["2024-01-31", "2024-02-29", "2024-3-1", "1999-12-01", "None"]),
        (Kind::Date(Order::DayMonth), &["31/01/2024", "1/2/2024"]),
        (Kind::Timestamp(Order::Iso), &["2024-01-01 10:20:30", "2024-01-31T00:00:00.5", "2024-01-05"]),
        (Kind::Boolean, &["true", "FALSE", "n/a", "True"]),
        (Kind::Text, &["a", "", "12", "NA", "é"]),
    ];
    for (kind, texts) in all {
        let (values, fits, evidence) = cooked(kind.clone(), texts);
        assert!(fits, "{kind:?}");
        let mut known = plan(kind.clone());
        if kind != Kind::Text {
            known.nulls = crate::nulls::WORDS.iter().map(|&word| word.to_owned()).collect();
        }
        let built =
            build::column(&known, texts.len(), &mut texts.iter().map(|text| Some(cell(text)))).unwrap();
        let shown = |row| {
            let mut text = String::new();
            render::json(built.as_ref(), row, &mut text);
            text
        };
        assert_eq!(values, (0..built.len()).map(shown).collect::<Vec<_>>(), "{kind:?}");
        let mut alone = Evidence::default();
        let mut offset = 0;
        for text in texts {
            if !text.is_empty() {
                alone.add(text, &NullWords::default(), || offset);
            }
            offset += text.len() as u64 + 5;
        }
        assert_eq!(format!("{evidence:?}"), format!("{alone:?}"), "{kind:?}");
    }
}

#[test]
fn a_cell_of_another_type_is_seen_and_still_counted() {
    let money = Kind::Decimal { precision: 18, scale: 2, mark: Mark::Point };
    let surprises: [(Kind, &str); 8] = [
        (Kind::Whole(Mark::Point), "1.5"),
        (Kind::Whole(Mark::Point), "word"),
        (Kind::Whole(Mark::Point), "99999999999999999999"),
        (money, "1.2345"),
        (Kind::Double(Mark::Point), "1,5"),
        (Kind::Date(Order::Iso), "2024-01-01 10:00:00"),
        (Kind::Timestamp(Order::Iso), "10:00"),
        (Kind::Boolean, "maybe"),
    ];
    for (kind, text) in surprises {
        let (values, fits, evidence) = cooked(kind.clone(), &[text, text]);
        assert!(!fits, "{kind:?} {text}");
        assert_eq!(values.len(), 2);
        let counted = evidence.numbers() + evidence.text + evidence.truths() + evidence.moments.count();
        assert_eq!(counted, 2, "{kind:?} {text}");
    }
}

#[test]
fn the_callers_null_words_are_the_only_ones() {
    let plan = plan(Kind::Whole(Mark::Point));
    let words = NullWords::new(Some(&["0".to_owned()]));
    let mut evidence = Evidence::default();
    let mut column = Cooked::new(&plan, 2);
    taken(&mut column, &mut evidence, &words, &["0", "7"]);
    assert_eq!(column.odd, None);
    assert_eq!(column.finish().null_count(), 1);
    let mut column = Cooked::new(&plan, 1);
    taken(&mut column, &mut evidence, &words, &["NA"]);
    assert_eq!(column.odd, Some(0));
}

#[test]
fn quoted_and_escaped_cells_are_read_as_their_text() {
    let texts = ["\"7\"", "\"\"", "", "\"1,234\""];
    let (values, fits, evidence) = cooked(Kind::Whole(Mark::Point), &texts);
    assert_eq!((values.join(" ").as_str(), fits, evidence.numbers()), ("7 null null 1234", true, 2));
    let (values, fits, _) = cooked(Kind::Text, &["\"a \"\"b\"\"\"", "\"\"", ""]);
    assert_eq!((values.join(" ").as_str(), fits), ("\"a \\\"b\\\"\" \"\" null", true));
}

#[test]
fn a_point_before_three_digits_counts_as_the_careful_reader_counts_it() {
    for text in ["1.234", "-12.345", "0.125", "999.999", "1234.567", "-0.000", "7.10", "123456.789"] {
        let mut quick = Evidence::default();
        assert!(quick.simple(text.as_bytes()));
        let mut careful = Evidence::default();
        careful.carefully(text.as_bytes());
        assert_eq!(format!("{quick:?}"), format!("{careful:?}"), "{text}");
    }
}
