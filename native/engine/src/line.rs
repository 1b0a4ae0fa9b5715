//! The values of a column in a row on the number line, made once and then gone through several times.

use arrow_schema::DataType;

use crate::number_tally::{Key, NumberTally};
use crate::profile::TOP;
use crate::render::{float_of, key_number};

/// Every finite value in rising order with its count, and what one look at all values tells.
pub struct Line {
    values: Vec<f64>,
    times: Vec<u64>,
    pub distinct: u64,
    pub not_a_number: bool,
    /// The patterns of the least and the greatest value, infinite ones too.
    pub range: Option<(i128, i128)>,
    /// The most frequent values, the lower ones first among equals.
    pub ranked: Vec<(i128, u64)>,
    /// The sum of the patterns of whole numbers and decimals, unless 128 bits do not hold it.
    sum: Option<i128>,
    count: u64,
}

/// How a narrow pattern becomes a place on the number line.
#[derive(Clone, Copy)]
enum Scale {
    Float,
    Divided(f64),
    Plain,
}

impl Scale {
    fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Float32 | DataType::Float64 => Self::Float,
            DataType::Decimal128(_, scale) => Self::Divided(10_f64.powi(i32::from(*scale))),
            DataType::Timestamp(..) => Self::Divided(1e6),
            _ => Self::Plain,
        }
    }

    fn number(self, key: i64) -> f64 {
        match self {
            Self::Float => float_of(key),
            Self::Divided(by) => key as f64 / by,
            Self::Plain => key as f64,
        }
    }
}

impl Line {
    /// The values of a settled tally.
    #[must_use]
    pub fn of(tally: &NumberTally, data_type: &DataType) -> Self {
        let scale = Scale::of(data_type);
        let room = tally.entries();
        let mut line = Self {
            values: Vec::with_capacity(room),
            times: Vec::with_capacity(room),
            distinct: 0,
            not_a_number: false,
            range: None,
            ranked: Vec::with_capacity(TOP + 1),
            sum: Some(0),
            count: 0,
        };
        tally.each(|key, times| {
            let value = match key {
                Key::Narrow(key) => scale.number(key),
                Key::Wide(key) => key_number(key, data_type),
            };
            line.add(key, value, times, matches!(scale, Scale::Float));
        });
        line
    }

    fn add(&mut self, key: Key, value: f64, times: u64, float: bool) {
        self.distinct += 1;
        self.rank(key, times);
        if value.is_nan() {
            self.not_a_number = true;
            return;
        }
        let pattern = key.whole();
        self.range = Some((self.range.map_or(pattern, |(low, _)| low), pattern));
        if value.is_finite() {
            self.values.push(value);
            self.times.push(times);
        }
        self.count += times;
        if !float {
            let more = pattern.checked_mul(times.into());
            self.sum = self.sum.zip(more).and_then(|(sum, more)| sum.checked_add(more));
        }
    }

    fn rank(&mut self, key: Key, times: u64) {
        if self.ranked.len() == TOP && self.ranked[TOP - 1].1 >= times {
            return;
        }
        let place = self.ranked.partition_point(|&(_, more)| more >= times);
        self.ranked.truncate(TOP - 1);
        self.ranked.insert(place, (key.whole(), times));
    }

    /// Every finite value with its count.
    pub fn finite(&self) -> impl Iterator<Item = (f64, u64)> + Clone {
        self.values.iter().copied().zip(self.times.iter().copied())
    }

    /// The mean of whole numbers and decimals, from their exact sum.
    #[must_use]
    pub fn exact_mean(&self, data_type: &DataType) -> Option<f64> {
        if matches!(data_type, DataType::Float32 | DataType::Float64) {
            return None;
        }
        self.sum.map(|sum| key_number(sum, data_type) / self.count as f64)
    }
}
