//! What one block of JSON tells: its values are looked at, and read where types were guessed, a stretch at a time.

use std::borrow::Cow;
use std::collections::HashSet;

use arrow_array::ArrayRef;
use arrow_schema::DataType;

use crate::cook::Cooked;
use crate::csv::blocks::Block;
use crate::csv::text::readable;
use crate::evidence::Evidence;
use crate::grid::Grid;
use crate::input::{Rows, absent};
use crate::json::gathered::Told;
use crate::json::reader::JsonInput;
use crate::json::shape;
use crate::json::table::Table;
use crate::plan::{ColumnPlan, Kind};

/// Records that are parsed, and then read column by column, so that they stay in the cache.
const STRETCH: usize = 96;

/// The columns of a block under their plans, as far as its records have been read.
enum Column<'p> {
    Cooked(Cooked<'p>),
    /// A nested column, which is built from all of its values.
    Native(&'p DataType, Option<ArrayRef>),
}

impl<'p> Column<'p> {
    fn new(plan: &'p ColumnPlan, rows: usize) -> Self {
        match &plan.kind {
            Kind::Native(data_type) => Self::Native(data_type, None),
            _ => Self::Cooked(Cooked::new(plan, rows)),
        }
    }

    fn fits(&self) -> bool {
        match self {
            Self::Cooked(column) => column.odd.is_none(),
            Self::Native(..) => true,
        }
    }

    fn finish(self, plan: &ColumnPlan, rows: usize) -> ArrayRef {
        match self {
            Self::Cooked(column) => column.finish(),
            Self::Native(_, array) => array.unwrap_or_else(|| absent(plan, rows)),
        }
    }
}

impl JsonInput {
    /// What a block tells; its rows too, where there are plans and every value keeps to them.
    pub(super) fn look(&self, block: &Block, plans: Option<&[ColumnPlan]>) -> Told {
        let text = readable(&block.bytes);
        let mut table = Table::new(block, &text, self.layout);
        let is_nested = |plan: &ColumnPlan| matches!(plan.kind, Kind::Native(_));
        let at_once = plans.is_some_and(|plans| plans.iter().any(is_nested));
        let stretch = if at_once { usize::MAX } else { STRETCH };
        let mut columns: Option<Vec<Column<'_>>> =
            plans.map(|plans| plans.iter().map(|plan| Column::new(plan, table.spans())).collect());
        let (mut evidence, mut records, mut count) = (Vec::new(), Vec::new(), 0);
        while table.read_on(stretch) {
            evidence.resize_with(table.keys.len(), Evidence::default);
            records.clear();
            records.extend(0..table.rows());
            count += records.len();
            // A key that nobody planned for: from here on, values are no more than looked at.
            columns = columns.filter(|_| self.knows(&table.keys));
            match &mut columns {
                Some(columns) => self.take(&table, &records, columns, &mut evidence),
                None => (0..).zip(&mut evidence).for_each(|(place, evidence)| {
                    self.weigh(&table, &records, place, evidence);
                }),
            }
        }
        let end = block.offset + block.bytes.len() as u64;
        let fraction = end as f64 / self.source.size() as f64;
        let columns = columns.filter(|columns| columns.iter().all(Column::fits)).zip(plans);
        let rows = columns.map(|(columns, plans)| {
            let finished = columns.into_iter().zip(plans).map(|(column, plan)| column.finish(plan, count));
            Rows { columns: finished.collect(), count, fraction }
        });
        let keys = table.keys.iter().map(ToString::to_string).zip(evidence).collect();
        Told { keys, findings: std::mem::take(&mut table.findings), count, end, rows }
    }

    fn weigh(&self, table: &Table<'_>, records: &[usize], place: usize, evidence: &mut Evidence) {
        for &record in records {
            if let Some(slot) = table.find(record, place) {
                table.weigh(record, slot, &table.text(slot), &self.nulls, evidence);
            }
        }
    }

    /// Adds the records of a table to the columns, and to the evidence.
    fn take(
        &self,
        table: &Table<'_>,
        records: &[usize],
        columns: &mut [Column<'_>],
        evidence: &mut [Evidence],
    ) {
        for (column, label) in columns.iter_mut().zip(&self.labels) {
            match (column, table.known(label)) {
                (Column::Cooked(column), Some(place)) => {
                    column.take(&mut evidence[place], &self.nulls, &table, place, records);
                }
                (Column::Cooked(column), None) => {
                    column.take(&mut Evidence::default(), &self.nulls, &table, usize::MAX, records);
                }
                (Column::Native(data_type, array), Some(place)) => {
                    self.weigh(table, records, place, &mut evidence[place]);
                    *array = Some(nested(data_type, table, place));
                }
                (Column::Native(..), None) => {}
            }
        }
    }

    fn knows(&self, keys: &[Cow<'_, str>]) -> bool {
        if keys.len() <= self.labels.len() && keys.iter().zip(&self.labels).all(|(key, label)| key == label) {
            return true;
        }
        let known: HashSet<&str> = self.labels.iter().map(String::as_str).collect();
        keys.iter().all(|key| known.contains(key.as_ref()))
    }
}

/// The values of a key as lists or structs.
pub fn nested(data_type: &DataType, table: &Table<'_>, place: usize) -> ArrayRef {
    let values: Vec<_> = table.column(place).map(|slot| slot.map(|slot| table.json(slot))).collect();
    shape::build(data_type, &values.iter().map(Option::as_deref).collect::<Vec<_>>())
}
