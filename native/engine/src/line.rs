//! The values of a column in a row on the number line, made once and then gone through several times.

use arrow_schema::DataType;

use crate::number_tally::NumberTally;
use crate::profile::TOP;
use crate::render::{float_key, float_of, key_number};
use crate::rising::Rising;
use crate::summary::Moments;

/// Every finite value in rising order with its count, and what one look at all values tells.
///
/// One line serves column after column, for its memory is dear to get anew.
#[derive(Default)]
pub struct Line {
    values: Vec<f64>,
    /// How often each value occurs, unless each does so once.
    times: Vec<u64>,
    is_distinct: bool,
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

/// What the values tell that 64 bits hold.
struct Narrow {
    low: i64,
    high: i64,
    count: u64,
    sum: i128,
}

/// How a narrow pattern becomes a place on the number line.
#[derive(Clone, Copy)]
pub enum Scale {
    Float,
    Divided(f64),
    Plain,
}

impl Scale {
    /// The scale of a type.
    #[must_use]
    pub fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Float32 | DataType::Float64 => Self::Float,
            DataType::Decimal128(_, scale) => Self::Divided(10_f64.powi(i32::from(*scale))),
            DataType::Timestamp(..) => Self::Divided(1e6),
            _ => Self::Plain,
        }
    }

    /// The place of a pattern.
    #[must_use]
    #[inline]
    pub fn number(self, key: i64) -> f64 {
        match self {
            Self::Float => float_of(key),
            Self::Divided(by) => key as f64 / by,
            Self::Plain => key as f64,
        }
    }
}

impl Line {
    /// The values of a tally, which is used up.
    pub fn fill(&mut self, mut tally: NumberTally, data_type: &DataType) {
        tally.settle();
        let (scale, keys) = (Scale::of(data_type), tally.keys());
        let (mut values, mut times) = (std::mem::take(&mut self.values), std::mem::take(&mut self.times));
        values.clear();
        times.clear();
        *self = Self { values, times, is_distinct: keys.is_some(), sum: Some(0), ..Self::default() };
        tally.each_below(|key, times| self.add_wide(key, times, data_type));
        self.add_narrow(&tally, keys, scale);
        tally.each_above(|key, times| self.add_wide(key, times, data_type));
        self.keep_finite();
    }

    /// Adds a value that 64 bits do not hold.
    fn add_wide(&mut self, key: i128, times: u64, data_type: &DataType) {
        self.distinct += 1;
        self.rank(key, times);
        self.range = Some((self.range.map_or(key, |(low, _)| low), key));
        self.values.push(key_number(key, data_type));
        self.times.push(times);
        self.count += times;
        let more = key.checked_mul(times.into());
        self.sum = self.sum.zip(more).and_then(|(sum, more)| sum.checked_add(more));
    }

    /// Adds all values that 64 bits hold: keys, where each occurs once.
    fn add_narrow(&mut self, tally: &NumberTally, keys: Option<&[i64]>, scale: Scale) {
        // Each way by itself, for there are many values.
        match scale {
            Scale::Float => self.add_scaled(tally, keys, float_of, |_, _| 0),
            Scale::Divided(by) => self.add_scaled(tally, keys, |key| key as f64 / by, product),
            Scale::Plain => self.add_scaled(tally, keys, |key| key as f64, product),
        }
    }

    /// The same of values whose place `number` tells, and their part in the sum `part`.
    fn add_scaled(
        &mut self,
        tally: &NumberTally,
        keys: Option<&[i64]>,
        number: impl Fn(i64) -> f64,
        part: impl Fn(i64, u64) -> i128,
    ) {
        let known = self.values.len();
        self.values.reserve(tally.most_narrow());
        let told = match keys {
            Some(keys) => self.add_distinct(keys, number, part),
            None => self.add_counted(tally, number, part),
        };
        let Some(Narrow { low, high, count, sum }) = told else { return };
        self.distinct += (self.values.len() - known) as u64;
        self.count += count;
        self.range = Some((self.range.map_or(low.into(), |(low, _)| low), high.into()));
        self.sum = self.sum.and_then(|known| known.checked_add(sum));
        // What is not a number is one value, above all others.
        if self.values.last().is_some_and(|last| last.is_nan()) {
            self.not_a_number = true;
            self.values.pop();
            self.times.pop();
            let last = self.values.last().map(|&last| i128::from(float_key(last)));
            self.range = last.zip(self.range).map(|(high, (low, _))| (low, high));
        }
    }

    /// Adds values of which each occurs once.
    fn add_distinct(
        &mut self,
        keys: &[i64],
        number: impl Fn(i64) -> f64,
        part: impl Fn(i64, u64) -> i128,
    ) -> Option<Narrow> {
        keys.iter().take(TOP).for_each(|&key| self.rank(key.into(), 1));
        self.values.extend(keys.iter().map(|&key| number(key)));
        let sum = keys.iter().map(|&key| part(key, 1)).sum();
        Some(Narrow { low: *keys.first()?, high: *keys.last()?, count: keys.len() as u64, sum })
    }

    /// Adds values with how often each occurs.
    fn add_counted(
        &mut self,
        tally: &NumberTally,
        number: impl Fn(i64) -> f64,
        part: impl Fn(i64, u64) -> i128,
    ) -> Option<Narrow> {
        let (mut ends, mut count, mut least, mut sum) = (None, 0, 0, 0_i128);
        self.times.reserve(tally.most_narrow());
        tally.each_narrow(|key, often| {
            if often > least {
                self.rank(key.into(), often);
                least = self.ranked.get(TOP - 1).map_or(0, |last| last.1);
            }
            ends = Some((ends.map_or(key, |(low, _)| low), key));
            self.values.push(number(key));
            self.times.push(often);
            count += often;
            sum += part(key, often);
        });
        ends.map(|(low, high)| Narrow { low, high, count, sum })
    }

    /// Leaves out what is infinite: it stands at the ends.
    fn keep_finite(&mut self) {
        let finite = |value: &f64| value.is_finite();
        let from = self.values.iter().position(finite).unwrap_or(self.values.len());
        let to = self.values.iter().rposition(finite).map_or(from, |last| last + 1);
        self.values.truncate(to);
        self.values.drain(..from);
        if !self.is_distinct {
            self.times.truncate(to);
            self.times.drain(..from);
        }
    }

    fn rank(&mut self, key: i128, times: u64) {
        if self.ranked.len() == TOP && self.ranked[TOP - 1].1 >= times {
            return;
        }
        let place = self.ranked.partition_point(|&(_, more)| more >= times);
        self.ranked.truncate(TOP - 1);
        self.ranked.insert(place, (key, times));
    }

    /// The moments of the finite values.
    #[must_use]
    pub fn moments(&self) -> Moments {
        Moments::of_rising(self.held())
    }

    /// The finite values.
    #[must_use]
    pub fn held(&self) -> Rising<'_> {
        Rising::new(&self.values, (!self.is_distinct).then_some(&self.times))
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

/// The part of a value in the sum: a product of 64 bits each; there are too few values for their sum to need more than
/// 128.
fn product(key: i64, times: u64) -> i128 {
    i128::from(key) * i128::from(times)
}
