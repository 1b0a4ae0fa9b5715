//! Cutting JSON text into blocks of whole records.

use memchr::{memchr_iter, memrchr};

use crate::csv::blocks::{Block, LONGEST, too_long};
use crate::error::Result;
use crate::source::Source;

/// How records follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One object a line.
    Lines,
    /// Objects with anything between them that JSON allows, such as the commas of an array.
    Stream,
}

/// Where records lie in a block.
pub type Span = (usize, usize);

/// The next block of about `want` bytes from `at` on, or `None` at the end; it takes up some spare memory where there is any.
pub fn next_block(
    source: &Source,
    at: u64,
    mut want: u64,
    layout: Layout,
    spare: &mut Vec<Vec<u8>>,
) -> Result<Option<Block>> {
    if at >= source.size() {
        return Ok(None);
    }
    loop {
        let mut bytes = source.read_into(spare.pop().unwrap_or_default(), at, at + want)?;
        if at + bytes.len() as u64 >= source.size() {
            return Ok(Some(Block { offset: at, bytes, may_quote: true }));
        }
        let end = match layout {
            Layout::Lines => memrchr(b'\n', &bytes).map(|found| found + 1),
            Layout::Stream => objects(&bytes).last().map(|span| span.1),
        };
        if let Some(end) = end {
            bytes.truncate(end);
            return Ok(Some(Block { offset: at, bytes, may_quote: true }));
        }
        if want >= LONGEST {
            return Err(too_long(source, "record"));
        }
        want = (want * 4).min(LONGEST);
    }
}

/// The records of a block.
#[must_use]
pub fn spans(bytes: &[u8], layout: Layout) -> Vec<Span> {
    match layout {
        Layout::Lines => lines(bytes),
        Layout::Stream => {
            let mut found: Vec<Span> = objects(bytes).collect();
            let rest = found.last().map_or(0, |span| span.1);
            let tail = bytes[rest..].iter().position(|&byte| !between(byte));
            if let Some(tail) = tail {
                found.push((rest + tail, bytes.len()));
            }
            found
        }
    }
}

fn lines(bytes: &[u8]) -> Vec<Span> {
    // Room for lines of some length: more would be touched by few blocks, less would be copied as it grows.
    let mut found = Vec::with_capacity(bytes.len() / 256);
    let mut from = 0;
    for end in memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let line = &bytes[from..end];
        if !line.trim_ascii().is_empty() {
            let lead = line.len() - line.trim_ascii_start().len();
            found.push((from + lead, from + line.trim_ascii_end().len()));
        }
        from = end + 1;
    }
    found
}

/// Whether a byte may stand between objects: a separator, or what is blank on a line of its own.
fn between(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | b'[' | b']')
}

/// Whole objects; text between them that is no separator belongs to the next one.
fn objects(bytes: &[u8]) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes.get(at).is_some_and(|&byte| between(byte)) {
            at += 1;
        }
        let from = at;
        let mut depth = 0_usize;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'"' => at = string_end(bytes, at)?,
                b'{' => depth += 1,
                b'}' if depth <= 1 => return Some((from, at)),
                b'}' => depth -= 1,
                _ => {}
            }
        }
        None
    })
}

fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_in_arrays_and_pretty_prints() {
        let text = b"[{\"a\": \"}\\\"{\"},\n {\"b\": {\"c\": 1}}\n]\n";
        let found: Vec<&[u8]> = spans(text, Layout::Stream).into_iter().map(|(a, b)| &text[a..b]).collect();
        assert_eq!(found, [b"{\"a\": \"}\\\"{\"}".as_slice(), b"{\"b\": {\"c\": 1}}"]);
    }

    #[test]
    fn form_feeds_between_objects_are_blanks_in_every_layout() {
        let text = b"{\"a\":1}\x0c\n\x0c{\"b\":2}\x0c\x0c\n";
        let found: Vec<&[u8]> = spans(text, Layout::Stream).into_iter().map(|(a, b)| &text[a..b]).collect();
        assert_eq!(found, [b"{\"a\":1}", b"{\"b\":2}"]);
        let found: Vec<&[u8]> = spans(text, Layout::Lines).into_iter().map(|(a, b)| &text[a..b]).collect();
        assert_eq!(found, [b"{\"a\":1}", b"{\"b\":2}"]);
    }

    #[test]
    fn an_unfinished_object_is_a_record_that_will_be_refused() {
        let text = b"[{\"a\":1},{\"b\":";
        assert_eq!(spans(text, Layout::Stream), [(1, 8), (9, 14)]);
    }

    #[test]
    fn blank_lines_are_no_records() {
        assert_eq!(spans(b"{}\r\n\r\n {} \n", Layout::Lines), [(0, 2), (7, 9)]);
    }
}
