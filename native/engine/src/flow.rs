//! Blocks on their way: cut one after the other, looked at by every thread, taken in order.
//!
//! Taking may spread its own work over the threads too; whoever has nothing else to do helps with that. No thread waits
//! for others to end a round: one that is done with its block goes on with another.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::{Error, Result};

/// Blocks that are under way beyond one for each thread.
const AHEAD: usize = 2;
/// How long a thread without anything to do waits before it looks again.
const NAP: Duration = Duration::from_micros(100);

/// Cuts blocks until there are no more, looks at them on all threads of the pool, and takes what they tell in their
/// order.
///
/// `cut` and `take` run once at a time, on any thread; `cut` is given the blocks that were looked at, whose memory can
/// serve again. At most two blocks more than there are threads are under way. An error of `cut` ends the work when
/// everything before it has been taken, an error of `take` or a panic at once.
pub fn run<B: Send, T: Send>(
    cut: impl FnMut(&mut Vec<B>) -> Result<Option<B>> + Send,
    look: impl Fn(&B) -> T + Sync,
    take: impl FnMut(T) -> Result<()> + Send,
) -> Result<()> {
    let flow = Flow {
        way: Mutex::new(Way::new(rayon::current_num_threads() + AHEAD)),
        moved: Condvar::new(),
        cut: Mutex::new(cut),
        look,
        take: Mutex::new(take),
    };
    rayon::broadcast(|_| {
        catch_unwind(AssertUnwindSafe(|| flow.work())).unwrap_or_else(|panic| {
            flow.change(|way| way.stopped = true);
            resume_unwind(panic)
        });
    });
    locked(&flow.way).failed.take().map_or(Ok(()), Err)
}

/// The blocks under way and who does what.
struct Way<B, T> {
    /// What blocks told that wait for their turn.
    told: BTreeMap<usize, T>,
    /// Blocks whose memory can serve again.
    spare: Vec<B>,
    cut: usize,
    taken: usize,
    /// Blocks that may be under way.
    most: usize,
    is_cutting: bool,
    is_taking: bool,
    /// Whether there are no more blocks to cut.
    ended: bool,
    stopped: bool,
    failed: Option<Error>,
}

/// What a thread does next.
enum Turn<B, T> {
    Take(T),
    Cut(Vec<B>),
    Help,
    Rest,
}

impl<B, T> Way<B, T> {
    fn new(most: usize) -> Self {
        Self {
            told: BTreeMap::new(),
            spare: Vec::new(),
            cut: 0,
            taken: 0,
            most,
            is_cutting: false,
            is_taking: false,
            ended: false,
            stopped: false,
            failed: None,
        }
    }

    /// The next turn; what is first in order goes before what only fills the memory.
    fn turn(&mut self) -> Turn<B, T> {
        if self.stopped || (self.ended && self.taken == self.cut) {
            return Turn::Rest;
        }
        if !self.is_taking
            && let Some(told) = self.told.remove(&self.taken)
        {
            self.is_taking = true;
            return Turn::Take(told);
        }
        if !self.is_cutting && !self.ended && self.cut < self.taken + self.most {
            self.is_cutting = true;
            return Turn::Cut(std::mem::take(&mut self.spare));
        }
        Turn::Help
    }

    /// Notes the outcome of a turn of cutting; gives the block and its number.
    fn after_cut(&mut self, found: Result<Option<B>>) -> Option<(usize, B)> {
        self.is_cutting = false;
        match found {
            Ok(Some(block)) => {
                self.cut += 1;
                return Some((self.cut - 1, block));
            }
            Ok(None) => self.ended = true,
            Err(error) => {
                self.ended = true;
                self.failed = Some(error);
            }
        }
        None
    }

    fn after_take(&mut self, outcome: Result<()>) {
        self.is_taking = false;
        self.taken += 1;
        if let Err(error) = outcome {
            self.stopped = true;
            self.failed = Some(error);
        }
    }
}

struct Flow<B, T, C, L, K> {
    way: Mutex<Way<B, T>>,
    moved: Condvar,
    cut: Mutex<C>,
    look: L,
    take: Mutex<K>,
}

impl<B, T, C, L, K> Flow<B, T, C, L, K>
where
    C: FnMut(&mut Vec<B>) -> Result<Option<B>>,
    L: Fn(&B) -> T,
    K: FnMut(T) -> Result<()>,
{
    /// Does one thing after the other until all is done.
    fn work(&self) {
        loop {
            let turn = locked(&self.way).turn();
            match turn {
                Turn::Take(told) => {
                    let outcome = (*locked(&self.take))(told);
                    self.change(|way| way.after_take(outcome));
                }
                Turn::Cut(mut spare) => {
                    let found = (*locked(&self.cut))(&mut spare);
                    if let Some((number, block)) = self.change(|way| way.after_cut(found)) {
                        let told = (self.look)(&block);
                        self.change(|way| {
                            way.told.insert(number, told);
                            way.spare.push(block);
                        });
                    }
                }
                Turn::Help => self.help(),
                Turn::Rest => return,
            }
        }
    }

    fn change<R>(&self, change: impl FnOnce(&mut Way<B, T>) -> R) -> R {
        let changed = change(&mut locked(&self.way));
        self.moved.notify_all();
        changed
    }

    /// Does a piece of what taking spreads over the threads, where there is one; waits a little where there is none.
    fn help(&self) {
        if rayon::yield_now() != Some(rayon::Yield::Executed) {
            // Woken or not, the next turn tells what there is to do.
            drop(self.moved.wait_timeout(locked(&self.way), NAP));
        }
    }
}

/// The content of a lock; a thread that panicked stops the work by itself.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
