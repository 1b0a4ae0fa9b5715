//! Counting distinct values: exactly while memory allows, by estimate after that.

use hashbrown::HashTable;

/// Values of a text column with their counts.
#[derive(Default)]
pub struct TextTally {
    table: HashTable<Slot>,
    entries: Vec<TextEntry>,
    letters: Vec<u8>,
    last: Option<u32>,
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

struct TextEntry {
    hash: u64,
    start: usize,
    length: usize,
    count: u64,
}

impl TextTally {
    /// Counts one value under its hash.
    pub fn add(&mut self, hash: u64, value: &[u8], times: u64) {
        let Self { table, entries, letters, last } = self;
        let same = |entry: &TextEntry| {
            entry.hash == hash && letters[entry.start..entry.start + entry.length] == *value
        };
        if let Some(at) = *last
            && same(&entries[at as usize])
        {
            entries[at as usize].count += times;
            return;
        }
        let half = (hash >> 32) as u32;
        let known = |slot: &Slot| slot.half == half && same(&entries[slot.at as usize]);
        if let Some(&Slot { at, .. }) = table.find(Slot::hash(half), known) {
            entries[at as usize].count += times;
            *last = Some(at);
            return;
        }
        let at = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        entries.push(TextEntry { hash, start: letters.len(), length: value.len(), count: times });
        letters.extend_from_slice(value);
        table.insert_unique(Slot::hash(half), Slot { half, at }, |slot| Slot::hash(slot.half));
        *last = Some(at);
    }

    /// Bytes in use, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.letters.capacity() + self.entries.capacity() * size_of::<TextEntry>() + self.table.capacity() * 9
    }

    /// Distinct values.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.entries.len()
    }

    /// Every value with its hash and count, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &[u8], u64)> {
        self.entries
            .iter()
            .map(|entry| (entry.hash, &self.letters[entry.start..entry.start + entry.length], entry.count))
    }
}

/// Values of a numeric column, as bit patterns that order and hash alike, with their counts.
#[derive(Default)]
pub struct NumberTally {
    narrow: HashTable<(i64, u64)>,
    wide: HashTable<(i128, u64)>,
}

/// A hash of a number's pattern.
#[must_use]
pub fn spread(key: i128) -> u64 {
    let low = u64::try_from(key & i128::from(u64::MAX)).unwrap_or(0);
    let high = u64::try_from((key >> 64) & i128::from(u64::MAX)).unwrap_or(0);
    let mixed = u128::from(low ^ 0x9E37_79B9_7F4A_7C15) * u128::from(high ^ 0xD6E8_FEB8_6659_FD93 | 1);
    let folded = (mixed >> 64) ^ (mixed & u128::from(u64::MAX));
    let once = u64::try_from(folded).unwrap_or(0).wrapping_mul(0xA076_1D64_78BD_642F);
    once ^ (once >> 32)
}

impl NumberTally {
    /// Counts one value.
    pub fn add(&mut self, key: i128, times: u64) {
        match i64::try_from(key) {
            Ok(key) => count(&mut self.narrow, key, times, spread_narrow),
            Err(_) => count(&mut self.wide, key, times, spread),
        }
    }

    /// Bytes in use, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.narrow.capacity() * (size_of::<(i64, u64)>() + 1)
            + self.wide.capacity() * (size_of::<(i128, u64)>() + 1)
    }

    /// Every value with its count, in no order.
    #[must_use]
    pub fn entries(&self) -> Vec<(i128, u64)> {
        let narrow = self.narrow.iter().map(|&(key, times)| (i128::from(key), times));
        narrow.chain(self.wide.iter().copied()).collect()
    }
}

fn count<K: Copy + Eq>(table: &mut HashTable<(K, u64)>, key: K, times: u64, hash: impl Fn(K) -> u64) {
    table
        .entry(hash(key), |entry| entry.0 == key, |entry| hash(entry.0))
        .and_modify(|entry| entry.1 += times)
        .or_insert((key, times));
}

fn spread_narrow(key: i64) -> u64 {
    let mixed = u128::from(key.cast_unsigned() ^ 0x9E37_79B9_7F4A_7C15) * 0xA076_1D64_78BD_642F_u128;
    ((mixed >> 64) ^ mixed) as u64
}

/// An estimate of distinct values in 16 KiB (`HyperLogLog`), good to about one per cent.
pub struct Estimate {
    registers: Vec<u8>,
}

const REGISTER_BITS: u32 = 14;

impl Default for Estimate {
    fn default() -> Self {
        Self { registers: vec![0; 1 << REGISTER_BITS] }
    }
}

impl Estimate {
    /// Adds a value's hash.
    pub fn add(&mut self, hash: u64) {
        let at = usize::try_from(hash >> (64 - REGISTER_BITS)).unwrap_or(0);
        let rank = u8::try_from((hash << REGISTER_BITS).leading_zeros().min(64 - REGISTER_BITS) + 1);
        self.registers[at] = self.registers[at].max(rank.unwrap_or(u8::MAX));
    }

    /// Distinct values, about.
    #[must_use]
    pub fn count(&self) -> u64 {
        let size = self.registers.len() as f64;
        let sum: f64 = self.registers.iter().map(|&rank| (-f64::from(rank)).exp2()).sum();
        let zeros = self.registers.iter().map(|&rank| u32::from(rank == 0)).sum::<u32>();
        let raw = 0.7213 / (1.0 + 1.079 / size) * size * size / sum;
        let small = raw <= 2.5 * size && zeros > 0;
        let estimate = if small { size * (size / f64::from(zeros)).ln() } else { raw };
        estimate.round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_counted_once_per_value() {
        let mut tally = NumberTally::default();
        for value in 0..10_000_i128 {
            tally.add(value % 1_000 - 500, 1);
        }
        assert_eq!(tally.entries().len(), 1_000);
        assert!(tally.entries().iter().all(|&(_, times)| times == 10));
    }

    #[test]
    fn texts_of_equal_hash_stay_apart() {
        let mut tally = TextTally::default();
        tally.add(7, b"a", 1);
        tally.add(7, b"b", 2);
        tally.add(7, b"a", 3);
        let counted: Vec<_> = tally.iter().map(|(_, value, times)| (value.to_vec(), times)).collect();
        assert_eq!(counted, [(b"a".to_vec(), 4), (b"b".to_vec(), 2)]);
    }

    #[test]
    fn the_estimate_is_within_three_per_cent() {
        for size in [100_i128, 10_000, 300_000] {
            let mut estimate = Estimate::default();
            (0..size).for_each(|value| estimate.add(spread(value)));
            let error = (estimate.count() as f64 / size as f64 - 1.0).abs();
            assert!(error < 0.03, "{size}: {error}");
        }
    }
}
