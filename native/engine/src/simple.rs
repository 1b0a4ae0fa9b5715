//! Numbers and times in their most frequent spelling, told in one sweep over the bytes.
//!
//! Whatever is spelt otherwise is `None` here and is left to the careful readers of
//! [`crate::number`] and [`crate::moment`], with which these agree wherever they answer.

use crate::moment::DAY;
use crate::number::Number;

/// Digits that 64 bits hold whatever they are.
const DIGITS: usize = 18;
/// Powers of ten beyond this one are not exact in this table.
const PLACES: usize = 18;

/// Digits, perhaps behind a minus, perhaps with a point and more digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simple {
    pub negative: bool,
    pub mantissa: u64,
    /// Digits before the point; a lone zero is none.
    pub whole_digits: u16,
    pub places: u16,
}

/// A number of at most eighteen digits without padding and decoration.
#[must_use]
#[inline]
pub fn number(text: &[u8]) -> Option<Simple> {
    let (negative, body) = match text {
        [b'-', body @ ..] => (true, body),
        _ => (false, text),
    };
    if body.len() > DIGITS + 1 {
        return None;
    }
    let mut mantissa = 0_u64;
    let mut point = None;
    for (at, &byte) in body.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            mantissa = mantissa * 10 + u64::from(digit);
        } else if byte == b'.' && point.is_none() {
            point = Some(at);
        } else {
            return None;
        }
    }
    let whole = point.unwrap_or(body.len());
    let places = point.map_or(0, |at| body.len() - at - 1);
    let padded = whole > 1 && body[0] == b'0';
    if whole == 0 || whole + places > DIGITS || padded || (point.is_some() && places == 0) {
        return None;
    }
    let whole_digits = if whole == 1 && body[0] == b'0' { 0 } else { whole as u16 };
    Some(Simple { negative, mantissa, whole_digits, places: places as u16 })
}

#[rustfmt::skip]
const POWERS: [f64; PLACES + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];

impl Simple {
    /// The same as the careful reader gives it.
    #[must_use]
    pub fn number(self) -> Number {
        Number {
            negative: self.negative,
            mantissa: self.mantissa.into(),
            whole_digits: self.whole_digits,
            places: self.places,
            pointed: self.places > 0,
            ..Number::default()
        }
    }

    /// The value as a whole number, if it has no point.
    #[must_use]
    pub fn whole(self) -> Option<i64> {
        (self.places == 0).then(|| self.signed())
    }

    /// The value times `10^scale`, if it has no more places than that.
    #[must_use]
    pub fn scaled(self, scale: u8) -> Option<i128> {
        let more = u32::from(scale).checked_sub(u32::from(self.places))?;
        10_i128.checked_pow(more)?.checked_mul(self.signed().into())
    }

    /// Eighteen digits, and so with their sign in 64 bits.
    fn signed(self) -> i64 {
        let value = self.mantissa.cast_signed();
        if self.negative { -value } else { value }
    }

    /// The value as a double, correctly rounded; `text` is what this was read from.
    #[must_use]
    pub fn double(self, text: &[u8]) -> Option<f64> {
        if self.mantissa >= 1 << 53 {
            return std::str::from_utf8(text).ok()?.parse().ok();
        }
        let value = self.mantissa as f64 / POWERS[usize::from(self.places)];
        Some(if self.negative { -value } else { value })
    }
}

/// The microseconds since 1970-01-01 of `2024-12-31` or `2024-12-31 23:59:59`, and whether there is a clock.
#[must_use]
pub fn iso(text: &[u8]) -> Option<(i64, bool)> {
    let two = |at: usize| {
        let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| i64::from(tens) * 10 + i64::from(ones))
    };
    if !matches!(text.len(), 10 | 19) || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    let (year, month, day) = (two(0)? * 100 + two(2)?, two(5)?, two(8)?);
    // The last days of a month are the calendar's business.
    if year == 0 || !(1..=12).contains(&month) || !(1..=28).contains(&day) {
        return None;
    }
    let march = (month + 9) % 12;
    let shifted = year - i64::from(month <= 2);
    let of_year = (153 * march + 2) / 5 + day - 1;
    let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + of_year - 719_468;
    if text.len() == 10 {
        return Some((days * DAY, false));
    }
    if !matches!(text[10], b' ' | b'T') || text[13] != b':' || text[16] != b':' {
        return None;
    }
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    let fits = hour < 24 && minute < 60 && second < 60;
    fits.then(|| (days * DAY + ((hour * 60 + minute) * 60 + second) * 1_000_000, true))
}

#[cfg(test)]
#[path = "simple_tests.rs"]
mod tests;
