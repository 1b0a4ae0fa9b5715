//! The running profile of one column.

use arrow_array::ArrayRef;
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;

use crate::cells;
use crate::error::Result;
use crate::line::Line;
use crate::number_profile::NumberProfile;
use crate::number_tally::Key;
use crate::plan::{ColumnPlan, spelling};
use crate::report::ColumnReport;
use crate::text_profile::{TextProfile, Written};

/// Values shown as most frequent.
pub const TOP: usize = 10;

enum Values {
    Numbers(NumberProfile),
    Texts(TextProfile),
}

/// What is known of a column so far.
pub struct Profile {
    data_type: DataType,
    nulls: u64,
    values: Values,
}

impl Profile {
    /// A profile that counts distinct values exactly, until it must give up.
    #[must_use]
    pub fn new(data_type: &DataType) -> Self {
        let values = if cells::is_text(data_type) {
            Values::Texts(TextProfile::default())
        } else {
            Values::Numbers(NumberProfile::new(data_type))
        };
        Self { data_type: data_type.clone(), nulls: 0, values }
    }

    /// Adds the cells of `array`; gives the hash of each under `seed`.
    pub fn update(&mut self, array: &ArrayRef, seed: u64) -> Vec<u64> {
        self.nulls += array.null_count() as u64;
        match &mut self.values {
            Values::Texts(texts) => texts.update(array, seed),
            Values::Numbers(numbers) if array.null_count() == 0 && cells::are_narrow(array.data_type()) => {
                let hashes = cells::hashes(array, seed);
                numbers.extend(hashes.iter().map(|&hash| cells::key(hash, seed)));
                hashes
            }
            Values::Numbers(numbers) => cells::numbers(array, seed, |key| match key {
                Key::Narrow(key) => numbers.add_narrow(key),
                Key::Wide(key) => numbers.add(key),
            }),
        }
    }

    /// The hashes of cells under `seed`; but for nulls, they are not counted.
    pub fn hash(&mut self, array: &ArrayRef, seed: u64) -> Vec<u64> {
        self.nulls += array.null_count() as u64;
        cells::hashes(array, seed)
    }

    /// Counts values that 64 bits hold by their hashes under `seed`, but for nulls.
    pub fn extend(&mut self, hashes: &[u64], nulls: Option<&NullBuffer>, seed: u64) {
        let Values::Numbers(numbers) = &mut self.values else { return };
        match nulls.filter(|nulls| nulls.null_count() > 0) {
            None => numbers.extend(hashes.iter().map(|&hash| cells::key(hash, seed))),
            Some(nulls) => {
                let keys: Vec<i64> = nulls.valid_indices().map(|row| cells::key(hashes[row], seed)).collect();
                numbers.extend(keys.into_iter());
            }
        }
    }

    /// Counts rising values that were counted already.
    pub fn add_counted(&mut self, rising: impl Iterator<Item = (i64, u32)>) {
        if let Values::Numbers(numbers) = &mut self.values {
            numbers.add_counted(rising);
        }
    }

    /// Whether texts themselves are kept, so that each has a place.
    #[must_use]
    pub fn keeps_texts(&self) -> bool {
        matches!(&self.values, Values::Texts(texts) if texts.keeps_texts())
    }

    /// Counts texts under their hashes, see [`TextProfile::place_all`].
    pub fn place_all<'a>(
        &mut self,
        values: &mut dyn Iterator<Item = (u64, &'a [u8])>,
        next: (u32, u32),
        take: &mut dyn FnMut(u32, Option<&[u8]>),
    ) {
        if let Values::Texts(texts) = &mut self.values {
            texts.place_all(values, next, take);
        }
    }

    /// Lets texts that hardly repeat be counted by their hashes.
    pub fn look_at_texts(&mut self, seed: u64) {
        if let Values::Texts(texts) = &mut self.values {
            texts.look_at_texts(seed);
        }
    }

    /// Bytes in use, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        match &self.values {
            Values::Texts(texts) => texts.memory(),
            Values::Numbers(numbers) => numbers.memory(),
        }
    }

    /// Goes on with estimates, which need no more memory; `seed` is that of the hashes.
    pub fn give_up(&mut self, seed: u64) {
        match &mut self.values {
            Values::Texts(texts) => texts.give_up(seed),
            Values::Numbers(numbers) => numbers.give_up(),
        }
    }

    /// The report of the whole column, by way of a line that columns share; `written` goes through its texts.
    pub fn report(self, plan: &ColumnPlan, line: &mut Line, written: &Written<'_>) -> Result<ColumnReport> {
        let mut report = ColumnReport {
            name: plan.name.clone(),
            label: plan.label.clone(),
            data_type: spelling(&self.data_type),
            null_count: self.nulls,
            money: plan.money.clone(),
            notes: plan.notes.clone(),
            ..ColumnReport::default()
        };
        match self.values {
            Values::Texts(texts) => texts.report(&mut report, &self.data_type, written)?,
            Values::Numbers(numbers) => numbers.report(&mut report, line),
        }
        if !report.unique_exact {
            report
                .notes
                .push("too many distinct values to count exactly: counts of values are estimates".to_owned());
        }
        Ok(report)
    }
}
