//! Numbers that repeat in a group of rows: each has a place, found by a small table, and a count.

/// Slots of a new table, as a power of two.
const SLOT_BITS: u32 = 8;

/// Different numbers in order of first appearance.
#[derive(Default)]
pub struct Places {
    /// Places plus one, found by hash; zero where nothing is.
    slots: Vec<u32>,
    bits: u32,
    keys: Vec<i64>,
    counts: Vec<u32>,
}

impl Places {
    #[inline]
    fn slot(&self, key: i64) -> usize {
        (key.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - self.bits)) as usize
    }

    /// Counts a number; its place.
    #[inline]
    pub fn count(&mut self, key: i64) -> u32 {
        if self.keys.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mut slot = self.slot(key);
        loop {
            let place = self.slots[slot].wrapping_sub(1);
            match self.keys.get(place as usize) {
                Some(&known) if known == key => {
                    self.counts[place as usize] += 1;
                    return place;
                }
                Some(_) => slot = (slot + 1) & (self.slots.len() - 1),
                None => return self.append(slot, key),
            }
        }
    }

    #[inline(never)]
    fn append(&mut self, slot: usize, key: i64) -> u32 {
        let place = self.keys.len() as u32;
        self.keys.push(key);
        self.counts.push(1);
        self.slots[slot] = place + 1;
        place
    }

    #[inline(never)]
    fn grow(&mut self) {
        self.bits = if self.slots.is_empty() { SLOT_BITS } else { self.bits + 1 };
        self.slots = vec![0; 1 << self.bits];
        for (place, &key) in (1..).zip(&self.keys) {
            let mut slot = self.slot(key);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = place;
        }
    }

    /// The numbers in order of their places.
    #[must_use]
    pub fn keys(&self) -> &[i64] {
        &self.keys
    }

    /// Forgets all; every number comes back with its count.
    pub fn drain(&mut self) -> impl Iterator<Item = (i64, u32)> + use<> {
        self.slots.fill(0);
        std::mem::take(&mut self.keys).into_iter().zip(std::mem::take(&mut self.counts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_share_a_place_and_all_are_counted() {
        let mut places = Places::default();
        let numbers: Vec<i64> = (0..3_000).map(|at| (at * 7_919 % 700) * (1 << 40) - 5).collect();
        let mut known: Vec<(i64, u32)> = Vec::new();
        for &number in &numbers {
            let place = places.count(number) as usize;
            if place == known.len() {
                known.push((number, 0));
            }
            assert_eq!(known[place].0, number);
            known[place].1 += 1;
        }
        assert_eq!(places.drain().collect::<Vec<_>>(), known);
        assert_eq!(places.drain().count(), 0);
        assert_eq!([i64::MIN, i64::MAX, i64::MIN].map(|key| places.count(key)), [0, 1, 0]);
    }
}
