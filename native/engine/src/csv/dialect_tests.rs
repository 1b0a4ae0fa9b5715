use super::*;

fn found(sample: &str) -> Found {
    detect(sample, true, &Asked::default(), &NullWords::default()).unwrap()
}

#[test]
fn delimiters_are_told_by_even_rows() {
    for (sample, delimiter) in [
        ("a,b,c\n1,2,3\n4,5,6\n", b','),
        ("a;b\n1,5;2\n3,25;4\n", b';'),
        ("a\tb c\n1\t2, 3\n", b'\t'),
        ("a|b\n1|x,y\n2|z\n", b'|'),
        ("a|b\nx|1,2\nx|1,2\nx|1,2\nx|1,2\n", b'|'),
        ("name\nAnn\nBob\n", b','),
        ("\"a;b\",c\n\"1;2\",3\n", b','),
    ] {
        assert_eq!(found(sample).marks.delimiter, delimiter, "{sample:?}");
    }
}

#[test]
fn quotes_and_escapes_are_told_by_what_pairs() {
    assert_eq!(found("a,b\n1,\"x, y\"\n").marks.quote, Some(b'"'));
    assert_eq!(found("a|b\n'1|2'|'x'\n'3'|'y'\n").marks.quote, Some(b'\''));
    assert_eq!(found("a,b\n1,\"say \\\"hi\\\", ok\"\n2,\"x\"\n").marks.escape, Some(b'\\'));
    assert_eq!(found("a,b\n1,\"say \"\"hi\"\", ok\"\n2,\"x\"\n").marks.escape, None);
}

#[test]
fn a_preamble_is_narrower_than_the_table() {
    for (sample, lines) in [
        ("Report\n\na,b,c\n1,2,3\n4,5,6\n", 1),
        ("a,b,c\n1,2,3\n4,5,6\n", 0),
        ("note\na,b,c\n1,x,2000-01-01\n", 1),
        ("a,b,c\n1\n1,2,3,4\n", 0),
        ("1,2,3\n1,2,3,4\n1\n1,2\n", 0),
    ] {
        assert_eq!(found(sample).preamble, lines, "{sample:?}");
    }
}

#[test]
fn a_header_does_not_read_like_its_column() {
    for (sample, header) in [
        ("id,name\n1,x\n2,y\n", true),
        ("1,x\n2,y\n", false),
        ("a,b\nc,d\n", true),
        ("f\n2024-01-01\n", true),
        ("true,1\nfalse,2\n", false),
        (",total\n1,2\n", true),
        ("x,2010,2011\na,5,6\nb,7,8\n", false),
        ("1,2,3,4,5,6,7,8,9\n0,0,0,1,1,0,0,1,0\n", true),
    ] {
        assert_eq!(found(sample).header, header, "{sample:?}");
    }
}

#[test]
fn old_mac_lines_end_in_a_carriage_return() {
    assert_eq!(found("a,b\r1,2\r").marks.line_end, b'\r');
    assert_eq!(found("a,b\r\n1,2\r\n").marks.line_end, b'\n');
}

#[test]
fn a_chosen_delimiter_is_kept_even_where_it_does_not_occur() {
    let found = detect(
        "a;b\n1;2\n",
        true,
        &Asked { delimiter: Some(b'|'), ..Asked::default() },
        &NullWords::default(),
    )
    .unwrap();
    assert_eq!(found.marks.delimiter, b'|');
}
