//! The values of JSON records as cells, found by record and place.

use std::borrow::Cow;

use crate::evidence::{self, Evidence};
use crate::grid::{Class, Grid, Plain};
use crate::json::parse::Json;
use crate::json::shape::Shape;
use crate::json::slots::{Kind, Slot};
use crate::json::table::Table;
use crate::nulls::NullWords;
use crate::simple::Simple;

impl<'c> Grid for &'c Table<'_> {
    /// Where the slot is: most of it is not asked for.
    type Cell = &'c Slot;

    #[inline]
    fn find(&self, record: usize, place: usize) -> Option<&'c Slot> {
        self.slots.find(record, place).filter(|slot| !slot.is(Kind::Nothing))
    }

    #[inline]
    fn plain(&self, slot: &'c Slot, class: Class) -> Option<Plain<'_>> {
        let kind = match class {
            Class::Truth => Kind::Truth,
            Class::Number => Kind::Number,
            Class::Moment | Class::Text => Kind::Text,
        };
        let onward = self.text.as_bytes().get(slot.from()..)?;
        let is_there = slot.is(kind) && slot.length() > 0;
        is_there.then_some(Plain { onward, length: slot.length() })
    }

    #[inline]
    fn number(&self, slot: &'c Slot, _: Plain<'_>) -> Option<Simple> {
        slot.number()
    }

    #[inline]
    fn is_prose(&self, plain: Plain<'_>) -> bool {
        evidence::is_prose_in_quotes(plain.bytes())
    }

    #[inline]
    fn text(&self, slot: &'c Slot) -> Cow<'_, str> {
        if !slot.is(Kind::Rare) {
            return Cow::Borrowed(self.spelling(slot));
        }
        match &self.rare[slot.from()] {
            (Json::Text(text), _) => Cow::Borrowed(text),
            (_, raw) => Cow::Borrowed(raw),
        }
    }

    #[inline]
    fn is_empty_text(&self, _: &'c Slot) -> bool {
        true
    }

    #[inline]
    fn weigh(&self, record: usize, slot: &'c Slot, text: &str, nulls: &NullWords, evidence: &mut Evidence) {
        let offset = || self.offset + self.starts[record] as u64;
        match slot.kind() {
            Kind::Nothing => {}
            Kind::Truth => evidence.add_truth(),
            Kind::Number => evidence.add(text, nulls, offset),
            Kind::Text => evidence.add_string(text, nulls, offset),
            Kind::Rare => match &self.rare[slot.from()].0 {
                Json::Text(text) => evidence.add_string(text, nulls, offset),
                nested => evidence.add_nested(Shape::of(nested)),
            },
        }
    }
}
