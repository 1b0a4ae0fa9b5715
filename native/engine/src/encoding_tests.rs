use std::path::Path;

use super::*;

fn scratch() -> Scratch {
    Scratch::new(Some(&std::env::temp_dir()), Path::new("out"))
}

fn source(bytes: &[u8]) -> Source {
    scratch().spool("test", |out| out.write_all(bytes).map_err(|error| written(&error))).unwrap()
}

fn read(bytes: &[u8]) -> (Encoding, String) {
    let source = source(bytes);
    let encoding = detect(&source).unwrap();
    let text = to_utf8(source, encoding, &scratch()).unwrap();
    (encoding, String::from_utf8(text.read(0, text.size()).unwrap()).unwrap())
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

const TEXT: &str = "id,name,amount\n1,näme,1.5\n2,plain,2.5\n";

#[test]
fn marks_and_patterns_are_known() {
    let marked = |mark: &[u8], rest: Vec<u8>| [mark.to_vec(), rest].concat();
    for (bytes, encoding) in [
        (TEXT.as_bytes().to_vec(), Encoding::Utf8),
        (marked(b"\xEF\xBB\xBF", TEXT.as_bytes().to_vec()), Encoding::Utf8Mark),
        (utf16(TEXT, u16::to_le_bytes), Encoding::Utf16Little),
        (utf16(TEXT, u16::to_be_bytes), Encoding::Utf16Big),
        (marked(b"\xFF\xFE", utf16(TEXT, u16::to_le_bytes)), Encoding::Utf16Little),
        (marked(b"\xFE\xFF", utf16(TEXT, u16::to_be_bytes)), Encoding::Utf16Big),
        (TEXT.chars().map(|letter| letter as u8).collect(), Encoding::Windows1252),
    ] {
        assert_eq!(read(&bytes), (encoding, TEXT.to_owned()), "{}", encoding.name());
    }
}

#[test]
fn windows_letters_are_its_own_and_unassigned_bytes_are_latin() {
    assert_eq!(read(b"a,\x93quote\x94 \x80\n"), (Encoding::Windows1252, "a,“quote” €\n".to_owned()));
    assert_eq!(read(b"a,\x81\xE9\n"), (Encoding::Latin1, "a,\u{81}é\n".to_owned()));
}

#[test]
fn a_surrogate_pair_on_the_edge_of_a_chunk_stays_whole() {
    let ahead = usize::try_from(CHUNK).unwrap() / 2 - 2;
    let text = format!("{}😀end", "x".repeat(ahead + 1));
    let bytes = [b"\xFF\xFE".to_vec(), utf16(&text, u16::to_le_bytes)].concat();
    let (encoding, read) = read(&bytes);
    assert_eq!(encoding, Encoding::Utf16Little);
    assert!(read == text, "the text is changed");
}

#[test]
fn few_broken_bytes_leave_a_text_utf_8() {
    assert!(Tally::of("été, œuvre, garçon\n\u{fffd}".as_bytes()).is_utf8());
    assert!(Tally::of(b"\xC3\xA9t\xC3\xA9 \xC3\xA9\xC3\xA9\xC3\xA9 \xFF").is_utf8());
    assert!(!Tally::of(b"caf\xE9\n").is_utf8());
    assert!(Tally::of(b"plain").is_utf8());
    assert_eq!(Tally::of(b"cut \xC3").broken, 0);
}
