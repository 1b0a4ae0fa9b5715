//! Where the values of records stand in their text, record by record.

use crate::simple::Simple;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Nothing,
    Truth,
    Number,
    Text,
    /// An object, a list, or a text with escapes: one of those that are not in the text as they are meant.
    Rare,
}

/// Where a value is, and the key that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    /// The place of the key above the kind.
    key: u32,
    from: u32,
    length: u32,
    /// What a number is that was read where it stands: whether it is negative, and its digits.
    negative: Option<bool>,
    whole_digits: u8,
    places: u8,
    mantissa: u64,
}

impl Slot {
    const KIND_BITS: u32 = 3;

    /// A value between two bytes; blocks are far shorter than what these can tell.
    #[inline]
    #[must_use]
    pub fn new(place: usize, kind: Kind, (from, to): (usize, usize), number: Option<Simple>) -> Self {
        let Simple { negative, mantissa, whole_digits, places } = number.unwrap_or_default();
        Self {
            key: (place as u32) << Self::KIND_BITS | kind as u32,
            from: from as u32,
            length: (to - from) as u32,
            negative: number.map(|_| negative),
            whole_digits,
            places,
            mantissa,
        }
    }

    /// The number that the value is, where it was read.
    #[must_use]
    #[inline]
    pub fn number(self) -> Option<Simple> {
        let Self { whole_digits, places, mantissa, .. } = self;
        self.negative.map(|negative| Simple { negative, mantissa, whole_digits, places })
    }

    /// What the value is.
    #[must_use]
    pub fn kind(self) -> Kind {
        let kinds = [Kind::Nothing, Kind::Truth, Kind::Number, Kind::Text];
        kinds.into_iter().find(|&kind| self.is(kind)).unwrap_or(Kind::Rare)
    }

    /// Whether this is what the value is.
    #[must_use]
    #[inline]
    pub fn is(self, kind: Kind) -> bool {
        self.key & ((1 << Self::KIND_BITS) - 1) == kind as u32
    }

    fn place(self) -> usize {
        (self.key >> Self::KIND_BITS) as usize
    }

    /// The byte where the value begins, or which of the rare ones it is.
    #[must_use]
    #[inline]
    pub fn from(self) -> usize {
        self.from as usize
    }

    /// Bytes of the value.
    #[must_use]
    #[inline]
    pub fn length(self) -> usize {
        self.length as usize
    }
}

/// The values of records, those of each in order of their keys' places.
#[derive(Default)]
pub struct Slots {
    /// Those in use and, behind them, room for others.
    all: Vec<Slot>,
    /// Values in use.
    end: usize,
    /// For each record, the number of values up to its end.
    ends: Vec<u32>,
    /// Values before the record at hand.
    begin: usize,
    /// Keys of the first record, and whether some record has others.
    width: usize,
    is_uneven: bool,
    /// Whether the keys of the record at hand have come in another order than theirs, or with a hole.
    is_mixed: bool,
}

impl Slots {
    /// Forgets all records; their memory serves again.
    pub fn clear(&mut self) {
        self.ends.clear();
        (self.begin, self.end) = (0, 0);
    }

    /// Adds a value to the record at hand.
    #[inline]
    pub fn push(&mut self, slot: Slot) {
        self.is_mixed |= slot.place() != self.end - self.begin;
        match self.all.get_mut(self.end) {
            Some(room) => *room = slot,
            None => self.all.push(slot),
        }
        self.end += 1;
    }

    /// Room for the values of one more record that has the same keys as those before; none where they differ.
    #[inline]
    pub fn open(&mut self) -> Option<&mut [Slot]> {
        if self.ends.is_empty() || self.is_uneven {
            return None;
        }
        let end = self.begin + self.width;
        if self.all.len() < end {
            self.all.resize(end, Slot::new(0, Kind::Nothing, (0, 0), None));
        }
        self.all.get_mut(self.begin..end)
    }

    /// Ends the record that was opened, all of whose values are there.
    #[inline]
    pub fn close(&mut self) {
        self.end = self.begin + self.width;
        self.begin = self.end;
        self.ends.push(self.end as u32);
    }

    /// Ends the record at hand; tells the places of keys that stand in it twice, of which the last value counts.
    pub fn end_record(&mut self, mut twice: impl FnMut(usize)) {
        let begin = self.begin;
        if std::mem::take(&mut self.is_mixed) {
            self.all[begin..self.end].sort_by_key(|slot| slot.place());
            let mut kept = begin;
            for at in begin..self.end {
                if kept > begin && self.all[kept - 1].place() == self.all[at].place() {
                    twice(self.all[at].place());
                    kept -= 1;
                }
                self.all[kept] = self.all[at];
                kept += 1;
            }
            self.end = kept;
        }
        let count = self.end - begin;
        if self.ends.is_empty() {
            (self.width, self.is_uneven) = (count, false);
        }
        let last = self.all[begin..self.end].last();
        self.is_uneven |= count != self.width || last.is_some_and(|last| last.place() + 1 != count);
        self.begin = self.end;
        self.ends.push(self.begin as u32);
    }

