//! Numbers, booleans, dates and times of one column, counted by value.

use arrow_schema::DataType;

use crate::estimate::{Estimate, scatter};
use crate::line::Line;
use crate::number_tally::NumberTally;
use crate::render::{float_of, key_number, key_text};
use crate::report::{ColumnReport, Scalar};
use crate::spread::Spread;
use crate::summary::{Bins, Moments, histogram};

/// The profile of a column of numbers.
pub struct NumberProfile {
    data_type: DataType,
    tally: NumberTally,
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

impl NumberProfile {
    /// An exact profile.
    #[must_use]
    pub fn new(data_type: &DataType) -> Self {
        Self { data_type: data_type.clone(), tally: NumberTally::default(), stream: None }
    }

    /// Adds one value.
    pub fn add(&mut self, key: i128) {
        if let Some(stream) = &mut self.stream {
            stream.add(key, 1, &self.data_type);
        } else {
            self.tally.add(key);
        }
    }

    /// Bytes in use, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.tally.memory()
    }

    /// Goes on with estimates, which need no more memory.
    pub fn give_up(&mut self) {
        if self.stream.is_some() {
            return;
        }
        let mut tally = std::mem::take(&mut self.tally);
        tally.settle();
        let mut stream = Stream::new();
        tally.each(|key, times| stream.add(key.whole(), times, &self.data_type));
        self.stream = Some(stream);
    }

    /// Fills in what the values tell.
    pub fn report(mut self, report: &mut ColumnReport) {
        self.tally.settle();
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
        let line = Line::of(&self.tally, &self.data_type);
        report.unique_exact = true;
        report.unique_count = line.distinct;
        report.top_values =
            line.ranked.iter().map(|&(key, times)| (key_text(key, &self.data_type), times)).collect();
        if line.not_a_number {
            report.notes.push("some values are not a number (NaN)".to_owned());
        }
        let Some((low, high)) = line.range else { return };
        report.min = Some(self.scalar(low));
        report.max = Some(self.scalar(high));
        let moments = Moments::of(line.finite());
        report.mean = line.exact_mean(&self.data_type).or(moments.mean());
        report.std_dev = moments.std_dev();
        report.spread = Spread::of(line.finite(), true);
        if let Some((low, high)) = moments.range {
            report.histogram = histogram(low, high, line.finite());
        }
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
        let binned = stream.bins.iter().flat_map(Bins::centres);
        report.spread = Spread::of(binned, false).map(|spread| Spread {
            zeros: stream.zeros,
            negatives: stream.negatives,
            ..spread
        });
        if stream.not_a_number > 0 {
            report.notes.push("some values are not a number (NaN)".to_owned());
        }
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
        self.distinct.add(scatter(key));
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
