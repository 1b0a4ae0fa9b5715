//! Where two kinds of byte stand in a block, found 64 bytes at a time.

/// Bytes looked at together.
const WIDTH: usize = 64;

/// The places of two bytes, in rising order.
pub struct Places<'b> {
    parts: std::slice::Iter<'b, [u8; WIDTH]>,
    rest: &'b [u8],
    wanted: [u8; 2],
    /// A bit for each byte that is still to be told, and where those bytes begin.
    found: u64,
    base: usize,
    next: usize,
}

impl<'b> Places<'b> {
    /// The places of `one` and `other` in a block.
    #[must_use]
    pub fn new(block: &'b [u8], one: u8, other: u8) -> Self {
        let (parts, rest) = block.as_chunks();
        Self { parts: parts.iter(), rest, wanted: [one, other], found: 0, base: 0, next: 0 }
    }

    /// Looks at the bytes that make no whole part.
    fn look_at_rest(&mut self) -> Option<u64> {
        let rest = std::mem::take(&mut self.rest);
        let mut bytes = [0; WIDTH];
        bytes[..rest.len()].copy_from_slice(rest);
        let within = (1 << rest.len()) - 1;
        (!rest.is_empty()).then(|| bits(&bytes, self.wanted) & within)
    }
}

impl Iterator for Places<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            self.found = match self.parts.next() {
                Some(bytes) => bits(bytes, self.wanted),
                None => self.look_at_rest()?,
            };
            self.base = self.next;
            self.next += WIDTH;
        }
        let at = self.base + self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(at)
    }
}

/// A bit for each byte that is one of two, the first byte's lowest.
#[inline]
fn bits(bytes: &[u8; WIDTH], [one, other]: [u8; 2]) -> u64 {
    // The lowest bit of each of eight bytes, brought together in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let flags = bytes.map(|byte| u8::from(byte == one) | u8::from(byte == other));
    let (words, _) = flags.as_chunks();
    words
        .iter()
        .rev()
        .fold(0, |found, &word| found << 8 | u64::from_le_bytes(word).wrapping_mul(GATHER) >> 56)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_that_a_look_at_every_byte_finds() {
        let letters = [b',', b'\n', 0, 0x80, 0xac, b'-', 0x2b, 0xff, 0x0b];
        let mut state = 5_usize;
        for length in 0..200 {
            let block: Vec<u8> = (0..length)
                .map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    letters[(state >> 33) % letters.len()]
                })
                .collect();
            for (one, other) in [(b',', b'\n'), (0, 0xff), (b',', b',')] {
                let slow: Vec<usize> =
                    (0..length).filter(|&at| block[at] == one || block[at] == other).collect();
                assert_eq!(Places::new(&block, one, other).collect::<Vec<_>>(), slow, "{block:?}");
            }
        }
    }
}
