use super::*;

fn read_varint(bytes: &[u8], at: &mut usize) -> usize {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[*at];
        *at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            return value;
        }
    }
}

/// Reads packed numbers bit by bit.
fn unpacked(bytes: &[u8], width: u8, count: usize) -> Vec<u32> {
    let (mut at, mut out) = (0, Vec::new());
    while out.len() < count {
        let header = read_varint(bytes, &mut at);
        if header & 1 == 0 {
            let mut value = [0; 4];
            let size = usize::from(width).div_ceil(8);
            value[..size].copy_from_slice(&bytes[at..at + size]);
            at += size;
            out.extend(std::iter::repeat_n(u32::from_le_bytes(value), header >> 1));
            continue;
        }
        let bit = |place: usize| u32::from(bytes[at + place / 8] >> (place % 8) & 1);
        for number in 0..(header >> 1) * 8 {
            let from = number * usize::from(width);
            out.push((0..usize::from(width)).map(|place| bit(from + place) << place).sum());
        }
        at += (header >> 1) * usize::from(width);
    }
    assert_eq!(at, bytes.len(), "nothing is left over");
    assert!(out[count..].iter().all(|&filling| filling == 0));
    out.truncate(count);
    out
}

#[test]
fn packed_numbers_come_back_whatever_their_width_and_runs() {
    let mut state = 11_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 32) as u32
    };
    for width in 1..=20_u8 {
        for length in [0, 1, 7, 8, 9, 100, 1_000] {
            let mut some: Vec<u32> = (0..length).map(|_| next() & ((1 << width) - 1)).collect();
            for run in [15, 16, 40] {
                let value = next() & ((1 << width) - 1);
                some.extend(std::iter::repeat_n(value, run));
                some.push(next() & ((1 << width) - 1));
            }
            let mut bytes = Vec::new();
            numbers(&some, width, &mut bytes);
            assert_eq!(unpacked(&bytes, width, some.len()), some, "{width} bits, {length} numbers");
        }
    }
}

#[test]
fn a_long_run_takes_a_few_bytes() {
    let mut bytes = Vec::new();
    numbers(&vec![5; 100_000], 3, &mut bytes);
    assert!(bytes.len() < 8, "{bytes:?}");
}

#[test]
fn widths_are_those_of_the_greatest_number() {
    assert_eq!([0, 1, 2, 3, 4, 5, 256, 257].map(width), [1, 1, 1, 2, 2, 3, 8, 9]);
}

#[test]
fn levels_say_which_rows_have_a_value() {
    let mut all = Vec::new();
    levels(None, 300, &mut all);
    assert_eq!(all, [3, 0, 0, 0, 0xd8, 0x04, 1]);
    let mut some = Vec::new();
    levels(Some(&[0b1010_0101, 0b1]), 9, &mut some);
    assert_eq!(some, [3, 0, 0, 0, 5, 0b1010_0101, 0b1]);
}
