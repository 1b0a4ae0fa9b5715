//! Words that stand for a missing value.

use std::collections::HashSet;

/// The words that may stand for null; each spelling is a word of its own.
pub const WORDS: [&str; 12] =
    ["NA", "N/A", "n/a", "null", "NULL", "Null", "None", "none", "-", "\\N", "#N/A", "<NA>"];

/// A word that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// The place among [`WORDS`].
    Known(usize),
    /// One of the caller's.
    Named,
}

/// The words looked for: the known ones, or those the caller names.
#[derive(Debug, Clone, Default)]
pub struct NullWords {
    named: Option<HashSet<String>>,
}

impl NullWords {
    /// The caller's words where there are any, else the known ones.
    #[must_use]
    pub fn new(named: Option<&[String]>) -> Self {
        Self { named: named.map(|words| words.iter().map(|word| word.trim().to_owned()).collect()) }
    }

    /// Whether the caller's words replace the rule.
    #[must_use]
    pub fn overridden(&self) -> bool {
        self.named.is_some()
    }

    /// The caller's words.
    #[must_use]
    pub fn named(&self) -> Vec<String> {
        let mut words: Vec<String> = self.named.iter().flatten().cloned().collect();
        words.sort_unstable();
        words
    }

    /// Whether `cell` is such a word.
    #[must_use]
    #[inline]
    pub fn find(&self, cell: &str) -> Option<Word> {
        let cell = cell.trim_ascii();
        match &self.named {
            Some(named) => named.contains(cell).then_some(Word::Named),
            // No known word is longer or begins otherwise.
            None if cell.len() > 4 || !cell.starts_with(['N', 'n', '-', '\\', '#', '<']) => None,
            None => WORDS.iter().position(|&word| word == cell).map(Word::Known),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_word_is_found_and_nothing_else() {
        let words = NullWords::default();
        for (at, word) in WORDS.into_iter().enumerate() {
            assert_eq!(words.find(&format!(" {word} ")), Some(Word::Known(at)));
        }
        assert!(
            ["", "N", "nA", "GB", "--", "nulls", "#", "<na>"].iter().all(|cell| words.find(cell).is_none())
        );
    }
}
