//! The texts of a column and how often each occurs.

use crate::texts;

/// Bytes of a count, a length, a group of rows and a place in it before each text.
const HEAD: usize = 20;
/// Records begin at multiples of this.
const STEP: usize = 4;
/// Bytes of a chunk of records; the first one grows up to it.
const CHUNK: usize = 1 << 20;
/// Steps in a chunk, as a power of two.
const CHUNK_BITS: u32 = (CHUNK / STEP).trailing_zeros();
/// Hashes whose records are brought near together.
const NEAR: usize = 32;
/// Slots of a new table, as a power of two.
const SLOT_BITS: u32 = 6;

/// Distinct texts, each in one record beside its count.
#[derive(Default)]
pub struct TextTally {
    slots: Slots,
    records: Records,
}

/// Places of records, found by the upper half of a hash, which stands beside the place.
///
/// The leading bits of the half are the first slot to look at, so that a table twice as large has the same order.
#[derive(Default)]
struct Slots {
    /// The half above the place plus one; zero where nothing is.
    all: Vec<u64>,
    bits: u32,
    used: usize,
}

impl Slots {
    /// The first slot to look at for a half.
    #[inline]
    fn first(&self, half: u32) -> u64 {
        self.all.get((half >> (u32::BITS - self.bits).min(31)) as usize).copied().unwrap_or(0)
    }

    /// The place of the first record with this half that `is_same`, or the free slot where it would be.
    #[inline]
    fn find(&self, half: u32, mut is_same: impl FnMut(u32) -> bool) -> Result<u32, usize> {
        let mut slot = (half >> (u32::BITS - self.bits)) as usize;
        loop {
            let found = self.all[slot];
            if found == 0 {
                return Err(slot);
            }
            let place = found as u32 - 1;
            if (found >> 32) as u32 == half && is_same(place) {
                return Ok(place);
            }
            slot = (slot + 1) & (self.all.len() - 1);
        }
    }

    /// Doubles the table where it is half full.
    #[inline]
    fn make_room(&mut self) {
        if self.used * 2 >= self.all.len() {
            self.grow();
        }
    }

    #[inline(never)]
    fn grow(&mut self) {
        self.bits = if self.all.is_empty() { SLOT_BITS } else { self.bits + 1 };
        let before = std::mem::replace(&mut self.all, vec![0; 1 << self.bits]);
        for found in before.into_iter().filter(|&found| found != 0) {
            let mut slot = (found >> (64 - self.bits)) as usize;
            while self.all[slot] != 0 {
                slot = (slot + 1) & (self.all.len() - 1);
            }
            self.all[slot] = found;
        }
    }
}

/// Records one after the other: the count, the length, the group, the place, the text. They never move.
#[derive(Default)]
struct Records {
    chunks: Vec<Vec<u8>>,
    /// Bytes that the chunks hold room for.
    room: usize,
}

/// The count and the length before a text.
#[inline]
fn head(record: &[u8]) -> (u64, usize) {
    let mut count = [0; 8];
    let mut length = [0; 4];
    count.copy_from_slice(&record[..8]);
    length.copy_from_slice(&record[8..12]);
    (u64::from_le_bytes(count), u32::from_le_bytes(length) as usize)
}

impl Records {
    /// The chunk from the record at a place on.
    #[inline]
    fn at(&self, place: u32) -> &[u8] {
        &self.chunks[(place >> CHUNK_BITS) as usize][place as usize % (CHUNK / STEP) * STEP..]
    }

    /// Counts the text of the record at a place once more, if it is this one; whether it is.
    #[inline]
    fn count_again(&mut self, place: u32, value: &[u8]) -> bool {
        let from = place as usize % (CHUNK / STEP) * STEP;
        let record = &mut self.chunks[(place >> CHUNK_BITS) as usize][from..];
        let Some((count, rest)) = record.split_first_chunk_mut() else { return false };
        let Some((length, rest)) = rest.split_first_chunk() else { return false };
        let text = rest.get(HEAD - 12..HEAD - 12 + value.len());
        let is_same = u32::from_le_bytes(*length) as usize == value.len()
            && text.is_some_and(|text| texts::same(text, value));
        if is_same {
            *count = (u64::from_le_bytes(*count) + 1).to_le_bytes();
        }
        is_same
    }

