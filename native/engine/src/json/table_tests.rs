use super::*;
use crate::evidence::Evidence;
use crate::grid::Class;
use crate::nulls::NullWords;

fn table(text: &str) -> Table<'_> {
    let block = Block { offset: 100, bytes: text.as_bytes().to_vec(), may_quote: true };
    Table::of(Box::leak(Box::new(block)), text, Layout::Lines)
}

fn shown(table: &Table<'_>, key: &str) -> Vec<Option<String>> {
    let place = table.known(key).unwrap();
    table.column(place).map(|slot| slot.map(|slot| table.text(slot).into_owned())).collect()
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|&text| (text != "null").then(|| text.to_owned())).collect()
}

#[test]
fn values_are_found_by_key_whatever_their_order() {
    let text =
        "{\"a\":1,\"b\":\"x\"}\n{ \"b\" : \"y\\n\" , \"a\" : null }\n{\"c\":[1, 2]}\n{\"a\":true,\"c\":{}}\n";
    let table = table(text);
    assert_eq!(table.keys, ["a", "b", "c"]);
    assert_eq!(shown(&table, "a"), some(&["1", "null", "null", "true"]));
    assert_eq!(shown(&table, "b"), some(&["x", "y\n", "null", "null"]));
    assert_eq!(shown(&table, "c"), some(&["null", "null", "[1, 2]", "{}"]));
    assert_eq!(table.known("d"), None);
}

#[test]
fn a_key_that_is_spelt_with_escapes_is_the_same_key() {
    let text = "{\"a\\\\n\":1}\n{\"a\\n\":2}\n{\"\\u0061\\\\n\":3}\n{\"a\\\\n\":4}\n";
    let table = table(text);
    assert_eq!(table.keys, ["a\\n", "a\n"]);
    assert_eq!(shown(&table, "a\\n"), some(&["1", "null", "3", "4"]));
    assert_eq!(shown(&table, "a\n"), some(&["null", "2", "null", "null"]));
}

#[test]
fn the_last_value_of_a_repeated_key_counts_and_is_told() {
    let table = table("{\"a\":1,\"a\":2}\n{\"a\":3}\n");
    assert_eq!(shown(&table, "a"), some(&["2", "3"]));
    assert_eq!(table.findings.counts["repeated_key"], 1);
    assert_eq!(table.findings.examples[0].offset, 100);
}

#[test]
fn a_refused_record_leaves_no_value_behind() {
    let table = table("{\"a\":1}\n{\"a\":2,\"b\":}\n{\"a\":3}\n");
    assert_eq!(shown(&table, "a"), some(&["1", "3"]));
    assert_eq!((table.rows(), table.findings.rejected_count), (2, 1));
    assert_eq!((table.keys.len(), table.known("b")), (1, None));
}

#[test]
fn quick_looks_are_given_what_is_of_their_class_alone() {
    let table = table("{\"a\":12}\n{\"a\":\"12\"}\n{\"a\":true}\n{\"a\":\"\"}\n{\"a\":\"\\u0031\"}\n");
    let classes = [Class::Number, Class::Moment, Class::Truth];
    let plain = |row: usize| {
        let slot = (&table).find(row, 0).unwrap();
        classes.map(|class| (&table).plain(slot, class).is_some())
    };
    assert_eq!(plain(0), [true, false, false]);
    assert_eq!(plain(1), [false, true, false]);
    assert_eq!(plain(2), [false, false, true]);
    assert_eq!((plain(3), plain(4)), ([false; 3], [false; 3]));
}

#[test]
fn values_weigh_what_they_are() {
    let table =
        table("{\"a\":12}\n{\"a\":\"12\"}\n{\"a\":true}\n{\"a\":[]}\n{\"a\":\"2024-01-31\"}\n{\"a\":\"\"}\n");
    let mut evidence = Evidence::default();
    for row in 0..table.rows() {
        let slot = (&table).find(row, 0).unwrap();
        (&table).weigh(row, slot, &(&table).text(slot), &NullWords::default(), &mut evidence);
    }
    let counted =
        (evidence.numbers(), evidence.text, evidence.truths(), evidence.composite, evidence.moments.dates);
    assert_eq!(counted, (1, 2, 1, 1, 1));
}

