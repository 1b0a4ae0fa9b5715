//! Blocks as text: broken bytes, raw records and line numbers.

use std::borrow::Cow;

use memchr::memchr_iter;

use crate::csv::blocks::Block;
use crate::csv::records::Records;
use crate::error::Result;
use crate::findings::{Findings, excerpt};
use crate::source::Source;

/// Bytes counted at a time.
const CHUNK: u64 = 4 << 20;

/// Bytes as text of the same length; bytes that are no UTF-8 become `?`.
#[must_use]
pub fn readable(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    Cow::Owned(text)
}

/// The records that hold bytes which are no UTF-8, in order; `text` is what is [`readable`] of them.
#[must_use]
pub fn broken_records(bytes: &[u8], text: &str, records: &Records) -> Vec<usize> {
    if std::ptr::eq(text.as_bytes(), bytes) {
        return Vec::new();
    }
    let mut broken = Vec::new();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            let record = records.starts.partition_point(|&start| start as usize <= at).saturating_sub(1);
            if broken.last() != Some(&record) {
                broken.push(record);
            }
        }
        at += chunk.invalid().len();
    }
    broken
}

/// The bytes of a record, its line end left out.
#[must_use]
pub fn raw<'b>(bytes: &'b [u8], records: &Records, record: usize) -> &'b [u8] {
    let start = records.starts[record] as usize;
    let end = records.starts.get(record + 1).map_or(bytes.len(), |&next| next as usize);
    let raw = &bytes[start..end];
    let cut = raw.iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    &raw[..raw.len() - cut]
}

/// Notes blank lines and quotes that do not pair.
pub fn remark_lines(findings: &mut Findings, block: &Block, records: &Records) {
    findings.count("blank_line", records.blank_lines);
    let kinds = [
        ("text_after_quote", &records.loose, "text follows a closing quote: the cell is kept as it stands"),
        ("unclosed_quote", &records.unclosed, "nothing closes this quote: it is read as a letter"),
    ];
    for (kind, found, reason) in kinds {
        for &record in found {
            let record = (record as usize).min(records.count().saturating_sub(1));
            let offset = block.offset + u64::from(records.starts.get(record).copied().unwrap_or(0));
            findings.note(kind, offset, None, || {
                (excerpt(raw(&block.bytes, records, record)), reason.to_owned())
            });
        }
    }
}

/// Where the source goes on after its first `lines` lines; its end where it has no more.
pub fn after_lines(source: &Source, lines: u64) -> Result<u64> {
    let mut left = lines;
    let mut at = 0;
    let mut line_end = None;
    while left > 0 && at < source.size() {
        let bytes = source.read(at, at + CHUNK)?;
        let mark = *line_end.get_or_insert(if bytes.contains(&b'\n') { b'\n' } else { b'\r' });
        for found in memchr_iter(mark, &bytes) {
            left -= 1;
            if left == 0 {
                return Ok(at + found as u64 + 1);
            }
        }
        at += bytes.len() as u64;
    }
    Ok(at)
}

/// The lines, from 1, on which rising byte offsets lie.
pub fn count_lines(source: &Source, line_end: u8, offsets: &[u64]) -> Result<Vec<u64>> {
    let mut lines = Vec::with_capacity(offsets.len());
    let (mut at, mut line) = (0, 1);
    for &offset in offsets {
        while at < offset {
            let to = offset.min(at + CHUNK);
            line += memchr_iter(line_end, &source.read(at, to)?).count() as u64;
            at = to;
        }
        lines.push(line);
    }
    Ok(lines)
}
