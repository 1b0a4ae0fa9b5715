//! Numbers, booleans, dates and times of one column, counted by value.

use arrow_schema::DataType;

use crate::estimate::{Estimate, scatter};
use crate::line::{Line, Scale};
use crate::number_tally::NumberTally;
use crate::render::{float_of, key_number, key_text};
use crate::report::{ColumnReport, Scalar};
use crate::spread::Spread;
use crate::summary::{Bins, Moments, histogram, histogram_of};

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
    /// Memory for the values of one stretch.
    room: Vec<f64>,
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

    /// Adds one value that 64 bits hold.
    #[inline]
    pub fn add_narrow(&mut self, key: i64) {
        if let Some(stream) = &mut self.stream {
            stream.add(key.into(), 1, &self.data_type);
        } else {
            self.tally.add_narrow(key);
        }
    }

    /// Adds values that 64 bits hold.
    pub fn extend(&mut self, keys: impl ExactSizeIterator<Item = i64>) {
        if let Some(stream) = &mut self.stream {
            stream.extend(keys, &self.data_type);
        } else {
            self.tally.extend(keys);
        }
    }

    /// Adds rising values that were counted already.
    pub fn add_counted(&mut self, rising: impl Iterator<Item = (i64, u32)>) {
        if let Some(stream) = &mut self.stream {
            rising.for_each(|(key, times)| stream.add(key.into(), times.into(), &self.data_type));
        } else {
            self.tally.add_counted(rising);
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
        let tally = std::mem::take(&mut self.tally);
        let mut stream = Stream::new();
        tally.drain(|key, times| stream.add(key.whole(), times, &self.data_type));
        self.stream = Some(stream);
    }

    /// Fills in what the values tell, by way of a line that columns share.
    pub fn report(mut self, report: &mut ColumnReport, line: &mut Line) {
        if let Some(stream) = &self.stream {
            self.report_stream(stream, report);
        } else {
            line.fill(std::mem::take(&mut self.tally), &self.data_type);
            self.report_exact(report, line);
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

    fn report_exact(&self, report: &mut ColumnReport, line: &Line) {
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
        let moments = line.moments();
        report.mean = line.exact_mean(&self.data_type).or(moments.mean());
        report.std_dev = moments.std_dev();
        report.spread = Spread::of_rising(line.held());
        report.histogram = histogram_of(line.held());
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
            room: Vec::new(),
        }
    }

    /// Adds values that 64 bits hold, many at a time: one by one, each would wait for the mean of those before it.
    fn extend(&mut self, keys: impl Iterator<Item = i64>, data_type: &DataType) {
        let scale = Scale::of(data_type);
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        let mut values = std::mem::take(&mut self.room);
        values.clear();
        for key in keys {
            self.distinct.add(scatter(key.into()));
            let value = scale.number(key);
            if value.is_nan() {
                self.not_a_number += 1;
                continue;
            }
            (low, high) = (low.min(key), high.max(key));
            if value.is_finite() {
                self.zeros += u64::from(value == 0.0);
                self.negatives += u64::from(value < 0.0);
                values.push(value);
            }
        }
        if low <= high {
            let (low, high) = (low.into(), high.into());
            self.extremes =
                Some(self.extremes.map_or((low, high), |(a, b): (i128, i128)| (a.min(low), b.max(high))));
        }
        let once = values.iter().map(|&value| (value, 1));
        match self.moments.with(&Moments::of(once.clone())) {
            Some(moments) => self.moments = moments,
            None => once.for_each(|(value, times)| self.moments.add(value, times)),
        }
        if let Some(&first) = values.first() {
            let bins = self.bins.get_or_insert_with(|| Bins::over(first, first));
            for &value in &values {
                bins.add(value, 1);
            }
        }
        self.room = values;
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
