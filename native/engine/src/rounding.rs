//! The double nearest to a decimal number of at most eighteen digits, and whether it reads back as that number.

use crate::simple::{PLACES, TENS};

/// Whole numbers below this one are doubles.
const HELD: u64 = 1 << 53;
/// Numbers of fewer digits than this one read back whatever they are.
pub const SURE: u64 = TENS[15];

#[rustfmt::skip]
const POWERS: [f64; PLACES + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];

/// `mantissa / 10^places`, correctly rounded.
#[must_use]
#[inline]
pub fn double(mantissa: u64, places: usize) -> f64 {
    if mantissa < HELD {
        return mantissa.cast_signed() as f64 / POWERS[places];
    }
    long(mantissa, places)
}

/// The same of a mantissa that is more than a double holds.
#[inline(never)]
fn long(mantissa: u64, places: usize) -> f64 {
    by_product(mantissa, places).unwrap_or_else(|| quotient(mantissa, TENS[places]))
}

/// Whether `double`, that of `mantissa / 10^places` under either sign, is written with the same digits, but for zeros
/// at the end: no other number of as many digits is nearer to it, and none of fewer digits is read as it. At most 15
/// digits stand before the point.
#[must_use]
#[inline(never)]
pub fn reads_back(mut mantissa: u64, mut places: usize, double: f64) -> bool {
    while places > 0 && mantissa.is_multiple_of(10) {
        mantissa /= 10;
        places -= 1;
    }
    if mantissa < SURE {
        return true;
    }
    let bits = double.abs().to_bits();
    let fraction = bits & ((1 << 52) - 1) | 1 << 52;
    // In this unit the double, its neighbours and the number are whole.
    let unit = 1075 - (bits >> 52) as u32;
    let neighbour = u128::from(TENS[places]);
    let held = u128::from(fraction) * neighbour;
    let nearest = held.abs_diff(u128::from(mantissa) << unit) * 2 <= 1 << unit;
    let above = u128::from((held >> unit) as u64 % 10) << unit | held & ((1 << unit) - 1);
    let shorter = above.min((10 << unit) - above);
    nearest && shorter * 2 > neighbour
}

/// `2^(63 + b) / 10^places`, where the power of ten has `b` bits, and those bits.
const INVERSES: [(u64, u32); PLACES + 1] = {
    let mut inverses = [(0, 0); PLACES + 1];
    let mut at = 1;
    while at <= PLACES {
        let bits = u64::BITS - TENS[at].leading_zeros();
        inverses[at] = (((1_u128 << (63 + bits)) / TENS[at] as u128) as u64, bits);
        at += 1;
    }
    inverses
};

/// `over / 10^places`, correctly rounded, where a product of 64 bits tells it; `over` is more than a double holds.
#[inline]
fn by_product(over: u64, places: usize) -> Option<f64> {
    if places == 0 {
        return None;
    }
    let (inverse, bits) = INVERSES[places];
    let moved = over.leading_zeros();
    // The quotient has these leading bits, or is less than two units of the last one above them.
    let quotient = ((u128::from(over << moved) * u128::from(inverse)) >> 64) as u64;
    let surplus = 11 - quotient.leading_zeros();
    let half = 1_u64 << (surplus - 1);
    let rest = quotient & (2 * half - 1);
    if (half - 2..=half).contains(&rest) {
        return None;
    }
    let rounded = (quotient >> surplus) + u64::from(rest > half);
    let power = 1024 + surplus - moved - bits;
    Some(rounded.cast_signed() as f64 * f64::from_bits(u64::from(power) << 52))
}

/// `over / under`, correctly rounded, where `over` is more than a double holds.
fn quotient(over: u64, under: u64) -> f64 {
    let shift = 63 + over.leading_zeros() - under.leading_zeros();
    let (over, under) = (u128::from(over) << shift, u128::from(under));
    // At least 63 bits; a last bit that stands for any remainder rounds as the remainder would.
    let bits = (over / under) as u64 | u64::from(over % under > 0);
    bits as f64 * f64::from_bits((1023 - u64::from(shift)) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pseudo-random numbers, the same at every run.
    fn draw(state: &mut u64) -> u64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *state >> 4 ^ *state >> 37
    }

    fn spelt(mantissa: u64, places: usize) -> String {
        let digits = format!("{mantissa:0>width$}", width = places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        format!("{whole}.{part}")
    }

    #[test]
    fn doubles_are_those_that_the_standard_library_reads() {
        let mut state = 11;
        for at in 0..400_000_u64 {
            let mantissa = draw(&mut state) % TENS[16 + at as usize % 3];
            let places = 1 + draw(&mut state) as usize % PLACES;
            let known: f64 = spelt(mantissa, places).parse().unwrap();
            assert_eq!(double(mantissa, places).to_bits(), known.to_bits(), "{mantissa} {places}");
        }
        for mantissa in HELD - 3..HELD + 3 {
            let known: f64 = spelt(mantissa, 3).parse().unwrap();
            assert_eq!(double(mantissa, 3).to_bits(), known.to_bits());
        }
    }

    #[test]
    fn what_reads_back_is_what_the_standard_library_writes() {
        let (mut state, mut held, mut changed) = (13, 0, 0);
        for at in 0..400_000_u64 {
            let places = 3 + draw(&mut state) as usize % (PLACES - 2);
            let mut mantissa = draw(&mut state) % TENS[16 + at as usize % 3];
            if at % 2 == 0 {
                // As it is written by those who hold doubles.
                let text = format!("{}", double(mantissa, places));
                let Some((whole, part)) = text.split_once('.') else { continue };
                let Ok(known) = format!("{whole}{part:0<places$}").parse() else { continue };
                mantissa = known;
            }
            if mantissa >= TENS[18] || mantissa / TENS[places] >= TENS[15] {
                continue;
            }
            let (text, back) = (spelt(mantissa, places), format!("{}", double(mantissa, places)));
            let written = text.trim_end_matches('0').trim_end_matches('.');
            // Right between two numbers of as many digits either is as near.
            if format!("{:.60}", double(mantissa, places)).trim_end_matches('0').len() == written.len() + 1 {
                continue;
            }
            let same = written == back;
            for signed in [double(mantissa, places), -double(mantissa, places)] {
                assert_eq!(reads_back(mantissa, places, signed), same, "{text} {back}");
            }
            (held, changed) = (held + u32::from(same), changed + u32::from(!same));
        }
        assert!(held > 50_000 && changed > 50_000, "{held} {changed}");
    }
}
