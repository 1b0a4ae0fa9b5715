//! Counting distinct values by estimate, where memory does not allow more.

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
    #[inline]
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

/// A hash of a number's pattern.
#[must_use]
#[inline]
pub fn scatter(key: i128) -> u64 {
    let (low, high) = (key as u64, (key >> 64) as u64);
    let mixed = u128::from(low ^ 0x9E37_79B9_7F4A_7C15) * u128::from(high ^ 0xD6E8_FEB8_6659_FD93 | 1);
    let once = ((mixed >> 64) as u64 ^ mixed as u64).wrapping_mul(0xA076_1D64_78BD_642F);
    once ^ (once >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_is_within_three_per_cent() {
        for size in [100_i128, 10_000, 300_000] {
            let mut estimate = Estimate::default();
            (0..size).for_each(|value| estimate.add(scatter(value)));
            let error = (estimate.count() as f64 / size as f64 - 1.0).abs();
            assert!(error < 0.03, "{size}: {error}");
        }
    }
}
