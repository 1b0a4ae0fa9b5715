//! Text in any encoding is the table of the text that it decodes to: two bytes say which encoding and how it is read.

use std::borrow::Cow;

use lakebook_engine::{Asked, Encoding, Format, Options};

use super::table::made;

/// Encodings that a caller may ask for; none, too.
const ASKED: [&str; 15] = [
    "utf-8",
    "utf-16-le",
    "utf-16-be",
    "latin-1",
    "windows-1252",
    "shift_jis",
    "gb18030",
    "big5",
    "euc-jp",
    "euc-kr",
    "windows-1251",
    "koi8-r",
    "iso-8859-2",
    "windows-1254",
    "utf-8-sig",
];
/// Sizes of blocks whose edges fall inside letters.
const BLOCKS: [u64; 4] = [1, 3, 10, 100];

/// Reads the bytes behind the first two as they are, and decoded at once.
pub fn check(bytes: &[u8]) {
    let [encoding, layout, bytes @ ..] = bytes else { return };
    let asked = ASKED.get(usize::from(*encoding % 32)).and_then(|name| Encoding::named(name));
    let format = if layout & 4 == 0 { Format::Csv } else { Format::Json };
    let options = |encoding, block_size| Options {
        format: Some(format),
        threads: Some(1),
        memory_limit: Some(1 << 20),
        block_size,
        asked: Asked { encoding, ..Asked::default() },
        ..Options::default()
    };
    let Ok(table) = made(bytes, 1, &options(asked, Some(BLOCKS[usize::from(layout % 4)]))) else { return };
    let name = table.told.dialect.encoding.clone().expect("a text has an encoding");
    let used = Encoding::named(&name).expect("the encoding that is told has a name");
    let Some((text, broken)) = decoded(bytes, used) else { return };
    let told = |kind: &str| table.told.deviation_counts.get(kind).copied().unwrap_or(0);
    assert_eq!(told("bad_bytes") > 0, broken, "{name}");
    if text.starts_with('\u{FEFF}') || text.trim().is_empty() {
        return;
    }
    // Letters that are control characters once decoded may be no table of text any more.
    let Ok(again) = made(text.as_bytes(), 1, &options(Some(Encoding::Utf8), None)) else { return };
    assert_eq!(table.rows, again.rows, "{name}");
    assert_eq!(table.told.rejected_rows, again.told.rejected_rows, "{name}");
}

/// The text that the bytes decode to, and whether some of them meant nothing; `None` where nothing is decoded.
fn decoded(bytes: &[u8], encoding: Encoding) -> Option<(Cow<'_, str>, bool)> {
    let decoder = match encoding {
        Encoding::Utf8 | Encoding::Utf8Mark => return None,
        Encoding::Latin1 => return Some((encoding_rs::mem::decode_latin1(bytes), false)),
        Encoding::Utf16Little => encoding_rs::UTF_16LE,
        Encoding::Utf16Big => encoding_rs::UTF_16BE,
        Encoding::Other(other) => other,
    };
    Some(decoder.decode_with_bom_removal(bytes))
}
