//! Text encodings: whatever a source is written in, the engine reads UTF-8.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::decode;
use crate::error::Result;
use crate::findings::Findings;
use crate::source::{Scratch, Source};

/// Bytes that are looked at to tell encodings apart.
const SAMPLE: u64 = 1 << 20;

/// Letters beyond ASCII that a guess among encodings of one byte a letter takes.
const TELLING: usize = 8;

/// How the bytes of a text source are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8Mark,
    Utf16Little,
    Utf16Big,
    /// One byte a letter, as Unicode numbers them.
    Latin1,
    /// Any other encoding of the WHATWG's list.
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding that a name means: the names shown, the usual ones and their aliases.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let plain = name.trim().to_ascii_lowercase().replace('_', "-");
        Some(match plain.as_str() {
            "utf-8" | "utf8" => Self::Utf8,
            "utf-8-sig" => Self::Utf8Mark,
            "utf-16-le" | "utf-16le" | "utf-16" | "utf16" => Self::Utf16Little,
            "utf-16-be" | "utf-16be" => Self::Utf16Big,
            "latin-1" | "latin1" | "iso-8859-1" => Self::Latin1,
            "cp932" => Self::Other(encoding_rs::SHIFT_JIS),
            "cp949" => Self::Other(encoding_rs::EUC_KR),
            "cp936" => Self::Other(encoding_rs::GBK),
            "cp950" => Self::Other(encoding_rs::BIG5),
            other => Self::Other(
                encoding_rs::Encoding::for_label_no_replacement(other.as_bytes())
                    .filter(|found| found.is_ascii_compatible())?,
            ),
        })
    }

    /// The name that is shown.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Utf8 => "utf-8".to_owned(),
            Self::Utf8Mark => "utf-8-sig".to_owned(),
            Self::Utf16Little => "utf-16-le".to_owned(),
            Self::Utf16Big => "utf-16-be".to_owned(),
            Self::Latin1 => "latin-1".to_owned(),
            Self::Other(other) => other.name().to_ascii_lowercase(),
        }
    }

    /// Whether nothing but the frequency of its letters speaks for this encoding.
    #[must_use]
    pub fn is_guess(self) -> bool {
        matches!(self, Self::Latin1 | Self::Other(_))
    }
}

/// The encoding of a source: the one asked for, else by its mark or its first megabyte.
pub fn detect(source: &Source, asked: Option<Encoding>) -> Result<Encoding> {
    let sample = source.read(0, SAMPLE)?;
    let marked = match sample.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => Some(Encoding::Utf8Mark),
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Little),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Big),
        _ => None,
    };
    Ok(match (asked, marked) {
        (Some(Encoding::Utf8 | Encoding::Utf8Mark), Some(Encoding::Utf8Mark)) => Encoding::Utf8Mark,
        (Some(Encoding::Utf8Mark), _) => Encoding::Utf8,
        (Some(Encoding::Utf16Little), Some(Encoding::Utf16Big)) => Encoding::Utf16Big,
        (Some(asked), _) => asked,
        (None, Some(marked)) => marked,
        (None, None) => unmarked(&sample),
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
    if tally.is_utf8() { Encoding::Utf8 } else { legacy(bytes) }
}

/// An encoding older than Unicode, told by which letters follow each other.
#[must_use]
pub fn legacy(bytes: &[u8]) -> Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let found = detector.guess(None, Utf8Detection::Deny);
    let decodes = found.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    let few = bytes.iter().filter(|byte| !byte.is_ascii()).take(TELLING).count() < TELLING;
    if found != WINDOWS_1252 && decodes && !(few && found.is_single_byte()) {
        return Encoding::Other(found);
    }
    let unassigned = bytes.iter().any(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D));
    if unassigned { Encoding::Latin1 } else { Encoding::Other(WINDOWS_1252) }
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
        if bytes.is_ascii() {
            return tally;
        }
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            let broken = chunk.invalid();
            at += chunk.valid().len() + broken.len();
            let cut_short = broken.len() < 4 && at == bytes.len() && broken.first() >= Some(&0xC2);
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

/// The source as UTF-8: itself where it is, else a temporary copy with what could not be decoded.
pub fn to_utf8(source: Source, encoding: Encoding, scratch: &Scratch) -> Result<(Source, Findings)> {
    let mut findings = Findings::default();
    let with = match encoding {
        Encoding::Utf8 => return Ok((source, findings)),
        Encoding::Utf8Mark => return Ok((source.without_head(3), findings)),
        Encoding::Latin1 => {
            let copy = scratch.spool(&source.label, |out| decode::latin(&source, out))?;
            return Ok((copy.in_blocks(Some(source.block)), findings));
        }
        Encoding::Utf16Little => UTF_16LE,
        Encoding::Utf16Big => UTF_16BE,
        Encoding::Other(other) if other == UTF_8 => return Ok((source, findings)),
        Encoding::Other(other) => other,
    };
    let copy = scratch.spool(&source.label, |out| decode::legacy(&source, out, with, &mut findings))?;
    Ok((copy.in_blocks(Some(source.block)), findings))
}

#[cfg(test)]
#[path = "encoding_tests.rs"]
mod tests;
