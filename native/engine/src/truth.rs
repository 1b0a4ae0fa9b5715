//! Words for true and false.

/// The family (0 `true/false`, 1 `yes/no`, 2 `t/f`) and value of a boolean word.
#[must_use]
pub fn read(cell: &[u8]) -> Option<(usize, bool)> {
    const WORDS: [(&[u8], usize, bool); 6] = [
        (b"true", 0, true),
        (b"false", 0, false),
        (b"yes", 1, true),
        (b"no", 1, false),
        (b"t", 2, true),
        (b"f", 2, false),
    ];
    WORDS.iter().find(|(word, ..)| cell.eq_ignore_ascii_case(word)).map(|&(_, family, value)| (family, value))
}
