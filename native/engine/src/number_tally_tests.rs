use super::*;

fn counted(values: impl IntoIterator<Item = i128>) -> Vec<(i128, u64)> {
    let mut tally = NumberTally::default();
    for value in values {
        tally.add(value);
    }
    tally.settle();
    entries(&tally)
}

fn entries(tally: &NumberTally) -> Vec<(i128, u64)> {
    let mut found = Vec::new();
    tally.each(|key, times| found.push((key.whole(), times)));
    found
}

#[test]
fn every_number_is_counted_once_per_value() {
    let entries = counted((0..500_000_i128).map(|value| value % 1_000 - 500));
    assert_eq!(entries.len(), 1_000);
    assert!(entries.iter().all(|&(_, times)| times == 500));
    assert!(entries.is_sorted());
}

#[test]
fn values_spread_over_many_runs_come_out_in_order() {
    let step = 1_000_003_i128;
    let entries = counted((0..600_000_i128).map(|value| value * step % 400_009));
    let mut known = std::collections::BTreeMap::new();
    for value in 0..600_000_i128 {
        *known.entry(value * step % 400_009).or_insert(0_u64) += 1;
    }
    assert_eq!(entries, known.into_iter().collect::<Vec<_>>());
}

#[test]
fn what_is_drained_is_all_that_was_counted() {
    let huge = i128::from(i64::MAX) + 1;
    let mut tally = NumberTally::default();
    let values = || (0..300_000_i128).map(|value| value * 7_919 % 200_003).chain([huge, -huge, huge]);
    values().for_each(|value| tally.add(value));
    tally.add_counted([(-3, 4), (5, 2)].into_iter());
    let (mut drained, mut known) = (std::collections::BTreeMap::new(), std::collections::BTreeMap::new());
    values().for_each(|value| *known.entry(value).or_insert(0_u64) += 1);
    known.insert(-3, 4);
    *known.entry(5).or_default() += 2;
    tally.drain(|key, times| *drained.entry(key.whole()).or_insert(0_u64) += times);
    assert_eq!(drained, known);
}

#[test]
fn numbers_past_64_bits_stand_in_order_too() {
    let huge = i128::from(i64::MAX) + 1;
    let entries = counted([huge, 3, -huge - 7, 3, huge, i128::from(i64::MIN), i128::from(i64::MAX)]);
    let expected = [(-huge - 7, 1), (i64::MIN.into(), 1), (3, 2), (i64::MAX.into(), 1), (huge, 2)];
    assert_eq!(entries, expected);
}

#[test]
fn a_count_past_its_field_is_not_lost() {
    let full = |times| Run { keys: vec![5], counts: vec![times] };
    let run = full(u32::MAX).merged(&full(u32::MAX)).merged(&full(7));
    let tally = NumberTally { runs: vec![run], ..NumberTally::default() };
    assert_eq!(entries(&tally), [(5, 2 * u64::from(u32::MAX) + 7)]);
}

#[test]
fn nothing_is_nothing() {
    assert_eq!(counted([]), []);
}
