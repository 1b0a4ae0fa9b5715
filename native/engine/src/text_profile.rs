//! Texts of one column, counted by value.

use arrow_schema::DataType;

use crate::cells;
use crate::estimate::Estimate;
use crate::profile::TOP;
use crate::render::hex;
use crate::report::{ColumnReport, Scalar};
use crate::text_tally::TextTally;

/// Characters of a value that a report shows.
const SHOWN: usize = 1_000;

/// The profile of a column of text, bytes or nested values.
#[derive(Default)]
pub struct TextProfile {
    tally: TextTally,
    stream: Option<Stream>,
}

#[derive(Default)]
struct Stream {
    distinct: Estimate,
    facts: Facts,
}

/// What does not need the values themselves.
#[derive(Default)]
struct Facts {
    least: Option<Vec<u8>>,
    greatest: Option<Vec<u8>>,
    padded: u64,
    empty: u64,
    count: u64,
    characters: u64,
    shortest: Option<u64>,
    longest: u64,
}

impl Facts {
    fn add(&mut self, value: &[u8], times: u64) {
        let length = value.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64;
        self.count += times;
        self.characters += length * times;
        self.shortest = Some(self.shortest.map_or(length, |shortest| shortest.min(length)));
        self.longest = self.longest.max(length);
        if value.is_empty() {
            self.empty += times;
        } else if value.trim_ascii().len() != value.len() {
            self.padded += times;
        }
        if self.least.as_deref().is_none_or(|least| value < least) {
            self.least = Some(value.to_vec());
        }
        if self.greatest.as_deref().is_none_or(|greatest| value > greatest) {
            self.greatest = Some(value.to_vec());
        }
    }
}

impl TextProfile {
    /// Adds one value under its hash.
    pub fn add(&mut self, hash: u64, value: &[u8]) {
        if let Some(stream) = &mut self.stream {
            stream.distinct.add(cells::text(value, 0));
            stream.facts.add(value, 1);
            return;
        }
        self.tally.add(hash, value);
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
        let mut stream = Stream::default();
        for (value, times) in self.tally.iter() {
            stream.distinct.add(cells::text(value, 0));
            stream.facts.add(value, times);
        }
        self.tally = TextTally::default();
        self.stream = Some(stream);
    }

    /// Fills in what the values tell.
    pub fn report(&self, report: &mut ColumnReport, data_type: &DataType) {
        let shown = |value: &[u8]| -> String {
            if *data_type == DataType::Binary {
                return hex(&value[..value.len().min(SHOWN / 2)]);
            }
            String::from_utf8_lossy(value).chars().take(SHOWN).collect()
        };
        let mut counted = Facts::default();
        let facts = if let Some(stream) = &self.stream {
            report.unique_count = stream.distinct.count();
            &stream.facts
        } else {
            report.unique_count = self.tally.distinct() as u64;
            report.unique_exact = true;
            report.top_values = self
                .tally
                .most_frequent(TOP)
                .into_iter()
                .map(|(value, times)| (shown(value), times))
                .collect();
            self.tally.iter().for_each(|(value, times)| counted.add(value, times));
            &counted
        };
        report.min = facts.least.as_deref().map(|value| Scalar::Text(shown(value)));
        report.max = facts.greatest.as_deref().map(|value| Scalar::Text(shown(value)));
        if *data_type == DataType::Utf8 {
            report.blank_padded_count = facts.padded;
            report.empty_count = facts.empty;
            report.lengths = facts
                .shortest
                .map(|shortest| (shortest, facts.longest, facts.characters as f64 / facts.count as f64));
        }
    }
}
