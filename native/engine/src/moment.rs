//! Dates and times as people write them.

/// The order in which year, month and day stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// `2024-12-31`
    Iso,
    /// `31/12/2024`
    DayMonth,
    /// `12/31/2024`
    MonthDay,
}

/// Bits for the orders under which a text can be read.
pub const YEAR_FIRST: u8 = 1;
/// See [`YEAR_FIRST`].
pub const DAY_FIRST: u8 = 2;
/// See [`YEAR_FIRST`].
pub const MONTH_FIRST: u8 = 4;

impl Order {
    /// The bit of this order.
    #[must_use]
    pub fn bit(self) -> u8 {
        match self {
            Self::Iso => YEAR_FIRST,
            Self::DayMonth => DAY_FIRST,
            Self::MonthDay => MONTH_FIRST,
        }
    }
}

/// A text that reads as a date or a time, before its order is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    first: u32,
    second: u32,
    third: u32,
    year_first: bool,
    /// Microseconds since midnight, where there is a time of day.
    pub clock: Option<i64>,
    /// The offset from UTC in minutes, where there is one.
    pub offset: Option<i32>,
    /// Digits beyond microseconds were cut.
    pub truncated: bool,
}

const MINUTE: i64 = 60_000_000;
/// Microseconds in a day.
pub const DAY: i64 = 86_400_000_000;

/// Reads a date, or a date and a time of day, in any order of its parts.
#[must_use]
pub fn parse(text: &[u8]) -> Option<Moment> {
    if !(8..=40).contains(&text.len()) || !text[0].is_ascii_digit() {
        return None;
    }
    let (first, rest) = digits(text)?;
    let (&separator, rest) = rest.split_first()?;
    if !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let (second, rest) = digits(rest)?;
    let (third, rest) = digits(rest.strip_prefix(&[separator])?)?;
    let year_first = first.1 == 4;
    let fits = if year_first {
        separator != b'.' && (1..=2).contains(&second.1) && (1..=2).contains(&third.1)
    } else {
        first.1 <= 2 && (1..=2).contains(&second.1) && third.1 == 4
    };
    if !fits {
        return None;
    }
    let mut moment = Moment {
        first: first.0,
        second: second.0,
        third: third.0,
        year_first,
        clock: None,
        offset: None,
        truncated: false,
    };
    if !rest.is_empty() {
        let separated = rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" "))?;
        time_of_day(separated, &mut moment)?;
    }
    (moment.orders() != 0).then_some(moment)
}

fn digits(text: &[u8]) -> Option<((u32, usize), &[u8])> {
    let length = text.iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || length > 4 {
        return None;
    }
    let value = text[..length].iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0'));
    Some(((value, length), &text[length..]))
}

fn two(text: &[u8]) -> Option<(i64, &[u8])> {
    let ((value, length), rest) = digits(text)?;
    (length <= 2).then_some((i64::from(value), rest))
}

fn time_of_day(text: &[u8], moment: &mut Moment) -> Option<()> {
    let (hour, rest) = two(text)?;
    let (minute, mut rest) = two(rest.strip_prefix(b":")?)?;
    let mut clock = (hour * 60 + minute) * MINUTE;
    if let Some(seconds) = rest.strip_prefix(b":") {
        let (second, after) = two(seconds)?;
        if second > 59 {
            return None;
        }
        clock += second * 1_000_000;
        rest = after;
        if let [b'.' | b',', fraction @ ..] = rest {
            let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if !(1..=9).contains(&length) {
                return None;
            }
            let padded = (0..9).map(|at| if at < length { i64::from(fraction[at] - b'0') } else { 0 });
            let nanoseconds = padded.fold(0, |value, digit| value * 10 + digit);
            moment.truncated = nanoseconds % 1000 != 0;
            clock += nanoseconds / 1000;
            rest = &fraction[length..];
        }
    }
    let (shift, rest) = half_of_day(rest, hour)?;
    if hour > 23 || minute > 59 {
        return None;
    }
    moment.clock = Some(clock + shift * 60 * MINUTE);
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    if !rest.is_empty() {
        moment.offset = Some(offset(rest)?);
    }
    Some(())
}

