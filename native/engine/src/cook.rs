//! Columns made while their evidence is gathered: each cell is read once, under a type that was guessed.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::BooleanBuilder;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};

use crate::build;
use crate::evidence::Evidence;
use crate::grid::{Class, Grid, Plain};
use crate::moment::{DAY, Order};
use crate::nulls::NullWords;
use crate::number::{self, Mark};
use crate::plan::{ColumnPlan, Kind};
use crate::simple::Simple;
use crate::simple_numbers::SimpleNumbers;
use crate::text_column::TextColumn;
use crate::truth;
use crate::value_column::ValueColumn;

/// A column of one block under its guessed type.
pub struct Cooked<'p> {
    plan: &'p ColumnPlan,
    values: Values,
    /// The first record whose cell is not of the guessed type.
    pub odd: Option<usize>,
}

enum Values {
    Boolean(BooleanBuilder),
    Whole(ValueColumn<Int64Type>, Mark),
    Decimal(ValueColumn<Decimal128Type>, u8, Mark),
    Double(ValueColumn<Float64Type>, Mark),
    Date(ValueColumn<Date32Type>, Order),
    Time(ValueColumn<TimestampMicrosecondType>, Order),
    Text(TextColumn),
}

/// What a cell is under the guessed type.
enum Found<T> {
    Null,
    Value(T),
    /// Something that is not of the type: what was guessed is wrong.
    Other,
}

impl<T> Found<T> {
    fn of(value: Option<T>) -> Self {
        value.map_or(Self::Other, Self::Value)
    }
}

/// A cell that was counted already, if it stands in its most frequent spelling.
type Quick<T> = Option<Found<T>>;

impl<'p> Cooked<'p> {
    /// An empty column with room for `rows`.
    #[must_use]
    pub fn new(plan: &'p ColumnPlan, rows: usize) -> Self {
        let data_type = plan.kind.arrow();
        let values = match &plan.kind {
            Kind::Boolean => Values::Boolean(BooleanBuilder::with_capacity(rows)),
            Kind::Whole(mark) => Values::Whole(ValueColumn::new(data_type, rows), *mark),
            Kind::Decimal { scale, mark, .. } => {
                Values::Decimal(ValueColumn::new(data_type, rows), *scale, *mark)
            }
            Kind::Double(mark) => Values::Double(ValueColumn::new(data_type, rows), *mark),
            Kind::Date(order) => Values::Date(ValueColumn::new(data_type, rows), *order),
            Kind::Timestamp(order) | Kind::Instant(order) => {
                Values::Time(ValueColumn::new(data_type, rows), *order)
            }
            Kind::Text | Kind::Native(_) => Values::Text(TextColumn::new(rows)),
        };
        Self { plan, values, odd: None }
    }

    /// Adds the cells at one place of some records.
    pub fn take(
        &mut self,
        evidence: &mut Evidence,
        nulls: &NullWords,
        cells: &impl Grid,
        place: usize,
        records: &[usize],
    ) {
        let mut seen = SimpleNumbers::default();
        let mut look = Look { evidence, nulls, plan: self.plan, cells, place, records, odd: None };
        match &mut self.values {
            Values::Text(out) => look.texts(out),
            Values::Boolean(out) => {
                look.each(
                    Class::Truth,
                    |evidence, _, plain| boolean(evidence, plain),
                    |c| truth::read(c).map(|found| found.1),
                    |v| out.append_option(v),
                );
            }
            Values::Whole(out, mark) => look.each(
                Class::Number,
                |_, cell, plain| Some(number(&mut seen, simple(cells, cell, plain, *mark)?, Simple::whole)),
                |c| number::parse(c, *mark).and_then(|n| n.whole()),
                |v| out.push(v),
            ),
            Values::Decimal(out, scale, mark) => look.each(
                Class::Number,
                |_, cell, plain| {
                    Some(number(&mut seen, simple(cells, cell, plain, *mark)?, |n| n.scaled(*scale)))
                },
                |c| number::parse(c, *mark).and_then(|n| n.scaled(*scale)),
                |v| out.push(v),
            ),
            Values::Double(out, mark) => look.each(
                Class::Number,
                |_, cell, plain| Some(double(&mut seen, simple(cells, cell, plain, *mark)?)),
                |c| number::double(c, *mark),
                |v| out.push(v),
            ),
            Values::Date(out, order) => look.each(
                Class::Moment,
                |evidence, _, plain| {
                    let (micros, clock) = moment(evidence, plain, *order)?;
                    Some(Found::of(i32::try_from(micros / DAY).ok().filter(|_| !clock)))
                },
                |c| build::days(c, *order),
                |v| out.push(v),
            ),
            Values::Time(out, order) => look.each(
                Class::Moment,
                |evidence, _, plain| moment(evidence, plain, *order).map(|(micros, _)| Found::Value(micros)),
                |c| build::micros(c, *order),
                |v| out.push(v),
            ),
        }
        look.evidence.add_simple(&seen);
        self.odd = self.odd.or(look.odd);
    }

