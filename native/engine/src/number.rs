//! Reading numbers as people write them: signs, currencies, thousands, points and commas.

use crate::simple;

/// Whole digits that a double holds whatever they are.
const DOUBLE_DIGITS: u16 = 15;
/// The most digits a DECIMAL(38) holds.
pub const MAX_DIGITS: u16 = 38;

/// What stands before the decimal places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// `1,234.56`
    #[default]
    Point,
    /// `1.234,56`
    Comma,
}

/// A number as it was written; its value is `mantissa / 10^places` unless it has an exponent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Number {
    pub negative: bool,
    pub plus: bool,
    pub mantissa: u128,
    /// Digits before the decimal mark, leading zeros not counted.
    pub whole_digits: u16,
    /// Digits after the decimal mark.
    pub places: u16,
    /// The decimal mark is there.
    pub pointed: bool,
    /// Written with an exponent, or `inf` or `nan`: only a double can hold it.
    pub floating: bool,
    /// `inf` or `nan`.
    pub special: bool,
    /// Begins with a zero that means something, such as `007`.
    pub padded: bool,
    pub grouped: bool,
    pub currency: bool,
}

impl Number {
    /// The digits, as far as a value depends on them.
    #[must_use]
    pub fn digits(&self) -> u16 {
        self.whole_digits + self.places
    }

    /// The value times `10^scale`, if it has no more places than `scale`.
    #[must_use]
    pub fn scaled(&self, scale: u8) -> Option<i128> {
        if self.floating || self.digits() > MAX_DIGITS || self.places > u16::from(scale) {
            return None;
        }
        let factor = 10_i128.checked_pow(u32::from(u16::from(scale) - self.places))?;
        let value = i128::try_from(self.mantissa).ok()?.checked_mul(factor)?;
        Some(if self.negative { -value } else { value })
    }

    /// Whether a double holds every digit that is written.
    #[must_use]
    pub fn fits_double(&self) -> bool {
        if self.floating || self.whole_digits <= DOUBLE_DIGITS {
            return true;
        }
        if self.digits() > MAX_DIGITS {
            return false;
        }
        let (mut mantissa, mut places) = (self.mantissa, self.places);
        while places > 0 && mantissa.is_multiple_of(10) {
            mantissa /= 10;
            places -= 1;
        }
        let digits = mantissa.to_string();
        let (whole, part) = digits.split_at(digits.len() - usize::from(places));
        let spelt = if part.is_empty() { digits.clone() } else { format!("{whole}.{part}") };
        spelt.parse::<f64>().is_ok_and(|value| value.to_string() == spelt)
    }

    /// Whether the double of this number has the digits that are written, but for zeros at the end.
    #[must_use]
    pub fn reads_back(&self, double: impl FnOnce() -> Option<f64>) -> bool {
        if self.special || self.digits() <= DOUBLE_DIGITS {
            return true;
        }
        let Some(double) = double().filter(|_| self.digits() <= MAX_DIGITS) else { return false };
        let shown = format!("{:e}", double.abs());
        let digits: String = shown
            .bytes()
            .take_while(|&byte| byte != b'e')
            .filter(u8::is_ascii_digit)
            .map(char::from)
            .collect();
        self.mantissa.to_string().trim_end_matches('0') == digits.trim_end_matches('0')
    }

    /// The value as a whole number of 64 bits.
    #[must_use]
    pub fn whole(&self) -> Option<i64> {
        self.scaled(0).and_then(|value| i64::try_from(value).ok())
    }
}

/// A number in plain spelling or with the usual decoration, under one decimal mark.
#[must_use]
pub fn parse(text: &[u8], mark: Mark) -> Option<Number> {
    if mark == Mark::Point
        && let Some(simple) = simple::number(text)
    {
        return Some(simple.number());
    }
    carefully(text, mark)
}

/// Any spelling of a number, byte by byte.
#[must_use]
pub fn carefully(text: &[u8], mark: Mark) -> Option<Number> {
    plain(text, mark).or_else(|| decorated(text, mark))
}

/// The value of `text` as a double, correctly rounded.
#[must_use]
pub fn double(text: &[u8], mark: Mark) -> Option<f64> {
    if mark == Mark::Point
        && let Some(simple) = simple::number(text)
    {
        return Some(simple.double());
    }
    let number = parse(text, mark)?;
    if !number.floating && number.mantissa < (1 << 53) && number.places <= 22 {
        let value = number.mantissa as f64 / POWERS[usize::from(number.places)];
        return Some(if number.negative { -value } else { value });
    }
    if number.floating && mark == Mark::Point {
        return std::str::from_utf8(text).ok()?.trim().parse().ok();
    }
    let kept: String = text
        .iter()
        .filter_map(|&byte| match (byte, mark) {
            (b'.', Mark::Point) | (b',', Mark::Comma) => Some('.'),
            (b'0'..=b'9' | b'e' | b'E', _) => Some(char::from(byte)),
            (b'-' | b'+', _) if number.floating => Some(char::from(byte)),
            _ => None,
        })
        .collect();
    let value: f64 = kept.parse().ok()?;
    Some(if number.negative { -value.abs() } else { value })
}

