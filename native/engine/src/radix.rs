//! Sorting whole numbers by their digits, which is quicker than comparing them.

/// Bits of a digit.
const BITS: u32 = 11;
const DIGITS: usize = 64_usize.div_ceil(BITS as usize);
const VALUES: usize = 1 << BITS;
/// Below this many values, comparing is as quick.
const FEW: usize = 4_096;

/// Sorts in rising order.
pub fn sort(values: &mut Vec<i64>) {
    if values.len() < FEW || values.is_sorted() {
        values.sort_unstable();
        return;
    }
    let mut counts = vec![[0_u32; VALUES]; DIGITS];
    for &value in &*values {
        for (digit, counts) in counts.iter_mut().enumerate() {
            counts[of(value, digit)] += 1;
        }
    }
    let mut spare = vec![0; values.len()];
    for (digit, counts) in counts.iter_mut().enumerate() {
        // A digit that all values share sorts nothing.
        if counts[of(values[0], digit)] as usize == values.len() {
            continue;
        }
        let mut place = 0;
        for count in counts.iter_mut() {
            place += std::mem::replace(count, place);
        }
        for &value in &*values {
            let next = &mut counts[of(value, digit)];
            spare[*next as usize] = value;
            *next += 1;
        }
        std::mem::swap(values, &mut spare);
    }
}

/// A digit of the value's pattern, the sign turned so that negative values come first.
#[inline]
fn of(value: i64, digit: usize) -> usize {
    let pattern = value.cast_unsigned() ^ (1 << 63);
    (pattern >> (digit as u32 * BITS)) as usize & (VALUES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_size_are_sorted() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state ^ (state >> 29)).cast_signed()
        };
        for shift in [0, 17, 40, 63] {
            for count in [0, 1, FEW - 1, FEW, 50_000] {
                let mut values: Vec<i64> = (0..count).map(|_| next() >> shift).collect();
                values.extend([i64::MIN, i64::MAX, 0, -1]);
                let mut known = values.clone();
                known.sort_unstable();
                sort(&mut values);
                assert_eq!(values, known, "{count} values shifted by {shift}");
            }
        }
    }
}