/// Hours to add for `AM` and `PM`, and what follows.
fn half_of_day(text: &[u8], hour: i64) -> Option<(i64, &[u8])> {
    let word = text.strip_prefix(b" ").unwrap_or(text);
    let shift = match word {
        [b'a' | b'A', b'm' | b'M'] if hour == 12 => -12,
        [b'p' | b'P', b'm' | b'M'] if hour < 12 => 12,
        [b'a' | b'A' | b'p' | b'P', b'm' | b'M'] => 0,
        _ => return Some((0, text)),
    };
    (1..=12).contains(&hour).then_some((shift, &word[2..]))
}

/// Minutes from UTC.
fn offset(text: &[u8]) -> Option<i32> {
    let (sign, body) = match text {
        b"Z" | b"z" | b"UTC" | b"GMT" => return Some(0),
        [b'+', body @ ..] => (1, body),
        [b'-', body @ ..] => (-1, body),
        _ => return None,
    };
    let number = |pair: &[u8]| pair.iter().fold(0, |value, byte| value * 10 + i32::from(byte - b'0'));
    let (hours, minutes) = match body {
        [a, b] => ([*a, *b], [b'0', b'0']),
        [a, b, c, d] | [a, b, b':', c, d] => ([*a, *b], [*c, *d]),
        _ => return None,
    };
    if !hours.iter().chain(&minutes).all(u8::is_ascii_digit) {
        return None;
    }
    let (hours, minutes) = (number(&hours), number(&minutes));
    (hours <= 15 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
}

impl Moment {
    /// The orders under which this is a date of the calendar.
    #[must_use]
    pub fn orders(&self) -> u8 {
        let all: &[Order] = if self.year_first { &[Order::Iso] } else { &[Order::DayMonth, Order::MonthDay] };
        all.iter().filter(|order| self.days(**order).is_some()).map(|order| order.bit()).sum()
    }

    /// Whether day and month stand apart, so that the order changes the date.
    #[must_use]
    pub fn order_matters(&self) -> bool {
        !self.year_first && self.first != self.second
    }

    /// Days since 1970-01-01 under `order`.
    #[must_use]
    pub fn days(&self, order: Order) -> Option<i32> {
        let (year, month, day) = match (order, self.year_first) {
            (Order::Iso, true) => (self.first, self.second, self.third),
            (Order::DayMonth, false) => (self.third, self.second, self.first),
            (Order::MonthDay, false) => (self.third, self.first, self.second),
            _ => return None,
        };
        days_from_civil(year, month, day)
    }

    /// Microseconds since 1970-01-01, in UTC where there is an offset.
    #[must_use]
    pub fn micros(&self, order: Order) -> Option<i64> {
        let midnight = i64::from(self.days(order)?) * DAY;
        let shift = i64::from(self.offset.unwrap_or(0)) * MINUTE;
        Some(midnight + self.clock.unwrap_or(0) - shift)
    }
}

fn days_from_civil(year: u32, month: u32, day: u32) -> Option<i32> {
    const BEFORE: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    const LENGTH: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let at = usize::try_from(month.checked_sub(1)?).ok().filter(|&at| at < 12)?;
    let length = LENGTH[at] + u32::from(leap && month == 2);
    if year == 0 || day == 0 || day > length {
        return None;
    }
    let past = year - 1;
    let days =
        past * 365 + past / 4 - past / 100 + past / 400 + BEFORE[at] + day - 1 + u32::from(leap && month > 2);
    i32::try_from(i64::from(days) - 719_162).ok()
}

/// `2024-12-31` of days since 1970-01-01.
#[must_use]
pub fn date_text(days: i32) -> String {
    let shifted = i64::from(days) + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `23:59:59` or `23:59:59.000001` of microseconds since midnight.
#[must_use]
pub fn clock_text(micros: i64) -> String {
    let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}.{fraction:06}")
    }
}

/// ISO 8601 of microseconds since 1970-01-01; instants end in `+00:00`.
#[must_use]
pub fn timestamp_text(micros: i64, instant: bool) -> String {
    let days = i32::try_from(micros.div_euclid(DAY)).unwrap_or(i32::MAX);
    let zone = if instant { "+00:00" } else { "" };
    format!("{}T{}{zone}", date_text(days), clock_text(micros.rem_euclid(DAY)))
}
