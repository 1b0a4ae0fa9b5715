//! Records that have the same keys in the same order as those before, which are read without asking for either.

use crate::json::records::Span;
use crate::json::table::Table;
use crate::json::values::{self, blanks};

/// How many records are read in the ordinary way after one that was not regular.
#[derive(Default)]
pub struct Pace {
    pause: u32,
    next: u32,
}

impl Pace {
    /// The longest pause.
    const MOST: u32 = 64;

    /// Whether a try is due.
    #[inline]
    fn is_due(&mut self) -> bool {
        let is_due = self.pause == 0;
        self.pause = self.pause.saturating_sub(1);
        is_due
    }

    /// Notes how a try went: each in vain makes the next pause longer.
    #[inline]
    fn note(&mut self, went: bool) {
        (self.pause, self.next) =
            if went { (0, 0) } else { (self.next, (self.next * 2 + 1).min(Self::MOST)) };
    }
}

impl Table<'_> {
    /// Reads the record between two bytes of the block if it is regular; leaves no trace of it where it is not.
    #[inline]
    pub(super) fn regular(&mut self, span: Span) -> bool {
        if !self.pace.is_due() {
            return false;
        }
        let rare = self.rare.len();
        let went = self.sweep(span);
        self.pace.note(went);
        if went {
            self.slots.close();
            self.starts.push(span.0);
        } else {
            self.rare.truncate(rare);
        }
        went
    }

    /// Reads the values of a regular record.
    #[inline(never)]
    fn sweep(&mut self, (from, to): Span) -> bool {
        let Self { text, leads, slots, rare, .. } = self;
        let text = *text;
        let (bytes, Some(room)) = (text.as_bytes(), slots.open()) else { return false };
        if bytes.get(from) != Some(&b'{') {
            return false;
        }
        let (mut at, width) = (from + 1, room.len());
        for (place, (lead, room)) in leads.iter().zip(room).enumerate() {
            let Some(value) = lead.passed(bytes, at) else { return false };
            let read = values::read(text, place, (value, to), rare, |slot| *room = slot);
            let Ok(end) = read else { return false };
            at = end + 1;
            if bytes.get(end) != Some(&b',') {
                let is_last = place + 1 == width && bytes.get(end) == Some(&b'}');
                return is_last && at <= to && blanks(&bytes[..to], at) == to;
            }
        }
        false
    }
}

#[cfg(test)]
#[path = "regular_tests.rs"]
mod tests;
