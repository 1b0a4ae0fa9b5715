use super::*;

fn surveyed(name: &str, cells: &[&str]) -> Surveyed {
    let words = NullWords::default();
    let mut evidence = Evidence::default();
    for cell in cells.iter().filter(|cell| !cell.is_empty()) {
        evidence.add(cell, &words, || 0);
    }
    Surveyed { name: name.to_owned(), label: name.to_owned(), evidence }
}

fn kind(name: &str, cells: &[&str]) -> Kind {
    plans(&[surveyed(name, cells)], &NullWords::default(), None).remove(0).kind
}

const DOUBLE: Kind = Kind::Double(Mark::Point);

fn decimal(precision: u8, scale: u8) -> Kind {
    Kind::Decimal { precision, scale, mark: Mark::Point }
}

#[test]
fn the_lattice_ends_in_text() {
    assert_eq!(kind("v", &["1", "2"]), Kind::Whole(Mark::Point));
    assert_eq!(kind("v", &["1", "2.5"]), DOUBLE);
    assert_eq!(kind("v", &["1", "2e3"]), DOUBLE);
    assert_eq!(kind("v", &["1", "x"]), Kind::Text);
    assert_eq!(kind("v", &["true", "false"]), Kind::Boolean);
    assert_eq!(kind("v", &["true", "1"]), Kind::Text);
    assert_eq!(kind("v", &["01", "2"]), Kind::Text);
    assert_eq!(kind("v", &["nan"]), Kind::Text);
    assert_eq!(kind("v", &[]), Kind::Text);
}

#[test]
fn money_is_decimal_of_the_places_seen() {
    assert_eq!(kind("unit_price", &["1.5", "2.25"]), decimal(18, 2));
    assert_eq!(kind("price", &["12345678901234567.1234"]), decimal(38, 4));
    assert_eq!(kind("price", &["1.23456"]), DOUBLE);
    assert_eq!(kind("x", &["$1.5", "2"]), decimal(18, 1));
    assert_eq!(kind("x", &["1,234.5", "2"]), decimal(18, 1));
}

#[test]
fn digits_are_never_lost_in_silence() {
    assert_eq!(kind("v", &["9007199254740993", "0.5"]), decimal(38, 1));
    assert_eq!(kind("v", &["9007199254740993", "1e3"]), Kind::Text);
    assert_eq!(kind("v", &["99999999999999999999"]), Kind::Text);
    let rounded = plans(&[surveyed("v", &["0.12345678901234567890"])], &NullWords::default(), None);
    assert_eq!(rounded[0].kind, DOUBLE);
    assert!(rounded[0].notes[0].contains("rounded"));
}

#[test]
fn commas_follow_the_file() {
    let columns = [surveyed("a", &["1,5", "2,25"]), surveyed("b", &["1,234", "5,678"])];
    let decided = plans(&columns, &NullWords::default(), None);
    assert_eq!(decided[0].kind, Kind::Double(Mark::Comma));
    assert_eq!(decided[1].kind, Kind::Double(Mark::Comma));
    assert_eq!(kind("b", &["1,234", "5,678"]), Kind::Whole(Mark::Point));
    assert_eq!(kind("b", &["1,5", "2.5"]), Kind::Text);
}

#[test]
fn dates_follow_their_column_then_the_file_then_the_day() {
    assert_eq!(kind("d", &["31/12/2024", "1/2/2024"]), Kind::Date(Order::DayMonth));
    assert_eq!(kind("d", &["12/31/2024", "1/2/2024"]), Kind::Date(Order::MonthDay));
    assert_eq!(kind("d", &["1/2/2024"]), Kind::Date(Order::DayMonth));
    let columns = [surveyed("a", &["1/2/2024"]), surveyed("b", &["12/31/2024"])];
    assert_eq!(plans(&columns, &NullWords::default(), None)[0].kind, Kind::Date(Order::MonthDay));
    assert_eq!(kind("d", &["31/12/2024", "12/31/2024"]), Kind::Text);
    assert_eq!(kind("d", &["2024-01-01", "2024-01-01 10:00"]), Kind::Timestamp(Order::Iso));
    assert_eq!(kind("d", &["2024-01-01 10:00Z"]), Kind::Instant(Order::Iso));
    assert_eq!(kind("d", &["2024-01-01 10:00Z", "2024-01-01"]), Kind::Text);
}

#[test]
fn null_words_travel_from_typed_columns_to_text() {
    let columns = [surveyed("n", &["1", "NA"]), surveyed("t", &["x", "NA", "None"])];
    let decided = plans(&columns, &NullWords::default(), None);
    assert_eq!(decided[0].nulls, ["NA"]);
    assert_eq!(decided[1].nulls, ["NA"]);
    assert_eq!(decided[1].notes.len(), 2);
    let alone = plans(&columns[1..], &NullWords::default(), None);
    assert!(alone[0].nulls.is_empty());
}

#[test]
fn named_words_are_null_everywhere() {
    let named = NullWords::new(Some(&["?".to_owned()]));
    let decided = plans(&[surveyed("t", &["x"]), surveyed("n", &["1"])], &named, None);
    assert!(decided.iter().all(|plan| plan.nulls == ["?"]));
}

#[test]
fn evidence_is_the_same_in_any_cut() {
    let cells = ["1", "2.5", "NA", "x", "2024-01-02", "1,5", "true", "007", "$3", "12%", " ", "1e5"];
    let whole = surveyed("v", &cells).evidence;
    for cut in 0..=cells.len() {
        let mut both = surveyed("v", &cells[..cut]).evidence;
        both.merge(&surveyed("v", &cells[cut..]).evidence);
        assert_eq!(format!("{both:?}"), format!("{whole:?}"), "cut at {cut}");
    }
}

#[test]
fn a_decimal_mark_that_is_given_is_not_guessed() {
    let columns = [surveyed("v", &["1,234", "5,678"])];
    let kind = |mark| plans(&columns, &NullWords::default(), Some(mark)).remove(0);
    assert_eq!(kind(Mark::Comma).kind, Kind::Double(Mark::Comma));
    assert_eq!(kind(Mark::Point).kind, Kind::Whole(Mark::Point));
    assert!(kind(Mark::Comma).notes.is_empty());
    let foreign = plans(&[surveyed("v", &["1,5"])], &NullWords::default(), Some(Mark::Point)).remove(0);
    assert_eq!((foreign.kind, foreign.notes.len()), (Kind::Text, 1));
}

#[test]
fn only_values_that_a_double_changes_are_said_to_be_rounded() {
    let rounded = |cells: &[&str]| {
        let notes = plans(&[surveyed("x", cells)], &NullWords::default(), None).remove(0).notes;
        notes.iter().any(|note| note.contains("rounded"))
    };
    let held = [
        "0.1",
        "861.7720116132805",
        "-22.620999999999995",
        "9.007199254740993",
        "1e-7",
        "6.123233995736766e-17",
    ];
    assert!(!rounded(&held));
    for changed in
        ["0.123456789012345678", "861.77201161328051", "6.1232339957367661e-17", "0.1234567890123456789"]
    {
        assert!(rounded(&["0.1", changed]), "{changed}");
    }
    // The most digits before and behind the point need not be those of one value.
    assert!(!rounded(&["123456789012345.0", "0.1234567890123456"]));
}
