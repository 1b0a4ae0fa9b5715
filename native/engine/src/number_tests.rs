use super::*;

fn point(text: &str) -> Option<Number> {
    parse(text.as_bytes(), Mark::Point)
}

#[test]
fn plain_numbers_keep_their_digits() {
    assert_eq!(point("-120").unwrap().whole(), Some(-120));
    assert_eq!(point("9223372036854775807").unwrap().whole(), Some(i64::MAX));
    assert_eq!(point("9223372036854775808").unwrap().whole(), None);
    let price = point("12.50").unwrap();
    assert_eq!((price.places, price.scaled(2), price.scaled(1)), (2, Some(1250), None));
    assert_eq!(point("0.001").unwrap().scaled(4), Some(10));
}

#[test]
fn long_digits_are_counted_not_rounded() {
    let long = point("123456789012345678901234567890").unwrap();
    assert_eq!((long.digits(), long.mantissa), (30, 123_456_789_012_345_678_901_234_567_890));
    assert_eq!(point("1".repeat(40).as_str()).unwrap().scaled(0), None);
}

#[test]
fn leading_zeros_are_seen() {
    assert!(point("007").unwrap().padded);
    assert!(point("-01.5").unwrap().padded);
    assert!(!point("0.5").unwrap().padded);
    assert!(!point("0").unwrap().padded);
}

#[test]
fn decorated_numbers_are_numbers() {
    for (text, scaled) in
        [("$1,200", 120_000), ("1,234.5", 123_450), ("-€ 3.25", -325), ("(12.00)", -1_200), ("5 €", 500)]
    {
        assert_eq!(point(text).unwrap().scaled(2), Some(scaled), "{text}");
    }
    assert!(point("$1,200").unwrap().currency);
}

#[test]
fn what_only_looks_like_a_number_is_none() {
    for text in
        ["", "-", ".", "1.2.3", "1,23", "12,34,567", "1e", "e5", "$", "()", "1 2", "--1", "0x1f", "1_000"]
    {
        assert_eq!(point(text), None, "{text}");
    }
}

#[test]
fn a_decimal_comma_is_read_under_its_own_mark() {
    assert_eq!(parse(b"0,25", Mark::Comma).unwrap().scaled(2), Some(25));
    assert_eq!(parse(b"1.234,5", Mark::Comma).unwrap().scaled(1), Some(12_345));
    assert_eq!(double(b"1,53e4", Mark::Comma), Some(15_300.0));
    assert_eq!(parse(b"0,", Mark::Comma), None);
    assert!(parse(b"5.", Mark::Point).unwrap().pointed);
}

#[test]
fn doubles_are_rounded_like_the_standard_library() {
    for text in ["0.1", "1e308", "-2.5e-3", "1.7976931348623157", "12345678901234567890.123", "-0.0", "+3.5"]
    {
        assert_eq!(double(text.as_bytes(), Mark::Point), text.parse().ok(), "{text}");
    }
    assert!(double(b"NaN", Mark::Point).unwrap().is_nan());
    assert_eq!(double(b"-inf", Mark::Point), Some(f64::NEG_INFINITY));
}
