//! Numbers in their most frequent spelling, told in one sweep over the bytes.
//!
//! Whatever is spelt otherwise is `None` here and is left to the careful reader of [`crate::number`], with which this
//! agrees wherever it answers.

use crate::number::Number;
use crate::rounding;

/// Digits that 64 bits hold whatever they are.
const DIGITS: usize = 18;
/// The most places behind a point.
pub const PLACES: usize = 18;

/// Digits, perhaps behind a minus, perhaps with a point and more digits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Simple {
    pub negative: bool,
    pub mantissa: u64,
    /// Digits before the point; a lone zero is none.
    pub whole_digits: u8,
    pub places: u8,
}

/// A number of at most eighteen digits without padding and decoration.
#[must_use]
#[inline]
pub fn number(text: &[u8]) -> Option<Simple> {
    number_before(text, text.len())
}

/// The number that the first `length` bytes of a text are; reading past them spares asking where they end.
#[must_use]
#[inline]
pub fn number_before(text: &[u8], length: usize) -> Option<Simple> {
    let negative = text.first() == Some(&b'-');
    let body = &text[usize::from(negative)..];
    let length = length.checked_sub(usize::from(negative))?;
    if length > DIGITS + 1 {
        return None;
    }
    let (mantissa, whole, places) = match body.first_chunk() {
        Some(&eight) if length <= 8 => short(u64::from_le_bytes(eight), length)?,
        _ => match body.first_chunk() {
            Some(more) => pointed(more, length).or_else(|| long(body, length))?,
            None => long(body, length)?,
        },
    };
    let zero = body.first() == Some(&b'0');
    if whole == 0 || whole + places > DIGITS || (zero && whole > 1) {
        return None;
    }
    let whole_digits = if zero { 0 } else { whole as u8 };
    Some(Simple { negative, mantissa, whole_digits, places: places as u8 })
}

/// The digits of a number of any length, and how many stand before and behind its point.
#[inline(never)]
fn long(body: &[u8], length: usize) -> Option<(u64, usize, usize)> {
    let (mantissa, whole) = digits(body, 0);
    if whole == length {
        return Some((mantissa, whole, 0));
    }
    if whole > length || body.get(whole) != Some(&b'.') {
        return None;
    }
    let (mantissa, places) = digits(&body[whole + 1..], mantissa);
    (places > 0 && whole + 1 + places == length).then_some((mantissa, whole, places))
}

/// The same of at most eight bytes, looked at as one word.
#[inline]
fn short(word: u64, length: usize) -> Option<(u64, usize, usize)> {
    const POINT: u64 = (b'.' ^ b'0') as u64;
    // The last letter moves to the end; zeros come before the first one.
    let unused = 64 - 8 * length as u32;
    let values = word.unbounded_shl(unused) ^ ZEROS.unbounded_shl(unused);
    let others = others(values);
    if others == 0 {
        return Some((eight(values), length, 0));
    }
    let at = others.trailing_zeros() / 8;
    if others & (others - 1) != 0 || values >> (8 * at) & 0xff != POINT || at == 7 {
        return None;
    }
    let behind = values & u64::MAX << (8 * at + 8);
    let before = values & !(u64::MAX << (8 * at));
    let places = 7 - at as usize;
    Some((eight(behind | before << 8), length - 1 - places, places))
}

/// The same of more than eight bytes with less than eight digits before a point.
#[inline]
fn pointed(body: &[u8; 24], length: usize) -> Option<(u64, usize, usize)> {
    let word = |from: usize| body.get(from..)?.first_chunk().map(|&eight| u64::from_le_bytes(eight));
    let (whole, mut value) = leading(word(0)?);
    let places = length.checked_sub(whole + 1)?;
    if body[whole] != b'.' || places == 0 {
        return None;
    }
    let (mut from, mut odd) = (whole + 1, 0);
    while from + 8 <= length {
        let values = word(from)? ^ ZEROS;
        odd |= others(values);
        value = value.wrapping_mul(TENS[8]).wrapping_add(eight(values));
        from += 8;
    }
    // The last word ends with the number; what was read already is zero in it.
    let rest = length - from;
    let values = (word(length.checked_sub(8)?)? ^ ZEROS) & !(u64::MAX.unbounded_shr(8 * rest as u32));
    value = value.wrapping_mul(TENS[rest]).wrapping_add(eight(values));
    (odd | others(values) == 0).then_some((value, whole, places))
}

/// The digits that a text begins with, behind those of `value`, and how many they are, as far as they may be a number.
#[inline]
fn digits(text: &[u8], mut value: u64) -> (u64, usize) {
    let mut at = 0;
    loop {
        let (count, part) = leading(word(&text[at..]));
        value = value.wrapping_mul(TENS[count]).wrapping_add(part);
        at += count;
        if count < 8 || at > DIGITS {
            return (value, at);
        }
    }
}

