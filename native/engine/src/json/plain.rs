//! Where plain text and numbers end, found eight bytes at a time.

use crate::simple::leading_digits;

/// The first byte from `at` on that is a quote, a backslash or a control character.
#[must_use]
#[inline]
pub fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    while let Some(&eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let word = u64::from_le_bytes(eight);
        // With its second bit turned a quote is a blank: the only blank then, and next to the control characters.
        let low = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
        let found = (low | backslash) & !word & HIGH;
        if found != 0 {
            // The lowest bit is always right; a carry may only touch those above it.
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let stops = |byte: &u8| *byte < 0x20 || matches!(*byte, b'"' | b'\\');
    rest.iter().position(stops).map_or(bytes.len(), |found| at + found)
}

/// The first byte from `at` on that is no digit.
#[inline]
fn digits_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&eight) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let count = leading_digits(u64::from_le_bytes(eight));
        at += count;
        if count < 8 {
            return at;
        }
    }
    at + bytes.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The end of the number that begins at `at`, if it is spelt as JSON has it.
#[must_use]
#[inline]
pub fn number_end(bytes: &[u8], at: usize) -> Option<usize> {
    let begin = at + usize::from(bytes.get(at) == Some(&b'-'));
    let mut end = digits_end(bytes, begin);
    if end == begin || (bytes[begin] == b'0' && end > begin + 1) {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        let point = end;
        end = digits_end(bytes, point + 1);
        if end == point + 1 {
            return None;
        }
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let power = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        end = digits_end(bytes, power);
        if end == power {
            return None;
        }
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_plain_text_is_where_a_look_at_every_byte_finds_it() {
        let letters = [b'a', b'"', b'\\', 0x1f, 0x20, b'!', b']', 0x80, 0xa2, 0xdc, 0xff, 0x00];
        let mut state = 9_u64;
        for length in 0..300 {
            let block: Vec<u8> = (0..length)
                .map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    if state >> 60 < 14 { b'x' } else { letters[(state >> 33) as usize % letters.len()] }
                })
                .collect();
            for at in 0..=length {
                let stops = |byte: &u8| *byte < 0x20 || matches!(*byte, b'"' | b'\\');
                let slow = block[at..].iter().position(stops).map_or(length, |found| at + found);
                assert_eq!(plain_end(&block, at), slow, "{block:?} from {at}");
            }
        }
    }

    #[test]
    fn numbers_end_where_their_spelling_does() {
        for (text, end) in [("0", 1), ("-12.50,", 6), ("1e5}", 3), ("2E-07 ", 5), ("-0.0", 4), ("10:", 2)] {
            assert_eq!(number_end(text.as_bytes(), 0), Some(end), "{text}");
        }
        for text in ["", "-", "01", "-00", "1.", "1.e5", "1e", "1e+", ".5", "+1", "x"] {
            assert_eq!(number_end(text.as_bytes(), 0), None, "{text}");
        }
        assert_eq!(number_end(b"[7]", 1), Some(2));
    }
}
