//! Objects, one a line, one after the other or in an array: one byte says how they are read.

use lakebook_engine::{Format, Options};

use super::same::{same, twice};
use super::table::{Table, made};

/// Sizes of blocks whose edges fall anywhere.
const BLOCKS: [u64; 4] = [1, 7, 40, 300];

/// Reads the text behind the first byte in two ways; where it is plain lines, as an array too.
pub fn check(bytes: &[u8]) {
    let [layout, text @ ..] = bytes else { return };
    let options = |threads, block_size| Options {
        format: Some(Format::Json),
        threads: Some(threads),
        memory_limit: Some(1 << 20),
        block_size,
        nulls: (layout & 8 != 0).then(|| vec!["NA".to_owned()]),
        ..Options::default()
    };
    let narrow = options(1, Some(BLOCKS[usize::from(layout % 4)]));
    let wide = options(2, None);
    let one = made(text, 1, &narrow);
    if layout & 4 == 0 {
        same(&one, &made(text, 1, &wide));
    } else {
        twice(&one, &made(text, 2, &wide));
    }
    if let Ok(table) = &one
        && table.told.dialect.encoding.as_deref() == Some("utf-8")
    {
        lines(table, text, &narrow, &wide);
    }
}

/// Holds that every line of JSON lines is a row or a rejected row, and that their array is the same table.
fn lines(table: &Table, text: &[u8], narrow: &Options, wide: &Options) {
    let lines: Vec<&[u8]> =
        text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).collect();
    let first = lines[0];
    if !first.starts_with(b"{") || !first.ends_with(b"}") {
        return;
    }
    let alone = made(first, 1, wide).is_ok_and(|one| (one.told.row_count, one.told.rejected_rows) == (1, 0));
    if !alone {
        return;
    }
    assert_eq!(table.told.row_count + table.told.rejected_rows, lines.len() as u64);
    if table.told.rejected_rows > 0 {
        return;
    }
    let array = [b"[".as_slice(), &lines.join(b", \n".as_slice()), b"]"].concat();
    for options in [narrow, wide] {
        let same = made(&array, 1, options).expect("the array of readable objects can be read");
        assert_eq!(same.rows, table.rows);
        assert_eq!(same.told.rejected_rows, 0);
    }
}
