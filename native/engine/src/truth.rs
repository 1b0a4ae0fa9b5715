//! Words for true and false.

/// The family (0 `true/false`, 1 `yes/no`, 2 `t/f`) and value of a boolean word.
#[must_use]
#[inline]
pub fn read(cell: &[u8]) -> Option<(usize, bool)> {
    const WORDS: [(&[u8], usize, bool); 6] = [
        (b"true", 0, true),
        (b"false", 0, false),
        (b"yes", 1, true),
        (b"no", 1, false),
        (b"t", 2, true),
        (b"f", 2, false),
    ];
    // Most cells are given up at one glance.
    if cell.len() > 5 || !matches!(cell.first()?, b't' | b'T' | b'f' | b'F' | b'y' | b'Y' | b'n' | b'N') {
        return None;
    }
    WORDS.iter().find(|(word, ..)| cell.eq_ignore_ascii_case(word)).map(|&(_, family, value)| (family, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_any_letters() {
        let words =
            [("true", 0, true), ("False", 0, false), ("YES", 1, true), ("nO", 1, false), ("T", 2, true)];
        for (word, family, value) in words {
            assert_eq!(read(word.as_bytes()), Some((family, value)), "{word}");
        }
        let others = ["", "truth", "falsey", "y", "n", "1", "0", "ye"];
        assert!(others.iter().all(|word| read(word.as_bytes()).is_none()));
    }
}
