//! The numbers of a column and how often each occurs, in sorted runs: sorting a run beats hashing its values.

use std::collections::BTreeMap;

use crate::radix;

/// Values after which a first look tells whether next to none of them repeat, and after which another one tells whether
/// most of them do.
const EARLY: usize = 1 << 15;
const FIRST: usize = 1 << 17;
/// Values that are sorted at a time where most of them are distinct.
const CHUNK: usize = 1 << 20;

/// Rising values with their counts; a count that outgrows its field goes on in the next entry of the same value.
#[derive(Default)]
struct Run {
    keys: Vec<i64>,
    counts: Vec<u32>,
}

impl Run {
    fn of(sorted: &[i64]) -> Self {
        let mut run = Self::default();
        for same in sorted.chunk_by(|a, b| a == b) {
            run.keys.push(same[0]);
            run.counts.push(u32::try_from(same.len()).unwrap_or(u32::MAX));
        }
        run
    }

    fn push(&mut self, key: i64, times: u32) {
        if self.keys.last() == Some(&key)
            && let Some(last) = self.counts.last_mut()
            && let Some(sum) = last.checked_add(times)
        {
            *last = sum;
        } else {
            self.keys.push(key);
            self.counts.push(times);
        }
    }

    fn append(&mut self, from: &Self, start: usize) {
        self.keys.extend_from_slice(&from.keys[start..]);
        self.counts.extend_from_slice(&from.counts[start..]);
    }

    /// Gives every value once; entries of the same value as one.
    fn each(&self, mut take: impl FnMut(i64, u64)) {
        let mut before: Option<(i64, u64)> = None;
        for (&key, &times) in self.keys.iter().zip(&self.counts) {
            before = Some(match before {
                Some((known, sum)) if known == key => (key, sum + u64::from(times)),
                Some((known, sum)) => {
                    take(known, sum);
                    (key, times.into())
                }
                None => (key, times.into()),
            });
        }
        if let Some((known, sum)) = before {
            take(known, sum);
        }
    }

    /// The entries of both in order.
    fn merged(mut self, later: &Self) -> Self {
        if self.keys.last() < later.keys.first() {
            self.append(later, 0);
            return self;
        }
        let room = self.keys.len() + later.keys.len();
        let mut both = Self { keys: Vec::with_capacity(room), counts: Vec::with_capacity(room) };
        let (mut mine, mut theirs) = (0, 0);
        while mine < self.keys.len() && theirs < later.keys.len() {
            let (left, right) = (self.keys[mine], later.keys[theirs]);
            if left <= right {
                both.push(left, self.counts[mine]);
                mine += 1;
            } else {
                both.push(right, later.counts[theirs]);
                theirs += 1;
            }
        }
        while mine < self.keys.len() {
            both.push(self.keys[mine], self.counts[mine]);
            mine += 1;
        }
        while theirs < later.keys.len() {
            both.push(later.keys[theirs], later.counts[theirs]);
            theirs += 1;
        }
        if both.keys.len() * 4 < room * 3 {
            both.keys.shrink_to_fit();
            both.counts.shrink_to_fit();
        }
        both
    }
}

/// Values of a numeric column, as bit patterns that order as they do, with their counts.
pub struct NumberTally {
    /// Values that are in no run yet, and how many of them may wait.
    pending: Vec<i64>,
    limit: usize,
    /// Whether next to none of the first values repeat.
    is_key: bool,
    runs: Vec<Run>,
    /// Values that 64 bits do not hold.
    wide: BTreeMap<i128, u64>,
}

impl Default for NumberTally {
    fn default() -> Self {
        Self { pending: Vec::new(), limit: EARLY, is_key: false, runs: Vec::new(), wide: BTreeMap::new() }
    }
}

impl NumberTally {
    /// Counts one value.
    pub fn add(&mut self, key: i128) {
        match i64::try_from(key) {
            Ok(key) => self.add_narrow(key),
            Err(_) => *self.wide.entry(key).or_default() += 1,
        }
    }

    /// Counts one value that 64 bits hold.
    #[inline]
    pub fn add_narrow(&mut self, key: i64) {
        self.pending.push(key);
        if self.pending.len() >= self.limit {
            self.look_at_pending();
        }
    }

    /// Counts values that 64 bits hold.
    pub fn extend(&mut self, keys: impl ExactSizeIterator<Item = i64>) {
        if self.pending.len() + keys.len() > self.limit {
            self.look_at_pending();
        }
        self.pending.extend(keys);
    }

    /// Counts rising values that were counted already.
    pub fn add_counted(&mut self, rising: impl Iterator<Item = (i64, u32)>) {
        let mut run = Run::default();
        rising.for_each(|(key, times)| run.push(key, times));
        self.add_run(run);
    }

