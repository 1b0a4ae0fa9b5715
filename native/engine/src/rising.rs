//! Finite values in rising order, each with how often it occurs.

/// Values that are held. Most columns of many values hold each of them once: no count is kept then, and none is read.
#[derive(Clone, Copy)]
pub struct Rising<'l> {
    pub values: &'l [f64],
    times: Option<&'l [u64]>,
}

impl<'l> Rising<'l> {
    /// Values with how often each occurs; each once where nothing tells that.
    #[must_use]
    pub fn new(values: &'l [f64], times: Option<&'l [u64]>) -> Self {
        Self { values, times }
    }

    /// Whether no value occurs twice.
    #[must_use]
    pub fn is_distinct(self) -> bool {
        self.times.is_none()
    }

    /// How often the values between two places occur together.
    #[must_use]
    pub fn count(self, from: usize, to: usize) -> u64 {
        self.times.map_or((to - from) as u64, |times| times[from..to].iter().sum())
    }

    /// How often all values occur together.
    #[must_use]
    pub fn total(self) -> u64 {
        self.count(0, self.values.len())
    }

    /// Each value with how often it occurs.
    pub fn pairs(self) -> impl Iterator<Item = (f64, u64)> + Clone + use<'l> {
        let often = move |at: usize| self.times.map_or(1, |times| times[at]);
        self.values.iter().enumerate().map(move |(at, &value)| (value, often(at)))
    }

    /// Sums of what `part` makes of each value and how often it occurs.
    pub fn sums<const COUNT: usize>(self, part: impl Fn(f64, f64) -> [f64; COUNT]) -> [f64; COUNT] {
        match self.times {
            None => sums(self.values, |_, value| part(value, 1.0)),
            Some(times) => sums(self.values, |at, value| part(value, times[at].cast_signed() as f64)),
        }
    }
}

/// Sums of what `part` makes of each value and its place: several at a time, for each waits for the one before.
fn sums<const COUNT: usize>(values: &[f64], part: impl Fn(usize, f64) -> [f64; COUNT]) -> [f64; COUNT] {
    const LANES: usize = 4;
    let (fours, last) = values.as_chunks::<LANES>();
    let mut lanes = [[0.0; COUNT]; LANES];
    let add = |lane: &mut [f64; COUNT], parts: [f64; COUNT]| {
        lane.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
    };
    for (at, four) in fours.iter().enumerate() {
        for lane in 0..LANES {
            add(&mut lanes[lane], part(at * LANES + lane, four[lane]));
        }
    }
    for ((lane, &value), at) in lanes.iter_mut().zip(last).zip(fours.len() * LANES..) {
        add(lane, part(at, value));
    }
    std::array::from_fn(|at| lanes.iter().map(|lane| lane[at]).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_without_counts_are_values_that_occur_once() {
        for count in 0..11_u32 {
            let values: Vec<f64> = (0..count).map(|at| f64::from(at) * 0.3 - 1.0).collect();
            let times = vec![1; values.len()];
            let (distinct, counted) = (Rising::new(&values, None), Rising::new(&values, Some(&times)));
            let told = |rising: Rising<'_>| {
                let sums = rising.sums(|value, times| [value * times, times]);
                (rising.total(), rising.count(0, values.len() / 2), rising.pairs().collect::<Vec<_>>(), sums)
            };
            assert_eq!(told(distinct), told(counted));
            assert_eq!((distinct.is_distinct(), counted.is_distinct()), (true, false));
        }
    }

    #[test]
    fn counts_weigh_the_values() {
        let rising = Rising::new(&[1.0, 2.0, 4.0, 8.0, 16.0], Some(&[3, 1, 2, 1, 5]));
        assert_eq!((rising.total(), rising.count(1, 4)), (12, 4));
        assert_eq!(rising.sums(|value, times| [value * times, times]), [101.0, 12.0]);
    }
}