    /// The place of the record among those met in a group of rows; `next` where it is met for the first time.
    #[inline]
    fn place_in(&mut self, record: u32, group: u32, next: u32) -> u32 {
        let from = record as usize % (CHUNK / STEP) * STEP + 12;
        let known = &mut self.chunks[(record >> CHUNK_BITS) as usize][from..from + 8];
        let (mut met, mut place) = ([0; 4], [0; 4]);
        met.copy_from_slice(&known[..4]);
        place.copy_from_slice(&known[4..]);
        if u32::from_le_bytes(met) == group {
            return u32::from_le_bytes(place);
        }
        known[..4].copy_from_slice(&group.to_le_bytes());
        known[4..].copy_from_slice(&next.to_le_bytes());
        next
    }

    /// A new record with one occurrence; where it begins.
    fn append(&mut self, value: &[u8]) -> u32 {
        let need = (HEAD + value.len()).next_multiple_of(STEP);
        if self.chunks.last().is_none_or(|chunk| chunk.len() + need > CHUNK) {
            // A long text has a chunk of its own; the first chunk grows, for there may be many columns.
            let room = if self.chunks.is_empty() { need } else { need.max(CHUNK) };
            self.chunks.push(Vec::with_capacity(room));
            self.room += room;
        }
        let last = self.chunks.len() - 1;
        let chunk = &mut self.chunks[last];
        let place = (last << CHUNK_BITS) + chunk.len() / STEP;
        let before = chunk.capacity();
        chunk.extend_from_slice(&1_u64.to_le_bytes());
        chunk.extend_from_slice(&u32::try_from(value.len()).unwrap_or(u32::MAX).to_le_bytes());
        chunk.extend_from_slice(&[0; 8]);
        chunk.extend_from_slice(value);
        chunk.resize(chunk.len().next_multiple_of(STEP), 0);
        self.room += chunk.capacity() - before;
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}

impl TextTally {
    /// Brings near what is known under some hashes: looked up one after the other, each would wait for memory.
    pub fn approach(&self, hashes: &[u64]) {
        let mut near = 0;
        for some in hashes.chunks(NEAR) {
            let mut found = [0; NEAR];
            for (found, &hash) in found.iter_mut().zip(some) {
                *found = self.slots.first((hash >> 32) as u32);
            }
            for (&found, &hash) in found.iter().zip(some) {
                if found >> 32 == hash >> 32 && found != 0 {
                    near ^= self.records.at(found as u32 - 1)[0];
                }
            }
        }
        std::hint::black_box(near);
    }

    /// Counts one value under its hash.
    #[inline]
    pub fn add(&mut self, hash: u64, value: &[u8]) {
        self.count(hash, value);
    }

    /// Counts one value under its hash; gives its place among those met in `group`, which is not zero, or `next` where
    /// it has none there yet.
    #[inline]
    pub fn place(&mut self, hash: u64, value: &[u8], group: u32, next: u32) -> u32 {
        let record = self.count(hash, value);
        self.records.place_in(record, group, next)
    }

    /// Counts one value; where its record is.
    #[inline]
    fn count(&mut self, hash: u64, value: &[u8]) -> u32 {
        let half = (hash >> 32) as u32;
        self.slots.make_room();
        match self.slots.find(half, |place| self.records.count_again(place, value)) {
            Ok(place) => place,
            Err(slot) => {
                let place = self.records.append(value);
                self.slots.all[slot] = u64::from(half) << 32 | u64::from(place + 1);
                self.slots.used += 1;
                place
            }
        }
    }

    /// Bytes in use, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.records.room + self.slots.all.len() * 8
    }

    /// Distinct values.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.slots.used
    }

    /// Every value with its count, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], u64)> {
        self.records.chunks.iter().flat_map(|chunk| {
            let mut rest = chunk.as_slice();
            std::iter::from_fn(move || {
                let record = rest;
                let (count, length) = if record.is_empty() { return None } else { head(record) };
                rest = &record[(HEAD + length).next_multiple_of(STEP)..];
                Some((&record[HEAD..HEAD + length], count))
            })
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

#[cfg(test)]
#[path = "text_tally_tests.rs"]
mod tests;