/// What a record says when it is parsed from its first letter to its last, without a look at those before it.
fn parsed(text: &str) -> Result<Vec<(String, Json<'_>)>, Fault> {
    let mut members: Vec<(String, Json<'_>)> = Vec::new();
    Parser::new(text, 0).object(|parser| {
        let key = parser.key()?.into_owned();
        parser.colon()?;
        let value = parser.value()?;
        members.retain(|(known, _)| *known != key);
        members.push((key, value));
        Ok(())
    })?;
    Ok(members)
}

/// What the records of a table say, those behind `from` being read at most `most` at a time.
fn read(text: &str, most: usize) -> (Vec<Vec<(String, Json<'_>)>>, u64) {
    let block = Block { offset: 0, bytes: text.as_bytes().to_vec(), may_quote: true };
    let mut table = Table::new(Box::leak(Box::new(block)), text, Layout::Lines);
    let mut records = Vec::new();
    while table.read_on(most) {
        for row in 0..table.rows() {
            let values = (0..table.keys.len()).filter_map(|place| {
                let slot = table.slots.find(row, place)?;
                Some((table.keys[place].to_string(), table.json(slot).into_owned()))
            });
            let mut values: Vec<_> = values.collect();
            values.sort_by(|one, other| one.0.cmp(&other.0));
            records.push(values);
        }
    }
    (records, table.findings.rejected_count)
}

fn compared(lines: &[String]) {
    let mut known: Vec<Vec<(String, Json<'_>)>> = Vec::new();
    let mut refused = 0;
    for line in lines.iter().filter(|line| !line.trim_ascii().is_empty()) {
        match parsed(line.trim_ascii()) {
            Ok(mut members) => {
                members.sort_by(|one, other| one.0.cmp(&other.0));
                known.push(members);
            }
            Err(_) => refused += 1,
        }
    }
    let text = lines.join("\n");
    for most in [1, 3, usize::MAX] {
        assert_eq!(read(&text, most), (known.clone(), refused), "{most} at a time of\n{text}");
    }
}

/// Numbers that look like chance and are the same every time.
fn draws(mut state: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    }
}

#[test]
fn records_of_every_shape_say_what_they_say_when_each_is_parsed_alone() {
    const KEYS: [&str; 9] = [
        "a",
        "b",
        "",
        "a b",
        "é",
        "\\u0061",
        "a\\\"b",
        "a key of more than sixteen letters",
        "a key of more than sixteen",
    ];
    const VALUES: [&str; 34] = [
        "0",
        "-0",
        "-1",
        "12345678",
        "123456789",
        "1.5",
        "-22.620999999999995",
        "1e5",
        "1E-07",
        "9007199254740993",
        "123456789012345678901234567890.5",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "NaN",
        "null",
        "true",
        "false",
        "nul",
        "truex",
        "\"\"",
        "\"x\"",
        "\"seven..\"",
        "\"eight...\"",
        "\"a \\n b\"",
        "\"\\ud83d\\ude00 \\ud83d x\"",
        "\"a\u{1}b\"",
        "\"\\q\"",
        "\"never closed",
        "[1, {\"a\": \"}\"}]",
        "{\"a\": {}}",
    ];
    const BLANKS: [&str; 12] = ["", "", "", "", "", "", "", "", " ", "  ", "\t", "\u{c}"];
    const BETWEEN: [&str; 16] =
        [",", ",", ",", ",", ",", ",", ",", ",", ",", ",", ",", ",", ",", ",", ",,", ""];
    let mut draw = draws(3);
    for round in 0..600 {
        // Some rounds keep to one order of keys, so that they are known by what stands around them.
        let steady = round % 3 > 0;
        let hostile = round % 4 == 0;
        let lines: Vec<String> = (0..12)
            .map(|_| {
                let mut line = BLANKS[draw(12)].to_owned() + "{";
                for at in 0..draw(9) {
                    if at > 0 {
                        line += if hostile { BETWEEN[draw(16)] } else { "," };
                    }
                    let key = if steady { at } else { draw(KEYS.len()) };
                    let value = if hostile { draw(VALUES.len()) } else { draw(11) };
                    let blanks: [&str; 4] =
                        std::array::from_fn(|_| BLANKS[draw(if hostile { 12 } else { 10 })]);
                    let [one, two, three, four] = blanks;
                    line += &[one, "\"", KEYS[key], "\"", two, ":", three, VALUES[value], four].concat();
                }
                line += if hostile && draw(8) == 0 { ["", "} x", "}}", ","][draw(4)] } else { "}" };
                line
            })
            .collect();
        compared(&lines);
    }
}

#[test]
fn a_record_that_is_cut_anywhere_is_refused_and_those_around_it_are_not() {
    let whole = r#"{"a":-12.50,"b": "x\u00e9\\","c":null,"d":[1,{"e":2}],"f":true}"#;
    for cut in (0..=whole.len()).filter(|&cut| whole.is_char_boundary(cut)) {
        let lines = [whole, &whole[..cut], whole, &whole[cut..], whole].map(str::to_owned);
        compared(&lines);
    }
}

#[test]
fn bytes_that_are_no_text_spoil_their_own_record_alone() {
    let bytes = b"{\"a\":\"x\"}\n{\"a\":\"\xff\"}\n{\"a\xc3\":1}\n{\"a\":\"y\0\"}\n{\"a\":\"z\"}\n".to_vec();
    let block = Block { offset: 0, bytes, may_quote: true };
    let text = String::from_utf8_lossy(&block.bytes).into_owned();
    let lossy = text.replace('\u{fffd}', "?");
    let table = Table::of(&block, &lossy, Layout::Lines);
    assert_eq!(shown(&table, "a"), some(&["x", "z"]));
    assert_eq!((table.findings.rejected_count, table.keys.len()), (3, 1));
}
