use crate::moment::*;

fn iso(text: &str, order: Order) -> Option<String> {
    let moment = parse(text.as_bytes())?;
    let micros = moment.micros(order)?;
    Some(match moment.clock {
        None => date_text(moment.days(order)?),
        Some(_) => timestamp_text(micros, moment.offset.is_some()),
    })
}

#[test]
fn iso_dates_and_times_are_read() {
    for (text, expected) in [
        ("2024-02-29", "2024-02-29"),
        ("1969-12-31", "1969-12-31"),
        ("0001-01-01", "0001-01-01"),
        ("2011-12-01 08:12:00", "2011-12-01T08:12:00"),
        ("2024-05-02T10:00:00.001+02:00", "2024-05-02T08:00:00.001000+00:00"),
        ("2024-05-02T00:30:00Z", "2024-05-02T00:30:00+00:00"),
        ("2024-05-02 10:00-0530", "2024-05-02T15:30:00+00:00"),
    ] {
        assert_eq!(iso(text, Order::Iso).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn day_and_month_change_places_with_the_order() {
    assert_eq!(iso("03/04/2024", Order::DayMonth).unwrap(), "2024-04-03");
    assert_eq!(iso("03/04/2024", Order::MonthDay).unwrap(), "2024-03-04");
    assert_eq!(parse(b"31.12.2024").unwrap().orders(), DAY_FIRST);
    assert_eq!(parse(b"12/31/2024").unwrap().orders(), MONTH_FIRST);
    assert_eq!(parse(b"5/5/2024").unwrap().orders(), DAY_FIRST | MONTH_FIRST);
    assert!(!parse(b"5/5/2024").unwrap().order_matters());
}

#[test]
fn twelve_hour_clocks_are_read() {
    assert_eq!(iso("1/2/2020 12:05 AM", Order::MonthDay).unwrap(), "2020-01-02T00:05:00");
    assert_eq!(iso("1/2/2020 3:04:05 pm", Order::MonthDay).unwrap(), "2020-01-02T15:04:05");
}

#[test]
fn what_is_no_date_is_none() {
    for text in [
        "2023-02-29",
        "2024-13-01",
        "2024-00-10",
        "32/01/2024",
        "1.2.2024.1",
        "2024.01.02",
        "12-11-10",
        "2024-01-02T",
        "2024-01-02 24:00",
        "2024-01-02 10:60",
        "2024-01-02 10:00 XY",
        "192.168.1.100",
        "2024-01/02",
        "20240102",
        "1/2/2020 13:00 PM",
        "2024-01-02T10:00:00+99:00",
    ] {
        assert_eq!(parse(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn every_day_of_eight_centuries_survives_the_round_trip() {
    for days in -150_000..150_000 {
        let text = date_text(days);
        assert_eq!(parse(text.as_bytes()).unwrap().days(Order::Iso), Some(days), "{text}");
    }
}

#[test]
fn digits_beyond_microseconds_are_cut_and_said() {
    assert!(parse(b"2024-01-02T10:00:00.123456789").unwrap().truncated);
    assert!(!parse(b"2024-01-02T10:00:00.123456000").unwrap().truncated);
}
