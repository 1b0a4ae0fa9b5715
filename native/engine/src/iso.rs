//! Dates and times in their most frequent spelling, told by a few words of eight bytes.
//!
//! Whatever is spelt otherwise is `None` here and is left to the careful reader of [`crate::moment`], with which this
//! agrees wherever it answers.

use crate::moment::DAY;
use crate::simple::SEVEN_BITS;

/// How eight letters of a date or a clock are spelt: with digits where a form has zeros, and with its marks.
struct Form {
    letters: u64,
    /// What lifts a byte that is no value of a digit, or not the mark, to its highest bit.
    lift: u64,
}

impl Form {
    const fn new(letters: [u8; 8]) -> Self {
        let (mut lift, mut at) = ([0; 8], 0);
        while at < 8 {
            lift[at] = if letters[at] == b'0' { 0x76 } else { 0x7f };
            at += 1;
        }
        Self { letters: u64::from_le_bytes(letters), lift: u64::from_le_bytes(lift) }
    }

    /// The numbers that each two bytes of a text make, if it is spelt like this.
    #[inline]
    fn pairs(&self, text: [u8; 8]) -> Option<[i64; 7]> {
        let values = u64::from_le_bytes(text) ^ self.letters;
        let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
        let other = (((values & SEVEN_BITS) + self.lift) | values) & !SEVEN_BITS;
        (other == 0).then(|| std::array::from_fn(|at| (pairs >> (8 * at) & 0xff).cast_signed()))
    }
}

/// The microseconds since 1970-01-01 of `2024-12-31` or `2024-12-31 23:59:59`, and whether there is a clock.
#[must_use]
pub fn read(text: &[u8]) -> Option<(i64, bool)> {
    const DATE: Form = Form::new(*b"0000-00-");
    const CLOCK: Form = Form::new(*b"00:00:00");
    const LAST_DAYS: [i64; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if !matches!(text.len(), 10 | 19) {
        return None;
    }
    let [century, _, of_century, _, _, month, _] = DATE.pairs(*text.first_chunk()?)?;
    let (year, day) = (century * 100 + of_century, two(text[8], text[9])?);
    // The last day of a leap year's February is the calendar's business.
    if year == 0 || day == 0 || day > *LAST_DAYS.get(month as usize)? {
        return None;
    }
    let march = (month + 9) % 12;
    let shifted = year - i64::from(month <= 2);
    let of_year = (153 * march + 2) / 5 + day - 1;
    let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + of_year - 719_468;
    let Some((b' ' | b'T', clock)) = text[10..].split_first() else {
        return (text.len() == 10).then_some((days * DAY, false));
    };
    let [hour, _, _, minute, _, _, second] = CLOCK.pairs(*clock.first_chunk()?)?;
    let fits = hour < 24 && minute < 60 && second < 60;
    fits.then(|| (days * DAY + ((hour * 60 + minute) * 60 + second) * 1_000_000, true))
}

/// The number that two digits make.
#[inline]
fn two(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens) * 10 + i64::from(ones))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::{self, Order};

    #[test]
    fn iso_times_are_read_as_the_careful_reader_reads_them() {
        let (mut state, mut answered) = (11_u64, 0);
        let mut part = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for _ in 0..200_000 {
            let (year, month, day) = (part(10_000), part(14), part(33));
            let (hour, minute, second) = (part(26), part(62), part(62));
            let text = match part(3) {
                0 => format!("{year:04}-{month:02}-{day:02}"),
                1 => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
                _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
            };
            if let Some((micros, clock)) = read(text.as_bytes()) {
                answered += 1;
                let expected = moment::parse(text.as_bytes()).expect("a time");
                assert_eq!(Some(micros), expected.micros(Order::Iso), "{text}");
                assert_eq!(
                    (clock, None, false),
                    (expected.clock.is_some(), expected.offset, expected.truncated)
                );
                assert_eq!((expected.orders(), expected.order_matters()), (moment::YEAR_FIRST, false));
            }
        }
        assert!(answered > 100_000, "{answered}");
    }

    #[test]
    fn what_is_spelt_otherwise_is_left_alone() {
        for text in [
            "",
            "2024-12-3",
            "2024-12-311",
            "2024/12/31",
            "2024-1a-30",
            "202:-10-10",
            "0000-10-10",
            "2024-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-04-31",
            "2024-10-00",
            "2024-10-10 ",
            "2024-10-10x10:10:10",
            "2024-10-10 24:00:00",
            "2024-10-10 10:60:00",
            "2024-10-10 10:10:60",
            "2024-10-10 10-10:10",
            "2024-10-10 10:10:1/",
            "2024-10-10 10:1::10",
            "\u{b2}024-10-10",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
        assert_eq!(read(b"1970-01-31"), Some((30 * DAY, false)));
        assert_eq!(read(b"1970-01-01T00:01:02"), Some((62_000_000, true)));
    }
}
