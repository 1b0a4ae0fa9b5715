//! Texts that hardly repeat, told apart by their 64-bit hashes: the texts themselves are in the written table.
//!
//! Two of a million texts share a seeded hash once in thirty million runs; only then is a count off by one.

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};

use crate::bounds::beginning;
use crate::estimate::Estimate;
use crate::number_tally::{Key, NumberTally};
use crate::profile::TOP;
use crate::text_facts::Facts;

/// The hashes of a column's texts, and what was known of each text when it passed.
pub struct TextHashes {
    tally: NumberTally,
    facts: Facts,
    least: Least,
}

/// The least texts of all, as many as a report shows.
#[derive(Default)]
struct Least {
    texts: BTreeSet<Vec<u8>>,
    /// How the greatest of them begins, once there are enough.
    end: Option<u64>,
}

impl Least {
    #[inline]
    fn add(&mut self, value: &[u8]) {
        if self.end.is_none_or(|end| beginning(value) <= end) {
            self.insert(value);
        }
    }

    #[inline(never)]
    fn insert(&mut self, value: &[u8]) {
        if self.texts.len() == TOP && self.texts.last().is_some_and(|last| value >= last.as_slice()) {
            return;
        }
        self.texts.insert(value.to_vec());
        if self.texts.len() > TOP {
            self.texts.pop_last();
        }
        if self.texts.len() == TOP {
            self.end = self.texts.last().map(|last| beginning(last));
        }
    }
}

/// What the hashes tell: how many there are, and which texts to look for.
pub struct Counted {
    pub distinct: u64,
    /// The most frequent hashes that are fewer than are shown.
    frequent: HashMap<u64, u64>,
    /// How often each text occurs that may fill what room is left, and their hashes; none where it is every other.
    rest: u64,
    tied: Option<HashSet<u64>>,
    /// The least texts, which are the ones to show where every text occurs once.
    least: Least,
}

/// The texts of the most frequent hashes, as far as they have been met.
pub struct Search<'c> {
    counted: &'c Counted,
    frequent: BTreeSet<(std::cmp::Reverse<u64>, Vec<u8>)>,
    least: BTreeSet<Vec<u8>>,
}

impl TextHashes {
    /// Goes on from texts whose hashes are known.
    pub fn of<'t>(known: impl Iterator<Item = (u64, &'t [u8], u64)>) -> Self {
        let mut hashes =
            Self { tally: NumberTally::default(), facts: Facts::default(), least: Least::default() };
        for (hash, value, times) in known {
            (0..times).for_each(|_| hashes.tally.add_narrow(hash.cast_signed()));
            hashes.facts.add(value, times);
            hashes.least.add(value);
        }
        hashes
    }

    /// Counts one value under its hash.
    #[inline]
    pub fn add(&mut self, hash: u64, value: &[u8]) {
        self.add_all(&[hash], std::iter::once(value));
    }

    /// Counts values under their hashes.
    #[inline]
    pub fn add_all<'t>(&mut self, hashes: &[u64], values: impl Iterator<Item = &'t [u8]>) {
        self.tally.extend(hashes.iter().map(|hash| hash.cast_signed()));
        for value in values {
            self.facts.add(value, 1);
            self.least.add(value);
        }
    }

    /// Bytes in use, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.tally.memory()
    }

    /// What is left where there is no memory for the hashes.
    #[must_use]
    pub fn estimated(self) -> (Estimate, Facts) {
        let mut distinct = Estimate::default();
        self.tally.drain(|key, _| distinct.add(pattern(key)));
        (distinct, self.facts)
    }

    /// Counts what there is.
    #[must_use]
    pub fn counted(mut self) -> (Counted, Facts) {
        self.tally.settle();
        if let Some(keys) = self.tally.keys() {
            let (distinct, rest) = (keys.len() as u64, u64::from(!keys.is_empty()));
            let counted = Counted { distinct, frequent: HashMap::new(), rest, tied: None, least: self.least };
            return (counted, self.facts);
        }
        let (mut distinct, mut most) = (0, Vec::with_capacity(TOP + 1));
        self.tally.each(|_, times| {
            distinct += 1;
            if most.len() < TOP || most.last().is_some_and(|&least| times > least) {
                most.insert(most.partition_point(|&more| more >= times), times);
                most.truncate(TOP);
            }
        });
        let rest = most.last().copied().unwrap_or(0);
        let (mut frequent, mut tied) = (HashMap::new(), HashSet::new());
        self.tally.each(|key, times| {
            if times > rest {
                frequent.insert(pattern(key), times);
            } else if times == rest && rest > 1 {
                tied.insert(pattern(key));
            }
        });
        (
            Counted { distinct, frequent, rest, tied: (rest > 1).then_some(tied), least: self.least },
            self.facts,
        )
    }
}

