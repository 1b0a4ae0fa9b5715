//! Telling formats by content; what a file is called does not count.

use crate::error::{Error, Result};
use crate::options::Format;
use crate::source::Source;

const HEAD: u64 = 64 << 10;

/// Beginnings of files that are no tables of text.
const FOREIGN: [(&[u8], &str); 14] = [
    (b"\x89PNG", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xD0\xCF\x11\xE0", "an old Office document"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xFD7zXZ", "an xz archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7FELF", "a program"),
    (b"ARROW1", "an Arrow file"),
    (b"RIFF", "a media file"),
];

/// The format of a source: what was asked for if the content agrees, else what the content is.
pub fn detect(source: &Source, asked: Option<Format>) -> Result<Format> {
    let head = source.read(0, HEAD)?;
    let label = &source.label;
    if head.starts_with(b"PAR1") {
        return match asked {
            None | Some(Format::Parquet) => Ok(Format::Parquet),
            Some(_) => Err(Error::NotThisFormat(format!("{label} is a Parquet file, not text"))),
        };
    }
    if asked == Some(Format::Parquet) {
        return Err(Error::NotThisFormat(format!("{label} is not a Parquet file")));
    }
    if let Some((_, what)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(Error::NotThisFormat(format!("{label} is {what}, not a table of text")));
    }
    if is_binary(&head) {
        return Err(Error::NotThisFormat(format!("{label} holds binary data, not a table of text")));
    }
    Ok(asked.unwrap_or_else(|| if looks_like_json(&head) { Format::Json } else { Format::Csv }))
}

/// Control characters that text does not hold, more than one in fifty; UTF-16 is text.
fn is_binary(head: &[u8]) -> bool {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return false;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let wide = (even == 0) != (odd == 0) && even + odd > head.len() / 3;
    let control =
        |byte: &&u8| **byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x0C | 1 | 0x1A..=0x1F);
    let controls = head.iter().filter(control).count();
    !wide && controls * 5 > head.len()
}

fn looks_like_json(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    match text {
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start().first(), Some(b'"' | b'}')),
        [b'[', rest @ ..] => matches!(rest.trim_ascii_start().first(), Some(b'{' | b']')),
        _ => false,
    }
}
