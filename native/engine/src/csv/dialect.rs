//! Telling the delimiter, the quote, the preamble and the header from a sample.

use std::collections::{HashMap, HashSet};

use crate::csv::records::{Marks, Records, split};
use crate::error::{Error, Result};
use crate::evidence::Evidence;
use crate::nulls::NullWords;
use crate::options::Asked;

/// Records looked at.
const RECORDS: usize = 1_000;
const DELIMITERS: [u8; 5] = [b',', b';', b'\t', b'|', 0x01];

/// What the sample tells.
#[derive(Debug, Clone)]
pub struct Found {
    pub marks: Marks,
    /// Records before the header or the first row.
    pub preamble: usize,
    pub header: bool,
    pub carriage_return: bool,
}

struct Score {
    marks: Marks,
    share: f64,
    width: usize,
    quoted: usize,
    cells: usize,
    /// Records whose quotes do not pair.
    broken: usize,
}

/// The dialect of a sample; what is `asked` overrides what would be chosen.
pub fn detect(sample: &str, whole: bool, asked: &Asked, nulls: &NullWords) -> Result<Found> {
    let bytes = sample.as_bytes();
    let line_end = if bytes.contains(&b'\n') || !bytes.contains(&b'\r') { b'\n' } else { b'\r' };
    let chosen = asked.delimiter.map_or(DELIMITERS.to_vec(), |one| vec![one]);
    let mut best: Option<Score> = None;
    for (quote, escape) in quotings(bytes, asked) {
        for &delimiter in &chosen {
            if [quote, escape].contains(&Some(delimiter)) {
                continue;
            }
            let score = score(bytes, whole, Marks { delimiter, quote, escape, line_end });
            let rare = score.quoted * 20 < score.cells || score.broken > 0;
            if quote == Some(b'\'') && rare && asked.quote.is_none() {
                continue;
            }
            if best.as_ref().is_none_or(|best| better(&score, best)) {
                best = Some(score);
            }
        }
    }
    let Some(best) = best else {
        return Err(Error::EmptySource("the source holds no rows".to_owned()));
    };
    let taken = [best.marks.quote, best.marks.escape].contains(&Some(b','));
    let marks = if best.width < 2 && asked.delimiter.is_none() && !taken {
        Marks { delimiter: b',', ..best.marks }
    } else {
        best.marks
    };
    let records = sampled(bytes, whole, marks);
    let preamble = if asked.skip_lines.is_some() { 0 } else { preamble(&records) };
    let header = asked.header.unwrap_or_else(|| has_header(sample, marks, &records, preamble, nulls));
    Ok(Found { marks, preamble, header, carriage_return: bytes.contains(&b'\r') })
}

/// Quotes and escapes to try: those that are asked for, else those that the sample may use.
fn quotings(bytes: &[u8], asked: &Asked) -> Vec<(Option<u8>, Option<u8>)> {
    let mut found = likely_quotings(bytes);
    if let Some(quote) = asked.quote {
        found.retain(|&(other, _)| other == quote);
        if found.is_empty() {
            found.push((quote, None));
        }
    }
    if let Some(escape) = asked.escape {
        for (quote, other) in &mut found {
            *other = escape.filter(|&escape| Some(escape) != *quote);
        }
        found.dedup();
    }
    found
}

/// Quotes and escapes that the sample may use, the usual one first.
fn likely_quotings(bytes: &[u8]) -> Vec<(Option<u8>, Option<u8>)> {
    let mut found = vec![(Some(b'"'), None)];
    let pairs = |first: u8, second: u8| {
        bytes.windows(3).filter(|at| at[0] == first && at[1] == second && is_inner(at[2])).count()
    };
    if pairs(b'\\', b'"') > 0 {
        found.push((Some(b'"'), Some(b'\\')));
    }
    if bytes.contains(&b'\'') {
        found.push((Some(b'\''), None));
        if pairs(b'\\', b'\'') > 0 {
            found.push((Some(b'\''), Some(b'\\')));
        }
    }
    if bytes.contains(&b'"') {
        found.push((None, None));
    }
    found
}

fn is_inner(byte: u8) -> bool {
    !matches!(byte, b'\n' | b'\r') && !DELIMITERS.contains(&byte)
}

/// The records of the sample, without the one that the sample may have cut.
fn sampled(bytes: &[u8], whole: bool, marks: Marks) -> Records {
    let mut records = split(bytes, marks, RECORDS);
    if !whole && records.count() > 1 && records.count() < RECORDS {
        records.drop_last();
    }
    records
}

fn score(bytes: &[u8], whole: bool, marks: Marks) -> Score {
    let records = sampled(bytes, whole, marks);
    let widths: Vec<usize> = (0..records.count()).map(|record| records.cells(record).len()).collect();
    let (width, times) = modal(&widths);
    let broken = records.loose.len() + records.unclosed.len();
    let share = times.saturating_sub(broken) as f64 / widths.len().max(1) as f64;
    let quoted =
        (0..records.count()).flat_map(|record| records.cells(record)).filter(|cell| cell.quoted()).count();
    Score { marks, share, width, quoted, cells: widths.iter().sum(), broken }
}

