//! How the numbers of a column lie: quantiles, zeros, negatives and those far out.

use crate::rising::Rising;

/// The quantiles that are reported, with their names.
const QUANTILES: [(&str, f64); 7] =
    [("p01", 0.01), ("p05", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95), ("p99", 0.99)];
/// Distances between the quartiles beyond which a value is far out.
const FAR: f64 = 3.0;

/// Values outside the quartiles by more than three times their distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outliers {
    pub count: u64,
    pub low: f64,
    pub high: f64,
}

/// How the finite numbers of a column lie.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spread {
    pub zeros: u64,
    pub negatives: u64,
    pub quantiles: Vec<(&'static str, f64)>,
    /// Whether the quantiles come from every value rather than from bins.
    pub exact: bool,
    /// `None` where the quartiles are the same, so that no distance is far.
    pub outliers: Option<Outliers>,
}

impl Spread {
    /// The spread of finite values in rising order, each with how often it occurs.
    #[must_use]
    pub fn of(values: impl Iterator<Item = (f64, u64)> + Clone, exact: bool) -> Option<Self> {
        let (mut total, mut zeros, mut negatives) = (0, 0, 0);
        for (value, times) in values.clone() {
            total += times;
            zeros += if value == 0.0 { times } else { 0 };
            negatives += if value < 0.0 { times } else { 0 };
        }
        if total == 0 {
            return None;
        }
        let quantiles = quantiles(values.clone(), total);
        let (low, high) = (quantiles[2].1, quantiles[4].1);
        let reach = FAR * (high - low);
        let far = |value: f64| value < low - reach || value > high + reach;
        let outliers = (reach > 0.0 && reach.is_finite()).then(|| Outliers {
            count: values.map(|(value, times)| if far(value) { times } else { 0 }).sum(),
            low: low - reach,
            high: high + reach,
        });
        Some(Self { zeros, negatives, quantiles, exact, outliers })
    }
}

impl Spread {
    /// The same of values that are held, whose bounds are found rather than gone through.
    #[must_use]
    pub fn of_rising(rising: Rising<'_>) -> Option<Self> {
        let (values, total) = (rising.values, rising.total());
        if total == 0 {
            return None;
        }
        let below = |bound: f64| values.partition_point(|&value| value < bound);
        let negative = below(0.0);
        let zeros = values[negative..].partition_point(|&value| value == 0.0);
        let quantiles = if rising.is_distinct() {
            quantiles_of(total, |places| pick(values, places))
        } else {
            quantiles(rising.pairs(), total)
        };
        let (low, high) = (quantiles[2].1, quantiles[4].1);
        let reach = FAR * (high - low);
        let outliers = (reach > 0.0 && reach.is_finite()).then(|| {
            let above = values.partition_point(|&value| value <= high + reach);
            Outliers {
                count: rising.count(0, below(low - reach)) + rising.count(above, values.len()),
                low: low - reach,
                high: high + reach,
            }
        });
        Some(Self {
            zeros: rising.count(negative, negative + zeros),
            negatives: rising.count(0, negative),
            quantiles,
            exact: true,
            outliers,
        })
    }
}

/// The values at rising places, where each value occurs once.
fn pick(values: &[f64], places: &[u64]) -> Vec<f64> {
    places.iter().map(|&place| values[place as usize]).collect()
}

/// The quantiles by linear interpolation between the two nearest values.
fn quantiles(values: impl Iterator<Item = (f64, u64)>, total: u64) -> Vec<(&'static str, f64)> {
    quantiles_of(total, |places| at(values, places))
}

fn quantiles_of(total: u64, at: impl FnOnce(&[u64]) -> Vec<f64>) -> Vec<(&'static str, f64)> {
    let ranks = QUANTILES.map(|(_, part)| (total - 1) as f64 * part);
    let mut places: Vec<u64> =
        ranks.iter().flat_map(|rank| [rank.floor() as u64, rank.ceil() as u64]).collect();
    places.sort_unstable();
    places.dedup();
    let found = at(&places);
    let value = |rank: f64| found[places.partition_point(|&place| place < rank as u64)];
    let between = |rank: f64| {
        let (low, high, share) = (value(rank.floor()), value(rank.ceil()), rank.fract());
        if low == high { low } else { low * (1.0 - share) + high * share }
    };
    QUANTILES.iter().zip(ranks).map(|(&(name, _), rank)| (name, between(rank))).collect()
}

/// The values at rising places, from 0, when every value is written as often as it occurs.
fn at(values: impl Iterator<Item = (f64, u64)>, places: &[u64]) -> Vec<f64> {
    let mut found = Vec::with_capacity(places.len());
    let mut passed = 0;
    for (value, times) in values {
        passed += times;
        while places.get(found.len()).is_some_and(|&place| place < passed) {
            found.push(value);
        }
        if found.len() == places.len() {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(spread: &Spread, name: &str) -> f64 {
        spread.quantiles.iter().find(|quantile| quantile.0 == name).unwrap().1
    }

    #[test]
    fn quantiles_lie_between_the_nearest_values() {
        let spread = Spread::of([(1.0, 1), (2.0, 1), (3.0, 1), (4.0, 1)].into_iter(), true).unwrap();
        assert_eq!((named(&spread, "p25"), named(&spread, "p50"), named(&spread, "p75")), (1.75, 2.5, 3.25));
        let weighted = Spread::of([(0.0, 98), (5.0, 2)].into_iter(), true).unwrap();
        assert_eq!((named(&weighted, "p50"), named(&weighted, "p99")), (0.0, 5.0));
    }

    #[test]
    fn zeros_negatives_and_far_values_are_counted() {
        let spread = Spread::of([(-100.0, 1), (-1.0, 5), (0.0, 3), (1.0, 5)].into_iter(), true).unwrap();
        assert_eq!((spread.zeros, spread.negatives), (3, 6));
        assert_eq!(spread.outliers, Some(Outliers { count: 1, low: -7.0, high: 7.0 }));
    }

    #[test]
    fn held_values_lie_as_those_that_are_gone_through() {
        for (count, step, most) in [(1, 1.0, 1), (9, 0.5, 1), (500, 0.25, 1), (500, 0.25, 4), (2_000, 1.5, 3)]
        {
            let mut values: Vec<f64> = (0..count).map(|at| f64::from(at) * step - 30.0).collect();
            values.push(1e6);
            let times: Vec<u64> = (0..=count as u64).map(|at| at % most + 1).collect();
            let all = values.iter().copied().zip(times.iter().copied());
            let distinct = Rising::new(&values, None);
            assert_eq!(Spread::of_rising(distinct), Spread::of(distinct.pairs(), true));
            assert_eq!(Spread::of_rising(Rising::new(&values, Some(&times))), Spread::of(all, true));
        }
        assert_eq!(Spread::of_rising(Rising::new(&[], None)), None);
    }

    #[test]
    fn one_value_has_quantiles_and_nothing_far_out() {
        let spread = Spread::of([(7.0, 4)].into_iter(), false).unwrap();
        assert!(spread.quantiles.iter().all(|&(_, value)| value == 7.0));
        assert_eq!((spread.outliers, spread.exact), (None, false));
        assert_eq!(Spread::of([].into_iter(), true), None);
    }

    #[test]
    fn the_greatest_doubles_do_not_overflow() {
        let spread = Spread::of([(f64::MIN, 1), (f64::MAX, 1)].into_iter(), true).unwrap();
        assert_eq!(named(&spread, "p50"), 0.0);
        assert!(spread.quantiles.iter().all(|(_, value)| value.is_finite()));
    }
}