#[rustfmt::skip]
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Digits with at most one sign and one decimal mark, and perhaps an exponent.
fn plain(text: &[u8], mark: Mark) -> Option<Number> {
    let point = if mark == Mark::Point { b'.' } else { b',' };
    let (mut number, body) = signed(text);
    let mut at = 0;
    let mut low = 0_u64;
    let mut seen = 0_u16;
    let mut leading = true;
    while let Some(&byte) = body.get(at) {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            if seen < 19 {
                low = low * 10 + u64::from(digit);
            } else if seen == 19 {
                number.mantissa = u128::from(low) * 10 + u128::from(digit);
            } else if number.digits() < MAX_DIGITS {
                number.mantissa = number.mantissa * 10 + u128::from(digit);
            }
            leading &= digit == 0 && !number.pointed;
            seen += u16::from(!leading || number.pointed);
            number.whole_digits += u16::from(!leading && !number.pointed);
            number.places += u16::from(number.pointed);
        } else if byte == point && !number.pointed {
            number.pointed = true;
        } else {
            break;
        }
        at += 1;
    }
    if seen <= 19 {
        number.mantissa = u128::from(low);
    }
    let written = at - usize::from(number.pointed);
    number.padded = body.len() > 1 && body[0] == b'0' && body[1].is_ascii_digit();
    if at == body.len() {
        // A comma behind the digits ends a phrase; a point may end a number.
        let ends_in_comma = mark == Mark::Comma && number.pointed && number.places == 0;
        return (written > 0 && !ends_in_comma).then_some(number);
    }
    number.special = written == 0 && special(body, mark);
    number.floating = number.special || (written > 0 && exponent(&body[at..]));
    number.floating.then_some(number)
}

fn signed(text: &[u8]) -> (Number, &[u8]) {
    match text.first() {
        Some(b'-') => (Number { negative: true, ..Number::default() }, &text[1..]),
        Some(b'+') => (Number { plus: true, ..Number::default() }, &text[1..]),
        _ => (Number::default(), text),
    }
}

fn special(body: &[u8], mark: Mark) -> bool {
    mark == Mark::Point
        && [b"nan".as_slice(), b"inf", b"infinity"].iter().any(|word| body.eq_ignore_ascii_case(word))
}

fn exponent(tail: &[u8]) -> bool {
    let ([b'e' | b'E', b'+' | b'-', digits @ ..] | [b'e' | b'E', digits @ ..]) = tail else { return false };
    (1..=4).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
}

/// Currency signs, thousands and accounting brackets around a plain number.
fn decorated(text: &[u8], mark: Mark) -> Option<Number> {
    let mut body = text;
    let mut negative = false;
    let mut currency = false;
    if let [b'(', inner @ .., b')'] = body {
        negative = true;
        body = inner;
    }
    for _ in 0..2 {
        if let [b'-', rest @ ..] = body
            && !negative
        {
            negative = true;
            body = rest;
        }
        if let Some(rest) = without_sign(body)
            && !currency
        {
            currency = true;
            body = rest.trim_ascii();
        }
    }
    if !body.first().is_some_and(|&byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let grouped = grouping(body, mark);
    let bracketed = negative && body.len() + 2 == text.len();
    if !(currency || grouped || bracketed) {
        return None;
    }
    let separator = if mark == Mark::Point { b',' } else { b'.' };
    let mut bare = [0_u8; 64];
    let mut length = 0;
    for &byte in body.iter().filter(|&&byte| !(grouped && byte == separator)) {
        *bare.get_mut(length)? = byte;
        length += 1;
    }
    let number = plain(&bare[..length], mark).filter(|number| !number.floating)?;
    Some(Number { negative, grouped, currency, ..number })
}

fn without_sign(body: &[u8]) -> Option<&[u8]> {
    const SIGNS: [&str; 5] = ["$", "€", "£", "¥", "₹"];
    SIGNS
        .iter()
        .find_map(|sign| body.strip_prefix(sign.as_bytes()).or_else(|| body.strip_suffix(sign.as_bytes())))
}

/// Whether the digits are in groups of three, as in `1,234,567.89`.
fn grouping(body: &[u8], mark: Mark) -> bool {
    let (separator, point) = if mark == Mark::Point { (b',', b'.') } else { (b'.', b',') };
    let whole = body.split(|&byte| byte == point).next().unwrap_or(body);
    let mut groups = whole.split(|&byte| byte == separator);
    let first = groups.next().unwrap_or_default();
    let mut rest = 0;
    for group in groups {
        if group.len() != 3 {
            return false;
        }
        rest += 1;
    }
    rest > 0 && (1..=3).contains(&first.len()) && first[0] != b'0'
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
