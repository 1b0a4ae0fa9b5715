use super::*;

#[test]
fn decimals_are_written_in_plain_digits() {
    for (value, scale, text) in
        [(150, 2, "1.50"), (-5, 2, "-0.05"), (0, 3, "0.000"), (7, 0, "7"), (-1234, 1, "-123.4")]
    {
        assert_eq!(decimal(value, scale), text);
    }
}

#[test]
fn keys_of_doubles_order_as_the_doubles_do() {
    let rising = [f64::NEG_INFINITY, -1e300, -1.5, -f64::MIN_POSITIVE, 0.0, 1e-300, 2.0, f64::INFINITY];
    for pair in rising.windows(2) {
        assert!(float_key(pair[0]) < float_key(pair[1]), "{pair:?}");
    }
    for value in rising {
        assert_eq!(float_of(float_key(value)), value);
    }
    assert_eq!(float_key(0.0), float_key(-0.0));
    assert_eq!(float_key(f64::NAN), float_key(-f64::NAN));
    assert!(float_of(float_key(f64::NAN)).is_nan());
}

#[test]
fn keys_are_shown_in_their_type() {
    for (key, data_type, text) in [
        (1, DataType::Boolean, "true"),
        (-7, DataType::Int32, "-7"),
        (150, DataType::Decimal128(18, 2), "1.50"),
        (19_723, DataType::Date32, "2024-01-01"),
        (
            1_500_000,
            DataType::Timestamp(arrow_schema::TimeUnit::Microsecond, None),
            "1970-01-01T00:00:01.500000",
        ),
        (i128::from(float_key(0.1)), DataType::Float64, "0.1"),
    ] {
        assert_eq!(key_text(key, &data_type), text);
    }
}

#[test]
fn quoted_text_is_json() {
    let mut out = String::new();
    quote("a\"b\\c\n\u{1}é", &mut out);
    assert_eq!(out, r#""a\"b\\c\n\u0001é""#);
    assert_eq!(hex(&[0, 255]), "00ff");
}