    /// Forgets the values of the record at hand.
    pub fn drop_record(&mut self) {
        self.end = self.begin;
        self.is_mixed = false;
    }

    /// The value of a record at a place, if it has the key.
    #[must_use]
    #[inline]
    pub fn find(&self, record: usize, place: usize) -> Option<&Slot> {
        let at = if self.is_uneven {
            self.search(record, place)?
        } else {
            let known = place < self.width && record < self.ends.len();
            if known { record * self.width + place } else { return None }
        };
        self.all.get(at)
    }

    #[inline(never)]
    fn search(&self, record: usize, place: usize) -> Option<usize> {
        let from = record.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let own = &self.all[from..*self.ends.get(record)? as usize];
        let found = match own.get(place) {
            Some(slot) if slot.place() == place => Ok(place),
            _ => own.binary_search_by_key(&place, |slot| slot.place()),
        };
        Some(from + found.ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records of keys, each value as long as its key's place is high.
    fn filled(records: &[&[usize]]) -> (Slots, Vec<usize>) {
        let (mut slots, mut twice) = (Slots::default(), Vec::new());
        for (record, places) in records.iter().enumerate() {
            for (at, &place) in places.iter().enumerate() {
                let from = record * 100 + at;
                slots.push(Slot::new(place, Kind::Text, (from, from + place), None));
            }
            slots.end_record(|place| twice.push(place));
        }
        (slots, twice)
    }

    fn froms(slots: &Slots, place: usize) -> Vec<Option<usize>> {
        (0..=slots.ends.len()).map(|record| slots.find(record, place).map(|slot| slot.from())).collect()
    }

    #[test]
    fn values_are_found_in_even_records_and_behind_the_last_there_are_none() {
        let (slots, twice) = filled(&[&[0, 1, 2], &[0, 1, 2]]);
        assert!(!slots.is_uneven && twice.is_empty());
        assert_eq!(froms(&slots, 1), [Some(1), Some(101), None]);
        assert_eq!(froms(&slots, 3), [None; 3]);
        assert_eq!(slots.find(1, 2).map(|slot| (slot.is(Kind::Text), slot.length())), Some((true, 2)));
    }

    #[test]
    fn values_are_found_where_keys_miss_change_their_order_or_come_late() {
        let (slots, twice) = filled(&[&[0, 1], &[1, 0], &[], &[3, 1], &[2]]);
        assert!(slots.is_uneven && twice.is_empty());
        assert_eq!(froms(&slots, 0), [Some(0), Some(101), None, None, None, None]);
        assert_eq!(froms(&slots, 1), [Some(1), Some(100), None, Some(301), None, None]);
        assert_eq!(froms(&slots, 2), [None, None, None, None, Some(400), None]);
        assert_eq!(froms(&slots, 3), [None, None, None, Some(300), None, None]);
    }

    #[test]
    fn the_last_value_of_a_repeated_key_counts_and_a_dropped_record_leaves_nothing() {
        let (mut slots, twice) = filled(&[&[0, 0, 1, 0]]);
        assert_eq!(twice, [0, 0]);
        assert_eq!((froms(&slots, 0), froms(&slots, 1)), (vec![Some(3), None], vec![Some(2), None]));
        slots.push(Slot::new(5, Kind::Number, (7, 8), None));
        slots.drop_record();
        slots.end_record(|_| ());
        assert_eq!((slots.ends.len(), froms(&slots, 5)), (2, vec![None; 3]));
    }

    #[test]
    fn a_number_is_kept_as_far_as_it_was_read() {
        let read = Simple { negative: true, mantissa: 1_234, whole_digits: 2, places: 2 };
        let mut slots = Slots::default();
        slots.push(Slot::new(1, Kind::Number, (4, 10), Some(read)));
        slots.push(Slot::new(0, Kind::Number, (11, 30), None));
        slots.end_record(|_| ());
        let numbers = [0, 1].map(|place| slots.find(0, place).and_then(|slot| slot.number()));
        assert_eq!(numbers, [None, Some(read)]);
    }

    #[test]
    fn every_kind_is_kept_beside_its_place() {
        const KINDS: [Kind; 5] = [Kind::Nothing, Kind::Truth, Kind::Number, Kind::Text, Kind::Rare];
        for kind in KINDS {
            let slot = Slot::new(1 << 28, kind, (3, 9), None);
            assert_eq!((slot.kind(), slot.place(), slot.from(), slot.length()), (kind, 1 << 28, 3, 6));
            assert_eq!(KINDS.map(|other| slot.is(other)), KINDS.map(|other| kind == other));
        }
    }
}
