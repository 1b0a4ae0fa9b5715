use super::*;

#[test]
fn moments_match_their_definition() {
    let mut moments = Moments::default();
    for (value, times) in [(2.0, 1), (4.0, 3), (5.0, 2), (7.0, 1), (9.0, 1)] {
        moments.add(value, times);
    }
    assert!((moments.mean().unwrap() - 5.0).abs() < 1e-12);
    assert!((moments.std_dev().unwrap() - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
    assert_eq!(moments.range, Some((2.0, 9.0)));
}

#[test]
fn moments_in_two_sweeps_are_those_in_one() {
    let values = (0..1_000).map(|at| (f64::from(at) * 0.1 + 1e9, u64::from(at as u32 % 3 + 1)));
    let mut one = Moments::default();
    values.clone().for_each(|(value, times)| one.add(value, times));
    let two = Moments::of(values.clone());
    assert!((one.mean().unwrap() - two.mean().unwrap()).abs() < 1e-6);
    assert!((one.std_dev().unwrap() - two.std_dev().unwrap()).abs() < 1e-6);
    assert_eq!(one.range, two.range);
    let (held, times): (Vec<f64>, Vec<u64>) = values.unzip();
    let rising = Moments::of_rising(Rising::new(&held, Some(&times)));
    assert!((one.mean().unwrap() - rising.mean().unwrap()).abs() < 1e-6);
    assert!((one.std_dev().unwrap() - rising.std_dev().unwrap()).abs() < 1e-6);
    assert_eq!(one.range, rising.range);
    let huge = Moments::of_rising(Rising::new(&[-1.7e308, 1.7e308], None));
    assert_eq!((huge.mean(), huge.std_dev()), (Some(0.0), None));
    assert_eq!(Moments::of_rising(Rising::new(&[], None)).mean(), None);
    let huge = Moments::of([(1.7e308, 1), (-1.7e308, 1)].into_iter());
    assert_eq!((huge.mean(), huge.std_dev()), (Some(0.0), None));
    assert_eq!(Moments::of(std::iter::empty()).mean(), None);
}

#[test]
fn moments_of_parts_are_those_of_the_whole() {
    let values =
        |from: i32, to: i32| (from..to).map(|at| (f64::from(at) * 0.3 - 7.0, u64::from(at as u32 % 4 + 1)));
    let (one, two, whole) =
        (Moments::of(values(0, 90)), Moments::of(values(90, 400)), Moments::of(values(0, 400)));
    let both = one.with(&two).unwrap();
    assert!((both.mean().unwrap() - whole.mean().unwrap()).abs() < 1e-12);
    assert!((both.std_dev().unwrap() - whole.std_dev().unwrap()).abs() < 1e-12);
    assert_eq!(both.range, whole.range);
    assert_eq!(Moments::default().with(&one).unwrap().mean(), one.mean());
    assert_eq!(one.with(&Moments::default()).unwrap().range, one.range);
    let (low, high) = (Moments::of([(-1.7e308, 1)].into_iter()), Moments::of([(1.7e308, 1)].into_iter()));
    assert!(low.with(&high).is_none());
}

#[test]
fn huge_values_have_a_mean_and_no_infinite_spread() {
    let mut moments = Moments::default();
    moments.add(1.7e308, 1);
    moments.add(-1.7e308, 1);
    assert_eq!((moments.mean(), moments.std_dev()), (Some(0.0), None));
}

#[test]
fn one_value_has_no_spread() {
    let mut moments = Moments::default();
    moments.add(3.0, 1);
    assert_eq!((moments.mean(), moments.std_dev()), (Some(3.0), None));
    assert_eq!(Moments::default().mean(), None);
}

#[test]
fn a_histogram_counts_every_value_once() {
    let values = (0..100).map(|value| (f64::from(value), 1));
    let bins = histogram(0.0, 99.0, values);
    assert_eq!(bins.len(), 20);
    assert_eq!(bins.iter().map(|bin| bin.2).sum::<u64>(), 100);
    assert_eq!((bins[0].0, bins[19].1), (0.0, 99.0));
    assert_eq!(histogram(5.0, 5.0, [(5.0, 3)].into_iter()), [(5.0, 5.0, 3)]);
}

#[test]
fn a_histogram_of_rising_values_is_that_of_all() {
    for (count, step) in [(1, 1.0), (2, 0.1), (57, 0.3), (4_000, 7.7)] {
        let values: Vec<f64> = (0..count).map(|at| f64::from(at) * step - 20.0).collect();
        let times: Vec<u64> = (0..count as u64).map(|at| at % 5 + 1).collect();
        let all = values.iter().copied().zip(times.iter().copied());
        let rising = Rising::new(&values, Some(&times));
        assert_eq!(histogram_of(rising), histogram(values[0], values[values.len() - 1], all));
    }
    assert_eq!(histogram_of(Rising::new(&[-1.7e308, 1.7e308], Some(&[1, 2]))).len(), 20);
    assert_eq!(histogram_of(Rising::new(&[], None)), []);
}

#[test]
fn growing_bins_lose_nothing() {
    let mut bins = Bins::over(0.0, 1.0);
    for value in [0.5, 1000.0, -1000.0, 1e6, 0.25] {
        bins.add(value, 2);
    }
    assert_eq!(bins.centres().map(|(_, count)| count).sum::<u64>(), 10);
}
