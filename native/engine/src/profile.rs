//! The running profile of one column.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

use crate::cells;
use crate::number_profile::NumberProfile;
use crate::plan::{ColumnPlan, spelling};
use crate::render;
use crate::report::ColumnReport;
use crate::text_profile::TextProfile;

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

    /// Adds the cells of `array`; gives the hash of each under `seed` where they are told apart by text.
    pub fn update(&mut self, array: &ArrayRef, seed: u64) -> Option<Vec<u64>> {
        self.nulls += array.null_count() as u64;
        match &mut self.values {
            Values::Texts(texts) => Some(cells::texts(array, seed, |hash, value| texts.add(hash, value))),
            Values::Numbers(numbers) => {
                add_numbers(numbers, array);
                None
            }
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

    /// Goes on with estimates, which need no more memory.
    pub fn give_up(&mut self) {
        match &mut self.values {
            Values::Texts(texts) => texts.give_up(),
            Values::Numbers(numbers) => numbers.give_up(),
        }
    }

    /// The report of the whole column.
    #[must_use]
    pub fn report(self, plan: &ColumnPlan) -> ColumnReport {
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
            Values::Texts(texts) => texts.report(&mut report, &self.data_type),
            Values::Numbers(numbers) => numbers.report(&mut report),
        }
        if !report.unique_exact {
            report
                .notes
                .push("too many distinct values to count exactly: counts of values are estimates".to_owned());
        }
        report
    }
}

fn add_numbers(numbers: &mut NumberProfile, array: &ArrayRef) {
    match array.data_type() {
        DataType::Int64 => {
            array.as_primitive::<Int64Type>().iter().flatten().for_each(|value| numbers.add(value.into()));
        }
        DataType::Float64 => array
            .as_primitive::<Float64Type>()
            .iter()
            .flatten()
            .for_each(|value| numbers.add(render::float_key(value).into())),
        _ => (0..array.len())
            .filter(|&row| array.is_valid(row))
            .filter_map(|row| render::key(array.as_ref(), row))
            .for_each(|key| numbers.add(key)),
    }
}
