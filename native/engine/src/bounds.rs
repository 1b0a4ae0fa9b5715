//! The least and the greatest value of a part of a column, as Parquet keeps them.

use parquet::data_type::ByteArray;
use parquet::file::statistics::{Statistics, ValueStatistics};

use crate::simple;

/// Bytes of a bound that is kept; a longer one is cut or left out.
const KEPT: usize = 64;

/// The bounds of values of one physical type; `None` before there is a value.
pub enum Bounds {
    Boolean(Option<(bool, bool)>),
    Int32(Option<(i32, i32)>),
    Int64(Option<(i64, i64)>),
    Double(Option<(f64, f64)>),
    Bytes(Ends),
}

/// The least and the greatest of byte strings.
#[derive(Default)]
pub struct Ends {
    pub least: Option<Vec<u8>>,
    pub greatest: Option<Vec<u8>>,
    /// Their beginnings: what lies between them is neither.
    between: Option<(u64, u64)>,
}

impl Ends {
    /// Adds a value.
    #[inline]
    pub fn add(&mut self, value: &[u8]) {
        let begins = beginning(value);
        if self.between.is_none_or(|(low, high)| begins <= low || begins >= high) {
            self.stretch(value);
        }
    }

    #[inline(never)]
    fn stretch(&mut self, value: &[u8]) {
        if self.least.as_deref().is_none_or(|least| value < least) {
            self.least = Some(value.to_vec());
        }
        if self.greatest.as_deref().is_none_or(|greatest| value > greatest) {
            self.greatest = Some(value.to_vec());
        }
        let ends = self.least.as_deref().zip(self.greatest.as_deref());
        self.between = ends.map(|(least, greatest)| (beginning(least), beginning(greatest)));
    }
}

/// The first bytes of a value as a number that orders as they do.
#[must_use]
#[inline]
pub fn beginning(value: &[u8]) -> u64 {
    simple::word(value).swap_bytes()
}

/// Widens bounds by some values.
pub fn widen<T: PartialOrd + Copy>(bounds: &mut Option<(T, T)>, mut values: impl Iterator<Item = T>) {
    let Some(first) = bounds.or_else(|| values.next().map(|value| (value, value))) else { return };
    *bounds = Some(values.fold(first, |(low, high), value| {
        (if value < low { value } else { low }, if value > high { value } else { high })
    }));
}

impl Bounds {
    /// What a column chunk says of itself, with its number of nulls.
    #[must_use]
    pub fn statistics(self, nulls: u64) -> Statistics {
        let nulls = Some(nulls);
        match self {
            Self::Boolean(ends) => {
                Statistics::boolean(ends.map(|e| e.0), ends.map(|e| e.1), None, nulls, false)
            }
            Self::Int32(ends) => Statistics::int32(ends.map(|e| e.0), ends.map(|e| e.1), None, nulls, false),
            Self::Int64(ends) => Statistics::int64(ends.map(|e| e.0), ends.map(|e| e.1), None, nulls, false),
            // Zero has two signs; a reader may look for either.
            Self::Double(ends) => Statistics::double(
                ends.map(|(low, _)| if low == 0.0 { -0.0 } else { low }),
                ends.map(|(_, high)| if high == 0.0 { 0.0 } else { high }),
                None,
                nulls,
                false,
            ),
            Self::Bytes(Ends { least, greatest, .. }) => {
                let exact = least.as_ref().is_none_or(|least| least.len() <= KEPT);
                let least = least.map(|mut least| {
                    least.truncate(cut(&least));
                    ByteArray::from(least)
                });
                let greatest = greatest.filter(|greatest| greatest.len() <= KEPT).map(ByteArray::from);
                Statistics::ByteArray(
                    ValueStatistics::new(least, greatest, None, nulls, false).with_min_is_exact(exact),
                )
            }
        }
    }
}

/// Where a long bound is cut, so that no letter is.
fn cut(value: &[u8]) -> usize {
    if value.len() <= KEPT {
        return value.len();
    }
    (0..=KEPT).rev().find(|&at| value[at] & 0xC0 != 0x80).unwrap_or(KEPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(values: &[&str]) -> Ends {
        let mut ends = Ends::default();
        for value in values {
            ends.add(value.as_bytes());
        }
        ends
    }

    #[test]
    fn the_ends_are_found_among_values_that_begin_alike() {
        let found = ends(&["prefix-of-eight-b", "prefix-of-eight-a", "prefix-of-eight-c", "prefix", "q", ""]);
        assert_eq!(found.least.as_deref(), Some(b"".as_slice()));
        assert_eq!(found.greatest.as_deref(), Some(b"q".as_slice()));
    }

    #[test]
    fn zeros_reach_both_ways_and_what_is_not_a_number_is_no_bound() {
        let mut bounds = None;
        widen(&mut bounds, [0.0, f64::NAN, 2.0].into_iter().filter(|value| !value.is_nan()));
        let Statistics::Double(told) = Bounds::Double(bounds).statistics(1) else { panic!("not doubles") };
        assert!(told.min_opt().unwrap().is_sign_negative());
        assert_eq!((told.max_opt(), told.null_count_opt()), (Some(&2.0), Some(1)));
        let none = Bounds::Double(None).statistics(3);
        assert_eq!((none.min_bytes_opt(), none.max_bytes_opt()), (None, None));
    }

    #[test]
    fn a_long_bound_is_cut_between_letters_or_left_out() {
        let long = format!("{}ééé", "a".repeat(63));
        let told = Bounds::Bytes(ends(&[&long])).statistics(0);
        assert_eq!(told.min_bytes_opt(), Some("a".repeat(63).as_bytes()));
        assert_eq!((told.max_bytes_opt(), told.min_is_exact()), (None, false));
        let short = Bounds::Bytes(ends(&["b", "a"])).statistics(0);
        assert_eq!(
            (short.min_bytes_opt(), short.max_bytes_opt()),
            (Some(b"a".as_slice()), Some(b"b".as_slice()))
        );
        assert!(short.min_is_exact() && short.max_is_exact());
    }
}
