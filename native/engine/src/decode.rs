//! Decoding a source chunk by chunk; bytes that mean nothing become U+FFFD and are reported.

use std::io::Write;

use encoding_rs::{DecoderResult, Encoding};

use crate::error::{Error, Result};
use crate::findings::Findings;
use crate::render::hex;
use crate::source::Source;

const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();
/// Bytes of text written at a time.
const BUFFER: usize = 64 << 10;

/// Text being written, and how much of it there is.
struct Text<'o> {
    out: &'o mut dyn Write,
    written: u64,
}

impl Text<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|error| Error::writing("a temporary file", &error))
    }
}

/// One byte a letter, as Unicode numbers them.
pub fn latin(source: &Source, out: &mut dyn Write) -> Result<()> {
    let mut text = Text { out, written: 0 };
    let mut at = 0;
    while at < source.size() {
        let bytes = source.read(at, at + source.block)?;
        text.put(encoding_rs::mem::decode_latin1(&bytes).as_bytes())?;
        at += source.block;
    }
    Ok(())
}

/// Decodes `source` as `encoding`; findings lie at offsets of the text that is written.
pub fn legacy(
    source: &Source,
    out: &mut dyn Write,
    encoding: &'static Encoding,
    findings: &mut Findings,
) -> Result<()> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut buffer = vec![0; BUFFER];
    let mut text = Text { out, written: 0 };
    let mut at = 0;
    while at < source.size() {
        let bytes = source.read(at, at + source.block)?;
        let last = at + source.block >= source.size();
        let mut read = 0;
        loop {
            let (outcome, more, written) =
                decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut buffer, last);
            read += more;
            text.put(&buffer[..written])?;
            match outcome {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(broken, after) => {
                    let end = (at + read as u64).saturating_sub(after.into());
                    let raw = source.read(end.saturating_sub(broken.into()), end)?;
                    findings.note("bad_bytes", text.written, None, || {
                        let name = encoding.name().to_ascii_lowercase();
                        (hex(&raw), format!("these bytes are no letter of {name}: they became U+FFFD"))
                    });
                    text.put(REPLACEMENT)?;
                }
            }
        }
        at += source.block;
    }
    Ok(())
}
