//! Columns made while their evidence is gathered: each cell is read once, under a type that was guessed.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};

use crate::build;
use crate::csv::cells::Cells;
use crate::csv::records::Span;
use crate::evidence::Evidence;
use crate::moment::{DAY, Order};
use crate::nulls::NullWords;
use crate::number::{self, Mark};
use crate::plan::{ColumnPlan, Kind};
use crate::simple::Simple;
use crate::truth;

/// A column of one block under its guessed type.
pub struct Cooked<'p> {
    plan: &'p ColumnPlan,
    values: Values,
    /// The first record whose cell is not of the guessed type.
    pub odd: Option<usize>,
}

enum Values {
    Boolean(BooleanBuilder),
    Whole(Int64Builder, Mark),
    Decimal(Decimal128Builder, u8, Mark),
    Double(Float64Builder, Mark),
    Date(Date32Builder, Order),
    Time(TimestampMicrosecondBuilder, Order),
    Text(StringBuilder),
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
        let values = match &plan.kind {
            Kind::Boolean => Values::Boolean(BooleanBuilder::with_capacity(rows)),
            Kind::Whole(mark) => Values::Whole(Int64Builder::with_capacity(rows), *mark),
            Kind::Decimal { scale, mark, .. } => {
                let builder = Decimal128Builder::with_capacity(rows).with_data_type(plan.kind.arrow());
                Values::Decimal(builder, *scale, *mark)
            }
            Kind::Double(mark) => Values::Double(Float64Builder::with_capacity(rows), *mark),
            Kind::Date(order) => Values::Date(Date32Builder::with_capacity(rows), *order),
            Kind::Timestamp(order) | Kind::Instant(order) => {
                let builder =
                    TimestampMicrosecondBuilder::with_capacity(rows).with_data_type(plan.kind.arrow());
                Values::Time(builder, *order)
            }
            Kind::Text | Kind::Native(_) => Values::Text(StringBuilder::with_capacity(rows, rows * 12)),
        };
        Self { plan, values, odd: None }
    }

    /// Adds the cells at one place of some records.
    pub fn take(
        &mut self,
        evidence: &mut Evidence,
        nulls: &NullWords,
        cells: &Cells<'_>,
        place: usize,
        records: &[usize],
    ) {
        let mut look = Look { evidence, nulls, plan: self.plan, cells, place, records, odd: None };
        match &mut self.values {
            Values::Text(out) => look.texts(out),
            Values::Boolean(out) => {
                look.each(boolean, |c| truth::read(c).map(|found| found.1), |v| out.append_option(v));
            }
            Values::Whole(out, mark) => look.each(
                |evidence, c| number(evidence, c, *mark, Simple::whole),
                |c| number::parse(c, *mark).and_then(|n| n.whole()),
                |v| out.append_option(v),
            ),
            Values::Decimal(out, scale, mark) => look.each(
                |evidence, c| number(evidence, c, *mark, |n| n.scaled(*scale)),
                |c| number::parse(c, *mark).and_then(|n| n.scaled(*scale)),
                |v| out.append_option(v),
            ),
            Values::Double(out, mark) => look.each(
                |evidence, c| number(evidence, c, *mark, |n| n.double(c)),
                |c| number::double(c, *mark),
                |v| out.append_option(v),
            ),
            Values::Date(out, order) => look.each(
                |evidence, c| {
                    let (micros, clock) = moment(evidence, c, *order)?;
                    Some(Found::of(i32::try_from(micros / DAY).ok().filter(|_| !clock)))
                },
                |c| build::days(c, *order),
                |v| out.append_option(v),
            ),
            Values::Time(out, order) => look.each(
                |evidence, c| moment(evidence, c, *order).map(|(micros, _)| Found::Value(micros)),
                |c| build::micros(c, *order),
                |v| out.append_option(v),
            ),
        }
        self.odd = self.odd.or(look.odd);
    }

    /// The column.
    #[must_use]
    pub fn finish(self) -> ArrayRef {
        match self.values {
            Values::Boolean(mut out) => Arc::new(out.finish()),
            Values::Whole(mut out, _) => Arc::new(out.finish()),
            Values::Decimal(mut out, ..) => Arc::new(out.finish()),
            Values::Double(mut out, _) => Arc::new(out.finish()),
            Values::Date(mut out, _) => Arc::new(out.finish()),
            Values::Time(mut out, _) => Arc::new(out.finish()),
            Values::Text(mut out) => Arc::new(out.finish()),
        }
    }
}

fn boolean(evidence: &mut Evidence, cell: &[u8]) -> Quick<bool> {
    let (family, value) = truth::read(cell)?;
    evidence.truth[family] += 1;
    Some(Found::Value(value))
}

fn number<T>(
    evidence: &mut Evidence,
    cell: &[u8],
    mark: Mark,
    value: impl Fn(Simple) -> Option<T>,
) -> Quick<T> {
    if mark == Mark::Comma {
        return None;
    }
    evidence.simple_number(cell).map(|number| Found::of(value(number)))
}

fn moment(evidence: &mut Evidence, cell: &[u8], order: Order) -> Option<(i64, bool)> {
    if order == Order::Iso { evidence.simple_moment(cell) } else { None }
}

/// Looks at the cells of a column for its evidence and its values at once.
struct Look<'l, 'b> {
    evidence: &'l mut Evidence,
    nulls: &'l NullWords,
    plan: &'l ColumnPlan,
    cells: &'l Cells<'b>,
    place: usize,
    records: &'l [usize],
    odd: Option<usize>,
}

impl Look<'_, '_> {
    fn texts(&mut self, out: &mut StringBuilder) {
        for &record in self.records {
            let Some(span) = self.cells.find(record, self.place) else {
                out.append_null();
                continue;
            };
            let text = self.cells.text(span);
            if text.is_empty() {
                out.append_option(span.quoted().then_some(""));
                continue;
            }
            self.evidence.add(&text, self.nulls, || self.cells.offset(record));
            out.append_option((!build::is_null(self.plan, &text)).then_some(&text));
        }
    }

    /// Gives `push` the value of each cell: by `quick` where that can tell, else by `careful`.
    fn each<T>(
        &mut self,
        quick: impl Fn(&mut Evidence, &[u8]) -> Quick<T>,
        careful: impl Fn(&[u8]) -> Option<T>,
        mut push: impl FnMut(Option<T>),
    ) {
        let usual = !self.nulls.overridden();
        for &record in self.records {
            let Some(span) = self.cells.find(record, self.place) else {
                push(None);
                continue;
            };
            let plain = self.cells.plain(span);
            if plain.is_some_and(<[u8]>::is_empty) {
                push(None);
                continue;
            }
            let known = plain.filter(|_| usual).and_then(|cell| quick(self.evidence, cell));
            match known.unwrap_or_else(|| self.carefully(record, span, &careful)) {
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
    fn carefully<T>(&mut self, record: usize, span: Span, careful: &impl Fn(&[u8]) -> Option<T>) -> Found<T> {
        let text = self.cells.text(span);
        if text.is_empty() {
            return Found::Null;
        }
        self.evidence.add(&text, self.nulls, || self.cells.offset(record));
        let trimmed = text.trim_ascii();
        let null = trimmed.is_empty() || self.nulls.find(trimmed).is_some();
        if null { Found::Null } else { Found::of(careful(trimmed.as_bytes())) }
    }
}

#[cfg(test)]
#[path = "cook_tests.rs"]
mod tests;
