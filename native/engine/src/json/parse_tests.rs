use super::*;

/// The keys and values of a record, parsed and as they are found.
fn record(text: &str) -> Result<Vec<(String, Json<'_>, String)>, Fault> {
    let mut members = Vec::new();
    Parser::new(text, 0).object(|parser| {
        let key = parser.key()?.into_owned();
        parser.colon()?;
        let found = match Parser::new(text, parser.at).found()? {
            Found::Null => "null",
            Found::Truth(from, to) | Found::Number(from, to) | Found::Text(from, to) => &text[from..to],
            Found::Rare(_, raw) => raw,
        };
        members.push((key, parser.value()?, found.to_owned()));
        Ok(())
    })?;
    Parser::new(text, 0).object(Parser::member)?;
    Ok(members)
}

#[test]
fn members_keep_their_order_and_spelling() {
    let text =
        r#" {"a": 1.50, "b": [1, {"c": null}], "d": "x\u00e9\n\ud83d\ude00", "e": true, "f": "plain"} "#;
    let members = record(text).unwrap();
    let found: Vec<(&str, &str)> = members.iter().map(|(key, _, raw)| (key.as_str(), raw.as_str())).collect();
    let escaped = r#""x\u00e9\n\ud83d\ude00""#;
    let list = r#"[1, {"c": null}]"#;
    assert_eq!(found, [("a", "1.50"), ("b", list), ("d", escaped), ("e", "true"), ("f", "plain")]);
    assert_eq!(members[0].1, Json::Number("1.50"));
    assert_eq!(members[2].1, Json::Text("xé\n😀".into()));
    assert_eq!(members[3].1, Json::Truth(true));
    assert_eq!(members[4].1, Json::Text("plain".into()));
}

#[test]
fn what_is_no_object_is_refused_with_a_reason() {
    for text in [
        "",
        "[1]",
        "1",
        "{",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{"a":01}"#,
        r#"{"a":1.}"#,
        r#"{"a":1e}"#,
        r#"{"a":"x}"#,
        r#"{"a":"\q"}"#,
        r#"{"a":"\u12"}"#,
        r#"{"a":1} x"#,
        r"{a:1}",
        r#"{"a":nul}"#,
        "{\"a\":\"\t\"}",
    ] {
        assert!(record(text).is_err(), "{text}");
    }
}

#[test]
fn deep_nesting_is_refused_not_overflowed() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(record(&deep).err(), Some("it is nested too deeply"));
}
