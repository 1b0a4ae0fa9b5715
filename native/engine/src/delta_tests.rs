use super::*;

/// A reader of packed numbers, bit by bit, as the format is described.
struct Reader<'b> {
    bytes: &'b [u8],
}

impl Reader<'_> {
    fn varint(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.bytes[0];
            self.bytes = &self.bytes[1..];
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    fn signed(&mut self) -> i64 {
        let number = self.varint();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    fn part(&mut self, width: u8) -> Vec<u64> {
        let width = usize::from(width);
        let bit = |at: usize| u64::from(self.bytes[at / 8] >> (at % 8) & 1);
        let numbers =
            (0..PART).map(|at| (0..width).fold(0, |sum, place| sum | bit(at * width + place) << place));
        let numbers = numbers.collect();
        self.bytes = &self.bytes[PART * width / 8..];
        numbers
    }

    fn all(mut self) -> Vec<i64> {
        assert_eq!((self.varint(), self.varint()), (128, 4));
        let count = self.varint() as usize;
        let mut found = vec![self.signed()];
        found.truncate(count);
        while found.len() < count {
            let least = self.signed();
            let widths = self.bytes[..4].to_vec();
            self.bytes = &self.bytes[4..];
            for width in widths {
                if found.len() == count {
                    assert_eq!(width, 0);
                    continue;
                }
                for above in self.part(width) {
                    let before = found[found.len() - 1];
                    if found.len() < count {
                        found.push(before.wrapping_add(least).wrapping_add(above.cast_signed()));
                    }
                }
            }
        }
        assert!(self.bytes.is_empty());
        found
    }
}

fn packed(given: &[i64]) -> usize {
    let mut out = vec![9];
    numbers(given, &mut out);
    assert_eq!(Reader { bytes: &out[1..] }.all(), given);
    out.len() - 1
}

#[test]
fn numbers_of_every_width_and_count_come_back() {
    let mut state = 3_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state ^ state >> 31).cast_signed()
    };
    for shift in 0..64 {
        for count in [0, 1, 2, 31, 33, 128, 129, 130, 161, 300] {
            let given: Vec<i64> = (0..count).map(|_| draw() >> shift).collect();
            packed(&given);
        }
    }
    packed(&[i64::MIN, i64::MAX, i64::MIN, 0, -1, 1, i64::MAX, i64::MAX]);
}

#[test]
fn numbers_that_rise_evenly_or_stay_take_next_to_nothing() {
    let rising: Vec<i64> = (0..16_384).map(|at| 7 + at * 3).collect();
    assert!(packed(&rising) < 1_000);
    assert!(packed(&vec![11; 16_384]) < 1_000);
    // Up to a hundred thousand either way: eighteen bits.
    let prices: Vec<i64> = (0..16_384).map(|at| at * 7_919 % 100_000).collect();
    assert!(packed(&prices) < 16_384 * 19 / 8);
}
