//! The values of records, found where they stand.

use crate::json::numbers;
use crate::json::parse::{Fault, Found, Json, Parser};
use crate::json::plain::plain_end;
use crate::json::slots::{Kind, Slot};
use crate::sweep;

/// A value that its text alone does not tell, parsed and raw.
pub type Rare<'t> = (Json<'t>, &'t str);

/// Gives the value of the key with a place, at a byte of a record that ends at another one, to `put`; where it ends.
#[expect(clippy::inline_always, reason = "a call would pass what it finds through memory")]
#[inline(always)]
pub fn read<'t>(
    text: &'t str,
    place: usize,
    (at, to): (usize, usize),
    rare: &mut Vec<Rare<'t>>,
    put: impl FnOnce(Slot),
) -> Result<usize, Fault> {
    let bytes = text.as_bytes();
    let (kind, end) = match bytes.get(at) {
        Some(b'"') => {
            let end = plain_end(bytes, at + 1);
            if bytes.get(end) != Some(&b'"') {
                return other(text, place, (at, to), rare, put);
            }
            put(Slot::new(place, Kind::Text, (at + 1, end), None));
            return Ok(end + 1);
        }
        Some(b'-' | b'0'..=b'9') => {
            // Either way by itself: what comes from two places goes through memory, and is waited for.
            let Some((end, number)) = sweep::number(bytes, at) else {
                let (end, number) = numbers::any(bytes, at).ok_or("a number is malformed")?;
                put(Slot::new(place, Kind::Number, (at, end), number));
                return Ok(end);
            };
            put(Slot::new(place, Kind::Number, (at, end), Some(number)));
            return Ok(end);
        }
        Some(b'n') if bytes[at..].starts_with(b"null") => (Kind::Nothing, at + 4),
        Some(b't') if bytes[at..].starts_with(b"true") => (Kind::Truth, at + 4),
        Some(b'f') if bytes[at..].starts_with(b"false") => (Kind::Truth, at + 5),
        _ => return other(text, place, (at, to), rare, put),
    };
    put(Slot::new(place, kind, (at, end), None));
    Ok(end)
}

/// The same of a value that is spelt in any other way.
#[inline(never)]
fn other<'t>(
    text: &'t str,
    place: usize,
    (at, to): (usize, usize),
    rare: &mut Vec<Rare<'t>>,
    put: impl FnOnce(Slot),
) -> Result<usize, Fault> {
    let mut parser = Parser::within(&text[..to], at);
    let (kind, span) = match parser.found()? {
        Found::Null => (Kind::Nothing, (at, at)),
        Found::Truth(from, to) => (Kind::Truth, (from, to)),
        Found::Number(from, to) => (Kind::Number, (from, to)),
        Found::Text(from, to) => (Kind::Text, (from, to)),
        Found::Rare(json, raw) => {
            rare.push((json, raw));
            (Kind::Rare, (rare.len() - 1, rare.len()))
        }
    };
    put(Slot::new(place, kind, span, None));
    Ok(parser.at())
}

/// The first byte from `at` on that is no blank.
pub fn blanks(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}