fn pattern(key: Key) -> u64 {
    key.whole() as u64
}

impl Counted {
    /// The texts to show, where they are known without a search.
    #[must_use]
    pub fn known(&self) -> Option<Vec<(Vec<u8>, u64)>> {
        let once = self.frequent.is_empty() && self.tied.is_none();
        once.then(|| self.least.texts.iter().map(|text| (text.clone(), self.rest)).collect())
    }

    /// A search for the texts.
    #[must_use]
    pub fn search(&self) -> Search<'_> {
        Search { counted: self, frequent: BTreeSet::new(), least: BTreeSet::new() }
    }
}

impl Search<'_> {
    /// Looks at one value of the table and its hash.
    pub fn meet(&mut self, value: &[u8], hash: u64) {
        let Counted { frequent, tied, .. } = self.counted;
        let room = TOP - frequent.len();
        let low = self.least.len() < room || self.least.last().is_some_and(|last| value < last.as_slice());
        if let Some(&times) = frequent.get(&hash) {
            let found = (std::cmp::Reverse(times), value.to_vec());
            self.frequent.insert(found);
        } else if low && tied.as_ref().is_none_or(|tied| tied.contains(&hash)) {
            self.least.insert(value.to_vec());
            if self.least.len() > room {
                self.least.pop_last();
            }
        }
    }

    /// The most frequent texts with their counts, equals in order of their bytes.
    #[must_use]
    pub fn found(self) -> Vec<(Vec<u8>, u64)> {
        let rest = self.counted.rest;
        let frequent = self.frequent.into_iter().map(|(times, value)| (value, times.0));
        frequent.chain(self.least.into_iter().map(|value| (value, rest))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::text_tally::TextTally;

    fn compared(texts: &[String]) {
        let (mut hashes, mut tally) = (TextHashes::of(std::iter::empty()), TextTally::default());
        let hash = |text: &String| cells::text(text.as_bytes(), 9);
        for text in texts {
            hashes.add(hash(text), text.as_bytes());
            tally.add(hash(text), text.as_bytes());
        }
        let (counted, _) = hashes.counted();
        let mut search = counted.search();
        for text in texts {
            search.meet(text.as_bytes(), hash(text));
        }
        let found = search.found();
        assert!(counted.known().is_none_or(|known| known == found));
        assert_eq!(counted.known().is_some(), counted.rest < 2 && counted.frequent.is_empty());
        let known = tally.most_frequent(TOP).into_iter().map(|(text, times)| (text.to_vec(), times));
        assert_eq!(found, known.collect::<Vec<_>>());
        assert_eq!(counted.distinct, tally.distinct() as u64);
    }

    #[test]
    fn the_texts_of_hashes_are_those_that_a_tally_of_texts_gives() {
        let numbered = |count: u64, of: u64| (0..count).map(move |at| format!("text {}", at * 7_919 % of));
        compared(&numbered(5_000, 5_000).collect::<Vec<_>>());
        compared(&numbered(5_000, 1_700).collect::<Vec<_>>());
        compared(&numbered(5_000, 4_996).collect::<Vec<_>>());
        compared(&numbered(5_000, 7).collect::<Vec<_>>());
        compared(&numbered(5_000, 2_500).chain(numbered(30, 15)).collect::<Vec<_>>());
        compared(&[]);
    }
}
