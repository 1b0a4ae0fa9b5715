//! Texts of one column, counted by value.

use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

use crate::cells;
use crate::error::Result;
use crate::estimate::Estimate;
use crate::profile::TOP;
use crate::render::hex;
use crate::report::{ColumnReport, Scalar};
use crate::text_facts::Facts;
use crate::text_hashes::TextHashes;
use crate::text_tally::TextTally;
use crate::texts::Texts;

/// Values that are counted after what is known of them was brought near.
const STRETCH: usize = 64;
/// Values after which a first look tells whether next to none of them repeat.
const EARLY: usize = 1 << 15;
/// Values, and bytes of them, after which another look tells whether most of them do.
const FIRST: usize = 1 << 17;
const FIRST_BYTES: usize = 16 << 20;
/// Characters of a value that a report shows.
const SHOWN: usize = 1_000;

/// Goes through the texts of the column as they were written, each with its hash.
pub type Written<'w> = dyn Fn(&mut dyn FnMut(u64, &[u8])) -> Result<()> + 'w;

/// The profile of a column of text, bytes or nested values.
#[derive(Default)]
pub struct TextProfile {
    counted: Counted,
    seen: usize,
}

/// How values are counted.
enum Counted {
    /// Each with its text.
    Texts(TextTally),
    /// By hash, because most occur once.
    Hashes(TextHashes),
    /// By estimate of hashes, because there is no memory for more.
    Estimate(Estimate, Facts),
}

impl Default for Counted {
    fn default() -> Self {
        Self::Texts(TextTally::default())
    }
}

impl TextProfile {
    /// Adds the cells of `array`; gives the hash of each under `seed`.
    pub fn update(&mut self, array: &ArrayRef, seed: u64) -> Vec<u64> {
        let hashes = match array.data_type() {
            DataType::Utf8 | DataType::Binary => self.add_all(array, seed),
            _ => cells::texts(array, seed, |hash, value| self.add(hash, value)),
        };
        self.seen += array.len() - array.null_count();
        self.look_at_texts(seed);
        hashes
    }

    /// Whether the texts themselves are kept, so that each has a place.
    #[must_use]
    pub fn keeps_texts(&self) -> bool {
        matches!(self.counted, Counted::Texts(_))
    }

    /// Adds values under their hashes; gives each one's place among those of a group of rows to `take`, and the value
    /// itself where it is met there for the first time. The next place that is free is `next`.
    pub fn place_all<'a>(
        &mut self,
        values: &mut dyn Iterator<Item = (u64, &'a [u8])>,
        (group, mut next): (u32, u32),
        take: &mut dyn FnMut(u32, Option<&[u8]>),
    ) {
        let Counted::Texts(tally) = &mut self.counted else { return };
        for (hash, value) in values {
            let place = tally.place(hash, value, group, next);
            take(place, (place == next).then_some(value));
            next += u32::from(place == next);
            self.seen += 1;
        }
    }

    fn add_all(&mut self, array: &ArrayRef, seed: u64) -> Vec<u64> {
        let hashes = cells::texts(array, seed, |_, _| ());
        let texts = Texts::of(array);
        if let Counted::Hashes(known) = &mut self.counted
            && array.null_count() == 0
        {
            known.add_all(&hashes, texts.all().map(|row| texts.at(row)));
            return hashes;
        }
        for (at, some) in hashes.chunks(STRETCH).enumerate() {
            if let Counted::Texts(tally) = &self.counted {
                tally.approach(some);
            }
            for (row, &hash) in (at * STRETCH..).zip(some) {
                if texts.is_there(row) {
                    self.add(hash, texts.at(row));
                }
            }
        }
        hashes
    }

    /// Adds one value under its hash.
    #[inline]
    fn add(&mut self, hash: u64, value: &[u8]) {
        match &mut self.counted {
            Counted::Texts(tally) => tally.add(hash, value),
            Counted::Hashes(hashes) => hashes.add(hash, value),
            Counted::Estimate(distinct, facts) => {
                distinct.add(hash);
                facts.add(value, 1);
            }
        }
    }

    /// Texts of which most occur once are not worth their memory.
    pub fn look_at_texts(&mut self, seed: u64) {
        let Counted::Texts(tally) = &self.counted else { return };
        let (seen, distinct) = (self.seen, tally.distinct());
        let hardly_repeat = (seen >= FIRST || tally.memory() >= FIRST_BYTES) && distinct * 2 > seen;
        if hardly_repeat || (seen >= EARLY && distinct * 8 > seen * 7) {
            let known = tally.iter().map(|(value, times)| (cells::text(value, seed), value, times));
            self.counted = Counted::Hashes(TextHashes::of(known));
        }
    }

    /// Bytes in use, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        match &self.counted {
            Counted::Texts(tally) => tally.memory(),
            Counted::Hashes(hashes) => hashes.memory(),
            Counted::Estimate(..) => 0,
        }
    }

    /// Goes on with estimates, which need no more memory; `seed` is that of the hashes.
    pub fn give_up(&mut self, seed: u64) {
        self.counted = match std::mem::take(&mut self.counted) {
            Counted::Texts(tally) => {
                let (mut distinct, mut facts) = (Estimate::default(), Facts::default());
                for (value, times) in tally.iter() {
                    distinct.add(cells::text(value, seed));
                    facts.add(value, times);
                }
                Counted::Estimate(distinct, facts)
            }
            Counted::Hashes(hashes) => {
                let (distinct, facts) = hashes.estimated();
                Counted::Estimate(distinct, facts)
            }
            given_up @ Counted::Estimate(..) => given_up,
        };
    }

    /// Fills in what the values tell.
    pub fn report(
        self,
        report: &mut ColumnReport,
        data_type: &DataType,
        written: &Written<'_>,
    ) -> Result<()> {
        let shown = |value: &[u8]| -> String {
            if *data_type == DataType::Binary {
                return hex(&value[..value.len().min(SHOWN / 2)]);
            }
            String::from_utf8_lossy(value).chars().take(SHOWN).collect()
        };
        let facts = match self.counted {
            Counted::Texts(tally) => {
                let mut facts = Facts::default();
                tally.iter().for_each(|(value, times)| facts.add(value, times));
                (report.unique_exact, report.unique_count) = (true, tally.distinct() as u64);
                let most = tally.most_frequent(TOP).into_iter();
                report.top_values = most.map(|(value, times)| (shown(value), times)).collect();
                facts
            }
            Counted::Hashes(hashes) => {
                let (counted, facts) = hashes.counted();
                (report.unique_exact, report.unique_count) = (true, counted.distinct);
                let most = if let Some(known) = counted.known() {
                    known
                } else {
                    let mut search = counted.search();
                    written(&mut |hash, value| search.meet(value, hash))?;
                    search.found()
                };
                report.top_values = most.into_iter().map(|(value, times)| (shown(&value), times)).collect();
                facts
            }
            Counted::Estimate(distinct, facts) => {
                report.unique_count = distinct.count();
                facts
            }
        };
        report.min = facts.ends.least.as_deref().map(|value| Scalar::Text(shown(value)));
        report.max = facts.ends.greatest.as_deref().map(|value| Scalar::Text(shown(value)));
        if *data_type == DataType::Utf8 {
            report.blank_padded_count = facts.padded;
            report.empty_count = facts.empty;
            report.lengths = facts
                .shortest
                .map(|shortest| (shortest, facts.longest, facts.characters as f64 / facts.count as f64));
        }
        Ok(())
    }
}
