//! The texts of a column and how often each occurs.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// Bytes of a count and a length before each text.
const HEAD: usize = 12;
/// Records begin at multiples of this.
const STEP: usize = 4;

/// Distinct texts, each in one record beside its count.
#[derive(Default)]
pub struct TextTally {
    table: HashTable<Slot>,
    /// One after the other: the count, the length, the text.
    records: Vec<u8>,
    distinct: usize,
    last: Option<(u32, u32)>,
}

/// Half of the hash stands beside the place, so that growing the table looks at nothing else.
struct Slot {
    half: u32,
    at: u32,
}

impl Slot {
    fn hash(half: u32) -> u64 {
        u64::from(half).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

/// The count and the length before the text at `at`.
#[inline]
fn head(records: &[u8], at: usize) -> (u64, usize) {
    let mut count = [0; 8];
    let mut length = [0; 4];
    let bytes = &records[at..at + HEAD];
    count.copy_from_slice(&bytes[..8]);
    length.copy_from_slice(&bytes[8..]);
    (u64::from_le_bytes(count), u32::from_le_bytes(length) as usize)
}

/// The text of the record at `at`, if it is that long.
#[inline]
fn is_same(records: &[u8], at: u32, value: &[u8]) -> bool {
    let at = at as usize * STEP;
    head(records, at).1 == value.len() && records[at + HEAD..at + HEAD + value.len()] == *value
}

impl TextTally {
    /// Counts one value under its hash.
    pub fn add(&mut self, hash: u64, value: &[u8]) {
        let half = (hash >> 32) as u32;
        let Self { table, records, last, distinct } = self;
        if let Some((before, at)) = *last
            && before == half
            && is_same(records, at, value)
        {
            count_again(records, at);
            return;
        }
        let known = |slot: &Slot| slot.half == half && is_same(records, slot.at, value);
        let at = match table.entry(Slot::hash(half), known, |slot| Slot::hash(slot.half)) {
            Entry::Occupied(slot) => {
                let at = slot.get().at;
                count_again(records, at);
                at
            }
            Entry::Vacant(slot) => {
                let at = append(records, value);
                slot.insert(Slot { half, at });
                *distinct += 1;
                at
            }
        };
        *last = Some((half, at));
    }

    /// Bytes in use, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.records.capacity() + self.table.capacity() * 9
    }

    /// Distinct values.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.distinct
    }

    /// Every value with its count, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let mut at = 0;
        std::iter::from_fn(move || {
            if at >= self.records.len() {
                return None;
            }
            let (count, length) = head(&self.records, at);
            let text = &self.records[at + HEAD..at + HEAD + length];
            at += (HEAD + length).next_multiple_of(STEP);
            Some((text, count))
        })
    }

    /// At most `most` values, the most frequent first, equals in order of their bytes.
    #[must_use]
    pub fn most_frequent(&self, most: usize) -> Vec<(&[u8], u64)> {
        let order = |a: &(&[u8], u64), b: &(&[u8], u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0));
        let mut ranked: Vec<(&[u8], u64)> = Vec::with_capacity(most + 1);
        for found in self.iter() {
            let full = ranked.len() == most;
            if full && ranked.last().is_some_and(|least| order(least, &found).is_lt()) {
                continue;
            }
            let place = ranked.partition_point(|known| order(known, &found).is_lt());
            if place < most {
                ranked.truncate(most - 1);
                ranked.insert(place, found);
            }
        }
        ranked
    }
}

#[inline]
fn count_again(records: &mut [u8], at: u32) {
    let at = at as usize * STEP;
    let count = head(records, at).0 + 1;
    records[at..at + 8].copy_from_slice(&count.to_le_bytes());
}

/// A new record with one occurrence; where it begins.
fn append(records: &mut Vec<u8>, value: &[u8]) -> u32 {
    let at = u32::try_from(records.len() / STEP).unwrap_or(u32::MAX);
    let need = HEAD + value.len() + STEP;
    if records.capacity() - records.len() < need {
        // Doubling would hold twice the memory at the worst moment.
        records.reserve_exact(need + records.len() / 4);
    }
    records.extend_from_slice(&1_u64.to_le_bytes());
    records.extend_from_slice(&u32::try_from(value.len()).unwrap_or(u32::MAX).to_le_bytes());
    records.extend_from_slice(value);
    records.resize(records.len().next_multiple_of(STEP), 0);
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_equal_hash_stay_apart() {
        let mut tally = TextTally::default();
        for value in [b"a", b"b", b"a", b"b", b"a", b"a"] {
            tally.add(7, value);
        }
        let counted: Vec<_> = tally.iter().map(|(value, times)| (value.to_vec(), times)).collect();
        assert_eq!(counted, [(b"a".to_vec(), 4), (b"b".to_vec(), 2)]);
        assert_eq!(tally.distinct(), 2);
    }

    #[test]
    fn texts_of_every_length_come_back() {
        let mut tally = TextTally::default();
        let texts: Vec<Vec<u8>> = (0..300_usize).map(|length| vec![b'x'; length]).collect();
        for (hash, text) in texts.iter().enumerate() {
            tally.add((hash as u64) << 32, text);
        }
        assert_eq!(tally.iter().map(|(text, _)| text.to_vec()).collect::<Vec<_>>(), texts);
    }

    #[test]
    fn the_most_frequent_come_first_and_equals_in_order() {
        let mut tally = TextTally::default();
        for value in ["c", "b", "a", "d", "b", "d", "e"] {
            tally.add(u64::from(value.as_bytes()[0]) << 40, value.as_bytes());
        }
        let top: Vec<_> = tally.most_frequent(3).into_iter().map(|(text, times)| (text[0], times)).collect();
        assert_eq!(top, [(b'b', 2), (b'd', 2), (b'a', 1)]);
        assert!(TextTally::default().most_frequent(3).is_empty());
    }
}