    /// The column.
    #[must_use]
    pub fn finish(self) -> ArrayRef {
        match self.values {
            Values::Boolean(mut out) => Arc::new(out.finish()),
            Values::Whole(out, _) => out.finish(),
            Values::Decimal(out, ..) => out.finish(),
            Values::Double(out, _) => out.finish(),
            Values::Date(out, _) => out.finish(),
            Values::Time(out, _) => out.finish(),
            Values::Text(out) => out.finish(),
        }
    }
}

fn boolean(evidence: &mut Evidence, cell: Plain<'_>) -> Quick<bool> {
    let (family, value) = truth::read(cell.bytes())?;
    evidence.truth[family] += 1;
    Some(Found::Value(value))
}

/// The number that a cell is in its most frequent spelling, which has no comma.
#[inline]
fn simple<G: Grid>(cells: &G, cell: G::Cell, plain: Plain<'_>, mark: Mark) -> Option<Simple> {
    let found = if mark == Mark::Comma { None } else { cells.number(cell, plain) };
    found.filter(SimpleNumbers::can_count)
}

#[inline]
fn number<T>(seen: &mut SimpleNumbers, number: Simple, value: impl Fn(Simple) -> Option<T>) -> Found<T> {
    seen.add(number, || number.double());
    Found::of(value(number))
}

#[inline]
fn double(seen: &mut SimpleNumbers, number: Simple) -> Found<f64> {
    let double = number.double();
    seen.add(number, || double);
    Found::Value(double)
}

fn moment(evidence: &mut Evidence, cell: Plain<'_>, order: Order) -> Option<(i64, bool)> {
    if order == Order::Iso { evidence.simple_moment(cell.bytes()) } else { None }
}

/// Looks at the cells of a column for its evidence and its values at once.
struct Look<'l, G: Grid> {
    evidence: &'l mut Evidence,
    nulls: &'l NullWords,
    plan: &'l ColumnPlan,
    cells: &'l G,
    place: usize,
    records: &'l [usize],
    odd: Option<usize>,
}

impl<G: Grid> Look<'_, G> {
    fn texts(&mut self, out: &mut TextColumn) {
        let usual = !self.nulls.overridden() && self.plan.nulls.is_empty();
        for &record in self.records {
            let Some(cell) = self.cells.find(record, self.place) else {
                out.push_null();
                continue;
            };
            let plain = self.cells.plain(cell, Class::Text);
            if let Some(plain) = plain.filter(|&plain| usual && self.cells.is_prose(plain))
                && self.evidence.add_prose()
            {
                out.push_before(plain.onward, plain.length);
                continue;
            }
            let text = self.cells.text(cell);
            self.cells.weigh(record, cell, &text, self.nulls, self.evidence);
            let kept = !text.is_empty() || self.cells.is_empty_text(cell);
            match plain {
                _ if !kept || build::is_null(self.plan, &text) => out.push_null(),
                Some(plain) => out.push_before(plain.onward, plain.length),
                None => out.push(&text),
            }
        }
    }

    /// Gives `push` the value of each cell: by `quick` where that can tell, else by `careful`.
    fn each<T>(
        &mut self,
        class: Class,
        mut quick: impl FnMut(&mut Evidence, G::Cell, Plain<'_>) -> Quick<T>,
        careful: impl Fn(&[u8]) -> Option<T>,
        mut push: impl FnMut(Option<T>),
    ) {
        let usual = !self.nulls.overridden();
        for &record in self.records {
            let Some(cell) = self.cells.find(record, self.place) else {
                push(None);
                continue;
            };
            let plain = self.cells.plain(cell, class);
            if plain.is_some_and(|plain| plain.length == 0) {
                push(None);
                continue;
            }
            let known = plain.filter(|_| usual).and_then(|plain| quick(self.evidence, cell, plain));
            match known.unwrap_or_else(|| self.carefully(record, cell, &careful)) {
                Found::Value(value) => push(Some(value)),
                Found::Null => push(None),
                Found::Other => {
                    self.odd.get_or_insert(record);
                    push(None);
                }
            }
        }
    }

    /// Looks at a cell of any spelling.
    #[inline(never)]
    fn carefully<T>(
        &mut self,
        record: usize,
        cell: G::Cell,
        careful: &impl Fn(&[u8]) -> Option<T>,
    ) -> Found<T> {
        let text = self.cells.text(cell);
        self.cells.weigh(record, cell, &text, self.nulls, self.evidence);
        let trimmed = text.trim_ascii();
        let null = trimmed.is_empty() || self.nulls.find(trimmed).is_some();
        if null { Found::Null } else { Found::of(careful(trimmed.as_bytes())) }
    }
}

#[cfg(test)]
#[path = "cook_tests.rs"]
mod tests;
