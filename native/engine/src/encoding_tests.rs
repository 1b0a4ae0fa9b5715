use std::path::Path;

use super::*;

fn scratch() -> Scratch {
    Scratch::new(Some(&std::env::temp_dir()), Path::new("out"))
}

fn source(bytes: &[u8]) -> Source {
    scratch()
        .spool("test", |out| out.write_all(bytes).map_err(|error| crate::Error::writing("test", &error)))
        .unwrap()
}

fn read(bytes: &[u8]) -> (Encoding, String) {
    let source = source(bytes);
    let encoding = detect(&source, None).unwrap();
    let (text, _) = to_utf8(source, encoding, &scratch()).unwrap();
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
        (TEXT.chars().map(|letter| letter as u8).collect(), Encoding::Other(WINDOWS_1252)),
    ] {
        assert_eq!(read(&bytes), (encoding, TEXT.to_owned()), "{}", encoding.name());
    }
}

#[test]
fn windows_letters_are_its_own_and_unassigned_bytes_are_latin() {
    assert_eq!(read(b"a,\x93quote\x94 \x80\n"), (Encoding::Other(WINDOWS_1252), "a,“quote” €\n".to_owned()));
    assert_eq!(read(b"a,\x81\xE9\n"), (Encoding::Latin1, "a,\u{81}é\n".to_owned()));
}

#[test]
fn letters_on_the_edge_of_a_block_stay_whole() {
    let text = "é😀,東京\nend";
    let (japanese, _, _) = encoding_rs::SHIFT_JIS.encode("番号,東京\n");
    for (bytes, encoding, text) in [
        (utf16(text, u16::to_le_bytes), Encoding::Utf16Little, text),
        (utf16(text, u16::to_be_bytes), Encoding::Utf16Big, text),
        (japanese.into_owned(), Encoding::Other(encoding_rs::SHIFT_JIS), "番号,東京\n"),
        (b"caf\xE9".to_vec(), Encoding::Latin1, "café"),
    ] {
        for size in 1..=5 {
            let (copy, odd) = to_utf8(source(&bytes).in_blocks(Some(size)), encoding, &scratch()).unwrap();
            assert_eq!(copy.read(0, copy.size()).unwrap(), text.as_bytes(), "{} by {size}", encoding.name());
            assert_eq!((copy.block, odd.counts.len()), (size, 0));
        }
    }
}

#[test]
fn few_broken_bytes_leave_a_text_utf_8() {
    assert!(Tally::of("été, œuvre, garçon\n\u{fffd}".as_bytes()).is_utf8());
    assert!(Tally::of(b"\xC3\xA9t\xC3\xA9 \xC3\xA9\xC3\xA9\xC3\xA9 \xFF").is_utf8());
    assert!(!Tally::of(b"caf\xE9\n").is_utf8());
    assert!(Tally::of(b"plain").is_utf8());
    assert_eq!(Tally::of(b"cut \xC3").broken, 0);
    assert_eq!(Tally::of(b"\xC3 twice, and cut \xC3").broken, 1);
}

#[test]
fn older_encodings_are_told_by_their_letters() {
    let japanese = "番号,都市\n1,東京の桜がきれいです\n2,大阪のたこ焼き\n3,京都のお寺と庭園\n";
    let chinese = "编号,城市\n1,北京是中国的首都\n2,上海的高楼大厦\n3,广州的美食很多\n";
    let korean = "번호,도시\n1,서울은 한국의 수도입니다\n2,부산의 바다가 아름답다\n";
    let russian = "номер,город\n1,Москва столица России\n2,Новосибирск стоит на Оби\n";
    for (text, encoding) in [
        (japanese, encoding_rs::SHIFT_JIS),
        (japanese, encoding_rs::EUC_JP),
        (chinese, encoding_rs::GBK),
        (korean, encoding_rs::EUC_KR),
        (russian, encoding_rs::WINDOWS_1251),
    ] {
        let (bytes, _, unmapped) = encoding.encode(text);
        assert!(!unmapped);
        assert_eq!(read(&bytes), (Encoding::Other(encoding), text.to_owned()), "{}", encoding.name());
    }
}

#[test]
fn bytes_that_are_no_letter_are_replaced_and_reported() {
    let bytes = b"id,name\n1,\x82\xA0\n2,x\xFFy\n";
    let asked = Some(Encoding::Other(encoding_rs::SHIFT_JIS));
    let source = source(bytes);
    let encoding = detect(&source, asked).unwrap();
    let (text, odd) = to_utf8(source, encoding, &scratch()).unwrap();
    let text = String::from_utf8(text.read(0, text.size()).unwrap()).unwrap();
    assert_eq!(text, "id,name\n1,あ\n2,x\u{FFFD}y\n");
    assert_eq!(odd.counts["bad_bytes"], 1);
    assert_eq!((odd.examples[0].offset, odd.examples[0].raw.as_str()), (17, "ff"));
}

#[test]
fn names_of_encodings_lead_back_to_them() {
    for name in
        ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "latin-1", "windows-1252", "shift_jis", "gb18030"]
    {
        assert_eq!(Encoding::named(name).map(Encoding::name).as_deref(), Some(name));
    }
    for (alias, name) in
        [("CP1252", "windows-1252"), ("cp932", "shift_jis"), ("UTF_8", "utf-8"), ("koi8-r", "koi8-r")]
    {
        assert_eq!(Encoding::named(alias).map(Encoding::name).as_deref(), Some(name));
    }
    for unknown in ["", "utf-9", "iso-2022-jp", "hz-gb-2312"] {
        assert_eq!(Encoding::named(unknown), None, "{unknown}");
    }
}
