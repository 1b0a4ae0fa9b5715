use super::*;

const PLAIN: Marks = Marks { delimiter: b',', quote: Some(b'"'), escape: None, line_end: b'\n' };
const ESCAPED_MARKS: Marks = Marks { escape: Some(b'\\'), ..PLAIN };

fn cells(text: &str, marks: Marks) -> Vec<Vec<String>> {
    let records = split(text.as_bytes(), marks, usize::MAX);
    (0..records.count())
        .map(|record| records.cells(record).iter().map(|cell| cell.text(text, marks).into_owned()).collect())
        .collect()
}

#[test]
fn cells_and_records_are_told_apart() {
    for (text, expected) in [
        ("a,b\nc,d\n", vec![vec!["a", "b"], vec!["c", "d"]]),
        ("a,b\nc,d", vec![vec!["a", "b"], vec!["c", "d"]]),
        ("a,b\r\nc,d\r\n", vec![vec!["a", "b"], vec!["c", "d"]]),
        (",\n", vec![vec!["", ""]]),
        ("a,", vec![vec!["a", ""]]),
        ("\n\na\n\n", vec![vec!["a"]]),
        ("", vec![]),
        ("\"a,b\",\"c\nd\"\n", vec![vec!["a,b", "c\nd"]]),
        ("\"a\"\"b\"\n", vec![vec!["a\"b"]]),
        ("\"\",x\n", vec![vec!["", "x"]]),
        ("\"a\" ,b\n", vec![vec!["a", "b"]]),
        ("\"a\"\r\n\"b\"\r\n", vec![vec!["a"], vec!["b"]]),
        ("\"\"\n", vec![vec![""]]),
        ("x,\"a\"", vec![vec!["x", "a"]]),
        ("\"a\",", vec![vec!["a", ""]]),
    ] {
        assert_eq!(cells(text, PLAIN), expected, "{text:?}");
    }
}

#[test]
fn the_fast_way_and_the_way_with_quotes_agree() {
    let unquoted = Marks { quote: None, ..PLAIN };
    for text in ["a,b\nc\n", "\n,\n", "a,\r\n\r\nb", "x", ",,,", "\r\n", "a\r,b\r\n"] {
        let mut slow = Records::default();
        with_quotes(text.as_bytes(), PLAIN, usize::MAX, &mut slow);
        let mut fast = Records::default();
        without_quotes(text.as_bytes(), unquoted, usize::MAX, &mut fast);
        assert_eq!((slow.count(), slow.blank_lines), (fast.count(), fast.blank_lines), "{text:?}");
        assert_eq!(slow.starts, fast.starts, "{text:?}");
        for record in 0..slow.count() {
            let text_of = |records: &Records| -> Vec<String> {
                records.cells(record).iter().map(|cell| cell.text(text, PLAIN).into_owned()).collect()
            };
            assert_eq!(text_of(&slow), text_of(&fast), "{text:?}");
        }
    }
}

#[test]
fn an_empty_quoted_cell_is_known_to_be_quoted() {
    let records = split(b"\"\",,x\n", PLAIN, usize::MAX);
    let quoted: Vec<bool> = records.cells(0).iter().map(|cell| cell.quoted()).collect();
    assert_eq!(quoted, [true, false, false]);
}

#[test]
fn escapes_are_undone_only_before_quotes_and_themselves() {
    assert_eq!(cells("\"a\\\"b\\\\c\\n\",d\n", ESCAPED_MARKS), [["a\"b\\c\\n", "d"]]);
}

#[test]
fn quotes_that_do_not_pair_are_noted_and_kept() {
    let records = split(b"\"a\"b,c\n\"open,d\nx,y\n", PLAIN, usize::MAX);
    assert_eq!((records.loose.as_slice(), records.unclosed.as_slice()), ([0].as_slice(), [1].as_slice()));
    assert_eq!(cells("\"a\"b,c\n\"open,d\n", PLAIN), [["\"a\"b", "c"], ["\"open", "d"]]);
}

#[test]
fn a_limit_stops_early_and_the_last_record_can_be_dropped() {
    let mut records = split(b"a\nb\nc\n", PLAIN, 2);
    assert_eq!((records.count(), records.starts.as_slice()), (2, [0, 2].as_slice()));
    records.drop_last();
    assert_eq!((records.count(), records.cells(0).len()), (1, 1));
}
