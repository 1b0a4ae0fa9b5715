//! Sorting whole numbers: spread by their leading bits first, compared only among those that share them.

use std::cell::RefCell;

/// Places that many values are spread over at a time, a power of two: more of them would not stay in the cache.
const PLACES: usize = 1 << 9;
/// Below this many values, fewer places will do.
const FEW: usize = 1_024;
/// Below this many values, one more step will do.
const MANY: usize = 8_192;
/// Below this many values, comparing is as quick.
const FEWEST: usize = 64;

thread_local! {
    /// Room for as many values as are sorted; fresh memory would cost more than the sorting.
    static SPARE: RefCell<Vec<i64>> = const { RefCell::new(Vec::new()) };
}

/// Sorts in rising order.
pub fn sort(values: &mut [i64]) {
    if values.len() < FEW || values.is_sorted() {
        values.sort_unstable();
        return;
    }
    SPARE.with_borrow_mut(|spare| {
        if spare.len() < values.len() {
            spare.resize(values.len(), 0);
        }
        spread(values, spare);
    });
}

/// Sorts `values` by way of `spare`, which is at least as long.
fn spread(values: &mut [i64], spare: &mut [i64]) {
    let spare = &mut spare[..values.len()];
    let Some(ends) = placed::<PLACES>(values, spare) else { return values.copy_from_slice(spare) };
    let mut begin = 0;
    for end in ends {
        let (part, room) = (&mut values[begin..end as usize], &mut spare[begin..end as usize]);
        match part.len() {
            FEWEST..FEW => spread_few::<256>(room, part),
            FEW..MANY => spread_few::<4_096>(room, part),
            many => {
                part.copy_from_slice(room);
                if many < FEWEST { part.sort_unstable() } else { spread(part, room) }
            }
        }
        begin = end as usize;
    }
}

/// Sorts fewer values into another place: once each is near its own, one sweep brings them in order.
fn spread_few<const PLACES: usize>(from: &[i64], values: &mut [i64]) {
    const CROWD: u32 = 16;
    let Some(ends) = placed::<PLACES>(from, values) else { return };
    if ends.windows(2).any(|pair| pair[1] - pair[0] > CROWD) || ends[0] > CROWD {
        values.sort_unstable();
        return;
    }
    for at in 1..values.len() {
        let value = values[at];
        let mut place = at;
        while place > 0 && values[place - 1] > value {
            values[place] = values[place - 1];
            place -= 1;
        }
        values[place] = value;
    }
}

/// Brings values into another place, in the order of their leading bits; where each part ends, unless all are in order.
fn placed<const PLACES: usize>(values: &[i64], to: &mut [i64]) -> Option<[u32; PLACES]> {
    let (low, high) = values.iter().fold((i64::MAX, i64::MIN), |(low, high), &v| (low.min(v), high.max(v)));
    let reach = high.wrapping_sub(low).cast_unsigned();
    let shift = (u64::BITS - reach.leading_zeros()).saturating_sub(PLACES.trailing_zeros());
    let place = |value: i64| (value.wrapping_sub(low).cast_unsigned() >> shift) as usize % PLACES;
    let mut ends = [0_u32; PLACES];
    for &value in values {
        ends[place(value)] += 1;
    }
    let mut begin = 0;
    for end in &mut ends {
        begin += std::mem::replace(end, begin);
    }
    for &value in values {
        let next = &mut ends[place(value)];
        to[*next as usize] = value;
        *next += 1;
    }
    (shift > 0).then_some(ends)
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
        for shift in [0, 17, 40, 52, 63] {
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

    #[test]
    fn values_that_crowd_at_one_end_are_sorted() {
        let mut values: Vec<i64> = (0..60_000_i64).map(|at| (at * 7_919) % 60_000).collect();
        values.extend((0..60_000).map(|at| i64::MAX - (at * 104_729) % 50_000));
        let mut known = values.clone();
        known.sort_unstable();
        sort(&mut values);
        assert_eq!(values, known);
    }
}
