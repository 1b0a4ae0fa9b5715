use arrow_array::Array;

use super::*;
use crate::number::Mark;
use crate::render;

fn built(kind: Kind, nulls: &[&str], cells: &[Option<(&str, bool)>]) -> Result<Vec<Option<String>>> {
    let plan = ColumnPlan {
        name: "v".to_owned(),
        label: "v".to_owned(),
        kind,
        nulls: nulls.iter().map(|&word| word.to_owned()).collect(),
        money: None,
        notes: Vec::new(),
    };
    let mut iterator =
        cells.iter().map(|cell| cell.map(|(text, quoted)| Cell { text: Cow::Borrowed(text), quoted }));
    let array = column(&plan, cells.len(), &mut iterator)?;
    assert_eq!(*array.data_type(), plan.kind.arrow());
    Ok((0..array.len())
        .map(|row| {
            let mut text = String::new();
            render::json(array.as_ref(), row, &mut text);
            array.is_valid(row).then_some(text)
        })
        .collect())
}

fn plain<'a>(cells: &[&'a str]) -> Vec<Option<(&'a str, bool)>> {
    cells.iter().map(|&cell| Some((cell, false))).collect()
}

fn shown(values: &[&str]) -> Vec<Option<String>> {
    values.iter().map(|&value| (value != "null").then(|| value.to_owned())).collect()
}

#[test]
fn cells_become_values_of_their_type() {
    let decimal = Kind::Decimal { precision: 18, scale: 2, mark: Mark::Point };
    for (kind, cells, expected) in [
        (Kind::Boolean, ["yes", "No", ""], ["true", "false", "null"]),
        (Kind::Whole(Mark::Point), [" 7", "-1,000", "NA"], ["7", "-1000", "null"]),
        (Kind::Double(Mark::Comma), ["1,5", "2", "  "], ["1.5", "2", "null"]),
        (decimal, ["$1.5", "(2)", "3.25"], ["1.50", "-2.00", "3.25"]),
        (Kind::Date(Order::DayMonth), ["3/4/2024", "NA", ""], ["\"2024-04-03\"", "null", "null"]),
        (Kind::Timestamp(Order::Iso), ["2024-01-01", "", "NA"], ["\"2024-01-01T00:00:00\"", "null", "null"]),
    ] {
        assert_eq!(built(kind, &["NA"], &plain(&cells)).unwrap(), shown(&expected));
    }
}

#[test]
fn text_keeps_what_is_quoted_and_drops_null_words() {
    let cells = [Some(("", false)), Some(("", true)), None, Some(("NA", false)), Some((" x ", false))];
    assert_eq!(
        built(Kind::Text, &["NA"], &cells).unwrap(),
        shown(&["null", "\"\"", "null", "null", "\" x \""])
    );
}

#[test]
fn a_cell_that_does_not_fit_any_more_is_an_error_not_a_null() {
    for kind in [Kind::Boolean, Kind::Whole(Mark::Point), Kind::Double(Mark::Point), Kind::Date(Order::Iso)] {
        let error = built(kind, &[], &plain(&["something"])).unwrap_err();
        assert!(matches!(error, Error::Unreadable(_)), "{error}");
    }
}
