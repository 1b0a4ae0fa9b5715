//! Small numbers as Parquet packs them: runs of equal ones, and groups of eight in as few bits as they need.

/// Equal numbers that make a run; fewer are as small in groups.
const RUN: usize = 16;
/// Numbers in a group.
const GROUP: usize = 8;

/// Bits that the numbers below `count` need, at least one.
#[must_use]
pub fn width(count: usize) -> u8 {
    (usize::BITS - count.saturating_sub(1).leading_zeros()).max(1) as u8
}

/// Appends numbers of at most `width` bits.
pub fn numbers(numbers: &[u32], width: u8, out: &mut Vec<u8>) {
    let (mut from, mut at) = (0, 0);
    while at < numbers.len() {
        let first = numbers[at];
        let run = numbers[at..].iter().take_while(|&&number| number == first).count();
        if run < RUN {
            at = (at + GROUP).min(numbers.len());
            continue;
        }
        groups(&numbers[from..at], width, out);
        varint((run << 1) as u64, out);
        out.extend_from_slice(&first.to_le_bytes()[..usize::from(width).div_ceil(8)]);
        at += run;
        from = at;
    }
    groups(&numbers[from..], width, out);
}

/// Appends groups of eight; the last one is filled up with zeros.
fn groups(numbers: &[u32], width: u8, out: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    let count = numbers.len().div_ceil(GROUP);
    varint((count << 1 | 1) as u64, out);
    let end = out.len() + count * usize::from(width);
    let (mut held, mut bits) = (0_u64, 0_u32);
    for &number in numbers {
        held |= u64::from(number) << bits;
        bits += u32::from(width);
        if bits >= u32::BITS {
            out.extend_from_slice(&(held as u32).to_le_bytes());
            held >>= u32::BITS;
            bits -= u32::BITS;
        }
    }
    out.extend_from_slice(&held.to_le_bytes()[..bits.div_ceil(8) as usize]);
    out.resize(end, 0);
}

/// Appends for each of `rows` whether a value is there; `present` has their bits, the first one lowest.
pub fn levels(present: Option<&[u8]>, rows: usize, out: &mut Vec<u8>) {
    let from = out.len();
    out.extend_from_slice(&[0; 4]);
    if let Some(bits) = present {
        let groups = rows.div_ceil(GROUP);
        varint((groups << 1 | 1) as u64, out);
        out.extend_from_slice(&bits[..groups]);
    } else {
        varint((rows << 1) as u64, out);
        out.push(1);
    }
    let length = (out.len() - from - 4) as u32;
    out[from..from + 4].copy_from_slice(&length.to_le_bytes());
}

/// Appends a number seven bits at a time.
pub fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
