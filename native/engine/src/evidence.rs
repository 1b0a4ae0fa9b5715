//! What the cells of a column look like, counted over the whole source before any type is chosen.

use arrow_schema::DataType;

use crate::counts::{Moments, Numbers};
use crate::glance::{LONGEST_WORD, is_prose, may_be_typed};
use crate::iso;
use crate::json::shape::Shape;
use crate::moment;
use crate::nulls::{self, NullWords, Word};
use crate::number::{self, Mark, Number};
use crate::simple;
use crate::simple_numbers::SimpleNumbers;
use crate::truth;

/// Cells that break a column's type, kept as examples.
pub const ODD_CELLS: usize = 20;

/// The counts for one column.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    pub text: u64,
    pub blank: u64,
    pub truth: [u64; 3],
    /// Numbers that read the same under both decimal marks.
    pub shared: Numbers,
    /// Numbers with a decimal point, or with thousands commas.
    pub point: Numbers,
    /// Numbers with a decimal comma.
    pub comma: Numbers,
    /// Numbers that only a point, or only a comma, explains.
    pub surely_point: u64,
    pub surely_comma: u64,
    /// Numbers that a double would change.
    pub rounded: u64,
    pub padded: u64,
    pub currency: u64,
    pub percent: u64,
    pub moments: Moments,
    /// How often each known null word occurs.
    pub null_words: [u64; nulls::WORDS.len()],
    /// Objects and arrays of JSON.
    pub composite: u64,
    /// What those have in common.
    pub shape: Shape,
    /// The type a typed source declares; `None` for text sources.
    pub native: Option<DataType>,
    /// Sources disagree about the declared type.
    pub mixed: bool,
    /// The first cells that are nothing but text: byte offset and spelling.
    pub odd: Vec<(u64, String)>,
}

/// Whether a JSON string holds what no date or time has, or begins as none does.
#[must_use]
#[inline]
pub fn is_prose_in_quotes(cell: &[u8]) -> bool {
    let Some(&first) = cell.first() else { return false };
    first > b'9' || first.is_ascii_digit() && !may_be_typed(cell)
}

impl Evidence {
    /// Counts one cell that is there and not empty, at a byte offset of its source.
    pub fn add(&mut self, cell: &str, nulls: &NullWords, offset: impl FnOnce() -> u64) {
        if !nulls.overridden() {
            if is_prose(cell.as_bytes()) {
                return self.plain_text(cell, offset);
            }
            if self.simple(cell.as_bytes()) {
                return;
            }
        }
        if let Some(word) = nulls.find(cell) {
            if let Word::Known(at) = word {
                self.null_words[at] += 1;
            }
            return;
        }
        let trimmed = cell.as_bytes().trim_ascii();
        let known = match trimmed.first() {
            None => {
                self.blank += 1;
                true
            }
            Some(b'0'..=b'9') if !may_be_typed(trimmed) => false,
            Some(b'0'..=b'9') => self.number(trimmed) || self.moment(trimmed) || self.percent(trimmed),
            Some(first) if first.is_ascii_alphabetic() => self.word(trimmed),
            Some(_) => self.number(trimmed) || self.percent(trimmed),
        };
        if !known {
            self.plain_text(cell, offset);
        }
    }

    /// Counts a cell that is spelt in one of the most frequent ways; none of them is a null word.
    pub fn simple(&mut self, cell: &[u8]) -> bool {
        if cell.first().is_none_or(|&first| first > b'9') {
            return false;
        }
        let Some(number) = simple::number(cell).filter(SimpleNumbers::can_count) else {
            return self.simple_moment(cell).is_some();
        };
        let mut seen = SimpleNumbers::default();
        seen.add(number, || number.double());
        self.add_simple(&seen);
        true
    }

    /// Adds numbers in their most frequent spelling.
    pub fn add_simple(&mut self, seen: &SimpleNumbers) {
        self.shared.count += seen.whole;
        self.shared.max_whole = self.shared.max_whole.max(seen.max_whole.into());
        self.point.count += seen.pointed;
        self.point.pointed += seen.pointed;
        self.point.max_whole = self.point.max_whole.max(seen.max_before.into());
        self.point.max_places = self.point.max_places.max(seen.max_places.into());
        self.surely_point += seen.pointed - seen.grouped;
        self.rounded += seen.rounded;
        self.comma.count += seen.grouped;
        self.comma.grouped += seen.grouped;
        if seen.grouped > 0 {
            self.comma.max_whole = self.comma.max_whole.max(u16::from(seen.max_grouped) + 3);
        }
    }

    /// Counts a date or time in its most frequent spelling and gives its microseconds, and whether it has a clock.
    pub fn simple_moment(&mut self, cell: &[u8]) -> Option<(i64, bool)> {
        let (micros, clock) = iso::read(cell)?;
        self.moments.dates += u64::from(!clock);
        self.moments.naive += u64::from(clock);
        self.moments.orders &= moment::YEAR_FIRST;
        Some((micros, clock))
    }

