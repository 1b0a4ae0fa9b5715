//! Evidence of blocks and of sources added up.

use crate::evidence::{Evidence, ODD_CELLS};

impl Evidence {
    /// Adds the counts of a later block or source.
    pub fn merge(&mut self, later: &Self) {
        self.text += later.text;
        self.blank += later.blank;
        for (mine, theirs) in self.truth.iter_mut().zip(&later.truth) {
            *mine += theirs;
        }
        self.shared.merge(&later.shared);
        self.point.merge(&later.point);
        self.comma.merge(&later.comma);
        self.surely_point += later.surely_point;
        self.surely_comma += later.surely_comma;
        self.rounded += later.rounded;
        self.padded += later.padded;
        self.currency += later.currency;
        self.percent += later.percent;
        self.moments.merge(&later.moments);
        for (mine, theirs) in self.null_words.iter_mut().zip(&later.null_words) {
            *mine += theirs;
        }
        self.composite += later.composite;
        self.shape = std::mem::take(&mut self.shape).with(later.shape.clone());
        let room = ODD_CELLS - self.odd.len();
        self.odd.extend(later.odd.iter().take(room).cloned());
    }

    /// Adds the evidence of another source for the same column.
    pub fn join(&mut self, other: &Self) {
        self.mixed |= other.mixed || self.native != other.native;
        self.merge(other);
    }
}
