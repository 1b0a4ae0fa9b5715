use super::*;

#[test]
fn texts_of_equal_hash_stay_apart() {
    let mut tally = TextTally::default();
    for value in [b"a", b"b", b"a", b"b", b"a", b"a"] {
        tally.add(7, value);
    }
    let counted: Vec<_> = tally.iter().map(|(value, times)| (value.to_vec(), times)).collect();
    assert_eq!(counted, [(b"a".to_vec(), 4), (b"b".to_vec(), 2)]);
    assert_eq!(tally.distinct(), 2);
}

#[test]
fn a_text_has_one_place_in_each_group() {
    let mut tally = TextTally::default();
    let mut places = |group, values: &[u8]| {
        let mut next = 0;
        let mut found = Vec::new();
        for &value in values {
            let place = tally.place(u64::from(value) << 32, &[value], group, next);
            next += u32::from(place == next);
            found.push(place);
        }
        found
    };
    assert_eq!(places(1, b"abacab"), [0, 1, 0, 2, 0, 1]);
    assert_eq!(places(2, b"ccba"), [0, 0, 1, 2]);
    assert_eq!(tally.most_frequent(1), [(b"a".as_slice(), 4)]);
}

#[test]
fn texts_of_every_length_come_back() {
    let mut tally = TextTally::default();
    let texts: Vec<Vec<u8>> = (0..300_usize).map(|length| vec![b'x'; length]).collect();
    for (hash, text) in texts.iter().enumerate() {
        tally.add((hash as u64) << 32, text);
    }
    assert_eq!(tally.iter().map(|(text, _)| text.to_vec()).collect::<Vec<_>>(), texts);
}

#[test]
fn the_most_frequent_come_first_and_equals_in_order() {
    let mut tally = TextTally::default();
    for value in ["c", "b", "a", "d", "b", "d", "e"] {
        tally.add(u64::from(value.as_bytes()[0]) << 40, value.as_bytes());
    }
    let top: Vec<_> = tally.most_frequent(3).into_iter().map(|(text, times)| (text[0], times)).collect();
    assert_eq!(top, [(b'b', 2), (b'd', 2), (b'a', 1)]);
    assert!(TextTally::default().most_frequent(3).is_empty());
}