/// Whether a reading explains the sample better: columns first, then evenness, then quotes and width.
fn better(new: &Score, old: &Score) -> bool {
    let columns = |score: &Score| score.width > 1 && score.share > 0.5;
    if columns(new) != columns(old) {
        return columns(new);
    }
    if (new.share - old.share).abs() > 0.02 {
        return new.share > old.share;
    }
    if new.marks.quote == old.marks.quote && new.marks.escape == old.marks.escape {
        return (new.width, new.share) > (old.width, old.share);
    }
    new.marks.quote.is_some() && new.quoted > old.quoted
}

fn modal(widths: &[usize]) -> (usize, usize) {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for &width in widths {
        *counts.entry(width).or_default() += 1;
    }
    let first = widths.first().copied().unwrap_or(0);
    let rank = |&(width, times): &(usize, usize)| (times, width == first, width);
    counts.into_iter().max_by_key(rank).unwrap_or((0, 0))
}

/// Leading records that are narrower than the table.
fn preamble(records: &Records) -> usize {
    let widths: Vec<usize> = (0..records.count()).map(|record| records.cells(record).len()).collect();
    let (width, times) = modal(&widths);
    if width < 2 || times < 2 || times * 2 < widths.len() {
        let second = widths.get(1).copied().unwrap_or(0);
        let note_above_table = widths.len() == 3 && widths[0] == 1 && second > 1 && widths[2] == second;
        return usize::from(note_above_table);
    }
    let lead = widths.iter().take_while(|&&other| other < width).count();
    if lead > 0 && widths.get(lead) == Some(&width) && widths[0] * 2 <= width.max(2) { lead } else { 0 }
}

/// The first row is a header unless its cells read like the rows below: text over numbers says header,
/// numbers over numbers say data, and where only text meets text it is a header.
fn has_header(sample: &str, marks: Marks, records: &Records, preamble: usize, nulls: &NullWords) -> bool {
    if records.count() <= preamble {
        return true;
    }
    let first = records.cells(preamble);
    let mut like_data = false;
    for (at, span) in first.iter().enumerate() {
        let cell = span.text(sample, marks);
        let above = class([cell.as_ref()].into_iter(), nulls);
        let rows = preamble + 1..records.count();
        let column: Vec<_> =
            rows.filter_map(|row| records.cells(row).get(at)).map(|span| span.text(sample, marks)).collect();
        let below = class(column.iter().map(AsRef::as_ref), nulls);
        match (above, below) {
            (Class::Text | Class::Truth, Class::Number | Class::Moment) | (Class::Text, Class::Truth) => {
                return true;
            }
            (Class::Number | Class::Moment, Class::Nothing) => like_data = true,
            (above, below) if above == below && above.is_typed() => like_data = true,
            _ => {}
        }
    }
    !like_data || names_columns(sample, marks, records, preamble)
}

/// Numbers that name columns: many cells, each different, over rows that repeat themselves.
fn names_columns(sample: &str, marks: Marks, records: &Records, preamble: usize) -> bool {
    const MANY: usize = 8;
    let distinct = |record: usize| {
        let cells = records.cells(record);
        let texts: HashSet<_> = cells.iter().map(|cell| cell.text(sample, marks)).collect();
        (texts.len(), cells.len())
    };
    let (different, width) = distinct(preamble);
    let mut rows = preamble + 1..records.count();
    width >= MANY
        && different == width
        && !rows.is_empty()
        && rows.all(|record| {
            let (different, width) = distinct(record);
            different * 2 < width
        })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Nothing,
    Text,
    Truth,
    Number,
    Moment,
}

impl Class {
    fn is_typed(self) -> bool {
        matches!(self, Self::Truth | Self::Number | Self::Moment)
    }
}

/// What most of the cells are.
fn class<'a>(cells: impl Iterator<Item = &'a str>, nulls: &NullWords) -> Class {
    let mut evidence = Evidence::default();
    for cell in cells.filter(|cell| !cell.is_empty()) {
        evidence.add(cell, nulls, || 0);
    }
    let counts = [
        (evidence.numbers(), Class::Number),
        (evidence.truths(), Class::Truth),
        (evidence.moments.count(), Class::Moment),
    ];
    let typed: u64 = counts.iter().map(|(count, _)| count).sum();
    if evidence.text * 4 > typed {
        return Class::Text;
    }
    counts
        .into_iter()
        .filter(|&(count, _)| count > 0)
        .max_by_key(|&(count, _)| count)
        .map_or(Class::Nothing, |most| most.1)
}

#[cfg(test)]
#[path = "dialect_tests.rs"]
mod tests;
