//! Numbers in their most frequent spelling, counted apart from all other evidence, so that counting needs no memory.

use crate::simple::{self, Simple};

/// Digits before the point that a double holds whatever they are.
const DIGITS: u8 = 15;

/// What some numbers of a column have in common.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SimpleNumbers {
    /// Without a point, and their most digits.
    pub whole: u64,
    pub max_whole: u8,
    /// With a point, and the most digits before and behind it.
    pub pointed: u64,
    pub max_before: u8,
    pub max_places: u8,
    /// Those of them whose point may be a thousands mark, for three digits follow it; the most digits before it.
    pub grouped: u64,
    pub max_grouped: u8,
    /// Those of them that a double rounds to another number.
    pub rounded: u64,
}

impl SimpleNumbers {
    /// Counts the number that the first `length` bytes of a text are, and gives it; `None` where it is spelt otherwise.
    #[inline]
    pub fn take(&mut self, text: &[u8], length: usize) -> Option<Simple> {
        // More digits than a double holds are rare and left to the careful reader.
        let number = simple::number_before(text, length).filter(|number| number.whole_digits <= DIGITS)?;
        let digits = number.whole_digits;
        if number.places == 0 {
            self.whole += 1;
            self.max_whole = self.max_whole.max(digits);
            return Some(number);
        }
        let grouped = number.places == 3 && (1..=3).contains(&digits);
        self.pointed += 1;
        self.max_before = self.max_before.max(digits);
        self.max_places = self.max_places.max(number.places);
        self.rounded += u64::from(!number.reads_back());
        self.grouped += u64::from(grouped);
        self.max_grouped = self.max_grouped.max(if grouped { digits } else { 0 });
        Some(number)
    }
}
