//! The keys of a JSON source.

use std::collections::HashMap;

use crate::evidence::Evidence;

/// Keys in order of first appearance, with what their values are like.
#[derive(Default)]
pub struct Keys {
    places: HashMap<String, usize>,
    pub found: Vec<(String, Evidence)>,
}

impl Keys {
    /// Adds what the values of a key in one block are like.
    pub fn merge(&mut self, key: String, evidence: &Evidence) {
        let place = *self.places.entry(key.clone()).or_insert(self.found.len());
        if place == self.found.len() {
            self.found.push((key, Evidence::default()));
        }
        self.found[place].1.merge(evidence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_gather_what_is_told_of_them() {
        let mut keys = Keys::default();
        let mut truth = Evidence::default();
        truth.add_truth();
        for key in ["b", "a", "b"] {
            keys.merge(key.to_owned(), &truth);
        }
        let told: Vec<_> =
            keys.found.iter().map(|(key, evidence)| (key.as_str(), evidence.truths())).collect();
        assert_eq!(told, [("b", 2), ("a", 1)]);
    }
}
