//! Text encodings: whatever a source is written in, the engine reads UTF-8.

use std::io::Write;

use crate::error::{Error, Result};
use crate::source::{Scratch, Source};

/// Bytes read at a time.
const CHUNK: u64 = 4 << 20;
/// Bytes that are looked at to tell encodings apart.
const SAMPLE: u64 = 1 << 20;

/// How the bytes of a text source are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8Mark,
    Utf16Little,
    Utf16Big,
    Windows1252,
    Latin1,
}

impl Encoding {
    /// The name that is shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Mark => "utf-8-sig",
            Self::Utf16Little => "utf-16-le",
            Self::Utf16Big => "utf-16-be",
            Self::Windows1252 => "windows-1252",
            Self::Latin1 => "latin-1",
        }
    }
}

/// The encoding of a source, by its mark or its first megabyte.
pub fn detect(source: &Source) -> Result<Encoding> {
    let sample = source.read(0, SAMPLE)?;
    Ok(match sample.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8Mark,
        [0xFF, 0xFE, ..] => Encoding::Utf16Little,
        [0xFE, 0xFF, ..] => Encoding::Utf16Big,
        bytes => unmarked(bytes),
    })
}

fn unmarked(bytes: &[u8]) -> Encoding {
    let head = &bytes[..bytes.len().min(4096)];
    let half = head.len() / 2;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    if half >= 8 && zeros(1) * 10 > half * 6 && zeros(0) * 10 < half {
        return Encoding::Utf16Little;
    }
    if half >= 8 && zeros(0) * 10 > half * 6 && zeros(1) * 10 < half {
        return Encoding::Utf16Big;
    }
    let tally = Tally::of(bytes);
    if tally.is_utf8() { Encoding::Utf8 } else { single_byte(bytes) }
}

/// One byte a character: Windows-1252 unless it has bytes that Windows leaves out.
#[must_use]
pub fn single_byte(bytes: &[u8]) -> Encoding {
    let unassigned = bytes.iter().any(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D));
    if unassigned { Encoding::Latin1 } else { Encoding::Windows1252 }
}

/// How well bytes read as UTF-8.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    pub broken: u64,
    pub letters: u64,
}

impl Tally {
    /// Counts sequences that are no UTF-8 and letters beyond ASCII that are.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut tally = Self::default();
        if std::str::from_utf8(bytes).is_ok() && bytes.is_ascii() {
            return tally;
        }
        for chunk in bytes.utf8_chunks() {
            let broken = chunk.invalid();
            let cut_short = broken.len() < 4 && bytes.ends_with(broken) && broken.first() >= Some(&0xC2);
            tally.broken += u64::from(!broken.is_empty() && !cut_short);
            tally.letters += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count() as u64;
        }
        tally
    }

    /// Whether the text is UTF-8 with at most a few broken places.
    #[must_use]
    pub fn is_utf8(&self) -> bool {
        self.broken == 0 || self.letters > self.broken * 4
    }
}

/// The source as UTF-8: itself where it is, else a temporary copy.
pub fn to_utf8(source: Source, encoding: Encoding, scratch: &Scratch) -> Result<Source> {
    let label = source.label.clone();
    match encoding {
        Encoding::Utf8 => Ok(source),
        Encoding::Utf8Mark => Ok(source.without_head(3)),
        Encoding::Utf16Little => scratch.spool(&label, |out| wide(&source, out, u16::from_le_bytes)),
        Encoding::Utf16Big => scratch.spool(&label, |out| wide(&source, out, u16::from_be_bytes)),
        Encoding::Windows1252 => scratch.spool(&label, |out| narrow(&source, out, windows_1252)),
        Encoding::Latin1 => scratch.spool(&label, |out| narrow(&source, out, char::from)),
    }
}

fn written(error: &std::io::Error) -> Error {
    Error::writing("a temporary file", error)
}

fn narrow(source: &Source, out: &mut dyn Write, decode: fn(u8) -> char) -> Result<()> {
    let mut at = 0;
    while at < source.size() {
        let bytes = source.read(at, at + CHUNK)?;
        let text: String = bytes.iter().map(|&byte| decode(byte)).collect();
        out.write_all(text.as_bytes()).map_err(|error| written(&error))?;
        at += CHUNK;
    }
    Ok(())
}

fn wide(source: &Source, out: &mut dyn Write, unit: fn([u8; 2]) -> u16) -> Result<()> {
    let mut at = 0;
    let mut held = None;
    while at < source.size() {
        let bytes = source.read(at, at + CHUNK)?;
        let mut units: Vec<u16> = held.take().into_iter().collect();
        units.extend(bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])));
        at += CHUNK;
        if units.last().is_some_and(|last| (0xD800..0xDC00).contains(last)) && at < source.size() {
            held = units.pop();
        }
        let text: String = char::decode_utf16(units)
            .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
            .filter(|&letter| letter != '\u{FEFF}')
            .collect();
        out.write_all(text.as_bytes()).map_err(|error| written(&error))?;
    }
    Ok(())
}

fn windows_1252(byte: u8) -> char {
    #[rustfmt::skip]
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
#[path = "encoding_tests.rs"]
mod tests;
