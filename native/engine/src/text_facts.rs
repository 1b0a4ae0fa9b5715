//! What is known of texts without keeping them: lengths, blanks, the least and the greatest.

use crate::bounds::Ends;

/// Facts about values, each with how often it occurs.
#[derive(Default)]
pub struct Facts {
    pub ends: Ends,
    pub padded: u64,
    pub empty: u64,
    pub count: u64,
    pub characters: u64,
    pub shortest: Option<u64>,
    pub longest: u64,
}

impl Facts {
    /// Adds a value that occurs `times` times.
    #[inline]
    pub fn add(&mut self, value: &[u8], times: u64) {
        let continued =
            if value.is_ascii() { 0 } else { value.iter().filter(|&&b| b & 0xC0 == 0x80).count() };
        let length = (value.len() - continued) as u64;
        self.count += times;
        self.characters += length * times;
        self.shortest = Some(self.shortest.map_or(length, |shortest| shortest.min(length)));
        self.longest = self.longest.max(length);
        let (Some(first), Some(last)) = (value.first(), value.last()) else {
            self.empty += times;
            return self.ends.add(value);
        };
        if first.is_ascii_whitespace() || last.is_ascii_whitespace() {
            self.padded += times;
        }
        self.ends.add(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_and_the_greatest_are_found_among_values_that_begin_alike() {
        let mut facts = Facts::default();
        for value in
            ["prefix-of-eight-b", "prefix-of-eight-a", "prefix-of-eight-c", "prefix-o", "prefix", "q", ""]
        {
            facts.add(value.as_bytes(), 2);
        }
        assert_eq!(
            (facts.ends.least.as_deref(), facts.ends.greatest.as_deref()),
            (Some(b"".as_slice()), Some(b"q".as_slice()))
        );
        assert_eq!((facts.empty, facts.count, facts.shortest, facts.longest), (2, 14, Some(0), 17));
    }

    #[test]
    fn blanks_around_a_value_are_noted_and_characters_are_no_bytes() {
        let mut facts = Facts::default();
        for value in [" a", "b\t", " ", "c d", "é"] {
            facts.add(value.as_bytes(), 1);
        }
        assert_eq!((facts.padded, facts.characters), (3, 9));
    }
}
