use std::path::Path;

use super::*;
use crate::csv::records::split;
use crate::source::Scratch;

const MARKS: Marks = Marks { delimiter: b',', quote: Some(b'"'), escape: None, line_end: b'\n' };

fn source(text: &[u8]) -> Source {
    let scratch = Scratch::new(Some(&std::env::temp_dir()), Path::new("out"));
    scratch
        .spool("test", |out| out.write_all(text).map_err(|error| crate::Error::writing("test", &error)))
        .unwrap()
}

fn blocks(text: &[u8], marks: Marks) -> Vec<Block> {
    let source = source(text);
    let mut cutter = Cutter::new(&source, marks, 0);
    std::iter::from_fn(|| cutter.next(source.block).unwrap()).collect()
}

#[test]
fn the_end_of_the_last_whole_record_is_found() {
    for (text, end) in [
        ("a,b\nc", Some(4)),
        ("a,b\n", Some(4)),
        ("a,b", None),
        ("a,\"x\ny\"\nb", Some(8)),
        ("a\n\"x\ny", Some(2)),
        ("\"x\ny", None),
        ("a\n6\" pipe\nb", Some(10)),
        ("a\n\"x\"\"\ny\"\nb", Some(10)),
        ("a\n\"x\"", Some(2)),
    ] {
        assert_eq!(last_record_end(text.as_bytes(), MARKS), end, "{text:?}");
    }
}

#[test]
fn blocks_hold_whole_records_and_lose_no_byte() {
    let record = "1,\"two\nlines, and \"\"quotes\"\"\",é\n";
    let text = record.repeat(400_000);
    let blocks = blocks(text.as_bytes(), MARKS);
    assert!(blocks.len() > 2);
    let mut at = 0;
    let mut records = 0;
    for block in &blocks {
        assert_eq!(block.offset, at);
        assert!(block.bytes.ends_with(b"\n"));
        at += block.bytes.len() as u64;
        records += split(&block.bytes, MARKS, usize::MAX).count();
    }
    assert_eq!((at, records), (text.len() as u64, 400_000));
}

#[test]
fn a_record_longer_than_a_block_makes_a_longer_block() {
    let long = format!("a,\"{}\"\nb,c\n", "x\n".repeat(5_000_000));
    let blocks = blocks(long.as_bytes(), MARKS);
    let records: usize = blocks.iter().map(|block| split(&block.bytes, MARKS, usize::MAX).count()).sum();
    assert_eq!(records, 2);
}

#[test]
fn a_quote_that_nothing_closes_does_not_join_rows() {
    let text = format!("1,\"open\n{}", "2,plain\n".repeat(1_000_000));
    let blocks = blocks(text.as_bytes(), MARKS);
    let records: usize = blocks.iter().map(|block| split(&block.bytes, MARKS, usize::MAX).count()).sum();
    assert_eq!(records, 1_000_001);
}

#[test]
fn a_line_beyond_all_bounds_is_refused_without_being_read_whole() {
    let source = Scratch::new(Some(&std::env::temp_dir()), Path::new("out"))
        .spool("endless", |out| {
            out.write_all(b"a,b\n")
                .and_then(|()| out.write_all(&vec![b'x'; LONGEST as usize + 1]))
                .map_err(|error| crate::Error::writing("test", &error))
        })
        .unwrap();
    let mut cutter = Cutter::new(&source, MARKS, 0);
    assert_eq!(cutter.next(source.block).unwrap().unwrap().bytes, b"a,b\n");
    let error = cutter.next(source.block).unwrap_err();
    assert_eq!(error.to_string(), "endless holds a line of more than 64 MB: it is no table");
}
