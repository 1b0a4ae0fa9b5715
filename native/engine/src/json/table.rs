//! The records of a block of JSON, column by column.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::csv::blocks::Block;
use crate::findings::{Findings, excerpt};
use crate::grid::Grid;
use crate::json::leads::Leads;
use crate::json::parse::{Fault, Json, Parser};
use crate::json::records::{Layout, Span, spans};
use crate::json::regular::Pace;
use crate::json::slots::{Kind, Slot, Slots};
use crate::json::values::{self, Rare, blanks};

/// Records of one block.
pub struct Table<'t> {
    pub(super) text: &'t str,
    /// The bytes that the text was made of.
    raw: &'t [u8],
    /// Where the block begins in its source.
    pub(super) offset: u64,
    /// The records that have not been read.
    spans: std::vec::IntoIter<Span>,
    /// Keys in order of first appearance.
    pub keys: Vec<Cow<'t, str>>,
    places: HashMap<Cow<'t, str>, usize>,
    pub(super) leads: Leads,
    pub(super) slots: Slots,
    pub(super) rare: Vec<Rare<'t>>,
    /// The byte of the block at which each record begins.
    pub(super) starts: Vec<usize>,
    pub findings: Findings,
    pub(super) pace: Pace,
}

impl<'t> Table<'t> {
    /// The records of `block`, whose readable text is `text`; none of them is read yet.
    #[must_use]
    pub fn new(block: &'t Block, text: &'t str, layout: Layout) -> Self {
        Self {
            text,
            raw: &block.bytes,
            offset: block.offset,
            spans: spans(text.as_bytes(), layout).into_iter(),
            keys: Vec::new(),
            places: HashMap::new(),
            leads: Leads::default(),
            slots: Slots::default(),
            rare: Vec::new(),
            starts: Vec::new(),
            findings: Findings::default(),
            pace: Pace::default(),
        }
    }

    /// The same with all records read.
    #[must_use]
    pub fn of(block: &'t Block, text: &'t str, layout: Layout) -> Self {
        let mut table = Self::new(block, text, layout);
        table.read_on(usize::MAX);
        table
    }

    /// Records that have not been read, sound or not.
    #[must_use]
    pub fn spans(&self) -> usize {
        self.spans.len()
    }

    /// Reads at most so many of the next records in the place of those before; whether there were any.
    pub fn read_on(&mut self, most: usize) -> bool {
        let valid = std::ptr::eq(self.text.as_bytes(), self.raw);
        self.slots.clear();
        self.rare.clear();
        self.starts.clear();
        let left = self.spans.len();
        for span in self.spans.by_ref().take(most).collect::<Vec<_>>() {
            if !(valid && self.regular(span)) {
                self.read(span, valid);
            }
        }
        left > 0
    }

    /// Reads the record between two bytes of the block, or tells why it is refused.
    fn read(&mut self, (from, to): Span, valid: bool) {
        let known = self.keys.len();
        let broken = !valid && std::str::from_utf8(&self.raw[from..to]).is_err();
        let read = if broken { Err("it holds bytes that are no valid UTF-8") } else { self.record(from, to) };
        match read {
            Ok(()) => self.add(from),
            Err(fault) => {
                self.forget_keys(known);
                let raw = excerpt(&self.raw[from..to]);
                let reason = format!("the record is no JSON object: {fault}");
                self.findings.reject("malformed_record", self.offset + from as u64, raw, &reason);
            }
        }
    }

    /// Finds the keys and values of a record between two bytes of the block.
    fn record(&mut self, from: usize, to: usize) -> Result<(), Fault> {
        let bytes = &self.text.as_bytes()[..to];
        if bytes.get(from) != Some(&b'{') {
            return Err("it is not an object");
        }
        let (mut at, mut before) = (from + 1, None);
        loop {
            let key = self.leads.expected(self.text.as_bytes(), before, at);
            let Some((place, value)) = key.map_or_else(|| self.key(before, at, to), |key| Ok(Some(key)))?
            else {
                at = blanks(bytes, at) + 1;
                break;
            };
            at = values::read(self.text, place, (value, to), &mut self.rare, |slot| self.slots.push(slot))?;
            if !matches!(bytes.get(at), Some(b',' | b'}')) {
                at = blanks(bytes, at);
            }
            before = Some(place);
            at += 1;
            match bytes.get(at - 1) {
                Some(b',') => {}
                Some(b'}') => break,
                None => return Err("it ends inside an object"),
                Some(_) => return Err("a comma or a closing brace is expected"),
            }
        }
        if blanks(bytes, at) == to { Ok(()) } else { Err("text follows the object") }
    }

    /// The place of the key at a byte and the byte of its value, spelt however it may be; none where the object ends
    /// before a first key.
    #[inline(never)]
    fn key(&mut self, before: Option<usize>, at: usize, to: usize) -> Result<Option<(usize, usize)>, Fault> {
        let mut parser = Parser::within(&self.text[..to], at);
        if before.is_none() && parser.ends_object() {
            return Ok(None);
        }
        let key = parser.key()?;
        parser.colon()?;
        let place = self.place(key);
        self.leads.learn(self.text.as_bytes(), before, place, (at, parser.at()));
        Ok(Some((place, parser.at())))
    }

    /// Forgets the keys behind the first ones, and the values at hand: the record that had them is refused.
    fn forget_keys(&mut self, first: usize) {
        for key in self.keys.drain(first..) {
            self.places.remove(&key);
        }
        self.leads.forget(first);
        self.slots.drop_record();
    }

    fn add(&mut self, start: usize) {
        self.starts.push(start);
        let Self { slots, findings, keys, offset, .. } = self;
        slots.end_record(|place| {
            findings.note("repeated_key", *offset + start as u64, None, || {
                let reason = "the key stands twice in a record: the last value counts".to_owned();
                (keys[place].to_string(), reason)
            });
        });
    }

    /// The place of a key.
    fn place(&mut self, key: Cow<'t, str>) -> usize {
        if let Some(&place) = self.places.get(&key) {
            return place;
        }
        let place = self.keys.len();
        self.keys.push(key.clone());
        self.places.insert(key, place);
        place
    }

    /// The number of records.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.starts.len()
    }

    /// The place of a key, where the block has it.
    #[must_use]
    pub fn known(&self, key: &str) -> Option<usize> {
        self.places.get(key).copied()
    }

    /// The value of each record at a place; null is none.
    pub fn column(&self, place: usize) -> impl Iterator<Item = Option<&Slot>> {
        (0..self.rows()).map(move |row| self.find(row, place))
    }

    /// A value as JSON.
    #[must_use]
    pub fn json(&self, slot: &Slot) -> Cow<'_, Json<'t>> {
        let text = self.spelling(slot);
        Cow::Owned(match slot.kind() {
            Kind::Nothing => Json::Null,
            Kind::Truth => Json::Truth(text == "true"),
            Kind::Number => Json::Number(text),
            Kind::Text => Json::Text(Cow::Borrowed(text)),
            Kind::Rare => return Cow::Borrowed(&self.rare[slot.from()].0),
        })
    }

    /// The text of the block at a value that is not rare.
    #[inline]
    pub(super) fn spelling(&self, slot: &Slot) -> &'t str {
        let spelt = if slot.is(Kind::Rare) { 0..0 } else { slot.from()..slot.from() + slot.length() };
        self.text.get(spelt).unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
