//! Numbers, dates and times of a column, counted by how they are written.

use crate::moment::Moment;
use crate::number::Number;

/// Numbers read under one decimal mark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    pub count: u64,
    /// With a decimal mark.
    pub pointed: u64,
    /// With thousands separators.
    pub grouped: u64,
    /// With an exponent, or infinite, or not a number.
    pub floating: u64,
    /// Infinite, or not a number.
    pub special: u64,
    /// With digits that a double would lose.
    pub inexact: u64,
    /// Whole numbers that 64 bits do not hold.
    pub oversized: u64,
    pub max_whole: u16,
    pub max_places: u16,
}

impl Numbers {
    /// Counts one number.
    pub fn add(&mut self, number: &Number) {
        self.count += 1;
        self.pointed += u64::from(number.pointed);
        self.grouped += u64::from(number.grouped);
        self.floating += u64::from(number.floating);
        self.special += u64::from(number.special);
        self.inexact += u64::from(!number.fits_double());
        self.oversized += u64::from(!number.pointed && !number.floating && number.whole().is_none());
        self.max_whole = self.max_whole.max(number.whole_digits);
        self.max_places = self.max_places.max(number.places);
    }

    /// Both together.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.pointed += other.pointed;
        self.grouped += other.grouped;
        self.floating += other.floating;
        self.special += other.special;
        self.inexact += other.inexact;
        self.oversized += other.oversized;
        self.max_whole = self.max_whole.max(other.max_whole);
        self.max_places = self.max_places.max(other.max_places);
    }
}

/// Dates and times of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moments {
    pub dates: u64,
    pub naive: u64,
    pub instants: u64,
    /// The orders under which every cell is a date.
    pub orders: u8,
    /// Cells whose date depends on the order.
    pub undecided: u64,
    pub truncated: u64,
}

impl Default for Moments {
    fn default() -> Self {
        Self { dates: 0, naive: 0, instants: 0, orders: u8::MAX, undecided: 0, truncated: 0 }
    }
}

impl Moments {
    /// Counts one date or time.
    pub fn add(&mut self, moment: &Moment) {
        match (moment.clock, moment.offset) {
            (None, _) => self.dates += 1,
            (Some(_), None) => self.naive += 1,
            (Some(_), Some(_)) => self.instants += 1,
        }
        let orders = moment.orders();
        self.orders &= orders;
        self.undecided += u64::from(orders.count_ones() > 1 && moment.order_matters());
        self.truncated += u64::from(moment.truncated);
    }

    /// Both together.
    pub fn merge(&mut self, other: &Self) {
        self.dates += other.dates;
        self.naive += other.naive;
        self.instants += other.instants;
        self.orders &= other.orders;
        self.undecided += other.undecided;
        self.truncated += other.truncated;
    }

    /// Cells that read as a date or time.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.dates + self.naive + self.instants
    }
}