/// The first eight bytes of a text, the first one lowest; zeros behind its end.
#[must_use]
#[inline]
pub fn word(text: &[u8]) -> u64 {
    if let Some(&eight) = text.first_chunk() {
        return u64::from_le_bytes(eight);
    }
    // Two reads that may overlap; where they do, they agree.
    if let (Some(&head), Some(&tail)) = (text.first_chunk(), text.last_chunk()) {
        return u64::from(u32::from_le_bytes(head))
            | u64::from(u32::from_le_bytes(tail)) << ((text.len() - 4) * 8);
    }
    match *text {
        [] => 0,
        [one] => one.into(),
        [one, two] => u16::from_le_bytes([one, two]).into(),
        [one, two, three, ..] => u32::from_le_bytes([one, two, three, 0]).into(),
    }
}

/// Eight digits that are zero.
const ZEROS: u64 = 0x3030_3030_3030_3030;
/// All but the high bits of eight bytes.
pub const SEVEN_BITS: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/// The high bits of the bytes that are no values of digits.
#[inline]
fn others(values: u64) -> u64 {
    (((values & SEVEN_BITS) + 0x7676_7676_7676_7676) | values) & !SEVEN_BITS
}

/// The number that the values of eight digits make, the first one lowest.
#[inline]
fn eight(values: u64) -> u64 {
    const PAIRS: u64 = 0x0000_00ff_0000_00ff;
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    let upper = (pairs & PAIRS).wrapping_mul(100 + (1_000_000 << 32));
    let lower = ((pairs >> 16) & PAIRS).wrapping_mul(1 + (10_000 << 32));
    upper.wrapping_add(lower) >> 32
}

/// How many digits the bytes of a word begin with.
#[must_use]
#[inline]
pub fn leading_digits(word: u64) -> usize {
    others(word ^ ZEROS).trailing_zeros() as usize / 8
}

/// The digits that the bytes of a word begin with.
pub enum Digits {
    /// All of them; their value.
    Eight(u64),
    /// How many, and their value.
    Fewer(usize, u64),
}

impl Digits {
    /// The digits of a word: eight bytes are looked at as one number.
    #[must_use]
    #[inline]
    pub fn of(word: u64) -> Self {
        let values = word ^ ZEROS;
        let others = others(values);
        if others == 0 {
            return Self::Eight(eight(values));
        }
        // The digits move to the end, in two steps for there may be none; zeros come before them.
        let behind = others.trailing_zeros();
        Self::Fewer(behind as usize / 8, eight(values << 1 << (70 - behind)))
    }
}

/// How many digits the bytes of a word begin with, and their value.
#[must_use]
#[inline]
pub fn leading(word: u64) -> (usize, u64) {
    match Digits::of(word) {
        Digits::Eight(value) => (8, value),
        Digits::Fewer(count, value) => (count, value),
    }
}

/// Powers of ten.
pub const TENS: [u64; PLACES + 1] = {
    let mut tens = [1; PLACES + 1];
    let mut at = 1;
    while at <= PLACES {
        tens[at] = tens[at - 1] * 10;
        at += 1;
    }
    tens
};

impl Simple {
    /// The same as the careful reader gives it.
    #[must_use]
    pub fn number(self) -> Number {
        Number {
            negative: self.negative,
            mantissa: self.mantissa.into(),
            whole_digits: self.whole_digits.into(),
            places: self.places.into(),
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
        let more = scale.checked_sub(self.places)?;
        match TENS.get(usize::from(more)).and_then(|&ten| self.signed().checked_mul(ten.cast_signed())) {
            Some(value) => Some(value.into()),
            None => 10_i128.checked_pow(more.into())?.checked_mul(self.signed().into()),
        }
    }

    /// Eighteen digits, and so with their sign in 64 bits.
    fn signed(self) -> i64 {
        let value = self.mantissa.cast_signed();
        if self.negative { -value } else { value }
    }

    /// Whether the double of this value, which `double` gives, reads back as what is written, but for zeros at the end.
    #[must_use]
    #[inline]
    pub fn reads_back(self, double: impl FnOnce() -> f64) -> bool {
        self.mantissa < rounding::SURE || rounding::reads_back(self.mantissa, self.places.into(), double())
    }

    /// The value as a double, correctly rounded.
    #[must_use]
    #[inline]
    pub fn double(self) -> f64 {
        let value = rounding::double(self.mantissa, self.places.into());
        if self.negative { -value } else { value }
    }
}

#[cfg(test)]
#[path = "simple_tests.rs"]
mod tests;
