use super::*;
use crate::number::{self as careful, Mark};

/// Pseudo-random numbers, the same at every run.
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn numbers_are_read_as_the_careful_reader_reads_them() {
    let letters = b"0123456789012345678901234567890..-+e, $%";
    let mut state = 7;
    let mut answered = 0;
    for _ in 0..400_000 {
        let length = 1 + draw(&mut state) as usize % 21;
        let reach = if draw(&mut state).is_multiple_of(2) { letters.len() } else { 33 };
        let text: Vec<u8> = (0..length).map(|_| letters[draw(&mut state) as usize % reach]).collect();
        if let Some(found) = number(&text) {
            answered += 1;
            let expected = careful::carefully(&text, Mark::Point);
            assert_eq!(Some(found.number()), expected, "{:?}", String::from_utf8_lossy(&text));
            let spelt: f64 = std::str::from_utf8(&text).unwrap().parse().unwrap();
            assert_eq!(found.double().to_bits(), spelt.to_bits());
        }
    }
    assert!(answered > 50_000, "{answered}");
}

#[test]
fn what_is_not_simple_is_left_alone() {
    for text in
        ["", "-", ".5", "5.", "007", "00", "-01", "1e5", "+1", "1,000", "1.2.3", "1234567890123456789"]
    {
        assert_eq!(number(text.as_bytes()), None, "{text}");
    }
}
