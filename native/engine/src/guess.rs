//! Rows that are read while their source is still surveyed, under types guessed from its first blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::decide::Surveyed;
use crate::error::Result;
use crate::input::{Early, Rows};
use crate::plan::ColumnPlan;

/// Blocks that a guess is made of; they are smaller than others, so that threads share them.
pub const FIRST: usize = 4;

/// Bytes of each of those in a source that is read in blocks of this size: together more than a block, for a guess that
/// does not hold is dear.
#[must_use]
pub fn first_size(block: u64) -> u64 {
    (block / 2).max(1)
}

/// A guess, from the first blocks on as long as it holds.
pub struct Guess<'e, 'h> {
    early: Option<&'e mut (dyn Early + 'h)>,
    plans: Option<Plans>,
}

/// The guessed types, for threads that read blocks ahead, until a block shows that they are wrong.
#[derive(Clone)]
pub struct Plans {
    plans: Arc<[ColumnPlan]>,
    hold: Arc<AtomicBool>,
}

impl Plans {
    /// The types, as long as no block is known that does not keep to them.
    #[must_use]
    pub fn held(&self) -> Option<&[ColumnPlan]> {
        self.hold.load(Ordering::Relaxed).then_some(&*self.plans)
    }
}

impl<'e, 'h> Guess<'e, 'h> {
    /// A guess that is made as soon as there are rows, where they are wanted.
    #[must_use]
    pub fn new(early: Option<&'e mut (dyn Early + 'h)>) -> Self {
        Self { early, plans: None }
    }

    /// Whether the next blocks are those that types are guessed from.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.early.is_some() && self.plans.is_none()
    }

    /// The guessed types, where they hold so far.
    #[must_use]
    pub fn plans(&self) -> Option<Plans> {
        self.plans.clone()
    }

    /// Whether rows are still read under the guess.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.plans.is_some()
    }

    /// Takes the rows of a block that was read under the guess; where it has none, the guess was wrong.
    pub fn take(&mut self, rows: Option<Rows>) -> Result<()> {
        match (&mut self.early, rows) {
            (Some(early), Some(rows)) => early.take(&rows)?,
            (Some(early), None) if self.plans.is_some() => {
                early.give_up();
                self.early = None;
                if let Some(plans) = self.plans.take() {
                    plans.hold.store(false, Ordering::Relaxed);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Guesses from what the first blocks told; `look` reads them again.
    pub fn begin(
        &mut self,
        columns: &[Surveyed],
        look: impl FnOnce(&[ColumnPlan]) -> Option<Vec<Rows>>,
    ) -> Result<()> {
        let Some(early) = &mut self.early else { return Ok(()) };
        let plans = early.begin(columns)?;
        if let Some(rows) = look(&plans) {
            rows.iter().try_for_each(|rows| early.take(rows))?;
            self.plans = Some(Plans { plans: plans.into(), hold: Arc::new(AtomicBool::new(true)) });
        } else {
            early.give_up();
            self.early = None;
        }
        Ok(())
    }
}
