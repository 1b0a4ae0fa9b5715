//! Numbers in their most frequent spelling, counted apart from all other evidence, so that counting needs no memory.

use crate::simple::Simple;

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
    /// Whether a number can be counted here: more digits than a double holds are rare and left to the careful reader.
    #[must_use]
    #[inline]
    pub fn can_count(number: &Simple) -> bool {
        number.whole_digits <= DIGITS
    }

    /// Counts a number whose double `double` gives, where that is asked for.
    #[inline]
    pub fn add(&mut self, number: Simple, double: impl FnOnce() -> f64) {
        let digits = number.whole_digits;
        if number.places == 0 {
            self.whole += 1;
            self.max_whole = self.max_whole.max(digits);
            return;
        }
        let grouped = number.places == 3 && (1..=3).contains(&digits);
        self.pointed += 1;
        self.max_before = self.max_before.max(digits);
        self.max_places = self.max_places.max(number.places);
        self.rounded += u64::from(!number.reads_back(double));
        self.grouped += u64::from(grouped);
        self.max_grouped = self.max_grouped.max(if grouped { digits } else { 0 });
    }
}
