//! What one glance at a cell rules out.

/// The ASCII bytes that numbers, percentages, dates and times have behind their first digit.
const TYPED: &[u8] = b"0123456789+-.,:/%$eETZzaApPmMUCG \t\n\r\x0b\x0c";

const MAY_BE_TYPED: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < TYPED.len() {
        table[TYPED[at] as usize] = true;
        at += 1;
    }
    // Signs of currency, and blanks of other scripts.
    let mut high = 0x80;
    while high < 256 {
        table[high] = true;
        high += 1;
    }
    table
};

/// Whether nothing stands in the cell that no number, percentage, date or time has.
#[must_use]
pub fn may_be_typed(cell: &[u8]) -> bool {
    // Eight at a time, for nobody can foretell which of them is the first that rules it out.
    let may_be = |some: &[u8]| some.iter().fold(true, |may, &byte| may & MAY_BE_TYPED[usize::from(byte)]);
    let (eights, rest) = cell.as_chunks::<8>();
    eights.iter().all(|eight| may_be(eight)) && may_be(rest)
}

/// Letters of the longest word that may be a number, a truth or a null.
pub const LONGEST_WORD: usize = 8;

/// Whether a cell is longer than every word that means something and holds what no number or time has, or begins with a
/// letter as no such word does.
#[must_use]
#[inline]
pub fn is_prose(cell: &[u8]) -> bool {
    let Some((first, last)) = cell.first().zip(cell.last()) else { return false };
    let is_long = cell.len() > LONGEST_WORD && !last.is_ascii_whitespace();
    if first.is_ascii_digit() {
        return is_long && !may_be_typed(cell);
    }
    first.is_ascii_alphabetic() && (is_long || !matches!(first | 0x20, b'f' | b'i' | b'n' | b't' | b'y'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment;
    use crate::nulls::WORDS;
    use crate::number::{Mark, parse};

    #[test]
    fn nothing_that_can_be_read_is_ruled_out() {
        for text in [
            "1",
            "1.5e-3",
            "7E4",
            "1,234.50",
            "12 €",
            "5£",
            "9$",
            "3 %",
            "2024-01-31T10:20:30.5Z",
            "1/2/2024 1:05 PM",
            "2024-01-31 23:59 UTC",
            "31.12.2024 10:00 am",
            "2024-01-31 10:00:00 GMT",
            "2024-01-31T10:00+01:00",
            "7\t",
        ] {
            assert!(may_be_typed(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_ruled_out_is_neither_number_nor_time() {
        for byte in 0..=u8::MAX {
            for text in [[b'1', byte, b'2'].to_vec(), [b"2024-01-31 10:00 ".as_slice(), &[byte]].concat()] {
                let read = parse(&text, Mark::Point).is_some()
                    || parse(&text, Mark::Comma).is_some()
                    || moment::parse(&text).is_some();
                assert!(may_be_typed(&text) || !read, "{text:?}");
            }
        }
    }

    #[test]
    fn prose_is_never_a_word_that_means_something() {
        let words = ["true", "False", "YES", "no", "t", "F", "nan", "NaN", "inf", "Infinity", "infinity"];
        for word in words.into_iter().chain(WORDS) {
            assert!(!is_prose(word.as_bytes()) && !is_prose(format!("{word}     ").as_bytes()), "{word}");
        }
        let prose = ["GB", "C008352", "g", "nonsensical", "product 12", "Z ", "0d61f837cad1"];
        assert!(prose.iter().all(|text| is_prose(text.as_bytes())));
        assert!(
            ["", "1a", "-x", " GB", "é", "2024-01-31", "0d61f837cad1 ", "1234567890123"]
                .iter()
                .all(|text| !is_prose(text.as_bytes()))
        );
    }
}