    /// Counts a JSON string: text, unless it reads as a date or time.
    pub fn add_string(&mut self, cell: &str, nulls: &NullWords, offset: impl FnOnce() -> u64) {
        if nulls.overridden() && nulls.find(cell).is_some() {
            return;
        }
        if is_prose_in_quotes(cell.as_bytes()) {
            return self.plain_text(cell, offset);
        }
        let trimmed = cell.as_bytes().trim_ascii();
        if !self.moment(trimmed) {
            self.plain_text(cell, offset);
        }
    }

    /// Counts a cell that is text whatever it looks like.
    pub fn plain_text(&mut self, cell: &str, offset: impl FnOnce() -> u64) {
        self.text += 1;
        if self.odd.len() < ODD_CELLS {
            self.odd.push((offset(), cell.chars().take(200).collect()));
        }
    }

    /// Counts a cell that is text whatever it looks like, unless more of them are wanted as examples.
    #[inline]
    pub fn add_prose(&mut self) -> bool {
        let is_known = self.odd.len() >= ODD_CELLS;
        self.text += u64::from(is_known);
        is_known
    }

    /// Counts a JSON object or list.
    pub fn add_nested(&mut self, shape: Shape) {
        self.composite += 1;
        self.shape = std::mem::take(&mut self.shape).with(shape);
    }

    /// Counts a JSON boolean.
    pub fn add_truth(&mut self) {
        self.truth[0] += 1;
    }

    fn word(&mut self, cell: &[u8]) -> bool {
        if cell.len() > LONGEST_WORD {
            return false;
        }
        if let Some(family) = truth::read(cell).map(|(family, _)| family) {
            self.truth[family] += 1;
            return true;
        }
        // `nan` and `inf` are the only numbers that begin with a letter.
        let begins = cell.first_chunk().map(|two: &[u8; 2]| two.map(|letter| letter | 0x20));
        matches!(begins.as_ref(), Some(b"na" | b"in")) && self.number(cell)
    }

    fn number(&mut self, cell: &[u8]) -> bool {
        let point = number::parse(cell, Mark::Point);
        let has_comma = cell.contains(&b',');
        if let Some(plain) = point
            && !has_comma
            && !plain.pointed
        {
            self.remark(&plain, cell, Mark::Point);
            self.shared.add(&plain);
            return true;
        }
        let grouped_by_points = point.is_none_or(|number| number.places == 3);
        let comma = if has_comma || grouped_by_points { number::parse(cell, Mark::Comma) } else { None };
        let Some(either) = point.or(comma) else { return false };
        self.remark(&either, cell, if point.is_some() { Mark::Point } else { Mark::Comma });
        if let Some(number) = &point {
            self.point.add(number);
        }
        if let Some(number) = &comma {
            self.comma.add(number);
        }
        self.surely_point += u64::from(comma.is_none());
        self.surely_comma += u64::from(point.is_none());
        true
    }

    /// Counts a number without the short cut for frequent spellings.
    #[cfg(test)]
    pub fn carefully(&mut self, cell: &[u8]) {
        assert!(self.number(cell));
    }

    fn remark(&mut self, number: &Number, cell: &[u8], mark: Mark) {
        self.rounded += u64::from(!number.reads_back(|| number::double(cell, mark)));
        let dialled = number.plus && !number.pointed && number.whole_digits >= 8;
        self.padded += u64::from(number.padded || dialled);
        self.currency += u64::from(number.currency);
    }

    fn moment(&mut self, cell: &[u8]) -> bool {
        moment::parse(cell).inspect(|moment| self.moments.add(moment)).is_some()
    }

    fn percent(&mut self, cell: &[u8]) -> bool {
        if let [number @ .., b'%'] = cell
            && number::parse(number.trim_ascii(), Mark::Point).is_some()
        {
            self.percent += 1;
        }
        false
    }

    /// All numbers, whatever their mark.
    #[must_use]
    pub fn numbers(&self) -> u64 {
        self.shared.count + self.point.count.max(self.comma.count).max(self.surely_point + self.surely_comma)
    }

    /// Why the numbers cannot all be read with `mark`, where they cannot.
    #[must_use]
    pub fn unread(&self, mark: Mark) -> Option<String> {
        let (others, mark) = match mark {
            Mark::Point => (self.surely_comma, "point"),
            Mark::Comma => (self.surely_point, "comma"),
        };
        (others > 0).then(|| format!("kept as text: {others} values are no numbers with a decimal {mark}"))
    }

    /// All booleans.
    #[must_use]
    pub fn truths(&self) -> u64 {
        self.truth.iter().sum()
    }

    /// Counts a double by its shortest decimal spelling.
    pub fn add_float(&mut self, value: f64) {
        const EXACT: f64 = 1e15;
        let places = (0..=4_u8).find(|&places| {
            let factor = 10_f64.powi(i32::from(places));
            let scaled = (value * factor).round();
            scaled.abs() < EXACT && scaled / factor == value
        });
        let Some(places) = places else {
            self.number(value.to_string().as_bytes());
            return;
        };
        let whole = value.abs().trunc();
        let whole_digits = if whole < 1.0 { 0 } else { whole.log10().floor() as u16 + 1 };
        let number = Number { whole_digits, places: places.into(), pointed: places > 0, ..Number::default() };
        if places > 0 {
            self.surely_point += 1;
            self.point.add(&number);
        } else {
            self.shared.add(&number);
        }
    }
}
