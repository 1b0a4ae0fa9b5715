//! Moments, extremes and histograms of numbers that carry counts.

use crate::rising::Rising;

/// Bins of a histogram.
const BINS: usize = 20;
/// Finer bins that a growing range is counted in.
const FINE: usize = 4_096;

/// Mean, spread and extremes, updated value by value.
#[derive(Debug, Clone, Default)]
pub struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
    pub range: Option<(f64, f64)>,
}

impl Moments {
    /// Adds a finite value that occurs `times` times.
    pub fn add(&mut self, value: f64, times: u64) {
        let times = times as f64;
        self.count += times;
        let delta = value - self.mean;
        let step = delta * times / self.count;
        if step.is_finite() {
            self.mean += step;
        } else {
            // The distance of two huge values of opposite sign is no double, their weighted sum is.
            let weight = times / self.count;
            self.mean = self.mean * (1.0 - weight) + value * weight;
        }
        self.squares += times * delta * (value - self.mean);
        self.range = Some(match self.range {
            None => (value, value),
            Some((low, high)) => (low.min(value), high.max(value)),
        });
    }

    /// The moments of values that can be gone through twice, which spares a division for each.
    #[must_use]
    pub fn of(values: impl Iterator<Item = (f64, u64)> + Clone) -> Self {
        let (mut count, mut sum, mut range) = (0.0, 0.0, None);
        for (value, times) in values.clone() {
            count += times as f64;
            sum += value * times as f64;
            let (low, high) = range.unwrap_or((value, value));
            range = Some((value.min(low), value.max(high)));
        }
        let rough: f64 = sum / count;
        let (mut rest, mut squares) = (0.0, 0.0);
        for (value, times) in values.clone() {
            let delta = (value - rough) * times as f64;
            rest += delta;
            squares += delta * (value - rough);
        }
        if !(sum.is_finite() && squares.is_finite()) {
            let mut moments = Self::default();
            values.for_each(|(value, times)| moments.add(value, times));
            return moments;
        }
        // What the rounded sum left over is put back.
        Self { count, mean: rough + rest / count, squares: squares - rest * rest / count, range }
    }

    /// The same of rising values that are held.
    #[must_use]
    pub fn of_rising(rising: Rising<'_>) -> Self {
        let count = rising.total() as f64;
        let [sum] = rising.sums(|value, times| [value * times]);
        let rough = sum / count;
        let [rest, squares] = rising.sums(|value, times| {
            let delta = (value - rough) * times;
            [delta, delta * (value - rough)]
        });
        if !(sum.is_finite() && squares.is_finite()) {
            return Self::of(rising.pairs());
        }
        let range = rising.values.first().copied().zip(rising.values.last().copied());
        Self { count, mean: rough + rest / count, squares: squares - rest * rest / count, range }
    }

    /// Both together; `None` where doubles do not hold what is in between.
    #[must_use]
    pub fn with(&self, other: &Self) -> Option<Self> {
        if self.count == 0.0 || other.count == 0.0 {
            return Some(if self.count == 0.0 { other.clone() } else { self.clone() });
        }
        let count = self.count + other.count;
        let delta = other.mean - self.mean;
        let mean = self.mean + delta * (other.count / count);
        let squares = self.squares + other.squares + delta * delta * self.count * (other.count / count);
        let range = self.range.zip(other.range).map(|(one, two)| (one.0.min(two.0), one.1.max(two.1)));
        (mean.is_finite() && squares.is_finite()).then_some(Self { count, mean, squares, range })
    }

    /// The mean, if there is a value.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0.0).then_some(self.mean).filter(|mean| mean.is_finite())
    }

    /// The sample standard deviation, if there are two values.
    #[must_use]
    pub fn std_dev(&self) -> Option<f64> {
        (self.count > 1.0)
            .then(|| (self.squares / (self.count - 1.0)).max(0.0).sqrt())
            .filter(|spread| spread.is_finite())
    }
}

/// Counts in bins of equal width over a range that may grow.
#[derive(Debug, Clone)]
pub struct Bins {
    low: f64,
    width: f64,
    counts: Vec<u64>,
}

impl Bins {
    /// Fine bins over a range.
    #[must_use]
    pub fn over(low: f64, high: f64) -> Self {
        let span = if high > low { high - low } else { 1.0 };
        Self { low, width: span / (FINE as f64 - 1.0), counts: vec![0; FINE] }
    }

    /// Adds a finite value, doubling the range as often as needed.
    pub fn add(&mut self, value: f64, times: u64) {
        while value < self.low || value >= self.low + self.width * FINE as f64 {
            let down = value < self.low;
            let mut counts = vec![0; FINE];
            for (pair, two) in self.counts.chunks_exact(2).enumerate() {
                counts[if down { FINE / 2 + pair } else { pair }] = two[0] + two[1];
            }
            if down {
                self.low -= self.width * FINE as f64;
            }
            self.width *= 2.0;
            self.counts = counts;
            if !self.width.is_finite() || !self.low.is_finite() {
                return;
            }
        }
        let at = ((value - self.low) / self.width) as usize;
        self.counts[at.min(FINE - 1)] += times;
    }

    /// The counts, each as if all of its bin stood in the middle.
    pub fn centres(&self) -> impl Iterator<Item = (f64, u64)> + Clone {
        let counted = self.counts.iter().enumerate().filter(|&(_, &count)| count > 0);
        counted.map(|(at, &count)| (self.low + self.width * (at as f64 + 0.5), count))
    }
}

/// The histogram of rising values: where a bin begins is found, not gone through.
#[must_use]
pub fn histogram_of(rising: Rising<'_>) -> Vec<(f64, f64, u64)> {
    let values = rising.values;
    let (Some(&low), Some(&high)) = (values.first(), values.last()) else { return Vec::new() };
    let width = (high / BINS as f64) - (low / BINS as f64);
    if width <= 0.0 || !width.is_finite() {
        return vec![(low, high, rising.total())];
    }
    let bin = |value: f64| (((value - low) / width).max(0.0) as usize).min(BINS - 1);
    let edge = |at: usize| if at == BINS { high } else { low + width * at as f64 };
    let mut from = 0;
    (0..BINS)
        .map(|at| {
            let to = from + values[from..].partition_point(|&value| bin(value) <= at);
            let count = rising.count(from, to);
            from = to;
            (edge(at), edge(at + 1), count)
        })
        .collect()
}

/// At most twenty bins between two bounds; one bin where they are the same.
#[must_use]
pub fn histogram(low: f64, high: f64, values: impl Iterator<Item = (f64, u64)>) -> Vec<(f64, f64, u64)> {
    let width = (high / BINS as f64) - (low / BINS as f64);
    if width <= 0.0 || !width.is_finite() {
        return vec![(low, high, values.map(|(_, times)| times).sum())];
    }
    let mut counts = [0_u64; BINS];
    for (value, times) in values {
        let at = ((value - low) / width).max(0.0) as usize;
        counts[at.min(BINS - 1)] += times;
    }
    let edge = |at: usize| if at == BINS { high } else { low + width * at as f64 };
    counts.iter().enumerate().map(|(at, &count)| (edge(at), edge(at + 1), count)).collect()
}

#[cfg(test)]
#[path = "summary_tests.rs"]
mod tests;