    /// Values that repeat are counted at once; others wait, for many are sorted as quickly as few.
    #[inline(never)]
    fn look_at_pending(&mut self) {
        if self.limit == EARLY {
            self.limit = FIRST;
            self.is_key = self.distinct_pending() * 8 > self.pending.len() * 7;
        } else if self.limit == FIRST
            && self.pending.len() < CHUNK
            && (self.is_key || self.distinct_pending() * 2 > self.pending.len())
        {
            self.limit = CHUNK;
            self.pending.reserve_exact(CHUNK - self.pending.len());
        } else {
            self.settle_pending();
        }
    }

    fn distinct_pending(&mut self) -> usize {
        radix::sort(&mut self.pending);
        self.pending.chunk_by(|a, b| a == b).count()
    }

    fn settle_pending(&mut self) {
        radix::sort(&mut self.pending);
        let run = Run::of(&self.pending);
        self.pending.clear();
        self.add_run(run);
    }

    fn add_run(&mut self, run: Run) {
        self.runs.push(run);
        while let [.., before, last] = &self.runs[..]
            && before.keys.len() < 2 * last.keys.len()
        {
            self.join_last_two();
        }
    }

    fn join_last_two(&mut self) {
        if let (Some(last), Some(before)) = (self.runs.pop(), self.runs.pop()) {
            self.runs.push(before.merged(&last));
        }
    }

    /// Brings every value into one order; before that [`Self::each`] does not tell all.
    pub fn settle(&mut self) {
        if self.runs.is_empty() {
            return radix::sort(&mut self.pending);
        }
        if !self.pending.is_empty() {
            self.settle_pending();
        }
        self.pending = Vec::new();
        while self.runs.len() > 1 {
            self.join_last_two();
        }
    }

    /// Gives every value with a count, some of them several times, and frees its memory on the way: bringing all into one
    /// order would need as much again.
    pub fn drain(self, mut take: impl FnMut(Key, u64)) {
        for run in self.runs {
            run.each(|key, times| take(Key::Narrow(key), times));
        }
        self.pending.into_iter().for_each(|key| take(Key::Narrow(key), 1));
        self.wide.into_iter().for_each(|(key, times)| take(Key::Wide(key), times));
    }

    /// Bytes in use, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        let runs: usize =
            self.runs.iter().map(|run| run.keys.capacity() * 8 + run.counts.capacity() * 4).sum();
        runs + self.pending.capacity() * 8 + self.wide.len() * 40
    }

    /// Gives every value once, in rising order, with its count.
    pub fn each(&self, mut take: impl FnMut(Key, u64)) {
        self.each_below(|key, times| take(Key::Wide(key), times));
        self.each_narrow(|key, times| take(Key::Narrow(key), times));
        self.each_above(|key, times| take(Key::Wide(key), times));
    }

    /// All values, where each occurs once and 64 bits hold it.
    #[must_use]
    pub fn keys(&self) -> Option<&[i64]> {
        let (keys, once) = match self.runs.first() {
            Some(run) => (&run.keys, run.counts.iter().all(|&times| times == 1)),
            None => (&self.pending, self.pending.windows(2).all(|pair| pair[0] != pair[1])),
        };
        (once && self.wide.is_empty()).then_some(keys)
    }

    /// How many values there are at most that 64 bits hold.
    #[must_use]
    pub fn most_narrow(&self) -> usize {
        self.pending.len() + self.runs.first().map_or(0, |run| run.keys.len())
    }

    /// The same of values that 64 bits hold.
    pub fn each_narrow(&self, mut take: impl FnMut(i64, u64)) {
        if let Some(run) = self.runs.first() {
            run.each(&mut take);
        }
        for same in self.pending.chunk_by(|a, b| a == b) {
            take(same[0], same.len() as u64);
        }
    }

    /// The same of values that are less than those.
    pub fn each_below(&self, mut take: impl FnMut(i128, u64)) {
        self.wide.range(..i128::from(i64::MIN)).for_each(|(&key, &times)| take(key, times));
    }

    /// The same of values that are more than those.
    pub fn each_above(&self, mut take: impl FnMut(i128, u64)) {
        self.wide.range(i128::from(i64::MAX)..).for_each(|(&key, &times)| take(key, times));
    }
}

/// A value's bit pattern; nearly all fit 64 bits, and those are quicker to go through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Narrow(i64),
    Wide(i128),
}

impl Key {
    /// The shortest form of a pattern.
    #[must_use]
    #[inline]
    pub fn of(key: i128) -> Self {
        i64::try_from(key).map_or(Self::Wide(key), Self::Narrow)
    }

    /// The pattern, however many bits it needs.
    #[must_use]
    pub fn whole(self) -> i128 {
        match self {
            Self::Narrow(key) => key.into(),
            Self::Wide(key) => key,
        }
    }
}

#[cfg(test)]
#[path = "number_tally_tests.rs"]
mod tests;
