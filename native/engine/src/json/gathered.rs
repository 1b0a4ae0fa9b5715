//! What the blocks of a JSON source tell, one by one and all together.

use crate::error::Result;
use crate::evidence::Evidence;
use crate::findings::Findings;
use crate::guess::Guess;
use crate::input::Rows;
use crate::json::keys::Keys;

/// What one block tells.
pub struct Told {
    pub keys: Vec<(String, Evidence)>,
    pub findings: Findings,
    pub count: usize,
    /// Where the block ends.
    pub end: u64,
    /// The rows, where every value was of the guessed type.
    pub rows: Option<Rows>,
}

/// What all blocks tell.
#[derive(Default)]
pub struct Gathered {
    pub keys: Keys,
    pub findings: Findings,
    pub records: usize,
}

impl Gathered {
    /// Adds what the next block tells; gives where it ends.
    pub fn take(&mut self, told: Told, guess: &mut Guess<'_, '_>) -> Result<u64> {
        self.records += told.count;
        for (key, evidence) in told.keys {
            self.keys.merge(key, &evidence);
        }
        self.findings.absorb(told.findings);
        guess.take(told.rows)?;
        Ok(told.end)
    }
}
