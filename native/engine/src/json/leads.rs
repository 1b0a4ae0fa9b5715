//! What stands before the values of records: a key that comes where it came before is known by its bytes alone.

/// Bytes of a lead that are compared as one number.
const HEAD: usize = 16;
/// Keys that are tried in turn where some are missing.
const TRIED: usize = 8;

/// A key with its quotes, its colon and the blanks around them, up to the value.
#[derive(Clone, Copy)]
pub struct Lead {
    head: u128,
    /// The bits of the head that count.
    mask: u128,
    from: u32,
    length: u32,
}

/// How each key is spelt, and which one follows it.
#[derive(Default)]
pub struct Leads {
    /// By the place of the key.
    all: Vec<Lead>,
    /// The place of the key that came last behind nothing, and behind each place.
    next: Vec<u32>,
}

impl Lead {
    fn new(bytes: &[u8], from: usize, to: usize) -> Self {
        let spelt = &bytes[from..to];
        let known = spelt.len().min(HEAD);
        let mut head = [0; HEAD];
        head[..known].copy_from_slice(&spelt[..known]);
        let mask = u128::MAX.unbounded_shr(8 * (HEAD - known) as u32);
        Self { head: u128::from_le_bytes(head), mask, from: from as u32, length: spelt.len() as u32 }
    }

    /// Where the value begins, if this lead stands at a byte.
    #[must_use]
    #[inline]
    pub fn passed(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let length = self.length as usize;
        let onward = bytes.get(at..)?;
        let same = match onward.first_chunk() {
            Some(&head) if length <= HEAD => (u128::from_le_bytes(head) ^ self.head) & self.mask == 0,
            _ => onward.get(..length).is_some_and(|spelt| spelt == &bytes[self.from as usize..][..length]),
        };
        same.then_some(at + length)
    }
}

impl Leads {
    /// The key at a byte of the text and the byte of its value, where it is one that may be expected behind another
    /// one's place, or at the beginning of a record.
    #[inline]
    pub fn expected(&self, bytes: &[u8], before: Option<usize>, at: usize) -> Option<(usize, usize)> {
        let mut after = before.map_or(0, |place| place + 1);
        for _ in 0..TRIED {
            let place = *self.next.get(after)? as usize;
            if let Some(value) = self.all.get(place)?.passed(bytes, at) {
                return Some((place, value));
            }
            after = place + 1;
        }
        None
    }

    /// How each key is spelt, in order of their places.
    pub fn iter(&self) -> std::slice::Iter<'_, Lead> {
        self.all.iter()
    }

    /// Remembers that between two bytes a key stood, which has `place`, behind another one or at the beginning.
    pub fn learn(&mut self, bytes: &[u8], before: Option<usize>, place: usize, (from, to): (usize, usize)) {
        let lead = Lead::new(bytes, from, to);
        match self.all.get_mut(place) {
            Some(known) => *known = lead,
            None => self.all.push(lead),
        }
        let after = before.map_or(0, |place| place + 1);
        if self.next.len() <= after {
            self.next.resize(after + 1, u32::MAX);
        }
        self.next[after] = place as u32;
    }

    /// Forgets the keys behind the first ones.
    pub fn forget(&mut self, first: usize) {
        self.all.truncate(first);
        self.next.truncate(first + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_behind_others_even_where_some_are_missing() {
        let text = br#""a":1,"a much longer key": 2,"c" :3,"ab":4,"a" :5,"a""#;
        let mut leads = Leads::default();
        assert_eq!(leads.expected(text, None, 0), None);
        leads.learn(text, None, 0, (0, 4));
        leads.learn(text, Some(0), 1, (6, 27));
        leads.learn(text, Some(1), 2, (29, 34));
        assert_eq!(leads.expected(text, None, 0), Some((0, 4)));
        assert_eq!(leads.expected(text, Some(0), 6), Some((1, 27)));
        assert_eq!(leads.expected(text, None, 29), Some((2, 34)));
        assert_eq!(leads.expected(text, Some(2), 29), None);
        // A key that begins like another one, has other blanks around it, or is cut short is none of them.
        for at in [36, 43, 50, 99] {
            assert_eq!(leads.expected(text, None, at), None, "at {at}");
        }
        leads.forget(1);
        assert_eq!(leads.expected(text, None, 6), None);
        assert_eq!(leads.expected(text, None, 0), Some((0, 4)));
    }

    #[test]
    fn keys_of_every_length_are_told_apart_by_their_last_letter() {
        for length in 1..40 {
            for behind in ["", "1}, and more than sixteen letters"] {
                let (same, other) = ("k".repeat(length), "k".repeat(length - 1) + "x");
                let text = format!("{same}\":1,{other}\":1,{same}\":{behind}");
                let mut leads = Leads::default();
                leads.learn(text.as_bytes(), None, 0, (0, length + 2));
                let found = |at: usize| leads.expected(text.as_bytes(), None, at);
                let next = length + 4;
                assert_eq!(found(0), Some((0, length + 2)));
                assert_eq!((found(next), found(2 * next)), (None, Some((0, 2 * next + length + 2))));
            }
        }
    }
}
