//! Numbers, booleans, dates and times of one column, counted by value.

use arrow_schema::DataType;

use crate::profile::TOP;
use crate::render::{float_of, key_number, key_text};
use crate::report::{ColumnReport, Scalar};
use crate::spread::Spread;
use crate::summary::{Bins, Moments, histogram};
use crate::tally::{Estimate, NumberTally, spread};

/// The profile of a column of numbers.
pub struct NumberProfile {
    data_type: DataType,
    budget: usize,
    tally: NumberTally,
    unchecked: usize,
    stream: Option<Stream>,
}

/// What is kept when there are too many distinct values to keep them all.
struct Stream {
    distinct: Estimate,
    moments: Moments,
    bins: Option<Bins>,
    extremes: Option<(i128, i128)>,
    not_a_number: u64,
    zeros: u64,
    negatives: u64,
}

/// Values between two looks at the memory in use.
const LOOK: usize = 65_536;

impl NumberProfile {
    /// A profile that is exact within `budget` bytes.
    #[must_use]
    pub fn new(data_type: &DataType, budget: usize) -> Self {
        Self {
            data_type: data_type.clone(),
            budget,
            tally: NumberTally::default(),
            unchecked: 0,
            stream: None,
        }
    }

    /// Adds one value.
    pub fn add(&mut self, key: i128) {
        if let Some(stream) = &mut self.stream {
            stream.add(key, 1, &self.data_type);
            return;
        }
        self.tally.add(key, 1);
        self.unchecked += 1;
        if self.unchecked >= LOOK {
            self.unchecked = 0;
            if self.tally.memory() > self.budget {
                self.give_up();
            }
        }
    }

    fn give_up(&mut self) {
        let mut stream = Stream::new();
        for (key, times) in self.sorted() {
            stream.add(key, times, &self.data_type);
        }
        self.tally = NumberTally::default();
        self.stream = Some(stream);
    }

    fn sorted(&self) -> Vec<(i128, u64)> {
        let mut entries = self.tally.entries();
        entries.sort_unstable_by_key(|&(key, _)| key);
        entries
    }

    fn is_float(&self) -> bool {
        matches!(self.data_type, DataType::Float32 | DataType::Float64)
    }

    /// Fills in what the values tell.
    pub fn report(&self, report: &mut ColumnReport) {
        match &self.stream {
            None => self.report_exact(report),
            Some(stream) => self.report_stream(stream, report),
        }
        if self.data_type == DataType::Boolean {
            report.histogram.clear();
        }
        let numeric = self.data_type.is_numeric();
        if !numeric {
            report.spread = None;
            report.mean = None;
            report.std_dev = None;
        }
    }

    fn report_exact(&self, report: &mut ColumnReport) {
        let mut entries = self.sorted();
        report.unique_count = entries.len() as u64;
        report.unique_exact = true;
        report.top_values = self.most_frequent(&entries);
        let before = entries.len();
        entries.retain(|&(key, _)| self.is_number(key));
        if entries.len() < before {
            report.notes.push("some values are not a number (NaN)".to_owned());
        }
        let (Some(&(low, _)), Some(&(high, _))) = (entries.first(), entries.last()) else { return };
        report.min = Some(self.scalar(low));
        report.max = Some(self.scalar(high));
        let finite = |&(key, times): &(i128, u64)| {
            let value = key_number(key, &self.data_type);
            value.is_finite().then_some((value, times))
        };
        let mut moments = Moments::default();
        entries.iter().filter_map(finite).for_each(|(value, times)| moments.add(value, times));
        report.mean = self.exact_mean(&entries).or(moments.mean());
        report.std_dev = moments.std_dev();
        let values: Vec<(f64, u64)> = entries.iter().filter_map(finite).collect();
        report.spread = Spread::of(&values, true);
        if let Some((low, high)) = moments.range {
            report.histogram = histogram(low, high, entries.iter().filter_map(finite));
        }
    }

    /// The mean of whole numbers and decimals, from their exact sum.
    fn exact_mean(&self, entries: &[(i128, u64)]) -> Option<f64> {
        if self.is_float() {
            return None;
        }
        let mut sum = 0_i128;
        let mut count = 0_u64;
        for &(key, times) in entries {
            sum = sum.checked_add(key.checked_mul(i128::from(times))?)?;
            count += times;
        }
        Some(key_number(sum, &self.data_type) / count as f64)
    }

    fn most_frequent(&self, entries: &[(i128, u64)]) -> Vec<(String, u64)> {
        let mut ranked: Vec<&(i128, u64)> = entries.iter().collect();
        let rank = |entry: &&(i128, u64)| (std::cmp::Reverse(entry.1), entry.0);
        if ranked.len() > TOP {
            ranked.select_nth_unstable_by_key(TOP, rank);
            ranked.truncate(TOP);
        }
        ranked.sort_unstable_by_key(rank);
        ranked.iter().map(|&&(key, times)| (key_text(key, &self.data_type), times)).collect()
    }

    fn report_stream(&self, stream: &Stream, report: &mut ColumnReport) {
        report.unique_count = stream.distinct.count();
        report.unique_exact = false;
        report.mean = stream.moments.mean();
        report.std_dev = stream.moments.std_dev();
        if let Some((low, high)) = stream.extremes {
            report.min = Some(self.scalar(low));
            report.max = Some(self.scalar(high));
        }
        if let (Some(bins), Some((low, high))) = (&stream.bins, stream.moments.range) {
            report.histogram = histogram(low, high, bins.centres());
        }
        let binned: Vec<(f64, u64)> = stream.bins.iter().flat_map(Bins::centres).collect();
        report.spread = Spread::of(&binned, false).map(|spread| Spread {
            zeros: stream.zeros,
            negatives: stream.negatives,
            ..spread
        });
        if stream.not_a_number > 0 {
            report.notes.push("some values are not a number (NaN)".to_owned());
        }
    }

    fn is_number(&self, key: i128) -> bool {
        !self.is_float() || !key_number(key, &self.data_type).is_nan()
    }

    fn scalar(&self, key: i128) -> Scalar {
        match (&self.data_type, i64::try_from(key)) {
            (DataType::Boolean, _) => Scalar::Bool(key != 0),
            (DataType::Float32 | DataType::Float64, Ok(key)) => Scalar::Float(float_of(key)),
            (DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64, Ok(key)) => {
                Scalar::Int(key)
            }
            _ => Scalar::Text(key_text(key, &self.data_type)),
        }
    }
}

impl Stream {
    fn new() -> Self {
        Self {
            distinct: Estimate::default(),
            moments: Moments::default(),
            bins: None,
            extremes: None,
            not_a_number: 0,
            zeros: 0,
            negatives: 0,
        }
    }

    fn add(&mut self, key: i128, times: u64, data_type: &DataType) {
        self.distinct.add(spread(key));
        let value = key_number(key, data_type);
        if value.is_nan() {
            self.not_a_number += times;
            return;
        }
        self.extremes = Some(match self.extremes {
            None => (key, key),
            Some((low, high)) => (low.min(key), high.max(key)),
        });
        if value.is_finite() {
            self.zeros += if value == 0.0 { times } else { 0 };
            self.negatives += if value < 0.0 { times } else { 0 };
            self.moments.add(value, times);
            self.bins.get_or_insert_with(|| Bins::over(value, value)).add(value, times);
        }
    }
}
