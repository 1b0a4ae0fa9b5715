//! Arrow columns from text cells, once the type of the column is known.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};

use crate::error::{Error, Result};
use crate::iso;
use crate::moment::{self, Order};
use crate::number;
use crate::plan::{ColumnPlan, Kind};
use crate::truth;

/// One cell: its text, and whether an empty text is a value (`""`) rather than nothing.
pub struct Cell<'a> {
    pub text: Cow<'a, str>,
    pub quoted: bool,
}

/// Cells that a column is made of; `None` where the row has no such cell.
pub type Cells<'c, 'a> = dyn Iterator<Item = Option<Cell<'a>>> + 'c;

fn changed(plan: &ColumnPlan) -> Error {
    Error::Unreadable(format!("the source changed while it was read: see column {}", plan.label))
}

/// The column of `plan`, one row per cell.
pub fn column(plan: &ColumnPlan, rows: usize, cells: &mut Cells<'_, '_>) -> Result<ArrayRef> {
    match &plan.kind {
        Kind::Text | Kind::Native(_) => Ok(text(plan, rows, cells)),
        Kind::Boolean => {
            let mut out = BooleanBuilder::with_capacity(rows);
            each(plan, cells, |cell| {
                out.append_option(cell.map(|c| read(plan, truth::read(c)).map(|t| t.1)).transpose()?);
                Ok(())
            })?;
            Ok(Arc::new(out.finish()))
        }
        Kind::Whole(mark) => {
            let mut out = Int64Builder::with_capacity(rows);
            each(plan, cells, |cell| {
                let value = cell.map(|c| read(plan, number::parse(c, *mark).and_then(|n| n.whole())));
                out.append_option(value.transpose()?);
                Ok(())
            })?;
            Ok(Arc::new(out.finish()))
        }
        Kind::Double(mark) => {
            let mut out = Float64Builder::with_capacity(rows);
            each(plan, cells, |cell| {
                out.append_option(cell.map(|c| read(plan, number::double(c, *mark))).transpose()?);
                Ok(())
            })?;
            Ok(Arc::new(out.finish()))
        }
        Kind::Decimal { scale, mark, .. } => {
            let mut out = Decimal128Builder::with_capacity(rows).with_data_type(plan.kind.arrow());
            each(plan, cells, |cell| {
                let value = cell.map(|c| read(plan, number::parse(c, *mark).and_then(|n| n.scaled(*scale))));
                out.append_option(value.transpose()?);
                Ok(())
            })?;
            Ok(Arc::new(out.finish()))
        }
        Kind::Date(order) => {
            let mut out = Date32Builder::with_capacity(rows);
            each(plan, cells, |cell| {
                let value = cell.map(|c| read(plan, days(c, *order)));
                out.append_option(value.transpose()?);
                Ok(())
            })?;
            Ok(Arc::new(out.finish()))
        }
        Kind::Timestamp(order) | Kind::Instant(order) => instants(plan, *order, rows, cells),
    }
}

fn instants(plan: &ColumnPlan, order: Order, rows: usize, cells: &mut Cells<'_, '_>) -> Result<ArrayRef> {
    let mut out = TimestampMicrosecondBuilder::with_capacity(rows).with_data_type(plan.kind.arrow());
    each(plan, cells, |cell| {
        let value = cell.map(|c| read(plan, micros(c, order)));
        out.append_option(value.transpose()?);
        Ok(())
    })?;
    Ok(Arc::new(out.finish()))
}

/// Days since 1970-01-01 of a date in this order.
pub fn days(cell: &[u8], order: Order) -> Option<i32> {
    match iso::read(cell) {
        Some((micros, _)) if order == Order::Iso => i32::try_from(micros / moment::DAY).ok(),
        _ => moment::parse(cell)?.days(order),
    }
}

/// Microseconds since 1970-01-01 of a date or time in this order.
pub fn micros(cell: &[u8], order: Order) -> Option<i64> {
    match iso::read(cell) {
        Some((micros, _)) if order == Order::Iso => Some(micros),
        _ => moment::parse(cell)?.micros(order),
    }
}

fn text(plan: &ColumnPlan, rows: usize, cells: &mut Cells<'_, '_>) -> ArrayRef {
    let mut out = StringBuilder::with_capacity(rows, rows * 8);
    for cell in cells {
        let kept = cell.as_ref().filter(|c| (c.quoted || !c.text.is_empty()) && !is_null(plan, &c.text));
        out.append_option(kept.map(|c| c.text.as_ref()));
    }
    Arc::new(out.finish())
}

/// Whether a cell of this column is one of its null words.
pub fn is_null(plan: &ColumnPlan, cell: &str) -> bool {
    !plan.nulls.is_empty() && plan.nulls.iter().any(|word| word == cell.trim_ascii())
}

fn read<T>(plan: &ColumnPlan, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| changed(plan))
}

/// Gives the trimmed bytes of each cell to `take`, `None` for an empty cell or a null word.
fn each(
    plan: &ColumnPlan,
    cells: &mut Cells<'_, '_>,
    mut take: impl FnMut(Option<&[u8]>) -> Result<()>,
) -> Result<()> {
    for cell in cells {
        let Some(cell) = cell else {
            take(None)?;
            continue;
        };
        let trimmed = cell.text.trim_ascii();
        let empty = trimmed.is_empty() || is_null(plan, trimmed);
        take((!empty).then_some(trimmed.as_bytes()))?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
