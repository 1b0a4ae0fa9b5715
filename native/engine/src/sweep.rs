//! Numbers in their most frequent spelling, read in the one sweep that finds their end.

use crate::simple::{Digits, Simple, TENS};

/// Bytes that such numbers, and the words that they are looked at in, end within.
const NEAR: usize = 32;
/// Digits that 64 bits hold whatever they are.
const DIGITS: usize = 18;

/// The end of the number that begins at a byte, and the number, if it is spelt in the most frequent way and has few
/// digits before its point.
#[must_use]
#[expect(clippy::inline_always, reason = "a call would pass what it finds through memory")]
#[inline(always)]
pub fn number(bytes: &[u8], at: usize) -> Option<(usize, Simple)> {
    let negative = bytes.get(at) == Some(&b'-');
    let from = at + usize::from(negative);
    let near: &[u8; NEAR] = bytes.get(from..)?.first_chunk()?;
    let word = |from: usize| near.get(from..)?.first_chunk().map(|&eight| u64::from_le_bytes(eight));
    let Digits::Fewer(whole, mut mantissa) = Digits::of(word(0)?) else { return None };
    let zero = near[0] == b'0';
    if whole == 0 || (zero && whole > 1) {
        return None;
    }
    let (mut end, mut places) = (whole, 0);
    if near[whole] == b'.' {
        end += 1;
        loop {
            match Digits::of(word(end)?) {
                Digits::Eight(part) => {
                    mantissa = mantissa.wrapping_mul(TENS[8]).wrapping_add(part);
                    end += 8;
                }
                Digits::Fewer(count, part) => {
                    mantissa = mantissa.wrapping_mul(TENS[count]).wrapping_add(part);
                    end += count;
                    break;
                }
            }
        }
        places = end - whole - 1;
        if places == 0 || end > DIGITS + 1 {
            return None;
        }
    }
    let whole_digits = if zero { 0 } else { whole as u8 };
    let is_number = !matches!(near[end], b'e' | b'E');
    is_number.then_some((from + end, Simple { negative, mantissa, whole_digits, places: places as u8 }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simple;

    #[test]
    fn numbers_are_those_that_are_read_once_their_end_is_known() {
        for length in 1..30_usize {
            for point in 0..=length {
                let digits: String = (0..length).map(|at| char::from(b'1' + (at * 7 % 9) as u8)).collect();
                let (whole, part) = digits.split_at(point);
                for text in [format!("{whole}.{part}"), format!("-{whole}.{part}"), digits.clone()] {
                    for behind in ["", "}", ",", "e5,", ", 12.5 and whatever follows in the block"] {
                        let onward = format!("{text}{behind}");
                        let known = simple::number(text.as_bytes()).filter(|_| behind != "e5,");
                        let begins = text.trim_start_matches('-').split('.').next().map_or(0, str::len);
                        match number(onward.as_bytes(), 0) {
                            Some(found) => assert_eq!(Some(found), known.map(|known| (text.len(), known))),
                            None => assert!(known.is_none() || begins > 7 || behind.len() < 32, "{onward}"),
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_stands_behind_a_number_is_no_part_of_it() {
        let text = b"7,0,-0.50,12.,1e5,03,x, and whatever follows in the block";
        let found =
            [0, 2, 4, 10, 14, 18, 21].map(|at| number(text, at).map(|(end, found)| (end, found.mantissa)));
        assert_eq!(found, [Some((1, 7)), Some((3, 0)), Some((9, 50)), None, None, None, None]);
    }
}
