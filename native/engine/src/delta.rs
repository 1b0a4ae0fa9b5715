//! Whole numbers as Parquet packs them by how much each differs from the one before (`DELTA_BINARY_PACKED`).

use crate::pack::varint;

/// Differences that share a least one.
const BLOCK: usize = 128;
/// Differences that share a number of bits.
const PART: usize = 32;

/// Appends the packed numbers; their differences may go round the ends of what 64 bits hold.
pub fn numbers(numbers: &[i64], out: &mut Vec<u8>) {
    varint(BLOCK as u64, out);
    varint((BLOCK / PART) as u64, out);
    varint(numbers.len() as u64, out);
    let Some((&first, rest)) = numbers.split_first() else { return out.push(0) };
    signed(first, out);
    let mut before = first;
    for block in rest.chunks(BLOCK) {
        let mut differences = [0; BLOCK];
        for (difference, &number) in differences.iter_mut().zip(block) {
            *difference = number.wrapping_sub(before);
            before = number;
        }
        pack_block(&differences[..block.len()], out);
    }
}

fn pack_block(differences: &[i64], out: &mut Vec<u8>) {
    let least = differences.iter().copied().min().unwrap_or(0);
    signed(least, out);
    let widths = out.len();
    out.extend_from_slice(&[0; BLOCK / PART]);
    for (at, part) in differences.chunks(PART).enumerate() {
        let mut above = [0; PART];
        let mut all = 0;
        for (above, difference) in above.iter_mut().zip(part) {
            *above = difference.wrapping_sub(least).cast_unsigned();
            all |= *above;
        }
        let width = u64::BITS - all.leading_zeros();
        out[widths + at] = width as u8;
        pack(&above, width, out);
    }
}

/// Appends numbers of `width` bits each, the first one lowest.
fn pack(numbers: &[u64; PART], width: u32, out: &mut Vec<u8>) {
    if width == 0 {
        return;
    }
    let (mut held, mut bits) = (0_u128, 0);
    for &number in numbers {
        held |= u128::from(number) << bits;
        bits += width;
        if bits >= u64::BITS {
            out.extend_from_slice(&(held as u64).to_le_bytes());
            held >>= u64::BITS;
            bits -= u64::BITS;
        }
    }
    out.extend_from_slice(&held.to_le_bytes()[..bits as usize / 8]);
}

/// Appends a number whose sign is its lowest bit.
fn signed(number: i64, out: &mut Vec<u8>) {
    varint((number << 1 ^ number >> 63).cast_unsigned(), out);
}

#[cfg(test)]
#[path = "delta_tests.rs"]
mod tests;
