//! Deviations and rejected rows, collected block by block and put in line order at the end.

use std::collections::BTreeMap;

/// Examples of deviations that are kept.
pub const EXAMPLES: usize = 1_000;
/// Rejected rows that are kept.
pub const REJECTS: usize = 10_000;
/// Characters of raw text that are kept with an example.
const RAW_CHARACTERS: usize = 500;

/// One deviation or rejected row at a byte offset of its source.
#[derive(Debug, Clone)]
pub struct Finding {
    pub kind: &'static str,
    pub offset: u64,
    pub column: Option<usize>,
    pub raw: String,
    pub reason: String,
}

/// What one block, or one source, had to say.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    pub counts: BTreeMap<&'static str, u64>,
    pub examples: Vec<Finding>,
    pub rejected: Vec<Finding>,
    pub rejected_count: u64,
}

impl Findings {
    /// Counts a deviation and keeps it while there is room; `describe` gives raw text and reason.
    pub fn note(
        &mut self,
        kind: &'static str,
        offset: u64,
        column: Option<usize>,
        describe: impl FnOnce() -> (String, String),
    ) {
        *self.counts.entry(kind).or_default() += 1;
        if self.examples.len() < EXAMPLES {
            let (raw, reason) = describe();
            self.examples.push(Finding { kind, offset, column, raw, reason });
        }
    }

    /// Counts deviations that have no place of their own.
    pub fn count(&mut self, kind: &'static str, times: u64) {
        if times > 0 {
            *self.counts.entry(kind).or_default() += times;
        }
    }

    /// Keeps a row beside the table.
    pub fn reject(&mut self, kind: &'static str, offset: u64, raw: String, reason: &str) {
        self.rejected_count += 1;
        self.count(kind, 1);
        if self.rejected.len() < REJECTS {
            let reason = reason.to_owned();
            self.rejected.push(Finding { kind, offset, column: None, raw, reason });
        }
    }

    /// Adds the findings of a later block.
    pub fn absorb(&mut self, later: Self) {
        for (kind, times) in later.counts {
            self.count(kind, times);
        }
        let room = EXAMPLES.saturating_sub(self.examples.len());
        self.examples.extend(later.examples.into_iter().take(room));
        let room = REJECTS.saturating_sub(self.rejected.len());
        self.rejected.extend(later.rejected.into_iter().take(room));
        self.rejected_count += later.rejected_count;
    }
}

/// Raw bytes as text of bearable length.
#[must_use]
pub fn excerpt(raw: &[u8]) -> String {
    let head = &raw[..raw.len().min(RAW_CHARACTERS * 4)];
    let text = String::from_utf8_lossy(head);
    let mut shown: String = text.chars().take(RAW_CHARACTERS).collect();
    if shown.len() < raw.len() && text.chars().nth(RAW_CHARACTERS).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
#[path = "findings_tests.rs"]
mod tests;
